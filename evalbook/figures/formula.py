"""Formulas: written once, they compute an indicator and explain it.

:func:`evaluate` computes an expression with units, :func:`describe` writes it in Chinese, :func:`references` lists
the figures that go in; the value and its explanation cannot differ because both come from the same tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from typing import TYPE_CHECKING, Any

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
from evalbook.figures.units import UnitMismatchError, add
from evalbook.schema.vocabulary import NOT_APPLICABLE

if TYPE_CHECKING:
    from evalbook.figures.figure import Figure
from evalbook.figures.units import UnitSystem


class UndefinedError(Exception):
    """The formula has no value; the text says why, in Chinese, and ``absence`` in one word, where that is known."""

    def __init__(self, why: str, absence: str = "") -> None:
        super().__init__(why)
        self.absence = absence


Lookup = Callable[[Reference], "Figure | None"]


def evaluate(expression: Expression, lookup: Lookup, units: UnitSystem) -> Any:
    """Compute an expression.

    Parameters
    ----------
    expression
        The formula.
    lookup
        Finds the figure of a reference, or ``None``.
    units
        Unit arithmetic.

    Returns
    -------
    pint.Quantity
        With an exact decimal magnitude for sums and differences.

    Raises
    ------
    UndefinedError
        A figure is missing, a divisor is zero, or units do not fit.
    """
    match expression:
        case Reference():
            figure = lookup(expression)
            if figure is None:
                raise UndefinedError(f"没有“{expression.label or expression.address}”")
            if figure.value is None:
                raise UndefinedError(f"“{figure.label}”{figure.absence}", figure.absence)
            return units.quantity(figure.value, figure.unit)
        case Constant(value, unit):
            return units.quantity(value, unit)
        case Converted(part, unit):
            quantity = evaluate(part, lookup, units)
            try:
                return units.quantity(units.value_in(quantity, unit), unit)
            except UnitMismatchError as error:
                raise UndefinedError(str(error)) from None
        case Sum(parts, empty):
            if not parts:
                raise UndefinedError(empty)
            quantities = [evaluate(part, lookup, units) for part in parts]
            return _added(quantities)
        case Difference(first, second):
            subtrahend = evaluate(second, lookup, units)
            return _added([evaluate(first, lookup, units), -subtrahend])
        case Product(first, second):
            return evaluate(first, lookup, units) * evaluate(second, lookup, units)
        case Quotient(first, second):
            dividend, divisor = evaluate(first, lookup, units), evaluate(second, lookup, units)
            if not divisor.magnitude:
                raise UndefinedError("除数为0", NOT_APPLICABLE)
            return dividend / divisor
        case _:
            raise TypeError(type(expression).__name__)


def _added(quantities: list[Any]) -> Any:
    try:
        return reduce(add, quantities)
    except UnitMismatchError as error:
        raise UndefinedError(str(error)) from None


def is_exact(expression: Expression) -> bool:
    """Whether the result needs no rounding: sums and differences of stated numbers."""
    match expression:
        case Reference() | Constant():
            return True
        case Sum(parts):
            return all(is_exact(part) for part in parts)
        case Difference(first, second):
            return is_exact(first) and is_exact(second)
        case Converted(part, _):
            return is_exact(part)
        case _:
            return False


def references(expression: Expression) -> Iterator[Reference]:
    """Figures that go in, in the order of the formula."""
    match expression:
        case Reference():
            yield expression
        case Converted(part, _):
            yield from references(part)
        case Sum(parts):
            for part in parts:
                yield from references(part)
        case Difference(first, second) | Product(first, second) | Quotient(first, second):
            yield from references(first)
            yield from references(second)


def describe(
    expression: Expression, leaf: Callable[[Reference], str], constant: Callable[[Constant], str]
) -> str:
    """Write a formula, with the given words for its figures and constants."""

    def written(part: Expression, *, grouped: bool = False) -> str:
        match part:
            case Reference():
                return leaf(part)
            case Constant():
                return constant(part)
            case Converted(inner, _):
                return written(inner, grouped=grouped)
            case Sum(parts, empty):
                text = " + ".join(written(term) for term in parts) or f"（{empty}）"
                return f"（{text}）" if grouped and len(parts) > 1 else text
            case Difference(first, second):
                text = f"{written(first)} − {written(second, grouped=True)}"
            case Product(first, second):
                text = f"{written(first, grouped=True)} × {written(second, grouped=True)}"
            case Quotient(first, second):
                dividend = written(first, grouped=not isinstance(first, (Quotient, Product)))
                text = f"{dividend} ÷ {written(second, grouped=True)}"
            case _:
                raise TypeError(type(part).__name__)
        return f"（{text}）" if grouped else text

    return written(expression)
