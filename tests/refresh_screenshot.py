"""Take the README's pictures of what ``make report`` has built: a chapter in a browser, and pages of the PDF."""

from pathlib import Path

import pdfplumber
from browser import opened_browser, read_through, reader, served
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SIZE = {"width": 1280, "height": 1280}
DOTS, GAP = 64, 12


def refresh_site(site: Path, picture: Path) -> None:
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


def refresh_report(reports: Path, picture: Path) -> None:
    """Lay title page, contents, the first page of text and a table across the sheet beside each other."""
    with pdfplumber.open(max(reports.glob("*.pdf"))) as report:
        lying = next(page for page in report.pages if page.width > page.height)
        shown = (*report.pages[:3], lying)
        pages = [page.to_image(resolution=DOTS, antialias=True).original for page in shown]
    width = sum(page.width + GAP for page in pages) + GAP
    height = max(page.height for page in pages) + 2 * GAP
    sheet = Image.new("L", (width, height), 200)
    left = GAP
    for page in pages:
        sheet.paste(page, (left, (height - page.height) // 2))
        left += page.width + GAP
    sheet.save(picture, optimize=True)


if __name__ == "__main__":
    refresh_site(ROOT / "book" / "_build" / "html", ROOT / "docs" / "screenshot.png")
    refresh_report(ROOT / "book" / "_build" / "pdf", ROOT / "docs" / "report.png")
    print("docs/screenshot.png docs/report.png")
