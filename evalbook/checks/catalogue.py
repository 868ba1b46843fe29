"""Every rule, by family; and in the order in which findings of one severity are listed."""

from __future__ import annotations

from evalbook.checks import (
    children,
    completeness,
    funds,
    general,
    households,
    levels,
    months,
    parts,
    payments,
    people,
    prose,
    relations,
    standards,
)

OF_PEOPLE = (
    people.tekun_forms, people.mislabelled_total, payments.enough_for_basic_living,
    payments.more_than_basic_living, payments.care_money, payments.tekun_above_dibao, payments.share_in_homes,
    people.nested_people, payments.money_per_case, people.same_number_twice, people.visits_and_households,
    payments.case_ceiling, people.relief_forms, people.visits_and_people, people.vagrant_forms,
    people.part_and_whole, households.people_and_households, households.comings_and_goings,
    households.average_between_ends, households.turnover, households.people_in_the_year, people.other_forms,
    people.components, households.households_like_people,
)  # fmt: skip

FAMILIES = {
    "资金": funds.RULES,
    "标准": standards.RULES,
    "水平": levels.RULES,
    "对象": OF_PEOPLE,
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
FIRST = (funds.fund_magnitude, funds.money_magnitude, payments.money_per_case, children.retrenched_workers)
RULES = (*FIRST, *(rule for family in FAMILIES.values() for rule in family if rule not in FIRST))

OF_WORDING = prose.RULES
"""Rules of which even doubts are told together."""

OF_PARTS = (
    *standards.RULES, *levels.RULES, *OF_PEOPLE, *children.RULES, funds.money_magnitude, funds.nested_totals,
    parts.cross_tables,
)  # fmt: skip
"""Rules that hold in one place and in some months as they do in the whole."""
