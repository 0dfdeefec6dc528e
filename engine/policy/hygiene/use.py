"""What no rule reads: facts that are asked for nothing, steps, values, lists and readings that make no difference.

In: the subjects of a library.  Out: `unused-…` at what is not read by any rule of its own document or of one above it.
Optional facts are a shared vocabulary that waits for its readers, and no fault; what only the unread reads is told once
those are gone. Imports declared, loader, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from engine.diagnostics import Reporter
from engine.language.references import core_reads
from engine.policy.checked import CheckedPolicy
from engine.policy.hygiene.declared import Subject, places
from engine.policy.keys import declared_key
from engine.policy.loader import Library
from engine.policy.model import (
    Cause,
    Check,
    Collection,
    Condition,
    Element,
    Elements,
    Exemption,
    Fact,
    NamedList,
    Output,
    Parameter,
    Policy,
    Reading,
    Referral,
    Term,
)
from engine.policy.replaced import term_of
from engine.policy.shared import source_of
from engine.policy.written import declared
from engine.source import Span


def check_use(library: Library, subjects: Sequence[Subject], report: Reporter) -> None:
    used: set[Span] = set()
    seen: set[int] = set()
    for subject in subjects:
        for checked in subject.slices:
            if id(checked.rules) not in seen:
                seen.add(id(checked.rules))
                used.update(_used(checked))
    sound = {subject.id for subject in subjects}
    # what a file with errors reads of those below it is not known
    doubtful = {below for name in library.documents if name not in sound for below in library.line_to(name)}
    for subject in subjects:
        whole = library.folders.get(subject.document.root, False) or not isinstance(subject.built, Policy)
        if whole and subject.id not in doubtful:
            _unused(subject, used, report)


def _used(checked: CheckedPolicy) -> Iterator[Span]:
    """The declarations that some expression of the policy reads."""
    elements = checked.merged.elements
    for _, _, core in places(checked.rules):
        for kind, collection, name in core_reads(core):
            held = _read(kind, collection, name, elements)
            yield from _with_keys(held, elements)
            if isinstance(held, Parameter) and (given := source_of(held, checked.merged.chain.sources)) is not None:
                yield from _with_keys(*given)


def _with_keys(held: Element | None, elements: Elements) -> Iterator[Span]:
    for key in held.by if isinstance(held, Parameter) else ():
        yield from _with_replaced(declared_key(elements, key))
    yield from _with_replaced(held)


def _with_replaced(held: Element | None) -> Iterator[Span]:
    while held is not None:
        yield held.origin.span
        held = held.replaces if isinstance(held, Term) else None


def _read(kind: str, collection: str, name: str, elements: Elements) -> Element | None:
    match kind:
        case "fact":
            return elements.fact(collection, name)
        case "collection":
            return elements.collections[name]
        case "term":
            return elements.terms[term_of(name)]
        case "parameter":
            return elements.parameters[name]
        case "reading":
            return elements.readings[name]
        case "list":
            return elements.lists[name]
        case _:
            return None


def _unused(subject: Subject, used: set[Span], report: Reporter) -> None:
    inside: set[Span] = set()
    for element in declared(subject.built):
        span = element.origin.span
        if span in used or span in inside or not subject.holds(span):
            continue
        match element:
            case Collection(facts=facts, optional=False) if not any(
                fact.origin.span in used for fact in facts.values()
            ):
                inside.update(fact.origin.span for fact in facts.values())
                report.tell("unused-fact", span, label=element.label)
            case Fact(optional=False, role="") if not _of_optional(element, subject):
                report.tell("unused-fact", span, label=element.label)
            case Term():
                report.tell("unused-term", span, label=element.label)
            case Parameter():
                report.tell("unused-parameter", span, label=element.label)
            case NamedList():
                report.tell("unused-list", span, label=element.label)
            case Reading():
                report.tell("unused-reading", span, label=element.label)
            case (
                Collection() | Fact() | Cause() | Condition() | Exemption() | Check() | Output() | Referral()
            ):  # what decides or is told by itself, and what waits for its readers
                pass
            case _:
                assert_never(element)


def _of_optional(fact: Fact, subject: Subject) -> bool:
    """Whether it belongs to items that not every household has to give."""
    for checked in subject.slices:
        held = checked.merged.elements.collections.get(fact.collection)
        if held is not None:
            return held.optional
    return False
