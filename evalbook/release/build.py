"""Build a book with Jupyter Book: that of all years, or that of one year's edition."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from evalbook.errors import DONE, KEPT, REFUSED, EvalbookError
from evalbook.figures import load
from evalbook.run import AGAIN
from evalbook.shipped import CONFIGURATION, CONTENTS, GUIDE, INDEX, layers, nearest
from evalbook.state import digest, package_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from evalbook.figures import FigureSet

RESIDENT = "evalbook.sphinxext.resident"
"""Program that builds; to import it takes seconds."""

TYPESETTER = "evalbook.sphinxext.edition"
"""Program that sets the report of an edition."""

SOURCE = "edition"
"""Folder of the project in which the book of an edition is made; it is removed afterwards."""

STAGES = {"运行笔记本": (2, 30), "reading": (30, 60), "writing": (60, 100)}
"""Where a build is when a line begins so: percentages of its time, measured on 2020."""

RUNNING = re.compile(r"^(运行笔记本) .* (\d+)/(\d+)")

CARD = "edition.json"
"""File of an edition that says which it is."""

DOWNLOADS = frozenset({".pdf", ".xlsx", ".csv", ".json", ".txt"})
NOT_PUBLISHED = ("objects.inv", "_static/*webpack-macros.html", "_static/**/*.map")
"""Files of the built book that only other Sphinx projects, its themes and their developers read, as patterns."""


def build_edition(root: Path, year: int, target: Path) -> None:
    """Build the book of a year's edition: its pages at the top, the guide, its report and its files.

    Which edition it is follows from the ledger, as on every page. The command ``evalbook build YEAR --edition DIR``
    calls this; releases are rebuilt by it from the commit that the ledger names, so its meaning must not change.

    Raises
    ------
    EvalbookError
        The folder is not empty, or the build failed; the folder is then as it was.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise EvalbookError(f"{target} 不是空文件夹，没有生成。请换一个文件夹。")
    from evalbook.publish import check_code
    from evalbook.render.exports import report_name

    source = root / SOURCE
    shutil.rmtree(source, ignore_errors=True)
    try:
        lay_out(root, source, evalbook_edition=year)
        with Builder() as builder:
            builder.build(root, source)
        built = source / "_build" / "html"
        for path in [path for pattern in NOT_PUBLISHED for path in built.glob(pattern)]:
            path.unlink()
        figures = load(root, year)
        report = built / report_name(figures)
        report.touch()  # the card names it, and the code that it bears is of the card too
        card = json.dumps(edition_card(figures, built), ensure_ascii=False, indent=1)
        (built / CARD).write_text(f"{card}\n", encoding="utf-8")
        code = check_code(built) if is_being_made(figures) else ()
        typeset = _typeset(source / "_build" / ".doctrees" / "typst" / str(year), code)
        shutil.copyfile(typeset, report)
        shutil.copytree(built, target, dirs_exist_ok=True)
    finally:
        shutil.rmtree(source, ignore_errors=True)


def _typeset(folder: Path, code: tuple[str, ...]) -> Path:
    """Set the report of an edition, whose code lies in a folder, with its check code.

    Raises
    ------
    EvalbookError
        It cannot be set.
    """
    command = [sys.executable, "-m", TYPESETTER, str(folder), *code]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise EvalbookError(f"{KEPT}PDF 没有排成，请把下面这些发给维护人员：\n{done.stderr.strip()}")
    return folder / "report.pdf"


def is_being_made(figures: FigureSet) -> bool:
    """Whether a year is an edition whose content is not known yet, as in the clean copy of a release."""
    return figures.year.released is not None and not figures.year.released.content


def lay_out(root: Path, source: Path, **configuration: object) -> None:
    """Put into a folder what Jupyter Book makes a book from: the guide, the table of contents, the configuration.

    What the project has of its own comes first; its ``_config.yml`` may name a few settings, and those alone change.

    Parameters
    ----------
    root, source
        Project, and folder of the book; what it has of the same content is left alone.
    configuration
        More settings of Sphinx.

    Raises
    ------
    EvalbookError
        The project's ``_config.yml`` cannot be read.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    try:
        shipped, *own = [yaml.load(path) or {} for path in layers(root, CONFIGURATION)]
        merged = _merged(shipped, own[0] if own else {})
    except (YAMLError, UnicodeDecodeError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第{mark.line + 1}行" if mark else ""
        raise EvalbookError(
            f"{CONFIGURATION} {place}读不懂，没有生成。应为：每行“名称: 内容”，缩进用空格；请改正，或删去这个文件。"
        ) from None
    merged["sphinx"]["config"].update(configuration)
    text = io.StringIO()
    yaml.dump(merged, text)
    guide = nearest(root, GUIDE)
    wanted = {f"guide/{path.name}": path.read_bytes() for path in sorted(guide.glob("*.md"))}
    wanted |= {"_toc.yml": nearest(root, CONTENTS).read_bytes(), "_config.yml": text.getvalue().encode()}
    if not configuration:
        wanted["index.md"] = nearest(root, INDEX).read_bytes()
    for path in (source / "guide").glob("*"):
        if f"guide/{path.name}" not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = source / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _merged(base: Any, own: Any) -> Any:
    """Settings with a project's own in their place, however deep.

    Raises
    ------
    TypeError
        A text or a list stands where there are more settings below.
    """
    if not isinstance(base, dict):
        return own
    if own is None:  # a key with nothing behind it
        return base
    if not isinstance(own, dict):
        raise TypeError(own)
    return base | {name: _merged(base[name], value) if name in base else value for name, value in own.items()}


def edition_card(figures: FigureSet, built: Path) -> dict[str, object]:
    """What the site and programs need to know of an edition, by the ledger and by its own pages."""
    settings, released = figures.year.settings, figures.year.released
    return {
        "year": settings.year,
        "number": figures.year.edition,
        "entry": released.as_made if released else "",
        **{
            name: str(getattr(released, name, "") or "")
            for name in ("date", "kind", "status", "reason", "approver")
        },
        "authority": figures.year.status,
        "title": "".join(settings.title),
        **{name: getattr(settings, name) for name in ("bureau", "county", "city", "province", "code")},
        "pages": {
            path.relative_to(built).as_posix(): page_title(path)
            for path in sorted(built.rglob("*.html"))
            if "_static" not in path.parts
        },
        "downloads": sorted(path.name for path in built.iterdir() if path.suffix in DOWNLOADS),
    }


def page_title(page: Path) -> str:
    """Heading of a page, without the sign that leads to it."""
    from bs4 import BeautifulSoup

    heading = BeautifulSoup(page.read_bytes(), "lxml").find("h1")
    return heading.get_text().strip().rstrip("#").strip() if heading else page.stem


def working_book(root: Path) -> Path:
    """Folder of the book of all years, laid out; a project that has a table of contents writes its pages itself."""
    source = root / "book"
    if not os.access(source if source.exists() else root, os.W_OK):
        raise EvalbookError(
            f"没有权限写 {source}，没有生成。请管理员给予写入权限，或把项目复制到自己的文件夹里。"
        )
    if not (root / CONTENTS).exists():
        lay_out(root, source)
    return source


class Builder(AbstractContextManager["Builder"]):
    """Jupyter Book in a process of its own; while it stays, what it has imported and set need not be again."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._program = ""

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process and all that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL) if os.name == "posix" else self._process.kill()
            self._process.communicate()
            self._process = None

    def _started(self, root: Path) -> subprocess.Popen[str]:
        """The process, a new one where it has ended or is not of today's program any more."""
        program = digest(package_files())
        if self._process is None or self._process.poll() is not None or self._program != program:
            self.stop()
            self._program = program
            self._process = subprocess.Popen(
                [sys.executable, "-m", RESIDENT],
                cwd=root,  # modules are looked for there, not wherever somebody's files lie
                env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        return self._process

    def build(
        self,
        root: Path,
        source: Path,
        progress: Callable[[float], None] = lambda _: None,
        again: Iterable[int] = (),
    ) -> None:
        """Build a book and its reports.

        Parameters
        ----------
        root, source
            The project, and the folder of the book in it.
        progress
            Told the percentage done.
        again
            Years whose notebooks are all run again, whatever changed.

        Raises
        ------
        EvalbookError
            The build failed; the last good book stays.
        """
        lines: list[str] = []
        try:
            variables = {AGAIN: " ".join(map(str, again))}
            job = {"root": str(root), "source": str(source), "environment": variables}
            code = self._told(self._started(root), json.dumps(job), lines, progress)
        except BaseException:  # Ctrl-C: the build and all that it started end with whom they were started by
            self.stop()
            raise
        if code:
            if REFUSED in lines:
                raise EvalbookError("\n".join(lines[lines.index(REFUSED) + 1 :]).strip())
            shown = "\n".join(f"    {line}" for line in lines[-20:] if line.strip())
            raise EvalbookError(f"{KEPT}下面是排版程序的原话，请发给维护人员：\n{shown}")
        progress(100)

    @staticmethod
    def _told(
        process: subprocess.Popen[str], job: str, lines: list[str], progress: Callable[[float], None]
    ) -> int:
        """Give a process its job, and listen until it is done; gives the exit code."""
        assert process.stdin is not None  # noqa: S101 - as it was started
        assert process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError):  # it has just died, and says why
            process.stdin.write(f"{job}\n")
            process.stdin.flush()
        done = 0.0
        for line in process.stdout:
            if line.startswith(DONE):
                return int(line.removeprefix(DONE))
            plain = re.sub(r"\x1b\[[\d;]*m", "", line)
            match = re.search(r"^(\w+) .*?\[\s*(\d+)%\]", plain) or RUNNING.search(plain)
            if not match:
                lines.append(line.rstrip())
            elif match[1] in STAGES:
                first, last = STAGES[match[1]]
                part = int(match[2]) / (int(match[3]) if match.re is RUNNING else 100)
                done = max(done, first + part * (last - first))
                progress(done)
        return process.wait()
