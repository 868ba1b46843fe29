"""Filled-in self-evaluation forms (绩效自评表) of any county, found in a spreadsheet and read row by row.

The layouts are those of the project form (项目支出绩效自评表), of the form for transfers (绩效目标自评表), which may
have no points, and of flat lists with the same headings.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evalbook.errors import EvalbookError
from evalbook.reading.workbook import Sheet, SheetCell, file_name, read_sheets
from evalbook.recheck.form import BLANK, Form, FundRow, IndicatorRow, ManagementRow, TotalRow
from evalbook.recheck.headings import (
    LEVELS,
    NEEDED,
    THIS_YEAR,
    Headings,
    Rows,
    Span,
    amounts_beside,
    amounts_told,
    filled,
    fund_headings,
    half_width,
    indicator_headings,
    key,
    points_stated,
    unspaced,
    with_guesses,
)
from evalbook.recheck.stated import parts_to_headings, points_in, says_sums_alone, with_stated_points
from evalbook.schema.numbers import is_blank, read_number
from evalbook.schema.text import clean, column_letter

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
SENTENCE = 8
"""Characters above which a cell beside the tables is more than a label."""
VALUES = ("target", "actual", "points", "score")
"""Columns that hold what a row of an indicator says."""
MONEY_LABEL = re.compile(r"资金|拨款|补助|结转|结余|自筹|预算|经费|财政|中央|省级|市级|县级|总额|合计")
PROJECT = r"(?:转移支付|专项|专项资金|资金|预算|支出|政策|财政)*(?:项目)?名称"
FIRST_LABEL = re.compile(rf"{PROJECT}|(?:预算|项目|填报)*(?:部门|单位)名称")
"""What a form begins with, after its title."""
HEAD_TOTAL = r"(?:(?:自评|综合|绩效|评价|最终|项目|单位)+(?:总?得分|总?评分|总?分|分数)|总分|总得分)"
HEAD_TOTAL_IN_TEXT = re.compile(rf"{THIS_YEAR}{HEAD_TOTAL}[:为]?(\d+(?:\.\d+)?)分?(?!\d|值)")
MAXIMUM = re.compile(r"满分|分值|权重|其中|(?<![评合效价终目位])总分[:为]?100(?![.\d])")
"""Where 总分 is what can be had."""
PART_OF_POINTS = re.compile("产出|效益|效果|满意度|成本|过程|决策|投入|执行")
NUMBERED_PART = re.compile(
    r"(?:[一二三四五六七]、|\([一二三四五六七]\)).*(?:产出|效益|效果|满意|成本|过程|决策|投入)"
)
MANAGEMENT = re.compile("资金管理情况.*")
MANAGEMENT_ROWS = re.compile(
    r"(?:\d[.、])?(?:资金)?"
    "(分配科学性|下达及时性|拨付合规性|使用规范性|执行准确性|预算绩效管理情况|支出责任履行情况)"
)
UNITS = (
    "(项目)?(具体)?(实施|承担|执行|使用|建设)(单位|部门)|项目单位",
    "(项目|预算|填报|填表|编报|申报|自评|评价|报送|资金使用)?(单位|部门)(全称|名称)?",
    "(预算|项目|业务)?(主管|归口管理)(预算)?(单位|部门)",
)
"""Labels of the unit whose form it is, the nearest first."""
UNIT_OF_OWN = re.compile("[省市县区州盟旗乡镇街局厅委院校馆站]|中心|公司|协会|基金|部$")
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
    forms, unread = [], []
    for number, (sheet, part) in enumerate(found, start=1):
        file = name
        if several:
            file += f"“{sheet.name}”" if [s for s, _ in found].count(sheet) == 1 else f"第{number}张表"
        told = [*notices, *([f"{file}：表太大，后面的行列没有读。"] if sheet.cut else [])]
        whole = _with_hidden(sheet, part)
        if whole:
            told.append(_hidden(file, sheet))
        reading = _Reading(part)
        form = reading.form(file, sheet.name, tuple(told))
        form = replace(form, whole=_Reading(whole).form(file, sheet.name, ()) if whole else None)
        if reading.unread:
            unread.append(f"{file}：{reading.unread}")
        else:
            forms.append(form)
    answered = [form for form in forms if form.indicators or any(map(_is_filled, form.funds))]
    if not answered:
        empty = f"{name}：自评表是空的，没有填写指标。请选填好的自评表。"
        raise EvalbookError("\n".join(unread) or empty)
    # A workbook may hold the forms of the year's plan and monitoring, too.
    evaluations = [
        form for form in answered if form.has_points or "自评" in form.title + form.sheet
    ] or answered
    others = [form.sheet for form in answered if form not in evaluations]
    papers = [sheet.name for sheet, part in every if (sheet, part) not in found]
    left_out = tuple(
        f"{name}：工作表“{sheet}”{why}，没有核算。"
        for listed, why in ((others, "看来不是自评表"), (papers, f"是{WORKING}"))
        for sheet in listed
    )
    return tuple(replace(form, notices=(*form.notices, *unread, *left_out)) for form in evaluations)


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


def _unmarked(rows: Rows) -> Rows:
    """Rows in which cells that hold marks of notes alone are blank."""

    def is_mark(cell: SheetCell) -> bool:
        return bool(cell.text) and not NOTE_MARKS.sub("", cell.text)

    return [[replace(cell, text="") if is_mark(cell) else cell for cell in row] for row in rows]


def _parts(rows: Rows) -> Iterator[Rows]:
    """Rows of each form of a sheet: a new one begins with its title or 项目名称 after indicators."""
    start, headed = 0, False
    for at, row in enumerate(rows):
        texts = [cell.text for cell in row if cell.text]
        first = key(texts[0]) if texts else ""
        if headed and (FIRST_LABEL.fullmatch(first) or _is_new_title(texts, rows[start:at])):
            # The title stands above, after a blank row or at once.
            begin = at
            while begin - 1 > start and len({cell.text for cell in rows[begin - 1] if cell.text}) == 1:
                begin -= 1
            yield rows[start:begin]
            start, headed = begin, False
        headed = headed or indicator_headings(rows, at) is not None
    if headed:
        yield rows[start:]


def _is_new_title(texts: Sequence[str], above: Rows) -> bool:
    """Whether a row is the title of another form, and not that of the same one on its next page."""
    if len(texts) != 1 or not key(texts[0]).endswith("自评表"):
        return False
    return all(cell.text != texts[0] for row in above for cell in row)


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
        self.columns: Mapping[str, Span] = {}
        self.seen: set[str] = set()
        self.total_columns: dict[str, int] = {}
        self.level1 = self.level2 = self.name = self.level4 = ""
        self.head_total: SheetCell | None = None
        self.management: list[ManagementRow] = []
        self.managing = self.unnamed = False
        self.execution_points: SheetCell | None = None
        self.told: dict[str, SheetCell] = {}
        self.guessed: set[str] = set()
        self.notices: list[str] = []
        self.unread = ""

    def form(self, file: str, sheet: str, notices: tuple[str, ...]) -> Form:
        """Read the rows."""
        fund_columns: Mapping[str, Span] = {}
        body = 0
        for at, row in enumerate(self.rows):
            self._look_for_grade(row)
            if not self.columns:
                self.told = {**amounts_told(row), **self.told}
            if at < body:
                continue
            if headings := indicator_headings(self.rows, at):
                body = at + headings.height
                self._head(with_guesses(headings, self.rows[body:]), file, self.rows[body:])
                fund_columns = {}
            elif headings := fund_headings(row):
                fund_columns, self.columns, self.unnamed = headings.columns, {}, True
                self.execution_points = next((cell for cell in row if points_stated(cell.text)), None)
                if beside := amounts_beside(row, headings):
                    fund_columns = beside
                    cells = {kind: row[column] for kind, (column, _) in beside.items()}
                    self.funds.append(FundRow(row[0].row, "资金总额", cells))
            elif self._management(row):
                fund_columns = {}
            elif self.columns:
                self._indicator(row)
            elif self._is_head_total(row, self.rows[at + 1] if at + 1 < len(self.rows) else ()):
                continue
            elif fund_columns and not self._fund(row, fund_columns):
                fund_columns = {}
        self._find_total()
        if not self.funds and {"budget", "executed"} <= self.told.keys():
            self.funds.append(FundRow(self.told["executed"].row, "资金总额", self.told))
        heads = [[cell.text for cell in row if cell.text or cell.error] for row in self.rows[:12]]
        texts = list(itertools.chain(*heads))
        title = next((text for text in texts if re.search("自评", text)), "")
        # The day of signing may stand above the title.
        years = (re.search(rf"(20\d\d)\s*{unit}", text) for unit in ("年度", "年") for text in texts)
        year = next((found[1] for found in years if found), "")
        pairs = (pair for row in heads for pair in itertools.pairwise(row))
        project = next((name for label, name in pairs if re.fullmatch(PROJECT, key(label))), "")
        return Form(
            file=file,
            sheet=sheet,
            title=clean(title),
            unit=clean(_unit(heads)),
            project=clean(project),
            year=year,
            money=self._money(),
            columns=frozenset(self.seen),
            funds=tuple(self.funds),
            indicators=with_stated_points(parts_to_headings(self.indicators)),
            total=self.total,
            subtotals=tuple(self.subtotals),
            grade=self.grade,
            grade_word=self.grade_word,
            notices=(*notices, *self.notices),
            head_total=self.head_total,
            management=tuple(self.management),
            guessed=frozenset(self.guessed),
            errors=tuple(cell for row in self.rows for cell in row if cell.error),
            texts=self._texts(),
        )

    def _texts(self) -> tuple[SheetCell, ...]:
        tables = {row.row for row in self.funds} | {row.row for row in self.indicators}
        cells = (cell for row in self.rows for cell in row if row[0].row not in tables)
        return tuple(cell for cell in cells if len(cell.text) > SENTENCE)

    def _head(self, headings: Headings, file: str, body: Rows) -> None:
        """Take over the headings of indicators, and say which columns were not understood."""
        columns = headings.columns
        self.columns = columns
        self.seen |= columns.keys()
        self.managing = False
        for kind in [kind for kind in NEEDED if kind in headings.guessed]:
            letter = column_letter(columns[kind][0])
            self.guessed.add(letter)
            self.notices.append(f"{file}：{letter}列的列名没有认出，按内容当作{NEEDED[kind]}，请核对。")
        unknown = [(cell, texts) for cell in headings.unknown if (texts := filled(body, cell.column))]
        named = "、".join(f"{cell.letter}列“{clean(cell.text)}”" for cell, _ in unknown)
        numbers = any(all(read_number(text) is not None for text in texts) for _, texts in unknown)
        lacking = [
            NEEDED[kind]
            for kind in headings.missing
            if unknown and (numbers and "coefficient" not in columns if kind == "score" else True)
        ]
        if lacking or not headings.complete:
            row = headings.unknown[0].row
            wanted = "、".join(f"“{name}”" for name in lacking or NEEDED.values())
            self.unread = (
                f"第{row}行的列名没有认出：{named or '实际完成值和得分'}，找不到{wanted}，没有核算。"
                f"请把表头改为{wanted}等通用的列名后再试。"
            )
        elif named:
            self.notices.append(f"{file}：{named}没有认出，没有核对。")

    def _management(self, row: Sequence[SheetCell]) -> bool:
        """Read a row of 资金管理情况, which answers questions and scores nothing."""
        texts = [cell for cell in row if cell.text]
        begins = any(MANAGEMENT.fullmatch(key(cell.text)) for cell in texts[:2])
        self.managing = self.managing or begins
        label = next((cell for cell in texts if MANAGEMENT_ROWS.fullmatch(key(cell.text))), None)
        scored = self.columns and any(
            read_number(_first(row, span).text) is not None
            for kind, span in self.columns.items()
            if kind in {"points", "score"}
        )
        if not self.managing or scored:
            return False
        if label:
            answers = [cell for cell in row[label.right + 1 :] if not cell.covered]
            situation, problem = [*answers, BLANK, BLANK][:2]
            self.management.append(ManagementRow(row[0].row, clean(label.text), situation, problem))
            return True
        self.managing = begins
        return begins

    def _is_head_total(self, row: Sequence[SheetCell], below: Sequence[SheetCell]) -> bool:
        """Read a total that stands above the indicators: 自评得分：91.5, or in the cell behind or below its label."""
        if self.indicators or self.head_total:
            return False
        texts = [cell for cell in row if cell.text]
        dated = any("日期" in cell.text for cell in texts)
        for cell, after in itertools.pairwise([*texts, BLANK]):
            text = half_width(cell.text)
            if len(text) > 40 or (not dated and MAXIMUM.search(f"{text}{half_width(after.text)}")):
                continue
            if said := HEAD_TOTAL_IN_TEXT.search(text):
                self.head_total = replace(cell, text=said[1])
            elif re.fullmatch(HEAD_TOTAL, key(cell.text)):
                beside = (after, *below[cell.column : cell.column + 1])
                self.head_total = next((c for c in beside if read_number(c.text) is not None), None)
        return self.head_total is not None

    def _find_total(self) -> None:
        """A total may stand below the rows without a label, or above them alone."""
        above, last = self.indicators[:-1], self.indicators[-1] if self.indicators else None
        if self.total is None and last is not None and len(above) > 1 and says_sums_alone(last, above):
            self.indicators = above
            self.total = TotalRow(last.row, last.cell("points"), last.cell("score"))
        if head := self.head_total:
            total = self.total or TotalRow(head.row, BLANK, head)
            alone = is_blank(total.score.text) and not total.score.pending
            self.total = replace(total, score=head) if alone else total

    def _money(self) -> str:
        texts = " ".join(cell.text for row in self.rows[:30] for cell in row if cell.text)
        said = MONEY_IN_BRACKETS.search(texts) or re.search(rf"单位\s*[:：]\s*{MONEY_UNIT}", texts)
        return said[1] if said else "万元"

    def _fund(self, row: Sequence[SheetCell], columns: Mapping[str, Span]) -> bool:
        """Read a row of funds; False when the funds have ended."""
        first = min(column for column, _ in columns.values())
        label = next((unspaced(cell.text) for cell in reversed(row[:first]) if cell.text), "")
        cells = {kind: _first(row, span) for kind, span in columns.items()}
        is_filled = any(cell.text or cell.pending for cell in cells.values())
        if not label and self.unnamed and read_number(cells["budget"].text) is not None:
            label = "资金总额"  # its label reaches down from the row of headings
        self.unnamed = False
        if not label:
            return not any(cell.text for cell in row)
        if re.search("目标|指标", key(label)) and "资金" not in label:
            return False
        if is_filled or MONEY_LABEL.search(label):
            fund = FundRow(row[0].row, clean(label), cells)
            stated = next((cell for cell in row if points_stated(cell.text)), self.execution_points)
            if stated and fund.is_total and "score" in cells and fund.number("points") is None:
                cells["points"] = points_in(stated)
            self.funds.append(fund)
        return True

    def _indicator(self, row: Sequence[SheetCell]) -> None:
        cells = {kind: _first(row, span) for kind, span in self.columns.items()}
        for kind in {"target", "actual"} & cells.keys():
            cells[kind] = _joined(row, self.columns[kind], cells)
        if not DASH.fullmatch(cells.get("adjusted", BLANK).text):
            cells["target"] = cells["adjusted"]
        if "points" in cells and points_stated(cells["points"].text):
            cells["points"] = points_in(cells["points"])
        if "remark" in cells:
            # What stands in for a reason where there is no column of reasons, which then nobody owes.
            cells.setdefault("reason", cells["remark"])
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
        level1, level2, level3, level4 = (cells.get(kind, BLANK) for kind in LEVELS)
        name = level4 if level4.text else level3
        values = [k for k in (*VALUES, "converted") if not DASH.fullmatch(cells.get(k, BLANK).text)]
        pending = any(cells[kind].pending for kind in cells.keys() & set(VALUES))
        if not pending and (
            len(first.text) > 25 if not values else bool(self.total) and values == ["target"]
        ):
            return  # what is told across the table, or below it: 评价结论, 存在问题
        if GRADE_LABEL.fullmatch(key(first.text)) and not {"target", "actual", "points"} & set(values):
            return
        headed = self.level1 or self.level2 or self.name or level1.text or level2.text or name.text
        if not headed and not any(re.search(r"\d", cell.text) for cell in texts):
            return  # 市本级 and 县区 below one heading
        first_level, second_level = (unspaced(cell.text) for cell in (level1, level2))
        if level1.error or (first_level and first_level != self.level1):
            self.level1, self.level2, self.name, self.level4 = first_level, "", "", ""
        if level2.error or (second_level and second_level != self.level2):
            self.level2, self.name, self.level4 = second_level, "", ""
        if level3.text or level3.error:
            self.name, self.level4 = level3.text, ""
        self.level4 = level4.text or self.level4
        if len(texts) == 1 and "level1" not in self.columns and PART_OF_POINTS.search(key(first.text)):
            # A heading across the table names the part below it.
            self.level1, self.level2, self.name, self.level4 = unspaced(first.text), "", "", ""
            return
        states_part = "points" in values and not {"target", "actual"} & set(values)
        if states_part and "level1" not in self.columns and NUMBERED_PART.match(key(name.text)):
            # A flat list says the points of a part in a row of its own.
            points = cells["points"].text.rstrip("分")
            self.level1, self.level2 = f"{unspaced(name.text)}（{points}分）", ""
            return
        if not values and not pending:
            # That a source of money has no row is one thing, that its row is blank another.
            if name.text and EXECUTION.match(key(self.level1)) and MONEY_LABEL.search(name.text):
                self.funds.append(FundRow(row[0].row, clean(unspaced(name.text)), {}))
            return
        shown = self.level4 or self.name
        if PLACEHOLDER.fullmatch(key(shown)) and values in ([], ["points"]) and name.text:
            return
        shown = shown or self.level2 or self.level1
        written = IndicatorRow(row[0].row, self.level1, self.level2, shown, cells, bool(name.text))
        if fund := self._as_fund(written):
            self.funds.append(fund)
        else:
            self.indicators.append(written)

    def _as_fund(self, row: IndicatorRow) -> FundRow | None:
        """Flat lists write funds among the indicators: the budget as target, what was spent as actual value."""
        target, actual = row.cell("target").text, row.cell("actual").text
        of_funds = EXECUTION.match(key(row.level1)) and MONEY_LABEL.search(row.name)
        is_rate = ("率" in row.name and row.name != row.level1) or "%" in half_width(target)
        if not of_funds or is_rate or not (target or actual or row.is_execution):
            return None
        kept = ("points", "score", "rate", "weight", "converted")
        cells = {"budget": row.cell("target"), "executed": row.cell("actual")}
        cells |= {kind: row.cell(kind) for kind in kept if kind in row.cells}
        return FundRow(row.row, clean(unspaced(row.name)), cells)

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
            said = GRADE_LABEL.fullmatch(half_width(cell.text))
            if not said or len(cell.text) > 60 or self.grade is not None:
                continue
            if value := (said[1] or said[2] or "").strip(":)"):
                self.grade, self.grade_word = cell, _grade(value)
            elif value := half_width(after.text):
                self.grade, self.grade_word = after, _grade(value)


def _unit(heads: Sequence[Sequence[str]]) -> str:
    """Unit that the rows above the table name, in the cell of its label or beside it."""
    parts = [re.split("[:：]", text, maxsplit=1) for row in heads for text in row]
    pairs = [
        *itertools.chain.from_iterable(map(itertools.pairwise, heads)),
        *(p for p in parts if len(p) > 1),
    ]
    is_label = re.compile("|".join((*UNITS, PROJECT, MONEY_UNIT)))
    named = [(key(label), name) for label, name in pairs if key(name) and not is_label.fullmatch(key(name))]
    found = [next((name for label, name in named if re.fullmatch(labels, label)), "") for labels in UNITS]
    known = list(dict.fromkeys(filter(None, found)))
    # 社会救助股 says nothing without whose it is.
    return "".join(reversed(known[:1] if not known or UNIT_OF_OWN.search(known[0]) else known[:2]))


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
