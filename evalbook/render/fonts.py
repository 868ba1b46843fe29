"""Fonts of charts and of the PDF: from a package, unless the bureau names its own in ``_config.yml``.

GB/T 9704—2012 asks for 小标宋, 仿宋, 黑体 and 楷体 (7.3), which no package carries. The package's Song (Noto Serif SC) and
Hei (Noto Sans SC) stand in for them; a bureau that has the fonts names them, and a folder of fonts and the
machine's own are searched for these names. No other font of the machine is ever used, so that every machine sets
the same pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont
from ruamel.yaml import YAML

from evalbook.errors import EvalbookError, Problem
from evalbook.tables.reader import project_path, read_text
from evalbook.tables.schema import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        A font that is named cannot be found, or the setting is not written as it should be.
    """
    setting = _setting(root)
    folder = setting.get(FOLDER, ())
    places = [root / name for name in folder]
    packaged, own = _known([PACKAGE]), _known(places)
    machine: list[typst.FontInfo] = []
    chosen: dict[str, Font] = {}
    for name in dict.fromkeys(name for key, names in setting.items() if key != FOLDER for name in names):
        found = _search(name, packaged) or _search(name, own)
        if found is None:
            machine = machine or _known([], machine=True)
            found = _search(name, machine)
        if found is None:
            where = "、".join(["这台电脑", *(f"文件夹 {name} " for name in folder)])
            raise EvalbookError(
                f"_config.yml 的 {CONFIGURATION} 里写的字体“{name}”找不到（找过：{where}）。"
                f"请核对名称，或把字体文件放进一个文件夹，在 {FOLDER} 里写上这个文件夹；暂时没有的就留空。"
            )
        chosen[name] = _font(found)
    stand_ins = [_font(info) for info in packaged]
    rest = (SONG, HEI, *(chosen[name].family for name in setting.get(FALLBACK, ())))
    roles = {}
    for role, (_, stand_in) in ROLES.items():
        first = (chosen[name].family for name in setting.get(role, ()))
        roles[role] = tuple(dict.fromkeys((*first, stand_in, *rest)))
    return Fonts(roles, tuple(dict.fromkeys((*stand_ins, *chosen.values()))))


def missing_characters(root: Path, years: Iterable[int]) -> tuple[Problem, ...]:
    """Characters in the input that no font of the PDF has; charts would show boxes in their place too.

    Raises
    ------
    EvalbookError
        As :func:`load_fonts`.
    """
    fonts = load_fonts(root)
    folders = [root / "data" / name for name in ("reference", *(str(year) for year in years))]
    paths = sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in {".csv", ".yml", ".md"})
    return tuple(
        Problem(
            project_path(root, path),
            number,
            "",
            f"字库里没有{named(character)}这个字，PDF 和图表印不出来",
            "字库里有的字",
            f"换成通用的写法；必须用这个字的，请维护人员在 _config.yml 的 {CONFIGURATION} 的 {FALLBACK} 里加上有这个字的字体",
        )
        for path in paths
        for number, line in enumerate(read_text(root, path)[0].split("\n"), start=1)
        for character in fonts.lacking(line)
    )


def _setting(root: Path) -> dict[str, tuple[str, ...]]:
    """Names by key, as ``_config.yml`` gives them; what is left empty is left out."""
    written = YAML(typ="safe").load(root / "_config.yml") or {}
    setting = ((written.get("sphinx") or {}).get("config") or {}).get(CONFIGURATION) or {}
    allowed = (*ROLES, FALLBACK, FOLDER)
    listed = {}
    if isinstance(setting, dict) and set(setting) <= set(allowed):
        listed = {key: value if isinstance(value, list) else [value] for key, value in setting.items() if value}
    if not isinstance(setting, dict) or set(setting) > set(allowed) or not all(
        isinstance(name, str) for names in listed.values() for name in names
    ):
        raise EvalbookError(
            f"_config.yml 的 {CONFIGURATION} 写法不对：应为“用途: 字体名称”，用途有 {'、'.join(allowed)}。"
        )
    return {key: tuple(names) for key, names in listed.items()}


def _known(folders: Sequence[Path], *, machine: bool = False) -> list[typst.FontInfo]:
    """Fonts in folders, or of the machine; the plainest first, because one file stands for its family."""
    fonts = typst.Fonts(include_system_fonts=machine, include_embedded_fonts=False, font_paths=list(folders))
    listed = (info for info in fonts.fonts() if info.path)
    return sorted(listed, key=lambda info: (info.style != "normal", abs(info.weight - 400), info.family, info.path))


def _search(name: str, fonts: Iterable[typst.FontInfo]) -> typst.FontInfo | None:
    """Font of a name: the typesetter's, or any in the font itself, such as 仿宋 for FangSong."""
    wanted = name.casefold()
    by_family = (info for info in fonts if info.family.casefold() == wanted)
    return next(by_family, None) or next((info for info in fonts if wanted in set(_names(info))), None)


def _names(info: typst.FontInfo) -> Iterator[str]:
    with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
        for record in font["name"].names:
            if record.nameID in NAME_RECORDS:
                yield record.toUnicode(errors="replace").casefold()


def _font(info: typst.FontInfo) -> Font:
    with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
        version = str(font["name"].getDebugName(5) or "").removeprefix("Version ").split(";")[0]
        return Font(info.family, version, Path(str(info.path)), frozenset(font.getBestCmap() or {}))
