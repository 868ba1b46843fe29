"""Relations that the report states between its own numbers, against the numbers."""

from __future__ import annotations

import hashlib
from functools import reduce
from typing import TYPE_CHECKING

from evalbook.checks.claims import ROUNDING
from evalbook.checks.facts import Span
from evalbook.checks.finding import ERROR, Suspicion, rule
from evalbook.figures import StatedRelation, stated_relations
from evalbook.schema.vocabulary import AMONG, DIFFERENCE, SHARE, SUM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts

WORDS = {SUM: "＋", DIFFERENCE: "－", AMONG: "＋", SHARE: "÷"}


@rule(
    "R1", "报告写明的数字关系", compares="数字之间的关系表（relations.csv）每一行写明的总数、差额、比率，与它的各项",
    formula="合计＝Σ各项；差额＝第一项－其余；其中：Σ各项≤它；比率＝第一项÷第二项", tolerance=ROUNDING,
    exceptions="任何一项缺；单位不能换算的另外提示", severity=ERROR, source="报告自己写明的关系",
    look_up="这一行写明的各项的台账", ask="总数是怎样由各项得来的", since="2026-11-29",
)  # fmt: skip
def stated(facts: Facts) -> Iterator[Suspicion]:
    """Sums, differences, parts and rates that are not what the report says they are."""
    for relation in stated_relations(facts.figures):
        figures = (relation.whole, *relation.terms)
        if any(figure.value is None for figure in figures):
            continue
        whole, subject = relation.whole, f"{relation.whole.address}.{_digest(relation)}"
        if _units_differ(facts, relation):
            units = "、".join(dict.fromkeys(figure.unit for figure in figures))
            yield facts.compared(subject, *figures).told(
                f"{whole.label}写明是{_formula(relation)}的{relation.kind}，单位有{units}",
                "单位不能换算的数不能相加、相减",
                "核对数字的名称和单位",
            )
            continue
        computed = _computed(facts, relation)
        stated = facts.cut_span(whole)
        fits = not stated.below(computed) if relation.kind == AMONG else stated.meets(computed)
        if not fits:
            value = (computed.low + computed.high) / 2
            gap = facts.shown(abs(facts.value(whole) - value), whole.unit)
            than = "各项之和大于它" if relation.kind == AMONG else f"相差{gap}"
            equal = relation.kind != AMONG
            yield facts.compared(subject, *figures, computed=value, suspects=[whole], either=equal).told(
                f"{facts.named(whole)}，照写明的关系算出{facts.shown(value, whole.unit)}，{than}",
                f"报告写明它是这些数的{relation.kind}"
                if relation.kind != AMONG
                else "报告写明这些数都在它以内",
                "查台账，核对每个数字；关系写错的，改正数字之间的关系表",
                f"{_formula(relation)}：{facts.listed(relation.terms)}",
            )


def _digest(relation: StatedRelation) -> str:
    return hashlib.sha256("+".join(figure.address for figure in relation.terms).encode()).hexdigest()[:6]


def _formula(relation: StatedRelation) -> str:
    return WORDS[relation.kind].join(figure.label for figure in relation.terms)


def _units_differ(facts: Facts, relation: StatedRelation) -> bool:
    if relation.kind == SHARE:
        return not facts.alike(relation.terms[0].unit, relation.terms[1].unit) or not facts.alike(
            relation.whole.unit, "%"
        )
    return not all(facts.alike(figure.unit, relation.whole.unit) for figure in relation.terms)


def _computed(facts: Facts, relation: StatedRelation) -> Span:
    unit = relation.whole.unit
    match relation.kind:
        case kind if kind in {SUM, AMONG}:
            return facts.total(relation.terms, unit)
        case kind if kind == DIFFERENCE:
            return reduce(Span.__sub__, (facts.span(figure, unit) for figure in relation.terms))
        case _:
            first, second = relation.terms
            return facts.ratio(first, second, unit)


RULES = (stated,)
