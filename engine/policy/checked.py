"""A policy that may decide: the merged policy with every expression elaborated to the core.

In: `check` is the only maker.  Out: what every back end folds over.
Imports language and the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from engine.beside import Beside
from engine.language.core import CoreExpression
from engine.policy.model import (
    Cause,
    Chain,
    Change,
    Check,
    Condition,
    Exemption,
    MergedPolicy,
    Output,
    Referral,
    Term,
)
from engine.policy.replaced import term_of
from engine.policy.stretches import concerns
from engine.policy.tables import Dated, ValuesInForce, dated_of
from engine.records import dataclass

if TYPE_CHECKING:
    from engine.policy.proved import Proof, Proofs


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


OwnerKind: TypeAlias = Literal[
    "condition", "exemption", "exempted", "cause", "outcome", "term", "check", "output", "referral"
]
Declared: TypeAlias = Condition | Exemption | Term | Check | Output | Referral


@dataclass(frozen=True, slots=True)
class Owner:
    """The rule that an expression belongs to. A condition that has exemptions is `exempted` as a whole.

    Attributes:
        group: the cause ("" for a requirement), the collection of a term, check or output ("" for the household).
        part: an exemption's id.
    """

    kind: OwnerKind
    group: str
    id: str
    part: str = ""

    @property
    def collection(self) -> str:
        """Whose items the expression is worked out for, one by one; "" for the household."""
        return self.group if self.kind in ("term", "check", "output") else ""

    @property
    def name(self) -> str:
        """`illness.income`, `requirements.x`, `illness.assets:exempt`, `members.medical_net`, `outputs.x`."""
        match self.kind:
            case "condition" | "exemption" | "exempted":
                name = f"{self.group or 'requirements'}.{self.id}"
                return f"{name}:{self.part}" if self.part else name
            case "term":
                name = term_of(self.id)
                return f"{self.group}.{name}" if self.group else name
            case "cause" | "outcome":
                return self.id or self.kind
            case "check" | "output" | "referral":
                return f"{self.kind}s.{self.id}"
        assert_never(self.kind)


@dataclass(frozen=True, slots=True)
class Rule:
    """An expression of the rules: whose it is, what declares it, and what it comes to."""

    owner: Owner
    declared: Declared
    core: CoreExpression


@dataclass(frozen=True, slots=True)
class Rules:
    """The elaborated rules. `terms` are keyed by (collection, id), each after the terms that it reads."""

    terms: Mapping[tuple[str, str], CheckedTerm]
    causes: Mapping[str, CheckedCause]
    requirements: Mapping[str, CheckedCondition]
    checks: Mapping[str, tuple[Check, CoreExpression]]
    outputs: Mapping[str, tuple[Output, CoreExpression]]
    referrals: Mapping[str, tuple[Referral, CoreExpression]]
    beside: Beside = field(default_factory=Beside, init=False, compare=False, repr=False)

    def conditions(self) -> Iterator[tuple[str, str, CheckedCondition]]:
        """Every condition by cause and id; the cause of a requirement is ""."""
        for cause, checked in self.causes.items():
            yield from ((cause, id, condition) for id, condition in checked.conditions.items())
        yield from (("", id, condition) for id, condition in self.requirements.items())

    def every(self) -> Iterator[Rule]:
        """Every expression: whoever looks at all of them looks here, so that none is forgotten."""
        for cause, id, condition in self.conditions():
            yield Rule(Owner("condition", cause, id), condition.declared, condition.core)
            for exemption, when in condition.exemptions:
                yield Rule(Owner("exemption", cause, id, exemption.id), exemption, when)
        for (collection, id), term in self.terms.items():
            yield Rule(Owner("term", collection, id), term.declared, term.core)
        for id, (check, core) in self.checks.items():
            yield Rule(Owner("check", check.collection, id), check, core)
        for id, (output, core) in self.outputs.items():
            yield Rule(Owner("output", output.collection, id), output, core)
        for id, (referral, core) in self.referrals.items():
            yield Rule(Owner("referral", "", id), referral, core)


class Fingerprint:
    """A chain's digest, worked out when it is first asked for: deciding needs it, checking many chains does not.

    Args:
        known: what was proved, by the digest of the rules that it is about.
    """

    def __init__(self, chain: Chain, known: Proofs | None = None) -> None:
        self._chain, self._known = chain, known or {}
        self._text = ""
        self._proofs: Mapping[str, Proof] | None = None

    @property
    def text(self) -> str:
        if not self._text:
            from engine.policy.digest import chain_digest

            self._text = chain_digest(self._chain)
        return self._text

    @property
    def proofs(self) -> Mapping[str, Proof]:
        """What was proved of the overlays of the chain, by their ids."""
        if self._proofs is None:
            from engine.policy.proved import proofs_of

            self._proofs = proofs_of(self._chain, self.text, self._known) if self._known else {}
        return self._proofs


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """Policies of one chain share its fingerprint."""

    merged: MergedPolicy
    rules: Rules
    fingerprint: Fingerprint
    beside: Beside = field(default_factory=Beside, init=False, compare=False, repr=False)

    @property
    def digest(self) -> str:
        """Over the meaning of the whole chain, before any day is picked."""
        return self.fingerprint.text

    @property
    def proofs(self) -> Mapping[str, Proof]:
        """What was proved of these very rules, by overlay."""
        return self.fingerprint.proofs

    @property
    def dated(self) -> Dated:
        """Its values, lists and readings, in rows."""
        return dated_of(self.merged)

    def values(self, place: str, as_of: date, known_on: date | None) -> ValuesInForce:
        """What is in force for a place on a day, leaving out what was published after `known_on`."""
        return self.dated.on(place, as_of, known_on)

    def changes(self, place: str, as_of: date, known_on: date | None) -> tuple[Change, ...]:
        """The changes that are about a place on a day; of values and lists those of all days."""
        return tuple(one for one in self.merged.applied if concerns(one, place, self.merged.divisions, as_of, known_on))
