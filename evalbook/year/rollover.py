"""The next year's folder, made from the last one: structure stays, figures go, dates move."""

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
from evalbook.schema.settings import written
from evalbook.schema.text import project_path, read_text
from evalbook.schema.vocabulary import CLAIM_PREFIX, PENDING, STATUSES
from evalbook.year.corrections import corrected_text
from evalbook.year.fiscal_year import FiscalYear, Settings, read_year
from evalbook.year.narrative import PENDING_LINE
from evalbook.year.project import years
from evalbook.year.tables import CALENDAR, CORRECTIONS, DEVIATIONS, EVIDENCE, SETTINGS, TARGETS

if TYPE_CHECKING:
    from evalbook.schema.table import TableData

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

DOCUMENT_NUMBER = r"[〔\[［（(]\s*\d{4}\s*[〕\]］）)]\s*第?\s*\d+\s*号"


@dataclass(frozen=True)
class NewYear:
    """What was made, and what is left to do.

    Attributes
    ----------
    folder : Path
        The new year's folder.
    source : int
        Year that it was made from.
    to_fill, to_confirm : dict of str to int
        Empty figures and carried-over rows or texts, by file.
    """

    folder: Path
    source: int
    to_fill: dict[str, int]
    to_confirm: dict[str, int]


def new_year(root: Path, year: int) -> NewYear:
    """Make the folder of a new fiscal year.

    Programmes, structure, prose and documents are carried over and marked 待确认; figures, their sources,
    notes and flags, the claims of the signed report and the report's date and grade are left out; the
    year that the prose and the undated titles speak of moves along. Frameworks and the indicators that have
    targets stay; values and days of the targets, evidence and deviations are the new year's own.

    Raises
    ------
    EvalbookError
        The year exists already, or there is no earlier one.
    InputError
        The last year's files cannot be used.
    """
    folder = root / "data" / str(year)
    if folder.exists():
        raise EvalbookError(f"data/{year} 已经有了，没有改动它。要重新开始，请先把这个文件夹移到别处。")
    earlier = [other for other in years(root) if other < year]
    if not earlier:
        raise EvalbookError(f"没有早于 {year} 的年度可以沿用。请先录入一个年度。")
    source = max(earlier)
    reading = read_year(root, source)
    if reading.problems or reading.year is None:
        raise InputError(reading.problems)

    to_fill: dict[str, int] = {}
    to_confirm: dict[str, int] = {}
    with tempfile.TemporaryDirectory(dir=root / "data", prefix=".new-") as scratch:
        made = Path(scratch) / str(year)
        (made / "narrative").mkdir(parents=True)
        _write(made / "year.yml", _settings(reading.year.settings, year))
        for name, data in reading.year.tables.items():
            text, empty, carried = _table(data, source, year)
            _write(made / f"{name}.csv", text, bom=True)
            to_fill |= {f"data/{year}/{name}.csv": empty} if empty else {}
            to_confirm |= {f"data/{year}/{name}.csv": carried} if carried else {}
        for name in reading.year.narrative:
            path = root / "data" / str(source) / "narrative" / f"{name}.md"
            _write(made / "narrative" / f"{name}.md", _prose(root, path, source, year, reading.year))
            to_confirm[f"data/{year}/narrative/{name}.md"] = 1
        shutil.move(made, folder)
    return NewYear(folder, source, to_fill, to_confirm)


def _write(path: Path, text: str, *, bom: bool = False) -> None:
    path.write_text(text, encoding="utf-8-sig" if bom else "utf-8", newline="")


def moved(text: str, source: int, year: int, fixed: tuple[str, ...] = ()) -> str:
    """Move the fiscal year that a text speaks of; document numbers and ``fixed`` titles stay."""
    stay = re.compile("|".join([DOCUMENT_NUMBER, *(re.escape(title) for title in fixed if title)]))
    kept = [match.span() for match in stay.finditer(text)]

    def move(match: re.Match[str]) -> str:
        inside = any(start <= match.start() < end for start, end in kept)
        return match[0] if inside else str(int(match[0]) + year - source)

    # The report is written in the year after: both the fiscal year and that year move.
    return re.sub(rf"(?<!\d)(?:{source}|{source + 1})(?=\s*(?:[—–~～至到-]+\s*\d{{4}}\s*)?年)", move, text)


def _settings(settings: Settings, year: int) -> str:
    delta = year - settings.year
    values = {
        "year": str(year),
        "title": "".join(f"\n  - {written(moved(line, settings.year, year))}" for line in settings.title),
        "period_start": settings.period_start.replace(year=settings.period_start.year + delta).isoformat(),
        "period_end": _later(settings, delta),
        "report_date": "",
        "status": STATUSES[0],
        "claimed_grade": "",
        "frameworks": "[]"
        if not settings.frameworks
        else "".join(f"\n  - {written(name)}" for name in settings.frameworks),
        "goal": "",
    }
    lines = ["# 本年度的基本信息。冒号后留一个空格；暂时没有的留空。"]
    for column in SETTINGS:
        value = values.get(column.name, "")
        kept = str(getattr(settings, column.name) or "") if column.name not in values else ""
        lines.append(f"{column.heading}: {written(kept) if kept else value}".rstrip())
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
    kept |= {"within", "relation", "target"}
    rows = data.rows if data.table.name not in OF_THE_REPORT else ()
    if data.table.name == TARGETS.name:
        kept = OF_A_TARGET
        # An indicator whose target changed within the year has several rows.
        rows = tuple({(row.cells["framework"], row.cells["indicator"]): row for row in rows}.values())
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.heading for column in columns])
    for row in rows:
        cells = {name: text if name in kept else "" for name, text in row.texts.items()}
        cells["pending"] = PENDING
        if not row.texts.get("number"):
            cells |= {
                name: moved(cells[name], source, year) for name in ("title", "measure") if name in cells
            }
        writer.writerow([cells[column.name] for column in columns])
    to_fill = data.table.value or data.table.name == TARGETS.name
    return stream.getvalue(), len(rows) if to_fill else 0, len(rows)


def _prose(root: Path, path: Path, source: int, year: int, read: FiscalYear) -> str:
    """Prose for the new year, with what was put right since, marked as carried over."""
    text, _, _ = read_text(root, path)
    subject = f"narrative/{path.name}"
    text, _ = corrected_text(text, "", (c for c in read.corrections if c.subject == subject))
    text = "\n".join(line for line in text.splitlines() if not line.startswith(PENDING_LINE))
    dated = (row.texts["title"] for row in read.tables["documents"].rows if row.texts["number"])
    text = moved(text, source, year, tuple(dated))
    # The new report states no totals yet: its prose takes them from the computed figures.
    text = text.replace(f"{{figure}}`{CLAIM_PREFIX}", "{figure}`")
    note = f"{PENDING_LINE}沿用{project_path(root, path)}的文字，核对后删去这一行。"
    return f"{note}\n\n{text.strip()}\n"
