"""Kinds of cells: what a cell may hold, how it is normalised and parsed, and what to say when it does not fit."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from evalbook.schema.numbers import is_plain, normalise_number, ordinal
from evalbook.schema.registry import Registries
from evalbook.schema.text import CONTROL
from evalbook.schema.vocabulary import APART, COMPARISONS, FLAGS, LEVEL_ORDER, LEVELS, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

TEXT_LIMIT = 500
"""Longest cell in characters: a document title with four issuers has under 120."""


@dataclass(frozen=True)
class Kind:
    """What a cell may hold.

    Attributes
    ----------
    name : str
        Chinese name for the data dictionary.
    expected, remedy : str
        Halves of the message when a cell does not fit.
    accepts : callable
        ``accepts(text, registries)`` on normalised text.
    parse : callable
        ``parse(text, registries)`` of accepted text.
    normalise : callable
        Undoes what Excel and input methods do to a value without changing its meaning.
    code : callable
        ``code(value)`` of a parsed value: how addresses name it.
    """

    name: str
    expected: str
    remedy: str
    accepts: Callable[[str, Registries], bool]
    parse: Callable[[str, Registries], object] = lambda text, _: text
    normalise: Callable[[str], str] = str.strip
    code: Callable[[object], str] = str


WRITTEN_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


def normalise_date(text: str) -> str:
    """Undo the ways in which Excel and people write a date; year, month and day always come in this order."""
    text = normalise_number(text)
    written = WRITTEN_DATE.fullmatch(text)
    return f"{written[1]}-{int(written[2]):02}-{int(written[3]):02}" if written else text


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def matches(pattern: str) -> Callable[[str, Registries], bool]:
    """Whether the whole of a text is of a pattern."""
    compiled = re.compile(pattern)
    return lambda text, _: bool(compiled.fullmatch(text))


def choice(options: Mapping[str, str], name: str, also: Mapping[str, str] = MappingProxyType({})) -> Kind:
    """Kind whose cells hold one of a few words, or another word for one of them, which is read as that."""
    listed = "、".join(options)
    return Kind(
        name=f"选项：{listed}",
        expected=listed,
        remedy=f"从这些{name}中选一个填写",
        accepts=lambda text, _: text in options or text in also,
        parse=lambda text, _: also.get(text, text),
        code=lambda text: options[str(text)],
    )


def unit_of(*categories: str) -> Kind:
    """Kind whose cells hold a unit of the given categories (all when none is given)."""
    listed = "、".join(categories) or "任何"
    return Kind(
        name=f"单位（{listed}类）",
        expected=f"单位登记表里{listed}类的单位",
        remedy="改用 data/reference/units.csv 里登记的单位，并核对数值与单位相符",
        accepts=lambda text, r: text in r.units and (not categories or r.units[text].category in categories),
        parse=lambda text, r: r.units[text],
    )


TEXT = Kind(
    name="文字",
    expected=f"不超过{TEXT_LIMIT}个字、不含控制字符的一行文字",
    remedy="删去多余的内容或看不见的字符",
    accepts=lambda text, _: len(text) <= TEXT_LIMIT and not CONTROL.search(text),
)
NUMERIC = Kind(
    name="数字",
    expected="不带单位、不小于0的数字（整数部分至多15位，小数至多6位）",
    remedy="只填数字；没有来源的数字留空，并在标志栏填 x",
    accepts=lambda text, _: is_plain(text),
    parse=lambda text, _: Decimal(text),
    normalise=normalise_number,
)


def _signed(text: str) -> str:
    return re.sub(r"^[−－–]\s*(?=\d)", "-", normalise_number(text))


SIGNED = replace(
    NUMERIC,
    expected="不带单位的数字（整数部分至多15位，小数至多6位）",
    accepts=lambda text, _: is_plain(text.removeprefix("-")),
    normalise=_signed,
)
"""Numbers that may be below 0: net changes, money given back."""


def number_of(text: str) -> Decimal | None:
    """Number that a cell of text holds; None when it holds something else."""
    text = normalise_number(text)
    return Decimal(text) if NUMERIC.accepts(text, Registries({}, {}, ())) else None


POINTS = replace(NUMERIC, remedy="只填数字；没有查到的留空")
YEAR = Kind(
    name="年份",
    expected="1949至2199之间的四位年份",
    remedy="改成四位年份，如2020",
    accepts=lambda text, _: bool(re.fullmatch(r"\d{4}", text)) and 1949 <= int(text) <= 2199,
    parse=lambda text, _: int(text),
    normalise=normalise_number,
)
DATE = Kind(
    name="日期",
    expected="年-月-日形式的日期，如2020-12-31",
    remedy="改成年-月-日的形式，如2020-12-31",
    accepts=lambda text, _: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and _is_date(text),
    parse=lambda text, _: datetime.date.fromisoformat(text),
    normalise=normalise_date,
)


@dataclass(frozen=True)
class Day:
    """A day, or a whole year of which the day was not found.

    Attributes
    ----------
    first, last : datetime.date
        The same day, or first and last day of the year.
    """

    first: datetime.date
    last: datetime.date

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first.year}年"


def _day(text: str) -> Day:
    if len(text) == 4:
        return Day(datetime.date(int(text), 1, 1), datetime.date(int(text), 12, 31))
    return Day(day := datetime.date.fromisoformat(text), day)


DAY = Kind(
    name="日期或年份",
    expected="年-月-日形式的日期，如2020-11-01；只知道年份的写四位年份",
    remedy="改成年-月-日的形式，或只写年份",
    accepts=lambda text, _: (
        bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and _is_date(text)
        if len(text) != 4
        else YEAR.accepts(text, _)
    ),
    parse=lambda text, _: _day(text),
    normalise=normalise_date,
)


@dataclass(frozen=True)
class Period:
    """Whole months within a calendar year.

    Attributes
    ----------
    year : int or None
        Calendar year; None for the fiscal year that the row stands in.
    first, last : int
        Months, 1 to 12, both included.
    """

    year: int | None
    first: int
    last: int

    @property
    def code(self) -> str:
        """Part of the addresses of its figures: in_m06, in_m01_09, in_y2019, in_y2019_m06."""
        months = f"m{self.first:02}" + (f"_{self.last:02}" if self.last > self.first else "")
        whole = (self.first, self.last) == (1, 12)
        parts = (f"y{self.year}" if self.year else "", "" if self.year and whole else months)
        return "_".join(("in", *filter(None, parts)))

    def __str__(self) -> str:
        spans = {(1, 12): "全年", (1, 6): "上半年", (7, 12): "下半年"}
        spans |= {(3 * quarter - 2, 3 * quarter): f"{'一二三四'[quarter - 1]}季度" for quarter in range(1, 5)}
        single = f"{self.first}月" if self.first == self.last else f"{self.first}—{self.last}月"
        months = spans.get((self.first, self.last), single)
        return f"{self.year}年{'' if months == '全年' else months}" if self.year else months


QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, **{str(number): number for number in range(1, 5)}}
WRITTEN_PERIOD = re.compile(
    r"(?:(?P<year>(?:19|20|21)\d\d|上|去)年?(?:度)?[.-]?)?"
    r"(?:(?P<half>[上下])半年|前(?P<quarters>[二三])季度|前(?P<months>\d{1,2})个?月"
    r"|第?(?P<quarter>[一二三四1-4])(?:[-—–~～至到](?P<until>[一二三四1-4]))?季度"
    r"|(?P<first>\d{1,2})月?(?:[-—–~～至到]+(?P<last>\d{1,2}))?月?[份末底]?|全年)?",
    re.ASCII,
)
MONTHS_IN_WORDS = re.compile(r"(?<![十一二三四五六七八九])(十[一二]?|[一二三四五六七八九])(?=个?月)")
LAST_YEAR = -1
"""Year of a :class:`Period` that is the one before the fiscal year."""


def period_of(text: str) -> Period | None:
    """Period that a text names: 6月, 1—9月, 三季度, 上半年, 2019年, 2019年6月, 全年; None when it names none."""
    shown = re.sub(r"\s|^截[至止]", "", text).replace("同期", "")
    shown = MONTHS_IN_WORDS.sub(lambda word: str(ordinal(word[1])), shown)
    found = WRITTEN_PERIOD.fullmatch(shown)
    # Up to a month is from January on, or that day alone: nobody can tell.
    if not shown or not found or text.lstrip().startswith(("截至", "截止")):
        return None
    year = LAST_YEAR if found["year"] in {"上", "去"} else int(found["year"]) if found["year"] else None
    if found["half"]:
        return Period(year, *((1, 6) if found["half"] == "上" else (7, 12)))
    if found["quarter"]:
        quarter = QUARTERS[found["quarter"]]
        until = QUARTERS[found["until"] or found["quarter"]]
        return Period(year, 3 * quarter - 2, 3 * until) if quarter <= until else None
    if found["quarters"] or found["months"]:
        return period_of(f"1-{found['months'] or 3 * QUARTERS[found['quarters']]}月")
    first = int(found["first"] or 1)
    last = int(found["last"] or found["first"] or 12)
    return Period(year, first, last) if 1 <= first <= last <= 12 else None


PERIOD = Kind(
    name="时期",
    expected="6月、1—9月、三季度、上半年、2019年、2019年6月这样的时期；全年度的数字留空",
    remedy="照这样写",
    accepts=lambda text, _: period_of(text) is not None,
    parse=lambda text, _: period_of(text),
    normalise=normalise_number,
    code=lambda period: str(getattr(period, "code", "")),
)
WRITTEN_MONTH = re.compile(
    r"(?:(?P<year>(?:19|20|21)\d\d)(?:[年./-]|(?=\d\d$)))?(?P<month>\d{1,2})(?:月份?)?", re.ASCII
)


def month_of(text: str) -> Period | None:
    """Single month that a text names: 6, 6月, 2023年6月, 2023-06; None when it names none."""
    found = WRITTEN_MONTH.fullmatch(re.sub(r"\s", "", text))
    if not found or not 1 <= int(found["month"]) <= 12:
        return None
    return Period(int(found["year"]) if found["year"] else None, int(found["month"]), int(found["month"]))


MONTH = Kind(
    name="月份",
    expected="1至12，或6月、2023年6月这样的月份",
    remedy="一行只写一个月",
    accepts=lambda text, _: month_of(text) is not None,
    parse=lambda text, _: month_of(text),
    normalise=normalise_number,
    code=lambda month: f"m{getattr(month, 'first', 0):02}",
)
CODE = Kind(
    name="代码",
    expected="小写英文字母开头，只含小写字母、数字和下划线，不超过40个字符",
    remedy="起一个这样的代码（可用拼音），以后各年不再改动",
    accepts=matches(r"[a-z][a-z0-9_]{0,39}"),
)
FRAMEWORK_NAME = Kind(
    name="评价框架的名称",
    expected="data/frameworks 下文件夹的名称：小写英文字母开头，只含小写字母、数字和连字符，不超过40个字符",
    remedy="核对文件夹的名称",
    accepts=matches(r"[a-z][a-z0-9-]{0,39}"),
)
INDICATOR_CODE = Kind(
    name="指标代码",
    expected="英文字母开头，只含字母、数字和 . _ -，不超过40个字符",
    remedy="起一个这样的代码，以后不再改动",
    accepts=matches(r"[A-Za-z][A-Za-z0-9._-]{0,39}"),
)
FINDING = Kind(
    name="编号",
    expected="勾稽检查列出的编号",
    remedy="照检查结果抄写编号，一个字符也不要改",
    accepts=matches(r"[A-Z]\d{1,2}-[A-Za-z0-9_.+-]{1,160}-[0-9a-f]{6}"),
)
CAUSE = replace(
    FINDING,
    expected="勾稽检查列出的编号，末尾六位可以不写",
    accepts=matches(r"[A-Z]\d{1,2}-[A-Za-z0-9_.+-]{1,167}"),
    parse=lambda text, _: re.sub(r"-[0-9a-f]{6}$", "", text),
)
EDITION_NUMBER = Kind(
    name="版次",
    expected="1至99的整数",
    remedy="只写数字，如2",
    accepts=matches(r"[1-9]\d?"),
    parse=lambda text, _: int(text),
    normalise=normalise_number,
)
SMALL = replace(
    EDITION_NUMBER,
    name="小数目",
    expected="1至10的整数",
    accepts=lambda text, _: text in {str(number) for number in range(1, 11)},
)
SHA256 = Kind(
    name="哈希值",
    expected="64位十六进制数",
    remedy="从版本库恢复 editions.yml，不要手工修改",
    accepts=matches(r"[0-9a-f]{64}"),
)
COMMIT = replace(
    SHA256,
    name="提交",
    expected="版本库的提交号，40位十六进制数",
    accepts=matches(r"[0-9a-f]{40}"),
)
DIVISION = Kind(
    name="行政区划代码",
    expected="六位数字",
    remedy="照国家统计局公布的代码填写；没有查到留空",
    accepts=matches(r"[1-9][0-9]{5}"),
    normalise=normalise_number,
)
DIVISION_OR_LONGER = replace(
    DIVISION, expected="6、9或12位数字", accepts=matches(r"[1-9][0-9]{5}(?:[0-9]{3}){0,2}")
)
NAME = Kind(
    name="名称",
    expected="1至60个字的名称，不含 ` < > { } | 和反斜杠",
    remedy="改掉这些符号，或改短",
    accepts=matches(r"[^`<>{}|\\]{1,60}"),
)
FIRST_WORDS = "、".join({code: word for word, code in reversed(LEVELS.items())}[code] for code in LEVEL_ORDER)
LEVEL = replace(
    choice(LEVELS, "级次"),
    name=f"级次：{FIRST_WORDS}，或本地的叫法",
    expected=f"{FIRST_WORDS}；也可以用本地的叫法，如区本级、旗本级、县级、州级、自治区级、省和市",
    remedy="改成其中一个；本县（市、区、旗）自己安排的写本级，几级合在一起的写明是哪几级",
)
PROGRAMME = Kind(
    name="项目（项目登记表里的名称）",
    expected="项目登记表里的名称",
    remedy="核对名称；确是新项目的，先在 data/reference/programmes.csv 里登记一行",
    accepts=lambda text, r: r.programme(text) is not None,
    parse=lambda text, r: r.programme(text),
    code=lambda programme: str(getattr(programme, "code", "")),
)
LOCALITY = Kind(
    name="地区（地区登记表里的名称）",
    expected="地区登记表里的名称；全县（全市）的数字留空",
    remedy="核对名称；没有登记过的，先在 data/reference/places.csv 里登记一行",
    accepts=lambda text, r: text in r.localities,
    parse=lambda text, r: r.localities[text],
    code=lambda locality: str(getattr(locality, "code", "")),
)


def listed(text: str) -> tuple[str, ...]:
    """Words of a cell that holds several, set apart by “、”."""
    return tuple(part.strip() for part in text.split("、") if part.strip())


def several(options: Iterable[str], name: str) -> Kind:
    """Kind whose cells hold some of a few words, set apart by “、”."""
    known = tuple(options)
    words = "、".join(known)
    return Kind(
        name=f"选项，可有几个：{words}",
        expected=f"{words}；几个的用“、”隔开",
        remedy=f"从这些{name}中选，不认识的写进备注",
        accepts=lambda text, _: bool(listed(text)) and set(listed(text)) <= set(known),
    )


AREAS = Kind(
    name="领域（领域登记表里的名称），可有几个",
    expected="领域登记表里的名称，几个的用“、”隔开",
    remedy="核对名称；确是新领域的，先在 data/reference/areas.csv 里登记一行",
    accepts=lambda text, r: bool(listed(text)) and all(name in r.areas for name in listed(text)),
)
FAMILY = Kind(
    name="类别（类别登记表里的名称）",
    expected="类别登记表里的名称",
    remedy="核对名称；确是新类别的，先在 data/reference/families.csv 里登记一行",
    accepts=lambda text, r: text in r.families,
)
WITHIN = Kind(
    name=f"项目（项目登记表里的名称）、“{APART}”或“{OUTSIDE}”",
    expected=f"项目登记表里的名称，或“{APART}”“{OUTSIDE}”",
    remedy="核对名称；不知道就留空",
    accepts=lambda text, r: text in r.programmes or text in {APART, OUTSIDE},
)
SYMBOL = Kind(
    name="单位的写法",
    expected="不超过12个的汉字，可用 / 和 · 连接；或者 %",
    remedy="改成通用的单位写法",
    accepts=lambda text, _: bool(re.fullmatch(r"[一-鿿]+(?:[/·][一-鿿]+)*|%", text)) and len(text) <= 12,
)
FACTOR = r"(?:[1-9]\d{0,8}(?:\.\d{1,6})?|0\.\d{0,5}[1-9])"
DEFINITION = Kind(
    name="换算式",
    expected="已登记单位与大于0的数字的乘除式，如 10000*元",
    remedy="只用登记在前面的单位、数字、* 和 /",
    accepts=matches(rf"(?:{FACTOR}|[^\W\d]+)(?:[*/](?:[1-9]\d{{0,8}}|[^\W\d]+)){{0,4}}"),
)
DIGITS = Kind(
    name="小数位数",
    expected="0至6的整数",
    remedy="改成0至6之间的一个数字",
    accepts=matches(r"[0-6]"),
    parse=lambda text, _: int(text),
    normalise=normalise_number,
)
ASKED = Kind(
    name="检查规则或发现，可有几个",
    expected="规则的编号，或编号加横线和对象；几个的用“、”隔开",
    remedy="照“检查规则”一页的编号写",
    accepts=lambda text, _: all(re.fullmatch(r"[A-Z]\d{1,2}(?:-[a-z0-9_.]+)?", one) for one in listed(text)),
)
TERM = Kind(
    name="带数字的名称",
    expected="除数字外还有别的字符的名称",
    remedy="写完整的名称，如“8+1”",
    accepts=lambda text, _: bool(re.search(r"[^\d\s.,，．]", text)),
)
YES_NO = choice({"是": "yes", "否": "no"}, "说法")
FLAG = Kind(
    name="标志：" + "、".join(f"{flag}（{meaning}）" for flag, meaning in FLAGS.items()),
    expected="空白或 " + "、".join(FLAGS),
    remedy="改成其中一个；不清楚就留空",
    accepts=lambda text, _: text in FLAGS,
)
COMPARISON = Kind(
    name="比较：" + "、".join(COMPARISONS),
    expected="、".join(COMPARISONS),
    remedy="从中选一个填写",
    accepts=lambda text, _: text in COMPARISONS,
    normalise=lambda text: text.strip().replace(">=", "≥").replace("<=", "≤").replace("＝", "="),
)
