"""Made-up published sites: editions of two years, and the files around them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup

from evalbook.publish.pages import Announcement, ListedEdition, site_files

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime.date
# What an edition's page holds, as the release writes it.
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>.superseded, .quote-another, .proposals {{ display: none }}</style>
<link rel="stylesheet" href="{up}../editions.css"></head><body><main>
<h1 id="top">{title}</h1>{notices}<p style="height: 3000px">第{number}版</p><h2 id="second">二</h2>
</main></body></html>"""
OLD_NOTICE = """<p class="superseded superseded-{number}"><strong>本版已经有了更新的版本。</strong>引用数字请用<a
href="{up}../{name}">最新版的同名页</a>。</p>"""
NOTICES = """<p class="quote-another quote-another-{number}">请用<a href="{up}../{name}">现行版的同名页</a></p>
<p class="proposals proposals-{number}">见<a href="{up}../../index.html#year-{year}">全部年度和版次</a></p>"""
"""Of editions of 2020, which were released when there was one notice, and of later years."""


def edition(year: int, number: int, **changed: object) -> ListedEdition:
    names = {
        "index.html": "首页",
        "02-funds.html": "二、资金",
        "guide/method.html": "方法",
        "search.html": "搜索",
    }
    names |= {"旧-表.html": "旧表"} if number == 1 else {}
    names |= {"editions.html": "版本与更正", "guide/revisions.html": "修订与更正办法"} if number > 1 else {}
    return replace(
        ListedEdition(
            year=year,
            number=number,
            date=DAY(year + 1, 3 + number, 10),
            kind="初版" if number == 1 else "更正",
            status="最终" if number == 1 else "初步",
            reason="" if number == 1 else "农村特困人数与表内各项之和不符",
            approver="张某" if number == 1 else "",
            title=f"某县{year}年度困难群众救助绩效评价报告",
            bureau="某县民政局",
            county="某县",
            pages=tuple(names),
            titles=names,
            signed=b"\xe6\x8a\xa5\xe5\x91\x8a" if number == 1 and year == 2020 else None,
            downloads={
                f"report-{year}.pdf": b"%PDF-1.7",
                f"report-{year}.xlsx": b"PK",
                f"figures-{year}.csv": f"第{number}版".encode(),
                f"figures-{year}.csv-metadata.json": b"{}",
            },
        ),
        **changed,  # type: ignore[arg-type]
    )


EDITIONS = (edition(2020, 1), edition(2020, 2), edition(2021, 1, status="草稿"))
ANNOUNCEMENTS = (
    Announcement(2020, 1, DAY(2021, 4, 1), DAY(2021, 3, 1), None, ""),
    Announcement(2020, 1, DAY(2021, 4, 8), DAY(2021, 3, 25), DAY(2021, 4, 10), "等财政局核对资金数"),
    Announcement(2020, 2, None, None, DAY(2021, 5, 10), ""),
    Announcement(2021, 1, DAY(2022, 4, 10), DAY(2022, 1, 5), DAY(2022, 4, 10), ""),
    Announcement(2021, 2, DAY(2022, 9, 1), DAY(2022, 4, 20), None, ""),
)


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def publish(folder: Path, editions: tuple[ListedEdition, ...] = EDITIONS) -> Path:
    """Put together a site: its own files, and editions that are never written twice."""
    write(folder, site_files(editions, ANNOUNCEMENTS))
    for listed in editions:
        for name in listed.pages:
            path = folder / str(listed.year) / str(listed.number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            up = "../" * name.count("/")
            said = {"up": up, "name": name, "number": listed.number, "year": listed.year}
            notices = (OLD_NOTICE if listed.year == 2020 else NOTICES).format(**said)
            page = PAGE.format(title=listed.titles[name], notices=notices, **said)
            if path.exists():
                assert path.read_text(encoding="utf-8") == page
            path.write_text(page, encoding="utf-8")
    return folder


def dead_links(folder: Path) -> list[str]:
    """Links of all pages and of the feed that lead nowhere within the site."""
    linking = [path for path in sorted(folder.rglob("*")) if path.suffix in {".html", ".xml"}]
    found = []
    for path in linking:
        name = path.relative_to(folder).as_posix()
        soup = BeautifulSoup(path.read_bytes(), "xml" if path.suffix == ".xml" else "lxml")
        links = [str(node["href"]) for node in soup.find_all(href=True)]
        links += [
            str(node["content"]).partition("url=")[2]
            for node in soup.find_all("meta", {"http-equiv": "refresh"})
        ]
        for link in links:
            target = urlsplit(urljoin(f"http://site/{name}", link))
            if link.startswith("data:"):
                continue
            if target.netloc != "site" or not (folder / unquote(target.path).lstrip("/")).is_file():
                found.append(f"{name}: {link}")
    return found
