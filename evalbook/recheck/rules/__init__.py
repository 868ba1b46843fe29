"""Rules for a filled-in form: what cannot be, what needs an explanation.

A form says little of how its place scores, so that only what no known way of scoring gives is a 错误. ``cells``, ``sums``,
``points``, ``funds``, ``scores``, ``targets``, ``plausible`` and ``words`` hold the rules by what they look at;
``arithmetic`` what several of them ask.
"""

from evalbook.checks import Rule
from evalbook.recheck.facts import FormFacts
from evalbook.recheck.rules import cells, funds, plausible, points, scores, sums, targets, words

RULES: tuple[Rule[FormFacts], ...] = (
    cells.error_values, sums.sum_of_points, sums.sum_of_part, sums.sum_of_subtotal,
    funds.funds_total, funds.execution_rate, funds.execution_score, funds.spending,
    scores.above_points, sums.sum_of_scores, scores.full_though_missed, scores.wrong_proportion, scores.below_full_though_met,
    scores.completion_rate, scores.missing_reason, targets.two_targets, targets.name_and_target,
    targets.units, targets.no_value, targets.cost_and_spending, scores.weighted_twice,
    scores.converted_score, sums.grade, sums.head_total, sums.scores_of_part, points.points_in_name,
    points.coefficient,
    plausible.of_whom, plausible.above_hundred, plausible.tenfold, plausible.turned_sign, plausible.opposites,
    words.name_and_unit, words.another_year, words.text_and_table, scores.score_without_points, scores.score_without_basis,
    funds.execution_elsewhere, funds.budget_cut_to_spending,
)  # fmt: skip
"""Rules in the order in which findings of one severity are listed."""

__all__ = ["RULES"]
