"""The registries under ``data/reference/``: programmes, places, units and terms that hold digits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.schema.vocabulary import FLOOR, LIMIT_FORCES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping


@dataclass(frozen=True)
class Category:
    """A field of money (领域) or a kind of programmes (类别), which rules and totals speak of by its code."""

    code: str
    name: str
    note: str
    source: str
    own: bool = False


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
    areas : tuple of str
        Codes of the fields of money (领域) within which funds and spending are compared; several where money for all
        of them is given as one.
    kind, region, family, system : str
        类型, 城乡, 类别 and 社会救助体系 as entered.
    headline : bool
        Whether its number of people stands on the title page.
    note, source : str
        What it is, and where that is said.
    may_be_within : tuple of str
        Programmes that its money and people may already be counted in.
    proper_levels : tuple of str
        Levels of government (级次) as whose money alone it may be listed; empty when any.
    aliases : tuple of str
        Other names that documents use for it.
    own : bool
        Whether the project has registered it, and not the tool; so in the other registries.
    """

    code: str
    name: str
    parent: str
    areas: tuple[str, ...]
    kind: str
    region: str
    family: str
    system: str
    headline: bool
    note: str
    source: str
    may_be_within: tuple[str, ...] = ()
    proper_levels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    own: bool = False

    @property
    def area(self) -> str:
        """Code of its one field of money; empty where it is for several, among which its money cannot be divided."""
        return self.areas[0] if len(self.areas) == 1 else ""


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
    own: bool = False


@dataclass(frozen=True)
class Term:
    """A word of the report that a reader may look up: what it means, in which unit, and where that is said."""

    name: str
    definition: str
    unit: str
    source: str
    own: bool = False


@dataclass(frozen=True)
class Limit:
    """What a province publishes as a minimum, or what is usual, during a time.

    Attributes
    ----------
    area : str
        Province, or 全国.
    subject : str
        Programme or family of programmes by its Chinese name; empty for all.
    measure, name : str
        Code and Chinese name of what it limits (:data:`evalbook.schema.vocabulary.LIMIT_MEASURES`).
    least, most : Decimal or None
        Bounds, both inclusive; None where there is none.
    unit : str
        Of the bounds.
    start, end : datetime.date or None
        First and last day on which it holds.
    official : bool
        Published by a government, as opposed to a range of experience.
    source, note : str
        Where it is said, and what must be known about it.
    row : int
        Of ``limits.csv``, as Excel counts.
    place_class : str
        Class of places that it holds for (地区类别); empty where the province does not part them.
    force : str
        How far it binds (:data:`evalbook.schema.vocabulary.LIMIT_FORCES`).
    grade : str
        Who says so (:data:`evalbook.schema.vocabulary.SOURCE_GRADES`); empty for a range of experience.
    """

    area: str
    subject: str
    measure: str
    name: str
    least: Decimal | None
    most: Decimal | None
    unit: str
    start: datetime.date | None
    end: datetime.date | None
    official: bool
    source: str
    note: str
    row: int
    own: bool = False
    place_class: str = ""
    force: str = FLOOR
    grade: str = ""

    def held(self, start: datetime.date, end: datetime.date) -> bool:
        """Whether it held on some day from start to end."""
        return (self.start is None or self.start <= end) and (self.end is None or self.end >= start)

    @property
    def cited(self) -> str:
        """Source behind its grade: （转载）湘民发〔2020〕34号."""
        return f"（{self.grade}）{self.source}" if self.grade else self.source

    @property
    def called(self) -> str:
        """Whose standard it is and what it is called: 广东省四类地区2023-01-01起的最低标准."""
        since = f"{self.start}起" if self.start else ""
        return f"{self.area}{self.place_class}{since}的{LIMIT_FORCES[self.force]}"

    @property
    def low(self) -> Decimal:
        """Lower bound, 0 when there is none."""
        return Decimal(0) if self.least is None else self.least

    @property
    def high(self) -> Decimal:
        """Upper bound, infinite when there is none."""
        return Decimal("Infinity") if self.most is None else self.most


@dataclass(frozen=True)
class Locality:
    """A part of the place that the report is about (地区): a county of a city, a township of a county.

    Attributes
    ----------
    name : str
        Chinese name, as the year's tables write it.
    level : str
        级别, of :data:`evalbook.schema.vocabulary.LOCALITY_LEVELS`.
    parent : str
        Name of the place that it is part of; empty for the whole that the report is about.
    division : str
        Code of the administrative division; empty where it is not known.
    note : str
    place_class : str
        Class of places of the province that it belongs to (地区类别); empty where there is none or it is not known.
    """

    name: str
    level: str
    parent: str
    division: str
    note: str
    own: bool = False
    place_class: str = ""

    @property
    def code(self) -> str:
        """Part of the addresses of its figures: of the name alone, so that a division code found later changes nothing."""
        return f"at_{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Requirement:
    """Content that a report must have: figures whose addresses begin so or whose names say so, or prose with one of the words.

    ``example`` says where others write it, and how.
    """

    code: str
    content: str
    addresses: tuple[str, ...]
    words: tuple[str, ...]
    source: str
    own: bool = False
    names: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class Marking:
    """A line of the sheet by which a finance office marks a report.

    Attributes
    ----------
    code : str
    sheet : str
        What the whole sheet is called.
    content : str
        What the line asks for.
    points, deduction : Decimal or None
        Points of the line, and those that each fault costs; None where the sheet leaves that to a person.
    judge : str
        Who can mark it, of :data:`evalbook.schema.vocabulary.JUDGES`.
    rules : tuple of str
        Rules whose findings are its faults; of a rule with a subject behind a hyphen, one finding alone.
    note, source : str
        How it is marked, and where that is said.
    """

    code: str
    sheet: str
    content: str
    points: Decimal | None
    deduction: Decimal | None
    judge: str
    rules: tuple[str, ...]
    note: str
    source: str
    own: bool = False


@dataclass(frozen=True)
class Registries:
    """What all years have in common.

    Attributes
    ----------
    programmes, units : mapping of str
        By name and by symbol.
    terms : tuple of str
        Names in which digits are not figures.
    glossary : tuple of Term
    limits : tuple of Limit
    requirements : tuple of Requirement
    markings : tuple of Marking
        The sheet by which reports are marked: an office's own in the place of the tool's.
    areas, families : mapping of str
        Fields of money and kinds of programmes, by name.
    localities : mapping of str
        Places by name, each behind the one that it is part of.
    """

    programmes: Mapping[str, Programme]
    units: Mapping[str, Unit]
    terms: tuple[str, ...]
    glossary: tuple[Term, ...] = ()
    limits: tuple[Limit, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    markings: tuple[Marking, ...] = ()
    areas: Mapping[str, Category] = field(default_factory=dict)
    families: Mapping[str, Category] = field(default_factory=dict)
    localities: Mapping[str, Locality] = field(default_factory=dict)

    def programme(self, name: str) -> Programme | None:
        """Programme of a name, or the only one that is also called so."""
        called = (
            [p for p in self.programmes.values() if name in p.aliases] if name not in self.programmes else []
        )
        return self.programmes.get(name) or (called[0] if len(called) == 1 else None)

    def children(self, programme: Programme) -> tuple[Programme, ...]:
        """Programmes whose parent is the given one, in the order of the registry."""
        return tuple(p for p in self.programmes.values() if p.parent == programme.name)
