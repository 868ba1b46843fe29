"""Put released editions on the intranet: everything is checked and staged first, then switched.

The steps of a switch are written down (the journal) before the first of them, and ordered so that after each of
them a reader meets a whole site: editions, to which nothing leads yet, then the pages of their years, which lead to
editions, then the site's own pages, which lead to years, and the manifest last. Whoever publishes next finishes
what a killed publish has written down, and throws away what it had only staged.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.publish import files
from evalbook.publish.manifest import (
    HASH,
    MANIFEST,
    SIZE_LIMIT,
    Entry,
    collisions,
    differences,
    edition_place,
    entry_of,
    manifest_of,
    name_fault,
    name_faults,
    read_manifest,
    refuse,
    shown,
)
from evalbook.publish.verify import JOURNAL, LOCK, SERVER, STAGING, WORK, folder_faults
from evalbook.year import find_project

if TYPE_CHECKING:
    import datetime

WORKINGS = frozenset({".ipynb", ".py", ".pyc", ".pickle", ".doctree", ".yml", ".md"})
"""Endings of what a book is made with, which no reader gets: notebooks, program, doctrees, settings, sources."""

MARGIN = 1024 * 1024
"""Bytes left free beside what is written: folders and the journal."""

NAMED = 5
"""Files named in a message, of however many."""

Steps = Mapping[str, str | None]
"""Path in the site → SHA-256 of the file that comes there from the staging folder (of its manifest for the folder of
an edition), or None for a file that goes; in the order in which they are done."""


@dataclass(frozen=True)
class Released:
    """An edition as its release left it.

    Attributes
    ----------
    year, number : int
        Fiscal year; number of the edition, from 1.
    date : datetime.date
        Of the edition.
    folder : Path
        Its files with their manifest.
    content : str
        SHA-256 of the manifest, as the ledger has it.
    """

    year: int
    number: int
    date: datetime.date
    folder: Path
    content: str

    @property
    def place(self) -> str:
        """Folder in the site, where it stays."""
        return f"{self.year}/{self.number}"

    def __str__(self) -> str:
        return f"{self.year}年度第{self.number}版"


@dataclass(frozen=True)
class Delivered:
    """What a publish did.

    Attributes
    ----------
    added, present : tuple of str
        Editions put on the site and editions that were there, such as ``2020/1``.
    restored : tuple of str
        Files of editions that had been lost from the site.
    replaced, removed : tuple of str
        The site's own small files that are new or other than before, and those that are gone.
    foreign : tuple of str
        Files that no publish has put there; they were left alone.
    finished : bool
        Whether an earlier publish that had been interrupted was finished first.
    """

    added: tuple[str, ...]
    present: tuple[str, ...]
    restored: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]
    foreign: tuple[str, ...]
    finished: bool


@dataclass(frozen=True)
class _New:
    """A file to be written: its content or where to read it, and the day it says it was changed last."""

    source: bytes | Path
    entry: Entry
    day: datetime.date | None


@dataclass(frozen=True)
class _Site:
    """What was found: files that lie in the folder, with their size, and what its manifest lists."""

    folder: Path
    lying: Mapping[str, int | str]
    published: Mapping[str, Entry]


@dataclass(frozen=True)
class _Plan:
    staged: Mapping[str, _New]
    steps: Steps
    delivered: Delivered


def publish(
    editions: Sequence[Released],
    pointers: Mapping[str, bytes],
    target: Path,
    today: datetime.date,
    *,
    patience: float = 10,
    note: Callable[[], None] = lambda: None,
) -> Delivered:
    """Bring a site up to date: editions are added and never changed, pointers are replaced.

    Parameters
    ----------
    editions
        Every edition that is known here. Editions of other years that lie in the site stay as they are.
    pointers
        Path → content of the site's own small files: its pages, and those of each year, which lead to editions.
    target
        The site's folder, local or mounted; made if only its last part is missing.
    today
        The day, to notice a clock that was set back.
    patience
        Seconds to wait for another publish.
    note
        Writes down elsewhere that the editions are being published: when nothing stands against it any more, and before
        a reader can meet them.

    Raises
    ------
    EvalbookError
        Something is refused or failed; a reader meets the old site, or one that the next publish finishes.
    """

    def ending() -> str:
        with suppress(OSError):
            if (target / JOURNAL).exists():
                return "网站可以照常浏览；改好后再发布一次，会接着做完。"
        return "网站保持原样。"

    with files.explained(f"发布到 {target} ", ending):
        wanted = _checked(editions, pointers, today)
        target = target.resolve()
        _check_target(target, editions)
        files.make_folder(target / WORK)
        with files.held(target / LOCK, patience):
            finished = _resume(target)
            files.clear(target / STAGING)
            plan = _plan(editions, wanted, target, today, finished=finished)
            try:
                if plan.steps:
                    _stage(plan, target)
                note()
                if plan.steps:
                    _write_journal(plan.steps, target)
            except (OSError, EvalbookError):
                with suppress(OSError):
                    if not (target / JOURNAL).exists():
                        files.clear(target / STAGING)  # a full disk is not left full
                raise
            _finish(plan.steps, target)
            return plan.delivered


# -- what is asked for


def _checked(
    editions: Sequence[Released], pointers: Mapping[str, bytes], today: datetime.date
) -> dict[str, _New]:
    """Files of all editions, their manifests among them, and pointers, by their path in the site.

    Refuses an edition that is not what its release made, and what must not be published.
    """
    faults: list[str] = []
    wanted: dict[str, _New] = {}
    for edition in editions:
        if edition.date > today:
            faults.append(_clock_fault(today, str(edition), edition.date))
        if not edition.folder.is_dir():
            faults.append(f"{edition}的文件夹 {edition.folder} 不见了。请从版本库恢复它。")
            continue
        lying = f"{edition}（{edition.folder}）"
        if found := folder_faults(edition.folder):
            faults.append(f"{lying}与自己的清单不符：{_named(map(str, found))}。请从版本库恢复它。")
            continue
        content = files.read(edition.folder / MANIFEST)
        if (manifest := entry_of(content)).sha256 != edition.content:
            faults.append(f"{lying}不是登记时的内容：清单的校验值不同。请从版本库恢复它。")
            continue
        for path, entry in {**read_manifest(content), MANIFEST: manifest}.items():
            wanted[f"{edition.place}/{path}"] = _New(edition.folder / path, entry, edition.date)
    places = Counter(edition.place for edition in editions)
    faults += [f"{place} 给了两次。" for place, count in sorted(places.items()) if count > 1]
    faults += [
        f"{shown(path)}：这个位置是版次和清单的，不能放网站自己的页面。"
        for path in pointers
        if edition_place(path) or path == MANIFEST
    ]
    # Without a day: an older date or none at all would let a server call a replaced page unchanged.
    wanted |= {path: _New(content, entry_of(content), None) for path, content in pointers.items()}
    faults += [f"{shown(path)}：是制作过程的文件，不能发布。" for path in wanted if is_working(path)]
    faults += [f"{fault}。" for fault in name_faults([*wanted, MANIFEST])]
    refuse(faults)
    return wanted


def _clock_fault(today: datetime.date, name: str, date: datetime.date) -> str:
    told = f"这台电脑的日期是 {today}，早于{name}的日期 {date}"
    return f"{told}：时钟可能被调回去了。请先把电脑的时钟校准再发布。"


def is_working(path: str) -> bool:
    """Whether a file, by its path, is one that an edition is made with and no reader gets."""
    pure = PurePosixPath(path)
    return any(part.startswith(".") for part in pure.parts) or pure.suffix.lower() in WORKINGS


def _named(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" 等{len(listed)}处" if len(listed) > NAMED else ""
    return "、".join(listed[:NAMED]) + more


def _check_target(target: Path, editions: Sequence[Released]) -> None:
    """Refuse a folder that is no place for a site, with what to do."""
    if target.exists() and not target.is_dir():
        raise EvalbookError(f"{target} 是文件。请写出一个文件夹。")
    if not target.parent.is_dir():
        raise EvalbookError(f"没有 {target.parent}。请检查路径和网络连接，或先建立这个文件夹。")
    folders = (edition.folder.resolve() for edition in editions)
    overlap = any(folder.is_relative_to(target) or target.is_relative_to(folder) for folder in folders)
    if overlap or _is_inside_project(target):
        raise EvalbookError(f"{target} 在项目自己的文件夹里。请写出项目之外的一个文件夹。")
    work = target / WORK
    if work.is_symlink() or (work.exists() and not work.is_dir()):
        raise EvalbookError(f"{work} 不是文件夹。请把它移走再发布。")
    if target.exists():
        lying = files.names(target) - {WORK}
        if lying and MANIFEST not in lying and not (target / JOURNAL).exists():
            raise EvalbookError(
                f"{target} 里有别的文件（{_named(map(shown, sorted(lying)))}），不是 evalbook 发布的文件夹。"
                "请写出一个空文件夹，或以前发布过的文件夹。"
            )


def _is_inside_project(target: Path) -> bool:
    """Whether a folder is a project, or deeper in one than a new folder beside its own."""
    try:
        return target.parent != find_project(target)
    except EvalbookError:
        return False


# -- what is to be done


def _plan(
    editions: Sequence[Released],
    wanted: Mapping[str, _New],
    target: Path,
    today: datetime.date,
    *,
    finished: bool,
) -> _Plan:
    """Compare what is asked for with what lies in the site, however a publish was interrupted.

    Refuses with everything for which the site must stay as it is.
    """
    lying = {path: size for path, size in files.walk(target).items() if not path.startswith(f"{WORK}/")}
    published = _read_published(target) if MANIFEST in lying else {}
    site = _Site(target, lying, published)
    refuse(
        f"{shown(one)} 与 {shown(other)} 在不分大小写的磁盘上是同一个名称。请给网站文件夹里的那一个改名。"
        for one, other in collisions({*wanted, *lying})
    )
    there = {
        path
        for path, new in wanted.items()
        if lying.get(path) == new.entry.bytes and files.digest(target / path) == new.entry.sha256
    }
    lists = (path for path in (*published, *lying) if path == f"{edition_place(path)}/{MANIFEST}")
    unknown = {edition_place(path) for path in lists} - {edition.place for edition in editions}
    faults = [*_faults_of_unknown(editions, unknown, site, today)]
    refuse([*faults, *_faults_of_known(editions, wanted, there, site)])
    lacking = wanted.keys() - there
    kept, removed = _earlier_files(wanted, unknown, published)
    manifest = manifest_of({path: new.entry for path, new in wanted.items()} | kept)
    whole = {edition.place: edition.content for edition in editions if not (target / edition.place).exists()}
    single = [path for path in sorted(lacking, key=_position) if edition_place(path) not in whole]
    gone = [path for path in removed if path in lying]
    steps: dict[str, str | None] = {**whole, **{path: wanted[path].entry.sha256 for path in single}}
    steps |= dict.fromkeys(gone)
    staged = {path: wanted[path] for path in sorted(lacking)}
    lies = target / MANIFEST
    if not lies.is_file() or entry_of(manifest) != entry_of(files.read(lies)):
        staged[MANIFEST] = _New(manifest, entry_of(manifest), None)
        steps[MANIFEST] = staged[MANIFEST].entry.sha256
    added = [edition.place for edition in editions if f"{edition.place}/{MANIFEST}" not in published]
    delivered = Delivered(
        added=tuple(added),
        present=tuple(edition.place for edition in editions if edition.place not in added),
        restored=tuple(path for path in staged if edition_place(path) and edition_place(path) not in added),
        replaced=tuple(path for path in staged if not edition_place(path) and path != MANIFEST),
        removed=tuple(gone),
        foreign=tuple(sorted(lying.keys() - published.keys() - wanted.keys() - {MANIFEST, SERVER})),
        finished=finished,
    )
    return _Plan(staged, steps, delivered)


def _position(path: str) -> tuple[bool, bool, bool, bool, str]:
    """Order in which files come to the site, so that what a file leads to is there before it."""
    page = path.endswith(".html")
    return (not edition_place(path), "/" not in path, page, page and path.endswith("index.html"), path)


def _read_published(target: Path) -> Mapping[str, Entry]:
    """What the manifest in the site lists; refuses one that cannot be used."""
    path = target / MANIFEST
    try:
        if path.is_symlink() or not path.is_file():
            raise EvalbookError("它不是文件。")
        with files.opened(path) as stream:
            return read_manifest(stream.read(SIZE_LIMIT + 1))
    except EvalbookError as error:
        raise EvalbookError(
            f"{path} 不能用：{error}\n请从备份恢复它；没有备份，就把整个 {target} 改名留存，"
            "再在登记了全部版次的电脑上发布一次，会重新生成全部版次。"
        ) from None


def _faults_of_unknown(
    editions: Sequence[Released], unknown: set[str], site: _Site, today: datetime.date
) -> Iterator[str]:
    """Editions in the site that are not known here: of the same years, or of a day to come."""
    for place in sorted(unknown):
        year, _, number = place.partition("/")
        path = f"{place}/{MANIFEST}"
        if int(year) in {edition.year for edition in editions}:
            yield (
                f"网站上已有{year}年度第{number}版，而这里没有登记它，或者已经撤销。请先取得最新的数据文件夹，"
                f"或在登记了全部版次的电脑上发布；确实撤销了的，把 {site.folder / place} 移走，再发布一次。"
            )
        elif isinstance(site.lying.get(path), int) and (date := files.modified(site.folder / path)) > today:
            yield _clock_fault(today, f"网站上的{year}年度第{number}版", date)


def _faults_of_known(
    editions: Sequence[Released], wanted: Mapping[str, _New], there: set[str], site: _Site
) -> Iterator[str]:
    """Editions that were published with other content, or that somebody changed in the site."""
    for edition in editions:
        prefix = f"{edition.place}/"
        own = {path: new.entry for path, new in wanted.items() if path.startswith(prefix)}
        before = {path: entry for path, entry in site.published.items() if path.startswith(prefix)}
        manifest = before.pop(prefix + MANIFEST, None)
        if manifest is not None and manifest.sha256 != edition.content:
            del own[prefix + MANIFEST]
            differing = (path.removeprefix(prefix) for path in differences(own, before))
            yield (
                f"{edition}已经发布过，而这次的内容不同（{_named(map(shown, differing))}）。"
                f"发布了的版次不能再改；要改，请登记新的一版（evalbook release {edition.year}）。"
            )
        elif changed := sorted(path for path in own.keys() - there if path in site.lying):
            yield (
                f"{edition}在网站上的文件被改动过：{_named(map(shown, changed))}。"
                f"请把 {site.folder / edition.place} 整个移到网站之外留作证据，再发布一次，会按登记的内容恢复。"
            )


def _earlier_files(
    wanted: Mapping[str, _New], unknown: set[str], published: Mapping[str, Entry]
) -> tuple[dict[str, Entry], list[str]]:
    """What becomes of the files that an earlier publish brought and this one does not: kept, removed.

    Whole years that are not known here are kept, and pages at an address that some edition has.
    """
    years = tuple(f"{place.partition('/')[0]}/" for place in unknown)
    pages = {re.sub("/[^/]+/", "/", path, count=1) for path in wanted if edition_place(path)}
    earlier = {path: entry for path, entry in published.items() if path not in wanted}
    kept = {path: entry for path, entry in earlier.items() if path.startswith(years) or path in pages}
    removed = sorted(path for path in earlier if path not in kept and not edition_place(path))
    return kept, removed


# -- doing it


def _stage(plan: _Plan, target: Path) -> None:
    """Write what is new beside the site, on the same disk, and read it back; refuses without room for it."""
    needed, free = sum(new.entry.bytes for new in plan.staged.values()) + MARGIN, files.space(target)
    if free is not None and free < needed:
        raise EvalbookError(
            f"{target} 所在的磁盘空间不足：需要{needed / MARGIN:.1f}兆，还有{free / MARGIN:.1f}兆。"
            "请清理出空间再发布。网站保持原样。"
        )
    staging = target / STAGING
    for path, new in plan.staged.items():
        content = new.source if isinstance(new.source, bytes) else files.read(new.source)
        files.make_folder((staging / path).parent)
        files.write(staging / path, content, new.day)
    for path, sha256 in plan.steps.items():
        if sha256 is not None and not _holds(staging / path, sha256):
            raise EvalbookError(
                f"{shown(path)} 写入 {target} 之后读回来的内容不同。请检查磁盘和网络，再发布一次。网站保持原样。"
            )


def _holds(path: Path, sha256: str) -> bool:
    """Whether a file has a content, or a folder the manifest with it and everything that it lists."""
    if path.is_dir():
        return not folder_faults(path) and files.digest(path / MANIFEST) == sha256
    return path.is_file() and files.digest(path) == sha256


def _write_journal(steps: Steps, target: Path) -> None:
    """Write down what is to be done; once it is there, it will be done."""
    document = {"format": 1, "steps": list(steps.items())}
    written = target / f"{JOURNAL}.new"
    files.write(written, json.dumps(document, ensure_ascii=False, indent=1).encode())
    files.move(written, target / JOURNAL)


def _read_journal(content: bytes) -> Steps | None:
    """Steps that were written down, or None if they cannot be relied upon."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    steps: dict[str, str | None] = {}
    match document:
        case {"format": 1, "steps": list(listed)}:
            for step in listed:
                match step:
                    case [str(path), None] if not name_fault(path):
                        steps[path] = None
                    case [str(path), str(sha256)] if not name_fault(path) and HASH.fullmatch(sha256):
                        steps[path] = sha256
                    case _:
                        return None
            return steps
    return None


def _resume(target: Path) -> bool:
    """Do what an interrupted publish has written down, if it is all there; otherwise the new plan covers it."""
    if not (target / JOURNAL).exists():
        return False
    steps = _read_journal(files.read(target / JOURNAL))
    if steps is None or not all(_is_ready(path, sha256, target) for path, sha256 in steps.items()):
        return False
    _finish(steps, target)
    return True


def _is_ready(path: str, sha256: str | None, target: Path) -> bool:
    """Whether a step can be done, or has been."""
    staged, goal = target / STAGING / path, target / path
    if sha256 is None:
        return not goal.is_dir()
    if staged.exists():
        return _holds(staged, sha256) and not (goal.exists() if staged.is_dir() else goal.is_dir())
    return _holds(goal, sha256)


def _finish(steps: Steps, target: Path) -> None:
    """Do the steps that are not done yet, then forget them."""
    for path, sha256 in steps.items():
        if sha256 is None:
            files.remove(target / path)
        elif (target / STAGING / path).exists():
            files.make_folder((target / path).parent)
            files.move(target / STAGING / path, target / path)
    files.remove(target / JOURNAL)
    with suppress(OSError):  # all is done, and the next publish clears it
        files.clear(target / STAGING)
