"""Prove an edition: make it again from what the ledger records and say what differs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from evalbook.editions import being, read_frozen
from evalbook.editions.frozen import NO_FIGURE
from evalbook.errors import EvalbookError
from evalbook.publish import MANIFEST, manifest_of
from evalbook.publish import files as disk
from evalbook.publish.manifest import shown
from evalbook.release.places import stored
from evalbook.release.rebuild import Program, clean_copy, clean_program, hashes, record
from evalbook.release.release import frozen, releasing, staging
from evalbook.release.tool import Tool, holds_program, installed_tool, lock_version, tool_of
from evalbook.schema.text import CONTROL
from evalbook.schema.vocabulary import ABSENT, MISSING
from evalbook.year import Edition, lock_path, year_folder
from evalbook.year.ledger import ledger_with
from evalbook.year.tables import LEDGER_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSAGE = 40
"""Characters shown of a passage that differs."""


@dataclass(frozen=True)
class Difference:
    """Something that came out otherwise than it was released.

    Attributes
    ----------
    what : str
        输入, 数字, 页面 or 文件.
    where : str
        Key of the ledger, address of the figure, page or file.
    words : str
        How it differs, in Chinese.
    """

    what: str
    where: str
    words: str

    def __str__(self) -> str:
        return f"{self.what} {self.where}：{self.words}"


def verify_rebuild(
    root: Path,
    year: int,
    number: int,
    published: Path | None = None,
    *,
    program: Program | None = None,
    environment: Path | None = None,
) -> tuple[Difference, ...]:
    """Make a released edition again in a clean environment and compare it.

    Parameters
    ----------
    root, year, number
        Project, fiscal year, edition.
    published
        Files to compare with, file by file; those kept by the release when left out.
    program
        What makes it from a clean copy of the project; the clean one when left out.
    environment
        Virtual environment with the tool that made the edition, for a project that does not hold the program; this one
        when left out.

    Returns
    -------
    tuple of Difference
        Empty when every byte is as it was released.

    Raises
    ------
    EvalbookError
        There is no such edition, its commit is not in the repository, or it could not be built.
    """
    year_folder(root, year)
    ledger = ledger_with(root, year, number)
    doing = f"重新生成{year}年度第{number}版"
    with releasing(root, doing, lambda: "已经定版的没有改动。"), staging(root) as scratch:
        made = scratch / "edition"
        return rebuilt(
            root, year, ledger[:number], made, published=published, program=program, environment=environment
        )


def rebuilt(
    root: Path,
    year: int,
    ledger: tuple[Edition, ...],
    made: Path,
    *,
    published: Path | None = None,
    program: Program | None = None,
    environment: Path | None = None,
) -> tuple[Difference, ...]:
    """Make the last edition of a ledger again, with its manifest, and say what differs from what was released."""
    edition = ledger[-1]
    found: list[Difference] = []
    copy = clean_copy(root, edition.commit, made.parent)
    headings = {column.name: column.heading for column in LEDGER_SETTINGS}
    tool = None if holds_program(copy) else _needed_tool(root, year, edition, environment)
    program = program or clean_program(tool)
    for name, value in hashes(copy, year, tool).items():
        if name == "lock" and tool and value != edition.lock:
            found.append(Difference("输入", headings[name], _other_packages(root, year, edition, tool)))
        elif value != getattr(edition, name):
            said = f"台账记的是{getattr(edition, name)}，提交 {edition.commit} 里是{value}"
            found.append(Difference("输入", headings[name], said))
    kept = frozen(root, year, ledger)
    if hashlib.sha256(kept[f"{edition.number}.csv"]).hexdigest() != edition.figures:
        found.append(Difference("输入", headings["figures"], "保存的数字与台账记的哈希值不符"))
    record(copy, year, ledger, kept)
    program.build(copy, year, made)
    found += _figure_differences(root, year, edition.number, program.figures(copy, year))
    manifest = manifest_of(made)
    disk.write(made / MANIFEST, manifest)
    same = hashlib.sha256(manifest).hexdigest() == edition.content
    # What was published may be other than what was released, with manifests that agree with it.
    if not same or published:
        found += _file_differences(made, published or stored(root, year, edition.number))
    if not same and not any(difference.what in {"页面", "文件"} for difference in found):
        words = "重新生成的与定版时的清单不同，手边没有原件可以逐个比较"
        found.append(Difference("文件", MANIFEST, words))
    return tuple(found)


def _needed_tool(root: Path, year: int, edition: Edition, environment: Path | None) -> Tool:
    """The installed tool that made an edition: of the environment that is named, or of this one.

    Raises
    ------
    EvalbookError
        It is another, or nobody knows which it was.
    """
    name = f"{year}年度第{edition.number}版"
    path = lock_path(root, year, edition.number)
    if not path.is_file():
        missing = path.relative_to(root).as_posix()
        raise EvalbookError(f"找不到 {missing}，不知道{name}由哪一版 evalbook 生成。请从版本库恢复。")
    needed = lock_version(path.read_text(encoding="utf-8"))
    tools = [*([tool_of(environment)] if environment else []), installed_tool()]
    fitting = next((tool for tool in tools if tool.code == edition.code), None)
    if fitting is None:
        tool = tools[0]
        where = f"{environment} 里" if environment else "这里"
        have = f"{tool.version}，程序文件与那时的不同" if tool.version == needed else tool.version
        raise EvalbookError(
            f"{name}由 evalbook {needed} 生成，{where}装的是 {have}。请把 {needed} 装进一个虚拟环境，再写上："
            "--environment 那个文件夹"
        )
    return fitting


def _other_packages(root: Path, year: int, edition: Edition, tool: Tool) -> str:
    then = set(lock_path(root, year, edition.number).read_text(encoding="utf-8").split())
    now = set(tool.lock.split())
    return f"定版时用 {'、'.join(sorted(then - now))}，现在是 {'、'.join(sorted(now - then)) or '没有'}"


def _figure_differences(root: Path, year: int, number: int, shown: dict[str, str]) -> Iterator[Difference]:
    recorded = read_frozen(root, year, number)
    for address in dict.fromkeys((*recorded, *shown)):
        old = recorded[address].text if address in recorded else NO_FIGURE
        new = shown.get(address, NO_FIGURE)
        missing = {MISSING, *ABSENT}  # programs of earlier editions have one word for what is not there
        if old != new and not {old, new} <= missing:
            name = f"{recorded[address].name}（{address}）" if address in recorded else address
            yield Difference("数字", name, f"定版时{being(old)}，重新算出{being(new)}")


def _file_differences(made: Path, original: Path) -> Iterator[Difference]:
    """Files that differ between what was made and an original, whose own manifest may be wrong."""
    if not original.is_dir():
        return
    new, old = disk.walk(made), disk.walk(original)
    for path in sorted({*new, *old} - {MANIFEST}):
        what, where = "页面" if path.endswith(".html") else "文件", shown(path)
        if path not in new:
            yield Difference(what, where, "重新生成时没有")
        elif path not in old:
            yield Difference(what, where, "定版时没有")
        elif isinstance(old[path], str):
            yield Difference(what, where, f"不是文件，是{old[path]}")
        elif new[path] != old[path] or disk.digest(made / path) != disk.digest(original / path):
            yield Difference(what, where, _passage(made / path, original / path))


def _passage(made: Path, original: Path) -> str:
    """Where the words of two files part."""
    if made.suffix != ".html":
        return "内容不同"
    new, old = (
        CONTROL.sub("□", " ".join(BeautifulSoup(path.read_bytes(), "lxml").get_text(" ").split()))
        for path in (made, original)
    )
    if new == old:
        return "文字相同，排版不同"
    first = next(
        (i for i, (a, b) in enumerate(zip(new, old, strict=False)) if a != b), min(len(new), len(old))
    )
    start = max(0, first - PASSAGE // 4)
    was, now = (text[start : start + PASSAGE].strip() for text in (old, new))
    return f"定版时是“{was}”，重新生成是“{now}”"
