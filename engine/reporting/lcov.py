"""Coverage of rules as an LCOV trace file.

In: `Results` with their coverage.  Out: the trace; each thing to be seen at a line is a branch of it.
Imports `results` and `coverage`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.escaping import Lines, shown
from engine.reporting.coverage import CoveredFile
from engine.reporting.results import Results


def lcov(results: Results) -> Lines:
    files = () if results.coverage is None else results.coverage.files
    return Lines("\n".join(line for file in files for line in _record(file, results)))


def _record(file: CoveredFile, results: Results) -> Iterator[str]:
    yield "TN:"
    yield f"SF:{shown(results.locate(file.source))}"
    for line in file.lines:
        for number, branch in enumerate(line.branches):
            # `-` would say that the line was never reached
            taken = "-" if not line.hits else str(int(branch.taken))
            yield f"BRDA:{line.line},0,{number},{taken}"
    yield from (f"BRF:{file.branches}", f"BRH:{sum(line.taken for line in file.lines if line.hits)}")
    yield from (f"DA:{line.line},{line.hits}" for line in file.lines)
    yield from (f"LF:{len(file.lines)}", f"LH:{file.lines_hit}", "end_of_record")
