"""A whole run: every part decided once, written in order, counted.

In: a source, what decides a part, where the results go.  Out: `Ran`. With a `Store` the finished parts are kept, and
those kept before are not decided again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from typing import Any

from engine import disk
from engine.records import dataclass
from engine.screening.reading.parts import Source
from engine.screening.writing.changes import counted
from engine.screening.writing.decided import Decided, Decider
from engine.screening.writing.pipeline import decided
from engine.screening.writing.repeated import Ids
from engine.screening.writing.results import Cells, Results, Target
from engine.screening.writing.store import Store
from engine.screening.writing.summary import Repeated, Shift


@dataclass(slots=True)
class Ran:
    """Attributes:
    rows: of the input, those included that were no household (`unread`).
    totals: `Totals` of the households.
    refusals: reasons by code.
    """

    totals: Any
    rows: int = 0
    unread: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    blanks: Counter[str] = field(default_factory=Counter)
    repeated: Repeated = field(default_factory=lambda: Repeated({}))
    shift: Shift | None = None

    def add(self, part: Decided) -> None:
        self.totals.add(part.table, part.table)
        self.rows += part.table.num_rows + part.unread
        self.unread += part.unread
        for one in part.problems.column("code").value_counts().to_pylist():
            self.refusals[one["values"]] += one["counts"]
        self.blanks.update(part.blanks)
        if self.shift is not None:
            counted(part.changes, self.shift)


def run(
    source: Source,
    decider: Decider,
    target: Target,
    totals: Any,
    jobs: int,
    store: Store | None,
    watch: Callable[[Ran, bool], None],
    sheet: Callable[[Ran], Sequence[Cells]],
) -> Ran:
    """Raises: whatever reading, deciding or writing raises; then no file has appeared.

    Args:
        watch: told of what was done so far after each part, and whether that was by a run before this one.
        sheet: the rows of a workbook's totals.
    """
    ran = Ran(totals, shift=None if decider.against is None else Shift())
    schema = decider.schema(source.schema)
    changes = None if decider.against is None else decider.against.compare.schema
    with (
        disk.working(target.folder / "ids") as file,
        disk.working(target.folder / "hashes") as hashed,
        Results(target, schema, changes) as results,
    ):
        ids = Ids(file, hashed)
        for part, before in _parts(source, decider, jobs, store):
            results.add(part)
            ids.add(part)
            ran.add(part)
            watch(ran, before)
        ran.repeated = ids.repeated()
        results.finish(ran.repeated, lambda: sheet(ran))
    return ran


def _parts(source: Source, decider: Decider, jobs: int, store: Store | None) -> Iterator[tuple[Decided, bool]]:
    """Each with whether it was there before."""
    if store is None:
        yield from ((part, False) for part in decided(source, decider, jobs))
        return
    start = store.finished
    yield from ((part, True) for part in store.kept())
    for part in decided(source, decider, jobs, start):
        store.keep(part)
        yield part, False
