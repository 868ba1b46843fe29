"""What the environment keeps: whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from evalbook.store import environment_folder, kept


def test_it_is_made_once(tmp_path: Path) -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return b"long work"

    for _ in range(2):
        assert kept(tmp_path / "folder" / "file", make).read_bytes() == b"long work"
    assert len(made) == 1


@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_a_full_disk_leaves_no_half_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(self: Path, *_: object) -> None:
        if step == "write_bytes":
            self.touch()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, step, full)
        with pytest.raises(OSError, match="No space"):
            kept(tmp_path / "file", lambda: b"long work")
    assert list(tmp_path.iterdir()) == []
    assert kept(tmp_path / "file", lambda: b"long work").read_bytes() == b"long work"


def test_an_environment_that_cannot_be_written_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "file"))
    assert environment_folder() is None
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert environment_folder() is None
