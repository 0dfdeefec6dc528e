"""A household decided from its dict: by the interpreter alone, and by generated code wherever there is any.

In: policies, loaded once for each of the two: what one has kept from household to household the other never sees.
Out: a `Decision`, or why the household is refused. The interpreter is the reference: it goes from node to node, however
often it is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation import ways, working
from engine.evaluation.decision import Decision
from engine.evaluation.quick import Snapshot

Tree: TypeAlias = dict[str, Any]
Decided: TypeAlias = "Decision | HouseholdError"

NEVER: Final = sys.maxsize


@dataclass(frozen=True)
class Asked:
    """Who decides, and on which day, as `evaluate` and `screen` are asked."""

    policy: str | None = None
    as_of: date | None = None
    known_on: date | None = None


def decided(policies: Policies, tree: Tree, asked: Asked) -> Decided:
    try:
        return policies.evaluate(tree, asked.policy, asked.as_of, asked.known_on)
    except HouseholdError as refusal:
        return refusal


def as_json(tree: Tree) -> Tree:
    """The household with its days as JSON has them, by which code finds its way; those of items stay."""
    return {id: value.isoformat() if isinstance(value, date) else value for id, value in tree.items()}


def is_by_code(decision: Decided) -> bool:
    """Whether code decided it from the dict."""
    return isinstance(decision, Decision) and isinstance(decision._explaining, Snapshot)


@contextmanager
def interpreting() -> Iterator[None]:
    """Nothing gets code of its own, however often it is worked out. What is told of a decision is worked out when it is
    asked for, so it is to be asked for in here."""
    with _code_after(NEVER, NEVER):
        yield


@contextmanager
def generating() -> Iterator[None]:
    """Households are decided by code from their dicts; what that leaves goes by steps that have code of their own from
    the second time on."""
    with _code_after(0, 1):
        yield


@contextmanager
def _code_after(way: int, step: int) -> Iterator[None]:
    before = ways.OFTEN, working.OFTEN
    _set(way, step)
    try:
        yield
    finally:
        _set(*before)


def _set(way: int, step: int) -> None:
    for module, times in ((ways, way), (working, step)):
        setattr(module, "OFTEN", times)  # noqa: B010  # a constant of whoever imports it
