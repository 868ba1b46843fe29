"""Look through files and folders for personal data."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from evalbook.errors import EvalbookError
from evalbook.privacy.containers import read_parts
from evalbook.privacy.hit import ASKED, MAYBE_COLUMN, PERSONAL_COLUMN, UNCHECKED, Hit, shown
from evalbook.privacy.numbers import AMOUNT, MAYBE_DIGITS, find_numbers, normalised
from evalbook.privacy.passages import Member, Passage, PersonalColumn, Unchecked
from evalbook.privacy.persons import PERSON, find_persons
from evalbook.privacy.unpacking import TOO_LARGE, UNPACKED_LIMIT, Budget

SIZE_LIMIT = 200_000_000
"""Largest file in bytes that is looked through."""
COLUMN_LIMIT = 80
"""Longest name of a place within a file in characters: JSON paths have no end."""
DEPTH_LIMIT = 5
"""Files within files within files."""

DELETE_NUMBER = "在原来的表、正文或附件里删去这个号码"
DELETE_COLUMN = "删去这一列，只留汇总的数字"
UNREADABLE = "读不出来，可能没有权限"
LOOK = "删去这个文件，或换成打得开、没有密码的文件"
FILE_NAME = "文件名"
RENAME = "改掉文件名里的号码"
JUDGE = "核对：是具体的人，就删去或改成不指名的说法；不是，定版时确认"


def scan_file(name: str, content: bytes) -> tuple[Hit, ...]:
    """Look through a file, and its name, for personal data.

    Nothing in the file is executed, fetched or trusted. What cannot be read is a hit too; what a picture shows in
    its pixels is not read.

    Parameters
    ----------
    name
        Path for the messages, with forward slashes; its ending tells kinds of text from each other.
    content
        What the file holds.

    Returns
    -------
    tuple of Hit
        Sorted, each place once.
    """
    if len(content) > SIZE_LIMIT:
        return (*_in_name(name), _unchecked(name, TOO_LARGE))
    return tuple(sorted(set(_hits(name, Member(name, content), Budget(UNPACKED_LIMIT), set()))))


def scan_folder(
    folder: Path, name: str = "", only: Callable[[str], bool] = lambda _: True
) -> tuple[Hit, ...]:
    """Look through every file of a folder, hidden ones too, and the names of files and folders.

    Parameters
    ----------
    folder
        Links in it are not followed; a link is a hit, because what it leads to is no part of the folder.
    name
        What stands before the paths in the messages.
    only
        Whether a file or folder is looked at, by its path in the folder.

    Returns
    -------
    tuple of Hit
        Sorted, each place once.

    Raises
    ------
    EvalbookError
        There is no such folder.
    """
    if not folder.is_dir():
        raise EvalbookError(f"没有“{folder}”这个文件夹，不能检查里面有没有个人信息。")
    hits: set[Hit] = set()

    def closed(error: OSError) -> None:
        hits.add(_unchecked(_written(name, folder, Path(error.filename)), UNREADABLE))

    for place, folders, files in os.walk(folder, onerror=closed):
        for entry in (*folders, *files):
            path = Path(place, entry)
            if not only(path.relative_to(folder).as_posix()):
                continue
            written = _written(name, folder, path)
            hits |= {*_in_name(written)}
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                hits.add(_unchecked(written, "是指向别处的链接，或不是普通的文件"))
            elif path.is_file() and path.stat().st_size > SIZE_LIMIT:
                hits.add(_unchecked(written, TOO_LARGE))
            elif path.is_file():
                try:
                    hits |= {*scan_file(written, path.read_bytes())}
                except OSError:
                    hits.add(_unchecked(written, UNREADABLE))
    return tuple(sorted(hits))


def _written(name: str, folder: Path, path: Path) -> str:
    return (Path(name) / path.relative_to(folder)).as_posix()


def _unchecked(file: str, reason: str, place: str = "") -> Hit:
    return Hit(shown(file), 0, shown(place), UNCHECKED, reason, LOOK)


def _in_name(file: str) -> Iterator[Hit]:
    name = re.sub(r"\.(?=[^.]+$)", " ", file.rpartition("/")[2])
    yield from _in_passage(file, Passage(name, 0, FILE_NAME, prose=True), set(), again=False)


Seen = set[str]
"""Digits and places of what was found in a file, so that a second look does not tell it again."""


def _hits(file: str, member: Member, budget: Budget, seen: Seen, depth: int = 1) -> Iterator[Hit]:
    yield from _in_name(file)
    for part in read_parts(member.name, member.content, budget):
        match part:
            case Passage():
                yield from _in_passage(file, part, seen, again=part.raw or member.raw)
            case PersonalColumn(row, column, asked):
                heading = shown(column)
                kind, remedy = (MAYBE_COLUMN, JUDGE) if asked else (PERSONAL_COLUMN, DELETE_COLUMN)
                yield Hit(shown(file), row, heading, kind, heading, remedy)
            case Unchecked(reason, place):
                yield _unchecked(file, reason, place)
            case Member() if depth == DEPTH_LIMIT:
                yield _unchecked(file, "文件里套着文件，套得太深", part.name)
            case Member():
                inner: Seen = {*seen} if part.raw or member.raw else set()
                nested = Member(part.name, part.content, part.raw or member.raw)
                yield from _hits(f"{file} ▸ {part.name}", nested, budget, inner, depth + 1)
                seen |= inner


def _in_passage(file: str, passage: Passage, seen: Seen, *, again: bool) -> Iterator[Hit]:
    text = normalised(passage.text) if MAYBE_DIGITS.search(passage.text) else ""

    def told(before: str, kind: str, masked: str) -> Hit:
        row = passage.row + (before.count("\n") if passage.has_lines else 0)
        certain = RENAME if passage.column == FILE_NAME else DELETE_NUMBER
        remedy = JUDGE if kind in ASKED else certain
        return Hit(shown(file), row, shown(passage.column)[:COLUMN_LIMIT], kind, masked, remedy)

    for number in find_numbers(text, certain=passage.certain, amount=passage.amount) if text else ():
        if again and number.digits in seen:  # be it told, or an amount by what stood beside it
            continue
        if not again:
            seen.add(number.digits)
        if number.kind != AMOUNT:
            yield told(text[: number.start], number.kind, number.masked)
    for person in find_persons(passage.text) if passage.prose else ():
        hit = told(passage.text[: person.start], PERSON, person.masked)
        # What a cell tells by itself is not told again of its row.
        if not (again and f"第{hit.row}行" in seen):
            seen.add(f"第{hit.row}行")
            yield hit


def texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Everything that a file says, files within it included: the place, as :class:`Hit` names it, and the text."""
    yield from _texts(name, Member(name, content), Budget(UNPACKED_LIMIT), DEPTH_LIMIT)


def _texts(place: str, member: Member, budget: Budget, depth: int) -> Iterator[tuple[str, str]]:
    for part in read_parts(member.name, member.content, budget):
        match part:
            case Passage():
                yield place, part.text
            case Member() if depth:
                yield from _texts(f"{place} ▸ {part.name}", part, budget, depth - 1)
