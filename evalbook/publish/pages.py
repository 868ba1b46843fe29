"""The published site's own files, which every publication replaces: what leads a reader to the editions.

::

    index.html calendar.html 404.html feed.xml    of the site
    <year>/**/*.html                              pointers: each leads to the page of its name in the leading edition
    <year>/editions.css                           reveals the notices that editions carry
    <year>/report-<year>.pdf …                    the leading edition's downloads
    <year>/signed-<number>.txt                    the text that the bureau signed as an edition

The leading edition of a year is the newest that somebody approved; while there is none, the newest.

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
from evalbook.render.editions import signed_name
from evalbook.schema.text import CONTROL
from evalbook.year import authority_by, leading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evalbook.year import Authority

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
        As the ledger has it; :attr:`authority` says what it means.
    reason, approver : str
        Empty where nobody gave one.
    title, bureau, county : str
        Of the report, as its year.yml had them.
    pages : tuple of str
        Its HTML files that a reader may open, as paths within the edition: ``guide/method.html``.
    titles : mapping
        Title of a page by its file; a page without one is called by its file.
    downloads : mapping
        Files to be copied to ``/<year>/`` while this is the edition that readers are led to, by name.
    signed : bytes or None
        The text that the bureau signed as this edition; None where it signed none.
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
    signed: bytes | None = None

    @property
    def authority(self) -> Authority:
        """Who stands behind it."""
        return authority_by(self.status, self.kind, self.approver, self.date)

    @property
    def signed_name(self) -> str:
        """Name of the signed text beside the editions of the year."""
        return signed_name(self.number)


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
    withdrawn : bool
        Whether the edition was taken back, so that nothing comes of the day.
    """

    year: int
    number: int
    announced: datetime.date | None
    told: datetime.date | None
    published: datetime.date | None
    note: str
    withdrawn: bool = False


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
    listed = sorted(map(_legible, editions), key=lambda edition: (edition.year, edition.number))
    grouped = [list(editions) for _, editions in groupby(listed, key=lambda edition: edition.year)]
    years = {editions[0].year: editions for editions in sorted(grouped, key=_order, reverse=True)}
    faults = [fault for of_year in years.values() for fault in _faults(of_year)]
    if not listed:
        faults.append("还没有一个可以发布的版本；请先用 evalbook release 定版。")
    if faults:
        raise EvalbookError("\n".join(("不能生成网站的首页和各年度的入口：", *faults)))
    newest = listed[-1]
    show = partial(_page, site=f"{newest.county}{SUBJECT}", bureau=newest.bureau)
    leads = {year: _lead(editions) for year, editions in years.items()}
    files = {
        "index.html": show("index.html", root="", years=years, leads=leads),
        "calendar.html": show("calendar.html", root="", rows=_calendar(announcements, listed)),
        # A server sends this one for any address, so that its links can only begin at the server's own root: a site
        # below that root needs its name put before them.
        "404.html": show("404.html", root="/"),
        "feed.xml": show("feed.xml", listed=sorted(listed, key=_moment, reverse=True), first=listed[0]),
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
    """What keeps the files of a year from standing beside its editions."""
    lead = _lead(editions)
    faults = []
    for number, count in Counter(edition.number for edition in editions).items():
        if count > 1:
            faults.append(f"{lead.year}年度有{count}个第{number}版；每版只能有一个，请重新定版。")
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
        f"{_called(lead)}的下载文件“{_text(name)}”不能用这个名字；应由汉字、字母、数字、横线和下划线组成，"
        "不带文件夹；请改名后重新定版。"
        for name in lead.downloads
        if not NAME.fullmatch(name) or "/" in name
    ]
    pages = {name for edition in editions for name in edition.pages}
    # A Windows server does not tell capital letters from small ones.
    called = Counter(name.casefold() for name in (*sorted(pages), *lead.downloads, STYLES))
    faults += [
        f"{lead.year}年度有{count}个文件都叫“{_text(name)}”（不分大小写）；请改名后重新定版。"
        for name, count in called.items()
        if count > 1
    ]
    return faults


def _page(template: str, **said: object) -> bytes:
    return ENVIRONMENT.get_template(template).render(said).encode()


def _calendar(
    announcements: Sequence[Announcement], listed: Sequence[ListedEdition]
) -> list[tuple[Announcement, str, str]]:
    """Rows of the calendar, newest first, with what became of each day, and the state of an edition that can be opened."""
    known = {(edition.year, edition.number): edition.authority.state for edition in listed}
    rows = []
    legible = [replace(row, note=_text(row.note)) for row in announcements]
    ordered = sorted(legible, key=lambda row: (row.year, row.number, row.told or datetime.date.min))
    for edition, of_edition in groupby(ordered, key=lambda row: (row.year, row.number)):
        *moved, last = of_edition
        rows += [(row, "已改期", known.get(edition, "")) for row in moved]
        rows.append((last, f"改期后{_outcome(last)}" if moved else _outcome(last), known.get(edition, "")))
    return rows[::-1]


def _outcome(row: Announcement) -> str:
    if row.published is None:
        return "已撤销，没有发布" if row.withdrawn else "待发布"
    if row.announced is None:
        return "未预告"
    days = (row.published - row.announced).days
    if days == 0:
        return "如期"
    return f"推迟{days}天" if days > 0 else f"提前{-days}天"


def _lead(editions: Sequence[ListedEdition]) -> ListedEdition:
    """Edition of a year that readers are led to: the newest that somebody approved, failing that the newest."""
    return editions[leading([edition.authority for edition in editions])]


def _order(editions: Sequence[ListedEdition]) -> tuple[bool, bool, int]:
    """What a year stands before others by: an approved edition, one that is no draft, and being late."""
    authority = _lead(editions).authority
    return authority.approved, not authority.draft, editions[0].year


def _beside(editions: Sequence[ListedEdition], show: Callable[..., bytes]) -> dict[str, bytes]:
    """Files that stand beside the editions of one year, in their order: pointers, style sheet, downloads."""
    lead = _lead(editions)
    files = {edition.signed_name: edition.signed for edition in editions if edition.signed is not None}
    files |= dict(lead.downloads) | {STYLES: _styles(editions, lead)}
    ordered = [lead, *(edition for edition in reversed(editions) if edition is not lead)]
    for name in {name: None for edition in ordered for name in edition.pages}:
        up = "../" * name.count("/")
        having = [edition for edition in ordered if name in edition.pages]
        files[name] = show(
            "pointer.html" if having[0] is lead else "gone.html",
            root=f"{up}../",
            title=having[0].titles.get(name) or name,
            lead=lead,
            having=[(edition, f"{up}{edition.number}/{quote(name)}") for edition in having],
        )
    return files


def _styles(editions: Sequence[ListedEdition], lead: ListedEdition) -> bytes:
    """Style sheet that every edition of the year links to: which of the notices that they carry is shown.

    Editions that were released before there were several notices carry one, which says that they are superseded; where
    that is not true, the style sheet has other words for it.
    """
    later = [edition for edition in editions if edition.number > lead.number]
    rules = []
    for edition in editions:
        own, old = edition.number, f".superseded.superseded-{edition.number}"
        if edition is not lead:
            shown = f".quote-another.quote-another-{own}"
            if own < lead.number:
                rules.append(f"{old},\n{shown} {{\n  display: block;\n}}\n")
            else:
                said = f"这一版未经批准。引用数字请用经批准的第{lead.number}版："
                rules += [f"{shown} {{\n  display: block;\n}}\n", _reworded(old, said, "打开它的同名页")]
        elif later:
            shown = f".proposals.proposals-{own}"
            named = f"第{later[-1].number}版（{later[-1].authority.state.replace('（', '，').rstrip('）')}）"
            said = f"{named}提出了更正，见“全部年度和版次”。引用数字请用本版。"
            rules += [f"{shown} {{\n  display: block;\n}}\n", _reworded(old, said)]
    return ("\n".join(rules) or "/* No edition of this year has a notice to show. */\n").encode()


def _reworded(notice: str, said: str, link: str = "") -> str:
    """Rules that show a notice with other words than it holds, and its link only where that has words too."""
    hidden = f"{notice} > :not(a)" if link else f"{notice} > *"
    rules = [
        f"{notice} {{\n  display: block;\n  font-size: 0;\n}}\n",
        f"{hidden} {{\n  display: none;\n}}\n",
        f'{notice}::before {{\n  content: "{said}";\n  font-size: 0.9rem;\n}}\n',
    ]
    if link:
        # A box of its own: the text in it is of no size.
        rules.append(f"{notice} > a {{\n  display: inline-block;\n}}\n")
        rules.append(f'{notice} > a::after {{\n  content: "{link}";\n  font-size: 0.9rem;\n}}\n')
    return "\n".join(rules)


def _moment(edition: ListedEdition) -> tuple[datetime.date, int, int]:
    return edition.date, edition.year, edition.number
