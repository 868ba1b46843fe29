"""Rules for points that stand elsewhere than in a column of their own: in names, as coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evalbook.checks import DOUBT, ERROR, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.facts import HUNDRED, ONE, FormFacts, Judged, shown
from evalbook.recheck.headings import points_stated
from evalbook.recheck.rules.arithmetic import ARITHMETIC, F7, UNJUDGED, compared, fits
from evalbook.schema.numbers import read_rate


def _named(facts: FormFacts) -> list[tuple[Judged, Decimal, Decimal]]:
    """Rows whose names state points in brackets, with these and the points of the column."""
    return [
        (row, Decimal(stated), row.points)
        for row in facts.rows
        if row.points is not None
        and (stated := points_stated(row.row.name))
        and "分" not in row.row.cell("target").text
    ]


@rule(
    "B25", "名称里的分值", compares="“…（8分）”之类指标名称里写明的分值，与分值一栏", formula="两处相同", tolerance="不容许差别",
    exceptions="多数名称里的数都与分值不同的（名称里的可能不是分值）；目标以分计的", severity=ERROR, source=ARITHMETIC,
    look_up="下达的绩效目标表里这项指标的分值", ask="这项指标的分值以名称里的还是以分值一栏的为准", since="2026-11-30",
)  # fmt: skip
def points_in_name(facts: FormFacts) -> Iterator[Suspicion]:
    """Points that a name states against the column of points."""
    named = _named(facts) if facts.weighted is None else []
    other = [(row, said, points) for row, said, points in named if said != points]
    if len(other) > 1 and len(other) * 2 > len(named):
        return
    for row, said, points in other:
        places = facts.places(row, "points")
        # A single one may be what the indicator aims at.
        severity = "" if len(named) > len(other) else DOUBT
        yield compared(f"name-{row.subject}", points, said, *places, accused=places, severity=severity).told(
            f"{row.name}名称里写{shown(said)}分，分值一栏是{shown(points)}分",
            "同一项指标的分值只有一个",
            "按下达的绩效目标核对分值，改正写错的一处",
        )


@rule(
    "B26", "得分系数", compares="得分系数与完成情况；得分与分值×得分系数", formula="未达到目标时系数＜1；得分＝分值×系数",
    tolerance="保留零、一、两位小数", exceptions=f"有分值和得分的行，满分与目标由“没有达到目标不得满分”核对；{UNJUDGED}",
    severity=ERROR, source=F7, look_up="计分办法里系数怎样定", ask="没有达到目标的指标，系数为什么是1", since="2026-11-30",
)  # fmt: skip
def coefficient(facts: FormFacts) -> Iterator[Suspicion]:
    """A whole coefficient for a missed target, a score that is not points × coefficient."""
    for row in facts.rows:
        text = row.row.cell("coefficient").text
        rates = read_rate(text)
        if not rates:
            continue
        places = facts.places(row, "coefficient", "actual", "target")
        shares = [min(rate / HUNDRED, ONE) for rate in rates]
        if row.points is None or row.score is None:
            if HUNDRED in rates and row.met is False:
                severity = "" if row.sure else DOUBT
                yield compared(
                    row.subject, ONE, None, *places, unit="", severity=severity, accused=places
                ).told(
                    f"{row.name}{row.numbers}，{row.way}，得分系数却是{text}",
                    "没有达到目标的指标，得分系数小于1",
                    "按当地的计分办法重算系数，写明偏差原因",
                )
        elif row.points and not any(fits(row.score, row.points, share) for share in shares):
            places = facts.places(row, "score", "points", "coefficient")
            due = row.points * shares[0]
            yield compared(f"coefficient-{row.subject}", row.score, due, *places, accused=places[:1]).told(
                f"{row.name}得{shown(row.score)}分，分值{shown(row.points)}分×系数{text}应为{shown(due, 2)}分",
                "得分＝分值×得分系数",
                "核对系数和得分",
            )
