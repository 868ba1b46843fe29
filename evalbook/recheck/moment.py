"""Deadlines and dates in a form: 2020年12月31日前 against 2021年3月, 12月底前 against 次年1月, 每月10日前 against 每月15日.

Dates are compared that are counted in the same way; what was taken for granted to compare them is said.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace

from evalbook.schema.numbers import plain

MONTH, DAY = r"(?P<month>1[0-2]|0?[1-9])", r"(?P<day>3[01]|[12]\d|0?[1-9])"
YEAR = r"(?:(?P<year>20\d\d)年|(?P<next>次年|翌年|第二年|下一?年|来年|明年)|(?:当|本|今|同)年)"
# What was to be done or has been done by then changes nothing.
DONE = (
    r"(?:已|才|全部|按时|均|全面|资金|经费|补助|救助金|项目|工程|工作|任务|任务书|报告|核查|审核|复核|发放|拨付|完成|到位|下达|支付|兑付|竣工|完工|验收"
    r"|通过|建成|交付|结算|投入使用|开展|实施|提交|上报|办结|到账|启动|开工|完毕)*"
)
TAIL = rf"(?:之?(?P<before>前|以前))?{DONE}"
START = r"(?:最迟|不晚于|计划|实际|应|已)?(?:于|在|已于)?"
DATES = (
    re.compile(
        rf"{START}{YEAR}?{MONTH}月(?:(?:{DAY}[日号])|(?P<end>份?(?:底|末))|(?P<third>[上中下])旬|份)?{TAIL}"
    ),
    re.compile(rf"{START}(?P<year>20\d\d)(?P<mark>[./-]){MONTH}(?P=mark){DAY}日?{TAIL}"),
    re.compile(rf"{START}{YEAR}(?P<end>底|末|内){TAIL}"),
    re.compile(rf"{START}(?P<end>年底|年末|年内){TAIL}"),
)
NO_YEAR = 0
NEXT_YEAR = 1
"""Years of a date that says none, and of one that says 次年."""
OF_MONTH = re.compile(rf"(?P<of>每月|次月|当月|每季度?末月|每季度?首月)的?{DAY}[日号]{TAIL}")


@dataclass(frozen=True)
class Moment:
    """A date, or any date of a month.

    Attributes
    ----------
    counted : str
        What it can be compared with: empty for dates, else 每月, 次月 and so on.
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
    year = int(parts["year"]) if parts.get("year") else NEXT_YEAR if parts.get("next") else NO_YEAR
    month = int(parts.get("month") or 12)
    length = calendar.monthrange(year if year > NEXT_YEAR else 2000, month)[1]
    number = int(parts.get("day") or 0)
    if number > length:
        return None
    third = "上中下".find(parts.get("third") or " ")
    last = (year, month, number or (length if third in {-1, 2} else 10 * third + 10))
    first = last if number else (year, month, 10 * max(third, 0) + 1)
    end = parts.get("end") or ""
    before = bool(parts["before"]) or end.endswith("内")
    if end:
        # The end of a month or year as a bound leaves it all its days; as a date it may be any of the last ten.
        first = last if before else (year, month, 20)
    elif before and not number and third < 0:
        # 7月前 may leave July out.
        first = (year, month - 1, 31) if month > 1 else (year - 1, 12, 31)
    return Moment("", first, last, before)


@dataclass(frozen=True)
class Kept:
    """Whether a date keeps a deadline.

    Attributes
    ----------
    kept : bool
    assumed : str
        What was taken for granted, in Chinese; empty where nothing was.
    """

    kept: bool
    assumed: str = ""


def in_time(target: Moment, actual: Moment, year: int = NO_YEAR) -> Kept | None:
    """Whether a date keeps a deadline.

    Parameters
    ----------
    target, actual
        As :func:`read_moment` reads them.
    year
        The form's, to which a deadline without a year belongs.

    Returns
    -------
    Kept or None
        None where the words leave it open.
    """
    if target.counted != actual.counted:
        return None
    assumed = ""
    if not target.counted:
        if actual.last[0] == NO_YEAR or (target.last[0] == year == NO_YEAR != actual.last[0] != NEXT_YEAR):
            assumed = "目标或实际没有写年份，这里按同一年判断"
        if target.last[0] <= NEXT_YEAR < actual.last[0]:
            target = _of_year(target, year or actual.last[0])
        elif target.last[0] > NEXT_YEAR:
            actual = _of_year(actual, target.last[0])
    within = not target.before and target.first <= actual.first and actual.last <= target.last
    if within or (target.first, target.last) == (actual.first, actual.last):
        return Kept(kept=True)
    if actual.first > target.last:
        return Kept(kept=False, assumed="实际写的是最迟的时间，也可能更早" if actual.before else assumed)
    if actual.last <= target.first:
        return Kept(kept=True, assumed=assumed or ("" if target.before else "目标没有写“前”，早于它的算达到"))
    return None


def _of_year(moment: Moment, year: int) -> Moment:
    """A moment without a year in this year, 次年 in the one after it."""
    if moment.last[0] > NEXT_YEAR:
        return moment
    first, last = ((day[0] + year, *day[1:]) for day in (moment.first, moment.last))
    return replace(moment, first=first, last=last)
