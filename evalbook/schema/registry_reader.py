"""Read the registries."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.schema.reader import parsed_table
from evalbook.schema.registry import Limit, Programme, Registries, Requirement, Term, Unit
from evalbook.schema.registry_tables import LIMITS, NEEDED_UNITS, REGISTRIES
from evalbook.schema.text import quote, read_text
from evalbook.schema.vocabulary import AREAS, FAMILIES, LIMIT_MEASURES, REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evalbook.schema.table import Table, TableData, TableRow

REGISTRY_FOLDER = "data/reference"
"""Folder of the registries inside the project."""


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
        read[table.name], more, told = parsed_table(name, (text, found, noticed), table, registries)
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
