"""The values of a parameter in force in a territory, as a table no longer than it has different rows.

In: a checked policy, the divisions that matter, a day.  Out: rows; divisions with the same values share one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.language.types import Choice
from engine.policy.checked import CheckedPolicy
from engine.policy.keys import key_type
from engine.policy.model import Elements, Key, Parameter, show_part
from engine.policy.tables import ValueInForce
from engine.records import dataclass
from engine.reporting.paths import part_text
from engine.reporting.words import Words

Cells = Mapping[Key, ValueInForce]


@dataclass(frozen=True, slots=True)
class Row:
    """`names` are what share these values: divisions, or the other keys; `values` stand under the headings."""

    names: tuple[str, ...]
    values: tuple[ValueInForce | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`headings` are the options of the last key; a single value has neither headings nor names."""

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
    if position is not None and position < depth:
        order = {place: at for at, place in enumerate(places)}
        stems.sort(key=lambda stem: order.get(str(stem[position]), len(order)))
    grouped: dict[tuple[object, ...], tuple[list[str], tuple[ValueInForce | None, ...]]] = {}
    for stem in stems:
        values = tuple(cells.get((*stem, option)) for option in across) if across else (cells.get(stem),)
        same = tuple(None if one is None else (one.cell.text, one.block_index) for one in values)
        grouped.setdefault(same, ([], values))[0].append(_stem_text(stem, parameter, policy, words))
    rows = tuple(Row(tuple(names), values) for names, values in grouped.values())
    return Table(headings, rows, _without(position, depth, stems, policy, places))


def _without(
    position: int | None, depth: int, stems: Sequence[Key], policy: CheckedPolicy, places: Sequence[str]
) -> tuple[str, ...]:
    """The divisions that have no value at all."""
    if position is None or position >= depth:
        return ()
    having = {stem[position] for stem in stems}
    return tuple(_division(place, policy) for place in places if place not in having)


def _place_position(parameter: Parameter, elements: Elements) -> int | None:
    for at, name in enumerate(parameter.by):
        fact = elements.facts.get(name)
        if fact is not None and fact.role == "place":
            return at
    return None


def _stem_text(stem: Key, parameter: Parameter, policy: CheckedPolicy, words: Words) -> str:
    last = parameter.by[-1] if parameter.marginal else ""
    parts = zip(stem, parameter.by, strict=False)
    merged = policy.merged
    return " ".join([part_text(name, show_part(part), merged, words, marginal=name == last) for part, name in parts])


def _division(code: str, policy: CheckedPolicy) -> str:
    division = policy.merged.divisions.get(code)
    return code if division is None else division.name
