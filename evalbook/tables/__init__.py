"""Tables: the schema, and a fiscal year read by it.

``schema`` defines every column once, ``registry`` what programmes and units are, ``reader`` and
``narrative`` read one file each, ``year`` reads a folder, ``rollover`` makes the next year's folder. ``workbook``
and ``form`` read a self-evaluation form from anywhere.
"""

from evalbook.tables.corrections import Correction, quantity
from evalbook.tables.framework import Band, Bounds, Framework, Grade, Indicator, Level, RuleKind
from evalbook.tables.framework_reader import (
    examine_framework,
    existing_framework,
    framework_files,
    frameworks,
    new_framework,
    read_framework,
)
from evalbook.tables.ledger import (
    Edition,
    files_hash,
    frozen_path,
    inputs_hash,
    is_input,
    ledger_path,
    ledger_text,
    read_ledger,
)
from evalbook.tables.narrative import Narrative, Reference, Section
from evalbook.tables.reader import TableData, TableRow
from evalbook.tables.registry import Limit, Programme, Registries, Requirement, Term, Unit
from evalbook.tables.rollover import NewYear, new_year
from evalbook.tables.year import (
    FiscalYear,
    Reading,
    Settings,
    chosen_frameworks,
    containing_rows,
    contents_hash,
    find_project,
    read_year,
    year_folder,
    years,
)

__all__ = [
    "Band",
    "Bounds",
    "Correction",
    "Edition",
    "FiscalYear",
    "Framework",
    "Grade",
    "Indicator",
    "Level",
    "Limit",
    "Narrative",
    "NewYear",
    "Programme",
    "Reading",
    "Reference",
    "Registries",
    "Requirement",
    "RuleKind",
    "Section",
    "Settings",
    "TableData",
    "TableRow",
    "Term",
    "Unit",
    "chosen_frameworks",
    "containing_rows",
    "contents_hash",
    "examine_framework",
    "existing_framework",
    "files_hash",
    "find_project",
    "framework_files",
    "frameworks",
    "frozen_path",
    "inputs_hash",
    "is_input",
    "ledger_path",
    "ledger_text",
    "new_framework",
    "new_year",
    "quantity",
    "read_framework",
    "read_ledger",
    "read_year",
    "year_folder",
    "years",
]
