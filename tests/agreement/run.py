"""Tables drawn by number and compared: the same whoever asks for them, so that one is had again by its name.

In: a policy set or `drawn`, the number of a table, a seed.  Out: a `Result`: who decided, why not native code, and what
differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engine.api import open_policies
from tests.agreement.compare import Difference, differences, other_reasons
from tests.agreement.deciders import Asked
from tests.agreement.households import Population
from tests.agreement.native import Watch
from tests.agreement.policies import drawn_policies
from tests.agreement.sets import policy_sets
from tests.conformance.tables import natively

DRAWN: Final = "drawn"
MORE: Final = 10
"""of so many tables one is also asked what is missing and whether other readings differ, and for all that is told"""
QUICKLY: Final = 0
FULLY: Final = 2
"""how much is done to make native code fast"""


@dataclass
class Result:
    """Attributes:
    by: who decided the rows of tables (kernel, interpreter), and of dicts those decided by code.
    left: why the interpreter decided rows.
    """

    by: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    wrong: list[Difference] = field(default_factory=list)


def compared(name: str, at: int, seed: str, rows: int, level: int = FULLY) -> Result:
    """A table of a policy set, or of a policy drawn for it.

    Args:
        level: at which native code is made.
    """
    if name != DRAWN:
        return compared_of(_of_set(name), name, at, seed, rows, level)
    with _drawn(f"{seed}/{DRAWN}/{at}") as population:
        return compared_of(population, name, at, seed, rows, level)


def compared_of(population: Population, name: str, at: int, seed: str, rows: int, level: int) -> Result:
    """A table of any population, by whatever name."""
    more = at % MORE == 0
    batch = population.batch(f"{seed}/{name}/{at}", rows)
    asked, watch = batch.asked, Watch()
    with natively(level), watch.over():
        answers = population.policies.screen(
            batch.table, asked.policy, asked.as_of, asked.known_on, missing=more, readings=more
        )
    result = Result(Counter(answers["by"].to_pylist()), watch.counted(answers, more=more))
    if batch.lacking:
        with natively(level):
            result.wrong.extend(other_reasons(population, batch))
    result.wrong.extend(differences(population, batch, answers, result.by, more=more))
    return result


@cache
def _of_set(name: str) -> Population:
    return next(one.population for one in policy_sets() if one.name == name)


@contextmanager
def _drawn(seed: str) -> Iterator[Population]:
    """Of a policy drawn at random."""
    with TemporaryDirectory() as folder:
        policies = drawn_policies(seed, Path(folder))
        yield Population(policies, open_policies(folder), [Asked()])


def again(name: str, at: int, seed: str, rows: int) -> str:
    """The command that compares a table once more."""
    return f"python -m tests.agreement --seed {seed} --rows {rows} {name}/{at}"
