"""Dated values looked at as a whole: gaps, shadowed and stale values, keys that no value covers.

In: a merged policy with all its blocks, and the document that is being checked.  Out: Diagnostics at the blocks.
Imports ranks, tables, build_values (keys in words), model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.language.types import Choice, Place, Quantity
from engine.language.units import ONE
from engine.language.values import number, shift_months
from engine.policy.fields import says_amount
from engine.policy.keys import declared_key, fixed_parts, key_type, keys_overlap, told_range
from engine.policy.model import (
    FIRST_CUT,
    LAST_CUT,
    AddPart,
    AmountRange,
    Block,
    Cell,
    Cut,
    Element,
    Fact,
    Header,
    Key,
    KeyPart,
    MergedPolicy,
    Origin,
    Parameter,
    ReplaceTerm,
    Term,
    WholeRange,
)
from engine.policy.ranks import Dated, hidden_choice, hidden_later, overlapping, same_day, shadowed
from engine.policy.replaced import reads_previous
from engine.policy.rows import Row, cut_apart, precedence, rows_of_parameter
from engine.policy.tables import ValueInForce, cells_in_force

_YEARS = 1_000
"""a table that begins here or above is kept by years: it has a first and a last one, but no gap between them"""
_SHOWN = 6
"""how many keys a message lists before it only counts"""


def check_values(merged: MergedPolicy, header: Header, report: Reporter, on: date | None) -> None:
    """Check the values that a document states.

    Args:
        on: a day on which to look for values past their review date and for values that are lacking.
    """
    for parameter in merged.elements.parameters.values():
        own = [block for block in parameter.blocks if block.origin.policy == header.id]
        clear = not overlapping(own, report)
        depth = own[0].origin.depth if own else 0
        level = [block for block in parameter.blocks if block.origin.depth == depth]
        hidden_later(parameter, level, header.id, report)
        _ends(parameter, own, report)
        _ranges(merged, parameter, own, report)
        _shadowed(parameter, own, _inside(merged, header), report)
        _left_behind(merged, parameter, own, report)
        _expected(merged, parameter, own, header, report)
        rows = rows_of_parameter(parameter) if own and clear and parameter.by else ()
        for block in own if clear else ():
            _uncovered_keys(merged, parameter, rows, block, header, report)
        if on is not None:
            _stale(parameter, own, on, report)
        _known(own, report)
    _choices(merged, header, report)


def _choices(merged: MergedPolicy, header: Header, report: Reporter) -> None:
    """What is always taken whole: the content of lists, options of readings, definitions."""
    for listed in merged.elements.lists.values():
        contents = [(block.origin, block.counties) for block in listed.blocks]
        _one_in_front(merged, listed, contents, header, report)
    for reading in merged.elements.readings.values():
        _one_in_front(merged, reading, [(one.origin, one.counties) for one in reading.settings], header, report)
    defined = [change for change in merged.applied if isinstance(change, ReplaceTerm)]
    for change in defined:
        if change.origin.policy != header.id or reads_previous(change.body):
            continue
        below = [
            (other.origin, other.counties)
            for other in merged.applied
            if isinstance(other, ReplaceTerm | AddPart)
            and other.term == change.term
            and other.origin.depth < change.origin.depth
        ]
        shadowed(change.term, [(change.origin, change.counties)], below, _inside(merged, header), report)


def _one_in_front(
    merged: MergedPolicy, element: Element, dated: Sequence[Dated], header: Header, report: Reporter
) -> None:
    own = [held for held in dated if held[0].policy == header.id]
    if not own:
        return
    depth = own[0][0].depth
    same_day(own, report)
    hidden_choice(element.label, [held for held in dated if held[0].depth == depth], header.id, report)
    below = [held for held in dated if held[0].depth < depth]
    shadowed(element.id, own, below, _inside(merged, header), report)


def _inside(merged: MergedPolicy, header: Header) -> Sequence[str]:
    return merged.divisions.inside(header.jurisdiction)


def _ends(parameter: Parameter, blocks: Sequence[Block], report: Reporter) -> None:
    """A full block that ends before the next one begins leaves its keys without a value, unless one lies below it."""
    full = sorted((b for b in blocks if not b.partial), key=lambda block: block.origin.start or date.min)
    below = cache(lambda policy, depth: _rows_below(parameter, policy, depth))  # one for all blocks of a file
    for place, block in enumerate(full):
        following = full[place + 1] if place + 1 < len(full) else None
        until = block.origin.until
        if until is None or (block.origin.start is not None and until < block.origin.start):
            continue
        if _below_holds(below(block.origin.policy, block.origin.depth), block, until):
            continue
        tell_gap(block.origin, until, None if following is None else following.origin, report)


def tell_gap(origin: Origin, until: date, following: Origin | None, report: Reporter) -> None:
    """What ends, and is not followed by anything on the next day."""
    if following is None or following.start is None:
        report.tell("value-ends", origin.span, until=str(until))
    elif (following.start - until).days > 1:
        related = [("next-here", following.span)]
        report.tell("value-gap", origin.span, until=str(until), start=str(following.start), related=related)


def _rows_below(parameter: Parameter, policy: str, depth: int) -> tuple[Row[Cell], ...]:
    """The rows of what other files say, of this level or below."""
    others = (block for block in parameter.blocks if block.origin.depth <= depth and block.origin.policy != policy)
    return rows_of_parameter(replace(parameter, blocks=tuple(others)))


def _below_holds(below: Sequence[Row[Cell]], block: Block, until: date) -> bool:
    """Whether every key of a block has a value of another file, of its level or below, on the day after its last."""
    if until == date.max:
        return True
    after = date.fromordinal(until.toordinal() + 1)
    places = block.counties or {part for key in block.cells for part in key if isinstance(part, str)} or {""}
    held = {key for place in places for key in cells_in_force(below, place, after)}
    return bool(block.cells) and all(_is_held(key, held) for key in block.cells)


def _is_held(key: Key, held: set[Key]) -> bool:
    """Ranges may be cut otherwise on another level; whether they leave a gap is told there."""
    return key in held or any(keys_overlap(key, other) for other in held if fixed_parts(other) == fixed_parts(key))


def _ranges(merged: MergedPolicy, parameter: Parameter, blocks: Sequence[Block], report: Reporter) -> None:
    """Whole-count keys of a block cover every count from 1 (or 0), or what is declared of it, up."""
    for spot, name in enumerate(parameter.by):
        held = declared_key(merged.elements, name)
        most = held.most if isinstance(held, Fact) and isinstance(held.most, int) else None
        least = held.least if isinstance(held, Fact) and isinstance(held.least, int) else 1
        kind = key_type(merged.elements, name)
        plain = isinstance(kind, Quantity) and kind.unit == ONE
        for block in (block for block in blocks if not block.partial):
            keys = cut_apart([block.cells], spot)[0]
            for parts in gathered(((*key[:spot], *key[spot + 1 :]), key[spot]) for key in keys).values():
                amounts = [part for part in parts if isinstance(part, AmountRange)]
                counts = [part for part in parts if isinstance(part, WholeRange)]
                if amounts:
                    _amounts(sorted(amounts, key=lambda part: part.start), held, parameter, report)
                counts.sort(key=lambda part: part.least)
                if counts and (hole := _hole(counts, max(least, 1), most, plain=plain)):
                    count = told_range(hole, "" if held is None else held.unit_text)
                    report.tell("range-gap", block.origin.span, parameter=parameter.id, count=count)


def _amounts(ranges: list[AmountRange], held: Fact | Term | None, parameter: Parameter, report: Reporter) -> None:
    """Ranges of amounts follow on each other from the least amount, or 0, on, without end or up to the most."""
    unit = "" if held is None else held.unit_text
    least, most = (
        (None, None) if not isinstance(held, Fact) else (_in_words(held, end) for end in (held.least, held.most))
    )
    due: Cut = (0 if least is None else least, 0)
    last = LAST_CUT if most is None else (most, 1)
    for place, part in enumerate((*ranges, None)):
        if due >= last:
            return
        start = last if part is None else part.start
        if start > due and not (parameter.marginal and due == (0, 0) and start == (0, 1)):
            near = ranges[-1] if part is None else part
            meant = AmountRange(near.start, last) if part is None else AmountRange(due, near.end)
            is_any = (meant.start, meant.end) == (FIRST_CUT, LAST_CUT)  # one range alone would be none
            report.tell(
                "amounts-gap",
                near.span or parameter.origin.span,
                parameter=parameter.id,
                gap=told_range(AmountRange(due, start), unit),
                suggestion="" if is_any else told_range(meant, unit),
                related=[("first-here", span)]
                if place and part is not None and (span := ranges[place - 1].span)
                else [],
            )
            return
        due = max(due, last if part is None else part.end)


def _in_words(fact: Fact, end: object) -> int | Fraction | None:
    """A bound of a fact in the unit in which it was declared."""
    return number(Fraction(end) / 10**fact.decimals) if isinstance(end, int | Fraction) else None


def _hole(ranges: list[WholeRange], least: int, most: int | None, *, plain: bool) -> WholeRange | None:
    """The first count from `least` to `most` that no range covers, or all from there on; None where all are covered.

    Args:
        plain: they count nothing: years, numbers of a list.
    """
    if (plain or ranges[0].least >= _YEARS) and all(part.least == part.most for part in ranges):
        return None  # each has its own value, and the others none
    following = ranges[0].least if ranges[0].least >= _YEARS else least
    for part in ranges:
        if most is not None and following > most:
            return None
        if part.least > following:
            return WholeRange(following, following)
        if part.most is None:
            return None
        following = max(following, part.most + 1)
    covered = ranges[0].least >= _YEARS or (most is not None and following > most)
    return None if covered else WholeRange(following, None)


def _shadowed(parameter: Parameter, own: Sequence[Block], inside: Sequence[str], report: Reporter) -> None:
    """A level below states a later value for a key that this level keeps covering."""
    lower = [other for other in parameter.blocks if own and other.origin.depth < own[0].origin.depth]
    for block in own if lower else ():
        below = [
            (other.origin, other.counties) for other in lower if not other.cells.keys().isdisjoint(block.cells.keys())
        ]
        shadowed(parameter.id, [(block.origin, block.counties)], below, inside, report)


def _left_behind(merged: MergedPolicy, parameter: Parameter, own: Sequence[Block], report: Reporter) -> None:
    """A partial block that brings a county in for the first time may mean that others are gone, whose values stay."""
    spot = next((i for i, name in enumerate(parameter.by) if isinstance(key_type(merged.elements, name), Place)), None)
    if spot is None:
        return
    known: dict[str, None] = {}
    dated = sorted((block for block in own if block.origin.start), key=lambda block: precedence(block, 0))
    days = [block.origin.start for block in dated if not block.partial]
    for block in dated:
        places = dict.fromkeys(part for key in block.cells if isinstance(part := key[spot], str))
        new = [place for place in places if place not in known]
        others = [place for place in known if place not in places]
        if block.partial and new and others and block.origin.start not in days:
            report.tell(
                "partial-new-place",
                block.origin.span,
                label=parameter.label,
                start=str(block.origin.start),
                places=_shown_places(merged, new),
                others=_shown_places(merged, others),
            )
        known = {**({} if not block.partial else known), **places}


def _shown_places(merged: MergedPolicy, places: Sequence[str]) -> str:
    names = [merged.divisions.name_of(place) or place for place in places]
    return "、".join(names[:_SHOWN]) + ("…" if len(names) > _SHOWN else "")


def _expected(
    merged: MergedPolicy, parameter: Parameter, own: Sequence[Block], header: Header, report: Reporter
) -> None:
    """A parameter that every city is expected to set, and that this one does not."""
    if not header.amends or header.role == "amendment":
        return
    stated = [text for origin, text in parameter.not_found if origin.policy == header.id]
    for origin, text in parameter.not_found:
        if origin.policy == header.id and not _found_after_all(merged, parameter, origin, text, header, report):
            report.tell("value-unpublished", origin.span, label=parameter.label, note=text)
    guard = merged.chain.root.local.set.get(parameter.id)
    direct = header.amends == merged.chain.root.header.id
    if guard is not None and guard.expected and direct and not own and not stated:
        report.tell(
            "value-expected",
            header.origin.span,
            parameter=parameter.id,
            label=parameter.label,
            related=[("guarded-here", guard.span)],
        )


def _found_after_all(
    merged: MergedPolicy, parameter: Parameter, noted: Origin, note: str, header: Header, report: Reporter
) -> bool:
    """A note that no value was found, where one is in force from above, or where the note itself is a value.

    It would be taken for a remark, and the families decided by the other value.
    """
    above = [
        block
        for block in parameter.blocks
        if block.origin.depth < noted.depth and block.origin.until is None and not block.counties
    ]
    covered = {key: cell.text for block in above for key, cell in block.cells.items()}
    wanted = [key for block in above[:1] for key in _admissible(merged, parameter, block, header)]
    amount = isinstance(parameter.type, Quantity) and says_amount(note, parameter.type.unit)
    held = bool(covered) and all(key in covered for key in wanted)
    if not amount and not held:
        return False
    report.tell(
        "not-found-has-value",
        noted.span,
        label=parameter.label,
        value=note if amount else next(iter(covered.values())),
        related=[("declared-here", above[-1].origin.span)] if held else [],
    )
    return True


def _uncovered_keys(
    merged: MergedPolicy,
    parameter: Parameter,
    rows: Sequence[Row[Cell]],
    block: Block,
    header: Header,
    report: Reporter,
) -> None:
    """Keys of the territory that a full block leaves without a value from its day on."""
    if block.partial or not parameter.by or block.origin.start is None:
        return
    confined = [other.counties for other in parameter.blocks if other.counties]
    kinds: dict[str, tuple[bool, ...]] = {}
    in_force: dict[tuple[bool, ...], Mapping[Key, ValueInForce]] = {}
    lacking = []
    for key in _admissible(merged, parameter, block, header):
        place = _place(parameter, key, merged)
        # places that the same blocks are meant for have the same values in force
        kind = kinds.get(place)
        if kind is None:
            kind = kinds[place] = tuple(place in counties for counties in confined)
        if kind not in in_force:
            in_force[kind] = cells_in_force(rows, place, block.origin.start)
        if key not in in_force[kind]:
            lacking.append(key)
    if lacking:
        shown = "、".join(_key_words(merged, parameter, key) for key in lacking[:_SHOWN])
        more = str(len(lacking)) if len(lacking) > _SHOWN else ""
        report.tell(
            "keys-without-value",
            block.origin.span,
            label=parameter.label,
            start=str(block.origin.start),
            keys=shown,
            more=more,
        )


def _admissible(merged: MergedPolicy, parameter: Parameter, block: Block, header: Header) -> Iterator[Key]:
    """Every key of places and options within the document's jurisdiction; ranges are checked on their own."""
    parts: list[list[KeyPart]] = []
    for name in parameter.by:
        type_ = key_type(merged.elements, name)
        if isinstance(type_, Place):
            parts.append([code for code in _inside(merged, header) if not block.counties or code in block.counties])
        elif isinstance(type_, Choice):
            parts.append([option for option, _ in type_.options])
        else:
            return
    yield from product(*parts)


def _place(parameter: Parameter, key: Key, merged: MergedPolicy) -> str:
    kinds = (key_type(merged.elements, name) for name in parameter.by)
    return next((str(part) for kind, part in zip(kinds, key, strict=True) if isinstance(kind, Place)), "")


def _key_words(merged: MergedPolicy, parameter: Parameter, key: Key) -> str:
    """A key as people say it: the county's name, the option's label."""
    words = []
    for name, part in zip(parameter.by, key, strict=True):
        type_ = key_type(merged.elements, name)
        if isinstance(part, str) and isinstance(type_, Choice):
            words.append(dict(type_.options)[part])
        elif isinstance(part, str) and part in merged.divisions:
            words.append(merged.divisions[part].name)
        else:
            words.append(str(part))
    return "".join(words)


def _stale(parameter: Parameter, own: Sequence[Block], on: date, report: Reporter) -> None:
    """The newest block of a file, past the day by which it should have been reviewed."""
    if parameter.review_after is None or not isinstance(parameter.type, Quantity):
        return
    started = [block for block in own if block.origin.start is not None and block.origin.start <= on]
    full = [block for block in started if not block.partial] or started
    if not full:
        return
    newest = max(full, key=lambda block: precedence(block, 0))
    assert newest.origin.start is not None
    if on > shift_months(newest.origin.start, parameter.review_after):
        report.tell(
            "value-stale",
            newest.origin.span,
            label=parameter.label,
            start=str(newest.origin.start),
            months=str(parameter.review_after),
            on=str(on),
        )


def _known(own: Sequence[Block], report: Reporter) -> None:
    """A value published long before or after it holds is likely a slip of the pen."""
    for block in own:
        start, published = block.origin.start, block.origin.published
        if start is not None and published is not None and abs(published.year - start.year) > 2:
            report.tell("published-far", block.origin.span, start=str(start), published=str(published))
