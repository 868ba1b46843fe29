"""Small made-up editions, readers of a site, and faults planted at any touch of the file system."""

from __future__ import annotations

import datetime
import os
import re
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from evalbook.errors import EvalbookError
from evalbook.publish import MANIFEST, Delivered, Released, files, manifest_of, publish
from evalbook.publish.manifest import entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

TODAY = datetime.date(2024, 1, 1)
PAGES = ("index.html", "score.html")

OPERATIONS = (
    "walk", "names", "opened", "read", "digest", "modified", "space",
    "make_folder", "created", "write", "move", "remove", "clear", "held",
)  # fmt: skip
"""Everything in ``evalbook.publish.files`` that touches the file system."""

Seams = tuple[tuple[ModuleType, str], ...]
"""Functions at which a fault can be planted, by module and name."""

PUBLISHING: Seams = tuple((files, name) for name in OPERATIONS)


# -- editions and what lies in a site


def made_edition(
    folder: Path, year: int, number: int, text: str = "", pages: Sequence[str] = PAGES
) -> Released:
    """An edition with pages that lead to one another, a drawing, a report and Chinese names."""
    links = "".join(f'<a href="{page}">' for page in pages)
    contents: dict[str, bytes] = {
        page: f"{year} 第{number}版 {page} {text}{links}".encode() for page in pages
    }
    contents["index.html"] += '<img href="_static/图.svg">'.encode()
    contents |= {"_static/图.svg": b"<svg/>", f"report-{year}.pdf": bytes(range(256)) * number}
    return released(folder / str(year) / str(number), year, number, contents)


def released(folder: Path, year: int, number: int, contents: Mapping[str, bytes]) -> Released:
    """Write files with their manifest, as a release does."""
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    manifest = manifest_of(contents)
    (folder / MANIFEST).write_bytes(manifest)
    return Released(year, number, datetime.date(year + 1, 4, number), folder, entry_of(manifest).sha256)


def pointers_to(editions: Sequence[Released]) -> dict[str, bytes]:
    """A page for every page of a year's editions, and the site's own."""
    newest = {(one.year, page): one for one in sorted(editions, key=order) for page in pages_of(one)}
    links = "".join(f'<a href="{year}/index.html">' for year in sorted({one.year for one in editions}))
    pointers = {
        f"{year}/{page}": f'<link href="editions.css"><a href="{one.number}/{page}">'.encode()
        for (year, page), one in newest.items()
    }
    pointers |= {f"{one.year}/editions.css": b"body {}" for one in editions}
    pointers["index.html"] = f'{links}<a href="calendar.html"><a href="feed.xml">'.encode()
    pointers["calendar.html"] = f'<a href="index.html">{links}'.encode()
    pointers["feed.xml"] = str([edition.place for edition in editions]).encode()
    return pointers


def pages_of(edition: Released) -> list[str]:
    return [path.name for path in edition.folder.glob("*.html")]


def order(edition: Released) -> tuple[int, int]:
    return (edition.year, edition.number)


def published(editions: Sequence[Released], target: Path, **options: Any) -> Delivered:
    """Publish editions with their pointers."""
    return publish(editions, pointers_to(editions), target, TODAY, **options)


def tree(folder: Path) -> dict[str, bytes]:
    """Content of a site, less what the work folder holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".evalbook" not in path.parts
    }


def walked(site: Path) -> dict[str, bytes]:
    """Read a site as a visitor does, from its first page along every link.

    Raises
    ------
    FileNotFoundError
        A link leads to nothing.
    """
    seen: dict[str, bytes] = {}
    waiting = ["index.html"]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen[path] = (site / path).read_bytes()
            if path.endswith(".html"):
                links = re.findall(r'href="([^"]+)"', seen[path].decode())
                waiting += [str(PurePosixPath(path).parent / link) for link in links]
    return seen


# -- faults


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@dataclass
class Planted:
    """Operations that were counted, and the one at which a fault happens.

    Attributes
    ----------
    at : int
        Number of the operation, from 1; 0 for none.
    fault : callable
        What happens instead of it.
    torn : bool
        Whether half of it is done before.
    """

    at: int
    fault: Callable[[], object]
    torn: bool = False
    done: list[str] = field(default_factory=list)

    def __call__(self, name: str, operation: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        self.done.append(name)
        if len(self.done) == self.at:
            if self.torn:
                half_done(name, *arguments)
            self.fault()
        return operation(*arguments, **options)


def half_done(name: str, *arguments: Any) -> None:
    """Leave behind what a process does that is killed in the midst of an operation."""
    match name, arguments:
        case "write", (path, content, *_):
            path.write_bytes(content[: len(content) // 2])
        case "created", (path,):
            path.write_bytes(b"PK")
        case "clear", (folder,) if folder.exists():
            lying = sorted(path for path in folder.rglob("*") if path.is_file())
            for path in lying[: len(lying) // 2]:
                path.unlink()


@contextmanager
def planted(
    at: int, fault: Callable[[], object], *, torn: bool = False, seams: Seams = PUBLISHING
) -> Iterator[Planted]:
    """Count operations, and have a fault at one of them."""
    plan = Planted(at, fault, torn)
    with pytest.MonkeyPatch.context() as patch:
        for module, name in seams:
            operation = getattr(module, name)
            patch.setattr(
                module, name, lambda *a, _n=name, _o=operation, **options: plan(_n, _o, *a, **options)
            )
        yield plan


def counted(action: Callable[[], object], seams: Seams = PUBLISHING) -> list[str]:
    """Operations of an action, by name."""
    with planted(0, lambda: None, seams=seams) as plan:
        action()
    return plan.done


def fail(error: BaseException) -> NoReturn:
    raise error


def die() -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def in_process(action: Callable[[], object]) -> int:
    """Start an action in a process of its own.

    Returns
    -------
    int
        Of the process; it ends with 0 when the action does, with 1 when it raises.
    """
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        action()
        code = 0
    finally:
        os._exit(code)


def ended(process: int) -> int:
    """Wait for a process: its exit code, or less the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def refusal(action: Callable[[], object]) -> str:
    """What an action says that is refused; nothing if it is done."""
    try:
        action()
    except EvalbookError as error:
        return str(error)
    return ""


def killed_at(
    at: int, action: Callable[[], object], *, torn: bool = False, seams: Seams = PUBLISHING
) -> None:
    """Run an action in a process that is killed at an operation."""

    def run() -> None:
        with planted(at, die, torn=torn, seams=seams):
            action()

    assert ended(in_process(run)) == -signal.SIGKILL


def until(condition: Callable[[], object]) -> None:
    """Wait for another process."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise TimeoutError
