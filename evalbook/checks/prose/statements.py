"""What the prose says without a figure: numbers in words, satisfaction and improvement claimed, a grade without a score."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, HINT, Place, Suspicion, rule
from evalbook.checks.prose.passages import (
    FIGURE,
    HOUSE_RULE,
    TITLES,
    Passage,
    blank,
    clauses,
    once,
    paragraphs,
    passages,
    sentences,
    shortened,
)
from evalbook.schema.numbers import NUMERALS
from evalbook.schema.typed import typed_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure

CHINESE_NUMBER = re.compile(
    rf"百分之[{NUMERALS}百零〇两点]{{1,8}}"
    rf"|(?<![第{NUMERALS}百千万零〇两几数])(?=[{NUMERALS}两][{NUMERALS}百千万亿零〇两]{{1,12}}[余多]?(?:人|户|元|万元|亿元))"
    rf"[{NUMERALS}两零〇]{{0,3}}[十百千万亿][{NUMERALS}百千万亿零〇两]{{0,12}}[余多]?(?:人次|户次|人|户|元)"
)
"""Numbers of people or money, and percentages, in Chinese characters: 百分之九十五, 三千二百人."""


def _has_number(facts: Facts, text: str) -> bool:
    return (
        FIGURE in text
        or bool(_in_words(text))
        or any(typed_numbers(text.replace(FIGURE, ""), facts.figures.year.names))
    )


def _in_words(text: str) -> list[str]:
    """Numbers that the text writes in Chinese characters, each once."""
    return list(dict.fromkeys(match[0] for match in CHINESE_NUMBER.finditer(TITLES.sub(blank, text))))


@rule(
    "P1", "正文的汉字数字引用各表", compares="正文里用汉字写的人数、户数、金额和百分比",
    formula="写成引用，才查得到出处；用阿拉伯数字写的，另列在“没有挂接的数字”里", tolerance="无",
    exceptions="文件标题；不足十的汉字数", severity=DOUBT, source=HOUSE_RULE,
    look_up="台账、数据表", ask="这个数出自哪张表", since="2026-11-24",
)  # fmt: skip
@once
def numbers_in_words(facts: Facts) -> Iterator[Suspicion]:
    """Numbers of people and money in Chinese characters; those in digits are listed by themselves."""
    for passage in passages(facts):
        numbers = _in_words(passage.text)
        if numbers:
            start = passage.text.find(numbers[0])
            end = start + len(numbers[0])
            yield passage.suspected("\n".join(numbers), start, end).told(
                f"{passage.where}直接写了数字{'、'.join(f'“{number}”' for number in numbers[:2])}："
                f"“{passage.around(start, end)}”",
                "正文的数字没有引用各表，查不到出处，表里改了正文也不会跟着改",
                "把数字填进表里再引用；不是统计数字的，在检查说明里写明",
                *([f"还有{'、'.join(f'“{number}”' for number in numbers[2:8])}"] if numbers[2:] else []),
            )


PLANNED_SECTION = re.compile(r"建议|下一步|下步|今后|打算|工作计划|思路|改进|整改措施|努力方向")
PLAN = re.compile(
    r"下一步|下步|今后|明年|来年|拟(?!定)|打算|力争|建议|希望|必须|应当|应该|仍需|还需|请求|有待|(?:^|[，；：])(?:要|应|需)"
    r"|将(?:继续|进一步|不断|着力|加强|加大|努力|严格|认真|积极|切实|全力|会|按|持续|全面|扎实|深入|逐步|力)"
)
"""Words after which the rest of a sentence says what is to be done, not what was done."""

PURPOSE = re.compile(
    r"计划|争取|努力|是否|目标|目的|旨在|以期|以便|确保|需要|要求|^为(?:进一步|了|更好|切实|不断|全面|确保|贯彻|加强|提高|做好|保障|有效|规范|着力)"
)
"""Words that make a clause one of purpose or demand."""

NEGATED = re.compile(
    r"(?:不|没有|未|缺乏|欠)(?:够|太|是很|很)?[^，。；]{0,4}(?:高|满意|提高|提升|改善|明显|显著|理想|到位)|偏低|较低|不足|影响了"
)
RAISED = r"提高|提升|上升|增强|增加|改善|扩大|好转"
VERDICT = rf"{RAISED}|高|良好|很好|较好|优秀|达标|理想|普遍|显著|明显|前列|第一|领先"
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
        any(word in name for name in passage.names)
        or any(word in clause and _has_number(facts, clause) for _, clause in clauses(passage.plain))
        for passage in paragraphs(facts)
    )


def _survey(facts: Facts, word: str) -> Figure | None:
    figures = facts.figures.figures.values()
    return next((f for f in figures if word in f.label and f.value is not None), None)


@rule(
    "P2", "满意度、知晓率和成效有数字", compares="正文对满意度、知晓率、提高和改善的评价，与它引用的数字",
    formula="满意度、知晓率的评价，全文没有一处给出数字的是疑点；提高、改善、成效显著等评价，本句没有数字的是提示；一句一条",
    tolerance="无", exceptions="计划、要求和目的；说不足的话；标题；写建议和下一步工作的部分", severity=DOUBT,
    source=f"财预〔2020〕10号《项目支出绩效评价管理办法》（满意度为评价指标）；{HOUSE_RULE}",
    look_up="问卷和统计结果、考核文件", ask="有没有调查，结果是多少", since="2026-11-24",
)  # fmt: skip
@once
def unmeasured_claims(facts: Facts) -> Iterator[Suspicion]:
    """Satisfaction, awareness and improvement claimed without a figure; each sentence once."""
    surveyed = [
        (pattern, word)
        for pattern, word in ((SATISFACTION, "满意"), (AWARENESS, "知晓"))
        if not _measured(facts, word)
    ]
    for passage in paragraphs(facts):
        section = passage.narrative.sections[passage.section].heading
        if PLANNED_SECTION.search(section or passage.narrative.title):
            continue
        said: dict[str, list[tuple[int, str, str]]] = {}
        for pattern, word in surveyed:
            for position, words, sentence in _claims(pattern, passage):
                said.setdefault(sentence, []).append((position, words, word))
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
    suspected = passage.suspected(sentence, start, end, DOUBT if kinds else HINT)
    return replace(suspected, figures=figures).told(
        f"{passage.where}说{'、'.join(f'“{shortened(w, 20)}”' for w in words[:2])}，没有数字",
        "满意度、知晓率是调查得出的百分比，没有数字无法核实" if kinds else "是评价，没有可以核实的数字",
        f"引用表里的 {{figure}}`{figures[0].label}`"
        if figures
        else "补上调查的百分比和样本数，登记到 actions.csv 再引用；没有调查的删去这句评价"
        if kinds
        else "补上能说明变化的数字（如比上年增减多少），或者改成事实",
        *([f"还有{'、'.join(f'“{shortened(w)}”' for w in words[2:6])}"] if words[2:] else []),
    )


GRADES = "优秀|优|良好|良|中等|中|合格|一般|较差|差|不合格"
GRADE = re.compile(
    r"(?:自评|等次|等级|评价|评定|评审)"
    r"(?:[^。；，、]{0,14}(?<!分)(?:为|是|达到|获得|列入|：)|(?<=等次)|(?<=等级))"
    rf"[“\"‘]?(?P<grade>{GRADES})[”\"’]?(?=等次|等级|级|档次|档|$|[，。；、）])"
)
GIVEN = re.compile(r"被|授予|获评|荣获|[厅局府委]评定")
SCALE = re.compile(r"以上|以下|含\)|含）|满分|分别为|划分|分为")
SCORE = re.compile(r"(?:得分|评分|总分|自评)[^，。；]{0,8}\d")


def _grades_said(facts: Facts) -> list[tuple[Passage, re.Match[str]]]:
    """Where the prose says which grade the bureau gives itself; grades given by others do not count."""
    return [
        (passage, match)
        for passage in paragraphs(facts)
        for start, sentence in sentences(passage.plain)
        for match in GRADE.finditer(passage.plain, start, start + len(sentence))
        if not SCALE.search(sentence) and not GIVEN.search(passage.plain, start, match.start("grade"))
    ]


@dataclass(frozen=True)
class Claim:
    """The grade that a report gives itself.

    Attributes
    ----------
    grade : str
        Several, with 、 between them, where the prose gives several; empty where there is none.
    places : tuple of Place
        Where it is stated.
    """

    grade: str
    places: tuple[Place, ...]


def claim(facts: Facts) -> Claim:
    """What grade a report gives itself: the one of ``year.yml``, else what its prose says.

    Parameters
    ----------
    facts
        Of the year. Prose that nobody has confirmed may still be the year before's, and claims nothing.
    """
    if stated := facts.figures.year.settings.claimed_grade:
        return Claim(stated, (Place(settings_file(facts), 0, f"自评等次：{stated}"),))
    said = [(passage, match) for passage, match in _grades_said(facts) if not passage.narrative.pending]
    return Claim("、".join(_each_once(match["grade"] for _, match in said)), _places(said))


def _each_once(grades: Iterable[str]) -> list[str]:
    """Grades, 优 and 优秀 being the same."""
    return list({grade[0]: grade for grade in grades}.values())


def _places(said: Iterable[tuple[Passage, re.Match[str]]]) -> tuple[Place, ...]:
    return tuple(passage.place(match.start(), match.end()) for passage, match in said)


@rule(
    "G9", "自评等次有得分", compares="year.yml 和正文的自评等次，与得分",
    formula="写了等次就应当有得分；year.yml 和正文写的是同一个等次", tolerance="无",
    exceptions="上级评定的等次；说明评分办法的句子", severity=DOUBT,
    source="财预〔2020〕10号《项目支出绩效评价管理办法》：评价结果采取评分和评级相结合",
    look_up="自评表、评分底稿", ask="自评多少分，凭什么评为这个等次", since="2026-11-24",
)  # fmt: skip
@once
def grade_without_score(facts: Facts) -> Iterator[Suspicion]:
    """A grade claimed where the year has no score, and grades that differ."""
    settings, said = facts.figures.year.settings, _grades_said(facts)
    grades = [*filter(None, (settings.claimed_grade,)), *(match["grade"] for _, match in said)]
    places = _places(said)
    if settings.claimed_grade and said and all(m["grade"][0] != settings.claimed_grade[0] for _, m in said):
        yield Suspicion("grades", places=places).told(
            f"自评等次有{'、'.join(f'“{grade}”' for grade in dict.fromkeys(grades))}几种说法",
            "year.yml 的自评等次与正文的不同",
            "核对评分，改成一致",
        )
    elif not settings.claimed_grade and (claimed := claim(facts)).grade:
        yield Suspicion("grades", places=claimed.places).told(
            f"正文写自评等次为“{claimed.grade}”，年度基本信息（year.yml）没有填写",
            "封面、评分和正文说的应当是同一个等次",
            "把等次填进 year.yml 的“自评等次”；没有评等次的，改正正文",
        )
    scored = any(
        figure.value is not None and (figure.unit == "分" or "score" in figure.address)
        for figure in facts.figures.figures.values()
    ) or any(SCORE.search(passage.plain) for passage in paragraphs(facts))
    if grades and not scored:
        places = places or (Place(settings_file(facts), 0, settings.claimed_grade),)
        yield Suspicion("grade", places=places).told(
            f"自评等次为“{grades[0]}”，全年没有一个得分",
            "等次由得分换算，没有得分就没有依据",
            "按评价办法逐项打分，把得分填进 background.csv（代码 score）",
        )


def settings_file(facts: Facts) -> str:
    """Path of the year's settings inside the project."""
    return f"data/{facts.figures.year.settings.year}/year.yml"


RULES = (numbers_in_words, unmeasured_claims, grade_without_score)
