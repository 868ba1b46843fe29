"""A new year's folder: from the nearest one (structure stays, figures go, dates move), or from the outline of a report."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError, InputError
from evalbook.schema.kinds import TEXT, Period
from evalbook.schema.settings import written
from evalbook.schema.table import TableData
from evalbook.schema.text import project_path, read_text
from evalbook.schema.vocabulary import ALL_MONEY, CLAIM_PREFIX, DRAFT, PENDING
from evalbook.shipped import OUTLINE, nearest
from evalbook.year.corrections import corrected_text
from evalbook.year.fiscal_year import FiscalYear, read_year
from evalbook.year.narrative import PENDING_LINE, Section
from evalbook.year.placements import is_placement
from evalbook.year.project import PROJECT_FILE, read_project, years
from evalbook.year.tables import (
    CALENDAR,
    CORRECTIONS,
    DEVIATIONS,
    EVIDENCE,
    IDENTITY,
    SETTINGS,
    TABLES,
    TARGETS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalbook.year.project import Project
    from evalbook.year.settings import Settings

CARRIED = (f"{PENDING_LINE}沿用", f"{PENDING_LINE}下一段写的是")
"""Marks of what was carried over; others ask for what is still to be written, and stay."""

IDENTITY_OF_A_YEAR = tuple(column for column in SETTINGS if column.name in {key.name for key in IDENTITY})

OF_THE_REPORT = {
    "claims",
    "explanations",
    EVIDENCE.name,
    DEVIATIONS.name,
    CORRECTIONS.name,
    CALENDAR.name,
}
"""Tables that speak of one signed report and its figures, or of one year's proof."""

OF_A_TARGET = {"framework", "indicator", "comparison", "unit"}
"""What stays of a target: value, days and document are approved anew every year."""

FIRST_FRAMEWORKS = ("finance-2020",)
"""What every project of a budget is evaluated by, until the county chooses others."""

DOCUMENT_NUMBER = r"[〔\[［（(]\s*\d{4}\s*[〕\]］）)]\s*第?\s*\d+\s*号"
NUMBERED_DOCUMENT = rf"(?:《[^《》]*》[（(][^《》]{{0,20}}?)?{DOCUMENT_NUMBER}"
"""Number of a document, and the title before it: it was issued once, whatever year it speaks of."""


@dataclass(frozen=True)
class NewYear:
    """What was made, and what is left to do.

    Attributes
    ----------
    folder : Path
        The new year's folder.
    source : int or None
        Year that it was made from; None for the first year of a project.
    to_fill, to_confirm : dict of str to int
        Empty figures and carried-over rows or texts, by file.
    """

    folder: Path
    source: int | None
    to_fill: dict[str, int]
    to_confirm: dict[str, int]


def new_year(root: Path, year: int) -> NewYear:
    """Make the folder of a new fiscal year from the last one before it; of an early one from the next after it.

    Programmes, structure, prose, places of tables and charts, and documents are carried over and marked 待确认, each
    paragraph by itself; figures, their sources, notes and flags, the claims of the signed report and the report's
    date and grade are left out; the year that the prose and the undated titles speak of moves along. Frameworks and
    the indicators that have targets stay; values and days of the targets, evidence and deviations are the new year's
    own. The first year of a project gets empty tables and the outline of a report.

    Raises
    ------
    EvalbookError
        The year exists already, or nobody knows whose project it is.
    InputError
        The files of the year that it is made from cannot be used.
    """
    folder = root / "data" / str(year)
    if folder.exists():
        raise EvalbookError(f"data/{year} 已经有了，没有改动它。要重新开始，请先把这个文件夹移到别处。")
    source = source_of(root, year)
    reading = read_year(root, source) if source else None
    if reading and (reading.problems or reading.year is None):
        raise InputError(reading.problems)
    project, problems, _ = read_project(root)
    if problems:
        raise InputError(tuple(problems))

    to_fill: dict[str, int] = {}
    to_confirm: dict[str, int] = {}
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root / "data", prefix=".new-") as scratch:
        made = Path(scratch) / str(year)
        (made / "narrative").mkdir(parents=True)
        settings, prose = _first(root, project, year)
        tables = {table.name: TableData(table, "", {}, ()) for table in TABLES}
        if reading and reading.year:
            settings = _moved_settings(reading.year.settings, year, project)
            tables = {**reading.year.tables}
            prose = {name: _prose(root, name, year, reading.year) for name in reading.year.narrative}
        _write(made / "year.yml", _settings_text(settings))
        for name, data in tables.items():
            text, empty, carried = _table(data, source or year, year)
            _write(made / f"{name}.csv", text, bom=True)
            to_fill |= {f"data/{year}/{name}.csv": empty} if empty else {}
            to_confirm |= {f"data/{year}/{name}.csv": carried} if carried else {}
        for name, text in prose.items():
            _write(made / "narrative" / f"{name}.md", text)
            to_confirm[f"data/{year}/narrative/{name}.md"] = 1
        shutil.move(made, folder)
    return NewYear(folder, source, to_fill, to_confirm)


def source_of(root: Path, year: int) -> int | None:
    """Year that a new one is made from: the last before it, else the first after it; None where there is none."""
    earlier = [other for other in years(root) if other < year]
    later = [other for other in years(root) if other > year]
    return max(earlier) if earlier else min(later, default=None)


def missing_between(root: Path, year: int) -> tuple[int, ...]:
    """Years without a folder between a new one and the one that it is made from."""
    source = source_of(root, year)
    return tuple(range(min(source, year) + 1, max(source, year))) if source else ()


def _first(root: Path, project: Project | None, year: int) -> tuple[dict[str, str], dict[str, str]]:
    """Keys of ``year.yml`` and prose of the first year."""
    if project is None:
        raise EvalbookError(f"{PROJECT_FILE} 里没有写这是哪个县的项目。新建项目请运行：evalbook init 文件夹")
    settings = {
        "year": str(year),
        "title": _items((f"{project.county}{year}年度困难群众救助资金", "绩效自评报告")),
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31",
        "status": DRAFT,
        "frameworks": _items(FIRST_FRAMEWORKS),
    }
    outline = sorted(nearest(root, OUTLINE).glob("*.md"))
    return settings, {path.stem: read_text(root, path)[0] for path in outline}


def _write(path: Path, text: str, *, bom: bool = False) -> None:
    path.write_text(text, encoding="utf-8-sig" if bom else "utf-8", newline="")


def moved(text: str, source: int, year: int, fixed: tuple[str, ...] = ()) -> str:
    """Move the fiscal year that a text speaks of; document numbers and ``fixed`` titles stay."""
    stay = re.compile("|".join([NUMBERED_DOCUMENT, *(re.escape(title) for title in fixed if title)]))
    kept = [match.span() for match in stay.finditer(text)]

    def move(match: re.Match[str]) -> str:
        inside = any(start <= match.start() < end for start, end in kept)
        return match[0] if inside else str(int(match[0]) + year - source)

    # The report is written in the year after: both the fiscal year and that year move.
    return re.sub(rf"(?<!\d)(?:{source}|{source + 1})(?=\s*(?:[—–~～至到-]+\s*\d{{4}}\s*)?年)", move, text)


def _moved_settings(settings: Settings, year: int, project: Project | None) -> dict[str, str]:
    """Keys of ``year.yml`` for another year; whose it is where no ``project.yml`` says so."""
    delta = year - settings.year
    # What bore a former name then bears the present one now.
    county = project.county if project else settings.county
    titles = (line.replace(settings.county, county) for line in settings.title)
    kept = {
        column.name: written(str(getattr(settings, column.name)))
        for column in SETTINGS
        if column.kind is TEXT or (project is None and column in IDENTITY_OF_A_YEAR)
        if getattr(settings, column.name)
    }
    return kept | {
        "year": str(year),
        "title": _items(moved(line, settings.year, year) for line in titles),
        "period_start": settings.period_start.replace(year=settings.period_start.year + delta).isoformat(),
        "period_end": _later(settings, delta),
        "status": DRAFT,
        "claimed_grade": "",
        "small_count": str(settings.small_count or ""),
        "money_told": "" if settings.money_told == ALL_MONEY else settings.money_told,
        "frameworks": _items(settings.frameworks),
        "omitted": _items(settings.omitted),
        "goal": "",
    }


def _items(texts: Iterable[str]) -> str:
    return "".join(f"\n  - {written(text)}" for text in texts) or "[]"


def _settings_text(values: Mapping[str, str]) -> str:
    lines = ["# 本年度的基本信息。冒号后留一个空格；暂时没有的留空。"]
    lines += [
        f"{column.heading}: {values.get(column.name, '')}".replace(": \n", ":\n").rstrip()
        for column in SETTINGS
        if column not in IDENTITY_OF_A_YEAR or column.name in values
    ]
    return "\n".join(lines) + "\n"


def _later(settings: Settings, delta: int) -> str:
    end = settings.period_end
    try:
        return end.replace(year=end.year + delta).isoformat()
    except ValueError:  # 29 February
        return end.replace(year=end.year + delta, day=28).isoformat()


def _table(data: TableData, source: int, year: int) -> tuple[str, int, int]:
    """Text of a table for the new year, empty figures, and rows to be confirmed."""
    columns = data.table.columns
    kept = {column.name for column in columns if column.required} | set(data.table.key)
    kept |= {"chapter", "programme", "issuer", "title", "number", "year", "unit"}
    kept |= {"within", "relation", "target", "marks"}
    rows = data.every if data.table.name not in OF_THE_REPORT else ()
    if data.table.name == TARGETS.name:
        kept = OF_A_TARGET
        # An indicator whose target changed within the year has several rows.
        rows = tuple({(row.said("framework"), row.said("indicator")): row for row in rows}.values())
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.heading for column in columns])
    for row in rows:
        cells = {name: text if name in kept else "" for name, text in row.texts.items()}
        cells["pending"] = PENDING
        if month := row.parsed(Period, "month"):
            cells["month"] = str(month.first)
        if not row.texts.get("number"):
            cells |= {
                name: moved(cells[name], source, year)
                for name in ("title", "measure", "text")
                if name in cells
            }
        writer.writerow([cells[column.name] for column in columns])
    to_fill = data.table.states_figures or data.table.name == TARGETS.name
    marked = any(column.name == "pending" for column in columns)
    return stream.getvalue(), len(rows) if to_fill else 0, len(rows) if marked else 0


def _prose(root: Path, name: str, year: int, read: FiscalYear) -> str:
    """Prose for the new year, with what was put right since, marked as carried over: whole, and paragraph by paragraph.

    Which paragraph states a result no list of words tells. A mark names the year that a paragraph was written for.
    """
    source = read.settings.year
    path = root / "data" / str(source) / "narrative" / f"{name}.md"
    text, _, _ = read_text(root, path)
    subject = f"narrative/{path.name}"
    text, _ = corrected_text(text, "", (c for c in read.corrections if c.subject == subject))
    dated = tuple(row.texts["title"] for row in read.tables["documents"].rows if row.texts["number"])
    # The new report states no totals yet: its prose takes them from the computed figures.
    text = text.replace(f"{{figure}}`{CLAIM_PREFIX}", "{figure}`")
    lines, written = [f"{CARRIED[0]}{project_path(root, path)}的文字，核对后删去这一行。", ""], str(source)
    sections = iter(read.narrative[name].sections)

    def place() -> None:
        """Write what the outline places at the end of a section of prose that says nothing about it."""
        for placement in next(sections, Section("", ())).placements:
            if not placement.line:
                lines.extend([*([""] if lines[-1] else []), str(placement), ""])

    for line in text.strip().splitlines():
        if line.startswith("## "):
            place()
        if earlier := re.match(rf"{CARRIED[1]}(\d{{4}})", line):
            written = earlier[1]
        elif not line.startswith(CARRIED[0]) and (line.strip() or lines[-1]):
            if line.strip() and not line.startswith(("#", PENDING_LINE)) and not is_placement(line.strip()):
                lines.append(f"{CARRIED[1]}{written}年度的，改成{year}年度的以后删去这一行。")
                written = str(source)
            lines.append(moved(line, source, year, dated))
    place()
    return "\n".join(lines).rstrip() + "\n"
