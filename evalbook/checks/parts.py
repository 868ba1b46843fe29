"""Places, other months and cross tables: what is told of parts against what is told of the whole."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from evalbook.checks.claims import ROUNDING, contradicted
from evalbook.checks.finding import DOUBT, ERROR, Place, Suspicion, rule
from evalbook.checks.people import unequal
from evalbook.figures import Derivation
from evalbook.schema.vocabulary import CARE_LEVELS, FORM_PAIRS, REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Part, TableRow

ARITHMETIC = "算术关系：总数等于各部分之和，部分不大于总数"
EVERYBODY = {"care": (CARE_LEVELS,), "region": (tuple(REGIONS),), "form": FORM_PAIRS}
"""Words of a column that together are everybody."""

FLOWS = frozenset({"按月累计", "按次累计", "全年累计"})
"""Countings of what adds up over the months."""


@rule(
    "D1", "各地区之和与总数", compares="全县（全市）的人数、资金、支出，与各乡镇（县区）的同一数字之和",
    formula="总数＝Σ地区；地区没有列全的，总数≥Σ地区", tolerance=ROUNDING,
    exceptions="口径、单位不同；地区没有列全又没有超过的。列全与否，看登记的地区和别的数字", severity=ERROR, source=ARITHMETIC,
    look_up="各乡镇（县区）上报的表", ask="各地区列全了没有，县里自己的列在哪里", since="2026-11-29",
)  # fmt: skip
def places_and_whole(facts: Facts) -> Iterator[Suspicion]:
    """A whole that is less than its places, or more although all places are told."""
    yield from contradicted(facts, "places.")
    sums = [
        (total, whole, members)
        for total in facts.figures.of_definition("places")
        if total.value is not None
        for members in [_members(facts, total)]
        if (whole := _whole(facts, members[0])) is not None
    ]
    fitting = {
        frozenset(figure.address.part for figure in members)
        for total, whole, members in sums
        if facts.span(total).meets(facts.span(whole, total.unit)) and total.value
    }
    for total, whole, members in sums:
        told, stated = facts.span(total), facts.cut_span(whole, total.unit)
        places = frozenset(figure.address.part for figure in members)
        value, gap = (facts.value(total, whole.unit), facts.value(whole) - facts.value(total, whole.unit))
        gap_text = facts.shown(abs(gap), whole.unit)
        pair = facts.compared(whole.address, whole, total, computed=value)
        if stated.below(told) or (told.below(stated) and places in fitting):
            yield replace(pair, suspects=(whole.address,)).told(
                f"{facts.named(whole)}，{len(members)}个地区相加是{facts.shown(value, whole.unit)}，"
                f"{'少' if gap < 0 else '多'}{gap_text}",
                "总数应当等于各地区之和" if gap > 0 else "总数不会小于各地区之和",
                "核对总数和每个地区的数字；还有别的地区、本级的，补列",
            )
        elif told.below(stated) and _complete(facts, members):
            yield replace(pair, severity=DOUBT).told(
                f"{facts.named(whole)}，登记的{len(members)}个地区相加是{facts.shown(value, whole.unit)}，少{gap_text}",
                "登记的地区都列了，合计还少；可能有地区没有登记，也可能有数字写错",
                "核对总数和每个地区的数字；还有别的地区、本级的，登记后补列",
            )
    for member in (
        one for family in ("people", "spending", "funds") for one in facts.figures.of_table(family)
    ):
        whole = _whole(facts, member) if member.value is not None else None
        summed = whole and facts.get("places", whole.address)
        if whole and not summed and facts.below(whole, member, whole.unit):
            yield facts.compared(member.address, member, whole).told(
                f"{facts.named(member)}，大于{facts.named(whole)}",
                "一个地区的数不会大于它所属的地区的",
                "核对两个数字和地区",
            )


def _whole(facts: Facts, member: Figure) -> Figure | None:
    """The same number, counted in the same way, of what a place is part of."""
    localities = facts.figures.year.registries.localities
    part = next((part for part in facts.figures.year.parts if part.code == member.address.part), None)
    if part is None or part.locality is None:
        return None
    above = replace(part, locality=localities.get(part.locality.parent))
    figure = facts.figures.by_label.get(f"{above.name}{member.label.removeprefix(part.name)}")
    known = figure is not None and figure.value is not None
    return figure if figure and known and facts.alike(figure.unit, member.unit) else None


def _members(facts: Facts, total: Figure) -> tuple[Figure, ...]:
    inputs = total.lineage.inputs if isinstance(total.lineage, Derivation) else ()
    return tuple(facts.figures.figures[given.address] for given in inputs)


def _complete(facts: Facts, members: Iterable[Figure]) -> bool:
    """Whether the members are all registered places that are part of the same place, at one level."""
    localities = facts.figures.year.registries.localities.values()
    codes = {part for figure in members for part in figure.address.part.split(".") if part.startswith("at_")}
    told = [locality for locality in localities if locality.code in codes]
    return all(other in told for other in localities if any(other.parent == one.parent for one in told))


@rule(
    "D2", "交叉分项之和", compares="分形式、护理等级、档次、城乡的人数和支出，与再细分的各项之和",
    formula="总数＝Σ细分；细分没有列全的，总数≥Σ细分", tolerance=ROUNDING,
    exceptions="口径、单位不同；只有一种分法的总数，由T1、X5、X7、X14检查", severity=ERROR, source=ARITHMETIC,
    look_up="台账的交叉分类表", ask="细分列全了没有", since="2026-11-29",
)  # fmt: skip
def cross_tables(facts: Facts) -> Iterator[Suspicion]:
    """A row of a cross table that is not the sum of its cells."""
    for table in ("people", "spending"):
        rows = list(facts.stated(table))
        for row, whole in rows:
            for column, cells in _finer(row, rows).items():
                if table == "people" and not row.splits and column != "region":
                    continue
                parts = tuple(figure for _, figure in cells)
                if not all(facts.alike(part.unit, whole.unit) for part in parts):
                    continue
                told, stated = facts.total(parts, whole.unit), facts.cut_span(whole)
                said = {cell.said(column) for cell, _ in cells}
                every = any(said == {*words} for words in EVERYBODY.get(column, ()))
                if stated.below(told) or (every and told.below(stated)):
                    yield unequal(facts, whole, parts, f"{whole.address}.{column}")


def _finer(
    row: TableRow, rows: Iterable[tuple[TableRow, Figure]]
) -> dict[str, list[tuple[TableRow, Figure]]]:
    """Rows that say one column more than a row and agree with it in all else, by that column."""
    found: dict[str, list[tuple[TableRow, Figure]]] = {}
    for other, figure in rows:
        more = other.splits.keys() - row.splits.keys()
        same = all(other.said(name) == row.said(name) for name in ("aspect", "counting", *row.splits))
        if (
            other.programme == row.programme
            and same
            and len(more) == 1
            and len(other.splits) == len(row.splits) + 1
        ):
            found.setdefault(next(iter(more)), []).append((other, figure))
    return found


@rule(
    "D3", "各时期的累计数", compares="同一支出（累计的人次、户次）在长短不同的时期里的数",
    formula="短的时期≤包括它的长的时期；列全的各时期之和＝全年",
    tolerance=ROUNDING, exceptions="月均、期末的人数", severity=ERROR, source=ARITHMETIC,
    look_up="各季度的报表", ask="各时期的数是当期数还是累计数", since="2026-11-29",
)  # fmt: skip
def periods(facts: Facts) -> Iterator[Suspicion]:
    """Money or cases of some months beyond those of more months, and months that do not add up to the year."""
    settings = facts.figures.year.settings
    year = range(settings.period_start.month, settings.period_end.month + 1)
    parts = {part.code: part for part in facts.figures.year.parts}
    flows: dict[tuple[str, str], dict[range, Figure]] = {}
    for figure in facts.figures.figures.values():
        row = facts.row_of(figure) if figure.address.family in {"spending", "people"} else None
        if row is None or figure.value is None or row.said("counting") not in {"", *FLOWS}:
            continue
        part = parts.get(figure.address.part)
        if part is None or part.period is None or part.period.year is None:
            place = part.locality.code if part and part.locality else ""
            months = range(part.period.first, part.period.last + 1) if part and part.period else year
            flows.setdefault((figure.address.of_whole, place), {})[months] = figure
    for told in flows.values():
        for (short, one), (long, other) in _within(told):
            if facts.below(other, one, one.unit) and facts.alike(one.unit, other.unit):
                yield facts.compared(one.address, one, other, suspects=[]).told(
                    f"{facts.named(one)}，大于{facts.named(other)}",
                    f"{len(short)}个月的累计数不会大于包括它在内的{len(long)}个月的",
                    "核对两个数字和各自的时期",
                )
        chain = _chain({months: figure for months, figure in told.items() if months != year}, year)
        if year in told and chain:
            figures = tuple(told[months] for months in chain)
            if not facts.cut_span(told[year]).meets(facts.total(figures, told[year].unit)):
                yield unequal(facts, told[year], figures, f"{told[year].address}.periods")


def _within(told: dict[range, Figure]) -> Iterator[tuple[tuple[range, Figure], tuple[range, Figure]]]:
    """Pairs of periods of which the first lies within the second."""
    for pair in combinations(told.items(), 2):
        (short, one), (long, other) = sorted(pair, key=lambda item: len(item[0]))
        if set(short) < set(long):
            yield (short, one), (long, other)


def _chain(told: dict[range, Figure], year: range) -> list[range]:
    """Periods that follow each other and make up the year; none where there are no such."""
    if not year:
        return []
    for months in sorted(told, key=len):
        rest = range(months.stop, year.stop)
        if months.start == year.start and months.stop <= year.stop:
            following = _chain(told, rest)
            if following or not rest:
                return [months, *following]
    return []


@rule(
    "D4", "报告日期不早于截止日期", compares="报告的日期与它所说的时期的最后一天", formula="报告日期≥截止日期",
    tolerance="不适用", exceptions="没有报告日期的", severity=DOUBT, source="算术关系：没有过完的时期，累计数还不是最后的数",
    look_up="签发稿", ask="报告是哪一天写成的，截止日期以后的数是不是预计的", since="2026-11-29",
)  # fmt: skip
def dated_early(facts: Facts) -> Iterator[Suspicion]:
    """A report dated before its period has ended."""
    settings = facts.figures.year.settings
    if settings.report_date and settings.report_date < settings.period_end:
        place = Place(f"data/{settings.year}/year.yml", 0, f"{settings.report_date}")
        yield Suspicion("report_date", places=(place,)).told(
            f"报告日期{settings.report_date}，早于截止日期{settings.period_end}",
            "写报告的时候这个时期还没有过完，数字可能只到报告日期，也可能日期写错",
            "核对两个日期；数字只统计到某月的，把截止日期改成那个月的最后一天；确是提前写的，说明数字到哪一天为止",
        )


def within_part(suspicion: Suspicion, part: Part) -> bool:
    """Whether what was found in a part is about a figure of its own, and not about what holds there too."""
    return any(figure.address.part == part.code for figure in suspicion.figures)


RULES = (places_and_whole, cross_tables, periods, dated_early)
