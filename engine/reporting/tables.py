"""The values of a parameter in force in a territory, as a table no longer than it has different rows.

In: a checked policy, the divisions that matter, a day.  Out: rows; divisions with the same values share one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from engine.language.types import Choice
from engine.policy.checked import CheckedPolicy
from engine.policy.keys import key_type
from engine.policy.model import Cell, Elements, Key, KeyPart, Parameter, Range, show_part
from engine.policy.rows import Row as ValueRow
from engine.policy.tables import ValueInForce
from engine.records import dataclass
from engine.reporting.paths import part_text
from engine.reporting.words import Words
from engine.source import Span

Cells = Mapping[Key, ValueInForce]
_Values: TypeAlias = tuple[ValueInForce | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """`names` are what share these values: divisions, or the other keys; `values` stand under the headings."""

    names: tuple[str, ...]
    values: tuple[ValueInForce | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`headings` are the options of the last key; a single value has neither headings nor names. `without` are the
    codes of the divisions that have no value."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    without: tuple[str, ...]


def values_by_place(
    policy: CheckedPolicy, places: Sequence[str], as_of: date, known_on: date | None
) -> dict[str, dict[Key, ValueInForce]]:
    """The values in force of every parameter; of one keyed by place, those of each place as that place has them."""
    found: dict[str, dict[Key, ValueInForce]] = {id: {} for id in policy.merged.elements.parameters}
    placed = {id: _place_position(one, policy.merged.elements) for id, one in policy.merged.elements.parameters.items()}
    for count, place in enumerate(places or [""]):
        for id, cells in policy.values(place, as_of, known_on).parameters.items():
            position = placed[id]
            if position is None:
                if count == 0:
                    found[id].update(cells)
            else:
                found[id].update({key: cell for key, cell in cells.items() if key[position] == place})
    return found


def table(parameter: Parameter, cells: Cells, policy: CheckedPolicy, places: Sequence[str], words: Words) -> Table:
    elements = policy.merged.elements
    if not parameter.by:
        return Table((), tuple(Row((), (cell,)) for cell in cells.values()), ())
    last = key_type(elements, parameter.by[-1])
    across = [option for option, _ in last.options] if isinstance(last, Choice) else []
    headings = tuple(label for _, label in last.options) if isinstance(last, Choice) else ()
    depth = len(parameter.by) - (1 if across else 0)
    stems = list(dict.fromkeys(key[:depth] for key in cells))
    position = _place_position(parameter, elements)
    order: dict[KeyPart, int] = {place: at for at, place in enumerate(places)}
    for part in (part for stem in stems for part in stem):
        order.setdefault(part, len(order))
    stems.sort(key=lambda stem: [part.start if isinstance(part, Range) else order[part] for part in stem])
    grouped: dict[tuple[object, ...], tuple[list[Key], _Values]] = {}
    written: dict[Key, list[Span | None]] = {}
    for stem in stems:
        values = tuple(cells.get((*stem, option)) for option in across) if across else (cells.get(stem),)
        same = tuple(None if one is None else (one.cell.text, one.block_index) for one in values)
        keys = grouped.setdefault(same, ([], values))[0]
        spans = [None if one is None else one.cell.span for one in values]
        whole = _whole(keys[-1], stem) if keys and written[keys[-1]] == spans else None
        if whole is not None:
            keys.pop()
        keys.append(whole or stem)
        written[keys[-1]] = spans
    rows = tuple(
        Row(tuple([_stem_text(key, parameter, policy, words) for key in keys]), values)
        for keys, values in grouped.values()
    )
    return Table(headings, rows, _without(position, depth, stems, places))


def _whole(first: Key, then: Key) -> Key | None:
    """A range as it was written, of two that it was cut into where those of other rows begin or end."""
    apart = [at for at, (one, other) in enumerate(zip(first, then, strict=True)) if one != other]
    part, following = first[apart[0]], then[apart[0]]
    if len(apart) > 1 or isinstance(part, str) or isinstance(following, str) or part.end != following.start:
        return None
    return (*first[: apart[0]], part.between(part.start, following.end), *first[apart[0] + 1 :])


def _without(position: int | None, depth: int, stems: Sequence[Key], places: Sequence[str]) -> tuple[str, ...]:
    """The divisions that have no value at all."""
    if position is None or position >= depth:
        return ()
    having = {stem[position] for stem in stems}
    return tuple(place for place in places if place not in having)


def last_ended(
    parameter: Parameter, policy: CheckedPolicy, places: Sequence[str], as_of: date, known_on: date | None
) -> ValueRow[Cell] | None:
    """What was the last to be in force in one of the places, where it no longer is."""
    position = _place_position(parameter, policy.merged.elements)
    found: ValueRow[Cell] | None = None
    for row in policy.dated.tables[parameter.id]:
        if row.end is None or row.end > as_of or (found is not None and found.end is not None and row.end <= found.end):
            continue
        last_day = row.end - timedelta(1)
        named = [place for place in places if position is None or row.key[position] == place]
        if any(row.holds(place, last_day, known_on) for place in named):
            found = row
    return found


def _place_position(parameter: Parameter, elements: Elements) -> int | None:
    facts = elements.facts
    return next((at for at, name in enumerate(parameter.by) if name in facts and facts[name].role == "place"), None)


def _stem_text(stem: Key, parameter: Parameter, policy: CheckedPolicy, words: Words) -> str:
    last = parameter.by[-1] if parameter.marginal else ""
    parts = zip(stem, parameter.by, strict=False)
    merged = policy.merged
    return " ".join([part_text(name, show_part(part), merged, words, marginal=name == last) for part, name in parts])
