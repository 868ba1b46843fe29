"""Text files that somebody else wrote, and how messages quote them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.schema.characters import folded, folding_notices
from evalbook.shipped import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that nobody sees: controls, marks of direction, joiners."""

MISSING_FILE = "找不到这个文件"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""What UTF-16 begins with, where it says so."""

SIZE_LIMIT = 2_000_000
"""Largest input file in bytes; the largest table of 2020 has under 3000."""


def project_path(root: Path, path: Path) -> str:
    """Path inside the project, with forward slashes, as messages and lineage name it; of the tool's own files too."""
    return path.relative_to(root if path.is_relative_to(root) else SHIPPED).as_posix()


def read_text(root: Path, path: Path) -> tuple[str, list[Problem], list[str]]:
    """Read a text file that somebody else wrote.

    Returns
    -------
    text : str
        Empty when there are problems.
    problems : list of Problem
        The file is missing, a link, too large, or not text.
    notices : list of str
        GBK and UTF-16 are read, and reported because the next program may not do so; so is what was read otherwise
        than it is written.
    """
    name = project_path(root, path)
    if not path.is_file():
        return "", [Problem(name, 0, "", MISSING_FILE, "文件夹里有这个文件", "补上，或从上年复制")], []
    if leads_to := link_target(root, path):
        found, expected = f"是指向{leads_to}的链接", "文件就在项目文件夹里"
        return "", [Problem(name, 0, "", found, expected, "把文件本身放进来")], []
    if path.stat().st_size > SIZE_LIMIT:
        return "", [Problem(name, 0, "", "文件太大", "不超过2MB", "删去与本表无关的内容")], []
    return decoded(name, path.read_bytes())


def link_target(root: Path, path: Path) -> str:
    """Where a file lies in truth, in Chinese, when its path or a folder on it is a link; empty when it lies where it seems to.

    A link within the project makes one file say what another is asked for, so it is refused like one that leads out.
    """
    folder = root if path.is_relative_to(root) else SHIPPED
    real, home = path.resolve(), folder.resolve()
    if real == home / path.relative_to(folder):
        return ""
    return "项目里另一个文件" if real.is_relative_to(home) else "项目以外"


def decoded(name: str, raw: bytes) -> tuple[str, list[Problem], list[str]]:
    """Text of a file that somebody else wrote, wherever it lies.

    Parameters
    ----------
    name
        Name of the file in messages; its ending tells whether it is a table.
    raw
        What the file holds.

    Returns
    -------
    tuple of str, list of Problem, list of str
        As :func:`read_text`.
    """
    text, problems, notices = _decoded(name, raw)
    return folded(text), problems, [*notices, *folding_notices(name, text)]


def _decoded(name: str, raw: bytes) -> tuple[str, list[Problem], list[str]]:
    is_table = name.endswith(".csv")
    saving = "在 Excel 里另存为“CSV UTF-8（逗号分隔）”" if is_table else "用记事本另存，编码选 UTF-8"
    if what := _other_format(raw, is_table=is_table):
        whole = "“CSV UTF-8”格式的文字文件" if is_table else "文字文件"
        remedy = "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”，不要只改扩展名" if is_table else saving
        return "", [Problem(name, 0, "", f"其实是{what}", whole, remedy)], []
    try:
        return raw.decode("utf-8-sig"), [], []
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
    if raw.startswith(UTF16):
        text, encoding = raw.decode("utf-16", "ignore"), "UTF-16"
    else:
        text, encoding = _gbk(raw), "GBK"
    if not text:
        found, expected = "不是可以读的文字编码，或有损坏的字", "“CSV UTF-8”或 GBK 编码的文字文件"
        return "", [Problem(name, row, "", found, expected, f"{saving}；个别字损坏的，改好这一行")], []
    return text, [], [f"{name}：按 {encoding} 编码读入。建议{saving}。"]


def _other_format(raw: bytes, *, is_table: bool) -> str:
    """What a file is, in Chinese, that only has the name of a text file; empty where it may be text."""
    if raw.startswith(b"PK\x03\x04"):
        return " Excel 工作簿、Word 文档或压缩文件"
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return "旧版的 Excel 工作簿、Word 文档，或加了密码的文件"
    if raw.startswith(b"%PDF") or (
        is_table and raw[:1000].lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml"))
    ):
        return " PDF、网页或 XML 文件"
    head = raw[:4000]
    return " UTF-16 编码的文字" if head.count(b"\0") > len(head) / 8 and not head.startswith(UTF16) else ""


def _gbk(raw: bytes) -> str:
    """Text in GBK; empty when it is not, or only by chance.

    Big5 and damaged UTF-8 often make characters of GBK, but rare ones: of the words of the real files 98 in a
    hundred are in GB 2312, of the same words in Big5 under 40.
    """
    try:
        text = raw.decode("gb18030").lstrip("\ufeff")
    except UnicodeDecodeError:
        return ""
    chinese = [character for character in text if not character.isascii()]
    common = sum(bool(character.encode("gb2312", errors="ignore")) for character in chinese)
    return text if common > 0.8 * len(chinese) else ""


def column_letter(index: int) -> str:
    """Excel's letter of a column, from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def runs(numbers: Iterable[int]) -> str:
    """Numbers in words, those that follow each other as one: 2—13、15."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in found)


def clean(text: str, most: int = 30) -> str:
    """Text from a file for a message: one line, not long, nothing that a terminal would obey."""
    shown = CONTROL.sub("□", " ".join(text.split()))
    return f"{shown[:most]}…" if len(shown) > most else shown


def quote(text: str) -> str:
    """Quote text from a file in a message."""
    return f"“{clean(text)}”"
