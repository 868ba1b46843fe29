"""Fonts that a bureau names, and characters that no font has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typst
from projects import ROOT, configure_fonts, make_font

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
    assert fonts.without_glyph(f"低保{RARE}䶮\u3000\n{RARE}") == (RARE,)
    assert "正文（仿宋）、二级标题（楷体）、表格和页码（宋体）用 Noto Serif SC（2.003）" in fonts.words()


def test_a_font_is_found_by_its_chinese_name_in_a_folder(base: Path) -> None:
    make_font(base / "fonts" / "title.ttf", "Test Song", "测试小标宋", "青枫县")
    make_font(base / "fonts" / "rare.ttf", "Test Rare", "测试罕用字", RARE)
    configure_fonts(base, {"title": "测试小标宋", "fallback": ["test rare"], "folder": "fonts"})
    fonts = load_fonts(base)
    assert fonts.roles["title"] == ("Test Song", SONG, HEI, "Test Rare")
    assert fonts.roles["heading"] == (HEI, SONG, "Test Rare", "Test Song")
    assert fonts.without_glyph(RARE) == ()
    assert fonts.words().startswith("标题（小标宋）用 Test Song（1.5）；")
    assert fonts.words().endswith("；这些字体里没有的字用 Test Rare（1.5）")


def test_a_rare_character_is_refused_until_a_font_has_it(base: Path, evalbook: Command) -> None:
    prose = base / "data" / "2023" / "narrative" / "06-problems.md"
    prose.write_text(prose.read_text(encoding="utf-8") + f"\n由{RARE}富镇落实。\n", encoding="utf-8")
    (problem,) = missing_characters(base, 2023)
    assert (problem.file, problem.row) == ("data/2023/narrative/06-problems.md", 11)
    assert "U+20BB7" in problem.found
    make_font(base / "fonts" / "rare.ttf", "Test Rare", "测试罕用字", RARE)
    configure_fonts(base, {"fallback": ["测试罕用字"], "folder": "fonts"})
    assert missing_characters(base, 2023) == ()
    assert evalbook("check", "2023").exit_code == 0


def test_each_role_asks_every_font(base: Path) -> None:
    """A character that only the font of the title has is known in the body too."""
    make_font(base / "fonts" / "title.ttf", "Test Song", "测试小标宋", RARE)
    configure_fonts(base, {"title": "测试小标宋", "folder": "fonts"})
    fonts = load_fonts(base)
    assert fonts.without_glyph(RARE) == ()
    assert all("Test Song" in families for families in fonts.roles.values())
    assert fonts.without_glyph("\u1680") == ("\u1680",)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"title": "没有的小标宋"}, "写的字体“没有的小标宋”在这台电脑里找不到"),
        ({"body": "没有的仿宋", "title": "也没有", "folder": "fonts"}, "写的字体“没有的仿宋”在文件夹"),
        ({"folder": "没有的文件夹"}, "没有的文件夹 不存在"),
        ({"标题": "仿宋"}, "用途是title、body、heading、subheading、table、fallback、folder"),
        ({"title": 7}, "每行“用途: 字体名称”"),
        ({"folder": "D:\fonts"}, "路径用正斜线"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_setting_is_answered_beside_all_other_problems(
    base: Path, evalbook: Command, setting: dict[str, object], told: str
) -> None:
    (base / "fonts").mkdir()
    configure_fonts(base, setting)
    table = base / "data" / "2023" / "spending.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace("941.71", "abc"), encoding="utf-8-sig")
    for command in ("check", "build") if "标题" in setting else ("check",):
        done = evalbook(command)
        assert done.exit_code == 2
        assert "_config.yml“pdf_fonts”" in done.output
        assert told in done.output
        assert "写的是“abc”" in done.output
        assert "程序出错" not in done.output
    if "title" in setting and "body" in setting:
        assert "写的字体“也没有”" in done.output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            b'sphinx:\n  config:\n    pdf_fonts:\n      folder: "C:\\Windows\\Fonts"\n',
            "_config.yml 第4行：不是正确的 YAML",
        ),
        (b'title: "a\n', "_config.yml 第"),
        ("title: 困难群众\n".encode("gbk"), "_config.yml：读不出来"),
    ],
    ids=["escape", "quote", "gbk"],
)
def test_a_damaged_configuration_is_answered(
    base: Path, evalbook: Command, content: bytes, told: str
) -> None:
    (base / "_config.yml").write_bytes(content)
    done = evalbook("check", "2023")
    assert done.exit_code == 2
    assert told in done.output
    assert "程序出错" not in done.output


def test_a_font_of_the_machine_is_found(base: Path) -> None:
    family = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).families()[0]
    configure_fonts(base, {"body": family})
    assert load_fonts(base).roles["body"][0] == family
