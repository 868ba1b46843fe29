"""What the report states about its own numbers: which are sums, differences and rates of which others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.errors import Problems
from evalbook.schema.text import quote
from evalbook.schema.vocabulary import AMONG, SUM

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalbook.figures.figure import Figure, FigureSet
    from evalbook.schema import TableData

SEPARATORS = "、＋+，,；; "
FEWEST = {SUM: 2, AMONG: 1}
EXACTLY_TWO = 2


@dataclass(frozen=True)
class StatedRelation:
    """One row of ``relations.csv``.

    Attributes
    ----------
    row : int
        As Excel counts.
    kind : str
        Of :data:`evalbook.schema.vocabulary.STATED_RELATIONS`.
    whole : Figure
        The sum, the difference, the rate, or what contains the terms.
    terms : tuple of Figure
        In the order of the row.
    """

    row: int
    kind: str
    whole: Figure
    terms: tuple[Figure, ...]


def stated_relations(figures: FigureSet) -> tuple[StatedRelation, ...]:
    """Relations that the year states, all of whose figures there are."""
    found = []
    for row in figures.year.tables["relations"].rows:
        whole = figures.named(row.said("figure"))
        terms, unknown = _terms(row.said("terms"), figures)
        if whole and terms and not unknown:
            found.append(StatedRelation(row.number, row.said("relation"), whole, terms))
    return tuple(found)


def relation_problems(
    data: TableData, figures: FigureSet, meant: Callable[[str], str], expected: str
) -> Problems:
    """Relations of figures that do not exist, of a figure to itself, or of too few."""
    problems = Problems(data.file)
    for row in data.rows:
        name = row.said("figure")
        whole = figures.named(name)
        terms, unknown = _terms(row.said("terms"), figures)
        if whole is None:
            problems.add(row.number, "数字", f"没有名为{quote(name)}的数字", expected, meant(name))
        if unknown:
            problems.add(row.number, "各项", f"没有名为{quote(unknown)}的数字", expected, meant(unknown))
            continue
        kind = row.said("relation")
        fewest = FEWEST.get(kind, EXACTLY_TWO)
        if whole in terms:
            problems.add(row.number, "各项", "有一项就是这个数字自己", "别的数字", "删去这一项")
        elif len(terms) < fewest:
            found, wanted = f"只有{len(terms)}项", f"“{kind}”至少{fewest}项"
            problems.add(row.number, "各项", found, wanted, "补上缺的，用“、”隔开")
    return problems


def _terms(text: str, figures: FigureSet) -> tuple[tuple[Figure, ...], str]:
    """Figures that a text lists, and the beginning of the first name that is none.

    Names may hold separators themselves (城乡低保、特困供养物价补贴), so that the longest name that fits counts.
    """
    found: list[Figure] = []
    rest = text.strip(SEPARATORS)
    while rest:
        ends = [index for index, character in enumerate(rest) if character in SEPARATORS]
        names = (rest[:end].strip() for end in (len(rest), *reversed(ends)))
        name = next((name for name in names if figures.named(name)), "")
        figure = figures.named(name)
        if figure is None:
            return tuple(found), rest[: ends[0]] if ends else rest
        found.append(figure)
        rest = rest[len(name) :].lstrip(SEPARATORS)
    return tuple(found), ""
