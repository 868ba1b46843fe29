"""Corrections and doubts of a year: which edition says what of a figure or a text, and where it applies.

Signed is signed: tables and prose stay as the signed report has them. An edition puts the rows of ``corrections.csv``
on top of them, each of which names what it replaces, so that none can hit another place than the one meant.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.schema.numbers import stated
from evalbook.schema.table import Correction
from evalbook.schema.text import quote, runs
from evalbook.schema.vocabulary import ABSENT, MISSING, NOT_STATED
from evalbook.year.tables import CORRECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evalbook.schema.registry import Registries, Unit
    from evalbook.schema.table import Statement, TableData, TableRow


def corrections_of(data: TableData) -> tuple[Correction, ...]:
    """Rows of the table, the earliest edition first, and of one edition what it withdraws first.

    Rows that lack a cell, which is a problem already, are left out.
    """
    columns = [column.name for column in CORRECTIONS.columns]
    needed = [column.name for column in CORRECTIONS.columns if column.required]
    found = [
        Correction(row.number, **{name: row.cells[name] or "" for name in columns})  # type: ignore[arg-type]
        for row in data.rows
        if all(row.cells[name] for name in needed)
    ]
    return tuple(sorted(found, key=lambda correction: (correction.edition, not correction.withdrawn)))


def correction_problems(
    data: TableData, corrections: Iterable[Correction], released: Sequence[tuple[str, ...] | None]
) -> list[Problem]:
    """Rows that contradict themselves, or the editions that were released.

    Parameters
    ----------
    data
        The table.
    corrections
        Its rows.
    released
        Subjects that each released edition put right or questioned, by the ledger; None of one that was taken back.
    """
    found = []

    def problem(row: int, column: str, *words: str) -> None:
        found.append(Problem(data.file, row, column, *words))

    coming = len(released) + 1
    listed: dict[int, set[str]] = {}
    taken_back: dict[int, list[int]] = {}
    before = tuple(corrections)
    for correction in before:
        listed.setdefault(correction.edition, set()).add(correction.subject)
        if correction.questioned == bool(correction.corrected):
            said = f"写的是{quote(correction.corrected)}" if correction.corrected else "没有填写"
            expected = "更正的写正确的值，撤回的写签发的值"
            expected = "存疑的留空" if correction.questioned else expected
            problem(correction.row, "更正值", said, expected, "改正处理或更正值")
        if correction.withdrawn:
            earlier = [
                c for c in before if c.subject == correction.subject and c.edition < correction.edition
            ]
            found += _withdrawal_problems(data.file, correction, earlier)
        elif correction.corrected == correction.original:
            found_words = f"与原值相同，都是{quote(correction.original)}"
            problem(correction.row, "更正值", found_words, "与原值不同", "写正确的值，或删去这一行")
        if correction.questioned and not correction.settles:
            expected = "存疑的写谁、凭什么文件能核定"
            problem(correction.row, "可核定者", "没有填写", expected, "填写这一格")
        if not any(subjects is not None for subjects in released):
            expected = "初版照签发的报告录入，定版以后才有更正"
            found_words = f"写的是“{correction.edition}”，这一年还没有定版"
            problem(correction.row, "版次", found_words, expected, "先定初版，再登记这一行")
        elif correction.edition > coming:
            expected = f"下一版的版次{coming}"
            found_words = f"写的是“{correction.edition}”，现在定版到第{len(released)}版"
            problem(correction.row, "版次", found_words, expected, "改正版次")
        elif correction.edition < coming and released[correction.edition - 1] is None:
            taken_back.setdefault(correction.edition, []).append(correction.row)
        elif correction.edition < coming and correction.subject not in (
            released[correction.edition - 1] or ()
        ):
            found_words = f"第{correction.edition}版已经定版，它没有这一行"
            problem(correction.row, "版次", found_words, f"从下一版起，写{coming}", "改正版次，或恢复这一行")
        if correction.of_text and correction.corrected and correction.subject.endswith(".csv"):
            texts = correction.original + correction.corrected
            if re.search(r'[\d",]', texts):
                expected = "不含数字、逗号和引号的文字"
                remedy = "用数字的名称来更正数字，别的少抄几个字"
                problem(correction.row, "原值", f"写的是{quote(correction.original)}", expected, remedy)
    for number, rows in taken_back.items():
        found_words = f"第{number}版已经撤销，写着它的共{len(rows)}行（第{runs(rows)}行）"
        problem(min(rows), "版次", found_words, f"从下一版起，都写{coming}", "改正这些行的版次，或删去这些行")
    for number, subjects in enumerate(released, start=1):
        missing = [subject for subject in subjects or () if subject not in listed.get(number, set())]
        for subject in missing:
            found_words = f"第{number}版的{quote(subject)}不见了，或改过了"
            problem(0, "对象", found_words, "已经定版的行原样保留", "从版本库恢复这一行")
    return found


def _withdrawal_problems(
    file: str, withdrawal: Correction, earlier: Sequence[Correction]
) -> Iterator[Problem]:
    """A withdrawal that takes back nothing, or leaves something else than what was signed."""
    if withdrawal.of_text:
        earlier = [c for c in earlier if c.corrected in {withdrawal.original, ""}]
    if not earlier or earlier[-1].withdrawn:
        found, expected = (
            f"{quote(withdrawal.subject)}没有可以撤回的更正或存疑",
            "以前的版次更正过或存疑的对象",
        )
        yield Problem(file, withdrawal.row, "对象", found, expected, "照那一行抄写对象和值")
        return
    now, signed = earlier[-1].corrected or earlier[-1].original, earlier[0].original
    for column, said, expected in (
        ("原值", withdrawal.original, now),
        ("更正值", withdrawal.corrected, signed),
    ):
        if said != expected and (stated(said) is None or stated(said) != stated(expected)):
            which = "上一版的值" if column == "原值" else "签发的值"
            yield Problem(
                file,
                withdrawal.row,
                column,
                f"写的是{quote(said)}",
                f"{which}{quote(expected)}",
                "照抄这个值",
            )


def corrected_text(text: str, file: str, corrections: Iterable[Correction]) -> tuple[str, list[Problem]]:
    """Text of a file with its corrections.

    Parameters
    ----------
    text
        As signed.
    file
        Of the corrections, for messages.
    corrections
        Those about this file that apply, the earliest first.

    Returns
    -------
    tuple of str, list of Problem
        The text, and corrections whose original does not stand there exactly once.
    """
    problems = []
    for correction in corrections:
        count = text.count(correction.original)
        if count != 1 or "\n" in correction.corrected:
            found = f"{correction.subject} 里有{count}处{quote(correction.original)}"
            expected = "恰好一处，照原样抄写"
            problems.append(Problem(file, correction.row, "原值", found, expected, "核对，或多抄几个字"))
        elif not correction.questioned:
            text = text.replace(correction.original, correction.corrected)
    return text, problems


def corrected_tables(
    tables: Mapping[str, TableData], file: str, corrections: Sequence[Correction], registries: Registries
) -> tuple[dict[str, TableData], list[Problem]]:
    """Tables with the corrections of the numbers that they state.

    The texts of a row stay as signed; its value, unit and flag (``r``, 已修订) are those of the edition. Corrections
    about a figure that no table states are left to whoever computes it.

    Returns
    -------
    tuple of dict of str to TableData, list of Problem
        The tables, and corrections that do not fit what they correct.
    """
    problems: list[Problem] = []
    changed: dict[str, TableData] = {}
    for name, data in tables.items():
        rows = []
        for row in data.rows if data.table.states_figures else ():
            edited = row
            for position, given in enumerate(data.table.statements(row)):
                for correction in (c for c in corrections if c.subject in {given.address, given.label}):
                    now = data.table.statements(edited)[position]
                    edited, more = _corrected(data, now, correction, file, registries)
                    problems += more
                    if correction.withdrawn:
                        edited = replace(edited, cells={**edited.cells, "flag": row.cells["flag"]})
            rows.append(edited)
        changed[name] = replace(data, rows=tuple(rows)) if rows else data
    return changed, problems


def quantity(text: str, registries: Registries) -> tuple[Decimal, Unit] | None:
    """Number and registered unit that a text states, as 6246人; None when it does not."""
    said = stated(text)
    return (said[0], registries.units[said[1]]) if said and said[1] in registries.units else None


def _corrected(
    data: TableData, stated: Statement, correction: Correction, file: str, registries: Registries
) -> tuple[TableRow, list[Problem]]:
    row, value, unit = stated.row, stated.value, registries.units.get(stated.symbol)
    now = NOT_STATED if value is None else f"{value:f}{stated.symbol}"
    signed = correction.original
    same = signed in {MISSING, *ABSENT} if value is None else quantity(signed, registries) == (value, unit)
    if signed != now and not same:
        said = quantity(signed, registries)
        other = "，单位不对" if said and unit and said[1] != unit and said[0] == value else ""
        found = f"写的是{quote(signed)}{other}，{data.file} 第{row.number}行是“{now}”"
        return row, [Problem(file, correction.row, "原值", found, f"“{now}”", "照那一格抄写数字和单位")]
    if correction.questioned:
        return replace(row, corrections=(*row.corrections, correction)), []
    if not correction.corrected:  # a problem already
        return row, []
    new = quantity(correction.corrected, registries)
    measure = next((m for m in data.table.measures if m.column == stated.column.name), None)
    fixed = measure.unit if measure else ""
    fits = new is not None and (
        new[1].symbol == fixed if fixed else data.table.column("unit").kind.accepts(new[1].symbol, registries)
    )
    if new is None or not fits or (new[1].whole and new[0] != new[0].to_integral_value()):
        other = "，单位不对" if new and not fits else ""
        found, expected = f"写的是{quote(correction.corrected)}{other}", f"数字连同单位，如“{now}”"
        return row, [Problem(file, correction.row, "更正值", found, expected, "改正数字和单位")]
    cells = {**row.cells, stated.column.name: new[0]}
    cells |= {} if fixed else {"unit": new[1]}
    cells |= {} if measure else {"flag": "r"}  # other figures of the row are as signed
    return replace(row, cells=cells, corrections=(*row.corrections, correction)), []
