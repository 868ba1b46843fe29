"""A filled-in self-evaluation form (绩效自评表) as it was read: its funds, its indicators, its totals.

``layout`` reads it from a spreadsheet; what the cells mean is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from evalbook.reading.workbook import SheetCell
from evalbook.schema.numbers import read_number

BLANK = SheetCell("", 0, 0, 0)
UNREAD = re.compile("没有(读|认出|算进)")


class _Row:
    """A row whose cells are known by kind of column."""

    cells: Mapping[str, SheetCell]

    def cell(self, kind: str) -> SheetCell:
        """Cell of a kind; a blank one where there is no such column."""
        return self.cells.get(kind, BLANK)

    def number(self, kind: str) -> Decimal | None:
        """What :func:`evalbook.schema.numbers.read_number` reads in a cell."""
        return read_number(self.cell(kind).text)


@dataclass(frozen=True)
class FundRow(_Row):
    """A row of the funds.

    Attributes
    ----------
    row : int
        As Excel counts it.
    label : str
        Such as 年度资金总额 or 其中：本年财政拨款.
    cells : mapping of str to SheetCell
        By kind of column: planned, budget, executed, points, rate, score, weight, converted.
    """

    row: int
    label: str
    cells: Mapping[str, SheetCell]

    @property
    def is_total(self) -> bool:
        """Whether it is the row that the others add up to."""
        return bool(re.search("资金总额|预算总额|总额|合计|总计", self.label))


@dataclass(frozen=True)
class IndicatorRow(_Row):
    """A row of the indicators.

    Attributes
    ----------
    row : int
        As Excel counts it.
    level1, level2, name : str
        Levels carried downwards where cells are merged or left blank; the name is the third level.
    cells : mapping of str to SheetCell
        By kind of column: target, actual, points, score, reason, unit, sign, weight, converted, rate.
    named : bool
        Whether the name stands in this very row.
    """

    row: int
    level1: str
    level2: str
    name: str
    cells: Mapping[str, SheetCell]
    named: bool = True

    @property
    def is_execution(self) -> bool:
        """Whether it scores how much of the budget was spent."""
        return bool(re.search("预算执行|资金执行", self.level1 + self.level2) or "预算执行率" in self.name)


@dataclass(frozen=True)
class TotalRow:
    """The row 总分, or a 小计 of the rows above it since the last one; a total of the head alone has no points."""

    row: int
    points: SheetCell
    score: SheetCell


@dataclass(frozen=True)
class ManagementRow:
    """A question of 资金管理情况 in the form for transfers, and its answers.

    Attributes
    ----------
    row : int
        As Excel counts it.
    name : str
        Such as 下达及时性.
    situation, problem : SheetCell
        情况说明 and 存在问题, or whatever two cells stand behind the name.
    """

    row: int
    name: str
    situation: SheetCell
    problem: SheetCell


@dataclass(frozen=True)
class Form:
    """A form as it was filled in.

    Attributes
    ----------
    file : str
        Name of the file, with the sheet where the workbook has several forms.
    sheet, title, unit, project, year : str
        Empty where the form does not say. The unit is who spent the money, else who handed the form in or is above it.
    money : str
        Unit of the funds, 万元 unless the form says otherwise.
    columns : frozenset of str
        Kinds of columns that the table of indicators has.
    funds : tuple of FundRow
    indicators : tuple of IndicatorRow
    total : TotalRow or None
    subtotals : tuple of TotalRow
    grade : SheetCell or None
        Cell with the word of the grade.
    grade_word : str
        The word itself; empty where it cannot be told.
    notices : tuple of str
        What was not read, in Chinese.
    head_total : SheetCell or None
        Total that stands above the table.
    management : tuple of ManagementRow
    guessed : frozenset of str
        Letters of columns of indicators whose meaning only their content tells.
    errors : tuple of SheetCell
        Cells that show an error value, such as #REF!, wherever they stand.
    whole : Form or None
        The form with its hidden rows and columns, where something stands in these.
    texts : tuple of SheetCell
        Sentences beside the tables, such as 年度总体目标.
    """

    file: str
    sheet: str
    title: str
    unit: str
    project: str
    year: str
    money: str
    columns: frozenset[str]
    funds: tuple[FundRow, ...]
    indicators: tuple[IndicatorRow, ...]
    total: TotalRow | None
    subtotals: tuple[TotalRow, ...]
    grade: SheetCell | None
    grade_word: str
    notices: tuple[str, ...]
    head_total: SheetCell | None = None
    management: tuple[ManagementRow, ...] = ()
    guessed: frozenset[str] = frozenset()
    errors: tuple[SheetCell, ...] = ()
    whole: Form | None = None
    texts: tuple[SheetCell, ...] = ()

    @property
    def has_points(self) -> bool:
        """Whether it scores at all; the form for transfers reports completion alone."""
        return "points" in self.columns or "score" in self.columns

    @property
    def unread(self) -> tuple[str, ...]:
        """Notices that something of what was handed in was not read."""
        return tuple(notice for notice in self.notices if UNREAD.search(notice))
