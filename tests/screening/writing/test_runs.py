"""Runs as a whole: every household answered once and in order, on whichever thread, however often it stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from engine import disk
from engine.diagnostics import Diagnostic
from engine.screening.reading.parts import Part, Refused
from engine.screening.refusals import RefusedRows
from engine.screening.writing.decided import Decided, Decider
from engine.screening.writing.pipeline import decided
from engine.screening.writing.store import JOURNAL, NotResumed, Store

_WORD = pa.dictionary(pa.int8(), pa.string())
ANSWERS = pa.schema([("id", pa.string()), ("outcome", _WORD), ("by", _WORD)])
PARTS, EACH = 9, 4


WHY: tuple[Diagnostic, ...] = (Diagnostic.of("not-in-territory", path="county", place="县", suggestion=""),)


class Screens:
    """Decides by the id alone; remembers which parts it was asked for."""

    answers = ANSWERS

    def __init__(self, fails_at: str = "") -> None:
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self._fails_at = fails_at

    def told(self, batch: Any) -> tuple[Any, RefusedRows]:
        ids = batch.column("id").to_pylist()
        time.sleep(0.02 if int(ids[0]) % 8 == 0 else 0)  # the first parts are not the first to be ready
        self.asked.append(ids[0])
        self.threads.add(threading.get_ident())
        if ids[0] == self._fails_at:
            raise ZeroDivisionError("in a thread")
        refused = {place: WHY for place, id in enumerate(ids) if int(id) % 10 == 3}
        words = pa.array(
            ["refused" if place in refused else "eligible" for place in range(len(ids))]
        ).dictionary_encode()
        by = pa.array(["kernel"] * len(ids)).dictionary_encode()
        answers = pa.RecordBatch.from_arrays([pa.array(ids), words.cast(_WORD), by.cast(_WORD)], schema=ANSWERS)
        return answers, RefusedRows.of(refused)


class Source:
    """`anywhere`: its parts can be read in any order."""

    schema: Any = pa.schema([("id", pa.string()), ("county", pa.string())])
    rows: int | None = PARTS * EACH
    parts: int | None
    fingerprint = "x"
    notes: tuple[Diagnostic, ...] = ()
    absent: tuple[str, ...] = ()

    def __init__(self, anywhere: bool) -> None:
        self.parts = PARTS if anywhere else None
        self._anywhere = anywhere

    def batches(self, start: int = 0) -> Iterator[Part]:
        return (self._made(number) for number in range(start, PARTS))

    def part(self, number: int) -> Part | None:
        return self._made(number) if self._anywhere else None

    def _made(self, number: int) -> Part:
        ids = [str(number * EACH + place) for place in range(EACH)]
        batch = pa.RecordBatch.from_arrays([pa.array(ids), pa.array(["1"] * EACH)], schema=self.schema)
        fault = Refused("f", 100 + number, None, Diagnostic.of("not-json", path="$", line="1", column="1"))
        files = pa.DictionaryArray.from_arrays(pa.array([0] * EACH, pa.int32()), pa.array(["f"]))
        return Part(number, batch, (fault,), 0, files, pa.array(range(EACH)), {"x": 1})


def decider(screens: Screens) -> Decider:
    return Decider(screens, "county", "zh", lambda batch: batch)


def ids_of(parts: Iterator[Decided]) -> list[str]:
    return [id for part in parts for id in part.table.column("id").to_pylist()]


@pytest.mark.parametrize("anywhere", [True, False])
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_parts_come_in_their_order(anywhere: bool, jobs: int) -> None:
    screens = Screens()
    found = list(decided(Source(anywhere), decider(screens), jobs))
    assert [part.number for part in found] == list(range(PARTS))
    assert ids_of(iter(found)) == [str(number) for number in range(PARTS * EACH)]
    assert len(screens.asked) == PARTS
    assert len(screens.threads) <= jobs


@pytest.mark.parametrize("anywhere", [True, False])
def test_what_fails_on_a_thread_fails_here(anywhere: bool) -> None:
    screens = Screens(fails_at="16")
    parts = decided(Source(anywhere), decider(screens), 2)
    assert len([next(parts) for _ in range(4)]) == 4
    with pytest.raises(ZeroDivisionError):
        list(parts)
    assert len(screens.asked) < PARTS
    assert not [one for one in threading.enumerate() if one.name.startswith("part")]


def test_no_more_than_a_few_parts_wait() -> None:
    screens = Screens()
    parts = decided(Source(True), decider(screens), 2)
    next(parts)
    time.sleep(0.2)
    assert len(screens.asked) <= 4


def test_refusals_in_words() -> None:
    part = next(decided(Source(True), decider(Screens()), 1))
    problems = part.problems.to_pylist()
    assert [(one["row"], one["id"], one["field"], one["code"]) for one in problems] == [
        (3, "3", "county", "not-in-territory"),
        (100, None, "$", "not-json"),
    ]
    assert "县" in problems[0]["reason"]
    assert (part.unread, part.blanks) == (1, {"x": 1})


# ---- parts that are kept


def test_finished_parts_are_kept_as_they_were(tmp_path: Path) -> None:
    store = Store(tmp_path, {"input": "a"})
    made = list(decided(Source(True), decider(Screens()), 2))
    for part in made[:3]:
        store.keep(part)
    again = Store(tmp_path, {"input": "a"})
    assert again.finished == 3
    for before, after in zip(made, again.kept(), strict=False):
        assert before.table.equals(after.table)
        assert (before.problems, before.unread, before.blanks) == (after.problems, after.unread, after.blanks)
    rest = Screens()
    assert ids_of(decided(Source(False), decider(rest), 2, again.finished))[0] == str(3 * EACH)
    assert "0" not in rest.asked


def test_what_was_cut_off_is_removed(tmp_path: Path) -> None:
    store = Store(tmp_path, {})
    made = list(decided(Source(True), decider(Screens()), 1))
    store.keep(made[0])
    store.keep(made[2])  # the one between was never finished
    for name in (".doudi-abc", "output", "tmpxyz", "ids"):
        (tmp_path / name).write_bytes(b"half")
    assert Store(tmp_path, {}).finished == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == [JOURNAL, "part-000000.arrow"]


@pytest.mark.parametrize(
    ("journal", "differs"),
    [
        ('{"format": "2", "input": "a", "policies": "q"}', {"policies": "q"}),
        ('{"format": "0", "input": "a", "policies": "p"}', {"format": "0"}),
        ('{"format": "2", "input": "a", "policies": "p", "more": "1"}', {"more": "1"}),
        ("[]", {}),
        ('{"format": ', {}),
        ("", {}),
    ],
)
def test_parts_of_another_run_are_not_taken(tmp_path: Path, journal: str, differs: dict[str, str]) -> None:
    (tmp_path / JOURNAL).write_text(journal)
    with pytest.raises(NotResumed) as raised:
        Store(tmp_path, {"input": "a", "policies": "p"})
    assert raised.value.differs == differs
    assert (tmp_path / JOURNAL).read_text() == journal


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with disk.claimed(tmp_path / "lock"), pytest.raises(disk.DiskFault) as raised, disk.claimed(tmp_path / "lock"):
        pass
    assert raised.value.reason == "busy"
    with disk.claimed(tmp_path / "lock"):
        pass
