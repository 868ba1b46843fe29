"""Numbers at the head of titles, headings and items: 第一部分, 一、, （一）, 1., （1）."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evalbook.schema.numbers import NUMERALS, ordinal

STYLES = (
    (re.compile(rf"第([{NUMERALS}]{{1,3}})(?:部分|章|篇)[、：:\s]?"), "第一部分"),
    (re.compile(rf"([{NUMERALS}]{{1,3}})、(?![{NUMERALS}])"), "一、"),
    (re.compile(rf"[（(]([{NUMERALS}]{{1,3}})[）)]"), "（一）"),
    (re.compile(r"(\d{1,2})[.．、](?:(?!\d)|(?=(?:19|20)\d\d\s?年))"), "1."),
    (re.compile(r"[（(](\d{1,2})[）)]"), "（1）"),
    (re.compile(r"(\d{1,2})[）)]"), "1）"),
    (re.compile(r"([①-⑳])"), "①"),
)
"""How headings and items are numbered, the highest rank first."""


@dataclass(frozen=True)
class Numbered:
    """The number at the head of a heading, a paragraph or an item.

    Attributes
    ----------
    rank : int
        Index of its style; a higher style has a smaller one.
    number : int
        From 1.
    mark : str
        As written.
    """

    rank: int
    number: int
    mark: str


def number_at(text: str) -> Numbered | None:
    """Number with which a heading or an item begins, in any of the styles; None when there is none."""
    for rank, (pattern, _) in enumerate(STYLES):
        if (match := pattern.match(text)) and ordinal(match[1]):
            return Numbered(rank, ordinal(match[1]), match[0])
    return None


def unnumbered(heading: str) -> str:
    """Words of a heading, without its number, spaces and final punctuation."""
    number = number_at(heading)
    return re.sub(r"\s", "", heading[len(number.mark) if number else 0 :]).rstrip("。：:；;．.")
