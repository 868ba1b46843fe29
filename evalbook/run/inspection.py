"""Everything to mend before a year, or a framework, can be shown in the book."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError, Problem
from evalbook.figures import FigureSet, examine, load
from evalbook.fonts import missing_characters, missing_in
from evalbook.frameworks import Framework, examine_framework, framework_files
from evalbook.render import Page
from evalbook.render.pages import exhibit
from evalbook.run.layout import PAGES
from evalbook.schema.text import quote
from evalbook.schema.vocabulary import CORRECTED
from evalbook.scoring import evaluate, possible
from evalbook.year import EXHIBITS, TABLE, Placement, quantity

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from evalbook.year import FiscalYear

MOST_NAMED = 3
"""Places in the prose that one notice names; a year that is not filled in has more."""

RESERVED = (*PAGES, "search", "genindex")
"""Names that chapters cannot have: pages of every year, and of every book."""


def inspect(
    root: Path, year: int, day: datetime.date | None = None
) -> tuple[FigureSet | None, tuple[Problem, ...], tuple[str, ...]]:
    """Everything to mend before a year can be built: its files, characters that no font has, names of chapters.

    Parameters
    ----------
    root, year, day
        As of :func:`evalbook.figures.examine`.

    Returns
    -------
    tuple of (FigureSet or None), tuple of Problem, tuple of str
        As :func:`evalbook.figures.examine` gives.
    """
    figures, problems, notices = examine(root, year, day=day)
    problems += missing_characters(root, year)
    if figures is None:
        return figures, problems, notices
    problems += _page_problems(figures.year)
    problems += _unsettled(root, figures)
    return figures, problems, (*notices, *(() if problems else _placement_notices(figures)))


def _page_problems(year: FiscalYear) -> tuple[Problem, ...]:
    """Chapters that are called as a page of the tool is."""
    expected, remedy = f"不叫 {'、'.join(RESERVED)}", "改文件名，如 07-其他.md"
    return tuple(
        Problem(prose.file, 0, "", f"{name} 是本工具的网页的名称", expected, remedy)
        for name, prose in year.narrative.items()
        if name.casefold() in RESERVED
    )


def _unsettled(root: Path, figures: FigureSet) -> tuple[Problem, ...]:
    """Corrections of the edition to come for which open findings of the edition before list other values too."""
    year = figures.year
    coming = [
        c
        for c in year.corrections
        if c.edition == len(year.ledger) + 1 and c.treatment == CORRECTED and c.corrected and not c.of_text
    ]
    if not coming or not year.standing:
        return ()
    try:
        before = load(root, year.settings.year, year.standing[-1].number)
    except EvalbookError:  # told where the files are read
        return ()
    findings, found = evaluate(before).findings, []
    for correction in coming:
        figure = before.figures.get(correction.subject) or before.named(correction.subject)
        new = quantity(correction.corrected, year.registries)
        if figure is None or new is None or new[1].symbol not in before.units.alike(figure.unit):
            continue  # a problem already
        digit = Decimal(1).scaleb(int(new[0].as_tuple().exponent))
        values = [
            before.units.convert(value, figure.unit, new[1].symbol)
            for value in possible(findings, figure.address)
        ]
        # What is printed with fewer digits is the same value.
        others = sorted({value for value in values if abs(value - new[0]) > digit / 2})
        if others:
            listed = "、".join(f"{before.units.display(v, new[1].symbol):f}" for v in others)
            said = f"写的是{quote(correction.corrected)}，还没有说明的发现列出别的可能：{listed}（{new[1].symbol}）"
            remedy = "处理改写“存疑”，更正值留空；已经查实的，先在说明表里说明那一条发现"
            expected = "报告自己只留下一个值的，才可以更正"
            file = year.tables["corrections"].file
            found.append(Problem(file, correction.row, "更正值", said, expected, remedy))
    return tuple(found)


def _placement_notices(figures: FigureSet) -> tuple[str, ...]:
    """Tables and charts that the prose places and that have nothing to show, tables that it forgets, prose that places none."""
    page = Page("", figures)
    folder = f"data/{figures.year.settings.year}/narrative"
    placed = [(prose, one) for prose in figures.year.narrative.values() for one in prose.placements]
    if not placed:
        return (f"{folder}：正文里没有放图和表，网页上的各部分也没有；怎样放见“怎样写正文”。",)
    empty = [
        f"{prose.name}.md 第{one.line}行“{one}”"
        for prose, one in placed
        if one.line and not exhibit(page, one)
    ]
    there = {str(one) for _, one in placed}
    tables = (Placement(one.kind, one.name, one.key, 0) for one in EXHIBITS if one.kind == TABLE)
    left = [str(one) for one in tables if str(one) not in there and exhibit(page, one)]
    shown = "、".join(empty[:MOST_NAMED]) + (f"等{len(empty)}处" if len(empty) > MOST_NAMED else "")
    told = [f"{folder}：还没有数字的图和表，先不显示：{shown}。"] if empty else []
    told += (
        [f"{folder}：有数字的表，正文里没有放：{'、'.join(left)}。要显示的，在正文里另起一行这样写。"]
        if left
        else []
    )
    return tuple(told)


def inspect_framework(root: Path, name: str) -> tuple[Framework | None, tuple[Problem, ...], tuple[str, ...]]:
    """Everything to mend in a scoring framework before the book can show it, the characters that no font has included.

    Returns
    -------
    tuple of (Framework or None), tuple of Problem, tuple of str
        As :func:`evalbook.frameworks.examine_framework` gives.

    Raises
    ------
    EvalbookError
        There is no framework of that name.
    """
    framework, problems, notices = examine_framework(root, name)
    missing = missing_in(root, framework_files(root, name))
    return framework, tuple(dict.fromkeys((*problems, *missing))), tuple(notices)
