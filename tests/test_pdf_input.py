"""What other people write reaches the PDF as it is, or stops the build: no markup, no lost character, no lost line."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest
from docutils import nodes
from docutils.utils import new_document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledgers import release_by_hand
from projects import ROOT, built, configure_fonts, copy_taojiang, make_font
from reports import ReportFile
from ruamel.yaml import YAML

from evalbook.fonts import load_fonts
from evalbook.render.findings import rules_by_family
from evalbook.schema.kinds import NAME, TEXT, TEXT_LIMIT
from evalbook.sphinxext import pdf, rulelist
from evalbook.sphinxext.corrections import BOX
from evalbook.sphinxext.typesetter import MAIN, METADATA
from evalbook.sphinxext.typesetter import Report as Made
from evalbook.sphinxext.typst import (
    ANNEX,
    CHAPTER,
    SIZES,
    WIDE,
    Part,
    Report,
    TypstTranslator,
    linked_targets,
    links_of,
)
from evalbook.year.tables import CALENDAR, CORRECTIONS, SETTINGS, TABLES

if TYPE_CHECKING:
    from pathlib import Path

# Everything that means something in Typst's markup, code, strings or comments, with and without its partner.
HOSTILE = (
    r"""#{[x]} $y$ *z* _w_ `v` <u> @t \s "r" ~q //p /*o*/ -- --- ... += / + - = #pagebreak() \u{41} """
    r"""#import "x" ${ #[ \( ]]) })} #"""
)
IN_NAMES = """#([x]) $y$ *z* _w_ @t "r" ~q //p /*o*/ -- ... += #pagebreak() ]]) #"""
RARE = "𠮷"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9"><rect width="9" height="9"/></svg>'
VALIDATED = {"chapter", "measure", "target", "result", "subject", "original", "corrected"}
"""Columns whose text must be one of the report's."""


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def rewrite(path: Path, change: Any) -> None:
    if not path.exists():
        return
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    change(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def write_corrections(path: Path) -> None:
    """A correction and two doubts, as edition 2 has them."""
    write_rows(
        path,
        CORRECTIONS,
        ("2", "更正", "农村特困人数", "6246人", "6126人", "相加", "", ""),
        ("2", "存疑", "城市特困保障标准", "754元/月", "", "前后不一", "", "民政局"),
        ("2", "存疑", "城市特困提标后标准", "676元/月", "", "前后不一", "", "民政局"),
    )


def write_calendar(path: Path) -> None:
    write_rows(path, CALENDAR, ("2", "2026-11-27", "2026-11-20", ""))


def write_rows(path: Path, table: Any, *rows: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([[column.heading for column in table.columns], *rows])


def plant(project: Path) -> list[str]:
    """Put hostile text into every kind of field that the report shows; return what it must show."""
    folder = project / "data" / "2020"
    planted = []

    def hostile(place: str, text: str = HOSTILE) -> str:
        planted.append(f"{place}：{text}")
        return planted[-1]

    write_corrections(folder / "corrections.csv")
    write_calendar(folder / "calendar.csv")
    for table in TABLES:

        def fill(rows: list[dict[str, str]], table: Any = table) -> None:
            if table.name == "explanations":  # an answer to a finding whose figures were others then
                rows.append({"发现编号": "L2-urban_dibao-000000", "日期": "2021-03-20"})
            if table.name == "deviations":
                rows.append({"评价框架": "finance-2020", "指标": "O6", "确认": ""})
            for column in table.columns:
                if column.kind is TEXT and column.name not in VALIDATED:
                    rows[0][column.heading] = hostile(f"{table.name}.{column.name}")
                elif column.kind is NAME and table.name == "background":
                    rows[0][column.heading] = hostile(table.name, IN_NAMES[:40])

        rewrite(folder / f"{table.name}.csv", fill)
    path = folder / "year.yml"
    yaml = YAML()
    written = yaml.load(path)
    for column in SETTINGS:
        if column.name in {"bureau", "claimed_grade"}:
            written[column.heading] = hostile(column.name, IN_NAMES[:40])
    written["标题"] = [hostile("title", HOSTILE[:60]), hostile("second line", HOSTILE[60:120])]
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(written, stream)
    whose = yaml.load(project / "project.yml")  # which the year must agree with
    whose["单位"] = written["单位"]
    with (project / "project.yml").open("w", encoding="utf-8") as stream:
        yaml.dump(whose, stream)
    prose = folder / "narrative" / "06-problems.md"
    text = re.sub(r"\\u\{41\}", "", HOSTILE)  # no digit stands in prose
    prose.write_text(
        f"# 六、{hostile('chapter', text)}\n\n## （一）{hostile('heading', text)}\n\n{hostile('paragraph', text)}\n",
        encoding="utf-8",
    )
    for path in [*(project / "data").rglob("*.csv"), *folder.rglob("*.md")]:
        read = path.read_text(encoding="utf-8-sig")
        encoding = "utf-8-sig" if path.suffix == ".csv" else "utf-8"
        name = hostile("programme", IN_NAMES[:40]).replace('"', "")
        planted[-1] = name
        path.write_text(read.replace("乡镇社工站项目", name), encoding=encoding, newline="")
    return list(dict.fromkeys(planted))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportFile, list[str], str]:
    """Report of a project with hostile, rare and endless text, set in a bureau's own fonts."""
    project = copy_taojiang(tmp_path_factory.mktemp("hostile") / "project")
    planted = plant(project)
    endless = "长" * (TEXT_LIMIT - 60) + "w" * 60
    for table in TABLES:

        def fill(rows: list[dict[str, str]], table: Any = table) -> None:
            for column in table.columns if len(rows) > 2 else ():
                if column.kind is TEXT and column.name not in VALIDATED:
                    rows[1][column.heading] = endless
            if table.name == "people":
                rows[2]["备注"] = f"{RARE}富镇"

        rewrite(project / "data" / "2020" / f"{table.name}.csv", fill)
    with (project / "book" / "guide" / "method.md").open("a", encoding="utf-8") as stream:
        stream.write("\n```{only} html\n只在网页里。\n```\n\n```{only} pdf\n只在文件里。\n```\n")
    planted_in = (project / "data" / "2020" / "corrections.csv").rename(project / "corrections.csv")
    planted.append("approver：" + HOSTILE)
    release_by_hand(project, approver=planted[-1], corrections=planted_in)
    make_font(project / "fonts" / "table.ttf", "Test Song", "测试小标宋", "（")
    make_font(project / "fonts" / "rare.ttf", "Test Rare", "测试罕用字", RARE)
    configure_fonts(project, {"table": "测试小标宋", "fallback": ["测试罕用字"], "folder": "fonts"})
    html = built(project)
    return ReportFile(html.parent / "pdf" / "report-2020.pdf"), planted, endless


def test_text_of_every_field_is_shown_as_it_is(hostile: tuple[ReportFile, list[str], str]) -> None:
    report, planted, _ = hostile
    text = squeezed(report.read(report.structure))
    assert len(planted) > 25
    assert [place for place in planted if squeezed(place) not in text] == []
    title = "".join(p for p in planted if p.startswith(("title", "second")))
    assert str(report.pike.docinfo["/Title"]) == f"{title} · 更正稿（未经批准）"
    assert str(report.pike.docinfo["/Author"]) in planted


def test_a_long_title_leaves_edition_and_status_in_the_footer(
    hostile: tuple[ReportFile, list[str], str],
) -> None:
    report = hostile[0]
    for number in range(2, len(report.pages) + 1):
        if not report.is_lying(number):
            shown = [char for char in report.foot(number) if char["size"] < 10 and not char["text"].isspace()]
            first = min(char["top"] for char in shown)
            line = "".join(char["text"] for char in shown if char["top"] < first + 1)
            number_top = next(char["top"] for char in report.foot(number) if char["text"] == "—")
            assert line.startswith("第2版·更正稿（未经批准）"), number
            assert number_top < first < number_top + 14


def test_what_is_for_the_pdf_alone_is_in_it(hostile: tuple[ReportFile, list[str], str]) -> None:
    text = squeezed(hostile[0].read(hostile[0].structure))
    assert "只在文件里。" in text
    assert "只在网页里。" not in text


def test_a_row_of_endless_text_is_whole(hostile: tuple[ReportFile, list[str], str]) -> None:
    report, _, endless = hostile
    assert squeezed(report.read(report.structure)).count(endless) > 30
    for number in range(1, len(report.pages) + 1):
        left, top, right, bottom = report.type_area(number)
        for char in report.body(number):
            assert left - 10 < char["x0"] < char["x1"] < right + 10, (number, char["text"])
            assert top - 1 < char["top"] < char["bottom"] < bottom + 1, (number, char["text"])


def test_a_rare_character_comes_from_the_font_that_has_it(hostile: tuple[ReportFile, list[str], str]) -> None:
    report, _, _ = hostile
    found = [char for page in report.pages for char in page.chars if char["text"] == RARE]
    assert found
    assert all("TestRare" in char["fontname"] for char in found)
    assert "表格和页码（宋体）用TestSong（1.5）" in squeezed(report.read(report.structure))
    assert "这些字体里没有的字用TestRare（1.5）" in squeezed(report.read(report.structure))
    cells = [
        char for cell in report.structure.find("TD") for char in report.chars(cell) if char["text"] == "（"
    ]
    assert len(cells) > 50
    assert all("TestSong" in char["fontname"] for char in cells)


def test_all_rules_are_printed_on_four_sheets_at_most(tmp_path: Path) -> None:
    fonts = load_fonts(ROOT)
    content = rulelist.rule_list(tmp_path / "rules", fonts)
    assert content == rulelist.rule_list(tmp_path / "again", fonts)
    (tmp_path / "rules.pdf").write_bytes(content)
    with pdfplumber.open(tmp_path / "rules.pdf") as file:
        assert len(file.pages) <= 4
        assert {(round(page.width), round(page.height)) for page in file.pages} == {(595, 842)}
        lines = [squeezed(line) for page in file.pages for line in page.extract_text().splitlines()]
    for rule in (rule for rules in rules_by_family().values() for rule in rules):
        beginning = squeezed(f"{rule.id}{rule.title}{rule.compares}")[:20]
        assert any(line.startswith(beginning) for line in lines), rule.id
        assert not fonts.without_glyph(rule.title + rule.compares)


def test_the_list_of_rules_is_set_anew_when_something_of_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Any = SimpleNamespace(
        builder=SimpleNamespace(format="html"),
        env=SimpleNamespace(found_docs={rulelist.GUIDE}),
        doctreedir=tmp_path,
        outdir=tmp_path,
    )
    template, target = tmp_path / "template.typ", tmp_path / "guide" / "rules.pdf"
    template.write_text("1")
    target.parent.mkdir()
    monkeypatch.setattr(rulelist, "book_of", lambda _: SimpleNamespace(root=ROOT))
    monkeypatch.setattr(rulelist, "TEMPLATE", template)
    for made, lies in [(b"", None), (b"a", b"a"), (b"b", b"a")]:
        monkeypatch.setattr(rulelist, "set_report", lambda _, made=made: Made(made))
        rulelist.write_rule_list(app, None)
        assert (target.read_bytes() if target.exists() else None) == lies
    template.write_text("2")
    rulelist.write_rule_list(app, None)
    assert target.read_bytes() == b"b"


def typeset(document: nodes.document, folder: Path, kind: str = CHAPTER) -> ReportFile:
    """Set one page, as the builder sets many."""
    fonts = load_fonts(ROOT)
    report = Report(
        {"page": Part("page", kind, 1)}, linked_targets({"page": links_of("page", document)}), fonts
    )
    document["docname"] = "page"
    translator = TypstTranslator(document, SimpleNamespace(config=SimpleNamespace()), report)  # type: ignore[arg-type]
    document.walkabout(translator)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in translator.pictures.values():
        (folder / name).write_text(PICTURE, encoding="utf-8")
    made = f"{translator.code}{translator.landscape}{translator.notes}{translator.exhibits}"
    code = f"#show: report\n#{{\n{made}}}\n"
    (folder / MAIN).write_text(f'#import "{pdf.TEMPLATE.name}": *\n{code}', encoding="utf-8")
    metadata = {"title": ["题"], "bureau": "局", "date": "日", "subject": "", "about": "", "guide": ""} | {
        "state": "",
        "edition": "",
        "code": [],
        "dated": {"year": 2021, "month": 4, "day": 10},
        "sizes": SIZES,
        "fonts": fonts.roles,
        "attached": [],
    }
    (folder / METADATA).write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")
    shutil.copy(pdf.TEMPLATE, folder)
    content = pdf.typeset(folder, 2020)
    assert content
    (folder / "page.pdf").write_bytes(content)
    return ReportFile(folder / "page.pdf")


def page_of(text: str) -> nodes.document:
    """Page that shows a text in every kind of node."""

    def paragraph() -> nodes.paragraph:
        return nodes.paragraph(text, text)

    def table(width: int) -> nodes.table:
        row = nodes.row("", *(nodes.entry("", paragraph()) for _ in range(width)))
        columns = (nodes.colspec() for _ in range(width))
        group = nodes.tgroup("", *columns, nodes.thead("", row.deepcopy()), nodes.tbody("", row))
        return nodes.table("", nodes.title(text, text), group, ids=[f"table{width}"])

    inline = (
        nodes.Text(text),
        nodes.strong(text, text),
        nodes.literal(text, text),
        nodes.superscript(text, text),
        nodes.target("", "", ids=["target"]),
        *(
            nodes.reference(text, text, refid=name)
            for name in ("place", "target", "table2", "list", "nowhere")
        ),
        nodes.reference(text, text, refuri="elsewhere", internal=True),
        nodes.reference(text, text, refuri=f"https://example.gov.cn/{text}"),
        nodes.inline(text, text, ids=["place"]),
        nodes.inline(text, text, classes=["missing"]),
    )
    title = nodes.container("", nodes.Text(text), design_component="card-title")
    card = nodes.container("", title, paragraph(), design_component="card")
    document = new_document("page")
    document += nodes.section(
        "",
        nodes.title(text, text),
        nodes.comment(text, text),
        nodes.container("", paragraph(), classes=["finding"]),
        nodes.paragraph("", "", *inline),
        nodes.container(
            "", nodes.rubric(text, text), paragraph(), classes=[BOX], design_component="dropdown"
        ),
        nodes.admonition("", nodes.title(text, text), paragraph()),
        nodes.compound("", nodes.bullet_list("", nodes.list_item("", paragraph()), ids=["list"])),
        nodes.container("", card, design_component="grid-container"),
        nodes.image("", uri="picture.svg", alt=text),
        table(2),
        table(WIDE),
        nodes.section("", nodes.title(text, text), paragraph()),
        ids=["page"],
    )
    return document


SPECIAL = st.sampled_from("#$*_`<>@\\\"'~/-+=.[](){}|&^%:;,!? \t\n§“”①长a1")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    text=st.text(SPECIAL, min_size=1, max_size=40).filter(str.strip), kind=st.sampled_from((CHAPTER, ANNEX))
)
def test_no_text_is_read_as_markup(text: str, kind: str, tmp_path: Path) -> None:
    """In every kind of node: the file says the text as often as the page does, and as the words of the picture."""
    document = page_of(text)
    report = typeset(document, tmp_path / "page", kind)
    assert says(report, document, text)
    assert [figure.alt for figure in report.structure.find("Figure")] == [text]


def says(report: ReportFile, document: nodes.document, text: str) -> bool:
    """Whether the file says a text as often as the page."""
    shown = [node for node in document.findall(nodes.Text) if not isinstance(node.parent, nodes.comment)]
    return squeezed(report.read(report.structure)).count(squeezed(text)) >= len(shown)


def test_text_that_is_written_as_markup_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TypstTranslator, "say", lambda self, text: self.add(f"[{text}]\n"))
    document = page_of("*a* _b_")
    assert not says(typeset(document, tmp_path / "page"), document, "*a* _b_")


def test_code_that_cannot_be_set_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / MAIN).write_text("#nothing", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert pdf.typeset(tmp_path, 2020) == b""
    assert "2020年度的 PDF 没有排成" in caplog.text
    assert "unknown variable: nothing" in caplog.text
