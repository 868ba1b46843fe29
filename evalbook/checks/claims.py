"""What the report states once more, against the figure that it restates; several families use it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from evalbook.checks.facts import Span, half_a_digit
from evalbook.checks.finding import DOUBT, HINT, Suspicion
from evalbook.figures import Derivation
from evalbook.figures.expression import Sum
from evalbook.schema.vocabulary import CLAIM_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure

GIVEN_BACK = re.compile("追缴|追回|收回|退回|追退|清退|未支出|未执行|结余|结转|节约")
"""Names of money that was given back or left over, which is no spending."""

ROUNDING = "只容许印出的末位数字四舍五入造成的差：n项相加不超过n＋1个末位的一半"


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
        if not address.startswith(prefixes) or address.startswith(but):
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
                yield replace(found, severity=DOUBT) if possible else found
            elif _lacks_a_digit(claim, restated):
                yield _one_digit_short(facts, claim, restated)


def restated(*prefixes: str, but: tuple[str, ...] = ()) -> Callable[[Facts], Iterator[Suspicion]]:
    """What a rule finds that asks for nothing but what is :func:`contradicted`."""
    return lambda facts: contradicted(facts, *prefixes, but=but)


def claimed_span(claim: Figure) -> Span:
    """What a stated number may stand for by its last digit."""
    assert claim.value is not None  # noqa: S101
    return Span(claim.value - half_a_digit(claim), claim.value + half_a_digit(claim))


def _oriented(span: Span, sign: int) -> Span:
    return span if sign > 0 else Span(-span.high, -span.low)


def _lacks_a_digit(claim: Figure, restated: Figure) -> bool:
    """Whether a total has decimals, one fewer than its parts, and is not their sum: Excel leaves out a last zero."""
    is_sum = isinstance(restated.lineage, Derivation) and isinstance(restated.lineage.expression, Sum)
    if not is_sum or claim.unit != restated.unit or claim.value == restated.value:
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
