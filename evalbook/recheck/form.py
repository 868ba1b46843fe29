"""A filled-in self-evaluation form (绩效自评表) of any county, found in a spreadsheet.

The layouts are those of the project form (项目支出绩效自评表), of the form for transfers (绩效目标自评表), which may
have no points, and of flat lists with the same headings. Columns are known by their headings, whatever their order;
what the cells mean is judged elsewhere.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from evalbook.errors import EvalbookError
from evalbook.reading.workbook import Sheet, SheetCell, file_name, read_sheets
from evalbook.schema.numbers import read_number
from evalbook.schema.text import clean

BLANK = SheetCell("", 0, 0, 0)


class _Row:
    """A row whose cells are known by kind of column."""

    cells: Mapping[str, SheetCell]

    def cell(self, kind: str) -> SheetCell:
        """Cell of a kind; a blank one where there is no such column."""
        return self.cells.get(kind, BLANK)

    def number(self, kind: str) -> Decimal | None:
        """What :func:`evalbook.schema.numbers.read_number` reads in a cell."""
        return read_number(self.cell(kind).text)


@dataclass(frozen=True)
class FundRow(_Row):
    """A row of the funds.

    Attributes
    ----------
    row : int
        As Excel counts it.
    label : str
        Such as 年度资金总额 or 其中：本年财政拨款.
    cells : mapping of str to SheetCell
        By kind of column: planned, budget, executed, points, rate, score, weight, converted.
    """

    row: int
    label: str
    cells: Mapping[str, SheetCell]

    @property
    def is_total(self) -> bool:
        """Whether it is the row that the others add up to."""
        return bool(re.search("资金总额|预算总额|总额|合计|总计", self.label))


@dataclass(frozen=True)
class IndicatorRow(_Row):
    """A row of the indicators.

    Attributes
    ----------
    row : int
        As Excel counts it.
    level1, level2, name : str
        Levels carried downwards where cells are merged or left blank; the name is the third level.
    cells : mapping of str to SheetCell
        By kind of column: target, actual, points, score, reason, unit, sign, weight, converted, rate.
    named : bool
        Whether the name stands in this very row.
    """

    row: int
    level1: str
    level2: str
    name: str
    cells: Mapping[str, SheetCell]
    named: bool = True

    @property
    def is_execution(self) -> bool:
        """Whether it scores how much of the budget was spent."""
        return bool(re.search("预算执行|资金执行", self.level1 + self.level2) or "预算执行率" in self.name)


@dataclass(frozen=True)
class TotalRow:
    """The row 总分, or a 小计 of the rows above it since the last one."""

    row: int
    points: SheetCell
    score: SheetCell


@dataclass(frozen=True)
class Form:
    """A form as it was filled in.

    Attributes
    ----------
    file : str
        Name of the file, with the sheet where the workbook has several forms.
    sheet, title, project, year : str
        Empty where the form does not say.
    money : str
        Unit of the funds, 万元 unless the form says otherwise.
    columns : frozenset of str
        Kinds of columns that the table of indicators has.
    funds : tuple of FundRow
    indicators : tuple of IndicatorRow
    total : TotalRow or None
    subtotals : tuple of TotalRow
    grade : SheetCell or None
        Cell with the word of the grade.
    grade_word : str
        The word itself; empty where it cannot be told.
    notices : tuple of str
        What was not read, in Chinese.
    errors : tuple of SheetCell
        Cells that show an error value, such as #REF!, wherever they stand.
    whole : Form or None
        The form with its hidden rows and columns, where something stands in these.
    """

    file: str
    sheet: str
    title: str
    project: str
    year: str
    money: str
    columns: frozenset[str]
    funds: tuple[FundRow, ...]
    indicators: tuple[IndicatorRow, ...]
    total: TotalRow | None
    subtotals: tuple[TotalRow, ...]
    grade: SheetCell | None
    grade_word: str
    notices: tuple[str, ...]
    errors: tuple[SheetCell, ...] = ()
    whole: Form | None = None

    @property
    def has_points(self) -> bool:
        """Whether it scores at all; the form for transfers reports completion alone."""
        return "points" in self.columns or "score" in self.columns


def _unspaced(text: str) -> str:
    """Text without spaces."""
    return re.sub(r"\s", "", text)


def _half_width(text: str) -> str:
    """Text without spaces and full-width forms."""
    return _unspaced(unicodedata.normalize("NFKC", text))


def key(text: str) -> str:
    """Text without spaces, full-width forms and what stands in brackets; for comparing headings and labels."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", _half_width(text)).strip(":*★☆")


# The first that fits counts. 分值 and 权重 are both used for the points; only a column of its own is a weight.
INDICATOR_COLUMNS = (
    ("level1", r"一级指标.*"),
    ("level2", r"二级指标.*"),
    ("level3", r"三级指标.*|指标名称|具体指标|指标内容"),
    ("converted", r".*(折算|加权).*得分"),
    ("weight", r".*权重占比.*|权重%?|指标权重%?|权重比例|权重系数"),
    ("reason", r".*(原因|改进措施).*|偏差(情况|分析|说明).*"),
    ("rate", r".*(完成率|完成比例|完成比率|完成进度|执行率)%?"),
    ("score", r".*(得分|自评分|自评分数)|评分|自评"),
    ("points", r".*分值.*|标准分|满分|权重分|分数"),
    ("unit", r"(计量|指标|度量)?单位"),
    ("sign", r".*符号|指标方向|指标性质|指标类型|计算方向"),
    ("actual", r".*(实际|完成值|完成指标值|全年完成).*|完成情况|指标完成情况|完成数"),
    ("target", r".*(指标值|目标值|计划值|预期值|计划完成).*|(年度|绩效|年初|预期|计划)?目标|标准值|计划数"),
    ("outcome", r".*完成情况"),
)
FUND_COLUMNS = (
    ("planned", r"年初预算.*|年初数|年初安排.*|预算申报数"),
    ("arrived", r".*到位.*"),
    ("rate", r".*(执行率|执行进度|支出进度).*"),
    ("executed", r".{0,6}(执行|支出|使用|决算)(数|金额|额)"),
    ("budget", r".{0,6}预算(数|金额|额)|.{0,4}预算安排(数|情况)?|预算|预算指标数|计划数"),
    ("score", r".*得分|自评分"),
    ("points", r".*分值|权重|满分"),
)
SUBHEADINGS = (
    ("sign", r".*符号"),
    ("unit", r"单位|计量单位"),
    ("converted", r".*(折算|加权).*得分"),
    ("weight", r".*权重占比.*|权重%?"),
    ("score", r".*得分"),
    ("target", r"指标值|目标值|数值|值"),
)
TOTAL = re.compile(
    r"(?:自评|综合|绩效|评价|最终|最后)*"
    r"(?:总分|总得分|总评分|合计|总计|得分合计|合计得分|总分合计|分数合计|总分值|(?<=[评合效价终后])得分|(?<=综合)评分)(?:得分)?"
    r"(?::?(\d+(?:\.\d+)?)分?)?"
)
SUBTOTAL = re.compile(
    r".*小计|(?:(?:预算执行|产出|效益|效果|满意度|成本|过程|投入|绩效|各项)?指标|预算执行)(?:得分|分值)?合计"
)
GRADE_LABEL = re.compile(
    r"(?:自评|绩效|评价|综合|考核|评定|结果|单位|项目|部门|整体)*(?:等级|等次|档次|评级)(?:结果)?(?:[:(](.*)|(优.?|良.?|中|差))?"
)
GRADES = ("优秀", "良好", "不合格", "合格", "较差", "一般", "优", "良", "中", "差")
GRADE_BEHIND = re.compile(rf"[(（]({'|'.join(GRADES)})[)）]\s*$")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
NOTE_MARKS = re.compile("[①-⑳㉑-㉟㊱-㊿]|（[1-9][0-9]+）")
"""Numbers of notes, those of this project's forms from ① and （11）: a cell that holds nothing else is not filled in."""

WORKING = "底稿"
"""In the name of a sheet that is not handed in."""

MARKS, BOXES = "☑√■✓✔☒", "□☐○◯"
NOTE = re.compile(
    r"(?:注\d*|说明|备注|填[表报](?:人|日期|单位|说明)|联系(?:人|电话|方式)|(?:单位|项目)?负责人|(?:审核|制表|经办)人|日期)(?::|$)"
)
DASH = re.compile(r"[-—–－/\\.…·、\s]*")
PLACEHOLDER = re.compile(rf"(?:指标\d*:?)?{DASH.pattern}")
TOTAL_HEADINGS = (
    ("points", r"总分值|满分|分值"),
    ("score", r"总得分|自评总分|得分|自评得分"),
    ("grade", r"自评等级|评价等级|等级|等次|自评等次"),
)
VALUES = ("target", "actual", "points", "score")
"""Columns that hold what a row of an indicator says."""
MONEY_LABEL = re.compile(r"资金|拨款|补助|结转|结余|自筹|预算|经费|财政|中央|省级|市级|县级|总额|合计")
PROJECT = r"(转移支付)?(\(?项目\)?)?名称|项目名称"
MONEY_UNIT = "(亿元|万元|千元|元)"
MONEY_IN_BRACKETS = re.compile(rf"(?:资金|金额|预算)[^()（）]{{0,6}}[(（]\s*{MONEY_UNIT}\s*[)）]")
EXECUTION = re.compile(r"(预算|资金|项目资金).{0,4}(执行|投入|情况)|项目资金|预算资金|预算执行率?")


def read_forms(path: Path) -> tuple[Form, ...]:
    """Read every form of a file.

    Parameters
    ----------
    path
        A workbook, a Word document or a CSV file, anywhere.

    Returns
    -------
    tuple of Form
        At least one.

    Raises
    ------
    EvalbookError
        The file cannot be read, or holds no form.
    """
    sheets, notices = read_sheets(path)
    name = file_name(path)
    every = [(sheet, part) for sheet in sheets for part in _parts(_unmarked(sheet.seen().rows))]
    # Beside what is handed in, a workbook may hold its working papers, whose ranges are no values of the form.
    found = [(sheet, part) for sheet, part in every if WORKING not in sheet.name] or every
    if not found:
        notices = (*notices, *(_hidden(name, sheet) for sheet in sheets if sheet.hidden_places()))
        raise EvalbookError(
            f"{name}：没有找到自评表。自评表应有“一级指标、二级指标、三级指标、年度指标值、实际完成值、分值、得分”等列名。"
            + "".join(f"{notice.removesuffix('。')}。" for notice in notices)
            + "请检查列名是否改动过、选的文件是否正确。"
        )
    several = len(found) > 1
    forms = []
    for number, (sheet, part) in enumerate(found, start=1):
        file = name
        if several:
            file += f"“{sheet.name}”" if [s for s, _ in found].count(sheet) == 1 else f"第{number}张表"
        told = [*notices, *([f"{file}：表太大，后面的行列没有读。"] if sheet.cut else [])]
        whole = _with_hidden(sheet, part)
        if whole:
            told.append(
                f"{file}：{sheet.hidden_places()}是隐藏的，里面有内容，没有算进来。要算的，请取消隐藏后再试。"
            )
        form = _Reading(part).form(file, sheet.name, tuple(told))
        forms.append(replace(form, whole=_Reading(whole).form(file, sheet.name, ()) if whole else None))
    filled = [form for form in forms if form.indicators or any(map(_is_filled, form.funds))]
    if not filled:
        raise EvalbookError(f"{name}：自评表是空的，没有填写指标。请选填好的自评表。")
    # A workbook may hold the forms of the year's plan and monitoring, too.
    evaluations = [form for form in filled if form.has_points or "自评" in form.title + form.sheet] or filled
    others = [form.sheet for form in filled if form not in evaluations]
    papers = [sheet.name for sheet, part in every if (sheet, part) not in found]
    left_out = tuple(
        f"{name}：工作表“{sheet}”{why}，没有核算。"
        for listed, why in ((others, "看来不是自评表"), (papers, f"是{WORKING}"))
        for sheet in listed
    )
    return tuple(replace(form, notices=(*form.notices, *left_out)) for form in evaluations)


def _hidden(file: str, sheet: Sheet) -> str:
    return f"{file}：{sheet.hidden_places()}是隐藏的，里面有内容，没有算进来。要算的，请取消隐藏后再试。"


def _with_hidden(sheet: Sheet, part: Rows) -> Rows | None:
    """The part of a sheet with its hidden rows and columns; None where nothing stands in these."""
    if not sheet.hidden_places():
        return None
    parts = list(_parts(_unmarked(sheet.rows)))
    numbers = {row[0].row for row in part}
    return max(parts, key=lambda rows: len(numbers & {row[0].row for row in rows}), default=None)


def _is_filled(fund: FundRow) -> bool:
    return any(fund.cell(kind).text for kind in ("budget", "executed", "score"))


Rows = Sequence[Sequence[SheetCell]]
Span = tuple[int, int]
"""First and last column below a heading."""


def _unmarked(rows: Rows) -> Rows:
    """Rows in which cells that hold marks of notes alone are blank."""

    def is_mark(cell: SheetCell) -> bool:
        return bool(cell.text) and not NOTE_MARKS.sub("", cell.text)

    return [[replace(cell, text="") if is_mark(cell) else cell for cell in row] for row in rows]


def _parts(rows: Rows) -> Iterator[Rows]:
    """Rows of each form of a sheet: a new one begins with its 项目名称 after indicators."""
    start, headed = 0, False
    for at, row in enumerate(rows):
        first = next((key(cell.text) for cell in row if cell.text), "")
        if headed and re.fullmatch(PROJECT, first):
            # The title stands above, after a blank row or at once.
            begin = at
            while begin - 1 > start and len({cell.text for cell in rows[begin - 1] if cell.text}) == 1:
                begin -= 1
            yield rows[start:begin]
            start, headed = begin, False
        headed = headed or _kinds(row, INDICATOR_COLUMNS) is not None
    if headed:
        yield rows[start:]


def _kind(text: str, columns: Sequence[tuple[str, str]]) -> str | None:
    """Kind of column that a heading names."""
    return next((kind for kind, pattern in columns if re.fullmatch(pattern, text)), None)


def _kinds(row: Sequence[SheetCell], columns: Sequence[tuple[str, str]]) -> dict[str, Span] | None:
    """Columns of each kind, from first to last, if the row is a heading of these columns."""
    found: dict[str, Span] = {}
    texts = {cell.column: key(cell.text) for cell in row if cell.text}
    for place, (column, text) in enumerate(texts.items()):
        after = list(texts)[place + 1] if place + 1 < len(texts) else max(column, row[column].right) + 1
        if len(text) > 25:
            continue
        kind = _kind(text, columns)
        # The heading above the labels may speak of the budget too; the adjusted one counts.
        adjusted = kind == "budget" and re.search("调整|全年", text)
        # Some forms have points of each level; those of the indicators stand behind their names.
        behind = kind == "points" and found.get("points", (0, 0)) < found.get("level3", (0, 0))
        if kind and (kind not in found or adjusted or behind):
            found[kind] = (column, after - 1)
    if columns is INDICATOR_COLUMNS:
        levels = {"level1", "level2", "level3"} & found.keys()
        if "actual" not in found and "outcome" in found:
            found["actual"] = found["outcome"]
        if "weight" in found and "points" not in found and "converted" not in found:
            found["points"] = found.pop("weight")
        # A list of targets alone is no self-evaluation.
        complete = levels and {"actual", "score"} & found.keys() and len(found) >= 3
    else:
        complete = {"budget", "executed"} <= found.keys() or {"planned", "executed"} <= found.keys()
    return found if complete else None


class _Reading:
    """What is gathered while the rows of a form are read from top to bottom."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.funds: list[FundRow] = []
        self.indicators: list[IndicatorRow] = []
        self.subtotals: list[TotalRow] = []
        self.total: TotalRow | None = None
        self.grade: SheetCell | None = None
        self.grade_word = ""
        self.columns: dict[str, Span] = {}
        self.seen: set[str] = set()
        self.total_columns: dict[str, int] = {}
        self.level1 = self.level2 = self.name = ""

    def form(self, file: str, sheet: str, notices: tuple[str, ...]) -> Form:
        """Read the rows."""
        fund_columns: dict[str, Span] = {}
        skip = -1
        for at, (row, below) in enumerate(itertools.pairwise([*self.rows, ()])):
            self._look_for_grade(row)
            if at == skip:
                continue
            if kinds := _kinds(row, INDICATOR_COLUMNS):
                if second := _second_heading(below, kinds):
                    kinds, skip = second, at + 1
                self.columns, fund_columns = kinds, {}
                self.seen |= kinds.keys()
            elif kinds := _kinds(row, FUND_COLUMNS):
                fund_columns, self.columns = kinds, {}
            elif self.columns:
                self._indicator(row)
            elif fund_columns and not self._fund(row, fund_columns):
                fund_columns = {}
        heads = [[cell.text for cell in row if cell.text or cell.error] for row in self.rows[:12]]
        texts = list(itertools.chain(*heads))
        title = next((text for text in texts if re.search("自评", text)), "")
        year = next((m[1] for text in texts if (m := re.search(r"(20\d\d)\s*年度?", text))), "")
        pairs = (pair for row in heads for pair in itertools.pairwise(row))
        project = next((name for label, name in pairs if re.fullmatch(PROJECT, key(label))), "")
        return Form(
            file,
            sheet,
            clean(title),
            clean(project),
            year,
            self._money(),
            frozenset(self.seen),
            tuple(self.funds),
            _parts_to_headings(self.indicators),
            self.total,
            tuple(self.subtotals),
            self.grade,
            self.grade_word,
            notices,
            tuple(cell for row in self.rows for cell in row if cell.error),
        )

    def _money(self) -> str:
        texts = " ".join(cell.text for row in self.rows[:30] for cell in row if cell.text)
        said = MONEY_IN_BRACKETS.search(texts) or re.search(rf"单位\s*[:：]\s*{MONEY_UNIT}", texts)
        return said[1] if said else "万元"

    def _fund(self, row: Sequence[SheetCell], columns: Mapping[str, Span]) -> bool:
        """Read a row of funds; False when the funds have ended."""
        first = min(column for column, _ in columns.values())
        label = next((_unspaced(cell.text) for cell in reversed(row[:first]) if cell.text), "")
        cells = {kind: _first(row, span) for kind, span in columns.items()}
        filled = any(cell.text or cell.pending for cell in cells.values())
        if not label:
            return not any(cell.text for cell in row)
        if re.search("目标|指标", key(label)) and "资金" not in label:
            return False
        if filled or MONEY_LABEL.search(label):
            self.funds.append(FundRow(row[0].row, clean(label), cells))
        return True

    def _indicator(self, row: Sequence[SheetCell]) -> None:
        cells = {kind: _first(row, span) for kind, span in self.columns.items()}
        for kind in {"target", "actual"} & cells.keys():
            cells[kind] = _joined(row, self.columns[kind], cells)
        texts = [cell for cell in row if cell.text]
        first = texts[0] if texts else BLANK
        if NOTE.match(key(first.text)) or self._is_below_total(row):
            return
        values_at = {span[0] for kind, span in self.columns.items() if kind in VALUES}
        others = [cell for cell in texts if cell.column not in values_at]
        label = key(cells.get("level1", BLANK).text)
        of_funds = EXECUTION.match(label) and not SUBTOTAL.fullmatch(label)
        if not of_funds and any(self._is_total(cell, cells, row) for cell in others):
            return
        level1, level2, name = (cells.get(kind, BLANK) for kind in ("level1", "level2", "level3"))
        values = [k for k in (*VALUES, "converted") if not DASH.fullmatch(cells.get(k, BLANK).text)]
        pending = any(cells[kind].pending for kind in cells.keys() & set(VALUES))
        if not values and not pending and len(first.text) > 25:
            return
        if GRADE_LABEL.fullmatch(key(first.text)) and not {"target", "actual", "points"} & set(values):
            return
        headed = self.level1 or self.level2 or self.name or level1.text or level2.text or name.text
        if not headed and not any(re.search(r"\d", cell.text) for cell in texts):
            return  # 市本级 and 县区 below one heading
        first_level, second_level = (_unspaced(cell.text) for cell in (level1, level2))
        if level1.error or (first_level and first_level != self.level1):
            self.level1, self.level2, self.name = first_level, "", ""
        if level2.error or (second_level and second_level != self.level2):
            self.level2, self.name = second_level, ""
        if name.text or name.error:
            self.name = name.text
        if not values and not pending:
            # That a source of money has no row is one thing, that its row is blank another.
            if name.text and EXECUTION.match(key(self.level1)) and MONEY_LABEL.search(name.text):
                self.funds.append(FundRow(row[0].row, clean(_unspaced(name.text)), {}))
            return
        if PLACEHOLDER.fullmatch(key(self.name)) and values in ([], ["points"]) and name.text:
            return
        shown = self.name or self.level2 or self.level1
        written = IndicatorRow(row[0].row, self.level1, self.level2, shown, cells, bool(name.text))
        if fund := self._as_fund(written):
            self.funds.append(fund)
        else:
            self.indicators.append(written)

    def _as_fund(self, row: IndicatorRow) -> FundRow | None:
        """Flat lists write funds among the indicators: the budget as target, what was spent as actual value."""
        target, actual = row.cell("target").text, row.cell("actual").text
        of_funds = EXECUTION.match(key(row.level1)) and MONEY_LABEL.search(row.name)
        is_rate = ("率" in row.name and row.name != row.level1) or "%" in _half_width(target)
        if not of_funds or is_rate or not (target or actual or row.is_execution):
            return None
        kept = ("points", "score", "rate", "weight", "converted")
        cells = {"budget": row.cell("target"), "executed": row.cell("actual")}
        cells |= {kind: row.cell(kind) for kind in kept if kind in row.cells}
        return FundRow(row.row, clean(_unspaced(row.name)), cells)

    def _is_below_total(self, row: Sequence[SheetCell]) -> bool:
        """Read the total where its points, score and grade have headings of their own: 总分值, 总得分, 自评等级."""
        if columns := self.total_columns:
            self.total_columns = {}
            if self.total and any(row[column].text for column in columns.values()):
                cells = {kind: row[column] for kind, column in columns.items()}
                points, score = cells.get("points", BLANK), cells.get("score", BLANK)
                self.total = replace(self.total, row=row[0].row, points=points, score=score)
                if "grade" in cells:
                    self.grade, self.grade_word = cells["grade"], _grade(key(cells["grade"].text))
                return True
        found = {
            kind: cell.column
            for cell in row
            for kind, pattern in TOTAL_HEADINGS
            if re.fullmatch(pattern, key(cell.text))
        }
        if len(found) < 2 or not {"points", "score"} & found.keys():
            return False
        self.total, self.total_columns = TotalRow(row[0].row, BLANK, BLANK), found
        return True

    def _is_total(self, cell: SheetCell, cells: Mapping[str, SheetCell], row: Sequence[SheetCell]) -> bool:
        text = key(cell.text)
        total = TOTAL.fullmatch(text)
        if not total and not SUBTOTAL.fullmatch(text):
            return False
        points, score = cells.get("points", BLANK), cells.get("score", BLANK)
        if total and total[1] and not score.text:
            score = replace(cell, text=total[1])
        made = TotalRow(row[0].row, points, score)
        if not total:
            self.subtotals.append(made)
            return True
        self.total = made
        for other in row:
            word = key(other.text) if key(other.text) in GRADES else GRADE_BEHIND.search(other.text)
            if word and self.grade is None:
                self.grade, self.grade_word = other, word if isinstance(word, str) else word[1]
        return True

    def _look_for_grade(self, row: Sequence[SheetCell]) -> None:
        texts = [cell for cell in row if cell.text]
        for cell, after in itertools.pairwise([*texts, BLANK]):
            said = GRADE_LABEL.fullmatch(_half_width(cell.text))
            if not said or len(cell.text) > 60 or self.grade is not None:
                continue
            if value := (said[1] or said[2] or "").strip(":)"):
                self.grade, self.grade_word = cell, _grade(value)
            elif value := _half_width(after.text):
                self.grade, self.grade_word = after, _grade(value)


def _grade(text: str) -> str:
    """The one word that a cell says or marks; empty where it names several and marks none."""
    plain = re.sub(r"\([^()]*\)", "", text)
    if plain in GRADES:
        return plain
    words = "|".join(GRADES)
    # A box stands before each word or behind it, as the first character shows.
    ticked = rf"[{MARKS}]({words})" if plain[:1] in f"{BOXES}{MARKS}" else rf"({words})[{MARKS}]"
    chosen = set(re.findall(ticked, plain))
    return chosen.pop() if len(chosen) == 1 else ""


def _second_heading(row: Sequence[SheetCell], kinds: Mapping[str, Span]) -> dict[str, Span] | None:
    """Columns where a second row of headings divides some of the first: 符号, 单位, 折算得分."""
    texts = [cell for cell in row if cell.text]
    found = dict(kinds)
    for place, cell in enumerate(texts):
        kind = _kind(key(cell.text), SUBHEADINGS)
        if kind is None or re.search(r"\d", key(cell.text)):
            return None
        after = texts[place + 1].column if place + 1 < len(texts) else cell.right + 1
        found[kind] = (cell.column, after - 1)
    return found if texts else None


def _parts_to_headings(rows: Sequence[IndicatorRow]) -> tuple[IndicatorRow, ...]:
    """Points in the row of a part, as in "产出指标,,,,,50,48" above its indicators, are stated by its heading."""
    said: dict[tuple[str, str], str] = {}
    kept = []
    for row, below in itertools.zip_longest(rows, rows[1:]):
        states_a_sum = (
            not row.named
            and not any(row.cell(kind).text or row.cell(kind).covered for kind in ("target", "actual"))
            and bool(row.cell("points").text)
            and below is not None
            and below.level1 == row.level1
            and (not row.level2 or below.level2 == row.level2)
            and below.name not in {row.name, ""}
        )
        if not states_a_sum:
            kept.append(row)
        elif not re.search(r"\d", row.level2 or row.level1):
            said[row.level1, row.level2] = f"（{row.cell('points').text.rstrip('分')}分）"
    return tuple(
        replace(
            row,
            level1=row.level1 + said.get((row.level1, ""), ""),
            level2=row.level2 + (said.get((row.level1, row.level2), "") if row.level2 else ""),
        )
        for row in kept
    )


def _first(row: Sequence[SheetCell], span: Span) -> SheetCell:
    cells = row[span[0] : span[1] + 1]
    return next((cell for cell in cells if cell.text or cell.pending), cells[0] if cells else BLANK)


def _joined(row: Sequence[SheetCell], span: Span, cells: Mapping[str, SheetCell]) -> SheetCell:
    """A value may be spread over cells below one heading: sign, number, unit."""
    apart = {cell.column for kind, cell in cells.items() if kind in {"sign", "unit"}}
    texts = [cell for cell in row[span[0] : span[1] + 1] if cell.text and cell.column not in apart]
    if len(texts) < 2:
        return _first(row, span)
    # Two numbers below one heading are those of two places, whatever they mean together.
    several = sum(bool(re.search(r"\d", cell.text)) for cell in texts) > 1
    if not several and len({cell.text for cell in texts}) == 1:
        return _first(row, span)
    return replace(texts[0], text=("；" if several else "").join(cell.text for cell in texts))
