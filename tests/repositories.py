"""A real project in a repository of its own, and a quick stand-in for the build of its editions."""

from __future__ import annotations

import csv
import html
import json
import shutil
import subprocess
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import nbformat
from projects import ROOT, copy_taojiang
from publishing import OPERATIONS, Seams, tree

from evalbook import checks, fonts, privacy, scoring
from evalbook import figures as figures_package
from evalbook.editions import frozen_text
from evalbook.figures import FigureSet, load, units
from evalbook.publish import files
from evalbook.release import Wish, planned, repository
from evalbook.release.build import edition_card
from evalbook.release.places import STORE
from evalbook.release.rebuild import Program
from evalbook.run import inspection
from evalbook.year import Narrative, Reference, files_hash, frozen_path, ledger_path

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Hashable, Iterator
    from pathlib import Path

    import pytest

    from evalbook.release.release import Release

YEAR = 2020
PERSON = "阿依古丽·买买提"
# Modules whose packages have a function of the same name.
RELEASE, ADMISSION, PLAN, COMPUTE = map(
    import_module,
    (
        "evalbook.release.release",
        "evalbook.release.admission",
        "evalbook.release.plan",
        "evalbook.figures.compute",
    ),
)

CORRECTIONS = ROOT / "data" / "2020" / "corrections.csv"
SEAMS: Seams = (*((files, name) for name in OPERATIONS), (repository, "git"))
"""Every touch of the file system that changes something while releasing, and every git command."""

ALONE = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_DATE": "2021-04-10T08:00:00+08:00",
    "GIT_COMMITTER_DATE": "2021-04-10T08:00:00+08:00",
}
"""Environment in which the same content gives the same commit, whoever runs the tests."""


def signed_project(folder: Path) -> Path:
    """Copy the project with 2020 as signed, which nobody has released."""
    project = copy_taojiang(folder)
    for name in (".gitattributes", ".gitignore"):
        shutil.copy(ROOT / name, project)
    data = project / "data" / str(YEAR)
    shutil.rmtree(data / "editions", ignore_errors=True)
    for name in ("editions.yml", "corrections.csv", "calendar.csv"):
        (data / name).unlink(missing_ok=True)
    return project


def whole_project(folder: Path) -> Path:
    """Copy the project as signed, with the program that builds it."""
    project = signed_project(folder)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "evalbook", project / "evalbook", ignore=ignored)
    for name in ("bootstrap.py", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    explain(project)
    return project


def light_project(folder: Path) -> Path:
    """Copy the project as signed, with nothing in the notebooks, which the stand-in does not run."""
    project = signed_project(folder)
    for path in (project / "notebooks").glob("*.ipynb"):
        nbformat.write(nbformat.v4.new_notebook(), path)
    for path in (project / "book" / "guide").iterdir():
        path.write_text("# 说明\n", encoding="utf-8")
    (project / "requirements.txt").write_text("pandas==2.0\n", encoding="utf-8")
    (project / "evalbook").mkdir()
    (project / "evalbook" / "__init__.py").touch()
    explain(project)
    return project


def git(project: Path, *arguments: str) -> str:
    """Output of a git command."""
    done = subprocess.run(
        ["git", *arguments], cwd=project, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


def committed(project: Path) -> Path:
    """Make a repository of a project."""
    git(project, "init", "--quiet", "--initial-branch=main")
    git(project, "add", "--all")
    commit_all(project, "Begin")
    repository.remember_releaser(project, PERSON)
    return project


def commit_all(project: Path, message: str, *options: str) -> None:
    """Commit everything, as somebody does who knows git."""
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    git(project, *who, "commit", "--quiet", "--all", "--allow-empty", f"--message={message}", *options)


# -- the stand-in


def build(copy: Path, year: int, target: Path) -> None:
    """Make a few pages and files of an edition from its real figures and texts."""
    figures = load(copy, year)
    target.mkdir(exist_ok=True)
    for name, text in contents(figures).items():
        (target / name).write_text(text, encoding="utf-8", newline="")
    card = json.dumps(edition_card(figures, target), ensure_ascii=False, indent=1)
    (target / "edition.json").write_text(card, encoding="utf-8")


def contents(figures: FigureSet) -> dict[str, str]:
    """Files of an edition by name: pages that say which it is, its texts, figures and corrections."""
    year = figures.year
    edition = year.ledger[-1]
    told = [
        f"第{edition.number}版",
        edition.kind,
        edition.status,
        edition.reason,
        edition.approver,
        *edition.changes,
    ]
    told += [f"{one.subject}：{one.original} → {one.corrected}，{one.reason}" for one in year.corrections]
    texts = [text for prose in year.narrative.values() for text in (prose.title, *paragraphs(figures, prose))]
    listed = [f"{figure.label} {figure.text} {figure.flag}" for figure in figures.figures.values()]
    pages = {
        "index.html": ("首页", told),
        "02-funds.html": ("二、资金", texts),
        "tables.html": ("数字", listed),
    }
    made = {name: page(title, paragraphs) for name, (title, paragraphs) in pages.items()}
    return {**made, f"figures-{year.settings.year}.csv": frozen_text(figures)}


def paragraphs(figures: FigureSet, prose: Narrative) -> Iterator[str]:
    """Paragraphs of a text, with its numbers."""
    for section in prose.sections:
        for pieces in section.paragraphs:
            yield "".join(
                figures.text_of(piece.name) if isinstance(piece, Reference) else str(piece)
                for piece in pieces
            )


def page(title: str, paragraphs: list[str]) -> str:
    """Page with the notice that every page of an edition carries, and a link to the others."""
    said = "".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs)
    head = f'<!DOCTYPE html><html lang="zh-CN"><title>{title}</title><h1>{title}</h1>'
    return f'{head}\n{said}<a href="index.html">首页</a></html>\n'


def shown(copy: Path, year: int) -> dict[str, str]:
    """Number and unit of every figure."""
    return {figure.address: figure.text for figure in load(copy, year).figures.values()}


STAND_IN = Program(build, shown)


def planting(name: str, content: bytes) -> Program:
    """A stand-in whose editions hold one file more, or another."""

    def planted(copy: Path, year: int, target: Path) -> None:
        build(copy, year, target)
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_bytes(content)

    return Program(planted, shown)


# -- what is done to a project


def release(project: Path, year: int, wish: Wish, program: Program) -> Release:
    """Release the next edition, whatever would be frozen."""
    return RELEASE.release(project, planned(project, year, wish), program)  # type: ignore[no-any-return]


def explain(project: Path, year: int = YEAR) -> None:
    """Explain every contradiction of a report, as who enters it as it was signed must."""
    found = scoring.evaluate(load(project, year)).findings.of(checks.ERROR)
    answer = {"说明": "照签发的报告录入", "证据": "签发的报告", "说明人": "社会救助股", "日期": "2021-03-20"}
    write_rows(project, "explanations", [{"发现编号": finding.id, **answer} for finding in found], year)


def rows() -> list[dict[str, str]]:
    """Corrections of edition 2, whatever came after it; levels are doubtful, since findings list other values of them."""
    with CORRECTIONS.open(encoding="utf-8-sig", newline="") as stream:
        listed = [row for row in csv.DictReader(stream) if row["版次"] == "2"]
    doubt = {"处理": "存疑", "更正值": "", "可核定者": "县民政局计财股，凭资金发放台账"}
    return [row | doubt if "人均救助水平" in row["对象"] else row for row in listed]


def write_rows(project: Path, table: str, written: list[dict[str, str]], year: int = YEAR) -> None:
    """Write a table of a year."""
    path = project / "data" / str(year) / f"{table}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, written[0])
        writer.writeheader()
        writer.writerows(written)


def change(project: Path, name: str, old: str, new: str) -> None:
    """Replace the one place of a text in a file of the year."""
    path = project / "data" / str(YEAR) / name
    text = path.read_bytes().decode()
    assert text.count(old) == 1, (name, old)
    path.write_bytes(text.replace(old, new).encode())


def state(project: Path) -> dict[str, object]:
    """Everything that a release leaves behind, to be compared."""
    numbers = frozen_path(project, YEAR, 0).parent
    return {
        "ledger": ledger_path(project, YEAR).read_bytes(),
        "frozen": tree(numbers),
        "kept": {path: text for path, text in tree(project / STORE).items() if path != ".lock"},
        "commit": git(project, "rev-parse", "HEAD"),
        "changed": git(project, "status", "--porcelain"),
    }


# -- pure functions are asked once


def remember(patch: pytest.MonkeyPatch) -> None:
    """Let what depends on the content of files alone be computed once for all copies of a project."""
    examine, missing_characters = figures_package.examine, fonts.missing_characters
    evaluate, scan_file = scoring.evaluate, privacy.scan_file
    known: dict[Hashable, Any] = {}

    def once(key: Hashable, function: Callable[[], Any]) -> Any:
        if key not in known:
            known[key] = function()
        return known[key]

    def data(root: Path) -> str:
        return files_hash(root, (path for path in (root / "data").rglob("*") if path.is_file()))

    def examined(root: Path, year: int, edition: int | None = None, day: datetime.date | None = None) -> Any:
        key = (data(root), year, edition, day, vars(units)["ROUND_HALF_UP"])
        figures, problems, notices = once(key, lambda: examine(root, year, edition, day))
        return figures and replace(figures, year=replace(figures.year, root=root)), problems, notices

    def evaluated(figures: FigureSet) -> Any:
        # What was computed once has one dictionary of figures, which stays known, and so does its number.
        return once(id(figures.figures), lambda: evaluate(figures))

    def scanned(name: str, content: bytes) -> Any:
        return once((name, content), lambda: scan_file(name, content))

    def missing(root: Path, year: int) -> Any:
        return once((data(root), year), lambda: missing_characters(root, year))

    for module, name, function in (
        (COMPUTE, "examine", examined),
        (inspection, "examine", examined),
        (inspection, "missing_characters", missing),
        (ADMISSION, "evaluate", evaluated),
        (PLAN, "evaluate", evaluated),
        (inspection, "evaluate", evaluated),
        (ADMISSION, "scan_file", scanned),
        (PLAN, "scan_file", scanned),
        (privacy.scan, "scan_file", scanned),
    ):
        patch.setattr(module, name, function)
