"""Charts answer for a full year, a half-filled one and an empty one, and can be told apart without colour."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from evalbook.figures import Cell, load
from evalbook.render import charts
from evalbook.render.pages import CHARTS, SCORE_CHARTS, drawings
from evalbook.run.drawing import drawing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import Command

    from evalbook.figures import FigureSet


OF_2020 = [name for name in CHARTS if not name.startswith("monthly_")]
"""Charts that the year 2020, which has no months, can have."""


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, figures: FigureSet) -> Iterator[None]:
    """Keeps what is drawn; all is drawn in processes apart, because one that has drawn cannot be copied by later tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(charts.STORE, str(tmp_path_factory.mktemp("drawings")))
        with drawing(drawings(figures)):
            pass
        yield


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("style", [charts.FILLED, charts.HOLLOW, charts.PALE])
def test_bars_stand_out_from_the_page(style: tuple[str, str]) -> None:
    assert contrast(style[1], "#ffffff") >= 3


def test_contrast_is_measured_as_wcag_does() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert contrast("#999999", "#ffffff") < 3


@pytest.mark.parametrize("name", OF_2020)
def test_what_a_chart_shows_is_in_its_words_and_its_links(figures: FigureSet, name: str) -> None:
    chart = CHARTS[name](figures)
    assert chart is not None
    data = chart.wide.specification["datasets" if "datasets" in chart.wide.specification else "layer"]
    shown = re.findall(r'"数值": "([^"]*)"', json.dumps(data, ensure_ascii=False))
    assert len(shown) >= 5
    for text in shown:
        assert text in chart.alt
    numbers = re.findall(r"\d[\d.]*", re.sub(r"\{figure\}`[^`]*`", "", chart.finding))
    assert numbers == []
    assert len(re.findall(r"\{figure\}`", chart.finding)) >= 2


@pytest.mark.parametrize("name", [*OF_2020, *SCORE_CHARTS])
def test_a_label_has_room_beside_its_bar(figures: FigureSet, name: str) -> None:
    """No label is cut off at the right edge, however long, on a phone either."""
    chart = {**CHARTS, **SCORE_CHARTS}[name](figures)
    assert chart is not None
    for drawn in (chart.wide, chart.narrow):
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', drawn.svg).group(1))  # type: ignore[union-attr]
        for x, text in re.findall(
            r'<text text-anchor="start" transform="translate\(([\d.]+),[^>]*>([^<]*)', drawn.svg
        ):
            assert float(x) + charts.text_width(text) <= width, text


def test_a_long_name_takes_more_lines_and_is_never_cut(figures: FigureSet) -> None:
    """Names of programmes of the real registry have 19 characters, a county's own up to 60."""
    figure = figures.figures["spending.urban_dibao"]
    names = (
        "城市低保",
        "困难残疾人生活补贴和重度残疾人护理补贴",
        "城乡困难残疾人生活补贴和重度残疾人护理补贴资金",
        "长" * 60,
    )
    rows = tuple(charts.BarRow(name, (charts.Bar(figure),)) for name in names)
    group = charts.BarGroup("城乡困难残疾人生活补贴和重度残疾人护理补贴资金支出", "万元", rows)
    chart = charts.bar_chart(figures, [group], charts.words("各项相同"))
    assert chart is not None
    for drawn in (chart.wide, chart.narrow):
        assert "…" not in drawn.svg
        told = "".join(label["text"] for label in drawn.data["labels"])
        assert told == "".join(names)
        room = drawn.layout.left or drawn.layout.width
        assert all(charts.text_width(label["text"]) <= room for label in drawn.data["labels"])
        tops = [label["top"] for label in drawn.data["labels"]]
        assert all(later - earlier >= charts.LABEL_LINE for earlier, later in pairwise(tops))
        assert tops[-1] < drawn.height


def test_an_empty_year_has_no_charts(evalbook: Command, base: Path) -> None:
    evalbook("new", "2024")
    empty = load(base, 2024)
    assert [name for name, chart in CHARTS.items() if chart(empty) is not None] == []


@pytest.mark.parametrize("name", OF_2020)
def test_a_half_filled_year_has_charts_that_say_what_is_missing(figures: FigureSet, name: str) -> None:
    """Every third number is taken away; what is computed from it is missing too."""
    stated = [figure for figure in figures.figures.values() if isinstance(figure.lineage, Cell)]
    gone = {figure.address for figure in stated[2::3]} | {
        figure.address for figure in figures.figures.values() if not isinstance(figure.lineage, Cell)
    }
    half = replace(
        figures,
        figures={
            address: replace(figure, value=None, number="") if address in gone else figure
            for address, figure in figures.figures.items()
        },
    )
    chart = CHARTS[name](half)
    if name == "execution":  # all its figures are computed
        assert chart is None
        return
    assert chart is not None
    assert "待填" in chart.alt or "报告没有写" in chart.alt or name == "actions"
    assert chart.finding


def test_one_value_is_enough(figures: FigureSet) -> None:
    """The longest bar takes its part of the width, nothing divides by nothing."""
    figure = replace(figures.figures["tiers.rural_dibao.tier1"], value=Decimal(0), number="0")
    row = charts.BarRow("一类", (charts.Bar(figure),))
    chart = charts.bar_chart(figures, [charts.BarGroup("农村低保", "元/月", (row,))], charts.words("全部为0"))
    assert chart is not None
    assert "0元/月" in chart.alt


def test_amounts_in_other_units_keep_their_order(signed_2020: Path) -> None:
    """The largest is the largest, whatever unit it is written in."""
    table = signed_2020 / "data" / "2020" / "spending.csv"
    text = table.read_text(encoding="utf-8-sig")
    text = text.replace("3564.47,万元", "0.356447,亿元").replace("3455.78,万元", "34557800,元")
    table.write_text(text, encoding="utf-8-sig")
    chart = CHARTS["spending"](load(signed_2020, 2020))
    assert chart is not None
    assert chart.alt.startswith(
        "条形图：支出最多的项目：特困供养支出0.356447亿元；农村低保支出34557800元；城市低保"
    )


def test_tiers_are_told_in_their_order(signed_2020: Path) -> None:
    table = signed_2020 / "data" / "2020" / "tiers.csv"
    head, *rows = table.read_text(encoding="utf-8-sig").splitlines()
    table.write_text("\n".join([head, *reversed(rows)]), encoding="utf-8-sig")
    chart = CHARTS["tiers"](load(signed_2020, 2020))
    assert chart is not None
    assert "城市低保从一类370元/月到三类330元/月" in chart.alt


def test_the_status_of_a_number_is_seen_and_heard(signed_2020: Path) -> None:
    table = signed_2020 / "data" / "2020" / "spending.csv"
    text = table.read_text(encoding="utf-8-sig").replace("3564.47,万元,", "3564.47,万元,p")
    table.write_text(text, encoding="utf-8-sig")
    chart = CHARTS["spending"](load(signed_2020, 2020))
    assert chart is not None
    with drawing((chart.wide, chart.narrow)):
        pass
    for shown in (chart.alt, chart.wide.svg, chart.narrow.svg):
        assert "3564.47万元（暂定）" in shown


def test_funds_of_nothing_are_not_called_missing(signed_2020: Path) -> None:
    table = signed_2020 / "data" / "2020" / "funds.csv"
    text = re.sub(r",[0-9.]+,万元", ",0,万元", table.read_text(encoding="utf-8-sig"))
    table.write_text(text, encoding="utf-8-sig")
    chart = CHARTS["funds"](load(signed_2020, 2020))
    assert chart is not None
    assert chart.finding == ":::{container} finding\n所写的各项资金都是0\n:::"
