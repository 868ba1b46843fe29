"""Release an edition: check it, build it in a clean environment, keep it, and record it in the ledger.

The entry in the ledger is the release: it is written last, in one step. Whatever a killed release has left behind
is thrown away by the next one.
"""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.checks import ERROR
from evalbook.editions import Revision, frozen_text, read_frozen, revisions, unexplained
from evalbook.errors import EvalbookError, InputError, Problem
from evalbook.figures import FigureSet, load
from evalbook.privacy import PersonalDataError, scan_file, scan_folder, small_counts
from evalbook.publish import files
from evalbook.publish.manifest import MANIFEST, manifest_of
from evalbook.release import repository
from evalbook.release.gates import refuse_leaks
from evalbook.release.rebuild import CLEAN, Program, clean_copy, hashes, record
from evalbook.run import inspect
from evalbook.scoring import evaluate
from evalbook.tables import (
    Edition,
    Registries,
    frozen_path,
    ledger_path,
    ledger_text,
    read_ledger,
    year_folder,
)
from evalbook.tables.schema import (
    CALENDAR,
    DATE,
    EDITION_KINDS,
    EXPLANATIONS,
    FINAL,
    LEDGER_SETTINGS,
    STATUSES,
    TEXT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalbook.privacy import Hit

STORE = "releases"
"""Folder of the project in which the files of released editions are kept until they are published."""

STAGING = ".staging-"
SMALL_COUNT = 2
"""Largest number of people that could identify them, unless the year says otherwise (no law names one)."""

FIRST, PLANNED, CORRECTION = EDITION_KINDS
FIRST_REASON = "首次发布"
LOCK_PATIENCE = 2.0


@dataclass(frozen=True)
class Wish:
    """What the person who releases an edition says of it.

    Attributes
    ----------
    date : datetime.date
        Of the edition; not after ``today``.
    today : datetime.date
        By the clock of the machine.
    kind, reason, approver, status : str
        Empty where nothing was said.
    """

    date: datetime.date
    today: datetime.date
    kind: str = ""
    reason: str = ""
    approver: str = ""
    status: str = ""


def wish_of(said: Mapping[str, str], today: datetime.date) -> Wish:
    """Wish from what was typed.

    Parameters
    ----------
    said
        ``date``, ``kind``, ``reason``, ``approver`` and ``status``, empty where nothing was said.
    today
        By the clock of the machine.

    Raises
    ------
    EvalbookError
        With everything that the ledger could not hold.
    """
    faults = []
    nothing = Registries({}, {}, ())
    for column in LEDGER_SETTINGS:
        text = column.kind.normalise(said.get(column.name, ""))
        if text and not (column.kind.accepts(text, nothing) and TEXT.accepts(text, nothing)):
            faults.append(f"{column.heading}写的是“{text[:40]}”，应为{column.kind.expected}")
    if faults:
        raise EvalbookError("没有定版：" + "；".join(faults) + "。")
    date = DATE.parse(DATE.normalise(said["date"]), nothing) if said["date"] else today
    assert isinstance(date, datetime.date)  # noqa: S101 - what the kind parses
    return Wish(date, today, *(said[name].strip() for name in ("kind", "reason", "approver", "status")))


@dataclass(frozen=True)
class Release:
    """What was released.

    Attributes
    ----------
    edition : Edition
        Its entry in the ledger.
    folder : Path
        Its files.
    revisions : tuple of Revision
        Numbers that differ from the edition before.
    errors : int
        Contradictions that nobody has explained; they are shown on its pages.
    """

    edition: Edition
    folder: Path
    revisions: tuple[Revision, ...]
    errors: int


def stored(root: Path, year: int, number: int) -> Path:
    """Folder in which the files of a released edition are kept."""
    return root / STORE / str(year) / str(number)


@contextmanager
def releasing(root: Path) -> Iterator[None]:
    """Keep two releases of a project apart.

    Raises
    ------
    EvalbookError
        Another one is going on.
    """
    files.make_folder(root / STORE)
    with files.held(root / STORE / ".lock", LOCK_PATIENCE):
        yield


def release(root: Path, year: int, wish: Wish, program: Program = CLEAN) -> Release:
    """Release the next edition of a year.

    Parameters
    ----------
    root, year
        Project and fiscal year.
    wish
        What is said of the edition.
    program
        What makes it from a clean copy of the project.

    Returns
    -------
    Release
        What was released; the ledger and the frozen figures are committed.

    Raises
    ------
    InputError
        The year's files must be mended, or numbers changed that no correction explains.
    PersonalDataError
        Input or output holds personal data.
    EvalbookError
        Anything else that stands against it; nothing was released, what was released before is as it was.
    """
    year_folder(root, year)
    with releasing(root):
        finish(root, year)
        figures, changes = _admitted(root, year, wish)
        ledger, number = figures.year.ledger, figures.year.edition
        content = frozen_text(figures).encode("utf-8-sig")
        commit = _commit_inputs(root, year, number)
        entry = _entry(figures, wish, changes, commit, content)
        with clean_copy(root, commit) as copy, staging(root) as scratch:
            entry = with_hashes(entry, hashes(copy, year))
            record(copy, year, (*ledger, entry), {**frozen(root, year, ledger), number: content})
            made = scratch / "edition"
            program.build(copy, year, made)
            refuse_personal(scan_folder(made))
            refuse_leaks(made, figures.year, (root, copy))
            manifest = manifest_of(made)
            files.write(made / MANIFEST, manifest)
            entry = replace(entry, content=hashlib.sha256(manifest).hexdigest())
            keep(root, year, number, made)
            files.make_folder(frozen_path(root, year, number).parent)
            for path, text in (
                (frozen_path(root, year, number), content),
                (ledger_path(root, year), ledger_text((*ledger, entry)).encode()),
            ):
                files.write(scratch / path.name, text)
                files.move(scratch / path.name, path)
        finish(root, year)
    found = revisions(figures, read_frozen(root, year, number - 1), number) if ledger else ()
    errors = sum(not finding.explained for finding in evaluate(figures).findings.of(ERROR))
    return Release(entry, stored(root, year, number), found, errors)


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """Folder on the disk of the store for what is being made; the next release removes that of a killed one."""
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=root / STORE) as folder:
        yield Path(folder)


def frozen(root: Path, year: int, ledger: Sequence[Edition]) -> dict[int, bytes]:
    """Files of the frozen figures of editions, by number.

    Raises
    ------
    EvalbookError
        One is missing.
    """
    try:
        return {e.number: frozen_path(root, year, e.number).read_bytes() for e in ledger}
    except FileNotFoundError as error:
        raise EvalbookError(f"找不到 {error.filename}。请从版本库恢复这个文件。") from None


def keep(root: Path, year: int, number: int, made: Path) -> None:
    """Keep the files of an edition in the place of whatever a killed release has left there."""
    place = stored(root, year, number)
    files.make_folder(place.parent)
    files.clear(place)
    files.move(made, place)


def finish(root: Path, year: int) -> None:
    """Bring the repository up to the ledger, and remove what an unfinished release has left."""
    ledger, problems = read_ledger(root, year)
    if problems:
        raise InputError(tuple(problems))
    for path in (root / STORE).glob(f"{STAGING}*"):
        files.clear(path)
    for path in frozen_path(root, year, 0).parent.glob("*"):
        if path.stem not in {str(edition.number) for edition in ledger}:
            files.remove(path)
    if not ledger:
        return
    record = [
        path.relative_to(root).as_posix()
        for path in (ledger_path(root, year), frozen_path(root, year, 0).parent)
    ]
    if any(path.startswith(tuple(record)) for path in repository.changed(root)):
        _only_grew(root, year, ledger)
        repository.commit(root, f"Release edition {ledger[-1].number} of {year}", *record)


def _only_grew(root: Path, year: int, ledger: Sequence[Edition]) -> None:
    """Refuse a ledger that lost or changed an entry which was committed."""
    name = ledger_path(root, year).relative_to(root).as_posix()
    committed = repository.committed(root, name)
    if committed is not None and not ledger_text(ledger).encode().startswith(committed):
        raise EvalbookError(
            f"{name}：已经定版的记录被改动或删去了。请从版本库恢复这个文件（只能由 evalbook release 增加）。"
        )


def refuse_personal(hits: Sequence[Hit]) -> None:
    """Stop a release that holds personal data.

    Raises
    ------
    PersonalDataError
        With every place.
    """
    if hits:
        raise PersonalDataError(tuple(hits))


def _admitted(root: Path, year: int, wish: Wish) -> tuple[FigureSet, tuple[str, ...]]:
    """Figures of the edition to come, and the files changed directly since the last, when nothing stands against it."""
    figures, problems, _ = inspect(root, year)
    if problems or figures is None:
        raise InputError(problems)
    last = figures.year.ledger[-1] if figures.year.ledger else None
    refuse_personal(
        (*scan_inputs(root, year), *small_counts(figures, figures.year.settings.small_count or SMALL_COUNT))
    )
    faults = _wish_faults(figures, wish)
    foreign = [path for path in repository.changed(root) if not path.startswith("data/")]
    if foreign:
        listed = "、".join(foreign[:5]) + ("等" if len(foreign) > 5 else "")
        faults.append(f"程序文件有没有提交的改动（{listed}）。请让维护人员提交或撤销以后再定版")
    if faults:
        raise EvalbookError(
            "没有定版：\n" + "\n".join(f"{i}. {fault}。" for i, fault in enumerate(faults, start=1))
        )
    if last is None:
        return figures, ()
    found = unexplained(revisions(figures, read_frozen(root, year, last.number), figures.year.edition))
    problems = (*_unexplained_problems(figures, found), *_unproved(root, figures))
    if problems:
        raise InputError(problems)
    apart = {f"{table.name}.csv" for table in (CALENDAR, EXPLANATIONS)} | {"corrections.csv", "editions.yml"}
    folder = f"data/{year}"
    changed = {*repository.changed_since(root, last.commit, folder)}
    changed |= {
        path.removeprefix(f"{folder}/") for path in repository.changed(root) if path.startswith(f"{folder}/")
    }
    return figures, tuple(sorted(path for path in changed - apart if not path.startswith("editions/")))


def with_hashes(edition: Edition, found: Mapping[str, str]) -> Edition:
    """Entry with the hashes of what it is made from."""
    return replace(
        edition,
        inputs=found["inputs"],
        registries=found["registries"],
        code=found["code"],
        lock=found["lock"],
    )


def _wish_faults(figures: FigureSet, wish: Wish) -> list[str]:
    year, last = figures.year, figures.year.ledger[-1] if figures.year.ledger else None
    faults = []
    if year.released:
        faults.append(f"数据与第{year.edition}版相同，没有可以定版的改动")
    if wish.date > wish.today:
        faults.append(f"日期{wish.date}在今天（{wish.today}）以后。日期写错了，或这台电脑的时钟不对")
    if last and wish.date < last.date:
        faults.append(f"日期{wish.date}早于第{last.number}版的{last.date}。日期写错了，或这台电脑的时钟不对")
    if not last and wish.kind not in {"", FIRST}:
        faults.append(f"第一次定版的类型只能是“{FIRST}”")
    if last and wish.kind == FIRST:
        faults.append(f"已经有第{last.number}版了，类型是“{PLANNED}”或“{CORRECTION}”")
    if last and not wish.reason:
        faults.append("没有写为什么要改。请用 --reason 写明理由")
    if wish.status == FINAL and not wish.approver:
        faults.append(f"状态是“{FINAL}”，没有写谁批准。请用 --approver 写明，或不写状态")
    return faults


def _unexplained_problems(figures: FigureSet, found: Sequence[Revision]) -> tuple[Problem, ...]:
    """Numbers that differ from the last edition though no correction says so."""
    data = figures.year.tables["corrections"]
    return tuple(
        Problem(
            data.file,
            0,
            "对象",
            f"{revision.name}（{revision.address}）上一版是{revision.old_text}，现在是{revision.new_text}，没有更正的记录",
            "与上一版不同的数字都有一行更正，或由更正过的数字算出",
            "改回原来的数据，或在 corrections.csv 里写明更正的理由",
        )
        for revision in found
    )


def _unproved(root: Path, figures: FigureSet) -> tuple[Problem, ...]:
    """Corrections that name a finding which the edition before does not have."""
    year, number = figures.year.settings.year, figures.year.edition
    listed = evaluate(load(root, year, number - 1)).findings.listed
    found = {one.stem for finding in listed for one in (finding, *finding.consequences)}
    return tuple(
        Problem(
            figures.year.tables["corrections"].file,
            correction.row,
            "发现编号",
            f"第{number - 1}版没有发现“{correction.finding}”",
            "勾稽检查列出的编号",
            "照检查结果抄写编号；不是由检查发现的留空，理由里写清楚",
        )
        for correction in figures.year.corrections
        if correction.edition == number and correction.finding and correction.finding not in found
    )


def scan_inputs(root: Path, year: int) -> tuple[Hit, ...]:
    """Personal data in whatever a year's edition is made from."""
    data = root / "data"
    folders = [
        data / str(year),
        data / "reference",
        data / "frameworks",
        root / "notebooks",
        root / "book" / "guide",
    ]
    found: list[Hit] = []
    for folder in folders:
        if folder.is_dir():
            found += scan_folder(folder, folder.relative_to(root).as_posix())
    for name in ("_config.yml", "_toc.yml"):
        found += scan_file(name, (root / name).read_bytes())
    return tuple(found)


def _commit_inputs(root: Path, year: int, number: int) -> str:
    if any(path.startswith("data/") for path in repository.changed(root)):
        return repository.commit(root, f"Inputs of edition {number} of {year}", "data")
    return repository.head(root)


def _entry(figures: FigureSet, wish: Wish, changes: tuple[str, ...], commit: str, frozen: bytes) -> Edition:
    """Entry of the edition, as far as it is known before anything was made."""
    year, number = figures.year, figures.year.edition
    stated = year.settings.status
    status = wish.status or (stated if wish.approver or stated != FINAL else STATUSES[1])
    begun = [correction.subject for correction in year.corrections if correction.edition == number]
    unknown = "0" * 64
    return Edition(
        number=number,
        date=wish.date,
        kind=wish.kind or (CORRECTION if year.ledger else FIRST),
        status=status,
        reason=wish.reason or FIRST_REASON,
        approver=wish.approver,
        corrections=tuple(dict.fromkeys(begun)),
        changes=changes,
        commit=commit,
        inputs=unknown,
        registries=unknown,
        code=unknown,
        lock=unknown,
        figures=hashlib.sha256(frozen).hexdigest(),
        previous=year.ledger[-1].digest if year.ledger else "",
    )
