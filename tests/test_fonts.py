"""Fonts that a bureau names, and characters that no font has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typst
from projects import ROOT, configure_fonts, make_font

from evalbook.errors import EvalbookError
from evalbook.fonts import HEI, ROLES, SONG, load_fonts, missing_characters

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Command

RARE = "𠮷"


def test_without_a_setting_the_package_has_every_font() -> None:
    fonts = load_fonts(ROOT)
    assert set(fonts.roles) == set(ROLES)
    assert {families[0] for families in fonts.roles.values()} == {SONG, HEI}
    assert {font.family for font in fonts.files} == {SONG, HEI}
    assert fonts.lacking(f"低保{RARE}䶮\u3000\n{RARE}") == (RARE,)
    assert "正文（仿宋）、二级标题（楷体）、表格和页码（宋体）用 Noto Serif SC（2.003）" in fonts.words()


def test_a_font_is_found_by_its_chinese_name_in_a_folder(project: Path) -> None:
    make_font(project / "fonts" / "title.ttf", "Test Song", "测试小标宋", "桃江县")
    make_font(project / "fonts" / "rare.ttf", "Test Rare", "测试罕用字", RARE)
    configure_fonts(project, {"title": "测试小标宋", "fallback": ["test rare"], "folder": "fonts"})
    fonts = load_fonts(project)
    assert fonts.roles["title"] == ("Test Song", SONG, HEI, "Test Rare")
    assert fonts.roles["heading"] == (HEI, SONG, "Test Rare")
    assert fonts.lacking(RARE) == ()
    assert fonts.words().startswith("标题（小标宋）用 Test Song（1.5）；")
    assert fonts.words().endswith("；这些字体里没有的字用 Test Rare（1.5）")


def test_a_rare_character_is_refused_until_a_font_has_it(project: Path, evalbook: Command) -> None:
    prose = project / "data" / "2020" / "narrative" / "06-problems.md"
    prose.write_text(prose.read_text(encoding="utf-8") + f"\n由{RARE}富镇落实。\n", encoding="utf-8")
    (problem,) = missing_characters(project, 2020)
    assert (problem.file, problem.row) == ("data/2020/narrative/06-problems.md", 13)
    assert "U+20BB7" in problem.found
    make_font(project / "fonts" / "rare.ttf", "Test Rare", "测试罕用字", RARE)
    configure_fonts(project, {"fallback": ["测试罕用字"], "folder": "fonts"})
    assert missing_characters(project, 2020) == ()
    assert evalbook("check", "2020").exit_code == 0


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"title": "没有的小标宋"}, "写的字体“没有的小标宋”找不到（找过：这台电脑）"),
        ({"body": "没有的仿宋", "folder": "fonts"}, "找过：这台电脑、文件夹"),
        ({"folder": "没有的文件夹"}, "没有的文件夹 不存在"),
        ({"标题": "仿宋"}, "用途是title、body、heading、subheading、number、fallback、folder"),
        ({"title": 7}, "每行应为“用途: 字体名称”"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_setting_is_answered(
    project: Path, evalbook: Command, setting: dict[str, object], told: str
) -> None:
    (project / "fonts").mkdir()
    configure_fonts(project, setting)
    with pytest.raises(EvalbookError, match="pdf_fonts"):
        load_fonts(project)
    for command in ("check", "build"):
        done = evalbook(command)
        assert done.exit_code == 2
        assert told in done.output
        assert "程序出错" not in done.output


def test_a_font_of_the_machine_is_found(project: Path) -> None:
    family = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).families()[0]
    configure_fonts(project, {"body": family})
    assert load_fonts(project).roles["body"][0] == family
