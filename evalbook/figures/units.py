"""Unit arithmetic: pint with the bureau's own units and exact decimals.

Adding or comparing different units is an error even where pint could convert (元 and 万元); converting
is explicit, by :meth:`UnitSystem.convert`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pint

if TYPE_CHECKING:
    from evalbook.schema import Unit


class UnitMismatchError(ValueError):
    """Quantities of different units were added or compared, or a conversion is impossible."""


@dataclass(frozen=True)
class UnitSystem:
    """The registered units and their arithmetic.

    Attributes
    ----------
    units : dict of str to Unit
        By symbol.
    """

    units: dict[str, Unit]
    _factors: dict[str, Any]

    def quantity(self, value: Decimal, symbol: str) -> Any:
        """Quantity of a number in a unit."""
        factor = self._factors[symbol]
        # As pint multiplies, in a third of its time.
        return type(factor)(value * factor.magnitude, factor.units)

    def value_in(self, quantity: Any, symbol: str) -> Decimal:
        """Express a quantity in a unit.

        Raises
        ------
        UnitMismatchError
            The quantity measures something else.
        """
        factor = self._factors[symbol]
        if quantity.units == factor.units:  # most are, and pint's way takes six times as long
            return Decimal(quantity.magnitude / factor.magnitude)
        ratio = quantity / factor
        try:
            return Decimal(ratio.to("dimensionless").magnitude)
        except pint.DimensionalityError:
            raise UnitMismatchError(f"{_readable(quantity)}不能换算成{symbol}") from None

    def convert(self, value: Decimal, symbol: str, target: str) -> Decimal:
        """Convert a number from one unit to another.

        Raises
        ------
        UnitMismatchError
            The units measure different things.
        """
        if symbol == target:
            return value
        return self.value_in(self.quantity(value, symbol), target)

    def alike(self, symbol: str) -> tuple[str, ...]:
        """Units into which a unit can be converted, itself included."""
        dimension = self._factors[symbol].dimensionality
        return tuple(other for other, factor in self._factors.items() if factor.dimensionality == dimension)

    def display(self, value: Decimal, symbol: str) -> Decimal:
        """Round a computed value to the digits of its unit, half up."""
        return value.quantize(Decimal(1).scaleb(-self.units[symbol].digits), rounding=ROUND_HALF_UP)


def _readable(quantity: Any) -> str:
    return str(quantity.units).replace(" ", "") or "无单位的数"


def add(first: Any, second: Any) -> Any:
    """Add two quantities of one unit, exactly.

    Raises
    ------
    UnitMismatchError
        The units differ.
    """
    if first.units != second.units:
        raise UnitMismatchError(f"{_readable(first)}与{_readable(second)}不能直接相加减")
    return first + second


@lru_cache(maxsize=8)
def unit_system(units: tuple[Unit, ...]) -> UnitSystem:
    """Build the arithmetic of registered units; a unit's definition names units before it."""
    registry: Any = pint.UnitRegistry(None, non_int_type=Decimal)
    factors: dict[str, Any] = {}
    for unit in units:
        if unit.symbol.isidentifier():
            registry.define(f"{unit.symbol} = {unit.definition or f'[{unit.symbol}]'}")
            factors[unit.symbol] = registry.Quantity(Decimal(1), unit.symbol)
        else:
            factors[unit.symbol] = registry.Quantity(Decimal(1)) * registry.parse_expression(unit.definition)
    return UnitSystem({unit.symbol: unit for unit in units}, factors)
