"""Made-up forms in several layouts, right or with one fault, for benchmarks of the recheck.

:func:`right` draws a form that nothing can be said against; :func:`planted` the same with one fault whose kind is known.
Headings and names are those of published forms of several provinces; the rules know nothing of this list.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

MORE, FEWER = "≥", "≤"
COUNTS = (
    ("低保对象月均保障人数", "人"), ("特困人员救助供养人数", "人"), ("临时救助人次", "人次"), ("孤儿保障人数", "人"),
    ("业务培训场次", "场"), ("入户核查户数", "户"), ("流浪乞讨人员救助人次", "人次"), ("新增护理型床位数", "张"),
    ("新建机耕道里程", "公里"), ("改造薄弱学校个数", "所"), ("城镇新增就业人数", "人"), ("新增高效节水灌溉面积", "亩"),
)  # fmt: skip
BETTER_MORE = (
    "对象认定准确率", "救助资金社会化发放率", "救助政策知晓率", "投诉办结率", "差错整改完成率", "异议核实率", "资金使用合规率",
    "城乡供水保证率", "树苗成活率", "健康管理率", "村卫生室覆盖率", "特困人员签约照料率", "空置床位盘活率", "动态管理复核率",
)  # fmt: skip
BETTER_FEWER = (
    "错保率",
    "资金结余率",
    "救助金退回率",
    "群众投诉率",
    "床位空置率",
    "审批逾期率",
    "漏保率",
    "信访重复率",
    "管网漏损率",
    "耕地撂荒率",
)
COSTS = (("低保人均补助标准", "元/月"), ("入户核查每户成本", "元/户"), ("培训人均费用", "元/人"))
TASKS = ("年度核查完成时间", "补助资金下达时间", "动态复核完成时限", "冬春救助完成时间")
WORDS = ("困难群众基本生活", "救助服务能力", "社会救助制度", "机构管理水平")
EFFECTS = (
    ("得到改善", "得到改善"),
    ("有效保障", "有效保障"),
    ("不断提升", "不断提升"),
    ("持续完善", "持续完善"),
)
UNDONE = ("延期至次年完成", "尚未验收", "正在建设", "未达预期", "仅部分完成", "暂未开展")
WHOLES = ("救助对象总数", "供养机构床位总数", "受理申请件数")
LEVELS = (
    ("一级指标", "二级指标", "三级指标"),
    ("一级", "二级", "三级"),
    ("一级指标", "二级指标", "指标名称"),
)
TARGETS = (
    "年度指标值",
    "年初目标值",
    "设定值",
    "计划值",
    "绩效目标值",
    "指标值",
    "预期指标值",
    "年度目标值",
    "目标值",
)
ACTUALS = (
    "实际完成值",
    "全年完成值",
    "全年实际值",
    "实际值",
    "达到值",
    "完成值",
    "实际完成情况",
    "年末完成值",
)
POINTS = ("分值", "标准分", "满分", "权重（分）", "分值权重")
SCORES = ("得分", "自评得分", "自评分", "评价得分", "单位自评得分")
REASONS = ("偏差原因分析及改进措施", "未完成原因分析", "备注", "偏差原因", "说明")
MONEY = (
    ("年初预算数", "全年预算数", "全年执行数"),
    ("年初预算", "调整后预算", "实际支出"),
    ("预算申报数", "预算下达数", "预算执行数"),
    ("年初批复数", "资金下达数", "全年支出数"),
    ("", "年初预算数", "全年执行数"),
)


DOWNWARDS = "预算执行（万元）"
"""Label of a table of funds that reaches down to the row of the total, which has no label of its own."""
CONCLUDED = 0.3
"""Share of forms with a conclusion below the table."""


@dataclass(frozen=True)
class Row:
    """An indicator's row."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    points: Decimal
    score: Decimal
    sign: str = ""
    reason: str = ""


@dataclass(frozen=True)
class MadeForm:
    """A form.

    Attributes
    ----------
    layout : str
        flat, project, points in headings, total in head, second heading row.
    headings : tuple of str
        Of levels, target, actual, points, score, reason.
    money : tuple of str
        Headings of the funds; the first is blank where there is no such column.
    budget, executed : Decimal
    own, carried : tuple of Decimal
        Budget and money spent of the year's allotment, and of what was carried over.
    rate, execution : str, Decimal
        Stated rate and score of execution, of 10 points.
    rows : tuple of Row
    total_points, total : Decimal
    grade : str
    of_funds : str
        Label of the table of funds.
    of_execution : tuple of str
        Headings of its points, rate and score.
    conclusion : str
        What is said below the table, if anything.
    """

    layout: str
    headings: tuple[str, ...]
    money: tuple[str, str, str]
    budget: Decimal
    executed: Decimal
    own: tuple[Decimal, Decimal]
    carried: tuple[Decimal, Decimal]
    rate: str
    execution: Decimal
    rows: tuple[Row, ...]
    total_points: Decimal
    total: Decimal
    grade: str
    of_funds: str = "项目资金（万元）"
    of_execution: tuple[str, str, str] = ("分值", "执行率", "得分")
    conclusion: str = ""

    def grid(self) -> list[list[str]]:
        """Rows of cells."""
        level1, level2, level3, target, actual, points, score, reason = self.headings
        flat, apart = self.layout == "flat", self.layout != "points in headings"
        head = [
            ["项目支出绩效自评表"],
            ["（2023年度）"],
            ["项目名称", "", "困难群众救助"],
            ["主管部门", "", "南汀县民政局", "", "实施单位", "南汀县民政局"],
        ]
        if self.layout == "total in head":
            head += [["自评得分", "", f"{self.total}", "", "自评等级", self.grade]]
        sheet = [] if flat else head
        planned, budget, executed = self.money
        rest = self.carried
        if not flat:
            sheet += [
                [self.of_funds, "", "", planned, budget, executed, *self.of_execution],
                [
                    "",
                    "" if self.of_funds == DOWNWARDS else "年度资金总额",
                    "",
                    f"{self.budget}" if planned else "",
                    f"{self.budget}",
                    f"{self.executed}",
                    "10",
                    self.rate,
                    f"{self.execution}",
                ],
                [
                    "",
                    "其中：当年财政拨款",
                    "",
                    f"{self.own[0]}" if planned else "",
                    f"{self.own[0]}",
                    f"{self.own[1]}",
                    "—",
                    "",
                    "—",
                ],
                [
                    "",
                    "上年结转资金",
                    "",
                    f"{rest[0]}" if planned else "",
                    f"{rest[0]}",
                    f"{rest[1]}",
                    "—",
                    "",
                    "—",
                ],
            ]
        values = [target, actual, *([points] if apart else []), score, reason]
        if self.layout == "second heading row":
            sheet += [["绩效指标", "", "", *values], [level1, level2, level3]]
        else:
            sheet += [[level1, level2, level3, *values]]
        before1 = before2 = ""
        sums: dict[str, Decimal] = {}
        for row in self.rows:
            sums[row.level1] = sums.get(row.level1, Decimal(0)) + row.points
        for row in self.rows:
            one = row.level1 if apart else f"{row.level1}（{sums[row.level1]}分）"
            one, two = (
                (one if row.level1 != before1 or flat else ""),
                (row.level2 if row.level2 != before2 or flat else ""),
            )
            before1, before2 = row.level1, row.level2
            name = row.name if apart else f"{row.name}（{row.points}分）"
            sheet.append(
                [
                    one,
                    two,
                    name,
                    f"{row.sign}{row.target}",
                    row.actual,
                    *([f"{row.points}"] if apart else []),
                    f"{row.score}",
                    row.reason,
                ]
            )
        if self.layout != "total in head":
            sheet.append(
                ["总分", "", "", "", "", *([f"{self.total_points}"] if apart else []), f"{self.total}"]
            )
        if self.conclusion:
            sheet.append(["评价结论", self.conclusion])
        width = max(map(len, sheet))
        return [line + [""] * (width - len(line)) for line in sheet]

    def write(self, path: Path) -> None:
        """Write the form as CSV."""
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(self.grid())


@dataclass(frozen=True)
class Planted:
    """A form with a fault, its kind and what was done."""

    kind: str
    form: MadeForm
    told: str


def _shares(random: Random, total: int, parts: int) -> list[Decimal]:
    cuts = sorted(random.sample(range(1, total // 2), parts - 1)) if parts > 1 else []
    return [Decimal(2 * (b - a)) for a, b in zip([0, *cuts], [*cuts, total // 2], strict=True)]


def right(random: Random) -> MadeForm:
    """Draw a form that nothing can be said against."""
    layout = random.choice(
        ("flat", "project", "project", "points in headings", "total in head", "second heading row")
    )
    flat = layout == "flat"
    made: list[tuple[str, str, str, str, str, str, str]] = []
    for name, unit in random.sample(COUNTS, random.randint(1, 3)):
        aim = random.randint(3, 9) * 10 ** random.randint(0, 3) + random.randint(0, 9)
        made.append(
            (
                "产出指标",
                "数量指标",
                name,
                MORE,
                f"{aim}{unit}",
                f"{aim + random.randint(0, max(aim // 20, 1))}{unit}",
                "count",
            )
        )
    for name in random.sample(BETTER_MORE, random.randint(1, 3)):
        aim = random.randint(85, 98)
        made.append(
            (
                "产出指标",
                "质量指标",
                name,
                random.choice((MORE, MORE, "")),
                f"{aim}%",
                f"{random.randint(aim, 99)}.{random.randint(0, 9)}%",
                "more",
            )
        )
    for name in random.sample(BETTER_FEWER, random.randint(0, 2)):
        aim = random.randint(2, 6)
        made.append(
            (
                "产出指标",
                "质量指标",
                name,
                random.choice((FEWER, FEWER, "")),
                f"{aim}%",
                f"{random.randint(0, aim - 1)}.{random.randint(0, 9)}%",
                "fewer",
            )
        )
    if random.random() < 0.7:
        month = random.randint(6, 12)
        day = random.choice((10, 20, 30))
        made.append(
            (
                "产出指标",
                "时效指标",
                random.choice(TASKS),
                "",
                f"{month}月{day}日前",
                f"{month - random.randint(0, 2)}月{random.randint(1, 9)}日完成",
                "date",
            )
        )
    if random.random() < 0.7:
        name, unit = random.choice(COSTS)
        aim = random.randint(40, 900)
        made.append(
            (
                "产出指标",
                "成本指标",
                name,
                FEWER,
                f"{aim}{unit}",
                f"{aim - random.randint(0, aim // 10)}{unit}",
                "cost",
            )
        )
    for name, (aim_words, done) in zip(
        random.sample(WORDS, random.randint(1, 2)), random.sample(EFFECTS, 2), strict=False
    ):
        made.append(("效益指标", "社会效益指标", name, "", aim_words, done, "words"))
    aim = random.randint(85, 95)
    made.append(
        (
            "满意度指标",
            "服务对象满意度指标",
            random.choice(("救助对象满意度", "受助群众满意度", "服务对象满意度")),
            MORE,
            f"{aim}%",
            f"{random.randint(aim, 99)}%",
            "satisfied",
        )
    )
    sizes = {"产出指标": 60 if flat else 50, "效益指标": 30, "满意度指标": 10}
    points = {
        part: _shares(random, size, sum(row[0] == part for row in made)) for part, size in sizes.items()
    }
    rows = tuple(Row(*row[:3], row[4], row[5], full := points[row[0]].pop(), full, row[3]) for row in made)
    budget = Decimal(random.randint(5000, 900000)) / 100
    spent = random.choice((Decimal(1), Decimal(random.randint(9000, 9999)) / 10000))
    executed = (budget * spent).quantize(Decimal("0.01"), ROUND_HALF_UP)
    carried = (budget * Decimal(random.choice(("0", "0.1")))).quantize(Decimal("0.01"))
    share = executed / budget
    score = min((share * 10).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal(10))
    total = sum((row.score for row in rows), Decimal(0)) + (0 if flat else score)
    return MadeForm(
        layout=layout,
        headings=(*random.choice(LEVELS), *map(random.choice, (TARGETS, ACTUALS, POINTS, SCORES, REASONS))),
        money=random.choice(MONEY),
        budget=budget,
        executed=executed,
        own=(budget - carried, executed - carried),
        carried=(carried, carried),
        rate=f"{(share * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%",
        execution=score,
        rows=rows,
        total_points=Decimal(100),
        total=total,
        grade="优",
        of_funds=random.choice(("项目资金（万元）", "资金投入情况（万元）", DOWNWARDS)),
        of_execution=random.choice(
            (("分值", "执行率", "得分"), ("执行率权重（分）", "执行率（%）", "执行率得分（分）"))
        ),
        conclusion=f"项目自评得分{total}分，完成较好。" if random.random() < CONCLUDED else "",
    )


# -- one fault each; None where the form has nothing to damage


def _row(form: MadeForm, random: Random, wanted: Callable[[Row], bool]) -> int | None:
    fitting = [at for at, row in enumerate(form.rows) if wanted(row)]
    return random.choice(fitting) if fitting else None


def _with(form: MadeForm, at: int, **cells: object) -> MadeForm:
    row = replace(form.rows[at], **cells)  # type: ignore[arg-type]
    return replace(form, rows=(*form.rows[:at], row, *form.rows[at + 1 :]))


def _number(text: str) -> Decimal:
    return Decimal("".join(c for c in text if c.isdigit() or c == "."))


def missed(form: MadeForm, random: Random) -> MadeForm | None:
    """A target missed and full points given."""
    at = _row(form, random, lambda row: row.name in BETTER_MORE and bool(row.sign))
    return (
        None
        if at is None
        else _with(form, at, actual=f"{_number(form.rows[at].target) - random.randint(3, 20)}%")
    )


def missed_unsigned(form: MadeForm, random: Random) -> MadeForm | None:
    """A target without a sign missed, where the name says that more is better."""
    at = _row(form, random, lambda row: row.name in BETTER_MORE and not row.sign)
    return (
        None
        if at is None
        else _with(form, at, actual=f"{_number(form.rows[at].target) - random.randint(3, 20)}%")
    )


def exceeded(form: MadeForm, random: Random) -> MadeForm | None:
    """More than allowed, where fewer is better, and full points given."""
    at = _row(form, random, lambda row: row.name in BETTER_FEWER)
    return (
        None
        if at is None
        else _with(form, at, actual=f"{_number(form.rows[at].target) + random.randint(2, 9)}%")
    )


def dear(form: MadeForm, random: Random) -> MadeForm | None:
    """Dearer than allowed."""
    at = _row(form, random, lambda row: row.level2 == "成本指标")
    if at is None:
        return None
    aim = form.rows[at].target
    unit = aim.lstrip("0123456789.")
    return _with(form, at, actual=f"{int(_number(aim) * Decimal('1.2')) + 2}{unit}")


def late(form: MadeForm, random: Random) -> MadeForm | None:
    """Later than the deadline."""
    at = _row(form, random, lambda row: row.level2 == "时效指标")
    return (
        None
        if at is None
        else _with(form, at, actual=f"次年{random.randint(1, 3)}月{random.randint(1, 28)}日完成")
    )


def undone(form: MadeForm, random: Random) -> MadeForm | None:
    """Said in words not to be done, full points."""
    at = _row(form, random, lambda row: row.level1 == "效益指标")
    return None if at is None else _with(form, at, actual=random.choice(UNDONE))


def above_points(form: MadeForm, random: Random) -> MadeForm | None:
    """More points than there are, the total as before."""
    at = random.randrange(len(form.rows))
    return _with(form, at, score=form.rows[at].points + random.randint(1, 3))


def wrong_total(form: MadeForm, random: Random) -> MadeForm | None:
    """A total that is not the sum."""
    return replace(form, total=form.total - random.randint(1, 9))


def wrong_points(form: MadeForm, random: Random) -> MadeForm | None:
    """Points of a row that no longer add up to the total; the score with it."""
    if form.layout == "total in head":
        return None
    at = _row(form, random, lambda row: row.points > 2)
    return (
        None
        if at is None
        else _with(form, at, points=form.rows[at].points - 2, score=form.rows[at].points - 2)
    )


def wrong_rate(form: MadeForm, random: Random) -> MadeForm | None:
    """A rate that the money does not give."""
    if form.layout == "flat":
        return None
    return replace(form, rate=f"{Decimal(form.rate.rstrip('%')) - random.randint(3, 30)}%")


def wrong_execution(form: MadeForm, random: Random) -> MadeForm | None:
    """A score of execution that the rate does not give, and a total with it."""
    if form.layout == "flat":
        return None
    less = form.execution - Decimal(random.randint(8, 40)) / 10
    return replace(form, execution=less, total=form.total - form.execution + less)


def wrong_funds(form: MadeForm, random: Random) -> MadeForm | None:
    """A part of the funds that no longer adds up to the total."""
    if form.layout == "flat":
        return None
    budget, executed = form.own
    return replace(form, own=(budget, executed - (executed / random.randint(3, 9)).quantize(Decimal("0.01"))))


def above_whole(form: MadeForm, random: Random) -> MadeForm | None:
    """Satisfaction or a share above 100 %."""
    at = _row(
        form, random, lambda row: "满意度" in row.name or row.name in {"对象认定准确率", "救助政策知晓率"}
    )
    return None if at is None else _with(form, at, actual=f"{random.randint(101, 130)}%")


def grown_tenfold(form: MadeForm, random: Random) -> MadeForm | None:
    """Ten times as much as asked."""
    at = _row(form, random, lambda row: row.level2 == "数量指标")
    if at is None:
        return None
    text = form.rows[at].actual
    unit = text.lstrip("0123456789.")
    return _with(form, at, actual=f"{_number(text) * 10}{unit}")


def other_unit(form: MadeForm, random: Random) -> MadeForm | None:
    """People counted where visits were asked, and the other way."""
    at = _row(form, random, lambda row: row.target.endswith(("人", "人次", "户")))
    if at is None:
        return None
    text = form.rows[at].actual
    turned = (
        text.removesuffix("人次") + "户"
        if text.endswith("人次")
        else text.removesuffix("户") + "人"
        if text.endswith("户")
        else text + "次"
    )
    return _with(form, at, actual=turned)


def without_basis(form: MadeForm, random: Random) -> MadeForm | None:
    """Full points without target and actual value."""
    at = random.randrange(len(form.rows))
    return _with(form, at, target="", actual="", sign="")


def only_done(form: MadeForm, random: Random) -> MadeForm | None:
    """A number asked, 已完成 answered."""
    at = _row(form, random, lambda row: row.level2 == "数量指标")
    return None if at is None else _with(form, at, actual="已完成")


def behind_words(form: MadeForm, random: Random) -> MadeForm | None:
    """Fewer than asked, told in words with a number."""
    at = _row(form, random, lambda row: row.level2 == "数量指标" and _number(row.target) > 9)
    if at is None:
        return None
    aim = form.rows[at].target
    fewer = int(_number(aim) * Decimal("0.8"))
    words = random.choice(("已完成", "共计", "新增", "全年实施"))
    return _with(form, at, actual=f"{words}{fewer}{aim.lstrip('0123456789.')}")


def concluded(form: MadeForm, random: Random) -> MadeForm | None:
    """Another total in the conclusion than in the table."""
    said = f"项目自评得分{form.total - random.randint(1, 9)}分，完成较好。"
    return replace(form, conclusion=said) if form.conclusion else None


def happened(form: MadeForm, random: Random) -> MadeForm | None:
    """Something that was not to happen, told in words."""
    at = _row(form, random, lambda row: row.level1 == "效益指标")
    said = random.choice(("发生2起群体性事件", "出现3起上访", "查出5户漏保"))
    return None if at is None else _with(form, at, target="保持稳定", actual=said)


def wrong_grade(form: MadeForm, random: Random) -> MadeForm | None:
    """A grade that the total does not give."""
    return replace(form, grade=random.choice("良中差")) if form.layout == "total in head" else None


FAULTS: dict[str, Callable[[MadeForm, Random], MadeForm | None]] = {
    "目标没有完成，得满分": missed, "没有符号的目标没有完成": missed_unsigned, "超过上限，得满分": exceeded, "成本超过": dear,
    "逾期，得满分": late, "文字写明没有完成": undone, "得分超过分值": above_points, "总分不是各行之和": wrong_total,
    "分值合计不符": wrong_points, "执行率不符": wrong_rate, "执行得分不符": wrong_execution, "资金各项不等于总额": wrong_funds,
    "比例超过100%": above_whole, "差十倍": grown_tenfold, "单位不同": other_unit, "没有目标和完成值": without_basis,
    "文字里的数少于目标": behind_words, "结论的得分与总分不符": concluded, "发生了不该发生的": happened,
    "要数只答完成": only_done, "等次与总分不符": wrong_grade,
}  # fmt: skip


def planted(form: MadeForm, random: Random) -> Planted:
    """The form with one fault of a kind drawn at random."""
    kinds = list(FAULTS)
    random.shuffle(kinds)
    for kind in kinds:
        if (damaged := FAULTS[kind](form, random)) is not None:
            old, new = form.grid(), damaged.grid()
            told = "；".join(
                f"{a}→{b}"
                for one, other in zip(old, new, strict=True)
                for a, b in zip(one, other, strict=False)
                if a != b
            )
            return Planted(kind, damaged, told)
    raise LookupError(form.layout)
