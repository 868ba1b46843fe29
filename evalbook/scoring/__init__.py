"""Scoring: the self-evaluation computed by official frameworks, as far as the evidence carries.

``rules`` are the ways of scoring, ``doubts`` and ``evidence`` say what is known, ``scorecard`` puts them together,
``findings`` says what is wrong with a scorecard, ``evaluation`` does all of it for a year.

For anybody's filled-in form ``quantity`` reads what a clerk wrote into a cell, ``form`` judges each row, ``form_rules``
holds the rules, ``examine`` asks them.
"""

from evalbook.scoring.evaluation import ALL_RULES, FAMILIES, Evaluation, evaluate
from evalbook.scoring.evidence import Answer, Deviation, Evidence, Target
from evalbook.scoring.examine import Examined, Totals, Unjudged, examine
from evalbook.scoring.findings import RULES as SCORE_RULES
from evalbook.scoring.form_rules import RULES as FORM_RULES
from evalbook.scoring.rules import Range
from evalbook.scoring.scorecard import (
    STATES,
    VERDICTS,
    PartScore,
    Score,
    Scorecard,
    Verdict,
    points_text,
    range_text,
    total_words,
)

__all__ = [
    "ALL_RULES",
    "FAMILIES",
    "FORM_RULES",
    "SCORE_RULES",
    "STATES",
    "VERDICTS",
    "Answer",
    "Deviation",
    "Evaluation",
    "Evidence",
    "Examined",
    "PartScore",
    "Range",
    "Score",
    "Scorecard",
    "Target",
    "Totals",
    "Unjudged",
    "Verdict",
    "evaluate",
    "examine",
    "points_text",
    "range_text",
    "total_words",
]
