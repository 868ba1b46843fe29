"""The ways of scoring: pure functions from what is known to the least and the most points that it allows.

What is known is a :class:`Range` of numbers or a set of truth values, so that the same function serves a known input,
an uncertain one and none at all. Scores are exact and lie between 0 and the item's points. The shapes and the
documents in which they were found: :data:`evalbook.frameworks.framework.KINDS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evalbook.frameworks import Band, Level

INFINITY = Decimal("Infinity")
ZERO = Decimal(0)

Truth = frozenset[bool]
YES, NO, UNKNOWN_TRUTH = frozenset({True}), frozenset({False}), frozenset({True, False})
"""What is known of a condition."""


@dataclass(frozen=True)
class Range:
    """Numbers from ``low`` to ``high``, both included; one number when they are equal."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"{self.low} > {self.high}")

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    @property
    def known(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def width(self) -> Decimal:
        """What is not known of it."""
        return self.high - self.low

    def within(self, least: Decimal, most: Decimal) -> Range:
        """Range whose ends are moved between two numbers."""
        return Range(min(max(self.low, least), most), min(max(self.high, least), most))

    def covers(self, other: Range) -> bool:
        """Whether it holds every number of another one."""
        return self.low <= other.low and other.high <= self.high


def exactly(value: Decimal | int) -> Range:
    """Range of one number."""
    return Range(Decimal(value), Decimal(value))


UNKNOWN = Range(ZERO, INFINITY)
"""Nothing is known of a number, except that it is not negative."""


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Quotient of numbers that are not negative; infinite when only the divisor is 0, 1 when both are."""
    if dividend == divisor:
        return Decimal(1)
    if not divisor:
        return INFINITY
    return ZERO if divisor == INFINITY else dividend / divisor


def share(points: Decimal, dividend: Decimal, divisor: Decimal) -> Decimal:
    """``points × dividend ÷ divisor`` of numbers that are not negative, the points at most.

    All of them also where neither 0 ÷ 0 nor ∞ ÷ ∞ says anything. Multiplied first: 30 × (1 ÷ 3) would be 9.999…
    """
    if dividend >= divisor:
        return points
    return ZERO if divisor == INFINITY else points * dividend / divisor


# -- base rules


def at_least(points: Decimal, actual: Range, target: Range, missed: str) -> Range:
    """Points for a number that should reach a target.

    Parameters
    ----------
    points
        M.
    actual, target
        x and T, in one unit.
    missed
        What a missed target gives: ``nothing``; ``in proportion``, M·x/T; ``not stated``, from nothing to the proportion,
        the most generous of the rules that were found.

    Returns
    -------
    Range
        Of the score.

    Notes
    -----
    目标值≥X: 得分＝权重×B/A, 不得突破权重总额 (长江禁捕2020年度项目自评表, 注2). 濉溪县's form of 2019 does not state its rule.
    """

    def score(x: Decimal, t: Decimal) -> Range:
        return exactly(points) if x >= t else _missed(share(points, x, t), missed)

    return Range(score(actual.low, target.high).low, score(actual.high, target.low).high)


def at_most(points: Decimal, actual: Range, target: Range, missed: str, inverse: str) -> Range:
    """Points for a number that should not exceed a target.

    Parameters
    ----------
    points, actual, target, missed
        As in :func:`at_least`.
    inverse
        ``quotient``, M·T/x; ``linear``, M·(1 − (x−T)/T), nothing from 2T on; empty when the framework names none: the
        smaller of the two may be meant, or the greater.

    Notes
    -----
    权重×A/B (长江禁捕2020年度项目自评表, 注2); round((1−(actual−target)/target)×weight, 2), 0 from twice the target on (a
    province's scoring program). At 150 % of the target they give 66.7 % and 50 %.
    """

    def score(x: Decimal, t: Decimal) -> Range:
        if x <= t:
            return exactly(points)
        parts = {
            "quotient": share(points, t, x),
            "linear": share(points, 2 * t - x, t) if x < 2 * t else ZERO,
        }
        chosen = [parts[inverse]] if inverse else list(parts.values())
        return _hull([_missed(part, missed) for part in chosen])

    return Range(score(actual.high, target.low).low, score(actual.low, target.high).high)


def _missed(part: Decimal, missed: str) -> Range:
    return {"nothing": exactly(0), "in proportion": exactly(part)}.get(missed, Range(ZERO, part))


def equal(points: Decimal, actual: Range, target: Range) -> Range:
    """Points for a number that should equal a target.

    Notes
    -----
    Target 0: full when actual ≤ 0, else nothing; target above 0: as a target to be reached, in proportion (a province's
    scoring program, “自评自动计算得分规则”).
    """
    scores = []
    if target.low <= 0:
        scores.append(Range(points if actual.high <= 0 else ZERO, points if actual.low <= 0 else ZERO))
    if target.high > 0:
        scores.append(at_least(points, actual, Range(max(target.low, ZERO), target.high), "in proportion"))
    return _hull(scores)


def ratio(points: Decimal, actual: Range, target: Range) -> Range:
    """M × min(x/T, 1) (低于增幅的按比例减分, 财政专项扶贫资金绩效评价指标评分表)."""
    return at_least(points, actual, target, "in proportion")


def execution(points: Decimal, executed: Range, budget: Range, zero_budget: str) -> Range:
    """M × 全年执行数 ÷ 全年预算数.

    Parameters
    ----------
    points
        M.
    executed, budget
        In one unit; the budget is that after the year's adjustments, 上年结转 included.
    zero_budget
        ``nothing``: a budget of 0 gives 0; else it cannot be scored.

    Returns
    -------
    Range
        Anything up to M where more was spent than the budget holds: then the budget is not whole.

    Notes
    -----
    长江禁捕2020年度项目自评表, 注2 (预算数为调整后财政资金总额，包括上年结转结余; 得分不得突破权重总额); a province's system
    gives a rate of 0 for a budget of 0, an auditing tool calls it an error.
    """
    if executed.high > budget.low:
        return Range(ZERO, points)
    if not budget.low:  # then nothing was spent, whatever the budget
        return exactly(0) if zero_budget == "nothing" else Range(ZERO, points)
    return Range(share(points, executed.low, budget.high), share(points, executed.high, budget.low))


def interpolate(points: Decimal, actual: Range, lower: Decimal, upper: Decimal, least: Decimal) -> Range:
    """M from ``upper`` on, ``least`` up to ``lower``, a straight line between.

    Notes
    -----
    在上述比例之间的按比例计分 (财政专项扶贫资金绩效评价指标评分表).
    """

    def score(x: Decimal) -> Decimal:
        if x >= upper:
            return points
        return least + (points - least) * (x - lower) / (upper - lower) if x > lower else least

    return Range(score(actual.low), score(actual.high))


def tiers(points: Decimal, actual: Range, bands: Sequence[Band]) -> Range:
    """Points of the tiers that a number may be in; a tier may give a range (9—8分, 财政扶贫资金绩效考评量化指标表)."""
    reached = [band for band in bands if band.bounds.meets(actual.low, actual.high)]
    return _hull([Range(band.least, band.most) for band in reached] or [Range(ZERO, points)])


def tiers_by_group(points: Decimal, actual: Range, bounds: Iterable[Decimal]) -> Range:
    """M when the bound of one's group is reached (中部≥40%，西部≥30%，东部≥100%); ``bounds`` are those that may be meant."""
    scores = [at_least(points, actual, exactly(bound), "nothing") for bound in bounds]
    return _hull(scores or [Range(ZERO, points)])


def grade_bounds(actual: Range, levels: Sequence[Level]) -> Range:
    """Points of the level whose bound a number reaches, the highest level first (邯财社〔2018〕126号: 优85 良80 中70)."""

    def score(x: Decimal) -> Decimal:
        return next((level.points for level in levels if x >= level.bound), ZERO)

    ends = [score(actual.low), score(actual.high)]
    between = [level.points for level in levels if actual.low <= level.bound <= actual.high]
    return Range(min(*ends, *between), max(*ends, *between))


def cases(points: Decimal, given: Iterable[Decimal]) -> Range:
    """Points of the cases that may hold (有机制且有文件2分；有机制无文件1分, 浦东新区社会救助工作绩效评价指标)."""
    return _hull([exactly(value) for value in given] or [Range(ZERO, points)])


def yes_no(points: Decimal, holds: Truth) -> Range:
    """M when it exists, else nothing (纳入发展规划的得1分；否则不得分)."""
    return Range(points if holds == YES else ZERO, points if True in holds else ZERO)


def all_or_nothing(points: Decimal, conditions: Iterable[Truth]) -> Range:
    """M when all conditions hold, else nothing (对象准确、发放及时、手续齐全计2分)."""
    known = list(conditions)
    return Range(
        points if all(truth == YES for truth in known) else ZERO,
        points if all(True in truth for truth in known) else ZERO,
    )


def checklist(amounts: Mapping[str, Decimal], conditions: Mapping[str, Truth]) -> Range:
    """Sum of the parts that hold (每项各2.5分)."""
    total = exactly(0)
    for name, amount in amounts.items():
        total += yes_no(amount, conditions.get(name, UNKNOWN_TRUTH))
    return total


def count_cap(points: Decimal, count: Range, each: Decimal) -> Range:
    """So many points for each, M at most (1个部门0.5分，满分2分)."""
    return Range(min(_times(each, count.low), points), min(_times(each, count.high), points))


def qualitative(points: Decimal, bands: Iterable[Band], given: Range | None) -> Range:
    """Points of the levels that may be meant, as shares of M in percent, narrowed by the points that a person gave.

    Notes
    -----
    达成年度指标 80%（含）—100%, 部分达成 60%（含）—80%, 未达成 0—60% (a province's system; other forms: 80 and 50).
    """
    reached = [Range(points * band.least / 100, points * band.most / 100) for band in bands]
    whole = _hull(reached or [Range(ZERO, points)])
    return whole if given is None else given.within(whole.low, whole.high)


def judged(points: Decimal, given: Range | None) -> Range:
    """What a named person gave, between nothing and M; all of it while nobody has."""
    return Range(ZERO, points) if given is None else given.within(ZERO, points)


# -- deductions, and what makes an item worth nothing


def deduct_per(each: Decimal, count: Range, base: Decimal | None) -> Range:
    """Points lost: so many for each event, or for each that a base count is short of.

    Notes
    -----
    发现一例优亲厚友扣0.5分; 排查不得少于4次，少一次扣0.25分 (岳阳县2015).
    """
    if base is not None:
        count = Range(max(base - count.high, ZERO), max(base - count.low, ZERO))
    return Range(_times(each, count.low), _times(each, count.high))


def deduct_fixed(amount: Decimal, fault: Truth) -> Range:
    """Points lost when a fault exists (资料不齐扣1分, 岳阳县2015)."""
    return yes_no(amount, fault)


def deduct_per_step(actual: Range, target: Range, step: Decimal, each: Decimal, partial: str) -> Range:
    """Points lost for each step below the target.

    Parameters
    ----------
    actual, target
        In one unit.
    step, each
        How long a step is, and what it costs.
    partial
        A part of a step counts as one (``up``), as none (``down``), in proportion (``exact``); empty when the
        framework does not say: between none and one.

    Notes
    -----
    高于或等于98%得2分，每降低1个百分点扣0.5分，扣完为止 (乡镇民政工作目标量化考核标准); whether a part of a point counts is not
    stated.
    """

    def lost(x: Decimal, t: Decimal, how: str) -> Decimal:
        if t == INFINITY:
            return ZERO if x == t else _times(each, t)
        short = max(t - x, ZERO)
        if how == "exact":
            return each * short / step
        whole, rest = divmod(short, step)
        return each * (whole + (1 if rest and how == "up" else 0))

    return Range(
        lost(actual.high, target.low, partial or "down"), lost(actual.low, target.high, partial or "up")
    )


def stacked(points: Decimal, base: Range, deductions: Iterable[Range], vetoes: Iterable[Truth]) -> Range:
    """Score of an item whose rules stack: base, then deductions, then what makes it worth nothing, then 0…M.

    岳阳县2015 ⑧: 漏保、错保的每人次扣0.5分，有弄虚作假现象的该项不计分. A document that does not say that deductions end at 0 is
    read so: 扣完为止.
    """
    score = base
    for lost in deductions:
        score = Range(_less(score.low, lost.high), _less(score.high, lost.low))
    for event in vetoes:
        score = Range(
            score.low if event == NO else min(score.low, ZERO), score.high if False in event else ZERO
        )
    return score.within(ZERO, points)


def _less(score: Decimal, lost: Decimal) -> Decimal:
    return max(score - lost, ZERO)


def _times(each: Decimal, count: Decimal) -> Decimal:
    return each * count if each else ZERO


def _hull(ranges: Sequence[Range]) -> Range:
    return Range(min(r.low for r in ranges), max(r.high for r in ranges))


def rounded(score: Range, digits: int | None) -> Range:
    """Score as a framework that rounds each one shows it, half up; unchanged where it does not."""
    if digits is None:
        return score
    unit = Decimal(1).scaleb(-digits)
    return Range(*(end.quantize(unit, ROUND_HALF_UP) for end in (score.low, score.high)))
