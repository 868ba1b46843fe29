"""What is wrong with a scorecard: deviations that nobody explains, and grades that do not follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.checks import DOUBT, ERROR, Place, Suspicion
from evalbook.checks.finding import rule
from evalbook.scoring.rules import UNKNOWN
from evalbook.scoring.scorecard import CONTRADICTED, INSUFFICIENT, Score, Scorecard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks import Claim
    from evalbook.year import FiscalYear


@dataclass(frozen=True)
class Scored:
    """What the rules of this family look at: a year, its scorecards and the grade that it claims."""

    year: FiscalYear
    scorecards: tuple[Scorecard, ...]
    claim: Claim


def _deviation(scored: Scored, card: Scorecard, score: Score, found: str, why: str) -> Suspicion:
    target, year = score.target, scored.year.settings.year
    figures = tuple(answer.figure for answer in score.answers if answer.figure is not None)
    actual = score.answers[0].number if score.answers else UNKNOWN
    return Suspicion(
        subject=f"{card.framework.name}.{score.indicator.code}",
        figures=figures,
        places=() if figures else (Place(card.framework.file, 0, score.indicator.title),),
        stated=actual.low if actual.known else None,
        computed=target.value.low if target.value.known else None,
        unit=target.unit,
        alone=True,
    ).told(
        f"指标“{score.indicator.title}”{found}",
        why,
        f"在 data/{year}/deviations.csv 里补一行：评价框架 {card.framework.name}，指标 {score.indicator.code}，"
        "写明偏差原因和改进措施",
    )


@rule(
    "J1", "没有达到目标的写明原因", compares="各指标的实际值与目标值", formula="没有达到目标的，有偏差原因和改进措施",
    tolerance="实际值只能确定范围的，范围全在目标以下才算", exceptions="没有查到目标的", severity=DOUBT,
    source="自评表“偏差原因分析及改进措施”一栏；某绩效自评审核工具：实际值小于目标值的必须填写",
    look_up="绩效目标表、工作台账", ask="为什么没有完成，怎样改进", since="2026-11-24",
)  # fmt: skip
def missed_target(scored: Scored) -> Iterator[Suspicion]:
    """Targets that were certainly missed, without a reason and a measure."""
    for card in scored.scorecards:
        for score in card.scores:
            if score.missed and score.deviation is None:
                why = "没有达到目标的指标，自评表要写明偏差原因和改进措施"
                yield _deviation(scored, card, score, f"没有达到目标：{score.reason}", why)


@rule(
    "J2", "超过目标很多的写明原因", compares="各指标的实际值与目标值",
    formula="达到框架写明的百分比（如130%）的，有偏差原因和改进措施",
    tolerance="实际值只能确定范围的，范围全在百分比以上才算", exceptions="框架没有写明百分比；不高于、等于的目标",
    severity=DOUBT, source="某省预算绩效系统：实际完成情况超出指标值30%的须填写说明（只有一个来源）",
    look_up="绩效目标表、工作台账", ask="为什么超过这么多，是不是目标定低了", since="2026-11-24",
)  # fmt: skip
def exceeded_target(scored: Scored) -> Iterator[Suspicion]:
    """Targets that were exceeded by as much as the framework wants explained, without a reason."""
    for card in scored.scorecards:
        most = card.framework.explained_from
        for score in card.scores:
            if most is None or score.target.comparison != "≥" or score.deviation is not None:
                continue
            if score.completion.low >= most and score.completion.high.is_finite():
                why = f"达到目标的{most:f}%以上的，要说明原因；多半是年初的目标定低了"
                yield _deviation(scored, card, score, f"超过目标很多：{score.reason}", why)


@rule(
    "J3", "自评等次与得分相符", compares="报告自评的等次，与按评价框架算出的得分", formula="等次的界限里有得分可能的值",
    tolerance="得分的范围照证据能确定的程度", exceptions="框架不完整、没有等次、等次由排名决定的；等次不是这个框架的词",
    severity=ERROR, source="所用的评价办法的等次规定",
    look_up="自评表、评价办法", ask="等次是照哪个办法、多少分评的", since="2026-11-24",
)  # fmt: skip
def contradicted_grade(scored: Scored) -> Iterator[Suspicion]:
    """A claimed grade that no score which the evidence allows would give."""
    remedy = "核对各项得分；等次按得分改正"
    yield from _grade(scored, CONTRADICTED, "照这个办法的计分规则，得不到这个等次", remedy)


@rule(
    "J4", "自评等次有足够的证据", compares="报告自评的等次，与按评价框架算出的得分", formula="得分的范围只在这一个等次里",
    tolerance="得分的范围照证据能确定的程度", exceptions="同上一条", severity=DOUBT,
    source="所用的评价办法的等次规定；没有证据不得分",
    look_up="自评表、佐证材料", ask="得分的证据是什么", since="2026-11-24",
)  # fmt: skip
def unproved_grade(scored: Scored) -> Iterator[Suspicion]:
    """A claimed grade that the evidence neither proves nor excludes."""
    remedy = "补齐“绩效评分”页列出的证据；补不齐的，不写等次"
    yield from _grade(scored, INSUFFICIENT, "等次要由得分得出，证据还不够", remedy)


def _grade(scored: Scored, word: str, why: str, remedy: str) -> Iterator[Suspicion]:
    for card in scored.scorecards:
        if card.verdict.word == word:
            claimed, low = card.verdict.claimed, card.total.low if card.total.known else None
            places = tuple(replace(p, text=f"{p.text}（{card.verdict.reason}）") for p in scored.claim.places)
            yield Suspicion(card.framework.name, places=places, computed=low, unit="分", alone=True).told(
                f"报告自评等次为“{claimed}”；按{card.framework.title}，{card.verdict.reason}", why, remedy
            )


@rule(
    "J5", "等次是所用办法的词", compares="报告自评的等次，与所用的评价框架的等次", formula="等次是其中一个框架的等次",
    tolerance="逐字相同", exceptions="没有写等次；框架没有等次", severity=DOUBT,
    source="民发〔2016〕242号第七条；财政部预算司的统一规定",
    look_up="评价通知、评价办法", ask="等次用的是哪个办法", since="2026-11-24",
)  # fmt: skip
def foreign_grade(scored: Scored) -> Iterator[Suspicion]:
    """A claimed grade that is a word of none of the year's frameworks."""
    claimed = scored.claim.grade
    known = [grade.name for card in scored.scorecards for grade in card.framework.grades]
    if claimed and known and claimed not in known:
        yield Suspicion("grade", places=scored.claim.places).told(
            f"报告自评等次为“{claimed}”，所用的评价框架里没有这个等次（有：{'、'.join(dict.fromkeys(known))}）",
            "民政口的等次是优秀、良好、合格、不合格，财政口的是优、良、中、差，不能混用",
            "核对按哪个办法自评，写那个办法的等次",
        )


RULES = (missed_target, exceeded_target, contradicted_grade, unproved_grade, foreign_grade)
