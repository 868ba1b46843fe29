"""MyST Markdown written by the package: escaped text, links to figures, tables.

Text from data goes through :func:`escape`, wherever a role or directive is written around it.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook import PAGE_REPORT
from evalbook.schema.vocabulary import FLAGS, QUESTIONED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from evalbook.figures import Figure, FigureSet

PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")
MARKDOWN = "text/markdown"


@dataclass(frozen=True)
class Block:
    """A piece of a page in MyST Markdown, shown by a notebook cell.

    ``report`` is what the cell reports about itself to the runner (year and page).
    """

    markdown: str
    report: tuple[tuple[str, object], ...] = ()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        bundle: dict[str, object] = {MARKDOWN: self.markdown, "text/plain": "（见网页）"}
        if self.report:
            bundle[PAGE_REPORT] = dict(self.report)
        return bundle


@dataclass(frozen=True)
class Parts:
    """Parts of a page in their order, each shown as an output of its own of one notebook cell."""

    parts: tuple[object, ...]

    def _ipython_display_(self) -> None:
        from IPython.display import display  # what only notebooks have

        for part in self.parts:
            display(part)  # type: ignore[no-untyped-call]


def escape(text: str) -> str:
    """Escape text from data, so that Markdown shows it as it is.

    Every ASCII punctuation mark gets a backslash, which CommonMark allows; runs of white space become one space.
    """
    return PUNCTUATION.sub(r"\\\1", re.sub(r"\s+", " ", text))


def chinese_date(date: datetime.date) -> str:
    """Write a date as documents do: 2021年4月10日."""
    return f"{date.year}年{date.month}月{date.day}日"


def reference(figure: Figure, text: str | None = None) -> str:
    """Link to a figure's lineage, showing what may be said of it, with its unit, or another text of its own."""
    return f"{{figure}}`{figure.said if text is None else text} <{figure.address}>`"


def number(figures: FigureSet, address: str, unit: str = "") -> str:
    """Link that shows a number, or what is known of it, without unit, for columns whose heading names the unit.

    A dash stands where the year has no such figure; a figure of the year without a value says why it has none.
    """
    figure = figures.figures.get(address)
    if figure is None:
        return "—"
    return reference(figure, figures.said_in(figure, unit or figure.unit))


def download(name: str, text: str = "") -> str:
    """Link to a file in the built book by its path from the page; Sphinx knows nothing of it."""
    return f'<a href="{name}" download>{escape(text or name)}</a>'


def link(text: str, label: str) -> str:
    """Cross-reference to a label."""
    return f"{{ref}}`{text} <{label}>`"


def container(classes: str, text: str) -> str:
    """Text in a box of its own looks, which the style sheet knows by its classes."""
    return f":::{{container}} {classes}\n{text}\n:::"


def card(label: str, title: str, facts: Iterable[tuple[str, str]], *blocks: str) -> str:
    """Section of a catalogue, with its label, the facts of which something is known, and what follows them."""
    told = "\n".join(f"- **{name}**：{fact}" for name, fact in facts if fact)
    return joined(f"({label})=\n### {escape(title)}", told, *blocks)


def with_status(text: str, flag: str, *, questioned: object) -> str:
    """Number with its status in words: provisional, revised, estimated, questioned."""
    told = [FLAGS[flag]] if flag in {"p", "r", "e"} else []
    told += [QUESTIONED] if questioned else []
    return text + (f"（{'，'.join(told)}）" if told else "")


def untied(text: str) -> str:
    """A number that was typed and is tied to no figure, with its mark."""
    return f"{{untied}}`{text}`"


def shortened(figures: FigureSet, value: Decimal, unit: str) -> str:
    """Number rounded to the digits of its unit, without trailing zeros."""
    text = f"{figures.units.display(value, unit):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def clauses(*texts: str) -> str:
    """Sentence of the texts that are not empty, without its stop."""
    return "；".join(filter(None, texts))


class Numeric(str):
    """Heading of a column of numbers, which are aligned right."""


def table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], classes: str = "") -> str:
    """Write a table with caption; cells are Markdown, the first column heads its row."""
    first, *others = ("| " + " | ".join(row) + " |" for row in (headings, *rows))
    sides = "|".join("--:" if isinstance(heading, Numeric) else ":--" for heading in headings)
    options = f":class: {' '.join(filter(None, ('row-headings', classes)))}"
    # Tildes: the line that opens a fence of backticks must not hold another one, a caption may.
    return "\n".join([f"~~~~{{table}} {caption}", options, "", first, f"|{sides}|", *others, "~~~~"])


def block_table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]], classes: str = "lineage"
) -> str:
    """Write a table whose cells hold targets or several paragraphs."""
    lines = [f"~~~~{{list-table}} {caption}", ":header-rows: 1", ":stub-columns: 1", f":class: {classes}", ""]
    for row in (headings, *rows):
        for position, cell in enumerate(row):
            first, *rest = cell.split("\n") if cell else [""]
            lines.append(f"{'* -' if position == 0 else '  -'} {first}".rstrip())
            lines += [f"    {line}" if line else "" for line in rest]
    return "\n".join([*lines, "~~~~"])


def joined(*blocks: str) -> str:
    """Put blocks below each other."""
    return "\n\n".join(block for block in blocks if block)
