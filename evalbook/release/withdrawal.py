"""Take back an edition that nobody has published: its entry and its figures stay, with who took it back, when and why.

Which editions were published is written down and committed before they are delivered, so that a publication that was
killed counts as one.
"""

from __future__ import annotations

import csv
import datetime
import io
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.publish import MANIFEST, files
from evalbook.release import repository
from evalbook.release.admission import approver_faults, refuse
from evalbook.release.changes import PUBLISHED
from evalbook.release.places import published_places
from evalbook.release.release import finish, releasing, staging
from evalbook.year import Edition, Withdrawal, frozen_path, ledger_path, ledger_text, read_ledger, year_folder
from evalbook.year.ledger import standing, unknown_edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from evalbook.publish import Released
    from evalbook.release.wish import Wish

PUBLISHED_COLUMNS = ("版次", "发布日期")


def _published_path(root: Path, year: int) -> Path:
    return frozen_path(root, year, 0).with_name(PUBLISHED)


def _published(root: Path, year: int) -> dict[int, str]:
    """Days on which editions of a year were published first, by number, as the file has them."""
    path = _published_path(root, year)
    try:
        return _days(path.read_bytes()) if path.is_file() else {}
    except (ValueError, csv.Error):
        name = path.relative_to(root).as_posix()
        raise EvalbookError(f"{name}：不是发布时写的内容。请从版本库恢复这个文件。") from None


def _ever_published(root: Path, year: int) -> dict[int, str]:
    """The same, with what earlier commits have had, and of sites that are known here what lies in them."""
    name = _published_path(root, year).relative_to(root).as_posix()
    told = _published(root, year)
    for version in repository.versions(root, name):
        with suppress(ValueError, csv.Error):  # whatever somebody has committed there
            told = _days(version.content) | told
    for site in published_places(root):
        for manifest in (site / str(year)).glob(f"*/{MANIFEST}"):
            if manifest.parent.name.isdecimal():
                told.setdefault(int(manifest.parent.name), f"以前在 {site} ")
    return told


def _days(content: bytes) -> dict[int, str]:
    _, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
    return {int(number): str(datetime.date.fromisoformat(day)) for number, day in rows}


def note_published(root: Path, editions: Iterable[Released], today: datetime.date) -> None:
    """Write down which editions are being published, and commit it; from then on none of them can be taken back.

    Raises
    ------
    EvalbookError
        It could not be written or committed.
    """
    listed: dict[int, list[int]] = {}
    for edition in editions:
        listed.setdefault(edition.year, []).append(edition.number)
    with releasing(root, "登记发布", lambda: "没有发布，网站保持原样。"):
        paths = []
        for year, numbers in listed.items():
            known = _published(root, year)
            told = {number: str(today) for number in numbers} | known
            path = _published_path(root, year)
            paths.append(path.relative_to(root).as_posix())
            if told != known:
                _replace(root, path, _text(told))
        changed = set(paths).intersection(repository.changed(root))
        if changed:
            repository.commit(root, "Editions are published", *sorted(changed))


def _text(told: Mapping[int, str]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows((PUBLISHED_COLUMNS, *sorted(told.items())))
    return stream.getvalue().encode("utf-8-sig")


def _replace(root: Path, path: Path, content: bytes) -> None:
    with staging(root) as scratch:
        files.write(scratch / path.name, content)
        files.move(scratch / path.name, path)


def withdrawable(root: Path, year: int, number: int, wish: Wish) -> Edition:
    """The edition that is to be taken back, when nothing stands against it.

    Parameters
    ----------
    root, year, number
        Project, fiscal year, edition.
    wish
        Why, by whom, when.

    Raises
    ------
    InputError
        The ledger is not as a release wrote it.
    EvalbookError
        With everything that stands against it.
    """
    year_folder(root, year)
    with releasing(root, f"撤销{year}年度第{number}版", lambda: "没有撤销，各版保持原样。"):
        return _withdrawable(root, year, finish(root, year), number, wish)


def withdraw(root: Path, year: int, number: int, wish: Wish) -> Edition:
    """Take back the last edition of a year; raises and takes as :func:`withdrawable` does.

    Returns
    -------
    Edition
        Its entry; the ledger is committed.
    """
    year_folder(root, year)
    with releasing(root, f"撤销{year}年度第{number}版", lambda: "再运行一次，会接着做完，或从头做起。"):
        ledger = finish(root, year)
        edition = _withdrawable(root, year, ledger, number, wish)
        withdrawn = Withdrawal(number, wish.date, wish.reason, wish.approver)
        edition = replace(edition, withdrawn=withdrawn)
        _replace(root, ledger_path(root, year), ledger_text((*ledger[:-1], edition)).encode())
        finish(root, year)
    return edition


def _withdrawable(root: Path, year: int, ledger: Sequence[Edition], number: int, wish: Wish) -> Edition:
    if number not in {edition.number for edition in standing(ledger)}:
        raise EvalbookError(f"没有撤销：{unknown_edition(year, number, tuple(ledger))}")
    edition = ledger[number - 1]
    refuse(tuple(_faults(root, year, ledger, edition, wish)), "没有撤销")
    return edition


def _faults(root: Path, year: int, ledger: Sequence[Edition], edition: Edition, wish: Wish) -> Iterator[str]:
    number, last = edition.number, standing(ledger)[-1].number
    correct = "要改的，登记更正，再定下一版"
    if number != last:
        yield f"只有最后一版（第{last}版）可以撤销。{correct}"
    elif day := _ever_published(root, year).get(number):
        yield f"第{number}版{day}发布了，发布过的不能撤销。{correct}"
    elif number != ledger[-1].number:
        yield f"第{number}版以后的各版已经撤销，不能再往前撤。{correct}"
    later, _ = read_ledger(root, year + 1)
    if any(other.date >= edition.date for other in standing(later)):
        yield f"{year + 1}年度已经定版，照这一版算过变化。{correct}"
    yield from repository.commit_faults(root)
    if not wish.reason:
        yield "没有写为什么撤销。请用 --reason 写明理由"
    if not wish.approver:
        yield "没有写谁决定撤销。请用 --approver 写明"
    yield from approver_faults(wish.approver)
    if wish.date > wish.today:
        yield f"日期{wish.date}在今天（{wish.today}）以后。日期写错了，或这台电脑的时钟不对"
    if wish.date < edition.date:
        yield f"日期{wish.date}早于第{number}版的{edition.date}。日期写错了，或这台电脑的时钟不对"
