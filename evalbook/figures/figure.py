"""A figure: a number with a name, a unit, a status and a lineage."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.figures.absence import absence_of
from evalbook.figures.known import Known
from evalbook.figures.units import UnitSystem, unit_system
from evalbook.schema import is_put_right
from evalbook.schema.address import Address
from evalbook.schema.vocabulary import CLAIM_PREFIX, MEASURES, NOT_STATED, RESULTS
from evalbook.year import LENT, lenders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalbook.figures.expression import Expression
    from evalbook.schema import Correction
    from evalbook.schema.table import Part
    from evalbook.year import FiscalYear

INHERITED = frozenset({*LENT, "standard_month", "standard_year"})
"""Families whose figures hold in a part until it has its own (:func:`evalbook.year.lenders`)."""

DIRECTIONS = {
    "较上年增加": ("较上年增减", 1),
    "较上年减少": ("较上年增减", -1),
    "较上年增幅": ("较上年增长率", 1),
    "较上年降幅": ("较上年增长率", -1),
}
"""Names by which prose says a change without its sign, and the sign that the change must then have."""

SAME_UNITS = {"名": "人", "位": "人", "块": "元", "个百分点": "百分点"}
"""Units as prose writes them, by those that are registered."""

UNITLESS = "不带单位"
GROUPED = "（千分位）"
IN_UNIT = re.compile("(.+)（([^（）]{1,8})）")
"""Name with the unit that is shown."""


@dataclass(frozen=True)
class Cell:
    """Where a stated figure was read.

    Attributes
    ----------
    file : str
        Path inside the project.
    row : int
        As Excel counts.
    letter, column : str
        Excel's letter and the Chinese heading of the column.
    text : str
        The cell as it stands in the file.
    source : str
        Where the clerk took the number from (出处).
    """

    file: str
    row: int
    letter: str
    column: str
    text: str
    source: str


@dataclass(frozen=True)
class Input:
    """A figure that went into a formula; ``year`` is set when it belongs to another year."""

    address: Address
    label: str
    year: int | None = None


@dataclass(frozen=True)
class Derivation:
    """How an indicator was computed.

    Attributes
    ----------
    definition : str
        Code of the definition.
    expression : Expression
        The formula itself.
    formula : str
        Written with the names of the figures.
    numbers : str
        Written with their values, figures of other years by name.
    inputs : tuple of Input
        In the order of the formula, each once.
    """

    definition: str
    expression: Expression
    formula: str
    numbers: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Figure:
    """A named number of one fiscal year.

    Attributes
    ----------
    address : Address
        For machines, for instance ``spending.urban_dibao``; the same in every year.
    label : str
        Unique Chinese name, by which prose refers to it.
    value : Decimal or None
        None when it is missing.
    unit : str
        Symbol of a registered unit.
    flag : str
        ``p``, ``r``, ``e``, ``x`` or blank (:data:`evalbook.schema.vocabulary.FLAGS`).
    lineage : Cell or Derivation
        Where it comes from.
    number : str
        The number as shown in prose: stated digits, or rounded once, half up, to the unit's digits.
    reason : str
        Why it is missing, in Chinese; else empty.
    note : str
        Remark of the clerk.
    corrections : tuple of Correction
        What the edition puts right or questions about it, the earliest first.
    absence : str
        What stands in the place of a number that there is not (:data:`evalbook.schema.vocabulary.ABSENT`).
    doubt : Known or None
        What it may stand for while findings are open that leave other values possible (:func:`evalbook.scoring.opened`);
        None while nothing speaks against its value. One that is 不适用 only if those numbers are 0 has one too.
    """

    address: Address
    label: str
    value: Decimal | None
    unit: str
    flag: str
    lineage: Cell | Derivation
    number: str
    reason: str = ""
    note: str = ""
    corrections: tuple[Correction, ...] = ()
    absence: str = NOT_STATED
    doubt: Known | None = None

    @property
    def questioned(self) -> bool:
        """Whether the edition calls it doubtful, and none has settled it since."""
        return bool(self.corrections) and self.corrections[-1].questioned

    @property
    def put_right(self) -> bool:
        """Whether the edition gives another number than was signed."""
        return is_put_right(self.corrections)

    @property
    def text(self) -> str:
        """Number and unit as prose shows them, or why there is none."""
        return f"{self.number}{self.unit}" if self.value is not None else self.absence

    @property
    def said(self) -> str:
        """What the tool may say of it: the number as signed; of one that it computed, the range of all that is possible."""
        return self.doubt.text if self.doubt and isinstance(self.lineage, Derivation) else self.text

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Least and most that it may stand for; the figure must have a value or a doubt."""
        if self.doubt:
            return self.doubt.low, self.doubt.high
        assert self.value is not None  # noqa: S101
        return self.value, self.value


def written_units(unit: str) -> Mapping[str, str]:
    """Units in which prose may show a number of a unit without changing its digits, by the words that ask for them."""
    same = {word: word for word, usual in SAME_UNITS.items() if usual == unit}
    return {unit: unit, unit.partition("/")[0]: unit.partition("/")[0], UNITLESS: "", **same}


def grouped_number(number: str) -> str:
    """A number with its thousands set off by commas."""
    return re.sub(r"(?<=\d)(?=(?:\d{3})+(?!\d))", ",", number.partition(".")[0]) + "".join(
        number.partition(".")[1:]
    )


def _is_lent(figure: Figure) -> bool:
    """Whether a figure of the whole holds in its parts too: a standard does, what was paid does not."""
    paid = {MEASURES[measure] for measure in RESULTS}
    return figure.address.family in INHERITED and paid.isdisjoint(figure.address.split("."))


@dataclass(frozen=True)
class Definition:
    """What a family of indicators means; declared once, shown wherever they are.

    Attributes
    ----------
    code : str
        First part of the addresses.
    title : str
        Chinese name of the family.
    unit : str
        In words when it depends on the figures.
    formula : str
        In general terms.
    meaning : str
        What it tells.
    source : str
        Document or rule that it follows.
    undefined : str
        When there is no value.
    """

    code: str
    title: str
    unit: str
    formula: str
    meaning: str
    source: str
    undefined: str


@dataclass(frozen=True)
class FigureSet:
    """All figures of a year.

    Attributes
    ----------
    year : FiscalYear
        What they were computed from.
    figures : mapping of str to Figure
        By address: tables first, in the order of the schema, then indicators.
    definitions : tuple of Definition
        Of the indicators that the year has, in order.
    by_label : mapping of str to Figure
        By Chinese name.
    before : FigureSet or None
        Figures of the year before, without its own changes; None when it has no usable folder.
    earlier : FigureSet or None
        Where the year before has no folder, those of the newest year that has one.
    """

    year: FiscalYear
    figures: Mapping[str, Figure]
    definitions: tuple[Definition, ...]
    by_label: Mapping[str, Figure]
    before: FigureSet | None = None
    earlier: FigureSet | None = None

    def _manner(self, name: str) -> tuple[str, str | None, bool]:
        """Name without the brackets that say how it is shown, the unit that they ask for, and whether thousands are set off."""
        bare = name.removesuffix(GROUPED)
        if (match := IN_UNIT.fullmatch(bare)) and bare not in self.by_label:
            direction = self._direction(match[1])
            figure = self.by_label.get(match[1]) or (direction[0] if direction else None)
            if figure and match[2] in written_units(figure.unit):
                return match[1], written_units(figure.unit)[match[2]], bare != name
        return bare, None, bare != name

    def _direction(self, name: str) -> tuple[Figure, int] | None:
        """Change that a name speaks of without a sign, and the sign that it must have."""
        for ending, (signed, sign) in DIRECTIONS.items():
            if name.endswith(ending) and (figure := self.by_label.get(name.removesuffix(ending) + signed)):
                return figure, sign
        return None

    def named(self, name: str) -> Figure | None:
        """Figure that prose names: by its own name, or as 较上年增加, 较上年减少 and so on.

        Brackets behind the name may say how it is shown: 城市低保保障标准（元） for 元/月, （不带单位）, （千分位）.
        """
        name, *_ = self._manner(name)
        direction = self._direction(name)
        return self.by_label.get(name) or (direction[0] if direction else None)

    def direction_of(self, name: str) -> int:
        """Sign with which a name speaks of a change: -1 for 较上年减少 and 较上年降幅, else 1."""
        direction = self._direction(self._manner(name)[0])
        return direction[1] if direction else 1

    def wrong_direction(self, name: str) -> bool:
        """Whether prose speaks of a rise where the figure fell, or the reverse."""
        direction = self._direction(self._manner(name)[0])
        return bool(direction and direction[0].value and direction[0].value * direction[1] < 0)

    def text_of(self, name: str) -> str:
        """Text of a figure as prose names it; a change named by its direction has no sign."""
        figure = self.named(name)
        if figure is None or figure.value is None:
            return figure.absence if figure else absence_of(self.year.settings)
        bare, unit, grouped = self._manner(name)
        text = (grouped_number(figure.number) if grouped else figure.number) + (
            figure.unit if unit is None else unit
        )
        return text.removeprefix("-") if self._direction(bare) else text

    def agrees(self, address: str) -> bool | None:
        """Whether the claim of an address equals the figure that it restates, to its own digits; None when one is missing.

        A unit into which the figure cannot be converted (人次 for 人) does not agree.
        """
        claim, restated = self.figures[address], self.figures[Address(address).within]
        if claim.value is None or restated.value is None:
            return None
        if claim.unit not in self.units.alike(restated.unit):
            return False
        value = self.units.convert(restated.value, restated.unit, claim.unit)
        half = Decimal((0, (5,), int(claim.value.as_tuple().exponent) - 1))
        return abs(value * self.direction_of(claim.label.removeprefix(CLAIM_PREFIX)) - claim.value) <= half

    @cached_property
    def units(self) -> UnitSystem:
        """Unit arithmetic of the year."""
        return unit_system(tuple(self.year.registries.units.values()))

    @cached_property
    def grounds(self) -> Mapping[str, tuple[Correction, ...]]:
        """What editions put right or question that a figure rests on, by its address; its own first, then its inputs'.

        A figure that was computed from one of the year before rests on that year's corrections too.
        """
        found: dict[str, tuple[Correction, ...]] = {}

        def of(figure: Figure) -> tuple[Correction, ...]:
            if figure.address not in found:
                given = list(figure.corrections)
                for part in figure.lineage.inputs if isinstance(figure.lineage, Derivation) else ():
                    if part.year:
                        given += self.before.grounds.get(part.address, ()) if self.before else ()
                    elif rested := self.figures.get(part.address):
                        given += of(rested)
                found[figure.address] = tuple(dict.fromkeys(given))
            return found[figure.address]

        for figure in self.figures.values():
            of(figure)
        return found

    def within(self, part: Part) -> FigureSet:
        """Figures of one of the year's parts under the addresses that they would have if it were the whole.

        Each keeps its own address, too, and so does what holds in the part because it has none of its own.
        """
        seen: dict[str, Figure] = {}
        ranked = [lender.code for lender in reversed(lenders(part))]
        for code in (*ranked, part.code):
            for address, figure in self.figures.items():
                if figure.address.part == code and (code == part.code or _is_lent(figure)):
                    seen |= {address: figure, figure.address.of_whole: figure}
        before = self.before.within(part) if self.before and part in self.before.year.parts else None
        return replace(self, year=self.year.seen_as(part), figures=seen, before=before, earlier=None)

    def number_in(self, figure: Figure, unit: str) -> str:
        """Number of a figure in a column with one unit, with at least the digits of the unit.

        A stated number keeps all its digits; a conversion is rounded, half up.

        Raises
        ------
        UnitMismatchError
            The figure measures something else.
        """
        if figure.value is None:
            return figure.absence
        rounded = self.units.display(self.units.convert(figure.value, figure.unit, unit), unit)
        if figure.unit == unit and len(figure.number.partition(".")[2]) > self.units.units[unit].digits:
            return figure.number
        return f"{rounded:f}"

    def said_in(self, figure: Figure, unit: str) -> str:
        """What a column with one unit says of a figure: as :meth:`number_in`, or the range of one that was computed.

        Raises
        ------
        UnitMismatchError
            The figure measures something else.
        """
        if figure.doubt is None or not isinstance(figure.lineage, Derivation):
            return self.number_in(figure, unit)
        low, high = (self.units.convert(end, figure.unit, unit) for end in figure.ends)
        return Known(low, high, unit, self.units.units[unit].digits, figure.doubt.told).number

    def of_table(self, table: str) -> tuple[Figure, ...]:
        """Figures read from a table, in the order of its rows."""
        return tuple(
            figure
            for figure in self.figures.values()
            if isinstance(figure.lineage, Cell) and figure.address.family == table
        )

    def of_definition(self, code: str) -> tuple[Figure, ...]:
        """Indicators of a family."""
        return tuple(
            figure
            for figure in self.figures.values()
            if isinstance(figure.lineage, Derivation) and figure.lineage.definition == code
        )
