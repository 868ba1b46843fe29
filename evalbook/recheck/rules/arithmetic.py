"""What the rules for a form have in common: how scores are rounded, sums compared, parts told."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from evalbook.checks import Place, Suspicion
from evalbook.recheck.facts import HUNDRED, FormFacts, round_to
from evalbook.schema.numbers import plain, read_rate

NOISE = Decimal("0.000001")
"""Results of spreadsheet formulas have 15 digits; exact ones have more."""
POINTS = "分"

F7 = "2020年度长江禁捕项目自评表填表说明（完成值÷目标值、目标值÷完成值，得分不超过权重）"
F11 = "省级预算绩效系统“自评自动计算得分规则”（超出上限按超出比例扣分，保留两位小数）"
OFFICIAL = "项目支出绩效自评表的格式（财预〔2020〕10号以来各地公布的表）"
ARITHMETIC = "算术关系：合计等于各项之和"
UNJUDGED = "不能确定是否达到的，列入“不能判断”"


def near(one: Decimal, other: Decimal) -> bool:
    """Whether two numbers are equal but for what binary arithmetic leaves behind the sixth digit."""
    return abs(one - other) <= NOISE


def digits_of(value: Decimal) -> int:
    """Digits after the point as written."""
    return max(-int(value.as_tuple().exponent), 0)


def fits(score: Decimal, points: Decimal, share: Decimal) -> bool:
    """Whether a score is a share of the points, rounded in any way that is in use.

    Scores are rounded to 2, 1 or 0 digits, half up, or cut off; to 2 or 1 digits also up; the share may have been
    rounded to a percentage before.
    """
    values = [points * rate for rate in (share, *(round_to(share, digits) for digits in (2, 3, 4)))]
    return any(
        near(score, value) or score == round_to(value, digits, way)
        for value in values
        for digits in (0, 1, 2)
        for way in (ROUND_HALF_UP, ROUND_DOWN, *((ROUND_UP,) if digits else ()))
    )


def rounds_to_full(points: Decimal, share: Decimal, digits: int) -> bool:
    """Whether rounding alone makes a share of the points full points."""
    return round_to(points * share, digits) >= points


def equals(stated: Decimal, computed: Decimal) -> bool:
    """Whether a stated sum is the computed one, rounded half up to the digits that it is stated with."""
    return near(stated, computed) or round_to(computed, digits_of(stated)) == stated


def only_rounded(values: Sequence[Decimal], count: int, gap: Decimal) -> bool:
    """Whether a difference is no more than ``count`` values may have lost when they were rounded as these are."""
    finest = max(map(digits_of, values), default=0)
    return finest > 0 and abs(gap) <= count * Decimal(5).scaleb(-finest - 1)


def compared(
    subject: str,
    stated: Decimal | None,
    computed: Decimal | None,
    *places: Place,
    unit: str = POINTS,
    severity: str = "",
    accused: Sequence[Place] = (),
    notes: tuple[str, ...] = (),
) -> Suspicion:
    """Two numbers, the cells that they come from, and those of the cells that are suspected."""
    suspects = tuple(place.address for place in accused)
    return Suspicion(
        subject, places=places, stated=stated, computed=computed, unit=unit, suspects=suspects,
        severity=severity, notes=notes,
    )  # fmt: skip


def stated_points(heading: str) -> Decimal | None:
    """Points that a heading states: 产出指标（50分）."""
    said = re.search(r"(\d+(?:\.\d+)?)(?:分(?!钟)|%\)$)|(?:指标|执行率?)\((\d\d)\)$", plain(heading))
    return Decimal(said[1] or said[2]) if said else None


PARTS = {"预算执行": "执行|预算|资金", "产出指标": "产出|数量", "效益指标": "效益|效果", "满意度指标": "满意"}


def absent_parts(facts: FormFacts) -> str:
    """Usual parts of a form of which it has no row, in Chinese; published copies often lack the end."""
    headings = "".join(row.row.level1 + row.row.level2 for row in facts.rows)
    if facts.funds.scored or any(row.row.is_execution for row in facts.rows):
        headings += "预算执行"
    return "、".join(name for name, pattern in PARTS.items() if not re.search(pattern, headings))


def percentage_fits(stated: Decimal, share: Decimal) -> bool:
    """Whether a percentage is a share, rounded half up or cut off to the digits that it is stated with."""
    exact, digits = share * HUNDRED, min(digits_of(stated), 10)
    return near(stated, exact) or stated in {round_to(exact, digits), round_to(exact, digits, ROUND_DOWN)}


def fitting_rates(text: str, shares: Collection[Decimal]) -> list[Decimal]:
    """Percentages that a cell for a rate may mean and that are one of the shares."""
    return [value for value in read_rate(text) if any(percentage_fits(value, share) for share in shares)]
