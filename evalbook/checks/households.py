"""Households against people; comings and goings in the year."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from evalbook.checks.facts import Span, exactly
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.people import MOVING, VISITS, counted_as, counting_of, fewer_than, groups
from evalbook.schema.address import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Programme

MAIN_HOUSEHOLDS = (("households", ""), ("households", "average"), ("households", "persons"), ("", "persons"))
MOVING_HOUSEHOLDS = tuple((f"{aspect}_households", aspect) for aspect in ("opening", *MOVING, "closing"))
"""What is counted of households, and of the people who live in them; of several the first that is told."""

LIVING_TOGETHER = ("dibao", "temporary_relief")
"""Families of programmes that help households, and not single people or children by themselves."""

ALL_ALONE = 50
"""From how many households on it is no chance that all of them are of one person."""


def _household_pairs(facts: Facts) -> Iterator[tuple[Figure, Figure, str]]:
    """People with their households: of a programme and its forms, and of the year's work by names that end in 人数 and 户数."""
    for programme, form in groups(facts):
        for ways in (MAIN_HOUSEHOLDS, *((way,) for way in MOVING_HOUSEHOLDS)):
            for households, heads in ways:
                homes = facts.get("people", programme.code, form, households)
                counted = facts.count_of(programme) if not form and not heads else None
                people = counted[0] if counted else facts.get("people", programme.code, form, heads)
                pair = homes and people and (facts.category(people), facts.category(homes))
                if homes and people and pair == ("人数", "户数"):
                    moving = heads if ways is not MAIN_HOUSEHOLDS else ""
                    yield people, homes, Address.of(programme.code, form, moving)
                    break
    actions = {figure.label: figure for _, figure in facts.stated("actions")}
    for name, figure in actions.items():
        for ending, other in (("户数", "人数"), ("户次", "人次")):
            if name.endswith(ending) and (people := actions.get(name.removesuffix(ending) + other)):
                yield people, figure, figure.address


def _same_time(facts: Facts, people: Figure, households: Figure) -> bool | None:
    """Whether people and households are of the same time; None where the households of a year exceed the people of a month."""
    whole_year, told = "全年累计", [counting_of(facts, figure) for figure in (people, households)]
    if told[1] == whole_year != told[0] and told[0]:
        return None
    return "" in told or told[0] == told[1]


@rule(
    "X9", "人数与户数", compares="同一对象的人数与户数", formula="户数≤人数≤上限×户数",
    tolerance="人少于户不容许；上限见参考界限表", exceptions="缺一方；不超过“小基数”的几户，平均数不说明问题", severity=ERROR,
    source="每户至少一人；参考界限表“户均人数”",
    look_up="台账的户数和人数", ask="户数和人数是不是同一天的", since="2026-11-24",
)  # fmt: skip
def people_and_households(facts: Facts) -> Iterator[Suspicion]:
    """Fewer people than households, or unusually many to a household."""
    limit = facts.limit("persons_per_household")
    for people, households, subject in _household_pairs(facts):
        same_time = _same_time(facts, people, households)
        if not limit or not households.value or same_time is None:
            continue
        each, number = facts.value(people) / facts.value(households), households.value
        fewer = each < 1
        if fewer or (each > limit.high and same_time and not facts.few(households)):
            limits, severity = ((), "" if same_time else DOUBT) if fewer else ((limit,), DOUBT)
            yield facts.compared(
                subject, people, households, computed=number, limits=limits, severity=severity
            ).told(
                f"{facts.named(people)}，{facts.named(households)}，每户{facts.shown(each, '人/户')}",
                "每户至少一人，人数不会少于户数：两个数字或单位写反了"
                if fewer
                else f"每户平均超过{facts.number(limit.high, '人/户')}人不常见",
                "查台账，核对人数、户数和单位",
            )


@rule(
    "X16", "户数不是照人数抄的", compares="低保、低收入家庭的户数与人数，临时救助的户次与人次", formula="户数＜人数",
    tolerance="不容许差额", exceptions=f"对象多为单身的项目（特困、孤儿等）；不到{ALL_ALONE}户的；临时救助为提示", severity=DOUBT,
    source="参考界限表“户均人数”：2020年全国城市低保每户1.65人、农村1.82人", look_up="发放台账的户数和人数两栏",
    ask="户数与人数相同，是每户都只有一人，还是把人数抄成了户数", since="2026-11-30",
)  # fmt: skip
def households_like_people(facts: Facts) -> Iterator[Suspicion]:
    """As many households as people, of a programme for families that is too large for all of them to live alone."""
    pairs = list(_household_pairs(facts))
    for programme in facts.programmes:
        if programme.family not in LIVING_TOGETHER and programme.kind != "监测人群":
            continue
        counted = [(people, homes) for people, homes, subject in pairs if subject == programme.code]
        persons, households = (counted_as(facts, programme, visits) for visits in VISITS)
        counted += product(persons, households)
        alike = (pair for pair in counted if facts.value(pair[0]) == facts.value(pair[1]) >= ALL_ALONE)
        for people, homes in islice(alike, 1):
            severity = HINT if programme.family == "temporary_relief" else ""
            subject = programme.code
            yield facts.compared(subject, homes, people, computed=people.value, severity=severity).told(
                f"{facts.named(homes)}，与{facts.named(people)}是同一个数",
                "每户都只有一人才会相同；这样多的户，总有两人以上的",
                "查发放台账，核对户数和人数，是否抄了同一个数；确是一户一人的，写明",
            )


@rule(
    "X10", "年末等于年初加新增减退出", compares="年初、新增、退出、年末人数；年初与上年年末",
    formula="年末＝年初＋新增－退出；年初＝上年年末", tolerance="不容许差额",
    exceptions="四个数没有列全；死亡、转出另外统计的；年初与上年年末不同的为疑点", severity=ERROR,
    source="福建省民政厅2017年7月月报：75916＋553－853＝75616",
    look_up="民政统计月报、新增和退出名册", ask="年末人数怎样由年初人数得来", since="2026-11-24",
)  # fmt: skip
def comings_and_goings(facts: Facts) -> Iterator[Suspicion]:
    """End of the year = beginning + joined − left; beginning = end of the year before."""
    for programme, counted in product(facts.programmes, ("", "_households")):
        parts = (f"opening{counted}", f"joined{counted}", f"left{counted}")
        opening, joined, left = (facts.of(programme, "people", part) for part in parts)
        closing = _closing(facts, programme, counted)
        if opening and closing and joined and left:
            value = facts.value(opening) + facts.value(joined) - facts.value(left)
            if gap := facts.value(closing) - value:
                subject = f"{programme.code}.closing{counted}"
                pair = facts.compared(subject, closing, opening, joined, left, computed=value, either=True)
                yield pair.told(
                    f"报告写{facts.named(closing)}，按年初、新增、退出算出{facts.shown(value, closing.unit)}，"
                    f"相差{facts.shown(abs(gap), closing.unit)}",
                    "年末数等于年初数加新增、减退出",
                    "查名册，核对四个数字；死亡、转出另外统计的，算入退出",
                    f"{facts.named(opening)}＋{facts.named(joined)}－{facts.named(left)}",
                )
        then = _closing(facts.before, programme, counted) if facts.before else None
        if opening and then and facts.alike(opening.unit, then.unit) and opening.value != then.value:
            subject = f"{programme.code}.opening{counted}"
            yield facts.compared(subject, opening, computed=then.value, severity=DOUBT).told(
                f"{facts.named(opening)}，上年{facts.named(then)}",
                "本年年初就是上年年末，两个数应当相同",
                "核对两年的报告，写明调整的原因",
            )


def _closing(facts: Facts, programme: Programme, counted: str = "") -> Figure | None:
    """People on the roll at the end of the year, or their households."""
    main = facts.of(programme, "people", counted.removeprefix("_"))
    at_the_end = main if main and counting_of(facts, main) == "期末" else None
    return facts.of(programme, "people", f"closing{counted}") or at_the_end


@rule(
    "X11", "月均在年初和年末之间", compares="月均人数，与年初、年末人数", formula="较小的≤月均≤较大的",
    tolerance="“人数乘标准的允差”", exceptions="年内有升有降的", severity=HINT,
    source="算术关系：人数只升或只降时，平均数在两端之间",
    look_up="民政统计月报各月人数", ask="月均人数是怎么算的", since="2026-11-24",
)  # fmt: skip
def average_between_ends(facts: Facts) -> Iterator[Suspicion]:
    """A monthly average outside of what the roll was at both ends of the year."""
    tolerance = facts.share("product_tolerance")
    for programme in facts.programmes:
        opening, closing = facts.of(programme, "people", "opening"), _closing(facts, programme)
        average = facts.of(programme, "people", "average") or facts.of(programme, "people")
        if not opening or not closing or not average or "月均" not in facts.counting(average):
            continue
        value, (low, high) = facts.value(average), sorted((facts.value(opening), facts.value(closing)))
        if not exactly(value).meets(Span(low, high).widened(tolerance)):
            bound = low if value < low else high
            yield facts.compared(programme.code, average, opening, closing, computed=bound).told(
                f"{facts.named(average)}，{facts.named(opening)}，{facts.named(closing)}",
                "人数只升或只降的年份，月均数应在年初和年末之间",
                "核对三个数字；年内有升有降的，不必改",
            )


@rule(
    "X12", "退出比例", compares="全年退出人数，与年初（或月均）人数", formula="退出÷年初≤上限", tolerance="界限见参考界限表",
    exceptions="专项清理的年份", severity=DOUBT, source="参考界限表“年退出比例”",
    look_up="退出名册、专项清理的文件", ask="为什么退出这么多人", since="2026-11-24",
)  # fmt: skip
def turnover(facts: Facts) -> Iterator[Suspicion]:
    """Unusually many who left, against the roll."""
    limit = facts.limit("turnover")
    for programme in facts.programmes:
        left = facts.of(programme, "people", "left")
        base = facts.of(programme, "people", "opening") or facts.of(programme, "people")
        if not left or not base or not base.value or not limit:
            continue
        share = facts.value(left) / facts.value(base) * 100
        if facts.alike(left.unit, base.unit) and share > limit.high and not facts.few(base):
            yield facts.compared(programme.code, left, base, limits=[limit]).told(
                f"{facts.named(left)}，是{facts.named(base)}的{facts.shown(share, '%')}",
                f"一年退出超过{facts.shown(limit.high, '%')}不常见",
                "核对退出人数；专项清理造成的，写明",
            )


@rule(
    "X13", "全年受助人数不少于月均", compares="全年受助的不同的人，与月均或年末人数", formula="全年≥月均",
    tolerance="不容许差额", exceptions="没有全年人数", severity=ERROR, source="算术关系",
    look_up="发放台账的不重复人数", ask="全年人数是不是按不同的人数的", since="2026-11-24",
)  # fmt: skip
def people_in_the_year(facts: Facts) -> Iterator[Suspicion]:
    """Fewer different people in the year than on the roll on average."""
    for programme, form in groups(facts):
        whole, main = (facts.get("people", programme.code, form, part) for part in ("persons", ""))
        if not whole or not main or not facts.alike(whole.unit, main.unit):
            continue
        comparable = counting_of(facts, whole) == "全年累计" and counting_of(facts, main) in {"月均", "期末"}
        if comparable and facts.value(whole, main.unit) < facts.value(main):
            yield fewer_than(facts, programme, whole, main, "全年受助的不同的人，不会少于月均或年末的人数")
