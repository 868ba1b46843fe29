"""Faults as an auditor knows them, planted one at a time in a made-up county."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from counties import MONTH, YEAR, County, made_up, rounded

from evalbook.checks import DOUBT, ERROR, Finding, Findings
from evalbook.figures import Derivation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

URBAN, RURAL = "城市低保", "农村低保"
STANDARD, RAISED, PAID = "保障标准", "提标后标准", "人均救助水平"
RELIEF, ORPHANS, DE_FACTO, OLD = "临时救助", "孤儿补贴", "事实无人抚养儿童", "精减退职职工生活补助"


@dataclass(frozen=True)
class Fault:
    """One thing that a bureau gets wrong.

    Attributes
    ----------
    name : str
        What was done.
    plant : callable
        The county with the fault.
    address : str
        Of the damaged figure.
    severity : str
        That the finding must have at least.
    features : mapping of str to object
        What the county must be like, so that there is something to damage.
    """

    name: str
    plant: Callable[[County], County]
    address: str
    severity: str = ERROR
    features: Mapping[str, object] = field(default_factory=dict)


def planted(fault: Fault, seed: int) -> County:
    """A made-up county with a fault: the first after the seed that has what is to be damaged.

    Raises
    ------
    LookupError
        None of many has it.
    """
    for number in range(seed * 50, seed * 50 + 50):
        county = made_up(Random(number), **fault.features)  # noqa: S311
        try:
            return fault.plant(county)
        except NothingToDamageError:
            continue
    raise LookupError(fault.name)


class NothingToDamageError(Exception):
    """The county does not have the row that a fault damages."""


def found(findings: Findings, fault: Fault) -> tuple[Finding, ...]:
    """Findings that name the damaged figure, or a figure that was computed from it, gravely enough."""
    grave = (ERROR,) if fault.severity == ERROR else (ERROR, DOUBT)
    return tuple(
        finding
        for finding in findings.listed
        if finding.severity in grave and fault.address in concerned(findings, finding)
    )


LONGEST = 80
"""Characters of what a finding says first: longer ones go unread. Details are notes."""


def all_told(listed: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings with their consequences, none of which says too much at once."""
    told = tuple(one for finding in listed for one in (finding, *finding.consequences))
    assert [one.suspicion.found for one in told if len(one.suspicion.found) > LONGEST] == []
    return told


def concerned(findings: Findings, finding: Finding) -> set[str]:
    """Addresses that a finding speaks of, and of everything that those figures were computed from."""
    waiting, seen = list(finding.addresses), set[str]()
    while waiting:
        address = waiting.pop()
        figure = findings.figures.figures.get(address)
        if address not in seen and figure is not None and isinstance(figure.lineage, Derivation):
            waiting += [given.address for given in figure.lineage.inputs if not given.year]
        seen.add(address)
    return seen


def stated(county: County, table: str, *key: str) -> Decimal:
    """Number that a row states.

    Raises
    ------
    NothingToDamageError
        There is none.
    """
    number = county.number(table, *key)
    if number is None:
        raise NothingToDamageError(table, key, county.features)
    return number


# -- ways of damaging a number


def times(table: str, *key: str, by: str) -> Callable[[County], County]:
    """Multiply a number, keeping its decimals."""

    def plant(county: County) -> County:
        number = stated(county, table, *key)
        places = -int(number.as_tuple().exponent)
        return county.changed(table, *key, value=rounded(number * Decimal(by), places))

    return plant


def more(table: str, *key: str, by: int) -> Callable[[County], County]:
    """Add to a number."""

    def plant(county: County) -> County:
        number = stated(county, table, *key)
        return county.changed(table, *key, value=number + by)

    return plant


def transposed(table: str, *key: str) -> Callable[[County], County]:
    """Exchange the first two neighbouring digits that differ."""

    def plant(county: County) -> County:
        number = stated(county, table, *key)
        text = f"{number:f}"
        place = next(
            i
            for i in range(len(text) - 1)
            if text[i] != text[i + 1] and text[i : i + 2].isdigit() and text[i + 1] != "0"
        )
        return county.changed(
            table, *key, value=text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        )

    return plant


def unit(table: str, *key: str, to: str) -> Callable[[County], County]:
    """Write another unit beside the same number."""
    return lambda county: county.changed(table, *key, 单位=to)


def dropped(table: str, *key: str) -> Callable[[County], County]:
    """Leave out a row."""
    return lambda county: county.without(table, *key)


def swapped(table: str, one: tuple[str, ...], other: tuple[str, ...]) -> Callable[[County], County]:
    """Exchange the numbers of two rows."""

    def plant(county: County) -> County:
        first, second = stated(county, table, *one), stated(county, table, *other)
        return county.changed(table, *one, value=second).changed(table, *other, value=first)

    return plant


def before(county: County) -> County:
    """The year before, which must be there."""
    if county.before is None:
        raise NothingToDamageError(county.features)
    return county.before


def month(county: County, name: str, measure: str = STANDARD) -> Decimal:
    """Standard in yuan a month."""
    number = stated(county, "standards", name, measure)
    return number / 12 if county.unit("standards", name, measure) == YEAR else number


# -- faults that need more than one number


def person_months_as_people(county: County) -> County:
    return county.changed("people", URBAN, value=stated(county, "people", URBAN, "累计人次"))


def level_from_standard(county: County) -> County:
    return county.changed("standards", URBAN, PAID, value=rounded(month(county, URBAN), 2), 单位=MONTH)


def level_over_twelve(county: County) -> County:
    return times("standards", RURAL, PAID, by="0.75")(county)


def rural_with_urban(county: County) -> County:
    return county.changed(
        "people",
        "农村特困",
        value=stated(county, "people", "农村特困") + stated(county, "people", "城市特困"),
    )


def twelve_tenths(county: County) -> County:
    return county.changed(
        "standards", "农村特困", STANDARD, value=rounded(month(county, RURAL) * Decimal("1.2")), 单位=MONTH
    )


def months_as_year(county: County) -> County:
    return county.changed("standards", URBAN, STANDARD, value=rounded(month(county, URBAN)), 单位=YEAR)


def year_as_months(county: County) -> County:
    return county.changed("standards", URBAN, STANDARD, value=rounded(month(county, URBAN) * 12), 单位=MONTH)


def above_standard(county: County) -> County:
    return county.changed(
        "standards", URBAN, PAID, value=rounded(month(county, URBAN) * Decimal("1.1")), 单位=MONTH
    )


def rural_above_urban(county: County) -> County:
    return county.changed("standards", RURAL, STANDARD, value=rounded(month(county, URBAN)) + 40, 单位=MONTH)


def too_many_backstopped(county: County) -> County:
    county = county.changed("spending", "社会救助兜底保障", 含在=RURAL)
    number = stated(county, "people", RURAL) + 1
    return county.changed("people", "社会救助兜底保障", value=number, 含在=RURAL)


def children_as_many_as_months(county: County) -> County:
    return county.changed("people", ORPHANS, value=stated(county, "people", ORPHANS) * 12)


def few_children(county: County) -> County:
    return county.changed("people", DE_FACTO, "人数", value=stated(county, "people", DE_FACTO) // 24)


def fewer_than_average(county: County) -> County:
    return county.changed("people", URBAN, "人数", value=stated(county, "people", URBAN) - 1)


def raised_below(county: County) -> County:
    old = stated(county, "standards", URBAN, STANDARD)
    return county.changed("standards", URBAN, RAISED, value=old - (20 if old < 2500 else 240))


def no_day(county: County) -> County:
    return county.changed("standards", URBAN, RAISED, 生效日期="")


def visits_below_households(county: County) -> County:
    one, other = stated(county, "people", RELIEF), stated(county, "people", RELIEF, "户次")
    return county.changed("people", RELIEF, value=other - 1).changed("people", RELIEF, "户次", value=one)


def part_above_whole(county: County) -> County:
    return county.changed("actions", "large_relief", value=stated(county, "people", RELIEF) + 1)


def misprinted_growth(county: County) -> County:
    names = [
        row["指标"] for row in county.tables["claims"] if row["指标"].startswith("农村低保累计支出较上年")
    ]
    if not names:
        raise NothingToDamageError(county.features)
    return more("claims", names[0], by=2)(county)


def grown_old(county: County) -> County:
    return county.changed("people", OLD, value=stated(before(county), "people", OLD) + 1)


def fallen(county: County) -> County:
    then = stated(before(county), "standards", RURAL, STANDARD)
    return county.changed("standards", RURAL, STANDARD, value=then - 12)


def below_minimum(county: County) -> County:
    return county.changed("standards", RURAL, STANDARD, value=4299, 单位=YEAR)


def other_opening(county: County) -> County:
    return more("people", URBAN, "期初", by=1)(more("people", URBAN, "退出", by=1)(county))


USUAL: dict[str, object] = {
    "year": 2021, "months": 12, "start": 1, "size": "20", "before": False, "money": "万元", "decimals": 2, "counting": "月均",
    "claims": True, "level": "exact", "raise": False, "unified": False, "upper": "上级", "orphans": True, "de facto": True,
    "retrenched": True, "临时救助": True, "流浪乞讨人员救助": True, "relief unit": "人次", "price": False, "backstop": False,
    "vagrants as people": False, "城市低保 tiers": False, "特困 more": "1", "people unit": "人",
    "nothing left out": True, "funds by programme": False, "standards by form": False,
}  # fmt: skip
"""A county of usual size that reports most things, whatever else is drawn."""


def _fault(
    name: str,
    plant: Callable[[County], County],
    address: str,
    severity: str = ERROR,
    features: Mapping[str, object] | None = None,
) -> Fault:
    return Fault(name, plant, address, severity, {**USUAL, **(features or {})})


LEVEL_OF_URBAN = "standards.urban_dibao.level"
FORMS: Mapping[str, object] = {"城市特困 forms": True, "农村特困 forms": True}
FAULTS = (
    _fault(
        "a total with two digits exchanged",
        transposed("claims", "上级资金合计"),
        "claims.funds_total.superior",
    ),
    _fault(
        "a line left out of the funds",
        dropped("funds", "上级", "儿童福利资金"),
        "claims.funds_total.superior",
    ),
    _fault("a line left out of the spending", dropped("spending", RELIEF), "claims.spending_total.all"),
    _fault(
        "a line of the funds with two digits exchanged",
        transposed("funds", "上级", "儿童福利资金"),
        "funds.superior.child_welfare_funds",
    ),
    _fault(
        "funds ten times too large",
        times("funds", "上级", "社会救助资金", by="10"),
        "funds.superior.social_assistance_funds",
    ),
    _fault(
        "funds ten times too large, no total stated",
        times("funds", "上级", "社会救助资金", by="10"),
        "funds.superior.social_assistance_funds",
        DOUBT,
        {"claims": False},
    ),
    _fault(
        "funds a tenth, carry-over stated",
        times("funds", "上级", "社会救助资金", by="0.1"),
        "funds.superior.social_assistance_funds",
        features={"carried": True, "claims": False},
    ),
    _fault("yuan for ten thousand yuan", unit("spending", RURAL, to="元"), "spending.rural_dibao"),
    _fault(
        "ten thousand yuan for yuan",
        unit("spending", RURAL, to="万元"),
        "spending.rural_dibao",
        features={"money": "元"},
    ),
    _fault(
        "yuan for ten thousand yuan, no level stated",
        unit("spending", RURAL, to="元"),
        "spending.rural_dibao",
        features={"level": "none", "claims": False},
    ),
    _fault(
        "yuan for ten thousand yuan in relief",
        unit("spending", RELIEF, to="元"),
        "spending.temporary_relief",
        features={"claims": False, "case level": False, "relief again": False},
    ),
    _fault("yearly standard as a monthly one", year_as_months, "standards.urban_dibao.standard"),
    _fault("monthly standard as a yearly one", months_as_year, "standards.urban_dibao.standard"),
    _fault(
        "person-months as people",
        person_months_as_people,
        "people.urban_dibao",
        features={"person months": True},
    ),
    _fault(
        "people and households exchanged",
        swapped("people", (URBAN,), (URBAN, "户数")),
        "people.urban_dibao",
        features={"households": True},
    ),
    _fault("level copied from the standard", level_from_standard, LEVEL_OF_URBAN),
    _fault(  # where no minimum level is set, which many would keep to: 554.52 is 555.42 to any rule
        "level with two digits exchanged",
        transposed("standards", URBAN, PAID),
        LEVEL_OF_URBAN,
        features={"province": "浙江省"},
    ),
    _fault("level above the standard", above_standard, LEVEL_OF_URBAN, features={"claims": False}),
    _fault(
        "level over twelve months of nine",
        level_over_twelve,
        "standards.rural_dibao.level",
        features={"months": 9},
    ),
    _fault("rural total with urban people", rural_with_urban, "people.rural_tekun", features=FORMS),
    _fault("spending ten times too large", times("spending", RURAL, by="10"), "spending.rural_dibao"),
    _fault(
        "spending ten times too large, nothing restated",
        times("spending", RURAL, by="10"),
        "spending.rural_dibao",
        features={"claims": False, "level": "none"},
    ),
    _fault("spending a tenth", times("spending", URBAN, by="0.1"), "spending.urban_dibao"),
    _fault("rate misprinted", more("claims", "支出与资金之比", by=-3), "claims.execution.all"),
    _fault(
        "share misprinted", more("claims", "上级资金占资金总额比重", by=-4), "claims.funds_share.superior"
    ),
    _fault(
        "tiers exchanged",
        swapped("tiers", (RURAL, "一类"), (RURAL, "二类")),
        "tiers.rural_dibao.tier1",
        features={"农村低保 tiers": True, "tiers listed": True},
    ),
    _fault(
        "forms that do not make the total",
        more("people", "农村特困", by=10),
        "people.rural_tekun",
        features=FORMS,
    ),
    _fault(
        "end of the year wrong",
        more("people", URBAN, "期末", by=9),
        "people.urban_dibao.closing",
        features={"movement": True},
    ),
    _fault(
        "beginning is not last year's end",
        other_opening,
        "people.urban_dibao.opening",
        DOUBT,
        {"movement": True, "before": True},
    ),
    _fault("part above the whole", part_above_whole, "actions.large_relief", features={"large relief": True}),
    _fault(
        "money restated otherwise",
        times("actions", "relief_amount", by="0.3"),
        "actions.relief_amount",
        features={"relief again": True},
    ),
    _fault(
        "cases restated otherwise",
        more("actions", "relief_cases", by=1),
        "actions.relief_cases",
        features={"relief again": True},
    ),
    _fault("rural standard above urban", rural_above_urban, "standards.rural_dibao.standard"),
    _fault(
        "standard below the minimum",
        below_minimum,
        "standards.rural_dibao.standard",
        features={"province": "湖南省"},
    ),
    _fault(
        "standard lower than last year",
        fallen,
        "standards.rural_dibao.standard",
        DOUBT,
        {"before": True, "province": "四川省"},
    ),
    _fault("特困 at 1.2 times 低保", twelve_tenths, "standards.rural_tekun.standard", DOUBT),
    _fault(
        "raised standard below the old one",
        raised_below,
        "standards.urban_dibao.raised_standard",
        features={"raise": True},
    ),
    _fault("raise without a day", no_day, "standards.urban_dibao.raised_standard", DOUBT, {"raise": True}),
    _fault("orphans' money too little", times("spending", ORPHANS, by="0.7"), "spending.orphans"),
    _fault(
        "orphans' money too much",
        times("spending", ORPHANS, by="2.5"),
        "spending.orphans",
        DOUBT,
        {"claims": False, "homes": True},
    ),
    _fault(
        "orphans' person-months as children",
        children_as_many_as_months,
        "people.orphans",
        features={"孤儿补贴 counting": "月均"},
    ),
    _fault(
        "fewer children than their months",
        few_children,
        "people.de_facto_orphans.persons",
        DOUBT,
        {"事实无人抚养儿童 counting": "按月累计", "children": True},
    ),
    _fault(
        "children paid twice",
        times("spending", DE_FACTO, by="2"),
        "spending.de_facto_orphans",
        DOUBT,
        {"claims": False},
    ),
    _fault("a closed group that grows", grown_old, "people.retrenched_workers", DOUBT, {"before": True}),
    _fault(
        "growth rate misprinted",
        misprinted_growth,
        "claims.change_rate.spending.rural_dibao",
        features={"before": True, "growth": True},
    ),
    _fault(
        "a month left out of the person-months",
        times("people", RURAL, "累计人次", by="0.9166"),
        "people.rural_dibao.person_months",
        features={"person months": True},
    ),
    _fault(
        "fewer visits than households",
        visits_below_households,
        "people.temporary_relief",
        features={"relief both": True, "relief kinds": False, "relief approval": False},
    ),
    _fault(
        "kinds of relief that do not make the total",
        more("people", RELIEF, "急难型", by=3),
        "people.temporary_relief.emergency",
        features={"relief kinds": True},
    ),
    _fault(
        "stations that do not make the total",
        more("people", "流浪乞讨人员救助", "站外", by=3),
        "people.vagrant_relief.out_of_station",
        features={"stations": True},
    ),
    _fault(
        "money per case misprinted",
        times("standards", RELIEF, "次均救助水平", by="1.1"),
        "standards.temporary_relief.case_level",
        features={"case level": True},
    ),
    _fault(
        "more households than people left",
        times("actions", "clearance_households", by="2"),
        "actions.clearance_households",
        features={"clearance": True},
    ),
    _fault(
        "特困 money halved",
        times("spending", "特困供养", by="0.5"),
        "spending.tekun",
        DOUBT,
        {"特困 spending": "total"},
    ),
    _fault(
        "parts of 特困 money that do not make it",
        times("spending", "农村特困", by="0.9"),
        "spending.rural_tekun",
        features={"特困 spending": "both"},
    ),
    _fault(
        "特困 money with two digits exchanged",
        transposed("spending", "特困供养"),
        "spending.tekun",
        features={"特困 spending": "both"},
    ),
    _fault(
        "total of 特困 people wrong",
        more("people", "特困供养", by=7),
        "people.tekun",
        features={"特困 total": True},
    ),
    _fault(
        "care standards exchanged",
        swapped("standards", ("农村特困", "全自理标准"), ("农村特困", "全护理标准")),
        "standards.rural_tekun.full_care",
        DOUBT,
        {"care standards": True},
    ),
    _fault(
        "standard restated otherwise",
        more("claims", f"{RURAL}{STANDARD}", by=15),
        "claims.standards.rural_dibao.standard",
    ),
    _fault(
        "spending restated otherwise",
        times("claims", f"{URBAN}累计支出", by="1.05"),
        "claims.spending.urban_dibao",
    ),
    _fault(
        "parts that leave somebody out",
        more("actions", "visited_women", by=-1),
        "actions.visited_women",
        features={"components": True},
    ),
    _fault(
        "work costs without funds",
        times("spending", "低保工作经费", by="3"),
        "spending.dibao_work",
        DOUBT,
        {"claims": False, "work costs": True},
    ),
    _fault(
        "more backstopped people than 低保",
        too_many_backstopped,
        "people.backstop",
        features={"backstop": True},
    ),
    _fault(
        "people without spending", dropped("spending", ORPHANS), "people.orphans", DOUBT, {"claims": False}
    ),
    _fault(
        "share in homes misprinted",
        more("actions", "rural_homes", by=5),
        "actions.rural_homes",
        features={**FORMS, "share in homes": True},
    ),
    _fault(
        "price subsidy a hundredfold",
        times("spending", "城乡低保、特困供养物价补贴", by="100"),
        "spending.price_subsidy",
        DOUBT,
        {"price": True, "claims": False},
    ),
    _fault(
        "people of a tier wrong",
        times("people", RURAL, "二类", by="1.2"),
        "people.rural_dibao.tier2",
        features={"农村低保 tiers": True, "tiers listed": True, "tier people": True},
    ),
    _fault(
        "people of the year below the average",
        fewer_than_average,
        "people.urban_dibao.persons",
        features={"movement": True, "persons": True},
    ),
    _fault("people with a digit too few", times("people", RURAL, by="0.1"), "people.rural_dibao"),
    _fault("people with two digits exchanged", transposed("people", URBAN), "people.urban_dibao"),
    _fault(
        "spending of 低保 with two digits exchanged", transposed("spending", URBAN), "spending.urban_dibao"
    ),
    _fault(
        "a household count ten times too large",
        times("people", URBAN, "户数", by="10"),
        "people.urban_dibao.households",
        features={"households": True},
    ),
)
"""Planted one at a time, each must be found."""
