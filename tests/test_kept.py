"""A build that takes up what the last one left equals one from nothing, whatever changed in between."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pdfplumber
import pytest
from bs4 import BeautifulSoup
from counties import OWN_CHAPTER, small_project
from docutils import nodes
from projects import build

from evalbook.release import Builder
from evalbook.run import pages
from evalbook.sphinxext.traversal import descendants
from evalbook.state import is_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of few pages, not released, so that a change of one number is not also one of the edition."""
    project = small_project(tmp_path_factory.mktemp("kept") / "project")
    make(project)
    return project


def test_a_chapter_of_any_name_is_a_page_like_others(book: Path) -> None:
    """In its place in the contents, the report, the search and the exports, with what its prose places, in order."""
    html = book / "book" / "_build" / "html"
    folder = html / "years" / "2023"
    page = BeautifulSoup((folder / f"{OWN_CHAPTER}.html").read_text(encoding="utf-8"), "html.parser")
    shown = page.select("article h1, article h2, article table caption, article figure, article div.prose p")
    texts = [element.get_text(" ", strip=True).rstrip("# ") for element in shown]
    wanted = (
        "其他情况",
        "保障对象见表",
        "保障对象（按项目和保障形式）",
        "资金来源见图",
        "支出",
        "资金与支出（按领域）",
    )
    places = [next(n for n, text in enumerate(texts) if words in text) for words in wanted]
    assert places == sorted(places)
    assert page.select("article svg")
    assert not BeautifulSoup((folder / "02-funds.html").read_text(encoding="utf-8"), "html.parser").select(
        "article table"
    )
    cover = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    listed = [unquote(str(link["href"])) for link in cover.select("article .toctree-wrapper a")]
    assert listed.index("04-results.html") < listed.index(f"{OWN_CHAPTER}.html") < listed.index("score.html")
    index = (html / "searchindex.js").read_text(encoding="utf-8")
    names = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["docnames"]
    assert f"years/2023/{OWN_CHAPTER}" in names
    with pdfplumber.open(book / "book" / "_build" / "pdf" / "report-2023.pdf") as report:
        assert any("资金来源见图" in sheet.extract_text() for sheet in report.pages[:8])


@pytest.fixture(scope="module")
def builder() -> Iterator[Builder]:
    """A process that builds and stays."""
    with Builder() as builder:
        yield builder


def make(project: Path) -> None:
    """Build the book; it must succeed."""
    done = build(project)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]


def made(project: Path) -> dict[str, str]:
    """Hash of every file of the book and of its reports."""
    folder = project / "book" / "_build"
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in ("html", "pdf")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }


def replace(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Change of the first place of a text in a file of the project."""

    def change(project: Path) -> None:
        path = project / name
        text = path.read_bytes().decode("utf-8-sig" if name.endswith(".csv") else "utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8-sig" if name.endswith(".csv") else "utf-8")

    return change


def in_notebook(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Change of the code of a notebook."""
    return replace(f"notebooks/{name}.ipynb", json.dumps(old)[1:-1], json.dumps(new)[1:-1])


def without_overview(project: Path) -> None:
    """Take a chapter away, and say so."""
    replace("data/2023/year.yml", "没有的章节: [", "没有的章节: [01-overview, ")(project)
    (project / "data/2023/narrative/01-overview.md").unlink()


CHANGES: dict[str, tuple[Callable[[Path], None], ...]] = {
    "figures and prose": (
        replace("data/2023/narrative/04-results.md", "通过", "据说通过"),
        replace("data/2023/funds.csv", "120", "120.05"),
    ),
    "registries": (
        replace("data/reference/glossary.csv", "从1月1日起算的支出之和", "从1月1日起算的全部支出之和"),
        replace("data/reference/limits.csv", "3026", "3027"),
    ),
    "frameworks, pages, chapters and configuration": (
        replace("data/frameworks/finance-2020/framework.yml", "标题: ", "标题: 新"),
        replace("book/guide/filling.md", "# ", "# 新的"),
        in_notebook("chapter", "show.chapter(page)", "show.chapter(page)\n"),
        without_overview,
        replace("_config.yml", "search_bar_text: 搜索", "search_bar_text: 查找"),
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_was_taken_up_equals_what_is_made_from_nothing(book: Path, builder: Builder, kind: str) -> None:
    for change in CHANGES[kind]:
        change(book)
        builder.build(book, book / "book")
    taken_up = made(book)
    shutil.rmtree(book / "book" / "years")
    for path in (book / "book" / "_build").iterdir():
        if path.name not in {"html", "pdf", ".kept"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    make(book)
    assert made(book) == taken_up


def written(project: Path, before: int) -> set[str]:
    """Pages whose HTML was written after a moment, all but the one that searches and shows nothing."""
    html = project / "book" / "_build" / "html"
    return {
        path.relative_to(html).with_suffix("").as_posix()
        for path in html.rglob("*.html")
        if path.stat().st_mtime_ns > before and "_static" not in path.parts and path.name != "search.html"
    }


def last_written(project: Path) -> int:
    """When the last page was written."""
    return max(path.stat().st_mtime_ns for path in (project / "book" / "_build" / "html").rglob("*.html"))


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (
            replace("data/2023/narrative/04-results.md", "有保障", "有依靠"),
            {"04-results", "checks", "review"},
        ),
        (replace("data/2023/people.csv", "台账", "名册"), {"tables", "lineage"}),
    ],
)
def test_only_pages_that_show_it_are_run_read_and_written(
    book: Path, change: Callable[[Path], None], shown: set[str]
) -> None:
    before, moment = made(book), last_written(book)
    change(book)
    done = build(book)
    after = made(book)
    changed = {name for name in before if name.endswith(".html") and before[name] != after[name]}
    assert written(book, moment) == {page.removeprefix("html/").removesuffix(".html") for page in changed}
    assert {page.rpartition("/")[2] for page in written(book, moment)} == shown
    # What asks for more than it shows is run or read in vain, and comes out the same.
    run = re.findall(r"^运行笔记本 .*\] (\d+)/(\d+) *(.*)$", done.stdout, re.MULTILINE)
    assert (
        {f"2023 {page}" for page in shown}
        <= {name for *_, name in run if name}
        < {f"2023 {page}" for page in pages(book, 2023)}
    )


def test_nothing_changed_writes_nothing(book: Path) -> None:
    assert is_current(book)
    before, moment = made(book), last_written(book)
    done = build(book)
    assert "no targets are out of date" in done.stdout
    assert (made(book), written(book, moment)) == (before, set())
    assert is_current(book)
    (book / "book" / "_build" / "html" / "index.html").write_text("", encoding="utf-8")
    assert not is_current(book)
    make(book)
    assert made(book) == before


def test_a_build_that_failed_is_not_taken_up(book: Path) -> None:
    """Else its warnings would be gone at the next, and the fault with them."""
    page = book / "book" / "guide" / "writing.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n{{ref}}`nowhere`\n", encoding="utf-8")
    before = made(book)
    for _ in range(2):
        assert build(book).returncode == 1
        assert made(book) == before
        assert not is_current(book)
    page.write_text(text, encoding="utf-8")
    make(book)
    assert made(book) == before


def test_the_faster_way_through_a_page_gives_the_same_nodes() -> None:
    page = nodes.document("", None)  # type: ignore[arg-type]
    for number in range(3):
        page += nodes.section(
            "", nodes.title("", str(number)), nodes.paragraph("", "", nodes.emphasis("", "x"))
        )

    def plain(node: nodes.Node) -> list[nodes.Node]:
        return [node, *(below for child in node.children for below in plain(child))]

    assert list(descendants(page)) == plain(page)
    assert list(descendants(page, nodes.Text)) == [n for n in plain(page) if isinstance(n, nodes.Text)]
