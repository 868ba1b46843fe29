"""The official forms as an Excel workbook: a sheet a form, laid out for paper as the official file is."""

from __future__ import annotations

import itertools
import math
from functools import cache
from typing import TYPE_CHECKING, Any

from evalbook.render.forms import LINE_HEIGHT, OfficialForm, official_forms
from evalbook.render.spreadsheet import book_of, is_kept, lay_out_for_paper, lines
from evalbook.render.tidy import is_risky

if TYPE_CHECKING:
    from evalbook.figures import FigureSet
    from evalbook.render.forms import FormCell

SONG = "宋体"
TITLE_SIZE, YEAR_SIZE, CELL_SIZE = 16, 11, 9
TITLE_HEIGHT, YEAR_HEIGHT = 20.25, 13.5
HEAD = 3
"""Rows above the form: title, year, and an empty one."""

MOST = 400
"""Height of a row in points that no program refuses (Excel's limit is 409.5); more text gets more rows."""

PADDING = 5 / 7
"""What the writer adds to a width for the margins of a cell; the official widths include it."""


def forms_workbook(figures: FigureSet) -> bytes:
    """Write a year's forms as a workbook.

    Returns
    -------
    bytes
        An XLSX file that depends on the figures alone.
    """

    def fill(book: Any) -> None:
        style = cache(lambda **looks: book.add_format({"font_name": SONG, "text_wrap": True, **looks}))
        for form in official_forms(figures):
            draw(book.add_worksheet(form.name), form, style)

    return book_of(figures, SONG, YEAR_SIZE, fill)


def draw(page: Any, form: OfficialForm, style: Any) -> None:
    """Draw a form on a sheet."""
    last = len(form.widths) - 1
    for column, width in enumerate(form.widths):
        page.set_column(column, column, width - PADDING)
    opening = ((form.title, TITLE_SIZE, TITLE_HEIGHT), (form.year, YEAR_SIZE, YEAR_HEIGHT))
    for above, (text, size, height) in enumerate(opening):
        words = style(font_size=size, align="center", valign="vcenter", quote_prefix=is_risky(text))
        page.set_row(above, height * lines(text, sum(form.widths) * CELL_SIZE / size))
        page.merge_range(above, 0, above, last, "", words)
        page.write_string(above, 0, text, words)
    # A row that would be too high for a spreadsheet becomes several, over which its cells reach.
    needed = heights(form)
    parts = [math.ceil(height / MOST) for height in needed]
    starts = [HEAD, *itertools.accumulate(parts, initial=HEAD)][1:]
    for height, count, start in zip(needed, parts, starts, strict=False):
        for part in range(start, start + count):
            page.set_row(part, height / count)
    for number, row in enumerate(form.rows):
        for cell in row.cells:
            below, beside = starts[number + cell.rows], cell.column + cell.columns
            write(page, (starts[number], cell.column, below - 1, beside - 1), cell, style)
        if row.repeats:
            page.repeat_rows(starts[number])
    page.print_area(0, 0, starts[-1] - 1, last)
    lay_out_for_paper(page)
    page.center_horizontally()
    page.set_footer("&C&P/&N")


def write(page: Any, area: tuple[int, int, int, int], cell: FormCell, style: Any) -> None:
    """One cell, framed: a number where it is one that a spreadsheet keeps, else text that no program runs."""
    content, place = cell.content, area[:2]
    layout: dict[str, object] = {"font_size": CELL_SIZE, "border": 1}
    layout |= {"align": "left", "valign": "top"} if cell.running else {"align": "center", "valign": "vcenter"}
    number = content.value if content.value is not None and is_kept(content.value) else None
    own = {"quote_prefix": is_risky(content.text)} if number is None else {"num_format": content.pattern}
    framed = style(**layout, **own)
    if place != area[2:]:
        page.merge_range(*area, "", framed)
    if number is not None:
        page.write_number(*place, float(number), framed)
    elif content.text:
        page.write_string(*place, content.text, framed)
    else:
        page.write_blank(*place, None, framed)


def heights(form: OfficialForm) -> list[float]:
    """Heights of the rows: those of the paper form, and more where the text needs it."""
    found = [float(row.height) for row in form.rows]

    def needed(cell: FormCell) -> float:
        # Text of 9 pt in widths of characters of 11 pt, less the margins.
        width = sum(form.widths[cell.column : cell.column + cell.columns])
        return LINE_HEIGHT * lines(cell.content.text, width) + 4

    for number, row in enumerate(form.rows):
        found[number] = max([found[number], *(needed(cell) for cell in row.cells if cell.rows == 1)])
    for number, row in enumerate(form.rows):
        for cell in row.cells:
            lacking = needed(cell) - sum(found[number : number + cell.rows])
            found[number + cell.rows - 1] += max(lacking, 0)
    return found
