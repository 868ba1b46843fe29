"""The chapters of a report: files of ``narrative/`` in the order of their names, any number, with any titles.

What a clerk's machine makes of a file (``03-x.md.txt``, ``03-x.MD``) and a chapter that vanished are told, so that no
part of a report is lost silently.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.errors import Problem, Problems
from evalbook.schema.numbers import NUMERALS, numeral, ordinal
from evalbook.schema.reader import unedited
from evalbook.schema.text import CONTROL, project_path, quote
from evalbook.shipped import OUTLINE, SHIPPED
from evalbook.year.headings import number_at, unnumbered
from evalbook.year.narrative import Narrative, heading_number, read_narrative
from evalbook.year.tables import OMITTED, PROSE_WITHOUT_TITLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from evalbook.schema.reader import Edit

PROSE = "narrative"
MOST_CHAPTERS = 99
LONGEST_NAME = 40
NAME = re.compile(r"[\w、（）](?:[\w、（）.-]*[\w、（）])?")
"""Names that are good for a file on every system, an address and a line of a table."""

NUMBER = re.compile(rf"(\d{{1,2}})(?!\d)|第?([{NUMERALS}]{{1,3}})(?=[、.．_-]|部分|章)")
STRAY_ENDING = re.compile(r"(?:\.(?:md|markdown|txt|text))*\.\w+$", re.IGNORECASE)
TEXT_ENDINGS = (".md", ".markdown", ".txt", ".text")
OF_ITS_OWN = re.compile("附|前言|引言|导语|结语|结束语|后记")
"""Beginnings of titles that have no number beside numbered ones."""

OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")


def number_of(name: str) -> int | None:
    """Number with which the name of a file begins: 3 of 03-organisation, 三、组织实施 and 第三部分."""
    match = NUMBER.match(name)
    return ordinal(match[1] or match[2]) if match else None


def chapter_files(root: Path, year: int) -> list[Path]:
    """Files of a year's prose: by the number with which their names begin, then by name."""
    return sorted((path for path in _files(root, year) if path.suffix == ".md"), key=_order)


def chapters(root: Path, year: int) -> tuple[str, ...]:
    """Names of a year's chapters, in their order: its prose, less what stands on the cover."""
    return tuple(path.stem for path in chapter_files(root, year) if path.stem != PROSE_WITHOUT_TITLE)


def _order(path: Path) -> tuple[float, str]:
    number = number_of(path.stem)
    return math.inf if number is None else number, path.stem


def _files(root: Path, year: int) -> Iterator[Path]:
    """What lies among the prose, less what editors and systems put there."""
    folder = root / "data" / str(year) / PROSE
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        if not path.name.startswith((".", "~$")) and path.name.lower() not in OF_THE_SYSTEM:
            yield path


@dataclass(frozen=True)
class _Stray:
    """A file among the prose that is not read as prose."""

    path: Path
    stem: str
    problem: Problem


def read_chapters(
    root: Path, year: int, terms: tuple[str, ...], edit: Edit, omitted: tuple[str, ...], *, released: bool
) -> tuple[dict[str, Narrative], list[Problem], list[str]]:
    """Read the prose of a year.

    Parameters
    ----------
    root, year
        Project and fiscal year.
    terms
        Names in which digits are not figures.
    edit
        What the edition makes of a text.
    omitted
        Chapters that ``year.yml`` says there are none of.
    released
        Whether the prose is that of a released edition, which is whole as it is.

    Returns
    -------
    tuple of dict of str to Narrative, list of Problem, list of str
        By file name without ``.md``, everything to mend, everything to know.
    """
    folder = f"{project_path(root, root / 'data' / str(year))}/{PROSE}"
    narrative: dict[str, Narrative] = {}
    notices: list[str] = []
    files = chapter_files(root, year)
    problems = Problems(folder)
    if len(files) > MOST_CHAPTERS:
        found, remedy = f"有{len(files)}个正文文件", "合并一些部分"
        problems.add(0, "", found, f"不超过{MOST_CHAPTERS}个", remedy)
    wrong = {path: problem for path in files if (problem := _name_problem(folder, path, files))}
    for path in [path for path in files if path not in wrong][:MOST_CHAPTERS]:
        narrative[path.stem], more, told = read_narrative(root, path, terms, edit)
        problems += more
        notices += told
    problems += wrong.values()
    if not files:
        problems.add(0, "", "没有正文", "每一部分一个 .md 文件", "从上年复制后修改")
    problems += _heading_problems(folder, narrative)
    strays = [_stray(folder, path) for path in _files(root, year) if path not in files and path.is_file()]
    if released:
        notices += [f"{stray.problem.file}：{stray.problem.found}。" for stray in strays]
    else:
        problems += [stray.problem for stray in strays]
        others = [*(path.stem for path in wrong), *(stray.stem for stray in strays)]
        missing = _missing(root, year, folder, narrative, others) if files else []
        notices += _without_number(narrative)
        problems += [one.problem for one in missing if not one.is_stated(omitted)]
        problems += _omission_problems(f"data/{year}/year.yml", omitted, narrative, others)
    if not any(prose.placements for prose in narrative.values()):
        narrative = _as_outlined(narrative)
    return narrative, [*problems, *_placement_problems(narrative)], notices


def _name_problem(folder: str, path: Path, files: Iterable[Path]) -> Problem | None:
    """What is wrong with the name of a file of prose, which names a page too."""
    name = path.stem
    file = f"{folder}/{CONTROL.sub('□', path.name)}"
    remedy = "改文件名；不要的文件请移走"
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or not unicodedata.is_normalized("NFC", name):
        expected = f"只用汉字、字母、数字和 - _ . 、（），不用空格，不超过{LONGEST_NAME}个字"
        return Problem(file, 0, "", "文件名不能作网页的名称", expected, remedy)
    alike = [other.name for other in files if other != path and other.stem.casefold() == name.casefold()]
    if alike:
        return Problem(file, 0, "", f"与 {alike[0]} 只差大小写", "各文件的名称不同", remedy)
    return None


def _heading_problems(folder: str, narrative: Mapping[str, Narrative]) -> Problems:
    """Chapters without a title; on the cover a title, tables and charts."""
    problems = Problems(folder)
    for name, prose in narrative.items():
        if name != PROSE_WITHOUT_TITLE and not prose.title:
            found, remedy = "没有标题", "补上标题；不要的文件请移走"
            problems.append(Problem(prose.file, 1, "", found, "第一行是“# 标题”", remedy))
        if name == PROSE_WITHOUT_TITLE and prose.title:
            found, remedy = f"有标题{quote(prose.title)}", "删去标题；确是一部分的，改文件名"
            problems.append(Problem(prose.file, 1, "", found, "印在封面页上的导语没有标题", remedy))
        if name == PROSE_WITHOUT_TITLE and prose.placements:
            first = prose.placements[0]
            found, remedy = f"导语里放了“{first}”", "把这一行移到某一部分里"
            problems.append(Problem(prose.file, first.line, "", found, "封面页上不放图表", remedy))
    return problems


def _stray(folder: str, path: Path) -> _Stray:
    shown = CONTROL.sub("□", path.name)
    stem = STRAY_ENDING.sub("", path.name)
    beside = path.with_name(f"{stem}.md")
    ending = path.suffix.lower()
    if beside.is_file() and beside.name != path.name:
        remedy = f"把它移到别的文件夹（{CONTROL.sub('□', beside.name)} 已经有了）"
    elif ending in TEXT_ENDINGS or not ending:
        remedy = f"把文件名改成 {CONTROL.sub('□', stem)}.md（先让文件夹显示扩展名）；不是正文的移到别的文件夹"
    else:
        remedy = f"用记事本把文字另存为 {CONTROL.sub('□', stem)}.md，再移走这个文件；不是正文的移到别的文件夹"
    found, expected = "正文只读扩展名为 .md 的文件，这个没有读", f"{PROSE} 里只有 .md 文件"
    return _Stray(path, stem, Problem(f"{folder}/{shown}", 0, "", found, expected, remedy))


@dataclass(frozen=True)
class _Missing:
    """A chapter that is not there.

    Attributes
    ----------
    file : str
        Where it should be, or the folder.
    why : str
        What tells that it should be.
    called : str
        Its file without ``.md`` as the year before has it, the number of its file, or that of its title (三).
    number : int or None
        With which the name of its file begins.
    ordinal : int
        That its title has; 0 where nobody knows.
    """

    file: str
    why: str
    called: str
    number: int | None = None
    ordinal: int = 0

    @property
    def problem(self) -> Problem:
        """What to do about it."""
        remedy = f"补上这个文件；本年确实没有的，在 year.yml 的“{OMITTED.heading}”下面写一行“- {self.called}”"
        return Problem(self.file, 0, "", self.why, "各部分齐全，或者写明没有", remedy)

    def is_stated(self, omitted: Iterable[str]) -> bool:
        """Whether it is one of those that ``year.yml`` says there are none of."""
        return any(self._is(said.removesuffix(".md")) for said in omitted)

    def _is(self, said: str) -> bool:
        if re.fullmatch(rf"[{NUMERALS}]+", said):  # as titles are numbered
            return ordinal(said) == (self.ordinal or self.number)
        number = number_of(said)
        return said == self.called or (number is not None and number == self.number)


def _missing(
    root: Path, year: int, folder: str, narrative: Mapping[str, Narrative], others: list[str]
) -> list[_Missing]:
    """Chapters that the year before had, and those that numbers of files and titles leave out, each once."""
    names = [*narrative, *others]
    numbers = {number for name in names if (number := number_of(name)) is not None}
    missing: list[_Missing] = []
    for path in chapter_files(root, year - 1):
        number = number_of(path.stem)
        if path.stem in names or number in numbers:
            continue
        earlier, *_ = read_narrative(root, path, (), unedited)
        if not earlier.title or unnumbered(earlier.title) not in {
            unnumbered(p.title) for p in narrative.values()
        }:
            why = f"没有这个文件，{year - 1}年度有（{earlier.title or '导语'}）"
            called = path.stem
            missing.append(_Missing(f"{folder}/{called}.md", why, called, number, _title_number(earlier)))
    step = math.gcd(*numbers)
    step = step if step and step % 5 == 0 else 1  # some number by fives or tens, to have room between
    gaps = {*range(step, max(numbers, default=0), step)} - numbers - {one.number for one in missing}
    missing += [_Missing(folder, f"文件名的序号缺{n:02}", f"{n:02}", n) for n in sorted(gaps)]
    return missing + _left_out(folder, narrative, [*map(number_of, others), *(one.number for one in missing)])


def is_excused(name: str, text: str, narrative: Mapping[str, Narrative], omitted: Iterable[str]) -> bool:
    """Whether a chapter that was is there under its name, its number or its title, or is stated to be left out.

    Parameters
    ----------
    name, text
        Its file without ``.md``, and what that said.
    narrative, omitted
        As it is now: the chapters, and those that ``year.yml`` says there are none of.
    """
    line = next(iter(text.splitlines()), "")
    title = line.removeprefix("# ") if line.startswith("# ") else ""
    number = number_at(title)
    gone = _Missing("", "", name, number_of(name), number.number if number else 0)
    titles = {unnumbered(prose.title) for prose in narrative.values() if prose.title}
    there = name in narrative or gone.number in {*map(number_of, narrative)} - {None}
    return there or (bool(title) and unnumbered(title) in titles) or gone.is_stated(omitted)


def _left_out(
    folder: str, narrative: Mapping[str, Narrative], unread: Collection[int | None]
) -> list[_Missing]:
    """Chapters that the numbers of titles leave out, where no file that is not read, by its number, explains it."""
    found: list[_Missing] = []
    title, last, place = "", 0, -1
    ranks = [number.rank for prose in narrative.values() if (number := number_at(prose.title))]
    for name, prose in narrative.items():
        number = number_at(prose.title)
        if number is None or number.rank != ranks[0]:
            continue
        now, here = number.number, number_of(name)
        if not any(one is None or here is None or place < one < here for one in unread):
            after = f"{quote(title)}之后就是" if title else "第一个标题是"
            for lacking in range(last + 1, now):
                why = f"缺标题“{numeral(lacking)}”的部分：{after}{quote(prose.title)}"
                found.append(_Missing(folder, why, numeral(lacking), ordinal=lacking))
        title, last, place = prose.title, now, place if here is None else here
    return found


def _without_number(narrative: Mapping[str, Narrative]) -> list[str]:
    """Say in Chinese which titles and headings have no number although others of their rank do.

    Word numbers headings by itself, and its numbers stay behind when the text is copied.
    """
    titles = [(prose.file, 1, prose.title) for prose in narrative.values() if prose.title]
    ranks = [
        titles,
        *([(p.file, s.line, s.heading) for s in p.sections if s.heading] for p in narrative.values()),
    ]
    bare = [
        f"{file} 第{line}行{quote(heading)}"
        for rank in ranks
        if any(number_at(heading) for *_, heading in rank)
        for file, line, heading in rank
        if not number_at(heading) and not OF_ITS_OWN.match(heading)
    ]
    told = "没有序号，同级的别的标题有；从 Word 复制文字，自动编号带不过来，请补上"
    return [f"{'、'.join(bare)}：{told}。"] if bare else []


def _title_number(prose: Narrative) -> int:
    """Number that a title begins with, 0 without one."""
    number = number_at(prose.title)
    return number.number if number else 0


def _omission_problems(
    file: str, omitted: Iterable[str], narrative: Mapping[str, Narrative], others: Iterable[str]
) -> Problems:
    """Chapters of which ``year.yml`` says that there are none, and there are."""
    problems = Problems(file)
    there = [(name, number_of(name), _title_number(prose)) for name, prose in narrative.items()]
    there += [(name, number_of(name), 0) for name in others]
    for said in omitted:
        for name, number, title in there:
            if _Missing("", "", name, number, title).is_stated((said,)):
                found, remedy = f"写的是{quote(said)}，{PROSE} 里有 {name}", "删去这一行，或移走那个文件"
                problems.add(0, OMITTED.heading, found, "本年没有的部分", remedy)
    return problems


def _as_outlined(narrative: Mapping[str, Narrative]) -> dict[str, Narrative]:
    """Prose that places nothing itself, with tables and charts where the outline of a report has them.

    Folders made before prose could place them show what they always did: in the chapter of the same file name, below
    the section of the same position; what the outline has in its last section, or the chapter has no section for,
    comes at the end of the chapter.
    """
    placed = dict(narrative)
    for path in sorted((SHIPPED / OUTLINE).glob("*.md")):
        if path.stem in placed and path.stem != PROSE_WITHOUT_TITLE:
            outline, *_ = read_narrative(SHIPPED, path, (), unedited)
            prose = placed[path.stem]
            sections = [*prose.sections]
            end, last = len(sections) - 1, len(outline.sections) - 1
            for position, section in enumerate(outline.sections):
                place = end if position == last else min(position, end)
                here = sections[place]
                moved = (replace(one, position=len(here.paragraphs), line=0) for one in section.placements)
                sections[place] = replace(here, placements=(*here.placements, *moved))
            placed[path.stem] = replace(prose, sections=tuple(sections))
    return placed


def _placement_problems(narrative: Mapping[str, Narrative]) -> list[Problem]:
    """Tables and charts that are placed more than once."""
    problems: list[Problem] = []
    first: dict[str, str] = {}
    for prose in narrative.values():
        for placement in prose.placements:
            if earlier := first.get(str(placement)):
                found, expected = f"“{placement}”放了两次，先在{earlier}", "同一个图或表在一年里只放一次"
                problems.append(Problem(prose.file, placement.line, "", found, expected, "删去其中一行"))
            first.setdefault(str(placement), f"{prose.name}.md 第{placement.line}行")
    return problems


def places(narrative: Narrative) -> tuple[str, ...]:
    """Places that a chapter has, as the column 章节 names them: 五, 五（一）, or titles and headings without a number."""
    chapter = heading_number(narrative.title) or heading_words(narrative.title)
    found = [chapter]
    for section in narrative.sections[1:]:
        number = heading_number(section.heading)
        found.append(f"{chapter}{number}" if number else heading_words(section.heading))
    return tuple(found)


def heading_words(heading: str) -> str:
    """A heading as it is shown: the report ends some with a full stop."""
    return heading.removesuffix("。")
