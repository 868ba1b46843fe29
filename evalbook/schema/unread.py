"""What lies in a folder that nobody reads: a table under another name is to be mended, other files are told."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.schema.text import MISSING_FILE, SIZE_LIMIT, clean, decoded, project_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from evalbook.schema.table import Table

DIVIDED = (".csv", ".txt", ".tsv")
SAVED_AS = (*DIVIDED, ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".yml", ".yaml")
"""Endings under which a table or a YAML file is saved by mistake."""
BEFORE = re.compile(r"(?:副本|复件|copy of)[\s_.-]*", re.IGNORECASE)
BEHIND = re.compile(
    r"(?:[\s_.-]*(?:[(（]\d+[)）]|副本|复件|拷贝|copy|新|旧|备份|最终|定稿|v?\d{1,8}|表))+$", re.IGNORECASE
)
"""What programs and people add to the name of a file when they save it once more."""
LEFT_BEHIND = re.compile(r"\.|~\$|(?:thumbs\.db|desktop\.ini)$", re.IGNORECASE)
"""Names of what editors and systems leave in a folder."""
MOST_LOOKED_AT = 1000
"""Files of a folder, and of each folder below, that are looked at."""


@dataclass(frozen=True)
class Unread:
    """What nobody reads in a folder.

    Attributes
    ----------
    problems : tuple of Problem
        Files that look like one that is read.
    notices : tuple of str
        The rest, in Chinese.
    lacking : frozenset of str
        Paths in the project of the files that are not there, while another looks like them.
    """

    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    lacking: frozenset[str]

    def with_others(self, problems: Iterable[Problem]) -> list[Problem]:
        """These problems and others, without those of files that are there under another name."""
        kept = (p for p in problems if p.file not in self.lacking or p.found != MISSING_FILE)
        return [*self.problems, *kept]


def unread_files(
    root: Path, folder: Path, tables: Iterable[Table], settings: str = "", others: Collection[str] = ()
) -> Unread:
    """Find what nobody reads in a folder; no folder has nothing.

    Parameters
    ----------
    root, folder
        Project and folder.
    tables
        Those that are read there.
    settings
        Name of the YAML file that is read there.
    others
        Names of files and folders that somebody else reads or tells of.
    """
    headings = {f"{table.name}.csv": {c.heading for c in table.columns if c.required} for table in tables}
    wanted = {name.rpartition(".")[0]: name for name in (*headings, settings) if name}
    wanted |= {table.title: f"{table.name}.csv" for table in tables}
    problems, notices, lacking = [], [], set()
    inside = list(islice(folder.iterdir() if folder.is_dir() else (), MOST_LOOKED_AT + 1))
    if len(inside) > MOST_LOOKED_AT:
        found, expected = f"里面的文件太多，超过{MOST_LOOKED_AT}个", "只放本年度的数据文件"
        place = project_path(root, folder)
        problems.append(Problem(place, 0, "", found, expected, f"把别的文件移到 {place} 以外"))
        inside = []
    for path in sorted(inside):
        if path.name in others or LEFT_BEHIND.match(path.name) or _is_read(path, wanted.values()):
            continue
        files = [path] if path.is_file() else sorted(islice(path.rglob("*"), MOST_LOOKED_AT))
        meant = {file: _meant(file, wanted, headings) for file in files}
        for file, name in meant.items():
            if name:
                problems.append(_misplaced(root, folder, file, name))
            if name and not (folder / name).exists():
                lacking.add(project_path(root, folder / name))
        if not any(meant.values()):
            what = "文件夹" if path.is_dir() else "文件"
            notices.append(f"{clean(project_path(root, path), most=80)}：不认识这个{what}，没有读。")
    return Unread(tuple(problems), tuple(notices), frozenset(lacking))


def _is_read(path: Path, names: Iterable[str]) -> bool:
    """Whether a path is one of the files that are read; PEOPLE.CSV is people.csv where the system says so."""
    same = (path.with_name(name) for name in names)
    return any(path == other or (other.exists() and other.samefile(path)) for other in same)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _meant(path: Path, wanted: Mapping[str, str], headings: Mapping[str, set[str]]) -> str:
    """Name of the file that a file looks like, by its own name or its headings; else nothing."""
    if not path.name.lower().endswith(SAVED_AS) or LEFT_BEHIND.match(path.name) or not _is_plain(path):
        return ""
    stem = path.name.lower()
    while stem.endswith(SAVED_AS):
        stem = stem.rpartition(".")[0]
    stem = BEFORE.sub("", stem, count=1)
    name = wanted.get(stem) or wanted.get(BEHIND.sub("", stem))
    if name or not path.name.lower().endswith(DIVIDED) or path.stat().st_size > SIZE_LIMIT:
        return name or ""
    text, problems, _ = decoded(path.name, path.read_bytes())
    first = next((line for line in text.splitlines() if line.strip()), "")
    if problems or not first:
        return ""
    cells = {cell.strip() for cell in next(csv.reader([first], delimiter=max(",\t;", key=first.count)))}
    return next((file for file, needed in headings.items() if len(needed) > 1 and needed <= cells), "")


def _misplaced(root: Path, folder: Path, path: Path, name: str) -> Problem:
    there, place = (folder / name).exists(), project_path(root, folder)
    found = f"像是又一份 {name}，没有读" if there else f"像是 {name}，文件名或位置不对，没有读"
    if there:
        remedy = f"只留一份：要用这一份的，用它换下 {name}；不用的，移到 {place} 以外"
    elif path.suffix.lower() in {".csv", ".txt", ".yml", ".yaml"}:
        remedy = f"把文件名改成 {name}（让电脑显示扩展名），放进 {place}"
    else:
        remedy = f"用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”，文件名 {name}，放进 {place}"
    return Problem(clean(project_path(root, path), most=80), 0, "", found, f"{place}/{name}", remedy)
