"""The git repository that the project lies in: what is committed is what can be built again."""

from __future__ import annotations

import datetime
import io
import os
import re
import subprocess
import tarfile
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.schema.text import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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

PERSONS = tuple(f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL"))
"""Variables by which a machine says who works at it, whoever really does."""

TOOL = "evalbook"
"""Author of a commit that nobody answers for: the beginning of a project."""
ADDRESS = "release@evalbook.invalid"
"""Address of every commit's author, which is none (RFC 2606): git wants one, and nobody gave theirs to be kept."""
RELEASER = "evalbook.releaser"
"""Setting of the project's own repository with the name of who releases here."""
NAME_LENGTH = 30
NAMELESS = (
    "还不知道定版人的姓名：版本库的每次提交都记它，只问一次。请在命令后面加上姓名再运行一次，如 --name 张三"
)
BRANCHLESS = "版本库现在不在任何分支上，提交了以后会找不到。请让维护人员换到平时用的分支（git switch 分支名），再运行一次"

KNOWN_FAULTS = {
    "not a git repository": "这个项目文件夹不在版本库里，不能定版，也不能发布和重新生成：每一版都由版本库的一次提交生成。"
    "请让维护人员用 git clone 取得项目。",
    "dubious ownership": "项目文件夹属于这台电脑上的另一个用户，git 不肯读它的版本库。请换成那个用户再运行，"
    "或让维护人员运行：git config --global --add safe.directory {root}",
    r"Unable to create '(.+\.lock)'": "版本库锁着：另一个 git 程序正在运行，或者上次没有运行完。请等它结束再试；"
    "肯定没有别的程序在用，就删去 {0}。",
}
"""What to do about faults, by what git says of them."""


def git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Output of a git command in the project, to which something may be given on its standard input.

    Raises
    ------
    EvalbookError
        There is no git, no repository, or the command failed.
    """
    command = ["git", "-c", "core.quotePath=false", "-c", "core.autocrlf=false", *arguments]
    variables = {name: value for name, value in os.environ.items() if name not in {*ELSEWHERE, *PERSONS}}
    try:
        done = subprocess.run(
            command,
            cwd=root,
            input=given,
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
    commit(root, message, ".", by=TOOL)


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


def commit(root: Path, message: str, *paths: str, by: str = "") -> str:
    """Commit paths as they stand now, and nothing else, and return the commit.

    It is ``by`` who releases here, unless another is named; what the machine's git says of its user is not asked.

    Raises
    ------
    EvalbookError
        Nobody has said who releases here, or git failed.
    """
    by = by or releaser(root)
    if not by:
        raise EvalbookError(f"没有提交到版本库：{NAMELESS}。")
    git(root, "add", "--all", "--", *paths)
    roles = ("user", "author", "committer")
    who = [text for role in roles for text in ("-c", f"{role}.name={by}", "-c", f"{role}.email={ADDRESS}")]
    # Whoever signs commits has a key that this program must not ask for.
    unsigned = ("-c", "commit.gpgSign=false")
    git(root, *who, *unsigned, "commit", "--quiet", "--no-verify", "-m", message, "--only", "--", *paths)
    return head(root)


def commit_faults(root: Path) -> list[str]:
    """Why a commit cannot be made, or would not be found again, in Chinese, before anything is written."""
    branchless = is_begun(root) and git(root, "rev-parse", "--abbrev-ref", "HEAD").strip() == b"HEAD"
    return [*([] if releaser(root) else [NAMELESS]), *([BRANCHLESS] if branchless else [])]


def releaser(root: Path) -> str:
    """Name of the person who releases here; empty when nobody has said it."""
    if not is_begun(root):
        return ""
    name = (
        git(root, "config", "--local", "--default", "", "--get", RELEASER).decode("utf-8", "replace").strip()
    )
    return "" if name_fault(name) else name


def remember_releaser(root: Path, name: str) -> None:
    """Keep the name of the person who releases here in the project's own repository, which is not published.

    Raises
    ------
    EvalbookError
        It cannot be a person's name, or there is no repository.
    """
    refuse_name(name)
    git(root, "config", "--local", RELEASER, unicodedata.normalize("NFC", name.strip()))


def refuse_name(name: str) -> None:
    """Refuse what cannot be a person's name.

    Raises
    ------
    EvalbookError
        With what was expected.
    """
    if fault := name_fault(unicodedata.normalize("NFC", name.strip())):
        raise EvalbookError(f"没有定版：定版人姓名写的是{quote(name)}，{fault}。请写真实姓名，如 张三。")


def name_fault(name: str) -> str:
    """Why a text cannot be a person's name, in Chinese; empty if it can."""
    letters = sum(letter.isalpha() for letter in name)
    if not 2 <= len(name) <= NAME_LENGTH:
        return f"应为2至{NAME_LENGTH}个字"
    if not all(each.isalpha() or unicodedata.combining(each) or each in " ·•-'." for each in name):
        return "只能有文字、间隔号“·”和空格"
    if letters < 2 or not name[0].isalpha() or name[-1] in " ·•-'":
        return "不像姓名"
    return "" if name.lower() not in {TOOL, "root", "admin", "administrator", "user"} else "不是人的姓名"


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


# -- what was ever committed


@dataclass(frozen=True)
class Version:
    """A file as it was in a commit.

    Attributes
    ----------
    commit : str
        Whatever names it, or nothing any more: a branch, a reflog, an amended or rebased commit that is still there.
    day : str
        Of the commit, by the clock of whoever made it.
    age : tuple of int
        Order of commits: none is older than those before it in its own history, whatever a clock said.
    content : bytes
        Of the file.
    """

    commit: str
    day: str
    age: tuple[int, int]
    content: bytes


def versions(root: Path, path: str) -> tuple[Version, ...]:
    """Every content that a file has had in any commit that git still holds, in the order of age.

    Of commits that hold the same one the oldest stands for all. Commits are listed, not walked to, so that those that
    history was rewritten from are found, and what is missing of them stops nothing.
    """
    everything = git(root, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
    commits = [line.split()[1] for line in everything.splitlines() if line.startswith(b"commit ")]
    place = f"{_inside(root)}{path}".encode()
    asked = b"".join(b"%s:%s\n" % (commit, place) for commit in commits)
    found = git(root, "cat-file", "--batch-check=%(objecttype) %(objectname)", given=asked).splitlines()
    held = {
        commit.decode(): line.split()[1].decode()
        for commit, line in zip(commits, found, strict=True)
        if line.startswith(b"blob ")
    }
    if not held:
        return ()
    known = {name: _commit(content) for name, content in _objects(root, map(bytes.decode, commits))}
    ages = _ages({name: (time, parents) for name, (time, parents, _) in known.items()})
    oldest: dict[str, str] = {}
    for commit in sorted(held, key=lambda commit: (ages[commit], commit)):
        oldest.setdefault(held[commit], commit)
    return tuple(
        Version(oldest[blob], known[oldest[blob]][2], ages[oldest[blob]], content)
        for blob, content in _objects(root, oldest)
    )


def _objects(root: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Objects of the repository with their content."""
    listed = git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    at = 0
    while at < len(listed):
        end = listed.index(b"\n", at)
        name, *told = listed[at:end].split()
        at = end + 1
        if len(told) == 2:  # not of an object that the repository has lost
            size = int(told[1])
            yield name.decode(), listed[at : at + size]
            at += size + 1


def _commit(content: bytes) -> tuple[int, tuple[str, ...], str]:
    """Time of a commit, the commits before it, and the day where it was made."""
    parents, time, zone = [], 0, 0
    for line in content.partition(b"\n\n")[0].splitlines():
        if line.startswith(b"parent "):
            parents.append(line[7:].decode())
        elif match := re.fullmatch(rb"committer .* (\d{1,11}) ([+-])(\d\d)(\d\d)", line):
            time = int(match[1])
            zone = (int(match[3]) * 60 + int(match[4])) * (-60 if match[2] == b"-" else 60)
    day = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time + zone)
    return time, tuple(parents), str(day.date())


def _ages(commits: Mapping[str, tuple[int, tuple[str, ...]]]) -> dict[str, tuple[int, int]]:
    """Age of every commit: its time, or that of one before it if a clock was set back, and how many are before it."""
    ages: dict[str, tuple[int, int]] = {}
    for start in commits:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            time, parents = commits[name]
            before = [parent for parent in parents if parent in commits]
            unknown = [parent for parent in before if parent not in ages]
            waiting += unknown
            if not unknown:
                latest = max((ages[parent] for parent in before), default=(0, 0))
                ages[name] = (max(time, latest[0]), max((ages[p][1] for p in before), default=0) + 1)
                waiting.pop()
    return ages
