"""Dated values picked as the rule is written, for one place and day at a time: what rows are held against.

For a key the deepest level with a value in force wins, then the latest start, then the latest publication. A full block
ends every earlier block of its file from its start, even after its own end; a partial one stands in front of the others
for as long as it holds. Keys of ranges are cut so that no two overlap.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from datetime import date

from engine.policy.model import Block, Cut, Key, ListBlock, Parameter, Range
from engine.policy.rows import precedence, spot_of, stale_from
from engine.policy.tables import ValueInForce


def parameter_in_force(parameter: Parameter, place: str, as_of: date, known_on: date | None) -> dict[Key, ValueInForce]:
    """The values of one parameter by key."""
    found: dict[Key, ValueInForce] = {}
    taken: dict[Key, list[Range]] = {}
    for index, block in _blocks_in_force(parameter.blocks, place, as_of, known_on):
        since = stale_from(parameter, block.origin)
        stale = since is not None and as_of >= since
        added: list[Key] = []
        for key, cell in block.cells.items():
            for free in () if key in found else _uncovered(key, taken):
                found[free] = ValueInForce(cell, index, block.origin, stale)
                added.append(free)
        for key in added:  # keys of one block do not overlap
            _take(key, taken)
    return found


def _started(block: Block | ListBlock, place: str, as_of: date, known_on: date | None) -> bool:
    origin = block.origin
    if block.counties and place not in block.counties:
        return False
    if origin.start is not None and as_of < origin.start:
        return False
    known = origin.published or origin.start
    return known_on is None or known is None or known <= known_on


def _blocks_in_force(
    blocks: Sequence[Block], place: str, as_of: date, known_on: date | None
) -> Iterator[tuple[int, Block]]:
    """The blocks that count, those in front first, with their index in the parameter."""
    started = [(i, block) for i, block in enumerate(blocks) if _started(block, place, as_of, known_on)]
    started.sort(key=lambda entry: precedence(entry[1], entry[0]), reverse=True)
    closed: set[str] = set()
    for index, block in started:
        file = block.origin.policy
        if file in closed:
            continue
        if block.origin.until is None or as_of <= block.origin.until:
            yield index, block
        if not block.partial:
            closed.add(file)


def _take(key: Key, taken: dict[Key, list[Range]]) -> None:
    """Note what a key with a range covers, by the rest of the key, in order of counts."""
    spot = spot_of(key)
    if spot is not None:
        part = key[spot]
        assert isinstance(part, Range)
        insort(taken.setdefault((*key[:spot], *key[spot + 1 :]), []), part, key=_start)


def _uncovered(key: Key, taken: dict[Key, list[Range]]) -> list[Key]:
    """What of a key is not covered by the keys in front of it, `taken` by the rest of the key."""
    spot = spot_of(key)
    if spot is None:
        return [key]
    own = key[spot]
    assert isinstance(own, Range)
    others = taken.get((*key[:spot], *key[spot + 1 :]), [])
    free = [key]
    # of ranges that do not overlap, only the last that begins before this one can reach into it
    for other in others[max(0, bisect_right(others, own.start, key=_start) - 1) :]:
        if other.start >= own.end:
            break
        free = [piece for each in free for piece in _cut(each, spot, other)]
    return free


def _start(part: Range) -> Cut:
    return part.start


def _cut(key: Key, spot: int, taken: Range) -> list[Key]:
    own = key[spot]
    assert isinstance(own, Range)
    pieces = []
    if own.start < taken.start:
        pieces.append(own.between(own.start, min(own.end, taken.start)))
    if own.end > taken.end:
        pieces.append(own.between(max(own.start, taken.end), own.end))
    return [(*key[:spot], piece, *key[spot + 1 :]) for piece in pieces]


def list_in_force(
    blocks: Sequence[ListBlock], place: str, as_of: date, known_on: date | None
) -> frozenset[tuple[str, ...]] | None:
    """The rows of the block in front; None where none is in force. A list is always replaced as a whole: what it
    replaced in its file does not come back with its end."""
    started = [(i, block) for i, block in enumerate(blocks) if _started(block, place, as_of, known_on)]
    started.sort(key=lambda entry: precedence(entry[1], entry[0]), reverse=True)
    closed: set[str] = set()
    for _, block in started:
        if block.origin.policy in closed:
            continue
        if block.origin.until is None or as_of <= block.origin.until:
            return frozenset(block.rows)
        closed.add(block.origin.policy)
    return None
