"""The rules that an edition was checked by, as a small file beside its figures."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from evalbook.editions.kept import kept_text, read_kept
from evalbook.year import rules_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RULES_COLUMNS = ("编号", "规则", "文字")


@dataclass(frozen=True)
class KeptRule:
    """A rule as an edition knew it.

    Attributes
    ----------
    code, title : str
        Its number, which never changes, and its Chinese name.
    wording : str
        Hash of what it compares and how.
    """

    code: str
    title: str
    wording: str


def rules_text(rules: Iterable[KeptRule]) -> str:
    """Every rule, one a line."""
    return kept_text(RULES_COLUMNS, map(astuple, rules))


def read_rules(root: Path, year: int, number: int) -> dict[str, KeptRule]:
    """Rules of a released edition by their numbers, of one whose ledger records some.

    Raises
    ------
    EvalbookError
        The file is missing, or is not what a release wrote.
    """
    read = read_kept(root, rules_path(root, year, number), RULES_COLUMNS, KeptRule)
    return {rule.code: rule for rule in read}
