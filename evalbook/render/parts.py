"""Tables of places, of other months, and of the cells of a cross table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures import Cell
from evalbook.render.markdown import Block, Numeric, escape, joined, number, reference, table
from evalbook.schema.address import Address
from evalbook.schema.table import SPLITS, programme_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalbook.figures import Figure, FigureSet
    from evalbook.render.page import Page
    from evalbook.schema import Part, TableRow

MOST_COLUMNS = 6
"""Numbers beside each other that a page has room for; more make another table."""

OF_PLACES = (
    ("funds", "资金安排"),
    ("spending", "累计支出"),
    ("people", "保障对象"),
    ("standards", "标准与水平"),
    ("level", "人均月支出"),
    ("average", "次均支出"),
    ("tiers", "档次"),
    ("actions", "年度工作"),
    ("background", "基础数据"),
    ("coverage", "保障面"),
)
"""Families of figures that places are compared by, each in a table."""


def places_table(page: Page) -> Block:
    """Places against each other and the whole: a table for each kind of number, a column for each programme and measure."""
    figures = page.figures
    parts = [part for part in figures.year.parts if part.locality and not part.period]
    shown = []
    for family, title in OF_PLACES:
        columns = _columns(figures, family, parts)
        starts = range(0, len(columns), MOST_COLUMNS)
        shown += [
            _of_places(figures, parts, columns[start : start + MOST_COLUMNS], title) for start in starts
        ]
    return Block(joined(*shown))


def _columns(figures: FigureSet, family: str, parts: Sequence[Part]) -> list[tuple[Address, str, str]]:
    """Figures of a family that some place has: address as of the whole, name without the place, unit."""
    names = {part.code: part.name for part in parts}
    found: dict[Address, tuple[Address, str, str]] = {}
    for figure in figures.figures.values():
        if figure.address.family == family and figure.address.part in names:
            label = figure.label.removeprefix(names[figure.address.part])
            found.setdefault(figure.address.of_whole, (figure.address.of_whole, label, figure.unit))
    return list(found.values())


def _of_places(
    figures: FigureSet, parts: Sequence[Part], columns: Sequence[tuple[Address, str, str]], title: str
) -> str:
    def cell(address: Address, unit: str) -> str:
        figure = figures.figures.get(address)
        if figure and figure.value is not None and unit not in figures.units.alike(figure.unit):
            return reference(figure)
        return number(figures, address, unit)

    def cells(part: str) -> list[str]:
        return [cell(Address.of(address, part), unit) for address, _, unit in columns]

    rows = []
    for part in parts:
        given = cells(part.code)
        if any(text != "—" for text in given):
            depth = _depth(figures, part)
            rows.append(("　" * depth + escape(part.name), *given))
    sums = [cell(Address.of("places", address), unit) for address, _, unit in columns]
    if any(text != "—" for text in sums):
        rows.append(("**各地区合计**", *sums))
    # What stands under a heading is what it says: an average of the whole is none of its numbers at the end of the year.
    wholes = [(figures.by_label.get(label), unit) for _, label, unit in columns]
    county = [cell(whole.address, unit) if whole else "—" for whole, unit in wholes]
    rows.append((f"**{escape(figures.year.settings.county)}**", *county))
    headings = (
        "地区",
        *(Numeric(f"{escape(label.removesuffix(title) or label)}（{unit}）") for _, label, unit in columns),
    )
    return table(f"各地区{title}", headings, rows, "wide")


def _depth(figures: FigureSet, part: Part) -> int:
    localities, depth = figures.year.registries.localities, 0
    parent = part.locality.parent if part.locality else ""
    while parent:
        parent, depth = localities[parent].parent, depth + 1
    return depth


def periods_table(page: Page) -> Block:
    """Numbers of other months and years, beside those of the fiscal year."""
    figures = page.figures
    rows: list[Sequence[str]] = []
    for part in figures.year.parts:
        if part.period is None:
            continue
        place = part.locality.name if part.locality else ""
        for figure in figures.figures.values():
            told = isinstance(figure.lineage, Cell) or figure.address.family in {"level", "average"}
            if figure.address.part == part.code and told:
                name = place + figure.label.removeprefix(part.name)
                year = Address.of(figure.address.of_whole, part.locality.code if part.locality else "")
                whole = figures.figures.get(year)
                # An average is not compared with a number at the end of a month.
                compared = reference(whole) if whole and whole.label == name else "—"
                rows.append((escape(name), escape(str(part.period)), reference(figure), compared))
    headings = ("指标", "时期", Numeric("这一时期"), Numeric("本年度"))
    return Block(table("各时期的数字", headings, rows) if rows else "")


def splits_table(page: Page) -> Block:
    """People, spending, standard and level of each form, care level, tier and region, where more than people are told."""
    figures = page.figures
    told: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Figure]] = {}
    for name in ("people", "spending", "standards"):
        data = figures.year.tables[name]
        for row in data.rows:
            if row.splits and not row.said("aspect"):
                family = row.said("measure") or name
                key = (programme_of(row).name, tuple(row.splits.items()))
                told.setdefault(key, {})[family] = figures.figures[data.table.address(row)]
                level = figures.figures.get(_level(figures, row))
                if level is not None:
                    told[key]["level"] = level
    listed = {key: numbers for key, numbers in told.items() if len(numbers) > 1 or len(key[1]) > 1}
    columns = list(dict.fromkeys(name for numbers in listed.values() for name in numbers))
    order = ["people", "spending", "level"]
    columns.sort(key=lambda name: order.index(name) if name in order else len(order))
    titles = {"people": "人数", "spending": "累计支出", "level": "人均月支出，计算"}
    rows = [
        (
            escape(programme),
            escape("，".join(word for _, word in splits)),
            *(reference(numbers[name]) if name in numbers else "—" for name in columns),
        )
        for (programme, splits), numbers in listed.items()
    ]
    headings = ("项目", "细分", *(Numeric(escape(titles.get(name, name))) for name in columns))
    return Block(table("项目的细分（形式、护理等级、档次、城乡）", headings, rows, "wide") if rows else "")


def _level(figures: FigureSet, row: TableRow) -> Address:
    data = figures.year.tables["people"]
    return Address.of("level", programme_of(row).code, data.table.codes(row, SPLITS))
