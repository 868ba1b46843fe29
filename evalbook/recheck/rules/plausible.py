"""Rules for values that cannot be, or hardly: a part above its whole, a share above 100 %, a digit too many."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from evalbook.checks import DOUBT, ERROR, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.facts import HUNDRED, FormFacts, Judged, shown, sign_is_turned
from evalbook.recheck.rules.arithmetic import ARITHMETIC, compared
from evalbook.schema.indicator_names import DOWN, UP, direction_of, indicator_key, never, share_of_whole
from evalbook.schema.numbers import Quantity, converted, is_blank, kind_of, same_unit, unit_key
from evalbook.schema.text import clean

SLIPS = ((Decimal("9.5"), Decimal(12)), (Decimal(95), Decimal(120)))
"""Ratios of actual value and target where a digit too many, or a lost point, is likelier than such a success."""
NAMES = {"target": "年度指标值", "actual": "实际完成值"}
OF_WHOM = re.compile(r"[\W_]*其中")
COUNTED = {"人数", "人次", "户数", "户次", "金额"}
OPPOSITES = (
    ("准确", "差错"), ("准确", "错误"), ("正确", "错误"), ("合格", "不合格"), ("达标", "不达标"), ("规范", "不规范"),
    ("满意", "不满意"), ("及时", "延误"), ("及时", "逾期"), ("使用", "闲置"), ("利用", "闲置"), ("入住", "空置"),
    ("利用", "空置"), ("使用", "结余"), ("通过", "退回"), ("办结", "积压"),
)  # fmt: skip
"""Things that share one whole between them."""


def _values(row: Judged) -> Iterator[tuple[str, Quantity]]:
    """Target and actual value of a row, as far as they are numbers."""
    for kind, value in (("target", row.target), ("actual", row.actual)):
        if isinstance(value, Quantity):
            yield kind, value


def _unit(row: Judged, value: Quantity) -> str:
    """Unit of a value, which the other one of the row may say alone."""
    return value.unit or next((other.unit for _, other in _values(row) if other.unit), "")


@rule(
    "B31", "其中不超过总数", compares="名称以“其中”开头的行与上面的总数，目标对目标，实际对实际", formula="其中≤总数",
    tolerance="不容许差别", exceptions="单位不同的；百分比和每人、每户的数；目标之间的为疑点", severity=ERROR, source=ARITHMETIC,
    look_up="人数、户数的台账或月报，看两行各取自哪里", ask="总数和其中数各按什么口径、什么时点统计", since="2026-11-30",
)  # fmt: skip
def of_whom(facts: FormFacts) -> Iterator[Suspicion]:
    """A row 其中 against the row of the whole above it."""
    whole: Judged | None = None
    for row in facts.rows:
        if not OF_WHOM.match(row.row.name):
            whole = row if row.row.named else None
            continue
        if whole is None or whole.row.level1 != row.row.level1:
            continue
        above = dict(_values(whole))
        for kind, part in reversed(list(_values(row))):
            if not (of := above.get(kind)) or of.high or part.high or part.about or of.about:
                continue
            unit, own = _unit(whole, of), _unit(row, part)
            known = kind_of(unit)
            if not same_unit(unit, own) or (unit and (known is None or known[0] not in COUNTED or known[2])):
                continue
            value = converted(part.value, own, unit)
            if value <= of.value:
                continue
            name, places = NAMES[kind], (*facts.places(row, kind), *facts.places(whole, kind))
            severity = "" if kind == "actual" else DOUBT
            yield compared(
                row.subject, value, of.value, *places, unit=clean(unit), accused=places, severity=severity
            ).told(
                f"{row.name}{name}{shown(part.value)}{clean(own)}，多于{whole.name}的{shown(of.value)}{clean(unit)}",
                "“其中”是总数的一部分，不能比总数多",
                "核对两个数；不是上一行的一部分的，名称里不写“其中”",
            )
            break


@rule(
    "B32", "比率不超过100%", compares="满意度、准确率等占比一类的指标值与100%", formula="比率≤100%", tolerance="不容许差别",
    exceptions="增长率、完成率、执行率；发放率、办结率等为疑点；可能是“≥”识别错的", severity=ERROR,
    source="占比的分子是分母的一部分",
    look_up="计算这个比率的分子和分母，如问卷份数、抽查份数", ask="这个比率的分子、分母各是多少", since="2026-11-30",
)  # fmt: skip
def above_hundred(facts: FormFacts) -> Iterator[Suspicion]:
    """A share of more than the whole."""
    for row in facts.rows:
        share, values = share_of_whole(row.row.name), list(_values(row))
        if share is False or any(value.maybe_at_least is not None for _, value in values):
            continue
        percent = any(unit_key(value.unit) == "%" for _, value in values)
        for kind, value in values:
            own = unit_key(value.unit)
            if max(value.value, value.high or 0) <= HUNDRED or own not in ({"", "%"} if percent else {"%"}):
                continue
            places, text = facts.places(row, kind), clean(row.row.cell(kind).text)
            severity = "" if share and own == "%" else DOUBT
            yield compared(
                f"{kind}-{row.subject}",
                value.value,
                HUNDRED,
                *places,
                unit="%",
                accused=places,
                severity=severity,
            ).told(
                f"{row.name}{NAMES[kind]}“{text}”，超过了100%",
                "这是一部分占全部的比率，最多是100%",
                "核对分子和分母，多写的数字、漏写的小数点改正",
            )


@rule(
    "B33", "目标的方向", compares="年度指标值的≥、≤与指标名称", formula="准确率一类用≥，差错率一类用≤", tolerance="不适用",
    exceptions="名称看不出方向的；≤100%；控制一类的", severity=DOUBT, source="方向写反，目标就失去约束",
    look_up="下达的绩效目标表", ask="这个目标是下限还是上限", since="2026-11-30",
)  # fmt: skip
def turned_sign(facts: FormFacts) -> Iterator[Suspicion]:
    """A sign contrary to the name: ≤97% for an accuracy, ≥3% for an error rate, or an error rate of 100 %."""
    for row in facts.rows:
        target, name = row.target, row.row.name
        if not isinstance(target, Quantity) or target.high is not None:
            continue
        percent = unit_key(target.unit) == "%"
        # Nobody plans half of everything to be wrong.
        whole = never(name) and percent and target.value >= HUNDRED / 2 and target.sign[:1] != "<"
        if not sign_is_turned(name, target) and not (whole and direction_of(name, percent=True) == DOWN):
            continue
        usual, sign = (UP, "≥") if direction_of(name, percent=percent) == UP else (DOWN, "≤")
        places = facts.places(row, "target")
        yield Suspicion(row.subject, places=places).told(
            f"{row.name}{usual}，年度指标值却写“{clean(row.row.cell('target').text)}”",
            "方向写反的目标，做得差反而算达到",
            f"核对下达的绩效目标，写成{sign}；确实如此的，写明理由",
        )


@rule(
    "B34", "多写或漏写一位", compares="实际完成值与年度指标值", formula="不是它的十倍、百倍或十分之一、百分之一",
    tolerance="9.5至12倍、95至120倍以外的不问", exceptions="两个数都小于100（金额10）的；写了偏差原因的；上限目标只问金额",
    severity=DOUBT, source="录入时多写一位、漏写小数点最常见", look_up="台账或报表上的原数",
    ask="实际完成值是不是多写或漏写了一位",
    since="2026-11-30",
)  # fmt: skip
def tenfold(facts: FormFacts) -> Iterator[Suspicion]:
    """An actual value of about ten or a hundred times its target, or the reverse."""
    for row in facts.rows:
        target, actual, ratio = row.target, row.actual, row.ratio
        if isinstance(target, str) or isinstance(actual, str) or not ratio or ratio <= 0 or row.met is False:
            continue
        kind = kind_of(_unit(row, target))
        of_money = kind is not None and kind[0] == "金额"
        if not is_blank(row.row.cell("reason").text) or (row.direction == DOWN and not of_money):
            continue
        times = max(ratio, 1 / ratio)
        if max(target.value, actual.value) < HUNDRED / (10 if of_money else 1) or not any(
            low <= times <= high for low, high in SLIPS
        ):
            continue
        far = f"{shown(ratio, 1)}倍" if ratio > 1 else f"{shown(ratio * HUNDRED, 1)}%"
        places = facts.places(row, "actual", "target")
        yield compared(
            row.subject, actual.value, target.value, *places, unit=clean(_unit(row, target)), accused=places
        ).told(
            f"{row.name}{row.numbers}，实际是目标的{far}",
            "相差十倍、百倍，多半是多写、漏写了一位或小数点",
            "对照台账核对两个数；属实的，写明原因",
        )


@rule(
    "B41", "相反的两个比率", compares="同一件事的准确率与差错率等一对指标的实际完成值", formula="两者之和≤100%",
    tolerance="1个百分点",
    exceptions="名称前面的话不同的", severity=DOUBT, source="两个比率的分母相同", look_up="计算两个比率的分子和分母",
    ask="两个比率的分母是同一个数吗", since="2026-11-30",
)  # fmt: skip
def opposites(facts: FormFacts) -> Iterator[Suspicion]:
    """Two shares of one whole that are more than the whole together."""
    for (first, one), (second, other) in itertools.permutations(_percentages(facts), 2):
        pairs = ((re.escape(good), re.escape(bad)) for good, bad in OPPOSITES)
        name, opposite = indicator_key(first.row.name), indicator_key(second.row.name)
        if not any(re.sub(f"{good}(?=[率度]$)", bad, name) == opposite != name for good, bad in pairs):
            continue
        both = one.value + other.value
        if both <= HUNDRED + 1:
            continue
        places = (*facts.places(first, "actual"), *facts.places(second, "actual"))
        yield compared(f"{first.subject}-{second.subject}", both, HUNDRED, *places, unit="%").told(
            f"{first.name}实际{shown(one.value)}%，{second.name}实际{shown(other.value)}%，合起来{shown(both)}%",
            "同一件事的两个相反的比率，合起来不超过100%",
            "核对两个比率的分子和分母",
        )


def _percentages(facts: FormFacts) -> list[tuple[Judged, Quantity]]:
    return [
        (row, row.actual)
        for row in facts.rows[:60]
        if isinstance(row.actual, Quantity)
        and unit_key(row.actual.unit) == "%"
        and row.actual.value <= HUNDRED
    ]
