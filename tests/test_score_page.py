"""The self-evaluation as readers see it: pages of scores in the book, the same in the PDF."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag

from evalbook.frameworks.framework import PROPOSED, PROPOSED_POINTS
from evalbook.render.pages import SCORE_CHARTS
from evalbook.render.score import MARK
from evalbook.scoring import Scorecard, evaluate, points_text, range_text

if TYPE_CHECKING:
    from pathlib import Path

    from evalbook.figures import FigureSet


@pytest.fixture(scope="module")
def page(site: Path) -> Tag:
    text = (site / "years" / "2020" / "score.html").read_text(encoding="utf-8")
    article = BeautifulSoup(text, "lxml").select_one("article.bd-article")
    assert article is not None
    return article


@pytest.fixture(scope="module")
def cards(figures: FigureSet) -> tuple[Scorecard, ...]:
    return evaluate(figures).scorecards


def squeezed(text: str) -> str:
    return re.sub(r"[\s※]", "", text)


def table(page: Tag, caption: str) -> list[list[str]]:
    """Rows of the table whose caption begins so; headings left out."""
    found = next(t for t in page.select("table") if t.caption and t.caption.get_text().startswith(caption))
    return [[squeezed(c.get_text()) for c in r.find_all(["th", "td"])] for r in found.select("tbody tr")]


def test_every_indicator_stands_with_its_points_and_its_score(
    page: Tag, cards: tuple[Scorecard, ...]
) -> None:
    for card in cards:
        rows = {row[0]: row for row in table(page, f"各指标得分（{card.framework.number}")}
        assert len(rows) == len(card.scores)
        for score in card.scores:
            indicator = score.indicator
            row = rows[squeezed(f"{indicator.code}{indicator.title}")]
            marked = MARK if indicator.origin == PROPOSED else ""
            if indicator.points is not None:
                assert row[3] == points_text(indicator.points) + marked
                assert row[4] == range_text(score.range)
            assert row[5] == score.state


def test_points_that_no_document_gives_are_marked_wherever_they_show(
    site: Path, page: Tag, cards: tuple[Scorecard, ...]
) -> None:
    proposed = [s.indicator for s in cards[0].scores if s.indicator.origin == PROPOSED]
    assert len(proposed) == 18
    assert PROPOSED_POINTS in page.get_text()
    forms = BeautifulSoup(
        (site / "years" / "2020" / "forms.html").read_text(encoding="utf-8"), "lxml"
    ).get_text()
    assert PROPOSED_POINTS in forms
    assert forms.count(MARK) >= len(proposed)
    catalogue = BeautifulSoup(
        (site / "guide" / "frameworks.html").read_text(encoding="utf-8"), "lxml"
    ).get_text()
    assert catalogue.count("建议分值") >= len(proposed)


def test_reasons_verdicts_and_what_is_missing_stand_on_the_page(
    page: Tag, cards: tuple[Scorecard, ...]
) -> None:
    text = squeezed(page.get_text())
    for card in cards:
        assert squeezed(card.verdict.reason) in text
        for score in card.scores:
            assert squeezed(score.reason) in text, score.indicator.code
    settling = table(page, "至少要补的证据")
    assert [row[0] for row in settling] == [
        squeezed(f"{s.indicator.code}{s.indicator.title}") for s in cards[0].verdict.settling
    ]
    assert "覆盖8%" in text
    assert "2020年度是借用" in text
    assert page.select("a[href$='frameworks.html#framework-finance-2020']")


def test_the_words_of_the_two_lines_are_not_mixed(page: Tag) -> None:
    finance, civil = page.select("section > section")[:2]
    assert "可能的等次：优、良、中、差。" in squeezed(finance.get_text())
    assert not re.search("良好|不合格", finance.get_text())
    assert not re.search("等次：[优良中差]、", civil.get_text())


@pytest.mark.parametrize("name", SCORE_CHARTS)
def test_charts_of_scores_say_what_they_show_and_stand_before_their_table(
    page: Tag, figures: FigureSet, name: str
) -> None:
    chart = SCORE_CHARTS[name](figures)
    assert chart is not None
    shown = re.findall(r'"数值": "([^"]*)"', json.dumps(chart.wide.specification, ensure_ascii=False))
    assert len(shown) >= 8
    assert all(text in chart.alt for text in shown)
    image = next(i for i in page.select("img.chart-wide") if i["alt"] == chart.alt)
    assert image.find_next("table") is not None


def test_targets_and_actual_values_are_those_of_the_scorecard(figures: FigureSet) -> None:
    chart = SCORE_CHARTS["targets"](figures)
    assert chart is not None
    for text in ("≥213元/月", "164.68—335.00元/月", "实际不能确定", "≥508.33元/月"):
        assert text in chart.alt
    assert "没有达到目标的：没有" in chart.alt
