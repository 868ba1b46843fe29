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
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise

IDENTITY = "身份证号码"
DOUBTFUL = "疑似身份证号码（校验位不对）"
OLD_IDENTITY = "15位旧身份证号码"
MOBILE = "手机号码"
CARD = "银行卡号"
LABELLED = "证件、账户或家庭电话号码"
MAYBE_IDENTITY = "疑似分开写的身份证号码"
MAYBE_MOBILE = "疑似分开写的手机号码"
MAYBE_ACCOUNT = "疑似账户或证件号码"
MAYBE = frozenset((MAYBE_IDENTITY, MAYBE_MOBILE, MAYBE_ACCOUNT))
"""Kinds of which nobody can be certain: asked about, not refused."""


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
        """What messages may show: the first four characters and the last two; of a mobile number 3 and 4."""
        first, last = (3, 4) if self.kind in {MOBILE, MAYBE_MOBILE} else (4, 2)
        if len(self.digits) < SHOWN_FROM:
            first, last = 1, 0
        return f"{self.digits[:first]}{'*' * (len(self.digits) - first - last)}{self.digits[len(self.digits) - last :]}"


SHOWN_FROM = 11
"""Digits from which on the last ones of a number are shown as well."""

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
GAP = r"(?:[ .·/_\-]{1,3}|[ ]{0,3}[\t\r\n][ \t\r\n]{0,3})"
"""What may stand between the digits of one identity number, its wrapping in a narrow column included."""
CHAIN = re.compile(
    rf"(?<![0-9])[0-9]++(?:(?:{GAP}[0-9]++)+(?:{GAP}?[Xx](?![A-Za-z]))?|{GAP}[Xx](?![A-Za-z]))"
)
WIDE_GAP = r"(?:[ .·/_\-、,()|]{1,3}|[ ]{0,3}[\t\r\n][ \t\r\n]{0,3})"
"""As above, with what stands between items of a list, parts in brackets, or cells."""
WIDE_CHAIN = re.compile(
    rf"(?<![0-9])[0-9]++(?:(?:{WIDE_GAP}[0-9]++)+(?:{WIDE_GAP}?[Xx](?![A-Za-z]))?|{WIDE_GAP}[Xx](?![A-Za-z]))"
)
LISTED = re.compile(r"[\t、,()|]")
"""In a gap: the groups may be numbers of their own."""
LONGEST_CHAIN = 60
"""Digits in groups that are looked through; more are a list of coordinates, which nobody made of one number."""
PREFIXED_MOBILE = re.compile(r"(?:0086|86|0)?(1[3-9][0-9]{9})")
BEFORE, AFTER = r"(?<![0-9A-Za-z])(?<![0-9][.\-])", r"(?![0-9A-Za-z]|[.\-][0-9])"
PARTED_MOBILE = re.compile(
    rf"{BEFORE}(?:\+?(?:00)?86[ \-]{{0,2}}|0)?(1[3-9][0-9](?:(?P<gap>[ \-])[0-9]{{4}}(?P=gap)?[0-9]{{4}}"
    rf"|[0-9]{{4}}[ \-][0-9]{{4}})){AFTER}"
)
PARTED_CARD = re.compile(
    rf"{BEFORE}([3-6][0-9]{{3}}(?P<gap>[ \-])(?:[0-9]{{4}}(?P=gap)){{2}}[0-9]{{4}}(?:(?P=gap)[0-9]{{1,3}})?"
    rf"|[3-6][0-9]{{5}}[ \-][0-9]{{10,13}}){AFTER}"
)
ODD_GAP = r"[ .·/_\-()]{1,3}"
ODD_MOBILE = re.compile(
    rf"(?<![0-9A-Za-z])(?<![0-9][ .·/_\-])\(?(1(?:{ODD_GAP})?[3-9](?:(?:{ODD_GAP})?[0-9]){{9}})"
    r"(?![0-9A-Za-z]|[ .·/_\-]{1,2}[0-9])"
)
"""Eleven digits in groups of any size."""
USUAL_GROUPS = {(3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4)}
MOST_GROUPS = 5

PHONE = re.compile(
    r"(?:电话|手机|联系方式|联系号码|热线|微信|tel|phone|mobile)[^0-9·;\n]{0,8}\Z", re.IGNORECASE
)
UNIT = re.compile(
    r"[ ]{0,2}\(?(?:[十百千万亿]{0,2}(?:元|美元|平方|人次|户次|人口)|[十百千]?[万亿](?=[元人户名个件次吨亩份笔条,·;)、 ]|$)|[%‰]"
    r"|[人名](?![一-鿿])|户(?![主名])|次(?![子女])|个(?!人)|位(?!于)|件|份|笔|亩|公里|公顷|吨|公斤|千克|台|套|辆|立方|周?岁|年|倍)"
)
"""What comes after an amount or a count."""
MONEY = re.compile(
    r"(?:[¥￥$]|金额|收入|支出|总额|余额|合计|共计|累计|总计|预算数?|决算数?)[:为是达 ]{0,2}\Z"
)
"""What comes before an amount."""

IDENTITY_LABEL = (
    r"(?:身份证|残疾人?证|户口(?:本|簿)|[低五]保证|特困证|供养证|救助证|社保卡?|社会保障卡?|医保卡?|证件|护照|驾驶证|出生(?:医学)?证明"
    r"|结婚证|离婚证|军官证|居住证|学籍|病历|住院)(?:号码|编号|证号|号|No\.?)|(?:家庭|住宅|本人|个人|户主)(?:电话|座机|固话)(?:号码)?"
)
ACCOUNT_LABEL = (
    r"(?:存折|一卡通|银行|储蓄)?(?:[账帐]号|[账帐]户(?:号码|号)?|卡号|存折号码?)|QQ(?:号码?)?|微信号码?"
)
LABEL = re.compile(
    rf"(?:(?P<identity>{IDENTITY_LABEL})|(?P<account>{ACCOUNT_LABEL}))(?:\([^()\n]{{0,12}}\))?"
    rf"[ \t]{{0,3}}(?P<mark>[:为是,(|])?[ \t]{{0,3}}(?P<number>[0-9](?:[ \-]?[0-9]){{3,30}}[Xx]?)(?![0-9.]|[ ]?[*×Xx])"
)
OFFICE_ACCOUNT = re.compile(
    "单位|专户|财政|对公|公司|基金|机构|捐|中心|医院|学校|敬老院|福利院|[局厅股室会院]|系统|登录|平台|公众|开户行"
)
WIDE_LABEL = 24
"""Characters before a label in which an account is said to be an office's."""

ALIKE = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9OoIl]{10,20}[Xx]?)(?![0-9A-Za-z])|[0-9零〇○Oo一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{11,40}"
)
"""Digits among letters like them, or written in Chinese."""
MAYBE_DIGITS = re.compile(r"\d|[零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{6}")
"""Without this a text has no number, normalised or not."""
ENOUGH = re.compile(rf"(?:[0-9OoIl零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{WIDE_GAP}?){{4}}")
"""Without so many digits there is no number."""
DIGITS = str.maketrans("OoIl零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "00110001234567891123456789")


def find_numbers(text: str, *, certain: bool = False, amount: bool = False) -> list[Number]:
    """Find the numbers that name a person.

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
    if not ENOUGH.search(text):
        return []
    found: list[Number] = []
    taken: set[int] = set()
    candidates = [*_candidates(text, certain=certain)]
    if not certain:
        candidates += _written_otherwise(text)
    # What is certain comes first where numbers overlap.
    for number in sorted(candidates, key=lambda number: (number.kind in MAYBE, number.kind != IDENTITY)):
        if number.kind in AMOUNTS and (amount or _is_amount(text, number)):
            continue
        place = range(number.start, number.end)
        if taken.isdisjoint(place):
            taken.update(place)
            found.append(number)
    return sorted(found, key=lambda number: number.start)


AMOUNTS = frozenset((OLD_IDENTITY, DOUBTFUL, MOBILE, MAYBE_MOBILE, CARD, LABELLED, MAYBE_ACCOUNT))
"""Kinds whose digits may as well be an amount."""


def _is_amount(text: str, number: Number) -> bool:
    """Whether digits are an amount of money or a count, by the words before and after."""
    before = text[max(number.start - 16, 0) : number.start]
    if PHONE.search(before):
        return False
    return bool(UNIT.match(text, number.end) or MONEY.search(before))


def _written_otherwise(text: str) -> Iterator[Number]:
    """Identity and mobile numbers with letters or Chinese characters for digits."""
    other = ALIKE.sub(lambda match: match[0].translate(DIGITS), text)
    if other == text:
        return
    for run in RUN.finditer(other):
        if other[slice(*run.span())] != text[slice(*run.span())]:
            found = _in_run(other, run, certain=False)
            yield from (number for number in found if number.kind in {IDENTITY, MOBILE})


def _candidates(text: str, *, certain: bool) -> Iterator[Number]:
    for run in RUN.finditer(text):
        yield from _in_run(text, run, certain=certain)
    if certain:
        return
    for chain in CHAIN.finditer(text):
        yield from _in_chain(text, chain)
    for chain in WIDE_CHAIN.finditer(text):
        if LISTED.search(chain[0]):
            yield from _in_chain(text, chain)
    yield from _labelled(text)
    yield from _odd_mobiles(text)
    for kind, parted in ((MOBILE, PARTED_MOBILE), (CARD, PARTED_CARD)):
        for match in parted.finditer(text):
            digits = re.sub("[ -]", "", match[1])
            if kind == MOBILE or is_card(digits):
                yield Number(kind, digits, *match.span())


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


def _in_chain(text: str, chain: re.Match[str]) -> Iterator[Number]:
    """Identity numbers that whole groups of digits make up.

    The gaps are of one kind, or are so within each of region, birth and rest: those of coordinates in a drawing
    (``13.2-13.2 20.6``) are not.
    """
    if len(chain[0]) > 8 * LONGEST_CHAIN:
        return
    groups = [*re.finditer("[0-9]+", chain[0])]
    ends = [0, *accumulate(len(group[0]) for group in groups)]
    if not 15 <= ends[-1] <= LONGEST_CHAIN:
        return
    letter = "X" if chain[0][-1] in "Xx" else ""
    digits = "".join(group[0] for group in groups)
    for first, begin in enumerate(ends[:-1]):
        for last in range(first, len(groups)):
            end, closing = ends[last + 1], letter if last == len(groups) - 1 else ""
            number = digits[begin:end] + closing
            if len(number) > 18:
                break
            if len(number) < 18 or not is_identity(number):
                continue
            start = groups[first].start()
            stop = len(chain[0]) if closing else groups[last].end()
            parts = [groups[ends.index(place)].start() for place in (begin + 6, begin + 14) if place in ends]
            within = [start, *(parts if len(parts) == 2 else ()), stop]
            if all(_is_even(chain[0][left:right]) for left, right in pairwise(within)):
                # A code, a day and a count side by side have a right check digit once in eleven times.
                apart = (
                    len(parts) == 2
                    and last - first == 2
                    and not closing
                    and LISTED.search(chain[0][start:stop])
                )
                kind = MAYBE_IDENTITY if apart else IDENTITY
                yield Number(kind, number, chain.start() + start, chain.start() + stop)
    digits += letter
    if not _is_even(chain[0]) or "\n" in chain[0] or not _stands_alone(text, *chain.span()):
        return
    listed = bool(LISTED.search(chain[0]))
    if {6, 14} <= {*ends} and len(digits) == 18 and _is_dated(digits) and is_region(digits[:6]):
        yield Number(MAYBE_IDENTITY if listed else DOUBTFUL, digits, *chain.span())
    elif {6, 12} <= {*ends} and is_old_identity(digits):
        yield Number(MAYBE_IDENTITY if listed else OLD_IDENTITY, digits, *chain.span())


def _odd_mobiles(text: str) -> Iterator[Number]:
    """Mobile numbers in unusual groups: certain by a word for telephones, or by groups that are usual enough."""
    for match in ODD_MOBILE.finditer(text):
        groups = re.findall("[0-9]+", match[1])
        if len(groups) == 1:
            continue
        sizes, digits = tuple(map(len, groups)), "".join(groups)
        said = bool(PHONE.search(text[max(match.start() - 16, 0) : match.start()]))
        if said or (sizes in USUAL_GROUPS and _is_even(match[1])):
            yield Number(MOBILE, digits, *match.span())
        elif len(groups) == len(digits) or (
            len(groups) <= MOST_GROUPS and min(sizes) > 1 and "." not in match[1]
        ):
            yield Number(MAYBE_MOBILE, digits, *match.span())


def _labelled(text: str) -> Iterator[Number]:
    """Digits of any length that a label says to be those of a card, an account or a telephone at home."""
    for match in LABEL.finditer(text):
        account = match["account"]
        if account and not match["mark"] and account.endswith("户"):
            continue
        digits = re.sub("[ -]", "", match["number"])
        before = text[max(match.start() - WIDE_LABEL, 0) : match.start()]
        asked = OFFICE_ACCOUNT.search(before if account else before[-6:]) or (
            account and not re.search("[号户]", account)
        )
        yield Number(MAYBE_ACCOUNT if asked else LABELLED, digits, *match.span("number"))


def _is_even(chain: str) -> bool:
    """Whether all gaps but line breaks are of one kind."""
    gaps = re.findall("[^0-9Xx]+(?=[0-9Xx])", chain.replace(")", "("))
    return len({gap.strip() for gap in gaps if not re.search(r"[\t\r\n]", gap)}) < 2


SHORTEST_DIGEST = 20
"""Hexadecimal digits from which on they are a digest: the digits within are no number of their own."""

NAME_LENGTH, NAME_REST = 16, 5
"""Altair names the views of a chart by 16 hexadecimal digits; a mobile number in one leaves 5 of them."""


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether digits are a number of their own: no fraction, amount with decimals, digest or credit code."""
    if text[start - 1 : start] == "." and not text[max(start - 2, 0) : start - 1].isalpha():
        return False
    if re.match(r"\.[0-9]", text[end : end + 2]):
        return False
    before = re.search("[0-9A-Za-z]*$", text[max(start - 64, 0) : start])
    after = re.match("[0-9A-Za-z]*", text[end : end + 64])
    left, right = before[0] if before else "", after[0] if after else ""
    if _is_credit_code(f"{left}{text[start:end]}{right}"):  # it has 18 characters too
        return False
    rest, length = left + right, len(left + right) + end - start
    is_name = length == NAME_LENGTH and len(rest) == NAME_REST
    return not ((length >= SHORTEST_DIGEST or is_name) and re.fullmatch("[0-9A-Fa-f]+", rest))


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: region, date of birth and check digit are right."""
    return (
        number[6:8] in {"18", "19", "20"}
        and _is_dated(number)
        and _check_digit(number) == number[-1]
        and is_region(number[:6])
    )


def _is_dated(number: str) -> bool:
    return bool(re.fullmatch("[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]", number)) and _is_date(number[6:14])


def is_old_identity(number: str) -> bool:
    """Whether characters are an identity number of the old kind: 15 digits, region and date are right."""
    digits = re.fullmatch("[1-9][0-9]{14}", number)
    return bool(digits) and _is_date(f"19{number[6:12]}") and is_region(number[:6])


def is_card(number: str) -> bool:
    """Whether digits are the number of a bank card."""
    if not re.fullmatch("[3-6][0-9]{15,18}", number):
        return False
    from stdnum import luhn

    return bool(luhn.is_valid(number))


CREDIT_CODE = 18
"""Characters of a unified social credit code."""


def _check_digit(number: str) -> str:
    from stdnum.cn import ric

    return str(ric.calc_check_digit(number))


def _is_credit_code(code: str) -> bool:
    if len(code) != CREDIT_CODE:
        return False
    from stdnum.cn import uscc

    return bool(uscc.is_valid(code))


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
