"""The prose as an editor reads it.

``passages`` says what the rules read; ``statements``, ``wording``, ``documents``, ``order`` and ``punctuation`` hold them.
"""

from evalbook.checks.prose import documents, order, punctuation, statements, wording

RULES = (*statements.RULES, *wording.RULES, *documents.RULES, *order.RULES, *punctuation.RULES)

__all__ = ["RULES"]
