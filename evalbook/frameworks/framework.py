"""What a scoring framework is: the document's indicators, points and grades, and the ways in which it scores.

A framework is data (``data/frameworks/<issuer-year>/``); how a kind of rule turns what is known into a score is
:mod:`evalbook.scoring.rules`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalbook.schema.kinds import Day

EXECUTION_PART = "预算执行"
"""First level of the indicator that scores the execution rate; forms show it among the funds."""

OFFICIAL, PROPOSED, NOT_FOUND = POINT_ORIGINS = ("官方", "建议", "未查到")
"""Where the points of an indicator come from: its document, this project's proposal, or nowhere."""

PROPOSED_POINTS = "建议分值"
"""Said wherever points show that no document gives."""


@dataclass(frozen=True)
class Bounds:
    """Numbers from ``low`` to ``high``; None is without a bound.

    Attributes
    ----------
    low, high : Decimal or None
    with_low, with_high : bool
        Whether the bound itself belongs to it.
    """

    low: Decimal | None
    high: Decimal | None
    with_low: bool = True
    with_high: bool = False

    def holds(self, number: Decimal) -> bool:
        """Whether a number is in it."""
        above = self.low is None or number > self.low or (self.with_low and number == self.low)
        below = self.high is None or number < self.high or (self.with_high and number == self.high)
        return above and below

    def meets(self, low: Decimal, high: Decimal) -> bool:
        """Whether it has a number between two numbers, both included."""
        starts = self.low is None or self.low < high or (self.with_low and self.low == high)
        ends = self.high is None or self.high > low or (self.with_high and self.high == low)
        return starts and ends

    def __str__(self) -> str:
        def end(number: Decimal, included: bool) -> str:
            return f"{number:f}（{'含' if included else '不含'}）"

        if self.low is None:
            return "任何数" if self.high is None else f"{end(self.high, self.with_high)}以下"
        low = end(self.low, self.with_low)
        return f"{low}以上" if self.high is None else f"{low}至{end(self.high, self.with_high)}"


_END = r"(\d{1,15}(?:\.\d{1,6})?)%?（(含|不含)）"
_BETWEEN = re.compile(rf"{_END}(?:至|—|–|~|-){{1,2}}{_END}", re.ASCII)
_ONE_SIDED = re.compile(rf"{_END}(以上|以下)", re.ASCII)


def bounds_of(text: str) -> Bounds | None:
    """Bounds that are written ``60（含）至80（不含）``, ``90（含）以上`` or ``60（不含）以下``; None when they are not."""
    text = re.sub(r"\s|分", "", unicodedata.normalize("NFKC", text)).replace("(", "（").replace(")", "）")
    if between := _BETWEEN.fullmatch(text):
        low, with_low, high, with_high = between.groups()
        return Bounds(Decimal(low), Decimal(high), with_low == "含", with_high == "含")
    if one := _ONE_SIDED.fullmatch(text):
        number, included, side = Decimal(one[1]), one[2] == "含", one[3]
        return Bounds(number, None, included) if side == "以上" else Bounds(None, number, False, included)
    return None


def faults_of(listed: tuple[Bounds, ...], low: Decimal, high: Decimal | None) -> tuple[str, ...]:
    """What is wrong with bounds that should cover the numbers from ``low`` on (to ``high``) once each, in Chinese.

    The last may be open, as documents write it (90分以上), whether or not there is a ``high``.
    """
    ordered = sorted(listed, key=lambda b: (b.low is not None, b.low or 0, not b.with_low))
    faults = [
        f"“{b}”里没有一个数"
        for b in ordered
        if b.low is not None
        and b.high is not None
        and (b.low > b.high or (b.low == b.high and not (b.with_low and b.with_high)))
    ]
    if faults or not ordered:
        return tuple(faults)
    first, last = ordered[0], ordered[-1]
    if first.low is not None and (first.low > low or (first.low == low and not first.with_low)):
        faults.append(f"从{low:f}到“{first}”之间没有着落")
    for one, other in itertools.pairwise(ordered):
        if one.high is None or other.low is None or one.high > other.low:
            faults.append(f"“{one}”与“{other}”重叠")
        elif one.high < other.low or not (one.with_high or other.with_low):
            faults.append(f"“{one}”与“{other}”之间有空当")
        elif one.with_high and other.with_low:
            faults.append(f"“{one}”与“{other}”都含{one.high:f}")
    if last.high is not None and (
        high is None or last.high < high or (last.high == high and not last.with_high)
    ):
        faults.append(f"“{last}”以上没有着落" if high is None else f"到不了{high:f}（含）")
    if high is not None and last.high is not None and last.high > high:
        faults.append(f"“{last}”超过{high:f}")
    return tuple(faults)


# -- what a rule kind wants to know

NUMBER, NAMES, AMOUNTS, BANDS, LEVELS, CHOICE = "number", "names", "amounts", "bands", "levels", "choice"
"""Forms of a parameter: ``0.5``; ``机制、文件``; ``机制 2、文件 1``; ``0（含）至1（含） 10、…``; ``优 85 10、…``; a word."""

FORMS = {
    NUMBER: "一个数字，如0.5",
    NAMES: "用“、”隔开、互不重复的名称，如“机制、文件”",
    AMOUNTS: "用“、”隔开的“名称 数字”，名称互不重复，如“有机制 1、有文件 2”",
    BANDS: "用“、”隔开的“界限 分数”，如“0（含）至60（不含） 0、60（含）以上 8至10”",
    LEVELS: "用“、”隔开的“名称 界限 分数”，从高到低，如“优 85 10、良 80 8、差 0 0”",
}
"""How each form is written, in Chinese; a word is one of the parameter's own."""

PARTIAL_STEPS = {"计一步": "up", "不计": "down", "按比例": "exact"}
MISSED = {"不得分": "nothing", "按比例": "in proportion", "未说明": "not stated"}
INVERSE_FORMULAS = {"目标÷实际": "quotient", "按超出比例": "linear"}
ZERO_BUDGETS = {"0分": "nothing", "不能计分": "not scored"}
"""Words that a parameter or variant may be, and what the code calls them."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a rule kind.

    Attributes
    ----------
    name : str
        Chinese name before the colon.
    form : str
        How its value is written.
    required : bool
    choices : mapping of str to str
        Words of a :data:`CHOICE`.
    """

    name: str
    form: str
    required: bool = True
    choices: Mapping[str, str] | None = None

    @property
    def written(self) -> str:
        """How its value is written, in Chinese."""
        return "、".join(self.choices) + "之一" if self.choices else FORMS[self.form]


@dataclass(frozen=True)
class RuleKind:
    """One way of scoring an indicator.

    Attributes
    ----------
    code, name : str
        As code and as ``indicators.csv`` name it.
    formula : str
        In Chinese; M the points, x the actual value, T the target.
    parameters : tuple of Parameter
    answer : str
        What is entered for it: ``number``, ``yes_no``, ``case``, ``points``, ``execution``, or empty when nothing is.
    needs_target : bool
    stage : str
        ``base``, ``deduction``, ``veto`` or ``outside``; the order in which stacked rules work.
    example, source : str
        A real rule of this kind, and where it stands.
    """

    code: str
    name: str
    formula: str
    parameters: tuple[Parameter, ...] = ()
    answer: str = "number"
    needs_target: bool = False
    stage: str = "base"
    example: str = ""
    source: str = ""


BASE, DEDUCTION, VETO, OUTSIDE = "base", "deduction", "veto", "outside"

KINDS = (
    RuleKind(
        "execution", "预算执行率", "M×min(全年执行数÷全年预算数, 1)；预算数含上年结转和年内调整，执行数大于预算数的不能计分",
        answer="execution", example="得分（20分×执行率），不得突破权重总额",
        source="长江禁捕2020年度自评表注2；某绩效自评审核工具",
    ),
    RuleKind(
        "at_least", "不低于", "x≥T得M；没有达到的，看“未达”：不得分，按比例M×x÷T，或原文未说明（0与按比例之间）",
        (Parameter("未达", CHOICE, False, MISSED),), needs_target=True,
        example="农村低保发放人数≥21933人", source="濉溪县民政局2019年度绩效目标自评表；比例见长江禁捕2020年度自评表注2",
    ),
    RuleKind(
        "at_most", "不高于", "x≤T得M；超过的，看“未达”：不得分，按比例（M×T÷x，或M×(1－(x－T)÷T)，由办法定），或原文未说明",
        (Parameter("未达", CHOICE, False, MISSED),), needs_target=True,
        example="扶贫临时救助标准≤5300元/户",
        source="濉溪县民政局2019年度绩效目标自评表；两种比例见长江禁捕2020年度自评表注2、某省预算绩效系统计分程序",
    ),
    RuleKind(
        "equal", "等于", "T＝0时x≤0得M，否则0；T＞0时x≥T得M，否则M×x÷T", needs_target=True,
        example="获补人员条件达标率＝100%", source="某省预算绩效系统“自评自动计算得分规则”",
    ),
    RuleKind(
        "ratio", "按比例", "M×min(x÷T, 1)", needs_target=True,
        example="低于增幅的按比例减分", source="财政专项扶贫资金绩效评价指标评分表",
    ),
    RuleKind(
        "interpolate", "插值", "x≥上界得M，x≤下界得“下界得分”（没有写的为0），之间按直线",
        (Parameter("下界", NUMBER), Parameter("上界", NUMBER), Parameter("下界得分", NUMBER, False)),
        example="在上述比例之间的按比例计分", source="财政专项扶贫资金绩效评价指标评分表",
    ),
    RuleKind(
        "tiers", "分档", "x在哪一档，得哪一档的分；一档的分可以是一个范围（8至9）",
        (Parameter("各档", BANDS),), example="≤1个月10分，1–2个月9—8分", source="财政扶贫资金绩效考评量化指标表",
    ),
    RuleKind(
        "tiers_by_group", "分组达标", "x不低于本组的界限得M，否则0；本组由证据写明",
        (Parameter("各组", AMOUNTS),), answer="number",
        example="中部≥40%，西部≥30%，东部≥100%得满分", source="财政扶贫资金绩效考评量化指标表",
    ),
    RuleKind(
        "grade_bounds", "等级界限", "x达到哪一级的界限，得哪一级的分；写作“优 85 10”，最后一级的界限是0",
        (Parameter("各级", LEVELS),), example="满意度优85%、良80%、中70%，低于70%为差", source="邯财社〔2018〕126号",
    ),
    RuleKind(
        "cases", "分情形", "属于哪种情形，得哪种情形的分",
        (Parameter("各种", AMOUNTS),), answer="case",
        example="有机制且有文件2分；有机制无文件1分；否则0分", source="浦东新区社会救助工作绩效评价指标",
    ),
    RuleKind(
        "yes_no", "有无", "有得M，没有得0", answer="yes_no",
        example="纳入发展规划的得1分；否则不得分", source="浦东新区社会救助工作绩效评价指标",
    ),
    RuleKind(
        "all_or_nothing", "全部符合", "各个条件都符合得M，否则0",
        (Parameter("条件", NAMES, False),), answer="yes_no",
        example="对象准确、发放及时、手续齐全计2分", source="岳阳县2015年民政工作目标管理考核评比方案",
    ),
    RuleKind(
        "checklist", "逐项计分", "符合的各项的分相加",
        (Parameter("各项", AMOUNTS),), answer="yes_no",
        example="（1）—（4）每项各2.5分", source="乡镇民政工作目标量化考核标准",
    ),
    RuleKind(
        "count_cap", "按个计分", "min(每个的分×个数, M)",
        (Parameter("每个", NUMBER),), example="1个部门0.5分，满分2分",
        source="2016年度省（自治区、直辖市）困难群众基本生活救助工作绩效评价指标和评价标准",
    ),
    RuleKind(
        "qualitative", "定性", "按完成情况的等级计分，等级和界限写在 framework.yml 的“定性等级”；等级里具体得几分，由评定人写明",
        answer="case", example="达成年度指标：80%（含）—100%", source="某省预算绩效系统“自评自动计算得分规则”",
    ),
    RuleKind(
        "judged", "评定", "由评定人在0至M之间给分；要有姓名和依据", answer="points",
        example="社会救助政策及其成效宣传与信息公开情况（1分）",
        source="2016年度省（自治区、直辖市）困难群众基本生活救助工作绩效评价指标和评价标准",
    ),
    RuleKind(
        "rank", "排名", "按在各地中的名次计分；一个县不知道别人的分数，不可自评", answer="",
        example="按排位打分，每位次按0.25分递减", source="财政扶贫资金绩效考评量化指标表",
    ),
    RuleKind("unknown", "未查到", "计分办法没有查到，得分在0至M之间", answer=""),
    RuleKind(
        "deduct_per", "按次扣分", "M减去每次扣的分×次数；有“基数”的，次数是比基数少的次数",
        (Parameter("每次", NUMBER, False), Parameter("各项扣", AMOUNTS, False), Parameter("基数", NUMBER, False)),
        stage=DEDUCTION, example="发现一例优亲厚友扣0.5分；排查不得少于4次，少一次扣0.25分",
        source="岳阳县2015年民政工作目标管理考核评比方案",
    ),
    RuleKind(
        "deduct_fixed", "定额扣分", "有这种情况，扣固定的分",
        (Parameter("扣", NUMBER),), answer="yes_no", stage=DEDUCTION,
        example="申报对象档案资料不齐扣1分", source="岳阳县2015年民政工作目标管理考核评比方案",
    ),
    RuleKind(
        "deduct_per_step", "按步扣分", "x≥T得M；每低一步扣一次，不足一步的看“不足一步”",
        (Parameter("每步", NUMBER), Parameter("每步扣", NUMBER), Parameter("不足一步", CHOICE, False, PARTIAL_STEPS)),
        needs_target=True, stage=DEDUCTION,
        example="≥98%得2分，每降低1个百分点扣0.5分，扣完为止", source="乡镇民政工作目标量化考核标准",
    ),
    RuleKind(
        "zero_if", "出现不得分", "出现这种情况，本项得0", answer="yes_no", stage=VETO,
        example="有弄虚作假现象的该项不计分", source="岳阳县2015年民政工作目标管理考核评比方案",
    ),
    RuleKind(
        "bonus", "加分", "有这种情况加分，不在总分之内", (Parameter("加", NUMBER),), answer="yes_no", stage=OUTSIDE,
        example="验收合格，达到省定标准加2分", source="岳阳县2015年民政工作目标管理考核评比方案",
    ),
    RuleKind(
        "penalty", "减分", "有这种情况减分，不在总分之内", (Parameter("减", NUMBER),), answer="yes_no", stage=OUTSIDE,
        example="验收不合格扣2分", source="岳阳县2015年民政工作目标管理考核评比方案",
    ),
)  # fmt: skip
"""Every way of scoring that the frameworks found use."""

KINDS_BY_NAME = {kind.name: kind for kind in KINDS}

NAMED = ("条件", "各项", "各项扣")
"""Parameters whose names are inputs."""


@dataclass(frozen=True)
class Band:
    """One tier of a rule: the numbers in it, and the points it gives, from ``least`` to ``most``."""

    bounds: Bounds
    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Level:
    """One level of an indicator: reached from ``bound`` on (or up to it), it gives ``points``."""

    name: str
    bound: Decimal
    points: Decimal


Value = Decimal | str | tuple[str, ...] | Mapping[str, Decimal] | tuple[Band, ...] | tuple[Level, ...]
"""Parsed parameter."""


@dataclass(frozen=True)
class Indicator:
    """One scored line of a framework.

    Attributes
    ----------
    code : str
        Of the indicator, unique in its framework.
    part, group, title : str
        First, second and third level.
    points : Decimal or None
        The most that it gives; None where the document's points were not found.
    origin : str
        Of the points (:data:`POINT_ORIGINS`).
    kinds : tuple of RuleKind
        Ways of scoring, in the order in which they work.
    parameters : mapping of str to Value
        By Chinese name.
    written : str
        The parameters as the file writes them.
    comparison, target, unit : str
        The framework's own target; ``target`` is the text, empty when targets come from elsewhere.
    sources : mapping of str to str
        Address of the figure that is the actual value, by input; the main input is the empty text.
    evidence : str
        What proves it.
    text, source, note : str
        The document's wording, where it stands, and what must be known.
    row : int
        Of ``indicators.csv``.
    """

    code: str
    part: str
    group: str
    title: str
    points: Decimal | None
    origin: str
    kinds: tuple[RuleKind, ...]
    parameters: Mapping[str, Value]
    written: str
    comparison: str
    target: str
    unit: str
    sources: Mapping[str, str]
    evidence: str
    text: str
    source: str
    note: str
    row: int

    @property
    def outside(self) -> bool:
        """Whether its points are added to or taken from the total instead of being part of it."""
        return all(kind.stage == OUTSIDE for kind in self.kinds)

    @property
    def code_of_first(self) -> str:
        """Code of its first way of scoring."""
        return self.kinds[0].code if self.kinds else "unknown"

    @property
    def needs_target(self) -> bool:
        """Whether any of its ways of scoring compares with a target."""
        return any(kind.needs_target for kind in self.kinds)

    def number(self, name: str) -> Decimal | None:
        """Parameter that is a number."""
        value = self.parameters.get(name)
        return value if isinstance(value, Decimal) else None

    def word(self, name: str, words: Mapping[str, str]) -> str:
        """Parameter that is one of a few words, as the code calls it; empty when it was not given."""
        value = self.parameters.get(name)
        return words[value] if isinstance(value, str) else ""

    def amounts(self, name: str) -> Mapping[str, Decimal]:
        """Parameter that gives names an amount each."""
        value = self.parameters.get(name)
        return value if isinstance(value, Mapping) else {}

    def bands(self) -> tuple[Band, ...]:
        """Tiers, where it has any."""
        value = self.parameters.get("各档")
        return tuple(band for band in value if isinstance(band, Band)) if isinstance(value, tuple) else ()

    def levels(self) -> tuple[Level, ...]:
        """Levels, where it has any."""
        value = self.parameters.get("各级")
        return tuple(level for level in value if isinstance(level, Level)) if isinstance(value, tuple) else ()

    def inputs(self) -> dict[str, RuleKind]:
        """What must be known to score it: the kind that asks, by the name of the input; the main one is empty."""
        asked: dict[str, RuleKind] = {}
        for kind in self.kinds:
            if kind.code == "execution":
                asked |= dict.fromkeys(EXECUTION_INPUTS, kind)
            elif kind.code == "tiers_by_group":
                asked |= {"": kind, GROUP: kind}
            elif kind.answer:
                asked |= dict.fromkeys(self._names(kind), kind)
        return asked

    def _names(self, kind: RuleKind) -> tuple[str, ...]:
        for parameter in kind.parameters:
            named = self.parameters.get(parameter.name)
            if parameter.name in NAMED and isinstance(named, (tuple, Mapping)):
                return tuple(map(str, named))
        # Of several rules, the first takes the main value; the others' answers go by the names of the kinds.
        return ("" if kind is self.kinds[0] else kind.name,)


BUDGET, EXECUTED = EXECUTION_INPUTS = ("全年预算数", "全年执行数")
INITIAL_BUDGET = "年初预算数"
TRANSFER_SOURCES = ("中央补助", "地方资金", "其他资金")
"""Sources of money that the form for transfers names."""

GROUP = "本组"
"""Names of inputs that are not the main one."""


def of_source(item: str, source: str) -> str:
    """Name of the input that is an amount of one source of money alone, by the row of the form: 全年执行数（其他资金）."""
    return f"{item}（{source.removeprefix('其中：')}）"


@dataclass(frozen=True)
class Grade:
    """A grade and the scores that it is given for."""

    name: str
    bounds: Bounds


@dataclass(frozen=True)
class Event:
    """Something that caps the grade (``grade`` is the best that is left) or fails the evaluation (the grade given)."""

    code: str
    what: str
    grade: str
    source: str


@dataclass(frozen=True)
class PartPoints:
    """A first-level part and the points that the document gives it; None where they were not found."""

    name: str
    points: Decimal | None


@dataclass(frozen=True)
class Framework:
    """A scoring framework.

    Attributes
    ----------
    name : str
        Its folder.
    title, number, issuer, subject : str
        Of the document: title, number (文号), who issued it, who is evaluated by it.
    start, end : Day or None
        First and last day on which it holds.
    total : Decimal
        Points in all.
    complete : bool
        Whether all its points and rules are known; else it gives no total and no grade.
    parts : tuple of PartPoints
    grades : tuple of Grade
        The best first; empty when the document gives none.
    relative : bool
        Whether grades are given by rank among places, which one county cannot do for itself.
    caps, vetoes : tuple of Event
    most_bonus, most_penalty : Decimal or None
        Caps of what is added and taken outside the total; None when the document gives none.
    inverse : str
        Formula for targets not to be exceeded (:data:`INVERSE_FORMULAS`); empty when the document gives none.
    digits : int or None
        Decimals to which the document rounds each score; None when it does not.
    explained_from : Decimal or None
        Completion in percent from which a reason is compulsory although the target is met.
    zero_budget : str
        What a budget of 0 means (:data:`ZERO_BUDGETS`).
    levels : tuple of (str, Band)
        Levels of qualitative indicators, the best first, in percent of the points.
    fund_rows : tuple of str
        Wording of the rows below 年度资金总额 in the form.
    source, note : str
    indicators : tuple of Indicator
    file : str
        Path of ``framework.yml`` inside the project.
    own : bool
        Whether the project has entered it, and not the tool.
    """

    name: str
    title: str
    number: str
    issuer: str
    subject: str
    start: Day | None
    end: Day | None
    total: Decimal
    complete: bool
    parts: tuple[PartPoints, ...]
    grades: tuple[Grade, ...]
    relative: bool
    caps: tuple[Event, ...]
    vetoes: tuple[Event, ...]
    most_bonus: Decimal | None
    most_penalty: Decimal | None
    inverse: str
    digits: int | None
    explained_from: Decimal | None
    zero_budget: str
    levels: tuple[tuple[str, Band], ...]
    fund_rows: tuple[str, ...]
    source: str
    note: str
    indicators: tuple[Indicator, ...]
    file: str
    own: bool = False

    @property
    def known(self) -> Decimal:
        """Points of the indicators that are known, what stands outside the total left out."""
        return sum((i.points or Decimal(0) for i in self.indicators if not i.outside), Decimal(0))

    @property
    def money_items(self) -> tuple[str, ...]:
        """What may be entered of the money besides what scores it: the initial budget, and amounts by source."""
        amounts = ((*EXECUTION_INPUTS, INITIAL_BUDGET), dict.fromkeys((*self.fund_rows, *TRANSFER_SOURCES)))
        return (INITIAL_BUDGET, *(of_source(*pair) for pair in itertools.product(*amounts)))

    def indicator(self, code: str) -> Indicator | None:
        """Indicator of a code."""
        return next((indicator for indicator in self.indicators if indicator.code == code), None)
