"""Set a report: in this process, or in one that stays and remembers what it has set.

Typst sets a report of a hundred pages in seconds; what it remembers of them makes a second setting a tenth of that.
"""

from __future__ import annotations

import multiprocessing
import signal
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import typst

from evalbook.fonts import PACKAGE

if TYPE_CHECKING:
    from pathlib import Path

STANDARDS: list[Any] = ["a-3a", "ua-1"]
MAIN = "main.typ"
"""File of a report's folder that says what is on its pages."""
METADATA = "report.json"
"""File of a report's folder that says what the report is called, who signs it, and what proves it."""
TYPESET = "typst"
"""Folder of the doctrees with a folder of code for each year's report."""
CODE = "code"


@dataclass(frozen=True)
class Report:
    """What became of a folder of code.

    Attributes
    ----------
    content : bytes
        The PDF; empty when it could not be set.
    error : str
        Why not, in Typst's words.
    """

    content: bytes
    error: str = ""


def set_report(folder: Path) -> Report:
    """Set the code of a folder, by the process that stays if there is one and it is free."""
    asked = Typesetter.staying and Typesetter.staying.ask(folder)
    return asked or _set(folder)


def _set(folder: Path) -> Report:
    """Set the code of a folder; only the fonts that lie in it, and the package's, are within reach."""
    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[PACKAGE, folder]
    )
    compiler = typst.Compiler(folder / MAIN, root=folder, font_paths=known)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", typst.TypstWarning)
            content = compiler.compile(format="pdf", pdf_standards=STANDARDS)
    except (typst.TypstError, typst.TypstWarning) as error:
        return Report(b"", f"{error.message}\n{error.diagnostic}")
    assert isinstance(content, bytes)  # noqa: S101 - one PDF, not pages of pictures
    return Report(content)


class Typesetter:
    """A process that sets one report after the other, asked by any copy of the process that started it.

    Its memory stays that of the reports it has set last: Typst forgets what ten settings did not need.
    """

    staying: ClassVar[Typesetter | None] = None

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, there = context.Pipe()
        self._lock = context.Lock()
        self._process = context.Process(target=_serve, args=(self._pipe, there), daemon=True)
        self._process.start()
        there.close()

    @classmethod
    def stay(cls) -> Typesetter:
        """The process that stays; a new one where there is none, it died, or who asked it went before it answered."""
        if cls.staying is None or not cls.staying._is_free():
            if cls.staying is not None:
                cls.staying.stop()
            cls.staying = cls()
        return cls.staying

    def _is_free(self) -> bool:
        free = self._process.is_alive() and self._lock.acquire(block=False)
        if free:
            self._lock.release()
        return free

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def practise(self, folder: Path) -> None:
        """Let it set what will be asked for again, while nobody waits."""
        self._pipe.send((folder, False))

    def ask(self, folder: Path) -> Report | None:
        """Set the code of a folder; None when it sets another one, or died."""
        if not self._lock.acquire(block=False):
            return None
        try:
            self._pipe.send((folder, True))
            report: Report = self._pipe.recv()
        except (EOFError, OSError):
            return None
        self._lock.release()
        return report


def _serve(theirs: Any, pipe: Any) -> None:
    theirs.close()  # a copy of it, which would keep it open
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends its processes itself
    with suppress(EOFError):  # who asked is gone
        while True:
            folder, wanted = pipe.recv()
            if wanted:
                pipe.send(_set(folder))
            else:
                with suppress(Exception):  # its folder may be gone
                    _set(folder)
