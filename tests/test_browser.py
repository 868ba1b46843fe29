"""The built book as a reader meets it: in the distribution's Chromium, with nothing but the site to be reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser import CHART, DESK, PHONE, pages, read_through, reader, violations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from evalbook.figures import FigureSet

CHAPTER = "years/2020/02-funds.html"

# Words in Latin letters that a Chinese reader of this site knows under no other name.
KNOWN = re.compile(
    r"[\w/.<>年度\-]+\.(?:csv|yml|md|txt|xlsx)\b"  # files
    r"|\b(?:Excel|Word|CSV|PDF|papermill)\b"
    r"|\b(?:Ctrl)\b"  # what is printed on the key
    r"|\b[a-z_]+(?:\.[a-z_]+)+\b"  # addresses of figures
)
WORDS = """() => {
    const outside = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [document.title];
    while (outside.nextNode())
        if (!outside.currentNode.parentElement.closest("article, #search-results li, script, style, noscript"))
            found.push(outside.currentNode.textContent);
    for (const name of ["title", "aria-label", "placeholder", "alt", "data-bs-title", "data-bs-original-title"])
        for (const node of document.querySelectorAll(`[${name}]`))
            if (!node.closest("[aria-hidden=true]")) found.push(node.getAttribute(name));
    return found;
}"""
UNNAMED_REGIONS = """() => [...document.querySelectorAll(".pst-scrollable-table-container")].filter((region) =>
    region.scrollWidth > region.clientWidth &&
    !(region.tabIndex === 0 && region.role && /[一-鿿]/.test(region.ariaLabel)))
    .map((region) => region.textContent.slice(0, 40))"""
CUT_CARDS = """() => [...document.querySelectorAll(".key-figures .sd-card, .key-figures .sd-card *")]
    .filter((node) => node.scrollWidth > node.clientWidth && getComputedStyle(node).display !== "inline")
    .map((node) => node.textContent)"""
CUT_OFF = """(svg) => [...svg.querySelectorAll("text")]
    .filter((text) => text.getBoundingClientRect().right > svg.getBoundingClientRect().right)
    .map((text) => text.textContent)"""
IN_VIEW = """(node) => { const { top, bottom } = node.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight; }"""


def english(page: Page) -> list[str]:
    """Words of the interface that are not Chinese."""
    return [
        word for text in page.evaluate(WORDS) for word in re.findall(r"[A-Za-z]{2,}", KNOWN.sub(" ", text))
    ]


def faults(page: Page) -> list[str]:
    """What a reader of one page could complain about, at the width of the window."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [
        *([f"scrolls sideways to {width} px"] if width > page.viewport_size["width"] else []),  # type: ignore[index]
        *(f"cannot be scrolled by keyboard: {region}" for region in page.evaluate(UNNAMED_REGIONS)),
        *(f"cut off in its card: {card}" for card in page.evaluate(CUT_CARDS)),
        *(f"not Chinese: {word}" for word in sorted(set(english(page)))),
        *violations(page),
    ]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_whole_reachable_and_chinese(
    browser: Browser, address: str, site: Path, size: dict[str, int]
) -> None:
    found = {}
    with reader(browser, address, viewport=size) as reading:
        for name in pages(site):
            reading.page.goto(f"{address}/{name}")
            read_through(reading.page)
            found[name] = faults(reading.page)
    assert {name: listed for name, listed in found.items() if listed} == {}
    assert reading.outside == []
    assert reading.errors == []
    assert len(found) > 18


def open_search(page: Page) -> None:
    page.locator(".search-button__button:visible, .search-button-field:visible").first.click()
    page.locator("dialog[open] input").wait_for()


def open_contents(page: Page) -> None:
    page.locator(".primary-toggle:visible").click()
    page.locator("dialog[open] nav").wait_for()


def open_code(page: Page) -> None:
    page.locator(".how-computed summary").click()
    page.locator(".how-computed pre").wait_for()


@pytest.mark.parametrize(
    ("size", "address_in_site", "act"),
    [
        (DESK, CHAPTER, open_search),
        (PHONE, CHAPTER, open_contents),
        (DESK, CHAPTER, open_code),
        (DESK, "search.html?q=临时救助", lambda page: page.locator("#search-results li p").first.wait_for()),
        (PHONE, "search.html?q=鑫森淼", lambda page: page.locator(".search-summary").wait_for()),
    ],
    ids=["search", "contents", "code", "results", "no-results"],
)
def test_what_opens_on_a_page_is_as_good(
    browser: Browser, address: str, size: dict[str, int], address_in_site: str, act: Callable[[Page], None]
) -> None:
    with reader(browser, address, viewport=size) as reading:
        reading.page.goto(f"{address}/{address_in_site}")
        read_through(reading.page)
        act(reading.page)
        assert faults(reading.page) == []
    assert reading.outside == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("<img src='_static/icon.svg'>", "image-alt"),
        ("<p style='color: #aaa'>太浅</p>", "color-contrast"),
        ("<table><tr><td>甲</td><td style='background: #555'>太深</td></tr></table>", "color-contrast"),
        ("<p style='width: 400px'>宽</p>", "scrolls sideways"),
        ("<button title='Close'>关</button>", "not Chinese: Close"),
        (
            "<div class='pst-scrollable-table-container' style='overflow: auto'><p style='width: 900px'>表</p></div>",
            "cannot be scrolled by keyboard",
        ),
    ],
)
def test_a_planted_fault_is_found(browser: Browser, address: str, planted: str, fault: str) -> None:
    with reader(browser, address, viewport=PHONE) as reading:
        reading.page.goto(f"{address}/index.html")
        reading.page.evaluate(
            "(html) => document.querySelector('article').insertAdjacentHTML('beforeend', html)", planted
        )
        assert any(fault in listed for listed in faults(reading.page))


def test_a_planted_outside_script_is_found(browser: Browser, address: str) -> None:
    with reader(browser, address) as reading:
        reading.page.goto(f"{address}/index.html")
        with reading.page.expect_event("requestfailed"):
            reading.page.add_script_tag(
                content="document.head.append(Object.assign(document.createElement('script'), "
                "{ src: 'https://cdn.jsdelivr.net/npm/vega' }))"
            )
    assert reading.outside == ["https://cdn.jsdelivr.net/npm/vega"]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_charts_answer_a_pointer(browser: Browser, address: str, size: dict[str, int]) -> None:
    with reader(browser, address, viewport=size) as reading:
        page = reading.page
        page.goto(f"{address}/{CHAPTER}")
        read_through(page)
        drawn = page.locator(CHART)
        assert drawn.count() == page.locator(".bd-article .cell_output:has(script.vega-lite)").count() > 0
        for chart in drawn.all():
            chart.scroll_into_view_if_needed()
            marks = [mark.bounding_box() for mark in chart.locator(".mark-rect path").all()]
            bar = max(filter(None, marks), key=lambda box: box["width"])
            page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
            tooltip = page.locator("#vg-tooltip-element.visible")
            tooltip.wait_for()
            words = chart.locator("xpath=ancestor::*[@role='img']").get_attribute("aria-label") or ""
            shown = re.findall(r"\d+(?:\.\d+)?", tooltip.inner_text())
            assert shown
            assert all(number in words for number in shown)
            assert re.search(r"[A-Za-z]{2,}", tooltip.inner_text()) is None
            page.mouse.move(0, 0)
            assert chart.evaluate(CUT_OFF) == []


def test_without_scripts_the_pictures_stay(browser: Browser, address: str) -> None:
    with reader(browser, address, java_script_enabled=False) as reading:
        reading.page.goto(f"{address}/{CHAPTER}")
        pictures = reading.page.locator(".bd-article img:visible").all()
        assert pictures
        for picture in pictures:
            picture.scroll_into_view_if_needed()
            assert len(picture.screenshot()) > 5000  # a blank one of this size has about 2000 bytes


def test_a_dark_desktop_does_not_turn_the_report_dark(browser: Browser, address: str) -> None:
    with reader(browser, address, color_scheme="dark") as reading:
        page = reading.page
        page.add_init_script("localStorage.setItem('mode', 'dark'); localStorage.setItem('theme', 'dark')")
        page.goto(f"{address}/{CHAPTER}")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def tab_to(page: Page, selector: str, at_most: int = 60) -> None:
    """Press Tab until an element has the focus, which must then be seen."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            style = page.evaluate(
                "(({ outlineStyle, outlineWidth }) => [outlineStyle, parseFloat(outlineWidth)])"
                "(getComputedStyle(document.activeElement))"
            )
            assert style[0] != "none"
            assert style[1] >= 2
            assert page.locator(":focus").evaluate(IN_VIEW)
            return
    pytest.fail(f"{selector} is not reached by {at_most} tabs")


def test_from_a_sentence_to_the_cell_and_back_by_keyboard(
    browser: Browser, address: str, figures: FigureSet
) -> None:
    figure = "figure-2020-funds-superior-social-assistance-funds"
    with reader(browser, address) as reading:
        page = reading.page
        page.goto(f"{address}/{CHAPTER}")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "跳转至主要内容"
        page.keyboard.press("Enter")
        tab_to(page, f".prose a.figure-link[href$='#{figure}']")
        sentence = page.locator(":focus").evaluate("(link) => link.closest('p').textContent")

        page.keyboard.press("Enter")
        page.wait_for_url(f"**/lineage.html#{figure}")
        assert page.locator(f"#{figure}").evaluate(IN_VIEW)
        tab_to(page, "a[href^='tables.html#']", at_most=5)
        page.keyboard.press("Enter")
        page.wait_for_url("**/tables.html#*")
        row = page.locator("tr:has(:target)")
        assert row.evaluate(IN_VIEW)
        assert "11117.04" in row.inner_text()
        tab_to(page, f"a.figure-link[href$='#{figure}']", at_most=5)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/lineage.html#{figure}")

        for _ in range(3):
            page.go_back()
        page.wait_for_url(f"**/{CHAPTER}**")
        assert page.get_by_text(sentence[:20]).first.evaluate(IN_VIEW)
    assert reading.errors == []


def test_print_has_the_article_alone_and_whole(browser: Browser, address: str) -> None:
    with reader(browser, address, viewport={"width": 794, "height": 1123}) as reading:
        page = reading.page
        page.goto(f"{address}/{CHAPTER}")
        read_through(page)
        page.emulate_media(media="print")
        assert page.locator("h1:visible").count() == 1
        for gone in (
            "nav",
            "button",
            "input",
            ".masthead",
            ".headerlink",
            ".how-computed",
            "[class*=sidebar]",
        ):
            assert page.locator(f"{gone}:visible").count() == 0, gone
        assert page.locator("article").evaluate("(node) => node.getBoundingClientRect().width") > 785
        assert page.evaluate("document.documentElement.scrollWidth") <= 794
        link, text = page.evaluate("""["a.figure-link", ".prose p"].map((selector) => {
            const { color, textDecorationLine } = getComputedStyle(document.querySelector(selector));
            return color + textDecorationLine; })""")
        assert link == text
        assert (
            page.locator("thead").first.evaluate("(node) => getComputedStyle(node).display")
            == "table-header-group"
        )
        assert (
            page.locator("tbody tr").first.evaluate("(node) => getComputedStyle(node).breakInside") == "avoid"
        )
        assert 3 <= page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 8
