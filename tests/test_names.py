"""Names of figures: a county's own label and an indicator of the tool never collide, today or after an upgrade."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from counties import SMALL, typed
from projects import ROOT

from evalbook.editions import revisions
from evalbook.editions.frozen import read_frozen
from evalbook.errors import InputError
from evalbook.figures import Definition, FigureSet, indicators, load
from evalbook.figures.expression import Reference
from evalbook.figures.indicators import Indicator
from evalbook.schema.address import Address
from evalbook.scoring import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

YEAR = 2022
COMPUTE = import_module("evalbook.figures.compute")  # the package has a function of that name


def named(folder: Path, label: str, value: str, unit: str) -> FigureSet:
    """Figures of a county that calls a number of its own so."""
    rows = f"own_number,,{label},{value},{unit},,"
    return load(typed(YEAR, {**SMALL, "actions": rows}).write(folder), YEAR)


def test_the_county_keeps_its_name_and_the_pair_is_compared(tmp_path: Path) -> None:
    figures = named(tmp_path, "城市低保人均月支出", "400", "元/人·月")
    own, computed = figures.figures["actions.own_number"], figures.figures["level.urban_dibao"]
    assert (own.label, computed.label) == ("城市低保人均月支出", "城市低保人均月支出（计算）")
    assert figures.named("城市低保人均月支出") is own
    assert figures.named("城市低保人均月支出（计算）") is computed
    claim = figures.figures["claims.level.urban_dibao"]
    assert (claim.label, claim.text, claim.lineage) == (
        "报告所述城市低保人均月支出",
        "400元/人·月",
        own.lineage,
    )
    (found,) = (one for one in evaluate(figures).findings.listed if claim in one.suspicion.figures)
    assert "400元/人·月" in found.suspicion.found
    assert "500元/人·月" in found.suspicion.found


def test_a_pair_that_agrees_is_no_finding(tmp_path: Path) -> None:
    figures = named(tmp_path, "城市低保人均月支出", "500", "元/人·月")
    assert figures.agrees("claims.level.urban_dibao")
    claim = figures.figures["claims.level.urban_dibao"]
    assert not any(claim in one.suspicion.figures for one in evaluate(figures).findings.listed)


def test_what_is_measured_otherwise_is_only_told_apart(tmp_path: Path) -> None:
    figures = named(tmp_path, "城市低保人均月支出", "12", "人")
    assert figures.figures["level.urban_dibao"].label == "城市低保人均月支出（计算）"
    assert "claims.level.urban_dibao" not in figures.figures


def test_two_rows_of_one_name_are_still_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="城市低保累计支出”与data"):
        named(tmp_path, "城市低保累计支出", "1", "万元")


def test_a_new_indicator_breaks_no_released_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later version computes something that the county has called by that name for years."""
    edition = 2
    before = load(ROOT, 2020, edition)
    label, address = "专项治理清退人数", Address.of("planted", "clearance")
    assert before.named(label) is not None
    definition = Definition("planted", "清退人数", "人", "…", "…", "…", "…")

    def later(_: object) -> Iterator[Indicator]:
        yield Indicator(definition, address, label, "人", Reference.to("people", "urban_dibao"))

    monkeypatch.setattr(COMPUTE, "FAMILIES", (*indicators.FAMILIES, later))
    vars(COMPUTE)["_examined"].cache_clear()
    after = load(ROOT, 2020, edition)
    vars(COMPUTE)["_examined"].cache_clear()
    assert after.figures[address].label == f"{label}（计算）"
    assert {a: f.text for a, f in before.figures.items()} == {
        a: after.figures[a].text for a in before.figures
    }
    kept = read_frozen(ROOT, 2020, edition)
    changed = [one for one in revisions(after, kept, edition) if one.old is not None]
    assert changed == []
