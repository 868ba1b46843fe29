"""Columns and tables, as they are defined, and what was read by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from evalbook.schema.address import Address
from evalbook.schema.kinds import TEXT, Kind, Period
from evalbook.schema.registry import Locality, Programme, Unit
from evalbook.schema.vocabulary import CORRECTED, LEVELS, QUESTIONED, WITHDRAWN

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
class Measure:
    """A column of a table whose rows state several figures.

    Attributes
    ----------
    column : str
        English name; the code of its figures in their addresses, too.
    noun : str
        End of the Chinese names of its figures.
    unit : str
        Symbol of the unit of its numbers; empty where the row has the unit in a column of its own.
    """

    column: str
    noun: str
    unit: str = ""


@dataclass(frozen=True)
class Statement:
    """A figure that a cell states: where it is found, what it is called, number and unit.

    Attributes
    ----------
    row : TableRow
    column : Column
        The cell.
    address : Address
    label : str
        Unique Chinese name.
    value : Decimal or None
        None when the cell is empty or cannot be used.
    symbol : str
        Unit as it is printed; empty where it is missing.
    corrections : tuple of Correction
        What the edition says of the number, the earliest first.
    """

    row: TableRow
    column: Column
    address: Address
    label: str
    value: Decimal | None
    symbol: str
    corrections: tuple[Correction, ...]


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
        Column that holds the figure, or empty when the table holds none or several in a row.
    measures : tuple of Measure
        Columns that each hold a figure, where a row states several; an empty cell states none.
    label : callable
        Chinese name of a row's figure, without place and period.
    required : bool
        Whether the year must have the file.
    naming : tuple of str
        Columns beyond the key that a figure's name is made from.
    row_problems : callable
        What is wrong with a row whose cells each fit: path of the file and row.
    repeated : str
        What to do about two rows of the same key.
    """

    name: str
    title: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    value: str = ""
    measures: tuple[Measure, ...] = ()
    label: Callable[[TableRow], str] = field(default=lambda row: "", repr=False)
    required: bool = True
    naming: tuple[str, ...] = ()
    row_problems: Callable[[str, TableRow], Iterable[Problem]] = field(
        default=lambda file, row: (), repr=False
    )
    repeated: str = "合并或删去其中一行"

    def address(self, row: TableRow) -> Address:
        """Address of the figure that a row states: the table's name and the codes of its key, where it is filled in."""
        return Address.of(self.name, self.codes(row, self.key))

    @property
    def states_figures(self) -> bool:
        """Whether its rows state figures."""
        return bool(self.value or self.measures)

    @property
    def values(self) -> tuple[str, ...]:
        """Columns that hold figures."""
        return (self.value,) if self.value else tuple(measure.column for measure in self.measures)

    def statements(self, row: TableRow) -> tuple[Statement, ...]:
        """Figures that a row states: that of its ``value`` column, filled in or not, or one for each filled measure."""
        if self.value:
            column, address, label = self.column(self.value), self.address(row), self.name_of(row)
            number = row.parsed(Decimal, self.value)
            return (Statement(row, column, address, label, number, row.symbol, row.corrections),)
        found = []
        for measure in self.measures:
            if (number := row.parsed(Decimal, measure.column)) is not None:
                first, others = self.codes(row, self.key[:1]), self.codes(row, self.key[1:])
                address = Address.of(self.name, first, measure.column, others)
                label = f"{self.name_of(row)}{measure.noun}"
                said = tuple(c for c in row.corrections if c.subject in {address, label})
                column, symbol = self.column(measure.column), measure.unit or row.symbol
                found.append(Statement(row, column, address, label, number, symbol, said))
        return tuple(found)

    def codes(self, row: TableRow, columns: Iterable[str]) -> Address:
        """Codes of some cells of a row, where they are filled in."""
        given = ((self.column(name).kind, row.cells.get(name)) for name in columns)
        return Address.of(*(kind.code(value) for kind, value in given if value is not None))

    def name_of(self, row: TableRow) -> str:
        """Unique Chinese name of the figure that a row states: of which place, of which months, and what."""
        return f"{row.part.name}{self.label(row)}"

    def column(self, name: str) -> Column:
        """Column with an English name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


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
        更正, 存疑 or 撤回.
    subject : str
        Name or address of a figure, or a file of the year's folder.
    original, corrected : str
        Number with unit, or piece of text; ``corrected`` is empty for 存疑, and for 撤回 what was signed.
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
    def withdrawn(self) -> bool:
        """Whether it takes back what an earlier edition said."""
        return self.treatment == WITHDRAWN

    @property
    def of_text(self) -> bool:
        """Whether it is about a text and not about a figure."""
        return bool(FILE.fullmatch(self.subject))


def is_put_right(corrections: Iterable[Correction]) -> bool:
    """Whether what was signed is replaced, by the corrections of one figure, the earliest first."""
    put_right = False
    for correction in corrections:
        put_right = correction.treatment == CORRECTED or (put_right and not correction.withdrawn)
    return put_right


@dataclass(frozen=True)
class Part:
    """What a row speaks of where it is not the whole: a place, some months, or some months in a place.

    Attributes
    ----------
    locality : Locality or None
        None for all places.
    period : Period or None
        None for the fiscal year.
    """

    locality: Locality | None = None
    period: Period | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is all places in the fiscal year."""
        return self.locality is None and self.period is None

    @property
    def code(self) -> str:
        """End of the addresses of its figures; empty for the whole."""
        return Address.of(*(part.code for part in (self.locality, self.period) if part))

    @property
    def name(self) -> str:
        """Beginning of the names of its figures; empty for the whole."""
        return "".join(str(part) for part in (self.locality and self.locality.name, self.period) if part)


WHOLE = Part()
SPLITS = ("form", "care", "tier", "region")
"""Columns that part the people and the money of a programme; several together are a cell of a cross table."""


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
    def part(self) -> Part:
        """Place and months that the row speaks of."""
        return Part(self.parsed(Locality, "place"), self.parsed(Period, "period"))

    @property
    def splits(self) -> Mapping[str, str]:
        """What of its programme the row speaks of, by column: 集中供养, 全护理, 一档, 农村; empty for all of it."""
        return {column: said for column in SPLITS if (said := self.said(column))}

    @property
    def level(self) -> str:
        """Code of the level of government whose money the row is about, whatever word it uses; empty where it names none."""
        return LEVELS.get(self.said("level"), "")

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
        Rows whose key could be read; of a year's tables those of all places in the fiscal year.
    apart : tuple of TableRow
        Rows of a year's table that speak of one place or of other months.
    complete : bool
        False when the file or a row's key could not be read, so that names may be missing.
    """

    table: Table
    file: str
    letters: Mapping[str, str]
    rows: tuple[TableRow, ...]
    complete: bool = True
    apart: tuple[TableRow, ...] = ()

    @property
    def every(self) -> tuple[TableRow, ...]:
        """All rows in the order of the file."""
        return tuple(sorted((*self.rows, *self.apart), key=lambda row: row.number))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Places and periods that rows speak of apart, each once."""
        return tuple(dict.fromkeys(row.part for row in self.apart))

    def of(self, part: Part) -> tuple[TableRow, ...]:
        """Rows of a place and period, as if that were the whole."""
        return tuple(
            replace(row, cells={**row.cells, "place": None, "period": None})
            for row in self.apart
            if row.part == part
        )


def programme_of(row: TableRow) -> Programme:
    """Programme of a row whose table has one in every row."""
    assert row.programme is not None  # noqa: S101 - reading the table has refused a row without
    return row.programme
