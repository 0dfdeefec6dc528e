"""What a batch took is given back with it: a province is thousands of batches, and there is memory for a few."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from engine.screening.screen import Screening
from tests.evaluation.samples import SOUND, loaded
from tests.screening.test_table import full


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Nothing is looked for that holds itself in a circle, so what lies in one stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def lacking(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Every second household without an income."""
    place = batch.schema.get_field_index("income")
    income = [None if number % 2 else value for number, value in enumerate(batch.column(place).to_pylist())]
    return batch.set_column(place, batch.schema.field(place), pa.array(income, batch.schema.field(place).type))


@pytest.mark.parametrize("made", [lambda batch: batch, lacking], ids=["sound", "refused"])
@pytest.mark.usefixtures("uncollected")
def test_nothing_of_a_batch_is_left_behind(made: Callable[[Any], Any]) -> None:
    policies = loaded(SOUND)
    screening = Screening(policies, policies.schema_arrow())
    batch = made(full(400))
    screening.batch(batch)  # code is made, which stays
    gc.collect()
    before = pa.total_allocated_bytes()
    for _ in range(20):
        screening.told(pa.RecordBatch.from_pydict({name: batch[name] for name in batch.schema.names}, batch.schema))
    assert pa.total_allocated_bytes() <= before
