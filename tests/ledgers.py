"""Made-up ledgers of 2020, for what is shown of editions; real ones are written by ``evalbook release``."""

from __future__ import annotations

import datetime
import hashlib
from typing import TYPE_CHECKING

from projects import ROOT

from evalbook.editions import frozen_text
from evalbook.figures import FigureSet, load
from evalbook.year import Edition, frozen_path, inputs_hash, ledger_path, ledger_text

if TYPE_CHECKING:
    from pathlib import Path

YEAR = 2020
CORRECTIONS = ROOT / "data" / str(YEAR) / "corrections.csv"
UNKNOWN = "0" * 64
SIGNED = datetime.date(2021, 4, 10)
LATER = datetime.date(2026, 11, 27)


def release_by_hand(
    project: Path, editions: int = 2, approver: str = "桃江县民政局", corrections: Path = CORRECTIONS
) -> None:
    """Give a copied project edition 1, corrections, and with ``editions=2`` the edition that applies them."""
    folder = project / "data" / str(YEAR)
    for path in (folder / "corrections.csv", ledger_path(project, YEAR)):
        path.unlink(missing_ok=True)
    first = Edition(
        number=1,
        date=SIGNED,
        kind="初版",
        status="最终",
        reason="照2021年4月10日签发的报告录入",
        approver=approver,
        corrections=(),
        changes=(),
        commit="0" * 40,
        inputs=inputs_hash(project, YEAR),
        registries=UNKNOWN,
        code=UNKNOWN,
        lock=UNKNOWN,
        figures=freeze(project, 1, load(project, YEAR)),
        content=UNKNOWN,
    )
    ledger_path(project, YEAR).write_text(ledger_text([first]), encoding="utf-8")
    text = corrections.read_text(encoding="utf-8-sig")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("3,")]
    (folder / "corrections.csv").write_text("".join(lines), encoding="utf-8-sig")
    if editions == 2:
        release_next(project, (first,), "更正勾稽检查证实的错误，标明存疑的数字")


def release_next(project: Path, before: tuple[Edition, ...], reason: str) -> None:
    """Add an edition of what the folder says now, which nobody has approved."""
    figures = load(project, YEAR)
    number = len(before) + 1
    edition = Edition(
        number=number,
        date=LATER,
        kind="更正",
        status="初步",
        reason=reason,
        approver="",
        corrections=tuple(dict.fromkeys(c.subject for c in figures.year.corrections if c.edition == number)),
        changes=(),
        commit="0" * 40,
        inputs=inputs_hash(project, YEAR),
        registries=UNKNOWN,
        code=UNKNOWN,
        lock=UNKNOWN,
        figures=freeze(project, number, figures),
        previous=before[-1].digest,
        content=UNKNOWN,
    )
    ledger_path(project, YEAR).write_text(ledger_text([*before, edition]), encoding="utf-8")


def freeze(project: Path, number: int, figures: FigureSet) -> str:
    """Write the figures of an edition and return their hash."""
    path = frozen_path(project, YEAR, number)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(frozen_text(figures).encode("utf-8-sig"))
    return hashlib.sha256(path.read_bytes()).hexdigest()
