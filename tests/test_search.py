"""Search in the built book, in a real browser without a network: the page that a reader wants comes first or second."""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalbook.run import Layout
from evalbook.sphinxext.search import SearchByPieces, load_search_script, pieces, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from playwright.sync_api import Browser, Page, Route

FOUND = "#search-results li a"
FINISHED = "() => document.querySelector('#search-results h2')?.textContent === '搜索结果'"
ASK = """async (query) => {
    document.getElementById("search-results").replaceChildren();
    Search.performSearch(query);
    while (Search.title.textContent !== "搜索结果") await new Promise((resolve) => setTimeout(resolve, 5));
}"""

with (Path(__file__).parent / "search_queries.csv").open(encoding="utf-8", newline="") as stream:
    QUERIES = {row["query"]: row["wanted"].split() for row in csv.DictReader(stream)}


@contextmanager
def opened(
    browser: Browser,
    base: str,
    without: str | None = None,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Page]:
    """Open the search page; everything outside the site is cut off, and asking for it is a failure."""
    outside, errors = [], []

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if not route.request.url.startswith(base):
            outside.append(route.request.url)
        if asked.path in instead:
            route.fulfill(body=instead[asked.path])
        elif route.request.url.startswith(base) and asked.path != without:
            route.continue_()
        else:
            route.abort()

    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", answer)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{base}/search.html")
    yield page
    context.close()
    assert outside == []
    assert errors == []


@pytest.fixture(scope="module")
def search_page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def found(page: Page) -> list[str]:
    """Pages found, the first first."""
    links = page.eval_on_selector_all(FOUND, "links => links.map((link) => link.getAttribute('href'))")
    return [link.partition("#")[0].removesuffix(".html") for link in links]


def ask(page: Page, query: str) -> list[str]:
    page.evaluate(ASK, query)
    return found(page)


@pytest.mark.parametrize("query", ["临时救助", "特困", "低保标准", "事实无人抚养儿童", "城市低保累计支出"])
def test_a_reader_types_and_finds(browser: Browser, address: str, query: str) -> None:
    with opened(browser, address) as page:
        field = page.locator("article input[name=q], .bd-search-container input[name=q]").first
        field.fill(query)
        field.press("Enter")
        page.wait_for_function(FINISHED)
        assert set(found(page)[:2]) & set(QUERIES[query])
        assert page.locator("#search-results .search-summary").inner_text() == f"找到 {len(found(page))} 页。"
        page.locator("#search-results .context .highlighted").first.wait_for()


def test_the_words_searched_for_are_marked_on_the_page_found(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.goto(f"{address}/search.html?q={quote('社会救助暂行办法')}")
        page.locator(FOUND).first.click()
        marked = page.locator("article .highlighted").first
        marked.wait_for()
        assert marked.inner_text() == "社会救助暂行办法"


def test_a_term_of_the_glossary_is_found_with_its_definition(search_page: Page) -> None:
    ask(search_page, "累计支出")
    entry = search_page.locator("#search-results li").first
    assert entry.locator("a").inner_text() == "术语 › 累计支出"
    entry.locator(".context").wait_for()
    assert entry.locator(".context").inner_text().startswith("累计支出：从1月1日起算的支出之和")


def missed(page: Page, queries: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Queries of which no wanted page comes first or second, with what comes first.

    No excerpts are cut out of the pages found, for which a browser takes a second each time.
    """
    page.evaluate("DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false")
    return {
        query: pages[:3]
        for query, wanted in queries.items()
        if not set((pages := ask(page, query))[:2]) & set(wanted)
    }


def test_the_wanted_page_is_first_or_second(browser: Browser, address: str) -> None:
    assert len(QUERIES) > 100
    with opened(browser, address) as page:
        assert missed(page, QUERIES) == {}


def index_of(site: Path) -> dict[str, Any]:
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    index: dict[str, Any] = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    return index


@pytest.mark.parametrize("told", [True, False])
def test_in_the_book_of_an_edition_the_same_pages_come_first(
    browser: Browser, address: str, site: Path, told: bool
) -> None:
    """Its year's pages lie at the top, which the script is told; it would put the guide before them."""

    def placed(page: str) -> str:
        return page.removeprefix("years/2020/") if page != "index" else "front/index"

    index = index_of(site)
    index["docnames"] = [placed(page) for page in index["docnames"]]
    page = (site / "search.html").read_text(encoding="utf-8")
    told_page = page.replace("data-drafts=", 'data-edition="2020" data-drafts=') if told else page
    instead = {"/searchindex.js": f"Search.setIndex({json.dumps(index)})", "/search.html": told_page}
    queries = {query: [placed(page) for page in wanted] for query, wanted in QUERIES.items()}
    with opened(browser, address, instead=instead) as window:
        assert bool(missed(window, queries)) != told


def test_the_script_is_told_of_an_edition() -> None:
    added: list[dict[str, str]] = []
    for edition in (None, 2020):
        book = SimpleNamespace(layout=Layout(Path(), edition), years=(), figures={}.get)
        app: Any = SimpleNamespace(evalbook=book, add_js_file=lambda _, **given: added.append(given))
        load_search_script(app, "search", "search.html", {}, None)
    assert [attributes.get("data-edition") for attributes in added] == [None, "2020"]


def test_pages_are_not_found_by_what_all_of_them_say(site: Path) -> None:
    """Edition and authority stand on every page, and boxes repeat the page of editions."""
    index = index_of(site)
    pages = [page for page in index["docnames"] if page.startswith("years/2020/")]

    def having(word: str) -> set[str]:
        found = [index[kind].get(word, []) for kind in ("terms", "titleterms")]
        numbers = {n for given in found for n in (given if isinstance(given, list) else [given])}
        return {index["docnames"][number] for number in numbers}

    assert "data-drafts" in (site / "search.html").read_text(encoding="utf-8")
    for page in pages:
        shown = (site / f"{page}.html").read_text(encoding="utf-8")
        assert "更正稿（未经批准）" in shown
    assert len(having("编制说明") & having("签发")) < len(pages) / 2
    assert "以下内容：" in (site / "years" / "2020" / "02-funds.html").read_text(encoding="utf-8")
    assert "years/2020/02-funds" not in having("台账")
    assert "years/2020/editions" in having("台账")


def test_without_the_script_neither_phrases_nor_numbers_are_found(browser: Browser, address: str) -> None:
    with opened(browser, address, without="/_static/search.js") as page:
        assert ask(page, "特困") != []
        assert ask(page, "城市低保累计支出") == []
        assert ask(page, "14437") == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "大熊猫",
            "没有找到“大熊猫”。请换一个更短的词，例如“临时救助”“特困”；找数字时只输入数字，例如“2748.71”。",
        ),
        ("<b>99999</b>", "没有找到“<b>99999</b>”。"),
        ("？", "没有找到“？”。"),
        ("湘民办发〔2017〕62号", "没有一页含有“湘民办发〔2017〕62号”的全部文字；下面 "),
    ],
)
def test_what_is_not_there_gets_an_answer(search_page: Page, query: str, told: str) -> None:
    pages = ask(search_page, query)
    assert search_page.locator("#search-results .search-summary").inner_text().startswith(told)
    assert bool(pages) == ("最接近" in search_page.locator("#search-results .search-summary").inner_text())


def test_search_works_from_a_folder(browser: Browser, site: Path) -> None:
    with opened(browser, site.as_uri()) as page:
        complaints = []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.goto(f"{site.as_uri()}/search.html?q={quote('城市低保')}")
        page.wait_for_function(FINISHED)
        assert "years/2020/02-funds" in found(page)[:2]
        # The theme says so itself on every first visit.
        assert [text for text in complaints if "invalid theme mode" not in text] == []


TYPED = st.text(
    "城市低保救助特困〇年度月元名０２７９1234567890adibu_.,，。．－〔〕 /ＡＢ㎡\U00020000", max_size=24
)


@settings(deadline=None)
@given(TYPED)
def test_the_index_and_the_browser_cut_alike(search_page: Page, text: str) -> None:
    in_browser = search_page.evaluate(
        "text => Search.words(text).map((word) => [word, Search.pieces(word)])", text
    )
    assert in_browser == [[word, pieces(word)] for word in words(text)]
    assert {piece for word in words(text) for piece in pieces(word)} <= set(SearchByPieces({}).split(text))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("累计发放2,748.71万元", ["累计发放", "2748.71", "万元"]),
        ("２７４８．７１", ["2748.71"]),
        ("湘民办发〔2017〕61号", ["湘民办发", "2017", "61", "号"]),
        ("2020年城市低保", ["2020", "年", "城市低保"]),
        ("6219人，12月", ["6219", "人", "12", "月"]),
        ("Spending.urban_dibao", ["spending.urban_dibao"]),
        ("1,2,3", ["1", "2", "3"]),
    ],
)
def test_words(text: str, cut: list[str]) -> None:
    assert words(text) == cut


def test_only_the_search_page_loads_the_index(site: Path) -> None:
    loading = [
        path.name for path in site.rglob("*.html") if "searchindex.js" in path.read_text(encoding="utf-8")
    ]
    assert loading == ["search.html"]
