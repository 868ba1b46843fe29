"""Recheck: somebody else's filled-in form re-computed.

``form`` is what was read, ``headings`` knows its columns, ``layout`` finds and reads it in a spreadsheet,
``stated`` reads what its rows say of one another, ``moment`` the dates in a cell, ``facts`` judges each row,
``rules`` holds the rules, ``examine`` asks them.
"""

from evalbook.recheck.examine import Examined, Totals, Unjudged, examine
from evalbook.recheck.layout import read_forms
from evalbook.recheck.rules import RULES

__all__ = ["RULES", "Examined", "Totals", "Unjudged", "examine", "read_forms"]
