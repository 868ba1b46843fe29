"""The official forms of the self-evaluation, filled in: one model from which the book, the PDF and the workbook are made.

项目支出绩效自评表 in the layout of the form that goes with 财预〔2020〕10号 (an export of the central project library, form
of 2019, gives every merge and width; 池州市贵池区棠溪镇's filled form of 2022 the rows of the funds), and 绩效目标自评表 of
transfers (a central fund's of 2021, 衡山县's of 2020), whose widths are not known. Each is made twice: to be handed in, where
a cell holds a value or is blank with a numbered note, and as the working paper, which shows ranges and what has no source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.figures import UNCERTAIN, Known
from evalbook.frameworks.framework import (
    BUDGET,
    EXECUTED,
    EXECUTION_PART,
    INITIAL_BUDGET,
    PROPOSED,
    PROPOSED_POINTS,
    TRANSFER_SOURCES,
    of_source,
)
from evalbook.render.annex import figure_label
from evalbook.render.forms_lacks import BUDGET_DOCUMENT, FOLLOWS, Lacks
from evalbook.render.forms_model import (
    COLUMN,
    GOAL_HEIGHT,
    HEADING_HEIGHT,
    NOTHING,
    NOTHING_TO_SAY,
    ROW,
    Content,
    FormCell,
    FormRow,
    Lack,
    OfficialForm,
    cell,
    handed_in,
    head,
    label,
    row,
    running,
    words,
    working_paper,
)
from evalbook.render.markdown import Block, container, escape, joined, link, reference, shortened, table
from evalbook.render.score import MARK
from evalbook.render.spreadsheet import number_format
from evalbook.schema.vocabulary import INITIAL, NOT_STATED, QUESTIONED, UNDIVIDED
from evalbook.scoring import Range, evaluate, points_text, range_text
from evalbook.scoring.rules import UNKNOWN
from evalbook.scoring.scorecard import MONEY

if TYPE_CHECKING:
    from evalbook.figures import Figure, FigureSet
    from evalbook.frameworks import Framework
    from evalbook.render.page import Page
    from evalbook.scoring import Score, Scorecard
    from evalbook.scoring.evidence import Answer

NO_POINTS = "—"

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
WHERE = "要报送的 Excel 文件见[数据下载](downloads.ipynb)。"
WORKING_PAPERS = (
    f"下面是底稿，不报送：没有来源的内容写“{NOT_STATED}”，不能确定的数字和得分写出范围，"
    f"分值旁有“{MARK}”的是{PROPOSED_POINTS}。"
)


# -- contents


def lacking(lacks: Iterable[Lack], content: Content | None = None) -> Content:
    """What cannot be handed in, for the working paper: said to be missing where nothing at all is known."""
    return replace(words(NOT_STATED) if content is None else content, lacks=tuple(lacks))


def number(text: str, suffix: str = "") -> Content:
    """Number as it is shown, and what follows it."""
    pattern = number_format(len(text.partition(".")[2])) + (f'"{suffix}"' if suffix else "")
    return Content(text + suffix, escape(text + suffix), Decimal(text), pattern)


def linked(figures: FigureSet, figure: Figure, content: Content) -> Content:
    """Content that leads to the lineage of a figure: by its number, or, where that is a range, as it is."""
    shown = {figure.number, *(figures.number_in(figure, unit) for unit in figures.units.alike(figure.unit))}
    begins = re.match(r"-?\d+(?:\.\d+)?(?!.*[至—])", content.text)
    if begins and begins[0] in shown:
        markdown = reference(figure, begins[0]) + escape(content.text.removeprefix(begins[0]))
    else:
        markdown = link(content.text, figure_label(figures.year.settings.year, figure.address))
    return replace(content, markdown=markdown)


def money(figures: FigureSet, span: Range, figure: Figure | None = None) -> Content:
    """Money in 万元, or the range that it is in."""
    if not span.high.is_finite():
        return words(NOT_STATED if figure is None or figure.value is None else UNCERTAIN)
    if span.known:
        whole = figure is not None and figure.value is not None
        low = shortened(figures, span.low, MONEY)
        content = number(figures.number_in(figure, MONEY) if figure is not None and whole else low)
    else:
        content = between(figures, span, MONEY)
    return linked(figures, figure, content) if figure is not None else content


def between(figures: FigureSet, span: Range, unit: str, suffix: str = "") -> Content:
    """All that a number may be, as pages say it."""
    return words(Known(span.low, span.high, unit, figures.units.units[unit].digits).number + suffix)


def rate(figures: FigureSet, share: Range) -> Content:
    """Execution rate, or the range that it is in."""
    if not share.high.is_finite():
        return words(NOT_STATED)
    if not share.known:
        return between(figures, share, "%", "%")
    low = shortened(figures, share.low, "%")
    pattern = f"{number_format(len(low.partition('.')[2]))}%"
    return Content(f"{low}%", escape(f"{low}%"), Decimal(low) / 100, pattern)


def scored(span: Range) -> Content:
    """Score; what is possible when it is not determined."""
    text = range_text(span)
    return number(text) if span.known else words(f"{text}（不能确定）")


def possible(year: Lacks, score: Score) -> Content:
    """Points that an indicator may give, marked when no document gives them."""
    points = score.indicator.points
    proposed = MARK if score.indicator.origin == PROPOSED else ""
    content = words(NOT_STATED) if points is None else number(points_text(points), proposed)
    return lacking(year.points(score), content)


def got(year: Lacks, score: Score) -> Content:
    """Score of an indicator."""
    return lacking(year.score(score), scored(score.range))


def target(year: Lacks, score: Score) -> Content:
    """Target of an indicator."""
    return lacking(year.target(score), words(score.target.text or NOT_STATED))


def actual(year: Lacks, score: Score) -> Content:
    """Actual value, leading to the figure that it is."""
    found = [answer.figure for answer in score.answers if answer.figure is not None]
    content = words(score.actual or NOT_STATED)
    if score.actual and len(found) == 1:
        content = linked(year.figures, found[0], content)
    return lacking(year.actual(score), content)


def deviation(year: Lacks, score: Score) -> Content:
    """Reason and measure; said to be missing where the target was missed, or exceeded by so much that a reason is compulsory.

    While it is not known whether there is anything to explain, nothing can be handed in.
    """
    if score.deviation is not None:
        return words(f"原因：{score.deviation.reason}；措施：{score.deviation.improvement}")
    most, share = year.card.framework.explained_from, score.completion
    exceeded = score.target.comparison == "≥" and share.high.is_finite() and most is not None
    if score.missed or (exceeded and most is not None and share.low >= most):
        why = Lack("没有写偏差原因和改进措施", "", "有关业务的记录（填进 deviations.csv）")
        return lacking((why,), words("没有说明"))
    open_ = dict.fromkeys((*year.target(score), *year.actual(score)))
    return lacking(open_, NOTHING) if open_ else words(NOTHING_TO_SAY)


def setting(year: Lacks, text: str) -> Content:
    """What ``year.yml`` says."""
    return words(text) if text else lacking((year.setting,))


# -- the year


@dataclass(frozen=True)
class Filled:
    """A form twice: to be handed in, and as the working paper."""

    official: OfficialForm
    working: OfficialForm


def filled_forms(figures: FigureSet) -> tuple[Filled, ...]:
    """Forms of a year: both for each framework that scores the execution of the budget."""
    evaluation = evaluate(figures)
    years = [Lacks(figures, evaluation, card) for card in evaluation.scorecards if has_form(card.framework)]
    made = []
    for place, year in enumerate(years, start=1):
        # Sheets of a workbook have names of their own.
        suffix = f"{place}" if len(years) > 1 else ""
        project, transfer = project_form(year), transfer_form(year)
        made.append(twice(project, suffix, project_notes(year.card)))
        made.append(twice(transfer, suffix, (MISSING_NOTE, *transfer.remarks)))
    return tuple(made)


def twice(form: OfficialForm, suffix: str, notes: Iterable[str]) -> Filled:
    """A form to be handed in, and its working paper with notes of its own."""
    form = replace(form, name=f"{form.name}{suffix}")
    return Filled(handed_in(form), working_paper(replace(form, remarks=(numbered(notes),))))


def official_forms(figures: FigureSet) -> tuple[OfficialForm, ...]:
    """Forms of a year as they are handed in."""
    return tuple(filled.official for filled in filled_forms(figures))


def has_form(framework: Framework) -> bool:
    """Whether a framework is of the finance line, whose forms show the execution of the budget."""
    return any(indicator.part == EXECUTION_PART for indicator in framework.indicators)


def execution(card: Scorecard) -> Score | None:
    """Score of the execution rate, where the framework names both of its numbers."""
    stated = (score for score in card.scores if score.indicator.kinds)
    return next((score for score in stated if score.indicator.kinds[0].code == "execution"), None)


def by_level(year: Lacks, levels: Iterable[str]) -> Range | None:
    """Funds of some levels together; None when there is a level without a number, or none at all."""
    listed = granted_by(year.figures, levels)
    complete = bool(listed) and all(figure.value is not None for figure in listed)
    return year.money(listed) if complete else None


def granted_by(figures: FigureSet, levels: Iterable[str]) -> list[Figure]:
    """Totals of the funds of some levels, as far as the year has them."""
    addresses = (f"funds_total.{level}" for level in levels)
    return [figures.figures[address] for address in addresses if address in figures.figures]


def levels_of(figures: FigureSet) -> list[str]:
    """Levels that the year has funds of."""
    prefix = "funds_total."
    return [a.removeprefix(prefix) for a in figures.figures if a.startswith(prefix) and a != f"{prefix}all"]


Money = tuple[Content, Content, Content]
"""Budget, executed money and execution rate."""


def entered(year: Lacks, item: str) -> Content | None:
    """An amount that somebody entered as evidence; None where nobody has."""
    score = execution(year.card)
    if score is None or (score.indicator.code, item) not in year.record.evidence:
        return None
    return amount(year, score, year.record.answer(score.indicator, item, MONEY))


def amount(year: Lacks, score: Score, answer: Answer) -> Content:
    """Money of an input; what only a plausibility band bounds is not said."""
    span = answer.number if answer.told else UNKNOWN
    return lacking(year.answer(score, answer), money(year.figures, span, answer.figure))


def spent(year: Lacks) -> Money:
    """Money of the year as the execution rate was scored by it."""
    score = execution(year.card)
    if score is None:
        budget, executed = (lacking((year.money_by_source(item),)) for item in (BUDGET, EXECUTED))
        return budget, executed, lacking((FOLLOWS,))
    answers = {answer.item: answer for answer in score.answers}
    budget, executed = (amount(year, score, answers[item]) for item in (BUDGET, EXECUTED))
    if not (budget.lacks or executed.lacks) and answers[EXECUTED].number.high > answers[BUDGET].number.low:
        why = "全年执行数大于全年预算数，预算数还要加上年结转和年内调整"
        budget = lacking((Lack(why, year.finance_office, BUDGET_DOCUMENT),), budget)
    unsure = UNCERTAIN in {budget.text, executed.text}
    share = words(UNCERTAIN) if unsure else rate(year.figures, score.told_completion)
    return budget, executed, lacking((*budget.lacks, *executed.lacks), share)


def budgeted(year: Lacks, source: str, levels: Sequence[str]) -> tuple[Range | None, Content]:
    """Budget of a source of money, leading to the figure where it is one."""
    own = entered(year, of_source(BUDGET, source))
    if own is not None:
        return (None if own.lacks or own.value is None else Range(own.value, own.value)), own
    span = by_level(year, levels)
    if span is None:
        return None, lacking((year.money_by_source(BUDGET),))
    whole = "all" if set(levels) == set(levels_of(year.figures)) else levels[0] if len(levels) == 1 else ""
    content = money(year.figures, span, year.figures.figures.get(f"funds_total.{whole}"))
    doubts = dict.fromkeys(
        lack for figure in granted_by(year.figures, levels) for lack in year.doubts(figure.address)
    )
    return span, lacking(doubts, content)


def initially(year: Lacks, item: str, levels: Sequence[str]) -> Content:
    """Initial budget of some levels: entered as evidence, else the rows of the funds that state it.

    These count only where each of the levels' funds has its row, since a sum of some of them is none.
    """
    own = entered(year, item)
    if own is not None:
        return own
    facts = year.evaluation.facts
    granted = {(row.level, row.programme) for row in facts.granted_rows() if row.level in levels}
    stated = {
        (row.level, row.programme): figure
        for row, figure in facts.stated("funds")
        if row.said("aspect") == INITIAL and row.level in levels
    }
    if not granted or not granted <= stated.keys():
        return lacking((year.initial,))
    doubts = dict.fromkeys(lack for figure in stated.values() for lack in year.doubts(figure.address))
    return lacking(doubts, money(year.figures, year.money(stated.values())))


def by_source(year: Lacks, total: Money, sources: Mapping[str, Sequence[str]]) -> dict[str, Money]:
    """Money of each source; what was executed is entered, or known when one source has given everything."""
    given = {name: budgeted(year, name, levels) for name, levels in sources.items()}
    only = [name for name, (span, _) in given.items() if span is None or span.high]
    return {name: _of_source(year, name, total, *given[name], alone=only == [name]) for name in given}


def _of_source(
    year: Lacks, name: str, total: Money, span: Range | None, budget: Content, *, alone: bool
) -> Money:
    executed = entered(year, of_source(EXECUTED, name))
    if executed is None and span is not None and alone:
        return budget, *total[1:]
    if executed is None and span is not None and not span.high:
        return budget, lacking(budget.lacks, number(budget.text)), words(NO_POINTS)
    if executed is None:
        executed = lacking((year.money_by_source(EXECUTED),))
    lacks = (*budget.lacks, *executed.lacks)
    if lacks or not budget.value or executed.value is None:
        return budget, executed, lacking(lacks, words(NO_POINTS)) if budget.value == 0 else lacking(lacks)
    share = executed.value / budget.value * 100
    return budget, executed, rate(year.figures, Range(share, share))


def done(year: Lacks, score: Score) -> bool | None:
    """Whether a target was reached; None while that is not known."""
    framework = year.card.framework
    best = framework.levels[0][0] if framework.levels else ""
    if score.completion.low >= 100 or (best and any(answer.case == best for answer in score.answers)):
        return True
    points = score.indicator.points
    if score.range.known and points is not None:
        return score.range.low >= points
    return False if score.missed else None


def accomplished(year: Lacks, scores: Sequence[Score]) -> Content:
    """What was done of the year's goal, as far as the indicators say it."""
    found = [done(year, score) for score in scores]
    rest = found.count(None)
    unknown = f"，还有{rest}个缺目标或证据，不能确定" if rest else ""
    content = words(
        f"本表{len(found)}个绩效指标，达到目标的{found.count(True)}个，没有达到的{found.count(False)}个{unknown}。各指标的完成情况见下。"
    )
    is_open = rest or any(year.target(score) or year.actual(score) for score in scores)
    return lacking((FOLLOWS,) if is_open else (), content)


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


def project_form(year: Lacks) -> OfficialForm:
    """项目支出绩效自评表 of a year, by one framework, less its last rows."""
    settings, ordered = year.figures.year.settings, in_order(year.card)
    scores = [score for _, groups in ordered for _, scores in groups for score in scores]
    headings = (
        label("绩效指标", rows=1 + len(scores)), head("一级指标"), head("二级指标"), head("三级指标", 2), head("年度指标值"),
        head("实际完成值"), head("分值"), head("得分"), head("偏差原因分析及改进措施", 2),
    )  # fmt: skip
    possibly = cell(number(points_text(year.card.framework.total)))
    rows = (
        row(label("项目名称", 2), cell(setting(year, settings.project), 9)),
        row(label("主管部门", 2), cell(setting(year, settings.department), 3), label("实施单位"),
            cell(setting(year, settings.bureau), 5)),
        *project_funds(year),
        row(label("年度总体目标", rows=2), head("预期目标", 5), head("实际完成情况", 5)),
        row(running(setting(year, settings.goal), 5), running(accomplished(year, scores), 5), first=1,
            height=GOAL_HEIGHT),
        row(*headings, height=HEADING_HEIGHT, repeats=True),
        *indicator_rows(year, ordered, scored_too=True),
        row(label("总分", 7), possibly, cell(total_score(year)), cell(NOTHING, 2)),
    )  # fmt: skip
    title = "项目支出绩效自评表"
    return OfficialForm(title, title, f"（{settings.year}年度）", PROJECT_WIDTHS, rows)


def total_score(year: Lacks) -> Content:
    """Score in all; a sum of some of the scores is none."""
    card = year.card
    if not card.framework.complete:
        return lacking(
            (Lack("办法的分值和计分规则没有查全，不计总分", "定评价办法的机关", "评价办法的原文"),)
        )
    is_open = not card.total.known or any(
        year.score(score) for score in card.scores if not score.indicator.outside
    )
    return lacking((FOLLOWS,) if is_open else (), scored(card.total))


def project_funds(year: Lacks) -> Iterator[FormRow]:
    """Funds: points only in the first row, so that no sum counts them twice; money by source where it is known."""
    score, names = execution(year.card), year.card.framework.fund_rows
    headings = map(head, ("年初预算数", "全年预算数", "全年执行数", "分值"))
    opening = (label("项目资金（万元）", 2, rows=2 + len(names)), cell(NOTHING, 2, heading=COLUMN))
    yield row(*opening, *headings, head("执行率", 2), head("得分"))
    total = spent(year)
    possibly = possible(year, score) if score is not None else lacking((FOLLOWS,))
    reached = got(year, score) if score is not None else lacking((FOLLOWS,))
    reached = replace(reached, lacks=tuple(dict.fromkeys((*reached.lacks, *total[2].lacks))))
    granted = tuple(level for level in levels_of(year.figures) if level not in OWN_LEVELS)
    levels = {"财政": granted, "结转": ("carryover",), "其他": ("other",)}
    sources = {name: next((levels[w] for w in levels if w in name), ()) for name in names}
    none = words(NO_POINTS)
    everything = initially(year, INITIAL_BUDGET, levels_of(year.figures))
    listed = {"年度资金总额：": (everything, total, possibly, reached)} | {
        name: (initially(year, of_source(INITIAL_BUDGET, name), sources[name]), money, none, none)
        for name, money in by_source(year, total, sources).items()
    }
    for name, (before, (budget, executed, share), points, reached) in listed.items():
        contents = map(cell, (before, budget, executed, points))
        yield row(label(name, 2), *contents, cell(share, 2), cell(reached), first=2)


def indicator_rows(
    year: Lacks, ordered: Sequence[tuple[str, list[tuple[str, list[Score]]]]], *, scored_too: bool
) -> Iterator[FormRow]:
    """A row for each indicator; the first ones of their levels name these."""
    points = {part.name: part.points for part in year.card.parts}
    wide = 2 if scored_too else 1
    for part, groups in ordered:
        name = f"{part}（{points_text(points[part])}分）" if scored_too and points.get(part) else part
        opening = [label(name, rows=sum(len(scores) for _, scores in groups))]
        for group, scores in groups:
            opening.append(label(group, rows=len(scores)))
            for score in scores:
                given = (possible(year, score), got(year, score)) if scored_too else ()
                yield row(
                    *opening,
                    cell(words(score.indicator.title), wide, heading=ROW),
                    *map(cell, (target(year, score), actual(year, score), *given)),
                    explained(deviation(year, score), wide),
                    first=3 - len(opening),
                )
                opening = []


def explained(content: Content, wide: int) -> FormCell:
    """Cell of a reason and a measure; 无 is no long text."""
    return cell(content, wide) if content.text == NOTHING_TO_SAY else running(content, wide)


def project_notes(card: Scorecard) -> Iterator[str]:
    """What the reader of a working paper must know."""
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


def transfer_form(year: Lacks) -> OfficialForm:
    """绩效目标自评表 of a transfer, which reports completion and gives no points, less its last rows."""
    settings, ordered = year.figures.year.settings, in_order(year.card)
    scores = [score for _, groups in ordered for _, scores in groups for score in scores]
    headings = ("一级指标", "二级指标", "三级指标", "年度指标值", "全年完成值", "未完成原因和改进措施")
    rows = (
        row(label("转移支付（项目）名称", 2), cell(setting(year, settings.project), 5)),
        row(label("中央主管部门", 2), cell(setting(year, settings.central_department), 5)),
        row(label("地方主管部门", 2), cell(setting(year, settings.local_department), 2), label("实施单位"),
            cell(setting(year, settings.bureau), 2)),
        *transfer_funds(year),
        row(label("年度总体目标", 2, rows=2), head("年初设定目标", 3), head("全年实际完成情况", 2)),
        row(running(setting(year, settings.goal), 3), running(accomplished(year, scores), 2), first=2,
            height=GOAL_HEIGHT),
        row(label("绩效指标", rows=1 + len(scores)), *map(head, headings), height=HEADING_HEIGHT, repeats=True),
        *indicator_rows(year, ordered, scored_too=False),
    )  # fmt: skip
    name = "绩效目标自评表"
    title, line = f"{settings.project}{name}", f"（{settings.year}年度）"
    remarks = tuple(transfer_remarks(year))
    return OfficialForm(name, title, line, TRANSFER_WIDTHS, rows, remarks, "说明")


def transfer_funds(year: Lacks) -> Iterator[FormRow]:
    """Funds by who gave them; what superiors gave without saying who is neither."""
    headings = map(head, ("全年预算数（A）", "全年执行数（B）", "预算执行率（B/A）"))
    yield row(label("项目资金（万元）", 2, rows=5), cell(NOTHING, 2, heading=COLUMN), *headings)
    levels = levels_of(year.figures)
    local = tuple(level for level in levels if set(level.split("_")) <= set(LOCAL_LEVELS))
    # What superiors gave together nobody can divide between the central government and the place.
    mixed = [level for level in levels if _has_central(level) and level not in {"superior", "central"}]
    central, place, other = TRANSFER_SOURCES
    sources: dict[str, tuple[str, ...]] = {
        f"其中：{central}": () if mixed else ("central",),
        place: () if mixed or "superior" in levels else local,
        other: ("other",),
    }
    total = spent(year)
    for name, contents in {"年度资金总额：": total, **by_source(year, total, sources)}.items():
        yield row(label(name, 2), *map(cell, contents), first=2)


def transfer_remarks(year: Lacks) -> Iterator[str]:
    """What is known of the funds that the rows of the form cannot say."""
    figures = year.figures
    names = {"carryover": "没有写明原来的来源"}
    if entered(year, of_source(BUDGET, TRANSFER_SOURCES[0])) is None:
        names["superior"] = "没有写明是中央还是省里给的"
        names |= {
            level: "没有写明各级各是多少"
            for level in levels_of(figures)
            if "_" in level or level == UNDIVIDED
        }
    for level, why in names.items():
        figure = figures.figures.get(f"funds_total.{level}")
        known = year.evaluation.range_of(figure.address) if figure is not None else None
        if figure is not None and known is not None and (figure.value or not known.certain):
            yield f"{figure.label}{figure.text if known.certain else QUESTIONED}，{why}"


# -- whether it can be handed in, and the book


def verdict(form: OfficialForm) -> str:
    """Whether a form can be handed in, a Chinese sentence without its stop."""
    if form.ready:
        return "可以报送：应填的格都填了"
    return f"不能报送：有{len(form.blanks)}格不能填，空着，共{len(form.notes)}条原因，逐条写在注里"


def authority(figures: FigureSet) -> str:
    """That nobody has approved what the forms were filled from, a sentence without its stop; empty when somebody has."""
    return "" if figures.year.authority.approved else "未经批准：本年度的这一稿还没有人批准，先经批准，再报送"


NOTE_HEADINGS = ("注", "哪些格（行、列，Excel 的单元格）", "缺什么", "由谁提供", "凭什么")


def note_rows(form: OfficialForm) -> Iterator[tuple[str, ...]]:
    """What a form lacks, a cause a row."""
    for note in form.notes:
        yield note.mark, note.where, note.lack.what, *note.lack.given


def forms_page(page: Page) -> Block:
    """Every form of the year with whether it can be handed in; the directive ``official-form`` draws them."""
    filled = filled_forms(page.figures)
    if not filled:
        return Block(NO_FORM)
    state = authority(page.figures)
    told = [container("score", f"**{state}。**")] if state else []
    for form in (one.official for one in filled):
        told.append(container("score verdict", f"{escape(form.name)}：**{verdict(form)}。**"))
        if form.notes:
            rows = [tuple(map(escape, cells)) for cells in note_rows(form)]
            # On paper the notes below the form are enough.
            told.append(
                only_on_screen(
                    table(f"{escape(form.name)}：缺什么", NOTE_HEADINGS, rows, "score stacked not-searched")
                )
            )
    papers = only_on_screen(WHERE, WORKING_PAPERS, *(drawn(one.working) for one in filled))
    return Block(joined(*told, *(drawn(one.official) for one in filled), papers))


def only_on_screen(*blocks: str) -> str:
    """What the book shows and the documents do not."""
    return f"`````{{only}} html\n{joined(*blocks)}\n`````"


def drawn(form: OfficialForm) -> str:
    """A form for the directive: one JSON document, a row a line."""
    lines = []
    for line in form.rows:
        cells = [
            {**asdict(replace(cell, content=NOTHING)), "content": cell.content.markdown}
            for cell in line.cells
        ]
        told = {"height": line.height, "repeats": line.repeats, "cells": cells}
        lines.append(json.dumps(told, ensure_ascii=False))
    head = {"title": form.title, "year": form.year, "widths": form.widths}
    opening, listed = json.dumps(head, ensure_ascii=False).removesuffix("}"), ",\n".join(lines)
    return f'~~~~{{official-form}}\n{opening}, "rows": [\n{listed}\n]}}\n~~~~'
