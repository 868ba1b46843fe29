"""Places, other months and other years: each computed and checked as if it were the whole, and compared with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from counties import County, typed
from faults import all_told

from evalbook.checks import DOUBT, ERROR, check
from evalbook.figures import load
from evalbook.schema.kinds import PERIOD, period_of
from evalbook.schema.registry import Locality
from evalbook.schema.table import Part
from evalbook.year import read_year

if TYPE_CHECKING:
    from pathlib import Path

CITY = {
    "funds": """
        中央,城市低保,500.00,万元
        县本级,城市低保,100.00,万元
    """,
    "spending": """
        城市低保,600.00,万元
        城市低保,280.00,万元,,上半年
        城市低保,550.00,万元,,上年
    """,
    "people": """
        城市低保,,,月均,1000,人
        城市低保,,,月均,600,人,澄江县
        城市低保,,,月均,400,人,南林区
        城市低保,,户数,月均,700,户
    """,
    "standards": """
        城市低保,保障标准,650,元/月
        城市低保,人均救助水平,500,元/月
    """,
}
PLACES = ("澄江县,县级", "南林区,县级", "石门镇,乡级,南林区")


def city(**tables: str) -> County:
    """A city of 湖南 over two counties, with more rows of some tables."""
    rows = {name: CITY.get(name, "") + tables.get(name, "") for name in {*CITY, *tables}}
    return replace(typed(2021, rows), places=PLACES)


def place(name: str, level: str = "县级") -> Part:
    return Part(Locality(name, level, "", "", ""))


def found(county: County, folder: Path) -> dict[str, str]:
    """Severity of every finding, by its rule and subject."""
    return {one.stem: one.severity for one in all_told(check(load(county.write(folder), 2021)).listed)}


def test_a_part_is_computed_with_its_own_months(tmp_path: Path) -> None:
    figures = load(city().write(tmp_path), 2021)
    texts = {figure.label: figure.text for figure in figures.figures.values()}
    assert texts["城市低保人均月支出"] == "500.00元/人·月"
    assert texts["上半年城市低保累计支出"] == "280.00万元"
    assert texts["各地区城市低保月均人数合计"] == "1000人"
    assert texts["城市低保累计支出较上年增减"] == "50.00万元", "what the year says of the year before"
    assert "上半年城市低保人均月支出" not in texts, "nobody says how many people there were"


def test_limits_hold_in_every_place_and_standards_are_lent_to_townships_only(tmp_path: Path) -> None:
    """The county's own standard is below the province's minimum; the town has none and none of the city's."""
    county = city().added(
        "standards", 项目="城市低保", 指标="保障标准", 数值="400", 单位="元/月", 地区="澄江县"
    )
    code = place("澄江县").code
    assert found(county, tmp_path)[f"S4-standards.urban_dibao.standard.{code}"] == ERROR
    year = read_year(tmp_path, 2021).year
    assert year is not None
    lent = {
        part.name: len(year.seen_as(part).tables["standards"].rows)
        for part in (
            place("南林区"),
            place("石门镇", "乡级"),
            Part(period=period_of("6月")),
            Part(period=period_of("2020年")),
        )
    }
    assert lent == {"南林区": 0, "石门镇": 1, "6月": 1, "2020年": 0}


def test_a_county_is_of_its_own_class_of_places_and_a_township_of_its_county_s(tmp_path: Path) -> None:
    year = read_year(city().write(tmp_path), 2021).year
    assert year is not None
    year = replace(year, settings=replace(year.settings, place_class="三类地区"))
    counties = [
        Locality(name, "县级", "", "", "", place_class=of)
        for name, of in (("甲县", "一类地区"), ("乙县", ""))
    ]
    parts = [*map(Part, counties), place("石门镇", "乡级"), Part(period=period_of("6月"))]
    seen = [year.seen_as(part).settings.place_class for part in parts]
    assert seen == ["一类地区", "", "三类地区", "三类地区"]


def test_a_place_is_not_larger_than_what_it_is_part_of(tmp_path: Path) -> None:
    town = place("石门镇").code
    larger = city(people="城市低保,,,月均,401,人,石门镇")
    assert found(larger, tmp_path)[f"D1-people.urban_dibao.{town}"] == ERROR
    assert f"D1-people.urban_dibao.{town}" not in found(
        city(people="城市低保,,,月均,400,人,石门镇"), tmp_path
    )


def test_the_whole_by_its_own_name_is_no_part(tmp_path: Path) -> None:
    county = replace(city(people="城市特困,,,月均,30,人,某县"), places=(*PLACES, "某县,县级"))
    figures = load(county.write(tmp_path), 2021)
    assert figures.by_label["城市特困月均人数"].text == "30人"


def test_one_number_said_in_two_ways_is_told(tmp_path: Path) -> None:
    county = city(people="特困供养,,,月均,50,人\n城市特困,,,月均,51,人").changed(
        "people", "特困供养", 城乡="城市"
    )
    reading = read_year(county.write(tmp_path), 2021)
    assert [problem.row for problem in reading.problems] == [7]
    assert "第6行说的是同一个数（城市特困月均人数）" in str(reading.problems[0])


def test_a_net_change_may_be_below_nothing(tmp_path: Path) -> None:
    """Stated as the difference of two numbers, and as a share of a third; a number may stand in no chapter."""
    actions = """
        net,,低保净增人数,−26,人
        joined,,低保新增人数,30,人
        left,,低保退出人数,56,人
        rate,,低保净增率,-2.60,%
    """
    relations = """
        低保净增人数,差额,低保新增人数、低保退出人数
        低保净增率,比率,低保净增人数、城市低保月均人数
    """
    county = city(actions=actions, relations=relations).changed("actions", "net", 章节="")
    assert not [stem for stem in found(county, tmp_path) if stem.startswith("R1")]
    wrong = county.changed("actions", "net", value="-25")
    assert [stem.partition(".")[0] for stem in found(wrong, tmp_path) if stem.startswith("R1")] == [
        "R1-actions"
    ] * 2


def test_only_some_of_the_money_is_told(tmp_path: Path) -> None:
    """Without saying so, one level of money is a question; an umbrella's rest is no finding about each area."""
    county = city().without("funds", "县本级", "城市低保")
    assert found(county, tmp_path)["F4-all"] == DOUBT
    assert "F4-all" not in found(county.said(资金范围="部分级次"), tmp_path)
    rate = load(county.said(资金范围="部分级次").write(tmp_path), 2021).by_label["支出与资金之比"]
    assert (rate.value, rate.reason) == (None, "报告的资金范围是“部分级次”，不能计算")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("6月", "6月"), ("６月份", "6月"), ("6月末", "6月"), ("六月", "6月"), ("十二月", "12月"), ("2021年6月", "2021年6月"),
        ("2021.6", "2021年6月"), ("1-9月", "1—9月"), ("1至9月", "1—9月"), ("1~9月份", "1—9月"), ("前三季度", "1—9月"),
        ("1-3季度", "1—9月"), ("前6个月", "上半年"), ("第三季度", "三季度"), ("3季度", "三季度"),
        ("2019年上半年", "2019年上半年"),
        ("2019", "2019年"), ("2019年度", "2019年"), ("全年", "全年"), ("13月", "None"), ("9-1月", "None"), ("截至6月底", "None"),
        ("2018-2022年", "None"), ("月", "None"), ("", "None"),
    ],
)  # fmt: skip
def test_periods_are_read_as_they_are_written(written: str, read: str) -> None:
    assert str(period_of(PERIOD.normalise(written))) == read
