"""Take the README's picture: a chapter of the newest year, in the book that ``make report`` has built."""

from pathlib import Path

from browser import opened_browser, read_through, reader, served

ROOT = Path(__file__).resolve().parents[1]
SIZE = {"width": 1280, "height": 1280}


def refresh(site: Path, picture: Path) -> None:
    """Open the chapter with the first chart, as a reader on a desk sees it."""
    chapter = max(site.glob("years/*/02-funds.html")).relative_to(site).as_posix()
    with (
        served(site) as address,
        opened_browser() as browser,
        reader(browser, address, viewport=SIZE) as reading,
    ):
        reading.page.goto(f"{address}/{chapter}")
        read_through(reading.page)
        reading.page.evaluate("window.scrollTo(0, 0)")
        reading.page.screenshot(path=picture)


if __name__ == "__main__":
    refresh(ROOT / "book" / "_build" / "html", ROOT / "docs" / "screenshot.png")
    print("docs/screenshot.png")
