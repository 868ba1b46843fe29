"""What will differ from the edition before, and is no correction: files, texts, and everything else that goes into it."""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from evalbook.editions import ChangedText, changes_text
from evalbook.release import repository
from evalbook.release.rebuild import CODE, LOCK
from evalbook.release.tool import BROUGHT, NAME, holds_program, installed_tool, lock_version
from evalbook.schema.kinds import number_of
from evalbook.schema.text import clean, decoded, project_path, quote
from evalbook.shipped import CONFIGURATION, CONTENTS, FRAMEWORKS, NOTEBOOKS, OUTLINE, REFERENCE
from evalbook.year import chosen_frameworks, is_input, lock_path
from evalbook.year.project import PROJECT_FILE
from evalbook.year.tables import CALENDAR, CORRECTIONS, EXPLANATIONS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from evalbook.year import Edition

PUBLISHED = "published.csv"
"""File beside the frozen figures that says which editions were published; it changes no edition."""

MOST_WORDS = 20
"""Changed cells of a registry that are told one by one; of more, their number."""

MOST_NAMED = 3
"""Files of one kind that are named one by one; registries and frameworks are, whatever their number."""

LONGEST = 400
"""Characters of what the ledger says of one kind; a text of it holds some more."""

SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”’）]*|[。！？；]")
TEXTS = (".md", ".yml", ".txt")
VERSION = re.compile(r"^__version__ = \"(.+)\"$", re.MULTILINE)
BROUGHT_LINE = re.compile(rf"^{BROUGHT}(.+)==(\w+)$", re.MULTILINE)
PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)

TABLES_TOLD = ("界限", "术语表", "登记表", "评价框架")
KINDS = (
    *TABLES_TOLD,
    "报告提纲",
    "上一年度",
    "项目信息",
    "对检查结果的说明",
    "笔记本",
    "网页说明",
    "网页设置",
    "程序",
    "依赖",
)
"""Kinds of what goes into an edition beside the year's folder, in the order in which they are told."""


@dataclass(frozen=True)
class Changes:
    """What differs from the edition before.

    Attributes
    ----------
    files : tuple of str
        Files of the year's folder that were changed directly, by their path in it.
    carried : tuple of str
        Everything else that goes into the edition, a line for each kind, in Chinese.
    texts : tuple of ChangedText
        Words of the year's files that changed, and of registries where they are few.
    """

    files: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    texts: tuple[ChangedText, ...] = ()

    @property
    def content(self) -> bytes:
        """File of the changed words; empty where there are none."""
        return changes_text(self.texts).encode("utf-8-sig") if self.texts else b""


def changes_since(
    root: Path, year: int, last: Edition, then: Mapping[str, bytes], changed: Iterable[str]
) -> Changes:
    """Compare a project with what an edition was made from.

    Parameters
    ----------
    root, year, last
        Project, fiscal year, the edition before.
    then
        Files below ``data`` of the commit that it was made from, by their path.
    changed
        Files of the project that nobody has committed yet.
    """
    now = {_name(root, path): _content(path) for path in (root / "data").rglob("*") if path.is_file()}
    data = sorted(path for path in {*now, *then} if now.get(path) != then.get(path))
    folder = f"data/{year}/"
    apart = {f"{table.name}.csv" for table in (CALENDAR, CORRECTIONS, EXPLANATIONS)}
    own = [path.removeprefix(folder) for path in data if path.startswith(folder)]
    files = tuple(path for path in own if path not in apart and is_input(path))
    texts = [
        one for file in files for one in changed_texts(file, then.get(folder + file), now.get(folder + file))
    ]
    beside = (*CODE, LOCK, PROJECT_FILE)
    differing = {*repository.differing(root, last.commit, *beside)}
    differing |= {path for path in changed if path.split("/")[0] in beside}
    others = [*data, *sorted(differing)]
    chosen = chosen_frameworks(root, year)
    kinds: dict[str, list[str]] = {}
    for path in others:
        if kind := _kind(path, year, chosen):
            kinds.setdefault(kind, []).append(path)
    told: dict[str, str] = {}
    for kind, paths in kinds.items():
        counts = {}
        for path in paths if kind in TABLES_TOLD else ():
            if path not in then or path not in now:
                counts[path] = "新增" if path in now else "删去"
                continue
            words = list(changed_texts(path, then[path], now[path]))
            counts[path] = f"改了{len(words)}处" if words else "有改动"
            texts += words if len(words) <= MOST_WORDS else ()
        told[kind] = _named(paths, counts)
    told |= _of_the_program(root, year, last, told, others)
    carried = tuple(clean(f"{kind}：{told[kind]}", LONGEST) for kind in KINDS if kind in told)
    return Changes(files, carried, tuple(texts))


def _name(root: Path, path: Path) -> str:
    """Path in the project; what is no UTF-8 in it cannot be written into a ledger."""
    return os.fsencode(project_path(root, path)).decode("utf-8", "replace")


def _content(path: Path) -> bytes:
    """What a repository keeps of a file: of a link, where it leads."""
    return os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()


def _kind(path: str, year: int, chosen: Iterable[str]) -> str:
    """What a file that goes into a year's edition is; empty for all others, and for the year's own."""
    top = path.split("/", maxsplit=1)[0]
    name = path.rpartition("/")[2]
    if path.startswith(f"{REFERENCE}/"):
        return {"limits.csv": "界限", "glossary.csv": "术语表"}.get(name, "登记表")
    if path.startswith(tuple(f"{FRAMEWORKS}/{framework}/" for framework in chosen)):
        return "评价框架"
    if path == f"data/{year}/{EXPLANATIONS.name}.csv":
        return "对检查结果的说明"
    if path.startswith(f"data/{year - 1}/") and name != PUBLISHED:
        return "上一年度"
    if top == "data":
        return "报告提纲" if path.startswith(f"{OUTLINE}/") else ""
    known = {PROJECT_FILE: "项目信息", CONFIGURATION: "网页设置", CONTENTS: "网页设置", LOCK: "依赖"}
    return known.get(path) or {NOTEBOOKS: "笔记本", "book": "网页说明"}.get(top, "程序")


def _named(paths: list[str], counts: Mapping[str, str]) -> str:
    """Files of one kind: by their names where they are few, else by the folders that they lie in."""
    if counts or len(paths) <= MOST_NAMED:
        return "、".join(
            f"{clean(path.removeprefix(f'{REFERENCE}/').removeprefix(f'{FRAMEWORKS}/'), 80)} {counts[path]}"
            if counts
            else clean(path, 80)
            for path in paths
        )
    folders: dict[str, int] = {}
    for path in paths:
        top = path.split("/")
        folder = "/".join(top[: 2 if top[0] == "data" else 1]) + ("/" if len(top) > 1 else "")
        folders[folder] = folders.get(folder, 0) + 1
    return "、".join(
        f"{name}（{count}个文件）" if name.endswith("/") else name for name, count in folders.items()
    )


def _of_the_program(
    root: Path, year: int, last: Edition, told: Mapping[str, str], changed: Iterable[str]
) -> dict[str, str]:
    """Versions of the program and of its packages, where they are others than those of the edition before."""
    if holds_program(root):
        found = {}
        for name, kind, differs in (
            ("evalbook/__init__.py", "程序", _other_version),
            (LOCK, "依赖", _other_packages),
        ):
            if name in changed and (root / name).is_file():
                before = (repository.committed(root, name, last.commit) or b"").decode("utf-8", "replace")
                words = differs(before, (root / name).read_text(encoding="utf-8"))
                found[kind] = f"{words}；{told[kind]}" if words else told[kind]
        return found
    tool, lock = installed_tool(), lock_path(root, year, last.number)
    before = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    found = {"依赖": packages} if (packages := _other_packages(before, tool.lock)) else {}
    if tool.code != last.code:
        was = lock_version(before)
        found["程序"] = (
            f"evalbook {was} → {tool.version}" if was != tool.version else f"evalbook {was}，程序文件不同"
        )
    chosen = chosen_frameworks(root, year)
    old, new = (dict(BROUGHT_LINE.findall(text)) for text in (before, tool.lock))
    for path in sorted(path for path in {*old, *new} if old.get(path) != new.get(path)):
        # Most are hashed as a whole, by their folder.
        if kind := _kind(path if PurePosixPath(path).suffix else f"{path}/", year, chosen):
            others = found.get(kind) or told.get(kind)
            found[kind] = f"{f'{others}、' if others else ''}程序带来的 {path}"
    return found


def _other_version(old: str, new: str) -> str:
    before, now = VERSION.search(old), VERSION.search(new)
    return f"{before[1]} → {now[1]}" if before and now and before[1] != now[1] else ""


def _other_packages(old: str, new: str) -> str:
    before, now = (dict(PACKAGE.findall(text)) for text in (old, new))
    names = [name for name in sorted({*before, *now} - {NAME}) if before.get(name) != now.get(name)]
    shown = "、".join(
        f"{name} {before.get(name, '没有')} → {now.get(name, '没有')}" for name in names[:MOST_NAMED]
    )
    return shown + (f" 等{len(names)}个软件包" if len(names) > MOST_NAMED else "")


# -- words


def changed_texts(file: str, old: bytes | None, new: bytes | None) -> Iterator[ChangedText]:
    """Sentences and cells of a file that are not what they were; none of what is neither text nor table."""
    before, now = (decoded(file, raw)[0] if raw else "" for raw in (old, new))
    ending = PurePosixPath(file).suffix.lower()
    if ending == ".csv":
        yield from _changed_cells(file, before, now)
    elif ending in TEXTS:
        yield from _changed_sentences(file, before, now)


def _changed_sentences(file: str, old: str, new: str) -> Iterator[ChangedText]:
    before, now = (
        [
            (number, sentence.strip())
            for number, line in enumerate(text.splitlines(), start=1)
            for sentence in SENTENCE.findall(line)
            if sentence.strip()
        ]
        for text in (old, new)
    )
    for (a, b), (c, d) in _blocks([words for _, words in before], [words for _, words in now]):
        pairs = [((a + i, a + i + 1), (c + i, c + i + 1)) for i in range(b - a)]
        for (first, last), (begin, end) in pairs if b - a == d - c else [((a, b), (c, d))]:
            place = f"第{now[begin][0]}行" if begin < end else f"原第{before[first][0]}行"
            was, becomes = (
                "".join(words for _, words in part) for part in (before[first:last], now[begin:end])
            )
            yield ChangedText(file, place, was, becomes)


Row = tuple[tuple[str, str], ...]
"""Cells of a row that hold something, with their headings."""


def _changed_cells(file: str, old: str, new: str) -> Iterator[ChangedText]:
    before, now = _rows(old), _rows(new)
    same = [
        [tuple((name, _by_value(text)) for name, text in row) for _, row in rows] for rows in (before, now)
    ]
    for (a, b), (c, d) in _blocks(*same):
        for was, becomes in _paired(before[a:b], now[c:d]):
            number, row = becomes or was or (0, ())
            place = f"{'' if becomes else '原'}第{number}行" + (f"（{row[0][1]}）" if row else "")
            if not was or not becomes:
                told = "；".join(f"{name}：{text}" for name, text in row)
                yield ChangedText(file, place, *(("", told) if becomes else (told, "")))
                continue
            cells, others = dict(was[1]), dict(becomes[1])
            for name in dict.fromkeys((*cells, *others)):
                one, other = cells.get(name, ""), others.get(name, "")
                if _by_value(one) != _by_value(other):
                    yield ChangedText(file, f"{place}{quote(name)}", one, other)


def _rows(text: str) -> list[tuple[int, Row]]:
    """Rows of a table with their numbers."""
    try:
        lines = list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return []
    headings = lines[0] if lines else []
    return [
        (
            number,
            tuple((name, cell.strip()) for name, cell in zip(headings, line, strict=False) if cell.strip()),
        )
        for number, line in enumerate(lines[1:], start=2)
        if any(map(str.strip, line))
    ]


def _by_value(text: str) -> str:
    """A cell, with a number as it is equal to others, whatever zeros were typed."""
    value = number_of(text)
    return text if value is None else str(value.normalize())


def _paired(
    before: list[tuple[int, Row]], now: list[tuple[int, Row]]
) -> Iterator[tuple[tuple[int, Row] | None, tuple[int, Row] | None]]:
    """Rows that were and rows that are: in their order where they are as many, else by their first cell."""
    if len(before) == len(now):
        yield from zip(before, now, strict=True)
        return
    left = list(before)
    for row in now:
        match = next((one for one in left if one[1][:1] == row[1][:1]), None)
        if match:
            left.remove(match)
        yield match, row
    yield from ((one, None) for one in left)


def _blocks(
    before: Sequence[Hashable], now: Sequence[Hashable]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where two sequences differ: beginnings and ends."""
    for what, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if what != "equal":
            yield (a, b), (c, d)
