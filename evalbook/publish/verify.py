"""Whether a published folder, an edition or an archive is what its manifest says, to the byte."""

from __future__ import annotations

import stat
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.publish import files, manifest

if TYPE_CHECKING:
    from pathlib import Path

CHANGED, MISSING, EXTRA, UNSAFE = "改动", "缺少", "多余", "名称不安全"

WORK = ".evalbook"
"""Folder in a site where a publish does its work; only a lock is left in it."""
JOURNAL = f"{WORK}/journal.json"
STAGING = f"{WORK}/new"
LOCK = f"{WORK}/lock"
LEFT = (LOCK, f"{JOURNAL}.new", f"{STAGING}/")
"""How the paths begin of what a publish may leave behind, killed or not."""

SERVER = "web.config"
"""Settings that IIS reads from the site's own folder; they are the server's, and it shows them to nobody."""

Opened = Callable[[str], IO[bytes]]


@dataclass(frozen=True, order=True)
class Fault:
    """One way in which a published folder is not what it says.

    Attributes
    ----------
    path : str
        Inside the folder or archive, as it was found: untrusted text.
    what : str
        Chinese, starting with one of ``CHANGED``, ``MISSING``, ``EXTRA`` and ``UNSAFE`` where one of them fits.
    """

    path: str
    what: str

    def __str__(self) -> str:
        return f"{manifest.shown(self.path)}：{self.what}"


def verify(path: Path) -> tuple[Fault, ...]:
    """Compare a published folder, the folder of one edition, or an archive of either, with its manifest.

    Returns
    -------
    tuple of Fault
        Ordered by path; empty when every file is there, none is more, and every byte is as published. Archives
        are read, not extracted, and never further than their manifest says.

    Raises
    ------
    EvalbookError
        There is no such folder or file, or it is a single file of an edition, which has no manifest of its own.
    """
    with files.explained(f"校验 {path} ", lambda: "没有完成校验。"):
        if path.is_dir():
            return folder_faults(path)
        if path.is_file():
            if path.suffix.lower() != ".zip":
                raise EvalbookError(
                    f"{path.name} 不能单独核对：核对用的清单在它所在的文件夹里。请写那个文件夹，或者网站的压缩包（.zip）；"
                    "核对台账里的一版，写年度和版次，如 evalbook verify 2021/3"
                )
            return tuple(sorted(set(_archive_faults(path))))
        raise EvalbookError(f"没有 {path}。请写出已发布的文件夹，或者它的压缩包（.zip）。")


def checksum_file(archive: Path) -> Path:
    """File beside an archive that holds its checksum; without it only the content is checked."""
    return archive.with_name(f"{archive.name}.sha256")


def folder_faults(folder: Path) -> tuple[Fault, ...]:
    """Compare a folder with its manifest, as ``verify`` does, for whoever tells faults of the file system himself.

    Raises
    ------
    OSError
        The folder could not be read.
    """
    found = files.walk(folder)
    if JOURNAL in found:
        return (Fault(JOURNAL, "发布正在进行，或者中断了。请再运行一次 evalbook publish，会接着做完"),)
    site = {
        path: size
        for path, size in found.items()
        if isinstance(size, str) or not (path.startswith(LEFT) or path == SERVER)
    }
    return tuple(sorted(set(_faults(site, lambda path: files.opened(folder / path)))))


def _archive_faults(path: Path) -> Iterator[Fault]:
    beside = checksum_file(path)
    if beside.is_file():
        with files.opened(beside) as stream:
            stated = stream.read(1000).decode(errors="replace").partition(" ")[0]
        if not manifest.HASH.fullmatch(stated):
            yield Fault(beside.name, f"{CHANGED}：里面不是校验值")
        elif stated != files.digest(path):
            yield Fault(path.name, f"{CHANGED}：与 {beside.name} 里的校验值不符")
    try:
        with files.opened(path) as stream, zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            # Members that overlap could unpack without end; those that do not are bounded by the archive's size.
            if sum(member.compress_size for member in members) > path.stat().st_size:
                raise zipfile.BadZipFile
            by_name = {member.orig_filename: member for member in members if not _is_folder(member)}
            sizes = {name: _size(member) for name, member in by_name.items()}
            for member in members:
                name = member.orig_filename
                if _is_folder(member):
                    if why := manifest.name_fault(name.removesuffix("/")):
                        yield Fault(name, f"{UNSAFE}：{why}")
                elif by_name[name] is not member:
                    yield Fault(name, f"{EXTRA}：同一个名称有两个文件")
            yield from _faults(sizes, lambda name: archive.open(by_name[name]))
    except Exception:  # whatever zipfile makes of garbage
        yield Fault(path.name, "不是完整的压缩包（zip）。请重新复制一次")


def _is_folder(member: zipfile.ZipInfo) -> bool:
    return member.orig_filename.endswith("/") and not member.file_size


def _size(member: zipfile.ZipInfo) -> int | str:
    if member.flag_bits & 1:
        return "加密的文件"
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return "用别的方法压缩的文件"
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG}:
        return "链接或特殊文件"
    return member.file_size


def _faults(sizes: Mapping[str, int | str], opened: Opened) -> Iterator[Fault]:
    """Compare files, given by size or by what they are instead, with the manifest among them."""
    if manifest.MANIFEST not in sizes:
        yield Fault(manifest.MANIFEST, f"{MISSING}：没有清单，不是 evalbook 发布的，或者清单被删去了")
        return
    if isinstance(sizes[manifest.MANIFEST], str):
        yield Fault(manifest.MANIFEST, f"{UNSAFE}：是{sizes[manifest.MANIFEST]}")
        return
    try:
        entries = _manifest(manifest.MANIFEST, opened)
    except EvalbookError as error:
        yield Fault(manifest.MANIFEST, f"{CHANGED}：{error}")
        return
    for path in sizes.keys() - entries.keys() - {manifest.MANIFEST}:
        why = manifest.name_fault(path)
        yield Fault(path, f"{UNSAFE}：{why}" if why else f"{EXTRA}：清单里没有")
    faulty = set()
    for path, entry in entries.items():
        if what := _fault(path, entry, sizes, opened):
            faulty.add(path)
            yield Fault(path, what)
    yield from _contradictions(entries, faulty, opened)


def _fault(path: str, entry: manifest.Entry, sizes: Mapping[str, int | str], opened: Opened) -> str:
    size = sizes.get(path)
    if size is None:
        return MISSING
    if isinstance(size, str):
        return f"{UNSAFE}：是{size}"
    if size != entry.bytes:
        return f"{CHANGED}：大小与清单不符"
    try:
        with opened(path) as stream:  # of the right size, so that it does not go on without end
            same = files.digest_of(stream) == entry.sha256
    except Exception:  # whatever zipfile makes of a damaged member
        return f"{CHANGED}：读不出来"
    return "" if same else f"{CHANGED}：内容与清单不符"


def _manifest(path: str, opened: Opened) -> Mapping[str, manifest.Entry]:
    with opened(path) as stream:
        return manifest.read_manifest(stream.read(manifest.SIZE_LIMIT + 1))


def _contradictions(
    entries: Mapping[str, manifest.Entry], faulty: set[str], opened: Opened
) -> Iterator[Fault]:
    """Compare what the manifest of a site says of its editions, and of copies beside them, with their own manifests."""
    editions: dict[str, dict[str, manifest.Entry]] = defaultdict(dict)
    for path, entry in entries.items():
        if place := manifest.edition_place(path):
            editions[place][path.removeprefix(f"{place}/")] = entry
    for place, stated in editions.items():
        path = f"{place}/{manifest.MANIFEST}"
        if stated.pop(manifest.MANIFEST, None) is None:
            yield Fault(path, f"{MISSING}：版次没有自己的清单")
        elif path not in faulty:
            try:
                own = _manifest(path, opened)
            except EvalbookError as error:
                yield Fault(path, f"{CHANGED}：{error}")
                continue
            for name in manifest.differences(own, stated):
                yield Fault(f"{place}/{name}", f"{CHANGED}：总清单与版次自己的清单不一致")
    for path, entry in entries.items():
        year, _, name = path.partition("/")
        if "/" in name:
            continue
        copies = [
            stated[name]
            for place, stated in editions.items()
            if place.startswith(f"{year}/") and name in stated
        ]
        if copies and entry not in copies and not name.endswith(".html"):  # pages lead to those of their name
            yield Fault(path, f"{CHANGED}：与各版里同名的文件都不同")
