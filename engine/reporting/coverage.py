"""What of the rules was seen by cases, line by line, as coverage services want it.

In: whoever measured fills it in.  Out: `lcov` and `cobertura` write it.
Imports `source` only.
"""

from __future__ import annotations

from engine.records import dataclass
from engine.source import Source


@dataclass(frozen=True, slots=True)
class Branch:
    """One thing that had to be seen at a line: `income: unknown`, `asset_limit: exactly at`; and whether it was."""

    name: str
    taken: bool


@dataclass(frozen=True, slots=True)
class CoveredLine:
    """A line (from 1) that holds something to be seen; `hits` is how many cases reached it."""

    line: int
    hits: int
    branches: tuple[Branch, ...] = ()

    @property
    def taken(self) -> int:
        return sum(branch.taken for branch in self.branches)


@dataclass(frozen=True, slots=True)
class CoveredFile:
    """The lines of a file, in order."""

    source: Source
    lines: tuple[CoveredLine, ...]

    @property
    def lines_hit(self) -> int:
        return sum(line.hits > 0 for line in self.lines)

    @property
    def branches(self) -> int:
        return sum(len(line.branches) for line in self.lines)

    @property
    def branches_taken(self) -> int:
        return sum(line.taken for line in self.lines)


@dataclass(frozen=True, slots=True)
class Coverage:
    files: tuple[CoveredFile, ...]
