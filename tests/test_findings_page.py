"""Findings as readers see them: the page of the year, marks beside figures, the catalogue, answers."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup, Tag
from projects import ROOT
from reports import ReportFile

from evalbook.checks import RULES, SEVERITIES, Findings, check
from evalbook.figures import load
from evalbook.render import Page, finding_label, findings_page
from evalbook.render.markdown import escape
from evalbook.sphinxext.references import FINDING_MARK
from evalbook.tables.schema import EXPLANATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from evalbook.figures import FigureSet

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))


@pytest.fixture(scope="module")
def found(figures: FigureSet) -> Findings:
    return check(figures)


def soup(site: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / page).read_text(encoding="utf-8"), "lxml")


def boxes(site: Path) -> list[Tag]:
    return soup(site, "years/2020/checks.html").select("article div.check")


def test_every_finding_is_on_the_page_in_its_order(site: Path, found: Findings) -> None:
    listed = boxes(site)
    assert [box.select("code")[0].get_text() for box in listed] == [f.id for f in found.listed]
    for box, finding in zip(listed, found.listed, strict=True):
        text = "".join(box.get_text().split())
        suspicion = finding.suspicion
        for told in (suspicion.found, suspicion.why, suspicion.remedy, *suspicion.notes):
            assert "".join(told.split()) in text
        for other in finding.consequences:
            assert "".join(other.suspicion.found.split()) in text
        linked = [str(a["href"]).rpartition("#")[2] for a in box.select("a.figure-link")]
        assert len(linked) == len(suspicion.figures)
        assert finding.severity in text
        for limit in suspicion.limits:
            assert "".join(limit.source.split()) in text


def test_a_finding_left_out_is_noticed(site: Path, found: Findings) -> None:
    assert [box.select("code")[0].get_text() for box in boxes(site)[1:]] != [f.id for f in found.listed]


def marks(page: BeautifulSoup) -> list[tuple[str, str]]:
    """Figure and finding of each mark: the places that the link before it and its own lead to."""
    pairs = []
    for mark in page.select("sup.finding-mark"):
        link = mark.find_previous_sibling("a") or mark.parent
        assert isinstance(link, Tag)
        (own,) = mark.select("a")
        pairs.append((urldefrag(str(link["href"]))[1], str(own["href"])))
    return pairs


@pytest.mark.parametrize("name", ["index", "summary", *CHAPTERS])
def test_marks_stand_beside_the_figures_concerned(site: Path, found: Findings, name: str) -> None:
    page = soup(site, f"years/2020/{name}.html")
    targets = {str(tag["id"]) for tag in soup(site, "years/2020/checks.html").select("[id]")}
    of_figure = {
        f"figure-2020-{address}".replace(".", "-").replace("_", "-"): finding_label(2020, findings[0])
        for address, findings in found.by_address.items()
    }
    marked = marks(page)
    for figure, link in marked:
        file, place = urldefrag(link)
        assert file == "checks.html"
        assert place in targets
        assert place == of_figure[figure].replace(".", "-").replace("_", "-")
    shown = [urldefrag(str(a["href"]))[1] for a in page.select("article a.figure-link")]
    assert len(marked) == sum(figure in of_figure for figure in shown)


def test_some_figures_are_marked_and_some_are_not(site: Path) -> None:
    page = soup(site, "years/2020/02-funds.html")
    assert 10 < len(marks(page)) < len(page.select("article a.figure-link"))


def test_the_lineage_leads_to_every_finding_of_a_figure(site: Path, found: Findings) -> None:
    page = soup(site, "years/2020/lineage.html")
    for address, findings in found.by_address.items():
        code = page.find("code", string=address)
        row = code.find_parent("tr") if code else None
        assert row is not None
        for finding in findings:
            assert finding.rule.title in row.get_text()
        links = [a for a in row.select("a") if "checks.html#" in str(a["href"])]
        assert len(links) == len(findings)


def test_the_catalogue_has_every_rule_and_how_often_it_fired(site: Path, found: Findings) -> None:
    text = "".join(soup(site, "guide/checks.html").get_text().split())
    for rule in RULES:
        start = text.index(f"{rule.id}{''.join(rule.title.split())}#")
        card = text[start : start + 900]
        for told in (rule.compares, rule.formula, rule.tolerance, rule.exceptions, rule.source):
            assert "".join(told.split()) in card
        assert f"2020年度{found.fired[rule.id]}次" in card


def test_the_summary_leads_to_the_findings(site: Path, found: Findings) -> None:
    text = soup(site, "years/2020/summary.html").get_text()
    assert "，".join(f"{severity}{len(found.of(severity))}条" for severity in SEVERITIES) in text


@pytest.mark.parametrize(
    ("severity", "answer"), [("error", "all"), ("doubt", "all"), ("hint", "unanswered"), ("all", "answered")]
)
def test_filters_work_without_scripts(
    browser: Browser, address: str, severity: str, answer: str, site: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/years/2020/checks.html")
    page.check(f'[name="severity"][value="{severity}"]')
    page.check(f'[name="answer"][value="{answer}"]')
    seen = sum(box.is_visible() for box in page.locator("div.check").all())
    context.close()
    wanted = [
        box
        for box in boxes(site)
        if severity in {"all", *box.get_attribute_list("class")}
        and answer in {"all", *box.get_attribute_list("class")}
    ]
    assert seen == len(wanted)
    assert len(wanted) < len(boxes(site)) or severity == answer == "all"


def answer(project: Path, *rows: tuple[str, str]) -> None:
    """Write answers to findings: number and explanation."""
    path = project / "data" / "2020" / "explanations.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.heading for column in EXPLANATIONS.columns])
        writer.writerows((finding, text, "台账第3册", "某某", "2021-04-20") for finding, text in rows)


def test_answers_stand_beside_their_findings_until_figures_change(project: Path, found: Findings) -> None:
    finding = next(f for f in found.listed if f.rule.id == "L2")
    answer(project, (finding.id, "含补发 {figure}`x` <b>"), ("L2-nothing-000000", "旧的说明"))
    page = findings_page(Page("checks", load(project, 2020))).markdown
    assert escape("含补发 {figure}`x` <b>") in page
    assert "<b>" not in page
    assert "已说明　编号" in page
    assert "用不上的说明" in page
    assert "旧的说明" in page
    table = project / "data" / "2020" / "standards.csv"
    stated = finding.suspicion.figures[0]
    old = f"人均救助水平,{stated.number},"
    assert old in table.read_text(encoding="utf-8-sig")
    table.write_text(
        table.read_text(encoding="utf-8-sig").replace(old, "人均救助水平,381,", 1), encoding="utf-8-sig"
    )
    page = findings_page(Page("checks", load(project, 2020))).markdown
    assert "原来的说明不再适用" in page
    assert "已说明　编号" not in page


def test_a_year_without_findings_says_so(project: Path) -> None:
    year, requirements = project / "data" / "2020", project / "data" / "reference" / "requirements.csv"
    tables = [requirements, *(path for path in year.glob("*.csv"))]
    for path in tables:
        path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8-sig")
    settings = year / "year.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("优秀", ""), encoding="utf-8")
    for path in (year / "narrative").glob("*.md"):
        path.unlink()
    (year / "narrative" / "01-overview.md").write_text("# 一、项目概况\n\n内容见各表。\n", encoding="utf-8")
    assert "没有发现" in findings_page(Page("checks", load(project, 2020))).markdown


def test_the_pdf_has_marks_and_findings(site: Path, found: Findings) -> None:
    """As many as the chapters have in HTML, each a link; the annexes have marks of their own."""
    report = ReportFile(site.parent / "pdf" / "report-2020.pdf")
    chapters = sum(len(marks(soup(site, f"years/2020/{name}.html"))) for name in CHAPTERS)
    sections = report.sections()
    assert "".join(sections.values()).count(FINDING_MARK) >= chapters > 20
    annex = "".join(next(text for title, text in sections.items() if "勾稽检查" in title).split())
    assert [finding.id for finding in found.listed if finding.id not in annex] == []
