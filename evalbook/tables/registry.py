"""The registries under ``data/reference/``: programmes, units and terms that hold digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Programme:
    """A line of assistance or of money (项目).

    Attributes
    ----------
    code : str
        Part of figure addresses; never changes once used.
    name : str
        Chinese name, as the year's tables write it.
    parent : str
        Name of the programme that this one is part of, or empty.
    area : str
        Code of the field of money (领域) within which funds and spending are compared.
    kind, region, family, system : str
        类型, 城乡, 类别 and 社会救助体系 as entered.
    headline : bool
        Whether its number of people stands on the title page.
    note, source : str
        What it is, and where that is said.
    """

    code: str
    name: str
    parent: str
    area: str
    kind: str
    region: str
    family: str
    system: str
    headline: bool
    note: str
    source: str


@dataclass(frozen=True)
class Unit:
    """A unit of measurement.

    Attributes
    ----------
    symbol : str
        As it is printed, for instance ``元/人·月``.
    category : str
        What it counts (金额, 人数, 人次 …); a table accepts units by category.
    definition : str
        Product or quotient of other units and numbers, empty for a base unit.
    digits : int
        Decimals with which a computed value is shown.
    whole : bool
        Whether values must be whole numbers.
    """

    symbol: str
    category: str
    definition: str
    digits: int
    whole: bool
    note: str


@dataclass(frozen=True)
class Term:
    """A word of the report that a reader may look up: what it means, in which unit, and where that is said."""

    name: str
    definition: str
    unit: str
    source: str


@dataclass(frozen=True)
class Registries:
    """Programmes by name, units by symbol, names in which digits are not figures, and the glossary."""

    programmes: Mapping[str, Programme]
    units: Mapping[str, Unit]
    terms: tuple[str, ...]
    glossary: tuple[Term, ...] = ()

    def children(self, programme: Programme) -> tuple[Programme, ...]:
        """Programmes whose parent is the given one, in the order of the registry."""
        return tuple(p for p in self.programmes.values() if p.parent == programme.name)
