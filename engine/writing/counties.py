"""Counties as a bureau's table names them: by code, by name, or by the name without 区, 县, 市.

In: the counties that may be meant.  Out: which of them a text names; what is wrong with one that names none.
A name may be cut short where that leaves one county. Imports amounts, policy (territory) and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.policy.territory import Division
from engine.suggest import Near
from engine.tree import Scalar
from engine.writing.amounts import bare

_SEPARATORS = re.compile(r"[、,;/]")
_GROUP = re.compile(r"[^()]*\(([^()]+)\)")
_KINDS = "区县市旗"


class Counties:
    def __init__(self, counties: Sequence[Division]) -> None:
        self.by_code = {one.code: one for one in counties}
        self._by_name = {bare(one.name): one for one in counties}
        self._city = next((bare(one.city_name) for one in counties if one.city_name), "")
        long = ((name, one) for name, one in self._by_name.items() if len(name) > 2 and name[-1] in _KINDS)
        self._by_short = gathered((name[:-1], one) for name, one in long if name[:-1] != self._city[:-1])

    def may_name(self, text: str) -> bool:
        return bool(self.named(text)) or bare(text) in self._by_short

    def coded(self, text: str) -> Division | None:
        return self.by_code.get(bare(text))

    def named(self, text: str) -> list[Division]:
        """The counties that a cell names: one, or several with signs between them, all of them known."""
        whole = bare(text)
        group = _GROUP.fullmatch(whole)
        for candidate in (whole, *([group[1]] if group else [])):
            parts = [candidate] if candidate in self._by_name else [one for one in _SEPARATORS.split(candidate) if one]
            found = [one for part in parts if len(one := self._called(part)) == 1]
            if parts and len(found) == len(parts):
                return [one for [one] in found]
        return []

    def _called(self, name: str) -> list[Division]:
        """The counties that may be called so."""
        inner = name.removeprefix(self._city) if self._city else name
        for known in (name, inner):
            if known in self._by_name:
                return [self._by_name[known]]
        return self._by_short.get(name) or self._by_short.get(inner) or []

    def told_unknown(self, cell: Scalar, others: Iterable[str], report: Reporter) -> None:
        """A cell that names no county, or several; `others` are counties that have a row of their own."""
        name = bare(cell.text)
        several = self._by_short.get(name, [])
        if len(several) > 1:
            names = "、".join(one.name for one in several)
            report.tell("row-ambiguous", cell.span, name=cell.text, names=names)
            return
        # a county that has a row of its own is not meant by another
        stated = set(others)
        near = Near(name, [one for one in (*self._by_name, *self.by_code) if one not in stated])
        report.tell("row-place", cell.span, name=cell.text, suggestion=near)


def column_of(marked: Sequence[int]) -> int:
    """The column that has most, the first of several; -1 where none has any."""
    return marked.index(max(marked)) if any(marked) else -1
