"""The git repository that the project lies in: what is committed is what can be built again."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
)
"""Variables that git sets for its hooks, and that would lead to another repository."""

AUTHOR = ("-c", "user.name=evalbook", "-c", "user.email=evalbook@localhost")
"""Said of commits where git has not been told who works here."""


KNOWN_FAULTS = {
    "not a git repository": "这个项目文件夹不在版本库里，不能定版，也不能发布和重新生成：每一版都由版本库的一次提交生成。"
    "请让维护人员用 git clone 取得项目。",
    "dubious ownership": "项目文件夹属于这台电脑上的另一个用户，git 不肯读它的版本库。请换成那个用户再运行，"
    "或让维护人员运行：git config --global --add safe.directory {root}",
    r"Unable to create '(.+\.lock)'": "版本库锁着：另一个 git 程序正在运行，或者上次没有运行完。请等它结束再试；"
    "肯定没有别的程序在用，就删去 {0}。",
}
"""What to do about faults, by what git says of them."""


def git(root: Path, *arguments: str) -> bytes:
    """Output of a git command in the project.

    Raises
    ------
    EvalbookError
        There is no git, no repository, or the command failed.
    """
    command = ["git", "-c", "core.quotePath=false", "-c", "core.autocrlf=false", *arguments]
    variables = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    try:
        done = subprocess.run(
            command,
            cwd=root,
            capture_output=True,
            check=False,
            env={**variables, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
        )
    except FileNotFoundError:
        raise EvalbookError(
            "这台电脑没有安装 git，不能定版，也不能发布和重新生成；填报、检查和生成网页不受影响。请让维护人员安装 git 以后再试。"
        ) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        for pattern, told in KNOWN_FAULTS.items():
            if match := re.search(pattern, said):
                raise EvalbookError(told.format(*match.groups(), root=root))
        asked = next(word for word in arguments if word != "-c" and "=" not in word)
        raise EvalbookError(f"版本库出错（git {asked}）：{said}\n请把这段话发给维护人员。")
    return done.stdout


def begin(root: Path, message: str) -> None:
    """Make a repository of a project's own of it, and commit it.

    Raises
    ------
    EvalbookError
        There is no git, or it failed.
    """
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, message, ".")


def is_begun(root: Path) -> bool:
    """Whether the project lies in a repository that has a commit, whichever it is."""
    return any((folder / ".git").exists() for folder in (root, *root.parents)) and has(root, "HEAD")


def head(root: Path) -> str:
    """Commit that the project is at."""
    return git(root, "rev-parse", "HEAD").decode().strip()


def _inside(root: Path) -> str:
    """Where the project lies in the repository: empty, or a path that ends with ``/``."""
    return git(root, "rev-parse", "--show-prefix").decode().strip()


def has(root: Path, commit: str) -> bool:
    """Whether the repository has a commit, whatever names it or does not."""
    try:
        git(root, "cat-file", "-e", f"{commit}^{{commit}}")
    except EvalbookError:
        _inside(root)  # where there is no repository, no commit is not what is wrong
        return False
    return True


def changed(root: Path) -> tuple[str, ...]:
    """Paths that are not as they were committed, new ones included, ignored ones not."""
    listed = git(root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", ".")
    inside = _inside(root)
    return tuple(_path(entry[3:]).removeprefix(inside) for entry in listed.split(b"\0") if entry)


def _path(listed: bytes) -> str:
    """Path as git lists it; what is no UTF-8 in it cannot be written into a ledger either."""
    return listed.decode("utf-8", "replace")


def committed(root: Path, path: str, commit: str = "HEAD") -> bytes | None:
    """Content of a file as it was in a commit; None when it was not there.

    Raises
    ------
    EvalbookError
        The repository does not have the commit.
    """
    _require(root, commit)
    listed = git(root, "ls-tree", "--name-only", commit, "--", path)
    return git(root, "show", f"{commit}:{_inside(root)}{path}") if listed else None


def commit(root: Path, message: str, *paths: str) -> str:
    """Commit paths as they stand now, and nothing else, and return the commit."""
    git(root, "add", "--all", "--", *paths)
    named = () if _knows_author(root) else AUTHOR
    # Whoever signs commits has a key that this program must not ask for.
    unsigned = ("-c", "commit.gpgSign=false")
    git(root, *named, *unsigned, "commit", "--quiet", "--no-verify", "-m", message, "--only", "--", *paths)
    return head(root)


def _knows_author(root: Path) -> bool:
    try:
        return bool(git(root, "config", "user.email").strip())
    except EvalbookError:
        return False


def _require(root: Path, commit: str) -> None:
    if not has(root, commit):
        raise EvalbookError(
            f"版本库里没有提交 {commit}。版本库可能不完整：请让维护人员运行 git fetch --unshallow，"
            "或用完整的 git clone 取得项目。"
        )


def export(root: Path, commit: str, folder: Path) -> None:
    """Put the project as it was committed into an empty folder.

    Raises
    ------
    EvalbookError
        The repository does not have the commit.
    """
    _require(root, commit)
    # A tree, not a commit: the names in the archive then begin at the project, wherever it lies in the repository.
    inside = _inside(root).rstrip("/")
    archive = git(root, "archive", "--format=tar", f"{commit}:{inside}" if inside else commit)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.FilterError as error:
        raise EvalbookError(
            f"提交 {commit} 里有指向项目以外的链接（{error.tarinfo.name}），不能照它生成。请让维护人员删去这个链接。"
        ) from None


def differing(root: Path, commit: str, *paths: str) -> tuple[str, ...]:
    """Files at or below some paths that differ from a commit, as far as the repository has ever had them."""
    listed = git(root, "diff", "--name-only", "-z", "--no-renames", "--relative", commit, "--", *paths)
    return tuple(_path(path) for path in listed.split(b"\0") if path)


def contents(root: Path, commit: str, folder: str) -> dict[str, bytes]:
    """Every file below a folder as it was in a commit, by its path.

    Raises
    ------
    EvalbookError
        The repository does not have the commit.
    """
    _require(root, commit)
    inside = _inside(root)
    archive = git(root, "archive", "--format=tar", f"--prefix={folder}/", f"{commit}:{inside}{folder}")
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), errors="replace") as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream or member.issym():
                found[member.name] = stream.read() if stream else member.linkname.encode()
    return found
