"""What is known of a number that is in doubt: the numbers that it may stand for, and how they are said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

UNCERTAIN = "不能确定"
INFINITY = Decimal("Infinity")


@dataclass(frozen=True)
class Known:
    """The numbers, in one unit, that a figure may stand for; both ends included.

    Attributes
    ----------
    low, high : Decimal
        Ends; infinite where nothing bounds them.
    unit : str
        Symbol of the unit.
    digits : int
        Decimals that the unit shows.
    told : bool
        Whether the year itself gives the ends. What only a plausibility band gives, or nothing, is never said of a county.
    """

    low: Decimal
    high: Decimal
    unit: str
    digits: int
    told: bool = True

    @property
    def certain(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def bounded(self) -> bool:
        """Whether it may be said as a range."""
        return self.told and self.low.is_finite() and self.high.is_finite()

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends as they are shown, rounded outward; empty where nothing can be said."""
        if not self.bounded:
            return "", ""
        unit = Decimal(1).scaleb(0 if self.low % 1 == self.high % 1 == 0 else -self.digits)
        return f"{self.low.quantize(unit, ROUND_FLOOR):f}", f"{self.high.quantize(unit, ROUND_CEILING):f}"

    @property
    def number(self) -> str:
        """The numbers without their unit, rounded outward once: 306.00—1087.60; 不能确定 where nothing can be said."""
        if not self.bounded:
            return UNCERTAIN
        low, high = self.ends
        if low == high:
            return low
        return f"{low}{'至' if self.low < 0 else '—'}{high}"

    @property
    def text(self) -> str:
        """As prose says it: 306.00—1087.60万元, or 不能确定."""
        return f"{self.number}{self.unit}" if self.bounded else UNCERTAIN

    @property
    def words(self) -> str:
        """What is known, behind the name of a number: 只能确定是306.00—1087.60万元, or 不能确定."""
        return f"只能确定是{self.text}" if self.bounded else UNCERTAIN

    @property
    def size(self) -> Known:
        """The numbers without the sign that all of them have, as after 减少."""
        if self.sign != -1:
            return self
        return Known(-self.high, -self.low, self.unit, self.digits, self.told)

    def holds(self, value: Decimal) -> bool:
        """Whether the figure may stand for a number."""
        return self.low <= value <= self.high

    @property
    def sign(self) -> int | None:
        """1 when it is surely above 0, -1 when surely below, 0 when it is 0; None when that is not known."""
        if self.low > 0:
            return 1
        if self.high < 0:
            return -1
        return 0 if self.low == self.high else None
