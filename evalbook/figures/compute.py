"""From tables to figures: read, name, compute, and check that every name leads somewhere."""

from __future__ import annotations

import difflib
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import InputError, Problem
from evalbook.figures.figure import Cell, Derivation, Figure, FigureSet, Input
from evalbook.figures.formula import (
    Constant,
    Reference,
    UndefinedError,
    describe,
    evaluate,
    is_exact,
    references,
)
from evalbook.figures.indicators import FAMILIES, Indicator, Inputs, changes
from evalbook.figures.units import UnitMismatchError, UnitSystem, unit_system
from evalbook.tables import FiscalYear, TableData, TableRow, Unit, read_year, years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

CLAIM_PREFIX = "报告所述"


def load(root: Path, year: int) -> FigureSet:
    """Read a year and compute all its figures.

    Parameters
    ----------
    root
        The project.
    year
        Fiscal year; the year before is read too when it has a folder, for the changes.

    Returns
    -------
    FigureSet
        Every figure of the year.

    Raises
    ------
    InputError
        Everything that must be mended in the year's files.
    EvalbookError
        The year has no folder.
    """
    figures, problems, _ = examine(root, year)
    if problems or figures is None:
        raise InputError(problems)
    return figures


def examine(root: Path, year: int) -> tuple[FigureSet | None, tuple[Problem, ...], tuple[str, ...]]:
    """Read and compute a year without stopping at the first problem.

    Returns
    -------
    tuple of (FigureSet or None), tuple of Problem, tuple of str
        Figures as far as they could be computed, everything to mend, everything to know.
    """
    reading = read_year(root, year)
    if reading.year is None:
        return None, reading.problems, reading.notices
    before: FigureSet | None = None
    earlier_problems: tuple[Problem, ...] = ()
    if year - 1 in years(root):
        before, earlier_problems, _ = examine(root, year - 1)
    figures, problems = _figures(reading.year, before)
    return figures, (*earlier_problems, *reading.problems, *problems), reading.notices


def _figures(year: FiscalYear, before: FigureSet | None) -> tuple[FigureSet, tuple[Problem, ...]]:
    units = unit_system(tuple(year.registries.units.values()))
    problems: list[Problem] = []
    figures: dict[str, Figure] = {}
    labels: dict[str, Figure] = {}

    def name(figure: Figure) -> None:
        if figure.address in figures:  # reported as a row that occurs twice
            return
        figures[figure.address] = figure
        if figure.label in labels and isinstance(figure.lineage, Cell):
            first = labels[figure.label].lineage
            where = f"{first.file} 第{first.row}行" if isinstance(first, Cell) else "计算的指标"
            problems.append(
                Problem(
                    figure.lineage.file,
                    figure.lineage.row,
                    "",
                    f"数字的名称“{figure.label}”与{where}相同",
                    "一年之内每个数字的名称都不同",
                    "改这一行的指标名称",
                )
            )
        labels.setdefault(figure.label, figure)

    for data in year.tables.values():
        if data.table.value and data.table.name != "claims":
            for row in data.rows:
                name(stated(data, row, data.table.full_address(row.cells), data.table.label(row.cells)))

    earlier = before.figures if before else {}
    inputs = Inputs(year, dict(figures), earlier, before.year.settings.year if before else 0)

    def lookup(reference: Reference) -> Figure | None:
        return (earlier if reference.year else figures).get(reference.address)

    definitions = []
    families = (family(inputs) for family in FAMILIES)
    for indicator in chain(*families, changes(figures, inputs)):
        name(computed(indicator, lookup, units))
        if indicator.definition not in definitions:
            definitions.append(indicator.definition)

    problems += _name_claims(year.tables["claims"], labels, name, units)
    if all(data.complete for data in year.tables.values()):
        problems += _unknown_references(year, labels)
    return FigureSet(year, figures, tuple(definitions), labels), tuple(problems)


def stated(data: TableData, row: TableRow, address: str, label: str) -> Figure:
    """Figure of a table row, with the digits that the file states."""
    column = data.table.column(data.table.value)
    value, unit = row.cells[column.name], row.cells["unit"]
    lineage = Cell(
        data.file,
        row.number,
        data.letters[column.name],
        column.heading,
        row.texts[column.name],
        str(row.cells["source"] or ""),
    )
    note = str(row.cells["note"] or "")
    if not isinstance(value, Decimal) or not isinstance(unit, Unit):
        symbol = unit.symbol if isinstance(unit, Unit) else ""
        reason = f"{data.file} 第{row.number}行“{column.heading}”没有填写"
        return Figure(address, label, None, symbol, "x", lineage, "", reason, note)
    flag = str(row.cells["flag"] or "")
    return Figure(address, label, value, unit.symbol, flag, lineage, f"{value:f}", "", note)


def computed(indicator: Indicator, lookup: Callable[[Reference], Figure | None], units: UnitSystem) -> Figure:
    """Figure of an indicator: its value or the reason why it has none, and how it was computed."""

    def label(reference: Reference) -> str:
        figure = lookup(reference)
        text = figure.label if figure else reference.label or reference.address
        return f"{reference.year}年度{text}" if reference.year else text

    def number(reference: Reference) -> str:
        figure = lookup(reference)
        return figure.text if figure and not reference.year else label(reference)

    def constant(part: Constant) -> str:
        return f"{part.value}{'个月' if part.unit == '月' else part.unit}"

    named = {(r.address, r.year): Input(r.address, label(r), r.year) for r in references(indicator.formula)}
    lineage = Derivation(
        indicator.definition.code,
        indicator.formula,
        describe(indicator.formula, label, constant),
        describe(indicator.formula, number, constant),
        tuple(named.values()),
    )
    try:
        value = units.value_in(evaluate(indicator.formula, lookup, units), indicator.unit)
    except UndefinedError as error:
        return Figure(
            indicator.address, indicator.label, None, indicator.unit, "x", lineage, "", f"{error}，不能计算"
        )
    except UnitMismatchError as error:
        return Figure(
            indicator.address, indicator.label, None, indicator.unit, "x", lineage, "", f"{error}，不能计算"
        )
    rounded = units.display(value, indicator.unit)
    shown = value if is_exact(indicator.formula) and _digits(value) <= _digits(rounded) else rounded
    flags = {figure.flag for r in references(indicator.formula) if (figure := lookup(r))}
    flag = next((flag for flag in "epr" if flag in flags), "")
    return Figure(indicator.address, indicator.label, value, indicator.unit, flag, lineage, f"{shown:f}")


def _digits(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)


def _name_claims(
    data: TableData, labels: Mapping[str, Figure], name: Callable[[Figure], None], units: UnitSystem
) -> Iterable[Problem]:
    problems = []
    for row in data.rows:
        measure = str(row.cells["measure"])
        figure = labels.get(measure)
        if figure is None or isinstance(figure.lineage, Cell):
            problems.append(
                Problem(
                    data.file,
                    row.number,
                    "指标",
                    f"没有名为“{measure}”的计算指标",
                    "指标附录里某个指标的名称",
                    f"核对名称{_suggest(measure, labels)}",
                )
            )
        elif row.texts["unit"].strip() not in units.alike(figure.unit):
            problems.append(
                Problem(
                    data.file,
                    row.number,
                    "单位",
                    f"写的是“{row.texts['unit']}”",
                    f"能与“{figure.unit}”换算的单位",
                    "核对指标和单位",
                )
            )
        else:
            name(stated(data, row, f"{data.table.name}.{figure.address}", f"{CLAIM_PREFIX}{measure}"))
    return problems


def _unknown_references(year: FiscalYear, labels: Mapping[str, Figure]) -> list[Problem]:
    folder = f"data/{year.settings.year}/narrative"
    return [
        Problem(
            f"{folder}/{narrative.name}.md",
            reference.line,
            "",
            f"引用了“{reference.name}”，没有这个数字",
            "表里某一行或某个指标的名称",
            f"核对名称{_suggest(reference.name, labels)}",
        )
        for narrative in year.narrative.values()
        for reference in narrative.references()
        if reference.name not in labels
    ]


def _suggest(name: str, labels: Iterable[str]) -> str:
    similar = difflib.get_close_matches(name, list(labels), n=2, cutoff=0.5)
    return f"；是不是“{'”或“'.join(similar)}”" if similar else "，或先在表里补上这一行"
