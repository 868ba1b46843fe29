"""What a form is: cells in rows, what each says on paper, and why it stays blank where nothing exact can be said.

A form is filled in once, as the working paper (底稿): with ranges, 缺 and remarks. Of that, :func:`handed_in` makes the form
that goes to the finance office, each cell of which holds a value or is blank with a numbered note.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from evalbook.recheck.layout import CIRCLED, WORKING
from evalbook.render.markdown import escape
from evalbook.render.spreadsheet import lines
from evalbook.schema.text import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

COLUMN, ROW = "col", "row"
"""What a heading heads, as HTML says it."""

LINE_HEIGHT, ROW_HEIGHT, HEADING_HEIGHT, GOAL_HEIGHT, NOTE_HEIGHT = 12, 19, 23, 95, 57
"""Heights of a line of text and of rows, in points."""

HEAD = 3
"""Rows of a sheet above the form: title, year, and an empty one."""

PAGE_HEIGHT, HEAD_HEIGHT = 500, 63
"""Room for rows on A4 paper lying, a little less than there is, and what the rows above the form take of it, in points."""

MOST = 400
"""Height of a row in points that no program refuses (Excel's limit is 409.5); more text gets more rows."""

NOTHING_TO_SAY = "无"
NO_OFFICE, NO_DOCUMENT = "请局里指定", "—"

MOST_NAMED = 6
"""Rows that a note names one by one."""


@dataclass(frozen=True)
class Lack:
    """Something without which cells of a form stay blank.

    Attributes
    ----------
    what : str
        What is missing, a Chinese sentence without its stop.
    office : str
        Who can give it; empty where no table of the project says so.
    document : str
        What it is taken from; may be empty.
    """

    what: str
    office: str = ""
    document: str = ""

    @property
    def given(self) -> tuple[str, str]:
        """Who can give it, and what it is taken from, in words where nothing says so."""
        return self.office or NO_OFFICE, self.document or NO_DOCUMENT


@dataclass(frozen=True)
class Content:
    """What a cell says.

    Attributes
    ----------
    text : str
        On paper.
    markdown : str
        In the book, with links to figures.
    value : Decimal or None
        To a program, where it is a number.
    pattern : str
        How a spreadsheet shows the number.
    lacks : tuple of Lack
        Why it cannot be handed in; the text is for the working paper then.
    marks : tuple of str
        Of the notes, where it was left blank for that.
    """

    text: str
    markdown: str
    value: Decimal | None = None
    pattern: str = ""
    lacks: tuple[Lack, ...] = ()
    marks: tuple[str, ...] = ()


NOTHING = Content("", "")


def words(text: str) -> Content:
    """Text as it is."""
    return Content(text, escape(text))


@dataclass(frozen=True)
class FormCell:
    """A cell of a form, from ``column`` (the first is 0) over ``columns`` columns and ``rows`` rows.

    Attributes
    ----------
    content : Content
    column, columns, rows : int
    heading : str
        :data:`COLUMN` or :data:`ROW`; empty when it heads nothing.
    running : bool
        Whether it holds long text, which begins at the left and the top.
    """

    content: Content
    column: int = 0
    columns: int = 1
    rows: int = 1
    heading: str = ""
    running: bool = False


@dataclass(frozen=True)
class FormRow:
    """A row: the cells that begin in it.

    Attributes
    ----------
    cells : tuple of FormCell
    height : int
        The least, in points.
    repeats : bool
        Whether it heads the columns again on every page that the rows below it reach.
    """

    cells: tuple[FormCell, ...]
    height: int = ROW_HEIGHT
    repeats: bool = False


@dataclass(frozen=True)
class Blank:
    """A cell that was left blank: its row and column in words, and where it stands on the sheet, both from 0.

    ``column`` is empty where the form has one value in the row.
    """

    row: str
    column: str
    at: tuple[int, int]

    @property
    def place(self) -> str:
        """As Excel calls it."""
        return f"{column_letter(self.at[1])}{self.at[0] + 1}"


@dataclass(frozen=True)
class Note:
    """A numbered note: one cause, and every cell that is blank for it."""

    mark: str
    lack: Lack
    cells: tuple[Blank, ...]

    @property
    def where(self) -> str:
        """The cells in words and as Excel calls them, rows that are blank in the same columns together."""
        by_row: dict[tuple[int, str], list[Blank]] = {}
        for blank in self.cells:
            by_row.setdefault((blank.at[0], blank.row), []).append(blank)
        alike: dict[tuple[str, ...], list[list[Blank]]] = {}
        for blanks in by_row.values():
            alike.setdefault(tuple(blank.column for blank in blanks), []).append(blanks)
        return "；".join(_named(columns, listed) for columns, listed in alike.items())

    def __str__(self) -> str:
        office, document = self.lack.given
        proof = f"，凭{document}" if self.lack.document else ""
        return f"{self.mark}{self.where}：{self.lack.what}。由谁提供：{office}{proof}。"


def _named(columns: tuple[str, ...], listed: list[list[Blank]]) -> str:
    """Cells of some columns, each row of which is blank in all of them."""
    rows = [f"“{blanks[0].row}”" for blanks in listed]
    names = "".join(rows) if len(rows) <= MOST_NAMED else f"{rows[0]}等{len(rows)}行"
    of_column = "、".join(filter(None, columns))
    places = "、".join(_together([blanks[place] for blanks in listed]) for place in range(len(columns)))
    return f"{names}{'的' if of_column else ''}{of_column}（{places}）"


def _together(blanks: list[Blank]) -> str:
    """Places of cells of one column, those below each other as one range: F14—F16、F23."""
    runs: list[list[Blank]] = []
    for blank in blanks:
        if runs and runs[-1][-1].at == (blank.at[0] - 1, blank.at[1]):
            runs[-1].append(blank)
        else:
            runs.append([blank])
    return "、".join("—".join(dict.fromkeys((run[0].place, run[-1].place))) for run in runs)


@dataclass(frozen=True)
class OfficialForm:
    """A filled-in form.

    Attributes
    ----------
    name : str
        Short name, of its sheet.
    title, year : str
        The lines above it.
    widths : tuple of float
        Of the columns, in characters.
    rows : tuple of FormRow
    remarks : tuple of str
        What its last rows say; they are not among ``rows`` before :func:`complete`.
    remark_label : str
        What heads them; empty where they go over the whole width.
    notes : tuple of Note
        Why cells are blank; a working paper has none.
    """

    name: str
    title: str
    year: str
    widths: tuple[float, ...]
    rows: tuple[FormRow, ...]
    remarks: tuple[str, ...] = ()
    remark_label: str = ""
    notes: tuple[Note, ...] = field(default=(), repr=False)

    @property
    def ready(self) -> bool:
        """Whether every cell that must be filled in is."""
        return not self.notes

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """Cells that were left blank, each once."""
        return tuple(dict.fromkeys(cell for note in self.notes for cell in note.cells))


def row(*cells: FormCell, first: int = 0, height: int = ROW_HEIGHT, repeats: bool = False) -> FormRow:
    """Row of cells beside each other, from the first column that no cell above reaches into."""
    columns = accumulate((cell.columns for cell in cells), initial=first)
    placed = (replace(cell, column=column) for cell, column in zip(cells, columns, strict=False))
    return FormRow(tuple(placed), height, repeats)


def cell(content: Content, columns: int = 1, heading: str = "") -> FormCell:
    """What the year gives."""
    return FormCell(content, columns=columns, heading=heading)


def label(text: str, columns: int = 1, rows: int = 1) -> FormCell:
    """Heading of what is beside it."""
    return FormCell(words(text), columns=columns, rows=rows, heading=ROW)


def head(text: str, columns: int = 1) -> FormCell:
    """Heading of what is below it."""
    return cell(words(text), columns, COLUMN)


def running(content: Content, columns: int = 1) -> FormCell:
    """Long text."""
    return FormCell(content, columns=columns, running=True)


# -- two products of one filling in


def working_paper(form: OfficialForm) -> OfficialForm:
    """The form with everything that is known: ranges, 缺, remarks."""
    return complete(replace(form, name=f"{form.name}{WORKING}", title=f"{form.title}（{WORKING}，不报送）"))


def handed_in(form: OfficialForm) -> OfficialForm:
    """The form for the finance office: cells that lack something are blank, and its last rows say why."""
    places = list(_lacking(form))
    causes = dict.fromkeys(lack for _, lacks, _ in places for lack in lacks)
    numbered = {lack: mark(number) for number, lack in enumerate(causes, start=1)}

    def emptied(cell: FormCell) -> FormCell:
        if not cell.content.lacks:
            return cell
        marks = tuple(given for lack, given in numbered.items() if lack in cell.content.lacks)
        return replace(cell, content=Content("", escape("".join(marks)), marks=marks), running=False)

    rows = (replace(line, cells=tuple(map(emptied, line.cells))) for line in form.rows)
    form = replace(form, rows=tuple(rows))
    # Where a cell stands depends on the heights of the rows above it, which blank cells do not need.
    begin = starts(form)
    notes = tuple(
        Note(
            given,
            lack,
            tuple(Blank(*name, (begin[at], column)) for (at, column), lacks, name in places if lack in lacks),
        )
        for lack, given in numbered.items()
    )
    return complete(replace(form, remarks=(*form.remarks, *map(str, notes)), notes=notes))


def _lacking(form: OfficialForm) -> Iterator[tuple[tuple[int, int], tuple[Lack, ...], tuple[str, str]]]:
    """Row, column, reasons and name of every cell that lacks something."""
    columns: dict[int, str] = {}
    rows: dict[int, tuple[str, int]] = {}
    for at, line in enumerate(form.rows):
        for one in line.cells:
            reach = range(one.column, one.column + one.columns)
            text = one.content.text.strip("：").removeprefix("其中：")
            if one.heading == COLUMN:
                columns |= dict.fromkeys(reach, text)
            elif one.heading == ROW:
                rows |= dict.fromkeys(reach, (text, at + one.rows))
            if one.content.lacks:
                beside = [rows[c][0] for c in sorted(rows) if c < one.column and rows[c][1] > at]
                yield (at, one.column), one.content.lacks, (beside[-1], columns.get(one.column, ""))


def mark(number: int) -> str:
    """Number of a note, in a circle as far as GBK has such characters."""
    return CIRCLED[number - 1] if number <= len(CIRCLED) else f"（{number}）"


def complete(form: OfficialForm) -> OfficialForm:
    """The form with its last rows, a remark each; where there is none, the room that paper leaves for one, or 无."""
    wide = len(form.widths) - (2 if form.remark_label else 0)
    texts = form.remarks or ((NOTHING_TO_SAY,) if form.remark_label else ("",))
    if not form.remark_label and texts[0]:
        texts = (f"注：{texts[0]}", *texts[1:])
    opening = [label(form.remark_label, 2, len(texts))] if form.remark_label else []
    height = NOTE_HEIGHT if len(texts) == 1 else ROW_HEIGHT
    last = [
        row(*(opening if not at else ()), running(words(text), wide), height=height,
            first=2 if opening and at else 0)
        for at, text in enumerate(texts)
    ]  # fmt: skip
    return replace(form, rows=(*form.rows, *last))


# -- where the rows of a form stand on a sheet


def heights(form: OfficialForm) -> list[float]:
    """Heights of the rows: those of the paper form, and more where the text needs it."""
    found = [float(line.height) for line in form.rows]

    def needed(cell: FormCell) -> float:
        # Text of 9 pt in widths of characters of 11 pt, less the margins.
        width = sum(form.widths[cell.column : cell.column + cell.columns])
        return LINE_HEIGHT * lines(cell.content.text, width) + 4

    for number, line in enumerate(form.rows):
        found[number] = max([found[number], *(needed(cell) for cell in line.cells if cell.rows == 1)])
    for number, line in enumerate(form.rows):
        for one in line.cells:
            lacking = needed(one) - sum(found[number : number + one.rows])
            found[number + one.rows - 1] += max(lacking, 0)
    return found


def sheet_rows(form: OfficialForm) -> list[int]:
    """How many rows of a sheet each row takes: one that would be too high for a spreadsheet becomes several."""
    return [math.ceil(height / MOST) for height in heights(form)]


def starts(form: OfficialForm) -> list[int]:
    """Row of a sheet, from 0, in which each row begins; last, the one behind them."""
    return [HEAD + before for before in accumulate(sheet_rows(form), initial=0)]


def is_cut(number: int, cell: FormCell, start: int) -> bool:
    """Whether a cell that begins in a row reaches over the beginning of a later row."""
    return number < start < number + cell.rows


def page_starts(form: OfficialForm) -> list[int]:
    """Rows that begin a page of paper, the first one left out: where a page is half full and fewest cells are cut in two."""
    each, found, begin = heights(form), list[int](), 0
    cells = [(number, cell) for number, line in enumerate(form.rows) for cell in line.cells]
    repeated = sum(line.height for line in form.rows if line.repeats)
    room = float(PAGE_HEIGHT - HEAD_HEIGHT)
    while begin < len(each) - 1 and sum(each[begin:]) > room:
        filled = enumerate(accumulate(each[begin:]), start=begin + 1)
        ends = [at for at, height in filled if room / 2 <= height <= room] or [begin + 1]
        begin = min(ends, key=lambda at: (sum(is_cut(*cell, at) for cell in cells), -at))
        found.append(begin)
        room = PAGE_HEIGHT - repeated
    return found
