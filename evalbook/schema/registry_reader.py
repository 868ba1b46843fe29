"""Read the registries: what the tool brings, and over it what the project has registered of its own."""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.schema.kinds import listed
from evalbook.schema.reader import parsed_table
from evalbook.schema.registry import (
    Category,
    Limit,
    Locality,
    Marking,
    Programme,
    Registries,
    Requirement,
    Term,
    Unit,
)
from evalbook.schema.registry_tables import (
    AREA_TABLE,
    FAMILY_TABLE,
    LIMITS,
    MARKINGS,
    NEEDED_UNITS,
    PLACES,
    PROGRAMMES,
    REGISTRIES,
)
from evalbook.schema.text import project_path, quote, read_text
from evalbook.schema.unread import unread_files
from evalbook.schema.vocabulary import FLOOR, LIMIT_MEASURES, PERSON, REGIONS
from evalbook.shipped import REFERENCE, layers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from evalbook.schema.table import Table, TableData, TableRow

Layer = tuple[str, str, tuple[Problem, ...], tuple[str, ...]]
"""Path of a file in the project, its text, and what came of reading it."""


GROUPS = (AREA_TABLE, FAMILY_TABLE)
"""What programmes are grouped by, read before them."""


def registry_files(root: Path) -> tuple[Path, ...]:
    """Files of all registries, those of the tool and the project's own."""
    return tuple(path for table in REGISTRIES for path in layers(root, f"{REFERENCE}/{table.name}.csv"))


def read_registries(root: Path) -> tuple[Registries, list[Problem], list[str]]:
    """Read ``data/reference/``: areas, families, programmes, units, names that hold digits, glossary, limits, requirements.

    A project's own row of a key that the tool has too takes its place; one that says the same is none of its own.
    """
    files = {
        table.name: tuple(
            (project_path(root, path), text, tuple(problems), tuple(notices))
            for path in layers(root, f"{REFERENCE}/{table.name}.csv")
            for text, problems, notices in [read_text(root, path)]
        )
        for table in REGISTRIES
    }
    registries, found, told = _registries(tuple(files.values()))
    unread = unread_files(root, root / REFERENCE, REGISTRIES)
    return registries, unread.with_others(found), [*told, *unread.notices]


# A build reads the same registries for every year, and again for its pages. What the files hold is the key: a file
# that was changed since is read anew.
@functools.lru_cache(maxsize=8)
def _registries(
    files: tuple[tuple[Layer, ...], ...],
) -> tuple[Registries, tuple[Problem, ...], tuple[str, ...]]:
    problems: list[Problem] = []
    renamed: dict[str, Problem] = {}
    notices: list[str] = []
    layered = dict(zip((table.name for table in REGISTRIES), files, strict=True))

    def take(table: Table, registries: Registries) -> TableData:
        read: TableData | None = None
        for name, text, found, noticed in layered[table.name]:
            data, more, told = parsed_table(name, (text, found, noticed), table, registries)
            problems.extend(more)
            notices.extend(told)
            if read and table is PROGRAMMES:
                renamed.update(_renamed(read, data, "照原样写，本县的叫法写进“又称”；别的项目换一个代码"))
            elif read and table in GROUPS:  # every row of the tool that names it would be reported
                problems.extend(found for _, found in _renamed(read, data, "照原样写；别的换一个代码"))
            read = _overlaid(read, data) if read else data
        assert read is not None  # noqa: S101 - the tool has every registry
        return read

    nothing = Registries({}, {}, ())
    areas, families = (_categories(take(table, nothing), problems) for table in GROUPS)
    if problems:  # without them, every programme would be reported
        return nothing, tuple(dict.fromkeys(problems)), tuple(notices)
    grouped = Registries({}, {}, (), areas=areas, families=families)
    later = (table for table in REGISTRIES if table not in (*GROUPS, LIMITS))
    read = {table.name: take(table, grouped) for table in later}

    programmes: dict[str, Programme] = {}
    for row in read["programmes"].rows:
        programme = _programme(row, grouped)
        problems += _programme_problems(read["programmes"].file, row.number, programme, programmes, renamed)
        programmes[programme.name] = programme
    units: dict[str, Unit] = {}
    for row in read["units"].rows:
        unit = _unit(row)
        problems += _unit_problems(read["units"].file, row.number, unit, units)
        units[unit.symbol] = unit
    problems += _needed_problems(read["units"], units)
    localities: dict[str, Locality] = {}
    for row in read[PLACES.name].rows:
        locality = Locality(**{name: row.said(name) for name in row.cells}, own=row.own)
        problems += _locality_problems(read[PLACES.name].file, row.number, locality, localities)
        localities[locality.name] = locality
    terms = tuple(row.said("term") for row in read["terms"].rows)
    # What the tool explains as a term, a county may have as a programme, which explains itself.
    described = [row for row in read["glossary"].rows if _is_explained(row, programmes)]
    for row in described:
        if row.said("name") in programmes:
            found, expected = f"“{row.texts['name']}”是登记过的项目", "项目登记表里没有的术语"
            remedy = "删去这一行，把含义写进项目登记表的“说明”"
            problems.append(Problem(read["glossary"].file, row.number, "术语", found, expected, remedy))
    glossary = tuple(Term(**{name: row.said(name) for name in row.cells}, own=row.own) for row in described)
    markings = _markings(read[MARKINGS.name], problems)
    if problems:  # without its unit, every limit would be reported
        known = replace(grouped, programmes=programmes, units=units, terms=terms, glossary=glossary)
        return known, tuple(dict.fromkeys(problems)), tuple(notices)
    limited = take(LIMITS, Registries(programmes, units, ()))
    limits = tuple(_limit(row) for row in limited.rows)
    brought = len(layered[LIMITS.name]) > 1
    problems += _limit_problems(limited.file, limits, programmes, families, renamed, layered=brought)
    requirements = tuple(_requirement(row) for row in read["requirements"].rows)
    registries = Registries(
        programmes, units, terms, glossary, limits, requirements, markings, areas, families, localities
    )
    return registries, tuple(dict.fromkeys(problems)), tuple(notices)


def _overlaid(shipped: TableData, own: TableData) -> TableData:
    """Rows of the tool with a project's own over them: in the place of those with the same key, or behind all."""
    key = shipped.table.key
    rows = {tuple(row.texts[column].strip() for column in key): row for row in shipped.rows}
    for row in own.rows:
        place = tuple(row.texts[column].strip() for column in key)
        if place not in rows or rows[place].cells != row.cells:
            rows[place] = replace(row, own=True)
    complete = shipped.complete and own.complete
    return replace(own, rows=tuple(rows.values()), complete=complete)


def _renamed(shipped: TableData, own: TableData, remedy: str) -> Iterator[tuple[str, Problem]]:
    """Names of the tool that own rows change, with what is wrong where other rows of the tool use them."""
    names = {row.said("code"): row.said("name") for row in shipped.rows}
    for row in own.rows:
        name = names.get(row.said("code"), row.said("name"))
        if row.said("name") != name:
            found = (
                f"写的是{quote(row.said('name'))}，程序自带的登记表里代码 {row.said('code')} 的名称是“{name}”"
            )
            yield name, Problem(own.file, row.number, "名称", found, f"“{name}”", remedy)


def _categories(data: TableData, problems: list[Problem]) -> dict[str, Category]:
    """Areas or families by name; a name that two codes have is a problem."""
    found: dict[str, Category] = {}
    for row in data.rows:
        code, name, note, source = map(row.said, ("code", "name", "note", "source"))
        category = Category(code, name, note, source, row.own)
        if category.name in found:
            said = f"“{category.name}”登记过了"
            problems.append(Problem(data.file, row.number, "名称", said, "不重复的名称", "改名或删去"))
        found[category.name] = category
    return found


def _programme(row: TableRow, grouped: Registries) -> Programme:
    said = row.said
    return Programme(
        code=said("code"),
        name=said("name"),
        parent=said("parent"),
        areas=tuple(dict.fromkeys(grouped.areas[name].code for name in listed(said("areas")))),
        kind=said("kind"),
        region=REGIONS.get(said("region"), ""),
        family=grouped.families[said("family")].code if said("family") else "",
        system=said("system"),
        headline=said("headline") == "是",
        note=said("note"),
        source=said("source"),
        may_be_within=listed(said("may_be_within")),
        proper_levels=listed(said("proper_levels")),
        aliases=listed(said("aliases")),
        own=row.own,
    )


def _programme_problems(
    file: str,
    row: int,
    programme: Programme,
    before: Mapping[str, Programme],
    renamed: Mapping[str, Problem],
) -> Iterator[Problem]:
    if programme.name in before:
        yield Problem(file, row, "名称", f"“{programme.name}”登记过了", "不重复的名称", "改名或删去")
    if programme.parent and programme.parent not in before:
        if programme.parent in renamed:
            yield renamed[programme.parent]
            return
        found = f"“{programme.parent}”没有登记在前面"
        yield Problem(file, row, "上级项目", found, "前面某一行的名称", "先登记上级项目")


def _locality_problems(
    file: str, row: int, locality: Locality, before: Mapping[str, Locality]
) -> Iterator[Problem]:
    if locality.parent and locality.parent not in before:
        found = f"“{locality.parent}”没有登记在前面"
        remedy = "先登记上级地区；直属全县（全市）的留空"
        yield Problem(file, row, "上级地区", found, "前面某一行的名称", remedy)
    if locality.code in {other.code for other in before.values()} - {
        before.get(locality.name, locality).code
    }:
        found = f"{quote(locality.name)}与另一个名称的代号碰巧相同"
        yield Problem(file, row, "名称", found, "各不相同", "名称里加一个字，如上级地区的简称")


def _unit(row: TableRow) -> Unit:
    symbol, category, definition, note = map(row.said, ("symbol", "category", "definition", "note"))
    return Unit(
        symbol, category, definition, row.parsed(int, "digits") or 0, row.said("whole") == "是", note, row.own
    )


def _unit_problems(file: str, row: int, unit: Unit, before: Mapping[str, Unit]) -> Iterator[Problem]:
    if not unit.definition and not unit.symbol.isidentifier():
        expected = "由别的单位组成的单位写明换算，如“元/人”"
        yield Problem(file, row, "换算", f"“{unit.symbol}”没有换算", expected, "补上换算")
    unknown = [word for word in re.findall(r"[^\W\d]+", unit.definition) if word not in before]
    if unknown:
        found, remedy = f"“{unknown[0]}”没有登记在前面", "先登记这个单位，或改换算式"
        yield Problem(file, row, "换算", found, "前面已登记的单位", remedy)


def _needed_problems(data: TableData, units: Mapping[str, Unit]) -> Iterator[Problem]:
    """Units in which indicators are computed that are missing, or mean something else."""
    for symbol, definition in NEEDED_UNITS.items() if data.complete else ():
        if symbol not in units or units[symbol].definition != definition:
            found = f"“{symbol}”没有登记，或换算改过了"
            base = f"“{symbol}”是基本单位，换算留空"
            expected = f"“{symbol}”的换算为“{definition}”" if definition else base
            yield Problem(data.file, 0, "单位", found, expected, "恢复这一行")


def _is_explained(row: TableRow, programmes: Mapping[str, Programme]) -> bool:
    """Whether the glossary keeps a row; of the tool's own it leaves those that the project has as a programme."""
    programme = programmes.get(row.said("name"))
    return row.own or programme is None or not programme.own


def _requirement(row: TableRow) -> Requirement:
    code, content, addresses, words, source = map(
        row.said, ("code", "content", "addresses", "words", "source")
    )
    names, example = listed(row.said("names")), row.said("example")
    return Requirement(code, content, listed(addresses), listed(words), source, row.own, names, example)


def _markings(data: TableData, problems: list[Problem]) -> tuple[Marking, ...]:
    """Lines of the sheet that holds: of one that the project has registered, else of the tool's."""
    own = {row.said("sheet") for row in data.rows if row.own}
    found = []
    for row in (row for row in data.rows if not own or row.said("sheet") in own):
        points, deduction = (row.parsed(Decimal, name) for name in ("points", "deduction"))
        code, sheet, content, judge, note, source = map(
            row.said, ("code", "sheet", "content", "judge", "note", "source")
        )
        rules = listed(row.said("rules"))
        found.append(Marking(code, sheet, content, points, deduction, judge, rules, note, source, row.own))
        if judge != PERSON and None in {points, deduction}:
            said, remedy = f"“谁来看”写的是“{judge}”，没有分值或每处扣分", f"补上；程序不能看的写“{PERSON}”"
            problems.append(Problem(data.file, row.number, "每处扣分", said, "两个数都有", remedy))
    return tuple(found)


def _limit_problems(
    file: str,
    limits: tuple[Limit, ...],
    programmes: Mapping[str, Programme],
    families: Mapping[str, Category],
    renamed: Mapping[str, Problem],
    *,
    layered: bool,
) -> Iterator[Problem]:
    """Limits that limit nothing, whose bounds or days are the wrong way round, or that hold at the same time."""
    seen: dict[tuple[str, ...], list[Limit]] = {}
    for limit in limits:
        if limit.subject in renamed:
            yield renamed[limit.subject]
        elif limit.subject and limit.subject not in programmes and limit.subject not in families:
            expected = f"登记过的项目，或类别：{'、'.join(families)}"
            found = f"写的是{quote(limit.subject)}"
            yield Problem(file, limit.row, "对象", found, expected, "核对名称；不分项目的留空")
        if limit.least is None and limit.most is None:
            yield Problem(file, limit.row, "", "下限和上限都没有", "至少有一个", "补上，或删去这一行")
        if limit.low > limit.high:
            found = f"{limit.least}大于上限{limit.most}"
            yield Problem(file, limit.row, "下限", found, "下限不大于上限", "核对两个数")
        if limit.start and limit.end and limit.start > limit.end:
            found = f"{limit.end}早于{limit.start}"
            yield Problem(file, limit.row, "截止日期", found, "不早于起始日期", "核对日期")
        same = seen.setdefault((limit.area, limit.place_class, limit.subject, limit.measure, limit.unit), [])
        for other in same:
            if (not limit.start or not other.end or limit.start <= other.end) and (
                not other.start or not limit.end or other.start <= limit.end
            ):
                brought = layered and not other.own
                which = f"工具自带的一行（起始日期{other.start or '空'}）" if brought else f"第{other.row}行"
                remedy = "给前一行写上截止日期"
                if brought:
                    remedy = "把自带的那一行照抄到这个文件里，写上截止日期"
                expected = "同一界限的时间前后相接"
                yield Problem(file, limit.row, "起始日期", f"与{which}的时间重叠", expected, remedy)
        same.append(limit)


def _limit(row: TableRow) -> Limit:
    return Limit(
        area=row.said("area"),
        subject=row.said("subject"),
        measure=LIMIT_MEASURES.get(row.said("measure"), ""),
        name=row.said("measure"),
        least=row.parsed(Decimal, "least"),
        most=row.parsed(Decimal, "most"),
        unit=row.symbol,
        start=row.parsed(datetime.date, "start"),
        end=row.parsed(datetime.date, "end"),
        official=row.said("official") == "是",
        source=row.said("source"),
        note=row.said("note"),
        row=row.number,
        own=row.own,
        place_class=row.said("place_class"),
        force=row.said("force") or FLOOR,
        grade=row.said("grade"),
    )
