"""The prose as an editor reads it.

``passages`` says what the rules read; ``statements``, ``wording``, ``documents``, ``order``, ``punctuation``,
``characters`` and ``labels`` hold them.
"""

from evalbook.checks.prose import characters, documents, labels, order, punctuation, statements, wording

RULES = (
    *statements.RULES,
    *wording.RULES,
    *documents.RULES,
    *order.RULES,
    *punctuation.RULES,
    *characters.RULES,
    *labels.RULES,
)

__all__ = ["RULES"]
