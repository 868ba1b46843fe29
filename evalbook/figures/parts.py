"""Indicators of places and of other months: each part of a year computed as if it were the whole, and places added up."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from evalbook.figures.expression import Converted, Reference, Sum, redirected
from evalbook.figures.figure import INHERITED
from evalbook.figures.formula import references
from evalbook.figures.indicators import (
    FAMILIES,
    PLACES_TOTAL,
    Indicator,
    Inputs,
    area_total,
    countings,
    funds_share,
    member,
    month_level,
)
from evalbook.schema.address import Address
from evalbook.schema.table import Part
from evalbook.year import lenders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalbook.figures.figure import Figure

OF_THE_WHOLE = (funds_share, area_total, month_level)
"""Families that say how the whole is made up, or so much that of every part it would be too much."""

ADDED = frozenset({"funds", "spending", "people", "headcount"})
"""Families whose figures of several places can be added; totals of money are of what each place lists, which may differ."""


def of_parts(figures: Mapping[str, Figure], inputs: Inputs) -> Iterator[Indicator]:
    """Indicators of every part whose figures are all there, and the sums over places.

    Parameters
    ----------
    figures
        All figures so far, to which the caller adds each indicator as it comes.
    inputs
        Of the whole year.
    """
    for part in inputs.year.parts:
        yield from _of_part(figures, inputs, part)
    yield from _places_total(figures, inputs)


def _of_part(figures: Mapping[str, Figure], inputs: Inputs, part: Part) -> Iterator[Indicator]:
    seen = inputs.year.seen_as(part)

    lent = [lender.code for lender in lenders(part)]

    def own(address: Address) -> Address:
        """Address of a figure of the part, or of the one that holds for it too."""
        codes = (part.code, *(lent if address.family in INHERITED else ()))
        given = [Address.of(address, code) for code in codes]
        return next((found for found in given if found in figures), given[0])

    rows = ((data.table, row) for data in seen.tables.values() for row in data.rows)
    addresses = [s.address for table, row in rows if table.states_figures for s in table.statements(row)]
    stated: dict[str, Figure] = {
        address: figures[own(address)] for address in addresses if own(address) in figures
    }
    view = Inputs(seen, stated, {}, None)
    for indicator in chain.from_iterable(family(view) for family in FAMILIES if family not in OF_THE_WHOLE):
        formula = redirected(
            indicator.formula, lambda reference: replace(reference, address=own(reference.address))
        )
        given = [reference.address for reference in references(formula)]
        # What the part does not tell is no lack of its own: the whole tells it, or nobody asked.
        if all(address in figures for address in given) and any(a.part == part.code for a in given):
            address = Address.of(indicator.address, part.code)
            yield replace(indicator, address=address, label=f"{part.name}{indicator.label}", formula=formula)


def _places_total(figures: Mapping[str, Figure], inputs: Inputs) -> Iterator[Indicator]:
    """Sum of the same figure over all places that are part of one place, or of the whole."""
    localities = inputs.year.registries.localities
    parts = {part.code: part for part in inputs.year.parts}
    groups: dict[tuple[Address, Part], list[tuple[str, Figure]]] = {}
    for figure in figures.values():
        part = parts.get(figure.address.part)
        if part and part.locality and figure.address.family in ADDED:
            whole = Part(localities.get(part.locality.parent), part.period)
            label = figure.label.removeprefix(part.name)
            groups.setdefault((figure.address.of_whole, whole), []).append((label, figure))
    counted = countings(inputs.year)
    for (address, whole), members in groups.items():
        if len(members) > 1:
            ways = {counted[figure.address] for _, figure in members if figure.address in counted}
            mixed = f"各地区的口径不同（{'、'.join(sorted(ways))}），不能相加" if len(ways) > 1 else ""
            label, first = members[0]
            terms = tuple(Converted(Reference(figure.address), first.unit) for _, figure in members)
            formula = Sum((), mixed) if mixed else Sum(terms)
            key, name = Address.of(address, whole.code), f"{whole.name}各地区{label}合计"
            yield member(PLACES_TOTAL, key, name, formula, unit=first.unit)
