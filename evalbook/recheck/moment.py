"""Deadlines and dates in a form: 2020年12月31日前 against 2021年3月, 每月10日前 against 每月15日.

Only what leaves no choice is compared: dates counted in the same way, on one side of the deadline whatever their words
leave open.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from evalbook.schema.numbers import plain

MONTH, DAY = r"(?P<month>1[0-2]|0?[1-9])", r"(?P<day>3[01]|[12]\d|0?[1-9])"
# What was to be done or has been done by then changes nothing.
TAIL = (
    r"(?:之?(?P<before>前|以前))?"
    r"(?:已|全部|按时|均|资金|发放|拨付|完成|到位|下达|支付|竣工|完工|验收|建成|结算|完毕)*"
)
START = r"(?:于|在|已于)?"
DATES = (
    re.compile(rf"{START}(?:(?P<year>20\d\d)年)?{MONTH}月(?:(?:{DAY}[日号])|(?P<end>份?(?:底|末)))?{TAIL}"),
    re.compile(rf"{START}(?P<year>20\d\d)(?P<mark>[./-]){MONTH}(?P=mark){DAY}日?{TAIL}"),
    re.compile(rf"{START}(?P<year>20\d\d)年(?P<end>底|末){TAIL}"),
)
OF_MONTH = re.compile(rf"(?P<of>每月|次月|当月|每季度?末月|每季度?首月)的?{DAY}[日号]{TAIL}")


@dataclass(frozen=True)
class Moment:
    """A date, or any date of a month.

    Attributes
    ----------
    counted : str
        What it can be compared with: dates with a year, dates without, days of 每月, 次月 and so on.
    first, last : tuple of int
        Earliest and latest day that it may mean: year, month, day; or the day of the month.
    before : bool
        Whether the words set a bound rather than name a day.
    """

    counted: str
    first: tuple[int, ...]
    last: tuple[int, ...]
    before: bool


def read_moment(text: str) -> Moment | None:
    """Read a deadline or a date.

    Parameters
    ----------
    text
        What the cell says.

    Returns
    -------
    Moment or None
        None where the text is no single date.
    """
    shown = re.sub(r"\([^()]*\)$", "", plain(text))
    if found := OF_MONTH.fullmatch(shown):
        day = (int(found["day"]),)
        return Moment(found["of"], day, day, bool(found["before"]))
    found = next((match for pattern in DATES if (match := pattern.fullmatch(shown))), None)
    if not found:
        return None
    parts = found.groupdict()
    year, month = int(parts["year"] or 0), int(parts.get("month") or 12)
    length = calendar.monthrange(year or 2000, month)[1]
    number = int(parts.get("day") or 0)
    if number > length:
        return None
    last = (year, month, number or length)
    # The end of a month or year as a bound leaves it all its days; as a date it may be any of the last ten.
    first = last if number else (year, month, 1)
    if parts.get("end"):
        first = last if parts["before"] else (year, month, 20)
    return Moment("年" if year else "月", first, last, bool(parts["before"]))


def in_time(target: Moment, actual: Moment) -> bool | None:
    """Whether a date keeps a deadline; None where the words leave that open.

    Without years only a date that is late in the same year tells something.
    """
    if target.counted != actual.counted:
        return None
    if actual.first > target.last and not actual.before:
        return False
    alike = (target.first, target.last) == (actual.first, actual.last)
    kept = alike or (target.before and actual.last <= target.first)
    return True if kept and target.counted != "月" else None
