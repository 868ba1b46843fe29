"""Outputs of notebooks as they are committed: drawings and long texts by their hash alone.

What is committed of such an output is how it begins, its length and its hash: a change of one digit still fails. All
numbers of a drawing also stand in its words, which are short and committed as they are.
"""

from __future__ import annotations

import hashlib
import json

LONGEST, SHOWN = 4000, 400
"""Characters of an output that is committed whole, and of the beginning of any other."""


def concise(output: object) -> object:
    """An output as it is committed and compared."""
    text = output if isinstance(output, str) else json.dumps(output, ensure_ascii=False, sort_keys=True)
    is_drawing = text.startswith("<svg")
    if len(text) <= LONGEST and not is_drawing:
        return output
    beginning = text[:SHOWN] if isinstance(output, str) and not is_drawing else ""
    return f"{beginning}…（共{len(text)}字，SHA-256：{hashlib.sha256(text.encode()).hexdigest()}）"
