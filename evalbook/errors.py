"""What goes wrong, told to the person who can mend it.

::

    EvalbookError            a Chinese sentence; the command ends with ``exit_code``
    ├── InputError           problems in the files under data/, all of them at once
    ├── ContractError        a notebook and its parameters do not fit together
    └── NotebookError        a notebook failed while it ran
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend in one place of the input.

    Attributes
    ----------
    file : str
        Path inside the project, with forward slashes.
    row : int
        Row as Excel counts it (the heading is row 1), or line of a text file; 0 for the whole file.
    column : str
        Chinese heading of the column, or key of a YAML file; empty for the whole row.
    found, expected, remedy : str
        Chinese, without final punctuation.
    """

    file: str
    row: int
    column: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        row = f" 第{self.row}行" if self.row else ""
        column = f"“{self.column}”" if self.column else ""
        return f"{self.file}{row}{column}：{self.found}；应为：{self.expected}；请{self.remedy}。"


class Problems(list[Problem]):
    """Problems of one file, in the order in which they were found.

    Parameters
    ----------
    file
        Path inside the project, with forward slashes.
    found
        Those that are known already.
    """

    def __init__(self, file: str, found: Iterable[Problem] = ()) -> None:
        super().__init__(found)
        self.file = file

    def add(self, row: int, column: str, found: str, expected: str, remedy: str) -> None:
        """Note one more; what is asked for stands at :class:`Problem`."""
        self.append(Problem(self.file, row, column, found, expected, remedy))


class EvalbookError(Exception):
    """Base of every error that a user may meet; its text is Chinese and complete."""

    exit_code = 2


def blocking_first(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order in which they are told: whole files first, for their rows were not read."""
    return tuple(sorted(problems, key=lambda problem: (bool(problem.row or problem.column), problem)))


class InputError(EvalbookError):
    """The year's files cannot be used as they are.

    Parameters
    ----------
    problems
        Every problem found, not only the first.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = blocking_first(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [f"发现{len(self.problems)}处需要修改："]
        lines += [f"{number}. {problem}" for number, problem in enumerate(self.problems, start=1)]
        return "\n".join(lines)


KEPT = "没有生成，原来的网页和 PDF 保持不变。"
"""Said after input errors by whoever was asked to build."""


REFUSED = "没有开始生成："
"""Line before what stops a build, so that whoever started it can tell it from what Sphinx says."""

DONE = "\0"
"""Begins the line, with the exit code, that ends a build in a process that stays."""


class ContractError(EvalbookError):
    """A notebook's declared parameters and the parameters given to it differ."""


class NotebookError(EvalbookError):
    """A notebook stopped, or reported another year than the one asked for."""
