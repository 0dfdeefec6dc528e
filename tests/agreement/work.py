"""What one of several processes is given to do: some tables of a set, and what they showed."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from tests.agreement.run import FULLY, QUICKLY, again, compared


@dataclass(frozen=True)
class Tables:
    """Some tables of a set, by number. Native code is made as it is for users for one of so many."""

    name: str
    numbers: tuple[int, ...]
    seed: str
    rows: int
    fully: int


@dataclass
class Told:
    """What some tables of a set showed."""

    name: str
    by: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0

    def add(self, other: Told) -> None:
        self.by.update(other.by)
        self.left.update(other.left)
        self.wrong += other.wrong
        self.seconds += other.seconds

    @property
    def rows(self) -> int:
        return self.by["kernel"] + self.by["interpreter"]

    def __str__(self) -> str:
        native, code = (100 * self.by[who] / self.rows for who in ("kernel", "by code"))
        told = f"{self.rows} households, {native:.0f} % natively, {code:.0f} % of dicts by code"
        left = "".join(f"\n    {count / self.rows:6.1%}  {why}" for why, count in self.left.most_common())
        return f"{self.name}: {told}; {len(self.wrong)} differences, {self.seconds:.0f} s{left}"


def taken(part: Tables) -> Told:
    began, told = time.perf_counter(), Told(part.name)
    for at in part.numbers:
        level = FULLY if len(part.numbers) == 1 or (at + 1) % part.fully == 0 else QUICKLY
        result = compared(part.name, at, part.seed, part.rows, level)
        told.by.update(result.by)
        told.left.update(result.left)
        command = again(part.name, at, part.seed, part.rows)
        told.wrong += [f"{command}\n  {one}" for one in result.wrong]
    told.seconds = time.perf_counter() - began
    return told
