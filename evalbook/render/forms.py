"""The official forms of the self-evaluation, filled in: one model from which the book, the PDF and the workbook are made.

项目支出绩效自评表 in the layout of the form that goes with 财预〔2020〕10号 (an export of the central project library, form
of 2019, gives every merge and width; 池州市贵池区棠溪镇's filled form of 2022 the rows of the funds), and 绩效目标自评表 of
transfers (a central fund's of 2021, 衡山县's of 2020), whose widths are not known. What no source gives is said to have none.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from evalbook.frameworks.framework import (
    BUDGET,
    EXECUTED,
    EXECUTION_PART,
    INITIAL_BUDGET,
    PROPOSED,
    PROPOSED_POINTS,
)
from evalbook.render.annex import figure_label
from evalbook.render.markdown import Block, escape, joined, link, reference, shortened
from evalbook.render.score import MARK
from evalbook.render.spreadsheet import number_format
from evalbook.schema.vocabulary import NOT_STATED, UNDIVIDED
from evalbook.scoring import Range, evaluate, points_text, range_text
from evalbook.scoring.evidence import Record
from evalbook.scoring.scorecard import MONEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evalbook.figures import Figure, FigureSet
    from evalbook.frameworks import Framework
    from evalbook.render.page import Page
    from evalbook.scoring import Evaluation, Score, Scorecard

NO_POINTS = "—"
COLUMN, ROW = "col", "row"
"""What a heading heads, as HTML says it."""

LINE_HEIGHT, ROW_HEIGHT, HEADING_HEIGHT, GOAL_HEIGHT, NOTE_HEIGHT = 12, 19, 23, 95, 57
"""Heights of a line of text and of rows, in points."""

PROJECT_WIDTHS = (14.3, 8, 8, 9, 10, 10, 16, 6.9, 7.7, 6, 7)
TRANSFER_WIDTHS = (8, 10, 13, 25, 14, 16, 17)
"""Widths of the columns in characters: the official ones, and, for the same sum, ones that hold what transfers say."""

GROUPS = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
"""First and second level of the indicators in the order of the forms; others come after them."""

OWN_LEVELS, LOCAL_LEVELS = ("carryover", "other"), ("province", "city", "county")
"""Levels of funds that are not granted in the year, and those of a transfer that are the place's own."""


def _has_central(level: str) -> bool:
    """Whether money of a level is, or may in part be, the central government's."""
    return level in {"superior", UNDIVIDED} or "central" in level.split("_")


NO_FORM = "本年度没有采用含“预算执行”的评价框架（year.yml 的“评价框架”），没有绩效自评表。"
WHAT = "没有来源的内容写“报告没有写”；不能确定的数字和得分写出范围。"
WHERE = "```{only} html\n要照表样填报的，见[数据下载](downloads.ipynb)里的 Excel 文件。\n```"


@dataclass(frozen=True)
class Content:
    """What a cell says.

    Attributes
    ----------
    text : str
        On paper.
    markdown : str
        In the book, with links to figures.
    value : Decimal or None
        To a program, where it is a number.
    pattern : str
        How a spreadsheet shows the number.
    """

    text: str
    markdown: str
    value: Decimal | None = None
    pattern: str = ""


@dataclass(frozen=True)
class FormCell:
    """A cell of a form, from ``column`` (the first is 0) over ``columns`` columns and ``rows`` rows.

    Attributes
    ----------
    content : Content
    column, columns, rows : int
    heading : str
        :data:`COLUMN` or :data:`ROW`; empty when it heads nothing.
    running : bool
        Whether it holds long text, which begins at the left and the top.
    """

    content: Content
    column: int = 0
    columns: int = 1
    rows: int = 1
    heading: str = ""
    running: bool = False


@dataclass(frozen=True)
class FormRow:
    """A row: the cells that begin in it.

    Attributes
    ----------
    cells : tuple of FormCell
    height : int
        The least, in points.
    repeats : bool
        Whether it heads the columns again on every page that the rows below it reach.
    """

    cells: tuple[FormCell, ...]
    height: int = ROW_HEIGHT
    repeats: bool = False


@dataclass(frozen=True)
class OfficialForm:
    """A filled-in form.

    Attributes
    ----------
    name : str
        Short name, of its sheet.
    title, year : str
        The lines above it.
    widths : tuple of float
        Of the columns, in characters.
    rows : tuple of FormRow
    """

    name: str
    title: str
    year: str
    widths: tuple[float, ...]
    rows: tuple[FormRow, ...]


# -- contents


def words(text: str) -> Content:
    """Text; what stands in its place where there is none."""
    text = text or NOT_STATED
    return Content(text, escape(text))


NOTHING = Content("", "")


def number(text: str, suffix: str = "") -> Content:
    """Number as it is shown, and what follows it."""
    pattern = number_format(len(text.partition(".")[2])) + (f'"{suffix}"' if suffix else "")
    return Content(text + suffix, escape(text + suffix), Decimal(text), pattern)


def linked(figures: FigureSet, figure: Figure, content: Content) -> Content:
    """Content that leads to the lineage of a figure: by its number, or, where that is a range, as it is."""
    shown = {figure.number, *(figures.number_in(figure, unit) for unit in figures.units.alike(figure.unit))}
    begins = re.match(r"-?\d+(?:\.\d+)?(?!.*至)", content.text)
    if begins and begins[0] in shown:
        markdown = reference(figure, begins[0]) + escape(content.text.removeprefix(begins[0]))
    else:
        markdown = link(content.text, figure_label(figures.year.settings.year, figure.address))
    return replace(content, markdown=markdown)


def money(figures: FigureSet, span: Range, figure: Figure | None = None) -> Content:
    """Money in 万元, or the range that it is in."""
    if not span.low and not span.high.is_finite():
        return words("")
    low, high = (shortened(figures, end, MONEY) if end.is_finite() else "" for end in (span.low, span.high))
    if span.known:
        whole = figure is not None and figure.value is not None
        content = number(figures.number_in(figure, MONEY) if figure is not None and whole else low)
    else:
        content = words(f"{low}至{high}" if high else f"{low}以上")
    return linked(figures, figure, content) if figure is not None else content


def rate(figures: FigureSet, share: Range) -> Content:
    """Execution rate, or the range that it is in."""
    if not share.high.is_finite():
        return words("")
    low, high = (shortened(figures, end, "%") for end in (share.low, share.high))
    if low != high:
        return words(f"{low}%至{high}%")
    pattern = f"{number_format(len(low.partition('.')[2]))}%"
    return Content(f"{low}%", escape(f"{low}%"), Decimal(low) / 100, pattern)


def scored(span: Range) -> Content:
    """Score; what is possible when it is not determined."""
    text = range_text(span)
    return number(text) if span.known else words(f"{text}（不能确定）")


def possible(score: Score) -> Content:
    """Points that an indicator may give, marked when no document gives them."""
    if score.indicator.points is None:
        return words("")
    return number(points_text(score.indicator.points), MARK if score.indicator.origin == PROPOSED else "")


def actual(figures: FigureSet, score: Score) -> Content:
    """Actual value, leading to the figure that it is."""
    found = [answer.figure for answer in score.answers if answer.figure is not None]
    content = words(score.actual)
    return linked(figures, found[0], content) if score.actual and len(found) == 1 else content


def deviation(framework: Framework, score: Score) -> Content:
    """Reason and measure; said to be missing where the target was missed, or exceeded by so much that a reason is compulsory."""
    if score.deviation is not None:
        return words(f"原因：{score.deviation.reason}；措施：{score.deviation.improvement}")
    most, share = framework.explained_from, score.completion
    exceeded = score.target.comparison == "≥" and share.high.is_finite() and most is not None
    if score.missed or (exceeded and most is not None and share.low >= most):
        return words("没有说明")
    return NOTHING


# -- the year


def official_forms(figures: FigureSet) -> tuple[OfficialForm, ...]:
    """Forms of a year: both for each framework that scores the execution of the budget."""
    evaluation = evaluate(figures)
    cards = [card for card in evaluation.scorecards if has_form(card.framework)]
    made = [form(figures, evaluation, card) for card in cards for form in (project_form, transfer_form)]
    if len(cards) < 2:
        return tuple(made)
    # Sheets of a workbook have names of their own.
    return tuple(replace(form, name=f"{form.name}{index // 2 + 1}") for index, form in enumerate(made))


def has_form(framework: Framework) -> bool:
    """Whether a framework is of the finance line, whose forms show the execution of the budget."""
    return any(indicator.part == EXECUTION_PART for indicator in framework.indicators)


def execution(card: Scorecard) -> Score | None:
    """Score of the execution rate, where the framework names both of its numbers."""
    stated = (score for score in card.scores if score.indicator.kinds)
    return next((score for score in stated if score.indicator.kinds[0].code == "execution"), None)


def by_level(figures: FigureSet, levels: Iterable[str]) -> Range | None:
    """Funds of some levels together; None when there is a level without a number, or none at all."""
    addresses = (f"funds_total.{level}" for level in levels)
    listed = [figures.figures[address] for address in addresses if address in figures.figures]
    values = [figures.units.convert(f.value, f.unit, MONEY) for f in listed if f.value is not None]
    if not values or len(values) < len(listed):
        return None
    return Range(sum(values, Decimal(0)), sum(values, Decimal(0)))


def levels_of(figures: FigureSet) -> list[str]:
    """Levels that the year has funds of."""
    prefix = "funds_total."
    return [a.removeprefix(prefix) for a in figures.figures if a.startswith(prefix) and a != f"{prefix}all"]


def fund(figures: FigureSet, levels: Sequence[str]) -> Content:
    """Funds of some levels, leading to the figure where it is one."""
    span = by_level(figures, levels)
    if span is None:
        return words("")
    whole = "all" if set(levels) == set(levels_of(figures)) else levels[0] if len(levels) == 1 else ""
    return money(figures, span, figures.figures.get(f"funds_total.{whole}"))


Money = tuple[Content, Content, Content]
"""Budget, executed money and execution rate."""


def spent(figures: FigureSet, card: Scorecard) -> Money:
    """Money of the year as the execution rate was scored by it."""
    score = execution(card)
    if score is None:
        return (words(""),) * 3
    answers = {answer.item: money(figures, answer.number, answer.figure) for answer in score.answers}
    return answers[BUDGET], answers[EXECUTED], rate(figures, score.completion)


def by_source(figures: FigureSet, total: Money, sources: Mapping[str, Sequence[str]]) -> dict[str, Money]:
    """Money of each source; what was executed is known only when one source has given everything."""
    given = {name: by_level(figures, levels) for name, levels in sources.items()}
    only = [name for name, span in given.items() if span is None or span.high]
    found = {}
    for name, span in given.items():
        budget = fund(figures, sources[name])
        rest = (words(""), words(""))
        if span is not None and only == [name]:
            rest = total[1:]
        elif span is not None and not span.high:
            rest = (number(budget.text), words(NO_POINTS))
        found[name] = (budget, *rest)
    return found


def done(framework: Framework, score: Score) -> bool | None:
    """Whether a target was reached; None while that is not known."""
    best = framework.levels[0][0] if framework.levels else ""
    if score.completion.low >= 100 or (best and any(answer.case == best for answer in score.answers)):
        return True
    points = score.indicator.points
    if score.range.known and points is not None:
        return score.range.low >= points
    return False if score.missed else None


def accomplished(card: Scorecard, scores: Sequence[Score]) -> Content:
    """What was done of the year's goal, as far as the indicators say it."""
    found = [done(card.framework, score) for score in scores]
    rest = found.count(None)
    unknown = f"，还有{rest}个缺目标或证据，不能确定" if rest else ""
    return words(
        f"本表{len(found)}个绩效指标，达到目标的{found.count(True)}个，没有达到的{found.count(False)}个{unknown}。各指标的完成情况见下。"
    )


def in_order(card: Scorecard) -> list[tuple[str, list[tuple[str, list[Score]]]]]:
    """Indicators by first and second level, in the order of the forms."""
    parts: dict[str, dict[str, list[Score]]] = {part: {name: [] for name in names} for part, names in GROUPS}
    for score in card.scores:
        if score.indicator.part != EXECUTION_PART and not score.indicator.outside:
            groups = parts.setdefault(score.indicator.part, {})
            groups.setdefault(score.indicator.group or score.indicator.part, []).append(score)
    filled = {part: [(g, scores) for g, scores in groups.items() if scores] for part, groups in parts.items()}
    return [(part, groups) for part, groups in filled.items() if groups]


# -- 项目支出绩效自评表


def project_form(figures: FigureSet, evaluation: Evaluation, card: Scorecard) -> OfficialForm:
    """项目支出绩效自评表 of a year, by one framework."""
    settings, ordered = figures.year.settings, in_order(card)
    scores = [score for _, groups in ordered for _, scores in groups for score in scores]
    total = scored(card.total) if card.framework.complete else words("")
    headings = (
        label("绩效指标", rows=1 + len(scores)), head("一级指标"), head("二级指标"), head("三级指标", 2), head("年度指标值"),
        head("实际完成值"), head("分值"), head("得分"), head("偏差原因分析及改进措施", 2),
    )  # fmt: skip
    possibly = cell(number(points_text(card.framework.total)))
    rows = (
        row(label("项目名称", 2), cell(words(settings.project), 9)),
        row(label("主管部门", 2), cell(words(settings.department), 3), label("实施单位"), cell(words(settings.bureau), 5)),
        *project_funds(figures, evaluation, card),
        row(label("年度总体目标", rows=2), head("预期目标", 5), head("实际完成情况", 5)),
        row(running(words(settings.goal), 5), running(accomplished(card, scores), 5), first=1, height=GOAL_HEIGHT),
        row(*headings, height=HEADING_HEIGHT, repeats=True),
        *indicator_rows(figures, card, ordered, scored_too=True),
        row(label("总分", 7), possibly, cell(total), cell(NOTHING, 2)),
        row(running(words(f"注：{numbered(project_notes(card))}"), len(PROJECT_WIDTHS)), height=NOTE_HEIGHT),
    )  # fmt: skip
    title = "项目支出绩效自评表"
    return OfficialForm(title, title, f"（{settings.year}年度）", PROJECT_WIDTHS, rows)


def project_funds(figures: FigureSet, evaluation: Evaluation, card: Scorecard) -> Iterator[FormRow]:
    """Funds: points only in the first row, so that no sum counts them twice; money by source where it is known."""
    score, names = execution(card), card.framework.fund_rows
    headings = map(head, ("年初预算数", "全年预算数", "全年执行数", "分值"))
    opening = (label("项目资金（万元）", 2, rows=2 + len(names)), cell(NOTHING, 2, heading=COLUMN))
    yield row(*opening, *headings, head("执行率", 2), head("得分"))
    total = spent(figures, card)
    initial = possibly = got = words("")
    if score is not None:
        record = Record(card.framework, evaluation.facts, {})
        entered = record.answer(score.indicator, INITIAL_BUDGET, MONEY)
        initial = money(figures, entered.number, entered.figure)
        possibly, got = possible(score), scored(score.range)
    granted = tuple(level for level in levels_of(figures) if level not in OWN_LEVELS)
    levels = {"财政": granted, "结转": ("carryover",), "其他": ("other",)}
    sources = {name: next((levels[w] for w in levels if w in name), ()) for name in names}
    none = words(NO_POINTS)
    listed = {"年度资金总额：": (initial, total, possibly, got)} | {
        name: (words(""), money, none, none) for name, money in by_source(figures, total, sources).items()
    }
    for name, (before, (budget, executed, share), points, got) in listed.items():
        contents = map(cell, (before, budget, executed, points))
        yield row(label(name, 2), *contents, cell(share, 2), cell(got), first=2)


def indicator_rows(
    figures: FigureSet, card: Scorecard, ordered: Sequence[tuple[str, list[tuple[str, list[Score]]]]], *, scored_too: bool
) -> Iterator[FormRow]:  # fmt: skip
    """A row for each indicator; the first ones of their levels name these."""
    points = {part.name: part.points for part in card.parts}
    wide = 2 if scored_too else 1
    for part, groups in ordered:
        name = f"{part}（{points_text(points[part])}分）" if scored_too and points.get(part) else part
        opening = [label(name, rows=sum(len(scores) for _, scores in groups))]
        for group, scores in groups:
            opening.append(label(group, rows=len(scores)))
            for score in scores:
                given = (possible(score), scored(score.range)) if scored_too else ()
                yield row(
                    *opening,
                    cell(words(score.indicator.title), wide, heading=ROW),
                    *map(cell, (words(score.target.text), actual(figures, score), *given)),
                    running(deviation(card.framework, score), wide),
                    first=3 - len(opening),
                )
                opening = []


def project_notes(card: Scorecard) -> Iterator[str]:
    """What the reader of a form must know."""
    if card.proposed:
        yield f"分值旁有“{MARK}”的是{PROPOSED_POINTS}：没有文件规定，由本工具提出，应换成批准的分值"
    yield MISSING_NOTE
    if not card.total.known:
        yield "得分写作“0—6（不能确定）”的，只知道在这个范围里；总分是各项的范围相加"
    if (score := execution(card)) is not None and not score.range.known:
        yield f"预算执行率：{score.reason}"


MISSING_NOTE = f"“{NOT_STATED}”的，没有来源，不是0，也没有估计"


def numbered(notes: Iterable[str]) -> str:
    """Notes behind each other, with their numbers."""
    return "".join(f"{number}.{note}。" for number, note in enumerate(notes, start=1))


# -- 绩效目标自评表


def transfer_form(figures: FigureSet, _: Evaluation, card: Scorecard) -> OfficialForm:
    """绩效目标自评表 of a transfer, which reports completion and gives no points."""
    settings, ordered = figures.year.settings, in_order(card)
    scores = [score for _, groups in ordered for _, scores in groups for score in scores]
    headings = ("一级指标", "二级指标", "三级指标", "年度指标值", "全年完成值", "未完成原因和改进措施")
    rows = (
        row(label("转移支付（项目）名称", 2), cell(words(settings.project), 5)),
        row(label("中央主管部门", 2), cell(words(settings.central_department), 5)),
        row(label("地方主管部门", 2), cell(words(settings.local_department), 2), label("实施单位"),
            cell(words(settings.bureau), 2)),
        *transfer_funds(figures, card),
        row(label("年度总体目标", 2, rows=2), head("年初设定目标", 3), head("全年实际完成情况", 2)),
        row(running(words(settings.goal), 3), running(accomplished(card, scores), 2), first=2, height=GOAL_HEIGHT),
        row(label("绩效指标", rows=1 + len(scores)), *map(head, headings), height=HEADING_HEIGHT, repeats=True),
        *indicator_rows(figures, card, ordered, scored_too=False),
        row(label("说明", 2), running(words(numbered(transfer_notes(figures))), 5), height=NOTE_HEIGHT),
    )  # fmt: skip
    name = "绩效目标自评表"
    return OfficialForm(name, f"{settings.project}{name}", f"（{settings.year}年度）", TRANSFER_WIDTHS, rows)


def transfer_funds(figures: FigureSet, card: Scorecard) -> Iterator[FormRow]:
    """Funds by who gave them; what superiors gave without saying who is neither."""
    headings = map(head, ("全年预算数（A）", "全年执行数（B）", "预算执行率（B/A）"))
    yield row(label("项目资金（万元）", 2, rows=5), cell(NOTHING, 2, heading=COLUMN), *headings)
    levels = levels_of(figures)
    local = tuple(level for level in levels if set(level.split("_")) <= set(LOCAL_LEVELS))
    # What superiors gave together nobody can divide between the central government and the place.
    mixed = [level for level in levels if _has_central(level) and level not in {"superior", "central"}]
    sources: dict[str, tuple[str, ...]] = {
        "其中：中央补助": () if mixed else ("central",),
        "地方资金": () if mixed or "superior" in levels else local,
        "其他资金": ("other",),
    }
    total = spent(figures, card)
    for name, contents in {"年度资金总额：": total, **by_source(figures, total, sources)}.items():
        yield row(label(name, 2), *map(cell, contents), first=2)


def transfer_notes(figures: FigureSet) -> Iterator[str]:
    """What is known of the funds that the rows above cannot say."""
    yield MISSING_NOTE
    names = {"superior": "没有写明是中央还是省里给的", "carryover": "没有写明原来的来源"}
    names |= {
        level: "没有写明各级各是多少" for level in levels_of(figures) if "_" in level or level == UNDIVIDED
    }
    for level, why in names.items():
        figure = figures.figures.get(f"funds_total.{level}")
        if figure is not None and figure.value is not None:
            yield f"{figure.label}{figure.text}，{why}"


# -- rows and cells


def row(*cells: FormCell, first: int = 0, height: int = ROW_HEIGHT, repeats: bool = False) -> FormRow:
    """Row of cells beside each other, from the first column that no cell above reaches into."""
    columns = accumulate((cell.columns for cell in cells), initial=first)
    placed = (replace(cell, column=column) for cell, column in zip(cells, columns, strict=False))
    return FormRow(tuple(placed), height, repeats)


def cell(content: Content, columns: int = 1, heading: str = "") -> FormCell:
    """What the year gives; said to be missing where it gives nothing."""
    return FormCell(content, columns=columns, heading=heading)


def label(text: str, columns: int = 1, rows: int = 1) -> FormCell:
    """Heading of what is beside it."""
    return FormCell(words(text), columns=columns, rows=rows, heading=ROW)


def head(text: str, columns: int = 1) -> FormCell:
    """Heading of what is below it."""
    return cell(words(text), columns, COLUMN)


def running(content: Content, columns: int = 1) -> FormCell:
    """Long text."""
    return FormCell(content, columns=columns, running=True)


# -- the book


def forms_page(page: Page) -> Block:
    """Every form of the year; the directive ``official-form`` draws them."""
    forms = official_forms(page.figures)
    return Block(joined(WHAT, WHERE, *map(drawn, forms)) if forms else NO_FORM)


def drawn(form: OfficialForm) -> str:
    """A form for the directive: one JSON document, a row a line."""
    lines = []
    for row in form.rows:
        cells = [{**asdict(cell), "content": cell.content.markdown} for cell in row.cells]
        told = {"height": row.height, "repeats": row.repeats, "cells": cells}
        lines.append(json.dumps(told, ensure_ascii=False))
    head = {"title": form.title, "year": form.year, "widths": form.widths}
    opening, listed = json.dumps(head, ensure_ascii=False).removesuffix("}"), ",\n".join(lines)
    return f'~~~~{{official-form}}\n{opening}, "rows": [\n{listed}\n]}}\n~~~~'
