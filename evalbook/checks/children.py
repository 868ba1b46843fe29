"""Children and other small programmes paid by the month: money against person-months and standards."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from evalbook.checks.facts import LEVEL, MONEY, MONTH, Span, exactly, passed
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.levels import computed_level, per_head
from evalbook.checks.standards import with_relatives
from evalbook.schema.vocabulary import UNIFORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Limit, Programme

SOLUTIONS = 2
"""Ways of parting person-months that still say something: of many, none is a proof."""


def _person_months(facts: Facts, programme: Programme) -> tuple[Figure, Span] | None:
    """Person-months of a programme: stated, or its average people × months."""
    counted = facts.count_of(programme)
    if not counted or not counted[0].value:
        return None
    figure, how = counted
    if how.counting == "按月累计":
        return figure, exactly(facts.value(figure, "人次"))
    if how.category == "人数" and how.counting in {"月均", "期末"}:
        return figure, facts.span(figure, "人").widened(facts.drift(how)) * exactly(facts.months)
    return None


@dataclass(frozen=True)
class _Standards:
    """Lower and higher standard for orphans, in 元/月, and where they come from."""

    lower: Decimal
    higher: Decimal
    relatives: Figure
    home: Figure | None = None
    limits: tuple[Limit, ...] = ()


def _two_standards(facts: Facts, programme: Programme) -> _Standards | None:
    """Both standards as stated, the higher one else as the province sets it."""
    relatives = with_relatives(facts, programme)
    home = facts.of(programme, "standards", "in_homes")
    limit = facts.limit("in_homes", *facts.subjects(programme))
    if relatives and home:
        return _Standards(facts.monthly(relatives), facts.monthly(home), relatives, home)
    if relatives and limit and limit.least is not None and limit.force == UNIFORM:
        return _Standards(facts.monthly(relatives), limit.least, relatives, limits=(limit,))
    return None


@rule(
    "C1", "孤儿支出在两个标准之间", compares="孤儿支出，与人次×社会散居标准、人次×集中养育标准",
    formula="人次×散居标准≤支出≤人次×集中标准", tolerance="尾差之外再容许“月均口径的允差”",
    exceptions="年内提标的按较低的标准；少得不超过“标准年增长”的（可能年内提标）、多于上限的，为疑点", severity=ERROR,
    source="孤儿基本生活费按标准全额发放；参考界限表",
    look_up="孤儿基本生活费发放台账", ask="散居、集中各多少人次，各按什么标准", since="2026-11-24",
)  # fmt: skip
def between_standards(facts: Facts) -> Iterator[Suspicion]:
    """Orphans' money outside of person-months × the lower and × the higher standard."""
    for programme in facts.family("orphans"):
        spent, counted = facts.of(programme, "spending"), _person_months(facts, programme)
        relatives, both = with_relatives(facts, programme), _two_standards(facts, programme)
        if not spent or not counted or not relatives:
            continue
        figure, months = counted
        lower = facts.monthly(relatives)
        low = months * exactly(min((lower, *(facts.monthly(s) for s in facts.standards(programme)))))
        high = months * exactly(max(both.higher, lower)) if both else None
        money = facts.span(spent, "元").widened(facts.share("average_tolerance"))
        short = money.below(low)
        if not short and (high is None or not high.below(money)):
            continue
        bound = low.low if short or high is None else high.high
        value = facts.value(spent, "元")
        # A standard raised within the year, of which the report names the new value alone, makes the money seem short.
        usual = facts.limit("standard_growth")
        raised = short and usual and low.low <= value * (1 + usual.high / 100)
        notes = [f"实际合每人每月{facts.shown(value / months.low, LEVEL)}"]
        # Person-months taken for people make twelve times too many months.
        if figure.unit != "人次" and (low / exactly(facts.months)).meets(money):
            notes.append(f"{facts.named(figure)}若其实是全年累计的人次，就相符")
        home, limits = (both.home, () if short else both.limits) if both else (None, ())
        severity, figures = "" if short and not raised else DOUBT, (spent, figure, relatives, home)
        yield facts.compared(
            programme.code, *figures, limits=limits, computed=bound / 10000, unit=MONEY, severity=severity
        ).told(
            f"{facts.named(spent)}，{facts.named(figure)}，按每人每月{facts.number(bound / months.low, MONTH)}元应为"
            f"{facts.shown(bound / 10000, MONEY)}，相差{facts.shown(abs(value - bound) / 10000, MONEY)}",
            "孤儿按标准全额发放，全部按较低的标准算也不会少于这个数"
            if short
            else "全部按较高的标准（集中养育）算也不会多于这个数",
            "核对金额、人次和标准的单位；有补发、助学等别的支出的，写明",
            *notes,
        )


@rule(
    "C2", "孤儿两个标准的人次", compares="孤儿支出能否恰好分成散居和集中养育两部分",
    formula="a×散居＋b×集中＝支出，a＋b＝人次，a、b为整数", tolerance="支出末位的一半",
    exceptions="报告自己写了两个标准；有多种分法", severity=HINT, source="算术关系：两元一次方程的整数解",
    look_up="孤儿基本生活费发放台账", ask="散居、集中各多少人次", since="2026-11-24",
)  # fmt: skip
def two_kinds_of_orphans(facts: Facts) -> Iterator[Suspicion]:
    """Whether the money is exactly so many person-months at the lower and so many at the higher standard."""
    for programme in facts.family("orphans"):
        spent, counted = facts.of(programme, "spending"), facts.count_of(programme)
        both = _two_standards(facts, programme)
        if not spent or not counted or counted[1].counting != "按月累计" or not both:
            continue
        lower, higher = both.lower, both.higher
        if both.home or higher <= lower:
            continue  # the report parts them itself, or there is nothing to part
        months, money = facts.value(counted[0]), facts.span(spent, "元")
        lowest, highest = ((end - lower * months) / (higher - lower) for end in (money.low, money.high))
        whole = [n for n in range(max(0, int(lowest)), int(highest) + 2) if lowest <= n <= highest]
        if not whole or len(whole) > SOLUTIONS or whole[0] == 0 or whole[-1] > months:
            continue
        home, figures = Decimal(whole[0]), (spent, counted[0], both.relatives)
        each = facts.value(spent, "元") / months
        yield facts.compared(
            programme.code, *figures, limits=both.limits, stated=lower, computed=each, unit=MONTH
        ).told(
            f"{facts.named(spent)}，{facts.named(counted[0])}，恰好是{facts.shown(months - home, '人次')}按"
            f"{facts.shown(lower, MONTH)}、{facts.shown(home, '人次')}按{facts.shown(higher, MONTH)}发放",
            f"报告只写了{facts.named(both.relatives)}，实际像是两个标准："
            f"约{facts.shown(home / facts.months, '人')}在机构集中养育",
            "补写集中养育的标准和人数",
        )


@rule(
    "C3", "儿童人次与人数", compares="按月累计的人次，与全年的儿童人数", formula="人数≤人次≤12×人数", tolerance="不容许差额",
    exceptions="写明“其中”的人数", severity=DOUBT, source="一个儿童一年最多12人次",
    look_up="儿童花名册、发放台账", ask="写的是人数还是人次", since="2026-11-24",
)  # fmt: skip
def person_months_and_children(facts: Facts) -> Iterator[Suspicion]:
    """Person-months beyond 12 for each child, or fewer than children."""
    for programme in (*facts.family("orphans"), *facts.family("de_facto_orphans")):
        counted = facts.count_of(programme)
        if not counted or counted[1].counting != "按月累计":
            continue
        months = facts.value(counted[0])
        persons = facts.of(programme, "people", "persons")
        heads = [(persons, True)] if persons else []
        heads += [
            (figure, row.said("relation") == "同一数")
            for row, figure in facts.stated("actions", programme)
            if row.said("relation") != "其中" and facts.category(figure) == "人数"
        ]
        for children, whole in heads:
            number = facts.value(children, "人")
            many, few = months > number * facts.months, months < number
            # A number that nobody calls the whole, and that is far too small for it, is some of the children.
            some = not whole and number * facts.months * 2 < months
            if not few and (some or not many):
                continue
            each = facts.shown(months / number, "人次") if number else "—"
            subject, bound = f"{programme.code}.{children.address}", number * facts.months if many else number
            found = facts.compared(subject, counted[0], children, stated=months, computed=bound, unit="人次")
            yield found.told(
                f"{facts.named(counted[0])}，{facts.named(children)}，每人{each}",
                f"一个儿童一年最多发{facts.months}个月，至少发1个月",
                "核对人次和人数；只是其中一部分儿童的，在“关系”一栏写“其中”",
            )


@rule(
    "C4", "事实无人抚养儿童的人均补贴", compares="支出÷人次，与社会散居孤儿的标准", formula="标准×比例≤支出÷人次≤标准",
    tolerance="比例见参考界限表", exceptions="补差的儿童多的", severity=DOUBT, source="参考界限表“支出与标准之比”",
    look_up="事实无人抚养儿童发放台账、补差审批表", ask="多少儿童是补差发放的", since="2026-11-24",
)  # fmt: skip
def de_facto_orphans_money(facts: Facts) -> Iterator[Suspicion]:
    """Money per person-month above the orphans' standard, or below the share of it that the province sets."""
    base = with_relatives(facts, next(iter(facts.family("orphans")), None))
    for programme in facts.family("de_facto_orphans"):
        level = computed_level(facts, programme)
        base = facts.of(programme, "standards", "standard") or base
        limit = facts.limit("spending_standard", *facts.subjects(programme))
        if not level or not base or not limit:
            continue
        span, month = facts.span(level), facts.monthly(base)
        above = span.low > month * limit.high * (1 + facts.share("average_tolerance"))
        below = span.high < month * limit.low
        if above or below:
            bound = month * (limit.high if above else limit.low)
            part = "" if above else f"的{facts.shown(limit.low * 100, '%')}（{facts.shown(bound, MONTH)}）"
            found = facts.compared(programme.code, level, base, limits=[limit], computed=bound, unit=LEVEL)
            yield found.told(
                f"{facts.named(level)}，{'高于' if above else '低于'}{facts.named(base)}{part}",
                "事实无人抚养儿童的补贴不高于社会散居孤儿的标准"
                if above
                else "省里规定全额或按比例发放；已领低保等的只补差额，平均数会低些",
                "核对金额和人次；补差的儿童多的，写明",
            )


@rule(
    "C5", "精减退职补助", compares="每人每月的补助与通常的范围；人次与上年", formula="下限≤支出÷人次≤上限；人次只减不增",
    tolerance="界限见参考界限表", exceptions="没有支出；没有上年的数据", severity=DOUBT,
    source="国务院《关于精减退职的老职工生活困难救济问题的通知》；参考界限表",
    look_up="精减退职老职工花名册、发放台账", ask="每人每月补助多少，人数为什么变化", since="2026-11-24",
)  # fmt: skip
def retrenched_workers(facts: Facts) -> Iterator[Suspicion]:
    """Relief per month that is unusual, and a closed group that grows."""
    for programme in facts.family("retrenched_workers"):
        level = computed_level(facts, programme)
        limit = facts.band("level_magnitude", *facts.subjects(programme))
        bound = passed(facts.span(level), limit.low, limit.high) if level and limit else None
        if level and limit and bound is not None:
            subject = f"{programme.code}.usual"
            yield facts.compared(subject, level, limits=[limit], computed=bound, unit=LEVEL).told(
                f"{facts.named(level)}，各地公布的在{facts.bounds(limit.low, limit.high, LEVEL)}之间",
                "每人每月的补助过高或过低",
                "核对金额和人次的单位",
            )
        now, spent = facts.count_of(programme), facts.of(programme, "spending")
        if now and now[1].counting == "全年累计" and now[0].value and spent and limit and not level:
            # Whoever was paid for part of the year was paid more a month.
            least = facts.value(spent, "元") / facts.value(now[0], "人") / facts.months
            if least > limit.high:
                figures = (spent, now[0])
                yield facts.compared(
                    f"{programme.code}.usual",
                    *figures,
                    limits=[limit],
                    stated=least,
                    computed=limit.high,
                    unit=LEVEL,
                ).told(
                    f"{facts.named(spent)}，全年共{now[0].text}，合每人每月至少{facts.shown(least, LEVEL)}，"
                    f"各地公布的在{facts.bounds(limit.low, limit.high, LEVEL)}之间",
                    "每人每月的补助过高",
                    "核对金额的单位，人数是人还是人次",
                )
        then = facts.before.count_of(programme) if facts.before else None
        if not now or not then or now[1].counting != then[1].counting:
            continue
        if facts.alike(now[0].unit, then[0].unit) and facts.value(now[0]) > facts.value(then[0], now[0].unit):
            yield facts.compared(f"{programme.code}.growing", now[0], computed=then[0].value).told(
                f"{facts.named(now[0])}，上年{then[0].text}",
                "精减退职是六十年代初的一批老职工，只会减少",
                "核对两年的人次；口径变了的，写明",
            )


@rule(
    "C6", "儿童物价补贴", compares="儿童与低保、特困对象每人的物价补贴", formula="儿童≤成人", tolerance="“人数乘标准的允差”",
    exceptions="缺人数", severity=HINT, source="新华社2020-04-11：2020年3—6月才增加孤儿、事实无人抚养儿童",
    look_up="物价补贴的发放文件和台账", ask="儿童发了几个月，每月多少", since="2026-11-24",
)  # fmt: skip
def children_price_subsidy(facts: Facts) -> Iterator[Suspicion]:
    """Children's price subsidy per head above the adults'."""
    found = [(p, paid) for p in facts.family("price_subsidy") if (paid := per_head(facts, p))]
    each = [(p.area, spent, facts.value(spent, "元") / people) for p, (spent, people, _) in found]
    children = [(spent, value) for area, spent, value in each if area == "child_welfare"]
    adults = [(spent, value) for area, spent, value in each if area == "social_assistance"]
    for (spent, most), (other, least) in product(children, adults):
        if most > least * (1 + facts.share("product_tolerance")):
            yield facts.compared(spent.address, spent, other, stated=most, computed=least, unit="元/人").told(
                f"{facts.named(spent)}合每人{facts.shown(most, '元/人')}，"
                f"{facts.named(other)}合每人{facts.shown(least, '元/人')}",
                "儿童增加进来的月份较少，每人的补贴一般不多于低保、特困对象",
                "核对金额的单位和人数",
            )


RULES = (
    between_standards, two_kinds_of_orphans, person_months_and_children, de_facto_orphans_money,
    retrenched_workers, children_price_subsidy,
)  # fmt: skip
