"""Whoever decided a row, its answer is the same: what the kernel gives in arrays and the interpreter by rows is put
together in order."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from engine.screening.answers import Column, Figures, Taken
from engine.screening.kernel.deciding import Deciding
from engine.screening.outputs import AMOUNT
from engine.screening.screen import Screening
from tests.evaluation.samples import SOUND, loaded
from tests.screening.arrow import batch_of
from tests.screening.test_rows import FULL

WIDE = 10**30 + 12345
"""hundredths that take both words"""


def screening_and_rows() -> tuple[Screening, pa.RecordBatch]:
    policies = loaded(SOUND)
    rng = random.Random(7)
    rows = []
    for number in range(60):
        row: Any = {**FULL, "id": f"H-{number}", "income": rng.choice((900, 1500, None)), "rooms": rng.choice((2, 25))}
        row["hardship"] = rng.choice((True, False, None))
        row["members"] = [{**one, "cost": rng.choice((None, 100, "0.01"))} for one in FULL["members"]]
        rows.append(row)
    batch = batch_of(rows, policies.schema_arrow())
    return Screening(policies, batch.schema, missing=True, readings=True), batch


def as_kernel(answers: pa.RecordBatch, left: np.ndarray[Any, np.dtype[np.bool_]]) -> Taken:
    """The same answers as arrays; nonsense where a row is left."""
    columns: dict[str, Column] = {}
    for field in answers.schema:
        column = answers[field.name]
        if field.name in ("id", "by") or field.name.startswith("refusal."):
            continue
        if pa.types.is_dictionary(field.type):
            codes = np.asarray(column.indices.fill_null(-1)).copy()
            codes[left] = 1
            columns[field.name] = codes
        elif pa.types.is_int32(field.type):
            columns[field.name] = np.where(left, 99, np.asarray(column.fill_null(-1)))
        elif field.type == AMOUNT:
            cents = [None if one is None else int(one.scaleb(2)) for one in column.to_pylist()]
            there = np.array([one is not None for one in cents])
            low = np.array([one or 0 for one in cents], np.int64)
            columns[field.name] = Figures(np.stack([low, low >> 63], axis=1), there | left)
        else:
            columns[field.name] = column
    return Taken(left, columns)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 1])
def test_rows_that_were_left_stand_in_their_places(share: float) -> None:
    screening, batch = screening_and_rows()
    whole = screening.batch(batch)
    refused = np.array([one == "refused" for one in whole["outcome"].to_pylist()])
    assert refused.any()
    assert not refused.all()
    rng = np.random.default_rng(3)
    left = refused | (rng.random(batch.num_rows) < share) | (share == 1)
    screening._decide = lambda _: as_kernel(whole, left)
    mixed = screening.batch(batch)
    mixed.validate(full=True)
    place = whole.schema.get_field_index("by")
    assert mixed.remove_column(place).equals(whole.remove_column(place))
    assert mixed["by"].to_pylist() == ["interpreter" if one else "kernel" for one in left]


def test_figures_of_two_words() -> None:
    screening, batch = screening_and_rows()
    size = batch.num_rows
    words = np.zeros((size, 2), np.uint64)
    words[:, 0], words[:, 1] = WIDE & (2**64 - 1), WIDE >> 64
    figures = Figures(words.view(np.int64), np.ones(size, np.bool_))
    left = np.arange(size) == 3
    screening._decide = lambda _: Taken(left, {"outputs.burden_each": figures})
    found = screening.batch(batch)["outputs.burden_each"].to_pylist()
    assert [int(f"{one:f}".replace(".", "")) for place, one in enumerate(found) if place != 3] == [WIDE] * (size - 1)
    assert found[3] is None or found[3] < 1000


@pytest.mark.parametrize("few", [0, 100])
def test_of_all_answers_only_the_columns_that_are_asked_for(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """And in them what stands there otherwise, whoever decides."""
    monkeypatch.setattr(Deciding, "few", few)
    whole, batch = screening_and_rows()
    answers = whole.batch(batch)
    assert {"refused", "eligible"} <= set(answers["outcome"].to_pylist())
    lows = [name for name in answers.schema.names if name.endswith(".low")]
    assert any(answers[low].null_count < answers.num_rows for low in lows), "some figures lie between two ends"
    for names in [[name] for name in answers.schema.names] + [["refusal.path", "outcome"]]:
        asked = Screening(loaded(SOUND), batch.schema, missing=True, readings=True, only=names).batch(batch)
        assert asked.equals(answers.select(sorted(names, key=answers.schema.get_field_index)))
