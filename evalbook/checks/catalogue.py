"""Every rule, by family, in the order in which findings of one severity are listed."""

from __future__ import annotations

from evalbook.checks import children, completeness, funds, general, levels, people, prose, standards

FAMILIES = {
    "资金": funds.RULES,
    "标准": standards.RULES,
    "水平": levels.RULES,
    "对象": people.RULES,
    "儿童和精减退职": children.RULES,
    "各类数字": general.RULES,
    "文字": prose.RULES,
    "完整性": completeness.RULES,
}
"""Rules by the Chinese name of their family."""

RULES = tuple(rule for family in FAMILIES.values() for rule in family)
