"""The built book: complete, linked down to the cells, self-contained, the same twice."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from counties import small_project
from docutils.nodes import make_id
from filelock import FileLock
from projects import build, built
from test_signed_text import corrected

from evalbook.cli.chinese import INTERRUPTED
from evalbook.figures import DEFINITIONS, Cell
from evalbook.render.annex import method_label
from evalbook.render.pages import CHARTS
from evalbook.render.tidy import FIELDS
from evalbook.schema.registry_tables import REGISTRIES
from evalbook.schema.typed import plain_spans
from evalbook.sphinxext.corrections import BOX
from evalbook.year.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalbook.figures import FigureSet

CHAPTERS = ("01-overview", "02-funds", "03-organisation", "04-results", "05-measures", "06-problems")
OUTSIDE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
CSS_LOAD = re.compile(r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\"')\s]+)", re.IGNORECASE)


@cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def article(path: Path) -> Tag:
    found = soup(path).select_one("article.bd-article")
    assert found is not None
    return found


def squeezed(text: str) -> str:
    """Text without white space and full stops (a heading has none)."""
    return re.sub(r"[\s。]", "", text)


def said(node: Tag) -> str:
    """Text of a part of a page without the marks of findings and doubts, flags and the signs of links to headings."""
    copied = BeautifulSoup(str(node), "lxml")
    for sign in copied.select(".finding-mark, .flag, .headerlink"):
        sign.decompose()
    return copied.get_text()


def test_the_prose_of_the_book_is_the_signed_text_with_its_corrections(site: Path, signed: FigureSet) -> None:
    """Every word and number of the signed report stands on the year's pages, in its order, unless it was put right."""
    pages = [article(site / "years" / "2020" / f"{name}.html") for name in ("index", *CHAPTERS)]
    cover = [pages[0].select_one("h1"), *pages[0].select(".imprint p"), *pages[0].select(".prose p")]
    parts = [said(node) for node in cover if node]
    for page in pages[1:]:
        parts += [said(node) for node in page.select("h1, h2, .prose p")]
    # What nobody has approved says so in its title, and whose date it is.
    text = (
        squeezed("".join(parts))
        .replace("·更正稿（未经批准）", "")
        .replace("（据2021年4月10日签发的报告）", DATED)
    )
    assert text == squeezed(corrected(signed))


DATED = "（2021年4月10日）"

CHECKED = ("check", "check-counts", "check-filter", "check-unused", "score")
"""Classes of what speaks of findings: how many there are, and sentences that compare numbers which are linked below."""

EDITIONS = re.compile(r"第\d+版|(?:更正|存疑|撤回)\d+处")
"""Names of editions, and how many corrections and doubts there are, which the page of editions lists."""


def unlinked_numbers(page: Tag, figures: FigureSet) -> list[str]:
    """Numbers in a chapter that are neither links to a lineage nor dates, document numbers or names.

    What a box says of a correction is that of ``corrections.csv``, where numbers are quoted as signed and as reckoned
    with; its name leads to the page of editions, which links the figure.
    """
    left = []
    for node in page.find_all(string=re.compile(r"\d")):
        assert isinstance(node, NavigableString)
        if node.find_parent(class_=CHECKED):
            continue
        inside = {" ".join(parent.get("class") or []) for parent in node.parents} | {
            p.name for p in node.parents
        }
        table = node.find_parent("table")
        if {"script", "style", "code"} & inside or any(
            "figure-link" in c or "how-computed" in c for c in inside
        ):
            continue
        if table and table.caption and table.caption.get_text().startswith("报告引用的文件"):
            continue
        before = node.previous_sibling
        term = before.get_text() if isinstance(before, Tag) and before.select_one(".term-link") else ""
        found = numbers(f"{term}{node}", figures.year.registries.terms)
        if node.find_parent("li") and node.find_parent(class_=BOX):
            told = numbers(correction_text(node, figures), figures.year.registries.terms)
            found = [number for number in found if number not in told]
        left += found
    return left


def numbers(text: str, terms: tuple[str, ...]) -> list[str]:
    """Numbers in a text that are no dates, document numbers or names."""
    text = EDITIONS.sub("", text)
    spans = plain_spans(text, terms)
    found = re.finditer(r"\d[\d.]*", text)
    return [m[0] for m in found if not any(start <= m.start() < end for start, end, _ in spans)]


def correction_text(node: NavigableString, figures: FigureSet) -> str:
    """Everything that the correction says to which the name in an entry of a box leads."""
    entry = node.find_parent("li")
    link = entry.select_one("a[href^='editions.html#correction-2020-']") if entry else None
    row = int(str(link["href"]).rpartition("-")[2]) if link else 0
    return "\n".join(
        "\n".join((c.original, c.corrected, c.reason, c.settles))
        for c in figures.year.corrections
        if c.row == row
    )


@pytest.mark.parametrize("name", ["index", "checks", *CHAPTERS])
def test_every_number_on_a_page_is_a_link(site: Path, figures: FigureSet, name: str) -> None:
    page = article(site / "years" / "2020" / f"{name}.html")
    assert unlinked_numbers(page, figures) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>救助557人，2020年12月底</p>",
        "<div class='finding'><p>救助557人</p></div>",
        "<div class='check error'><p>相差53.16万元</p></div><h3>2. 救助557人：前后一致</h3>",
        "<details class='page-corrections'><summary>更正1处，存疑2处</summary><p>救助557人</p></details>",
        "<div class='page-corrections'><ul><li><a href='editions.html#correction-2020-2'>人数</a>6246人→557人</li></ul></div>",
        "<div class='page-corrections'><ul><li><a href='editions.html#correction-2020-9'>标准</a>754元/月，557人</li></ul></div>",
    ],
)
def test_an_unlinked_number_is_found(figures: FigureSet, planted: str) -> None:
    page = BeautifulSoup(f"<article>{planted}</article>", "lxml")
    assert unlinked_numbers(page, figures) == ["557"]


def test_every_figure_link_leads_to_its_lineage(site: Path, figures: FigureSet) -> None:
    lineage = soup(site / "years" / "2020" / "lineage.html")
    seen = set()
    for name in ("index", "indicators", *CHAPTERS):
        for link in article(site / "years" / "2020" / f"{name}.html").select("a.figure-link"):
            file, fragment = urldefrag(str(link["href"]))
            assert file == "lineage.html"
            target = lineage.find(id=fragment)
            assert target is not None, fragment
            seen.add(fragment)
    assert len(seen) > 120
    for figure in figures.figures.values():
        entry = lineage.find("code", string=figure.address)
        assert entry is not None, figure.address
        row = entry.find_parent("tr")
        assert row is not None
        assert figure.label in row.get_text()
        assert figure.said in row.get_text()


def test_lineage_leads_back_to_where_a_figure_is_shown(site: Path, figures: FigureSet) -> None:
    folder = site / "years" / "2020"
    lineage = soup(folder / "lineage.html")
    for name in ("summary", *CHAPTERS):
        shown = {
            urldefrag(str(link["href"]))[1]
            for link in article(folder / f"{name}.html").select("a.figure-link")
        }
        for fragment in shown:
            target = lineage.find(id=fragment)
            row = target and target.find_parent("tr")
            assert row
            (back,) = [a for a in row.find_all("a") if str(a["href"]).startswith(f"{name}.html#")]
            place = soup(folder / f"{name}.html").find(id=urldefrag(str(back["href"]))[1])
            link = place and place.find_parent("a")
            assert link
            assert str(link["href"]) == f"lineage.html#{fragment}"
    unused = lineage.find("code", string="background.resident_population").find_parent("tr")  # type: ignore[union-attr]
    assert unused is not None
    assert "摘要" in unused.get_text()


def test_lineage_leads_down_to_the_cells(site: Path, figures: FigureSet) -> None:
    lineage = soup(site / "years" / "2020" / "lineage.html")
    tables = soup(site / "years" / "2020" / "tables.html")
    cells = [link for link in lineage.select("article a.reference") if "tables.html#" in str(link["href"])]
    stated = [figure for figure in figures.figures.values() if hasattr(figure.lineage, "text")]
    assert len(cells) == len(stated)
    for link, figure in zip(cells, stated, strict=True):
        target = tables.find(id=urldefrag(str(link["href"]))[1])
        assert target is not None
        row = target.find_parent("tr")
        assert row is not None
        written = figure.lineage.text  # type: ignore[union-attr]
        if figure.put_right:
            written += f"（更正为：{figure.text}已修订）"
        assert written in [cell.get_text(strip=True) for cell in row.find_all("td")]
    back = tables.select("article td a.figure-link")
    assert len(back) == sum(figure.value is not None for figure in stated)
    assert all(lineage.find(id=urldefrag(str(link["href"]))[1]) for link in back)
    formulas = lineage.select("article td a.figure-link")
    assert len(formulas) > 200
    assert all(lineage.find(id=urldefrag(str(link["href"]))[1]) for link in formulas)


def broken_links(site: Path) -> list[str]:
    """Links that lead to no file or no place in it, and links that are not relative."""
    broken = []
    ids = {path: {str(node["id"]) for node in soup(path).find_all(id=True)} for path in site.rglob("*.html")}
    for path in ids:
        for link in soup(path).find_all("a", href=True):
            href = str(link["href"])
            file, fragment = urldefrag(href)
            target = (path.parent / unquote(file)).resolve() if file else path.resolve()
            known = ids.get(target, set() if target.is_file() else None)
            if known is None or (fragment and unquote(fragment) not in known):
                broken.append(f"{path.name}: {href}")
    return broken


def test_every_internal_link_resolves(site: Path) -> None:
    assert broken_links(site.resolve()) == []


# Addresses in the theme's and Vega's scripts from which nothing is loaded, and what they are there for.
NOT_LOADED = (
    "http://www.w3.org/",  # names of XML namespaces
    "https://www.sphinx-doc.org/",  # licence notices of Sphinx
    "https://developer.mozilla.org/",  # comments
    "https://github.com/vega/",
    "https://pydata-sphinx-theme.readthedocs.io/",
    "https://vega.github.io/schema/",  # the name of Vega's format
    "https://vega.github.io/editor/",  # an entry of Vega's menu, which charts.js leaves out
)
SCRIPT_ADDRESS = re.compile(r"(?:https?:|[\"'`])//[\w-]+\.[\w.-]+[^\s\"'`)<]*", re.IGNORECASE)


def outside_loads(site: Path) -> list[str]:
    """What a page or style sheet would load from another host."""
    found = []
    for path in site.rglob("*.html"):
        for node in soup(path).find_all(["script", "link", "img", "iframe", "source", "object"]):
            for attribute in ("src", "href", "data", "srcset"):
                address = str(node.get(attribute) or "")
                if OUTSIDE.match(address):
                    found.append(f"{path.name}: {address}")
        found += [f"{path.name}: {url}" for url in CSS_LOAD.findall(path.read_text(encoding="utf-8"))]
        for script in soup(path).find_all("script", src=False):
            found += [f"{path.name}: {url}" for url in re.findall(r"https?://[^\s\"'<]+", script.get_text())]
    for path in site.rglob("*.js"):
        named = SCRIPT_ADDRESS.findall(path.read_text(encoding="utf-8"))
        found += [f"{path.name}: {url}" for url in named if not url.startswith(NOT_LOADED)]
    for path in site.rglob("*.css"):
        found += [f"{path.name}: {url}" for url in CSS_LOAD.findall(path.read_text(encoding="utf-8"))]
    return found


def test_nothing_loads_from_outside(site: Path) -> None:
    assert outside_loads(site) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.jsdelivr.net/npm/vega"></script>',
        '<link rel="stylesheet" href="//fonts.example.com/a.css">',
        "<style>@import 'https://example.com/a.css';</style>",
        "<script>const THEBE = 'https://unpkg.com/thebe'</script>",
    ],
)
def test_a_planted_outside_address_is_found(tmp_path: Path, planted: str) -> None:
    (tmp_path / "page.html").write_text(f"<html><head>{planted}</head></html>", encoding="utf-8")
    assert outside_loads(tmp_path)


@pytest.mark.parametrize(
    "planted",
    [
        "s.src = 'https://cdn.jsdelivr.net/npm/vega'",
        'import("//unpkg.com/thebe")',
        "fetch(`http://fonts.example.com/a.woff2`)",
    ],
)
def test_a_script_that_names_another_host_is_found(tmp_path: Path, planted: str) -> None:
    (tmp_path / "script.js").write_text(planted, encoding="utf-8")
    assert outside_loads(tmp_path)


def test_titles_tell_pages_and_years_apart(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    titles = {path: soup(path).select_one("title") for path in pages}
    texts = [title.get_text() for title in titles.values() if title]
    assert len(set(texts)) == len(pages)
    assert all(text.endswith("桃江县困难群众救助绩效自评") for text in texts)
    for path in (site / "years" / "2020").glob("*.html"):
        assert "2020年度" in (titles[path] or path).get_text()  # type: ignore[union-attr]
        assert "编制单位：桃江县民政局" in soup(path).get_text()
    following = soup(site / "index.html").select_one("a.right-next .prev-next-title")
    assert following is not None
    assert "2020年度" in following.get_text()


def headed_rows(table: Tag) -> list[list[Tag]]:
    """Cells of each row, those included that reach into it from above."""
    rows: list[list[Tag]] = [[] for _ in table.find_all("tr")]
    for number, row in enumerate(table.find_all("tr")):
        for cell in row.find_all(["th", "td"]):
            for reached in rows[number : number + int(str(cell.get("rowspan", "1")))]:
                reached.append(cell)
    return rows


def has_heading(row: list[Tag]) -> bool:
    """Whether a row has a heading; a note below a form is one cell as wide as the form."""
    return len(row) == 1 or any(cell.name == "th" for cell in row)


def faulty_tables(page: BeautifulSoup) -> list[str]:
    """Tables without caption, without headings, with headings that say not what they head, or rows without one.

    And cells that do not bring their heading along where it is out of sight on a phone.
    """
    faults = []
    for table in page.select("table"):
        headings = table.find_all("th")
        if table.caption is None:
            faults.append("caption")
        if not headings or any(heading.get("scope") not in {"col", "row"} for heading in headings):
            faults.append("scope")
        if not all(map(has_heading, headed_rows(table))):
            faults.append("row")
        heads = [heading.get_text() for heading in table.select("thead th")]
        told = ([cell.get("data-heading") for cell in row.select("td")] for row in table.select("tbody tr"))
        if "stacked" in table.get_attribute_list("class") and any(row != heads[1:] for row in told):
            faults.append("stacked")
    return faults


def test_tables_have_captions_and_scoped_headings(site: Path) -> None:
    faults = {path.name: faulty_tables(soup(path)) for path in site.glob("**/*.html")}
    assert {name: found for name, found in faults.items() if found} == {}
    assert len(soup(site / "years" / "2020" / "02-funds.html").select("table")) == 4


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("<table><tr><th scope='row'>a</th></tr></table>", "caption"),
        ("<table><caption>c</caption><tr><th>a</th></tr></table>", "scope"),
        (
            "<table><caption>c</caption><tr><th scope='col'>a</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "row",
        ),
        (
            "<table class='stacked'><caption>c</caption><thead><tr><th scope='col'>a</th><th scope='col'>b</th></tr></thead>"
            "<tbody><tr><th scope='row'>1</th><td>2</td></tr></tbody></table>",
            "stacked",
        ),
    ],
)
def test_a_planted_table_is_found(table: str, fault: str) -> None:
    assert faulty_tables(BeautifulSoup(table, "lxml")) == [fault]


def test_charts_are_pictures_with_words_and_specifications(site: Path, figures: FigureSet) -> None:
    """Each chart stands twice, for wide and narrow screens, below its finding and above its table."""
    seen = []
    for name in ("summary", *CHAPTERS):
        page = article(site / "years" / "2020" / f"{name}.html")
        for wide in page.select("img.chart-wide"):
            cell = wide.find_parent("div", class_="cell_output")
            assert cell is not None
            (narrow,) = cell.select(".chart-narrow img")
            assert wide["alt"] == narrow["alt"]
            assert wide["src"] != narrow["src"]
            assert str(wide["src"]).endswith(".svg")
            finding = cell.find_previous("div", class_="finding")
            assert finding is not None
            assert finding.select("a.figure-link")
            assert squeezed(said(finding)) in squeezed(str(wide["alt"]))
            assert cell.find_next("table") is not None
            specifications = [json.loads(script.get_text()) for script in cell.select("script.vega-lite")]
            assert len(specifications) == 2
            assert all("$schema" not in specification for specification in specifications)
            seen.append(str(wide["alt"]))
    assert len(set(seen)) == sum(draw(figures) is not None for draw in CHARTS.values()) >= 6
    assert len(list(site.rglob("vega-bundle.js"))) == 1
    spoken = "".join(seen)
    for address in (
        "funds_total.all",
        "funds_share.superior",
        "level.urban_dibao",
        "tiers.rural_dibao.tier1",
    ):
        assert figures.figures[address].said in spoken


def test_terms_are_linked_where_a_page_first_speaks_of_them(site: Path, figures: FigureSet) -> None:
    glossary = soup(site / "guide" / "glossary.html")
    linked = set()
    for name in ("index", "summary", *CHAPTERS):
        page = article(site / "years" / "2020" / f"{name}.html")
        links = page.select("a:has(.term-link)")
        terms = [link.get_text() for link in links]
        assert len(terms) == len(set(terms))
        for link in links:
            file, fragment = urldefrag(str(link["href"]))
            assert file.endswith("guide/glossary.html")
            entry = glossary.find(id=fragment)
            assert entry is not None
            assert entry.get_text().rstrip("#") == link.get_text()
        for paragraph in page.select(".prose p"):
            text = paragraph.get_text()
            for term in figures.year.registries.glossary:
                if term.name in text and term.name not in linked:
                    assert term.name in "".join(terms), (name, term.name)
        linked |= set(terms)
    assert {"城市低保", "临时救助", "人均救助水平", "集中供养"} <= linked
    definitions = article(site / "guide" / "glossary.html")
    assert not definitions.select(".term-link")
    for term in figures.year.registries.glossary:
        assert term.definition in definitions.get_text()
        assert term.source in definitions.get_text()


def test_the_method_page_has_the_card_of_every_family(site: Path) -> None:
    page = article(site / "guide" / "method.html")
    text = squeezed(page.get_text())
    for definition in DEFINITIONS:
        for fact in (
            definition.title,
            f"{definition.code}.…",
            definition.unit,
            definition.formula,
            definition.meaning,
            definition.source,
            definition.undefined,
        ):
            assert squeezed(fact) in text, (definition.code, fact)
    cards = soup(site / "years" / "2020" / "indicators.html")
    links = [
        urldefrag(str(a["href"]))[1] for a in cards.select("article a") if "method.html#" in str(a["href"])
    ]
    assert len(links) > 10
    for code, title in ((definition.code, definition.title) for definition in DEFINITIONS):
        place = page.find(id=make_id(method_label(code)))
        assert isinstance(place, Tag), code
        heading = place.find("h3") if place.name == "section" else place.find_parent("section").h3  # type: ignore[union-attr]
        assert heading is not None
        assert heading.get_text().rstrip("#") == title
    assert set(links) <= {make_id(method_label(definition.code)) for definition in DEFINITIONS}


def test_the_data_dictionary_has_every_column(site: Path) -> None:
    """Of the tables that clerks fill in, and of the file that readers take away."""
    text = article(site / "guide" / "dictionary.html").get_text()
    for table in (*TABLES, *REGISTRIES):
        assert f"{table.name}.csv" in text
        for column in table.columns:
            assert column.help in text, (table.name, column.name)
    for field in FIELDS:
        assert squeezed(field.help) in squeezed(text), field.name


def test_the_summary_tells_what_is_uncertain_or_missing(site: Path, figures: FigureSet) -> None:
    page = article(site / "years" / "2020" / "summary.html")
    cards = page.select(".key-figures .sd-card")
    assert figures.figures["funds_total.all"].text in cards[0].get_text()
    assert len(cards) == 7
    told = page.select_one("table:-soup-contains('不确定和缺失的内容')")
    assert told is not None
    for label in (
        "常住人口",
        "填入后自动算出每万人救助人数",
        "流浪乞讨救助领域支出",
        "引用文件的文号",
        "疑有误",
    ):
        assert label in told.get_text()
    shown = {str(link["href"]).rpartition("#")[2] for link in told.select("a.figure-link")}
    stated = [f for f in figures.figures.values() if f.value is None and isinstance(f.lineage, Cell)]
    assert len(shown) >= len(stated) > 0
    # A missing figure that follows from another missing one is not told again.
    assert figures.figures["execution.area.vagrant_relief"].label not in told.get_text()


def test_pages_speak_chinese_and_show_no_clock(site: Path) -> None:
    page = soup(site / "index.html")
    assert page.html is not None
    assert str(page.html["lang"]).lower().replace("_", "-") == "zh-cn"
    for path in site.rglob("*.html"):
        text = soup(path).get_text()
        for word in ("Copyright", "Last updated", "最后更新", "Previous", "Show code", "By "):
            assert word not in text, (path.name, word)


def test_no_code_is_shown_until_it_is_asked_for(site: Path) -> None:
    for name in ("index", "lineage", "indicators", "tables", "forms", "downloads", *CHAPTERS):
        page = article(site / "years" / "2020" / f"{name}.html")
        assert all(code.find_parent("details") for code in page.select("div.highlight"))
        (how,) = page.select("details.how-computed")
        assert "本页如何算出" in how.get_text()
        assert not how.has_attr("open")


def test_the_search_index_has_chinese_terms(site: Path) -> None:
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    assert {"低保", "特困", "临时", "救助", "孤儿"} <= set(index["terms"])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of few pages, built; its input is changed, and must be put back."""
    project = small_project(tmp_path_factory.mktemp("small") / "project")
    built(project)
    return project


def test_a_warning_is_a_failure_and_the_last_good_book_stays(small: Path) -> None:
    made = small / "book" / "_build"
    before = {name: contents(made / name) for name in ("html", "pdf")}
    page, method = small / "book" / "index.md", small / "book" / "guide" / "method.md"
    good, sound_method = page.read_text(encoding="utf-8"), method.read_text(encoding="utf-8")
    planted = {
        "[没有的页](nowhere.md)": "nowhere.md",
        "{figure}`2023/没有的数字`": "没有“没有的数字”这个数字",
        "{figure}`201人 <2023/people.urban_dibao>`": "不是2023年度的“城市低保月均人数”",
        "{figure}`城市低保月均人数`": "没有写明年度",
    }
    line = sound_method.count("\n") + 2
    of_the_pdf = (
        f"method.md:{line}: WARNING: guide/method：字库里没有“𠮷”（U+20BB7）这个字",
        f"method.md:{line + 2}: WARNING: guide/method：PDF 的排版程序不认识网页里的 raw（内容：“<i>没有</i>”）",
    )
    page.write_text("\n\n".join([good, *planted]), encoding="utf-8")
    method.write_text(
        f"{sound_method}\n由𠮷富镇落实。\n\n```{{raw}} html\n<i>没有</i>\n```\n", encoding="utf-8"
    )
    done = build(small)
    assert done.returncode != 0
    for told in (*planted.values(), *of_the_pdf, "原来的网页和 PDF 保持不变"):
        assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert {name: contents(made / name) for name in before} == before
    assert not list(made.glob(".*-new"))

    page.write_text(good, encoding="utf-8")
    method.write_text(sound_method, encoding="utf-8")
    table = small / "data" / "2023" / "spending.csv"
    sound = table.read_text(encoding="utf-8-sig")
    table.write_text(sound.replace("941.71", "abc"), encoding="utf-8-sig")
    done = build(small)
    table.write_text(sound, encoding="utf-8-sig")
    assert done.returncode == 2
    assert "data/2023/spending.csv 第2行“金额”：写的是“abc”" in done.stderr
    assert "Traceback" not in done.stderr
    assert {name: contents(made / name) for name in before} == before


def test_the_reports_alone_are_made_and_are_the_same(small: Path) -> None:
    made = small / "book" / "_build"
    before = {name: contents(made / name) for name in ("html", "pdf")}
    shutil.rmtree(made / "pdf")
    done = build(small, "--builder", "custom", "--custom-builder", "pdf")
    assert done.returncode == 0, done.stderr
    assert {name: contents(made / name) for name in before} == before


def test_the_command_builds_and_keeps_the_last_good_book(small: Path) -> None:
    html = small / "book" / "_build" / "html"
    before = contents(html)

    def command() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "evalbook.cli", "build"],
            cwd=small,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    page = small / "book" / "index.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n新的一句。\n", encoding="utf-8")
    people = small / "data" / "2023" / "people.csv"
    people.write_text(people.read_text(encoding="utf-8-sig").replace("1840", "1841"), encoding="utf-8-sig")
    start = time.time()
    done = command()
    assert done.returncode == 0, done.stderr
    assert f"已生成网页：{html}" in done.stdout
    report = html.parent / "pdf" / "report-2023.pdf"
    assert f"已生成报告：{report}" in done.stdout
    assert report.stat().st_mtime > start
    assert "打开方法" in done.stdout
    assert "新的一句" in (html / "index.html").read_text(encoding="utf-8")
    pages = {name for name in before if not name.startswith("_images/")}  # which are named by what they show
    assert {name for name in contents(html) if not name.startswith("_images/")} == pages

    good = contents(html)
    page.write_text("# 标题\n\n[没有的页](nowhere.md)\n", encoding="utf-8")
    done = command()
    assert done.returncode == 2
    assert "原来的网页和 PDF 保持不变" in done.stderr
    assert "nowhere.md" in done.stderr
    spending = small / "data" / "2023" / "spending.csv"
    moved = spending.rename(small / spending.name)
    done = command()
    moved.rename(spending)
    assert done.returncode == 2
    assert "data/2023/spending.csv：找不到这个文件" in done.stderr
    assert "原来的网页和 PDF 保持不变" in done.stderr
    assert contents(html) == good


def below(process: int) -> list[int]:
    """Processes that a process started, and those that they started."""
    try:
        own = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()
    except OSError:  # it has ended meanwhile
        return []
    return [found for child in map(int, own) for found in (child, *below(child))]


def runs(process: int) -> bool:
    """Whether a process has not ended; one that nobody has asked after has."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


class Running:
    """An ``evalbook`` command that runs in a project, to be killed."""

    def __init__(self, project: Path, *arguments: str) -> None:
        # Started in the background, a process would not hear Ctrl-C.
        code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        code += "from evalbook.cli import main; main(sys.argv[1:])"
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - as long as this
        own = {"PYTHONPATH": str(project)} if (project / "evalbook").is_dir() else {}
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=project,
            env={**os.environ, "PYTHONUTF8": "1", **own},
            stdin=subprocess.DEVNULL,
            stdout=self._told,
            stderr=subprocess.STDOUT,
        )

    def ended(self) -> bool:
        """Whether it is over."""
        return self.process.poll() is not None

    def until(self, moment: Callable[[], object]) -> None:
        """Wait for a moment, while it runs."""
        deadline = time.monotonic() + 180
        while not moment():
            assert not self.ended(), self.told()
            assert time.monotonic() < deadline, self.told()
            time.sleep(0.01)

    def killed(self, kill: signal.Signals) -> str:
        """Kill it, and give what it has told."""
        self.process.send_signal(kill)
        self.process.wait(timeout=20)
        return self.told()

    def told(self) -> str:
        """What it has told so far."""
        self._told.seek(0)
        return self._told.read().decode()


STAGES: dict[str, Callable[[Path], bool]] = {
    "while notebooks run": lambda build: (build / ".lock").exists(),
    "while the report is set": lambda build: (build / ".doctrees" / "typst" / "2023" / "main.typ").exists(),
}


KILLS = (
    (signal.SIGINT, "while notebooks run"),
    (signal.SIGKILL, "while the report is set"),
    (signal.SIGTERM, "while notebooks run"),
)


@pytest.mark.parametrize(("kill", "stage"), KILLS)
def test_a_build_that_is_killed_ends_all_that_it_started(
    tmp_path: Path, small: Path, kill: signal.Signals, stage: str
) -> None:
    """The last good book stays, and nothing is in the way of the next build."""
    project = small_project(tmp_path / "project")
    made = project / "book" / "_build"
    for name in ("html", "pdf"):
        shutil.copytree(small / "book" / "_build" / name, made / name)
    good = contents(made / "html")
    building = Running(project, "build")
    started: list[int] = []

    def begun() -> bool:
        started[:] = below(building.process.pid)
        return len(started) >= 3 and STAGES[stage](made)  # the book's process and two more

    building.until(begun)
    if kill == signal.SIGTERM:
        # On a busy machine the first build may be done before the second one has begun.
        halted = (building.process.pid, *started)
        for pid in filter(runs, halted):
            os.kill(pid, signal.SIGSTOP)
        second = Running(project, "build")
        assert second.process.wait(timeout=60) == 2
        assert "另一个生成正在进行，请等它结束再试；原来的网页和 PDF 保持不变。" in second.told()
        for pid in filter(runs, halted):
            os.kill(pid, signal.SIGCONT)
    told = building.killed(kill)
    assert "Traceback" not in told
    assert kill == signal.SIGKILL or INTERRUPTED in told
    deadline = time.monotonic() + 10
    while any(map(runs, started)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert contents(made / "html") == good
    assert not (made / ".doctrees" / "good.json").exists()
    with FileLock(made / ".lock", timeout=0):
        pass


def test_a_table_ends_with_its_region(site: Path) -> None:
    """What follows a table is not part of the region that scrolls."""
    for path in sorted(site.rglob("*.html")):
        page = soup(path)
        assert not page.select(".pst-scrollable-table-container .pst-scrollable-table-container"), path
        assert not page.select(".pst-scrollable-table-container section"), path
