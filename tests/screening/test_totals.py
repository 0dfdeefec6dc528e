"""Totals are those of counting one by one, and every id that stands more than once is found."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.identity import same_id
from engine.screening import repeats
from engine.screening.repeats import Repeats, hashes
from engine.screening.screen import Screening
from engine.screening.writing.decided import FILE, ROW, Decided
from engine.screening.writing.repeated import Ids
from engine.screening.writing.summary import Place, Repeated
from tests.evaluation.samples import SOUND, loaded
from tests.screening.arrow import batch_of
from tests.screening.test_rows import FULL

PLACES = ("140105", "140106", "140202", "999999", "1401", None)


def test_the_totals_are_those_of_counting_one_by_one() -> None:
    policies, rng = loaded(SOUND), random.Random(3)
    rows: list[Any] = [
        {
            **FULL,
            "id": f"H-{number}",
            "county": rng.choice(PLACES),
            "income": rng.choice((900, 1500, None)),
            "hardship": rng.choice((True, False, None)),
            "rooms": rng.choice((2, 2, 25)),
        }
        for number in range(300)
    ]
    batch = batch_of(rows, policies.schema_arrow())
    screening = Screening(policies, batch.schema)
    totals, answers = screening.totals(), []
    for start in range(0, 300, 70):
        part = batch.slice(start, 70)
        found = screening.batch(part)
        totals.add(part, found)
        answers += found.to_pylist()
    known = {"140105": "140105", "140106": "140106", "140202": ""}  # the last is no county of the table
    known = {code: code for code in known if code in totals._codes}
    for sums, chosen in (
        (totals.all, answers),
        (totals.elsewhere, _of(rows, answers, lambda place: place not in known)),
        *((totals.counties[code], _of(rows, answers, lambda place, code=code: place == code)) for code in known),
        (totals.cities["140100"], _of(rows, answers, lambda place: place in known and place.startswith("1401"))),
    ):
        assert sums.rows == len(chosen)
        assert sums.outcomes == Counter(one["outcome"] for one in chosen)
        assert sums.refusals == Counter(one["refusal.code"] for one in chosen if one["refusal.code"])
        for cause, counts in sums.causes.items():
            assert counts == Counter(one[f"causes.{cause}"] for one in chosen if one[f"causes.{cause}"])
    assert sum(totals.makers.values()) == 300
    assert set(totals.all.causes) == {"poverty", "hardship_cause"}


def _of(rows: Sequence[Any], answers: Sequence[Any], chosen: Any) -> list[Any]:
    return [answer for row, answer in zip(rows, answers, strict=True) if chosen(row["county"])]


IDS = st.lists(
    st.one_of(
        st.text(alphabet="ab1 ABＡＸ×x\u200bé\u0301", max_size=20),
        st.sampled_from(("14010519800101123X", "14010519800101123x", " 14010519800101123Ｘ", "", "H-1", "h-1")),
        st.none(),
    ),
    max_size=40,
)


@given(ids=IDS, cut=st.integers(0, 40), offset=st.integers(0, 3), at_once=st.sampled_from((1, 7, 1 << 21)))
def test_ids_that_stand_more_than_once(ids: list[str | None], cut: int, offset: int, at_once: int) -> None:
    whole = pa.array([*["before"] * offset, *ids], pa.string()).slice(offset)
    with patch.object(repeats, "_AT_ONCE", at_once):
        found = repeated_in([whole.slice(0, cut), whole.slice(cut)])
    expected: dict[str, list[int]] = {}
    for row, id in enumerate(ids):
        if id is not None:
            expected.setdefault(same_id(id), []).append(row)
    wanted = {
        str(ids[rows[0]]): tuple(Place("a.csv", row) for row in rows) for rows in expected.values() if len(rows) > 1
    }
    assert found == Repeated(wanted, 0)


def repeated_in(blocks: Sequence[pa.Array]) -> Repeated:
    """Of ids that stand one behind the other in a file."""
    ids, row = Ids(BytesIO(), BytesIO()), 0
    for block in blocks:
        rows = pa.array(range(row, row + len(block)), pa.int64())
        table = pa.record_batch({"id": block, FILE: pa.array(["a.csv"] * len(block), pa.string()), ROW: rows})
        ids.add(Decided(0, table, None, 0, Counter(), None))
        row += len(block)
    return ids.repeated()


def test_texts_that_only_share_a_hash_are_no_repetition() -> None:
    suspects, _ = hashes(pa.array(["a", "b", "c"]))
    with patch.object(Repeats, "suspects", lambda _: np.sort(suspects)):
        found = repeated_in([pa.array(["a", "b", "c", "b"])])
    assert found == Repeated({"b": (Place("a.csv", 1), Place("a.csv", 3))}, 0)


def test_of_too_many_the_first_are_named(monkeypatch: Any) -> None:
    monkeypatch.setattr("engine.screening.writing.repeated.MOST_NAMED", 2)
    found = repeated_in([pa.array([text for text in "abcd" for _ in range(3)])])
    assert (list(found.places), found.more) == (["a", "b"], 6)


def test_a_long_table_shares_no_hash() -> None:
    first = Repeats(BytesIO())
    for start in range(0, 1_000_000, 100_000):
        first.add(pa.array([f"1401{number:014}" for number in range(start, start + 100_000)]))
    assert len(first.suspects()) == 0
