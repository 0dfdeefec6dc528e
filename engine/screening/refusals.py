"""The reasons why households are refused: of one the first in the order of its document, and how many there are; of a
batch all of them, each in words once.

In: what the policies declare; diagnostics.  Out: one of them, or `RefusedRows`. The order is that of declaration, for
the columns of a table stand in any.
Imports the ground floor and this floor's `declared`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.diagnostics import Diagnostic, errors_in, sort_key
from engine.records import dataclass
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
        """Of what refuses the household; what is only noticed of it may stand beside. What is said of it as a whole
        comes before what is said of a field."""
        return min((one for one in errors_in(reasons) if one.code != _MORE), key=lambda one: self.place(one.path))

    def place(self, path: str) -> tuple[int, int, int, int]:
        """Of a field of the household, of an item of it, of a field of that, and of what that holds; -1 of each that
        the path does not lead to."""
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


@dataclass(frozen=True, slots=True, eq=False)
class RefusedRows:
    """Attributes:
    rows: of a batch that are refused, each as often as it has reasons, from the first on.
    which: the place of each reason among `reasons`, which holds it once for all rows.
    """

    rows: NDArray[np.intp]
    which: NDArray[np.intp]
    reasons: Sequence[Diagnostic]

    @staticmethod
    def of(found: Mapping[int, Sequence[Diagnostic]]) -> RefusedRows:
        """Rows with reasons of their own."""
        rows = np.repeat(np.array(list(found), np.intp), [len(one) for one in found.values()])
        return RefusedRows(rows, np.arange(len(rows)), [one for reasons in found.values() for one in reasons])

    @staticmethod
    def together(parts: Sequence[RefusedRows]) -> RefusedRows:
        """Of one batch, with no row in two of them."""
        rows = np.concatenate([np.zeros(0, np.intp), *(one.rows for one in parts)])
        begun = np.cumsum([0, *(len(one.reasons) for one in parts)])
        which = [one.which + start for one, start in zip(parts, begun, strict=False)]
        order = np.argsort(rows, kind="stable")
        return RefusedRows(
            rows[order],
            np.concatenate([np.zeros(0, np.intp), *which])[order],
            [reason for one in parts for reason in one.reasons],
        )

    def only(self, rows: NDArray[np.bool_]) -> RefusedRows:
        """Of some rows of the batch."""
        kept = rows[self.rows]
        return RefusedRows(self.rows[kept], self.which[kept], self.reasons)

    def firsts(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Each row, which is its first reason, and how many it has."""
        starts = np.flatnonzero(np.diff(self.rows, prepend=-1))
        return self.rows[starts], self.which[starts], np.diff(starts, append=len(self.rows))

    def sorted(self) -> RefusedRows:
        """The reasons of each row in the order in which a household's are printed."""
        order = sorted(range(len(self.reasons)), key=lambda place: sort_key(self.reasons[place]))
        ranks = np.zeros(len(order), np.intp)
        ranks[order] = np.arange(len(order))
        sorting = np.lexsort((ranks[self.which], self.rows))
        return RefusedRows(self.rows[sorting], self.which[sorting], self.reasons)
