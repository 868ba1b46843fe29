"""The official forms as an Excel workbook: what they lack, then a sheet a form, laid out for paper as the official file is.

Behind them come their working papers. What is no part of the official form stands outside its frame: whether it can be
handed in above, the marks of its notes beside the rows that have blank cells.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from evalbook.recheck.layout import WORKING
from evalbook.render.editions import edition_and_status
from evalbook.render.forms import (
    NOTE_HEADINGS,
    authority,
    filled_forms,
    note_rows,
    verdict,
)
from evalbook.render.forms_model import (
    HEAD,
    LINE_HEIGHT,
    MOST,
    heights,
    is_cut,
    page_starts,
    sheet_rows,
    starts,
)
from evalbook.render.spreadsheet import book_of, is_kept, lay_out_for_paper, lines
from evalbook.render.tidy import is_risky

if TYPE_CHECKING:
    from evalbook.figures import FigureSet
    from evalbook.render.forms import Filled
    from evalbook.render.forms_model import FormCell, OfficialForm

SONG = "宋体"
TITLE_SIZE, YEAR_SIZE, CELL_SIZE = 16, 11, 9
TITLE_HEIGHT, YEAR_HEIGHT = 20.25, 13.5
PADDING = 5 / 7
"""What the writer adds to a width for the margins of a cell; the official widths include it."""

MARGIN = 13
"""Width of the column beside a form that holds the marks of its notes."""

CHECK = "报送检查"
"""Name of the first sheet."""

CHECK_WIDTHS = (7, 46, 30, 22, 26)


def forms_workbook(figures: FigureSet) -> bytes:
    """Write a year's forms as a workbook.

    Returns
    -------
    bytes
        An XLSX file that depends on the figures alone.
    """

    def fill(book: Any) -> None:
        style = cache(lambda **looks: book.add_format({"font_name": SONG, "text_wrap": True, **looks}))
        forms = filled_forms(figures)
        tell(book.add_worksheet(CHECK), figures, forms, style)
        state = edition_and_status(figures)
        for one in forms:
            told = state if one.official.ready else f"{verdict(one.official)}；{state}"
            draw(book.add_worksheet(one.official.name), one.official, told, style)
        for one in forms:
            told = f"{WORKING}，不报送；{state}"
            draw(book.add_worksheet(one.working.name), one.working, told, style)

    return book_of(figures, SONG, YEAR_SIZE, fill)


def tell(page: Any, figures: FigureSet, forms: tuple[Filled, ...], style: Any) -> None:
    """Say on a sheet whether each form can be handed in, and what it lacks."""
    plain = {"font_size": YEAR_SIZE, "valign": "top"}
    for column, width in enumerate(CHECK_WIDTHS):
        page.set_column(column, column, width - PADDING)
    whole, at, headings = sum(CHECK_WIDTHS), 0, list[int]()

    def line(text: str, **looks: object) -> None:
        nonlocal at
        page.set_row(at, 1.6 * LINE_HEIGHT * lines(text, whole))
        framed = style(**plain, **looks, quote_prefix=is_risky(text))
        page.merge_range(at, 0, at, len(CHECK_WIDTHS) - 1, "", framed)
        page.write_string(at, 0, text, framed)
        at += 1

    line(f"{figures.year.settings.year}年度自评表：能不能报送", bold=True)
    line(f"{edition_and_status(figures)}。", bold=True)
    if told := authority(figures):
        line(f"{told}。", bold=True)
    for one in forms:
        at += 1
        line(f"{one.official.name}：{verdict(one.official)}。", bold=True)
        rows = [NOTE_HEADINGS, *note_rows(one.official)] if one.official.notes else []
        headings += [at] if rows else []
        for number, texts in enumerate(rows):
            needed = max(lines(text, width) for text, width in zip(texts, CHECK_WIDTHS, strict=True))
            page.set_row(at, min(1.4 * LINE_HEIGHT * needed, MOST))
            for column, text in enumerate(texts):
                looks = {"bold": True} if not number else {}
                framed = style(**plain, **looks, border=1, quote_prefix=is_risky(text))
                page.write_string(at, column, text, framed)
            at += 1
    page.print_area(0, 0, at - 1, len(CHECK_WIDTHS) - 1)
    if headings:
        page.repeat_rows(headings[0])
    lay_out_for_paper(page)


def draw(page: Any, form: OfficialForm, told: str, style: Any) -> None:
    """Draw a form on a sheet, and above its frame what is told of it."""
    last = len(form.widths) - 1
    for column, width in enumerate((*form.widths, MARGIN)):
        page.set_column(column, column, width - PADDING)
    opening = ((form.title, TITLE_SIZE, TITLE_HEIGHT), (form.year, YEAR_SIZE, YEAR_HEIGHT))
    for above, (text, size, height) in enumerate(opening):
        words = style(font_size=size, align="center", valign="vcenter", quote_prefix=is_risky(text))
        page.set_row(above, height * lines(text, sum(form.widths) * CELL_SIZE / size))
        page.merge_range(above, 0, above, last, "", words)
        page.write_string(above, 0, text, words)
    banner = style(font_size=CELL_SIZE, align="right", bold=True)
    page.set_row(HEAD - 1, 1.2 * LINE_HEIGHT * lines(told, sum(form.widths)))
    page.merge_range(HEAD - 1, 0, HEAD - 1, last, "", banner)
    page.write_string(HEAD - 1, 0, told, banner)
    if form.notes:
        page.write_string(HEAD - 1, last + 1, NOTE_HEADINGS[0], style(font_size=CELL_SIZE, bold=True))
    begin, pages = starts(form), page_starts(form)
    for height, count, start in zip(heights(form), sheet_rows(form), begin, strict=False):
        for part in range(start, start + count):
            page.set_row(part, height / count)
    order = [note.mark for note in form.notes]
    for number, row in enumerate(form.rows):
        for cell in row.cells:
            below, beside = begin[number + cell.rows], cell.column + cell.columns
            area = begin[number], cell.column, below - 1, beside - 1
            # In the middle of a cell that goes over two pages its text would be cut in two.
            write(page, area, cell, style, top=any(is_cut(number, cell, start) for start in pages))
        small = style(font_size=CELL_SIZE, valign="vcenter")
        if marks := {mark for cell in row.cells for mark in cell.content.marks}:
            page.write_string(begin[number], last + 1, "".join(sorted(marks, key=order.index)), small)
        if row.repeats:
            page.repeat_rows(begin[number])
            if form.notes:
                page.write_string(begin[number], last + 1, NOTE_HEADINGS[0], small)
    page.print_area(0, 0, begin[-1] - 1, last + bool(form.notes))
    page.set_h_pagebreaks([begin[number] for number in pages])
    lay_out_for_paper(page)
    page.center_horizontally()


def write(page: Any, area: tuple[int, int, int, int], cell: FormCell, style: Any, *, top: bool) -> None:
    """One cell, framed: a number where it is one that a spreadsheet keeps, else text that no program runs."""
    content, place = cell.content, area[:2]
    layout: dict[str, object] = {"font_size": CELL_SIZE, "border": 1}
    layout["align"] = "left" if cell.running else "center"
    layout["valign"] = "top" if cell.running or top else "vcenter"
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
