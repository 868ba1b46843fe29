"""The tool apart from its county: a wheel in an empty environment, another bureau's project, its own rows."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from counties import SMALL, SMALL_PROSE, typed
from projects import ROOT
from repositories import git

from evalbook import __version__
from evalbook.checks import Facts
from evalbook.cli import main
from evalbook.errors import EvalbookError
from evalbook.figures import examine, load
from evalbook.frameworks import frameworks, new_framework, read_framework
from evalbook.release import tool
from evalbook.release.beginning import Begun, begin_project
from evalbook.render import Page, review_page
from evalbook.schema import read_registries
from evalbook.schema.registry_tables import LIMITS, MARKINGS, PROGRAMMES, UNITS
from evalbook.shipped import NAMES, REFERENCE, SHIPPED
from evalbook.year import Project, new_year, project_text, read_project, read_year

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from evalbook.schema import Table

YEAR = 2022
QINGSHAN = Project("", "湖南省", "", "青山县", "青山县民政局")
OTHERS = re.compile("桃江|益阳")


def invoke(root: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["--project", str(root), *arguments], input=typed)


def begun(folder: Path) -> Path:
    return begin_project(folder, QINGSHAN, YEAR).folder


def own(root: Path, table: Table, *rows: dict[str, str]) -> Path:
    """Write a registry of a project's own rows, by English names of the columns."""
    path = root / REFERENCE / f"{table.name}.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.heading for column in table.columns])
        writer.writerows([[row.get(column.name, "") for column in table.columns] for row in rows])
    return path


def brought(table: Table, **key: str) -> dict[str, str]:
    """Row of a registry of the tool, by English names of the columns."""
    text = (SHIPPED / REFERENCE / f"{table.name}.csv").read_text(encoding="utf-8-sig")
    names = {column.heading: column.name for column in table.columns}
    rows = (
        {names[heading]: cell for heading, cell in row.items()} for row in csv.DictReader(io.StringIO(text))
    )
    return next(row for row in rows if all(row[name] == value for name, value in key.items()))


# -- a machine that has only the installed tool


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Virtual environment with the pinned packages and the wheel of this checkout, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")

    def ran(*command: str) -> None:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    uv = str(Path(sys.executable).with_name("uv"))
    install = (uv, "pip", "install", "--quiet", "--python", str(folder / "venv" / "bin" / "python"))
    ran(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    ran(uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
    ran(*install, "--require-hashes", "-r", str(ROOT / "requirements.txt"))
    ran(*install, "--no-deps", *map(str, folder.glob("*.whl")))
    return folder / "venv"


@pytest.fixture(scope="module")
def run(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """The installed command; it must do what it is asked to."""
    home = tmp_path_factory.mktemp("home")
    variables = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}

    def invoked(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [str(environment / "bin" / "evalbook"), *arguments],
            cwd=home,
            env=variables,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    return invoked


@pytest.fixture(scope="module")
def elsewhere(run: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Project of another county, made, filled in, built and released by the installed tool."""
    root = tmp_path_factory.mktemp("elsewhere") / "某县自评"
    said = ("--county", "某县", "--province", "湖南省", "--bureau", "某县民政局", "--year", str(YEAR))
    assert "接下来" in run("init", str(root), *said)
    run("check", "--project", str(root))
    prose = {**SMALL_PROSE, "00-preface": f"本报告介绍{YEAR}年的工作。\n"}
    replace(typed(YEAR, SMALL), prose=prose).said(没有的章节="['03']").write(root)
    run("--project", str(root), "build")
    assert "没有变化" in run("build", "--project", str(root))
    run("release", str(YEAR), "--yes", "--name", "阿依古丽·买买提", "--project", str(root))
    return root


def test_another_bureau_gets_its_book(elsewhere: Path, run: Callable[..., str], tmp_path: Path) -> None:
    built = elsewhere / "book" / "_build"
    assert "120万元" in (built / "html" / "years" / str(YEAR) / "02-funds.html").read_text(encoding="utf-8")
    assert (built / "pdf" / f"report-{YEAR}.pdf").stat().st_size > 100_000
    site = tmp_path / "site"
    assert "已发布" in run("publish", str(site), "--project", str(elsewhere))
    assert "完全相符" in run("verify", str(site))
    written = [path for folder in (elsewhere, site) for path in folder.rglob("*") if path.is_file()]
    texts = [
        path for path in written if path.suffix in {".html", ".md", ".yml", ".csv", ".json", ".js", ".xml"}
    ]
    assert len(texts) > 50
    assert [path for path in texts if OTHERS.search(path.read_text(encoding="utf-8"))] == []


def test_the_project_holds_its_own_things_only(elsewhere: Path) -> None:
    assert git(elsewhere, "status", "--porcelain") == ""
    kept = {path.partition("/")[0] for path in git(elsewhere, "ls-files").splitlines()}
    assert kept == {".gitattributes", ".gitignore", "data", "project.yml"}
    assert {path.name for path in (elsewhere / "data").iterdir()} == {str(YEAR)}


def test_an_edition_knows_the_tool_that_made_it(
    elsewhere: Path,
    run: Callable[..., str],
    environment: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = (elsewhere / "data" / str(YEAR) / "editions" / "1.lock").read_text(encoding="utf-8")
    assert lock.startswith(f"evalbook=={__version__}\n")
    assert re.search(r"^jupyter-book==1\.", lock, re.MULTILINE)
    asked = ("verify", "--rebuild", f"{YEAR}/1", "--project", str(elsewhere))
    assert "逐个字节相同" in run(*asked)
    page = (
        environment / "lib" / f"python3.{sys.version_info.minor}" / "site-packages" / "evalbook" / "fonts.py"
    )
    good = page.read_bytes()
    page.write_bytes(good + b"# another program\n")
    said = run(*asked, code=2)
    page.write_bytes(good)
    assert f"由 evalbook {__version__} 生成" in said
    assert "--environment" in said
    # Another environment's tool is asked what it is, and used.
    told = tool.tool_of(environment)
    assert (told.version, told.lock) == (__version__, lock)
    assert told.code in (elsewhere / "data" / str(YEAR) / "editions.yml").read_text(encoding="utf-8")
    with pytest.raises(EvalbookError, match="不是虚拟环境"):
        tool.tool_of(elsewhere)
    shutil.rmtree(elsewhere / "releases" / str(YEAR) / "1")
    monkeypatch.chdir(environment.parent)
    refused = invoke(elsewhere, "publish", str(tmp_path / "site"))
    assert "--environment" in refused.output
    done = invoke(elsewhere, "publish", str(tmp_path / "site"), "--environment", environment.name)
    assert done.exit_code == 0, done.output


def test_an_upgrade_reaches_every_project_and_own_rows_stay(
    elsewhere: Path, run: Callable[..., str], environment: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(elsewhere, tmp_path / "project", ignore=shutil.ignore_patterns("book", ".git"))
    unit = next(environment.rglob("shipped/data/reference/units.csv"))
    mine = own(root, UNITS, {**brought(UNITS, symbol="万元"), "digits": "3"})
    kept, good = mine.read_bytes(), unit.read_bytes()

    def shown(address: str) -> str:
        listed = json.loads(run("figures", str(YEAR), "--json", "--project", str(root)))["figures"]
        return next(str(figure["shown"]) for figure in listed if figure["address"] == address)

    assert (shown("execution.all"), shown("funds_total.all")) == ("90.90%", "330.04万元")
    unit.write_bytes(good.replace("%,比率,0.01,2,".encode(), "%,比率,0.01,4,".encode()))
    assert unit.read_bytes() != good
    upgraded = shown("execution.all")
    unit.write_bytes(good)
    assert upgraded == "90.8981%"
    assert mine.read_bytes() == kept


def test_the_wheel_takes_its_things_from_one_place(environment: Path) -> None:
    (shipped,) = environment.rglob("site-packages/evalbook/shipped")
    written = {path.relative_to(shipped) for path in shipped.rglob("*") if path.is_file()}
    wanted = {
        path.relative_to(ROOT)
        for name in NAMES
        for path in ((ROOT / name).rglob("*") if (ROOT / name).is_dir() else [ROOT / name])
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
    assert written == wanted
    for path in written:
        text = (shipped / path).read_text(encoding="utf-8-sig")
        assert not OTHERS.search(text), path
        if path.suffix != ".ipynb":
            assert text == (ROOT / path).read_text(encoding="utf-8-sig")


# -- begin


def test_what_was_not_said_is_asked(tmp_path: Path) -> None:
    folder = tmp_path / "青山县自评"
    done = CliRunner().invoke(main, ["init", str(folder)], input="湖南省\n青山县\n\n2022\n")
    assert done.exit_code == 0, done.output
    project, problems, _ = read_project(folder)
    assert (project, problems) == (QINGSHAN, [])
    assert invoke(folder, "check", "2022").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--county", "青山县"], "没有新建项目：还缺 --province、--bureau、--year。"),
        (
            ["--county", "青|山", "--province", "湖南省", "--bureau", "局", "--year", "2022"],
            "县写的是“青|山”",
        ),
        (
            ["--county", "甲县", "--province", "湖南省", "--bureau", "局", "--year", "2022", "--code", "12"],
            "行政区划代码写的是“12”，应为六位数字",
        ),
        (
            ["--county", "青山", "--province", "湖南省", "--bureau", "青山县民政局", "--year", "2022"],
            "县写的是“青山”，应为县、市、区、旗的全称",
        ),
        (
            ["--county", "青山县", "--province", "湖南", "--bureau", "青山县民政局", "--year", "2022"],
            "省写的是“湖南”，应为全称",
        ),
        (
            ["--county", "青山县", "--province", "湖南省", "--bureau", "白石县民政局", "--year", "2022"],
            "单位“白石县民政局”是白石县的，县写的是“青山县”",
        ),
    ],
)
def test_what_cannot_begin_is_told_and_leaves_nothing(
    tmp_path: Path, arguments: list[str], told: str
) -> None:
    done = CliRunner().invoke(main, ["init", str(tmp_path / "new"), *arguments], input="")
    assert done.exit_code == 2
    assert told in done.output
    assert list(tmp_path.iterdir()) == []


def test_only_an_empty_folder_is_taken(tmp_path: Path) -> None:
    empty, full, file = tmp_path / "empty", tmp_path / "full", tmp_path / "file"
    empty.mkdir()
    assert read_project(begun(empty))[0] == QINGSHAN
    full.mkdir()
    (full / "去年.docx").write_bytes(b"")
    file.write_bytes(b"")
    for folder, told in ((full, "里已经有东西（“去年.docx”）"), (file, "不是文件夹")):
        with pytest.raises(EvalbookError, match=told):
            begun(folder)
    assert [path.name for path in full.iterdir()] == ["去年.docx"]
    with pytest.raises(EvalbookError, match=r"在项目 [^ ]*empty 里面"):
        begun(empty / "data" / "2023")
    assert begun(empty / ".." / "beside").is_dir()


def test_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["init", str(tmp_path / "new")], input="湖南\n湖南省\n青山县\n\n20x\n2022\n"
    )
    assert done.exit_code == 0, done.output
    assert "错误：省写的是“湖南”，应为全称，如 湖南省。" in done.output
    assert "错误：“20x”不是年份" in done.output
    assert not re.search("Error|invalid", done.output)


def test_a_project_keeps_to_its_own_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever git has set for its hooks, and whether or not there was git when the project was begun."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    root = begun(tmp_path / "new")
    monkeypatch.delenv("GIT_DIR")
    assert git(root, "log", "--format=%s").split() == ["Begin", "with", str(YEAR)]
    assert not list((other / ".git" / "refs" / "heads").iterdir())
    shutil.rmtree(root / ".git")
    done = invoke(root, "release", str(YEAR), "--status", "不是")
    assert "状态写的是“不是”" in done.output
    done = invoke(root, "release", str(YEAR), "--date", "2999-01-01")  # refused, when the repository is there
    assert "在今天" in done.output
    assert git(root, "log", "--format=%s").split() == ["Begin", "with", str(YEAR)]


def test_without_git_a_project_begins_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    made: Begun = begin_project(tmp_path / "new", QINGSHAN, YEAR)
    assert made.notice.startswith("这台电脑没有安装 git")
    done = invoke(made.folder, "release", str(YEAR))
    assert done.exit_code == 2
    assert done.output.splitlines()[-1].startswith("这台电脑没有安装 git")


def test_a_tool_that_nobody_installed_stops_a_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = begun(tmp_path / "new")

    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(tool, "distribution", missing)
    tool.installed_tool.cache_clear()
    done = invoke(root, "release", str(YEAR))
    tool.installed_tool.cache_clear()
    assert done.exit_code == 2
    (said,) = [line for line in done.output.splitlines() if "没有定版" in line]
    assert "evalbook 没有按软件包安装" in said
    assert not (root / "data" / str(YEAR) / "editions.yml").exists()


# -- own rows over those of the tool


def test_own_rows_lie_over_those_of_the_tool(tmp_path: Path) -> None:
    root = begun(tmp_path / "new")
    fund = {
        "code": "local_fund",
        "name": "县慈善资金",
        "areas": "社会救助",
        "kind": "资金来源",
        "source": "县办文件",
    }
    same, changed = brought(PROGRAMMES, code="urban_dibao"), brought(PROGRAMMES, code="rural_dibao")
    own(root, PROGRAMMES, same, {**changed, "aliases": "乡下低保"}, fund)
    registries, problems, _ = read_registries(root)
    assert problems == []
    assert {p.name for p in registries.programmes.values() if p.own} == {"农村低保", "县慈善资金"}
    assert registries.programmes["农村低保"].aliases == ("乡下低保",)
    assert list(registries.programmes) == [*read_registries(ROOT)[0].programmes, "县慈善资金"]


def test_an_own_limit_takes_the_place_of_one_of_the_tool(tmp_path: Path) -> None:
    root = begun(tmp_path / "new")
    limit = brought(LIMITS, area="湖南省", subject="农村低保", measure="保障标准", start="2019-01-01")
    own(root, LIMITS, {**limit, "start": "2019-02-01", "least": "3500"})
    _, problems, _ = read_registries(root)
    assert [str(problem) for problem in problems] == [
        "data/reference/limits.csv 第2行“起始日期”：与工具自带的一行（起始日期2019-01-01）的时间重叠；应为：同一界限的时间"
        "前后相接；请把自带的那一行照抄到这个文件里，写上截止日期。"
    ]
    own(root, LIMITS, {**limit, "end": "2019-01-31"}, {**limit, "start": "2019-02-01", "least": "3500"})
    registries, problems, _ = read_registries(root)
    assert problems == []
    assert [str(one.least) for one in registries.limits if one.own] == ["3480", "3500"]


def test_an_own_marking_sheet_takes_the_place_of_that_of_the_tool(tmp_path: Path) -> None:
    root = begun(tmp_path / "new")
    line = brought(MARKINGS, code="content")
    own(root, MARKINGS, {**line, "deduction": "2"})
    registries, problems, _ = read_registries(root)
    assert problems == []
    changed = {one.code: str(one.deduction) for one in registries.markings if one.own}
    assert (len(registries.markings), changed) == (len(read_registries(ROOT)[0].markings), {"content": "2"})
    own(root, MARKINGS, {**line, "code": "parts", "sheet": "某市质量评分表", "rules": "K1、Z9"})
    registries, problems, _ = read_registries(root)
    assert problems == []
    assert [one.code for one in registries.markings] == ["parts"]
    page = review_page(Page("review", load(root, YEAR))).markdown
    assert "《某市质量评分表》（本县登记）" in page
    assert "没有规则Z9" in page
    own(root, MARKINGS, {**line, "deduction": ""}, {**line, "code": "faults", "rules": "错字"})
    _, problems, _ = read_registries(root)
    assert [problem.column for problem in problems] == ["规则", "每处扣分"]


def test_own_rows_that_cannot_work_are_told(tmp_path: Path) -> None:
    root = begun(tmp_path / "new")
    path = own(root, PROGRAMMES, {**brought(PROGRAMMES, code="urban_dibao"), "name": "城镇低保"})
    _, problems, _ = read_registries(root)
    (renamed,) = [str(problem) for problem in problems if problem.column == "名称"]
    assert renamed.startswith(
        "data/reference/programmes.csv 第2行“名称”：写的是“城镇低保”，程序自带的登记表里代码 urban_dibao"
    )
    path.unlink()
    limit = brought(LIMITS, area="湖南省", subject="农村低保", measure="保障标准", start="2019-01-01")
    own(root, LIMITS, {**limit, "area": "白石县"}, {**limit, "area": "青山县", "least": "9999", "end": ""})
    path.with_name("limit.csv").write_text("", encoding="utf-8")
    reading = read_year(root, YEAR)
    assert reading.problems == ()
    assert reading.notices == (
        "data/reference/limit.csv：不认识这个文件，没有读。",
        "data/reference/limits.csv 第2行：地区“白石县”不是本县、本市、本省，也不是全国，没有用。",
    )
    held = Facts(load(root, YEAR)).limits("standard", "农村低保")
    assert [(one.area, str(one.least)) for one in held] == [("青山县", "9999")]


@pytest.mark.parametrize(
    ("province", "year", "place_class", "told"),
    [
        ("广东省", 2023, "四类地区", ""),
        ("广东省", 2023, "五类地区",
         "data/2023/year.yml：地区类别“五类地区”，参考界限表里广东省只有一类地区、二类地区、三类地区、四类地区，这个类别没有用。"),
        ("河南省", 2023, "一类地区", "data/2023/year.yml：地区类别“一类地区”，参考界限表里河南省没有分类，这个类别没有用。"),
        ("江苏省", 2023, "",
         "data/reference/limits.csv：江苏省2023年的最低标准没有登记，没有检查各项标准是否达到；查到省里的文件以后，加一行。"),
        ("云南省", 2018, "",
         "data/reference/limits.csv：云南省2018年的最低标准没有登记，没有检查各项标准是否达到；查到省里的文件以后，加一行。"),
    ],
)  # fmt: skip
def test_what_the_province_s_limits_do_not_hold_is_said_once(
    province: str, year: int, place_class: str, told: str, tmp_path: Path
) -> None:
    county = typed(year, {"standards": "城市低保,保障标准,950,元/月\n农村低保,保障标准,900,元/月"})
    reading = read_year(county.said(省=province, 地区类别=place_class).write(tmp_path), year)
    assert [notice for notice in reading.notices if "类别" in notice or "limits" in notice] == [told] * bool(
        told
    )


def test_published_limits_say_who_says_so_and_those_of_other_provinces_are_folded() -> None:
    """A limit that a government published has a grade; a range of experience has none, unless it was computed."""
    from evalbook.render.guide import registry_tables

    limits = read_registries(ROOT)[0].limits
    assert [one.row for one in limits if one.official != (one.grade in {"官方", "新闻", "转载"})] == []
    assert [one.row for one in limits if one.official and one.start is None and one.area != "全国"] == []
    year = read_year(ROOT, 2020).year
    assert year is not None
    shown = registry_tables(year)
    first, *others = shown[shown.index("## 参考界限") : shown.index("## 报告要求")].split("{dropdown} ")
    folded = {text.split("（")[0] for text in others}
    assert folded == {one.area for one in limits} - {"全国", "湖南省"}
    assert "| 不低于4000元\\/年 | 2020年1月1日至2020年12月31日 | 公布；转载 |" in first
    assert "广东省四类地区城市低保的保障标准" in next(text for text in others if text.startswith("广东省（"))


def test_own_rows_are_shown_as_own(tmp_path: Path) -> None:
    from evalbook.render.frameworks import framework_catalogue
    from evalbook.render.guide import glossary, registry_tables

    root = begun(tmp_path / "new")
    fund = {
        "code": "local_fund",
        "name": "县慈善资金",
        "areas": "社会救助",
        "kind": "资金来源",
        "source": "县办文件",
    }
    own(root, PROGRAMMES, {**fund, "note": "县慈善会的钱"})
    shown = registry_tables(load(root, YEAR).year)
    assert "县慈善资金（本县登记）" in shown
    assert shown.count("（本县登记）") == 1
    assert "（本县登记）" in glossary([load(root, YEAR)])
    new_framework(root, "county-2022")
    for name, origin in (("county-2022", "yueyang-2015"), ("finance-2020", "finance-2020")):
        target = root / "data" / "frameworks" / name
        shutil.copytree(ROOT / "data" / "frameworks" / origin, target, dirs_exist_ok=True)
    registries = read_registries(root)[0]
    read = (read_framework(root, name, registries)[0] for name in frameworks(root))
    assert {one.name: one.own for one in read if one} == {
        "civil-affairs-2016": False,
        "county-2022": True,
        "finance-2020": False,
    }
    own_one, _, _ = read_framework(root, "county-2022", registries)
    assert own_one is not None
    assert "`county-2022`（本县登记）" in framework_catalogue([own_one])


# -- whose the years are


def test_a_year_of_another_county_is_not_compared(tmp_path: Path) -> None:
    """Without project.yml nobody says which of two counties the project is of: both can be read, neither beside the other."""
    typed(YEAR, SMALL).write(tmp_path)
    typed(YEAR - 1, SMALL).write(tmp_path)
    path = tmp_path / "data" / str(YEAR - 1) / "year.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("县: 某县\n", "县: 青山县\n"), encoding="utf-8")
    found = [str(problem) for problem in read_year(tmp_path, YEAR - 1).problems]
    assert found == [
        f"data/{YEAR - 1}/year.yml“县”：写的是“青山县”；应为：与 data/{YEAR}/year.yml 相同的“某县”；请核对这个文件夹是不是"
        "本县的，不是的移走；确是本县以前的名称，写进 project.yml 的“曾用名”。"
    ]
    figures, problems, notices = examine(tmp_path, YEAR)
    assert figures is not None
    assert (figures.before, problems) == (None, ())
    assert (
        f"data/{YEAR - 1} 是青山县的，本年度是某县的，不是一个县，没有与它比较。不是本县的，请移走。"
        in notices
    )


def test_a_former_name_is_this_county(tmp_path: Path) -> None:
    typed(YEAR, SMALL).write(tmp_path)
    project = Project("", "湖南省", "", "某市", "某市民政局")
    place = tmp_path / "project.yml"
    place.write_text(project_text(project), encoding="utf-8")
    assert {problem.column for problem in read_year(tmp_path, YEAR).problems} == {"县", "单位"}
    place.write_text(project_text(replace(project, former_names=("某县", "某县民政局"))), encoding="utf-8")
    reading = read_year(tmp_path, YEAR)
    assert reading.problems == ()
    assert reading.year is not None
    assert reading.year.settings.county == "某县"


@pytest.mark.parametrize(
    ("key", "text", "place"),
    [
        ("标题", "湖南省白石县2024年度困难群众救助资金绩效自评报告", "白石县"),
        ("标题", "关于2024年度白石县困难群众救助补助资金绩效自评报告", "白石县"),
        ("标题", "白石县困难群众救助资金绩效自评报告", "白石县"),
        ("标题", "白石市民政局2024年度绩效自评报告", "白石市"),
        ("主管部门", "白石县民政局", "白石县"),
        ("标题", "白石市青山县2024年度绩效自评报告", ""),
        ("标题", "2024年度城市和农村困难群众救助资金绩效自评报告", ""),
        ("标题", "2024年度部分地区社会救助资金绩效自评报告", ""),
        ("标题", "全市及所辖县区社会救助资金绩效自评报告", ""),
        ("标题", "各县市区困难群众救助资金绩效自评报告", ""),
        ("主管部门", "白石市民政局", ""),
    ],
)
def test_a_year_of_another_place_is_told_by_its_names(
    tmp_path: Path, key: str, text: str, place: str
) -> None:
    root = begun(tmp_path / "new")
    path = root / "data" / str(YEAR) / "year.yml"
    yaml = path.read_text(encoding="utf-8")
    told = re.sub(r"标题:\n(?:  - .*\n)+", f"标题:\n  - {text}\n", yaml) if key == "标题" else yaml
    path.write_text(told.replace("主管部门:", f"主管部门: {text if key != '标题' else ''}"), encoding="utf-8")
    found = [problem.found for problem in read_year(root, YEAR).problems if problem.column == key]
    assert found == ([f"写的是“{place}”"] if place else [])


def test_a_ledger_from_elsewhere_is_refused_before_it_is_committed(tmp_path: Path) -> None:
    root, other = begun(tmp_path / "new"), tmp_path / "other"
    shutil.copytree(ROOT / "data" / "2020", other)
    for name in ("editions.yml", "editions"):
        shutil.move(other / name, root / "data" / str(YEAR) / name)
    ledger = root / "data" / str(YEAR) / "editions.yml"
    before = git(root, "rev-parse", "HEAD")
    done = invoke(root, "release", str(YEAR), "--reason", "试")
    assert done.exit_code == 2
    assert "版本库里没有这个提交：文件夹 data/2022 是从别处抄来的" in done.output
    assert git(root, "rev-parse", "HEAD") == before
    ledger.unlink()
    shutil.rmtree(ledger.with_name("editions"))
    assert "从别处抄来" not in invoke(root, "release", str(YEAR), "--date", "2999-01-01").output


def test_a_gap_between_years_is_asked_about(tmp_path: Path) -> None:
    root = begun(tmp_path / "new")
    for typed_answer, code in (("否\n", 2), ("", 2), ("是\n", 0)):
        done = invoke(root, "new", "2025", typed=typed_answer)
        assert "2023、2024 年度还没有，2025 年度将没有上年可比" in done.output
        assert code == 0 or "evalbook new 2023；确实要跳过，请运行：evalbook new 2025 --yes" in done.output
        assert done.exit_code == code
        assert (root / "data" / "2025").exists() == (code == 0)
    assert invoke(root, "new", "2024").exit_code == 2  # 2023 is missing between
    assert invoke(root, "new", "2023").exit_code == 0
    done = invoke(root, "new", "2019", typed="n\n")
    assert "2020、2021 年度还没有，2022 年度仍然没有上年可比" in done.output
    assert "evalbook new 2021；" in done.output


def test_an_earlier_year_can_be_added_later(tmp_path: Path) -> None:
    root = begun(tmp_path / "new")
    chapter = root / "data" / str(YEAR) / "narrative" / "05-measures.md"
    chapter.write_text(f"# 五、主要做法\n\n{YEAR}年，{YEAR + 1}年初全部发放。\n", encoding="utf-8")
    assert new_year(root, YEAR - 1).source == YEAR
    text = (root / "data" / str(YEAR - 1) / "narrative" / "05-measures.md").read_text(encoding="utf-8")
    assert f"{YEAR - 1}年，{YEAR}年初全部发放" in text
    assert load(root, YEAR).before is not None


def test_no_result_of_last_year_is_carried_over_unmarked(tmp_path: Path) -> None:
    from evalbook.render import chapter as chapter_of
    from evalbook.render import open_page

    root = begun(tmp_path / "new")
    chapter = "05-measures"
    results = ("全年清退不符合条件的对象。", "全县发放救助金三千余万元。", "县民政局被评为先进单位。")
    prose = "\n\n".join(("# 五、主要做法", *results, "按《关于开展2022年度自评》（青财绩〔2023〕3号）办理。"))
    (root / "data" / str(YEAR) / "narrative" / f"{chapter}.md").write_text(prose, encoding="utf-8")
    new_year(root, YEAR + 1)
    path = root / "data" / str(YEAR + 1) / "narrative" / f"{chapter}.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    for paragraph in (*results, "按《关于开展2022年度自评》（青财绩〔2023〕3号）办理。"):
        assert lines[lines.index(paragraph) - 1].startswith("【待确认】下一段写的是2022年度的，")
    # The mark of the file gone, that of the paragraph still tells.
    path.write_text("\n".join(lines[2:]) + "\n", encoding="utf-8")
    narrative = load(root, YEAR + 1).year.narrative[chapter]
    assert narrative.pending
    assert narrative.sections[0].pending == (0, 1, 2, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        parts = chapter_of(open_page(YEAR + 1, chapter)).parts
        shown = "".join(getattr(part, "markdown", "") for part in parts)
    assert "**待确认**　全年清退" in shown
    # Nobody confirmed it since: it is still what was written for 2022.
    path.write_text("\n".join(lines).replace(lines[4], "", 1), encoding="utf-8")
    new_year(root, YEAR + 2)
    later = (root / "data" / str(YEAR + 2) / "narrative" / f"{chapter}.md").read_text(encoding="utf-8")
    assert later.count("【待确认】下一段写的是2022年度的，") == len(results)
    assert later.count("【待确认】下一段写的是2023年度的，") == 1
