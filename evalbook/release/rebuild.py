"""Build an edition in a clean environment: from a commit, with the ledger that names it, and nothing else."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement

from evalbook.errors import EvalbookError
from evalbook.frameworks import framework_files
from evalbook.release.repository import export
from evalbook.release.tool import Tool, holds_program
from evalbook.year import (
    Edition,
    chosen_frameworks,
    files_hash,
    frozen_path,
    inputs_hash,
    ledger_path,
    ledger_text,
)
from evalbook.year.project import PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Program:
    """What makes an edition from a clean copy of the project.

    Attributes
    ----------
    build : callable
        Builds a year's edition: the copy, the year, the folder for the result.
    figures : callable
        Number and unit of every figure by address: the copy, the year.
    """

    build: Callable[[Path, int, Path], None]
    figures: Callable[[Path, int], dict[str, str]]


CODE = (
    "evalbook",
    "notebooks",
    "book",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "bootstrap.py",
    "hatch_build.py",
)
LOCK = "requirements.txt"
PINNED = re.compile(r"^[A-Za-z0-9._-]+==[^\\\n]+", re.MULTILINE)

PR_SET_PDEATHSIG = 1
"""Of Linux's ``prctl``."""

KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_FIND_LINKS")
"""What a build needs to know of the machine: where programs are, and where packages come from."""


def hashes(root: Path, year: int, tool: Tool | None = None) -> dict[str, Any]:
    """Hashes that the ledger records of what an edition is made from; of a clean copy of the project.

    ``tool`` makes it where the project does not hold the program.
    """
    data = root / "data"
    files = [path for path in (data / "reference").rglob("*") if path.is_file()]
    files += [path for name in chosen_frameworks(root, year) for path in framework_files(root, name)]
    files += [path for path in (data / str(year - 1)).rglob("*") if path.is_file()]
    files = [path for path in (root / PROJECT_FILE, *files) if path.is_relative_to(root)]
    code = [
        path
        for name in CODE
        for path in ((root / name).rglob("*") if (root / name).is_dir() else (root / name,))
    ]
    return {
        "inputs": inputs_hash(root, year),
        "registries": files_hash(root, (path for path in files if path.is_file())),
        "code": tool.code
        if tool
        else files_hash(root, (path for path in code if path.is_file() and not path.is_symlink())),
        "lock": hashlib.sha256(tool.lock.encode() if tool else (root / LOCK).read_bytes()).hexdigest(),
    }


def clean_copy(root: Path, commit: str, scratch: Path) -> Path:
    """Put the project as it was committed into a folder, beside which the build has room for what it needs.

    Raises
    ------
    EvalbookError
        The repository does not have the commit.
    """
    copy = scratch / "project"
    export(root, commit, copy)
    return copy


def record(copy: Path, year: int, editions: tuple[Edition, ...], frozen: Mapping[str, bytes]) -> None:
    """Write the ledger up to an edition, and the files beside it by their names, into a clean copy.

    The commit cannot hold the entry that names it. While the edition is made its content is not known.
    """
    *before, last = editions
    text = ledger_text((*before, replace(last, content="", withdrawn=None)))
    ledger_path(copy, year).write_text(text, encoding="utf-8", newline="")
    folder = frozen_path(copy, year, last.number).parent
    folder.mkdir(exist_ok=True)
    for name, content in frozen.items():
        (folder / name).write_bytes(content)


def clean_program(tool: Tool | None = None) -> Program:
    """What builds a year's edition by the program of its own commit, knowing nothing of who builds it.

    The packages are those that the copy's lock file pins: this environment's when it has exactly those, else they
    are installed, proved by their hashes, into an environment inside the copy. A project that does not hold the
    program is built by an installed tool, this environment's unless another is given.
    """

    def build(copy: Path, year: int, target: Path) -> None:
        _command(tool, copy, "build", str(year), "--edition", str(target))

    def shown_figures(copy: Path, year: int) -> dict[str, str]:
        listed = json.loads(_command(tool, copy, "figures", str(year), "--json"))["figures"]
        return {figure["address"]: figure["shown"] for figure in listed}

    return Program(build, shown_figures)


CLEAN = clean_program()


def _command(tool: Tool | None, copy: Path, *arguments: str) -> str:
    """Output of the evalbook command that makes the copy's editions.

    Raises
    ------
    EvalbookError
        The packages could not be installed, or the command failed.
    """
    python = copy / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not holds_program(copy):
        python = tool.python if tool else Path(sys.executable)
    elif has_packages((copy / LOCK).read_text(encoding="utf-8")):
        python = Path(sys.executable)
    elif not python.exists() and (done := _run(copy, [sys.executable, "bootstrap.py", "setup"])).returncode:
        raise EvalbookError(
            f"这一版所用的依赖包没有装好，不能生成。请把下面这些发给维护人员：\n{_tail(done)}"
        )
    done = _run(copy, [str(python), "-m", "evalbook.cli", *arguments])
    if done.returncode:
        raise EvalbookError(
            f"生成时出错（evalbook {arguments[0]}）。请把下面这些发给维护人员：\n{_tail(done)}"
        )
    return done.stdout


def has_packages(lock: str) -> bool:
    """Whether this environment has every package that a lock file pins for it, in that version."""
    for line in PINNED.findall(lock):
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            if version(requirement.name) not in requirement.specifier:
                return False
        except PackageNotFoundError:
            return False
    return True


def _run(copy: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    home = copy.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "PYTHONUTF8": "1"}
    environment |= {"PYTHONPATH": str(copy)} if holds_program(copy) else {}
    environment |= {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        command,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _end_with_parent() -> None:
    """Let this process be killed when the one that started it is gone, however that ended (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _tail(done: subprocess.CompletedProcess[str]) -> str:
    lines = f"{done.stdout}\n{done.stderr}".strip().splitlines()[-25:]
    return "\n".join(f"    {line}" for line in lines)
