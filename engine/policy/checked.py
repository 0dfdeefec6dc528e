"""A policy that may decide: the merged policy with every expression elaborated to the core.

In: `check` is the only maker.  Out: what every back end folds over.
Imports language and the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.language.core import CoreExpression
from engine.policy.model import (
    Cause,
    Cell,
    Chain,
    Check,
    Condition,
    Exemption,
    Key,
    MergedPolicy,
    Output,
    Referral,
    Term,
)


@dataclass(frozen=True, slots=True)
class CheckedTerm:
    declared: Term
    core: CoreExpression


@dataclass(frozen=True, slots=True)
class CheckedCondition:
    """`core` is the condition alone (with `unless` already turned); `exemptions` are alternatives to it.

    The condition is met when `core` or some exemption is.
    """

    declared: Condition
    core: CoreExpression
    exemptions: tuple[tuple[Exemption, CoreExpression], ...]


@dataclass(frozen=True, slots=True)
class CheckedCause:
    declared: Cause
    conditions: Mapping[str, CheckedCondition]


@dataclass(frozen=True, slots=True)
class Rules:
    """The elaborated rules. `terms` are keyed by (collection, id), each after the terms that it reads.

    `facts_used` are the (collection, id) pairs of facts that some rule, check, output or referral reads, with
    (collection, "") for a collection that is read as such; `decision_facts` those that the outcome can read.
    """

    terms: Mapping[tuple[str, str], CheckedTerm]
    causes: Mapping[str, CheckedCause]
    requirements: Mapping[str, CheckedCondition]
    checks: Mapping[str, tuple[Check, CoreExpression]]
    outputs: Mapping[str, tuple[Output, CoreExpression]]
    referrals: Mapping[str, tuple[Referral, CoreExpression]]
    facts_used: frozenset[tuple[str, str]]
    decision_facts: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ValueInForce:
    """A cell and the block it comes from; `stale` when it is older than the parameter's `review_after`."""

    cell: Cell
    block_index: int
    stale: bool


@dataclass(frozen=True, slots=True)
class ValuesInForce:
    """Parameters and lists on one day: by id; a key without a value is absent, and so is a list
    without a block in force."""

    parameters: Mapping[str, Mapping[Key, ValueInForce]]
    lists: Mapping[str, frozenset[tuple[str, ...]]]


class Fingerprint:
    """A chain's digest, worked out when it is first asked for: deciding needs it, checking many chains does not."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._text = ""

    @property
    def text(self) -> str:
        if not self._text:
            from engine.policy.digest import chain_digest

            self._text = chain_digest(self._chain)
        return self._text


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """Policies of one chain share its fingerprint."""

    merged: MergedPolicy
    rules: Rules
    fingerprint: Fingerprint

    @property
    def digest(self) -> str:
        """Over the meaning of the whole chain, before any day is picked."""
        return self.fingerprint.text

    def values(self, place: str, as_of: date, known_on: date | None) -> ValuesInForce:
        """The values in force for a place on a day, leaving out what was published after `known_on`."""
        from engine.policy.tables import values_in_force

        return values_in_force(self.merged, place, as_of, known_on)
