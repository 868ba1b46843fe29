"""Tables: the schema, and a fiscal year read by it.

``schema`` defines every column once, ``registry`` what programmes and units are, ``reader`` and
``narrative`` read one file each, ``year`` reads a folder, ``rollover`` makes the next year's folder.
"""

from evalbook.tables.narrative import Narrative, Reference, Section
from evalbook.tables.reader import TableData, TableRow
from evalbook.tables.registry import Limit, Programme, Registries, Requirement, Term, Unit
from evalbook.tables.rollover import NewYear, new_year
from evalbook.tables.year import (
    FiscalYear,
    Reading,
    Settings,
    containing_rows,
    find_project,
    read_year,
    year_folder,
    years,
)

__all__ = [
    "FiscalYear",
    "Limit",
    "Narrative",
    "NewYear",
    "Programme",
    "Reading",
    "Reference",
    "Registries",
    "Requirement",
    "Section",
    "Settings",
    "TableData",
    "TableRow",
    "Term",
    "Unit",
    "containing_rows",
    "find_project",
    "new_year",
    "read_year",
    "year_folder",
    "years",
]
