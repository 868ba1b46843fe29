"""A form examined: findings, what cannot be judged, and the sums as they ought to be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.checks import DOUBT, ERROR, Finding, Place, Suspicion, rank, with_consequences
from evalbook.recheck.facts import NOT_STORED, ONE, ZERO, FormFacts, Judged, added, facts_of, round_to, shown
from evalbook.recheck.rules import RULES
from evalbook.recheck.rules.arithmetic import stated_points
from evalbook.schema.numbers import is_blank, plain
from evalbook.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from evalbook.checks import Rule
    from evalbook.recheck.form import Form


VALUE_COLUMNS = {"target": "年度指标值", "actual": "实际完成值"}


@dataclass(frozen=True)
class Unjudged:
    """Something that arithmetic cannot settle.

    Attributes
    ----------
    place : Place
    why : str
        Chinese sentence without final punctuation.
    """

    place: Place
    why: str


@dataclass(frozen=True)
class Totals:
    """Sums of a form.

    Attributes
    ----------
    points, score : Decimal or None
        Of all rows, as they stand; execution once.
    stated_points, stated_score : Decimal or None
        What the row 总分 says.
    execution_rate : Decimal or None
        全年执行数 ÷ 全年预算数 in percent, 2 digits.
    execution_score : Decimal or None
        Points × rate, not above the points, 2 digits.
    lowest, highest : Decimal or None
        Total that the targets and actual values allow by the known formulas; an indicator that cannot be judged
        counts from 0 to its points. None where an indicator has no points.
    checked : Decimal or None
        Points whose score could be compared with what its target, or the execution rate, gives; of ``points``.
    """

    points: Decimal | None
    score: Decimal | None
    stated_points: Decimal | None
    stated_score: Decimal | None
    execution_rate: Decimal | None
    execution_score: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    checked: Decimal | None


@dataclass(frozen=True)
class Examined:
    """What the rules say of a form.

    Attributes
    ----------
    form : Form
    findings : tuple of Finding
        The gravest first; each cause once, what follows from it below it.
    unjudged : tuple of Unjudged
    totals : Totals
    """

    form: Form
    findings: tuple[Finding, ...]
    unjudged: tuple[Unjudged, ...]
    totals: Totals

    def of(self, severity: str) -> tuple[Finding, ...]:
        """Findings of a severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)


def examine(form: Form) -> Examined:
    """Ask every rule about a form.

    Parameters
    ----------
    form
        As :func:`evalbook.recheck.layout.read_forms` reads it.

    Returns
    -------
    Examined
        Each cause once; its consequences stand below it.
    """
    facts = facts_of(form)
    single = _found(facts)
    if form.whole:
        also = {finding.stem for finding in _found(facts_of(form.whole)) if finding.severity == ERROR}
        single = [finding if finding.stem in also else _doubted(finding) for finding in single]
    ranked = sorted(single, key=lambda f: rank(f, RULES))
    causes = with_consequences(ranked, lambda f: [{place.address} for place in f.suspicion.places])
    findings = tuple(sorted(causes, key=lambda f: rank(f, RULES)))
    return Examined(form, findings, tuple(_unjudged(facts, findings)), _totals(facts))


def _found(facts: FormFacts) -> list[Finding]:
    return [
        Finding(rule, _only_asked(facts.form, rule, suspicion))
        for rule in RULES
        for suspicion in rule.find(facts)
    ]


def _doubted(finding: Finding) -> Finding:
    """A finding that is no error where what is hidden counts."""
    if finding.severity != ERROR:
        return finding
    notes = (*finding.suspicion.notes, "算上隐藏的行列，就没有这个矛盾")
    return replace(finding, suspicion=replace(finding.suspicion, severity=DOUBT, notes=notes))


def _only_asked(form: Form, rule: Rule[FormFacts], suspicion: Suspicion) -> Suspicion:
    """What rests on a column that was guessed is asked, never called wrong."""
    first = min((row.row for row in form.indicators), default=0)
    rests = [place for place in suspicion.places if place.column in form.guessed and place.row >= first]
    if not rests or (suspicion.severity or rule.severity) != ERROR:
        return suspicion
    columns = "、".join(sorted({place.column for place in rests}))
    return replace(suspicion, severity=DOUBT, notes=(*suspicion.notes, f"{columns}列是什么，是按内容猜的"))


def _unjudged(facts: FormFacts, findings: tuple[Finding, ...]) -> Iterator[Unjudged]:
    if _is_unfilled(facts):
        yield Unjudged(
            Place(facts.form.file, 0, ""), "各项指标都没有填实际完成值和得分，看来是还没有填写的表"
        )
        return
    yield from _unjudged_funds(facts, [p for f in findings if f.rule.id == "B5" for p in f.suspicion.places])
    absent = [name for kind, name in VALUE_COLUMNS.items() if kind not in facts.form.columns]
    if absent and facts.rows:
        yield Unjudged(
            Place(facts.form.file, 0, ""), f"表里没有{'、'.join(absent)}一栏，不能核对是否达到目标"
        )
    told = {place.address for f in findings for one in (f, *f.consequences) for place in one.suspicion.places}
    reasons: dict[str, list[Judged]] = {}
    for row in facts.rows:
        for why in ("" if absent else _why(row), *_without_number(facts, row, told)):
            if why:
                reasons.setdefault(why, []).append(row)
    for why, (first, *others) in reasons.items():
        numbers = "、".join(str(row.row.row) for row in (first, *others))
        rows = f"{first.name}等{len(others) + 1}项（第{numbers}行）" if others else first.name
        yield Unjudged(Place(facts.form.file, first.row.row, clean(first.row.name)), f"{rows}{why}")
    yield from _unjudged_sums(facts)
    if blank := [
        row for row in facts.form.management if is_blank(row.situation.text) and is_blank(row.problem.text)
    ]:
        names = "、".join(row.name for row in blank)
        yield Unjudged(Place(facts.form.file, blank[0].row, blank[0].name), f"资金管理情况没有填：{names}")


def _why(row: Judged) -> str:
    """Why a row's target cannot be judged, in the same words for all rows of which it is true."""
    asked, said = (is_blank(row.row.cell(kind).text) for kind in ("target", "actual"))
    if row.why and asked and said:
        return "没有填年度指标值和实际完成值"
    if row.why and isinstance(row.target, str) and isinstance(row.actual, str) and not (asked or said):
        return "，目标和完成情况都是文字，是否达到由填表人判断"
    return row.why and f"，{row.why}"


def _is_unfilled(facts: FormFacts) -> bool:
    """Whether nobody filled anything in but what is asked."""
    cells = [row.row.cell(kind) for row in facts.rows for kind in ("actual", "score")]
    cells += [fund.cell(kind) for fund in facts.form.funds for kind in ("executed", "score")]
    return bool(facts.rows) and all(is_blank(cell.text) and not cell.pending for cell in cells)


def _without_number(facts: FormFacts, row: Judged, told: set[str]) -> Iterator[str]:
    """Points and score that a row lacks, unless a finding says so."""
    for kind, name in (("points", "分值"), ("score", "得分")):
        cell = row.row.cell(kind)
        if kind not in facts.form.columns or cell.covered or facts.value(row, kind) is not None:
            continue
        if cell.error:
            continue
        if cell.pending:
            yield f"{name}{NOT_STORED}"
        elif not is_blank(cell.text):
            yield f"{name}写的是“{clean(cell.text)}”，不是一个数"
        elif facts.place(cell).address not in told:
            yield f"没有填{name}"


def _unjudged_funds(facts: FormFacts, accused: list[Place]) -> Iterator[Unjudged]:
    form, total = facts.form, facts.funds.total
    if not form.funds:
        if not any(row.row.is_execution for row in facts.rows):
            yield Unjudged(Place(form.file, 0, ""), "表里没有资金的行，不能核对预算执行")
        return
    first = total or form.funds[0]
    place = Place(form.file, first.row, clean(first.label))
    cells = [cell for row in form.funds for cell in row.cells.values()]
    if any(cell.pending and not cell.error for cell in cells):
        yield Unjudged(place, f"资金有的格{NOT_STORED}")
    if total is None:
        yield Unjudged(place, "表里没有年度资金总额一行，不能核对合计和执行率")
        return
    if any(cell.error for cell in cells):
        return  # a finding
    if facts.execution_rate is None:
        yield Unjudged(place, "全年预算数或全年执行数没有填、是0，或相差太大，不能核对执行率和预算执行得分")
    if not total.is_total or not facts.funds.parts or any(place.row == total.row for place in accused):
        return
    for kind, name in (("budget", "全年预算数"), ("executed", "全年执行数")):
        said = facts.money(total, kind)
        if said is not None and said > added(facts.of_parts[kind]):
            yield Unjudged(place, f"资金来源没有填全，不能核对{name}的合计")
            break


def _unjudged_sums(facts: FormFacts) -> Iterator[Unjudged]:
    form, total = facts.form, facts.form.total
    whole = Place(form.file, 0, "")
    if not form.has_points:
        yield Unjudged(whole, "表里没有分值和得分两栏，只核对完成情况和资金")
        return
    points, scores = facts.sums("points"), facts.sums("score")
    sums = (("分值", points), ("得分", scores))
    parts = [f"{name}合计{shown(values[0], None)}分" for name, values in sums if values]
    told = "，".join(parts) or "没有分值"
    if total is None:
        short = "；不足100分，表可能不完整或缺行" if points and points[0] < 100 else ""
        yield Unjudged(whole, f"表里没有总分行，不能核对总分（{told}{short}）")
    elif any(cell.pending and not cell.error for cell in (total.score, total.points)):
        yield Unjudged(Place(form.file, total.row, "总分"), f"总分{NOT_STORED}")
    elif facts.stated("score") is None and not total.score.error:
        yield Unjudged(Place(form.file, total.row, "总分"), f"总分行没有填得分（{told}）")
    if form.grade is not None and not form.grade_word:
        yield Unjudged(facts.place(form.grade), f"等次“{clean(form.grade.text)}”看不出选的是哪一等")
    if total is None and facts.rows and (said := stated_points(facts.rows[-1].row.level1)):
        rows = [row for row in facts.rows if plain(row.row.level1) == plain(facts.rows[-1].row.level1)]
        value = added(row.points for row in rows)
        if value < said:
            place = Place(form.file, rows[0].row.row, clean(rows[0].row.level1))
            why = f"最后一部分写明{shown(said, None)}分，下面各行合计{shown(value, None)}分，后面可能缺行"
            yield Unjudged(place, why)


def _totals(facts: FormFacts) -> Totals:
    scored, rate = facts.funds.scored, facts.execution_rate
    points, scores = facts.sums("points"), facts.sums("score")
    of_execution = scored.number("points") if scored else None
    execution = None if rate is None or of_execution is None else round_to(of_execution * min(rate, ONE), 2)
    lowest = highest = checked = None
    judged = facts.rows if of_execution is None else facts.indicators
    if points:
        checked = added(row.points for row in judged if row.score is not None and (row.met or row.shares))
        if execution is not None and scored and scored.number("score") is not None:
            checked += of_execution or ZERO
    if points and not facts.lacking(facts.indicators, "points"):
        spans = [_span(row) for row in judged if row.points is not None]
        if of_execution is not None:
            spans.append((execution, execution) if execution is not None else (ZERO, of_execution))
        lowest, highest = (added(ends) for ends in zip(*spans, strict=True))
    return Totals(
        points=next(iter(points), None),
        score=next(iter(scores), None),
        stated_points=facts.stated("points"),
        stated_score=facts.stated("score"),
        execution_rate=None if rate is None else round_to(rate * 100, 2),
        execution_score=execution,
        lowest=lowest,
        highest=highest,
        checked=checked,
    )


def _span(row: Judged) -> tuple[Decimal, Decimal]:
    points = row.points or ZERO
    if row.met is True:
        return points, points
    if row.met is False and row.shares:
        return round_to(points * min(row.shares), 2), round_to(points * max(row.shares), 2)
    return ZERO, points
