"""A hit: one piece of personal data in one place, told without repeating it."""

from __future__ import annotations

from dataclasses import dataclass

from evalbook.errors import EvalbookError
from evalbook.privacy.numbers import AMOUNT, MAYBE, find_numbers, normalised
from evalbook.privacy.persons import PERSON
from evalbook.schema.text import CONTROL

PERSONAL_COLUMN = "个人信息列"
MAYBE_COLUMN = "疑似个人信息列"
SMALL_COUNT = "小数目"
UNCHECKED = "无法检查"
ASKED = MAYBE | {PERSON, MAYBE_COLUMN}
"""Kinds that nobody but a person can judge."""


@dataclass(frozen=True, order=True)
class Hit:
    """One piece of personal data in one place.

    Attributes
    ----------
    file : str
        As given, with forward slashes; what is inside another file comes after ``▸``.
    row : int
        Row, line or page as a person would find it; 0 when it has none.
    column : str
        Heading, letter, JSON path, page, name of a property; empty when there is none.
    kind : str
        Chinese: one of :mod:`evalbook.privacy.numbers`, or of the kinds above.
    masked : str
        What may be shown of it; the reason when something could not be checked. Never the number.
    remedy : str
        What to do, in Chinese, without final punctuation.
    """

    file: str
    row: int
    column: str
    kind: str
    masked: str
    remedy: str

    @property
    def asked(self) -> bool:
        """Whether it is a question to the person who releases, and by itself refuses nothing."""
        return self.kind in ASKED

    def __str__(self) -> str:
        named = f"第{self.row}页" in self.column
        row = f" 第{self.row}行" if self.row and not named else ""
        column = f"“{self.column}”" if self.column else ""
        return f"{self.file}{row}{column}：{self.kind}（{self.masked}）；请{self.remedy}。"


class PersonalDataError(EvalbookError):
    """Personal data stands in what was to be released, which therefore is not.

    Parameters
    ----------
    hits
        Everything found, not only the first.
    refused
        What was not done, in Chinese.
    """

    def __init__(self, hits: tuple[Hit, ...], refused: str = "没有定版") -> None:
        self.hits, self.refused = tuple(sorted(hits)), refused
        super().__init__(self.hits, refused)

    def __str__(self) -> str:
        unchecked = sum(hit.kind == UNCHECKED for hit in self.hits)
        personal = len(self.hits) - unchecked
        counted = [f"{personal}处个人信息"] * bool(personal) + [f"{unchecked}处没有查清的内容"] * bool(
            unchecked
        )
        found = f"{self.refused}：发现{'、'.join(counted)}。绩效报告不需要任何一个人的信息："
        return "\n".join([found, *(f"{number}. {hit}" for number, hit in enumerate(self.hits, start=1))])


def shown(text: str) -> str:
    """Name of a place for a message: its own numbers masked, one line, nothing that a terminal would obey."""
    plain = normalised(text)
    for number in reversed(find_numbers(plain)):
        if number.kind != AMOUNT:
            text = plain = f"{plain[: number.start]}{number.masked}{plain[number.end :]}"
    return CONTROL.sub("□", " ".join(text.split())).encode("utf-8", "replace").decode()
