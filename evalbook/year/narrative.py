"""The prose of a report: headings, paragraphs and references to figures, and nothing else.

Prose is text from other people. Only four things in it mean more than their characters: a line that
begins with ``#`` or ``##``, an empty line, a reference such as ``{figure}`城市低保累计支出```, and the place of a table
or a chart (:mod:`evalbook.year.placements`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.errors import Problem, Problems
from evalbook.schema.numbers import typed_digits
from evalbook.schema.reader import unedited
from evalbook.schema.text import CONTROL, project_path, quote, read_text
from evalbook.schema.vocabulary import PENDING
from evalbook.year.placements import Placement, placement_at

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.schema.reader import Edit

REFERENCE = re.compile(r"\{figure\}`([^`{}]{1,100})`")
BROKEN_REFERENCE = re.compile(
    r"[{｛]\s*figure\s*[}｝].{0,12}|[{｛][a-zA-Z:-]{1,20}[}｝][`‘’·].{0,12}|[a-z]{1,6}[}｝]`.{0,12}"
)
STRAY = re.compile(r".{0,12}`.{0,12}")
"""A backtick without its partner is the rest of a reference that a line break tore apart."""

PENDING_LINE = f"【{PENDING}】"
PARAGRAPH_LIMIT = 20_000

ORDINALS = "一二三四五六七八九十"
NOT_FIGURES = re.compile(
    r"""(?x)
      (?:19|20|21)\d\d[.-]\d{1,2}[.-]\d{1,2}(?!\d)                # 2021.12.31, 2021-12-31
    | (?:19|20|21)\d\d(?:\s*[—–~～至到-]+\s*(?:19|20|21)\d\d)?\s*年(?:度)?   # 2020年度, 2019—2020年
      (?:\s*\d{1,2}(?:\s*[—–~～至到-]+\s*\d{1,2})?\s*月(?:\s*\d{1,2}\s*日)?)?  # …12月, …3-5月, …4月10日
    | (?<!\d)\d{1,2}\s*[—–~～至到-]+\s*\d{1,2}\s*月              # 1至6月
    | (?<!\d)\d{1,2}\s*月\s*\d{1,2}\s*日                           # 7月1日
    | (?<!\d)\d{1,2}\s*月(?=底|初|份|中旬|上旬|下旬|起|末)         # 12月底
    | [〔\[［(（]\s*\d{4}\s*[〕\]］)）]\s*第?\s*\d{1,5}\s*号       # 〔2017〕61号, [2020]54号
    | 第\s*\d{1,5}\s*号                                            # 国务院令第649号
    """
)
HEADING_NUMBER = re.compile(r"^\s*(?:\d{1,2}\s*[.．、]|[（(]\s*\d{1,2}\s*[）)])")


@dataclass(frozen=True)
class Reference:
    """A figure named in the prose, by its Chinese name."""

    name: str
    line: int


@dataclass(frozen=True)
class Section:
    """A heading of the second level with what stands below it.

    Attributes
    ----------
    heading : str
        As the report has it, number included; empty for what precedes the first such heading.
    paragraphs : tuple of tuple of (str or Reference)
        Pieces of text and references, in order.
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
    paragraphs: tuple[tuple[str | Reference, ...], ...]
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
    """

    name: str
    file: str
    title: str
    pending: bool
    sections: tuple[Section, ...]

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
            for piece in paragraph
            if isinstance(piece, Reference)
        ]


def heading_number(heading: str) -> str:
    """Number of a heading: 一 for 一、项目概况, （一） for （一）资金安排情况, 1. for 1.组织情况."""
    match = re.match(rf"[{ORDINALS}]+(?=、)|（[{ORDINALS}]+）|\d{{1,2}}[.、]", heading)
    return match[0] if match else ""


def figures_typed(text: str, terms: tuple[str, ...]) -> list[str]:
    """Digits typed into a line that are neither a date, a document or heading number, nor in a name."""
    text = NOT_FIGURES.sub("", HEADING_NUMBER.sub("", REFERENCE.sub("", text.lstrip("# "))))
    for term in terms:
        text = text.replace(term, "")
    return typed_digits(text)


def read_narrative(
    root: Path, path: Path, terms: tuple[str, ...], edit: Edit = unedited
) -> tuple[Narrative, list[Problem], list[str]]:
    """Read one file of prose.

    Parameters
    ----------
    root, path
        Project and file.
    terms
        Names in which digits are not figures (``data/reference/terms.csv``).
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
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line:
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
        problems += _line_problems(name, number, line, terms)
        if line.startswith("## "):
            sections.append(Section(line.removeprefix("## ").strip(), (), number))
        elif line.startswith("# "):
            if title:
                found, remedy = "又有一个“# ”标题", "改成“## ”，或另建文件"
                problems.append(Problem(name, number, "", found, "每个文件只有一个“# ”标题", remedy))
            title = line.removeprefix("# ").strip()
        else:
            pieces = tuple(
                Reference(piece.strip(), number) if index % 2 else piece
                for index, piece in enumerate(REFERENCE.split(line))
                if piece
            )
            last = sections[-1]
            # A mark right above a paragraph is about that paragraph.
            asked = () if marked != number - 1 or not marked else (len(last.paragraphs),)
            sections[-1] = replace(
                last,
                paragraphs=(*last.paragraphs, pieces),
                lines=(*last.lines, number),
                pending=(*last.pending, *asked),
            )
    return Narrative(path.stem, name, title, bool(marked), tuple(sections)), problems, notices


def _line_problems(name: str, number: int, line: str, terms: tuple[str, ...]) -> list[Problem]:
    problems = Problems(name)

    def add(found: str, expected: str, remedy: str = "照样改写") -> None:
        problems.add(number, "", found, expected, remedy)

    if len(line) > PARAGRAPH_LIMIT:
        add("一段太长", f"不超过{PARAGRAPH_LIMIT}个字", "分成几段")
    if CONTROL.search(line):
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
    for digits in figures_typed(line, terms):
        remedy = "把数字填进表里再引用；确是名称的，登记到 data/reference/terms.csv"
        add(f"正文里直接写了数字{quote(digits)}", "引用表里的数字，写成 {figure}`数字的名称`", remedy)
    return problems
