"""A year scored by its frameworks: what is known, what it allows, and what follows for the grade."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import ROOT

from evalbook.checks import DOUBT, ERROR, Facts, claim
from evalbook.frameworks import Framework, read_framework
from evalbook.frameworks.tables import INDICATORS
from evalbook.render.score import grade_notice
from evalbook.schema import TableRow
from evalbook.schema.reader import read_table
from evalbook.scoring import Evaluation, Score, Scorecard, evaluate, total_words
from evalbook.scoring.rules import Range, exactly
from evalbook.scoring.scorecard import DIGITS, added, grades_of, scorecard, settling, verdict
from evalbook.year.evaluation import evaluation_problems
from evalbook.year.tables import DEVIATIONS, EVIDENCE, EXPLANATIONS, TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Command

    from evalbook.figures import FigureSet
    from evalbook.schema.table import Table

CONFIRMED = {"文件": "报告", "确认人": "张某", "确认日期": "2021-03-20"}
SETTINGS = """标题: 某办法
文号:
发布机关: 某县
评价对象: 县
起始日期: 2020
总分: {total}
完整: 是
不高于的算法: 目标÷实际
须说明的完成率: 130
预算为零: 不能计分
定性等级:
  达成: 80（含）至100（含）
  部分达成: 60（含）至80（不含）
  未达成: 0（含）至60（不含）
出处: 试验
"""
GRADES = """等次:
  优: 90（含）至100（含）
  良: 80（含）至90（不含）
  中: 60（含）至80（不含）
  差: 0（含）至60（不含）
"""
Row = Mapping[str, str]
Evaluate = Callable[..., Evaluation]


def written(table: Table, rows: Sequence[Row]) -> str:
    headings = [column.heading for column in table.columns]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, headings, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def indicator(code: str, points: str, kinds: str, **cells: str) -> Row:
    fixed = {
        "代码": code,
        "一级指标": "产出指标",
        "三级指标": f"指标{code}",
        "分值": points,
        "分值来源": "官方",
        "记分方法": kinds,
        "证据": "台账",
        "出处": "试验",
    }
    return fixed | cells


def proof(code: str, result: str, **cells: str) -> Row:
    return {"评价框架": "local-2020", "指标": code, "结果": result, **CONFIRMED, **cells}


def target(code: str, value: str, unit: str, **cells: str) -> Row:
    fixed = {
        "评价框架": "local-2020",
        "指标": code,
        "比较": "≥",
        "目标值": value,
        "单位": unit,
        "出处": "某文件",
    }
    return fixed | cells


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory, signed: FigureSet) -> Evaluate:
    """The year 2020 as signed, scored by a framework, with evidence, targets and deviations, as typed into files."""
    root = tmp_path_factory.mktemp("scored")
    framework, year = root / "data" / "frameworks" / "local-2020", root / "data" / "2020"
    framework.mkdir(parents=True)
    year.mkdir()

    def evaluation(
        indicators: Sequence[Row],
        evidence: Sequence[Row] = (),
        *,
        targets: Sequence[Row] = (),
        deviations: Sequence[Row] = (),
        extra: str = "",
        claimed: str = "优",
        explanations: Sequence[Row] = (),
    ) -> Evaluation:
        inside = [r for r in indicators if r["记分方法"] not in {"加分", "减分"} and r["分值"]]
        total = sum((Decimal(row["分值"]) for row in inside), Decimal(0))
        text = SETTINGS.format(total=total) + (GRADES if total == 100 else "") + extra
        (framework / "framework.yml").write_text(text, encoding="utf-8")
        (framework / "indicators.csv").write_text(written(INDICATORS, indicators), encoding="utf-8")
        registries = signed.year.registries
        made, problems, _ = read_framework(root, "local-2020", registries)
        tables = dict(signed.year.tables)
        typed = (
            (EVIDENCE, evidence),
            (TARGETS, targets),
            (DEVIATIONS, deviations),
            (EXPLANATIONS, explanations),
        )
        for table, rows in typed:
            path = year / f"{table.name}.csv"
            path.write_text(written(table, rows), encoding="utf-8")
            tables[table.name], more, _ = read_table(root, path, table, registries)
            problems += more
        assert made is not None, problems
        assert not problems
        assert not evaluation_problems(tables, {made.name: made}, [made.name])
        settings = replace(signed.year.settings, claimed_grade=claimed)
        # What the signed prose says of its grade would count where the settings say nothing.
        scored = replace(signed.year, settings=settings, tables=tables, frameworks=(made,), narrative={})
        return evaluate(replace(signed, year=scored))

    return evaluation


def only(evaluation: Evaluation) -> Scorecard:
    (card,) = evaluation.scorecards
    return card


def score_of(evaluation: Evaluation, code: str = "A") -> Score:
    return only(evaluation).score(code)


def rules_fired(evaluation: Evaluation) -> set[str]:
    return {finding.rule.id for finding in evaluation.findings.listed if finding.rule.id.startswith("J")}


# -- 2020, as reviewed

NOTE = ROOT / "docs" / "scorecard-2020.md"


def reviewed() -> dict[str, tuple[str, str]]:
    """Least and most points of each indicator that the reviewed note gives."""
    rows = re.findall(
        r"^\| ([A-Z]\d+(?:\.\d)?) .*\| ([\d.]+)(?:—([\d.]+))? \|$", NOTE.read_text(encoding="utf-8"), re.M
    )
    return {code: (low, high or low) for code, low, high in rows}


def shown(score: Range) -> tuple[str, str]:
    return tuple(f"{round(end, 4):f}".rstrip("0").rstrip(".") for end in (score.low, score.high))  # type: ignore[return-value]


def test_the_scorecard_of_2020_is_the_reviewed_one(figures: FigureSet) -> None:
    finance, civil = evaluate(figures).scorecards
    by_hand = reviewed()
    assert {s.indicator.code: shown(s.range) for s in finance.scores} == by_hand
    assert shown(finance.total) == ("18.1325", "100")
    assert [grade.name for grade in finance.grades] == ["优", "良", "中", "差"]
    assert finance.verdict.word == "无法核定"
    assert finance.verdict.grade == "优"
    assert len(finance.verdict.settling) == 11
    assert "18.1325" in NOTE.read_text(encoding="utf-8")
    assert (civil.framework.known, civil.framework.total) == (Decimal(8), Decimal(100))
    assert civil.grades == civil.by_score == ()
    assert civil.verdict.word == "无法核定"


def test_a_stated_level_that_the_computed_one_contradicts_is_no_fact(signed: FigureSet) -> None:
    """Nor is the computed one while findings list other values of it: whether the target was reached cannot be said."""
    finance, _ = evaluate(signed).scorecards
    score = finance.score("O6")
    assert score.actual == "164.68—335.00元/月"
    assert "是否达到目标不能确定" in score.reason
    assert "按算出的计分" not in score.reason
    assert score.met is None


def test_a_person_who_names_the_stated_level_gets_the_computed_one_too(evaluated: Evaluate) -> None:
    row = indicator("A", "10", "不低于", 单位="元/月", 参数="未达：按比例", 比较="≥", 目标值="213")
    evaluation = evaluated([row], [proof("A", "", 数字="农村低保人均救助水平")])
    score = score_of(evaluation)
    # Neither is a fact while a finding lists other values of the computed one.
    assert score.actual == "164.68—335.00元/月"
    assert (
        "报告的农村低保人均救助水平335元/月和算出的199.47元/人·月都存疑，只能确定是164.68—335.00元/月"
        in score.reason
    )
    assert Decimal("7.73") < score.range.low < Decimal("7.74")
    assert score.range.high == 10
    assert score.met is None


def test_a_figure_under_an_error_counts_as_its_plausible_range(evaluated: Evaluate) -> None:
    row = indicator("A", "4", "不低于", 单位="元/月", 参数="未达：按比例", 比较="≥", 目标值="500")
    row = {**row, "数字": "standards.urban_dibao.standard"}
    doubted = evaluated([row])
    assert score_of(doubted).range == Range(Decimal("1.2"), Decimal(4))
    assert score_of(doubted).state == "部分确定"
    (finding,) = (f for f in doubted.findings.listed if f.rule.id == "S2")
    answer = {
        "发现编号": finding.id,
        "说明": "按年发放",
        "证据": "文件",
        "说明人": "张某",
        "日期": "2021-03-20",
    }
    explained = evaluated([row], explanations=[answer])
    assert score_of(explained).range == exactly(4)
    assert score_of(explained).actual == "4560元/月"


# -- what is known


def test_evidence_without_a_name_and_a_day_is_none(evaluated: Evaluate) -> None:
    rows = [indicator("A", "2", "有无"), indicator("B", "2", "评定")]
    named = evaluated(rows, [proof("A", "是"), proof("B", "1.5")])
    assert (score_of(named).range, score_of(named, "B").range) == (exactly(2), exactly(Decimal("1.5")))
    assert score_of(named, "B").state == "评定"
    for missing in ("确认人", "确认日期"):
        nameless = evaluated(rows, [proof("A", "是", **{missing: ""}), proof("B", "1.5", **{missing: ""})])
        assert score_of(nameless).range == Range(Decimal(0), Decimal(2))
        assert score_of(nameless, "B").range == Range(Decimal(0), Decimal(2))
        assert "没有人确认，不作证据" in score_of(nameless).reason


def test_a_target_that_changed_is_averaged_by_months(evaluated: Evaluate) -> None:
    row = indicator("A", "4", "不低于", 单位="元/月", 参数="未达：按比例", 比较="≥", 数字="level.urban_dibao")
    changed = [
        target("A", "340", "元/月", 截止日期="2020-10-31"),
        target("A", "374", "元/月", 起始日期="2020-11-01"),
    ]
    score = score_of(evaluated([row], targets=changed))
    assert score.target.value.low == Decimal("4148") / 12
    assert "10个月340元/月、2个月374元/月，按月数加权平均" in score.reason
    same = score_of(evaluated([row], targets=[{**changed[0], "目标值": "374"}, changed[1]]))
    assert (same.target.value, same.target.note) == (exactly(374), "")
    holed = score_of(evaluated([row], targets=changed[:1]))
    assert not holed.target.stated
    assert "有2个月没有查到目标" in holed.reason
    assert holed.range == Range(Decimal(0), Decimal(4))
    yearly = [target("A", "4080", "元/年")]
    assert score_of(evaluated([row], targets=yearly)).completion.high > 100


def test_the_execution_rate_needs_a_whole_budget(evaluated: Evaluate) -> None:
    row = {**indicator("A", "10", "预算执行率"), "一级指标": "预算执行"}
    entered = evaluated([row], [proof("A", "200", 项="全年预算数"), proof("A", "164.06", 项="全年执行数")])
    assert score_of(entered).range == exactly(Decimal("8.203"))
    assert only(entered).rate == exactly(Decimal("82.03"))
    mixed = [proof("A", "", 数字="农村低保累计支出", 项="全年执行数"), proof("A", "4000", 项="全年预算数")]
    in_yuan = {**row, "数字": "全年执行数：level.rural_dibao"}
    assert score_of(evaluated([row], mixed)).range == exactly(Decimal("8.63945"))
    assert "单位不能换算成万元" in "".join(score_of(evaluated([in_yuan], mixed[1:])).missing)
    over = evaluated([row], [proof("A", "200", 项="全年预算数"), proof("A", "200.01", 项="全年执行数")])
    assert score_of(over).range == Range(Decimal(0), Decimal(10))
    nothing = evaluated([row], [proof("A", "0", 项="全年预算数"), proof("A", "0", 项="全年执行数")])
    assert score_of(nothing).range == Range(Decimal(0), Decimal(10))
    half = evaluated([row], [proof("A", "200", 项="全年预算数")])
    assert score_of(half).range == Range(Decimal(0), Decimal(10))
    assert "全年执行数" in "".join(score_of(half).missing)


@pytest.mark.parametrize(
    ("row", "evidence", "low", "high"),
    [
        (indicator("A", "6", "按次扣分", 参数="每次：1"), [proof("A", "2")], "4", "4"),
        (indicator("A", "6", "按次扣分", 参数="每次：1"), [proof("A", "7")], "0", "0"),
        (indicator("A", "6", "按次扣分", 参数="每次：1"), [], "0", "6"),
        (indicator("A", "1", "按次扣分", 参数="每次：0.25；基数：4"), [proof("A", "3")], "0.75", "0.75"),
        (indicator("A", "2", "按次扣分＋出现不得分", 参数="每次：0.5"), [proof("A", "1")], "0", "1.5"),
        (
            indicator("A", "2", "按次扣分＋出现不得分", 参数="每次：0.5"),
            [proof("A", "1"), proof("A", "否", 项="出现不得分")],
            "1.5",
            "1.5",
        ),
        (
            indicator("A", "2", "按次扣分＋出现不得分", 参数="每次：0.5"),
            [proof("A", "是", 项="出现不得分")],
            "0",
            "0",
        ),
        (indicator("A", "2", "定额扣分", 参数="扣：1"), [proof("A", "是")], "1", "1"),
        (
            indicator("A", "2", "逐项计分", 参数="各项：甲 0.5、乙 1.5"),
            [proof("A", "是", 项="甲")],
            "0.5",
            "2",
        ),
        (indicator("A", "2", "全部符合", 参数="条件：甲、乙"), [proof("A", "否", 项="乙")], "0", "0"),
        (indicator("A", "2", "全部符合", 参数="条件：甲、乙"), [proof("A", "是", 项="乙")], "0", "2"),
        (indicator("A", "2", "按个计分", 参数="每个：0.5"), [proof("A", "3")], "1.5", "1.5"),
        (
            indicator("A", "2", "分情形", 参数="各种：有机制有文件 2、有机制 1、无 0"),
            [proof("A", "有机制")],
            "1",
            "1",
        ),
        (indicator("A", "10", "定性"), [proof("A", "达成")], "8", "10"),
        (indicator("A", "10", "定性"), [proof("A", "达成 9")], "9", "9"),
        (indicator("A", "10", "定性"), [], "0", "10"),
        (
            indicator("A", "10", "分档", 参数="各档：0（含）至1（含） 10、1（不含）以上 8至9"),
            [proof("A", "1.5")],
            "8",
            "9",
        ),
        (indicator("A", "20", "排名"), [], "0", "20"),
        (
            indicator("A", "10", "分组达标", 参数="各组：中部 40、西部 30"),
            [proof("A", "35"), proof("A", "西部", 项="本组")],
            "10",
            "10",
        ),
        (indicator("A", "10", "分组达标", 参数="各组：中部 40、西部 30"), [proof("A", "35")], "0", "10"),
        (
            indicator("A", "10", "等级界限", 参数="各级：优 85 10、良 80 8、差 0 0"),
            [proof("A", "84")],
            "8",
            "8",
        ),
        (
            indicator("A", "2", "按步扣分", 参数="每步：1；每步扣：0.5", 比较="≥", 目标值="98", 单位="%"),
            [proof("A", "96.5")],
            "1",
            "1.5",
        ),
        (
            indicator("A", "10", "不高于", 参数="未达：按比例", 比较="≤", 目标值="10", 单位="户"),
            [proof("A", "16")],
            "6.25",
            "6.25",
        ),
    ],
)
def test_what_is_entered_is_scored(
    evaluated: Evaluate, row: Row, evidence: list[Row], low: str, high: str
) -> None:
    score = score_of(evaluated([row], evidence))
    assert score.range == Range(Decimal(low), Decimal(high))
    assert score.reason
    assert bool(score.missing) is not score.range.known


def test_points_outside_the_total_are_capped(evaluated: Evaluate) -> None:
    rows = [
        indicator("A", "100", "有无"),
        indicator("B", "", "加分", 参数="加：2"),
        indicator("C", "", "加分", 参数="加：3"),
        indicator("D", "", "减分", 参数="减：4"),
    ]
    extra = "加分上限: 4\n减分上限: 3\n"
    known = [proof("A", "否"), proof("B", "是"), proof("C", "是"), proof("D", "是")]
    card = only(evaluated(rows, known, extra=extra))
    assert (card.base, card.bonus, card.penalty, card.total) == tuple(map(exactly, (0, 4, 3, 1)))
    lost = only(evaluated(rows, [*known[:1], known[3]], extra=extra))
    assert lost.bonus == Range(Decimal(0), Decimal(4))
    assert lost.total == Range(Decimal(0), Decimal(1))
    full = only(evaluated(rows, [proof("A", "是"), *known[1:3], proof("D", "否")], extra=extra))
    assert full.total == exactly(104)
    assert [grade.name for grade in full.grades] == ["优"]


# -- grades

EVENTS = """等次限制:
  - 代码: audit
    情形: 被审计通报
    等次: 良
    出处: 试验
否决:
  - 代码: fraud
    情形: 弄虚作假
    等次: 差
    出处: 试验
"""


@pytest.mark.parametrize(
    ("audit", "fraud", "left"),
    [("否", "否", "优"), ("是", "否", "良"), ("否", "是", "差"), ("", "否", "优良"), ("否", "", "优差"), ("", "", "优良差")],
)  # fmt: skip
def test_caps_come_before_vetoes_and_what_may_have_happened_leaves_both(
    evaluated: Evaluate, audit: str, fraud: str, left: str
) -> None:
    known = [proof(code, said) for code, said in (("audit", audit), ("fraud", fraud)) if said]
    card = only(evaluated([indicator("A", "100", "有无")], [proof("A", "是"), *known], extra=EVENTS))
    assert "".join(grade.name for grade in card.grades) == left
    assert [grade.name for grade in card.by_score] == ["优"]


def test_what_may_have_happened_is_asked_for(evaluated: Evaluate) -> None:
    rows, known = [indicator("A", "100", "有无")], [proof("A", "是")]
    open_card = only(evaluated(rows, known, extra=EVENTS))
    assert open_card.verdict.word == "证据不足"
    assert open_card.verdict.reason.endswith("还要写明有没有：被审计通报、弄虚作假")
    said = [proof("audit", "否"), proof("fraud", "否")]
    assert only(evaluated(rows, [*known, *said], extra=EVENTS)).verdict.word == "证据支持"


def test_a_framework_of_another_time_says_so(figures: FigureSet) -> None:
    finance, civil = evaluate(figures).scorecards
    assert finance.out_of_time(figures.year.settings) == ""
    assert civil.out_of_time(figures.year.settings) == "这个框架适用的时间是2016年，2020年度是借用"


@pytest.mark.parametrize(
    ("given", "claimed", "word"),
    [
        ("95", "优", "证据支持"),
        ("90", "优", "证据支持"),
        ("89.95", "优", "与证据矛盾"),
        ("89.95", "良", "证据支持"),
        ("", "优", "证据不足"),
        ("95", "优秀", "无法核定"),
        ("95", "", "无法核定"),
    ],
)
def test_verdicts(evaluated: Evaluate, given: str, claimed: str, word: str) -> None:
    evidence = [proof("A", given)] if given else []
    evaluation = evaluated([indicator("A", "100", "评定")], evidence, claimed=claimed)
    assert only(evaluation).verdict.word == word
    fired = {"证据不足": "J4", "与证据矛盾": "J3"}.get(word, "")
    assert rules_fired(evaluation) & {"J3", "J4"} == ({fired} if fired else set())
    assert ("J5" in rules_fired(evaluation)) is (claimed == "优秀")
    if fired:
        (finding,) = (f for f in evaluation.findings.listed if f.rule.id == fired)
        assert finding.severity == {"J3": ERROR, "J4": DOUBT}[fired]


@pytest.mark.parametrize(
    ("stated", "pending", "grade"),
    [("优秀", False, "优秀"), ("", False, "优秀"), ("", True, "")],
)
def test_the_grade_that_only_the_prose_states_is_the_reports(
    signed: FigureSet, stated: str, pending: bool, grade: str
) -> None:
    """On the cover and in every score; prose that nobody confirmed may be the year before's."""
    settings = replace(signed.year.settings, claimed_grade=stated)
    prose = {name: replace(one, pending=pending) for name, one in signed.year.narrative.items()}
    figures = replace(signed, year=replace(signed.year, settings=settings, narrative=prose))
    evaluation = evaluate(figures)
    assert {evaluation.claimed_grade, *(card.verdict.claimed for card in evaluation.scorecards)} == {grade}
    assert f"报告自评等次：{grade or '报告没有写'}。" in grade_notice(figures)
    asked = [f for one in evaluation.findings.listed for f in one.every if f.suspicion.subject == "grades"]
    assert bool(asked) is (not stated and bool(grade))
    where = {"data/2020/year.yml" if stated else "data/2020/narrative/04-results.md"} if grade else set()
    assert {place.file for place in claim(Facts(figures)).places} == where


def test_no_grade_where_the_rank_or_the_framework_decides(evaluated: Evaluate) -> None:
    ranked = only(evaluated([indicator("A", "100", "评定")], extra="按排名评等次: 是\n"))
    assert (ranked.verdict.word, ranked.grades) == ("无法核定", ())
    assert "排名" in ranked.verdict.reason
    assert total_words(ranked).endswith("等次由各地排名决定")


def test_the_fewest_indicators_that_could_prove_the_grade(evaluated: Evaluate) -> None:
    points = {"A": "50", "B": "30", "C": "12", "D": "8"}
    rows = [indicator(code, most, "评定") for code, most in points.items()]
    card = only(evaluated(rows))
    assert [score.indicator.code for score in card.verdict.settling] == ["A", "B", "C"]
    known = only(evaluated(rows, [proof("A", "50"), proof("D", "8")]))
    assert [score.indicator.code for score in known.verdict.settling] == ["B", "C"]
    near = only(evaluated(rows, [proof("A", "50"), proof("B", "30"), proof("D", "8")]))
    assert [score.indicator.code for score in near.verdict.settling] == ["C"]
    good = only(evaluated(rows, [proof("A", "50")], claimed="良"))
    chosen = [score.indicator.code for score in good.verdict.settling]
    assert chosen == ["B", "C"], "8 more points left open could make it the best grade, or not: 80 to 88"


def test_what_divisions_leave_over_costs_no_grade(evaluated: Evaluate) -> None:
    share = "未达：按比例"
    rows = [
        indicator("A", "70", "有无"),
        *(indicator(c, "10", "不低于", 单位="户", 参数=share, 比较="≥", 目标值="3") for c in "BCD"),
    ]
    third = only(evaluated(rows, [proof("A", "是"), *(proof(code, "1") for code in "BCD")]))
    assert third.total.low < 80
    assert [grade.name for grade in third.grades] == ["良"]
    less = only(evaluated(rows, [proof("A", "是"), proof("B", "1"), proof("C", "1"), proof("D", "0.999999")]))
    assert [grade.name for grade in less.grades] == ["中"]


# -- findings


def test_missed_and_far_exceeded_targets_want_a_reason(evaluated: Evaluate) -> None:
    def fired(result: str, deviations: Sequence[Row] = ()) -> set[str]:
        row = indicator("A", "100", "不低于", 单位="%", 参数="未达：按比例", 比较="≥", 目标值="70")
        evidence = [proof("A", result)] if result else []
        return rules_fired(evaluated([row], evidence, deviations=deviations, claimed=""))

    reason = [{"评价框架": "local-2020", "指标": "A", "偏差原因": "提标晚", "改进措施": "早安排"}]
    assert fired("69.99") == {"J1"}
    assert fired("69.99", reason) == set()
    assert fired("70") == set()
    assert fired("90.99") == set()
    assert fired("91") == {"J2"}
    assert fired("91", reason) == set()
    assert fired("") == set()


def test_a_row_that_leads_nowhere_is_answered(signed_2020: Path, evalbook_2020: Command) -> None:
    year = signed_2020 / "data" / "2020"
    rows = [
        {"评价框架": "finance-2020", "指标": "O99", "结果": "是", **CONFIRMED},
        {"评价框架": "suixi-2019", "指标": "D1.1", "结果": "1", **CONFIRMED},
        {"评价框架": "finance-2020", "指标": "O12", "结果": "全部", **CONFIRMED},
        {"评价框架": "finance-2020", "指标": "O11", "数字": "没有的数字"},
        {"评价框架": "finance-2020", "指标": "E1", "结果": "1", **CONFIRMED},
        {"评价框架": "finance-2020", "指标": "B3", "结果": "不错", **CONFIRMED},
        {"评价框架": "finance-2020", "指标": "S1", "结果": "95", "数字": "常住人口"},
        {"评价框架": "finance-2020", "指标": "B2", "结果": "95"},
    ]
    (year / "evidence.csv").write_text(written(EVIDENCE, rows), encoding="utf-8")
    both = [
        {"评价框架": "finance-2020", "指标": "O6", "目标值": "213", "单位": "元/月", "出处": "甲"},
        {
            "评价框架": "finance-2020",
            "指标": "O6",
            "目标值": "231",
            "单位": "元/月",
            "起始日期": "2020",
            "出处": "乙",
        },
        {"评价框架": "finance-2020", "指标": "O7", "目标值": "三百四", "单位": "元/月", "出处": "乙"},
        {
            "评价框架": "finance-2020",
            "指标": "O5",
            "目标值": "500",
            "单位": "万元",
            "出处": "乙",
            "比较": "≤",
        },
        {"评价框架": "finance-2020", "指标": "O4", "目标值": "4000"},
    ]
    (year / "targets.csv").write_text(written(TARGETS, both), encoding="utf-8")
    done = evalbook_2020("score", "2020")
    assert done.exit_code == 2
    for said in (
        "第2行“指标”：finance-2020 没有指标“O99”",
        "第3行“评价框架”：写的是“suixi-2019”",
        "第4行“结果”：写的是“全部”；应为：一个数字",
        "第5行“数字”：没有名为“没有的数字”的数字",
        "第6行“项”：没有填写；应为：“全年预算数”、“全年执行数”、“年初预算数”之一",
        "第7行“结果”：写的是“不错”；应为：达成年度指标、",
        "第8行“结果”：数字和结果都填了",
        "第9行“文件”：有结果，没有写用什么证明",
        "第3行“起始日期”：与第2行的时间重叠，一个指标同时有两个目标",
        "第4行“目标值”：写的是“三百四”",
        "第5行“单位”：写的是“万元”",
        "第5行“比较”：写的是“≤”",
        "第6行“单位”：有目标值，没有单位",
        "第6行“出处”：有目标值，没有出处",
    ):
        assert said in done.stderr, said
    assert "Traceback" not in done.stderr


def test_a_framework_that_does_not_exist_is_answered(signed_2020: Path, evalbook_2020: Command) -> None:
    settings = signed_2020 / "data" / "2020" / "year.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("finance-2020", "finance-2019"), encoding="utf-8"
    )
    done = evalbook_2020("score", "2020")
    assert done.exit_code == 2
    assert "没有 data/frameworks/finance-2019" in done.stderr


# -- the command


def test_score_tells_and_writes_the_scorecards(evalbook_2020: Command) -> None:
    told = evalbook_2020("score", "2020")
    assert told.exit_code == 0, told.output
    assert "可能的等次：优、良、中、差" in told.stdout
    assert "（建议分值）" in told.stdout
    document: dict[str, Any] = json.loads(evalbook_2020("score", "2020", "--json").stdout)
    finance = document["scorecards"][0]
    with localcontext() as context:
        context.prec = DIGITS
        for end in ("low", "high"):
            total = sum((Decimal(score["score"][end]) for score in finance["scores"]), Decimal(0))
            assert total == Decimal(finance["total"][end]) == sum(Decimal(p[end]) for p in finance["parts"])
    assert document["scorecards"][1]["total"] is None
    assert [finding["rule"] for finding in document["findings"]] == []
    assert evalbook_2020("score", "2021").exit_code == 2


# -- properties

FAST = settings(max_examples=60, deadline=None, derandomize=True)
RESULTS: Mapping[str, st.SearchStrategy[str]] = {
    "A": st.integers(0, 120).map(str),
    "B": st.sampled_from(["是", "否"]),
    "C": st.integers(0, 12).map(str),
    "D": st.decimals(0, 10, places=2).map(str),
    "E": st.sampled_from(["甲", "乙", "丙"]),
}
ROWS = [
    indicator("A", "40", "不低于", 单位="%", 参数="未达：按比例", 比较="≥", 目标值="90"),
    indicator("B", "25", "有无"),
    indicator("C", "20", "按次扣分", 参数="每次：3"),
    indicator("D", "10", "评定"),
    indicator("E", "5", "分情形", 参数="各种：甲 5、乙 3、丙 0"),
]


@pytest.fixture(scope="module")
def framework_of_five(evaluated: Evaluate) -> tuple[Framework, Facts]:
    evaluation = evaluated(ROWS)
    return only(evaluation).framework, evaluation.facts


@pytest.fixture(scope="module")
def framework_of_four(evaluated: Evaluate) -> Scorecard:
    return only(evaluated([indicator(code, "25", "评定") for code in "ABCD"]))


def answered(made: tuple[Framework, Facts], results: Mapping[str, str]) -> Scorecard:
    """Scorecard of a framework with the main input of each indicator as entered, without files."""
    framework, facts = made
    day = datetime.date(2021, 3, 20)
    nothing = dict.fromkeys((column.name for column in EVIDENCE.columns), None)
    rows = tuple(
        TableRow(
            number,
            {
                **nothing,
                "framework": framework.name,
                "indicator": code,
                "result": said,
                "document": "报告",
                "who": "张某",
                "date": day,
            },
            {},
        )
        for number, (code, said) in enumerate(results.items(), start=2)
    )
    year = facts.figures.year
    tables = {**year.tables, EVIDENCE.name: replace(year.tables[EVIDENCE.name], rows=rows)}
    scored = replace(facts.figures, year=replace(year, tables=tables))
    return scorecard(framework, Facts(scored), {})


@FAST
@given(st.fixed_dictionaries({}, optional=RESULTS), st.sampled_from(sorted(RESULTS)))
def test_more_evidence_never_widens_anything(
    framework_of_five: tuple[Framework, Facts], results: dict[str, str], taken: str
) -> None:
    more = answered(framework_of_five, results)
    less = answered(framework_of_five, {code: said for code, said in results.items() if code != taken})
    for wide, narrow in ((less, more), (more, more)):
        assert wide.total.covers(narrow.total)
        assert {g.name for g in narrow.grades} <= {g.name for g in wide.grades}
        for one, other in zip(wide.scores, narrow.scores, strict=True):
            assert one.range.covers(other.range)
            assert Decimal(0) <= other.range.low <= other.range.high <= (other.indicator.points or 0)
    assert added(score.range for score in more.scores) == more.total
    assert added(part.range for part in more.parts) == more.total
    assert more.grades == grades_of(more.framework, more.total)


@given(
    st.lists(st.decimals(0, 30, places=2), min_size=4, max_size=4), st.sampled_from(["优", "良", "中", "差"])
)
def test_evidence_about_the_fewest_indicators_can_settle_the_grade(
    framework_of_four: Scorecard, lows: list[Decimal], claimed: str
) -> None:
    """Fill the chosen ranges in the best way: the grade is proved; with one indicator less it never is."""
    card = framework_of_four
    scores = tuple(
        replace(score, range=Range(min(low, Decimal(25)), Decimal(25)))
        for score, low in zip(card.scores, lows, strict=True)
    )
    total = added(score.range for score in scores)
    card = replace(card, scores=scores, total=total, grades=grades_of(card.framework, total))
    chosen = settling(card, claimed)
    if not chosen or len(chosen) == len(scores):
        return
    bounds = next(grade.bounds for grade in card.grades if grade.name == claimed)

    def can_settle(picked: Sequence[Score]) -> bool:
        most = added(score.range for score in picked).width
        low = max(total.low, bounds.low or Decimal(0))
        rest = total.width - most
        return low - total.low <= most and bounds.holds(low) and bounds.holds(min(low + rest, Decimal(100)))

    assert can_settle(chosen)
    assert not can_settle(chosen[:-1])
    assert verdict(replace(card, grades=card.grades[:1]), card.grades[0].name).word == "证据支持"
