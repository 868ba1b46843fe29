"""Annexes of a year: the indicators, the lineage of every figure, and the tables as they were entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures import Cell, Derivation, Figure, FigureSet
from evalbook.figures.formula import describe
from evalbook.figures.indicators import MONTH_LEVEL
from evalbook.render.corrections import doubted, figure_facts
from evalbook.render.findings import finding_label, published, withheld
from evalbook.render.markdown import (
    Block,
    Numeric,
    block_table,
    escape,
    joined,
    link,
    number,
    reference,
    table,
    with_status,
)
from evalbook.schema.address import Address
from evalbook.schema.reader import read_table
from evalbook.scoring import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalbook.checks import Findings
    from evalbook.figures import Definition
    from evalbook.figures.expression import Reference
    from evalbook.render.page import Page
    from evalbook.schema import TableData, TableRow
    from evalbook.schema.table import Column


def figure_label(year: int, address: str) -> str:
    """Cross-reference label of a figure's lineage."""
    return f"figure-{year}-{address}"


def row_label(year: int, table_name: str, row: int) -> str:
    """Cross-reference label of a row of a source table."""
    return f"cell-{year}-{table_name}-{row}"


def method_label(code: str) -> str:
    """Cross-reference label of a family's card on the method page."""
    return f"method-{code}"


def formula(figures: FigureSet, derivation: Derivation, *, values: bool) -> str:
    """Write a formula in Markdown, each figure a link to its lineage; other years' figures by name only."""

    def leaf(part: Reference) -> str:
        given = next(i for i in derivation.inputs if (i.address, i.year) == (part.address, part.year))
        if part.year:
            return f"{{figure}}`{given.label} <{part.year}/{part.address}>`"
        figure = figures.figures.get(part.address)
        if figure is None:
            return escape(given.label)
        return reference(figure, None if values else figure.label)

    return describe(derivation.expression, leaf, lambda constant: escape(constant.text))


def indicator_cards(page: Page) -> Block:
    """Every family of indicators with this year's values; what the family means is on the method page."""
    return Block(joined(*(_card(page.figures, definition) for definition in page.figures.definitions)))


def _card(figures: FigureSet, definition: Definition) -> str:
    rows = []
    for figure in figures.of_definition(definition.code):
        derived = figure.lineage if isinstance(figure.lineage, Derivation) else None
        told = formula(figures, derived, values=False) if derived else "—"
        name = f"{escape(figure.label)} `{figure.address}`"
        rows.append((name, number(figures, figure.address), escape(figure.unit), told))
    return joined(
        f"## {escape(definition.title)}",
        escape(definition.meaning) + link("单位、公式和依据", method_label(definition.code)),
        table(escape(definition.title), ("指标", Numeric("数值"), "单位", "公式"), rows, "wide formulas"),
    )


def lineage(page: Page) -> Block:
    """Lineage of every figure: the cell that it was read from, or the formula and its inputs."""
    figures, findings = page.figures, evaluate(page.figures).findings
    numbers, year = findings.numbers, figures.year.settings.year
    found = {}
    for address, concerned in findings.by_address.items():
        links = (link(f"第{numbers[f.stem]}条 {f.rule.title}", finding_label(year, f)) for f in concerned)
        found[address] = "、".join(links)
    data = figures.year.tables.values()
    tables = ((d.table.title, figures.of_table(d.table.name)) for d in data if not d.table.measures)
    families = (
        (family.title, figures.of_definition(family.code))
        for family in figures.definitions
        if family is not MONTH_LEVEL
    )
    listed = (section for section in (*tables, *families) if section[1])
    by_month = (_measures_section(findings, d, found) for d in data if d.table.measures and d.every)
    return Block(joined(*(_lineage_section(findings, *section, found) for section in listed), *by_month))


def _measures_section(findings: Findings, data: TableData, found: Mapping[str, str]) -> str:
    """Lineage of a table whose rows state several figures, a line for each row: one entry a figure would be hundreds."""
    figures, year = findings.figures, findings.figures.year.settings.year
    groups: dict[str, list[TableRow]] = {}
    for row in published(data):
        groups.setdefault(f"{row.part.name}{row.programme_name}", []).append(row)

    def cell(figure: Figure | None) -> str:
        if figure is None:
            return "—"
        return f"({figure_label(year, figure.address)})=\n{_number(figures, figure)}"

    tables = []
    for name, rows in groups.items():
        given = {row.number: {s.column.name: s for s in data.table.statements(row)} for row in rows}
        columns = [c for c in data.table.values if any(c in told for told in given.values())]
        lines = []
        for row in rows:
            told = {column: figures.figures[s.address] for column, s in given[row.number].items()}
            level = figures.figures.get(Address.of(MONTH_LEVEL.code, data.table.codes(row, data.table.key)))
            every = (*told.values(), *([level] if level else []))
            place = link(f"第{row.number}行", row_label(year, data.table.name, row.number))
            facts = [
                fact
                for figure in every
                for fact in (*figure_facts(figures, findings, figure), found.get(figure.address, ""))
                if fact
            ]
            source = "；".join(escape(row.said(c)) for c in ("source", "note") if row.said(c))
            cells = (*(cell(told.get(column)) for column in columns), cell(level))
            month = escape(row.texts[data.table.key[1]])
            lines.append((month, *cells, joined(f"{place}　{source}".strip(), *dict.fromkeys(facts))))
        nouns = (measure.noun for measure in data.table.measures if measure.column in columns)
        headings = (data.table.column(data.table.key[1]).heading, *nouns, MONTH_LEVEL.title, "来源")
        tables.append(block_table(f"{escape(name)}：各月数字的来源", headings, lines, "wide source"))
    words = f"{escape(data.table.title)}的数字由“{escape(data.file)}”读入；{MONTH_LEVEL.title}＝{MONTH_LEVEL.formula}。"
    return joined(f"## {escape(data.table.title)}", words, *tables)


def _lineage_section(
    findings: Findings, title: str, listed: Sequence[Figure], found: Mapping[str, str]
) -> str:
    figures = findings.figures
    year = figures.year.settings.year
    rows = []
    for figure in listed:
        name = f"({figure_label(year, figure.address)})=\n{escape(figure.label)}\n\n`{figure.address}`"
        rows.append(
            (name, _number(figures, figure), _origin(findings, figure, found.get(figure.address, "")))
        )
    told = block_table(f"{escape(title)}：数字的来源", ("数字", "数值", "来源"), rows)
    return joined(f"## {escape(title)}", told)


def _number(figures: FigureSet, figure: Figure) -> str:
    """Number with its status, questioned whether an edition or a finding doubts it."""
    questioned = figure.doubt or doubted(figures, figure.address)
    return with_status(escape(figure.said), figure.flag, questioned=questioned)


def _origin(findings: Findings, figure: Figure, found: str) -> str:
    figures, year = findings.figures, findings.figures.year.settings.year
    match figure.lineage:
        case Cell(file, row, letter, column, text, source):
            place = f"{escape(file)} 第{row}行 {letter}列“{escape(column)}”"
            label = row_label(year, figure.address.family, row)
            filled = f"填写：{escape(text)}" if text.strip() else f"没有填写，记作“{figure.absence}”"
            lines = [
                link(place.replace("\\", ""), label),
                filled,
                f"出处：{escape(source)}" if source else "",
            ]
        case derivation:
            lines = [
                f"公式：{formula(figures, derivation, values=False)}",
                f"代入：{formula(figures, derivation, values=True)}",
                f"没有数字的原因：{escape(figure.reason)}" if figure.reason else "",
            ]
    return joined(
        *lines,
        f"说明：{escape(figure.note)}" if figure.note else "",
        *figure_facts(figures, findings, figure),
        f"勾稽检查：{found}" if found else "",
        f"{{figure-uses}}`{figure_label(year, figure.address)}`",
    )


def source_tables(page: Page) -> Block:
    """Every table of the year as it was entered, with the row numbers and column letters of Excel.

    What an edition puts right stands beside what was signed; rows that are not published are left out and counted.
    """
    tables = page.figures.year.tables.values()
    return Block(joined(*(_source_table(page.figures, data) for data in tables if data.every)))


def _source_table(figures: FigureSet, data: TableData) -> str:
    year = figures.year.settings.year
    stated = {
        (f.lineage.row, f.lineage.letter): f
        for f in figures.of_table(data.table.name)
        if isinstance(f.lineage, Cell)
    }
    columns = [column for column in data.table.columns if column.name in data.letters]
    columns.sort(key=lambda column: (len(data.letters[column.name]), data.letters[column.name]))
    signed = _as_signed(figures, data)

    def cell(row: TableRow, column: Column) -> str:
        text, now = signed[row.number].texts[column.name], row.texts[column.name]
        figure = stated.get((row.number, data.letters[column.name]))
        if figure is None:
            return escape(text) + ("" if text == now else f"（更正为：{escape(now)}）")
        if figure.put_right:
            return f"{escape(text)}（更正为：{reference(figure)}）"
        return reference(figure, text) if text and text == figure.number else escape(text)

    rows = []
    for row in published(data):
        label = f"({row_label(year, data.table.name, row.number)})=\n"
        rows.append((f"{label}{row.number}", *(cell(row, column) for column in columns)))
    headings = ("行", *(f"{data.letters[column.name]} {column.heading}" for column in columns))
    return joined(
        f"## {escape(data.table.title)}",
        escape(data.table.help) + "。",
        withheld(data),
        block_table(escape(data.file), headings, rows, "wide source") if rows else "",
    )


def _as_signed(figures: FigureSet, data: TableData) -> dict[int, TableRow]:
    """Rows of a table as the file has them, by their number; the year has its texts with the corrections."""
    file = f"{data.table.name}.csv"
    rows = data.every
    if any(correction.subject == file for correction in figures.year.corrections):
        year = figures.year
        rows = read_table(year.root, year.root / data.file, data.table, year.registries)[0].every
    return {row.number: row for row in rows}
