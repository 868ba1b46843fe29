"""Rules for what a form asks and answers: targets, units, measured values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from evalbook.checks import DOUBT, ERROR, HINT, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.answers import ANSWERED
from evalbook.recheck.facts import HUNDRED, FormFacts, Judged, round_to, shown, within_bound
from evalbook.recheck.rules.arithmetic import OFFICIAL, compared, digits_of
from evalbook.schema.indicator_names import indicator_key
from evalbook.schema.numbers import (
    EQUAL,
    TIMES,
    Quantity,
    converted,
    is_blank,
    kind_of,
    plain,
    read_quantity,
    same_unit,
    unit_key,
)
from evalbook.schema.text import clean


@rule(
    "B15", "一个指标一个目标", compares="同名指标的年度指标值", formula="不互相矛盾", tolerance="单位换算后比较",
    exceptions="一个下限一个上限的；不在同一类下的为疑点", severity=ERROR,
    source="景东县2022年农村低保自评：同名的两个成本目标",
    look_up="批复的绩效目标表", ask="批准的目标是哪一个", since="2026-11-24",
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
    look_up="批复的绩效目标表", ask="目标是名称里的还是指标值栏的", since="2026-11-24",
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
    look_up="批复的绩效目标表", ask="目标和实际各用什么单位", since="2026-11-24",
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
    exceptions="目标是文字的；目标是100%或1个的，答已完成也可", severity=DOUBT,
    source="2020年度长江禁捕项目自评表：满意度只写“≥90%”，得满分",
    look_up="工作台账、问卷统计", ask="实际测得的数是多少", since="2026-11-24",
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
        if aim and row.met is None and (NOT_DONE.match(plain(text)) or _says_done(aim, text)):
            return f"{said}，没有实际的数"
        # 无 is an answer where the target is that nothing happens.
        unanswered = is_blank(text) and plain(text) != "无" and actual == "没有填写"
        return "没有填写实际完成值" if unanswered and not is_blank(row.row.cell("target").text) else ""
    if actual.sign not in {"", EQUAL}:
        return "" if aim and within_bound(aim, actual) else f"{said}，是不等式，不是实际的数"
    if actual.maybe_at_least is None or not aim or unit_key(aim.unit) != "%" or aim.value > HUNDRED:
        return ""
    return f"{said}，多半是“≥{shown(actual.maybe_at_least)}%”识别成的，不是实际的数"


def _says_done(aim: Quantity, text: str) -> bool:
    """Whether it is said that a number was reached, and not the number; 按时 answers for a time."""
    kind = kind_of(aim.unit)
    return bool(ANSWERED.fullmatch(plain(text))) and aim.value != 0 and not (kind and kind[0] in TIMES)


COST = re.compile(
    r"(项目)?(总成本|成本总额|总投入|总支出|支出总额|资金总额|资金总量|成本控制数|项目成本)(控制数?)?"
)


@rule(
    "B19", "总成本与执行数", compares="项目总成本指标的实际值与资金执行数", formula="两者相等",
    tolerance="四舍五入到较粗的一个", exceptions="单项成本", severity=DOUBT, source="池州市棠溪镇2022年度自评表",
    look_up="预算执行表、支付凭证", ask="总成本和执行数为什么不同", since="2026-11-24",
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
        yield compared(row.subject, actual.value, spent, *places, unit=own).told(
            f"{row.name}实际写{shown(actual.value)}{own}，资金执行数是{shown(spent)}{own}",
            "项目总成本应当与全年执行数一致，四舍五入除外",
            "核对两处；成本含别的资金的，写明",
        )


def _rounds_to(one: Decimal, other: Decimal) -> bool:
    finer, coarser = sorted((one, other), key=digits_of, reverse=True)
    return one == other or round_to(finer, digits_of(coarser)) == coarser
