"""Files for download: they read back equal, fit their schema, run nothing, and are the same twice."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from csvw import CSVW
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evalbook.figures import Cell, Figure, FigureSet, absence_of, is_exact, load
from evalbook.render.exports import EXPORTS, exports, report_name
from evalbook.render.spreadsheet import DOUBLE_DIGITS
from evalbook.render.tidy import FIELDS, figures_csv, figures_schema
from evalbook.render.workbook import workbook

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Command

NAME = "figures-2020.csv"
FORMULAS = (
    '=HYPERLINK("http://evil","点我")',
    "+1",
    "-2+3",
    "@SUM(1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\t=1",
    "\r=1",
    " =1+1",
    "'=1",
    "''",
)


def records(content: bytes) -> list[dict[str, str]]:
    """Rows of the CSV file as its schema says to read them: one leading mark is taken off a text."""
    written = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    return [{name: text.removeprefix("'") for name, text in row.items()} for row in written]


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """Rows of the table of every sheet, by heading order; no cell may hold a formula."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    tables = {}
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet for cell in row), sheet.title
        if sheet.tables:
            (table,) = sheet.tables.values()
            tables[sheet.title] = [[cell.value for cell in row] for row in sheet[table.ref]]
    return tables


def number(shown: float | str) -> Decimal:
    """Number of a cell, to the digits that a spreadsheet keeps; exact where it was written as text."""
    return Decimal(shown if isinstance(shown, str) else f"{shown:.{DOUBLE_DIGITS}g}")


def exported(figure: Figure) -> Decimal:
    """What a file must hold: the value to its last digit, but a quotient as it is shown."""
    assert figure.value is not None
    exact = isinstance(figure.lineage, Cell) or is_exact(figure.lineage.expression)
    return figure.value if exact else Decimal(figure.number)


def check_csv(figures: FigureSet) -> None:
    rows = records(figures_csv(figures))
    assert [row["地址"] for row in rows] == list(figures.figures)
    for row, figure in zip(rows, figures.figures.values(), strict=True):
        assert row["指标"] == figure.label
        assert row["备注"] == figure.note
        assert row["单位"] == figure.unit
        assert row["标志"] == figure.flag
        if figure.value is None:
            assert row["数值"] == ""
            continue
        if isinstance(figure.lineage, Cell):
            assert row["出处"] == figure.lineage.source
        assert Decimal(row["数值"]) == exported(figure)


def check_workbook(figures: FigureSet) -> None:
    tables = sheets(workbook(figures))
    for data in figures.year.tables.values():
        if not data.rows:
            assert data.table.title not in tables
            continue
        headings, *rows = tables[data.table.title]
        columns = [c for c in data.table.columns if c.name in data.letters or not c.optional]
        assert headings[: len(columns)] == [column.heading for column in columns]
        doubted = any(figure.doubt for figure in figures.of_table(data.table.name))
        told = ["范围", "原值", "更正和存疑"] if doubted or any(row.corrections for row in data.rows) else []
        assert headings[len(columns) :] == told
        for row, shown in zip(data.rows, rows, strict=True):
            for column, cell in zip(columns, shown, strict=False):
                value = row.cells[column.name]
                if isinstance(value, Decimal):
                    assert number(cell) == value
                else:
                    empty = absence_of(figures.year.settings) if column.name == data.table.value else "—"
                    assert cell == (row.texts[column.name].strip() or empty)
    headings, *rows = tables["指标"]
    computed = [figure for figure in figures.figures.values() if not isinstance(figure.lineage, Cell)]
    for figure, shown in zip(computed, rows, strict=True):
        cells = dict(zip(headings, shown, strict=True))
        assert cells["指标"] == figure.label
        if figure.value is None:
            assert cells["数值"] == figure.absence
        else:
            assert number(cells["数值"]) == exported(figure)


def test_the_real_year_reads_back_equal(figures: FigureSet) -> None:
    check_csv(figures)
    check_workbook(figures)


def with_figure(figures: FigureSet, **changes: Any) -> FigureSet:
    """Copy of a year whose first computed figure is another."""
    figure = next(figure for figure in figures.figures.values() if not isinstance(figure.lineage, Cell))
    return replace(figures, figures={**figures.figures, figure.address: replace(figure, **changes)})


def with_row(figures: FigureSet, **changes: Any) -> FigureSet:
    """Copy of a year whose first row of 年度工作 is another, and its figure with it."""
    data = figures.year.tables["actions"]
    first = data.rows[0]
    texts = {name: text for name, text in changes.items() if isinstance(text, str)}
    row = replace(first, cells={**first.cells, **changes}, texts={**first.texts, **texts})
    old = figures.of_table("actions")[0]
    assert isinstance(old.lineage, Cell)
    value = changes.get("value", old.value)
    figure = replace(
        old,
        label=changes.get("measure", old.label),
        value=value,
        number=f"{value:f}",
        lineage=replace(old.lineage, source=changes.get("source", old.lineage.source)),
        note=changes.get("note", old.note),
    )
    year = replace(
        figures.year,
        tables={**figures.year.tables, "actions": replace(data, rows=(row, *data.rows[1:]))},
    )
    return replace(figures, year=year, figures={**figures.figures, old.address: figure})


# What a table may hold: one line, outer spaces taken off, no control characters.
TEXTS = (
    st.text(st.characters(exclude_categories=("C", "Zl", "Zp"))).map(str.strip)
    | st.builds("{}{}".format, st.sampled_from("=+-@＝＋－＠﹦﹢﹣﹫'\"，;"), st.text("0A=\"',(", max_size=9))
).map(str.strip)
NUMBERS = st.decimals(0, 10**15 - 1, allow_nan=False, allow_infinity=False, places=6) | st.integers(
    0, 10**15 - 1
).map(Decimal)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(value=NUMBERS, source=TEXTS, note=TEXTS)
@example(value=Decimal("999999999999999.999999"), source="=1", note="＝1")
@example(value=Decimal("0.1"), source="_x0041_", note="'")
def test_any_text_and_number_reads_back_equal(
    figures: FigureSet, value: Decimal, source: str, note: str
) -> None:
    changed = with_row(figures, value=value, source=source, note=note)
    check_csv(changed)
    check_workbook(changed)


def test_a_fall_is_a_number_and_has_no_mark(figures: FigureSet, tmp_path: Path) -> None:
    changed = with_figure(figures, value=Decimal("-5.2"), number="-5.2")
    content = figures_csv(changed).decode("utf-8-sig")
    assert ",-5.2," in content
    check_csv(changed)
    check_workbook(changed)
    assert not complaints(changed, tmp_path)


def test_a_number_beyond_a_double_is_written_as_text(figures: FigureSet) -> None:
    shown = [
        row[4] for row in sheets(workbook(with_row(figures, value=Decimal("123456789012345.67"))))["年度工作"]
    ]
    assert shown[1] == "123456789012345.67"
    assert isinstance(shown[2], int)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_runs_nowhere(figures: FigureSet, text: str) -> None:
    changed = with_row(figures, measure=text, source=text, note=text)
    content = figures_csv(changed).decode("utf-8-sig")
    (row,) = [
        row
        for row in csv.reader(io.StringIO(content, newline=""))
        if row[1] == changed.of_table("actions")[0].address
    ]
    assert [cell for cell in row if cell == "'" + text] == ["'" + text] * 3
    check_csv(changed)
    book = openpyxl.load_workbook(io.BytesIO(workbook(changed)))
    shown = [cell for row in book["年度工作"] for cell in row if cell.value == text.strip()]
    assert len(shown) == 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in shown)


def test_ordinary_text_has_no_mark(figures: FigureSet) -> None:
    assert b",'" not in figures_csv(figures)
    book = openpyxl.load_workbook(io.BytesIO(workbook(figures)))
    assert not any(cell.quotePrefix for sheet in book for row in sheet for cell in row)


def complaints(figures: FigureSet, folder: Path, content: bytes | None = None) -> list[str]:
    """What an independent reader of CSV on the Web says about the file and its schema."""
    (folder / NAME).write_bytes(figures_csv(figures) if content is None else content)
    (folder / f"{NAME}-metadata.json").write_bytes(figures_schema(figures))
    try:
        described = CSVW(str(folder / NAME), validate=True)
        return [] if described.is_valid else [str(warning.message) for warning in described.warnings]
    except ValueError as error:  # a heading that is not there, a key that occurs twice
        return [str(error)]


def test_the_file_fits_its_schema(figures: FigureSet, tmp_path: Path) -> None:
    assert complaints(figures, tmp_path) == []
    described = CSVW(str(tmp_path / NAME))
    rows = list(described.tables[0])
    assert [row["value"] for row in rows] == [
        exported(figure) if figure.number else None for figure in figures.figures.values()
    ]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (",11117.04,", ",一万,"),
        (",11117.04,", ",1.1e4,"),
        ("2020,funds.superior.social", "二〇二〇,funds.superior.social"),
        ("funds.superior.child_welfare_funds,", "Funds,"),
        ("funds.superior.child_welfare_funds,", "funds.superior.social_assistance_funds,"),
        (",批准,填报,data/2020/funds.csv,C2,", ",定稿,填报,data/2020/funds.csv,C2,"),
        (",批准,填报,data/2020/funds.csv,C2,", ",最终,猜测,data/2020/funds.csv,C2,"),
        (",C2,", ",第2行,"),
        (",万元,,批准", ",万元,z,批准"),
        (",万元,,批准", ",,,批准"),
        ("年度,地址,", "年份,地址,"),
    ],
)
def test_a_planted_fault_does_not_fit_the_schema(
    signed: FigureSet, tmp_path: Path, good: str, bad: str
) -> None:
    content = figures_csv(signed).decode("utf-8-sig")
    assert good in content
    assert complaints(signed, tmp_path, content.replace(good, bad, 1).encode("utf-8-sig"))


def test_the_schema_describes_the_file(figures: FigureSet) -> None:
    schema = json.loads(figures_schema(figures))
    headings = figures_csv(figures).decode("utf-8-sig").splitlines()[0].split(",")
    assert [column["titles"] for column in schema["tableSchema"]["columns"]] == headings
    assert all(re.fullmatch("[一-鿿]+", heading) for heading in headings)
    assert schema["url"] == NAME
    assert len({column.name for column in FIELDS}) == len(FIELDS)


def test_the_workbook_follows_the_checklist(figures: FigureSet) -> None:
    """One marked-up table a sheet without merged or empty cells, a title in A1, links that lead somewhere."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(figures)))
    assert book.sheetnames[:3] == ["封面", "目录", "说明"]
    assert book.sheetnames[-1] == "指标"
    assert book["封面"]["A1"].value == "桃江县2020年度困难群众救助绩效评价报告"
    for sheet in book.worksheets[1:]:
        assert sheet["A1"].value == sheet.title
        assert not sheet.merged_cells.ranges
        (table,) = sheet.tables.values()
        assert all(cell.value not in {None, ""} for row in sheet[table.ref] for cell in row), sheet.title
        assert sheet.freeze_panes == "A4"
        for row in sheet[table.ref][1:]:
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert cell.alignment.horizontal == "right"
                    assert re.fullmatch(r"0(\.0+)?", cell.number_format)
    listed = [row[0] for row in book["目录"].iter_rows(min_row=4)]
    assert [cell.value for cell in listed] == book.sheetnames[2:]
    assert [cell.hyperlink.location for cell in listed if cell.hyperlink] == [
        f"'{name}'!A1" for name in book.sheetnames[2:]
    ]


def test_the_same_figures_give_the_same_bytes(figures: FigureSet) -> None:
    assert exports(figures) == exports(figures)
    content = exports(figures)["report-2020.xlsx"]
    properties = openpyxl.load_workbook(io.BytesIO(content)).properties
    assert str(properties.created) == str(properties.modified) == f"{figures.year.file_date} 00:00:00"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_year_of_empty_tables_has_its_files(base: Path, evalbook: Command) -> None:
    assert evalbook("new", "2024").exit_code == 0
    for table in (base / "data" / "2024").glob("*.csv"):
        table.write_text(table.read_text(encoding="utf-8-sig").splitlines()[0], encoding="utf-8-sig")
    for prose in (base / "data" / "2024" / "narrative").glob("*.md"):
        text = re.sub(r"\{figure\}`[^`]*`", "", prose.read_text(encoding="utf-8"))
        prose.write_text(text, encoding="utf-8")
    empty = load(base, 2024)
    check_csv(empty)
    check_workbook(empty)
    created = openpyxl.load_workbook(io.BytesIO(workbook(empty))).properties.created
    assert str(created) == "2024-12-31 00:00:00"


def test_the_links_of_the_book_lead_to_the_files(site: Path, figures: FigureSet) -> None:
    folder = site / "years" / "2020"
    page = BeautifulSoup((folder / "downloads.html").read_text(encoding="utf-8"), "lxml")
    links = [str(link["href"]) for link in page.select("article a[download]")]
    assert links == [report_name(figures), *(export.name(figures) for export in EXPORTS)]
    assert {name: (folder / name).read_bytes() for name in links[1:]} == exports(figures)
