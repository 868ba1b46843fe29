"""What the tool brings to every project: notebooks, guide, registries, national frameworks, outline, configuration.

In a checkout they are the folders beside the package, in a wheel the same files inside it; there is no second copy. A
project holds what is its county's own, and what it has of the same name comes first. The standard library alone,
because it is asked before every build.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parent
SHIPPED = PACKAGE / "shipped" if (PACKAGE / "shipped").is_dir() else PACKAGE.parent
"""Folder of what is brought: of the wheel, or the checkout itself."""

REFERENCE, FRAMEWORKS, OUTLINE = "data/reference", "data/frameworks", "data/outline"
NOTEBOOKS, GUIDE, INDEX = "notebooks", "book/guide", "book/index.md"
CONFIGURATION, CONTENTS = "_config.yml", "_toc.yml"

NATIONAL = ("civil-affairs-2016", "finance-2020")
"""Scoring frameworks that hold in every county; others are some place's own."""

NAMES = (
    REFERENCE,
    *(f"{FRAMEWORKS}/{name}" for name in NATIONAL),
    OUTLINE,
    NOTEBOOKS,
    GUIDE,
    INDEX,
    CONFIGURATION,
    CONTENTS,
)
"""Files and folders that the wheel carries, by their path in the checkout."""


def is_home(root: Path) -> bool:
    """Whether a project lies in the folder that the tool's own things come from."""
    return root.resolve() == SHIPPED.resolve()


def layers(root: Path, name: str) -> tuple[Path, ...]:
    """Where something is found: what the tool brings, then what the project has of its own."""
    own = root / name
    return (SHIPPED / name, own) if own.exists() and not is_home(root) else (SHIPPED / name,)


def nearest(root: Path, name: str) -> Path:
    """The project's own file or folder of a name, else the one that the tool brings."""
    return layers(root, name)[-1]


def shipped_files() -> Iterator[Path]:
    """Every file that the tool brings."""
    for name in NAMES:
        path = SHIPPED / name
        yield from (sorted(path.rglob("*")) if path.is_dir() else [path])
