"""Funds and spending: parts and totals, money received against money spent, work costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations
from typing import TYPE_CHECKING

from evalbook.checks.claims import (
    NO_SPENDING,
    ROUNDING,
    contradicted,
    restated,
    total,
)
from evalbook.checks.facts import MONEY, exactly
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.magnitude import fitting_units
from evalbook.figures import stated_relations
from evalbook.schema.table import programme_of
from evalbook.schema.vocabulary import (
    ALL_MONEY,
    ALLOTMENTS,
    APART,
    LEFT,
    LEFT_FOR_NEXT,
    LEVELS,
    RECALLED,
    RECEIVED,
    SUM,
    UNDIVIDED,
)
from evalbook.year import containing_rows
from evalbook.year.tables import FUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Programme, TableRow

ARITHMETIC = "算术关系：总数等于各部分之和"
TIMES_BEYOND = 50
"""How often all money on the other side an amount is that can only be a slip."""
OWN_RULE = "《社会救助暂行办法》（国务院令第649号）第五条：资金分账管理、专款专用；救助资金与工作经费分列"


level_totals = rule(
    "F1", "上级资金合计等于各项之和", compares="报告所述的上级（或中央、省、市）资金合计，与资金安排表同级各项之和",
    formula="合计＝Σ各项", tolerance=ROUNDING, exceptions="任何一项没有金额；写明“其中”而没有列全的", severity=ERROR,
    source=ARITHMETIC,
    look_up="资金下达文件、指标文汇总表", ask="上级资金合计是由哪些文件的哪几笔相加的", since="2026-11-24",
)(restated("funds_total.", but=("funds_total.county", "funds_total.all")))  # fmt: skip
"""Stated totals of every level but the county's, against their lines."""

county_total = rule(
    "F2", "县本级资金合计等于各项之和", compares="报告所述的县本级资金合计，与资金安排表县本级各项之和",
    formula="合计＝Σ各项", tolerance=ROUNDING, exceptions="任何一项没有金额", severity=ERROR, source=ARITHMETIC,
    look_up="县本级预算批复、财政追加文件", ask="县本级合计是由哪几笔相加的", since="2026-11-24",
)(restated("funds_total.county"))  # fmt: skip
"""Stated total of the county's own funds, against its lines."""


@rule(
    "F3", "资金总额等于各级之和", compares="报告所述的资金总额，与上级、县本级、上年结转等各级合计之和",
    formula="总额＝上级＋市级＋县本级＋上年结转＋其他", tolerance=ROUNDING,
    exceptions="任何一项没有金额；没有列出本级资金的，总额多于各级之和为疑点；没有写明上年结转的，由完整性检查提示",
    severity=ERROR, source=ARITHMETIC,
    look_up="资金下达文件、县本级预算批复、上年结转批复", ask="总额里各级各是多少，有没有算进上年结转",
    since="2026-11-24",
)  # fmt: skip
def all_funds(facts: Facts) -> Iterator[Suspicion]:
    """Stated total of all funds, against the levels; more than those that are told may be that of levels left out."""
    for found in contradicted(facts, "funds_total.all"):
        claim, computed = found.figures[:2]
        if _own_level_told(facts) or not facts.below(computed, claim, MONEY):
            yield found
        else:
            yield replace(found, severity=DOUBT, possible=()).told(
                found.found,
                "没有列出本级的资金，多出的可能就是没有列出的级次",
                "补列别的级次的资金；确实只有这些的，核对总额",
                *found.notes,
            )


def _own_level_told(facts: Facts) -> bool:
    """Whether the money of the level that reports is told, so that the higher levels' is unlikely to be all."""
    levels = {row.level for row in facts.rows("funds")}
    return any(level in {"county", UNDIVIDED} or level.endswith("_county") for level in levels)


def _all_money(facts: Facts) -> bool:
    """Whether the report tells all its money, so that spending can be held against it."""
    return facts.figures.year.settings.money_told == ALL_MONEY


def _one_level(facts: Facts) -> str:
    """The one higher level whose funds alone are told; empty when others are, or when that may be all."""
    levels = {row.said("level") for row in facts.rows("funds")}
    codes = {LEVELS[level] for level in levels}
    return (
        "、".join(sorted(levels))
        if codes and codes < {"central", "province", "city"} and len(codes) == 1
        else ""
    )


@rule(
    "F4", "支出不超过可用资金", compares="累计支出合计，与资金安排总额", formula="Σ支出≤资金总额",
    tolerance="不容许差额；只扣除尾差", exceptions="没有写明上年结转的为疑点，写明了仍超过的为错误", severity=DOUBT,
    source="《中华人民共和国预算法》第四十二条（结转资金）；算术关系",
    look_up="国库支付凭证、预算执行表、上年结转批复", ask="多支出的钱从哪里来，是不是上年结转", since="2026-11-24",
)  # fmt: skip
def spent_without_means(facts: Facts) -> Iterator[Suspicion]:
    """More spent than there was."""
    spent, had = total(facts, "spending_total.all"), total(facts, "funds_total.all")
    if not _all_money(facts) or not spent or not had or not facts.below(had, spent, MONEY):
        return
    told = facts.get("claims", "funds_total.all")
    if told and not _own_level_told(facts) and not facts.below(told, spent, MONEY):
        return  # that the levels do not make up the total has been told
    if _one_level(facts):
        yield facts.compared("all", spent, had, unit=MONEY).told(
            f"{facts.named(spent)}，资金只写了{_one_level(facts)}的{had.text}",
            "别的级次安排了多少没有写，看不出支出是不是超过资金",
            "补列别的级次的资金；报告确实只写这些的，在 year.yml 里写“资金范围: 部分级次”",
        )
        return
    carried = facts.get("funds_total.carryover")
    gap = facts.value(spent, MONEY) - facts.value(had, MONEY)
    notes = (spent.note.rstrip("。"),) if spent.note else ()
    severity = ERROR if carried else ""
    yield facts.compared("all", spent, had, carried, unit=MONEY, severity=severity).told(
        f"{facts.named(spent)}，{facts.named(had)}，多支出{facts.shown(gap, MONEY)}",
        "已经写明上年结转，支出仍超过可用的资金"
        if carried
        else "支出不能超过可用的资金；报告没有写明上年结转，差额从哪里来不清楚",
        "核对资金和支出是否漏列、重列；用了上年结转或别的资金的，补列到资金安排表",
        *notes,
    )


@rule(
    "F5", "资金、支出、对象三者对应", compares="各领域、各项目的资金、支出、人数是否都有",
    formula="有资金就有支出，有支出就有资金，有对象就有支出", tolerance="不适用",
    exceptions="由上级项目或别的项目一并支出的；没有登记类别的项目为提示；只写一个项目支出的，不问别的项目",
    severity=DOUBT, source=OWN_RULE,
    look_up="资金下达文件和支出明细账", ask="这个项目的钱收到了没有，花在哪一项里", since="2026-11-24",
)  # fmt: skip
def money_without_use(facts: Facts) -> Iterator[Suspicion]:
    """Areas and programmes with money but no spending, with spending but no money, with people but no spending."""
    had, told = facts.get("funds_total.all"), facts.figures.year.settings.money_told
    if not facts.rows("spending"):
        if had and had.value and told != ALLOTMENTS:
            yield facts.compared("spending", had, unit=MONEY, severity=HINT).told(
                f"{facts.named(had)}，支出表没有内容",
                "收了钱，就应当有支出；没有列出支出，支出合计和执行率都算不出",
                "补列支出；自己不支出、只写下达给下级多少的，在 year.yml 里写“资金范围: 只有下达数”",
            )
        return
    if told != ALL_MONEY:
        return
    spending_rows = {area for row in facts.rows("spending") for area in programme_of(row).areas}
    funds_rows = {area for row in facts.rows("funds") for area in programme_of(row).areas}
    for area, name in facts.areas.items():
        had, used = facts.get("area", area, "funds"), facts.get("area", area, "spending")
        helped = tuple(
            figure
            for row, figure in facts.stated("people")
            if area in programme_of(row).areas and not row.said("aspect") and not row.splits
        )
        if had and had.value and area not in spending_rows:
            people = f"，保障或救助了{facts.listed(helped)}" if helped else ""
            value = facts.value(had, MONEY)
            yield Suspicion(f"{area}.spending", figures=(had, *helped), computed=value, unit=MONEY).told(
                f"{name}收到资金{had.text}{people}，支出表里没有这方面的支出",
                "收了钱、救助了人，就应当有支出；没有列出支出，合计和执行率都不完整",
                "补列这方面的支出；确实没有支出的，写明资金结转",
            )
        elif used and used.value and area not in funds_rows and funds_rows:
            # Who tells one fund for several areas has not told each area's money apart.
            severity = HINT if any(len(source.areas) > 1 for source in _paid_for(facts, "funds")) else ""
            yield facts.compared(f"{area}.funds", used, unit=MONEY, severity=severity).told(
                f"{name}支出{used.text}，资金表里没有这方面的资金",
                "支出必有资金来源",
                "补列资金来源；由别的资金一并解决的，写明",
            )
    yield from _programmes_without_spending(facts, spending_rows)


def _programmes_without_spending(facts: Facts, areas: set[str]) -> Iterator[Suspicion]:
    """Programmes with people or funds of their own but no spending, in areas that list other spending."""
    covered = _paid_for(facts, "spending")
    several = len(covered) > 1
    bundled = {area for source in covered if _is_umbrella(source) for area in source.areas}
    for programme in facts.programmes:
        if facts.programme(programme.parent) in covered:
            covered.add(programme)
    for programme in facts.programmes:
        listed = not covered.isdisjoint({programme, *facts.children(programme)})
        # One row may be the money of all programmes of its fields.
        if programme.kind != "救助项目" or programme.area not in areas - bundled or listed:
            continue
        # A report on one programme may name the people of others.
        tables = ("people", "funds") if several else ("funds",)
        concerned = [
            figure
            for table in tables
            for row, figure in facts.stated(table, programme)
            if not row.said("aspect")
        ]
        if concerned and any(figure.value for figure in concerned):
            severity = "" if programme.family else HINT
            yield Suspicion(f"{programme.code}.spending", figures=tuple(concerned), severity=severity).told(
                f"有{facts.named(concerned[0])}，支出表里没有“{programme.name}”",
                "收了钱或救助了人，就应当有支出",
                "补列这个项目的支出；已经含在别的项目里的，在那一项的备注里写明",
                *([f"还有{facts.listed(concerned[1:3])}"] if len(concerned) > 1 else []),
            )
            covered.add(programme)
            covered |= {*facts.children(programme)}  # what is below has the same cause
    helped = {row.programme for table in ("people", "actions") for row in facts.rows(table)}
    for row, figure in facts.stated("spending") if facts.rows("people") else ():
        programme = programme_of(row)
        family = {programme, *facts.children(programme), facts.programme(programme.parent)} - {None}
        if programme.kind == "救助项目" and figure.value and not family & helped:
            severity = "" if programme.family else HINT
            yield facts.compared(f"{programme.code}.people", figure, unit=MONEY, severity=severity).told(
                f"{facts.named(figure)}，保障对象表里没有“{programme.name}”的人数或次数",
                "花了钱，就应当写明救助了多少人",
                "补列人数、户数或人次",
            )
            helped |= {programme, *facts.children(programme)}


def _paid_for(facts: Facts, table: str) -> set[Programme]:
    """Programmes and sources that a table of money lists."""
    return {programme_of(row) for row in facts.rows(table)}


def _is_umbrella(programme: Programme) -> bool:
    """Whether a row of money may be for several programmes."""
    return programme.kind == "资金来源" or not programme.area


@rule(
    "F6", "领域支出不超过领域资金", compares="社会救助、儿童福利等每个领域的支出，与安排给它的资金",
    formula="领域支出≤领域资金", tolerance="只扣除尾差", exceptions="资金统筹使用并写明依据的，在说明里写明", severity=DOUBT,
    source=OWN_RULE,
    look_up="资金统筹使用的批复、支出明细账", ask="多支出的是从哪个领域调剂的，依据是什么文件", since="2026-11-24",
)  # fmt: skip
def area_overspent(facts: Facts) -> Iterator[Suspicion]:
    """An area, or a programme whose funds are not bundled with others', that spends more than it was given."""
    if not _all_money(facts) or _one_level(facts):
        return
    total = facts.get("funds_total.all")
    sources = [source for source in _paid_for(facts, "funds") if _is_umbrella(source)]
    bundled = {area for source in sources for area in source.areas}
    for area, name in facts.areas.items():
        had, used = facts.get("area", area, "funds"), facts.get("area", area, "spending")
        if had and used and (total is None or had.value != total.value):  # else the whole report overspends
            yield from _overspent(facts, area, name, used, (had,))
    for programme in facts.programmes:
        rate = facts.get("execution.programme", programme.code)
        used = facts.of(programme, "spending")
        if rate is None or used is None or "other" in bundled or not bundled.isdisjoint(programme.areas):
            continue
        own = tuple(figure for _, figure in facts.granted(programme))
        yield from _overspent(facts, programme.code, programme.name, used, own)


def _overspent(
    facts: Facts, subject: str, name: str, used: Figure, had: tuple[Figure, ...]
) -> Iterator[Suspicion]:
    given = facts.span(had[0], MONEY) if len(had) == 1 else facts.total(had, MONEY)
    if not given.below(facts.span(used, MONEY)):
        return
    value = facts.sum(had, MONEY)
    gap = facts.shown(facts.value(used, MONEY) - value, MONEY)
    yield facts.compared(subject, used, *had, computed=value, unit=MONEY).told(
        f"{name}支出{used.text}，安排给{name}的资金{facts.shown(value, MONEY)}，多{gap}",
        "专项资金应当用于规定的用途，多出的部分没有写明来源",
        "写明用了上年结转还是别的资金；统筹使用的，注明依据的文件",
    )


@rule(
    "F7", "执行率", compares="报告所述执行率与计算的执行率；执行率是否过低",
    formula="执行率＝支出÷资金×100%；与所述的不同为错误，低于下限为疑点", tolerance=ROUNDING + "；下限见参考界限表",
    exceptions="超过100%的由F4列出", severity=ERROR, source="财预〔2020〕10号：预算执行率＝全年执行数÷全年预算数",
    look_up="国库支付凭证、预算执行表", ask="没有用完的钱到哪里去了，是结转还是收回", since="2026-11-24",
)  # fmt: skip
def execution(facts: Facts) -> Iterator[Suspicion]:
    """A stated execution rate that differs, and a rate that is low."""
    yield from contradicted(facts, "execution.")
    rate, limit = facts.get("execution.all"), facts.limit("execution")
    listed, told = facts.get("spending_total.all"), facts.get("claims", "spending_total.all")
    if told and listed and facts.below(listed, told, MONEY):
        return  # spending that no row lists is told of by itself
    if rate and limit and facts.span(rate, limit.unit).high < limit.low * facts.passed:
        least, unit = limit.low * facts.passed, limit.unit
        yield facts.compared("all", rate, limits=[limit], computed=least, unit=unit, severity=DOUBT).told(
            f"{facts.named(rate)}，低于{facts.shown(least, unit)}",
            "资金没有用完，或者有支出没有列出",
            "核对支出是否列全；没有用完的，写明原因和结转的数额；下达给下级用的，在 year.yml 里写“资金范围: 只有下达数”",
        )


@rule(
    "F8", "工作经费支出不超过工作经费资金", compares="工作经费、社工站、敬老院人员和运转等支出，与指定用于它们的资金",
    formula="Σ工作经费支出≤Σ工作经费资金", tolerance="只扣除尾差",
    exceptions="用救助资金购买服务的（2020年起全国允许，以前看当地的规定），在说明里写明", severity=DOUBT,
    source=OWN_RULE + "；《关于改革完善社会救助制度的意见》（2020年）二十一：购买服务可以用工作经费或困难群众救助补助资金；"
    "湖南省民政对象补助专项资金管理办法第六条：不得用于工作经费",
    look_up="工作经费支出明细账、购买服务合同和批准文件", ask="工作经费从哪里开支，用了救助资金没有",
    since="2026-11-24",
)  # fmt: skip
def work_costs(facts: Facts) -> Iterator[Suspicion]:
    """Work costs beyond the funds granted for them."""

    def of_work(table: str) -> tuple[Figure, ...]:
        contained = containing_rows(facts.figures.year.tables[table], facts.figures.year.registries)
        return tuple(
            figure
            for row, figure in facts.stated(table)
            if programme_of(row).kind == "工作经费" and row.number not in contained and not row.said("aspect")
        )

    rows = (*facts.rows("spending"), *facts.rows("funds"))
    if any(
        programme_of(row).kind == "工作经费" and row.value is None and not row.said("aspect") for row in rows
    ):
        return
    spent, granted = of_work("spending"), of_work("funds")
    used, had = facts.sum(spent, MONEY), facts.sum(granted, MONEY)
    if facts.total(granted, MONEY).below(facts.total(spent, MONEY)):
        listed, given = (
            "、".join(f"{figure.label.removesuffix('累计支出')}{figure.text}" for figure in figures)
            for figures in (spent, granted)
        )
        means = f"指定用于它的资金{facts.shown(had, MONEY)}" if granted else "资金表里没有工作经费"
        yield facts.compared("all", *spent, *granted, stated=used, computed=had, unit=MONEY).told(
            f"工作经费和机构运转支出{facts.shown(used, MONEY)}，{means}，{facts.shown(used - had, MONEY)}没有写明来源",
            "救助资金与工作经费应当分列，救助资金一般不得用于工作经费；购买服务除外，2020年起可以用困难群众救助补助资金",
            "写明这些支出用的是哪一笔资金、依据哪个文件，哪些是购买服务",
            f"支出：{listed}",
            *([f"资金：{given}"] if granted else []),
        )


@rule(
    "F9", "配套资金列在应列的级次", compares="资金安排表每一行的级次，与项目登记表的“应列级次”", formula="级次∈应列级次",
    tolerance="不适用", exceptions="登记表没有限定级次的项目", severity=HINT,
    source="项目登记表“应列级次”；抗疫特别国债由中央发行、下达市县",
    look_up="资金下达文件的文号和级次", ask="这笔钱是上级下达的还是县里安排的", since="2026-11-24",
)  # fmt: skip
def wrong_level(facts: Facts) -> Iterator[Suspicion]:
    """Money listed as funds of a level of government that it does not come from."""
    for row, figure in facts.granted():
        programme, level = programme_of(row), row.said("level")
        proper = {LEVELS.get(word, "") for word in programme.proper_levels}
        # Of money of several levels together, and of money not told apart, nobody can say whose it is.
        if not proper or row.level == UNDIVIDED or not proper.isdisjoint({row.level, *row.level.split("_")}):
            continue
        share = facts.get("funds_share", figure.address.within)
        part = f"，占{level}资金的{share.text}" if share else ""
        yield facts.compared(figure.address, figure, share, unit=MONEY).told(
            f"{programme.name}{figure.text}列作“{level}”资金{part}",
            f"{programme.name}不是{level}自己安排的资金；能否算作配套，没有查到依据",
            "单独列示，不计入本级配套；有文件允许计入的，写明文号",
        )


@rule(
    "F10", "专项安排的资金用完", compares="某个项目的支出，与县本级专为它安排的资金",
    formula="支出≥县本级单列资金；不满一年的，按月数折算", tolerance="只扣除尾差",
    exceptions="县本级没有单列的", severity=HINT, source=ARITHMETIC,
    look_up="县本级预算批复、支出明细账", ask="县里安排的这笔钱为什么没有用完", since="2026-11-24",
)  # fmt: skip
def less_than_earmarked(facts: Facts) -> Iterator[Suspicion]:
    """Spending of a programme below the county's money for just that programme."""
    for row, figure in facts.granted():
        programme = programme_of(row)
        spent = facts.of(programme, "spending") if row.level == "county" else None
        due = facts.span(figure, MONEY) * exactly(facts.passed)
        if spent and facts.span(spent, MONEY).below(due):
            found = facts.compared(programme.code, figure, spent, stated=spent, computed=figure, unit=MONEY)
            yield found.told(
                f"{facts.named(figure)}，{facts.named(spent)}，没有用完",
                "专为这个项目安排的资金，支出比它还少",
                "核对；没有用完的写明原因和结转的数额",
            )


@rule(
    "F11", "正文的金额列入支出表", compares="年度工作里的金额，与资金支出表", formula="金额所属的项目在支出表里",
    tolerance="不适用", exceptions="写明是某笔资金、某项支出的一部分的；名称写明是安排、下达、结余、备用、收入等，不是支出的",
    severity=DOUBT, source="本工具的校对办法：正文与表格数字一致",
    look_up="支出明细账、付款凭证", ask="这笔钱列在支出表的哪一项，从哪里开支", since="2026-11-24",
)  # fmt: skip
def prose_only_money(facts: Facts) -> Iterator[Suspicion]:
    """Amounts of the year's work that the table of spending knows nothing of."""
    for row, figure in _prose_only(facts):
        where = f"第{row.said('chapter')}部分" if row.said("chapter") else "年度工作里"
        if facts.value(figure, MONEY) != _untold_spending(facts):
            yield facts.compared(figure.address, figure, unit=MONEY).told(
                f"{where}写了{facts.named(figure)}，支出表里没有这一笔",
                "正文里的金额应当能在支出表里找到；找不到的，不知道从哪笔资金开支、是否已经算进合计",
                "补列到支出表；已经含在某一项里的，在“项目”和“关系”两栏写明",
            )


def _prose_only(facts: Facts) -> Iterator[tuple[TableRow, Figure]]:
    """Amounts of the year's work that may have been spent, and are in no row of the table of spending."""
    spent = {row.programme for row in facts.rows("spending")}
    added = {relation.whole for relation in stated_relations(facts.figures) if relation.kind == SUM}
    for row, figure in facts.stated("actions"):
        target = facts.figures.named(row.said("target"))
        part = target is not None and facts.category(target) == "金额" and row.said("relation")
        source = row.programme is not None and row.programme.kind == "资金来源"
        apart = row.said("relation") == APART or part or source or NO_SPENDING.search(figure.label)
        listed = row.programme in spent or figure in added
        if facts.category(figure) == "金额" and not listed and not apart:
            yield row, figure


def _untold_spending(facts: Facts) -> Decimal | None:
    """By how much the stated total of spending is more than the rows of the table."""
    told, rows = facts.get("claims", "spending_total.all"), facts.get("spending_total.all")
    return facts.value(told, MONEY) - facts.value(rows, MONEY) if told and rows else None


@rule(
    "F12", "金额单位的量级", compares="累计支出÷人数÷月数，与不可能的量级", formula="下限≤人均月支出≤上限",
    tolerance="界限见参考界限表，取得很宽", exceptions="缺支出或人数；按次救助的项目", severity=ERROR,
    source="参考界限表“人均月支出的量级”",
    look_up="发放台账、国库支付凭证", ask="金额的单位是元还是万元", since="2026-11-24",
)  # fmt: skip
def money_magnitude(facts: Facts) -> Iterator[Suspicion]:
    """Money per person and month that is possible only in another unit."""
    for programme in facts.programmes:
        figure, spent = facts.of(programme, "level"), facts.of(programme, "spending")
        counted = facts.count_of(programme)
        if not figure or not spent or not counted:
            continue
        value, people = facts.value(figure), counted[0]
        limit = facts.limit("level_magnitude", *facts.subjects(programme), unit=figure.unit)
        general = facts.limit("level_magnitude", unit=figure.unit)
        if not limit or not general:
            continue
        # A family's narrow band is about what is usual; only the general one says what cannot be.
        least, most = min(limit.low, general.low), max(limit.high, general.high)
        span = facts.span(figure)
        if not span.below(exactly(least)) and not exactly(most).below(span):
            continue
        notes = []
        if fits := fitting_units(facts, spent, value, least, most):
            tried = "，".join(f"{unit}时为{facts.shown(v, figure.unit)}" for unit, v in fits.items())
            notes.append(f"金额的单位改成{'或'.join(fits)}才合理（{tried}）")
        # Person-months taken for people, and people taken for person-months.
        by_months = counted[1].counting == "按月累计"
        other = value * (Decimal(1) / facts.months if by_months else facts.months)
        if least <= other <= most:
            meant = "人数" if by_months else "全年累计的人次"
            notes.append(f"{facts.named(people)}若其实是{meant}，则为{facts.shown(other, figure.unit)}")
        bound = most if value > most else least
        yield facts.compared(
            programme.code,
            spent,
            people,
            figure,
            limits=[limit],
            stated=figure,
            computed=bound,
            suspects=[spent],
        ).told(
            f"{facts.named(spent)}，{facts.named(people)}，合每人每月{figure.text}",
            f"不可能在{facts.bounds(least, most, figure.unit)}以外，单位或数字有错",
            "查支出凭证和名册，核对金额是元还是万元、人数是人还是人次",
            *notes,
        )


@rule(
    "F16", "资金与支出的量级", compares="资金安排表的每一笔与支出合计，资金支出表的每一笔与资金合计",
    formula=f"一笔≤另一边合计的{TIMES_BEYOND}倍，或≤参考界限的十分之一", tolerance="界限见参考界限表“一笔资金的量级”",
    exceptions="另一边没有填全；一笔也不超过参考界限的，为疑点", severity=ERROR, source=ARITHMETIC,
    look_up="资金下达文件、支出明细账", ask="这一笔的单位是元还是万元", since="2026-11-29",
)  # fmt: skip
def fund_magnitude(facts: Facts) -> Iterator[Suspicion]:
    """Amounts far beyond all money on the other side, which are possible only in another unit."""
    limit = facts.limit("fund_magnitude")
    totals = {"funds": facts.get("spending_total.all"), "spending": facts.get("funds_total.all")}
    for table, other in totals.items():
        if not limit or not other or not other.value:
            continue
        least = max(facts.value(other, MONEY) * TIMES_BEYOND, limit.high / 10)
        beyond = [figure for _, figure in facts.stated(table) if facts.value(figure, MONEY) > least]
        if not beyond:
            continue
        largest = max(beyond, key=lambda figure: facts.value(figure, MONEY))
        severity = "" if facts.value(largest, MONEY) > limit.high else DOUBT
        value = facts.value(other, MONEY)
        fits = fitting_units(facts, largest, facts.value(largest, MONEY), Decimal(0), value * 2)
        notes = [
            f"金额的单位改成{unit}才合理（{largest.number}{unit}合{facts.shown(v, MONEY)}）"
            for unit, v in fits.items()
        ]
        yield facts.compared(
            table, largest, *(f for f in beyond if f is not largest), other,
            limits=[limit], computed=other, unit=MONEY, suspects=beyond, severity=severity,
        ).told(
            f"{facts.named(largest)}，{facts.named(other)}",
            f"一笔就是{other.label}的{facts.number(facts.value(largest, MONEY) / value, '倍')}倍，单位或数字有错",
            "查指标文件和支出凭证，核对金额是元还是万元",
            *([f"这样大的有{len(beyond)}笔：{facts.listed(beyond)}"] if len(beyond) > 1 else []),
            *notes,
        )  # fmt: skip


@rule(
    "F13", "支出合计等于各项之和", compares="报告所述的支出合计、领域合计，与资金支出表各项之和", formula="合计＝Σ各项",
    tolerance=ROUNDING, exceptions="任何一项没有金额；相差的正好是正文另写的一笔支出的，为疑点", severity=ERROR,
    source=ARITHMETIC, look_up="支出明细账、预算执行表", ask="支出合计是由哪几项相加的", since="2026-11-24",
)  # fmt: skip
def spending_totals(facts: Facts) -> Iterator[Suspicion]:
    """Stated totals of spending, in all and by area, against the lines; what prose tells besides may be missing there."""
    missing = [f for _, f in _prose_only(facts) if facts.value(f, MONEY) == _untold_spending(facts)]
    for found in contradicted(facts, "spending_total.", "area."):
        if missing and found.subject == "spending_total.all":
            figures = (*found.figures, *missing)
            yield replace(found, figures=figures, severity=DOUBT, possible=()).told(
                found.found,
                f"相差的正好是{facts.listed(missing)}，支出表里没有这一笔",
                "补列到支出表；已经含在某一项里的，核对合计",
                *found.notes,
            )
        else:
            yield found


@rule(
    "F14", "上下级项目的金额", compares="上级项目（或写明含有别项的项目）的金额，与各下级之和",
    formula="总数≥Σ部分；下级项目列全的，总数＝Σ部分", tolerance=ROUNDING,
    exceptions="下级项目没有列全的，只查部分不大于总数；各批之和小于合计的为疑点", severity=ERROR, source=ARITHMETIC,
    look_up="支出明细账、资金下达文件", ask="下级项目列全了没有，差额是哪一项", since="2026-11-24",
)  # fmt: skip
def nested_totals(facts: Facts) -> Iterator[Suspicion]:
    """Money of a programme against its parts, where the table lists both."""
    registries = facts.figures.year.registries
    for table in ("funds", "spending"):
        data = facts.figures.year.tables[table]
        rows = {row.number: (row, figure) for row, figure in facts.stated(table)}
        parts: dict[int, list[tuple[TableRow, Figure]]] = {}
        contained = containing_rows(data, registries)
        unstated = {container.number for number, container in contained.items() if number not in rows}
        for number, container in contained.items():
            # How some of a programme's people add up is told by D2.
            if number in rows and not rows[number][0].splits:
                parts.setdefault(container.number, []).append(rows[number])
        for number, listed in parts.items():
            if number not in rows:
                continue
            row, whole = rows[number]
            children = {c for c in registries.children(programme_of(row)) if c.kind == programme_of(row).kind}
            # A single part that is registered is one of several.
            exhaustive = len(children) > 1 and children <= {programme_of(part) for part, _ in listed}
            # The same money by batch and by programme is two ways of parting it; so is what else it is said to contain.
            batches = [figure for part, figure in listed if part.programme == row.programme]
            below = [figure for part, figure in listed if part.programme in children]
            others = [figure for part, figure in listed if part.programme not in {row.programme, *children}]
            if exhaustive:
                yield from _not_adding_up(facts, whole.address, whole, below, ERROR)
                yield from _not_adding_up(facts, f"{whole.address}.within", whole, others, "")
            else:
                yield from _not_adding_up(facts, whole.address, whole, [*below, *others], "")
            yield from _not_adding_up(
                facts, f"{whole.address}.batches", whole, batches, "" if number in unstated else DOUBT
            )


def _not_adding_up(
    facts: Facts, subject: str, whole: Figure, parts: list[Figure], when_less: str
) -> Iterator[Suspicion]:
    """Parts that are more than their total; or less, which is as grave as said where they should be all."""
    total, stated = facts.total(parts, MONEY), facts.cut_span(whole, MONEY)
    more, less = stated.below(total), bool(when_less) and total.below(stated)
    if not parts or not (more or less):
        return
    value = facts.sum(parts, MONEY)
    gap = facts.shown(abs(facts.value(whole, MONEY) - value), MONEY)
    severity = ERROR if more else when_less
    yield facts.compared(subject, whole, *parts, computed=value, unit=MONEY, severity=severity).told(
        f"{facts.named(whole)}，其中各部分合计{facts.shown(value, MONEY)}，相差{gap}",
        "部分不能大于总数" if more else "列全了的各部分之和应当等于总数",
        "核对总数和各部分；各部分没有列全的补列",
        f"各部分：{facts.listed(parts)}",
    )


@rule(
    "F15", "结余与资金、支出相符", compares="资金安排表写的到位、结余、结转下年，与安排的资金和支出",
    formula="结余＝资金－支出；到位≤安排", tolerance=ROUNDING,
    exceptions="资金或支出没有列全，资金由几个项目统筹使用；没有写明上年结转、收回，或结余和结转下年都写了的，不合时为疑点",
    severity=DOUBT, source=ARITHMETIC + "；《中华人民共和国预算法》第四十二条（结转资金）",
    look_up="国库支付凭证、年末指标结余表、收回文件", ask="结余是怎么算的，有没有收回和上年结转", since="2026-11-29",
)  # fmt: skip
def balances(facts: Facts) -> Iterator[Suspicion]:
    """Money received beyond what was granted, and money left that is not what was granted less what was spent."""
    told = [(row, figure) for row, figure in facts.stated("funds") if row.said("aspect")]
    for row, received in told:
        if row.said("aspect") == RECEIVED:
            yield from _more_than_granted(facts, row, received)
    for programme in dict.fromkeys(programme_of(row) for row, _ in told):
        whole = [
            (row, figure) for row, figure in told if row.programme == programme and not row.said("batch")
        ]
        yield from _left_over(facts, programme, whole)


def _more_than_granted(facts: Facts, row: TableRow, received: Figure) -> Iterator[Suspicion]:
    programme, batch = programme_of(row), row.said("batch")
    same = [
        other
        for other in facts.rows("funds")
        if other.programme == programme and other.said("batch") == batch
    ]
    rows = [other for other in same if not other.said("aspect")] if batch else facts.granted_rows(programme)
    granted = _all_stated(facts, [other for other in rows if row.level in {other.level, UNDIVIDED}])
    if granted and facts.total(granted, MONEY).below(facts.span(received, MONEY)):
        value = facts.sum(granted, MONEY)
        yield facts.compared(received.address, received, *granted, computed=value, unit=MONEY).told(
            f"{facts.named(received)}，安排的只有{facts.shown(value, MONEY)}",
            "到位的是安排的资金，不会比安排的多",
            "核对两个数；到位的里面有上年结转或别的资金的，分开列",
        )


def _all_stated(facts: Facts, rows: Sequence[TableRow]) -> tuple[Figure, ...]:
    """Figures of rows of funds; none when one has no value."""
    found = [facts.get(FUNDS.address(row)) for row in rows]
    return tuple(figure for figure in found if figure) if all(found) else ()


def _left_over(
    facts: Facts, programme: Programme, told: list[tuple[TableRow, Figure]]
) -> Iterator[Suspicion]:
    """What is left of a programme's money by the report, against its funds less its spending."""
    every = [row for row in facts.rows("funds") if not row.said("aspect")]
    if all(row.programme == programme for row in every):
        totals = facts.get("funds_total.all"), facts.get("spending_total.all")
        granted, spent = tuple(figure for figure in totals[:1] if figure), totals[1]
    else:
        bundled = not programme.area or any(programme_of(row).kind == "资金来源" for row in every)
        spent = None if bundled else facts.of(programme, "spending")
        granted = _all_stated(facts, facts.granted_rows(programme))
    levels = {row.level for row in every if row.programme == programme} - {"carryover"}
    left = {what: _of_every_level(told, what, levels) for what in (LEFT, LEFT_FOR_NEXT, RECALLED)}
    listed = [figures for figures in left.values() if figures]
    if not granted or not spent or not (left[LEFT] or left[LEFT_FOR_NEXT]):
        return
    rest = facts.total(granted, MONEY) - facts.span(spent, MONEY)
    # Reports take what goes on to the next year, and what was recalled, as parts of what is left, or as others beside it.
    choices = [some for count in range(1, len(listed) + 1) for some in combinations(listed, count)]
    if any(rest.meets(facts.total(chain(*some), MONEY)) for some in choices):
        return
    carried = any(row.level == "carryover" for row in every if row.programme == programme)
    had, figures = facts.sum(granted, MONEY), [*chain(*listed)]
    value = had - facts.value(spent, MONEY)
    yield facts.compared(
        f"{programme.code}.left",
        *figures,
        *granted,
        spent,
        computed=value,
        unit=MONEY,
        severity=ERROR if carried and len(listed) == 1 else "",
    ).told(
        f"{facts.listed(figures)}，资金{facts.shown(had, MONEY)}减去{facts.named(spent)}是{facts.shown(value, MONEY)}",
        "没有用完的资金等于全部资金减去支出",
        "核对资金、支出和结余；用了上年结转，或有收回、上缴的，补列",
    )


def _of_every_level(told: list[tuple[TableRow, Figure]], what: str, levels: set[str]) -> tuple[Figure, ...]:
    """What is told of all levels of government together; none where only some of them are told of."""
    rows = [(row.level, figure) for row, figure in told if row.said("aspect") == what]
    if undivided := tuple(figure for level, figure in rows if level == UNDIVIDED):
        return undivided
    return tuple(figure for _, figure in rows) if levels <= {level for level, _ in rows} else ()


RULES = (
    level_totals, county_total, all_funds, spent_without_means, money_without_use, area_overspent, execution,
    work_costs, wrong_level, less_than_earmarked, prose_only_money, money_magnitude, spending_totals,
    nested_totals, balances, fund_magnitude,
)  # fmt: skip
