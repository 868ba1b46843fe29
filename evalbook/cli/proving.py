"""The command that proves: what it compares, what it asks from the paper, and what each proof proves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalbook.cli.terminal import show_list
from evalbook.errors import EvalbookError
from evalbook.publish import checksum_file, verify
from evalbook.release.proof import (
    Lying,
    against_ledger,
    answers,
    editions_in,
    groups_to_ask,
    kept_edition,
    wrong_groups,
)
from evalbook.release.witness import testimonies
from evalbook.schema.text import clean
from evalbook.year import year_folder
from evalbook.year.ledger import ledger_with

if TYPE_CHECKING:
    from collections.abc import Sequence


def verify_files(path: Path, paper: str | None, groups: str | None) -> bool:
    """Prove a published folder or archive; whether something is wrong with it."""
    from evalbook.cli import is_interactive, project_root

    found = verify(path)
    click.echo(f"{path}：" + (f"有{len(found)}处与清单不符：" if found else "与清单完全相符。"))
    if path.is_file() and not checksum_file(path).is_file():
        click.echo(f"旁边没有校验文件 {checksum_file(path).name}，只核对了压缩包里的内容。")
    show_list(found)
    if found:
        return True
    lying = editions_in(path)
    try:
        root = project_root()
    except EvalbookError:
        root = None
    if root is not None and lying:
        same, wrong = against_ledger(root, lying)
        if same:
            click.echo(f"与本项目的台账一致：{'、'.join(map(str, same))}。")
        show_list(f"{text}。" for text in wrong)
        if wrong:
            return True
    coded = [one for one in lying if one.code]
    if paper or groups or (coded and is_interactive()):
        return _asked_paper(_of_paper(lying, paper, path), groups)
    if root is None and lying:
        click.echo("这里没有项目，只证明了里面互相一致：网页和清单要是被一起改过，这样看不出来。")
    if coded and (root is None or groups):
        example = coded[-1].place
        click.echo(f"手里有签发的纸质件的，用它证明：evalbook verify {path} --paper {example}")
    elif root is None and lying:
        click.echo("要证明是哪一版，请在本县的项目文件夹里再核对一次。")
    return False


def _of_paper(lying: Sequence[Lying], paper: str | None, path: Path) -> Lying:
    """Edition that the paper is of: the one that is named, or the newest that has a check code.

    Raises
    ------
    EvalbookError
        There is no such edition, or it has no check code.
    """
    for one in reversed(lying):
        if one.place == paper or (not paper and one.code):
            if not one.code:
                raise EvalbookError(f"{one}定版时还没有核对码，纸质件上没有印，不能这样核对。")
            return one
    have = "、".join(one.place for one in lying if one.code) or "没有"
    raise EvalbookError(f"{path} 里没有可以用纸质件核对的 {paper or '版次'}（有核对码的：{have}）。")


def _asked_paper(one: Lying, groups: str | None) -> bool:
    """Ask two groups of the check code, unless they were said; whether they are wrong."""
    if groups:
        said = answers(groups)
    else:
        click.echo(f"请拿{one}签发的纸质件，看最后一页的核对码（没有纸质件的，直接按回车）。")
        said = {}
        for number in groups_to_ask():
            try:
                text = click.prompt(f"第{number}组", default="", show_default=False)
            except click.Abort:
                text = ""
            if not text.strip():
                click.echo("没有用纸质件核对。")
                return False
            said[number] = text
    wrong = wrong_groups(one, said)
    if wrong:
        listed = "、".join(f"第{number}组" for number in wrong)
        click.echo(
            f"核对码不符（{listed}）：这份电子文件不是纸质件签发的那一版，或者抄错了。请再核对一次；"
            "仍然不符，电子文件不能用，请报告单位负责人。"
        )
        return True
    listed = "、".join(f"第{number}组" for number in sorted(said))
    click.echo(f"核对码相符（{listed}）：网页和数据文件就是签发的{one}。")
    return False


def verify_edition(root: Path, year: int, number: int, groups: str | None) -> bool:
    """Prove an entry of the ledger by what lies elsewhere, and by the paper; whether something is wrong with it."""
    year_folder(root, year)
    ledger = ledger_with(root, year, number)
    told = testimonies(root, year, ledger)
    wrong = [one for one in told if not one.settled]
    if wrong:
        click.echo(f"{year}年度的台账与别处记着的有{len(wrong)}处不同：")
        show_list(wrong)
    else:
        click.echo(f"{year}年度的台账与版本库的全部历史、保存的和发布过的各版一致。")
    edition = ledger[number - 1]
    if gone := edition.withdrawn:
        click.echo(f"提示：第{number}版已于{gone.date}撤销（{clean(gone.reason)}），不能当作有效的一版。")
    for one in told:
        if one.settled:
            click.echo(f"提示：{one}")
    lying = kept_edition(root, year, edition)
    if not lying.code:
        click.echo(f"{lying}定版时还没有核对码，不能用纸质件核对。")
        return bool(wrong)
    return _asked_paper(lying, groups) or bool(wrong)
