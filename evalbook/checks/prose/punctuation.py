"""Punctuation and unfinished text."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.prose.documents import numbers_in
from evalbook.checks.prose.passages import (
    CJK,
    FIGURE,
    HOUSE_RULE,
    PUNCTUATION,
    Passage,
    by_chapter,
    lost_characters,
    once,
    passages,
    shortened,
)
from evalbook.schema.numbers import NUMERALS
from evalbook.schema.vocabulary import APPROVED
from evalbook.year.headings import number_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts

SIDE = f"{CJK}{FIGURE}”’》）】〕…％%"
HALF_WIDTH = re.compile(
    rf"(?<=[{SIDE}])[,;:?!](?!//)|[,;:?!](?=[{CJK}{FIGURE}“《（])|(?<=[{SIDE}])\.(?![A-Za-z0-9])"
    rf"|(?<=[{SIDE}])\((?=[{CJK}{FIGURE}\d])|\((?=[{CJK}{FIGURE}])|(?<=[{SIDE}])\)|(?<=[{CJK}])\"|\"(?=[{CJK}])"
    rf"|<(?=[{CJK}])|(?<=[{CJK}])>"
)
FULL = dict(zip(",;:?!.()<>", "，；：？！。（）〈〉", strict=True)) | {'"': "“”"}


def _without_numbers(text: str, *, right: bool) -> str:
    """Text in which the brackets of document numbers are blanked: of the flawed ones, and of the right ones if so asked."""
    for match, flaws in numbers_in(text):
        if flaws or right:
            begin = match.start("year") - 1
            text = text[:begin] + "　" * (match.end() - begin) + text[match.end() :]
    return text


@rule(
    "P9", "中文用全角标点", compares='汉字之间、汉字前后的 , ; : ? ! . ( ) " < >', formula="一段一条", tolerance="无",
    exceptions="数字里面的逗号和小数点、序号后面的点、网址和外文", severity=HINT, source=PUNCTUATION,
    look_up="报告原稿", ask="标点改成全角了没有", since="2026-11-24",
)  # fmt: skip
@once
def half_width(facts: Facts) -> Iterator[Suspicion]:
    """Half-width punctuation in Chinese text, once a paragraph."""
    for passage in passages(facts):
        text = _without_numbers(passage.text, right=True)
        lost = {match.start() for match in lost_characters(text)}
        marks = [mark for mark in HALF_WIDTH.finditer(text) if mark.start() not in lost]
        if not marks:
            continue
        spots = [passage.around(mark.start(), mark.end(), 4).strip("…") for mark in marks[:5]]
        signs = "、".join(f"{sign}（应为{FULL[sign]}）" for sign in dict.fromkeys(m[0] for m in marks))
        start, end = marks[0].span()
        key = "\n".join(text[max(m.start() - 3, 0) : m.end() + 3] for m in marks)
        yield passage.suspected(key, start, end).told(
            f"{passage.where}有{len(marks)}处半角标点：{'、'.join(f'“{spot}”' for spot in spots[:2])}",
            "汉语文句里用全角标点",
            f"改成全角标点：{signs}",
            *([f"还有{'、'.join(f'“{spot}”' for spot in spots[2:])}"] if spots[2:] else []),
        )


PAIRS = dict(zip("《〈“‘（(〔【［[「", "》〉”’）)〕】］]」", strict=True))
OPENING = {closing: opening for opening, closing in PAIRS.items()}
SAME_KIND = {"(": "（", "[": "［"}
AT_ITEM = re.compile(rf"(?:^|[，。；：、\s])[\d{NUMERALS}A-Za-z]{{1,2}}$")
DOUBLED = re.compile(
    r"(?<!。)。。(?!。)|[，；：、,][，。；：、,]+|。[，；：、,]+|[，。；：、]\s+[，。；：、]"
    r"|(?<=[（《“])[，。；：、]|[（《“]\s?[）》”]"
)


def _kind(opening: str) -> str:
    return SAME_KIND.get(opening, opening)


def _pair_faults(text: str) -> Iterator[tuple[int, str]]:
    """Brackets and quotation marks without their other half, crossing or of mixed width."""
    waiting: list[tuple[int, str]] = []
    kinds: Counter[str] = Counter()
    for position, sign in enumerate(text):
        if sign in PAIRS:
            waiting.append((position, sign))
            kinds[_kind(sign)] += 1
        elif sign in OPENING:
            kind, before = _kind(OPENING[sign]), text[max(position - 3, 0) : position]
            if not kinds[kind]:
                numbered = sign in "）)" and AT_ITEM.search(before)
                apostrophe = sign == "’" and before and before[-1].isascii()
                if not numbered and not apostrophe:
                    yield position, f"“{sign}”没有左边的一半"
                continue
            partner = max(at for at, (_, opening) in enumerate(waiting) if _kind(opening) == kind)
            begin, opening = waiting.pop(partner)
            kinds[kind] -= 1
            if PAIRS[opening] != sign:
                yield begin, f"“{opening}”与“{sign}”一个半角一个全角"
            elif partner < len(waiting):
                yield begin, f"“{opening}{sign}”与别的符号交叉"
    for position, opening in waiting:
        yield position, f"“{opening}”没有右边的一半"
    if text.count('"') % 2:
        yield text.rindex('"'), "引号不成对"


@rule(
    "P10", "标点成对、不重叠", compares="一段里的括号、引号、书名号；连着的点号",
    formula="左右成对、不交叉、同为全角；点号不连用", tolerance="无", exceptions="“1）”这样的序号", severity=DOUBT,
    source=PUNCTUATION,
    look_up="报告原稿", ask="这里少了哪一半", since="2026-11-24",
)  # fmt: skip
@once
def unpaired(facts: Facts) -> Iterator[Suspicion]:
    """Marks that lack their partner, and marks in a row that cannot stand together."""
    for passage in passages(facts):
        text = _without_numbers(passage.text, right=False)
        faults = [
            *_pair_faults(text),
            *((match.start(), f"标点“{match[0]}”不能连用") for match in DOUBLED.finditer(text)),
        ]
        for position, fault in faults:
            key = fault + text[max(position - 4, 0) : position + 5]
            yield passage.suspected(key, position, position + 1).told(
                f"{passage.where}的{fault}：“{passage.around(position, position + 1)}”",
                "括号、引号、书名号成对使用，点号不重叠",
                "补上或删去",
            )


ENDED = "。！？；：”’）)》…—.!?;:"
JOINING = (
    r"以及|并且|而且|但是|因为|由于|(?<![参给赋授])与|(?<![总共中饱缓温平柔谐祥附协])和|(?<![普涉波触顾])及"
)
CONJUNCTION = re.compile(rf"(?:{JOINING}|如果|虽然|不仅|根据|按照|关于|对于|(?<!目)的|或者?)$")
"""Words at which a paragraph without a full stop breaks off; many sentences rightly end with 的。."""

BROKEN_OFF = re.compile(rf"(?:{JOINING})(?=[。；])")
"""Words that join what follows, before a stop."""

WHOLE_SENTENCE = 16


@rule(
    "P11", "句子写完整", compares="每段的开头和末尾",
    formula="以逗号、顿号、连词结束，或以冒号结束而后面没有内容的是疑点；末尾没有句号的是提示", tolerance="无",
    exceptions="标题、署名和短的条目", severity=DOUBT, source=PUNCTUATION,
    look_up="报告原稿", ask="这句话写完了没有", since="2026-11-24",
)  # fmt: skip
@once
def unfinished(facts: Facts) -> Iterator[Suspicion]:
    """Paragraphs that break off or lack the mark at their end."""
    for of_chapter in by_chapter(facts):
        for passage, following in zip(of_chapter, (*of_chapter[1:], None), strict=True):
            if passage.level == 0 and (fault := _unfinished(passage, following, of_chapter)):
                what, severity = fault
                length = len(passage.text)
                key, start = passage.text[:12] + passage.text[-24:], max(length - 24, 0)
                yield passage.suspected(key, start, length, severity).told(
                    f"{passage.where}有一段{what}：“…{passage.shown(max(length - 20, 0))}”",
                    "句子没有写完" if severity == DOUBT else "陈述句末尾用句号",
                    "补完这句话" if severity == DOUBT else "补上句号；后面还有内容的，补全",
                )


def _unfinished(
    passage: Passage, following: Passage | None, of_chapter: tuple[Passage, ...]
) -> tuple[str, str] | None:
    text = passage.text.rstrip()
    if text.startswith(("，", "。", "、", "；", "：", "）", "”", "》")):
        return f"以“{text[0]}”开头", DOUBT
    if text.endswith(("，", "、", ",")):
        return f"以“{text[-1]}”结束", DOUBT
    if CONJUNCTION.search(text):
        return "以连词或“的”结束", DOUBT
    if broken := BROKEN_OFF.search(text):
        return f"在“{broken[0]}”后面就断句", DOUBT
    last = following is None or (following.level == 2 and _same_rank(passage, following))
    if text.endswith(("：", ":")) and last and passage.narrative.title:
        return "以冒号结束，后面没有内容", DOUBT
    if text.endswith(("；", ";")) and last:
        return "以分号结束，后面没有内容", HINT
    if text[-1] in ENDED and not (text[-1] in "”》" and len(text) >= WHOLE_SENTENCE and not _stopped(text)):
        return None
    marked = len(text) >= WHOLE_SENTENCE and re.search(r"[，；。：]", text)
    others = (other for other in of_chapter if other.section == passage.section and other is not passage)
    sibling = _is_item(passage, following) and any(
        other.level == 0 and number_at(other.text) and other.text.rstrip().endswith("。") for other in others
    )
    return ("末尾没有句号", HINT) if marked or sibling or len(text) > 40 else None


def _is_item(passage: Passage, following: Passage | None) -> bool:
    """Whether a numbered paragraph is an item of a list, not a heading of the paragraphs that follow it."""
    number = number_at(passage.text)
    if number is None or following is None or following.level:
        return number is not None
    other = number_at(following.text)
    return other is not None and other.rank <= number.rank


def _stopped(text: str) -> bool:
    """Whether a paragraph that ends with a closing mark has its full stop inside it, or is a list of titles."""
    return bool(re.search(r"[。！？…][”》）]+$", text)) or not re.search(r"[，；。]", text)


def _same_rank(passage: Passage, following: Passage) -> bool:
    """Whether the next heading is no lower than the one that the paragraph stands under."""
    own = number_at(passage.narrative.sections[passage.section].heading)
    other = number_at(following.text)
    return own is not None and (other is None or other.rank <= own.rank)


PLACEHOLDER = re.compile(
    rf"(?<![A-Za-z./])[XxＸｘ]{{2,}}(?![A-Za-z.])|×{{2,}}|(?<![\d\s）)])×(?=[年月日县市区乡镇村号元人户个])"
    rf"|\*{{2,}}|(?<![A-Za-z0-9])[_＿]{{2,}}|(?<![{NUMERALS}])[○●]{{2,}}|□|[（(]此处[^（）()]{{0,12}}[）)]|TODO|TBD"
)
"""Marks that stand for text to be filled in, whatever is around them."""

PERHAPS = re.compile(
    r"…{1,}|\.{3,}|。{3,}|某某|[？?]{2,}|(?<![等有])待(?:补充|补(?![发助贴缴交偿])|填|定(?![向点期岗额]))"
)
"""Marks and words that may be meant: an ellipsis, a matter not yet settled."""


@rule(
    "P12", "没有空白和待填的内容", compares="没有内容的标题；XX、××、____、待补、省略号等",
    formula="出现就是疑点；数据状态为“批准”的，待填的符号是错误", tolerance="无",
    exceptions="下面还有下一级标题的标题；标着“待确认”的",
    severity=DOUBT, source=HOUSE_RULE,
    look_up="报告原稿", ask="空着的内容是什么", since="2026-11-24",
)  # fmt: skip
@once
def empty_or_placeholder(facts: Facts) -> Iterator[Suspicion]:
    """Headings with nothing below, and marks that were to be replaced by text."""
    yield from _empty(facts)
    final = facts.figures.year.settings.status == APPROVED
    for passage in passages(facts):
        for pattern, sure in ((PLACEHOLDER, True), (PERHAPS, False)):
            for match in pattern.finditer(passage.text if sure else passage.plain):
                start, end = match.span()
                key = match[0] + passage.text[max(start - 6, 0) : end + 6]
                yield passage.suspected(key, start, end, ERROR if final and sure else DOUBT).told(
                    f"{passage.where}有“{match[0][:6]}”：“{passage.around(start, end)}”",
                    "像是等着填写的空白" if sure else "像是没有写完",
                    "填上内容，或删去",
                )


def _empty(facts: Facts) -> Iterator[Suspicion]:
    for own in by_chapter(facts):
        for passage, following in zip(own, (*own[1:], None), strict=True):
            if not passage.level or (following is not None and following.level == 0):
                continue
            if following is not None and (passage.level == 1 or not _same_rank(passage, following)):
                continue
            section = passage.narrative.sections[passage.section]
            if section.awaited or any(placement.line for placement in section.placements):
                continue  # counted as 待确认, or shows a table or a chart
            length = len(passage.text)
            severity = HINT if passage.text.endswith("。") and length >= WHOLE_SENTENCE else DOUBT
            yield passage.suspected(passage.text, 0, length, severity).told(
                f"标题“{shortened(passage.text)}”下面没有内容",
                "有标题就应当有内容",
                "补上内容；没有的写“无”，不需要的删去标题",
            )


RULES = (half_width, unpaired, unfinished, empty_or_placeholder)
