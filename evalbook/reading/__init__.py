"""Reading: what others wrote, as text and grids of cells."""

from evalbook.reading.gathering import Found, find_files
from evalbook.reading.workbook import Sheet, SheetCell, read_sheets

__all__ = ["Found", "Sheet", "SheetCell", "find_files", "read_sheets"]
