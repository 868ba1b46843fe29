"""What every figure of a year may stand for: what open findings and doubts leave possible, through every formula.

A figure that a finding leaves other values for, or that an edition calls 存疑, is a :class:`~evalbook.figures.Known`;
so is all that was computed from it, this year and the next. A figure that is not listed is its value.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import product
from typing import TYPE_CHECKING, Any

from evalbook.checks import ERROR, RULES, asked, concluded
from evalbook.figures import Cell, Derivation, Known
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
from evalbook.figures.known import INFINITY
from evalbook.schema.vocabulary import NOT_APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from evalbook.checks import Finding, Findings
    from evalbook.figures import Figure, FigureSet
    from evalbook.figures.units import UnitSystem

MOST_CORNERS = 6
"""Doubted figures of one formula whose extremes are all tried; of more, the ends are taken apart."""

Bounds = tuple[Any, Any]
"""Least and most quantity."""


def left_open(findings: Findings) -> Iterator[Finding]:
    """Findings that nobody answered, with what follows from them."""
    for finding in findings.listed:
        if not finding.explained:
            yield from finding.every


def possible(findings: Findings, address: str) -> tuple[Decimal, ...]:
    """Values of a figure that open findings list, in its unit; none where they list none."""
    listed = (value for finding in left_open(findings) for value in finding.suspicion.left(address))
    return tuple(dict.fromkeys(listed))


def doubted(findings: Findings) -> dict[str, Known]:
    """Figures that are no facts by themselves, by address.

    The values that open findings leave, with the figure's own; what a 错误 speaks of without leaving values, and what an
    edition questions without a finding that leaves any, is unknown, at best within the limits that it breaks.
    """
    figures, found = findings.figures, dict[str, Known]()

    def add(address: str, low: Decimal, high: Decimal, *, told: bool) -> None:
        figure = figures.figures.get(address)
        if figure is None or figure.value is None:
            return
        low, high = min(low, figure.value) if told else low, max(high, figure.value) if told else high
        if before := found.get(address):
            low, high, told = min(low, before.low), max(high, before.high), told and before.told
        found[address] = Known(low, high, figure.unit, figures.units.units[figure.unit].digits, told)

    for finding in left_open(findings):
        for address, values in finding.suspicion.possible:
            add(address, min(values), max(values), told=True)
    for finding in findings.listed:
        for grave in (finding, *finding.consequences):
            if finding.explained or (grave.suspicion.severity or grave.rule.severity) != ERROR:
                continue
            # What a consequence compares with the suspected figure is not doubted by that.
            compared = _compared(figures, grave) if grave is finding else []
            for address in dict.fromkeys((*grave.suspicion.suspects, *compared)):
                figure = figures.figures.get(address)
                if figure is not None and figure.value is not None and not grave.suspicion.left(address):
                    add(address, *_limited(figures, figure, grave), told=False)
    for figure in figures.figures.values():
        if figure.questioned and figure.value is not None:
            if others := [v for v in _of_its_finding(findings, figure) if v != figure.value]:
                add(figure.address, min(others), max(others), told=True)
            elif figure.address not in found:
                add(figure.address, *_anything(figure), told=False)
    return found


def _compared(figures: FigureSet, finding: Finding) -> list[str]:
    """Addresses of the stated figures that are the two numbers compared."""
    suspicion, units = finding.suspicion, figures.units

    def number(figure: Figure) -> Decimal | None:
        """In the unit of the finding; people and households are compared as they are."""
        if figure.value is None or suspicion.unit not in units.alike(figure.unit):
            return figure.value
        return units.convert(figure.value, figure.unit, suspicion.unit)

    return [
        figure.address
        for figure in suspicion.figures
        if isinstance(figure.lineage, Cell)
        and figure.value is not None
        and number(figure) in {suspicion.stated, suspicion.computed}
    ]


def _of_its_finding(findings: Findings, figure: Figure) -> tuple[Decimal, ...]:
    """Values that the finding of a doubt leaves to a figure, answered or not."""
    stem = figure.corrections[-1].finding
    listed = (grave for finding in findings.listed for grave in finding.every)
    return tuple(v for grave in listed if grave.stem == stem for v in grave.suspicion.left(figure.address))


def _anything(figure: Figure) -> tuple[Decimal, Decimal]:
    return (-INFINITY if figure.value is not None and figure.value < 0 else Decimal(0)), INFINITY


def _limited(figures: FigureSet, figure: Figure, finding: Finding) -> tuple[Decimal, Decimal]:
    """What the limits that a figure breaks allow; anything where there are none."""
    units = figures.units
    limits = [limit for limit in finding.suspicion.limits if limit.unit in units.alike(figure.unit)]
    if not limits:
        return _anything(figure)
    highs = [limit.most and units.convert(limit.most, limit.unit, figure.unit) for limit in limits]
    low = min(units.convert(limit.low, limit.unit, figure.unit) for limit in limits)
    return low, INFINITY if None in highs else max(high for high in highs if high is not None)


def ranges(findings: Findings) -> dict[str, Known]:
    """What each figure of a year may stand for that is not just its value, by address.

    Parameters
    ----------
    findings
        Of the year, by the rules about its figures.

    Returns
    -------
    dict of str to Known
        In each figure's own unit; doubted ones and all that was computed from them or from those of the year before.
    """
    figures, own = findings.figures, doubted(findings)
    then: Mapping[str, Known] = {}
    if figures.before is not None:
        then = ranges(concluded(figures.before, asked(figures.before), RULES))
    spread = _Spread(figures, own, then)
    found = ((address, spread.of(address)) for address in figures.figures)
    return {address: known for address, known in found if known is not None and not known.certain}


@dataclass
class _Spread:
    """Doubts of a year on their way through its formulas."""

    figures: FigureSet
    own: Mapping[str, Known]
    then: Mapping[str, Known]

    def __post_init__(self) -> None:
        self._found: dict[str, Known | None] = {}

    @property
    def units(self) -> UnitSystem:
        return self.figures.units

    def of(self, address: str) -> Known | None:
        """What a figure may stand for; None where it is its value."""
        if address not in self._found:
            self._found[address] = self._of(self.figures.figures[address])
        return self._found[address]

    def _of(self, figure: Figure) -> Known | None:
        own = self.own.get(figure.address)
        undefined = figure.value is None and figure.absence != NOT_APPLICABLE
        if not isinstance(figure.lineage, Derivation) or undefined:
            return own
        leaves = dict.fromkeys(self._leaves(figure.lineage.expression))
        doubts = {leaf: known for leaf in leaves if (known := self._doubt(leaf)) is not None}
        if not doubts:
            return own
        digits = self.units.units[figure.unit].digits
        if figure.value is None:  # divided by 0, if the numbers in doubt are what was written
            return Known(-INFINITY, INFINITY, figure.unit, digits, told=False)
        with localcontext() as context:
            context.clear_traps()
            ends = self._bounds(figure.lineage.expression)
            low, high = (self.units.value_in(end, figure.unit) for end in ends)
            if all(known.low.is_finite() and known.high.is_finite() for known in doubts.values()):
                low, high = self._tightened(figure, doubts, low, high)
        if low.is_nan() or high.is_nan():
            low, high = -INFINITY, INFINITY
        told = all(known.told for known in doubts.values())
        if own is not None:
            low, high, told = min(low, own.low), max(high, own.high), told and own.told
        return Known(low, high, figure.unit, digits, told)

    def _doubt(self, leaf: Reference) -> Known | None:
        if leaf.year:
            return self.then.get(leaf.address)
        return self.of(leaf.address) if leaf.address in self.figures.figures else None

    def _leaves(self, expression: Expression) -> Iterator[Reference]:
        """Figures that a formula rests on, as often as they occur, down to those that may stand for themselves."""
        match expression:
            case Reference(address, year):
                figure = None if year else self.figures.figures.get(address)
                if figure is None or address in self.own or not isinstance(figure.lineage, Derivation):
                    yield Reference(address, year)
                else:
                    yield from self._leaves(figure.lineage.expression)
            case Converted(part, _):
                yield from self._leaves(part)
            case Sum(parts):
                for part in parts:
                    yield from self._leaves(part)
            case Difference(first, second) | Product(first, second) | Quotient(first, second):
                yield from self._leaves(first)
                yield from self._leaves(second)

    def _figure(self, reference: Reference) -> Figure:
        of = self.figures.before if reference.year else self.figures
        assert of is not None  # noqa: S101 - the formula had a value
        return of.figures[reference.address]

    def _tightened(
        self, figure: Figure, doubts: Mapping[Reference, Known], low: Decimal, high: Decimal
    ) -> tuple[Decimal, Decimal]:
        """Ends where a doubted figure occurs twice, as in a share of its own total.

        Of a formula that is a quotient with no figure twice in a factor each extreme is at ends of the figures.
        """
        assert isinstance(figure.lineage, Derivation)  # noqa: S101
        leaves = [leaf for leaf in self._leaves(figure.lineage.expression) if leaf in doubts]
        if len(leaves) == len(doubts) or len(doubts) > MOST_CORNERS:
            return low, high
        if not (low.is_finite() and high.is_finite()):
            return low, high  # a divisor may be 0
        if any(max(self._degrees(figure.lineage.expression, leaf)) > 1 for leaf in doubts):
            return low, high
        corners = product(*((known.low, known.high) for known in doubts.values()))
        found = [
            self.units.value_in(
                self._bounds(figure.lineage.expression, dict(zip(doubts, corner, strict=True)))[0],
                figure.unit,
            )
            for corner in corners
        ]
        return max(low, min(found)), min(high, max(found))

    def _degrees(self, expression: Expression, leaf: Reference) -> tuple[int, int]:
        """How often a figure is multiplied with itself above and below the line."""
        match expression:
            case Reference(address, year):
                figure = None if year else self.figures.figures.get(address)
                if (address, year) == (leaf.address, leaf.year):
                    return 1, 0
                if figure is None or address in self.own or not isinstance(figure.lineage, Derivation):
                    return 0, 0
                return self._degrees(figure.lineage.expression, leaf)
            case Converted(part, _):
                return self._degrees(part, leaf)
            case Product(first, second):
                one, two = self._degrees(first, leaf), self._degrees(second, leaf)
                return one[0] + two[0], one[1] + two[1]
            case Quotient(first, second):
                one, two = self._degrees(first, leaf), self._degrees(second, leaf)
                return one[0] + two[1], one[1] + two[0]
            case Sum(parts):
                return self._added(self._degrees(part, leaf) for part in parts)
            case Difference(first, second):
                return self._added(self._degrees(part, leaf) for part in (first, second))
        return 0, 0

    @staticmethod
    def _added(parts: Iterable[tuple[int, int]]) -> tuple[int, int]:
        above, below = 0, 0
        for one in parts:
            above, below = max(above + one[1], one[0] + below), below + one[1]
        return above, below

    def _bounds(self, expression: Expression, at: Mapping[Reference, Decimal] | None = None) -> Bounds:
        """Least and most that a formula may come to; with ``at``, where the doubted figures stand for these numbers."""
        match expression:
            case Reference(address, year):
                figure = self._figure(expression)
                leaf = Reference(address, year)
                if at is not None and leaf in at:
                    return self._measured((at[leaf], at[leaf]), figure.unit)
                derived = isinstance(figure.lineage, Derivation) and not year and address not in self.own
                if at is not None and derived:
                    assert isinstance(figure.lineage, Derivation)  # noqa: S101
                    return self._bounds(figure.lineage.expression, at)
                known = self._doubt(leaf)
                assert figure.value is not None  # noqa: S101 - the formula had a value
                ends = (known.low, known.high) if known else (figure.value, figure.value)
                return self._measured(ends, figure.unit)
            case Constant(value, unit):
                return self._measured((value, value), unit)
            case Converted(part, unit):
                low, high = self._bounds(part, at)
                return self._measured((self.units.value_in(low, unit), self.units.value_in(high, unit)), unit)
            case Sum(parts):
                first, *others = (self._bounds(part, at) for part in parts)
                for low, high in others:
                    first = first[0] + low, first[1] + high
                return first
            case Difference(first_part, second_part):
                minuend, taken = self._bounds(first_part, at), self._bounds(second_part, at)
                return minuend[0] - taken[1], minuend[1] - taken[0]
            case Product(first_part, second_part):
                return _ends(self._bounds(first_part, at), self._bounds(second_part, at), _times)
            case Quotient(first_part, second_part):
                return _quotient(self._bounds(first_part, at), self._bounds(second_part, at))
        raise TypeError(type(expression).__name__)

    def _measured(self, ends: tuple[Decimal, Decimal], unit: str) -> Bounds:
        return self.units.quantity(ends[0], unit), self.units.quantity(ends[1], unit)


def _ends(first: Bounds, second: Bounds, operation: Callable[[Decimal, Decimal], Decimal]) -> Bounds:
    """Least and most of an operation that is monotone in each number, with the unit that it gives."""
    results = [operation(one.magnitude, two.magnitude) for one in first for two in second]
    unit = Decimal(1) * first[0].units
    other = Decimal(1) * second[0].units
    whole = unit * other if operation is _times else unit / other
    return min(results) * whole, max(results) * whole


def _times(one: Decimal, two: Decimal) -> Decimal:
    return one * two if one and two else Decimal(0)


def _over(one: Decimal, two: Decimal) -> Decimal:
    return Decimal(0) if two.is_infinite() else one / two


def _quotient(dividend: Bounds, divisor: Bounds) -> Bounds:
    """Quotient; without bounds on the sides where the divisor may be nothing."""
    low, high = (end.magnitude for end in divisor)
    if low > 0 or high < 0:
        return _ends(dividend, divisor, _over)
    whole = (Decimal(1) * dividend[0].units) / (Decimal(1) * divisor[0].units)
    if low == 0 and high > 0 and dividend[0].magnitude >= 0:
        return _over(dividend[0].magnitude, high) * whole, INFINITY * whole
    return -INFINITY * whole, INFINITY * whole
