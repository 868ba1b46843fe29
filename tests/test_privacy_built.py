"""The privacy gate and the real book: nothing of all that is published raises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.privacy import scan_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_the_real_book_has_no_hit(site: Path) -> None:
    assert scan_folder(site, "html") == ()
    assert scan_folder(site.parent / "pdf", "pdf") == ()
