"""From tables to figures: read, name, compute, and check that every name leads somewhere."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from evalbook.errors import InputError, Problem, Problems
from evalbook.figures.absence import absence_of
from evalbook.figures.figure import DIRECTIONS, Cell, Derivation, Figure, FigureSet, Input
from evalbook.figures.formula import UndefinedError, describe, evaluate, is_exact, references
from evalbook.figures.indicators import FAMILIES, Indicator, Inputs, changes
from evalbook.figures.names import remedy
from evalbook.figures.parts import of_parts
from evalbook.figures.relations import relation_problems
from evalbook.figures.units import UnitMismatchError, UnitSystem, unit_system
from evalbook.figures.watch import watched
from evalbook.schema import is_put_right
from evalbook.schema.address import Address
from evalbook.schema.text import quote
from evalbook.schema.vocabulary import CLAIM_PREFIX, RELATIONS
from evalbook.year import FiscalYear, contents_hash, newest_before, quantity, read_ledger, read_year, standing
from evalbook.year.project import named_otherwise

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from evalbook.figures.expression import Constant, Reference
    from evalbook.schema import TableData
    from evalbook.schema.table import Statement
    from evalbook.year import Settings

A_NAME = "表里某一行或某个指标的名称"
"""What is expected where a figure is named."""


COMPUTED = "（计算）"
"""Behind the name of an indicator whose own name a table uses already."""


def load(root: Path, year: int, edition: int | None = None) -> FigureSet:
    """Read a year and compute all its figures.

    Parameters
    ----------
    root
        The project.
    year
        Fiscal year; the year before is read too, for the changes, or else the newest earlier one, for its standards.
    edition
        Number of a released edition; the year's folder as it stands when left out.

    Returns
    -------
    FigureSet
        Every figure of the year.

    Raises
    ------
    InputError
        Everything that must be mended in the year's files.
    EvalbookError
        The year has no folder, or no such edition.
    """
    figures, problems, _ = examine(root, year, edition)
    if problems or figures is None:
        raise InputError(problems)
    found: FigureSet = watched(figures, year)
    return found


def examine(
    root: Path, year: int, edition: int | None = None, day: datetime.date | None = None
) -> tuple[FigureSet | None, tuple[Problem, ...], tuple[str, ...]]:
    """Read and compute a year without stopping at the first problem.

    Parameters
    ----------
    root, year, edition
        As of :func:`load`.
    day
        Of the edition that the folder is to become, of which the year before is taken as it had been released by then.

    Returns
    -------
    tuple of (FigureSet or None), tuple of Problem, tuple of str
        Figures as far as they could be computed, everything to mend, everything to know.
    """
    return _examined(root, year, edition, day, contents_hash(root, year))


@lru_cache(maxsize=64)
def _examined(
    root: Path, year: int, edition: int | None, day: datetime.date | None, _contents: str
) -> tuple[FigureSet | None, tuple[Problem, ...], tuple[str, ...]]:
    """Answer of :func:`examine` for the contents of the files; a build asks for each year many times."""
    reading = read_year(root, year, edition)
    if reading.year is None:
        return None, reading.problems, reading.notices
    before: FigureSet | None = None
    problems, notices, last = reading.problems, reading.notices, newest_before(root, year)
    settings = reading.year.settings
    own = {name: getattr(settings, name) for name in ("province", "county", "bureau")}
    if last is not None and (other := named_otherwise(root, last, own)):
        told = f"data/{last} 是{other}的，本年度是{settings.county}的，不是一个县，没有与它比较。不是本县的，请移走。"
        notices, last = (*notices, told), None
    if last is not None:
        earlier = read_year(root, last, _edition_of(root, last, reading.year, day))
        problems = (*earlier.problems, *problems)
        if earlier.year and not earlier.problems:  # without its own changes: nothing is computed from those
            before, _ = compute(earlier.year, None)
    if last is None or last == year - 1:
        figures, found = compute(reading.year, before)
        return figures, (*problems, *found), notices
    figures, found = compute(reading.year, None)
    gap = (
        f"没有上年（{year - 1}年度）的数据，与上年的比较都没有做；标准是否降低，与{last}年度比较。有上年数据的，补上"
        f"data/{year - 1}。"
    )
    return replace(figures, earlier=before), (*problems, *found), (*notices, gap)


def _edition_of(root: Path, last: int, year: FiscalYear, day: datetime.date | None) -> int | None:
    """Edition of an earlier year that was the newest when a year's own came, or comes, out; None for the year at hand.

    By the days of the editions, whenever they were released: what is computed while one is made and later must be one.
    """
    day = day or (year.released.date if year.released else None)
    if day is None:
        return None
    ledger, _ = read_ledger(root, last)
    stand = standing(ledger)
    earlier = [other.number for other in stand if other.date <= day]
    return max(earlier, default=stand[0].number) if stand else None


def compute(year: FiscalYear, before: FigureSet | None) -> tuple[FigureSet, tuple[Problem, ...]]:
    """Compute every figure of a year that was read.

    Returns
    -------
    tuple of FigureSet, tuple of Problem
        The figures, and names that lead nowhere or to two figures. An indicator whose name the county uses is called
        its 计算, and the county's number becomes a claim about it.
    """
    units = unit_system(tuple(year.registries.units.values()))
    problems: list[Problem] = []
    figures: dict[str, Figure] = {}
    labels: dict[str, Figure] = {}

    namesakes: list[tuple[Figure, Figure]] = []

    def meant(wrong: str) -> str:
        return remedy(wrong, labels, year.registries)

    def name(figure: Figure) -> None:
        if figure.address in figures:  # reported as a row that occurs twice
            return
        first = labels.get(figure.label)
        if first and isinstance(first.lineage, Cell) and isinstance(figure.lineage, Derivation):
            # A county's own name stays its own, whatever indicators a later version of the tool has.
            figure = replace(figure, label=f"{figure.label}{COMPUTED}")
            namesakes.append((first, figure))
        elif first and isinstance(figure.lineage, Cell):
            problems.append(_same_label(first, figure))
        figures[figure.address] = figure
        labels.setdefault(figure.label, figure)

    for data in year.tables.values():
        if data.table.states_figures and data.table.name != "claims":
            for row in data.every:
                for statement in data.table.statements(row):
                    name(stated(data, statement, year.settings))

    earlier = before.figures if before else {}
    inputs = Inputs(year, dict(figures), earlier, before.year if before else None)

    def lookup(reference: Reference) -> Figure | None:
        return (earlier if reference.year else figures).get(reference.address)

    definitions = []
    families = (family(inputs) for family in FAMILIES)
    for indicator in chain(*families, of_parts(figures, inputs), changes(figures, inputs)):
        name(computed(indicator, lookup, units, year.settings))
        if indicator.definition not in definitions:
            definitions.append(indicator.definition)

    problems += _name_claims(year, labels, name, units, meant)
    for own, figure in namesakes:
        if own.unit in units.alike(figure.unit):
            name(
                replace(own, address=Address.of("claims", figure.address), label=f"{CLAIM_PREFIX}{own.label}")
            )
    problems += _target_problems(year.tables["actions"], labels, meant)
    problems += _correct(year, figures, labels, units, meant)
    named = FigureSet(year, figures, tuple(definitions), labels)
    problems += relation_problems(year.tables["relations"], named, meant, A_NAME)
    problems += _unknown_evidence(year.tables["evidence"], named, meant)
    problems += _target_units(year, units)
    if all(data.complete for data in year.tables.values()):
        problems += _reference_problems(named, meant)
    return FigureSet(year, figures, tuple(definitions), labels, before), tuple(problems)


def _same_label(first: Figure, second: Figure) -> Problem:
    """Two stated figures of one name."""
    one, other = first.lineage, second.lineage
    assert isinstance(one, Cell)  # noqa: S101 - an indicator gives way
    assert isinstance(other, Cell)  # noqa: S101
    found = f"数字的名称“{first.label}”与{one.file} 第{one.row}行相同"
    expected = "一年之内每个数字的名称都不同"
    return Problem(other.file, other.row, "", found, expected, "改这一行的指标名称")


def stated(data: TableData, statement: Statement, settings: Settings) -> Figure:
    """Figure of a cell, with the digits that the file states."""
    row, column, value, symbol = statement.row, statement.column, statement.value, statement.symbol
    address, label, corrections = statement.address, statement.label, statement.corrections
    letter, text, source = data.letters[column.name], row.texts[column.name], row.said("source")
    lineage = Cell(data.file, row.number, letter, column.heading, text, source)
    note = row.said("note")
    if value is None or not symbol:
        absence = absence_of(settings, text)
        told = f"填的是“{absence}”" if text.strip() == absence else "没有填写"
        reason = f"{data.file} 第{row.number}行“{column.heading}”{told}"
        return Figure(
            address, label, None, symbol, "x", lineage, "", reason, note, corrections, absence=absence
        )
    flag = "r" if is_put_right(corrections) else row.said("flag")
    return Figure(address, label, value, symbol, flag, lineage, f"{value:f}", "", note, corrections)


def computed(
    indicator: Indicator,
    lookup: Callable[[Reference], Figure | None],
    units: UnitSystem,
    settings: Settings,
) -> Figure:
    """Figure of an indicator: its value or the reason why it has none, and how it was computed."""

    def label(reference: Reference) -> str:
        figure = lookup(reference)
        text = figure.label if figure else reference.label or reference.address
        return f"{reference.year}年度{text}" if reference.year else text

    def number(reference: Reference) -> str:
        figure = lookup(reference)
        return figure.text if figure and not reference.year else label(reference)

    def constant(part: Constant) -> str:
        return part.text

    named = {(r.address, r.year): Input(r.address, label(r), r.year) for r in references(indicator.formula)}
    lineage = Derivation(
        indicator.definition.code,
        indicator.formula,
        describe(indicator.formula, label, constant),
        describe(indicator.formula, number, constant),
        tuple(named.values()),
    )
    address, named_as, unit, note = indicator.address, indicator.label, indicator.unit, indicator.note
    try:
        value = units.value_in(evaluate(indicator.formula, lookup, units), unit)
    except (UndefinedError, UnitMismatchError) as error:
        absence = getattr(error, "absence", "") or absence_of(settings)
        return Figure(
            address, named_as, None, unit, "x", lineage, "", f"{error}，不能计算", note, absence=absence
        )
    rounded = units.display(value, unit)
    shown = value if is_exact(indicator.formula) and _digits(value) <= _digits(rounded) else rounded
    if not shown:
        shown = abs(shown)  # no "-0.00"
    flags = {figure.flag for r in references(indicator.formula) if (figure := lookup(r))}
    flag = next((flag for flag in "epr" if flag in flags), "")
    return Figure(address, named_as, value, unit, flag, lineage, f"{shown:f}", "", note)


def _digits(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)


def _name_claims(
    year: FiscalYear,
    labels: Mapping[str, Figure],
    name: Callable[[Figure], None],
    units: UnitSystem,
    meant: Callable[[str], str],
) -> Problems:
    """Name what the report states once more; for a figure of a table any unit will do, a check compares them."""
    data = year.tables["claims"]
    problems = Problems(data.file)
    for row in data.rows:
        measure = row.said("measure")
        ending = next((ending for ending in DIRECTIONS if measure.endswith(ending)), "")
        unsigned = measure.removesuffix(ending) + DIRECTIONS[ending][0] if ending else measure
        figure = labels.get(measure) or labels.get(unsigned)
        if figure is None:
            problems.add(row.number, "指标", f"没有名为“{measure}”的数字", A_NAME, meant(measure))
        elif isinstance(figure.lineage, Cell) or row.texts["unit"].strip() in units.alike(figure.unit):
            (own,) = data.table.statements(row)
            name(
                stated(data, replace(own, address=Address.of(data.table.name, figure.address)), year.settings)
            )
        else:
            found, expected = f"单位不对：写的是“{row.texts['unit']}”", f"能与“{figure.unit}”换算的单位"
            problems.add(row.number, "单位", found, expected, "核对指标和单位")
    return problems


def _correct(
    year: FiscalYear,
    figures: dict[str, Figure],
    labels: dict[str, Figure],
    units: UnitSystem,
    meant: Callable[[str], str],
) -> Problems:
    """Note what the edition says of indicators, whose values follow from their inputs: they must be those it states.

    Every table may be unread; then a name that is not found may be in it.
    """
    data = year.tables["corrections"]
    problems = Problems(data.file)
    stated = {correction for figure in figures.values() for correction in figure.corrections}
    for correction in year.corrections:
        figure = figures.get(correction.subject) or labels.get(correction.subject)
        if correction in stated or correction.of_text or (figure and isinstance(figure.lineage, Cell)):
            continue  # done, or does not fit its cell, which is a problem already
        if figure is None:
            if all(table.complete for table in year.tables.values() if table is not data):
                found = f"没有名为{quote(correction.subject)}的数字"
                problems.add(
                    correction.row, "对象", found, f"{A_NAME}，或一个文件", meant(correction.subject)
                )
            continue
        said = quantity(correction.corrected or correction.original, year.registries)
        rounded = units.display(figure.value, figure.unit) if figure.value is not None else None
        if said is None or said[1].symbol != figure.unit or said[0] not in {rounded, figure.value}:
            column = "更正值" if correction.corrected else "原值"
            unit = "单位不对：" if said and said[1].symbol != figure.unit else ""
            found = (
                f"{unit}写的是{quote(correction.corrected or correction.original)}，算出来是“{figure.text}”"
            )
            problems.add(correction.row, column, found, f"“{figure.text}”", "核对公式和数字")
            continue
        corrected = replace(figure, corrections=(*figure.corrections, correction))
        figures[figure.address] = labels[figure.label] = corrected
    return problems


def _target_problems(data: TableData, labels: Mapping[str, Figure], meant: Callable[[str], str]) -> Problems:
    """Numbers said to stand in a relation to a number that does not exist, to themselves, or in none."""
    problems = Problems(data.file)
    for row in data.every:
        target, relation = row.said("target"), row.said("relation")
        column, action = "所指", meant(target) if target and target not in labels else "核对名称"
        if target and (target not in labels or target == data.table.name_of(row)):
            found = f"写的是{quote(target)}，" + ("是这一行自己" if target in labels else "没有这个数字")
        elif target and not relation:
            column, found, action = "关系", "写了所指的数字，没有写是什么关系", "填写关系"
        elif relation == "分项" and not target:
            found, action = "写了“分项”，没有写是哪个数字的分项", "填写所指的数字的名称"
        elif relation and not target and row.programme is None:
            found, action = f"写了“{relation}”，没有写是与哪个数字", "填写所指的数字的名称，或填写项目"
        else:
            continue
        expected = "、".join(RELATIONS) if column == "关系" else A_NAME
        problems.add(row.number, column, found, expected, action)
    return problems


def _unknown_evidence(data: TableData, figures: FigureSet, meant: Callable[[str], str]) -> Problems:
    """Evidence that names no figure."""
    problems = Problems(data.file)
    for row in data.rows:
        name = row.said("figure")
        if name and figures.named(name) is None:
            problems.add(row.number, "数字", f"没有名为{quote(name)}的数字", A_NAME, meant(name))
    return problems


def _target_units(year: FiscalYear, units: UnitSystem) -> Problems:
    """Targets in a unit that their indicator is not measured in."""
    data = year.tables["targets"]
    problems = Problems(data.file)
    measured = {
        (framework.name, indicator.code): indicator.unit
        for framework in year.frameworks
        for indicator in framework.indicators
        if indicator.unit
    }
    for row in data.rows:
        unit = measured.get((row.said("framework"), row.said("indicator")))
        stated = row.unit
        if unit and stated and stated.symbol not in units.alike(unit):
            found, expected = f"写的是“{stated.symbol}”", f"能与“{unit}”换算的单位"
            problems.add(row.number, "单位", found, expected, "核对目标和单位")
    return problems


def _reference_problems(figures: FigureSet, meant: Callable[[str], str]) -> Iterator[Problem]:
    for narrative in figures.year.narrative.values():
        for reference in narrative.references():
            name = reference.name
            figure = figures.named(name)
            if figure is None:
                found, expected = f"引用了{quote(name)}，没有这个数字", A_NAME
                action = meant(name)
            elif figures.wrong_direction(name):
                found, expected = f"写的是“{name}”，实际是{figure.text}", "增减的方向与数字一致"
                action = "改写这句话"
            else:
                continue
            yield Problem(narrative.file, reference.line, "", found, expected, action)
