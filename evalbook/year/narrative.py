"""The prose of a report: headings, paragraphs, references to figures, and numbers that refer to none yet.

Prose is text from other people. Only four things in it mean more than their characters: a line that
begins with ``#`` or ``##``, an empty line, a reference such as ``{figure}`城市低保累计支出```, and the place of a table
or a chart (:mod:`evalbook.year.placements`). A number that was typed
instead (:class:`Untied`) is shown as it stands, and somebody ties it to a figure before the report goes out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.errors import Problem, Problems
from evalbook.schema.reader import most_told, unedited
from evalbook.schema.text import CONTROL, project_path, quote, read_text
from evalbook.schema.typed import Typed, typed_numbers
from evalbook.schema.vocabulary import PENDING
from evalbook.year.pasted import Line, Traced, lines_of
from evalbook.year.placements import Placement, placement_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from evalbook.schema.reader import Edit

REFERENCE = re.compile(r"\{figure\}`([^`{}]{1,100})`")
BROKEN_REFERENCE = re.compile(
    r"[{｛]\s*figure\s*[}｝].{0,12}|[{｛][a-zA-Z:-]{1,20}[}｝][`‘’·].{0,12}|[a-z]{1,6}[}｝]`.{0,12}"
)
STRAY = re.compile(r".{0,12}`.{0,12}")
"""A backtick without its partner is the rest of a reference that a line break tore apart."""

HIDDEN = "\ufffc"
"""Stands for a reference while numbers are looked for."""

PENDING_LINE = f"【{PENDING}】"
PARAGRAPH_LIMIT = 20_000
PROSE_LIMIT, LINE_LIMIT = 100_000, 3000
"""Most characters and lines of a file; the whole report of 2020 has 9000 characters."""
NEARBY = 1000
"""Characters around a number within which its context is, whatever figures are named in it."""

CAPTION = re.compile(r"(?:附?表|[（(]?单位[：:])[^。；！？，]{0,60}(?<![：:])")
"""Line right above a table that says what it is."""

ORDINALS = "一二三四五六七八九十"
CONTEXT = 40
"""Characters before and after a number that tell which one it is."""


@dataclass(frozen=True)
class Reference:
    """A figure named in the prose, by its Chinese name."""

    name: str
    line: int


@dataclass(frozen=True)
class Untied(Typed):
    """A number that was typed into the prose; ``start`` and ``end`` are places in the text of the file.

    Attributes
    ----------
    line : int
        Line in the file.
    before, after : str
        What is written around it, figures by their names in 〔〕; of a cell of a table the head of its row and column.
    heading : bool
        Whether it stands in a heading, where nothing can be referred to.
    """

    line: int
    before: str
    after: str
    heading: bool = False

    @property
    def quotation(self) -> str:
        """Itself with some words around it."""
        before, after = self.before[-12:], self.after[:8]
        return f"{'…' * (before != self.before)}{before}{self.text}{after}{'…' * (after != self.after)}"


@dataclass(frozen=True)
class Grid:
    """A table that was pasted as lines of cells between tabs.

    Attributes
    ----------
    rows : tuple of tuple of tuple
        Pieces of each cell; all rows have as many cells.
    headed : bool
        Whether the first row says what stands below it.
    caption : str
        The line above it that says what it is, or empty.
    """

    rows: tuple[tuple[tuple[str | Reference | Untied, ...], ...], ...]
    headed: bool = True
    caption: str = ""


Piece = str | Reference | Untied | Grid
"""What a paragraph is made of; a :class:`Grid` is one of its own."""


@dataclass(frozen=True)
class Section:
    """A heading of the second level with what stands below it.

    Attributes
    ----------
    heading : str
        As the report has it, number included; empty for what precedes the first such heading.
    paragraphs : tuple of tuple of Piece
        Pieces of text, references and numbers typed, in order.
    line : int
        Line of the heading in the file; 0 when there is none.
    lines : tuple of int
        Line of each paragraph.
    pending : tuple of int
        Positions of the paragraphs that somebody must confirm.
    awaited : bool
        Whether a mark in it says what is still to be written or confirmed.
    placements : tuple of Placement
        Tables and charts between its paragraphs, in order.
    """

    heading: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    line: int = 0
    lines: tuple[int, ...] = ()
    pending: tuple[int, ...] = ()
    awaited: bool = False
    placements: tuple[Placement, ...] = ()


@dataclass(frozen=True)
class Narrative:
    """One file of prose.

    Attributes
    ----------
    name : str
        File name without ``.md``.
    file : str
        Path inside the project.
    title : str
        Heading of the first level, or empty.
    pending : bool
        Not confirmed yet, in whole or in some paragraph: carried over from another year, or still to be written.
    sections : tuple of Section
        The first has no heading.
    untied : tuple of Untied
        Every number that was typed into it, headings included, in order.
    """

    name: str
    file: str
    title: str
    pending: bool
    sections: tuple[Section, ...]
    untied: tuple[Untied, ...] = ()

    @property
    def placements(self) -> tuple[Placement, ...]:
        """Every table and chart that the prose places, in order."""
        return tuple(placement for section in self.sections for placement in section.placements)

    def references(self) -> list[Reference]:
        """Every figure that the prose names, in order."""
        return [
            piece
            for section in self.sections
            for paragraph in section.paragraphs
            for piece in pieces_within(paragraph)
            if isinstance(piece, Reference)
        ]

    def texts(self) -> Iterator[str]:
        """Headings, and the stretches of text between figures and numbers."""
        yield self.title
        for section in self.sections:
            yield section.heading
            for paragraph in section.paragraphs:
                yield from (piece for piece in pieces_within(paragraph) if isinstance(piece, str))


def heading_number(heading: str) -> str:
    """Number of a heading: 一 for 一、项目概况, （一） for （一）资金安排情况, 1. for 1.组织情况."""
    match = re.match(rf"[{ORDINALS}]+(?=、)|（[{ORDINALS}]+）|\d{{1,2}}[.、]", heading)
    return match[0] if match else ""


def pieces_within(pieces: Iterable[Piece]) -> Iterator[str | Reference | Untied]:
    """Pieces of a paragraph, those of the cells of a table too."""
    for piece in pieces:
        if isinstance(piece, Grid):
            if piece.caption:
                yield piece.caption
            yield from (part for row in piece.rows for cell in row for part in cell)
        else:
            yield piece


def read_narrative(
    root: Path, path: Path, terms: tuple[str, ...], edit: Edit = unedited
) -> tuple[Narrative, list[Problem], list[str]]:
    """Read one file of prose.

    Parameters
    ----------
    root, path
        Project and file.
    terms
        Texts in which digits are no figures (``data/reference/terms.csv``, and the year's ``plain.csv``).
    edit
        What the edition makes of the text.

    Returns
    -------
    tuple of Narrative, list of Problem, list of str
        The prose, everything to mend, everything to know.
    """
    name = project_path(root, path)
    text, problems, notices = read_text(root, path)
    if not problems:
        text, problems = edit(name, text)
    title, marked = "", 0
    sections = [Section("", ())]
    untied: list[Untied] = []
    if len(text) > PROSE_LIMIT or text.count("\n") > LINE_LIMIT:
        much = f"文字太多，有{len(text)}个字、{text.count(chr(10)) + 1}行"
        expected = f"每个文件不超过{PROSE_LIMIT}个字、{LINE_LIMIT}行"
        problems, text = [Problem(name, 0, "", much, expected, "删去多余的内容，或分成几个文件")], ""
    lines, told = lines_of(name, text)
    for read in lines:
        number, line = read.number, read.text
        if not line.strip():
            continue
        if line.startswith(PENDING_LINE):
            marked = number
            sections[-1] = replace(sections[-1], awaited=True)
            continue
        placed, wrong = placement_at(name, number, line, len(sections[-1].paragraphs))
        if placed:
            sections[-1] = replace(sections[-1], placements=(*sections[-1].placements, placed))
        problems += wrong
        if placed or wrong:
            continue
        problems += _line_problems(name, number, line)
        if len(line) > PARAGRAPH_LIMIT:
            continue
        pieces = _paragraph(read, terms)
        found = [piece for piece in pieces_within(pieces) if isinstance(piece, Untied)]
        if line.startswith("#"):
            found = [replace(piece, heading=True) for piece in found]
        untied += found
        if line.startswith("## "):
            sections.append(Section(line.removeprefix("## ").strip(), (), number))
        elif line.startswith("# "):
            if title:
                found_title, remedy = "又有一个“# ”标题", "改成“## ”，或另建文件"
                problems.append(Problem(name, number, "", found_title, "每个文件只有一个“# ”标题", remedy))
            title = line.removeprefix("# ").strip()
        else:
            last = sections[-1]
            if isinstance(grid := pieces[0], Grid):
                last, grid = _captioned(last, number, grid)
                pieces = (grid,)
            # A mark right above a paragraph is about that paragraph.
            asked = () if marked != number - 1 or not marked else (len(last.paragraphs),)
            sections[-1] = replace(
                last,
                paragraphs=(*last.paragraphs, pieces),
                lines=(*last.lines, number),
                pending=(*last.pending, *asked),
            )
    prose = Narrative(path.stem, name, title, bool(marked), tuple(sections), tuple(untied))
    return prose, most_told(Problems(name, problems)), [*notices, *told]


def _paragraph(line: Line, terms: tuple[str, ...]) -> tuple[Piece, ...]:
    """Pieces of a heading, a paragraph or a table."""
    if line.rows:
        heads, *_ = line.rows
        headed = line.headed and not any(
            isinstance(piece, Reference | Untied)
            for cell in heads
            for piece in _pieces(line.number, cell, terms)
        )
        rows = (
            tuple(
                tuple(_pieces(number, cell, terms, f"〔{row[0].text}{head.text if headed else ''}〕"))
                for cell, head in zip(row, heads, strict=True)
            )
            for number, row in zip(line.numbers, line.rows, strict=True)
        )
        return (Grid(tuple(rows), headed),)
    return tuple(_pieces(line.number, line.content, terms))


def _captioned(section: Section, number: int, table: Grid) -> tuple[Section, Grid]:
    """A section without the lines right above a table that are its caption, and the table with them."""
    position = len(section.paragraphs) - 1
    if position < 0 or section.lines[-1] != number - 1 or position in section.pending:
        return section, table
    match section.paragraphs[-1]:
        case (str(caption),) if CAPTION.fullmatch(caption):
            shorter = replace(section, paragraphs=section.paragraphs[:-1], lines=section.lines[:-1])
            named = replace(table, caption="　".join(filter(None, (caption, table.caption))))
            is_unit = "单位" in caption[:3]  # the name of the table stands above it
            return _captioned(shorter, number - 1, named) if is_unit else (shorter, named)
    return section, table


def _pieces(
    line: int, content: Traced, terms: tuple[str, ...], head: str = ""
) -> Iterator[str | Reference | Untied]:
    """Text cut where it refers to a figure and where a number was typed."""
    text, last = content.text, 0
    mark = re.match(r"#+\s*", text)
    start_of_text = mark.end() if mark else 0  # the number of a heading stands at its beginning
    blanked = REFERENCE.sub(lambda match: HIDDEN * len(match[0]), text)[start_of_text:]
    cuts: list[tuple[int, int, Reference | Untied]] = [
        (*match.span(), Reference(match[1].strip(), line)) for match in REFERENCE.finditer(text)
    ]
    for typed in typed_numbers(blanked, terms):
        start, end = typed.start + start_of_text, typed.end + start_of_text
        in_file = replace(typed, start=content.places[start], end=content.places[end - 1] + 1)
        number = Untied(
            **vars(in_file),
            line=line,
            before=(head + _named(text[max(start_of_text, start - NEARBY) : start]))[-CONTEXT:],
            after=_named(text[end : end + NEARBY])[:CONTEXT],
        )
        cuts.append((start, end, number))
    for start, end, piece in sorted(cuts, key=lambda cut: cut[0]):
        if start > last:
            yield text[last:start]
        yield piece
        last = end
    if last < len(text):
        yield text[last:]


def _named(text: str) -> str:
    """Text in which figures stand by their names."""
    return REFERENCE.sub(lambda match: f"〔{match[1].strip()}〕", text)


def _line_problems(name: str, number: int, line: str) -> list[Problem]:
    problems = Problems(name)

    def add(found: str, expected: str, remedy: str = "照样改写") -> None:
        problems.add(number, "", found, expected, remedy)

    if len(line) > PARAGRAPH_LIMIT:
        add("一段太长", f"不超过{PARAGRAPH_LIMIT}个字", "分成几段")
    if CONTROL.search(line.replace("\t", " ")):
        add("有看不见的控制字符", "只有文字", "删去这一行重新输入")
    if line.startswith("#") and not re.match(r"#{1,2} \S", line):
        add(f"标题写成了{quote(line[:20])}", "“# 标题”或“## 标题”，井号后空一格")
    if line.startswith("#") and REFERENCE.search(line):
        add("标题里引用了数字", "数字写在正文里", "把引用移到正文")
    rest = REFERENCE.sub("", line)
    broken = [*BROKEN_REFERENCE.finditer(rest)]
    if not broken and rest.count("`") % 2:
        broken = [*STRAY.finditer(rest)][:1]
    for match in broken:
        add(f"引用数字的写法不对：{quote(match[0])}", "{figure}`数字的名称`，花括号和反引号都是半角")
    return problems
