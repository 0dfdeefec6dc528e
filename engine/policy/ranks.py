"""What stands in the place of what: two of equal rank, and what is later but hidden all the same.

In: dated blocks and choices of one document; the amendments of a chain.  Out: Diagnostics that show both places.
Of equal rank there is no right one, and the order of files or entries must not settle it.
Imports build_values (keys that overlap), sequence, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import TypeAlias, assert_never

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.policy.keys import fixed_parts, keys_overlap
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Block,
    Chain,
    Change,
    Origin,
    Overlay,
    Parameter,
    Range,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
    dated_origin,
)
from engine.policy.sequence import levels, rank
from engine.source import Span

Dated: TypeAlias = tuple[Origin, frozenset[str]]
"""the days of a thing, and the counties that it is for; none for all"""


def same_day(dated: Sequence[Dated], report: Reporter) -> None:
    """Two things of one file that take each other's place, from the same day for the same county."""
    alike: dict[tuple[date, date], list[Dated]] = {}
    for second, counties in dated:
        group = alike.setdefault(rank(second), [])
        first = next((held for held, others in group if not apart(counties, others)), None)
        if first is not None:
            report.tell("value-overlap", second.span, related=[("first-here", first.span)])
        group.append((second, counties))


def overlapping(blocks: Sequence[Block], report: Reporter) -> bool:
    """Two blocks of one file that start on the same day for the same key: which one holds would be an accident."""
    found = False
    alike: dict[tuple[date, date], list[Block]] = {}
    for second in blocks:
        group = alike.setdefault(rank(second.origin), [])
        first = next(
            (held for held in group if not apart(held.counties, second.counties) and _share(held, second)), None
        )
        if first is not None:
            found = True
            report.tell("value-overlap", second.origin.span, related=[("first-here", first.origin.span)])
        group.append(second)
    return found


def hidden_later(parameter: Parameter, blocks: Sequence[Block], policy: str, report: Reporter) -> None:
    """A block of a file published after another one of its level, but effective before it: then the older one holds."""
    ranked = sorted((block for block in blocks if block.origin.start), key=lambda block: rank(block.origin))
    first_known: list[date] = []
    for block in reversed(ranked):
        known = rank(block.origin)[1]
        first_known.append(min(known, first_known[-1]) if first_known else known)
    first_known.reverse()
    for at, late in enumerate(ranked[:-1]):
        start, known = rank(late.origin)
        if first_known[at + 1] >= known:
            continue
        for other in _fronts(ranked[at + 1 :]):
            begun, published = rank(other.origin)
            ended = late.origin.until is not None and late.origin.until < begun
            if begun == start or ended or published >= known or apart(late.counties, other.counties):
                continue
            if late.origin.policy != policy:  # told where it stands
                continue
            if not other.partial or _share(late, other):
                report.tell(
                    "value-retroactive",
                    late.origin.span,
                    label=parameter.label,
                    start=str(begun),
                    published=str(known),
                    related=[("shadowed-by", other.origin.span)],
                )
                break


def hidden_choice(label: str, chosen: Sequence[Dated], policy: str, report: Reporter) -> None:
    """Likewise for what is always taken whole: lists, and options of readings."""
    for late, counties in chosen:
        start, known = rank(late)
        if late.policy != policy or late.start is None:
            continue
        for other, others in chosen:
            begun, published = rank(other)
            ended = late.until is not None and late.until < begun
            if begun <= start or ended or published >= known or apart(counties, others):
                continue
            if any(rank(held)[0] == begun and rank(held)[1] >= known for held, _ in chosen):
                continue  # it was published once more for the later day
            shown = {"label": label, "start": str(start), "published": str(known)}
            report.tell("value-retroactive", late.span, **shown, related=[("shadowed-by", other.span)])
            break


def shadowed(
    name: str, own: Sequence[Dated], below: Sequence[Dated], inside: Collection[str], report: Reporter
) -> None:
    """What a level below states for a later day, and what stands in front of it all the same.

    Args:
        inside: the places of the level that states `own`.
    """
    for held, counties in own:
        for other, others in below:
            elsewhere = others and others.isdisjoint(inside)
            if elsewhere or apart(counties, others) or held.start is None or other.start is None:
                continue
            if other.start > held.start and (held.until is None or held.until >= other.start):
                report.tell("shadowed-value", other.span, parameter=name, related=[("shadowed-by", held.span)])


def _fronts(ranked: Sequence[Block]) -> Iterator[Block]:
    """Of blocks in order, those that no later published block from the same day stands in front of."""
    for at, block in enumerate(ranked):
        following = ranked[at + 1] if at + 1 < len(ranked) else None
        if following is None or following.origin.start != block.origin.start or not _share(block, following):
            yield block


def equal_amendments(chain: Chain, report: Reporter) -> None:
    """Changes of the same thing by two amendments of one document, from one day and published on one day.

    Which of them comes last would be an accident of their names. Their own days count; guards have those of the head.
    """
    for level in levels(chain):
        for first, second in combinations(level, 2):
            for place, other, name in _both_change(first, second):
                report.tell("equal-rank", other, name=name, related=[("first-here", place)])


def _both_change(first: Overlay, second: Overlay) -> Iterator[tuple[Span, Span, str]]:
    settled = ((target, change) for change in first.changes for target in _settled(change))
    held = gathered(((*target, rank(change.origin)), change) for target, change in settled)
    for change in second.changes:
        for target in _settled(change):
            alike = held.get((*target, rank(change.origin)), ())
            clash = next((other for other in alike if _clash(other, change)), None)
            if clash is not None:
                yield clash.origin.span, change.origin.span, target[1]
    same_days = rank(first.header.origin) == rank(second.header.origin)
    if same_days and first.local is not None and second.local is not None:
        for kind in ("set", "add", "add_parts", "replace_terms"):
            one, other = getattr(first.local, kind), getattr(second.local, kind)
            yield from ((one[name].span, other[name].span, name) for name in one if name in other)


def _settled(change: Change) -> Iterator[tuple[str, str]]:
    """What comes out differently when two changes of it are folded in in another order."""
    match change:
        case SetValues(target=name) | SetList(target=name) | SetReading(target=name):
            yield "set", name
        case ReplaceTerm(term=name) | AddPart(term=name):
            yield "terms", name
        case AddElement() | AddCondition() | AddExemption() | Repeal():
            return  # to add a thing twice, or to repeal it twice, is an error in either order
        case _:
            assert_never(change)


def _clash(first: Change, second: Change) -> bool:
    if isinstance(first, AddPart) and isinstance(second, AddPart):
        return False
    if apart(first.counties, second.counties) or _one_after_the_other(dated_origin(first), dated_origin(second)):
        return False
    if isinstance(first, SetValues) and isinstance(second, SetValues):
        return _share(first.block, second.block)
    return True


def _one_after_the_other(first: Origin, second: Origin) -> bool:
    """Whether one has ended when the other begins."""
    return any(
        early.until is not None and late.start is not None and early.until < late.start
        for early, late in ((first, second), (second, first))
    )


def apart(first: frozenset[str], second: frozenset[str]) -> bool:
    return bool(first) and bool(second) and not first & second


def _share(first: Block, second: Block) -> bool:
    """Whether they have a key in common: a full block has them all."""
    if not first.partial and not second.partial:
        return True
    if not set(first.cells).isdisjoint(second.cells):
        return True
    if not any(isinstance(part, Range) for key in first.cells for part in key):
        return False
    alike = gathered((fixed_parts(key), key) for key in first.cells)
    return any(keys_overlap(key, other) for key in second.cells for other in alike.get(fixed_parts(key), ()))
