"""Tables: the schema, and a fiscal year read by it.

``schema`` defines every column once, ``registry`` what programmes and units are, ``reader`` and
``narrative`` read one file each, ``year`` reads a folder, ``rollover`` makes the next year's folder.
"""

from evalbook.tables.narrative import Narrative, Reference, Section
from evalbook.tables.reader import TableData, TableRow
from evalbook.tables.registry import Programme, Registries, Term, Unit
from evalbook.tables.rollover import NewYear, new_year
from evalbook.tables.year import (
    FiscalYear,
    Reading,
    Settings,
    find_project,
    read_year,
    year_folder,
    years,
)

__all__ = [
    "FiscalYear",
    "Narrative",
    "NewYear",
    "Programme",
    "Reading",
    "Reference",
    "Registries",
    "Section",
    "Settings",
    "TableData",
    "TableRow",
    "Term",
    "Unit",
    "find_project",
    "new_year",
    "read_year",
    "year_folder",
    "years",
]
