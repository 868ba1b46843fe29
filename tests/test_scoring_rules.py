"""The ways of scoring: examples worked out by hand from their documents, and what holds for every input."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evalbook.frameworks.framework import Band, Bounds, Level, bounds_of
from evalbook.scoring import rules
from evalbook.scoring.rules import INFINITY, NO, UNKNOWN, UNKNOWN_TRUTH, YES, Range, Truth, exactly

if TYPE_CHECKING:
    from collections.abc import Callable

TOLERANCE = Decimal("1e-20")
"""Quotients have 28 digits."""


def number(text: str) -> Decimal:
    return Decimal(text)


def span(low: str, high: str = "") -> Range:
    return Range(number(low), number(high or low))


def band(bounds: str, least: str, most: str = "") -> Band:
    read = bounds_of(bounds)
    assert read is not None
    return Band(read, number(least), number(most or least))


def shown(score: Range) -> str:
    """Ends to four decimals, one number when they are equal."""
    ends = [f"{end.quantize(Decimal('1.0000')).normalize():f}" for end in (score.low, score.high)]
    return "—".join(dict.fromkeys(ends))


M = number("10")
BANDS = (band("0（含）至1（含）", "10"), band("1（不含）至2（含）", "8", "9"), band("2（不含）以上", "0"))
LEVELS = tuple(
    Level(name, number(bound), number(points))
    for name, bound, points in (("优", "85", "10"), ("良", "80", "8"), ("中", "70", "6"), ("差", "0", "0"))
)
QUALITATIVE = (
    band("80（含）至100（含）", "80", "100"),
    band("60（含）至80（不含）", "60", "80"),
    band("60（不含）以下", "0", "60"),
)
GROUPS = (number("40"), number("30"), number("100"))

EXAMPLES: tuple[tuple[str, Callable[[], Range], str], ...] = (
    # 目标值≥X: 权重×B/A，不得突破权重总额 (长江禁捕2020年度项目自评表, 注2)
    ("at its target", lambda: rules.at_least(M, span("213"), span("213"), "in proportion"), "10"),
    ("above its target", lambda: rules.at_least(M, span("426"), span("213"), "in proportion"), "10"),
    ("a cent below", lambda: rules.at_least(M, span("212.99"), span("213"), "in proportion"), "9.9995"),
    ("a third of it", lambda: rules.at_least(number("30"), span("1"), span("3"), "in proportion"), "10"),
    ("missed, nothing", lambda: rules.at_least(M, span("212.99"), span("213"), "nothing"), "0"),
    ("missed, not stated", lambda: rules.at_least(M, span("4604"), span("4754"), "not stated"), "0—9.6845"),
    ("not known", lambda: rules.at_least(M, UNKNOWN, span("213"), "in proportion"), "0—10"),
    ("no target", lambda: rules.at_least(M, span("199.47"), UNKNOWN, "in proportion"), "0—10"),
    (
        "around its target",
        lambda: rules.at_least(M, span("106.5", "300"), span("213"), "in proportion"),
        "5—10",
    ),
    ("a target of nothing", lambda: rules.at_least(M, span("0"), span("0"), "in proportion"), "10"),
    ("nothing of a target", lambda: rules.at_least(M, span("0"), span("7"), "in proportion"), "0"),
    ("worth nothing", lambda: rules.at_least(number("0"), span("1"), span("7"), "not stated"), "0"),
    # At 150 % of what must not be exceeded, A/B gives two thirds and the province's program a half.
    ("not exceeded", lambda: rules.at_most(M, span("10"), span("10"), "in proportion", "quotient"), "10"),
    (
        "150 % by A/B",
        lambda: rules.at_most(number("100"), span("15"), span("10"), "in proportion", "quotient"),
        "66.6667",
    ),
    (
        "150 % by the program",
        lambda: rules.at_most(number("100"), span("15"), span("10"), "in proportion", "linear"),
        "50",
    ),
    (
        "150 %, formula not known",
        lambda: rules.at_most(number("100"), span("15"), span("10"), "in proportion", ""),
        "50—66.6667",
    ),
    (
        "200 % by the program",
        lambda: rules.at_most(M, span("20"), span("10"), "in proportion", "linear"),
        "0",
    ),
    ("more than 200 %", lambda: rules.at_most(M, span("21"), span("10"), "in proportion", "linear"), "0"),
    (
        "exceeded, not stated",
        lambda: rules.at_most(M, span("5830"), span("5300"), "not stated", ""),
        "0—9.0909",
    ),
    ("exceeded, nothing", lambda: rules.at_most(M, span("5300.01"), span("5300"), "nothing", ""), "0"),
    ("exceeds nothing", lambda: rules.at_most(M, span("1"), span("0"), "in proportion", "linear"), "0"),
    (
        "exceeds nothing by A/B",
        lambda: rules.at_most(M, span("1"), span("0"), "in proportion", "quotient"),
        "0",
    ),
    ("nothing allowed, nothing there", lambda: rules.at_most(M, span("0"), span("0"), "nothing", ""), "10"),
    (
        "not known what was spent",
        lambda: rules.at_most(M, UNKNOWN, span("10"), "in proportion", "linear"),
        "0—10",
    ),
    (
        "not known what was allowed",
        lambda: rules.at_most(M, span("10"), UNKNOWN, "in proportion", ""),
        "0—10",
    ),
    # 自评自动计算得分规则: T＝0, x≤0 full; T＞0 as a target to be reached
    ("equal to nothing", lambda: rules.equal(M, span("0"), span("0")), "10"),
    ("not equal to nothing", lambda: rules.equal(M, span("1"), span("0")), "0"),
    ("equal", lambda: rules.equal(M, span("100"), span("100")), "10"),
    ("half of it", lambda: rules.equal(M, span("50"), span("100")), "5"),
    ("more than equal", lambda: rules.equal(M, span("150"), span("100")), "10"),
    ("equal to what is not known", lambda: rules.equal(M, span("3"), UNKNOWN), "0—10"),
    ("ratio", lambda: rules.ratio(M, span("3"), span("4")), "7.5"),
    # 得分＝10分×执行率，预算数含上年结转和年内调整
    ("all of the budget", lambda: rules.execution(M, span("30"), span("30"), "nothing"), "10"),
    (
        "most of the budget",
        lambda: rules.execution(M, span("10981.22"), span("11650.08"), "nothing"),
        "9.4259",
    ),
    ("nothing spent", lambda: rules.execution(M, span("0"), span("30"), "nothing"), "0"),
    ("no budget, 0 points", lambda: rules.execution(M, span("0"), span("0"), "nothing"), "0"),
    ("no budget, not scored", lambda: rules.execution(M, span("0"), span("0"), "not scored"), "0—10"),
    ("more than the budget", lambda: rules.execution(M, span("31"), span("30"), "nothing"), "0—10"),
    ("budget not known", lambda: rules.execution(M, span("30"), UNKNOWN, "nothing"), "0—10"),
    ("perhaps no budget", lambda: rules.execution(M, span("0"), span("0", "30"), "nothing"), "0"),
    ("budget within bounds", lambda: rules.execution(M, span("30"), span("30", "40"), "nothing"), "7.5—10"),
    # 在上述比例之间的按比例计分
    (
        "at the upper bound",
        lambda: rules.interpolate(M, span("100"), number("80"), number("100"), number("4")),
        "10",
    ),
    (
        "between the bounds",
        lambda: rules.interpolate(M, span("90"), number("80"), number("100"), number("4")),
        "7",
    ),
    (
        "at the lower bound",
        lambda: rules.interpolate(M, span("80"), number("80"), number("100"), number("4")),
        "4",
    ),
    (
        "below the lower bound",
        lambda: rules.interpolate(M, span("0"), number("80"), number("100"), number("4")),
        "4",
    ),
    (
        "nothing known between bounds",
        lambda: rules.interpolate(M, UNKNOWN, number("80"), number("100"), number("4")),
        "4—10",
    ),
    # ≤1个月10分, 1–2个月9—8分: a tier may be a range
    ("first tier", lambda: rules.tiers(M, span("1"), BANDS), "10"),
    ("second tier", lambda: rules.tiers(M, span("1.01"), BANDS), "8—9"),
    ("end of the second tier", lambda: rules.tiers(M, span("2"), BANDS), "8—9"),
    ("last tier", lambda: rules.tiers(M, span("2.01"), BANDS), "0"),
    ("first or second tier", lambda: rules.tiers(M, span("1", "2"), BANDS), "8—10"),
    ("any tier", lambda: rules.tiers(M, UNKNOWN, BANDS), "0—10"),
    ("no tier", lambda: rules.tiers(M, span("1"), ()), "0—10"),
    # 中部≥40%，西部≥30%，东部≥100%
    ("western", lambda: rules.tiers_by_group(M, span("30"), GROUPS[1:2]), "10"),
    ("group not known", lambda: rules.tiers_by_group(M, span("35"), GROUPS), "0—10"),
    ("below every group", lambda: rules.tiers_by_group(M, span("29.99"), GROUPS), "0"),
    ("no groups", lambda: rules.tiers_by_group(M, span("1"), ()), "0—10"),
    # 满意度 优85 良80 中70 (邯财社〔2018〕126号)
    ("best level", lambda: rules.grade_bounds(span("85"), LEVELS), "10"),
    ("just below the best level", lambda: rules.grade_bounds(span("84.99"), LEVELS), "8"),
    ("last level", lambda: rules.grade_bounds(span("0"), LEVELS), "0"),
    ("two levels", lambda: rules.grade_bounds(span("79", "80"), LEVELS), "6—8"),
    ("all levels", lambda: rules.grade_bounds(UNKNOWN, LEVELS), "0—10"),
    # 有机制且有文件2分；有机制无文件1分；否则0
    ("one case", lambda: rules.cases(number("2"), [number("1")]), "1"),
    ("case not known", lambda: rules.cases(number("2"), [number("2"), number("1"), number("0")]), "0—2"),
    ("no cases", lambda: rules.cases(number("2"), []), "0—2"),
    ("there", lambda: rules.yes_no(number("2"), YES), "2"),
    ("not there", lambda: rules.yes_no(number("2"), NO), "0"),
    ("perhaps there", lambda: rules.yes_no(number("2"), UNKNOWN_TRUTH), "0—2"),
    ("all conditions", lambda: rules.all_or_nothing(number("3"), [YES, YES]), "3"),
    ("not all conditions", lambda: rules.all_or_nothing(number("3"), [YES, NO, UNKNOWN_TRUTH]), "0"),
    ("perhaps all conditions", lambda: rules.all_or_nothing(number("3"), [YES, UNKNOWN_TRUTH]), "0—3"),
    (
        "of four parts two",
        lambda: rules.checklist(dict.fromkeys("abcd", number("2.5")), {"a": YES, "b": YES, "c": NO, "d": NO}),
        "5",
    ),
    (
        "of four parts one perhaps",
        lambda: rules.checklist(dict.fromkeys("abcd", number("2.5")), {"a": YES, "b": NO, "c": NO}),
        "2.5—5",
    ),
    # 1个部门0.5分，满分2分
    ("three departments", lambda: rules.count_cap(number("2"), span("3"), number("0.5")), "1.5"),
    ("five departments", lambda: rules.count_cap(number("2"), span("5"), number("0.5")), "2"),
    ("departments not known", lambda: rules.count_cap(number("2"), UNKNOWN, number("0.5")), "0—2"),
    ("each worth nothing", lambda: rules.count_cap(number("2"), UNKNOWN, number("0")), "0"),
    # 达成年度指标 80%（含）—100%, 部分达成 60%（含）—80%
    ("reached", lambda: rules.qualitative(M, QUALITATIVE[:1], None), "8—10"),
    ("reached, 9 given", lambda: rules.qualitative(M, QUALITATIVE[:1], span("9")), "9"),
    ("reached, 3 given", lambda: rules.qualitative(M, QUALITATIVE[:1], span("3")), "8"),
    ("level not known", lambda: rules.qualitative(M, QUALITATIVE, None), "0—10"),
    ("no levels", lambda: rules.qualitative(M, (), None), "0—10"),
    ("judged", lambda: rules.judged(M, span("7.5")), "7.5"),
    ("judged above the points", lambda: rules.judged(M, span("11")), "10"),
    ("not judged", lambda: rules.judged(M, None), "0—10"),
)


@pytest.mark.parametrize(("score", "expected"), [e[1:] for e in EXAMPLES], ids=[e[0] for e in EXAMPLES])
def test_an_example_of_the_documents(score: Callable[[], Range], expected: str) -> None:
    assert shown(score()) == expected


def test_a_score_that_has_an_end_is_exact() -> None:
    """30 × 1 ÷ 3 is 10, though 1 ÷ 3 has no end: a score of 89.99… would be another grade."""
    thirty, one, three = number("30"), span("1"), span("3")
    assert rules.at_least(thirty, one, three, "in proportion") == exactly(10)
    assert rules.at_most(thirty, three, one, "in proportion", "quotient") == exactly(10)
    assert rules.execution(thirty, one, three, "nothing") == exactly(10)
    assert rules.deduct_per_step(one, span("2"), number("3"), thirty, "exact") == exactly(10)


DEDUCTIONS: tuple[tuple[str, Callable[[], Range], str], ...] = (
    # 发现一例优亲厚友扣0.5分
    ("none found", lambda: rules.deduct_per(number("0.5"), span("0"), None), "0"),
    ("three found", lambda: rules.deduct_per(number("0.5"), span("3"), None), "1.5"),
    # 排查不得少于4次，少一次扣0.25分
    ("as often as asked", lambda: rules.deduct_per(number("0.25"), span("4"), number("4")), "0"),
    ("oftener", lambda: rules.deduct_per(number("0.25"), span("9"), number("4")), "0"),
    ("once less", lambda: rules.deduct_per(number("0.25"), span("3"), number("4")), "0.25"),
    ("not known how often", lambda: rules.deduct_per(number("0.25"), UNKNOWN, number("4")), "0—1"),
    ("a fault", lambda: rules.deduct_fixed(number("1"), YES), "1"),
    ("no fault", lambda: rules.deduct_fixed(number("1"), NO), "0"),
    ("perhaps a fault", lambda: rules.deduct_fixed(number("1"), UNKNOWN_TRUTH), "0—1"),
    # ≥98%得2分，每降低1个百分点扣0.5分; whether a part of a point counts is not stated
    ("reached", lambda: rules.deduct_per_step(span("98"), span("98"), number("1"), number("0.5"), ""), "0"),
    ("two steps", lambda: rules.deduct_per_step(span("96"), span("98"), number("1"), number("0.5"), ""), "1"),
    (
        "a step and a bit",
        lambda: rules.deduct_per_step(span("96.9"), span("98"), number("1"), number("0.5"), ""),
        "0.5—1",
    ),
    (
        "a step and a bit up",
        lambda: rules.deduct_per_step(span("96.9"), span("98"), number("1"), number("0.5"), "up"),
        "1",
    ),
    (
        "a step and a bit down",
        lambda: rules.deduct_per_step(span("96.9"), span("98"), number("1"), number("0.5"), "down"),
        "0.5",
    ),
    (
        "a step and a bit exact",
        lambda: rules.deduct_per_step(span("96.9"), span("98"), number("1"), number("0.5"), "exact"),
        "0.55",
    ),
    ("thirds", lambda: rules.deduct_per_step(span("97"), span("98"), number("3"), number("3"), "exact"), "1"),
    ("each step free", lambda: rules.deduct_per_step(UNKNOWN, UNKNOWN, number("1"), number("0"), ""), "0"),
)


@pytest.mark.parametrize(("lost", "expected"), [e[1:] for e in DEDUCTIONS], ids=[e[0] for e in DEDUCTIONS])
def test_an_example_of_a_deduction(lost: Callable[[], Range], expected: str) -> None:
    assert shown(lost()) == expected


def test_steps_below_a_target_may_be_without_end() -> None:
    assert rules.deduct_per_step(span("0"), UNKNOWN, number("1"), number("0.5"), "up") == Range(
        Decimal(0), INFINITY
    )
    assert rules.deduct_per(number("0.5"), UNKNOWN, None) == Range(Decimal(0), INFINITY)


@pytest.mark.parametrize(
    ("deductions", "vetoes", "expected"),
    [
        ([], [], "2"),
        # 漏保、错保的每人次扣0.5分，有弄虚作假现象的该项不计分
        ([span("1")], [NO], "1"),
        ([span("1")], [YES], "0"),
        ([span("1")], [UNKNOWN_TRUTH], "0—1"),
        ([span("9")], [NO], "0"),
        ([span("1"), span("1.5")], [], "0"),
        ([Range(Decimal(0), INFINITY)], [], "0—2"),
        # More is lost than there is, and nobody knows how much more.
        ([span("3"), Range(Decimal(0), INFINITY)], [UNKNOWN_TRUTH], "0"),
        ([Range(INFINITY, INFINITY)], [], "0"),
    ],
)
def test_rules_that_stack(deductions: list[Range], vetoes: list[Truth], expected: str) -> None:
    assert shown(rules.stacked(number("2"), span("2"), deductions, vetoes)) == expected


@pytest.mark.parametrize(
    ("score", "digits", "expected"),
    [("9.425", 2, "9.43"), ("9.4249", 2, "9.42"), ("9.5", 0, "10"), ("2.675", None, "2.675"), ("0", 2, "0")],
)
def test_scores_are_rounded_half_up_where_the_document_rounds(
    score: str, digits: int | None, expected: str
) -> None:
    assert shown(rules.rounded(span(score), digits)) == expected


# -- what holds for every input

Numbers = tuple[Decimal, ...]
Spans = tuple[Range, ...]


@dataclass(frozen=True)
class Rule:
    """A way of scoring: with what is known of its inputs, and with the inputs themselves, once more and as fractions."""

    score: Callable[[Decimal, Spans], Range]
    exact: Callable[[Fraction, tuple[Fraction, ...]], tuple[Fraction, Fraction]]
    inputs: int


def reached(missed: str) -> Callable[[Fraction, tuple[Fraction, ...]], tuple[Fraction, Fraction]]:
    def exact(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
        x, t = given
        if x >= t:
            return points, points
        part = points * x / t
        return {"nothing": (Fraction(0),) * 2, "in proportion": (part,) * 2}.get(missed, (Fraction(0), part))

    return exact


def exceeded(
    missed: str, inverse: str
) -> Callable[[Fraction, tuple[Fraction, ...]], tuple[Fraction, Fraction]]:
    def exact(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
        x, t = given
        if x <= t:
            return points, points
        linear = max(Fraction(0), points * (1 - (x - t) / t)) if t else Fraction(0)
        parts = {"quotient": [points * t / x], "linear": [linear]}.get(inverse, [points * t / x, linear])
        if missed == "nothing":
            return Fraction(0), Fraction(0)
        return (min(parts) if missed == "in proportion" else Fraction(0)), max(parts)

    return exact


def same(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    x, t = given
    score = (points if x <= 0 else Fraction(0)) if t == 0 else points * min(x / t, Fraction(1))
    return score, score


def spent(zero: str) -> Callable[[Fraction, tuple[Fraction, ...]], tuple[Fraction, Fraction]]:
    def exact(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
        executed, budget = given
        if executed > budget:
            return Fraction(0), points
        if not budget:
            return Fraction(0), Fraction(0) if zero == "nothing" else points
        return points * executed / budget, points * executed / budget

    return exact


def straight(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    score = points / 4 + points * 3 / 4 * min(max((given[0] - 20) / 60, Fraction(0)), Fraction(1))
    return score, score


def tiered(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    x = given[0]
    if x <= 1:
        return points, points
    return (points / 2, points * 3 / 4) if x <= 50 else (Fraction(0), Fraction(0))


def tiers_of(points: Decimal, given: Spans) -> Range:
    zero, one, fifty = Decimal(0), Decimal(1), Decimal(50)
    bands = (
        Band(Bounds(zero, one, True, True), points, points),
        Band(Bounds(one, fifty, False, True), points / 2, points * 3 / 4),
        Band(Bounds(fifty, None, False), zero, zero),
    )
    return rules.tiers(points, given[0], bands)


def graded(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    score = points if given[0] >= 85 else points / 2 if given[0] >= 70 else Fraction(0)
    return score, score


def levels_of(points: Decimal, given: Spans) -> Range:
    levels = (("优", "85", points), ("中", "70", points / 2), ("差", "0", Decimal(0)))
    return rules.grade_bounds(given[0], [Level(name, Decimal(bound), worth) for name, bound, worth in levels])


def counted(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    score = min(given[0] / 2, points)
    return score, score


def short(partial: str) -> Callable[[Fraction, tuple[Fraction, ...]], tuple[Fraction, Fraction]]:
    def exact(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
        steps = max(given[1] - given[0], Fraction(0)) / Fraction(3, 10)
        whole, more = Fraction(int(steps)), Fraction(-int(-steps // 1))
        counts = {"up": [more], "down": [whole], "exact": [steps]}.get(partial, [whole, more])
        scores = [max(points - count / 2, Fraction(0)) for count in counts]
        return min(scores), max(scores)

    return exact


def steps_of(partial: str) -> Callable[[Decimal, Spans], Range]:
    def score(points: Decimal, given: Spans) -> Range:
        lost = rules.deduct_per_step(given[0], given[1], Decimal("0.3"), Decimal("0.5"), partial)
        return rules.stacked(points, exactly(points), [lost], [])

    return score


def fewer(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    score = max(points - max(4 - given[0], Fraction(0)) / 4, Fraction(0))
    return score, score


def found(points: Fraction, given: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    score = max(points - given[0] / 2, Fraction(0))
    return score, score


def scored(function: Callable[..., Range], *options: object) -> Callable[[Decimal, Spans], Range]:
    return lambda points, given: function(points, *given, *options)


RULES = {
    **{
        f"at_least, {missed}": Rule(scored(rules.at_least, missed), reached(missed), 2)
        for missed in ("nothing", "in proportion", "not stated", "")
    },
    **{
        f"at_most, {missed}, {inverse}": Rule(
            scored(rules.at_most, missed, inverse), exceeded(missed, inverse), 2
        )
        for missed in ("nothing", "in proportion", "not stated")
        for inverse in ("quotient", "linear", "")
    },
    "equal": Rule(scored(rules.equal), same, 2),
    "ratio": Rule(scored(rules.ratio), reached("in proportion"), 2),
    **{
        f"execution, {zero}": Rule(scored(rules.execution, zero), spent(zero), 2)
        for zero in ("nothing", "not scored")
    },
    "interpolate": Rule(
        lambda points, given: rules.interpolate(points, given[0], Decimal(20), Decimal(80), points / 4),
        straight,
        1,
    ),
    "tiers": Rule(tiers_of, tiered, 1),
    "tiers_by_group": Rule(
        lambda points, given: rules.tiers_by_group(points, given[0], [Decimal(40)]),
        lambda points, given: (points if given[0] >= 40 else Fraction(0),) * 2,
        1,
    ),
    "grade_bounds": Rule(levels_of, graded, 1),
    "count_cap": Rule(lambda points, given: rules.count_cap(points, given[0], Decimal("0.5")), counted, 1),
    "deduct_per": Rule(
        lambda points, given: rules.stacked(
            points, exactly(points), [rules.deduct_per(Decimal("0.5"), given[0], None)], []
        ),
        found,
        1,
    ),
    "deduct_per, of a base": Rule(
        lambda points, given: rules.stacked(
            points, exactly(points), [rules.deduct_per(Decimal("0.25"), given[0], Decimal(4))], []
        ),
        fewer,
        1,
    ),
    **{f"deduct_per_step, {how}": Rule(steps_of(how), short(how), 2) for how in ("up", "down", "exact", "")},
}

MARKS = ("0", "0.3", "1", "2", "4", "20", "40", "50", "70", "80", "85", "100")
finite = st.sampled_from(MARKS).map(Decimal) | st.decimals("0", "200", places=2)
worth = st.sampled_from(["0", "0.25", "1", "10", "30"]).map(Decimal) | st.decimals("0", "100", places=2)


@st.composite
def nested(draw: st.DrawFn) -> tuple[Range, Range, Decimal]:
    """A range, a range inside it, and a number inside that."""
    ends = sorted(draw(st.lists(finite, min_size=5, max_size=5)))
    high = draw(st.sampled_from([ends[4], INFINITY]))
    if draw(st.booleans()):
        ends = [ends[0], ends[2], ends[2], ends[2], ends[4]]  # the number itself is known
    return Range(ends[0], high), Range(ends[1], ends[3]), ends[2]


def near(score: Range, low: Fraction, high: Fraction) -> bool:
    return all(
        abs(Fraction(end) - exact) <= Fraction(TOLERANCE)
        for end, exact in ((score.low, low), (score.high, high))
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@given(points=worth, given_=st.tuples(nested(), nested()))
@example(points=Decimal(10), given_=((UNKNOWN, span("0"), Decimal(0)), (UNKNOWN, span("0"), Decimal(0))))
@example(points=Decimal(0), given_=((UNKNOWN, span("3"), Decimal(3)), (UNKNOWN, span("2"), Decimal(2))))
def test_a_range_of_scores_is_sound_monotone_and_tight(
    rule: Rule, points: Decimal, given_: tuple[tuple[Range, Range, Decimal], ...]
) -> None:
    outer, inner, known = (tuple(place[: rule.inputs]) for place in zip(*given_, strict=True))
    wide, narrow = rule.score(points, outer), rule.score(points, inner)
    point = rule.score(points, tuple(exactly(value) for value in known))
    low, high = rule.exact(Fraction(points), tuple(Fraction(value) for value in known))
    assert near(point, low, high), "a known input gives the exact score"
    for score in (wide, narrow, point):
        assert 0 <= score.low <= score.high <= points
    slack = Range(wide.low - TOLERANCE, wide.high + TOLERANCE)
    assert slack.covers(narrow), "more evidence never widens the range"
    assert Range(narrow.low - TOLERANCE, narrow.high + TOLERANCE).covers(point), (
        "no score lies outside the range"
    )


@pytest.mark.parametrize(
    "name",
    ["at_least, in proportion", "ratio", "count_cap", "deduct_per", "deduct_per, of a base", "interpolate"],
)
@given(points=worth, given_=st.tuples(nested(), nested()))
def test_a_range_of_scores_reaches_its_ends(
    name: str, points: Decimal, given_: tuple[tuple[Range, Range, Decimal], ...]
) -> None:
    """Both ends are scores of numbers inside; these rules rise or fall with every input."""
    rule = RULES[name]
    inner = tuple(entry[1] for entry in given_[: rule.inputs])
    corners: list[Numbers] = [()]
    for one in inner:
        corners = [(*corner, end) for corner in corners for end in (one.low, one.high)]
    scores = [rule.exact(Fraction(points), tuple(Fraction(n) for n in corner)) for corner in corners]
    assert near(rule.score(points, inner), min(low for low, _ in scores), max(high for _, high in scores))


truths = st.sampled_from([YES, NO, UNKNOWN_TRUTH])


@given(points=worth, known=st.lists(truths, max_size=4))
def test_truth_values_give_the_scores_of_every_case_that_they_leave(
    points: Decimal, known: list[Truth]
) -> None:
    worlds: list[list[bool]] = [[]]
    for truth in known:
        worlds = [[*world, value] for world in worlds for value in sorted(truth)]
    amounts = {str(place): Decimal(place + 1) / 4 for place in range(len(known))}
    named = {str(place): truth for place, truth in enumerate(known)}
    every = [points if all(world) else Decimal(0) for world in worlds]
    assert rules.all_or_nothing(points, known) == Range(min(every), max(every))
    sums = [sum((amounts[str(n)] for n, value in enumerate(world) if value), Decimal(0)) for world in worlds]
    assert rules.checklist(amounts, named) == Range(min(sums), max(sums))
    for truth in known:
        one = [points if value else Decimal(0) for value in truth]
        assert rules.yes_no(points, truth) == rules.deduct_fixed(points, truth) == Range(min(one), max(one))


@given(
    points=worth,
    base=nested(),
    lost=st.lists(nested(), max_size=3),
    vetoes=st.lists(truths, max_size=2),
)
def test_stacked_rules_stay_between_nothing_and_the_points(
    points: Decimal,
    base: tuple[Range, Range, Decimal],
    lost: list[tuple[Range, Range, Decimal]],
    vetoes: list[Truth],
) -> None:
    wide = rules.stacked(points, base[0], [one[0] for one in lost], vetoes)
    narrow = rules.stacked(points, base[1], [one[1] for one in lost], vetoes)
    rest = min(max(base[2] - sum((one[2] for one in lost), Decimal(0)), Decimal(0)), points)
    for score in (wide, narrow):
        assert 0 <= score.low <= score.high <= points
    assert wide.covers(narrow)
    if YES not in vetoes:
        assert narrow.low <= rest <= narrow.high or UNKNOWN_TRUTH in vetoes
        assert narrow.high >= rest
    else:
        assert narrow == exactly(0)


@given(points=worth, share=st.sampled_from(QUALITATIVE), given_=finite)
def test_a_judgement_stays_in_its_level(points: Decimal, share: Band, given_: Decimal) -> None:
    whole, one = rules.qualitative(points, QUALITATIVE, None), rules.qualitative(points, [share], None)
    entered = rules.qualitative(points, [share], exactly(given_))
    assert whole.covers(one)
    assert one.covers(entered)
    assert entered.known
    assert rules.judged(points, None).covers(rules.judged(points, exactly(given_)))


@given(points=worth, given_=st.lists(worth, min_size=1, max_size=4))
def test_a_case_that_is_known_is_one_of_those_that_may_be(points: Decimal, given_: list[Decimal]) -> None:
    assert all(rules.cases(points, given_).covers(rules.cases(points, [one])) for one in given_)
