"""Figures that an unexplained 错误 speaks of count as the range in which they are plausible, not as facts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.checks import ERROR, Span
from evalbook.figures import Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalbook.checks import Finding, Findings
    from evalbook.figures import Figure, FigureSet


@dataclass(frozen=True)
class Doubt:
    """A figure that is not a fact.

    Attributes
    ----------
    span : Span
        Numbers that it may stand for, in its own unit, both ends included.
    findings : tuple of Finding
        Those that doubt it.
    """

    span: Span
    findings: tuple[Finding, ...]


def doubts(findings: Findings) -> Mapping[str, Doubt]:
    """Doubted figures by address: those that a 错误 suspects, and the stated ones that it finds to contradict each other.

    The range is that of the limits that the figure breaks (标准的量级); else it reaches over all the values that the
    year gives for the same thing (754 and 676); where there is none but its own, nothing is known of it.
    """
    figures = findings.figures
    found: dict[str, Doubt] = {}
    for finding in findings.listed:
        for grave in (finding, *finding.consequences):
            if finding.explained or (grave.suspicion.severity or grave.rule.severity) != ERROR:
                continue
            # What a consequence compares with the suspected figure is not doubted by that.
            compared = _compared(figures, grave) if grave is finding else []
            for address in dict.fromkeys((*grave.suspicion.suspects, *compared)):
                figure = figures.figures.get(address)
                if figure is not None and figure.value is not None:
                    found[address] = _also(found.get(address), _plausible(figures, figure, grave), grave)
    return found


def _compared(figures: FigureSet, finding: Finding) -> list[str]:
    """Addresses of the stated figures that are the two numbers compared."""
    suspicion = finding.suspicion
    return [
        figure.address
        for figure in suspicion.figures
        if isinstance(figure.lineage, Cell)
        and figure.value is not None
        and suspicion.unit in figures.units.alike(figure.unit)
        and figures.units.convert(figure.value, figure.unit, suspicion.unit)
        in {suspicion.stated, suspicion.computed}
    ]


def _also(before: Doubt | None, span: Span, finding: Finding) -> Doubt:
    if before is None:
        return Doubt(span, (finding,))
    wider = Span(min(before.span.low, span.low), max(before.span.high, span.high))
    return Doubt(wider, (*before.findings, finding))


def _plausible(figures: FigureSet, figure: Figure, finding: Finding) -> Span:
    suspicion, units = finding.suspicion, figures.units
    alike = units.alike(figure.unit)
    limits = [limit for limit in suspicion.limits if limit.unit in alike]
    if limits:
        low = min(units.convert(limit.low, limit.unit, figure.unit) for limit in limits)
        highs = [limit.most and units.convert(limit.most, limit.unit, figure.unit) for limit in limits]
        return Span(
            low, Decimal("Infinity") if None in highs else max(high for high in highs if high is not None)
        )
    values = [figure.value]
    if suspicion.unit in alike:
        compared = (suspicion.stated, suspicion.computed)
        values += [units.convert(v, suspicion.unit, figure.unit) for v in compared if v is not None]
    known = {value for value in values if value is not None}
    return Span(min(known), max(known)) if len(known) > 1 else Span(Decimal(0), Decimal("Infinity"))
