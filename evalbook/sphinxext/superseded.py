"""While writing the book of an edition: the way from each page to the newest page of the same name.

An edition never changes once it is published, so its pages cannot be told that a newer one has come. They hold the
link from the beginning, and a notice that a style sheet outside the edition, which publishing replaces, brings to
light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalbook.render import chinese_date

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from evalbook.sphinxext.book import Book


def lead_to_newest(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell the template of which edition a page is and where the newest one lies: one folder above the edition."""
    book: Book = vars(app)["evalbook"]
    year = book.layout.edition
    if year is None:
        return
    released = book.figures(year).year.released
    above = "../" * (pagename.count("/") + 1)
    context["edition"] = {
        "year": year,
        "number": book.figures(year).year.edition,
        "date": chinese_date(released.date) if released else "",
        "newest": f"{above}{pagename}.html",
        "styles": f"{above}editions.css",
        "cover": f"{above}index.html",
        "site": f"{above}../index.html",
    }
