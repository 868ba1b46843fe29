"""Schema: the kit that defines and reads any table, whatever it is about.

A kind says what a cell may hold, a :class:`Table` where; readers give rows, YAML settings
and registries with everything to mend, named by file, row and column.
"""

from evalbook.schema.address import Address
from evalbook.schema.registry import Limit, Marking, Programme, Registries, Requirement, Term, Unit
from evalbook.schema.registry_reader import read_registries
from evalbook.schema.table import Correction, Part, Table, TableData, TableRow, is_put_right

__all__ = [
    "Address",
    "Correction",
    "Limit",
    "Marking",
    "Part",
    "Programme",
    "Registries",
    "Requirement",
    "Table",
    "TableData",
    "TableRow",
    "Term",
    "Unit",
    "is_put_right",
    "read_registries",
]
