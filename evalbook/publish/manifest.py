"""The list of a folder's files with their hashes, and the names that a file can have everywhere."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.publish import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MANIFEST = "manifest.json"
FORMAT = 1

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of the largest manifest that is read; a site of 200 editions has about 8 million."""

PATH_LIMIT = 180
"""Characters of the longest path in a site: Windows has 259 for all of it, with the folder where the site lies."""

NAME_LIMIT = 255
"""Bytes of the longest name on the file systems of Linux."""

LINES = 30
"""Faults told at once; who forges a manifest could have a million."""

RESERVED = frozenset('<>:"|?*\\')
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"}
)
"""Names that Windows keeps for devices, with any ending (Microsoft, Naming Files, Paths, and Namespaces)."""

REPORT = ".pdf"
"""Ending of the files of an edition that may bear its check code, and so cannot be among what that is of."""
GROUP = 4
"""Characters of a group of the check code."""

HASH = re.compile(r"[0-9a-f]{64}")
EDITION = re.compile(r"([0-9]{4}/[1-9][0-9]{0,3})/.+", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """What a manifest says of a file.

    Attributes
    ----------
    sha256 : str
        In hexadecimal digits.
    bytes : int
        Size.
    """

    sha256: str
    bytes: int


def entry_of(content: bytes) -> Entry:
    """Entry of a file with this content."""
    return Entry(hashlib.sha256(content).hexdigest(), len(content))


def manifest_of(source: Path | Mapping[str, bytes | Entry]) -> bytes:
    """Write the manifest of a folder, or of files that may not exist yet.

    Parameters
    ----------
    source
        A folder, whose every file is listed but the manifest itself; or path → content or entry.

    Returns
    -------
    bytes
        JSON in UTF-8, the same for the same files.

    Raises
    ------
    EvalbookError
        A name cannot be had on every system, two names are one on some, or the folder holds a link.
    """
    if isinstance(source, Path):
        source = _entries(source)
    refuse(name_faults(source))
    entries = {path: each if isinstance(each, Entry) else entry_of(each) for path, each in source.items()}
    document = {"format": FORMAT, "files": {path: vars(entry) for path, entry in entries.items()}}
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _entries(folder: Path) -> dict[str, Entry]:
    found = files.walk(folder)
    found.pop(MANIFEST, None)
    refuse(f"{shown(path)}：是{size}，不是文件" for path, size in found.items() if isinstance(size, str))
    sizes = {path: size for path, size in found.items() if isinstance(size, int)}
    return {path: Entry(files.digest(folder / path), size) for path, size in sizes.items()}


def read_manifest(content: bytes) -> Mapping[str, Entry]:
    """Read a manifest from anywhere.

    Returns
    -------
    mapping of str to Entry
        Path with ``/`` → what the file must be; every path is safe to join to a folder.

    Raises
    ------
    EvalbookError
        It is no manifest, not as ``manifest_of`` writes it, or has a name that it must not have.
    """
    if len(content) > SIZE_LIMIT:
        raise EvalbookError(f"清单太大（{len(content)}字节），不是 evalbook 写的。")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise EvalbookError("清单读不懂：不是 evalbook 写的，或者已经损坏。") from None
    entries: dict[str, Entry] = {}
    match document:
        case {"format": int() as number} if number > FORMAT:
            raise EvalbookError(
                f"清单的格式是{number}，这个 evalbook 只认得{FORMAT}：请用更新的 evalbook，或核对是谁写的。"
            )
        case {"files": dict() as listed}:
            for path, entry in listed.items():
                match entry:
                    case {"sha256": str() as sha256, "bytes": int() as size} if (
                        HASH.fullmatch(sha256) and type(size) is int and size >= 0
                    ):
                        entries[path] = Entry(sha256, size)
    refuse(name_faults(entries))
    # Every byte is fixed: keys given twice, another order, spaces or more than the manifest has are found here.
    if manifest_of(entries) != content:
        raise EvalbookError("清单被改动过，或者不是这个版本的 evalbook 写的。")
    return entries


def check_code(source: Path | Mapping[str, Entry]) -> tuple[str, ...]:
    """Groups of the check code, which whoever signs has on paper: of all files of an edition but its reports.

    Among them is the card, which states the entry of the ledger. Whoever forges a page and every manifest above it
    cannot forge what was printed and signed.

    Parameters
    ----------
    source
        Folder of the edition, or what its manifest lists.

    Returns
    -------
    tuple of str
        Of a SHA-256, in hexadecimal digits.
    """
    entries = _entries(source) if isinstance(source, Path) else source
    bound = {path: entry for path, entry in entries.items() if "/" in path or not path.endswith(REPORT)}
    code = hashlib.sha256(manifest_of(bound)).hexdigest()
    return tuple(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def differences(one: Mapping[str, Entry], other: Mapping[str, Entry]) -> list[str]:
    """Paths of which two lists of files do not say the same."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def refuse(faults: Iterable[str]) -> None:
    """Raise an error that says the faults, if there is one.

    Raises
    ------
    EvalbookError
        With a line for each, and how many there are if they are very many.
    """
    lines = list(faults)
    if lines:
        more = [f"……共{len(lines)}处。"] if len(lines) > LINES else []
        raise EvalbookError("\n".join(lines[:LINES] + more))


def name_faults(paths: Iterable[str]) -> Iterator[str]:
    """Say which paths cannot be had on every system, and which two are one on some."""
    known = set(paths)
    wrong = {path: why for path in known if (why := name_fault(path))}
    for path, why in sorted(wrong.items()):
        yield f"{shown(path)}：名称不安全，{why}"
    for one, other in collisions(known - set(wrong)):
        yield f"{shown(one)}：与 {shown(other)} 在不分大小写的磁盘上是同一个名称"


def name_fault(path: str) -> str:
    """Why a path cannot be had on every system, in Chinese; empty if it can."""
    parts = path.split("/")
    if len(path) > PATH_LIMIT:
        return f"长于{PATH_LIMIT}个字符"
    if any(part in {"", ".", ".."} for part in parts):
        return "不是相对路径，或者跳出了文件夹"
    if not path.isprintable() or RESERVED & set(path):
        return "有 Windows 不允许的字符"
    if not unicodedata.is_normalized("NFC", path):
        return "字符不是标准写法（Unicode NFC）"
    for part in parts:
        if part.endswith((".", " ")):
            return "以点或空格结尾"
        if part.partition(".")[0].rstrip().lower() in DEVICES:
            return "是 Windows 的设备名"
        if len(part.encode()) > NAME_LIMIT:
            return f"有一段长于{NAME_LIMIT}个字节"
    return ""


def collisions(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Find paths that some file system does not tell apart, or of which one must be a folder for the other."""
    seen: dict[str, tuple[str, bool]] = {}
    for path in sorted(set(paths)):
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            here = ("/".join(parts[:count]), count == len(parts))
            folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", here[0]).casefold())
            other = seen.setdefault(folded, here)
            if other != here:
                yield path, other[0]
                break


def edition_place(path: str) -> str:
    """Folder of the edition that a path of a site is in, such as ``2020/1``; empty if it is in none."""
    match = EDITION.fullmatch(path)
    return match[1] if match else ""


def shown(path: str) -> str:
    """Path for a message, whatever characters somebody put into it."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in path[:300])
