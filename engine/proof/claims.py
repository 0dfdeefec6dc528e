"""What can never hold, and what says nothing: proved of causes, conditions, requirements and checks of the data.

In: `Scope`s.  Out: `Claim`s, each once for all places and days, and what was `Left` unsettled. Whichever options of the
readings are chosen: what says nothing under one of them only is there for the others. Where one claim follows from
another, only that other is told. Imports program and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Literal, TypeAlias

from engine.gathered import gathered
from engine.program.model import Step
from engine.proof import terms
from engine.proof.findings import Claim, ClaimKind, Left, Subject, telling
from engine.proof.results import Bound, Proved, Unsettled, all_of
from engine.proof.scope import CHECKED, UNCHECKED, Asked, Scope, Some, Told, Way, every_item
from engine.proof.terms import Bit
from engine.records import dataclass

_Key: TypeAlias = tuple[ClaimKind, Subject, tuple[str, ...]]


def claims(scopes: Sequence[Scope]) -> Iterator[Claim | Left]:
    found: dict[_Key, list[tuple[Scope, Bound]]] = {}
    having: dict[Subject, list[Scope]] = {}
    left: dict[Left, None] = {}
    for scope in scopes:
        rules = _Rules(scope)
        for subject in rules.subjects:
            having.setdefault(subject, []).append(scope)
        for key, bound in rules.claims():
            found.setdefault(key, []).append((scope, bound))
        left |= dict.fromkeys(rules.left)
    left |= dict.fromkeys(_undecided(scopes))
    for (kind, subject, others), where in found.items():
        everywhere = len(where) == len(having[subject])
        only = () if everywhere else tuple(case for scope, _ in where for case in scope.group.cases)
        yield Claim(
            kind,
            subject,
            others,
            all_of([bound for _, bound in where]),
            only,
            telling(scope.group.cases[0] for scope, _ in where),
        )
    yield from left


def _undecided(scopes: Sequence[Scope]) -> Iterator[Left]:
    """The policies under which no household is decided, anywhere."""
    by_root = gathered((scope.group.cases[0].policies[0].merged.chain.root.header.id, scope) for scope in scopes)
    for held in by_root.values():
        if all(scope.settle(scope.decided, UNCHECKED) is None for scope in held):
            root = held[0].group.cases[0].policies[0].merged.chain.root.header
            yield Left(root.title, "nothing-decided", root.origin.span)


def subjects(scopes: Iterable[Scope]) -> dict[Subject, None]:
    """The rules of all of them, each once."""
    return {subject: None for scope in scopes for subject in _Rules(scope).subjects}


@dataclass(frozen=True, slots=True, eq=False)
class _Rules:
    scope: Scope
    left: list[Left] = field(default_factory=list)

    @property
    def subjects(self) -> Iterator[Subject]:
        yield from (subject for subject, _ in self._conditions())
        yield from (subject for subject, _ in self._causes())
        yield from (subject for subject, _ in self._checks())

    def claims(self) -> Iterator[tuple[_Key, Bound]]:
        yield from self._of_checks()
        yield from self._of_rules()

    # ---- checks of the data

    def _of_checks(self) -> Iterator[tuple[_Key, Bound]]:
        refusing = {id(step) for step in self.scope.program.refusing}
        checks = list(self._checks())
        alone = False
        for subject, step in checks:
            bound = self._none(subject, _all_hold([step]), UNCHECKED)
            if bound is not None:
                alone = alone or id(step) in refusing
                yield ("check-refuses-all", subject, ()), bound
                continue
            others = [one for one in self.scope.program.refusing if one is not step]
            bound = self._none(subject, _breaks(step, others), UNCHECKED)
            if bound is not None:
                yield ("check-refuses-none", subject, ()), bound
        bearing = [subject for subject, step in checks if id(step) in refusing]
        if len(bearing) > 1 and not alone:
            bound = self._none(bearing[0], _all_hold(self.scope.program.refusing), UNCHECKED)
            if bound is not None:
                yield ("check-refuses-all", bearing[0], tuple(one.label for one in bearing[1:])), bound

    # ---- causes and conditions

    def _of_rules(self) -> Iterator[tuple[_Key, Bound]]:
        idle: set[Subject] = set()
        dead_causes: set[str] = set()
        for subject, step in self._conditions():
            bound = self._none(subject, _holds(step))
            if bound is not None:
                dead_causes |= {subject.group} - {""}
                yield (self._kind("never-met", bound), subject, ()), bound
                continue
            bound = self._none(subject, _fails(step))
            if bound is not None:
                idle.add(subject)
                yield (self._kind("never-fails", bound), subject, ()), bound
        causes = list(self._causes())
        for subject, step in causes:
            if subject.id not in dead_causes and (bound := self._none(subject, _holds(step))) is not None:
                dead_causes.add(subject.id)
                yield (self._kind("never-met", bound), subject, ()), bound
        alive = [(subject, step) for subject, step in causes if subject.id not in dead_causes]
        yield from self._implied(idle, dead_causes, [step for _, step in alive])
        yield from self._covered(alive)

    def _implied(
        self, idle: set[Subject], dead_causes: set[str], causes: Sequence[Step]
    ) -> Iterator[tuple[_Key, Bound]]:
        by_cause: dict[str, list[tuple[Subject, Step]]] = {}
        for subject, step in self._conditions():
            by_cause.setdefault(subject.group, []).append((subject, step))
        for cause, held in by_cause.items():
            if cause in dead_causes or (not cause and not causes):
                continue
            for subject, step in held:
                others = [one for other, one in held if other is not subject and other not in idle]
                if subject in idle or not (others or not cause):
                    continue
                bound = self._none(subject, _alone_fails(step, others, () if cause else causes))
                if bound is not None:
                    yield ("condition-implied", subject, ()), bound

    def _covered(self, causes: Sequence[tuple[Subject, Step]]) -> Iterator[tuple[_Key, Bound]]:
        for subject, step in causes:
            others = [(one, other) for one, other in causes if one is not subject]
            for one, other in others:
                bound = self._none(subject, _met_without(step, [other]))
                if bound is not None:
                    yield ("cause-covered", subject, (one.label,)), bound
                    break
            else:
                if len(others) > 1 and (bound := self._none(subject, _met_without(step, [o for _, o in others]))):
                    yield ("cause-covered", subject, tuple(one.label for one, _ in others)), bound

    def _kind(self, kind: Literal["never-met", "never-fails"], bound: Bound) -> ClaimKind:
        """By other values than those that are published it may be otherwise: no standard reaches what is asked for."""
        by_any_value = bound.free or not self.scope.group.free
        if kind == "never-met":
            return kind if by_any_value else "never-met-so-far"
        return kind if by_any_value else "never-fails-so-far"

    # ---- asking

    def _none(self, subject: Subject, asked: Asked, way: Way = CHECKED) -> Bound | None:
        """What it is proved for that no household is so; None where there is one, or it is not settled."""
        match self.scope.settle(asked, way):
            case Proved(bound=bound):
                return None if self.scope.is_so_beyond(asked, way) else bound
            case Unsettled(reason=reason, span=span):
                self.left.append(Left(subject.label, reason, span or subject.span))
            case Some() | None:
                pass
        return None

    def _conditions(self) -> Iterator[tuple[Subject, Step]]:
        """Each with its exemptions, if it has some."""
        elements, by_owner = self.scope.elements, {step.owner: step for step in self.scope.program.every}
        truths: dict[tuple[str, str], Step] = {}
        for kind in ("condition", "exempted"):
            truths |= {(owner.group, owner.id): step for owner, step in by_owner.items() if owner.kind == kind}
        declared: Mapping[str, Mapping[str, object]] = {id: one.conditions for id, one in elements.causes.items()}
        for group, id in [
            *((cause, id) for cause, held in declared.items() for id in held),
            *(("", id) for id in elements.requirements),
        ]:
            one = elements.causes[group].conditions[id] if group else elements.requirements[id]
            kind = "condition" if group else "requirement"
            yield Subject(kind, group, id, one.label, one.origin.span), truths[group, id]  # type: ignore[arg-type]

    def _causes(self) -> Iterator[tuple[Subject, Step]]:
        steps = {step.owner.id: step for step in self.scope.program.every if step.owner.kind == "cause"}
        for id, one in self.scope.elements.causes.items():
            yield Subject("cause", "", id, one.label, one.origin.span), steps[id]

    def _checks(self) -> Iterator[tuple[Subject, Step]]:
        for step in self.scope.program.checks:
            one = self.scope.elements.checks[step.owner.id]
            yield Subject("check", "", one.id, one.label or one.id, one.origin.span), step


def _holds(step: Step) -> Asked:
    return lambda told: told.truth(step)


def _fails(step: Step) -> Asked:
    return lambda told: terms.no(told.truth(step))


def _alone_fails(step: Step, others: Sequence[Step], causes: Sequence[Step]) -> Asked:
    """All others hold; of a requirement, of a household for which some cause is met."""

    def asked(told: Told) -> Bit:
        some = terms.either(told.truth(one) for one in causes) if causes else True
        return terms.both((some, *(told.truth(one) for one in others), terms.no(told.truth(step))))

    return asked


def _met_without(step: Step, others: Sequence[Step]) -> Asked:
    return lambda told: terms.both((told.truth(step), *(terms.no(told.truth(one)) for one in others)))


def _all_hold(checks: Sequence[Step]) -> Asked:
    return lambda told: terms.both(every_item(told, one) for one in checks)


def _breaks(step: Step, others: Sequence[Step]) -> Asked:
    """It refuses whom all others let through."""
    return lambda told: terms.both((terms.no(every_item(told, step)), *(every_item(told, one) for one in others)))
