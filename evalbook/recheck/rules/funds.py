"""Rules for the funds of a form: their sum, the rate of execution and its score."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from evalbook.checks import DOUBT, ERROR, HINT, SEVERITIES, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.facts import HUNDRED, MONEY_KINDS, ONE, ZERO, FormFacts, added, shown
from evalbook.recheck.rules.arithmetic import (
    F7,
    OFFICIAL,
    compared,
    equals,
    fits,
    fitting_rates,
    only_rounded,
    rounds_to_full,
)
from evalbook.schema.indicator_names import indicator_key
from evalbook.schema.numbers import EQUAL, Quantity, read_rate, unit_key
from evalbook.schema.text import clean


@rule(
    "B5", "资金总额等于各来源之和", compares="年度资金总额与财政拨款、上年结转、其他资金，分别按年初预算、全年预算、执行三栏",
    formula="总额＝Σ来源", tolerance="四舍五入的尾差为提示",
    exceptions="缺来源的行或没有填的，只看来源是否超过总额；没有上年结转一行的为疑点", severity=ERROR, source=OFFICIAL,
    look_up="资金下达文件、上年结转批复", ask="资金总额是由哪几个来源相加的", since="2026-11-24",
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
        if not only_rounded([said, *filled], len(filled), said - value):
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
    yield compared(
        "funds", said, value, *places, unit=money, accused=accused, severity=severity, notes=notes
    ).told(
        f"“{clean(total.label)}”与下面各行对不上：{texts[0]}",
        "年度资金总额等于财政拨款、上年结转和其他资金之和",
        "核对总额和各来源；总额没有填的，补填后重算执行率和得分",
        *texts[1:],
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


@rule(
    "B6", "执行率", compares="写出的执行率与全年执行数÷全年预算数", formula="执行率＝B÷A",
    tolerance="写出的末位，四舍五入或截去", exceptions="执行数超过预算数的，写100%也对", severity=ERROR,
    source="项目支出绩效自评表列名“执行率（B/A）”",
    look_up="预算执行表、国库支付凭证", ask="执行率的分子和分母各是哪个数", since="2026-11-24",
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
        if not written or not shares or fitting_rates(cell.text, shares):
            continue
        if HUNDRED in written and max(shares) > 1:
            continue
        pair = facts.base if row is total else (facts.money(row, "budget"), facts.money(row, "executed"))
        budget, executed = (amount or ZERO for amount in pair)
        place, rate = facts.place(cell), shares[0] * HUNDRED
        places = (place, *facts.places(row, "budget", "executed"))
        yield compared(f"rate-r{cell.row}", written[0], rate, *places, unit="%", accused=(place,)).told(
            f"执行率写“{clean(cell.text)}”，按{shown(executed)}{money}÷{shown(budget)}{money}"
            f"算是{shown(rate, 2)}%",
            "执行率＝全年执行数÷全年预算数",
            "按全年执行数和全年预算数重算执行率",
        )


@rule(
    "B7", "预算执行得分", compares="预算执行得分与分值×执行率", formula="得分＝分值×执行率，不超过分值",
    tolerance="保留零、一、两位小数", exceptions="预算数为0", severity=ERROR, source=F7,
    look_up="预算执行表", ask="预算执行得分是怎么算的", since="2026-11-24",
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
    shares |= {value / HUNDRED for value in fitting_rates(row.cell("rate").text, shares)}
    if any(fits(score, points, s) if score < points else rounds_to_full(points, s, 2) for s in shares):
        return
    share = min(facts.execution_rate, ONE)
    nearly = DOUBT if score == points and rounds_to_full(points, share, 1) else ""
    places = facts.places(row, "score", "rate", "budget", "executed")
    yield compared(
        f"execution-r{row.row}", score, points * share, *places, accused=places[:1], severity=nearly
    ).told(
        f"预算执行得分写{shown(score)}分，按执行率{shown(share * HUNDRED, 2)}%"
        f"应得{shown(points * share, 2)}分（分值{shown(points)}分）",
        "预算执行得分＝分值×执行率，不超过分值",
        "按执行率重算得分；总分相应改正",
    )


@rule(
    "B8", "执行数不超过预算数", compares="全年执行数与全年预算数", formula="执行数≤预算数，预算数＞0", tolerance="不容许差别",
    exceptions="缺一方", severity=DOUBT, source="项目支出绩效自评表；预算数为0时各地做法不一",
    look_up="预算执行表、追加文件", ask="执行数为什么超过预算数", since="2026-11-24",
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
        yield compared(f"spending-r{row.row}", executed, budget, *places, unit=money).told(
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


EXECUTION = re.compile(
    "(?:资金|预算|经费|补助|专款|拨款|救助金|支出|款项).{0,4}(?:支付|支出|使用|执行|拨付)(?:进度|完成)?(?:比?率|进度|比例)"
    "|支出进度"
)


OTHER_RATES = re.compile("及时|按时|合规|规范|准确|到位|成本|控制|节约|结转|结余|序时")


@rule(
    "B30", "换了名称的执行率", compares="资金支付进度、支出率等指标的实际完成值与资金的执行率", formula="两者相等",
    tolerance="写出的末位",
    exceptions="没有资金的行；及时率、发放率、到位率；执行数多于预算数的", severity=DOUBT, source=F7,
    look_up="国库支付系统的全年支出数",
    ask="支付进度的分子、分母各是什么，与执行率为什么不同", since="2026-11-30",
)  # fmt: skip
def execution_elsewhere(facts: FormFacts) -> Iterator[Suspicion]:
    """An indicator that is the rate of execution under another name against that of the funds."""
    rate, total = facts.execution_rate, facts.funds.total
    if rate is None or total is None or rate > 1:
        return
    for row in facts.indicators:
        name, actual = indicator_key(row.row.name), row.actual
        if not EXECUTION.search(name) or OTHER_RATES.search(name):
            continue
        if (
            isinstance(actual, str)
            or actual.sign not in {"", EQUAL}
            or actual.high is not None
            or actual.about
        ):
            continue
        text = row.row.cell("actual").text
        if (
            unit_key(actual.unit) not in {"", "%"}
            or not (written := read_rate(text))
            or fitting_rates(text, (rate,))
        ):
            continue
        places = (*facts.places(row, "actual"), *facts.places(total, "executed", "budget"))
        yield compared(row.subject, written[0], rate * HUNDRED, *places, unit="%").told(
            f"{row.name}实际写“{clean(text)}”，资金的执行率是{shown(rate * HUNDRED, 2)}%",
            "支出占预算的比率，在一张表里只有一个",
            "核对两个比率；分母不同的，写明",
        )


ADJUSTED = re.compile(
    "调整|调减|核减|压减|追减|缩减|(?:预算|资金|经费|指标).{0,6}减少|收回|调剂|调出|指标调|削减|压缩|交回|上缴|上交"
)


@rule(
    "B40", "预算数与执行数一分不差", compares="年初预算数、全年预算数与全年执行数", formula="调减后的预算数不正好等于执行数",
    tolerance="不适用", exceptions="表里说明了调减、收回的", severity=HINT,
    source="池州市棠溪镇2022年度自评表：年初90，全年和执行都是89.974",
    look_up="调整预算的文件", ask="全年预算数按哪份文件调减，执行率是不是按原预算算", since="2026-11-30",
)  # fmt: skip
def budget_cut_to_spending(facts: FormFacts) -> Iterator[Suspicion]:
    """A budget that was cut to exactly what was spent, so that all of it is spent."""
    money, rows = facts.form.money, [facts.funds.total, *facts.funds.parts]
    told = " ".join(
        cell.text for cell in (*facts.form.texts, *(row.row.cell("reason") for row in facts.rows))
    )
    for row in rows if not ADJUSTED.search(told) else ():
        planned, budget, executed = (facts.money(row, kind) for kind in ("planned", "budget", "executed"))
        if row is None or not planned or not budget or executed is None or not planned > budget == executed:
            continue
        places = facts.places(row, "planned", "budget", "executed")
        yield compared("cut", budget, planned, *places, unit=money).told(
            f"“{clean(row.label)}”年初预算数{shown(planned)}{money}，全年预算数和执行数都是{shown(budget)}{money}",
            "预算数调到正好等于支出数，执行率必然是100%",
            "写明调减的文件；没有调减的，全年预算数填原数，重算执行率",
        )
        return
