"""The installed tool, where a project does not hold the program itself: which version made an edition, and by what.

``python -m evalbook.release.tool`` tells it of another environment, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from evalbook.errors import EvalbookError
from evalbook.shipped import NAMES, PACKAGE, REFERENCE, SHIPPED, shipped_files

NAME = "evalbook"
BROUGHT = "shipped/"
"""Begins the lines of a lock about what the tool brings."""


@dataclass(frozen=True)
class Tool:
    """A version of the tool as it is installed somewhere.

    Attributes
    ----------
    python : Path
        Interpreter of the environment.
    version : str
        Of the package.
    code : str
        SHA-256 over the names and contents of its files, those that it brings included.
    lock : str
        The tool and every package that it needs, ``name==version`` a line, itself first; then what it brings,
        ``shipped/path==hash``: registries one by one, the others by their folders.
    """

    python: Path
    version: str
    code: str
    lock: str


def holds_program(root: Path) -> bool:
    """Whether a project holds the program that makes its editions, as the tool's own repository does."""
    return (root / NAME / "__init__.py").is_file()


@cache
def installed_tool() -> Tool:
    """The tool of this environment.

    Raises
    ------
    EvalbookError
        It, or a package that it needs, was not installed as a package, so that nobody could say which it was.
    """
    versions = _versions()
    lock = "".join(f"{name}=={version}\n" for name, version in (*versions.items(), *_brought().items()))
    return Tool(Path(sys.executable), versions[NAME], _files_hash(), lock)


def tool_of(environment: Path) -> Tool:
    """The tool of another environment.

    Parameters
    ----------
    environment
        Folder of a virtual environment.

    Raises
    ------
    EvalbookError
        There is none, or it does not have the tool.
    """
    places = (environment / "Scripts" / "python.exe", environment / "bin" / "python")
    python = next((path for path in places if path.exists()), None)
    if python is None:
        raise EvalbookError(f"{environment} 不是虚拟环境，里面找不到 Python。请核对文件夹。")
    command = [str(python), "-I", "-m", "evalbook.release.tool"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    try:
        return Tool(python, **json.loads(done.stdout))
    except (ValueError, TypeError):
        raise EvalbookError(f"{environment} 里没有安装能用的 evalbook。请先安装，再试一次。") from None


def lock_version(lock: str) -> str:
    """Version of the tool that a lock names."""
    return lock.partition("\n")[0].removeprefix(f"{NAME}==")


def _versions() -> dict[str, str]:
    """Versions of the tool and of all that it needs here, itself first, the others by name."""
    found: dict[str, str] = {}
    wanted = [Requirement(NAME)]
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            raise EvalbookError(
                f"没有定版：{name} 没有按软件包安装，记不下是哪一版。请让维护人员用 pip 安装 evalbook 以后再试。"
            ) from None
        found[name] = package.version
        needs = [Requirement(line) for line in package.requires or ()]
        extras = [{"extra": extra} for extra in requirement.extras] or [{"extra": ""}]
        wanted += [r for r in needs if r.marker is None or any(r.marker.evaluate(extra) for extra in extras)]
    return {NAME: found.pop(NAME)} | dict(sorted(found.items()))


def _brought() -> dict[str, str]:
    """Hashes of what the tool brings, short ones, by path."""
    found: dict[str, list[str]] = {}
    for path in shipped_files():
        name = path.relative_to(SHIPPED).as_posix()
        top = next((top for top in NAMES if name.startswith(f"{top}/") and top != REFERENCE), name)
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found.setdefault(f"{BROUGHT}{top}", []).append(f"{name}\0{content}")
    return {
        name: hashlib.sha256("\n".join(listed).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        for name, listed in found.items()
    }


def _files_hash() -> str:
    digest = hashlib.sha256()
    files = [(path.relative_to(PACKAGE), path) for path in PACKAGE.rglob("*")]
    if not SHIPPED.is_relative_to(PACKAGE):
        files += [(Path("shipped") / path.relative_to(SHIPPED), path) for path in shipped_files()]
    for name, path in sorted(files):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{name.as_posix()}\0".encode("utf-8", "surrogateescape"))
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    told = installed_tool()
    print(json.dumps({"version": told.version, "code": told.code, "lock": told.lock}))
