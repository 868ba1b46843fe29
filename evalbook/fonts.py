"""Fonts of charts and of the PDF, and what cannot be written in them.

GB/T 9704—2012 asks for 小标宋, 仿宋, 黑体 and 楷体 (7.3), which no package carries. A Song (Noto Serif SC) and a Hei (Noto
Sans SC) from a package stand in for them. A bureau that has the fonts names them in ``_config.yml``; a folder of fonts and
the machine's own are searched for these names. No other font of the machine is ever used, so that every machine
sets the same pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont
from ruamel.yaml import YAML

from evalbook.errors import EvalbookError, Problem
from evalbook.tables.reader import project_path, read_text
from evalbook.tables.schema import CONTROL, REGISTRIES, TABLES

PACKAGE = Path(pylopdf_fonts_zh_cn.sans_path()).parent
SONG, HEI = "Noto Serif SC", "Noto Sans SC"

ROLES = {
    "title": ("标题（小标宋）", SONG),
    "body": ("正文（仿宋）", SONG),
    "heading": ("一级标题（黑体）", HEI),
    "subheading": ("二级标题（楷体）", SONG),
    "number": ("表格和页码（宋体）", SONG),
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
        Families of every role of :data:`ROLES`, in the order in which they are asked for a character.
    files : tuple of Font
        The fonts themselves.
    """

    roles: Mapping[str, tuple[str, ...]]
    files: tuple[Font, ...]

    @cached_property
    def characters(self) -> frozenset[int]:
        """Code points that any of the fonts has; every role asks all of them."""
        return frozenset[int]().union(*(font.characters for font in self.files))

    def lacking(self, text: str) -> tuple[str, ...]:
        """Characters of a text that no font has, each once; white space and control characters need none."""
        return tuple(
            character
            for character in dict.fromkeys(text)
            if ord(character) not in self.characters
            and not character.isspace()
            and not CONTROL.match(character)
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
    EvalbookError
        A font or a folder that is named cannot be found, or the setting is not written as it should be.
    """
    setting = _setting(root)
    folders = [root / name for name in setting.get(FOLDER, ())]
    for folder in folders:
        if not folder.is_dir():
            raise EvalbookError(
                f"_config.yml 的 {CONFIGURATION} 里写的字体文件夹 {folder} 不存在。请改正 {FOLDER}，没有就留空。"
            )
    packaged = _known((PACKAGE,))
    own = _known(tuple(folders))
    chosen = {}
    for name in dict.fromkeys(name for key, names in setting.items() if key != FOLDER for name in names):
        found = _search(name, packaged) or _search(name, own) or _search(name, _known((), machine=True))
        if found is None:
            places = "、".join(("这台电脑", *(f"文件夹 {folder} " for folder in folders)))
            raise EvalbookError(
                f"_config.yml 的 {CONFIGURATION} 里写的字体“{name}”找不到（找过：{places}）。"
                f"请核对名称，或把字体文件放进一个文件夹，把文件夹写在 {FOLDER} 里；没有这个字体就留空。"
            )
        chosen[name] = _font(found.family, Path(str(found.path)), found.index)
    stand_ins = [_font(info.family, Path(str(info.path)), info.index) for info in packaged]
    fallback = (SONG, HEI, *(chosen[name].family for name in setting.get(FALLBACK, ())))
    roles = {}
    for role, (_, stand_in) in ROLES.items():
        first = (chosen[name].family for name in setting.get(role, ()))
        roles[role] = tuple(dict.fromkeys((*first, stand_in, *fallback)))
    return Fonts(roles, tuple(dict.fromkeys((*chosen.values(), *stand_ins))))


def missing_characters(root: Path, year: int) -> tuple[Problem, ...]:
    """Characters in what a year and the registries say that no font has: charts and PDF could not show them.

    Raises
    ------
    EvalbookError
        As :func:`load_fonts`.
    """
    fonts = load_fonts(root)
    registries, folder = root / "data" / "reference", root / "data" / str(year)
    paths = [
        *(registries / f"{table.name}.csv" for table in REGISTRIES),
        folder / "year.yml",
        *(folder / f"{table.name}.csv" for table in TABLES),
        *sorted((folder / "narrative").glob("*.md")),
    ]
    return tuple(
        Problem(
            project_path(root, path),
            number,
            "",
            f"字库里没有{named(character)}这个字，图表和 PDF 里显示不出来",
            "字库里有的字",
            "换成通用的写法；必须用这个字的，请维护人员在 _config.yml 的 "
            f"{CONFIGURATION} 里，把有这个字的字体写进 {FALLBACK}",
        )
        for path in paths
        for number, line in enumerate(read_text(root, path)[0].split("\n"), start=1)
        for character in fonts.lacking(line)
    )


def _setting(root: Path) -> dict[str, tuple[str, ...]]:
    """Names by key, as ``_config.yml`` gives them; what is empty is left out."""
    path = root / "_config.yml"
    written = YAML(typ="safe").load(path) if path.exists() else None
    for key in ("sphinx", "config", CONFIGURATION):
        written = written.get(key) if isinstance(written, dict) else None
    if written is None:
        return {}
    allowed = (*ROLES, FALLBACK, FOLDER)
    setting = {}
    if isinstance(written, dict) and set(written) <= set(allowed):
        setting = {
            key: tuple(value) if isinstance(value, list) else (value,)
            for key, value in written.items()
            if value not in (None, "", [])
        }
    names = [name for listed in setting.values() for name in listed]
    if (
        not isinstance(written, dict)
        or set(written) - set(allowed)
        or not all(isinstance(n, str) for n in names)
    ):
        raise EvalbookError(
            f"_config.yml 的 {CONFIGURATION} 写法不对：每行应为“用途: 字体名称”，用途是{'、'.join(allowed)}。请照样改写。"
        )
    return setting


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
    with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
        records = (record for record in font["name"].names if record.nameID in NAME_RECORDS)
        return {record.toUnicode(errors="replace").casefold() for record in records}


@cache
def _font(family: str, path: Path, index: int) -> Font:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        version = str(font["name"].getDebugName(5) or "").removeprefix("Version ").split(";")[0]
        return Font(family, version, path, frozenset(font.getBestCmap() or {}))
