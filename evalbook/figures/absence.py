"""Why a figure has no number, in the words that stand in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.schema.vocabulary import DRAFT, NOT_STATED, TO_BE_FILLED, TYPED_ABSENT

if TYPE_CHECKING:
    from evalbook.year import Settings


def absence_of(settings: Settings, typed: str = "") -> str:
    """Word for a cell without a number: what the clerk typed in it, else by how far the year's report has come."""
    if typed.strip() in TYPED_ABSENT:
        return typed.strip()
    return TO_BE_FILLED if settings.status == DRAFT else NOT_STATED
