"""What rules look at: the figures of a year with the precision that they are stated with, and the limits."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.checks.finding import Place, Suspicion
from evalbook.figures import Cell, Derivation, FigureSet
from evalbook.figures.expression import (
    Constant,
    Converted,
    Difference,
    Expression,
    Product,
    Quotient,
    Reference,
    Sum,
)
from evalbook.figures.indicators import Counted, Inputs, count_of
from evalbook.schema.address import Address
from evalbook.schema.kinds import Period, listed
from evalbook.schema.vocabulary import AREA_WIDE
from evalbook.year.tables import MONTHLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evalbook.checks.finding import Possible
    from evalbook.figures import Figure
    from evalbook.schema import Limit, Programme, TableRow

MONEY = "万元"
MONTH = "元/月"
YEAR = "元/年"
LEVEL = "元/人·月"


@dataclass(frozen=True)
class Span:
    """The numbers that a stated number may stand for: ``low`` included, ``high`` not, unless it is exact.

    Ends are numbers of one unit, or quantities. Halves are rounded up, so that 1.5 to below 2.5 is stated as 2; a number
    that was not rounded is a span of one point.
    """

    low: Decimal
    high: Decimal

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        return Span(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Span) -> Span:
        """Product; only net changes are below 0, and those are added, taken off or divided."""
        return Span(self.low * other.low, self.high * other.high)

    def __truediv__(self, other: Span) -> Span:
        """Quotient; without an upper bound where the divisor may have been rounded from nothing."""
        high = self.high / (other.low if other.low > 0 else other.high)
        unbounded = self.high and not other.low > 0
        low = self.low / (other.low if self.low < 0 < other.low else other.high)
        return Span(low, high * Decimal("Infinity") if unbounded else high)

    def widened(self, share: Decimal) -> Span:
        """Span wider by a share of itself at both ends."""
        return Span(self.low * (1 - share), self.high * (1 + share))

    def meets(self, other: Span) -> bool:
        """Whether both may stand for the same number."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low < high or (low == high and self.holds(low) and other.holds(low))

    def holds(self, number: Decimal) -> bool:
        """Whether it may stand for a number."""
        return self.low <= number < self.high or self.low == number == self.high

    def below(self, other: Span) -> bool:
        """Whether every number of this one is smaller than every number of the other."""
        return self.high <= other.low and not self.meets(other)


def exactly(value: Decimal | int) -> Span:
    """Span of a number that was not rounded."""
    return Span(Decimal(value), Decimal(value))


def half_a_digit(figure: Figure) -> Decimal:
    """Half a unit of the last digit that a number is stated with."""
    assert figure.value is not None  # noqa: S101
    return Decimal((0, (5,), int(figure.value.as_tuple().exponent) - 1))


def cut_off(figure: Figure) -> Span:
    """What a number may stand for that was rounded, or cut off after its last digit."""
    assert figure.value is not None  # noqa: S101
    half = half_a_digit(figure)
    beyond = (half, 2 * half) if figure.value >= 0 else (2 * half, half)
    return Span(figure.value - beyond[0], figure.value + beyond[1])


@dataclass(frozen=True)
class Facts:
    """A year's figures and the limits that hold for its province and time.

    Attributes
    ----------
    figures : FigureSet
        Of the year; its ``before`` holds those of the year before.
    own_digits : bool
        Whether each term of a sum is as exact as its own digits say, and not as the most exact one.
    """

    figures: FigureSet
    own_digits: bool = False

    @property
    def months(self) -> int:
        """Months of the period."""
        return self.figures.year.settings.months

    @property
    def passed(self) -> Decimal:
        """Share of the fiscal year that the period is, by which spending of the year's funds is judged."""
        return Decimal(min(self.months, 12)) / 12

    @cached_property
    def before(self) -> Facts | None:
        """The year before, when it has a folder."""
        return Facts(self.figures.before) if self.figures.before else None

    @cached_property
    def standards_before(self) -> Facts | None:
        """The newest earlier year, by which standards may be judged also where the year before has no folder."""
        return Facts(self.figures.earlier) if self.figures.earlier else self.before

    @cached_property
    def _inputs(self) -> Inputs:
        return Inputs(self.figures.year, self.figures.figures, {}, None)

    # -- figures

    def get(self, *parts: str) -> Figure | None:
        """Figure of an address, given whole or by its parts, with a value; or None."""
        figure = self.figures.figures.get(Address.of(*parts))
        return figure if figure is not None and figure.value is not None else None

    def of(self, programme: Programme, table: str, part: str = "") -> Figure | None:
        """Figure of a programme with a value, or None: ``spending.urban_dibao``, ``people.urban_dibao.average``."""
        return self.get(table, programme.code, part)

    def value(self, figure: Figure, unit: str = "") -> Decimal:
        """Value in a unit; the figure must have one and be convertible."""
        assert figure.value is not None  # noqa: S101
        return self.figures.units.convert(figure.value, figure.unit, unit or figure.unit)

    def sum(self, figures: Iterable[Figure], unit: str) -> Decimal:
        """Values of figures added in a unit; they must be convertible."""
        return sum((self.value(figure, unit) for figure in figures), Decimal(0))

    def alike(self, first: str, second: str) -> bool:
        """Whether two units measure the same."""
        return second in self.figures.units.alike(first)

    def category(self, figure: Figure) -> str:
        """What the unit of a figure counts (人数, 金额 …)."""
        return self.figures.year.registries.units[figure.unit].category

    def span(self, figure: Figure, unit: str = "") -> Span:
        """What a figure may stand for in a unit, given the digits that it, or what it was computed from, is stated with.

        Numbers counted one by one and stated whole (人, 户次 …) are exact unless they are averages.
        """
        return self._in(self._bounds(Reference(figure.address)), unit or figure.unit)

    def cut_span(self, figure: Figure, unit: str = "") -> Span:
        """Like :meth:`span`, of a total, rate or level that its author may have cut off after its last digit."""
        if isinstance(figure.lineage, Derivation) or self._is_exact(figure):
            return self.span(figure, unit)
        return self._in(self._measured(cut_off(figure), figure.unit), unit or figure.unit)

    def ratio(self, first: Figure, second: Figure, unit: str = "%") -> Span:
        """What the first figure divided by the second may be, in a unit of shares; both must measure the same."""
        return self._in(
            self._bounds(Reference(first.address)) / self._bounds(Reference(second.address)), unit
        )

    def few(self, figure: Figure, *subjects: str) -> bool:
        """Whether so few people or cases were counted that an average over them is chance.

        Parameters
        ----------
        figure
            Their number; person-months are as many people as are on the roll in each month.
        subjects
            As in :meth:`limits`.
        """
        limit, units = self.limit("small_number", *subjects), self.figures.year.registries.units
        one = next((u for u in self.figures.units.alike(figure.unit) if units[u].whole), figure.unit)
        months = self.months if "按月累计" in self.counting(figure) else 1
        return limit is not None and self.value(figure, one) <= limit.high * months

    def below(self, first: Figure, second: Figure, unit: str) -> bool:
        """Whether a figure is surely smaller than another, whatever rounding left out of both."""
        return self.span(first, unit).below(self.span(second, unit))

    def _in(self, span: Span, unit: str) -> Span:
        """Span of numbers in a unit from one of quantities."""
        return Span(*(self.figures.units.value_in(end, unit) for end in (span.low, span.high)))

    def _measured(self, span: Span, unit: str) -> Span:
        """Span of quantities from one of numbers in a unit."""
        return Span(*(self.figures.units.quantity(end, unit) for end in (span.low, span.high)))

    def _bounds(self, expression: Expression) -> Span:
        """Span of quantities that an expression may stand for."""
        match expression:
            case Reference(address, None):
                figure = self.figures.figures[address]
                if isinstance(figure.lineage, Derivation):
                    return self._bounds(figure.lineage.expression)
                return self._measured(self._own_span(figure), figure.unit)
            case Reference(address, _):
                assert self.before is not None  # noqa: S101
                return self.before._bounds(Reference(address))
            case Constant(value, unit):
                return self._measured(exactly(value), unit)
            case Converted(part, unit):
                return self._measured(self._in(self._bounds(part), unit), unit)
            case Sum(parts):
                unit = self._unit_of_sum(parts[0])
                return self._measured(self.total(self._terms(expression), unit), unit)
            case Difference(first, second):
                return self._bounds(first) - self._bounds(second)
            case Product(first, second):
                return self._bounds(first) * self._bounds(second)
            case Quotient(first, second):
                return self._bounds(first) / self._bounds(second)
        raise TypeError(type(expression).__name__)

    def _own_span(self, figure: Figure) -> Span:
        """What a figure may stand for in its own unit, whatever it was computed from."""
        assert figure.value is not None  # noqa: S101
        half = Decimal(0) if self._is_exact(figure) else half_a_digit(figure)
        low = figure.value - half
        return Span(low if figure.value < 0 else max(low, Decimal(0)), figure.value + half)

    def _unit_of_sum(self, part: Expression) -> str:
        match part:
            case Converted(_, unit):
                return unit
            case Reference(address):
                return self.figures.figures[address].unit
        raise TypeError(type(part).__name__)

    def _terms(self, part: Expression) -> Iterator[Figure]:
        """Stated figures that a part of a sum is added from."""
        match part:
            case Converted(inner, _):
                yield from self._terms(inner)
            case Reference(address):
                figure = self.figures.figures[address]
                if isinstance(figure.lineage, Derivation):
                    yield from self._terms(figure.lineage.expression)
                else:
                    yield figure
            case Sum(parts):
                for inner in parts:
                    yield from self._terms(inner)
            case _:
                raise TypeError(type(part).__name__)

    def total(self, figures: Iterable[Figure], unit: str) -> Span:
        """Sum of stated figures in a unit, with what rounding each of them may have left out.

        Terms in one unit are taken to be stated as exactly as the most exact of them: whoever writes 55.3 beside 249 has
        left out a zero, not a rounding.
        """
        figures = [term for figure in figures for term in self._terms(Reference(figure.address))]
        value, width = self.sum(figures, unit), Decimal(0)
        rounded = [figure for figure in figures if not self._is_exact(figure)]
        for figure in rounded:
            alike = [figure] if self.own_digits else [f for f in rounded if f.unit == figure.unit]
            width += self.figures.units.convert(min(map(half_a_digit, alike)), figure.unit, unit)
        return Span(value - width, value + width)

    def _is_exact(self, figure: Figure) -> bool:
        # What nobody says how it was counted may be an average.
        averaged = {"月均", "未说明"} & self.counting(figure)
        return self.figures.year.registries.units[figure.unit].whole and not averaged

    def counting(self, figure: Figure) -> set[object]:
        """How the row of a stated figure says that it was counted (口径, 统计项); of another figure nothing."""
        row = self.row_of(figure)
        return {row.said("counting"), row.said("aspect")} if row else set()

    @cached_property
    def by_month(self) -> dict[tuple[Programme, str], dict[str, dict[int, Figure]]]:
        """What the months of a programme in a place state, by column and month; the code of all places is empty."""
        found: dict[tuple[Programme, str], dict[str, dict[int, Figure]]] = {}
        for row in self.figures.year.tables[MONTHLY.name].every:
            month, programme = row.parsed(Period, "month"), row.programme
            for given in MONTHLY.statements(row) if month and programme else ():
                if month and programme and (figure := self.get(given.address)):
                    columns = found.setdefault((programme, row.part.code), {})
                    columns.setdefault(given.column.name, {})[month.first] = figure
        return found

    def row_of(self, figure: Figure) -> TableRow | None:
        """Row that a stated figure was read from."""
        if not isinstance(figure.lineage, Cell):
            return None
        return self._rows.get((figure.lineage.file, figure.lineage.row))

    @cached_property
    def _rows(self) -> dict[tuple[str, int], TableRow]:
        """Rows by file and number; a year has thousands of figures, each of which is asked for its row."""
        return {
            (data.file, row.number): row for data in self.figures.year.tables.values() for row in data.every
        }

    def shown(self, value: Decimal, unit: str) -> str:
        """Number and unit for a sentence, rounded half up to the unit's digits, without trailing zeros."""
        return self.number(value, unit) + unit

    def number(self, value: Decimal, unit: str) -> str:
        """Number alone, as :meth:`shown` rounds it."""
        text = f"{self.figures.units.display(value, unit):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def bounds(self, least: Decimal, most: Decimal, unit: str) -> str:
        """Two bounds for a sentence: 50至3000元/人·月."""
        return f"{self.number(least, unit)}至{self.shown(most, unit)}"

    @staticmethod
    def named(figure: Figure) -> str:
        """Name and number of a figure for a sentence."""
        return f"{figure.label}{figure.text}"

    def listed(self, figures: Iterable[Figure]) -> str:
        """Names and numbers of figures for a sentence."""
        return "、".join(self.named(figure) for figure in figures)

    # -- what is suspected

    def compared(
        self,
        subject: str,
        first: Figure,
        *others: Figure | None,
        stated: Figure | Decimal | None = None,
        computed: Figure | Decimal | None = None,
        unit: str = "",
        limits: Sequence[Limit] = (),
        suspects: Sequence[Figure] = (),
        severity: str = "",
        either: bool = False,
    ) -> Suspicion:
        """Suspicion of a number that does not fit another one or a limit, yet to be ``told``.

        Parameters
        ----------
        subject, limits, severity
            As in :class:`evalbook.checks.finding.Suspicion`.
        first, others
            Figures concerned; those that are None are left out.
        stated
            The number in doubt, a figure or in the unit; else the first figure.
        computed
            What it was compared with, a figure or in the unit; else the second figure, if that measures the same.
        unit
            Else that of the number in doubt.
        suspects
            Figures that this proves or suspects to be wrong.
        either
            Whether the two numbers are meant to be the same: a figure that is one of them may be the other, and one that is
            suspected is.
        """
        doubted = stated if stated is not None else first
        unit = unit or (first if isinstance(doubted, Decimal) else doubted).unit
        present = tuple(figure for figure in others if figure is not None)
        if computed is None and present and self.alike(present[0].unit, unit):
            computed = present[0]
        stated, computed = (
            number if number is None or isinstance(number, Decimal) else self.value(number, unit)
            for number in (doubted, computed)
        )
        possible = self._either((first, *present), (stated, computed), unit, suspects) if either else ()
        return Suspicion(
            subject,
            figures=(first, *present),
            limits=tuple(limits),
            stated=stated,
            computed=computed,
            unit=unit,
            suspects=tuple(figure.address for figure in suspects),
            severity=severity,
            possible=possible,
        )

    def _either(
        self,
        figures: Iterable[Figure],
        numbers: Iterable[Decimal | None],
        unit: str,
        suspects: Sequence[Figure],
    ) -> Possible:
        """Both of two numbers, for each figure that is one of them, in its own unit; without its own where it is suspected."""
        both = [number for number in numbers if number is not None]
        found = []
        for figure in figures:
            value = (
                self.value(figure, unit)
                if self.alike(figure.unit, unit) and figure.value is not None
                else None
            )
            if value in both:
                left = [number for number in both if number != value or figure not in suspects]
                convert = self.figures.units.convert
                found.append((figure.address, tuple(convert(n, unit, figure.unit) for n in left)))
        return tuple((address, values) for address, values in found if values)

    # -- rows and programmes

    def rows(self, table: str) -> tuple[TableRow, ...]:
        """Rows of a table."""
        return self.figures.year.tables[table].rows

    def stated(self, table: str, programme: Programme | None = None) -> Iterator[tuple[TableRow, Figure]]:
        """Rows of a table (those of a programme, when given) that state a value, each with its figure."""
        for row, figure in self._stated[table]:
            if programme is None or row.programme == programme:
                yield row, figure

    @cached_property
    def _stated(self) -> dict[str, list[tuple[TableRow, Figure]]]:
        """Rows with their figures by table; every rule asks for them, and many ask once for each programme."""
        found: dict[str, list[tuple[TableRow, Figure]]] = {}
        for name, data in self.figures.year.tables.items():
            pairs = ((row, self.get(data.table.address(row))) for row in data.rows if data.table.value)
            found[name] = [
                (row, figure)
                for row, figure in pairs
                if figure and isinstance(figure.lineage, Cell) and figure.lineage.row == row.number
            ]
        return found

    def granted_rows(self, programme: Programme | None = None) -> tuple[TableRow, ...]:
        """Rows of funds granted (to a programme, when given); of batches and their total only the total."""
        return self._inputs.granted(programme)

    def granted(self, programme: Programme | None = None) -> list[tuple[TableRow, Figure]]:
        """Funds granted that state a value, of the rows of :meth:`granted_rows`."""
        numbers = {row.number for row in self.granted_rows(programme)}
        return [(row, figure) for row, figure in self.stated("funds", programme) if row.number in numbers]

    @property
    def areas(self) -> dict[str, str]:
        """Names of the fields of money, by code."""
        return {area.code: area.name for area in self.figures.year.registries.areas.values()}

    def place(self, table: str, row: TableRow, text: str) -> Place:
        """Row of a table as the place of a finding, with what is said to stand there."""
        return Place(self.figures.year.tables[table].file, row.number, text)

    def claims(self) -> Iterator[tuple[Figure, Figure]]:
        """What the report states once more, each with the figure that it restates, where both have a value."""
        for claim in self.figures.of_table("claims"):
            restated = self.get(claim.address.within)
            if claim.value is not None and restated is not None:
                yield claim, restated

    def related(self, relation: str) -> list[tuple[Figure, Programme | None, Figure | None]]:
        """Numbers of the year's work in a relation to another number: the number, its programme, and the other one.

        The other one is None where the row names none; then the programme's numbers are meant.
        """
        return self._related.get(relation, [])

    @cached_property
    def _related(self) -> dict[str, list[tuple[Figure, Programme | None, Figure | None]]]:
        """Numbers of the year's work by their relation; rules ask for each programme and form."""
        found: dict[str, list[tuple[Figure, Programme | None, Figure | None]]] = {}
        for row, figure in self.stated("actions"):
            name = row.said("target")
            target = self.figures.by_label.get(name)
            if not name or (target is not None and target.value is not None):
                found.setdefault(row.said("relation"), []).append((figure, row.programme, target))
        return found

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """All registered programmes."""
        return tuple(self.figures.year.registries.programmes.values())

    def programme(self, name: str) -> Programme | None:
        """Registered programme of a name, or None."""
        return self.figures.year.registries.programmes.get(name)

    def named_programmes(self, names: Iterable[str]) -> tuple[Programme, ...]:
        """Registered programmes of some names."""
        registered = self.figures.year.registries.programmes
        return tuple(registered[name] for name in names if name in registered)

    def family(self, code: str) -> tuple[Programme, ...]:
        """Programmes of a family (低保, 孤儿 …) that people are helped by."""
        return tuple(p for p in self.programmes if p.family == code and p.kind in {"救助项目", "补贴"})

    def by_region(self, family: str) -> dict[str, Programme]:
        """Programmes of a family by ``urban`` and ``rural``."""
        return {p.region: p for p in self.family(family) if p.region}

    @cached_property
    def _counts(self) -> dict[str, Counted | None]:
        return {programme.code: count_of(self._inputs, programme) for programme in self.programmes}

    def count_of(self, programme: Programme) -> tuple[Figure, Counted] | None:
        """Main number of a programme, with how it was counted."""
        counted = self._counts[programme.code]
        figure = self.get(counted.reference.address) if counted else None
        return (figure, counted) if counted and figure else None

    def counted(self, programmes: Iterable[Programme]) -> list[tuple[Figure, Counted]]:
        """Main numbers of the programmes that have one, with how they were counted."""
        return [counted for programme in programmes if (counted := self.count_of(programme))]

    def helped(self, counted: Iterable[tuple[Figure, Counted]]) -> Decimal:
        """People in all; person-months are people times months, and what counts neither is left out."""
        return sum(
            (
                self.value(figure) / (self.months if how.counting == "按月累计" else 1)
                for figure, how in counted
                if how.category in {"人数", "人次"}
            ),
            Decimal(0),
        )

    def children(self, programme: Programme) -> tuple[Programme, ...]:
        """Programmes below a programme."""
        return self.figures.year.registries.children(programme)

    def standards(self, programme: Programme) -> tuple[Figure, ...]:
        """Standards of a programme in the order in which they held: 保障标准, then 提标后标准."""
        return self._standards(programme, "standard", "raised_standard")

    def lines(self, programme: Programme) -> tuple[Figure, ...]:
        """Standards of a programme by time, or by form of support where the report parts them so."""
        forms = ("dispersed", "institutional", "with_relatives", "in_homes")
        return self.standards(programme) or self._standards(programme, *forms)

    def _standards(self, programme: Programme, *measures: str) -> tuple[Figure, ...]:
        found = (self.of(programme, "standards", measure) for measure in measures)
        return tuple(figure for figure in found if figure is not None and figure.value)

    def monthly(self, figure: Figure) -> Decimal:
        """Value of a standard or level in 元/月."""
        return self.value(figure, MONTH)

    def effective(self, figure: Figure) -> datetime.date | None:
        """Day from which a standard holds, when its row says so."""
        row = self.row_of(figure)
        return row.parsed(datetime.date, "effective") if row else None

    # -- limits

    def limits(self, measure: str, *subjects: str, unit: str = "") -> tuple[Limit, ...]:
        """Limits of a measure that hold during the year, in order of time.

        Parameters
        ----------
        measure
            Code (:data:`evalbook.schema.vocabulary.LIMIT_MEASURES`).
        subjects
            Names of programme and family, the most special first; the first with limits counts, then
            limits without a subject. Limits of the county come before those of the city, the province, the country.
        unit
            Only limits in this very unit, when given.
        """
        for area in self._areas:
            for subject in (*subjects, ""):
                held = self._limits.get((area, subject, measure), ())
                if found := tuple(limit for limit in held if unit in {"", limit.unit}):
                    return found
        return ()

    @property
    def _areas(self) -> tuple[str, ...]:
        """Places whose limits hold here, the nearest first."""
        settings = self.figures.year.settings
        return tuple(filter(None, (settings.county, settings.city, settings.province, AREA_WIDE)))

    @cached_property
    def place_classes(self) -> tuple[str, ...]:
        """Classes of places that the year's is said to belong to; none where it is not known."""
        return listed(self.figures.year.settings.place_class)

    @cached_property
    def _limits(self) -> dict[tuple[str, str, str], tuple[Limit, ...]]:
        """Limits that hold here on some day of the period, by area, subject and measure, in order of time.

        Where the class of the place is not known, those of the class that has the lowest.
        """
        settings, areas = self.figures.year.settings, self._areas
        found: dict[tuple[str, str, str], list[Limit]] = {}
        for limit in self.figures.year.registries.limits:
            if limit.area in areas and limit.held(settings.period_start, settings.period_end):
                found.setdefault((limit.area, limit.subject, limit.measure), []).append(limit)
        return {
            key: tuple(sorted(self._of_class(held), key=lambda limit: limit.start or datetime.date.min))
            for key, held in found.items()
        }

    def _of_class(self, held: list[Limit]) -> list[Limit]:
        """Limits of the place's class, or else those below which no other class has one at the same time."""
        own = [limit for limit in held if not limit.place_class or limit.place_class in self.place_classes]
        if own:
            return own
        return [
            limit
            for limit in held
            if not any(
                other.low < limit.low
                and other.held(limit.start or datetime.date.min, limit.end or datetime.date.max)
                for other in held
            )
        ]

    def limit(self, measure: str, *subjects: str, unit: str = "") -> Limit | None:
        """The limit of a measure that holds at the end of the year."""
        found = self.limits(measure, *subjects, unit=unit)
        return found[-1] if found else None

    def floors(self, measure: str, *subjects: str) -> list[Limit]:
        """Limits of a measure during the year that have a lower bound."""
        return [limit for limit in self.limits(measure, *subjects) if limit.least is not None]

    def minimums(self, measure: str, programme: Programme) -> list[Limit]:
        """Published lower bounds during the year for a programme, or else for the part of it that has the lowest.

        A joint standard holds in city and countryside; it cannot be lower than the lower of their minimums.
        """
        floors = self.floors(measure, *self.subjects(programme))
        if not floors:
            parts = self.figures.year.registries.children(programme)
            each = [self.floors(measure, *self.subjects(part)) for part in parts]
            floors = (
                min(each, key=lambda held: min(map(self.least_monthly, held))) if all(each) and each else []
            )
        return [floor for floor in floors if floor.official]

    def least_monthly(self, limit: Limit) -> Decimal:
        """Lower bound of a limit in 元/月."""
        return self.figures.units.convert(limit.low, limit.unit, MONTH)

    def band(self, measure: str, *subjects: str, unit: str = "") -> Limit | None:
        """The limit of a measure that holds at the end of the year, if it has both bounds."""
        limit = self.limit(measure, *subjects, unit=unit)
        return None if limit is None or limit.least is None or limit.most is None else limit

    def subjects(self, programme: Programme) -> tuple[str, ...]:
        """Names under which limits of a programme are registered: its own, then its family's."""
        families = self.figures.year.registries.families.values()
        return (programme.name, *(family.name for family in families if family.code == programme.family))

    def drift(self, *counted: Counted) -> Decimal:
        """Share by which people may differ from their monthly average; 0 where they are averages, or of the only month."""
        averaged = self.months == 1 or all(how.counting in {"月均", "按月累计"} for how in counted)
        return Decimal(0) if averaged else self.share("closing_tolerance")

    def effective_on(self, programme: Programme, day: datetime.date | None, measure: str) -> Figure | None:
        """Standard of a programme in force on a day; without one, or without dates, the one of a measure."""
        held = [figure for figure in self.standards(programme) if self.effective(figure)]
        if day is None or len(held) != len(self.standards(programme)):
            return self.of(programme, "standards", measure)
        return next((figure for figure in reversed(held) if (self.effective(figure) or day) <= day), None)

    def share(self, measure: str) -> Decimal:
        """Upper bound of a measure in percent, as a share of one; 0 when there is none."""
        limit = self.limit(measure)
        return limit.most / 100 if limit and limit.most is not None else Decimal(0)

    def least_by_month(self, limits: Iterable[Limit], unit: str) -> Decimal | None:
        """Lower bound of a year: each limit weighted by the months that it held; None when months are left out."""
        settings = self.figures.year.settings
        first = settings.period_start.year * 12 + settings.period_start.month
        total, limits = Decimal(0), list(limits)
        for month in range(first, first + self.months):
            year, number = divmod(month - 1, 12)
            day = datetime.date(year, number + 1, 1)
            held = [limit for limit in limits if limit.held(day, day)]
            if not held or held[-1].least is None:
                return None
            total += self.figures.units.convert(held[-1].least, held[-1].unit, unit)
        return total / self.months


def passed(span: Span, least: Decimal, most: Decimal) -> Decimal | None:
    """The one of two bounds that all of a span lies beyond; None when some of it lies between them."""
    return least if span.high < least else most if span.low > most else None
