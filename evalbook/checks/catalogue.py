"""Every rule, by family; and in the order in which findings of one severity are listed."""

from __future__ import annotations

from evalbook.checks import (
    children,
    completeness,
    funds,
    general,
    levels,
    months,
    parts,
    people,
    prose,
    relations,
    standards,
)

FAMILIES = {
    "资金": funds.RULES,
    "标准": standards.RULES,
    "水平": levels.RULES,
    "对象": people.RULES,
    "儿童和精减退职": children.RULES,
    "各类数字": general.RULES,
    "地区、时期和细分": parts.RULES,
    "报告写明的关系": relations.RULES,
    "月报": months.RULES,
    "文字": prose.RULES,
    "完整性": completeness.RULES,
}
"""Rules by the Chinese name of their family."""

# What is wrong by its unit makes much else look wrong.
FIRST = (funds.fund_magnitude, funds.money_magnitude, people.money_per_case, children.retrenched_workers)
RULES = (*FIRST, *(rule for family in FAMILIES.values() for rule in family if rule not in FIRST))

OF_WORDING = prose.RULES
"""Rules of which even doubts are told together."""

OF_PARTS = (
    *standards.RULES, *levels.RULES, *people.RULES, *children.RULES, funds.money_magnitude, funds.nested_totals,
    parts.cross_tables,
)  # fmt: skip
"""Rules that hold in one place and in some months as they do in the whole."""
