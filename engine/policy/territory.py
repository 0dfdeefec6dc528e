"""Counties by their GB/T 2260 codes, from the table that a root policy names.

In: a `Table` with the columns `code`, `name`, `city_code`, `city_name`.  Out: `Division`s by code, or Diagnostics.
Imports csv_table, model and the ground floor.
"""

from __future__ import annotations

import re

from engine.diagnostics import Reporter
from engine.policy.csv_table import Table, unparted_header
from engine.policy.model import Division
from engine.suggest import nearest

_COLUMNS = ("code", "name", "city_code", "city_name")
_CODE = re.compile(r"[0-9]{6}")


def read_divisions(table: Table, report: Reporter) -> dict[str, Division]:
    """The divisions in the order of the table."""
    header = [cell.text for cell in table.header]
    places = []
    for column in _COLUMNS:
        if column not in header:
            near, whole = nearest(column, [name for name in header if name not in _COLUMNS]), unparted_header(table)
            # the names of these columns are fixed: what is like one in the table is to be renamed
            here = next((cell.span for cell in table.header if cell.text == near), table.header[0].span)
            report.tell("unknown-column", here, column=column, named=near, header=whole)
            return {}
        places.append(header.index(column))
    divisions: dict[str, Division] = {}
    for row in table.rows:
        code, name, city_code, city_name = (row[place] for place in places)
        if not _CODE.fullmatch(code.text):
            report.tell("bad-division-code", code.span, text=code.text)
        elif code.text in divisions:
            first = divisions[code.text].span
            report.tell("key-twice", code.span, key=code.text, related=[("first-here", first)] if first else [])
        else:
            divisions[code.text] = Division(code.text, name.text, city_code.text, city_name.text, span=code.span)
    return divisions
