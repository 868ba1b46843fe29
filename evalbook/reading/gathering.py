"""Files that somebody points at: single ones, all below a folder, all in a ZIP file; each of them is accounted for."""

from __future__ import annotations

import io
import itertools
import os
import re
import stat
import tempfile
import zipfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from evalbook.reading.archive import WORKBOOK_LIMIT
from evalbook.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FILES, MEMBERS = 5000, 1000
"""Most files below a folder, and in an archive; the forms of all counties of a large province are under 200."""
PACKED_LIMIT = 500_000_000
"""Largest sum in bytes of the files of an archive, unpacked."""
LISTING_LIMIT = 5_000_000
"""Longest list of an archive's files in bytes; zipfile makes an object of each."""
PATH_LIMIT = 300
"""Characters shown of a path."""

SYSTEM = {"__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information"}
"""What systems leave in folders, in small letters."""
DOCUMENT = {"[content_types].xml", "xl/workbook.xml", "mimetype", "content.xml", "ofd.xml"}
"""Parts by which a document that is packed differs from an archive of files, in small letters."""
IS_UTF8, IS_ENCRYPTED = 0x800, 0x1
"""Bits of what a ZIP file says of a member (APPNOTE 4.4.4)."""

TOO_MANY = "文件太多，超过{}个，一个也没有读。请只放自评表，分几次核算"


@dataclass(frozen=True)
class Found:
    """A file, or why what was pointed at is none.

    Attributes
    ----------
    path : str
        Below what was pointed at, for messages; a file in an archive stands below the archive's name.
    source : Path
        The file, or the archive in which it is.
    member : zipfile.ZipInfo or None
        Which file of an archive.
    why : str
        Why it cannot be read and what to do, in Chinese without final punctuation; empty where it may be read.
    """

    path: str
    source: Path
    member: zipfile.ZipInfo | None = None
    why: str = ""


def find_files(paths: Sequence[Path]) -> tuple[Found, ...]:
    """Find the files that paths name.

    Parameters
    ----------
    paths
        Files, folders and ZIP files. Hidden files, locks of office programs and what systems leave in folders are left
        out, links in folders are not followed.

    Returns
    -------
    tuple of Found
        In the order of the paths; below each sorted, numbers in names by their value. No file comes twice.
    """
    homes = [path if path.is_dir() else path.parent for path in paths]
    try:
        home = os.path.commonpath([home.absolute() for home in homes])
    except ValueError:  # drives of their own
        home = ""
    found: dict[tuple[str, str, int], Found] = {}
    for path in paths:
        below = _below(path, home) if path.is_dir() else _file(Found(_shown(path, home), path))
        listed = list(itertools.islice(below, FILES + 1))
        if len(listed) > FILES:
            listed = [Found(_shown(path, home), path, why=TOO_MANY.format(FILES))]
        if path.is_dir() and not listed:
            listed = [Found(_shown(path, home), path, why="文件夹里没有文件")]
        for one in sorted(listed, key=_order):
            member = one.member.header_offset if one.member else -1
            found.setdefault((os.path.realpath(one.source.parent), one.source.name, member), one)
    return tuple(found.values())


def opened(found: Iterable[Found]) -> Iterator[tuple[Found, Path]]:
    """Each file in turn, as one that can be opened.

    Parameters
    ----------
    found
        As :func:`find_files` gives them.

    Yields
    ------
    tuple of Found and Path
        The file, with ``why`` where it turned out that it cannot be read, and where it lies until the next one is asked
        for: what is in an archive is copied into a temporary folder, one at a time.
    """
    with tempfile.TemporaryDirectory(prefix="evalbook-") as folder:
        for source, group in itertools.groupby(found, key=lambda one: one.source):
            with ExitStack() as stack:
                archive: zipfile.ZipFile | None = None
                for one in group:
                    if one.member is None or one.why:
                        yield one, source
                        continue
                    copy = Path(folder, _file_name(_member_path(one.member)))
                    try:
                        archive = archive or stack.enter_context(zipfile.ZipFile(source))
                        with archive.open(one.member) as stream:
                            copy.write_bytes(stream.read(WORKBOOK_LIMIT + 1))
                    except Exception:  # whatever zipfile makes of a damaged archive
                        yield replace(one, why="在压缩包里读不出来，可能已损坏。请解压后再试"), copy
                    else:
                        yield one, copy
                    finally:
                        copy.unlink(missing_ok=True)


class _Bounded(io.FileIO):
    """A file of which no piece is read that is longer than an honest list of files."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size and size > LISTING_LIMIT:
            raise zipfile.LargeZipFile
        return super().read(size) or b""


def _below(folder: Path, home: str) -> Iterator[Found]:
    """Files below a folder."""
    unread: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=unread.append):
        for name in folders:
            if not _is_hidden(name) and stat.S_ISLNK(_mode(path := Path(place, name))):
                yield Found(_shown(path, home), path, why="是链接，没有读。请把文件夹本身放进来")
        folders[:] = [name for name in folders if not _is_hidden(name)]
        for name in names:
            if _is_hidden(name):
                continue
            path = Path(place, name)
            mode = _mode(path)
            if stat.S_ISREG(mode) or not mode:
                yield from _file(Found(_shown(path, home), path))
            else:
                why = "是链接，或不是普通的文件，没有读。请把文件本身放进来"
                yield Found(_shown(path, home), path, why=why)
    for error in unread:
        path = Path(str(error.filename))
        yield Found(_shown(path, home), path, why="文件夹打不开，没有读。请检查权限")


def _mode(path: Path) -> int:
    """What a path is; 0 where nobody may ask, which whoever reads it says."""
    with suppress(OSError):
        return path.lstat().st_mode
    return 0


def _file(found: Found) -> Iterator[Found]:
    """A file, or the files that are packed in it where it is an archive and no document."""
    try:
        packed = False
        if found.source.is_file():  # a pipe would be waited for
            with found.source.open("rb") as stream:
                packed = stream.read(2) == b"PK"
        if not packed:
            yield found
            return
        with _Bounded(found.source) as whole, zipfile.ZipFile(whole) as archive:
            entries = archive.infolist()
    except zipfile.LargeZipFile:
        yield replace(found, why=TOO_MANY.format(MEMBERS))
        return
    except Exception:  # missing, not to be opened, damaged: whoever reads it as a document says so
        yield found
        return
    if DOCUMENT & {entry.filename.replace("\\", "/").casefold() for entry in entries}:
        yield found
        return
    if len(entries) > MEMBERS:
        yield replace(found, why=TOO_MANY.format(MEMBERS))
        return
    left, count = PACKED_LIMIT, 0
    for entry in entries:
        path = _member_path(entry)
        if entry.is_dir() or path.endswith("/") or any(map(_is_hidden, path.split("/"))):
            continue
        left, count = left - min(entry.file_size, WORKBOOK_LIMIT), count + 1
        why = ""
        if entry.flag_bits & IS_ENCRYPTED:
            why = "压缩包加了密码，没有读。请解压后再试"
        elif entry.file_size > WORKBOOK_LIMIT:
            why = f"文件太大，不能超过{WORKBOOK_LIMIT // 1_000_000}MB。请删去图片和与自评表无关的工作表"
        elif left < 0:
            why = f"压缩包里的内容太多，超过{PACKED_LIMIT // 1_000_000}MB，没有读到这里。请分成几个"
        yield Found(f"{found.path}/{_text(path)}", found.source, entry, why)
    if not count:
        yield replace(found, why="压缩包里没有文件")


def _member_path(entry: zipfile.ZipInfo) -> str:
    """Path of a file in an archive; names without the mark of UTF-8 are GBK in China, UTF-8 from some systems."""
    name = entry.orig_filename
    if not entry.flag_bits & IS_UTF8:
        with suppress(UnicodeError):
            raw = name.encode("cp437")
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                name = raw.decode("gb18030")
    return name.replace("\\", "/")


def _is_hidden(name: str) -> bool:
    """Whether a file or folder is hidden, the lock of an office program, or what a system left."""
    hidden = name.startswith((".", "~$")) and name not in {".", ".."}
    return hidden or name.casefold() in SYSTEM


def _shown(path: Path, home: str) -> str:
    """Path for messages, below the folder that all have in common."""
    whole = path.absolute()
    if whole == Path(home):
        return _text(whole.name or whole.as_posix())
    return _text((whole.relative_to(home) if home else whole).as_posix())


def _text(path: str) -> str:
    """Text of a path; bytes that are no text are replaced."""
    return clean(path.encode("utf-8", "replace").decode(), PATH_LIMIT)


def _order(found: Found) -> str:
    return re.sub(r"\d+", lambda number: number[0].zfill(20), found.path)


def _file_name(path: str) -> str:
    """Name for a copy, which every system takes."""
    name = re.sub(r'[<>:"|?*\\]', "_", PurePosixPath(path).name).rstrip(" .")
    short = PurePosixPath(name).stem[:60] + PurePosixPath(name).suffix[:10]
    return f"_{short}" if not short.strip("_.") or PureWindowsPath(short).is_reserved() else short
