"""The self-evaluation: what each indicator scores and why, what is missing, and what the claimed grade rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures import UNCERTAIN, absence_of
from evalbook.frameworks.framework import PROPOSED, PROPOSED_POINTS
from evalbook.render import charts
from evalbook.render.markdown import Block, Numeric, container, escape, joined, link, reference, table
from evalbook.schema.vocabulary import QUESTIONED
from evalbook.scoring import evaluate, points_text, range_text, total_words

if TYPE_CHECKING:
    from decimal import Decimal

    from evalbook.figures import FigureSet
    from evalbook.frameworks import Framework
    from evalbook.render.page import Page
    from evalbook.scoring import Range, Score, Scorecard

POINTS = "分"
MARK = "＊"
"""Beside points that no document gives."""

NOT_FOUND, NO_EVIDENCE = "没有查到", "没有证据"
NO_FRAMEWORK = "本年度没有写明用哪个办法评价（year.yml 的“评价框架”），不计分。"


def framework_label(name: str) -> str:
    """Cross-reference label of a framework in the catalogue."""
    return f"framework-{name}"


def score_label(year: int, name: str) -> str:
    """Cross-reference label of a scorecard on its year's page."""
    return f"score-{year}-{name}"


def short_name(framework: Framework) -> str:
    """Number of the document, as captions name it; its title where it has none."""
    return framework.number or framework.title


def caption(title: str, framework: Framework) -> str:
    """Caption that says by which document the table is."""
    return f"{title}（{escape(short_name(framework))}）"


def score_page(page: Page) -> Block:
    """Every scorecard of the year: verdict, parts, indicators with reasons, and what is missing."""
    cards = (_card(page.figures, card) for card in evaluate(page.figures).scorecards)
    return Block(joined(*cards) or NO_FRAMEWORK)


def _card(figures: FigureSet, card: Scorecard) -> str:
    framework, year = card.framework, figures.year.settings.year
    number = f"（{escape(framework.number)}）" if framework.number else ""
    whole = link("这个框架的全部内容", framework_label(framework.name))
    return joined(
        f"({score_label(year, framework.name)})=\n## {escape(framework.title)}",
        container("score", f"{escape(framework.issuer)}{number}，评价{escape(framework.subject)}。{whole}"),
        container("score verdict", f"**{escape(verdict_line(card))}。**"),
        _note(card, borrowed=card.out_of_time(figures.year.settings)),
        _parts_table(card),
        _scores_table(figures, card),
        _reasons_table(card),
        _settling(card),
    )


def verdict_line(card: Scorecard) -> str:
    """Total, grades that are left and verdict, in one sentence without its stop."""
    verdict = card.verdict
    claimed = f"报告自评等次“{verdict.claimed}”" if verdict.claimed else "报告没有写自评等次"
    return f"{total_words(card)}。{claimed}：{verdict.word}——{verdict.reason}"


def _note(card: Scorecard, borrowed: str) -> str:
    told = [f"{escape(borrowed)}。"] if borrowed else []
    told += [escape(card.framework.note)] if card.framework.note else []
    if card.proposed:
        told.append(f"分值旁有“{MARK}”的是{PROPOSED_POINTS}：没有文件规定，由本工具提出。")
    if card.bonus.high or card.penalty.high:
        told.append(f"总分之外：加{range_text(card.bonus)}分，减{range_text(card.penalty)}分。")
    for event in (*card.framework.caps, *card.framework.vetoes):
        truths = {frozenset({True}): "出现了", frozenset({False}): "没有出现"}
        truth = truths.get(card.events[event.code], NO_EVIDENCE)
        told.append(escape(f"{event.what}：{truth}（最高或评为“{event.grade}”）。"))
    if [grade.name for grade in card.by_score] != [grade.name for grade in card.grades]:
        names = "、".join(grade.name for grade in card.by_score)
        told.append(escape(f"限制和否决以前可能的等次：{names}。"))
    return joined(*(container("score", text) for text in told))


def _parts_table(card: Scorecard) -> str:
    def row(name: str, full: str, span: Range, missing: Decimal) -> tuple[str, ...]:
        return name, full, *map(points_text, (span.low, span.high, missing))

    rows = [
        row(
            escape(part.name),
            points_text(part.points) if part.points else NOT_FOUND,
            part.range,
            part.missing,
        )
        for part in card.parts
    ]
    full = card.framework.total if card.framework.complete else card.framework.known
    rows.append(row("**合计**", points_text(full), card.base, card.base.width))
    headings = ("部分", Numeric("满分"), Numeric("已得"), Numeric("至多可得"), Numeric("待证据决定"))
    return table(caption("各部分得分", card.framework), headings, rows, "score")


def _name(score: Score) -> str:
    return f"{score.indicator.code} {escape(score.indicator.title)}"


def points_of(score: Score) -> str:
    """Points of an indicator, marked when they are a proposal; said not to be found where the document does not give them."""
    indicator = score.indicator
    if indicator.outside:
        return "总分之外"
    if indicator.points is None:
        return NOT_FOUND
    return points_text(indicator.points) + (MARK if indicator.origin == PROPOSED else "")


def _scores_table(figures: FigureSet, card: Scorecard) -> str:
    rows = []
    for score in card.scores:
        indicator = score.indicator
        none = NOT_FOUND if any(kind.needs_target for kind in indicator.kinds) else "—"
        reached = range_text(score.range) if indicator.points is not None or indicator.outside else "—"
        target, actual = escape(score.target.text) or none, _actual(figures, score)
        rows.append((_name(score), target, actual, points_of(score), reached, score.state))
    headings = ("指标", "目标", "实际", Numeric("分值"), Numeric("得分"), "情况")
    return table(caption("各指标得分", card.framework), headings, rows, "score")


def _actual(figures: FigureSet, score: Score) -> str:
    """Actual value, as a link where it is a figure of the year."""
    found = [(answer, answer.figure) for answer in score.answers if answer.figure is not None]
    if len(found) == 1 and found[0][0].number.known:
        return reference(found[0][1])
    if found and not score.actual:
        listed = ((answer, figures.figures[figure.address]) for answer, figure in found)
        return "；".join(
            f"{escape(answer.item)}{reference(figure)}" + (f"（{QUESTIONED}）" if figure.doubt else "")
            for answer, figure in listed
        )
    return escape(score.actual) or NO_EVIDENCE


def _reasons_table(card: Scorecard) -> str:
    rows = [
        (_name(score), "".join(f"{escape(text)}。" for text in (score.reason, *_proofs(score))))
        for score in card.scores
    ]
    return table(caption("理由和证据", card.framework), ("指标", "为什么得这些分"), rows, "score stacked")


def _proofs(score: Score) -> list[str]:
    """Evidence, documents of the target and deviation, as sentences without their stops."""
    confirmed = [evidence for evidence in score.evidence if evidence.confirmed and evidence.who]
    told = [f"证据：{e.document or e.place}，{e.who}{e.date}确认" for e in confirmed]
    if score.target.documents and score.target.stated:
        told.append(f"目标的出处：{'、'.join(score.target.documents)}")
    if score.deviation:
        told.append(f"偏差原因：{score.deviation.reason}；改进措施：{score.deviation.improvement}")
    return told


def _settling(card: Scorecard) -> str:
    """What evidence would settle the grade, the largest effect first."""
    listed = card.verdict.settling
    if not listed:
        return ""
    rows = [
        (_name(score), points_text(score.range.width), escape("；".join(score.missing))) for score in listed
    ]
    headings = ("指标", Numeric("至多能增加"), "要补什么")
    said = f"要证明“{escape(card.verdict.grade)}”，至少要补齐下面{len(listed)}项的证据，影响最大的在前："
    lacking = table(caption("至少要补的证据", card.framework), headings, rows, "score stacked")
    return joined(container("score", said), lacking)


def score_lines(page: Page) -> Block:
    """For the leader: what each framework gives, and where it is said why."""
    lines = []
    for card in evaluate(page.figures).scorecards:
        title = link(card.framework.title, score_label(page.figures.year.settings.year, card.framework.name))
        lines.append(f"- {title}：{escape(verdict_line(card))}。")
    return Block(joined("## 绩效评分", container("score", "\n".join(lines) or NO_FRAMEWORK)))


def grade_notice(figures: FigureSet) -> str:
    """Line of the cover: the claimed grade beside what the evidence says of it, by document."""
    evaluation = evaluate(figures)
    grade = evaluation.claimed_grade or absence_of(figures.year.settings)
    words: dict[str, list[str]] = {}
    for card in evaluation.scorecards:
        words.setdefault(card.verdict.word, []).append(short_name(card.framework))
    said = "；".join(f"{word}（{escape('、'.join(names))}）" for word, names in words.items())
    told = f"照证据核定：{said}，见[绩效评分](score.ipynb)" if said else "没有照办法评分"
    return container("status score", f"报告自评等次：{escape(grade)}。{told}。")


# -- charts


def points_chart(figures: FigureSet) -> charts.Chart | None:
    """Points achieved, missing and possible, by part of each complete framework."""
    groups, told = [], []
    for card in evaluate(figures).scorecards:
        if card.framework.complete:
            rows = []
            for part in card.parts:
                reached, missing, full = map(_points, (part.range.low, part.missing, part.points))
                open_bar = charts.Bar(missing, "待证据决定", charts.PALE)
                full_bar = charts.Bar(full, "满分", charts.HOLLOW)
                rows.append(charts.BarRow(part.name, (charts.Bar(reached, "已得"), open_bar, full_bar)))
            groups.append(charts.BarGroup(f"{card.framework.title}（{POINTS}）", POINTS, tuple(rows)))
            low, open_points = points_text(card.base.low), points_text(card.base.width)
            known = f"得{low}分" if card.base.known else f"已得{low}分，还有{open_points}分要看证据"
            told.append(card.framework.title + known)
    said = "；".join(told)
    return charts.bar_chart(figures, groups, charts.Words(said, escape(said)), "finding score")


def _points(value: Decimal) -> charts.Amount:
    return charts.Amount(value, POINTS, f"{points_text(value)}{POINTS}")


def targets_chart(figures: FigureSet) -> charts.Chart | None:
    """Target against actual value, by unit, where the target is known and the actual value at least a range."""
    groups: dict[str, list[charts.BarRow]] = {}
    missed: list[str] = []
    unsure: list[str] = []
    compared = 0
    for card in evaluate(figures).scorecards:
        for score in card.scores:
            if not score.target.stated or not score.actual or not score.answers:
                continue
            unit, number = score.target.unit, score.answers[0].number
            target = charts.Amount(score.target.value.low, unit, score.target.text)
            actual = charts.Amount(number.low if number.known else None, unit, score.actual)
            bars = (charts.Bar(target, "目标", charts.HOLLOW), charts.Bar(actual, "实际"))
            groups.setdefault(unit, []).append(charts.BarRow(score.indicator.title, bars))
            compared += 1
            told = f"{score.indicator.title}{score.actual}（目标{score.target.text}）"
            missed += [told] if score.missed else []
            unsure += [told] if score.met is None else []
    said = f"有目标也有实际值的{compared}个指标里，没有达到目标的：{'、'.join(missed) or '没有'}"
    said += f"；是否达到目标{UNCERTAIN}的：{'、'.join(unsure)}" if unsure else ""
    listed = [charts.BarGroup(f"目标与实际（{unit}）", unit, tuple(rows)) for unit, rows in groups.items()]
    return charts.bar_chart(figures, listed, charts.Words(said, escape(said)), "finding score")
