"""Rows of the year's tables with what pages and charts show of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures.indicators import NOT_DIVIDED
from evalbook.schema.address import Address
from evalbook.schema.vocabulary import CLAIM_PREFIX, LEVEL_ORDER

if TYPE_CHECKING:
    from evalbook.figures import Figure, FigureSet
    from evalbook.schema import TableRow, Unit


def stated(figures: FigureSet, table: str) -> list[tuple[TableRow, Figure]]:
    """Rows of a table, each with the figure that it states."""
    data = figures.year.tables[table]
    return [(row, figures.figures[data.table.address(row)]) for row in data.rows]


def funds_by_level(figures: FigureSet) -> list[tuple[str, TableRow, Figure]]:
    """Funds granted with the code of their level, the highest level first."""
    listed = [(row.level, row, figure) for row, figure in stated(figures, "funds") if not row.said("aspect")]
    return sorted(listed, key=lambda item: LEVEL_ORDER.index(item[0]))


def areas(figures: FigureSet) -> list[tuple[str, Address]]:
    """Names of the areas whose funds are told apart, each with the beginning of its addresses."""
    funds = (figure for figure in figures.of_definition("area") if figure.address.last == "funds")
    apart = (figure for figure in funds if figure.value is not None or NOT_DIVIDED not in figure.reason)
    return [(f.label.removesuffix("领域资金"), Address(f.address.removesuffix(".funds"))) for f in apart]


def claims(figures: FigureSet) -> list[tuple[str, Figure, Figure]]:
    """Figures that the signed report restates: name, what it states, and what was computed from its items."""
    listed = [(claim, claim.address.within) for claim in figures.of_table("claims")]
    return [(c.label.removeprefix(CLAIM_PREFIX), c, figures.figures[address]) for c, address in listed]


def unit_of(row: TableRow) -> Unit:
    """Unit of a row whose table has one in every row."""
    assert row.unit is not None  # noqa: S101 - reading the table has refused a row without
    return row.unit
