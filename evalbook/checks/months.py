"""Months: what the report states of the year, and of some months, against the monthly statistics, and those in themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from evalbook.checks.claims import ROUNDING, contradicted
from evalbook.checks.facts import exactly, half_a_digit
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.figures.indicators import FLOWS, MONTHLY_NOUNS, STOCK_UNITS
from evalbook.schema.address import Address
from evalbook.schema.kinds import Period

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Programme, TableRow

BY_MONTH = "算术关系：全年的数等于各月的数之和（平均）"
TENFOLD = 8
"""From how many times the usual month on a number looks like one with a digit too many or in another unit."""

FEWEST_ALIKE = 6
PLACES = "个地区"
SHOWN = 3
"""Places of one fault that a finding names."""

AVERAGE, CLOSING, OPENING, PERSON_MONTHS, FLOW, MONEY, UNSAID = (
    "average", "closing", "opening", "person_months", "flow", "money", "unsaid",
)  # fmt: skip
Told = Mapping[int, "Figure"]


@dataclass(frozen=True)
class Comparable:
    """A number of the report, and the months that speak of the same.

    Attributes
    ----------
    figure : Figure
        As the report states it.
    kind : str
        How it follows from the months.
    column : str
        Column of the months.
    months : tuple of Figure
        All months of its period, in order.
    basis : tuple of Figure
        What a finding shows of them: an indicator, or the months.
    """

    figure: Figure
    kind: str
    column: str
    months: tuple[Figure, ...]
    basis: tuple[Figure, ...]


def _kind(row: TableRow, table: str) -> tuple[str, str] | None:
    """How a stated number follows from the months, and from which of their columns; None when it does not."""
    if table == "spending":
        return MONEY, "amount"
    counting, aspect = row.said("counting"), row.said("aspect")
    # What comes and goes is told of households in words of its own: 新增户数.
    aspect = aspect.removesuffix("户数")
    main = aspect in {"", "人数", "户数", "人次"}
    if row.category == "人次":
        return (
            (PERSON_MONTHS, "people") if aspect == "累计人次" or (main and counting == "按月累计") else None
        )
    column = {"人数": "people", "户数": "households"}.get(row.category)
    if column is None:
        return None
    if aspect in {"新增", "退出"}:
        return FLOW, FLOWS[column]["joined" if aspect == "新增" else "left"]
    said = {"月均": AVERAGE, "期末": CLOSING, "未说明": UNSAID}
    kind = {**said, "期初": OPENING}.get(aspect) or (said.get(counting) if main else None)
    return (kind, column) if kind else None


def _comparable(facts: Facts, *kinds: str) -> Iterator[Comparable]:
    """Numbers of the report of some kinds for whose whole period there are months."""
    year = facts.figures.year
    for table in ("people", "spending") if facts.by_month else ():
        data = year.tables[table]
        for row in data.every:
            kind, figure = _kind(row, table), facts.get(data.table.address(row))
            if row.splits or kind is None or kind[0] not in kinds or figure is None or not row.programme:
                continue
            found = _months_of(facts, row, kind[1])
            if found:
                yield Comparable(figure, kind[0], kind[1], *found)


def _months_of(
    facts: Facts, row: TableRow, column: str
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]] | None:
    """All months of a row's period, and what shows them; None where one is missing."""
    settings, programme, period = facts.figures.year.settings, row.programme, row.parsed(Period, "period")
    if programme is None or (period and period.year not in {None, settings.year}):
        return None
    numbers = range(period.first, period.last + 1) if period else settings.month_numbers
    place = replace(row.part, period=None).code
    told = facts.by_month.get((programme, place), {}).get(column, {})
    months = tuple(told[number] for number in numbers if number in told)
    if len(months) < len(numbers):
        return None
    families = ("monthly_average", "monthly_total") if column in STOCK_UNITS else ("monthly_total",)
    shown = [facts.get(family, programme.code, column, place) for family in families]
    indicator = next((figure for figure in shown if figure), None) if period is None else None
    return months, (indicator,) if indicator else months


def _differs(
    facts: Facts, given: Comparable, value: Decimal, words: str, why: str, *, severity: str = ""
) -> Suspicion:
    """A number of the report that is not what follows from the months, which is in its own unit."""
    figure = given.figure
    gap = facts.shown(abs(facts.value(figure) - value), figure.unit)
    pair = facts.compared(
        figure.address, figure, *given.basis, computed=value, severity=severity, either=True
    )
    return pair.told(
        f"{facts.named(figure)}，月报{words}{facts.shown(value, figure.unit)}，相差{gap}",
        why,
        "核对报告的数字和各月的数字，查台账改正写错的一处；口径不同的，写明",
    )


@rule(
    "M1", "月均与各月平均", compares="报告所述的月均人数、户数，与各月的平均；只有一个月的，与那个月",
    formula="月均＝各月之和÷月数", tolerance="印出的末位数字四舍五入、舍去或进位造成的差（不足末位的1）",
    exceptions="月份没有列全；没有说明口径的，只有一个月的才比，为疑点", severity=ERROR, source=BY_MONTH,
    look_up="民政统计月报各月人数", ask="月均人数是由哪几个月算的", since="2026-11-29",
)  # fmt: skip
def averages(facts: Facts) -> Iterator[Suspicion]:
    """Stated averages that no way of rounding makes of the months."""
    why = "月均数是各月的数相加，除以月数"
    for given in _comparable(facts, AVERAGE, UNSAID):
        unsaid = given.kind == UNSAID
        if unsaid and len(given.months) > 1:
            continue
        unit = given.figure.unit
        value = facts.sum(given.months, unit) / len(given.months)
        if abs(facts.value(given.figure) - value) >= 2 * half_a_digit(given.figure):
            yield _differs(facts, given, value, "各月平均是", why, severity=DOUBT if unsaid else "")
    for claim, restated in facts.claims():
        comparable = restated.address.family == "monthly_average" and facts.alike(claim.unit, restated.unit)
        if comparable and abs(facts.value(restated, claim.unit) - facts.value(claim)) >= 2 * half_a_digit(
            claim
        ):
            given = Comparable(claim, AVERAGE, restated.address.last, (), (restated,))
            yield _differs(facts, given, facts.value(restated, claim.unit), "各月平均是", why)


@rule(
    "M2", "期初、期末与月份", compares="报告所述的期初、期末人数、户数，与第一个月、最后一个月的",
    formula="期末＝最后一个月；期初＝第一个月－新增＋退出", tolerance="不容许差额",
    exceptions="没有那个月；第一个月的新增、退出没有列全", severity=ERROR, source="算术关系：期末就是最后一个月的月末",
    look_up="民政统计月报第一个月和最后一个月", ask="期初、期末是哪一天的人数", since="2026-11-29",
)  # fmt: skip
def ends(facts: Facts) -> Iterator[Suspicion]:
    """Stated numbers at the beginning and the end of a period that are not those of its months."""
    yield from contradicted(facts, "monthly_end.", "monthly.")
    for given in _comparable(facts, CLOSING, OPENING):
        unit, (first, last) = given.figure.unit, (given.months[0], given.months[-1])
        basis: tuple[Figure, ...] = (last,)
        if given.kind == CLOSING:
            value, words = facts.value(last, unit), "最后一个月是"
        else:
            flows = [
                facts.get(first.address.replace(f".{given.column}.", f".{flow}."))
                for flow in FLOWS[given.column].values()
            ]
            joined, left = flows
            if joined is None or left is None:
                continue
            basis = (first, joined, left)
            value = facts.value(first, unit) - facts.value(joined, unit) + facts.value(left, unit)
            words = "第一个月减新增、加退出是"
        if not facts.span(given.figure).meets(exactly(value)):
            shown = replace(given, basis=basis)
            yield _differs(facts, shown, value, words, "期初、期末的数与月份的数说的是同一天")


@rule(
    "M3", "累计人次与各月之和", compares="按月累计的人次，与各月人数之和", formula="累计人次＝各月人数之和", tolerance=ROUNDING,
    exceptions="月份没有列全", severity=ERROR, source="1人保障1个月计1人次",
    look_up="发放台账各月人次", ask="累计人次是由哪几个月相加的", since="2026-11-29",
)  # fmt: skip
def person_months(facts: Facts) -> Iterator[Suspicion]:
    """Stated person-months that are not the sum of the months."""
    yield from contradicted(facts, "monthly_total.")
    for given in _comparable(facts, PERSON_MONTHS):
        value = facts.figures.units.convert(facts.sum(given.months, "人"), "人次", given.figure.unit)
        if not facts.span(given.figure).meets(exactly(value)):
            yield _differs(
                facts, given, value, "各月人数之和是", "1人保障1个月计1人次，累计人次等于各月人数之和"
            )


@rule(
    "M4", "支出与各月之和", compares="累计支出，与各月支出之和", formula="累计支出＝各月支出之和", tolerance=ROUNDING,
    exceptions="月份没有列全；累计支出多出来的为疑点", severity=ERROR, source=BY_MONTH,
    look_up="支付凭证、银行代发回单各月金额", ask="累计支出是由哪几个月相加的", since="2026-11-29",
)  # fmt: skip
def money(facts: Facts) -> Iterator[Suspicion]:
    """Spending that is not the sum of its months: less cannot be, more may have been paid besides."""
    yield from contradicted(facts, "monthly_level.", "month_level.")
    for given in _comparable(facts, MONEY):
        unit = given.figure.unit
        total, stated = facts.total(given.months, unit), facts.cut_span(given.figure)
        if not stated.meets(total):
            less = stated.below(total)
            why = "累计支出不会少于各月支出之和" if less else "各月以外还有支出的，应当写明"
            value = facts.sum(given.months, unit)
            yield _differs(facts, given, value, "各月支出之和是", why, severity="" if less else DOUBT)


@rule(
    "M5", "新增、退出与各月之和", compares="报告所述的新增、退出，与各月之和", formula="全年＝各月之和", tolerance="不容许差额",
    exceptions="月份没有列全", severity=ERROR, source=BY_MONTH,
    look_up="新增和退出名册", ask="全年新增、退出是怎样数的", since="2026-11-29",
)  # fmt: skip
def flows(facts: Facts) -> Iterator[Suspicion]:
    """Stated numbers of who came and who left that are not the sum of the months."""
    for given in _comparable(facts, FLOW):
        value = facts.sum(given.months, given.figure.unit)
        if not facts.span(given.figure).meets(exactly(value)):
            yield _differs(facts, given, value, "各月之和是", "一年新增（退出）的等于各月新增（退出）之和")


@rule(
    "M6", "逐月衔接", compares="一个月的人数（户数），与上月人数加新增、减退出", formula="本月＝上月＋新增－退出",
    tolerance="不容许差额", exceptions="四个数没有列全；死亡、转出另外统计的", severity=ERROR,
    source="福建省民政厅2017年7月月报：75916＋553－853＝75616",
    look_up="新增和退出名册、民政统计月报", ask="这个月的人数怎样由上月得来", since="2026-11-29",
)  # fmt: skip
def month_by_month(facts: Facts) -> Iterator[Suspicion]:
    """A month that does not follow from the one before it; a number off by the same both ways is wrong itself."""
    for (programme, place), told in facts.by_month.items():
        for column in (column for column in STOCK_UNITS if column in told):
            broken = _broken(facts, told, column)
            gaps = {month: gap for month, (gap, _) in broken.items()}
            suspects = [told[column][m] for m, gap in gaps.items() if gaps.get(m + 1) == -gap]
            if not broken:
                continue
            figures = dict.fromkeys(figure for _, given in broken.values() for figure in given)
            leading = suspects or [told[column][min(broken)]]
            first, others = leading[0], [figure for figure in figures if figure != leading[0]]
            month = next(m for m, figure in told[column].items() if figure == first)
            value = facts.value(first) - gaps[month]
            words = [
                f"{facts.named(before)}＋{facts.named(joined)}－{facts.named(left)}，{facts.named(now)}，"
                f"相差{facts.shown(abs(gap), now.unit)}"
                for gap, (now, before, joined, left) in list(broken.values())[:SHOWN]
            ]
            more = f"；这样的共{len(broken)}个月" if len(broken) > SHOWN else ""
            hint = (
                [f"{suspects[0].label}改成{facts.shown(value, first.unit)}，前后两个月就都衔接"]
                if suspects
                else []
            )
            subject = Address.of(programme.code, column, place)
            pair = facts.compared(
                subject, first, *others, computed=value, suspects=suspects, either=bool(suspects)
            )
            yield pair.told(
                words[0] + more,
                "本月的数等于上月的数加新增、减退出",
                "查名册，核对这几个月的数字；死亡、转出另外统计的，算入退出",
                *words[1:],
                *hint,
            )


def _broken(
    facts: Facts, told: Mapping[str, Told], column: str
) -> dict[int, tuple[Decimal, tuple[Figure, Figure, Figure, Figure]]]:
    """Months that do not follow from the one before: by how much, and the four numbers."""
    stock = told[column]
    joined, left = (told.get(FLOWS[column][flow], {}) for flow in ("joined", "left"))
    found = {}
    for month in sorted(stock.keys() & joined.keys() & left.keys()):
        if before := stock.get(month - 1):
            given = stock[month], before, joined[month], left[month]
            now, then, came, went = (facts.value(figure) for figure in given)
            if gap := now - (then + came - went):
                found[month] = gap, given
    return found


@rule(
    "M7", "各月的地区之和", compares="一个月全县（全市）的数字，与各地区同月的数字之和",
    formula="总数＝Σ地区；没有列全的，总数≥Σ地区", tolerance=ROUNDING,
    exceptions="新增、退出（地区之间有转移）；地区没有列全又没有超过的；登记的地区都列了还少的为疑点", severity=ERROR,
    source="算术关系：总数等于各部分之和",
    look_up="各乡镇（县区）的月报", ask="各地区列全了没有", since="2026-11-29",
)  # fmt: skip
def places(facts: Facts) -> Iterator[Suspicion]:
    """Months in which the whole is less than its places, or more although the places make it up in other months."""
    localities = facts.figures.year.registries.localities
    inside: dict[str, list[str]] = {}
    for locality in localities.values():
        above = localities.get(locality.parent)
        inside.setdefault(above.code if above else "", []).append(locality.code)
    for (programme, whole), told in facts.by_month.items():
        for column, months in told.items():
            if column not in {*STOCK_UNITS, "amount"}:
                continue
            parts = {
                month: tuple(
                    figure
                    for place in inside.get(whole, ())
                    if (figure := facts.by_month.get((programme, place), {}).get(column, {}).get(month))
                )
                for month in months
            }
            compared = [
                (months[month], members, facts.span(months[month]), facts.total(members, months[month].unit))
                for month, members in parts.items()
                if members
            ]
            whose = {
                frozenset(m.address.part for m in members)
                for _, members, all_of_it, added in compared
                if added.meets(all_of_it) and added.high
            }
            above_whole = [c for c in compared if c[2].below(c[3])]
            short = [c for c in compared if c[3].below(c[2])]
            surely = [c for c in short if frozenset(m.address.part for m in c[1]) in whose]
            maybe = [c for c in short if c not in surely and len(c[1]) == len(inside[whole])]
            if wrong := [*above_whole, *surely] or maybe:
                severity = DOUBT if wrong is maybe else ""
                subject, listed = Address.of(programme.code, column, whole), [pair[:2] for pair in wrong]
                yield _unequal(facts, subject, listed, PLACES, severity)


def _unequal(
    facts: Facts, subject: str, wrong: list[tuple[Figure, tuple[Figure, ...]]], parts: str, severity: str = ""
) -> Suspicion:
    total, members = wrong[0]
    words = [
        f"{facts.named(figure)}，{len(given)}{parts}相加是{facts.shown(facts.sum(given, figure.unit), figure.unit)}"
        for figure, given in wrong[:SHOWN]
    ]
    more = f"；这样的共{len(wrong)}个月" if len(wrong) > SHOWN else ""
    others = (figure for figure, _ in wrong[1:])
    value = facts.sum(members, total.unit)
    pair = facts.compared(subject, total, *members, *others, computed=value, severity=severity)
    whole = "总数" if parts == PLACES else "上级项目"
    return pair.told(
        words[0] + more,
        f"一个月的{whole}等于各{parts[1:]}之和" + ("；没有列全的，不小于它" if parts == PLACES else ""),
        f"查台账，核对总数和每{parts}"
        + ("；还有别的地区、本级的，登记后补列" if parts == PLACES else "的数字"),
        *words[1:],
    )


@rule(
    "M11", "各月的下级项目之和", compares="一个月上级项目（如最低生活保障）的人数、户数、支出，与各下级项目同月的数字之和",
    formula="总数＝Σ下级", tolerance=ROUNDING, exceptions="下级没有列全；补贴；新增、退出（下级之间有转移）", severity=ERROR,
    source="算术关系：总数等于各部分之和", look_up="各月的发放台账和月报",
    ask="这几个月的总数与各项之和不同，哪一个是对的", since="2026-11-30",
)  # fmt: skip
def nested(facts: Facts) -> Iterator[Suspicion]:
    """Months in which a programme is not what the programmes below it come to."""
    for (programme, place), told in facts.by_month.items():
        children = [c for c in facts.children(programme) if c.kind == programme.kind != "补贴"]
        for column in (c for c in (*STOCK_UNITS, "amount") if c in told and children):
            below = [facts.by_month.get((child, place), {}).get(column, {}) for child in children]
            wrong = [
                (whole, parts)
                for month, whole in told[column].items()
                if all(month in numbers for numbers in below)
                for parts in [tuple(numbers[month] for numbers in below)]
                if not facts.total(parts, whole.unit).meets(facts.span(whole))
            ]
            if wrong:
                subject = Address.of(programme.code, column, place)
                yield _unequal(facts, subject, wrong, "个下级项目")


@rule(
    "M8", "各月的人数不少于户数", compares="同一个月的人数与户数", formula="人数≥户数", tolerance="不容许差额",
    exceptions="缺一方", severity=ERROR, source="每户至少一人",
    look_up="民政统计月报的户数和人数", ask="户数和人数是不是写反了", since="2026-11-29",
)  # fmt: skip
def people_and_households(facts: Facts) -> Iterator[Suspicion]:
    """Months with fewer people than households."""
    for (programme, place), told in facts.by_month.items():
        people, households = told.get("people", {}), told.get("households", {})
        fewer = [
            (people[month], households[month])
            for month in sorted(people.keys() & households.keys())
            if facts.value(people[month], "人") < facts.value(households[month], "户")
        ]
        if fewer:
            first, *others = (figure for pair in fewer for figure in pair)
            words = [f"{facts.named(one)}，{facts.named(other)}" for one, other in fewer[:SHOWN]]
            more = f"；这样的共{len(fewer)}个月" if len(fewer) > SHOWN else ""
            subject = Address.of(programme.code, place) or programme.code
            yield facts.compared(subject, first, *others, computed=fewer[0][1].value).told(
                words[0] + more,
                "每户至少一人，人数不会少于户数：两个数字写反了，或有一个写错",
                "查台账，核对人数和户数",
                *words[1:],
            )


@rule(
    "M9", "像录错的月份", compares="一个月的人数、户数、支出，与各月的中位数；各月是不是都相同",
    formula=f"与中位数相差不到{TENFOLD}倍；不是{FEWEST_ALIKE}个月以上全都相同", tolerance="人少的不查，见参考界限表“小基数”",
    exceptions="按季、按年集中发放的支出", severity=HINT, source="录入的经验：多打、少打一位数，抄了同一个数",
    look_up="民政统计月报、支付凭证", ask="这个月的数是不是录错了", since="2026-11-29",
)  # fmt: skip
def slips(facts: Facts) -> Iterator[Suspicion]:
    """A month ten times the others, or a tenth of them; months that are all the same."""
    small = facts.limit("small_number")
    for (programme, place), told in facts.by_month.items():
        for column in (column for column in ("people", "households", "amount") if column in told):
            months = told[column]
            unit = next(iter(months.values())).unit
            values = {month: facts.value(figure, unit) for month, figure in months.items()}
            usual = median(values.values())
            few = column != "amount" and small is not None and usual <= small.high
            if few or not usual or len(values) < SHOWN:
                continue
            odd = [m for m, v in values.items() if v and (v >= usual * TENFOLD or v * TENFOLD <= usual)]
            subject = Address.of(programme.code, column, place)
            for month in odd:
                yield facts.compared(f"{subject}.m{month:02}", months[month], computed=usual, unit=unit).told(
                    f"{facts.named(months[month])}，各月的中位数是{facts.shown(usual, unit)}",
                    "相差近10倍或更多，可能多打、少打了一位数，或单位不同",
                    "核对这个月的数字和单位；集中发放、补发的，写明",
                )
            if column != "amount" and len(values) >= FEWEST_ALIKE and len(set(values.values())) == 1:
                first, *others = months.values()
                yield facts.compared(f"{subject}.alike", first, *others).told(
                    f"{len(values)}个月的{MONTHLY_NOUNS[column]}都是{first.text}",
                    "人有进有出，每个月都一样不多见，可能抄了同一个数",
                    "查各月的台账；确实没有变动的，不必改",
                )


@rule(
    "M10", "月份齐全", compares="月报列出的月份，与本年度的各月", formula="每个月都有", tolerance="不适用", exceptions="没有月报",
    severity=HINT, source="缺了月份，月均和累计都不能算",
    look_up="民政统计月报", ask="缺的月份有没有数", since="2026-11-29",
)  # fmt: skip
def missing_months(facts: Facts) -> Iterator[Suspicion]:
    """Months that a programme's numbers lack, by what they count."""
    for (programme, place), told in facts.by_month.items():
        words = []
        for column, months in told.items():
            lacking = [month for month in facts.figures.year.settings.month_numbers if month not in months]
            if lacking:
                words.append(f"没有{'、'.join(f'{month}月' for month in lacking)}的{MONTHLY_NOUNS[column]}")
        if words:
            known = next(iter(next(iter(told.values())).values()))
            subject = Address.of(programme.code, place)
            yield Suspicion(subject, figures=(known,)).told(
                f"{_whose(facts, programme, place)}月报{'，'.join(words[:2])}",
                "缺了月份，月均和累计都不能算，也不能与报告核对",
                "补上缺的月份；当月没有人、没有支出的填0",
                *words[2:],
            )


def _whose(facts: Facts, programme: Programme, place: str) -> str:
    localities = facts.figures.year.registries.localities.values()
    return next((locality.name for locality in localities if locality.code == place), "") + programme.name


RULES = (
    averages, ends, person_months, money, flows, month_by_month, places, people_and_households, slips, missing_months,
    nested,
)  # fmt: skip
