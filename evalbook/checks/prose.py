"""The prose as an editor reads it: claims without figures, repetitions, names, document numbers, dates, punctuation.

Every rule looks at :class:`Passage`, one heading or paragraph, in which each reference to a figure is the one
character :data:`FIGURE`: what is suspicious then does not depend on the numbers of the year.
"""

from __future__ import annotations

import calendar
import datetime
import functools
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, ERROR, HINT, Place, Rule, Suspicion
from evalbook.tables import Reference
from evalbook.tables.narrative import figures_typed
from evalbook.tables.schema import CLAIM_PREFIX, FINAL

if TYPE_CHECKING:
    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.tables import Narrative, Programme, Settings, TableRow

FIGURE = "\ufffc"
"""Stands for a reference in the text of a passage (U+FFFC, the object replacement character)."""

CJK = "\u3400-\u9fff"
HOUSE_RULE = "本工具的校对办法"
PUNCTUATION = "GB/T 15834—2011《标点符号用法》"
DOCUMENT_FORMAT = "GB/T 9704—2012《党政机关公文格式》7.2.5"
NUMERALS = "一二三四五六七八九十"
TITLES = re.compile(r"《[^《》]{0,200}》")


# -- passages


@dataclass(frozen=True)
class Passage:
    """A heading or a paragraph of the report.

    Attributes
    ----------
    narrative : Narrative
        The file that it stands in.
    section : int
        Index of its section in the file.
    level : int
        1 and 2 for headings, 0 for a paragraph.
    line : int
        Line in the file.
    text : str
        What is written, each reference as :data:`FIGURE`.
    names, values : tuple of str
        Names of the figures referred to, and how they are shown, in order.
    """

    narrative: Narrative
    section: int
    level: int
    line: int
    text: str
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The text with titles of documents blanked, at the same positions."""
        return TITLES.sub(lambda match: "《" + "　" * (len(match[0]) - 2) + "》", self.text)

    @property
    def where(self) -> str:
        """Part of the report, as the tables' column 章节 names it."""
        chapter = re.match(rf"[{NUMERALS}]+(?=、)", self.narrative.title)
        heading = self.narrative.sections[self.section].heading
        section = re.match(rf"[（(][{NUMERALS}]+[）)]|\d{{1,2}}(?=[.．、])", heading)
        found = (chapter[0] if chapter else "") + (section[0] if section else "")
        return f"{found or self.narrative.title[:12] or '导语'}"

    def shown(self, start: int = 0, end: int | None = None) -> str:
        """Part of the text with the figures in place."""
        values = iter(self.values[self.text[:start].count(FIGURE) :])
        return "".join(next(values) if sign == FIGURE else sign for sign in self.text[start:end])

    def around(self, start: int, end: int, margin: int = 8) -> str:
        """Part of the text with some characters before and after it, for a quotation."""
        left, right = max(start - margin, 0), min(end + margin, len(self.text))
        before, after = "…" if left else "", "…" if right < len(self.text) else ""
        return f"{before}{self.shown(left, right)}{after}"

    def place(self, start: int = 0, end: int = 40) -> Place:
        """Place with a quotation of the part concerned."""
        return Place(self.narrative.file, self.line, self.around(start, min(end, start + 60)))

    def subject(self, text: str) -> str:
        """Subject of a finding about a piece of this passage: the same wherever in the file it stands."""
        name = re.sub(r"[^A-Za-z0-9_.+]", "", self.narrative.name.replace("-", "_"))[:60] or "prose"
        return f"{name}.{digest(text)}"


def digest(text: str) -> str:
    """Six hexadecimal digits that stand for a text in a finding's subject."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def passages(facts: Facts) -> tuple[Passage, ...]:
    """Headings and paragraphs of the report in the order in which they are read."""
    found = []
    for prose in facts.figures.year.narrative.values():
        if prose.title:
            found.append(Passage(prose, 0, 1, 1, prose.title.replace(FIGURE, "□")))
        for index, section in enumerate(prose.sections):
            if section.heading:
                found.append(Passage(prose, index, 2, section.line, section.heading.replace(FIGURE, "□")))
            for line, pieces in zip(section.lines, section.paragraphs, strict=True):
                names = tuple(piece.name for piece in pieces if isinstance(piece, Reference))
                text = "".join(
                    FIGURE if isinstance(piece, Reference) else piece.replace(FIGURE, "□") for piece in pieces
                )
                values = tuple(facts.figures.text_of(name) for name in names)
                found.append(Passage(prose, index, 0, line, text, names, values))
    return tuple(found)


def paragraphs(facts: Facts) -> Iterator[Passage]:
    """The passages that are no headings."""
    return (passage for passage in passages(facts) if passage.level == 0)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Sentences of a text, each with the position at which it begins."""
    for match in re.finditer(r"[^。！？]+[。！？]?", text):
        yield match.start(), match[0]


def clauses(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a text between commas, semicolons, colons and full stops, each with its position."""
    for match in re.finditer(r"[^，,；;：:。！？]+", text):
        yield match.start(), match[0]


def by_chapter(facts: Facts) -> Iterator[tuple[Passage, ...]]:
    """The passages of each file."""
    for _, of_chapter in itertools.groupby(passages(facts), key=lambda passage: passage.narrative.name):
        yield tuple(of_chapter)


def once(find: Callable[[Facts], Iterator[Suspicion]]) -> Callable[[Facts], Iterator[Suspicion]]:
    """Let a rule say of each subject one thing, with all the places where it found it."""

    @functools.wraps(find)
    def united(facts: Facts) -> Iterator[Suspicion]:
        found: dict[str, Suspicion] = {}
        for suspicion in find(facts):
            first = found.setdefault(suspicion.subject, suspicion)
            found[suspicion.subject] = replace(
                first,
                places=tuple(dict.fromkeys((*first.places, *suspicion.places))),
                figures=tuple({f.address: f for f in (*first.figures, *suspicion.figures)}.values()),
            )
        yield from found.values()

    return united


def _cut(text: str, length: int = 30) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


# -- digits typed

CHINESE_NUMBER = re.compile(
    rf"百分之[{NUMERALS}百零〇两点]{{1,8}}"
    rf"|(?<![第{NUMERALS}百千万零〇两几数])(?=[{NUMERALS}两][{NUMERALS}百千万亿零〇两]{{1,12}}[余多]?(?:人|户|元|万元|亿元))"
    rf"[{NUMERALS}两零〇]{{0,3}}[十百千万亿][{NUMERALS}百千万亿零〇两]{{0,12}}[余多]?(?:人次|户次|人|户|元)"
)
"""Numbers of people or money, and percentages, in Chinese characters: 百分之九十五, 三千二百人."""


def _numbers_typed(facts: Facts, text: str) -> list[str]:
    return figures_typed(text.replace(FIGURE, ""), facts.figures.year.registries.terms) + [
        match[0] for match in CHINESE_NUMBER.finditer(TITLES.sub("", text))
    ]


def _has_number(facts: Facts, text: str) -> bool:
    return FIGURE in text or bool(_numbers_typed(facts, text))


def _same_digits(facts: Facts, text: str, digits: str) -> Figure | None:
    """The one figure of the year that shows the digits, with the unit written after them if several do."""
    number = digits.replace(",", "").replace("，", "")
    following = text.partition(digits)[2].lstrip()
    known = [
        figure
        for figure in facts.figures.figures.values()
        if figure.value is not None and number in {figure.number, figure.text}
        if not figure.label.startswith(CLAIM_PREFIX)
    ]
    fitting = [figure for figure in known if following.startswith(figure.unit)]
    candidates = fitting if fitting else known
    return candidates[0] if len(candidates) == 1 else None


@once
def typed_digits(facts: Facts) -> Iterator[Suspicion]:
    """Numbers typed into the prose."""
    for passage in passages(facts):
        numbers = list(dict.fromkeys(_numbers_typed(facts, passage.text)))
        if not numbers:
            continue
        figures = {digits: _same_digits(facts, passage.text, digits) for digits in numbers}
        start = passage.text.find(numbers[0])
        yield Suspicion(
            passage.subject("\n".join(numbers)),
            f"{passage.where}直接写了数字{'、'.join(f'“{digits}”' for digits in numbers[:8])}：“{passage.around(start, start + len(numbers[0]))}”",
            "正文的数字没有引用各表，查不到出处，表里改了正文也不会跟着改",
            "把数字填进表里再引用；确是名称的，登记到 data/reference/terms.csv",
            figures=tuple(figure for figure in figures.values() if figure),
            places=(passage.place(start, start + len(numbers[0])),),
            notes=tuple(
                f"“{digits}”与表里的“{figure.label}”相同，可改写成 {{figure}}`{figure.label}`"
                for digits, figure in figures.items()
                if figure
            ),
        )


# -- claims without figures

PLANNED_SECTION = re.compile(r"建议|下一步|下步|今后|打算|工作计划|思路|改进|整改措施|努力方向")
PLAN = re.compile(
    r"下一步|下步|今后|明年|来年|拟(?!定)|打算|力争|建议|希望|必须|应当|应该|仍需|还需|请求|有待|(?:^|[，；：])(?:要|应|需)"
    r"|将(?:继续|进一步|不断|着力|加强|加大|努力|严格|认真|积极|切实|全力|会|按|持续|全面|扎实|深入|逐步|力)"
)
"""Words after which the rest of a sentence says what is to be done, not what was done."""

PURPOSE = re.compile(
    r"计划|争取|努力|目标|目的|旨在|以期|以便|确保|需要|要求|^为(?:进一步|了|更好|切实|不断|全面|确保|贯彻|加强|提高|做好|保障|有效|规范|着力)"
)
"""Words that make a clause one of purpose or demand."""

NEGATED = re.compile(
    r"(?:不|没有|未|缺乏|欠)(?:够|太|是很|很)?[^，。；]{0,4}(?:高|满意|提高|提升|改善|明显|显著|理想|到位)|偏低|较低|不足|影响了"
)
RAISED = r"提高|提升|上升|增强|增加|改善|扩大|好转"
VERDICT = rf"{RAISED}|高|良好|很好|较好|优秀|达标|理想|普遍|显著|明显"
SATISFACTION = re.compile(
    rf"满意[度率]?[^，。；]{{0,12}}(?:{VERDICT})|(?:较|很|非常|十分|比较|表示|普遍|基本|均|都|一致|感到|更加)满意"
    rf"|(?:提高|提升|增强)了[^，。；]{{0,14}}满意[度率]?"
    rf"|(?:有效|明显|显著|大幅|不断|逐步|稳步|切实|大大|极大)(?:地)?(?:提高|提升|增强)[^，。；]{{0,12}}满意[度率]"
)
AWARENESS = re.compile(
    rf"知晓[率度]?[^，。；]{{0,12}}(?:{VERDICT})|(?:提高|提升|扩大|增强)了[^，。；]{{0,14}}知晓[率度]?"
    rf"|(?:有效|明显|显著|大幅|不断|逐步|稳步|切实|大大|极大)(?:地)?(?:提高|提升|扩大|增强)[^，。；]{{0,12}}知晓[率度]"
    r"|(?:家喻户晓|人人皆知|众所周知|应知尽知)"
)
DEGREE = (
    "显著|明显|大幅度?|大大|极大|有效|有力|切实|逐步|逐年|不断|稳步|持续|进一步|全面|整体|较大|很大|普遍|日益"
)
IMPROVEMENT = re.compile(
    rf"(?:{DEGREE})(?:地|的|得到|得以|有所)?(?:{RAISED}|增长|下降|减少)(?=了|$)"
    rf"|(?:显著|明显|大幅度?|极大|有力)(?:地)?(?:{RAISED}|增长|下降|减少)"
    r"|(?:提高|提升|改善|增强)了"
    rf"|(?:得到|得以|有了?|有所)[^，。；]{{0,6}}(?:{RAISED})"
    r"|(?:成效|效果|效益|成绩)[^，。；]{0,3}(?:显著|明显|突出|良好|较好|斐然|喜人)"
    r"|(?:取得|收到|产生|发挥)了?[^，。；]{0,8}(?:显著|明显|良好|较好|突出|很好|积极|丰硕)[^，。；]{0,6}(?:成效|效果|效益|成绩|成果|作用)"
    r"|(?:一致|广泛|普遍|高度)(?:好评|认可|赞誉|赞扬)|(?:获得感|幸福感|安全感)[^，。；]{0,8}(?:增强|提升|提高)"
)


def _claims(pattern: re.Pattern[str], passage: Passage) -> Iterator[tuple[int, str, str]]:
    """Clauses that make a claim: position, the words, the sentence."""
    text = passage.plain
    for start, sentence in sentences(text):
        plan = PLAN.search(sentence)
        for offset, clause in clauses(sentence):
            if plan and plan.start() <= offset + len(clause):
                break
            match = pattern.search(clause)
            if match and not PURPOSE.search(clause) and not NEGATED.search(clause):
                yield start + offset + match.start(), match[0], sentence


def _measured(facts: Facts, word: str) -> bool:
    """Whether the prose gives a number for satisfaction (满意) or awareness (知晓) anywhere."""
    return any(
        (word in clause and _has_number(facts, clause))
        for passage in paragraphs(facts)
        for _, clause in clauses(passage.plain)
    ) or any(word in name for passage in paragraphs(facts) for name in passage.names)


def _survey(facts: Facts, word: str) -> Figure | None:
    return next(
        (
            figure
            for figure in facts.figures.figures.values()
            if word in figure.label and figure.value is not None
        ),
        None,
    )


@once
def unmeasured_claims(facts: Facts) -> Iterator[Suspicion]:
    """Satisfaction, awareness and improvement claimed without a figure; each sentence once."""
    surveyed = [
        (pattern, name, word)
        for pattern, name, word in ((SATISFACTION, "满意度", "满意"), (AWARENESS, "知晓率", "知晓"))
        if not _measured(facts, word)
    ]
    for passage in paragraphs(facts):
        section = passage.narrative.sections[passage.section].heading
        if PLANNED_SECTION.search(section) or (
            not section and PLANNED_SECTION.search(passage.narrative.title)
        ):
            continue
        said: dict[str, list[tuple[int, str, str]]] = {}
        for pattern, name, word in surveyed:
            for position, words, sentence in _claims(pattern, passage):
                said.setdefault(sentence, []).append((position, words, word if name else ""))
        for position, words, sentence in _claims(IMPROVEMENT, passage):
            if not _has_number(facts, sentence) or sentence in said:
                said.setdefault(sentence, []).append((position, words, ""))
        for sentence, claims in said.items():
            yield _unmeasured(facts, passage, sentence, sorted(claims))


def _unmeasured(
    facts: Facts, passage: Passage, sentence: str, claims: list[tuple[int, str, str]]
) -> Suspicion:
    words = list(dict.fromkeys(words for _, words, _ in claims))
    kinds = {word for *_, word in claims if word}
    figures = tuple(figure for word in sorted(kinds) if (figure := _survey(facts, word)))
    start, end = claims[0][0], claims[-1][0] + len(claims[-1][1])
    return Suspicion(
        passage.subject(sentence),
        f"{passage.where}说{'、'.join(f'“{_cut(w)}”' for w in words[:6])}，没有数字",
        "满意度、知晓率是调查得出的百分比，没有数字无法核实" if kinds else "是评价，没有可以核实的数字",
        f"引用表里的 {{figure}}`{figures[0].label}`"
        if figures
        else "补上调查的百分比和样本数，登记到 actions.csv 再引用；没有调查的删去这句评价"
        if kinds
        else "补上能说明变化的数字（如比上年增减多少），或者改成事实",
        figures=figures,
        places=(passage.place(start, end),),
        severity=DOUBT if kinds else HINT,
    )


GRADES = "优秀|优|良好|良|中等|中|合格|一般|较差|差|不合格"
GRADE = re.compile(
    rf"(?:自评|等次|等级|评价(?:结果|结论)|评价)[^。；，、]{{0,14}}(?<!分)(?:为|是|达到|定为|评为|评定为|获得|列入|：)[“\"‘]?(?P<grade>{GRADES})[”\"’]?(?=等次|等级|级|档次|档|$|[，。；、）])"
)
SCALE = re.compile(r"以上|以下|含\)|含）|满分|分别为|划分|分为")


def _grades_said(facts: Facts) -> list[tuple[Passage, re.Match[str]]]:
    """Where the prose says which grade the bureau gives itself; grades given by others do not count."""
    return [
        (passage, match)
        for passage in paragraphs(facts)
        for start, sentence in sentences(passage.plain)
        for match in GRADE.finditer(passage.plain, start, start + len(sentence))
        if not SCALE.search(sentence) and "被" not in match[0]
    ]


@once
def grade_without_score(facts: Facts) -> Iterator[Suspicion]:
    """A grade claimed where the year has no score, and grades that differ."""
    settings, said = facts.figures.year.settings, _grades_said(facts)
    grades = [
        *((settings.claimed_grade,) if settings.claimed_grade else ()),
        *(match["grade"] for _, match in said),
    ]
    places = tuple(passage.place(match.start(), match.end()) for passage, match in said)
    if len({grade[0] for grade in grades}) > 1:
        yield Suspicion(
            "grades",
            f"自评等次有{'、'.join(f'“{grade}”' for grade in dict.fromkeys(grades))}几种说法",
            "一份报告只有一个自评等次",
            "核对评分，改成一致",
            places=places,
        )
    scored = any(
        figure.value is not None and (figure.unit == "分" or "score" in figure.address)
        for figure in facts.figures.figures.values()
    ) or any(
        re.search(r"(?:得分|评分|总分|自评)[^，。；]{0,8}\d", passage.plain) for passage in paragraphs(facts)
    )
    if grades and not scored:
        yield Suspicion(
            "grade",
            f"自评等次为“{grades[0]}”，全年没有一个得分",
            "等次由得分换算，没有得分就没有依据",
            "按评价办法逐项打分，把得分填进 background.csv（代码 score）",
            places=places or (Place(_settings_file(facts), 0, settings.claimed_grade),),
        )


def _settings_file(facts: Facts) -> str:
    return f"data/{facts.figures.year.settings.year}/year.yml"


# -- headings

STYLES = (
    (re.compile(rf"第([{NUMERALS}]{{1,3}})(?:部分|章|篇)[、：:\s]?"), "第一部分"),
    (re.compile(rf"([{NUMERALS}]{{1,3}})、(?![{NUMERALS}])"), "一、"),
    (re.compile(rf"[（(]([{NUMERALS}]{{1,3}})[）)]"), "（一）"),
    (re.compile(r"(\d{1,2})[.．、](?!\d)"), "1."),
    (re.compile(r"[（(](\d{1,2})[）)]"), "（1）"),
    (re.compile(r"(\d{1,2})[）)]"), "1）"),
    (re.compile(r"([①-⑳])"), "①"),
)
"""How headings and items are numbered, the highest rank first."""


@dataclass(frozen=True)
class Numbered:
    """The number at the head of a heading, a paragraph or an item.

    Attributes
    ----------
    rank : int
        Index of its style; a higher style has a smaller one.
    number : int
        From 1.
    mark : str
        As written.
    position : int
        Where in the passage.
    """

    rank: int
    number: int
    mark: str
    position: int


def ordinal(text: str) -> int:
    """Number that 三, 十二, 二十, 3 or ③ stands for; 0 for what is none."""
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    tens, ten, ones = text.partition("十")
    digit = {sign: value for value, sign in enumerate(NUMERALS[:9], start=1)}
    if (len(tens) > 1) or len(ones) > 1 or (not ten and ones):
        return 0
    if not ten:
        return digit.get(tens, 0)
    return digit.get(tens, 1) * 10 + digit.get(ones, 0)


def _numbered(text: str, start: int = 0) -> Numbered | None:
    for rank, (pattern, _) in enumerate(STYLES):
        match = pattern.match(text, start)
        if match and ordinal(match[1]):
            return Numbered(rank, ordinal(match[1]), match[0], start)
    return None


def unnumbered(heading: str) -> str:
    """Words of a heading, without its number, spaces and final punctuation."""
    number = _numbered(heading)
    return re.sub(r"\s", "", heading[len(number.mark) if number else 0 :]).rstrip("。：:；;．.")


@once
def repeated_headings(facts: Facts) -> Iterator[Suspicion]:
    """Headings with the same words."""
    groups: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages(facts):
        words = unnumbered(passage.text)
        if passage.level == 1:
            groups.setdefault(("", words), []).append(passage)
        elif passage.level == 2:
            groups.setdefault((passage.narrative.name, words), []).append(passage)
    for (name, words), headings in groups.items():
        if len(headings) < 2 or not words:
            continue
        yield Suspicion(
            headings[0].subject(words) if name else f"chapters.{digest(words)}",
            f"标题“{_cut(words)}”用了{len(headings)}次：{'、'.join(f'“{_cut(h.text)}”' for h in headings)}",
            "两部分标题相同，读者分不清，多半有一个写错了" if not name else "同一部分里标题重复",
            "按各部分的内容改正标题，或者合并",
            places=tuple(heading.place(0, len(heading.text)) for heading in headings),
        )


# -- repetitions

REPEATED_PHRASE = re.compile(rf"([{CJK}]{{3,40}}?)\1")
REPEATED_WORD = re.compile(rf"([{CJK}])(?!\1)([{CJK}])\1\2")
REPEATED_ITEM = re.compile(rf"(?<![{CJK}])([{CJK}]{{2,20}})[、，]\1(?![{CJK}])")
REDUPLICATED = re.compile(
    r"[一逐]|(?:研究|讨论|商量|学习|了解|调查|考虑|许多|很多|好多|陆续|来回|反复|方方|点点|仔细|认真|全体)$"
)
REPEATED_PARTICLE = re.compile(
    r"(?<!目)的的(?!确)"
    r"|(?<![为除不])了了(?!解|结|然|之)"
    r"|(?<![但于凡还可只就也])是是(?!非)"
    r"|(?<![总共中饱缓温平柔饱谐附])和和(?!美|气|睦|平)"
    r"|(?<![存现实正所自])在在"
    r"|(?<![参给赋授寄])与与"
    r"|(?<![普涉波触顾提])及及(?!时|早|其)"
    r"|(?<![核比针应面反绝相校配查派])对对(?!象|口|策|应|照|比|接|待|于|外|手|方)"
    r"|(?<![作成认行因更以称视分定设较极颇尤最人改变化何])为为(?!民|人|困|群|了|何)"
    r"|(?<![即])将将|并并|从从(?!容)|被被(?!子|褥)|(?<=\d)(?:年年|月月|日日)(?=\d)"
)


def _repetitions(facts: Facts, text: str) -> Iterator[tuple[str, int, int]]:
    """What is written twice in a row: the words, start and end."""
    for match in REPEATED_PHRASE.finditer(text):
        if len(set(match[1])) > 1:
            yield match[1], match.start(), match.end()
    ends = tuple(programme.name for programme in facts.programmes)
    for match in REPEATED_WORD.finditer(text):
        word = match[1] + match[2]
        before = text[: match.start() + 2]
        named = any(before.endswith(name) for name in ends)
        if not REDUPLICATED.match(word) and not named:
            yield word, match.start(), match.end()
    for match in REPEATED_ITEM.finditer(text):
        yield match[1], match.start(), match.end()
    for match in REPEATED_PARTICLE.finditer(text):
        yield match[0][0], match.start(), match.end()


@once
def repeated_words(facts: Facts) -> Iterator[Suspicion]:
    """A phrase, a word, a particle or a unit written twice in a row, in the prose and in titles of documents."""
    for passage in passages(facts):
        for words, start, end in _repetitions(facts, passage.text):
            quoted = passage.around(start, end)
            yield _repeated(words, f"{passage.where}的“{quoted}”", passage.place(start, end))
        yield from _repeated_units(facts, passage)
    table = facts.figures.year.tables["documents"]
    for row in facts.rows("documents"):
        title = str(row.cells["title"] or "")
        for words, start, end in _repetitions(facts, title):
            left = max(start - 8, 0)
            quoted = title[left : end + 8]
            yield _repeated(words, f"文件标题里的“{quoted}”", Place(table.file, row.number, _cut(title, 60)))


def _repeated(words: str, where: str, place: Place) -> Suspicion:
    return Suspicion(
        f"twice.{digest(words)}",
        f"“{_cut(words)}”连着写了两遍：{where}",
        "多半是输入或粘贴时重复了",
        "删去重复的一处；文件原来的标题就是这样的，在检查说明里写明",
        places=(place,),
    )


def _repeated_units(facts: Facts, passage: Passage) -> Iterator[Suspicion]:
    """A unit typed after a figure that already shows it: 6219人 followed by 人."""
    positions = [match.start() for match in re.finditer(FIGURE, passage.text)]
    for position, name in zip(positions, passage.names, strict=True):
        figure = facts.figures.named(name)
        unit = figure.unit if figure is not None and figure.value is not None else ""
        following = passage.text[position + 1 :]
        if unit and following.startswith(unit) and not following[len(unit) :].startswith(("均", "口", "员")):
            yield Suspicion(
                passage.subject(f"{name}{unit}"),
                f"“{name}”后面又写了单位“{unit}”：“{passage.around(position, position + 1 + len(unit))}”",
                "引用的数字已经带着单位",
                f"删去正文里的“{unit}”",
                figures=(figure,) if figure else (),
                places=(passage.place(position, position + 1 + len(unit)),),
            )


LONG_CLAUSE = 16
LONG = 12


def _key(passage: Passage, start: int, text: str) -> str:
    """Text for comparison: numbers of items and spaces away, figures by name."""
    names = iter(passage.names[passage.text[:start].count(FIGURE) :])
    key = "".join(f"<{next(names)}>" if sign == FIGURE else sign for sign in text)
    key = re.sub(
        rf"^[{NUMERALS}]{{1,2}}[是要]|^（[{NUMERALS}\d]{{1,2}}）|^\d{{1,2}}[.、]", "", key.strip("　 “”")
    )
    return re.sub(r"\s", "", key).strip("，。；：！？")


def _length(text: str) -> int:
    return len(re.findall(rf"[{CJK}]", re.sub(r"<[^<>]*>|（[^（）]*）", "", text)))


@once
def repeated_sentences(facts: Facts) -> Iterator[Suspicion]:
    """Sentences and long clauses that stand in the report more than once, by the paragraphs that share them."""
    spots: dict[str, list[tuple[int, Passage, int, int]]] = {}
    whole: set[str] = set()
    for index, passage in enumerate(paragraphs(facts)):
        for start, sentence in sentences(passage.plain):
            key = _key(passage, start, sentence)
            if _length(key) >= LONG:
                spots.setdefault(key, []).append((index, passage, start, start + len(sentence)))
                whole.add(key)
            parts = list(clauses(sentence))
            for offset, clause in parts if len(parts) > 1 else ():
                part = _key(passage, start + offset, clause)
                if _length(part) >= LONG and "<" not in part:
                    spots.setdefault(part, []).append(
                        (index, passage, start + offset, start + offset + len(clause))
                    )
    groups: dict[tuple[int, ...], list[str]] = {}
    for key, found in spots.items():
        if len({(index, start) for index, _, start, _ in found}) > 1:
            groups.setdefault(tuple(index for index, *_ in found), []).append(key)
    for keys in groups.values():
        longest = max(keys, key=len)
        inside = [key for key in keys if key == longest or key not in longest]
        copied = any((key in whole or _length(key) >= LONG_CLAUSE) and "<" not in key for key in keys)
        places = [(passage, start, end) for _, passage, start, end in spots[longest]]
        first, start, end = places[0]
        yield Suspicion(
            f"copied.{digest(longest)}",
            f"{'、'.join(dict.fromkeys(p.where for p, *_ in places))}有相同的话：“{_cut(first.shown(start, end), 40)}”"
            + (f"等{len(inside)}处" if len(inside) > 1 else ""),
            "整句相同，多半是复制后没有改",
            "只留一处，另一处改成那一部分自己的内容",
            places=tuple(passage.place(start, end) for passage, start, end in places),
            severity=DOUBT if copied else HINT,
        )


# -- names of programmes

GENERIC = re.compile(
    r"(?:人员|职工|老职工|对象|救助|供养|保障|补助|补贴|生活|基本|资金|经费|工作|金|费|项目)$"
)
RENAMED = re.compile(r"(?:原|即|原称|简称|又称|俗称|称为|统称)[“（(\"]?(?:农村|城市|城镇)?$")


def core(name: str) -> str:
    """A programme's name without the words that any programme may have: 精减退职 of 精减退职职工生活补助."""
    while len(shorter := GENERIC.sub("", name)) >= 2 and shorter != name:
        name = shorter
    return name


def _related(facts: Facts, first: Programme, second: Programme) -> bool:
    """Whether one programme is part of the other, or both of one, or of different regions or fields."""

    def line(programme: Programme) -> set[str]:
        names = {programme.name}
        while programme.parent:
            programme = facts.figures.year.registries.programmes[programme.parent]
            names.add(programme.name)
        return names

    return bool(line(first) & line(second)) or first.region != second.region or first.area != second.area


def _named_in_tables(facts: Facts) -> dict[str, list[tuple[Programme, Place, str]]]:
    """Programmes in the tables of money and people, by family: each with its row and the table's title."""
    found: dict[str, list[tuple[Programme, Place, str]]] = {}
    for name in ("funds", "spending", "people"):
        data = facts.figures.year.tables[name]
        for row in data.rows:
            programme: Programme = row.cells["programme"]  # type: ignore[assignment]
            if programme.family:
                level = row.cells.get("level")
                where = f"{data.table.title}（{level}）" if level else data.table.title
                found.setdefault(programme.family, []).append(
                    (programme, Place(data.file, row.number, programme.name), where)
                )
    return found


def _named_in_prose(facts: Facts) -> dict[str, list[tuple[Passage, int]]]:
    """Where the prose uses each name of a programme, outside titles of documents and longer names."""
    names = {name for programme in facts.programmes for name in (programme.name, *programme.aliases)}
    names |= {core(name) for programme in facts.programmes if programme.aliases for name in _forms(programme)}
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    found: dict[str, list[tuple[Passage, int]]] = {}
    for passage in passages(facts):
        text = passage.plain
        for match in pattern.finditer(text) if names else ():
            if not RENAMED.search(text[max(match.start() - 8, 0) : match.start()]):
                found.setdefault(match[0], []).append((passage, match.start()))
    return found


def _forms(programme: Programme) -> tuple[str, ...]:
    return (programme.name, *programme.aliases)


@once
def two_names(facts: Facts) -> Iterator[Suspicion]:
    """A programme under several names, in the tables or in the prose; once by family."""
    found: dict[str, dict[str, tuple[Place, str]]] = {}
    for family, rows in _named_in_tables(facts).items():
        for programme, place, where in rows:
            if any(
                core(programme.name) != core(other.name)
                and not _related(facts, programme, other)
                and programme is not other
                for other, *_ in rows
            ):
                found.setdefault(family, {}).setdefault(programme.name, (place, where))
    prose = _named_in_prose(facts)
    for programme in facts.programmes:
        used = _used_names(facts, programme, prose)
        if len(used) > 1:
            known = found.setdefault(programme.family or programme.code, {})
            for name in used:
                passage, start = prose[name][0]
                known.setdefault(name, (passage.place(start, start + len(name)), passage.where))
    for subject, names in found.items():
        listed = "、".join(f"“{name}”（{where}）" for name, (_, where) in names.items())
        yield Suspicion(
            subject,
            f"同一类项目有几个名称：{listed}",
            "读者无法知道是不是同一笔钱、同一些人，合计时容易重复或遗漏",
            "是同一项目的统一成一个名称；不是的，在项目登记表的说明里写明区别",
            places=tuple(place for place, _ in names.values()),
        )


def _used_names(facts: Facts, programme: Programme, prose: dict[str, list[tuple[Passage, int]]]) -> list[str]:
    """Names of one programme that the prose uses side by side, shorthand that its parts bear excepted."""
    children = facts.children(programme)
    aliases = [alias for alias in programme.aliases if not any(alias in child.name for child in children)]
    literal = [name for name in (programme.name, *aliases) if name in prose]
    if not aliases:
        return []
    stems = [
        stem
        for form in (programme.name, *aliases)
        if form not in literal and len(stem := core(form)) >= 2 and stem in prose
    ]
    used: list[str] = []
    for name in (*literal, *stems):
        if not any(name in other or other in name for other in used):
            used.append(name)
    return used if any(name in alias for name in used for alias in aliases) else []


# -- document numbers

AGENCY_END = re.compile(r"(?<![印下转颁制签])(?:发|字|函|办|规|秘|通|电|预|社|综)$")
NUMBER_MARKS = re.compile(
    rf"(?P<agency>[{CJK}]{{0,14}}) ?(?P<open>[〔﹝［\[【（(〈<])\s?(?P<year>\d{{4}}|\d\d)(?P<nian>年?)\s?"
    rf"(?P<close>[〕﹞］\]】）)〉>])\s?(?P<ordinal>第?)\s?(?P<number>\d{{1,5}})(?!\d)\s?(?P<mark>号?)"
)
NO_BRACKETS = re.compile(
    rf"(?P<agency>[{CJK}]{{1,8}}(?<![印下转颁制签])[发字函办规秘])\s?[〔﹝［\[【]?(?P<year>(?:19|20)\d\d)(?P<nian>年?)"
    r"[〕﹞］\]】]?\s?[-—－]?\s?(?P<number>\d{1,5})号"
)
OTHER_NUMBER = re.compile(r"令|公告|法律|第\s?\d{1,5}\s?号|[A-Z]{2}")
PROPER = {"〔": "〕", "﹝": "﹞"}
CITED = re.compile(r"《([^《》]{4,120})》[^，。；：《》\d]{0,12}$")


@dataclass(frozen=True)
class DocumentNumber:
    """A document number as it stands somewhere.

    Attributes
    ----------
    text : str
        As written, with what precedes it.
    agency : str
        Last two characters of the issuer's code (机关代字); prose often runs on before them.
    year, number : int
    flaws : tuple of str
        What is wrong with its form, in Chinese.
    place : Place
    where : str
        For the sentence.
    title : str
        Of the document, when it is known.
    """

    text: str
    agency: str
    year: int
    number: int
    flaws: tuple[str, ...]
    place: Place
    where: str
    title: str = ""

    @property
    def proper(self) -> str:
        """As it should be written."""
        code = re.match(rf"[{CJK}]*", self.text)
        return f"{code[0] if code else self.agency}〔{self.year}〕{self.number}号"


def _number_flaws(match: re.Match[str], before: str) -> list[str]:
    groups = match.groupdict()
    if "open" not in groups:
        return ["年份没有用六角括号〔〕括起来"]
    flaws = []
    if PROPER.get(groups["open"]) != groups["close"]:
        flaws.append(f"年份用的是{groups['open']}{groups['close']}，应为六角括号〔〕")
    if len(groups["year"]) == 2:
        flaws.append("年份没有写全")
    if groups["nian"]:
        flaws.append("括号里多了“年”字")
    if groups["ordinal"]:
        flaws.append("顺序号前多了“第”字")
    if groups["number"].startswith("0"):
        flaws.append("顺序号前多了0")
    if not groups["mark"]:
        flaws.append("顺序号后没有“号”字")
    if not groups["agency"] and (not before or before[-1] in "（("):
        flaws.append("没有机关代字")
    return flaws


def _document_numbers(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Document numbers in a text with what is wrong with each."""
    taken = -1
    for match in NUMBER_MARKS.finditer(text):
        named = bool(AGENCY_END.search(match["agency"]))
        dated = bool(re.fullmatch(r"(?:19|20)\d\d", match["year"]))
        rounded = match["open"] in "（(〈<"
        if (rounded and not (named or (match["mark"] and dated and match["agency"]))) or not (
            dated or (named and match["mark"])
        ):
            continue
        taken = match.end()
        yield match, _number_flaws(match, text[: match.start()])
    for match in NO_BRACKETS.finditer(text):
        if match.start() >= taken or not NUMBER_MARKS.search(match[0]):
            yield match, _number_flaws(match, text[: match.start()])


def _cited_numbers(facts: Facts) -> Iterator[DocumentNumber]:
    """Every document number of the year, in the table and in the prose."""
    table = facts.figures.year.tables["documents"]
    for row in facts.rows("documents"):
        text = str(row.cells["number"] or "")
        for match, flaws in _document_numbers(text):
            place = Place(table.file, row.number, _cut(text, 60))
            yield _document_number(match, flaws, match[0], place, "政策文件表", str(row.cells["title"]))
    for passage in passages(facts):
        for match, flaws in _document_numbers(passage.text):
            title = CITED.search(passage.text[max(match.start() - 150, 0) : match.start("year") - 1])
            agency = re.sub(r"^.*(?:根据|按照|依据|印发|下发|的通知|文件|和|及)", "", match["agency"])
            written = agency + match[0][match[0].index(match["agency"]) + len(match["agency"]) :]
            place = passage.place(match.start(), match.end())
            yield _document_number(match, flaws, written, place, passage.where, title[1] if title else "")


def _document_number(
    match: re.Match[str], flaws: list[str], written: str, place: Place, where: str, title: str
) -> DocumentNumber:
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    return DocumentNumber(
        written.strip(),
        match["agency"][-2:],
        year,
        int(match["number"]),
        tuple(flaws),
        place,
        where,
        re.sub(r"[\s<>〈〉《》]", "", title),
    )


def _last_day(settings: Settings) -> datetime.date:
    """Day after which nothing that a report speaks of can have happened; an unsigned one may be of the next year."""
    return settings.report_date or datetime.date(settings.period_end.year + 1, 12, 31)


@once
def document_numbers(facts: Facts) -> Iterator[Suspicion]:
    """Form and year of document numbers; each number once, with all its places."""
    last = _last_day(facts.figures.year.settings)
    table = facts.figures.year.tables["documents"]
    stated = {row.number: row.cells["year"] for row in facts.rows("documents")}
    groups: dict[tuple[str, int, int], list[DocumentNumber]] = {}
    for cited in _cited_numbers(facts):
        groups.setdefault((cited.agency, cited.year, cited.number), []).append(cited)
    for (agency, year, number), cites in groups.items():
        flaws = list(dict.fromkeys(flaw for cited in cites for flaw in cited.flaws))
        severity = DOUBT
        rows = [cited.place.row for cited in cites if cited.place.file == table.file]
        years = [stated[row] for row in rows if stated[row] is not None]
        if year > last.year and not any(isinstance(y, int) and y > last.year for y in years):
            flaws.append(f"年份{year}在报告之后")
            severity = ERROR
        for other in dict.fromkeys(y for y in years if y != year):
            flaws.append(f"年份栏写的却是{other}")
            severity = ERROR
        if year < 1949:
            flaws.append(f"年份{year}不可能")
        if flaws:
            yield Suspicion(
                f"{year}_{number}.{digest(agency)}",
                f"文号“{_cut(cites[0].text)}”（{'、'.join(dict.fromkeys(c.where for c in cites))}）：{'；'.join(flaws)}",
                "文号由机关代字、六角括号里的四位年份和顺序号组成，不加“第”字，不编虚位"
                if severity == DOUBT
                else "报告不能引用以后的文件，同一文件也不会有两个年份",
                f"对照文件原件，改成“{_cut(cites[0].proper)}”这样的写法；原件就是这样的，在备注里写明"
                if severity == DOUBT
                else "对照文件原件改正",
                places=tuple(dict.fromkeys(cited.place for cited in cites)),
                severity=severity,
            )
    yield from _unreadable_numbers(facts)
    yield from _contradicting_numbers([cited for group in groups.values() for cited in group])


def _unreadable_numbers(facts: Facts) -> Iterator[Suspicion]:
    table = facts.figures.year.tables["documents"]
    for row in facts.rows("documents"):
        text = str(row.cells["number"] or "")
        if text and not any(True for _ in _document_numbers(text)) and not OTHER_NUMBER.search(text):
            yield Suspicion(
                f"form.{digest(text)}",
                f"文号写的是“{_cut(text)}”，认不出机关代字、年份和顺序号",
                "文号应当像“某民发〔2020〕5号”这样写",
                "对照文件原件改正；没有文号的留空",
                places=(Place(table.file, row.number, _cut(text, 60)),),
            )


def _contradicting_numbers(cited: list[DocumentNumber]) -> Iterator[Suspicion]:
    """One title with two numbers of one issuer: other years may be other documents of that title."""
    titles: dict[tuple[str, str], list[DocumentNumber]] = {}
    for one in cited:
        if one.title:
            titles.setdefault((one.title, one.agency), []).append(one)
    for (title, agency), cites in titles.items():
        numbers = {(one.year, one.number): one for one in cites}
        if len(numbers) < 2:
            continue
        years, orders = {year for year, _ in numbers}, {number for _, number in numbers}
        yield Suspicion(
            f"title.{digest(title + agency)}",
            f"《{_cut(title)}》有两个文号：{'、'.join(f'“{_cut(one.text)}”（{one.where}）' for one in numbers.values())}",
            "同一机关同一标题的文件只有一个文号",
            "对照文件原件改正；确是两个文件的，把标题写全",
            places=tuple(dict.fromkeys(one.place for one in cites)),
            severity=ERROR if len(years) == 1 or len(orders) == 1 else DOUBT,
        )


# -- numbering

ENUMERATIONS = (
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))([{NUMERALS}]{{1,2}})是(?!非)"), "一是"),
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))([{NUMERALS}]{{1,2}})要"), "一要"),
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))第([{NUMERALS}]{{1,2}})[，、：是]"), "第一，"),
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))其([{NUMERALS}])[，、：是]"), "其一，"),
    (re.compile(rf"(?<=[，。；：！？”》\s])（([{NUMERALS}]{{1,2}})）"), "（一）"),
    (re.compile(r"(?<=[，。；：！？”》\s])[（(](\d{1,2})[）)]"), "（1）"),
    (re.compile(r"([①-⑳])"), "①"),
)
"""Items inside a paragraph."""


@dataclass
class _Sequence:
    """Numbers of one style seen so far, each with the place; ``found`` collects the faults."""

    style: str
    seen: list[tuple[int, Passage, int, str]] = field(default_factory=list)

    def add(self, number: int, passage: Passage, position: int, mark: str) -> Iterator[Suspicion]:
        """Take the next number; a fault is reported with its predecessor."""
        entry = (number, passage, position, mark)
        previous = self.seen[-1] if self.seen else None
        anew = number == 1 and len(self.seen) > 1 and self.style != "标题"
        elsewhere = number == 1 and previous is not None and previous[1] is not passage and passage.level == 0
        if previous is None or anew or (elsewhere and self.style != "1."):
            self.seen = [entry]
            return
        numbers = [seen[0] for seen in self.seen]
        if len(numbers) == 1 and numbers[0] > 1 and number == numbers[0] + 1:
            yield _misnumbered(f"从“{previous[3]}”开始，前面没有“1”", self.seen[0], None)
        elif number in numbers:
            yield _misnumbered(f"“{mark}”用了两次", previous, entry)
        elif number > numbers[-1] + 1:
            yield _misnumbered(f"“{previous[3]}”之后就是“{mark}”，中间缺号", previous, entry)
        elif number < numbers[-1]:
            yield _misnumbered(f"“{previous[3]}”之后又是“{mark}”，顺序颠倒", previous, entry)
        self.seen.append(entry)


def _misnumbered(
    fault: str,
    first: tuple[int, Passage, int, str],
    second: tuple[int, Passage, int, str] | None,
) -> Suspicion:
    _, passage, position, mark = second or first
    return Suspicion(
        passage.subject(fault + passage.text[position : position + 12]),
        f"{passage.where}的序号{fault}：“{_cut(passage.shown(position, position + 20), 24)}”",
        "序号应当从一开始，一个接一个，不缺不重",
        "核对有没有漏掉或重复的内容，改正序号",
        places=tuple(
            one[1].place(one[2], one[2] + 16) for one in ((first, second) if second else (first,)) if one
        ),
    )


@once
def numbering(facts: Facts) -> Iterator[Suspicion]:
    """Gaps and repetitions in the numbers of chapters, sections, items and enumerations."""
    chapters: dict[int, _Sequence] = {}
    for passage in passages(facts):
        number = _numbered(passage.text) if passage.level == 1 else None
        if number:
            sequence = chapters.setdefault(number.rank, _Sequence("标题"))
            yield from sequence.add(number.number, passage, 0, number.mark)
    for of_chapter in by_chapter(facts):
        yield from _numbering_within([passage for passage in of_chapter if passage.level != 1])


def _numbering_within(of_chapter: list[Passage]) -> Iterator[Suspicion]:
    """Numbers below the title of a chapter: a number of higher rank lets the lower ones begin anew."""
    headings: dict[int, _Sequence] = {}
    items: dict[int, _Sequence] = {}
    inner: dict[str, _Sequence] = {}
    for passage in of_chapter:
        number = _numbered(passage.text.lstrip())
        if passage.level == 2:
            items, inner = {}, {}
            if number is None:
                headings = {}
                continue
            headings = {rank: sequence for rank, sequence in headings.items() if rank <= number.rank}
            sequence = headings.setdefault(number.rank, _Sequence("标题"))
            yield from sequence.add(number.number, passage, 0, number.mark)
            continue
        if number is not None:
            items = {rank: sequence for rank, sequence in items.items() if rank <= number.rank}
            sequence = items.setdefault(number.rank, _Sequence(STYLES[number.rank][1]))
            yield from sequence.add(number.number, passage, 0, number.mark)
        for pattern, style in ENUMERATIONS:
            for match in pattern.finditer(passage.text):
                if ordinal(match[1]) and not (number and match.start() == 0):
                    sequence = inner.setdefault(style, _Sequence(style))
                    yield from sequence.add(ordinal(match[1]), passage, match.start(), match[0])


# -- dates

DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20|21)\d\d)(?:\s?年(?P<whole>度?)(?:\s?(?P<month>\d{1,2})\s?月(?!龄)(?:\s?(?P<day>\d{1,2})\s?日)?)?"
    r"|(?P<mark>[.\-/])(?P<month2>\d{1,2})(?P=mark)(?P<day2>\d{1,2})(?!\d))"
)
MONTH_DAY = re.compile(
    r"(?<![\d年.])(?P<month>\d{1,2})\s?月(?!龄)(?:\s?(?P<day>\d{1,3})\s?日|(?=[底初份末]|[上中下]旬))"
)
YEARS = re.compile(r"(?:19|20|21)\d\d\s?年?\s?[—–~～至到-]+\s?(?:19|20|21)\d\d")
DONE = re.compile(r"已|了(?!解)|完成|累计|发放|支出|收到|下达|到位|实现|建成|共|开展|救助了|达到")
INTENDED = re.compile(
    r"将|拟|计划|规划|力争|目标|预计|争取|要|应|十[四五六]五|起(?:施行|执行|实施)|以前|之前|届时|有效期|期限|下一步|今后"
)
UP_TO = re.compile(r"(?:截[至止]到?|至|到|截至)$")
COMPARED = re.compile(
    r"比|较|同期|相比|以来|起|增长|结转|结余|上年|去年|历年|自|从|由|原|提前|跨年|补发|追溯|清算"
)


@dataclass(frozen=True)
class Named:
    """A date that the prose names.

    Attributes
    ----------
    year, month, day : int
        0 for what is not said.
    match : re.Match
    """

    year: int
    month: int
    day: int
    match: re.Match[str]

    @property
    def impossible(self) -> bool:
        """Whether no calendar has it."""
        if not self.month and not self.match.groupdict().get("month"):
            return False
        if not 1 <= self.month <= 12:
            return True
        written = self.match.groupdict()
        day_said = written.get("day") or written.get("day2")
        days = calendar.monthrange(self.year or 2000, self.month)[1]
        return bool(day_said) and not 1 <= self.day <= days

    def after(self, last: datetime.date) -> bool:
        """Whether all of it lies after a day."""
        return (self.year, self.month or 12, self.day or 31) > (last.year, last.month, last.day) and (
            (self.year, self.month or 1, self.day or 1) > (last.year, last.month, last.day)
        )


def _dates(text: str) -> Iterator[Named]:
    for match in DATE.finditer(text):
        month, day = match["month"] or match["month2"] or 0, match["day"] or match["day2"] or 0
        yield Named(int(match["year"]), int(month), int(day), match)
    for match in MONTH_DAY.finditer(text):
        yield Named(0, int(match["month"]), int(match["day"] or 0), match)


def _without_documents(passage: Passage) -> str:
    """Text in which titles and numbers of documents, and spans of years, are blanked at the same positions."""
    text = passage.plain
    for pattern in (NUMBER_MARKS, NO_BRACKETS, YEARS):
        text = pattern.sub(lambda match: "　" * len(match[0]), text)
    return text


@once
def dates(facts: Facts) -> Iterator[Suspicion]:
    """Dates that cannot be, lie after the report or belong to another year."""
    settings = facts.figures.year.settings
    years = [int(year) for line in settings.title for year in re.findall(r"((?:19|20|21)\d\d)\s?年", line)]
    spans = any(YEARS.search(line) for line in settings.title)
    if years and settings.year not in years and not spans:
        yield Suspicion(
            "title",
            f"报告标题写的是{years[0]}年：“{_cut(''.join(settings.title))}”",
            f"这是{settings.year}年度的报告",
            "改正 year.yml 的标题，或核对年度",
            places=(Place(_settings_file(facts), 0, "".join(settings.title)),),
            severity=ERROR,
        )
    for passage in passages(facts):
        text = _without_documents(passage)
        for start, sentence in sentences(text):
            named = list(_dates(sentence))
            for date in named:
                found = _date_fault(settings, passage, sentence, date, named)
                if found:
                    fault, severity, why = found
                    begin, end = start + date.match.start(), start + date.match.end()
                    yield Suspicion(
                        passage.subject(date.match[0] + fault),
                        f"{passage.where}的“{passage.around(begin, end, 12)}”：{fault}",
                        why,
                        "核对日期，改正；确是另一年的事，在句子里说明与本年度的关系",
                        places=(passage.place(begin, end),),
                        severity=severity,
                    )
        yield from _evaluated_year(settings, passage)


def _date_fault(
    settings: Settings, passage: Passage, sentence: str, date: Named, named: list[Named]
) -> tuple[str, str, str] | None:
    """What is wrong with a date, how grave it is and why."""
    before = sentence[: date.match.start()]
    after = sentence[date.match.end() :]
    if date.impossible:
        return f"没有“{date.match[0]}”这一天", ERROR, "日历上没有这个日期"
    if (date.month, date.day) == (2, 29) and not date.year and not calendar.isleap(settings.year):
        return f"{settings.year}年没有2月29日", DOUBT, "只有闰年才有2月29日"
    if date.year and date.after(_last_day(settings)):
        return _future(date, passage, sentence, before, after)
    ending = UP_TO.search(before) and re.match(r"底|末|年底", after) or (UP_TO.search(before) and date.day)
    has_figures = FIGURE in sentence
    if ending and has_figures and date.month and passage.level == 0:
        year = date.year or settings.year
        if (year, date.month) != (settings.period_end.year, settings.period_end.month) and not any(
            (other.year, other.month) == (settings.period_end.year, settings.period_end.month)
            for other in named
        ):
            cumulated = re.search(r"累计|月均|全年|共", sentence)
            if year != settings.year:
                return "与本年度的截止日期不同", DOUBT, f"本年度的截止日期是{settings.period_end}"
            if cumulated:
                return "早于本年度的截止日期", HINT, f"全年的数字应当到{settings.period_end}为止"
    return _other_year(settings, passage, sentence, date, named)


def _future(
    date: Named, passage: Passage, sentence: str, before: str, after: str
) -> tuple[str, str, str] | None:
    planned = (
        bool(INTENDED.search(sentence))
        or after.startswith(("前", "底前", "末前"))
        or (bool(re.search(r"(?<!截)[到至]$", before)) and FIGURE not in sentence)
        or PLANNED_SECTION.search(passage.narrative.sections[passage.section].heading)
        or PLANNED_SECTION.search(passage.narrative.title)
    )
    if planned:
        return None
    done = bool(DONE.search(sentence)) or FIGURE in sentence
    severity = ERROR if done and passage.level == 0 else DOUBT
    return f"{date.year}年在报告之后", severity, "报告里已经做了的事不会在报告以后"


def _other_year(
    settings: Settings, passage: Passage, sentence: str, date: Named, named: list[Named]
) -> tuple[str, str, str] | None:
    """A year other than the fiscal one, where the fiscal one is to be expected."""
    if not date.year or date.year == settings.year or any(d.year == settings.year for d in named):
        return None
    if PLANNED_SECTION.search(sentence) or INTENDED.search(sentence) or COMPARED.search(sentence):
        return None
    why = f"这是{settings.year}年度的报告"
    if passage.level:
        return f"标题写的是{date.year}年", DOUBT, why
    clause = next(
        (
            (offset, clause)
            for offset, clause in clauses(sentence)
            if offset <= date.match.start() < offset + len(clause)
        ),
        None,
    )
    if clause is None or date.month or abs(date.year - settings.year) != 1:
        return None
    opening = sentence[clause[0] : date.match.start()].strip()
    following = sentence[date.match.end() :]
    whole = re.match(
        r"(?:度|全年|[，,]|全[县市区]|我[县市区局]|县本级|共|累计|县|市|上级|中央|省)", following
    )
    if opening in {"", "至", "截至", "在"} and (whole or date.match.groupdict().get("whole")):
        if FIGURE in sentence:
            return f"用{date.year}年的名义写了本年度的数字", DOUBT, why
    return None


EVALUATED = re.compile(r"((?:19|20|21)\d\d)\s?年度?[^。；，《》]{0,24}(?:自评|绩效评价)")


def _evaluated_year(settings: Settings, passage: Passage) -> Iterator[Suspicion]:
    """Sentences, and titles of the notices that ask for the evaluation, with another year than the evaluated one."""
    for start, sentence in sentences(passage.text):
        if passage.level or str(settings.year) in sentence or PLAN.search(sentence):
            continue
        for match in EVALUATED.finditer(sentence):
            year, quoted = int(match[1]), "《" in sentence[: match.start()].rpartition("》")[2]
            yearly = "年度" in match[0]
            if abs(year - settings.year) != 1 or (quoted and (not yearly or year > settings.year)):
                continue
            begin, end = start + match.start(), start + match.end()
            yield Suspicion(
                passage.subject(match[0]),
                f"{passage.where}说的是{year}年的评价：“{passage.around(begin, end, 6)}”",
                f"这份报告评价的是{settings.year}年度",
                "核对年度，改正；确是引用另一年的文件，不必改",
                places=(passage.place(begin, end),),
                severity=HINT if quoted else DOUBT,
            )


@once
def report_and_documents(facts: Facts) -> Iterator[Suspicion]:
    """Documents dated after the report, and a report long after its year."""
    settings = facts.figures.year.settings
    last, table = _last_day(settings), facts.figures.year.tables["documents"]
    for row in facts.rows("documents"):
        year = row.cells["year"]
        if isinstance(year, int) and year > last.year:
            title, issuer = str(row.cells["title"]), str(row.cells["issuer"])
            yield Suspicion(
                f"document.{digest(issuer + title)}",
                f"《{_cut(title)}》的年份是{year}年，晚于报告（{settings.report_date or '还没有签发'}）",
                "报告不能引用以后的文件",
                "对照文件原件改正年份",
                places=(Place(table.file, row.number, f"{_cut(title)} {year}"),),
            )
    end = settings.period_end
    if settings.report_date and settings.report_date > end.replace(year=end.year + 1, day=28):
        yield Suspicion(
            "late",
            f"报告日期{settings.report_date}，比截止日期{end}晚了一年以上",
            "自评一般在下一年春季完成，晚这么多多半是年份写错",
            "核对报告日期",
            places=(Place(_settings_file(facts), 0, str(settings.report_date)),),
            severity=HINT,
        )


# -- punctuation

SIDE = f"{CJK}{FIGURE}”’》）】〕…％%"
HALF_WIDTH = re.compile(
    rf"(?<=[{SIDE}])[,;:?!](?!//)|[,;:?!](?=[{CJK}{FIGURE}“《（])|(?<=[{SIDE}])\.(?![A-Za-z0-9])"
    rf"|(?<=[{SIDE}])\((?=[{CJK}{FIGURE}\d])|\((?=[{CJK}{FIGURE}])|(?<=[{SIDE}])\)|(?<=[{CJK}])\"|\"(?=[{CJK}])"
    rf"|<(?=[{CJK}])|(?<=[{CJK}])>"
)
FULL = {
    ",": "，",
    ";": "；",
    ":": "：",
    "?": "？",
    "!": "！",
    ".": "。",
    "(": "（",
    ")": "）",
    '"': "“”",
    "<": "〈",
    ">": "〉",
}


@once
def half_width(facts: Facts) -> Iterator[Suspicion]:
    """Half-width punctuation in Chinese text, once a paragraph."""
    for passage in passages(facts):
        text = passage.text
        for match, _ in _document_numbers(text):
            begin = match.start("year") - 1
            text = text[:begin] + "　" * (match.end() - begin) + text[match.end() :]
        marks = list(HALF_WIDTH.finditer(text))
        if not marks:
            continue
        spots = [passage.around(mark.start(), mark.end(), 4).strip("…") for mark in marks[:5]]
        signs = "、".join(f"{sign}（应为{FULL[sign]}）" for sign in dict.fromkeys(m[0] for m in marks))
        yield Suspicion(
            passage.subject("\n".join(text[max(m.start() - 3, 0) : m.end() + 3] for m in marks)),
            f"{passage.where}有{len(marks)}处半角标点{signs}：{'、'.join(f'“{spot}”' for spot in spots)}",
            "汉语文句里用全角标点",
            "改成全角标点",
            places=(passage.place(marks[0].start(), marks[0].end()),),
        )


PAIRS = {
    "《": "》",
    "〈": "〉",
    "“": "”",
    "‘": "’",
    "（": "）",
    "(": ")",
    "〔": "〕",
    "【": "】",
    "［": "］",
    "[": "]",
    "「": "」",
}
OPENING = {closing: opening for opening, closing in PAIRS.items()}
SAME_KIND = {"(": "（", "[": "［"}
DOUBLED = re.compile(r"[，。；：、,]{2,}|[，。；：、]\s+[，。；：、]|(?<=[（《“])[，。；：、]|[（《“][）》”]")


def _kind(opening: str) -> str:
    return SAME_KIND.get(opening, opening)


def _pair_faults(text: str) -> Iterator[tuple[int, str]]:
    """Brackets and quotation marks without their other half, crossing or of mixed width."""
    waiting: list[tuple[int, str]] = []
    for position, sign in enumerate(text):
        if sign in PAIRS:
            waiting.append((position, sign))
        elif sign in OPENING:
            kind = _kind(OPENING[sign])
            partners = [index for index, (_, opening) in enumerate(waiting) if _kind(opening) == kind]
            if not partners:
                numbered = re.search(rf"(?:^|[，。；：、\s])[\d{NUMERALS}A-Za-z]{{1,2}}$", text[:position])
                apostrophe = sign == "’" and text[:position][-1:].isascii()
                if not (numbered and sign in "）)") and not apostrophe:
                    yield position, f"“{sign}”没有左边的一半"
                continue
            begin, opening = waiting.pop(partners[-1])
            if PAIRS[opening] != sign:
                yield begin, f"“{opening}”与“{sign}”一个半角一个全角"
            elif partners[-1] != len(waiting):
                yield begin, f"“{opening}{sign}”与别的符号交叉"
    for position, opening in waiting:
        yield position, f"“{opening}”没有右边的一半"
    if text.count('"') % 2:
        yield text.rindex('"'), "引号不成对"


@once
def unpaired(facts: Facts) -> Iterator[Suspicion]:
    """Marks that lack their partner, and marks in a row that cannot stand together."""
    for passage in passages(facts):
        text = passage.text
        for match, flaws in _document_numbers(text):
            if flaws:
                begin = match.start("year") - 1
                text = text[:begin] + "　" * (match.end() - begin) + text[match.end() :]
        faults = [
            *_pair_faults(text),
            *((match.start(), f"标点“{match[0]}”不能连用") for match in DOUBLED.finditer(text)),
        ]
        for position, fault in faults:
            yield Suspicion(
                passage.subject(fault + text[max(position - 4, 0) : position + 5]),
                f"{passage.where}的{fault}：“{passage.around(position, position + 1)}”",
                "括号、引号、书名号成对使用，点号不重叠",
                "补上或删去",
                places=(passage.place(position, position + 1),),
            )


# -- unfinished text

ENDED = "。！？；：”’）)》…—.!?;:"
CONJUNCTION = re.compile(
    r"(?:以及|并且|而且|但是|因为|由于|如果|虽然|不仅|通过|根据|按照|(?<![参给赋授])与|(?<![总共中饱缓温平柔谐])和|(?<![普涉波])及|(?<!目)的|或者?)。?$"
)
WHOLE_SENTENCE = 16


@once
def unfinished(facts: Facts) -> Iterator[Suspicion]:
    """Paragraphs that break off or lack the mark at their end."""
    for of_chapter in by_chapter(facts):
        for index, passage in enumerate(of_chapter):
            following = of_chapter[index + 1] if index + 1 < len(of_chapter) else None
            if passage.level == 0 and (fault := _unfinished(passage, following, of_chapter)):
                what, severity = fault
                length = len(passage.text)
                yield Suspicion(
                    passage.subject(passage.text[:12] + passage.text[-24:]),
                    f"{passage.where}有一段{what}：“…{passage.shown(max(length - 20, 0))}”",
                    "句子没有写完" if severity == DOUBT else "陈述句末尾用句号",
                    "补完这句话" if severity == DOUBT else "补上句号；后面还有内容的，补全",
                    places=(passage.place(max(length - 24, 0), length),),
                    severity=severity,
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
    last = following is None or (following.level == 2 and _same_rank(passage, following))
    if text.endswith(("：", ":")) and last and passage.narrative.title:
        return "以冒号结束，后面没有内容", DOUBT
    if text.endswith(("；", ";")) and last:
        return "以分号结束，后面没有内容", HINT
    if text[-1] in ENDED and not (text[-1] in "”》" and len(text) >= WHOLE_SENTENCE and not _stopped(text)):
        return None
    marked = len(text) >= WHOLE_SENTENCE and re.search(r"[，；。：]", text)
    sibling = _numbered(text) and any(
        other.level == 0
        and other.section == passage.section
        and other is not passage
        and _numbered(other.text)
        and other.text.rstrip().endswith("。")
        for other in of_chapter
    )
    return ("末尾没有句号", HINT) if marked or sibling or len(text) > 40 else None


def _stopped(text: str) -> bool:
    """Whether a paragraph that ends with a closing mark has its full stop inside it, or is a list of titles."""
    return bool(re.search(r"[。！？…][”》）]+$", text)) or not re.search(r"[，；。]", text)


def _same_rank(passage: Passage, following: Passage) -> bool:
    """Whether the next heading is no lower than the one that the paragraph stands under."""
    own = _numbered(passage.narrative.sections[passage.section].heading)
    other = _numbered(following.text)
    return own is not None and (other is None or other.rank <= own.rank)


PLACEHOLDER = re.compile(
    r"[XxＸｘ]{2,}|×{2,}|×(?=[年月日县市区乡镇村号元人户个])|\*{2,}|_{2,}|＿{2,}|[□○●]{2,}|□|某某"
    r"|(?<![等有])待(?:补充|补(?![发助贴缴交偿])|填|定(?![向点期岗额]))|[（(](?:此处|略|待)[^（）()]{0,12}[）)]|[？?]{2,}|TODO|TBD"
)
ELLIPSIS = re.compile(r"…{1,}|\.{3,}|。{3,}")


@once
def empty_or_placeholder(facts: Facts) -> Iterator[Suspicion]:
    """Headings with nothing below, and marks that were to be replaced by text."""
    yield from _empty(facts)
    final = facts.figures.year.settings.status == FINAL
    for passage in passages(facts):
        for pattern, sure in ((PLACEHOLDER, True), (ELLIPSIS, False)):
            for match in pattern.finditer(passage.text if sure else passage.plain):
                yield Suspicion(
                    passage.subject(match[0] + passage.text[max(match.start() - 6, 0) : match.end() + 6]),
                    f"{passage.where}有“{match[0][:6]}”：“{passage.around(match.start(), match.end())}”",
                    "像是等着填写的空白" if sure else "像是没有写完",
                    "填上内容，或删去",
                    places=(passage.place(match.start(), match.end()),),
                    severity=ERROR if final and sure else DOUBT,
                )


def _empty(facts: Facts) -> Iterator[Suspicion]:
    for own in by_chapter(facts):
        for index, passage in enumerate(own):
            following = own[index + 1] if index + 1 < len(own) else None
            if not passage.level or (following is not None and following.level == 0):
                continue
            if following is not None and (passage.level == 1 or not _same_rank(passage, following)):
                continue
            yield Suspicion(
                passage.subject(passage.text),
                f"标题“{_cut(passage.text)}”下面没有内容",
                "有标题就应当有内容",
                "补上内容；没有的写“无”，不需要的删去标题",
                places=(passage.place(0, len(passage.text)),),
                severity=HINT
                if passage.text.endswith("。") and len(passage.text) >= WHOLE_SENTENCE
                else DOUBT,
            )


RULES = (
    Rule(
        "P1",
        "正文的数字引用各表",
        "正文里直接写的数字，与各表的数字",
        "除日期、文号、序号和登记的名称以外，数字都写成引用；有数字相同的，指出名称",
        "无",
        "日期、文号、序号；登记在 data/reference/terms.csv 的名称；不足十的汉字数",
        DOUBT,
        HOUSE_RULE,
        typed_digits,
    ),
    Rule(
        "P2",
        "满意度、知晓率和成效有数字",
        "正文对满意度、知晓率、提高和改善的评价，与它引用的数字",
        "满意度、知晓率的评价，全文没有一处给出数字的是疑点；提高、改善、成效显著等评价，本句没有数字的是提示；一句一条",
        "无",
        "计划、要求和目的；说不足的话；标题；写建议和下一步工作的部分",
        DOUBT,
        f"财预〔2020〕10号《项目支出绩效评价管理办法》（满意度为评价指标）；{HOUSE_RULE}",
        unmeasured_claims,
    ),
    Rule(
        "G9",
        "自评等次有得分",
        "year.yml 和正文的自评等次，与得分",
        "写了等次就应当有得分；几处写的等次相同",
        "无",
        "上级评定的等次；说明评分办法的句子",
        DOUBT,
        "财预〔2020〕10号《项目支出绩效评价管理办法》：评价结果采取评分和评级相结合",
        grade_without_score,
    ),
    Rule(
        "P3",
        "标题不重复",
        "各部分的标题，同一部分里的小标题",
        "去掉序号后相同",
        "无",
        "不同部分里相同的小标题（如各项目都有“资金到位情况”）",
        DOUBT,
        HOUSE_RULE,
        repeated_headings,
    ),
    Rule(
        "P4",
        "字词不重复",
        "紧接着写了两遍的词语、虚词、单位；政策文件的标题也看",
        "三个字以上的词语、两个字的词、“的的”一类虚词、引用的数字后面又写的单位",
        "无",
        "叠词（研究研究、一户一户、实实在在）；前一个字属于上一个词的（目的的、为了了解、参与与）",
        DOUBT,
        HOUSE_RULE,
        repeated_words,
    ),
    Rule(
        "P5",
        "句子不重复",
        "全文的句子和长分句两两比较",
        f"{LONG}个字以上的句子、{LONG_CLAUSE}个字以上的分句相同的是疑点；较短的分句、带数字的句子是提示",
        "序号、空格和末尾标点不计",
        "文件标题；引用的数字不同的",
        DOUBT,
        HOUSE_RULE,
        repeated_sentences,
    ),
    Rule(
        "P6",
        "一个项目一个名称",
        "同一类别的项目在资金、支出、保障对象各表的名称；正文用的项目名称和又称",
        "去掉资金、经费、补助等通用的词以后仍不相同",
        "无",
        "上级项目与下级项目，城市与农村，不同领域；下级项目名称里用的简称（城市低保的“低保”）；文件标题里的；写明“原”“即”“简称”的",
        HINT,
        HOUSE_RULE,
        two_names,
    ),
    Rule(
        "G10",
        "文号写法正确",
        "政策文件表和正文里的文号",
        "机关代字〔四位年份〕顺序号号，不加“第”，不编虚位；年份不晚于报告，与年份栏一致；同一文件的文号处处相同",
        "没有签发的报告可以引用下一年的文件",
        "令、公告、法律的序号（国务院令第649号）",
        DOUBT,
        DOCUMENT_FORMAT,
        document_numbers,
    ),
    Rule(
        "P7",
        "序号不缺不重",
        "各部分、小标题、段落和段落里面的序号",
        "从一开始，依次加一",
        "无",
        "只有一个序号的；换了小标题以后重新开始的",
        DOUBT,
        HOUSE_RULE,
        numbering,
    ),
    Rule(
        "P8",
        "日期在本年度以内",
        "正文、标题里的日期，与年度、截止日期、报告日期",
        "日历上没有的日期、报告以后已经做了的事、报告标题写了另一年是错误；以另一年的名义写本年度的数字、截止日期不同是疑点",
        "没有签发的报告，下一年之内的日期不算在报告以后",
        "文件的标题和文号；计划、规划；与上年比较、结转、以来、起",
        DOUBT,
        HOUSE_RULE,
        dates,
    ),
    Rule(
        "G8",
        "截止日期、文件都不晚于报告",
        "截止日期、报告日期、政策文件的年份",
        "截止日期≤报告日期（读入时检查）；文件年份≤报告年份；报告日期在截止日期以后12个月以内",
        "没有签发的报告可以引用下一年的文件",
        "没有年份的文件",
        ERROR,
        "先有文件后有引用的时间顺序",
        report_and_documents,
    ),
    Rule(
        "P9",
        "中文用全角标点",
        '汉字之间、汉字前后的 , ; : ? ! . ( ) " < >',
        "一段一条",
        "无",
        "数字里面的逗号和小数点、序号后面的点、网址和外文",
        HINT,
        PUNCTUATION,
        half_width,
    ),
    Rule(
        "P10",
        "标点成对、不重叠",
        "一段里的括号、引号、书名号；连着的点号",
        "左右成对、不交叉、同为全角；点号不连用",
        "无",
        "“1）”这样的序号",
        DOUBT,
        PUNCTUATION,
        unpaired,
    ),
    Rule(
        "P11",
        "句子写完整",
        "每段的开头和末尾",
        "以逗号、顿号、连词结束，或以冒号结束而后面没有内容的是疑点；末尾没有句号的是提示",
        "无",
        "标题、署名和短的条目",
        DOUBT,
        PUNCTUATION,
        unfinished,
    ),
    Rule(
        "P12",
        "没有空白和待填的内容",
        "没有内容的标题；XX、××、____、待补、省略号等",
        "出现就是疑点；数据状态为“最终”的，待填的符号是错误",
        "无",
        "下面还有下一级标题的标题",
        DOUBT,
        HOUSE_RULE,
        empty_or_placeholder,
    ),
)
