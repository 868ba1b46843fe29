"""Release an edition: check it, build it in a clean environment, keep it, and record it in the ledger.

First it is planned, so that whoever releases it sees what will be frozen. The entry in the ledger is the release: it is
written last, in one step. Whatever a killed release has left behind is thrown away by the next one.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError, InputError
from evalbook.privacy import scan_folder
from evalbook.publish import files
from evalbook.publish.manifest import MANIFEST, manifest_of
from evalbook.release import repository
from evalbook.release.admission import is_own, refuse_personal
from evalbook.release.gates import refuse_leaks
from evalbook.release.places import STORE, stored
from evalbook.release.plan import Plan, plan_of, state_of
from evalbook.release.rebuild import CLEAN, Program, clean_copy, hashes, record
from evalbook.release.tool import holds_program, installed_tool
from evalbook.release.witness import refuse_contradicted
from evalbook.year import (
    Edition,
    changes_path,
    frozen_path,
    inputs_hash,
    ledger_path,
    ledger_text,
    lock_path,
    read_ledger,
    rules_path,
    year_folder,
)
from evalbook.year.project import PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evalbook.release.wish import Wish

STAGING = ".staging-"
LOCK_PATIENCE = 2.0


@dataclass(frozen=True)
class Release:
    """What was released.

    Attributes
    ----------
    edition : Edition
        Its entry in the ledger.
    folder : Path
        Its files.
    """

    edition: Edition
    folder: Path


@contextmanager
def releasing(root: Path, doing: str, ending: Callable[[], str]) -> Iterator[None]:
    """Keep two releases of a project apart, and tell faults of the file system.

    Parameters
    ----------
    root
        The project.
    doing, ending
        As of :func:`evalbook.publish.files.explained`.

    Raises
    ------
    EvalbookError
        Another one is going on, or files could not be read or written.
    """
    with files.explained(doing, ending):
        files.make_folder(root / STORE)
        with files.held(root / STORE / ".lock", LOCK_PATIENCE):
            yield


def planned(root: Path, year: int, wish: Wish) -> Plan:
    """Find out what the next edition of a year will be, and whether anything stands against it.

    Nothing is frozen or committed, but what a release that was confirmed and killed has left undone is finished, and a
    project without a repository gets one.

    Parameters
    ----------
    root, year
        Project and fiscal year.
    wish
        What is said of the edition.

    Raises
    ------
    InputError
        The ledger must be mended.
    PersonalDataError
        The input holds personal data.
    EvalbookError
        Anything else that stands against it, all of it.
    """
    year_folder(root, year)
    with releasing(root, f"{year}年度定版", lambda: "没有定版，以前的各版保持原样。"):
        if not holds_program(root):
            if not repository.is_begun(root):
                repository.begin(root, f"Begin with {year}")
            installed_tool()
        finish(root, year)
        return plan_of(root, year, wish)


def release(root: Path, plan: Plan, program: Program = CLEAN) -> Release:
    """Release an edition as it was planned.

    Parameters
    ----------
    root
        Project.
    plan
        What :func:`planned` has found.
    program
        What makes it from a clean copy of the project.

    Returns
    -------
    Release
        What was released; the ledger and the frozen figures are committed.

    Raises
    ------
    PersonalDataError
        What was made holds personal data.
    EvalbookError
        Anything else that stands against it, or something has changed since; nothing was released, what was released
        before is as it was.
    """
    year, number, ledger = plan.year, plan.entry.number, plan.figures.year.ledger

    def ending() -> str:
        with suppress(OSError):
            if len(read_ledger(root, year)[0]) > len(ledger):
                return f"这一版已经定版，记入了台账；排除以后再运行一次 evalbook release {year}，会补上提交。"
        return "没有定版，以前的各版保持原样。"

    with releasing(root, f"{year}年度定版", ending):
        tool = None if holds_program(root) else installed_tool()
        changed = repository.changed(root)
        if read_ledger(root, year)[0] != ledger or state_of(root, year, changed) != plan.seen:
            raise EvalbookError("没有定版：列出内容以后又有改动。请再运行一次，核对以后再确认。")
        inputs, content, texts = inputs_hash(root, year), plan.frozen, plan.changes.content
        commit = _commit_inputs(root, year, number, changed)
        entry = replace(plan.entry, commit=commit)
        with staging(root) as scratch:
            copy = clean_copy(root, commit, scratch)
            entry = replace(entry, **hashes(copy, year, tool))
            if entry.inputs != inputs:
                raise EvalbookError(
                    f"没有定版：版本库收下的 data/{year} 与文件夹里的不同。可能定版时有人在改数据，或者有的文件"
                    "版本库不收。请再运行一次；还是这样，请让维护人员检查版本库的设置。"
                )
            own = {frozen_path(root, year, number): content}
            own |= {changes_path(root, year, number): texts} if texts else {}
            own[rules_path(root, year, number)] = plan.rules
            coming = {path.name: made for path, made in own.items()}
            record(copy, year, (*ledger, entry), {**frozen(root, year, ledger), **coming})
            _refuse_unreadable(copy, year, (*ledger, entry))
            made = scratch / "edition"
            program.build(copy, year, made)
            refuse_personal(scan_folder(made))
            refuse_leaks(made, plan.figures.year, (root, copy))
            manifest = manifest_of(made)
            files.write(made / MANIFEST, manifest)
            entry = replace(entry, content=hashlib.sha256(manifest).hexdigest())
            keep(root, year, number, made)
            files.make_folder(frozen_path(root, year, number).parent)
            own |= {lock_path(root, year, number): tool.lock.encode()} if tool else {}
            own[ledger_path(root, year)] = ledger_text((*ledger, entry)).encode()  # last: it is the release
            for path, text in own.items():
                files.write(scratch / path.name, text)
                files.move(scratch / path.name, path)
        try:
            finish(root, year)
        except EvalbookError as error:
            raise EvalbookError(
                f"{year}年度第{number}版已经定版，记入了台账，但是没有提交到版本库。排除下面的问题以后再运行一次 "
                f"evalbook release {year}，会补上提交：\n{error}"
            ) from None
    return Release(entry, stored(root, year, number))


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """Folder on the disk of the store for what is being made; the next release removes that of a killed one."""
    folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=root / STORE))
    try:
        yield folder
    finally:
        # A process that was interrupted may still be writing there for a moment.
        for pause in (0, *files.PAUSES):
            time.sleep(pause)
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break


def frozen(root: Path, year: int, ledger: Sequence[Edition]) -> dict[str, bytes]:
    """Files of the frozen figures of editions, of the words that they changed and of their rules, by name.

    Raises
    ------
    EvalbookError
        Some are missing.
    """
    paths = [frozen_path(root, year, edition.number) for edition in ledger]
    paths += [changes_path(root, year, edition.number) for edition in ledger if edition.texts]
    paths += [rules_path(root, year, edition.number) for edition in ledger if edition.rules]
    missing = [path.relative_to(root).as_posix() for path in paths if not path.is_file()]
    if missing:
        raise EvalbookError(f"找不到 {'、'.join(missing)}。请从版本库恢复。")
    return {path.name: path.read_bytes() for path in paths}


def keep(root: Path, year: int, number: int, made: Path) -> None:
    """Keep the files of an edition in the place of whatever a killed release has left there."""
    place = stored(root, year, number)
    files.make_folder(place.parent)
    files.clear(place)
    files.move(made, place)


def finish(root: Path, year: int) -> tuple[Edition, ...]:
    """Bring the repository up to the ledger, which is given back, and remove what an unfinished release has left.

    Raises
    ------
    InputError
        The ledger is not as a release wrote it.
    EvalbookError
        It lost an entry that was committed, or the frozen figures of an edition are not those that it records.
    """
    ledger, problems = read_ledger(root, year)
    if problems:
        raise InputError(tuple(problems))
    refuse_contradicted(root, year, ledger)
    frozen(root, year, ledger)
    edited = [
        path.relative_to(root).as_posix()
        for edition in ledger
        for path, recorded in (
            (frozen_path(root, year, edition.number), edition.figures),
            (lock_path(root, year, edition.number), edition.lock),
            (changes_path(root, year, edition.number), edition.texts),
            (rules_path(root, year, edition.number), edition.rules),
        )
        if path.is_file() and files.digest(path) != recorded
    ]
    if edited:
        raise EvalbookError(f"{'、'.join(edited)}：不是定版时写的内容，改动过了。请从版本库恢复。")
    coming = len(ledger) + 1
    for path in (*(root / STORE).glob(f"{STAGING}*"), stored(root, year, coming)):
        files.clear(path)
    numbers = range(1, coming + 1)
    kept = (frozen_path, changes_path, rules_path, lock_path)
    for named in kept:
        files.remove(named(root, year, coming))
    own = [named(root, year, number) for named in kept for number in numbers]
    own.append(ledger_path(root, year))
    record = {path.relative_to(root).as_posix() for path in own}
    unrecorded = record.intersection(repository.changed(root))
    if unrecorded:
        _refuse_copied(root, year, ledger)
        doing = "Withdraw" if ledger and ledger[-1].withdrawn else "Release"
        told = f"{doing} edition {len(ledger)} of {year}" if ledger else f"No edition of {year} yet"
        repository.commit(root, told, *sorted(unrecorded))
    return ledger


def _refuse_copied(root: Path, year: int, ledger: Sequence[Edition]) -> None:
    """Refuse a ledger that came with a folder from elsewhere, before the repository takes it in for good."""
    unknown = [edition for edition in ledger if not repository.has(root, edition.commit)]
    if unknown:
        first = unknown[0]
        raise EvalbookError(
            f"data/{year}/editions.yml 记着第{first.number}版由提交 {first.commit} 生成，这个项目的版本库里没有这个提交：文件夹"
            f" data/{year} 是从别处抄来的。不是本县的，请移走；是本县的，请移走 editions.yml 和 editions 文件夹，重新定版。"
        )


def _refuse_unreadable(copy: Path, year: int, ledger: tuple[Edition, ...]) -> None:
    """Refuse an entry that would not read back as it is: the year could never be read again."""
    read, problems = read_ledger(copy, year)
    if problems or read != ledger:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise EvalbookError(
            f"没有定版：这一版的记录写进台账以后不能照样读回，请把下面这些发给维护人员：\n{listed}"
        )


def _commit_inputs(root: Path, year: int, number: int, changed: Sequence[str]) -> str:
    if any(map(is_own, changed)) or (changed and not holds_program(root)):
        own = [name for name in ("data", PROJECT_FILE) if (root / name).exists()]
        return repository.commit(
            root, f"Inputs of edition {number} of {year}", *(own if holds_program(root) else (".",))
        )
    return repository.head(root)
