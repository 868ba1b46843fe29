"""Where the environment keeps what takes long to make and follows from its packages alone.

The script that draws charts in a browser, the dictionary of the search index, the templates of charts, the characters of
fonts: all projects that an environment builds share them, and they go with it. The standard library alone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def environment_folder() -> Path | None:
    """Folder in the virtual environment; none where there is no such environment, or it may not be written."""
    folder = Path(sys.prefix) / "share" / "evalbook"
    if sys.prefix == sys.base_prefix:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def kept(file: Path, make: Callable[[], bytes]) -> Path:
    """A file of a store, made when it is not there; whole or not at all, whoever else makes it."""
    if not file.is_file():
        made = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}")
        try:
            partial.write_bytes(made)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    return file
