"""Who releases: asked once, and kept in the project's own repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.release import repository
from evalbook.release.tool import holds_program

if TYPE_CHECKING:
    from pathlib import Path


def name_releaser(root: Path, year: int, name: str) -> None:
    """Keep the name that commits of releases bear from now on; a project without a repository begins one.

    Raises
    ------
    EvalbookError
        It cannot be a person's name, or there is no git.
    """
    repository.refuse_name(name)
    if not holds_program(root) and not repository.is_begun(root):
        repository.begin(root, f"Begin with {year}")
    repository.remember_releaser(root, name)
