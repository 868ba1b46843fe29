"""A year scored by a framework: what each indicator gets and why, the total, the grades that are left.

Where something is not known, a score is the range that it allows, and the total and the grade with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from evalbook.checks import claim
from evalbook.figures import Known
from evalbook.frameworks.framework import (
    BASE,
    BUDGET,
    DEDUCTION,
    EXECUTED,
    GROUP,
    INVERSE_FORMULAS,
    MISSED,
    PARTIAL_STEPS,
    PROPOSED,
    VETO,
    ZERO_BUDGETS,
)
from evalbook.scoring import rules
from evalbook.scoring.evidence import Answer, Deviation, Evidence, Record, Target
from evalbook.scoring.rules import NO, UNKNOWN, YES, ZERO, Range, Truth, exactly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evalbook.checks import Facts
    from evalbook.frameworks import Framework, Grade, Indicator
    from evalbook.year import Settings

EXACT = 20
"""Decimals of a total that are arithmetic; those after them are left over from divisions."""

DIGITS = 60
"""Digits of the context in which scores are added: quotients have 28, so that their sums are exact."""

SCORED, PARTLY, NO_TARGET, MISSING, JUDGED, UNSCORABLE, NO_RULE = STATES = (
    "已计分",
    "部分确定",
    "缺目标",
    "缺证据",
    "评定",
    "不可自评",
    "计分办法未查到",
)
"""What a score is: computed or entered; a range; nothing known, for want of a target or of evidence; given by a person;
not for oneself to give; without a rule."""

MONEY = "万元"
"""Unit of budgeted and executed money, in the forms and where it is entered."""

NO_APPROVED_TARGET = "批准的目标值"

SUPPORTED, INSUFFICIENT, CONTRADICTED, UNDECIDABLE = VERDICTS = (
    "证据支持",
    "证据不足",
    "与证据矛盾",
    "无法核定",
)
"""What the evidence says of the grade that the report claims."""


@dataclass(frozen=True)
class Score:
    """What one indicator gets.

    Attributes
    ----------
    indicator : Indicator
    range : Range
        Least and most points.
    state : str
        Of :data:`STATES`.
    target : Target
    actual : str
        Actual value as the form shows it; empty when it is not known.
    completion : Range
        Actual value in percent of the target (target in percent of the actual value where it must not be exceeded).
    answers : tuple of Answer
        What is known of each input.
    reason : str
        Why it scores what it does, one Chinese sentence with its figures, without the stop.
    missing : tuple of str
        What would narrow the range, in Chinese.
    deviation : Deviation or None
    """

    indicator: Indicator
    range: Range
    state: str
    target: Target
    actual: str
    completion: Range
    answers: tuple[Answer, ...]
    reason: str
    missing: tuple[str, ...]
    deviation: Deviation | None

    @property
    def told_completion(self) -> Range:
        """The completion, as far as it may be said of the county: not what only a plausibility band bounds."""
        return self.completion if all(answer.told for answer in self.answers) else UNKNOWN

    @property
    def missed(self) -> bool:
        """Whether the target was certainly missed; the execution rate has none."""
        return self.target.stated and self.completion.high < 100

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where that is not certain, or there is none."""
        if not self.target.stated or self.completion == UNKNOWN:
            return None
        return True if self.completion.low >= 100 else False if self.completion.high < 100 else None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Rows of evidence that it rests on."""
        return tuple(answer.evidence for answer in self.answers if answer.evidence is not None)


@dataclass(frozen=True)
class PartScore:
    """Points of a first-level part: ``points`` possible, ``range`` achieved."""

    name: str
    points: Decimal
    range: Range

    @property
    def missing(self) -> Decimal:
        """Points that evidence would decide on."""
        return self.range.width


@dataclass(frozen=True)
class Verdict:
    """What the evidence says of the claimed grade.

    Attributes
    ----------
    word : str
        Of :data:`VERDICTS`.
    claimed : str
        The grade that the report claims; empty when it claims none.
    reason : str
        A Chinese sentence without its stop.
    grade : str
        Grade whose proof ``settling`` is about: the claimed one, or the best that is left when the claim is not a
        grade of the framework; empty when it gives no grade.
    settling : tuple of Score
        The fewest indicators whose evidence could prove that grade, the largest effect first.
    """

    word: str
    claimed: str
    reason: str
    grade: str = ""
    settling: tuple[Score, ...] = ()


@dataclass(frozen=True)
class Scorecard:
    """A year scored by a framework.

    Attributes
    ----------
    framework : Framework
    scores : tuple of Score
        In the order of the framework.
    parts : tuple of PartScore
    base : Range
        Sum of the indicators inside the total.
    bonus, penalty : Range
        What is added and taken outside it, each up to its cap.
    total : Range
        After both, not below 0.
    rate : Range
        Execution rate in percent; unknown where the framework has none.
    by_score : tuple of Grade
        Grades that the total allows, the best first; none when the framework is not complete or gives none.
    grades : tuple of Grade
        Those that caps and vetoes leave, what may have occurred included.
    events : mapping of str to frozenset of bool
        Whether each event that caps or fails occurred, by its code.
    verdict : Verdict
    """

    framework: Framework
    scores: tuple[Score, ...]
    parts: tuple[PartScore, ...]
    base: Range
    bonus: Range
    penalty: Range
    total: Range
    rate: Range
    by_score: tuple[Grade, ...]
    grades: tuple[Grade, ...]
    events: Mapping[str, Truth]
    verdict: Verdict

    def out_of_time(self, settings: Settings) -> str:
        """That the framework does not hold in the whole period of a year, a Chinese sentence; empty when it does."""
        start, end = self.framework.start, self.framework.end
        late = start is not None and start.first > settings.period_start
        if not late and (end is None or end.last >= settings.period_end):
            return ""
        held = f"{start or ''}起" if end is None else f"{start or ''}至{end}" if start != end else f"{start}"
        return f"这个框架适用的时间是{held}，{settings.year}年度是借用"

    @property
    def proposed(self) -> bool:
        """Whether any of its points are this project's proposal."""
        return any(score.indicator.origin == PROPOSED for score in self.scores)

    def score(self, code: str) -> Score:
        """Score of an indicator."""
        return next(score for score in self.scores if score.indicator.code == code)


def scorecard(framework: Framework, facts: Facts, ranges: Mapping[str, Known]) -> Scorecard:
    """Score a year by a framework.

    Parameters
    ----------
    framework
        Of the year.
    facts
        The year.
    ranges
        What its figures in doubt may stand for, by address.

    Returns
    -------
    Scorecard
        Least and most of everything.
    """
    record = Record(framework, facts, ranges)
    scores = tuple(_score(record, indicator) for indicator in framework.indicators)
    inside = [score for score in scores if not score.indicator.outside]
    base = added(score.range for score in inside)
    outside = [score for score in scores if score.indicator.outside]
    bonus = _capped([s for s in outside if s.indicator.code_of_first == "bonus"], framework.most_bonus)
    penalty = _capped([s for s in outside if s.indicator.code_of_first == "penalty"], framework.most_penalty)
    with localcontext() as context:
        context.prec = DIGITS
        total = base + bonus - penalty
        total = Range(max(total.low, ZERO), max(total.high, ZERO))
    events = {event.code: record.event(event.code) for event in (*framework.caps, *framework.vetoes)}
    by_score = grades_of(framework, total)
    card = Scorecard(
        framework,
        scores,
        _parts(framework, inside),
        base,
        bonus,
        penalty,
        total,
        next((s.told_completion for s in scores if s.indicator.code_of_first == "execution"), UNKNOWN),
        by_score,
        _after_events(framework, by_score, events),
        events,
        Verdict(UNDECIDABLE, "", ""),
    )
    return replace(card, verdict=verdict(card, claim(facts).grade))


def added(ranges: Iterable[Range]) -> Range:
    """Sum of scores, exact."""
    with localcontext() as context:
        context.prec = DIGITS
        return sum(ranges, exactly(0))


def _capped(scores: Sequence[Score], most: Decimal | None) -> Range:
    total = added(score.range for score in scores)
    return total if most is None else total.within(ZERO, most)


def _parts(framework: Framework, inside: Sequence[Score]) -> tuple[PartScore, ...]:
    names = dict.fromkeys((*(p.name for p in framework.parts), *(s.indicator.part for s in inside)))
    stated = {part.name: part.points for part in framework.parts}
    found = []
    for name in names:
        members = [score for score in inside if score.indicator.part == name]
        known = sum((score.indicator.points or ZERO for score in members), ZERO)
        found.append(PartScore(name, stated.get(name) or known, added(s.range for s in members)))
    return tuple(found)


# -- one indicator


@dataclass(frozen=True)
class _Asked:
    """What one of an indicator's rules is asked with: the most points, its own answers and the target."""

    framework: Framework
    indicator: Indicator
    points: Decimal
    answers: Mapping[str, Answer]
    target: Target

    @property
    def main(self) -> Answer:
        """The answer where there is one."""
        return next(iter(self.answers.values()), Answer(""))

    @property
    def given(self) -> Range | None:
        """Number that a person gave; None while nobody has."""
        return self.main.number if self.main.number.known else None

    @property
    def missed(self) -> str:
        """What a missed target gives."""
        return self.indicator.word("未达", MISSED)

    def parameter(self, name: str) -> Decimal:
        """Parameter that is a number, 0 where the framework does not give it."""
        return self.indicator.number(name) or ZERO


def _score(record: Record, indicator: Indicator) -> Score:
    target = record.target(indicator)
    unit = target.unit or indicator.unit
    inputs = indicator.inputs()
    answers = {
        item: record.answer(indicator, item, MONEY if kind.code == "execution" else unit)
        for item, kind in inputs.items()
    }
    points = indicator.points if indicator.points is not None else _most_outside(indicator)
    base, deductions, vetoes = exactly(points), [], []
    for kind in indicator.kinds:
        own = {item: answer for item, answer in answers.items() if inputs[item] is kind}
        asked = _Asked(record.framework, indicator, points, own, target)
        if kind.stage == DEDUCTION:
            deductions.append(_lost(kind.code, asked))
        elif kind.stage == VETO:
            vetoes += [answer.truth for answer in own.values()]
        else:
            base = _gained(kind.code, asked)
    score = rules.rounded(rules.stacked(points, base, deductions, vetoes), record.framework.digits)
    score = score.within(ZERO, points)
    made = Score(
        indicator,
        score,
        _state(indicator, score, points, target),
        target,
        _actual(record.facts, indicator, answers, unit),
        _completion(indicator, answers, target),
        tuple(answers.values()),
        "",
        _missing(indicator, answers, target) if not score.known else (),
        record.deviations.get(indicator.code),
    )
    return replace(made, reason=_reason(record, made, points))


def _most_outside(indicator: Indicator) -> Decimal:
    return next((n for name in ("加", "减") if (n := indicator.number(name)) is not None), ZERO)


def _funds(answers: Mapping[str, Answer]) -> tuple[Range, Range]:
    """Executed and budgeted money, in :data:`MONEY`."""
    return answers[EXECUTED].number, answers[BUDGET].number


def _gained(code: str, asked: _Asked) -> Range:
    """Points that a rule of a kind gives."""
    framework, indicator, points, answers = asked.framework, asked.indicator, asked.points, asked.answers
    main, actual, target = asked.main, asked.main.number, asked.target.value
    match code:
        case "execution":
            return rules.execution(points, *_funds(answers), ZERO_BUDGETS.get(framework.zero_budget, ""))
        case "at_least":
            return rules.at_least(points, actual, target, asked.missed)
        case "at_most":
            inverse = INVERSE_FORMULAS.get(framework.inverse, "")
            return rules.at_most(points, actual, target, asked.missed, inverse)
        case "equal":
            return rules.equal(points, actual, target)
        case "ratio":
            return rules.ratio(points, actual, target)
        case "interpolate":
            lower, upper, least = map(asked.parameter, ("下界", "上界", "下界得分"))
            return rules.interpolate(points, actual, lower, upper, least)
        case "tiers":
            return rules.tiers(points, actual, indicator.bands())
        case "tiers_by_group":
            groups, group = indicator.amounts("各组"), answers[GROUP].case
            bounds = [groups[group]] if group in groups else list(groups.values())
            return rules.tiers_by_group(points, actual, bounds)
        case "grade_bounds":
            return rules.grade_bounds(actual, indicator.levels()).within(ZERO, points)
        case "cases":
            listed = indicator.amounts("各种")
            return rules.cases(points, [listed[main.case]] if main.case in listed else listed.values())
        case "yes_no" | "bonus" | "penalty":
            return rules.yes_no(points, main.truth)
        case "all_or_nothing":
            return rules.all_or_nothing(points, [answer.truth for answer in answers.values()])
        case "checklist":
            truths = {item: answer.truth for item, answer in answers.items()}
            return rules.checklist(indicator.amounts("各项"), truths)
        case "count_cap":
            return rules.count_cap(points, actual, asked.parameter("每个"))
        case "qualitative":
            bands = [band for name, band in framework.levels if not main.case or name == main.case]
            return rules.qualitative(points, bands, asked.given)
        case "judged":
            return rules.judged(points, asked.given)
        case _:
            return Range(ZERO, points)


def _lost(code: str, asked: _Asked) -> Range:
    """Points that a deduction of a kind takes."""
    main = asked.main
    match code:
        case "deduct_per":
            causes, base = asked.indicator.amounts("各项扣"), asked.indicator.number("基数")
            if not causes:
                return rules.deduct_per(asked.parameter("每次"), main.number, base)
            answers = asked.answers
            return added(rules.deduct_per(each, answers[name].number, base) for name, each in causes.items())
        case "deduct_fixed":
            return rules.deduct_fixed(asked.parameter("扣"), main.truth)
        case _:
            step = asked.indicator.number("每步") or Decimal(1)
            partial = asked.indicator.word("不足一步", PARTIAL_STEPS)
            each = asked.parameter("每步扣")
            return rules.deduct_per_step(main.number, asked.target.value, step, each, partial)


def _completion(indicator: Indicator, answers: Mapping[str, Answer], target: Target) -> Range:
    """Degree to which the target was reached, in percent; the execution rate of an execution indicator."""
    if indicator.code_of_first == "execution":
        executed, budget = _funds(answers)
        return _share(executed, budget)
    if not indicator.needs_target or "" not in answers:
        return UNKNOWN
    actual = answers[""].number
    return _share(target.value, actual) if target.comparison == "≤" else _share(actual, target.value)


def _share(part: Range, whole: Range) -> Range:
    low = 100 * rules.quotient(part.low, whole.high) if part.low != whole.high else Decimal(100)
    high = 100 * rules.quotient(part.high, whole.low) if part.high != whole.low else Decimal(100)
    return Range(min(low, high), high)


def _missing(indicator: Indicator, answers: Mapping[str, Answer], target: Target) -> tuple[str, ...]:
    lacking = [NO_APPROVED_TARGET] if indicator.needs_target and not target.stated else []
    if indicator.code_of_first == "execution":
        executed, budget = _funds(answers)
        if executed.high > budget.low:
            lacking.append("含上年结转和年内调整的全年预算数")
    lacking += [answer.missing for answer in answers.values() if answer.missing]
    if indicator.code_of_first == "qualitative" and not lacking:
        lacking.append("在等级里的具体得分")
    return tuple(dict.fromkeys(lacking)) or ("计分办法的原文",)


def _state(indicator: Indicator, score: Range, points: Decimal, target: Target) -> str:
    code = indicator.code_of_first
    if code == "rank":
        return UNSCORABLE
    if code == "unknown":
        return NO_RULE
    if score.known:
        return JUDGED if code in {"judged", "qualitative"} else SCORED
    if score != Range(ZERO, points):
        return PARTLY
    return NO_TARGET if indicator.needs_target and not target.stated else MISSING


def _actual(facts: Facts, indicator: Indicator, answers: Mapping[str, Answer], unit: str) -> str:
    """Actual value as the form shows it: in the unit of the target, a range where that is all that is known."""
    if indicator.code_of_first == "execution":
        return ""
    shown = []
    for item, answer in answers.items():
        name = item if len(answers) > 1 else ""
        if answer.figure is not None and answer.figure.value is not None:
            own = unit or answer.figure.unit
            shown.append(f"{name}{_number(facts, answer, own)}")
        elif answer.case:
            number = answer.number.known and answer.case not in {"是", "否"}
            shown.append(f"{name}{answer.case}{unit if number and unit else ''}")
    return "；".join(shown)


def _number(facts: Facts, answer: Answer, unit: str) -> str:
    """Number of an answer, or the range of all that it may be, rounded outward."""
    low, high = answer.number.low, answer.number.high
    if answer.number.known:
        return facts.shown(low, unit)
    return Known(low, high, unit, facts.figures.units.units[unit].digits, answer.told).text


# -- reasons


def points_text(value: Decimal) -> str:
    """Points as they are shown: two decimals at most, half up, without trailing zeros."""
    with localcontext() as context:
        context.rounding = "ROUND_HALF_UP"
        text = f"{value.quantize(Decimal('0.01')):f}"
    return text.rstrip("0").rstrip(".")


def range_text(score: Range) -> str:
    """Score or range of scores: 5.62, or 0—10."""
    low, high = points_text(score.low), points_text(score.high)
    return low if score.known or low == high else f"{low}—{high}"


def total_words(card: Scorecard) -> str:
    """What the scorecard comes to, as far as it can be said."""
    framework = card.framework
    if not framework.complete:
        return (
            f"只查到{points_text(framework.total)}分里的{points_text(framework.known)}分"
            f"（覆盖{points_text(100 * framework.known / framework.total)}%），不计总分"
        )
    between = "" if card.total.known else "之间"
    grades = "、".join(grade.name for grade in card.grades)
    none = "，等次由各地排名决定" if framework.relative else "，这个框架没有规定等次"
    told = f"，可能的等次：{grades}" if grades else none
    return f"总分{points_text(framework.total)}分，得分在{range_text(card.total)}分{between}{told}"


def _reason(record: Record, score: Score, points: Decimal) -> str:
    """Why an indicator scores what it does, with its figures."""
    code = score.indicator.code_of_first
    if code == "rank":
        return "按各地的名次计分，一个县不知道别的县的得分，不可自评"
    if score.indicator.points is None and not score.indicator.outside:
        return "分值和计分办法没有查到，不计分"
    if code == "unknown":
        return f"计分办法没有查到，得分在0至{points_text(points)}分之间"
    facts = record.facts
    told = _execution_facts(facts, score) if code == "execution" else _known_facts(facts, score)
    notes = [note for answer in score.answers for note in (answer.note, answer.remark) if note]
    unproved = [answer.missing for answer in score.answers if "不作证据" in answer.missing]
    return "；".join(("，".join((*told, _result(score, points))), *notes, *unproved))


def _execution_facts(facts: Facts, score: Score) -> list[str]:
    given = {answer.item: answer for answer in score.answers}
    told = [f"{name}{_money(facts, given[name])}" for name in (BUDGET, EXECUTED)]
    if rate := _percent(facts, score.told_completion):
        told.append(f"执行率{rate}")
    if given[EXECUTED].number.high > given[BUDGET].number.low and given[BUDGET].number.low:
        told.append("执行数可能大于预算数，预算数应含上年结转，还不全")
    return told


def _money(facts: Facts, answer: Answer) -> str:
    return _number(facts, answer, MONEY) if answer.figure or answer.number.known else "没有证据"


def _known_facts(facts: Facts, score: Score) -> list[str]:
    """Actual value, target and completion, as far as they are known, and what the evidence shows."""
    indicator, target = score.indicator, score.target
    told = []
    if score.actual:
        figure = next((answer.figure for answer in score.answers if answer.figure is not None), None)
        told.append(f"{figure.label if figure is not None else indicator.title}{score.actual}")
    if indicator.needs_target:
        note = f"（{target.note}）" if target.note else ""
        known = target.text and target.stated
        told.append(f"目标{target.text}{note}" if known else f"没有查到批准的目标值{note}")
        if score.completion.known and score.actual:
            told.append(f"完成{_percent(facts, score.completion)}")
        elif known and score.actual:
            told.append({True: "达到目标", False: "没有达到目标", None: "是否达到目标不能确定"}[score.met])
    return told + [
        f"{e.document}：{e.shows}" for e in score.evidence if e.confirmed and e.shows and e.document
    ]


def _percent(facts: Facts, share: Range) -> str:
    if not share.high.is_finite():
        return ""
    if share.known:
        return facts.shown(share.low, "%")
    return Known(share.low, share.high, "%", facts.figures.units.units["%"].digits).text


def _result(score: Score, points: Decimal) -> str:
    most = f"满分{points_text(points)}分"
    if score.range.known:
        return f"{_how(score)}得{points_text(score.range.low)}分（{most}）"
    told = {NO_APPROVED_TARGET, *(text for text in score.missing if "不作证据" in text)}  # said already
    lacking = "、".join(text for text in score.missing if text not in told)
    why = f"还缺{lacking}，" if lacking else ""
    return f"{why}得分在{points_text(score.range.low)}至{points_text(score.range.high)}分之间（{most}）"


def _how(score: Score) -> str:
    names = "、".join(kind.name for kind in score.indicator.kinds if kind.stage != BASE)
    if names:
        return f"按“{names}”"
    missed = score.range.low < (score.indicator.points or ZERO)
    return "按比例" if missed and score.missed and score.range.low else ""


# -- grades


def grades_of(framework: Framework, total: Range) -> tuple[Grade, ...]:
    """Grades that a total allows, the best first; more than the framework's total counts as that.

    None for a framework that is not complete, gives no grades, or gives them by rank among places.
    """
    if not framework.complete or framework.relative:
        return ()
    # A third and two thirds make one short of the last of 28 digits, which must not cost a grade.
    low, high = (min(round(end, EXACT), framework.total) for end in (total.low, total.high))
    met = (grade for grade in framework.grades if grade.bounds.meets(low, high))
    return tuple(sorted(met, key=lambda grade: grade.bounds.low or ZERO, reverse=True))


def _after_events(
    framework: Framework, possible: Sequence[Grade], events: Mapping[str, Truth]
) -> tuple[Grade, ...]:
    """Grades that caps and vetoes leave: caps first, then vetoes; an event that may have occurred leaves both."""
    ordered = sorted(framework.grades, key=lambda grade: grade.bounds.low or ZERO, reverse=True)
    place = {grade.name: number for number, grade in enumerate(ordered)}
    left = {grade.name for grade in possible}
    for cap in framework.caps:
        capped = {name if place[name] >= place[cap.grade] else cap.grade for name in left}
        left = _either(events[cap.code], left, capped)
    for veto in framework.vetoes:
        left = _either(events[veto.code], left, {veto.grade} if left else set())
    return tuple(grade for grade in ordered if grade.name in left)


def _either(occurred: Truth, without: set[str], after: set[str]) -> set[str]:
    if occurred == YES:
        return after
    return without if occurred == NO else without | after


def verdict(card: Scorecard, claimed: str) -> Verdict:
    """What the evidence says of the claimed grade, and the fewest indicators that could prove it."""
    framework = card.framework
    names = [grade.name for grade in framework.grades]
    best = card.grades[0].name if card.grades else ""
    if framework.relative:
        return Verdict(UNDECIDABLE, claimed, "等次由各地排名决定，一个县不能自己核定")
    if not framework.complete:
        known = points_text(framework.known)
        reason = f"这个框架只查到{points_text(framework.total)}分里的{known}分，不计总分，不评等次"
        return Verdict(UNDECIDABLE, claimed, reason)
    if not names:
        return Verdict(UNDECIDABLE, claimed, "这个框架没有规定等次")
    if not claimed:
        return Verdict(UNDECIDABLE, "", "报告没有写等次", best, settling(card, best))
    if claimed not in names:
        reason = f"“{claimed}”不是这个框架的等次（{'、'.join(names)}），两套等次不能混用"
        return Verdict(UNDECIDABLE, claimed, reason, best, settling(card, best))
    left = "、".join(grade.name for grade in card.grades)
    unknown = [e.what for e in (*framework.caps, *framework.vetoes) if len(card.events[e.code]) > 1]
    asked = f"；还要写明有没有：{'、'.join(unknown)}" if unknown else ""
    scored = f"得分{range_text(card.total)}分" + ("" if card.total.known else "之间")
    if claimed not in [grade.name for grade in card.grades]:
        return Verdict(CONTRADICTED, claimed, f"{scored}，只可能是{left}", claimed)
    if len(card.grades) == 1:
        return Verdict(SUPPORTED, claimed, f"{scored}，只可能是{left}", claimed)
    reason = f"{scored}，{left}都有可能{asked}"
    return Verdict(INSUFFICIENT, claimed, reason, claimed, settling(card, claimed))


def settling(card: Scorecard, name: str) -> tuple[Score, ...]:
    """The fewest indicators whose evidence, at its best, proves a grade; the largest effect first.

    The widest ranges come first: what they leave unknown is least, and what they may add is most. Empty when the grade
    is proved already, or no evidence about indicators can prove it.
    """
    grade = next((grade for grade in card.grades if grade.name == name), None)
    if grade is None or len(card.grades) == 1:
        return ()
    open_scores = sorted((s for s in card.scores if not s.range.known), key=lambda s: -s.range.width)
    needed = max((grade.bounds.low or ZERO) - card.total.low, ZERO)
    low = card.total.low + needed
    for count in range(1, len(open_scores) + 1):
        chosen = open_scores[:count]
        gained = added(Range(ZERO, score.range.width) for score in chosen).high
        ends = (low, low + card.total.width - gained)
        proved = all(grade.bounds.holds(min(end, card.framework.total)) for end in ends)
        if needed <= gained and proved:
            return tuple(chosen)
    return tuple(open_scores)
