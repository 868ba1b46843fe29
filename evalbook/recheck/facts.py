"""What a form says, judged cell by cell: targets met or missed, points and scores, funds.

Scores below full are known by two formulas for a missed target: the completed share of the target (B/A, or A/B for
a ceiling), and for ceilings a linear one, 1 − (B − A)/A; places differ in which they use, and in how they round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.checks import Place
from evalbook.recheck.answers import ALL, ANSWERED, NOTHING, PARTLY, same_words, shortfall
from evalbook.recheck.moment import NO_YEAR, in_time, read_moment
from evalbook.schema.indicator_names import (
    DOWN,
    UP,
    direction_of,
    indicator_key,
    never,
    of_trouble,
    standard_paid,
)
from evalbook.schema.numbers import (
    AT_LEAST,
    AT_MOST,
    EQUAL,
    TIMES,
    Quantity,
    converted,
    is_blank,
    kind_of,
    plain,
    read_number,
    read_quantity,
    same_unit,
    unit_key,
)
from evalbook.schema.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evalbook.reading.workbook import SheetCell
    from evalbook.recheck.form import Form, FundRow, IndicatorRow

ZERO, ONE, HALF, HUNDRED = Decimal(0), Decimal(1), Decimal(50), Decimal(100)
OVERACHIEVED = Decimal("1.3")
"""Share of the target from which a province wants a reason."""
FAR_BELOW, FAR_ABOVE = Decimal("0.0001"), Decimal(10000)
"""Ratios at which two numbers are in different units, as 元 and 万元 are, rather than far from one another."""
EXACT = Context(prec=60)
SIGNS = dict.fromkeys(("正向", "正向指标"), AT_LEAST)
SIGNS |= dict.fromkeys(("反向", "反向指标", "负向", "逆向"), AT_MOST)
"""Words that stand for a sign in a column of their own."""
MONEY_KINDS = {"planned": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}
NOT_STORED = "是公式，文件里没有存计算结果；请用 Excel 打开、保存后再试"
UNFINISHED = re.compile(r"\*\*|\.\.\.|…")
COUNT_OF = re.compile(
    "(?:数量|个数|场次|人次|户次)$|(?:受益|惠及|服务|就业|培训|受训|受助|新增|带动|参保|扶持)[一-鿿]{0,6}(?:人数|户数|人口数?)$"
)
ANY_SHARE = re.compile("控制|占|变动|变化|调整|比重|限额|负担|支出|经费|费用|开支|投入|耗|增幅|涨幅")
"""Shares of which 100% may be the most that is allowed, or no aim."""
UNSIGNED = "年度指标值没有写≥或≤，不知道是越多越好还是越少越好"
CHANGE = re.compile(
    r"(?:(?:同比|环比|(?:比|较|与)(?:上年|去年|上一年|往年|上年度|上年同期|去年同期)(?:相比)?)(?:度|同期)?,?)?"
    r"(?P<verb>下降|降低|减少|提高|提升|增长|增加|上升)(?:了|率)?(?P<rest>[^,;、。]+)"
)


DEED = re.compile(r"(?P<deed>[一-鿿]{1,12})(?P<sign>[≥≤<>=]*)(?P<rest>\d[\d,.]*[^\d,;，；、]{1,8})")
PART_OF_DEEDS = re.compile(
    "[未没无不仅只超余剩欠缺减升降提比较约近每均差第含原拟再后前]|(?<!新)增|其中|计划|上年|去年|其他|部分"
)
"""Words in front of a number that is not all that was done."""


@dataclass(frozen=True)
class Assumed:
    """What was taken for granted in judging a row, and what its authors write so that it need not be; Chinese."""

    taken: str
    write: str


def _usual(direction: str) -> Assumed:
    other = UP if direction == DOWN else DOWN
    return Assumed(f"目标没有写≥或≤，这里按{direction}判断，{other}的不算问题", "在目标前写明≥或≤")


@dataclass(frozen=True)
class Judged:
    """An indicator's row as far as it can be judged.

    Attributes
    ----------
    row : IndicatorRow
    target, actual : Quantity or str
        What was read, or in Chinese why nothing was.
    points, score : Decimal or None
    direction : str
        越多越好, 越少越好 or empty.
    met : bool or None
        Whether the target was reached; None where that cannot be told.
    assumed : Assumed or None
        What was taken for granted in telling it.
    why : str
        In Chinese, why it cannot be told.
    shares : tuple of Decimal
        Shares of the points that the known formulas give for a missed target.
    ratio : Decimal or None
        Actual value ÷ target in one unit.
    """

    row: IndicatorRow
    target: Quantity | str
    actual: Quantity | str
    points: Decimal | None
    score: Decimal | None
    direction: str = ""
    met: bool | None = None
    assumed: Assumed | None = None
    why: str = ""
    shares: tuple[Decimal, ...] = ()
    ratio: Decimal | None = None

    @property
    def name(self) -> str:
        """Name for messages."""
        return f"“{clean(self.row.name.strip('★☆* '))}”"

    @property
    def subject(self) -> str:
        """Row, as findings about it are numbered."""
        return f"r{self.row.row}"

    @property
    def sure(self) -> bool:
        """Whether it can be told without taking anything for granted."""
        return self.met is not None and self.assumed is None

    @property
    def way(self) -> str:
        """How a target was missed, in Chinese."""
        return "超出上限" if self.direction == DOWN else "没有达到目标"

    @property
    def overachieved(self) -> bool:
        """Whether so much more than the target was reached that the target may be too low."""
        return self.ratio is not None and self.ratio >= OVERACHIEVED

    @property
    def numbers(self) -> str:
        """Target and actual value as the form writes them, the target with sign and unit from columns of their own."""
        aim, said = (clean(self.row.cell(kind).text) for kind in ("target", "actual"))
        sign, unit = (clean(self.row.cell(kind).text) for kind in ("sign", "unit"))
        if isinstance(self.target, Quantity):
            aim = (sign if sign[:1] in set("≥≤<>=＞＜＝") else "") + aim.removeprefix(sign)
            aim = aim.removesuffix(unit) + unit
        parts = [f"{name}“{text}”" for name, text in (("目标", aim), ("实际", said)) if text]
        return "，".join(parts)


def judged(row: IndicatorRow, year: int = NO_YEAR) -> Judged:
    """Judge an indicator's row by itself, in a form of a year."""
    target = _with_columns(row, read_quantity(row.cell("target").text))
    actual = read_quantity(row.cell("actual").text)
    # Some forms have 权重 alone.
    points = row.number("points" if row.cell("points").text else "weight")
    known = Judged(row, target, actual, points, row.number("score"))
    aim, reached = (CHANGE.fullmatch(plain(row.cell(kind).text)) for kind in ("target", "actual"))
    for kind, name in (("target", "年度指标值"), ("actual", "实际完成值")):
        cell = row.cell(kind)
        if cell.pending:
            # An error value is a finding.
            return replace(known, why="" if cell.error else f"{name}{NOT_STORED}")
        if cell.covered:
            return replace(known, why=f"{name}与别的行合并在一格里")
    if aim and reached and aim["verb"] == reached["verb"]:
        return _of_change(known, aim, reached, year)
    if isinstance(target, Quantity) and isinstance(actual, str):
        actual = _by_target(row, target, actual)
        known = replace(known, actual=actual)
    if isinstance(target, str) or isinstance(actual, str):
        return _behind_deeds(known) or _in_words(known, year)
    target, actual = _as_percentages(target, actual)
    why = _cannot_compare(target, actual)
    return replace(known, why=why) if why else _compared(known, target, actual)


def _behind_deeds(known: Judged) -> Judged | None:
    """Judge a row whose number follows what was done, in one unit: 已安装380盏 for 430盏; None where it does not."""
    read = {"target": known.target, "actual": known.actual}
    for kind, value in read.items():
        told = DEED.fullmatch(plain(known.row.cell(kind).text))
        if isinstance(value, str) and told and (told["sign"] or not PART_OF_DEEDS.search(told["deed"])):
            read[kind] = read_quantity(told["sign"] + told["rest"])
    target, actual = read["target"], read["actual"]
    if isinstance(target, str) or isinstance(actual, str) or not target.unit or not actual.unit:
        return None
    if not same_unit(target.unit, actual.unit) or _cannot_compare(target, actual):
        return None
    found = _compared(replace(known, target=target, actual=actual), target, actual)
    taken = Assumed("这里把文字后面的数当作全部完成数", "只写数和单位")
    return replace(found, assumed=found.assumed or taken) if found.met is False else found


def _as_percentages(target: Quantity, actual: Quantity) -> tuple[Quantity, Quantity]:
    """Target and actual value, a share as a percentage where the other is one and no choice is left: 0.96 for ≥92%."""
    share, other = sorted((target, actual), key=lambda one: (bool(one.unit), one.value))
    plain_number = share.high is None and not share.about and (share is target or not share.sign)
    percent = _percent(other) or (not other.unit and HALF <= other.value <= HUNDRED)
    if not percent or share.unit or not plain_number or not 0 < share.value <= 1 < other.value:
        return target, actual
    value = share.value * 100
    kept = share is actual and value <= other.value and target.sign[:1] == "<"
    missed = share is actual and value < other.value and target.sign[:1] == ">"
    if not (kept or missed or other.value >= HALF):
        return target, actual
    scaled = replace(share, value=value, unit="%")
    return (scaled, actual) if share is target else (target, scaled)


def _with_columns(row: IndicatorRow, target: Quantity | str) -> Quantity | str:
    """Sign and unit may stand in columns of their own."""
    if isinstance(target, str):
        return target
    unit, sign = plain(row.cell("unit").text), plain(row.cell("sign").text)
    if unit and not target.unit and not re.search(r"\d", unit):
        target = replace(target, unit=unit)
    if sign and not target.sign and target.high is None:
        read = read_quantity(f"{sign}1")
        target = replace(target, sign=SIGNS.get(sign, read.sign if isinstance(read, Quantity) else ""))
    return target


def _of_change(known: Judged, aim: re.Match[str], reached: re.Match[str], year: int) -> Judged:
    """Judge 下降5% against 下降6%: the change counts."""
    target, actual = read_quantity(aim["rest"]), read_quantity(reached["rest"])
    if isinstance(target, str) or isinstance(actual, str):
        return _in_words(known, year)
    if why := _cannot_compare(target, actual):
        return replace(known, why=why)
    if target.sign:
        return _compared(known, target, actual)
    if of_trouble(known.row.name) and not re.search("降|减", aim["verb"]):
        return replace(known, why=UNSIGNED)
    # Without a sign a larger change is only usually the better one.
    found = _compared(known, replace(target, sign=AT_LEAST), actual)
    return found if found.met else replace(found, assumed=_usual(UP))


def _by_target(row: IndicatorRow, target: Quantity, actual: str) -> Quantity | str:
    """Read an actual value that only its target makes clear: 25日 within 30日, nothing where little is good."""
    text, kind = row.cell("actual").text, kind_of(target.unit)
    if kind and kind[0] in TIMES:
        return read_quantity(text, lasting=True)
    few = target.sign[:1] == "<" or (target.value == 0 and target.sign in {"", EQUAL})
    if few and NOTHING.fullmatch(plain(text)) and not (kind and kind[0] == "金额"):
        return Quantity("", ZERO, None, target.unit, about=False, text=text)
    return actual


def _in_words(known: Judged, year: int) -> Judged:
    target, actual = known.target, known.actual
    asked, said = (known.row.cell(kind).text for kind in ("target", "actual"))
    answer = plain(said)
    if isinstance(target, str) and same_words(asked, said) and not UNFINISHED.search(asked):
        return replace(known, met=True)
    if not is_blank(asked):
        if isinstance(actual, str) and PARTLY.match(answer) and not re.search(r"\d", answer):
            return replace(known, met=False)
        if short := shortfall(asked, said):
            taken = Assumed(f"“{short.said}”看来是没有全部做到，做到了的不算问题", "写明是否全部完成")
            return replace(known, met=False, assumed=None if short.sure else taken)
    due, done = read_moment(asked), read_moment(said)
    if due and done and (kept := in_time(due, done, year)):
        assumed = Assumed(kept.assumed, "写明完成的年月日") if kept.assumed else None
        return replace(known, met=kept.kept, assumed=assumed)
    if isinstance(target, str):
        return replace(known, why=f"年度指标值{target}，是否达到由填表人判断")
    if isinstance(actual, str) and ANSWERED.fullmatch(answer):
        if done_is_enough(target, answer):
            return replace(known, met=True)
        return replace(known, why="实际完成值只写了完成与否，没有数")
    if answer == "无":
        return replace(known, why="实际完成值只写了“无”，没有数")
    return replace(known, why=f"实际完成值{actual}")


def done_is_enough(target: Quantity, answer: str) -> bool:
    """Whether 已完成 says as much as a number: of one thing, or where all of it was to be done."""
    percent = _percent(target)
    whole = target.value == HUNDRED or (target.value <= HUNDRED and bool(ALL.search(answer)))
    return target.sign[:1] != "<" and (whole if percent else target.value == ONE)


def _cannot_compare(target: Quantity, actual: Quantity) -> str:
    """Why two quantities cannot be compared; empty where they can."""
    if actual.sign not in {"", EQUAL} and not within_bound(target, actual):
        return "实际完成值写成了不等式，没有实际的数"
    if actual.high is not None:
        return "实际完成值是一个范围"
    if actual.maybe_at_least is not None and target.value <= HUNDRED and _percent(target):
        return f"实际完成值“{clean(actual.text)}”多半是“≥{actual.maybe_at_least}%”识别成的，没有实际的数"
    if target.maybe_at_least is not None and actual.value < target.value:
        return f"年度指标值“{clean(target.text)}”可能是“≥{target.maybe_at_least}%”识别成的，请核对原表"
    if actual.about or target.about:
        return "写的是约数"
    if target.unit and actual.unit:
        units = f"年度指标值的单位是{clean(target.unit)}，实际完成值的单位是{clean(actual.unit)}"
        return "" if same_unit(target.unit, actual.unit) else f"{units}，不能直接比较"
    if target.value and actual.value:
        ratio = abs(actual.value / target.value)
        share, percentage = sorted((target, actual), key=lambda one: (bool(one.unit), one.value))
        percent = _percent(percentage) or (not percentage.unit and HALF <= percentage.value <= HUNDRED)
        if percent and 0 < share.value <= 1 < percentage.value:
            return f"“{clean(share.text)}”没有写单位，可能是{shown(share.value * 100)}%，也可能是{shown(share.value)}%"
        if _percent(percentage) and ratio >= 2 and max(target.value, actual.value) > 150:
            return "一个数没有写单位，看来不是百分比"
        if (target.unit or actual.unit) and (ratio >= 1000 or ratio <= Decimal("0.001")):
            return "一个数没有写单位，两个数相差太大，单位可能不同"
    return ""


def within_bound(target: Quantity, actual: Quantity) -> bool:
    """Whether an actual time of "at most" keeps a time limit: 1小时内 is within 2小时内."""
    unit = actual.unit or target.unit
    kind, own = kind_of(target.unit), kind_of(unit)
    if not kind or not own or kind[0] != own[0] or kind[0] not in TIMES:
        return False
    are_limits = target.sign[:1] == actual.sign[:1] == "<"
    return are_limits and converted(actual.value, unit, target.unit) <= target.value


def _percent(quantity: Quantity) -> bool:
    return unit_key(quantity.unit) == "%"


def _compared(known: Judged, target: Quantity, actual: Quantity) -> Judged:
    aim, reached = target.value, actual.value
    if target.unit and actual.unit:
        reached = converted(reached, actual.unit, target.unit)
    ratio = reached / aim if aim else None
    if ratio and not FAR_BELOW < abs(ratio) < FAR_ABOVE:
        return replace(known, why="两个数相差太大，单位可能不同")
    known = replace(known, ratio=ratio)
    direction, assumed = _direction(known, target, actual)
    if target.high is not None:
        if aim <= reached <= target.high:
            return replace(known, met=True)
        if reached < aim and direction == UP:
            return replace(known, met=False, direction=UP, assumed=_usual(UP))
        return replace(known, why="年度指标值是一个范围，实际完成值在范围以外，不知道算不算达到")
    if reached == aim or within_bound(target, actual):
        # Reached whichever way it counts.
        return replace(known, met=True, direction=direction)
    if not direction:
        return replace(known, why=UNSIGNED)
    known = replace(known, direction=direction, assumed=assumed)
    if (reached > aim) == (direction == UP) and not (target.sign == EQUAL and aim == 0):
        return replace(known, met=True)
    if aim < 0 or reached < 0:
        return replace(known, why="有负数，不能算完成比例")
    if aim == 0:
        return replace(known, met=False, shares=(ZERO,))
    if direction == UP:
        return replace(known, met=False, shares=(reached / aim,))
    linear = max(ONE - (reached - aim) / aim, ZERO)
    return replace(known, met=False, shares=(aim / reached, linear))


def _direction(known: Judged, target: Quantity, actual: Quantity) -> tuple[str, Assumed | None]:
    """Direction of a target, and what was taken for granted in telling it."""
    if target.sign:
        direction = DOWN if target.sign[0] == "<" else UP
        contrary = Assumed("目标的≥或≤与这一类指标通常的方向相反，这里按写的判断", "核对≥或≤是否写反")
        return direction, contrary if sign_is_turned(known.row.name, target) else None
    name, percent = known.row.name, _percent(target) or _percent(actual)
    said = direction_of(name, percent=percent)
    if said == DOWN or (target.value == 0 and not said):
        # More than a target of nothing is no merit where the name says what should not happen.
        return DOWN, None if never(name) else _usual(DOWN)
    if said:
        return said, None
    if percent and target.value == HUNDRED and not (of_trouble(name) or ANY_SHARE.search(name)):
        return UP, _usual(UP)  # 100% is a ceiling of what is held down alone
    kind = kind_of(target.unit or actual.unit)
    counts = ("数量" in known.row.level2 or COUNT_OF.search(indicator_key(name))) and (
        kind is None or kind[0] in {"人数", "人次", "户数", "户次"}
    )
    usually_more = standard_paid(name) or (counts and not of_trouble(name))
    return (UP, _usual(UP)) if usually_more and not percent else ("", None)


def sign_is_turned(name: str, target: Quantity) -> bool:
    """Whether a target's sign is contrary to what its name says is better: ≤97% for 准确率."""
    percent = _percent(target)
    said = direction_of(name, percent=percent)
    if said == UP:
        # No share can be more than 100 %, so that this bound says nothing.
        return target.sign[:1] == "<" and target.value < HUNDRED and percent and "控制" not in name
    return said == DOWN and target.sign[:1] == ">" and target.value > 0 and (percent or never(name))


def added(values: Iterable[Decimal | None]) -> Decimal:
    """Sum of the numbers that are known."""
    return sum((value for value in values if value is not None), ZERO)


def shown(value: Decimal, digits: int | None = 4) -> str:
    """Text of a number without trailing zeros: exact for None, else rounded half up where a division left more digits."""
    text = f"{value if digits is None else round_to(value, digits):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_to(value: Decimal, digits: int, way: str = ROUND_HALF_UP) -> Decimal:
    """Round to digits after the point."""
    return value.quantize(ONE.scaleb(-digits), rounding=way, context=EXACT)


@dataclass(frozen=True)
class Funds:
    """The funds of a form.

    Attributes
    ----------
    total : FundRow or None
        年度资金总额, or the only row there is.
    parts : tuple of FundRow
        Rows that add up to it; what an 其中 row of these holds is left out.
    scored : FundRow or None
        Row whose points and score count: other rows may repeat them.
    """

    total: FundRow | None
    parts: tuple[FundRow, ...]
    scored: FundRow | None


PAID_BY_LEVEL = re.compile("中央|省|市|县|区|乡|镇|上级|本级|地方|债券|一般公共")
GRANT = re.compile("财政(拨款|资金|补助|安排|投入)|当年预算|预算资金")


def _funds(rows: tuple[FundRow, ...]) -> Funds:
    total = next((row for row in rows if row.is_total), rows[0] if len(rows) == 1 else None)
    parts = [row for row in rows if row is not total and not row.is_total]
    general = [row for row in parts if GRANT.search(row.label) and not PAID_BY_LEVEL.search(row.label)]
    if general:
        # 中央、省、市、县 below 财政拨款 say where it came from.
        parts = [row for row in parts if row in general or not PAID_BY_LEVEL.search(row.label)]
    ordered = sorted(rows, key=lambda row: row is not total)
    filled = (row for kind in ("points", "score") for row in ordered if row.number(kind) is not None)
    return Funds(total, tuple(parts), next(filled, None))


def _rate(budget: Decimal | None, executed: Decimal | None) -> Decimal | None:
    if not budget or executed is None or budget < 0 or executed < 0 or executed / budget > FAR_ABOVE:
        return None
    return executed / budget


@dataclass(frozen=True)
class FormFacts:
    """What the rules for forms look at.

    Attributes
    ----------
    form : Form
    rows : tuple of Judged
    funds : Funds
    weighted : Decimal or None
        Total that the weights give where each row is scored out of 100; None where points are points.
    """

    form: Form
    rows: tuple[Judged, ...]
    funds: Funds
    weighted: Decimal | None = None

    def place(self, cell: SheetCell, row: int = 0) -> Place:
        """Where a cell is, for a finding; the whole row where the form has no such column."""
        return Place(self.form.file, cell.row or row, clean(cell.text), cell.letter if cell.row else "")

    def places(self, row: Judged | FundRow, *kinds: str) -> tuple[Place, ...]:
        """Cells of a row, as far as the form has such columns."""
        cells = [(row.row if isinstance(row, Judged) else row).cell(kind) for kind in kinds]
        return tuple(self.place(cell) for cell in cells if cell.row)

    def stated(self, kind: str) -> Decimal | None:
        """Points or score that the row 总分 says."""
        total = self.form.total
        return read_number((total.points if kind == "points" else total.score).text) if total else None

    def money(self, row: FundRow | None, kind: str) -> Decimal | None:
        """Amount of a cell of the funds, in the form's unit of money."""
        read = read_quantity(row.cell(kind).text) if row else ""
        if isinstance(read, str) or read.high is not None:
            return None
        if not read.unit:
            return read.value
        money = self.form.money
        return converted(read.value, read.unit, money) if same_unit(read.unit, money) else None

    @cached_property
    def of_parts(self) -> dict[str, list[Decimal | None]]:
        """What each part of the funds says, by kind of column."""
        return {kind: [self.money(part, kind) for part in self.funds.parts] for kind in MONEY_KINDS}

    @cached_property
    def base(self) -> tuple[Decimal | None, Decimal | None]:
        """Budget and spending that the execution rate rests on: the parts where the total says nothing or 0."""

        def held(kind: str) -> Decimal | None:
            value, parts = self.money(self.funds.total, kind), self.of_parts[kind]
            return value if value or parts.count(None) == len(parts) else added(parts)

        return held("budget"), held("executed")

    @cached_property
    def execution_rate(self) -> Decimal | None:
        """全年执行数 ÷ 全年预算数 as a share; None where it cannot be computed."""
        return _rate(*self.base)

    def row_rates(self, row: FundRow) -> tuple[Decimal, ...]:
        """Execution rates, as shares, that a row of the funds may mean."""
        own = _rate(self.money(row, "budget"), self.money(row, "executed"))
        rates = (self.execution_rate, own) if row is self.funds.total else (own,)
        return tuple(dict.fromkeys(rate for rate in rates if rate is not None))

    @property
    def indicators(self) -> tuple[Judged, ...]:
        """Rows that score something else than how much of the budget was spent."""
        return tuple(row for row in self.rows if not row.row.is_execution)

    def execution_values(self, kind: str) -> tuple[Decimal, ...]:
        """Points or scores for execution that may count: of the funds, of an indicator, of both; (0,) for none."""
        fund = self.funds.scored.number(kind) if self.funds.scored else None
        rows = [row.points if kind == "points" else row.score for row in self.rows if row.row.is_execution]
        own = added(rows)
        if fund is None:
            return (own,)
        return (fund, own, fund + own) if any(value is not None for value in rows) else (fund,)

    def value(self, row: Judged, kind: str) -> Decimal | None:
        """Points, score or converted score of an indicator."""
        if kind == "converted":
            return row.row.number("converted")
        return row.points if kind == "points" else row.score

    def sums(self, kind: str) -> tuple[Decimal, ...]:
        """Sums of all points or scores, by what counts as execution; empty where no indicator has any."""
        if self.weighted is not None and kind != "converted":
            return (self.weighted,) if kind == "score" else ()
        values = [value for row in self.indicators if (value := self.value(row, kind)) is not None]
        if not values:
            return ()
        scored = self.funds.scored
        weighs = scored is not None and scored.number(kind) is not None
        execution = self.execution_values("score" if kind == "converted" and not weighs else kind)
        return tuple(dict.fromkeys(sum(values, ZERO) + extra for extra in execution))

    def lacking(self, rows: Iterable[Judged], kind: str) -> tuple[Judged, ...]:
        """Rows without points or score, other than those merged with the row above."""
        return tuple(row for row in rows if self.value(row, kind) is None and not row.row.cell(kind).covered)


def facts_of(form: Form) -> FormFacts:
    """Judge the rows of a form."""
    year = int(form.year or NO_YEAR)
    rows = tuple(judged(row, year) for row in form.indicators)
    funds = _funds(form.funds)
    if (weighted := _weighted(rows, funds)) is not None:
        rows = tuple(replace(row, points=HUNDRED if row.points is not None else None) for row in rows)
        if scored := funds.scored:
            out_of_100 = replace(scored, cells={**scored.cells, "points": _says_100(scored.cell("points"))})
            form = replace(form, funds=tuple(out_of_100 if fund is scored else fund for fund in form.funds))
        if form.total:
            form = replace(form, total=replace(form.total, points=_says_100(form.total.points)))
    elif any(map(_exceeds_its_weight, rows)):
        # Each row is scored out of 100 and weighted afterwards: the weights are no points.
        rows = tuple(row if row.row.cell("points").text else replace(row, points=None) for row in rows)
    return FormFacts(form, _without_misread(rows), _funds(form.funds), weighted)


def _says_100(cell: SheetCell) -> SheetCell:
    return replace(cell, text="100") if cell.text else cell


def _weighted(rows: tuple[Judged, ...], funds: Funds) -> Decimal | None:
    """Weighted mean of the scores if each is out of 100, as shows where all exceed what stands for the points."""
    pairs = [(row.points, row.score) for row in rows]
    if scored := funds.scored:
        weight = scored.cell("points").text or scored.cell("weight").text
        pairs.append((read_number(weight), scored.number("score")))
    known = [(weight, score) for weight, score in pairs if weight is not None and score is not None]
    weights = added(weight for weight, _ in known)
    apart = all(weight >= 0 and score <= HUNDRED and not 0 < score <= weight for weight, score in known)
    if sum(score > 0 for _, score in known) < 3 or weights <= 0 or not apart:
        return None
    return round_to(added(weight * score for weight, score in known) / weights, 10)


def _without_misread(rows: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """Where ≥ was read as 2 in one row, it may be so in others: 2100人 for ≥100人."""
    misread = any(
        isinstance(row.target, Quantity) and isinstance(row.actual, Quantity)
        and row.target.maybe_at_least is not None and row.actual.value < row.target.value
        for row in rows
    )  # fmt: skip
    return tuple(map(_not_judged, rows)) if misread else rows


def _not_judged(row: Judged) -> Judged:
    target, actual = row.target, row.actual
    if row.met is not False or isinstance(target, str) or isinstance(actual, str) or target.sign:
        return row
    rest = f"{target.value:f}"[1:]
    if not re.fullmatch(r"2[1-9]\d*", f"{target.value:f}") or actual.value < Decimal(rest):
        return row
    why = f"年度指标值“{clean(target.text)}”可能是“≥{rest}{clean(target.unit)}”识别成的，请核对原表"
    return replace(row, met=None, shares=(), ratio=None, why=why)


def _exceeds_its_weight(row: Judged) -> bool:
    written = row.row.cell("points").text
    return not written and row.points is not None and row.score is not None and row.score > row.points
