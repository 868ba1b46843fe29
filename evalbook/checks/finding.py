"""A rule, what it suspects, and the finding that a reader sees."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, Never, TypeVar

from evalbook.figures import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from evalbook.figures import Figure
    from evalbook.schema import Limit

    Possible = tuple[tuple[str, tuple[Decimal, ...]], ...]
    """Values that a finding leaves possible, by the address of the figure and in its unit."""

ERROR, DOUBT, HINT = SEVERITIES = ("错误", "疑点", "提示")
"""Cannot both be true; needs an explanation; worth a look."""

SEVERITY_MEANINGS = {
    ERROR: "不可能同时正确，必须改正或说明",
    DOUBT: "不合常理，需要说明",
    HINT: "值得看一看",
}


LookedAt = TypeVar("LookedAt")
LookedAt_contra = TypeVar("LookedAt_contra", contravariant=True)
"""What a rule looks at: the facts of a year, a form."""


@dataclass(frozen=True)
class Place:
    """A line of prose, a row of a table that states no figure, or a cell of somebody's form.

    Attributes
    ----------
    file : str
        Path inside the project.
    row : int
        Line or row, from 1; 0 for the whole file.
    text : str
        What stands there, as far as the finding is about it.
    column : str
        Excel's letter of the column; empty for the whole row.
    """

    file: str
    row: int
    text: str
    column: str = ""

    def __str__(self) -> str:
        column = f" {self.column}列" if self.column else ""
        return f"{self.file} 第{self.row}行{column}" if self.row else self.file

    @property
    def address(self) -> str:
        """Row and column as Excel names a cell with its file, by which findings about a form are put together."""
        return f"{self.file}!{self.column}{self.row}"


@dataclass(frozen=True)
class Suspicion:
    """What a rule found in one year.

    Attributes
    ----------
    subject : str
        What it is about, in ASCII: an address, a programme's code. Unique within the rule and year, and the
        same whatever other rows there are; it becomes part of the finding's number.
    found, why, remedy : str
        Chinese sentences without final punctuation: what was found (with both figures), why it is
        suspicious, what to do.
    figures : tuple of Figure
        Figures concerned; the first is the one that a reader would look up.
    limits : tuple of Limit
        Published or usual limits that it was compared with.
    places : tuple of Place
        Prose and rows concerned.
    stated, computed : Decimal or None
        The two numbers compared, in ``unit``.
    suspects : tuple of str
        Addresses of the figures that this proves or suspects to be wrong; what else is suspicious of them
        is a consequence.
    severity : str
        Empty for the rule's own.
    notes : tuple of str
        More to know, in Chinese: what would fit, what speaks against it.
    alone : bool
        Never told as a consequence of another finding, whatever is suspected of its figures.
    possible : Possible
        Values that it leaves possible, by the address of the figure and in its unit; the stated one is among them unless
        the rule proves it wrong. A figure that is suspected and not listed may be anything.
    """

    subject: str
    found: str = ""
    why: str = ""
    remedy: str = ""
    figures: tuple[Figure, ...] = ()
    limits: tuple[Limit, ...] = ()
    places: tuple[Place, ...] = ()
    stated: Decimal | None = None
    computed: Decimal | None = None
    unit: str = ""
    suspects: tuple[str, ...] = ()
    severity: str = ""
    notes: tuple[str, ...] = ()
    alone: bool = False
    possible: Possible = ()

    def told(self, found: str, why: str, remedy: str, *notes: str) -> Suspicion:
        """The suspicion with its sentences."""
        return replace(self, found=found, why=why, remedy=remedy, notes=(*self.notes, *notes))

    def left(self, address: str) -> tuple[Decimal, ...]:
        """Values of a figure that this leaves possible; none where it says nothing of them."""
        return tuple(
            dict.fromkeys(value for of, values in self.possible if of == address for value in values)
        )


@dataclass(frozen=True)
class Rule(Generic[LookedAt_contra]):
    """One thing that must hold, or is usual, in any county's year or form; declared once.

    Attributes
    ----------
    id : str
        Letter of the family and number; never changes.
    title : str
        Chinese name.
    compares, formula, tolerance, exceptions : str
        What is compared, how, what difference is allowed and why, when the rule does not apply; Chinese.
    severity : str
        Of :data:`SEVERITIES`; a suspicion may be milder or graver where the formula says so.
    source : str
        Law, document, statistic or arithmetic that it rests on.
    look_up : str
        What the clerk takes out to answer it, in Chinese, such as a ledger.
    ask : str
        What a reviewer who holds nothing but the report asks its authors, in Chinese.
    since : str
        Day from which the tool asks it, as in 2026-11-30.
    find : callable
        Yields the suspicions of what it looks at; silent where a figure is missing.
    """

    id: str
    title: str
    compares: str
    formula: str
    tolerance: str
    exceptions: str
    severity: str
    source: str
    look_up: str
    ask: str
    since: str
    find: Callable[[LookedAt_contra], Iterator[Suspicion]] = field(repr=False)

    @property
    def means(self) -> str:
        """What to look up, and what is to be asked by who has nothing but the report; Chinese, with its stop."""
        return f"{self.look_up}；只有报告的，问：{self.ask.rstrip('？')}？"

    @property
    def wording(self) -> str:
        """Hash of what it compares and how gravely: another one is another rule under the same number."""
        said = (self.title, self.compares, self.formula, self.tolerance, self.exceptions, self.severity)
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:12]


def rule(
    code: str,
    title: str,
    *,
    compares: str,
    formula: str,
    tolerance: str,
    exceptions: str,
    severity: str,
    source: str,
    look_up: str,
    ask: str,
    since: str,
) -> Callable[[Callable[[LookedAt], Iterator[Suspicion]]], Rule[LookedAt]]:
    """Declare the function below as the ``find`` of a :class:`Rule`, whose other attributes these are."""
    return lambda find: Rule(
        code, title, compares, formula, tolerance, exceptions, severity, source, look_up, ask, since, find
    )


@dataclass(frozen=True)
class Explanation:
    """A clerk's answer to a finding (``explanations.csv``).

    Of an ``internal`` one, readers are told that it was given, and nothing of what it says.
    """

    finding: str
    text: str
    evidence: str
    who: str
    date: str
    place: Place
    internal: bool = False

    @property
    def stem(self) -> str:
        """Number of the finding without the check code of its figures."""
        return self.finding.rpartition("-")[0]


@dataclass(frozen=True)
class Finding:
    """What a rule found, with what follows from the same cause and a clerk's answer.

    Attributes
    ----------
    rule : Rule
    suspicion : Suspicion
    consequences : tuple of Finding
        Explained by the same cause.
    alike : tuple of Finding
        What it puts together, where it is several of one kind; each keeps its own number.
    explanation : Explanation or None
        Answer that was given for these very figures.
    outdated : Explanation or None
        Answer that was given when the figures were others.
    """

    rule: Rule[Never]
    suspicion: Suspicion
    consequences: tuple[Finding, ...] = ()
    alike: tuple[Finding, ...] = ()
    explanation: Explanation | None = None
    outdated: Explanation | None = None

    @property
    def severity(self) -> str:
        """Severity of what was found, not milder than that of its consequences."""
        own = self.suspicion.severity or self.rule.severity
        return min((own, *(c.severity for c in self.consequences)), key=SEVERITIES.index)

    @property
    def every(self) -> tuple[Finding, ...]:
        """It, what it puts together, and what follows from it."""
        return (self, *self.alike, *self.consequences)

    @property
    def stem(self) -> str:
        """Rule and subject, which stay the same when figures or other rows change."""
        return f"{self.rule.id}-{self.suspicion.subject}"

    @property
    def id(self) -> str:
        """Stem and a check code of the figures concerned: an answer given for other figures does not fit."""
        suspicion = self.suspicion
        parts = [
            *(f"{figure.address}={_by_value(figure.value)}{figure.unit}" for figure in suspicion.figures),
            *(
                f"{limit.measure}={_by_value(limit.least)}-{_by_value(limit.most)}{limit.unit}"
                for limit in suspicion.limits
            ),
            *(place.text for place in suspicion.places),
            *(one.id for one in self.alike),
        ]
        return f"{self.stem}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:6]}"

    @property
    def explained(self) -> bool:
        """Whether a clerk has answered it for these figures."""
        return self.explanation is not None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses of the figures concerned, those of the consequences included."""
        own = [figure.address for figure in self.suspicion.figures]
        return tuple(dict.fromkeys([*own, *(a for c in self.consequences for a in c.addresses)]))

    @property
    def difference(self) -> Decimal | None:
        """Stated less computed."""
        stated, computed = self.suspicion.stated, self.suspicion.computed
        return None if stated is None or computed is None else stated - computed

    @property
    def each(self) -> tuple[str, ...]:
        """Of several put together what each one says, without what is said of all, in Chinese sentences."""
        common = self.suspicion
        return tuple(
            _sentences(
                one.found,
                "" if one.why == common.why else one.why,
                *one.notes,
                "" if one.remedy == common.remedy else one.remedy,
            )
            for one in (finding.suspicion for finding in self.alike)
        )

    @property
    def message(self) -> str:
        """What was found, why it is suspicious and what to do, in Chinese sentences."""
        suspicion = self.suspicion
        told = _sentences(suspicion.found, suspicion.why, *suspicion.notes, suspicion.remedy)
        return told + "".join(self.each)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where each number concerned comes from, in Chinese."""
        suspicion = self.suspicion
        sources = (*map(source_of, suspicion.figures), *map(str, suspicion.places))
        return tuple(dict.fromkeys((*sources, *(limit.cited for limit in suspicion.limits))))


def _sentences(*parts: str) -> str:
    return "".join(f"{part}。" for part in parts if part)


def _by_value(value: Decimal | None) -> str:
    """One text of a number, whatever zeros were typed: 1087.60 and 1087.6, saved again by Excel, are one."""
    text = f"{value:f}" if value is not None else "None"
    if "." not in text:
        return text
    text = text.rstrip("0").rstrip(".")
    # Numbers of findings were given when zeros still counted; this keeps those of the released editions.
    whole, _, decimals = text.partition(".")
    return f"{text}0" if len(decimals) == 1 and len(whole) > 3 else text


def source_of(figure: Figure) -> str:
    """Cell of a stated figure with the clerk's source, formula of a computed one."""
    match figure.lineage:
        case Cell(file, row, letter, column, _, source):
            told = f"（{source}）" if source else ""
            return f"{figure.label}：{file} 第{row}行 {letter}列“{column}”{told}"
        case derivation:
            return f"{figure.label}＝{derivation.formula}"
