"""What a spreadsheet shows of a value in a format: not rounded, with the words and the scale that the format adds."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

MARKS = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|([#0?]+|General|G/通用格式)|(.)')
"""Quoted and escaped words, room left free, places of digits, and any other character of a format."""
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
CHINESE = {
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((32, 34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 35, 56), 'h"时"mm"分"ss"秒"'),
}
"""Formats of dates that a Chinese Excel knows by number alone (ECMA-376, 18.8.30)."""
CURRENCY = re.compile(r"[¥￥$€\s]*")
"""Signs of money in front of a number, which are no part of the value."""


def shown(value: object, style: str) -> str:
    """Text of the value of a cell.

    Parameters
    ----------
    value
        As openpyxl and xlrd give it.
    style
        Format of the cell, as in ``0.00%``.
    """
    match value:
        case bool():
            return "是" if value else "否"
        case int() | float():
            return _number(value, style)
        case datetime.datetime() | datetime.date():
            return _date(value, style)
        case _:
            return str(value)


def _date(value: datetime.date, style: str) -> str:
    letters = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|General', "", style).casefold()
    parts = ((f"{value.year}年", "[ye]"), (f"{value.month}月", "m"), (f"{value.day}日", "d"))
    said = [part for part, letter in parts if re.search(letter, letters)]
    return "".join(said or (part for part, _ in parts))


def _number(value: float, style: str) -> str:
    """Text of a number; Excel computes with 15 digits, what stands behind them is binary noise.

    Words that its format adds (``0"人"``), the percent sign and the scale (``0!.0000"万元"`` shows 27487100 as
    2748.7100万元) belong to what the clerk sees.
    """
    exact = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if not exact.is_finite() or abs(exact.adjusted()) > 20:
        return f"{exact}"
    before = after = ""
    digits = point = percent = False
    commas = 0
    split_at: int | None = None
    """Places of digits behind a point that the format writes into the whole number."""
    for quoted, escaped, places, other in MARKS.findall(_section(style, exact)):
        word = quoted or escaped or ("" if other.isascii() else other)
        if places:
            digits, commas, after = True, 0, ""
            split_at = None if split_at is None else split_at + (0 if point else len(places))
        elif word and not digits:
            before += word
        elif word:
            split_at = 0 if word == "." and not point else split_at
            after += word
        elif other == "%":
            percent = True
        elif other == "." and digits:
            point = True
        elif other == "," and digits:
            commas += 1
    scale = 2 * percent - 3 * commas - (split_at or 0)
    text = f"{exact.scaleb(scale).normalize():f}" + "%" * percent
    return f"{'' if CURRENCY.fullmatch(before) else before.strip()}{text}{after.strip()}"


def _section(style: str, value: Decimal) -> str:
    """The section of a format that a value is shown by, without colours and languages."""
    sections = re.findall(r'((?:"[^"]*"|\\.|[^;"])+)', style) or [""]
    tests = {
        "<": value.__lt__, "<=": value.__le__, ">": value.__gt__, ">=": value.__ge__, "=": value.__eq__, "<>": value.__ne__
    }  # fmt: skip
    conditions = [(CONDITION.search(section), section) for section in sections]
    fitting = [section for said, section in conditions if said and tests[said[1]](Decimal(said[2]))]
    without = [section for said, section in conditions if not said]
    is_conditional = len(without) < len(sections)
    chosen = next(iter(fitting), (without or sections)[0] if is_conditional else sections[0])
    return re.sub(r"\[[^\]]*\]", "", chosen)
