"""Fixtures: the real project, copied so that a test may damage it, and its book, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import opened_browser, served
from click.testing import CliRunner
from filelock import FileLock
from hypothesis import settings
from projects import ROOT, built, copy_project
from reports import ReportFile
from xdist.scheduler import LoadFileScheduling

from evalbook.cli import main
from evalbook.figures import FigureSet, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser
    from projects import Command
    from xdist.remote import Producer


# A busy machine is slow, and no test is about time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class WholeFiles(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """The tests of a file run in one worker, with what the file builds, and all notebooks in one.

    nbval's kernels look for free ports before they take them: two that start at the same time may find the same.
    pytest-xdist's own groups (``loadgroup``) are not kept under pytest 9.2 (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return file if file.endswith(".py") else "notebooks"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeFiles:
    """Asked by pytest-xdist when there are workers."""
    return WholeFiles(config, log)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may damage."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def figures() -> FigureSet:
    """Figures of the real 2020 data."""
    return load(ROOT, 2020)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """HTML of the real project, built once for all tests of all workers."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # the run's own, of which every worker has a part
    project = folder / "site" / "project"
    with FileLock(folder / "site.lock"):
        html = project / "book" / "_build" / "html"
        return html if html.exists() else built(copy_project(project))


@pytest.fixture(scope="session")
def report(site: Path) -> ReportFile:
    """PDF of the real 2020 report, taken apart once."""
    return ReportFile(site.parent / "pdf" / "report-2020.pdf")


@pytest.fixture
def evalbook(project: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, run in the copied project."""
    monkeypatch.chdir(project)
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
