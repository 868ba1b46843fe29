"""A new fiscal year without code: made from the last one, half filled, built, never mixed with it."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import reader, served
from bs4 import BeautifulSoup, Tag
from click.testing import CliRunner
from projects import as_signed, built, copy_taojiang
from reports import ReportFile, html_pages, missing_numbers
from ruamel.yaml import YAML

from evalbook.cli import main
from evalbook.figures import load
from evalbook.render.editions import edition_in_short
from evalbook.year.rollover import moved
from evalbook.year.tables import TABLES

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from projects import Command

ROOT = Path(__file__).resolve().parents[1]
YEAR = 2021
LEFT_EMPTY = 5


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def fill(project: Path) -> None:
    """Fill in made-up figures that no other year has; every fifth stays empty."""
    number = 0
    for table in TABLES:
        path = project / "data" / str(YEAR) / f"{table.name}.csv"
        rows = read(path)
        if not table.value or not rows:
            continue
        heading = table.column(table.value).heading
        for row in rows:
            number += 1
            if number % LEFT_EMPTY:
                row |= {heading: str(77700 + number), "出处": "测试台账", "确认": ""}
                if row["单位"] in {"万元", "元/月", "元/年", "万人"}:
                    row[heading] += ".37"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Project with 2020 as signed and a made-up, half-filled 2021, built."""
    project = as_signed(copy_taojiang(tmp_path_factory.mktemp("two") / "project"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        done = CliRunner().invoke(main, ["new", str(YEAR)])
    assert done.exit_code == 0, done.output
    fill(project)
    built(project)
    return project


@pytest.fixture(scope="module")
def reports(two_years: Path) -> dict[int, ReportFile]:
    """PDF of each year."""
    folder = two_years / "book" / "_build" / "pdf"
    return {year: ReportFile(folder / f"report-{year}.pdf") for year in (2020, YEAR)}


@cache
def pages(project: Path, year: int) -> dict[str, BeautifulSoup]:
    """Pages of a year by name, taken apart once."""
    folder = project / "book" / "_build" / "html" / "years" / str(year)
    return {
        path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml") for path in folder.glob("*.html")
    }


def test_new_carries_structure_and_no_figure(signed_2020: Path, evalbook_2020: Command) -> None:
    done = evalbook_2020("new", str(YEAR))
    assert done.exit_code == 0
    for told in ("data/2021/year.yml", "data/2021/funds.csv：12个数字要填", "待确认", "evalbook check 2021"):
        assert told in done.output
    for table in TABLES:
        given, made = (signed_2020 / "data" / year / f"{table.name}.csv" for year in ("2020", str(YEAR)))
        if table.name in {"claims", "evidence", "deviations", "corrections", "calendar"}:
            assert read(made) == []
            continue
        old, new = read(given) if given.exists() else [], read(made)
        if table.name == "targets":
            continue
        assert len(new) == len(old)
        for before, after in zip(old, new, strict=True):
            assert after["确认"] == "待确认"
            assert all(
                after[table.column(name).heading] == before[table.column(name).heading]
                for name in ("unit",)
                if table.value
            )
            if table.value:
                assert after[table.column(table.value).heading] == after["出处"] == after["标志"] == ""
    assert not (signed_2020 / "data" / str(YEAR) / "signed.txt").exists()
    check = evalbook_2020("check", str(YEAR))
    assert check.exit_code == 0
    assert re.search("70个待填，[0-9]+个算不出，92处待确认", check.output)


def test_batches_and_marks_of_funds_are_carried_and_their_documents_are_not(
    signed_2020: Path, evalbook_2020: Command
) -> None:
    path = signed_2020 / "data" / "2020" / "funds.csv"
    first, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    told = "省本级,困难群众救助补助资金,5,万元,,测试,,,湘财社指〔2020〕12号,直达、三保,第二批,结余"
    made = [f"{first},文号,标记,批次,统计项", *(f"{line},,,," for line in lines), told]
    path.write_text("\n".join(made), encoding="utf-8-sig")
    assert evalbook_2020("new", str(YEAR)).exit_code == 0
    carried = read(signed_2020 / "data" / str(YEAR) / "funds.csv")[-1]
    kept = {"级次": "省本级", "标记": "直达、三保", "批次": "第二批", "统计项": "结余"}
    assert kept.items() <= carried.items()
    assert carried["文号"] == carried["金额"] == ""


def test_targets_are_approved_anew(signed_2020: Path, evalbook_2020: Command) -> None:
    """Frameworks and the indicators with targets stay, once each; their values, days and documents do not."""
    done = evalbook_2020("new", str(YEAR))
    old, new = (read(signed_2020 / "data" / year / "targets.csv") for year in ("2020", str(YEAR)))
    named = dict.fromkeys((row["评价框架"], row["指标"]) for row in old)
    assert [(row["评价框架"], row["指标"]) for row in new] == list(named)
    assert len(new) < len(old), "a target that changed within the year has several rows"
    assert f"data/{YEAR}/targets.csv：{len(new)}个数字要填" in done.output
    for row in new:
        assert row["比较"]
        assert row["单位"]
        assert row["确认"] == "待确认"
        assert not any(row[name] for name in ("目标值", "起始日期", "截止日期", "文号", "出处", "备注"))
    frameworks = YAML(typ="safe").load(signed_2020 / "data" / str(YEAR) / "year.yml")["评价框架"]
    assert frameworks == YAML(typ="safe").load(signed_2020 / "data" / "2020" / "year.yml")["评价框架"]


def test_dates_move_and_document_numbers_stay(signed_2020: Path, evalbook_2020: Command) -> None:
    evalbook_2020("new", str(YEAR))
    folder = signed_2020 / "data" / str(YEAR)
    prose = {path.stem: path.read_text(encoding="utf-8") for path in (folder / "narrative").iterdir()}
    assert all(text.startswith("【待确认】") for text in prose.values())
    assert "# 二、2021年度项目资金管理及使用情况" in prose["02-funds"]
    assert "至2021年12月底" in prose["02-funds"]
    assert "桃民字[2020]54号" in prose["03-organisation"]
    assert "对2014年以来" in prose["05-measures"]
    assert "关于开展2021年度财政资金绩效自评工作的通知" in prose["00-preface"]
    settings = (folder / "year.yml").read_text(encoding="utf-8")
    for line in (
        "年度: 2021",
        "桃江县2021年度困难群众救助",
        "起始日期: 2021-01-01",
        "截止日期: 2021-12-31",
        "数据状态: 草稿",
    ):
        assert line in settings
    assert re.search(r"^报告日期:$", settings, flags=re.MULTILINE)
    assert re.search(r"^自评等次:$", settings, flags=re.MULTILINE)


def test_titles_of_numbered_documents_stay() -> None:
    text = "依据《2020年标准的通知》（某发〔2020〕8号）开展2020年工作，2021年4月上报"
    assert moved(text, 2020, 2022, ("2020年标准的通知",)) == (
        "依据《2020年标准的通知》（某发〔2020〕8号）开展2022年工作，2023年4月上报"
    )


def test_an_existing_year_is_not_touched(signed_2020: Path, evalbook_2020: Command) -> None:
    before = (signed_2020 / "data" / "2020" / "year.yml").read_bytes()
    assert evalbook_2020("new", "2020").exit_code == 2
    assert (signed_2020 / "data" / "2020" / "year.yml").read_bytes() == before


def test_a_half_filled_year_builds_as_a_draft(two_years: Path) -> None:
    drafts = pages(two_years, YEAR)
    assert set(drafts) == set(pages(two_years, 2020))
    for name, page in drafts.items():
        assert "未定版 · 草稿" in page.get_text(), name
    for name, page in pages(two_years, 2020).items():
        assert "草稿" not in page.select_one("article").get_text(), name  # type: ignore[union-attr]
    missing = drafts["02-funds"].select("a.figure-link .missing")
    assert missing
    assert {node.get_text() for node in missing} == {"待填"}
    figures = load(two_years, YEAR)
    assert sum(f.value is None for f in figures.figures.values()) > len(missing) / 10
    front = BeautifulSoup((two_years / "book/_build/html/index.html").read_text(encoding="utf-8"), "lxml")
    assert [h2.get_text().rstrip("#") for h2 in front.select("article h2")] == [
        "2020年度",
        "2021年度 · 草稿",
    ]


def test_a_draft_is_a_draft_on_every_page_of_the_pdf(two_years: Path, reports: dict[int, ReportFile]) -> None:
    signed, draft = reports[2020], reports[YEAR]
    first = draft.pages[0].extract_text()
    assert edition_in_short(load(two_years, YEAR)) == "未定版 · 草稿"
    assert "草稿" in first
    assert "（尚未签发）" in first
    for report, year in ((draft, YEAR), (signed, 2020)):
        told = re.sub(r"\s", "", edition_in_short(load(two_years, year)))
        for number in range(2, len(report.pages) + 1):
            foot = sorted(report.foot(number), key=lambda c: c["top" if report.is_lying(number) else "x0"])
            assert told in "".join(char["text"] for char in foot if not char["text"].isspace()), number
    assert str(draft.pike.docinfo["/CreationDate"]).startswith("D:20211231")
    text = "".join(draft.read(draft.structure).split())
    assert text.count("这一部分的文字还没有写好，或者沿用上年、尚未核对。") == 7
    assert {cell.kind for row in draft.structure.find("TR") for cell in row.children} == {"TH", "TD"}


def test_every_number_of_a_draft_is_in_its_pdf(two_years: Path, reports: dict[int, ReportFile]) -> None:
    sections = reports[YEAR].sections()
    for name, page in html_pages(two_years / "book" / "_build" / "html", YEAR).items():
        assert not missing_numbers(page, sections), name


def numbers(page: BeautifulSoup) -> set[str]:
    """Numbers of a page, those of alternative texts and chart specifications included."""
    return numbers_in(str(page.select_one("article")))


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def test_a_planted_number_of_another_year_is_found() -> None:
    page = "<article><p>1</p><img alt='共11117.04万元'/><script>{\"资金\": 249.0}</script></article>"
    assert numbers(BeautifulSoup(page, "lxml")) >= {"11117.04", "249.0"}


def test_no_page_of_one_year_shows_a_figure_of_the_other(
    two_years: Path, reports: dict[int, ReportFile]
) -> None:
    values = {
        year: {
            figure.number
            for address, figure in load(two_years, year).figures.items()
            # Three digits and more: shorter ones also occur in dates, row and document numbers.
            if len(figure.number.replace(".", "")) > 3 and not address.startswith("standard_month")
        }
        for year in (2020, YEAR)
    }
    own = {year: values[year] - values[other] for year, other in ((2020, YEAR), (YEAR, 2020))}
    assert min(len(found) for found in own.values()) > 60
    for year, other in ((2020, YEAR), (YEAR, 2020)):
        # A finding about a change against the year before must state both numbers; nothing else may.
        compared = {"checks"} if year > other else set()
        sections = {
            title: text for title, text in reports[year].sections().items() if "勾稽检查" not in title
        }
        printed = set().union(*map(numbers_in, sections.values() if compared else reports[year].texts))
        assert len(printed & own[year]) > 50
        assert printed & own[other] == set()
        shown = {name: numbers(page) for name, page in pages(two_years, year).items() if name not in compared}
        assert len(set().union(*shown.values()) & own[year]) > 50
        assert set().union(*shown.values()) & own[other] == set()


def test_marks_of_the_front_page_lead_to_the_findings_of_their_year(two_years: Path) -> None:
    site = two_years / "book" / "_build" / "html"
    page = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "lxml")
    pages_of = {year: pages(two_years, year) for year in (2020, YEAR)}
    led = set()
    for mark in page.select("sup.finding-mark a"):
        pair = mark.find_parent(class_="marked")
        assert isinstance(pair, Tag)
        year = str(pair.select("a.figure-link")[0]["href"]).split("/")[1]
        file, _, place = str(mark["href"]).partition("#")
        # What no finding is about, but follows from one, is told where it was computed.
        name = "lineage" if mark.find_parent("sup", class_="doubt") else "checks"
        assert file == f"years/{year}/{name}.html"
        assert pages_of[int(year)][name].find(id=place)
        led.add(int(year))
    assert led == {2020, YEAR}


def test_links_of_a_page_stay_in_its_year_but_for_changes(two_years: Path) -> None:
    for name, page in pages(two_years, YEAR).items():
        for link in page.select("article a.figure-link"):
            if "../2020/" in str(link["href"]):
                assert name in {"lineage", "indicators"}
                assert link.get_text().startswith("2020年度")


@pytest.mark.parametrize("unit", ["万圆", "", "人"])
def test_a_bad_unit_is_answered_in_a_year_with_a_predecessor(
    signed_2020: Path, evalbook_2020: Command, unit: str
) -> None:
    evalbook_2020("new", str(YEAR))
    table = signed_2020 / "data" / str(YEAR) / "funds.csv"
    text = table.read_text(encoding="utf-8-sig").replace("社会救助资金,,万元", f"社会救助资金,1,{unit}")
    table.write_text(text, encoding="utf-8-sig")
    done = evalbook_2020("check", str(YEAR))
    assert done.exit_code == 2
    assert "data/2021/funds.csv 第2行“单位”" in done.output
    assert "程序出错" not in done.output


def test_prose_says_a_change_by_its_direction(signed_2020: Path, evalbook_2020: Command) -> None:
    evalbook_2020("new", str(YEAR))
    folder = signed_2020 / "data" / str(YEAR)
    table = folder / "people.csv"
    text = table.read_text(encoding="utf-8-sig").replace(
        "城市低保,,月均,,人,,", "城市低保,,月均,5841,人,,测试"
    )
    table.write_text(text, encoding="utf-8-sig")
    figures = load(signed_2020, YEAR)
    assert figures.figures["change.people.urban_dibao"].text == "-378人"
    assert figures.text_of("城市低保月均人数较上年减少") == "378人"
    assert figures.text_of("城市低保月均人数较上年降幅") == "6.08%"
    prose = folder / "narrative" / "06-problems.md"
    good = prose.read_text(encoding="utf-8")
    prose.write_text(f"{good}\n低保减少{{figure}}`城市低保月均人数较上年减少`。\n", encoding="utf-8")
    assert evalbook_2020("check", str(YEAR)).exit_code == 0
    prose.write_text(f"{good}\n低保增加{{figure}}`城市低保月均人数较上年增加`。\n", encoding="utf-8")
    done = evalbook_2020("check", str(YEAR))
    assert done.exit_code == 2
    assert "写的是“城市低保月均人数较上年增加”，实际是-378人" in done.output


def test_years_counted_differently_are_not_compared(signed_2020: Path, evalbook_2020: Command) -> None:
    evalbook_2020("new", str(YEAR))
    folder = signed_2020 / "data" / str(YEAR)
    table = folder / "people.csv"
    text = table.read_text(encoding="utf-8-sig").replace(
        "农村低保,,月均,,人,,", "农村低保,,期末,14000,人,,测试"
    )
    table.write_text(text, encoding="utf-8-sig")
    prose = folder / "narrative" / "02-funds.md"
    prose.write_text(
        prose.read_text(encoding="utf-8").replace("农村低保月均人数", "农村低保期末人数"), encoding="utf-8"
    )
    assert "口径不同" in load(signed_2020, YEAR).figures["change.people.rural_dibao"].reason
    settings = folder / "year.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("2021-12-31", "2021-06-30"), encoding="utf-8"
    )
    assert "月数不同" in load(signed_2020, YEAR).figures["change.spending.urban_dibao"].reason


def test_changes_against_the_year_before(two_years: Path) -> None:
    figures, before = load(two_years, YEAR).figures, load(two_years, 2020).figures
    changed = [
        figure
        for address, figure in figures.items()
        if address.startswith("change.") and figure.value is not None
    ]
    assert len(changed) > 30
    for figure in changed:
        address = figure.address.removeprefix("change.")
        now, then = figures[address].value, before[address].value
        assert now is not None
        assert then is not None
        assert figure.value == now - then
        if figures[address].unit == "%":
            assert figure.unit == "百分点"
            continue
        rate = figures[f"change_rate.{address}"].value
        assert rate is not None
        assert abs(rate - (now - then) / then * 100) < 1
    assert not any(address.startswith("change") for address in before)


def test_the_summary_shows_changes_and_what_is_pending(two_years: Path) -> None:
    figures = load(two_years, YEAR).figures
    page = pages(two_years, YEAR)["summary"]
    cards = page.select(".key-figures .sd-card")
    assert cards
    compared = 0
    for card in cards:
        links = [str(link["href"]).rpartition("#")[2] for link in card.select("a.figure-link")]
        text = card.get_text()
        (address,) = [a for a, f in figures.items() if text.strip().startswith(f.label) and f.text in text]
        change = figures.get(f"change.{address}")
        if change is None or change.value is None:
            assert "增加" not in text
            assert "减少" not in text
            continue
        compared += 1
        assert ("较上年增加" if change.value > 0 else "较上年减少") in text
        assert change.text.removeprefix("-") in text
        assert figures[f"change_rate.{address}"].text in text
        assert len(links) == 3
    assert compared >= 2
    uncertain = page.select_one("table:-soup-contains('不确定和缺失的内容')")
    assert uncertain is not None
    assert "待确认" in uncertain.get_text()
    assert "文字还没有写好，或者沿用上年、尚未核对" in uncertain.get_text()
    before = pages(two_years, 2020)["summary"]
    assert "没有上一年度的数据" in before.get_text()
    assert "较上年" not in "".join(card.get_text() for card in before.select(".key-figures"))


def test_a_draft_does_not_come_before_the_signed_year(two_years: Path, browser: Browser) -> None:
    with (
        served(two_years / "book" / "_build" / "html") as address,
        reader(browser, address) as reading,
    ):
        for query in ("低保标准", "事实无人抚养儿童", "城市低保累计支出", "社会救助暂行办法"):
            reading.page.goto(f"{address}/search.html?q={query}")
            reading.page.locator("#search-results li").first.wait_for()
            reading.page.wait_for_function(
                "document.querySelector('.search-summary').innerText.includes('页')"
            )
            found = [
                str(link.get_attribute("href"))
                for link in reading.page.locator("#search-results li > a").all()
            ]
            assert any(link.startswith("years/2020/") for link in found[:2]), (query, found[:4])
        assert reading.outside == []
