"""Figures: named numbers with units and lineage, and every indicator derived from them.

``units``, ``expression`` and ``formula`` are the arithmetic, ``figure`` what a figure is, ``absence`` why one has no number,
``known`` what is known of one in doubt, ``indicators`` the declarations, ``parts`` those of places and other months,
``relations`` what the report says of its own numbers, ``compute`` turns a year's tables into its figures, ``names`` finds
them by words, ``ties`` puts them in the place of numbers typed into prose, ``watch`` notes what a page asks of them.
"""

from evalbook.figures.absence import absence_of
from evalbook.figures.compute import compute, examine, load
from evalbook.figures.figure import Cell, Definition, Derivation, Figure, FigureSet
from evalbook.figures.formula import is_exact
from evalbook.figures.indicators import DEFINITIONS
from evalbook.figures.known import UNCERTAIN, Known
from evalbook.figures.names import Names, names_of
from evalbook.figures.relations import StatedRelation, stated_relations
from evalbook.figures.ties import (
    Loose,
    Proposal,
    declare,
    loose_number,
    loose_numbers,
    tie,
    tie_sure,
)
from evalbook.figures.units import UnitMismatchError, UnitSystem

__all__ = [
    "DEFINITIONS",
    "UNCERTAIN",
    "Cell",
    "Definition",
    "Derivation",
    "Figure",
    "FigureSet",
    "Known",
    "Loose",
    "Names",
    "Proposal",
    "StatedRelation",
    "UnitMismatchError",
    "UnitSystem",
    "absence_of",
    "compute",
    "declare",
    "examine",
    "is_exact",
    "load",
    "loose_number",
    "loose_numbers",
    "names_of",
    "stated_relations",
    "tie",
    "tie_sure",
]
