"""What a reader's browser does with the built book, when nothing outside the site can be reached."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from bootstrap import BROWSERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 320, "height": 800}
# Nobody listens on this port.
NOWHERE = "http://127.0.0.1:9"
CHART = ".chart:visible svg"
# Without preload axe does not fetch the style sheets again, from addresses that it gets wrong.
AXE = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
RUN_AXE = """([options, rule]) => {
    axe.configure({ rules: [{ id: rule, selector: `[data-${rule}]` }] });
    return axe.run(options);
}"""
CONTRAST = "color-contrast"
# Marks three texts of every look: contrast follows from its own style and from what lies behind it. axe needs nineteen
# twentieths of its time to measure it for each of a table's thousand cells.
MARK_LOOKS = """(rule) => {
    const behind = new Map(), marked = new Map();
    const look = (node) => {
        if (!node) return "";
        if (!behind.has(node)) {
            const style = getComputedStyle(node);
            const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.position].join();
            const above = look(node.parentElement);
            behind.set(node, own === above.split("/").at(-1) ? above : `${above}/${own}`);
        }
        return behind.get(node);
    };
    for (const node of document.querySelectorAll(`[data-${rule}]`)) node.removeAttribute(`data-${rule}`);
    for (const node of document.body.querySelectorAll("*")) {
        const text = [...node.childNodes].map((one) => (one.nodeType === Node.TEXT_NODE ? one.data.trim() : "")).join("");
        if (!text) continue;
        if (!node.checkVisibility({ visibilityProperty: true })) continue;
        const style = getComputedStyle(node);
        // Of a single character axe does not say.
        const own = [style.color, style.fontSize, style.fontWeight, style.textShadow, text.length > 1];
        const key = [look(node), ...own].join("|");
        marked.set(key, (marked.get(key) ?? 0) + 1);
        if (marked.get(key) <= 3) node.setAttribute(`data-${rule}`, "");
    }
}"""
# Every chart that the width of the window shows has been drawn: its picture is gone.
DRAWN = """() => [...document.querySelectorAll(".bd-article img")].every((img) => img.hidden || !img.offsetParent)
"""


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and does not write to the terminal."""

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site on this machine alone; gives its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:  # or a test that failed would wait for the server for ever
            server.shutdown()
            thread.join()


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Start the distribution's Chromium, told not to call home; without one the tests fail, never pass by."""
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    if installed is None:
        raise SystemExit(f"没有浏览器。请安装 {BROWSERS[0]}，再运行。")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=installed,
            proxy={"server": NOWHERE, "bypass": "127.0.0.1"},
            args=[
                "--no-sandbox",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


def pages(site: Path) -> list[str]:
    """Addresses of all pages, within the site."""
    found = (path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html")))
    return [name for name in found if not name.startswith("_static/")]


@dataclass
class Reader:
    """A page, and what went wrong on it."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def reader(browser: Browser, address: str, **options: Any) -> Iterator[Reader]:
    """Open a window for which there is nothing but the site: any other request is noted, and fails."""
    context = browser.new_context(**{"viewport": DESK, "locale": "zh-CN", **options})
    context.set_default_timeout(10_000)
    watched = Reader(context.new_page())

    def ask(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", "blob:")):
            watched.outside.append(request.url)

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.location["url"].endswith("/favicon.ico"):  # asked for by itself
            watched.errors.append(said.text)

    context.on("request", ask)
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
    watched.page.on("console", hear)
    yield watched
    context.close()


def read_through(page: Page) -> None:
    """Scroll to the end, wait until every chart that is seen has been drawn, and go back to the top.

    Wherever else a page stands, its head may lie on half of a link, which axe takes for a link too small.
    """
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function(DRAWN)
    page.evaluate("window.scrollTo(0, 0)")


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA."""
    page.evaluate(MARK_LOOKS, CONTRAST)
    page.evaluate(Axe().axe_script)
    found = page.evaluate(RUN_AXE, [AXE, CONTRAST])["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]
