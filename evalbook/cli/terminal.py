"""What the commands show on the terminal."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from evalbook.checks import ERROR, SEVERITIES, SEVERITY_MEANINGS
from evalbook.cli.documents import decimal_text, pending_count, year_of
from evalbook.figures import Cell
from evalbook.frameworks.framework import PROPOSED
from evalbook.recheck.files import NOT, PARTLY, READ
from evalbook.render import frameworks
from evalbook.render.editions import approval
from evalbook.render.review import review_line
from evalbook.schema.text import clean
from evalbook.scoring import points_text, range_text, total_words
from evalbook.year.authority import authority_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from evalbook.checks import Finding, Findings
    from evalbook.editions import Revision
    from evalbook.figures import FigureSet, Loose
    from evalbook.frameworks import Framework
    from evalbook.publish import Delivered
    from evalbook.recheck import Examined, Outcome
    from evalbook.release import Plan
    from evalbook.release.release import Release
    from evalbook.scoring import Evaluation, Scorecard

SECONDS_BETWEEN_LINES = 5
ENOUGH_TO_TELL = 20
"""Percentage from which the time that is left is told: before, it would be guessed from the start alone."""

ENOUGH_TO_COUNT = 5
"""Files from which it is shown how many are done."""
Done = TypeVar("Done")

STYLES = {"错误": "bold red", "疑点": "yellow", "提示": "cyan"}


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False, emoji=False)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float], None]]:
    """Show how far long work is and how long it will take, on the error stream; in a file a line now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines_now_and_then(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=100)
        yield lambda percent: bar.update(task, completed=percent)


def counting(work: Iterable[Done], count: int) -> Iterator[Done]:
    """Hand on what work brings, and show on a terminal how far it is."""
    if not sys.stderr.isatty() or count < ENOUGH_TO_COUNT:
        yield from work
        return
    with progress_bar("核算自评表") as progress:
        for number, done in enumerate(work, start=1):
            progress(100 * number / count)
            yield done


def _lines_now_and_then(title: str) -> Callable[[float], None]:
    began = told = time.monotonic()

    def progress(percent: float) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= SECONDS_BETWEEN_LINES and 0 < percent < 100:
            left = (now - began) * (100 - percent) / percent
            rest = f"，大约还要{left:.0f}秒" if percent >= ENOUGH_TO_TELL else ""
            click.echo(f"{title}：{percent:.0f}%{rest}", err=True)
            told = now

    return progress


def show_findings(findings: Findings) -> None:
    """Write a year's findings to the terminal, the worst first, and one line of summary."""
    console = _console()
    _show_listed(console, findings)
    for answer in findings.unused:
        console.print(f"{answer.place}：编号“{answer.finding}”的发现已经没有了，这一行可以删去。")
    console.print(_summary(findings))
    if costs := review_line(findings):
        console.print(f"{costs}，逐项见“质量自查”一页。")


def show_loose(year: int, listed: Sequence[Loose], *, most: int | None = None, proposed: bool = True) -> None:
    """Write the numbers of a year's prose that are tied to no figure, one a line, and what to do about them.

    Only so many where ``most`` is given; nothing is said to equal none where not all figures are known (``proposed``).
    """
    console = _console()
    if not listed:
        console.print(f"{year}年度正文的数字都挂接了。")
        return
    console.print(
        f"没有挂接的数字（正文里直接写的，{len(listed)}个；不妨碍生成，定版以前要挂接）", style=STYLES["提示"]
    )
    for loose in listed[:most]:
        console.print(f"{loose.number}. {loose if proposed or loose.proposals else loose.place}")
    if left := len(listed[most:]) if most else 0:
        console.print(f"另有{left}个，全部列出：evalbook tie {year}")
    if proposed:
        console.print(f"挂接一个：evalbook tie {year} 序号 名称；能确定的一次挂接：evalbook tie {year} --all")
        console.print(f"不是统计数字的：evalbook tie {year} 序号 --plain 理由")
    else:
        console.print("先把表格改好，再看它们可能是表里的哪个数字。")
    console.print()


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
    if suspicion.why:
        yield f"原因：{suspicion.why}。"
    for note in suspicion.notes:
        yield f"另外：{note}。"
    for number, one in enumerate(finding.each, start=1):
        yield f"（{number}）{one}"
    if suspicion.remedy:
        yield f"怎么办：{suspicion.remedy}。"
    yield f"资料：{finding.rule.means}"
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
    pending = pending_count(figures)
    rest = [
        f"其中{explained}条已说明" if explained else "",
        f"共{counted(figures)}",
        f"{pending}处待确认" if pending else "",
    ]
    return f"{year_of(findings)}年度：{counts}；{'，'.join(text for text in rest if text)}。"


def counted(figures: FigureSet) -> str:
    """How many numbers a year has: of those without one, why tables lack them, and how many cannot be computed."""
    absent = [figure for figure in figures.figures.values() if figure.value is None]
    stated = Counter(figure.absence for figure in absent if isinstance(figure.lineage, Cell))
    computed = len(absent) - stated.total()
    told = [f"{count}个{absence}" for absence, count in stated.items()]
    told += [f"{computed}个算不出"] if computed else []
    return "，".join([f"{len(figures.figures)}个数字", *told])


def show_form(examined: Examined) -> None:
    """Write to the terminal what was found in a form, what cannot be judged, and its sums."""
    console, form, totals = _console(), examined.form, examined.totals
    heading = [form.title or "自评表"]
    heading += [f"{name}：{text}" for name, text in (("单位", form.unit), ("项目", form.project)) if text]
    console.print("，".join([*heading, f"文件：{form.file}"]))
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
    sums = [f"{name}{decimal_text(value)}{unit}" for name, value, unit in known if value is not None]
    if totals.lowest is not None:
        low, high = map(decimal_text, (totals.lowest, totals.highest))
        said = f"{low}分" if low == high else f"在{low}到{high}分之间"
        sums.append(f"按目标和实际数重算，总分{said}")
    if sums:
        console.print(f"{'；'.join(sums)}。")
    counts = "，".join(f"{severity}{len(examined.of(severity))}条" for severity in SEVERITIES)
    console.print(f"{clean(form.file)}：{counts}，不能判断{len(examined.unjudged)}处。")


def show_outcome(outcome: Outcome, *, alone: bool, whole: bool) -> None:
    """Write to the terminal what became of a file, its forms with it unless only what is not ``whole`` read is asked for.

    A file that was asked about ``alone`` needs no heading.
    """
    console = _console()
    if outcome.same_as:
        console.print(f"{outcome.path}：与{outcome.same_as}内容完全相同，没有再核算。")
    elif outcome.read == NOT:
        console.print(f"{outcome.path}：{READ[NOT]}。{outcome.why}", style=STYLES[ERROR])
    elif not alone and (whole or outcome.read == PARTLY):
        console.print(f"{outcome.path}：{READ[outcome.read]}。", style="bold")
    for one in outcome.examined if whole else ():
        show_form(one)
    if whole or outcome.read == PARTLY:
        for notice in outcome.notices:
            console.print(f"提示：{notice}")
    if whole and not alone:
        console.print()


def show_evaluation(evaluation: Evaluation) -> None:
    """Write a year's scorecards to the terminal: what is scored and why, what is missing, the verdict."""
    console, year = _console(), year_of(evaluation.findings)
    if not evaluation.scorecards:
        console.print(f"{year}年度没有写明用哪个办法评价：请在 data/{year}/year.yml 的“评价框架”里写上。")
    settings = evaluation.findings.figures.year.settings
    for card in evaluation.scorecards:
        for line in _card_lines(card, card.out_of_time(settings)):
            console.print(line)
        console.print()


def show_forms(figures: FigureSet) -> None:
    """Write to the terminal whether the year's forms can be handed in, and what they lack."""
    from evalbook.render.forms import authority, official_forms, verdict

    console, forms = _console(), official_forms(figures)
    for form in forms:
        console.print(f"{form.name}：{verdict(form)}。")
        for note in form.notes:
            console.print(f"   {note}")
    if forms and (state := authority(figures)):
        console.print(f"{state}。")


def _card_lines(card: Scorecard, borrowed: str) -> Iterator[str]:
    framework, verdict = card.framework, card.verdict
    number = f"（{framework.number}）" if framework.number else ""
    yield f"{framework.title}{number}"
    if borrowed:
        yield f"  {borrowed}。"
    yield ""
    part = ""
    for score in card.scores:
        indicator = score.indicator
        if indicator.part != part:
            part = indicator.part
            yield f"  {part}"
        points = "分值没有查到" if indicator.points is None else f"{points_text(indicator.points)}分"
        origin = "（建议分值）" if indicator.origin == PROPOSED else ""
        scored = f"得{range_text(score.range)}分" if indicator.points is not None else score.state
        yield f"    {indicator.code} {indicator.title}  {points}{origin}  {scored}  {score.state}"
        yield f"       {score.reason}。"
    yield ""
    for scored_part in card.parts:
        most = points_text(scored_part.points) if scored_part.points else "分值没有查到"
        yield f"  {scored_part.name}：{range_text(scored_part.range)}（满分{most}）"
    yield f"  {total_words(card)}。"
    yield f"  报告自评等次：{verdict.claimed or '没有写'}——{verdict.word}：{verdict.reason}。"
    if verdict.settling:
        yield f"  要证明“{verdict.grade}”，至少要补（影响最大的在前）："
        for score in verdict.settling:
            yield f"    {points_text(score.range.width)}分  {score.indicator.code} {'；'.join(score.missing)}"


def show_framework(framework: Framework) -> None:
    """Write what a framework holds to the terminal: points by part, grades, and what must be entered."""
    _console().print("\n".join(_framework_lines(framework)))


def _framework_lines(framework: Framework) -> Iterator[str]:
    yield f"{framework.title}（{framework.number or '文号' + frameworks.NOT_STATED}）"
    yield f"{frameworks.coverage(framework)}。"
    yield "\n各部分的分值："
    for name, stated, by_origin in frameworks.parts(framework):
        found = "，".join(
            f"{origin}{frameworks.plain(points)}分" for origin, points in by_origin.items() if points
        )
        said = frameworks.NOT_STATED if stated is None else f"{frameworks.plain(stated)}分"
        yield f"  {name}：{said}；各项{found or frameworks.NOT_STATED}"
    yield f"\n等次：{frameworks.grades(framework)}"
    if frameworks.outside_total(framework):
        yield f"总分之外：{frameworks.outside_total(framework)}"
    for name, text in frameworks.variants(framework):
        yield f"{name}：{text}"
    asked = [indicator for indicator in framework.indicators if indicator.inputs()]
    yield "\n各年度要填的证据："
    for indicator in asked:
        yield f"  {indicator.code} {indicator.title}（{frameworks.rule(indicator)}）：{indicator.evidence}"
    others = [indicator for indicator in framework.indicators if indicator not in asked]
    if others:
        yield "\n没有计分办法、或者不可自评的："
    for indicator in others:
        yield f"  {indicator.code} {indicator.title}（{frameworks.rule(indicator)}）"
    aimed = [i for i in framework.indicators if any(k.needs_target for k in i.kinds) and not i.target]
    if aimed:
        yield f"\n要在各年度的 targets.csv 填目标值的：\n  {'、'.join(i.code for i in aimed)}"


def show_list(found: Iterable[object]) -> None:
    """Write what was found, one a line, numbered."""
    console = _console()
    for number, one in enumerate(found, start=1):
        console.print(f"{number}. {one}")


def show_release(year: int, plan: Plan, made: Release) -> None:
    """Write what was released, and what to do next."""
    console, edition = _console(), made.edition
    console.print(f"已定版：{year}年度第{edition.number}版（{edition.kind}，{edition.date}）。")
    console.print(f"{approval(authority_of(edition))}。理由：{edition.reason}")
    if errors := plan.open[ERROR]:
        console.print(f"注意：还有{errors}条错误没有说明，这一版的网页和 PDF 上都写着。", style=STYLES[ERROR])
    console.print(f"文件在 {made.folder}。发布到局域网请运行：evalbook publish 文件夹")


def revision_line(revision: Revision) -> str:
    """One line about a changed figure."""
    why = "；".join(dict.fromkeys(cause.reason for cause in revision.causes)) or "没有在 corrections.csv 登记"
    causes = "、".join(cause.subject for cause in revision.causes)
    how = f"由{causes}算出；" if causes and not revision.direct else ""
    change = f"{revision.old_text} → {revision.new_text}（差{revision.difference}）"
    return f"{revision.name}（{revision.address}）：{change}。{how}理由：{why}"


def show_revisions(figures: FigureSet, found: Iterable[Revision]) -> None:
    """Write the editions of a year, and what each changed."""
    console, year = _console(), figures.year
    listed = list(found)
    if not year.ledger:
        console.print(f"{year.settings.year}年度还没有定版。")
    for edition in year.ledger:
        console.print(
            f"第{edition.number}版（{edition.kind}，{edition.date}）："
            f"{approval(authority_of(edition))}。{edition.reason}"
        )
        if edition.withdrawn:
            console.print(f"已于{edition.withdrawn.date}撤销：{edition.withdrawn.reason}")
        show_list(revision_line(revision) for revision in listed if revision.edition == edition.number)
    if year.standing and not year.released:
        console.print(f"第{year.standing[-1].number}版之后的改动，尚未定版：")
        coming = [revision for revision in listed if revision.edition == year.edition]
        show_list(map(revision_line, coming))
        if not coming:
            console.print("数字没有变。")


def show_delivered(done: Delivered, site: Path) -> None:
    """Write what a publication did."""
    console = _console()
    if done.finished:
        console.print("上一次发布没有做完，已经先把它做完。")
    for place in done.added:
        year, number = place.split("/")
        console.print(f"已发布：{year}年度第{number}版（{site}/{place}/index.html）")
    if not done.added:
        console.print(f"没有新的版次；{len(done.present)}个版次早已发布，核对无误。")
    if done.restored:
        console.print(f"补上了丢失的文件：{'、'.join(done.restored[:10])}")
    if done.foreign:
        console.print(f"这些文件不是 evalbook 发布的，没有动：{'、'.join(done.foreign[:10])}")
    console.print(f"入口：{site}/index.html。核对请运行：evalbook verify {site}")
