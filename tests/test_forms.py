"""The official forms: laid out as on paper, filled from the scorecard, the same in workbook, book and PDF."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from bs4 import BeautifulSoup, Tag
from counties import small_project
from openpyxl.cell.cell import MergedCell
from projects import BASE_YEAR, ROOT, built, copy_base
from reports import Node, ReportFile

from evalbook.checks import DOUBT, ERROR
from evalbook.figures import load
from evalbook.frameworks.framework import EXECUTION_PART, PROPOSED
from evalbook.recheck import examine
from evalbook.recheck.layout import read_forms
from evalbook.render import forms_page
from evalbook.render.exports import exports
from evalbook.render.forms import NO_FORM, filled_forms, official_forms, verdict
from evalbook.render.forms_model import starts
from evalbook.render.forms_workbook import forms_workbook
from evalbook.render.page import Page
from evalbook.schema.text import column_letter
from evalbook.scoring import evaluate, points_text, range_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from projects import Command

    from evalbook.figures import FigureSet
    from evalbook.render.forms_model import OfficialForm
    from evalbook.scoring import Scorecard

PROJECT, TRANSFER = "项目支出绩效自评表", "绩效目标自评表"
WIDTHS = {"A": 14.3, "B": 8, "C": 8, "D": 9, "E": 10, "F": 10, "G": 16, "H": 6.9, "I": 7.7, "J": 6, "K": 7}
INDICATORS = range(14, 33)
"""Rows of the sheet, from 1, that hold the 19 indicators of 2020's framework."""

MERGED = {
    *("A1:K1", "A2:K2", "A4:B4", "C4:K4", "A5:B5", "C5:E5", "G5:K5", "A6:B10"),
    *(f"{columns[0]}{row}:{columns[1]}{row}" for row in range(6, 11) for columns in ("CD", "IJ")),
    *("A11:A12", "B11:F11", "G11:K11", "B12:F12", "G12:K12"),
    *(f"{columns[0]}{row}:{columns[1]}{row}" for row in (13, *INDICATORS) for columns in ("DE", "JK")),
    *("A13:A32", "B14:B28", "C14:C16", "C17:C24", "C25:C26", "C27:C28", "B29:B31", "C29:C31"),
    *("A33:G33", "J33:K33", "A34:K34"),
}
BANNER = "A3:K3"
"""Outside the form, between its year and its first row, which is empty on paper."""

"""Merged cells of the export of the central project library, with the rows of the funds and the indicators filled in."""

TEXTS = {
    "A1": PROJECT,
    "A2": "（2020年度）",
    "A4": "项目名称",
    "A5": "主管部门",
    "F5": "实施单位",
    "A6": "项目资金（万元）",
    "E6": "年初预算数",
    "F6": "全年预算数",
    "G6": "全年执行数",
    "H6": "分值",
    "I6": "执行率",
    "K6": "得分",
    "C7": "年度资金总额：",
    "C8": "其中：本年财政拨款",
    "C9": "上年结转资金",
    "C10": "其他资金",
    "A11": "年度总体目标",
    "B11": "预期目标",
    "G11": "实际完成情况",
    "A13": "绩效指标",
    "B13": "一级指标",
    "C13": "二级指标",
    "D13": "三级指标",
    "F13": "年度指标值",
    "G13": "实际完成值",
    "H13": "分值",
    "I13": "得分",
    "J13": "偏差原因分析及改进措施",
    "B14": "产出指标（50分）",
    "B29": "效益指标（30分）",
    "B32": "满意度指标（10分）",
    "A33": "总分",
}
LEVELS = [
    *("数量指标", "质量指标", "时效指标", "成本指标"),
    *("社会效益指标", "服务对象满意度指标"),
]
LONG = "长" * 500
WORD = "w" * 60
HOSTILE = {
    "项目名称": "=1+1",
    "主管部门": "<script>alert(1)</script>",
    "地方主管部门": "~~~~ `{figure}` *b* #x $y$",
    "年度总体目标": LONG,
}


@pytest.fixture(scope="module")
def book(figures: FigureSet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(forms_workbook(figures)))


@pytest.fixture(scope="module")
def sheet(book: Any) -> Any:
    """The form that would be handed in."""
    return book[PROJECT]


@pytest.fixture(scope="module")
def paper(book: Any) -> Any:
    """Its working paper."""
    return book[f"{PROJECT}底稿"]


def rewrite(path: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """Change the rows of a table."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        names, rows = list(reader.fieldnames or []), list(reader)
    rows = change(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(
            stream, list(dict.fromkeys((*names, *(name for row in rows for name in row)))), restval=""
        )
        writer.writeheader()
        writer.writerows(rows)


SOURCES = ("本年财政拨款", "上年结转资金", "其他资金")
AMOUNTS = {
    "年初预算数（上年结转资金）": "0",
    "年初预算数（其他资金）": "0",
    "全年预算数（中央补助）": "3444",
    "全年预算数（地方资金）": "350.40",
    "全年执行数（中央补助）": "3415.04",
    "全年执行数（地方资金）": "350.40",
}
"""Money of the invented county that its tables do not say, in 万元."""


def completed(folder: Path) -> Path:
    """The base county with everything that the forms ask for: approved points, money by source, a level's points."""
    project = copy_base(folder)
    shutil.copytree(
        ROOT / "data" / "frameworks" / "finance-2020", project / "data" / "frameworks" / "finance-2020"
    )
    year = project / "data" / str(BASE_YEAR)
    settings = year / "year.yml"
    told = settings.read_text(encoding="utf-8").replace("中央主管部门:\n", "中央主管部门: 财政部、民政部\n")
    settings.write_text(told, encoding="utf-8")
    rewrite(
        project / "data" / "frameworks" / "finance-2020" / "indicators.csv",
        lambda rows: [row | {"分值来源": "官方"} for row in rows],
    )
    levels = [
        {"级次": level, "项目": "社会救助资金", "金额": "0", "单位": "万元", "出处": "账"}
        for level in ("上年结转", "其他")
    ]
    initial = {"统计项": "年初预算"}
    rewrite(year / "funds.csv", lambda rows: [*rows, *levels, *(row | initial for row in (*rows, *levels))])
    proved = {
        "评价框架": "finance-2020",
        "指标": "E1",
        "文件": "预算批复",
        "确认人": "李明",
        "确认日期": "2024-03-11",
    }
    rewrite(
        year / "evidence.csv",
        lambda rows: [
            *(row | {"结果": row["结果"].replace("达成年度指标", "达成年度指标 10")} for row in rows),
            *(proved | {"项": item, "结果": amount} for item, amount in AMOUNTS.items()),
        ],
    )
    return project


@pytest.fixture(scope="module")
def complete_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return completed(tmp_path_factory.mktemp("complete") / "project")


@pytest.fixture(scope="module")
def card(figures: FigureSet) -> Scorecard:
    return evaluate(figures).scorecards[0]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# The workbook


def test_the_sheet_has_the_official_layout(sheet: Any) -> None:
    notes = {f"A{row}:K{row}" for row in range(35, sheet.max_row + 1)}
    assert {str(area) for area in sheet.merged_cells.ranges} == MERGED | notes | {BANNER}
    for column, width in WIDTHS.items():
        # Of equal neighbours, only the first is written.
        told = sheet.column_dimensions[column if column in sheet.column_dimensions else chr(ord(column) - 1)]
        assert told.width == pytest.approx(width, abs=0.06), column
    assert {place: sheet[place].value for place in TEXTS} == TEXTS
    assert [cell.value for cell in sheet["C"][13:32] if cell.value] == LEVELS
    rows = sheet.row_dimensions
    for row, height in ((1, 20.25), (2, 13.5), (4, 19), (8, 19), (12, 95), (34, 19)):
        assert rows[row].height >= height - 0.25, row
    assert rows[4].height == pytest.approx(19, abs=0.3)
    assert rows[12].height == pytest.approx(95, abs=0.3)


def test_the_sheet_looks_like_the_official_one(sheet: Any, paper: Any) -> None:
    for place, size in (("A1", 16), ("A2", 11), *((place, 9) for place in list(TEXTS)[2:])):
        cell = sheet[place]
        assert (cell.font.name, cell.font.sz) == ("宋体", size), place
        at = "top" if place in over_pages(sheet) else "center"
        assert (cell.alignment.horizontal, cell.alignment.vertical) == ("center", at), place
    for row in sheet.iter_rows(min_row=4, max_col=11):
        for cell in (cell for cell in row if not isinstance(cell, MergedCell)):
            sides = (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)
            assert {side.style for side in sides} == {"thin"}, cell.coordinate
            assert cell.alignment.wrap_text
    for place in ("G12", "J14", "A34"):
        assert (paper[place].alignment.horizontal, paper[place].alignment.vertical) == ("left", "top"), place
    assert (sheet["A34"].alignment.horizontal, sheet["A34"].alignment.vertical) == ("left", "top")
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$13:$13"
    assert over_pages(sheet) == {"A13"}


def over_pages(sheet: Any) -> set[str]:
    """Merged cells that go over the end of a page."""
    ends = [end.id for end in sheet.row_breaks.brk]
    areas = sheet.merged_cells.ranges
    return {a.coord.split(":")[0] for a in areas if any(a.min_row <= end < a.max_row for end in ends)}


def test_the_working_paper_is_filled_from_the_scorecard(paper: Any, card: Scorecard) -> None:
    """Numbers are numbers; a score that is not determined is its range and 缺; nothing unknown is filled in."""
    sheet = paper
    scores = {s.indicator.title: s for s in card.scores if s.indicator.part != EXECUTION_PART}
    seen = []
    for number in INDICATORS:
        title, target, actual, points, got, why = (sheet[f"{column}{number}"] for column in "DFGHIJ")
        score = scores[title.value]
        seen.append(title.value)
        assert target.value == (score.target.text or "报告没有写")
        assert actual.value == (score.actual or "报告没有写")
        assert points.value == score.indicator.points
        assert ("＊" in points.number_format) == (score.indicator.origin == PROPOSED)
        known = score.range.known
        assert got.value == (
            float(points_text(score.range.low)) if known else f"{range_text(score.range)}（不能确定）"
        )
        open_ = not (score.target.text and score.actual) or any(
            word in score.actual for word in ("至", "以上", "—", "不能确定")
        )
        assert why.value == ("没有说明" if score.missed else None if open_ else "无"), title.value
    assert sorted(seen) == sorted(scores)
    executed = card.score("E1")
    assert [sheet[f"{column}7"].value for column in "EFGHIK"] == [
        "报告没有写",  # the report has no initial budget
        13346.18,
        "12617.74—13399.34",
        10,
        "94.54—100.40%",
        f"{range_text(executed.range)}（不能确定）",
    ]
    assert [[sheet[f"{column}{row}"].value for column in "EFGHIK"] for row in (8, 9, 10)] == [
        ["报告没有写", 13346.18, "报告没有写", "—", "报告没有写", "—"],
        ["报告没有写", "报告没有写", "报告没有写", "—", "报告没有写", "—"],
        ["报告没有写", "报告没有写", "报告没有写", "—", "报告没有写", "—"],
    ]
    assert sheet["H7"].value + sum(sheet[f"H{row}"].value for row in INDICATORS) == sheet["H33"].value == 100
    assert sheet["I33"].value == f"{range_text(card.total)}（不能确定）"
    assert [sheet[place].value for place in ("C4", "C5", "G5", "B12")] == [
        "报告没有写",
        "报告没有写",
        "桃江县民政局",
        "报告没有写",
    ]
    assert "达到目标的3个，没有达到的0个，还有16个" in sheet["G12"].value
    assert "建议分值" in sheet["A34"].value


def test_the_transfer_form_reports_completion_and_no_points(figures: FigureSet) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(forms_workbook(figures)))[TRANSFER]
    said = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    assert not {"分值", "得分", "总分"}.intersection(said)
    for heading in (
        *(
            "转移支付（项目）名称",
            "中央主管部门",
            "地方主管部门",
            "实施单位",
            "全年预算数（A）",
            "全年执行数（B）",
        ),
        *("预算执行率（B/A）", "其中：中央补助", "地方资金", "其他资金", "年初设定目标", "全年实际完成情况"),
        *("全年完成值", "未完成原因和改进措施", "产出指标", "说明"),
    ):
        assert heading in said
    # 上级 is neither the centre nor the place: its money stands in the note alone.
    amounts = [[sheet.cell(row, column).value for column in (5, 6, 7)] for row in (9, 10, 11)]
    assert amounts == [[None] * 3] * 3
    assert "上级资金合计11650.08万元" in sheet["C34"].value
    assert sheet["A34"].value == "说明"


def test_the_same_year_gives_the_same_bytes(figures: FigureSet, signed: FigureSet) -> None:
    content = forms_workbook(figures)
    assert content == forms_workbook(figures) == exports(figures)["form-2020.xlsx"]
    for given, date in ((signed, "2021-04-10"), (figures, f"{figures.year.ledger[-1].date}")):
        properties = openpyxl.load_workbook(io.BytesIO(forms_workbook(given))).properties
        assert str(properties.created) == f"{date} 00:00:00"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


# The model


def test_cells_fill_every_form_once(figures: FigureSet) -> None:
    forms = official_forms(figures)
    assert [form.name for form in forms] == [PROJECT, TRANSFER]
    for form in forms:
        covered = [
            (row, column)
            for number, line in enumerate(form.rows)
            for cell in line.cells
            for row in range(number, number + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        ]
        assert len(covered) == len(set(covered)) == len(form.rows) * len(form.widths)


def test_money_by_source_is_filled_in_when_one_source_gave_everything(signed_2020: Path) -> None:
    """Carry-over and other funds that are entered as 0 leave nothing that the money could have come from."""
    path = signed_2020 / "data" / "2020" / "funds.csv"
    rows = "上年结转,社会救助资金,0,万元,,账,,\r\n其他,社会救助资金,0,万元,,账,,\r\n"
    path.write_text(path.read_text(encoding="utf-8-sig") + rows, encoding="utf-8-sig", newline="")
    form = filled_forms(load(signed_2020, 2020))[0].working
    listed = {row.cells[0].content.text: [cell.content.text for cell in row.cells[1:]] for row in form.rows}
    money, executed, rate = "13346.18", "12617.74—13399.34", "94.54—100.40%"
    assert listed["其中：本年财政拨款"] == ["报告没有写", money, executed, "—", rate, "—"]
    assert listed["上年结转资金"] == listed["其他资金"] == ["报告没有写", "0.00", "0.00", "—", "—", "—"]


def test_a_year_without_such_a_framework_has_no_form(signed_2020: Path) -> None:
    folder = signed_2020 / "data" / "2020"
    settings = (folder / "year.yml").read_text(encoding="utf-8")
    (folder / "year.yml").write_text(settings.replace("  - finance-2020\n", ""), encoding="utf-8")
    for name in ("targets", "evidence", "deviations"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0], encoding="utf-8-sig")
    figures = load(signed_2020, 2020)
    assert official_forms(figures) == ()
    assert forms_page(Page("forms", figures)).markdown == NO_FORM
    assert "form-2020.xlsx" not in exports(figures)


def test_a_new_year_keeps_the_project_and_asks_for_its_goal(
    signed_2020: Path, evalbook_2020: Command
) -> None:
    path = signed_2020 / "data" / "2020" / "year.yml"
    told = "项目名称: 困难群众救助补助资金\n主管部门: 某局\n年度总体目标: 保障2020年基本生活\n"
    path.write_text(path.read_text(encoding="utf-8") + told, encoding="utf-8")
    assert evalbook_2020("new", "2021").exit_code == 0
    lines = (signed_2020 / "data" / "2021" / "year.yml").read_text(encoding="utf-8").splitlines()
    kept = ("项目名称: 困难群众救助补助资金", "主管部门: 某局", "地方主管部门:", "年度总体目标:")
    assert set(kept) <= set(lines)
    form = official_forms(load(signed_2020, 2020))[0]
    assert form.rows[0].cells[1].content.text == "困难群众救助补助资金"


# The book and the PDF


def rows_of(form: OfficialForm) -> list[list[tuple[str, int, int]]]:
    """Text, rows and columns of every cell."""
    return [
        [(squeezed(c.content.text or "".join(c.content.marks)), c.rows, c.columns) for c in row.cells]
        for row in form.rows
    ]


def rows_shown(table: Tag) -> list[list[tuple[str, int, int]]]:
    """The same of a table of the book, less its head, which is the line of the year."""
    return [
        [
            (
                squeezed(cell.get_text()),
                int(str(cell.get("rowspan") or 1)),
                int(str(cell.get("colspan") or 1)),
            )
            for cell in row.find_all(["th", "td"])
        ]
        for row in table.select("tbody > tr")
    ]


def drawn(site: Path, year: int = 2020) -> list[Tag]:
    page = BeautifulSoup((site / "years" / str(year) / "forms.html").read_text(encoding="utf-8"), "lxml")
    return page.select("table.official-form")


def table_of(report: ReportFile, form: OfficialForm) -> Node:
    """Table of a form in the PDF."""
    tables = report.structure.find("Table")
    named = {squeezed("".join(map(report.read, table.find("Caption")))): table for table in tables}
    return named[squeezed(form.title)]


def texts_in_pdf(report: ReportFile, form: OfficialForm) -> list[list[str]]:
    """Texts of the rows of a form, as a screen reader reads them, less empty cells."""
    rows = table_of(report, form).find("TR")
    texts = ([squeezed(report.read(cell)) for cell in row.children] for row in rows)
    return [[text for text in row if text] for row in texts]


def unlike(form: OfficialForm, shown: list[list[str]]) -> list[str]:
    """Texts of a form that a file has not in the same row, and its own that the form has not."""
    wanted = [[form.year], *([text for text, _, _ in row if text] for row in rows_of(form))]
    pairs = zip(wanted, shown, strict=False)
    return [text for row, told in pairs if row != told for text in (*row, *told)] or [""] * (
        len(wanted) != len(shown)
    )


def test_book_pdf_and_workbook_show_the_same(site: Path, report: ReportFile, figures: FigureSet) -> None:
    book = openpyxl.load_workbook(io.BytesIO((site / "years" / "2020" / "form-2020.xlsx").read_bytes()))
    filled, tables = filled_forms(figures), drawn(site)
    for one, table in zip(filled, tables[len(filled) :], strict=True):
        assert rows_shown(table) == rows_of(one.working)
    for form, table in zip(official_forms(figures), tables[: len(filled)], strict=True):
        assert table.caption is not None
        assert table.caption.get_text().rstrip("#") == form.title
        assert rows_shown(table) == rows_of(form)
        assert unlike(form, texts_in_pdf(report, form)) == []
        assert book[form.name]["A1"].value == form.title
        widths = [
            float(str(c["style"]).removeprefix("width: ").removesuffix("%")) for c in table.select("col")
        ]
        shares = [100 * width / sum(form.widths) for width in form.widths]
        assert widths == pytest.approx(shares, abs=0.2)
        assert all(report.is_lying(page) for page in table_of(report, form).pages)


def test_another_number_is_found(report: ReportFile, figures: FigureSet) -> None:
    form = official_forms(figures)[0]
    shown = texts_in_pdf(report, form)
    changed = [["13346.81" if text == "13346.18" else text for text in row] for row in shown]
    assert "13346.81" in unlike(form, changed)
    assert unlike(form, shown[:-1]) == [""]


def test_numbers_lead_to_their_lineage(site: Path) -> None:
    project, transfer, *papers = drawn(site)
    for table, least in ((project, 6), (transfer, 6), (papers[0], 10), (papers[1], 9)):
        links = [str(link["href"]) for link in table.select("tbody a")]
        assert len(links) >= least
        assert all(href.startswith("lineage.html#") for href in links)
    assert not project.select(".finding-mark")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FigureSet]:
    """A project whose settings, indicators, targets and deviations hold what means something elsewhere, or is endless."""
    project = small_project(tmp_path_factory.mktemp("hostile") / "project")
    settings = project / "data" / "2023" / "year.yml"
    said = settings.read_text(encoding="utf-8").splitlines()
    kept = [line for line in said if line.partition(":")[0] not in HOSTILE]
    written = [f"{name}: '{text}'" for name, text in HOSTILE.items()]
    settings.write_text("\n".join((*kept, *written, "")), encoding="utf-8")
    framework = project / "data" / "frameworks" / "finance-2020"

    titles = {"O10": "=1+1<script>x</script>", "O11": WORD, "O12": LONG[:400], "O13": "+1|2"}
    changes = {code: {"三级指标": title} for code, title in titles.items()}
    changes["B3"] = {"目标值": "@SUM(1) #[x] *b*"}
    changes["O1"] = {"二级指标": "=2+2 " + WORD}
    rewrite(framework / "indicators.csv", lambda rows: [row | changes.get(row["代码"], {}) for row in rows])
    deviations = project / "data" / "2023" / "deviations.csv"
    heading = deviations.read_text(encoding="utf-8-sig").splitlines()[0]
    rows = [f"finance-2020,O6,{LONG},{'改' * 400}{WORD},", "finance-2020,O5,=1+1,<b>x</b>,"]
    deviations.write_text("\r\n".join([heading, *rows, ""]), encoding="utf-8-sig", newline="")
    return built(project), load(project, 2023)


def test_hostile_texts_stay_texts(hostile: tuple[Path, FigureSet]) -> None:
    site, figures = hostile
    report = ReportFile(site.parent / "pdf" / "report-2023.pdf")
    forms = official_forms(figures)
    assert forms[1].title == f"=1+1{TRANSFER}"
    said = "".join(text for form in forms for row in rows_of(form) for text, _, _ in row)
    for text in (*HOSTILE.values(), LONG, WORD, "=1+1<script>x</script>", "@SUM(1) #[x] *b*"):
        assert squeezed(text) in said
    for form, table in zip(forms, drawn(site, 2023)[: len(forms)], strict=True):
        assert rows_shown(table) == rows_of(form)
        assert not table.select("script, b")
        assert unlike(form, texts_in_pdf(report, form)) == []
        for page in table_of(report, form).pages:
            left, top, right, bottom = report.type_area(page)
            for char in report.body(page):
                assert left - 5 < char["x0"] < char["x1"] < right + 5, (page, char["text"])
                assert top - 1 < char["top"] < char["bottom"] < bottom + 1, (page, char["text"])


def test_hostile_texts_run_nowhere_and_have_their_room(hostile: tuple[Path, FigureSet]) -> None:
    """No row is higher than a spreadsheet allows, and together those of a cell have room for its text."""
    book = openpyxl.load_workbook(io.BytesIO(forms_workbook(hostile[1])))
    texts = 0
    for sheet in book:
        areas = {area.coord.split(":")[0]: area for area in sheet.merged_cells.ranges}
        for cell in (cell for row in sheet for cell in row if cell.value is not None):
            assert cell.data_type in {"s", "n"}, cell.coordinate
            if isinstance(cell.value, str) and cell.value[0] in "=+@":
                texts += 1
                assert cell.quotePrefix, cell.coordinate
            if cell.row < 4:
                continue
            area = areas.get(cell.coordinate)
            rows, columns = (
                (range(area.min_row, area.max_row + 1), range(area.min_col, area.max_col + 1))
                if area
                else (range(cell.row, cell.row + 1), range(cell.column, cell.column + 1))
            )
            room = sum(sheet.row_dimensions[row].height for row in rows)
            assert all(sheet.row_dimensions[row].height <= 409.5 for row in rows)
            width = sum(widths_of(sheet)[column] for column in columns)
            needed = 12 * len(str(cell.value).encode("gbk", "replace")) / (1.1 * width)
            assert needed <= room + 12, cell.coordinate
    assert texts >= 6


def widths_of(sheet: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    for told in sheet.column_dimensions.values():
        found |= dict.fromkeys(range(told.min, told.max + 1), told.width)
    return found


def test_the_forms_made_here_are_read_back_by_the_checker(figures: FigureSet, tmp_path: Path) -> None:
    """What is certain is right, what is blank is not filled in, and no target is called missed that may be reached."""
    path = tmp_path / "form-2020.xlsx"
    path.write_bytes(forms_workbook(figures))
    forms = read_forms(path)
    assert [form.sheet for form in forms] == [PROJECT, TRANSFER]
    assert all("底稿" in notice for notice in forms[0].notices)
    assert forms[0].project == ""
    project, transfer = map(examine, forms)
    assert project.totals.points == 20  # those that a document gives
    for examined in (project, transfer):
        assert [f.severity for f in examined.findings if f.severity == ERROR] == []
    assert not [f for f in project.findings if f.rule.id == "B14" and f.severity == DOUBT]
    assert not any("不是一个数" in unjudged.why for unjudged in project.unjudged)


# What can be handed in


def faults_of(form: OfficialForm) -> list[str]:
    """What an official form must not have: a range or 缺 anywhere, text where a number is due, a blank without a note."""
    numeric = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", "预算执行率")
    noted = {blank.place for note in form.notes for blank in note.cells}
    found, heads = [], dict[int, str]()
    starts_at = starts(form)
    for at, line in enumerate(form.rows[: len(form.rows) - max(1, len(form.remarks))]):
        for cell in line.cells:
            text, marks = cell.content.text, cell.content.marks
            place = f"{column_letter(cell.column)}{starts_at[at] + 1}"
            if cell.heading == "col":
                heads |= dict.fromkeys(range(cell.column, cell.column + cell.columns), text)
            if cell.heading:
                continue
            if re.search(r"缺|不能确定|＊|至\d|—\d|以上", text):
                found.append(f"{place}：{text}")
            due = heads.get(cell.column, "").startswith(numeric)
            if due and text not in {"", "—"} and cell.content.value is None:
                found.append(f"{place}：{text}")
            # Beside the total there is nothing to explain.
            structural = line.cells[0].content.text == "总分" and cell is line.cells[-1]
            if not text and not structural and (not marks or place not in noted):
                found.append(f"{place}：空着，没有注")
            if text and place in noted:
                found.append(f"{place}：有注，却没有空着")
    found += [note.mark for note in form.notes if not note.cells or not note.lack.what]
    return found


@pytest.mark.parametrize("edition", [1, None])
def test_an_official_cell_holds_a_value_or_is_blank_with_a_note(edition: int | None) -> None:
    for filled in filled_forms(load(ROOT, 2020, edition)):
        assert faults_of(filled.official) == []
        assert not filled.official.ready
        # The working paper would be found out.
        assert len(faults_of(filled.working)) > 10


def test_what_is_missing_is_told_with_its_cell_its_office_and_its_document(
    book: Any, figures: FigureSet
) -> None:
    project, _ = official_forms(figures)
    told = {note.lack.what: note for note in project.notes}
    doubted = told["城市低保保障标准（4560元/月）存疑"]
    assert doubted.where == "“城市低保标准”的实际完成值、得分、偏差原因分析及改进措施（G18、I18、J18）"
    assert doubted.lack.given == ("县民政局、县财政局", "桃民字〔2020〕54号")
    assert told["没有年初预算数"].where.endswith("的年初预算数（E7—E10）")
    assert told["没有年初预算数"].lack.given == ("桃江县财政局", "年初预算批复")
    unknown = next(note for note in project.notes if note.lack.document.startswith("抽查记录（"))
    assert str(unknown).endswith("由谁提供：请局里指定，凭抽查记录（填进 evidence.csv）。")
    marks = [note.mark for note in project.notes]
    assert marks[9:11] == ["⑩", "（11）"]
    assert "".join(marks).encode("gb2312")  # what old systems can show
    sheet, check = book[PROJECT], book["报送检查"]
    assert book.sheetnames == ["报送检查", PROJECT, TRANSFER, f"{PROJECT}底稿", f"{TRANSFER}底稿"]
    for note in project.notes:
        for blank in note.cells:
            assert sheet[blank.place].value is None
            assert note.mark in sheet.cell(sheet[blank.place].row, 12).value
    beside = [str(sheet.cell(row, 12).value or "") for row in range(1, sheet.max_row + 1)]
    assert [text for text in beside if "注" in text] == ["注", "注"]  # above the form and on each page
    for text in beside:
        places = [text.index(mark) for mark in marks if mark in text]
        assert places == sorted(places)
    said = [[cell.value for cell in row] for row in check]
    for note in project.notes:
        assert [note.mark, note.where, note.lack.what, *note.lack.given] in said
    assert "不能报送" in sheet["A3"].value
    assert "未经批准" in str(said)


@pytest.mark.parametrize(
    ("edition", "state"),
    [
        (1, "第1版（初版，2021年4月10日）· 批准：桃江县民政局，2021年4月10日"),
        (2, "第2版（更正，2026年11月27日）· 更正稿（未经批准）"),
    ],
)
def test_every_sheet_says_which_edition_it_is_and_who_approved_it(edition: int, state: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(forms_workbook(load(ROOT, 2020, edition))))
    check, *sheets = book
    assert check["A2"].value == f"{state}。"
    for sheet in sheets:
        assert sheet["A3"].value.endswith(f"；{state}")


def test_a_complete_year_can_be_handed_in(complete_year: Path, tmp_path: Path) -> None:
    figures = load(complete_year, BASE_YEAR)
    for form in official_forms(figures):
        assert [str(note) for note in form.notes] == []
        assert faults_of(form) == []
        assert verdict(form).startswith("可以报送")
    path = tmp_path / "form.xlsx"
    path.write_bytes(forms_workbook(figures))
    book = openpyxl.load_workbook(path)
    sheet = book[PROJECT]
    assert [[sheet[f"{column}{row}"].value for column in "EFGHIK"] for row in range(7, 11)] == [
        [3794.4, 3794.4, 3765.44, 10, pytest.approx(0.9924), 9.92],
        [3794.4, 3794.4, 3765.44, "—", pytest.approx(0.9924), "—"],
        [0, 0, 0, "—", "—", "—"],
        [0, 0, 0, "—", "—", "—"],
    ]
    assert sheet["I33"].value == pytest.approx(99.92)
    assert sheet["A34"].value is None
    assert sheet.row_dimensions[34].height == pytest.approx(57, abs=0.3)
    assert sheet["A3"].value == "未定版 · 送审稿（未经批准）"  # a draft that is complete is still one
    transfer = book[TRANSFER]
    assert [[transfer.cell(row, column).value for column in (5, 6, 7)] for row in range(8, 12)] == [
        [3794.4, 3765.44, pytest.approx(0.9924)],
        [3444, 3415.04, pytest.approx(0.9916)],
        [350.4, 350.4, 1],
        [0, 0, "—"],
    ]
    for examined in map(examine, read_forms(path)):
        assert [finding.suspicion.found for finding in examined.findings] == []
    assert examine(read_forms(path)[0]).totals.stated_score == Decimal("99.92")


def test_each_gap_leaves_its_cells_blank(complete_year: Path, tmp_path: Path) -> None:
    """No target, evidence that nobody confirmed, a level without its points, a missed target without a reason."""
    project = shutil.copytree(complete_year, tmp_path / "project")
    changes = {
        "targets": {"O1": {"目标值": ""}, "O2": {"目标值": "9000"}},
        "evidence": {"O12": {"确认人": ""}, "B3": {"结果": "达成年度指标"}},
    }
    for table, change in changes.items():
        path = project / "data" / str(BASE_YEAR) / f"{table}.csv"
        rewrite(path, lambda rows, change=change: [row | change.get(row["指标"], {}) for row in rows])  # type: ignore[misc]
    form = official_forms(load(project, BASE_YEAR))[0]
    assert faults_of(form) == []
    gaps = ["F14", "I14", "J14", "J15", "G25", "I25", "J25", "I31"]
    assert {blank.place for blank in form.blanks} == {*gaps, "G12", "I33"}


def test_a_doubted_figure_is_blank_wherever_it_counts(complete_year: Path, tmp_path: Path) -> None:
    """An open 错误 about one amount leaves blank what was added up from it, and names it once."""
    project = shutil.copytree(complete_year, tmp_path / "project")
    claim = {"指标": "城市低保累计支出", "数值": "999.99", "单位": "万元", "出处": "台账"}
    rewrite(project / "data" / str(BASE_YEAR) / "claims.csv", lambda rows: [*rows, claim])
    figures = load(project, BASE_YEAR)
    project_form, transfer = filled_forms(figures)
    assert faults_of(project_form.official) == faults_of(transfer.official) == []
    whole, *_ = (note for note in project_form.official.notes if "城市低保累计支出" in note.lack.what)
    asking = {f.id for f in evaluate(figures).findings.listed if "claims.spending.urban_dibao" in f.addresses}
    assert any(number in whole.lack.what for number in asking)
    assert {blank.place for blank in whole.cells} >= {"G7", "I7", "K7"}
    assert "I33" in {blank.place for blank in project_form.official.blanks}
    shown = [cell.content.text for line in project_form.working.rows for cell in line.cells]
    assert "3765.44—3823.72" in shown
