"""What the commands write with ``--json``: keys in English, decimals as strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from evalbook.checks import SEVERITIES
from evalbook.figures import Cell, Figure, FigureSet, Loose
from evalbook.recheck.files import COPY, READ, UNJUDGED
from evalbook.scoring import SCORE_RULES, marked
from evalbook.year.authority import authority_of

if TYPE_CHECKING:
    from collections import Counter
    from decimal import Decimal

    from evalbook.checks import Explanation, Finding, Findings, Place
    from evalbook.editions import Revision
    from evalbook.figures import Known
    from evalbook.recheck import Examined, Outcome
    from evalbook.scoring import Evaluation, Marked, Range, Score, Scorecard
    from evalbook.year import Edition
    from evalbook.year.authority import Authority


Document = dict[str, object]


def _fields(thing: object, *names: str) -> Document:
    """Fields of a thing that keep their names."""
    return {name: getattr(thing, name) for name in names}


def _decimals(thing: object, *names: str) -> Document:
    """Fields of a thing that keep their names and are numbers."""
    return {name: decimal_text(getattr(thing, name)) for name in names}


def year_of(findings: Findings) -> int:
    """Fiscal year that findings are about."""
    return findings.figures.year.settings.year


def year_document(findings: Findings) -> Document:
    """Counts of a year: its figures, what is missing, how often each rule fired."""
    figures = findings.figures
    return {
        "figures": len(figures.figures),
        "missing": unfilled_count(figures),
        "pending": pending_count(figures),
        "rules": dict(findings.fired),
        "review": [_marked_document(one) for one in marked(findings)],
        "unused_explanations": [answer.finding for answer in findings.unused],
    }


def _marked_document(one: Marked) -> Document:
    """JSON form of a line of the marking sheet; without a deduction where a person marks it."""
    faults = [fault.finding.id for fault in one.faults]
    return {
        **_fields(one.line, "code", "sheet", "content", "judge"),
        **_decimals(one.line, "points", "deduction"),
        **_decimals(one, "deducted"),
        "faults": faults,
    }


def finding_document(findings: Findings, finding: Finding) -> Document:
    """JSON form of a finding of a year, decimals as strings."""
    consequences = [finding_document(findings, consequence) for consequence in finding.consequences]
    return {
        "year": year_of(findings),
        **_finding_fields(finding, consequences),
        "explanation": _answer_document(finding.explanation),
        "outdated_explanation": _answer_document(finding.outdated),
    }


def _finding_fields(finding: Finding, consequences: list[Document]) -> Document:
    suspicion = finding.suspicion
    return {
        "id": finding.id,
        "rule": finding.rule.id,
        "title": finding.rule.title,
        **_fields(finding.rule, "look_up", "ask"),
        **_fields(finding, "severity", "addresses"),
        **_decimals(suspicion, "stated", "computed"),
        **_decimals(finding, "difference"),
        "unit": suspicion.unit,
        **_fields(finding, "message", "sources"),
        "places": [place_document(place) for place in suspicion.places],
        "consequences": consequences,
        "alike": [one.id for one in finding.alike],
    }


def place_document(place: Place) -> Document:
    """JSON form of a place in a file."""
    return _fields(place, "file", "row", *(("column",) if place.column else ()), "text")


def _answer_document(answer: Explanation | None) -> Document | None:
    return None if answer is None else _fields(answer, "text", "evidence", "who", "date")


def decimal_text(value: Decimal | None) -> str | None:
    """Text of a number; what a division left over is rounded to six places, more than any unit shows."""
    if value is None:
        return None
    text = f"{round(value, 6):f}" if -int(value.as_tuple().exponent) > 6 else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text and len(text.partition(".")[2]) == 6 else text


def unfilled_count(figures: FigureSet) -> int:
    """Figures that a table should state and does not."""
    return sum(
        isinstance(figure.lineage, Cell) and figure.value is None for figure in figures.figures.values()
    )


def loose_document(year: int, loose: Loose) -> Document:
    """JSON form of a number that was typed into the prose of a year, with the figures that it may be."""
    untied = loose.untied
    return {
        "year": year,
        **_fields(loose, "number", "file"),
        "row": untied.line,
        **_fields(untied, "text", "quotation"),
        **_decimals(untied, "value"),
        "unit": untied.unit,
        "proposals": [
            {**_fields(one, "name", "text", "exact"), "address": one.figure.address}
            for one in loose.proposals
        ],
    }


def pending_count(figures: FigureSet) -> int:
    """Rows and texts that were carried over and nobody has confirmed."""
    rows = sum(bool(row.said("pending")) for data in figures.year.tables.values() for row in data.every)
    return rows + sum(narrative.pending for narrative in figures.year.narrative.values())


def _ends(known: Known) -> Document:
    """Ends of a range, null where nothing can be said."""
    return dict(zip(("low", "high"), (end or None for end in known.ends), strict=True))


def figure_document(figure: Figure) -> Document:
    """JSON form of a figure, decimals as strings."""
    match figure.lineage:
        case Cell() as cell:
            origin: Document = {"kind": "cell", **vars(cell)}
        case derivation:
            origin = {
                "kind": "formula",
                **_fields(derivation, "definition", "formula", "numbers"),
                "inputs": [
                    {"address": i.address, "name": i.label, **({"year": i.year} if i.year else {})}
                    for i in derivation.inputs
                ],
            }
    return {
        "address": figure.address,
        "name": figure.label,
        "value": None if figure.value is None else f"{figure.value:f}",
        "shown": figure.text,
        **({"possible": {"text": figure.doubt.text, **_ends(figure.doubt)}} if figure.doubt else {}),
        **_fields(figure, "unit", "flag", "reason", "note"),
        "lineage": origin,
    }


def form_document(examined: Examined) -> Document:
    """JSON form of what a form is and of its sums, decimals as strings."""
    form, totals = examined.form, examined.totals
    return {
        "form": {
            **_fields(form, "file", "sheet", "title", "unit", "project", "year"),
            "kind": "points" if form.has_points else "completion",
            "indicators": len(form.indicators),
            "funds": len(form.funds),
            "grade": form.grade_word,
        },
        "totals": _decimals(totals, *vars(totals)),
    }


def outcome_document(outcome: Outcome) -> Document:
    """JSON form of what became of a file that should hold forms."""
    return {
        **_fields(outcome, "path", "unit", "project", "read", "why", "same_as"),
        "notices": list(outcome.notices),
        "forms": [form_document(one) for one in outcome.examined],
        "findings": [form_finding_document(f) for one in outcome.examined for f in one.findings],
        "unjudged": [
            {"place": place_document(u.place), "why": u.why} for one in outcome.examined for u in one.unjudged
        ],
    }


def outcomes_document(files: list[Document], counted: Counter[str]) -> Document:
    """JSON form of files by :func:`outcome_document`: everything of all, the first form by itself, and file by file."""

    def of_all(key: str) -> list[Any]:
        return [one for file in files for one in cast("list[Any]", file[key])]

    forms = of_all("forms")
    first = forms[0] if forms else {"form": None, "totals": None}
    unread = [f"{file['path']}：{file['why']}" for file in files if file["why"]]
    return {
        "form": first["form"],
        "findings": of_all("findings"),
        "unjudged": of_all("unjudged"),
        "totals": first["totals"],
        "notices": [*of_all("notices"), *unread],
        "forms": forms,
        "files": files,
        "summary": {
            **{kind: counted[kind] for kind in (*READ, COPY)},
            "findings": {severity: counted[severity] for severity in SEVERITIES},
            "unjudged": counted[UNJUDGED],
        },
    }


def form_finding_document(finding: Finding) -> Document:
    """JSON form of a finding of a form, with the keys of :func:`finding_document` that apply."""
    return _finding_fields(finding, [form_finding_document(c) for c in finding.consequences])


def evaluation_document(evaluation: Evaluation) -> Document:
    """JSON form of a year's scorecards and of the findings about them."""
    findings = evaluation.findings
    about = {rule.id for rule in SCORE_RULES}
    return {
        "year": year_of(findings),
        "claimed_grade": evaluation.claimed_grade,
        "scorecards": [scorecard_document(card) for card in evaluation.scorecards],
        "findings": [finding_document(findings, f) for f in findings.listed if f.rule.id in about],
    }


def forms_document(figures: FigureSet) -> list[Document]:
    """JSON form of whether each official form can be handed in, and of what it lacks."""
    from evalbook.render.forms import official_forms

    return [
        {
            "name": form.name,
            "ready": form.ready,
            "approved": figures.year.authority.approved,
            "missing": [
                {
                    "mark": note.mark,
                    "cells": [{"row": c.row, "column": c.column, "cell": c.place} for c in note.cells],
                    **_fields(note.lack, "what", "office", "document"),
                }
                for note in form.notes
            ],
        }
        for form in official_forms(figures)
    ]


def _range_document(score: Range) -> dict[str, str | None]:
    """Bounds with all their digits, so that scores add up; ``null`` where there is none."""
    ends = {"low": score.low, "high": score.high}
    return {name: _exact(end) if end.is_finite() else None for name, end in ends.items()}


def _exact(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scorecard_document(card: Scorecard) -> Document:
    """JSON form of a scorecard; ``null`` for a bound that there is none of."""
    framework, verdict = card.framework, card.verdict
    return {
        "framework": framework.name,
        **_fields(framework, "title", "number", "issuer", "subject", "complete"),
        "total_points": decimal_text(framework.total),
        "known_points": decimal_text(framework.known),
        **{name: _range_document(getattr(card, name)) for name in ("base", "bonus", "penalty")},
        "total": _range_document(card.total) if framework.complete else None,
        "execution_rate": _range_document(card.rate),
        "parts": [
            {"name": part.name, "points": decimal_text(part.points), **_range_document(part.range)}
            for part in card.parts
        ],
        "scores": [score_document(score) for score in card.scores],
        "grades_by_score": [grade.name for grade in card.by_score],
        "grades": [grade.name for grade in card.grades],
        "verdict": {
            **_fields(verdict, "claimed", "word", "reason", "grade"),
            "settling": [
                {
                    "indicator": score.indicator.code,
                    "effect": decimal_text(score.range.width),
                    "missing": list(score.missing),
                }
                for score in verdict.settling
            ],
        },
    }


def score_document(score: Score) -> Document:
    """JSON form of one indicator's score."""
    indicator, target = score.indicator, score.target
    return {
        "indicator": indicator.code,
        **_fields(indicator, "part", "group", "title"),
        "points": decimal_text(indicator.points),
        "points_origin": indicator.origin,
        "rules": [kind.code for kind in indicator.kinds],
        "score": _range_document(score.range),
        "state": score.state,
        "target": {
            **_fields(target, "text", "comparison"),
            **_range_document(target.value),
            **_fields(target, "unit", "note", "documents"),
        },
        "actual": score.actual,
        "figures": [answer.figure.address for answer in score.answers if answer.figure is not None],
        "completion": _range_document(score.told_completion),
        **_fields(score, "reason", "missing"),
        "evidence": [
            {
                **_fields(evidence, "item", "result"),
                "figure": evidence.figure.address if evidence.figure else "",
                **_fields(evidence, "document", "shows", "who"),
                "date": str(evidence.date or ""),
                "confirmed": evidence.confirmed,
            }
            for evidence in score.evidence
        ],
        "deviation": None if score.deviation is None else vars(score.deviation),
        "source": indicator.source,
    }


def edition_document(edition: Edition) -> Document:
    """JSON form of an entry of the ledger."""
    withdrawn = edition.withdrawn and {**vars(edition.withdrawn), "date": str(edition.withdrawn.date)}
    return {
        **vars(edition),
        "date": str(edition.date),
        "withdrawn": withdrawn,
        "authority": authority_document(authority_of(edition)),
    }


def authority_document(authority: Authority) -> Document:
    """JSON form of who stands behind an edition."""
    date = str(authority.date) if authority.date else None
    return {**vars(authority), "date": date, "approved": authority.approved}


def revision_document(revision: Revision) -> Document:
    """JSON form of a changed figure; ``null`` where an edition has no number."""
    return {
        **_fields(revision, "edition", "address", "name"),
        "old": revision.old.number or None if revision.old else None,
        "new": revision.new.number or None if revision.new else None,
        "old_unit": revision.old.unit if revision.old else None,
        "new_unit": revision.new.unit if revision.new else None,
        "direct": revision.direct,
        "corrections": [_fields(cause, "subject", "reason", "finding") for cause in revision.causes],
    }
