"""Reading a spreadsheet as an office really has it: no database, bounded memory, every mend said, every fault named.

with open_table(file, kind.columns) as table:
    for row in table.rows():
        row.values, row.notes
"""

from .cells import Parser, boolean, choice, date, identity, integer, name, phone, text
from .columns import Column, Note, Row, column_letter
from .problems import CellProblem, Unreadable
from .table import Table, open_table

__all__ = [
    "CellProblem",
    "Column",
    "Note",
    "Parser",
    "Row",
    "Table",
    "Unreadable",
    "boolean",
    "choice",
    "column_letter",
    "date",
    "identity",
    "integer",
    "name",
    "open_table",
    "phone",
    "text",
]
