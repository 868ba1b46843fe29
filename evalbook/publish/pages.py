"""The published site's own files, which every publication replaces: what leads a reader to the editions.

::

    index.html calendar.html 404.html feed.xml    of the site
    <year>/**/*.html                              pointers: each leads to the page of its name in the newest edition
    <year>/editions.css                           reveals the notice that an older edition carries
    <year>/report-<year>.pdf …                    the newest edition's downloads

Editions themselves, ``<year>/<number>/``, are never written here. All is static, and works from a disk.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evalbook.errors import EvalbookError
from evalbook.figures import MISSING
from evalbook.schema.text import CONTROL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PACKAGE = Path(__file__).parents[1]
SUBJECT = "困难群众救助绩效自评"
STYLES = "editions.css"
# What neither XML nor UTF-8 can write, besides what the tables refuse.
UNWRITABLE = re.compile(f"{CONTROL.pattern}|[\ud800-\udfff\ufffe\uffff]")
SEGMENT = r"[\w-]+(?:\.[\w-]+)*"
# Files beside the editions, whose folders are numbers.
NAME = re.compile(rf"(?!\d+(?:/|$)){SEGMENT}(?:/{SEGMENT})*")


def _size(content: bytes) -> str:
    return f"{len(content) / 2**20:.1f} MB" if len(content) >= 2**20 else f"{len(content) / 2**10:.1f} KB"


def _identifier(*names: object) -> str:
    """Identifier of the feed or of an entry: a UUID of names (RFC 4122, version 5); no address of an intranet stays."""
    return uuid.uuid5(uuid.NAMESPACE_URL, ":".join(map(str, ("urn:evalbook", *names)))).urn


ENVIRONMENT = Environment(
    loader=FileSystemLoader(PACKAGE / "templates" / "site"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
ENVIRONMENT.filters |= {"size": _size, "xml": escape}
ENVIRONMENT.globals |= {
    "MISSING": MISSING,
    "identifier": _identifier,
    "icon": f"data:image/svg+xml,{quote((PACKAGE / 'static' / 'icon.svg').read_text(encoding='utf-8'))}",
}


@dataclass(frozen=True)
class ListedEdition:
    """What the site says of an edition.

    Attributes
    ----------
    year, number : int
        Fiscal year, and edition within it, from 1.
    date : datetime.date
        Day of the edition.
    kind : str
        初版, 计划修订 or 更正.
    status : str
        草稿, 初步 or 最终.
    reason, approver : str
        Empty where nobody gave one, which is shown as 缺.
    title, bureau, county : str
        Of the report, as its year.yml had them.
    pages : tuple of str
        Its HTML files that a reader may open, as paths within the edition: ``guide/method.html``.
    titles : mapping
        Title of a page by its file; a page without one is called by its file.
    downloads : mapping
        Files to be copied to ``/<year>/`` while this is the newest edition, by name.
    """

    year: int
    number: int
    date: datetime.date
    kind: str
    status: str
    reason: str
    approver: str
    title: str
    bureau: str
    county: str
    pages: tuple[str, ...]
    titles: Mapping[str, str]
    downloads: Mapping[str, bytes]


@dataclass(frozen=True)
class Announcement:
    """A row of the calendar: a day of publication that was made known beforehand.

    Attributes
    ----------
    year, number : int
        The edition that was announced. A day that was moved has one row for each announcement.
    announced : datetime.date or None
        The day named; None where none was.
    told : datetime.date or None
        When it was made known.
    published : datetime.date or None
        The actual day; None before it.
    note : str
        Why the day was moved.
    """

    year: int
    number: int
    announced: datetime.date | None
    told: datetime.date | None
    published: datetime.date | None
    note: str


def site_files(editions: Sequence[ListedEdition], announcements: Sequence[Announcement]) -> dict[str, bytes]:
    """Make every file of the site that is not part of an edition.

    Parameters
    ----------
    editions
        All editions that the site has, in any order. The newest of a year is the one of the highest number.
    announcements
        All rows of the calendar, in any order.

    Returns
    -------
    dict of str to bytes
        Content by path within the site, with forward slashes. The same input gives the same bytes.

    Raises
    ------
    EvalbookError
        There is no edition, or one has files that cannot stand beside editions; all such faults at once.
    """
    listed = sorted(map(_legible, editions), key=lambda edition: (edition.year, edition.number), reverse=True)
    years = {year: list(editions) for year, editions in groupby(listed, key=lambda edition: edition.year)}
    faults = [fault for of_year in years.values() for fault in _faults(of_year)]
    if not listed:
        faults.append("还没有一个可以发布的版本；请先用 evalbook release 定版。")
    if faults:
        raise EvalbookError("\n".join(("不能生成网站的首页和各年度的入口：", *faults)))
    show = partial(_page, site=f"{listed[0].county}{SUBJECT}", bureau=listed[0].bureau)
    files = {
        "index.html": show("index.html", root="", years=years),
        "calendar.html": show("calendar.html", root="", rows=_calendar(announcements, listed)),
        # A server sends this one for any address, so that its links can only begin at the server's own root: a site
        # below that root needs its name put before them.
        "404.html": show("404.html", root="/"),
        "feed.xml": show("feed.xml", listed=sorted(listed, key=_moment, reverse=True), first=listed[-1]),
    }
    for year, of_year in years.items():
        files |= {f"{year}/{name}": content for name, content in _beside(of_year, show).items()}
    return files


def _text(said: str) -> str:
    return " ".join(UNWRITABLE.sub(" ", said).split())


def _legible(edition: ListedEdition) -> ListedEdition:
    texts = {name: value for name, value in vars(edition).items() if isinstance(value, str)}
    said: dict[str, Any] = {name: _text(value) for name, value in texts.items()}
    return replace(edition, **said, titles={file: _text(title) for file, title in edition.titles.items()})


def _called(edition: ListedEdition) -> str:
    return f"{edition.year}年度第{edition.number}版"


def _faults(editions: Sequence[ListedEdition]) -> list[str]:
    """What keeps the files of a year, newest edition first, from standing beside its editions."""
    newest = editions[0]
    faults = []
    for number, count in Counter(edition.number for edition in editions).items():
        if count > 1:
            faults.append(f"{newest.year}年度有{count}个第{number}版；每版只能有一个，请重新定版。")
    for edition in editions:
        if "index.html" not in edition.pages:
            faults.append(f"{_called(edition)}没有首页 index.html；请重新定版。")
        faults += [
            f"{_called(edition)}的网页“{_text(name)}”不能用这个名字；应为以 .html 结尾的路径，由汉字、字母、数字、"
            "横线和下划线组成，第一级文件夹不能只是数字；请改名后重新定版。"
            for name in edition.pages
            if not NAME.fullmatch(name) or not name.endswith(".html")
        ]
    faults += [
        f"{_called(newest)}的下载文件“{_text(name)}”不能用这个名字；应由汉字、字母、数字、横线和下划线组成，"
        "不带文件夹；请改名后重新定版。"
        for name in newest.downloads
        if not NAME.fullmatch(name) or "/" in name
    ]
    pages = {name for edition in editions for name in edition.pages}
    # A Windows server does not tell capital letters from small ones.
    called = Counter(name.casefold() for name in (*sorted(pages), *newest.downloads, STYLES))
    faults += [
        f"{newest.year}年度有{count}个文件都叫“{_text(name)}”（不分大小写）；请改名后重新定版。"
        for name, count in called.items()
        if count > 1
    ]
    return faults


def _page(template: str, **said: object) -> bytes:
    return ENVIRONMENT.get_template(template).render(said).encode()


def _calendar(
    announcements: Sequence[Announcement], listed: Sequence[ListedEdition]
) -> list[tuple[Announcement, str, bool]]:
    """Rows of the calendar, newest first, with what became of each day and whether the edition can be opened."""
    known = {(edition.year, edition.number) for edition in listed}
    rows = []
    legible = [replace(row, note=_text(row.note)) for row in announcements]
    ordered = sorted(legible, key=lambda row: (row.year, row.number, row.told or datetime.date.min))
    for edition, of_edition in groupby(ordered, key=lambda row: (row.year, row.number)):
        *moved, last = of_edition
        rows += [(row, "已改期", edition in known) for row in moved]
        rows.append((last, f"改期后{_outcome(last)}" if moved else _outcome(last), edition in known))
    return rows[::-1]


def _outcome(row: Announcement) -> str:
    if row.published is None:
        return "待发布"
    if row.announced is None:
        return "未预告"
    days = (row.published - row.announced).days
    if days == 0:
        return "如期"
    return f"推迟{days}天" if days > 0 else f"提前{-days}天"


def _beside(editions: Sequence[ListedEdition], show: Callable[..., bytes]) -> dict[str, bytes]:
    """Files that stand beside the editions of one year, newest first: pointers, style sheet, downloads."""
    newest, *old = editions
    files = dict(newest.downloads) | {STYLES: _styles(old)}
    for name in {name: None for edition in editions for name in edition.pages}:
        up = "../" * name.count("/")
        having = [edition for edition in editions if name in edition.pages]
        files[name] = show(
            "pointer.html" if having[0] is newest else "gone.html",
            root=f"{up}../",
            title=having[0].titles.get(name) or name,
            newest=newest,
            having=[(edition, f"{up}{edition.number}/{quote(name)}") for edition in having],
        )
    return files


def _styles(old: Sequence[ListedEdition]) -> bytes:
    """Style sheet that every edition of the year links to: reveals the notice in those that are no longer newest."""
    if not old:
        return b"/* No edition of this year has been superseded. */\n"
    selectors = ",\n".join(f".superseded.superseded-{edition.number}" for edition in reversed(old))
    return f"{selectors} {{\n  display: block;\n}}\n".encode()


def _moment(edition: ListedEdition) -> tuple[datetime.date, int, int]:
    return edition.date, edition.year, edition.number
