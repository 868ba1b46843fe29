"""Editions built by the real command: the same bytes anywhere, nothing of the workings, readable for ever."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest
from browser import CHART, PHONE, read_through, reader, served, violations
from browser import pages as pages_of
from bs4 import BeautifulSoup
from click.testing import CliRunner
from publishing import tree, until
from reports import OF_THE_TOOL, ReportFile
from repositories import ALONE, RELEASE, YEAR, committed, git, release, rows, whole_project, write_rows
from sites import dead_links
from test_book import Running, below, runs

from evalbook.cli import main
from evalbook.cli.chinese import INTERRUPTED
from evalbook.figures import load
from evalbook.publish import MANIFEST, check_code, manifest_of, verify
from evalbook.release import Wish
from evalbook.release.build import edition_card
from evalbook.release.places import STORE
from evalbook.release.rebuild import Program
from evalbook.year import read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

WORKINGS = re.compile(
    r"\.(?:ipynb|py|pyc|md|yml|pickle|doctree|inv|map)$|(?:^|/)[._](?!static/|images/|downloads/)"
)
OF_THE_WORKINGS = ("papermill", "show.page(", "本页如何算出", "notebooks/", "evalbook.render", "book/years")


def command(
    project: Path, *arguments: str, umask: int, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the project's own command as somebody with other settings does."""
    return subprocess.run(
        [sys.executable, "-m", "evalbook.cli", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), **ALONE, **environment},
        umask=umask,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def there(folder: Path, pattern: str, running: Running | None = None) -> bool:
    """Whether a folder has a file of a name, or a command that may be done before is done."""
    return any(folder.glob(pattern)) or (running is not None and running.ended())


def assert_ended(running: Running, kill: signal.Signals) -> None:
    """Kill a command; what it started ends with it, and it says so where it can say anything."""
    started = below(running.process.pid)
    told = running.killed(kill)
    until(lambda: not any(map(runs, started)))
    assert "Traceback" not in told
    assert INTERRUPTED in told or kill == signal.SIGKILL


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Repository in which edition 1 was released."""
    folder = committed(whole_project(tmp_path_factory.mktemp("built") / "project"))
    said = ("--date", "2021-04-10", "--approver", "桃江县民政局", "--reason", "照2021年4月10日签发的报告录入")
    before = git(folder, "rev-parse", "HEAD")
    for kill, begun in (
        (signal.SIGTERM, "project/evalbook"),
        (signal.SIGINT, "project/edition"),
        (signal.SIGKILL, "project/edition/_build/.doctrees"),
    ):
        running = Running(folder, "release", str(YEAR), "--yes", *said)
        running.until(partial(there, folder / STORE, f".staging-*/{begun}"))
        if kill == signal.SIGINT:
            second = command(folder, "release", str(YEAR), "--yes", umask=0o022)
            assert second.returncode == 2
            assert "另一个定版或发布正在进行" in second.stderr
        assert_ended(running, kill)
        assert git(folder, "rev-parse", "HEAD") == before
        assert not git(folder, "status", "--porcelain")
    done = command(folder, "release", str(YEAR), "--yes", *said, umask=0o022, TZ="UTC", LC_ALL="C.UTF-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已定版：2020年度第1版（初版，2021-04-10）。\n批准：桃江县民政局，2021年4月10日。" in done.stdout
    assert not list((folder / STORE).glob(".staging-*"))  # what is left of killed ones goes with the next
    assert not git(folder, "status", "--porcelain")
    return folder


@pytest.fixture(scope="module")
def edition(project: Path) -> Path:
    """Files of edition 1."""
    return project / STORE / str(YEAR) / "1"


def test_an_edition_is_the_same_elsewhere(project: Path, tmp_path: Path) -> None:
    """Another path, longer and not ASCII, another locale, time zone, umask and seed of hashes."""
    clone = tmp_path / "别的 地方" / ("很长的文件夹名称" * 4) / "project"
    git(project, "clone", "--quiet", str(project), str(clone))
    done = command(
        clone,
        "verify",
        "--rebuild",
        f"{YEAR}/1",
        umask=0o077,
        TZ="Asia/Shanghai",
        LC_ALL="C",
        LANG="C",
        PYTHONHASHSEED="7",
    )
    assert done.stdout == "2020年度第1版：重新生成的与定版时逐个字节相同。\n", done.stdout + done.stderr
    assert done.returncode == 0
    assert not git(clone, "status", "--porcelain")
    assert not [path for path in (clone / STORE).iterdir() if path.name != ".lock"]


# -- what it holds


def test_an_edition_holds_nothing_of_the_workings(edition: Path, project: Path) -> None:
    files = tree(edition)
    assert [name for name in files if WORKINGS.search(name)] == []
    for name, content in files.items():
        if name.endswith((".html", ".js", ".json", ".csv", ".css")) and not name.startswith("_static/vega"):
            for words in (*OF_THE_WORKINGS, str(project)):
                assert words not in content.decode(), f"{name}: {words}"


def test_a_planted_notebook_would_be_found() -> None:
    assert all(
        map(
            WORKINGS.search,
            ("02-funds.ipynb", "_sources/index.md.txt", ".buildinfo", "objects.inv", "a/.git/x"),
        )
    )
    assert not any(
        map(WORKINGS.search, ("index.html", "_static/a.css", "guide/method.html", "_images/a.svg"))
    )


def test_every_page_leads_to_the_newest_of_its_name(edition: Path) -> None:
    names = pages_of(edition)
    assert {"index.html", "02-funds.html", "editions.html", "guide/revisions.html", "search.html"} <= set(
        names
    )
    for name in names:
        page = BeautifulSoup((edition / name).read_bytes(), "lxml")
        above = "../" * (name.count("/") + 1)
        assert [str(link["href"]) for link in page.select("link[href$='editions.css']")] == [
            f"{above}editions.css"
        ], name
        assert {str(link["href"]) for link in page.select(".quote-another-1 a")} == {f"{above}{name}"}, name
        proposed = {str(link["href"]) for link in page.select(".proposals-1 a")}
        assert proposed == {f"{above}../index.html#year-{YEAR}"}, name
        assert not page.select(".superseded")
    card = json.loads((edition / "edition.json").read_text(encoding="utf-8"))
    assert list(card["pages"]) == names
    assert (card["year"], card["number"], card["status"], card["approver"]) == (
        YEAR,
        1,
        "批准",
        "桃江县民政局",
    )
    assert card["authority"] == "批准"
    assert "signed-1.txt" in card["downloads"]
    signed = (edition / "signed-1.txt").read_bytes()
    assert signed == (edition.parents[2] / "data" / str(YEAR) / "signed.txt").read_bytes()
    assert f"report-{YEAR}.pdf" in card["downloads"]


def test_bureau_and_date_close_what_was_approved(edition: Path) -> None:
    """GB/T 9704, 7.3.5.2: the date two characters from the right and after the bureau; what the tool adds comes behind."""
    report, character = ReportFile(edition / f"report-{YEAR}.pdf"), 15.75
    page = next(mark.page for mark in report.headings if mark.title == OF_THE_TOOL) - 1
    _, _, right, _ = report.type_area(page)
    bureau, date = report.lines(page)[-2:]
    assert "".join(char["text"] for char in bureau) == "桃江县民政局"
    assert "".join(char["text"] for char in date) == "2021年4月10日"
    assert right - date[-1]["x1"] == pytest.approx(2 * character, abs=0.5)
    assert date[0]["x0"] - bureau[0]["x0"] == pytest.approx(2 * character, abs=0.5)
    assert "未经批准" not in report.text(1)


# -- published


@pytest.fixture(scope="module")
def run(project: Path) -> Iterator[Any]:
    """The command, in the project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        for name, value in ALONE.items():
            patch.setenv(name, value)
        yield lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def first_site(run: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Site with edition 1 alone."""
    site = tmp_path_factory.mktemp("first") / "site"
    done = run("publish", site)
    assert done.exit_code == 0, done.output
    assert f"已发布：2020年度第1版（{site}/2020/1/index.html）" in done.output
    return site


@pytest.fixture(scope="module")
def second_site(run: Any, project: Path, edition: Path, first_site: Path) -> Path:
    """The same after edition 2, which is made of the files of edition 1 so that it costs no build."""
    site = Path(shutil.copytree(first_site, first_site.with_name("second")))
    write_rows(project, "corrections", rows())

    def build(copy: Path, year: int, target: Path) -> None:
        shutil.copytree(edition, target, ignore=shutil.ignore_patterns(MANIFEST))
        for path in target.rglob("*.html"):
            content = path.read_bytes().replace(b"quote-another-1", b"quote-another-2")
            path.write_bytes(content.replace(b"proposals-1", b"proposals-2"))
        card = edition_card(load(copy, year), target)
        (target / "edition.json").write_text(json.dumps(card), encoding="utf-8")

    entry = read_ledger(project, YEAR)[0][0]
    wish = Wish(entry.date, entry.date, reason="更正勾稽检查证实的错误")
    with pytest.MonkeyPatch.context() as patch:  # the same files as before, looked through then
        for gate in ("scan_folder", "refuse_leaks"):
            patch.setattr(RELEASE, gate, lambda *_: ())
        release(project, YEAR, wish, Program(build, lambda copy, year: {}))
    done = run("publish", site)
    assert done.exit_code == 0, done.output
    assert "已发布：2020年度第2版" in done.output
    return site


def test_a_publish_that_is_killed_is_finished_by_the_next(
    project: Path, edition: Path, tmp_path: Path
) -> None:
    """At several moments; a reader meets nothing, or all of it."""
    moments = (
        (signal.SIGKILL, ".evalbook/new/2020/1/index.html"),
        (signal.SIGTERM, ".evalbook/new/2020/1/manifest.json"),
        (signal.SIGINT, ".evalbook/journal.json*"),
    )
    for kill, begun in moments:
        site = tmp_path / kill.name
        publishing = Running(project, "publish", str(site))
        other = Running(project, "publish", str(site)) if kill == signal.SIGTERM else None
        publishing.until(partial(there, site, begun, publishing))
        told = publishing.killed(kill)
        assert "Traceback" not in told
        if other is not None:
            assert other.process.wait(timeout=120) in {0, 2}
            assert "Traceback" not in other.told()
        if (site / "index.html").exists():
            assert (site / "2020" / "1" / "index.html").exists()
        done = command(project, "publish", str(site), umask=0o022)
        assert done.returncode == 0, done.stderr
        assert tree(site / "2020" / "1") == tree(edition)
        assert verify(site) == ()


def test_two_groups_of_the_paper_prove_files_without_the_project(
    first_site: Path, edition: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that was forged with every manifest is found by them, and by the ledger."""
    with pdfplumber.open(edition / f"report-{YEAR}.pdf") as report:
        paper = report.pages[-1].extract_text()
    printed = dict(re.findall(r"第(\d+)组\s+([0-9a-f]{4})", paper))
    assert list(printed.values()) == list(check_code(edition))
    groups = f"3={printed['3'].upper()}，16={printed['16']}"
    typed = "".join(f"{printed[str(number)]}\n" for number in (5, 11))
    monkeypatch.setattr("evalbook.cli.proving.groups_to_ask", lambda: (5, 11))
    asked = CliRunner().invoke(main, ["verify", f"{YEAR}/1"], input=typed)
    assert "台账与版本库的全部历史、保存的和发布过的各版一致" in asked.output
    assert "核对码相符（第5组、第11组）" in asked.output
    assert asked.exit_code == 0

    forged = Path(shutil.copytree(first_site, tmp_path / "site"))
    page = forged / str(YEAR) / "1" / "02-funds.html"
    page.write_bytes(page.read_bytes().replace(b"11650.08", b"11650.09", 1))
    (page.parent / MANIFEST).write_bytes(manifest_of(page.parent))
    listed = {path: content for path, content in tree(forged).items() if path != MANIFEST}
    (forged / MANIFEST).write_bytes(manifest_of(listed))
    assert verify(forged) == ()
    told = run("verify", forged)
    assert told.exit_code == 1
    assert "2020年度第1版：不是台账记的内容。各文件与清单互相一致" in told.output

    monkeypatch.chdir(tmp_path)
    plain = run("verify", forged)
    assert plain.exit_code == 0
    assert "只证明了里面互相一致" in plain.output
    assert f"evalbook verify {forged} --paper 2020/1" in plain.output
    wrong = run("verify", forged, "--groups", groups)
    assert wrong.exit_code == 1
    assert "核对码不符（第3组、第16组）" in wrong.output
    assert "网页和数据文件就是签发的2020年度第1版" in run("verify", first_site, "--groups", groups).output
    for said in ("3=ab12", "17=0000,1=0000", "三=ab12"):
        assert run("verify", first_site, "--groups", said).exit_code == 2


def test_a_published_edition_is_what_was_released(
    edition: Path, first_site: Path, second_site: Path, run: Any
) -> None:
    for site in (first_site, second_site):
        assert tree(site / str(YEAR) / "1") == tree(edition)
        assert dead_links(site) == []
        number = "1版" if site == first_site else "1版、2020年度第2版"
        assert run("verify", site).output.splitlines()[:2] == [
            f"{site}：与清单完全相符。",
            f"与本项目的台账一致：2020年度第{number}。",
        ]


def test_a_change_of_the_site_is_named(second_site: Path, run: Any, tmp_path: Path) -> None:
    site = Path(shutil.copytree(second_site, tmp_path / "site"))
    page = site / str(YEAR) / "1" / "02-funds.html"
    page.write_bytes(page.read_bytes().replace(b"11650.08", b"11650.09", 1))
    (site / str(YEAR) / "2" / "多余.html").touch()
    done = run("verify", site)
    assert done.exit_code == 1
    assert done.output == (
        f"{site}：有2处与清单不符：\n1. 2020/1/02-funds.html：改动：内容与清单不符\n2. 2020/2/多余.html：多余：清单里没有\n"
    )
    assert "2020/1/02-funds.html" in run("publish", site).output


# -- in a browser


@pytest.fixture(params=["http", "file"])
def roots(request: pytest.FixtureRequest, first_site: Path, second_site: Path) -> Iterator[tuple[str, str]]:
    """Addresses of both sites, from a server and from disk."""
    if request.param == "file":
        yield first_site.as_uri(), second_site.as_uri()
        return
    with served(first_site) as first, served(second_site) as second:
        yield first, second


def notice(page: Page, kind: str = "quote-another") -> Any:
    return page.locator(f"p.{kind}")


def test_old_editions_lead_to_the_newest(browser: Browser, roots: tuple[str, str]) -> None:
    first, second = roots
    with reader(browser, first) as reading:
        reading.page.goto(f"{first}/2020/1/02-funds.html")
        read_through(reading.page)
        assert not notice(reading.page).is_visible()
        assert reading.page.locator(CHART).count()
        assert (reading.outside, reading.errors) == ([], [])
    with reader(browser, second, viewport=PHONE) as reading:
        # Nobody has approved the second edition: the first says that it proposes something, the second what to quote.
        for number, told, untold in ((1, "proposals", "quote-another"), (2, "quote-another", "proposals")):
            reading.page.goto(f"{second}/2020/{number}/02-funds.html")
            read_through(reading.page)
            assert notice(reading.page, told).is_visible()
            assert not notice(reading.page, untold).is_visible()
        reading.page.goto(f"{second}/2020/2/guide/revisions.html")
        assert violations(reading.page) == []
        assert not reading.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        notice(reading.page).get_by_role("link").click()
        reading.page.wait_for_url(f"{second}/2020/1/guide/revisions.html")
        assert (reading.outside, reading.errors) == ([], [])
