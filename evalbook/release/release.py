"""Release an edition: check it, build it in a clean environment, keep it, and record it in the ledger.

The entry in the ledger is the release: it is written last, in one step. Whatever a killed release has left behind
is thrown away by the next one.
"""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.checks import ERROR
from evalbook.editions import Revision, frozen_text, read_frozen, revisions
from evalbook.errors import EvalbookError, InputError, Problem, Problems
from evalbook.figures import Cell, FigureSet, load, loose_numbers
from evalbook.privacy import PersonalDataError, scan_file, scan_folder, small_counts
from evalbook.publish import files
from evalbook.publish.manifest import MANIFEST, manifest_of
from evalbook.release import repository
from evalbook.release.beginning import typed
from evalbook.release.gates import refuse_leaks
from evalbook.release.rebuild import CLEAN, Program, clean_copy, hashes, record
from evalbook.release.tool import holds_program, installed_tool
from evalbook.run import inspect
from evalbook.schema import Correction, Registries
from evalbook.schema.kinds import DATE, TEXT
from evalbook.schema.reader import read_table
from evalbook.schema.text import quote
from evalbook.schema.vocabulary import APPROVED, EDITION_KINDS, OLDER_STATUSES, SUBMITTED
from evalbook.scoring import evaluate
from evalbook.shipped import CONFIGURATION, CONTENTS
from evalbook.year import (
    Edition,
    frozen_path,
    inputs_hash,
    is_input,
    ledger_path,
    ledger_text,
    lock_path,
    read_ledger,
    year_folder,
)
from evalbook.year.corrections import corrections_of
from evalbook.year.ledger import MOST_LISTED
from evalbook.year.project import PROJECT_FILE
from evalbook.year.tables import CALENDAR, CORRECTIONS, EXPLANATIONS, LEDGER_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
    texts = typed(LEDGER_SETTINGS, said, "没有定版", whole=False)
    date = DATE.parse(texts["date"], Registries({}, {}, ())) if texts["date"] else today
    assert isinstance(date, datetime.date)  # noqa: S101 - what the kind parses
    status = OLDER_STATUSES.get(texts["status"], texts["status"])
    return Wish(date, today, texts["kind"], texts["reason"], texts["approver"], status)


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
    before = len(read_ledger(root, year)[0])

    def ending() -> str:
        with suppress(OSError):
            if len(read_ledger(root, year)[0]) > before:
                return f"这一版已经定版，记入了台账；排除以后再运行一次 evalbook release {year}，会补上提交。"
        return "没有定版，以前的各版保持原样。"

    with releasing(root, f"{year}年度定版", ending):
        if not holds_program(root) and not repository.is_begun(root):
            repository.begin(root, f"Begin with {year}")
        finish(root, year)
        tool = None if holds_program(root) else installed_tool()
        inputs = inputs_hash(root, year)
        figures, changes = _admitted(root, year, wish)
        ledger, number = figures.year.ledger, figures.year.edition
        content = frozen_text(figures).encode("utf-8-sig")
        commit = _commit_inputs(root, year, number)
        entry = _entry(figures, wish, changes, commit, content)
        with staging(root) as scratch:
            copy = clean_copy(root, commit, scratch)
            entry = replace(entry, **hashes(copy, year, tool))
            if entry.inputs != inputs:
                raise EvalbookError(
                    f"没有定版：版本库收下的 data/{year} 与文件夹里的不同。可能定版时有人在改数据，或者有的文件"
                    "版本库不收。请再运行一次；还是这样，请让维护人员检查版本库的设置。"
                )
            record(copy, year, (*ledger, entry), {**frozen(root, year, ledger), number: content})
            _refuse_unreadable(copy, year, (*ledger, entry))
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
                *(((lock_path(root, year, number), tool.lock.encode()),) if tool else ()),
                (frozen_path(root, year, number), content),
                (ledger_path(root, year), ledger_text((*ledger, entry)).encode()),
            ):
                files.write(scratch / path.name, text)
                files.move(scratch / path.name, path)
        try:
            finish(root, year)
        except EvalbookError as error:
            raise EvalbookError(
                f"{year}年度第{number}版已经定版，记入了台账，但是没有提交到版本库。排除下面的问题以后再运行一次 "
                f"evalbook release {year}，会补上提交：\n{error}"
            ) from None
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
        Some are missing.
    """
    paths = {edition.number: frozen_path(root, year, edition.number) for edition in ledger}
    missing = [path.relative_to(root).as_posix() for path in paths.values() if not path.is_file()]
    if missing:
        raise EvalbookError(f"找不到 {'、'.join(missing)}。请从版本库恢复。")
    return {number: path.read_bytes() for number, path in paths.items()}


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
    _only_grew(root, year, ledger)
    frozen(root, year, ledger)
    edited = [
        path.relative_to(root).as_posix()
        for edition in ledger
        for path, recorded in (
            (frozen_path(root, year, edition.number), edition.figures),
            (lock_path(root, year, edition.number), edition.lock),
        )
        if path.is_file() and files.digest(path) != recorded
    ]
    if edited:
        raise EvalbookError(f"{'、'.join(edited)}：不是定版时写的内容，改动过了。请从版本库恢复。")
    coming = len(ledger) + 1
    for path in (*(root / STORE).glob(f"{STAGING}*"), stored(root, year, coming)):
        files.clear(path)
    numbers = range(1, coming + 1)
    for path in (frozen_path(root, year, coming), lock_path(root, year, coming)):
        files.remove(path)
    own = [named(root, year, number) for named in (frozen_path, lock_path) for number in numbers]
    own.append(ledger_path(root, year))
    record = {path.relative_to(root).as_posix() for path in own}
    unrecorded = record.intersection(repository.changed(root))
    if unrecorded:
        _refuse_copied(root, year, ledger)
        repository.commit(root, f"Release edition {len(ledger)} of {year}", *sorted(unrecorded))
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


def _only_grew(root: Path, year: int, ledger: Sequence[Edition]) -> None:
    """Refuse a ledger that lost or changed an entry which was committed."""
    name = ledger_path(root, year).relative_to(root).as_posix()
    committed = repository.committed(root, name)
    if committed is not None and not (ledger and ledger_text(ledger).encode().startswith(committed)):
        raise EvalbookError(
            f"{name}：已经定版的记录被改动或删去了。请从版本库恢复这个文件（只能由 evalbook release 增加）。"
        )


def _refuse_unreadable(copy: Path, year: int, ledger: tuple[Edition, ...]) -> None:
    """Refuse an entry that would not read back as it is: the year could never be read again."""
    read, problems = read_ledger(copy, year)
    if problems or read != ledger:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise EvalbookError(
            f"没有定版：这一版的记录写进台账以后不能照样读回，请把下面这些发给维护人员：\n{listed}"
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
    refuse_personal(scan_inputs(root, year))  # first, because other messages quote what they find
    figures, problems, _ = inspect(root, year)
    if problems or figures is None:
        raise InputError(problems)
    _refuse_untied(figures)
    problems = (*_changed_numbers(root, figures), *_rewritten(root, figures), *_unproved(root, figures))
    if problems:
        raise InputError(problems)
    refuse_personal(small_counts(figures, figures.year.settings.small_count or SMALL_COUNT))
    changes = _changes(root, year, figures.year.ledger[-1]) if figures.year.ledger else ()
    faults = [*_wish_faults(figures, wish), *_change_faults(changes)]
    foreign = [path for path in repository.changed(root) if not _is_own(path)]
    if foreign and holds_program(root):
        listed = "、".join(foreign[:5]) + ("等" if len(foreign) > 5 else "")
        faults.append(f"程序文件有没有提交的改动（{listed}）。请让维护人员提交或撤销以后再定版")
    if faults:
        raise EvalbookError(
            "没有定版：\n" + "\n".join(f"{i}. {fault}。" for i, fault in enumerate(faults, start=1))
        )
    return figures, changes


def _refuse_untied(figures: FigureSet) -> None:
    """Refuse an edition whose prose has numbers that nobody can trace."""
    if listed := loose_numbers(figures):
        year = figures.year.settings.year
        told = "\n".join(f"{loose.number}. {loose}。" for loose in listed)
        raise EvalbookError(
            f"没有定版：正文里有{len(listed)}个数字没有挂接到表里，查不到出处：\n{told}\n"
            f"请逐个挂接：evalbook tie {year} 序号 名称；不是统计数字的登记：evalbook tie {year} 序号 --plain 理由。"
        )


def _changes(root: Path, year: int, last: Edition) -> tuple[str, ...]:
    """Files of a year that were changed directly since its last edition."""
    folder = f"data/{year}/"
    changed = {*repository.changed_since(root, last.commit, folder)}
    changed |= {path.removeprefix(folder) for path in repository.changed(root) if path.startswith(folder)}
    apart = {f"{table.name}.csv" for table in (CALENDAR, CORRECTIONS, EXPLANATIONS)}
    return tuple(sorted(path for path in changed - apart if is_input(path)))


def _change_faults(changes: Sequence[str]) -> Iterator[str]:
    """Changed files that the ledger cannot name."""
    nothing = Registries({}, {}, ())
    for path in changes:
        if not TEXT.accepts(path, nothing):
            yield f"文件名{quote(path)}写不进版本台账。请改名"
    if len(changes) > MOST_LISTED:
        yield f"直接改动的文件有{len(changes)}个，版本台账至多写{MOST_LISTED}个。请把不是这一年的文件移走"


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
    if wish.status == APPROVED and not wish.approver:
        faults.append(f"状态是“{APPROVED}”，没有写谁批准。请用 --approver 写明，或不写状态")
    return faults


def _changed_numbers(root: Path, figures: FigureSet) -> Iterator[Problem]:
    """Numbers that an edition would give otherwise today: by its data, or by the program."""
    year, seen = figures.year, set()
    for edition in reversed(year.ledger):
        now = load(root, year.settings.year, edition.number)
        for revision in revisions(now, read_frozen(root, year.settings.year, edition.number), edition.number):
            if revision.old is None or revision.address in seen:  # a number that is new contradicts none
                continue
            seen.add(revision.address)
            figure = now.figures.get(revision.address)
            place = (year.tables["corrections"].file, 0, "对象")
            if figure and isinstance(figure.lineage, Cell):
                place = (figure.lineage.file, figure.lineage.row, figure.lineage.column)
            found = (
                f"{revision.name}（{revision.address}）第{edition.number}版是{revision.old_text}，"
                f"现在是{revision.new_text}，没有更正的记录"
            )
            expected = "定版以后，数字只由 corrections.csv 的更正改变"
            remedy = (
                "改回原来的数据，把改动写进 corrections.csv；数据没有改过的，让维护人员检查程序和登记表的改动"
            )
            yield Problem(*place, found, expected, remedy)


def _rewritten(root: Path, figures: FigureSet) -> Problems:
    """Rows of released editions in ``corrections.csv`` that are not as they were released."""
    year = figures.year
    problems = Problems(file := year.tables["corrections"].file)
    if not year.ledger:
        return problems
    last = year.ledger[-1]
    with tempfile.TemporaryDirectory(prefix="evalbook-") as folder:
        then: tuple[Correction, ...] = ()
        content = repository.committed(root, file, last.commit)
        if content is not None:
            path = Path(folder) / "corrections.csv"
            path.write_bytes(content)
            then = corrections_of(read_table(Path(folder), path, CORRECTIONS, year.registries)[0])
    released = {replace(correction, row=0) for correction in then}
    for correction in year.corrections:
        if correction.edition <= last.number and replace(correction, row=0) not in released:
            found = f"第{correction.edition}版定版时没有这一行，或这一行改过了"
            remedy = f"从版本库恢复这个文件；新的更正另加一行，版次写{len(year.ledger) + 1}"
            problems.add(correction.row, "版次", found, "已经定版的行原样保留", remedy)
    return problems


def _unproved(root: Path, figures: FigureSet) -> Problems:
    """Corrections that name a finding which the edition before does not have."""
    year, number = figures.year.settings.year, len(figures.year.ledger)
    problems = Problems(figures.year.tables["corrections"].file)
    coming = [correction for correction in figures.year.corrections if correction.edition > number]
    if not any(correction.finding for correction in coming):
        return problems
    listed = evaluate(load(root, year, number)).findings.listed
    found = {"", *(one.stem for finding in listed for one in (finding, *finding.consequences))}
    for correction in coming:
        if correction.finding not in found:
            remedy = "照检查结果抄写编号；不是由检查发现的留空，理由里写清楚"
            missing = f"第{number}版没有发现“{correction.finding}”"
            problems.add(correction.row, "发现编号", missing, "勾稽检查列出的编号", remedy)
    return problems


def scan_inputs(root: Path, year: int) -> tuple[Hit, ...]:
    """Personal data in whatever a year's edition is made from."""
    found: list[Hit] = []
    for name in (f"data/{year}", "data/reference", "data/frameworks", "notebooks", "book/guide"):
        if (root / name).is_dir():
            found += scan_folder(root / name, name)
    for name in (PROJECT_FILE, CONFIGURATION, CONTENTS):
        if (root / name).is_file():
            found += scan_file(name, (root / name).read_bytes())
    return tuple(found)


def _is_own(path: str) -> bool:
    """Whether a changed file is the county's own and not the program's."""
    return path.startswith("data/") or path == PROJECT_FILE


def _commit_inputs(root: Path, year: int, number: int) -> str:
    changed = repository.changed(root)
    if any(map(_is_own, changed)) or (changed and not holds_program(root)):
        own = [name for name in ("data", PROJECT_FILE) if (root / name).exists()]
        return repository.commit(
            root, f"Inputs of edition {number} of {year}", *(own if holds_program(root) else (".",))
        )
    return repository.head(root)


def _entry(figures: FigureSet, wish: Wish, changes: tuple[str, ...], commit: str, frozen: bytes) -> Edition:
    """Entry of the edition, as far as it is known before anything was made."""
    year, number = figures.year, figures.year.edition
    stated = year.settings.status
    status = wish.status or (stated if wish.approver or stated != APPROVED else SUBMITTED)
    begun = [correction.subject for correction in year.corrections if correction.edition == number]
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
        **dict.fromkeys(("inputs", "registries", "code", "lock"), "0" * 64),
        figures=hashlib.sha256(frozen).hexdigest(),
        previous=year.ledger[-1].digest if year.ledger else "",
    )
