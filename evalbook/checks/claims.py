"""What the report states once more, against the figure that it restates; several families use it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from evalbook.checks.facts import Span, cut_off, half_a_digit
from evalbook.checks.finding import DOUBT, HINT, Suspicion
from evalbook.figures import Derivation
from evalbook.figures.expression import Quotient, Reference, Sum
from evalbook.schema.vocabulary import CLAIM_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure

GIVEN_BACK = re.compile("追缴|追回|收回|退回|追退|清退|未支出|未执行|结余|结转|节约")
"""Names of money that was given back or left over, which is no spending."""

NO_SPENDING = re.compile(
    rf"{GIVEN_BACK.pattern}|下达|安排|到位|预拨|预算|配套|筹集|募集|争取|备用金|储备|捐赠|捐款|国债|收入|生产总值|存款"
)
"""Names of money that was not, or not yet, spent; what was 拨付 may be either."""

ROUNDING = "只容许印出的末位数字四舍五入造成的差：n项相加不超过n＋1个末位的一半；算出来的数只舍不入，也算相符"


def contradicted(facts: Facts, *prefixes: str, but: tuple[str, ...] = ()) -> Iterator[Suspicion]:
    """Claims that neither rounding nor conversion explains.

    Parameters
    ----------
    facts
        The year.
    prefixes
        Beginnings of the addresses of the figures that are restated.
    but
        Addresses left to another rule.
    """
    for claim, restated in facts.claims():
        address = restated.address
        if not address.startswith(prefixes) or address.startswith(but) or _follows(facts, claim, restated):
            continue
        if not facts.alike(claim.unit, restated.unit):
            yield _other_unit(claim, restated)
        else:
            sign = facts.figures.direction_of(claim.label.removeprefix(CLAIM_PREFIX))
            value = facts.value(restated, claim.unit) * sign
            if not claimed_span(claim).meets(_oriented(facts.span(restated, claim.unit), sign)):
                # Where every number is only as exact as its own digits, the difference may be rounding after all.
                loose = replace(facts, own_digits=True).span(restated, claim.unit)
                possible = claimed_span(claim).meets(_oriented(loose, sign))
                found = _other_value(facts, claim, restated, value)
                if cut_off(claim).holds(value):
                    yield _cut_off(found)
                else:
                    yield replace(found, severity=DOUBT) if possible else found
            elif _lacks_a_digit(claim, restated):
                yield _one_digit_short(facts, claim, restated)
    for claim, whole in _untold(facts, *prefixes, but=but):
        yield from _exceeded(facts, claim, whole)
        yield from _of_stated_totals(facts, claim, whole)


def _follows(facts: Facts, claim: Figure, restated: Figure) -> bool:
    """Whether a stated share or rate is that of the totals that are stated too; what is wrong with these is told of them."""
    match restated.lineage:
        case Derivation(expression=Quotient(Reference(first), Reference(second))):
            part, of = (facts.get("claims", total) or facts.get(total) for total in (first, second))
        case _:
            return False
    if not part or not of or not of.value or not facts.alike(part.unit, of.unit):
        return False
    return (
        facts.alike(claim.unit, "%")
        and cut_off(claim).meets(facts.ratio(part, of, claim.unit))
        and not (cut_off(claim).meets(facts.span(restated, claim.unit)))
    )


def total(facts: Facts, address: str) -> Figure | None:
    """A computed total; what the report states of it, where some parts are not known."""
    return facts.get(address) or facts.get("claims", address)


def is_sum(figure: Figure) -> bool:
    """Whether a figure is computed by adding others."""
    return isinstance(figure.lineage, Derivation) and isinstance(figure.lineage.expression, Sum)


def restated(*prefixes: str, but: tuple[str, ...] = ()) -> Callable[[Facts], Iterator[Suspicion]]:
    """What a rule finds that asks for nothing but what is :func:`contradicted`."""
    return lambda facts: contradicted(facts, *prefixes, but=but)


def _untold(facts: Facts, *prefixes: str, but: tuple[str, ...]) -> Iterator[tuple[Figure, Derivation]]:
    """Claims whose number cannot be computed, because some part of it is not known, each with the way to compute it."""
    for claim in facts.figures.of_table("claims"):
        address = claim.address.within
        whole = facts.figures.figures.get(address)
        if claim.value is None or whole is None or whole.value is not None:
            continue
        asked = address.startswith(prefixes) and not address.startswith(but)
        if asked and isinstance(whole.lineage, Derivation):
            yield claim, whole.lineage


def _exceeded(facts: Facts, claim: Figure, whole: Derivation) -> Iterator[Suspicion]:
    """A stated total that is less than the parts that are known, or not what all are said to be."""
    if not isinstance(whole.expression, Sum):
        return
    parts = [figure for part in whole.inputs if (figure := total(facts, part.address))]
    added, stated = facts.total(parts, claim.unit), claimed_span(claim)
    if stated.below(added) or (len(parts) == len(whole.inputs) and parts and added.below(stated)):
        value = facts.sum(parts, claim.unit)
        gap = facts.shown(abs(value - facts.value(claim)), claim.unit)
        yield facts.compared(claim.address.within, claim, *parts, computed=value).told(
            f"报告写{claim.label.removeprefix(CLAIM_PREFIX)}{claim.text}，知道的{len(parts)}项相加是"
            f"{facts.shown(value, claim.unit)}，相差{gap}",
            "合计不会少于它的一部分；各项都知道的，等于各项之和",
            "逐项核对原始凭证：合计写错的改合计，分项写错的改分项",
        )


def _of_stated_totals(facts: Facts, claim: Figure, whole: Derivation) -> Iterator[Suspicion]:
    """A stated share or rate that is not that of the totals which the report states."""
    match whole.expression:
        case Quotient(Reference(first), Reference(second)):
            part, of = total(facts, first), total(facts, second)
        case _:
            return
    if not part or not of or not of.value or not facts.alike(part.unit, of.unit):
        return
    computed = facts.ratio(part, of, claim.unit)
    if claimed_span(claim).meets(computed):
        return
    name, convert = claim.label.removeprefix(CLAIM_PREFIX), facts.figures.units.convert
    value = convert(facts.value(part) / facts.value(of, part.unit) * 100, "%", claim.unit)
    found = facts.compared(claim.address.within, claim, part, of, stated=claim, computed=value).told(
        f"报告写{name}{claim.text}，{facts.named(part)}÷{facts.named(of)}是{facts.shown(value, claim.unit)}",
        "有的分项没有数字，按报告写的合计算，也不是这个比率",
        "核对比率和两个合计",
    )
    yield _cut_off(found) if cut_off(claim).meets(computed) else found


def claimed_span(claim: Figure) -> Span:
    """What a stated number may stand for by its last digit."""
    assert claim.value is not None  # noqa: S101
    return Span(claim.value - half_a_digit(claim), claim.value + half_a_digit(claim))


def _oriented(span: Span, sign: int) -> Span:
    return span if sign > 0 else Span(-span.high, -span.low)


def _lacks_a_digit(claim: Figure, restated: Figure) -> bool:
    """Whether a total has decimals, one fewer than its parts, and is not their sum: Excel leaves out a last zero."""
    if not is_sum(restated) or claim.unit != restated.unit or claim.value == restated.value:
        return False
    own, parts = (-int(f.value.as_tuple().exponent) for f in (claim, restated) if f.value is not None)
    return own == parts - 1 > 0


def _one_digit_short(facts: Facts, claim: Figure, restated: Figure) -> Suspicion:
    name = claim.label.removeprefix(CLAIM_PREFIX)
    full = f"{claim.number}0{claim.unit}"
    return facts.compared(restated.address, claim, restated, severity=HINT).told(
        f"报告写{name}{claim.text}，比各项少一位小数，各项相加是{restated.text}",
        f"少的一位若是0（{full}，Excel 保存时会去掉），就与各项之和不符；若是四舍五入，相符",
        f"对照报告原文：写的是{full}的，把末尾的0补上再检查；本来只写这几位的，不用改",
    )


def _cut_off(found: Suspicion) -> Suspicion:
    return replace(found, severity=HINT, possible=()).told(
        found.found,
        "像是只舍不入：末位后面的数字去掉了，没有四舍五入",
        "按四舍五入改末位；当地规定只舍不入的，不用改",
    )


def _other_unit(claim: Figure, restated: Figure) -> Suspicion:
    name = claim.label.removeprefix(CLAIM_PREFIX)
    return Suspicion(restated.address, figures=(claim, restated)).told(
        f"{name}一处写作{restated.text}，另一处写作{claim.text}，单位不同",
        "同一个数字只能有一个单位：人、人次、户、户次数的不是同一样东西，不能换算",
        "查台账，弄清数的是什么，两处写成一样；确是两个数字的，分别写明",
    )


def _other_value(facts: Facts, claim: Figure, restated: Figure, value: Decimal) -> Suspicion:
    name = claim.label.removeprefix(CLAIM_PREFIX)
    computed = restated.lineage if isinstance(restated.lineage, Derivation) else None
    basis = "算出的是" if computed else "另一处写作"
    difference = facts.shown(abs(facts.value(claim) - value), claim.unit)
    pair = facts.compared(restated.address, claim, restated, computed=value)
    back = facts.figures.units.convert(facts.value(claim), claim.unit, restated.unit)
    sign = facts.figures.direction_of(claim.label.removeprefix(CLAIM_PREFIX))
    # A sum proves its total wrong; of the same number written twice either may be right.
    own = () if computed else (facts.value(claim),)
    possible = (
        (claim.address, (*own, value)),
        (restated.address, (back * sign, facts.value(restated))),
    )
    return replace(pair, possible=possible).told(
        f"报告写{name}{claim.text}，{basis}{facts.shown(value, claim.unit)}，相差{difference}",
        "尾差解释不了这个差"
        if computed
        else "同一个数字在一份报告里只能有一个值，单位换算和尾差解释不了这个差",
        "逐项核对原始凭证：合计写错的改合计，分项写错或漏列的改分项"
        if computed
        else "查台账，两处写成一样；口径不同的，两处都写明口径",
        *([f"算法是{computed.formula}"] if computed else []),
    )
