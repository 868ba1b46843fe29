"""What must not leave the bureau with an edition: the workings of the project, and whatever is marked internal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError

if TYPE_CHECKING:
    from evalbook.tables import FiscalYear

WORKINGS = frozenset({".ipynb", ".py", ".pyc", ".pickle", ".doctree", ".yml", ".md"})
"""Endings of files that a published book does not have: notebooks, program, doctrees, settings, sources."""

ABSOLUTE = re.compile(
    rb"file:///[^\s\"'<>]{1,80}|(?<![\w/.:])/(?:home|root|tmp|Users|var|mnt|work|builds?)/[\w.@-]{2,60}|(?<![A-Za-z])[A-Za-z]:\\\\?(?:Users|Documents)"
)


def leaks(folder: Path, roots: tuple[Path, ...]) -> list[str]:
    """Chinese sentences about files of a built edition that show the workings.

    Parameters
    ----------
    folder
        The built edition.
    roots
        Folders of this machine that no file may name.
    """
    named = tuple(str(root).encode() for root in roots)
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix in WORKINGS or any(part.startswith(".") for part in path.relative_to(folder).parts):
            found.append(f"{name}：是编写用的文件，不能发布")
        content = path.read_bytes()
        match = ABSOLUTE.search(content)
        if match or any(root in content for root in named):
            place = match[0].decode("utf-8", "replace") if match else "这台电脑上的文件夹"
            found.append(f"{name}：写着这台电脑上的路径（{place}）")
    return found


def refuse_leaks(folder: Path, roots: tuple[Path, ...]) -> None:
    """Stop a release whose files show the workings.

    Raises
    ------
    EvalbookError
        With every such file.
    """
    found = leaks(folder, roots)
    if found:
        listed = "\n".join(f"{number}. {text}" for number, text in enumerate(found, start=1))
        raise EvalbookError(f"没有定版：生成的文件里有不能公开的内容，请把下面这些发给维护人员：\n{listed}")


def internal_texts(year: FiscalYear) -> tuple[str, ...]:
    """Texts of explanations that are marked internal and long enough to be known again."""
    rows = (row for row in year.tables["explanations"].rows if row.cells.get("internal"))
    return tuple(
        text for row in rows for name in ("explanation", "evidence") if len(text := row.texts[name]) >= 6
    )
