"""Read one CSV file into rows, with every problem named by file, row and column."""

from __future__ import annotations

import csv
import difflib
import functools
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.tables.registry import Limit, Programme, Registries, Requirement, Term, Unit
from evalbook.tables.schema import (
    AREAS,
    CONTROL,
    FAMILIES,
    LIMIT_MEASURES,
    LIMITS,
    NEEDED_UNITS,
    PEOPLE,
    PER_CASE,
    REGIONS,
    REGISTRIES,
    STANDARDS,
    Row,
    Table,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.tables.corrections import Correction

REGISTRY_FOLDER = "data/reference"
"""Folder of the registries inside the project."""

SIZE_LIMIT = 2_000_000
"""Largest input file in bytes; the largest table of 2020 has under 3000."""


@dataclass(frozen=True)
class TableRow:
    """One row that was read.

    Attributes
    ----------
    number : int
        Row as Excel counts it; the heading is row 1.
    cells : Row
        Parsed values by English column name; ``None`` where empty or unusable.
    texts : mapping of str to str
        The same cells as they stand in the file.
    corrections : tuple of Correction
        What the edition says of the row's number, the earliest first.
    """

    number: int
    cells: Row
    texts: Mapping[str, str]
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True)
class TableData:
    """A table that was read.

    Attributes
    ----------
    table : Table
        Its definition.
    file : str
        Path inside the project.
    letters : mapping of str to str
        Excel's letter of each column, by English column name.
    rows : tuple of TableRow
        Rows whose key could be read.
    complete : bool
        False when the file or a row's key could not be read, so that names may be missing.
    """

    table: Table
    file: str
    letters: Mapping[str, str]
    rows: tuple[TableRow, ...]
    complete: bool = True


def project_path(root: Path, path: Path) -> str:
    """Path inside the project, with forward slashes, as messages and lineage name it."""
    return path.relative_to(root).as_posix()


def read_text(root: Path, path: Path) -> tuple[str, list[Problem], list[str]]:
    """Read a text file that somebody else wrote.

    Returns
    -------
    text : str
        Empty when there are problems.
    problems : list of Problem
        The file is missing, outside the project, too large, or not text.
    notices : list of str
        GBK is read, and reported because the next program may not do so.
    """
    name = project_path(root, path)
    if not path.is_file():
        return "", [Problem(name, 0, "", "找不到这个文件", "文件夹里有这个文件", "补上，或从上年复制")], []
    if not path.resolve().is_relative_to(root.resolve()):
        return (
            "",
            [Problem(name, 0, "", "是指向项目以外的链接", "文件就在项目文件夹里", "把文件本身放进来")],
            [],
        )
    if path.stat().st_size > SIZE_LIMIT:
        return "", [Problem(name, 0, "", "文件太大", "不超过2MB", "删去与本表无关的内容")], []
    return decoded(name, path.read_bytes())


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
    try:
        return raw.decode("utf-8-sig"), [], []
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
    saving = (
        "在 Excel 里另存为“CSV UTF-8（逗号分隔）”" if name.endswith(".csv") else "用记事本另存，编码选 UTF-8"
    )
    text = _gbk(raw)
    if not text:
        return (
            "",
            [
                Problem(
                    name,
                    row,
                    "",
                    "不是可以读的文字编码，或有损坏的字",
                    "“CSV UTF-8”或 GBK 编码的文字文件",
                    f"{saving}；个别字损坏的，改好这一行",
                )
            ],
            [],
        )
    return text, [], [f"{name}：按 GBK 编码读入。建议{saving}。"]


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


Edit = Callable[[str, str], tuple[str, list[Problem]]]
"""What an edition makes of the text of a file, named by its path in the project."""


def unedited(_: str, text: str) -> tuple[str, list[Problem]]:
    """Text of a file as it is."""
    return text, []


def read_table(
    root: Path, path: Path, table: Table, registries: Registries, edit: Edit = unedited
) -> tuple[TableData, list[Problem], list[str]]:
    """Read and validate one CSV file.

    Parameters
    ----------
    root, path
        Project and file.
    table
        Definition of the table.
    registries
        Programmes and units that its cells may name.
    edit
        What the edition makes of the text.

    Returns
    -------
    tuple of TableData, list of Problem, list of str
        What could be read, everything to mend, everything to know.
    """
    name = project_path(root, path)
    text, problems, notices = read_text(root, path)
    text, found = (text, []) if problems else edit(name, text)
    read, more, told = _table(name, (text, problems, notices), table, registries)
    return read, [*found, *more], told


def _table(
    name: str, read: tuple[str, Iterable[Problem], Iterable[str]], table: Table, registries: Registries
) -> tuple[TableData, list[Problem], list[str]]:
    unread = TableData(table, name, {}, (), complete=False)
    text, problems, notices = read[0], [*read[1]], [*read[2]]
    if problems:
        return unread, problems, notices
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        problem = Problem(
            name,
            0,
            "",
            "引号没有成对，分不清各格",
            "逗号分隔的 CSV 表",
            "用 Excel 打开检查后另存为“CSV UTF-8”",
        )
        return unread, [problem], notices
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    if not lines:
        problem = Problem(
            name, 0, "", "是空文件", "第1行是列名，以下每行一条", "补上列名和内容，或从上年复制"
        )
        return unread, [problem], notices

    headings, positions = [cell.strip() for cell in lines[0]], {}
    if len(headings) == 1 and re.search(r"[;；\t，]", headings[0]):
        problem = Problem(
            name,
            1,
            "",
            f"各列不是用半角逗号隔开的：{quote(headings[0])}",
            "逗号分隔的 CSV 表",
            "在 Excel 里另存为“CSV UTF-8（逗号分隔）”",
        )
        return unread, [problem], notices
    problems = _heading_problems(name, table, headings)
    if problems:
        return unread, problems, notices
    positions = {
        column.name: headings.index(column.heading) for column in table.columns if column.heading in headings
    }
    letters = {column: column_letter(position) for column, position in positions.items()}

    texts: dict[int, dict[str, str]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        extra = [cell for cell in line[len(headings) :] if cell.strip()]
        if extra:
            problems.append(
                Problem(
                    name,
                    number,
                    "",
                    f"比列名多出{len(extra)}格（{quote(extra[0])}）",
                    f"{len(headings)}格",
                    "检查是否多打了逗号（千位分隔符也是逗号），或合并过单元格",
                )
            )
        padded = [*line, *[""] * len(headings)]
        absent = dict.fromkeys((column.name for column in table.columns), "")
        texts[number] = absent | {column: padded[position] for column, position in positions.items()}

    normalised = {
        number: {column.name: column.kind.normalise(cells[column.name]) for column in table.columns}
        for number, cells in texts.items()
    }
    bad = _validate(name, table, normalised, texts, registries)
    problems += bad.values()

    rows: list[TableRow] = []
    for number, written in texts.items():
        cells: dict[str, object] = {}
        for column in table.columns:
            value = normalised[number][column.name]
            usable = value and (number, column.name) not in bad
            cells[column.name] = column.kind.parse(value, registries) if usable else None
        row = TableRow(number, cells, written)
        problems += _row_problems(name, table, row, bad)
        rows.append(row)
    naming = {column.name for column in table.columns if column.required} - {"unit"} | set(table.key)
    keyed = [row for row in rows if not any((row.number, column) in bad for column in naming)]
    problems += _duplicate_problems(name, table, keyed)
    # The unit is part of the name of a number of people (人数, 户次), and of no other name.
    complete = len(keyed) == len(rows) and not (
        table.name == PEOPLE.name and any(column == "unit" for _, column in bad)
    )
    return TableData(table, name, letters, tuple(keyed), complete), problems, notices


def clean(text: str) -> str:
    """Text from a file for a message: one line, not long, nothing that a terminal would obey."""
    shown = CONTROL.sub("□", " ".join(text.split()))
    return f"{shown[:30]}…" if len(shown) > 30 else shown


def quote(text: str) -> str:
    """Quote text from a file in a message."""
    return f"“{clean(text)}”"


def _heading_problems(name: str, table: Table, headings: list[str]) -> list[Problem]:
    known = [column.heading for column in table.columns]
    unknown = [heading for heading in headings if heading and heading not in known]
    optional = {column.heading for column in table.columns if column.optional}
    problems = []
    for heading in known:
        if heading not in headings and heading in optional:
            continue
        if heading not in headings:
            similar = difflib.get_close_matches(heading, unknown, n=1, cutoff=0.4)
            found = f"没有“{heading}”列" + (f"，却有{quote(similar[0])}列" if similar else "")
            unknown = [other for other in unknown if other not in similar]
            problems.append(
                Problem(name, 1, heading, found, "、".join(known), "把列名改回来；列的先后可以不同")
            )
        elif headings.count(heading) > 1:
            problems.append(Problem(name, 1, heading, "这一列出现了两次", "只出现一次", "删去多余的一列"))
    problems += [
        Problem(name, 1, clean(heading), "不认识这一列", "、".join(known), "删去这一列，说明写到备注里")
        for heading in unknown
    ]
    return problems


def _validate(
    name: str,
    table: Table,
    normalised: Mapping[int, Mapping[str, str]],
    texts: Mapping[int, Mapping[str, str]],
    registries: Registries,
) -> dict[tuple[int, str], Problem]:
    problems = {}
    for column, number in product(table.columns, normalised):
        if column.accepts(normalised[number][column.name], registries):
            continue
        text = texts[number][column.name]
        expected_text, remedy = f"{column.kind.expected}，例如“{column.example}”", column.kind.remedy
        if not text.strip():
            expected_text, remedy = f"有内容，例如“{column.example}”", "填写这一格"
        known = {"programme": registries.programmes, "unit": registries.units}.get(column.name, {})
        usable = [name for name in known if column.kind.accepts(name, registries)]
        if similar := difflib.get_close_matches(text.strip(), usable, n=1, cutoff=0.5):
            remedy += f"；是不是“{similar[0]}”"
        problems[number, column.name] = Problem(
            name,
            number,
            column.heading,
            f"写的是{quote(text)}" if text.strip() else "没有填写",
            expected_text,
            remedy,
        )
    return problems


def _row_problems(
    name: str, table: Table, row: TableRow, bad: Mapping[tuple[int, str], Problem]
) -> list[Problem]:
    if not table.value or (row.number, table.value) in bad:
        return []
    value, flag, unit = row.cells[table.value], row.cells["flag"], row.cells["unit"]
    heading = table.column(table.value).heading
    problems = []
    if isinstance(value, Decimal):
        if not row.cells["source"] and (row.number, "source") not in bad:
            problems.append(
                Problem(
                    name,
                    row.number,
                    "出处",
                    "有数字却没有出处",
                    "写明数字从哪里来",
                    "补写出处；查不到来源的数字应删去并标 x",
                )
            )
        if flag == "x":
            problems.append(
                Problem(
                    name, row.number, "标志", "有数字却标了 x（缺）", "有数字时不标 x", "去掉标志，或删去数字"
                )
            )
        if isinstance(unit, Unit) and unit.whole and value != value.to_integral_value():
            problems.append(
                Problem(
                    name,
                    row.number,
                    heading,
                    f"写的是“{value}”",
                    f"以“{unit.symbol}”计的整数",
                    "核对数值和单位",
                )
            )
    elif flag in {"p", "r", "e"}:
        problems.append(
            Problem(
                name,
                row.number,
                heading,
                f"标了“{flag}”却没有数字",
                "有数字，或标志为 x",
                "补上数字，或把标志改为 x",
            )
        )
    per_case = row.cells.get("measure") == PER_CASE
    if table.name == STANDARDS.name and isinstance(unit, Unit) and (unit.category == "均次") != per_case:
        problems.append(
            Problem(
                name,
                row.number,
                "单位",
                f"“{row.cells['measure']}”的单位写的是“{unit.symbol}”",
                "每次多少钱，如元/户次" if per_case else "每月或每年多少钱，如元/月",
                f"核对指标和单位；每次平均的写“{PER_CASE}”",
            )
        )
    if isinstance(unit, Unit) and row.cells.get("counting"):
        problems += _counting_problems(name, row, str(row.cells["counting"]), unit)
    return problems


def _counting_problems(name: str, row: TableRow, counting: str, unit: Unit) -> list[Problem]:
    fitting = {"按月累计": {"人次"}, "按次累计": {"人次", "户次"}}.get(counting, {"人数", "户数"})
    if counting == "未说明" or unit.category in fitting:
        return []
    expected = {"按月累计": "人次", "按次累计": "人次或户次"}.get(counting, "人或户")
    return [
        Problem(
            name,
            row.number,
            "口径",
            f"口径是“{counting}”，单位却是“{unit.symbol}”",
            f"“{counting}”以{expected}计",
            "核对口径和单位；全年受助的不同的人写“全年累计”，报告没有说清的写“未说明”",
        )
    ]


def _duplicate_problems(name: str, table: Table, rows: list[TableRow]) -> list[Problem]:
    seen: dict[tuple[str, ...], int] = {}
    problems = []
    for row in rows:
        key = tuple(row.texts[column].strip() for column in table.key)
        if key in seen:
            what = "、".join(f"“{part}”" for part in key if part)
            headings = "、".join(table.column(column).heading for column in table.key)
            problems.append(
                Problem(
                    name,
                    row.number,
                    table.column(table.key[0]).heading,
                    f"{what}与第{seen[key]}行重复",
                    f"{headings}相同的只有一行",
                    "合并或删去其中一行",
                )
            )
        seen.setdefault(key, row.number)
    return problems


def read_registries(root: Path) -> tuple[Registries, list[Problem], list[str]]:
    """Read ``data/reference/``: programmes, units, names that hold digits, glossary, limits, requirements."""
    files = []
    for table in REGISTRIES:
        name = f"{REGISTRY_FOLDER}/{table.name}.csv"
        text, problems, notices = read_text(root, root / name)
        files.append((name, text, tuple(problems), tuple(notices)))
    registries, found, told = _registries(tuple(files))
    return registries, [*found], [*told]


# A build reads the same registries for every year, and again for its pages. What the files hold is the key: a file
# that was changed since is read anew.
@functools.lru_cache(maxsize=8)
def _registries(
    files: tuple[tuple[str, str, tuple[Problem, ...], tuple[str, ...]], ...],
) -> tuple[Registries, tuple[Problem, ...], tuple[str, ...]]:
    problems: list[Problem] = []
    notices: list[str] = []
    read: dict[str, TableData] = {}

    def take(table: Table, registries: Registries) -> None:
        nonlocal problems, notices
        name, text, found, noticed = files[REGISTRIES.index(table)]
        read[table.name], more, told = _table(name, (text, found, noticed), table, registries)
        problems += more
        notices += told

    for table in REGISTRIES:
        if table is not LIMITS:
            take(table, Registries({}, {}, ()))

    def texts(row: TableRow) -> dict[str, str]:
        return {name: str(value or "") for name, value in row.cells.items()}

    programmes: dict[str, Programme] = {}
    for row in read["programmes"].rows:
        cells = texts(row)
        programme = Programme(
            **{
                **cells,
                "area": AREAS[cells["area"]],
                "region": REGIONS.get(cells["region"], ""),
                "family": FAMILIES.get(cells["family"], ""),
                "headline": cells["headline"] == "是",
                "may_be_within": _listed(cells["may_be_within"]),
                "proper_levels": _listed(cells["proper_levels"]),
                "aliases": _listed(cells["aliases"]),
            }  # type: ignore[arg-type]
        )
        if programme.name in programmes:
            problems.append(
                Problem(
                    read["programmes"].file,
                    row.number,
                    "名称",
                    f"“{programme.name}”登记过了",
                    "不重复的名称",
                    "改名或删去",
                )
            )
        if programme.parent and programme.parent not in programmes:
            problems.append(
                Problem(
                    read["programmes"].file,
                    row.number,
                    "上级项目",
                    f"“{programme.parent}”没有登记在前面",
                    "前面某一行的名称",
                    "先登记上级项目",
                )
            )
        programmes[programme.name] = programme

    units: dict[str, Unit] = {}
    for row in read["units"].rows:
        cells = texts(row)
        if not cells["definition"] and not cells["symbol"].isidentifier():
            problems.append(
                Problem(
                    read["units"].file,
                    row.number,
                    "换算",
                    f"“{cells['symbol']}”没有换算",
                    "由别的单位组成的单位写明换算，如“元/人”",
                    "补上换算",
                )
            )
        unknown = [word for word in re.findall(r"[^\W\d]+", cells["definition"]) if word not in units]
        if unknown:
            problems.append(
                Problem(
                    read["units"].file,
                    row.number,
                    "换算",
                    f"“{unknown[0]}”没有登记在前面",
                    "前面已登记的单位",
                    "先登记这个单位，或改换算式",
                )
            )
        units[cells["symbol"]] = Unit(
            cells["symbol"],
            cells["category"],
            cells["definition"],
            int(cells["digits"] or "0"),
            cells["whole"] == "是",
            cells["note"],
        )
    problems += [
        Problem(
            read["units"].file,
            0,
            "单位",
            f"“{symbol}”没有登记，或换算改过了",
            f"“{symbol}”的换算为“{definition}”" if definition else f"“{symbol}”是基本单位，换算留空",
            "从版本库恢复这一行",
        )
        for symbol, definition in NEEDED_UNITS.items()
        if read["units"].complete and (symbol not in units or units[symbol].definition != definition)
    ]
    terms = tuple(texts(row)["term"] for row in read["terms"].rows)
    glossary = tuple(Term(**texts(row)) for row in read["glossary"].rows)
    problems += [
        Problem(
            read["glossary"].file,
            row.number,
            "术语",
            f"“{row.texts['name']}”是登记过的项目",
            "项目登记表里没有的术语",
            "删去这一行，把含义写进项目登记表的“说明”",
        )
        for row in read["glossary"].rows
        if row.cells["name"] in programmes
    ]
    if problems:  # without its unit, every limit would be reported
        return Registries(programmes, units, terms, glossary), tuple(problems), tuple(notices)
    take(LIMITS, Registries(programmes, units, ()))
    limits = tuple(_limit(row) for row in read["limits"].rows)
    problems += _limit_problems(read["limits"].file, limits, programmes)
    requirements = tuple(
        Requirement(
            cells["code"],
            cells["content"],
            _listed(cells["addresses"]),
            _listed(cells["words"]),
            cells["source"],
        )
        for cells in (texts(row) for row in read["requirements"].rows)
    )
    registries = Registries(programmes, units, terms, glossary, limits, requirements)
    return registries, tuple(problems), tuple(notices)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("、") if part.strip())


def _limit_problems(file: str, limits: Iterable[Limit], programmes: Mapping[str, Programme]) -> list[Problem]:
    """Limits that limit nothing, whose bounds or days are the wrong way round, or that hold at the same time."""
    problems = []
    seen: dict[tuple[str, ...], list[Limit]] = {}
    for limit in limits:
        if limit.subject and limit.subject not in programmes and limit.subject not in FAMILIES:
            problems.append(
                Problem(
                    file,
                    limit.row,
                    "对象",
                    f"写的是{quote(limit.subject)}",
                    f"登记过的项目，或类别：{'、'.join(FAMILIES)}",
                    "核对名称；不分项目的留空",
                )
            )
        if limit.least is None and limit.most is None:
            problems.append(
                Problem(file, limit.row, "", "下限和上限都没有", "至少有一个", "补上，或删去这一行")
            )
        if limit.low > limit.high:
            problems.append(
                Problem(
                    file,
                    limit.row,
                    "下限",
                    f"{limit.least}大于上限{limit.most}",
                    "下限不大于上限",
                    "核对两个数",
                )
            )
        if limit.start and limit.end and limit.start > limit.end:
            problems.append(
                Problem(
                    file, limit.row, "截止日期", f"{limit.end}早于{limit.start}", "不早于起始日期", "核对日期"
                )
            )
        same = seen.setdefault((limit.area, limit.subject, limit.measure, limit.unit), [])
        problems += [
            Problem(
                file,
                limit.row,
                "起始日期",
                f"与第{other.row}行的时间重叠",
                "同一界限的时间前后相接",
                "给前一行写上截止日期",
            )
            for other in same
            if (not limit.start or not other.end or limit.start <= other.end)
            and (not other.start or not limit.end or other.start <= limit.end)
        ]
        same.append(limit)
    return problems


def _limit(row: TableRow) -> Limit:
    cells = row.cells
    unit = cells["unit"]
    return Limit(
        area=str(cells["area"] or ""),
        subject=str(cells["subject"] or ""),
        measure=LIMIT_MEASURES.get(str(cells["measure"]), ""),
        name=str(cells["measure"] or ""),
        least=cells["least"],  # type: ignore[arg-type]
        most=cells["most"],  # type: ignore[arg-type]
        unit=unit.symbol if isinstance(unit, Unit) else "",
        start=cells["start"],  # type: ignore[arg-type]
        end=cells["end"],  # type: ignore[arg-type]
        official=cells["official"] == "是",
        source=str(cells["source"] or ""),
        note=str(cells["note"] or ""),
        row=row.number,
    )
