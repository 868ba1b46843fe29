"""Whether anything changed since the last good build, told without importing what builds.

The standard library alone, because it runs before every build: where nothing changed there is nothing else to wait for.
"""

from __future__ import annotations

import hashlib
import json
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.shipped import PACKAGE, is_home, shipped_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

APART = ("cli", "publish", "release", "privacy")
"""Parts of the package that no page is made by."""

PASSING = (".", "~$")
"""Names of files begin so that Excel, WPS and LibreOffice put beside one that is open, and systems beside all."""

GOOD = "good.json"
"""File in the doctree folder of a book that says what the last good build was made from, and what it made."""


def package_files() -> Iterator[Path]:
    """The package, without what no page is made by."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.relative_to(PACKAGE).parts[0] not in APART and path.suffix != ".pyc" and path.is_file():
            yield path


def program_files(root: Path, source: Path) -> Iterator[Path]:
    """Everything but data and pages that a book is made from."""
    yield from package_files()
    yield from shipped_files() if not is_home(root) else ()
    yield from (root / "requirements.txt", root / "_config.yml", source / "_config.yml", source / "_toc.yml")


def written_files(root: Path, source: Path) -> Iterator[Path]:
    """Data, notebooks and pages: what somebody who writes a report changes."""
    pages = (path for path in sorted(source.glob("*")) if path.name not in {"_build", "years"})
    for folder in (root / "project.yml", root / "data", root / "notebooks", *pages):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if path.is_file() and not path.name.startswith(PASSING):
                yield path


def input_files(root: Path, source: Path) -> Iterator[Path]:
    """Everything that a book is made from."""
    yield from program_files(root, source)
    yield from written_files(root, source)


def digest(files: Iterable[Path]) -> str:
    """SHA-256 of files, of their names, and of the interpreter."""
    found = hashlib.sha256(sys.version.encode())
    for path in files:
        if path.is_file():
            found.update(str(path).encode("utf-8", "surrogateescape") + b"\0")
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def listing(files: Iterable[Path]) -> dict[str, list[int]]:
    """Size and time of files; by them it is seen whether somebody touched one."""
    found = {}
    for path in files:
        with suppress(OSError):  # it went while somebody saved
            state = path.stat()
            if stat.S_ISREG(state.st_mode):
                found[str(path)] = [state.st_size, state.st_mtime_ns]
    return found


def made_files(build: Path) -> list[Path]:
    """Files of the book and of its reports."""
    return [path for name in ("html", "pdf") for path in sorted((build / name).rglob("*"))]


def read_state(doctrees: Path) -> dict[str, object]:
    """What the last build left word of; nothing after one that failed or was stopped."""
    try:
        state = json.loads((doctrees / GOOD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def is_current(root: Path) -> bool:
    """Whether the book of all years, and each file of it, is as the present inputs make it."""
    source = root / "book"
    state = read_state(source / "_build" / ".doctrees")
    fonts = state.get("fonts")
    return (
        state.get("made") == listing(made_files(source / "_build"))
        and state.get("inputs") == digest(input_files(root, source))
        and isinstance(fonts, dict)
        and fonts == listing(map(Path, fonts))
    )
