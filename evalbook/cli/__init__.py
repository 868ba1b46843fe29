"""The ``evalbook`` command.

Messages are Chinese, those of click included. Exit codes: 0 done, 1 the build failed after the input was
found good, a check found a 错误 that nobody explained or a form has one, 2 input or usage to be mended.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from evalbook import __version__
from evalbook.checks import ERROR
from evalbook.cli.chinese import Commands
from evalbook.cli.documents import (
    evaluation_document,
    figure_document,
    finding_document,
    form_document,
    form_finding_document,
    place_document,
    year_document,
    year_of,
)
from evalbook.cli.terminal import show_evaluation, show_findings, show_form, show_framework
from evalbook.errors import KEPT, EvalbookError, InputError
from evalbook.figures import Cell, load
from evalbook.release import build_book, build_edition
from evalbook.run import inspect, inspect_framework, run_years
from evalbook.scoring import evaluate, examine
from evalbook.tables import find_project, new_framework, new_year, year_folder, years
from evalbook.tables.form import read_forms
from evalbook.tables.schema import FLAGS

if TYPE_CHECKING:
    from evalbook.scoring import Examined

FISCAL_YEAR = click.IntRange(1949, 2199)
YEAR = click.argument("year", type=FISCAL_YEAR, metavar="年度")
YEARS = click.argument("chosen", type=FISCAL_YEAR, nargs=-1, metavar="[年度]...")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档，供程序读取。")


@click.group("evalbook", cls=Commands, help="由数据表生成困难群众救助绩效自评报告。")
@click.version_option(__version__, prog_name="evalbook")
@click.option("--debug", is_flag=True, help="出错时显示程序的详细位置（给维护人员）。")
def main(debug: bool) -> None:
    """Entry point."""


@main.command("new", help="由最近的年度生成新年度的文件夹，数字留空，等待填报。")
@YEAR
def new_command(year: int) -> None:
    """Make a new year's folder and say what to fill in."""
    made = new_year(find_project(Path.cwd()), year)
    click.echo(f"已由 {made.source} 年度生成 data/{year}。接下来：\n")
    click.echo(
        f"1. 打开 data/{year}/year.yml，核对标题和起止日期；签发后再填报告日期，并把数据状态改为“最终”。"
    )
    click.echo("2. 用 Excel 打开下列表格，填写数字和出处（没有来源的数字留空，网页上显示“缺”）：")
    for file, count in made.to_fill.items():
        click.echo(f"     {file}：{count}个数字要填")
    click.echo("3. 沿用上年的内容都标了“待确认”，逐行核对后清空“确认”一栏：")
    for file, count in made.to_confirm.items():
        if not file.endswith(".md"):
            click.echo(f"     {file}：{count}行")
    texts = [file for file in made.to_confirm if file.endswith(".md")]
    click.echo(f"4. 核对 data/{year}/narrative 里的{len(texts)}篇正文，改好后删去第一行“【待确认】……”。")
    click.echo(f"\n随时可以检查：evalbook check {year}；生成网页：evalbook build")


def _chosen(root: Path, chosen: tuple[int, ...]) -> list[int]:
    for year in chosen:
        year_folder(root, year)
    return sorted(set(chosen)) or list(years(root))


@main.command("check", help="检查年度的数据和正文：列出填报要改的地方，和数字之间、与规定之间对不上的地方。")
@YEARS
@AS_JSON
def check_command(chosen: tuple[int, ...], as_json: bool) -> None:
    """Validate years and check their figures, without building anything.

    Ends with exit code 2 when input must be mended, with 1 when a 错误 is not explained.
    """
    root = find_project(Path.cwd())
    problems, notices, checked = [], [], []
    for year in _chosen(root, chosen):
        figures, found, told = inspect(root, year)
        problems += [problem for problem in found if problem not in problems]
        notices += [notice for notice in told if notice not in notices]
        # A table that could not be read whole lacks numbers, and would be accused of it.
        if figures is not None and not any(problem.file.endswith(".csv") for problem in found):
            checked.append(evaluate(figures).findings)
    if as_json:
        document = {
            "problems": [vars(problem) for problem in sorted(problems)],
            "notices": notices,
            "findings": [
                finding_document(findings, finding) for findings in checked for finding in findings.listed
            ],
            "years": {str(year_of(findings)): year_document(findings) for findings in checked},
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for findings in checked:
            show_findings(findings)
        for notice in notices:
            click.echo(f"提示：{notice}")
    if problems:
        if as_json:
            raise click.exceptions.Exit(2)
        raise InputError(tuple(problems))
    if any(not finding.explained for findings in checked for finding in findings.of(ERROR)):
        raise click.exceptions.Exit(1)


@main.command("score", help="核算自评得分：写年度，或用 --form 核算任何一张填好的自评表（.xlsx 或 .csv）。")
@click.argument("year", type=FISCAL_YEAR, metavar="[年度]", required=False)
@click.option("--form", "form", metavar="文件", help="一张填好的自评表，不必在项目文件夹里。")
@AS_JSON
def score_command(year: int | None, form: str | None, as_json: bool) -> None:
    """Score a year, or re-compute somebody's filled-in form.

    Ends with exit code 1 when a form has a 错误, with 2 when it cannot be read.
    """
    if (year is None) == (form is None):
        raise click.UsageError("年度和“--form 文件”要写一个，也只能写一个。")
    if form is not None:
        score_form(Path(form), as_json)
    elif year is not None:
        score_year(year, as_json)


def score_year(year: int, as_json: bool) -> None:
    """Score a year by its frameworks and show or write the scorecards, with the findings about them."""
    evaluation = evaluate(load(find_project(Path.cwd()), year))
    if as_json:
        click.echo(json.dumps(evaluation_document(evaluation), ensure_ascii=False, indent=2))
    else:
        show_evaluation(evaluation)


def score_form(path: Path, as_json: bool) -> None:
    """Re-compute every form of a file and show or write what was found."""
    examined = [examine(form) for form in read_forms(path)]
    if as_json:
        first, *_ = documents = [form_document(one) for one in examined]
        document = {
            "form": first["form"],
            "findings": [form_finding_document(f) for one in examined for f in one.findings],
            "unjudged": [
                {"place": place_document(u.place), "why": u.why} for one in examined for u in one.unjudged
            ],
            "totals": first["totals"],
            "notices": _form_notices(examined),
            "forms": documents,
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for one in examined:
            show_form(one)
        for notice in _form_notices(examined):
            click.echo(f"提示：{notice}")
    if any(one.of(ERROR) for one in examined):
        raise click.exceptions.Exit(1)


def _form_notices(examined: list[Examined]) -> list[str]:
    return list(dict.fromkeys(notice for one in examined for notice in one.form.notices))


@main.command("figures", help="列出一个年度的所有数字：名称、数值、来源。")
@YEAR
@AS_JSON
def figures_command(year: int, as_json: bool) -> None:
    """Show every figure of a year."""
    figures = load(find_project(Path.cwd()), year)
    if as_json:
        document = {"year": year, "figures": [figure_document(f) for f in figures.figures.values()]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    click.echo("名称\t数值\t状态\t来源\t地址")  # tabs, so that the list can be pasted into Excel
    for figure in figures.figures.values():
        match figure.lineage:
            case Cell(file, row, letter, _, _, _):
                origin = f"{file} {letter}{row}"
            case derivation:
                origin = derivation.formula
        click.echo("\t".join((figure.label, figure.text, FLAGS.get(figure.flag, ""), origin, figure.address)))


@main.command(
    "build", help="生成网页和 PDF 报告。写出年度时，这些年度的笔记本全部重新运行；不写时只运行有变化的。"
)
@YEARS
@click.option(
    "--edition", "target", metavar="文件夹", help="把一个年度生成为可以发布的一版，放进这个空文件夹。"
)
def build_command(chosen: tuple[int, ...], target: str | None) -> None:
    """Run what is out of date and build the book, or build the book of one year's edition into a folder of its own."""
    root = find_project(Path.cwd())
    _chosen(root, chosen)
    if target is not None:
        if len(chosen) != 1:
            raise click.UsageError("“--edition”只生成一个年度，请写一个年度。")
        build_edition(root, chosen[0], Path(target))
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    try:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            running = bar.add_task("运行笔记本", total=None)

            def progress(done: int, total: int, last: str) -> None:
                bar.update(running, completed=done, total=total, description=f"运行笔记本 {last}".strip())

            if chosen:
                run_years(root, chosen, force=True, progress=progress)
            run_years(root, progress=progress)
            bar.update(running, completed=1, total=1, description="笔记本都是最新的")
            writing = bar.add_task("生成网页和 PDF", total=100)
            build_book(root, root / "book", lambda percent: bar.update(writing, completed=percent))
    except InputError as error:
        raise EvalbookError(f"{error}\n{KEPT}") from None
    html, reports = (root / "book" / "_build" / name for name in ("html", "pdf"))
    click.echo(f"已生成网页：{html}")
    click.echo(f"打开方法：用浏览器打开 {html / 'index.html'}")
    for report in sorted(reports.glob("*.pdf")):
        click.echo(f"已生成报告：{report}")


@main.group("framework", help="评价框架（评分办法）：新建一个，检查一个。")
def framework_group() -> None:
    """Commands about scoring frameworks."""


FRAMEWORK = click.argument("name", metavar="名称")


@framework_group.command("new", help="在 data/frameworks 下新建一个空的评价框架，等待照文件填写。")
@FRAMEWORK
def framework_new_command(name: str) -> None:
    """Make an empty framework and say what to fill in."""
    folder = new_framework(find_project(Path.cwd()), name)
    click.echo(f"已新建 {folder}。接下来：\n")
    click.echo(
        f"1. 用记事本打开 {folder}/framework.yml，照每项上面的说明填写标题、文号、总分、各部分和等次。"
    )
    click.echo(
        f"2. 用 Excel 打开 {folder}/indicators.csv，一行一个指标；记分方法和参数的写法见网页的“评价框架”一页。"
    )
    click.echo("3. 没有查到的留空，不要补；“分值来源”写“未查到”，framework.yml 的“完整”写“否”。")
    click.echo(f"4. 把 {name} 写进要用它的年度的 year.yml，“评价框架”下一行一个“- ”。")
    click.echo(f"\n随时可以检查：evalbook framework check {name}")


@framework_group.command(
    "check", help="检查一个评价框架：列出要改的地方；没有的，列出分值、等次和要填的证据。"
)
@FRAMEWORK
def framework_check_command(name: str) -> None:
    """Validate a framework and sum it up."""
    framework, problems, notices = inspect_framework(find_project(Path.cwd()), name)
    for notice in notices:
        click.echo(f"提示：{notice}")
    if problems or framework is None:
        raise InputError(problems)
    show_framework(framework)
