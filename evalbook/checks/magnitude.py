"""Which other unit would make a number plausible."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure

MISTAKEN = (("元", "万元", "亿元"), ("元/月", "元/年"), ("元/人·月", "元/人·年"))
"""Units that are mistaken for each other."""


def fitting_units(
    facts: Facts, figure: Figure, measure: Decimal, least: Decimal, most: Decimal
) -> dict[str, Decimal]:
    """Units in which a measure of the number lies within its bounds, each with that measure.

    4560元/月, itself the measure and meant as 元/年, would be 380元/月: ``{"元/年": 380}``.

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
    others = next((units for units in MISTAKEN if figure.unit in units), ())
    tried = {
        unit: measure * facts.figures.units.convert(figure.value, unit, figure.unit) / figure.value
        for unit in others
        if unit != figure.unit and unit in facts.figures.units.units
    }
    return {unit: value for unit, value in tried.items() if least <= value <= most}
