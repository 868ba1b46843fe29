"""The PDF report: an official document by GB/T 9704—2012, archival, accessible, with the figures of the HTML."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from bs4 import BeautifulSoup, Tag
from reports import A4, MM, NUMBER, OF_THE_TOOL, TOP, Bookmark, Char, ReportFile, html_pages, missing_numbers

from evalbook.figures import Cell
from evalbook.render.editions import edition_and_status, edition_in_short
from evalbook.render.tidy import figures_csv, figures_schema
from evalbook.year import Reference

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.figures import FigureSet

SAN_HAO, SI_HAO, ER_HAO = 15.75, 14, 22
LINE = SAN_HAO * 15 / 8
SONG, HEI = "NotoSerifSC", "NotoSansSC"
PAPER = re.compile(r"（第\d+页）")
"""Where on paper something is; a reader of the HTML follows the link."""


@pytest.fixture(scope="module")
def sections(report: ReportFile) -> dict[str, str]:
    return report.sections()


def squeezed(text: str) -> str:
    """Text without white space and the joiner that binds a mark to its figure."""
    return re.sub(r"[\s\u2060]", "", text)


def words(line: list[Char]) -> str:
    return "".join(char["text"] for char in line)


# Content


def test_every_number_of_a_page_is_in_its_section(site: Path, sections: dict[str, str]) -> None:
    """As often as on the page at least; what charts say in the PDF, where they are text, counts for nothing."""
    for name, page in html_pages(site, 2020).items():
        assert missing_numbers(page, sections) == Counter(), name
    assert sum(len(NUMBER.findall(page.get_text(" "))) for page in html_pages(site, 2020).values()) > 1200


def test_a_number_left_out_is_found(site: Path, sections: dict[str, str]) -> None:
    page = html_pages(site, 2020)["years/2020/02-funds"]
    damaged = {title: text.replace("2748.71", "2784.71", 1) for title, text in sections.items()}
    assert missing_numbers(page, damaged) == Counter({"2748.71": 2})  # in the text and in its table


def test_the_body_is_the_signed_text_in_its_order(
    report: ReportFile, sections: dict[str, str], figures: FigureSet
) -> None:
    """Title in its lines, state, bureau, and every heading and paragraph, as signed and put right."""
    assert [squeezed(words(line)) for line in report.lines(1)] == [
        *figures.year.settings.title,
        "更正稿（未经批准）",
        "桃江县民政局",
        "（据2021年4月10日签发的报告）",
        squeezed(edition_and_status(figures)),
    ]
    text = squeezed("".join(sections.values()))
    place = 0
    for narrative in figures.year.narrative.values():
        for section in narrative.sections:
            written = [section.heading.removesuffix("。")] if section.heading else []
            for paragraph in section.paragraphs:
                parts = (figures.text_of(p.name) if isinstance(p, Reference) else str(p) for p in paragraph)
                written.append("".join(parts))
            for part in written:
                found = text.find(squeezed(part), place)
                assert found >= 0, part
                place = found + len(squeezed(part))
    assert place <= text.index("（不属于签发内容）") < text.index("附件：1.摘要") < text.rindex("附件1摘要")


def test_nothing_that_the_tool_adds_stands_before_its_own_part(report: ReportFile) -> None:
    """The bureau signs its text: charts, tables, findings, scores and the list of annexes come behind it."""
    begins = added(report).page
    assert [
        number
        for kind in ("Figure", "Table")
        for node in report.structure.find(kind)
        for number in node.pages
        if number < begins
    ] == []
    signed = squeezed("".join(report.text(number) for number in range(1, begins)))
    for told in ("自评等次：优秀。照证据", "勾稽检查：", "以下内容：", "附件："):
        assert told not in signed.partition("目录")[0]
        assert told not in signed.partition("形成自评报告如下")[2], told


def test_an_edition_that_nobody_approved_is_signed_by_nobody(report: ReportFile) -> None:
    """No bureau and no date close the body, and the day on which another text was signed is told as that."""
    begins = added(report).page
    body = squeezed("".join(report.text(number) for number in range(3, begins)))
    assert not re.search(r"桃江县民政局(?:\d{4}年\d+月\d+日)?(?:第2版|—\d+—|$)", body[-200:])
    for number in range(1, begins):
        text = squeezed(report.text(number))
        assert text.count("2021年4月10日") == text.count("据2021年4月10日签发的报告"), number


def test_chapters_and_annexes_come_in_order(report: ReportFile, figures: FigureSet) -> None:
    chapters = [prose.title for prose in figures.year.narrative.values() if prose.title]
    titles = [mark.title for mark in report.headings if mark.level == 1]
    assert (report.bookmarks[0].title, report.bookmarks[0].page) == ("目　录", 2)
    annexes = ["摘要", "绩效评分", "自评表", "勾稽检查", "版本与更正", "指标附录", "方法", "数字来源附录"]
    annexes.append("数据表原样")
    assert titles == [
        *chapters,
        "编制说明",
        *(f"附件{number}\u3000{title}" for number, title in enumerate(annexes, start=1)),
    ]
    places = [(mark.page, mark.top) for mark in report.headings]
    assert places == sorted(places)


def test_every_figure_has_its_lineage(
    report: ReportFile, sections: dict[str, str], figures: FigureSet
) -> None:
    """Name, address, value with unit, and the cell or the formula, of every figure of the year."""
    rows = [[squeezed(report.read(cell)) for cell in row.children] for row in report.structure.find("TR")]
    listed = {row[0]: row[1:] for row in rows if len(row) == 3}
    for figure in figures.figures.values():
        value, origin = listed[squeezed(figure.label) + figure.address]
        assert squeezed(figure.said) in value
        match figure.lineage:
            case Cell(file, row, letter):
                assert origin.startswith(f"{file}第{row}行{letter}列")
            case derivation:
                assert origin.startswith(f"公式：{squeezed(derivation.formula)}代入：")
    told = "表格和页码（宋体）用NotoSerifSC（2.003）；一级标题（黑体）用NotoSansSC（2.004）"
    assert told in squeezed(sections["附件8\u3000数字来源附录"])


# Layout


def test_pages_are_a4_and_nothing_leaves_the_type_area(report: ReportFile) -> None:
    """5.1, 5.2.1: A4, 天头 37 mm, 订口 28 mm, type area 156 mm × 225 mm; tables on their side turn all of it."""
    lying = 0
    for number, page in enumerate(report.pages, start=1):
        size = (page.height, page.width) if report.is_lying(number) else (page.width, page.height)
        assert size == pytest.approx(A4, abs=0.1)
        lying += report.is_lying(number)
        left, top, right, bottom = report.type_area(number)
        assert right - left == pytest.approx((225 if report.is_lying(number) else 156) * MM, abs=0.1)
        for char in report.body(number):
            # A mark at the end of a line may hang out by half of itself, which is empty.
            assert left - SAN_HAO / 2 - 0.1 < char["x0"], (number, char["text"])
            assert char["x1"] < right + SAN_HAO / 2 + 0.1, (number, char["text"])
            assert top - 0.1 < char["top"] + (char["height"] - char["size"]), (number, char["text"])
            assert char["bottom"] < bottom + 1, (number, char["text"])
    assert lying >= 2


def is_text(line: list[Char]) -> bool:
    """Whether a line is text or a heading, of the size that the standard has for them."""
    return all(abs(char["size"] - SAN_HAO) < 0.01 for char in line)


def text_pages(report: ReportFile) -> list[int]:
    """Pages of the body that hold text alone and whose text goes on on the next page."""
    return [
        number
        for number in range(3, added(report).page - 1)
        if not report.is_lying(number) and not report.is_lying(number + 1)
        if all(map(is_text, report.lines(number))) and is_text(report.lines(number + 1)[0])
    ]


def test_the_body_has_22_lines_of_28_characters(report: ReportFile) -> None:
    """5.2.3, and clause 3 for the height of a line, whatever marks stand beside its figures."""
    full = text_pages(report)
    assert full
    for number in full:
        # A heading that would stand alone in the last line goes to the next page with its text.
        following = [mark.top for mark in report.headings if mark.page == number + 1]
        count = len(report.lines(number))
        assert count == 22 or (count == 21 and following and min(following) < TOP), number
    lengths: Counter[int] = Counter()
    distances = []
    for number in range(3, added(report).page - 1):
        lines = report.lines(number)
        left, _, right, _ = report.type_area(number)
        if is_text(lines[0]):
            assert lines[0][0]["top"] == pytest.approx(TOP, abs=1)
        for line, below in pairwise(lines):
            if is_text(line) and is_text(below):
                distances.append(below[0]["top"] - line[0]["top"])
        for line in filter(is_text, lines):
            if all("一" <= char["text"] <= "鿿" for char in line) and line[-1]["x1"] > right - 3:
                lengths[round((line[-1]["x1"] - left) / SAN_HAO)] += 1
    assert len(distances) > 100
    assert distances == pytest.approx([LINE] * len(distances), abs=0.05)
    assert set(lengths) == {28}


def test_no_line_begins_or_ends_with_the_wrong_mark(report: ReportFile) -> None:
    """GB/T 15834: what closes does not begin a line, what opens does not end one."""
    lines = [words(line) for number in range(3, added(report).page) for line in report.lines(number)]
    assert len(lines) > 130
    assert [line for line in lines if line[0] in "，。；：、！？）》”〕…" or line[-1] in "（《“〔"] == []


def test_paragraphs_and_headings_are_indented_by_two_characters(report: ReportFile) -> None:
    """7.3.3; 一、 in 黑体, （一） in 楷体, 1. in 仿宋, all 三号; the package has Song for the last two."""
    chapters = report.headings[: report.headings.index(added(report))]
    assert len(chapters) > 15
    for mark in chapters:
        line = next(line for line in report.lines(mark.page) if line[0]["top"] > mark.top - 1)
        left = report.type_area(mark.page)[0]
        assert words(line).startswith(squeezed(mark.title)[:10])
        # An opening bracket has its ink at the right of its square.
        assert line[0]["x0"] - left == pytest.approx(2 * SAN_HAO, abs=0.1 if line[0]["text"] != "（" else 8)
        assert {round(char["size"], 2) for char in line} == {SAN_HAO}
        wanted = HEI if re.match("[一二三四五六]、", mark.title) else SONG
        assert all(wanted in char["fontname"] for char in line), mark.title


def test_the_title_page_and_annexes_are_headed_as_the_standard_says(report: ReportFile) -> None:
    """7.3.1: 二号, centred. 7.3.7: 附件 and number in 黑体 at the left of the first line, the title in the third."""
    left, _, right, _ = report.type_area(1)
    for line in report.lines(1)[:2]:
        assert {round(char["size"], 2) for char in line} == {ER_HAO}
        assert line[0]["x0"] - left == pytest.approx(right - line[-1]["x1"], abs=1)
    assert report.foot(1) == []
    annexes = [mark for mark in report.headings if mark.level == 1 and mark.title.startswith("附件")]
    for mark in annexes:
        number, title = report.lines(mark.page)[:2]
        left, _, right, _ = report.type_area(mark.page)
        assert words(number) + "\u3000" + words(title) == mark.title
        assert all(HEI in char["fontname"] and round(char["size"], 2) == SAN_HAO for char in number)
        assert number[0]["x0"] == pytest.approx(left, abs=0.1)
        assert {round(char["size"], 2) for char in title} == {ER_HAO}
        assert title[0]["x0"] - left == pytest.approx(right - title[-1]["x1"], abs=1)
        assert title[0]["top"] - number[0]["top"] == pytest.approx(2 * LINE, abs=4)


def test_page_numbers_stand_outside_and_the_foot_tells_edition_and_status(
    report: ReportFile, figures: FigureSet
) -> None:
    """7.5: 四号 in Song between dashes that are 7 mm under the type area, one character from the edge; 8 for tables."""
    about = squeezed(f"{edition_in_short(figures)}·桃江县2020年度困难群众救助绩效评价报告")
    for number in range(2, len(report.pages) + 1):
        left, _, right, bottom = report.type_area(number)
        foot = [char for char in report.foot(number) if not char["text"].isspace()]
        length = len(str(number)) + 2
        if report.is_lying(number):
            assert all(char["matrix"][:4] == pytest.approx((0, -1, 1, 0), abs=0.01) for char in foot)
            foot.sort(key=lambda char: char["top"])
        shown, rest = (foot[-length:], foot[:-length]) if number % 2 else (foot[:length], foot[length:])
        assert (words(shown), words(rest)) == (f"—{number}—", about)
        assert all(SONG in char["fontname"] for char in shown)
        if report.is_lying(number):
            height = report.pages[number - 1].height
            edge = height - shown[-1]["bottom"] if number % 2 else shown[0]["top"]
            assert edge == pytest.approx(27 * MM + SI_HAO, abs=2)
            dash = max(char["x1"] for char in shown) - SI_HAO / 2
            assert left - dash == pytest.approx(7 * MM, abs=2)
        else:
            edge = right - shown[-1]["x1"] if number % 2 else shown[0]["x0"] - left
            assert edge == pytest.approx(SI_HAO, abs=0.5)
            assert {round(char["size"], 2) for char in shown} == {SI_HAO}
            assert shown[0]["top"] + SI_HAO / 2 - bottom == pytest.approx(7 * MM, abs=0.5)


def test_rows_are_whole_heads_are_repeated_and_headings_and_captions_stay_with_what_they_head(
    report: ReportFile,
) -> None:
    tree = report.structure
    rows = tree.find("TR")
    assert len(rows) > 400
    assert [row for row in rows if len(row.pages) != 1] == []
    spread = 0
    for caption, table in zip(tree.find("Caption"), tree.find("Table"), strict=True):
        (head,), (body, *_) = (table.find(kind) for kind in ("THead", "TBody"))
        assert caption.pages == head.pages
        first = next(iter(body.children), head)
        assert head.pages == first.pages
        spread += len(table.pages) > 1
        for number in sorted(table.pages)[1:]:
            assert repeats_a_head(report, number), number
    assert spread > 10
    for heading, following in pairwise(tree.children):
        if re.fullmatch("H[1-6]", heading.kind):
            assert max(heading.pages) == min(following.pages), heading


def test_no_cell_runs_into_the_next(report: ReportFile) -> None:
    """Long addresses and names without a place to break are broken all the same."""
    assert overlaps(report) == []


def overlaps(report: ReportFile) -> list[str]:
    found = []
    for row in report.structure.find("TR"):
        cells = [[char for char in report.chars(cell) if not char["text"].isspace()] for cell in row.children]
        for cell, following in pairwise(cell for cell in cells if cell):
            if max(char["x1"] for char in cell) > min(char["x0"] for char in following):
                found.append(words(cell))
    return found


def repeats_a_head(report: ReportFile, number: int) -> bool:
    """Whether a page begins with the head of a table: text between its two upper rules."""
    drawn = sorted(rect["top"] for rect in (*report.pages[number - 1].lines, *report.pages[number - 1].rects))
    # Where a rule meets another, each has half of its breadth for an edge.
    rules = [top for before, top in pairwise([-1.0, *drawn]) if top - before > 0.5]
    first = report.lines(number)[0][0]
    return len(rules) > 2 and rules[0] < first["top"] + 2 and rules[1] > first["top"]


def test_contents_lead_to_the_pages_they_name(report: ReportFile) -> None:
    entries = [line for line in report.lines(2)[1:] if round(line[0]["size"], 2) == SI_HAO]
    lines = [squeezed(words(line)) for line in entries]
    wanted = [
        (squeezed(mark.title), mark.page)
        for mark in report.headings
        if mark.level == 1 or mark.page < added(report).page
    ]
    assert [re.sub(r"\.{3,}", "…", line) for line in lines] == [f"{title}…{page}" for title, page in wanted]
    assert sorted({report.leads_to(link) for link in report.links(2)}) == sorted({page for _, page in wanted})


def test_pages_named_on_paper_are_those_of_the_links(report: ReportFile) -> None:
    """Of each family of indicators, the card of its method."""
    pages = {mark.title: mark.page for mark in report.headings if mark.level == 3}
    links = [link for link in report.structure.find("Link") if "单位、公式和依据" in report.read(link)]
    named = re.findall(r"单位、公式和依据（第(\d+)页）", squeezed(report.read(report.structure)))
    families = [mark.title for mark in report.headings if mark.level == 2 and mark.title in pages]
    assert len(named) == len(links) > 10
    assert [int(number) for number in named] == [pages[title] for title in families[: len(named)]]


def added(report: ReportFile) -> Bookmark:
    return next(mark for mark in report.headings if mark.title == OF_THE_TOOL)


def test_numbers_of_the_body_lead_to_their_lineage(report: ReportFile) -> None:
    first, last = (
        next(mark.page for mark in report.headings if mark.title.startswith(name))
        for name in ("附件8", "附件9")
    )
    annexes = next(mark.page for mark in report.headings if mark.title.startswith("附件1"))
    leading = [report.leads_to(link) for number in range(3, annexes) for link in report.links(number)]
    assert len([page for page in leading if first <= page < last]) > 250


# Archive and accessibility


def faults(report: ReportFile) -> list[str]:
    """What keeps a file from being PDF/A-3a and PDF/UA-1, as far as reading it tells."""
    root: Any = report.pike.Root
    found = []
    xmp = report.pike.open_metadata()
    if (xmp.get("pdfaid:part"), xmp.get("pdfaid:conformance")) != ("3", "A"):
        found.append("PDF/A")
    if str(xmp.get("{http://www.aiim.org/pdfua/ns/id/}part")) != "1":
        found.append("PDF/UA")
    intents = root.get("/OutputIntents", [])
    if not any(i.S == "/GTS_PDFA1" and i.DestOutputProfile.N == 3 for i in intents):
        found.append("OutputIntent")
    if root.get("/Lang") != "zh-CN":
        found.append("Lang")
    if "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked"):
        found.append("StructTreeRoot")
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        found.append("DisplayDocTitle")
    if "/Encrypt" in report.pike.trailer or "/AcroForm" in root or "/OpenAction" in root:
        found.append("actions")
    for font in fonts(report):
        descriptor = font.DescendantFonts[0].FontDescriptor
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            found.append(f"{font.BaseFont} is not embedded")
        if "/ToUnicode" not in font:
            found.append(f"{font.BaseFont} has no Unicode")
    if "/StructTreeRoot" in root:
        levels = [int(node.kind[1]) for node in report.structure.find("H[1-6]")]
        if levels[:1] != [1] or any(low - high > 1 for high, low in pairwise(levels)):
            found.append("levels of headings")
        found += ["Alt"] * sum(not node.alt for node in report.structure.find("Figure"))
        for table in report.structure.find("Table"):
            heads = [row for part in table.find("THead") for row in part.find("TR")]
            if not heads or any(cell.kind != "TH" for row in heads for cell in row.children):
                found.append("TH")
    return found


def fonts(report: ReportFile) -> list[Any]:
    return [
        thing
        for thing in report.pike.objects
        if isinstance(thing, pikepdf.Dictionary)
        and thing.get("/Type") == "/Font"
        and "/DescendantFonts" in thing
    ]


def test_the_file_is_archival_and_accessible(report: ReportFile) -> None:
    assert faults(report) == []
    assert len(fonts(report)) >= 2


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "OutputIntent"),
        (lambda pdf: pdf.Root.__setitem__("/Lang", "en"), "Lang"),
        (lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"), "StructTreeRoot"),
        (lambda pdf: pdf.Root.__delitem__("/Metadata"), "PDF/A"),
        (lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"), "DisplayDocTitle"),
        (lambda pdf: _first(pdf, "/Figure").__delitem__("/Alt"), "Alt"),
        (lambda pdf: _first(pdf, "/TH").__setitem__("/S", pikepdf.Name("/TD")), "TH"),
        (lambda pdf: _first(pdf, "/H2").__setitem__("/S", pikepdf.Name("/H4")), "levels of headings"),
        (lambda pdf: _font(pdf).__delitem__("/ToUnicode"), "has no Unicode"),
        (
            lambda pdf: _font(pdf).DescendantFonts[0].FontDescriptor.__delitem__("/FontFile3"),
            "is not embedded",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_not_is_found(report: ReportFile, tmp_path: Path, damage: Any, told: str) -> None:
    with pikepdf.open(report.path) as pdf:
        damage(pdf)
        pdf.save(tmp_path / "damaged.pdf")
    assert told in "".join(faults(ReportFile(tmp_path / "damaged.pdf")))


def _first(pdf: Any, kind: str) -> Any:
    return next(o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == kind)


def _font(pdf: Any) -> Any:
    return next(
        o
        for o in pdf.objects
        if isinstance(o, pikepdf.Dictionary) and "/DescendantFonts" in o and "/ToUnicode" in o
    )


def test_charts_are_drawn_as_vectors_with_the_words_of_the_html(report: ReportFile, site: Path) -> None:
    spoken = [
        str(image["alt"])
        for page in html_pages(site, 2020).values()
        for image in page.select("img.chart-wide")
    ]
    figures = report.structure.find("Figure")
    assert sorted(node.alt for node in figures) == sorted(spoken)
    assert len(spoken) >= 7
    for node in figures:  # the words are of the same chart: they say every number that is drawn
        drawn = NUMBER.findall(
            " ".join("".join(c["text"] for c in report.marked[mark]) for mark in node.marks)
        )
        assert len(drawn) > 3
        assert set(drawn) <= set(NUMBER.findall(node.alt))
    assert not [
        o for o in report.pike.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"
    ]


def test_every_cell_of_the_html_is_in_the_same_cell_of_the_pdf(report: ReportFile, site: Path) -> None:
    """Read as a screen reader reads it, by the structure of the file; of tables that lie, the chapter comes first."""
    shown = sorted(cells(table) for page in html_pages(site, 2020).values() for table in page.select("table"))
    tables = report.structure.find("Table")
    read = sorted(
        [filled([PAPER.sub("", report.read(cell)) for cell in row.children]) for row in table.find("TR")]
        for table in tables
    )
    assert read == shown
    assert sum(len(row) for table in read for row in table) > 2000


def cells(table: Tag) -> list[list[str]]:
    return [filled([cell.get_text() for cell in row.select("th, td")]) for row in table.select("tr")]


def filled(texts: list[str]) -> list[str]:
    """Texts of a row; below a heading that a form repeats on the next page, the PDF has an empty cell more."""
    return [text for text in map(squeezed, texts) if text]


def test_title_author_subject_and_date_come_from_the_year(report: ReportFile, figures: FigureSet) -> None:
    info, xmp = report.pike.docinfo, report.pike.open_metadata()
    assert (
        str(info["/Title"])
        == xmp["dc:title"]
        == "桃江县2020年度困难群众救助绩效评价报告 · 更正稿（未经批准）"
    )
    assert str(info["/Author"]) == "桃江县民政局"
    assert xmp["dc:creator"] == ["桃江县民政局"]
    assert str(info["/Subject"]) == xmp["dc:description"]
    for told in ("桃江县2020年度", "2020年1月1日至2020年12月31日", edition_and_status(figures)):
        assert told in str(info["/Subject"])
    for key in ("/CreationDate", "/ModDate"):
        assert str(info[key]).startswith(f"D:{figures.year.file_date:%Y%m%d}000000")
    for key in ("xmp:CreateDate", "xmp:ModifyDate"):
        assert str(xmp[key]).startswith(f"{figures.year.file_date}")


def test_the_figures_travel_in_the_file(report: ReportFile, site: Path, figures: FigureSet) -> None:
    taken = report.attachments
    assert taken == {
        "figures-2020.csv": figures_csv(figures),
        "figures-2020.csv-metadata.json": figures_schema(figures),
    }
    for name, content in taken.items():
        assert (site / "years" / "2020" / name).read_bytes() == content
    listed = [(str(spec.UF), str(spec.AFRelationship), str(spec.Desc)) for spec in report.pike.Root.AF]
    assert [(name, kind) for name, kind, _ in sorted(listed)] == [(name, "/Data") for name in sorted(taken)]
    assert all(description for _, _, description in listed)


def test_the_site_offers_the_same_file(report: ReportFile, site: Path) -> None:
    assert (site / "years" / "2020" / "report-2020.pdf").read_bytes() == report.path.read_bytes()
    page = BeautifulSoup((site / "years" / "2020" / "downloads.html").read_text(encoding="utf-8"), "lxml")
    assert page.select_one("article a[href='report-2020.pdf']")
    front = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "lxml")
    assert front.select_one("article a[href='years/2020/report-2020.pdf']")
