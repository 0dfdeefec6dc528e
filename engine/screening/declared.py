"""Everything that some policy which may decide declares, put together: what a table may hold, and what is answered.

In: a `Library`, and the policy that was asked for.  Out: `Declared`, in the order of the documents: roots by id, then
what stands above them. Two cities may give one name to different things: every declaration of a name is kept.
Imports evaluation, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from engine.errors import PolicyError
from engine.evaluation.derivation import ToldOutput
from engine.evaluation.prepared import prepare
from engine.policy.document import Document
from engine.policy.loader import Library
from engine.policy.model import (
    AddCondition,
    AddElement,
    AnyElement,
    Cause,
    Check,
    Collection,
    Condition,
    Fact,
    FactRole,
    NamedList,
    Output,
    Overlay,
    Parameter,
    Policy,
    Reading,
    Referral,
    Term,
    added,
)
from engine.policy.slices import Slices
from engine.records import dataclass

FindingKey = tuple[str, str]
"""(cause, condition); (cause, "") for the cause itself, ("", id) for a requirement"""


@dataclass(slots=True)
class Declared:
    """Attributes:
    documents: the ids of the documents that may decide.
    facts: of the household, then of the items of each collection: by owner ("" for the household) and id, each as often
        as it is declared differently.
    outputs: likewise by id.
    others: the fields that only a policy which may not decide declares.
    unsettled: facts, by owner and id, of which one document has another default than the next.
    """

    documents: tuple[str, ...]
    facts: dict[str, dict[str, tuple[Fact, ...]]] = field(default_factory=dict)
    collections: dict[str, Collection] = field(default_factory=dict)
    findings: dict[FindingKey, None] = field(default_factory=dict)
    outputs: dict[str, tuple[ToldOutput, ...]] = field(default_factory=dict)
    readings: dict[str, None] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    unsettled: set[tuple[str, str]] = field(default_factory=set)

    def causes(self) -> tuple[str, ...]:
        return tuple(cause for cause, condition in self.findings if cause and not condition)

    def fields(self) -> Iterator[str]:
        """Every field that a household may have: `county`, `vehicles`, `vehicles.price`."""
        yield from self.facts[""]
        yield from self.collections
        for owner in self.collections:
            yield from (f"{owner}.{fact}" for fact in self.facts[owner])

    def in_role(self, role: FactRole) -> str:
        """The fact of the household that has a role; "" where none has it."""
        return next((id for id, facts in self.facts[""].items() if facts[0].role == role), "")

    def required(self, owner: str) -> Iterator[str]:
        """The fields that no household, or no item, is without."""
        yield from (id for id, facts in self.facts[owner].items() if all(fact.required for fact in facts))
        if not owner:
            yield from (id for id, held in self.collections.items() if held.required)


def declared_by(library: Library, slices: Slices, policy: str | None) -> Declared:
    """What is declared by the documents that may decide where `policy` was asked for (None: any official root).

    Raises: PolicyError where none of them can be used.
    """
    documents = list(_deciding(library, policy))
    built = [one for document in documents if (one := library.build(document.header.id)) is not None]
    if not built:
        raise PolicyError(library.errors())
    found = Declared(tuple(document.header.id for document in documents), {"": {}})
    for one in built:
        _add(found, one)
    for document in documents:
        if _adds_outputs(document):
            for checked in slices.policies_of(document):
                for told in prepare(checked).told_outputs.values():
                    _add_output(found, told)
    found.others = frozenset(library.declared_fields()) - frozenset(found.fields())
    return found


def _deciding(library: Library, policy: str | None) -> Iterator[Document]:
    """Roots first, each with what amends it: the official overlays, and those on the way to the one that was named."""
    named = frozenset() if policy is None else frozenset(library.line_to(policy))
    root = None if policy is None else library.root_of(policy)
    for one in library.roots():
        id = one.header.id
        if id != root if policy is not None else one.header.origin.status != "official":
            continue
        yield one
        for name in sorted(library.documents):
            document = library.documents[name]
            takes_part = document.header.origin.status == "official" or name in named
            if takes_part and not document.is_root and library.root_of(name) == id:
                yield document


def _add(found: Declared, built: Policy | Overlay) -> None:
    if isinstance(built, Policy):
        elements = built.elements
        for group in (elements.facts, elements.collections, elements.readings, elements.causes):
            for element in group.values():
                _add_element(found, element)
        found.findings.update({("", id): None for id in elements.requirements})
        return
    for change in built.changes:
        if isinstance(change, AddCondition):
            causes = found.causes() if change.cause == "all" else (change.cause,)
            found.findings.update({(cause, change.condition.id): None for cause in causes})
        elif isinstance(change, AddElement):
            _add_element(found, change.element)


def _add_element(found: Declared, element: AnyElement) -> None:
    match element:
        case Collection():
            found.collections.setdefault(element.id, element)
            for fact in element.facts.values():
                _add_fact(found, fact)
        case Fact():
            _add_fact(found, element)
        case Cause():
            found.findings.update({(element.id, id): None for id in ("", *element.conditions)})
        case Condition():
            found.findings["", element.id] = None
        case Reading():
            found.readings[element.id] = None
        case Check() | NamedList() | Output() | Parameter() | Referral() | Term():
            pass


def _add_fact(found: Declared, fact: Fact) -> None:
    owner = found.facts.setdefault(fact.collection, {})
    before = owner.get(fact.id, ())
    if any(one.default != fact.default for one in before):
        found.unsettled.add((fact.collection, fact.id))
    if not any(_read_alike(one, fact) for one in before):
        owner[fact.id] = (*before, fact)


def _read_alike(one: Fact, other: Fact) -> bool:
    return (one.type, one.decimals, one.required) == (other.type, other.decimals, other.required)


def _adds_outputs(document: Document) -> bool:
    return document.built is not None and any(isinstance(one, Output) for one in added(document.built))


def _add_output(found: Declared, told: ToldOutput) -> None:
    before = found.outputs.get(told.declared.id, ())
    if not any(one.type == told.type and one.declared.collection == told.declared.collection for one in before):
        found.outputs[told.declared.id] = (*before, told)
