"""Fixtures, named by the county that they hang on.

``base`` is the invented base county, for what the tool does with any; ``signed_2020`` is 桃江县 with its report of 2020 as
signed, for what is true of that report. Both are copies, which a test may damage. Figures and book of 2020 are made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import opened_browser, served
from click.testing import CliRunner
from filelock import FileLock
from hypothesis import settings
from projects import ROOT, as_signed, built, copy_base, copy_taojiang
from reports import ReportFile

from evalbook.cli import main
from evalbook.figures import FigureSet, load
from evalbook.scoring import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from projects import Command


pytest_plugins = ["notebook_gate"]

# An example that takes long on a busy machine is no fault: two workers share two cores with builds and browsers.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the base county, whose only year is 2023."""
    return copy_base(tmp_path / "base")


@pytest.fixture
def signed_2020(tmp_path: Path) -> Path:
    """A copy of the project of 桃江县, its report of 2020 as signed."""
    return as_signed(copy_taojiang(tmp_path / "project"))


@pytest.fixture(scope="session")
def figures() -> FigureSet:
    """Figures of the real 2020 data, in their newest edition, as the book shows them: each with its doubt."""
    return opened(ROOT, 2020)


@pytest.fixture(scope="session")
def signed() -> FigureSet:
    """Figures of the real 2020 data, as signed."""
    return load(ROOT, 2020, 1)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """HTML of the real project, built once for all tests of all workers."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # the run's own, of which every worker has a part
    project = folder / "site" / "project"
    with FileLock(folder / "site.lock"):
        html = project / "book" / "_build" / "html"
        return html if html.exists() else built(copy_taojiang(project))


@pytest.fixture(scope="session")
def report(site: Path) -> ReportFile:
    """PDF of the real 2020 report, taken apart once."""
    return ReportFile(site.parent / "pdf" / "report-2020.pdf")


@pytest.fixture
def evalbook(base: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, run in the base county."""
    monkeypatch.chdir(base)
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture
def evalbook_2020(signed_2020: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, run in the project of 桃江县."""
    monkeypatch.chdir(signed_2020)
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium, one for all tests."""
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Address under which the site is served."""
    with served(site) as address:
        yield address
