"""What a finance office would deduct from a report: the findings, laid on the lines of its marking sheet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.schema.vocabulary import PERSON
from evalbook.scoring.evaluation import ALL_RULES

if TYPE_CHECKING:
    from evalbook.checks import Finding, Findings
    from evalbook.schema import Marking


@dataclass(frozen=True)
class Fault:
    """Something that costs points, and the finding that tells it, alone or with others of its kind."""

    finding: Finding
    told_by: Finding


@dataclass(frozen=True)
class Marked:
    """A line of the sheet with its faults."""

    line: Marking
    faults: tuple[Fault, ...]

    @property
    def deducted(self) -> Decimal | None:
        """Points that the findings cost, not more than the line has; None where a person marks it."""
        if self.line.judge == PERSON or self.line.points is None or self.line.deduction is None:
            return None
        return min(self.line.points, self.line.deduction * len(self.faults))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Rules that the sheet names and nobody asks."""
        asked = {rule.id for rule in ALL_RULES}
        return tuple(name for name in self.line.rules if name.partition("-")[0] not in asked)


def marked(findings: Findings) -> tuple[Marked, ...]:
    """Mark a year's report by the sheet that is registered.

    Parameters
    ----------
    findings
        Everything that was found. What somebody has explained is no fault, and what follows from another fault is
        none of its own.
    """
    faults = [
        Fault(one, finding)
        for finding in findings.listed
        if not finding.explained
        for one in finding.alike or (finding,)
    ]
    return tuple(
        Marked(line, tuple(f for f in faults if {f.finding.rule.id, f.finding.stem} & set(line.rules)))
        for line in findings.figures.year.registries.markings
    )


def deducted(findings: Findings) -> Decimal:
    """Points that the findings cost at least, in all lines together; no total of the sheet, which nobody knows."""
    return sum((line.deducted or Decimal(0) for line in marked(findings)), Decimal(0))
