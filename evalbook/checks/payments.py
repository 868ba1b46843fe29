"""Money per case, and what 特困 are paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.checks.claims import ROUNDING, contradicted
from evalbook.checks.facts import LEVEL, MONEY, MONTH, Span, exactly, passed
from evalbook.checks.finding import DOUBT, ERROR, Suspicion, rule
from evalbook.checks.levels import computed_level, stated_level
from evalbook.checks.magnitude import fitting_units
from evalbook.checks.people import counted_as, named_as_a_whole
from evalbook.checks.standards import dibao_beside, minimum_wage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Programme


@rule(
    "X1", "每次平均金额", compares="支出÷次数，与报告所述的、与通常的范围", formula="平均＝支出÷次数；下限≤平均≤上限",
    tolerance=ROUNDING + "；范围见参考界限表", exceptions="只在通常范围以外、换单位也不合理的为疑点", severity=ERROR,
    source="全国2017年1109.9元/人次＝107.7亿元÷970.3万人次；参考界限表“次均支出”",
    look_up="临时救助审批台账、支付凭证", ask="次数数的是什么，每次平均多少", since="2026-11-24",
)  # fmt: skip
def money_per_case(facts: Facts) -> Iterator[Suspicion]:
    """A stated average per case that differs, and a computed one that is unusual or possible only in another unit."""
    yield from contradicted(facts, "average.")
    for programme in facts.programmes:
        average, spent = facts.of(programme, "average"), facts.of(programme, "spending")
        stated, counted = facts.of(programme, "standards", "case_level"), facts.count_of(programme)
        for told in (stated, *_told_averages(facts, programme)) if spent else ():
            if told and spent:
                yield from _stated_average(facts, programme, told, spent)
        limit = facts.band("case_level", *facts.subjects(programme))
        if not average or not average.value or not spent or not counted or not limit:
            continue
        value = facts.value(average)
        bound = passed(exactly(value), limit.low, limit.high)
        if bound is None:
            continue
        fits = fitting_units(facts, spent, value, limit.low, limit.high)
        if not fits and facts.few(counted[0]):
            continue
        subject, figures = f"{programme.code}.usual", (spent, counted[0], average)
        found = facts.compared(subject, *figures, limits=[limit], stated=average, computed=bound)
        suspected = replace(found, suspects=(spent.address,)) if fits else replace(found, severity=DOUBT)
        yield suspected.told(
            f"{facts.named(spent)}，{facts.named(counted[0])}，平均每次{average.text}",
            f"每次救助一般在{facts.bounds(limit.low, limit.high, average.unit)}之间"
            + (f"；金额的单位改成{'或'.join(fits)}才合理" if fits else ""),
            "核对金额的单位、户次和人次；确实如此的，说明原因",
        )


def _told_averages(facts: Facts, programme: Programme) -> Iterator[Figure]:
    """Averages per case of a whole programme that the year's work tells."""
    for _, figure in facts.stated("actions", programme):
        if facts.category(figure) == "均次" and named_as_a_whole(facts, programme, figure):
            yield figure


def _stated_average(facts: Facts, programme: Programme, stated: Figure, spent: Figure) -> Iterator[Suspicion]:
    """Stated money per case against money ÷ the cases in the unit's noun."""
    noun = stated.unit.partition("/")[2]
    counted = counted_as(facts, programme, facts.figures.year.registries.units[noun].category)
    told = [cases for cases in counted if cases.value]
    spans = [facts.span(spent, "元") / exactly(facts.value(cases, noun)) for cases in told]
    # Of numbers that differ, one that fits is enough; that they differ is told by itself.
    if told and not any(facts.cut_span(stated).meets(span) for span in spans):
        cases = told[0]
        value = facts.value(spent, "元") / facts.value(cases, noun)
        subject = f"{programme.code}.{cases.address}"
        yield facts.compared(subject, stated, spent, cases, computed=value, suspects=[stated]).told(
            f"{facts.named(stated)}，{facts.named(spent)}÷{facts.named(cases)}是{facts.shown(value, stated.unit)}",
            "次均救助水平就是支出除以次数",
            "按支出和次数重算",
        )


@rule(
    "X4", "次均不超过封顶线", compares="临时救助次均支出，与城市低保月标准的倍数", formula="次均≤倍数×城市低保月标准",
    tolerance="倍数见参考界限表", exceptions="当地封顶线另有规定的", severity=DOUBT, source="参考界限表“次均封顶倍数”",
    look_up="当地临时救助办法、大额救助审批表", ask="封顶线是多少，超过的是怎样批的", since="2026-11-24",
)  # fmt: skip
def case_ceiling(facts: Facts) -> Iterator[Suspicion]:
    """An average per case above the usual ceiling in months of the urban standard."""
    urban = facts.by_region("dibao").get("urban")
    held = facts.standards(urban)[-1:] if urban else ()
    for programme in facts.family("temporary_relief"):
        average, counted = facts.of(programme, "average"), facts.count_of(programme)
        limit = facts.limit("case_ceiling", *facts.subjects(programme))
        if not average or not held or not limit or not counted or facts.few(counted[0]):
            continue
        most = limit.high * facts.monthly(held[0])
        if facts.value(average) > most:
            yield facts.compared(programme.code, average, held[0], limits=[limit], computed=most).told(
                f"{facts.named(average)}，超过{facts.named(held[0])}的{facts.shown(limit.high, '倍')}"
                f"（{facts.shown(most, '元/人次')}）",
                "平均数不应超过一次救助的最高额",
                "核对金额和次数的单位",
            )


def _basic_living(facts: Facts, *, drifting: bool = True) -> tuple[Span, tuple[Figure, ...]] | None:
    """特困 people × standard × months in yuan, and the figures; None when some part is missing.

    The span is as wide as the standards of the year differ and, when drifting, as people who were not averaged may
    differ from their average.
    """
    low = high = Decimal(0)
    figures: list[Figure] = []
    for programme in facts.by_region("tekun").values():
        counted, held = facts.count_of(programme), facts.lines(programme)
        if not counted:
            if any(row.programme == programme for row in facts.rows("people")):
                return None
            continue
        if not held or counted[1].category != "人数":
            return None
        people, drift = facts.value(counted[0], "人"), facts.drift(counted[1]) if drifting else Decimal(0)
        # Which standard held in which month is often not said: the lower and the higher bound the sum.
        low += people * min(facts.span(s, MONTH).low for s in held) * facts.months * (1 - drift)
        high += people * max(facts.span(s, MONTH).high for s in held) * facts.months * (1 + drift)
        figures += [counted[0], *held]
    return (Span(low, high), tuple(figures)) if figures else None


def _few_people(facts: Facts, figures: tuple[Figure, ...]) -> bool:
    """Whether all numbers of people among some figures are small."""
    return all(facts.few(figure) for figure in figures if facts.category(figure) == "人数")


def _told_spending(facts: Facts, spent: tuple[Decimal, tuple[Figure, ...]]) -> str:
    """The money as one number with its name, whether it is stated as one or for town and country."""
    value, figures = spent
    return (
        facts.named(figures[0]) if len(figures) == 1 else f"特困支出合计{facts.shown(value / 10000, MONEY)}"
    )


def _spending_parts(facts: Facts, spent: tuple[Decimal, tuple[Figure, ...]]) -> tuple[str, ...]:
    """The numbers of town and country, where the report states no other."""
    _, figures = spent
    return (facts.listed(figures),) if len(figures) > 1 else ()


def _tekun_spending(facts: Facts) -> tuple[Decimal, tuple[Figure, ...]] | None:
    whole = (p for p in facts.family("tekun") if not p.region)
    total = next((figure for p in whole if (figure := facts.of(p, "spending"))), None)
    if total:
        return facts.value(total, "元"), (total,)
    counted = [p for p in facts.by_region("tekun").values() if facts.count_of(p)]
    parts = tuple(figure for p in counted if (figure := facts.of(p, "spending")))
    return (facts.sum(parts, "元"), parts) if parts and len(parts) == len(counted) else None


@rule(
    "T3", "特困支出不少于基本生活费", compares="特困支出，与人数×基本生活标准×月数", formula="支出≥Σ人数×标准×月数",
    tolerance="“人数乘标准的允差”：年内有人进出，新标准只执行一部分月份；两个标准取低的", exceptions="支出没有包含全部内容的",
    severity=DOUBT, source="国发〔2016〕14号：供养标准＝基本生活标准＋照料护理标准",
    look_up="特困供养发放台账", ask="支出为什么少于人数乘标准，含不含护理费", since="2026-11-24",
)  # fmt: skip
def enough_for_basic_living(facts: Facts) -> Iterator[Suspicion]:
    """特困 spending below people × basic standard × months."""
    basic, spent = _basic_living(facts), _tekun_spending(facts)
    tolerance = facts.share("product_tolerance")
    if basic and spent and not _few_people(facts, basic[1]) and spent[0] < basic[0].low * (1 - tolerance):
        least = basic[0].low
        yield facts.compared(
            "tekun", *spent[1], *basic[1], stated=spent[0] / 10000, computed=least / 10000, unit=MONEY
        ).told(
            f"{_told_spending(facts, spent)}，按人数×标准×{facts.months}个月至少应为{facts.shown(least / 10000, MONEY)}，"
            f"少{facts.shown((least - spent[0]) / 10000, MONEY)}",
            "特困人员按标准全额供养，支出不会少于人数乘基本生活标准",
            "核对支出、人数、标准和单位；支出没有包含全部内容的，写明",
            *_spending_parts(facts, spent),
        )


@rule(
    "T4", "特困支出与基本生活费之比", compares="特困支出，与人数×基本生活标准×月数", formula="支出≤上限×人数×标准×月数",
    tolerance="界限见参考界限表", exceptions="含建设费用并写明的", severity=DOUBT, source="参考界限表“支出与标准之比”",
    look_up="特困供养支出明细账", ask="支出里有没有敬老院建设和运转的钱", since="2026-11-24",
)  # fmt: skip
def more_than_basic_living(facts: Facts) -> Iterator[Suspicion]:
    """特困 spending that is unusually many times people × basic standard × months."""
    basic, spent = _basic_living(facts), _tekun_spending(facts)
    limit = facts.limit("spending_standard", "特困")
    if (
        basic
        and spent
        and limit
        and not _few_people(facts, basic[1])
        and limit.most is not None
        and spent[0] > limit.most * basic[0].high
    ):
        most = basic[0].high
        stated, computed = spent[0] / 10000, most / 10000
        yield facts.compared(
            "tekun", *spent[1], *basic[1], limits=[limit], stated=stated, computed=computed, unit=MONEY
        ).told(
            f"{_told_spending(facts, spent)}，是人数×标准×{facts.months}个月的{facts.shown(spent[0] / most, '倍')}",
            f"加上照料护理，一般也不超过{facts.shown(limit.most, '倍')}",
            "核对支出、人数、标准和单位；含建设或运转费用的，写明",
            *_spending_parts(facts, spent),
        )


@rule(
    "T5", "照料护理费", compares="特困支出减去基本生活费，与最低的照料护理标准", formula="剩余÷人数÷月数≥最低工资×全自理比例",
    tolerance="界限见参考界限表", exceptions="护理费从别处开支、以护理保险代替的", severity=DOUBT,
    source="参考界限表“全自理占最低工资”“最低工资”",
    look_up="照料护理补贴发放台账、护理保险合同", ask="护理费从哪里开支，按什么标准", since="2026-11-24",
)  # fmt: skip
def care_money(facts: Facts) -> Iterator[Suspicion]:
    """What remains of 特困 spending beyond basic living, against the least care standard."""
    basic, spent = _basic_living(facts), _tekun_spending(facts)
    share, (monthly, wage, published) = facts.limit("self_care", "特困"), minimum_wage(facts)
    nominal = _basic_living(facts, drifting=False)
    if not basic or not nominal or not spent or not share or share.least is None or monthly is None:
        return
    if _few_people(facts, basic[1]):
        return
    people = facts.sum((figure for figure in basic[1] if facts.category(figure) == "人数"), "人")
    if not people:
        return
    surplus = (spent[0] - nominal[0].low) / people / facts.months
    at_most = (spent[0] - basic[0].low) / people / facts.months
    least = monthly * share.least / 100
    if surplus >= 0 and at_most < least:
        limits = (share, *published)
        yield facts.compared(
            "tekun", *spent[1], *basic[1], wage, limits=limits, stated=surplus, computed=least, unit=LEVEL
        ).told(
            f"{_told_spending(facts, spent)}，除去基本生活费，每人每月剩{facts.shown(surplus, LEVEL)}，"
            f"照料护理标准最低是最低工资{facts.shown(monthly, MONTH)}的{facts.shown(share.least, '%')}，"
            f"即{facts.shown(least, MONTH)}",
            "特困供养由基本生活和照料护理两部分组成，剩下的不够最低的照料护理费",
            "写明照料护理费从哪里开支；以护理保险代替的，写明金额",
            *_spending_parts(facts, spent),
        )


@rule(
    "T6", "特困人均支出高于低保", compares="同地（不分城乡的，合在一起）特困与低保的人均月支出，没有支出的为所述的水平",
    formula="特困＞低保", tolerance=ROUNDING, exceptions="缺一方", severity=DOUBT,
    source="国发〔2016〕14号：特困全额供养，标准高于低保",
    look_up="特困和低保两本发放台账", ask="特困的人均为什么不高于低保", since="2026-11-24",
)  # fmt: skip
def tekun_above_dibao(facts: Facts) -> Iterator[Suspicion]:
    """特困 paid less per person than 低保."""
    for programme in facts.family("tekun"):
        level = computed_level(facts, programme) or stated_level(facts, programme)
        # What both regions are paid on average may be more than a village pays.
        beside = (p for p in dibao_beside(facts, programme) if p.region or programme.region != "rural")
        paid = (computed_level(facts, p) or stated_level(facts, p) for p in beside)
        base = next(filter(None, paid), None)
        counted = facts.count_of(programme)
        few = counted is not None and facts.few(counted[0])
        if level and base and not few and facts.span(level, LEVEL).high <= facts.span(base, LEVEL).low:
            yield facts.compared(programme.code, level, base, unit=LEVEL).told(
                f"{facts.named(level)}，不高于{facts.named(base)}",
                "特困人员全额供养，人均支出应高于同地的低保",
                "核对支出和人数的单位",
            )


@rule(
    "T7", "集中供养率", compares="报告所述的集中供养率，与集中供养人数÷特困人数", formula="率＝集中÷总数", tolerance=ROUNDING,
    exceptions="没有写集中供养率", severity=ERROR, source="算术关系：部分占总体之比",
    look_up="特困人员台账、敬老院入住名册", ask="集中供养率的分子和分母各是哪个数", since="2026-11-24",
)  # fmt: skip
def share_in_homes(facts: Facts) -> Iterator[Suspicion]:
    """A stated share of 特困 in homes against the numbers."""
    for programme in facts.family("tekun"):
        part, counted = facts.of(programme, "people", "institutional"), facts.count_of(programme)
        if not part or not counted or not counted[0].value:
            continue
        whole = counted[0]
        share = facts.value(part) / facts.value(whole, part.unit) * 100
        between = facts.span(part) / facts.span(whole, part.unit) * exactly(100)
        for _, figure in facts.stated("actions", programme):
            stated = "集中供养率" in figure.label and figure.unit == "%"
            if stated and not facts.cut_span(figure).meets(between):
                subject = f"{programme.code}.{figure.address}"
                severity = DOUBT if "自理" in figure.label else ""
                yield facts.compared(subject, figure, part, whole, computed=share, severity=severity).told(
                    f"{facts.named(figure)}，{facts.named(part)}÷{facts.named(whole)}是{facts.shown(share, '%')}",
                    "集中供养率等于集中供养人数除以特困人数",
                    "按人数重算；只算生活不能自理人员的，在名称里写明",
                )
