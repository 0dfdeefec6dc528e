"""Of the reasons why a household is refused, the first in the order of its document, and how many there are.

In: what the policies declare; diagnostics.  Out: one of them. The order is that of declaration, for the columns of a
table stand in any.
Imports the ground floor and this floor's `declared`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from engine.diagnostics import Diagnostic
from engine.screening.declared import Declared

_PATH: Final = re.compile(r"([^.\[]+)(?:\[([0-9]+)\])?(?:\.([^.\[]+)(?:\[([0-9]+)\])?)?")
_WHOLE: Final = (-1, -1, -1, -1)
_MORE: Final = "more-reasons"


class Order:
    """The places of fields in a household."""

    def __init__(self, declared: Declared) -> None:
        names = dict.fromkeys((*declared.facts[""], *declared.collections))
        self._places = {name: place for place, name in enumerate(names)}
        self._inner = {owner: {id: place for place, id in enumerate(facts)} for owner, facts in declared.facts.items()}

    def first(self, reasons: Sequence[Diagnostic]) -> Diagnostic:
        """What is said of the household as a whole comes before what is said of a field."""
        return min((one for one in reasons if one.code != _MORE), key=lambda one: self._place(one.path))

    def _place(self, path: str) -> tuple[int, int, int, int]:
        found = _PATH.fullmatch(path)
        if found is None or path == "$":
            return _WHOLE
        name, index, inner, part = found.groups()
        last = len(self._places)
        within = self._inner.get(name, {}).get(inner, last) if inner else -1
        return self._places.get(name, last), int(index or -1), within, int(part or -1)

    def count(self, reasons: Sequence[Diagnostic]) -> int:
        """Those included that are only counted."""
        return sum(int(dict(one.params)["count"]) if one.code == _MORE else 1 for one in reasons)
