"""What changed from one edition to the next: every number, old and new, and why."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.editions.frozen import NO_FIGURE, FrozenFigure, frozen, read_frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalbook.figures import FigureSet
    from evalbook.schema import Correction
    from evalbook.year import FiscalYear


@dataclass(frozen=True)
class Revision:
    """A figure that one edition gives otherwise than the one before.

    Attributes
    ----------
    edition : int
        Edition that changed it.
    address : str
        Of the figure.
    old, new : FrozenFigure or None
        What the editions say; None where one does not have the figure.
    causes : tuple of Correction
        Corrections of the figure itself or of figures that it is computed from; empty when nothing explains it.
    direct : bool
        Whether the figure itself was put right.
    """

    edition: int
    address: str
    old: FrozenFigure | None
    new: FrozenFigure | None
    causes: tuple[Correction, ...]
    direct: bool

    @property
    def name(self) -> str:
        """Chinese name of the figure."""
        figure = self.new or self.old
        return figure.name if figure else self.address

    @property
    def old_text(self) -> str:
        """Number and unit before."""
        return self.old.text if self.old else NO_FIGURE

    @property
    def new_text(self) -> str:
        """Number and unit now."""
        return self.new.text if self.new else NO_FIGURE

    @property
    def difference(self) -> str:
        """New less old with its sign and unit, of percentages in points; a dash where the units differ or one is missing."""
        old, new = self.old, self.new
        if not old or not new or old.value is None or new.value is None or old.unit != new.unit:
            return "—"
        return f"{new.value - old.value:+f}{'个百分点' if new.unit == '%' else new.unit}"


def revisions(
    figures: FigureSet,
    before: Mapping[str, FrozenFigure],
    edition: int,
    after: Mapping[str, FrozenFigure] | None = None,
) -> tuple[Revision, ...]:
    """Compare an edition with the one before.

    Parameters
    ----------
    figures
        Figures of the edition, or of a later one, which knows the corrections of all before.
    before
        Figures of the edition before, frozen.
    edition
        Number of the edition.
    after
        Figures of the edition, frozen; those at hand when left out.

    Returns
    -------
    tuple of Revision
        Figures whose number, unit or name changed: those put right first, then those that follow from them.
    """
    now = after or {address: frozen(figure) for address, figure in figures.figures.items()}
    own = set(figures.year.corrections)  # what another year put right may be of any edition
    found = []
    listed = (address for address in figures.figures if address in now)
    for address in dict.fromkeys((*listed, *now, *before)):
        old, new = before.get(address), now.get(address)
        if old is None or new is None or (old.value, old.unit, old.name) != (new.value, new.unit, new.name):
            figure = figures.figures.get(address)
            causes = tuple(
                correction
                for correction in figures.grounds.get(address, ())
                if not correction.questioned and (correction.edition == edition or correction not in own)
            )
            direct = figure is not None and not set(causes).isdisjoint(figure.corrections)
            found.append(Revision(edition, address, old, new, causes, direct))
    return tuple(sorted(found, key=lambda revision: not revision.direct))


def revisions_of(figures: FigureSet) -> tuple[Revision, ...]:
    """Revisions of every edition up to the one at hand, the newest first.

    Raises
    ------
    EvalbookError
        The frozen figures of an edition cannot be read.
    """
    year = figures.year
    kept = {
        edition.number: read_frozen(year.root, year.settings.year, edition.number)
        for edition in year.standing
    }
    return tuple(
        revision
        for before, number in reversed(successions(year))
        for revision in revisions(figures, kept[before], number, kept.get(number))
    )


def successions(year: FiscalYear) -> tuple[tuple[int, int], ...]:
    """Each edition with the one before it, the one that is to come included; those taken back are left out."""
    numbers = [edition.number for edition in year.standing]
    return tuple(itertools.pairwise(dict.fromkeys((*numbers, year.edition))))
