"""Words that an edition changed directly, old and new, as a small file beside its figures."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from evalbook.editions.kept import kept_text, read_kept
from evalbook.year import changes_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

CHANGES_COLUMNS = ("文件", "处", "原文", "现文")

MARKED = "〖原文→现文〗"
"""How changed words are marked; not with the brackets that numbers of documents have."""

AROUND = 12
"""Words, which are characters or numbers, that are shown on each side of changed ones."""

MOST_WORDS = 100
"""Characters shown of words that were taken away, and of those that were added."""

ALIKE = 0.4
"""Share that two texts must have in common for their differences to be told one by one."""

WORD = re.compile(r"[0-9A-Za-z.,%]+|.", re.DOTALL)


@dataclass(frozen=True)
class ChangedText:
    """A sentence, or a cell of a table, that is not what it was in the edition before.

    Attributes
    ----------
    file : str
        Path in the year's folder, or in the project where it is none of the year's.
    place : str
        Where it stands, in Chinese: line, or row and column.
    old, new : str
        The words; empty where there were, or are, none.
    """

    file: str
    place: str
    old: str
    new: str

    @property
    def marked(self) -> str:
        """Changed words, old and new in brackets, with only those around them."""
        before, now = WORD.findall(self.old), WORD.findall(self.new)
        matcher = SequenceMatcher(None, before, now, autojunk=False)
        if matcher.ratio() < ALIKE:
            return _change(self.old, self.new)
        told, was, becomes = "", 0, 0
        for block in matcher.get_matching_blocks():
            a, b, end, stop = block.a, block.b, block.a + block.size, block.b + block.size
            begins, ends = a > 0 or b > 0, end < len(before) or stop < len(now)
            if block.size == 1 and begins and ends:
                continue  # a single word between two changes reads better as part of one
            told += _change("".join(before[was:a]), "".join(now[becomes:b]))
            told += _around(now[b:stop], begins=begins, ends=ends)
            was, becomes = end, stop
        return told


def _change(old: str, new: str) -> str:
    """What was taken away and what was added; nothing where nothing was."""
    if not old and not new:
        return ""
    was, becomes = (
        f"{text[:MOST_WORDS]}……（共{len(text)}字）" if len(text) > MOST_WORDS else text for text in (old, new)
    )
    if not old or not new:
        return f"〖增：{becomes}〗" if new else f"〖删：{was}〗"
    return f"〖{was}→{becomes}〗"


def _around(words: Sequence[str], *, begins: bool, ends: bool) -> str:
    """Words that are the same, of many those beside a change: at their beginning, at their end, or at both."""
    head, tail = (AROUND if begins else 0), (AROUND if ends else 0)
    if len(words) <= head + tail:
        return "".join(words)
    return "".join([*words[:head], "…", *words[len(words) - tail :]])


def changes_text(changes: Iterable[ChangedText]) -> str:
    """Every changed text, one a line."""
    return kept_text(CHANGES_COLUMNS, map(astuple, changes))


def read_changes(root: Path, year: int, number: int) -> tuple[ChangedText, ...]:
    """Texts that a released edition changed, of one whose ledger records some.

    Raises
    ------
    EvalbookError
        The file is missing, or is not what a release wrote.
    """
    return read_kept(root, changes_path(root, year, number), CHANGES_COLUMNS, ChangedText)
