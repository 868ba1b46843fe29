"""Bad input gets its Chinese answer: one folder a kind, with the files at fault and the expected message."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalbook.figures import load
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
