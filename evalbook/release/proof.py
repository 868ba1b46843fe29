"""Whether editions that lie somewhere are those of the ledger, and those that were signed on paper.

A folder's manifests prove that it agrees with itself. Whoever changes a page and every manifest above it is found out by
what lies elsewhere: the ledger, or the check code on the last page of the signed paper.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from evalbook.errors import EvalbookError
from evalbook.publish import MANIFEST, check_code, files
from evalbook.publish.manifest import GROUP, SIZE_LIMIT, Entry, edition_place, entry_of, read_manifest
from evalbook.release.build import CARD
from evalbook.release.places import published_places, stored
from evalbook.schema.text import clean
from evalbook.year import Edition, read_ledger, read_project, years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

CARD_LIMIT = 1_000_000
"""Bytes of the largest card that is read; one of an edition of 2020 has under 3000."""
ASKED = 2
"""Groups that are asked: of two, one in four thousand million guesses is right."""
GROUPS = range(1, 64 // GROUP + 1)
ANSWER = re.compile(r"第?(\d{1,2})组?[=:](\S{1,20})")


@dataclass(frozen=True)
class Lying:
    """An edition as it lies somewhere, whole by its own manifest.

    Attributes
    ----------
    year, number : int
        Which it says it is.
    county : str
        Whose it says it is.
    content : str
        SHA-256 of its manifest.
    code : tuple of str
        Groups of its check code; empty for an edition that was released before there was one.
    card : mapping of str to object
        What it says of itself.
    """

    year: int
    number: int
    county: str
    content: str
    code: tuple[str, ...]
    card: Mapping[str, object]

    @property
    def place(self) -> str:
        """Year and number, as commands name an edition."""
        return f"{self.year}/{self.number}"

    def __str__(self) -> str:
        return f"{self.year}年度第{self.number}版"


def editions_in(path: Path) -> tuple[Lying, ...]:
    """Editions of a published folder, the folder of one, or an archive of either, in which nothing was found wrong.

    Raises
    ------
    EvalbookError
        What an edition says of itself cannot be read, or says that it is another than its place.
    """
    with files.explained(f"校验 {path} ", lambda: "没有完成校验。"), _opening(path) as opened:
        listed = read_manifest(_read(opened, MANIFEST, SIZE_LIMIT))
        places = dict.fromkeys(f"{place}/" for name in listed if (place := edition_place(name)))
        found = [_lying(opened, place) for place in places or ([""] if CARD in listed else [])]
    return tuple(sorted(found, key=lambda one: (one.year, one.number)))


@contextmanager
def _opening(path: Path) -> Iterator[Callable[[str], IO[bytes]]]:
    if path.is_dir():
        yield lambda name: files.opened(path / name)
        return
    with zipfile.ZipFile(path) as archive:
        yield archive.open


def _read(opened: Callable[[str], IO[bytes]], name: str, most: int) -> bytes:
    with opened(name) as stream:
        return stream.read(most + 1)


def _lying(opened: Callable[[str], IO[bytes]], place: str) -> Lying:
    manifest = _read(opened, f"{place}{MANIFEST}", SIZE_LIMIT)
    entries = read_manifest(manifest)
    card: Any = None
    if CARD in entries:
        card = read_card(_read(opened, f"{place}{CARD}", CARD_LIMIT), entries[CARD])
    match card:
        case {"year": int() as year, "number": int() as number, "county": str() as county, **said} if (
            place in {"", f"{year}/{number}/"}
        ):
            code = check_code(entries) if said.get("entry") else ()
            return Lying(year, number, county, entry_of(manifest).sha256, code, card)
    raise EvalbookError(f"{place}{CARD} 写的不是这一版，或者读不懂：不是 evalbook 定版时写的。")


def read_card(content: bytes, entry: Entry) -> dict[str, Any] | None:
    """What an edition says of itself; None where it is not what its manifest lists, or cannot be read."""
    try:
        card = json.loads(content) if entry_of(content) == entry else None
    except (ValueError, RecursionError):
        return None
    return card if isinstance(card, dict) else None


# -- by the ledger


def against_ledger(root: Path, lying: Sequence[Lying]) -> tuple[list[Lying], list[str]]:
    """Hold editions against the ledgers of a project.

    Returns
    -------
    tuple of list of Lying, list of str
        Those that are what the ledger names, and what is wrong with the others, in Chinese.
    """
    own = read_project(root)[0]
    same, wrong = [], []
    for one in lying:
        ledger = read_ledger(root, one.year)[0] if one.year in years(root) else ()
        edition = ledger[one.number - 1] if 1 <= one.number <= len(ledger) else None
        if own is not None and one.county not in {own.county, *own.former_names}:
            wrong.append(
                f"{one}写的是{clean(one.county)}的，不是本项目（{own.county}）的，不能用本项目的台账核对"
            )
        elif edition is None:
            wrong.append(f"{one}：本项目的台账里没有这一版")
        elif gone := edition.withdrawn:
            wrong.append(f"{one}：台账写明已于{gone.date}撤销（{clean(gone.reason)}），不能当作有效的一版")
        elif one.content != edition.content:
            wrong.append(
                f"{one}：不是台账记的内容。各文件与清单互相一致，而清单的哈希值是 {one.content}，台账记的是"
                f" {edition.content}：网页和清单被一起改过。要知道改了哪里：evalbook verify 文件夹 --rebuild {one.place}"
            )
        elif said := card_differences(edition, one.card):
            wrong.append(
                f"{one}：内容是台账记的，台账的记录却与它定版时不同：{'；'.join(said)}。台账被改过，请从版本库恢复"
            )
        else:
            same.append(one)
    return same, wrong


def card_differences(edition: Edition, card: Mapping[str, object]) -> list[str]:
    """What an edition says of itself otherwise than its entry in the ledger."""
    names = {"date": "日期", "kind": "类型", "status": "状态", "reason": "理由", "approver": "批准"}
    found: list[str] = []
    if not card:
        return found
    for name, heading in names.items():
        was, now = str(card.get(name, "")), str(getattr(edition, name))
        if was != now:
            found.append(f"“{heading}”定版时是“{clean(was)}”，台账现在是“{clean(now)}”")
    if not found and card.get("entry", edition.as_made) != edition.as_made:
        found.append("定版时的记录与台账现在的记录哈希值不同")
    return found


def kept_edition(root: Path, year: int, edition: Edition) -> Lying:
    """A released edition where this machine has it, kept or published.

    Raises
    ------
    EvalbookError
        It has it nowhere.
    """
    folders = [stored(root, year, edition.number)]
    folders += [site / str(year) / str(edition.number) for site in published_places(root)]
    for folder in folders:
        manifest = folder / MANIFEST
        if manifest.is_file() and files.digest(manifest) == edition.content:
            return editions_in(folder)[0]
    raise EvalbookError(
        f"这台电脑上没有{year}年度第{edition.number}版的文件，不能核对核对码。请写出发布它的文件夹："
        f"evalbook verify 文件夹 --paper {year}/{edition.number}；或先重新生成：evalbook verify --rebuild {year}/{edition.number}"
    )


# -- by the paper


def groups_to_ask() -> tuple[int, ...]:
    """Numbers of the groups to be asked, which nobody can know before."""
    return tuple(sorted(secrets.SystemRandom().sample(GROUPS, ASKED)))


def answers(text: str) -> dict[int, str]:
    """Groups as they were typed: ``3=1b72,11=9f00``.

    Raises
    ------
    EvalbookError
        They are no groups, or fewer than would be asked.
    """
    found: dict[int, str] = {}
    for part in filter(None, re.split(r"[,;、\s]+", unicodedata.normalize("NFKC", text))):
        match = ANSWER.fullmatch(part)
        if match is None or int(match[1]) not in GROUPS:
            raise EvalbookError(
                f"核对码写的是“{clean(part)}”，应为第几组等于什么，如 3=1b72,11=9f00；组号是1至{GROUPS[-1]}。"
            )
        found[int(match[1])] = match[2]
    if len(found) < ASKED:
        raise EvalbookError(f"核对码只写了{len(found)}组，至少写{ASKED}组，如 3=1b72,11=9f00。")
    return found


def wrong_groups(lying: Lying, said: Mapping[int, str]) -> list[int]:
    """Numbers of the groups that are not those of an edition."""
    return [
        number
        for number, text in said.items()
        if unicodedata.normalize("NFKC", text).strip().lower() != lying.code[number - 1]
    ]
