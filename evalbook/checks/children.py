"""Children and other small programmes paid by the month: money against person-months and standards."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.checks.facts import Span, exactly
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.levels import computed_level
from evalbook.checks.standards import with_relatives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Limit, Programme

MONTH = "元/月"
MONEY = "万元"
LEVEL = "元/人·月"
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
        people = facts.span(figure, "人")
        return figure, (people if how.counting == "月均" else people.widened(facts.drift(how))) * exactly(
            facts.months
        )
    return None


def _two_standards(
    facts: Facts, programme: Programme
) -> tuple[Decimal, Decimal, tuple[Figure, ...], tuple[Limit, ...]] | None:
    """Lower and higher standard for orphans, in 元/月: as stated, the higher one else as the province sets it."""
    relatives = with_relatives(facts, programme)
    home = facts.get(f"standards.{programme.code}.in_homes")
    if not relatives:
        return None
    if home:
        return facts.monthly(relatives), facts.monthly(home), (relatives, home), ()
    limit = facts.limit("in_homes", *facts.subjects(programme))
    if limit is None or limit.least is None:
        return None
    return facts.monthly(relatives), limit.least, (relatives,), (limit,)


@rule(
    "C1", "孤儿支出在两个标准之间", compares="孤儿支出，与人次×社会散居标准、人次×集中养育标准",
    formula="人次×散居标准≤支出≤人次×集中标准", tolerance="尾差之外再容许“月均口径的允差”",
    exceptions="年内提标的按较低的标准；少得不超过“标准年增长”的（可能年内提标）、多于上限的，为疑点", severity=ERROR,
    source="孤儿基本生活费按标准全额发放；参考界限表",
)  # fmt: skip
def between_standards(facts: Facts) -> Iterator[Suspicion]:
    """Orphans' money outside of person-months × the lower and × the higher standard."""
    for programme in facts.family("orphans"):
        spent, counted = facts.get(f"spending.{programme.code}"), _person_months(facts, programme)
        relatives, both = with_relatives(facts, programme), _two_standards(facts, programme)
        if not spent or not counted or not relatives:
            continue
        figure, months = counted
        tolerance = facts.share("average_tolerance")
        held = min((facts.monthly(s) for s in facts.standards(programme)), default=facts.monthly(relatives))
        low = months * exactly(min(held, facts.monthly(relatives)))
        money = facts.span(spent, "元").widened(tolerance)
        high = months * exactly(max(both[1], facts.monthly(relatives))) if both else None
        short = money.below(low)
        if not short and (high is None or not high.below(money)):
            continue
        bound = low.low if short or high is None else high.high
        each = facts.value(spent, "元") / months.low
        # A standard raised within the year, of which the report names the new value alone, makes the money seem short.
        usual = facts.limit("standard_growth")
        raised = short and usual and low.low <= facts.value(spent, "元") * (1 + usual.high / 100)
        # Person-months taken for people make twelve times too many months.
        as_visits = figure.unit != "人次" and (low / exactly(facts.months)).meets(money)
        yield Suspicion(
            subject=programme.code,
            found=f"{facts.named(spent)}，{facts.named(figure)}，按每人每月{facts.number(bound / months.low, MONTH)}元应为"
            f"{facts.shown(bound / 10000, MONEY)}，相差{facts.shown(abs(facts.value(spent, '元') - bound) / 10000, MONEY)}",
            why="孤儿按标准全额发放，全部按较低的标准算也不会少于这个数"
            if short
            else "全部按较高的标准（集中养育）算也不会多于这个数",
            remedy="核对金额、人次和标准的单位；有补发、助学等别的支出的，写明",
            figures=(spent, figure, relatives, *(both[2][1:] if both else ())),
            limits=both[3] if both and not short else (),
            stated=facts.value(spent, MONEY),
            computed=bound / 10000,
            unit=MONEY,
            severity="" if short and not raised else DOUBT,
            notes=(
                f"实际合每人每月{facts.shown(each, LEVEL)}",
                *((f"{facts.named(figure)}若其实是全年累计的人次，就相符",) if as_visits else ()),
            ),
        )


@rule(
    "C2", "孤儿两个标准的人次", compares="孤儿支出能否恰好分成散居和集中养育两部分",
    formula="a×散居＋b×集中＝支出，a＋b＝人次，a、b为整数", tolerance="支出末位的一半",
    exceptions="报告自己写了两个标准；有多种分法", severity=HINT, source="算术关系：两元一次方程的整数解",
)  # fmt: skip
def two_kinds_of_orphans(facts: Facts) -> Iterator[Suspicion]:
    """Whether the money is exactly so many person-months at the lower and so many at the higher standard."""
    for programme in facts.family("orphans"):
        spent, counted = facts.get(f"spending.{programme.code}"), facts.count_of(programme)
        both = _two_standards(facts, programme)
        if not spent or not counted or counted[1].counting != "按月累计" or not both or both[1] <= both[0]:
            continue
        if facts.get(f"standards.{programme.code}.in_homes"):
            continue  # the report parts them itself
        months, money = facts.value(counted[0]), facts.span(spent, "元")
        lowest = (money.low - both[0] * months) / (both[1] - both[0])
        highest = (money.high - both[0] * months) / (both[1] - both[0])
        whole = [n for n in range(max(0, int(lowest)), int(highest) + 2) if lowest <= n <= highest]
        if not whole or len(whole) > SOLUTIONS or whole[0] == 0 or whole[-1] > months:
            continue
        home = whole[0]
        yield Suspicion(
            subject=programme.code,
            found=f"{facts.named(spent)}，{facts.named(counted[0])}，恰好是{facts.shown(months - home, '人次')}按"
            f"{facts.shown(both[0], MONTH)}、{facts.shown(Decimal(home), '人次')}按{facts.shown(both[1], MONTH)}发放",
            why=f"报告只写了{facts.named(both[2][0])}，实际像是两个标准："
            f"约{facts.shown(Decimal(home) / facts.months, '人')}在机构集中养育",
            remedy="补写集中养育的标准和人数",
            figures=(spent, counted[0], both[2][0]),
            limits=both[3],
            stated=both[0],
            computed=facts.value(spent, "元") / months,
            unit=MONTH,
        )


@rule(
    "C3", "儿童人次与人数", compares="按月累计的人次，与全年的儿童人数", formula="人数≤人次≤12×人数", tolerance="不容许差额",
    exceptions="写明“其中”的人数", severity=DOUBT, source="一个儿童一年最多12人次",
)  # fmt: skip
def person_months_and_children(facts: Facts) -> Iterator[Suspicion]:
    """Person-months beyond 12 for each child, or fewer than children."""
    for programme in (*facts.family("orphans"), *facts.family("de_facto_orphans")):
        counted = facts.count_of(programme)
        if not counted or counted[1].counting != "按月累计":
            continue
        months = facts.value(counted[0])
        persons = facts.get(f"people.{programme.code}.persons")
        heads = [(persons, True)] if persons else []
        heads += [
            (figure, row.cells.get("relation") == "同一数")
            for row, figure in facts.stated("actions")
            if row.cells["programme"] == programme
            and row.cells.get("relation") != "其中"
            and facts.category(figure) == "人数"
        ]
        for children, whole in heads:
            number = facts.value(children, "人")
            many, few = months > number * facts.months, months < number
            # A number that nobody calls the whole, and that is far too small for it, is some of the children.
            some = not whole and number * facts.months * 2 < months
            if not few and (some or not many):
                continue
            each = facts.shown(months / number, "人次") if number else "—"
            yield Suspicion(
                subject=f"{programme.code}.{children.address}",
                found=f"{facts.named(counted[0])}，{facts.named(children)}，每人{each}",
                why=f"一个儿童一年最多发{facts.months}个月，至少发1个月",
                remedy="核对人次和人数；只是其中一部分儿童的，在“关系”一栏写“其中”",
                figures=(counted[0], children),
                stated=months,
                computed=number * facts.months if many else number,
                unit="人次",
            )


@rule(
    "C4", "事实无人抚养儿童的人均补贴", compares="支出÷人次，与社会散居孤儿的标准", formula="标准×比例≤支出÷人次≤标准",
    tolerance="比例见参考界限表", exceptions="补差的儿童多的", severity=DOUBT, source="参考界限表“支出与标准之比”",
)  # fmt: skip
def de_facto_orphans_money(facts: Facts) -> Iterator[Suspicion]:
    """Money per person-month above the orphans' standard, or below the share of it that the province sets."""
    orphans = next(iter(facts.family("orphans")), None)
    base = with_relatives(facts, orphans) if orphans else None
    for programme in facts.family("de_facto_orphans"):
        level = computed_level(facts, programme)
        own = facts.get(f"standards.{programme.code}.standard")
        base = own or base
        limit = facts.limit("spending_standard", *facts.subjects(programme))
        if not level or not base or not limit:
            continue
        span, month = facts.span(level), facts.monthly(base)
        above = span.low > month * limit.high * (1 + facts.share("average_tolerance"))
        below = span.high < month * limit.low
        if above or below:
            bound = month * (limit.high if above else limit.low)
            part = "" if above else f"的{facts.shown(limit.low * 100, '%')}（{facts.shown(bound, MONTH)}）"
            yield Suspicion(
                subject=programme.code,
                found=f"{facts.named(level)}，{'高于' if above else '低于'}{facts.named(base)}{part}",
                why="事实无人抚养儿童的补贴不高于社会散居孤儿的标准"
                if above
                else "省里规定全额或按比例发放；已领低保等的只补差额，平均数会低些",
                remedy="核对金额和人次；补差的儿童多的，写明",
                figures=(level, base),
                limits=(limit,),
                stated=facts.value(level),
                computed=bound,
                unit=LEVEL,
            )


@rule(
    "C5", "精减退职补助", compares="每人每月的补助与通常的范围；人次与上年", formula="下限≤支出÷人次≤上限；人次只减不增",
    tolerance="界限见参考界限表", exceptions="没有支出；没有上年的数据", severity=DOUBT,
    source="国务院《关于精减退职的老职工生活困难救济问题的通知》；参考界限表",
)  # fmt: skip
def retrenched_workers(facts: Facts) -> Iterator[Suspicion]:
    """Relief per month that is unusual, and a closed group that grows."""
    for programme in facts.family("retrenched_workers"):
        level = computed_level(facts, programme)
        limit = facts.limit("level_magnitude", *facts.subjects(programme))
        if level and limit and limit.least is not None and limit.most is not None:
            span = facts.span(level)
            if span.high < limit.least or span.low > limit.most:
                yield Suspicion(
                    subject=f"{programme.code}.usual",
                    found=f"{facts.named(level)}，各地公布的在{facts.bounds(limit.least, limit.most, LEVEL)}之间",
                    why="每人每月的补助过高或过低",
                    remedy="核对金额和人次的单位",
                    figures=(level,),
                    limits=(limit,),
                    stated=facts.value(level),
                    computed=limit.least if span.high < limit.least else limit.most,
                    unit=LEVEL,
                )
        now = facts.count_of(programme)
        then = facts.before.count_of(programme) if facts.before else None
        same = now and then and now[1].counting == then[1].counting and facts.alike(now[0].unit, then[0].unit)
        if now and then and same and facts.value(now[0]) > facts.value(then[0], now[0].unit):
            yield Suspicion(
                subject=f"{programme.code}.growing",
                found=f"{facts.named(now[0])}，上年{then[0].text}",
                why="精减退职是六十年代初的一批老职工，只会减少",
                remedy="核对两年的人次；口径变了的，写明",
                figures=(now[0],),
                stated=now[0].value,
                computed=then[0].value,
                unit=now[0].unit,
            )


@rule(
    "C6", "儿童物价补贴", compares="儿童与低保、特困对象每人的物价补贴", formula="儿童≤成人", tolerance="“人数乘标准的允差”",
    exceptions="缺人数", severity=HINT, source="新华社2020-04-11：2020年3—6月才增加孤儿、事实无人抚养儿童",
)  # fmt: skip
def children_price_subsidy(facts: Facts) -> Iterator[Suspicion]:
    """Children's price subsidy per head above the adults'."""

    def each(programme: Programme) -> tuple[Figure, Decimal] | None:
        spent = facts.get(f"spending.{programme.code}")
        covered = [p for name in programme.may_be_within for p in facts.programmes if p.name == name]
        counted = [c for p in covered if (c := facts.count_of(p))]
        heads = sum(
            (
                facts.value(figure) / (facts.months if how.counting == "按月累计" else 1)
                for figure, how in counted
                if how.category in {"人数", "人次"}
            ),
            Decimal(0),
        )
        complete = bool(covered) and len(counted) == len(covered)
        return (spent, facts.value(spent, "元") / heads) if spent and heads and complete else None

    found = {p: e for p in facts.family("price_subsidy") if (e := each(p))}
    children = [e for p, e in found.items() if p.area == "child_welfare"]
    adults = [e for p, e in found.items() if p.area == "social_assistance"]
    for spent, most in children:
        for other, least in adults:
            if most > least * (1 + facts.share("product_tolerance")):
                yield Suspicion(
                    subject=spent.address,
                    found=f"{facts.named(spent)}合每人{facts.shown(most, '元/人')}，"
                    f"{facts.named(other)}合每人{facts.shown(least, '元/人')}",
                    why="儿童增加进来的月份较少，每人的补贴一般不多于低保、特困对象",
                    remedy="核对金额的单位和人数",
                    figures=(spent, other),
                    stated=most,
                    computed=least,
                    unit="元/人",
                )


RULES = (
    between_standards, two_kinds_of_orphans, person_months_and_children, de_facto_orphans_money,
    retrenched_workers, children_price_subsidy,
)  # fmt: skip
