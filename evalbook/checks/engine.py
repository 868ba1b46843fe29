"""From figures to findings: every rule asked, what one cause explains put together, answers laid beside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.checks.catalogue import OF_PARTS, OF_WORDING, RULES
from evalbook.checks.facts import Facts
from evalbook.checks.finding import DOUBT, HINT, SEVERITIES, Explanation, Finding, Place, Suspicion
from evalbook.checks.parts import within_part
from evalbook.figures import Derivation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Never

    from evalbook.checks.finding import Rule
    from evalbook.figures import FigureSet


@dataclass(frozen=True)
class Findings:
    """What the rules say of a year.

    Attributes
    ----------
    figures : FigureSet
        The year's figures.
    listed : tuple of Finding
        The gravest first, then in the order of the rules.
    fired : mapping of str to int
        How often each rule fired, by its id; what became a consequence of another finding included.
    unused : tuple of Explanation
        Answers to findings that no longer exist.
    """

    figures: FigureSet
    listed: tuple[Finding, ...]
    fired: Mapping[str, int]
    unused: tuple[Explanation, ...]

    def of(self, severity: str) -> tuple[Finding, ...]:
        """Findings of a severity."""
        return tuple(finding for finding in self.listed if finding.severity == severity)

    def counted(self, severity: str) -> int:
        """How many findings of a severity there are."""
        return len(self.of(severity))

    @property
    def explained(self) -> int:
        """How many findings were answered."""
        return sum(finding.explained for finding in self.listed)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each finding on its year's page, by its stem."""
        return {finding.stem: number for number, finding in enumerate(self.listed, start=1)}

    @cached_property
    def by_address(self) -> dict[str, tuple[Finding, ...]]:
        """Findings that concern a figure themselves, by its address, the gravest first.

        They concern what is computed from a figure that they suspect, too. A stated figure that only a consequence
        speaks of may be right; it is not among them.
        """
        rests = {address: _rests_on(address, self.figures) for address in self.figures.figures}
        found: dict[str, tuple[Finding, ...]] = {}
        for finding in self.listed:
            suspects = set(finding.suspicion.suspects)
            own = _addresses(finding)
            computed = (address for address, given in rests.items() if given & suspects)
            for address in dict.fromkeys((*own, *computed)):
                found[address] = (*found.get(address, ()), finding)
        return found


def check(figures: FigureSet) -> Findings:
    """Ask every rule about a year.

    Parameters
    ----------
    figures
        Figures of the year, with those of the year before where it has a folder.

    Returns
    -------
    Findings
        Each cause once; its consequences stand below it.
    """
    return concluded(figures, asked(figures), RULES)


def asked(figures: FigureSet) -> list[Finding]:
    """What each rule about a year's figures and prose finds by itself, in the whole and in each part of the year."""
    facts = Facts(figures)
    found = [Finding(rule, suspicion) for rule in RULES for suspicion in rule.find(facts)]
    for part in figures.year.parts:
        seen = Facts(figures.within(part))
        of_part = ((rule, suspicion) for rule in OF_PARTS for suspicion in rule.find(seen))
        found += [
            Finding(
                rule,
                replace(suspicion, subject=f"{suspicion.subject.removesuffix(f'.{part.code}')}.{part.code}"),
            )
            for rule, suspicion in of_part
            if within_part(suspicion, part)
        ]
    return found


def concluded(figures: FigureSet, single: Sequence[Finding], rules: Sequence[Rule[Never]]) -> Findings:
    """Put findings together by cause, with the answers given.

    Parameters
    ----------
    figures
        Of the year.
    single
        What each rule finds by itself.
    rules
        All that were asked, in the order in which findings of one severity are listed.
    """
    fired = {rule.id: sum(finding.rule is rule for finding in single) for rule in rules}
    answers = explanations(figures)
    ranked = sorted(grouped(single, figures, rules), key=lambda finding: rank(finding, rules))
    single_answers = [_answered(finding, answers) for finding in ranked]
    listed = tuple(_answered(one, answers) if one.alike else one for one in united(single_answers))
    stems = {one.stem for finding in listed for one in (finding, *finding.alike)}
    unused = tuple(answer for answer in answers if answer.stem not in stems)
    return Findings(figures, listed, fired, unused)


def rank(finding: Finding, rules: Sequence[Rule[Never]]) -> tuple[int, int]:
    """Sorts the gravest findings first, then those of the earliest of some rules."""
    return SEVERITIES.index(finding.severity), rules.index(finding.rule)


def grouped(
    findings: Iterable[Finding], figures: FigureSet, rules: Sequence[Rule[Never]] = RULES
) -> list[Finding]:
    """Put what rests on a suspected figure below the finding that suspects it.

    A finding is a consequence when one of its figures is suspected by a graver (or, of the same severity, an
    earlier) finding, or was computed from such a figure: once that figure is put right, it must be judged anew.
    Of several causes, the one that suspects its first figure counts.
    """
    return with_consequences(
        sorted(findings, key=lambda finding: rank(finding, rules)),
        lambda finding: [_rests_on(address, figures) for address in _addresses(finding)],
    )


SHOWN = 60
"""Characters of what a finding of several tells of them one by one."""

TOGETHER = {HINT: "hints", DOUBT: "doubts"}
"""Severities of which several are told together, with the subject of the finding that tells them."""


def united(findings: Iterable[Finding]) -> list[Finding]:
    """Put hints of one rule together, and doubts of one rule about wording, in the place of the first.

    What was answered, or leaves values possible, stays alone: it is a question of its own.
    """
    kinds: dict[tuple[str, str | int], list[Finding]] = {}
    for number, finding in enumerate(findings):
        several = finding.severity == HINT or (finding.severity == DOUBT and finding.rule in OF_WORDING)
        answered = finding.explanation or finding.outdated
        own = finding.suspicion.possible or answered or not several
        kinds.setdefault((finding.rule.id, number if own else finding.severity), []).append(finding)
    return [_together(alike) if len(alike) > 1 else alike[0] for alike in kinds.values()]


def _together(alike: Sequence[Finding]) -> Finding:
    """One finding of several of one rule and severity, with all their places and figures."""
    each = [finding.suspicion for finding in alike]
    first, severity = alike[0], alike[0].severity
    # 没有写：…, 没有写：…: what all begin with is said once.
    heads = {suspicion.found.partition("：")[0] for suspicion in each}
    head = f"{heads.pop()}：" if len(heads) == 1 else ""
    shown = [each[0].found]
    for suspicion in each[1:]:
        if sum(map(len, shown)) + len(suspicion.found) > SHOWN:
            break
        shown.append(suspicion.found.removeprefix(head))
    left = f"，这样的共{len(each)}条" if len(shown) < len(each) else ""

    def of_all(words: Iterable[str]) -> str:
        told = set(words)
        return told.pop() if len(told) == 1 else ""

    suspicion = Suspicion(
        TOGETHER[severity],
        "；".join(dict.fromkeys(shown)) + left,
        of_all(suspicion.why for suspicion in each),
        of_all(suspicion.remedy for suspicion in each),
        figures=tuple({f.address: f for suspicion in each for f in suspicion.figures}.values()),
        limits=tuple(dict.fromkeys(limit for suspicion in each for limit in suspicion.limits)),
        places=tuple(dict.fromkeys(place for suspicion in each for place in suspicion.places)),
        suspects=tuple(dict.fromkeys(address for suspicion in each for address in suspicion.suspects)),
        severity=severity,
    )
    consequences = tuple(one for finding in alike for one in finding.consequences)
    return Finding(first.rule, suspicion, consequences, alike=tuple(alike))


def with_consequences(
    ranked: Iterable[Finding], rests_on: Callable[[Finding], Sequence[set[str]]]
) -> list[Finding]:
    """Put findings below the earlier finding that suspects what they rest on.

    Parameters
    ----------
    ranked
        Findings, those that can be causes of others first.
    rests_on
        Of each thing that a finding is about, the most important first: its own address and those of what it was
        computed from.
    """
    causes: list[tuple[Finding, list[Finding]]] = []
    for finding in ranked:
        first, *_ = resting = [set[str]()] if finding.suspicion.alone else rests_on(finding) or [set()]
        explained = (
            consequences
            for rest in (first, set().union(*resting))
            for cause, consequences in causes
            if rest & set(cause.suspicion.suspects)
        )
        if (consequences := next(explained, None)) is not None:
            consequences.append(finding)
        else:
            causes.append((finding, []))
    return [replace(cause, consequences=tuple(consequences)) for cause, consequences in causes]


def _addresses(finding: Finding) -> list[str]:
    return [figure.address for figure in finding.suspicion.figures]


def _rests_on(address: str, figures: FigureSet) -> set[str]:
    """Addresses of a figure and of everything of this year that it was computed from."""
    waiting, seen = [address], set[str]()
    while waiting:
        address = waiting.pop()
        figure = figures.figures.get(address)
        if address not in seen and figure is not None and isinstance(figure.lineage, Derivation):
            waiting += [given.address for given in figure.lineage.inputs if not given.year]
        seen.add(address)
    return seen


def explanations(figures: FigureSet) -> tuple[Explanation, ...]:
    """Answers that clerks gave in ``explanations.csv``; rows that lack a cell are no answers."""
    data = figures.year.tables["explanations"]
    return tuple(
        Explanation(
            row.said("finding"),
            row.said("explanation"),
            row.said("evidence"),
            row.said("who"),
            str(row.cells["date"]),
            Place(data.file, row.number, row.said("finding")),
            internal=row.cells.get("internal") is not None,
        )
        for row in data.rows
        if all(row.cells[column.name] is not None for column in data.table.columns if column.required)
    )


def _answered(finding: Finding, answers: Iterable[Explanation]) -> Finding:
    given = [answer for answer in answers if answer.stem == finding.stem]
    fitting = next((answer for answer in given if answer.finding == finding.id), None)
    outdated = given[-1] if given and fitting is None else None
    return replace(finding, explanation=fitting, outdated=outdated)
