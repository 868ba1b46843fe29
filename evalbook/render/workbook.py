"""The year as an Excel workbook: cover, contents, notes, and one table a sheet.

It follows the checklist for accessible spreadsheets of the UK Government Analysis Function: the title in
A1, one marked-up table a sheet, no merged and no empty cells in it, nothing said by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from evalbook.figures import Cell, Derivation, FigureSet, absence_of
from evalbook.render.corrections import corrections_in_force, plain_facts
from evalbook.render.editions import edition_and_status, signed_words
from evalbook.render.findings import published, withheld
from evalbook.render.markdown import clauses
from evalbook.render.spreadsheet import (
    DOUBLE_DIGITS,
    book_of,
    half_widths,
    is_kept,
    lay_out_for_paper,
    lines,
    number_format,
)
from evalbook.render.tidy import FIELDS, MARKING, ROUNDING, cells_of, figures_name, is_risky
from evalbook.schema.vocabulary import ABSENT, FLAGS

if TYPE_CHECKING:
    from evalbook.schema import TableData, TableRow
    from evalbook.schema.table import Column

NOTHING = "—"
ABSENCES = "报告没有写，是签发的报告里没有；不适用，是本来就没有这样的数字；待填，是还没有填"
COVER, CONTENTS, NOTES, INDICATORS = "封面", "目录", "说明", "指标"
INDICATOR_FIELDS = (
    "label",
    "address",
    "value",
    "range",
    "unit",
    "flag",
    "formula",
    "reason",
    "note",
    "correction",
)
DOUBT_FIELDS = ("range", "original", "correction")
DOUBT_HEADINGS = tuple(column.heading for column in FIELDS if column.name in DOUBT_FIELDS)
LINK = "#0563C1"
TEXT_SIZE, TITLE_SIZE, LINE_HEIGHT = 11, 16, 18
"""Sizes of letters and lines, in points."""

WIDEST = 60
"""Widest column, in half-width characters; longer text wraps."""

FILLED = 0.9
"""Part of a line that text takes: words are not split."""


@dataclass(frozen=True)
class Number:
    """A number in a cell, shown with so many decimals."""

    value: Decimal
    digits: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, a sentence, and a table whose cells are words or numbers.

    Attributes
    ----------
    title : str
        Also the name of the sheet and of the table.
    help : str
        What the table holds.
    headings : tuple of str
        Of the columns.
    rows : tuple of tuple of (str or Number)
        Cells; an empty text is shown as a dash.
    numeric : frozenset of int
        Columns of numbers, whose words (缺) are aligned right too.
    """

    title: str
    help: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | Number, ...], ...]
    numeric: frozenset[int] = frozenset()


def workbook(figures: FigureSet) -> bytes:
    """Write a year's tables and indicators as a workbook.

    Returns
    -------
    bytes
        An XLSX file that depends on the figures alone.
    """
    sources = (_source(figures, data) for data in figures.year.tables.values())
    sheets = [_notes(figures), *(sheet for sheet in (*sources, _indicators(figures)) if sheet.rows)]
    told = "各工作表的名称和内容；点名称可以跳到那一张表"
    listed = Sheet(CONTENTS, told, ("工作表", "内容"), tuple((sheet.title, sheet.help) for sheet in sheets))

    def fill(book: Any) -> None:
        writer = _Writer(book)
        writer.cover(figures)
        for sheet in (listed, *sheets):
            writer.sheet(sheet)

    return book_of(figures, "微软雅黑", TEXT_SIZE, fill)


def _source(figures: FigureSet, data: TableData) -> Sheet:
    """Sheet of a table: as the year states it, with what the edition puts right, and what is in doubt, beside it."""
    table = data.table
    stated = figures.of_table(table.name)
    told: dict[int, tuple[str, ...]] = {}
    nothing = ("",) * len(DOUBT_FIELDS)
    for figure in stated:
        facts = figure.doubt.text if figure.doubt else "", *plain_facts(figures, figure)
        if isinstance(figure.lineage, Cell) and any(facts):
            # A row may state several figures.
            before = told.get(figure.lineage.row, nothing)
            told[figure.lineage.row] = tuple(map(clauses, before, facts))
    added = DOUBT_HEADINGS if told else ()
    columns = [column for column in table.columns if column.name in data.letters or not column.optional]
    rows = []
    for row in published(data):
        absent = absence_of(figures.year.settings)
        cells = (_cell(data, row, column, absent) for column in columns)
        rows.append((*cells, *told.get(row.number, nothing)[: len(added)]))
    help_text = "。".join(filter(None, (table.help, withheld(data).removesuffix("。"))))
    headings = tuple(column.heading for column in columns) + added
    values = frozenset(i for i, column in enumerate(columns) if column.name in table.values)
    return Sheet(table.title, help_text, headings, tuple(rows), values)


def _cell(data: TableData, row: TableRow, column: Column, absent: str) -> str | Number:
    value = row.cells[column.name]
    if isinstance(value, Decimal):
        fixed = any(measure.unit for measure in data.table.measures if measure.column == column.name)
        return _number(value, 0 if fixed or not row.unit else row.unit.digits)
    return row.texts[column.name].strip() or (absent if column.name == data.table.value else "")


def _number(value: Decimal, digits: int) -> Number:
    return Number(value, max(digits, -int(value.as_tuple().exponent), 0))


def _indicators(figures: FigureSet) -> Sheet:
    fields = [column for column in FIELDS if column.name in INDICATOR_FIELDS]
    rows: list[tuple[str | Number, ...]] = []
    for figure in figures.figures.values():
        if isinstance(figure.lineage, Derivation):
            cells: dict[str, str | Number] = {**cells_of(figures, figure)}
            digits = figures.units.units[figure.unit].digits
            cells["value"] = (
                _number(Decimal(str(cells["value"])), digits) if figure.number else figure.absence
            )
            rows.append(tuple(cells[column.name] for column in fields))
    headings = tuple(column.heading for column in fields)
    values = frozenset(i for i, column in enumerate(fields) if not column.is_text)
    return Sheet(INDICATORS, "由程序算出的全部指标，每个指标一行，附公式", headings, tuple(rows), values)


def _notes(figures: FigureSet) -> Sheet:
    units = figures.units.units
    used = dict.fromkeys(figure.unit for figure in figures.figures.values())
    computed = "合计、比重、人均等都由程序按“公式”一列算出；公式用数字的名称写成，各项都能在前面的表里找到"
    rows = (
        (
            "、".join(ABSENT),
            f"没有数字的：{ABSENCES}。都不是0，也没有估计；详情写在备注或“没有数字的原因”一列",
        ),
        (NOTHING, "这一格没有内容，或者不适用"),
        ("标志", "，".join(f"{flag}：{meaning}" for flag, meaning in FLAGS.items())),
        ("单位", "每行的单位写在“单位”一列；同一列里单位可以不同，比较之前请先核对"),
        ("数字", f"{ROUNDING}。超过{DOUBLE_DIGITS}位有效数字的，表格软件存不准，按文字写出"),
        ("计算", computed),
        ("CSV 文件", f"{figures_name(figures)} 有全部数字和每个数字的来源，供程序读取。{MARKING}"),
        ("小数位", "计算结果：" + "，".join(f"{unit} {units[unit].digits}位" for unit in used)),
    )
    return Sheet(NOTES, "怎样读这些表", ("项目", "说明"), rows)


class _Writer:
    """Writes sheets with the formats that they share."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.format = cache(lambda **properties: book.add_format({"valign": "top", **properties}))

    def cover(self, figures: FigureSet) -> None:
        """First sheet: what this is, by whom, how far it has come."""
        settings = figures.year.settings
        title = "".join(settings.title)
        corrected = corrections_in_force(figures)
        told = (
            settings.bureau,
            f"年度：{settings.year}（{settings.period_start}至{settings.period_end}）",
            edition_and_status(figures),
            f"报告日期：{signed_words(figures.year)}",
            "本工作簿是年度报告的全部数据：各表照原样录入，指标由程序算出。",
            *([f"{corrected}：写在“更正和存疑”一列，更正过的数字另有“原值”。"] if corrected else []),
            "数字的含义和写法见“说明”，各表的位置见“目录”。",
            "供查阅、核对和再计算；正式数字以签发的报告为准。",
        )
        page = self.book.add_worksheet(COVER)
        page.set_column(0, 0, WIDEST)
        page.hide_gridlines(2)
        self.words(page, 0, 0, title, bold=True, font_size=TITLE_SIZE, text_wrap=True)
        page.set_row(0, 2 * TITLE_SIZE * lines(title, WIDEST * TEXT_SIZE // TITLE_SIZE * FILLED))
        for row, line in enumerate(told, start=1):
            self.words(page, row, 0, line, text_wrap=True)
            page.set_row(row, LINE_HEIGHT * lines(line, WIDEST * FILLED))

    def sheet(self, sheet: Sheet) -> None:
        """One sheet with its table."""
        page = self.book.add_worksheet(sheet.title)
        page.set_default_row(LINE_HEIGHT)
        head = 2
        self.words(page, 0, 0, sheet.title, bold=True, font_size=TITLE_SIZE)
        page.set_row(0, 2 * TITLE_SIZE)
        self.words(page, 1, 0, f"{sheet.help}。")
        page.add_table(head, 0, head + len(sheet.rows), len(sheet.headings) - 1, self.table(sheet))
        widths = [half_widths(heading) + 4 for heading in sheet.headings]  # room for the filter's button
        for number, row in enumerate(sheet.rows, start=head + 1):
            cells = enumerate(row)
            texts = [self.cell(page, number, i, cell, right=i in sheet.numeric) for i, cell in cells]
            widths = [max(width, half_widths(text) + 2) for width, text in zip(widths, texts, strict=True)]
            # Excel fits rows to wrapped text by itself, other programs do not.
            page.set_row(number, LINE_HEIGHT * max(lines(text, WIDEST * FILLED) for text in texts))
            if sheet.title == CONTENTS:
                link = self.format(font_color=LINK, underline=1)
                page.write_url(number, 0, f"internal:'{texts[0]}'!A1", link, texts[0])
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width, WIDEST))
        page.freeze_panes(head + 1, 0)
        lay_out_for_paper(page)
        page.repeat_rows(head)

    def table(self, sheet: Sheet) -> dict[str, object]:
        """What marks the cells of a sheet as one table with headings."""
        left, right = (self.format(bold=True, bottom=1, align=align) for align in ("left", "right"))
        columns = [
            {"header": heading, "header_format": right if index in sheet.numeric else left}
            for index, heading in enumerate(sheet.headings)
        ]
        return {"name": f"表_{sheet.title}", "style": "Table Style Light 15", "columns": columns}

    def cell(self, page: Any, row: int, column: int, cell: str | Number, *, right: bool) -> str:
        """One cell of a table; gives what it shows."""
        layout: dict[str, object] = {"align": "right", "indent": 1} if right else {"align": "left"}
        if isinstance(cell, str):
            text = cell or NOTHING
        else:
            text = f"{cell.value:.{cell.digits}f}"
            if is_kept(cell.value):
                shown = self.format(num_format=number_format(cell.digits), **layout)
                page.write_number(row, column, float(cell.value), shown)
                return text
        self.words(page, row, column, text, text_wrap=True, **layout)
        return text

    def words(self, page: Any, row: int, column: int, text: str, **properties: object) -> None:
        """Text that no program takes for a formula, not even after somebody edits the cell."""
        page.write_string(row, column, text, self.format(quote_prefix=is_risky(text), **properties))
