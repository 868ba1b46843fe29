"""What the ledger can be held against: every ledger that was ever committed, what was kept, what was published.

The last entry of a ledger is witnessed by no later one. Whoever rewrites or drops it, and commits that, leaves the
earlier ledger in the repository's history (or, of a rewritten history, among what git has not thrown away yet), and the
manifest of the edition where it was published.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.publish import MANIFEST, files
from evalbook.publish.manifest import SIZE_LIMIT, entry_of, read_manifest
from evalbook.publish.verify import folder_faults
from evalbook.release import repository
from evalbook.release.build import CARD
from evalbook.release.places import published_places, stored
from evalbook.release.proof import CARD_LIMIT, card_differences, read_card
from evalbook.schema.text import clean
from evalbook.year import Edition, ledger_path, read_ledger
from evalbook.year.tables import LEDGER_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalbook.release.repository import Version

SHORT = 12
"""Digits of a commit that a message names."""
LONGEST = 80
"""Characters that a message shows of what an entry says; hashes are shown whole."""


@dataclass(frozen=True)
class Testimony:
    """Something that says otherwise than the ledger.

    Attributes
    ----------
    words : str
        What it says, and what to do, in Chinese.
    settled : bool
        Whether the ledger is as it was at first all the same: it was put back since, or the other came later.
    """

    words: str
    settled: bool = False

    def __str__(self) -> str:
        return self.words


def refuse_contradicted(root: Path, year: int, ledger: Sequence[Edition]) -> None:
    """Refuse a ledger that lost or changed an entry since it was committed, kept or published.

    Raises
    ------
    EvalbookError
        With everything that says otherwise.
    """
    found = [str(one) for one in testimonies(root, year, ledger) if not one.settled]
    if found:
        listed = "\n".join(f"{number}. {text}" for number, text in enumerate(found, start=1))
        raise EvalbookError(
            f"{ledger_path(root, year).relative_to(root).as_posix()}：已经定版的记录被改动或删去了"
            f"（只能由 evalbook release 增加）：\n{listed}"
        )


def testimonies(root: Path, year: int, ledger: Sequence[Edition]) -> tuple[Testimony, ...]:
    """Everything that says otherwise than the ledger of a year."""
    name = ledger_path(root, year).relative_to(root).as_posix()
    versions = repository.versions(root, name)
    return (
        *_committed(name, year, ledger, versions),
        *_kept(root, year, ledger),
        *(one for place in published_places(root) for one in published(place, year, ledger)),
    )


# -- committed


def _committed(
    name: str, year: int, ledger: Sequence[Edition], versions: Sequence[Version]
) -> Iterator[Testimony]:
    """Entries that some committed ledger has otherwise, each once.

    A ledger that no release can have written says nothing. An entry is as it was at first where no other one of its
    number is as old: commits that go back behind it, or lie beside it and say that they are not younger, count against it.
    """
    read = [(version, entries) for version in versions if (entries := _entries(version.content, year))]
    for number in range(1, max((len(entries) for _, entries in read), default=0) + 1):
        today = ledger[number - 1] if number <= len(ledger) else None
        having = [(version, entries[number - 1]) for version, entries in read if len(entries) >= number]
        since = min((version.age for version, entry in having if _became(entry, today)), default=None)
        told: list[Edition] = []
        for version, entry in having:
            if _became(entry, today) or entry in told:
                continue
            told.append(entry)
            settled = since is not None and since < version.age
            yield Testimony(_told(name, number, entry, today, version, settled=settled), settled)


def _became(then: Edition, today: Edition | None) -> bool:
    """Whether an entry is still what it was, or was taken back since, which leaves it as it is."""
    return today is not None and then in {today, replace(today, withdrawn=None)}


def _entries(content: bytes, year: int) -> tuple[Edition, ...]:
    """Editions of a ledger as it was committed; none where it is not as a release writes it."""
    with tempfile.TemporaryDirectory(prefix="evalbook-") as folder:
        path = ledger_path(Path(folder), year)
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        entries, problems = read_ledger(Path(folder), year)
    return () if problems else entries


def _told(
    name: str, number: int, then: Edition, today: Edition | None, version: Version, *, settled: bool
) -> str:
    commit = f"提交 {version.commit[:SHORT]}（{version.day}）"
    if today is None:
        return (
            f"第{number}版的记录不见了：{commit}里有它（{then.date}，{then.kind}，{clean(then.reason)}）。"
            f"请维护人员照这个提交恢复 {name} 和这一版的文件，并查清是谁删的。"
        )
    different = "；".join(_differences(then, today))
    if settled:
        return f"{commit}里第{number}版的记录与现在的不同，是后来改的，现在的是原来的：{different}。"
    return (
        f"第{number}版的记录与{commit}里的不同：{different}。"
        f"请维护人员照这个提交恢复 {name}，并查清是谁改的；要改已经定版的内容，请定新的一版。"
    )


def _differences(then: Edition, today: Edition) -> Iterator[str]:
    for column in LEDGER_SETTINGS:
        was, now = (_shown(getattr(edition, column.name)) for edition in (then, today))
        if was != now:
            yield f"“{column.heading}”那里是{was}，现在是{now}"
    if then.withdrawn != today.withdrawn:
        yield "撤销的记录不一样"


def _shown(value: object) -> str:
    text = "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"“{clean(text, LONGEST)}”" if text else "空的"


# -- kept and published


def _kept(root: Path, year: int, ledger: Sequence[Edition]) -> Iterator[Testimony]:
    """Editions whose files, kept here by their release and whole, say otherwise than the ledger."""
    for edition in ledger:
        folder = stored(root, year, edition.number)
        found, card = said_in(folder)
        where = f"{folder.relative_to(root).as_posix()} 里保存的第{edition.number}版"
        if found and found != edition.content and not folder_faults(folder):
            yield Testimony(
                f"{where}是完整的，却不是台账记的内容：清单的哈希值是 {found}，台账记的是 {edition.content}。"
                "请用签发的纸质件核对；台账没有改过的，把这个文件夹移走，发布时会重新生成。"
            )
        elif found and (said := card_differences(edition, card)):
            yield Testimony(f"{where}写的与台账不同：{'；'.join(said)}。请从版本库恢复台账，并查清是谁改的。")


def published(site: Path, year: int, ledger: Sequence[Edition]) -> Iterator[Testimony]:
    """Editions of a year that a site has and the ledger has not, or otherwise."""
    found: dict[int, tuple[str, Mapping[str, object]]] = {}
    try:
        for folder in (site / str(year)).iterdir() if str(year) in files.names(site) else ():
            if folder.name.isdecimal() and folder.name.isascii() and (said := said_in(folder))[0]:
                found[int(folder.name)] = said
    except OSError:
        yield Testimony(f"以前发布的文件夹 {site} 现在打不开，没有和它核对。", settled=True)
        return
    recorded = {edition.number: edition for edition in ledger}
    for number, (content, card) in sorted(found.items()):
        edition = recorded.get(number)
        if edition is None:
            what = "台账里没有这一版"
        elif content != edition.content:
            what = f"清单的哈希值是 {content}，台账记的是 {edition.content}"
        else:
            what = "；".join(card_differences(edition, card))
        if what:
            yield Testimony(
                f"{site} 上发布的{year}年度第{number}版与台账不同：{what}。"
                f"请用签发的纸质件核对是哪一边改过：evalbook verify {site} --paper {year}/{number}；"
                f"台账改过的，从版本库恢复；网站改过的，把 {site / str(year) / str(number)} 移走，再发布一次。"
            )


def said_in(folder: Path) -> tuple[str, Mapping[str, object]]:
    """SHA-256 of the manifest in a folder, empty where there is none or it is damaged, and what its card says.

    Raises
    ------
    OSError
        They could not be read.
    """
    with suppress(FileNotFoundError, NotADirectoryError, EvalbookError):
        with files.opened(folder / MANIFEST) as stream:
            content = stream.read(SIZE_LIMIT + 1)
        entries = read_manifest(content)
        card = None
        if CARD in entries and (folder / CARD).is_file():
            with files.opened(folder / CARD) as stream:
                card = read_card(stream.read(CARD_LIMIT + 1), entries[CARD])
        return entry_of(content).sha256, card or {}
    return "", {}
