"""Standards and tiers: units, urban against rural, 特困 against 低保, minimum standards, care, orphans."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from evalbook.checks.claims import ROUNDING, contradicted
from evalbook.checks.facts import LEVEL, MONTH, YEAR, exactly, passed
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.magnitude import fitting_units
from evalbook.checks.prose.passages import passages
from evalbook.schema.address import Address
from evalbook.schema.vocabulary import (
    CARE_LEVELS,
    GUIDING,
    HEARSAY,
    LIMIT_FORCES,
    MEASURES,
    TIERS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Limit, Programme

LINES = ("standard", "raised_standard", "dispersed", "institutional", "with_relatives", "in_homes")
"""Measures that are published standards."""

CONVERSION = "年标准＝12×月标准"
TOP_UP = "《社会救助暂行办法》第十二条：低保按家庭人均收入低于标准的差额发给"
HIGHER = "国发〔2016〕14号：特困供养标准；倍数见参考界限表"


def tiers(facts: Facts, programme: Programme) -> list[Figure]:
    """Tiers of a programme, the highest first; none while the amount of one is not known."""
    addresses = [Address.of("tiers", programme.code, tier) for tier in TIERS.values()]
    found = [facts.get(address) for address in addresses if address in facts.figures.figures]
    return [figure for figure in found if figure is not None] if all(found) else []


def per_month(facts: Facts, figure: Figure) -> str:
    """Name and number of a standard or level, with what it is per month where it is stated per year."""
    if figure.unit in {MONTH, LEVEL}:
        return facts.named(figure)
    return f"{facts.named(figure)}（合{facts.shown(facts.monthly(figure), MONTH)}）"


@rule(
    "S1", "年标准等于月标准的12倍", compares="同一标准按月和按年的两个写法", formula="年标准＝12×月标准",
    tolerance="月标准末位的一半×12，加年标准末位的一半", exceptions="年内提标的，两个数相差3%以上", severity=DOUBT,
    source=CONVERSION,
    look_up="公布标准的文件", ask="以月标准还是年标准为准", since="2026-11-24",
)  # fmt: skip
def month_and_year(facts: Facts) -> Iterator[Suspicion]:
    """A standard stated per month and per year that nearly agrees, but not to the rounding."""
    for programme in facts.programmes:
        pair = facts.standards(programme)
        if len(pair) != 2 or pair[0].unit == pair[1].unit:
            continue
        first, second = (
            (facts.span if figure.unit == YEAR else facts.cut_span)(figure, YEAR) for figure in pair
        )
        gap = abs(facts.value(pair[0], YEAR) - facts.value(pair[1], YEAR))
        if not first.meets(second) and gap < Decimal("0.03") * facts.value(pair[0], YEAR):
            yield facts.compared(programme.code, *pair, unit=YEAR, severity=DOUBT).told(
                f"{facts.named(pair[0])}，{facts.named(pair[1])}，折成年标准相差{facts.shown(gap, YEAR)}",
                "年标准应是月标准的12倍；差得这样少不像提标，又超过取整的尾差",
                "查公布标准的文件，两处写成一样",
            )


@rule(
    "S2", "标准的单位和量级", compares="保障标准、档次、人均救助水平，与不可能的量级", formula="下限≤标准≤上限，按所写的单位",
    tolerance="界限见参考界限表，取得很宽", exceptions="2008年以前的标准", severity=ERROR,
    source="参考界限表“标准的量级”“人均月支出的量级”",
    look_up="公布标准的文件", ask="这个标准是每月还是每年", since="2026-11-24",
)  # fmt: skip
def magnitude(facts: Facts) -> Iterator[Suspicion]:
    """Standards, levels and tiers that are impossible in their unit."""
    for programme in facts.programmes:
        published = [facts.of(programme, "standards", measure) for measure in LINES]
        paid = [facts.of(programme, "standards", "level"), *tiers(facts, programme)]
        for measure, listed in (("standard_magnitude", published), ("level_magnitude", paid)):
            for figure in filter(None, listed):
                yield from _impossible(facts, programme, figure, measure)


def _impossible(facts: Facts, programme: Programme, figure: Figure, measure: str) -> Iterator[Suspicion]:
    unit = YEAR if figure.unit in {YEAR, "元/人·年"} else MONTH
    unit = LEVEL if measure == "level_magnitude" else unit
    limit = facts.band(measure, *facts.subjects(programme), unit=unit)
    bound = passed(facts.span(figure, limit.unit), limit.low, limit.high) if limit else None
    if not limit or bound is None:
        return
    convert, own = facts.figures.units.convert, figure.unit
    least, most, bound = (convert(x, limit.unit, own) for x in (limit.low, limit.high, bound))
    fits = fitting_units(facts, figure, facts.value(figure), least, most)
    notes = [_fit(facts, programme, figure, meant, value) for meant, value in fits.items()]
    yield facts.compared(figure.address, figure, limits=[limit], computed=bound, suspects=[figure]).told(
        f"{facts.named(figure)}，按所写的单位应在{facts.bounds(least, most, own)}之间",
        "差得太多，单位或数字一定有错",
        "查公布标准的文件，核对是每月还是每年",
        *(notes or ["换一个常用的单位也不合理"]),
        "不论怎样改，都要以公布标准的文件为准；文件没有查到之前不能改",
    )


def _meant(facts: Facts, programme: Programme, standard: Figure) -> Decimal:
    """A standard by the month in the unit in which it is possible; without bound where it is so as written, or in none."""
    unit = YEAR if standard.unit == YEAR else MONTH
    limit = facts.band("standard_magnitude", *facts.subjects(programme), unit=unit)
    if not limit or limit.low <= facts.value(standard, unit) <= limit.high:
        return Decimal("Infinity")
    fits = fitting_units(facts, standard, facts.value(standard, unit), limit.low, limit.high)
    return min(
        (facts.figures.units.convert(v, unit, MONTH) for v in fits.values()), default=Decimal("Infinity")
    )


def _fit(facts: Facts, programme: Programme, figure: Figure, unit: str, value: Decimal) -> str:
    """Say which unit would fit, and whether the standard so mended would break another rule."""
    text = f"把单位改成{unit}才在范围内（{figure.number}{unit}合{facts.shown(value, figure.unit)}）"
    against = list(_against(facts, programme, value if figure.unit == MONTH else value / 12))
    if against:
        return f"{text}，但这样改也不成立：{'；'.join(against)}。所以还不能断定只是单位写错"
    return text


def _against(facts: Facts, programme: Programme, month: Decimal) -> Iterator[str]:
    """What speaks against a standard of so much a month: minimum standard, 特困 of the same area, tiers."""
    lowest = min(facts.minimums("standard", programme), key=facts.least_monthly, default=None)
    if lowest and month < facts.least_monthly(lowest):
        yield f"{facts.shown(month, MONTH)}低于{lowest.area}的最低标准{lowest.least}{lowest.unit}"
    if programme.family == "dibao":
        tekun = facts.by_region("tekun").get(programme.region)
        limit = facts.limit("tekun_dibao", "特困")
        multiple = limit.low if limit else Decimal(0)
        for figure in facts.lines(tekun) if tekun and multiple else ():
            base = facts.monthly(figure) / multiple
            if abs(base - month) > Decimal("0.1") * month:
                yield f"{facts.named(figure)}按{multiple}倍推算，低保标准应为{facts.shown(base, MONTH)}"
    highest = tiers(facts, programme)[:1]
    if highest and facts.monthly(highest[0]) > month:
        yield f"最高一档{highest[0].text}比它还高"


@rule(
    "S3", "农村标准不高于城市标准", compares="同一项目、同一时点的农村和城市标准",
    formula="农村≤城市，为错误；农村÷城市不低于下限，为疑点", tolerance=ROUNDING, exceptions="城乡统一标准的，两者相等",
    severity=ERROR, source="参考界限表“农村与城市之比”",
    look_up="城乡两个标准的公布文件", ask="农村标准为什么高于城市标准", since="2026-11-24",
)  # fmt: skip
def urban_and_rural(facts: Facts) -> Iterator[Suspicion]:
    """A rural standard above the urban one, or less than the usual share of it."""
    for family, name in (("dibao", "低保"), ("tekun", "特困")):
        pair = facts.by_region(family)
        if set(pair) != {"urban", "rural"}:
            continue
        for measure in ("standard", "raised_standard"):
            stated = [facts.of(pair[region], "standards", measure) for region in ("urban", "rural")]
            days = [day for figure in stated if figure and (day := facts.effective(figure))]
            same_day = max(days) if len(days) == len(stated) else None
            urban, rural = (facts.effective_on(pair[r], same_day, measure) for r in ("urban", "rural"))
            if not all(stated) or not urban or not rural or not urban.value:
                continue
            limit = facts.limit("rural_urban", "低保")
            ratio = facts.monthly(rural) / facts.monthly(urban)
            subject = f"{family}.{measure}"
            if facts.below(urban, rural, MONTH):
                yield facts.compared(subject, rural, urban, unit=MONTH).told(
                    f"{per_month(facts, rural)}，高于{per_month(facts, urban)}",
                    f"农村{name}标准不会高于城市；城乡统一的，两者相等",
                    "查公布标准的文件，核对两个标准和单位，是否写反",
                )
            elif limit and limit.least and ratio < limit.least:
                least = facts.monthly(urban) * limit.least
                yield facts.compared(
                    subject, rural, urban, limits=[limit], computed=least, unit=MONTH, severity=DOUBT
                ).told(
                    f"{per_month(facts, rural)}，只有{per_month(facts, urban)}的{facts.shown(ratio * 100, '%')}",
                    f"农村标准一般不低于城市的{facts.shown(limit.least * 100, '%')}",
                    "查公布标准的文件，核对两个标准和单位",
                )


@rule(
    "S4", "标准不低于省定最低标准", compares="低保、特困标准，与本省同一时期、同类地区公布的最低标准",
    formula="标准≥最低标准；低于全年最低的为错误，只低于年内提高以后的、低于指导标准的为疑点",
    tolerance="不容许差额；只扣除尾差；地区类别没有写的，按最低的一类",
    exceptions="本省本年的最低标准没有登记（检查时说明一次）；只见于新闻或推算的为疑点", severity=ERROR,
    source="参考界限表“保障标准”，各行注明文件",
    look_up="本县公布标准的文件、省里的最低标准文件", ask="县里执行的标准从哪一天起，为什么低于省定最低",
    since="2026-11-24",
)  # fmt: skip
def minimum(facts: Facts) -> Iterator[Suspicion]:
    """A standard below the province's minimum at some time of the year."""
    for programme in facts.programmes:
        held, of_all = facts.standards(programme), facts.minimums("standard", programme)
        for measure in ("standard", "raised_standard", "dispersed", "institutional"):
            figure = facts.of(programme, "standards", measure)
            # What is paid in one form is not below what the province sets for all.
            floors = facts.minimums(measure, programme) or of_all
            if figure and figure.value and floors:
                yield from _below(facts, figure, floors, raised_later=figure in held[:-1])


def _below(facts: Facts, figure: Figure, floors: list[Limit], *, raised_later: bool) -> Iterator[Suspicion]:
    """A standard below the lowest of some minimums, or below the highest that held at its time."""
    lowest, effective = min(floors, key=facts.least_monthly), facts.effective(figure)
    first = max(facts.figures.year.settings.period_start, effective or datetime.date.min)
    # A minimum that begins within the year says nothing of a standard that may have held before only.
    whole = floors[0].start is None or floors[0].start <= first
    later = [f for f in floors if not effective or f.end is None or f.end >= effective]
    highest = max(later or floors, key=facts.least_monthly)
    bounds = [lowest] * whole + [highest] * (not raised_later)
    broken = next((floor for floor in bounds if _below_floor(facts, figure, floor)), None)
    if broken is None:
        return
    bound, certain = facts.least_monthly(broken), whole and broken is lowest
    reported = broken.grade in HEARSAY
    in_month = f"（合{facts.shown(bound, MONTH)}）" if broken.unit != MONTH else ""
    if not certain:
        why = "最低标准年内提高过；报告所写的标准低于提高以后的，又没有写明是哪一天的标准"
    elif broken.force == GUIDING:
        why = "低于省里公布的指导标准；指导标准一般是各县的下限，来源没有写明"
    elif reported:
        why = "低于报道里省定的最低标准；文件没有查到"
    else:
        why = "低于全年任何时候的最低标准"
    notes = []
    if broken.place_class and broken.place_class not in facts.place_classes:
        notes = [f"{broken.area}按地区分类，本县的类别没有写，按最低的一类比；写在 year.yml 的“地区类别”里"]
    yield facts.compared(
        figure.address,
        figure,
        limits=[broken],
        computed=bound,
        unit=MONTH,
        severity="" if certain and not reported and broken.force != GUIDING else DOUBT,
    ).told(
        f"{per_month(facts, figure)}，{broken.called}是{broken.least}{broken.unit}{in_month}",
        why,
        "查公布标准的文件，核对数值、单位和生效日期",
        *notes,
    )


def _below_floor(facts: Facts, figure: Figure, floor: Limit) -> bool:
    """Whether a standard is below a minimum; one that was converted may have been cut off."""
    span = (facts.span if figure.unit == floor.unit else facts.cut_span)(figure, MONTH)
    return span.high < facts.least_monthly(floor)


@rule(
    "S5", "标准只升不降", compares="本年和上年（没有上年数据的，最近一年）的标准", formula="本年≥上年", tolerance=ROUNDING,
    exceptions="没有以前各年的数据",
    severity=DOUBT, source="湘民发〔2021〕4号：只升不降",
    look_up="本年和上年公布标准的文件", ask="标准为什么比上年低", since="2026-11-24",
)  # fmt: skip
def falling(facts: Facts) -> Iterator[Suspicion]:
    """A standard lower than the year before, or than in the newest year that is known."""
    earlier = facts.standards_before
    for programme, now, then in _held_then(facts, earlier):
        if earlier and facts.span(now, MONTH).below(earlier.span(then, MONTH)):
            gap = facts.monthly(then) - facts.monthly(now)
            when = "上年" if earlier is facts.before else f"{earlier.figures.year.settings.year}年"
            yield facts.compared(programme.code, now, computed=then, unit=MONTH).told(
                f"{facts.named(now)}，{when}{then.text}，降低{facts.shown(gap, MONTH)}",
                "救助标准只升不降",
                "核对两年的标准和单位；确实降低的，写明依据的文件",
            )


def _held_then(facts: Facts, earlier: Facts | None) -> Iterator[tuple[Programme, Figure, Figure]]:
    """Standards of this year with those that held at the end of an earlier one."""
    if earlier:
        for programme in facts.programmes:
            now, then = facts.standards(programme), earlier.standards(programme)
            if now and then:
                yield programme, now[-1], then[-1]


@rule(
    "S6", "标准的年增长", compares="本年与上年、提标后与提标前的标准", formula="增长率≤上限", tolerance="界限见参考界限表",
    exceptions="没有上年的数据，也没有提标；农村与城市统一了标准的，正文写明城乡统筹、并轨的", severity=DOUBT,
    source="参考界限表“标准年增长”",
    look_up="本年和上年公布标准的文件", ask="标准一年提高这么多，依据是哪个文件", since="2026-11-24",
)  # fmt: skip
def growing(facts: Facts) -> Iterator[Suspicion]:
    """A standard that rises more than is usual, against the year before or within the year."""
    limit = facts.limit("standard_growth")
    unified = tuple(f"{code}." for code in _raised_to_the_urban(facts))
    pairs = [(f"{p.code}.before", now, then, "上年") for p, now, then in _held_then(facts, facts.before)]
    raised = [(p, held) for p in facts.programmes if len(held := facts.standards(p)) == 2]
    pairs += [(f"{p.code}.raised", held[1], held[0], "提标前") for p, held in raised]
    for subject, now, then, when in pairs:
        growth = (facts.monthly(now) / facts.monthly(then) - 1) * 100 if facts.monthly(then) else Decimal(0)
        if subject.startswith(unified):
            continue
        if limit and growth > limit.high:
            own = then if when == "提标前" else None
            yield facts.compared(subject, now, own, limits=[limit], computed=then, unit=MONTH).told(
                f"{facts.named(now)}，{when}{then.text}，提高{facts.shown(growth, '%')}",
                f"一年提高超过{facts.shown(limit.high, '%')}不常见",
                "核对两个标准的单位；确实提高的，写明依据的文件",
            )


UNIFIED = re.compile(
    r"城乡[^，。；]{0,12}(?:统一|统筹|一体|并轨|同标|同一标准|拉平|差距)|(?:统一|统筹|缩小)[^，。；]{0,6}城乡"
)
"""What a report says when the rural standard was raised to, or towards, the urban one."""


def _raised_to_the_urban(facts: Facts) -> Iterator[str]:
    """Codes of rural programmes whose standard became the urban one, or rose towards it as the report says."""
    said = any(UNIFIED.search(passage.text) for passage in passages(facts))
    for family in ("dibao", "tekun"):
        pair = facts.by_region(family)
        held = [facts.lines(pair[region])[-1:] for region in ("urban", "rural") if region in pair]
        equal = len(held) == 2 and all(held) and not facts.below(held[1][0], held[0][0], MONTH)
        if "rural" in pair and (said or equal):
            yield pair["rural"].code


@rule(
    "S7", "年内提标的日期和全年平均", compares="提标的生效日期；报告所写的全年平均标准",
    formula="平均＝（旧标准×提标前月数＋新标准×提标后月数）÷全年月数", tolerance=ROUNDING, exceptions="没有写生效日期",
    severity=DOUBT, source="算术关系：按月数加权",
    look_up="提标文件和执行日期", ask="从哪个月起提标，平均是怎么算的", since="2026-11-24",
)  # fmt: skip
def raised_in_the_year(facts: Facts) -> Iterator[Suspicion]:
    """A raise whose day lies outside the year, or a stated yearly mean that does not fit the raise."""
    settings = facts.figures.year.settings
    for programme in facts.programmes:
        held = facts.standards(programme)
        day = facts.effective(held[1]) if len(held) == 2 else None
        if day is None:
            continue
        if not settings.period_start <= day <= settings.period_end:
            yield Suspicion(programme.code, figures=(held[1],)).told(
                f"{facts.named(held[1])}，生效日期{day}，不在本年度（{settings.period_start}至{settings.period_end}）以内",
                "年内提高的标准，生效日期应在本年度以内",
                "核对生效日期；不是本年度执行的标准不要列",
            )
            continue
        mean = yearly_mean(facts, held, day)
        for claim, restated in facts.claims():
            if restated.address != held[0].address or not facts.alike(claim.unit, MONTH):
                continue
            between = facts.monthly(held[0]) < facts.monthly(claim) < facts.monthly(held[1])
            if between and not facts.cut_span(claim, MONTH).meets(exactly(mean)):
                yield facts.compared(programme.code, claim, *held, computed=mean, unit=MONTH).told(
                    f"{facts.named(claim)}，按提标日期{day}加权，全年平均是{facts.shown(mean, MONTH)}",
                    "全年平均标准等于新旧标准按月数加权",
                    "核对提标的日期和平均标准的算法",
                )


def yearly_mean(facts: Facts, held: tuple[Figure, ...], day: datetime.date) -> Decimal:
    """Mean of a standard that was raised on a day, weighted by months, in 元/月."""
    start = facts.figures.year.settings.period_start
    before = (day.year - start.year) * 12 + day.month - start.month
    old, new = facts.monthly(held[0]), facts.monthly(held[1])
    return (old * before + new * (facts.months - before)) / facts.months


@rule(
    "S8", "特困标准与低保标准的倍数", compares="同地（不分城乡的，合在一起）、同一时点的特困和低保标准，包括年内提高后的",
    formula="倍数×低保≤特困≤上限×低保；按倍数倒推的低保标准与报告所写的一致", tolerance="每月舍去不足一元的尾数",
    exceptions="本省的倍数没有登记", severity=DOUBT, source=HIGHER,
    look_up="特困和低保两个标准的公布文件", ask="特困标准按低保标准的多少倍定的", since="2026-11-24",
)  # fmt: skip
def tekun_and_dibao(facts: Facts) -> Iterator[Suspicion]:
    """特困 below its multiple of 低保 of the same area, or resting on another 低保 standard than the stated one."""
    limit = facts.limit("tekun_dibao", "特困")
    if not limit or limit.least is None:
        return
    for programme in facts.family("tekun"):
        beside = ((p, facts.standards(p)) for p in dibao_beside(facts, programme))
        dibao, bases = next(((p, held) for p, held in beside if held), (None, ()))
        lines, raised = facts.lines(programme), len(facts.standards(programme)) > 1
        for figure in lines if dibao else ():
            # What was not raised itself must be enough after the other was, too.
            first = facts.of(dibao, "standards", "standard") if dibao else None
            own = bases[-1] if figure is lines[-1] else first
            held = bases if not raised else (own,) if own else ()
            if dibao and held:
                yield from _multiple(facts, figure, held, limit, dibao.name)


def dibao_beside(facts: Facts, tekun: Programme) -> tuple[Programme, ...]:
    """低保 that a 特困 programme must exceed: that of its region, the lower one for both regions, else that of both."""
    region = tekun.region or "rural"
    return tuple(
        sorted((p for p in facts.family("dibao") if p.region in {region, ""}), key=lambda p: not p.region)
    )


def _multiple(
    facts: Facts, figure: Figure, bases: tuple[Figure, ...], limit: Limit, name: str
) -> Iterator[Suspicion]:
    """A 特困 standard below its multiple of one of the 低保 standards beside it, or a multiple of quite another one."""
    month = facts.monthly(figure)
    implied = month / limit.low
    # A standard is cut to whole yuan a month before it is published: 399 × 1.3 = 518.7 → 518, or 6216 a year.
    high = max(month + 1, facts.span(figure, MONTH).high)
    short = (b for b in bases if high < limit.low * facts.monthly(b))
    base = next(short, None)
    if base:
        basis, least = facts.monthly(base), limit.low * facts.monthly(base)
        yield facts.compared(figure.address, figure, base, limits=[limit], computed=least, unit=MONTH).told(
            f"{facts.named(figure)}，是{per_month(facts, base)}的"
            f"{facts.shown(month / basis, '倍')}，应不低于{facts.shown(limit.low, '倍')}"
            f"（{facts.shown(least, MONTH)}）",
            f"特困基本生活标准原则上不低于当地低保标准的{facts.shown(limit.low, '倍')}；"
            f"按这个倍数倒推，{name}标准应为{facts.shown(implied, MONTH)}",
            "核对两个标准、单位和生效日期，看哪一个写错了",
        )
        return
    most = facts.limit("tekun_dibao_most", "特困")
    highest = max(bases, key=facts.monthly)
    if most and figure.address.last != "institutional" and month > most.high * facts.monthly(highest):
        bound = most.high * facts.monthly(highest)
        yield facts.compared(figure.address, figure, highest, limits=[most], computed=bound, unit=MONTH).told(
            f"{facts.named(figure)}，是{per_month(facts, highest)}的{facts.shown(month / facts.monthly(highest), '倍')}",
            f"特困基本生活标准一般不超过低保标准的{facts.shown(most.high, '倍')}",
            "核对两个标准和单位；含照料护理的，写明",
        )
        return
    near = abs(implied - implied.quantize(Decimal(1), ROUND_HALF_UP)) * limit.low <= Decimal("0.5") / 12
    # Other multiples are as usual, such as 1.5 or 2 times.
    multiple = (month / facts.monthly(bases[0])).quantize(Decimal("0.1"), ROUND_HALF_UP)
    near &= not (multiple > limit.low and abs(multiple * facts.monthly(bases[0]) - month) <= 1)
    # What is one for town and country may follow either.
    every = (facts.monthly(held) for p in facts.family("dibao") for held in facts.standards(p))
    if near and all(abs(implied - held) > Decimal("0.1") * held for held in every):
        basis = facts.monthly(bases[0])
        yield facts.compared(
            figure.address, figure, bases[0], limits=[limit], stated=implied, unit=MONTH, severity=HINT
        ).told(
            f"{facts.named(figure)}恰好是{facts.shown(implied, MONTH)}的{facts.shown(limit.low, '倍')}，"
            f"报告的{facts.named(bases[0])}合{facts.shown(basis, MONTH)}",
            "特困标准是按低保标准的倍数定的，两者的基数应当相同",
            "核对低保标准；特困标准不按倍数定的，写明依据",
        )


@rule(
    "S15", "集中供养标准不低于分散供养", compares="同一项目的集中供养标准与分散供养标准", formula="集中≥分散", tolerance=ROUNDING,
    exceptions="缺一方", severity=DOUBT, source="云南省2022年照料护理标准，集中供养各档都高于分散供养",
    look_up="公布供养标准的文件", ask="集中供养的标准为什么低于分散供养，是否写反", since="2026-11-30",
)  # fmt: skip
def homes_and_at_home(facts: Facts) -> Iterator[Suspicion]:
    """A standard in homes below that at home."""
    for programme in facts.family("tekun"):
        home, dispersed = (facts.of(programme, "standards", part) for part in ("institutional", "dispersed"))
        if home and dispersed and facts.below(home, dispersed, MONTH):
            yield facts.compared(programme.code, home, dispersed, unit=MONTH).told(
                f"{facts.named(home)}，低于{facts.named(dispersed)}",
                "集中供养的标准不低于分散供养的标准",
                "核对两个标准和单位，是否写反",
            )


@rule(
    "S9", "同一标准前后一致", compares="同一标准在两处的写法；提标前后", formula="换算单位后相等；提标后≥提标前",
    tolerance=ROUNDING, exceptions="写明了不同日期的两个标准", severity=ERROR, source="算术关系：同一数字只有一个值",
    look_up="公布标准的文件", ask="两个数哪个对，各从哪一天起执行", since="2026-11-24",
)  # fmt: skip
def same_standard_twice(facts: Facts) -> Iterator[Suspicion]:
    """A standard, level or tier stated twice with different values, or lower after a raise than before."""
    yield from contradicted(facts, "standards.", "tiers.", "standard_month.", "standard_year.")
    for programme in facts.programmes:
        held = facts.standards(programme)
        if len(held) == 2 and facts.below(held[1], held[0], MONTH):
            gap = facts.monthly(held[0]) - facts.monthly(held[1])
            yield facts.compared(
                programme.code, *held, stated=held[1], computed=held[0], unit=MONTH, either=True
            ).told(
                f"{facts.named(held[0])}，{facts.named(held[1])}，提标后反而低{facts.shown(gap, MONTH)}",
                "同一年里提高以后的标准不可能比原来低：或有一处写错，或两处写反了先后",
                "查公布标准的文件，写明两个标准各从哪一天起执行",
            )


@rule(
    "S10", "档次从高到低，不超过标准", compares="各档金额；最高一档与保障标准", formula="一类＞二类＞三类…；一类≤标准",
    tolerance=ROUNDING, exceptions="档次里含增发并写明的", severity=ERROR, source=TOP_UP,
    look_up="分档发放的文件", ask="各档的金额是多少，最高一档有没有增发", since="2026-11-24",
)  # fmt: skip
def tier_order(facts: Facts) -> Iterator[Suspicion]:
    """Tiers that do not fall, or the highest above the standard."""
    for programme in facts.programmes:
        listed = tiers(facts, programme)
        for higher, lower in pairwise(listed):
            if facts.monthly(lower) >= facts.monthly(higher):
                pair = facts.compared(lower.address, higher, lower, stated=lower, computed=higher, unit=MONTH)
                yield pair.told(
                    f"{facts.named(higher)}，{facts.named(lower)}",
                    "档次从高到低，下一档的金额应当比上一档少",
                    "核对各档的金额，是否写反",
                )
        held = facts.standards(programme)
        if (
            listed
            and held
            and (meant := _meant(facts, programme, held[-1])) < facts.span(listed[0], MONTH).low
        ):
            yield facts.compared(
                f"{programme.code}.highest", listed[0], held[-1], computed=meant, unit=MONTH, severity=DOUBT
            ).told(
                f"{facts.named(listed[0])}，高于{facts.named(held[-1])}改正单位以后的{facts.shown(meant, MONTH)}",
                "低保按差额发给，最高一档也不超过保障标准；分类施保增发的另列",
                "核对最高一档和保障标准的单位；档次里含增发的，写明",
            )
        elif listed and held and facts.below(held[-1], listed[0], MONTH):
            yield facts.compared(f"{programme.code}.highest", listed[0], held[-1], unit=MONTH).told(
                f"{facts.named(listed[0])}，高于{per_month(facts, held[-1])}",
                "低保按差额发给，最高一档也不超过保障标准；分类施保增发的另列",
                "核对最高一档和保障标准的单位；档次里含增发的，写明",
            )


@rule(
    "S11", "末档与标准之比", compares="最低一档与保障标准", formula="下限≤末档÷标准≤上限", tolerance="界限见参考界限表",
    exceptions="没有分档", severity=HINT, source="参考界限表“末档与标准之比”",
    look_up="分档发放的文件", ask="最低一档依据什么定的", since="2026-11-24",
)  # fmt: skip
def lowest_tier(facts: Facts) -> Iterator[Suspicion]:
    """A lowest tier that is an unusual share of the standard."""
    limit = facts.limit("tier_standard", "低保")
    for programme in facts.family("dibao"):
        listed, held = tiers(facts, programme), facts.standards(programme)
        if not limit or len(listed) < 2 or not held:
            continue
        share = facts.monthly(listed[-1]) / facts.monthly(held[-1])
        if not limit.low <= share <= limit.high:
            yield facts.compared(programme.code, listed[-1], held[-1], limits=[limit], unit=MONTH).told(
                f"{facts.named(listed[-1])}，是{facts.named(held[-1])}的{facts.shown(share * 100, '%')}",
                f"末档一般是标准的{facts.bounds(limit.low * 100, limit.high * 100, '%')}",
                "核对末档金额和保障标准",
            )


@rule(
    "S12", "孤儿标准", compares="集中养育、社会散居的标准，与城市低保标准、全省标准",
    formula="集中≥散居≥城市低保；不低于全省标准", tolerance=ROUNDING, exceptions="没有写孤儿标准", severity=DOUBT,
    source="各省孤儿基本生活标准；参考界限表",
    look_up="孤儿养育标准的文件", ask="集中养育和社会散居各是多少", since="2026-11-24",
)  # fmt: skip
def orphan_standards(facts: Facts) -> Iterator[Suspicion]:
    """Orphans in homes get more than those with relatives, and these more than urban 低保."""
    urban = facts.by_region("dibao").get("urban")
    for programme in facts.family("orphans"):
        home = facts.of(programme, "standards", "in_homes")
        relatives = with_relatives(facts, programme)
        dibao = facts.standards(urban)[-1:] if urban else ()
        if home and relatives and facts.below(home, relatives, MONTH):
            yield facts.compared(f"{programme.code}.homes", home, relatives, unit=MONTH).told(
                f"{facts.named(home)}，低于{facts.named(relatives)}",
                "集中养育的标准不低于社会散居的标准",
                "核对两个标准，是否写反",
            )
        if relatives and dibao and facts.below(relatives, dibao[0], MONTH):
            yield facts.compared(f"{programme.code}.dibao", relatives, dibao[0], unit=MONTH).told(
                f"{facts.named(relatives)}，低于{per_month(facts, dibao[0])}",
                "孤儿基本生活费不低于城市低保标准",
                "核对两个标准和单位",
            )
        for measure, figure in (("with_relatives", relatives), ("in_homes", home)):
            limit = facts.limit(measure, *facts.subjects(programme))
            if not figure or not limit or facts.span(figure, MONTH).high >= limit.low:
                continue
            subject = f"{programme.code}.{measure}.minimum"
            yield facts.compared(subject, figure, limits=[limit], computed=limit.low, unit=MONTH).told(
                f"{facts.named(figure)}，{limit.area}的标准是{limit.low}{limit.unit}",
                f"低于省里公布的{LIMIT_FORCES[limit.force]}",
                "查公布标准的文件，核对数值和单位",
            )


def with_relatives(facts: Facts, programme: Programme | None) -> Figure | None:
    """Standard for orphans with relatives; the only stated one, where the report does not part them."""
    if programme is None:
        return None
    return facts.of(programme, "standards", "with_relatives") or facts.of(programme, "standards", "standard")


@rule(
    "S13", "事实无人抚养儿童的标准", compares="事实无人抚养儿童与社会散居孤儿的标准", formula="事实无人抚养≤散居",
    tolerance=ROUNDING, exceptions="集中养育的", severity=DOUBT, source="吉民发〔2019〕47号等：与散居孤儿相同或为其一定比例",
    look_up="事实无人抚养儿童和孤儿标准的文件", ask="两类儿童的标准是不是同一个文件定的", since="2026-11-24",
)  # fmt: skip
def de_facto_standard(facts: Facts) -> Iterator[Suspicion]:
    """Children that in fact nobody raises get no more than orphans with relatives."""
    base = with_relatives(facts, next(iter(facts.family("orphans")), None))
    for programme in facts.family("de_facto_orphans"):
        figure = facts.of(programme, "standards", "standard")
        if figure and base and facts.below(base, figure, MONTH):
            yield facts.compared(programme.code, figure, base, unit=MONTH).told(
                f"{facts.named(figure)}，高于{facts.named(base)}",
                "事实无人抚养儿童的补贴标准不高于社会散居孤儿",
                "核对两个标准；集中养育的，写明",
            )


def minimum_wage(facts: Facts) -> tuple[Decimal | None, Figure | None, list[Limit]]:
    """Minimum wage in 元/月, with the figure that states it or else the limit that publishes it."""
    if stated := facts.get("background.minimum_wage"):
        return facts.monthly(stated), stated, []
    published = facts.floors("minimum_wage")[:1]
    return published[0].least if published else None, None, published


@rule(
    "S14", "照料护理标准", compares="全自理、半护理、全护理的标准，与最低工资的比例",
    formula="全自理＜半护理＜全护理；各不低于最低工资×比例、省里公布的金额", tolerance=ROUNDING,
    exceptions="以护理保险代替发钱的；比例没有登记", severity=DOUBT, source="参考界限表“全护理占最低工资”等",
    look_up="照料护理标准的文件、最低工资文件", ask="护理标准按最低工资的百分之几定的", since="2026-11-24",
)  # fmt: skip
def care_standards(facts: Facts) -> Iterator[Suspicion]:
    """Care money rises with the need of care, and is not below its share of the minimum wage."""
    wage, stated_wage, published = minimum_wage(facts)
    for programme in facts.family("tekun"):
        stated = (facts.of(programme, "standards", MEASURES[f"{level}标准"]) for level in CARE_LEVELS)
        present = [figure for figure in stated if figure is not None]
        for less, more in pairwise(present):
            if facts.monthly(more) <= facts.monthly(less):
                subject = f"{programme.code}.{more.address.last}"
                yield facts.compared(subject, less, more, stated=more, computed=less, unit=MONTH).told(
                    f"{facts.named(less)}，{facts.named(more)}",
                    "照料护理标准随护理程度提高：全自理＜半护理＜全护理",
                    "核对各档标准和单位，是否写反",
                )
        for figure in present:
            measure = figure.address.last
            amount = facts.limit(f"{measure}_amount", "特困")
            if amount and facts.span(figure, MONTH).high < facts.least_monthly(amount):
                bound = facts.least_monthly(amount)
                pair = facts.compared(
                    f"{programme.code}.{measure}.amount", figure, limits=[amount], computed=bound, unit=MONTH
                )
                yield pair.told(
                    f"{per_month(facts, figure)}，{amount.called}是{amount.least}{amount.unit}",
                    f"低于省里公布的{LIMIT_FORCES[amount.force]}",
                    "核对标准和单位；用护理保险代替发钱的，写明",
                )
            share = facts.limit(measure, "特困")
            least = wage * share.low / 100 if share and wage else Decimal(0)
            if share and wage and facts.cut_span(figure, MONTH).high < least:
                subject, limits = f"{programme.code}.{measure}.share", [share, *published]
                pair = facts.compared(subject, figure, stated_wage, limits=limits, computed=least, unit=MONTH)
                yield pair.told(
                    f"{per_month(facts, figure)}，"
                    f"按最低工资{facts.shown(wage, MONTH)}的{facts.shown(share.low, '%')}应不低于{facts.shown(least, MONTH)}",
                    "低于省里规定的比例",
                    "核对标准和单位；用护理保险代替发钱的，写明",
                )


RULES = (
    month_and_year, magnitude, urban_and_rural, minimum, falling, growing, raised_in_the_year,
    tekun_and_dibao, same_standard_twice, tier_order, lowest_tier, orphan_standards, de_facto_standard,
    care_standards, homes_and_at_home,
)  # fmt: skip
