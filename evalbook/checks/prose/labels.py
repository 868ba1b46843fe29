"""What the words say beside a number, against what the number is: its programme, its place, whose county it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, Place, Suspicion, rule
from evalbook.checks.prose.passages import (
    FIGURE,
    HOUSE_RULE,
    Passage,
    clauses,
    digest,
    once,
    paragraphs,
    passages,
    sentences,
)
from evalbook.checks.prose.statements import settings_file
from evalbook.privacy import county_names
from evalbook.year.project import other_bureaus, other_places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from evalbook.checks.facts import Facts

HELPED = "(?=居民|最低生活保障|低保|特困|五保|三无|困难)"
KINDS: Mapping[str, Mapping[str, str]] = {
    "城乡": {"城市": rf"(?:城市|城镇){HELPED}|城乡", "农村": rf"(?:农村|乡村){HELPED}|城乡"},
    "项目": {
        "低保": "低保|最低生活保障",
        "特困": "特困|五保",
        "孤儿": "孤儿",
        "事实无人抚养儿童": "事实无人抚养",
        "临时救助": "临时救助",
        "流浪救助": "流浪",
    },
    "供养形式": {"分散供养": "分散", "集中供养": "集中供养|集中特困"},
    "养育形式": {"社会散居": "散居", "集中养育": "集中养育|机构养育"},
    "护理等级": {
        "全自理": "全自理|(?<!不能)(?<!能力)自理",
        "半护理": "半护理|半失能|半自理",
        "全护理": "全护理|全失能|完全失能",
    },
    "救助类型": {"急难型": "急难型", "支出型": "支出型"},
    "资金级次": {
        "中央": "中央|上级",
        "省级": "省级|省本级|(?<=[和、])省(?=[安和、]|资金|财政|补)|上级",
        "市级": "市级|(?<=[和、])市(?=[安和、]|资金|财政|补)|上级",
        "县本级": "县本级|县级|区本级|区级",
    },
    "时间": {"月均": "月均|月平均", "期初": "期初|年初", "期末": "期末|年末|年底"},
    "进出": {"新增": "新增|新纳入", "退出": "退出|清退"},
}
"""Words of the trade that exclude each other, by what they tell apart: patterns by what they mean."""

MONEY = "资金级次"
"""Of it 上级 means all but one, so that several words may exclude another."""

INHERITED = "城乡"
"""What is said once for all numbers of a sentence up to the next word of its kind."""

IN_ORDER = re.compile("分别|依次|各为")
"""Said where names come first and their numbers after them."""


PLACE = "地区"
"""What is told apart by the names of registered places."""


def _said(kind: str, text: str, places: tuple[str, ...] = ()) -> set[str]:
    """What a text says of a kind."""
    if kind == PLACE:
        return {place for place in places if place in text}
    return {meaning for meaning, pattern in KINDS[kind].items() if re.search(pattern, text)}


@dataclass(frozen=True)
class Labelled:
    """A reference in a clause with the words that stand before it.

    Attributes
    ----------
    start, end : int
        Where the words begin and the reference ends, in the passage.
    words : str
        From the reference before it, or the beginning of the clause.
    clause : str
        All of it.
    first : str
        Words before the first reference of the clause.
    before : str
        What the sentence says before the words.
    name : str
        Of the figure.
    """

    start: int
    end: int
    words: str
    clause: str
    first: str
    before: str
    name: str

    def says(self, kind: str, places: tuple[str, ...]) -> set[str]:
        """What the words say of a kind; nothing where numbers may stand before what they are."""
        if IN_ORDER.search(self.clause):
            return set()
        if not _said(kind, self.first, places) and _said(kind, self.clause, places):
            return set()
        said = _said(kind, self.words, places)
        if kind == INHERITED and not said:
            mentions = [
                (match.end(), meaning)
                for meaning, pattern in KINDS[kind].items()
                for match in re.finditer(pattern, self.before)
            ]
            last = max((end for end, _ in mentions), default=0)
            said = {meaning for end, meaning in mentions if end == last}
        return said


def _labelled(passage: Passage) -> Iterator[Labelled]:
    """References of a passage with their words."""
    names = iter(passage.names)
    for start, sentence in sentences(passage.plain):
        for offset, clause in clauses(sentence):
            begin = 0
            for match in re.finditer(FIGURE, clause):
                place = start + offset
                yield Labelled(
                    place + begin, place + match.end(), clause[begin : match.start()], clause,
                    clause[: clause.index(FIGURE)], re.split("[；;]", sentence[: offset + begin])[-1], next(names),
                )  # fmt: skip
                begin = match.end()


@rule(
    "P14", "数字前的文字与所引的数字一致", compares="正文里数字前面的文字（城乡、项目、形式、级次、时间、地区），与所引的数字",
    formula="说的是同一样东西", tolerance="无", exceptions="文字没有说、说了两种、名称在数字后面或用“分别”的", severity=DOUBT,
    source=HOUSE_RULE, look_up="这个数字所在的表", ask="这个数字是文字所说的，还是另一个项目、地区的", since="2026-11-30",
)  # fmt: skip
@once
def wrong_label(facts: Facts) -> Iterator[Suspicion]:
    """Words before a number that say another region, programme, form, level, time or place than its name does."""
    places = tuple(facts.figures.year.registries.localities)
    for passage in paragraphs(facts):
        for told in _labelled(passage):
            figure = facts.figures.named(told.name)
            for kind in (*KINDS, PLACE) if figure else ():
                said, own = told.says(kind, places), _said(kind, told.name, places)
                if (
                    figure
                    and said
                    and own
                    and not said & own
                    and (len(said) == len(own) == 1 or kind == MONEY)
                ):
                    words = f"{told.words.strip('，、和及')}{FIGURE}"
                    suspected = passage.suspected(f"{words}{told.name}", told.start, told.end)
                    yield replace(suspected, figures=(figure,)).told(
                        f"{passage.where}的“{passage.shown(told.start, told.end)}”说的是{'或'.join(sorted(said))}，"
                        f"引用的是“{told.name}”",
                        "文字和数字说的应当是同一样东西",
                        "核对是文字写错还是引用错了，改正一处",
                    )
                    break


OF_ITSELF = "的?(?:困难群众|社会救助|低保|城乡低保|城市低保|农村低保|特困)|辖|位于|地处|共有|现有|总面积|总人口|常住|户籍人口"
"""What a report says of its own county, whatever that is called."""

OF_ITS_BODIES = (
    "的?(?:城乡|农村|民政|财政|各级|人民政府|政府|孤儿|残疾|儿童|流浪|临时救助|绩效|养老|老年)|[县区市]委"
)
"""What it says of it besides; before these words a verb may stand, and then a county without its name."""

SUBJECT = re.compile(
    rf"(?:目前|现将?|关于|全年|年末|年底|截至|{FIGURE}|\d{{4}}年度?|\d{{1,2}}月(?:底|末)?|以来)*"
    rf"(?P<place>[一-鿿]{{2,9}}?(?:自治县|县|区|市|旗))(?:(?P<own>{OF_ITSELF})|{OF_ITS_BODIES})"
)
"""Place that a clause begins with."""

NO_NAME = re.compile(
    "[由经报在为对从以向将把使让按据是有与和及或至到]|涉及|会同|配合|保障|加强|支持|做好|落实|推动|推进|全面|负责|提请|联合|根据|确保"
    "|(?:.*(?:[全我本各该外邻每原两]|贫困|脱贫|重点|试点|示范|先进|部分|有关|所辖|其他|上述|兄弟|周边|一些|农业|人口|受灾|牧业))?[县旗]"
)
"""Beginnings of clauses that name no county though they hold its word."""

ELSEWHERE = re.compile("学习|借鉴|对口|支援|帮扶|交流|考察|毗邻|相邻|接壤|交界|协作|移交|籍")
"""Said where another place is rightly named."""

OF_A_CITY = 3
"""So many places are those that the report is about, in parts."""


@rule(
    "P15", "写的是本县", compares="正文和标题里当作本县来说的地名，与本年度的县", formula="是本县、上级或登记的地区",
    tolerance="无", exceptions=f"学习、帮扶、移交等提到别处的；说到{OF_A_CITY}个以上地方的", severity=DOUBT, source=HOUSE_RULE,
    look_up="这段文字的原稿", ask="这一段说的是不是本县，是从别处抄来的吗", since="2026-11-30",
)  # fmt: skip
@once
def another_county(facts: Facts) -> Iterator[Suspicion]:
    """Sentences and titles that speak of another county as if it were this one."""
    settings = facts.figures.year.settings
    above = tuple(filter(None, (settings.province, settings.city)))
    own = {settings.county, settings.bureau, *above, *facts.figures.year.registries.localities}
    found = [told for passage in passages(facts) for told in _foreign(passage, own, above)]
    named = {place for _, place, _ in found}
    if len(named) < OF_A_CITY:
        for passage, place, start in found:
            yield passage.suspected(place, start, start + len(place) + 10).told(
                f"{passage.where}写的是“{passage.shown(start, start + len(place) + 10)}”，本年度是{settings.county}的",
                "把别的县当作本县来说，像是从别处抄来的",
                "核对这一段是不是本县的情况，不是的重写；说的就是那里的，写明",
            )
    title = "".join(settings.title)
    for place in other_places(title, (settings.county, settings.bureau), above):
        yield Suspicion(f"title.{digest(place)}", places=(Place(settings_file(facts), 0, title),)).told(
            f"标题里写的是{place}，本年度是{settings.county}的", "标题写的不是本县", "核对标题，改成本县的"
        )


def _foreign(
    passage: Passage, own: Collection[str], above: Iterable[str]
) -> Iterator[tuple[Passage, str, int]]:
    """Places that clauses speak of as a report does of its county, and other counties' bureaus, with where they stand."""
    for start, clause in clauses(passage.plain):
        match = SUBJECT.match(clause)
        place = match["place"] if match else ""
        for name in above:
            place = place.removeprefix(name)
        ours = any(name and place.endswith(name) for name in own) or ELSEWHERE.search(clause)
        said = match and match["own"] and place.endswith(("县", "旗")) and len(place) > 2
        if place and (place in county_names() or (said and not NO_NAME.match(place))):
            if not ours:
                yield passage, place, start + clause.index(place)
            continue
        for told in other_bureaus(clause, own, county_names()) if "民政局" in clause else ():
            place = told.partition("民政局")[0]
            if not ELSEWHERE.search(clause):
                yield passage, place, start + clause.index(place)


RULES = (wrong_label, another_county)
