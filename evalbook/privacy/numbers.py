"""Numbers that name a person, in a text: identity, mobile and bank card numbers.

Forms and checks are those of GB 11643-1999 (18 digits, ISO 7064 MOD 11-2), GB 11643-1989 (15 digits), the mobile
numbering plan and the Luhn formula; the arithmetic is python-stdnum's. Its verdict on a whole identity number is
not used: it wants the county's code to have been in use in the year of birth, and whoever was born before 1983 got
a later one.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

IDENTITY = "身份证号码"
DOUBTFUL = "疑似身份证号码（校验位不对）"
OLD_IDENTITY = "15位旧身份证号码"
MOBILE = "手机号码"
CARD = "银行卡号"
LABELLED = "证件、账户或家庭电话号码"
MAYBE_IDENTITY = "疑似分开写的身份证号码"
MAYBE_MOBILE = "疑似分开写的手机号码"
MAYBE_ACCOUNT = "疑似账户或证件号码"
AMOUNT = "金额或数量"
MAYBE = frozenset((MAYBE_IDENTITY, MAYBE_MOBILE, MAYBE_ACCOUNT))
"""Kinds of which nobody can be certain: asked about, not refused."""
AMOUNTS = frozenset((OLD_IDENTITY, DOUBTFUL, MOBILE, MAYBE_MOBILE, CARD, LABELLED, MAYBE_ACCOUNT))
"""Kinds whose digits may as well be an amount."""


@dataclass(frozen=True)
class Number:
    """A number that names a person.

    Attributes
    ----------
    kind : str
        Chinese.
    digits : str
        Without what stands between them; for masking only, and in no message.
    start, end : int
        Where it stands in the normalised text.
    """

    kind: str
    digits: str = field(repr=False)
    start: int
    end: int

    @property
    def masked(self) -> str:
        """What messages may show: the first four characters and the last two; of a mobile number 3 and 4, of a short one 1."""
        first, last = (3, 4) if self.kind in {MOBILE, MAYBE_MOBILE} else (4, 2)
        if len(self.digits) < 11:
            first, last = 1, 0
        return f"{self.digits[:first]}{'*' * (len(self.digits) - first - last)}{self.digits[len(self.digits) - last :]}"


INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
DASHES_AND_DOTS = str.maketrans(dict.fromkeys("‐‑‒–—―−⁃", "-") | dict.fromkeys("•・‧∙⋅。", "·"))
MARKERS = re.compile("[²³¹¼-¾⁰-₉①-⒛⓪-⓿❶-➓㈠-㈩\U0001f100-\U0001f10a]")
"""Digits that count or annotate, and are never part of a number."""


def normalised(text: str) -> str:
    """Text with ASCII digits, hyphens, dots and spaces, without what cannot be seen."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", MARKERS.sub(" ", text))
    text = INVISIBLE.sub("", text).translate(DASHES_AND_DOTS)
    return re.sub(r"[^\D0-9]", lambda match: str(unicodedata.decimal(match[0])), text)


RUN = re.compile(r"[0-9]{11,}[Xx]?")
NARROW_GAP = r"(?:[ .·/_\-]{1,3}|[ ]{0,3}[\t\r\n][ \t\r\n]{0,3})"
"""What may stand between the digits of one identity number, its wrapping in a narrow column included."""
WIDE_GAP = NARROW_GAP.replace("_", "_、,()|")
"""As above, with what stands between items of a list, parts in brackets, or cells."""
LISTED = re.compile(r"[\t、,()|]")
"""In a gap: the groups may be numbers of their own."""
_GAP, _DIGIT = f"{WIDE_GAP}?", f"{WIDE_GAP}?[0-9]"
PARTED_IDENTITY = re.compile(
    rf"(?P<region>[1-8](?<![0-9].)(?:{_DIGIT}){{5}})(?P<first>{_GAP})"
    rf"(?P<birth>(?:1{_GAP}[89]|2{_GAP}0)(?:{_DIGIT}){{2}}{_GAP}[01]{_DIGIT}{_GAP}[0-3]{_DIGIT})"
    rf"(?P<second>{_GAP})(?P<rest>[0-9](?:{_DIGIT}){{2}}{_GAP}(?:[0-9](?![0-9])|[Xx](?![A-Za-z])))"
)
PARTED_OLD = re.compile(
    r"[1-8](?<![0-9].)[0-9]{5}(?P<gap>[ .·/_\-、,()|\t]{1,3})[0-9]{2}[01][0-9][0-3][0-9](?P=gap)[0-9]{3}(?![0-9])"
)
LONGEST_CHAIN = 60
"""Digits in groups that are looked through; more are a list of coordinates, which nobody made of one number."""
PREFIXED_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9][0-9]{9})")
_ODD_GAP = r"[ .·/_\-()]{1,3}"
PARTED_MOBILE = re.compile(
    rf"1(?<![A-Za-z].)(?:{_ODD_GAP})?[3-9](?:(?:{_ODD_GAP})?[0-9]){{9}}(?![0-9A-Za-z]|[ .·/_\-]{{1,2}}[0-9])"
)
"""Eleven digits in groups of any size."""
DIALLED = re.compile(r"(?<![0-9A-Za-z.])(?:\+?(?:00)?86[ \-]{0,2}\(?|0)\Z")
"""Before a mobile number, and before nothing else: the country's number, or a zero."""
MOST_GROUPS = 5
PARTED_CARD = re.compile(
    r"[3-6](?<![0-9A-Za-z].)(?<![0-9][.\-].)(?:[0-9]{3}(?P<gap>[ \-])(?:[0-9]{4}(?P=gap)){2}[0-9]{4}(?:(?P=gap)[0-9]{1,3})?"
    r"|[0-9]{5}[ \-][0-9]{10,13})(?![0-9A-Za-z]|[.\-][0-9])"
)

# Texts, not compiled: most years hold nothing whose neighbours must be looked at.
PHONE = r"(?i:电话|手机|联系方式|联系号码|热线|微信|tel|phone|mobile)[^0-9·;\n]{0,8}\Z"
CARD_WORD = r"(?i:卡|[账帐][号户]|银行|card)[^0-9·;\n]{0,8}\Z"
_MARKUP = r"(?:</?[A-Za-z][^<>]{0,80}>\s*|[*_` \t])*"
UNIT = (
    rf"{_MARKUP}\(?(?:[十百千万亿]{{0,2}}(?:元(?![旦宵月])|美元|平方|人次|户次|人口)"
    r"|[十百千]?[万亿](?=[元人户名个件次吨亩份笔条,·;)、 ]|$)"
    r"|[%‰]|/[年月日人户]|[人名户次个位件份笔条台套辆张本倍亩吨岁](?![一-鿿](?<![已共均的和及等左为被未]))|年(?![龄仅幼])|公[里顷斤]|千[克瓦]|立方|周岁)"
)
"""What comes after an amount or a count."""
OF_LIST = r"(?:[、,和及与至~ ]{1,2}[0-9][0-9,.]{6,})*"
"""Amounts after the first: the unit comes after the last."""
MONEY = (
    r"(?:[¥￥$]|人民币|达到?了?|(?:金额|收入|支出|总额|余额|合计|共计|累计|总计|[预决]算数?|资金|经费|总值|产值|拨款|结[余转]|税收)"
    r"(?:\([^()\n]{0,8}[元人户次%年]\))?|\([十百千万亿]*(?:元|人|户|人次|户次)\)|单位:?[十百千万亿]*元\)?)"
    r"(?:[:为是达到共约有计,| \t*]|人民币|[0-9][0-9,.]{8,}[ \t|]{1,3}|</?[A-Za-z][^<>]{0,80}>){0,8}\Z"
)
"""What comes before an amount."""
BEFORE_AMOUNT, AFTER_AMOUNT = 60, 200
DOCUMENT = (
    r"(?:发票|合同|文|文件|凭证|票据|收据|订单|流水|批准|批复|许可证?|项目|指标|支付令|案件|受理|信访|采购|招标|档案)"
    r"(?:代码|编号|号码|[号码])[^0-9·;\n]{0,4}\Z"
)
"""Before the number of a paper."""
OFFICE_OWN = r"(?:单位|对公|零余额)(?:银行)?[账帐][户号](?:号码?)?[^0-9·;\n]{0,4}\Z"
"""Before the number of an office's account."""

PAPER = r"身份证|残疾人?证|户口[本簿]|[低五]保证|特困证|供养证|救助证|证件|护照|驾驶证|结婚证|离婚证|军官证|居住证"
PAPER_LABEL = (
    rf"(?:{PAPER}|(?:社保|社会保障|医保)卡?|出生(?:医学)?证明|学籍|病历|住院)(?:号码|编号|证号|号|No\.?)|{PAPER}|QQ"
    r"|(?:家庭|住宅|本人|个人|户主)(?:电话|座机|固话)(?:号码)?"
)
ACCOUNT_LABEL = (
    r"(?:存折|一卡通|银行|储蓄)?(?:[账帐][号户](?:号码?)?|卡号|存折号码?)|(?:QQ|微信)号码?|卡|存折|一卡通"
)
LABEL = re.compile(rf"(?:(?P<paper>{PAPER_LABEL})|(?P<account>{ACCOUNT_LABEL}))\Z")
SURE = re.compile(r"[号码话机o]\.?\Z")
"""How a label ends that speaks of a number, and not only of a card or a paper."""
SHORTEST_PAPER, SHORTEST_ACCOUNT = 8, 12
"""Digits after a label that speaks of no number: fewer are a count of papers, or an amount on accounts."""
_WRITTEN = "零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
LABELLED_DIGITS = re.compile(
    r"(?P<label>[号码户话机Qo证件本簿照卡折通]\.?)(?:\([^()\n]{0,12}\))?[ \t]{0,3}(?P<mark>[:为是,(|]{0,2})[ \t]{0,3}"
    rf"(?P<number>(?:[A-Za-z]{{1,3}}-?)?[0-9{_WRITTEN}](?:[ \-]?[0-9{_WRITTEN}]){{3,30}}[Xx]?)(?![0-9.]|[ ]?[*×Xx])"
)
OFFICE_ACCOUNT = "单位|专户|财政|对公|公司|基金|机构|捐|中心|医院|学校|敬老院|福利院|[局厅股室会院]|系统|登录|平台|公众|开户行"
OFFICE_AFTER = r"[ ,、(]{0,3}[一-鿿]{0,12}?(?:[局厅]|公司|学校|[医法]院|敬老院|福利院|中心|专户|机关|单位)"
WIDE_LABEL = 24
"""Characters before a label in which an account is said to be an office's."""

ALIKE = re.compile(rf"[0-9OoIl{_WRITTEN}]{{10,40}}[Xx]?")
"""Digits among letters like them, or written in Chinese."""
LETTERS = re.compile("[OoIl]")
MAYBE_DIGITS = re.compile(rf"(?:[\dOoIl{_WRITTEN}][\W_]{{0,6}}){{4}}")
"""Without so many digits a text has no number, normalised or not."""
ENOUGH = re.compile(rf"(?:[0-9OoIl{_WRITTEN}]{_GAP}){{11}}")
"""Without so many digits there is no number, unless a label stands before it."""
DIGITS = str.maketrans(f"OoIl{_WRITTEN}", "00110001234567891123456789")


def find_numbers(text: str, *, certain: bool = False, amount: bool = False) -> list[Number]:
    """Find the numbers that name a person, and what looks like one and is an amount (of kind ``AMOUNT``).

    Parameters
    ----------
    text
        Normalised.
    certain
        Only identity numbers in one piece whose region, date and check digit are right: for what nobody typed.
    amount
        Whether the text is an amount or a count by what stands beside it: no telephone, no card.

    Returns
    -------
    list of Number
        In the order of the text, none overlapping another.
    """
    found: list[Number] = []
    taken: set[int] = set()
    # What is certain comes first where numbers overlap.
    candidates = _candidates(text, certain=certain)
    for number in sorted(candidates, key=lambda number: (number.kind in MAYBE, number.kind != IDENTITY)):
        place = range(number.start, number.end)
        if taken.isdisjoint(place):
            taken.update(place)
            found.append(replace(number, kind=_kind(text, number, amount=amount)))
    return sorted(found, key=lambda number: number.start)


def _kind(text: str, number: Number, *, amount: bool) -> str:
    """Kind of a number by the words before and after: an amount, the number of a paper, or what it looks like."""
    before = text[max(number.start - BEFORE_AMOUNT, 0) : number.start]
    if number.kind in AMOUNTS and not re.search(PHONE, before[-16:]):
        after = text[number.end : number.end + AFTER_AMOUNT]
        if re.match(f"{OF_LIST}{UNIT}", after) or re.search(OFFICE_OWN, before):
            return AMOUNT
        if number.kind not in {LABELLED, MAYBE_ACCOUNT} and (amount or re.search(MONEY, before)):
            return AMOUNT
    return MAYBE_ACCOUNT if number.kind in AMOUNTS - MAYBE and re.search(DOCUMENT, before) else number.kind


def _candidates(text: str, *, certain: bool) -> Iterator[Number]:
    is_long = ENOUGH.search(text)
    for run in RUN.finditer(text) if is_long else ():
        yield from _in_run(text, run, certain=certain)
    if certain:
        return
    yield from _labelled(text)
    if is_long:
        yield from _written_otherwise(text)
        yield from _parted_identities(text)
        yield from _parted_mobiles(text)
        for match in PARTED_CARD.finditer(text):
            if is_card(digits := re.sub("[ -]", "", match[0])):
                before = text[max(match.start() - 16, 0) : match.start()]
                is_sure = match["gap"] != " " or re.search(CARD_WORD, before)
                yield Number(CARD if is_sure else MAYBE_ACCOUNT, digits, *match.span())


def _written_otherwise(text: str) -> Iterator[Number]:
    """Identity and mobile numbers with letters or Chinese characters for digits."""
    for match in ALIKE.finditer(text):
        other, (start, end) = match[0].translate(DIGITS), match.span()
        beside = text[max(start - 1, 0) : start] + text[end : end + 1]
        if other == match[0] or (LETTERS.search(match[0]) and re.search("[0-9A-Za-z]", beside)):
            continue
        for run in RUN.finditer(other):
            for number in _in_run(other, run, certain=False):
                if number.kind in {IDENTITY, MOBILE}:
                    yield replace(number, start=start + number.start, end=start + number.end)


def _in_run(text: str, run: re.Match[str], *, certain: bool) -> Iterator[Number]:
    """Numbers in digits without gaps; identity numbers also within longer ones."""
    characters, start = run[0].upper(), run.start()
    position = 0
    while position <= len(characters) - 18:
        number = characters[position : position + 18]
        found = is_identity(number)
        if found:
            yield Number(IDENTITY, number, start + position, start + position + 18)
        position += 18 if found else 1
    if certain or not _stands_alone(text, *run.span()):
        return
    if len(characters) == 18 and _is_dated(characters):
        right = _check_digit(characters) == characters[-1]
        # A county newer than the list of regions has a known province.
        if is_region(characters[:6], "province" if right else "county"):
            yield Number(IDENTITY if right else DOUBTFUL, characters, *run.span())
            return
    elif characters.endswith("X"):
        characters = characters[:-1]
    if is_old_identity(characters):
        yield Number(OLD_IDENTITY, characters, *run.span())
    elif mobile := PREFIXED_MOBILE.fullmatch(characters):
        yield Number(MOBILE, mobile[1], *run.span())
    elif is_card(characters):
        yield Number(CARD, characters, *run.span())


def _parted_identities(text: str) -> Iterator[Number]:
    """Identity numbers that whole groups of digits make up.

    The gaps are of one kind, or are so within each of region, birth and rest: those of coordinates in a drawing
    (``13.2-13.2 20.6``) are not.
    """
    for match in PARTED_IDENTITY.finditer(text):
        number = re.sub("[^0-9X]", "", match[0].upper())
        parts = match.group("region", "birth", "rest")
        in_parts = bool(match["first"] and match["second"])
        right = is_identity(number)
        if match[0].isalnum() or not (right or (in_parts and _is_dated(number) and is_region(number[:6]))):
            continue
        if not all(map(_is_even, parts if in_parts and right else (match[0],))):
            continue
        listed = bool(LISTED.search(match[0]))
        beside = _digits_beside(text, *match.span(), WIDE_GAP if listed else NARROW_GAP)
        # A code, a day and a count side by side have a right check digit once in eleven times.
        apart = listed and in_parts and all(part.isdigit() for part in parts)
        if right and beside <= LONGEST_CHAIN - 18:
            yield Number(MAYBE_IDENTITY if apart else IDENTITY, number, *match.span())
        elif not beside and "\n" not in match[0] and _stands_alone(text, *match.span()):
            yield Number(MAYBE_IDENTITY, number, *match.span())
    for match in PARTED_OLD.finditer(text):
        number = re.sub("[^0-9]", "", match[0])
        if is_old_identity(number) and not _digits_beside(text, *match.span(), WIDE_GAP):
            yield Number(MAYBE_IDENTITY, number, *match.span())


def _digits_beside(text: str, start: int, end: int, gap: str) -> int:
    """How many digits more stand in the groups before and after, parted by gaps of a kind."""
    before = re.search(rf"(?:[0-9]+{gap})*\Z", text[max(start - 4 * LONGEST_CHAIN, 0) : start])
    after = re.match(rf"(?:{gap}[0-9]+)*", text[end : end + 4 * LONGEST_CHAIN])
    return sum(map(str.isdigit, (before[0] if before else "") + (after[0] if after else "")))


def _parted_mobiles(text: str) -> Iterator[Number]:
    """Mobile numbers in groups: certain by a word for telephones or by how they are dialled; else maybe a row of a table."""
    for match in PARTED_MOBILE.finditer(text):
        groups = re.findall("[0-9]+", match[0])
        before = text[max(match.start() - 16, 0) : match.start()]
        dialled = DIALLED.search(before)
        said = dialled or re.search(PHONE, before)
        if len(groups) == 1 or (
            not dialled and re.search(r"[0-9]\Z" if said else r"[0-9][ .·/_\-]?\Z", before)
        ):
            continue
        digits, is_fraction = "".join(groups), match[0].count(".") == 1
        few = len(groups) <= MOST_GROUPS and min(map(len, groups)) > 1
        if said:
            yield Number(MOBILE, digits, *match.span())
        elif _is_even(match[0]) and not is_fraction and (few or len(groups) == len(digits)):
            yield Number(MAYBE_MOBILE, digits, *match.span())


def _labelled(text: str) -> Iterator[Number]:
    """Digits, written in any way, that a label says to be those of a paper, a card, an account or a telephone at home."""
    for match in LABELLED_DIGITS.finditer(text):
        label = LABEL.search(text[max(match.end("label") - WIDE_LABEL, 0) : match.end("label")])
        if label is None:
            continue
        digits, is_account = re.sub("[ -]", "", match["number"]), bool(label["account"])
        is_sure = SURE.search(label[0]) or (label[0].endswith("户") and match["mark"])
        if not is_sure and len(digits) < (SHORTEST_ACCOUNT if is_account else SHORTEST_PAPER):
            continue
        start = match.end("label") - len(label[0])
        before = text[max(start - (WIDE_LABEL if is_account else 6), 0) : start]
        after = text[match.end() : match.end() + WIDE_LABEL]
        office = re.search(OFFICE_ACCOUNT, before) or (is_account and re.match(OFFICE_AFTER, after))
        # What begins with letters may be the name of an account in some program.
        asked = not is_sure or office or (is_account and re.match("[A-Za-z]", digits))
        yield Number(MAYBE_ACCOUNT if asked else LABELLED, digits, *match.span("number"))


def _is_even(chain: str) -> bool:
    """Whether all gaps but line breaks are of one kind."""
    gaps = re.findall("[^0-9Xx]+(?=[0-9Xx])", chain.replace(")", "("))
    return len({gap.strip() for gap in gaps if not re.search(r"[\t\r\n]", gap)}) < 2


SHORTEST_DIGEST = 20
"""Hexadecimal digits from which on they are a digest: the digits within are no number of their own."""


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether digits are a number of their own: no fraction, amount with decimals, digest or credit code."""
    if text[start - 1 : start] == "." and not text[max(start - 2, 0) : start - 1].isalpha():
        return False
    if re.match(r"\.[0-9]", text[end : end + 2]):
        return False
    before = re.search("[0-9A-Za-z]*$", text[max(start - 64, 0) : start])
    after = re.match("[0-9A-Za-z]*", text[end : end + 64])
    left, right = before[0] if before else "", after[0] if after else ""
    rest, length = left + right, len(left + right) + end - start
    if length == 18:  # of an identity number, and of the credit code of an office
        from stdnum.cn import uscc

        if uscc.is_valid(f"{left}{text[start:end]}{right}"):
            return False
    # Altair names the views of a chart by 16 hexadecimal digits; a mobile number in one leaves 5 of them.
    is_name = length == 16 and len(rest) == 5
    return not ((length >= SHORTEST_DIGEST or is_name) and re.fullmatch("[0-9A-Fa-f]+", rest))


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: region, date of birth and check digit are right."""
    return _is_dated(number) and _check_digit(number) == number[-1] and is_region(number[:6])


def _is_dated(number: str) -> bool:
    return bool(re.fullmatch("[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]", number)) and _is_date(number[6:14])


def is_old_identity(number: str) -> bool:
    """Whether characters are an identity number of the old kind: 15 digits, region and date are right."""
    digits = re.fullmatch("[1-9][0-9]{14}", number)
    return bool(digits) and _is_date(f"19{number[6:12]}") and is_region(number[:6])


def is_card(number: str) -> bool:
    """Whether digits are the number of a bank card."""
    from stdnum import luhn

    return bool(re.fullmatch("[3-6][0-9]{15,18}", number) and luhn.is_valid(number))


def _check_digit(number: str) -> str:
    from stdnum.cn import ric

    return str(ric.calc_check_digit(number))


def _is_date(digits: str) -> bool:
    try:
        datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_region(code: str, level: str = "county") -> bool:
    """Whether a code of six digits is or was one of a county, district or city, or at least of a province."""
    from stdnum import numdb

    return any(level in properties for _, properties in numdb.get("cn/loc").info(code))


@cache
def county_names() -> frozenset[str]:
    """Names of three characters and more that counties, districts and cities have or had; shorter ones are also words."""
    from stdnum import numdb

    places = (place for *_, province in numdb.get("cn/loc").prefixes for place in province)
    return frozenset(
        name for *_, said, _ in places for name in re.findall("[一-鿿]{2,}[县区市旗]", said.get("county", ""))
    )
