"""Anybody's filled-in form: faults are found, what is right is left alone, what cannot be judged is said to be so."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import documents
import hostile
import openpyxl
import pytest
from click.testing import CliRunner
from faults import all_told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalbook.checks import ERROR, Finding
from evalbook.cli import main
from evalbook.errors import EvalbookError
from evalbook.reading import Sheet, archive, read_sheets
from evalbook.reading.shown import shown
from evalbook.recheck import Examined, examine
from evalbook.recheck.layout import read_forms
from evalbook.recheck.rules import RULES
from evalbook.schema.indicator_names import DOWN, UP, direction_of
from evalbook.schema.numbers import Quantity, read_quantity, read_rate, same_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMS = Path(__file__).with_name("forms")
RIGHT = (FORMS / "right.csv").read_text(encoding="utf-8")
HEADINGS = RIGHT.partition("\n")[0]
PROPERTY = settings(
    max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def examined(path: Path) -> Examined:
    (form,) = read_forms(path)
    found = examine(form)
    all_told(found.findings)
    return found


def of_text(folder: Path, text: str, encoding: str = "utf-8") -> Examined:
    path = folder / "form.csv"
    path.write_bytes(text.encode(encoding))
    return examined(path)


def of_rows(folder: Path, *rows: str, head: str = HEADINGS) -> Examined:
    return of_text(folder, "\n".join((head, *rows)) + "\n")


def line(finding: Finding) -> str:
    row = finding.suspicion.places[0].row
    below = "".join(f" > {consequence.rule.id}" for consequence in finding.consequences)
    return f"{finding.severity} {finding.rule.id} 第{row}行{below}"


def lines(result: Examined) -> list[str]:
    return [line(finding) for finding in result.findings]


def replaced(*changes: tuple[str, str], text: str = RIGHT) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def total(value: str) -> tuple[str, str]:
    return "100,98.8,", f"100,{value},"


# -- published forms

PUBLISHED = {
    "suixi-2019.csv": ["错误 B10 第7行", "错误 B10 第11行 > B14", "提示 B14 第6行", "提示 B14 第10行"],
    "tangxi-weituo-2022.csv": ["错误 B5 第2行 > B7"],
    "chengan-2020.csv": ["错误 B20 第3行", "提示 B14 第5行"],
    "right.csv": [],
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_forms(name: str) -> None:
    """Each known fault is found once, and its near misses are left alone."""
    assert lines(examined(FORMS / name)) == PUBLISHED[name]


def test_every_form_of_the_folder_is_expected() -> None:
    assert {path.name for path in FORMS.glob("*.csv")} == set(PUBLISHED)


def test_totals_are_recomputed() -> None:
    totals = examined(FORMS / "suixi-2019.csv").totals
    assert (totals.points, totals.score) == (Decimal(100), Decimal(90))
    assert (totals.execution_rate, totals.execution_score) == (Decimal(100), Decimal(10))
    # 4604/4754 × 5 = 4.84 and 5300/5830 × 10 = 9.09 or 10 × (1 − 530/5300) = 9; the last row is not known.
    assert (totals.lowest, totals.highest) == (Decimal("88.84"), Decimal("98.93"))
    assert totals.checked == Decimal(90)


# -- each rule broken and nearly broken

PLANNED = f"""项目资金,,,年初预算数,全年预算数,全年执行数,分值,得分
,,年度资金总额,120,100,100,10,10
{HEADINGS}
"""
BREAKS: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("B1", "错误", [("98.5%,10,10", "98.5%,5,5"), ("产出指标(50分)", "产出指标"), total("93.8")]),
    ("B1", "疑点", [("满意度指标（10分）,服务对象满意度指标,救助对象满意度,≥90%,92%,10,10,\n", ""), total("88.8")]),
    ("B2", "错误", [("产出指标(50分)", "产出指标(40分)")]),
    ("B4", "错误", [total("99.8")]),
    ("B4", "错误", [total("88.8")]),
    ("B4", "提示", [("180户次,10,9,", "181户次,10,9.05,"), total("98.86")]),
    ("B5", "错误", [("年度资金总额,100,98", "年度资金总额,100,99"), ("10,9.8", "10,9.9"), total("98.9")]),
    ("B5", "错误", [("年度资金总额,100,98", "年度资金总额,0,0")]),
    ("B5", "错误", [("其他资金,5,5", "其他资金,15,5")]),
    ("B5", "疑点", [("预算执行,,上年结转资金,5,5,—,—,\n", "")]),
    ("B1", "提示", [("98.5%,10,10", "98.5%,15,15"), ("产出指标(50分)", "产出指标"), ("100,98.8", "105,103.8")]),
    ("B5", "疑点", [("本年财政拨款", "中央补助"), ("上年结转资金", "省级资金"), ("其他资金,5,5", "县级资金,3,3")]),
    ("B7", "错误", [("10,9.8", "10,10"), total("99")]),
    ("B7", "错误", [("10,9.8", "10,9.1"), total("98.1")]),
    ("B8", "疑点", [("额,100,98,10,9.8", "额,100,101,10,10"), ("拨款,90,88", "拨款,90,91"), total("99")]),
    ("B9", "错误", [("92%,10,10", "92%,10,11"), total("99.8")]),
    ("B10", "错误", [("4760人", "4604人")]),
    ("B10", "错误", [("98.5%", "97.4%")]),
    ("B10", "错误", [("不低于98%,98.5%", "═100%,97.4℅")]),
    ("B10", "疑点", [("98.5%", "97.9%")]),
    ("B10", "提示", [("4760人", "4753人")]),
    ("B10", "错误", [("5200元/户", "5830元/户")]),
    ("B10", "错误", [("≥90%,92%", "90%,85%")]),
    ("B10", "错误", [("有所提高,达成年度指标", "有所提高,部分达成年度指标并具有一定效果")]),
    ("B10", "错误", [("有所提高,达成年度指标", "有所提高,未完成")]),
    ("B10", "疑点", [("≥4754人,4760人", "4754人,4604人")]),
    ("B10", "错误", [("不低于98%,98.5%", "≥98%,0.95")]),
    ("B10", "错误", [("5200元/户", "5400元/户"), ("≤5300元/户", "控制在5300元/户以下（含）")]),
    ("B10", "错误", [("≤5300元/户,5200元/户", "24小时内,36小时")]),
    ("B10", "错误", [("≤5300元/户,5200元/户", "30日以内,35日")]),
    ("B10", "错误", [("1—12月,1-12月", "2020年12月31日前,2021年3月")]),
    ("B10", "错误", [("1—12月,1-12月", "2020年底前完成,2021.1.15")]),
    ("B10", "错误", [("1—12月,1-12月", "每月10日前,每月15日发放")]),
    ("B10", "疑点", [("1—12月,1-12月", "6月底前,8月15日")]),
    ("B10", "疑点", [("1—12月,1-12月", "每月10日前,每月15日前")]),
    ("B10", "错误", [("户均救助标准,≤5300元/户,5200元/户", "安全责任事故,0起,2起")]),
    ("B10", "疑点", [("户均救助标准,≤5300元/户,5200元/户", "退回户数,0户,2户")]),
    ("B10", "疑点", [("≥4754人,4760人", "下降5%,下降3%")]),
    ("B10", "错误", [("≥90%,92%", "九成以上,81%")]),
    ("B10", "疑点", [("≥4754人,4760人", "4800-5000人,4760人")]),
    ("B10", "错误", [("≥4754人,4760人", "较上年提高≥5%,比上年提高3%")]),
    ("B11", "错误", [("180户次,10,9,", "180户次,10,9.5,"), total("99.3")]),
    ("B11", "疑点", [("180户次,10,9,", "180户次,10,8.3,"), total("98.1")]),
    ("B10", "疑点", [("≥4754人,4760人", "≥4754人,供养4670人")]),
    ("B10", "疑点", [("不低于98%,98.5%", "100%,98.5%"), ("救助对象认定准确率", "出版物齐备")]),
    ("B10", "疑点", [("户均救助标准,≤5300元/户,5200元/户", "入户核查单位成本,46元/户,49元/户")]),
    ("B10", "疑点", [("户均救助标准,≤5300元/户,5200元/户", "城镇新增就业人数,4200人,3538人")]),
    ("B10", "疑点", [("户均救助标准,≤5300元/户,5200元/户", "路灯数量,430盏,安装380盏")]),
    ("B10", "疑点", [("户均救助标准,≤5300元/户,5200元/户", "基金结余,支撑月数≥12个月,8个月")]),
    ("B10", "错误", [("有所提高,达成年度指标", "不断提升,暂未开展")]),
    ("B10", "错误", [("有所提高,达成年度指标", "建立,正在建立")]),
    ("B12", "疑点", [("98.5%,10,10", "98.5%,10,9"), total("97.8")]),
    ("B14", "疑点", [("申请减少；继续做好主动发现", "")]),
    ("B14", "疑点", [("申请减少；继续做好主动发现", "无")]),
    ("B14", "提示", [("4760人", "6760人")]),
    ("B14", "提示", [("达成年度指标,30,30", "达成年度指标,30,27"), total("95.8")]),
    ("B15", "错误", [("数量指标,临时救助户次", "数量指标,★农村低保保障人数（≥**人）"), ("≥200户次,180户次", "≥200人,180人")]),
    ("B15", "疑点", [("质量指标,救助对象认定准确率", "质量指标,救助对象满意度")]),
    ("B16", "疑点", [("农村低保保障人数", "农村低保保障人数（≥4800人）")]),
    ("B17", "错误", [("4760人", "4760人次")]),
    ("B17", "疑点", [("≤5300元/户", "≤5300元/户·年")]),
    ("B17", "疑点", [("4760人", "完成100%"), ("≥4754人", "4754人")]),
    ("B17", "提示", [("≤5300元/户,5200元/户", "≤0.53万元/户,5200元/户")]),
    ("B18", "疑点", [("≥90%,92%", "≥90%,≥90%")]),
    ("B18", "疑点", [("≥90%,92%", "90%,290%")]),
    ("B18", "疑点", [("≥90%,92%", "≥90%,")]),
    ("B18", "疑点", [("≥90%,92%", "≥90%,未开展满意度调查")]),
    ("B18", "疑点", [("≥90%,92%", "≥90%,满意")]),
    ("B19", "疑点", [("户均救助标准,≤5300元/户,5200元/户", "项目总成本,≤100万元,90万元")]),
    ("B22", "错误", [("100,98.8,", "100,98.8,\n评价等级,良,,,,,,")]),
    ("B27", "错误", [total("#REF!")]),
    ("B27", "错误", [("98.5%,10,10", "#DIV/0!,10,10")]),
    ("B27", "错误", [("≥90%,92%", "#NAME?,92%")]),
    ("B27", "错误", [("92%,10,10", "92%,10,#VALUE!")]),
    ("B27", "错误", [("救助对象满意度,≥", "#N/A,≥")]),
    ("B27", "错误", [("其他资金,5,5", "其他资金,5,#NUM!")]),
    ("B27", "错误", [("财政拨款,90,88", "财政拨款,90,＃REF！")]),
    ("B27", "错误", [("申请减少；继续做好主动发现", "#NULL!")]),
    ("B27", "错误", [("满意度指标（10分）", "#REF!")]),
    ("B27", "错误", [("4760人", "≥#REF!人")]),
    ("B10", "疑点", [("户均救助标准,≤5300元/户,5200元/户", "农村低保标准,530元/人·月,503元/人·月")]),
    ("B18", "疑点", [("≥4754人,4760人", "≥4754人,已按计划完成任务")]),
    ("B30", "疑点", [("救助对象认定准确率,不低于98%,98.5%", "专项资金支出进度,100%,100%")]),
    ("B31", "错误", [("临时救助户次,≥200户次,180户次,10,9", "其中：重残人数,≥200人,4900人,10,10"), total("99.8")]),
    ("B31", "疑点", [("临时救助户次,≥200户次,180户次", "其中重残,≥4800人,4755人")]),
    ("B32", "错误", [("≥90%,92%", "≥90%,109.2%")]),
    ("B32", "错误", [("救助对象认定准确率,不低于98%,98.5%", "档案差错率,≤2%,102%"), ("102%,10,10", "102%,10,0"), total("88.8")]),
    ("B32", "疑点", [("救助对象认定准确率,不低于98%,98.5%", "投诉办结率,100%,103%")]),
    ("B33", "疑点", [("不低于98%,98.5%", "≤98%,91%")]),
    ("B33", "疑点", [("救助对象认定准确率,不低于98%,98.5%", "救助金错发率,≥2%,2.5%")]),
    ("B33", "疑点", [("救助对象认定准确率,不低于98%,98.5%", "群众投诉率,100%,100%")]),
    ("B34", "疑点", [("4760人", "47600人")]),
    ("B34", "疑点", [("≤5300元/户,5200元/户", "5300元/户,520元/户")]),
    ("B35", "疑点", [("农村低保保障人数,≥4754人,4760人", "临时救助人次,≥4754人,4760人")]),
    ("B35", "疑点", [("农村低保保障人数,≥4754人,4760人", "低保户数,4754,4760人")]),
    ("B36", "疑点", [("4760人,10,10", "4760人,,10")]),
    ("B37", "疑点", [("困难群众生活水平,有所提高,达成年度指标", "困难群众生活水平,,")]),
    ("B37", "疑点", [("不低于98%,98.5%", ",98.5%")]),
    ("B37", "疑点", [("救助对象满意度,≥90%,92%", "救助对象满意度（10分）,,")]),
    ("B38", "疑点", [(HEADINGS, f"（2021年度）,,,,,,,\n{HEADINGS}"), ("1—12月,1-12月", "2020年12月底前,2020年11月")]),
    ("B38", "提示", [(HEADINGS, f"（2021年度）,,,,,,,\n{HEADINGS}"), ("农村低保保障人数", "2020年农村低保保障人数")]),
    ("B41", "疑点", [("≤5300元/户,5200元/户", "≤5%,4%"), ("户均救助标准", "救助对象认定错误率")]),
]  # fmt: skip

BESIDE: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("B39", "疑点", [(HEADINGS, f"实际完成情况,救助对象满意度达到96%,,,,,,\n{HEADINGS}")]),
    ("B39", "疑点", [(HEADINGS, f"年度总体目标,全年保障农村低保4457人,,,,,,\n{HEADINGS}")]),
    ("B40", "提示", [(RIGHT[: RIGHT.index("产出指标")], PLANNED), total("99")]),
]  # fmt: skip
"""Faults in what stands beside the indicators of a flat list."""

NEAR: list[list[tuple[str, str]]] = [
    [("10,9.8", "10,9.80")],
    [("≥4754人,4760人", "≥4754人,已保障4760人")],
    [("≥4754人,4760人", "≥4754人,比上年减少46人")],
    [("≥4754人,4760人", "≥4754人,其中新增46人")],
    [("≥4754人,4760人", "≥4754人,每村新增2人")],
    [("救助对象认定准确率,不低于98%,98.5%", "“三公经费”控制率,100%,86%")],
    [("救助对象认定准确率,不低于98%,98.5%", "公用经费变动率,100%,86%")],
    [("户均救助标准,≤5300元/户,5200元/户", "节约成本,10万元,12万元")],
    [("户均救助标准,≤5300元/户,5200元/户", "新增失业人数,400人,380人")],
    [("户均救助标准,≤5300元/户,5200元/户", "新增病房面积,400平方米,380平方米")],
    [total("98.80")],
    [total("99")],
    [("98.5%", "98%")],
    [("5200元/户", "5300元/户")],
    [("4760人", "4754")],
    [("4760人", "４７５４人")],
    [("≥4754人,4760人", '"≥4,754人","4,760人（动态管理）"')],
    [("≥4754人,4760人", "＞＝4754人,达到4760人")],
    [("≥4754人,4760人", "4754人以上,4760名")],
    [("≥4754人,4760人", "5000人,5000人")],
    [("≤5300元/户,5200元/户", "530元/人*月,530元/人·月")],
    [("≤5300元/户,5200元/户", "≤5300元/(人.月),5200元/月·人")],
    [("≤5300元/户,5200元/户", "不超过3个月,60个工作日")],
    [("≤5300元/户,5200元/户", "≤5%,5%")],
    [("不低于98%,98.5%", "≥98百分比,98.5")],
    [("不低于98%,98.5%", "≥98%,0.985")],
    [("不低于98%,98.5%", "═98.5％,98.5﹪")],
    [("不低于98%,98.5%", "≮98℅,98.5٪")],
    [("≤5300元/户,5200元/户", "≯5300元/户,5200元／户")],
    [("不低于98%,98.5%", "0.98,98.5%")],
    [("≥90%,92%", "290%,89%")],
    [("≥90%,92%", "290%,300%")],
    [("≥90%,92%", "90%-95%,92%")],
    [("≥90%,92%", "90%-95%,97%")],
    [("≥90%,92%", "≥90%,约89%")],
    [("≥90%,92%", "≥9…,92%")],
    [("≥90%,92%", "≥90%,全部满意")],
    [("1—12月,1-12月", "12月底前,12月25日")],
    [("1—12月,1-12月", "2020年12月31日前,2020年12月")],
    [("1—12月,1-12月", "2020年12月底前,2020年12月25日")],
    [("1—12月,1-12月", "2020年底前,2021年1月前")],
    [("1—12月,1-12月", "2020年12月,2020年12月31日")],
    [("1—12月,1-12月", "每月10日前,每月10日前")],
    [("1—12月,1-12月", "次月15日前,次月10日")],
    [("1—12月,1-12月", "每月10日前,2020年12月15日")],
    [("1—12月,1-12月", "每月10日前,按时发放")],
    [("≤5300元/户,5200元/户", "2小时内,1小时内")],
    [("≤5300元/户,5200元/户", "≤30日,25日")],
    [("≤5300元/户,5200元/户", "≤20个工作日,25日")],
    [("≤5300元/户,5200元/户", "控制在0.6万元内,6000元")],
    [("≤5300元/户,5200元/户", "5%以下（含）,3%")],
    [("≤5300元/户,5200元/户", "≤5%（含）,5%")],
    [("≤5300元/户,5200元/户", "≥10年,10年")],
    [("户均救助标准,≤5300元/户,5200元/户", "安全责任事故,0起,无")],
    [("户均救助标准,≤5300元/户,5200元/户", "投诉件数,≤2件,未发生")],
    [("≥4754人,4760人", "下降5%,下降6.2%")],
    [("≥4754人,4760人", "下降5%,提高6%")],
    [("≥4754人,4760人", "较上年提高2个百分点,提高2.3个百分点")],
    [("户均救助标准,≤5300元/户,5200元/户", "投诉件数,增长5%,增长3%")],
    [("≥4754人,4760人", "3—5个,5个")],
    [("≥4754人,4760人", "4500-4700人,4760人")],
    [("≤5300元/户,5200元/户", "5250-5300元/户,5200元/户")],
    [("≥90%,92%", "九成,92%")],
    [("≥4754人,4760人", "≥14400人·月,14520人月")],
    [("≥4754人,4760人", "24754人,4760人"), ("≥90%,92%", "290%,92%")],
    [("≥90%,92%", "≥90%,0.92")],
    [("1—12月,1-12月", "按时发放,按时发放")],
    [("180户次,10,9,", "180户次,10,0,"), total("89.8")],
    [("180户次,10,9,", "181户次,10,9.1,"), total("98.9")],
    [("180户次,10,9,", "181户次,10,9.05,"), total("98.85")],
    [("180户次,10,9,", "181户次,10,9,")],
    [("≤5300元/户,5200元/户,10,10,", "≤5300元/户,5830元/户,10,9.09,物价上涨"), total("97.89")],
    [("≤5300元/户,5200元/户,10,10,", "≤5300元/户,5830元/户,10,9,物价上涨"), total("97.8")],
    [("≤5300元/户,5200元/户,10,10,", "≤0起,2起,10,0,已整改"), total("88.8")],
    [("≤5300元/户,5200元/户", "0起,0起")],
    [("4760人", "7000人"), ("7000人,10,10,", "7000人,10,9,目标偏低"), total("97.8")],
    [("90,88,—,—", "90,88,10,9.8")],
    [("年度资金总额,100,98", "年度资金总额,100.00,98.00")],
    [("90,88,—,—", "89.996,87.996,—,—")],
    [("结转资金,5,5,—,—", "结转资金,,,,")],
    [
        ("其中：本年财政拨款,90,88", "上级补助资金,60,60,,,\n预算执行,,其中：中央补助,40,40,,,\n预算执行,,省级补助,20,20"),
        ("上年结转资金,5,5", "县级资金,35,33"),
    ],
    [
        ("其中：本年财政拨款,90,88", "其中：上级资金,80,79,,,\n预算执行,,其中：直达资金,65,65"),
        ("上年结转资金,5,5", "本级资金,15,14"),
    ],
    [("预算执行,,上年结转资金,5,5,—,—,\n", ""), ("预算执行,,其他资金,5,5,—,—,\n", "")],
    [("户均救助标准,≤5300元/户,5200元/户", "项目总成本,≤100万元,98")],
    [("户均救助标准,≤5300元/户,5200元/户", "项目总成本,≤100万元,980000元")],
    [("救助对象认定准确率,不低于98%", "救助对象满意度,不低于98%"), ("救助对象满意度,≥90%", "工作人员满意度,≥90%")],
    [("临时救助户次,≥200户次,180户次", "农村低保保障人数（城市）,≥200人,180人")],
    [("临时救助户次,≥200户次,180户次,10,9", "农村低保保障人数,≤5000人,4760人,10,10"), total("99.8")],
    [("100,98.8,", "100,98.8,\n评价等级：优,,,,,,,")],
    [("100,98.8,", "100,98.8,\n自评等次,优秀,,,,,,")],
    [("总分,,,,,100,98.8,", "")],
    [("总分,,,,,100,98.8,", "合计,,,,,100,98.8,优")],
    [("总分,,,,,100,98.8,", '"注：1.得分不突破分值\n2.偏差原因要写明",,,,,,,')],
    [("98.5%,10,10", "98.5%,10分,10分")],
    [("≥4754人,4760人", "≥4754人,4600余人")],
    [("≥4754人,4760人", "≥4754人数,4760名")],
    [("≥90%,92%", "≥90%,100%全部满意")],
    [("≥4754人,4760人,10,10,", "=100人,120人,10,9,已说明"), total("97.8")],
    [("≥4754人,4760人,10,10,", "100人,120人,10,9,已说明"), total("97.8")],
    [("有所提高,达成年度指标", "有所提高,不达标事项0件")],
    [("≥90%,92%", "百分之九十以上,百分之百")],
    [("总分,,,,,100,98.8,", "总分,,,,,100分,98.8分（优）,")],
    [("救助对象认定准确率,不低于98%,98.5%", "补助资金支付进度,≥95%,98%")],
    [("救助对象认定准确率,不低于98%,98.5%", "补助资金拨付及时率,100%,100%")],
    [("救助对象认定准确率,不低于98%,98.5%", "低保对象增长率,≥98%,105%")],
    [("救助对象认定准确率,不低于98%,98.5%", "采购任务完成率,100%,120%")],
    [("不低于98%,98.5%", "≤100%,98.5%")],
    [("救助对象认定准确率,不低于98%,98.5%", "发放成本控制率,≤98%,95%")],
    [("救助对象认定准确率,不低于98%,98.5%", "安全隐患整改率,98%,98.5%")],
    [("救助对象认定准确率,不低于98%,98.5%", "救助资金滞留率,2%,1%")],
    [("救助对象认定准确率,不低于98%,98.5%", "逾期拨付率,2%,1%")],
    [("临时救助户次,≥200户次,180户次,10,9", "其中：重残人数,≥200人,4700人,10,10"), total("99.8")],
    [("临时救助户次,≥200户次,180户次,10,9", "其中：涉及户数,≥200户,4900户,10,10"), total("99.8")],
    [("临时救助户次,≥200户次,180户次", "户均人数,≥2人,1.8人")],
    [("≤5300元/户,5200元/户", "≤24小时,2小时")],
    [("户均救助标准,≤5300元/户,5200元/户", "档案差错率,≤2%,0.2%")],
    [("户均救助标准,≤5300元/户,5200元/户", "救助对象认定错误率,≤5%,1.5%")],
    [("≥4754人,4760人", "1套,已完成")],
    [("户均救助标准,≤5300元/户,5200元/户", "农村低保标准,530元/人·月,583元/人·月")],
    [("不低于98%,98.5%", "100%,全部完成")],
    [("困难群众生活水平,有所提高,达成年度指标", "受益人数≥80人,,87人")],
    [(HEADINGS, f"实际完成情况,救助对象满意度达到92%，农村低保4760人,,,,,,\n{HEADINGS}")],
    [(HEADINGS, f"实际完成情况,城市低保3100人，救助对象满意度90%以上,,,,,,\n{HEADINGS}")],
    [(RIGHT[: RIGHT.index("产出指标")], PLANNED), ("申请减少", "年中调减20万元"), total("99")],
    [("产出指标(50分)", "产出指标")],
    [(",时效指标", "产出指标(50分),时效指标")],
]  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "changes"), [*BREAKS, *BESIDE])
def test_a_broken_form_is_named(
    rule: str, severity: str, changes: list[tuple[str, str]], tmp_path: Path
) -> None:
    result = of_text(tmp_path, replaced(*changes))
    assert (rule, severity) in [(f.rule.id, f.severity) for f in result.findings], lines(result)
    assert len({f.stem for f in result.findings}) == len(result.findings)
    # What one change breaks is told once.
    assert len([f for f in result.findings if f.severity == ERROR]) <= 1, lines(result)
    if rule == "B27":
        # An error value is not said to be a blank, and names nothing.
        assert not any("没有填" in unjudged.why for unjudged in result.unjudged), result.unjudged
        assert "#" not in result.form.project + "".join(
            row.name + row.level1 for row in result.form.indicators
        )


def told(folder: Path, row: str) -> list[str]:
    """Severity and rule of what is found in the one row of a form of 2023, but for the reason that it lacks."""
    result = of_rows(folder, row, head=f"项目支出绩效自评表（2023年度）,,,,,,,\n{HEADINGS}")
    return [text.split(" 第")[0] for text in lines(result)]


DIRECTIONS = {
    UP: (
        "污水达标排放率 大班额消除率 成本节约率 健康管理率 城乡供水保证率 树木成活率"
        " 投诉办结率 差错纠正率 异议处理率 空置床位盘活率 违规资金追回率 辍学学生复学率 安全隐患整改率 举报线索查处率"
        " 无差错率 投诉下降率 社会化发放率 集中供养率 政策知晓率 困难群众满意程度 工程验收合格率 参训人员取证率"
        " 困境儿童建档率 老年人入住率 办理及时性 资金节约率 成本控制达标率 不动产登记及时率 差错更正率"
    ),
    DOWN: (
        "病死率 管网漏损率 耕地撂荒率 不良贷款率 单位建设成本 采购单价"
        " 救助金发放剩余率 保障资金闲置率 补助发放退票率 审核退回率 认定结果复议率 反映问题率 资金到位延误率 审核积压率"
        " 供养床位空置率 建档缺项率 参与人员流动率 重复发放率 逾期拨付率 不合格率 未到位率 信访事件发生率 满意度下降率"
        " 投诉件数 差错笔数 死亡人数 安全责任事故 培训缺勤率"
    ),
    "": (
        "节约成本 降低成本 销售单价 消除大班额"
        " 发放成本控制率 材料补正率 对象清退率 差错控制率 降低投诉率 资金增长率 退出率 审减率 救助人数 受理投诉件数"
        " 信访接待人次 人均补助标准 保障资金总额"
    ),
}


@pytest.mark.parametrize("way", DIRECTIONS)
def test_the_word_next_to_the_rate_says_what_is_better(way: str) -> None:
    names = DIRECTIONS[way].split()
    assert {name: direction_of(name) for name in names} == dict.fromkeys(names, way)


SHORT = {
    "错误": (
        "完成改造/改造工程延期;通过验收/未通过验收;投入使用/暂未投入使用;全面建成/在建;完成安装/设备正在采购"
        ";明显提升/提升不明显;有所提高/有所下降;按时发放/部分乡镇发放滞后;达到预期/与预期目标有差距"
        ";按期完成/推迟至2024年3月完成;完成招标/流标;建立台账/尚未建立;不断提高/与上年持平;按月发放/未按月发放"
        ";制度健全/制度不健全;形成氛围/效果不明显;完成/已完成80%;年底前完成/预计2024年6月完成;开展2次培训/因故取消;12月31日前/次年1月16日完成"
        ";2023年底前/翌年2月底完成;12月底前/2024年1月16日;6月30日前/2023年8月验收;年内完成/2024年2月完成"
    ),
    "疑点": (
        "通过竣工验收/主体已完工，尚未验收;完成/基本完成;有效保障/基本达到预期;全部完成/大部分完成"
        ";11月底前/12月25日前完成;9月底前/10月中旬"
        ";持续完善/正在建设;保持稳定/发生2起群体性事件;杜绝漏保/查出3户漏保"
    ),
    "": (
        "不发生安全事故/未发生;不出现漏保/未出现漏保;保持稳定/无明显变化;持续推进/正在推进;启动建设/正在建设"
        ";无逾期/无逾期;严格控制/未超预算;按时办结/无超期办结;杜绝违规/未发现违规;减少上访/上访量下降;基本建立/基本建立"
        ";成本下降/有所下降;不低于上年/与上年持平;完善制度/制度已完善;环境影响小/无明显影响;缓解矛盾/矛盾减少"
        ";及时拨付/及时拨付，未滞留;按时完成/已按时完成，结余资金已收回;得到改善/已得到改善;12月31日前/12月25日前完成"
        ";2023年12月31日前/12月25日;年底前/12月20日;次年3月底前/次年2月;10月底前/10月中旬;2022年至2024年/2023年完成主体"
        ";2024年3月底前/2024年2月;2023年12月底/2023年11月25日"
        ";促进就业/有效促进，部分人员未就业"
        ";持续完善/正在完善;不断加强/正在逐步加强;保持稳定/未发生群体性事件;降低风险/发生2起纠纷，均已化解;化解纠纷/化解12起纠纷;2023年11月/2023年11月20日"
        ";出台1项/出台1项，另1项正在起草;执行2021年版标准/执行2021年版标准"
    ),
}


@pytest.mark.parametrize("severity", SHORT)
def test_what_words_and_dates_say_was_not_reached(severity: str, tmp_path: Path) -> None:
    pairs = SHORT[severity].split(";")
    found = {
        pair: told(tmp_path, ",".join(("效益指标,社会效益,某事", *pair.split("/"), "100,100,见说明")))
        for pair in pairs
    }
    assert found == dict.fromkeys(pairs, [f"{severity} B10"] if severity else [])


def test_rows_that_share_a_reason_are_one_line(tmp_path: Path) -> None:
    rows = [f"效益指标,社会效益,事{number},有所提高,明显,25,25," for number in range(4)]
    (unjudged,) = (u for u in of_rows(tmp_path, *rows).unjudged if u.place.row)
    assert "“事0”等4项（第2、3、4、5行）" in unjudged.why
    blank = of_rows(tmp_path, *(row.replace("明显,25,25", ",25,") for row in rows))
    assert [unjudged.why[:13] for unjudged in blank.unjudged] == ["各项指标都没有填实际完成值"]


def milder(result: Examined) -> list[str]:
    """Findings but those that mixed units deserve even where they change nothing."""
    return [text for text in lines(result) if not text.startswith("提示 B17")]


@pytest.mark.parametrize("changes", NEAR, ids=lambda changes: changes[0][1][:40])
def test_what_is_right_or_unknown_is_not_accused(changes: list[tuple[str, str]], tmp_path: Path) -> None:
    assert milder(of_text(tmp_path, replaced(*changes))) == []


def test_every_rule_is_broken_by_a_test() -> None:
    elsewhere = {"B3", "B6", "B13", "B20", "B21", "B23", "B24", "B25", "B26"}
    assert {rule for rule, _, _ in (*BREAKS, *BESIDE)} | elsewhere == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_subtotals(tmp_path: Path) -> None:
    rows = (
        "产出指标,数量,甲,≥5个,5个,60,60,",
        "小计,,,,,60,{},",
        "效益指标,社会,乙,好,好,40,40,",
        "小计,,,,,40,40,",
        "总分,,,,,100,100,",
    )
    assert lines(of_rows(tmp_path, *(row.format(60) for row in rows))) == []
    assert lines(of_rows(tmp_path, *(row.format(50) for row in rows))) == ["错误 B3 第3行"]


RATE_HEAD = HEADINGS.replace("得分,", "得分,完成率,")


@pytest.mark.parametrize(
    ("target", "actual", "rate", "found"),
    [
        ("≥200户", "180户", "90%", []),
        ("≥200户", "180户", "0.9", []),
        ("≥200户", "180户", "90", []),
        ("≥7户", "6户", "85.7%", []),
        ("≥7户", "6户", "86%", []),
        ("≥200户", "220户", "110%", []),
        ("≥200户", "220户", "100%", []),
        ("≤200元", "220元", "90.91%", []),
        ("≤200元", "220元", "90%", []),
        ("≥200户", "180户", "95%", ["错误 B13 第2行"]),
        ("≥200户", "220户", "105%", ["错误 B13 第2行"]),
    ],
)
def test_a_stated_completion_rate(
    target: str, actual: str, rate: str, found: list[str], tmp_path: Path
) -> None:
    row = f"产出指标,数量指标,户数,{target},{actual},,,{rate},原因已说明"
    assert [x for x in lines(of_rows(tmp_path, row, head=RATE_HEAD)) if "B13" in x] == found


WEIGHT_HEAD = "一级指标,二级指标,三级指标,年度指标值,实际完成值,单项指标得分,权重占比(%),单项指标折算得分"


def test_weights(tmp_path: Path) -> None:
    row = "产出指标,数量指标,甲{0},≥95%,100%,{1},{2},{3}"
    hundred = [row.format(1, 100, 60, 60), row.format(2, 98, 40, "39.2"), "总分,,,,,,100,99.2"]
    assert [x for x in lines(of_rows(tmp_path, *hundred, head=WEIGHT_HEAD)) if "B12" not in x] == []
    wrong = [row.format(1, 100, 60, 60), row.format(2, 98, 40, "38.2")]
    assert "错误 B21 第3行" in lines(of_rows(tmp_path, *wrong, head=WEIGHT_HEAD))
    twice = [row.format(1, 60, 60, 36), row.format(2, 40, 40, 16)]
    assert lines(of_rows(tmp_path, *twice, head=WEIGHT_HEAD)) == ["错误 B20 第2行"]


GRADES = [
    ("90", "优", False), ("89.9", "优", False), ("89.4", "优", True), ("80", "良", False), ("79", "良", True),
    ("60", "中", False), ("59", "中", True), ("59", "差", False), ("85", "良好", False), ("95", "良好", True),
    ("85", "一般", False),
]  # fmt: skip


@pytest.mark.parametrize(("score", "word", "wrong"), GRADES)
def test_grades(score: str, word: str, wrong: bool, tmp_path: Path) -> None:
    rows = (
        f"产出指标,数量,甲,好,好,100,{score},已说明",
        f"总分,,,,,100,{score},",
        f"评价等级：{word},,,,,,,",
    )
    found = lines(of_rows(tmp_path, *rows))
    assert ("错误 B22 第4行" in found) == wrong
    # What only rounding gives is a doubt.
    assert ("疑点 B22 第4行" in found) == (score == "89.9")


# -- what cannot be judged


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([("≥90%,92%", "290%,89%")], "可能是“≥90%”识别成的"),
        ([("≥90%,92%", "≥5%,0.06")], "可能是6%"),
        ([("≥90%,92%", "≥90%,达成年度指标")], "只写了完成与否"),
        ([("≥90%,92%", "≥90%,无")], "只写了“无”"),
        ([("≥4754人,4760人", "24754人,4760人"), ("≥90%,92%", "290%,92%")], "可能是“≥4754人”识别成的"),
        ([("≥90%,92%", "较高,92%")], "由填表人判断"),
        ([("≥90%,92%", "≥90%,90%-95%")], "是一个范围"),
        ([("≤5300元/户,5200元/户", "5300元/户,5200元/户")], "没有写≥或≤"),
        ([("92%,10,10", "92%,10,")], "没有填得分"),
        ([("92%,10,10", "92%,10,⑦（11）")], "没有填得分"),  # as this project's forms leave it blank
        ([("92%,10,10", "92%,10,满分")], "不是一个数"),
        ([("总分,,,,,100,98.8,", "")], "没有总分行"),
        ([("100,98.8,", "100,98.8,\n评价等级,优□良□中□差□,,,,,,")], "看不出选的是哪一等"),
    ],
)
def test_what_cannot_be_judged_is_listed(changes: list[tuple[str, str]], why: str, tmp_path: Path) -> None:
    result = of_text(tmp_path, replaced(*changes))
    assert any(why in unjudged.why for unjudged in result.unjudged), result.unjudged
    assert not result.of(ERROR)


# -- quantities


@pytest.mark.parametrize(
    ("text", "sign", "value", "unit"),
    [
        ("≥4754人", ">=", "4754", "人"), (" ＞＝ 95 ％", ">=", "95", "%"), ("不低于90%", ">=", "90", "%"),
        ("不少于100户", ">=", "100", "户"), ("至少3次", ">=", "3", "次"), ("不高于5%", "<=", "5", "%"),
        ("不超过5300元/户", "<=", "5300", "元/户"), ("5300元以内", "<=", "5300", "元"), ("95%以上（含）", ">=", "95", "%"),
        ("＝100%", "=", "100", "%"), ("大于90%", ">", "90", "%"), ("1,087.60万元", "", "1087.60", "万元"),
        ("530元/人*月", "", "530", "元/人*月"), ("100百分比", "", "100", "百分比"), ("98 %(百分比)", "", "98", "%"),
        ("4604人（动态管理）", "", "4604", "人"), ("百分之95", "", "95", "%"), ("≤3个月", "<=", "3", "个月"),
        ("5%以下（含）", "<=", "5", "%"), ("≤5%（含）", "<=", "5", "%"), ("95%（含）", ">=", "95", "%"),
        ("百分之九十五以上", ">=", "95", "%"), ("不低于百分之九十", ">=", "90", "%"), ("九成以上", ">=", "90", "%"),
        ("百分之十", "", "10", "%"), ("24小时内", "<=", "24", "小时"), ("控制在100万元内", "<=", "100", "万元"),
        ("≮90%", ">=", "90", "%"), ("≯5%。", "<=", "5", "%"), ("＞═90%", ">=", "90", "%"), ("═100%", "=", "100", "%"),
        ("》90%", ">", "90", "%"), ("大于或者等于90%", ">=", "90", "%"),
        ("100%完成", "", "100", "%"), ("0", "", "0", ""), ("０．９８", "", "0.98", ""),
    ],
)  # fmt: skip
def test_quantities(text: str, sign: str, value: str, unit: str) -> None:
    read = read_quantity(text)
    assert isinstance(read, Quantity)
    assert (read.sign, read.value, read.unit) == (sign, Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    ["", "—", "无", "按时发放", "1—12月", "12月底前", "2022年12月31日", "每人每月530元", "降低30%以上", "7945户次/1087.60万元",
     "≥50个且≤60个", "80%≤X≤90%", "1.2.3", "一百人", "≥9…", "≥**人", "长" * 3000, "9" * 3000, "1e9", "≥100以下"],
)  # fmt: skip
def test_what_is_not_surely_one_number_is_not_read(text: str) -> None:
    assert isinstance(read_quantity(text), str)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("元/人*月", "元/人·月", True), ("元/人.月", "元/月·人", True), ("元/每人每月", "元/人/月", True), ("万元", "元", True),
        ("百分比", "%", True), ("名", "人", True), ("人/次", "人次", True), ("个", "个村", True), ("人", "人次", False),
        ("户", "人", False), ("户", "户次", False), ("元/户·年", "元/户", False), ("元/月", "元/年", False), ("个", "项", None),
    ],
)  # fmt: skip
def test_units(one: str, other: str, same: bool | None) -> None:
    assert same_unit(one, other) is same
    assert same_unit(other, one) is same


def test_rates() -> None:
    assert read_rate("98.2%") == (Decimal("98.2"),)
    assert Decimal(98) in read_rate("0.98")
    assert Decimal(100) in read_rate("1")
    assert read_rate("—") == ()


# -- layouts


def cells_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))[1:]


def number(text: str) -> Any:
    """A number as Excel stores it, else the text."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text or None


def official(text: str = RIGHT, rate: object = 0.98) -> openpyxl.Workbook:
    """The form of the central project library with its merged cells, 11 columns, from a flat list."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "自评表"
    sheet.append(["附件：项目支出绩效自评表"])
    sheet.append(["（2022年度）"])
    sheet.append([])
    sheet.append(["项目名称", None, "困难群众救助"])
    sheet.append(["主管部门", None, "某县民政局", None, None, "实施单位", "某县民政局"])
    sheet.append(
        [
            "项目资金\n（万元）",
            None,
            None,
            None,
            "年初预算数",
            "全年预算数（A）",
            "全年执行数（B）",
            "分值",
            "执行率（B/A）",
            None,
            "得分",
        ]
    )
    rows = cells_of(text)
    funds = [row for row in rows if row[0] == "预算执行"]
    for at, row in enumerate(funds):
        budget, executed, points, score = map(number, row[3:7])
        sheet.append(
            [
                None,
                None,
                row[2] + "：",
                None,
                budget,
                budget,
                executed,
                points,
                rate if at == 0 else "—",
                None,
                score,
            ]
        )
        if at == 0 and isinstance(rate, float):
            sheet.cell(sheet.max_row, 9).number_format = "0.00%"
    first = 6
    sheet.merge_cells(start_row=first, end_row=first + len(funds), start_column=1, end_column=2)
    sheet.append(["年度总体目标", "预期目标", None, None, None, None, "实际完成情况"])
    sheet.append([None, "保障困难群众基本生活", None, None, None, None, "全部完成"])
    sheet.append(
        [
            "绩效指标",
            "一级指标",
            "二级指标",
            "三级指标",
            None,
            "年度\n指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因分析及改进措施",
        ]
    )
    heading = sheet.max_row
    spans: list[tuple[int, int, str]] = []
    for row in rows:
        if row[0] in {"预算执行", "总分", "评价等级"}:
            continue
        sheet.append([None, row[0] or None, row[1], row[2], None, *map(number, row[3:7]), row[7]])
        at = sheet.max_row
        sheet.merge_cells(start_row=at, end_row=at, start_column=4, end_column=5)
        if row[0] or not spans:
            spans.append((at, at, row[0]))
        else:
            spans[-1] = (spans[-1][0], at, spans[-1][2])
    for start, end, _ in spans:
        sheet.merge_cells(start_row=start, end_row=end, start_column=2, end_column=2)
    sheet.merge_cells(start_row=heading, end_row=sheet.max_row, start_column=1, end_column=1)
    for row in rows:
        if row[0] == "总分":
            sheet.append(["总分", None, None, None, None, None, None, number(row[5]), number(row[6])])
            at = sheet.max_row
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=7)
    for row in rows:
        if row[0] == "评价等级":
            sheet.append([row[0], None, row[1]])
    sheet.append(["注：得分一档最高不能超过该指标分值上限。定量指标按完成比例计分，定性指标分三档。"])
    return book


def saved(book: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "form.xlsx"
    book.save(path)
    return path


def test_the_official_layout(tmp_path: Path) -> None:
    result = examined(saved(official(), tmp_path))
    form = result.form
    assert (form.project, form.year, form.sheet) == ("困难群众救助", "2022", "自评表")
    assert [fund.label for fund in form.funds][:2] == ["年度资金总额：", "其中：本年财政拨款："]
    assert len(form.indicators) == 7
    assert form.indicators[3].level1 == "产出指标(50分)"
    assert lines(result) == []
    assert result.totals.stated_score == Decimal("98.8")


@pytest.mark.parametrize(("rule", "severity", "changes"), BREAKS)
def test_faults_in_the_official_layout(
    rule: str, severity: str, changes: list[tuple[str, str]], tmp_path: Path
) -> None:
    text = replaced(*changes)
    rates = {
        "年度资金总额,100,99": 0.99,
        "年度资金总额,100,98": 0.98,
        "额,100,101": 1.01,
        "年度资金总额,0,0": 0,
    }
    rate = next(value for part, value in rates.items() if part in text)
    result = examined(saved(official(text, rate), tmp_path))
    assert (rule, severity) in [(f.rule.id, f.severity) for f in result.findings], lines(result)
    assert len([f for f in result.findings if f.severity == ERROR]) <= 1, lines(result)


@pytest.mark.parametrize(
    ("rate", "found"),
    [
        (0.98, []),
        ("98%", []),
        ("98.0", []),
        (98, []),
        ("0.98", []),
        (0.9, ["错误 B6 第7行"]),
        ("89%", ["错误 B6 第7行"]),
    ],
)
def test_a_stated_execution_rate(rate: object, found: list[str], tmp_path: Path) -> None:
    assert [x.partition(" >")[0] for x in lines(examined(saved(official(rate=rate), tmp_path)))] == found


@pytest.mark.parametrize("rate", ["0.97", "0.971", "0.9709", "0.970869", 0.9709, "97.09%", "97.1"])
def test_a_rounded_execution_rate(rate: object, tmp_path: Path) -> None:
    """A share is rounded to as many digits as it shows: 3456.78 ÷ 3560.5 is 0.97086926…"""
    funds = [line for line in RIGHT.splitlines() if line.startswith("预算执行")]
    text = replaced(("\n".join(funds), "预算执行,,年度资金总额,3560.5,3456.78,10,9.71,"), total("98.71"))
    assert lines(examined(saved(official(text, rate), tmp_path))) == []


def test_an_execution_rate_that_is_no_single_number_is_not_compared(tmp_path: Path) -> None:
    for actual in ("≥98%", "90%-95%"):
        row = f"预算执行,预算执行率,预算执行率,100%,{actual},10,9.8,\n"
        text = replaced(("10,9.8", "—,—"), ("产出指标(50分)", f"{row}产出指标(50分)"))
        assert "B6" not in {finding.rule.id for finding in of_text(tmp_path, text).findings}


def test_a_wrong_rate_and_its_score_are_one_cause(tmp_path: Path) -> None:
    text = replaced(("10,9.8", "10,8.9"), total("97.9"))
    assert lines(examined(saved(official(text, 0.89), tmp_path))) == ["错误 B6 第7行 > B7"]


def test_binary_noise_is_no_fault(tmp_path: Path) -> None:
    book = official()
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == 98.8:
                cell.value = 9.8 + 89.00000000000001
            if cell.value == 4760:
                cell.value = 4760.000000000001
    assert lines(examined(saved(book, tmp_path))) == []


def test_formats_are_read_as_excel_shows_them(tmp_path: Path) -> None:
    book = official()
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == "92%":
                cell.value, cell.number_format = 0.92, "0%"
            if cell.value == "4760人":
                cell.value, cell.number_format = 4760, '0"人"'
            if cell.value == "≥4754人":
                cell.value, cell.number_format = 4754, '"≥"0"人"'
    result = examined(saved(book, tmp_path))
    assert lines(result) == []
    assert not any("满意度" in u.why or "人数" in u.why for u in result.unjudged)
    assert result.form.indicators[0].cell("target").text == "≥4754人"


def test_formulas_without_results_are_not_taken_for_empty_cells(tmp_path: Path) -> None:
    book = official()
    sheet = book.worksheets[0]
    row = next(row[0].row for row in sheet.iter_rows() if row[0].value == "总分")
    sheet.cell(row, 9).value = "=SUM(I14:I20)"
    result = examined(saved(book, tmp_path))
    assert lines(result) == []
    assert any("总分是公式" in unjudged.why for unjudged in result.unjudged)


OLDER = """绩效目标自评表,,,,,,,
（2019年度）,,,,,,,
项目名称,临时救助,,主管部门,某县民政局,,,
资金情况（万元）,,,全年预算数（A）,全年执行数（B）,分值,执行率（B/A）,得分
,年度资金总额：,,30,30,10,100%,10
,其中：本年财政拨款,,30,30,10,100%,10
,其他资金,,,,,,
年度总体目标,年初设定目标,,,年度总体目标完成情况综述,,,
,救助困难户,,,全年救助87人次,,,
一级指标,二级指标,三级指标,分值,年度指标值,全年实际值,得分,未完成原因及拟采取的改进措施
产出指标（50分）,数量指标,★特困人员救助供养人数（≥**人）,50,≥4754人,{0}人,50,
效益指标（30分）,社会效益指标,受益人数,30,≥80人,87人,30,
满意度指标（10分）,服务对象满意度指标,满意度,10,≥95%,95%,10,
总分,,,100,,,100,
"""


def test_the_older_layout(tmp_path: Path) -> None:
    assert lines(of_text(tmp_path, OLDER.format(4754))) == []
    assert lines(of_text(tmp_path, OLDER.format(4604))) == ["错误 B10 第11行 > B14"]


TRANSFER = """困难群众救助补助资金绩效目标自评表,,,,,,
转移支付（项目）名称,困难群众救助补助,,,,,
中央主管部门,财政部、民政部,,,,,
,,,全年预算数（A）,全年执行数（B）,预算执行率（B/A）,
项目资金（万元）,年度资金总额：,,200,{0},{1},
,其中：中央补助,,150,150,100%,
,地方资金,,50,40,80%,
,其他资金,,,,,
年度总体目标,年初设定目标,,,全年实际完成情况,,
,应保尽保,,,应保尽保,,
绩效指标,一级指标,二级指标,三级指标,年度指标值,全年完成值,未完成原因和改进措施
,产出指标,数量指标,救助人数,≥100人,120人,
,,质量指标,资金发放率,≥95%,{2},{3}
,满意度指标,服务对象满意度指标,满意度,≥90%,91%,
说明,无,,,,,
"""


def test_the_form_for_transfers(tmp_path: Path) -> None:
    result = of_text(tmp_path, TRANSFER.format(190, "95%", "96%", ""))
    assert (lines(result), result.form.has_points, result.form.project) == ([], False, "困难群众救助补助")
    assert lines(of_text(tmp_path, TRANSFER.format(190, "90%", "96%", ""))) == ["错误 B6 第5行"]
    assert lines(of_text(tmp_path, TRANSFER.format(195, "97.5%", "96%", ""))) == ["疑点 B5 第5行"]
    assert lines(of_text(tmp_path, TRANSFER.format(190, "95%", "90%", ""))) == ["疑点 B14 第13行"]
    assert lines(of_text(tmp_path, TRANSFER.format(190, "95%", "90%", "年底补发"))) == []


DIVIDED = """一级指标,二级指标,三级指标,指标分值,预期指标值,,,实际完成值,自评得分,,
,,,,符号,值,单位（文字描述）,,单项指标得分,权重占比（%）,单项指标折算得分
产出指标,数量指标,覆盖率,60,>=,98,%(百分比),100%,60,60,36
效果指标,社会效益指标,发放率,40,>=,75,%(百分比),{0},40,40,16
"""


# Layouts as 天长市水利局 (2022) and 青神县发展和改革局 (2023, Sichuan's system) published them, with made-up numbers.
UNFILLED = """项目支出绩效自评表,,,,,,,,
项目名称,水旱灾害防御经费,,,,,,,
项目资金（万元）,,,年初预算数,全年预算数（A）,全年执行数（B）,分值,执行率（B/A）,得分
,年度资金总额：,,880,880,880,10,,10
,其中：本年财政拨款,,880,880,880,-,,-
,上年结转资金,,,,,-,,-
,其他资金,,,,,-,,-
年度绩效指标完成情况,一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分,偏差原因分析及改进措施
,"产
出
指
标
(50分)",数量指标,指标1：改造项目数量,1,1,10,10,
,,,指标2：改革项目数量,1,1,10,10,
,,,……,,,,,
,,质量指标,指标1：工程质量合格,,,30,30,
,,,指标2：,,,,,
,(40分),"生态效益
指标",指标1：/,/,/,/,/,
,,"可持续影
响指标",指标1：已建工程良性运行,,,30,30,
,,满意度指标,指标1：服务对象满意度,90%,100%,10,{0},
总分,,,,,,100,{1},
注：1.一级指标分值统一设置,,,,,,,,
"""
SICHUAN = """部门预算项目支出绩效自评表（2023年度）,,,,,,,,,
项目名称,工资性支出,,,,,,,,
预算执行情况（10分）,年度预算数（万元）,年初预算,调整后预算数,预算执行数,预算执行率,权重,得分,原因,
,总额,238.93,251.89,{0},{1},10,10,1.预算执行率=预算执行数/调整后预算数；2.其他,
,其中：财政资金,238.93,251.89,251.89,100.00%,/,/,,
,财政专户管理资金,0.00,0.00,0.00,0.00%,/,/,,
,其他资金,,,,,/,/,,
绩效指标（90分）,一级指标,二级指标,三级指标,指标性质,指标值,度量单位,完成值,权重,得分
,产出指标,数量指标,发放覆盖率,＝,100,%,{2},60,60
,效益指标,社会效益指标,足额保障率,≥,95,%,96,20,20
,满意度指标,满意度指标,满意度,≥,90,%,95,10,10
合计,,,,,,,,100,100
评价结论,结合自评情况，总分100分，完成较好,,,,,,,,
项目负责人：张三,,,财务负责人：李四,,,,,,
"""


def test_unfilled_rows_and_headings_written_downwards(tmp_path: Path) -> None:
    result = of_text(tmp_path, UNFILLED.format(10, 100))
    # Statements as names, without targets: what was given full points for is not said.
    assert lines(result) == ["疑点 B37 第12行"]
    assert len(result.form.indicators) == 5
    assert result.form.indicators[0].level1 == "产出指标(50分)"
    assert lines(of_text(tmp_path, UNFILLED.format(10, 99))) == ["错误 B4 第17行", "疑点 B37 第12行"]
    assert lines(of_text(tmp_path, UNFILLED.format(11, 101))) == ["错误 B9 第16行", "疑点 B37 第12行"]


def test_sign_and_unit_in_columns_of_their_own(tmp_path: Path) -> None:
    assert lines(of_text(tmp_path, SICHUAN.format("251.89", "100.00%", 100))) == []
    assert lines(of_text(tmp_path, SICHUAN.format("251.89", "100.00%", 90))) == ["错误 B10 第9行"]
    assert lines(of_text(tmp_path, SICHUAN.format("251.89", "95.00%", 100))) == ["错误 B6 第4行"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["总分,,,,,总分值,总得分,自评等级", ",,,,,100,98.8,优"], []),
        (["总分,,,,,总分值,总得分,自评等级", ",,,,,100,97.8,优"], ["错误 B4 第14行"]),
        (["总分,,,,,总分值,总得分,自评等级", ",,,,,100,98.8,中"], ["错误 B22 第14行"]),
        (["自评总分：98.8分,,,,,,,"], []),
        (["自评总分：95分,,,,,,,"], ["错误 B4 第13行"]),
        (["合 计,,,,,100,98.8,", "评价等级：□优 ☑良 □中 □差,,,,,,,"], ["错误 B22 第14行"]),
        (["合 计,,,,,100,98.8,", "自评等级,,,,,,优,"], []),
        (["综合得分,,,,,100,98.8,"], []),
        (["综合得分,,,,,100,97.8,"], ["错误 B4 第13行"]),
        (["指标合计,,,,,90,89,", "自评得分,,,,,100,98.8,"], []),
        (["指标合计,,,,,90,88,", "自评得分,,,,,100,98.8,"], ["错误 B3 第13行"]),
        (["满意度指标小计,,,,,100,98.8,", "各项指标合计,,,,,90,89,", "总分,,,,,100,98.8,"], []),
    ],
)
def test_ways_to_write_the_total(rows: list[str], found: list[str], tmp_path: Path) -> None:
    assert lines(of_text(tmp_path, replaced(("总分,,,,,100,98.8,", "\n".join(rows))))) == found


def test_headings_in_two_rows(tmp_path: Path) -> None:
    result = of_text(tmp_path, DIVIDED.format("100%"))
    assert lines(result) == ["错误 B20 第3行"]
    assert "错误 B10 第4行" in lines(of_text(tmp_path, DIVIDED.format("70%")))


def test_the_row_of_a_grade_is_no_indicator(tmp_path: Path) -> None:
    result = of_text(tmp_path, replaced(("100,98.8,", "100,98.8,\n自评等级,,,,,,优,")))
    assert all("等级" not in unjudged.why for unjudged in result.unjudged)
    assert result.totals.highest is not None


def test_points_in_the_row_of_a_part(tmp_path: Path) -> None:
    part = "产出指标,,,,,{},49,\n产出指标,数量指标,农村低保保障人数"
    right = replaced(("产出指标(50分),数量指标,农村低保保障人数", part.format(50)))
    assert lines(of_text(tmp_path, right)) == []
    wrong = replaced(("产出指标(50分),数量指标,农村低保保障人数", part.format(60)))
    assert lines(of_text(tmp_path, wrong)) == ["错误 B2 第7行"]
    flat = (
        "指标名称,指标值,完成情况,标准分,得分\n一、产出指标,,,{0},60\n1.保障人数,≥300人,310人,60,60\n"
        "二、效益指标,,,40,40\n2.知晓率,≥9%,9%,40,40\n"
    )
    assert lines(of_text(tmp_path, flat.format(60) + "总分,,,100,100\n")) == []
    assert lines(of_text(tmp_path, flat.format(50) + "总分,,,100,100\n")) == ["错误 B2 第3行"]
    told = "评价结论,本项目自评得分{}分，上年度自评得分90分。,,,\n"
    conclusions = {"100": [], "98": ["疑点 B23 第7行"]}
    assert conclusions == {
        said: lines(of_text(tmp_path, f"{flat.format(60)}总分,,,100,100\n{told.format(said)}"))
        for said in conclusions
    }


def test_places_side_by_side_are_not_judged(tmp_path: Path) -> None:
    """Two values below 实际完成值, one for the city and one for its counties, are no single number."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    heads = HEADINGS.split(",")
    sheet.append([*heads[:5], None, *heads[5:]])
    sheet.append([None] * 4 + ["市本级", "县区"] + [None] * 3)
    sheet.merge_cells("E1:F1")
    for actual in ((60, 50), (60, 60)):
        sheet.append(["产出指标", "数量指标", f"人数{actual[1]}", "≥100人", *actual, 50, 50, None])
    sheet.append(["总分", None, None, None, None, None, 100, 100, None])
    result = examined(saved(book, tmp_path))
    assert lines(result) == []
    assert [unjudged.why for unjudged in result.unjudged if "（第3、4行）" in unjudged.why]


HUNDREDS = """一级指标,二级指标,三级指标,权重,年度指标值,实际完成值,得分{more},偏差原因
预算执行,,年度资金总额,{0},100,95,95{1},结余
产出指标,数量指标,人数,{2},≥100人,110人,100{3},
产出指标,质量指标,准确率,{2},≥98%,97%,{score}{3},减少
满意度指标,满意度指标,满意度,{4},≥90%,92%,100{5},
合计,,,,,,{total},
"""


@pytest.mark.parametrize(
    "weights",
    [(10, "", 30, "", 30, ""), ("10%", "", "30%", "", "30%", ""), (0.1, "", 0.3, "", 0.3, "")],
)
def test_scores_out_of_100_with_weights(weights: tuple[object, ...], tmp_path: Path) -> None:
    form = HUNDREDS.replace("{more}", "")
    assert lines(of_text(tmp_path, form.format(*weights, score="98.98", total="99.19"))) == []
    assert lines(of_text(tmp_path, form.format(*weights, score="98.98", total="98.19"))) == ["错误 B4 第6行"]
    assert lines(of_text(tmp_path, form.format(*weights, score=100, total="99.5"))) == ["错误 B10 第4行"]


def test_scores_out_of_100_with_weighted_scores(tmp_path: Path) -> None:
    weights = (0.1, ",9.5", 0.3, ",30", 0.3, ",30")
    form = HUNDREDS.replace("{more}", ",加权得分").format(*weights, score=100, total="99.5,99.5")
    assert lines(of_text(tmp_path, form)) == ["错误 B10 第4行"]


def test_order_and_other_columns_are_free(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(RIGHT)))
    for seed in range(5):
        names = [*rows[0], "单位", "备注"]
        Random(seed).shuffle(names)  # noqa: S311
        text = io.StringIO()
        writer = csv.DictWriter(text, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
        assert lines(of_text(tmp_path, text.getvalue())) == [], names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators(encoding: str, separator: str, tmp_path: Path) -> None:
    assert lines(of_text(tmp_path, RIGHT.replace(",", separator), encoding)) == []


def test_several_sheets_and_forms(tmp_path: Path) -> None:
    book = official()
    book.create_sheet("填表说明", 0).append(["本表由各单位填写"])
    (form,) = read_forms(saved(book, tmp_path))
    assert form.sheet == "自评表"
    second = book.copy_worksheet(book["自评表"])
    second.title = "第二个项目"
    for row in second.iter_rows():
        for cell in row:
            if cell.value == "4760人":
                cell.value = "4604人"
    results = [examine(form) for form in read_forms(saved(book, tmp_path))]
    assert [lines(result) for result in results] == [[], ["错误 B10 第14行 > B14"]]
    assert "第二个项目" in results[1].form.file
    second.sheet_state = "hidden"
    (form,) = read_forms(saved(book, tmp_path))
    assert any("第二个项目" in notice for notice in form.notices)


def test_forms_of_plan_and_monitoring_are_left_out(tmp_path: Path) -> None:
    book = official()
    plan = book.create_sheet("绩效目标申报表", 0)
    plan.append(["一级指标", "二级指标", "三级指标", "指标值"])
    plan.append(["产出指标", "数量指标", "人数", "≥100人"])
    monitoring = book.create_sheet("绩效监控表", 0)
    monitoring.append(["一级指标", "二级指标", "三级指标", "年度指标值", "1-7月执行情况", "全年预计完成情况"])
    monitoring.append(["产出指标", "数量指标", "人数", "≥100人", "50人", "60人"])
    (form,) = read_forms(saved(book, tmp_path))
    assert form.sheet == "自评表"
    assert any("绩效监控表" in notice for notice in form.notices)


def test_the_total_of_funds_is_not_the_total_of_scores(tmp_path: Path) -> None:
    result = of_text(tmp_path, replaced(("年度资金总额", "合计")))
    assert lines(result) == []
    assert result.totals.execution_rate == Decimal("98.00")


def test_merged_scores_are_counted_once(tmp_path: Path) -> None:
    book = official(replaced(("4760人,10,10", "4760人,20,19"), ("180户次,10,9", "180户次,,")))
    sheet = book.worksheets[0]
    for column in (8, 9):
        sheet.merge_cells(start_row=14, end_row=15, start_column=column, end_column=column)
    result = examined(saved(book, tmp_path))
    assert not [x for x in lines(result) if x.startswith("错误")]
    assert result.totals.points == 100


# -- other formats, hidden cells, formats of cells


def official_sheet(folder: Path, *changes: tuple[str, str]) -> Sheet:
    (sheet,), _ = read_sheets(saved(official(replaced(*changes)), folder))
    return sheet


WRITERS: dict[str, Callable[[Sheet], bytes]] = {
    "docx": lambda sheet: documents.word(documents.word_table(sheet)),
    "ods": documents.open_document,
    "xls": lambda sheet: documents.compound(documents.old_records(sheet)),
    "et": lambda sheet: documents.compound(documents.old_records(sheet).ljust(9000, b"\0"), "Book"),
}


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize(
    "changes", [[], [("4760人", "4604人")], [total("#REF!")], [("≥90%,92%", "≥90%,85%")]], ids=str
)
def test_the_same_form_in_another_format(ending: str, changes: list[tuple[str, str]], tmp_path: Path) -> None:
    sheet = official_sheet(tmp_path, *changes)
    path = tmp_path / f"form.{ending}"
    path.write_bytes(WRITERS[ending](sheet))
    here, there = examined(tmp_path / "form.xlsx"), examined(path)
    assert lines(here) == lines(there)
    assert here.totals == there.totals
    assert here.form.project == there.form.project
    assert [u.why for u in here.unjudged] == [u.why for u in there.unjudged]


def deleted(text: str) -> str:
    return f"<w:p><w:del><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>"


PLACEHOLDER = (
    "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
    "<w:sdtContent><w:p><w:r><w:t>单击此处</w:t></w:r></w:p></w:sdtContent></w:sdt>"
)
STRUCK_ROW = "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>作废</w:t></w:r></w:p></w:tc></w:tr>"
AT_LEAST_SIGN = '</w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>'
HIDDEN_RUN = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>1</w:t></w:r>"
WORD_LAYOUTS: dict[str, Any] = {
    "on two pages": lambda s, t: [t(s, last=15), "", t(s, first=16)],
    "on two pages, said to go on": lambda s, t: [t(s, last=15), "（续表）", t(s, first=16)],
    "edges shifted by a hand": lambda s, t: [t(s, last=15), "", t(s, 16, widths=[910, *[900] * 9, 890])],
    "in a cell": lambda s, t: [f"<w:tbl><w:tr><w:tc>{t(s)}<w:p/></w:tc></w:tr></w:tbl>"],
    "title and year above": lambda s, t: ["某县", "项目支出绩效自评表", "（2022年度）", t(s, first=4)],
    "another table before": lambda s, t: [
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>目录</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        "项目支出绩效自评表",
        t(s),
    ],
    "grade below": lambda s, t: [t(s), "评价等级：优", "填表人："],
    "struck out": lambda s, t: [t(s).replace("<w:p>", deleted("9999") + "<w:p>").replace("<w:tr>", STRUCK_ROW + "<w:tr>", 1)],
    "asked for": lambda s, t: [t(s).replace("</w:tc>", PLACEHOLDER + "</w:tc>")],
    "sign of a font": lambda s, t: [t(s).replace("≥", AT_LEAST_SIGN)],
    "hidden": lambda s, t: [t(s).replace("<w:r>", HIDDEN_RUN + "<w:r>")],
    "in pieces": lambda s, t: [t(s).replace("人</w:t>", "</w:t></w:r><w:proofErr/><w:r><w:t>人</w:t>")],
}  # fmt: skip


def test_a_struck_row_has_never_been(tmp_path: Path) -> None:
    """It neither lengthens the merged area in which it lay nor begins one for the row below it."""
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    begun, on, no = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", ""
    struck, left = "<w:trPr><w:del/></w:trPr>", ""
    rows = [(left, begun, "甲"), (struck, on, ""), (left, no, "乙"), (struck, begun, "丙"), (left, on, "丁")]
    made = "".join(f"<w:tr>{row}{cell.format(merge, text)}</w:tr>" for row, merge, text in rows)
    path = tmp_path / "form.docx"
    path.write_bytes(documents.word(f"<w:tbl>{made}</w:tbl>"))
    ((sheet,), _) = read_sheets(path)
    assert [cell.text for row in sheet.rows for cell in row] == ["甲", "乙", "丁"]


@pytest.mark.parametrize("name", WORD_LAYOUTS)
def test_tables_of_word(name: str, tmp_path: Path) -> None:
    """However a table is laid out, the form is the same: a right one is right, a fault is found in its row."""
    for change, found in (("4760人", []), ("4604人", ["错误 B10 第14行 > B14"])):
        sheet = official_sheet(tmp_path, ("4760人", change))
        path = tmp_path / "form.docx"
        path.write_bytes(documents.word(*WORD_LAYOUTS[name](sheet, documents.word_table)))
        result = examined(path)
        row = 14 - 3 * (name == "title and year above")
        assert lines(result) == [line.replace("第14行", f"第{row}行") for line in found]
        assert (result.form.year, len(result.form.indicators)) == ("2022", 7)
        assert result.totals.stated_score == Decimal("98.8")
        assert ("修订" in "".join(result.form.notices)) == (name == "struck out")


def test_cells_of_word_that_do_not_stand_below_one_another(tmp_path: Path) -> None:
    """A column that a hand moved by a millimetre in one row is the same column."""
    text = documents.word_table(official_sheet(tmp_path))
    text = text.replace(
        '<w:gridCol w:w="900"/>' * 11,
        '<w:gridCol w:w="900"/>' * 7
        + '<w:gridCol w:w="870"/><w:gridCol w:w="30"/>'
        + '<w:gridCol w:w="900"/>' * 3,
    )
    rows = text.split("</w:tr>")
    for at, row in enumerate(rows):
        cells = row.split("</w:tc>")
        if len(cells) == 12:
            cells[7 + at % 2] = cells[7 + at % 2].replace('gridSpan w:val="1"', 'gridSpan w:val="2"')
        rows[at] = "</w:tc>".join(cells)
    path = tmp_path / "form.docx"
    path.write_bytes(documents.word("</w:tr>".join(rows)))
    assert len(examined(path).form.indicators) == 7


def test_numbers_on_lines_of_their_own_do_not_become_one(tmp_path: Path) -> None:
    path = saved(official(replaced(("4760人", "4760"))), tmp_path)
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == 4760)
    cell.value = "4760\n5200"
    result = examined(saved(book, tmp_path))
    assert result.form.indicators[0].cell("actual").text == "4760；5200"
    assert lines(result) == []


HIDDEN: dict[str, tuple[Any, str]] = {
    "row": (lambda sheet: sheet.row_dimensions.__getitem__(15).__setattr__("hidden", True), "第15行"),
    "folded": (lambda sheet: sheet.row_dimensions.group(15, 15, hidden=True), "第15行"),
    "column": (lambda sheet: sheet.column_dimensions.__getitem__("K").__setattr__("hidden", True), "K列"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_hidden_is_said_and_accuses_nobody(name: str, tmp_path: Path) -> None:
    hide, told = HIDDEN[name]
    for change in ("4760人", "4760人次"):
        book = official(replaced(("4760人", change)))
        hide(book.worksheets[0])
        result = examined(saved(book, tmp_path))
        assert any(f"{told}是隐藏的" in notice for notice in result.form.notices)
        # Sums that fit with the hidden row are no error, and what is seen is judged as ever.
        assert [x for x in lines(result) if x.startswith("错误")] == ["错误 B17 第14行"] * (
            change != "4760人"
        )


def test_an_error_value_is_no_name_of_a_project(tmp_path: Path) -> None:
    book = official()
    book.worksheets[0]["C4"], book.worksheets[0]["J6"] = "#REF!", "#DIV/0!"
    result = examined(saved(book, tmp_path))
    assert result.form.project == ""
    assert lines(result) == ["错误 B27 第4行", "错误 B27 第6行"]


def test_dates_in_formats_that_only_a_chinese_excel_knows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for _ in range(3):
        book.worksheets[0].append([44196])
    path = saved(book, tmp_path)
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in (31, 57, 58))
    with_part(
        path,
        "xl/styles.xml",
        lambda _: f"<styleSheet {hostile.MAIN}><cellXfs>{styles}</cellXfs></styleSheet>",
    )
    with_part(
        path, SHEET, lambda c: c.replace(b'r="A2"', b'r="A2" s="1"').replace(b'r="A3"', b'r="A3" s="2"')
    )
    (sheet,), _ = read_sheets(path)
    assert [cell.text for row in sheet.rows for cell in row] == ["2020年12月31日", "2020年12月", "12月31日"]


def test_a_form_whose_headings_are_hidden_is_told_so(tmp_path: Path) -> None:
    book = official()
    book.worksheets[0].row_dimensions[13].hidden = True
    with pytest.raises(EvalbookError, match=r"没有找到自评表.*第13行是隐藏的"):
        read_forms(saved(book, tmp_path))


def test_hidden_rows_without_content_are_not_spoken_of(tmp_path: Path) -> None:
    book = official()
    book.worksheets[0].row_dimensions[3].hidden = True
    assert examined(saved(book, tmp_path)).form.notices == ()


def test_a_merged_area_that_is_hidden_in_part_keeps_its_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["产出指标", "甲"])
    sheet.append([None, "乙"])
    sheet.merge_cells("A1:A2")
    sheet.row_dimensions[1].hidden = True
    (read,), _ = read_sheets(saved(book, tmp_path))
    assert [cell.text for row in read.seen().rows for cell in row] == ["产出指标", "乙"]
    assert read.hidden_places() == "第1行"


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (27487100, '0!.0000"万元"', "2748.71万元"), (27487100, '0"."0000"万元"', "2748.71万元"),
        (27487100, '0\\.0,"万元"', "2748.71万元"), (27487100, '#,##0,"千元"', "27487.1千元"),
        (15000, '[>=10000]0!.0000"万元";0"元"', "1.5万元"), (500, '[>=10000]0!.0000"万元";0"元"', "500元"),
        (98.5, '0.00"%"', "98.5%"), (0.985, "0.0%", "98.5%"), (1234, '#,##0"人"', "1234人"), (5, "0人次", "5人次"),
        (5, 'General"户"', "5户"), (5, "G/通用格式户", "5户"), (5, '"≥"0"人"', "≥5人"), (0, '0"起"', "0起"),
        (2.5, '_ "¥"* #,##0.00_ ', "2.5"), (2.5, "0.00_);[Red]\\(0.00\\)", "2.5"), (0.1 + 0.2, "General", "0.3"),
    ],
)  # fmt: skip
def test_what_a_format_shows(value: float, style: str, text: str) -> None:
    assert shown(value, style) == text


# -- layouts of several provinces

# Invented numbers in layouts of several provinces: rows of (level 1, level 2, name, sign, value, unit, actual value, points).
INDICATORS = [
    ("产出指标", "数量指标", "低保对象月均人数", "≥", "3120", "人", "3186", "15"),
    ("产出指标", "质量指标", "信息核对准确率", "≥", "97", "%", "98", "15"),
    ("产出指标", "时效指标", "救助金发放及时率", "≥", "95", "%", "100", "10"),
    ("产出指标", "成本指标", "入户核查每户成本", "≤", "46", "元/户", "41", "10"),
    ("效益指标", "社会效益指标", "困难家庭救助覆盖率", "≥", "98", "%", "99", "30"),
    ("满意度指标", "服务对象满意度指标", "受助群众满意度", "≥", "92", "%", "95", "10"),
]
PARTS = {"产出指标": "产出指标（50分）", "效益指标": "效益指标（30分）", "满意度指标": "满意度指标（10分）"}
FUNDS = """项目支出绩效自评表
（2023年度）
项目名称,,困难群众救助
项目资金（万元）,,,年初预算数,全年预算数,全年执行数,分值,执行率,得分
,年度资金总额：,,860,860,860,10,100%,10
,其中：财政拨款,,860,860,860,,,
年度总体目标,预期目标,,,,实际完成情况
,保障基本生活,,,,已完成
"""
Layout = tuple[str, str, str, str]
"""What stands above, the headings, a row, the total."""
LEVELS, TOTAL = "绩效指标,一级指标,二级指标,三级指标,", "总分,,,,,,100,100"
ROW = ",{l1},{l2},{name},{target},{actual},{points},{score}"
OFFICIAL = LEVELS + "年度指标值,实际完成值,分值,得分"
LAYOUTS: dict[str, Layout] = {
    "amounts beside their headings": (
        FUNDS.partition("项目资金")[0]
        + "预算执行情况（万元）,预算数:,860,执行数:,860,执行率:,100%\n,其中-财政拨款:,860,其中-财政拨款:,860\n",
        "绩效指标完成情况,一级指标,二级指标,三级指标,预期指标值,实际完成指标值,分值,得分",
        ROW,
        "总分,,,,,,90,90",
    ),
    "a label that names the table of funds": (
        FUNDS.replace("项目资金（", "资金投入情况（"),
        OFFICIAL,
        ROW,
        TOTAL,
    ),
    "a label that names budgets": (FUNDS.replace("项目资金（", "预算安排情况（"), OFFICIAL, ROW, TOTAL),
    "a label that reaches down": (
        FUNDS.replace("全年预算数", "预算下达数").replace(",年度资金总额：", ","),
        OFFICIAL,
        ROW,
        TOTAL,
    ),
    "points and score of the rate": (
        FUNDS.replace("分值,执行率,得分", "执行率权重（分）,执行率（%）,执行率得分（分）"),
        OFFICIAL,
        ROW,
        TOTAL,
    ),
    "amounts below one another": (
        "项目资金,年初预算数:,860,调整后预算数:,860\n,实际支出,860,其他支出,0\n,执行率,100%\n",
        OFFICIAL,
        ROW,
        "总分,,,,,,90,90",
    ),
    "extent": (
        FUNDS,
        "指标,一级指标,二级指标,三级指标,性质,指标值,计量单位,实际完成值,完成程度,分值,得分",
        ",{l1},{l2},{name},{sign},{value},{unit},{number},,{points},{score}",
        "总分,,,,,,,,,100,100",
    ),
    "set and reached": (FUNDS, "绩效指标,一级,二级,三级,设定值,达到值,权数,评定分,说明", ROW + ",", TOTAL),
    "task and end of year": (
        FUNDS,
        "绩效指标,一级指标,二级指标,指标名称,年度任务,年末完成,满分,打分,备注",
        ROW + ",",
        "合计,,,,,,100,100",
    ),
    "standard and deeds": (
        FUNDS,
        "绩效指标,1.一级指标,2.二级指标,3.三级指标,4.应达标准,5.实绩,6.配分,7.自评,8.原因",
        ROW + ",",
        TOTAL,
    ),
    "plan and result": (
        FUNDS,
        "年度绩效目标,一级指标,二级指标,三级指标,计划,执行结果,标准分值,评价得分,扣分原因",
        ROW + ",",
        TOTAL,
    ),
    "sign, value, unit": (
        FUNDS,
        "指标,一级指标,二级指标,指标名称,计算符号,指标值,实际完成值,计量单位,分值,得分,偏差原因",
        ",{l1},{l2},{name},{sign},{value},{number},{unit},{points},{score},",
        "总分,,,,,,,,100,100,",
    ),
    "divided values": (
        FUNDS,
        LEVELS + "年度指标值,,,实际完成值,,分值,得分\n,,,,符号,值,单位,值,单位,,",
        ",{l1},{l2},{name},{sign},{value},{unit},{number},{unit},{points},{score}",
        "总分,,,,,,,,,100,100",
    ),
    "levels below one heading": (
        FUNDS,
        "绩效指标,,,,年度指标值,实际完成值,分值,得分\n,一级指标,二级指标,三级指标,,,,",
        ROW,
        TOTAL,
    ),
    "levels without headings": (FUNDS, "绩效指标,,,,年度指标值,实际完成值,分值,得分", ROW, TOTAL),
    "adjusted": (
        FUNDS,
        LEVELS + "年初指标值,调整后指标值,实际完成值,分值,得分",
        ",{l1},{l2},{name},5{unit},{target},{actual},{points},{score}",
        "总分,,,,,,,100,100",
    ),
    "other years and others' scores": (
        FUNDS,
        LEVELS + "上年实际值,年度指标值,1-6月完成值,全年完成值,分值,单位自评得分,财政复核得分",
        ",{l1},{l2},{name},5{unit},{target},4{unit},{actual},{points},{score},1",
        "总分,,,,,,,,100,100,6",
    ),
    "criteria between": (
        FUNDS,
        "序号,一级指标,二级指标,三级指标,指标解释,评分标准,分值,目标值,完成值,得分,佐证材料",
        "1,{l1},{l2},{name},反映情况,按比例,{points},{target},{actual},{score},台账",
        "总分,,,,,,100,,,100,",
    ),
    "numbered columns": (FUNDS, LEVELS + "年度指标值,实际完成值,分值,得分\n1,2,3,4,5,6,7,8", ROW, TOTAL),
    "four levels": (
        FUNDS,
        "一级指标,二级指标,三级指标,四级指标,年度指标值,实际完成值,分值,得分,备注",
        "{l1},{l2},{l2}情况,{name},{target},{actual},{points},{score},",
        TOTAL,
    ),
    "coefficient": (
        FUNDS,
        LEVELS + "年度指标值,实际完成值,得分系数,权重,得分",
        ",{l1},{l2},{name},{target},{actual},1,{points},{score}",
        "总分,,,,,,,100,100",
    ),
    "points in names": (
        FUNDS,
        LEVELS + "年度指标值,实际完成值,得分",
        ",{l1},{l2},{name}（{points}分）,{target},{actual},{score}",
        "总分,,,,,,100",
    ),
    "points of parts": (
        FUNDS,
        LEVELS + "年度指标值,实际完成值,得分",
        ",{part},{l2},{name},{target},{actual},{score}",
        "总分,,,,,,100",
    ),
    "points of headings": (
        FUNDS,
        LEVELS + "年度指标值,实际完成值,得分",
        ",{l1},{l2}{points}分,{name},{target},{actual},{score}",
        "总分,,,,,,100",
    ),
    "no label": (FUNDS, OFFICIAL, ROW, ",,,,,,100,100"),
    "head": (FUNDS.replace("项目资金", "自评得分：100分,,,自评等级：优\n项目资金"), OFFICIAL, ROW, ""),
    "execution in a heading": (
        FUNDS.replace("分值,执行率,得分", ",执行率,得分（10分×执行率）").replace("860,10,", "860,,"),
        OFFICIAL,
        ROW,
        TOTAL,
    ),
    "execution times rate": (FUNDS.replace("860,10,", "860,10分*执行率,"), OFFICIAL, ROW, TOTAL),
}


def in_layout(layout: Layout, actual: str = "98", budget: str = "860") -> str:
    """A form in a layout, with what was reached of its second indicator and the budget as given."""
    head, headings, row, last = layout
    lines_of: list[str] = []
    for l1, l2, of, sign, value, unit, number, points in INDICATORS:
        reached = actual if of == "信息核对准确率" else number
        first = not any(f"{l1}" in line for line in lines_of)
        words = {"l1": l1 if first else "", "part": PARTS[l1] if first else "", "l2": l2, "name": of}
        values = {"sign": sign, "value": value, "unit": unit, "target": f"{sign}{value}{unit}"}
        lines_of.append(
            row.format(
                **words, **values, number=reached, actual=f"{reached}{unit}", points=points, score=points
            )
        )
    funds = (
        head.rstrip("\n")
        .replace(",860,860,860", f",860,{budget},860")
        .replace("预算数:,860", f"预算数:,{budget}")
    )
    return "\n".join([funds, headings, *lines_of, last])


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name: str, tmp_path: Path) -> None:
    right = of_text(tmp_path, in_layout(LAYOUTS[name]))
    assert (lines(right), right.unjudged, right.form.notices) == ([], (), ())
    assert [row.name.partition("（")[0] for row in right.form.indicators] == [row[2] for row in INDICATORS]
    (fault,) = of_text(tmp_path, in_layout(LAYOUTS[name], actual="93")).of(ERROR)
    assert (fault.rule.id, "信息核对准确率" in fault.suspicion.found) == ("B10", True)
    assert [f.rule.id for f in of_text(tmp_path, in_layout(LAYOUTS[name], budget="1000")).of(ERROR)] == ["B6"]


VALUE_HEADINGS = ["年度指标值", "实际完成值", "分值", "得分"]


@pytest.mark.parametrize(
    ("upper", "lower", "merged"),
    [
        (VALUE_HEADINGS, [None] * 4, [f"{column}1:{column}2" for column in "EFGH"]),
        (["完成情况", None, "评分", None], VALUE_HEADINGS, ["E1:F1", "G1:H1"]),
    ],
)
def test_headings_merged_over_two_rows(
    upper: list[str | None], lower: list[str | None], merged: list[str], tmp_path: Path
) -> None:
    """What is merged downwards belongs to both rows, whichever holds the names of the levels."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["指标体系", None, None, None, *upper, "备注"])
    sheet.append([None, "一级", "二级", "三级", *lower, None])
    for l1, l2, name, sign, value, unit, number, points in INDICATORS:
        share = int(points)
        sheet.append([None, l1, l2, name, f"{sign}{value}{unit}", f"{number}{unit}", share, share, None])
    sheet["F4"] = "93%"
    for area in ("A1:D1", "I1:I2", *merged):
        sheet.merge_cells(area)
    assert lines(examined(saved(book, tmp_path))) == ["错误 B10 第4行"]


NAMED = "绩效指标,一级指标,二级指标,三级指标,{0},{1},分值,{2}"


@pytest.mark.parametrize(
    ("headings", "severity", "told"),
    [
        (("甲栏", "乙栏", "得分"), "疑点", "E列的列名没有认出，按内容当作年度指标值"),
        (("年度指标值", "乙栏", "丙栏"), "疑点", "F列的列名没有认出，按内容当作实际完成值"),
        (("年度指标值", "实际完成值", "得分,风险等级"), "错误", "I列“风险等级”没有认出，没有核对"),
    ],
)
def test_unknown_headings_are_named_and_guesses_only_ask(
    headings: tuple[str, ...], severity: str, told: str, tmp_path: Path
) -> None:
    layout = (
        FUNDS,
        NAMED.format(*headings),
        ROW + "," + ("低" if "," in headings[2] else ""),
        "总分,,,,,,100,100,",
    )
    result = of_text(tmp_path, in_layout(layout, actual="93"))
    assert lines(result) == [f"{severity} B10 第11行"]
    assert any(told in notice for notice in result.form.notices)


def test_what_cannot_be_told_is_not_read(tmp_path: Path) -> None:
    layout = (FUNDS, NAMED.format("甲栏", "乙栏", "得分"), ",{l1},{l2},{name},照办,办了,{points},{score}", "")
    with pytest.raises(
        EvalbookError, match="第9行的列名没有认出：E列“甲栏”、F列“乙栏”，找不到“年度指标值”、“实际完成值”"
    ):
        of_text(tmp_path, in_layout(layout))
    plain = (
        FUNDS,
        NAMED.format("年度指标值", "实际完成值", "丙栏"),
        ROW.replace("{score}", "99"),
        "",
    )
    with pytest.raises(EvalbookError, match="找不到“得分”"):
        of_text(tmp_path, in_layout(plain))


POINTS_OF_PARTS = """一级指标,二级指标,三级指标,年度指标值,实际完成值,得分
预算执行（10分）,预算执行,预算执行率,100%,100%,10
产出指标（60分）,数量指标,入户核查户数,≥640户,655户,{0}
,质量指标,信息核对准确率,≥97%,98%,{1}
效益指标（20分）,社会效益指标,生活改善,改善,改善,18
满意度指标（10分）,服务对象满意度,受助群众满意度,≥92%,95%,10
总分,,,,,{2}
"""
HUNAN = """项目支出绩效自评指标计分表
一级指标,二级指标,三级指标,自评分,具体指标,评价标准
项目决策（20分）,项目目标（8分）,目标内容（8分）,{0},目标明确,设有目标(1分) 目标明确(1分)
,决策过程（12分）,决策依据（12分）,12,符合规定,符合法律法规(1分)
项目管理（25分）,资金管理（25分）,使用规范性（25分）,25,合规,违规使用的扣分
项目绩效（55分）,项目产出（15分）,产出数量（15分）,15,达标,对比
,项目效益（40分）,社会效益（40分）,40,提高,对比
总分,,,{1},,
"""
HUBEI = """2019年度困难群众救助项目自评表
单位名称：某县民政局,,,,填报日期：2020年4月1日,,总分：{0}分
项目名称,,困难群众救助,,,,
预算执行情况（万元）（20分）,,,预算数（A）,执行数（B）,执行率（B/A）,得分（20分*执行率）
,年度财政资金总额,,860,817,95%,{1}
年度绩效目标1（60分）,一级指标,二级指标,三级指标,年初目标值（A）,实际完成值（B）,得分
,产出指标,数量指标,救助人数（20分）,≥100人,120人,20
,,质量指标,发放准确率（20分）,≥98%,{2},20
,效益指标,社会效益指标,覆盖率（20分）,≥95%,96%,20
年度绩效目标2（20分）,一级指标,二级指标,三级指标,年初目标值（A）,实际完成值（B）,得分
,产出指标,数量指标,入户次数（10分）,≥4次,4次,10
,满意度指标,服务对象满意度指标,满意度（10分）,≥90%,95%,10
总分,,,,,,{3}
偏差大或目标未完成原因分析,,无,,,,
"""
BARE = """项目支出绩效自评表
项目名称,困难群众救助,,,,
预算执行情况,预算数,300,执行数,285,95%
一级指标,二级指标,三级指标,预期指标值,实际完成值,自评得分
产出指标（50）,数量指标,救助户数,≥100户,102户,30
,质量指标,收入占比,≥32%,{1},{0}
效益指标（30）,社会效益指标,群众生活,改善,改善,30
满意度指标（10）,满意度指标,群众满意度,≥90%,92%,10
预算执行率（10）,预算执行率,预算执行率,100%,95%,9
自评总分,,,,,{2}
"""
FLAT = "序号,指标名称,目标值,完成值,{0}\n1,保障人数,≥300人,310人,{1}\n2,核对准确率,≥97%,93%,{2}\n3,满意度,≥90%,95%,30\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (POINTS_OF_PARTS.format(30, 28, 96), []),
        (POINTS_OF_PARTS.format(30, 34, 102), ["错误 B24 第3行"]),
        (POINTS_OF_PARTS.format(30, 28, 100), ["错误 B4 第7行"]),
        (POINTS_OF_PARTS.format(30, 28, 90), ["错误 B4 第7行"]),
        (HUNAN.format(8, 100), []),
        (HUNAN.format(7, 99), []),
        (HUNAN.format(9, 101), ["错误 B9 第3行"]),
        (HUNAN.format(7, 100), ["错误 B4 第8行"]),
        (HUBEI.format(99, 19, "99%", 99), []),
        (HUBEI.format(99, 19, "95%", 99), ["错误 B10 第8行"]),
        (HUBEI.format(100, 20, "99%", 100), ["错误 B7 第5行"]),
        (HUBEI.format(97, 19, "99%", 99), ["错误 B23 第2行"]),
        (HUBEI.format(97, 19, "99%", 97), ["错误 B4 第13行"]),
        (BARE.format(20, "33.4%", 99), []),
        (BARE.format(20, "33.4%", 99).replace("（50）", "（1）").replace("（30）", "（2）"), []),
        (BARE.format(20, "31.4%", 99), ["错误 B10 第6行"]),
        (BARE.format(22, "33.4%", 101), ["错误 B24 第5行"]),
        (BARE.format(20, "33.4%", 98), ["错误 B4 第10行"]),
        (FLAT.format("得分系数", 1, 1), ["错误 B26 第3行"]),
        (FLAT.format("得分系数", 1, 0.9), []),
        (FLAT.format("权重,得分系数,得分", "40,1,40", "30,90%,27").replace("30\n", "30,1,30\n"), []),
        (FLAT.format("权重,得分系数,得分", "40,1,40", "30,90%,28").replace("30\n", "30,1,30\n"), ["错误 B26 第3行"]),
        (FLAT.format("得分", 40, 20) + "总分,,,,90\n", []),
        (FLAT.format("得分", 40, 20) + "总分,,,,99\n", []),
        (FLAT.format("得分", 40, 20) + "总分,,,,104\n", ["疑点 B4 第5行"]),
        (FLAT.format("得分", 95, 93) + "综合得分,,,,72.6\n", []),
    ],
)  # fmt: skip
def test_points_without_a_column_of_points(text: str, found: list[str], tmp_path: Path) -> None:
    assert lines(of_text(tmp_path, text)) == found


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("自评得分：91.5", "98.8", ["错误 B23 第1行"]),
        ("自评得分：98.8分,,自评等级：优", "98.8", []),
        ("绩效自评总分,98.8", "98.8", []),
        ("自评得分,99,自评等级,优", "98.8", []),
        ("自评得分：98.8", "96.8", ["错误 B4 第14行"]),
        ("自评得分：96.8", "96.8", ["错误 B4 第14行"]),
        ("自评得分：95", "96.8", ["错误 B4 第14行 > B23"]),
        ("自评得分：96.8", "", ["错误 B4 第1行"]),
        ("自评得分：98.8", "", []),
        ("自评得分,98.8,自评等级,良", "", ["错误 B22 第1行"]),
        ("项目名称,困难群众救助,自评得分\n,,98.8", "98.8", []),
        ("项目名称,困难群众救助,自评得分\n,,97.8", "98.8", ["错误 B23 第2行"]),
        ("评价结论,经综合评价，项目自评得分为97.8分。", "98.8", ["错误 B23 第1行"]),
        ("评价结论,上年自评得分为97.8分，今年自评得分98.8分。", "98.8", []),
        ("总分：100分", "98.8", []),
        ("项目支出绩效自评表（满分100分，自评得分见总分行）", "98.8", []),
    ],
)
def test_a_total_above_the_table(first: str, last: str, found: list[str], tmp_path: Path) -> None:
    total_row = ("总分,,,,,100,98.8,", f"总分,,,,,100,{last}," if last else "")
    result = of_text(tmp_path, f"{first}\n{replaced(total_row)}")
    assert lines(result) == found
    assert not any("没有总分" in unjudged.why for unjudged in result.unjudged)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("户次（10分）", "人数（10分）"), []),
        (("户次（8分）", "人数（10分）"), ["错误 B25 第7行"]),
        (("户次（8分）", "人数（5分）"), []),
        (("户次（8分）", "人数"), ["疑点 B25 第7行"]),
        (("户次（每户8分钟）", "人数（10分）"), []),
    ],
)
def test_points_in_names(names: tuple[str, str], found: list[str], tmp_path: Path) -> None:
    changed = replaced(
        ("临时救助户次", f"临时救助{names[0]}"), ("农村低保保障人数", f"农村低保保障{names[1]}")
    )
    assert lines(of_text(tmp_path, changed)) == found


def test_how_the_money_is_managed_is_no_indicator(tmp_path: Path) -> None:
    rows = (
        "资金管理情况,,,情况说明,,存在问题\n,分配科学性,,按因素法,,无\n,下达及时性,,{0},,\n,拨付合规性,,是,,\n,使用规范性,,是,,\n"
        ",执行准确性,,是,,\n,预算绩效管理情况,,是,,\n,支出责任履行情况,,是,,\n年度总体目标,年初"
    )
    for said, blank in (("30日内下达", []), ("", ["资金管理情况没有填：下达及时性"])):
        text = TRANSFER.format(190, "95%", "96%", "").replace("年度总体目标,年初", rows.format(said))
        result = of_text(tmp_path, text)
        assert (lines(result), len(result.form.management), len(result.form.funds)) == ([], 7, 4)
        assert [unjudged.why for unjudged in result.unjudged if "资金管理" in unjudged.why] == blank


# -- hostile files


def test_other_formats_are_answered(tmp_path: Path) -> None:
    for name, content in {
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
        "form.pdf": b"%PDF-1.7",
        "page.xls": b"<html><table><tr><td>1</td></tr></table>",
        "form.rtf": b"{\\rtf1",
        "noise.csv": bytes(range(128, 256)),
        "empty.csv": b"",
        "quotes.csv": '"一级指标,二级指标'.encode(),
        "other.csv": "甲,乙\n1,2\n".encode(),
        "headings.csv": HEADINGS.encode(),
        "broken.xlsx": b"PK\x03\x04" + b"\0" * 50,
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        done = CliRunner().invoke(main, ["score", "--form", str(path)])
        assert done.exit_code == 2, name
        assert "程序出错了" not in done.output, name
        assert any("一" <= character <= "鿿" for character in done.output), name
    assert "另存为" in CliRunner().invoke(main, ["score", "--form", str(tmp_path / "old.xls")]).output
    assert CliRunner().invoke(main, ["score", "--form", str(tmp_path)]).exit_code == 2


def with_part(path: Path, name: str, change: Any) -> Path:
    """Rewrite one part of a workbook."""
    content = {}
    with zipfile.ZipFile(path) as archive:
        content = {part: archive.read(part) for part in archive.namelist()}
    content[name] = change(content.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in content.items():
            archive.writestr(part, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def entities(content: bytes) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    head, _, rest = content.partition(b"<worksheet")
    return head + bomb + b"<worksheet" + rest


HOSTILE = {
    "bomb": ("xl/media/bomb.png", lambda _: b"\0" * (archive.UNPACKED_LIMIT + 1)),
    "large part": ("xl/sharedStrings.xml", lambda _: b" " * (archive.WORKBOOK_LIMIT + 1)),
    "merged": (
        SHEET,
        lambda c: c.replace(b"<mergeCell ref=", b'<mergeCell ref="A30:XFD1048576"/><mergeCell ref=', 1),
    ),
    "entities": (SHEET, entities),
    "word": ("word/document.xml", lambda _: b"<x/>"),
    "no sheet": (SHEET, lambda _: b"<worksheet"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbooks_are_refused(name: str, tmp_path: Path) -> None:
    path = with_part(saved(official(), tmp_path), *HOSTILE[name])
    with pytest.raises(EvalbookError):
        read_forms(path)


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_work_is_bounded(name: str, tmp_path: Path) -> None:
    """What would take minutes or gigabytes is refused with what there is too much of, whatever its part is called."""
    made, told = hostile.REFUSED[name]
    path = tmp_path / "form.xlsx"
    path.write_bytes(made())
    with pytest.raises(EvalbookError, match=told):
        read_forms(path)


@pytest.mark.parametrize("name", hostile.OTHER_FORMATS)
def test_work_is_bounded_in_other_formats(name: str, tmp_path: Path) -> None:
    made, told = hostile.OTHER_FORMATS[name]
    path = tmp_path / "form"
    path.write_bytes(made())
    with pytest.raises(EvalbookError, match=told):
        read_forms(path)


@pytest.mark.parametrize("name", hostile.READ)
def test_what_is_not_read_does_no_harm(name: str, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(hostile.READ[name]())
    assert lines(examined(path)) == lines(
        of_rows(tmp_path, ",".join(hostile.FORM[1]), head=",".join(hostile.HEADINGS))
    )


@pytest.mark.parametrize("name", hostile.OTHERS)
def test_other_files_are_called_what_they_are(name: str, tmp_path: Path) -> None:
    made, told = hostile.OTHERS[name]
    for ending in ("xlsx", "csv"):
        path = tmp_path / f"form.{ending}"
        path.write_bytes(made())
        with pytest.raises(EvalbookError) as refused:
            read_forms(path)
        assert f"是{told}" in str(refused.value)
        assert "损坏" not in str(refused.value)
        assert "请" in str(refused.value)


def test_a_sheet_is_found_by_its_relationship(tmp_path: Path) -> None:
    """Names of parts may be written in several ways; the strict form of the format is the same form."""
    path = tmp_path / "form.xlsx"
    for name, target in (
        ("xl/s.bin", "s.bin"),
        ("x/y", "/x/y"),
        ("xl/W/S.xml", "w/s.XML"),
        ("xl/表", "%E8%A1%A8"),
    ):
        path.write_bytes(hostile.named_otherwise(name, target, hostile.worksheet()))
        assert len(examined(path).form.indicators) == 1
    strict = hostile.worksheet().replace(
        "schemas.openxmlformats.org/spreadsheetml/2006", "purl.oclc.org/ooxml/spreadsheetml"
    )
    path.write_bytes(hostile.package(sheet=strict))
    assert len(examined(path).form.indicators) == 1


def test_a_stray_cell_far_away_does_no_harm(tmp_path: Path) -> None:
    book = official()
    book.worksheets[0]["XFD1048576"] = "x"
    result = examined(saved(book, tmp_path))
    assert lines(result) == []
    assert any("没有读" in notice for notice in result.form.notices)


def test_no_escape_sequence_reaches_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text(
        replaced(
            ("农村低保保障人数", "\x1b[31m\u202e人数"),
            ("4760人", "4604人\x07"),
            ("申请减少", "=cmd|' /C calc'!A0"),
        ),
        encoding="utf-8",
    )
    for options in ([], ["--json"]):
        done = CliRunner().invoke(main, ["score", "--form", str(path), *options])
        assert done.exit_code == 1
        assert not set(done.output) & {"\x1b", "\x07", "\u202e"}


# -- the command


def test_json(tmp_path: Path) -> None:
    path = saved(official(replaced(("4760人", "4604人"))), tmp_path)
    done = CliRunner().invoke(main, ["score", "--form", str(path), "--json"])
    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert document["form"]["project"] == "困难群众救助"
    (finding,) = document["findings"]
    assert (finding["rule"], finding["severity"]) == ("B10", "错误")
    assert finding["places"][0] == {"file": "form.xlsx", "row": 14, "column": "I", "text": "10"}
    assert finding["stated"] == "10"
    assert finding["consequences"][0]["rule"] == "B14"
    assert document["totals"]["stated_score"] == "98.8"
    assert {place["why"] for place in document["unjudged"]}


def test_a_right_form_ends_well(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["score", "--form", str(saved(official(), tmp_path))])
    assert done.exit_code == 0
    assert "错误0条" in done.output


# -- properties


def rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@st.composite
def right_forms(draw: st.DrawFn) -> list[list[str]]:
    """Rows of a form that is right: any points, targets of each kind, scores by either rule, any usual rounding."""
    count = draw(st.integers(2, 8))
    cuts = sorted(draw(st.lists(st.integers(1, 89), min_size=count - 1, max_size=count - 1, unique=True)))
    points = [b - a for a, b in zip([0, *cuts], [*cuts, 90], strict=True)]
    digits = draw(st.integers(1, 2))
    budget = draw(st.decimals(1, 9999, places=2))
    executed = rounded(budget * draw(st.decimals("0.3", 1, places=3)), 2)
    rows, scores = [], [rounded(10 * executed / budget, digits)]
    part = rounded(budget * draw(st.decimals(0, 1, places=1)), 2)
    spent = rounded(executed * draw(st.decimals(0, 1, places=1)), 2)
    rows.append(["预算执行", "", "年度资金总额", f"{budget}", f"{executed}", "10", f"{scores[0]}", ""])
    rows.append(["预算执行", "", "其中：财政拨款", f"{part}", f"{spent}", "10", f"{scores[0]}", ""])
    rows.append(["预算执行", "", "其他资金", f"{budget - part}", f"{executed - spent}", "", "", ""])
    level1 = ["产出指标", "效益指标", "满意度指标"]
    for at, worth in enumerate(points):
        down = draw(st.booleans())
        unit = draw(st.sampled_from(["人", "%", "元/户", "户次"]))
        target = draw(st.integers(1, 100 if unit == "%" else 99999))
        actual = draw(st.integers(0, 100 if unit == "%" else 2 * target))
        missed = actual > target if down else actual < target
        share = Decimal(1)
        if missed and down:
            linear = max(1 - Decimal(actual - target) / target, Decimal(0))
            share = linear if draw(st.booleans()) else Decimal(target) / actual
        elif missed:
            share = Decimal(actual) / target
        score = rounded(worth * share, 2)
        sign = draw(
            st.sampled_from(["≤", "<=", "不超过", "＜＝"] if down else ["≥", ">=", "不低于", "＞＝", "="])
        )
        written = draw(
            st.sampled_from(
                [f"{actual}{unit}", f"{actual}", f" {actual} {unit}", f"{actual}{unit}（年底数）"]
            )
        )
        name = f"指标{'甲乙丙丁戊己庚辛'[at]}"
        part_of = level1[min(at * 3 // count, 2)]
        rows.append([part_of, "", name, f"{sign}{target}{unit}", written, f"{worth}", f"{score}", "见说明"])
        scores.append(score)
    rows.append(["总分", "", "", "", "", "100", f"{sum(scores, Decimal(0))}", ""])
    return rows


def written(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS.split(","))
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


@PROPERTY
@given(rows=right_forms())
def test_right_forms_are_not_accused(scratch: Path, rows: list[list[str]]) -> None:
    result = of_text(scratch, written(rows))
    assert not result.of(ERROR), (lines(result), rows)


@settings(PROPERTY, max_examples=30)
@given(rows=right_forms())
def test_right_workbooks_are_not_accused(scratch: Path, rows: list[list[str]]) -> None:
    rate = float(Decimal(rows[0][4]) / Decimal(rows[0][3]))
    result = examined(saved(official(written(rows), rate), scratch))
    assert not result.of(ERROR), (lines(result), rows)
    assert len(result.form.indicators) == len(rows) - 4


@PROPERTY
@given(rows=right_forms(), data=st.data())
def test_a_planted_fault_is_found(scratch: Path, rows: list[list[str]], data: st.DataObject) -> None:
    fault = data.draw(st.sampled_from(["total", "points", "above", "full"]))
    indicators = rows[3:-1]
    row = data.draw(st.sampled_from(indicators))
    last = rows[-1]
    if fault == "total":
        last[6], rule = f"{Decimal(last[6]) - 3}", "B4"
    elif fault == "points":
        last[5], rule = "90", "B1"
    elif fault == "above":
        more = Decimal(row[5]) + 1 - Decimal(row[6])
        row[6], last[6] = f"{Decimal(row[5]) + 1}", f"{Decimal(last[6]) + more}"
        rule = "B9"
    else:
        row[3], row[4] = "≥1000人", "900人"
        last[6] = f"{Decimal(last[6]) + Decimal(row[5]) - Decimal(row[6])}"
        row[6], rule = row[5], "B10"
    assert rule in {finding.rule.id for finding in of_text(scratch, written(rows)).of(ERROR)}, (fault, rows)


NASTY = (
    "", "0", "-1", "1e9", "NaN", "inf", "≥", "≥≥5", "9" * 400, "100%", "290%", "=1+1", '"', "\n", "\t", "\x00",
    "\x1b[31m", "-5%", "≤0", "≥0", "=0", "0%", "999999999999", "0.0000000000000001", "≥90元", "≤1人次", "90元/人·月",
    "\ufeff", "总分", "合计", "小计", "优", "评价等级：优", "年度资金总额", "一级指标", "年度指标值", "得分", "分值",
    "½", "٣", "长" * 5000,
    "1/0", "－", "（" * 50, "0.000000001", "90%-95%", "12月", "全年预算数", "全年执行数", "执行率", "项目名称",
)  # fmt: skip


@PROPERTY
@given(
    changes=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 7), st.sampled_from(NASTY)), max_size=12),
    cut=st.integers(0, 13),
)
def test_whatever_stands_in_the_cells(scratch: Path, changes: list[tuple[int, int, str]], cut: int) -> None:
    rows = list(csv.reader(io.StringIO(RIGHT)))
    for at, column, text in changes:
        rows[at][column] = text
    text_of = io.StringIO()
    csv.writer(text_of).writerows(rows[: cut or None])
    path = scratch / "nasty.csv"
    path.write_text(text_of.getvalue(), encoding="utf-8")
    done = CliRunner().invoke(main, ["--debug", "score", "--form", str(path), "--json"])
    assert done.exit_code in {0, 1, 2}
    assert done.exception is None or isinstance(done.exception, SystemExit | EvalbookError), done.exception


@pytest.mark.parametrize("ending", ["xlsx", *WRITERS])
def test_damaged_workbooks(ending: str, tmp_path: Path) -> None:
    path = saved(official(), tmp_path)
    if ending != "xlsx":
        path.write_bytes(WRITERS[ending](official_sheet(tmp_path)))
    whole = path.read_bytes()
    random = Random(7)  # noqa: S311
    for _ in range(40):
        damaged = bytearray(whole)
        if random.random() < 0.4:
            damaged = damaged[: random.randrange(len(damaged))]
        else:
            for _ in range(random.randint(1, 20)):
                damaged[random.randrange(len(damaged))] = random.randrange(256)
        path.write_bytes(damaged)
        try:
            for form in read_forms(path):
                examine(form)
        except EvalbookError:
            pass
