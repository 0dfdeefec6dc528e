"""Rows say what picking says: for every key, place, day and day of knowledge; no two of them overlap; there are few."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise, product, starmap

import pytest

from engine.language.types import PLACE, Choice, Quantity
from engine.language.units import ONE
from engine.policy.model import (
    Block,
    Cell,
    Key,
    KeyPart,
    ListBlock,
    NamedList,
    Origin,
    Parameter,
    Reading,
    Setting,
    WholeRange,
)
from engine.policy.rows import EVERYWHERE, Places, Row, rows_of_list, rows_of_parameter, rows_of_reading, stale_from
from engine.policy.tables import ValueInForce
from engine.policy.territory import Division
from engine.source import Source, Span
from tests.growth import calls_in
from tests.policy.picked import list_in_force, parameter_in_force

HERE = Span(Source("values.yaml", ""), 0, 0)
FIRST = date(2020, 1, 1)
PLACES = ("a", "b", "c", "d")
KINDS = ("x", "y")


def _day(rng: random.Random, often: float) -> date | None:
    return FIRST + timedelta(rng.randrange(0, 60)) if rng.random() < often else None


def _origin(rng: random.Random) -> Origin:
    depth = rng.randrange(3)
    file = f"level{depth}{rng.choice('pq') if depth == 1 else ''}"  # the amendments of one document share a level
    start = _day(rng, 0.9)
    until = None if rng.random() < 0.6 else (start or FIRST) + timedelta(rng.randrange(-1, 30))
    return Origin(file, HERE, start=start, until=until, published=_day(rng, 0.4), depth=depth)


def _counties(rng: random.Random) -> frozenset[str]:
    return frozenset() if rng.random() < 0.6 else frozenset(rng.sample(PLACES[:3], rng.randrange(1, 4)))


def _ranges(rng: random.Random) -> list[WholeRange]:
    """Some that do not overlap."""
    cuts = sorted(rng.sample(range(1, 9), rng.randrange(1, 5)))
    found = [WholeRange(low, high - 1) for low, high in pairwise(cuts)]
    found.append(WholeRange(cuts[-1], None))
    return [part for part in found if rng.random() < 0.7]


def _keys(rng: random.Random, shape: str) -> list[Key]:
    match shape:
        case "":
            return [()] if rng.random() < 0.9 else []
        case "kinds":
            return [(kind,) for kind in KINDS if rng.random() < 0.7]
        case "ranges":
            return [(part,) for part in _ranges(rng)]
    return [(kind, part) for kind in KINDS for part in _ranges(rng)]


SHAPES = ("", "kinds", "ranges", "both")


def wild(rng: random.Random, blocks: int, shape: str) -> Parameter:
    """A parameter of so many blocks of three levels, at odds with each other in every way."""

    def block(number: int) -> Block:
        cells = {key: Cell(100 * number + at, "", HERE) for at, key in enumerate(_keys(rng, shape))}
        return Block(_origin(rng), rng.random() < 0.4, _counties(rng), cells)

    review = rng.choice([None, 0, 1])
    made = tuple(block(number) for number in range(blocks))
    return Parameter("p", "p", "p", "", Origin("level0", HERE), Quantity(ONE), "", (), review, None, None, made)


def around(*held: Parameter | NamedList | Origin) -> list[date]:
    """Every day on which something may turn, with those before and after it."""
    origins = [
        one for each in held for one in ([each] if isinstance(each, Origin) else [b.origin for b in each.blocks])
    ]
    days = {day for one in origins for day in (one.start, one.until, one.published) if day is not None}
    for one in held:
        if isinstance(one, Parameter) and one.review_after is not None:
            days |= {day for origin in origins if (day := stale_from(one, origin)) is not None}
    return sorted({day + timedelta(by) for day in days for by in (-1, 0, 1)} | {date.min, date.max})


def _found(rows: Iterable[Row[Cell]], place: str, day: date, known_on: date | None) -> list[tuple[Key, ValueInForce]]:
    return [
        (row.key, ValueInForce(row.value, row.block, row.origin, row.stale_from is not None and day >= row.stale_from))
        for row in rows
        if row.holds(place, day, known_on)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_two_ranges_of_a_key_are_cut_apart(seed: int) -> None:
    """Of two counts, as if each pair of them had a parameter of its own."""
    rng = random.Random(f"grid/{seed}")

    def block(number: int) -> Block:
        keys: list[Key] = [(first, second) for first in _ranges(rng) for second in _ranges(rng)]
        cells = {key: Cell(100 * number + at, "", HERE) for at, key in enumerate(keys)}
        return Block(_origin(rng), rng.random() < 0.4, _counties(rng), cells)

    blocks = tuple(block(number) for number in range(rng.randrange(1, 5)))
    parameter = Parameter(
        "p", "p", "p", "", Origin("level0", HERE), Quantity(ONE), "", ("a", "b"), None, None, None, blocks
    )
    rows = rows_of_parameter(parameter)
    for counts in product(range(1, 11), repeat=2):
        mine = replace(parameter, by=(), blocks=tuple(replace(one, cells=_at(one.cells, counts)) for one in blocks))
        for day, place in product((FIRST, FIRST + timedelta(20), FIRST + timedelta(59)), PLACES):
            held = [row.value for row in rows if row.holds(place, day, None) and _at({row.key: row.value}, counts)]
            wanted = [found.cell for found in parameter_in_force(mine, place, day, None).values()]
            assert held == wanted


def _at(cells: Mapping[Key, Cell], counts: tuple[int, ...]) -> dict[Key, Cell]:
    """The value for these counts, as a single one."""
    found = [cell for key, cell in cells.items() if all(starmap(_covers, zip(key, counts, strict=True)))]
    return dict.fromkeys([()] if found else [], *found)


def _covers(part: KeyPart, count: int) -> bool:
    return isinstance(part, WholeRange) and part.least <= count and (part.most is None or count <= part.most)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(20))
def test_rows_say_what_is_picked(seed: int, shape: str) -> None:
    """In the same order, with the same cuts of ranges."""
    rng = random.Random(f"{seed}/{shape}")
    parameter = wild(rng, rng.randrange(1, 7), shape)
    rows = rows_of_parameter(parameter)
    days = around(parameter)
    for known_on in (None, *days):
        for day in days:
            for place in PLACES:
                picked = list(parameter_in_force(parameter, place, day, known_on).items())
                assert _found(rows, place, day, known_on) == picked


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(10))
def test_no_two_rows_overlap(seed: int, shape: str) -> None:
    rows = rows_of_parameter(wild(random.Random(f"{seed}/{shape}"), 30, shape))
    for one, other in combinations(rows, 2):
        assert not _overlap(one, other)
    for row in rows:
        assert row.places
        assert _before(row.start, row.end)
        assert _before(row.known_from, row.known_until)


def _overlap(one: Row[Cell], other: Row[Cell]) -> bool:
    return (
        bool(one.places & other.places)
        and _before(one.start, other.end)
        and _before(other.start, one.end)
        and _before(one.known_from, other.known_until)
        and _before(other.known_from, one.known_until)
        and all(map(_share, one.key, other.key))
    )


def _before(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


def _share(one: KeyPart, other: KeyPart) -> bool:
    if not (isinstance(one, WholeRange) and isinstance(other, WholeRange)):
        return one == other
    low, high = sorted((one, other), key=lambda part: part.least)
    return low.most is None or high.least <= low.most


@pytest.mark.parametrize("seed", range(20))
def test_lists_likewise(seed: int) -> None:
    rng = random.Random(seed)
    blocks = [
        ListBlock(_origin(rng), _counties(rng), {} if rng.random() < 0.2 else {(str(number),): HERE})
        for number in range(8)
    ]
    listed = NamedList("l", "l", "l", "", Origin("level0", HERE), (PLACE,), ("",), tuple(blocks))
    rows = rows_of_list(listed)
    days = around(listed)
    for known_on in (None, *days):
        for day in days:
            for place in PLACES:
                picked = list_in_force(blocks, place, day, known_on)
                found = [row.value for row in rows if row.holds(place, day, known_on)]
                assert found == ([] if picked is None else [picked])


@pytest.mark.parametrize("seed", range(20))
def test_of_a_reading_the_last_that_holds(seed: int) -> None:
    rng = random.Random(seed)
    settings = tuple(Setting(str(at), _origin(rng), _counties(rng)) for at in range(8))
    # a zone stands with its county
    divisions = {code: Division(code, code, "1", "1", "a" if code == "d" else "") for code in PLACES}
    first = Origin("level0", HERE, start=FIRST + timedelta(30))
    rows = rows_of_reading(Reading("r", "r", "r", "", first, "?", Choice(()), "first", first, settings), divisions)
    days = around(*(one.origin for one in settings))
    for known_on in (None, *days):
        for day in days:
            for place in PLACES:
                stands = "a" if place == "d" else place
                held = [
                    one.option
                    for one in settings
                    if (not one.counties or stands in one.counties) and one.origin.holds(day, known_on)
                ]
                assert [row.value for row in rows if row.holds(place, day, known_on)] == ["first", *held][-1:]


def test_places() -> None:
    every = [Places(frozenset(named), but) for named in ("", "a", "ab", "bc") for but in (False, True)]
    for one in every:
        for other in every:
            for place in PLACES:
                assert (place in one & other) == (place in one and place in other)
                assert (place in one - other) == (place in one and place not in other)
    assert [bool(one) for one in every[:4]] == [False, True, True, True]
    assert "a" in EVERYWHERE


# ---- how many


def _grid(parameter: Parameter) -> int:
    """How many cells days and publications cut each key and place into."""
    origins = [block.origin for block in parameter.blocks]
    days = {one.start for one in origins} | {one.until for one in origins}
    known = {one.published or one.start for one in origins}
    return len(days) * len(known)


def test_wild_blocks_make_few_rows() -> None:
    for seed in range(5):
        parameter = wild(random.Random(seed), 100, "")
        assert len(rows_of_parameter(parameter)) < 250 < 2000 < _grid(parameter)


def _years(size: int, counties: int = 1) -> Parameter:
    """A table of counties made anew so many times, known some days after it begins to hold."""
    start = [FIRST + timedelta(100 * number) for number in range(size)]
    blocks = [
        Block(
            Origin("level0", HERE, start=day, published=day + timedelta(5)),
            False,
            frozenset(),
            {(str(county),): Cell(county, "", HERE) for county in range(counties)},
        )
        for day in start
    ]
    return Parameter(
        "p", "p", "p", "", Origin("level0", HERE), Quantity(ONE), "", ("county",), None, None, None, tuple(blocks)
    )


def _confined(size: int) -> Parameter:
    """Values for everywhere from many days, and one for each of many places."""
    every = _years(size).blocks
    own = [_in_one_place(block, f"place{number}", number) for number, block in enumerate(_years(size).blocks)]
    return _with(_years(1), (*every, *own))


def _in_one_place(block: Block, place: str, number: int) -> Block:
    start = FIRST + timedelta(number)
    return Block(Origin("level1", HERE, start=start, depth=1), True, frozenset({place}), block.cells)


def _with(parameter: Parameter, blocks: tuple[Block, ...]) -> Parameter:
    held = parameter
    return Parameter(held.id, "p", "p", "", held.origin, held.type, "", held.by, None, None, None, blocks)


def _partial(size: int) -> Parameter:
    """A level with a value for each stretch of days, and one below it that shows in between."""
    below = _years(size).blocks
    above = [
        Block(
            Origin("level1", HERE, start=one.origin.start, until=_after(one.origin.start, 50), depth=1),
            True,
            frozenset(),
            one.cells,
        )
        for one in below
    ]
    return _with(_years(1), (*below, *above))


def _after(day: date | None, days: int) -> date:
    assert day is not None
    return day + timedelta(days)


GROWING = {"years": _years, "counties": lambda size: _years(3, size), "confined": _confined, "partial": _partial}


@pytest.mark.parametrize("kind", GROWING)
def test_rows_grow_with_the_values(kind: str) -> None:
    counts, calls = [], []
    for size in (30, 60, 120):
        parameter = GROWING[kind](size)
        made: list[Row[Cell]] = []
        calls.append(calls_in(lambda: made.extend(rows_of_parameter(parameter))))  # noqa: B023
        counts.append(len(made))
    assert counts[2] - counts[1] <= 2.2 * (counts[1] - counts[0])
    if kind != "confined":  # a row of everywhere names each place that has a value of its own
        assert calls[2] - calls[1] <= 2.2 * (calls[1] - calls[0])
