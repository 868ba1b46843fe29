"""Figures: named numbers with units and lineage, and every indicator derived from them.

``units``, ``expression`` and ``formula`` are the arithmetic, ``figure`` what a figure is, ``indicators`` the declarations,
``parts`` those of places and other months, ``relations`` what the report says of its own numbers,
``compute`` turns a year's tables into its figures, ``watch`` notes what a page asks of them.
"""

from evalbook.figures.compute import compute, examine, load
from evalbook.figures.figure import MISSING, Cell, Definition, Derivation, Figure, FigureSet
from evalbook.figures.formula import is_exact
from evalbook.figures.indicators import DEFINITIONS
from evalbook.figures.relations import StatedRelation, stated_relations
from evalbook.figures.units import UnitMismatchError, UnitSystem

__all__ = [
    "DEFINITIONS",
    "MISSING",
    "Cell",
    "Definition",
    "Derivation",
    "Figure",
    "FigureSet",
    "StatedRelation",
    "UnitMismatchError",
    "UnitSystem",
    "compute",
    "examine",
    "is_exact",
    "load",
    "stated_relations",
]
