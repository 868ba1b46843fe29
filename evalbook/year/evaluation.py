"""What a year enters for its frameworks: targets, evidence and deviations, checked against their indicators."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from evalbook.errors import Problem, Problems
from evalbook.frameworks.framework import (
    EXECUTION_INPUTS,
    GROUP,
    INITIAL_BUDGET,
    Framework,
    Indicator,
    RuleKind,
)
from evalbook.schema.kinds import Day, number_of
from evalbook.schema.text import quote
from evalbook.year.tables import DEVIATIONS, EVIDENCE, TARGETS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from evalbook.schema.table import TableData, TableRow

YES_OR_NO = {"是": True, "否": False}

EVALUATION_TABLES = (TARGETS, EVIDENCE, DEVIATIONS)


def days_of(row: TableRow) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day on which a target holds; None where it is open."""
    start, end = row.parsed(Day, "start"), row.parsed(Day, "end")
    # Of a target that began some day of a year, no day is known to be without it.
    return (start.first if start else None), (end.last if end else None)


def evaluation_problems(
    tables: Mapping[str, TableData], frameworks: Mapping[str, Framework], chosen: Iterable[str]
) -> list[Problem]:
    """Rows that lead nowhere, or say what their indicator cannot use.

    Parameters
    ----------
    tables
        Of the year.
    frameworks
        Those of the year that could be read, by name.
    chosen
        Names of all frameworks of the year.
    """
    found: list[Problem] = []
    for table in EVALUATION_TABLES:
        data = tables[table.name]
        problems = Problems(data.file)
        for row in data.rows:
            name, code = row.said("framework"), row.said("indicator")
            if name not in chosen:
                expected = f"year.yml 的“评价框架”里有的：{'、'.join(chosen) or '还没有'}"
                remedy = "核对名称，或补到 year.yml"
                problems.add(row.number, "评价框架", f"写的是{quote(name)}", expected, remedy)
                continue
            framework = frameworks.get(name)
            if framework is None:
                continue
            indicator = framework.indicator(code)
            events = {event.code for event in (*framework.caps, *framework.vetoes)}
            if indicator is None and not (table is EVIDENCE and code in events):
                codes = [indicator.code for indicator in framework.indicators]
                similar = difflib.get_close_matches(code, codes, n=1, cutoff=0.5)
                remedy = "核对代码" + (f"；是不是“{similar[0]}”" if similar else "")
                expected = f"data/frameworks/{name}/indicators.csv 里的代码"
                problems.add(row.number, "指标", f"{name} 没有指标{quote(code)}", expected, remedy)
            elif table is TARGETS and indicator:
                _check_target(problems, row, indicator)
            elif table is EVIDENCE:
                _check_evidence(problems, row, framework, indicator)
        found += problems
    return [*found, *_overlaps(tables[TARGETS.name])]


def _check_target(problems: Problems, row: TableRow, indicator: Indicator) -> None:
    told = partial(problems.add, row.number)
    target, unit, comparison = row.texts["target"].strip(), row.unit, row.said("comparison")
    if target and any(kind.needs_target for kind in indicator.kinds):
        if number_of(target) is None:
            told("目标值", f"写的是{quote(target)}", "数字，单位另填", "只写数字；没有查到的留空")
        elif unit is None:
            told("单位", "有目标值，没有单位", "目标值的单位", "补上单位")
    if target and not row.said("source"):
        told("出处", "有目标值，没有出处", "写明是哪里定的", "补写出处；查不到的删去目标值")
    if comparison and indicator.comparison and comparison != indicator.comparison:
        told("比较", f"写的是“{comparison}”", f"与指标的“{indicator.comparison}”相同", "核对方向，或留空")
    first, last = days_of(row)
    if first and last and first > last:
        told("截止日期", f"{last}早于{first}", "不早于起始日期", "核对日期")


def _overlaps(data: TableData) -> Problems:
    """Two targets for one indicator at one time."""
    problems = Problems(data.file)
    seen: dict[tuple[object, object], list[TableRow]] = {}
    for row in data.rows:
        first, last = days_of(row)
        same = seen.setdefault((row.said("framework"), row.said("indicator")), [])
        for other in same:
            start, end = days_of(other)
            if (not first or not end or first <= end) and (not start or not last or start <= last):
                found = f"与第{other.number}行的时间重叠，一个指标同时有两个目标"
                expected, remedy = "同一指标的时间前后相接", "给前一行写上截止日期，或删去一行"
                problems.add(row.number, "起始日期", found, expected, remedy)
        same.append(row)
    return problems


def _check_evidence(
    problems: Problems, row: TableRow, framework: Framework, indicator: Indicator | None
) -> None:
    item, figure, result = map(row.said, ("item", "figure", "result"))
    kind, told = None, partial(problems.add, row.number)
    if indicator is not None:
        asked = indicator.inputs()
        of_money = set(EXECUTION_INPUTS) <= set(asked)
        if of_money:
            asked |= dict.fromkeys(framework.money_items, asked[EXECUTION_INPUTS[0]])
        if item not in asked:
            named = (*EXECUTION_INPUTS, INITIAL_BUDGET) if of_money else tuple(asked)
            listed = "、".join(f"“{name}”" for name in named if name)
            expected = f"{listed}之一" if listed else "留空" if named else "不用填：这个指标不能自评"
            expected += "，或留空" if "" in named and listed else ""
            told("项", f"写的是{quote(item)}" if item else "没有填写", expected, "照指标的参数填写")
            return
        kind = asked.get(item)
    elif item:
        told("项", f"写的是{quote(item)}", "等次限制和否决的情形，项留空", "删去")
    if figure and result:
        told("结果", "数字和结果都填了", "只填一个", "删去一个")
    if not figure and not result:
        told("结果", "数字和结果都没有填", "填一个", "填写，或删去这一行")
    elif result and (expected := _wanted(result, kind, item, framework, indicator)):
        told("结果", f"写的是{quote(result)}", expected, "照指标的记分方法填写")
    if result and not row.said("document"):
        told("文件", "有结果，没有写用什么证明", "文件、台账、调查报告", "补上")


def _wanted(
    result: str, kind: RuleKind | None, item: str, framework: Framework, indicator: Indicator | None
) -> str:
    """What a result should be, when it is something else; else nothing."""
    answer = "yes_no" if kind is None else kind.answer
    if item == GROUP and indicator is not None:
        groups = list(indicator.amounts("各组"))
        return "" if result in groups else "、".join(groups)
    if answer == "yes_no":
        return "" if result in YES_OR_NO else "是、否"
    if answer == "case" and kind is not None and indicator is not None:
        named = list(indicator.amounts("各种"))
        if kind.code == "qualitative":
            named = [name for name, _ in framework.levels]
        case, given = split_case(result)
        if case not in named:
            return "、".join(named)
        return "" if given is None or kind.code == "qualitative" else "、".join(named)
    return "" if number_of(result) is not None else "一个数字"


def split_case(result: str) -> tuple[str, Decimal | None]:
    """Case and the points given within it: 达成年度指标 9."""
    match = re.fullmatch(r"(.+?)\s+(\d+(?:\.\d+)?)分?", result.strip())
    return (match[1], Decimal(match[2])) if match else (result.strip(), None)
