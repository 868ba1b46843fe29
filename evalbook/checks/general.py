"""Relations that hold for every figure: one quantity, one value; dates of standards; rates; whole numbers; years."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.checks.claims import ROUNDING, restated
from evalbook.checks.facts import exactly, passed
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.figures import Cell, Derivation, stated_relations
from evalbook.schema.indicator_names import share_of_whole
from evalbook.schema.vocabulary import CLAIM_PREFIX, SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure

WHOLE = Decimal(100)
OF_WHOLE = re.compile("(?:比重|占比|占.*(?:比例|比率|百分比))$")
"""Names of shares of a whole, whatever they are of."""

ONE_VALUE = "算术关系：同一数字只有一个值"

one_value = rule(
    "G1", "一个数字一个值", compares="报告在别处又写了一遍的数字，与表里的数字", formula="换算单位后相等", tolerance=ROUNDING,
    exceptions="合计、比例、水平、标准的由各自的规则检查", severity=ERROR, source=ONE_VALUE,
    look_up="台账、数据表", ask="两处的数哪个对", since="2026-11-24",
)(restated(
    "funds.", "spending.", "people.", "actions.", "background.", "coverage.", "urban_rural.", "tekun_dibao.",
))  # fmt: skip
"""A number of a table stated once more with another value or unit."""


@rule(
    "G2", "提标有日期、有新旧标准", compares="提标后标准的生效日期和提标前的标准", formula="两样都有", tolerance="不适用",
    exceptions="年内没有提标；没有写提标前的标准的，为提示", severity=DOUBT, source="最低标准按执行的月数加权，没有日期不能比较",
    look_up="提标文件", ask="从哪一天起提标，提标前是多少", since="2026-11-24",
)  # fmt: skip
def raise_without_day(facts: Facts) -> Iterator[Suspicion]:
    """A raised standard without the day from which it holds, or without the standard before it."""
    for row, figure in facts.stated("standards"):
        if row.said("measure") != "提标后标准":
            continue
        before = facts.get(figure.address.replace("raised_standard", "standard"))
        lacking = [
            *(["没有写从哪一天起执行"] if not row.cells.get("effective") else []),
            *(["没有写提标前的标准"] if before is None else []),
        ]
        if lacking:
            # One standard alone contradicts nothing.
            figures, severity = (figure, *((before,) if before else ())), "" if before else HINT
            yield Suspicion(figure.address, figures=figures, severity=severity).told(
                f"{facts.named(figure)}，{'，也'.join(lacking)}",
                "年内提标要有新旧两个标准和日期，才能算全年平均、与最低标准比较",
                "查公布标准的文件，补写日期和提标前的标准",
            )


change_rates = rule(
    "G3", "增减和增长率", compares="报告所述的增减、增长率，与两年的数字", formula="增长率＝本年÷上年－1；增减＝本年－上年",
    tolerance=ROUNDING, exceptions="没有上年的数据", severity=ERROR, source="算术关系",
    look_up="上年的报告和台账", ask="增减是同上年的哪个数比的", since="2026-11-24",
)(restated("change.", "change_rate."))  # fmt: skip
"""Stated changes and growth rates against the two years' figures."""

shares = rule(
    "G4", "比重", compares="报告所述的比重，与数字算出的", formula="比重＝部分÷总体", tolerance=ROUNDING, exceptions="缺总体",
    severity=ERROR, source="算术关系：部分占总体之比",
    look_up="算比重用的两个数", ask="比重的分母是什么", since="2026-11-24",
)(restated("funds_share."))  # fmt: skip
"""Stated shares against the figures; shares of one whole that do not make 100 %."""


@rule(
    "G12", "比重不超过100%", compares="报告所述的比重、占比，满意率、合格率等占比一类的比率，与100%", formula="比率≤100%",
    tolerance="不容许差额", exceptions="增长率、完成率、执行率；发放率、办结率等为疑点；各项都知道的比重由G4、R1检查",
    severity=ERROR, source="部分不会多于总体",
    look_up="算比率用的两个数", ask="比率的分子、分母各是哪个数", since="2026-11-30",
)  # fmt: skip
def above_the_whole(facts: Facts) -> Iterator[Suspicion]:
    """A share of more than the whole."""
    recomputed = {claim for claim, _ in facts.claims()}
    recomputed |= {r.whole for r in stated_relations(facts.figures) if r.kind == SHARE}
    for figure in (*facts.figures.of_table("claims"), *(figure for _, figure in facts.stated("actions"))):
        if figure.value is None or figure in recomputed or not facts.alike(figure.unit, "%"):
            continue
        name = figure.label.removeprefix(CLAIM_PREFIX)
        share = True if OF_WHOLE.search(name) else share_of_whole(name)
        if share is not False and facts.value(figure, "%") > WHOLE:
            severity = "" if share else DOUBT
            yield facts.compared(
                figure.address, figure, computed=WHOLE, unit="%", suspects=[figure], severity=severity
            ).told(
                f"{name}{figure.text}，超过了100%",
                "这是一部分占全部的比率，最多是100%",
                "核对分子和分母；多写了数字、漏写了小数点的改正",
            )


@rule(
    "G5", "人、户、件等是整数", compares="以万人等计的数字换算以后", formula="换算成人、户、次、件是整数",
    tolerance="不容许小数", exceptions="月均人数；以人、户填写的，录入时就检查", severity=ERROR,
    source="人、户、人次、户次、件、所只能是整数",
    look_up="台账上的原数", ask="换算以前的数是多少", since="2026-11-24",
)  # fmt: skip
def whole_numbers(facts: Facts) -> Iterator[Suspicion]:
    """People, households, cases and pieces that are no whole number once converted from 万人 and the like."""
    units = facts.figures.year.registries.units
    for figure in facts.figures.figures.values():
        if not isinstance(figure.lineage, Cell) or figure.value is None:
            continue
        base = next((u for u in facts.figures.units.alike(figure.unit) if units[u].whole), "")
        averaged = "月均" in facts.counting(figure)
        if not base or base == figure.unit or units[figure.unit].whole or averaged:
            continue
        value = facts.value(figure, base)
        if value != (whole := value.to_integral_value()):
            yield facts.compared(figure.address, figure, stated=value, computed=whole, unit=base).told(
                f"{facts.named(figure)}，合{value.normalize():f}{base}", f"{base}只能是整数", "核对数值和单位"
            )


def _then(facts: Facts, change: Figure) -> Figure:
    """What a change is measured from: of the year before's folder, or what this year's rows say of that year."""
    inputs = change.lineage.inputs if isinstance(change.lineage, Derivation) else ()
    given = next(given for given in inputs if given.year or given.address != change.address.within)
    source = facts.before if given.year else facts
    assert source is not None  # noqa: S101 - the change was computed from it
    return source.figures.figures[given.address]


JUMPS = (
    ("people_change", ("people.", "headcount.")),
    ("spending_change", ("spending.", "spending_total.", "funds_total.")),
)


@rule(
    "G6", "与上年相比的大幅变化", compares="本年与上年的人数、资金、支出", formula="变化率的绝对值≤上限",
    tolerance="界限见参考界限表", exceptions="没有上年的数据；两年口径、月数不同", severity=DOUBT,
    source="参考界限表“人数年变化”“支出年变化”",
    look_up="本年和上年的台账", ask="变化这么大，原因是什么", since="2026-11-24",
)  # fmt: skip
def jumps(facts: Facts) -> Iterator[Suspicion]:
    """People and money that change more than is usual in a year."""
    for measure, families in JUMPS:
        limit = facts.limit(measure)
        for figure in facts.figures.of_definition("change_rate"):
            address = figure.address.within
            now = facts.get(address)
            flow = address.last.startswith(("joined", "left", "carryover"))
            if figure.value is None or not now or not address.startswith(families) or flow:
                continue
            if not limit or abs(figure.value) <= limit.high:
                continue
            then, small = _then(facts, figure), facts.limit("small_number")
            counted = facts.category(now) in {"人数", "户数", "人次", "户次"}
            if counted and small and max(now.value or 0, then.value or 0) <= small.high:
                continue
            change = f"{'增加' if figure.value > 0 else '减少'}{facts.shown(abs(figure.value), '%')}"
            yield facts.compared(address, now, figure, limits=[limit], computed=then).told(
                f"{facts.named(now)}，上年{then.text}，{change}",
                f"一年变化超过{facts.shown(limit.high, '%')}，报告应当说明原因",
                "核对两年的数字和单位；确实如此的，写明原因",
            )


@rule(
    "G7", "保障面", compares="每万人常住人口（城市、农村人口）的低保、特困人数", formula="下限≤人数÷人口≤上限",
    tolerance="界限见参考界限表", exceptions="没有常住人口", severity=DOUBT, source="参考界限表“覆盖率”，由全国人数推算",
    look_up="统计公报的常住人口、对象台账", ask="保障面为什么这样高（低）", since="2026-11-24",
)  # fmt: skip
def coverage(facts: Facts) -> Iterator[Suspicion]:
    """People helped per 10 000 residents that are unusual: of a family in all, of a region where its residents are known."""
    for family, name in (("dibao", "低保"), ("tekun", "特困")):
        regions = facts.by_region(family)
        counted = {region: facts.count_of(programme) for region, programme in regions.items()}
        found = {region: c[0] for region, c in counted.items() if c and c[1].category == "人数"}
        for region, population in (
            ("", facts.get("background.resident_population")),
            ("urban", facts.get("background.urban_population")),
            ("rural", facts.get("background.rural_population")),
        ):
            people = [figure for r, figure in found.items() if region in {"", r}]
            limit = facts.limit("coverage", *([regions[region].name] if region in regions else []), name)
            complete = len(people) == (1 if region else len(counted)) and people
            if not limit or not population or not population.value or not complete:
                continue
            each = facts.sum(people, "人") / facts.value(population, "万人")
            bound = passed(exactly(each), limit.low, limit.high)
            if bound is not None:
                subject = f"{family}.{region or 'all'}"
                yield facts.compared(
                    subject,
                    *people,
                    population,
                    limits=[limit],
                    stated=each,
                    computed=bound,
                    unit="人/万人",
                    suspects=[population],
                ).told(
                    f"{facts.listed(people)}，{facts.named(population)}，"
                    f"每万人{facts.shown(each, '人')}，一般在{facts.bounds(limit.low, limit.high, '人')}之间",
                    "保障面过大或过小，人数或人口的单位可能有错",
                    "核对人数和人口的单位",
                )


PASTED = ("people", "spending", "funds")
SAME_SHARE = Decimal("0.9")
SAME_NUMBERS, SAME_DIGITS = 4, 15
"""Numbers, and digits of theirs that round amounts do not have, that are not the same by chance."""


@rule(
    "G11", "不是照抄上年的表", compares="保障对象、资金支出、资金安排表的数字，与上年同一张表", formula="与上年相同的数字＜九成",
    tolerance=f"至少{SAME_NUMBERS}个、共{SAME_DIGITS}位数字（末尾的0不算）相同才提出；标准可以不变，不查",
    exceptions="没有上年的数据", severity=DOUBT, source="本工具的校对办法：人数和金额年年变动，不会逐个与上年相同",
    look_up="本年的台账、上年的报告", ask="这张表是今年重新填的吗", since="2026-11-29",
)  # fmt: skip
def pasted_from_last_year(facts: Facts) -> Iterator[Suspicion]:
    """Tables of which all, or nearly all, numbers are those of the year before."""
    for table in PASTED if facts.before else ():
        assert facts.before is not None  # noqa: S101
        listed = [figure for _, figure in facts.stated(table)]
        then = {figure.address: figure for _, figure in facts.before.stated(table)}
        same = [
            figure
            for figure in listed
            if (old := then.get(figure.address)) and (old.value, old.unit) == (figure.value, figure.unit)
        ]
        digits = sum(len(f"{figure.value:f}".replace(".", "").strip("0")) for figure in same)
        if len(same) < SAME_NUMBERS or len(same) < SAME_SHARE * len(listed) or digits < SAME_DIGITS:
            continue
        title = facts.figures.year.tables[table].table.title
        share = "全部" if len(same) == len(listed) else f"{len(listed)}个数字里有{len(same)}个"
        yield Suspicion(table, figures=tuple(same)).told(
            f"{title}表（{table}.csv）的数字{share}与上年相同",
            "人数和金额年年变动，像是上年的表没有改，或粘贴错了年度",
            "对照本年度的台账逐行核对；确实没有变的，写明原因",
            f"如{facts.listed(same[:3])}",
        )


RULES = (
    one_value, raise_without_day, change_rates, shares, above_the_whole, whole_numbers, jumps, coverage, pasted_from_last_year,
)  # fmt: skip
