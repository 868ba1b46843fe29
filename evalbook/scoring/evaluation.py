"""Everything that is known of a year: what the checks say of its figures, its scorecards, and what is wrong with those."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Never

from evalbook import checks
from evalbook.checks import RULES, Facts, Finding, Findings, Rule, asked, concluded
from evalbook.figures.watch import bare, path_to, watched
from evalbook.scoring import findings as scored_findings
from evalbook.scoring.doubts import doubts
from evalbook.scoring.scorecard import Scorecard, scorecard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalbook.figures import FigureSet

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
    facts : Facts
        Figures as they were scored: doubted ones as their plausible ranges.
    """

    findings: Findings
    scorecards: tuple[Scorecard, ...]
    facts: Facts = field(repr=False)


def evaluate(figures: FigureSet) -> Evaluation:
    """Check a year's figures and score it by each of its frameworks.

    Parameters
    ----------
    figures
        Figures of the year, with those of the year before where it has a folder.

    Returns
    -------
    Evaluation
        A figure under an unexplained 错误 counts as its plausible range.
    """
    kept = vars(bare(figures))
    if "evaluation" not in kept:  # a build asks for each year many times
        kept["evaluation"] = _evaluated(bare(figures))
    found: Evaluation = watched(kept["evaluation"], *path_to(figures), "evaluation")
    return found


def _evaluated(figures: FigureSet) -> Evaluation:
    single = asked(figures)
    doubted = doubts(concluded(figures, single, RULES))
    facts = Facts(figures, plausible={address: doubt.span for address, doubt in doubted.items()})
    cards = tuple(scorecard(framework, facts, doubted) for framework in figures.year.frameworks)
    scored = scored_findings.Scored(figures.year, cards)
    more = [Finding(rule, found) for rule in scored_findings.RULES for found in rule.find(scored)]
    return Evaluation(concluded(figures, [*single, *more], ALL_RULES), cards, facts)
