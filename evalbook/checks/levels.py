"""Levels: money against people and months, against standards, tiers and the province's minimum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from itertools import chain
from typing import TYPE_CHECKING

from evalbook.checks.claims import ROUNDING, contradicted
from evalbook.checks.facts import LEVEL, MONEY, MONTH, Span, exactly
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.standards import per_month, tiers
from evalbook.figures import Derivation
from evalbook.figures.indicators import ON_THE_ROLL
from evalbook.schema.table import programme_of
from evalbook.schema.vocabulary import APART, TIERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalbook.checks.facts import Facts
    from evalbook.checks.finding import Possible
    from evalbook.figures import Figure
    from evalbook.schema import Programme

FORMULA = "累计月人均补助水平＝累计支出÷月均人数÷月数（用衡阳市民政局2020年12月公布数验证）"
TOP_UP = "《社会救助暂行办法》第十二条：低保按差额发给，平均水平低于保障标准"


ONE_OR_TWO = 2
"""People by whom those on the roll on the last day of a month may differ from those who were paid in it."""


@dataclass(frozen=True)
class Alternative:
    """A level computed with or without money or people of which it is unknown whether they are included."""

    payment: Programme
    words: str
    span: Span
    figures: tuple[Figure, ...]

    @property
    def value(self) -> Decimal:
        """Middle of the span, in 元/人·月."""
        return (self.span.low + self.span.high) / 2


def computed_level(facts: Facts, programme: Programme) -> Figure | None:
    """Money per person and month of a programme, computed."""
    return facts.of(programme, "level")


def stated_level(facts: Facts, programme: Programme) -> Figure | None:
    """Level that the report states for a programme."""
    return facts.of(programme, "standards", "level")


def alternatives(facts: Facts, programme: Programme) -> list[Alternative]:
    """Levels of a programme with and without each uncertain inclusion: money added, taken off, people added."""
    spent, counted = facts.of(programme, "spending"), facts.count_of(programme)
    if not spent or not counted or counted[1].category != "人数":
        return []
    people, found = counted[0], []
    months = exactly(facts.months)
    for other in facts.programmes:
        if programme.name not in other.may_be_within or _said_where(facts, other):
            continue
        amount, helped = facts.of(other, "spending"), facts.count_of(other)
        if not amount:
            continue
        # A payment to several programmes at once is shared by their people.
        sharing = facts.counted(facts.named_programmes(other.may_be_within))
        total = sum((facts.value(c[0], "人") for c in sharing if c[1].category == "人数"), Decimal(0))
        share = facts.value(people, "人") / total if len(sharing) > 1 and total else Decimal(1)
        money = facts.span(spent, "元")
        part = facts.span(amount, "元") * exactly(share)
        names = f"{other.name}{amount.text}" + ("按人数分摊的一份" if len(sharing) > 1 else "")
        figures = (spent, amount, people)
        count = facts.span(people, "人")
        found.append(Alternative(other, f"加上{names}", (money + part) / count / months, figures))
        if part.high < money.low:
            found.append(Alternative(other, f"从中扣除{names}", (money - part) / count / months, figures))
        if len(sharing) == 1 and helped and helped[1].category == "人数":
            both = count + facts.span(helped[0], "人")
            words = f"连同{other.name}的钱和{helped[0].text}"
            found.append(Alternative(other, words, (money + part) / both / months, (*figures, helped[0])))
    return found


def net_levels(facts: Facts, programme: Programme) -> list[Alternative]:
    """Levels of a programme without each payment that the year says its spending contains, and without all of them."""
    spent, counted = facts.of(programme, "spending"), facts.count_of(programme)
    if not spent or not counted or counted[1].category not in {"人数", "人次"}:
        return []
    contained = [
        (programme_of(row), figure)
        for row, figure in facts.stated("spending")
        if row.said("within") == programme.name
    ]
    months = 1 if counted[1].counting == "按月累计" else facts.months
    people = facts.span(counted[0]) * exactly(months)
    found = []
    for parts in (*([part] for part in contained), contained if len(contained) > 1 else []):
        figures = [figure for _, figure in parts]
        money = reduce(Span.__sub__, (facts.span(figure, "元") for figure in (spent, *figures)))
        if parts and money.low > 0:
            words = f"扣除{facts.listed(figures)}"
            found.append(Alternative(parts[0][0], words, money / people, (spent, *figures, counted[0])))
    return found


def _said_where(facts: Facts, programme: Programme) -> bool:
    """Whether the year says if a programme's money is contained in another's."""
    return any(row.programme == programme and row.said("within") for row in facts.rows("spending"))


@rule(
    "L1", "人均救助水平与累计人次", compares="报告所述的人均救助水平，与累计支出÷累计人次", formula="水平＝累计支出÷累计人次",
    tolerance=ROUNDING, exceptions="没有累计人次；支出里含补贴并写明的", severity=ERROR, source=FORMULA,
    look_up="发放台账各月合计、银行代发回单", ask="水平是怎么算的，支出里含不含补发和补贴", since="2026-11-24",
)  # fmt: skip
def by_person_months(facts: Facts) -> Iterator[Suspicion]:
    """A stated level against money ÷ person-months."""
    for programme in facts.programmes:
        stated, spent = stated_level(facts, programme), facts.of(programme, "spending")
        months = facts.of(programme, "people", "person_months")
        if not stated or not spent or not months or not months.value:
            continue
        claimed = facts.cut_span(stated, LEVEL)
        others = (*alternatives(facts, programme), *net_levels(facts, programme))
        paid = facts.span(spent, "元") / exactly(facts.value(months, "人次"))
        if any(claimed.meets(span) for span in (paid, *(other.span for other in others))):
            continue
        value = facts.value(spent, "元") / facts.value(months, "人次")
        figures = (stated, spent, months)
        pair = facts.compared(programme.code, *figures, computed=value, unit=LEVEL, suspects=[stated])
        left = [value, *(other.value for other in others)]
        yield replace(pair, possible=_left(facts, left, stated)).told(
            f"{facts.named(stated)}，按支出÷累计人次算出{facts.shown(value, LEVEL)}，"
            f"相差{facts.shown(abs(facts.value(stated, LEVEL) - value), LEVEL)}",
            "人均救助水平就是平均发给每人每月的钱",
            "按支出和累计人次重算；支出含补发、补贴的，写明",
            f"{facts.named(spent)}，{facts.named(months)}",
        )


@rule(
    "L2", "人均救助水平与月均人数", compares="报告所述的人均救助水平，与累计支出÷月均人数÷月数，只有一个月的与当月支出÷人数",
    formula="水平＝累计支出÷月均人数÷月数",
    tolerance="尾差之外再容许“月均口径的允差”：月均人数经过取整，支出可能含补发；只有一个月、按月累计的人次没有取整，允差以内的为疑点",
    exceptions="缺支出或人数；含不含别的钱没有写明、有一种算法相符的，为疑点", severity=ERROR, source=FORMULA,
    look_up="发放台账各月人数和金额、民政统计月报", ask="水平是怎么算的，照标准抄的还是照支出算的", since="2026-11-24",
)  # fmt: skip
def by_people(facts: Facts) -> Iterator[Suspicion]:
    """A stated level against money ÷ monthly average of people ÷ months, or ÷ the people of the only month."""
    yield from contradicted(facts, "level.")
    # In one month nobody comes or goes between two ends, however the people were counted.
    countings = ON_THE_ROLL if facts.months == 1 else ("月均",)
    yield from _level_differs(facts, (*countings, "按月累计"), facts.share("average_tolerance"), "")


@rule(
    "L3", "人均救助水平与期末人数", compares="报告所述的人均救助水平，与累计支出÷期末（或口径不明的）人数÷月数",
    formula="水平≈累计支出÷人数÷月数", tolerance="尾差之外再容许“期末口径的允差”：人数减少的年份会偏高",
    exceptions="人数是月均数的、只有一个月的用L2", severity=DOUBT, source="民政部2007年2月公布数即用期末人数；允差见参考界限表",
    look_up="发放台账各月人数、民政统计月报", ask="人数是月均还是年末，水平按哪个算的", since="2026-11-24",
)  # fmt: skip
def by_people_at_the_end(facts: Facts) -> Iterator[Suspicion]:
    """A stated level against money ÷ people ÷ months where the people are no monthly average."""
    if facts.months > 1:
        yield from _level_differs(facts, ("期末", "未说明"), facts.share("closing_tolerance"), DOUBT)


def _level_differs(
    facts: Facts, countings: tuple[str, ...], tolerance: Decimal, severity: str
) -> Iterator[Suspicion]:
    for programme in facts.programmes:
        stated, computed = stated_level(facts, programme), computed_level(facts, programme)
        counted = facts.count_of(programme)
        if not stated or not computed or not counted or counted[1].counting not in countings:
            continue
        if severity == DOUBT and facts.few(counted[0]):
            continue
        claimed = facts.cut_span(stated, LEVEL)
        spans = (facts.span(computed), *(net.span for net in net_levels(facts, programme)))
        people = facts.value(counted[0])
        # Whoever left within the month was paid too; among few people one is much.
        left = ONE_OR_TWO / people if people and counted[1].counting in {"期末", "未说明"} else Decimal(0)
        near = any(claimed.meets(span.widened(max(tolerance, left))) for span in spans)
        exact = facts.months == 1 or counted[1].counting == "按月累计"
        if near and (not exact or any(claimed.meets(span) for span in spans)):
            continue
        fitting = [a for a in alternatives(facts, programme) if claimed.meets(a.span.widened(tolerance))]
        gap = facts.value(stated, LEVEL) - facts.value(computed)
        share = gap / facts.value(computed) * 100 if computed.value else Decimal(0)
        notes = [f"若{a.words}，则为{facts.shown(a.value, LEVEL)}，与报告所写的相符" for a in fitting]
        suspects, grave = ((), DOUBT) if fitting else ((stated,), DOUBT if near else severity)
        pair = facts.compared(programme.code, stated, computed, unit=LEVEL, suspects=suspects, severity=grave)
        others = (*alternatives(facts, programme), *net_levels(facts, programme))
        levels = [facts.value(computed, LEVEL), *(other.value for other in others)]
        yield replace(pair, possible=_left(facts, levels, stated)).told(
            f"报告写{per_month(facts, stated)}，按支出÷人数÷月数算出{computed.text}，"
            f"报告{'多' if gap > 0 else '少'}{facts.shown(abs(gap), LEVEL)}"
            f"（{facts.shown(abs(share), '%')}）",
            "人均救助水平就是平均发给每人每月的钱，应当与支出、人数相符"
            + ("；人数不是月均数，容许的差已经放宽" if severity else ""),
            "在“含在”一栏写明是否包含" if fitting else "按支出和月均人数重算；支出或人数含别的内容的，写明",
            f"算法是{_numbers(computed)}",
            *(notes or _where_from(facts, programme, stated)),
        )


def _left(facts: Facts, levels: Sequence[Decimal], *figures: Figure) -> Possible:
    """Levels that are possible, for each of some figures in its own unit, in the digits that the finding shows."""
    units = facts.figures.units

    def shown(figure: Figure) -> tuple[Decimal, ...]:
        return tuple(units.display(units.convert(level, LEVEL, figure.unit), figure.unit) for level in levels)

    return tuple((figure.address, shown(figure)) for figure in figures)


def _numbers(figure: Figure) -> str:
    return figure.lineage.numbers if isinstance(figure.lineage, Derivation) else figure.text


def _where_from(facts: Facts, programme: Programme, stated: Figure) -> Iterator[str]:
    """What a wrong level may have been copied from, or which unit would explain it."""
    if copied := _copied_from(facts, programme, stated):
        yield f"所写的水平{_like(facts, stated, copied)}，像是照标准抄的"
    for figure in tiers(facts, programme)[:1]:
        if facts.span(stated, MONTH).meets(facts.span(figure, MONTH)):
            yield f"也{_like(facts, stated, figure)}，是最高一档"
    computed = computed_level(facts, programme)
    if computed and computed.value:
        ratio = facts.value(stated, LEVEL) / computed.value
        for factor, words in ((Decimal(12), "元/年"), (Decimal(1) / 12, "元/月")):
            if abs(ratio / factor - 1) < Decimal("0.02"):
                yield f"单位改成{words}就与算出的数相符"


def _copied_from(facts: Facts, programme: Programme, stated: Figure) -> Figure | None:
    """Standard that a level is the twelfth of by number, or equal to as far as the digits tell."""
    for standard in facts.standards(programme):
        if facts.span(stated, MONTH).meets(facts.span(standard, MONTH)) or _is_twelfth(stated, standard):
            return standard
    return None


def _is_twelfth(stated: Figure, standard: Figure) -> bool:
    return stated.value is not None and stated.value * 12 == standard.value


def _like(facts: Facts, stated: Figure, other: Figure) -> str:
    """What a level is the same as: in words that claim no more than the digits do."""
    if _is_twelfth(stated, other):
        return f"恰好等于{facts.named(other)}除以12"
    if facts.monthly(stated) == facts.monthly(other):
        return f"恰好等于{facts.named(other)}"
    return f"约等于{per_month(facts, other)}"


@rule(
    "L4", "低保水平不高于标准", compares="低保的人均救助水平（所述的、算出的）与保障标准", formula="水平≤标准",
    tolerance=ROUNDING, exceptions="算出的水平在含增发的倍数以内，为疑点", severity=ERROR, source=TOP_UP,
    look_up="发放台账、分类施保和增发的文件", ask="人均为什么高于标准，含不含增发和补发", since="2026-11-24",
)  # fmt: skip
def above_standard(facts: Facts) -> Iterator[Suspicion]:
    """A 低保 level above its standard."""
    topped = facts.limit("level_standard_topped", "低保")
    for programme in facts.family("dibao"):
        held = facts.standards(programme)
        if not held:
            continue
        standard = max(held, key=facts.monthly)
        stated, computed = stated_level(facts, programme), computed_level(facts, programme)
        if stated and facts.below(standard, stated, MONTH):
            yield _above(facts, programme, stated, standard, "")
        elif computed and facts.span(standard, MONTH).below(facts.span(computed, LEVEL)):
            beyond = topped and facts.value(computed) > topped.high * facts.monthly(standard)
            others = (*alternatives(facts, programme), *net_levels(facts, programme))
            possible = not beyond or any(a.value <= facts.monthly(standard) for a in others)
            counted = facts.count_of(programme)
            possible |= counted is not None and facts.few(counted[0])
            yield _above(facts, programme, computed, standard, DOUBT if possible else "")


def _above(facts: Facts, programme: Programme, level: Figure, standard: Figure, severity: str) -> Suspicion:
    gap = facts.value(level, LEVEL) - facts.monthly(standard)
    return facts.compared(programme.code, level, standard, unit=LEVEL, severity=severity).told(
        f"{per_month(facts, level)}，高于{per_month(facts, standard)}，多{facts.shown(gap, LEVEL)}",
        "低保是补差，平均发给每人的钱应低于保障标准；只有多数对象全额保障又有增发，才会高于它",
        "核对水平和标准的单位；支出含物价补贴、补发、增发的，写明数额",
    )


@rule(
    "L5", "低保水平与标准之比", compares="算出的（没有支出或人数的，所述的）低保水平与保障标准",
    formula="下限≤水平÷标准≤上限", tolerance="界限见参考界限表", exceptions="高于标准的由L4列出；人数不超过“小基数”的",
    severity=DOUBT,
    source="参考界限表“水平与标准之比”",
    look_up="发放台账、分档发放的文件", ask="补差水平为什么这样高（低）", since="2026-11-24",
)  # fmt: skip
def share_of_standard(facts: Facts) -> Iterator[Suspicion]:
    """A 低保 level that is an unusual share of its standard."""
    for programme in facts.family("dibao"):
        limit = facts.band("level_standard", *facts.subjects(programme))
        held, level = facts.standards(programme), computed_level(facts, programme)
        # What is stated beside a computed one is held against that.
        level = level or stated_level(facts, programme)
        counted = facts.count_of(programme)
        few = counted is not None and facts.few(counted[0], *facts.subjects(programme))
        if not limit or not held or not level or few:
            continue
        if facts.span(held[-1], MONTH).below(facts.span(level, LEVEL)):
            continue  # above the standard: another rule
        shares = [facts.value(level, LEVEL) / facts.monthly(standard) for standard in held]
        if any(limit.low <= share <= limit.high for share in shares):
            continue
        yield facts.compared(programme.code, level, held[-1], limits=[limit], unit=LEVEL).told(
            f"{facts.named(level)}，是{per_month(facts, held[-1])}的{facts.shown(shares[-1] * 100, '%')}",
            f"低保平均补助一般是标准的{facts.shown(limit.low * 100, '%')}至{facts.shown(limit.high * 100, '%')}",
            "核对支出、人数和标准；多数对象全额保障的，写明",
        )


@rule(
    "L6", "水平不是照标准抄的", compares="报告所述的低保水平，与标准或标准÷12", formula="水平≠标准，水平≠标准÷12",
    tolerance="按印出的数字", exceptions="全额保障的制度；支出除以人数正是这个数的", severity=DOUBT, source=TOP_UP,
    look_up="发放台账各月金额", ask="水平是照标准写的，还是照实际发放算的", since="2026-11-24",
)  # fmt: skip
def copied_from_standard(facts: Facts) -> Iterator[Suspicion]:
    """A stated level that is exactly the standard, or its twelfth."""
    for programme in facts.family("dibao"):
        stated = stated_level(facts, programme)
        copied = _copied_from(facts, programme, stated) if stated else None
        computed = computed_level(facts, programme)
        paid = stated and computed and facts.span(stated, LEVEL).meets(facts.span(computed))
        if stated and copied and not paid:
            yield facts.compared(programme.code, stated, copied, unit=LEVEL, suspects=[stated]).told(
                f"{facts.named(stated)}，{_like(facts, stated, copied)}",
                "低保是补差，平均水平不会正好等于标准；像是把标准当成了水平",
                "按支出÷月均人数÷月数重算",
            )


@rule(
    "L7", "水平在各档之间", compares="低保的平均水平与最高、最低档", formula="最低档≤水平≤最高档，有较低档时＜最高档",
    tolerance=ROUNDING, exceptions="档外有补贴的；低于最低档的（年内改过档次）、算出的水平在档外的，为疑点", severity=ERROR,
    source="算术关系：平均数在最小数和最大数之间",
    look_up="分档发放的文件、发放台账的分档人数", ask="各档各有多少人，档外有没有补贴", since="2026-11-24",
)  # fmt: skip
def between_tiers(facts: Facts) -> Iterator[Suspicion]:
    """An average outside the tiers, or equal to the highest while there are lower ones."""
    for programme in facts.family("dibao"):
        listed = tiers(facts, programme)
        if len(listed) < 2:
            continue
        highest, lowest = listed[0], listed[-1]
        for kind, level_of in (("stated", stated_level), ("computed", computed_level)):
            if not (level := level_of(facts, programme)):
                continue
            if kind == "computed" and _is_chance(facts, programme):
                continue
            subject, span, words = f"{programme.code}.{kind}", facts.span(level, MONTH), facts.named(level)
            above, below = facts.below(highest, level, MONTH), facts.below(level, lowest, MONTH)
            if above or below:
                nearest = highest if above else lowest
                severity = "" if kind == "stated" and above else DOUBT
                figures = (level, highest, lowest)
                yield facts.compared(subject, *figures, computed=nearest, unit=MONTH, severity=severity).told(
                    f"{words}，{'高于' if above else '低于'}{facts.named(highest)}、{facts.named(lowest)}这几档",
                    "各人都按档次发，平均数必在最低档和最高档之间；提标前的档次、档外的补贴除外",
                    "核对平均水平和档次；年内档次改过或档外还有补贴的，写明",
                )
            elif kind == "stated" and span.meets(facts.span(highest, MONTH)):
                yield facts.compared(subject, level, highest, lowest, unit=MONTH, severity=DOUBT).told(
                    f"{words}，{_like(facts, level, highest)}，而下面还有{len(listed) - 1}档",
                    "只要有一个人在较低的档次，平均数就低于最高档",
                    "按支出÷月均人数÷月数重算",
                )
            elif (
                kind == "computed"
                and not facts.of(programme, "people", highest.address.last)
                and facts.monthly(highest) > (second := facts.monthly(listed[1]))
            ):
                share = (facts.monthly(level) - second) / (facts.monthly(highest) - second)
                if share > Decimal("0.9"):
                    yield facts.compared(subject, level, highest, listed[1], unit=MONTH, severity=DOUBT).told(
                        f"{words}，接近{facts.named(highest)}：至少要有{facts.shown(share * 100, '%')}的人在最高一档",
                        "多数地方最高一档的人是少数",
                        "核对各档人数；确实如此的，写明各档人数",
                    )


@rule(
    "L8", "各档人数乘金额等于支出", compares="各档人数×金额×月数之和，与支出", formula="Σ人数×金额×月数＝支出",
    tolerance="尾差之外再容许“月均口径的允差”",
    exceptions="没有各档人数；人数不是月均数的用“期末口径的允差”，和年内提标的，为疑点", severity=ERROR,
    source="算术关系：单价×数量＝金额",
    look_up="发放台账的分档人数和金额", ask="各档人数是哪个月的，年内改过档次没有", since="2026-11-24",
)  # fmt: skip
def tiers_make_spending(facts: Facts) -> Iterator[Suspicion]:
    """People of each tier × amount × months against the spending."""
    for programme in facts.family("dibao"):
        spent = facts.of(programme, "spending")
        pairs = [
            (facts.of(programme, "tiers", tier), facts.of(programme, "people", tier))
            for tier in TIERS.values()
        ]
        used = [(a, p) for a, p in pairs if a and p]
        if not spent or not used or any((a is None) != (p is None) for a, p in pairs):
            continue
        months = exactly(facts.months)
        paid = (facts.span(amount, MONTH) * facts.span(people, "人") * months for amount, people in used)
        total = sum(paid, exactly(0))
        averaged = all("月均" in facts.counting(people) for _, people in used)
        tolerance = facts.share("average_tolerance" if averaged else "closing_tolerance")
        if facts.span(spent, "元").meets(total.widened(tolerance)):
            continue
        value = (total.low + total.high) / 2
        figures = (spent, *(figure for pair in used for figure in pair))
        severity = "" if averaged and len(facts.standards(programme)) < 2 else DOUBT
        due = value / 10000
        yield facts.compared(programme.code, *figures, computed=due, unit=MONEY, severity=severity).told(
            f"{facts.named(spent)}，各档人数×金额×{facts.months}个月合{facts.shown(due, MONEY)}，"
            f"相差{facts.shown(abs(facts.value(spent, '元') - value) / 10000, MONEY)}",
            "按档次发的钱应当与支出相符",
            "核对各档人数和金额；档外还有补贴、补发的，写明",
        )


@rule(
    "L9", "水平不低于省定最低水平", compares="人均救助水平（算出的、所述的）与本省最低水平",
    formula="水平≥最低水平，最低水平按执行的月数加权；所述达到而算出没有达到的，单独列出", tolerance="只扣除尾差",
    exceptions="本省本年的最低水平没有登记，或缺一部分月份", severity=DOUBT, source="参考界限表“人均救助水平”，各行注明文件",
    look_up="省定最低水平的文件、发放台账", ask="水平达没达到省里的要求，按哪个数算的", since="2026-11-24",
)  # fmt: skip
def below_minimum(facts: Facts) -> Iterator[Suspicion]:
    """A level below the province's minimum, as computed or as stated."""
    for programme in facts.programmes:
        floors = facts.minimums("level", programme)
        least = facts.least_by_month(floors, LEVEL) if floors else None
        if least is None:
            continue
        stated, computed = stated_level(facts, programme), computed_level(facts, programme)
        held = "、".join(f"{f.start or ''}起{f.least}{f.unit}" for f in floors)
        basis = f"{floors[0].area}{floors[0].place_class}的最低水平是{facts.shown(least, LEVEL)}"
        weighed = f"最低水平按月加权：{held}"
        enough = stated is not None and facts.cut_span(stated, LEVEL).high >= least
        counted = facts.count_of(programme)
        drift = facts.drift(counted[1]) if counted else Decimal(0)
        if computed and facts.span(computed).widened(drift).high < least:
            others = alternatives(facts, programme)
            shown = "、".join(f"{a.words}为{facts.shown(a.value, LEVEL)}" for a in others)
            fit = "，有的算法达到" if any(a.value >= least for a in others) else "，都不达到"
            notes = [f"有一笔钱是否包含没有写明：{shown}{fit}"] if others else []
            subject, gap = f"{programme.code}.computed", facts.shown(least - facts.value(computed), LEVEL)
            if stated and enough:
                pair = facts.compared(
                    subject, computed, stated, limits=floors, stated=stated, computed=computed, unit=LEVEL
                )
                words = f"报告所写的{stated.text}达到最低水平，按支出和人数算出的{computed.text}没有达到"
                why = "是否达到要看实际发了多少，不看报告写了多少"
            else:
                pair = facts.compared(subject, computed, limits=floors, computed=least, unit=LEVEL)
                words, why = facts.named(computed), "低于省里要求的最低救助水平"
            possible = _left(facts, [facts.value(computed), *(a.value for a in others)], computed)
            yield replace(pair, alone=True, possible=possible if others else ()).told(
                f"{words}；{basis}，差{gap}", why, "核对支出和人数；确实没有达到的，说明原因", weighed, *notes
            )
        elif stated and not enough:
            reach = computed is not None and facts.value(computed) >= least
            subject = f"{programme.code}.stated"
            yield facts.compared(subject, stated, limits=floors, computed=least, unit=LEVEL).told(
                f"{facts.named(stated)}；{basis}",
                "报告所写的低于省里要求的最低救助水平" + ("，算出的却达到了" if reach else ""),
                "核对报告所写的水平；确实没有达到的，说明原因",
                weighed,
            )


@rule(
    "L10", "城市水平不低于农村", compares="城乡的人均救助水平", formula="城市≥农村", tolerance=ROUNDING,
    exceptions="缺一方；城乡标准统一的；人数不超过“小基数”的", severity=DOUBT,
    source="2014—2025年全国和各省公布数都是城市高于农村",
    look_up="城乡两本发放台账", ask="城市水平为什么低于农村", since="2026-11-24",
)  # fmt: skip
def urban_and_rural_level(facts: Facts) -> Iterator[Suspicion]:
    """An urban level below the rural one."""
    for family in ("dibao", "tekun"):
        pair = facts.by_region(family)
        for kind, level in (("computed", computed_level), ("stated", stated_level)):
            urban = level(facts, pair["urban"]) if "urban" in pair else None
            rural = level(facts, pair["rural"]) if "rural" in pair else None
            if any(_is_chance(facts, programme) for programme in pair.values()) or _unified(facts, pair):
                continue
            counts = [how for _, how in facts.counted(pair.values())]
            drift = facts.drift(*counts) if kind == "computed" else Decimal(0)
            if urban and rural and facts.span(urban, LEVEL).widened(drift).below(facts.span(rural, LEVEL)):
                yield facts.compared(f"{family}.{kind}", urban, rural, unit=LEVEL).told(
                    f"{facts.named(urban)}，低于{facts.named(rural)}",
                    "城市标准不低于农村，平均救助水平一般也不低于农村",
                    "核对城乡的支出和人数，是否写反",
                )


@rule(
    "L11", "水平与上年相比", compares="本年与上年的人均救助水平", formula="变化率的绝对值≤上限", tolerance="界限见参考界限表",
    exceptions="没有上年的数据；标准也提高了这么多的；人数不超过“小基数”的", severity=DOUBT, source="参考界限表“水平年变化”",
    look_up="本年和上年的发放台账", ask="水平一年变化这么大，原因是什么", since="2026-11-24",
)  # fmt: skip
def level_against_last_year(facts: Facts) -> Iterator[Suspicion]:
    """A level that changed more than is usual in a year."""
    limit = facts.limit("level_change")
    if not facts.before or not limit:
        return
    for programme in facts.programmes:
        for kind, level in (("computed", computed_level), ("stated", stated_level)):
            now, then = level(facts, programme), level(facts.before, programme)
            if not now or not then or not then.value:
                continue
            change = (facts.value(now, LEVEL) / facts.before.value(then, LEVEL) - 1) * 100
            # What the standard rose by is told of the standard.
            explained = _growth(facts, programme)
            far = abs(change) > limit.high and abs(change - explained) > limit.high
            if far and not _is_chance(facts, programme):
                subject, changed = f"{programme.code}.{kind}", "增加" if change > 0 else "减少"
                yield facts.compared(subject, now, limits=[limit], computed=then, unit=LEVEL).told(
                    f"{facts.named(now)}，上年{then.text}，{changed}{facts.shown(abs(change), '%')}",
                    f"人均水平一年变化超过{facts.shown(limit.high, '%')}不常见",
                    "核对两年的支出、人数和单位；确实如此的，说明原因",
                )


def _is_chance(facts: Facts, programme: Programme) -> bool:
    """Whether a programme helps so few that its average is chance."""
    counted = facts.count_of(programme)
    return counted is not None and facts.few(counted[0])


def _unified(facts: Facts, pair: Mapping[str, Programme]) -> bool:
    """Whether town and country have one standard, so that either may have the higher level."""
    held = [facts.lines(programme)[-1:] for programme in pair.values()]
    return all(held) and len({facts.value(figure, MONTH) for (figure,) in held}) == 1


def _growth(facts: Facts, programme: Programme) -> Decimal:
    """How much a standard rose since the year before, in percent; 0 where nothing is known."""
    now, then = facts.standards(programme), facts.before.standards(programme) if facts.before else ()
    return (facts.monthly(now[-1]) / facts.monthly(then[-1]) - 1) * 100 if now and then else Decimal(0)


@rule(
    "L12", "低保之外发放的与最低档", compares="兜底保障等的人均月支出，与可能含它的低保的最低档",
    formula="单独发放的≥最低档；补差的≤最高档－最低档", tolerance=ROUNDING, exceptions="写明了含在哪里的", severity=DOUBT,
    source="算术关系；来源没有写明兜底的发放办法",
    look_up="兜底保障的发放台账和文件", ask="这笔钱发给哪些人，同低保是不是一起发的", since="2026-11-24",
)  # fmt: skip
def paid_below_the_lowest_tier(facts: Facts) -> Iterator[Suspicion]:
    """A programme paid beside 低保 whose average lies below the lowest tier."""
    for programme in facts.family("backstop"):
        computed = computed_level(facts, programme)
        if not computed or _said_where(facts, programme):
            continue
        for base in facts.named_programmes(programme.may_be_within):
            listed = tiers(facts, base)
            if len(listed) < 2:
                continue
            lowest, widest = listed[-1], facts.monthly(listed[0]) - facts.monthly(listed[-1])
            if facts.span(computed).below(facts.span(lowest, MONTH)):
                near = abs(facts.value(computed) - widest) < Decimal("0.05") * widest
                notes = ("像是加发的差额，但没有查到依据",) if near else ()
                yield facts.compared(programme.code, computed, lowest, listed[0], unit=LEVEL).told(
                    f"{facts.named(computed)}，低于{facts.named(lowest)}",
                    "如果单独发放，不会少于最低一档；"
                    f"如果是在{base.name}之外补差，最高一档与最低一档相差{facts.shown(widest, MONTH)}",
                    f"写明这些人的钱是单独发放，还是在{base.name}之外加发，人数是否含在{base.name}里",
                    *notes,
                )


TOPPED_UP = {"dibao", "tekun", "backstop", "orphans", "de_facto_orphans", "price_subsidy"}
"""Families whose money is more or less than people × standard, each with rules of its own."""


@rule(
    "L16", "按标准发放的，支出等于人数乘标准", compares="人均月支出与标准（低保、特困、兜底、儿童另有规则）",
    formula="支出÷人数÷月数＝标准", tolerance="尾差之外再容许“人数乘标准的允差”：年内有人进出",
    exceptions="没有标准；不是全额发放并写明的", severity=DOUBT, source="算术关系：单价×数量＝金额",
    look_up="发放台账、发放标准的文件", ask="是不是全额按标准发放，年内提过标没有", since="2026-11-24",
)  # fmt: skip
def paid_in_full(facts: Facts) -> Iterator[Suspicion]:
    """Money per person and month against the standard, where a standard is paid in full to everybody."""
    for programme in facts.programmes:
        held, computed = facts.lines(programme), computed_level(facts, programme)
        counted = facts.count_of(programme)
        if not held or not computed or not counted or programme.family in TOPPED_UP:
            continue
        # One who comes or goes is much where there are few.
        few = Decimal("0.5") if facts.few(counted[0]) else Decimal(0)
        tolerance = max(facts.share("product_tolerance"), facts.drift(counted[1]), few)
        low, high = (pick(facts.monthly(figure) for figure in held) for pick in (min, max))
        between = Span(low, high).widened(tolerance)
        if facts.span(computed).meets(between) or between.holds(facts.value(computed)):
            continue
        factors = ((Decimal(12), "标准若是每年的"), (Decimal(1) / 12, "人数若是全年累计的人次"))
        value = facts.value(computed)
        notes = [f"{words}，就相符" for factor, words in factors if between.holds(value * factor)]
        bound = low if value < low else high
        nearest = next(figure for figure in held if facts.monthly(figure) == bound)
        others = [per_month(facts, figure) for figure in held if figure is not nearest]
        yield facts.compared(programme.code, computed, *held, computed=bound, unit=LEVEL).told(
            f"{facts.named(computed)}，{per_month(facts, nearest)}",
            "按标准发放的，支出应当等于人数乘标准乘月数；年内进出的人不会差这么多",
            "核对支出、人数、标准和单位；不是全额发放的，写明",
            f"算法是{_numbers(computed)}",
            *([f"还有{'、'.join(others)}"] if others else []),
            *notes,
        )


@rule(
    "L13", "不能确定是否包含的，各种算法并列", compares="含与不含某笔钱、某些人的人均月支出", formula="各算一遍",
    tolerance="不适用", exceptions="支出表“含在”一栏写明的", severity=HINT, source="项目登记表“可能含在”",
    look_up="支出明细账、发放台账", ask="低保的支出含不含这一笔", since="2026-11-24",
)  # fmt: skip
def uncertain_inclusion(facts: Facts) -> Iterator[Suspicion]:
    """Levels with and without a payment that may be included, all shown."""
    levels = ((computed_level(facts, p), p) for p in facts.programmes)
    computed = [(level, alternatives(facts, p)) for level, p in levels if level]
    for payment in facts.programmes:
        chosen = [(level, [a for a in others if a.payment == payment]) for level, others in computed]
        if found := [(level, others) for level, others in chosen if others]:
            figures = [f for level, others in found for f in (level, *(o for a in others for o in a.figures))]
            other = found[0][1][0].value
            shown = [
                "，".join(
                    (facts.named(level), *(f"{a.words}为{facts.shown(a.value, LEVEL)}" for a in others))
                )
                for level, others in found
            ]
            pair = facts.compared(payment.code, *dict.fromkeys(figures), computed=other, unit=LEVEL)
            possible = (
                _left(facts, [facts.value(level), *(a.value for a in others)], *_stated_too(facts, level))
                for level, others in found
            )
            yield replace(pair, possible=tuple(chain.from_iterable(possible))).told(
                f"没有写明“{payment.name}”的钱和人是否已经算在{'、'.join(level.label for level, _ in found)}里",
                "包含和不包含，算出的水平不同",
                f"在支出表的“含在”一栏写明包含在哪个项目里，或写“{APART}”",
                *shown,
            )


def _stated_too(facts: Facts, level: Figure) -> Iterator[Figure]:
    """A computed level, and the one that the report states for the same people."""
    yield level
    if stated := facts.get("standards", level.address.within, "level"):
        yield stated


def per_head(facts: Facts, subsidy: Programme) -> tuple[Figure, Decimal, tuple[Figure, ...]] | None:
    """Spending of a price subsidy, the people that it was paid to, and their numbers; None when one is missing."""
    covered, spent = facts.named_programmes(subsidy.may_be_within), facts.of(subsidy, "spending")
    counted = facts.counted(covered)
    people = facts.helped(counted)
    complete = spent and people and len(counted) == len(covered)
    return (spent, people, tuple(figure for figure, _ in counted)) if spent and complete else None


@rule(
    "L14", "每人物价补贴", compares="物价补贴÷保障人数，与一个月的最低补贴、标准的一定比例",
    formula="一个月的最低补贴≤每人全年补贴≤最高标准×比例×月数", tolerance="界限见参考界限表", exceptions="缺人数",
    severity=DOUBT, source="价格临时补贴办法：标准×低收入居民价格指数涨幅；参考界限表",
    look_up="物价补贴的发放文件和台账", ask="一共发了几个月，每月每人多少", since="2026-11-24",
)  # fmt: skip
def price_subsidy(facts: Facts) -> Iterator[Suspicion]:
    """Price subsidy per person against one month at the minimum and a share of the standard for the year."""
    floor, share = facts.limit("price_subsidy"), facts.limit("price_subsidy_share")
    for programme in facts.family("price_subsidy"):
        subsidy = per_head(facts, programme)
        if not subsidy:
            continue
        (spent, people, helped), covered = subsidy, facts.named_programmes(programme.may_be_within)
        held = [s for p in covered for q in (p, *facts.children(p)) for s in facts.standards(q)]
        each = facts.value(spent, "元") / people
        highest = max((facts.monthly(s) for s in held), default=Decimal(0))
        most = highest * share.most / 100 * facts.months if share and share.most and highest else None
        low = floor is not None and each < floor.low
        limit, bound = (floor, floor.low) if floor and low else (share, most)
        if not limit or bound is None or not (low or each > bound):
            continue
        yield facts.compared(
            programme.code, spent, *helped, limits=[limit], stated=each, computed=bound, unit="元/人"
        ).told(
            f"{facts.named(spent)}，保障对象约{facts.shown(people, '人')}，每人全年{facts.shown(each, '元/人')}",
            f"{'发过一个月也不少于' if low else '全年每月都发，也不超过'}{facts.shown(bound, '元/人')}",
            "核对金额的单位和发放的月数",
        )


@rule(
    "L15", "月均人数等于累计人次除以月数", compares="月均人数×月数，与全年累计人次", formula="月均人数＝累计人次÷月数",
    tolerance=ROUNDING, exceptions="没有累计人次", severity=ERROR, source="月均人数＝各月人数之和÷月数",
    look_up="发放台账各月人数", ask="月均人数和累计人次哪个是照台账数的", since="2026-11-24",
)  # fmt: skip
def average_and_person_months(facts: Facts) -> Iterator[Suspicion]:
    """Monthly average × months against the person-months."""
    for programme in facts.programmes:
        main = facts.of(programme, "people")
        counted = main if main and "按月累计" in facts.counting(main) else None
        months = facts.of(programme, "people", "person_months") or counted
        for average in (main, facts.of(programme, "people", "average")):
            if not months or not average or "月均" not in facts.counting(average):
                continue
            if facts.category(average) != "人数":
                continue
            value = facts.value(months, "人次")
            if not (facts.cut_span(average, "人") * exactly(facts.months)).meets(exactly(value)):
                mean = value / facts.months
                pair = facts.compared(programme.code, average, months, computed=mean, unit="人", either=True)
                yield pair.told(
                    f"{facts.named(average)}，{facts.named(months)}，除以{facts.months}个月是{facts.shown(mean, '人')}",
                    "月均人数等于全年累计人次除以月数，只差取整",
                    "核对累计人次是否漏了月份，月均人数是否取自年末",
                )


RULES = (
    by_person_months, by_people, by_people_at_the_end, above_standard, share_of_standard,
    copied_from_standard, between_tiers, tiers_make_spending, below_minimum, urban_and_rural_level,
    level_against_last_year, paid_below_the_lowest_tier, uncertain_inclusion, price_subsidy,
    average_and_person_months, paid_in_full,
)  # fmt: skip
