"""Written numbers with their units, wherever they stand: in cells, in corrections, in prose, in somebody's form.

In the bureau's own files a number is written plainly (:func:`stated`). In a form of others it comes with comparisons,
words and remarks (:func:`read_quantity`); a text that is not surely one number is not read there: whoever asks gets the
reason instead, and judges nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from evalbook.schema.text import CONTROL

NUMERALS = "一二三四五六七八九十"
AT_LEAST, ABOVE, AT_MOST, BELOW, EQUAL = ">=", ">", "<=", "<", "="

# Longer words first: 不超过 holds 超过.
WORDS = (
    (r"不低于|不少于|不小于|大于(?:或者?)?等于|高于或等于|多于或等于|至少|>=|=>|≥|≧|⩾|>\s*=", AT_LEAST),
    (
        r"不高于|不超过|不超|不多于|不大于|小于(?:或者?)?等于|低于或等于|少于或等于|至多|最多|最高|控制在|<=|=<|≤|≦|⩽|<\s*=",
        AT_MOST,
    ),
    (r"大于|高于|超过|多于|>", ABOVE),
    (r"小于|低于|少于|<", BELOW),
    (r"等于|=", EQUAL),
)
# A bare (含) says nothing where the words before it do.
AFTER = (
    (r"及其?以下|或以下|以[下内](\(含\))?|之内|(?<=[元时钟天日月年周])内", AT_MOST),
    (r"\(含\)|及其?以上|或以上|以上(\(含\))?", AT_LEAST),
)
THOUSANDS = r"\d{1,3}(?:,\d{3})+"
NUMBER = rf"[+-]?(?:{THOUSANDS}(?!\d)|\d{{1,12}})(?:\.\d{{1,16}})?"
PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,6})?", re.ASCII)
SEPARATED = re.compile(rf"{THOUSANDS}(?:\.\d+)?", re.ASCII)
UNIT = r"[^\d\s,;:、。!?<>=≥≤\"'“”…~—+]{0,14}"
VERBS = r"(?:(?:已|共|共计|实际|全年|累计|全部|年度|平均|达到|达|完成|发放|救助|保障|为|是|约为|按)\s*){0,3}"
ONE = re.compile(
    rf"{VERBS}(?P<sign>>=|<=|>|<|=)?\s*(?P<about>约|近|大约|左右)?(?P<value>{NUMBER})\s*(?P<unit>{UNIT})"
)
RANGE = re.compile(
    rf"(?P<low>{NUMBER})\s*(?P<first>{UNIT}?)\s*(?:-|—|–|~|至|到)+\s*(?P<high>{NUMBER})\s*(?P<unit>{UNIT})"
)
TIME = re.compile(
    r"\d\s*年|\d\s*月(?!\))|\d+\s*[日号]\s*(?:前|之前|以前|内|底|$)|月底|年底|季度|月初|每月|当月|日前|\d+:\d\d"
)
DURATION = re.compile(rf"(?:>=|<=|>|<|=)?\s*(?!20\d\d年){NUMBER}\s*(?:个?月|[年日天])")
DIGIT = "[一二三四五六七八九]"
IN_WORDS = re.compile(
    rf"(?:百分之(?P<tens>{DIGIT})?十(?P<ones>{DIGIT})?|(?P<tenths>{DIGIT})成)(?=以|及|左右|之|内|的|$)"
)
BRACKETS = str.maketrans("〉〈》《›‹", "><><><")
"""Brackets that stand for signs in front of a number, though not in names."""
FROM_SIGN = re.compile(r"2(\d{1,2}(?:\.\d+)?|100)")


@dataclass(frozen=True)
class Quantity:
    """One number, or a range, with the comparison and unit that were written.

    Attributes
    ----------
    sign : str
        ``>=``, ``>``, ``<=``, ``<``, ``=`` or empty.
    value : Decimal
        Lower end of a range.
    high : Decimal or None
        Upper end of a range.
    unit : str
        As written, without spaces; empty where none is.
    about : bool
        Whether the text says that it is no exact number.
    text : str
        What the cell says.
    """

    sign: str
    value: Decimal
    high: Decimal | None
    unit: str
    about: bool
    text: str

    @property
    def maybe_at_least(self) -> Decimal | None:
        """Value if the first digit is a misread ≥, as text recognition makes of ≥90%: "290%"; else None."""
        written = FROM_SIGN.fullmatch(f"{self.value:f}")
        if self.sign or self.high is not None or unit_key(self.unit) != "%" or not written:
            return None
        return Decimal(written[1]) if Decimal(written[1]) <= 100 else None


def normalise_number(text: str) -> str:
    """Undo full-width digits, outer spaces and well-formed thousands separators."""
    text = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[-—–－/]{1,3}|\d{1,3}(?: \d{3})+(?:\.\d+)?", text):
        text = re.sub(r"[-—–－/ ]", "", text)  # a dash says that there is none, as people leave no cell empty
    return text.replace(",", "") if SEPARATED.fullmatch(text) else text


def is_plain(text: str) -> bool:
    """Whether a normalised text is a number as the bureau's files have it: up to 15 digits and 6 decimals, no sign."""
    return bool(PLAIN.fullmatch(text))


def stated(text: str) -> tuple[Decimal, str] | None:
    """Number and unit that a text plainly states, as 6246人 or 1,087.60万元; None when it does not."""
    found = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)\s*(\S*)", unicodedata.normalize("NFKC", text).strip())
    number = normalise_number(found[1]) if found else ""
    return (Decimal(number), found[2]) if found and is_plain(number) else None


ALIKE = str.maketrans("═〓≯≮≼≽≾≿℅٪⁒", "==≤≥≤≥≤≥%%%")
"""Signs that look like or mean another, which NFKC does not put in its place."""


def plain(text: str) -> str:
    """Text with half-width digits and usual signs, without spaces and invisible characters."""
    return re.sub(r"[\s¥]", "", unicodedata.normalize("NFKC", CONTROL.sub("", text.translate(ALIKE))))


# The second line: this project's own forms write 报告没有写, and 0—6（不能确定） for a score that is not known; once 缺.
EMPTY = re.compile(
    r"(?:|-+|—+|–+|/+|\\|无|无偏差|没有|不适用|未填|空|N/?A|null|none|略|\."
    r"|(?:[\d.]+[-—–][\d.]+)?\((?:缺|不能确定)\)|缺(?:\([^()]*\))?|报告没有写|待填|没有说明)[。.]?",
    re.IGNORECASE,
)


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, a dash, 无."""
    return bool(EMPTY.fullmatch(plain(text)))


def read_quantity(text: str, *, lasting: bool = False) -> Quantity | str:
    """Read a target or an actual value.

    Parameters
    ----------
    text
        What the cell says.
    lasting
        Whether 25日 and 10年 are known to be spans of time rather than dates.

    Returns
    -------
    Quantity or str
        The quantity, or in Chinese why the text is not read as one.
    """
    shown = plain(text)
    if is_blank(text):
        return "没有填写"
    if len(shown) > 60:
        return "是一段文字，不是一个数"
    if "..." in shown or "**" in shown:
        return "没有写完"
    shown = re.sub(r"百分之(\d+(?:\.\d+)?)", r"\1%", shown.translate(BRACKETS).replace("百分之百", "100%"))
    shown = shown.rstrip("。;")
    shown = IN_WORDS.sub(_percentage_in_words, shown)
    # A remark in brackets behind the value is no part of it; "元/(人·月)" is.
    shown = re.sub(r"(?<![/每])\((?!含\))[^()]*\)$", "", shown) or shown
    if not re.search(r"\d", shown):
        return "是文字，没有数"
    sign, inclusive = "", shown.endswith("(含)")
    for pattern, meaning in AFTER:
        if re.search(rf"(?:{pattern})$", shown):
            shown, sign = re.sub(rf"(?:{pattern})$", "", shown), meaning
            break
    for pattern, meaning in WORDS:
        shown = re.sub(pattern, meaning.replace("=", "\0"), shown)
    shown = shown.replace("\0", "=")
    if (found := RANGE.fullmatch(shown)) and not TIME.search(shown):
        first = found["first"]
        if not first or unit_key(first) == unit_key(found["unit"]):
            low, high = _decimal(found["low"]), _decimal(found["high"])
            if low <= high:
                return Quantity("", low, high, _unit(found["unit"])[0], about=False, text=text)
    if TIME.search(shown) and not DURATION.fullmatch(shown):
        return "是时间，不能算完成比例"
    found = ONE.fullmatch(shown)
    if not found or (TIME.search(shown) and not (found["sign"] or sign or "个" in shown or lasting)):
        return "不是一个单独的数"
    if found["sign"] and inclusive:
        sign = ""
    if sign and found["sign"] and sign[0] != found["sign"][0]:
        return "比较的方向前后不一"
    unit, about = _unit(found["unit"])
    return Quantity(
        found["sign"] or sign, _decimal(found["value"]), None, unit, about or bool(found["about"]), text
    )


def _percentage_in_words(found: re.Match[str]) -> str:
    tens, ones = found["tens"] or found["tenths"] or "一", found["ones"] or ""
    return f"{'一二三四五六七八九'.index(tens) + 1}{'一二三四五六七八九'.index(ones) + 1 if ones else 0}%"


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _unit(text: str) -> tuple[str, bool]:
    about = text.endswith("左右") or bool(re.match("[余多]", text))
    # What stands behind a percent sign says what was reached, not in which unit.
    text = re.sub("%[一-鿿]+$", "%", re.sub("^[余多]", "", text))
    return re.sub(r"(?:左右|完成|达标|已完成|全部完成|\.)+$", "", text), about


def read_number(text: str) -> Decimal | None:
    """Read points, a score or money, with 分, % or 万元, a remark or the mark of a note behind it; None where there is none."""
    found = re.fullmatch(rf"({NUMBER})(?:分|%|万?元)?(?:\([^()]*\))?[*※★☆#]*", plain(text))
    return _decimal(found[1]) if found else None


def read_rate(text: str) -> tuple[Decimal, ...]:
    """Percentages that a cell for a rate may mean: 98.2% is one, 0.982 and 1 may be a share or a percentage."""
    value = read_number(text)
    if value is None:
        return ()
    # 0.9709 has two digits as a percentage: moving the point keeps count of them.
    return (value,) if "%" in plain(text) or abs(value) > 2 else (value.scaleb(2), value)


# Scale of each unit within its kind; kinds cannot be compared with one another.
UNITS = {
    "%": ("比例", Decimal(1)),
    "‰": ("比例", Decimal("0.1")),
    **dict.fromkeys(("人", "名", "位", "人数", "人员", "人口", "个人"), ("人数", Decimal(1))),
    "万人": ("人数", Decimal(10000)),
    **dict.fromkeys(("人次", "人次数"), ("人次", Decimal(1))),
    "万人次": ("人次", Decimal(10000)),
    **dict.fromkeys(("户", "户数"), ("户数", Decimal(1))),
    "万户": ("户数", Decimal(10000)),
    "户次": ("户次", Decimal(1)),
    "万户次": ("户次", Decimal(10000)),
    **dict.fromkeys(("元", "块"), ("金额", Decimal(1))),
    "千元": ("金额", Decimal(1000)),
    **dict.fromkeys(("万元", "万"), ("金额", Decimal(10000))),
    "百万元": ("金额", Decimal(1000000)),
    "亿元": ("金额", Decimal(100000000)),
    **dict.fromkeys(("天", "日"), ("天数", Decimal(1))),
    "工作日": ("工作日数", Decimal(1)),
    "小时": ("小时数", Decimal(1)),
    "分钟": ("小时数", 1 / Decimal(60)),
    **dict.fromkeys(("月", "年"), ("月数", Decimal(1))),
    "亩": ("面积", Decimal(1)),
    "公顷": ("面积", Decimal(15)),
    **dict.fromkeys(("平方米", "㎡", "m2"), ("平方米", Decimal(1))),
    **dict.fromkeys(("公里", "千米", "km"), ("长度", Decimal(1000))),
    **dict.fromkeys(("米", "m"), ("长度", Decimal(1))),
}
TIMES = {"天数", "工作日数", "小时数", "月数"}
UNITS["年"] = ("月数", Decimal(12))


def unit_key(text: str) -> str:
    """One spelling of a unit: 元/人*月, 元/人·月, 元/月·人, 每人每月元 are the same."""
    unit = plain(text).strip(".·")
    if re.fullmatch(r"%?\(?(?:百分比|百分之|百分率|%)\)?|pct|个%", unit):
        return "%"
    unit = re.sub(r"[()\[\]]", "", unit)
    unit = re.sub(r"^个(?=工作日|月|小时)", "", unit)
    unit = re.sub(r"^(人|户)(?=月$)", r"\1·", unit)
    top, *below = [part for part in re.split(r"/每?|[·*×.•・∙⋅]|每", unit) if part] or [""]
    below = [re.sub(r"^个(?=月)", "", part) for part in below]
    # 人/次 is another way to write 人次.
    if top in {"人", "户"} and below == ["次"]:
        return f"{top}次"
    return "/".join([top, "·".join(sorted("人" if part == "名" else part for part in below))]).rstrip("/")


def kind_of(unit: str) -> tuple[str, Decimal, str] | None:
    """What a unit measures, its scale and what it is per; None where it is not known."""
    top, _, below = unit_key(unit).partition("/")
    known = UNITS.get(top)
    return (*known, below) if known else None


def same_unit(first: str, second: str) -> bool | None:
    """Whether numbers in two units can be compared, if need be after conversion; None where that is not known."""
    if unit_key(first) == unit_key(second):
        return True
    one, other = kind_of(first), kind_of(second)
    if one is None or other is None:
        # 个 and 个村 count the same thing; 个 and 项 may.
        short, long = sorted((unit_key(first), unit_key(second)), key=len)
        return True if one is other and long.startswith(short) else None
    if one[0] != other[0] and one[0] in TIMES and other[0] in TIMES:
        return None  # how many days a month has
    return one[0] == other[0] and one[2] == other[2]


def converted(value: Decimal, unit: str, target: str) -> Decimal:
    """Express a value in another unit of its kind."""
    one, other = kind_of(unit), kind_of(target)
    if one is None or other is None or unit_key(unit) == unit_key(target):
        return value
    return value * one[1] / other[1]


def ordinal(text: str) -> int:
    """Number that 三, 十二, 二十, 3 or ③ stands for; 0 for what is none."""
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    tens, ten, ones = text.partition("十")
    digit = {sign: value for value, sign in enumerate(NUMERALS[:9], start=1)}
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return digit.get(tens, 1) * 10 + digit.get(ones, 0) if ten else digit.get(tens, 0)


def numeral(number: int) -> str:
    """三, 十二 or 二十 of a number from 1 to 99."""
    tens, ones = divmod(number, 10)
    ten = f"{NUMERALS[tens - 1] if tens > 1 else ''}十" if tens else ""
    return f"{ten}{NUMERALS[ones - 1] if ones else ''}"
