"""Recheck: somebody else's filled-in form re-computed.

``form`` is what was read, ``headings`` knows its columns, ``layout`` finds and reads it in a spreadsheet, ``stated``
reads what its rows say of one another, ``moment`` the dates that a clerk wrote into a cell, ``answers`` the words,
``facts`` judges each row, ``rules`` holds the rules, ``examine`` asks them, ``files`` does so for many files.
"""

from evalbook.recheck.examine import Examined, Totals, Unjudged, examine
from evalbook.recheck.files import NOT, Outcome, examine_files, summary
from evalbook.recheck.layout import read_forms
from evalbook.recheck.rules import RULES

__all__ = [
    "NOT",
    "RULES",
    "Examined",
    "Outcome",
    "Totals",
    "Unjudged",
    "examine",
    "examine_files",
    "read_forms",
    "summary",
]
