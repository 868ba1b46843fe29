"""People and cases: parts and totals, the same thing counted twice."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations, product, takewhile
from typing import TYPE_CHECKING

from evalbook.checks.claims import GIVEN_BACK, ROUNDING, contradicted
from evalbook.checks.facts import Span, exactly
from evalbook.checks.finding import DOUBT, ERROR, Suspicion, rule
from evalbook.checks.prose.passages import CJK
from evalbook.checks.prose.wording import core
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

CHANGING = Decimal("1.5")
"""How many times the people of a month those of a year may be before that needs a reason."""


# -- parts and totals


def groups(facts: Facts) -> Iterator[tuple[Programme, str]]:
    """Programmes that people were helped by, each as a whole and by the codes of every form that it is told in."""
    told: dict[str, dict[str, None]] = {}
    for row in facts.rows("people"):
        told.setdefault(row.programme_name, {"": None})[PEOPLE.codes(row, SPLITS)] = None
    for programme in facts.programmes:
        for form in told.get(programme.name, {"": None}):
            yield programme, form


def counting_of(facts: Facts, figure: Figure) -> str:
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
            if whole and _differs(facts, whole, parts, {counting_of(facts, part) for part in parts}):
                yield aspect, whole, parts, facts.value(whole) - facts.sum(parts, whole.unit)


def _differs(facts: Facts, whole: Figure, parts: tuple[Figure, ...], countings: set[str]) -> bool:
    """Whether a total and its parts are counted alike, and the parts are not the total."""
    alike = all(facts.alike(part.unit, whole.unit) for part in parts)
    return (
        alike
        and countings == {counting_of(facts, whole)}
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
    for programme, form in groups(facts):
        # One person may draw several subsidies.
        children = [c for c in facts.children(programme) if c.kind == programme.kind != "补贴"]
        # A single part that is registered is one of several.
        for aspect in COUNTED if len(children) > 1 else ():
            whole = facts.get("people", programme.code, form, aspect)
            if form or aspect:
                stated = (facts.get("people", child.code, form, aspect) for child in children)
                told = [(figure, counting_of(facts, figure)) for figure in stated if figure]
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
                category not in {"金额", *VISITS} or not named_as_a_whole(facts, programme, figure)
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


def named_as_a_whole(facts: Facts, programme: Programme, figure: Figure) -> bool:
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
    for programme, form in groups(facts):
        counted = (counted_as(facts, programme, visits, form) for visits in VISITS)
        for persons, households in product(*counted):
            if facts.value(persons, "人次") < facts.value(households, "户次"):
                why = "每救助一户次，至少救助一人次，人次不会少于户次"
                yield fewer_than(facts, programme, persons, households, why)


def counted_as(facts: Facts, programme: Programme, category: str, form: str = "") -> list[Figure]:
    """Numbers of a programme or form in units of a category, those of the year's work that are the same included."""
    same = [] if form else [figure for figure, other in _restated(facts, "同一数") if other == programme]
    numbers = dict.fromkeys((*_numbers_of(facts, programme, form), *same))
    return [figure for figure in numbers if facts.category(figure) == category]


def fewer_than(facts: Facts, programme: Programme, fewer: Figure, more: Figure, why: str) -> Suspicion:
    """Fewer of what cannot be fewer than something else of a programme."""
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
    for programme, form in groups(facts):
        for visits, heads, verb in (("人次", "人数", "人"), ("户次", "户数", "户")):
            counted = (counted_as(facts, programme, category, form) for category in (visits, heads))
            for cases, people in product(*counted):
                # A monthly average says nothing about how many different people there were.
                if counting_of(facts, people) not in {"全年累计", "按次累计", "未说明", ""}:
                    continue
                given = facts.value(cases), facts.value(people, verb)
                if given[0] < given[1]:
                    why = f"每{verb}至少受助一次，次数不会少于{verb}数"
                    yield fewer_than(facts, programme, cases, people, why)
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
            if counting_of(facts, part) == counting_of(facts, whole):
                yield part, whole
        for part in filter(None, forms):
            if not aspect or counting_of(facts, part) == counting_of(facts, whole):
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
