"""Fonts of charts and of the PDF, and what cannot be written in them.

GB/T 9704—2012 asks for 小标宋, 仿宋, 黑体 and 楷体 (7.3), which no package carries. A Song (Noto Serif SC) and a Hei (Noto
Sans SC) from a package stand in for them. A bureau that has the fonts names them in ``_config.yml``; a folder of fonts and
the machine's own are searched for these names. No other font of the machine is ever used, so that every machine
sets the same pages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pylopdf_fonts_zh_cn
import typst
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from evalbook.errors import InputError, Problem
from evalbook.frameworks import framework_files
from evalbook.schema.registry_reader import registry_files
from evalbook.schema.text import CONTROL, project_path, read_text
from evalbook.store import environment_folder, kept
from evalbook.year import chosen_frameworks
from evalbook.year.pasted import lines_of
from evalbook.year.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PACKAGE = Path(pylopdf_fonts_zh_cn.sans_path()).parent
SONG, HEI = "Noto Serif SC", "Noto Sans SC"

ROLES = {
    "title": ("标题（小标宋）", SONG),
    "body": ("正文（仿宋）", SONG),
    "heading": ("一级标题（黑体）", HEI),
    "subheading": ("二级标题（楷体）", SONG),
    "table": ("表格和页码（宋体）", SONG),
}
"""What fonts are for, by the key in ``_config.yml``: Chinese name, and the font of the package that stands in."""

CONFIGURATION = "pdf_fonts"
FOLDER, FALLBACK = "folder", "fallback"
NAME_RECORDS = (1, 4, 16)
"""Family, full and typographic family name in the ``name`` table of a font (OpenType)."""


@dataclass(frozen=True)
class Font:
    """One font file.

    Attributes
    ----------
    family : str
        Name by which the typesetter knows it.
    version : str
        As the font states it, without the word.
    path : Path
        The file.
    characters : frozenset of int
        Code points that it has glyphs for.
    """

    family: str
    version: str
    path: Path
    characters: frozenset[int]


@dataclass(frozen=True)
class Fonts:
    """The fonts that a project uses.

    Attributes
    ----------
    roles : mapping of str to tuple of str
        Families of every role of :data:`ROLES`, in the order in which they are asked for a character; each asks all.
    files : tuple of Font
        The fonts themselves.
    """

    roles: Mapping[str, tuple[str, ...]]
    files: tuple[Font, ...]

    @cached_property
    def characters(self) -> frozenset[int]:
        """Code points that any of the fonts has."""
        return frozenset[int]().union(*(font.characters for font in self.files))

    def without_glyph(self, text: str) -> tuple[str, ...]:
        """Characters of a text that no font has, each once; line ends and control characters need no glyph."""
        return tuple(
            character
            for character in dict.fromkeys(text)
            if ord(character) not in self.characters and not CONTROL.match(character)
        )

    def words(self) -> str:
        """Say in Chinese which fonts are used for what, with their versions."""
        versions = {font.family: f"{font.family}（{font.version}）" for font in self.files}
        used: dict[str, list[str]] = {}
        for role, families in self.roles.items():
            used.setdefault(versions[families[0]], []).append(ROLES[role][0])
        said = "；".join(f"{'、'.join(roles)}用 {name}" for name, roles in used.items())
        others = "、".join(name for name in versions.values() if name not in used)
        return said + (f"；这些字体里没有的字用 {others}" if others else "")


def named(character: str) -> str:
    """Character with its code point, as a message names it."""
    return f"“{character}”（U+{ord(character):04X}）"


def load_fonts(root: Path) -> Fonts:
    """Find the fonts that a project's ``_config.yml`` names, and those of the package.

    Raises
    ------
    InputError
        Fonts or folders that are named cannot be found, or the setting is not written as it should be.
    """
    setting = _setting(root)
    folders = [root / name for name in setting.get(FOLDER, ())]
    problems = [
        _problem(f"写的文件夹 {folder} 不存在", "放字体文件的文件夹", f"改正 {FOLDER}，没有就留空")
        for folder in folders
        if not folder.is_dir()
    ]
    packaged, own = _known((PACKAGE,)), _known(tuple(folders))
    chosen = {}
    for name in dict.fromkeys(name for key, names in setting.items() if key != FOLDER for name in names):
        found = _search(name, packaged) or _search(name, own) or _search(name, _known((), machine=True))
        if found:
            chosen[name] = _font(found.family, Path(str(found.path)), found.index)
            continue
        places = "和".join((*(f"文件夹 {folder} " for folder in folders), "这台电脑"))
        problems.append(
            _problem(
                f"写的字体“{name}”在{places}里找不到",
                "字体的名称，如 仿宋 或 FangSong",
                f"核对名称，或把字体文件放进一个文件夹，把文件夹写在 {FOLDER} 里；没有这个字体就留空",
            )
        )
    if problems:
        raise InputError(tuple(problems))
    stand_ins = [_font(info.family, Path(str(info.path)), info.index) for info in packaged]
    fallback = (SONG, HEI, *(chosen[name].family for name in setting.get(FALLBACK, ())))
    every = tuple(font.family for font in chosen.values())
    roles = {}
    for role, (_, stand_in) in ROLES.items():
        first = (chosen[name].family for name in setting.get(role, ()))
        roles[role] = tuple(dict.fromkeys((*first, stand_in, *fallback, *every)))
    return Fonts(roles, tuple(dict.fromkeys((*chosen.values(), *stand_ins))))


def missing_characters(root: Path, year: int) -> tuple[Problem, ...]:
    """Characters in what a year, its frameworks and the registries say that no font has.

    Returns
    -------
    tuple of Problem
        As :func:`missing_in` gives.
    """
    folder = root / "data" / str(year)
    paths = [
        *registry_files(root),
        folder / "year.yml",
        *(folder / f"{table.name}.csv" for table in TABLES),
        *sorted((folder / "narrative").glob("*.md")),
        *(path for name in chosen_frameworks(root, year) for path in framework_files(root, name)),
    ]
    return missing_in(root, paths)


def missing_in(root: Path, paths: Iterable[Path]) -> tuple[Problem, ...]:
    """Characters in files that no font has: charts and PDF could not show them.

    Returns
    -------
    tuple of Problem
        One for each character of each line; what is wrong with the fonts themselves, if they cannot be found.
    """
    try:
        fonts = load_fonts(root)
    except InputError as error:
        return error.problems
    found = "字库里没有{}这个字，图表和 PDF 里显示不出来"
    remedy = (
        "换成通用的写法；必须用这个字的，请维护人员在 _config.yml 的 "
        f"{CONFIGURATION} 里，把有这个字的字体写进 {FALLBACK}"
    )
    return tuple(
        Problem(project_path(root, path), number, "", found.format(named(character)), "字库里有的字", remedy)
        for path in paths
        for number, line in _lines(root, path)
        for character in fonts.without_glyph(line)
    )


def _lines(root: Path, path: Path) -> Iterator[tuple[int, str]]:
    """Lines of a file by number; of prose as it is read."""
    text = read_text(root, path)[0]
    if path.suffix != ".md":
        yield from enumerate(text.split("\n"), start=1)
        return
    for line in lines_of(path.name, text)[0]:
        yield line.number, "".join(cell.text for row in line.rows for cell in row) or line.text


def _problem(found: str, expected: str, remedy: str) -> Problem:
    return Problem("_config.yml", 0, CONFIGURATION, found, expected, remedy)


def _setting(root: Path) -> dict[str, tuple[str, ...]]:
    """Names by key, as ``_config.yml`` gives them; what is empty is left out."""
    path = root / "_config.yml"
    try:
        written = _loaded(path.read_bytes()) if path.exists() else None
    except MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else 0
        remedy = "核对这一行的冒号、空格和引号；路径用正斜线，不加双引号"
        raise InputError((Problem(path.name, row, "", "不是正确的 YAML", "“名称: 内容”", remedy),)) from None
    except (YAMLError, UnicodeDecodeError):
        remedy = "用记事本另存，编码选 UTF-8"
        raise InputError((Problem(path.name, 0, "", "读不出来", "UTF-8 编码的文字文件", remedy),)) from None
    if isinstance(written, dict) and CONFIGURATION in written:
        expected = (
            f"写在 sphinx: 下面的 config: 下面：sphinx、config、{CONFIGURATION} 各一行，一级比一级多缩进两格"
        )
        raise InputError((_problem("写在最外面，没有用上", expected, "照样改写"),))
    for key in ("sphinx", "config", CONFIGURATION):
        written = written.get(key) if isinstance(written, dict) else None
    if written is None:
        return {}
    allowed = (*ROLES, FALLBACK, FOLDER)
    setting = {}
    if isinstance(written, dict):
        setting = {
            key: tuple(value) if isinstance(value, list) else (value,)
            for key, value in written.items()
            if value not in (None, "", [])
        }
    names = [name for listed in setting.values() for name in listed]
    known = isinstance(written, dict) and set(written) <= set(allowed)
    if not known or not all(isinstance(name, str) and not CONTROL.search(name) for name in names):
        expected = f"每行“用途: 字体名称”，用途是{'、'.join(allowed)}"
        raise InputError((_problem("写法不对", expected, "照样改写；路径用正斜线，不加双引号"),))
    return setting


@lru_cache(maxsize=8)
def _loaded(content: bytes) -> Any:
    """What a configuration says; each page and each year asks for the same."""
    return YAML(typ="safe").load(content)


@cache
def _known(folders: tuple[Path, ...], *, machine: bool = False) -> tuple[typst.FontInfo, ...]:
    """Fonts in folders, or of the machine; the plainest of a family first."""
    fonts = typst.Fonts(include_system_fonts=machine, include_embedded_fonts=False, font_paths=list(folders))
    listed = (info for info in fonts.fonts() if info.path)
    return tuple(
        sorted(
            listed, key=lambda info: (info.family, info.style != "normal", abs(info.weight - 400), info.path)
        )
    )


def _search(name: str, fonts: Iterable[typst.FontInfo]) -> typst.FontInfo | None:
    """Font of a name: the typesetter's, or any that the font gives itself, such as 仿宋 for FangSong."""
    wanted = name.casefold()
    by_family = (info for info in fonts if info.family.casefold() == wanted)
    return next(by_family, None) or next((info for info in fonts if wanted in _names(info)), None)


def _names(info: typst.FontInfo) -> set[str]:
    from fontTools.ttLib import TTFont

    with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
        records = (record for record in font["name"].names if record.nameID in NAME_RECORDS)
        return {record.toUnicode(errors="replace").casefold() for record in records}


@cache
def _font(family: str, path: Path, index: int) -> Font:
    folder = environment_folder()
    if path.parent == PACKAGE and folder:
        file = folder / "fonts" / f"{path.name}-{index}-{version(PACKAGE.name)}.json"
        told = json.loads(kept(file, lambda: json.dumps(_read_font(path, index)).encode()).read_bytes())
    else:
        told = _read_font(path, index)
    return Font(family, told["version"], path, frozenset(told["characters"]))


def _read_font(path: Path, index: int) -> dict[str, Any]:
    """Version and characters of a font; to read those of the package's two takes half a second."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=index, lazy=True) as font:
        stated = str(font["name"].getDebugName(5) or "").removeprefix("Version ").split(";")[0]
        return {"version": stated, "characters": sorted(font.getBestCmap() or {})}
