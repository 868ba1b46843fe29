"""The report's prose, with its figures in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.render.markdown import escape, joined, reference
from evalbook.schema.vocabulary import PENDING
from evalbook.year import Reference

if TYPE_CHECKING:
    from evalbook.figures import FigureSet
    from evalbook.year import Section


def paragraphs(figures: FigureSet, section: Section) -> str:
    """Paragraphs of a section; every reference shows its figure and leads to its lineage, what nobody has confirmed is marked."""
    written = [
        (f"**{PENDING}**　" if position in section.pending else "")
        + "".join(
            _reference(figures, piece.name) if isinstance(piece, Reference) else escape(piece)
            for piece in paragraph
        )
        for position, paragraph in enumerate(section.paragraphs)
    ]
    return joined(":::{container} prose", *written, ":::") if written else ""


def _reference(figures: FigureSet, name: str) -> str:
    figure = figures.named(name)
    assert figure is not None, name  # noqa: S101  (reading the year has refused unknown names)
    return reference(figure, figures.text_of(name))


def heading(section: Section) -> str:
    """Heading of a section; the report ends its run-in headings with a full stop, a heading has none."""
    return f"## {escape(section.heading.removesuffix('。'))}" if section.heading else ""
