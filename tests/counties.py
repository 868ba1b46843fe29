"""Made-up counties whose numbers fit together, for tests and benchmarks of the checks.

:func:`made_up` draws a county at random: first what truly happened (people month by month, yuan paid), then a report
of it, rounded once, as a bureau would write it. Whatever a rule says against such a report is a false alarm.
"""

from __future__ import annotations

import csv
import datetime
import re
import shutil
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from itertools import filterfalse
from typing import TYPE_CHECKING

from projects import BASE_YEAR, GENERATED, ROOT, copy_base

from evalbook.year.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from random import Random

Row = dict[str, str]
"""Cells of a row by Chinese heading; absent ones are empty."""

KEYS = {table.name: [table.column(name).heading for name in table.key] for table in TABLES}
VALUES = {table.name: table.column(table.value).heading for table in TABLES if table.value}
HEADINGS = {table.name: [column.heading for column in table.columns] for table in TABLES}
FILES = ("overview", "funds", "organisation", "results", "measures", "problems")
CHAPTERS = (
    "项目概况",
    "资金使用及管理情况",
    "项目组织实施情况",
    "项目绩效情况",
    "主要做法",
    "存在的问题和建议",
)
PROSE = {
    "00-preface": "根据有关文件要求，我局开展了绩效自评，形成报告如下：\n",
    **{
        f"0{number}-{name}": f"# {numeral}、{title}\n\n情况见各表。\n"
        for number, (numeral, name, title) in enumerate(
            zip("一二三四五六", FILES, CHAPTERS, strict=True), start=1
        )
    },
}
MONTH, YEAR = "元/月", "元/年"
LEVEL = "元/人·月"
WAN = Decimal(10000)


@dataclass(frozen=True)
class County:
    """A county's report of a year, as its files hold it.

    Attributes
    ----------
    year : int
        Fiscal year.
    settings : mapping of str to str
        ``year.yml`` by Chinese name, without the titles and frameworks.
    tables : mapping of str to tuple of Row
        By table name.
    before : County or None
        The year before, written too.
    prose : mapping of str to str
        By file name without ``.md``.
    places : tuple of str
        Townships that rows may speak of; others with their level: 澄江县,县级.
    features : tuple of str
        Which optional rows it has, for the message of a failing test.
    """

    year: int
    settings: Mapping[str, str]
    tables: Mapping[str, tuple[Row, ...]]
    before: County | None = None
    prose: Mapping[str, str] = field(default_factory=lambda: PROSE)
    features: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    # -- finding and changing rows; a row is named by the cells of its key that are not empty

    def place(self, table: str, *key: str) -> int | None:
        """Position of a row in its table, or None."""
        for position, row in enumerate(self.tables.get(table, ())):
            if tuple(row[heading] for heading in KEYS[table] if row.get(heading)) == key:
                return position
        return None

    def row(self, table: str, *key: str) -> Row | None:
        """Row of a table, or None."""
        position = self.place(table, *key)
        return None if position is None else self.tables[table][position]

    def number(self, table: str, *key: str) -> Decimal | None:
        """Number that a row states, or None."""
        row = self.row(table, *key)
        return Decimal(row[VALUES[table]]) if row and row.get(VALUES[table]) else None

    def unit(self, table: str, *key: str) -> str:
        """Unit of a row, which must be there."""
        row = self.row(table, *key)
        assert row is not None, (table, key)
        return row["单位"]

    def changed(self, table: str, *key: str, **cells: str | Decimal | int) -> County:
        """The county with other cells in a row; ``value`` stands for the heading of the table's number."""
        position = self.place(table, *key)
        assert position is not None, (table, key)
        return self.changed_row(table, position, {**self.tables[table][position], **_cells(table, cells)})

    def added(self, table: str, **cells: str | Decimal | int) -> County:
        """The county with one more row, at the end of its table."""
        row = {**({"出处": "台账"} if "出处" in HEADINGS[table] else {}), **_cells(table, cells)}
        return replace(self, tables={**self.tables, table: (*self.tables.get(table, ()), row)})

    def without(self, table: str, *key: str) -> County:
        """The county without a row."""
        position = self.place(table, *key)
        assert position is not None, (table, key)
        rows = self.tables[table]
        return replace(self, tables={**self.tables, table: (*rows[:position], *rows[position + 1 :])})

    def changed_row(self, table: str, position: int, row: Row) -> County:
        """The county with another row in the place of one."""
        rows = self.tables[table]
        return replace(self, tables={**self.tables, table: (*rows[:position], row, *rows[position + 1 :])})

    def said(self, **settings: str) -> County:
        """The county with other settings, by Chinese name."""
        return replace(self, settings={**self.settings, **settings})

    # -- files

    def write(self, folder: Path) -> Path:
        """Make a project of the county in a folder, beside other years that may be there."""
        if not (folder / "project.yml").exists():  # what the year says of itself is enough, where it is found
            (folder / "data" / "reference").mkdir(parents=True, exist_ok=True)
        if self.before is not None:
            self.before.write(folder)
        if self.places:
            lines = [
                "名称,级别,上级地区,行政区划代码,说明",
                *(f"{place},,," if "," in place else f"{place},乡级,,," for place in self.places),
                "",
            ]
            (folder / "data" / "reference" / "places.csv").write_text("\n".join(lines), encoding="utf-8-sig")
        year = folder / "data" / str(self.year)
        shutil.rmtree(year, ignore_errors=True)
        (year / "narrative").mkdir(parents=True)
        for name, text in self.prose.items():
            (year / "narrative" / f"{name}.md").write_text(text, encoding="utf-8")
        lines = [f"{name}: {value}" for name, value in self.settings.items()]
        title = f"标题:\n  - {self.settings['县']}{self.year}年度困难群众救助\n  - 绩效评价报告\n评价框架: []"
        (year / "year.yml").write_text("\n".join((*lines, title, "")), encoding="utf-8")
        for table in TABLES:
            with (year / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.DictWriter(stream, HEADINGS[table.name])
                writer.writeheader()
                writer.writerows(self.tables.get(table.name, ()))
        return folder


COLUMNS = {
    "funds": "级次,项目,金额,单位,批次,统计项,含在",
    "spending": "项目,金额,单位,含在,时期",
    "people": "项目,保障形式,统计项,口径,数量,单位,地区,护理等级",
    "standards": "项目,指标,数值,单位,生效日期",
    "tiers": "项目,档次,数值,单位",
    "actions": "代码,项目,指标名称,数值,单位,关系,所指",
    "background": "代码,指标名称,数值,单位",
    "claims": "指标,数值,单位",
    "relations": "数字,关系,各项",
}
"""Headings of the cells of a typed row."""
FRAMEWORK = "finance-2020"
LEFT_OUT = "dictionary"
"""The largest page of the guide; what others say of it stays without the link."""
LEFT_OUT_CHAPTERS = ("03-organisation", "05-measures", "06-problems")
OWN_CHAPTER = "其他、补充（二）"
OWN_PROSE = """# 其他情况

保障对象见表。

【表：保障人数】

资金来源见图。

## 支出

[图: 支出]

【表：资金和支出】
"""
"""A chapter as nobody foresaw it: without a number, its file in Chinese, with tables and charts of its own choice."""
LEFT_OUT_TABLES = ("background", "claims", "documents", "evidence", "targets", "tiers")
LEFT_OUT_PROGRAMMES = re.compile("特困|临时救助|孤儿|儿童|流浪")


def typed_rows(table: str, text: str) -> tuple[Row, ...]:
    """Rows of a table from lines of cells separated by commas; a line that ends in ``x`` has a number nobody knows."""
    rows = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        cells = dict(zip(COLUMNS[table].split(","), line.removesuffix(" x").split(","), strict=False))
        unknown = line.endswith(" x")
        fixed = {"出处": "" if unknown else "台账", "章节": "五", "标志": "x" if unknown else ""}
        rows.append({**{name: cell for name, cell in fixed.items() if name in HEADINGS[table]}, **cells})
    return tuple(rows)


def typed(year: int, tables: Mapping[str, str], before: County | None = None) -> County:
    """A year of a county in a province with registered minimum standards, its tables as typed."""
    settings = {
        "年度": str(year),
        "省": "湖南省",
        "县": "某县",
        "单位": "某县民政局",
        "起始日期": f"{year}-01-01",
        "截止日期": f"{year}-12-31",
        "报告日期": f"{year + 1}-04-10",
        "数据状态": "初步",
        "自评等次": "",
    }
    return County(year, settings, {name: typed_rows(name, text) for name, text in tables.items()}, before)


SMALL = {
    "funds": "上级,城市低保,300,万元\n县本级,农村低保,30.04,万元",
    "spending": "城市低保,120,万元\n农村低保,180,万元",
    "people": "城市低保,,,月均,200,人\n农村低保,,,月均,500,人",
    "standards": "城市低保,保障标准,600,元/月,2020-01-01\n农村低保,保障标准,5040,元/年,2020-01-01",
}
SMALL_PROSE = {
    "00-preface": "本报告介绍2020年的工作。\n",
    "01-overview": "# 一、概况\n\n某县做好社会救助工作。\n",
    "02-funds": "# 二、资金\n\n上级安排{figure}`上级安排城市低保`。月均保障城市低保{figure}`城市低保月均人数`，"
    "标准{figure}`城市低保保障标准`，支出{figure}`城市低保累计支出`。\n",
    "04-results": "# 四、效益\n\n通过走访，群众基本满意。\n",
}


def small_project(folder: Path) -> Path:
    """The base county with five pieces of prose, of two programmes, and a guide without its largest page.

    So a book with every kind of page is made in less than half the time of the real one. Notebooks, guide, registries
    and framework are its own, so that a test may change them. One sentence says something without a number, which a
    finding tells.
    """
    for name in ("notebooks", "book", "data/reference", f"data/frameworks/{FRAMEWORK}"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=GENERATED)
    for name in ("_config.yml", "_toc.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    copy_base(folder)
    year = folder / "data" / str(BASE_YEAR)
    for chapter in LEFT_OUT_CHAPTERS:
        (year / "narrative" / f"{chapter}.md").unlink()
    for path in (*year.glob("*.csv"), *(year / "narrative").iterdir()):
        first, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = () if path.stem in LEFT_OUT_TABLES else filterfalse(LEFT_OUT_PROGRAMMES.search, lines)
        path.write_text("".join((first, *kept)), encoding="utf-8")
    settings = year / "year.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "没有的章节: [03-organisation]\n", encoding="utf-8"
    )
    (year / "narrative" / f"{OWN_CHAPTER}.md").write_text(OWN_PROSE, encoding="utf-8")
    results = year / "narrative" / "04-results.md"
    text = results.read_text(encoding="utf-8").replace("这是项目的社会效益", "社会效益明显")
    results.write_text(text, encoding="utf-8")
    contents = folder / "_toc.yml"
    listed = contents.read_text(encoding="utf-8").replace(f"      - file: guide/{LEFT_OUT}\n", "")
    contents.write_text(listed, encoding="utf-8")
    for path in (folder / "book" / "guide").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"\[(.+?)\]\({LEFT_OUT}\.md.*?\)", r"\1", text), encoding="utf-8")
    (folder / "book" / "guide" / f"{LEFT_OUT}.md").unlink()
    return folder


def _cells(table: str, cells: Mapping[str, str | Decimal | int]) -> Row:
    names = {"value": VALUES.get(table, "")}
    return {names.get(name, name): digits(cell) for name, cell in cells.items()}


def digits(number: str | Decimal | int) -> str:
    """Number as a clerk types it, never with an exponent."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def rounded(number: Decimal, places: int = 0) -> Decimal:
    """Number rounded half up, as Excel does."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


# -- what truly happened


@dataclass(frozen=True)
class Roll:
    """People paid by the month."""

    opening: int
    joined: int
    left: int
    monthly: tuple[int, ...]

    @property
    def closing(self) -> int:
        """People at the end of the period."""
        return self.opening + self.joined - self.left

    @property
    def person_months(self) -> int:
        """People added over the months."""
        return sum(self.monthly)

    @property
    def persons(self) -> int:
        """Different people in the period."""
        return self.opening + self.joined

    @property
    def average(self) -> Decimal:
        """Monthly average, not rounded."""
        return Decimal(self.person_months) / len(self.monthly)


@dataclass(frozen=True)
class Standard:
    """A published standard: number and unit as published, from a month of the period on another one."""

    value: Decimal
    unit: str
    raised: Decimal | None = None
    months_before: int = 0
    day: str = ""
    raised_day: str = ""

    def month(self, *, raised: bool = False) -> Decimal:
        """Yuan a month."""
        value = self.raised if raised and self.raised is not None else self.value
        return value / 12 if self.unit == YEAR else value

    def paid(self, monthly: Iterable[int]) -> Decimal:
        """Yuan for people month by month."""
        return sum(
            (
                n * self.month(raised=self.raised is not None and i >= self.months_before)
                for i, n in enumerate(monthly)
            ),
            Decimal(0),
        )

    @property
    def last(self) -> Decimal:
        """Yuan a month at the end of the period."""
        return self.month(raised=True)


FLOORS: dict[str, dict[str, tuple[tuple[str, int, int], ...]]] = {
    # By province: month from which it holds, standard, level; rural standards of 低保 a year. As data/reference/limits.csv
    # registers them, for the lowest class of places.
    "湖南省": {
        "城市低保": (
            ("2018-01", 430, 320), ("2019-01", 470, 320), ("2019-07", 500, 340), ("2020-11", 550, 374), ("2022-01", 0, 0),
        ),
        "农村低保": (
            ("2016-01", 2640, 0), ("2017-01", 3026, 0), ("2018-01", 3200, 170), ("2019-01", 3480, 185),
            ("2019-07", 3700, 197), ("2020-01", 4000, 213), ("2021-01", 4300, 229), ("2022-01", 0, 0),
        ),
        "城市特困": (("2019-07", 650, 0), ("2020-11", 715, 0), ("2022-01", 0, 0)),
    },
    "云南省": {
        "城市低保": (("2019-07", 610, 0), ("2020-06", 640, 0), ("2021-07", 660, 0), ("2022-07", 700, 0)),
        "农村低保": (("2019-07", 4200, 0), ("2020-06", 4500, 0), ("2021-07", 4770, 0), ("2022-07", 5343, 0)),
        **dict.fromkeys(
            ("城市特困", "农村特困"),
            (("2019-07", 732, 0), ("2020-06", 832, 0), ("2021-07", 858, 0), ("2022-07", 910, 0)),
        ),
    },
    "四川省": {
        "城市低保": (("2015-07", 370, 0), ("2021-12", 615, 0), ("2022-07", 680, 0), ("2023-07", 740, 0)),
        "农村低保": (("2015-07", 2280, 0), ("2021-12", 4980, 0), ("2022-07", 5760, 0), ("2023-07", 6396, 0)),
        "城市特困": (("2021-12", 800, 0), ("2022-07", 884, 0), ("2023-07", 962, 0)),
        "农村特困": (("2021-12", 540, 0), ("2022-07", 624, 0), ("2023-07", 693, 0)),
    },
    "广东省": {
        "城市低保": (
            ("2015-01", 410, 0), ("2019-01", 702, 554), ("2021-01", 800, 554), ("2023-01", 857, 554), ("2024-05", 860, 554),
        ),
        "农村低保": (
            ("2015-01", 3120, 0), ("2019-01", 5808, 251), ("2023-01", 7200, 251), ("2024-05", 7740, 251),
        ),
    },
}  # fmt: skip
ORPHANS = {
    "湖南省": {**dict.fromkeys((2020, 2021, 2022), (950, 1350)), **dict.fromkeys((2023, 2024), (1100, 1500))},
    "云南省": dict.fromkeys((2022, 2023, 2024), (1290, 1990)),
}
PROVINCES = ("湖南省", "四川省", "浙江省", "广东省", "云南省")


class Maker:
    """Draws a county; the same for the year before, with modest changes.

    Parameters
    ----------
    random
        Source of everything drawn.
    features
        What is wished for, by name, instead of drawing it.
    """

    def __init__(self, random: Random, features: Mapping[str, object]) -> None:
        self.random = random
        self.features = features
        self.chosen: dict[str, object] = {}

    def wish(self, name: str, chance: float = 0.5) -> bool:
        """Whether the county has an optional thing; the same in both years."""
        if name not in self.chosen:
            self.chosen[name] = bool(self.features.get(name, self.random.random() < chance))
        return bool(self.chosen[name])

    def pick(self, name: str, *options: object) -> object:
        """One of several options; the same in both years."""
        if name not in self.chosen:
            self.chosen[name] = self.features.get(name, self.random.choice(options))
        return self.chosen[name]

    def between(self, low: float, high: float) -> Decimal:
        """Number with four decimals between two bounds."""
        return Decimal(self.random.randint(int(low * 10000), int(high * 10000))) / 10000

    # -- the truth

    def roll(self, people: int, closing: int | None, months: int) -> Roll:
        """People that come and go; to end with so many, when given."""
        drift, extra = self.between(-0.06, 0.06), self.between(0, 0.08)
        if closing is None:
            opening = people
            closing = int(people * (1 + drift) + Decimal("0.5"))
        else:
            opening = int(closing / (1 + drift) + Decimal("0.5"))
        opening, closing = max(opening, 1), max(closing, 1)
        turn = int(opening * extra)
        joined = turn + max(0, closing - opening)
        left = opening + joined - closing
        monthly = tuple(
            int(Decimal(opening) + Decimal(closing - opening) * (2 * i + 1) / (2 * months) + Decimal("0.5"))
            for i in range(months)
        )
        return Roll(opening, joined, left, monthly)


@dataclass
class Truth:
    """What truly happened in a year."""

    year: int
    start: int
    months: int
    rolls: dict[str, Roll]
    standards: dict[str, Standard]
    tiers: dict[str, tuple[tuple[Decimal, tuple[int, ...]], ...]]
    spent: dict[str, Decimal]
    cases: dict[str, dict[str, int]]
    homes: int = 0
    funds: dict[tuple[str, str], Decimal] = field(default_factory=dict)


OLD = "精减退职职工生活补助"
PRICE, CHILD_PRICE = "城乡低保、特困供养物价补贴", "孤儿和事实无人抚养儿童物价补贴"
WORK = {"低保工作经费": "城市低保工作清理经费", "敬老院工作人员经费和运转经费": "敬老院工作人员经费"}
AREA_OF = {
    **dict.fromkeys(
        ("城市低保", "农村低保", "社会救助兜底保障", "城市特困", "农村特困", "临时救助", PRICE, *WORK),
        "社会救助资金",
    ),
    **dict.fromkeys(("孤儿补贴", "事实无人抚养儿童", CHILD_PRICE), "儿童福利资金"),
    "流浪乞讨人员救助": "流浪乞讨资金",
    OLD: "精退生活补贴",
}
"""Bundled funds from above that pay for a line of spending."""

AREA_NAMES = {
    "社会救助资金": "社会救助",
    "儿童福利资金": "儿童福利",
    "流浪乞讨资金": "流浪乞讨救助",
    "精退生活补贴": "精减退职",
}


def _floor(province: str, name: str, year: int, month: int) -> tuple[int, int]:
    """Minimum standard and level of a month; 0 when none is registered."""
    held = FLOORS.get(province, {}).get(name, ())
    found = [floor[1:] for floor in held if floor[0] <= f"{year}-{month:02}"]
    return found[-1] if found else (0, 0)


def _dibao_standards(
    maker: Maker, year: int, start: int, months: int, later: dict[str, Standard] | None
) -> dict[str, Standard]:
    """Urban and rural standards: not below the minimum, rural not above urban."""
    province = str(maker.chosen["province"])
    last = start + months - 1
    made: dict[str, Standard] = {}
    unified = maker.wish("unified", 0.2)
    for name in ("城市低保", "农村低保"):
        unit = str(maker.pick(f"{name} unit", MONTH, YEAR))
        per = 12 if name == "农村低保" else 1
        first_floor = Decimal(_floor(province, name, year, start)[0]) / per
        last_floor = Decimal(_floor(province, name, year, last)[0]) / per
        step = Decimal(60 if unit == YEAR else 5)
        if later is not None:
            # What held at the end of this year held at the beginning of the next, or rose then.
            following = later[name]
            base = following.month()
            if following.raised is None:
                base = base / (1 + maker.between(0, 0.1))
        elif name == "农村低保":
            base = made["城市低保"].month() * (1 if unified else maker.between(0.72, 0.95))
        else:
            base = (350 + (year - 2016) * 45) * maker.between(0.95, 1.35)
        base = max(base, last_floor, Decimal(160 if province == "湖南省" else 250))
        if name == "农村低保" and unified:
            base = made["城市低保"].month()
        native = base * 12 if unit == YEAR else base
        keeps = later is not None and later[name].raised is not None and native == later[name].value
        value = native if keeps else (native / step).to_integral_value(ROUND_CEILING) * step
        if unified and name == "农村低保":
            value = made["城市低保"].month() * (12 if unit == YEAR else 1)
        if later is not None:
            value = min(value, later[name].value)
        highest = made["城市低保"].month() if name == "农村低保" else None
        if highest is not None and not unified:
            value = min(value, highest * (12 if unit == YEAR else 1))
        raised = None
        before = 0
        day = raised_day = ""
        if maker.wish("raise", 0.3) and later is None and months > 3:
            before = (
                10 if province == "湖南省" and year == 2020 and start == 1 and months == 12 else months // 2
            )
            new = (value * maker.between(1.04, 1.1) / step).to_integral_value(ROUND_CEILING) * step
            if unified and name == "农村低保":
                urban = made["城市低保"]
                new = urban.month(raised=True) * (12 if unit == YEAR else 1)
            elif highest is not None:
                new = min(new, made["城市低保"].month(raised=True) * (12 if unit == YEAR else 1))
            if new > value:
                raised = new
                month = start + before
                raised_day = f"{year}-{month:02}-01"
                day = f"{year - 1 if first_floor else year}-0{7 if first_floor else 1}-01"
        made[name] = Standard(value, unit, raised, before if raised else 0, day, raised_day)
    return made


def _tekun_standards(maker: Maker, truth: Truth) -> None:
    """特困: a multiple of 低保, rounded to whole yuan as usual."""
    province = str(maker.chosen["province"])
    multiple = Decimal("1.6") if province == "广东省" and truth.year >= 2023 else Decimal("1.3")
    for region in ("城市", "农村"):
        dibao = truth.standards[f"{region}低保"]
        unit = str(maker.pick(f"{region}特困 unit", MONTH, YEAR))
        factor = 12 if unit == YEAR else 1
        more = Decimal(str(maker.pick("特困 more", "1", "1", "1.05", "1.2")))

        def multiplied(month: Decimal, *, factor: int = factor, more: Decimal = more) -> Decimal:
            return rounded(month * multiple * more * factor)

        def least(month: int, *, region: str = region, factor: int = factor) -> Decimal:
            return Decimal(_floor(province, f"{region}特困", truth.year, month)[0]) * factor

        value = max(multiplied(dibao.month()), least(truth.start))
        raised = None
        if dibao.raised is not None:
            raised = max(multiplied(dibao.month(raised=True)), least(12))
            raised = raised if raised > value else None
        else:
            value = max(value, least(truth.start + truth.months - 1))
        truth.standards[f"{region}特困"] = Standard(
            value, unit, raised, dibao.months_before if raised else 0, dibao.day, dibao.raised_day
        )


def _dibao_paid(maker: Maker, truth: Truth, later: Truth | None) -> None:
    """低保: by tier where the county pays so, else a share of the standard."""
    province = str(maker.chosen["province"])
    months = range(truth.start, truth.start + truth.months)
    urban_level = None
    for name in ("城市低保", "农村低保"):
        roll, standard = truth.rolls[name], truth.standards[name]
        floor = sum((Decimal(_floor(province, name, truth.year, m)[1]) for m in months), Decimal(0))
        full = standard.paid([1] * truth.months)
        least = max(Decimal("0.52"), (floor + truth.months) / full)
        most = Decimal("0.86")
        if urban_level is not None:
            most = min(most, urban_level * truth.months / full)
        if maker.wish(f"{name} tiers", 0.5) and standard.raised is None and later is None:
            for _ in range(60):
                if tiers := _tiers(
                    maker, roll, standard.month(), int(str(maker.pick("tier count", 3, 3, 2, 4)))
                ):
                    paid = sum((amount * sum(people) for amount, people in tiers), Decimal(0))
                    if least <= paid / standard.paid(roll.monthly) <= most:
                        truth.tiers[name] = tiers
                        truth.spent[name] = paid
                        break
        if name not in truth.tiers:
            share = least + (max(most, least) - least) * maker.between(0, 1)
            if later is not None:
                then = later.spent[name] / later.standards[name].paid(later.rolls[name].monthly)
                share = min(max(then * maker.between(0.97, 1.03), least), max(most, least))
            truth.spent[name] = rounded(share * standard.paid(roll.monthly))
        urban_level = truth.spent[name] / roll.person_months


def _tiers(
    maker: Maker, roll: Roll, standard: Decimal, count: int
) -> tuple[tuple[Decimal, tuple[int, ...]], ...]:
    """Amounts of so many tiers with the people of each month; nothing when they do not differ."""
    step = Decimal(5)
    top = (standard * maker.between(0.9, 1) / step).to_integral_value("ROUND_FLOOR") * step
    bottom = (standard * maker.between(0.4, 0.7) / step).to_integral_value(ROUND_CEILING) * step
    amounts = [top - (top - bottom) * i / (count - 1) for i in range(count)]
    amounts = [rounded(a / step) * step for a in amounts]
    if len(set(amounts)) < count or roll.opening < 20 * count:
        return ()
    weights = [maker.between(0.15, 0.5) for _ in range(count)]
    people: list[list[int]] = [[] for _ in range(count)]
    for number in roll.monthly:
        rest = number
        for tier in range(count - 1):
            part = int(number * weights[tier] / sum(weights))
            people[tier].append(part)
            rest -= part
        people[-1].append(rest)
    return tuple((amount, tuple(months)) for amount, months in zip(amounts, people, strict=True))


def _truth(maker: Maker, year: int, start: int, months: int, later: Truth | None) -> Truth:
    """Everything that happened in a year; what the year after begins with, when that is known."""
    size = Decimal(str(maker.chosen["size"]))
    truth = Truth(year, start, months, {}, {}, {}, {}, {})
    truth.standards = _dibao_standards(maker, year, start, months, later.standards if later else None)
    _tekun_standards(maker, truth)
    base = {
        "城市低保": 60,
        "农村低保": 300,
        "社会救助兜底保障": 40,
        "城市特困": 4,
        "农村特困": 60,
        "孤儿补贴": 2,
        "事实无人抚养儿童": 6,
        OLD: 9,
    }
    names = ["城市低保", "农村低保", "城市特困", "农村特困"]
    names += ["社会救助兜底保障"] if maker.wish("backstop", 0.3) else []
    names += ["孤儿补贴"] if maker.wish("orphans", 0.7) else []
    names += ["事实无人抚养儿童"] if maker.wish("de facto", 0.7) else []
    names += [OLD] if maker.wish("retrenched", 0.5) else []
    for name in names:
        if later is not None:
            roll = maker.roll(0, later.rolls[name].opening, months)
        else:
            number = int(base[name] * size * maker.between(0.6, 1.5)) + 1
            roll = maker.roll(number, None, months)
        if name == OLD:  # a closed group: nobody joins
            opening = later.rolls[name].opening if later is not None else roll.opening
            opening += opening // 12 if later is not None else 0
            end = later.rolls[name].opening if later is not None else max(1, opening - opening // 12)
            roll = Roll(
                opening, 0, opening - end, (*[opening] * (months // 2), *[end] * (months - months // 2))
            )
        truth.rolls[name] = roll
    _dibao_paid(maker, truth, later)
    _others_paid(maker, truth, later)
    _given(maker, truth)
    return truth


def _others_paid(maker: Maker, truth: Truth, later: Truth | None) -> None:
    year, rolls = truth.year, truth.rolls
    care = maker.between(0.24, 0.3)
    for name in ("城市特困", "农村特困"):
        truth.spent[name] = rounded(truth.standards[name].paid(rolls[name].monthly) * (1 + care))
        if maker.chosen["province"] == "湖南省":
            least = Decimal(220 if year < 2022 else 250) * rolls[name].person_months
            truth.spent[name] = max(
                truth.spent[name], truth.standards[name].paid(rolls[name].monthly) + least
            )
    if "社会救助兜底保障" in rolls:
        listed = [amount for amount, _ in truth.tiers.get("农村低保", ())]
        lowest = min(listed, default=truth.standards["农村低保"].month() / 2)
        each = max(lowest + 10, truth.standards["农村低保"].month() * Decimal("0.6"))
        if later is not None:
            each = later.spent["社会救助兜底保障"] / later.rolls["社会救助兜底保障"].person_months
        truth.spent["社会救助兜底保障"] = rounded(each * rolls["社会救助兜底保障"].person_months)
    urban = truth.standards["城市低保"].last
    if later is None:
        known = ORPHANS.get(str(maker.chosen["province"]), {}).get(year)
        fair = known or (
            int(max(urban * Decimal("1.3"), Decimal(800)) / 50) * 50 + 50,
            int(max(urban * Decimal("1.8"), Decimal(1100)) / 50) * 50 + 100,
        )
        pair = tuple(max(Decimal(x), urban.to_integral_value(ROUND_CEILING)) for x in fair)
        pair = pair if pair[1] > pair[0] else (pair[0], pair[0] + 100)
    else:
        pair = (later.standards["散居"].value, later.standards["集中"].value)
        if maker.chosen["province"] == "湖南省" and year == 2022:
            pair = (Decimal(950), Decimal(1350))
        pair = pair if pair[0] >= urban else (urban.to_integral_value(ROUND_CEILING), pair[1])
    truth.standards["散居"], truth.standards["集中"] = Standard(pair[0], MONTH), Standard(pair[1], MONTH)
    if "孤儿补贴" in rolls:
        total = rolls["孤儿补贴"].person_months
        truth.homes = (
            int(total * Decimal(str(maker.pick("homes share", "0.1", "0.3"))))
            if maker.wish("homes", 0.6)
            else 0
        )
        truth.spent["孤儿补贴"] = pair[0] * (total - truth.homes) + pair[1] * truth.homes
    if "事实无人抚养儿童" in rolls:
        truth.spent["事实无人抚养儿童"] = rounded(
            pair[0]
            * Decimal(str(maker.pick("de facto share", "0.68", "0.85", "1")))
            * rolls["事实无人抚养儿童"].person_months
        )
    if OLD in rolls:
        truth.spent[OLD] = rounded(maker.between(300, 330) * rolls[OLD].person_months)
    size = Decimal(str(maker.chosen["size"]))
    for name, many, low, high in (("临时救助", 60, 700, 850), ("流浪乞讨人员救助", 8, 900, 1100)):
        if not maker.wish(name, 0.85):
            continue
        visits = (
            int(many * size * maker.between(0.8, 1.2)) + 12 if later is None else later.cases[name]["人次"]
        )
        households = visits - int(visits * maker.between(0.1, 0.3))
        if later is not None:
            visits = int(visits * maker.between(0.9, 1.1)) + 1
            households = min(visits, int(later.cases[name]["户次"] * maker.between(0.9, 1.1)) + 1)
        truth.cases[name] = {"人次": visits, "户次": households}
        truth.cases[name]["户"] = households - int(households * maker.between(0.05, 0.1)) - 1
        truth.spent[name] = rounded(maker.between(low, high) * visits, 2)
    _subsidies(maker, truth)
    if maker.wish("work costs", 0.4):
        for name in WORK:
            truth.spent[name] = rounded(truth.spent["农村低保"] * maker.between(0.010, 0.012))


def _subsidies(maker: Maker, truth: Truth) -> None:
    """Price subsidies: so much a month for so many months; children for fewer of them."""
    if not maker.wish("price", 0.3):
        return
    paid_months = min(truth.months, int(str(maker.pick("paid months", 3, 6, 9))))
    each = Decimal(25)
    people = sum(
        (truth.rolls[n].average for n in ("城市低保", "农村低保", "城市特困", "农村特困")), Decimal(0)
    )
    truth.spent[PRICE] = rounded(each * people * paid_months)
    children = [truth.rolls[n].average for n in ("孤儿补贴", "事实无人抚养儿童") if n in truth.rolls]
    if len(children) == 2:
        truth.spent[CHILD_PRICE] = rounded(each * sum(children) * min(3, paid_months))


def _given(maker: Maker, truth: Truth) -> None:
    """Funds: a little more than what was spent in each area, from several levels."""
    upper = str(maker.pick("upper", "上级", "上级", "中央", "省级"))
    if maker.wish("funds by programme", 0.2):
        for name, yuan in truth.spent.items():
            line = {**WORK, PRICE: "社会救助资金", CHILD_PRICE: "儿童福利资金", OLD: "精退生活补贴"}.get(
                name, name
            )
            truth.funds[upper, line] = rounded(yuan * (1 + maker.between(0.005, 0.06))) + 1000
        return
    for source in AREA_NAMES:
        spent = sum((truth.spent[n] for n in truth.spent if AREA_OF[n] == source), Decimal(0))
        if not spent:
            continue
        rest = spent * (1 + maker.between(0.005, 0.06))
        if source == "社会救助资金":
            for work, line in WORK.items():
                if work in truth.spent:
                    truth.funds["县本级", line] = truth.spent[work] + 1000
                    rest -= truth.spent[work] + 1000
            if maker.wish("county dibao", 0.6):
                truth.funds["县本级", "城市低保"] = rounded(
                    truth.spent["城市低保"] * maker.between(0.10, 0.12)
                )
                rest -= truth.funds["县本级", "城市低保"]
            if maker.wish("carried", 0.5):
                truth.funds["上年结转", source] = rounded(rest * maker.between(0.02, 0.05))
                rest -= truth.funds["上年结转", source]
            if maker.wish("city", 0.3):
                truth.funds["市级", source] = rounded(rest * maker.between(0.05, 0.06))
                rest -= truth.funds["市级", source]
            if truth.year == 2020 and maker.wish("bonds", 0.4):
                truth.funds[upper, "抗疫国债资金"] = rounded(rest * maker.between(0.05, 0.06))
                rest -= truth.funds[upper, "抗疫国债资金"]
        truth.funds[upper, source] = rounded(rest)


# -- the report


CODES = {
    "城市特困集中供养率": "urban_homes",
    "农村特困集中供养率": "rural_homes",
    "各类困难群众临时救助次数": "relief_cases",
    "各类困难群众临时救助金额": "relief_amount",
    "大额临时救助次数": "large_relief",
    "专项治理清退人数": "clearance_people",
    "专项治理清退户数": "clearance_households",
    "纳入孤儿助学工程人数": "orphans_funded",
    "定点医院救治数": "in_hospital",
    "入户核查人数": "visited",
    "入户核查男性人数": "visited_men",
    "入户核查女性人数": "visited_women",
    "入户核查男性占比": "share_of_men",
    "入户核查女性占比": "share_of_women",
}
"""Codes of the year's work by name."""


class Report:
    """Writes down what happened, rounded once."""

    def __init__(self, maker: Maker, truth: Truth, earlier: Truth | None) -> None:
        self.maker, self.truth, self.earlier = maker, truth, earlier
        self.tables: dict[str, list[Row]] = {}
        self.unit = str(maker.pick("money", "万元", "万元", "万元", "元"))
        smallest = min(truth.spent.values()) if truth.spent else Decimal(1)
        if earlier is not None:
            smallest = min(smallest, *earlier.spent.values())
        wished = int(str(maker.pick("decimals", 2, 2, 4, 1, 0)))
        places = next((d for d in range(wished, 6) if smallest / WAN >= 50 * Decimal(1).scaleb(-d)), 6)
        self.places = int(str(maker.pick("places", places))) if self.unit == "万元" else int(
            str(maker.pick("yuan places", 0, 2))
        )  # fmt: skip
        self.people_unit = str(maker.pick("people unit", "人", "人", "名"))
        self.counting = str(maker.pick("counting", "月均", "月均", "期末", "未说明", "按月累计"))

    def add(self, table: str, **cells: str | Decimal | int) -> None:
        """Add a row."""
        self.tables.setdefault(table, []).append({"出处": "台账", **_cells(table, cells)})

    def money(self, yuan: Decimal) -> Decimal:
        """Amount as the report writes it."""
        return rounded(yuan / WAN if self.unit == "万元" else yuan, self.places)

    def claim(self, name: str, value: Decimal, unit: str) -> None:
        """State a number once more, or one that the program computes."""
        if self.maker.wish("claims", 0.7):
            self.add("claims", 指标=name, value=value, 单位=unit)

    def write(self) -> dict[str, tuple[Row, ...]]:
        """All tables."""
        self.spending()
        self.funds()
        self.people()
        self.standards()
        self.actions()
        self.background()
        self.claims()
        if self.maker.wish("nothing left out", 0.8):
            return self.all()
        self.leave_out()
        return self.all()

    def leave_out(self) -> None:
        """A number that nobody knows: a row of people, money or standards without its value."""
        table = self.maker.random.choice(
            [t for t in ("people", "spending", "standards", "funds") if self.tables.get(t)]
        )
        row = self.maker.random.choice(self.tables[table])
        row.update({VALUES[table]: "", "标志": "x", "出处": ""})

    def all(self) -> dict[str, tuple[Row, ...]]:
        """Every table as it stands."""
        return {name: tuple(rows) for name, rows in self.tables.items()}

    def spending(self) -> None:
        split = self.maker.pick("特困 spending", "total", "parts", "both")
        for name, yuan in self.truth.spent.items():
            if name in {"城市特困", "农村特困"} and split == "total":
                continue
            within = ""
            if name in {PRICE, CHILD_PRICE, "社会救助兜底保障"}:
                within = "另列" if self.maker.wish(f"{name} apart", 0.6) else ""
            self.add("spending", 项目=name, value=self.money(yuan), 单位=self.unit, 含在=within)
        if split in {"total", "both"}:
            total = self.truth.spent["城市特困"] + self.truth.spent["农村特困"]
            self.add("spending", 项目="特困供养", value=self.money(total), 单位=self.unit)

    def funds(self) -> None:
        for (level, name), yuan in self.truth.funds.items():
            self.add("funds", 级次=level, 项目=name, value=self.money(yuan), 单位=self.unit)

    def count(self, name: str, number: Decimal | int, unit: str, counting: str, **cells: str) -> None:
        self.add("people", 项目=name, value=rounded(Decimal(number)), 单位=unit, 口径=counting, **cells)

    def people(self) -> None:
        maker, truth, unit = self.maker, self.truth, self.people_unit
        for name in ("城市低保", "农村低保"):
            roll, counting = truth.rolls[name], self.counting
            if counting == "按月累计":
                self.count(name, roll.person_months, "人次", "按月累计")
            else:
                # A report that does not say how it counted gives the average or the last number.
                last = counting == "期末" or (counting == "未说明" and maker.wish("unsaid is last"))
                self.count(name, roll.closing if last else roll.average, unit, counting)
                if maker.wish("person months"):
                    self.count(name, roll.person_months, "人次", "按月累计", 统计项="累计人次")
                if maker.wish("households"):
                    people = roll.closing if last else roll.average
                    homes = max(
                        1,
                        int(people / Decimal(str(maker.pick(f"{name} to a household", "1.2", "1.6", "2.1")))),
                    )
                    self.count(name, homes, "户", counting, 统计项="户数")
                if name in truth.tiers and maker.wish("tier people", 0.6):
                    for tier, (_, months) in zip("一二三四", truth.tiers[name], strict=False):
                        number = months[-1] if last else Decimal(sum(months)) / truth.months
                        parts = {"保障形式": f"{tier}类"}
                        if not last or sum(m[-1] for _, m in truth.tiers[name]) == roll.closing:
                            self.count(name, number, unit, counting, **parts)
            self.movement(name, roll)
        self.tekun()
        backstop = truth.rolls.get("社会救助兜底保障")
        if backstop:
            self.count(
                "社会救助兜底保障",
                backstop.average,
                unit,
                str(maker.pick("backstop counting", "月均", "未说明")),
            )
        self.children()
        if OLD in truth.rolls:
            self.count(OLD, truth.rolls[OLD].person_months, "人次", "按月累计")
        self.helped()

    def movement(self, name: str, roll: Roll) -> None:
        if not self.maker.wish("movement", 0.4):
            return
        for aspect, number in (("期初", roll.opening), ("新增", roll.joined), ("退出", roll.left)):
            self.count(
                name, number, self.people_unit, "期末" if aspect == "期初" else "全年累计", 统计项=aspect
            )
        if self.counting != "期末":
            self.count(name, roll.closing, self.people_unit, "期末", 统计项="期末")
        if self.counting != "未说明" and self.maker.wish("persons"):  # both would be called 人数
            self.count(name, roll.persons, self.people_unit, "全年累计", 统计项="人数")

    def tekun(self) -> None:
        maker, unit = self.maker, self.people_unit
        counting = self.counting if self.counting in {"月均", "期末", "未说明"} else "月均"
        numbers = {}
        for name in ("城市特困", "农村特困"):
            roll = self.truth.rolls[name]
            # Averages are rounded one by one, as each cell of a form is.
            numbers[name] = roll.average if counting == "月均" else Decimal(roll.closing)
            per = roll.person_months if counting == "月均" else roll.closing
            share = Decimal(str(maker.pick(f"{name} share in homes", "0.09", "0.25", "0.4")))
            months = Decimal(self.truth.months if counting == "月均" else 1)
            homes, half, full = (
                int(per * part) / months for part in (share, Decimal("0.15"), Decimal("0.06"))
            )
            self.count(name, numbers[name], unit, counting)
            if maker.wish(f"{name} forms"):
                self.count(name, numbers[name] - homes, unit, counting, 保障形式="分散供养")
                self.count(name, homes, unit, counting, 保障形式="集中供养")
                if maker.wish("share in homes"):
                    self.action(f"{name}集中供养率", rounded(homes / numbers[name] * 100, 1), "%", name)
            if maker.wish(f"{name} care", 0.3):
                self.count(name, numbers[name] - half - full, unit, counting, 保障形式="全自理")
                self.count(name, half, unit, counting, 保障形式="半护理")
                self.count(name, full, unit, counting, 保障形式="全护理")
        if maker.wish("特困 total", 0.4):
            self.count("特困供养", sum(numbers.values(), Decimal(0)), unit, counting)

    def children(self) -> None:
        maker, truth = self.maker, self.truth
        for name in ("孤儿补贴", "事实无人抚养儿童"):
            roll = truth.rolls.get(name)
            if not roll:
                continue
            if maker.pick(f"{name} counting", "按月累计", "按月累计", "月均") == "按月累计":
                self.count(name, roll.person_months, "人次", "按月累计")
                if maker.wish("children") and roll.persons < roll.person_months:
                    self.count(name, roll.persons, self.people_unit, "全年累计", 统计项="人数")
                if name == "孤儿补贴" and maker.wish("orphan forms", 0.3):
                    self.count(
                        name, roll.person_months - truth.homes, "人次", "按月累计", 保障形式="社会散居"
                    )
                    self.count(name, truth.homes, "人次", "按月累计", 保障形式="集中养育")
            else:
                self.count(name, roll.average, self.people_unit, "月均")

    def helped(self) -> None:
        maker = self.maker
        if cases := self.truth.cases.get("临时救助"):
            unit = str(maker.pick("relief unit", "人次", "户次"))
            other = "户次" if unit == "人次" else "人次"
            self.count("临时救助", cases[unit], unit, "按次累计")
            if maker.wish("relief both"):
                self.count("临时救助", cases[other], other, "按次累计", 统计项=other)
            if maker.wish("relief households"):
                self.count("临时救助", cases["户"], "户", "全年累计", 统计项="户数")
            part = cases[unit] // 2
            if maker.wish("relief kinds"):
                self.count("临时救助", part, unit, "按次累计", 保障形式="急难型")
                self.count("临时救助", cases[unit] - part, unit, "按次累计", 保障形式="支出型")
            if maker.wish("relief approval", 0.3):
                self.count("临时救助", cases[unit] - part, unit, "按次累计", 保障形式="乡镇审批")
                self.count("临时救助", part, unit, "按次累计", 保障形式="县级审批")
        if cases := self.truth.cases.get("流浪乞讨人员救助"):
            if maker.wish("vagrants as people", 0.3):
                self.count("流浪乞讨人员救助", cases["户次"], "人", "全年累计")
            else:
                self.count("流浪乞讨人员救助", cases["人次"], "人次", "按次累计")
                if maker.wish("stations"):
                    part = cases["人次"] // 2
                    self.count("流浪乞讨人员救助", part, "人次", "按次累计", 保障形式="站内")
                    rest = cases["人次"] - part
                    self.count("流浪乞讨人员救助", rest, "人次", "按次累计", 保障形式="站外")

    def standard(self, name: str, measure: str, value: Decimal, unit: str, day: str = "") -> None:
        self.add("standards", 项目=name, 指标=measure, value=value, 单位=unit, 生效日期=day)

    def standards(self) -> None:
        maker, truth = self.maker, self.truth
        for name in ("城市低保", "农村低保", "城市特困", "农村特困"):
            held = truth.standards[name]
            if "特困" in name and held.raised is None and maker.wish("standards by form", 0.2):
                self.standard(name, "分散供养标准", held.value, held.unit)
                self.standard(
                    name, "集中供养标准", held.value + (600 if held.unit == YEAR else 50), held.unit
                )
                continue
            self.standard(
                name, "保障标准", held.value, held.unit, held.day if held.raised is not None else ""
            )
            if held.raised is not None:
                self.standard(name, "提标后标准", held.raised, held.unit, held.raised_day)
        for name in ("城市低保", "农村低保"):
            if name in truth.tiers and maker.wish("tiers listed", 0.8):
                for tier, (amount, _) in zip("一二三四", truth.tiers[name], strict=False):
                    self.add("tiers", 项目=name, 档次=f"{tier}类", value=amount, 单位=MONTH)
            level = truth.spent[name] / truth.rolls[name].person_months
            how = maker.pick("level", "whole", "exact", "a year", "none")
            if how == "a year":
                self.standard(name, "人均救助水平", rounded(level * 12), YEAR)
            elif how != "none":
                unit = str(maker.pick("level unit", MONTH, LEVEL))
                self.standard(name, "人均救助水平", rounded(level, 0 if how == "whole" else 2), unit)
        if "孤儿补贴" in truth.rolls:
            if truth.homes or maker.wish("both orphan standards"):
                self.standard("孤儿补贴", "社会散居标准", truth.standards["散居"].value, MONTH)
                self.standard("孤儿补贴", "集中养育标准", truth.standards["集中"].value, MONTH)
            else:
                self.standard("孤儿补贴", "保障标准", truth.standards["散居"].value, MONTH)
        if "事实无人抚养儿童" in truth.rolls and maker.wish("de facto standard"):
            self.standard("事实无人抚养儿童", "保障标准", truth.standards["散居"].value, MONTH)
        if maker.wish("care standards", 0.3):
            for name in ("城市特困", "农村特困"):
                for form, value in (("全自理", 200), ("半护理", 350), ("全护理", 700)):
                    self.standard(name, f"{form}标准", Decimal(value), MONTH)
        relief = truth.cases.get("临时救助")
        if relief and maker.wish("case level"):
            unit = str(maker.pick("relief unit", "人次", "户次"))
            each = truth.spent["临时救助"] / relief[unit]
            self.standard(
                "临时救助", "次均救助水平", rounded(each, int(str(maker.pick("each", 0, 2)))), f"元/{unit}"
            )

    def action(
        self,
        name: str,
        value: Decimal | int,
        unit: str,
        programme: str = "",
        relation: str = "",
        *,
        target: str = "",
    ) -> None:
        self.add(
            "actions", 章节="五", 代码=CODES[name], 项目=programme, 指标名称=name, value=value, 单位=unit, 关系=relation,
            所指=target,
        )  # fmt: skip

    def actions(self) -> None:
        maker, truth = self.maker, self.truth
        if relief := truth.cases.get("临时救助"):
            unit = str(maker.pick("relief unit", "人次", "户次"))
            if maker.wish("relief again"):
                self.action("各类困难群众临时救助次数", relief[unit], unit, "临时救助", "同一数")
                places = max(0, self.places - 1)
                amount = rounded(self.money(truth.spent["临时救助"]), places)
                self.action("各类困难群众临时救助金额", amount, self.unit, "临时救助", "同一数")
            if maker.wish("large relief", 0.3):
                self.action("大额临时救助次数", relief[unit] // 20, unit, "临时救助", "其中")
        if maker.wish("clearance"):
            people = truth.rolls["农村低保"].left + truth.rolls["城市低保"].left
            self.action("专项治理清退人数", people, "人")
            self.action("专项治理清退户数", people - people // 3, "户")
        if "孤儿补贴" in truth.rolls and maker.wish("school"):
            number = truth.rolls["孤儿补贴"].opening // 5
            self.action("纳入孤儿助学工程人数", number, "名", "孤儿补贴", "其中")
        if (cases := truth.cases.get("流浪乞讨人员救助")) and maker.wish("hospital"):
            unit = "人" if maker.wish("vagrants as people") else "人次"
            self.action("定点医院救治数", cases["户次"] // 10, unit, "流浪乞讨人员救助", "其中")
        if maker.wish("components", 0.3):
            total, one = truth.rolls["农村低保"].persons, truth.rolls["农村低保"].persons // 3
            self.action("入户核查人数", total, "人")
            self.action("入户核查男性人数", one, "人", "", "分项", target="入户核查人数")
            self.action("入户核查女性人数", total - one, "人", "", "分项", target="入户核查人数")
            share = rounded(Decimal(one) / total * 100, 1)
            self.action("入户核查男性占比", share, "%", "", "分项", target="入户核查人数")
            self.action("入户核查女性占比", 100 - share, "%", "", "分项", target="入户核查人数")

    def background(self) -> None:
        if self.maker.wish("population"):
            dibao = self.truth.rolls["城市低保"].average + self.truth.rolls["农村低保"].average
            people = dibao / Decimal(str(self.maker.pick("dibao share", "0.02", "0.03", "0.05"))) / WAN
            self.add(
                "background", 代码="resident_population", 指标名称="常住人口", value=rounded(people, 2) or "0.01",
                单位="万人",
            )  # fmt: skip
        if self.maker.wish("wage", 0.3):
            self.add("background", 代码="minimum_wage", 指标名称="最低工资", value=1500, 单位=MONTH)

    def claims(self) -> None:
        maker, truth, claim = self.maker, self.truth, self.claim
        totals: dict[str, Decimal] = {}
        for (level, _), yuan in truth.funds.items():
            totals[level] = totals.get(level, Decimal(0)) + yuan
        everything, spent = sum(totals.values(), Decimal(0)), sum(truth.spent.values(), Decimal(0))
        for level, yuan in totals.items():
            claim(f"{level}资金合计", self.money(yuan), self.unit)
            claim(f"{level}资金占资金总额比重", rounded(yuan / everything * 100, 1), "%")
        claim("资金安排总额", self.money(everything), self.unit)
        claim("累计支出合计", self.money(spent), self.unit)
        claim("支出与资金之比", rounded(spent / everything * 100, 2), "%")
        for source, area in AREA_NAMES.items():
            used = sum((truth.spent[n] for n in truth.spent if AREA_OF[n] == source), Decimal(0))
            if used:
                claim(f"{area}领域支出", self.money(used), self.unit)
        urban, rural = truth.standards["城市低保"], truth.standards["农村低保"]
        claim("城乡低保保障标准之比", rounded(urban.month() / rural.month(), 2), "倍")
        if urban.raised is None:  # of two standards, "the" standard is not one number
            claim("城市低保保障标准（元/月）", rounded(urban.month(), 1), MONTH)
        claim("农村低保保障标准", rounded(rural.month()), MONTH)
        claim(
            "城市低保累计支出", rounded(truth.spent["城市低保"] / WAN, max(0, self.places - 1)), "万元"
        ) if (self.unit == "万元") else claim("城市低保累计支出", self.money(truth.spent["城市低保"]), "元")
        if self.earlier is not None and self.earlier.months == truth.months:
            then = self.earlier.spent["农村低保"]
            growth = (truth.spent["农村低保"] / then - 1) * 100
            if maker.wish("growth"):
                claim("农村低保累计支出较上年增长率", rounded(growth, 1), "%") if growth >= 0 else claim(
                    "农村低保累计支出较上年降幅", rounded(-growth, 1), "%"
                )
            more = truth.spent["城市低保"] - self.earlier.spent["城市低保"]
            claim(
                f"城市低保累计支出较上年{'增加' if more >= 0 else '减少'}", self.money(abs(more)), self.unit
            )


def made_up(random: Random, **features: object) -> County:
    """Draw a county whose numbers fit together.

    Parameters
    ----------
    random
        Source of everything drawn.
    features
        What is wished for instead of drawn, by name: ``province``, ``year``, ``months``, ``size`` (1 is a county of
        about 400 people), ``before`` (whether the year before is there), ``money`` (万元 or 元), ``counting`` (口径), and
        the names of the optional rows in :class:`Report`.
    """
    maker = Maker(random, features)
    maker.pick("province", *PROVINCES)
    year = int(str(maker.pick("year", *range(2016, 2025))))
    months = int(str(maker.pick("months", 12, 12, 12, 12, 9, 6)))
    start = int(str(maker.pick("start", 1, 1, 1, 13 - months)))
    maker.pick("size", "0.3", "1", "5", "20", "60", "200")
    truth = _truth(maker, year, start, months, None)
    reform = (
        maker.chosen["province"] == "广东省" and year == 2023
    )  # 1.3 times 低保 the year before, 1.6 times from then on
    wished = maker.wish("before", 0.3) and not reform
    earlier = _truth(maker, year - 1, start, months, truth) if wished else None
    now = Report(maker, truth, earlier).write()
    before = None
    if earlier is not None:
        before = _county(maker, earlier, Report(maker, earlier, None).write(), None)
    return _county(maker, truth, now, before)


def _county(
    maker: Maker, truth: Truth, tables: Mapping[str, tuple[Row, ...]], before: County | None
) -> County:
    last = truth.start + truth.months
    end = datetime.date(truth.year + last // 13, (last - 1) % 12 + 1, 1) - datetime.timedelta(days=1)
    settings = {
        "年度": str(truth.year),
        "省": str(maker.chosen["province"]),
        "县": "某县",
        "单位": "某县民政局",
        "起始日期": f"{truth.year}-{truth.start:02}-01",
        "截止日期": str(end),
        "报告日期": f"{truth.year + 1}-04-10",
        "数据状态": "初步",
        "自评等次": "",
    }
    features = tuple(f"{name}={value}" for name, value in maker.chosen.items())
    return County(truth.year, settings, tables, before, PROSE, features)
