"""Every rule about figures broken and nearly broken, once each; the findings of 2020 as reviewed."""

from __future__ import annotations

import ast
import datetime
import hashlib
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Never

import pytest
from counties import County, typed, typed_rows
from faults import all_told
from projects import ROOT

from evalbook import checks
from evalbook.checks import DOUBT, ERROR, FAMILIES, HINT, RULES, SEVERITIES, Findings, Rule, check
from evalbook.checks.facts import Facts, Span, exactly
from evalbook.figures import examine, load
from evalbook.recheck import RULES as FORM_RULES
from evalbook.scoring import ALL_RULES

if TYPE_CHECKING:
    from evalbook.figures import Figure, FigureSet

OF_TEXT = {"G8", "G9", "G10"}
NUMERIC = tuple(rule for rule in RULES if rule.id[0] in "FSLTXCGDR" and rule.id not in OF_TEXT)

YEAR_BEFORE = {
    "funds": "上级,社会救助资金,2500,万元",
    "spending": """
        城市低保,460.00,万元
        农村低保,1380.00,万元
        特困供养,520.00,万元
    """,
    "people": """
        城市低保,,,月均,1020,人
        城市低保,,期末,期末,1010,人
        农村低保,,,月均,5100,人
        精减退职职工生活补助,,,按月累计,500,人次
    """,
    "standards": """
        城市低保,保障标准,560,元/月
        农村低保,保障标准,4500,元/年
        城市特困,保障标准,730,元/月
        农村特困,保障标准,5850,元/年
    """,
}
THE_YEAR = {
    "funds": """
        上级,社会救助资金,2400.00,万元
        上级,儿童福利资金,75.00,万元
        上级,流浪乞讨资金,31.00,万元
        上级,精退生活补贴,20.00,万元
        县本级,临时救助,100.00,万元
        县本级,城市低保工作清理经费,10.00,万元
        上年结转,社会救助资金,150.00,万元
    """,
    "spending": """
        城市低保,480.00,万元
        农村低保,1398.00,万元
        社会救助兜底保障,30.00,万元,另列
        特困供养,565.44,万元
        城市特困,47.04,万元
        农村特困,518.40,万元
        临时救助,120.00,万元
        城乡低保、特困供养物价补贴,39.84,万元,另列
        低保工作经费,10.00,万元
        孤儿补贴,24.40,万元
        事实无人抚养儿童,48.00,万元
        孤儿和事实无人抚养儿童物价补贴,0.28,万元,另列
        流浪乞讨人员救助,30.00,万元
        精减退职职工生活补助,19.20,万元
        城市低保,120.00,万元,,一季度
        城市低保,240.00,万元,,上半年
        城市低保,240.00,万元,,下半年
    """,
    "people": """
        城市低保,,,月均,1000,人
        城市低保,,户数,月均,600,户
        城市低保,,累计人次,按月累计,12000,人次
        城市低保,,期初,期末,1010,人
        城市低保,,新增,全年累计,60,人
        城市低保,,退出,全年累计,80,人
        城市低保,,期末,期末,990,人
        城市低保,,人数,全年累计,1070,人
        农村低保,,,月均,5000,人
        农村低保,一类,,月均,500,人
        农村低保,二类,,月均,1500,人
        农村低保,三类,,月均,3000,人
        社会救助兜底保障,,,月均,100,人
        特困供养,,,月均,640,人
        城市特困,,,月均,40,人
        农村特困,,,月均,600,人
        农村特困,分散供养,,月均,500,人
        农村特困,集中供养,,月均,100,人
        农村特困,全自理,,月均,400,人
        农村特困,半护理,,月均,150,人
        农村特困,全护理,,月均,50,人
        临时救助,,,按次累计,800,户次
        临时救助,,人次,按次累计,900,人次
        临时救助,,户数,全年累计,700,户
        临时救助,急难型,,按次累计,500,户次
        临时救助,支出型,,按次累计,300,户次
        临时救助,乡镇审批,,按次累计,600,户次
        临时救助,县级审批,,按次累计,200,户次
        孤儿补贴,,,按月累计,240,人次
        孤儿补贴,,人数,全年累计,22,人
        孤儿补贴,社会散居,,按月累计,200,人次
        孤儿补贴,集中养育,,按月累计,40,人次
        事实无人抚养儿童,,,按月累计,600,人次
        流浪乞讨人员救助,,,按次累计,200,人次
        流浪乞讨人员救助,站内,,按次累计,150,人次
        流浪乞讨人员救助,站外,,按次累计,50,人次
        精减退职职工生活补助,,,按月累计,480,人次
        城市低保,,,月均,700,人,枫桥镇
        城市低保,,,月均,300,人,石门乡
        农村低保,,,月均,2000,人,枫桥镇
        农村低保,,,月均,3000,人,石门乡
        农村特困,集中供养,,月均,20,人,,全自理
        农村特困,集中供养,,月均,45,人,,半护理
        农村特困,集中供养,,月均,35,人,,全护理
    """,
    "standards": """
        城市低保,保障标准,580,元/月,2021-01-01
        城市低保,提标后标准,7200,元/年,2021-07-01
        城市低保,人均救助水平,400,元/月
        农村低保,保障标准,4800,元/年
        农村低保,人均救助水平,233,元/月
        城市特困,保障标准,780,元/月
        农村特困,保障标准,6240,元/年
        农村特困,全自理标准,150,元/月
        农村特困,半护理标准,240,元/月
        农村特困,全护理标准,480,元/月
        临时救助,次均救助水平,1500,元/户次
        孤儿补贴,社会散居标准,950,元/月
        孤儿补贴,集中养育标准,1350,元/月
        事实无人抚养儿童,保障标准,950,元/月
        精减退职职工生活补助,保障标准,400,元/月
    """,
    "tiers": """
        农村低保,一类,380,元/月
        农村低保,二类,250,元/月
        农村低保,三类,200,元/月
    """,
    "actions": """
        relief_amount,临时救助,全年临时救助金额,120.00,万元,同一数
        relief_cases,临时救助,全年临时救助次数,800,户次,同一数
        large_relief,临时救助,大额临时救助次数,20,户次,其中
        homes,农村特困,农村特困集中供养率,16.67,%
        cleared_people,,专项治理清退人数,80,人
        cleared_households,,专项治理清退户数,50,户
        large_relief_people,临时救助,大额临时救助人数,20,人,其中
        visited,,入户核查人数,100,人
        visited_men,,入户核查男性人数,60,人,分项,入户核查人数
        visited_women,,入户核查女性人数,40,人,分项,入户核查人数
    """,
    "background": "resident_population,常住人口,30,万人",
    "claims": """
        上级资金合计,2526.00,万元
        县本级资金合计,110.00,万元
        资金安排总额,2786.00,万元
        累计支出合计,2765.16,万元
        社会救助领域支出,2643.28,万元
        支出与资金之比,99.25,%
        上级资金占资金总额比重,90.67,%
        农村低保保障标准,400,元/月
        城市低保累计支出,4800000,元
        城市低保累计支出较上年增长率,4.35,%
    """,
    "relations": """
        入户核查人数,合计,入户核查男性人数、入户核查女性人数
        专项治理清退人数,差额,入户核查人数、大额临时救助人数
        农村特困集中供养率,比率,农村特困集中供养月均人数、农村特困月均人数
        入户核查人数,其中,大额临时救助人数、专项治理清退人数
    """,
}


GOOD = replace(typed(2021, THE_YEAR, typed(2020, YEAR_BEFORE)), places=("枫桥镇", "石门乡"))
"""A county that every rule has something to look at, and that breaks none."""

ALONE = replace(GOOD, before=None).without("claims", "城市低保累计支出较上年增长率")
"""The same without the year before, which is read twice as fast."""

AGAINST_LAST_YEAR = {"S5", "S6", "L11", "X10", "C5", "G3", "G6"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose year is written anew by each test."""
    return tmp_path_factory.mktemp("county")


def checked(county: County, folder: Path) -> Findings:
    return check(load(county.write(folder), county.year))


# -- every rule, at its tolerance and beyond


@dataclass(frozen=True)
class Change:
    """One row changed, added (no key) or taken away (no cells)."""

    table: str
    key: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]

    def made_to(self, county: County) -> County:
        if not self.key:
            return county.added(self.table, **dict(self.cells))
        return county.changed(self.table, *self.key, **dict(self.cells)) if self.cells else county.without(
            self.table, *self.key
        )  # fmt: skip


def put(place: str, value: str = "", **cells: str) -> Change:
    """Change a row, named as ``table 项目 统计项``; other cells by heading."""
    table, *key = place.split()
    return Change(table, tuple(key), tuple({**({"value": value} if value else {}), **cells}.items()))


def row(table: str, line: str) -> Change:
    """Add a row."""
    return Change(table, (), tuple(typed_rows(table, line)[0].items()))


@dataclass(frozen=True)
class Setting:
    """One key of ``year.yml`` changed."""

    name: str
    value: str

    def made_to(self, county: County) -> County:
        return county.said(**{self.name: self.value})


Changes = Change | Setting | tuple[Change | Setting, ...]


@dataclass(frozen=True)
class Edge:
    """Both sides of what a rule allows.

    Attributes
    ----------
    rule : str
        Its id.
    near, broken : Change or tuple of Change
        The last that is allowed, and the first that is not.
    about : str
        Subject of the finding.
    severity : str
        Empty for the rule's own.
    """

    rule: str
    near: Changes
    broken: Changes
    about: str
    severity: str = ""


def stated_of(whole: str, *terms: str) -> str:
    """Subject of a stated relation between numbers of the year's work."""
    listed = "+".join(f"actions.{term}" for term in terms)
    return f"actions.{whole}.{hashlib.sha256(listed.encode()).hexdigest()[:6]}"


URBAN_RAISED = "standards 城市低保 提标后标准"
CHILDREN = "上级,儿童福利资金"
ONE_STANDARD = (
    put("standards 孤儿补贴 集中养育标准"),
    put("standards 孤儿补贴 社会散居标准"),
    row("standards", "孤儿补贴,保障标准,950,元/月"),
)
NO_RURAL_LEVEL = (put("spending 农村低保"), put("standards 农村低保 人均救助水平"))
JOINT_STANDARDS = (
    put("standards 农村低保 保障标准"),
    put("claims 农村低保保障标准"),
    row("standards", "最低生活保障,保障标准,680,元/月"),
)
UNKNOWN_SPENDING = put("spending 社会救助兜底保障", 金额="", 标志="x", 出处="")
UNKNOWN_FUNDS = put("funds 上级 儿童福利资金", 金额="", 标志="x", 出处="")
NO_OWN_FUNDS = (
    put("funds 县本级 临时救助"),
    put("funds 县本级 城市低保工作清理经费"),
    put("claims 县本级资金合计"),
    put("claims 资金安排总额", "2676.00"),
)
NO_TIERS = tuple(put(f"tiers 农村低保 {tier}") for tier in ("一类", "二类", "三类"))
VAGRANTS = (
    put("people 流浪乞讨人员救助 站内"),
    put("people 流浪乞讨人员救助 站外"),
    row("actions", "told,流浪乞讨人员救助,救助流浪乞讨人员人次,200,人次,同一数"),
)
ONE_MONTH = (
    Setting("起始日期", "2021-12-01"),
    put("spending 城市低保 一季度"),
    put("spending 城市低保 上半年"),
    put("spending 城市低保 下半年"),
)


def homes_of_rural_tekun(whole: str, dispersed: str = "490") -> Changes:
    """Households of 600 people, 100 of them in homes."""
    told = (f",,户数,期末,{whole},户", f",分散供养,户数,期末,{dispersed},户", ",集中供养,户数,期末,100,户")
    return tuple(row("people", f"农村特困{line}") for line in told)


def tekun_in_homes(whole: str) -> Changes:
    """特困 in homes, 100 of them in the country, in all and in town."""
    names = (("特困供养", whole), ("城市特困", "23"))
    return tuple(row("people", f"{name},集中供养,,月均,{number},人") for name, number in names)


def told_of_tekun(counted: str, unit: str, *numbers: str) -> Changes:
    """Something counted of 特困, in all, in town and in the country."""
    names = ("特困供养", "城市特困", "农村特困")
    return tuple(
        row("people", f"{name},,{counted},{number},{unit}")
        for name, number in zip(names, numbers, strict=True)
    )


VISITED = (
    row("actions", "a,,户主农村人数,50,人,分项,专项治理清退人数"),
    row("actions", "b,,户主男性人数,40,人,分项,专项治理清退人数"),
    row("actions", "c,,户主城市人数,30,人,分项,专项治理清退人数"),
    row("actions", "d,,户主女性人数,40,人,分项,专项治理清退人数"),
)
EDGES = (
    # A total of n numbers printed to the cent may differ by n + 1 halves of a cent.
    Edge(
        "F1",
        put("claims 上级资金合计", "2526.02"),
        put("claims 上级资金合计", "2526.03"),
        "funds_total.superior",
    ),
    Edge(
        "F2",
        put("claims 县本级资金合计", "110.01"),
        put("claims 县本级资金合计", "110.02"),
        "funds_total.county",
    ),
    Edge(
        "F3", put("claims 资金安排总额", "2786.03"), put("claims 资金安排总额", "2786.04"), "funds_total.all"
    ),
    Edge(
        "F4",
        put("funds 上年结转 社会救助资金", "129.07"),
        put("funds 上年结转 社会救助资金", "129.06"),
        "all",
        ERROR,
    ),
    Edge(
        "F4",
        put("funds 上级 社会救助资金", "2379.07"),
        (put("funds 上年结转 社会救助资金"), put("funds 上级 社会救助资金", "2529.06")),
        "all",
        DOUBT,
    ),
    Edge(
        "F5",
        put("spending 流浪乞讨人员救助", "0.01"),
        put("spending 流浪乞讨人员救助"),
        "vagrant_relief.spending",
    ),
    Edge("F5", put("people 孤儿补贴", "0"), put("spending 孤儿补贴"), "orphans.spending"),
    Edge(
        "F6",
        put("funds 上年结转 社会救助资金", "133.23"),
        put("funds 上年结转 社会救助资金", "133.22"),
        "social_assistance",
    ),
    Edge("F7", put("claims 支出与资金之比", "99.26"), put("claims 支出与资金之比", "99.27"), "execution.all"),
    Edge(
        "F7",
        (UNKNOWN_SPENDING, put("claims 支出与资金之比", "99.25")),
        (UNKNOWN_SPENDING, put("claims 支出与资金之比", "99.27")),
        "execution.all",
    ),
    Edge(
        "F4",
        (UNKNOWN_SPENDING, put("claims 累计支出合计", "2786.00")),
        (UNKNOWN_SPENDING, put("claims 累计支出合计", "2786.10")),
        "all",
        ERROR,
    ),
    Edge(
        "F7",
        put("funds 上年结转 社会救助资金", "436.40"),
        put("funds 上年结转 社会救助资金", "436.60"),
        "all",
        DOUBT,
    ),
    Edge(
        "F8",
        (put("spending 低保工作经费", "10.04"), put("funds 县本级 城市低保工作清理经费", "10.0")),
        (put("spending 低保工作经费", "10.06"), put("funds 县本级 城市低保工作清理经费", "10.0")),
        "all",
    ),
    Edge(
        "F9",
        row("funds", "上级,抗疫国债资金,100.00,万元"),
        row("funds", "县本级,抗疫国债资金,100.00,万元"),
        "funds.county.treasury_bonds",
    ),
    Edge(
        "F10",
        put("funds 县本级 临时救助", "120.00"),
        put("funds 县本级 临时救助", "120.01"),
        "temporary_relief",
    ),
    Edge(
        "F11",
        row("actions", "insurance,临时救助,临时救助实物金额,8,万元,其中"),
        row("actions", "insurance,,护理保险金额,8,万元"),
        "actions.insurance",
    ),
    # What is part of other money, or has not been spent, is no missing spending.
    *(
        Edge(
            "F11",
            row("actions", f"told,{told}"),
            row("actions", "told,,困难群众取暖费,8,万元"),
            "actions.told",
        )
        for told in (
            ",护理补贴,8,万元,其中,农村特困累计支出",
            ",第一批资金,8,万元,其中,上级安排儿童福利资金",
            ",下达乡镇资金,8,万元",
            ",慈善募集资金,8,万元",
            "儿童福利资金,儿童第二批,8,万元",
        )
    ),
    Edge("F12", put("spending 城市低保", "59.97"), put("spending 城市低保", "59.96"), "urban_dibao"),
    Edge("F12", put("spending 城市低保", "3601.80"), put("spending 城市低保", "3601.81"), "urban_dibao"),
    Edge(
        "F13",
        put("claims 累计支出合计", "2765.22"),
        put("claims 累计支出合计", "2765.23"),
        "spending_total.all",
    ),
    Edge(
        "F13",
        put("claims 累计支出合计", "2765"),
        put("claims 累计支出合计", "2765.2"),
        "spending_total.all",
        HINT,
    ),
    Edge(
        "F13",
        (UNKNOWN_SPENDING, put("claims 累计支出合计", "2735.16")),
        (UNKNOWN_SPENDING, put("claims 累计支出合计", "2735.04")),
        "spending_total.all",
    ),
    Edge(
        "F3",
        (UNKNOWN_FUNDS, put("claims 资金安排总额", "2786")),
        (UNKNOWN_FUNDS, put("claims 资金安排总额", "2784")),
        "funds_total.all",
    ),
    Edge("F14", put("spending 特困供养", "565.45"), put("spending 特困供养", "565.46"), "spending.tekun"),
    Edge(
        "F14",
        (row("funds", f"{CHILDREN},50.00,万元,提前下达"), row("funds", f"{CHILDREN},25.00,万元,第一批")),
        (row("funds", f"{CHILDREN},50.00,万元,提前下达"), row("funds", f"{CHILDREN},24.98,万元,第一批")),
        "funds.superior.child_welfare_funds.batches",
        DOUBT,
    ),
    Edge(
        "F15",
        row("funds", f"{CHILDREN},75.00,万元,,到位"),
        row("funds", f"{CHILDREN},75.01,万元,,到位"),
        "funds.superior.child_welfare_funds.received",
    ),
    Edge(
        "F16",
        put("funds 上级 儿童福利资金", "138258"),
        put("funds 上级 儿童福利资金", "138259"),
        "funds",
        DOUBT,
    ),
    Edge("F16", put("spending 城市低保", "138258"), put("spending 城市低保", "1000001"), "spending"),
    Edge("S1", put(URBAN_RAISED, "6972"), put(URBAN_RAISED, "6973"), "urban_dibao"),
    Edge(
        "S2",
        put("standards 农村低保 保障标准", "1800"),
        put("standards 农村低保 保障标准", "1799"),
        "standards.rural_dibao.standard",
    ),
    Edge(
        "S2",
        put("standards 城市特困 保障标准", "2500"),
        put("standards 城市特困 保障标准", "2501"),
        "standards.urban_tekun.standard",
    ),
    Edge(
        "S3",
        put("standards 农村低保 保障标准", "6966"),
        put("standards 农村低保 保障标准", "6967"),
        "dibao.standard",
    ),
    Edge(
        "S3",
        put("standards 农村低保 保障标准", "3480"),
        put("standards 农村低保 保障标准", "3479"),
        "dibao.standard",
        DOUBT,
    ),
    Edge(
        "S4",
        put("standards 农村低保 保障标准", "4300"),
        put("standards 农村低保 保障标准", "4299"),
        "standards.rural_dibao.standard",
    ),
    Edge(
        "S5",
        put("standards 农村低保 保障标准", "4500"),
        put("standards 农村低保 保障标准", "4499"),
        "rural_dibao",
    ),
    Edge(
        "S6",
        put("standards 农村低保 保障标准", "5625"),
        put("standards 农村低保 保障标准", "5626"),
        "rural_dibao.before",
    ),
    # The urban standard after its raise is 7200 a year: town and country have become one.
    Edge(
        "S6",
        put("standards 农村低保 保障标准", "7200"),
        put("standards 农村低保 保障标准", "6840"),
        "rural_dibao.before",
    ),
    Edge(
        "S7",
        put(URBAN_RAISED, 生效日期="2021-12-31"),
        put(URBAN_RAISED, 生效日期="2022-01-01"),
        "urban_dibao",
    ),
    Edge(
        "S7",
        row("claims", "城市低保保障标准,590,元/月"),
        row("claims", "城市低保保障标准,591,元/月"),
        "urban_dibao",
    ),
    Edge("S8", put(URBAN_RAISED, "7200"), put(URBAN_RAISED, "7212"), "standards.urban_tekun.standard"),
    Edge(
        "S8",
        (*JOINT_STANDARDS, row("standards", "特困供养,保障标准,884,元/月")),
        (*JOINT_STANDARDS, row("standards", "特困供养,保障标准,882,元/月")),
        "standards.tekun.standard",
    ),
    Edge(
        "S8",
        put("standards 农村特困 保障标准", "6228"),
        put("standards 农村特困 保障标准", "6227"),
        "standards.rural_tekun.standard",
    ),
    Edge("S9", put(URBAN_RAISED, "6954"), put(URBAN_RAISED, "6953"), "urban_dibao"),
    Edge(
        "S9",
        put("claims 农村低保保障标准", "400.0"),
        put("claims 农村低保保障标准", "401"),
        "standards.rural_dibao.standard",
    ),
    Edge(
        "S10", put("tiers 农村低保 二类", "379"), put("tiers 农村低保 二类", "380"), "tiers.rural_dibao.tier2"
    ),
    Edge("S10", put("tiers 农村低保 一类", "400"), put("tiers 农村低保 一类", "401"), "rural_dibao.highest"),
    Edge("S11", put("tiers 农村低保 三类", "80"), put("tiers 农村低保 三类", "79"), "rural_dibao"),
    Edge(
        "S8",
        put("standards 农村特困 保障标准", "10080"),
        put("standards 农村特困 保障标准", "10081"),
        "standards.rural_tekun.standard",
    ),
    Edge(
        "S12",
        put("standards 孤儿补贴 集中养育标准", "950"),
        put("standards 孤儿补贴 集中养育标准", "949"),
        "orphans.homes",
    ),
    Edge(
        "S15",
        tuple(row("standards", f"农村特困,{form}供养标准,7200,元/年") for form in ("集中", "分散")),
        tuple(
            row("standards", f"农村特困,{form}供养标准,{n},元/年")
            for form, n in (("集中", 7199), ("分散", 7200))
        ),
        "rural_tekun",
    ),
    Edge(
        "S12",
        put("standards 孤儿补贴 集中养育标准", "1350"),
        put("standards 孤儿补贴 集中养育标准", "1349"),
        "orphans.in_homes.minimum",
    ),
    Edge(
        "S12",
        (put(URBAN_RAISED, "11400"), put("standards 城市低保 保障标准", "900")),
        (put(URBAN_RAISED, "11412"), put("standards 城市低保 保障标准", "900")),
        "orphans.dibao",
    ),
    Edge(
        "S13",
        put("standards 事实无人抚养儿童 保障标准", "950"),
        put("standards 事实无人抚养儿童 保障标准", "951"),
        "de_facto_orphans",
    ),
    Edge(
        "S14",
        put("standards 农村特困 半护理标准", "230"),
        put("standards 农村特困 半护理标准", "229"),
        "rural_tekun.half_care.share",
    ),
    Edge(
        "S14",
        put("standards 农村特困 全自理标准", "239"),
        put("standards 农村特困 全自理标准", "240"),
        "rural_tekun.half_care",
    ),
    # What an author computed may have been cut off: 401 less a hair is stated as 400.
    Edge("L1", put("spending 城市低保", "481.20"), put("spending 城市低保", "481.21"), "urban_dibao"),
    Edge(
        "L2",
        put("standards 农村低保 人均救助水平", "235"),
        put("standards 农村低保 人均救助水平", "236"),
        "rural_dibao",
    ),
    Edge(
        "L3",
        (put("people 农村低保", 口径="期末"), put("standards 农村低保 人均救助水平", "261")),
        (put("people 农村低保", 口径="期末"), put("standards 农村低保 人均救助水平", "262")),
        "rural_dibao",
    ),
    Edge(
        "L4",
        put("standards 城市低保 人均救助水平", "600"),
        put("standards 城市低保 人均救助水平", "601"),
        "urban_dibao",
    ),
    Edge(
        "L2",
        row("standards", "孤儿补贴,人均救助水平,1016.67,元/月"),
        row("standards", "孤儿补贴,人均救助水平,1017.67,元/月"),
        "orphans",
        DOUBT,
    ),
    Edge(
        "L2",
        (*ONE_MONTH, put("standards 农村低保 人均救助水平", "2796")),
        (*ONE_MONTH, put("standards 农村低保 人均救助水平", "2900")),
        "rural_dibao",
    ),
    Edge(
        "L2",
        (
            *ONE_MONTH,
            put("people 农村低保", "5000", 口径="期末"),
            put("standards 农村低保 人均救助水平", "2796"),
        ),
        (
            *ONE_MONTH,
            put("people 农村低保", "5000", 口径="期末"),
            put("standards 农村低保 人均救助水平", "2900"),
        ),
        "rural_dibao",
    ),
    Edge(
        "L5",
        (put("spending 农村低保"), put("standards 农村低保 人均救助水平", "360")),
        (put("spending 农村低保"), put("standards 农村低保 人均救助水平", "361")),
        "rural_dibao",
    ),
    Edge("L5", put("spending 农村低保", "1080.00"), put("spending 农村低保", "1079.99"), "rural_dibao"),
    Edge(
        "L6",
        put("standards 农村低保 人均救助水平", "399"),
        put("standards 农村低保 人均救助水平", "400"),
        "rural_dibao",
    ),
    Edge(
        "L7",
        put("standards 农村低保 人均救助水平", "379"),
        put("standards 农村低保 人均救助水平", "381"),
        "rural_dibao.stated",
    ),
    Edge(
        "L7",
        put("standards 农村低保 人均救助水平", "379"),
        put("standards 农村低保 人均救助水平", "380"),
        "rural_dibao.stated",
        DOUBT,
    ),
    Edge("L8", put("spending 农村低保", "1415.51"), put("spending 农村低保", "1415.53"), "rural_dibao"),
    Edge(
        "L9", put("spending 农村低保", "1373.86"), put("spending 农村低保", "1373.85"), "rural_dibao.computed"
    ),
    Edge("L10", put("spending 城市低保", "279.43"), put("spending 城市低保", "279.42"), "dibao.computed"),
    Edge(
        "L11",
        put("spending 农村低保", "1781.37"),
        put("spending 农村低保", "1781.38"),
        "rural_dibao.computed",
    ),
    Edge(
        "L12",
        put("spending 社会救助兜底保障", "23.82", 含在=""),
        put("spending 社会救助兜底保障", "23.81", 含在=""),
        "backstop",
    ),
    Edge(
        "L13",
        put("spending 社会救助兜底保障", 含在="农村低保"),
        put("spending 社会救助兜底保障", 含在=""),
        "backstop",
    ),
    Edge(
        "L14",
        put("spending 城乡低保、特困供养物价补贴", "13.28"),
        put("spending 城乡低保、特困供养物价补贴", "13.27"),
        "price_subsidy",
    ),
    Edge(
        "L14",
        put("spending 城乡低保、特困供养物价补贴", "621.50"),
        put("spending 城乡低保、特困供养物价补贴", "621.51"),
        "price_subsidy",
    ),
    Edge(
        "L15",
        row("people", "孤儿补贴,,月均,月均,20,人"),
        row("people", "孤儿补贴,,月均,月均,21,人"),
        "orphans",
    ),
    Edge(
        "L15",
        put("people 城市低保 累计人次", "12011"),
        put("people 城市低保 累计人次", "12012"),
        "urban_dibao",
    ),
    Edge(
        "L16",
        put("spending 精减退职职工生活补助", "19.78"),
        put("spending 精减退职职工生活补助", "19.79"),
        "retrenched_workers",
    ),
    Edge("T1", put("people 农村特困", "601"), put("people 农村特困", "602"), "rural_tekun.dispersed"),
    Edge("T1", homes_of_rural_tekun("590"), homes_of_rural_tekun("592"), "rural_tekun.dispersed.households"),
    Edge(
        "T1",
        homes_of_rural_tekun("590"),
        homes_of_rural_tekun("588"),
        "rural_tekun.dispersed.households",
        DOUBT,
    ),
    Edge(
        "T1",
        homes_of_rural_tekun("600", dispersed="500"),
        homes_of_rural_tekun("598", dispersed="501"),
        "rural_tekun.dispersed.households",
    ),
    Edge("T8", tekun_in_homes("123"), tekun_in_homes("126"), "tekun.institutional"),
    Edge(
        "T8",
        told_of_tekun("户数,期末", "户", "630", "40", "590"),
        told_of_tekun("户数,期末", "户", "629", "40", "590"),
        "tekun.households",
    ),
    Edge(
        "T8",
        told_of_tekun("新增,全年累计", "人", "30", "10", "20"),
        told_of_tekun("新增,全年累计", "人", "31", "10", "20"),
        "tekun.joined",
    ),
    Edge(
        "T8",
        told_of_tekun("退出,全年累计", "人", "30", "10", "20"),
        told_of_tekun("退出,全年累计", "人", "29", "10", "20"),
        "tekun.left",
        DOUBT,
    ),
    Edge("T2", put("people 农村特困", "639"), put("people 农村特困", "640"), "people.rural_tekun"),
    Edge("T3", put("spending 特困供养", "399.44"), put("spending 特困供养", "399.43"), "tekun"),
    Edge("T4", put("spending 特困供养", "864.97"), put("spending 特困供养", "864.98"), "tekun"),
    Edge("T5", put("spending 特困供养", "517.77"), put("spending 特困供养", "517.76"), "tekun"),
    Edge("T6", put("spending 农村特困", "167.46"), put("spending 农村特困", "167.45"), "rural_tekun"),
    Edge(
        "T6",
        (*NO_RURAL_LEVEL, row("standards", "最低生活保障,人均救助水平,736,元/月")),
        (*NO_RURAL_LEVEL, row("standards", "最低生活保障,人均救助水平,738,元/月")),
        "tekun",
    ),
    Edge("T7", put("actions homes", "16.7"), put("actions homes", "16.85"), "rural_tekun.actions.homes"),
    Edge("T8", put("people 特困供养", "640"), put("people 特困供养", "642"), "tekun"),
    Edge(
        "X1",
        put("spending 临时救助", "120.08"),
        put("spending 临时救助", "120.09"),
        "temporary_relief.headcount.temporary_relief",
    ),
    Edge(
        "X1",
        put("spending 临时救助", "480.00"),
        put("spending 临时救助", "480.01"),
        "temporary_relief.usual",
        DOUBT,
    ),
    Edge(
        "X1",
        put("spending 临时救助", "16.00"),
        put("spending 临时救助", "120.00", 单位="元"),
        "temporary_relief.usual",
    ),
    Edge(
        "X2",
        put("actions relief_amount", "120.0"),
        put("actions relief_amount", "120.01"),
        "temporary_relief",
    ),
    # An amount that is named otherwise is another one.
    *(
        Edge(
            "X2",
            row("actions", f"other,{other},36,万元"),
            row("actions", f"other,{same},36,万元"),
            f"{code}.part",
            DOUBT,
        )
        for other, same, code in (
            ("临时救助,乡镇临时救助备用金", "临时救助,全年发放临时救助金", "temporary_relief"),
            ("城市低保,城市低保提标新增支出", "城市低保,累计发放城镇低保资金", "urban_dibao"),
            ("农村低保,2020年农村低保支出", "农村低保,全县农村低保支出", "rural_dibao"),
            ("孤儿补贴,孤儿助学金", "孤儿补贴,孤儿基本生活费发放金额", "orphans"),
        )
    ),
    Edge(
        "X3",
        put("people 临时救助 人次", "800"),
        put("people 临时救助 人次", "799"),
        "temporary_relief.people.temporary_relief.visits",
    ),
    Edge(
        "X3",
        row("people", "临时救助,急难型,人次,按次累计,500,人次"),
        row("people", "临时救助,急难型,人次,按次累计,499,人次"),
        "temporary_relief.people.temporary_relief.emergency.visits",
    ),
    Edge("X4", put("spending 临时救助", "576.00"), put("spending 临时救助", "576.01"), "temporary_relief"),
    Edge(
        "X5",
        (put("people 临时救助 急难型", "501"), put("people 临时救助 支出型", "299")),
        put("people 临时救助 急难型", "501"),
        "temporary_relief.emergency",
    ),
    Edge(
        "X6",
        put("people 临时救助 户数", "799"),
        put("people 临时救助 户数", "801"),
        "temporary_relief.headcount.temporary_relief",
    ),
    Edge(
        "X6",
        put("people 临时救助 户数", "799"),
        put("people 临时救助 户数", "800"),
        "temporary_relief.headcount.temporary_relief.unit",
        DOUBT,
    ),
    Edge(
        "X7",
        (put("people 流浪乞讨人员救助 站内", "151"), put("people 流浪乞讨人员救助 站外", "49")),
        put("people 流浪乞讨人员救助 站内", "151"),
        "vagrant_relief.in_station",
    ),
    Edge(
        "X8", put("actions large_relief", "800"), put("actions large_relief", "801"), "actions.large_relief"
    ),
    Edge(
        "X8",
        (row("people", "农村特困,,户数,期末,90,户"), row("people", "农村特困,集中供养,户数,期末,90,户")),
        (row("people", "农村特困,,户数,期末,90,户"), row("people", "农村特困,集中供养,户数,期末,91,户")),
        "people.rural_tekun.institutional.households",
    ),
    Edge(
        "X9",
        row("people", "农村特困,集中供养,户数,月均,100,户"),
        row("people", "农村特困,集中供养,户数,月均,101,户"),
        "rural_tekun.institutional",
    ),
    Edge(
        "X9",
        row("people", "城市特困,,户数,全年累计,45,户"),
        row("people", "城市特困,,户数,月均,41,户"),
        "urban_tekun",
    ),
    Edge(
        "X9",
        row("people", "城市特困,,户数,期末,40,户"),
        row("people", "城市特困,,户数,期末,41,户"),
        "urban_tekun",
        DOUBT,
    ),
    Edge(
        "X9",
        row("people", "城市低保,,新增户数,全年累计,60,户"),
        row("people", "城市低保,,新增户数,全年累计,61,户"),
        "urban_dibao.joined",
    ),
    Edge("X16", put("people 城市低保 户数", "999"), put("people 城市低保 户数", "1000"), "urban_dibao"),
    Edge(
        "X16",
        (put("people 城市低保", "49"), put("people 城市低保 户数", "49")),
        (put("people 城市低保", "50"), put("people 城市低保 户数", "50")),
        "urban_dibao",
    ),
    Edge(
        "X16",
        put("people 临时救助 人次", "801"),
        put("people 临时救助 人次", "800"),
        "temporary_relief",
        HINT,
    ),
    Edge("X9", put("people 城市低保 户数", "1000"), put("people 城市低保 户数", "1001"), "urban_dibao"),
    Edge("X9", put("people 城市低保 户数", "286"), put("people 城市低保 户数", "285"), "urban_dibao", DOUBT),
    Edge(
        "X9",
        (row("actions", "h,,甲乡救助户数,20,户"), row("actions", "p,,甲乡救助人数,80,人")),
        (row("actions", "h,,甲乡救助户数,21,户"), row("actions", "p,,甲乡救助人数,80,人")),
        "actions.h",
        DOUBT,
    ),
    Edge(
        "X9",
        put("actions cleared_households", "80"),
        put("actions cleared_households", "81"),
        "actions.cleared_households",
    ),
    Edge(
        "X10",
        (put("people 城市低保 期末", "991"), put("people 城市低保 新增", "61")),
        put("people 城市低保 期末", "991"),
        "urban_dibao.closing",
    ),
    Edge(
        "X10",
        (put("people 城市低保 期末", "991"), put("people 城市低保 新增", "61")),
        put("people 城市低保 期初", "1011"),
        "urban_dibao.opening",
        DOUBT,
    ),
    Edge("X11", put("people 城市低保", "1040"), put("people 城市低保", "1041"), "urban_dibao"),
    Edge(
        "X1",
        put("people 流浪乞讨人员救助 站内", "14950"),
        put("people 流浪乞讨人员救助 站内", "14951"),
        "vagrant_relief.usual",
        DOUBT,
    ),
    Edge("X12", put("people 城市低保 退出", "252"), put("people 城市低保 退出", "253"), "urban_dibao"),
    Edge(
        "X13",
        put("people 城市低保 人数", "1000"),
        put("people 城市低保 人数", "999"),
        "urban_dibao.people.urban_dibao.persons",
    ),
    Edge("X14", put("people 农村低保", "5001"), put("people 农村低保", "5002"), "rural_dibao.tier1"),
    Edge(
        "X15",
        (put("actions visited_men", "61"), put("actions visited_women", "39")),
        put("actions visited_men", "61"),
        "actions.visited.parts",
    ),
    # Two ways of parting one total, told one into the other; and a single part.
    Edge(
        "X15",
        VISITED,
        (*VISITED[:3], row("actions", "d,,户主女性人数,41,人,分项,专项治理清退人数")),
        "actions.cleared_people.parts",
    ),
    Edge(
        "X15",
        row("actions", "a,,户主农村人数,50,人,分项,专项治理清退人数"),
        row("actions", "a,,户主农村人数,81,人,分项,专项治理清退人数"),
        "actions.cleared_people.parts",
    ),
    Edge("C1", put("spending 孤儿补贴", "22.57"), put("spending 孤儿补贴", "22.56"), "orphans", DOUBT),
    Edge("C1", put("spending 孤儿补贴", "32.73"), put("spending 孤儿补贴", "32.74"), "orphans", DOUBT),
    Edge("C1", put("spending 孤儿补贴", "22.57"), put("spending 孤儿补贴", "18.23"), "orphans"),
    Edge("C2", (*ONE_STANDARD, put("spending 孤儿补贴", "24.42")), ONE_STANDARD, "orphans"),
    Edge(
        "C3",
        put("people 孤儿补贴 人数", "20"),
        put("people 孤儿补贴 人数", "19"),
        "orphans.people.orphans.persons",
    ),
    Edge(
        "C4",
        put("spending 事实无人抚养儿童", "57.57"),
        put("spending 事实无人抚养儿童", "57.58"),
        "de_facto_orphans",
    ),
    Edge(
        "C4",
        put("spending 事实无人抚养儿童", "28.50"),
        put("spending 事实无人抚养儿童", "28.49"),
        "de_facto_orphans",
    ),
    Edge(
        "C5",
        put("people 精减退职职工生活补助", "14", 口径="全年累计", 单位="人"),
        put("people 精减退职职工生活补助", "13", 口径="全年累计", 单位="人"),
        "retrenched_workers.usual",
    ),
    Edge(
        "C5",
        put("people 精减退职职工生活补助", "500"),
        put("people 精减退职职工生活补助", "501"),
        "retrenched_workers.growing",
    ),
    Edge(
        "C5",
        put("spending 精减退职职工生活补助", "57.60"),
        put("spending 精减退职职工生活补助", "57.61"),
        "retrenched_workers.usual",
    ),
    Edge(
        "C6",
        put("spending 孤儿和事实无人抚养儿童物价补贴", "0.43"),
        put("spending 孤儿和事实无人抚养儿童物价补贴", "0.44"),
        "spending.child_price_subsidy",
    ),
    Edge(
        "G1",
        put("claims 城市低保累计支出", "4800050"),
        put("claims 城市低保累计支出", "4800051"),
        "spending.urban_dibao",
    ),
    Edge(
        "G2",
        put(URBAN_RAISED, 生效日期="2021-12-01"),
        put(URBAN_RAISED, 生效日期=""),
        "standards.urban_dibao.raised_standard",
    ),
    Edge(
        "G3",
        put("claims 城市低保累计支出较上年增长率", "4.3"),
        put("claims 城市低保累计支出较上年增长率", "4.36"),
        "change_rate.spending.urban_dibao",
    ),
    Edge(
        "G4",
        put("claims 上级资金占资金总额比重", "90.7"),
        put("claims 上级资金占资金总额比重", "90.66"),
        "funds_share.superior",
        HINT,
    ),
    Edge(
        "G4",
        put("claims 上级资金占资金总额比重", "90.67"),
        put("claims 上级资金占资金总额比重", "90.65"),
        "funds_share.superior",
    ),
    Edge(
        "G5",
        put("background resident_population", "30.0001"),
        put("background resident_population", "30.00005"),
        "background.resident_population",
    ),
    Edge("G6", put("people 农村低保", "3570"), put("people 农村低保", "3569"), "people.rural_dibao"),
    Edge(
        "G6", put("spending 农村低保", "1932.00"), put("spending 农村低保", "1932.01"), "spending.rural_dibao"
    ),
    Edge(
        "D1",
        put("people 农村低保 枫桥镇", "2001"),
        put("people 农村低保 枫桥镇", "2003"),
        "people.rural_dibao",
    ),
    # Fewer than the whole, and the same places make up another number: they are all.
    Edge(
        "D1",
        (put("people 城市低保 枫桥镇"), put("people 农村低保 枫桥镇")),
        put("people 农村低保 枫桥镇", "1900"),
        "people.rural_dibao",
    ),
    Edge(
        "D1",
        (put("people 城市低保 枫桥镇"), put("people 农村低保 枫桥镇")),
        (put("people 城市低保 枫桥镇", "600"), put("people 农村低保 枫桥镇", "1900")),
        "people.rural_dibao",
        DOUBT,
    ),
    Edge(
        "D2",
        put("people 农村特困 集中供养 半护理", "46"),
        put("people 农村特困 集中供养 半护理", "49"),
        "people.rural_tekun.institutional.care",
    ),
    Edge(
        "D2",
        put("people 农村特困 集中供养 全护理"),
        put("people 农村特困 集中供养 全护理", "32"),
        "people.rural_tekun.institutional.care",
    ),
    Edge(
        "D3",
        put("spending 城市低保 一季度", "240.00"),
        put("spending 城市低保 一季度", "240.02"),
        "spending.urban_dibao.in_m01_03",
    ),
    Edge(
        "D3",
        put("spending 城市低保 下半年", "240.01"),
        put("spending 城市低保 下半年", "241.00"),
        "spending.urban_dibao.periods",
    ),
    Edge("D4", Setting("报告日期", "2021-12-31"), Setting("报告日期", "2021-12-30"), "report_date"),
    # Only some of the money is told: what would need the rest is not asked.
    Edge(
        "F4",
        (
            Setting("资金范围", "部分级次"),
            put("funds 上年结转 社会救助资金"),
            put("funds 上级 社会救助资金", "2379.07"),
        ),
        (put("funds 上年结转 社会救助资金"), put("funds 上级 社会救助资金", "2379.07")),
        "all",
        DOUBT,
    ),
    # More than the levels that are told may be the money of the county, of which nothing is told.
    Edge(
        "F3",
        (*NO_OWN_FUNDS, put("claims 资金安排总额", "2676.00")),
        (*NO_OWN_FUNDS, put("claims 资金安排总额", "2786.00")),
        "funds_total.all",
        DOUBT,
    ),
    Edge("F3", NO_OWN_FUNDS, (*NO_OWN_FUNDS, put("claims 资金安排总额", "2600.00")), "funds_total.all"),
    # What prose tells besides may be what the table lacks.
    *(
        Edge(
            "F13",
            (row("actions", f"told,{told}"), row("spending", "节日慰问补助,8,万元"), total),
            (row("actions", f"told,{told}"), total),
            "spending_total.all",
            severity,
        )
        for total in (put("claims 累计支出合计", "2773.16"),)
        for told, severity in ((",困难群众取暖费,8,万元", DOUBT), (",困难群众取暖费,9,万元", ""))
    ),
    Edge(
        "F11",
        (
            row("actions", "told,,低保支出合计,1878,万元"),
            row("relations", "低保支出合计,合计,城市低保累计支出、农村低保累计支出"),
        ),
        row("actions", "told,,低保支出合计,1878,万元"),
        "actions.told",
    ),
    # A rate of the totals that are stated is right where one of these is not.
    Edge(
        "F7",
        (put("claims 累计支出合计", "2700.00"), put("claims 支出与资金之比", "96.91")),
        (put("claims 累计支出合计", "2700.00"), put("claims 支出与资金之比", "95.91")),
        "execution.all",
    ),
    Edge(
        "X1",
        put("actions relief_cases", "801"),
        (put("actions relief_cases", "801"), put("standards 临时救助 次均救助水平", "1400")),
        "temporary_relief.headcount.temporary_relief",
    ),
    # One of the numbers that are told of a programme is enough to be the same.
    *(
        Edge(
            "X2",
            row("actions", f"told,城市低保,城市低保对象,{near},人,同一数"),
            row("actions", f"told,城市低保,城市低保对象,{broken},人,同一数"),
            "urban_dibao",
        )
        for near, broken in (("1000", "1001"), ("1070", "1007"), ("990", "909"))
    ),
    *(
        Edge(
            "X2",
            row("actions", f"told,,{near},同一数,专项治理清退户数"),
            row("actions", f"told,,{broken},同一数,专项治理清退户数"),
            "actions.told.unit",
            severity,
        )
        for near, broken, severity in (
            ("核对报告,50,份", "核对报告,51,份", ""),
            ("核对报告,50,份", "清退人数,50,人", DOUBT),
        )
    ),
    # A part of those who drew a subsidy, against the months that were drawn.
    *(
        Edge(
            "X8",
            row("actions", f"part,{near},其中"),
            row("actions", f"part,{broken},其中"),
            "actions.part",
            DOUBT,
        )
        for near, broken in (
            ("事实无人抚养儿童,纳入助学工程人数,75,人", "事实无人抚养儿童,纳入助学工程人数,80,人"),
            ("精减退职职工生活补助,其中住院人数,60,人", "精减退职职工生活补助,其中住院人数,90,人"),
        )
    ),
    # The highest tier, where the standard is possible in another unit only.
    Edge(
        "S10",
        (put("standards 农村低保 保障标准", 单位="元/月"), put("tiers 农村低保 一类", "400")),
        (put("standards 农村低保 保障标准", 单位="元/月"), put("tiers 农村低保 一类", "730")),
        "rural_dibao.highest",
        DOUBT,
    ),
    # Averages per case that prose tells.
    Edge(
        "X1",
        row("actions", "told,临时救助,急难型临时救助次均,1400,元/户次"),
        row("actions", "told,临时救助,临时救助户均救助水平,1400,元/户次"),
        "temporary_relief.headcount.temporary_relief",
    ),
    # Shares of totals of which a part is not told, by what is stated of them.
    *(
        Edge(
            "G4",
            (UNKNOWN_FUNDS, put("claims 上级资金占资金总额比重", near)),
            (UNKNOWN_FUNDS, put("claims 上级资金占资金总额比重", broken)),
            "funds_share.superior",
            severity,
        )
        for near, broken, severity in (("90.67", "95.20", ""), ("90.67", "90.66", HINT))
    ),
    Edge(
        "G4",
        (UNKNOWN_FUNDS, put("claims 上级资金占资金总额比重", "95.20"), put("claims 资金安排总额")),
        (UNKNOWN_FUNDS, put("claims 上级资金占资金总额比重", "95.20")),
        "funds_share.superior",
    ),
    # A share of more than the whole.
    *(
        Edge(
            "G12",
            row("actions", f"share,,{near},%"),
            row("actions", f"share,,{broken},%"),
            "actions.share",
            severity,
        )
        for near, broken, severity in (
            ("老年人占比,100", "老年人占比,100.1", ""),
            ("自筹资金占总投入的比例,100", "自筹资金占总投入的比例,153", ""),
            ("群众满意率,98.2", "群众满意率,982", ""),
            ("工作完成率,103", "资料合格率,103", ""),
            ("占比增幅,130", "档案占比,130", ""),
            ("救助资金发放率,100", "救助资金发放率,102", DOUBT),
        )
    ),
    Edge(
        "G12",
        (UNKNOWN_FUNDS, put("claims 上级资金占资金总额比重", "90.67"), put("claims 资金安排总额")),
        (UNKNOWN_FUNDS, put("claims 上级资金占资金总额比重", "906.7"), put("claims 资金安排总额")),
        "claims.funds_share.superior",
    ),
    # Tiers that are listed nowhere may be told of in part only.
    *(
        Edge(
            "X14",
            (*NO_TIERS, put("people 农村低保 一类", "500")),
            (*NO_TIERS, put("people 农村低保 一类", one)),
            "rural_dibao.tier1",
            severity,
        )
        for one, severity in (("503", ""), ("497", DOUBT))
    ),
    Edge(
        "X14",
        (put("people 农村低保 一类"), *NO_TIERS),
        (put("people 农村低保 三类"), *NO_TIERS),
        "rural_dibao.tier1",
        DOUBT,
    ),
    Edge(
        "X14",
        put("people 农村低保 三类"),
        (put("people 农村低保 三类"), put("people 农村低保 二类", "4510")),
        "rural_dibao.tier1",
    ),
    Edge(
        "X14",
        (*NO_TIERS, put("people 农村低保 三类", "2000"), row("people", "农村低保,四类,,月均,1000,人")),
        (*NO_TIERS, put("people 农村低保 三类", "2000"), row("people", "农村低保,四类,,月均,1100,人")),
        "rural_dibao.tier1",
    ),
    # Said to be the same, in another unit.
    *(
        Edge(
            "X2",
            row("actions", f"told,{told},其中"),
            row("actions", f"told,{told},同一数"),
            "actions.told.unit",
            DOUBT,
        )
        for told in (
            "城市特困,城市特困救助次数,42,人次",
            "精减退职职工生活补助,精减退职职工人数,450,人",
        )
    ),
    Edge(
        "X2",
        (*VAGRANTS, put("people 流浪乞讨人员救助", "200", 单位="人", 口径="全年累计")),
        (*VAGRANTS, put("people 流浪乞讨人员救助", "195", 单位="人", 口径="全年累计")),
        "actions.told.unit",
        DOUBT,
    ),
    Edge(
        "R1",
        put("actions visited_men", "60"),
        put("actions visited_men", "59"),
        stated_of("visited", "visited_men", "visited_women"),
    ),
    Edge(
        "R1",
        put("actions large_relief_people", "20"),
        put("actions large_relief_people", "21"),
        stated_of("cleared_people", "visited", "large_relief_people"),
    ),
    Edge(
        "R1",
        put("actions large_relief_people", "20"),
        put("actions large_relief_people", "21"),
        stated_of("visited", "large_relief_people", "cleared_people"),
    ),
    Edge(
        "G7",
        put("background resident_population", "4"),
        put("background resident_population", "3.99"),
        "dibao.all",
    ),
    Edge(
        "G11",
        (put("spending 城市低保", "481.00"), put("spending 农村低保", "1399.00")),
        put("spending 城市低保", "481.00"),
        "spending",
    ),
)


def changed(county: County, changes: Changes) -> County:
    for change in changes if isinstance(changes, tuple) else (changes,):
        county = change.made_to(county)
    return county


def names(edge: Edge) -> str:
    return f"{edge.rule}-{edge.about}{edge.severity and f'-{edge.severity}'}"


def test_the_good_county_breaks_no_rule(folder: Path) -> None:
    findings = checked(GOOD, folder)
    told = [f"{f.id}: {f.message}" for f in findings.listed if f.rule in NUMERIC]
    assert told == []
    assert [rule.id for rule in NUMERIC if findings.fired[rule.id]] == []


@pytest.mark.parametrize("edge", EDGES, ids=names)
def test_a_rule_allows_what_it_should_and_no_more(edge: Edge, folder: Path) -> None:
    base, root = (GOOD, folder) if edge.rule in AGAINST_LAST_YEAR else (ALONE, folder / "alone")
    if edge.rule == "G11":
        base, root = replace(GOOD, before=typed(2020, THE_YEAR)), folder / "pasted"

    def told(changes: Changes) -> dict[str, str]:
        return {
            f.suspicion.subject: f.suspicion.severity or f.rule.severity
            for f in all_told(checked(changed(base, changes), root).listed)
            if f.rule.id == edge.rule
        }

    assert edge.about not in told(edge.near)
    broken = told(edge.broken)
    assert edge.about in broken
    assert broken[edge.about] == (edge.severity or severity_of(edge.rule))


@pytest.mark.parametrize(
    ("standard", "level", "words"),
    [
        ("4141", "345", "约等于农村低保保障标准4141元/年（合345.08元/月）"),
        ("4140", "345", "恰好等于农村低保保障标准4140元/年除以12"),
        ("345元/月", "345", "恰好等于农村低保保障标准345元/月"),
        ("345.2元/月", "345", "约等于农村低保保障标准345.2元/月"),
    ],
)
def test_only_what_is_equal_is_called_so(standard: str, level: str, words: str, folder: Path) -> None:
    number, _, unit = standard.partition("元/")
    held = put("standards 农村低保 保障标准", number, 单位=f"元/{unit or '年'}")
    county = changed(ALONE, (held, put("standards 农村低保 人均救助水平", level)))
    findings = checked(county, folder / "alone").listed
    every = [part for finding in findings for part in (finding, *finding.consequences)]
    told = {f.rule.id: f.suspicion for f in every if f.suspicion.subject == "rural_dibao"}
    assert words in told["L6"].found
    assert f"所写的水平{words}，像是照标准抄的" in told["L2"].notes


def severity_of(rule: str) -> str:
    return next(r.severity for r in RULES if r.id == rule)


def test_every_rule_about_figures_is_tried() -> None:
    assert {edge.rule for edge in EDGES} == {rule.id for rule in NUMERIC}


def test_what_is_wrong_by_its_unit_is_told_first(folder: Path) -> None:
    """One finding for all amounts in 元; what is computed from them follows from it."""
    rows = typed_rows("funds", THE_YEAR["funds"])
    yuan = replace(typed(2021, THE_YEAR | {"claims": ""}), places=GOOD.places)
    for cells in rows:
        yuan = changed(
            yuan, put(f"funds {cells['级次']} {cells['项目']}", f"{float(cells['金额']) * 10000:.0f}")
        )
    first, *_ = checked(yuan, folder / "yuan").listed
    assert (first.rule.id, first.severity) == ("F16", ERROR)
    assert "金额的单位改成元才合理（24000000元合2400万元）" in first.message
    assert "F7" in {consequence.rule.id for consequence in first.consequences}


@pytest.mark.parametrize(
    ("typed_number", "saved"), [("480.00", "480"), ("480.50", "480.5"), ("1480.50", "1480.5")]
)
def test_a_finding_has_one_number_whatever_zeros_are_typed(
    typed_number: str, saved: str, folder: Path
) -> None:
    ids = [
        {
            f.id
            for f in checked(
                changed(ALONE, (put("spending 城市低保", n), put("claims 城市低保累计支出", "1"))),
                folder / "alone",
            ).listed
        }
        for n in (typed_number, saved)
    ]
    assert ids[0] == ids[1] != set()


# -- rounding


def test_half_a_digit_is_rounded_up_and_a_trailing_zero_counts(folder: Path) -> None:
    facts = Facts(load(changed(GOOD, put("spending 城市低保", "480.0")).write(folder), 2021))
    assert facts.span(figure_of(facts, "spending.urban_dibao")) == Span(Decimal("479.95"), Decimal("480.05"))
    assert facts.span(figure_of(facts, "spending.rural_dibao")) == Span(
        Decimal("1397.995"), Decimal("1398.005")
    )
    assert facts.span(figure_of(facts, "spending.urban_dibao"), "元") == Span(
        Decimal(4799500), Decimal(4800500)
    )
    assert facts.span(figure_of(facts, "people.vagrant_relief")) == exactly(200), (
        "cases are counted one by one"
    )
    assert facts.span(figure_of(facts, "people.urban_dibao")) == Span(Decimal("999.5"), Decimal("1000.5"))
    assert Span(Decimal("1.5"), Decimal("2.5")).meets(exactly(Decimal("1.5")))
    assert not Span(Decimal("1.5"), Decimal("2.5")).meets(exactly(Decimal("2.5")))


def figure_of(facts: Facts, address: str) -> Figure:
    figure = facts.get(address)
    assert figure is not None
    return figure


@pytest.mark.parametrize(
    ("claim", "line", "fits"),
    [
        # Half a digit exactly may have been rounded either way from what its own last digit stands for.
        ("480.00", "480.005000", True),
        ("480.01", "480.005000", True),
        ("480.00", "480.006000", False),
        ("480.0", "480.049000", True),
        ("480.0", "480.051000", False),
        ("480.1", "480.050000", True),
        ("480", "479.500000", True),
        ("480", "480.499000", True),
        ("480", "480.501000", False),
        ("1087.60", "1087.6", True),
        ("1087.6", "1087.60", True),
        ("1087.60", "1087.65", False),
    ],
)
def test_what_is_printed_decides_what_a_restated_number_may_be(
    claim: str, line: str, *, fits: bool, folder: Path
) -> None:
    changes = (put("spending 城市低保", line), put("claims 城市低保累计支出", claim, 单位="万元"))
    findings = checked(changed(ALONE, changes), folder / "alone")
    assert (findings.fired["G1"] == 0) is fits


def test_many_rounded_parts_may_add_up_to_what_none_of_them_shows(folder: Path) -> None:
    """Five lines printed to a tenth may differ from a total printed so by six halves of a tenth, and no more."""
    lines = ("医疗救助", "教育救助", "住房救助", "就业救助", "灾害救助")
    tables = {
        "spending": "\n".join(f"{name},1.0,万元" for name in lines),
        "claims": "累计支出合计,{},万元",
    }
    for total, fits in (("5.2", True), ("5.3", False), ("4.8", True), ("4.7", False)):
        year = typed(2021, {**tables, "claims": tables["claims"].format(total)})
        assert (checked(year, folder / "parts").fired["F13"] == 0) is fits, total


# -- money that is given as one, in batches, or left over

UMBRELLA = {
    "funds": """
        中央和省,困难群众救助补助资金,2000.00,万元,提前下达
        中央、省,困难群众救助补助资金,500.00,万元,第一批
        区本级,困难群众救助补助资金,150.00,万元
        上年结转,困难群众救助补助资金,20.00,万元
    """,
    "spending": "城市低保,480.00,万元\n农村低保,2000.00,万元\n孤儿补贴,90.00,万元\n流浪乞讨人员救助,30.00,万元",
}


def test_an_umbrella_says_nothing_of_the_areas_that_it_covers(folder: Path) -> None:
    """Neither that they have no money, nor that they spend more than a line of their own."""
    year = changed(typed(2021, UMBRELLA), row("funds", "区级,城市低保,100.00,万元"))
    findings = checked(year, folder / "umbrella")
    assert [findings.fired[rule] for rule in ("F4", "F5", "F6", "F9", "F14")] == [0] * 5
    retrenched = row("spending", "精减退职职工生活补助,0.50,万元")
    findings = checked(changed(year, retrenched), folder / "uncovered")
    told = [f.id.rsplit("-", 1)[0] for f in findings.listed if f.rule.id in {"F5", "F6"}]
    assert told == ["F5-retrenchment.funds"]
    assert checked(changed(year, put("spending 农村低保", "3000.00")), folder / "over").fired["F4"]


def test_hints_of_one_rule_are_one_finding_until_one_is_answered(folder: Path) -> None:
    unspent = (put("funds 县本级 临时救助", "120.01"), row("funds", "县本级,农村低保,5000.00,万元"))
    county = changed(ALONE, unspent)

    def told(*answers: str) -> dict[str, bool]:
        answer = {"说明": "已核对", "证据": "台账", "说明人": "救助股", "日期": "2022-03-01"}
        answered = county
        for number in answers:
            answered = answered.added("explanations", 发现编号=number, **answer)
        found = checked(answered, folder / "together")
        assert not found.unused
        return {f.id: f.explained for f in found.listed if f.rule.id == "F10"}

    ((together, _),) = told().items()
    assert together.startswith("F10-hints-")
    assert told(together) == {together: True}
    (finding,) = (f for f in checked(county, folder / "together").listed if f.id == together)
    first, second = (one.id for one in finding.alike)
    assert [one.rpartition("-")[0] for one in (first, second)] == ["F10-temporary_relief", "F10-rural_dibao"]
    assert len({figure.address for figure in finding.suspicion.figures}) == 4
    assert told(first) == {first: True, second: False}


@pytest.mark.parametrize(
    ("left", "severities"),
    [
        ((row("funds", "各级,困难群众救助补助资金,70.00,万元,,结余"),), []),
        ((row("funds", "各级,困难群众救助补助资金,70.02,万元,,结余"),), []),
        ((row("funds", "各级,困难群众救助补助资金,71.00,万元,,结余"),), [ERROR]),
        ((row("funds", "各级,困难群众救助补助资金,70.00,万元,,结转下年"),), []),
        # What was given back may be in what is left, or beside it; then nothing is sure.
        (
            (
                row("funds", "各级,困难群众救助补助资金,60.00,万元,,结余"),
                row("funds", "各级,困难群众救助补助资金,10.00,万元,,收回"),
            ),
            [],
        ),
        (
            (
                row("funds", "各级,困难群众救助补助资金,60.00,万元,,结余"),
                row("funds", "各级,困难群众救助补助资金,5.00,万元,,收回"),
            ),
            [DOUBT],
        ),
        # What is left of one level is not what is left of all.
        ((row("funds", "区本级,困难群众救助补助资金,5.00,万元,,结余"),), []),
        (
            (
                Change("funds", ("上年结转", "困难群众救助补助资金"), ()),
                row("funds", "各级,困难群众救助补助资金,70.00,万元,,结余"),
            ),
            [DOUBT],
        ),
        # Other money stands beside it.
        (
            (
                row("funds", "区级,城市低保,100.00,万元"),
                row("funds", "各级,困难群众救助补助资金,9.00,万元,,结余"),
            ),
            [],
        ),
    ],
)
def test_what_is_left_is_what_was_given_less_what_was_spent(
    left: tuple[Change, ...], severities: list[str], folder: Path
) -> None:
    findings = checked(changed(typed(2021, UMBRELLA), left), folder / "left")
    assert [f.severity for f in findings.listed if f.rule.id == "F15"] == severities


# -- the rules as they are declared


@pytest.mark.parametrize("rule", [*ALL_RULES, *FORM_RULES], ids=lambda rule: rule.id)
def test_a_rule_says_what_it_is(rule: Rule[Never]) -> None:
    """What to look up and what to ask, too, short enough to stand behind what to do."""
    chinese = re.compile(r"[一-鿿]")
    for text in (rule.title, rule.compares, rule.formula, rule.tolerance, rule.exceptions, rule.source):
        assert chinese.search(text), (rule.id, text)
    for text in (rule.look_up, rule.ask):
        assert chinese.search(text), (rule.id, text)
        assert len(text) <= 60, (rule.id, text)
    assert datetime.date.fromisoformat(rule.since)
    assert rule.severity in SEVERITIES
    assert re.fullmatch(r"[A-Z]\d{1,2}", rule.id)


def test_rules_have_numbers_and_names_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert len({rule.title for rule in RULES}) == len(RULES)
    assert sum(len(rules) for rules in FAMILIES.values()) == len(RULES)


DATES = {1949, 2000}
"""The first year that a date may have, and what completes a year of two digits."""


def test_no_rule_knows_a_county_or_a_year() -> None:
    """A fiscal year or a county in the code would be a rule made for the report it was found in."""
    assert checks.__file__
    for path in sorted(Path(checks.__file__).parent.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "桃江" not in text, path.name
        for node in ast.walk(ast.parse(text)):
            value = node.value if isinstance(node, ast.Constant) else None
            year = isinstance(value, int) and 1949 <= value <= 2199 and value not in DATES
            assert not year, (path.name, value)
            assert not (isinstance(value, str) and re.fullmatch(r"(?:19|20|21)\d\d", value)), (
                path.name,
                value,
            )


# -- 2020, as reviewed

REVIEWED = Path(__file__).with_name("findings_2020.txt")


def lines_of(findings: Findings) -> str:
    """Findings as the reviewed file has them: one a line, consequences indented below."""
    lines = []
    for finding in findings.listed:
        lines.append(f"{finding.severity} {finding.stem} {finding.suspicion.found}")
        lines += [f"    {consequence.stem}" for consequence in finding.consequences]
    return "\n".join((*lines, ""))


def test_the_findings_of_2020_are_as_reviewed(signed: FigureSet) -> None:
    """Each line was read against the signed report; a change here must be read again, then written to the file."""
    assert lines_of(check(signed)) == REVIEWED.read_text(encoding="utf-8")


def test_findings_of_2020_are_graver_first(figures: FigureSet) -> None:
    findings = check(figures).listed
    all_told(findings)
    assert [f.severity for f in findings] == sorted(
        (f.severity for f in findings), key=[ERROR, DOUBT, HINT].index
    )
    assert len({f.id for f in findings}) == len(findings)
    assert ROOT.joinpath("data", "2020").is_dir()


def test_a_standard_is_held_against_the_newest_year_that_is_known(folder: Path) -> None:
    """Where the year before has no folder that is told, and nothing else is compared with years further back."""
    before = replace(typed(2019, YEAR_BEFORE), places=GOOD.places)
    county = changed(replace(ALONE, before=before), put("standards 农村低保 保障标准", "4499"))
    root = county.write(folder / "gap")
    told = [
        f.suspicion.found for f in check(load(root, county.year)).listed if f.rule.id in AGAINST_LAST_YEAR
    ]
    assert told == ["农村低保保障标准4499元/年，2019年4500元/年，降低0.08元/月"]
    _, _, notices = examine(root, county.year)
    assert [n for n in notices if "2020年度" in n and "2019年度" in n]
