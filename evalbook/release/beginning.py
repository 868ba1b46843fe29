"""Begin a project: a folder that holds whose it is and its first year, laid out and kept in a repository."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.release import repository
from evalbook.release.build import working_book
from evalbook.schema.kinds import TEXT
from evalbook.schema.registry import Registries
from evalbook.schema.text import quote
from evalbook.year import NewYear, Project, new_year, project_text
from evalbook.year.project import PROJECT_FILE, other_places
from evalbook.year.tables import PROJECT_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalbook.schema.table import Column

REFUSED = "没有新建项目"
FULL_NAMES = {
    "province": (r"[一-鿿]{2,8}(?:省|市|自治区|兵团)", "全称，如 湖南省"),
    "city": (r"[一-鿿]{1,14}(?:市|州|盟|地区)", "全称，如 某市"),
    "county": (r"[一-鿿]{1,18}(?:县|市|区|旗|州|盟|委员会)", "县、市、区、旗的全称，如 某县"),
    "bureau": (r"[一-鿿（）()]{4,40}", "单位的全称，如 某县民政局"),
}
"""What the names of a project look like, and how a message says so."""

REPOSITORY = ".git"
LEFT_BY_SYSTEMS = {".DS_Store", "desktop.ini", "Thumbs.db"}
IGNORED = """book/
edition/
releases/
.~lock.*
~$*
"""
ATTRIBUTES = """# 哈希值按字节计算：git 不得改动行尾。
data/** -text
"""


@dataclass(frozen=True)
class Begun:
    """What was made.

    Attributes
    ----------
    folder : Path
        The project.
    year : NewYear
        Its first year.
    notice : str
        Why it is not kept in a repository, in Chinese; empty when it is.
    """

    folder: Path
    year: NewYear
    notice: str


def typed(columns: Iterable[Column], said: Mapping[str, str], refused: str, *, whole: bool) -> dict[str, str]:
    """Texts of settings, by their names, from what was typed.

    Parameters
    ----------
    columns, said
        The settings, and what was typed of them.
    refused
        Begins the message, in Chinese.
    whole
        Whether those that are required must be there.

    Raises
    ------
    EvalbookError
        With everything that the file could not hold.
    """
    nothing = Registries({}, {}, ())
    texts, faults = {}, []
    for column in columns:
        texts[column.name] = text = column.kind.normalise(said.get(column.name, ""))
        if text and not (column.kind.accepts(text, nothing) and TEXT.accepts(text, nothing)):
            faults.append(f"{column.heading}写的是{quote(text)}，应为{column.kind.expected}")
        elif not text and column.required and whole:
            faults.append(f"没有写{column.heading}，应为{column.help}，如“{column.example}”")
    if faults:
        raise EvalbookError(f"{refused}：{'；'.join(faults)}。")
    return texts


def project_of(said: Mapping[str, str]) -> Project:
    """Whose a project is, from what was typed; refused as :func:`typed` does."""
    texts = typed(PROJECT_SETTINGS, said, REFUSED, whole=True)
    for name in ("province", "city", "county", "bureau"):
        check_name(name, texts)
    return Project(texts["code"], texts["province"], texts["city"], texts["county"], texts["bureau"])


def check_name(name: str, said: Mapping[str, str]) -> None:
    """Refuse what cannot be the full name of a place or of its bureau.

    Parameters
    ----------
    name
        Of the setting.
    said
        It, and those that were typed before it.

    Raises
    ------
    EvalbookError
        With what was expected.
    """
    text, (pattern, expected) = said[name].strip(), FULL_NAMES[name]
    heading = next(column.heading for column in PROJECT_SETTINGS if column.name == name)
    if text and not re.fullmatch(pattern, text):
        raise EvalbookError(f"{REFUSED}：{heading}写的是{quote(text)}，应为{expected}。")
    places = (said.get("province", ""), said.get("city", ""))
    if name == "bureau" and (other := other_places(text, (said["county"],), places)):
        raise EvalbookError(
            f"{REFUSED}：单位{quote(text)}是{other[0]}的，县写的是{quote(said['county'])}。请核对。"
        )


def begin_project(folder: Path, project: Project, year: int) -> Begun:
    """Make a project with its first year in an empty folder, or in one that is not there yet.

    Raises
    ------
    EvalbookError
        The folder holds something, or cannot be made; it is then as it was.
    """
    refuse_full(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".evalbook-") as scratch:
        made = Path(scratch) / "project"
        made.mkdir()
        for name, text in (
            (PROJECT_FILE, project_text(project)),
            (".gitignore", IGNORED),
            (".gitattributes", ATTRIBUTES),
        ):
            (made / name).write_text(text, encoding="utf-8", newline="")
        first = new_year(made, year)
        folder.mkdir(exist_ok=True)
        for path in made.iterdir():
            path.rename(folder / path.name)
    working_book(folder)
    try:
        repository.begin(folder, f"Begin with {year}")
    except EvalbookError as error:
        return Begun(folder, first, str(error))
    return Begun(folder, first, "")


def refuse_full(folder: Path) -> None:
    """Refuse a folder in which something would be mixed with a new project.

    Raises
    ------
    EvalbookError
        There is something in it, or it is no folder.
    """
    if folder.exists() and not folder.is_dir():
        raise EvalbookError(f"{folder} 不是文件夹，没有新建项目。请换一个名称。")
    held = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    held = [name for name in held if name not in LEFT_BY_SYSTEMS]
    if any(name != REPOSITORY for name in held):
        listed = "、".join(quote(name) for name in sorted(held)[:3]) + ("等" if len(held) > 3 else "")
        raise EvalbookError(f"{folder} 里已经有东西（{listed}），没有新建项目。请换一个空文件夹。")
    outer = next((above for above in folder.resolve().parents if (above / PROJECT_FILE).is_file()), None)
    if outer:
        raise EvalbookError(
            f"{folder} 在项目 {outer} 里面，没有新建项目。再加一个年度请在那里运行：evalbook new 年度"
        )
