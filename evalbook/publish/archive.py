"""One file for carrying a site by USB stick, with its checksum beside it."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.publish import files
from evalbook.publish.manifest import MANIFEST, Entry, entry_of, read_manifest, shown
from evalbook.publish.verify import checksum_file, folder_faults

if TYPE_CHECKING:
    from pathlib import Path

MADE = (1980, 1, 1, 0, 0, 0)
"""The first moment that the format knows: the same for every archive."""

UNIX = 3
"""System of the archive's makers: the one with rights of files (APPNOTE.TXT 4.4.2)."""

NAMED = 5


def write_archive(site: Path, file: Path) -> None:
    """Write a published site, or an edition, into a zip file, and its checksum as ``sha256sum`` does.

    The same site gives the same bytes. At no moment does a checksum lie beside an archive that it is not of.

    Parameters
    ----------
    site
        Folder that ``verify`` finds without fault.
    file
        Archive to be written or replaced, outside the site; the checksum comes to ``file.sha256``.

    Raises
    ------
    EvalbookError
        The site is not what it says, or the archive could not be written; an earlier archive stays.
    """
    checksum = checksum_file(file)
    written, written_checksum = (path.with_name(f".{path.name}.new") for path in (file, checksum))
    with files.explained(f"写压缩包 {file} ", lambda: "没有写出压缩包。"):
        if file.suffix.lower() != ".zip" or file.is_dir() or not file.parent.is_dir():
            raise EvalbookError(f"不能写到 {file}。请写出已有文件夹里的一个文件名，以 .zip 结尾。")
        if file.resolve().is_relative_to(site.resolve()):
            raise EvalbookError(f"{file} 在网站文件夹里，会成为多余的文件。请写到别处。")
        if faults := folder_faults(site):
            more = f"\n等{len(faults)}处" if len(faults) > NAMED else ""
            listed = "\n".join(map(str, faults[:NAMED]))
            raise EvalbookError(f"{site} 与清单不符，没有写出压缩包：\n{listed}{more}")
        try:
            with files.created(written) as stream, zipfile.ZipFile(stream, "w") as archive:
                manifest = files.read(site / MANIFEST)
                for path, entry in sorted({**read_manifest(manifest), MANIFEST: entry_of(manifest)}.items()):
                    archive.writestr(_member(path), _content(site, path, entry), zipfile.ZIP_DEFLATED, 9)
            files.write(written_checksum, f"{files.digest(written)}  {file.name}\n".encode())
            files.remove(checksum)
            files.move(written, file)
            files.move(written_checksum, checksum)
        except (OSError, EvalbookError):
            with suppress(OSError):
                files.remove(written)
                files.remove(written_checksum)
            raise


def _member(path: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, MADE)
    member.create_system = UNIX
    member.external_attr = (0o100000 | files.FILE_MODE) << 16
    return member


def _content(site: Path, path: str, entry: Entry) -> bytes:
    content = files.read(site / path)
    if entry_of(content) != entry:
        raise EvalbookError(f"{shown(path)} 在写压缩包时变了：有人正在发布。请等发布结束再试。")
    return content
