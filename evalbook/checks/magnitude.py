"""Which other unit would make a number plausible."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure

MISTAKEN = (("元", "万元", "亿元"), ("元/月", "元/年"), ("元/人·月", "元/人·年"))
"""Units that are mistaken for each other."""


def other_units(facts: Facts, figure: Figure) -> dict[str, Decimal]:
    """Value that a number would have in its present unit, had it been meant in another that it is mistaken for.

    4560元/月 meant as 元/年 would be 380元/月: ``{"元/年": 380}``.
    """
    alternatives = next((units for units in MISTAKEN if figure.unit in units), ())
    assert figure.value is not None  # noqa: S101
    registered = facts.figures.units.units
    return {
        unit: facts.figures.units.convert(figure.value, unit, figure.unit)
        for unit in alternatives
        if unit != figure.unit and unit in registered
    }


def fitting_units(
    facts: Facts, figure: Figure, measure: Decimal, least: Decimal, most: Decimal
) -> dict[str, Decimal]:
    """Units in which a measure of the number lies within its bounds, each with that measure.

    Parameters
    ----------
    facts, figure
        The year and the number in doubt.
    measure
        What the bounds are about, as it is with the number in its present unit; proportional to the number.
    least, most
        Bounds, both included.
    """
    if not figure.value:
        return {}
    tried = {unit: measure * value / figure.value for unit, value in other_units(facts, figure).items()}
    return {unit: value for unit, value in tried.items() if least <= value <= most}
