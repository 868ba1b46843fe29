"""What the release command shows before anything is frozen, and how it asks."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

import click

from evalbook.checks import ERROR
from evalbook.cli.terminal import counted, revision_line
from evalbook.editions.changes import MARKED
from evalbook.errors import EvalbookError
from evalbook.render.editions import approval, edition_in_short
from evalbook.render.review import review_line
from evalbook.schema.text import clean, runs
from evalbook.scoring import evaluate
from evalbook.year import read_year
from evalbook.year.authority import authority_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evalbook.release import Plan, Wish
    from evalbook.year import Edition

MOST_SHOWN = 20
"""Numbers, and changed texts, that are shown one by one."""

LONGEST = 200
"""Characters shown of a text."""


def plan_lines(plan: Plan) -> Iterator[str]:
    """Everything that will be frozen, for who must confirm it."""
    entry, figures, year = plan.entry, plan.figures, plan.year
    yield f"将要定版：{year}年度第{entry.number}版（{entry.kind}，{entry.date}）。定了就不再改变。"
    yield f"状态：{approval(authority_of(entry))}"
    standing, reported = figures.year.standing, figures.year.settings.report_date
    last = standing[-1].number if standing else 0
    for one in figures.year.ledger[last:]:
        if one.withdrawn:
            told = f"{one.withdrawn.reason}，{one.withdrawn.approver}决定"
            yield f"第{one.number}版已于{one.withdrawn.date}撤销（{told}），没有发布过；它的号不再用。"
    is_first_approved = authority_of(entry).approved and not any(
        authority_of(one).approved for one in standing
    )
    if is_first_approved and reported != entry.date:
        yield f"批准的日期写作{entry.date}，报告日期是{reported}；签发那天就批准了的，用 --date {reported} 写明。"
    yield f"理由：{entry.reason}"
    yield f"共{counted(figures)}"
    if figures.before:
        earlier = figures.before
        yield f"增减与上年比：用{earlier.year.settings.year}年度{edition_in_short(earlier)}"
    if standing:
        yield f"与第{standing[-1].number}版相比："
        yield from _listed("改变的数字", [revision_line(one) for one in plan.revisions])
        begun = [
            f"{one.treatment} {one.subject}：{clean(one.original, LONGEST)}"
            + (f" → {clean(one.corrected, LONGEST)}" if one.corrected else "")
            for one in plan.corrections
        ]
        yield from _listed("从这一版起的更正、存疑和撤回", begun)
        files = "、".join(clean(file, LONGEST) for file in entry.changes)
        yield f"  直接改动的文件：{files or '没有'}"
        yield from _listed("年度文件夹以外的改动", entry.carried)
        texts = [
            f"{clean(one.file, LONGEST)} {clean(one.place, LONGEST)}：{clean(one.marked, 2 * LONGEST)}"
            for one in plan.changes.texts
        ]
        yield from _listed(f"改动的文字{MARKED}", texts)
    found = "、".join(f"{severity}{count}条" for severity, count in plan.open.items())
    # A release stops at others.
    questioned = "（错误都是关于存疑数字的）" if plan.open[ERROR] else ""
    yield f"还没有说明的检查结果：{found}{questioned}"
    if costs := review_line(evaluate(figures).findings):
        yield f"{costs}。"
    if plan.privacy:
        yield f"请核对是不是个人信息：{len(plan.privacy)}处"
        yield from (f"    {number}. {line}" for number, line in enumerate(plan.privacy, start=1))
    yield from plan.foreign
    yield f"放到：releases/{year}/{entry.number}；记入 data/{year}/editions.yml。发布以前，这一版可以撤销。"


def withdrawal_lines(year: int, edition: Edition, wish: Wish) -> Iterator[str]:
    """What it means to take back an edition, for who must confirm it."""
    yield f"将要撤销：{year}年度第{edition.number}版（{edition.kind}，{edition.date}，{edition.reason}）。"
    yield f"理由：{wish.reason}；决定：{wish.approver}；日期：{wish.date}"
    yield (
        "撤销以后，它不再出现在网页和发布的内容里，“版本与更正”一页写明已经撤销；corrections.csv 里从它起的各行，"
        f"要自己把版次改成{edition.number + 1}。"
    )
    yield "印发过、报送过或在别的电脑上发布过的，不要撤销，登记更正，再定下一版。"


def withdrawn_lines(root: Path, year: int, number: int) -> Iterator[str]:
    """What became of an edition that was taken back, and which rows must be changed by hand now."""
    yield f"已撤销：{year}年度第{number}版。它的记录和数字留在台账里，下一版是第{number + 1}版。"
    reading = read_year(root, year)
    rows = [one.row for one in reading.year.corrections if one.edition == number] if reading.year else []
    if rows:
        yield (
            f"还要做：打开 data/{year}/corrections.csv，把第{runs(rows)}行的“版次”由{number}改成{number + 1}"
            "（不要了的整行删去）；改好以前，检查和生成都会停在这里。"
        )


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"  {title}：{f'{len(lines)}处' if lines else '没有'}"
    yield from (f"    {number}. {line}" for number, line in enumerate(lines[:MOST_SHOWN], start=1))
    if len(lines) > MOST_SHOWN:
        yield f"    另有{len(lines) - MOST_SHOWN}处。"


def is_asked() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def confirm(year: int, doing: str) -> None:
    """Ask to type the year.

    Raises
    ------
    EvalbookError
        Nobody is there to be asked.
    click.exceptions.Exit
        Something else was typed, or nothing.
    """
    if not is_asked():
        raise EvalbookError(
            f"没有{doing}：这里不能输入年度来确认。核对上面列出的以后，加上 --yes 再运行一次。"
        )
    try:
        said = click.prompt(
            f"请输入年度 {year} 确认{doing}", default="", show_default=False, prompt_suffix="："
        )
    except click.Abort:
        said = ""
    if unicodedata.normalize("NFKC", said).strip() != str(year):
        click.echo(f"没有{doing}，什么都没有改动。", err=True)
        raise click.exceptions.Exit(1)
