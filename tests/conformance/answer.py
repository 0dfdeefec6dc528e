"""What a back end is asked, and what it answers.

A back end is one function: a checked policy, what is known of a household, the day whose rules and values hold, and
the day to which publications are known, to an `Answer`. To put another one under the whole suite, add it to `BACKENDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Protocol, TypeAlias

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.decide import decide_under
from engine.evaluation.decision import Decision
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.frame import Frame
from engine.evaluation.plain import shapes_of
from engine.evaluation.prepared import Prepared, prepare, tables_on
from engine.evaluation.quick import Way, taken_on
from engine.evaluation.working import workings_of
from engine.generated.compiled import Generated, Parameters
from engine.generated.compiled import generated as generated_code
from engine.generated.reading import Shape
from engine.identity import Same
from engine.language.interpreter import MAX_ITEMS
from engine.language.values import Unknown, Value, is_known
from engine.policy.checked import CheckedPolicy, Owner
from engine.program.granularity import parameter_steps
from engine.program.link import program_of
from engine.program.model import HOUSEHOLD, Program, Step


class Answer(Protocol):
    """Whoever asks for one of these asks for no other."""

    @property
    def verdict(self) -> str:
        """eligible, ineligible or undetermined; `figures` where the policy has figures only, "" where the household is
        refused."""

    @property
    def findings(self) -> Mapping[str, str]:
        """met, unmet or undetermined, of every cause (`illness`), condition (`illness.income`) and requirement
        (`requirements.no_car`)."""

    @property
    def outputs(self) -> Mapping[str, Value]:
        """The value of each, counted in the unit of the output's expression; of one for each item `share[0]` and so on,
        in the order of the list, or `share` alone, unknown, where the list was not given."""

    @property
    def referrals(self) -> tuple[str, ...]:
        """Those that hold, in the order of the policy."""

    @property
    def refused(self) -> tuple[str, ...]:
        """The data checks that are false where one of them refuses the household, each as its code and the path of
        what it is about."""

    @property
    def warned(self) -> tuple[str, ...]:
        """Likewise where none refuses it."""


@dataclass(frozen=True)
class Said:
    """An answer all of which is worked out at once."""

    verdict: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Value] = field(default_factory=dict)
    referrals: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


Backend: TypeAlias = Callable[[CheckedPolicy, HouseholdFacts, date, date | None], Answer]


def interpreter(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None) -> Answer:
    return interpreted(prepare(policy), facts, day, known_on)


def interpreted(prepared: Prepared, facts: HouseholdFacts, day: date, known_on: date | None) -> Answer:
    try:
        return _Decided(decide_under(prepared, facts, day, known_on))
    except HouseholdError as refusal:
        return Said(refused=_checks(refusal.diagnostics))


def generated(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None) -> Answer:
    """Every step by code of its own; what of them is not known, the interpreter says."""
    said, made = interpreter(policy, facts, day, known_on), _Made(policy, facts, day, known_on)
    found = {check: made.false(check, (*said.refused, *said.warned)) for check in made.program.checks}
    false = tuple(one for each in found.values() for one in each)
    if any(found[check] for check in made.program.refusing):
        return Said(refused=false)
    return _Generated(said, made, false)


def from_dict(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None) -> Answer:
    """By the code that reads and decides a household in one; what it leaves to others, the interpreter says."""
    shapes = _shapes(Same(policy, policy.merged.elements))
    tree: dict[object, object] = _object(shapes[0], facts.household)
    for shape in shapes[1:]:
        items = facts.items[shape.collection]
        tree[shape.collection] = None if isinstance(items, Unknown) else [_object(shape, one) for one in items]
    taken = taken_on(policy, Same(tables_on(policy, facts.place, day, known_on)))
    decision = None if taken is None else Way(taken, facts.place, facts.as_of, day, known_on).decide(tree)
    return interpreter(policy, facts, day, known_on) if decision is None else _Decided(decision)


@lru_cache(maxsize=1024)
def _shapes(policy: Same[CheckedPolicy]) -> tuple[Shape, ...]:
    """By the facts, which thousands of policies of one expression each have in common; no places of them are asked."""
    return shapes_of(policy.of)


def _object(shape: Shape, values: Mapping[str, Value]) -> dict[object, object]:
    """As a county would have written it."""
    written: dict[object, object] = {}
    for one in shape.fields:
        value = values[one.id]
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            written[one.id] = Decimal(value.numerator) / Decimal(value.denominator * one.per)
        else:
            written[one.id] = value if is_known(value) else None
    return written


def stepwise(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None) -> Answer:
    """As the interpreter, but that each step has code of its own from the first household."""
    return interpreted(_compiled(Same(policy)), facts, day, known_on)


@lru_cache(maxsize=1024)
def _compiled(policy: Same[CheckedPolicy]) -> Prepared:
    prepared = Prepared(policy.of, replace(program_of(policy.of)))  # not the one that others work with
    for program in prepared.programs():
        for one in workings_of(program):
            one.compile()
    return prepared


BACKENDS: Final[Mapping[str, Backend]] = {
    "interpreter": interpreter,
    "generated": generated,
    "from dict": from_dict,
    "stepwise": stepwise,
}


@dataclass(frozen=True)
class _Decided:
    decision: Decision
    refused = ()

    @property
    def verdict(self) -> str:
        return "figures" if self.decision.outcome is None else str(self.decision.outcome)

    @property
    def findings(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for cause, held in self.decision.causes.items():
            found[cause] = str(held.finding)
            found |= {f"{cause}.{id}": str(condition.finding) for id, condition in held.conditions.items()}
        return found | {f"requirements.{id}": str(held.finding) for id, held in self.decision.requirements.items()}

    @property
    def outputs(self) -> Mapping[str, Value]:
        found: dict[str, Value] = {}
        for id, output in self.decision.outputs.items():
            if output.items is None:
                found[id] = output.value
            else:
                found |= {f"{id}[{place}]": one.value for place, one in enumerate(output.items)}
        return found

    @property
    def referrals(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.decision.referrals)

    @property
    def warned(self) -> tuple[str, ...]:
        return _checks(self.decision.warnings)


def _checks(found: Iterable[Diagnostic]) -> tuple[str, ...]:
    return tuple(f"{one.code} {one.path}" for one in found if one.code.startswith("data-check-"))


class _Made:
    """What the steps of one household come to, by generated code."""

    def __init__(self, policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None) -> None:
        self.program = program_of(policy)
        self._parameters = _steps(Same(policy, policy.merged.elements.parameters))
        self._facts = facts
        tables = tables_on(policy, facts.place, day, known_on)
        self._env = Frame([], tables, list(tables.options))

    def value(self, step: Step) -> Value | list[Value] | None:
        """None where it is not known."""
        code = _code(self.program, step.owner, self._parameters)
        found = None if code is None else code.work_out(self._facts.household, self._facts.items, self._env)
        return None if found is None else found[0]

    def false(self, check: Step, said: Iterable[str]) -> tuple[str, ...]:
        """Where a data check is false."""
        code, value = "failed" if check in self.program.refusing else "warning", self.value(check)
        places = [f"{check.collection}[{place}]" for place in range(MAX_ITEMS)] if check.collection else ["$"]
        each = value if isinstance(value, list) else [value]
        names = [f"data-check-{code} {place}" for place in places]
        if value is None:
            return tuple(name for name in names if name in said)
        return tuple(name for name, held in zip(names, each, strict=False) if held is False)


@lru_cache(maxsize=1024)
def _steps(policy: Same[CheckedPolicy]) -> Parameters:
    """Kept by the parameters, which thousands of policies of one expression each have in common."""
    return tuple(parameter_steps(policy.of).items())


@lru_cache(maxsize=1024)
def _code(program: Program, owner: Owner, parameters: Parameters) -> Generated | None:
    step = next(step for step in program.every if step.owner == owner)
    return generated_code(program, (step,), dict(parameters))


@dataclass(frozen=True)
class _Generated:
    said: Answer
    made: _Made
    warned: tuple[str, ...]
    refused = ()

    @property
    def verdict(self) -> str:
        outcome = self.made.program.outcome
        value = None if outcome is None else self.made.value(outcome)
        return self.said.verdict if value is None else "eligible" if value else "ineligible"

    @property
    def findings(self) -> Mapping[str, str]:
        program, found = self.made.program, dict(self.said.findings)
        for (cause, id), slot in program.truths.items():
            value = self.made.value(program.by_place[HOUSEHOLD, slot])
            if value is not None:
                found[f"{cause or 'requirements'}.{id}" if id else cause] = "met" if value else "unmet"
        return found

    @property
    def outputs(self) -> Mapping[str, Value]:
        found = dict(self.said.outputs)
        for step in self.made.program.authored:
            value = self.made.value(step) if step.owner.kind == "output" else None
            if isinstance(value, list):
                found |= {f"{step.owner.id}[{place}]": one for place, one in enumerate(value)}
            elif value is not None:
                found[step.owner.id] = value
        return found

    @property
    def referrals(self) -> tuple[str, ...]:
        steps = (step for step in self.made.program.authored if step.owner.kind == "referral")
        values = [(step.owner.id, self.made.value(step)) for step in steps]
        return tuple(id for id, value in values if (id in self.said.referrals if value is None else value))
