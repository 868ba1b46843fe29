"""Every number of the signed report is carried by a figure, or is shown to be none."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalbook.render.markdown import chinese_date
from evalbook.schema.typed import plain_spans
from evalbook.year import Reference

if TYPE_CHECKING:
    from evalbook.figures import Figure, FigureSet

ROOT = Path(__file__).resolve().parents[1]
SIGNED = ROOT / "data" / "2020" / "signed.txt"
CORRECTIONS = ROOT / "data" / "2020" / "corrections.csv"
REVIEWED = Path(__file__).with_name("signed_numbers.txt")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Piece:
    """A stretch of the entered text; ``figure`` is set where a reference shows a figure."""

    text: str
    figure: Figure | None = None


def entered(figures: FigureSet) -> list[Piece]:
    """The report as entered: cover from year.yml, then all prose in order, one line a paragraph."""
    settings = figures.year.settings
    pieces = [Piece(f"{line}\n") for line in (*settings.title, settings.bureau)]
    assert settings.report_date
    pieces.append(Piece(f"（{chinese_date(settings.report_date)}）\n"))
    for narrative in figures.year.narrative.values():
        pieces.append(Piece(f"{narrative.title}\n"))
        for section in narrative.sections:
            pieces.append(Piece(section.heading + ("\n" if not section.heading.endswith("。") else "")))
            for paragraph in section.paragraphs:
                for part in paragraph:
                    if isinstance(part, Reference):
                        figure = figures.by_label[part.name]
                        pieces.append(Piece(figure.text, figure))
                    else:
                        assert isinstance(part, str), "no number of it is typed"
                        pieces.append(Piece(part))
                pieces.append(Piece("\n"))
    return pieces


def without_space(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_prose_is_the_signed_text_word_for_word(signed: FigureSet) -> None:
    text = SIGNED.read_text(encoding="utf-8")
    assert without_space("".join(piece.text for piece in entered(signed))) == without_space(text)


def corrected(signed: FigureSet) -> str:
    """The signed text with the rows of ``corrections.csv``, put on top of it without the program."""
    with CORRECTIONS.open(encoding="utf-8-sig", newline="") as stream:
        listed = [row for row in csv.DictReader(stream) if row["更正值"]]
    back = {(row["对象"], row["更正值"], row["原值"]) for row in listed if row["处理"] == "撤回"}
    rows = [r for r in listed if r["处理"] == "更正" and (r["对象"], r["原值"], r["更正值"]) not in back]
    numbers = {row["对象"]: (row["原值"], row["更正值"]) for row in rows}
    texts = []
    for piece in entered(signed):
        original, new = numbers.get(piece.figure.label if piece.figure else "", (piece.text, piece.text))
        assert piece.text == original
        texts.append(new)
    text = "".join(texts)
    for row in rows:
        if row["对象"].startswith("narrative/"):
            assert text.count(row["原值"]) == 1
            text = text.replace(row["原值"], row["更正值"])
    return text


def test_prose_of_the_newest_edition_is_the_signed_text_with_its_corrections(
    figures: FigureSet, signed: FigureSet
) -> None:
    newest = "".join(piece.text for piece in entered(figures))
    assert newest == corrected(signed)
    assert "农村敬老院农村敬老院" not in newest
    assert "农村特困对象6126人" in newest
    assert newest.count("335元/月") == 2, "a level that was taken back, and a tier"


def explained(pieces: list[Piece], terms: tuple[str, ...]) -> list[str]:
    """One line for each number of the text: the number in its place, and what carries it."""
    text = "".join(piece.text for piece in pieces)
    starts, carriers = 0, {}
    for piece in pieces:
        if piece.figure:
            carriers[starts] = piece.figure
        starts += len(piece.text)
    spans, position = [], 0
    for line in text.splitlines(keepends=True):
        spans += [(position + start, position + end, why) for start, end, why in plain_spans(line, terms)]
        position += len(line)
    lines = []
    for match in NUMBER.finditer(text):
        context = " ".join(text[max(0, match.start() - 8) : match.end() + 6].split("\n"))
        figure = carriers.get(match.start())
        if figure:
            carried = f"{figure.address} = {figure.text}"
            assert figure.number == match[0]
            assert text[match.start() :].startswith(figure.text)
        else:
            reasons = [why for start, end, why in spans if start <= match.start() < end]
            carried = reasons[0] if reasons else "？"
        lines.append(f"{match[0]}\t…{context}…\t{carried}")
    return lines


def test_every_number_of_the_signed_text_is_accounted_for(signed: FigureSet) -> None:
    lines = explained(entered(signed), signed.year.registries.terms)
    unexplained = [line for line in lines if line.endswith("？")]
    assert not unexplained
    text = SIGNED.read_text(encoding="utf-8")
    assert [line.split("\t")[0] for line in lines] == NUMBER.findall(text)
    assert "\n".join(lines) + "\n" == REVIEWED.read_text(encoding="utf-8")


def test_a_number_typed_instead_of_referenced_is_left_over(signed: FigureSet) -> None:
    pieces = entered(signed)
    planted = [Piece(piece.text) if piece.text == "6219人" else piece for piece in pieces]
    lines = explained(planted, signed.year.registries.terms)
    assert [line.split("\t")[0] for line in lines if line.endswith("？")] == ["6219"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("people.temporary_relief", "actions.temporary_visits"),
        ("spending.temporary_relief", "actions.temporary_amount"),
        ("people.vagrant_relief", "actions.vagrant_visits"),
        ("standards.urban_tekun.standard", "standards.urban_tekun.raised_standard"),
        ("standards.rural_tekun.standard", "standards.rural_tekun.raised_standard"),
        ("people.rural_tekun", "headcount.rural_tekun"),
    ],
)
def test_contradictions_are_entered_as_signed_both_times(signed: FigureSet, first: str, second: str) -> None:
    assert signed.figures[first].text != signed.figures[second].text
