"""Columns and tables, as they are defined, and what was read by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from evalbook.schema.address import Address
from evalbook.schema.kinds import TEXT, Kind
from evalbook.schema.registry import Programme, Unit
from evalbook.schema.vocabulary import QUESTIONED

if TYPE_CHECKING:
    from evalbook.errors import Problem
    from evalbook.schema.registry import Registries


@dataclass(frozen=True)
class Column:
    """One column of a table, or one key of ``year.yml``; a file may lack an ``optional`` column."""

    name: str
    heading: str
    kind: Kind
    help: str
    example: str
    required: bool = False
    optional: bool = False

    def accepts(self, text: str, registries: Registries) -> bool:
        """Whether a cell of normalised text may stand in the column; an empty one, unless it is required."""
        if not text:
            return not self.required
        return self.kind.accepts(text, registries) and TEXT.accepts(text, registries)


@dataclass(frozen=True)
class Table:
    """One CSV file of a year.

    Attributes
    ----------
    name : str
        File name without ``.csv``, first part of its figures' addresses.
    title, help : str
        What the table holds, in Chinese.
    key : tuple of str
        Columns whose combination is unique; they are carried over to a new year.
    value : str
        Column that holds the figure, or empty when the table holds none.
    label : callable
        Chinese name of a row's figure.
    required : bool
        Whether the year must have the file.
    naming : tuple of str
        Columns beyond the key that a figure's name is made from.
    row_problems : callable
        What is wrong with a row whose cells each fit: path of the file and row.
    """

    name: str
    title: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    value: str = ""
    label: Callable[[TableRow], str] = field(default=lambda row: "", repr=False)
    required: bool = True
    naming: tuple[str, ...] = ()
    row_problems: Callable[[str, TableRow], Iterable[Problem]] = field(
        default=lambda file, row: (), repr=False
    )

    def address(self, row: TableRow) -> Address:
        """Address of the figure that a row states: the table's name and the codes of its key, where it is filled in."""
        key = ((self.column(name).kind, row.cells.get(name)) for name in self.key)
        return Address.of(self.name, *(kind.code(value) for kind, value in key if value is not None))

    def column(self, name: str) -> Column:
        """Column with an English name."""
        return next(column for column in self.columns if column.name == name)


T = TypeVar("T")
FILE = re.compile(r"(?:narrative/)?[\w.、（）-]{1,60}\.(?:md|csv)")


@dataclass(frozen=True)
class Correction:
    """One row of ``corrections.csv``.

    Attributes
    ----------
    row : int
        Row of the file, as Excel counts.
    edition : int
        Edition from which it applies.
    treatment : str
        更正 or 存疑.
    subject : str
        Name or address of a figure, or a file of the year's folder.
    original, corrected : str
        Number with unit, or piece of text; ``corrected`` is empty for 存疑.
    reason : str
        What proves it; for 存疑 what is known.
    finding : str
        Rule and subject of the finding that shows it; may be empty.
    settles : str
        Who can settle a doubt; may be empty.
    """

    row: int
    edition: int
    treatment: str
    subject: str
    original: str
    corrected: str
    reason: str
    finding: str
    settles: str

    @property
    def questioned(self) -> bool:
        """Whether it only calls the figure doubtful."""
        return self.treatment == QUESTIONED

    @property
    def of_text(self) -> bool:
        """Whether it is about a text and not about a figure."""
        return bool(FILE.fullmatch(self.subject))


@dataclass(frozen=True)
class TableRow:
    """One row that was read.

    Attributes
    ----------
    number : int
        Row as Excel counts it; the heading is row 1.
    cells : mapping of str to object
        Parsed values by English column name; ``None`` where empty or unusable.
    texts : mapping of str to str
        The same cells as they stand in the file.
    corrections : tuple of Correction
        What the edition says of the row's number, the earliest first.
    own : bool
        Of a registry: whether the project has registered it, and not the tool.
    """

    number: int
    cells: Mapping[str, object]
    texts: Mapping[str, str]
    corrections: tuple[Correction, ...] = ()
    own: bool = False

    def said(self, column: str) -> str:
        """Text of a cell; empty where it says nothing or cannot be used, and where the table has no such column."""
        return str(self.cells.get(column) or "")

    def parsed(self, kind: type[T], column: str) -> T | None:
        """Value of a cell whose column holds values of a type; None where it says nothing or cannot be used."""
        value = self.cells.get(column)
        return value if isinstance(value, kind) else None

    @property
    def value(self) -> Decimal | None:
        """Number that the row states; of tables whose figures stand in the column ``value``."""
        return self.parsed(Decimal, "value")

    @property
    def unit(self) -> Unit | None:
        """Unit of the row's number."""
        return self.parsed(Unit, "unit")

    @property
    def symbol(self) -> str:
        """Unit as it is printed; empty where there is none."""
        return self.unit.symbol if self.unit else ""

    @property
    def category(self) -> str:
        """What the unit counts; empty where there is none."""
        return self.unit.category if self.unit else ""

    @property
    def programme(self) -> Programme | None:
        """Programme that the row is about."""
        return self.parsed(Programme, "programme")

    @property
    def programme_name(self) -> str:
        """Name of the row's programme; empty where it is about none."""
        return self.programme.name if self.programme else ""


@dataclass(frozen=True)
class TableData:
    """A table that was read.

    Attributes
    ----------
    table : Table
        Its definition.
    file : str
        Path inside the project.
    letters : mapping of str to str
        Excel's letter of each column, by English column name.
    rows : tuple of TableRow
        Rows whose key could be read.
    complete : bool
        False when the file or a row's key could not be read, so that names may be missing.
    """

    table: Table
    file: str
    letters: Mapping[str, str]
    rows: tuple[TableRow, ...]
    complete: bool = True


def programme_of(row: TableRow) -> Programme:
    """Programme of a row whose table has one in every row."""
    assert row.programme is not None  # noqa: S101 - reading the table has refused a row without
    return row.programme
