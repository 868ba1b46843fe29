"""Expressions: the small trees of frozen dataclasses in which formulas are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.schema.address import Address

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal


class Expression:
    """Part of a formula; the operators build larger ones."""

    def __truediv__(self, other: Expression) -> Quotient:
        return Quotient(self, other)

    def __mul__(self, other: Expression) -> Product:
        return Product(self, other)

    def __sub__(self, other: Expression) -> Difference:
        return Difference(self, other)


@dataclass(frozen=True)
class Reference(Expression):
    """A figure by its address, of this year or of an earlier one.

    ``label`` names it where the year's tables may lack the row.
    """

    address: Address
    year: int | None = None
    label: str = ""

    @classmethod
    def to(cls, *parts: str, label: str = "") -> Reference:
        """Reference to a figure of this year by the parts of its address."""
        return cls(Address.of(*parts), label=label)


@dataclass(frozen=True)
class Constant(Expression):
    """A number that the formula itself brings, such as the months of the period."""

    value: Decimal
    unit: str

    @property
    def text(self) -> str:
        """Number and unit, as a formula shows them."""
        return f"{self.value}{'个月' if self.unit == '月' else self.unit}"


@dataclass(frozen=True)
class Converted(Expression):
    """A part expressed in another unit of the same kind."""

    part: Expression
    unit: str


@dataclass(frozen=True)
class Sum(Expression):
    """Sum of parts of one unit.

    ``empty`` says in Chinese what is missing when there are no parts.
    """

    parts: tuple[Expression, ...]
    empty: str = "没有可以相加的数字"


@dataclass(frozen=True)
class Difference(Expression):
    """First part less the second."""

    first: Expression
    second: Expression


@dataclass(frozen=True)
class Product(Expression):
    """First part times the second."""

    first: Expression
    second: Expression


@dataclass(frozen=True)
class Quotient(Expression):
    """First part divided by the second."""

    first: Expression
    second: Expression


def redirected(expression: Expression, redirect: Callable[[Reference], Reference]) -> Expression:
    """The same formula about other figures."""
    match expression:
        case Reference():
            return redirect(expression)
        case Converted(part, unit):
            return Converted(redirected(part, redirect), unit)
        case Sum(parts):
            return replace(expression, parts=tuple(redirected(part, redirect) for part in parts))
        case Difference(first, second) | Product(first, second) | Quotient(first, second):
            return type(expression)(redirected(first, redirect), redirected(second, redirect))
        case _:
            return expression
