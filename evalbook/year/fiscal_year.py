"""A fiscal year: one folder under ``data/``, read whole."""

from __future__ import annotations

import calendar
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError, Problem, Problems
from evalbook.frameworks.reader import frameworks, read_framework
from evalbook.schema.kinds import TEXT
from evalbook.schema.reader import read_table, unedited
from evalbook.schema.registry_reader import read_registries
from evalbook.schema.settings import load_mapping, read_keys
from evalbook.schema.table import Correction, TableData, TableRow
from evalbook.schema.text import project_path, quote, unread_files
from evalbook.schema.vocabulary import APART, AREA_WIDE, FINAL, PENDING, STATUSES
from evalbook.shipped import FRAMEWORKS, OUTLINE, REFERENCE, layers
from evalbook.year.chapters import PROSE, chapter_files, heading_words, places, read_chapters
from evalbook.year.corrections import corrected_tables, corrected_text, correction_problems, corrections_of
from evalbook.year.evaluation import evaluation_problems
from evalbook.year.ledger import FROZEN, LEDGER, Edition, inputs_hash, read_ledger, unknown_edition
from evalbook.year.project import PROJECT_FILE, identity_of, read_project, year_folder, years
from evalbook.year.tables import CORRECTIONS, MOST_OMITTED, SETTINGS, TABLES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evalbook.frameworks.framework import Framework
    from evalbook.schema.reader import Edit
    from evalbook.schema.registry import Registries
    from evalbook.schema.table import Table
    from evalbook.year.narrative import Narrative

LISTS = {"title": 3, "frameworks": 3, "omitted": MOST_OMITTED}
"""Keys of ``year.yml`` that hold a list of so many at most."""

OTHER_FILES = ("year.yml", PROSE, "signed.txt", LEDGER, FROZEN)
"""What a year's folder holds beside its tables."""


@dataclass(frozen=True)
class Settings:
    """``year.yml``: what the year is, how far its report has come, and whose it is by ``project.yml``."""

    year: int
    code: str
    province: str
    city: str
    county: str
    bureau: str
    title: tuple[str, ...]
    period_start: datetime.date
    period_end: datetime.date
    report_date: datetime.date | None
    status: str
    claimed_grade: str
    frameworks: tuple[str, ...]
    project: str
    department: str
    central_department: str
    local_department: str
    goal: str
    small_count: int | None
    omitted: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Months of the period, both ends included."""
        start, end = self.period_start, self.period_end
        return (end.year - start.year) * 12 + end.month - start.month + 1


@dataclass(frozen=True)
class FiscalYear:
    """Everything that one year's folder says in one of its editions.

    Attributes
    ----------
    root : Path
        The project.
    settings : Settings
        From ``year.yml``.
    registries : Registries
        Programmes, units and terms, common to all years.
    tables : mapping of str to TableData
        By table name; every table of the schema is present, though it may have no rows.
    narrative : mapping of str to Narrative
        By file name without ``.md``, in the order of the names, each placing its tables and charts.
    frameworks : tuple of Framework
        Scoring frameworks that the year is evaluated by.
    ledger : tuple of Edition
        Editions that were released up to this one.
    released : Edition or None
        The edition that this is; None while the year's folder is not, or no more, what was released last.
    corrections : tuple of Correction
        What this edition puts right or questions, the earliest first.
    """

    root: Path
    settings: Settings
    registries: Registries
    tables: Mapping[str, TableData]
    narrative: Mapping[str, Narrative]
    frameworks: tuple[Framework, ...] = ()
    ledger: tuple[Edition, ...] = ()
    released: Edition | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def pending_chapters(self) -> tuple[str, ...]:
        """Titles of chapters whose text is still that of the year before."""
        return tuple(prose.title for prose in self.narrative.values() if prose.pending)

    @property
    def edition(self) -> int:
        """Number of the edition that this is, or is to become."""
        return self.released.number if self.released else len(self.ledger) + 1

    @property
    def status(self) -> str:
        """Data status: of the edition; what was changed after an edition is a draft, whatever the signed report was."""
        if self.released:
            return self.released.status
        return STATUSES[0] if self.ledger else self.settings.status

    @cached_property
    def contents(self) -> str:
        """Hash of everything that the year is read from."""
        return contents_hash(self.root, self.settings.year)

    @property
    def file_date(self) -> datetime.date:
        """Date that files made from the year bear: of the edition, of the report, until that is signed of its data."""
        if self.released:
            return self.released.date
        return self.settings.report_date or self.settings.period_end


@dataclass(frozen=True)
class Reading:
    """What came of reading a year.

    Attributes
    ----------
    year : FiscalYear or None
        None when ``year.yml`` cannot be used.
    problems : tuple of Problem
        Everything to mend.
    notices : tuple of str
        Everything to know, in Chinese.
    """

    year: FiscalYear | None
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]


def contents_hash(root: Path, year: int) -> str:
    """SHA-256 of everything that a year is read from: its folder, the one of the year before, registries and frameworks."""
    digest = hashlib.sha256(str(years(root)).encode())
    folders = [folder for name in (REFERENCE, FRAMEWORKS, OUTLINE) for folder in layers(root, name)]
    folders += [root / "data" / str(year - 1), root / "data" / str(year)]
    files = [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in (root / PROJECT_FILE, *sorted(root.glob("data/*/year.yml")), *files):
        kind = path.is_symlink() and str(path.resolve())
        digest.update(f"{project_path(root, path)}\0{kind}\0".encode("utf-8", "surrogateescape"))
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"")
    return digest.hexdigest()


def read_year(root: Path, year: int, edition: int | None = None) -> Reading:
    """Read a year's folder and find everything that must be mended.

    Parameters
    ----------
    root, year
        Project and fiscal year.
    edition
        Number of a released edition; the folder as it stands, with all its corrections, when left out.

    Raises
    ------
    EvalbookError
        The year has no folder, or no such edition.
    """
    folder = year_folder(root, year)
    ledger, broken = read_ledger(root, year)
    if edition is not None and not 1 <= edition <= len(ledger):
        raise EvalbookError(unknown_edition(year, edition, ledger))
    ledger = ledger[:edition]
    registries, problems, notices = read_registries(root)
    if problems:  # without them every programme and unit of the year would be reported as unknown
        return Reading(None, tuple(problems), tuple(notices))
    settings, more, told = _read_settings(root, folder / "year.yml", year)
    problems += [*broken, *more]
    notices += told

    tables: dict[str, TableData] = {}

    def read(table: Table, edit: Edit) -> TableData:
        path = folder / f"{table.name}.csv"
        if not table.required and not path.exists():
            return TableData(table, project_path(root, path), {}, ())
        data, more, told = read_table(root, path, table, registries, edit)
        problems.extend(more)
        notices.extend(told)
        return data

    listed, corrections = _chosen_corrections(read(CORRECTIONS, unedited), edition)
    broken = correction_problems(listed, corrections, [released.corrections for released in ledger])
    problems += [*broken, *_unknown_files(root, year, listed.file, corrections)]
    wrong = {problem.row for problem in broken}  # put on a table, it would only bring forth more problems

    def edit(name: str, text: str) -> tuple[str, list[Problem]]:
        path = name.removeprefix(f"{project_path(root, folder)}/")
        mine = [c for c in corrections if c.of_text and c.subject == path and c.row not in wrong]
        return corrected_text(text, listed.file, mine)

    for table in TABLES:
        tables[table.name] = listed if table is CORRECTIONS else read(table, edit)
    tables, more = corrected_tables(tables, listed.file, corrections, registries)
    problems += more

    chosen = settings.frameworks if settings else ()
    used, more, told = _read_frameworks(root, f"{project_path(root, folder)}/year.yml", chosen, registries)
    problems += more
    notices += told
    problems += evaluation_problems(tables, used, chosen) if settings else []

    released = ledger[-1] if ledger else None
    if released and edition is None and _is_changed(root, year, released, corrections):
        released = None
    omitted = settings.omitted if settings else ()
    narrative, more, told = read_chapters(
        root, year, registries.terms, edit, omitted, released=released is not None
    )
    problems += more
    notices += told
    problems += _place_problems(tables["actions"], narrative)
    problems += [p for name in ("spending", "people") for p in _within_problems(tables[name])]
    if settings and settings.status == FINAL:
        problems += _pending_problems(project_path(root, folder / "year.yml"), tables, narrative)
    notices += unread_files(root, folder, {f"{table.name}.csv" for table in TABLES}.union(OTHER_FILES))
    if settings is None:
        return Reading(None, tuple(problems), tuple(notices))
    notices += _unused_limits(registries, settings)
    evaluated = tuple(used.values())
    found = FiscalYear(
        root, settings, registries, tables, narrative, evaluated, ledger, released, corrections
    )
    return Reading(found, tuple(problems), tuple(notices))


def _unused_limits(registries: Registries, settings: Settings) -> list[str]:
    """Limits of the project's own for places that it does not lie in."""
    here = {AREA_WIDE, settings.province, settings.city, settings.county}
    return [
        f"{REFERENCE}/limits.csv 第{limit.row}行：地区{quote(limit.area)}不是本县、本市、本省，也不是{AREA_WIDE}，没有用。"
        for limit in registries.limits
        if limit.own and limit.area not in here
    ]


def _chosen_corrections(data: TableData, edition: int | None) -> tuple[TableData, tuple[Correction, ...]]:
    """Rows of ``corrections.csv`` up to an edition."""
    corrections = tuple(c for c in corrections_of(data) if edition is None or c.edition <= edition)
    numbers = {correction.row for correction in corrections}
    rows = tuple(row for row in data.rows if edition is None or row.number in numbers)
    return replace(data, rows=rows), corrections


def _is_changed(root: Path, year: int, last: Edition, corrections: Iterable[Correction]) -> bool:
    """Whether a year's folder is no more what was released last."""
    return last.inputs != inputs_hash(root, year) or any(c.edition > last.number for c in corrections)


def _unknown_files(root: Path, year: int, file: str, corrections: Iterable[Correction]) -> list[Problem]:
    """Corrections of texts in files that are none of prose or tables."""
    known = [f"{PROSE}/{path.name}" for path in chapter_files(root, year)]
    known += [f"{table.name}.csv" for table in TABLES if table is not CORRECTIONS]
    expected = f"年度文件夹里的文件，如 {known[0]}"
    return [
        Problem(file, one.row, "对象", f"没有 {one.subject} 这个文件", expected, "核对文件名")
        for one in corrections
        if one.of_text and one.subject not in known
    ]


def chosen_frameworks(root: Path, year: int) -> tuple[str, ...]:
    """Frameworks that a year's ``year.yml`` names and that there are; none where it cannot be read."""
    settings, _, _ = _read_settings(root, root / "data" / str(year) / "year.yml", year)
    return tuple(name for name in settings.frameworks if name in frameworks(root)) if settings else ()


def _read_frameworks(
    root: Path, file: str, chosen: Iterable[str], registries: Registries
) -> tuple[dict[str, Framework], list[Problem], list[str]]:
    """Frameworks that a year names, as far as they can be used."""
    used: dict[str, Framework] = {}
    problems = Problems(file)
    notices: list[str] = []
    for name in chosen:
        if name not in frameworks(root):
            have = "、".join(frameworks(root)) or "还没有"
            found, remedy = f"没有 data/frameworks/{name}", "核对名称，或先建立这个评价框架"
            problems.add(0, "评价框架", found, f"现有的：{have}", remedy)
            continue
        framework, more, told = read_framework(root, name, registries)
        problems += more
        notices += told
        if framework:
            used[name] = framework
    return used, problems, notices


def _place_problems(data: TableData, narrative: Mapping[str, Narrative]) -> list[Problem]:
    known = [place for prose in narrative.values() if prose.title for place in places(prose)]
    expected = f"正文里的章节：{'、'.join(filter(None, known))}"
    problems = Problems(data.file)
    for row in data.rows:
        if heading_words(row.said("chapter")) not in known:
            found = f"写的是{quote(row.texts['chapter'])}，正文没有这一部分"
            problems.add(
                row.number, "章节", found, expected, "照正文标题的序号填写，括号是全角；没有序号的写标题"
            )
    return problems


def containing_rows(data: TableData, registries: Registries) -> dict[int, TableRow]:
    """Rows that are part of another row of the table, which totals count once.

    A row is part of another when its 含在 names that row's programme, or when a programme above its own is
    listed too (for the same level of government).

    Returns
    -------
    dict of int to TableRow
        The containing row, by the number of the contained one.
    """
    listed = {_place(row): row for row in data.rows if not row.said("form") and not row.said("aspect")}
    found = {}
    for row in data.rows:
        level, name = _place(row)
        said = row.said("within")
        above = [said] if said else _ancestors(name, registries)
        container = next((listed[level, other] for other in above if (level, other) in listed), None)
        if container is not None and container is not row and said != APART:
            found[row.number] = container
    return found


def _place(row: TableRow) -> tuple[object, str]:
    return row.said("level"), row.programme_name


def _ancestors(name: str, registries: Registries) -> list[str]:
    above = []
    while name and (name := registries.programmes[name].parent):
        above.append(name)
    return above


def _within_problems(data: TableData) -> list[Problem]:
    """Rows said to be contained in a row that the table does not have, or in themselves."""
    listed = {_place(row)[1] for row in data.rows}
    expected, remedy = f"本表另一行的项目，或“{APART}”", "核对名称；没有那一行的先补上，不知道的留空"
    problems = Problems(data.file)
    for row in data.rows:
        said, own = row.said("within"), _place(row)[1]
        if said not in {"", APART} and (said not in listed or said == own):
            why = "是这一行自己" if said == own else "本表没有这个项目的行"
            problems.add(row.number, "含在", f"写的是{quote(said)}，{why}", expected, remedy)
    return problems


def _pending_problems(
    file: str, tables: Mapping[str, TableData], narrative: Mapping[str, Narrative]
) -> list[Problem]:
    count = sum(bool(row.said("pending")) for data in tables.values() for row in data.rows)
    count += sum(prose.pending for prose in narrative.values())
    if not count:
        return []
    found = f"写的是“{FINAL}”，还有{count}处{PENDING}"
    return [Problem(file, 0, "数据状态", found, "全部核对以后才写“最终”", "核对完再改状态")]


def _read_settings(root: Path, path: Path, year: int) -> tuple[Settings | None, list[Problem], list[str]]:
    name = project_path(root, path)
    loaded, problems, notices = load_mapping(root, path)
    if loaded is None:
        return None, problems, notices
    cells, problems = read_keys(name, loaded, SETTINGS, LISTS)
    project, more, told = read_project(root)
    notices += told
    # What a project cannot say of itself, its years cannot either.
    identity, foreign = identity_of(root, year, cells, project) if not more else ({}, more)
    problems += foreign
    if problems:
        return None, problems, notices
    texts = {column.name: cells[column.name] or "" for column in SETTINGS if column.kind is TEXT}
    settings = Settings(**{**cells, **texts, **identity})  # type: ignore[arg-type]
    return settings, _period_problems(name, settings, year), notices


def _period_problems(name: str, settings: Settings, year: int) -> Problems:
    problems = Problems(name)
    if settings.year != year:
        found, expected = f"写的是“{settings.year}”", f"与文件夹相同的“{year}”"
        remedy = "核对这个文件夹是哪一年的，改正年度或文件夹的名称"
        problems.add(0, "年度", found, expected, remedy)
    start, end = settings.period_start, settings.period_end
    if start.day != 1 or start.year != year:
        problems.add(0, "起始日期", f"写的是“{start}”", f"{year}年某月的1日", "改正起始日期")
    if end < start or end.year != year or end.day != calendar.monthrange(end.year, end.month)[1]:
        expected = f"{year}年某月的最后一天，不早于起始日期"
        problems.add(0, "截止日期", f"写的是“{end}”", expected, "改正截止日期")
    if settings.report_date and settings.report_date < settings.period_end:
        expected = f"不早于截止日期{settings.period_end}"
        problems.add(0, "报告日期", f"写的是“{settings.report_date}”", expected, "改正日期")
    if settings.status == FINAL and not settings.report_date:
        found, remedy = f"写的是“{FINAL}”，却没有报告日期", "补上报告日期，或把状态改回来"
        problems.add(0, "数据状态", found, "签发以后才写“最终”", remedy)
    return problems
