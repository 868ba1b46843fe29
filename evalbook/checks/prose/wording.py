"""Words and headings: the same heading twice, words and sentences repeated, one programme under two names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, HINT, Place, Suspicion, rule
from evalbook.checks.prose.passages import (
    CJK,
    FIGURE,
    HOUSE_RULE,
    Passage,
    clauses,
    digest,
    once,
    paragraphs,
    passages,
    sentences,
    shortened,
)
from evalbook.schema.numbers import NUMERALS
from evalbook.schema.table import programme_of
from evalbook.year.headings import unnumbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.schema import Programme


@rule(
    "P3", "标题不重复", compares="各部分的标题，同一部分里的小标题", formula="去掉序号后相同", tolerance="无",
    exceptions="不同部分里相同的小标题（如各项目都有“资金到位情况”）", severity=DOUBT, source=HOUSE_RULE,
    look_up="报告的目录", ask="两个标题下写的是不是同一件事", since="2026-11-24",
)  # fmt: skip
@once
def repeated_headings(facts: Facts) -> Iterator[Suspicion]:
    """Headings with the same words."""
    groups: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages(facts):
        if passage.level:
            within = passage.narrative.name if passage.level == 2 else ""
            groups.setdefault((within, unnumbered(passage.text)), []).append(passage)
    for (name, words), headings in groups.items():
        if len(headings) < 2 or not words:
            continue
        subject = headings[0].subject(words) if name else f"chapters.{digest(words)}"
        places = tuple(heading.place(0, len(heading.text)) for heading in headings)
        yield Suspicion(subject, places=places).told(
            f"标题“{shortened(words)}”用了{len(headings)}次",
            "两部分标题相同，读者分不清，多半有一个写错了" if not name else "同一部分里标题重复",
            "按各部分的内容改正标题，或者合并",
            "、".join(f"“{shortened(h.text)}”" for h in headings),
        )


REPEATED_PHRASE = re.compile(rf"([{CJK}]{{3,40}}?)\1")
REPEATED_WORD = re.compile(rf"([{CJK}])(?!\1)([{CJK}])\1\2")
REPEATED_ITEM = re.compile(rf"(?<![{CJK}])([{CJK}]{{2,20}})[、，]\1(?![{CJK}])")
REDUPLICATED = re.compile(
    r"[一逐]|(?:研究|讨论|商量|学习|了解|调查|考虑|许多|很多|好多|陆续|来回|反复|方方|点点|仔细|认真|全体)$"
)
OF_COMPOUNDS = {"救助", "保障", "服务", "管理", "供养", "补贴"}
"""Words that end one compound and begin the next: 社会救助 救助对象, 志愿服务 服务时长."""

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
        named |= word in OF_COMPOUNDS and bool(re.search(rf"[{CJK}]..$", before))
        if not REDUPLICATED.match(word) and not named:
            yield word, match.start(), match.end()
    for match in REPEATED_ITEM.finditer(text):
        yield match[1], match.start(), match.end()
    for match in REPEATED_PARTICLE.finditer(text):
        yield match[0][0], match.start(), match.end()


@rule(
    "P4", "字词不重复", compares="紧接着写了两遍的词语、虚词、单位；政策文件的标题也看",
    formula="三个字以上的词语、两个字的词、“的的”一类虚词、引用的数字后面又写的单位", tolerance="无",
    exceptions="叠词（研究研究、一户一户、实实在在）；前一个字属于上一个词的（目的的、为了了解、参与与）", severity=DOUBT,
    source=HOUSE_RULE,
    look_up="报告原稿", ask="这里是不是多写了", since="2026-11-24",
)  # fmt: skip
@once
def repeated_words(facts: Facts) -> Iterator[Suspicion]:
    """A phrase, a word, a particle or a unit written twice in a row, in the prose and in titles of documents."""
    for passage in passages(facts):
        for words, start, end in _repetitions(facts, passage.text):
            quoted = passage.around(start, end)
            yield _repeated(words, f"{passage.where}的“{quoted}”", passage.place(start, end))
        yield from _repeated_units(facts, passage)
    for row in facts.rows("documents"):
        title = row.said("title")
        for words, start, end in _repetitions(facts, title):
            place = facts.place("documents", row, shortened(title, 60))
            yield _repeated(words, f"文件标题里的“{title[max(start - 8, 0) : end + 8]}”", place)


def _repeated(words: str, where: str, place: Place) -> Suspicion:
    return Suspicion(f"twice.{digest(words)}", places=(place,)).told(
        f"“{shortened(words)}”连着写了两遍：{where}",
        "多半是输入或粘贴时重复了",
        "删去重复的一处；文件原来的标题就是这样的，在检查说明里写明",
    )


def _repeated_units(facts: Facts, passage: Passage) -> Iterator[Suspicion]:
    """A unit typed after a figure that already shows it: 6219人 followed by 人."""
    positions = [match.start() for match in re.finditer(FIGURE, passage.text)]
    for position, name in zip(positions, passage.names, strict=True):
        figure = facts.figures.named(name)
        # Where the name asks for a shorter unit, that is what is shown.
        shown = (
            facts.figures.text_of(name).removeprefix("-")
            if figure is not None and figure.value is not None
            else ""
        )
        unit = re.sub(r"^[\d.,]+", "", shown)
        following, end = passage.text[position + 1 :], position + 1 + len(unit)
        if not figure or not unit or not following.startswith(unit):
            continue
        if not following[len(unit) :].startswith(("均", "口", "员")):
            suspected = passage.suspected(f"{name}{unit}", position, end)
            yield replace(suspected, figures=(figure,)).told(
                f"“{name}”后面又写了单位“{unit}”：“{passage.around(position, end)}”",
                "引用的数字已经带着单位",
                f"删去正文里的“{unit}”",
            )


LONG_CLAUSE = 16
LONG = 12


def _key(passage: Passage, start: int, length: int) -> str:
    """Text for comparison: numbers of items and spaces away, figures by name."""
    names = iter(passage.names[passage.text[:start].count(FIGURE) :])
    written = passage.text[start : start + length]
    key = "".join(f"<{next(names)}>" if sign == FIGURE else sign for sign in written).strip("　 “”")
    key = re.sub(rf"^[{NUMERALS}]{{1,2}}[是要]|^（[{NUMERALS}\d]{{1,2}}）|^\d{{1,2}}[.、]", "", key)
    return re.sub(r"\s", "", key).strip("，。；：！？")


def _length(text: str) -> int:
    return len(re.findall(rf"[{CJK}]", re.sub(r"<[^<>]*>|（[^（）]*）|《[^《》]*》", "", text)))


@rule(
    "P5", "句子不重复", compares="全文的句子和长分句两两比较",
    formula=f"{LONG}个字以上的句子、{LONG_CLAUSE}个字以上的分句相同的是疑点；较短的分句、带数字的句子是提示",
    tolerance="序号、空格和末尾标点不计", exceptions="文件标题；引用的数字不同的", severity=DOUBT, source=HOUSE_RULE,
    look_up="报告原稿", ask="两处重复的，留哪一处", since="2026-11-24",
)  # fmt: skip
@once
def repeated_sentences(facts: Facts) -> Iterator[Suspicion]:
    """Sentences and long clauses that stand in the report more than once, by the paragraphs that share them."""
    spots: dict[str, list[tuple[int, Passage, int, int]]] = {}
    whole: set[str] = set()
    for index, passage in enumerate(paragraphs(facts)):
        for start, sentence in sentences(passage.plain):
            key = _key(passage, start, len(sentence))
            if _length(key) >= LONG:
                spots.setdefault(key, []).append((index, passage, start, start + len(sentence)))
                whole.add(key)
            parts = list(clauses(sentence))
            for offset, clause in parts if len(parts) > 1 else ():
                begin = start + offset
                part = _key(passage, begin, len(clause))
                if _length(part) >= LONG and "<" not in part:
                    spots.setdefault(part, []).append((index, passage, begin, begin + len(clause)))
    groups: dict[tuple[int, ...], list[str]] = {}
    for key, found in spots.items():
        if len({(index, start) for index, _, start, _ in found}) > 1:
            groups.setdefault(tuple(index for index, *_ in found), []).append(key)
    for keys in groups.values():
        longest = max(keys, key=len)
        inside = [key for key in keys if key == longest or key not in longest]
        copied = any((key in whole or _length(key) >= LONG_CLAUSE) and "<" not in key for key in keys)
        spotted = [(passage, start, end) for _, passage, start, end in spots[longest]]
        where = "、".join(dict.fromkeys(passage.where for passage, *_ in spotted))
        first, start, end = spotted[0]
        places = tuple(passage.place(start, end) for passage, start, end in spotted)
        severity = DOUBT if copied else HINT
        yield Suspicion(f"copied.{digest(longest)}", places=places, severity=severity).told(
            f"{where}有相同的话：“{shortened(first.shown(start, end), 40)}”"
            + (f"等{len(inside)}处" if len(inside) > 1 else ""),
            "整句相同，多半是复制后没有改",
            "只留一处，另一处改成那一部分自己的内容",
        )


GENERIC = re.compile(
    r"(?:人员|职工|老职工|对象|救助|供养|保障|补助|补贴|生活|基本|资金|经费|工作|金|费|项目)$"
)
MERGED = re.compile(r"合并|并入|归并|并轨|整合|统一(?:为|成|称)|更名|改名|改称|改为|统称|调整为|取代|代替")
"""Words of a sentence that tells how one programme became another, and so has the names of both."""

RENAMED = re.compile(r"(?:原|即|简称|又称|俗称|称为|统称)[^，。；（）]{0,12}$")


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
            programme = programme_of(row)
            if programme.family:
                where = data.table.title + (f"（{row.said('level')}）" if row.said("level") else "")
                place = facts.place(name, row, programme.name)
                found.setdefault(programme.family, []).append((programme, place, where))
    return found


def _named_in_prose(facts: Facts) -> dict[str, list[tuple[Passage, int]]]:
    """Where the prose uses each name of a programme, outside titles of documents and longer names."""
    forms = [(programme.name, *programme.aliases) for programme in facts.programmes]
    names = {name for all_names in forms for name in all_names}
    names |= {core(name) for all_names in forms if len(all_names) > 1 for name in all_names}
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    found: dict[str, list[tuple[Passage, int]]] = {}
    for passage in passages(facts):
        text = passage.plain
        told = [(start, start + len(words)) for start, words in sentences(text) if MERGED.search(words)]
        for match in pattern.finditer(text) if names else ():
            merged = any(start <= match.start() < end for start, end in told)
            if not merged and not RENAMED.search(text[max(match.start() - 16, 0) : match.start()]):
                found.setdefault(match[0], []).append((passage, match.start()))
    return found


@rule(
    "P6", "一个项目一个名称", compares="同一类别的项目在资金、支出、保障对象各表的名称；正文用的项目名称和又称",
    formula="去掉资金、经费、补助等通用的词以后仍不相同", tolerance="无",
    exceptions="上级项目与下级项目，城市与农村，不同领域；下级项目名称里用的简称（城市低保的“低保”）；文件标题里的；写明“原”“即”“简称”的；说几个项目合并、更名的句子",
    severity=HINT, source=HOUSE_RULE,
    look_up="项目登记表、资金下达文件", ask="这几个名称是不是同一个项目", since="2026-11-24",
)  # fmt: skip
@once
def two_names(facts: Facts) -> Iterator[Suspicion]:
    """A programme under several names, in the tables or in the prose; once by family."""
    found: dict[str, dict[str, tuple[Place, str]]] = {}
    for family, rows in _named_in_tables(facts).items():
        for programme, place, where in rows:
            others = (other for other, *_ in rows if core(other.name) != core(programme.name))
            if not all(_related(facts, programme, other) for other in others):
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
        yield Suspicion(subject, places=tuple(place for place, _ in names.values())).told(
            f"同一类项目有{len(names)}个名称：{'、'.join(f'“{name}”' for name in [*names][:3])}",
            "读者无法知道是不是同一笔钱、同一些人，合计时容易重复或遗漏",
            "是同一项目的统一成一个名称；不是的，在项目登记表的说明里写明区别",
            listed,
        )


def _used_names(facts: Facts, programme: Programme, prose: dict[str, list[tuple[Passage, int]]]) -> list[str]:
    """Names of one programme that the prose uses side by side: its own in whatever form, and others.

    Shorthand that its parts bear (低保 in 城市低保) is no other name; nor are two others without its own, which
    may be of different parts (五保, 三无).
    """
    stem = core(programme.name)
    shorthand = tuple(part.name for part in facts.children(programme))
    own = (programme.name, *(alias for alias in programme.aliases if alias in programme.name), stem)
    used: dict[str, None] = {}
    for alias in programme.aliases:
        other = next((form for form in (alias, core(alias)) if form in prose), "")
        if not other or other in stem or other in own or any(other in name for name in shorthand):
            continue
        name = next((form for form in own if form in prose and form not in other and other not in form), "")
        used |= {name: None, other: None} if name else {}
    forms = (programme.name, *programme.aliases, stem, *map(core, programme.aliases))
    return sorted(used, key=forms.index)


RULES = (repeated_headings, repeated_words, repeated_sentences, two_names)
