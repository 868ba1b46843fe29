"""Rules for the scores of a form: against points, against targets, with weights, with reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from evalbook.checks import DOUBT, ERROR, HINT, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.facts import HUNDRED, ONE, ZERO, FormFacts, Judged, added, round_to, shown
from evalbook.recheck.headings import STATED_POINTS, half_width
from evalbook.recheck.rules.arithmetic import (
    F7,
    F11,
    UNJUDGED,
    compared,
    equals,
    fits,
    fitting_rates,
    near,
    rounds_to_full,
)
from evalbook.schema.indicator_names import DOWN
from evalbook.schema.numbers import EQUAL, Quantity, is_blank, read_number, read_rate
from evalbook.schema.text import clean


def _scored(facts: FormFacts) -> Iterator[tuple[Judged, Decimal, Decimal]]:
    """Rows that have both, with their points and score."""
    for row in facts.rows:
        if row.points is not None and row.score is not None:
            yield row, row.points, row.score


@rule(
    "B9", "得分不超过分值", compares="各行得分与分值", formula="得分≤分值", tolerance="不容许差别", exceptions="缺一方",
    severity=ERROR, source=F7,
    look_up="下达的绩效目标表", ask="这一行满分是多少", since="2026-11-24",
)  # fmt: skip
def above_points(facts: FormFacts) -> Iterator[Suspicion]:
    """A score above its points."""
    listed = [(row.name, points, score, row.row.cell("score")) for row, points, score in _scored(facts)]
    if scored := facts.funds.scored:
        points, score = scored.number("points"), scored.number("score")
        if points is not None and score is not None:
            listed.append((f"“{clean(scored.label)}”", points, score, scored.cell("score")))
    if (total := facts.form.total) and not any(score > points for _, points, score, _ in listed):
        points, score = facts.stated("points"), facts.stated("score")
        if points is not None and score is not None:
            listed.append(("总分", points, score, total.score))
    for name, points, score, cell in listed:
        if 0 <= score <= points:
            continue
        place, only = facts.place(cell), "只有" if score > 0 else ""
        yield compared(f"r{cell.row}", score, points, place, accused=(place,)).told(
            f"{name}得{shown(score)}分，分值{only}{shown(points)}分",
            "得分不能超过分值，也不能是负数",
            "核对得分和分值",
        )


def _formula(row: Judged) -> str:
    """What the known formulas give for a missed target, in words."""
    points = row.points or ZERO
    names = ("按目标÷实际计分", "按超出的比例扣分") if len(row.shares) > 1 else ("按完成比例计分",)
    ways = zip(names, row.shares, strict=False)
    return "，".join(f"{name}是{shown(points * share, 2)}分" for name, share in ways)


@rule(
    "B10", "没有达到目标不得满分", compares="年度指标值与实际完成值，得分与分值",
    formula="未达到目标（或超出上限）时得分＜分值", tolerance="按两位小数四舍五入为满分的为提示，一位小数的为疑点",
    exceptions=f"目标没有写方向、按常理判断的为疑点；{UNJUDGED}", severity=ERROR, source=f"{F7}；{F11}",
    look_up="绩效目标表、工作台账", ask="没有达到目标，为什么给满分", since="2026-11-24",
)  # fmt: skip
def full_though_missed(facts: FormFacts) -> Iterator[Suspicion]:
    """Full points below a target or above a ceiling."""
    for row, points, score in _scored(facts):
        if row.met is not False or score != points or points == 0:
            continue
        rounding = next((d for d in (2, 1) if any(rounds_to_full(points, s, d) for s in row.shares)), 0)
        taken, write = (f"；{row.assumed.taken}", f"；{row.assumed.write}") if row.assumed else ("", "")
        places = facts.places(row, "score", "actual", "target")
        due = points * max(row.shares) if row.shares else None
        severity = HINT if rounding == 2 else DOUBT if rounding or not row.sure else ""
        notes = (f"按比例计分，保留{'一两'[rounding - 1]}位小数时四舍五入为满分",) if rounding else ()
        yield compared(row.subject, score, due, *places, accused=places, severity=severity, notes=notes).told(
            f"{row.name}{row.numbers}，{row.way}，却得满分{shown(score)}分",
            f"没有达到目标的指标不能得满分{taken}",
            f"按当地的计分办法重算得分，写明偏差原因；目标或实际数写错的，改正{write}",
            *([_formula(row)] if row.shares else []),
        )


@rule(
    "B11", "按比例计分", compares="未达到目标的指标的得分，与按完成比例计算的得分",
    formula="越多越好：分值×实际÷目标；越少越好：分值×目标÷实际，或分值×（1－超出比例）",
    tolerance="保留零、一、两位小数，四舍五入、进位或截去；完成率先取整的",
    exceptions="0分（全有或全无）；低于各种算法的为疑点：当地可能扣分更严", severity=ERROR, source=f"{F7}；{F11}",
    look_up="评分办法、工作台账", ask="得分按什么比例算的", since="2026-11-24",
)  # fmt: skip
def wrong_proportion(facts: FormFacts) -> Iterator[Suspicion]:
    """A score for a missed target that no known formula gives."""
    for row, points, score in _scored(facts):
        if row.met is not False or not row.shares or not 0 < score < points:
            continue
        if any(fits(score, points, share) for share in row.shares):
            continue
        most = points * max(row.shares)
        over = score > most
        if not over and row.row.cell("coefficient").text:
            continue  # the coefficient says how the place scores
        found = f"{row.name}{row.numbers}，得{shown(score)}分，{_formula(row)}（分值{shown(points)}分）"
        why, remedy = "得分高于按比例计算的结果", "按比例重算得分"
        if not over:
            why = "得分与按比例计算的结果不同；当地规定扣分更严的不算问题"
            remedy = "按比例重算；另有扣分规定的，在偏差原因一栏写明"
        places = facts.places(row, "score", "actual", "target")
        accused, severity = places[:1] if over else (), "" if over and row.sure else DOUBT
        yield compared(row.subject, score, most, *places, accused=accused, severity=severity).told(
            found, why, remedy
        )


@rule(
    "B12", "达到目标没有给满分", compares="达到目标的指标的得分与分值", formula="得分＝分值", tolerance="不容许差别",
    exceptions="超过目标30%的；写了原因的为提示", severity=DOUBT, source=f"{F7}；{F11}",
    look_up="评分办法、工作台账", ask="达到了目标，为什么扣分", since="2026-11-24",
)  # fmt: skip
def below_full_though_met(facts: FormFacts) -> Iterator[Suspicion]:
    """Less than full points for a target that was reached."""
    doubled = {row.row.row for row in _weighted_twice(facts)}
    for row, points, score in _scored(facts):
        # Whether words or an early date deserve full points is for people to say.
        if row.met is not True or score >= points or isinstance(row.target, str):
            continue
        # More than "=100" or a number without a sign may be no merit.
        exact = row.ratio is None or row.ratio == ONE
        stated = row.sure and isinstance(row.target, Quantity) and row.target.sign != EQUAL
        # A target set far too low may cost points.
        if row.row.row in doubled or not (exact or stated) or row.overachieved:
            continue
        severity = "" if is_blank(row.row.cell("reason").text) else HINT
        places = facts.places(row, "score", "actual", "target")
        yield compared(row.subject, score, points, *places, severity=severity).told(
            f"{row.name}{row.numbers}，达到了目标，得{shown(score)}分，没有给满分{shown(points)}分",
            "达到目标的指标一般得满分",
            "核对得分；另有扣分原因的，写明",
        )


@rule(
    "B13", "完成率", compares="写出的完成率与实际÷目标", formula="完成率＝实际÷目标（越少越好的可以倒过来）",
    tolerance="写出的末位", exceptions=UNJUDGED, severity=ERROR, source=F7,
    look_up="绩效目标表、工作台账", ask="完成率的分子和分母各是哪个数", since="2026-11-24",
)  # fmt: skip
def completion_rate(facts: FormFacts) -> Iterator[Suspicion]:
    """A stated completion rate against actual value ÷ target."""
    for row in facts.rows:
        cell = row.row.cell("rate")
        if row.ratio is None or read_number(cell.text) is None or row.ratio <= 0:
            continue
        possible = {row.ratio, ONE / row.ratio, *row.shares} | ({ONE} if row.met else set())
        if row.direction == DOWN:
            possible.add(max(Decimal(2) - row.ratio, ZERO))
        if fitting_rates(cell.text, possible):
            continue
        said, rate = read_rate(cell.text)[0], row.ratio * HUNDRED
        places = facts.places(row, "rate", "actual", "target")
        yield compared(row.subject, said, rate, *places, unit="%").told(
            f"{row.name}{row.numbers}，完成率写“{clean(cell.text)}”，实际÷目标是{shown(rate, 2)}%",
            "完成率＝实际完成值÷年度指标值",
            "重算完成率和得分",
        )


@rule(
    "B14", "偏差原因", compares="未达到目标、扣了分的指标的偏差原因一栏", formula="有文字，不是“无”或横线",
    tolerance="不适用", exceptions="表里没有这一栏；超过目标30%的、由人判断而扣分的为提示", severity=DOUBT,
    source="自评表列名“偏差原因分析及改进措施”；超过目标30%须说明的只见于一个省的系统",
    look_up="工作台账、整改方案", ask="为什么没有完成，怎样改进", since="2026-11-24",
)  # fmt: skip
def missing_reason(facts: FormFacts) -> Iterator[Suspicion]:
    """No reason where the target was missed, far over-achieved, or points were taken off."""
    for row in facts.rows if "reason" in facts.form.columns else ():
        cell, severity = row.row.cell("reason"), HINT
        lost = row.points is not None and row.score is not None and row.score < row.points
        if row.row.is_execution or not is_blank(cell.text) or cell.pending or cell.covered:
            continue
        ranged = isinstance(row.target, Quantity) and row.target.high is not None
        if row.met is False and (row.sure or lost or row.score is None):
            taken = f"；{row.assumed.taken}" if row.assumed else ""
            what, why, severity = row.way, f"有偏差的指标要写原因和改进措施{taken}", ""
        elif row.met and row.ratio is not None and row.overachieved and row.direction != DOWN and not ranged:
            what = f"完成了目标的{shown(row.ratio * HUNDRED, 2)}%"
            why = "超出目标30%以上，有的省要求说明目标是否定低了"
        elif lost and (row.met is None or isinstance(row.target, str)):
            what, why = "扣了分", "扣分的指标应当写明原因"
        else:
            continue
        places = (facts.place(cell, row.row.row), *facts.places(row, "actual", "target"))
        yield Suspicion(row.subject, places=places, severity=severity).told(
            f"{'，'.join(filter(None, (row.name + row.numbers, what)))}，没有写偏差原因",
            why,
            "补写偏差原因和改进措施",
        )


BOUND_IN_NAME = re.compile(r"(?<!指标)(?<!\d)\d")


def _listed(rows: list[Judged]) -> str:
    """Rows of which one thing is told, by the first one's name."""
    numbers = "、".join(str(row.row.row) for row in rows)
    return f"{rows[0].name}等{len(rows)}项（第{numbers}行）" if len(rows) > 1 else rows[0].name


@rule(
    "B36", "得分要有分值", compares="有得分的行的分值", formula="有得分就有分值", tolerance="不适用",
    exceptions="多数行没有分值的；合并的格", severity=DOUBT, source=F7, look_up="绩效目标表里各项指标的分值",
    ask="这一项指标的分值是多少", since="2026-11-30",
)  # fmt: skip
def score_without_points(facts: FormFacts) -> Iterator[Suspicion]:
    """Rows with a score and no points, where the others have them."""
    lacking = [
        row for row in facts.lacking(facts.rows, "points")
        if row.score and is_blank(row.row.cell("points").text) and not row.row.cell("points").pending
    ]  # fmt: skip
    if not lacking or "points" not in facts.form.columns or 2 * len(lacking) >= len(facts.rows):
        return
    places = tuple(place for row in lacking for place in facts.places(row, "points", "score"))
    yield Suspicion("points", places=places).told(
        f"{_listed(lacking)}没有填分值，却得了{shown(added(row.score for row in lacking))}分",
        "没有分值，得分就没有上限，总分也无从核对",
        "补填分值，核对分值合计",
    )


@rule(
    "B37", "得分要有依据", compares="有得分的指标的年度指标值和实际完成值", formula="两格都填了", tolerance="不适用",
    exceptions="合并的格；名称里印有目标的；只缺实际完成值的见B18", severity=DOUBT, source=F7,
    look_up="下达的绩效目标表和完成情况的材料", ask="这一项的目标是什么、完成了多少，凭什么给分", since="2026-11-30",
)  # fmt: skip
def score_without_basis(facts: FormFacts) -> Iterator[Suspicion]:
    """Scores of indicators whose target, or target and actual value, nobody filled in."""
    if not {"target", "actual"} <= facts.form.columns:
        return
    groups: dict[str, list[Judged]] = {}
    for row in facts.indicators:
        cells = {kind: row.row.cell(kind) for kind in ("target", "actual")}
        if not row.score or not row.row.named or any(cell.covered or cell.pending for cell in cells.values()):
            continue
        if cells["target"].text or BOUND_IN_NAME.search(STATED_POINTS.sub("", half_width(row.row.name))):
            continue
        what = "年度指标值" if cells["actual"].text else "年度指标值和实际完成值"
        groups.setdefault(what, []).append(row)
    for what, rows in groups.items():
        places = tuple(place for row in rows for place in facts.places(row, "score", "target", "actual"))
        yield Suspicion(f"basis-{rows[0].subject}", places=places).told(
            f"{_listed(rows)}没有填{what}，却得了{shown(added(row.score for row in rows))}分",
            "没有目标，就无从说达到与否，给分没有依据",
            "补填目标和完成情况，再按完成情况给分",
        )


def _weighted_twice(facts: FormFacts) -> tuple[Judged, ...]:
    """Rows whose points, being weights already, were weighted again; none unless all rows are."""
    rows = []
    for row in facts.indicators:
        weight, given, base = row.row.number("weight"), row.row.number("converted"), row.score
        full = weight if weight is not None else row.points
        if given is None:
            given, base = row.score, row.points
        if given is None or full is None or base is None or not 0 < full < HUNDRED:
            continue
        # The score already counts the weight when it cannot exceed it.
        if base > full or (row.points is not None and row.points != full):
            return ()
        if not equals(given, base * full / HUNDRED) or given == base:
            return ()
        rows.append(row)
    if not any(row.row.cell(kind).text for row in rows for kind in ("weight", "converted")):
        # Without such columns, low scores for missed targets may look the same.
        met = [row.met for row in rows]
        return tuple(rows) if len(rows) > 2 and True in met and False not in met else ()
    return tuple(rows) if len(rows) > 1 else ()


@rule(
    "B20", "权重只用一次", compares="得分、权重与折算得分", formula="得分以权重为满分时不再乘权重", tolerance="印出的末位",
    exceptions="各项按100分计分的", severity=ERROR, source="成安县2020年度自评表：25×25%＝6.25",
    look_up="评分办法", ask="权重是不是已经算在分值里", since="2026-11-24",
)  # fmt: skip
def weighted_twice(facts: FormFacts) -> Iterator[Suspicion]:
    """Scores multiplied by their weight although they count it already."""
    rows = _weighted_twice(facts)
    if not rows:
        return
    kind, full = ("converted", "score") if rows[0].row.cell("converted").text else ("score", "points")
    base, given = (added(facts.value(row, of) for row in rows) for of in (full, kind))
    places = tuple(place for row in rows for place in facts.places(row, kind))
    yield replace(compared("weight", given, base, *places), alone=True).told(
        f"{len(rows)}项指标的得分已按权重给分，合计{shown(base)}分，折算时又乘了一次权重，只剩{shown(given)}分",
        "分值就是权重，再乘一次，全部完成也得不到满分",
        "直接把各项得分相加，不再折算；或者各项先按100分计分，再乘权重",
    )


@rule(
    "B21", "折算得分", compares="折算得分与得分×权重", formula="折算得分＝得分×权重", tolerance="保留零、一、两位小数",
    exceptions="缺一方", severity=ERROR, source="成安县2020年度自评表",
    look_up="评分办法", ask="折算得分是怎么算的", since="2026-11-24",
)  # fmt: skip
def converted_score(facts: FormFacts) -> Iterator[Suspicion]:
    """A converted score against score × weight."""
    for row in facts.indicators:
        weight, given, points = (row.row.number(kind) for kind in ("weight", "converted", "points"))
        score = row.score
        if weight is None or given is None or score is None or weight <= 0:
            continue
        due = score * weight / HUNDRED
        possible = {due, score}
        if points:
            possible.add(score / points * weight)
        if weight <= 1:
            possible.add(score * weight)
        if any(near(given, value) or given in {round_to(value, d) for d in (0, 1, 2)} for value in possible):
            continue
        places = facts.places(row, "converted", "score", "weight")
        yield compared(f"converted-{row.subject}", given, due, *places).told(
            f"{row.name}得{shown(score)}分，权重{shown(weight)}%，折算得分写{shown(given)}分，应为{shown(due, 2)}分",
            "折算得分＝得分×权重",
            "重算折算得分",
        )
