"""What a clerk sees on the terminal: Chinese, an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from projects import ROOT

from evalbook.cli import main
from evalbook.errors import KEPT

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Command

USAGE_ERRORS = [
    (["chek"], "没有“chek”这个命令"),
    (["check", "abc"], "不是年份"),
    (["check", "1999"], "没有 1999 年度的数据文件夹"),
    (["check", "--foo"], "没有“--foo”这个选项"),
    (["help", "chek"], "没有“chek”这个命令"),
    (["new"], "没有写"),
    (["new", "20241"], "应在"),
    (["new", "2024", "2025"], "多写了"),
    (["new", "2023"], "data/2023 已经有了"),
    (["new", "2026"], "没有新建 2026 年度"),
    (["init", "."], "里已经有东西"),
    (["figures"], "没有写"),
    (["score"], "要写一个，也只能写一个"),
    (["score", "2023", "--form", "form.csv"], "要写一个，也只能写一个"),
    (["score", "2023", "2024"], "多写了“2024”"),
    (["score", "."], "请在它前面加上“--form”"),
    (["score", "--form", "form.xlsx", "abc.xlsx"], "找不到“abc.xlsx”"),
    (["score", "abc"], "“abc”不是年份"),
    (["score", "2023", "--xlsx", "a.xlsx"], "要与“--form”一起用"),
    (["score", "--form", ".", "--xlsx", "a.csv"], "要以 .xlsx 结尾"),
    (["score", "--form", ".", "--xlsx", "abc/a.xlsx"], "这个文件夹，不能写到里面"),
    (["score", "--form"], "缺内容"),
    (["score", "--form", "form.xlsx"], "找不到“form.xlsx”"),
    (["framework"], "新建一个，检查一个"),
    (["framework", "chek"], "没有“chek”这个命令"),
    (["framework", "new"], "没有写"),
    (["framework", "new", "abc", "foo"], "多写了"),
    (["framework", "new", "finance-2020"], "程序自带的评价框架"),
    (["framework", "check"], "没有写"),
    (["framework", "check", "abc"], "没有评价框架“abc”"),
    (["build", "1999"], "没有 1999 年度的数据文件夹"),
    (["build", "--edition", "site"], "请写一个年度"),
    (["build", "2023", "--watch"], "“--watch”看着全部年度"),
    (["build", "2023", "--edition", "data"], "不是空文件夹"),
    (["figures", "2023", "--edition", "0"], "“0”不是版次，应在1至99之间"),
    (["figures", "2023", "--edition", "abc"], "“abc”不是版次"),
    (["figures", "2023", "--edition", "98"], "2023年度没有第98版（现有："),
    (["release"], "没有写"),
    (["release", "abc"], "“abc”不是年份，应在1949至2199之间，如 2020"),
    (["release", "1999"], "没有 1999 年度的数据文件夹"),
    (["release", "2023", "更正错误"], "多写了“更正错误”"),
    (["release", "2023", "--reason"], "选项“--reason”后面缺内容"),
    (["release", "2023", "--reason", "长" * 501], "应为不超过500个字"),
    (["release", "2023", "--approver", "甲\x1b乙"], "批准写的是“甲□乙”"),
    (
        ["release", "2023", "--date", "明天", "--kind", "订正", "--status", "好"],
        "没有定版：日期写的是“明天”，应为年-月-日形式的日期，如2020-12-31；类型写的是“订正”，应为初版、计划修订、更正；"
        "状态写的是“好”，应为草稿、送审、批准。",
    ),
    (["release", "2023", "--date", " ", "--status", "最终"], "没有写谁批准"),
    (["publish"], "没有写"),
    (["publish", "data", "abc"], "多写了“abc”"),
    (["publish", "data", "--zip"], "选项“--zip”后面缺内容"),
    (["verify"], "请写要核对的文件夹或文件、“年度/版次”，或“--rebuild 年度/版次”"),
    (["verify", "abc"], "没有 abc。请写出已发布的文件夹"),
    (["verify", "--rebuild"], "选项“--rebuild”后面缺内容"),
    (["verify", "--rebuild", "2023"], "“--rebuild”后面写年度和版次，如 2020/2"),
    (["verify", "--rebuild", "２０２０/１"], "“--rebuild”后面写年度和版次，如 2020/2"),
    (["verify", "--rebuild", "1999/1"], "没有 1999 年度的数据文件夹"),
    (["verify", "--rebuild", "2023/0"], "2023年度没有第0版（现有："),
    (["diff"], "没有写"),
    (["diff", "1999"], "没有 1999 年度的数据文件夹"),
]
NAMES = re.compile(
    r"--[a-z]+|evalbook|watch|init|project|config|toc|book|frameworks?|indicators|year|yml|civil|affairs|finance|suixi|yueyang|check|new|build|figures|score|form|xlsx|data|json|help|version|debug|release|tie|plain|find|yes|publish|verify|rebuild|diff|edition|reason|approver|kind|status|date|zip|git|clone|chek|abc|foo|narrative|md|csv"
)


@pytest.mark.parametrize(("arguments", "message"), USAGE_ERRORS, ids=[" ".join(a) for a, _ in USAGE_ERRORS])
def test_wrong_use_is_answered_in_chinese(evalbook: Command, arguments: list[str], message: str) -> None:
    done = evalbook(*arguments)
    assert message in done.output
    assert done.exit_code == 2
    assert not re.findall(r"[A-Za-z]{2,}", NAMES.sub("", done.output)), done.output


def test_a_folder_that_is_no_site(evalbook: Command) -> None:
    done = evalbook("verify", "data")
    assert done.exit_code == 1
    assert "manifest.json：缺少：没有清单，不是 evalbook 发布的，或者清单被删去了" in done.output


@pytest.mark.parametrize("command", ["", *sorted(main.commands), "framework new", "framework check"])
def test_help_is_chinese(evalbook: Command, command: str) -> None:
    done = evalbook(*command.split(), "--help")
    assert done.exit_code == 0
    assert not re.findall(r"[A-Za-z]{2,}", re.sub(r"JSON|PDF|Ctrl-C", "", NAMES.sub("", done.output))), (
        done.output
    )


@pytest.mark.parametrize("words", [(), ("check",), ("framework", "new")])
def test_help_is_a_command_too(evalbook: Command, words: tuple[str, ...]) -> None:
    asked = evalbook("help", *words)
    assert (asked.exit_code, asked.stdout) == (0, evalbook(*words, "--help").stdout)


def test_a_rare_character_costs_no_result(base: Path) -> None:
    """Where the output has no 㙍 and no 𬭎, JSON is UTF-8 all the same, and a list has ? in their place."""
    table = base / "data" / "2023" / "actions.csv"
    row = "四,rare,,㙍𬭎镇走访户数,12,户,,㙍𬭎镇台账" + "," * 20
    heading, *rows = table.read_text(encoding="utf-8-sig").splitlines()
    row = ",".join(row.split(",")[: heading.count(",") + 1])
    table.write_text("\n".join([heading, *rows, row]) + "\n", encoding="utf-8-sig")

    def run(*arguments: str) -> bytes:
        command = [sys.executable, "-m", "evalbook.cli", *arguments]
        environment = {**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=base, env=environment, capture_output=True, check=True).stdout

    assert "㙍𬭎镇走访户数" in run("figures", "2023", "--json").decode()
    assert "??镇走访户数\t12户" in run("figures", "2023").decode("gbk")


def test_outside_a_project_the_answer_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "evalbook.cli", "check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "请在项目文件夹里运行" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_program_shows_no_traceback(
    evalbook: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("evalbook.run.inspect", broken)
    done = evalbook("check")
    assert done.exit_code == 2
    assert "程序出错了" in done.output
    assert "Traceback" not in done.output
    with pytest.raises(ZeroDivisionError):
        raise evalbook("--debug", "check").exception or AssertionError("no exception")


def test_check_as_json(evalbook: Command, base: Path) -> None:
    background = base / "data" / "2023" / "background.csv"
    text = background.read_text(encoding="utf-8-sig").replace("29.6,万人,", ",万人,x")
    background.write_text(text, encoding="utf-8-sig")
    good = json.loads(evalbook("check", "--json").stdout)
    assert good["problems"] == []
    assert good["years"]["2023"]["missing"] == 1
    (base / "data" / "2023" / "spending.csv").unlink()
    done = evalbook("check", "--json")
    assert done.exit_code == 2
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["file"] == "data/2023/spending.csv"


def test_figures_as_json(evalbook_2020: Command) -> None:
    document = json.loads(evalbook_2020("figures", "2020", "--json").stdout)
    by_address = {figure["address"]: figure for figure in document["figures"]}
    stated = by_address["spending.temporary_relief"]
    assert stated["value"] == "1087.60"
    assert stated["lineage"]["file"] == "data/2020/spending.csv"
    computed = by_address["level.urban_dibao"]
    assert computed["lineage"]["formula"] == "城市低保累计支出 ÷ 城市低保月均人数 ÷ 12个月"
    assert [given["address"] for given in computed["lineage"]["inputs"]] == [
        "spending.urban_dibao",
        "people.urban_dibao",
    ]
    missing = by_address["coverage.rural_dibao"]
    assert missing["value"] is None
    assert missing["reason"] == "“常住人口”报告没有写，不能计算"


def test_figures_as_a_table(evalbook: Command) -> None:
    done = evalbook("figures", "2023")
    assert done.exit_code == 0
    assert "城市低保累计支出" in done.stdout


HEAVY = {
    "pandas",
    "papermill",
    "pikepdf",
    "vl_convert",
    "sphinx",
    "pint",
    "rich",
    "IPython",
    "altair",
    "openpyxl",
}


def loaded_by(*arguments: str) -> set[str]:
    """Packages that a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "evalbook.cli", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}


@pytest.mark.parametrize(
    ("arguments", "may"),
    [(("--version",), set()), (("--help",), set()), (("check", "2020"), {"pint", "rich"})],
)
def test_a_command_imports_what_it_needs(arguments: tuple[str, ...], may: set[str]) -> None:
    loaded = loaded_by(*arguments)
    assert "click" in loaded
    assert not (HEAVY - may) & loaded


def test_a_build_of_bad_input_says_what_to_mend_and_nothing_else(evalbook: Command, base: Path) -> None:
    table = base / "data" / "2023" / "funds.csv"
    table.write_text(table.read_text(encoding="utf-8-sig").replace("30.40", "三十"), encoding="utf-8-sig")
    told = evalbook("build")
    assert told.exit_code == 2
    lines = told.stderr.strip().splitlines()
    assert lines[-3].startswith("发现1处需要修改：")
    assert "data/2023/funds.csv 第7行“金额”" in lines[-2]
    assert lines[-1] == KEPT
    assert not any("Sphinx" in line or "Jupyter" in line for line in lines)


def test_check_tells_personal_data(evalbook: Command, base: Path) -> None:
    """What refuses a release first, then what is asked about; names and numbers are not repeated."""
    text = "贾大山，男，72岁，石桥村人，患肺癌。\n电话13812345678\n"
    (base / "data/2023/说明.txt").write_text(text, encoding="utf-8")
    refused, asked = [line for line in evalbook("check", "2023").output.splitlines() if "说明.txt 第" in line]
    assert refused.startswith("提示：data/2023/说明.txt 第2行：手机号码（138****5678）")
    assert refused.endswith("不删去不能定版。")
    assert asked.startswith("提示：data/2023/说明.txt 第1行：疑似个人情况（贾某，年龄、性别、疾病、住处）")
