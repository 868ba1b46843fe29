"""The one schema of every table and of ``year.yml``.

Each column is defined here once: Chinese heading, English name, kind (type and constraints), help text,
example. Reading, validation, error messages and the data dictionary of the book come from these
definitions.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.tables.framework import COMPARISONS, INVERSE_FORMULAS, POINT_ORIGINS, ZERO_BUDGETS

if TYPE_CHECKING:
    from evalbook.tables.registry import Registries

TEXT_LIMIT = 500
"""Longest cell in characters: a document title with four issuers has under 120."""

STATUSES = ("草稿", "初步", "最终")
"""Data status of a year, from first entry to signature."""

FINAL = STATUSES[-1]
PROSE_WITHOUT_TITLE = "00-preface"
"""Prose that stands on the cover of the year, above the first chapter."""

CORRECTED, QUESTIONED = TREATMENTS = ("更正", "存疑")
"""What an edition does about a figure or a text: it is put right, or stays as signed and is called doubtful."""

EDITION_KINDS = ("初版", "计划修订", "更正")
"""Kinds of edition: the first; a planned revision, by later data; an unplanned correction of an error."""

INTERNAL = "内部"
"""Said of an explanation that is not published."""

PENDING = "待确认"
"""Mark of what was carried over from the year before and nobody has confirmed yet."""

FLAGS = {"p": "暂定", "r": "已修订", "e": "估计", "x": "缺"}
"""Status of a single figure (SDMX observation status, as StatsWales abbreviates it)."""

CLAIM_PREFIX = "报告所述"
"""Begins the name of a figure that the signed report states and the program computes too."""

LEVELS = {
    "上级": "superior",
    "中央": "central",
    "省级": "province",
    "市级": "city",
    "县本级": "county",
    "上年结转": "carryover",
    "其他": "other",
}
AREAS = {
    "社会救助": "social_assistance",
    "儿童福利": "child_welfare",
    "流浪乞讨救助": "vagrant_relief",
    "精减退职": "retrenchment",
    "其他": "other",
}
REGIONS = {"城市": "urban", "农村": "rural"}
FAMILIES = {
    "低保": "dibao",
    "特困": "tekun",
    "兜底": "backstop",
    "孤儿": "orphans",
    "事实无人抚养": "de_facto_orphans",
    "临时救助": "temporary_relief",
    "流浪救助": "vagrant_relief",
    "精减退职": "retrenched_workers",
    "物价补贴": "price_subsidy",
}
TIERS = {"一类": "tier1", "二类": "tier2", "三类": "tier3", "四类": "tier4", "五类": "tier5"}
FORMS = {
    "分散供养": "dispersed",
    "集中供养": "institutional",
    "社会散居": "with_relatives",
    "集中养育": "in_homes",
    "急难型": "emergency",
    "支出型": "expenditure",
    "站内": "in_station",
    "站外": "out_of_station",
    "乡镇审批": "township_approved",
    "县级审批": "county_approved",
    "全自理": "self_caring",
    "半护理": "half_cared",
    "全护理": "fully_cared",
    **TIERS,
}
FORM_PAIRS = (
    ("分散供养", "集中供养"),
    ("社会散居", "集中养育"),
    ("急难型", "支出型"),
    ("站内", "站外"),
    ("乡镇审批", "县级审批"),
)
"""Forms that together are everybody."""

CARE_LEVELS = ("全自理", "半护理", "全护理")
"""Together everybody in 特困; who needs no care comes first."""

ASPECTS = {
    "人数": "persons",
    "户数": "households",
    "人次": "visits",
    "户次": "household_visits",
    "累计人次": "person_months",
    "月均": "average",
    "期初": "opening",
    "新增": "joined",
    "退出": "left",
    "期末": "closing",
}
"""What else than its main number is counted of a programme."""

RELATIONS = {"同一数": "same", "其中": "part", "分项": "component"}
"""How a number of the year's work stands to another: the same once more, a part, one of the parts that make it up."""

APART = "另列"
"""Said of an amount or a number that no other row contains."""

COUNTINGS = {
    "月均": "monthly_average",
    "期末": "period_end",
    "按月累计": "person_months",
    "按次累计": "cases",
    "全年累计": "whole_year",
    "未说明": "not_stated",
}
MEASURES = {
    "保障标准": "standard",
    "提标后标准": "raised_standard",
    "人均救助水平": "level",
    "次均救助水平": "case_level",
    "分散供养标准": "dispersed",
    "集中供养标准": "institutional",
    "社会散居标准": "with_relatives",
    "集中养育标准": "in_homes",
    "全护理标准": "full_care",
    "半护理标准": "half_care",
    "全自理标准": "self_care",
}
PER_CASE = "次均救助水平"
"""The one measure that is money per case, not per month or year."""

AREA_WIDE = "全国"
"""Area of a limit that holds wherever the province has none of its own."""

LIMIT_MEASURES = {
    "保障标准": "standard",
    "人均救助水平": "level",
    "特困与低保之比": "tekun_dibao",
    "农村与城市之比": "rural_urban",
    "水平与标准之比": "level_standard",
    "含增发的水平与标准之比": "level_standard_topped",
    "末档与标准之比": "tier_standard",
    "支出与标准之比": "spending_standard",
    "社会散居标准": "with_relatives",
    "集中养育标准": "in_homes",
    "全自理占最低工资": "self_care",
    "半护理占最低工资": "half_care",
    "全护理占最低工资": "full_care",
    "最低工资": "minimum_wage",
    "标准的量级": "standard_magnitude",
    "人均月支出的量级": "level_magnitude",
    "次均支出": "case_level",
    "次均封顶倍数": "case_ceiling",
    "户均人数": "persons_per_household",
    "月物价补贴": "price_subsidy",
    "物价补贴占标准": "price_subsidy_share",
    "支出进度": "execution",
    "年退出比例": "turnover",
    "标准年增长": "standard_growth",
    "水平年变化": "level_change",
    "人数年变化": "people_change",
    "小基数": "small_number",
    "支出年变化": "spending_change",
    "覆盖率": "coverage",
    "月均口径的允差": "average_tolerance",
    "期末口径的允差": "closing_tolerance",
    "人数乘标准的允差": "product_tolerance",
}
"""What a limit limits."""


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
    """

    name: str
    expected: str
    remedy: str
    accepts: Callable[[str, Registries], bool]
    parse: Callable[[str, Registries], object]
    normalise: Callable[[str], str] = str.strip


@dataclass(frozen=True)
class Column:
    """One column of a table, or one key of ``year.yml``; a file may lack an ``optional`` column."""

    name: str
    heading: str
    kind: Kind
    help: str
    example: str
    required: bool = False
    optional: bool = False

    def accepts(self, text: str, registries: Registries) -> bool:
        """Whether a cell of normalised text may stand in the column; an empty one, unless it is required."""
        if not text:
            return not self.required
        return self.kind.accepts(text, registries) and TEXT.accepts(text, registries)


Row = Mapping[str, object]
"""Parsed cells of one row by English column name; empty cells are ``None``."""


@dataclass(frozen=True)
class Table:
    """One CSV file of a year.

    Attributes
    ----------
    name : str
        File name without ``.csv``, first part of its figures' addresses.
    title, help : str
        What the table holds, in Chinese.
    key : tuple of str
        Columns whose combination is unique; they are carried over to a new year.
    value : str
        Column that holds the figure, or empty when the table holds none.
    address, label : callable
        Address after ``name.`` and Chinese name of a row's figure.
    required : bool
        Whether the year must have the file.
    """

    name: str
    title: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    value: str = ""
    address: Callable[[Row], str] = field(default=lambda row: "", repr=False)
    label: Callable[[Row], str] = field(default=lambda row: "", repr=False)
    required: bool = True

    def full_address(self, row: Row) -> str:
        """Address of the figure that a row states."""
        return f"{self.name}.{self.address(row)}"

    def column(self, name: str) -> Column:
        """Column with an English name."""
        return next(column for column in self.columns if column.name == name)


NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,6})?", re.ASCII)
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def normalise_number(text: str) -> str:
    """Undo full-width digits, outer spaces and well-formed thousands separators."""
    text = unicodedata.normalize("NFKC", text).strip()
    return text.replace(",", "") if THOUSANDS.fullmatch(text) else text


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


def choice(options: Mapping[str, str], name: str) -> Kind:
    """Kind whose cells hold one of a few words."""
    listed = "、".join(options)
    return Kind(
        name=f"选项：{listed}",
        expected=listed,
        remedy=f"从这些{name}中选一个填写",
        accepts=lambda text, _: text in options,
        parse=lambda text, _: text,
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
    parse=lambda text, _: text,
)
NUMERIC = Kind(
    name="数字",
    expected="不带单位、不小于0的数字（整数部分至多15位，小数至多6位）",
    remedy="只填数字；没有来源的数字留空，并在标志栏填 x",
    accepts=lambda text, _: bool(NUMBER.fullmatch(text)),
    parse=lambda text, _: Decimal(text),
    normalise=normalise_number,
)
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
CODE = Kind(
    name="代码",
    expected="小写英文字母开头，只含小写字母、数字和下划线，不超过40个字符",
    remedy="起一个这样的代码（可用拼音），以后各年不再改动",
    accepts=lambda text, _: bool(re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text)),
    parse=lambda text, _: text,
)
FRAMEWORK_NAME = Kind(
    name="评价框架的名称",
    expected="data/frameworks 下文件夹的名称：小写英文字母开头，只含小写字母、数字和连字符，不超过40个字符",
    remedy="核对文件夹的名称",
    accepts=lambda text, _: bool(re.fullmatch(r"[a-z][a-z0-9-]{0,39}", text)),
    parse=lambda text, _: text,
)
INDICATOR_CODE = Kind(
    name="指标代码",
    expected="英文字母开头，只含字母、数字和 . _ -，不超过40个字符",
    remedy="起一个这样的代码，以后不再改动",
    accepts=lambda text, _: bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{0,39}", text)),
    parse=lambda text, _: text,
)
FINDING = Kind(
    name="编号",
    expected="勾稽检查列出的编号",
    remedy="照检查结果抄写编号，一个字符也不要改",
    accepts=lambda text, _: bool(re.fullmatch(r"[A-Z]\d{1,2}-[A-Za-z0-9_.+-]{1,160}-[0-9a-f]{6}", text)),
    parse=lambda text, _: text,
)
CAUSE = replace(
    FINDING,
    expected="勾稽检查列出的编号，末尾六位可以不写",
    accepts=lambda text, _: bool(re.fullmatch(r"[A-Z]\d{1,2}-[A-Za-z0-9_.+-]{1,167}", text)),
    parse=lambda text, _: re.sub(r"-[0-9a-f]{6}$", "", text),
)
EDITION_NUMBER = Kind(
    name="版次",
    expected="1至99的整数",
    remedy="只写数字，如2",
    accepts=lambda text, _: bool(re.fullmatch(r"[1-9]\d?", text)),
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
    accepts=lambda text, _: bool(re.fullmatch(r"[0-9a-f]{64}", text)),
    parse=lambda text, _: text,
)
COMMIT = replace(
    SHA256,
    name="提交",
    expected="版本库的提交号，40位十六进制数",
    accepts=lambda text, _: bool(re.fullmatch(r"[0-9a-f]{40}", text)),
)
NAME = Kind(
    name="名称",
    expected="1至60个字的名称，不含 ` < > { } | 和反斜杠",
    remedy="改掉这些符号，或改短",
    accepts=lambda text, _: bool(re.fullmatch(r"[^`<>{}|\\]{1,60}", text)),
    parse=lambda text, _: text,
)
PROGRAMME = Kind(
    name="项目（项目登记表里的名称）",
    expected="项目登记表里的名称",
    remedy="核对名称；确是新项目的，先在 data/reference/programmes.csv 里登记一行",
    accepts=lambda text, r: text in r.programmes,
    parse=lambda text, r: r.programmes[text],
)
WITHIN = Kind(
    name=f"项目（项目登记表里的名称）或“{APART}”",
    expected=f"项目登记表里的名称，或“{APART}”",
    remedy="核对名称；不知道就留空",
    accepts=lambda text, r: text in r.programmes or text == APART,
    parse=lambda text, _: text,
)
SYMBOL = Kind(
    name="单位的写法",
    expected="不超过12个的汉字，可用 / 和 · 连接；或者 %",
    remedy="改成通用的单位写法",
    accepts=lambda text, _: bool(re.fullmatch(r"[一-鿿]+(?:[/·][一-鿿]+)*|%", text)) and len(text) <= 12,
    parse=lambda text, _: text,
)
FACTOR = r"(?:[1-9]\d{0,8}(?:\.\d{1,6})?|0\.\d{0,5}[1-9])"
DEFINITION = Kind(
    name="换算式",
    expected="已登记单位与大于0的数字的乘除式，如 10000*元",
    remedy="只用登记在前面的单位、数字、* 和 /",
    accepts=lambda text, _: bool(
        re.fullmatch(rf"(?:{FACTOR}|[^\W\d]+)(?:[*/](?:[1-9]\d{{0,8}}|[^\W\d]+)){{0,4}}", text)
    ),
    parse=lambda text, _: text,
)
DIGITS = Kind(
    name="小数位数",
    expected="0至6的整数",
    remedy="改成0至6之间的一个数字",
    accepts=lambda text, _: bool(re.fullmatch(r"[0-6]", text)),
    parse=lambda text, _: int(text),
    normalise=normalise_number,
)
TERM = Kind(
    name="带数字的名称",
    expected="除数字外还有别的字符的名称",
    remedy="写完整的名称，如“8+1”",
    accepts=lambda text, _: bool(re.search(r"[^\d\s.,，．]", text)),
    parse=lambda text, _: text,
)
YES_NO = choice({"是": "yes", "否": "no"}, "说法")
FLAG = Kind(
    name="标志：" + "、".join(f"{flag}（{meaning}）" for flag, meaning in FLAGS.items()),
    expected="空白或 " + "、".join(FLAGS),
    remedy="改成其中一个；不清楚就留空",
    accepts=lambda text, _: text in FLAGS,
    parse=lambda text, _: text,
)

FLAG_COLUMN = Column("flag", "标志", FLAG, "数字的状态；没有数字时留空或填 x", "p")
SOURCE_COLUMN = Column(
    "source",
    "出处",
    TEXT,
    "数字从哪里来：台账、文件、系统，或报告的哪一部分；有数字就必须写",
    "签发报告二（二）",
)
PENDING_COLUMN = Column(
    "pending",
    "确认",
    choice({PENDING: "pending"}, "写法"),
    "沿用上年、还没有核对的行写“待确认”，核对后清空",
    PENDING,
)
NOTE_COLUMN = Column("note", "备注", TEXT, "需要说明的情况", "文号照录，用了方括号")
PROGRAMME_COLUMN = Column("programme", "项目", PROGRAMME, "项目登记表里的名称", "城市低保", required=True)
CHAPTER_COLUMN = Column(
    "chapter", "章节", TEXT, "在报告的哪一部分，写成“五（一）”这样；导语写“导语”", "五（一）", required=True
)
WITHIN_COLUMN = Column(
    "within",
    "含在",
    WITHIN,
    f"已经包含在哪个项目的那一行里（合计时不再加）；确实单列的写“{APART}”；报告没有说明的留空",
    "农村低保",
    optional=True,
)
FIGURE_COLUMNS = (FLAG_COLUMN, SOURCE_COLUMN, PENDING_COLUMN, NOTE_COLUMN)

AMOUNT = Column("value", "金额", NUMERIC, "只填数字；没有来源的留空", "2748.71")
MONEY_UNIT = Column("unit", "单位", unit_of("金额"), "金额的单位", "万元", required=True)
COUNT_NOUNS = {"人数": "人数", "人次": "人次", "户数": "户数", "户次": "户次"}


def _cell(row: Row, column: str, attribute: str = "") -> str:
    value = row.get(column)
    return str(getattr(value, attribute) if attribute and value is not None else value or "")


def _people_address(row: Row) -> str:
    form, aspect = row.get("form"), row.get("aspect")
    return (
        _cell(row, "programme", "code")
        + (f".{FORMS[str(form)]}" if form else "")
        + (f".{ASPECTS[str(aspect)]}" if aspect else "")
    )


def _people_label(row: Row) -> str:
    counting, aspect = _cell(row, "counting"), _cell(row, "aspect")
    noun = COUNT_NOUNS.get(_cell(row, "unit", "category"), "数量")
    what = (
        f"受助{aspect}"
        if aspect == noun == "人数"
        else aspect or (counting if counting in {"月均", "期末"} else "")
    )
    return (
        _cell(row, "programme", "name")
        + _cell(row, "form")
        + (what if what.endswith(noun) else f"{what}{noun}")
    )


FUNDS = Table(
    "funds",
    "资金安排",
    "本年度到位的资金，每个级次、每个项目一行；合计由程序计算，不要填合计行",
    (
        Column("level", "级次", choice(LEVELS, "级次"), "资金由哪一级安排", "上级", required=True),
        PROGRAMME_COLUMN,
        AMOUNT,
        MONEY_UNIT,
        *FIGURE_COLUMNS,
    ),
    key=("level", "programme"),
    value="value",
    address=lambda row: f"{LEVELS[_cell(row, 'level')]}.{_cell(row, 'programme', 'code')}",
    label=lambda row: f"{_cell(row, 'level')}安排{_cell(row, 'programme', 'name')}",
)
SPENDING = Table(
    "spending",
    "资金支出",
    "本年度累计支出，每个项目一行；合计由程序计算，不要填合计行。上级项目与它的下级项目都列出时，下级是其中数",
    (PROGRAMME_COLUMN, AMOUNT, MONEY_UNIT, *FIGURE_COLUMNS, WITHIN_COLUMN),
    key=("programme",),
    value="value",
    address=lambda row: _cell(row, "programme", "code"),
    label=lambda row: f"{_cell(row, 'programme', 'name')}累计支出",
)
PEOPLE = Table(
    "people",
    "保障对象",
    "本年度保障和救助的人、户，每个项目、每种保障形式一行；不分形式的总数，保障形式留空。"
    "同一项目还有户数、人次、期初期末等数字的，各加一行，写明统计项",
    (
        PROGRAMME_COLUMN,
        Column(
            "form",
            "保障形式",
            choice(FORMS, "形式"),
            "总数留空；分项写供养、养育、救助的形式或档次",
            "分散供养",
        ),
        Column(
            "counting",
            "口径",
            choice(COUNTINGS, "口径"),
            "怎样数的：各月平均、年末、按月累计（1人保障1个月计1人次）、按次累计、全年受助的不同的人",
            "月均",
            required=True,
        ),
        Column("value", "数量", NUMERIC, "只填数字；没有来源的留空", "6219"),
        Column(
            "unit",
            "单位",
            unit_of("人数", "人次", "户数", "户次"),
            "人、人次、户、户次不能混用",
            "人",
            required=True,
        ),
        *FIGURE_COLUMNS,
        Column(
            "aspect",
            "统计项",
            choice(ASPECTS, "说法"),
            "主要的数字留空；同一项目另有的户数、人次、期初、新增、退出、期末等写在这里",
            "户数",
            optional=True,
        ),
        WITHIN_COLUMN,
    ),
    key=("programme", "form", "aspect"),
    value="value",
    address=_people_address,
    label=_people_label,
)
STANDARDS = Table(
    "standards",
    "标准与水平",
    "保障标准、年内提标后的标准、报告所写的人均救助水平",
    (
        PROGRAMME_COLUMN,
        Column(
            "measure",
            "指标",
            choice(MEASURES, "指标"),
            "保障标准是公布的标准线；人均救助水平是平均发到每人每月的钱",
            "保障标准",
            required=True,
        ),
        Column("value", "数值", NUMERIC, "只填数字；没有来源的留空", "4020"),
        Column("unit", "单位", unit_of("标准", "均次"), "看清是每月还是每年", "元/年", required=True),
        Column("effective", "生效日期", DATE, "标准从哪一天起执行；不知道留空", "2020-07-01"),
        *FIGURE_COLUMNS,
    ),
    key=("programme", "measure"),
    value="value",
    address=lambda row: f"{_cell(row, 'programme', 'code')}.{MEASURES[_cell(row, 'measure')]}",
    label=lambda row: f"{_cell(row, 'programme', 'name')}{_cell(row, 'measure')}",
)
TIER_TABLE = Table(
    "tiers",
    "低保分档",
    "按类别发放固定金额的，每个项目、每一档一行",
    (
        PROGRAMME_COLUMN,
        Column("tier", "档次", choice(TIERS, "档次"), "从高到低", "一类", required=True),
        Column("value", "数值", NUMERIC, "只填数字；没有来源的留空", "335"),
        Column("unit", "单位", unit_of("标准"), "看清是每月还是每年", "元/月", required=True),
        *FIGURE_COLUMNS,
    ),
    key=("programme", "tier"),
    value="value",
    address=lambda row: f"{_cell(row, 'programme', 'code')}.{TIERS[_cell(row, 'tier')]}",
    label=lambda row: f"{_cell(row, 'programme', 'name')}{_cell(row, 'tier')}标准",
)
ACTIONS = Table(
    "actions",
    "年度工作",
    "清理、检查、临时救助、儿童福利、流浪救助、培训等工作的数字，每个数字一行",
    (
        CHAPTER_COLUMN,
        Column("code", "代码", CODE, "数字的固定代号，各年不变", "clearance_people", required=True),
        Column("programme", "项目", PROGRAMME, "属于哪个项目；不属于任何项目留空", "临时救助"),
        Column(
            "measure",
            "指标名称",
            NAME,
            "正文引用这个数字时用的名称，全年不能重复",
            "专项治理清退人数",
            required=True,
        ),
        Column("value", "数值", NUMERIC, "只填数字；没有来源的留空", "2221"),
        Column("unit", "单位", unit_of(), "数值的单位", "人", required=True),
        *FIGURE_COLUMNS,
        Column(
            "relation",
            "关系",
            choice(RELATIONS, "说法"),
            "与另一个数字是什么关系：又写了一遍的写“同一数”，一部分写“其中”，列全了、相加就是它的写“分项”；别的留空",
            "其中",
            optional=True,
        ),
        Column(
            "target",
            "所指",
            TEXT,
            "“关系”说的另一个数字的名称；留空时指同一项目在前面各表里的数字",
            "临时救助累计支出",
            optional=True,
        ),
    ),
    key=("code",),
    value="value",
    address=lambda row: _cell(row, "code"),
    label=lambda row: _cell(row, "measure"),
)
BACKGROUND = Table(
    "background",
    "基础数据",
    "计算人均指标用的背景数据，如常住人口",
    (
        Column("code", "代码", CODE, "数字的固定代号，各年不变", "resident_population", required=True),
        Column("measure", "指标名称", NAME, "正文引用时用的名称，全年不能重复", "常住人口", required=True),
        Column("value", "数值", NUMERIC, "只填数字；没有来源的留空", "70.5"),
        Column("unit", "单位", unit_of(), "数值的单位", "万人", required=True),
        *FIGURE_COLUMNS,
    ),
    key=("code",),
    value="value",
    address=lambda row: _cell(row, "code"),
    label=lambda row: _cell(row, "measure"),
    required=False,
)
CLAIMS = Table(
    "claims",
    "报告所述",
    "签发的报告写明、程序又能算出的数字（合计、比例、增减），和报告在别处又写了一遍的数字，用来互相对照",
    (
        Column("measure", "指标", TEXT, "对应的计算指标或表里数字的名称", "上级资金合计", required=True),
        Column("value", "数值", NUMERIC, "报告怎样写就怎样填", "11650.08"),
        Column("unit", "单位", unit_of(), "报告所用的单位", "万元", required=True),
        *FIGURE_COLUMNS,
    ),
    key=("measure",),
    value="value",
    required=False,
)
DOCUMENTS = Table(
    "documents",
    "政策文件",
    "报告引用的文件",
    (
        CHAPTER_COLUMN,
        Column("issuer", "发文机关", TEXT, "几个机关联合发文的，用空格隔开", "某县财政局", required=True),
        Column("title", "标题", TEXT, "不带书名号", "社会救助暂行办法", required=True),
        Column("number", "文号", TEXT, "照文件原样；不知道留空", "湘民办发〔2017〕61号"),
        Column("year", "年份", YEAR, "发文年份；不知道留空", "2017"),
        PENDING_COLUMN,
        NOTE_COLUMN,
    ),
    key=("issuer", "title"),
    required=False,
)
EXPLANATIONS = Table(
    "explanations",
    "检查说明",
    "对勾稽检查发现的说明，一条发现一行；编号照检查结果抄写，数字改动以后编号也变，要重新说明",
    (
        Column("finding", "发现编号", FINDING, "勾稽检查列出的编号", "L2-urban_dibao-1a2b3c", required=True),
        Column("explanation", "说明", TEXT, "为什么会这样，数字为什么是对的", "含7月补发", required=True),
        Column(
            "evidence", "证据", TEXT, "台账、文件、凭证，写明在哪里可以查到", "发放台账第3册", required=True
        ),
        Column("who", "说明人", TEXT, "谁作的说明", "社会救助股张某", required=True),
        Column("date", "日期", DATE, "哪一天说明的", "2021-03-20", required=True),
        Column(
            "internal",
            "公开",
            choice({INTERNAL: "internal"}, "写法"),
            f"说明和证据不公开的写“{INTERNAL}”，网页和 PDF 只写已经说明；公开的留空",
            INTERNAL,
            optional=True,
        ),
    ),
    key=("finding",),
    required=False,
)
FRAMEWORK_COLUMN = Column(
    "framework", "评价框架", FRAMEWORK_NAME, "year.yml 里写了的评价框架", "finance-2020", required=True
)
SCORED_COLUMN = Column(
    "indicator",
    "指标",
    INDICATOR_CODE,
    "这个框架的指标代码；等次限制和否决的情形写它的代码",
    "P5",
    required=True,
)
COMPARISON = Kind(
    name="比较：" + "、".join(COMPARISONS),
    expected="、".join(COMPARISONS),
    remedy="从中选一个填写",
    accepts=lambda text, _: text in COMPARISONS,
    parse=lambda text, _: text,
    normalise=lambda text: text.strip().replace(">=", "≥").replace("<=", "≤").replace("＝", "="),
)
COMPARISON_COLUMN = Column("comparison", "比较", COMPARISON, "不低于写≥，不高于写≤，等于写=", "≥")
TARGETS = Table(
    "targets",
    "绩效目标",
    "本年度批准的目标值，每个指标一行；年内调整过的，每段时间一行，程序按执行的月数加权平均",
    (
        FRAMEWORK_COLUMN,
        SCORED_COLUMN,
        COMPARISON_COLUMN,
        Column("target", "目标值", TEXT, "数字，或一句话；没有查到的留空", "213"),
        Column("unit", "单位", unit_of(), "目标值的单位；不是数字的留空", "元/月"),
        Column("start", "起始日期", DAY, "从哪一天起；只知道年份的写年份，全年不变的留空", "2020-11-01"),
        Column("end", "截止日期", DAY, "到哪一天止；一直有效的留空", "2020-10-31"),
        Column("number", "文号", TEXT, "哪个文件定的；没有查到的留空", "湘民发〔2020〕34号"),
        SOURCE_COLUMN,
        PENDING_COLUMN,
        NOTE_COLUMN,
    ),
    key=("framework", "indicator", "start"),
    required=False,
)
EVIDENCE = Table(
    "evidence",
    "绩效证据",
    "各指标的实际完成情况和证据，一个指标、一个项一行；能由数字算出的指标不用填，除非要换一个数字",
    (
        FRAMEWORK_COLUMN,
        SCORED_COLUMN,
        Column(
            "item",
            "项",
            NAME,
            "指标有几个条件、几种扣分的，写哪一个；只有一个的留空；预算执行率写全年预算数、全年执行数、年初预算数",
            "全年预算数",
        ),
        Column("figure", "数字", NAME, "实际值是本年度的哪个数字，写名称；不是的留空", "农村低保人均月支出"),
        Column("result", "结果", TEXT, "是或否、次数、情形、等级、评定的分数；填了“数字”的留空", "是"),
        Column(
            "document", "文件", TEXT, "用什么证明：文件、台账、调查报告，写明在哪里可以查到", "满意度调查报告"
        ),
        Column("shows", "说明", TEXT, "它说明了什么", "抽查120户，118户满意"),
        Column("who", "确认人", TEXT, "谁核对过；没有人确认的不作证据", "社会救助股张某"),
        Column("date", "确认日期", DATE, "哪一天核对的", "2021-03-20"),
        NOTE_COLUMN,
    ),
    key=("framework", "indicator", "item"),
    required=False,
)
DEVIATIONS = Table(
    "deviations",
    "偏差说明",
    "没有达到目标、或超过目标很多的指标，一个指标一行：为什么，怎样改进",
    (
        FRAMEWORK_COLUMN,
        SCORED_COLUMN,
        Column("reason", "偏差原因", TEXT, "为什么没有达到，或超过很多", "7月起才提标", required=True),
        Column("improvement", "改进措施", TEXT, "准备怎样改进", "年初安排预算时按新标准测算", required=True),
        PENDING_COLUMN,
    ),
    key=("framework", "indicator"),
    required=False,
)
CORRECTIONS = Table(
    "corrections",
    "更正与存疑",
    "签发以后发现的错误，一处一行：报告自己能证明正确值的更正；不能的照原样保留，标为存疑。已经定版的行不能再改",
    (
        Column("edition", "版次", EDITION_NUMBER, "从第几版起", "2", required=True),
        Column(
            "treatment",
            "处理",
            choice(dict.fromkeys(TREATMENTS, ""), "处理"),
            "报告自己能证明正确值的写“更正”，否则写“存疑”",
            CORRECTED,
            required=True,
        ),
        Column(
            "subject",
            "对象",
            TEXT,
            "数字的名称；改文字的写文件，如 narrative/03-organisation.md 或 documents.csv",
            "农村特困人数",
            required=True,
        ),
        Column("original", "原值", TEXT, "数字连同单位，或原来的文字，照原样", "6246人", required=True),
        Column("corrected", "更正值", TEXT, "数字连同单位，或改成的文字；存疑的留空", "6126人"),
        Column(
            "reason",
            "理由",
            TEXT,
            "怎样证明；存疑的写已经知道什么",
            "分散供养5583人与集中供养543人之和",
            required=True,
        ),
        Column(
            "finding", "发现编号", CAUSE, "哪一条发现证明它；计划修订没有发现的留空", "T2-people.rural_tekun"
        ),
        Column("settles", "可核定者", TEXT, "存疑的写谁、凭什么文件能核定", "县民政局社会救助股，凭发放台账"),
    ),
    key=("edition", "subject", "original"),
    required=False,
)
CALENDAR = Table(
    "calendar",
    "发布日历",
    "各版预告的发布日期，一次预告一行；改期的另加一行，原来的行不动",
    (
        Column("edition", "版次", EDITION_NUMBER, "预告的是第几版", "1", required=True),
        Column("announced", "预告日期", DATE, "预告哪一天发布", "2022-03-31", required=True),
        Column("told", "公布日期", DATE, "哪一天公布这个预告的", "2022-02-28", required=True),
        Column("note", "说明", TEXT, "改期的写原因", "审核推迟"),
    ),
    key=("edition", "told"),
    required=False,
)
TABLES = (
    FUNDS,
    SPENDING,
    PEOPLE,
    STANDARDS,
    TIER_TABLE,
    ACTIONS,
    BACKGROUND,
    CLAIMS,
    DOCUMENTS,
    EXPLANATIONS,
    TARGETS,
    EVIDENCE,
    DEVIATIONS,
    CORRECTIONS,
    CALENDAR,
)
"""The tables of a year, in the order in which a clerk fills them in."""

SETTINGS = (
    Column("year", "年度", YEAR, "必须与文件夹的名称相同", "2020", required=True),
    Column("province", "省", NAME, "全称", "湖南省", required=True),
    Column("county", "县", NAME, "全称", "某县", required=True),
    Column("bureau", "单位", NAME, "编写报告的单位全称", "某县民政局", required=True),
    Column("title", "标题", TEXT, "一行一个“- ”，至多三行", "某县2020年度困难群众救助", required=True),
    Column("period_start", "起始日期", DATE, "本年度的第一天", "2020-01-01", required=True),
    Column("period_end", "截止日期", DATE, "本年度的最后一天", "2020-12-31", required=True),
    Column("report_date", "报告日期", DATE, "签发的日期；还没有签发留空", "2021-04-10"),
    Column(
        "status",
        "数据状态",
        choice(dict.fromkeys(STATUSES, ""), "状态"),
        "编写时为草稿，送审时为初步，签发后为最终",
        "草稿",
        required=True,
    ),
    Column("small_count", "小数目上限", SMALL, "从1到几个人的数目不能公布；不写是2", "2"),
    Column("claimed_grade", "自评等次", TEXT, "报告自己写的等次；没有留空", "优秀"),
    Column(
        "frameworks",
        "评价框架",
        FRAMEWORK_NAME,
        "采用的评分办法，data/frameworks 下文件夹的名称，一行一个“- ”，至多三行；没有写 []",
        "[]",
    ),
    *(
        Column(name, heading, TEXT, f"自评表里的{shown}；没有查到留空", example)
        for name, heading, shown, example in (
            ("project", "项目名称", "项目名称", "困难群众救助补助资金"),
            ("department", "主管部门", "主管部门", "某县民政局"),
            ("central_department", "中央主管部门", "中央主管部门（转移支付）", "财政部、民政部"),
            ("local_department", "地方主管部门", "地方主管部门（转移支付）", "某省财政厅、某省民政厅"),
            ("goal", "年度总体目标", "预期目标，照批准的绩效目标写", "保障困难群众基本生活"),
        )
    ),
)
"""The keys of ``year.yml``."""

EXPLANATION_COLUMN = Column("note", "说明", TEXT, "是什么", "同“人”")
PROGRAMMES = Table(
    "programmes",
    "项目登记表",
    "救助项目和资金项目，各年共用；各表的“项目”只能填这里的名称",
    (
        Column("code", "代码", CODE, "固定代号，不再改动", "urban_dibao", required=True),
        Column("name", "名称", NAME, "各表和正文使用的名称", "城市低保", required=True),
        Column("parent", "上级项目", TEXT, "它所属的项目的名称", "最低生活保障"),
        Column("area", "领域", choice(AREAS, "领域"), "资金与支出按领域比较", "社会救助", required=True),
        Column("kind", "类型", TEXT, "救助项目、补贴、资金来源或工作经费", "救助项目", required=True),
        Column("region", "城乡", choice(REGIONS, "说法"), "分城乡的项目填写", "城市"),
        Column("family", "类别", choice(FAMILIES, "类别"), "低保、特困两类之间要相互比较", "低保"),
        Column("system", "社会救助体系", TEXT, "属于“8+1”体系的写 8+1", "8+1"),
        Column("headline", "要览", YES_NO, "在首页列出人数的写“是”", "是"),
        EXPLANATION_COLUMN,
        Column("source", "出处", TEXT, "定义从哪里来", "《社会救助暂行办法》第九条", required=True),
        Column(
            "may_be_within",
            "可能含在",
            TEXT,
            "数字可能已经含在哪些项目里，用“、”隔开；各年在“含在”一栏写明",
            "农村低保",
            optional=True,
        ),
        Column(
            "proper_levels",
            "应列级次",
            TEXT,
            "只能列在哪些级次，用“、”隔开；不限的留空",
            "上级、中央",
            optional=True,
        ),
        Column("aliases", "又称", TEXT, "文件和报告里的其他叫法，用“、”隔开", "五保、三无", optional=True),
    ),
    key=("code",),
)
NEEDED_UNITS = {
    "元": "",
    "万元": "10000*元",
    "人": "",
    "户": "",
    "人次": "",
    "户次": "",
    "月": "",
    "年": "12*月",
    "元/月": "元/人/月",
    "元/年": "元/人/年",
    "元/人·月": "元/人/月",
    "元/人次": "元/人次",
    "元/户次": "元/户次",
    "元/人": "元/人",
    "元/户": "元/户",
    "人·月/人次": "人*月/人次",
    "%": "0.01",
    "百分点": "0.01",
    "倍": "1",
    "人/万人": "人/万人",
    "人/户": "人/户",
}
"""Units in which indicators are computed, with the definitions that the formulas rely on."""

UNITS = Table(
    "units",
    "单位登记表",
    "可以使用的计量单位，各年共用",
    (
        Column("symbol", "单位", SYMBOL, "印出来的写法", "元/人·月", required=True),
        Column("category", "类别", TEXT, "数的是什么", "标准", required=True),
        Column("definition", "换算", DEFINITION, "由前面的单位怎样得来；基本单位留空", "10000*元"),
        Column("digits", "小数位", DIGITS, "计算结果显示几位小数", "2", required=True),
        Column("whole", "取整", YES_NO, "只能是整数的写“是”", "是", required=True),
        EXPLANATION_COLUMN,
    ),
    key=("symbol",),
)
TERMS = Table(
    "terms",
    "名称登记表",
    "带数字的名称，写进正文不算数字",
    (
        Column("term", "文字", TERM, "名称本身", "8+1", required=True),
        EXPLANATION_COLUMN,
        SOURCE_COLUMN,
    ),
    key=("term",),
)
GLOSSARY = Table(
    "glossary",
    "术语表",
    "报告使用的术语；项目的含义写在项目登记表的“说明”里，这里不重复",
    (
        Column("name", "术语", NAME, "正文里的写法", "月均", required=True),
        Column("definition", "定义", TEXT, "是什么", "各月人数相加再除以月数", required=True),
        Column("unit", "单位", TEXT, "用什么单位计量；没有留空", "人"),
        Column("source", "出处", TEXT, "定义从哪里来", "《社会救助暂行办法》第十九条", required=True),
    ),
    key=("name",),
)
LIMITS = Table(
    "limits",
    "参考界限表",
    "各省公布的最低标准，和判断数字是否合理的范围；按地区和日期登记，每行有出处，检查规则都从这里取数",
    (
        Column("area", "地区", NAME, f"省的全称；各省通用的写“{AREA_WIDE}”", "湖南省", required=True),
        Column("subject", "对象", TEXT, "项目的名称或类别；不分项目的留空", "城市低保"),
        Column("measure", "指标", choice(LIMIT_MEASURES, "指标"), "限制的是什么", "保障标准", required=True),
        Column("least", "下限", NUMERIC, "不应低于；没有留空", "500"),
        Column("most", "上限", NUMERIC, "不应高于；没有留空", "0.9"),
        Column("unit", "单位", unit_of(), "上限和下限的单位", "元/月", required=True),
        Column("start", "起始日期", DATE, "从哪一天起；一直有效的留空", "2019-07-01"),
        Column("end", "截止日期", DATE, "到哪一天止；没有截止的留空", "2020-10-31"),
        Column("official", "公布", YES_NO, "政府公布的写“是”；本工具的经验范围写“否”", "是", required=True),
        Column("source", "出处", TEXT, "文件、网页、新闻", "湘民发〔2020〕34号", required=True),
        EXPLANATION_COLUMN,
    ),
    key=("area", "subject", "measure", "unit", "start"),
)
REQUIREMENTS = Table(
    "requirements",
    "报告要求表",
    "报告的提纲和评价办法要求写明的内容；报告缺哪一项由检查列出",
    (
        Column("code", "代码", CODE, "固定代号，不再改动", "satisfaction", required=True),
        Column("content", "要求的内容", TEXT, "报告应当写明什么", "服务对象满意度的调查结果", required=True),
        Column(
            "addresses", "数字", TEXT, "有哪些地址开头的数字就算写明，用“、”隔开", "background.satisfaction"
        ),
        Column("words", "文字", TEXT, "正文有哪些词就算写明，用“、”隔开", "满意度"),
        Column("source", "出处", TEXT, "哪个文件要求的", "财预〔2020〕10号", required=True),
    ),
    key=("code",),
)
LEDGER_SETTINGS = (
    Column("number", "版次", EDITION_NUMBER, "从1起，依次加1", "2", required=True),
    Column("date", "日期", DATE, "这一版的日期", "2021-04-10", required=True),
    Column(
        "kind",
        "类型",
        choice(dict.fromkeys(EDITION_KINDS, ""), "类型"),
        "第1版是初版；以后按原来的安排用后来的数据修订的是计划修订，改错的是更正",
        "更正",
        required=True,
    ),
    Column(
        "status",
        "状态",
        choice(dict.fromkeys(STATUSES, ""), "状态"),
        "没有批准的不是最终",
        "初步",
        required=True,
    ),
    Column("reason", "理由", TEXT, "为什么有这一版", "更正勾稽检查证实的错误", required=True),
    Column("approver", "批准", TEXT, "谁批准的；还没有批准留空，网页上写“缺”", "某县民政局局长办公会"),
    Column("corrections", "更正", TEXT, "corrections.csv 里从这一版起的各行的对象", "农村特困人数"),
    Column("changes", "改动", TEXT, "与上一版相比直接改动了的文件", "narrative/06-problems.md"),
    Column("commit", "提交", COMMIT, "由版本库的哪一次提交生成", "0" * 40, required=True),
    Column("inputs", "输入", SHA256, "年度文件夹的哈希值", "0" * 64, required=True),
    Column("registries", "登记表", SHA256, "登记表、评价框架和上年数据的哈希值", "0" * 64, required=True),
    Column("code", "程序", SHA256, "程序、笔记本和网页说明的哈希值", "0" * 64, required=True),
    Column("lock", "依赖", SHA256, "requirements.txt 的哈希值", "0" * 64, required=True),
    Column("figures", "数字", SHA256, "这一版全部数字的文件的哈希值", "0" * 64, required=True),
    Column("previous", "前版", SHA256, "上一版的记录的哈希值；第1版留空", "0" * 64),
    Column("content", "内容", SHA256, "网页、PDF 和下载文件的清单的哈希值", "0" * 64),
)
"""The keys of an edition in ``editions.yml``."""

FRAMEWORK_SETTINGS = (
    Column("title", "标题", TEXT, "文件的标题", "项目支出绩效评价管理办法", required=True),
    Column("number", "文号", TEXT, "没有查到的留空", "财预〔2020〕10号"),
    Column("issuer", "发布机关", TEXT, "谁发布的", "财政部", required=True),
    Column("subject", "评价对象", TEXT, "评价谁", "预算部门（单位）实施的项目", required=True),
    Column("start", "起始日期", DAY, "从哪一天起适用；只知道年份的写年份", "2020", required=True),
    Column("end", "截止日期", DAY, "到哪一天止；一直有效的留空", "2020-12-31"),
    Column("total", "总分", POINTS, "满分多少", "100", required=True),
    Column(
        "complete",
        "完整",
        YES_NO,
        "各项分值和计分办法都有的写“是”；写“否”的不计总分、不评等次",
        "是",
        required=True,
    ),
    Column("relative", "按排名评等次", YES_NO, "等次由各地排名决定的写“是”", "否"),
    Column("most_bonus", "加分上限", POINTS, "总分之外至多加多少；没有写明的留空", "2"),
    Column("most_penalty", "减分上限", POINTS, "总分之外至多减多少；没有写明的留空", "2"),
    Column(
        "inverse",
        "不高于的算法",
        choice(INVERSE_FORMULAS, "算法"),
        "超过“不高于”的目标时怎样按比例计分；没有写明的留空",
        "目标÷实际",
    ),
    Column("digits", "得分小数位", DIGITS, "文件写明每项得分保留几位小数的填写；没有写明的留空，不取舍", "2"),
    Column(
        "explained_from",
        "须说明的完成率",
        POINTS,
        "达到目标的百分之多少起，也要说明原因；没有写明的留空",
        "130",
    ),
    Column(
        "zero_budget", "预算为零", choice(ZERO_BUDGETS, "做法"), "全年预算数为0时执行率怎样计分", "不能计分"
    ),
    Column(
        "parts",
        "部分",
        TEXT,
        "各部分的分值，一行一个“名称: 分值”；没有查到分值的，冒号后留空",
        "产出指标: 50",
    ),
    Column(
        "grades", "等次", TEXT, "从高到低，一行一个“名称: 界限”；没有等次的不写", "优: 90（含）至100（含）"
    ),
    Column(
        "levels",
        "定性等级",
        TEXT,
        "从高到低，一行一个“名称: 界限”，界限是分值的百分比",
        "达成年度指标: 80（含）至100（含）",
    ),
    Column("caps", "等次限制", TEXT, "出现了就限制等次的情形，每种写代码、情形、等次、出处", "[]"),
    Column("vetoes", "否决", TEXT, "一票否决的情形，每种写代码、情形、等次、出处", "[]"),
    Column(
        "fund_rows", "资金行", TEXT, "自评表“年度资金总额”下面各行的写法，一行一个“- ”", "其中：本年财政拨款"
    ),
    Column("source", "出处", TEXT, "从哪里看到的", "网址或文件", required=True),
    Column("note", "说明", TEXT, "需要知道的情况", "分值是建议分值"),
)
"""The keys of ``framework.yml``."""

EVENT_SETTINGS = (
    Column("code", "代码", CODE, "固定代号", "fraud", required=True),
    Column("what", "情形", TEXT, "出现了什么", "弄虚作假", required=True),
    Column("grade", "等次", TEXT, "最高只能评什么，或评为什么", "中", required=True),
    Column("source", "出处", TEXT, "哪个文件、哪一条", "某办法第九条", required=True),
)
"""The keys of an entry of 等次限制 and 否决."""

INDICATORS = Table(
    "indicators",
    "评价指标",
    "一个评价框架的指标，一行一个",
    (
        Column("code", "代码", INDICATOR_CODE, "固定代号，不再改动", "P5", required=True),
        Column("part", "一级指标", TEXT, "属于哪一部分；执行率写“预算执行”", "产出指标", required=True),
        Column("group", "二级指标", TEXT, "没有留空", "质量指标"),
        Column("title", "三级指标", TEXT, "指标的名称", "农村低保月人均救助水平", required=True),
        Column("points", "分值", POINTS, "满分多少；没有查到的留空。与“权重”只填一个", "6"),
        Column("weight", "权重", POINTS, "占总分的百分之几；与“分值”只填一个", "6"),
        Column(
            "origin",
            "分值来源",
            choice(dict.fromkeys(POINT_ORIGINS, ""), "说法"),
            "分值是谁定的",
            "官方",
            required=True,
        ),
        Column(
            "kinds",
            "记分方法",
            TEXT,
            "怎样计分，见“评价框架”一页；几种叠加的用“＋”连接",
            "按次扣分＋出现不得分",
            required=True,
        ),
        Column("parameters", "参数", TEXT, "“名称：内容”，几个参数用“；”隔开", "每次：0.5"),
        COMPARISON_COLUMN,
        Column("target", "目标值", TEXT, "框架自己定的目标；由各年度批准的留空", "98"),
        Column("unit", "单位", unit_of(), "目标值和实际值的单位", "%"),
        Column(
            "sources",
            "数字",
            TEXT,
            "实际值是哪个数字的地址；几个的写“名称：地址”，用“；”隔开",
            "level.rural_dibao",
        ),
        Column("evidence", "证据", TEXT, "用什么证明", "满意度调查报告", required=True),
        Column("text", "计分原文", TEXT, "文件怎样写的；没有查到的留空", "每降低1个百分点扣0.5分"),
        Column("source", "出处", TEXT, "从哪里看到的", "财预〔2020〕10号", required=True),
        NOTE_COLUMN,
    ),
    key=("code",),
)
REGISTRIES = (PROGRAMMES, UNITS, TERMS, GLOSSARY, LIMITS, REQUIREMENTS)
"""The registries under ``data/reference/``."""
