"""A merged policy made ready to decide: names, types, units, circles. The only maker of `CheckedPolicy`.

In: a `MergedPolicy`.  Out: a `CheckedPolicy`, or every fault of every expression.
Imports names, order, digest, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.diagnostics import Reporter
from engine.language.ast import Expression, Previous
from engine.language.bounds import Bounds
from engine.language.core import CoreExpression
from engine.language.elaborate import elaborate, elaborate_parts, negate
from engine.language.quantities import convert
from engine.language.references import children
from engine.language.scope import TermEntry
from engine.language.size_faults import report_too_long
from engine.language.sizes import TooLong, size_of
from engine.language.templates import check_template
from engine.language.types import TRUTH, ItemOf, Quantity, Type
from engine.language.unit_faults import declared_unit
from engine.language.units import parse_unit
from engine.policy.checked import CheckedCause, CheckedCondition, CheckedTerm, Rules
from engine.policy.consequences import without_names
from engine.policy.declarations import with_days
from engine.policy.keys import declared_key, is_amount, key_type
from engine.policy.model import (
    Change,
    Check,
    Condition,
    Element,
    Elements,
    Header,
    Joining,
    MergedPolicy,
    Output,
    Parts,
    Policy,
    Referral,
    Term,
    brought,
    identity_of,
)
from engine.policy.names import Names, ends_of
from engine.policy.order import Order, report_circles
from engine.policy.replaced import as_step, read_versions, versions
from engine.policy.shared import check_taken
from engine.policy.slips import told_at_declarations
from engine.policy.territory import Territory
from engine.source import Span
from engine.suggest import Near


def check_rules(merged: MergedPolicy, report: Reporter, refused: Sequence[Change] = ()) -> Rules | None:
    """The elaborated rules; None after any error in them. A values document has none, and decides nobody.

    Args:
        refused: changes of which the merge refused some; what they would have added is not missed.
    """
    if merged.chain.root.header.is_values:
        return Rules({}, {}, {}, {}, {}, {})
    own = Reporter()
    checker = _Checker(merged.elements, merged.chain.root.header, own, merged.divisions)
    checker.check_answer(merged.chain.root)
    rules = checker.rules()
    checker.check_joining(merged.chain.root.joining)
    check_taken(merged, own)
    lost = {name for added in map(brought, refused) if added is not None for name in (added.id, added.name)}
    found = with_days(without_names(own, checker.broken | lost), merged)
    report.extend(told_at_declarations(found, merged.chain))
    return None if own.has_errors else rules


def term_types(merged: MergedPolicy) -> dict[tuple[str, str], Type]:
    """What the steps come to that are sound, by collection and id, whatever is wrong with others."""
    checker = _Checker(merged.elements, merged.chain.root.header, Reporter(), merged.divisions)
    return {key: term.core.type for key, term in checker.terms().items()}


def typed_names(merged: MergedPolicy) -> Names:
    """What has a name in expressions and a type: everything but the steps that are not sound."""
    checker = _Checker(merged.elements, merged.chain.root.header, Reporter(), merged.divisions)
    checker.terms()
    return checker.names


class _Checker:
    def __init__(self, elements: Elements, root: Header, report: Reporter, places: Territory) -> None:
        self.elements = elements
        self.file = root.origin.span
        """where to say what the whole policy lacks"""
        self.report = report
        self.names = Names(elements, report, root.leap_day, root.units, places)
        self.broken = {name for term in elements.terms.values() for name in (term.id, term.name) if name}
        """names of terms that are not, or not yet, known to be sound"""

    def rules(self) -> Rules:
        self._check_roles()
        self._check_references()
        terms = self.terms()
        self._check_keys(terms)
        causes = self._causes()
        requirements = {name: self._condition(held) for name, held in self.elements.requirements.items()}
        checks = self._checks()
        outputs = self._outputs()
        referrals = self._referrals()
        found_requirements = {name: held for name, held in requirements.items() if held is not None}
        rules = Rules(terms, causes, found_requirements, checks, outputs, referrals)
        report_circles(rules, self.elements.terms, self.report)
        return rules

    def _check_roles(self) -> None:
        """A household has just one identity, one day and one place."""
        for role in ("identity", "as_of", "place"):
            held = [fact for fact in self.elements.facts.values() if fact.role == role]
            if not held:
                self.report.tell("role-missing", self.file, role=role)
            for extra in held[1:]:
                self.report.tell(
                    "role-twice", extra.origin.span, role=role, related=[("declared-here", held[0].origin.span)]
                )

    def _check_references(self) -> None:
        """What refers to an item refers to one of a collection whose items have an id."""
        for fact in self.elements.all_facts():
            if not isinstance(fact.type, ItemOf):
                continue
            owner = self._collection(fact.type.collection, fact.origin.span, by_name=False)
            if owner is not None and identity_of(self.elements.collections[owner]) is None:
                self.report.tell("refers-without-identity", fact.origin.span, name=owner)

    def check_answer(self, root: Policy) -> None:
        """There is something to answer: causes, or figures in a policy that never had a cause; one of which all causes
        are gone on some day is none of figures only, and a requirement says on what the outcome of causes rests."""
        elements = self.elements
        if elements.causes:
            return
        if root.elements.causes or elements.requirements or not elements.outputs:
            self.report.tell("no-causes", self.file)

    def check_joining(self, joining: Joining | None) -> None:
        """What is wrong with it whatever a cause may state: nobody else would see it before one joins."""
        if joining is None:
            return
        standing = {joining.cause, *joining.states, *joining.states.values()}
        for part in joining.parts.values():
            check_template(part, standing, self.names.scope(), self.report)

    def _check_keys(self, terms: Mapping[tuple[str, str], CheckedTerm]) -> None:
        """A step that a parameter is keyed by is a whole count, has options, or states the unit of its amount."""
        for parameter in self.elements.parameters.values():
            for key in parameter.by:
                held = declared_key(self.elements, key)
                if held is None:
                    self.report.tell("unknown-key-kind", parameter.origin.span, name=key, suggestion="")
                owner, _, name = key.rpartition(".")
                term = terms.get((owner, name))
                if term is None or not isinstance(held, Term) or held.choice is not None:
                    continue
                if is_amount(key_type(self.elements, key)):
                    continue
                if not isinstance(term.core.type, Quantity) or not term.core.type.whole:
                    self.report.tell("bad-key-kind", parameter.origin.span, name=key)

    # ---- terms

    def terms(self) -> dict[tuple[str, str], CheckedTerm]:
        found: dict[tuple[str, str], CheckedTerm] = {}
        homes = {term.id: self._collection(term.collection, term.origin.span) for term in self.elements.terms.values()}
        terms = {id: term for id, term in self.elements.terms.items() if homes[id] is not None}
        asked: dict[str, None] = {}
        for id, term in terms.items():
            self.names.expect_term(term, homes[id] or "", asked)

        def attempt(term: Term) -> Sequence[str]:
            """Elaborated for good only if everything that it asked for was known."""
            asked.clear()
            self.report, report = self.report.aside(), self.report
            steps = list(self._steps_of(term, homes[term.id] or ""))
            self.report, told = report, self.report
            if asked:
                return list(asked)
            self.report.extend(told)
            self.names.forget_term(term, homes[term.id] or "")
            for entry, step in steps:
                self.names.add_term(entry)
                found[entry.collection, step.declared.id] = step
            return ()

        def drop(term: Term) -> None:
            self.names.forget_term(term, homes[term.id] or "")

        Order(terms, attempt, drop, self.report).settle_all()
        return found

    def _steps_of(self, term: Term, collection: str) -> Iterator[tuple[TermEntry, CheckedTerm]]:
        """The step of a term, after those of the versions that `previous` in it stands for; each with what later
        expressions know of it."""
        all_, read = versions(term), len(read_versions(term))
        before, previous = None, None
        for age, version in enumerate(reversed(all_)):
            # what nothing reads any more has no say but in what kind of value the term is
            seen = age >= len(all_) - read
            report = self.report if seen else Reporter()
            core = self._term_core(version, collection, previous, report)
            if version is not term:
                step = as_step(version, age)
                entry = None if core is None else self._entry(step, collection, core, report)
                if seen and entry is None:
                    return  # told already; what reads it would be told the same
                previous = _previous(version, entry, previous)
                if core is not None and entry is not None and previous is entry:
                    self.names.add_term(entry)
                    if seen:
                        yield entry, CheckedTerm(step, core)
                before = core
            elif core is not None:
                if before is not None and not _alike(before.type, core.type):
                    core = self._of_another_type(term, before)
                own = self._entry(term, collection, core, report)
                if own is not None:
                    self.broken -= {term.id, term.name}
                    yield own, CheckedTerm(term, core)

    def _entry(self, term: Term, collection: str, core: CoreExpression, report: Reporter) -> TermEntry | None:
        """What later expressions know of a term; None where its numbers may become too long."""
        known = Bounds(self.names.scope(collection))
        size = size_of(core, known)
        if isinstance(size, TooLong):
            report_too_long(size, term.name or term.label, report)
            return None
        low, high = ends_of(known.value(core), core.type)
        unit = term.unit_text or declared_unit(core, self.names.scope(collection))
        return TermEntry(term.id, term.name, term.origin.span, collection, core.type, low, high, unit, size)

    def _short(self, core: CoreExpression | None, element: Element, collection: str = "") -> CoreExpression | None:
        """The expression, unless a number in it may become too long."""
        size = None if core is None else size_of(core, Bounds(self.names.scope(collection)))
        if isinstance(size, TooLong):
            report_too_long(size, element.name or element.label, self.report)
            return None
        return core

    def _collection(self, name: str, span: Span, *, by_name: bool = True) -> str | None:
        """The id of the collection that `of` names, "" for none; None where there is no such collection.

        Args:
            by_name: it may be called by its Chinese name.
        """
        if not name:
            return ""
        meant: str | Near = Near(name, self.elements.collections)
        for held in self.elements.collections.values():
            if name == held.id or (name == held.name and by_name):
                return held.id
            if name == held.name:
                meant = held.id
        self.report.tell("unknown-collection", span, name=name, suggestion=meant)
        return None

    def _term_core(
        self, term: Term, collection: str, previous: TermEntry | Expression | None, report: Reporter
    ) -> CoreExpression | None:
        scope = replace(self.names.scope(collection), previous=previous)
        expected = term.choice or self._unit_type(term.unit_text)
        if not isinstance(term.body, Parts):
            return elaborate(term.body, scope, report, expected, term.unit_text)
        parts = [(name, part.expression) for name, part in term.body.parts.items()]
        core = elaborate_parts(term.body.kind, parts, scope, report, term.origin.span)
        if core is not None and isinstance(expected, Quantity):
            return self._in_unit(core, expected, term, report)
        return core

    def _in_unit(self, core: CoreExpression, expected: Quantity, term: Term, report: Reporter) -> CoreExpression | None:
        """A term of parts in the unit that it declares."""
        if isinstance(core.type, Quantity) and core.type.unit.dimension == expected.unit.dimension:
            return convert(core, expected.unit)
        unit = declared_unit(core, self.names.scope(term.collection))
        report.tell("expected-unit", term.origin.span, text=term.id, unit=unit or "-", wanted=term.unit_text)
        return None

    def _of_another_type(self, term: Term, before: CoreExpression) -> CoreExpression:
        """What replaces a term is of the same kind and dimension; whoever reads it relies on that.

        The old one is given back, so that the mistake is not told again wherever the term is read.
        """
        assert term.replaces is not None
        self.report.tell(
            "replacement-type", term.origin.span, term=term.id, related=[("replaced-here", term.replaces.origin.span)]
        )
        return before

    def _unit_type(self, text: str) -> Type | None:
        unit = parse_unit(text, self.names.units) if text else None
        return None if unit is None else Quantity(unit)

    # ---- conditions

    def _causes(self) -> dict[str, CheckedCause]:
        causes = {}
        for name, cause in self.elements.causes.items():
            if not cause.conditions:
                self.report.tell("empty-cause", cause.origin.span, cause=cause.id)
            conditions = {id_: self._condition(held) for id_, held in cause.conditions.items()}
            causes[name] = CheckedCause(cause, {id_: held for id_, held in conditions.items() if held is not None})
        return causes

    def _condition(self, condition: Condition) -> CheckedCondition | None:
        core = self._truth(condition.expression, condition)
        whens = [(exemption, self._truth(exemption.when, exemption)) for exemption in condition.exemptions]
        exemptions = tuple((exemption, when) for exemption, when in whens if when is not None)
        if core is None:
            return None
        return CheckedCondition(condition, negate(core) if condition.negated else core, exemptions)

    def _truth(self, expression: Expression, element: Element, collection: str = "") -> CoreExpression | None:
        core = elaborate(expression, self.names.scope(collection), self.report, TRUTH)
        return self._short(core, element, collection)

    # ---- the rest

    def _checks(self) -> dict[str, tuple[Check, CoreExpression]]:
        checks = {}
        for name, held in self.elements.checks.items():
            collection = self._collection(held.collection, held.origin.span)
            core = None if collection is None else self._truth(held.require, held, collection)
            if collection is not None and core is not None:
                checks[name] = (replace(held, collection=collection), core)
        return checks

    def _outputs(self) -> dict[str, tuple[Output, CoreExpression]]:
        outputs = {}
        for name, held in self.elements.outputs.items():
            collection = self._collection(held.collection, held.origin.span)
            if collection is None:
                continue
            asked = self._unit_type(held.unit_text)
            core = elaborate(held.expression, self.names.scope(collection), self.report, asked, held.unit_text)
            core = self._short(core, held, collection)
            if core is not None:
                outputs[name] = (replace(held, collection=collection), core)
        return outputs

    def _referrals(self) -> dict[str, tuple[Referral, CoreExpression]]:
        cores = {name: (held, self._truth(held.when, held)) for name, held in self.elements.referrals.items()}
        return {name: (held, core) for name, (held, core) in cores.items() if core is not None}


def _previous(
    version: Term, entry: TermEntry | None, before: TermEntry | Expression | None
) -> TermEntry | Expression | None:
    """What `previous` stands for in what replaces this version: its step. A mere name or literal needs none, and takes
    its unit or its options from where it is read."""
    match version.body:
        case Previous():
            return before
        case Parts():
            return entry
        case leaf if not children(leaf):
            return leaf
        case _:
            return entry


def _alike(first: Type, second: Type) -> bool:
    if isinstance(first, Quantity) and isinstance(second, Quantity):
        return first.unit.dimension == second.unit.dimension
    return first == second
