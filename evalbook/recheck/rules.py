"""Rules for a filled-in form: what cannot be, what needs an explanation.

A form says little of how its place scores, so that only what no known way of scoring gives is a 错误.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from evalbook.checks import DOUBT, ERROR, HINT, SEVERITIES, Place, Rule, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.facts import (
    DOWN,
    HUNDRED,
    MONEY_KINDS,
    ONE,
    ZERO,
    FormFacts,
    Judged,
    added,
    round_to,
    shown,
    within_bound,
)
from evalbook.schema.numbers import (
    EQUAL,
    Quantity,
    converted,
    is_blank,
    kind_of,
    plain,
    read_number,
    read_quantity,
    read_rate,
    same_unit,
    unit_key,
)
from evalbook.schema.text import clean

NOISE = Decimal("0.000001")
"""Results of spreadsheet formulas have 15 digits; exact ones have more."""
POINTS = "分"
GRADES, BOUNDS = (("优", "优秀"), ("良", "良好"), ("中", "合格"), ("差", "不合格")), (90, 80, 60)
"""What finance departments and civil affairs call each grade; the lowest total of all but the last."""

F7 = "2020年度长江禁捕项目自评表填表说明（完成值÷目标值、目标值÷完成值，得分不超过权重）"
F11 = "省级预算绩效系统“自评自动计算得分规则”（超出上限按超出比例扣分，保留两位小数）"
OFFICIAL = "项目支出绩效自评表的格式（财预〔2020〕10号以来各地公布的表）"
ARITHMETIC = "算术关系：合计等于各项之和"
UNJUDGED = "不能确定是否达到的，列入“不能判断”"


def near(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers are equal but for what binary arithmetic leaves behind the sixth digit."""
    return abs(one - other) <= NOISE


def digits_of(value: Decimal) -> int:
    """Digits after the point as written."""
    return max(-int(value.as_tuple().exponent), 0)


def fits(score: Decimal, points: Decimal, share: Decimal) -> bool:
    """Whether a score is a share of the points, rounded in any way that is in use.

    Scores are rounded to 2, 1 or 0 digits, half up, or cut off; to 2 or 1 digits also up; the share may have been
    rounded to a percentage before.
    """
    values = [points * rate for rate in (share, *(round_to(share, digits) for digits in (2, 3, 4)))]
    return any(
        near(score, value) or score == round_to(value, digits, way)
        for value in values
        for digits in (0, 1, 2)
        for way in (ROUND_HALF_UP, ROUND_DOWN, *((ROUND_UP,) if digits else ()))
    )


def rounds_to_full(points: Decimal, share: Decimal, digits: int) -> bool:
    """Whether rounding alone makes a share of the points full points."""
    return round_to(points * share, digits) >= points


def equals(stated: Decimal, computed: Decimal) -> bool:
    """Whether a stated sum is the computed one, rounded half up to the digits that it is stated with."""
    return near(stated, computed) or round_to(computed, digits_of(stated)) == stated


def _only_rounded(values: Sequence[Decimal], count: int, gap: Decimal) -> bool:
    """Whether a difference is no more than ``count`` values may have lost when they were rounded as these are."""
    finest = max(map(digits_of, values), default=0)
    return finest > 0 and abs(gap) <= count * Decimal(5).scaleb(-finest - 1)


def _compared(
    subject: str,
    stated: Decimal | None,
    computed: Decimal | None,
    *places: Place,
    unit: str = POINTS,
    severity: str = "",
    accused: Sequence[Place] = (),
    notes: tuple[str, ...] = (),
) -> Suspicion:
    """Two numbers, the cells that they come from, and those of the cells that are suspected."""
    suspects = tuple(place.address for place in accused)
    return Suspicion(
        subject, places=places, stated=stated, computed=computed, unit=unit, suspects=suspects,
        severity=severity, notes=notes,
    )  # fmt: skip


def stated_points(heading: str) -> Decimal | None:
    """Points that a heading states: 产出指标（50分）."""
    said = re.search(r"(\d+(?:\.\d+)?)(?:分(?!钟)|%\)$)", plain(heading))
    return Decimal(said[1]) if said else None


PARTS = {"预算执行": "执行|预算|资金", "产出指标": "产出|数量", "效益指标": "效益|效果", "满意度指标": "满意"}


def absent_parts(facts: FormFacts) -> str:
    """Usual parts of a form of which it has no row, in Chinese; published copies often lack the end."""
    headings = "".join(row.row.level1 + row.row.level2 for row in facts.rows)
    if facts.funds.scored or any(row.row.is_execution for row in facts.rows):
        headings += "预算执行"
    return "、".join(name for name, pattern in PARTS.items() if not re.search(pattern, headings))


# -- sums


def groups(facts: FormFacts) -> Iterator[tuple[str, tuple[Judged, ...]]]:
    """Rows under one heading of the first or second level, by what the heading says."""
    for level in (1, 2):
        found: dict[tuple[str, ...], list[Judged]] = {}
        for row in facts.rows:
            found.setdefault((row.row.level1, row.row.level2)[:level], []).append(row)
        yield from ((headings[-1], tuple(rows)) for headings, rows in found.items())


@rule(
    "B1", "分值合计", compares="各行分值之和与总分行的分值", formula="Σ分值＝总分行分值", tolerance="不容许差别",
    exceptions="有行没有分值；没有总分行而不足100分的（表可能不完整）；超过100分的为疑点", severity=ERROR, source=ARITHMETIC,
)  # fmt: skip
def sum_of_points(facts: FormFacts) -> Iterator[Suspicion]:
    """Points of the indicators and of execution against the row 总分."""
    total, sums = facts.form.total, facts.sums("points")
    if not sums or facts.lacking(facts.indicators, "points"):
        return
    said, own, absent = facts.stated("points"), sums[0], absent_parts(facts)
    place = facts.place(total.points, total.row) if total else Place(facts.form.file, 0, "")
    if said is not None and not any(equals(said, value) for value in sums):
        cut = bool(absent) and own < said
        yield _compared("points", said, own, place, accused=(place,), severity=DOUBT if cut else "").told(
            f"总分行的分值是{shown(said)}分，各行分值合计{shown(own)}分，相差{shown(abs(said - own))}分",
            "总分的分值就是各行分值之和" + (f"；表里没有{absent}的行" if cut else ""),
            "补上缺的行" if cut else "核对各行的分值和总分，看是否漏了一行",
        )
        return
    if said is not None and said > HUNDRED:
        stated, severity = said, HINT
        found = f"总分行的分值是{shown(said)}分，各行分值合计也是{shown(own)}分"
        remedy = "核对各行的分值；当地用别的满分的不算问题"
    elif said is None and HUNDRED not in sums and (own > HUNDRED or (total and not absent)):
        stated, severity = own, DOUBT
        found, remedy = f"各行分值合计{shown(own)}分", "核对各行的分值；当地用别的满分的，写在总分行"
    else:
        return
    why = "自评表的分值合计一般是100分"
    yield _compared("points", stated, HUNDRED, place, severity=severity).told(found, why, remedy)


@rule(
    "B2", "各部分的分值", compares="“产出指标（50分）”之类写明的分值，与其中各行之和", formula="Σ分值＝写明的分值",
    tolerance="不容许差别", exceptions="没有总分行时最后一部分可能被截去", severity=ERROR, source=ARITHMETIC,
)  # fmt: skip
def sum_of_part(facts: FormFacts) -> Iterator[Suspicion]:
    """Points of the rows under a heading that states its points."""
    last = facts.rows[-1] if facts.rows else None
    for heading, rows in groups(facts) if facts.weighted is None else ():
        said, first = stated_points(heading), rows[0].row.row
        if said is None or any(row.row.is_execution for row in rows):
            continue
        value = added(row.points for row in rows)
        # The rest of the last part may be cut off.
        cut = facts.form.total is None and last in rows and value < said
        if value == said or cut or (value < said and facts.lacking(rows, "points")):
            continue
        yield _compared(f"part-r{first}", said, value, Place(facts.form.file, first, clean(heading))).told(
            f"“{clean(heading)}”写明{shown(said)}分，下面各行分值合计{shown(value)}分",
            "一部分的分值就是其中各行分值之和",
            "核对这一部分各行的分值",
        )


@rule(
    "B3", "小计", compares="小计行与上面各行之和", formula="Σ＝小计", tolerance="小计印出的末位", exceptions="有行没有填",
    severity=ERROR, source=ARITHMETIC,
)  # fmt: skip
def sum_of_subtotal(facts: FormFacts) -> Iterator[Suspicion]:
    """小计 rows against the rows between them."""
    starts = [0]
    for subtotal in facts.form.subtotals if facts.weighted is None else ():
        start = starts[-1]
        rows = [row for row in facts.rows if start < row.row.row < subtotal.row]
        starts.append(subtotal.row)
        for kind, name, cell in (("points", "分值", subtotal.points), ("score", "得分", subtotal.score)):
            said = read_number(cell.text)
            if said is None or not rows or facts.lacking(rows, kind):
                continue
            # 指标合计 may stand below the 小计 of each part and count them all.
            sums = [_sum_between(facts, kind, first, subtotal.row) for first in starts[:-1]]
            own = sums[-1][0]
            if any(equals(said, value) for values in sums for value in values):
                continue
            yield _compared(f"subtotal-{kind}-r{subtotal.row}", said, own, facts.place(cell)).told(
                f"第{subtotal.row}行小计的{name}是{shown(said)}分，上面各行合计{shown(own)}分",
                f"小计就是上面各行{name}之和",
                f"核对各行的{name}和小计",
            )


def _sum_between(facts: FormFacts, kind: str, start: int, end: int) -> tuple[Decimal, ...]:
    """Sum of the indicators between two rows, and with what the funds add."""
    own = added(facts.value(row, kind) for row in facts.rows if start < row.row.row < end)
    extra = next((fund.number(kind) for fund in facts.form.funds if start < fund.row < end), None)
    return (own,) if extra is None else (own, own + extra)


@rule(
    "B4", "总分等于各行得分之和", compares="总分与各行得分、预算执行得分之和", formula="Σ得分＝总分",
    tolerance="总分印出的末位；各行四舍五入的尾差为提示", exceptions="资金各行重复写的得分只算一次；缺得分的行可以补足差额的",
    severity=ERROR, source=ARITHMETIC,
)  # fmt: skip
def sum_of_scores(facts: FormFacts) -> Iterator[Suspicion]:
    """总分 against the scores of all rows."""
    total, said = facts.form.total, facts.stated("score")
    sums = (*facts.sums("score"), *facts.sums("converted"))
    if total is None or said is None or not sums or any(equals(said, value) for value in sums):
        return
    own = sums[0]
    lacking = facts.lacking(facts.indicators, "score")
    possible = added(row.points for row in lacking)
    unknown = any(row.points is None for row in lacking)
    points = facts.sums("points") or (ZERO,)
    gap = max((facts.stated("points") or HUNDRED) - points[0], ZERO)
    if absent_parts(facts):
        possible += gap
    if said > own and (unknown or said <= own + possible):
        return  # within what the rows without a score may add
    scores = [*(row.score for row in facts.rows), *facts.execution_values("score")[:1]]
    broken = [score for score in scores if score is not None and score != round_to(score, 0)]
    rounding = _only_rounded(broken, len(broken), said - own)
    way = "" if facts.weighted is None else "按权重"
    place = facts.place(total.score)
    # A row that is missing explains both.
    places = (place, facts.place(total.points)) if 0 < said - own <= gap else (place,)
    severity, notes = (HINT, ("相差很小，可能各行得分是四舍五入后的数",)) if rounding else ("", ())
    yield _compared("score", said, own, *places, accused=(place,), severity=severity, notes=notes).told(
        f"总分写{shown(said)}分，各行得分{way}合计{shown(own)}分，相差{shown(abs(said - own))}分",
        "总分就是各项指标得分与预算执行得分之和；"
        + ("各项按100分计分的，先乘权重" if way else "资金各行重复写的得分只算一次"),
        "按各行得分重新合计",
    )


# -- funds


@rule(
    "B5", "资金总额等于各来源之和", compares="年度资金总额与财政拨款、上年结转、其他资金，分别按年初预算、全年预算、执行三栏",
    formula="总额＝Σ来源", tolerance="四舍五入的尾差为提示",
    exceptions="缺来源的行或没有填的，只看来源是否超过总额；没有上年结转一行的为疑点", severity=ERROR, source=OFFICIAL,
)  # fmt: skip
def funds_total(facts: FormFacts) -> Iterator[Suspicion]:
    """年度资金总额 against the rows that it consists of, in each column."""
    total, parts, money = facts.funds.total, facts.funds.parts, facts.form.money
    if total is None or not parts or not total.is_total:
        return
    labels = "".join(part.label for part in parts)
    # Without all of the usual rows, a source may have been left out; the oldest layout has no 上年结转.
    usual = "其他" in labels and ("结转" in labels or "地方" in labels or "县" in labels)
    # From the centre down to the county, all have a row.
    levels = re.search("中央|上级|省", labels) and re.search("县|区级|地方|本级", labels)
    wrong, severity = [], HINT
    for kind, name in MONEY_KINDS.items():
        said, filled = facts.money(total, kind), [v for v in facts.of_parts[kind] if v is not None]
        value = added(filled)
        if said is None or not filled or equals(said, value):
            continue
        whole = len(filled) == len(parts) > 1 and ("其他" in labels or bool(levels))
        if said > value and not whole and not _adds_up_elsewhere(facts, kind):
            continue  # a source may be left out or not filled in
        if said < value and _some_within_others(facts, kind, said):
            continue
        wrong.append((kind, name, said, value))
        if not _only_rounded([said, *filled], len(filled), said - value):
            grave = ERROR if (whole and usual) or said < value else DOUBT
            severity = min(severity, grave, key=SEVERITIES.index)
    if not wrong:
        return
    texts = [
        f"{name}总额{shown(said)}{money}，各来源合计{shown(value)}{money}" for _, name, said, value in wrong
    ]
    places = tuple(facts.place(total.cell(kind)) for kind, *_ in wrong)
    accused = (*places, *facts.places(total, "rate", "score")) if severity == ERROR else ()
    notes = ("相差很小，可能是四舍五入",) if severity == HINT else ()
    _, _, said, value = wrong[0]
    yield _compared(
        "funds", said, value, *places, unit=money, accused=accused, severity=severity, notes=notes
    ).told(
        f"“{clean(total.label)}”与下面各行对不上：{'；'.join(texts)}",
        "年度资金总额等于财政拨款、上年结转和其他资金之和",
        "核对总额和各来源；总额没有填的，补填后重算执行率和得分",
    )


def _some_within_others(facts: FormFacts, kind: str, said: Decimal) -> bool:
    """Whether some rows only say of what others consist: 上级资金60, 其中中央40, 省20, 县级40 make 100."""
    rows = [(part, v) for part, v in zip(facts.funds.parts[:10], facts.of_parts[kind], strict=False) if v]
    for count in range(1, len(rows)):
        for chosen in itertools.combinations(rows, count):
            inner = [(part, value) for part, value in rows if (part, value) not in chosen]
            if sum(value for _, value in chosen) != said or not all(
                re.search("其中|中央|省|市|县|上级|本级|一般公共|基金", part.label) for part, _ in inner
            ):
                continue
            held = sum(value for _, value in inner)
            above = [value for part, value in chosen if part.row < min(other.row for other, _ in inner)]
            if all(re.search("其中|直达", part.label) for part, _ in inner) and max(above, default=0) >= held:
                return True  # a part of one source: 上级资金800, 其中直达资金650
            if any(
                sum(v for _, v in some) == held
                for n in range(1, count + 1)
                for some in itertools.combinations(chosen, n)
            ):
                return True
    return False


def _adds_up_elsewhere(facts: FormFacts, kind: str) -> bool:
    """Whether the rows filled in here add up to the total in another column, so that the blank ones mean nothing."""
    filled = {other: [value is not None for value in values] for other, values in facts.of_parts.items()}
    return any(
        (said := facts.money(facts.funds.total, other)) and equals(said, added(facts.of_parts[other]))
        for other in MONEY_KINDS
        if other != kind and filled[other] == filled[kind]
    )


def _percentage_fits(stated: Decimal, share: Decimal) -> bool:
    """Whether a percentage is a share, rounded half up or cut off to the digits that it is stated with."""
    exact, digits = share * HUNDRED, min(digits_of(stated), 10)
    return near(stated, exact) or stated in {round_to(exact, digits), round_to(exact, digits, ROUND_DOWN)}


def _fitting(text: str, shares: Collection[Decimal]) -> list[Decimal]:
    """Percentages that a cell for a rate may mean and that are one of the shares."""
    return [value for value in read_rate(text) if any(_percentage_fits(value, share) for share in shares)]


@rule(
    "B6", "执行率", compares="写出的执行率与全年执行数÷全年预算数", formula="执行率＝B÷A",
    tolerance="写出的末位，四舍五入或截去", exceptions="执行数超过预算数的，写100%也对", severity=ERROR,
    source="项目支出绩效自评表列名“执行率（B/A）”",
)  # fmt: skip
def execution_rate(facts: FormFacts) -> Iterator[Suspicion]:
    """A stated execution rate against 全年执行数 ÷ 全年预算数."""
    total, money = facts.funds.total, facts.form.money
    stated = [(row.cell("rate"), facts.row_rates(row), row) for row in facts.form.funds]
    if total is not None and facts.execution_rate is not None:
        stated += [
            (row.row.cell("actual"), (facts.execution_rate,), total)
            for row in facts.rows
            if row.row.is_execution and isinstance(row.actual, Quantity) and unit_key(row.actual.unit) == "%"
        ]
    for cell, shares, row in stated:
        written = read_rate(cell.text)
        if not written or not shares or _fitting(cell.text, shares):
            continue
        if HUNDRED in written and max(shares) > 1:
            continue
        pair = facts.base if row is total else (facts.money(row, "budget"), facts.money(row, "executed"))
        budget, executed = (amount or ZERO for amount in pair)
        place, rate = facts.place(cell), shares[0] * HUNDRED
        places = (place, *facts.places(row, "budget", "executed"))
        yield _compared(f"rate-r{cell.row}", written[0], rate, *places, unit="%", accused=(place,)).told(
            f"执行率写“{clean(cell.text)}”，按{shown(executed)}{money}÷{shown(budget)}{money}"
            f"算是{shown(rate, 2)}%",
            "执行率＝全年执行数÷全年预算数",
            "按全年执行数和全年预算数重算执行率",
        )


@rule(
    "B7", "预算执行得分", compares="预算执行得分与分值×执行率", formula="得分＝分值×执行率，不超过分值",
    tolerance="保留零、一、两位小数", exceptions="预算数为0", severity=ERROR, source=F7,
)  # fmt: skip
def execution_score(facts: FormFacts) -> Iterator[Suspicion]:
    """Score for execution against points × rate."""
    row = facts.funds.scored
    if row is None or facts.execution_rate is None:
        return
    points, score = row.number("points"), row.number("score")
    if points is None or score is None or score > points:
        return
    shares = {min(share, ONE) for share in (*facts.row_rates(row), facts.execution_rate)}
    shares |= {value / HUNDRED for value in _fitting(row.cell("rate").text, shares)}
    if any(fits(score, points, s) if score < points else rounds_to_full(points, s, 2) for s in shares):
        return
    share = min(facts.execution_rate, ONE)
    nearly = DOUBT if score == points and rounds_to_full(points, share, 1) else ""
    places = facts.places(row, "score", "rate", "budget", "executed")
    yield _compared(f"execution-r{row.row}", score, points * share, *places, severity=nearly).told(
        f"预算执行得分写{shown(score)}分，按执行率{shown(share * HUNDRED, 2)}%"
        f"应得{shown(points * share, 2)}分（分值{shown(points)}分）",
        "预算执行得分＝分值×执行率，不超过分值",
        "按执行率重算得分；总分相应改正",
    )


@rule(
    "B8", "执行数不超过预算数", compares="全年执行数与全年预算数", formula="执行数≤预算数，预算数＞0", tolerance="不容许差别",
    exceptions="缺一方", severity=DOUBT, source="项目支出绩效自评表；预算数为0时各地做法不一",
)  # fmt: skip
def spending(facts: FormFacts) -> Iterator[Suspicion]:
    """More spent than budgeted, spending without a budget."""
    money, total = facts.form.money, facts.funds.total
    exceeded = [
        (row, budget, executed)
        for row in facts.form.funds
        if (budget := facts.money(row, "budget")) is not None
        and (executed := facts.money(row, "executed")) is not None
        and executed > budget
    ]
    of_total = [entry for entry in exceeded if entry[0] is total]
    for row, budget, executed in of_total or exceeded:
        places = facts.places(row, "executed", "budget")
        yield _compared(f"spending-r{row.row}", executed, budget, *places, unit=money).told(
            f"“{clean(row.label)}”全年执行数{shown(executed)}{money}，多于全年预算数{shown(budget)}{money}",
            "执行数一般不超过预算数；年中追加的，全年预算数应当包括追加数",
            "核对预算数是否为调整后的数，执行数是否含别的资金",
        )
    if total is not None and facts.base == (ZERO, ZERO):
        yield Suspicion("no-budget", places=(facts.place(total.cell("budget")),)).told(
            f"“{clean(total.label)}”的全年预算数和全年执行数都是0",
            "预算数是0时执行率无从计算；有的地方记0分，有的地方不许填0",
            "没有安排资金的，写明原因；漏填的补上",
        )


# -- scores


def _scored(facts: FormFacts) -> Iterator[tuple[Judged, Decimal, Decimal]]:
    """Rows that have both, with their points and score."""
    for row in facts.rows:
        if row.points is not None and row.score is not None:
            yield row, row.points, row.score


@rule(
    "B9", "得分不超过分值", compares="各行得分与分值", formula="得分≤分值", tolerance="不容许差别", exceptions="缺一方",
    severity=ERROR, source=F7,
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
        yield _compared(f"r{cell.row}", score, points, place, accused=(place,)).told(
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


def _assumed(row: Judged) -> str:
    """What was taken for granted in calling a target missed."""
    if not row.direction:
        return "目标和实际都没有写年份，这里按同一年判断"
    usual, other = ("越少越好", "越多越好") if row.direction == DOWN else ("越多越好", "越少越好")
    return f"目标没有写≥或≤，这里按{usual}判断，{other}的不算问题"


@rule(
    "B10", "没有达到目标不得满分", compares="年度指标值与实际完成值，得分与分值",
    formula="未达到目标（或超出上限）时得分＜分值", tolerance="按两位小数四舍五入为满分的为提示，一位小数的为疑点",
    exceptions=f"目标没有写方向、按常理判断的为疑点；{UNJUDGED}", severity=ERROR, source=f"{F7}；{F11}",
)  # fmt: skip
def full_though_missed(facts: FormFacts) -> Iterator[Suspicion]:
    """Full points below a target or above a ceiling."""
    for row, points, score in _scored(facts):
        if row.met is not False or score != points or points == 0:
            continue
        rounding = next((d for d in (2, 1) if any(rounds_to_full(points, s, d) for s in row.shares)), 0)
        way = f"{row.way}，却得满分{shown(score)}分" + (f"（{_formula(row)}）" if row.shares else "")
        assumed = "" if row.sure else f"；{_assumed(row)}"
        stated = "" if row.sure else "；在目标前写明≥或≤" if row.direction else "；写明年份"
        places = facts.places(row, "score", "actual", "target")
        due = points * max(row.shares) if row.shares else None
        severity = HINT if rounding == 2 else DOUBT if rounding or not row.sure else ""
        notes = (f"按比例计分，保留{'一两'[rounding - 1]}位小数时四舍五入为满分",) if rounding else ()
        yield _compared(
            row.subject, score, due, *places, accused=places, severity=severity, notes=notes
        ).told(
            f"{row.name}{row.numbers}，{way}",
            f"没有达到目标的指标不能得满分{assumed}",
            f"按当地的计分办法重算得分，写明偏差原因；目标或实际数写错的，改正{stated}",
        )


@rule(
    "B11", "按比例计分", compares="未达到目标的指标的得分，与按完成比例计算的得分",
    formula="越多越好：分值×实际÷目标；越少越好：分值×目标÷实际，或分值×（1－超出比例）",
    tolerance="保留零、一、两位小数，四舍五入、进位或截去；完成率先取整的",
    exceptions="0分（全有或全无）；低于各种算法的为疑点：当地可能扣分更严", severity=ERROR, source=f"{F7}；{F11}",
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
        found = f"{row.name}{row.numbers}，得{shown(score)}分，{_formula(row)}（分值{shown(points)}分）"
        why, remedy = "得分高于按比例计算的结果", "按比例重算得分"
        if not over:
            why = "得分与按比例计算的结果不同；当地规定扣分更严的不算问题"
            remedy = "按比例重算；另有扣分规定的，在偏差原因一栏写明"
        places = facts.places(row, "score", "actual", "target")
        accused, severity = places[:1] if over else (), "" if over and row.sure else DOUBT
        yield _compared(row.subject, score, most, *places, accused=accused, severity=severity).told(
            found, why, remedy
        )


@rule(
    "B12", "达到目标没有给满分", compares="达到目标的指标的得分与分值", formula="得分＝分值", tolerance="不容许差别",
    exceptions="超过目标30%的；写了原因的为提示", severity=DOUBT, source=f"{F7}；{F11}",
)  # fmt: skip
def below_full_though_met(facts: FormFacts) -> Iterator[Suspicion]:
    """Less than full points for a target that was reached."""
    doubled = {row.row.row for row in _weighted_twice(facts)}
    for row, points, score in _scored(facts):
        if row.met is not True or score >= points:
            continue
        # More than "=100" or a number without a sign may be no merit.
        exact = row.ratio is None or row.ratio == ONE
        stated = row.sure and isinstance(row.target, Quantity) and row.target.sign != EQUAL
        # A target set far too low may cost points.
        if row.row.row in doubled or not (exact or stated) or row.overachieved:
            continue
        severity = "" if is_blank(row.row.cell("reason").text) else HINT
        places = facts.places(row, "score", "actual", "target")
        yield _compared(row.subject, score, points, *places, severity=severity).told(
            f"{row.name}{row.numbers}，达到了目标，得{shown(score)}分，没有给满分{shown(points)}分",
            "达到目标的指标一般得满分",
            "核对得分；另有扣分原因的，写明",
        )


@rule(
    "B13", "完成率", compares="写出的完成率与实际÷目标", formula="完成率＝实际÷目标（越少越好的可以倒过来）",
    tolerance="写出的末位", exceptions=UNJUDGED, severity=ERROR, source=F7,
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
        if _fitting(cell.text, possible):
            continue
        said, rate = read_rate(cell.text)[0], row.ratio * HUNDRED
        places = facts.places(row, "rate", "actual", "target")
        yield _compared(row.subject, said, rate, *places, unit="%").told(
            f"{row.name}{row.numbers}，完成率写“{clean(cell.text)}”，实际÷目标是{shown(rate, 2)}%",
            "完成率＝实际完成值÷年度指标值",
            "重算完成率和得分",
        )


@rule(
    "B14", "偏差原因", compares="未达到目标、扣了分的指标的偏差原因一栏", formula="有文字，不是“无”或横线",
    tolerance="不适用", exceptions="表里没有这一栏；超过目标30%的、由人判断而扣分的为提示", severity=DOUBT,
    source="自评表列名“偏差原因分析及改进措施”；超过目标30%须说明的只见于一个省的系统",
)  # fmt: skip
def missing_reason(facts: FormFacts) -> Iterator[Suspicion]:
    """No reason where the target was missed, far over-achieved, or points were taken off."""
    for row in facts.rows if "reason" in facts.form.columns else ():
        cell, severity = row.row.cell("reason"), HINT
        lost = row.points is not None and row.score is not None and row.score < row.points
        if row.row.is_execution or not is_blank(cell.text) or cell.pending or cell.covered:
            continue
        ranged = isinstance(row.target, Quantity) and row.target.high is not None
        if row.met is False and (row.sure or lost):
            what, why, severity = row.way, "有偏差的指标要写原因和改进措施", ""
        elif row.met and row.ratio is not None and row.overachieved and row.direction != DOWN and not ranged:
            what = f"完成了目标的{shown(row.ratio * HUNDRED, 2)}%"
            why = "超出目标30%以上，有的省要求说明目标是否定低了"
        elif row.met is None and lost:
            what, why = "扣了分", "扣分的指标应当写明原因"
        else:
            continue
        places = (facts.place(cell, row.row.row), *facts.places(row, "actual", "target"))
        yield Suspicion(row.subject, places=places, severity=severity).told(
            f"{row.name}{row.numbers}，{what}，没有写偏差原因", why, "补写偏差原因和改进措施"
        )


# -- targets and units


def indicator_key(name: str) -> str:
    """Name of an indicator without stars, punctuation and the bound that some forms print behind it."""
    text = re.sub(r"^指标\d*[:：、]?", "", unicodedata.normalize("NFKC", name))
    text = re.sub(r"\((?:[<>=≥≤]|不低于|不高于|不超过)[^()]*\)|[<>=≥≤]+\**.*$", "", text)
    return re.sub(r"[\W_]|★|☆", "", text)


@rule(
    "B15", "一个指标一个目标", compares="同名指标的年度指标值", formula="不互相矛盾", tolerance="单位换算后比较",
    exceptions="一个下限一个上限的；不在同一类下的为疑点", severity=ERROR,
    source="景东县2022年农村低保自评：同名的两个成本目标",
)  # fmt: skip
def two_targets(facts: FormFacts) -> Iterator[Suspicion]:
    """Targets of one name that cannot hold together."""
    named: dict[str, list[tuple[Judged, Quantity]]] = {}
    for row in facts.rows:
        if row.row.named and isinstance(row.target, Quantity) and (name := indicator_key(row.row.name)):
            named.setdefault(name, []).append((row, row.target))
    for rows in named.values():
        for (first, one), (second, other) in itertools.combinations(rows[:20], 2):
            if not _contradict(one, other):
                continue
            alike = (first.row.level1, first.row.level2) == (second.row.level1, second.row.level2)
            pair = ((first, one), (second, other))
            texts = (f"第{row.row.row}行“{clean(said.text)}”" for row, said in pair)
            subject, severity = f"{first.subject}-{second.subject}", "" if alike else DOUBT
            places = (*facts.places(first, "target"), *facts.places(second, "target"))
            yield Suspicion(subject, places=places, severity=severity, alone=True).told(
                f"{first.name}有两个目标：{'，'.join(texts)}",
                "同一个指标只能有一个目标"
                + ("" if alike else "；两行不在同一类指标下，也可能是两件事，那样应当写成两个名称"),
                "核对下达的绩效目标，留下一个；是两件事的，改成两个名称",
            )
            break


def _contradict(one: Quantity, other: Quantity) -> bool:
    if (one.unit and other.unit and not same_unit(one.unit, other.unit)) or one.high or other.high:
        return False
    if bool(one.unit) != bool(other.unit) and "%" in {unit_key(one.unit), unit_key(other.unit)}:
        return False
    first, second = one.value, other.value
    if one.unit and other.unit:
        second = converted(second, other.unit, one.unit)
    if first != second and {one.sign[:1], other.sign[:1]} == {"<", ">"}:
        # Two bounds make a range, unless nothing lies between them.
        return first > second if one.sign[0] == ">" else second > first
    return first != second


@rule(
    "B16", "名称里的目标", compares="指标名称括号里印的目标与年度指标值", formula="不互相矛盾", tolerance="单位换算后比较",
    exceptions="名称里是**的", severity=DOUBT, source=OFFICIAL,
)  # fmt: skip
def name_and_target(facts: FormFacts) -> Iterator[Suspicion]:
    """A bound printed in the name against the target."""
    bound = re.compile(r"[(（]\s*((?:[≥≤<>＜＞＝=]|不低于|不高于|不超过)+[^()（）]*)[)）]\s*$")
    for row in facts.rows:
        said = bound.search(row.row.name)
        printed = read_quantity(said[1]) if said else ""
        if not said or isinstance(row.target, str) or isinstance(printed, str):
            continue
        if _contradict(row.target, printed):
            yield Suspicion(f"name-{row.subject}", places=facts.places(row, "target"), severity=DOUBT).told(
                f"{row.name}名称里写“{clean(said[1])}”，年度指标值写“{clean(row.target.text)}”",
                "同一个指标只能有一个目标",
                "核对下达的绩效目标，改正一处",
            )


@rule(
    "B17", "计量单位", compares="年度指标值与实际完成值的单位", formula="同一个单位",
    tolerance="写法不同而意思相同的；能换算的为提示", exceptions="缺一方；不认识的单位；只差“每年”之类的为疑点",
    severity=ERROR, source="濉溪县2019年度临时救助自评表",
)  # fmt: skip
def units(facts: FormFacts) -> Iterator[Suspicion]:
    """Unit of the target against unit of the actual value."""
    for row in facts.rows:
        target, actual = row.target, row.actual
        if isinstance(target, str) or isinstance(actual, str) or not target.unit or not actual.unit:
            continue
        same, one, other = same_unit(target.unit, actual.unit), kind_of(target.unit), kind_of(actual.unit)
        alike = unit_key(target.unit) == unit_key(actual.unit)
        if alike or same is None or one is None or other is None or (same and one[1] == other[1]):
            continue
        own, unit = clean(target.unit), clean(actual.unit)
        found = f"{row.name}年度指标值的单位是“{own}”，实际完成值的单位是“{unit}”"
        remedy, severity = "核对两个数的口径，改成同一个单位", DOUBT
        if same:
            found += f"，换算后是{shown(converted(actual.value, actual.unit, target.unit))}{own}"
            why = "两个单位可以换算，但写成一样才便于核对"
            remedy, severity = "改成同一个单位", HINT
        elif one[0] == other[0]:
            why = "每户每年与每户、每人每月与每月等不是一回事，可能只是漏写"
        elif other[0] == "比例":
            why = "实际完成值写的可能是完成率，不是实际完成的数"
        else:
            why, severity = "两个单位计的不是一回事，不能比较，也就不知道是否达到目标", ""
        places = facts.places(row, "actual", "target")
        yield Suspicion(row.subject, places=places, severity=severity).told(found, why, remedy)


NOT_DONE = re.compile(r"(尚|暂)?(未|没有|没)(能|有)?(开展|组织|进行|统计|调查|测评|测算|实施|启动|安排)")


@rule(
    "B18", "实际完成值是测得的数", compares="有得分的指标的实际完成值", formula="有数，不是不等式", tolerance="不适用",
    exceptions="目标是文字的", severity=DOUBT, source="2020年度长江禁捕项目自评表：满意度只写“≥90%”，得满分",
)  # fmt: skip
def no_value(facts: FormFacts) -> Iterator[Suspicion]:
    """A score without a measured value."""
    for row in facts.rows:
        cell = row.row.cell("actual")
        if not row.score or cell.pending or cell.covered or "actual" not in facts.form.columns:
            continue
        if what := _unmeasured(row):
            yield Suspicion(row.subject, places=facts.places(row, "actual", "score")).told(
                f"{row.name}{what}，却得了{shown(row.score)}分",
                "得分要有实际测得的数作依据",
                "补填实际完成的数",
            )


def _unmeasured(row: Judged) -> str:
    """What an actual value says that is no measured number, in Chinese; empty where it is one or need not be."""
    target, actual, text = row.target, row.actual, row.row.cell("actual").text
    aim = target if isinstance(target, Quantity) else None
    said = f"实际完成值写的是“{clean(text)}”"
    if isinstance(actual, str):
        if NOT_DONE.match(plain(text)) and aim and row.met is None:
            return f"{said}，没有实际的数"
        # 无 is an answer where the target is that nothing happens.
        unanswered = is_blank(text) and plain(text) != "无" and actual == "没有填写"
        return "没有填写实际完成值" if unanswered and not is_blank(row.row.cell("target").text) else ""
    if actual.sign not in {"", EQUAL}:
        return "" if aim and within_bound(aim, actual) else f"{said}，是不等式，不是实际的数"
    if actual.maybe_at_least is None or not aim or unit_key(aim.unit) != "%" or aim.value > HUNDRED:
        return ""
    return f"{said}，多半是“≥{shown(actual.maybe_at_least)}%”识别成的，不是实际的数"


COST = re.compile(
    r"(项目)?(总成本|成本总额|总投入|总支出|支出总额|资金总额|资金总量|成本控制数|项目成本)(控制数?)?"
)


@rule(
    "B19", "总成本与执行数", compares="项目总成本指标的实际值与资金执行数", formula="两者相等",
    tolerance="四舍五入到较粗的一个", exceptions="单项成本", severity=DOUBT, source="池州市棠溪镇2022年度自评表",
)  # fmt: skip
def cost_and_spending(facts: FormFacts) -> Iterator[Suspicion]:
    """The total cost stated as an indicator against the money spent according to the same form."""
    executed, total = facts.base[1], facts.funds.total
    for row in facts.rows:
        actual, target = row.actual, row.target
        if isinstance(actual, str) or not executed or not COST.fullmatch(indicator_key(row.row.name)):
            continue
        unit = actual.unit or (target.unit if isinstance(target, Quantity) else "")
        if not unit or not same_unit(unit, facts.form.money) or actual.sign not in {"", EQUAL} or actual.high:
            continue
        spent = converted(executed, facts.form.money, unit)
        # A flat list does not say in which unit its funds are.
        if any(_rounds_to(amount, actual.value) for amount in (spent, spent / 10000)):
            continue
        own = clean(unit)
        places = facts.places(row, "actual")
        if total:
            places = (*places, facts.place(total.cell("executed")))
        yield _compared(row.subject, actual.value, spent, *places, unit=own).told(
            f"{row.name}实际写{shown(actual.value)}{own}，资金执行数是{shown(spent)}{own}",
            "项目总成本应当与全年执行数一致，四舍五入除外",
            "核对两处；成本含别的资金的，写明",
        )


def _rounds_to(one: Decimal, other: Decimal) -> bool:
    finer, coarser = sorted((one, other), key=digits_of, reverse=True)
    return one == other or round_to(finer, digits_of(coarser)) == coarser


# -- weights and grades


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
)  # fmt: skip
def weighted_twice(facts: FormFacts) -> Iterator[Suspicion]:
    """Scores multiplied by their weight although they count it already."""
    rows = _weighted_twice(facts)
    if not rows:
        return
    kind, full = ("converted", "score") if rows[0].row.cell("converted").text else ("score", "points")
    base, given = (added(facts.value(row, of) for row in rows) for of in (full, kind))
    places = tuple(place for row in rows for place in facts.places(row, kind))
    yield replace(_compared("weight", given, base, *places), alone=True).told(
        f"{len(rows)}项指标的得分已按权重给分，合计{shown(base)}分，折算时又乘了一次权重，只剩{shown(given)}分",
        "分值就是权重，再乘一次，全部完成也得不到满分",
        "直接把各项得分相加，不再折算；或者各项先按100分计分，再乘权重",
    )


@rule(
    "B21", "折算得分", compares="折算得分与得分×权重", formula="折算得分＝得分×权重", tolerance="保留零、一、两位小数",
    exceptions="缺一方", severity=ERROR, source="成安县2020年度自评表",
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
        yield _compared(f"converted-{row.subject}", given, due, *places).told(
            f"{row.name}得{shown(score)}分，权重{shown(weight)}%，折算得分写{shown(given)}分，应为{shown(due, 2)}分",
            "折算得分＝得分×权重",
            "重算折算得分",
        )


@rule(
    "B22", "等次与总分", compares="等次与总分", formula="90、80、60分为界，含下限", tolerance="不容许差别",
    exceptions="总分不是百分制；不认识的用词；四舍五入到整数才相符的为疑点；用词混用的为提示", severity=ERROR,
    source="财政部预算司统一的等次（优、良、中、差）；民发〔2016〕242号第七条（优秀、良好、合格、不合格）",
)  # fmt: skip
def grade(facts: FormFacts) -> Iterator[Suspicion]:
    """A grade against the total score, and its word against the finance departments' words."""
    form, word, cell = facts.form, facts.form.grade_word, facts.form.grade
    score = total_score(facts)
    if cell is None or score is None or word not in itertools.chain(*GRADES):
        return
    expected = _expected(score)
    if word not in expected:
        rounded = word in _expected(round_to(score, 0))
        nearly, severity = ("，四舍五入到整数才够", DOUBT) if rounded else ("", "")
        places = (facts.place(cell), *((facts.place(form.total.score),) if form.total else ()))
        yield _compared("grade", score, None, *places, severity=severity).told(
            f"等次写“{word}”，总分{shown(score)}分应为“{expected[0]}”（或“{expected[1]}”）{nearly}",
            "90分以上为优（优秀），80分以上不到90分为良（良好），60分以上不到80分为中（合格），60分以下为差（不合格）",
            "按总分改正等次；当地另有界限的，写明文件",
        )
    if word not in {names[0] for names in GRADES} and "项目支出" in form.title:
        yield Suspicion("grade-word", places=(facts.place(cell),), severity=HINT).told(
            f"等次写“{word}”，财政部门的项目支出绩效评价用优、良、中、差",
            "优秀、良好、合格、不合格是民发〔2016〕242号对各省困难群众救助工作评价的用词，两套用词不能混用",
            "核对本表依据的办法用哪一套用词",
        )


def total_score(facts: FormFacts) -> Decimal | None:
    """Total score on the scale of 100: the stated one, or the sum where every row is scored; else None."""
    said, points = facts.stated("score"), facts.stated("points")
    if points is not None and points != HUNDRED:
        return None
    if said is not None:
        return said
    sums = facts.sums("score")
    complete = HUNDRED in facts.sums("points") and not facts.lacking(facts.indicators, "score")
    return sums[0] if complete and sums else None


def _expected(score: Decimal) -> tuple[str, str]:
    return GRADES[sum(score < bound for bound in BOUNDS)]


RULES: tuple[Rule[FormFacts], ...] = (
    sum_of_points, sum_of_part, sum_of_subtotal, sum_of_scores, funds_total, execution_rate,
    execution_score, spending, above_points, full_though_missed, wrong_proportion, below_full_though_met,
    completion_rate, missing_reason, two_targets, name_and_target, units, no_value, cost_and_spending,
    weighted_twice, converted_score, grade,
)  # fmt: skip
"""Rules in the order in which findings of one severity are listed."""
