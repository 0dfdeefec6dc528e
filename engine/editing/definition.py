"""From a word to what declares it; from a parameter also to the values of it that are in force.

In: an `Index`, a file and an offset; a day.  Out: `Target`s, the declaration first.
Imports in_force, mentions_values, occurrences, spot, things, workspace and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from engine.editing.in_force import path_of, rows_in_force
from engine.editing.mentions_values import beside
from engine.editing.occurrences import Index
from engine.editing.spot import spot_at
from engine.editing.things import Occurrence, Thing
from engine.editing.workspace import File
from engine.policy.model import show_part
from engine.records import dataclass
from engine.source import Span
from engine.tree import Scalar

_KEY = re.compile(r"\s*\[([^\]\n]*)\]")
_MOST_VALUES = 50


@dataclass(frozen=True, slots=True)
class Target:
    """A place to go to: the word there, and all that belongs to it."""

    path: Path
    span: Span
    whole: Span
    what: Literal["declaration", "value"]


def define(index: Index, file: File, offset: int, day: date) -> tuple[Target, ...]:
    """Args:
    day: on which values are to be in force.
    """
    spoken = index.at(file, offset)
    if spoken is None:
        return tuple(_household(index, file, offset))
    found = [Target(one.path, one.key, one.whole or one.key, "declaration") for one in spoken.things]
    for thing in spoken.things:
        if thing.kind == "parameter" and len(spoken.things) == 1:
            found.extend(_values(index, file, spoken, thing, day))
    return tuple(dict.fromkeys(found))


def _household(index: Index, file: File, offset: int) -> Iterator[Target]:
    """The file of a household that a case names."""
    spot = spot_at(file, offset)
    if file.kind == "cases" and spot.path[-1:] == ("file",) and isinstance(spot.node, Scalar):
        found = index.others.get(beside(file.path.parent, spot.node.text.strip()))
        if found is not None:
            start = Span(found.source, 0, 0)
            yield Target(found.path, start, start, "declaration")


def _values(index: Index, file: File, spoken: Occurrence, thing: Thing, day: date) -> Iterator[Target]:
    """Where the values in force are written; of `standard[140105,urban]` the one, of many the first of each notice."""
    rows = rows_in_force(index.snapshot, file, thing.id, day)
    keyed = _KEY.match(file.source.text, spoken.span.end)
    wanted = {one.strip() for one in keyed[1].split(",")} if keyed is not None else set()
    meant = [row for row in rows if wanted == {show_part(part) for part in row.key}] if wanted else []
    first = {row.block: row for row in reversed(rows)}
    for row in sorted(meant or first.values(), key=lambda one: one.block)[:_MOST_VALUES]:
        path = path_of(index.snapshot, row.value.span)
        if path is not None:
            yield Target(path, row.value.span, row.value.span, "value")
