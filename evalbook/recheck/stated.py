"""What rows of a form state of one another: points of a part in its heading, points in a name, sums without a label."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.recheck.form import BLANK, IndicatorRow
from evalbook.recheck.headings import LEVELS, points_stated, unspaced

if TYPE_CHECKING:
    from evalbook.reading.workbook import SheetCell


def parts_to_headings(rows: Sequence[IndicatorRow]) -> tuple[IndicatorRow, ...]:
    """Points in the row of a part, as in "产出指标,,,,,50,48" above its indicators, are stated by its heading."""
    said: dict[tuple[str, str], str] = {}
    kept = []
    for row, below in itertools.zip_longest(rows, rows[1:]):
        states_a_sum = (
            not row.named
            and not any(row.cell(kind).text or row.cell(kind).covered for kind in ("target", "actual"))
            and bool(row.cell("points").text)
            and below is not None
            and below.level1 == row.level1
            and (not row.level2 or below.level2 == row.level2)
            and below.name not in {row.name, ""}
        )
        if not states_a_sum:
            kept.append(row)
        elif not re.search(r"\d", row.level2 or row.level1):
            said[row.level1, row.level2] = f"（{row.cell('points').text.rstrip('分')}分）"
    return tuple(
        replace(
            row,
            level1=row.level1 + said.get((row.level1, ""), ""),
            level2=row.level2 + (said.get((row.level1, row.level2), "") if row.level2 else ""),
        )
        for row in kept
    )


def says_sums_alone(last: IndicatorRow, above: Sequence[IndicatorRow]) -> bool:
    """Whether a row holds nothing but sums of those above it: a total whose label was left out."""
    said = (*LEVELS, "target", "actual", "reason", "unit")
    if last.named or any(last.cell(kind).text or last.cell(kind).covered for kind in said):
        return False
    points, score = last.number("points"), last.number("score")
    of_rows = [[row.number(kind) or Decimal(0) for row in above] for kind in ("points", "score")]
    if points is not None:
        return points == 100 or points == sum(of_rows[0])
    return score is not None and score > max(of_rows[1])


def points_in(cell: SheetCell) -> SheetCell:
    """Cell of points that a heading or a name states in brackets."""
    return replace(cell, text=points_stated(cell.text))


Groups = Mapping[tuple[str, ...], Sequence[IndicatorRow]]
"""Rows by first level, and by first and second."""


def with_stated_points(rows: tuple[IndicatorRow, ...]) -> tuple[IndicatorRow, ...]:
    """Rows with the points that names and headings state in brackets, where there is no column of points."""
    if any(row.cell("points").text for row in rows):
        return rows
    groups: dict[tuple[str, ...], list[IndicatorRow]] = {}
    for row in rows:
        for heading in ((row.level1,), (row.level1, row.level2)):
            groups.setdefault(heading, []).append(row)
    told = ((row, _stated_points(row, groups)) for row in rows)
    return tuple(replace(row, cells={**row.cells, "points": cell}) if cell else row for row, cell in told)


def _stated_points(row: IndicatorRow, groups: Groups) -> SheetCell | None:
    """Points of a row: those in its name, of a heading of it alone, or its score where all below a heading is full."""
    # Where points are what the indicator counts, they are a target.
    if row.named and points_stated(row.name) and "分" not in row.cell("target").text:
        return points_in(_cell_saying(row, row.name))
    for heading in ((row.level1, row.level2), (row.level1,)):
        rows, stated = groups[heading], points_in(_cell_saying(row, heading[-1]))
        if stated.text and len(rows) == 1:
            return stated
        scores = [other.number("score") for other in rows]
        if stated.text and None not in scores and sum(filter(None, scores)) == Decimal(stated.text):
            return row.cell("score")
    return None


def _cell_saying(row: IndicatorRow, text: str) -> SheetCell:
    """Cell of a row's name or heading, which may stand in a row above."""
    cells = (row.cell(level) for level in LEVELS)
    found = next((cell for cell in cells if unspaced(cell.text) == unspaced(text)), BLANK)
    return replace(found, text=text, row=row.row)
