"""Bad input gets its Chinese answer: one folder a kind, with the files at fault and the expected message."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from evalbook.figures import load
from evalbook.reading.workbook import read_sheets
from evalbook.schema.characters import LIKENESS, folded
from evalbook.schema.registry_reader import read_registries
from evalbook.schema.registry_tables import REGISTRIES

if TYPE_CHECKING:
    from projects import Command

    from evalbook.schema.table import Table

KINDS = sorted(path for path in Path(__file__).with_name("bad_inputs").iterdir() if path.is_dir())
NOT_INPUT = ("expected.txt", "delete.txt")


def damage(project: Path, kind: Path) -> None:
    """Put the files of a kind of bad input into a good project."""
    shutil.copytree(kind, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOT_INPUT))
    deleted = kind / "delete.txt"
    for name in deleted.read_text(encoding="utf-8").split() if deleted.exists() else ():
        (project / name).unlink()


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_bad_input_is_answered(kind: Path, signed_2020: Path, evalbook_2020: Command) -> None:
    damage(signed_2020, kind)
    done = evalbook_2020("check", "2020")
    notices = [line for line in done.stdout.splitlines(keepends=True) if line.startswith("提示：")]
    assert done.stderr + "".join(notices) == (kind / "expected.txt").read_text(encoding="utf-8")
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr


def test_the_good_project_has_no_problem(evalbook_2020: Command) -> None:
    """The comparison above is against a project without faults of its own."""
    done = evalbook_2020("check", "2020")
    assert done.exit_code == 1, "the signed report contradicts itself"
    assert done.stderr == ""
    assert "2020年度：错误" in done.stdout


def test_findings_wait_until_the_tables_can_be_read(signed_2020: Path, evalbook_2020: Command) -> None:
    """A row that cannot be read would be missed in a sum; prose that must be mended takes no number away."""
    prose = signed_2020 / "data" / "2020" / "narrative" / "06-problems.md"
    prose.write_text(prose.read_text(encoding="utf-8") + "\n另有12人。\n", encoding="utf-8")
    assert "2020年度：错误" in evalbook_2020("check", "2020").stdout
    table = signed_2020 / "data" / "2020" / "spending.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace("2748.71", "二千"), encoding="utf-8-sig")
    assert "2020年度：错误" not in evalbook_2020("check", "2020").stdout


def test_gbk_is_read_and_reported(signed_2020: Path, evalbook_2020: Command) -> None:
    table = signed_2020 / "data" / "2020" / "spending.csv"
    table.write_bytes(table.read_text(encoding="utf-8-sig").encode("gb18030"))
    done = evalbook_2020("check", "2020")
    assert done.exit_code == 1
    assert "data/2020/spending.csv：按 GBK 编码读入" in done.stdout


def test_utf16_with_its_mark_is_read_and_reported(signed_2020: Path, evalbook_2020: Command) -> None:
    table = signed_2020 / "data" / "2020" / "spending.csv"
    table.write_text(table.read_text(encoding="utf-8-sig"), encoding="utf-16")
    done = evalbook_2020("check", "2020")
    assert done.exit_code == 1
    assert "data/2020/spending.csv：按 UTF-16 编码读入" in done.stdout


def test_an_endless_cell_is_no_unclosed_quote(signed_2020: Path, evalbook_2020: Command) -> None:
    table = signed_2020 / "data" / "2020" / "spending.csv"
    text = table.read_text(encoding="utf-8-sig")
    table.write_text(text.replace("签发", "签" * 140_000, 1), encoding="utf-8-sig")
    assert "第2行：有一格太长" in evalbook_2020("check", "2020").stderr
    table.write_text(text.replace("城市低保", '"城市低保', 1) + "\n" * 140_000, encoding="utf-8-sig")
    assert "第2行：从这一行起引号没有成对" in evalbook_2020("check", "2020").stderr


def test_what_looks_the_same_is_the_same(base: Path, evalbook: Command) -> None:
    """Radicals copied from a PDF are read as the characters that a person sees, and each file tells of it once."""
    year = base / "data" / "2023"
    good = json.loads(evalbook("check", "--json").stdout)
    for path, plain, alike in (
        (year / "people.csv", "月均", "⽉均"),
        (year / "narrative" / "06-problems.md", "人", "⼈"),
        (year / "year.yml", "民政", "⺠政"),
        (base / "project.yml", "民政", "⺠政"),
    ):
        text = path.read_text(encoding="utf-8-sig")
        path.write_text(text.replace(plain, alike), encoding="utf-8")
    told = json.loads(evalbook("check", "--json").stdout)
    assert told | {"notices": []} == good | {"notices": []}
    assert [notice.partition("：")[0] for notice in told["notices"] if "改读作" in notice] == [
        "data/2023/year.yml",
        "project.yml",
        "data/2023/people.csv",
        "data/2023/narrative/06-problems.md",
    ]
    count = (year / "people.csv").read_text(encoding="utf-8").count("⽉")
    assert any(f"“⽉”改读作“月”，{count}处。" in notice for notice in told["notices"])


def test_radicals_of_a_workbook_are_folded(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].append(["⽉均⼈数", 12])
    book.save(tmp_path / "form.xlsx")
    (sheet,), notices = read_sheets(tmp_path / "form.xlsx")
    assert sheet.rows[0][0].text == "月均人数"
    assert len(notices) == 1
    assert "“⽉”改读作“月”，1处；“⼈”改读作“人”，1处" in notices[0]


def test_every_radical_is_folded_to_one_ideograph() -> None:
    alike = [
        chr(code)
        for span in ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x2F800, 0x2FA20))
        for code in range(*span)
    ]
    changed = [character for character in alike if folded(character) != character]
    assert len(changed) == 114 + 214 + 460 + 542
    assert all(len(folded(character)) == 1 and not LIKENESS.match(folded(character)) for character in changed)
    assert (folded("⻓⽉⾼⻔"), folded("長月高門")) == ("长月高门", "長月高門")


def test_a_folder_that_is_no_year_is_told(base: Path, evalbook: Command) -> None:
    for name in ("2022年", "2023 - 副本", "2021(2)", "２０２０", ".new-1", "reference"):
        (base / "data" / name).mkdir(exist_ok=True)
    told = [line for line in evalbook("check").stdout.splitlines() if "不是年度文件夹" in line]
    assert told == [
        "提示：data/2021(2)：不是年度文件夹，没有读，应为 data/2021。",
        "提示：data/2022年：不是年度文件夹，没有读，应为 data/2022。",
        "提示：data/2023 - 副本：不是年度文件夹，没有读，应为 data/2023；已有这个文件夹，多余的请移到 data 以外。",
        "提示：data/２０２０：不是年度文件夹，没有读，应为 data/2020。",
    ]
    assert "data/2022年：不是年度文件夹，没有读，应为 data/2022" in evalbook("check", "2022").stderr
    assert "提示：data/2022年：不是年度文件夹" in evalbook("new", "2024").stdout


def test_problems_come_before_findings_and_once(signed_2020: Path, evalbook_2020: Command) -> None:
    """A later year is compared with the one before, whose problems it does not tell again."""
    assert evalbook_2020("new", "2021").exit_code == 0
    prose = signed_2020 / "data" / "2020" / "narrative" / "06-problems.md"
    prose.write_text(prose.read_text(encoding="utf-8") + "\n另有{figure}`没有的数字`。\n", encoding="utf-8")
    done = evalbook_2020("check")
    assert done.exit_code == 2
    assert done.output.index("引用了“没有的数字”") < done.output.index("2020年度：错误")
    assert done.output.count("引用了“没有的数字”") == 1


def test_what_need_not_be_mended_is_told(signed_2020: Path, evalbook_2020: Command) -> None:
    year = signed_2020 / "data" / "2020"
    (year / "narrative" / "Thumbs.db").write_bytes(b"")
    documents = year / "documents.csv"
    documents.write_text(documents.read_text("utf-8").splitlines()[0], encoding="utf-8")
    prose = year / "narrative" / "06-problems.md"
    prose.write_text(prose.read_text("utf-8") + "\n【表：政策文件】\n", encoding="utf-8")
    (year / "草稿.xlsx").write_bytes(b"")
    done = evalbook_2020("check", "2020")
    assert done.exit_code == 1
    for told in (
        "data/2020/narrative：还没有数字的图和表，先不显示：06-problems.md 第13行“【表：引用文件】”",
        "草稿.xlsx：不认识这个文件",
    ):
        assert told in done.output


def test_a_link_out_of_the_project_is_refused(
    signed_2020: Path, tmp_path: Path, evalbook_2020: Command
) -> None:
    table = signed_2020 / "data" / "2020" / "spending.csv"
    outside = tmp_path / "outside.csv"
    table.replace(outside)
    table.symlink_to(outside)
    done = evalbook_2020("check", "2020")
    assert done.exit_code == 2
    assert "指向项目以外的链接" in done.stderr


@pytest.mark.parametrize("folder", [False, True], ids=["file", "folder"])
def test_a_link_within_the_project_is_refused(base: Path, evalbook: Command, *, folder: bool) -> None:
    """One file must not say what another is asked for, in this folder or in the one that it lies in."""
    path = base / "data" / "2023" / ("narrative" if folder else "people.csv")
    other = path.rename(base / "data" / "other")
    path.symlink_to(other, target_is_directory=folder)
    done = evalbook("check")
    assert done.exit_code == 2
    assert "是指向项目里另一个文件的链接" in done.stderr


def test_work_on_tables_settings_and_prose_is_bounded(base: Path, evalbook: Command) -> None:
    """What would take minutes is refused by its size, and what is wrong over and over again is not told without end."""
    year = base / "data" / "2023"
    for name, content, told in (
        ("people.csv", "甲\n" * 100_000, "表太大，有100000行"),
        ("people.csv", ",".join(f"x{n}" for n in range(1000)), "表太大，有1行、1000列"),
        ("year.yml", "年度: [" + "a," * 20_000 + "]", "内容太多"),
        ("year.yml", "年度: " + "[" * 5000, "太深了"),
        ("narrative/02-funds.md", "12人，\n" * 5000, "文字太多"),
        ("narrative/02-funds.md", "# a\n" * 2000, "要改的地方太多，只列出200处"),
    ):
        path = year / name
        good = path.read_bytes()
        path.write_text(content, encoding="utf-8")
        done = evalbook("check")
        assert done.exit_code == 2
        assert told in done.stderr
        path.write_bytes(good)


@pytest.mark.parametrize("table", REGISTRIES, ids=lambda table: table.name)
def test_a_registry_is_read_anew_when_it_changed(table: Table, signed_2020: Path) -> None:
    """What was read before must not answer for a file that is another now, whether it became worse or better."""
    path = signed_2020 / "data" / "reference" / f"{table.name}.csv"
    good, before = path.read_bytes(), read_registries(signed_2020)
    assert before[1] == []
    for bad in (b"", good + b'"'):
        path.write_bytes(bad)
        _, problems, _ = read_registries(signed_2020)
        assert {problem.file for problem in problems} == {f"data/reference/{table.name}.csv"}
        problems.clear()  # whoever was answered may do with the answer what he wants
        assert read_registries(signed_2020)[1] != []
        path.write_bytes(good)
        assert read_registries(signed_2020) == before
    path.write_bytes(good.decode("utf-8-sig").encode("gb18030"))
    registries, problems, notices = read_registries(signed_2020)
    assert (registries, problems) == before[:2]
    assert [notice.partition("：")[0] for notice in notices] == [f"data/reference/{table.name}.csv"]


def test_a_changed_registry_changes_the_figures(signed_2020: Path) -> None:
    path = signed_2020 / "data" / "reference" / "units.csv"
    good = path.read_bytes()

    def number() -> str:
        figures = load(signed_2020, 2020)
        return figures.number_in(figures.figures["spending.urban_dibao"], "亿元")

    first = number()
    path.write_bytes(good.replace("亿元,金额,100000000*元,2,".encode(), "亿元,金额,100000000*元,4,".encode()))
    assert (first, number()) == ("0.27", "0.2749")
    path.write_bytes(good)
    assert number() == first
