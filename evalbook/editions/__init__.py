"""Editions: the figures of each, frozen; what changed from one to the next, and why.

``frozen`` keeps the figures of an edition as text, ``changes`` the words that it changed, ``rules`` what it was checked
by, all as ``kept`` writes and reads them; ``revisions`` compares two editions.
"""

from evalbook.editions.changes import ChangedText, changes_text, read_changes
from evalbook.editions.frozen import being, frozen_text, read_frozen
from evalbook.editions.revisions import Revision, revisions, revisions_of, successions
from evalbook.editions.rules import KeptRule, read_rules, rules_text

__all__ = [
    "ChangedText",
    "KeptRule",
    "Revision",
    "being",
    "changes_text",
    "frozen_text",
    "read_changes",
    "read_frozen",
    "read_rules",
    "revisions",
    "revisions_of",
    "rules_text",
    "successions",
]
