"""Headings and paragraphs as the rules on prose read them.

Each reference to a figure is one character, :data:`FIGURE`: what is suspicious then does not depend on the numbers
of the year.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.checks.finding import Place, Suspicion
from evalbook.schema.numbers import NUMERALS
from evalbook.year import Grid, Reference, Untied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalbook.checks.facts import Facts
    from evalbook.year import Narrative
    from evalbook.year.narrative import Piece

FIGURE = "\ufffc"
"""Stands for a reference in the text of a passage (U+FFFC, the object replacement character)."""

CJK = "\u3400-\u9fff"
HOUSE_RULE = "本工具的校对办法"
PUNCTUATION = "GB/T 15834—2011《标点符号用法》"
DOCUMENT_FORMAT = "GB/T 9704—2012《党政机关公文格式》7.2.5"
QUESTION = re.compile(r"[吗呢何哪谁怎几]|什么|多少|是否|能否|可否")
LOST = re.compile(rf"(?<=[{CJK}])\?{{1,2}}(?!\?)|(?<!\?)\?{{1,2}}(?=[{CJK}])|\ufffd+")
"""What GBK leaves of a character that it does not have."""
TITLES = re.compile(r"《[^《》]{0,200}》")


@dataclass(frozen=True)
class Passage:
    """A heading or a paragraph of the report.

    Attributes
    ----------
    narrative : Narrative
        The file that it stands in.
    section : int
        Index of its section in the file.
    level : int
        1 and 2 for headings, 0 for a paragraph.
    line : int
        Line in the file.
    text : str
        What is written, each reference as :data:`FIGURE`.
    names, values : tuple of str
        Names of the figures referred to, and how they are shown, in order.
    typed : tuple of tuple of int
        Beginning and end of each number that was typed instead, which stands in the text as it was typed.
    """

    narrative: Narrative
    section: int
    level: int
    line: int
    text: str
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    typed: tuple[tuple[int, int], ...] = ()

    @property
    def plain(self) -> str:
        """The text with titles of documents blanked, at the same positions."""
        return TITLES.sub(lambda match: "《" + "　" * (len(match[0]) - 2) + "》", self.text)

    @property
    def where(self) -> str:
        """Part of the report, as the tables' column 章节 names it."""
        chapter = re.match(rf"[{NUMERALS}]+(?=、)", self.narrative.title)
        heading = self.narrative.sections[self.section].heading
        section = re.match(rf"[（(][{NUMERALS}]+[）)]|\d{{1,2}}(?=[.．、])", heading)
        found = (chapter[0] if chapter else "") + (section[0] if section else "")
        return f"{found or self.narrative.title[:12] or '导语'}"

    def shown(self, start: int = 0, end: int | None = None) -> str:
        """Part of the text with the figures in place."""
        values = iter(self.values[self.text[:start].count(FIGURE) :])
        return "".join(next(values) if sign == FIGURE else sign for sign in self.text[start:end])

    def around(self, start: int, end: int, margin: int = 8) -> str:
        """Part of the text with some characters before and after it, for a quotation."""
        left, right = max(start - margin, 0), min(end + margin, len(self.text))
        before, after = "…" if left else "", "…" if right < len(self.text) else ""
        return f"{before}{self.shown(left, right)}{after}"

    def place(self, start: int = 0, end: int = 40) -> Place:
        """Place with a quotation of the part concerned."""
        return Place(self.narrative.file, self.line, self.around(start, min(end, start + 60)))

    def subject(self, text: str) -> str:
        """Subject of a finding about a piece of this passage: the same wherever in the file it stands."""
        name = re.sub(r"[^A-Za-z0-9_.+]", "", self.narrative.name.replace("-", "_"))[:60] or "prose"
        return f"{name}.{digest(text)}"

    def suspected(self, text: str, start: int, end: int, severity: str = "") -> Suspicion:
        """Suspicion about a piece of this passage from start to end, known by a text, yet to be ``told``."""
        return Suspicion(self.subject(text), places=(self.place(start, end),), severity=severity)


def digest(text: str) -> str:
    """Six hexadecimal digits that stand for a text in a finding's subject."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def passages(facts: Facts) -> tuple[Passage, ...]:
    """Headings and paragraphs of the report in the order in which they are read."""
    found = []
    for prose in facts.figures.year.narrative.values():
        if prose.title:
            found.append(Passage(prose, 0, 1, 1, prose.title.replace(FIGURE, "□")))
        for index, section in enumerate(prose.sections):
            if section.heading:
                found.append(Passage(prose, index, 2, section.line, section.heading.replace(FIGURE, "□")))
            for line, pieces in zip(section.lines, section.paragraphs, strict=True):
                if any(isinstance(piece, Grid) for piece in pieces):
                    continue  # cells are no sentences
                names = tuple(piece.name for piece in pieces if isinstance(piece, Reference))
                values = tuple(facts.figures.text_of(name) for name in names)
                text, typed = _written(pieces)
                found.append(Passage(prose, index, 0, line, text, names, values, typed))
    return tuple(found)


def _written(pieces: tuple[Piece, ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Text of a paragraph, and where numbers were typed into it."""
    text, typed = "", []
    for piece in pieces:
        match piece:
            case Reference():
                text += FIGURE
            case Untied(text=number):
                typed.append((len(text), len(text) + len(number)))
                text += number
            case str():
                text += piece.replace(FIGURE, "□")
    return text, tuple(typed)


def paragraphs(facts: Facts) -> Iterator[Passage]:
    """The passages that are no headings."""
    return (passage for passage in passages(facts) if passage.level == 0)


def blank(match: re.Match[str]) -> str:
    """As many ideographic spaces as a match has characters, so that what follows keeps its position."""
    return "　" * len(match[0])


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Sentences of a text, each with the position at which it begins."""
    for match in re.finditer(r"[^。！？]+[。！？]?", text):
        yield match.start(), match[0]


def clauses(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a text between commas, semicolons, colons and full stops, each with its position."""
    for match in re.finditer(r"[^，,；;：:。！？]+", text):
        yield match.start(), match[0]


def by_chapter(facts: Facts) -> Iterator[tuple[Passage, ...]]:
    """The passages of each file."""
    for _, of_chapter in itertools.groupby(passages(facts), key=lambda passage: passage.narrative.name):
        yield tuple(of_chapter)


def once(find: Callable[[Facts], Iterator[Suspicion]]) -> Callable[[Facts], Iterator[Suspicion]]:
    """Let a rule say of each subject one thing, with all the places where it found it."""

    @functools.wraps(find)
    def united(facts: Facts) -> Iterator[Suspicion]:
        found: dict[str, Suspicion] = {}
        for suspicion in find(facts):
            first = found.setdefault(suspicion.subject, suspicion)
            found[suspicion.subject] = replace(
                first,
                places=tuple(dict.fromkeys((*first.places, *suspicion.places))),
                figures=tuple({f.address: f for f in (*first.figures, *suspicion.figures)}.values()),
            )
        yield from found.values()

    return united


def lost_characters(text: str) -> list[re.Match[str]]:
    """Question marks inside a text that asks nothing: in the place of characters that were lost when it was saved."""
    found = []
    for match in LOST.finditer(text):
        before = re.split(r"[，,；;：:。！？]", text[max(match.start() - 60, 0) : match.start()])[-1]
        if "\ufffd" in match[0] or not QUESTION.search(before):
            found.append(match)
    return found


def shortened(text: str, length: int = 30) -> str:
    """Text for a quotation, cut at a length in characters."""
    return text if len(text) <= length else f"{text[:length]}…"
