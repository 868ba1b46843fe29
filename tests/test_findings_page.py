"""Findings as readers see them: the page of the year, marks beside figures, the catalogue, answers."""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Never
from urllib.parse import urldefrag

import pytest
from browser import DESK, PHONE, reader, served, violations
from bs4 import BeautifulSoup, Tag
from docutils import nodes
from docutils.nodes import make_id
from docutils.utils import new_document
from projects import ROOT, as_signed, built, copy_taojiang
from reports import Char, Node, ReportFile, is_sign
from test_editions_page import rests_on
from test_pdf_input import typeset

from evalbook.checks import SEVERITIES, Finding, Findings, Rule
from evalbook.figures import load
from evalbook.recheck import RULES as FORM_RULES
from evalbook.render import findings_page, review_page
from evalbook.render.annex import figure_label
from evalbook.render.findings import SEVERITY_CODES, finding_label, finding_title, rule_label
from evalbook.render.markdown import escape
from evalbook.render.page import Page
from evalbook.scoring import ALL_RULES, deducted, evaluate, marked
from evalbook.sphinxext.corrections import BOX
from evalbook.sphinxext.references import DOUBT_MARK, FINDING_MARK
from evalbook.sphinxext.typst import TypstTranslator
from evalbook.year import chapters
from evalbook.year.tables import EXPLANATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

    from evalbook.figures import FigureSet

CHAPTERS = chapters(ROOT, 2020)
CHECKS = "years/2020/checks.html"
HOSTILE = '含补发 {figure}`x` <b> $y$ #[x] "]) *z*'


@pytest.fixture(scope="module")
def found(figures: FigureSet) -> Findings:
    return evaluate(figures).findings


@pytest.fixture(scope="module")
def found_as_signed(signed: FigureSet) -> Findings:
    return evaluate(signed).findings


def soup(site: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / page).read_text(encoding="utf-8"), "lxml")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def boxes(site: Path) -> list[Tag]:
    return soup(site, CHECKS).select("article div.check")


def number_of(box: Tag) -> str:
    code = box.select_one("code")
    assert code is not None
    return code.get_text()


# The page


def test_every_finding_is_on_the_page_in_its_order(site: Path, found: Findings) -> None:
    listed = boxes(site)
    assert [number_of(box) for box in listed] == [f.id for f in found.listed]
    for place, (box, finding) in enumerate(zip(listed, found.listed, strict=True), start=1):
        text, suspicion = squeezed(box.get_text()), finding.suspicion
        for told in (suspicion.found, suspicion.why, suspicion.remedy, *suspicion.notes):
            assert squeezed(told) in text
        for other in finding.consequences:
            assert squeezed(f"{other.rule.title}：{other.suspicion.found}") in text
        linked = [str(a["href"]).rpartition("#")[2] for a in box.select("a.figure-link")]
        assert linked == [make_id(figure_label(2020, figure.address)) for figure in suspicion.figures]
        assert f"{finding.severity}未说明编号{squeezed(finding.id)}规则{finding.rule.id}" in text
        for stated in (*suspicion.limits, *suspicion.places):
            assert squeezed(getattr(stated, "source", str(stated))) in text
        if finding.difference is not None:
            assert "相差" in text
        heading = box.find_previous("h3")
        assert heading is not None
        assert heading.get_text().rstrip("#") == f"{place}. {finding_title(finding)}"
        section = heading.find_previous("h2")
        assert section is not None
        assert section.get_text().rstrip("#") == finding.severity


def test_a_finding_left_out_is_noticed(site: Path, found: Findings) -> None:
    assert [number_of(box) for box in boxes(site)[1:]] != [f.id for f in found.listed]


def test_every_figure_of_a_finding_leads_to_the_others_that_it_is_in(site: Path, found: Findings) -> None:
    page = soup(site, CHECKS)
    for box, finding in zip(page.select("article div.check"), found.listed, strict=True):
        links = box.select("a[href^='#finding-']")
        others = [
            other
            for figure in finding.suspicion.figures
            for other in found.by_address[figure.address]
            if other.stem != finding.stem
        ]
        assert len(links) == len(others)
        for link, other in zip(links, others, strict=True):
            place = page.find(id=str(link["href"])[1:])
            assert isinstance(place, Tag)
            assert number_of(place.select("div.check")[0]) == other.id


def test_the_page_says_how_often_each_rule_fired(site: Path, found: Findings) -> None:
    rows = {
        row.th.get_text(): row for row in soup(site, CHECKS).select("table.check-rules tbody tr") if row.th
    }
    assert list(rows) == [f"{rule.id} {rule.title}" for rule in ALL_RULES]
    for rule in ALL_RULES:
        row = rows[f"{rule.id} {rule.title}"]
        assert row.find_all("td")[-1].get_text() == str(found.fired[rule.id] or "—")
        link = row.find("a")
        assert isinstance(link, Tag)
        assert str(link["href"]) == f"../../guide/checks.html#{rule_label(rule)}"


def test_a_year_without_findings_says_so(base: Path) -> None:
    page = findings_page(Page("checks", load(base, 2023))).markdown
    assert "没有发现" in page
    assert "check-filter" not in page


# What a finance office would deduct


def test_each_fault_costs_until_somebody_explains_it(
    signed: FigureSet, signed_2020: Path, found_as_signed: Findings
) -> None:
    by_code = {one.line.code: one for one in marked(found_as_signed)}
    content, layout = by_code["content"], by_code["layout"]
    assert content.faults
    assert content.deducted == (content.line.deduction or 0) * len(content.faults)
    assert by_code["language"].deducted == by_code["language"].line.points, "more faults than points"
    assert layout.deducted is None, "a person marks it"
    assert deducted(found_as_signed) == sum(one.deducted or 0 for one in by_code.values())
    page = review_page(Page("review", signed)).markdown
    for fault in content.faults:
        told = fault.told_by
        assert f"第{found_as_signed.numbers[told.stem]}条 <{finding_label(2020, told)}>" in page
    first = content.faults[0].finding
    answer(signed_2020, (first.id, "写在别处"))
    left = marked(evaluate(load(signed_2020, 2020)).findings)
    assert first.stem not in {fault.finding.stem for one in left for fault in one.faults}


def test_a_report_without_faults_costs_nothing_and_without_a_sheet_is_not_marked(base: Path) -> None:
    figures = load(base, 2023)
    assert "查得到的至少扣0分" in review_page(Page("review", figures)).markdown
    bare = replace(figures.year, registries=replace(figures.year.registries, markings=()))
    assert "没有登记质量评分表" in review_page(Page("review", replace(figures, year=bare))).markdown


# Marks


def faulty_marks(
    page: BeautifulSoup, found: Findings, targets: dict[str, str], figures: FigureSet
) -> list[str]:
    """Figures on a page without the mark that they should have, and marks that lead or speak wrongly.

    A figure that the edition doubts, or one that was computed from it, has the mark of the doubt, which leads to the
    page of editions and from there to the finding. ``targets`` holds the number of the finding at each place of the
    page of checks.
    """
    gravest = {
        make_id(figure_label(2020, address)): findings[0] for address, findings in found.by_address.items()
    }
    doubted = {
        make_id(figure_label(2020, address)): doubts
        for address in figures.figures
        if (doubts := [c for c in rests_on(figures, address) if c.questioned])
    }
    faults = []
    for link in page.select("article a.figure-link"):
        shown = urldefrag(str(link["href"]))[1]
        finding, doubts = gravest.get(shown), doubted.get(shown, [])
        mark = link.find_next_sibling("sup", class_="finding-mark")
        own = mark.find("a") if isinstance(mark, Tag) else None
        if bool(finding or doubts) != bool(own):
            faults.append(f"{link.get_text()}: {'no mark' if own is None else 'a mark'}")
        if not (finding or doubts) or not isinstance(own, Tag):
            continue
        file, place = urldefrag(str(own["href"]))
        if doubts:
            sign, word = DOUBT_MARK, "存疑"
            right = file.endswith("editions.html") and place in {f"correction-2020-{c.row}" for c in doubts}
        else:
            assert finding
            sign, word = FINDING_MARK, finding.severity
            right = file.endswith("checks.html") and targets.get(place) == finding.id
        if not right:
            faults.append(f"{link.get_text()}: leads to {own['href']}")
        if word not in str(own.get("aria-label")) or own.get_text() != sign:
            faults.append(f"{link.get_text()}: speaks of {own.get('aria-label')}")
    return faults


def places(site: Path) -> dict[str, str]:
    """Number of the finding at each place of the page of checks that a link may lead to."""
    return {
        str(tag["id"]): number_of(section.select("div.check")[0])
        for section in soup(site, CHECKS).select("section:has(> div.check)")
        for tag in (section, *section.select(":scope > span[id]"))
    }


PAGES = ["index.html", *(f"years/2020/{name}.html" for name in ("index", "summary", *CHAPTERS))]


@pytest.mark.parametrize("name", PAGES)
def test_marks_stand_beside_the_figures_concerned(
    site: Path, found: Findings, figures: FigureSet, name: str
) -> None:
    assert faulty_marks(soup(site, name), found, places(site), figures) == []


def test_some_figures_are_marked_and_some_are_not(site: Path) -> None:
    page = soup(site, "years/2020/02-funds.html")
    assert 10 < len(page.select("sup.finding-mark")) < len(page.select("article a.figure-link"))
    assert soup(site, "index.html").select("sup.finding-mark")
    for name in ("tables", "lineage", "checks"):
        assert not soup(site, f"years/2020/{name}.html").select("sup.finding-mark")


APART = """() => [...document.querySelectorAll(".bd-article .marked")].filter((pair) => {
    const [number, mark] = [pair.querySelector(".figure-link"), pair.querySelector(".finding-mark a")]
        .map((link) => [...link.getClientRects()].at(-1));
    return number && mark && (mark.top > number.bottom || mark.left < number.right - 1);
}).length"""


def test_marks_stay_with_their_figures_on_a_phone(browser: Browser, address: str) -> None:
    with reader(browser, address, viewport=PHONE) as reading:
        reading.page.goto(f"{address}/years/2020/02-funds.html")
        assert reading.page.evaluate(APART) == 0
        reading.page.add_style_tag(
            content=".marked { white-space: normal } .finding-mark a { padding-left: 9em }"
        )
        assert reading.page.evaluate(APART) > 0, "marks on a line of their own are found"


@pytest.mark.parametrize("kind", [".doubt", ":not(.doubt)"])
@pytest.mark.parametrize("fault", ["no mark", "a mark", "leads to", "speaks of"])
def test_a_faulty_mark_is_found(
    site: Path, found: Findings, figures: FigureSet, fault: str, kind: str
) -> None:
    page = soup(site, "years/2020/02-funds.html")
    mark = page.select(f"article sup.finding-mark{kind}")[0]
    link = mark.a
    assert link is not None
    match fault:
        case "no mark":
            mark.decompose()
        case "a mark":
            bare = next(a for a in page.select("article a.figure-link") if not a.find_next_sibling("sup"))
            bare.insert_after(mark)
        case "leads to":
            link["href"] = "checks.html#finding-2020-nowhere"
        case "speaks of":
            link["aria-label"] = ""
    assert any(fault in told for told in faulty_marks(page, found, places(site), figures))


def test_the_lineage_leads_to_every_finding_of_a_figure(
    site: Path, found: Findings, figures: FigureSet
) -> None:
    page = soup(site, "years/2020/lineage.html")
    for address, findings in found.by_address.items():
        code = page.find("code", string=address)
        row = code.find_parent("tr") if code else None
        assert row is not None
        links = [a.get_text() for a in row.select("a") if "checks.html#" in str(a["href"])]
        listed = [text for text in links if re.match(r"第\d+条 ", text)]
        assert listed == [f"第{found.listed.index(f) + 1}条 {f.rule.title}" for f in findings]
        # A doubt names the finding that shows it once more.
        corrected = figures.figures[address].corrections if address in figures.figures else ()
        proofs = {correction.finding.partition("-")[0] for correction in corrected}
        own = {f.rule.title for f in findings} | {r.title for r in ALL_RULES if r.id in proofs}
        assert set(links) - set(listed) <= own


# Catalogue, cover, summary


def test_the_catalogue_has_every_rule_and_how_often_it_fired(site: Path, found: Findings) -> None:
    text = squeezed(soup(site, "guide/checks.html").get_text())
    rules: tuple[Rule[Never], ...] = (*ALL_RULES, *FORM_RULES)
    for rule in rules:
        start = text.index(f"{rule.id}{squeezed(rule.title)}#")
        card = text[start : start + 1100]
        kept = (rule.compares, rule.formula, rule.tolerance, rule.exceptions, rule.source)
        for told in (*kept, rule.look_up, rule.ask):
            assert squeezed(told) in card
        assert rule in FORM_RULES or f"2020年度{found.fired[rule.id]}次" in card


def test_cover_and_summary_lead_to_the_findings(site: Path, found: Findings) -> None:
    told = "，".join(f"{severity}{len(found.of(severity))}条" for severity in SEVERITIES) + "，其中0条已说明"
    for name in ("index", "summary"):
        page = soup(site, f"years/2020/{name}.html").select_one("article")
        assert page is not None
        assert told in page.get_text()
        assert page.select("a[href='checks.html']")
    links = soup(site, "years/2020/summary.html").select(f"article li:not(.{BOX} li) a[href^='checks.html#']")
    assert [a.get_text() for a in links] == [finding_title(finding) for finding in found.of(SEVERITIES[0])]


# Filters


@contextmanager
def unscripted(browser: Browser, address: str, css: str = "") -> Iterator[Window]:
    """Open the page of checks where no script runs, with another style sheet when one is given."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    if css:
        page.route("**/evalbook.css*", lambda route: route.fulfill(body=css, content_type="text/css"))
    page.goto(f"{address}/{CHECKS}")
    yield page
    context.close()


def seen(page: Window, severity: str, answer: str) -> list[str]:
    """Numbers of the findings that are left after a choice."""
    page.check(f'[name="severity"][value="{severity}"]')
    page.check(f'[name="answer"][value="{answer}"]')
    listed = page.locator("div.check:visible code:first-of-type").all_inner_texts()
    return [text for text in listed if re.fullmatch(r"[A-Z]\d+-.*-[0-9a-f]{6}", text)]


def chosen(site: Path, severity: str, answer: str) -> list[str]:
    return [
        number_of(box)
        for box in boxes(site)
        if {severity, answer} <= {"all", *box.get_attribute_list("class")}
    ]


@pytest.mark.parametrize("answer", ["all", "unanswered", "answered"])
@pytest.mark.parametrize("severity", ["all", *SEVERITY_CODES.values()])
def test_filters_work_without_scripts(
    browser: Browser, address: str, severity: str, answer: str, site: Path
) -> None:
    wanted = chosen(site, severity, answer)
    with unscripted(browser, address) as page:
        assert seen(page, severity, answer) == wanted
        names = [name for name, code in SEVERITY_CODES.items() if severity in {"all", code}] if wanted else []
        headings = page.locator("article h2:visible").all_inner_texts()
        assert [text.rstrip("#") for text in headings if text.rstrip("#") in SEVERITIES] == names
        assert page.locator("article h3:visible").count() == len(wanted)
        assert page.locator(".check-none").is_visible() == (not wanted)


def test_a_filter_that_does_nothing_is_noticed(browser: Browser, address: str, site: Path) -> None:
    with unscripted(browser, address, css=".marked { color: red }") as page:
        assert seen(page, "error", "all") != chosen(site, "error", "all")


def test_filters_are_used_by_keyboard_and_not_printed(browser: Browser, address: str) -> None:
    with unscripted(browser, address) as page:
        page.focus('[name="severity"][value="all"]')
        page.keyboard.press("ArrowRight")
        assert page.locator('[name="severity"][value="error"]').is_checked()
        assert page.locator(":focus").get_attribute("value") == "error"
        assert page.locator("div.check.doubt:visible").count() == 0
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("name") == "answer"
        page.emulate_media(media="print")
        assert page.locator(".check-filter").is_hidden()
        for label in page.locator(".check-filter label").all():
            box = label.bounding_box()
            assert box is None or box["height"] >= 24


def test_what_a_link_leads_to_is_seen_whatever_is_chosen(
    browser: Browser, address: str, found: Findings
) -> None:
    with unscripted(browser, address) as page:
        page.check('[name="severity"][value="error"]')
        link = page.locator("div.check.error:visible a[href^='#finding-']").first
        place = str(link.get_attribute("href"))
        assert page.locator(f"{place} div.check").is_hidden()
        link.click()
        assert page.locator(f"{place} div.check").is_visible()


# Answers


def answer(project: Path, *rows: tuple[str, str]) -> None:
    """Write answers to findings: number and explanation."""
    path = project / "data" / "2020" / "explanations.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.heading for column in EXPLANATIONS.columns])
        writer.writerows((finding, text, "台账第3册", "某某", "2021-04-20") for finding, text in rows)


def test_an_answer_ends_when_its_figures_change(signed_2020: Path, found_as_signed: Findings) -> None:
    finding = next(f for f in found_as_signed.listed if f.rule.id == "L2")
    answer(signed_2020, (finding.id, HOSTILE), ("L2-nothing-000000", "旧的说明"))
    page = findings_page(Page("checks", load(signed_2020, 2020))).markdown
    assert escape(HOSTILE) in page
    assert "<b>" not in page
    assert "已说明　编号" in page
    assert "用不上的说明" in page
    assert "旧的说明" in page
    table = signed_2020 / "data" / "2020" / "standards.csv"
    stated = finding.suspicion.figures[0]
    old = f"人均救助水平,{stated.number},"
    assert old in table.read_text(encoding="utf-8-sig")
    table.write_text(
        table.read_text(encoding="utf-8-sig").replace(old, "人均救助水平,381,", 1), encoding="utf-8-sig"
    )
    page = findings_page(Page("checks", load(signed_2020, 2020))).markdown
    assert "原来的说明不再适用" in page
    assert "已说明　编号" not in page


def stale(finding: Finding) -> str:
    """Number that a finding had when its figures were others."""
    return f"{finding.stem}-{'000000' if not finding.id.endswith('000000') else '111111'}"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory, found_as_signed: Findings) -> Path:
    """Book as signed, in which the first finding is answered, and the answer to the second no longer applies."""
    project = as_signed(copy_taojiang(tmp_path_factory.mktemp("answered") / "project"))
    first, second, *_ = found_as_signed.listed
    answer(project, (first.id, HOSTILE), (stale(second), "当时的说明"), ("F1-none-000000", "用不上的"))
    return built(project)


def test_answers_are_shown_beside_their_findings(answered: Path, found_as_signed: Findings) -> None:
    first, second, third, *_ = boxes(answered)
    assert "answered" in first["class"]
    assert f"已说明编号{found_as_signed.listed[0].id}" in squeezed(first.get_text())
    told = f"说明{HOSTILE}（证据：台账第3册；某某，2021-04-20；data/2020/explanations.csv第2行）"
    assert squeezed(told) in squeezed(first.get_text())
    assert "unanswered" in second["class"]
    assert "说明已失效编号" in squeezed(second.get_text())
    assert "数字改动过；原来的说明不再适用" in second.get_text()
    assert "当时的说明" in second.get_text()
    assert "未说明" in third.get_text()
    (unused,) = soup(answered, CHECKS).select(".check-unused")
    assert "F1-none-000000" in unused.get_text()
    for name in ("index", "summary"):
        assert "其中1条已说明" in soup(answered, f"years/2020/{name}.html").get_text()


def test_the_mark_of_an_answered_finding_says_so(answered: Path, found_as_signed: Findings) -> None:
    for place, said in ((0, "已说明"), (1, "说明已失效")):
        label = make_id(figure_label(2020, found_as_signed.listed[place].suspicion.figures[0].address))
        marks = [
            mark.a
            for name in CHAPTERS
            for link in soup(answered, f"years/2020/{name}.html").select(f"a.figure-link[href$='#{label}']")
            if (mark := link.find_next_sibling("sup")) and isinstance(mark, Tag)
        ]
        assert marks
        assert all(mark is not None and said in str(mark["aria-label"]) for mark in marks)


def test_answered_findings_can_be_chosen(answered: Path, browser: Browser, found_as_signed: Findings) -> None:
    """An answered 错误 makes its figure a fact again, so that the scores, and what is found of them, may change."""
    listed = evaluate(load(answered.parents[2], 2020)).findings.listed
    assert {finding.rule.id for finding in listed} - {
        finding.rule.id for finding in found_as_signed.listed
    } == {"J2"}
    with served(answered) as address, unscripted(browser, address) as page:
        assert seen(page, "all", "answered") == [found_as_signed.listed[0].id]
        assert seen(page, "doubt", "answered") == []
        assert seen(page, "all", "unanswered") == [finding.id for finding in listed[1:]]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_page_with_answers_is_accessible(answered: Path, browser: Browser, size: dict[str, int]) -> None:
    with served(answered) as address, reader(browser, address, viewport=size) as reading:
        for name in (CHECKS, "years/2020/02-funds.html"):
            reading.page.goto(f"{address}/{name}")
            assert violations(reading.page) == []
            assert reading.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_pdf_has_the_answers(answered: Path) -> None:
    report = ReportFile(answered.parent / "pdf" / "report-2020.pdf")
    text = squeezed(report.read(report.structure))
    for told in (HOSTILE, "已说明编号", "说明已失效编号", "原来的说明不再适用", "当时的说明", "用不上的说明"):
        assert squeezed(told) in text


# PDF


def marked_pages(report: ReportFile, mark: str) -> list[tuple[int, int]]:
    """Pages of the body with a mark, and the pages that these lead to."""
    last = next(mark.page for mark in report.headings if mark.title.startswith("附件"))
    found = []
    for number in range(3, last):
        signs = [c for c in report.pages[number - 1].chars if c["text"] == mark and is_sign(c)]
        height = float(report.pages[number - 1].height)
        for link in report.links(number):
            left, low, right, high = (float(edge) for edge in link.Rect)
            if (
                any(
                    left - 1 < s["x0"]
                    and s["x1"] < right + 1
                    and low - 1 < height - s["bottom"] + s["height"] / 2 < high + 1
                    for s in signs
                )
                and right - left < 12
            ):
                found.append((number, report.leads_to(link)))
    return found


@pytest.mark.parametrize(
    ("mark", "kind", "annex"),
    [(FINDING_MARK, ":not(.doubt)", "勾稽检查"), (DOUBT_MARK, ".doubt", "版本与更正")],
)
def test_marks_of_the_pdf_lead_to_the_findings_and_doubts(
    site: Path, report: ReportFile, mark: str, kind: str, annex: str
) -> None:
    """As many as the chapters have in HTML, each a link into the annex of checks or of editions."""
    in_html = sum(
        len(soup(site, f"years/2020/{name}.html").select(f"sup.finding-mark{kind}")) for name in CHAPTERS
    )
    annexes = [mark for mark in report.headings if mark.level == 1]
    place = next(index for index, mark in enumerate(annexes) if mark.title.endswith(annex))
    first, last = annexes[place].page, annexes[place + 1].page
    links = marked_pages(report, mark)
    assert len(links) == in_html > 20
    assert all(first <= target < last for _, target in links)


def lonely_marks(chars: list[Char]) -> int:
    """Marks of a page with nothing at their left, to which they would belong."""
    marks = [char for char in chars if char["text"] in {FINDING_MARK, DOUBT_MARK} and is_sign(char)]
    return sum(
        not any(
            abs(mark["x0"] - c["x1"]) < 2 and abs(mark["top"] - c["top"]) < 8 for c in chars if c is not mark
        )
        for mark in marks
    )


@pytest.mark.parametrize("mark", [FINDING_MARK, DOUBT_MARK])
def test_no_mark_of_the_pdf_begins_a_line(report: ReportFile, mark: str) -> None:
    last = next(mark.page for mark in report.headings if mark.title.startswith("附件"))
    body = [page.chars for page in report.pages[2 : last - 1]]
    assert sum(map(lonely_marks, body)) == 0
    begun = next(
        chars[place:]
        for chars in body
        for place, char in enumerate(chars)
        if char["text"] == mark and is_sign(char)
    )
    assert lonely_marks(begun) == 1, "nothing before it: found"


def test_the_annex_has_every_finding_under_a_heading_of_its_own(report: ReportFile, found: Findings) -> None:
    titles = [squeezed(mark.title) for mark in report.headings if mark.level == 3]
    wanted = [squeezed(f"{n}. {finding_title(f)}") for n, f in enumerate(found.listed, start=1)]
    assert [title for title in titles if title in wanted] == wanted
    annex = squeezed(next(text for title, text in report.sections().items() if "勾稽检查" in title))
    assert [finding.id for finding in found.listed if finding.id not in annex] == []
    assert "严重程度全部" not in annex


def points(report: ReportFile, table: Node, column: int) -> list[float]:
    """Places of the decimal points of a column, from the left edge of the type area."""
    return [
        char["x0"] - report.type_area(row.marks[0][0])[0]
        for row in table.find("TR")[1:]
        for char in report.chars(row.children[column])
        if char["text"] == "."
    ]


def test_numbers_of_a_column_stand_below_each_other_with_and_without_marks(report: ReportFile) -> None:
    table = next(t for t in report.structure.find("Table") if "抗疫国债资金" in report.read(t))
    cells = [report.read(row.children[2]) for row in table.find("TR")[1:]]
    assert 3 < sum(FINDING_MARK in cell for cell in cells) < len(cells)
    places = points(report, table, 2)
    assert len(places) == len(cells)
    assert places == pytest.approx([places[0]] * len(places), abs=2)  # digits of some pairs stand closer


def test_numbers_that_do_not_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def row(*texts: str) -> nodes.row:
        entries = []
        for text in texts:
            paragraph = nodes.paragraph("", text.rstrip(FINDING_MARK))
            if text.endswith(FINDING_MARK):
                paragraph += nodes.superscript("", FINDING_MARK, classes=["finding-mark"])
            entries.append(nodes.entry("", paragraph, classes=["text-right"]))
        return nodes.row("", *entries)

    head, body = (
        nodes.thead("", row("一", "二")),
        nodes.tbody("", row("1", "2.50"), row("1", f"2.50{FINDING_MARK}")),
    )
    group = nodes.tgroup("", nodes.colspec(), nodes.colspec(), head, body)
    table = nodes.table("", nodes.title("", "", nodes.Text("表")), group)
    document = new_document("page")
    document += nodes.section("", nodes.title("", "", nodes.Text("题")), table, ids=["page"])

    def apart() -> float:
        report = typeset(document, tmp_path / "page")
        first, second = points(report, report.structure.find("Table")[0], 1)
        return abs(first - second)

    assert apart() < 0.5
    monkeypatch.setattr(TypstTranslator, "lacks_mark", lambda self, node: False)
    assert apart() > 3
