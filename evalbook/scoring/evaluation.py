"""Everything that is known of a year: what the checks say of its figures, its scorecards, and what is wrong with those."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Never

from evalbook import checks
from evalbook.checks import RULES, Facts, Finding, Findings, Rule, asked, claim, concluded
from evalbook.figures import FigureSet, Known, load
from evalbook.figures.watch import bare, path_to, watched
from evalbook.scoring import findings as scored_findings
from evalbook.scoring.ranges import ranges
from evalbook.scoring.scorecard import Scorecard, scorecard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FAMILIES: Mapping[str, Sequence[Rule[Never]]] = {**checks.FAMILIES, "绩效评分": scored_findings.RULES}
"""Rules that a year is asked about, by the Chinese name of their family."""

ALL_RULES = tuple(rule for family in FAMILIES.values() for rule in family)


@dataclass(frozen=True)
class Evaluation:
    """A year checked and scored.

    Attributes
    ----------
    findings : Findings
        About its figures, its prose and its scorecards.
    scorecards : tuple of Scorecard
        One for each framework, in the order of ``year.yml``.
    ranges : mapping of str to Known
        What each figure that is in doubt, or was computed from one that is, may stand for, by address.
    facts : Facts
        Figures as they were scored.
    claimed_grade : str
        The grade that the report gives itself; empty where it gives none.
    """

    findings: Findings
    scorecards: tuple[Scorecard, ...]
    ranges: Mapping[str, Known]
    facts: Facts = field(repr=False)
    claimed_grade: str

    def range_of(self, address: str) -> Known | None:
        """What a figure may stand for: one number where nothing doubts it; None where it has no value."""
        figure = self.facts.figures.figures.get(address)
        if figure is None or figure.value is None:
            return None
        digits = self.facts.figures.units.units[figure.unit].digits
        return self.ranges.get(address) or Known(figure.value, figure.value, figure.unit, digits)


def opened(root: Path, year: int, edition: int | None = None) -> FigureSet:
    """Read a year for a page: as :func:`evalbook.figures.load`, each figure with its doubt.

    Raises
    ------
    InputError
        Everything that must be mended in the year's files.
    EvalbookError
        The year has no folder, or no such edition.
    """
    figures = bare(load(root, year, edition))
    kept = vars(figures)
    if "opened" not in kept:
        kept["opened"] = _opened(figures)
    found: FigureSet = watched(kept["opened"], year)
    return found


def _opened(figures: FigureSet) -> FigureSet:
    evaluation: Evaluation = bare(evaluate(figures))
    known = {
        address: replace(figure, doubt=evaluation.ranges.get(address))
        for address, figure in figures.figures.items()
    }
    by_label = {label: known[figure.address] for label, figure in figures.by_label.items()}
    found = replace(figures, figures=known, by_label=by_label)
    vars(found)["evaluation"] = replace(evaluation, findings=replace(evaluation.findings, figures=found))
    return found


def evaluate(figures: FigureSet) -> Evaluation:
    """Check a year's figures and score it by each of its frameworks.

    Parameters
    ----------
    figures
        Figures of the year, with those of the year before where it has a folder.

    Returns
    -------
    Evaluation
        A figure in doubt counts as all that it may stand for.
    """
    kept = vars(bare(figures))
    if "evaluation" not in kept:  # a build asks for each year many times
        kept["evaluation"] = _evaluated(bare(figures))
    found: Evaluation = watched(kept["evaluation"], *path_to(figures), "evaluation")
    return found


def _evaluated(figures: FigureSet) -> Evaluation:
    single = asked(figures)
    known, facts = ranges(concluded(figures, single, RULES)), Facts(figures)
    cards = tuple(scorecard(framework, facts, known) for framework in figures.year.frameworks)
    scored = scored_findings.Scored(figures.year, cards, claim(facts))
    more = [Finding(rule, found) for rule in scored_findings.RULES for found in rule.find(scored)]
    findings = concluded(figures, [*single, *more], ALL_RULES)
    return Evaluation(findings, cards, known, facts, scored.claim.grade)
