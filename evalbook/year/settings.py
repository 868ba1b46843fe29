"""``year.yml``: what a year is, how far its report has come, and whose it is."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.errors import Problem, Problems
from evalbook.schema.kinds import TEXT
from evalbook.schema.settings import load_mapping, read_keys
from evalbook.schema.text import project_path
from evalbook.schema.vocabulary import ALL_MONEY, APPROVED
from evalbook.year.project import identity_of, read_project
from evalbook.year.tables import MOST_OMITTED, SETTINGS

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

LISTS = {"title": 3, "frameworks": 3, "omitted": MOST_OMITTED}
"""Keys of ``year.yml`` that hold a list of so many at most."""


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
    money_told: str = ALL_MONEY
    omitted: tuple[str, ...] = ()
    place_class: str = ""

    @property
    def months(self) -> int:
        """Months of the period, both ends included."""
        start, end = self.period_start, self.period_end
        return (end.year - start.year) * 12 + end.month - start.month + 1

    @property
    def month_numbers(self) -> range:
        """The months of the period by their numbers."""
        return range(self.period_start.month, self.period_end.month + 1)


def read_settings(root: Path, path: Path, year: int) -> tuple[Settings | None, list[Problem], list[str]]:
    """Read ``year.yml``; without settings where it cannot be used, with everything to mend and to know."""
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
    texts["money_told"] = cells["money_told"] or ALL_MONEY
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
    if settings.status == APPROVED and not settings.report_date:
        found, remedy = f"写的是“{APPROVED}”，却没有报告日期", "补上报告日期，或把状态改回来"
        problems.add(0, "数据状态", found, f"签发以后才写“{APPROVED}”", remedy)
    return problems
