"""Numbers typed into prose, and what has digits and is plainly none.

:data:`PLAIN` is the list of what is none, with an example of each for who knows the field better than patterns. Where two
kinds fit, the longest counts: 8+1+3 is one name, though 8+1 may be another.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from evalbook.schema.numbers import unit_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TO = r"\s*[—–―~～〜\-－至到]+\s*"
"""Between the ends of a span."""

YEAR = r"(?:19|20|21)\d\d"
SPAN = rf"\d{{1,9}}(?:\.\d{{1,4}})?(?:{TO}\d{{1,9}}(?:\.\d{{1,4}})?)?"
COUNTED = r"\s*[十百千万亿]?\s*[份张个件条本册册项人户名家次元万亿套部场%％]"
"""What follows a number that counts something: 调查表294份 is no 表294."""

ENDED = r"(?=$|[\s，。；、：:,;（）()《》”’]|所示|中的?|为|是|列|和|与|及|之)"


@dataclass(frozen=True)
class Kind:
    """One kind of digits that are no figure.

    Attributes
    ----------
    name : str
        What it is, in Chinese.
    patterns : tuple of str
        Regular expressions; no digit stands right before or right behind what they match.
    examples : tuple of str
        Real ones.
    """

    name: str
    patterns: tuple[str, ...]
    examples: tuple[str, ...]


PLAIN = (
    Kind("年份", (
        rf"{YEAR}(?:\s*年?(?:[、和与及/]|{TO}){YEAR}){{0,8}}\s*年(?:度|代|底|末|初|版)?(?:\s*\d{{1,2}}(?:{TO}\d{{1,2}})?\s*月份?(?:\s*\d{{1,3}}(?:{TO}\d{{1,2}})?\s*日)?)?",
        rf"{YEAR}(?:[/]|{TO}){YEAR}(?!\s*[万亿元人户名%％])",
        rf"{YEAR}(?=版|学年|财年)",
        rf"[（(〔\[【［]\s*{YEAR}\s*[）)〕\]】］]",
    ), ("2020年12月底", "2019—2020年度", "2020、2021年", "2020年3—5月", "2021—2022学年", "（2021）")),
    Kind("日期", (
        rf"{YEAR}\s*[.．/-]\s*\d{{1,2}}\s*[.．/-]\s*\d{{1,2}}",
        r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\s*[万亿元人户])",
        rf"\d{{1,2}}(?:(?:{TO}|、)\d{{1,2}}){{0,6}}\s*月份?(?!均|人均)(?:\s*\d{{1,3}}(?:{TO}\d{{1,2}})?\s*日)?",
        rf"\d{{1,2}}(?:{TO}\d{{1,2}})?\s*日(?!均)",
    ), ("2021.4.10", "20210410", "12月", "1至6月", "7月1日", "每月10日前", "3、6月")),
    Kind("年代、世纪", (
        r"\d{2,4}\s*年代", r"\d{1,2}\s*世纪(?:\s*\d{2}\s*年代)?", r"[5-9]0后(?!续|期|来)",
    ), ("60年代", "20世纪60年代", "90后")),
    Kind("期限", (
        rf"{SPAN}\s*个?(?:工作日|自然日)", rf"{SPAN}\s*个?(?:小时|分钟|年头|季度|学期)", rf"{SPAN}\s*个月",
        rf"\d{{1,2}}(?:{TO}\d{{1,2}})?\s*年(?!均)", r"\d{1,3}\s*[天日周](?:之|以)?[内前]", r"\d\s*季度",
        r"(?:公示|公告|公开)(?:期|时间)?[^，。；\d]{0,6}\d{1,3}\s*[天日]",
        r"7\s*[×xX*✕]\s*24(?:\s*小时)?",
    ), ("30日内", "24小时", "3个工作日", "6个月", "近3年", "公示期不少于7天", "7×24小时", "5天之内", "1—3季度")),
    Kind("时刻", (
        r"(?:[01]?\d|2[0-4])\s*[:：]\s*[0-5]\d(?:[:：][0-5]\d)?(?!\s*的?(?:比|配))",
        r"\d{1,2}\s*[时点]\s*\d{1,2}\s*分", r"(?:上午|下午|早上|晚上|凌晨|中午|每[日天]|当[日天])\s*\d{1,2}\s*[时点]",
    ), ("8:30", "上午9点", "8时30分")),
    Kind("年龄", (rf"{SPAN}(?:[（(]含[）)])?\s*周?岁",), ("80—99周岁", "60周岁以上", "满16岁")),
    Kind("第几", (
        rf"第\s*\d{{1,5}}(?:(?:{TO}|、)第?\s*\d{{1,5}}){{0,6}}",
    ), ("第3次", "第649号", "第十四条第2款", "第1、2批")),
    Kind("文号、编号", (
        r"[〔\[［【(（]\s*\d{4}\s*[〕\]］】)）]\s*第?\s*\d{1,5}\s*号", r"〔\s*\d{4}\s*〕\s*第?\s*\d{1,5}", r"\d{1,5}\s*号(?!召)",
        r"(?:GB|DB|MZ|JGJ|ISO)\s?\d{0,2}(?:/T)?\s*\d{1,6}(?:[.．—–-]\d{1,6}){0,3}",
        r"(?:编号|编码|代码|[账帐]号|卡号|证号|批号|学号|QQ|微信号?)\s*[：:为是]?\s*[A-Za-z]{0,4}\d[\d-]{0,30}" rf"(?!{COUNTED})",
        r"\d{1,3}[栋幢]\d{1,4}(?:单元|号|室)\d{0,4}室?", r"\d{1,4}(?:单元|室(?![内外])|国道|省道|县道)",
    ), ("〔2017〕61号", "国务院令第649号", "（2020）34号", "1号文件",
        "GB/T 9704—2012", "编码：430922", "3栋2单元501室", "319国道")),
    Kind("字母和数字", (
        r"[A-Za-z][A-Za-z./-]{0,20}\d[\dA-Za-z./_-]{0,20}",
        r"\d{1,6}(?:\.\d{1,3})?(?!\s*(?:km|kg|mg|cm|mm|ml|m|t|g|l|w|k|元)(?![A-Za-z]))[A-Za-z][\dA-Za-z]{0,20}(?:\s*级)?",
        r"20\d\d-[A-Za-z]\w{0,20}",
    ), ("5A级", "PM2.5", "G319", "4G", "COVID-19", "A4")),
    Kind("版本", (r"\d{1,4}(?:\.\d{1,4}){0,3}\s*版(?![面本块权])", r"\d{1,4}(?:\.\d{1,4}){2,4}"), ("2.0版", "1.0.3")),
    Kind("电话、邮编、网址", (
        r"(?:https?://|www\.)[^\s，。；、（）《》“”]{1,200}",
        r"[A-Za-z0-9._-]{1,40}@[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,20}){1,4}",
        r"0\d{2,3}\s*[-－—]\s*\d{7,8}(?:\s*(?:[-－—转]|分机)\s*\d{1,6})?", r"400[-－—]?\d{3,4}[-－—]?\d{3,4}",
        rf"1[3-9]\d{{9}}(?!{COUNTED}|[.]\d)", r"分机\s*号?\s*[：:]?\s*\d{1,6}",
        r"(?:电话|热线|传真|手机|拨打|联系方式|Tel|TEL)\s*(?:号码?)?\s*[：:为是]?\s*(?:\d{3,4}[-－—]\d{5,8}|\d{5,12}|1(?:10|19|20|22))"
        rf"(?:\s*(?:[-－—转]|分机)\s*\d{{1,6}})?(?!{COUNTED})",
        r"(?:12\d{3}|9[56]\d{3})(?=”?(?:政务|便民|民政|社会|服务|公益|监督|举报|养老|救助|市民|投诉|咨询|求助)*(?:热线|专线|平台))",
        r"(?:邮编|邮政编码)\s*[：:为]?\s*\d{6}",
    ), ("0737-8822345转8012", "电话：8822345", "12345政务服务便民热线", "邮编413400", "www.mca.gov.cn/n12", "13800000000")),
    Kind("附件、图表、页码", (
        rf"(?:附件|附表|附图|附录|专栏|图表|表|图|页码|公式|材料|步骤|注释?|例|选项|样表)\s*\d{{1,2}}(?:(?:[-—－.、]|{TO})\d{{1,2}}){{0,4}}{ENDED}",
        rf"\d{{1,3}}\s*页{ENDED}",
    ), ("附件1", "见表3", "图2所示", "附表1-2")),
    Kind("序号", (
        r"^\s*\d{1,2}\s*(?:[.．、](?!\d)|[）)])",
        r"(?:(?<=[。；：;:！？])|(?<=[。；：;:！？]\s))\d{1,2}\s*(?:[.．、](?=\s*[^\d\s])|[）)])",
        r"[（(]\s*\d{1,2}\s*[）)]",
    ), ("1.项目组织", "（1）资金", "如下：1.预算安排", "2）管理")),
    Kind("名称", (
        r"《[^《》]{0,200}》",
        r"\d{1,2}(?:\s*[+＋]\s*(?:\d{1,2}|[A-ZＡ-Ｚ一-鿿](?=[”+＋\s，。；、]|$))){1,6}(?![\d.．=＝])",
        r"1\s*[对帮带]\s*[1一-鿿]", r"1[人户村乡镇县事街岗卡][1一][一-鿿]",
        r"\d{1,2}\s*[·•‧]\s*\d{1,2}", r"\d{1,2}\s*星级?", r"\d\s*级(?!别)",
        r"“[^“”\d]{0,6}\d{1,6}[^“”\d]{0,6}”(?=工作法|模式|工程|机制|行动|计划|体系|战略|思路|举措|政策|规划|平台|系统|服务|热线|工作)",
        r"0(?=距离|容忍|跑腿|障碍|门槛|差评|接触)",
    ), ("《2020年民政工作要点》", "8+1+3", "1+N", "1对1", "1户1策", "“7·20”", "5星级", "“123”工作法", "0距离")),
    Kind("评分办法", (
        r"满分\s*(?:为|是)?\s*\d{1,4}(?:\.\d{1,2})?\s*分?",
        rf"{SPAN}\s*分?(?:[（(]含[^（）()]{{0,6}}[）)])?(?:及?以[上下])?(?:[（(]含[^（）()]{{0,6}}[）)])?的?为[“]?[优良中差合不及]",
    ), ("满分100分", "80至89分为良", "90分以上为优")),
)  # fmt: skip
"""What has digits and is no figure."""

NUMBER = re.compile(
    r"\d+\s*[:：/]\s*\d+|\d{1,3}(?:,\d{3})+(?!\d)(?:[.．]\d+)?|[０-９]{1,3}(?:，[０-９]{3})+(?![０-９])|\d+(?:[.．]\d+)?"
)
"""One number; a ratio is one, too."""

MORE = r"(?P<more>[余多])?"
COUNTER = (
    "个百分点|百分点|平方公里|平方米|公里|千米|公顷|公斤|人·月/人次|人/万人|人/户|人次数?|户次数?|人|户|名|位|%|％|‰|倍|成|分|岁"
    "|条|个|所|件|次|期|份|家|张|台|套|辆|栋|间|处|项|批|册|篇|例|起|宗|笔|亩|米|吨|斤|床|支|只|把|场|轮|站|天|社区|村|乡镇|镇|乡|道|块|种|类|档"
)
PER = r"(?:/(?:人·月|月·人|人·年|年·人|人次|户次|人|户|月|年|次|天|日)|每(?:人|户)?每?(?:月|年|次))?"
UNIT = re.compile(
    rf"\s*(?:{MORE}(?P<tens>[十百千]?[万亿]|[百千])?(?P<also>[余多])?\s*(?P<unit>元{PER}|{COUNTER})"
    r"|(?P<alone>[十百千]?[万亿])(?P<over>[余多])?)?"
)
ABOUT = re.compile(r"(?:约|近|将近|大约|约为|接近|超过?|逾|不足|不到|突破|上)\s*$")
AROUND = re.compile(r"\s*(?:左右|上下|以上|以内)")
JOINED = re.compile(rf"(?:[、和与或]|{TO})$")
TENS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


@dataclass(frozen=True)
class Typed:
    """A number as it was typed into prose.

    Attributes
    ----------
    start, end : int
        Where it stands in the text, its unit included.
    text : str
        As typed, with the unit behind it.
    value : Decimal or None
        In ``unit``; None for a ratio, and for what no table could hold.
    unit : str
        As typed, in half-width signs; empty where none is.
    digits : int
        Place of the last digit typed, as a power of ten: 3.77万人 is known to hundreds (2).
    about : bool
        Whether the text says that it is no exact number.
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    digits: int
    about: bool


@lru_cache(maxsize=64)
def _none_of(names: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Patterns of what is no figure, some names included."""
    patterns = [(kind.name, pattern) for kind in PLAIN for pattern in kind.patterns]
    patterns += [(f"名称“{name}”", re.escape(name)) for name in names]
    # A match that begins or ends within a number would take a part of it away.
    edges = r"(?:(?<!\d)(?<!\d[.．])|(?=\D))", r"(?!(?<=\d)[.．]?\d)"
    return tuple((why, re.compile(rf"{edges[0]}(?:{pattern}){edges[1]}")) for why, pattern in patterns)


@lru_cache(maxsize=4096)
def plain_spans(text: str, names: tuple[str, ...] = ()) -> tuple[tuple[int, int, str], ...]:
    """Where the digits of a line are no figures, and what they are instead; the longest first."""
    found = [(*m.span(), why) for why, pattern in _none_of(names) for m in pattern.finditer(text)]
    return tuple(sorted(found, key=lambda span: span[0] - span[1]))


def typed_numbers(text: str, names: Iterable[str] = ()) -> Iterator[Typed]:
    """Numbers in a text that may be figures.

    Parameters
    ----------
    text
        A heading or a paragraph.
    names
        Texts in which digits are no figures, beside :data:`PLAIN`.
    """
    if not re.search(r"\d", text):
        return
    plain = bytearray(len(text))
    for start, end, _ in plain_spans(text, tuple(names)):
        plain[start:end] = b"\1" * (end - start)
    found: list[Typed] = []
    for match in NUMBER.finditer(text):
        start, end = match.span()
        if not any(plain[start:end]):
            found.append(_typed(text, match))
    # 369、350、90、62元 and 500—2000元 have their unit once.
    for place in range(len(found) - 1, 0, -1):
        before, after = found[place - 1], found[place]
        if not before.unit and JOINED.fullmatch(text, before.end, after.start):
            found[place - 1] = _scaled(before, after)
    yield from found


def _typed(text: str, match: re.Match[str]) -> Typed:
    start, end = match.span()
    number = unicodedata.normalize("NFKC", match[0]).replace(",", "")
    if re.search("[:/]", number):  # a ratio counts nothing
        return Typed(start, end, match[0], None, "", 0, about=False)
    unit = UNIT.match(text, end)
    assert unit is not None  # noqa: S101 - it matches nothing, too
    tens = unit["tens"] or unit["alone"] or ""
    counted = (unit["unit"] or "").replace("％", "%")
    about = any(unit[name] for name in ("more", "also", "over"))
    about = about or bool(ABOUT.search(text, max(start - 4, 0), start) or AROUND.match(text, unit.end()))
    if unit[0].strip():
        end = unit.end()
    shown = text[start:end]
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", number):
        return Typed(start, end, shown, None, tens + counted, 0, about)
    power = sum(TENS[sign] for sign in tens)
    value = Decimal(number).scaleb(power)
    # Digits that were typed tell how exactly it is known: trailing zeros before 余 and 约 do not.
    digits = int(Decimal(number).as_tuple().exponent) + power
    return Typed(start, end, shown, value, unit_key(counted) if counted else "", digits, about)


def _scaled(number: Typed, following: Typed) -> Typed:
    """A number in the unit, and at the scale, of the one that follows it."""
    power = sum(TENS[sign] for sign in re.sub("[^十百千万亿]", "", following.text))
    value = number.value.scaleb(power) if number.value is not None else None
    about = number.about or following.about
    return Typed(number.start, number.end, number.text, value, following.unit, number.digits + power, about)
