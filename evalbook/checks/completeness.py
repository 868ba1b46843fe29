"""What the report's template or the evaluation rules ask for and the year does not give."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evalbook.checks.finding import DOUBT, HINT, Place, Suspicion, rule
from evalbook.checks.prose.documents import NUMBER_MARKS, plain_title
from evalbook.checks.prose.passages import HOUSE_RULE, digest, once, passages
from evalbook.schema.vocabulary import DRAFT
from evalbook.year.chapters import number_of
from evalbook.year.headings import unnumbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.schema import Requirement

NUMBERED_KINDS = re.compile(r"(?:通知|办法|意见|方案|细则|规定|规范|决定|批复|函|计划)(?:[（(]试行[）)])?$")
"""Endings of titles of documents that an agency issues with a number; laws and newspapers have none."""

CITED = re.compile(r"《([^《》]{6,150})》")
NUMBER_NEAR = 40
DECREE = re.compile(r"[（(][^（）()]{0,20}(?:令|公告|第)[^（）()]{0,12}号")
"""Number of another kind: 国务院令第649号."""


def _given(facts: Facts, requirement: Requirement) -> bool:
    """Whether a figure or the prose gives what a requirement asks for."""
    figures, addresses = facts.figures.figures.values(), requirement.addresses
    return any(
        f.value is not None
        and (f.address.startswith(addresses) or any(word in f.label for word in requirement.names))
        for f in figures
    ) or any(word in passage.text for word in requirement.words for passage in passages(facts))


@rule(
    "K1", "提纲要求的内容齐全", compares="报告要求表（data/reference/requirements.csv）列出的内容，与各表的数字和正文",
    formula="有所列地址开头、名称里有所列的词的数字，或者正文有所列的词，就算写明", tolerance="无",
    exceptions="没有登记的要求", severity=HINT,
    source="财预〔2020〕10号《项目支出绩效评价管理办法》和绩效自评报告提纲，逐项见报告要求表的出处",
    look_up="评价通知所附的提纲、上年的报告", ask="这一部分写在哪里，没有的为什么没有", since="2026-11-24",
)  # fmt: skip
def required_content(facts: Facts) -> Iterator[Suspicion]:
    """Content that the template or the evaluation rules ask for, and neither figures nor prose give."""
    for requirement in facts.figures.year.registries.requirements:
        if _given(facts, requirement):
            continue
        words = f"正文里没有“{'”、“'.join(requirement.words)}”这样的话" if requirement.words else ""
        numbers = "表里没有这样的数字" if requirement.addresses else ""
        yield Suspicion(requirement.code).told(
            f"没有写：{requirement.content}",
            f"这样的报告都要写：{requirement.source}；{'，'.join(filter(None, (words, numbers)))}",
            requirement.example or "补上；确实没有的，在正文里写明没有和原因",
        )


@rule(
    "K2", "文件有文号和年份", compares="政策文件表的文号、年份两栏；正文引用而表里没有的文件",
    formula="两栏都填写；正文引用的通知、办法、意见等登记在表里，或者随文写明文号", tolerance="无",
    exceptions="法律、报刊等没有文号的", severity=HINT, source=HOUSE_RULE,
    look_up="文件原件", ask="依据的文件是哪个机关哪一年的几号", since="2026-11-24",
)  # fmt: skip
def documents_without_number(facts: Facts) -> Iterator[Suspicion]:
    """Documents that the report cites without number or year, all in one finding."""
    lacking: dict[str, tuple[str, Place]] = {}
    registered = []
    for row in facts.rows("documents"):
        title = row.said("title")
        registered.append(plain_title(title))
        missing = [name for name, key in (("文号", "number"), ("年份", "year")) if row.cells[key] is None]
        if missing:
            words = f"《{title}》（没有{'和'.join(missing)}）"
            lacking[plain_title(title)] = words, facts.place("documents", row, title[:60])
    for passage in passages(facts):
        for match in CITED.finditer(passage.text):
            title = plain_title(match[1])
            after = passage.text[match.end() : match.end() + NUMBER_NEAR].partition("《")[0]
            before = passage.text[max(match.start() - NUMBER_NEAR, 0) : match.start()].rpartition("》")[2]
            numbered = NUMBER_MARKS.search(after) or NUMBER_MARKS.search(before) or DECREE.search(after)
            known = any(title in other or other in title for other in (*registered, *lacking))
            if NUMBERED_KINDS.search(match[1]) and not numbered and not known:
                words = f"《{match[1]}》（{passage.where}，政策文件表里没有）"
                lacking[title] = words, passage.place(match.start(), match.end())
    if lacking:
        yield Suspicion("documents", places=tuple(place for _, place in lacking.values())).told(
            f"{len(lacking)}个文件没有文号或年份",
            "没有文号的依据，别人查不到",
            "查到原件，把文号和年份填进 documents.csv；没有文号的在备注里写明",
            "、".join(words for words, _ in lacking.values()),
        )


@rule(
    "K3", "上年有的部分今年还有", compares="今年与上年报告的各部分", formula="文件名或去掉序号的标题相同", tolerance="无",
    exceptions="没有上年文件夹的；序号也没有了的（读文件时就问）", severity=DOUBT, source=HOUSE_RULE,
    look_up="上年的报告", ask="上年的这一部分今年写在哪里", since="2026-11-24",
)  # fmt: skip
@once
def lost_chapters(facts: Facts) -> Iterator[Suspicion]:
    """Chapters in whose place this report has another one, by file name and by title.

    Those in whose place there is nothing are asked for before (:mod:`evalbook.year.chapters`).
    """
    if facts.before is None:
        return
    now = facts.figures.year.narrative
    titles = {unnumbered(prose.title) for prose in now.values()}
    numbers = {number_of(name) for name in now} - {None}
    earlier = facts.before.figures.year
    for name, prose in earlier.narrative.items():
        title = unnumbered(prose.title)
        if name not in now and title not in titles and number_of(name) in numbers:
            place = Place(prose.file, 1, prose.title or name)
            yield Suspicion(f"chapter.{digest(title)}", places=(place,)).told(
                f"{earlier.settings.year}年的报告有“{prose.title or name}”，今年没有",
                "报告的各部分应当前后一致，缺了的部分无法逐年比较",
                f"补上这一部分（{name}.md）；并到别处或不再需要的，在检查说明里写明",
            )


COVER = {"project": "项目名称", "department": "主管部门", "report_date": "报告日期"}
"""Keys of ``year.yml`` that the cover of a report names, and that may be empty."""


@rule(
    "K4", "封面的内容齐全", compares="year.yml 的项目名称、主管部门、报告日期", formula="三项都填写", tolerance="无",
    exceptions="草稿还没有签发，可以没有报告日期", severity=HINT,
    source="附件8《中介机构绩效评价报告质量考核评分表》：封面缺一项扣0.4分，要素缺一项扣0.5分",
    look_up="资金下达文件上的项目名称；签发稿上的成文日期", ask="报告评的是哪个项目，主管部门是谁，哪一天写成",
    since="2026-11-30",
)  # fmt: skip
def cover_elements(facts: Facts) -> Iterator[Suspicion]:
    """What a cover must name and ``year.yml`` leaves blank."""
    year = facts.figures.year
    for name, heading in COVER.items():
        if getattr(year.settings, name) or (name == "report_date" and year.settings.status == DRAFT):
            continue
        place = Place(f"data/{year.settings.year}/year.yml", 0, heading)
        yield Suspicion(name, places=(place,)).told(
            f"没有填写{heading}",
            "报告的封面要写明评的是哪个项目、由谁主管、哪一天写成，看报告的人先看这几项",
            f"在 year.yml 里填写“{heading}”",
        )


RULES = (required_content, documents_without_number, lost_chapters, cover_elements)
