"""Our own policies and their cases, run once for the tests that ask how strong they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from engine.api import Policies, open_policies
from engine.diagnostics import Reporter
from engine.resources import policies_root
from engine.testing.model import CaseResult, Suite
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import run


@dataclass(frozen=True)
class Ours:
    policies: Policies
    suite: Suite
    results: Sequence[CaseResult]


@cache
def read() -> tuple[Policies, Suite]:
    policies = open_policies(policies_root())
    return policies, read_suite([policies_root()], policies.slices)


@cache
def ours() -> Ours:
    policies, suite = read()
    return Ours(policies, suite, tuple(run(suite, policies, Selection((), ""), Reporter())))
