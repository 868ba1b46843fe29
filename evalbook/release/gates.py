"""What must not leave the bureau with an edition: the workings of the project, and whatever is marked internal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.privacy import texts
from evalbook.publish.deliver import is_working
from evalbook.schema.vocabulary import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from evalbook.year import FiscalYear

KNOWN_AGAIN = 6
"""Characters from which on a text says so much that it can be looked for."""

ABSOLUTE = re.compile(
    r"file:///[^\s\"'<>]{1,80}|(?<![\w/.:])/(?:home|root|tmp|Users|var|mnt|work|builds?)/[\w.@-]{2,60}|(?<![A-Za-z])[A-Za-z]:\\\\?(?:Users|Documents)"
)


def refuse_leaks(folder: Path, year: FiscalYear, roots: Iterable[Path]) -> None:
    """Stop a release whose files show the workings.

    Parameters
    ----------
    folder
        The built edition.
    year
        Its year, whose internal explanations no file may quote.
    roots
        Folders of this machine that no file may name.

    Raises
    ------
    EvalbookError
        With every such file.
    """
    # A project in the folder /data must not take every address with that word for its own.
    machine = re.compile(f"(?<![\\w.])(?:{'|'.join(re.escape(str(root)) for root in roots)})(?![\\w-])")
    internal = internal_texts(year)
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if is_working(name):
            found.append(f"{name}：是编写用的文件，不能发布")
        for place, text in texts(name, path.read_bytes()):
            match = ABSOLUTE.search(text)
            if match or machine.search(text):
                found.append(f"{place}：写着这台电脑上的路径（{match[0] if match else '项目文件夹'}）")
            if any(quoted in squeezed(text) for quoted in internal):
                found.append(f"{place}：写着标为“{INTERNAL}”的说明")
    if found:
        listed = "\n".join(f"{number}. {text}" for number, text in enumerate(dict.fromkeys(found), start=1))
        raise EvalbookError(f"没有定版：生成的文件里有不能公开的内容，请把下面这些发给维护人员：\n{listed}")


def internal_texts(year: FiscalYear) -> tuple[str, ...]:
    """Texts of explanations that are marked internal, that no public one has, and long enough to be known again."""
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for row in year.tables["explanations"].rows:
        said[bool(row.cells.get("internal"))] |= {
            squeezed(row.texts[name]) for name in ("explanation", "evidence")
        }
    return tuple(sorted(text for text in said[True] - said[False] if len(text) >= KNOWN_AGAIN))


def squeezed(text: str) -> str:
    """Text without spaces: a PDF breaks lines anywhere."""
    return re.sub(r"\s", "", text)
