"""Headings of columns that hold records about persons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from evalbook.privacy.numbers import UNIT, normalised

ROLE = "户主|监护人|申请人|受助人|领款人|领取人|受益人|持卡人|持证人|被救助[人者]"
OF_PERSON = (
    f"{ROLE}|救助对象|家庭成员|收款人|残疾人|老人|儿童|孤儿|学生|患者|低保户|特困人员|[本个]人|家[庭属]|住宅"
)
PERSONAL = re.compile(
    f"(?:{ROLE})"
    "|.*(?:姓名[0-9]?|身份证(?:件?号码?|复印件)?|证件号码?|(?:残疾人?|低保|特困|五保|户口|救助|供养)证(?:件?号码?|编号)|户口[本簿](?:号码?)?"
    "|(?:社保|医保|银行|存折|社会保障)卡?(?:号码?|[账帐][号户])|出生(?:日期|年月)|手机号码?|微信号码?|一卡通[账帐]?号|卡号|开户(?:银?行)"
    "|(?:家庭|户籍|详细|现)(?:住址|地址)|户籍(?:所在)?地|住址|门牌号?码?|(?:收款|领款|个人)[账帐][号户])"
    f"|(?:{OF_PERSON})?(?:名字|户名|(?:联系)?电话(?:号码)?|联系方式|联系号码|手机|微信|QQ|[账帐][号户]|照片|签[字名]|存折|(?:社保|医保|银行|惠农)卡|一卡通|地址)(?<!^地址)"
    "|与户主关系"
    "|(?:(?:mobile|cell|home) )?phone(?: no| number)?|mobile(?: no| number)?|full name|home address|date of birth|birthday"
    "|(?:id|passport|bank)(?: card)? (?:no|number|account|card)|(?:bank )?account (?:no|number)"
)
"""Heading that names a person or what is theirs: a word for someone only whole, or directly before what is theirs."""
OFFICE = re.compile(
    "单位|办公|机构|机关|部门|监督|举报|投诉|咨询|服务|负责人|联系人|填报人|经办人|专户|对公|系统"
)
OF_OFFICE = re.compile(
    "(?:联系)?电话(?:号码)?|联系(?:方式|号码)|手机|(?:银行)?[账帐][号户]|开户银?行|户名|签[字名]"
)
"""What is the office's beside an office, or a contact: forms have it, 政府信息公开条例 art. 20(2)."""
AMOUNT = re.compile(
    r"(?:[数额值款率]|资金|支出|收入|经费|人次|户次|合计|小计|面积|[预决]算|结[余转]|标准|补贴|补助|[总累]计|value|amount|total|count)$"
    r"|元$|\((?:[十百千万亿]*元|人|户|人次|户次)\)$"
)
"""Heading of a column, or of a row, of amounts and counts."""
NO_AMOUNT = re.compile("电话|手机|联系|卡|[账帐][号户](?!数)|号码(?!数)|编号|[收付领]款$|phone|tel|card")
COMPANY = frozenset(("name", "address", "age", "sex", "gender", "tel", "id"))
"""Words of programs too: only asked about beside another of these, or beside a personal heading."""
ASKED = re.compile(
    f"组|(?:就读|所在)?学校|班级|病种|残疾(?:类别|类型|等级)|性别|年龄|民族|籍贯|残疾人?证|[低五]保证|特困证|(?:救助|补助|支出|发放|资助|慰问|帮扶)对象|(?:共同生活的?)?家庭成员|收款人|(?:家庭成员|{ROLE})(?:情况|信息|年龄|性别|职业|关系)"
    f"|.*(?:发放|领取|补助|救助|低保|补贴)(?:卡|存折|[账帐]户)|.*(?:姓名|身份证号|证件号|手机号|银行卡号|出生[日年]).*(?<![数率额])|{'|'.join(COMPANY)}"
)
"""Personal in a list of persons, and harmless in a table of sums."""
SUM = re.compile(r"(?:人数|户数|人次|户次|合计|小计|总计|占比|比例|数量|资金支出)(?:\(.*\))?$")
"""Heading of a table of sums."""
CODE = re.compile(r"[a-z]{1,3}-?[0-9]+(?:[.\-][0-9]+)*(?![0-9a-z])", re.IGNORECASE)
"""Of a rule or an indicator."""
NO_HEADING = re.compile(r"^[\d.,%\-]+$|[。·;]")
"""A number or a sentence: its row has no headings."""
LONGEST_HEADING = 20
"""Characters; whatever is longer is a sentence."""
MOST_CELLS = 200
"""In a row whose cells are judged by each other; no table that people read has more."""
HEADING_ROWS = 10
"""Rows in which a table has its headings, below its titles."""


def judged_headings(cells: Sequence[str]) -> list[tuple[int, bool]]:
    """Positions of the headings under which records about persons stand, or may stand.

    Parameters
    ----------
    cells
        A row of a table, the names in a document's object, or one heading.

    Returns
    -------
    list of (int, bool)
        Each with whether it is only asked about. Empty when the row holds numbers, codes or sentences and thus no
        headings.
    """
    texts = [_plain(cell) for cell in cells]
    if CODE.fullmatch(next(filter(None, texts), "")) or any(NO_HEADING.search(text) for text in texts):
        return []
    office = any(OFFICE.search(text) for text in texts)
    found = {
        place: asked
        for place, text in enumerate(texts)
        if (asked := _is_asked(text)) is not None and not (office and OF_OFFICE.fullmatch(text))
    }
    is_summed = any(SUM.search(text) for text in texts)
    is_alone = len(found) == 1
    return [
        (place, asked)
        for place, asked in found.items()
        if not asked or not (is_summed or (is_alone and texts[place] in COMPANY))
    ]


def is_amount(place: int, cells: Sequence[str], headings: Sequence[str]) -> bool:
    """Whether a cell of a row holds an amount or a count, by the unit beside it, its heading or the label of the row."""
    heading = _plain(headings[place]) if place < len(headings) else ""
    if (
        len(cells) > MOST_CELLS
        or re.search(r"[^\W\d_]{2}", _plain(cells[place]))
        or NO_AMOUNT.search(heading)
    ):
        return False
    units = [cell for cell, above in zip(cells, headings, strict=False) if _plain(above) in {"单位", "unit"}]
    words = [cell for cell in cells[:place] if re.search(r"[^\W\d_]", cell) and not re.fullmatch(UNIT, cell)]
    label = words if len(words) == 1 else []  # of several, one may be whoever is paid
    return any(re.fullmatch(UNIT, unit.strip()) for unit in [*cells[place + 1 : place + 2], *units]) or any(
        AMOUNT.search(text) and not NO_AMOUNT.search(text)
        for cell in [*headings[place : place + 1], *label]
        for text in (normalised(cell).strip(), _plain(cell))
    )


@lru_cache(maxsize=4096)
def _plain(cell: str) -> str:
    """Heading without remarks in brackets and spaces; of an English one the words."""
    text = re.sub(r"\(.*\)|\[.*\]|[*:]", "", normalised(cell)).strip()
    return re.sub("[ _.-]+", " ", text).strip().lower() if text.isascii() else re.sub(r"\s", "", text)


def _is_asked(text: str) -> bool | None:
    """Whether a heading is only asked about, and is not personal beyond doubt; None when it is harmless."""
    if len(text) > LONGEST_HEADING or CODE.match(text) or OFFICE.search(text):
        return None
    # What is joined is personal when each part is, or is an amount beside one that is.
    parts = re.split("[及和与、/,]|以及", text)
    known = [part for part in parts if PERSONAL.fullmatch(part)]
    others = [part for part in parts if part not in known]
    named = any(not re.fullmatch(ROLE, part) for part in known) or not others
    if PERSONAL.fullmatch(text) or (
        named and all(re.search("[金款额贴助]$|[人户]口?数$", part) for part in others)
    ):
        return False
    return True if ASKED.fullmatch(text) or all(map(ASKED.fullmatch, others)) else None
