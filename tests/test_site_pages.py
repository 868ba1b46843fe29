"""The published site's own files: where they lead, what they say, and that nobody's text can break them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from browser import DESK, PHONE, reader, served, violations
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import ANNOUNCEMENTS, DAY, EDITIONS, dead_links, edition, publish, write

from evalbook.errors import EvalbookError
from evalbook.publish import pages
from evalbook.publish.pages import Announcement, site_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from evalbook.publish.pages import ListedEdition

HOSTILE = "</title><script>alert(1)</script>\"'&<b>]]>{{ 7*7 }}\x00\x0b\ud800\u202e" + "长" * 60 + "W" * 200


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def published_address(published: Path) -> Iterator[str]:
    with served(published) as address:
        yield address


def own_pages(folder: Path) -> dict[str, str]:
    """The site's own pages: those that are not part of an edition."""
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html")))
    return {
        name: (folder / name).read_text(encoding="utf-8") for name in names if not re.match(r"\d+/\d+/", name)
    }


def test_every_link_leads_to_a_file_of_the_site(published: Path) -> None:
    assert dead_links(published) == []


@pytest.mark.parametrize(
    "planted",
    ["2020/1/guide/method.html", "2020/2/index.html", "2020/signed-1.txt", "feed.xml", "2020/index.html"],
)
def test_a_dead_link_is_found(tmp_path: Path, planted: str) -> None:
    (publish(tmp_path) / planted).unlink()
    assert dead_links(tmp_path) != []


def test_pages_are_whole_and_need_no_other_file(published: Path) -> None:
    found = own_pages(published)
    titles = []
    for page in found.values():
        soup = BeautifulSoup(page, "lxml")
        assert page.startswith('<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">')
        assert soup.find("meta", {"name": "viewport"}) is not None
        assert len(soup.find_all("h1")) == 1
        assert soup.find(src=True) is None
        assert soup.find("link", rel="stylesheet") is None
        assert "url(" not in page
        titles.append(soup.title.text if soup.title else "")
    assert len(set(titles)) == len(titles) == 3 + 7 + 5


def rows(page: str) -> list[list[str]]:
    cells = (row.find_all(["th", "td"]) for row in BeautifulSoup(page, "lxml").select("tbody tr"))
    return [[cell.get_text(strip=True) for cell in row] for row in cells]


def test_the_front_page_says_what_each_edition_is(published: Path) -> None:
    page = (published / "index.html").read_text(encoding="utf-8")
    assert rows(page) == [
        ["第2版", "2021-05-10", "更正", "更正稿（未经批准）", "尚未批准", "农村特困人数与表内各项之和不符"],
        ["第1版", "2021-04-10", "初版", "批准", "张某", "没有写"],
        ["第1版", "2022-04-10", "初版", "草稿", "尚未批准", "没有写"],
    ]
    soup = BeautifulSoup(page, "lxml")
    assert [heading.text for heading in soup.find_all("h2")] == ["2020年度", "2021年度 · 草稿"]
    approved, draft = soup.select(".newest")
    assert [node.text for node in approved.select("dd")] == ["第1版（初版）", "2021-04-10", "批准", "张某"]
    assert "第2版（更正稿，未经批准）提出了更正，尚未批准" in approved.text
    assert "引用数字请用第1版" in approved.text
    assert "草稿，不得引用。" in draft.text
    assert [str(link["href"]) for link in approved.select("a")] == [
        "2020/index.html",
        "2020/2/editions.html",
        "2020/signed-1.txt",
        "2020/report-2020.pdf",
        "2020/report-2020.xlsx",
        "2020/figures-2020.csv",
    ]
    assert not re.search("初步|最终|缺|最新版", soup.text)
    assert "某县民政局" in soup.header.text if soup.header else False
    # Not in the year that leads, whose approved edition has no such page.
    assert soup.find("a", href=re.compile("revisions")) is None
    again = site_files((*EDITIONS, edition(2020, 3, status="送审")), ())["index.html"].decode()
    assert re.findall("第(.)版（[^）]*）提出了更正", again) == ["3"], "an older proposal is in the table only"
    assert "撤销" not in again
    taken_back = site_files((*EDITIONS, edition(2020, 5)), ())["index.html"].decode()
    assert "第3、4版定版以后、发布以前撤销了，没有发布过" in taken_back
    both = site_files((*EDITIONS, edition(2020, 3, status="批准", approver="县民政局")), ())
    assert 'href="2020/guide/revisions.html"' in both["index.html"].decode()
    assert both["2020/signed-1.txt"], "the signed text stays when a later edition is approved"


@pytest.mark.parametrize(
    ("states", "order"),
    [
        ({2019: "最终", 2020: "草稿"}, [2019, 2020]),
        ({2019: "草稿", 2020: "草稿"}, [2020, 2019]),
        ({2019: "送审", 2020: "草稿"}, [2019, 2020]),
        ({2018: "批准", 2019: "送审", 2020: "草稿"}, [2018, 2019, 2020]),
        ({2019: "批准", 2020: "批准"}, [2020, 2019]),
    ],
)
def test_a_draft_never_heads_the_front_page(states: dict[int, str], order: list[int]) -> None:
    editions = [edition(year, 1, status=status) for year, status in states.items()]
    page = BeautifulSoup(site_files(editions, ())["index.html"], "lxml")
    assert [int(heading.text[:4]) for heading in page.find_all("h2")] == order


def test_the_calendar_keeps_days_that_were_moved(published: Path) -> None:
    assert rows((published / "calendar.html").read_text(encoding="utf-8")) == [
        ["2021年度第2版", "—", "2022-09-01", "2022-04-20", "—", "待发布", "—"],
        ["2021年度第1版", "草稿", "2022-04-10", "2022-01-05", "2022-04-10", "如期", "—"],
        ["2020年度第2版", "更正稿（未经批准）", "—", "—", "2021-05-10", "未预告", "—"],
        [
            "2020年度第1版",
            "批准",
            "2021-04-08",
            "2021-03-25",
            "2021-04-10",
            "改期后推迟2天",
            "等财政局核对资金数",
        ],
        ["2020年度第1版", "批准", "2021-04-01", "2021-03-01", "—", "已改期", "—"],
    ]
    early = (Announcement(2020, 1, DAY(2021, 4, 10), None, DAY(2021, 4, 7), ""),)
    assert rows(site_files(EDITIONS, early)["calendar.html"].decode())[0][5] == "提前3天"
    assert "还没有预告过" in site_files(EDITIONS, ())["calendar.html"].decode()


def test_downloads_of_a_year_are_those_of_its_approved_edition(published: Path) -> None:
    assert (published / "2020/figures-2020.csv").read_text(encoding="utf-8") == "第1版"
    assert (published / "2020/signed-1.txt").read_text(encoding="utf-8") == "报告"
    assert (published / "2020/figures-2020.csv-metadata.json").is_file()


def test_order_of_the_input_changes_nothing() -> None:
    assert site_files(EDITIONS[::-1], ANNOUNCEMENTS[::-1]) == site_files(EDITIONS, ANNOUNCEMENTS)


def test_what_stands_beside_editions_never_stands_in_one() -> None:
    files = site_files(EDITIONS, ANNOUNCEMENTS)
    assert not [name for name in files if re.match(r"\d+/\d+(/|$)", name)]
    assert not [name for name in files if name.startswith(("/", ".")) or ".." in name or "\\" in name]


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ((), "还没有一个可以发布的版本"),
        ((edition(2020, 1), edition(2020, 1)), "2020年度有2个第1版"),
        ((edition(2020, 1, pages=("a.html",)),), "2020年度第1版没有首页"),
        ((edition(2020, 1, pages=("index.html", "../../index.html")),), "“../../index.html”"),
        ((edition(2020, 1, pages=("index.html", "2/index.html")),), "“2/index.html”"),
        ((edition(2020, 1, pages=("index.html", "/etc/a.html")),), "“/etc/a.html”"),
        ((edition(2020, 1, pages=("index.html", "..\\a.html")),), "“..\\a.html”"),
        ((edition(2020, 1, pages=("index.html", ".evalbook/a.html")),), "“.evalbook/a.html”"),
        ((edition(2020, 1, pages=("index.html", "c:a.html")),), "“c:a.html”"),
        ((edition(2020, 1, pages=("index.html", "a.js")),), "“a.js”"),
        ((edition(2020, 1, pages=("index.html", "Index.html")),), "都叫“index.html”"),
        ((edition(2020, 1, downloads={"index.html": b""}),), "都叫“index.html”"),
        ((edition(2020, 1, downloads={"editions.css": b""}),), "都叫“editions.css”"),
        ((edition(2020, 1, downloads={"a/b.pdf": b""}),), "“a/b.pdf”"),
        ((edition(2020, 1, downloads={"2": b""}),), "“2”"),
    ],
)
def test_files_that_cannot_stand_beside_editions_are_refused(
    planted: tuple[ListedEdition, ...], said: str
) -> None:
    with pytest.raises(EvalbookError, match=re.escape(said)):
        site_files(planted, ())


# RFC 4287: how often an element must and may stand in its parent.
ATOM = "{http://www.w3.org/2005/Atom}"
ONE, SOME, ANY, OPTIONAL = (1, 1), (1, 999), (0, 999), (0, 1)
CHILDREN = {
    "feed": {
        "id": ONE, "title": ONE, "updated": ONE, "author": ANY, "link": ANY, "entry": ANY, "category": ANY,
        "contributor": ANY, "generator": OPTIONAL, "icon": OPTIONAL, "logo": OPTIONAL, "rights": OPTIONAL,
        "subtitle": OPTIONAL,
    },
    "entry": {
        "id": ONE, "title": ONE, "updated": ONE, "author": SOME, "link": SOME, "summary": OPTIONAL,
        "category": ANY, "content": OPTIONAL, "contributor": ANY, "published": OPTIONAL, "rights": OPTIONAL,
        "source": OPTIONAL,
    },
    "author": {"name": ONE, "uri": OPTIONAL, "email": OPTIONAL},
}  # fmt: skip
RFC3339 = re.compile(
    r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
)


def read_feed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 (made here)


def feed_faults(content: bytes) -> list[str]:
    """What RFC 4287 would object to."""
    feed = read_feed(content)
    faults = [] if feed.tag == f"{ATOM}feed" else [f"root is {feed.tag}"]
    for element in feed.iter():
        name = str(element.tag).removeprefix(ATOM)
        if name in CHILDREN:
            children = [str(child.tag).removeprefix(ATOM) for child in element]
            faults += [f"{child} in {name}" for child in children if child not in CHILDREN[name]]
            faults += [
                f"{children.count(child)} {child} in {name}"
                for child, (least, most) in CHILDREN[name].items()
                if not least <= children.count(child) <= most
            ]
        elif len(element):
            faults.append(f"markup in {name}")
        if name in {"id", "title", "updated", "name"} and not (element.text or "").strip():
            faults.append(f"empty {name}")
        if name == "updated" and not RFC3339.fullmatch(element.text or ""):
            faults.append(f"updated {element.text}")
        if name == "id" and not re.fullmatch(
            r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", element.text or ""
        ):
            faults.append(f"id {element.text}")
        if name == "link" and not element.get("href"):
            faults.append("link without href")
    identifiers = [element.text for element in feed.iter(f"{ATOM}id")]
    faults += ["two of one id"] if len(set(identifiers)) < len(identifiers) else []
    for parent in (feed, *feed.iter(f"{ATOM}entry")):
        relations = [link.get("rel", "alternate") for link in parent.findall(f"{ATOM}link")]
        faults += ["no link to what it is about"] if relations.count("alternate") != 1 else []
    faults += ["no link to itself"] if feed.find(f"{ATOM}link[@rel='self']") is None else []
    return faults


def test_the_feed_keeps_the_rules_of_atom(published: Path) -> None:
    content = (published / "feed.xml").read_bytes()
    assert feed_faults(content) == []
    feed = read_feed(content)
    assert feed.findtext(f"{ATOM}updated") == "2022-04-10T00:00:00+08:00"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}link").get("href") for entry in entries] == [  # type: ignore[union-attr]
        "2021/1/index.html",
        "2020/2/index.html",
        "2020/1/index.html",
    ]
    summary = "类型：更正；状态：更正稿（未经批准）；尚未批准；理由：农村特困人数与表内各项之和不符"
    assert entries[1].findtext(f"{ATOM}summary") == summary
    assert "第2版（更正）· 更正稿（未经批准）：" in (entries[1].findtext(f"{ATOM}title") or "").replace(
        "） ·", "）·"
    )


def test_identifiers_stay_when_editions_are_added() -> None:
    def identifiers(editions: tuple[ListedEdition, ...]) -> list[str | None]:
        return [node.text for node in read_feed(site_files(editions, ())["feed.xml"]).iter(f"{ATOM}id")]

    before = identifiers((edition(2020, 1),))
    assert before == [
        "urn:uuid:823420c4-188c-5feb-a8c5-45a3c9550a01",
        "urn:uuid:9c9d6733-6d4f-562f-a77f-45451a1e21f5",
    ]
    assert set(before) < set(identifiers(EDITIONS))


@pytest.mark.parametrize(
    ("found", "planted"),
    [
        (rb"<id>.*?</id>", b""),
        (rb"<id>.*?</id>", b"<id>2020</id>"),
        (rb"<updated>.*?</updated>", b"<updated>2021-04-10</updated>"),
        (rb"<author>", b"<writer>"),
        (rb"<title>.*?</title>", b"<title/>"),
        (rb"<summary>", b"<summary><b/>"),
        (rb'rel="self"', b'rel="alternate"'),
        (rb' href="2020/1/index.html"', b""),
        (rb"2005/Atom", b"2005/atom"),
    ],
)
def test_a_feed_against_the_rules_is_found(found: bytes, planted: bytes) -> None:
    content = re.sub(found, planted, site_files(EDITIONS, ())["feed.xml"])
    content = content.replace(b"</author>", b"</writer>") if planted == b"<writer>" else content
    assert feed_faults(content) != []


TEXTS = st.text(st.characters(), max_size=40) | st.just(HOSTILE)
UNWRITABLE = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff\u202a-\u202e]")


def site_saying(text: str) -> dict[str, bytes]:
    """A site in which every text is the given one."""
    said = dict.fromkeys(("kind", "status", "reason", "approver", "title", "bureau", "county"), text)
    old, newest = (
        replace(listed, **said, titles=dict.fromkeys(listed.pages, text))  # type: ignore[arg-type]
        for listed in (edition(2020, 1), edition(2020, 2, pages=("index.html",)))
    )
    return site_files((old, newest), [replace(row, note=text) for row in ANNOUNCEMENTS])


def structure(content: bytes) -> list[tuple[str, list[str], str | None]]:
    """Elements of a page with their attributes, and what scripts hold; not what marks a 缺."""
    found = BeautifulSoup(content, "lxml").find_all(lambda node: node.name != "strong")
    return [
        (node.name, sorted(node.attrs), node.string if node.name in {"script", "style"} else None)
        for node in found
    ]


PLAIN = {path: structure(content) for path, content in site_saying("文").items() if path.endswith(".html")}


def changed_by(text: str) -> list[str]:
    """Files whose markup a text has changed, or that hold what cannot be written."""
    files = site_saying(text)
    found = [path for path, content in files.items() if UNWRITABLE.search(content.decode())]
    found += feed_faults(files["feed.xml"])
    return found + [path for path, plain in PLAIN.items() if structure(files[path]) != plain]


@settings(max_examples=25)
@given(TEXTS)
def test_nobodys_text_becomes_markup(text: str) -> None:
    assert changed_by(text) == []


def test_a_text_that_becomes_markup_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert changed_by("<b>") == []
    monkeypatch.setattr(pages, "ENVIRONMENT", pages.ENVIRONMENT.overlay(autoescape=False, cache_size=0))
    assert changed_by("<b>") == list(PLAIN)


@pytest.fixture(params=["http", "file"])
def root(request: pytest.FixtureRequest, published: Path, published_address: str) -> str:
    return published_address if request.param == "http" else published.as_uri()


def test_a_pointer_leads_to_the_approved_edition(browser: Browser, root: str) -> None:
    with reader(browser, root) as reading:
        page = reading.page
        for name in ("02-funds.html", "guide/method.html"):
            page.goto(f"{root}/2020/{name}?q=1#second")
            page.wait_for_url(f"{root}/2020/1/{name}?q=1#second")
            assert page.evaluate("window.scrollY") > 1000
        page.goto(f"{root}/index.html")
        page.goto(f"{root}/2020/02-funds.html")
        page.wait_for_url("**/2020/1/02-funds.html")
        page.go_back()
        page.wait_for_url("**/index.html")
        page.goto(f"{root}/2020/editions.html")
        assert "第1版，批准）没有“版本与更正”这一页" in page.locator("main").inner_text()
        page.get_by_text("第2版 · 更正稿（未经批准）：版本与更正").click()
        page.wait_for_url("**/2020/2/*")
    assert (reading.outside, reading.errors) == ([], [])


def test_without_scripts_a_pointer_leads_there_too(browser: Browser, root: str) -> None:
    with reader(browser, root, java_script_enabled=False) as reading:
        reading.page.goto(f"{root}/2020/guide/method.html")
        reading.page.wait_for_url(f"{root}/2020/1/guide/method.html")
    assert reading.outside == []


def shown_notice(page: Page, address: str) -> tuple[str, str]:
    """What a page says of itself in its notice, as it is seen, and where a click on its link leads."""
    page.goto(address)
    seen = page.evaluate(
        """() => [...document.querySelectorAll(".superseded, .quote-another, .proposals")].map((notice) => {
             if (getComputedStyle(notice).display === "none") return "";
             const shown = (node) => {
               if (node.nodeType === Node.TEXT_NODE)
                 return parseFloat(getComputedStyle(node.parentElement).fontSize) ? node.textContent : "";
               if (getComputedStyle(node).display === "none") return "";
               const made = (place) => getComputedStyle(node, place).content.replace(/^(none|normal)$/, "");
               return made("::before") + [...node.childNodes].map(shown).join("") + made("::after");
             };
             return shown(notice);
           }).join("")"""
    )
    link = page.locator(":is(.superseded, .quote-another, .proposals) a:visible")
    leads = ""
    if link.count():
        link.click()
        page.wait_for_load_state()
        leads = page.url.partition("/20")[2] or page.url.rpartition("/")[2]
    return str(seen).replace('"', ""), leads


SUPERSEDED = ("本版已经有了更新的版本。引用数字请用最新版的同名页。", "20/3/02-funds.html")
PROPOSED = "第{}版（更正稿，未经批准）提出了更正，见“全部年度和版次”。引用数字请用本版。"
ELSEWHERE = ("这一版未经批准。引用数字请用经批准的第1版：打开它的同名页", "20/1/02-funds.html")


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ((edition(2020, 2),), [(PROPOSED.format(2), ""), ELSEWHERE]),
        ((edition(2020, 2), edition(2020, 3)), [(PROPOSED.format(3), ""), ELSEWHERE, ELSEWHERE]),
        (
            (edition(2020, 2), edition(2020, 3, status="批准", approver="县民政局")),
            [SUPERSEDED, SUPERSEDED, ("", "")],
        ),
        ((), [("", "")]),
    ],
    ids=["proposed", "proposed twice", "approved", "alone"],
)
def test_what_released_pages_say_of_later_editions(
    browser: Browser, tmp_path: Path, later: tuple[ListedEdition, ...], said: list[tuple[str, str]]
) -> None:
    """Pages that were released with one notice, which says that they are superseded, say what is true today."""
    publish(tmp_path, (edition(2020, 1), *later))
    with reader(browser, tmp_path.as_uri()) as reading:
        for number, (words, leads) in enumerate(said, start=1):
            address = f"{tmp_path.as_uri()}/2020/{number}/02-funds.html"
            seen, led = shown_notice(reading.page, address)
            assert (seen.replace("\n", ""), led) == (words, leads), number


def test_pages_released_from_now_on_have_a_notice_for_each_case(browser: Browser, tmp_path: Path) -> None:
    approved = edition(2021, 1, status="批准"), edition(2021, 2)
    publish(tmp_path, approved)
    with reader(browser, tmp_path.as_uri()) as reading:
        page = reading.page
        assert shown_notice(page, f"{tmp_path.as_uri()}/2021/1/index.html")[0] == "见全部年度和版次"
        assert shown_notice(page, f"{tmp_path.as_uri()}/2021/2/index.html") == (
            "请用现行版的同名页",
            "21/1/index.html",
        )
        publish(tmp_path, (*approved, edition(2021, 3, status="批准", approver="县民政局")))
        assert shown_notice(page, f"{tmp_path.as_uri()}/2021/1/index.html") == (
            "请用现行版的同名页",
            "21/3/index.html",
        )
        assert shown_notice(page, f"{tmp_path.as_uri()}/2021/3/index.html") == ("", "")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("text", ["", HOSTILE], ids=["missing", "hostile"])
def test_every_page_can_be_read_by_everybody(
    browser: Browser, tmp_path: Path, size: dict[str, int], text: str
) -> None:
    write(tmp_path, site_saying(text))
    # Without its script a pointer stays, and can be looked at.
    pointer = tmp_path / "2020/index.html"
    page_alone, found = re.subn(
        "<script>.*?</script>", "", pointer.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert found == 1
    pointer.write_text(page_alone, encoding="utf-8")
    with served(tmp_path) as address, reader(browser, address, viewport=size) as reading:
        page = reading.page
        for name in ("index.html", "calendar.html", "404.html", "2020/旧-表.html", "2020/index.html"):
            page.goto(f"{address}/{name}")
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
            assert page.locator("main a:visible").count() > 0
    assert (reading.outside, reading.errors) == ([], [])


def test_a_page_that_scrolls_sideways_or_has_no_name_is_found(
    browser: Browser, published_address: str
) -> None:
    with reader(browser, published_address, viewport=PHONE) as reading:
        page = reading.page
        page.goto(f"{published_address}/index.html")
        page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"feed.xml\">')"
        )
        page.add_style_tag(content="h1 { width: 400px }")
        assert any("image-alt" in found for found in violations(page))
        assert page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]


def test_print_has_tables_and_no_navigation(browser: Browser, published_address: str) -> None:
    with reader(browser, published_address, viewport={"width": 794, "height": 1123}) as reading:
        page = reading.page
        page.goto(f"{published_address}/index.html")
        page.emulate_media(media="print")
        assert page.locator("nav:visible").count() == 0
        assert page.locator("thead:visible").count() == 2
        assert (
            page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor")
            == "rgba(0, 0, 0, 0)"
        )
