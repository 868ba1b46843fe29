"""Addresses: where machines find a figure, the same in every year."""

from __future__ import annotations

import re

PART = re.compile(r"(?:(?:^|\.)at_[0-9a-f]{8})?(?:(?:^|\.)in_[ym][0-9my_]+)?$")
"""End of an address of one place, of other months, or of both."""


class Address(str):
    """Codes of the table (or family of indicators) and of what a figure is about: ``people.urban_dibao.average``.

    An address is text wherever it is written down: released editions, exports, formulas and pages keep it.
    """

    __slots__ = ()

    @classmethod
    def of(cls, *parts: str) -> Address:
        """Address of parts, each a code or some codes; an empty one says nothing and is left out."""
        return cls(".".join(part for part in parts if part))

    @property
    def family(self) -> str:
        """Table or family of indicators."""
        return self.partition(".")[0]

    @property
    def within(self) -> Address:
        """What follows the family: for a claim or a change, the address of the figure that it is about."""
        return Address(self.partition(".")[2])

    @property
    def last(self) -> str:
        """Last code: the form, the measure, the tier."""
        return self.rpartition(".")[2]

    @property
    def part(self) -> str:
        """Codes of the place and the months that the figure is of; empty for all places in the fiscal year."""
        return PART.search(self)[0].lstrip(".")  # type: ignore[index]  # the pattern fits an empty end

    @property
    def of_whole(self) -> Address:
        """Address of the same figure of all places in the fiscal year."""
        return Address(PART.sub("", self, count=1))
