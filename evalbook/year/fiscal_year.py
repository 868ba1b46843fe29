"""A fiscal year: one folder under ``data/``, read whole."""

from __future__ import annotations

import calendar
import datetime
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError, Problem, Problems
from evalbook.frameworks.reader import frameworks, read_framework
from evalbook.schema.kinds import listed as listed_in
from evalbook.schema.reader import read_table, unedited
from evalbook.schema.registry_reader import read_registries
from evalbook.schema.table import WHOLE, Correction, Part, TableData
from evalbook.schema.text import link_target, project_path, quote
from evalbook.schema.unread import unread_files
from evalbook.schema.vocabulary import (
    APPROVED,
    AREA_WIDE,
    COUNTY_LEVEL,
    LOCALITY_LEVELS,
    PENDING,
    RESULTS,
)
from evalbook.shipped import FRAMEWORKS, OUTLINE, REFERENCE, layers
from evalbook.year.authority import Authority, authority_of, authority_unreleased
from evalbook.year.chapters import PROSE, chapter_files, read_chapters
from evalbook.year.corrections import corrected_tables, corrected_text, correction_problems, corrections_of
from evalbook.year.evaluation import evaluation_problems
from evalbook.year.ledger import (
    FROZEN,
    LEDGER,
    Edition,
    is_as_released,
    read_ledger,
    released_digits,
    standing,
    unknown_edition,
    with_released_digits,
)
from evalbook.year.project import PROJECT_FILE, newest_before, stray_folders, year_folder, years
from evalbook.year.rows import (
    month_problems,
    parted,
    settled,
    undivided_problems,
    unknown_places,
    within_problems,
)
from evalbook.year.settings import Settings, read_settings
from evalbook.year.tables import (
    CORRECTIONS,
    TABLES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evalbook.frameworks.framework import Framework
    from evalbook.schema.reader import Edit
    from evalbook.schema.registry import Registries
    from evalbook.schema.table import Table
    from evalbook.year.narrative import Narrative

SETTINGS_FILE = "year.yml"
SIGNED_TEXT = "signed.txt"
"""File of a year's folder with the report as it was signed."""

OTHER_FILES = (PROSE, SIGNED_TEXT, LEDGER, FROZEN)
"""What a year's folder holds beside its settings and tables."""


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

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Places and periods that the tables speak of apart: places in the order of their registry, then by time."""
        found = {part for data in self.tables.values() for part in data.parts}
        order = list(self.registries.localities)

        def rank(part: Part) -> tuple[int, int, int, int]:
            place = order.index(part.locality.name) if part.locality else -1
            period = part.period
            return (place, period.year or 9999, period.first, period.last) if period else (place, 0, 0, 0)

        return tuple(sorted(found, key=rank))

    def seen_as(self, part: Part) -> FiscalYear:
        """The year as if one of its :attr:`parts` were the whole: its rows, its months, its name for limits.

        Of the standards, those that hold in it too (:func:`lenders`) stand behind its own.
        """
        tables = {name: replace(data, rows=data.of(part), apart=()) for name, data in self.tables.items()}
        for name in LENT:
            data, own = self.tables[name], tables[name]
            for lender in lenders(part):
                said = {data.table.address(row) for row in own.rows}
                given = data.rows if lender.is_whole else data.of(lender)
                lacking = (
                    row
                    for row in given
                    if row.said("measure") not in RESULTS and data.table.address(row) not in said
                )
                own = replace(own, rows=(*own.rows, *lacking))
            tables[name] = own
        return replace(self, settings=_of_part(self.settings, part), tables=tables, narrative={})

    @property
    def pending_chapters(self) -> tuple[str, ...]:
        """Titles of chapters whose text is still that of the year before."""
        return tuple(prose.title for prose in self.narrative.values() if prose.pending)

    @property
    def names(self) -> tuple[str, ...]:
        """Texts in which digits are no figures: registered names, and what the year declares."""
        return _names(self.registries, self.tables["plain"])

    @property
    def standing(self) -> tuple[Edition, ...]:
        """Editions that nobody has taken back."""
        return standing(self.ledger)

    @property
    def edition(self) -> int:
        """Number of the edition that this is, or is to become."""
        return self.released.number if self.released else len(self.ledger) + 1

    @property
    def authority(self) -> Authority:
        """Who stands behind it."""
        if self.released:
            return authority_of(self.released)
        return authority_unreleased(self.settings, self.standing)

    @property
    def status(self) -> str:
        """Who stands behind it, in one word for readers (:data:`.authority.STATES`)."""
        return self.authority.state

    @property
    def signed_date(self) -> datetime.date | None:
        """Day on which the bureau signed the report that the year was entered from; None before that."""
        return self.settings.report_date if self.settings.status == APPROVED else None

    @property
    def signed_edition(self) -> int | None:
        """Edition whose signed text the year's folder holds; None where nobody signed one, or it may be another by now."""
        signed = self.root / "data" / str(self.settings.year) / SIGNED_TEXT
        if not self.released or not signed.is_file() or link_target(self.root, signed):
            return None
        approved = [edition for edition in self.standing if authority_of(edition).approved]
        owner = next((e for e in reversed(approved) if e is approved[0] or SIGNED_TEXT in e.changes), None)
        later = [edition for edition in self.standing if owner and edition.number > owner.number]
        return (
            owner.number if owner and not any(SIGNED_TEXT in edition.changes for edition in later) else None
        )

    @cached_property
    def contents(self) -> str:
        """Hash of everything that the year is read from."""
        return contents_hash(self.root, self.settings.year)

    @property
    def file_date(self) -> datetime.date:
        """Date that files made from the year bear: of the edition, of the approved report, else of its data."""
        if self.released:
            return self.released.date
        return self.authority.date or self.settings.period_end


OWN_STANDARDS = LOCALITY_LEVELS[: LOCALITY_LEVELS.index(COUNTY_LEVEL) + 1]
"""Levels of places that set standards of their own (《社会救助暂行办法》第十条)."""

LENT = ("standards", "tiers")
"""Tables whose rows hold in a part of the year until it has its own."""


def lenders(part: Part) -> tuple[Part, ...]:
    """Parts whose standards hold in a part too, the nearest first: its place's, then the county's in a township.

    Those of a city hold in none of its counties, which set their own.
    """
    if part.period and part.period.year:  # of another year, whose standards this one does not have
        return ()
    nearest = (replace(part, period=None),) if part.period and part.locality else ()
    return (*nearest, WHOLE) if part.locality is None or part.locality.level not in OWN_STANDARDS else nearest


def _of_part(settings: Settings, part: Part) -> Settings:
    """Settings with the months of a part, and with the place whose limits hold there."""
    if part.period:
        year = part.period.year or settings.year
        last = calendar.monthrange(year, part.period.last)[1]
        settings = replace(
            settings,
            period_start=datetime.date(year, part.period.first, 1),
            period_end=datetime.date(year, part.period.last, last),
        )
    if part.locality and part.locality.level in OWN_STANDARDS:
        settings = replace(
            settings,
            city=settings.county,
            county=part.locality.name,
            place_class=part.locality.place_class,
        )
    return settings


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
    """SHA-256 of everything that a year is read from: its folder, the newest earlier one, registries and frameworks."""
    digest = hashlib.sha256(str(years(root)).encode())
    folders = [folder for name in (REFERENCE, FRAMEWORKS, OUTLINE) for folder in layers(root, name)]
    folders += [root / "data" / str(newest_before(root, year)), root / "data" / str(year)]
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
    if edition is not None and edition not in {one.number for one in standing(ledger)}:
        raise EvalbookError(unknown_edition(year, edition, ledger))
    ledger = ledger[:edition]
    registries, problems, notices = read_registries(root)
    if problems:  # without them every programme and unit of the year would be reported as unknown
        return Reading(None, tuple(problems), tuple(notices))
    settings, more, told = read_settings(root, folder / "year.yml", year)
    problems += [*broken, *more]
    notices += told

    unread, digits = (
        unread_files(root, folder, TABLES, SETTINGS_FILE, OTHER_FILES),
        released_digits(root, year, ledger),
    )

    def read(table: Table, edit: Edit) -> TableData:
        path = folder / f"{table.name}.csv"
        if not table.required and not path.exists() and project_path(root, path) not in unread.lacking:
            return TableData(table, project_path(root, path), {}, ())
        data, more, told = read_table(root, path, table, registries, edit)
        data, twice = settled(data, settings, registries)
        problems.extend([*more, *twice])
        notices.extend(told)
        return with_released_digits(data, digits)

    listed, corrections = _chosen_corrections(read(CORRECTIONS, unedited), edition)
    recorded = [None if one.withdrawn else one.corrections for one in ledger]
    broken = correction_problems(listed, corrections, recorded)
    problems += [*broken, *_unknown_files(root, year, listed.file, corrections)]
    wrong = {problem.row for problem in broken}  # put on a table, it would only bring forth more problems

    def edit(name: str, text: str) -> tuple[str, list[Problem]]:
        path = name.removeprefix(f"{project_path(root, folder)}/")
        mine = [c for c in corrections if c.of_text and c.subject == path and c.row not in wrong]
        return corrected_text(text, listed.file, mine)

    tables = {table.name: listed if table is CORRECTIONS else read(table, edit) for table in TABLES}
    tables, more = corrected_tables(tables, listed.file, corrections, registries)
    problems += more
    tables = {name: parted(data) for name, data in tables.items()}

    chosen = settings.frameworks if settings else ()
    used, more, told = _read_frameworks(root, f"{project_path(root, folder)}/year.yml", chosen, registries)
    problems += more
    notices += told
    problems += evaluation_problems(tables, used, chosen) if settings else []

    released = standing(ledger)[-1] if standing(ledger) else None
    begun = released and any(correction.edition > released.number for correction in corrections)
    if (
        released
        and edition is None
        and (begun or not is_as_released(root, year, released, tables.values(), digits))
    ):
        released = None
    names, omitted = _names(registries, tables["plain"]), settings.omitted if settings else ()
    narrative, more, told = read_chapters(root, year, names, edit, omitted, released=released is not None)
    notices += [
        *told,
        *_unused_texts(tables["plain"], narrative.values()),
        *unknown_places(tables["actions"], narrative),
    ]
    problems += [
        *more,
        *month_problems(tables, settings),
        *(p for name in ("funds", "spending", "people") for p in within_problems(tables[name])),
        *undivided_problems(tables["funds"]),
    ]
    if settings and settings.status == APPROVED:
        problems += _pending_problems(project_path(root, folder / "year.yml"), tables, narrative)
    problems, notices = unread.with_others(problems), [*notices, *unread.notices, *stray_folders(root)]
    if settings is None:
        return Reading(None, tuple(problems), tuple(notices))
    notices += [
        *_unused_limits(registries, settings),
        *_unknown_classes(registries, settings),
        *_without_minimums(registries, settings, tables["standards"]),
    ]
    found = FiscalYear(
        root, settings, registries, tables, narrative, tuple(used.values()), ledger, released, corrections
    )
    return Reading(found, tuple(problems), tuple(notices))


def _names(registries: Registries, declared: TableData) -> tuple[str, ...]:
    return (*registries.terms, *(row.said("text") for row in declared.rows if row.said("text")))


def _unused_texts(declared: TableData, narrative: Iterable[Narrative]) -> list[str]:
    """Declared texts that no chapter has."""
    written = "\n".join(text for prose in narrative for text in prose.texts())
    return [
        f"{declared.file} 第{row.number}行：正文里没有{quote(row.said('text'))}这几个字，这一行可以删去。"
        for row in declared.rows
        if row.said("text") not in written
    ]


def _unused_limits(registries: Registries, settings: Settings) -> list[str]:
    """Limits of the project's own for places that it does not lie in."""
    here = {AREA_WIDE, settings.province, settings.city, settings.county, *registries.localities}
    return [
        f"{REFERENCE}/limits.csv 第{limit.row}行：地区{quote(limit.area)}不是本县、本市、本省，也不是{AREA_WIDE}，没有用。"
        for limit in registries.limits
        if limit.own and limit.area not in here
    ]


def _without_minimums(registries: Registries, settings: Settings, standards: TableData) -> list[str]:
    """That no minimum standard of the county, its city or province is known for a year that states standards."""
    here = {settings.province, settings.city, settings.county}
    if not standards.rows or any(
        limit.measure == "standard" and limit.area in here
        for limit in registries.limits
        if limit.held(settings.period_start, settings.period_end)
    ):
        return []
    return [
        f"{REFERENCE}/limits.csv：{settings.province}{settings.year}年的最低标准没有登记，没有检查各项标准是否达到；"
        "查到省里的文件以后，加一行。"
    ]


def _unknown_classes(registries: Registries, settings: Settings) -> list[str]:
    """Classes of places that the limits of the province do not have."""
    classes = (limit.place_class for limit in registries.limits if limit.area == settings.province)
    known = list(dict.fromkeys(filter(None, classes)))
    said = {f"data/{settings.year}/year.yml": settings.place_class}
    said |= {
        f"{REFERENCE}/places.csv {place.name}": place.place_class for place in registries.localities.values()
    }
    have = f"只有{'、'.join(known)}" if known else "没有分类"
    return [
        f"{where}：地区类别{quote(name)}，参考界限表里{settings.province}{have}，这个类别没有用。"
        for where, text in said.items()
        for name in listed_in(text)
        if name not in known
    ]


def _chosen_corrections(data: TableData, edition: int | None) -> tuple[TableData, tuple[Correction, ...]]:
    """Rows of ``corrections.csv`` up to an edition."""
    corrections = tuple(c for c in corrections_of(data) if edition is None or c.edition <= edition)
    numbers = {correction.row for correction in corrections}
    rows = tuple(row for row in data.rows if edition is None or row.number in numbers)
    return replace(data, rows=rows), corrections


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
    settings, _, _ = read_settings(root, root / "data" / str(year) / "year.yml", year)
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


def _pending_problems(
    file: str, tables: Mapping[str, TableData], narrative: Mapping[str, Narrative]
) -> list[Problem]:
    count = sum(bool(row.said("pending")) for data in tables.values() for row in data.every)
    count += sum(prose.pending for prose in narrative.values())
    if not count:
        return []
    found = f"写的是“{APPROVED}”，还有{count}处{PENDING}"
    return [Problem(file, 0, "数据状态", found, f"全部核对以后才写“{APPROVED}”", "核对完再改状态")]
