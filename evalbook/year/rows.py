"""Rows of a year's tables, beyond what a cell says: one way of saying a thing, places and months apart, what contains what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalbook.errors import Problem, Problems
from evalbook.schema.kinds import LAST_YEAR, Period
from evalbook.schema.text import quote
from evalbook.schema.vocabulary import APART, OUTSIDE, REGIONS, UNDIVIDED
from evalbook.year.chapters import heading_words, places
from evalbook.year.tables import FUNDS, MONTHLY, MOST_MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalbook.schema.address import Address
    from evalbook.schema.registry import Registries
    from evalbook.schema.table import TableData, TableRow
    from evalbook.year.narrative import Narrative
    from evalbook.year.settings import Settings


def settled(
    data: TableData, settings: Settings | None, registries: Registries
) -> tuple[TableData, list[Problem]]:
    """Rows of a table with one way of saying what can be said in two.

    The year's own months are no period apart, and a programme of one region (农村特困) is that programme, not a part of
    the one above it (特困供养, 农村).
    """
    problems = Problems(data.file)
    said: dict[Address, TableRow] = {}
    rows = []
    for row in data.rows:
        row_settled = _regional(_at_home(_dated(row, settings), settings), registries)
        rows.append(row_settled)
        first = said.setdefault(data.table.address(row_settled), row) if data.table.value else row
        # Two rows alike as they were written are told already.
        if first is not row and data.table.address(first) != data.table.address(row):
            found = f"与第{first.number}行说的是同一个数（{data.table.name_of(row_settled)}）"
            problems.add(row.number, "", found, "一个数只有一行", "合并或删去其中一行")
    return replace(data, rows=tuple(rows)), problems


def _dated(row: TableRow, settings: Settings | None) -> TableRow:
    period = row.parsed(Period, "period")
    if period is None or settings is None:
        return row
    if period.year == LAST_YEAR:
        period = replace(period, year=settings.year - 1)
    period = replace(period, year=None) if period.year == settings.year else period
    own = period == Period(None, settings.period_start.month, settings.period_end.month)
    return replace(row, cells={**row.cells, "period": None if own else period})


def _at_home(row: TableRow, settings: Settings | None) -> TableRow:
    locality = row.part.locality
    own = locality is not None and settings is not None and locality.name == settings.county
    return replace(row, cells={**row.cells, "place": None}) if own else row


def _regional(row: TableRow, registries: Registries) -> TableRow:
    region = REGIONS.get(row.said("region"))
    below = (row.programme, *registries.children(row.programme)) if row.programme and region else ()
    own = next((programme for programme in below if programme.region == region), None)
    return replace(row, cells={**row.cells, "programme": own, "region": None}) if own else row


def parted(data: TableData) -> TableData:
    """Table whose rows of one place or of other months stand apart."""
    rows, apart = (tuple(row for row in data.rows if row.part.is_whole == whole) for whole in (True, False))
    return replace(data, rows=rows, apart=apart)


def unknown_places(data: TableData, narrative: Mapping[str, Narrative]) -> list[str]:
    """Say in Chinese which rows name a part of the report (章节) that no title or heading of the prose begins with."""
    known = {place for prose in narrative.values() if prose.title for place in places(prose)}
    rows: dict[str, list[int]] = {}
    for row in data.every:
        said = heading_words(row.said("chapter")).replace("(", "（").replace(")", "）")
        if said and said not in known:
            rows.setdefault(said, []).append(row.number)
    listed = "、".join(
        f"{quote(said)}（第{'、'.join(map(str, numbers[:3]))}行{'等' * (len(numbers) > 3)}）"
        for said, numbers in rows.items()
    )
    remedy = "照正文标题的序号填写，没有序号的写标题；正文没有这样的标题的，可以不管"
    return [f"{data.file}：正文里没有这些章节：{listed}。{remedy}。"] if rows else []


def containing_rows(data: TableData, registries: Registries) -> dict[int, TableRow]:
    """Rows that are part of another row of the table, which totals count once.

    A row is part of another when its 含在 names that row's programme, when it is about some of a programme's people, or
    when a programme above its own is listed too (for the same level of government); and a batch is part of the row of
    its programme that names no batch. Of several ways in which the rows part a programme that has no row of its own, the
    first is counted; the others are part of its first row. Of funds, what is not granted but received or left (统计项) is
    part of nothing.

    Returns
    -------
    dict of int to TableRow
        The containing row, by the number of the contained one.
    """
    listed = {_place(row): row for row in data.rows if not row.splits and not row.said("aspect")}
    first: dict[tuple[object, str], TableRow] = {}
    found = {}
    for row in data.rows:
        if data.table is FUNDS and row.said("aspect"):
            continue
        level, batch, name = _place(row)
        said = row.said("within")
        own = [name] if row.splits else []
        above = [*own, said] if said else [*own, *_ancestors(name, registries)]
        places = [(level, each, other) for other in above for each in dict.fromkeys((batch, ""))]
        if batch:
            places.insert(0, (level, "", name))
        container = next((listed[place] for place in places if place in listed), None)
        leading = first.setdefault((level, name), row) if row.splits else row
        if container is None and row.splits.keys() != leading.splits.keys():
            container = leading
        if container is not None and container is not row and said not in {APART, OUTSIDE}:
            found[row.number] = container
    return found


def _place(row: TableRow) -> tuple[str, str, str]:
    return row.level, row.said("batch"), row.programme_name


def _ancestors(name: str, registries: Registries) -> list[str]:
    above = []
    while name and (name := registries.programmes[name].parent):
        above.append(name)
    return above


def within_problems(data: TableData) -> list[Problem]:
    """Rows said to be contained in a row that the table does not have, or in themselves."""
    listed = {(row.level, row.programme_name) for row in data.rows}
    expected, remedy = f"本表另一行的项目，或“{APART}”", "核对名称；没有那一行的先补上，不知道的留空"
    problems = Problems(data.file)
    for row in data.rows:
        said, own = row.said("within"), row.programme_name
        if said not in {"", APART, OUTSIDE} and ((row.level, said) not in listed or said == own):
            where = f"本表的{row.said('level')}资金里" if row.level else "本表"
            why = "是这一行自己" if said == own else f"{where}没有这个项目的行"
            problems.add(row.number, "含在", f"写的是{quote(said)}，{why}", expected, remedy)
    return problems


def undivided_problems(data: TableData) -> list[Problem]:
    """Money that is not told apart by level beside money of the same programme that is."""
    granted = [row for row in data.rows if not row.said("aspect") and row.level not in {"carryover", "other"}]
    problems = Problems(data.file)
    for row in granted:
        others = [other for other in granted if other.level != row.level and other.programme == row.programme]
        if row.level == UNDIVIDED and others:
            found = f"写的是{quote(row.said('level'))}，第{others[0].number}行又是同一项目“{others[0].said('level')}”的"
            expected = "分了级次的，每个级次一行；合计由程序计算"
            problems.add(row.number, "级次", found, expected, "删去这一行；报告写的合计填到 claims.csv")
    return problems


def month_problems(tables: Mapping[str, TableData], settings: Settings | None) -> list[Problem]:
    """Months outside of the year's period, and more rows than any county has."""
    data = tables[MONTHLY.name]
    problems = Problems(data.file)
    if settings is None:
        return problems
    start, end = settings.period_start, settings.period_end
    expected = f"{start.year}年{start.month}月至{end.month}月"
    for row in data.every:
        month = row.parsed(Period, "month")
        own = month and month.year in {None, start.year} and start.month <= month.first <= end.month
        if not own:
            problems.add(
                row.number, "月份", f"写的是{quote(row.texts['month'])}", expected, "改正月份，或删去这一行"
            )
    if len(data.every) > MOST_MONTHS:
        found, remedy = f"有{len(data.every)}行", "合并地区，或只留主要的项目"
        problems.add(0, "", found, f"至多{MOST_MONTHS}行", remedy)
    return problems
