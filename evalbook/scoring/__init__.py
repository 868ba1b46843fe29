"""Scoring: the self-evaluation computed by official frameworks, as far as the evidence carries.

``rules`` are the ways of scoring, ``ranges`` and ``evidence`` say what is known, ``scorecard`` puts them together,
``findings`` says what is wrong with a scorecard, ``evaluation`` does all of it for a year, ``review`` says what a
finance office would deduct for it.
"""

from evalbook.scoring.evaluation import ALL_RULES, FAMILIES, Evaluation, evaluate, opened
from evalbook.scoring.findings import RULES as SCORE_RULES
from evalbook.scoring.ranges import possible
from evalbook.scoring.review import Fault, Marked, deducted, marked
from evalbook.scoring.rules import Range
from evalbook.scoring.scorecard import (
    Score,
    Scorecard,
    points_text,
    range_text,
    total_words,
)

__all__ = [
    "ALL_RULES",
    "FAMILIES",
    "SCORE_RULES",
    "Evaluation",
    "Fault",
    "Marked",
    "Range",
    "Score",
    "Scorecard",
    "deducted",
    "evaluate",
    "marked",
    "opened",
    "points_text",
    "possible",
    "range_text",
    "total_words",
]
