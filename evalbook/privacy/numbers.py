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

from stdnum import luhn, numdb
from stdnum.cn import ric, uscc

IDENTITY = "身份证号码"
DOUBTFUL = "疑似身份证号码（校验位不对）"
OLD_IDENTITY = "15位旧身份证号码"
MOBILE = "手机号码"
CARD = "银行卡号"


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
        first, last = (3, 4) if self.kind == MOBILE else (4, 2)
        return f"{self.digits[:first]}{'*' * (len(self.digits) - first - last)}{self.digits[-last:]}"


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


def find_numbers(text: str, *, certain: bool = False) -> list[Number]:
    """Find the numbers that name a person.

    Parameters
    ----------
    text
        Normalised.
    certain
        Only identity numbers in one piece whose region, date and check digit are right: for what nobody typed.

    Returns
    -------
    list of Number
        In the order of the text, none overlapping another.
    """
    found: list[Number] = []
    taken: set[int] = set()
    # What is certain comes first where numbers overlap.
    for number in sorted(_candidates(text, certain=certain), key=lambda number: number.kind != IDENTITY):
        place = range(number.start, number.end)
        if taken.isdisjoint(place):
            taken.update(place)
            found.append(number)
    return sorted(found, key=lambda number: number.start)


def _candidates(text: str, *, certain: bool) -> Iterator[Number]:
    for run in RUN.finditer(text):
        yield from _in_run(text, run, certain=certain)
    if certain:
        return
    for chain in CHAIN.finditer(text):
        yield from _in_chain(text, chain)
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
        right = ric.calc_check_digit(characters) == characters[-1]
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
                yield Number(IDENTITY, number, chain.start() + start, chain.start() + stop)
    digits += letter
    if not _is_even(chain[0]) or "\n" in chain[0] or not _stands_alone(text, *chain.span()):
        return
    if {6, 14} <= {*ends} and len(digits) == 18 and _is_dated(digits) and is_region(digits[:6]):
        yield Number(DOUBTFUL, digits, *chain.span())
    elif {6, 12} <= {*ends} and is_old_identity(digits):
        yield Number(OLD_IDENTITY, digits, *chain.span())


def _is_even(chain: str) -> bool:
    """Whether all gaps but line breaks are of one kind."""
    gaps = re.findall("[^0-9Xx]+(?=[0-9Xx])", chain)
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
    if uscc.is_valid(f"{left}{text[start:end]}{right}"):  # it has 18 characters too
        return False
    rest, length = left + right, len(left + right) + end - start
    is_name = length == NAME_LENGTH and len(rest) == NAME_REST
    return not ((length >= SHORTEST_DIGEST or is_name) and re.fullmatch("[0-9A-Fa-f]+", rest))


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: region, date of birth and check digit are right."""
    return (
        number[6:8] in {"18", "19", "20"}
        and _is_dated(number)
        and ric.calc_check_digit(number) == number[-1]
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
    return bool(re.fullmatch("[3-6][0-9]{15,18}", number)) and luhn.is_valid(number)


def _is_date(digits: str) -> bool:
    try:
        datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_region(code: str, level: str = "county") -> bool:
    """Whether a code of six digits is or was one of a county, district or city, or at least of a province."""
    return any(level in properties for _, properties in numdb.get("cn/loc").info(code))
