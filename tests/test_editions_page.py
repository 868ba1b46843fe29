"""What readers see of editions: status, notices, marks, lineage, the page of editions, exports, PDF; nothing internal."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

import openpyxl
import pdfplumber
import pytest
from browser import DESK, PHONE, read_through, reader, served, violations
from bs4 import BeautifulSoup, Tag
from click.testing import CliRunner
from docutils import nodes
from docutils.utils import new_document
from ledgers import SIGNED, YEAR, release_by_hand, release_next
from projects import ROOT, built, copy_taojiang
from reports import ReportFile
from sphinx import addnodes

from evalbook.cli import main
from evalbook.editions import Revision, revisions_of
from evalbook.editions.frozen import FrozenFigure
from evalbook.errors import InputError
from evalbook.figures import Derivation, FigureSet, compute, load
from evalbook.render import editions_page, findings_page, source_tables
from evalbook.render.corrections import concerned, correction_name, doubted, figure_facts, plain_facts
from evalbook.render.editions import (
    edition_and_status,
    edition_in_short,
    signed_words,
    status_note,
    title_state,
)
from evalbook.render.exports import EXPORTS
from evalbook.render.guide import years_overview
from evalbook.render.markdown import chinese_date
from evalbook.render.page import Page
from evalbook.render.tidy import figures_csv, figures_schema
from evalbook.render.workbook import workbook
from evalbook.run import pages
from evalbook.scoring import evaluate
from evalbook.sphinxext.corrections import BOX, ChooseCorrections, PageCorrections
from evalbook.sphinxext.references import DOUBT_MARK
from evalbook.year import authority_by, authority_of, read_ledger
from evalbook.year.ledger import Withdrawal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.sync_api import Browser

    from evalbook.schema import Correction

WITHHELD = "内部原因甲：补发上年差额"
EVIDENCE = "内部台账乙第3册"
WHO = "丙股某某某"
OPEN_ANSWER = "公开的说明丁"
INTERNAL_FINDING, OPEN_FINDING = "C2-orphans-39e7e0", "L12-backstop-f4ee29"
EVERYTHING = {"checks", "indicators", "lineage", "tables"}
NO_BOX = {"editions", "downloads"}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def write_table(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def correction(subject: str, original: str, corrected: str, *, edition: int) -> dict[str, str]:
    """Row of a made-up correction."""
    values = (str(edition), "更正", subject, original, corrected, "台账第3册", "", "")
    headings = ("版次", "处理", "对象", "原值", "更正值", "理由", "发现编号", "可核定者")
    return dict(zip(headings, values, strict=True))


def prepared(folder: Path) -> Path:
    """Copy of the project with answers, a calendar with a move, and two editions."""
    project = copy_taojiang(folder / "project")
    data = project / "data" / str(YEAR)
    answer = {"证据": EVIDENCE, "说明人": WHO, "日期": "2021-03-20"}
    write_table(
        data / "explanations.csv",
        [
            {"发现编号": INTERNAL_FINDING, "说明": WITHHELD, **answer, "公开": "内部"},
            {"发现编号": OPEN_FINDING, "说明": OPEN_ANSWER, "证据": "台账", "说明人": "丁股", "日期": "2021-03-21", "公开": ""},
            {"发现编号": "L2-nowhere-000000", "说明": WITHHELD + "作废", **answer, "公开": "内部"},
        ],
    )  # fmt: skip
    write_table(
        data / "calendar.csv",
        [
            {"版次": "2", "预告日期": "2026-11-27", "公布日期": "2026-11-20", "说明": "审核推迟"},
            {"版次": "2", "预告日期": "2026-11-15", "公布日期": "2026-10-30", "说明": ""},
            {"版次": "3", "预告日期": "2027-04-10", "公布日期": "2026-11-27", "说明": ""},
        ],
    )
    release_by_hand(project)
    return project


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("editions"))


@pytest.fixture(scope="module")
def second(copied: Path) -> FigureSet:
    return load(copied, YEAR)


@pytest.fixture(scope="module")
def first(copied: Path) -> FigureSet:
    return load(copied, YEAR, 1)


@pytest.fixture(scope="module")
def html(copied: Path) -> Path:
    return built(copied)


@pytest.fixture(scope="module")
def paper(html: Path) -> ReportFile:
    return ReportFile(html.parent / "pdf" / f"report-{YEAR}.pdf")


@dataclass(frozen=True)
class Book:
    """A built book and what it was made from."""

    html: Path
    project: Path
    figures: FigureSet
    paper: ReportFile


@pytest.fixture(scope="module", params=["made-up", "real"])
def book(request: pytest.FixtureRequest) -> Book:
    """The book of the made-up edition 2, and that of the real newest edition."""
    names = ("html", "second", "paper") if request.param == "made-up" else ("site", "figures", "report")
    html, figures, paper = map(request.getfixturevalue, names)
    return Book(html, html.parents[2], figures, paper)


def counts(corrections: Iterable[Correction]) -> str:
    """How many corrections and doubts there are, in words."""
    treatments = [correction.treatment for correction in corrections]
    found = {word: treatments.count(word) for word in ("更正", "存疑", "撤回")}
    return "，".join(f"{word}{number}处" for word, number in found.items() if number)


def still_told(figures: FigureSet) -> list[Correction]:
    """Corrections that no later one has taken back."""
    listed = figures.year.corrections
    back = {(c.subject, c.corrected, c.original) for c in listed if c.treatment == "撤回"}
    return [c for c in listed if (c.subject, c.original, c.corrected) not in back]


def page_of(html: Path, name: str) -> Tag:
    text = (html / "years" / str(YEAR) / f"{name}.html").read_text(encoding="utf-8")
    article = BeautifulSoup(text, "lxml").select_one("article.bd-article")
    assert article is not None
    return article


# Status


def test_status_is_that_of_the_ledger(first: FigureSet, second: FigureSet) -> None:
    assert second.year.settings.status == "批准", "the report of 2020 was signed; its year.yml says 最终"
    assert edition_and_status(second) == "第2版（更正，2026年11月27日）· 更正稿（未经批准）"
    assert edition_in_short(second) == "第2版 · 更正稿（未经批准）"
    assert edition_and_status(first) == "第1版（初版，2021年4月10日）· 批准：桃江县民政局，2021年4月10日"
    assert "这一版提出的更正还没有人批准。引用请用经批准的第1版。" in status_note(second)
    assert status_note(first) == ""


def test_nobody_signs_what_they_did_not_sign(first: FigureSet, second: FigureSet) -> None:
    assert (signed_words(first.year), title_state(first.year)) == ("2021年4月10日", "")
    assert signed_words(second.year) == "据2021年4月10日签发的报告"
    assert title_state(second.year) == " · 更正稿（未经批准）"
    one, two = second.year.ledger
    approved = replace(two, status="批准", approver="县民政局")
    third = replace(second.year, ledger=(one, approved), released=approved)
    assert signed_words(third) == "2026年11月27日", "not the day on which another text was signed"
    unsigned = replace(second.year.settings, status="送审", report_date=None)
    assert signed_words(replace(third, settings=unsigned)) == "2026年11月27日"
    assert signed_words(replace(second.year, settings=unsigned)) == "尚未签发"
    assert (first.year.authority.approver, second.year.authority.approver) == ("桃江县民政局", "")
    assert (first.year.signed_edition, second.year.signed_edition) == (1, 1)
    gone = Withdrawal(3, two.date, "附表贴错", "社会救助股")
    taken_back = replace(two, number=3, changes=("signed.txt",), withdrawn=gone)
    assert replace(second.year, ledger=(one, two, taken_back)).signed_edition == 1


@pytest.mark.parametrize(
    ("status", "kind", "approver", "state"),
    [
        ("最终", "初版", "县民政局", "批准"),
        ("批准", "更正", "县民政局", "批准"),
        ("批准", "更正", "", "更正稿（未经批准）"),
        ("初步", "初版", "县民政局", "送审稿（未经批准）"),
        ("送审", "计划修订", "", "送审稿（未经批准）"),
        ("初步", "更正", "", "更正稿（未经批准）"),
        ("草稿", "初版", "县民政局", "草稿"),
    ],
)
def test_the_state_follows_from_words_of_today_and_of_earlier_ledgers(
    status: str, kind: str, approver: str, state: str
) -> None:
    found = authority_by(status, kind, approver, SIGNED)
    assert (found.state, found.approved) == (state, state == "批准")
    assert (found.approver, found.date) == ((approver, SIGNED) if found.approved else ("", None))


def unreleased(figures: FigureSet, **changes: Any) -> FigureSet:
    return replace(figures, year=replace(figures.year, released=None, **changes))


def test_zeros_that_say_nothing_are_no_change(tmp_path: Path) -> None:
    """Excel saves 1087.60 as 1087.6: the year is its edition still, figure by figure; another number is a change."""
    project = copy_taojiang(tmp_path / "project")
    then = load(project, 2020)
    table = project / "data" / "2020" / "spending.csv"
    good = table.read_bytes()
    table.write_bytes(good.replace(b",1087.60,", b",1087.6,").replace(b",152.8,", b",152.800,"))
    now = load(project, 2020)
    assert (then.year.released, now.year.released) == (then.year.ledger[-1],) * 2
    assert [figure.text for figure in now.figures.values()] == [
        figure.text for figure in then.figures.values()
    ]
    assert revisions_of(now) == revisions_of(then)
    ids = [[finding.id for finding in evaluate(figures).findings.listed] for figures in (then, now)]
    assert ids[0] == ids[1]
    table.write_bytes(good.replace(b",1123.30,", b",1123.31,"))
    changed = load(project, 2020)
    assert changed.year.released is None
    assert {revision.address for revision in revisions_of(changed)} - {r.address for r in revisions_of(then)}


def test_what_is_not_released_says_so(second: FigureSet) -> None:
    changed = unreleased(second)
    assert edition_and_status(changed) == "未定版（第2版之后的改动，尚未定版）· 草稿"
    assert "不得引用。引用请用经批准的第1版。" in status_note(changed)
    new = unreleased(second, ledger=())
    assert edition_and_status(new) == "未定版 · 送审稿（未经批准）"
    settings = second.year.settings
    assert (changed.year.file_date, new.year.file_date) == (settings.period_end,) * 2


def test_every_page_and_file_says_the_edition(book: Book) -> None:
    told = squeezed(edition_and_status(book.figures))
    for name in pages(book.project, YEAR):
        status = page_of(book.html, name).select_one(".status")
        assert status is not None, name
        assert told in squeezed(status.get_text()), name
    for number in range(2, len(book.paper.pages) + 1):
        turned = book.paper.is_lying(number)
        foot = sorted(book.paper.foot(number), key=lambda c: c["top" if turned else "x0"])
        shown = "".join(char["text"] for char in foot)
        assert squeezed(edition_in_short(book.figures)) in squeezed(shown), number
    assert told in squeezed(str(book.paper.pike.docinfo["/Subject"]))
    assert told in squeezed(book.paper.pages[0].extract_text())
    date = book.figures.year.file_date
    assert str(book.paper.pike.docinfo["/CreationDate"]).startswith(f"D:{date:%Y%m%d}")
    assert edition_and_status(book.figures) in json.loads(figures_schema(book.figures))["dc:description"]
    assert told in squeezed(years_overview([book.figures]))
    cover = openpyxl.load_workbook(io.BytesIO(workbook(book.figures)))["封面"]
    assert edition_and_status(book.figures) in [cell.value for cell in cover["A"]]


# What a page shows, and what it must tell


def rests_on(figures: FigureSet, address: str) -> set[Correction]:
    """Independent of the package's own answer: by walking the formulas."""
    figure = figures.figures[address]
    found = set(figure.corrections)
    if isinstance(figure.lineage, Derivation):
        for part in figure.lineage.inputs:
            found |= rests_on(figures, part.address) if part.address in figures.figures else set()
    return found


def shown_addresses(article: Tag, labels: set[str]) -> list[str]:
    """Addresses of the figures whose numbers a page shows outside the notice."""
    found = []
    for link in article.select("a.figure-link"):
        text = "".join(link.find_all(string=True, recursive=True))
        if text not in labels and link.find_parent(class_=BOX) is None:
            found.append(urldefrag(str(link["href"]))[1].removeprefix(f"figure-{YEAR}-"))
    return found


def notice_faults(article: Tag, name: str, figures: FigureSet) -> list[str]:
    """Corrections that a page must tell and does not, tells without need, or tells incompletely."""
    by_place = {re.sub(r"[^a-z0-9]+", "-", address): address for address in figures.figures}
    labels = {figure.label for figure in figures.figures.values()}
    wanted = set()
    for place in shown_addresses(article, labels):
        wanted |= rests_on(figures, by_place[place])
    for correction in figures.year.corrections:
        if correction.subject == f"narrative/{name}.md":
            wanted.add(correction)
        if correction.subject == "documents.csv" and article.find("table", class_="of-documents"):
            wanted.add(correction)
    box = article.select_one(f"details.{BOX}")
    items = {}
    for item in box.select("li") if box else ():
        link = item.find("a")
        assert isinstance(link, Tag)
        items[urldefrag(str(link["href"]))[1]] = squeezed(item.get_text())
    faults = []
    wanted &= set(still_told(figures))
    for correction in figures.year.corrections:
        told = items.pop(f"correction-{YEAR}-{correction.row}", "")
        if (correction in wanted) != bool(told):
            faults.append(f"{name}: {correction.subject} is {'told' if told else 'not told'}")
        elif told:
            parts = [correction.treatment, correction.original, correction.corrected]
            parts += [correction.reason, correction.settles]
            words = ["→"] if correction.treatment == "撤回" else ["原值", "更正值", "→"]
            parts += words if correction.corrected else ["可核定者"]
            faults += [f"{name}: {part} is missing" for part in parts if squeezed(part) not in told]
    faults += [f"{name}: {item} leads nowhere" for item in items]
    if box:
        heading = box.select_one("summary")
        assert heading is not None
        faults += [f"{name}: heading"] if counts(wanted) not in heading.get_text() else []
    return faults


def boxed(project: Path) -> list[str]:
    return [name for name in pages(project, YEAR) if name not in EVERYTHING | NO_BOX]


def test_every_page_tells_the_corrections_of_what_it_shows(book: Book) -> None:
    for name in boxed(book.project):
        assert notice_faults(page_of(book.html, name), name, book.figures) == []
    told = {name for name in boxed(book.project) if page_of(book.html, name).select(f"details.{BOX}")}
    assert {"02-funds", "03-organisation", "05-measures", "summary"} <= told
    assert "06-problems" not in told


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda page: page.select("details li")[0].decompose(), "is not told"),
        (lambda page: page.select_one("details.page-corrections").decompose(), "is not told"),
        (lambda page: [link.decompose() for link in page.select("a.figure-link")], "is told"),
        (lambda page: page.select("details li")[-1].find(string=re.compile("可核定者")).replace_with(""), "可核定者 is missing"),
        (lambda page: page.select_one("summary").string.replace_with("更正9处"), "heading"),
    ],
)  # fmt: skip
def test_a_planted_gap_is_found(html: Path, second: FigureSet, damage: Any, fault: str) -> None:
    page = page_of(html, "02-funds")
    for text in page.select("summary"):
        text.string = text.get_text()
    damage(page)
    assert any(fault in told for told in notice_faults(page, "02-funds", second))


def test_pages_that_show_everything_lead_to_the_list(book: Book) -> None:
    for name in EVERYTHING:
        line = page_of(book.html, name).select_one(f".{BOX}")
        assert line is not None, name
        assert counts(still_told(book.figures)) in line.get_text()
        assert line.select_one("a")["href"] == "editions.html", name  # type: ignore[index]


def choose(second: FigureSet, page: str, *children: nodes.Node) -> tuple[nodes.document, list[str]]:
    """Page after the transform, and what it warned of."""
    document = new_document(page)
    document += children
    layout = SimpleNamespace(year_of=lambda _: YEAR)
    app = SimpleNamespace(evalbook=SimpleNamespace(layout=layout, figures=lambda _: second))
    document.settings.env = SimpleNamespace(docname=f"years/{YEAR}/{page}", app=app)
    warned: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evalbook.sphinxext.corrections.logger.warning", lambda text, **_: warned.append(text))
        ChooseCorrections(document).apply()
    return document, warned


def test_a_page_that_has_no_place_for_the_notice_stops_the_build(second: FigureSet) -> None:
    shown = addnodes.pending_xref("", shows="people.rural_tekun")
    _, warned = choose(second, "02-funds", shown)
    assert "没有说明它们的地方" in warned[0]
    assert choose(second, "02-funds", addnodes.pending_xref("", shows="people.urban_tekun"))[1] == []


def test_a_page_that_shows_nothing_corrected_has_no_box(second: FigureSet) -> None:
    listed = nodes.bullet_list("", *(nodes.list_item() for _ in second.year.corrections))
    document, warned = choose(second, "06-problems", PageCorrections("", listed))
    assert (document.children, warned) == ([], [])


def test_figures_computed_from_corrected_ones_are_named(second: FigureSet) -> None:
    found = concerned(second, "x", ["execution.all"], ())
    assert [(c.subject, names) for c, names in found.items() if not c.of_text] == [
        ("临时救助累计支出", ("支出与资金之比",))
    ]
    assert concerned(second, "x", ["people.urban_tekun"], ()) == {}


# Marks, lineage


def mark_faults(page: Tag, figures: FigureSet) -> list[str]:
    """Doubtful figures without their mark, others with it, and marks that lead or speak wrongly."""
    by_place = {re.sub(r"[^a-z0-9]+", "-", address): address for address in figures.figures}
    labels = {figure.label for figure in figures.figures.values()}
    ranges = evaluate(figures).ranges
    faults = []
    for link in page.select("a.figure-link"):
        place = urldefrag(str(link["href"]))[1].removeprefix(f"figure-{YEAR}-")
        if link.get_text() in labels or place not in by_place:
            continue
        doubts = {c.row for c in rests_on(figures, by_place[place]) if c.questioned}
        beside = link.find_next_sibling("sup", class_="finding-mark")
        mark = link.find_next_sibling("sup", class_="doubt")
        # Of a doubt that no edition speaks of, a finding's own mark tells too.
        wanted = doubts or (by_place[place] in ranges and (mark or not beside))
        if bool(wanted) != bool(mark):
            faults.append(f"{link.get_text()}: {'no mark' if wanted else 'a mark'}")
        if doubts and isinstance(mark, Tag):
            own = mark.find("a")
            assert isinstance(own, Tag)
            file, target = urldefrag(str(own["href"]))
            if file != "editions.html" or int(target.rpartition("-")[2]) not in doubts:
                faults.append(f"{link.get_text()}: leads to {own['href']}")
            if "存疑" not in str(own.get("aria-label")) or own.get_text() != DOUBT_MARK:
                faults.append(f"{link.get_text()}: speaks of {own.get('aria-label')}")
    return faults


MARKED = ("02-funds", "05-measures", "summary", "score")


def test_doubtful_figures_are_marked(book: Book) -> None:
    for name in MARKED:
        page = page_of(book.html, name)
        assert mark_faults(page, book.figures) == [], name
        assert name == "score" or page.select("sup.doubt"), name
    assert page_of(book.html, "02-funds").select("div.finding sup.doubt")  # what a chart says


@pytest.mark.parametrize("fault", ["no mark", "a mark", "leads to", "speaks of"])
def test_a_planted_mark_is_found(html: Path, second: FigureSet, fault: str) -> None:
    page = page_of(html, "02-funds")
    mark = page.select("sup.doubt")[0]
    own = mark.find("a")
    assert isinstance(own, Tag)
    match fault:
        case "no mark":
            mark.decompose()
        case "a mark":
            bare = next(a for a in page.select("a.figure-link") if not a.find_next_sibling("sup"))
            bare.insert_after(mark.extract())
        case "leads to":
            own["href"] = "checks.html#correction-2020-8"
        case "speaks of":
            own["aria-label"] = ""
    assert any(fault in told for told in mark_faults(page, second))


def test_corrected_figures_say_so_and_signed_stays_signed(
    html: Path, first: FigureSet, second: FigureSet
) -> None:
    assert (first.figures["people.rural_tekun"].text, second.figures["people.rural_tekun"].text) == (
        "6246人",
        "6126人",
    )
    text = squeezed(page_of(html, "02-funds").get_text())
    assert "6126人已修订" in text
    lineage = page_of(html, "lineage")
    row = squeezed(lineage.find("code", string="people.rural_tekun").find_parent("tr").get_text())  # type: ignore[union-attr]
    for told in ("6126人（已修订）", "填写：6246", "第2版更正：原值6246人→更正值6126人"):
        assert told in row
    assert "T2-people.rural_tekun，更正以后不再出现" in row
    doubt = lineage.find("code", string="standards.urban_dibao.standard").find_parent("tr")  # type: ignore[union-attr]
    assert doubt is not None
    for told in (
        "4560元/月（存疑）",
        "第2版存疑：4560元/月，照签发的报告保留",
        "可核定者：县民政局、县财政局",
    ):
        assert told in squeezed(doubt.get_text())
    assert any("checks.html#finding-2020-s2" in str(a["href"]) for a in doubt.select("a"))
    computed = lineage.find("code", string="standard_year.urban_dibao.standard").find_parent("tr")  # type: ignore[union-attr]
    assert "由存疑的数字算出：城市低保保障标准" in squeezed(computed.get_text())  # type: ignore[union-attr]
    assert figure_facts(first, evaluate(first).findings, first.figures["people.rural_tekun"]) == []


def test_tables_as_entered_show_signed_and_corrected(html: Path, second: FigureSet) -> None:
    text = squeezed(page_of(html, "tables").get_text())
    assert "6246（更正为：6126人已修订）" in text
    rows = [squeezed(row.get_text()) for row in page_of(html, "tables").select("tr")]
    signed, _, corrected = next(row for row in rows if "（更正为：" in row and "农村敬老院" in row).partition(
        "（更正为："
    )
    assert "农村敬老院农村敬老院" in signed
    assert "农村敬老院农村敬老院" not in corrected
    assert "（更正为" not in source_tables(Page("tables", load(second.year.root, YEAR, 1))).markdown


# The page of editions


def rows_of(article: Tag, caption: str) -> list[list[str]]:
    table = next(
        t
        for t in article.select("table")
        if t.caption and squeezed(t.caption.get_text()).rstrip("#") == caption
    )
    return [[squeezed(cell.get_text()) for cell in row.select("th, td")] for row in table.select("tr")][1:]


def test_the_page_of_editions_is_the_ledger(book: Book) -> None:
    page, year = page_of(book.html, "editions"), book.figures.year
    assert rows_of(page, "本年度的各版") == [
        [
            f"第{edition.number}版" + ("（本版）" if edition == year.released else ""),
            chinese_date(edition.date),
            edition.kind,
            authority_of(edition).state,
            edition.approver or "尚未批准",
            edition.reason,
        ]
        for edition in reversed(read_ledger(book.project, YEAR)[0])
    ]
    for edition, treatment in dict.fromkeys((c.edition, c.treatment) for c in year.corrections):
        own = [c for c in year.corrections if (c.edition, c.treatment) == (edition, treatment)]
        for row, correction in zip(rows_of(page, f"第{edition}版的{treatment}"), own, strict=True):
            assert squeezed(correction_name(book.figures, correction)) in row[0]
            assert squeezed(correction.original) in row[1]
            assert squeezed(correction.corrected) in row[1]
            assert squeezed(correction.reason) in row[2]
    ids = {str(tag["id"]) for tag in page.select("[id]")}
    assert {f"correction-{YEAR}-{c.row}" for c in year.corrections} <= ids


def test_versions_and_corrections_are_told_in_full(html: Path) -> None:
    page = page_of(html, "editions")
    assert rows_of(page, "本年度的各版") == [
        [
            "第2版（本版）",
            "2026年11月27日",
            "更正",
            "更正稿（未经批准）",
            "尚未批准",
            "更正勾稽检查证实的错误，标明存疑的数字",
        ],
        ["第1版", "2021年4月10日", "初版", "批准", "桃江县民政局", "照2021年4月10日签发的报告录入"],
    ]
    assert (len(rows_of(page, "第2版的更正")), len(rows_of(page, "第2版的存疑"))) == (6, 7)
    assert "更正6处，存疑7处，见版本与更正" in squeezed(page_of(html, "index").get_text())


def test_revisions_are_every_number_that_differs(book: Book) -> None:
    shown = rows_of(page_of(book.html, "editions"), "第2版与第1版不同的数字")
    found = [revision for revision in revisions_of(book.figures) if revision.edition == 2]
    wanted = [[f"{r.name}{r.address}", r.old_text, r.new_text, r.difference] for r in found]
    told = [[cell.removesuffix("（存疑）") for cell in row[:4]] for row in shown]
    assert told == [[squeezed(text) for text in row] for row in wanted]
    assert shown[0][:4] == ["农村特困人数people.rural_tekun", "6246人", "6126人", "-120人"]
    assert "分散供养5583人与集中供养543人之和是6126人" in shown[0][4]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("3.00%", "3.08%", "+0.08个百分点"),
        ("6246人", "6126人", "-120人"),
        ("1人", "1户", "—"),
        ("人", "1人", "—"),
    ],
)
def test_difference_of_two_numbers(old: str, new: str, difference: str) -> None:
    before, now = (FrozenFigure("a", "甲", text[:-1], text[-1], "") for text in (old, new))
    assert Revision(2, "a", before, now, (), direct=False).difference == difference


def test_calendar_shows_moves_in_order_and_actual_dates(html: Path) -> None:
    assert rows_of(page_of(html, "editions"), "各版的预告日期和实际日期") == [
        ["第1版", "—", "—", "2021年4月10日", "没有预告"],
        ["第2版", "2026年11月15日", "2026年10月30日", "改期，见下一行", "—"],
        ["第2版", "2026年11月27日", "2026年11月20日", "2026年11月27日", "审核推迟"],
        ["第3版", "2027年4月10日", "2026年11月27日", "还没有发布", "—"],
    ]


def test_proofs_are_those_of_the_ledger_less_that_of_the_pages(book: Book) -> None:
    page = page_of(book.html, "editions")
    for edition in read_ledger(book.project, YEAR)[0]:
        rows = {row[0]: row[2] for row in rows_of(page, f"第{edition.number}版的指纹")}
        wanted = {"提交": edition.commit, "输入": edition.inputs, "登记表": edition.registries}
        wanted |= {"程序": edition.code, "依赖": edition.lock, "数字": edition.figures}
        wanted |= {"文字": edition.texts} if edition.texts else {}
        wanted |= {"检查规则": edition.rules} if edition.rules else {}
        assert rows == wanted | ({"前版": edition.previous} if edition.previous else {})


def test_a_year_without_editions_says_so(second: FigureSet) -> None:
    tables = {**second.year.tables, "calendar": replace(second.year.tables["calendar"], rows=())}
    bare = unreleased(second, ledger=(), corrections=(), tables=tables)
    text = editions_page(Page("editions", bare)).markdown
    assert "还没有定版" in text
    assert "怎样核对" not in text
    assert "## 发布日历" not in text


def test_what_follows_from_a_correction_names_it_and_a_change_without_one_is_seen(tmp_path: Path) -> None:
    """A corrected input: its total follows; a number changed in its table has no reason."""
    project = copy_taojiang(tmp_path / "project")
    corrections = tmp_path / "corrections.csv"
    write_table(
        corrections,
        [correction("城市低保累计支出", "2748.71万元", "2749.71万元", edition=2)],
    )  # fmt: skip
    release_by_hand(project, 1, corrections=corrections)
    spending = project / "data" / str(YEAR) / "spending.csv"
    spending.write_text(
        spending.read_text(encoding="utf-8-sig").replace("496.97", "497.97"), encoding="utf-8-sig"
    )
    figures = load(project, YEAR)
    text = editions_page(Page("editions", figures)).markdown
    total, stated = (
        next(line for line in text.splitlines() if f"`{address}`" in line)
        for address in ("spending_total.all", "spending.backstop")
    )
    assert "由它算出：{ref}`城市低保累计支出 <correction-2020-2>`" in total
    assert "没有写明理由" in stated
    assert edition_and_status(figures).startswith("未定版（第1版之后的改动，尚未定版）")


def test_a_settled_doubt_is_no_longer_told(tmp_path: Path) -> None:
    project = copy_taojiang(tmp_path / "project")
    release_by_hand(project)
    path = project / "data" / str(YEAR) / "corrections.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    write_table(path, [*rows, correction("城市特困保障标准", "754元/月", "780元/月", edition=3)])
    release_next(project, read_ledger(project, YEAR)[0], "核定城市特困保障标准")
    figures = load(project, YEAR)
    address = "standards.urban_tekun.standard"
    assert figures.year.edition == 3
    assert doubted(figures, address) == doubted(figures, "standard_year.urban_tekun.standard") == ()
    assert [c.edition for c in concerned(figures, "x", [address], ()) if not c.of_text] == [3]
    assert plain_facts(figures, figures.figures[address])[0] == "754元/月"
    text = editions_page(Page("editions", figures)).markdown
    assert "后来的版次已经核定" in text
    assert text.index("第3版：更正") < text.index("第2版：更正")
    assert len(doubted(load(project, YEAR, 2), address)) == 1


LEVEL = "农村低保人均救助水平"
WITHDRAWN_WRONGLY = [
    ((LEVEL, "199.47元/月", "336元/月"), "写的是“336元/月”；应为：签发的值“335元/月”"),
    ((LEVEL, "335元/月", "335元/月"), "写的是“335元/月”；应为：上一版的值“199.47元/月”"),
    ((LEVEL, "199.47元/月", ""), "没有填写；应为：更正的写正确的值，撤回的写签发的值"),
    (("城市低保月均人数", "6219人", "6219人"), "“城市低保月均人数”没有可以撤回的更正或存疑"),
    (("narrative/05-measures.md", "五、项目", "项目"), "“narrative/05-measures.md”没有可以撤回的更正或存疑"),
]


def with_third_edition(project: Path, *rows: dict[str, str]) -> Path:
    """Project with two editions of 2020, and rows for a third."""
    release_by_hand(project)
    path = project / "data" / str(YEAR) / "corrections.csv"
    before = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    write_table(path, [*before, *rows])
    return project


def test_a_withdrawn_correction_leaves_what_was_signed(tmp_path: Path) -> None:
    doubt = correction(LEVEL, "335元/月", "", edition=3) | {"处理": "存疑", "可核定者": "县民政局"}
    back = correction(LEVEL, "199.47元/月", "335元/月", edition=3) | {"处理": "撤回"}
    settled = correction("临时救助户次", "7945户次", "7945户次", edition=3) | {"处理": "撤回"}
    project = with_third_edition(copy_taojiang(tmp_path / "project"), doubt, back, settled)
    release_next(project, read_ledger(project, YEAR)[0], "撤回")
    figures, address = load(project, YEAR), "standards.rural_dibao.level"
    figure = figures.figures[address]
    assert (figure.text, figure.flag, figure.put_right, figure.questioned) == ("335元/月", "", False, True)
    assert doubted(figures, "standards.urban_dibao.standard")
    assert not doubted(figures, "people.temporary_relief")
    told = [(c.edition, c.treatment) for c in concerned(figures, "x", [address], ()) if not c.of_text]
    assert told == [(3, "撤回"), (3, "存疑")]
    assert plain_facts(figures, figure)[0] == ""
    text = editions_page(Page("editions", figures)).markdown
    assert "### 第3版：撤回" in text
    assert text.count("后来的版次已经撤回。") == 1
    assert "7945户次，不再存疑" in text
    revised = next(line for line in text.splitlines() if line.startswith(f"| {LEVEL} `{address}`"))
    assert "199.47元/月 | 335元/月 | +135.53元/月" in revised.replace("\\", "")


@pytest.mark.parametrize(("row", "message"), WITHDRAWN_WRONGLY)
def test_what_cannot_be_withdrawn(tmp_path: Path, row: tuple[str, str, str], message: str) -> None:
    wrong = correction(*row, edition=3) | {"处理": "撤回"}
    project = with_third_edition(copy_taojiang(tmp_path / "project"), wrong)
    with pytest.raises(InputError) as refused:
        load(project, YEAR)
    assert message in str(refused.value)


def test_the_year_after_tells_corrections_of_the_year_before(second: FigureSet) -> None:
    """Its figures of change rest on them; their page is that of another year, which an edition's book has not."""
    settings = replace(second.year.settings, year=YEAR + 1)
    tables = {
        name: replace(data, rows=tuple(replace(row, corrections=()) for row in data.rows))
        for name, data in second.year.tables.items()
    }
    year = replace(second.year, settings=settings, corrections=(), ledger=(), released=None, tables=tables)
    later, _ = compute(year, second)
    told = concerned(later, "x", ["change.people.rural_tekun"], ())
    assert [correction_name(later, c) for c in told] == ["2020年度农村特困人数"]
    facts = figure_facts(later, evaluate(later).findings, later.figures["change.people.rural_tekun"])
    assert facts == ["由更正的数字算出：2020年度农村特困人数"]


# Exports


def test_exports_have_original_and_reason(first: FigureSet, second: FigureSet) -> None:
    rows = {row["地址"]: row for row in csv.DictReader(io.StringIO(figures_csv(second).decode("utf-8-sig")))}
    assert {row["版次"] for row in rows.values()} == {"2"}
    assert {row["数据状态"] for row in rows.values()} == {"更正稿（未经批准）"}
    corrected, doubt = rows["people.rural_tekun"], rows["standards.urban_tekun.standard"]
    assert (corrected["数值"], corrected["原值"], corrected["标志"]) == ("6126", "6246人", "r")
    assert corrected["更正和存疑"].startswith("第2版更正：分散供养5583人")
    assert (doubt["数值"], doubt["原值"]) == ("754", "")
    assert "第2版存疑" in doubt["更正和存疑"]
    assert "可核定者：县民政局社会救助股" in doubt["更正和存疑"]
    assert rows["execution.all"]["更正和存疑"] == "由存疑的数字算出：临时救助累计支出"
    assert rows["people.urban_tekun"]["更正和存疑"] == ""
    old = list(csv.DictReader(io.StringIO(figures_csv(first).decode("utf-8-sig"))))
    assert {(row["版次"], row["数据状态"], row["原值"], row["更正和存疑"]) for row in old} == {
        ("1", "批准", "", "")
    }
    names = [column["titles"] for column in json.loads(figures_schema(second))["tableSchema"]["columns"]]
    assert names[-3:] == ["版次", "原值", "更正和存疑"]


def sheet(figures: FigureSet, name: str) -> list[dict[str, Any]]:
    headings, *rows = openpyxl.load_workbook(io.BytesIO(workbook(figures)))[name].iter_rows(
        min_row=3, values_only=True
    )
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_the_workbook_has_original_and_reason(first: FigureSet, second: FigureSet) -> None:
    row = next(row for row in sheet(second, "保障对象") if row["原值"] != "—")
    assert (row["项目"], row["数量"], row["原值"]) == ("农村特困", 6126, "6246人")
    assert str(row["更正和存疑"]).startswith("第2版更正")
    assert "原值" not in sheet(first, "保障对象")[0]
    assert len(sheet(second, "更正与存疑")) == 13
    assert len(sheet(second, "发布日历")) == 3
    assert "更正与存疑" not in openpyxl.load_workbook(io.BytesIO(workbook(first))).sheetnames


# Cover, summary


def test_cover_and_summary_tell_of_corrections(book: Book) -> None:
    told = f"{counts(still_told(book.figures))}，见版本与更正"
    assert told in squeezed(page_of(book.html, "index").get_text())
    listed = rows_of(page_of(book.html, "summary"), "不确定和缺失的内容")
    assert len({(row[0], row[2]) for row in listed}) == len(listed)
    for correction in still_told(book.figures):
        name = squeezed(correction_name(book.figures, correction))
        told = f"第{correction.edition}版{correction.treatment}"
        (row,) = [row for row in listed if row[0] == name and told in row[2]]
        assert squeezed(correction.corrected or correction.settles) in row[2]


# PDF


def test_the_report_on_paper_has_everything_that_is_folded(book: Book) -> None:
    text = squeezed(book.paper.read(book.paper.structure))
    without_pages = re.sub(r"（第\d+页）", "", text)
    for name in boxed(book.project):
        for item in page_of(book.html, name).select(f"details.{BOX} li"):
            assert squeezed(item.get_text()) in without_pages, name
    assert "附件5版本与更正" in text
    assert "有“疑”的，存疑，见附件5" in text
    for edition in book.figures.year.ledger:
        assert edition.figures in text


# Browser


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_boxes_marks_and_lists_can_be_used_by_everybody(html: Path, browser: Browser, size: Any) -> None:
    with served(html) as address, reader(browser, address, viewport=size) as reading:
        for name in ("02-funds", "05-measures", "editions"):
            reading.page.goto(f"{address}/years/{YEAR}/{name}.html")
            reading.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            read_through(reading.page)
            assert violations(reading.page) == [], name
            assert reading.page.evaluate("document.documentElement.scrollWidth") <= size["width"], name


def test_what_is_folded_is_printed(html: Path, browser: Browser) -> None:
    with served(html) as address, reader(browser, address) as reading:
        reading.page.goto(f"{address}/years/{YEAR}/02-funds.html")
        assert not reading.page.locator(f"details.{BOX}").first.evaluate("(node) => node.open")
        printed = pdfplumber.open(io.BytesIO(reading.page.pdf()))
    # The browser's fonts write some characters as radicals.
    text = unicodedata.normalize("NFKC", squeezed("".join(page.extract_text() for page in printed.pages)))
    assert "凭临时救助台账" in text


# Internal explanations


def everything_published(html: Path) -> dict[str, str]:
    """Text of every file of the built book, of workbook and PDF what is inside."""
    found = {}
    for path in sorted(p for p in html.rglob("*") if p.is_file()):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            found[path.name] = "".join(
                str(c) for s in book for row in s.iter_rows(values_only=True) for c in row
            )
        elif path.suffix == ".pdf":
            report = ReportFile(path)
            attached = b"".join(report.attachments.values()).decode()
            found[path.name] = squeezed(report.read(report.structure)) + attached
        elif path.suffix in {".html", ".js", ".csv", ".json", ".ipynb", ".md", ".txt"}:
            found[path.relative_to(html).as_posix()] = path.read_text(encoding="utf-8")
    return found


def leaks(published: dict[str, str]) -> list[str]:
    return [name for name, text in published.items() if any(s in text for s in (WITHHELD, EVIDENCE, WHO))]


def test_internal_explanations_are_nowhere(html: Path) -> None:
    published = everything_published(html)
    assert len(published) > 40
    assert leaks(published) == []
    assert leaks({**published, "planted": f"…{EVIDENCE}…"}) == ["planted"]
    shown = [f"years/{YEAR}/{name}.html" for name in ("checks", "tables")]
    for name in (*shown, f"report-{YEAR}.pdf", f"report-{YEAR}.xlsx"):
        assert OPEN_ANSWER in published[name], name
    checks = squeezed(page_of(html, "checks").get_text())
    assert f"已说明（内部）编号{INTERNAL_FINDING}" in checks
    assert "已经说明，内容不公开" in checks
    assert "另有2行标为“内部”，不公开" in squeezed(page_of(html, "tables").get_text())
    assert "另有2行标为“内部”，不公开" in published[f"report-{YEAR}.xlsx"]


def test_the_command_shows_internal_explanations(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copied)
    assert WITHHELD in CliRunner().invoke(main, ["check", str(YEAR)]).output


def test_an_internal_answer_to_other_figures_is_withheld_too(second: FigureSet) -> None:
    data = second.year.tables["explanations"]
    row = replace(data.rows[0], cells={**data.rows[0].cells, "finding": "C2-orphans-000000"})
    tables = {**second.year.tables, "explanations": replace(data, rows=(row,))}
    page = findings_page(Page("checks", replace(second, year=replace(second.year, tables=tables)))).markdown
    assert "需要重新说明" in page
    assert WITHHELD not in page


# Guide


def test_the_guide_speaks_of_commands_and_options_that_exist() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "book" / "guide").glob("*.md"))
    commands = set(re.findall(r"evalbook ([a-z]+)", text))
    assert {"diff", "release", "publish", "verify", "check"} <= commands
    assert commands <= set(main.commands)
    release = (ROOT / "book" / "guide" / "releasing.md").read_text(encoding="utf-8")
    known = {
        o for name in ("release", "publish", "verify") for p in main.commands[name].params for o in p.opts
    }
    assert set(re.findall(r"--[a-z]+", release)) <= known


def test_every_export_of_both_editions_is_deterministic(first: FigureSet, second: FigureSet) -> None:
    for export in EXPORTS:
        for figures in (first, second):
            if export.applies(figures):
                again = load(figures.year.root, YEAR, figures.year.edition)
                assert export.content(figures) == export.content(again)
