"""Rules for the words of a form: what a name counts, of which year a row is, what is told beside the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.checks import DOUBT, HINT, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.rules.arithmetic import compared
from evalbook.recheck.rules.plausible import NAMES
from evalbook.schema.indicator_names import indicator_key
from evalbook.schema.numbers import Quantity, converted, kind_of, plain, read_quantity, same_unit
from evalbook.schema.text import clean

if TYPE_CHECKING:
    from evalbook.recheck.facts import FormFacts, Judged

COUNTS = re.compile("(人次|户次|人数|户数)(?!比|占)")
AVERAGE = re.compile("户均|人均|次均|每户|每人|每次|平均每")
ONES = {"人次": "人次", "户次": "户次", "人数": "人数", "户数": "户数"}


@rule(
    "B35", "名称与单位", compares="名称里的人数、人次、户数、户次与两个数的单位", formula="说的是同一种数", tolerance="不适用",
    exceptions="名称里有两种的；户均、人均的；没有写单位的；目标与实际的单位不同的（B17）", severity=DOUBT,
    source="一个人一年可以救助几次，人次多于人数", look_up="救助台账，数一数是几个人、几次",
    ask="这是人数还是人次，一人多次怎么算", since="2026-11-30",
)  # fmt: skip
def name_and_unit(facts: FormFacts) -> Iterator[Suspicion]:
    """People, visits and households: what the name says against the unit of the numbers."""
    for row in facts.rows:
        name = re.sub(r"人/次", "人次", plain(row.row.name))
        said = set(COUNTS.findall(name))
        if len(said) != 1 or AVERAGE.search(name):
            continue
        (counted,) = said
        kinds = {
            kind: kind_of(value.unit)
            for kind, value in (("target", row.target), ("actual", row.actual))
            if isinstance(value, Quantity) and value.unit
        }
        others = {kind: known for kind, known in kinds.items() if known and known[0] in ONES and not known[2]}
        # Where the two differ from one another, that has been told.
        if len({known[0] for known in others.values()}) != 1 or counted in {
            known[0] for known in others.values()
        }:
            continue
        places = facts.places(row, *others)
        texts = "，".join(f"{NAMES[kind]}“{clean(row.row.cell(kind).text)}”" for kind in others)
        yield Suspicion(row.subject, places=places).told(
            f"{row.name}说的是{counted}，{texts}",
            "人数与人次、户数与户次、人与户不是一回事，一人可以多次",
            "核对台账，名称和单位改成同一种",
        )


DATED = re.compile(r"(?P<before>.?)(20\d\d)(?=\s*年|[./-]\d)(?=(?P<after>.{0,3}))")
OTHERWISE = re.compile("[较比与同自从〔\\[(（]")
CARRIED = re.compile("结转|上年|结余|补发|欠|续建|尾款|历年|以前年度|跨年|累计")


def _years(text: str) -> set[int]:
    """Years that a text is about, not those that it compares with."""
    found = DATED.finditer(plain(text))
    return {
        int(one[2])
        for one in found
        if not OTHERWISE.match(one["before"]) and not re.search("版|届|以来|号", one["after"])
    }


@rule(
    "B38", "年份", compares="年度指标值、实际完成值和名称里的年份与表的年度", formula="同一年", tolerance="不适用",
    exceptions="跨年的起止时间；结转、上年、续建的；与往年相比的；比表晚的和名称里的为提示", severity=DOUBT,
    source="上年的表改了标题、没有改完是常见的错误", look_up="当年下达的绩效目标表", ask="这一行是不是上年的内容",
    since="2026-11-30",
)  # fmt: skip
def another_year(facts: FormFacts) -> Iterator[Suspicion]:
    """Rows of another year than the form, as of last year's form that was used again."""
    if not facts.form.year:
        return
    own = int(facts.form.year)
    cells = [
        (row, kind, years, row.row.name if kind == "level3" else row.row.cell(kind).text)
        for row in facts.rows
        for kind in ("target", "actual", "level3")
        if (years := _years(row.row.name if kind == "level3" else row.row.cell(kind).text))
        and not CARRIED.search(row.row.name + row.row.cell(kind).text)
    ]
    listed = [
        (row, kind, text)
        for row, kind, years, text in cells
        if max(years) < own
        or (kind == "target" and min(years) > own >= max(_years(row.row.cell("actual").text), default=0))
    ]
    if not listed:
        return
    rows = dict.fromkeys(row.row.row for row, _, _ in listed)
    sure = any(kind != "level3" and max(_years(text)) < own for _, kind, text in listed)
    first, _, text = listed[0]
    more = f"等{len(rows)}行（第{'、'.join(map(str, rows))}行）" if len(rows) > 1 else ""
    places = tuple(place for row, kind, _ in listed for place in facts.places(row, kind))
    yield Suspicion("year", places=places, severity="" if sure else HINT).told(
        f"{first.name}{more}写的是“{clean(text)}”，表是{own}年度的",
        "年份不是本年的行，可能是照抄上年的表",
        "核对年份；跨年的项目，写明起止时间",
    )


STATED = re.compile(
    r"(?P<label>[一-鿿]{2,24}?)(?:分别|已|均|共|累计|全年|实际|约)*(?:达到了?|达|为|是|超过|不低于|不少于|在|:)?"
    r"(?P<sign>[≥≤<>=]*)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>%|万元|亿元|元|万人次|人次|户次|万人|人|户|名)"
    r"(?P<tail>以上|以下|以内|及以上|左右)?(?![/·每])"
)
COUNTED = "★|☆|全年|年度|月均|年均|平均|累计|共计|实际|预计|使得?|其中|人数|户数|人次数?|户次|数量|数|共|已|为|对|将|的|达"
IDLE = re.compile(f"{COUNTED}|保障|发放|实施|开展|完成|确保|实现|救助|惠及|受益")


def _label(text: str) -> str:
    """What is counted; the deed where nothing else is said, as in 救助人次."""
    name = indicator_key(re.sub(r"\([^()]*\)", "", plain(text)))
    return IDLE.sub("", name) or re.sub(COUNTED, "", name)


@rule(
    "B39", "文字与表", compares="总体目标、完成情况等文字里的数与同名指标的目标和实际",
    formula="等于其中一个，或不违反所写的界限", tolerance="表里的数四舍五入到文字的位数",
    exceptions="名称不完全相同的；单位不同的；文字写“左右”的", severity=DOUBT,
    source="同一个数在一张表里只能有一个值", look_up="文字和表各取自哪张报表", ask="文字里的数和表里的数，哪个对",
    since="2026-11-30",
)  # fmt: skip
def text_and_table(facts: FormFacts) -> Iterator[Suspicion]:
    """A quantity told beside the tables against the indicator of the same name."""
    named: dict[str, list[Judged]] = {}
    for row in facts.indicators:
        if (key := _label(row.row.name)) and row.row.named:
            named.setdefault(key, []).append(row)
    for cell in facts.form.texts:
        for found in STATED.finditer(plain(cell.text)[:2000]):
            rows = named.get(_label(found["label"]), [])
            said = read_quantity(f"{found['sign']}{found['number']}{found['unit']}{found['tail'] or ''}")
            if len(rows) != 1 or isinstance(said, str) or said.about:
                continue
            (row,) = rows
            values = [
                converted(value.value, value.unit, said.unit)
                for value in (row.target, row.actual)
                if isinstance(value, Quantity) and value.high is None and same_unit(value.unit, said.unit)
            ]
            if not values or any(_agrees(said, value) for value in values):
                continue
            places = (facts.place(cell), *facts.places(row, "target", "actual"))
            yield compared(
                f"{row.subject}-text", said.value, values[-1], *places, unit=clean(said.unit)
            ).told(
                f"文字里写“{clean(found[0])}”，表里{row.name}{row.numbers}",
                "文字里的数与表里的目标、实际都不同",
                "核对文字和表，改成同一个数；不是一回事的，写明",
            )


def _agrees(said: Quantity, value: Decimal) -> bool:
    digits = max(-int(said.value.as_tuple().exponent), 0)
    near = abs(value - said.value) < Decimal(1).scaleb(-digits)
    bound = said.sign[:1]
    return near or (bound == ">" and value >= said.value) or (bound == "<" and value <= said.value)
