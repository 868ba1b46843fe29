"""Reading: what others wrote, as text and grids of cells."""

from evalbook.reading.workbook import Sheet, SheetCell, read_sheets

__all__ = ["Sheet", "SheetCell", "read_sheets"]
