"""The ``evalbook`` command.

Messages are Chinese, those of click included. Exit codes: 0 done, 1 the build failed after the input was
found good, a check found a 错误 that nobody explained or a form has one, 2 input or usage to be mended.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from evalbook import __version__
from evalbook.checks import (
    ERROR,
    SEVERITIES,
    SEVERITY_MEANINGS,
    Explanation,
    Finding,
    Findings,
    Place,
)
from evalbook.errors import KEPT, EvalbookError, InputError
from evalbook.figures import Cell, Derivation, Figure, FigureSet, load
from evalbook.run import inspect, run_years
from evalbook.scoring import Examined, evaluate, examine
from evalbook.tables import find_project, new_year, year_folder, years
from evalbook.tables.form import read_forms
from evalbook.tables.reader import clean
from evalbook.tables.schema import FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

# click has no Chinese catalogue; these are all the sentences that this command's users can meet.
CHINESE = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这段说明。",
    "Show the version and exit.": "显示版本。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "查看说明请运行：{command} {option}",
    "No such command {name!r}.": "没有“{name}”这个命令。",
    "No such option {name!r}.": "没有“{name}”这个选项。",
    "{value} is not in the range {range}.": "{value} 不是年份，应在1949至2199之间。",
    "Missing argument": "没有写",
    "Missing option": "没有写选项",
    "Missing parameter": "没有写",
    "Missing command.": "没有写命令。",
    "Invalid value: {message}": "写法不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 写法不对：{message}",
    "{value!r} is not a valid {number_type}.": "“{value}”不是年份，应为四位数字，如 2020。",
    "Option {name!r} does not take a value.": "选项“{name}”后面不跟内容。",
    "Option {name!r} requires an argument.": "选项“{name}”后面缺内容。",
    "(Did you mean one of: {possibilities}?)": "（是不是：{possibilities}？）",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "Did you mean one of: {possibilities}?": "是不是：{possibilities}？",
    "Aborted!": "已中止。",
    "%(prog)s, version %(version)s": "%(prog)s %(version)s",
}


def translate_click() -> None:
    """Let click speak Chinese."""

    def chinese(text: str) -> str:
        return CHINESE.get(text, text)

    def plural(one: str, many: str, count: int) -> str:
        if one.startswith("Got unexpected extra argument"):
            return "多写了“{args}”。"
        return chinese(one if count == 1 else many)

    for module in ("core", "exceptions", "formatting", "parser", "decorators", "types"):
        named = getattr(click, module)
        for name, function in (("_", chinese), ("ngettext", plural)):
            if hasattr(named, name):
                setattr(named, name, function)


translate_click()
FISCAL_YEAR = click.IntRange(1949, 2199)
YEAR = click.argument("year", type=FISCAL_YEAR, metavar="年度")
YEARS = click.argument("chosen", type=FISCAL_YEAR, nargs=-1, metavar="[年度]...")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档，供程序读取。")


class Command(click.Command):
    """A command whose usage line is Chinese."""

    def __init__(self, name: str | None, **options: Any) -> None:
        super().__init__(name, **{"options_metavar": "[选项]", **options})


class Commands(click.Group):
    """The command group; a fault ends in a Chinese message, a traceback only with ``--debug``."""

    command_class = Command

    def __init__(self, name: str | None, **options: Any) -> None:
        super().__init__(
            name, **{"options_metavar": "[选项]", "subcommand_metavar": "命令 [内容]...", **options}
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and answer its faults."""
        try:
            return super().invoke(ctx)
        except EvalbookError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(
                f"读写文件时出错：{error.filename or ''}（{error.strerror}）。请检查文件是否被占用、磁盘是否已满。",
                err=True,
            )
            ctx.exit(2)
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"程序出错了：{type(error).__name__}：{error}", err=True)
            click.echo(
                "这是程序的毛病，不是填报的错。请加上 --debug 再运行一次，把显示的内容发给维护人员。",
                err=True,
            )
            ctx.exit(2)


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
            "years": {str(_year(findings)): _year_document(findings) for findings in checked},
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


def _year(findings: Findings) -> int:
    return findings.figures.year.settings.year


def _year_document(findings: Findings) -> dict[str, object]:
    figures = findings.figures
    return {
        "figures": len(figures.figures),
        "missing": _unfilled(figures),
        "pending": _pending(figures),
        "rules": dict(findings.fired),
        "unused_explanations": [answer.finding for answer in findings.unused],
    }


STYLES = {"错误": "bold red", "疑点": "yellow", "提示": "cyan"}


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False, emoji=False)


def show_findings(findings: Findings) -> None:
    """Write a year's findings to the terminal, the worst first, and one line of summary."""
    console = _console()
    _show_listed(console, findings)
    for answer in findings.unused:
        console.print(f"{answer.place}：编号“{answer.finding}”的发现已经没有了，这一行可以删去。")
    console.print(_summary(findings))


def _show_listed(console: Console, findings: Findings | Examined) -> None:
    number = 0
    for severity in SEVERITIES:
        listed = findings.of(severity)
        if listed:
            console.print(f"{severity}（{SEVERITY_MEANINGS[severity]}）", style=STYLES[severity])
        for finding in listed:
            number += 1
            console.print()
            console.print(f"{number}. {finding.rule.title}", style=STYLES[severity])
            for line in _finding_lines(finding):
                console.print(f"   {line}")
        if listed:
            console.print()


def _finding_lines(finding: Finding) -> Iterator[str]:
    suspicion = finding.suspicion
    yield f"{suspicion.found}。"
    yield f"原因：{suspicion.why}。"
    for note in suspicion.notes:
        yield f"另外：{note}。"
    yield f"怎么办：{suspicion.remedy}。"
    for source in finding.sources:
        yield f"来源：{source}"
    for consequence in finding.consequences:
        yield f"由此引起：{consequence.rule.title}——{consequence.suspicion.found}。"
    yield f"编号：{finding.id}"
    if answer := finding.explanation:
        yield f"已说明：{answer.text}（证据：{answer.evidence}；{answer.who}，{answer.date}）"
    elif answer := finding.outdated:
        yield f"{answer.place}的说明是对改动以前的数字作的，不再适用，请重新说明：{answer.text}"


def _summary(findings: Findings) -> str:
    figures = findings.figures
    counts = "，".join(f"{severity}{len(findings.of(severity))}条" for severity in SEVERITIES)
    explained = sum(finding.explained for finding in findings.listed)
    missing, pending = _unfilled(figures), _pending(figures)
    rest = [
        f"其中{explained}条已说明" if explained else "",
        f"共{len(figures.figures)}个数字",
        f"{missing}个待填" if missing else "",
        f"{pending}处待确认" if pending else "",
    ]
    return f"{_year(findings)}年度：{counts}；{'，'.join(text for text in rest if text)}。"


def finding_document(findings: Findings, finding: Finding) -> dict[str, object]:
    """JSON form of a finding of a year, decimals as strings."""
    consequences = [finding_document(findings, consequence) for consequence in finding.consequences]
    return {
        "year": _year(findings),
        **_finding_fields(finding, consequences),
        "explanation": _answer_document(finding.explanation),
        "outdated_explanation": _answer_document(finding.outdated),
    }


def _finding_fields(finding: Finding, consequences: list[dict[str, object]]) -> dict[str, object]:
    suspicion = finding.suspicion
    return {
        "id": finding.id,
        "rule": finding.rule.id,
        "title": finding.rule.title,
        "severity": finding.severity,
        "addresses": list(finding.addresses),
        "stated": _decimal(suspicion.stated),
        "computed": _decimal(suspicion.computed),
        "difference": _decimal(finding.difference),
        "unit": suspicion.unit,
        "message": finding.message,
        "sources": list(finding.sources),
        "places": [_place_document(place) for place in suspicion.places],
        "consequences": consequences,
    }


def _place_document(place: Place) -> dict[str, object]:
    column = {"column": place.column} if place.column else {}
    return {"file": place.file, "row": place.row, **column, "text": place.text}


def _answer_document(answer: Explanation | None) -> dict[str, str] | None:
    if answer is None:
        return None
    return {"text": answer.text, "evidence": answer.evidence, "who": answer.who, "date": answer.date}


def _decimal(value: Decimal | None) -> str | None:
    """Text of a number; what a division left over is rounded to six places, more than any unit shows."""
    if value is None:
        return None
    text = f"{round(value, 6):f}" if -int(value.as_tuple().exponent) > 6 else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text and len(text.partition(".")[2]) == 6 else text


def _unfilled(figures: FigureSet) -> int:
    return sum(
        isinstance(figure.lineage, Cell) and figure.value is None for figure in figures.figures.values()
    )


def _pending(figures: FigureSet) -> int:
    rows = sum(
        row.cells.get("pending") is not None for data in figures.year.tables.values() for row in data.rows
    )
    return rows + sum(narrative.pending for narrative in figures.year.narrative.values())


def figure_document(figure: Figure) -> dict[str, object]:
    """JSON form of a figure, decimals as strings."""
    match figure.lineage:
        case Cell(file, row, letter, column, text, source):
            origin: dict[str, object] = {
                "kind": "cell",
                "file": file,
                "row": row,
                "letter": letter,
                "column": column,
                "text": text,
                "source": source,
            }
        case Derivation(definition, _, formula, numbers, inputs):
            origin = {
                "kind": "formula",
                "definition": definition,
                "formula": formula,
                "numbers": numbers,
                "inputs": [
                    {"address": i.address, "name": i.label, **({"year": i.year} if i.year else {})}
                    for i in inputs
                ],
            }
    return {
        "address": figure.address,
        "name": figure.label,
        "value": None if figure.value is None else f"{figure.value:f}",
        "shown": figure.text,
        "unit": figure.unit,
        "flag": figure.flag,
        "reason": figure.reason,
        "note": figure.note,
        "lineage": origin,
    }


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
    else:
        raise EvalbookError("按年度评分还没有做好，请用“--form 文件”核算填好的自评表。")


def score_form(path: Path, as_json: bool) -> None:
    """Re-compute every form of a file and show or write what was found."""
    examined = [examine(form) for form in read_forms(path)]
    if as_json:
        first, *_ = documents = [form_document(one) for one in examined]
        document = {
            "form": first["form"],
            "findings": [form_finding_document(f) for one in examined for f in one.findings],
            "unjudged": [
                {"place": _place_document(u.place), "why": u.why} for one in examined for u in one.unjudged
            ],
            "totals": first["totals"],
            "forms": documents,
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for one in examined:
            show_form(one)
    if any(one.of(ERROR) for one in examined):
        raise click.exceptions.Exit(1)


def form_document(examined: Examined) -> dict[str, object]:
    """JSON form of what a form is and of its sums, decimals as strings."""
    form, totals = examined.form, examined.totals
    return {
        "form": {
            "file": form.file,
            "sheet": form.sheet,
            "title": form.title,
            "project": form.project,
            "year": form.year,
            "kind": "points" if form.has_points else "completion",
            "indicators": len(form.indicators),
            "funds": len(form.funds),
            "grade": form.grade_word,
        },
        "totals": {name: _decimal(value) for name, value in vars(totals).items()},
    }


def form_finding_document(finding: Finding) -> dict[str, object]:
    """JSON form of a finding of a form, with the keys of :func:`finding_document` that apply."""
    return _finding_fields(finding, [form_finding_document(c) for c in finding.consequences])


def show_form(examined: Examined) -> None:
    """Write to the terminal what was found in a form, what cannot be judged, and its sums."""
    console, form, totals = _console(), examined.form, examined.totals
    heading = [form.title or "自评表", f"项目：{form.project}" if form.project else "", f"文件：{form.file}"]
    console.print("，".join(text for text in heading if text))
    console.print()
    _show_listed(console, examined)
    if examined.unjudged:
        console.print("不能判断（请对照原件自己核对）")
        for unjudged in examined.unjudged:
            console.print(f"   {unjudged.place}：{unjudged.why}。")
        console.print()
    known = (
        ("各行分值合计", totals.points, "分"),
        ("各行得分合计", totals.score, "分"),
        ("总分行写的", totals.stated_score, "分"),
        ("执行率", totals.execution_rate, "%"),
        ("预算执行应得", totals.execution_score, "分"),
    )
    sums = [f"{name}{_decimal(value)}{unit}" for name, value, unit in known if value is not None]
    if totals.lowest is not None:
        sums.append(f"按目标和实际数重算，总分在{_decimal(totals.lowest)}到{_decimal(totals.highest)}分之间")
    if sums:
        console.print(f"{'；'.join(sums)}。")
    counts = "，".join(f"{severity}{len(examined.of(severity))}条" for severity in SEVERITIES)
    console.print(f"{clean(form.file)}：{counts}，不能判断{len(examined.unjudged)}处。")


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
def build_command(chosen: tuple[int, ...]) -> None:
    """Run what is out of date and build the book."""
    root = find_project(Path.cwd())
    _chosen(root, chosen)
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
            build_book(root, lambda percent: bar.update(writing, completed=percent))
    except InputError as error:
        raise EvalbookError(f"{error}\n{KEPT}") from None
    html, reports = (root / "book" / "_build" / name for name in ("html", "pdf"))
    click.echo(f"已生成网页：{html}")
    click.echo(f"打开方法：用浏览器打开 {html / 'index.html'}")
    for report in sorted(reports.glob("*.pdf")):
        click.echo(f"已生成报告：{report}")


def build_book(root: Path, progress: Callable[[int], None]) -> None:
    """Build the book and the reports with Jupyter Book.

    Parameters
    ----------
    root
        The project.
    progress
        Told the percentage done, of reading and writing together.

    Raises
    ------
    EvalbookError
        The build failed; the last good book stays.
    """
    program = "from jupyter_book.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "build", str(root / "book")],
        cwd=root,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    lines: list[str] = []
    done = 0
    for line in process.stdout or ():
        match = re.search(r"^(\w+) .*\[\s*(\d+)%\]", re.sub(r"\x1b\[[\d;]*m", "", line))
        if not match:
            lines.append(line.rstrip())
        elif match[1] in {"reading", "writing"}:
            done = max(done, int(match[2]) // 2 + (50 if match[1] == "writing" else 0))
            progress(done)
    if process.wait():
        shown = "\n".join(f"    {line}" for line in lines[-20:] if line.strip())
        raise EvalbookError(f"{KEPT}下面是排版程序的原话，请发给维护人员：\n{shown}")
    progress(100)


if __name__ == "__main__":
    main()
