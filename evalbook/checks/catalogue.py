"""Every rule, by family, in the order in which findings of one severity are listed."""

from __future__ import annotations

from evalbook.checks import children, funds, general, levels, people, standards

FAMILIES = {
    "资金": funds.RULES,
    "标准": standards.RULES,
    "水平": levels.RULES,
    "对象": people.RULES,
    "儿童和精减退职": children.RULES,
    "各类数字": general.RULES,
}
"""Rules by the Chinese name of their family."""

RULES = tuple(rule for family in FAMILIES.values() for rule in family)
