"""Where editions lie on this machine: kept by their release, and in the folders that they were published to."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from evalbook.publish import files

STORE = "releases"
"""Folder of the project in which the files of released editions are kept until they are published."""

PUBLISHED = "published.json"
"""File in the store that lists where was published; it stays on this machine, as paths are of it."""
MOST_PLACES = 10


def stored(root: Path, year: int, number: int) -> Path:
    """Folder in which the files of a released edition are kept."""
    return root / STORE / str(year) / str(number)


def published_places(root: Path) -> tuple[Path, ...]:
    """Folders that the project was published to from this machine, the last first; of a file that is none, none."""
    with suppress(OSError, ValueError):
        listed = json.loads((root / STORE / PUBLISHED).read_text(encoding="utf-8"))
        if isinstance(listed, list):
            return tuple(Path(place) for place in listed[:MOST_PLACES] if isinstance(place, str))
    return ()


def remember_place(root: Path, site: Path) -> None:
    """Note where the project was published, so that releases to come are held against it."""
    site = site.resolve()
    places = [site, *(place for place in published_places(root) if place != site)]
    text = json.dumps([str(place) for place in places[:MOST_PLACES]], ensure_ascii=False, indent=1)
    path = root / STORE / PUBLISHED
    with files.explained("记下发布到哪里", lambda: "已经发布，网站是新的。"):
        files.make_folder(path.parent)
        files.write(path.with_name(f".{PUBLISHED}.new"), f"{text}\n".encode())
        files.move(path.with_name(f".{PUBLISHED}.new"), path)
