"""Numbering and dates: gaps and repetitions, days that do not exist, years that are not the fiscal year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, ERROR, HINT, Place, Suspicion, rule
from evalbook.checks.prose.documents import NO_BRACKETS, NUMBER_MARKS, last_day
from evalbook.checks.prose.passages import (
    FIGURE,
    HOUSE_RULE,
    Passage,
    blank,
    by_chapter,
    clauses,
    digest,
    once,
    passages,
    sentences,
    shortened,
)
from evalbook.checks.prose.statements import PLAN, PLANNED_SECTION, settings_file
from evalbook.schema.numbers import NUMERALS, ordinal
from evalbook.year.headings import STYLES, number_at

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.year import Settings

ENUMERATIONS = (
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))([{NUMERALS}]{{1,2}})是(?!非)"), "一是"),
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))([{NUMERALS}]{{1,2}})要"), "一要"),
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))第([{NUMERALS}]{{1,2}})[，、：是]"), "第一，"),
    (re.compile(rf"(?:^|(?<=[，。；：！？）”》\s]))其([{NUMERALS}])[，、：是]"), "其一，"),
    (re.compile(rf"(?:^|(?<=[，。；：！？”》\s]))（([{NUMERALS}]{{1,2}})）"), "（一）"),
    (re.compile(r"(?:^|(?<=[，。；：！？”》\s]))[（(](\d{1,2})[）)]"), "（1）"),
    (re.compile(r"([①-⑳])"), "①"),
)
"""Items inside a paragraph."""


@dataclass
class _Sequence:
    """Numbers of one style seen so far, each with the place.

    After a number that was written twice, the next may go on as if it had been right: one slip, one finding.
    ``gaps`` are told unless somebody else tells them.
    """

    style: str
    seen: list[tuple[int, Passage, int, str]] = field(default_factory=list)
    doubled: bool = False
    gaps: bool = True

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
        if len(numbers) == 1 and numbers[0] > 1 and number == numbers[0] + 1 and self.gaps:
            yield _misnumbered(f"从“{previous[3]}”开始，前面没有“1”", self.seen[0])
        elif number in numbers:
            yield _misnumbered(f"“{mark}”用了两次", previous, entry)
            self.doubled = True
        elif number == numbers[-1] + 2 and self.doubled:
            self.doubled = False
        elif number > numbers[-1] + 1 and self.gaps:
            yield _misnumbered(f"“{previous[3]}”之后就是“{mark}”，中间缺号", previous, entry)
        elif number < numbers[-1]:
            yield _misnumbered(f"“{previous[3]}”之后又是“{mark}”，顺序颠倒", previous, entry)
        self.seen.append(entry)


def _misnumbered(fault: str, *entries: tuple[int, Passage, int, str]) -> Suspicion:
    _, passage, position, _ = entries[-1]
    places = tuple(of.place(start, start + 16) for _, of, start, _ in entries)
    return Suspicion(passage.subject(fault + passage.text[position : position + 12]), places=places).told(
        f"{passage.where}的序号{fault}：“{shortened(passage.shown(position, position + 20), 24)}”",
        "序号应当从一开始，一个接一个，不缺不重",
        "核对有没有漏掉或重复的内容，改正序号",
    )


@rule(
    "P7", "序号不缺不重", compares="各部分、小标题、段落和段落里面的序号", formula="从一开始，依次加一", tolerance="无",
    exceptions="只有一个序号的；换了小标题以后重新开始的；缺一部分的（读文件时就问）",
    severity=DOUBT, source=HOUSE_RULE,
    look_up="报告的目录", ask="缺的序号是漏写了一部分，还是编错了", since="2026-11-24",
)  # fmt: skip
@once
def numbering(facts: Facts) -> Iterator[Suspicion]:
    """Gaps and repetitions in the numbers of sections, items and enumerations; of chapters only what is no gap.

    A chapter that is missing is asked for before (:mod:`evalbook.year.chapters`).
    """
    chapters: dict[int, _Sequence] = {}
    for passage in passages(facts):
        if passage.level == 1 and (number := number_at(passage.text)):
            sequence = chapters.setdefault(number.rank, _Sequence("标题", gaps=False))
            yield from sequence.add(number.number, passage, 0, number.mark)
    for of_chapter in by_chapter(facts):
        yield from _numbering_within([passage for passage in of_chapter if passage.level != 1])


def _numbering_within(of_chapter: list[Passage]) -> Iterator[Suspicion]:
    """Numbers below the title of a chapter: a number of higher rank lets the lower ones begin anew."""
    headings: dict[int, _Sequence] = {}
    items: dict[int, _Sequence] = {}
    inner: dict[str, _Sequence] = {}
    for passage in of_chapter:
        number = number_at(passage.text.lstrip())
        if passage.level == 2:
            items, inner = {}, {}
            if number is None:
                headings = {}
                continue
            headings = {rank: sequence for rank, sequence in headings.items() if rank <= number.rank}
            sequence = headings.setdefault(number.rank, _Sequence("标题"))
            yield from sequence.add(number.number, passage, 0, number.mark)
            continue
        within = {style: list(pattern.finditer(passage.text)) for pattern, style in ENUMERATIONS}
        if number is not None and len(within.get(STYLES[number.rank][1], ())) < 2:
            items = {rank: sequence for rank, sequence in items.items() if rank <= number.rank}
            sequence = items.setdefault(number.rank, _Sequence(STYLES[number.rank][1]))
            yield from sequence.add(number.number, passage, 0, number.mark)
        for style, marks in within.items():
            for match in marks:
                if ordinal(match[1]) and (match.start() or len(marks) > 1 or number is None):
                    sequence = inner.setdefault(style, _Sequence(style))
                    yield from sequence.add(ordinal(match[1]), passage, match.start(), match[0])


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
    r"将(?![^，。；]{0,16}(?:纳入|打入|列入))|拟|计划|规划|力争|目标|预计|争取|(?<![主重需必])要(?!求)"
    r"|(?<![相对响适供])应(?![保救养退急享])|十[四五六]五|起(?:施行|执行|实施)|以前|之前|届时|有效期|期限|下一步|今后"
)
"""Words of what is still to come; 主要, 应保尽保 and 将…纳入 are said of what was done."""

UP_TO = re.compile(r"(?:截[至止]到?|至|到|截至)$")
COMPARED = re.compile(
    r"同比|相比|比上年|较上年|同期|以来|起|增长|结转|结余|上年|去年|历年|提前|跨年|补发|追溯|清算"
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
        written = self.match.groupdict()
        if not self.month and not written.get("month"):
            return False
        if not 1 <= self.month <= 12:
            return True
        days = calendar.monthrange(self.year or 2000, self.month)[1]
        return bool(written.get("day") or written.get("day2")) and not 1 <= self.day <= days

    def after(self, last: datetime.date) -> bool:
        """Whether all of it lies after a day."""
        return (self.year, self.month or 1, self.day or 1) > (last.year, last.month, last.day)


def _dates(text: str) -> Iterator[Named]:
    for match in DATE.finditer(text):
        month, day = match["month"] or match["month2"] or 0, match["day"] or match["day2"] or 0
        yield Named(int(match["year"]), int(month), int(day), match)
    for match in MONTH_DAY.finditer(text):
        yield Named(0, int(match["month"]), int(match["day"] or 0), match)


def _without_documents(passage: Passage) -> str:
    """Text in which titles and numbers of documents, and spans of years, are blanked at the same positions.

    A number that was typed stands for the figure that it will be tied to.
    """
    text = passage.plain
    for start, end in passage.typed:
        text = text[:start] + FIGURE + "　" * (end - start - 1) + text[end:]
    for pattern in (NUMBER_MARKS, NO_BRACKETS, YEARS):
        text = pattern.sub(blank, text)
    return text


@rule(
    "P8", "日期在本年度以内", compares="正文、标题里的日期，与年度、截止日期、报告日期",
    formula="日历上没有的日期、报告以后已经做了的事、报告标题写了另一年是错误；以另一年的名义写本年度的数字、截止日期不同是疑点",
    tolerance="没有签发的报告，下一年之内的日期不算在报告以后",
    exceptions="文件的标题和文号；计划、规划；与上年比较、结转、以来、起", severity=DOUBT, source=HOUSE_RULE,
    look_up="文件原件、工作记录", ask="这件事是哪一年的哪一天", since="2026-11-24",
)  # fmt: skip
@once
def dates(facts: Facts) -> Iterator[Suspicion]:
    """Dates that cannot be, lie after the report or belong to another year."""
    settings = facts.figures.year.settings
    years = [int(year) for line in settings.title for year in re.findall(r"((?:19|20|21)\d\d)\s?年", line)]
    spans = any(YEARS.search(line) for line in settings.title)
    if years and settings.year not in years and not spans:
        place = Place(settings_file(facts), 0, "".join(settings.title))
        yield Suspicion("title", places=(place,), severity=ERROR).told(
            f"报告标题写的是{years[0]}年：“{shortened(''.join(settings.title))}”",
            f"这是{settings.year}年度的报告",
            "改正 year.yml 的标题，或核对年度",
        )
    for passage in passages(facts):
        text = _without_documents(passage)
        for start, sentence in sentences(text):
            named = list(_dates(sentence))
            for date in named:
                if found := _date_fault(settings, passage, sentence, date, named):
                    fault, severity, why = found
                    begin, end = start + date.match.start(), start + date.match.end()
                    yield passage.suspected(date.match[0] + fault, begin, end, severity).told(
                        f"{passage.where}的“{passage.around(begin, end, 12)}”：{fault}",
                        why,
                        "核对日期，改正；确是另一年的事，在句子里说明与本年度的关系",
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
    if date.year and date.after(last_day(settings)):
        return _future(date, passage, sentence, before, after)
    ending = UP_TO.search(before) and (re.match(r"底|末|年底", after) or date.day)
    if ending and FIGURE in sentence and date.month and passage.level == 0:
        year, last = date.year or settings.year, (settings.period_end.year, settings.period_end.month)
        if last not in {(year, date.month), *((other.year, other.month) for other in named)}:
            if year != settings.year:
                return "与本年度的截止日期不同", DOUBT, f"本年度的截止日期是{settings.period_end}"
            if re.search(r"累计|月均|全年|共", sentence):
                return "早于本年度的截止日期", HINT, f"全年的数字应当到{settings.period_end}为止"
    return _other_year(settings, passage, sentence, date, named)


def _future(
    date: Named, passage: Passage, sentence: str, before: str, after: str
) -> tuple[str, str, str] | None:
    headings = passage.narrative.sections[passage.section].heading, passage.narrative.title
    if (
        INTENDED.search(sentence)
        or after.startswith(("前", "底前", "末前"))
        or (re.search(r"(?<!截)[到至]$", before) and FIGURE not in sentence)
        or any(map(PLANNED_SECTION.search, headings))
    ):
        return None
    done = bool(DONE.search(sentence)) or FIGURE in sentence
    severity = ERROR if done and passage.level == 0 else DOUBT
    return f"{date.year}年在报告之后", severity, "报告里已经做了的事不会在报告以后"


NEXT_TO_YEAR = re.compile(r"[，,]|底|末|全[县市区]|我[县市区局]|县本级|共|累计|县|市|上级|中央|省")
"""What follows a year that a sentence about the whole year begins with: 2019年，全县…"""


def _other_year(
    settings: Settings, passage: Passage, sentence: str, date: Named, named: list[Named]
) -> tuple[str, str, str] | None:
    """A year other than the fiscal one, where the fiscal one is to be expected."""
    if not date.year or date.year == settings.year or any(d.year == settings.year for d in named):
        return None
    if PLANNED_SECTION.search(sentence) or PLAN.search(sentence) or COMPARED.search(sentence):
        return None
    why = f"这是{settings.year}年度的报告"
    if passage.level:
        return f"标题写的是{date.year}年", DOUBT, why
    begin = date.match.start()
    starts = [offset for offset, clause in clauses(sentence) if offset <= begin < offset + len(clause)]
    if not starts or date.month:
        return None
    opening, following = sentence[starts[0] : begin].strip(), sentence[date.match.end() :]
    whole = bool(date.match.groupdict().get("whole")) or following.startswith("全年")
    if abs(date.year - settings.year) == 1:
        whole |= bool(NEXT_TO_YEAR.match(following))
    elif opening:
        return None
    if opening in {"", "至", "截至", "截止", "在"} and whole and FIGURE in sentence:
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
            if abs(year - settings.year) != 1 or (
                quoted and ("年度" not in match[0] or year > settings.year)
            ):
                continue
            begin, end = start + match.start(), start + match.end()
            yield passage.suspected(match[0], begin, end, HINT if quoted else DOUBT).told(
                f"{passage.where}说的是{year}年的评价：“{passage.around(begin, end, 6)}”",
                f"这份报告评价的是{settings.year}年度",
                "核对年度，改正；确是引用另一年的文件，不必改",
            )


@rule(
    "G8", "截止日期、文件都不晚于报告", compares="截止日期、报告日期、政策文件的年份",
    formula="截止日期≤报告日期（读入时检查）；文件年份≤报告年份；报告日期在截止日期以后12个月以内",
    tolerance="没有签发的报告可以引用下一年的文件", exceptions="没有年份的文件", severity=ERROR,
    source="先有文件后有引用的时间顺序",
    look_up="签发稿、文件原件", ask="报告和文件各是哪一天的", since="2026-11-24",
)  # fmt: skip
@once
def report_and_documents(facts: Facts) -> Iterator[Suspicion]:
    """Documents dated after the report, and a report long after its year."""
    settings = facts.figures.year.settings
    last = last_day(settings)
    for row in facts.rows("documents"):
        year = row.cells["year"]
        if isinstance(year, int) and year > last.year:
            title, issuer = row.said("title"), row.said("issuer")
            place = facts.place("documents", row, f"{shortened(title)} {year}")
            yield Suspicion(f"document.{digest(issuer + title)}", places=(place,)).told(
                f"《{shortened(title)}》的年份是{year}年，晚于报告（{settings.report_date or '还没有签发'}）",
                "报告不能引用以后的文件",
                "对照文件原件改正年份",
            )
    end = settings.period_end
    if settings.report_date and settings.report_date > end.replace(year=end.year + 1, day=28):
        place = Place(settings_file(facts), 0, str(settings.report_date))
        yield Suspicion("late", places=(place,), severity=HINT).told(
            f"报告日期{settings.report_date}，比截止日期{end}晚了一年以上",
            "自评一般在下一年春季完成，晚这么多多半是年份写错",
            "核对报告日期",
        )


RULES = (numbering, dates, report_and_documents)
