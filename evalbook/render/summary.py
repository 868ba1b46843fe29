"""The year at a glance: its key figures, and what is uncertain or missing in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures import UNCERTAIN, Cell, absence_of
from evalbook.render.corrections import corrected_figure, doubt_words, in_force, link_to, values
from evalbook.render.markdown import Block, clauses, escape, joined, reference, table
from evalbook.render.rows import claims
from evalbook.schema.vocabulary import FLAGS, PENDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalbook.figures import Figure, FigureSet
    from evalbook.render.page import Page
    from evalbook.schema import Correction


SHOWN_ONE_BY_ONE = 5
"""Empty cells of one table that each have a row; a year just begun has dozens, which a leader would not read."""


def key_figure_addresses(figures: FigureSet) -> tuple[str, ...]:
    """Figures that stand for the year: its money, and the people of the programmes marked 要览."""
    people = []
    for programme in figures.year.registries.programmes.values():
        if programme.headline:
            computed, given = f"headcount.{programme.code}", f"people.{programme.code}"
            people.append(computed if computed in figures.figures else given)
    listed = ("funds_total.all", "spending_total.all", "execution.all", *people)
    return tuple(address for address in listed if address in figures.figures)


def key_figures(figures: FigureSet, year: str = "") -> str:
    """Cards of the year's key figures, each with its change against the year before.

    Parameters
    ----------
    figures
        Figures of the year.
    year
        ``2020/`` where the cards stand on a page that belongs to no year.
    """
    cards = []
    for address in key_figure_addresses(figures):
        figure = figures.figures[address]
        title = f"::::{{grid-item-card}} {escape(figure.label)}"
        shown = f"{{figure}}`{figure.said} <{year}{address}>`"
        cards.append(joined(title, shown, _change(figures, address, year), "::::"))
    return joined(":::::{grid} 2 2 3 4\n:gutter: 2\n:class-container: key-figures", *cards, ":::::")


def _change(figures: FigureSet, address: str, year: str) -> str:
    """Footer of a card: the change in words, its number and its rate, where there is a year before."""
    change, rate = (figures.figures.get(f"{family}.{address}") for family in ("change", "change_rate"))
    if change is None:
        return ""

    def said(figure: Figure) -> str:
        return f"{{figure}}`{figure.said} <{year}{figure.address}>`"

    def unsigned(figure: Figure) -> str:
        text = figure.doubt.size.text if figure.doubt else figure.text.removeprefix("-")
        return f"{{figure}}`{text} <{year}{figure.address}>`"

    if change.doubt and not (change.doubt.bounded and change.doubt.sign):
        bounded = f"（{said(change)}）" if change.doubt.bounded else ""
        told = f"是增是减{UNCERTAIN}{bounded}"
    elif not change.value:
        told = f"：{unsigned(change)}" if change.value is None else f"持平（{unsigned(change)}）"
    else:
        told = ("增加" if change.value > 0 else "减少") + unsigned(change)
        known = rate and rate.value is not None and (rate.doubt is None or rate.doubt.bounded)
        told += f"（{unsigned(rate)}）" if rate and known else ""
    return f":::{{card-footer}}\n较上年{told}\n:::"


def key_figure_cards(page: Page) -> Block:
    """Key figures of the year, with their change against the year before."""
    figures = page.figures
    compared = any(f"change.{address}" in figures.figures for address in key_figure_addresses(figures))
    note = "" if compared else "没有上一年度的数据，不能作比较。"
    return Block(joined("## 主要数字", key_figures(figures), note))


def uncertain_table(page: Page) -> Block:
    """What is missing, assumed, contradicted or not yet confirmed in the year's figures and prose."""
    rows = list(_uncertain(page.figures))
    told = table("不确定和缺失的内容", ("内容", "情况", "说明"), rows, "stacked")
    nothing = "没有：每个数字都有来源，没有待核对的内容。"
    leading = "这些表格和全部数字可以在[数据下载](downloads.ipynb)取得。"
    return Block(joined("## 不确定和缺失的内容", told if rows else nothing, leading))


def _uncertain(figures: FigureSet) -> Iterator[tuple[str, str, str]]:
    """Rows of content, situation and explanation; what follows from a row above it is not told again."""
    yield from _corrected(figures)
    differing = [told for told in claims(figures) if figures.agrees(told[1].address) is False]
    told_twice = {one.address for _, *pair in differing for one in pair}
    grouped = {figure.address for figure in figures.figures.values() if figure.corrections}
    for data in figures.year.tables.values():
        empty = [figure for figure in figures.of_table(data.table.name) if figure.value is None]
        if len(empty) > SHOWN_ONE_BY_ONE:
            cells = "、".join(str(figure.lineage.row) for figure in empty if isinstance(figure.lineage, Cell))
            yield (
                escape(data.table.title),
                absence_of(figures.year.settings),
                escape(f"{data.file} 第{cells}行没有填写"),
            )
            grouped |= {figure.address for figure in empty}
    for figure in figures.figures.values():
        if figure.address in grouped:
            continue
        if figure.value is None:
            shown, why = not _for_want_of_another(figures, figure), figure.reason
        else:
            stated = isinstance(figure.lineage, Cell)
            doubt = doubt_words(figure) if stated and figure.address not in told_twice else ""
            why = clauses(FLAGS.get(figure.flag, "") if stated else "", doubt)
            shown = bool(why or figure.note)
        if shown:
            yield escape(figure.label), reference(figure), escape(clauses(why, figure.note))
    for name, claim, other in differing:
        stated = isinstance(other.lineage, Cell)
        what = f"另一处所写的{reference(other)}" if stated else "照所写的各项算出的"
        yield escape(name), reference(claim), clauses(f"与{what}不一致", escape(doubt_words(other)))
    documents = figures.year.tables["documents"].rows
    for title, column in (("文号", "number"), ("年份", "year")):
        listed = [escape(f"《{row.texts['title']}》") for row in documents if not row.texts[column].strip()]
        if listed:
            yield f"引用文件的{title}", absence_of(figures.year.settings), "、".join(listed)
    for data in figures.year.tables.values():
        pending = [str(row.number) for row in data.every if row.cells.get("pending")]
        if pending:
            yield escape(data.table.title), PENDING, escape(f"{data.file} 第{'、'.join(pending)}行")
    for title in figures.year.pending_chapters:
        yield escape(title or "导语"), PENDING, "文字还没有写好，或者沿用上年、尚未核对"


def _corrected(figures: FigureSet) -> Iterator[tuple[str, str, str]]:
    """What the edition puts right or questions, each figure once; the reasons are on the page of editions."""
    listed: dict[object, list[Correction]] = {}
    for correction in (c for c in figures.year.corrections if in_force(figures, c)):
        figure = corrected_figure(figures, correction)
        listed.setdefault(figure.address if figure else correction, []).append(correction)
    for of_one in listed.values():
        figure, told = corrected_figure(figures, of_one[-1]), []
        for correction in of_one:
            original, corrected = map(escape, values(correction))
            change = f"{original} → {corrected}" if corrected else f"可核定者：{escape(correction.settles)}"
            told.append(f"第{correction.edition}版{correction.treatment}：{change}")
        told += [escape(doubt_words(figure)), escape(figure.note)] if figure else []
        shown = reference(figure) if figure else of_one[-1].treatment
        yield link_to(figures, of_one[-1]), shown, clauses(*told)


def _for_want_of_another(figures: FigureSet, figure: Figure) -> bool:
    """Whether a figure is missing because one that it is computed from is, which has a row of its own."""
    if isinstance(figure.lineage, Cell):
        return False
    inputs = (figures.figures.get(given.address) for given in figure.lineage.inputs if not given.year)
    return any(given is not None and given.value is None for given in inputs)
