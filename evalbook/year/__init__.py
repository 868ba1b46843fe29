"""Year: one folder under ``data/``, read whole: tables, prose, corrections and the ledger of editions."""

from evalbook.year.authority import Authority, authority_by, authority_of, leading
from evalbook.year.chapters import chapters
from evalbook.year.corrections import quantity
from evalbook.year.fiscal_year import (
    LENT,
    SIGNED_TEXT,
    FiscalYear,
    chosen_frameworks,
    contents_hash,
    lenders,
    read_year,
)
from evalbook.year.ledger import (
    Edition,
    Withdrawal,
    changes_path,
    files_hash,
    frozen_path,
    inputs_hash,
    is_input,
    ledger_path,
    ledger_text,
    lock_path,
    read_ledger,
    rules_path,
    standing,
)
from evalbook.year.narrative import Grid, Narrative, Reference, Section, Untied
from evalbook.year.placements import CHART, EXHIBITS, TABLE, Placement
from evalbook.year.project import (
    Project,
    find_project,
    newest_before,
    project_text,
    read_project,
    stray_folders,
    year_folder,
    years,
)
from evalbook.year.rollover import NewYear, missing_between, new_year
from evalbook.year.rows import containing_rows
from evalbook.year.settings import Settings

__all__ = [
    "CHART",
    "EXHIBITS",
    "LENT",
    "SIGNED_TEXT",
    "TABLE",
    "Authority",
    "Edition",
    "FiscalYear",
    "Grid",
    "Narrative",
    "NewYear",
    "Placement",
    "Project",
    "Reference",
    "Section",
    "Settings",
    "Untied",
    "Withdrawal",
    "authority_by",
    "authority_of",
    "changes_path",
    "chapters",
    "chosen_frameworks",
    "containing_rows",
    "contents_hash",
    "files_hash",
    "find_project",
    "frozen_path",
    "inputs_hash",
    "is_input",
    "leading",
    "ledger_path",
    "ledger_text",
    "lenders",
    "lock_path",
    "missing_between",
    "new_year",
    "newest_before",
    "project_text",
    "quantity",
    "read_ledger",
    "read_project",
    "read_year",
    "rules_path",
    "standing",
    "stray_folders",
    "year_folder",
    "years",
]
