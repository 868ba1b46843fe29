"""Editions: the figures of each, frozen; what changed from one to the next, and why.

``frozen`` keeps the figures of an edition as text, ``changes`` the words that it changed, ``revisions`` compares two
editions.
"""

from evalbook.editions.changes import ChangedText, changes_text, read_changes
from evalbook.editions.frozen import being, frozen_text, read_frozen
from evalbook.editions.revisions import Revision, revisions, revisions_of, successions

__all__ = [
    "ChangedText",
    "Revision",
    "being",
    "changes_text",
    "frozen_text",
    "read_changes",
    "read_frozen",
    "revisions",
    "revisions_of",
    "successions",
]
