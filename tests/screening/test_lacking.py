"""Rows that lack what they must have: refused in native code for the same reasons, in the same words and order, as the
reader of households refuses them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import engine
from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.screening.kernel.deciding import Deciding
from engine.screening.screen import Screening
from tests.evaluation.samples import PLACE, SOUND, household, loaded
from tests.screening.arrow import batch_of, expected

POLICY = SOUND.replace(
    "    optional: yes\n    items:\n      price: {label: 购置价, unit: 元}",
    "    optional: yes\n    at_least: 2\n    items:\n      price: {label: 购置价, unit: 元, required: yes}",
).replace('存款, unit: 元, default: "0.5"', "存款, unit: 元, required: yes")
POLICY = POLICY.replace("outputs:\n", "outputs:\n  costs: {of: members, label: 各人费用, is: 费用, unit: 元/月}\n")
ROWS = 120
Households = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _natively(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deciding, "few", 0)


@pytest.fixture(scope="module")
def policies() -> engine.Policies:
    return loaded(POLICY)


def member(id: str | None, **more: object) -> dict[str, Any]:
    return {"id": id, "ill": True, "cost": 10, "kind": "adult", "carer": None, "illness": "癌症", **more}


def car(price: Decimal | int | None) -> dict[str, Any]:
    return {"price": price, "working": False}


def made(**more: object) -> dict[str, Any]:
    return household(**{"members": [member("a"), member("b")], "vehicles": [car(1), car(2)], **more})


ONE_BY_ONE: Households = [
    made(),
    *(made(**{id: None}) for id in ("id", "application_date", "county", "residence", "income", "savings", "hardship")),
    *(made(members=held) for held in (None, [], [None], [member(None)], [member("a"), None, member(None)])),
    *(made(vehicles=held) for held in (None, [], [car(1)], [car(None)], [car(1), car(None), None, car(None)])),
]
TOGETHER: Households = [
    made(id=None, application_date=None, county=None, savings=None, members=None, vehicles=[None]),
    made(savings=None, members=[member("a"), member(None), None], vehicles=[car(None), car(3), car(None)]),
    made(members=[], vehicles=[]),
    made(county=None, members=[member(None)] * 12),
    made(application_date=None, vehicles=[car(None)]),
    made(members=[member(None)] * 100),
    made(members=[member(None)] * 101),
    made(members=[member(None)] * 1000, savings=None),
    made(members=[member(f"m{n}") for n in range(1000)]),
    made(members=[member(f"m{n}") for n in range(1001)], savings=None),
]
MALFORMED: Households = [
    made(id="", savings=None),
    made(id="\u200b", county=None),
    made(county="14", application_date=None),
    made(county="999999", savings=None),
    made(application_date="1980-01-01", savings=None),
    made(residence="nowhere", members=None),
    made(income=Decimal("-1.00"), members=[member(None)]),
    made(members=[member("a"), member("A"), member(None)]),
    made(members=[member("a", kind="old"), None]),
    made(members=[member("a", carer="b"), None, member("b")]),
    made(members=[member("a", carer="b"), None]),
    made(members=[member("a", carer="b"), member(None)]),
    made(members=[member("a", carer="b")], vehicles=[car(None), car(1)]),
    made(vehicles=[car(Decimal("-1.00")), car(None)], members=[]),
    made(savings=Decimal("2000000.00"), members=[member("a"), member("b")]),
    made(savings=Decimal("2000000.00"), members=[member("a"), member(None)]),
]


def drawn(rng: random.Random) -> dict[str, Any]:
    """Each field is lacking now and then, and some household has no fault at all."""
    share = rng.choice((0, 0.1, 0.5))

    def kept(value: object) -> Any:
        return None if rng.random() < share else value

    held = [kept(member(kept(f"m{n}"), illness=kept("癌症"))) for n in range(rng.choice((0, 1, 2, 5)))]
    cars = [kept(car(kept(n))) for n in range(rng.choice((0, 2, 3)))]
    facts = {id: kept(value) for id, value in made().items()}
    return {**facts, "members": kept(held), "vehicles": kept(cars)}


def mixed(seed: int) -> Households:
    rng = random.Random(seed)
    found = [*ONE_BY_ONE, *TOGETHER, *MALFORMED, *(drawn(rng) for _ in range(ROWS))]
    rng.shuffle(found)
    return found


def reasons_of(policies: engine.Policies, given: dict[str, Any]) -> tuple[Diagnostic, ...]:
    try:
        policies.evaluate(given)
    except HouseholdError as refusal:
        return refusal.diagnostics
    return ()


def check(policies: engine.Policies, households: Households, batch: pa.RecordBatch) -> pa.Table:
    """Every column of the answers, and every reason, against the reference; what came of it."""
    screening = Screening(policies, batch.schema, missing=True, readings=True)
    answers, refused = screening.told(batch)
    answers.validate(full=True)
    told: dict[int, list[Diagnostic]] = {}
    for row, which in zip(refused.rows.tolist(), refused.which.tolist(), strict=True):
        told.setdefault(row, []).append(refused.reasons[which])
    for row, (given, found) in enumerate(zip(households, answers.to_pylist(), strict=True)):
        assert found == expected(policies, given, screening.answers), given
        assert tuple(told.get(row, ())) == reasons_of(policies, given), given
    return pa.Table.from_batches([answers])


def natively(answers: pa.Table) -> list[bool]:
    """Of each row that is refused, whether native code says so."""
    return [one["by"] == "kernel" for one in answers.to_pylist() if one["outcome"] == "refused"]


@pytest.mark.parametrize("given", [*ONE_BY_ONE, *TOGETHER, *MALFORMED])
def test_each_by_itself(policies: engine.Policies, given: dict[str, Any]) -> None:
    check(policies, [given], batch_of([given], policies.schema_arrow()))


@pytest.mark.parametrize("given", [one for one in [*ONE_BY_ONE, *TOGETHER] if len(one["members"] or ()) < 101])
def test_what_a_null_is_refused_for_needs_no_interpreter(given: dict[str, Any]) -> None:
    """Where nothing refers to an item: whose id that of a null would have been, nobody can say."""
    policies = loaded(re.sub(r"\n *\w+: {[^{}]*refers_to[^{}]*}", "", POLICY))
    members = given["members"] and [one and {id: one[id] for id in one if id != "carer"} for one in given["members"]]
    given = {**given, "members": members}
    answers = check(policies, [given], batch_of([given], policies.schema_arrow()))
    assert all(natively(answers))


def test_what_cannot_be_said_natively_is_left(policies: engine.Policies) -> None:
    answers = check(policies, MALFORMED, batch_of(MALFORMED, policies.schema_arrow()))
    assert not any(natively(answers)[:2])


def plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


def sliced(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows before it and behind it are none of its own."""
    others = pa.concat_batches([batch.slice(3, 13), batch, batch.slice(0, 5)])
    return others.slice(13, batch.num_rows)


def coded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Texts in dictionaries, of which some hold a null."""
    columns = []
    for column in batch.columns:
        if not pa.types.is_string(column.type):
            columns.append(column)
            continue
        words = [*column.dictionary_encode().dictionary.to_pylist(), None]
        columns.append(pa.DictionaryArray.from_arrays([words.index(one) for one in column.to_pylist()], words))
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def long_lists(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        column.cast(pa.large_list(column.type.value_field)) if pa.types.is_list(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def hidden(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lists that are null have items all the same, and so have items that are null values."""
    columns = []
    for column in batch.columns:
        if not pa.types.is_list(column.type):
            columns.append(column)
            continue
        items, lengths = column.values, np.diff(np.asarray(column.offsets))
        sizes = np.where(np.asarray(column.is_null()), 2, lengths)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        places = np.zeros(offsets[-1], np.int64)
        for row, (start, length) in enumerate(zip(np.asarray(column.offsets)[:-1], lengths, strict=True)):
            at = offsets[row]
            places[at : at + sizes[row]] = np.arange(start, start + sizes[row]) if length else 0
        there = np.asarray(items.is_valid())[places]
        fields = [one.take(pa.array(np.where(there, places, places.max()))) for one in items.flatten()]
        made = pa.StructArray.from_arrays(fields, fields=list(items.type), mask=pa.array(~there))
        columns.append(pa.ListArray.from_arrays(pa.array(offsets), made, mask=column.is_null()))
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


@pytest.mark.parametrize("laid", [plain, sliced, coded, long_lists, hidden])
def test_in_every_layout(policies: engine.Policies, laid: Callable[[pa.RecordBatch], pa.RecordBatch]) -> None:
    households = mixed(7)
    answers = check(policies, households, laid(batch_of(households, policies.schema_arrow())))
    found = natively(answers)
    assert sum(found) > len(found) / 2


@pytest.mark.parametrize("gone", ["id", "members", "vehicles", "residence", "price"])
def test_a_column_of_nothing(policies: engine.Policies, gone: str) -> None:
    """Of Arrow's type for that, which has no bits to say so."""
    households = mixed(11)
    for one in households:
        if gone == "price":
            one["vehicles"] = one["vehicles"] and [held and {**held, gone: None} for held in one["vehicles"]]
        else:
            one[gone] = None
    batch = batch_of(households, policies.schema_arrow())
    if gone != "price":
        batch = batch.set_column(batch.schema.get_field_index(gone), gone, pa.nulls(batch.num_rows))
    check(policies, households, batch)


def test_a_few_are_left_to_the_interpreter(policies: engine.Policies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deciding, "few", 5)
    households = [made() for _ in range(20)] + [made(county=None) for _ in range(4)]
    answers = check(policies, households, batch_of(households, policies.schema_arrow()))
    assert natively(answers) == [False] * 4
    assert households[0]["county"] == PLACE
