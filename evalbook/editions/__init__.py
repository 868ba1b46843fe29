"""Editions: the figures of each, frozen; what changed from one to the next, and why.

``frozen`` keeps the figures of an edition as text, ``revisions`` compares two editions.
"""

from evalbook.editions.frozen import frozen_text, read_frozen
from evalbook.editions.revisions import Revision, revisions, revisions_of

__all__ = [
    "Revision",
    "frozen_text",
    "read_frozen",
    "revisions",
    "revisions_of",
]
