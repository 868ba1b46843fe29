"""While writing: the theme's words in Chinese, titles that tell the years apart, the way from an edition to the leading one.

An edition never changes once it is published, so its pages cannot be told that a newer one has come, or that somebody has
approved one. They hold the links from the beginning, and notices of which a style sheet outside the edition, which publishing
replaces, brings one to light.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from evalbook.render.editions import title_state
from evalbook.render.markdown import chinese_date
from evalbook.sphinxext.book import book_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CATALOGUES = Path(__file__).parents[1] / "locale"
HOME = "首页"


def add_words(app: Sphinx) -> None:
    """Translate what Sphinx and its themes leave in English; gettext reads compiled catalogues only."""
    compiled = Path(app.doctreedir) / "locale"
    for source in CATALOGUES.rglob("*.po"):
        target = compiled / source.relative_to(CATALOGUES).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as words, target.open("wb") as binary:
            write_mo(binary, read_po(words))
        app.add_message_catalog(source.stem, str(compiled))


def in_year(title: str, year: int) -> str:
    """Title that says which year it belongs to."""
    return title if f"{year}年度" in title else f"{title} · {year}年度"


def tell_years_apart(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], *_: object) -> None:
    """Name the year in the title of its pages and in links that leave it, and its bureau at the foot."""
    book = book_of(app)
    year = book.layout.year_of(pagename)
    if pagename == app.config.root_doc and book.layout.edition is None:
        context["title"] = HOME
    if year is not None:
        state = title_state(book.figures(year).year)
        context["title"] = in_year(context["title"], year).removesuffix(state) + state
        context["author"] = book.figures(year).year.settings.bureau
    neighbours = app.builder.relations.get(pagename, (None, None, None))[1:]  # type: ignore[attr-defined]
    for direction, name in zip(("prev", "next"), neighbours, strict=True):
        other = book.layout.year_of(name or "")
        if other not in {None, year}:
            context[direction] = {**context[direction], "title": in_year(context[direction]["title"], other)}


def lead_to_newest(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], *_: object) -> None:
    """Tell the template of which edition a page is and where the one to be quoted lies: one folder above the edition."""
    book = book_of(app)
    year = book.layout.edition
    if year is None:
        return
    released = book.figures(year).year.released
    above = "../" * (pagename.count("/") + 1)
    context["edition"] = {
        "year": year,
        "number": book.figures(year).year.edition,
        "date": chinese_date(released.date) if released else "",
        "state": book.figures(year).year.status,
        "leading": f"{above}{pagename}.html",
        "styles": f"{above}editions.css",
        "cover": f"{above}index.html",
        "site": f"{above}../index.html",
    }
