"""Characters that were lost on the way into the files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evalbook.checks.finding import HINT, Place, Suspicion, rule
from evalbook.checks.prose.passages import HOUSE_RULE, digest, lost_characters, once, passages, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts

# A sentence of prose may end in a question; a cell and a title ask nothing.
ENDS = re.compile(r"\??[”’\"》）)\s]*$")


@rule(
    "P13", "没有丢失的生僻字", compares="正文、标题和各表文字里夹着的半角问号 ?", formula="汉字前后没有 ?", tolerance="无",
    exceptions="问句", severity=HINT, source=HOUSE_RULE + "：GBK 编码里没有的字，保存时变成 ?",
    look_up="身份证件或原始名册上的字", ask="丢失的是什么字", since="2026-11-29",
)  # fmt: skip
@once
def lost_in_saving(facts: Facts) -> Iterator[Suspicion]:
    """Question marks that stand in the place of rare characters, as in ?溪镇 and 张?."""
    why = "地名、人名里的生僻字，用 GBK 编码保存时会变成 ?"
    remedy = "是不是有生僻字没有存下来：照原件补上这个字，用 UTF-8 编码保存；确是问句的，用全角问号"
    for passage in passages(facts):
        lost = [
            match
            for match in lost_characters(passage.text)
            if passage.level or not ENDS.match(passage.text, match.end())
        ]
        if lost:
            key = "\n".join(passage.text[max(m.start() - 4, 0) : m.end() + 4] for m in lost)
            spots = "、".join(f"“{passage.around(*m.span(), 4)}”" for m in lost[:5])
            yield passage.suspected(key, *lost[0].span()).told(f"{passage.where}有{spots}", why, remedy)
    year = facts.figures.year
    cells = [
        (Place(data.file, row.number, text, data.letters[column]), text)
        for data in year.tables.values()
        for row in data.rows
        for column, text in row.texts.items()
        if column in data.letters
    ]
    settings = (*year.settings.title, year.settings.county, year.settings.bureau, year.settings.goal)
    cells += [(Place(f"data/{year.settings.year}/year.yml", 0, text), text) for text in settings]
    for place, text in cells:
        if lost_characters(text):
            subject = f"{place.file.rpartition('/')[2]}.{digest(text)}"
            found = f"{place}写的是“{shortened(text)}”"
            yield Suspicion(subject, places=(place,)).told(found, why, remedy)


RULES = (lost_in_saving,)
