"""Numbers of people so small that they tell who it is, stated or left by subtraction.

统计法 art. 25 (2009), art. 28 (2024): nothing from which one respondent can be recognised or inferred. No law gives
a number; one and two are this project's rule.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.figures import Cell, Derivation, Figure, FigureSet
from evalbook.privacy.hit import SMALL_COUNT, Hit
from evalbook.schema.vocabulary import CARE_LEVELS, FORM_PAIRS, TIERS
from evalbook.year.tables import COUNT_NOUNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.schema import TableRow

LIMIT = 2
"""Largest number of people that is small."""
COUNTED_IN = {"人数": "人", "户数": "户", "人次": "人次", "户次": "户次"}
"""Categories of units that count people in need, with the unit of one."""
BREAKDOWNS = (*FORM_PAIRS, CARE_LEVELS, tuple(TIERS))
"""Forms of support that part the people of a programme, each group by itself."""

Breakdown = tuple[Figure, tuple[Figure, ...]]
"""A number, and numbers that are parts of it."""


def small_counts(figures: FigureSet, limit: int = LIMIT) -> tuple[Hit, ...]:
    """Find the cells that show so few people, or leave so few by subtraction, that one could tell who it is.

    Numbers of people are those of the tables 保障对象 and 月报, and those of 年度工作 that belong to a programme or are part of
    another number; staff, offices and places are not people in need.

    Parameters
    ----------
    figures
        A year's.
    limit
        Largest number of people that is small. Nobody (0) and 缺 are no small numbers.

    Returns
    -------
    tuple of Hit
        Cells of the year's tables. Beside a small part of a stated total stands a second one: without it the
        first could be had by subtraction.
    """
    few = {figure.address for figure in _counted(figures) if 0 < _people(figures, figure) <= limit}
    remedy = "与别的数字合并，或不列这个数：人太少，看得出是谁"
    hits = {_hit(figures.figures[address], f"不超过{limit}", remedy) for address in few}
    for whole, parts in _breakdowns(figures):
        alike = [part for part in parts if _is_like(figures, part, whole)]
        rest = _people(figures, whole) - sum((_people(figures, part) for part in alike), Decimal(0))
        names = "、".join(_place(part) for part in alike)
        if alike and 0 < rest <= limit:
            remedy = f"把这个数或{names}与别的数字合并，或不列其中一个：相减就看得出其余的人"
            # A computed total has no cell of its own.
            shown = whole if isinstance(whole.lineage, Cell) else alike[0]
            hits.add(_hit(shown, f"减去各部分，剩下不超过{limit}", remedy))
        small = [part for part in alike if part.address in few]
        others = [part for part in alike if part.address not in few and part.value]
        if len(small) == 1 and others:
            second = min(others, key=lambda part: (_people(figures, part), part.address))
            remedy = (
                f"与{_place(small[0])}合并成一个数，或两个都不列：只删一个，由{_place(whole)}相减仍看得出"
            )
            hits.add(_hit(second, f"与总数相减，得出不超过{limit}的数", remedy))
    return tuple(sorted(hits))


def _hit(figure: Figure, masked: str, remedy: str) -> Hit:
    cell = figure.lineage
    if not isinstance(cell, Cell):
        raise TypeError(f"{figure.address} is stated by no table")
    return Hit(cell.file, cell.row, cell.column, SMALL_COUNT, masked, remedy)


def _place(figure: Figure) -> str:
    """Where a number stands, as a person finds it."""
    cell = figure.lineage
    place = f"（{cell.file} 第{cell.row}行）" if isinstance(cell, Cell) else ""
    return f"“{figure.label}”{place}"


def _category(figures: FigureSet, figure: Figure) -> str:
    unit = figures.year.registries.units.get(figure.unit)
    return unit.category if unit else ""


def _people(figures: FigureSet, figure: Figure) -> Decimal:
    """Number of people, households or cases; 0 when it is missing or counts something else."""
    unit = COUNTED_IN.get(_category(figures, figure))
    if unit is None or figure.value is None:
        return Decimal(0)
    return figures.units.convert(figure.value, figure.unit, unit)


def _stated(figures: FigureSet, table: str) -> list[tuple[TableRow, Figure]]:
    """Rows of a table, each with the number that it states."""
    data = figures.year.tables[table]
    return [(row, figures.figures[data.table.address(row)]) for row in data.rows]


def _counted(figures: FigureSet) -> Iterator[Figure]:
    """Every stated number that counts people in need."""
    yield from figures.of_table("people")
    yield from figures.of_table("monthly")
    for row, figure in _stated(figures, "actions"):
        if row.programme or row.said("relation") in {"其中", "分项"}:
            yield figure


def _is_like(figures: FigureSet, part: Figure, whole: Figure) -> bool:
    """Whether a part can be taken from its whole: both known, counting the same."""
    category, known = _category(figures, whole), part.value is not None and whole.value is not None
    return known and category in COUNTED_IN and category == _category(figures, part)


def _breakdowns(figures: FigureSet) -> Iterator[Breakdown]:
    """Numbers with their parts: by form, by programme, and as the year's work relates them."""
    people = _stated(figures, "people")
    stated: dict[tuple[str, str, str], dict[str, Figure]] = defaultdict(dict)
    for row, figure in people:
        place = (row.programme_name, row.said("counting"), row.said("aspect"))
        stated[place]["".join(row.splits.values())] = figure
    for (name, counting, aspect), forms in stated.items():
        if whole := forms.get(""):
            for group in BREAKDOWNS:
                yield whole, tuple(forms[form] for form in group if form in forms)
            children = figures.year.registries.children(figures.year.registries.programmes[name])
            within = [stated.get((child.name, counting, aspect), {}) for child in children]
            yield whole, tuple(part for parts in within for part in _number_of(parts))
    for total in figures.of_definition("places"):
        if whole := figures.figures.get(total.address.within):
            inputs = total.lineage.inputs if isinstance(total.lineage, Derivation) else ()
            yield whole, tuple(figures.figures[given.address] for given in inputs)
    for row, part in people:
        if row.said("within"):
            yield from ((whole, (part,)) for whole in _numbers(figures, row.said("within"), part))
    yield from _related(figures)


def _number_of(forms: dict[str, Figure]) -> tuple[Figure, ...]:
    """What states a programme's number: its own row, or the rows of its forms."""
    if "" in forms:
        return (forms[""],)
    given = (tuple(forms[form] for form in group if form in forms) for group in BREAKDOWNS)
    return next(filter(None, given), ())


def _numbers(figures: FigureSet, programme: str, part: Figure) -> Iterator[Figure]:
    """Numbers of a programme of which a number of the same kind may be a part."""
    noun = COUNT_NOUNS.get(_category(figures, part))
    for row, figure in _stated(figures, "people"):
        main = not row.splits and row.said("aspect") in {"", noun}
        if main and row.programme_name == programme and figure != part:
            yield figure


def _related(figures: FigureSet) -> Iterator[Breakdown]:
    components: dict[str, list[Figure]] = defaultdict(list)
    for row, part in _stated(figures, "actions"):
        relation = row.said("relation")
        target = figures.named(row.said("target"))
        if relation == "分项" and target:
            components[target.address].append(part)
        elif relation == "其中":
            wholes = [target] if target else _numbers(figures, row.programme_name, part)
            yield from ((whole, (part,)) for whole in wholes)
    yield from ((figures.figures[address], tuple(parts)) for address, parts in components.items())
