"""What will be frozen, found out before anything is written: shown, asked about, and compared again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.checks import SEVERITIES
from evalbook.editions import KeptRule, frozen_text, read_frozen, revisions, rules_text
from evalbook.privacy import scan_file
from evalbook.release import repository
from evalbook.release.admission import (
    CORRECTION,
    FIRST,
    PLANNED,
    foreign_bureaus,
    read_inputs,
    refuse_personal,
    refuse_unfit,
)
from evalbook.release.changes import Changes, changes_since
from evalbook.schema.vocabulary import APPROVED, SUBMITTED
from evalbook.scoring import ALL_RULES, evaluate
from evalbook.year import Edition, changes_path, files_hash, inputs_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evalbook.editions import Revision
    from evalbook.figures import FigureSet
    from evalbook.release.wish import Wish
    from evalbook.schema import Correction
    from evalbook.year import FiscalYear

FIRST_REASON = "首次发布"
UNKNOWN = "0" * 64
"""Stands for a hash until there is a commit."""


@dataclass(frozen=True)
class Plan:
    """An edition that nothing stands against, before it is made.

    Attributes
    ----------
    figures : FigureSet
        Its figures.
    entry : Edition
        Its entry in the ledger, as far as it is known before anything was made.
    changes : Changes
        What differs from the edition before and is no correction.
    corrections : tuple of Correction
        What it begins to put right or to question.
    revisions : tuple of Revision
        Numbers that differ from the edition before.
    open : mapping of str to int
        Findings that nobody has explained, by severity.
    privacy : tuple of str
        What must be asked about persons, a line each, in Chinese.
    foreign : tuple of str
        What must be asked about other counties' bureaus, a line each, in Chinese.
    seen : str
        SHA-256 of everything that was looked at.
    """

    figures: FigureSet
    entry: Edition
    changes: Changes
    corrections: tuple[Correction, ...]
    revisions: tuple[Revision, ...]
    open: Mapping[str, int]
    privacy: tuple[str, ...]
    foreign: tuple[str, ...]
    seen: str

    @property
    def year(self) -> int:
        """Fiscal year."""
        return self.figures.year.settings.year

    @property
    def frozen(self) -> bytes:
        """File of the figures."""
        return frozen_text(self.figures).encode("utf-8-sig")

    @property
    def rules(self) -> bytes:
        """File of the rules that it was checked by."""
        return _rules_content()


def plan_of(root: Path, year: int, wish: Wish) -> Plan:
    """Find out what the next edition of a year will be, and whether anything stands against it.

    Raises
    ------
    InputError, PersonalDataError, EvalbookError
        As of :func:`evalbook.release.release`.
    """
    changed = repository.changed(root)
    seen = state_of(root, year, changed)
    figures, asked = read_inputs(root, year, wish.date)
    last = figures.year.standing[-1] if figures.year.standing else None
    then = repository.contents(root, last.commit, "data") if last else {}
    changes = changes_since(root, year, last, then, changed) if last else Changes()
    refuse_unfit(root, figures, wish, changes, then, changed=changed)
    number = len(figures.year.ledger) + 1  # of an edition that only says who approved the last one, too
    refuse_personal(scan_file(changes_path(root, year, number).relative_to(root).as_posix(), changes.content))
    begun = tuple(c for c in figures.year.corrections if c.edition == number)
    entry = Edition(
        number=number,
        date=wish.date,
        kind=wish.kind or _kind(figures.year),
        status=wish.status or (APPROVED if wish.approver else SUBMITTED),
        reason=wish.reason or FIRST_REASON,
        approver=wish.approver,
        corrections=tuple(dict.fromkeys(correction.subject for correction in begun)),
        taken_back=tuple(dict.fromkeys(correction.subject for correction in begun if correction.withdrawn)),
        changes=changes.files,
        carried=changes.carried,
        texts=hashlib.sha256(changes.content).hexdigest() if changes.texts else "",
        rules=hashlib.sha256(_rules_content()).hexdigest(),
        commit="0" * 40,
        inputs=UNKNOWN,
        registries=UNKNOWN,
        code=UNKNOWN,
        lock=UNKNOWN,
        figures=hashlib.sha256(frozen_text(figures).encode("utf-8-sig")).hexdigest(),
        previous=figures.year.ledger[-1].digest if figures.year.ledger else "",
    )
    findings = evaluate(figures).findings
    return Plan(
        figures,
        entry,
        changes,
        begun,
        revisions(figures, read_frozen(root, year, last.number), number) if last else (),
        {name: sum(not one.explained for one in findings.of(name)) for name in SEVERITIES},
        tuple(map(str, asked)),
        foreign_bureaus(root, figures),
        seen,
    )


def _rules_content() -> bytes:
    return rules_text(KeptRule(rule.id, rule.title, rule.wording) for rule in ALL_RULES).encode("utf-8-sig")


def _kind(year: FiscalYear) -> str:
    """Kind of an edition of which nobody said it; one that changes nothing is of the kind that the last one was."""
    if not year.standing:
        return FIRST
    if not year.released:
        return CORRECTION
    return PLANNED if year.released.kind == FIRST else year.released.kind


def state_of(root: Path, year: int, changed: Iterable[str]) -> str:
    """SHA-256 of all that an edition is made from: what was committed, and the files that have ``changed`` since."""
    files = files_hash(root, (root / name for name in changed if (root / name).is_file()))
    told = (repository.head(root), inputs_hash(root, year), *changed, files)
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogateescape")).hexdigest()
