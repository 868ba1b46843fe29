"""What pages say holds for every value that the open findings allow."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from projects import ROOT, copy_base

from evalbook.checks import Facts
from evalbook.cli.documents import score_document
from evalbook.figures import Cell, Derivation, FigureSet, Known, UnitMismatchError, load
from evalbook.figures.formula import UndefinedError
from evalbook.figures.formula import evaluate as computed
from evalbook.render import Page, charts, editions_page, pages, summary
from evalbook.render.annex import indicator_cards
from evalbook.render.forms import filled_forms, forms_page
from evalbook.render.score import score_page
from evalbook.render.tidy import cells_of
from evalbook.scoring import Evaluation, evaluate, opened, possible, ranges
from evalbook.scoring.scorecard import scorecard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from projects import Command

    from evalbook.checks import Findings
    from evalbook.figures.expression import Reference

WORLDS = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
BEYOND = Decimal(10) ** 6
"""Where nothing bounds a figure, values up to here are tried."""

SHARES = st.lists(st.sampled_from([Decimal(n) / 100 for n in (0, 0, 1, 37, 50, 99, 100, 100)]), min_size=8)


def within(known: Known, share: Decimal) -> Decimal:
    """Value so far from the least end of a range to the most."""
    low, high = (end if end.is_finite() else BEYOND for end in (known.low, known.high))
    return low + (high - low) * share


def world(
    figures: FigureSet, own: Mapping[str, Known], then: Mapping[str, Known], shares: list[Decimal]
) -> FigureSet:
    """The year as it would be if its doubted figures stood for certain values: every formula computed anew."""
    before = world(figures.before, then, {}, shares[::-1]) if figures.before else None
    found = dict(figures.figures)

    def lookup(reference: Reference) -> Any:
        return (before.figures if reference.year and before else found).get(reference.address)

    for position, (address, figure) in enumerate(figures.figures.items()):
        value = figure.value
        if isinstance(figure.lineage, Derivation):
            try:
                quantity = computed(figure.lineage.expression, lookup, figures.units)
                value = figures.units.value_in(quantity, figure.unit)
            except (UndefinedError, UnitMismatchError):
                continue
        # A computed figure with values of its own is what it is computed to be at one end of the shares.
        share = shares[position % len(shares)]
        if address in own and (isinstance(figure.lineage, Cell) or share):
            value = within(own[address], share)
        number = figure.number
        if value is not None and value != figure.value:
            number = f"{figures.units.display(value, figure.unit):f}"
        found[address] = replace(figure, value=value, number=number, doubt=None)
    labels = {label: found[figure.address] for label, figure in figures.by_label.items()}
    return replace(figures, figures=found, by_label=labels, before=before)


FIGURE = re.compile(r"\{figure\}`([^`<]*?) <([^`>]+)>`")


def numbers(text: str) -> tuple[Decimal, Decimal]:
    """Ends of a range as it is written, or the number twice."""
    bare = re.match(r"(-?[\d.,]+)(?:[—至](-?[\d.,]+))?", text)
    assert bare, text
    low = Decimal(bare[1])
    return low, Decimal(bare[2]) if bare[2] else low


def holds(figures: FigureSet, address: str, text: str, value: Decimal) -> bool:
    """Whether what a page shows of a figure in doubt holds for a value."""
    figure = figures.figures[address]
    if text in {"不能确定", figure.label} or isinstance(figure.lineage, Cell):
        return True  # a signed number stays, with the mark of its doubt
    low, high = numbers(text)
    unit = text.lstrip("-0123456789.,—至")
    units = [unit] if unit in figures.units.units else figures.units.alike(figure.unit)
    values = [figures.units.convert(value, figure.unit, other) for other in units]
    slack = Decimal("1e-9")
    return any(low - slack <= abs(v) <= high + slack or low - slack <= v <= high + slack for v in values)


def faults(shown: FigureSet, evaluation: Evaluation, at: FigureSet) -> Iterator[str]:
    """What pages, scores and exports of a year state that does not hold where its figures are those of a world."""
    for address, figure in shown.figures.items():
        value = at.figures[address].value
        if figure.value is None and value is not None and figure.said != "不能确定":
            yield f"{address}: {value}, said {figure.said}"
        if figure.value is None or value is None:
            continue
        known = evaluation.range_of(address)
        assert known is not None
        slack = abs(value) * Decimal("1e-20")
        if not known.low - slack <= value <= known.high + slack:
            yield f"{address}: {value} in {known}"
        low, high = (cells_of(shown, figure)[name] for name in ("low", "high"))
        if low and not Decimal(low) <= value <= Decimal(high):
            yield f"{address}: {value} in the export's {low}—{high}"
    page = Page("", shown)
    texts = {name: show(page).markdown for name, show in pages.TABLES.items()}
    texts |= {"cards": summary.key_figures(shown), "score": score_page(page).markdown}
    texts |= {"indicators": indicator_cards(page).markdown, "forms": forms_page(page).markdown}
    texts |= {"uncertain": summary.uncertain_table(page).markdown}
    drawn = {name: chart for name, make in pages.CHARTS.items() if (chart := make(shown))}
    texts |= {name: chart.finding for name, chart in drawn.items()}
    for name, text in texts.items():
        for told, address in FIGURE.findall(text):
            concerned, there = shown.figures.get(address), at.figures.get(address)
            if concerned is None or concerned.doubt is None or there is None or there.value is None:
                continue
            if not holds(shown, address, told, there.value):
                yield f"{name}: {told} for {address}, which is {there.value}"
    yield from _wrong_changes(shown, at)
    yield from _wrong_cells(shown, evaluation, at)
    for name, chart in drawn.items():
        other = pages.CHARTS[name](at)
        assert other is not None
        yield from _wrong_order(name, chart.finding, other.finding)
    for card in evaluation.scorecards:
        certain = scorecard(card.framework, Facts(at), {})
        if not card.total.covers(certain.total):
            yield f"{card.framework.name}: {certain.total} in {card.total}"
        for score, one in zip(card.scores, certain.scores, strict=True):
            if not score.range.covers(one.range):
                yield f"{score.indicator.code}: {one.range} in {score.range}"
            if score.met is not None and one.met != score.met:
                yield f"{score.indicator.code}: met {one.met}, said {score.met}"


def _wrong_cells(shown: FigureSet, evaluation: Evaluation, at: FigureSet) -> Iterator[str]:
    """Cells of forms to be handed in that hold something else than where every figure is known."""
    cards = tuple(scorecard(card.framework, Facts(at), {}) for card in evaluation.scorecards)
    vars(at)["evaluation"] = replace(evaluation, scorecards=cards, ranges={}, facts=Facts(at))
    for said, known in zip(filled_forms(shown), filled_forms(at), strict=True):
        for row, other in zip(said.official.rows, known.working.rows, strict=False):
            for cell, one in zip(row.cells, other.cells, strict=False):
                told, truly = cell.content.text, one.content.text
                if told and not cell.running and told != truly:
                    yield f"{said.official.name}: {told}, which is {truly}"


def _wrong_changes(shown: FigureSet, at: FigureSet) -> Iterator[str]:
    """Cards that say 增加, 减少 or 持平 of a change that went another way."""
    for address in summary.key_figure_addresses(shown):
        if f"change.{address}" in shown.figures:
            change = at.figures[f"change.{address}"].value
            words = ("增加",) if change and change > 0 else ("减少",) if change else ("持平",)
            said = summary._change(shown, address, "")
            if change is not None and not any(word in said for word in (*words, "不能确定", "：")):
                yield f"{address}: {said.strip()}, changed by {change}"


def _wrong_order(name: str, said: str, certain: str) -> Iterator[str]:
    """Headlines that call a figure the largest which another one may exceed."""
    told, truly = ([address for _, address in FIGURE.findall(text)] for text in (said, certain))
    if "可能" in said or "哪个最大" in said:
        missing = set(truly) - set(told) if name != "spending" else set(truly[:1]) - set(told)
    else:
        missing = set(told) - set(truly)
    if missing:
        yield f"{name}: {said} against {certain}"


@dataclass(frozen=True)
class Year:
    """A year with what pages know of it, and its doubts and those of the year before."""

    shown: FigureSet = field(repr=False)
    evaluation: Evaluation = field(repr=False)
    own: Mapping[str, Known] = field(repr=False)
    then: Mapping[str, Known] = field(repr=False)

    def faults(self, shares: list[Decimal]) -> list[str]:
        """Everything that does not hold in the world of these shares."""
        return list(faults(self.shown, self.evaluation, world(self.shown, self.own, self.then, shares)))


def of_2020(edition: int | None) -> Year:
    shown = opened(ROOT, 2020, edition)
    evaluation = evaluate(shown)
    return Year(shown, evaluation, ranges.doubted(evaluation.findings), {})


@pytest.fixture(scope="module", params=[1, None], ids=["signed", "newest"])
def taojiang(request: pytest.FixtureRequest) -> Year:
    return of_2020(request.param)


def invented(findings: Findings) -> dict[str, Known]:
    """Doubts of an invented year: people, money and standards, some with nothing known of them."""
    figures, found = findings.figures, {}
    earlier = figures.before is None
    spreads = {
        "spending.urban_dibao": ("0.9", "1.3"),
        "spending.temporary_relief": ("0.2", "1"),
        "people.rural_dibao": ("0.97", "1.01"),
        "funds.superior.child_welfare_funds": ("1", "40"),
        "standards.urban_dibao.standard": ("0.5", "1.1"),
        "level.rural_dibao": ("0.8", "1.2"),
    }
    if earlier:
        spreads = {"spending.rural_dibao": ("0.5", "1.5"), "people.urban_dibao": ("1", "1.1")}
    for address, (least, most) in spreads.items():
        figure = figures.figures[address]
        assert figure.value is not None
        low, high = figure.value * Decimal(least), figure.value * Decimal(most)
        found[address] = Known(low, high, figure.unit, figures.units.units[figure.unit].digits)
    if not earlier:
        figure = figures.figures["people.vagrant_relief"]
        found[figure.address] = Known(Decimal(0), Decimal("Infinity"), figure.unit, 0, told=False)
    return found


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The base county with a year before."""
    root = copy_base(tmp_path_factory.mktemp("two") / "base")
    shutil.copytree(root / "data" / "2023", root / "data" / "2022")
    said = root / "data" / "2022" / "year.yml"
    text = said.read_text(encoding="utf-8").replace("2024", "2022-").replace("2023", "2022")
    said.write_text(text.replace("2022--", "2023-"), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def qingfeng(two_years: Path) -> Year:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "doubted", invented)
        shown = opened(two_years, 2023)
    evaluation = evaluate(shown)
    assert shown.before is not None
    then = invented(replace(evaluation.findings, figures=shown.before))
    return Year(shown, evaluation, invented(evaluation.findings), then)


@WORLDS
@given(shares=SHARES)
def test_what_is_said_of_2020_holds_for_all_that_findings_allow(
    taojiang: Year, shares: list[Decimal]
) -> None:
    assert taojiang.faults(shares) == []


@WORLDS
@given(shares=SHARES)
def test_doubts_of_two_years_reach_all_that_was_computed(qingfeng: Year, shares: list[Decimal]) -> None:
    assert "change.level.rural_dibao" in qingfeng.evaluation.ranges
    assert qingfeng.faults(shares) == []


@pytest.mark.parametrize(
    "address", ["spending_total.all", "level.rural_dibao", "area.social_assistance.spending"]
)
def test_a_range_cut_short_is_found(taojiang: Year, address: str) -> None:
    """The tests above can fail: a range that leaves out what is possible is seen in data, pages and exports."""
    known = taojiang.evaluation.ranges[address]
    short = replace(known, low=known.low + (known.high - known.low) / 2)
    shown = taojiang.shown
    figures = {**shown.figures, address: replace(shown.figures[address], doubt=short)}
    cut = replace(shown, figures=figures)
    evaluation = replace(taojiang.evaluation, ranges={**taojiang.evaluation.ranges, address: short})
    vars(cut)["evaluation"] = evaluation
    found = Year(cut, evaluation, taojiang.own, {}).faults([Decimal("0.01")])
    assert any(fault.startswith(f"{address}:") for fault in found)
    assert any(fault.startswith("indicators:") for fault in found)


def test_a_share_of_its_own_total_is_as_narrow_as_it_can_be(qingfeng: Year) -> None:
    """Where a doubted figure stands above and below the line, its ends are not taken apart."""
    known = qingfeng.evaluation.ranges["funds_share.superior"]
    low, high = (
        world(qingfeng.shown, qingfeng.own, qingfeng.then, [share]).figures["funds_share.superior"].value
        for share in (Decimal(0), Decimal(1))
    )
    assert low is not None
    assert high is not None
    assert (round(known.low, 12), round(known.high, 12)) == (round(low, 12), round(high, 12))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """The base county with findings that no edition speaks of: numbers written twice, 0 among them, too many households."""
    root = copy_base(tmp_path_factory.mktemp("planted") / "base")
    for table, old, new in (
        ("people", "城市特困,,期末,46", "城市特困,,期末,0"),
        ("people", "流浪乞讨人员救助,", "农村低保,,月均,7000,户,,台账,,,户数,\r\n流浪乞讨人员救助,"),
        ("funds", "流浪乞讨资金,12,", "流浪乞讨资金,0,"),
        (
            "claims",
            "上级资金合计,",
            "城市特困期末人数,46,人,,台账,,\r\n上级安排流浪乞讨资金,12,万元,,台账,,\r\n上级资金合计,",
        ),
    ):
        file = root / "data" / "2023" / f"{table}.csv"
        text = file.read_bytes().decode("utf-8-sig")
        assert text.count(old) == 1
        file.write_bytes(text.replace(old, new).encode("utf-8-sig"))
    shown = opened(root, 2023)
    evaluation = evaluate(shown)
    return Year(shown, evaluation, ranges.doubted(evaluation.findings), {})


@WORLDS
@given(shares=SHARES)
def test_doubts_that_no_edition_speaks_of_reach_all_that_was_computed(
    planted: Year, shares: list[Decimal]
) -> None:
    assert planted.faults(shares) == []


def test_doubts_that_no_edition_speaks_of_are_told(planted: Year) -> None:
    shown = planted.shown
    # Either number of an inequality may be the wrong one, whatever their units.
    for address in ("people.rural_dibao", "people.rural_dibao.households"):
        assert planted.own[address].text == "不能确定"
    assert shown.figures["level.urban_tekun"].absence == "不适用"  # if nobody was there
    told = summary.uncertain_table(Page("", shown)).markdown
    assert "| 农村低保户数 | {figure}`7000户 <people.rural_dibao.households>` | 真实的数不能确定 |" in told
    assert "不一致；真实的数只能确定是0—46人 |" in told
    assert told.count("| 城市特困期末人数 |") == 1
    line = charts.MonthLine("农村低保", {1: shown.figures["people.rural_dibao"]})
    drawn = charts.line_chart(shown, "各月人数", "人", [line], charts.words("一个月"))
    assert drawn is not None
    assert "6420（存疑）" in [text["text"] for text in drawn.wide.data["texts"]]
    remarks = [form.official.remarks for form in filled_forms(shown)]
    assert any(one == "上级资金合计存疑，没有写明是中央还是省里给的" for listed in remarks for one in listed)


def test_a_direction_that_only_a_band_gives_is_not_told(qingfeng: Year) -> None:
    address, figures = "people.urban_dibao", dict(qingfeng.shown.figures)
    of_band = Known(Decimal(5), Decimal(9), "人", 0, told=False)
    figures[f"change.{address}"] = replace(figures[f"change.{address}"], doubt=of_band)
    said = summary._change(replace(qingfeng.shown, figures=figures), address, "")
    assert "较上年是增是减不能确定\n" in said


def test_a_withdrawn_and_doubtful_figure_is_told_once(figures: FigureSet) -> None:
    page = Page("", figures)
    (row,) = (r for r in summary.uncertain_table(page).markdown.splitlines() if "`农村低保人均救助水平 " in r)
    assert re.search("第3版撤回：.*第3版存疑：可核定者：.*真实的数只能确定是164", row)
    assert "| 335元\\/月（存疑） |" in editions_page(page).markdown


def test_a_band_is_never_said_of_the_county(taojiang: Year) -> None:
    """The limits that an impossible standard breaks bound its score, and stand nowhere as the county's value."""
    known = taojiang.evaluation.ranges["standards.urban_dibao.standard"]
    assert (known.low, known.high) == (Decimal(150), Decimal(2500))
    assert not known.bounded
    assert known.text == "不能确定"
    (finance, *_) = taojiang.evaluation.scorecards
    score = finance.score("O5")
    assert score.actual == "不能确定"
    assert "2500" not in score.reason
    assert score.met is None
    assert score_document(score)["completion"] == {"low": "0", "high": None}


def test_values_that_findings_leave(signed: FigureSet) -> None:
    findings = evaluate(signed).findings
    assert possible(findings, "people.rural_tekun") == (
        Decimal(6126),
    )  # only one is left: it may be corrected
    listed = [round(value, 2) for value in possible(findings, "standards.rural_dibao.level")]
    assert set(map(Decimal, ("199.47", "228.16", "170.79", "191.93"))) <= set(listed)
    listed = [round(value, 2) for value in possible(findings, "standards.urban_dibao.level")]
    assert (min(listed), max(listed)) == (Decimal("333.53"), Decimal("403.12"))


def test_a_correction_waits_for_what_is_open(signed_2020: Path, evalbook_2020: Command) -> None:
    """A figure for which an open finding lists other values is not put right; once explained, or alone, it is."""
    shutil.copytree(ROOT / "data" / "2020", signed_2020 / "data" / "2020", dirs_exist_ok=True)
    coming = len(load(signed_2020, 2020).year.ledger) + 1
    file = signed_2020 / "data" / "2020" / "corrections.csv"
    rows = file.read_text(encoding="utf-8-sig")
    row = f"{coming},更正,城市特困提标后标准,676元/月,754元/月,查明,S9-urban_tekun,\n"
    file.write_text(rows + row, encoding="utf-8-sig")
    done = evalbook_2020("check", "2020")
    assert done.exit_code == 2
    assert "写的是“754元/月”，还没有说明的发现列出别的可能：676.00（元/月）" in done.stderr
    assert "处理改写“存疑”" in done.stderr
    (finding,) = (f for f in evaluate(load(ROOT, 2020)).findings.listed if f.stem == "S9-urban_tekun")
    answers = signed_2020 / "data" / "2020" / "explanations.csv"
    heading = answers.read_text(encoding="utf-8-sig").splitlines()[0]
    given = {"发现编号": finding.id, "说明": "查明", "证据": "文件", "说明人": "张某", "日期": "2021-03-20"}
    told = ",".join(given.get(name, "") for name in heading.split(","))
    answers.write_text(f"{heading}\n{told}\n", encoding="utf-8-sig")
    assert "列出别的可能" not in evalbook_2020("check", "2020").stderr
