"""Names of figures: a county's own label and an indicator of the tool never collide, today or after an upgrade."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from counties import SMALL, typed
from projects import ROOT

from evalbook.editions import revisions
from evalbook.editions.frozen import read_frozen
from evalbook.errors import InputError
from evalbook.figures import Definition, FigureSet, indicators, load, names_of
from evalbook.figures.expression import Reference
from evalbook.figures.indicators import Indicator
from evalbook.figures.names import remedy
from evalbook.schema.address import Address
from evalbook.scoring import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import Command

YEAR = 2022
COMPUTE = import_module("evalbook.figures.compute")  # the package has a function of that name


def named(folder: Path, label: str, value: str, unit: str) -> FigureSet:
    """Figures of a county that calls a number of its own so."""
    rows = f"own_number,,{label},{value},{unit},,"
    return load(typed(YEAR, {**SMALL, "actions": rows}).write(folder), YEAR)


def test_the_county_keeps_its_name_and_the_pair_is_compared(tmp_path: Path) -> None:
    figures = named(tmp_path, "城市低保人均月支出", "400", "元/人·月")
    own, computed = figures.figures["actions.own_number"], figures.figures["level.urban_dibao"]
    assert (own.label, computed.label) == ("城市低保人均月支出", "城市低保人均月支出（计算）")
    assert figures.named("城市低保人均月支出") is own
    assert figures.named("城市低保人均月支出（计算）") is computed
    claim = figures.figures["claims.level.urban_dibao"]
    assert (claim.label, claim.text, claim.lineage) == (
        "报告所述城市低保人均月支出",
        "400元/人·月",
        own.lineage,
    )
    (found,) = (one for one in evaluate(figures).findings.listed if claim in one.suspicion.figures)
    assert "400元/人·月" in found.suspicion.found
    assert "500元/人·月" in found.suspicion.found


def test_a_pair_that_agrees_is_no_finding(tmp_path: Path) -> None:
    figures = named(tmp_path, "城市低保人均月支出", "500", "元/人·月")
    assert figures.agrees("claims.level.urban_dibao")
    claim = figures.figures["claims.level.urban_dibao"]
    assert not any(claim in one.suspicion.figures for one in evaluate(figures).findings.listed)


def test_what_is_measured_otherwise_is_only_told_apart(tmp_path: Path) -> None:
    figures = named(tmp_path, "城市低保人均月支出", "12", "人")
    assert figures.figures["level.urban_dibao"].label == "城市低保人均月支出（计算）"
    assert "claims.level.urban_dibao" not in figures.figures


def test_two_rows_of_one_name_are_still_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="城市低保累计支出”与data"):
        named(tmp_path, "城市低保累计支出", "1", "万元")


def test_a_new_indicator_breaks_no_released_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version computes something that the county has called by that name for years."""
    edition = 2
    before = load(ROOT, 2020, edition)
    label, address = "专项治理清退人数", Address.of("planted", "clearance")
    assert before.named(label) is not None
    definition = Definition("planted", "清退人数", "人", "…", "…", "…", "…")

    def later(_: object) -> Iterator[Indicator]:
        yield Indicator(definition, address, label, "人", Reference.to("people", "urban_dibao"))

    monkeypatch.setattr(COMPUTE, "FAMILIES", (*indicators.FAMILIES, later))
    vars(COMPUTE)["_examined"].cache_clear()
    after = load(ROOT, 2020, edition)
    vars(COMPUTE)["_examined"].cache_clear()
    assert after.figures[address].label == f"{label}（计算）"
    assert {a: f.text for a, f in before.figures.items()} == {
        a: after.figures[a].text for a in before.figures
    }
    kept = read_frozen(ROOT, 2020, edition)
    changed = [one for one in revisions(after, kept, edition) if one.old is not None]
    assert changed == []


WRONG = [
    ("城市低保人数", "城市低保月均人数"),
    ("城镇低保月均人数", "城市低保月均人数"),
    ("城低保人数", "城市低保月均人数"),
    ("低保支出", "城市低保累计支出|农村低保累计支出"),
    ("城市低保支出", "城市低保累计支出"),
    ("城市低保累计支出金额", "城市低保累计支出"),
    ("城市低保资金支出", "城市低保累计支出"),
    ("农村低保发放资金", "农村低保累计支出"),
    ("农村低保总支出", "农村低保累计支出"),
    ("农低保累计支出", "农村低保累计支出"),
    ("累计支出城市低保", "城市低保累计支出"),
    ("城市最低生活保障累计支出", "城市低保累计支出"),
    ("农村五保人数", "农村特困人数"),
    ("农村五保集中供养人数", "农村特困集中供养人数"),
    ("五保供养支出", "特困供养累计支出"),
    ("五保累计支出", "特困供养累计支出"),
    ("农村五保标准", "农村特困保障标准"),
    ("城市三无人数", "城市特困人数"),
    ("城市特困供养人数", "城市特困人数"),
    ("农村特困分散人数", "农村特困分散供养人数"),
    ("集中供养农村特困人数", "农村特困集中供养人数"),
    ("农村特困集中供养对象", "农村特困集中供养人数"),
    ("农村特困户数", "农村特困人数"),
    ("城市低保月均户数", "城市低保月均人数"),
    ("城市低保标准", "城市低保保障标准"),
    ("农村低保最低标准", "农村低保保障标准"),
    ("城市低保保障标淮", "城市低保保障标准"),
    ("城市低保人均补助水平", "城市低保人均救助水平"),
    ("农村低保人均补差", "农村低保人均救助水平"),
    ("农村低保月人均补助", "农村低保人均救助水平"),
    ("城市低保人均支出", "城市低保人均月支出"),
    ("临时救助人次", "临时救助户次"),
    ("临时救助户数", "临时救助户次"),
    ("临救户次", "临时救助户次"),
    ("临时救助支出", "临时救助累计支出"),
    ("临时救助资金", "临时救助累计支出|县本级安排临时救助"),
    ("临时救助金额", "临时救助累计支出|各类困难群众临时救助金额"),
    ("临时救助次均", "临时救助次均支出"),
    ("孤儿人次", "孤儿补贴人次"),
    ("孤儿基本生活费支出", "孤儿补贴累计支出"),
    ("孤儿生活费标准", "孤儿补贴保障标准"),
    ("事实孤儿人次", "事实无人抚养儿童人次"),
    ("事实无人抚养儿童补贴累计支出", "事实无人抚养儿童累计支出"),
    ("事实无人扶养儿童人次", "事实无人抚养儿童人次"),
    ("流浪乞讨救助人数", "流浪乞讨人员救助人数"),
    ("流浪人员救助人数", "流浪乞讨人员救助人数"),
    ("精简退职职工生活补助人次", "精减退职职工生活补助人次"),
    ("精退人次", "精减退职职工生活补助人次"),
    ("价格临时补贴累计支出", "城乡低保、特困供养物价补贴累计支出"),
    ("物价补贴支出", "城乡低保、特困供养物价补贴累计支出"),
    ("上级资金总计", "上级资金合计"),
    ("上级安排资金合计", "上级资金合计"),
    ("县级资金合计", "县本级资金合计"),
    ("县级安排城市低保", "县本级安排城市低保"),
    ("县本级配套城市低保", "县本级安排城市低保"),
    ("总支出", "累计支出合计"),
    ("支出合计", "累计支出合计"),
    ("资金总额", "资金安排总额"),
    ("上级安排社会救助经费", "上级安排社会救助资金"),
    ("农村低保1类标准", "农村低保一类标准"),
    ("城市低保Ａ类标准", "城市低保一类标准"),
    ("专项治理清退人口", "专项治理清退人数"),
    ("清退人数", "专项治理清退人数"),
    ("社会救助兜底人数", "社会救助兜底保障人数"),
    ("兜底保障支出", "社会救助兜底保障累计支出"),
    ("敬老院经费累计支出", "敬老院工作人员经费和运转经费累计支出"),
    ("低保工作经费支出", "低保工作经费累计支出"),
    ("社工站支出", "乡镇社工站项目累计支出"),
    ("常驻人口", "常住人口"),
    ("城市低保 月均人数", "城市低保月均人数"),
    ("“城市低保月均人数”", "城市低保月均人数"),
    ("城市低保月均人数（人）", "城市低保月均人数"),
    ("上级资金占比", "上级资金占资金总额比重"),
    ("每万人城镇低保人数", "每万人城市低保人数"),
    ("城乡低保标准比", "城乡低保保障标准之比"),
    ("低保合计人数", "最低生活保障对象合计人数"),
    ("低保总人数", "最低生活保障对象合计人数"),
    ("城市低保人均救助水准", "城市低保人均救助水平"),
    ("农村特困人员供养标准", "农村特困保障标准"),
    ("孤儿人均支出", "孤儿补贴人均月支出"),
    ("预算执行率", "支出与资金之比"),
]
"""Names as clerks get them wrong in the year 2020, and the right one, or either of two."""

WRONG_ELSEWHERE = [
    ("城镇特困人数", "城市特困期末人数"),
    ("农村特困年末人数", "农村特困期末人数"),
    ("农村五保年底人数", "农村特困期末人数"),
    ("特困集中供养人数", "农村特困集中供养期末人数"),
    ("五保分散人数", "农村特困分散供养期末人数"),
    ("临时救助户次", "临时救助人次"),
    ("孤儿散居标准", "孤儿补贴社会散居标准"),
    ("满意度", "服务对象满意度"),
    ("群众满意度", "服务对象满意度"),
    ("自评分数", "自评得分"),
    ("入户核查数", "入户核查户数"),
    ("培训次数", "业务培训次数"),
    ("城市五保支出", "城市特困累计支出"),
    ("流浪救助支出", "流浪乞讨人员救助累计支出"),
    ("临时救助人均", "临时救助次均救助水平"),
]
"""Of the base county."""


def misses(figures: FigureSet, pairs: list[tuple[str, str]]) -> list[str]:
    """Wrong names whose right one is none of the three that are proposed."""
    names = names_of(figures.by_label, figures.year.registries)
    return [wrong for wrong, right in pairs if not {*right.split("|")} & {*names.like(wrong)}]


def test_the_right_name_is_among_the_first_three(signed: FigureSet, base: Path) -> None:
    assert len(WRONG) >= 60
    assert len(misses(signed, WRONG)) <= 3
    assert len(misses(load(base, 2023), WRONG_ELSEWHERE)) <= 1


@pytest.mark.parametrize(
    ("words", "right", "not_right"),
    [
        ("低保支出", "城市低保累计支出", "临时救助累计支出"),
        ("五保", "农村特困人数", "城市低保月均人数"),
        ("城镇 标准", "城市低保保障标准", "农村低保保障标准"),
        ("标准 城镇", "城市特困保障标准", "城市低保月均人数"),
        ("资金", "上级安排社会救助资金", "常住人口"),
        ("“回头看”", "“回头看”发现问题数", "常住人口"),
    ],
)
def test_names_are_found_by_words(signed: FigureSet, words: str, right: str, not_right: str) -> None:
    found = names_of(signed.by_label, signed.year.registries).with_words(words.split())
    assert right in found
    assert not_right not in found


def test_figures_are_listed_by_words(evalbook: Command) -> None:
    done = evalbook("figures", "2023", "--find", "城镇五保 支出")
    assert "城市特困累计支出" in done.stdout.splitlines()[1]
    assert "农村" not in done.stdout
    none = evalbook("figures", "2023", "--find", "群众满意率")
    assert "没有名称里有“群众满意率”的数字，下面是相近的：" in none.output
    assert "服务对象满意度" in none.output


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("城市低保月均户数", "是不是“城市低保月均人数”（单位不对：它以“人”计）"),
        ("城市低保累计支出（元）", "名称后面不写单位，“城市低保累计支出”的单位是“万元”，单位不对的改正"),
        ("城市低保累计支出（万元）", "名称后面不写单位，“城市低保累计支出”的单位是“万元”"),
    ],
)
def test_a_wrong_unit_is_said_to_be_one(name: str, said: str, signed: FigureSet) -> None:
    assert said in remedy(name, signed.by_label, signed.year.registries)
