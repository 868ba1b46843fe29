"""The exchange of the last good book survives being killed half way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalbook.sphinxext import aside, recover

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_a_killed_exchange_is_undone(tmp_path: Path, left: str) -> None:
    target = tmp_path / "html"
    old = aside(target, "old")
    old.mkdir()
    (old / "index.html").write_text("good", encoding="utf-8")
    if left == "an empty folder":
        target.mkdir()
    recover(target)
    assert (target / "index.html").read_text(encoding="utf-8") == "good"
    assert not old.exists()


def test_a_whole_book_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "html"
    for folder, text in ((target, "new"), (aside(target, "old"), "old")):
        folder.mkdir()
        (folder / "index.html").write_text(text, encoding="utf-8")
    recover(target)
    assert (target / "index.html").read_text(encoding="utf-8") == "new"
