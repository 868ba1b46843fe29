"""Read one CSV file into rows, with every problem named by file, row and column."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from evalbook.errors import Problem, Problems
from evalbook.schema.kinds import TEXT_LIMIT
from evalbook.schema.table import Table, TableData, TableRow
from evalbook.schema.text import clean, column_letter, project_path, quote, read_text
from evalbook.schema.vocabulary import TYPED_ABSENT

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.schema.registry import Registries
    from evalbook.schema.table import Column

LIKE = 0.5
"""Share of characters that a wrong name has in common with the one that is proposed for it."""

Edit = Callable[[str, str], tuple[str, list[Problem]]]
"""What an edition makes of the text of a file, named by its path in the project."""


HEADINGS_WITHIN = 10
"""First rows of a file among which its headings are looked for."""
MOST_ROWS, MOST_COLUMNS = 20_000, 200
"""Largest table; all months of twenty programmes in all townships of a county take under 10,000 rows."""
MOST_TOLD = 200
"""Problems of a file that are told: who made more of them, made one over and over again."""
TOTAL = re.compile(r"[\w、（）()]{0,12}(?:合计|小计|总计|共计|总和)[：:]?")


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
    read, more, told = parsed_table(name, (text, problems, notices), table, registries)
    return read, [*found, *more], told


def parsed_table(
    name: str, read: tuple[str, Iterable[Problem], Iterable[str]], table: Table, registries: Registries
) -> tuple[TableData, list[Problem], list[str]]:
    """Validate the text of a file, read with its problems and notices, as :func:`read_table` does."""
    problems, notices = Problems(name, read[1]), [*read[2]]
    lines = _lines(read[0], table, problems) if not problems else []
    if problems:
        return TableData(table, name, {}, (), complete=False), problems, notices
    headings = [cell.strip() for cell in lines[0]]
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
            found, expected = f"比列名多出{len(extra)}格（{quote(extra[0])}）", f"{len(headings)}格"
            remedy = "检查是否多打了逗号（千位分隔符也是逗号），或合并过单元格"
            problems.add(number, "", found, expected, remedy)
        padded = [*line, *[""] * len(headings)]
        absent = dict.fromkeys((column.name for column in table.columns), "")
        texts[number] = absent | {column: padded[position] for column, position in positions.items()}

    normalised = {
        number: {
            column.name: _given(table, column, column.kind.normalise(cells[column.name]))
            for column in table.columns
        }
        for number, cells in texts.items()
    }
    sums = {number: _total(table, cells, registries) for number, cells in normalised.items()}
    for number, said in sums.items():
        if said:
            found = f"是合计行（{quote(said)}）"
            problems.add(number, "", found, "每行一个项目，合计由程序计算", "删去这一行")
            del texts[number], normalised[number]
    bad = _validate(name, table, normalised, texts, registries)
    problems += bad.values()
    if len(problems) > MOST_TOLD:
        return TableData(table, name, letters, (), complete=False), most_told(problems), notices
    rows: list[TableRow] = []
    for number, written in texts.items():
        cells: dict[str, object] = {}
        for column in table.columns:
            value = normalised[number][column.name]
            usable = value and (number, column.name) not in bad
            cells[column.name] = column.kind.parse(value, registries) if usable else None
        row = TableRow(number, cells, written)
        _check_row(problems, table, row, bad, registries)
        rows.append(row)
    naming = {column.name for column in table.columns if column.required} - {"unit"} | set(table.key)
    keyed = [row for row in rows if not any((row.number, column) in bad for column in naming)]
    _check_duplicates(problems, table, keyed)
    complete = len(keyed) == len(rows) and not any(column in table.naming for _, column in bad)
    return TableData(table, name, letters, tuple(keyed), complete), most_told(problems), notices


def most_told(problems: Problems) -> Problems:
    """Problems of a file, no more of them than somebody reads."""
    if len(problems) <= MOST_TOLD:
        return problems
    told = Problems(problems.file, problems[:MOST_TOLD])
    told.add(0, "", f"要改的地方太多，只列出{MOST_TOLD}处", "没有要改的地方", "先改列出的，改好后再检查")
    return told


def _given(table: Table, column: Column, text: str) -> str:
    """Text of a cell that is to be read; nothing where the clerk says that there is no number, or cannot be one."""
    return "" if text.strip() in TYPED_ABSENT and column.name in table.values else text


def _lines(text: str, table: Table, problems: Problems) -> list[list[str]]:
    """Cells of a file line by line, the headings first, with what makes the whole of it unusable."""
    lines: list[list[str]] = []
    read = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for line in read:
            lines.append(line)
            begins = read.line_num + 1
    except csv.Error:
        problems.add(len(lines) + 1, "", *_unreadable_row(text.splitlines()[begins - 1]))
        return []
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    headings = [cell.strip() for cell in lines[0]] if lines else []
    if len(lines) > MOST_ROWS or len(headings) > MOST_COLUMNS:
        found = f"表太大，有{len(lines)}行、{len(headings)}列"
        expected = f"不超过{MOST_ROWS}行、{MOST_COLUMNS}列"
        problems.add(0, "", found, expected, "删去与本表无关的行和列，空行空列也删去")
    elif not lines:
        problems.add(0, "", "是空文件", "第1行是列名，以下每行一条", "补上列名和内容，或从上年复制")
    elif above := _rows_above_headings(lines, table):
        first = next((cell for line in lines[:above] for cell in line if cell.strip()), "")
        what = f"标题{quote(first)}" if first else "空行"
        found, remedy = f"列名在第{above + 1}行，上面有{what}", f"删去列名上面的{above}行"
        problems.add(1, "", found, "第1行就是列名", remedy)
    elif len(headings) == 1 and re.search(r"[;；\t，]", headings[0]):
        found, remedy = (
            f"各列不是用半角逗号隔开的：{quote(headings[0])}",
            "在 Excel 里另存为“CSV UTF-8（逗号分隔）”",
        )
        problems.add(1, "", found, "逗号分隔的 CSV 表", remedy)
    else:
        _check_headings(problems, table, headings)
    return lines


def _unreadable_row(line: str) -> tuple[str, str, str]:
    """What is wrong with a row that cannot be divided into cells, in parts of a message; its first line is given."""
    if len(line) > csv.field_size_limit():
        found, remedy = f"有一格太长，超过{csv.field_size_limit()}个字", "删去多余的内容"
        return found, f"每格不超过{TEXT_LIMIT}个字", remedy
    remedy = '检查这一行的半角双引号 " ，用 Excel 打开检查后另存为“CSV UTF-8”'
    return "从这一行起引号没有成对，分不清各格", "逗号分隔的 CSV 表", remedy


def _rows_above_headings(lines: list[list[str]], table: Table) -> int:
    """How many rows stand above the row of the headings; 0 where none has more of them than the first."""
    known = {column.heading for column in table.columns}
    found = [len(known.intersection(cell.strip() for cell in line)) for line in lines[:HEADINGS_WITHIN]]
    best = found.index(max(found))
    needed = sum(not column.optional for column in table.columns)
    return best if found[0] < found[best] and found[best] * 2 > needed else 0


def _check_headings(problems: Problems, table: Table, headings: list[str]) -> None:
    known = [column.heading for column in table.columns]
    unknown = [heading for heading in headings if heading and heading not in known]
    optional = [column.heading for column in table.columns if column.optional]
    expected = "、".join(name for name in known if name not in optional)
    expected += f"（还可以有{'、'.join(optional)}）" if optional else ""
    needed = {c.heading for c in table.columns if c.required or c.name in table.values}
    for heading in known:
        renamed = heading not in optional and difflib.get_close_matches(heading, unknown, n=1, cutoff=0.6)
        if heading not in headings and heading not in needed and not renamed:
            continue
        if heading not in headings:
            similar = difflib.get_close_matches(heading, unknown, n=1, cutoff=0.4)
            found = f"没有“{heading}”列" + (f"，却有{quote(similar[0])}列" if similar else "")
            unknown = [other for other in unknown if other not in similar]
            problems.add(1, heading, found, expected, "把列名改回来；列的先后可以不同")
        elif headings.count(heading) > 1:
            problems.add(1, heading, "这一列出现了两次", "只出现一次", "删去多余的一列")
    for heading in unknown:
        absent = [name for name in known if name not in headings]
        similar = difflib.get_close_matches(heading, absent, n=1, cutoff=0.5)
        remedy = f"改成“{similar[0]}”，或" if similar else ""
        problems.add(1, clean(heading), "不认识这一列", expected, f"{remedy}删去这一列，说明写到备注里")


def _total(table: Table, cells: Mapping[str, str], registries: Registries) -> str:
    """What calls a row a sum of others: a cell of its key that can be nothing else; else nothing."""
    keys = [table.column(name) for name in table.key] if table.value else []
    said = (cells[column.name] for column in keys if not column.accepts(cells[column.name], registries))
    return next((text for text in said if TOTAL.fullmatch(re.sub(r"\s", "", text))), "")


def _validate(
    name: str,
    table: Table,
    normalised: Mapping[int, Mapping[str, str]],
    texts: Mapping[int, Mapping[str, str]],
    registries: Registries,
) -> dict[tuple[int, str], Problem]:
    problems: dict[tuple[int, str], Problem] = {}
    for column, number in product(table.columns, normalised):
        if len(problems) > MOST_TOLD:
            break
        if column.accepts(normalised[number][column.name], registries):
            continue
        text = texts[number][column.name]
        expected_text, remedy = f"{column.kind.expected}，例如“{column.example}”", column.kind.remedy
        if not text.strip():
            expected_text, remedy = f"有内容，例如“{column.example}”", "填写这一格"
        known: Mapping[str, object] = {
            "programme": registries.programmes,
            "unit": registries.units,
            "place": registries.localities,
        }.get(column.name, {})
        usable = [name for name in known if column.kind.accepts(name, registries)]
        programmes = registries.programmes.values() if column.name == "programme" else ()
        bearing = [programme.name for programme in programmes if text.strip() in programme.aliases]
        if similar := next(iter(bearing), "") or _nearest(text.strip(), usable):
            remedy += f"；是不是“{similar}”"
        found = f"写的是{quote(text)}" if text.strip() else "没有填写"
        problems[number, column.name] = Problem(name, number, column.heading, found, expected_text, remedy)
    return problems


def _nearest(text: str, names: Iterable[str]) -> str:
    """Name most like a text, of several the one that is registered first; empty where none is like it."""
    likeness = {name: difflib.SequenceMatcher(None, text, name).ratio() for name in names}
    best = max(likeness, key=likeness.__getitem__, default="")
    return best if likeness.get(best, 0) >= LIKE else ""


def _check_row(
    problems: Problems,
    table: Table,
    row: TableRow,
    bad: Mapping[tuple[int, str], Problem],
    registries: Registries,
) -> None:
    if not table.states_figures or any((row.number, column) in bad for column in table.values):
        return
    flag, told = row.said("flag"), partial(problems.add, row.number)
    filled = [(given, given.value) for given in table.statements(row) if given.value is not None]
    if filled:
        if not row.said("source") and (row.number, "source") not in bad:
            remedy = "补写出处；查不到来源的数字应删去并标 x"
            told("出处", "有数字却没有出处", "写明数字从哪里来", remedy)
        if flag == "x":
            told("标志", "有数字却标了 x（没有数字）", "有数字时不标 x", "去掉标志，或删去数字")
        for given, value in filled:
            unit = registries.units.get(given.symbol)
            averaged = "月均" in {row.said("counting"), row.said("aspect")}
            if unit and unit.whole and not averaged and value != value.to_integral_value():
                heading = given.column.heading
                told(heading, f"写的是“{value}”", f"以“{unit.symbol}”计的整数", "核对数值和单位")
    elif flag in {"p", "r", "e"}:
        heading = table.column(table.values[0]).heading
        told(heading, f"标了“{flag}”却没有数字", "有数字，或标志为 x", "补上数字，或把标志改为 x")
    problems += table.row_problems(problems.file, row)


def _check_duplicates(problems: Problems, table: Table, rows: list[TableRow]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.texts[column].strip() for column in table.key)
        # Several words, in one column or in two, may mean one thing: 县级 and 县本级, 全护理 as a form and as a care level.
        meant = (table.address(row),) if table.states_figures else key
        if meant in seen:
            what = "、".join(f"“{part}”" for part in key if part)
            told = [
                column for column in map(table.column, table.key) if column.required or row.said(column.name)
            ]
            headings = "、".join(column.heading for column in told)
            found, expected = f"{what}与第{seen[meant]}行重复", f"{headings}相同的只有一行"
            problems.add(row.number, table.column(table.key[0]).heading, found, expected, table.repeated)
        seen.setdefault(meant, row.number)
