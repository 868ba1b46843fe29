"""Figures that ministries, provinces and counties published: what is right is not called wrong, what is odd is asked.

The figures and their sources are in the domain definitions: national bulletins, monthly tables of provinces, notices of
cities. Each year here holds just what one of them published.
"""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING, TypedDict

import pytest
from projects import ROOT

from evalbook.checks import ERROR, Findings, check
from evalbook.figures import load
from evalbook.year.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """年度: {year}
省: {province}
县: 某县
单位: 某县民政局
标题:
  - 某县{year}年度困难群众救助
起始日期: {year}-01-01
截止日期: {year}-{end}
报告日期: {next}-04-10
数据状态: 初步
自评等次: ''
评价框架: []
地区类别: {place_class}
"""

Rows = dict[str, str]
"""Lines of a table by its name: cells in the order of the headings given below, separated by commas."""

HEADINGS = {
    "funds": "级次,项目,金额,单位",
    "spending": "项目,金额,单位,含在",
    "people": "项目,保障形式,统计项,口径,数量,单位",
    "standards": "项目,指标,数值,单位,生效日期",
    "tiers": "项目,档次,数值,单位",
    "actions": "代码,项目,指标名称,数值,单位,关系,所指",
    "claims": "指标,数值,单位",
}
NUMERIC = ("F", "S", "L", "T", "X", "C")


class Options(TypedDict, total=False):
    """What a published year says of itself."""

    province: str
    year: int
    end: str
    place_class: str


def published(
    folder: Path,
    tables: Rows,
    *,
    province: str = "某省",
    year: int = 2020,
    end: str = "12-31",
    place_class: str = "",
) -> Findings:
    """Findings of a year that holds these rows."""
    shutil.copytree(ROOT / "data" / "reference", folder / "data" / "reference")
    made = folder / "data" / str(year)
    (made / "narrative").mkdir(parents=True)
    (made / "narrative" / "01-overview.md").write_text("# 一、项目概况\n\n内容。\n", encoding="utf-8")
    (made / "year.yml").write_text(
        SETTINGS.format(year=year, next=year + 1, end=end, province=province, place_class=place_class),
        encoding="utf-8",
    )
    for table in TABLES:
        headings = HEADINGS.get(table.name, "").split(",")
        lines = filter(None, (line.strip() for line in tables.get(table.name, "").splitlines()))
        with (made / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, [column.heading for column in table.columns])
            writer.writeheader()
            for line in lines:
                row = dict(zip(headings, line.split(","), strict=False))
                fixed = {"出处": "公布数", "章节": "一"}
                writer.writerow({**{k: v for k, v in fixed.items() if k in writer.fieldnames}, **row})
    return check(load(folder, year))


RIGHT: dict[str, tuple[Rows, Options]] = {
    "衡阳 2020: level from person-months": (
        {
            "spending": "农村低保,41813.62,万元",
            "people": "农村低保,,,按月累计,1605942,人次",
            "standards": "农村低保,人均救助水平,260,元/月",
        },
        {},
    ),
    "玉林 2024-03: three months, people at their end": (
        {
            "spending": "城市低保,2441.5,万元\n农村低保,16310.3,万元",
            "people": "城市低保,,,期末,19893,人\n农村低保,,,期末,218871,人",
            "standards": "城市低保,保障标准,760,元/月\n城市低保,人均救助水平,408.4,元/月\n"
            "农村低保,保障标准,6000,元/年\n农村低保,人均救助水平,248.1,元/月",
        },
        {"year": 2024, "end": "03-31", "province": "广西壮族自治区"},
    ),
    "全国 2015: year-end people of a falling roll, 亿元 and 万人": (
        {
            "spending": "城市低保,719.3,亿元\n农村低保,931.5,亿元",
            "people": "城市低保,,,期末,1701.1,万人\n农村低保,,,期末,4903.6,万人",
            "standards": "城市低保,保障标准,451.1,元/月\n城市低保,人均救助水平,316.6,元/月\n"
            "农村低保,保障标准,3177.6,元/年\n农村低保,人均救助水平,1766.5,元/年",
        },
        {"year": 2015},
    ),
    "全国 2017: average per case": (
        {
            "spending": "临时救助,107.7,亿元",
            "people": "临时救助,,,按次累计,9703000,人次",
            "standards": "临时救助,次均救助水平,1109.9,元/人次",
        },
        {"year": 2017},
    ),
    "福建 2017-07: movement of the roll": (
        {
            "people": "城市低保,,,期末,75616,人\n城市低保,,期初,期末,75916,人\n城市低保,,新增,全年累计,553,人\n"
            "城市低保,,退出,全年累计,853,人\n农村低保,,,期末,416682,人\n农村低保,,期初,期末,418085,人\n"
            "农村低保,,新增,全年累计,2007,人\n农村低保,,退出,全年累计,3410,人"
        },
        {"year": 2017, "end": "07-31", "province": "福建省"},
    ),
    "会昌 2023: four tiers, the highest equal to the standard": (
        {
            "standards": "城市低保,保障标准,885,元/月\n农村低保,保障标准,660,元/月",
            "tiers": "城市低保,一类,885,元/月\n城市低保,二类,565,元/月\n城市低保,三类,515,元/月\n城市低保,四类,465,元/月\n"
            "农村低保,一类,660,元/月\n农村低保,二类,455,元/月\n农村低保,三类,400,元/月\n农村低保,四类,355,元/月",
        },
        {"year": 2023, "province": "江西省"},
    ),
    "濉溪 2019: 758 is 1.3 × 583, rounded up; 87 visits are seven people a month": (
        {
            "funds": "上级,临时救助,30,万元",
            "spending": "临时救助,30,万元",
            "people": "农村低保,,,月均,21980,人\n农村特困,,,月均,4604,人\n临时救助,,,按次累计,87,人次\n临时救助,,月均,月均,7,人",
            "standards": "农村低保,保障标准,583,元/月\n农村特困,保障标准,758,元/月",
            "claims": "支出与资金之比,100,%",
        },
        {"year": 2019, "province": "安徽省"},
    ),
    "甘肃 2021: 399 × 1.3 cut to whole yuan, told by the year; the first tier is the standard": (
        {
            "standards": "农村低保,保障标准,4788,元/年\n农村特困,保障标准,6216,元/年",
            "tiers": "农村低保,一类,4788,元/年\n农村低保,二类,4536,元/年",
        },
        {"year": 2021, "province": "甘肃省"},
    ),
    "云南 2019: 1.2 times": (
        {"standards": "城市低保,保障标准,610,元/月\n城市特困,保障标准,732,元/月"},
        {"year": 2019, "province": "云南省"},
    ),
    "武汉 2023: twice the standard of 低保": (
        {
            "standards": "城市低保,保障标准,940,元/月\n城市特困,保障标准,1880,元/月\n"
            "农村低保,保障标准,820,元/月\n农村特困,保障标准,1600,元/月"
        },
        {"year": 2023, "province": "湖北省"},
    ),
    "西安 2020-09: 0.91 and 0.95 of the standard": (
        {
            "spending": "城市低保,576,万元\n农村低保,429.3,万元",
            "people": "城市低保,,,月均,1000,人\n农村低保,,,月均,1000,人",
            "standards": "城市低保,保障标准,700,元/月\n城市低保,人均救助水平,640,元/月\n"
            "农村低保,保障标准,500,元/月\n农村低保,人均救助水平,477,元/月",
        },
        {"province": "陕西省", "end": "09-30"},
    ),
    "南昌 2022: one standard, paid a little more in the country": (
        {
            "spending": "城市低保,648,万元\n农村低保,649.2,万元",
            "people": "城市低保,,,月均,1000,人\n农村低保,,,月均,1000,人",
            "standards": "城市低保,保障标准,855,元/月\n农村低保,保障标准,855,元/月",
        },
        {"year": 2022, "province": "江西省"},
    ),
    "a city district with a few families in the country": (
        {
            "spending": "城市低保,510,万元\n农村低保,7.2,万元\n城市特困,280,万元",
            "people": "城市低保,,,月均,1000,人\n农村低保,,,月均,9,人\n城市特困,,,期末,150,人",
            "standards": "城市低保,保障标准,740,元/月\n农村低保,保障标准,690,元/月\n城市特困,保障标准,962,元/月",
        },
        {"year": 2023, "province": "四川省"},
    ),
    "湖南 2020-11: the minimum standards themselves": (
        {
            "standards": "城市低保,保障标准,500,元/月\n城市低保,提标后标准,550,元/月,2020-11-01\n"
            "城市特困,保障标准,650,元/月\n城市特困,提标后标准,715,元/月,2020-11-01\n农村低保,保障标准,4000,元/年"
        },
        {"province": "湖南省"},
    ),
    "常德 2020: fixed care standards": (
        {
            "standards": "农村特困,全自理标准,1680,元/年\n农村特困,半护理标准,3000,元/年\n农村特困,全护理标准,6000,元/年"
        },
        {"province": "湖南省"},
    ),
    "桂林 form: urban and rural standard unified": (
        {"standards": "城市低保,保障标准,790,元/月\n农村低保,保障标准,9480,元/年"},
        {"year": 2022},
    ),
    "云南 2019: standards of before and after the first minimum that is known": (
        {
            "standards": "城市低保,保障标准,569,元/月\n城市低保,提标后标准,610,元/月,2019-07-01\n"
            "农村低保,保障标准,3712,元/年\n农村低保,提标后标准,4200,元/年,2019-07-01\n特困供养,保障标准,732,元/月"
        },
        {"year": 2019, "province": "云南省"},
    ),
    "姚安 2025: above minimums of 2022, after which none is known": (
        {
            "standards": "城市低保,保障标准,744,元/月\n农村低保,保障标准,6720,元/年\n"
            "城市特困,保障标准,968,元/月\n农村特困,保障标准,968,元/月"
        },
        {"year": 2025, "province": "云南省"},
    ),
    "泸州 2024: 农村特困 by form": (
        {
            "standards": "城市低保,保障标准,788,元/月\n农村低保,保障标准,580,元/月\n城市特困,保障标准,1025,元/月\n"
            "农村特困,分散供养标准,754,元/月\n农村特困,集中供养标准,810,元/月"
        },
        {"year": 2024, "province": "四川省"},
    ),
    "广东 2023: minimums of the lowest class": (
        {
            "standards": "城市低保,保障标准,857,元/月\n农村低保,保障标准,7200,元/年\n"
            "城市特困,保障标准,1371.2,元/月\n农村特困,保障标准,960,元/月"
        },
        {"year": 2023, "province": "广东省", "place_class": "四类地区"},
    ),
    "甘肃 2022: 399 × 1.3 cut off to 518 a month, told per year": (
        {
            "standards": "城市低保,保障标准,7476,元/年\n农村低保,保障标准,4788,元/年\n"
            "城市特困,保障标准,9732,元/年\n农村特困,保障标准,6216,元/年"
        },
        {"year": 2022, "province": "甘肃省"},
    ),
    "重庆 2021: one 特困 standard for city and countryside, raised in September": (
        {
            "standards": "城市低保,保障标准,636,元/月,2021-09-01\n农村低保,保障标准,515,元/月,2021-09-01\n"
            "城市特困,保障标准,827,元/月,2021-09-01\n农村特困,保障标准,827,元/月,2021-09-01"
        },
        {"year": 2021, "province": "重庆市"},
    ),
    "上海 2023: one standard, joint": (
        {"standards": "最低生活保障,保障标准,1510,元/月"},
        {"year": 2023, "province": "上海市"},
    ),
    "贵州 2025: another class in the countryside than in the city": (
        {"standards": "城市低保,保障标准,808,元/月\n农村低保,保障标准,6804,元/年"},
        {"year": 2025, "province": "贵州省", "place_class": "城市第二档、农村第二档"},
    ),
    "宁夏 2015: 1930 a year until March, as the lowest ever published": (
        {"standards": "城市低保,保障标准,300,元/月\n农村低保,保障标准,1930,元/年"},
        {"year": 2015, "end": "03-31", "province": "宁夏回族自治区"},
    ),
    "江西 2022: a year before the first standards that are known": (
        {"standards": "城市低保,保障标准,825,元/月\n农村低保,保障标准,600,元/月"},
        {"year": 2022, "province": "江西省"},
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_called_wrong(name: str, tmp_path: Path) -> None:
    tables, options = RIGHT[name]
    found = published(tmp_path, tables, **options)
    assert [f.message for f in found.of(ERROR)] == []
    unusual = [f.message for f in found.listed if f.rule.id.startswith(NUMERIC) and f.rule.id != "L13"]
    assert unusual == []


ODD: dict[str, tuple[Rows, Options, str, str]] = {
    "石门: 6240 is 1.284 × 4860": (
        {"standards": "农村低保,保障标准,4860,元/年\n农村特困,保障标准,6240,元/年"},
        {"year": 2021, "province": "湖南省"},
        "S8",
        "疑点",
    ),
    "贵池 form: total 0 above parts of 89.974": (
        {"spending": "特困供养,0,万元\n农村特困,89.974,万元"},
        {},
        "F14",
        "错误",
    ),
    "贵池 form: 30 + 30 + 29.99 told as 89.97": (
        {
            "spending": "临时救助,30,万元\n孤儿补贴,30,万元\n城市低保,29.99,万元",
            "claims": "累计支出合计,89.97,万元",
        },
        {},
        "F13",
        "疑点",  # 30 may stand for 29.6
    ),
    "贵池 form: rate told as 0": (
        {
            "funds": "上级,城市低保,89.974,万元",
            "spending": "城市低保,89.974,万元",
            "claims": "支出与资金之比,0,%",
        },
        {},
        "F7",
        "错误",
    ),
    "濉溪 2019: one 87, told as visits and as people": (
        {
            "people": "临时救助,,,按次累计,87,人次",
            "actions": "helped,临时救助,受益建档立卡贫困人口数,87,人,同一数",
        },
        {"year": 2019, "province": "安徽省"},
        "X6",
        "疑点",
    ),
    "a district 2023: 964 paid on average against a standard of 830": (
        {
            "spending": "城市低保,124.94,万元",
            "people": "城市低保,,,月均,1296,人",
            "standards": "城市低保,保障标准,830,元/月",
        },
        {"year": 2023, "end": "01-31"},
        "L4",
        "疑点",
    ),
    **{
        f"{province} {year} {place_class}: {standards}": (
            {"standards": standards},
            {"year": year, "province": province, "place_class": place_class},
            rule,
            severity,
        )
        for province, year, place_class, standards, rule, severity in (
            ("云南省", 2023, "", "城市低保,保障标准,690,元/月", "S4", "错误"),
            ("云南省", 2025, "", "农村低保,保障标准,5340,元/年", "S4", "错误"),
            ("云南省", 2022, "", "城市低保,保障标准,680,元/月", "S4", "疑点"),
            ("云南省", 2019, "", "城市低保,保障标准,600,元/月", "S4", "疑点"),
            ("云南省", 2019, "", "城市低保,保障标准,600,元/月,2019-07-01", "S4", "错误"),
            ("云南省", 2023, "", "城市特困,保障标准,900,元/月", "S4", "疑点"),
            ("云南省", 2023, "", "城市特困,集中供养标准,900,元/月", "S4", "疑点"),
            ("云南省", 2023, "", "农村特困,全护理标准,100,元/月", "S14", "疑点"),
            ("云南省", 2023, "", "孤儿补贴,社会散居标准,1200,元/月", "S12", "疑点"),
            ("四川省", 2024, "", "农村低保,保障标准,6360,元/年", "S4", "错误"),
            ("河南省", 2024, "", "最低生活保障,保障标准,430,元/月", "S4", "疑点"),
            ("广东省", 2023, "三类地区", "城市低保,保障标准,860,元/月", "S4", "错误"),
            ("广东省", 2023, "", "农村低保,保障标准,590,元/月", "S4", "错误"),
            ("广东省", 2022, "", "农村低保,保障标准,480,元/月", "S4", "错误"),
            ("北京市", 2023, "", "农村低保,保障标准,1245,元/月", "S4", "错误"),
            ("黑龙江省", 2023, "", "农村低保,保障标准,5280,元/年", "S4", "疑点"),
            ("黑龙江省", 2019, "", "城市特困,集中供养标准,15420,元/年", "S4", "疑点"),
            ("吉林省", 2024, "第二档", "农村低保,保障标准,460,元/月", "S4", "错误"),
            ("贵州省", 2025, "城市第一档", "农村低保,保障标准,6800,元/年", "S4", "疑点"),
            ("甘肃省", 2022, "", "农村低保,保障标准,390,元/月", "S4", "疑点"),
        )
    },
    "全国 2014: a yearly standard told per month": (
        {"standards": "农村低保,保障标准,2673.2,元/月"},
        {"year": 2014},
        "S2",
        "错误",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_found(name: str, tmp_path: Path) -> None:
    tables, options, rule, severity = ODD[name]
    found = published(tmp_path, tables, **options)
    assert (rule, severity) in {(f.rule.id, f.severity) for f in found.listed}
    assert {f.rule.id for f in found.of(ERROR)} <= {rule}
