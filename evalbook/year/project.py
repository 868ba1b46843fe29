"""A project: whose it is (``project.yml``), and which years it has."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError, Problem
from evalbook.schema.settings import load_mapping, read_keys, written
from evalbook.schema.text import clean, quote
from evalbook.shipped import REFERENCE
from evalbook.year.tables import IDENTITY, MOST_FORMER_NAMES, PROJECT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from evalbook.schema.table import Column

PROJECT_FILE = "project.yml"
PIECES = re.compile(r"\d{4}年度?|关于|[^一-鿿]")
NAMED_PLACE = re.compile(
    r"(?![一-鿿]{0,6}(?:地|社|城|辖|山|灾|园|矿)区|[一-鿿]{0,4}大中城市)"
    r"((?:(?![各及与我所级其])[一-鿿]){2,12}?(?<![县区市])(?:自治县|县|市|区|旗|州|盟))"
    r"(?=民政局|财政局|困难|社会|救助|$)"
)
"""Place that a piece of a title begins with; 各县区, 全市及所辖县区 and their like name none."""

BUREAU = re.compile("([一-鿿]{1,14}?[县区市旗])民政局(?=(.{0,12}))")
"""Bureau that a sentence names, with what it says next."""


@dataclass(frozen=True)
class Project:
    """Whose project it is.

    Attributes
    ----------
    code : str
        Code of the administrative division (GB/T 2260), six digits; may be empty.
    province, city, county, bureau : str
        Full names; the city may be empty.
    former_names : tuple of str
        Names that county and bureau had in years of the project.
    """

    code: str
    province: str
    city: str
    county: str
    bureau: str
    former_names: tuple[str, ...] = ()


def find_project(start: Path) -> Path:
    """Find the project that a folder belongs to: the nearest parent with ``project.yml`` or ``data/reference``.

    Raises
    ------
    EvalbookError
        There is none.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / PROJECT_FILE).is_file() or (folder / REFERENCE).is_dir():
            return folder
    raise EvalbookError(
        f"在 {start} 和它的上级文件夹里都找不到 {PROJECT_FILE}。请在项目文件夹里运行，或写上 --project 文件夹；"
        "还没有项目的，新建一个：evalbook init 文件夹"
    )


def years(root: Path) -> tuple[int, ...]:
    """Years that have a folder under ``data/``, ascending."""
    folder = root / "data"
    folders = [path.name for path in (folder.iterdir() if folder.is_dir() else ()) if path.is_dir()]
    return tuple(
        sorted(int(name) for name in folders if name.isascii() and name.isdigit() and len(name) == 4)
    )


def newest_before(root: Path, year: int) -> int | None:
    """Newest year before another one that has a folder, mostly that of the year before; None where there is none."""
    return max((other for other in years(root) if other < year), default=None)


def stray_folders(root: Path) -> list[str]:
    """Say in Chinese which folders under ``data/`` are meant for a year and are none; ``data/2022年`` is not read."""
    folder, told = root / "data", []
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        if not path.is_dir() or path.name.startswith(".") or path.name in map(str, years(root)):
            continue
        named = re.findall(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", unicodedata.normalize("NFKC", path.name))
        if named or (path / "year.yml").exists():
            meant = f"，应为 data/{named[0]}" if named else "，年度文件夹的名称是四位年份，如 data/2022"
            again = (
                "；已有这个文件夹，多余的请移到 data 以外" if named and int(named[0]) in years(root) else ""
            )
            told.append(f"data/{clean(path.name)}：不是年度文件夹，没有读{meant}{again}。")
    return told


def year_folder(root: Path, year: int) -> Path:
    """Folder of a year.

    Raises
    ------
    EvalbookError
        The year has no folder.
    """
    if year not in years(root):
        have = "、".join(str(other) for other in years(root)) or "还没有任何年度"
        stray = "".join(told for told in stray_folders(root) if f"data/{year}" in told)
        raise EvalbookError(
            f"没有 {year} 年度的数据文件夹 data/{year}（现有：{have}）。{stray}新建一个年度请运行：evalbook new {year}"
        )
    return root / "data" / str(year)


def read_project(root: Path) -> tuple[Project | None, list[Problem], list[str]]:
    """Read ``project.yml``.

    Returns
    -------
    tuple of (Project or None), list of Problem, list of str
        Whose project it is, None where the file is missing or cannot be used; everything to mend; everything to know.
    """
    path = root / PROJECT_FILE
    if not path.exists():
        return None, [], []
    loaded, problems, notices = load_mapping(root, path)
    if loaded is None:
        return None, problems, notices
    cells, problems = read_keys(PROJECT_FILE, loaded, PROJECT_SETTINGS, {"former_names": MOST_FORMER_NAMES})
    if problems:
        return None, problems, notices
    said = {name: str(cells[name] or "") for name in ("code", "province", "city", "county", "bureau")}
    former = cells["former_names"]
    return Project(**said, former_names=former if isinstance(former, tuple) else ()), [], notices


def project_text(project: Project) -> str:
    """Text of ``project.yml``, by which it reads back equal."""
    lines = ["# 这是谁的项目。各年度都用这里的名称。冒号后留一个空格。"]
    for column in PROJECT_SETTINGS:
        value = getattr(project, column.name)
        if isinstance(value, tuple):
            shown = "".join(f"\n  - {written(name)}" for name in value) or " []"
        else:
            shown = f" {written(value)}" if value else ""
        lines.append(f"{column.heading}:{shown}")
    return "\n".join(lines) + "\n"


def identity_of(
    root: Path, year: int, stated: Mapping[str, object], project: Project | None
) -> tuple[dict[str, str], list[Problem]]:
    """Whose a year is, by ``project.yml`` and by what the year says itself.

    Parameters
    ----------
    root, year
        Project and fiscal year.
    stated
        Keys of ``year.yml`` by English name.
    project
        Whose project it is, None where nothing says so; each year then speaks for itself, and must agree with the next.

    Returns
    -------
    tuple of dict of str to str, list of Problem
        Code, province, city, county and bureau; names that are missing, or of another county.
    """
    file = f"data/{year}/year.yml"
    own = {column.name: str(stated.get(column.name) or "") for column in IDENTITY}
    problems = []
    if project is None:
        missing = [column for column in IDENTITY if not own[column.name]]
        problems += [
            Problem(file, 0, c.heading, "没有填写", f"有内容，例如“{c.example}”", "填写这一项")
            for c in missing
        ]
        # The newest year is the one that somebody works on; those before it must be of the same county.
        later = min((other for other in years(root) if other > year), default=None)
        for column, name in _names_that_differ(root, later, own) if later and not missing else ():
            where = f"data/{later}/year.yml"
            problems.append(_foreign(file, column.heading, own[column.name], where, name))
        identity = {"code": "", "city": "", **own}
    else:
        for column in IDENTITY:
            name = getattr(project, column.name)
            if own[column.name] not in {"", name, *project.former_names}:
                problems.append(_foreign(file, column.heading, own[column.name], PROJECT_FILE, name))
        known = {"code": project.code, "city": project.city}
        identity = known | {name: value or getattr(project, name) for name, value in own.items()}
    title = stated.get("title")
    said = {"标题": "".join(map(str, title)) if isinstance(title, tuple) else ""}
    said["主管部门"] = str(stated.get("department") or "")
    # Without project.yml nobody says which of two names is the right one.
    for heading, text in said.items() if project and not problems else ():
        problems += _place_problems(file, heading, text, identity, project)
    return identity, problems


def _names_that_differ(root: Path, year: int, own: Mapping[str, str]) -> Iterator[tuple[Column, str]]:
    """What a year calls itself otherwise than some names."""
    stated = load_mapping(root, root / "data" / str(year) / "year.yml")[0] or {}
    for column in IDENTITY:
        name = stated.get(column.heading)
        if isinstance(name, str) and name.strip() not in {"", own[column.name]}:
            yield column, name.strip()


def named_otherwise(root: Path, earlier: int, own: Mapping[str, str]) -> str:
    """Name of the other county that an earlier year is of; empty where ``project.yml`` says whose the years are.

    Parameters
    ----------
    root, earlier
        Project and the earlier year.
    own
        Names of the later year, by English name.
    """
    differing = [] if (root / PROJECT_FILE).exists() else [*_names_that_differ(root, earlier, own)]
    return next((name for column, name in differing if column.name == "county"), "")


def _foreign(file: str, heading: str, found: str, where: str, expected: str) -> Problem:
    remedy = "核对这个文件夹是不是本县的，不是的移走；确是本县以前的名称，写进 project.yml 的“曾用名”"
    return Problem(file, 0, heading, f"写的是{quote(found)}", f"与 {where} 相同的{quote(expected)}", remedy)


def _place_problems(
    file: str, heading: str, text: str, identity: Mapping[str, str], project: Project | None
) -> Iterator[Problem]:
    """A title, or whoever is in charge, that names another place, and not this one."""
    county = {identity["county"], identity["bureau"], *(project.former_names if project else ())}
    places = other_places(text, county, (identity["province"], identity["city"]))
    # A city or a prefecture may be in charge of the county.
    foreign = [place for place in places if heading == "标题" or place.endswith(("县", "旗"))]
    if foreign:
        yield _foreign(file, heading, foreign[0], PROJECT_FILE, identity["county"])


def other_places(text: str, own: Collection[str], above: Collection[str]) -> list[str]:
    """Counties and cities that the pieces of a title begin with; none where it names this one.

    What is said of this county may name the city and the province around it, whether or not ``project.yml`` does.

    Parameters
    ----------
    text
        Title, or name of a bureau.
    own
        Names of the county and of its bureau.
    above
        Names of what it lies in.
    """
    if any(name in text for name in own if name):
        return []
    for name in filter(None, above):
        text = text.replace(name, "")
    return [found[1] for piece in PIECES.split(text) if (found := NAMED_PLACE.match(piece))]


def other_bureaus(text: str, own: Collection[str], counties: Collection[str]) -> list[str]:
    """Bureaus of other counties that a text names, each with a few of the words that follow.

    Parameters
    ----------
    text
        Prose, in which a name may stand behind any words.
    own
        Names of this county and of what it lies in, or consists of.
    counties
        Names of counties, by which one is known.
    """
    found = []
    for match in BUREAU.finditer(text):
        before = match[1]
        names = (before[start:] for start in range(len(before) - 2))
        named = next((name for name in names if name in own or name in counties), "")
        if named and named not in own:
            found.append(named + match[0].removeprefix(before) + match[2])
    return found
