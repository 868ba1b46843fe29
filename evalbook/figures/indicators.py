"""Every indicator, declared once: address, name, unit, formula, meaning, source, when undefined.

A *definition* says what a family of indicators means; each function below it gives the members that a
year's tables allow. To add an indicator, add a definition and a function, and list the function in
:data:`FAMILIES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.figures.expression import Constant, Converted, Expression, Reference, Sum
from evalbook.figures.figure import Definition
from evalbook.schema.address import Address
from evalbook.schema.kinds import Period
from evalbook.schema.table import SPLITS, programme_of
from evalbook.schema.vocabulary import (
    ALL_MONEY,
    CARE_LEVELS,
    FORM_PAIRS,
    FORMS,
    LEVEL_ORDER,
    MEASURES,
    OUTSIDE,
    REGIONS,
)
from evalbook.year import containing_rows
from evalbook.year.tables import ACTIONS, COUNT_NOUNS, FUNDS, MONTHLY, PEOPLE, SPENDING, STANDARDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from evalbook.figures.figure import Figure
    from evalbook.schema import Programme, TableRow
    from evalbook.year import FiscalYear

MONEY = "万元"
LEVEL_UNIT = "元/人·月"


@dataclass(frozen=True)
class Indicator:
    """One computed figure.

    Attributes
    ----------
    definition : Definition
        The family's meaning.
    address : Address
    label, unit : str
        As in :class:`evalbook.figures.figure.Figure`.
    formula : Expression
        Computes and explains it.
    note : str
        What a reader must know about this one, in Chinese.
    """

    definition: Definition
    address: Address
    label: str
    unit: str
    formula: Expression
    note: str = ""


def member(
    definition: Definition,
    key: str,
    label: str,
    formula: Expression,
    *,
    note: str = "",
    unit: str | None = None,
) -> Indicator:
    """Indicator whose address begins with the family's code, in the family's unit unless another is given."""
    own = definition.unit if unit is None else unit
    return Indicator(definition, Address.of(definition.code, key), label, own, formula, note)


@dataclass(frozen=True)
class Inputs:
    """What the declarations below may look at: rows and programmes, never values."""

    year: FiscalYear
    stated: Mapping[str, Figure]
    previous: Mapping[str, Figure]
    previous_year: FiscalYear | None

    def rows(self, table: str) -> tuple[TableRow, ...]:
        """Rows of a table."""
        return self.year.tables[table].rows

    def added(self, table: str) -> tuple[TableRow, ...]:
        """Rows of a table of money that make up its totals: none that another row contains, and none of what is left."""
        contained = self.contained(table)
        rows = self.year.tables[table].rows
        counted = (row for row in rows if row.number not in contained and not row.said("aspect"))
        return tuple(row for row in counted if row.said("within") != OUTSIDE)

    def contained(self, table: str) -> dict[int, TableRow]:
        """Rows of a table of money that another one contains, as :func:`evalbook.year.containing_rows` finds them."""
        return containing_rows(self.year.tables[table], self.year.registries)

    def granted(self, programme: Programme | None = None) -> tuple[TableRow, ...]:
        """Rows of funds granted (to a programme, when given); of batches and their total only the total."""
        contained = self.contained("funds")
        batches = {
            n
            for row in self.rows("funds")
            if (n := row.number) in contained and contained[n].programme == row.programme
        }
        return tuple(
            row
            for row in self.rows("funds")
            if not row.said("aspect") and row.number not in batches
            if programme is None or row.programme == programme
        )

    def programmes(self, *tables: str) -> tuple[Programme, ...]:
        """Programmes that occur in any of the tables, in the order of the registry."""
        named = {row.programme for table in tables for row in self.rows(table)}
        return tuple(p for p in self.year.registries.programmes.values() if p in named)

    def main_rows(self, programme: Programme) -> list[TableRow]:
        """Rows of a programme's main number, in all or of some of its people; households, joiners and so on are others."""
        return self._main_rows.get(programme.name, [])

    @cached_property
    def _main_rows(self) -> dict[str, list[TableRow]]:
        found: dict[str, list[TableRow]] = {}
        for row in self.rows("people"):
            if not row.said("aspect"):
                found.setdefault(programme_of(row).name, []).append(row)
        return found

    def has(self, *parts: str) -> bool:
        """Whether a table states the figure of an address, be it empty."""
        return Address.of(*parts) in self.stated


def _amounts(addresses: Iterable[Address], empty: str) -> Sum:
    return Sum(tuple(Converted(Reference(address), MONEY) for address in addresses), empty)


ARITHMETIC = "算术关系：部分之和、部分占总体之比、两数之差"

FUNDS_TOTAL = Definition(
    "funds_total", "资金合计", MONEY, "各项资金相加", "本年度安排的资金，分级次合计与总额。", ARITHMETIC,
    "任何一项资金没有金额",
)  # fmt: skip


def funds_total(inputs: Inputs) -> Iterator[Indicator]:
    """Funds by level of government, and in all."""
    rows, empty = inputs.added("funds"), "资金安排表没有内容"
    words = level_words(rows)
    for level, name in words.items():
        addresses = (FUNDS.address(row) for row in rows if row.level == level)
        yield member(FUNDS_TOTAL, level, f"{name}资金合计", _amounts(addresses, empty))
    totals = (Address.of("funds_total", level) for level in words)
    yield member(FUNDS_TOTAL, "all", "资金安排总额", _amounts(totals, empty))


def level_words(rows: Iterable[TableRow]) -> dict[str, str]:
    """Codes of the levels of government that rows name, the highest first, with the first word that they use for each."""
    words: dict[str, str] = {}
    for row in rows:
        words.setdefault(row.level, row.said("level"))
    return {level: words[level] for level in LEVEL_ORDER if level in words}


FUNDS_SHARE = Definition(
    "funds_share", "资金比重", "%", "一项资金 ÷ 所属合计", "一级资金占总额的比重，一个项目占本级资金的比重。",
    ARITHMETIC, "任何一项资金没有金额，或合计为0",
)  # fmt: skip


def funds_share(inputs: Inputs) -> Iterator[Indicator]:
    """Share of each level in all funds, and of each item in its level."""
    seen: dict[str, str] = {}
    for row in (row for row in inputs.rows("funds") if not row.said("aspect")):
        level, address = row.level, FUNDS.address(row)
        of_level = Reference.to("funds_total", level)
        if level not in seen:
            seen[level] = row.said("level")
            share = of_level / Reference.to("funds_total.all")
            yield member(FUNDS_SHARE, level, f"{seen[level]}资金占资金总额比重", share)
        batch = f"（{row.said('batch')}）" if row.said("batch") else ""
        label = f"{programme_of(row).name}{batch}占{seen[level]}资金比重"
        yield member(FUNDS_SHARE, address.within, label, Reference(address) / of_level)


SPENDING_TOTAL = Definition(
    "spending_total", "支出合计", MONEY, "各项支出相加",
    "支出表所列各项支出之和；报告没有列出支出的项目不在内。", ARITHMETIC, "任何一项支出没有金额",
)  # fmt: skip


def spending_total(inputs: Inputs) -> Iterator[Indicator]:
    """All spending that the table lists."""
    addresses = (SPENDING.address(row) for row in inputs.added("spending"))
    total = _amounts(addresses, "资金支出表没有内容")
    yield member(SPENDING_TOTAL, "all", "累计支出合计", total, note=_without_spending(inputs))


def _without_spending(inputs: Inputs) -> str:
    """Say which areas have funds but no spending: the total is without theirs."""
    spent = {area for row in inputs.added("spending") for area in programme_of(row).areas}
    # What one umbrella covers may have been given to the others.
    funded = {programme_of(row).area for row in inputs.added("funds")}
    absent = [name for name, code in _area_codes(inputs) if code in funded - spent]
    return f"不含{'、'.join(absent)}：资金支出表没有列出这些领域的支出。" if absent else ""


AREA_TOTAL = Definition(
    "area", "领域资金与支出", MONEY, "同一领域的各项相加",
    "上级资金常按领域打捆下达，所以按领域（社会救助、儿童福利等）汇总后再与支出比较。",
    "本工具的汇总办法：上级资金打捆下达时，只有按领域才能与支出比较",
    "领域内任何一项没有金额，或没有列出任何一项；打捆的资金用于几个领域的，分不到各领域",
)  # fmt: skip


def _area_codes(inputs: Inputs) -> list[tuple[str, str]]:
    return [(area.name, area.code) for area in inputs.year.registries.areas.values()]


def _areas(inputs: Inputs) -> list[tuple[str, str]]:
    used = {p.area for p in inputs.programmes("funds", "spending")}
    return [(name, code) for name, code in _area_codes(inputs) if code in used]


NOT_DIVIDED = "不能分到各领域"
"""Said of an area whose funds are part of an umbrella's."""


def area_total(inputs: Inputs) -> Iterator[Indicator]:
    """Funds and spending by area."""
    for name, code in _areas(inputs):
        for table, listed, what in ((FUNDS, "资金安排表", "资金"), (SPENDING, "资金支出表", "支出")):
            rows = [row for row in inputs.added(table.name) if code in programme_of(row).areas]
            umbrellas = dict.fromkeys(f"“{row.programme_name}”" for row in rows if not programme_of(row).area)
            empty = f"{listed}没有{name}领域的{what}"
            if umbrellas:
                rows, empty = [], f"含在打捆的{'、'.join(umbrellas)}里，{NOT_DIVIDED}"
            total = _amounts(map(table.address, rows), empty)
            yield member(AREA_TOTAL, Address.of(code, table.name), f"{name}领域{what}", total)


EXECUTION = Definition(
    "execution", "支出与资金之比", "%", "支出 ÷ 安排的资金",
    "超过100%可能是用了上年结转或别的资金，应当写明来源。"
    "按项目的比只在资金表按该项目单列资金时计算；该项目还使用打捆下达的资金时，会远高于100%，应看领域的比。",
    "预算执行率＝全年执行数÷全年预算数；《中华人民共和国预算法》第五十七条（支出绩效评价）",
    "资金或支出有一边缺，或资金为0",
)  # fmt: skip


def execution(inputs: Inputs) -> Iterator[Indicator]:
    """Spending against funds: in all, by area, and for programmes with both."""
    if inputs.year.settings.money_told != ALL_MONEY:
        reason = f"报告的资金范围是“{inputs.year.settings.money_told}”"
        yield member(EXECUTION, "all", "支出与资金之比", Sum((), reason))
        return
    share = Reference.to("spending_total.all") / Reference.to("funds_total.all")
    note = f"资金是全部资金，支出{absent}" if (absent := _without_spending(inputs)) else ""
    yield member(EXECUTION, "all", "支出与资金之比", share, note=note)
    for name, code in _areas(inputs):
        share = Reference.to("area", code, "spending") / Reference.to("area", code, "funds")
        yield member(EXECUTION, Address.of("area", code), f"{name}领域支出与资金之比", share)
    for programme in inputs.programmes("spending"):
        if rows := inputs.granted(programme):
            funds = _amounts((FUNDS.address(row) for row in rows), "")
            share = _spending(inputs, programme) / funds
            yield member(
                EXECUTION,
                Address.of("programme", programme.code),
                f"{programme.name}支出与单列资金之比",
                share,
            )


HEADCOUNT = Definition(
    "headcount", "对象合计", "人、人次、户或户次", "各保障形式（或各下级项目）的数量相加",
    "由最细的分项加出的数量；报告自己写的总数另列，两者可以不同。", ARITHMETIC,
    "任何一个分项没有数量，或各分项单位不能相加",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """Where the number of people (households, cases) of a programme is found, and how it was counted."""

    reference: Reference
    unit: str
    category: str
    counting: str


def _form_rows(inputs: Inputs, programme: Programme) -> list[TableRow]:
    """Rows by form; of two ways of parting the same people, the first. Without any, the first other way of parting."""
    rows = inputs.main_rows(programme)
    for pair in FORM_PAIRS:
        if forms := [row for row in rows if row.splits.keys() == {"form"} and row.said("form") in pair]:
            return forms
    return _parted(inputs, programme, rows)


def _parted(inputs: Inputs, programme: Programme, rows: Iterable[TableRow]) -> list[TableRow]:
    """Rows that part a programme in the first way that is told completely; none beside a row that has it whole."""
    ways: dict[tuple[str, ...], list[TableRow]] = {}
    for row in rows:
        ways.setdefault(tuple(row.splits), []).append(row)
    tiers = {row.said("tier") for row in inputs.rows("tiers") if row.programme == programme}
    everybody = {"care": {*CARE_LEVELS}, "tier": tiers or {"缺"}, "region": {*REGIONS}}

    def complete(column: str, members: list[TableRow]) -> bool:
        said = {row.said(column) for row in members}
        wanted = [{*pair} for pair in FORM_PAIRS] if column == "form" else [everybody[column]]
        return any(said == every for every in wanted)

    whole = () in ways
    told = (m for way, m in ways.items() if not whole and all(complete(column, m) for column in way))
    return next(told, [])


def _row_counted(row: TableRow, *parts: str) -> Counted:
    return Counted(Reference.to(*parts), row.symbol, row.category, row.said("counting"))


def count_of(inputs: Inputs, programme: Programme) -> Counted | None:
    """Count a programme: the sum of all its forms, else what is stated for it, else of its parts."""
    forms = _form_rows(inputs, programme)
    whole = [row for row in inputs.main_rows(programme) if not row.splits]
    if forms and (_complete(forms) or not whole):
        return _row_counted(forms[0], "headcount", programme.code)
    if whole:
        return _row_counted(whole[0], "people", programme.code)
    if programme.kind == "补贴":  # one person may draw several
        return None
    parts = [count_of(inputs, child) for child in inputs.year.registries.children(programme)]
    first = next((part for part in parts if part), None)
    return first and replace(first, reference=Reference.to("headcount", programme.code))


def _complete(forms: list[TableRow]) -> bool:
    """Whether both forms of a pair are there, which together are everybody."""
    present = {row.said("form") for row in forms}
    return all(present.isdisjoint(pair) or present.issuperset(pair) for pair in FORM_PAIRS)


def _parts(inputs: Inputs, programme: Programme) -> tuple[list[Reference], set[str]]:
    """What a programme's number is added from, absent parts by name, and how those were counted."""
    forms = _form_rows(inputs, programme)
    if forms:
        parts = [Reference(PEOPLE.address(row)) for row in forms]
        present = {row.said("form") for row in forms}
        absent = [form for pair in FORM_PAIRS if present & set(pair) for form in pair if form not in present]
        parts += [
            Reference.to("people", programme.code, FORMS[form], label=f"{programme.name}{form}人数")
            for form in absent
        ]
        return parts, {row.said("counting") for row in forms}
    children = inputs.year.registries.children(programme)
    counted = {child: count_of(inputs, child) for child in children}
    return (
        [
            found.reference if found else Reference.to("people", child.code, label=f"{child.name}人数")
            for child, found in counted.items()
        ],
        {found.counting for found in counted.values() if found},
    )


def _below_first(inputs: Inputs, programme: Programme) -> Iterator[Programme]:
    for child in inputs.year.registries.children(programme):
        yield from _below_first(inputs, child)
    yield programme


def headcount(inputs: Inputs) -> Iterator[Indicator]:
    """People of a programme whose parts are stated, parts before wholes."""
    tops = (p for p in inputs.year.registries.programmes.values() if not p.parent)
    for programme in (p for top in tops for p in _below_first(inputs, top)):
        whole = count_of(inputs, programme)
        if not whole or whole.reference.address.family != "headcount":
            continue
        parts, countings = _parts(inputs, programme)
        mixed = len(countings) > 1
        empty = f"各部分的口径不同（{'、'.join(sorted(countings))}），不能相加"
        added = Sum(() if mixed else tuple(Converted(part, whole.unit) for part in parts), empty)
        label = f"{programme.name}对象合计{COUNT_NOUNS.get(whole.category, '数量')}"
        yield member(HEADCOUNT, programme.code, label, added, unit=whole.unit)


LEVEL = Definition(
    "level", "人均月支出", LEVEL_UNIT, "累计支出 ÷ 人数 ÷ 月数；按月累计的人次直接作除数（1人次即1人·月）",
    "每人每月平均得到多少钱（人均救助水平的计算值），用来核对报告所写的人均救助水平。",
    "累计月人均补助水平＝累计支出÷累计人次＝累计支出÷月均人数÷月数"
    "（用衡阳市民政局2020年12月公布数验证：41813.62万元÷160.5942万人次＝260.37元，公布260元）",
    "缺支出或人数，或人数为0；只有按次累计、全年累计的人数时不计算",
)  # fmt: skip
AVERAGE = Definition(
    "average", "次均支出", "元/户次、元/人次或元/人", "累计支出 ÷ 户次（人次、人）",
    "每次救助平均多少钱。", "全国2017年公布1109.9元/人次，与支出107.7亿元÷970.3万人次相符", "缺支出或次数，或次数为0",
)  # fmt: skip


ON_THE_ROLL = ("月均", "期末", "未说明")
ASSUMED = {
    "未说明": "报告没有说明人数的口径，按月均人数计算。",
    "期末": "报告没有月均人数，按期末人数计算；年内人数减少的会偏高，增加的会偏低。",
}
"""What a level takes for the monthly average of people, where it is none."""

CASES = ("按次累计", "全年累计")
PER_CASE = {"人数": "元/人", "户数": "元/户", "人次": "元/人次", "户次": "元/户次"}


def _category(row: TableRow) -> str:
    return row.category


def _spending(inputs: Inputs, programme: Programme) -> Expression:
    """Spending of a programme: what is stated for it, else the sum of its parts."""
    parted = _parted(
        inputs, programme, (row for row in inputs.rows("spending") if row.programme == programme)
    )
    if parted:
        return _amounts(map(SPENDING.address, parted), "")
    return Reference.to("spending", programme.code, label=f"{programme.name}累计支出")


def level(inputs: Inputs) -> Iterator[Indicator]:
    """Money per person and month for every programme that has people or person-months."""
    months = Constant(Decimal(inputs.year.settings.months), "月")
    for programme in inputs.programmes("spending", "people"):
        counted = count_of(inputs, programme)
        if not counted or _covered_by_parent(inputs, programme):
            continue
        formula: Expression
        if counted.category == "人次" and counted.counting == "按月累计":
            formula = _spending(inputs, programme) / (counted.reference * Constant(Decimal(1), "人·月/人次"))
        elif counted.category == "人数" and counted.counting in ON_THE_ROLL:
            formula = _spending(inputs, programme) / counted.reference / months
        else:
            continue
        assumed = ASSUMED.get(counted.counting, "") if inputs.year.settings.months > 1 else ""
        yield member(LEVEL, programme.code, f"{programme.name}人均月支出", formula, note=assumed)


def level_of_split(inputs: Inputs) -> Iterator[Indicator]:
    """Money per person and month of some of a programme's people: of one form, care level, tier, or of several."""
    months = Constant(Decimal(inputs.year.settings.months), "月")
    for row in inputs.rows("spending"):
        programme, code = programme_of(row), SPENDING.codes(row, SPLITS)
        counted = next(
            (
                other
                for other in inputs.rows("people")
                if other.programme == programme and other.splits == row.splits and not other.said("aspect")
            ),
            None,
        )
        if (
            not row.splits
            or counted is None
            or counted.category != "人数"
            or counted.said("counting") not in ON_THE_ROLL
        ):
            continue
        formula = Reference(SPENDING.address(row)) / Reference(PEOPLE.address(counted)) / months
        words = SPENDING.label(row).removesuffix("累计支出")
        yield member(LEVEL, Address.of(programme.code, code), f"{words}人均月支出", formula)


def _covered_by_parent(inputs: Inputs, programme: Programme) -> bool:
    """Whether spending is stated for the parent programme only (特困供养, not 城市特困 and 农村特困)."""
    parent = inputs.year.registries.programmes.get(programme.parent)
    return bool(parent and inputs.has("spending", parent.code) and not inputs.has("spending", programme.code))


def average(inputs: Inputs) -> Iterator[Indicator]:
    """Money per case, from the tables and from the year's actions."""
    for programme in inputs.programmes("people"):
        counted = count_of(inputs, programme)
        if counted and counted.counting in CASES and counted.category in PER_CASE:
            amount, unit = _spending(inputs, programme) / counted.reference, PER_CASE[counted.category]
            yield member(AVERAGE, programme.code, f"{programme.name}次均支出", amount, unit=unit)
    for programme in inputs.programmes("actions"):
        rows = [row for row in inputs.rows("actions") if row.programme == programme]
        money = [row for row in rows if _category(row) == "金额"]
        cases = [row for row in rows if _category(row) in {"人次", "户次"}]
        if len(money) == len(cases) == 1:
            first, second = (Reference(ACTIONS.address(row)) for row in (*money, *cases))
            key, label = Address.of("actions", programme.code), f"年度工作所述{programme.name}次均支出"
            yield member(AVERAGE, key, label, first / second, unit=PER_CASE[_category(cases[0])])


STANDARD_MONTH = Definition(
    "standard_month", "按月的标准", "元/月", "标准换算为每月（年标准 ÷ 12）", "城乡、各项目的标准换成同一单位才能比较。",
    "年标准＝12×月标准", "没有标准",
)  # fmt: skip
STANDARD_YEAR = Definition(
    "standard_year", "按年的标准", "元/年", "标准换算为每年（月标准 × 12）", "城乡、各项目的标准换成同一单位才能比较。",
    "年标准＝12×月标准", "没有标准",
)  # fmt: skip
STANDARD_MEASURES = ("保障标准", "提标后标准")


def standard(inputs: Inputs) -> Iterator[Indicator]:
    """Each standard per month and per year."""
    for definition in (STANDARD_MONTH, STANDARD_YEAR):
        for row in inputs.rows("standards"):
            measure, address = row.said("measure"), STANDARDS.address(row)
            if measure in STANDARD_MEASURES:
                label = f"{programme_of(row).name}{measure}（{definition.unit}）"
                converted = Converted(Reference(address), definition.unit)
                yield member(definition, address.within, label, converted)


URBAN_RURAL = Definition(
    "urban_rural", "城乡之比", "倍", "城市 ÷ 农村", "城市与农村的标准、人均月支出相差多少。",
    "本工具的比较办法；各省对城乡差距的要求见各省规定", "城市或农村有一边缺",
)  # fmt: skip
TEKUN_DIBAO = Definition(
    "tekun_dibao", "特困与低保标准之比", "倍", "特困标准 ÷ 同地低保标准",
    "特困人员基本生活标准按当地低保标准的一定倍数确定，同一时点的标准才能相比。",
    "国发〔2016〕14号：供养标准由基本生活标准和照料护理标准构成；倍数见各省规定",
    "特困标准或低保标准缺",
)  # fmt: skip


def _by_region(inputs: Inputs, family: str) -> dict[str, Programme]:
    return {
        p.region: p for p in inputs.year.registries.programmes.values() if p.family == family and p.region
    }


def urban_rural(inputs: Inputs) -> Iterator[Indicator]:
    """Urban against rural: standards by family, and what dibao pays."""
    for name, family in ((family.name, family.code) for family in inputs.year.registries.families.values()):
        regions = _by_region(inputs, family)
        pair = [regions[region].code for region in ("urban", "rural") if region in regions]
        if len(pair) < 2:
            continue
        for measure in STANDARD_MEASURES:
            places = [Address.of(code, MEASURES[measure]) for code in pair]
            if all(inputs.has("standards", place) for place in places):
                key, label = Address.of(family, MEASURES[measure]), f"城乡{name}{measure}之比"
                yield member(URBAN_RURAL, key, label, _quotient("standard_month", *places))
        if all(inputs.has("spending", p.code) for p in regions.values()):
            yield member(
                URBAN_RURAL,
                Address.of(family, "level"),
                f"城乡{name}人均月支出之比",
                _quotient("level", *pair),
            )


def _quotient(family: str, first: str, second: str) -> Expression:
    return Reference.to(family, first) / Reference.to(family, second)


def tekun_dibao(inputs: Inputs) -> Iterator[Indicator]:
    """Standard of 特困 against 低保 of the same region."""
    tekun, dibao = _by_region(inputs, "tekun"), _by_region(inputs, "dibao")
    for name, region in REGIONS.items():
        if region not in tekun or region not in dibao:
            continue
        for measure in STANDARD_MEASURES:
            place, base = (Address.of(pair[region].code, MEASURES[measure]) for pair in (tekun, dibao))
            # A raised standard is compared with the raised one; where none is stated, 低保 was not raised.
            other = measure if inputs.has("standards", base) else STANDARD_MEASURES[0]
            base = Address.of(dibao[region].code, MEASURES[other])
            if inputs.has("standards", place) and inputs.has("standards", base):
                key, label = Address.of(region, MEASURES[measure]), f"{name}特困{measure}与低保{other}之比"
                yield member(TEKUN_DIBAO, key, label, _quotient("standard_month", place, base))


POPULATION = "background.resident_population"
COVERAGE = Definition(
    "coverage", "每万人保障人数", "人/万人", "保障人数 ÷ 常住人口", "每一万常住人口中有多少人得到保障。", ARITHMETIC,
    "没有填常住人口，或缺人数",
)  # fmt: skip


def coverage(inputs: Inputs) -> Iterator[Indicator]:
    """People per 10 000 residents, for every programme with people."""
    if not inputs.has(POPULATION):
        return
    for programme in inputs.year.registries.programmes.values():
        counted = count_of(inputs, programme)
        if counted and counted.category == "人数":
            share = counted.reference / Reference.to(POPULATION)
            yield member(COVERAGE, programme.code, f"每万人{programme.name}人数", share)


BY_MONTH = "月报表：各月的人数、支出和进出"
MONTHLY_TOTAL = Definition(
    "monthly_total", "月报累计", "人次、万元、人或户", "各月的数字相加；人数按1人1个月计1人次",
    "由各月加出的累计人次、支出、新增和退出，用来核对报告所写的累计数。", BY_MONTH, "缺任何一个月的数字",
)  # fmt: skip
MONTHLY_AVERAGE = Definition(
    "monthly_average", "月报月均", "人或户", "各月的人数（户数）相加 ÷ 月数",
    "由各月算出的月均人数、户数，用来核对报告所写的月均数。",
    BY_MONTH, "缺任何一个月的数字",
)  # fmt: skip
MONTHLY_END = Definition(
    "monthly_end", "月报期初和期末", "人或户", "期末：最后一个月的数字；期初：第一个月的数字 − 当月新增 + 当月退出",
    "由各月得出的期初、期末数，用来核对报告所写的期初、期末数。", BY_MONTH, "缺最后一个月（第一个月）的数字",
)  # fmt: skip
MONTHLY_LEVEL = Definition(
    "monthly_level", "月报人均月支出", LEVEL_UNIT, "各月支出之和 ÷ 累计人次",
    "由各月算出的每人每月支出，用来核对人均救助水平。", BY_MONTH, "缺任何一个月的支出或人数",
)  # fmt: skip
MONTH_LEVEL = Definition(
    "month_level", "各月人均支出", LEVEL_UNIT, "当月支出 ÷ 当月人数",
    "一个月里平均每人得到多少钱；补发、集中发放的月份会高。", BY_MONTH, "人数为0",
)  # fmt: skip
MONTHLY_NOUNS = {measure.column: measure.noun for measure in MONTHLY.measures}
STOCK_UNITS = {"people": "人", "households": "户"}
FLOWS = {
    "people": {"joined": "joined", "left": "left"},
    "households": {"joined": "joined_households", "left": "left_households"},
}
"""What comes to and goes from the roll of people and that of households, by the columns of the table of months."""

Months = dict[str, dict[int, Reference]]
"""What the months of a programme state, by column and month."""


def _by_programme(inputs: Inputs) -> dict[Programme, Months]:
    found: dict[Programme, Months] = {}
    for row in inputs.rows(MONTHLY.name):
        month = row.parsed(Period, "month")
        for given in MONTHLY.statements(row):
            told = found.setdefault(programme_of(row), {}).setdefault(given.column.name, {})
            told[month.first if month else 0] = Reference(given.address)
    return found


def _every_month(inputs: Inputs, told: Months, column: str) -> Sum:
    """All months of the period added up; nothing, and which months lack, where some do."""
    months = inputs.year.settings.month_numbers
    lacking = "、".join(f"{month}月" for month in months if month not in told.get(column, {}))
    if lacking:
        return Sum((), f"月报没有{lacking}的{MONTHLY_NOUNS[column]}")
    return Sum(tuple(told[column][month] for month in months))


def monthly_total(inputs: Inputs) -> Iterator[Indicator]:
    """Person-months, money, those who came and those who left, added up from the months."""
    month, each = Constant(Decimal(1), "月"), Constant(Decimal(1), "人·月/人次")
    for programme, told in _by_programme(inputs).items():
        for column in (column for column in MONTHLY_NOUNS if column in told and column != "households"):
            added, noun = _every_month(inputs, told, column), MONTHLY_NOUNS[column]
            unit = "户" if column.endswith("households") else "人"
            formula: Expression = added
            if column == "people":
                unit, noun, formula = "人次", "人次", added * month / each if added.parts else added
            elif column == "amount":
                unit, formula = (
                    MONEY,
                    replace(added, parts=tuple(Converted(part, MONEY) for part in added.parts)),
                )
            key, label = Address.of(programme.code, column), f"{programme.name}月报累计{noun}"
            yield member(MONTHLY_TOTAL, key, label, formula, unit=unit)


def monthly_average(inputs: Inputs) -> Iterator[Indicator]:
    """People and households on average over the months."""
    month, each = Constant(Decimal(1), "月"), Constant(Decimal(1), "人·月/人次")
    months = Constant(Decimal(inputs.year.settings.months), "月")
    for programme, told in _by_programme(inputs).items():
        for column in (column for column in STOCK_UNITS if column in told):
            added = _every_month(inputs, told, column)
            people = Reference.to("monthly_total", programme.code, "people") * each
            formula = (people if column == "people" else added * month) / months if added.parts else added
            key, label = (
                Address.of(programme.code, column),
                f"{programme.name}月报月均{MONTHLY_NOUNS[column]}",
            )
            yield member(MONTHLY_AVERAGE, key, label, formula, unit=STOCK_UNITS[column])


def monthly_end(inputs: Inputs) -> Iterator[Indicator]:
    """People and households before the first month and at the end of the last one."""
    months = inputs.year.settings.month_numbers
    first, last = months[0], months[-1]
    for programme, told in _by_programme(inputs).items():
        for column in (column for column in STOCK_UNITS if column in told):
            noun, unit = MONTHLY_NOUNS[column], STOCK_UNITS[column]
            joined, left = (told.get(FLOWS[column][flow], {}).get(first) for flow in ("joined", "left"))
            if joined and left and first in told[column]:
                opening = Sum((told[column][first], left)) - joined
                key, label = Address.of(programme.code, column, "opening"), f"{programme.name}月报期初{noun}"
                yield member(MONTHLY_END, key, label, opening, unit=unit)
            closing = told[column].get(last) or Sum((), f"月报没有{last}月的{noun}")
            key, label = Address.of(programme.code, column, "closing"), f"{programme.name}月报期末{noun}"
            yield member(MONTHLY_END, key, label, closing, unit=unit)


def monthly_level(inputs: Inputs) -> Iterator[Indicator]:
    """Money per person and month from the sums over the months."""
    for programme, told in _by_programme(inputs).items():
        if {"people", "amount"} <= told.keys():
            spent, people = (Reference.to("monthly_total", programme.code, c) for c in ("amount", "people"))
            formula = spent / (people * Constant(Decimal(1), "人·月/人次"))
            yield member(MONTHLY_LEVEL, programme.code, f"{programme.name}月报人均月支出", formula)


def month_level(inputs: Inputs) -> Iterator[Indicator]:
    """Money per person in each month that states both."""
    for programme, told in _by_programme(inputs).items():
        people, spent = told.get("people", {}), told.get("amount", {})
        for month in sorted(people.keys() & spent.keys()):
            formula = spent[month] / people[month] / Constant(Decimal(1), "月")
            key, label = Address.of(programme.code, f"m{month:02}"), f"{month}月{programme.name}月报人均支出"
            yield member(MONTH_LEVEL, key, label, formula)


PLACES_TOTAL = Definition(
    "places", "各地区合计", "同原数字", "各地区的同一数字相加", "分地区所列的数字之和，用来核对全县（全市）的数字。",
    ARITHMETIC, "任何一个地区没有数字，或者口径、单位不同",
)  # fmt: skip
CHANGE = Definition(
    "change", "较上年增减", "同原数字", "本年 − 上年",
    "与上年同一数字的差；正文里写“……较上年增加”“……较上年减少”，引用时不带正负号。", ARITHMETIC,
    "本年或上年缺，或两年的单位、口径、月数不同",
)  # fmt: skip
CHANGE_RATE = Definition(
    "change_rate", "较上年增长率", "%", "（本年 − 上年）÷ 上年", "与上年同一数字相比的变化幅度。", ARITHMETIC,
    "本年或上年缺，上年为0，或两年单位不能换算",
)  # fmt: skip
COMPARED = ("funds", "spending", "people", "standards", "tiers")
MONTHS_OF_A_YEAR = 12
MONEY_TOTALS = frozenset({"funds_total", "spending_total", "execution"})
"""Of what is told of another year, these are totals of some items only."""

OTHER_YEAR = re.compile(r"in_y")
STOCKS = ("standards", "tiers", "level")
COMPARED_DEFINITIONS = ("funds_total", "spending_total", "execution", "headcount", "level", "average")


def countings(year: FiscalYear) -> dict[str, str]:
    """How every number of people says that it was counted, by its address."""
    rows = year.tables["people"].every
    return {PEOPLE.address(row): row.said("counting") for row in rows}


def changes(computed: Mapping[str, Figure], inputs: Inputs) -> Iterator[Indicator]:
    """Change of every comparable figure against the year before: by its folder, else by what this year's rows say of it."""
    now = countings(inputs.year)
    earlier = inputs.previous_year
    then = countings(earlier) if earlier else {}
    same_months = earlier is not None and inputs.year.settings.months == earlier.settings.months
    last = Period(inputs.year.settings.year - 1, 1, 12).code
    for definition in (CHANGE, CHANGE_RATE):
        for figure in tuple(computed.values()):
            address, family = figure.address, figure.address.family
            told = Address.of(address, last)
            if OTHER_YEAR.search(address.part) or family not in (*COMPARED, *COMPARED_DEFINITIONS):
                continue  # one year only, however it is looked at
            if not figure.unit or (definition is CHANGE_RATE and figure.unit == "%"):
                continue
            if earlier and address in inputs.previous:
                reference, counted = Reference(address, earlier.settings.year), then.get(address)
                comparable = same_months
            elif told in computed and family not in MONEY_TOTALS:
                reference, counted = Reference(told), now.get(told)
                comparable = inputs.year.settings.months == MONTHS_OF_A_YEAR
            else:
                continue
            before = Converted(reference, figure.unit)
            formula: Expression = Reference(address) - before
            if definition is CHANGE_RATE:
                formula = formula / before
            if now.get(address) != counted:
                formula = Sum((), "两年的口径不同，不能比较")
            elif not comparable and family not in STOCKS and "in_" not in address.part:
                formula = Sum((), "两年的月数不同，不能比较")
            unit = "%" if definition is CHANGE_RATE else "百分点" if figure.unit == "%" else figure.unit
            yield member(definition, address, f"{figure.label}{definition.title}", formula, unit=unit)


FAMILIES: tuple[Callable[[Inputs], Iterator[Indicator]], ...] = (
    funds_total, funds_share, spending_total, area_total, execution, headcount, level, level_of_split, average, standard,
    urban_rural, tekun_dibao, coverage, monthly_total, monthly_average, monthly_end, monthly_level, month_level,
)  # fmt: skip
"""Every family that this year's tables alone can give, in the order in which it can be computed."""

DEFINITIONS = (
    FUNDS_TOTAL, FUNDS_SHARE, SPENDING_TOTAL, AREA_TOTAL, EXECUTION, HEADCOUNT, LEVEL, AVERAGE,
    STANDARD_MONTH, STANDARD_YEAR, URBAN_RURAL, TEKUN_DIBAO, COVERAGE, MONTHLY_TOTAL, MONTHLY_AVERAGE, MONTHLY_END,
    MONTHLY_LEVEL, MONTH_LEVEL, PLACES_TOTAL, CHANGE, CHANGE_RATE,
)  # fmt: skip
"""What every family means, whether a year has members of it or not."""
