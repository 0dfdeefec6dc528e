"""Which value is in force: for a place, a day, and what was published by a day.

Each case is a small chain of blocks and what stands on certain days; the rules are those of docs/merge-table.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.types import PLACE, Choice, Quantity
from engine.language.units import ONE
from engine.policy.model import (
    Block,
    Cell,
    Chain,
    Elements,
    Fact,
    Header,
    Key,
    ListBlock,
    Local,
    MergedPolicy,
    NamedList,
    Origin,
    Parameter,
    Policy,
    WholeRange,
)
from engine.policy.rows import rows_of_parameter
from engine.policy.tables import cells_in_force, dated_of
from engine.policy.territory import Division, Jurisdiction, Territory
from engine.source import Source, Span

HERE = Span(Source("values.yaml", ""), 0, 0)
COUNT = Quantity(ONE, whole=True)


def day(text: str) -> date:
    return date.fromisoformat(text)


def block(
    start: str,
    cells: Mapping[Key, int],
    *,
    until: str = "",
    published: str = "",
    depth: int = 1,
    partial: bool = False,
    counties: frozenset[str] = frozenset(),
) -> Block:
    origin = Origin(
        f"level{depth}",
        HERE,
        start=day(start) if start else None,
        until=day(until) if until else None,
        published=day(published) if published else None,
        depth=depth,
    )
    return Block(origin, partial, counties, {key: Cell(value, str(value), HERE) for key, value in cells.items()})


def parameter(*blocks: Block, by: tuple[str, ...] = (), review: int | None = None) -> Parameter:
    origin = Origin("level0", HERE)
    return Parameter("p", "p", "p", "", origin, COUNT, "", by, review, None, None, blocks)


def values(declared: Parameter, on: str, place: str = "900101", known_on: str = "") -> dict[Key, int | Fraction]:
    found = cells_in_force(rows_of_parameter(declared), place, day(on), day(known_on) if known_on else None)
    return {key: held.cell.number for key, held in found.items()}


ANY: Key = ()


# ---- one key


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2021-12-31", {}), ("2022-01-01", {ANY: 1}), ("2022-12-31", {ANY: 1}), ("2023-01-01", {ANY: 2})],
)
def test_a_value_counts_from_its_day(on: str, expected: dict[Key, int]) -> None:
    declared = parameter(block("2022-01-01", {ANY: 1}), block("2023-01-01", {ANY: 2}))
    assert values(declared, on) == expected


def test_until_is_inclusive() -> None:
    declared = parameter(block("2022-01-01", {ANY: 1}, until="2022-06-30"))
    assert values(declared, "2022-06-30") == {ANY: 1}
    assert values(declared, "2022-07-01") == {}


def test_the_deepest_level_wins_over_a_later_value() -> None:
    declared = parameter(block("2022-01-01", {ANY: 1}, depth=2), block("2023-01-01", {ANY: 2}, depth=1))
    assert values(declared, "2023-06-01") == {ANY: 1}


def test_a_shallower_value_shows_again_after_the_end_of_a_deeper_one() -> None:
    deeper = block("2022-01-01", {ANY: 1}, until="2022-12-31", depth=2)
    declared = parameter(block("2021-01-01", {ANY: 2}, depth=1), replace(deeper, partial=True))
    assert values(declared, "2022-12-31") == {ANY: 1}
    assert values(declared, "2023-01-01") == {ANY: 2}


def test_a_full_block_takes_the_place_of_its_level_even_after_its_own_end() -> None:
    """What stood before it on the same level does not come back; what lies deeper in the chain does."""
    declared = parameter(
        block("2020-01-01", {ANY: 3}, depth=0),
        block("2021-01-01", {ANY: 1}),
        block("2022-01-01", {ANY: 2}, until="2022-12-31"),
    )
    assert values(declared, "2022-06-01") == {ANY: 2}
    assert values(declared, "2023-01-01") == {ANY: 3}
    alone = replace(declared, blocks=declared.blocks[1:])
    assert values(alone, "2023-01-01") == {}


def test_of_two_from_one_day_the_later_published_wins() -> None:
    first = block("2022-01-01", {ANY: 1}, published="2022-03-01")
    second = block("2022-01-01", {ANY: 2}, published="2022-02-01")
    for blocks in permutations([first, second]):
        assert values(parameter(*blocks), "2022-06-01") == {ANY: 1}


def test_a_value_without_a_publication_counts_as_published_on_its_first_day() -> None:
    declared = parameter(block("2022-01-01", {ANY: 1}), block("2022-06-01", {ANY: 2}, published="2022-07-15"))
    assert values(declared, "2022-12-31", known_on="2021-12-31") == {}
    assert values(declared, "2022-12-31", known_on="2022-01-01") == {ANY: 1}
    assert values(declared, "2022-12-31", known_on="2022-07-14") == {ANY: 1}
    assert values(declared, "2022-12-31", known_on="2022-07-15") == {ANY: 2}


def test_what_was_published_before_it_holds_is_not_in_force_yet() -> None:
    declared = parameter(block("2023-01-01", {ANY: 1}, published="2022-10-01"))
    assert values(declared, "2022-12-31", known_on="2022-12-31") == {}
    assert values(declared, "2023-01-01", known_on="2022-12-31") == {ANY: 1}


def test_a_full_block_that_was_not_known_yet_ends_nothing() -> None:
    declared = parameter(block("2022-01-01", {ANY: 1}), block("2022-06-01", {}, published="2022-09-01"))
    assert values(declared, "2022-08-01", known_on="2022-08-31") == {ANY: 1}
    assert values(declared, "2022-08-01") == {}


# ---- tables

URBAN: Key = ("900101", "urban")
RURAL: Key = ("900101", "rural")
OTHER: Key = ("900102", "urban")
BY = ("county", "residence")


def test_a_full_block_drops_the_keys_that_it_omits() -> None:
    declared = parameter(block("2022-01-01", {URBAN: 1, RURAL: 2}), block("2023-01-01", {URBAN: 3}), by=BY)
    assert values(declared, "2023-01-01") == {URBAN: 3}


def test_a_partial_block_keeps_them() -> None:
    declared = parameter(
        block("2022-01-01", {URBAN: 1, RURAL: 2}), block("2023-01-01", {URBAN: 3}, partial=True), by=BY
    )
    assert values(declared, "2023-01-01") == {URBAN: 3, RURAL: 2}


def test_a_partial_block_gives_way_to_a_later_full_one() -> None:
    declared = parameter(
        block("2022-01-01", {URBAN: 1, RURAL: 2}),
        block("2022-06-01", {URBAN: 3}, partial=True),
        block("2023-01-01", {URBAN: 4, RURAL: 5}),
        by=BY,
    )
    assert values(declared, "2022-12-31") == {URBAN: 3, RURAL: 2}
    assert values(declared, "2023-01-01") == {URBAN: 4, RURAL: 5}


def test_a_partial_block_that_ended_uncovers_what_it_covered() -> None:
    declared = parameter(
        block("2022-01-01", {URBAN: 1}), block("2022-06-01", {URBAN: 2}, partial=True, until="2022-08-31"), by=BY
    )
    assert [values(declared, on)[URBAN] for on in ("2022-05-31", "2022-08-31", "2022-09-01")] == [1, 2, 1]


def test_a_deeper_partial_block_leaves_the_rest_to_the_level_below() -> None:
    declared = parameter(
        block("2022-01-01", {URBAN: 1, RURAL: 2, OTHER: 3}),
        block("2022-01-01", {URBAN: 4}, depth=2, partial=True),
        by=BY,
    )
    assert values(declared, "2022-01-01") == {URBAN: 4, RURAL: 2, OTHER: 3}


def test_a_block_of_some_counties_counts_there_only() -> None:
    declared = parameter(
        block("2022-01-01", {ANY: 1}), block("2022-01-01", {ANY: 2}, partial=True, counties=frozenset({"900101"}))
    )
    assert values(declared, "2022-06-01", "900102") == {ANY: 1}
    declared = parameter(block("2022-01-01", {ANY: 1}), block("2022-06-01", {ANY: 2}, counties=frozenset({"900101"})))
    assert values(declared, "2022-06-01", "900101") == {ANY: 2}
    assert values(declared, "2022-06-01", "900102") == {ANY: 1}


def test_a_zone_has_no_value_but_its_own() -> None:
    """Not even that of the county which it stands with."""
    zone = Division("900171", "高新区", "9001", "甲市", stands_with="900101")
    declared = parameter(block("2022-01-01", {("900101",): 1}), by=("county",))
    merged = merged_with(declared, divisions={"900171": zone})
    assert ("900171",) not in dated_of(merged).on("900171", day("2022-06-01"), None).parameters["p"]


# ---- ranges


def span_of(low: int, high: int | None) -> WholeRange:
    return WholeRange(low, high)


def test_ranges_are_cut_where_a_deeper_level_states_a_part() -> None:
    declared = parameter(
        block("2022-01-01", {(span_of(1, None),): 1}),
        block("2022-01-01", {(span_of(3, 4),): 2}, depth=2, partial=True),
        by=("size",),
    )
    assert values(declared, "2022-01-01") == {(span_of(3, 4),): 2, (span_of(1, 2),): 1, (span_of(5, None),): 1}


def test_ranges_of_other_keys_are_left_alone() -> None:
    declared = parameter(
        block("2022-01-01", {("urban", span_of(1, None)): 1, ("rural", span_of(1, None)): 2}),
        block("2022-01-01", {("urban", span_of(2, 2)): 3}, depth=2, partial=True),
        by=("residence", "size"),
    )
    assert values(declared, "2022-01-01") == {
        ("urban", span_of(2, 2)): 3,
        ("urban", span_of(1, 1)): 1,
        ("urban", span_of(3, None)): 1,
        ("rural", span_of(1, None)): 2,
    }


RANGES = st.tuples(st.integers(0, 8), st.one_of(st.none(), st.integers(0, 8))).map(
    lambda ends: WholeRange(ends[0], None if ends[1] is None else ends[0] + ends[1])
)


@st.composite
def layers(draw: st.DrawFn) -> list[list[WholeRange]]:
    """Levels of ranges; those of one level do not overlap."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        level: list[WholeRange] = []
        for part in draw(st.lists(RANGES, max_size=4)):
            if all(not set(range(30)).intersection(covered(part), covered(other)) for other in level):
                level.append(part)
        found.append(level)
    return found


def covered(part: WholeRange) -> set[int]:
    return {count for count in range(30) if count in part}


@given(layers())
def test_for_each_count_the_deepest_level_that_covers_it_holds(levels: list[list[WholeRange]]) -> None:
    blocks = [
        block("2022-01-01", {(part,): depth * 100 + at for at, part in enumerate(parts)}, depth=depth, partial=True)
        for depth, parts in enumerate(levels)
    ]
    found = values(parameter(*blocks, by=("size",)), "2022-01-01")
    for count in range(30):
        expected = next(
            (
                depth * 100 + at
                for depth, parts in reversed(list(enumerate(levels)))
                for at, part in enumerate(parts)
                if count in part
            ),
            None,
        )
        holding = [value for (part,), value in found.items() if isinstance(part, WholeRange) and count in part]
        assert holding == ([] if expected is None else [expected])


@given(st.permutations(range(5)))
def test_the_order_of_writing_makes_no_difference(order: list[int]) -> None:
    blocks = [
        block("2022-01-01", {URBAN: 1, RURAL: 2}),
        block("2022-06-01", {URBAN: 3}, partial=True, until="2022-12-31"),
        block("2023-01-01", {URBAN: 4, RURAL: 5}),
        block("2022-03-01", {RURAL: 6}, depth=2, partial=True),
        block("2022-06-01", {RURAL: 7}, partial=True, published="2022-09-01"),
    ]
    shuffled = parameter(*(blocks[at] for at in order), by=BY)
    for on in ("2021-12-31", "2022-02-01", "2022-07-01", "2023-01-01", "2024-01-01"):
        for known_on in ("", "2022-07-01"):
            assert values(shuffled, on, known_on=known_on) == values(parameter(*blocks, by=BY), on, known_on=known_on)


# ---- review


@pytest.mark.parametrize(("on", "stale"), [("2023-07-01", False), ("2023-07-02", True)])
def test_a_value_is_stale_the_day_after_its_review(on: str, stale: bool) -> None:
    declared = parameter(block("2022-01-01", {ANY: 1}), review=18)
    assert cells_in_force(rows_of_parameter(declared), "900101", day(on), None)[ANY].stale is stale


def test_the_block_that_a_value_comes_from_is_known() -> None:
    declared = parameter(
        block("2022-01-01", {URBAN: 1, RURAL: 2}), block("2023-01-01", {URBAN: 3}, partial=True), by=BY
    )
    found = cells_in_force(rows_of_parameter(declared), "900101", day("2023-01-01"), None)
    assert {key: held.block_index for key, held in found.items()} == {URBAN: 1, RURAL: 0}


# ---- lists


def list_block(start: str, rows: list[str], *, until: str = "", depth: int = 1, counties: str = "") -> ListBlock:
    held = block(start, {}, until=until, depth=depth)
    return ListBlock(held.origin, frozenset(counties.split()), {(row,): HERE for row in rows})


def rows_in_force(blocks: list[ListBlock], on: str, place: str = "900101") -> set[str] | None:
    """None where no block is in force: what the list holds is not known, which is not the same as nothing."""
    listed = NamedList("l", "l", "l", "", Origin("level0", HERE), (PLACE,), ("",), tuple(blocks))
    merged = merged_with(parameter(), listed=listed)
    rows = dated_of(merged).on(place, day(on), None).lists.get("l")
    return None if rows is None else {row[0] for row in rows}


def test_a_list_is_replaced_as_a_whole() -> None:
    blocks = [list_block("2022-01-01", ["a", "b"]), list_block("2023-01-01", ["c"])]
    assert rows_in_force(blocks, "2022-12-31") == {"a", "b"}
    assert rows_in_force(blocks, "2023-01-01") == {"c"}


def test_a_list_of_a_deeper_level_or_of_some_counties_wins_there() -> None:
    blocks = [list_block("2022-01-01", ["a"]), list_block("2021-01-01", ["b"], depth=2, counties="900101")]
    assert rows_in_force(blocks, "2022-06-01") == {"b"}
    assert rows_in_force(blocks, "2022-06-01", "900102") == {"a"}


def test_a_list_that_ended_takes_its_level_with_it() -> None:
    """Like a full block of values: what it replaced does not come back, what lies below does."""
    below = list_block("2020-01-01", ["z"], depth=0)
    blocks = [below, list_block("2022-01-01", ["a"]), list_block("2023-01-01", ["b"], until="2023-12-31")]
    assert rows_in_force(blocks, "2023-12-31") == {"b"}
    assert rows_in_force(blocks, "2024-01-01") == {"z"}
    assert rows_in_force(blocks[1:], "2024-01-01") is None


def merged_with(
    declared: Parameter, *, listed: NamedList | None = None, divisions: dict[str, Division] | None = None
) -> MergedPolicy:
    origin = Origin("level0", HERE)
    place = Fact("county", "county", "", "", origin, "", PLACE)
    residence = Fact("residence", "residence", "", "", origin, "", Choice((("urban", "城市"), ("rural", "农村"))))
    elements = Elements(
        {"county": place, "residence": residence},
        {},
        {},
        {} if listed is None else {"l": listed},
        {"p": declared},
        {},
        (),
        {},
        {},
        {},
        {},
        {},
    )
    header = Header("level0", "", origin, "", Jurisdiction(("90",)), "local", "")
    local = Local({}, {}, {}, {})
    policy = Policy(header, elements, local, Territory(divisions or {}))
    return MergedPolicy(Chain(policy, ()), elements, local, Territory(divisions or {}), ())
