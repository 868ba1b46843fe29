"""The ``evalbook`` command.

Messages are Chinese, those of click included. Exit codes: 0 done, 1 the build failed after the input was
found good, a check found a 错误 that nobody explained or a form has one, 2 input or usage to be mended.

Each command imports what it needs when it is called: whoever asks for help or the version waits for nothing else.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import sys
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evalbook import __version__
from evalbook.cli.chinese import PROJECT, Commands, Number
from evalbook.errors import EvalbookError, InputError, blocking_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evalbook.privacy import Hit
    from evalbook.reading import Found
    from evalbook.year import NewYear

RELEASER = click.option(
    "--name", default="", metavar="姓名", help="定版人，记在版本库的提交里；只问一次，以后不用写。"
)
FISCAL_YEAR = Number(1949, 2199, "年份", "2020")
YEAR = click.argument("year", type=FISCAL_YEAR, metavar="年度")
YEARS = click.argument("chosen", type=FISCAL_YEAR, nargs=-1, metavar="[年度]...")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档，供程序读取。")

ENVIRONMENT = click.option(
    "--environment", metavar="文件夹", help="装着生成那一版的 evalbook 的虚拟环境；不写用现在这个。"
)

PAUSE = 0.5
"""Seconds between two looks at the files."""
LOOSE_SHOWN = 20
"""Untied numbers that a check lists; the command that ties them lists all."""
NAMED = 6
"""Pages that are named after a change; more are counted."""


@click.group("evalbook", cls=Commands, help="由数据表生成困难群众救助绩效自评报告。")
@click.version_option(__version__, prog_name="evalbook")
@click.option("--debug", is_flag=True, help="出错时显示程序的详细位置（给维护人员）。")
def main(debug: bool) -> None:
    """Entry point."""


def project_root() -> Path:
    """The project that the command line, the environment or the current folder names."""
    from evalbook.year import find_project

    named = _named_project()
    if named and not Path(named).is_dir():
        raise EvalbookError(f"没有 {named} 这个文件夹。请核对项目文件夹的路径。")
    return find_project(Path(named or Path.cwd()))


def _ask_releaser(root: Path, year: int, name: str, *, ask: bool = True) -> None:
    """Keep the name that commits will bear: as said, else asked for where nobody has said one yet."""
    from evalbook.release import name_releaser, releaser

    if not name and ask and is_interactive() and not releaser(root):
        name = click.prompt("定版人姓名（记在版本库的提交里，只问这一次）")
    if name:
        name_releaser(root, year, name)


def is_interactive() -> bool:
    """Whether somebody is there who can be asked."""
    return sys.stdin.isatty()


def _folder(said: str | None) -> Path | None:
    """Folder that an option names, wherever a command goes on from."""
    return Path(said).absolute() if said else None


def _named_project() -> str | None:
    return click.get_current_context().find_root().meta.get(PROJECT) or os.environ.get("EVALBOOK_PROJECT")


@main.command("init", help="新建一个县的项目，和它的第一个年度；没有写的会问。")
@click.argument("folder", metavar="文件夹")
@click.option("--county", default="", metavar="县", help="全称，如 某县。")
@click.option("--province", default="", metavar="省", help="全称，如 湖南省。")
@click.option("--bureau", default="", metavar="单位", help="编写报告的单位，如 某县民政局。")
@click.option("--year", type=FISCAL_YEAR, metavar="年度", help="第一个年度，如 2022。")
@click.option("--city", default="", metavar="市", help="所属的市、州、盟；可以不写。")
@click.option("--code", default="", metavar="代码", help="行政区划代码，六位数字；可以不写。")
def init_command(folder: str, year: int | None, **said: str) -> None:
    """Make another bureau's project, asking for what was not said."""
    from evalbook.release.beginning import REFUSED, begin_project, check_name, project_of, refuse_full

    if not folder.strip():
        raise click.UsageError("没有写文件夹的名称。")
    target = Path(folder)
    refuse_full(target)

    def right(name: str, text: str) -> str:
        try:
            check_name(name, {**said, name: text})
        except EvalbookError as error:
            raise click.UsageError(str(error).removeprefix(f"{REFUSED}：")) from None
        return text

    try:
        for name, asked in (("province", "省（全称）"), ("county", "县（全称）"), ("bureau", "单位（全称）")):
            suggested = f"{said['county']}民政局" if name == "bureau" else None
            said[name] = said[name] or click.prompt(asked, suggested, value_proc=partial(right, name))
        last = datetime.date.today().year - 1
        chosen = year or click.prompt("第一个年度", default=last, type=FISCAL_YEAR)
    except click.Abort:
        missing = [f"--{name}" for name in ("province", "county", "bureau") if not said[name]]
        missing += [] if year else ["--year"]
        raise EvalbookError(f"没有新建项目：还缺 {'、'.join(missing)}。") from None
    begun = begin_project(target, project_of(said), chosen)
    click.echo(f"已新建项目：{begun.folder}。接下来：\n")
    where = f'"{begun.folder}"' if re.search(r"\s", str(begun.folder)) else begun.folder
    click.echo(f"1. 进入项目文件夹：cd {where}")
    _tell_new(chosen, begun.year)
    if begun.notice:
        click.echo(f"提示：{begun.notice}")


@main.command("new", help="由相邻的年度生成新年度的文件夹，数字留空，等待填报。")
@YEAR
@click.option("--yes", is_flag=True, help="中间缺年度也不再问。")
def new_command(year: int, yes: bool) -> None:
    """Make a new year's folder and say what to fill in."""
    from evalbook.year import missing_between, new_year, stray_folders

    root = project_root()
    _notice(stray_folders(root))
    missing = missing_between(root, year)
    if missing and not yes:
        # The first to be added is the one beside the years that there are.
        later = year > missing[-1]
        listed, beside = "、".join(map(str, missing)), missing[0] if later else missing[-1]
        without = f"{year} 年度将没有上年可比" if later else f"{missing[-1] + 1} 年度仍然没有上年可比"
        asked = f"{listed} 年度还没有，{without}。仍然新建 {year} 年度吗？（是/否）"
        try:
            agreed = click.prompt(asked, default="否", show_default=False)
        except click.Abort:
            agreed = ""
        if agreed.strip().lower() not in {"是", "y", "yes"}:
            raise EvalbookError(
                f"没有新建 {year} 年度。先补 {beside} 年度请运行：evalbook new {beside}；"
                f"确实要跳过，请运行：evalbook new {year} --yes"
            )
    made = new_year(root, year)
    origin = f"由 {made.source} 年度" if made.source else "照报告提纲"
    click.echo(f"已{origin}生成 data/{year}。接下来：\n")
    _tell_new(year, made)


def _tell_new(year: int, made: NewYear) -> None:
    """Say what to do with a new year's folder."""
    texts = [file for file in made.to_confirm if file.endswith(".md")]
    steps = [
        f"打开 data/{year}/year.yml，核对标题和起止日期；签发后再填报告日期，并把数据状态改为“批准”。",
        "\n".join(
            (
                "用 Excel 打开下列表格，填写数字和出处（没有来源的数字留空，草稿上显示“待填”）：",
                *(f"     {file}：{count}个数字要填" for file, count in made.to_fill.items()),
            )
        )
        if made.to_fill
        else f"用 Excel 打开 data/{year} 里的表格填写：funds.csv（资金安排）、spending.csv（资金支出）、"
        "people.csv（保障对象）、standards.csv（标准与水平）、actions.csv（年度工作）；"
        "运行一次 evalbook build 以后，各栏的填法见网页的“数据字典”。",
    ]
    carried = {file: count for file, count in made.to_confirm.items() if file not in texts}
    if carried:
        head = "沿用的内容都标了“待确认”，逐行核对后清空“确认”一栏："
        steps.append("\n".join((head, *(f"     {file}：{count}行" for file, count in carried.items()))))
    steps.append(f"核对 data/{year}/narrative 里的{len(texts)}篇正文，改好一处删去一行“【待确认】……”。")
    for number, step in enumerate(steps, start=1 if made.source else 2):
        click.echo(f"{number}. {step}")
    click.echo(f"\n随时可以检查：evalbook check {year}；生成网页：evalbook build")


def _write(**document: object) -> None:
    """Write the JSON document of a command, in UTF-8 wherever it goes."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2).encode())


def _notice(notices: Iterable[str]) -> None:
    for notice in notices:
        click.echo(f"提示：{notice}")


def _chosen(root: Path, chosen: tuple[int, ...]) -> list[int]:
    from evalbook.year import year_folder, years

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
    from evalbook.checks import ERROR
    from evalbook.cli.documents import finding_document, loose_document, year_document, year_of
    from evalbook.cli.terminal import show_findings, show_loose
    from evalbook.figures import loose_numbers
    from evalbook.frameworks import frameworks
    from evalbook.privacy import scan_folder
    from evalbook.run import inspect, inspect_framework
    from evalbook.scoring import evaluate
    from evalbook.year import is_input, stray_folders, years

    root = project_root()
    problems, checked = [], []
    notices: list[str] = []
    loose, unread = {}, set()
    if not years(root):
        notices = [*stray_folders(root), "还没有任何年度。新建一个请运行：evalbook new 年度"]
    if not chosen:  # the book shows every framework, whether or not a year uses it
        problems += [problem for name in frameworks(root) for problem in inspect_framework(root, name)[1]]
    for year in _chosen(root, chosen):
        figures, found, told = inspect(root, year)
        problems += [problem for problem in found if problem not in problems]
        notices += [notice for notice in told if notice not in notices]
        notices += _personal(scan_folder(root / "data" / str(year), f"data/{year}", is_input))
        if figures is not None and (typed := loose_numbers(figures)):
            loose[year] = typed
        # A table that could not be read whole lacks numbers, and would be accused of it.
        if any(problem.file.endswith(".csv") for problem in found):
            unread.add(year)
        elif figures is not None:
            checked.append(evaluate(figures).findings)
    if as_json:
        _write(
            problems=[vars(problem) for problem in blocking_first(problems)],
            notices=notices,
            findings=[
                finding_document(findings, finding) for findings in checked for finding in findings.listed
            ],
            years={str(year_of(findings)): year_document(findings) for findings in checked},
            **(
                {"untied": [loose_document(y, one) for y, listed in loose.items() for one in listed]}
                if loose
                else {}
            ),
        )
    else:
        if problems:  # what could not be read comes before what was found in the rest
            click.echo(InputError(tuple(problems)), err=True)
        for findings in checked:
            show_findings(findings)
        for year, typed in loose.items():
            show_loose(year, typed, most=LOOSE_SHOWN, proposed=year not in unread)
        _notice(notices)
    if problems:
        raise click.exceptions.Exit(2)
    if any(not finding.explained for findings in checked for finding in findings.of(ERROR)):
        raise click.exceptions.Exit(1)


def _personal(hits: Sequence[Hit]) -> list[str]:
    """Notices of personal data: what refuses a release first, then what is asked about."""
    from evalbook.privacy.hit import UNCHECKED

    told = [
        f"{hit}不删去不能定版。" if not hit.asked else str(hit)
        for hit in sorted(hits, key=lambda hit: hit.asked)
        if hit.kind != UNCHECKED  # that it cannot be read is told already, or it is none of the year's
    ]
    left = len(told) - LOOSE_SHOWN
    return told[:LOOSE_SHOWN] + ([f"个人信息另有{left}处，没有列出。"] if left > 0 else [])


@main.command(
    "score",
    help="核算自评得分：写年度，或用 --form 核算任何地方填好的自评表（电子表格或文字文档），"
    "一个或几个文件、一个文件夹、一个压缩包都可以。",
)
@click.argument("words", metavar="[年度]", nargs=-1)
@click.option(
    "--form", "forms", metavar="文件", multiple=True,
    help="填好的自评表，或装着自评表的文件夹、压缩包，不必在项目文件夹里；可以写几个。",
)  # fmt: skip
@AS_JSON
@click.option(
    "--xlsx",
    "workbook",
    metavar="文件",
    help="把核算自评表的结果写成工作簿：一张自评表一行，一个发现一行。",
)
@click.pass_context
def score_command(
    ctx: click.Context, words: tuple[str, ...], forms: tuple[str, ...], as_json: bool, workbook: str | None
) -> None:
    """Score a year, or re-compute somebody's filled-in forms.

    Ends with exit code 1 when a form has a 错误, with 2 when one cannot be read.
    """
    # A shell puts all files of *.xlsx behind the option, which takes the first.
    years = [word for word in words if word.isdecimal() and not (forms and Path(word).exists())]
    if not (words or forms) or (years and forms):
        raise click.UsageError("年度和“--form 文件”要写一个，也只能写一个。")
    if forms:
        score_forms([Path(name) for name in (*forms, *words)], workbook, as_json=as_json)
    elif workbook is not None:
        raise click.UsageError("“--xlsx”要与“--form”一起用。")
    elif not years and Path(words[0]).exists():
        raise click.UsageError(f"“{words[0]}”不是年度。要核算自评表的，请在它前面加上“--form”。")
    elif words[1:]:
        raise click.UsageError(f"多写了“{' '.join(words[1:])}”。")
    else:
        score_year(FISCAL_YEAR.convert(words[0], ctx.command.params[0], ctx), as_json)


def score_year(year: int, as_json: bool) -> None:
    """Score a year by its frameworks and show or write the scorecards, with the findings about them."""
    from evalbook.cli.documents import evaluation_document, forms_document
    from evalbook.cli.terminal import show_evaluation, show_forms
    from evalbook.figures import load
    from evalbook.scoring import evaluate

    figures = load(project_root(), year)
    evaluation = evaluate(figures)
    if as_json:
        _write(**evaluation_document(evaluation), forms=forms_document(figures))
    else:
        show_evaluation(evaluation)
        show_forms(figures)


def score_forms(paths: Sequence[Path], workbook: str | None, *, as_json: bool) -> None:
    """Re-compute the forms of files and show or write what was found, of each file as soon as it was read."""
    from evalbook.checks import ERROR
    from evalbook.cli.documents import outcome_document, outcomes_document
    from evalbook.cli.terminal import counting, show_outcome
    from evalbook.reading import find_files
    from evalbook.recheck import NOT, examine_files, summary
    from evalbook.render.rechecked import Rows, rechecked_workbook, rows_of

    target = None if workbook is None else Path(workbook)
    found = find_files(paths)
    if target:
        found = _without(target, found)
    alone = len(found) == 1 and not target and not paths[0].is_dir()
    counted, documents, rows = Counter[str](), list[dict[str, object]](), list[Rows]()
    outcomes = examine_files(found)
    for outcome in counting(outcomes, len(found)) if target or as_json else outcomes:
        if alone and outcome.error:
            raise outcome.error
        counted += outcome.counts
        if as_json:
            documents.append(outcome_document(outcome))
        else:
            show_outcome(outcome, alone=alone, whole=not target)
        if target:
            rows += rows_of(outcome)
    if target:
        _put(target, rechecked_workbook(rows, counted))
    if as_json:
        _write(**outcomes_document(documents, counted))
    elif not alone:
        click.echo(summary(counted))
    if target and not as_json:
        click.echo(f"已写到 {target}。")
    if counted[NOT] or counted[ERROR]:
        raise click.exceptions.Exit(2 if counted[NOT] else 1)


def _without(target: Path, found: Sequence[Found]) -> tuple[Found, ...]:
    """Files without the workbook that will be written, which may lie among them from the last time."""
    from evalbook.reading import read_sheets
    from evalbook.render.rechecked import is_untouched

    if target.suffix.casefold() != ".xlsx":
        raise click.UsageError("“--xlsx”后面的文件名要以 .xlsx 结尾。")
    if not target.absolute().parent.is_dir():
        raise EvalbookError(f"没有 {target.parent} 这个文件夹，不能写到里面。请核对路径。")
    if not target.exists():
        return tuple(found)
    untouched = False
    with suppress(EvalbookError):
        untouched = is_untouched(read_sheets(target)[0])
    if not untouched:
        raise EvalbookError(
            f"没有覆盖 {target}：它不是核算结果，或者里面的“核实”“处理”已经填了。请换一个文件名，或先把它移走。"
        )
    return tuple(one for one in found if not (one.source.exists() and one.source.samefile(target)))


def _put(target: Path, content: bytes) -> None:
    """Write a workbook in one step."""
    from evalbook.year.rewriting import write_whole

    try:
        write_whole(target, content)
    except PermissionError:
        raise EvalbookError(
            f"{target} 写不进去：它多半在 Excel 或 WPS 里打开着，或者文件夹不许写。原来的文件没有变。"
            "请关闭它，或换一个文件名，再运行一次。"
        ) from None


@main.command("tie", help="把正文里直接写的数字挂接到表里的数字；只写年度时列出没有挂接的，和可能是哪个。")
@YEAR
@click.argument("number", type=Number(1, 99_999, "序号", "3"), metavar="[序号]", required=False)
@click.argument("name", metavar="[名称]", required=False)
@click.option("--all", "sure", is_flag=True, help="只与一个数字相等、句子说的也是它的，全部挂接。")
@click.option("--plain", "reason", metavar="理由", help="这一处不是统计数字，登记到 plain.csv。")
@click.option("--yes", "anyway", is_flag=True, help="与表里的不同也挂接，以表里的为准。")
@AS_JSON
def tie_command(year: int, number: int | None, name: str | None, **said: Any) -> None:
    """List the numbers that were typed into a year's prose, tie one or all that are sure, or declare one to be none."""
    from evalbook.cli.documents import loose_document
    from evalbook.cli.terminal import show_loose
    from evalbook.figures import declare, load, loose_number, loose_numbers, tie, tie_sure

    sure, reason, anyway, as_json = (said[option] for option in ("sure", "reason", "anyway", "as_json"))
    chosen = (name is not None) + (reason is not None) + sure
    if chosen > 1 or (number is None) == bool(name or reason) or (number is not None and chosen != 1):
        raise click.UsageError("写“年度 序号 名称”“年度 序号 --plain 理由”“年度 --all”或只写年度。")
    figures = load(project_root(), year)
    if number is not None:
        loose = loose_number(figures, number)
        done = tie(figures, {loose: name}, anyway=anyway) if name else [declare(figures, loose, reason or "")]
    else:
        done = tie_sure(figures) if sure else []
    for sentence in done:
        click.echo(sentence)
    left = loose_numbers(load(figures.year.root, year) if done else figures)
    if as_json:
        _write(year=year, untied=[loose_document(year, one) for one in left])
    elif number is None:
        show_loose(year, left)
    else:
        click.echo(
            f"还有{len(left)}个没有挂接；后面的序号变了，请重新列出：evalbook tie {year}"
            if left
            else "全部挂接了。"
        )


@main.command("figures", help="列出一个年度的所有数字：名称、数值、来源；用 --find 只列名称里有这些词的。")
@YEAR
@click.option(
    "--edition", "edition", type=Number(1, 99, "版次", "2"), metavar="版次", help="已经定版的第几版。"
)
@click.option("--find", "words", metavar="词", help="名称里有这些词的，几个词用空格隔开，如“五保 支出”。")
@AS_JSON
def figures_command(year: int, edition: int | None, words: str | None, as_json: bool) -> None:
    """Show every figure of a year, or those with some words in their names, as it stands or in one of its editions."""
    from evalbook.cli.documents import authority_document, figure_document
    from evalbook.figures import Cell, names_of
    from evalbook.schema.vocabulary import FLAGS
    from evalbook.scoring import opened

    figures = opened(project_root(), year, edition)
    shown = list(figures.figures.values())
    if words is not None:
        names = names_of(figures.by_label, figures.year.registries)
        found = names.with_words(words.split())
        shown = [figures.by_label[label] for label in found or names.like(words)]
        if not found and not as_json:
            similar = "下面是相近的：" if shown else "也没有相近的。"
            click.echo(f"没有名称里有“{words}”的数字，{similar}", err=True)
    if as_json:
        listed = [figure_document(figure) for figure in shown]
        standing = authority_document(figures.year.authority)
        return _write(year=year, edition=figures.year.edition, authority=standing, figures=listed)
    click.echo("名称\t数值\t状态\t来源\t地址")  # tabs, so that the list can be pasted into Excel
    for figure in shown:
        cell = figure.lineage
        origin = f"{cell.file} {cell.letter}{cell.row}" if isinstance(cell, Cell) else cell.formula
        doubt = f"存疑：{figure.doubt.text}" if figure.doubt else ""
        status = "；".join(filter(None, (FLAGS.get(figure.flag, ""), doubt)))
        click.echo("\t".join((figure.label, figure.text, status, origin, figure.address)))
    return None


@main.command(
    "build", help="生成网页和 PDF 报告。写出年度时，这些年度的笔记本全部重新运行；不写时只运行有变化的。"
)
@YEARS
@click.option(
    "--edition", "target", metavar="文件夹", help="把一个年度生成为可以发布的一版，放进这个空文件夹。"
)
@click.option("--watch", is_flag=True, help="一直开着：文件一改就重新生成，只做变了的几页；按 Ctrl-C 结束。")
def build_command(chosen: tuple[int, ...], target: str | None, watch: bool) -> None:
    """Run what is out of date and build the book, or build the book of one year's edition into a folder of its own."""
    from evalbook.shipped import CONTENTS
    from evalbook.state import is_current

    here = Path(_named_project() or Path.cwd()).resolve()
    if watch:
        if chosen or target is not None:
            raise click.UsageError("“--watch”看着全部年度，不与年度和“--edition”一起写。")
        return _watch()
    if not chosen and target is None and (here / "book" / CONTENTS).is_file() and is_current(here):
        click.echo("没有变化，不用重新生成。")
        return _tell_built(here)
    from evalbook.cli.terminal import progress_bar
    from evalbook.release import Builder, build_edition, working_book
    from evalbook.year import stray_folders

    root = project_root()
    _chosen(root, chosen)
    _notice(stray_folders(root))
    if target is not None:
        if len(chosen) != 1:
            raise click.UsageError("“--edition”只生成一个年度，请写一个年度。")
        return build_edition(root, chosen[0], Path(target))
    with progress_bar("生成网页和 PDF") as progress, Builder() as builder:
        builder.build(root, working_book(root), progress, again=chosen)
    return _tell_built(root)


def _watch() -> None:
    """Build again whenever an input changes, until Ctrl-C."""
    from evalbook.cli.terminal import progress_bar
    from evalbook.release import Builder, working_book
    from evalbook.state import listing, made_files, written_files

    root = project_root()
    book = working_book(root)
    with suppress(KeyboardInterrupt), Builder() as builder:
        first = True
        while True:
            seen, before = listing(written_files(root, book)), listing(made_files(book / "_build"))
            began = time.monotonic()
            try:
                with progress_bar("生成网页和 PDF") as progress:
                    builder.build(root, book, progress)
            except EvalbookError as error:
                click.echo(error, err=True)
            else:
                seconds = time.monotonic() - began
                if first:
                    _tell_built(root)
                else:
                    _tell_updated(before, listing(made_files(book / "_build")), seconds)
                first = False
            click.echo("等着您改文件；按 Ctrl-C 结束。")
            _wait_until_saved(seen, lambda: listing(written_files(root, book)))
    click.echo("已结束。")


def _wait_until_saved(seen: Mapping[str, object], look: Callable[[], Mapping[str, object]]) -> None:
    """Wait until files are others than they were seen, and are no more being written."""
    last = seen
    while True:
        time.sleep(PAUSE)
        now = look()
        if now == last != seen:
            return
        last = now


def _tell_updated(before: Mapping[str, object], after: Mapping[str, object], seconds: float) -> None:
    """Say which pages were written."""
    from evalbook.release import page_title

    changed = [Path(name) for name, state in after.items() if before.get(name) != state]
    written = [path for path in changed if path.suffix == ".html" and path.name != "search.html"]
    years = "、".join(
        dict.fromkeys(f"{p.parent.name}年度" for p in written if p.parent.parent.name == "years")
    )
    named = "；".join(map(page_title, written[:NAMED])) + ("等" if len(written) > NAMED else "")
    told = f"更新了{years}{len(written)}页：{named}" if written else "网页没有变化"
    click.echo(f"{told}（{seconds:.1f}秒）。")


def _tell_built(root: Path) -> None:
    """Say where the book and the reports are."""
    html, reports = (root / "book" / "_build" / name for name in ("html", "pdf"))
    click.echo(f"已生成网页：{html}")
    click.echo(f"打开方法：用浏览器打开 {html / 'index.html'}")
    for report in sorted(reports.glob("*.pdf")):
        click.echo(f"已生成报告：{report}")


@main.command("release", help="定版：检查、生成一个年度的下一版，记入版本台账；定了就不再改变。")
@YEAR
@click.option("--reason", default="", metavar="理由", help="为什么有这一版；第1版可以不写。")
@click.option(
    "--approver", default="", metavar="批准人", help="谁批准的；没有批准的不写，网页上写“尚未批准”。"
)
@click.option(
    "--kind", default="", metavar="类型", help="第1版是初版，可以不写；以后的写计划修订或更正，不写是更正。"
)
@click.option(
    "--status",
    default="",
    metavar="状态",
    help="送审或批准；不写照 year.yml，没有写谁批准的至多是送审。草稿不能定版。",
)
@click.option("--date", default="", metavar="日期", help="这一版的日期，如 2021-04-10；不写是今天。")
@click.option(
    "--withdraw",
    type=click.IntRange(1),
    metavar="版次",
    help="撤销最后一版，只要还没有发布；写明理由和谁决定的。",
)
@RELEASER
@click.option("--yes", is_flag=True, help="列出将要定版的内容以后不再问。")
def release_command(year: int, withdraw: int | None, name: str, yes: bool, **said: str) -> None:
    """Freeze the next edition of a year, or take back the last one, when whoever runs it has seen what that means."""
    from evalbook.cli.freezing import confirm, plan_lines, withdrawal_lines, withdrawn_lines
    from evalbook.cli.terminal import show_release
    from evalbook.release import planned, release, wish_of, withdrawable
    from evalbook.release import withdraw as withdraw_edition
    from evalbook.year import year_folder

    root, wish = project_root(), wish_of(said, datetime.date.today())
    year_folder(root, year)
    _ask_releaser(root, year, name, ask=not yes)
    if withdraw is not None:
        click.echo("\n".join(withdrawal_lines(year, withdrawable(root, year, withdraw, wish), wish)))
        if not yes:
            confirm(year, "撤销")
        withdraw_edition(root, year, withdraw, wish)
        click.echo("\n".join(withdrawn_lines(root, year, withdraw)))
        return
    click.echo("检查数据……", err=True)
    plan = planned(root, year, wish)
    click.echo("\n".join(plan_lines(plan)))
    if not yes:
        confirm(year, "定版")
    click.echo("由版本库重新生成全部内容，要几分钟……", err=True)
    show_release(year, plan, release(root, plan))


@main.command("publish", help="把全部定了版的年度发布到局域网的文件夹；以前发布的各版保持不变。")
@click.argument("target", metavar="文件夹")
@click.option(
    "--zip", "archive", metavar="文件", help="另外打成一个 .zip 文件，供用U盘传送，旁边附校验文件。"
)
@RELEASER
@ENVIRONMENT
def publish_command(target: str, archive: str | None, name: str, environment: str | None) -> None:
    """Put every released edition on the intranet."""
    from evalbook.cli.terminal import show_delivered
    from evalbook.publish import checksum_file, publish, write_archive
    from evalbook.release import (
        note_published,
        pointers,
        refuse_site,
        released_editions,
        remember_place,
    )

    root = project_root()
    site = Path(target)
    click.echo("核对各版的文件；这台电脑上没有的，由版本库重新生成，每一版要几分钟……", err=True)
    editions = released_editions(root, environment=_folder(environment), tell=partial(click.echo, err=True))
    _ask_releaser(root, editions[0].year, name)
    refuse_site(root, editions, site)
    made, today = pointers(root, editions), datetime.date.today()
    done = publish(editions, made, site, today, note=partial(note_published, root, editions, today))
    remember_place(root, site)
    show_delivered(done, site)
    if archive:
        write_archive(site, Path(archive))
        click.echo(f"已打包：{archive}（校验文件：{checksum_file(Path(archive))}）")


@main.command(
    "verify",
    help="核对发布的文件夹或 .zip 文件，或台账里的一版；用 --rebuild 重新生成一版，逐个文件比较。",
)
@click.argument("what", metavar="[文件夹、文件或年度/版次]", required=False)
@click.option("--rebuild", "edition", metavar="年度/版次", help="由台账记录的提交重新生成这一版，如 2020/2。")
@click.option("--paper", metavar="年度/版次", help="用这一版签发的纸质件核对：问最后一页核对码的两组。")
@click.option("--groups", metavar="核对码", help="纸质件上的两组核对码，如 3=1b72,11=9f00；写了就不再问。")
@ENVIRONMENT
def verify_command(
    what: str | None, edition: str | None, environment: str | None, **said: str | None
) -> None:
    """Prove that a publication is what its manifest says, what the ledger says, and what was signed on paper.

    Ends with exit code 1 when something differs.
    """
    from evalbook.cli.proving import verify_edition, verify_files
    from evalbook.cli.terminal import show_list
    from evalbook.release import verify_rebuild

    if what is None and edition is None:
        raise click.UsageError("请写要核对的文件夹或文件、“年度/版次”，或“--rebuild 年度/版次”。")
    wrong = False
    path = None if what is None or (not Path(what).exists() and EDITION.fullmatch(what)) else Path(what)
    if path is not None:
        wrong = verify_files(path, said["paper"], said["groups"])
    elif what is not None:
        wrong = verify_edition(project_root(), *_edition_named(what, "核对的"), said["groups"])
    if edition is not None:
        year, number = _edition_named(edition, "“--rebuild”后面")
        click.echo("由版本库重新生成，要几分钟……", err=True)
        published = path / str(year) / str(number) if path else None
        made_by = _folder(environment)
        differences = verify_rebuild(project_root(), year, number, published, environment=made_by)
        told = f"有{len(differences)}处与定版时不同：" if differences else "重新生成的与定版时逐个字节相同。"
        click.echo(f"{year}年度第{number}版：{told}")
        show_list(differences)
        wrong = wrong or bool(differences)
    if wrong:
        raise click.exceptions.Exit(1)


EDITION = re.compile(r"(\d{4})/(\d{1,2})", re.ASCII)


def _edition_named(text: str, where: str) -> tuple[int, int]:
    match = EDITION.fullmatch(text)
    if match is None:
        raise click.UsageError(f"{where}写年度和版次，如 2020/2。")
    return int(match[1]), int(match[2])


@main.command("diff", help="列出一个年度各版之间变了的数字：原值、新值、差、理由。")
@YEAR
@AS_JSON
def diff_command(year: int, as_json: bool) -> None:
    """Show every number that an edition, or what is to become one, gives otherwise than the one before."""
    from evalbook.cli.documents import edition_document, revision_document
    from evalbook.cli.terminal import show_revisions
    from evalbook.editions import revisions_of
    from evalbook.figures import load

    figures = load(project_root(), year)
    found = revisions_of(figures)
    if as_json:
        editions = [edition_document(edition) for edition in figures.year.ledger]
        revisions = [revision_document(revision) for revision in found]
        _write(year=year, editions=editions, revisions=revisions)
    else:
        show_revisions(figures, found)


@main.command("help", help="显示一个命令的说明；不写命令，列出全部命令。")
@click.argument("words", metavar="[命令]...", nargs=-1)
@click.pass_context
def help_command(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Show what ``--help`` shows."""
    main.main([*words, "--help"], prog_name=ctx.find_root().info_name)


@main.group("framework", help="评价框架（评分办法）：新建一个，检查一个。")
def framework_group() -> None:
    """Commands about scoring frameworks."""


FRAMEWORK = click.argument("name", metavar="名称")


@framework_group.command("new", help="在 data/frameworks 下新建一个空的评价框架，等待照文件填写。")
@FRAMEWORK
def framework_new_command(name: str) -> None:
    """Make an empty framework and say what to fill in."""
    from evalbook.frameworks import new_framework

    folder = new_framework(project_root(), name)
    steps = (
        f"已新建 {folder}。接下来：\n",
        f"1. 用记事本打开 {folder}/framework.yml，照每项上面的说明填写标题、文号、总分、各部分和等次。",
        f"2. 用 Excel 打开 {folder}/indicators.csv，一行一个指标；记分方法和参数的写法见网页的“评价框架”一页。",
        "3. 没有查到的留空，不要补；“分值来源”写“未查到”，framework.yml 的“完整”写“否”。",
        f"4. 把 {name} 写进要用它的年度的 year.yml，“评价框架”下一行一个“- ”。",
        f"\n随时可以检查：evalbook framework check {name}",
    )
    click.echo("\n".join(steps))


@framework_group.command(
    "check", help="检查一个评价框架：列出要改的地方；没有的，列出分值、等次和要填的证据。"
)
@FRAMEWORK
def framework_check_command(name: str) -> None:
    """Validate a framework and sum it up."""
    from evalbook.cli.terminal import show_framework
    from evalbook.run import inspect_framework

    framework, problems, notices = inspect_framework(project_root(), name)
    _notice(notices)
    if problems or framework is None:
        raise InputError(problems)
    show_framework(framework)
