"""Recheck: somebody else's filled-in form re-computed.

``form`` finds it in a spreadsheet, ``moment`` reads the dates that a clerk wrote into a cell, ``answers`` the words,
``names`` what indicators are called, ``facts`` judges each row, ``rules`` holds the rules, ``examine`` asks them.
"""

from evalbook.recheck.examine import Examined, Totals, Unjudged, examine
from evalbook.recheck.form import read_forms
from evalbook.recheck.rules import RULES

__all__ = ["RULES", "Examined", "Totals", "Unjudged", "examine", "read_forms"]
