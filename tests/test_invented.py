"""Invented forms and years: what is wrong is found, what is right is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import invented
import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("case", invented.read("forms"), ids=lambda case: case["files"][0])
def test_forms(case: invented.Case, tmp_path: Path) -> None:
    assert not invented.wrong_in_form(case, tmp_path), case["right"]


@pytest.mark.parametrize("case", invented.read("years"), ids=lambda case: case["name"])
def test_years(case: invented.Case, tmp_path: Path) -> None:
    assert not invented.wrong_in_year(case, tmp_path), case["right"]
