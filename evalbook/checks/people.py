"""People, households and cases: parts and totals, the same thing counted twice, comings and goings, money per case."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations, islice, product, takewhile
from typing import TYPE_CHECKING

from evalbook.checks.claims import GIVEN_BACK, ROUNDING, contradicted
from evalbook.checks.facts import LEVEL, MONEY, MONTH, Span, exactly, passed
from evalbook.checks.finding import DOUBT, ERROR, HINT, Suspicion, rule
from evalbook.checks.levels import computed_level, stated_level
from evalbook.checks.magnitude import fitting_units
from evalbook.checks.prose.passages import CJK
from evalbook.checks.prose.wording import core
from evalbook.checks.standards import dibao_beside, minimum_wage
from evalbook.figures import Derivation
from evalbook.schema.address import Address
from evalbook.schema.table import SPLITS
from evalbook.schema.vocabulary import ASPECTS, CARE_LEVELS, FORM_PAIRS, FORMS, TIERS
from evalbook.year.tables import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalbook.checks.facts import Facts
    from evalbook.figures import Figure
    from evalbook.schema import Programme

ARITHMETIC = "算术关系：总数等于各部分之和"
VISITS = ("人次", "户次")
PEOPLE_AND_VISITS = (("人数", "人次"), ("户数", "户次"))
TOTALS = ("persons", "households", "visits", "household_visits")
COUNTED = ("", *ASPECTS.values())
"""What is counted of a programme: its main number, and everything else."""

MOVING = ("joined", "left")
"""Beginnings of what is counted of those who came and went, some of whom went from one part into another."""

HEADS = ("persons", "households")
"""What is counted of people and households themselves, however often they were helped."""

MAIN_HOUSEHOLDS = (("households", ""), ("households", "average"), ("households", "persons"), ("", "persons"))
MOVING_HOUSEHOLDS = tuple((f"{aspect}_households", aspect) for aspect in ("opening", *MOVING, "closing"))
"""What is counted of households, and of the people who live in them; of several the first that is told."""

LIVING_TOGETHER = ("dibao", "temporary_relief")
"""Families of programmes that help households, and not single people or children by themselves."""

CHANGING = Decimal("1.5")
"""How many times the people of a month those of a year may be before that needs a reason."""

ALL_ALONE = 50
"""From how many households on it is no chance that all of them are of one person."""


# -- parts and totals


def _groups(facts: Facts) -> Iterator[tuple[Programme, str]]:
    """Programmes that people were helped by, each as a whole and by the codes of every form that it is told in."""
    told: dict[str, dict[str, None]] = {}
    for row in facts.rows("people"):
        told.setdefault(row.programme_name, {"": None})[PEOPLE.codes(row, SPLITS)] = None
    for programme in facts.programmes:
        for form in told.get(programme.name, {"": None}):
            yield programme, form


def _counting(facts: Facts, figure: Figure) -> str:
    """How the row of a stated number says that it was counted (口径); empty for any other number."""
    row = facts.row_of(figure)
    return row.said("counting") if row else ""


def _partitions(facts: Facts, programme: Programme, aspect: str) -> Iterator[tuple[Figure, ...]]:
    """Ways of parting a programme's people, households, cases and so on by form; by tiers from the first without a gap."""
    tiers = takewhile(lambda tier: facts.get("people", programme.code, TIERS[tier], aspect), TIERS)
    for forms in (*FORM_PAIRS, CARE_LEVELS, tuple(tiers)):
        parts = [facts.get("people", programme.code, FORMS[form], aspect) for form in forms]
        if len(parts) > 1 and all(parts):
            yield tuple(part for part in parts if part)


def _untold_tiers(facts: Facts, programme: Programme, parts: tuple[Figure, ...]) -> bool | None:
    """Whether there are more tiers than those that people are told of; None where the tiers are listed nowhere."""
    if not any(f".{code}" in parts[0].address for code in TIERS.values()):
        return False
    listed = [c for c in TIERS.values() if Address.of("tiers", programme.code, c) in facts.figures.figures]
    return len(listed) > len(parts) if listed else None


def _contained_region(facts: Facts, programme: Programme, gap: Decimal, unit: str) -> Figure | None:
    """Number of the other region's programme of the family, when it is exactly the surplus of a total."""
    for region, other in facts.by_region(programme.family).items() if programme.family else ():
        counted = facts.count_of(other)
        comparable = region != programme.region and counted and facts.alike(counted[0].unit, unit)
        if counted and comparable and facts.value(counted[0], unit) == gap:
            return counted[0]
    return None


def _parts_differ(
    facts: Facts, programme: Programme
) -> Iterator[tuple[str, Figure, tuple[Figure, ...], Decimal]]:
    """Stated totals that are not the sum of their parts, by what is counted, with the parts and the difference."""
    for aspect in COUNTED:
        whole = facts.of(programme, "people", aspect)
        for parts in _partitions(facts, programme, aspect) if whole else ():
            if whole and _differs(facts, whole, parts, {_counting(facts, part) for part in parts}):
                yield aspect, whole, parts, facts.value(whole) - facts.sum(parts, whole.unit)


def _differs(facts: Facts, whole: Figure, parts: tuple[Figure, ...], countings: set[str]) -> bool:
    """Whether a total and its parts are counted alike, and the parts are not the total."""
    alike = all(facts.alike(part.unit, whole.unit) for part in parts)
    return (
        alike
        and countings == {_counting(facts, whole)}
        and not facts.cut_span(whole).meets(facts.total(parts, whole.unit))
    )


def _unsure(
    facts: Facts,
    programme: Programme,
    aspect: str,
    whole: Figure,
    parts: tuple[Figure, ...],
    *,
    apart: bool,
) -> bool:
    """Whether parts may be more than their total because whom they have in common is counted in each.

    A household may have members of several forms, though not more forms than members; programmes for different people have
    no household in common (``apart``). Whoever went from one part to another came to, or left, that part and not the whole.
    """
    if not aspect or not facts.span(whole).below(facts.total(parts, whole.unit)):
        return False
    if aspect.startswith(MOVING) or (aspect in HEADS and "全年累计" in facts.counting(whole)):
        return True
    people = facts.count_of(programme)
    shared = facts.category(whole) == "户数" and not apart and people and people[1].category == "人数"
    return bool(shared and people and facts.sum(parts, "户") <= facts.value(people[0], "人"))


def _forms(*families: str, others: bool = False) -> Callable[[Facts], Iterator[Suspicion]]:
    """What a rule finds that asks of programmes of some families (or of all others) whether parts make up the total."""

    def find(facts: Facts) -> Iterator[Suspicion]:
        for programme in facts.programmes:
            if (programme.family in families) == others:
                continue
            for aspect, whole, parts, gap in _parts_differ(facts, programme):
                # A surplus that is the other region's is told by the rule about what a total is called.
                untold = _untold_tiers(facts, programme, parts) if gap > 0 else False
                if not untold and not _contained_region(facts, programme, gap, whole.unit):
                    unsure = untold is None or _unsure(facts, programme, aspect, whole, parts, apart=False)
                    form = parts[0].address
                    subject = form.of_whole.within if aspect else f"{programme.code}.{form.last}"
                    yield unequal(facts, whole, parts, subject, DOUBT if unsure else "")

    return find


def unequal(
    facts: Facts, whole: Figure, parts: tuple[Figure, ...], subject: str, severity: str = ""
) -> Suspicion:
    """A total that is not the sum of its parts; one that is doubted only may have them counted twice."""
    value = facts.sum(parts, whole.unit)
    gap = abs(facts.value(whole) - value)
    pair = facts.compared(
        subject, whole, *parts, computed=value, suspects=[whole], severity=severity, either=True
    )
    return pair.told(
        f"{facts.named(whole)}，各部分相加是{facts.shown(value, whole.unit)}，相差{facts.shown(gap, whole.unit)}",
        "各部分相加应当等于总数" + ("，除非有的在几个部分里都算了" if severity else ""),
        "查台账，核对总数和每个部分；" + ("重复计算的，写明" if severity else "还有别的部分的，补列"),
        f"各部分：{facts.listed(parts)}",
    )


tekun_forms = rule(
    "T1", "特困分项之和", compares="特困人数、户数等，与分散供养、集中供养之和，与各护理等级之和", formula="总数＝Σ各形式",
    tolerance=ROUNDING, exceptions="形式没有列全；多出的正好是另一地区的（由T2列出）；一户有几种形式的，户数之和大于总数为疑点",
    severity=ERROR, source=ARITHMETIC,
    look_up="特困人员台账、民政统计月报", ask="集中、分散和各护理等级各有多少人", since="2026-11-24",
)(_forms("tekun"))  # fmt: skip
"""特困 by place of support and by care level, against the total."""

relief_forms = rule(
    "X5", "临时救助分项之和", compares="临时救助次数，与急难型、支出型之和，与乡镇、县级审批之和", formula="总数＝Σ各类",
    tolerance="不容许差额", exceptions="没有分类", severity=ERROR, source=ARITHMETIC,
    look_up="临时救助审批台账", ask="急难型、支出型和各级审批各多少", since="2026-11-24",
)(_forms("temporary_relief"))  # fmt: skip
"""临时救助 by kind and by who approved, against the total."""

vagrant_forms = rule(
    "X7", "流浪救助分项之和", compares="救助人次，与站内、站外之和", formula="总数＝站内＋站外", tolerance="不容许差额",
    exceptions="没有分项", severity=ERROR, source=ARITHMETIC,
    look_up="救助站登记册", ask="站内、站外各救助了多少人次", since="2026-11-24",
)(_forms("vagrant_relief"))  # fmt: skip
"""流浪救助 in and outside the station, against the total."""

other_forms = rule(
    "X14", "其他项目分项之和", compares="其他项目的人数、户数、人次等总数，与各形式、各档次之和", formula="总数＝Σ各形式",
    tolerance=ROUNDING,
    exceptions="形式没有列全；不知道共有几档的，之和小于总数为疑点；一户有几种形式的，户数之和大于总数为疑点",
    severity=ERROR, source=ARITHMETIC, look_up="台账的分类人数", ask="各形式列全了没有", since="2026-11-24",
)(_forms("tekun", "temporary_relief", "vagrant_relief", others=True))  # fmt: skip
"""Every other programme by form or tier, against the total."""


@rule(
    "T2", "总数的名称与内容相符", compares="分城乡的总数，与它的各部分、与另一地区的人数", formula="总数不含另一地区的人",
    tolerance="不容许差额", exceptions="没有分项", severity=ERROR, source=ARITHMETIC,
    look_up="城乡两本特困（低保）台账", ask="这个总数含不含另一类地区的人", since="2026-11-24",
)  # fmt: skip
def mislabelled_total(facts: Facts) -> Iterator[Suspicion]:
    """A total of one region that contains the other region's people, or equals that of both."""
    for programme in facts.programmes:
        for _, whole, parts, gap in _parts_differ(facts, programme):
            if other := _contained_region(facts, programme, gap, whole.unit):
                yield _contains(facts, whole, parts, other)
        yield from _equals_parent(facts, programme)


def _contains(facts: Facts, whole: Figure, parts: tuple[Figure, ...], other: Figure) -> Suspicion:
    value = facts.sum(parts, whole.unit)
    pair = facts.compared(whole.address, whole, *parts, other, computed=value, suspects=[whole])
    return replace(pair, possible=((whole.address, (value,)),)).told(
        f"{facts.named(whole)}，各部分相加是{facts.shown(value, whole.unit)}，"
        f"多出的{facts.shown(facts.value(whole) - value, whole.unit)}正好是{facts.named(other)}",
        "总数的名称与它的内容不符：把不属于它的部分也算了进去",
        f"总数改成{facts.shown(value, whole.unit)}，或把名称改成包括{other.label.removesuffix('人数')}",
        f"各部分：{facts.listed(parts)}",
    )


def _equals_parent(facts: Facts, programme: Programme) -> Iterator[Suspicion]:
    """A part that is as large as the whole while another part has people too."""
    parent = facts.programme(programme.parent)
    whole = facts.of(parent, "people") if parent else None
    part = facts.of(programme, "people")
    siblings = [s for s in (facts.children(parent) if parent else ()) if s != programme]
    others = [figure for figure, _ in facts.counted(siblings) if figure.value]
    # Everybody who draws one subsidy may draw another too.
    apart = programme.kind != "补贴"
    if whole and part and others and apart and whole.unit == part.unit and whole.value == part.value:
        yield facts.compared(part.address, part, whole, *others, suspects=[part]).told(
            f"{facts.named(part)}，与{facts.named(whole)}相同，而{facts.named(others[0])}",
            "部分不能等于总数，除非别的部分没有人",
            "核对这个数字是总数还是部分",
        )


@rule(
    "T8", "上级项目的人数等于下级之和",
    compares="上级项目（如特困供养、最低生活保障）的人数、户数、人次、进出等，与各下级项目的同一数字之和", formula="总数＝Σ下级",
    tolerance=ROUNDING,
    exceptions="下级没有列全，或口径不同；只登记了一个下级的，它是一部分；补贴，一个人可以领几种；新增、退出和全年受助的人，下级之和大于总数为疑点",
    severity=ERROR, source=ARITHMETIC,
    look_up="各类对象台账、民政统计月报", ask="总数是由哪几类相加的", since="2026-11-24",
)  # fmt: skip
def nested_people(facts: Facts) -> Iterator[Suspicion]:
    """A programme's total against those of the programmes below it; stated totals against computed ones."""
    for found in contradicted(facts, "headcount."):
        summed = found.figures[1].lineage
        alone = isinstance(summed, Derivation) and len(summed.inputs) < 2
        if not alone or facts.below(found.figures[0], found.figures[1], found.figures[1].unit):
            yield found
    for programme, form in _groups(facts):
        # One person may draw several subsidies.
        children = [c for c in facts.children(programme) if c.kind == programme.kind != "补贴"]
        # A single part that is registered is one of several.
        for aspect in COUNTED if len(children) > 1 else ():
            whole = facts.get("people", programme.code, form, aspect)
            if form or aspect:
                stated = (facts.get("people", child.code, form, aspect) for child in children)
                told = [(figure, _counting(facts, figure)) for figure in stated if figure]
            else:
                told = [(figure, how.counting) for figure, how in facts.counted(children)]
            parts = tuple(figure for figure, _ in told)
            if not whole or not facts.row_of(whole) or len(parts) < len(children):
                continue
            if _differs(facts, whole, parts, {counting for _, counting in told}):
                unsure = _unsure(facts, programme, aspect, whole, parts, apart=True)
                subject = Address.of(programme.code, form, aspect)
                yield unequal(facts, whole, parts, subject, DOUBT if unsure else "")


# -- the same thing counted twice


def _restated(facts: Facts, relation: str) -> Iterator[tuple[Figure, Programme]]:
    """Numbers of the year's work that stand in a relation to a programme's numbers in the tables."""
    for figure, programme, target in facts.related(relation):
        if programme is not None and target is None:
            yield figure, programme


def _numbers_of(facts: Facts, programme: Programme, form: str = "") -> list[Figure]:
    """Main number of a programme, or of a form of it, and its other totals (persons, households, cases)."""
    found = [facts.get("people", programme.code, form, part) for part in (*([""] if form else []), *TOTALS)]
    main = [] if form else [figure for figure, _ in facts.counted([programme])]
    return [*main, *filter(None, found)]


@rule(
    "X2", "同一项目的数字前后一致", compares="年度工作里的金额、人数、次数，与支出表、保障对象表里同一项目的",
    formula="写明“同一数”的必须相等", tolerance=ROUNDING,
    exceptions="写明“其中”的由X8检查；没有写明关系的为疑点，名称另有所指的（备用金、新增、上年、某乡镇）不比",
    severity=ERROR, source="算术关系：同一数字只有一个值",
    look_up="台账、支出明细账", ask="两处写的是不是同一件事，以哪个为准", since="2026-11-24",
)  # fmt: skip
def same_number_twice(facts: Facts) -> Iterator[Suspicion]:
    """Money and numbers that prose states otherwise than the tables."""
    for figure, _, other in facts.related("同一数"):
        if other and not facts.alike(figure.unit, other.unit):
            # As many reports as households are no slip of the unit.
            helped = {facts.category(figure), facts.category(other)} <= {*chain(*PEOPLE_AND_VISITS)}
            if helped or figure.value != other.value:
                yield _other_unit(figure, other)
        elif other and not facts.span(figure, other.unit).meets(facts.span(other)):
            yield _stated_twice(facts, figure.address, [(figure, other)], (figure,), "")
    for relation, severity in (("同一数", ""), ("", DOUBT)):
        groups: dict[str, list[tuple[Figure, Figure]]] = {}
        told: dict[str, list[Figure]] = {}
        for figure, programme in _restated(facts, relation):
            told.setdefault(programme.code, []).append(figure)
            category = facts.category(figure)
            if not relation and GIVEN_BACK.search(figure.label):
                continue
            # Unless said to be the same, a smaller number of people may well be a part of all.
            if not relation and (
                category not in {"金额", *VISITS} or not _whole_by_name(facts, programme, figure)
            ):
                continue
            numbers = (facts.of(programme, "spending"), *_numbers_of(facts, programme))
            alike = [other for other in numbers if other and facts.category(other) == category]
            others = [facts.of(programme, "people", aspect) for aspect in ("average", "closing")]
            known = [*alike, *(other for other in others if other and facts.category(other) == category)]
            compared = alike or (known if relation else [])
            if compared and not any(facts.span(figure, o.unit).meets(facts.span(o)) for o in known):
                groups.setdefault(programme.code, []).extend((figure, other) for other in compared)
            if relation:
                yield from _same_in_other_unit(facts, programme, figure)
        for code, pairs in groups.items():
            # What else prose says of the programme there has the same cause.
            yield _stated_twice(facts, code, pairs, () if severity else tuple(told[code]), severity)


OF_ALL = re.compile(
    r"全[年县市区省]|[本当今]年|年度|累计|[共总合]计|总共|总[额数量]|各级|各类|各项|城乡|困难|群众|人员|对象|家庭|居民|职工|实际|已|共"
    r"|发放|支[出付]|拨付|使用|投入|开支|落实|实施|开展|进行|给予|用于|救助|保障|供养|补[助贴]|帮扶|生活|基本|最低|资金|经费"
    r"|次均|户均|平均|每[次户人]|水平|标准"
    r"|金额|人次|户次|次数|人数|户数|数量|情况|小计|[款金费额数次人户的了为]"
)
"""Words that a programme's whole number may be called by beside the programme's name."""


def _whole_by_name(facts: Facts, programme: Programme, figure: Figure) -> bool:
    """Whether a number is called nothing but the programme's, so that it is no reserve, increase, place or former year."""
    called = [p for p in (programme, facts.programme(programme.parent)) if p]
    names = {name for p in called for name in (p.name, *p.aliases, core(p.name))}
    regions = {"urban": "城市|城镇", "rural": "农村|乡村"}.get(programme.region, "(?!)")
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    rest = re.sub("|".join([*longest_first, regions]), "", figure.label)
    return not re.search(rf"[{CJK}]", OF_ALL.sub("", rest))


def _other_unit(figure: Figure, other: Figure) -> Suspicion:
    severity = DOUBT if figure.value == other.value else ""
    return Suspicion(f"{figure.address}.unit", figures=(figure, other), severity=severity).told(
        f"同一个数，一处写{other.label}{other.text}，另一处写{figure.label}{figure.text}，单位不同",
        "人、人次、户、户次数的不是同一样东西，不能换算",
        "查台账，弄清数的是什么，两处写成一样；确是两个数字的，改“关系”一栏",
    )


def _same_in_other_unit(facts: Facts, programme: Programme, figure: Figure) -> Iterator[Suspicion]:
    """A number said to be the programme's, which is only told in another unit: more cases than people, say."""
    category = facts.category(figure)
    pair = next((kinds for kinds in PEOPLE_AND_VISITS if category in kinds), ())
    numbers = _numbers_of(facts, programme)
    if any(facts.category(other) == category for other in numbers):
        return
    for other in numbers:
        heads, cases = (other, figure) if category in VISITS else (figure, other)
        # Fewer cases than people, and as many, are told by the rule about these.
        if facts.category(other) in pair and facts.value(cases) > facts.value(heads):
            yield replace(_other_unit(figure, other), severity=DOUBT)
            return


def _stated_twice(
    facts: Facts, code: str, pairs: list[tuple[Figure, Figure]], others: tuple[Figure, ...], severity: str
) -> Suspicion:
    told = [
        f"一处写{facts.named(other)}，另一处写{facts.named(figure)}，相差"
        f"{facts.shown(abs(facts.value(other) - facts.value(figure, other.unit)), other.unit)}"
        for figure, other in pairs
    ]
    subject, unit = f"{code}{'.part' if severity else ''}", pairs[0][1].unit
    figures = dict.fromkeys((*(f for pair in pairs for f in pair), *others))
    pair = facts.compared(subject, *figures, unit=unit, suspects=others, severity=severity)
    convert = facts.figures.units.convert
    possible = tuple(
        (one.address, (facts.value(one), convert(facts.value(two), two.unit, one.unit)))
        for figure, other in pairs
        for one, two in ((figure, other), (other, figure))
    )
    return replace(pair, possible=() if severity else possible).told(
        told[0],
        "同一年、同一项目的数字前后不同" + ("；没有写明后一个只是其中的一部分" if severity else ""),
        "查台账，写成一样；其中一处只是一部分的，写明是哪一部分",
        *told[1:],
        *(f"同一处还写了{facts.named(f)}" for f in others if f not in {f for f, _ in pairs}),
    )


@rule(
    "X3", "人次不少于户次", compares="同一项目的人次与户次", formula="人次≥户次", tolerance="不容许差额",
    exceptions="范围不同并写明的", severity=ERROR, source="户次、人次的含义：一户至少一人",
    look_up="临时救助审批台账", ask="人次和户次是怎么数的", since="2026-11-24",
)  # fmt: skip
def visits_and_households(facts: Facts) -> Iterator[Suspicion]:
    """Fewer person-times than household-times."""
    for programme, form in _groups(facts):
        counted = (_counted_as(facts, programme, visits, form) for visits in VISITS)
        for persons, households in product(*counted):
            if facts.value(persons, "人次") < facts.value(households, "户次"):
                why = "每救助一户次，至少救助一人次，人次不会少于户次"
                yield _fewer(facts, programme, persons, households, why)


def _counted_as(facts: Facts, programme: Programme, category: str, form: str = "") -> list[Figure]:
    """Numbers of a programme or form in units of a category, those of the year's work that are the same included."""
    same = [] if form else [figure for figure, other in _restated(facts, "同一数") if other == programme]
    numbers = dict.fromkeys((*_numbers_of(facts, programme, form), *same))
    return [figure for figure in numbers if facts.category(figure) == category]


def _fewer(facts: Facts, programme: Programme, fewer: Figure, more: Figure, why: str) -> Suspicion:
    subject = f"{programme.code}.{fewer.address}"
    return facts.compared(subject, fewer, more, computed=more.value).told(
        f"{facts.named(fewer)}，少于{facts.named(more)}",
        why,
        "查台账，核对两个数字和单位；范围不同的，写明各是什么范围",
    )


@rule(
    "X6", "次数不少于人数、户数", compares="同一项目的人次与人、户次与户", formula="人次≥人，户次≥户；两数相同的为疑点",
    tolerance="不容许差额", exceptions="月均人数不比", severity=ERROR, source="人次的含义：每人至少一次",
    look_up="发放台账、审批台账", ask="数的是人还是次", since="2026-11-24",
)  # fmt: skip
def visits_and_people(facts: Facts) -> Iterator[Suspicion]:
    """Fewer visits than people or households; one number told in two units."""
    for programme, form in _groups(facts):
        for visits, heads, verb in (("人次", "人数", "人"), ("户次", "户数", "户")):
            counted = (_counted_as(facts, programme, category, form) for category in (visits, heads))
            for cases, people in product(*counted):
                # A monthly average says nothing about how many different people there were.
                if _counting(facts, people) not in {"全年累计", "按次累计", "未说明", ""}:
                    continue
                given = facts.value(cases), facts.value(people, verb)
                if given[0] < given[1]:
                    why = f"每{verb}至少受助一次，次数不会少于{verb}数"
                    yield _fewer(facts, programme, cases, people, why)
                elif given[0] == given[1] and not form and not facts.few(people):
                    subject, same = f"{programme.code}.{cases.address}.unit", people.value
                    pair = facts.compared(subject, people, cases, stated=cases, computed=same, severity=DOUBT)
                    yield pair.told(
                        f"同一个数，一处写{facts.named(people)}，另一处写{facts.named(cases)}",
                        f"{visits}和{verb}不是一回事，只有每{verb}都只受助一次，两个数才会相同",
                        f"查台账，写明数的是{visits}还是{verb}，两处写成一样",
                    )


@rule(
    "X8", "部分不大于总数", compares="写明“其中”的数字、各形式的数字、“含在”别的项目里的数字，与总数", formula="部分≤总数",
    tolerance=ROUNDING, exceptions="单位不同的", severity=ERROR, source=ARITHMETIC,
    look_up="台账、支出明细账", ask="“其中”的数是从哪个总数里来的", since="2026-11-24",
)  # fmt: skip
def part_and_whole(facts: Facts) -> Iterator[Suspicion]:
    """A part larger than its whole: 其中 rows of the year's work, and forms of a programme."""
    for part, whole in _parts_of_wholes(facts):
        if whole and _exceeds(facts, part, whole):
            yield facts.compared(part.address, part, whole, unit=whole.unit).told(
                f"{facts.named(part)}，大于它所属的{facts.named(whole)}",
                "一部分不能大于全部",
                "核对两个数字和单位；不是其中一部分的，改“关系”一栏",
            )
        elif (
            whole
            and (each := _people_a_month(facts, part, whole))
            and facts.value(part, "人") > each * CHANGING
        ):
            yield facts.compared(part.address, part, whole, computed=each, unit="人", severity=DOUBT).told(
                f"{facts.named(part)}，它所属的{facts.named(whole)}合每月{facts.shown(each, '人')}",
                "一部分的人数远多于平均每月的人数，除非一年里换了很多人",
                "核对两个数字；不是其中一部分的，改“关系”一栏",
            )


def _people_a_month(facts: Facts, part: Figure, whole: Figure) -> Decimal | None:
    """How many people a month the person-months are of which people are a part, unless these are a handful."""
    if facts.category(part) != "人数" or "按月累计" not in facts.counting(whole) or facts.few(part):
        return None
    return facts.value(whole, "人次") / facts.months


def _parts_of_wholes(facts: Facts) -> Iterator[tuple[Figure, Figure | None]]:
    """Figures that are part of another one, each with that one."""
    for figure, _, target in facts.related("其中"):
        yield figure, target
    for figure, programme in _restated(facts, "其中"):
        for whole in (*_numbers_of(facts, programme), facts.of(programme, "spending")):
            yield figure, whole
    for programme, aspect in product(facts.programmes, COUNTED):
        whole = facts.of(programme, "people", aspect)
        # Whoever went from one part to another came to it, and not to the whole.
        if not whole or aspect.startswith(MOVING):
            continue
        forms = (facts.get("people", programme.code, form, aspect) for form in FORMS.values())
        children = (c for c in facts.children(programme) if c.kind == programme.kind)
        for part in filter(None, (facts.of(child, "people", aspect) for child in children)):
            if _counting(facts, part) == _counting(facts, whole):
                yield part, whole
        for part in filter(None, forms):
            if not aspect or _counting(facts, part) == _counting(facts, whole):
                yield part, whole
    for row, figure in facts.stated("people"):
        container = facts.programme(row.said("within"))
        counted = facts.count_of(container) if container else None
        yield figure, counted[0] if counted else None


def _exceeds(facts: Facts, part: Figure, whole: Figure) -> bool:
    if facts.alike(part.unit, whole.unit):
        return facts.span(whole).below(facts.span(part, whole.unit))
    # Each person of a part was helped at least once, so that people cannot be more than visits.
    heads = (facts.category(part), facts.category(whole)) in PEOPLE_AND_VISITS
    return heads and facts.value(part) > facts.value(whole)


@rule(
    "X15", "年度工作的分项之和", compares="写明“分项”的各个数字，与它们所指的总数；各分项的比重与100%",
    formula="总数＝Σ分项；Σ比重＝100%", tolerance=ROUNDING, exceptions="没有写“分项”", severity=ERROR, source=ARITHMETIC,
    look_up="台账、工作总结的原始数", ask="各分项相加为什么不是总数", since="2026-11-24",
)  # fmt: skip
def components(facts: Facts) -> Iterator[Suspicion]:
    """Parts that are said to make up another number, against it; shares of it, against 100 %."""
    rows = (row for row in facts.rows("actions") if row.said("relation") == "分项")
    unknown = {row.said("target") for row in rows if row.value is None}
    groups: dict[Figure, list[Figure]] = {}
    for figure, _, target in facts.related("分项"):
        if target and target.label not in unknown:
            groups.setdefault(target, []).append(figure)
    for whole, listed in groups.items():
        shares = [figure for figure in listed if figure.unit == "%" and whole.unit != "%"]
        parts = [figure for figure in listed if facts.alike(figure.unit, whole.unit)]
        for kind, told, unit, total, expected, words in (
            ("parts", parts, whole.unit, facts.cut_span(whole), facts.value(whole), facts.named(whole)),
            ("share", shares, "%", exactly(100), Decimal(100), "应为100%"),
        ):
            chosen = _misfits(facts, told, unit, total)
            # One part alone leaves the others untold.
            if not chosen or (len(told) == 1 and not total.below(facts.span(told[0], unit))):
                continue
            subject, value = f"{whole.address}.{kind}", facts.sum(chosen, unit)
            pair = facts.compared(
                subject, whole, *chosen, stated=expected, computed=value, unit=unit, either=True
            )
            yield pair.told(
                f"{len(chosen)}个分项相加是{facts.shown(value, unit)}，"
                f"{words}，相差{facts.shown(abs(expected - value), unit)}",
                "列全的各部分相加应当等于总数",
                "查台账，核对总数和每个部分；还有别的部分的，补列",
                f"分项：{facts.listed(chosen)}",
            )


MANY_PARTS = 12
"""More parts than these can be put together to a total by chance."""


def _parted(facts: Facts, listed: list[Figure], unit: str, total: Span) -> bool:
    """Whether the parts fall into groups of several that each make up the total, in whatever order they are told."""
    if not listed:
        return True
    first, others = listed[0], listed[1:]
    for count in range(1, len(others) + 1):
        for chosen in combinations(others, count):
            if facts.total((first, *chosen), unit).meets(total):
                rest = [figure for figure in others if figure not in chosen]
                if _parted(facts, rest, unit, total):
                    return True
    return False


def _misfits(facts: Facts, listed: list[Figure], unit: str, total: Span) -> list[Figure]:
    """Parts that make up no total, where a total may be parted in several ways, most told in rows that follow each other."""
    if len(listed) <= MANY_PARTS and _parted(facts, listed, unit, total):
        return []
    rest, start = [], 0
    while start < len(listed):
        ends = range(start + 1, len(listed) + 1)
        end = next((end for end in ends if facts.total(listed[start:end], unit).meets(total)), None)
        # A part alone is no way of parting, and a run of right parts in the middle of wrong ones is chance.
        if end is None or (end - start == 1 < len(listed)):
            rest.append(listed[start])
            start += 1
        else:
            start = end
    return rest


# -- households, comings and goings


def _household_pairs(facts: Facts) -> Iterator[tuple[Figure, Figure, str]]:
    """People with their households: of a programme and its forms, and of the year's work by names that end in 人数 and 户数."""
    for programme, form in _groups(facts):
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
    whole_year, told = "全年累计", [_counting(facts, figure) for figure in (people, households)]
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
        persons, households = (_counted_as(facts, programme, visits) for visits in VISITS)
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
    at_the_end = main if main and _counting(facts, main) == "期末" else None
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
    for programme, form in _groups(facts):
        whole, main = (facts.get("people", programme.code, form, part) for part in ("persons", ""))
        if not whole or not main or not facts.alike(whole.unit, main.unit):
            continue
        comparable = _counting(facts, whole) == "全年累计" and _counting(facts, main) in {"月均", "期末"}
        if comparable and facts.value(whole, main.unit) < facts.value(main):
            yield _fewer(facts, programme, whole, main, "全年受助的不同的人，不会少于月均或年末的人数")


# -- money per case, and 特困


@rule(
    "X1", "每次平均金额", compares="支出÷次数，与报告所述的、与通常的范围", formula="平均＝支出÷次数；下限≤平均≤上限",
    tolerance=ROUNDING + "；范围见参考界限表", exceptions="只在通常范围以外、换单位也不合理的为疑点", severity=ERROR,
    source="全国2017年1109.9元/人次＝107.7亿元÷970.3万人次；参考界限表“次均支出”",
    look_up="临时救助审批台账、支付凭证", ask="次数数的是什么，每次平均多少", since="2026-11-24",
)  # fmt: skip
def money_per_case(facts: Facts) -> Iterator[Suspicion]:
    """A stated average per case that differs, and a computed one that is unusual or possible only in another unit."""
    yield from contradicted(facts, "average.")
    for programme in facts.programmes:
        average, spent = facts.of(programme, "average"), facts.of(programme, "spending")
        stated, counted = facts.of(programme, "standards", "case_level"), facts.count_of(programme)
        for told in (stated, *_told_averages(facts, programme)) if spent else ():
            if told and spent:
                yield from _stated_average(facts, programme, told, spent)
        limit = facts.band("case_level", *facts.subjects(programme))
        if not average or not average.value or not spent or not counted or not limit:
            continue
        value = facts.value(average)
        bound = passed(exactly(value), limit.low, limit.high)
        if bound is None:
            continue
        fits = fitting_units(facts, spent, value, limit.low, limit.high)
        if not fits and facts.few(counted[0]):
            continue
        subject, figures = f"{programme.code}.usual", (spent, counted[0], average)
        found = facts.compared(subject, *figures, limits=[limit], stated=average, computed=bound)
        suspected = replace(found, suspects=(spent.address,)) if fits else replace(found, severity=DOUBT)
        yield suspected.told(
            f"{facts.named(spent)}，{facts.named(counted[0])}，平均每次{average.text}",
            f"每次救助一般在{facts.bounds(limit.low, limit.high, average.unit)}之间"
            + (f"；金额的单位改成{'或'.join(fits)}才合理" if fits else ""),
            "核对金额的单位、户次和人次；确实如此的，说明原因",
        )


def _told_averages(facts: Facts, programme: Programme) -> Iterator[Figure]:
    """Averages per case of a whole programme that the year's work tells."""
    for _, figure in facts.stated("actions", programme):
        if facts.category(figure) == "均次" and _whole_by_name(facts, programme, figure):
            yield figure


def _stated_average(facts: Facts, programme: Programme, stated: Figure, spent: Figure) -> Iterator[Suspicion]:
    """Stated money per case against money ÷ the cases in the unit's noun."""
    noun = stated.unit.partition("/")[2]
    counted = _counted_as(facts, programme, facts.figures.year.registries.units[noun].category)
    told = [cases for cases in counted if cases.value]
    spans = [facts.span(spent, "元") / exactly(facts.value(cases, noun)) for cases in told]
    # Of numbers that differ, one that fits is enough; that they differ is told by itself.
    if told and not any(facts.cut_span(stated).meets(span) for span in spans):
        cases = told[0]
        value = facts.value(spent, "元") / facts.value(cases, noun)
        subject = f"{programme.code}.{cases.address}"
        yield facts.compared(subject, stated, spent, cases, computed=value, suspects=[stated]).told(
            f"{facts.named(stated)}，{facts.named(spent)}÷{facts.named(cases)}是{facts.shown(value, stated.unit)}",
            "次均救助水平就是支出除以次数",
            "按支出和次数重算",
        )


@rule(
    "X4", "次均不超过封顶线", compares="临时救助次均支出，与城市低保月标准的倍数", formula="次均≤倍数×城市低保月标准",
    tolerance="倍数见参考界限表", exceptions="当地封顶线另有规定的", severity=DOUBT, source="参考界限表“次均封顶倍数”",
    look_up="当地临时救助办法、大额救助审批表", ask="封顶线是多少，超过的是怎样批的", since="2026-11-24",
)  # fmt: skip
def case_ceiling(facts: Facts) -> Iterator[Suspicion]:
    """An average per case above the usual ceiling in months of the urban standard."""
    urban = facts.by_region("dibao").get("urban")
    held = facts.standards(urban)[-1:] if urban else ()
    for programme in facts.family("temporary_relief"):
        average, counted = facts.of(programme, "average"), facts.count_of(programme)
        limit = facts.limit("case_ceiling", *facts.subjects(programme))
        if not average or not held or not limit or not counted or facts.few(counted[0]):
            continue
        most = limit.high * facts.monthly(held[0])
        if facts.value(average) > most:
            yield facts.compared(programme.code, average, held[0], limits=[limit], computed=most).told(
                f"{facts.named(average)}，超过{facts.named(held[0])}的{facts.shown(limit.high, '倍')}"
                f"（{facts.shown(most, '元/人次')}）",
                "平均数不应超过一次救助的最高额",
                "核对金额和次数的单位",
            )


def _basic_living(facts: Facts, *, drifting: bool = True) -> tuple[Span, tuple[Figure, ...]] | None:
    """特困 people × standard × months in yuan, and the figures; None when some part is missing.

    The span is as wide as the standards of the year differ and, when drifting, as people who were not averaged may
    differ from their average.
    """
    low = high = Decimal(0)
    figures: list[Figure] = []
    for programme in facts.by_region("tekun").values():
        counted, held = facts.count_of(programme), facts.lines(programme)
        if not counted:
            if any(row.programme == programme for row in facts.rows("people")):
                return None
            continue
        if not held or counted[1].category != "人数":
            return None
        people, drift = facts.value(counted[0], "人"), facts.drift(counted[1]) if drifting else Decimal(0)
        # Which standard held in which month is often not said: the lower and the higher bound the sum.
        low += people * min(facts.span(s, MONTH).low for s in held) * facts.months * (1 - drift)
        high += people * max(facts.span(s, MONTH).high for s in held) * facts.months * (1 + drift)
        figures += [counted[0], *held]
    return (Span(low, high), tuple(figures)) if figures else None


def _few_people(facts: Facts, figures: tuple[Figure, ...]) -> bool:
    """Whether all numbers of people among some figures are small."""
    return all(facts.few(figure) for figure in figures if facts.category(figure) == "人数")


def _told_spending(facts: Facts, spent: tuple[Decimal, tuple[Figure, ...]]) -> str:
    """The money as one number with its name, whether it is stated as one or for town and country."""
    value, figures = spent
    return (
        facts.named(figures[0]) if len(figures) == 1 else f"特困支出合计{facts.shown(value / 10000, MONEY)}"
    )


def _spending_parts(facts: Facts, spent: tuple[Decimal, tuple[Figure, ...]]) -> tuple[str, ...]:
    """The numbers of town and country, where the report states no other."""
    _, figures = spent
    return (facts.listed(figures),) if len(figures) > 1 else ()


def _tekun_spending(facts: Facts) -> tuple[Decimal, tuple[Figure, ...]] | None:
    whole = (p for p in facts.family("tekun") if not p.region)
    total = next((figure for p in whole if (figure := facts.of(p, "spending"))), None)
    if total:
        return facts.value(total, "元"), (total,)
    counted = [p for p in facts.by_region("tekun").values() if facts.count_of(p)]
    parts = tuple(figure for p in counted if (figure := facts.of(p, "spending")))
    return (facts.sum(parts, "元"), parts) if parts and len(parts) == len(counted) else None


@rule(
    "T3", "特困支出不少于基本生活费", compares="特困支出，与人数×基本生活标准×月数", formula="支出≥Σ人数×标准×月数",
    tolerance="“人数乘标准的允差”：年内有人进出，新标准只执行一部分月份；两个标准取低的", exceptions="支出没有包含全部内容的",
    severity=DOUBT, source="国发〔2016〕14号：供养标准＝基本生活标准＋照料护理标准",
    look_up="特困供养发放台账", ask="支出为什么少于人数乘标准，含不含护理费", since="2026-11-24",
)  # fmt: skip
def enough_for_basic_living(facts: Facts) -> Iterator[Suspicion]:
    """特困 spending below people × basic standard × months."""
    basic, spent = _basic_living(facts), _tekun_spending(facts)
    tolerance = facts.share("product_tolerance")
    if basic and spent and not _few_people(facts, basic[1]) and spent[0] < basic[0].low * (1 - tolerance):
        least = basic[0].low
        yield facts.compared(
            "tekun", *spent[1], *basic[1], stated=spent[0] / 10000, computed=least / 10000, unit=MONEY
        ).told(
            f"{_told_spending(facts, spent)}，按人数×标准×{facts.months}个月至少应为{facts.shown(least / 10000, MONEY)}，"
            f"少{facts.shown((least - spent[0]) / 10000, MONEY)}",
            "特困人员按标准全额供养，支出不会少于人数乘基本生活标准",
            "核对支出、人数、标准和单位；支出没有包含全部内容的，写明",
            *_spending_parts(facts, spent),
        )


@rule(
    "T4", "特困支出与基本生活费之比", compares="特困支出，与人数×基本生活标准×月数", formula="支出≤上限×人数×标准×月数",
    tolerance="界限见参考界限表", exceptions="含建设费用并写明的", severity=DOUBT, source="参考界限表“支出与标准之比”",
    look_up="特困供养支出明细账", ask="支出里有没有敬老院建设和运转的钱", since="2026-11-24",
)  # fmt: skip
def more_than_basic_living(facts: Facts) -> Iterator[Suspicion]:
    """特困 spending that is unusually many times people × basic standard × months."""
    basic, spent = _basic_living(facts), _tekun_spending(facts)
    limit = facts.limit("spending_standard", "特困")
    if (
        basic
        and spent
        and limit
        and not _few_people(facts, basic[1])
        and limit.most is not None
        and spent[0] > limit.most * basic[0].high
    ):
        most = basic[0].high
        stated, computed = spent[0] / 10000, most / 10000
        yield facts.compared(
            "tekun", *spent[1], *basic[1], limits=[limit], stated=stated, computed=computed, unit=MONEY
        ).told(
            f"{_told_spending(facts, spent)}，是人数×标准×{facts.months}个月的{facts.shown(spent[0] / most, '倍')}",
            f"加上照料护理，一般也不超过{facts.shown(limit.most, '倍')}",
            "核对支出、人数、标准和单位；含建设或运转费用的，写明",
            *_spending_parts(facts, spent),
        )


@rule(
    "T5", "照料护理费", compares="特困支出减去基本生活费，与最低的照料护理标准", formula="剩余÷人数÷月数≥最低工资×全自理比例",
    tolerance="界限见参考界限表", exceptions="护理费从别处开支、以护理保险代替的", severity=DOUBT,
    source="参考界限表“全自理占最低工资”“最低工资”",
    look_up="照料护理补贴发放台账、护理保险合同", ask="护理费从哪里开支，按什么标准", since="2026-11-24",
)  # fmt: skip
def care_money(facts: Facts) -> Iterator[Suspicion]:
    """What remains of 特困 spending beyond basic living, against the least care standard."""
    basic, spent = _basic_living(facts), _tekun_spending(facts)
    share, (monthly, wage, published) = facts.limit("self_care", "特困"), minimum_wage(facts)
    nominal = _basic_living(facts, drifting=False)
    if not basic or not nominal or not spent or not share or share.least is None or monthly is None:
        return
    if _few_people(facts, basic[1]):
        return
    people = facts.sum((figure for figure in basic[1] if facts.category(figure) == "人数"), "人")
    if not people:
        return
    surplus = (spent[0] - nominal[0].low) / people / facts.months
    at_most = (spent[0] - basic[0].low) / people / facts.months
    least = monthly * share.least / 100
    if surplus >= 0 and at_most < least:
        limits = (share, *published)
        yield facts.compared(
            "tekun", *spent[1], *basic[1], wage, limits=limits, stated=surplus, computed=least, unit=LEVEL
        ).told(
            f"{_told_spending(facts, spent)}，除去基本生活费，每人每月剩{facts.shown(surplus, LEVEL)}，"
            f"照料护理标准最低是最低工资{facts.shown(monthly, MONTH)}的{facts.shown(share.least, '%')}，"
            f"即{facts.shown(least, MONTH)}",
            "特困供养由基本生活和照料护理两部分组成，剩下的不够最低的照料护理费",
            "写明照料护理费从哪里开支；以护理保险代替的，写明金额",
            *_spending_parts(facts, spent),
        )


@rule(
    "T6", "特困人均支出高于低保", compares="同地（不分城乡的，合在一起）特困与低保的人均月支出，没有支出的为所述的水平",
    formula="特困＞低保", tolerance=ROUNDING, exceptions="缺一方", severity=DOUBT,
    source="国发〔2016〕14号：特困全额供养，标准高于低保",
    look_up="特困和低保两本发放台账", ask="特困的人均为什么不高于低保", since="2026-11-24",
)  # fmt: skip
def tekun_above_dibao(facts: Facts) -> Iterator[Suspicion]:
    """特困 paid less per person than 低保."""
    for programme in facts.family("tekun"):
        level = computed_level(facts, programme) or stated_level(facts, programme)
        # What both regions are paid on average may be more than a village pays.
        beside = (p for p in dibao_beside(facts, programme) if p.region or programme.region != "rural")
        paid = (computed_level(facts, p) or stated_level(facts, p) for p in beside)
        base = next(filter(None, paid), None)
        counted = facts.count_of(programme)
        few = counted is not None and facts.few(counted[0])
        if level and base and not few and facts.span(level, LEVEL).high <= facts.span(base, LEVEL).low:
            yield facts.compared(programme.code, level, base, unit=LEVEL).told(
                f"{facts.named(level)}，不高于{facts.named(base)}",
                "特困人员全额供养，人均支出应高于同地的低保",
                "核对支出和人数的单位",
            )


@rule(
    "T7", "集中供养率", compares="报告所述的集中供养率，与集中供养人数÷特困人数", formula="率＝集中÷总数", tolerance=ROUNDING,
    exceptions="没有写集中供养率", severity=ERROR, source="算术关系：部分占总体之比",
    look_up="特困人员台账、敬老院入住名册", ask="集中供养率的分子和分母各是哪个数", since="2026-11-24",
)  # fmt: skip
def share_in_homes(facts: Facts) -> Iterator[Suspicion]:
    """A stated share of 特困 in homes against the numbers."""
    for programme in facts.family("tekun"):
        part, counted = facts.of(programme, "people", "institutional"), facts.count_of(programme)
        if not part or not counted or not counted[0].value:
            continue
        whole = counted[0]
        share = facts.value(part) / facts.value(whole, part.unit) * 100
        between = facts.span(part) / facts.span(whole, part.unit) * exactly(100)
        for _, figure in facts.stated("actions", programme):
            stated = "集中供养率" in figure.label and figure.unit == "%"
            if stated and not facts.cut_span(figure).meets(between):
                subject = f"{programme.code}.{figure.address}"
                severity = DOUBT if "自理" in figure.label else ""
                yield facts.compared(subject, figure, part, whole, computed=share, severity=severity).told(
                    f"{facts.named(figure)}，{facts.named(part)}÷{facts.named(whole)}是{facts.shown(share, '%')}",
                    "集中供养率等于集中供养人数除以特困人数",
                    "按人数重算；只算生活不能自理人员的，在名称里写明",
                )


RULES = (
    tekun_forms, mislabelled_total, enough_for_basic_living, more_than_basic_living, care_money,
    tekun_above_dibao, share_in_homes, nested_people, money_per_case, same_number_twice,
    visits_and_households, case_ceiling, relief_forms, visits_and_people, vagrant_forms, part_and_whole,
    people_and_households, comings_and_goings, average_between_ends, turnover, people_in_the_year,
    other_forms, components, households_like_people,
)  # fmt: skip
