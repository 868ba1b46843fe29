"""Forms of others, re-computed, as a workbook: a row a form, a row a finding, a row for what cannot be judged.

It is what an evaluator of many counties works in: rows can be filtered and sorted, and there is room for what was looked up.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from evalbook.checks import ERROR, SEVERITIES
from evalbook.recheck.files import NOT, READ, UNJUDGED, summary
from evalbook.render.spreadsheet import (
    DOUBLE_DIGITS,
    book_about,
    is_kept,
    lay_out_for_paper,
    lines,
    number_format,
)
from evalbook.render.tidy import is_risky
from evalbook.schema.text import clean, runs

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Sequence

    from evalbook.checks import Finding, Place
    from evalbook.reading import Sheet
    from evalbook.recheck import Examined, Outcome, Unjudged

FONT, SIZE, TITLE_SIZE = "微软雅黑", 9, 14
LINE_HEIGHT, MOST_HEIGHT = 13, 409
LONGEST, MOST_LINES = 3000, 12
"""Characters of a cell, and findings that are told one by one where many have the same cause."""
LINKS = 65_000
"""Rows whose file's name leads to the first sheet; Excel takes little more in a sheet."""
DATE = datetime.date(2000, 1, 1)
"""Day of every such file, so that the same forms give the same bytes."""

HEAD = 2
"""Row of the headings, from 0."""
FORMS, FINDINGS = "自评表", "发现"
"""Names of the first two sheets; the third is called by :data:`UNJUDGED`."""
WHOSE = (("文件", 30), ("单位", 20), ("项目", 20))
ANSWERS = ("核实", "处理")
"""Columns for whoever looks it up."""
FORM_COLUMNS = (
    *WHOSE, ("读取", 7), ("没有读的和要知道的", 34), *((severity, 7) for severity in SEVERITIES), (UNJUDGED, 7),
    ("分值合计", 7), ("其中能核对", 7), ("表上总分", 7), ("各行得分合计", 9), ("重算最低分", 7), ("重算最高分", 7),
    ("执行率%", 8),
)  # fmt: skip
FINDING_COLUMNS = (
    *WHOSE, ("位置", 14), ("程度", 6), ("问题", 18), ("发现", 60), ("怎么办", 26), *((answer, 16) for answer in ANSWERS),
)  # fmt: skip
UNJUDGED_COLUMNS = (*WHOSE, ("位置", 12), ("为什么不能判断", 70), (ANSWERS[0], 20))
HELP = (
    "一张自评表一行；能核对的分值，是目标、实际和得分都能照计分办法重算的各行的分值；重算最低、最高分之间的差，是不能判断的。",
    "一个发现一行，同一个原因的几处合在一行；“核实”“处理”两列留给核对的人填写。",
    "程序不能判断、要对照原件自己核对的。",
)

NAMED = re.compile("^“[^”]*”")
"""Name of the row, before why it cannot be judged."""
Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Rows:
    """What the workbook tells of a form, or of a file in which none was read.

    Attributes
    ----------
    form : tuple of Cell
        By :data:`FORM_COLUMNS`.
    findings, unjudged : tuple of tuple of str
        By :data:`FINDING_COLUMNS` and :data:`UNJUDGED_COLUMNS`.
    """

    form: tuple[Cell, ...]
    findings: tuple[tuple[str, ...], ...] = ()
    unjudged: tuple[tuple[str, ...], ...] = ()


def rows_of(outcome: Outcome) -> tuple[Rows, ...]:
    """What the workbook tells of a file: a form each, one for a file that has none.

    It is light, so that what was read of thousands of files need not be kept.
    """
    read = READ[outcome.read]
    if not outcome.examined:
        same = f"与“{outcome.same_as}”内容完全相同，没有再核算。" if outcome.same_as else ""
        empty = (None,) * (len(FORM_COLUMNS) - len(WHOSE) - 2)
        return (Rows((outcome.path, "", "", read, same + outcome.why, *empty)),)
    return tuple(_rows(outcome, one, read) for one in outcome.examined)


def _rows(outcome: Outcome, examined: Examined, read: str) -> Rows:
    form, totals = examined.form, examined.totals
    name = clean(outcome.path.rpartition("/")[2])  # as the form and its notices are called
    whose = (outcome.path + form.file.removeprefix(name), form.unit, form.project)
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in examined.findings:
        groups.setdefault((finding.rule.id, finding.severity, finding.suspicion.why), []).append(finding)
    causes: dict[str, list[Unjudged]] = {}
    for unjudged in examined.unjudged:
        causes.setdefault(NAMED.sub("", unjudged.why), []).append(unjudged)
    return Rows(
        (
            *whose, read, "".join(notice.removeprefix(f"{name}：") for notice in outcome.notices),
            *(len(examined.of(severity)) for severity in SEVERITIES), len(examined.unjudged),
            totals.points, totals.checked, totals.stated_score, totals.score, totals.lowest, totals.highest,
            totals.execution_rate,
        ),
        tuple((*whose, *_told(group), "", "") for group in groups.values()),
        tuple((*whose, *_unknown(why, group), "") for why, group in causes.items()),
    )  # fmt: skip


def _unknown(why: str, group: Sequence[Unjudged]) -> tuple[str, str]:
    """Places of what cannot be judged for one reason, and that reason behind the names of the rows."""
    places, names = (
        dict.fromkeys(_cell(one.place) for one in group),
        (one.why.removesuffix(why) for one in group),
    )
    return "、".join(places), f"{'、'.join(dict.fromkeys(filter(None, names)))}{why}。"


def _told(group: Sequence[Finding]) -> tuple[str, ...]:
    """Places, severity, rule, what was found and what to do, of findings with one cause."""
    first, *others = group
    if others:
        places = [finding.suspicion.places[0] for finding in group if finding.suspicion.places]
        told = [f"{len(group)}处：{first.suspicion.why}。"]
        told += [
            f"{_cell(place)}：{finding.suspicion.found}。"
            for finding in group[:MOST_LINES]
            for place in finding.suspicion.places[:1]
        ]
        told += [f"另有{len(group) - MOST_LINES}处，见“位置”。"] if len(group) > MOST_LINES else []
    else:
        places = list(first.suspicion.places)
        parts = (first.suspicion.found, first.suspicion.why, *first.suspicion.notes)
        told = ["".join(f"{part}。" for part in parts if part)]
    told += [
        f"由此引起：{below.rule.title}——{below.suspicion.found}。"
        for finding in group
        for below in finding.consequences
    ]
    remedies = dict.fromkeys(finding.suspicion.remedy for finding in group)
    return (
        _cells(places),
        first.severity,
        first.rule.title,
        "\n".join(told),
        "".join(f"{text}。" for text in remedies),
    )


def _cells(places: Sequence[Place]) -> str:
    """Where findings are; whole rows that follow each other are told as one."""
    rows = {place.row for place in places if place.row and not place.column}
    others = [_cell(place) for place in places if not place.row or place.column]
    return "、".join(dict.fromkeys([*others, *([f"第{runs(rows)}行"] if rows else [])]))


def _cell(place: Place) -> str:
    """Where a finding is, as Excel names it."""
    return f"{place.column}{place.row}" if place.column else f"第{place.row}行" if place.row else "整张表"


def _cut(text: str) -> str:
    return f"{text[:LONGEST]}……" if len(text) > LONGEST else text


def rechecked_workbook(rows: Sequence[Rows], counted: Counter[str]) -> bytes:
    """Write what was found in forms as a workbook.

    Parameters
    ----------
    rows
        Of all files, in their order.
    counted
        Sum of the ``counts`` of the files.

    Returns
    -------
    bytes
        An XLSX file that depends on these alone.
    """
    forms = [row.form for row in rows]
    places = {str(form[0]): number for number, form in enumerate(forms)}
    sheets: tuple[tuple[str, tuple[tuple[str, int], ...], Iterable[Sequence[Cell]]], ...] = (
        (FORMS, FORM_COLUMNS, forms),
        (FINDINGS, FINDING_COLUMNS, [finding for row in rows for finding in row.findings]),
        (UNJUDGED, UNJUDGED_COLUMNS, [unjudged for row in rows for unjudged in row.unjudged]),
    )

    def fill(book: Any) -> None:
        style = cache(lambda **looks: book.add_format({"font_name": FONT, "font_size": SIZE, **looks}))
        for (name, columns, listed), told in zip(sheets, HELP, strict=True):
            opening = (f"自评表核算：{name}", f"{summary(counted)}{told}")
            _Sheet(book.add_worksheet(name), columns, style).write(
                opening, listed, places if name != FORMS else {}
            )

    return book_about({"title": "自评表核算"}, DATE, FONT, SIZE, fill)


def is_untouched(sheets: Sequence[Sheet]) -> bool:
    """Whether sheets are all of what :func:`rechecked_workbook` writes, and nobody has filled in what was looked up."""
    if [sheet.name for sheet in sheets] != [FORMS, FINDINGS, UNJUDGED] or any(sheet.cut for sheet in sheets):
        return False
    return not any(
        row[column].text
        for sheet, columns in zip(sheets, (FORM_COLUMNS, FINDING_COLUMNS, UNJUDGED_COLUMNS), strict=True)
        for column, (name, _) in enumerate(columns)
        if name in ANSWERS
        for row in sheet.rows[HEAD + 1 :]
        if column < len(row)
    )


class _Sheet:
    """A sheet with a title, what it is, and a table."""

    def __init__(self, page: Any, columns: Sequence[tuple[str, int]], style: Any) -> None:
        self.page, self.columns, self.style = page, columns, style

    def write(self, opening: tuple[str, str], rows: Iterable[Sequence[Cell]], places: dict[str, int]) -> None:
        """Write the sheet; a file's name leads to its row of the first sheet, where ``places`` say which that is."""
        page, last, head = self.page, len(self.columns) - 1, HEAD
        width = sum(width for _, width in self.columns)
        title, told = opening
        page.write_string(0, 0, title, self.style(bold=True, font_size=TITLE_SIZE))
        page.set_row(0, 2 * TITLE_SIZE)
        wrapped = self.style(text_wrap=True, valign="top")
        page.merge_range(1, 0, 1, last, "", wrapped)
        page.write_string(1, 0, told, wrapped)
        page.set_row(1, LINE_HEIGHT * lines(told, width * 0.9) + 4)
        heading = self.style(
            bold=True, border=1, bg_color="#E7E6E6", text_wrap=True, valign="vcenter", align="center"
        )
        for column, (name, wide) in enumerate(self.columns):
            page.set_column(column, column, wide)
            page.write_string(head, column, name, heading)
        page.set_row(head, 3 * LINE_HEIGHT)
        at = head
        for at, row in enumerate(rows, start=head + 1):
            for column, value in enumerate(row):
                self.cell(at, column, value, places)
            page.set_row(at, min(max(self.heights(row)) * LINE_HEIGHT + 4, MOST_HEIGHT))
        page.autofilter(head, 0, at, last)
        page.freeze_panes(head + 1, 1)
        page.print_area(0, 0, at, last)
        page.repeat_rows(head)
        lay_out_for_paper(page)

    def cell(self, row: int, column: int, value: Cell, places: dict[str, int]) -> None:
        """One cell: a number where it is one that a spreadsheet keeps, else text that no program runs."""
        name = self.columns[column][0]
        looks: dict[str, object] = {"border": 1, "valign": "top"}
        if isinstance(value, Decimal) and not (is_kept(value) and abs(value.adjusted()) < DOUBLE_DIGITS):
            value = f"{value:f}"
        if value is None or value == "":
            self.page.write_blank(row, column, None, self.style(**looks))
        elif isinstance(value, int | Decimal):
            digits = max(-int(Decimal(value).normalize().as_tuple().exponent), 0)
            marked = {"bold": True, "font_color": "#C00000"} if name == ERROR and value else {}
            self.page.write_number(
                row, column, float(value), self.style(**looks, **marked, num_format=number_format(digits))
            )
        else:
            text = _cut(value)
            looks |= {"text_wrap": True, "quote_prefix": is_risky(text)}
            if value in {ERROR, READ[NOT]}:
                looks |= {"bold": True, "font_color": "#C00000"}
            if not column and text in places and row < LINKS:
                target = f"internal:'{FORMS}'!A{places[text] + HEAD + 2}"
                looks |= {"font_color": "#0563C1", "underline": 1}
                self.page.write_url(row, column, target, self.style(**looks), text)
            else:
                self.page.write_string(row, column, text, self.style(**looks))

    def heights(self, row: Sequence[Cell]) -> Iterator[int]:
        """Lines that each cell of a row takes."""
        for (_, width), value in zip(self.columns, row, strict=True):
            parts = _cut(value).split("\n") if isinstance(value, str) else [""]
            yield sum(lines(part, width * 0.9) for part in parts)
