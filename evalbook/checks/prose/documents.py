"""Document numbers: their form, their year, and whether one document has two."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, ERROR, Place, Suspicion, rule
from evalbook.checks.prose.passages import CJK, DOCUMENT_FORMAT, digest, once, passages, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.year import Settings

AGENCY_END = re.compile(r"(?<![印下转颁制签])(?:发|字|函|办|规|秘|通|电|预|社|综)$")
NUMBER_MARKS = re.compile(
    rf"(?P<agency>[{CJK}]{{0,14}}) ?(?P<open>[〔﹝［\[【（(〈<])\s?(?P<year>\d{{4}}|\d\d)(?P<nian>年?)\s?"
    rf"(?P<close>[〕﹞］\]】）)〉>])\s?(?P<ordinal>第?)\s?(?P<number>\d{{1,5}})(?!\d)\s?(?P<mark>号?)(?![楼院房井线库仓台机])"
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
    title: str

    @property
    def proper(self) -> str:
        """As it should be written."""
        code = re.match(rf"[{CJK}]*", self.text)
        return f"{code[0] if code else self.agency}〔{self.year}〕{self.number}号"


def _number_flaws(match: re.Match[str], before: str) -> list[str]:
    groups = match.groupdict()
    if "open" not in groups:
        return ["年份没有用六角括号〔〕括起来"]
    brackets = groups["open"], groups["close"]
    flaws = {
        f"年份用的是{''.join(brackets)}，应为六角括号〔〕": brackets not in PROPER.items(),
        "年份没有写全": len(groups["year"]) == 2,
        "括号里多了“年”字": groups["nian"],
        "顺序号前多了“第”字": groups["ordinal"],
        "顺序号前多了0": groups["number"].startswith("0"),
        "顺序号后没有“号”字": not groups["mark"],
        "没有机关代字": not groups["agency"] and (not before or before[-1] in "（("),
    }
    return [flaw for flaw, found in flaws.items() if found]


def numbers_in(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Document numbers in a text with what is wrong with each."""
    taken = -1
    for match in NUMBER_MARKS.finditer(text):
        named = bool(AGENCY_END.search(match["agency"]))
        dated = bool(re.fullmatch(r"(?:19|20)\d\d", match["year"]))
        rounded = match["open"] in "（(〈<"
        surely = named or (match["mark"] and dated and match["agency"])
        if (rounded and not surely) or not (dated or (named and match["mark"])):
            continue
        taken = match.end()
        yield match, _number_flaws(match, text[: match.start()])
    for match in NO_BRACKETS.finditer(text):
        if match.start() >= taken or not NUMBER_MARKS.search(match[0]):
            yield match, _number_flaws(match, text[: match.start()])


def _cited_numbers(facts: Facts) -> Iterator[DocumentNumber]:
    """Every document number of the year, in the table and in the prose."""
    for row in facts.rows("documents"):
        text, title = row.said("number"), plain_title(row.said("title"))
        place = facts.place("documents", row, shortened(text, 60))
        for match, flaws in numbers_in(text):
            yield _document_number(match, flaws, match[0], place, where="政策文件表", title=title)
    for passage in passages(facts):
        for match, flaws in numbers_in(passage.text):
            cited = CITED.search(passage.text[max(match.start() - 150, 0) : match.start("year") - 1])
            title = plain_title(cited[1] if cited else "")
            agency = re.sub(r"^.*(?:根据|按照|依据|印发|下发|的通知|文件|和|及)", "", match["agency"])
            written = agency + match[0][match[0].index(match["agency"]) + len(match["agency"]) :]
            place = passage.place(match.start(), match.end())
            yield _document_number(match, flaws, written, place, where=passage.where, title=title)


def plain_title(title: str) -> str:
    """Title of a document without spaces and marks around it."""
    return re.sub(r"[\s<>〈〉《》]", "", title)


def _document_number(
    match: re.Match[str], flaws: list[str], written: str, place: Place, *, where: str, title: str
) -> DocumentNumber:
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    agency, number = match["agency"][-2:], int(match["number"])
    return DocumentNumber(written.strip(), agency, year, number, tuple(flaws), place, where, title)


def last_day(settings: Settings) -> datetime.date:
    """Day after which nothing that a report speaks of can have happened; an unsigned one may be of the next year."""
    return settings.report_date or datetime.date(settings.period_end.year + 1, 12, 31)


@rule(
    "G10", "文号写法正确", compares="政策文件表和正文里的文号",
    formula="机关代字〔四位年份〕顺序号号，不加“第”，不编虚位；年份不晚于报告，与年份栏一致；同一文件的文号处处相同",
    tolerance="没有签发的报告可以引用下一年的文件", exceptions="令、公告、法律的序号（国务院令第649号）", severity=DOUBT,
    source=DOCUMENT_FORMAT,
    look_up="文件原件", ask="文号是什么", since="2026-11-24",
)  # fmt: skip
@once
def document_numbers(facts: Facts) -> Iterator[Suspicion]:
    """Form and year of document numbers; each number once, with all its places."""
    last = last_day(facts.figures.year.settings)
    table = facts.figures.year.tables["documents"]
    stated = {row.number: row.cells["year"] for row in facts.rows("documents")}
    groups: dict[tuple[str, int, int], list[DocumentNumber]] = {}
    for cited in _cited_numbers(facts):
        groups.setdefault((cited.agency, cited.year, cited.number), []).append(cited)
    for (agency, year, number), cites in groups.items():
        rows = [cited.place.row for cited in cites if cited.place.file == table.file]
        years = [stated[row] for row in rows if stated[row] is not None]
        late = year > last.year and not any(isinstance(y, int) and y > last.year for y in years)
        wrong = [f"年份{year}在报告之后"] if late else []
        wrong += [f"年份栏写的却是{other}" for other in dict.fromkeys(years) if other != year]
        flaws = [*dict.fromkeys(flaw for cited in cites for flaw in cited.flaws), *wrong]
        flaws += [f"年份{year}不可能"] if year < 1949 else []
        if flaws:
            places, severity = tuple(dict.fromkeys(cited.place for cited in cites)), ERROR if wrong else DOUBT
            _, *others = dict.fromkeys(cited.where for cited in cites)
            yield Suspicion(f"{year}_{number}.{digest(agency)}", places=places, severity=severity).told(
                f"文号“{shortened(cites[0].text)}”（{cites[0].where}）：{flaws[0]}",
                "报告不能引用以后的文件，同一文件也不会有两个年份"
                if wrong
                else "文号由机关代字、六角括号里的四位年份和顺序号组成，不加“第”字，不编虚位",
                "对照文件原件改正"
                if wrong
                else f"对照文件原件，改成“{shortened(cites[0].proper)}”这样的写法；原件就是这样的，在备注里写明",
                *flaws[1:],
                *([f"还写在{'、'.join(others)}"] if others else []),
            )
    yield from _unreadable_numbers(facts)
    yield from _contradicting_numbers([cited for group in groups.values() for cited in group])


def _unreadable_numbers(facts: Facts) -> Iterator[Suspicion]:
    for row in facts.rows("documents"):
        text = row.said("number")
        if text and not any(True for _ in numbers_in(text)) and not OTHER_NUMBER.search(text):
            place = facts.place("documents", row, shortened(text, 60))
            yield Suspicion(f"form.{digest(text)}", places=(place,)).told(
                f"文号写的是“{shortened(text)}”，认不出机关代字、年份和顺序号",
                "文号应当像“某民发〔2020〕5号”这样写",
                "对照文件原件改正；没有文号的留空",
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
        listed = "、".join(f"“{shortened(one.text)}”（{one.where}）" for one in numbers.values())
        places = tuple(dict.fromkeys(one.place for one in cites))
        severity = ERROR if len(years) == 1 or len(orders) == 1 else DOUBT
        yield Suspicion(f"title.{digest(title + agency)}", places=places, severity=severity).told(
            f"《{shortened(title)}》有两个文号：{listed}",
            "同一机关同一标题的文件只有一个文号",
            "对照文件原件改正；确是两个文件的，把标题写全",
        )


RULES = (document_numbers,)
