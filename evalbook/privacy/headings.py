"""Headings of columns that hold records about persons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from evalbook.privacy.numbers import normalised

ALONE = frozenset(
    (
        *("组", "学校", "班级", "门牌", "住址", "电话", "电话号码", "联系电话", "联系方式", "联系号码", "手机", "账号"),
        *("帐号", "病种", "照片", "名字", "户名", "申请人", "受助人", "被救助人", "领款人", "领取人", "受益人", "本人签字"),
        *("微信", "QQ", "与户主关系", "phone", "phone number", "mobile", "mobile phone", "mobile number", "id card"),
        *("id number", "bank account", "date of birth", "birthday", "full name", "home address"),
    )
)  # fmt: skip
"""Personal when the heading is nothing else: they also stand in names of amounts and counts."""
WITHIN = re.compile(
    "姓名|(?:户主|监护人|申请人|受助人|领款人)(?![数次员])|身份证(?!明)|证件号|(?:残疾人?|低保|特困|五保|户口|救助|供养)证(?:件?号|编号)|户口[本簿]|社保卡|社会保障(?:卡|号)|医保卡"
    "|出生(?:日期|年月)|手机|微信号|家庭电话|本人电话|银行(?:账号|帐号|卡)|个人账[户号]|一卡通账?号|存折|卡号|开户(?:行|银行)"
    "|(?:家庭|户籍|详细|现)(?:住址|地址)|住址|门牌|就读学校|所在学校|班级|病种|残疾(?:类别|类型|等级)|照片"
)
HARMLESS = re.compile(
    "单位|办公|机构|机关|部门|监督|举报|投诉|咨询|服务|负责人|联系人|填报人|经办人"
    "|(?:数|数量|人次|户次|金额|资金|经费|补助|补贴|标准|比例|比重|占比|率|合计|项目|情况|办法|规定)$"
)
"""Office, or a sum over many people."""
COMPANY = frozenset(("name", "address", "age", "sex", "gender", "tel", "id"))
"""Words of programs too: only asked about beside another of these, or beside a personal heading."""
ASKED = COMPANY | {"救助对象", "家庭成员", "家庭成员情况", "收款人", "性别", "年龄", "民族", "籍贯"}
"""Personal in a list of persons, and harmless in a table of sums."""
SUM = re.compile(r"(?:人数|户数|人次|户次|合计|小计|总计|占比|比例|数量|资金支出)(?:\(.*\))?$")
"""Heading of a table of sums."""
OFFICE = re.compile("单位|负责人|联系人|填报人|经办人|部门|机关")
LONGEST_HEADING = 20
"""Characters; whatever is longer is a sentence."""
HEADING_ROWS = 10
"""Rows in which a table has its headings, below its titles."""


def personal_headings(cells: Sequence[str]) -> list[int]:
    """Positions of the headings under which records about persons stand.

    Parameters
    ----------
    cells
        A row of a table, or one heading.

    Returns
    -------
    list of int
        Empty when the row holds numbers or sentences and thus no headings. A telephone beside an office or a
        contact (联系人) is the office's: forms have it, 政府信息公开条例 art. 20(2).
    """
    texts = [_plain(cell) for cell in cells]
    if any(re.fullmatch(r"[\d.,%\-]+", text) for text in texts) or re.search("[。;；]", "".join(cells)):
        return []
    office = any(OFFICE.search(text) for text in texts)
    personal = [place for place, text in enumerate(texts) if _is_personal(text)]
    return [
        place for place in personal if not (office and texts[place].endswith(("电话", "联系方式", "手机")))
    ]


def asked_headings(cells: Sequence[str]) -> list[int]:
    """Positions of the headings under which there may be records about persons.

    Parameters
    ----------
    cells
        As of :func:`personal_headings`.
    """
    texts = [_plain(cell) for cell in cells]
    if any(SUM.search(text) for text in texts):
        return []
    asked = [place for place, text in enumerate(texts) if text in ASKED]
    company = len(asked) > 1 or bool(personal_headings(cells))
    return [place for place in asked if company or texts[place] not in COMPANY]


@lru_cache(maxsize=4096)
def _plain(cell: str) -> str:
    """Heading without remarks in brackets and spaces; of an English one the words."""
    text = re.sub(r"\(.*\)|\[.*\]|[*:]", "", normalised(cell)).strip()
    return re.sub("[ _-]+", " ", text).lower() if text.isascii() else re.sub(r"\s", "", text)


def _is_personal(text: str) -> bool:
    within = len(text) <= LONGEST_HEADING and WITHIN.search(text) and not HARMLESS.search(text)
    return text in ALONE or bool(within)
