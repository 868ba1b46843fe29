"""Chapters of any number, with any names and titles; where their tables and charts stand; those that are missing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from projects import BASE_YEAR

from evalbook.render import Page, chapter
from evalbook.render.pages import CHARTS, TABLES
from evalbook.run import inspect, pages
from evalbook.schema.numbers import numeral
from evalbook.year import CHART, EXHIBITS, TABLE, chapters, new_year, read_year
from evalbook.year.chapters import number_of
from evalbook.year.placements import placement_at

if TYPE_CHECKING:
    from pathlib import Path


FILES = ("01-overview", "02-funds", "03-organisation", "04-results", "05-measures", "06-problems")


def prose(project: Path, year: int = BASE_YEAR) -> Path:
    return project / "data" / str(year) / "narrative"


def rewritten(project: Path, files: dict[str, str]) -> None:
    """Give the year these chapters and no others, and nothing that speaks of others."""
    for path in prose(project).glob("*.md"):
        path.unlink()
    for name, text in files.items():
        (prose(project) / f"{name}.md").write_text(text, encoding="utf-8")
    for table in ("actions", "evidence", "documents"):
        path = project / "data" / str(BASE_YEAR) / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")


def problems(project: Path, year: int = BASE_YEAR) -> list[str]:
    return [f"{problem.file.rpartition('/')[2]}：{problem.found}" for problem in inspect(project, year)[1]]


THREE = {
    "三、打算": "# 下一步打算\n\n继续努力。\n",
    "一、概况": "# 基本情况\n\n情况见表。\n\n【表：资金安排】\n\n情况见图。\n",
    "二、做法": "# 主要做法\n\n## 救助\n\n[图:保障人数]\n\n按月发放。\n",
}
MANY = {
    f"{number}.{numeral(number)}部分": f"# 工作之{numeral(number)}\n\n内容。\n" for number in range(1, 12)
} | {
    "附则": "# 附则\n\n【表：标准和档次】\n",
}


@pytest.mark.parametrize(
    ("files", "order"),
    [
        (THREE, ("一、概况", "二、做法", "三、打算")),
        (MANY, (*(f"{n}.{numeral(n)}部分" for n in range(1, 12)), "附则")),
    ],
    ids=["three", "twelve"],
)
def test_a_county_has_the_chapters_that_it_has(
    base: Path, files: dict[str, str], order: tuple[str, ...]
) -> None:
    """By the numbers of their names, however written; what has none comes last."""
    rewritten(base, files)
    assert problems(base) == []
    assert chapters(base, BASE_YEAR) == order
    listed = pages(base, BASE_YEAR)
    assert listed[2 : 2 + len(order)] == order
    assert (listed[:2], listed[-1]) == (("index", "summary"), "downloads")


def test_tables_and_charts_stand_where_the_prose_puts_them(base: Path) -> None:
    rewritten(base, THREE)
    figures, *_ = inspect(base, BASE_YEAR)
    assert figures is not None

    def parts(name: str) -> list[str]:
        """What a chapter shows, less the marks of what is not signed."""
        texts = [getattr(part, "markdown", "图") for part in chapter(Page(name, figures)).parts]
        return [text for text in texts if "编制说明" not in text]

    shown = parts("一、概况")
    wanted = ("基本情况", "情况见表", "~~~~{table} 资金安排", "情况见图")
    assert [word in text for word, text in zip(wanted, shown, strict=True)] == [True] * len(wanted)
    assert parts("二、做法")[1:3] == ["## 救助", "图"]


def test_everything_that_can_be_placed_is_shown_and_nothing_else() -> None:
    keys = {(exhibit.kind, exhibit.key) for exhibit in EXHIBITS}
    assert keys == {(CHART, key) for key in CHARTS} | {(TABLE, key) for key in TABLES}
    assert len({str((e.kind, e.name)) for e in EXHIBITS}) == len(EXHIBITS)


@pytest.mark.parametrize(
    "line",
    [
        "【表：资金安排】", "【表:资金安排】", "【 表 ： 资金 安排 】", "[表：资金安排]", "［表：资金安排表］",
        "【表：《资金安排》】",         "【表资金安排】", "〔表﹕资金安排〕", "【表：资金来源】",
    ],
)  # fmt: skip
def test_ways_of_typing_a_placement(line: str) -> None:
    placement, wrong = placement_at("a.md", 1, line, 0)
    assert (str(placement), wrong) == ("【表：资金安排】", [])


@pytest.mark.parametrize(
    "line", ["【表彰先进】", "【待确认】写", "见表：资金安排。", "【图表】", "[2020]54号"]
)
def test_what_is_no_placement_stays_text(line: str) -> None:
    assert placement_at("a.md", 1, line, 0) == (None, [])


def test_prose_that_places_nothing_takes_the_places_of_the_outline(base: Path) -> None:
    """Whatever sections it has: what the outline has in its last one comes at the end."""
    year = read_year(base, BASE_YEAR).year
    assert year is not None
    found = {
        name: [[str(one) for one in section.placements] for section in year.narrative[name].sections]
        for name in FILES
    }
    assert found["02-funds"][1] == ["【图：资金来源】", "【表：资金安排】"]
    assert len(found["02-funds"][2]) == 7
    assert found["03-organisation"] == [[], ["【表：引用文件】"], []]
    assert found["05-measures"] == [
        ["【图：分档标准】", "【表：标准与档次】", "【图：年度工作】", "【表：年度工作】"]
    ]
    of_parts = {"splits", "places", "periods", "monthly_people", "monthly_spending", "months"}
    outlined = [exhibit for exhibit in EXHIBITS if exhibit.key not in of_parts]
    assert sum(len(places) for sections in found.values() for places in sections) == len(outlined)


def test_a_new_year_writes_the_places_down(base: Path) -> None:
    new_year(base, BASE_YEAR + 1)
    text = (prose(base, BASE_YEAR + 1) / "02-funds.md").read_text(encoding="utf-8")
    assert text.index("【图：资金来源】") < text.index("【表：资金安排】") < text.index("## （二）")
    assert text.rstrip().endswith("【表：资金与支出】")
    before, after = (read_year(base, year).year for year in (BASE_YEAR, BASE_YEAR + 1))
    assert before is not None
    assert after is not None
    for name in FILES:
        assert [str(p) for p in after.narrative[name].placements] == [
            str(p) for p in before.narrative[name].placements
        ]
        assert all(p.line for p in after.narrative[name].placements)
    new_year(base, BASE_YEAR + 2)  # carries them along, and marks none as prose
    later = (prose(base, BASE_YEAR + 2) / "02-funds.md").read_text(encoding="utf-8")
    assert later.count("【表：资金安排】") == 1
    lines = later.splitlines()
    assert not lines[lines.index("【表：资金安排】") - 1].startswith("【待确认】")


@pytest.mark.parametrize(
    ("gone", "stated", "told"),
    [
        (("03-organisation",), "", ["03-organisation.md：没有这个文件，2023年度有（三、项目组织实施情况）"]),
        (("03-organisation",), "三", []),
        (("03-organisation",), "03-organisation", []),
        (("03-organisation",), "'03'", []),
        (("03-organisation",), "03-organisation.md", []),
        (("06-problems",), "", ["06-problems.md：没有这个文件，2023年度有（六、其他需要说明的问题）"]),
        (("06-problems",), "六", []),
        (("00-preface",), "", ["00-preface.md：没有这个文件，2023年度有（导语）"]),
        (
            ("03-organisation", "06-problems"),
            "六",
            ["03-organisation.md：没有这个文件，2023年度有（三、项目组织实施情况）"],
        ),
        ((), "六", ["year.yml：写的是“六”，narrative 里有 06-problems"]),
    ],
)
def test_a_chapter_of_last_year_is_missed_until_its_omission_is_stated(
    base: Path, gone: tuple[str, ...], stated: str, told: list[str]
) -> None:
    shutil.copytree(base / "data" / str(BASE_YEAR), base / "data" / str(BASE_YEAR + 1))
    for path in (base / "data" / str(BASE_YEAR + 1)).glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    for path in prose(base, BASE_YEAR + 1).glob("*.md"):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text(
            "\n".join([*(line for line in lines if line.startswith("#")), "", "内容。"]), encoding="utf-8"
        )
    settings = base / "data" / str(BASE_YEAR + 1) / "year.yml"
    text = (
        settings.read_text(encoding="utf-8")
        .replace(str(BASE_YEAR + 1), "2025")
        .replace(str(BASE_YEAR), "2024")
    )
    settings.write_text(f"{text}没有的章节: [{stated}]\n", encoding="utf-8")
    for name in gone:
        (prose(base, BASE_YEAR + 1) / f"{name}.md").unlink()
    assert problems(base, BASE_YEAR + 1) == told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"01-a": "一、甲", "02-b": "二、乙", "04-d": "四、丁"}, ["narrative：文件名的序号缺03"]),
        ({"01-a": "一、甲", "02-b": "二、乙", "03-d": "四、丁"}, ["narrative：缺标题“三”的部分：“二、乙”之后就是“四、丁”"]),
        ({"a": "一、甲", "b": "三、丙"}, ["narrative：缺标题“二”的部分：“一、甲”之后就是“三、丙”"]),
        ({"02-a": "甲", "03-b": "乙"}, ["narrative：文件名的序号缺01"]),
        ({"10-a": "甲", "20-b": "乙", "40-d": "丁"}, ["narrative：文件名的序号缺30"]),
        ({"01-a": "一、甲", "03-c": "三、丙"}, ["narrative：文件名的序号缺02"]),
        ({"01-a": "甲", "02 b": "乙"}, ["02 b.md：文件名不能作网页的名称"]),
        ({"01-a": "甲", "Tables": "乙"}, ["Tables.md：Tables 是本工具的网页的名称"]),
        ({"01-a": "甲", "01-A": "乙"}, ["01-A.md：与 01-a.md 只差大小写", "01-a.md：与 01-A.md 只差大小写"]),
    ],
)  # fmt: skip
def test_gaps_and_names(base: Path, files: dict[str, str], told: list[str]) -> None:
    rewritten(base, {name: f"# {title}\n\n内容。\n" for name, title in files.items()})
    assert sorted(problems(base)) == sorted(told)


def test_many_chapters_are_bounded(base: Path) -> None:
    rewritten(base, {f"甲{n}": "# 标题\n\n内容。\n" for n in range(100)})
    assert problems(base) == ["narrative：有100个正文文件"]


@pytest.mark.parametrize(
    ("name", "number"),
    [("03-x", 3), ("3.x", 3), ("三、x", 3), ("十二、x", 12), ("第三部分", 3), ("00-preface", 0),
     ("2021年", None), ("三农", None), ("x", None)],
)  # fmt: skip
def test_numbers_of_names(name: str, number: int | None) -> None:
    assert number_of(name) == number


def test_places_without_numbers_are_named_by_their_titles(base: Path) -> None:
    rewritten(base, {"一、概况": "# 基本情况\n\n## 救助。\n\n内容。\n\n## （一）发放\n\n内容。\n"})
    path = base / "data" / str(BASE_YEAR) / "actions.csv"
    headings = path.read_text(encoding="utf-8-sig").strip().split(",")

    def row(place: str, number: int) -> str:
        cells = {
            "章节": place,
            "代码": f"a{number}",
            "指标名称": f"工作{number}",
            "数值": "1",
            "单位": "件",
            "出处": "台账",
        }
        return ",".join(cells.get(heading, "") for heading in headings)

    names = ("基本情况", "救助", "基本情况（一）", "五")
    path.write_text("\n".join([",".join(headings), *map(row, names, range(4))]) + "\n", encoding="utf-8-sig")
    _, problems, notices = inspect(base, BASE_YEAR)
    assert not [problem for problem in problems if problem.column == "章节"]
    assert any("正文里没有这些章节：“五”（第5行）。" in notice for notice in notices)


def test_a_heading_without_a_number_among_numbered_ones_is_told(base: Path) -> None:
    """Word numbers headings by itself; copied, they have none."""
    body = "# 一、概况\n\n## （一）目的\n\n内容。\n\n## 内容\n\n内容。\n\n## 附：说明\n\n内容。\n"
    rewritten(base, {"01-概况": body, "02-做法": "# 做法\n\n内容。\n"})
    _, _problems, notices = inspect(base, BASE_YEAR)
    told = next(notice for notice in notices if "没有序号" in notice)
    assert "02-做法.md 第1行“做法”、" in told
    assert "01-概况.md 第7行“内容”：" in told
    assert "附" not in told
