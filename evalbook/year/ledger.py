"""The ledger of a year's editions: ``editions.yml``, which only grows.

Each entry holds the hash of the one before, so that an entry that was changed later is found. What makes an edition
(inputs, code, lock file, figures) is recorded by SHA-256, the state of the repository by its commit.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError, InputError, Problem
from evalbook.schema.kinds import TEXT, number_of
from evalbook.schema.settings import load_mapping, read_keys, written
from evalbook.schema.text import link_target, project_path
from evalbook.schema.vocabulary import APPROVED, EDITION_KINDS, OLDER_STATUSES
from evalbook.year.tables import CALENDAR, LEDGER_SETTINGS, WITHDRAWAL_SETTINGS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from pathlib import Path

    from evalbook.schema.table import Column, TableData, TableRow

LEDGER = "editions.yml"
FROZEN = "editions"
"""Folder of a year with the figures of each edition, beside the ledger."""

EDITIONS = "版本"
WITHDRAWN = WITHDRAWAL_SETTINGS[0].heading
MOST_EDITIONS = 99
MOST_LISTED = 200
LATER = ("taken_back", "carried", "texts", "rules", "withdrawn")
"""What ledgers did not have from the beginning: written, and part of the digest, only where there is something."""

HEAD = "# 版本台账：由 evalbook release 写入，只增不改；手工改动过的会被查出来。\n"


@dataclass(frozen=True)
class Withdrawal:
    """What takes back an edition that nobody has published; its entry and its figures stay.

    Attributes
    ----------
    number : int
        Edition that it takes back.
    date : datetime.date
        When.
    reason, approver : str
        Why, and who decided it.
    """

    number: int
    date: datetime.date
    reason: str
    approver: str


@dataclass(frozen=True)
class Edition:
    """An edition that was released.

    Attributes
    ----------
    number : int
        From 1.
    date : datetime.date
        Of the edition: when it was signed or released.
    kind : str
        初版, 计划修订 or 更正.
    status : str
        草稿, 送审 or 批准; 初步 and 最终 in earlier ledgers. :func:`.authority.authority_of` says what it means.
    reason : str
        Why there is this edition.
    approver : str
        Who approved it; empty when nobody has.
    corrections : tuple of str
        Subjects of the rows of ``corrections.csv`` that begin with it.
    changes : tuple of str
        Files of the year's folder that were changed directly since the edition before.
    commit : str
        Commit of the repository that it was made from.
    inputs, registries, code, lock, figures : str
        SHA-256 of the year's folder, of everything else of the project that it uses, of the program, of
        ``requirements.txt`` (or of the file of :func:`lock_path`), and of the file of its figures.
    previous : str
        SHA-256 of the entry before; empty for edition 1.
    content : str
        SHA-256 of the manifest of what was made; empty while it is being made.
    carried : tuple of str
        What else differs from the edition before, in Chinese: registries, program, the year before.
    texts : str
        SHA-256 of the file of :func:`changes_path`; empty where no text was changed.
    rules : str
        SHA-256 of the file of :func:`rules_path`; empty in earlier ledgers.
    taken_back : tuple of str
        Those of the corrections that take back what an earlier edition put right or questioned.
    withdrawn : Withdrawal or None
        What took it back.
    """

    number: int
    date: datetime.date
    kind: str
    status: str
    reason: str
    approver: str
    corrections: tuple[str, ...]
    changes: tuple[str, ...]
    commit: str
    inputs: str
    registries: str
    code: str
    lock: str
    figures: str
    previous: str = ""
    content: str = ""
    carried: tuple[str, ...] = ()
    texts: str = ""
    rules: str = ""
    taken_back: tuple[str, ...] = ()
    withdrawn: Withdrawal | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the entry and of what took it back, which the next one holds."""
        said = [field.name for field in fields(self) if field.name not in LATER or getattr(self, field.name)]
        values = [str(getattr(self, name)) for name in said]
        return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()

    @property
    def as_made(self) -> str:
        """SHA-256 of the entry while the edition was made: all of it but the content, which its own files can state."""
        return replace(self, content="", withdrawn=None).digest


def ledger_path(root: Path, year: int) -> Path:
    """Ledger of a year."""
    return root / "data" / str(year) / LEDGER


def frozen_path(root: Path, year: int, number: int) -> Path:
    """File with the figures of an edition."""
    return root / "data" / str(year) / FROZEN / f"{number}.csv"


def lock_path(root: Path, year: int, number: int) -> Path:
    """File with the versions of the tool and its packages that made an edition, of a project without the program."""
    return root / "data" / str(year) / FROZEN / f"{number}.lock"


def changes_path(root: Path, year: int, number: int) -> Path:
    """File with the words that an edition changed directly, old and new."""
    return root / "data" / str(year) / FROZEN / f"{number}.changes.csv"


def rules_path(root: Path, year: int, number: int) -> Path:
    """File with the rules that an edition was checked by."""
    return root / "data" / str(year) / FROZEN / f"{number}.rules.csv"


def standing(ledger: Iterable[Edition]) -> tuple[Edition, ...]:
    """Editions that nobody has taken back."""
    return tuple(edition for edition in ledger if not edition.withdrawn)


def read_ledger(root: Path, year: int) -> tuple[tuple[Edition, ...], list[Problem]]:
    """Read the ledger of a year; a year without one has no edition yet.

    Returns
    -------
    tuple of tuple of Edition, list of Problem
        The editions as far as they can be read, and everything that is not as ``evalbook release`` wrote it.
    """
    path = ledger_path(root, year)
    if not path.exists():
        return (), []
    name = project_path(root, path)
    loaded, problems, _ = load_mapping(root, path)
    restore = "从版本库恢复这个文件，不要手工修改"
    if loaded is None:
        return (), [replace(problem, remedy=restore) for problem in problems]
    entries = loaded.get(EDITIONS)
    most = 2 * MOST_EDITIONS  # each may be taken back
    if set(loaded) != {EDITIONS} or not isinstance(entries, list) or not 0 < len(entries) <= most:
        return (), [
            Problem(name, 0, EDITIONS, "不是版本台账的写法", f"只有“{EDITIONS}”，下面一版一条", restore)
        ]
    editions: list[Edition] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            problems.append(Problem(name, 0, EDITIONS, f"第{number}条读不懂", "每行“名称: 内容”", restore))
            continue
        if WITHDRAWN in entry:
            cells, more = read_keys(name, entry, WITHDRAWAL_SETTINGS, {})
            problems += [replace(problem, remedy=restore) for problem in more]
            if (
                not more
                and editions
                and editions[-1].number == cells["number"]
                and not editions[-1].withdrawn
            ):
                editions[-1] = replace(editions[-1], withdrawn=Withdrawal(**cells))  # type: ignore[arg-type]
            elif not more:
                words = (f"第{number}条撤销第{cells['number']}版", "撤销的是它前面的一版")
                problems.append(Problem(name, 0, WITHDRAWN, *words, restore))
            continue
        lists = dict.fromkeys(("corrections", "taken_back", "changes", "carried"), MOST_LISTED)
        cells, more = read_keys(name, entry, LEDGER_SETTINGS, lists)
        problems += [replace(problem, remedy=restore) for problem in more]
        if not more:
            texts = {key: cells[key] or "" for key in ("approver", "previous", "content", "texts", "rules")}
            editions.append(Edition(**{**cells, **texts}))  # type: ignore[arg-type]
    if not problems:
        problems += [Problem(name, 0, EDITIONS, *words, restore) for words in _broken(editions)]
    if not problems and path.read_bytes().replace(b"\r\n", b"\n") != ledger_text(editions).encode():
        written = ("手工改动过", "与定版时写的一字不差")
        problems.append(Problem(name, 0, "", *written, restore))
    return tuple(editions), problems


def _broken(editions: list[Edition]) -> Iterable[tuple[str, str]]:
    """Where the entries do not follow from each other, in halves of a message."""
    before: Edition | None = None
    for number, edition in enumerate(editions, start=1):
        if edition.number != number:
            yield f"第{number}条的版次是{edition.number}", f"版次是{number}"
        if (edition.kind == EDITION_KINDS[0]) != all(one.withdrawn for one in editions[: number - 1]):
            yield f"第{number}版的类型是“{edition.kind}”", f"第1版是{EDITION_KINDS[0]}，以后的不是"
        if OLDER_STATUSES.get(edition.status, edition.status) == APPROVED and not edition.approver:
            yield f"第{number}版的状态是“{edition.status}”，没有写谁批准", "批准的写明谁批准"
        if before and not before.withdrawn and edition.date < before.date:
            yield f"第{number}版的日期{edition.date}早于第{before.number}版", "日期不早于上一版"
        if edition.previous and not before:
            yield "第1版记着前一版", "第1版没有前一版"
        elif before and edition.previous != before.digest:
            yield f"第{number - 1}版的记录与第{number}版所记的不符", "定版以后不再改动"
        before = edition


def ledger_text(editions: Iterable[Edition]) -> str:
    """Text of a ledger, by which it reads back equal."""
    entries = []
    for edition in editions:
        entries.append(_item(edition, LEDGER_SETTINGS))
        if edition.withdrawn:
            entries.append(_item(edition.withdrawn, WITHDRAWAL_SETTINGS))
    return f"{HEAD}{EDITIONS}:\n{''.join(entries)}"


def _item(entry: Edition | Withdrawal, settings: Iterable[Column]) -> str:
    lines = []
    for column in settings:
        value = getattr(entry, column.name)
        if column.name in LATER and not value:
            continue
        if isinstance(value, tuple):
            shown = "".join(f"\n      - {written(item)}" for item in value) or "[]"
            lines.append(f"{column.heading}: {shown}".replace(": \n", ":\n"))
        else:
            text = written(value) if column.kind is TEXT and value else str(value)
            lines.append(f"{column.heading}: {text}".rstrip())
    return "  - " + "\n    ".join(lines) + "\n"


def inputs_hash(root: Path, year: int, instead: Mapping[Path, bytes] = MappingProxyType({})) -> str:
    """SHA-256 of a year's folder, as far as an edition is made from it; some contents may be given ``instead``."""
    folder = root / "data" / str(year)
    paths = (path for path in folder.rglob("*") if path.is_file())
    return files_hash(
        root, (path for path in paths if is_input(path.relative_to(folder).as_posix())), instead
    )


Digits = Mapping[tuple[str, Decimal], str]
"""Digits with which editions gave a number, by its figure's address and its value."""


def released_digits(root: Path, year: int, ledger: Iterable[Edition]) -> Digits:
    """Digits of every number that editions gave, those of the earliest; a file that cannot be read gives none."""
    digits: dict[tuple[str, Decimal], str] = {}
    for edition in ledger:
        with suppress(OSError, ValueError, ArithmeticError, csv.Error):
            path = frozen_path(root, year, edition.number)
            text = "" if link_target(root, path) else path.read_text(encoding="utf-8-sig")
            for address, _, number, *_ in csv.reader(text.splitlines()[1:]):
                if number:
                    digits.setdefault((address, Decimal(number)), number)
    return digits


def with_released_digits(data: TableData, digits: Digits) -> TableData:
    """A table with its numbers in the digits that were released: 1087.60 where Excel has saved 1087.6 since."""
    value = data.table.value

    def restored(row: TableRow) -> TableRow:
        typed = row.parsed(Decimal, value) if value else None
        text = digits.get((data.table.address(row), typed)) if typed is not None else None
        return replace(row, cells={**row.cells, value: Decimal(text)}) if text else row

    return replace(data, rows=tuple(map(restored, data.rows)))


def is_as_released(
    root: Path, year: int, edition: Edition, tables: Iterable[TableData], digits: Digits
) -> bool:
    """Whether a year's folder is what an edition was made from, whatever zeros its numbers have lost or gained since."""
    if edition.inputs == inputs_hash(root, year):
        return True
    restored: dict[Path, bytes] = {}
    for data in (data for data in tables if data.table.value and (root / data.file).is_file()):
        lines = (root / data.file).read_bytes().splitlines(keepends=True)
        for row in data.every:
            typed = row.texts[data.table.value]
            value = number_of(typed)
            text = digits.get((data.table.address(row), value)) if value is not None else None
            if text and row.number <= len(lines):
                line = lines[row.number - 1]
                lines[row.number - 1] = line.replace(f",{typed},".encode(), f",{text},".encode(), 1)
        restored[root / data.file] = b"".join(lines)
    return edition.inputs == inputs_hash(root, year, restored)


def is_input(path: str) -> bool:
    """Whether an edition is made from a file of the year's folder, by its path in that.

    The ledger and the frozen figures follow from editions, the calendar goes beyond them, and what editors and Excel
    leave behind while a file is open is no part of the year.
    """
    parts = PurePosixPath(path).parts
    apart = path in {LEDGER, f"{CALENDAR.name}.csv"} or parts[0] == FROZEN
    return not apart and not any(part.startswith((".", "~$")) for part in parts)


def files_hash(
    root: Path, paths: Iterable[Path], instead: Mapping[Path, bytes] = MappingProxyType({})
) -> str:
    """SHA-256 over the names and the contents of files, some of which may be given ``instead``."""
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.relative_to(root).as_posix()):
        name = path.relative_to(root).as_posix()
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")  # a name may be no text
        digest.update(hashlib.sha256(instead.get(path) or path.read_bytes()).digest())
    return digest.hexdigest()


def ledger_with(root: Path, year: int, number: int) -> tuple[Edition, ...]:
    """Ledger of a year that has an edition.

    Raises
    ------
    InputError
        The ledger is not as a release wrote it.
    EvalbookError
        It has no such edition.
    """
    ledger, problems = read_ledger(root, year)
    if problems:
        raise InputError(tuple(problems))
    if not 1 <= number <= len(ledger):
        raise EvalbookError(unknown_edition(year, number, ledger))
    return ledger


def unknown_edition(year: int, number: int, editions: tuple[Edition, ...]) -> str:
    """Say that a year has no such edition."""
    have = "、".join(f"第{edition.number}版" for edition in standing(editions)) or "还没有定版"
    gone = next((edition.withdrawn for edition in editions if edition.number == number), None)
    told = f"第{number}版已于{gone.date}撤销" if gone else f"没有第{number}版"
    return f"{year}年度{told}（现有：{have}）。"
