"""Whether an overlay may make a change: what `local` of the levels below opens, and nothing else.

In: the guards in force, the elements so far, one change.  Out: yes, or a diagnostic that shows the change and the
guard or the sealed element. An amendment by the issuer itself is free of guards.
Imports model, language (the surface tree's equality) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field, replace
from typing import TypeAlias, assert_never

from engine.diagnostics import Reporter
from engine.policy.build_policy import condition_targets
from engine.policy.keys import told_key
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Cause,
    Change,
    Condition,
    Element,
    Elements,
    Guard,
    Header,
    Local,
    Opening,
    Origin,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
    target_of,
)
from engine.policy.stretches import Stretch
from engine.records import dataclass
from engine.source import Span

_Promising: TypeAlias = (
    SetValues | SetList | SetReading | AddElement | AddCondition | AddPart | AddExemption | ReplaceTerm
)

_BARE: dict[type, str] = {AddPart: "is", SetValues: "value", SetReading: "chosen"}
"""changes that may be written without keys of their own, with the key that then has to be written"""
_OPENS = {"collections": "facts"}
"""kinds that are opened under the name of another"""


@dataclass(slots=True, eq=False)
class Guards:
    """The guards that hold for one overlay."""

    local: Local
    header: Header
    free: bool
    below: Elements
    within: Stretch | None = None
    report: Reporter = field(default_factory=Reporter, init=False)

    def allows(self, change: Change, report: Reporter) -> bool:
        """Whether the change, whose target is there, may be folded in; reports why not."""
        if self.free or self._own(change):
            return True
        self.report = report
        match change:
            case Repeal():
                return True  # refused by the fold itself, which knows who may repeal
            case SetValues() | SetList() | SetReading():
                guard = self._open(self.local.set.get(change.target), change, change.target)
                return guard is not None and self._is_within(guard, change) and self._setting(guard, change)
            case AddElement():
                return self._element(change)
            case AddCondition(cause=cause):
                return self._opened(self.local.add.get("conditions"), change, f"{cause}.{change.condition.id}")
            case AddPart(term=term):
                return self._opened(self.local.add_parts.get(term), change, f"{term}.{change.id}")
            case AddExemption():
                return self._exemption(change)
            case ReplaceTerm(term=term):
                return self._opened(self.local.replace_terms.get(term), change, term)
        assert_never(change)

    def _own(self, change: Change) -> bool:
        """What an overlay added itself it may also set, without a guard; not what it had to take over."""
        match change:
            case SetValues() | SetList() | SetReading() | AddPart() | ReplaceTerm():
                return self._target(change) is None
            case AddCondition(cause=name):
                return name != "all" and name not in self.below.causes
            case AddExemption(cause=cause, condition=condition):
                name = f"{cause}.{condition}"
                return name not in condition_targets(self.below) and not self._had_to_take(name)
            case AddElement() | Repeal():
                return False
        assert_never(change)

    def _target(self, change: Change) -> Element | None:
        """What is set, or gets a part or a definition, where the levels below have it."""
        target = None if isinstance(change, AddElement | AddCondition | AddExemption) else target_of(change)
        held: Element | None = None if target is None else getattr(self.below, target[0]).get(target[1])
        return held

    def _opened(self, guard: Guard | None, change: _Promising, name: str) -> bool:
        opened = self._open(guard, change, name)
        return opened is not None and self._effect(opened, change)

    def _open(self, guard: Guard | None, change: Change, name: str) -> Guard | None:
        if guard is None or guard.effect == "sealed":
            target = self._target(change)
            related: list[tuple[str, Span]] = [] if target is None else [("declared-here", target.origin.span)]
            if guard is not None:
                related.append(("guarded-here", guard.span))
            self.report.tell("not-open", change.origin.span, name=name, amends=self.header.amends, related=related)
            return None
        return guard

    def _effect(self, guard: Guard, change: _Promising) -> bool:
        """Where the guard demands an effect, the change promises that one; whether it keeps it is for the proof."""
        promised = change.effect or self._certain(guard, change)
        if guard.effect in ("any", promised):
            return True
        related = [("guarded-here", guard.span)]
        if promised is None:
            bare = _BARE.get(type(change), "")
            self.report.tell("effect-not-stated", change.origin.span, wanted=guard.effect, related=related, bare=bare)
        else:
            place = change.effect_at or change.origin.span
            self.report.tell("effect-not-open", place, effect=promised, wanted=guard.effect, related=related)
        return False

    def _certain(self, guard: Guard, change: _Promising) -> Opening | None:
        """The effect that a change cannot but have, whether it promises it or not.

        One requirement more can only narrow and one cause more only widen, as nothing yet names them; a fact, a step,
        a value decides nothing by itself. A condition may belong to a cause that other expressions negate.
        """
        match change:
            case AddElement(kind="requirements"):
                return "narrower"
            case AddElement(kind="causes"):
                return "wider"
            case AddElement():
                return guard.effect
            case SetValues() | SetList() | SetReading() | AddCondition() | AddPart() | AddExemption() | ReplaceTerm():
                return None
        assert_never(change)

    def _setting(self, guard: Guard, change: SetValues | SetList | SetReading) -> bool:
        return (change.effect is None and guard.promise is None) or self._effect(guard, change)

    def _is_within(self, guard: Guard, change: SetValues | SetList | SetReading) -> bool:
        match change:
            case SetValues():
                return self._in_bounds(guard, change)
            case SetList():
                return True
            case SetReading(option=option):
                if not guard.options or option in guard.options:
                    return True
                options, related = " ".join(guard.options), [("guarded-here", guard.span)]
                place = change.origin.span
                self.report.tell("option-not-open", place, option=option, options=options, related=related)
                return False
        assert_never(change)

    def _in_bounds(self, guard: Guard, change: SetValues) -> bool:
        within = True
        for key, cell in change.block.cells.items():
            low = guard.least is not None and cell.number < guard.least
            high = guard.most is not None and cell.number > guard.most
            if low or high:
                within = False
                self.report.tell(
                    "outside-guard",
                    cell.span,
                    value=cell.text,
                    parameter=change.target,
                    key=told_key(self.below, self.below.parameters[change.target].by, key),
                    related=[("guarded-here", guard.span)],
                )
        return within

    def _element(self, change: AddElement) -> bool:
        kind = _OPENS.get(change.kind, change.kind)
        guard = self._open(self.local.add.get(kind), change, change.element.id)
        if guard is None or not self._effect(guard, change):
            return False
        if isinstance(change.element, Cause):
            lacking = [target for target in guard.must_use if not self._must_use(change.element, target, guard)]
            return not lacking
        return True

    def _must_use(self, cause: Cause, target: str, guard: Guard) -> bool:
        """An added cause takes a shared condition over unchanged, for as long as it holds itself."""
        name = target.partition(".")[2]
        models = self._models(target)
        held = cause.conditions.get(name)
        taken = held is not None and any(_same(held, model) for model in models)
        if not models or (held is not None and taken and self._lasts(held.origin, cause.origin)):
            return True
        told = (
            _shortfall(held.origin, cause.origin) if held is not None and taken else _changed(models[0], cause.origin)
        )
        place = cause.origin.span if held is None else held.origin.span
        source = f"{next(c.id for c in self.below.causes.values() if name in c.conditions)}.{name}"
        self.report.tell(
            "must-use",
            place,
            cause=cause.id,
            condition=name,
            source=source,
            **told,
            related=[("guarded-here", guard.span), ("declared-here", models[0].origin.span)],
        )
        return False

    def _models(self, target: str) -> list[Condition]:
        """What `must_use` names, in the causes of the levels below."""
        owner, _, name = target.partition(".")
        return [
            other.conditions[name]
            for other in self.below.causes.values()
            if name in other.conditions and owner in ("all", other.id)
        ]

    def _had_to_take(self, name: str) -> bool:
        """Whether every added cause must have this condition from the levels below."""
        return any(self._models(target) for target in _taken_by(name, self.local))

    def _lasts(self, condition: Origin, cause: Origin) -> bool:
        """Whether the condition is there in this stretch, and known no later than its cause.

        Every day is looked at for itself: once the levels below repeal the condition, nothing need last any longer.
        """
        if self.within is not None and not self.within.holds(condition):
            return False
        known, first = condition.published or condition.start, cause.published or cause.start
        return known is None or (first is not None and known <= first)

    def _exemption(self, change: AddExemption) -> bool:
        name = f"{change.cause}.{change.condition}"
        guard = self._open(self.local.add.get("exemptions"), change, name)
        if guard is None:
            return False
        in_all = f"all.{change.condition}" in guard.to and change.cause != "requirements"
        if guard.to and name not in guard.to and not in_all:
            self.report.tell(
                "exemption-not-open",
                change.origin.span,
                target=name,
                targets=" ".join(guard.to),
                related=[("guarded-here", guard.span)],
            )
            return False
        return self._effect(guard, change)


def _shortfall(condition: Origin, cause: Origin) -> dict[str, str]:
    """What of its days a condition lacks that does not last as long as its cause; as all its days tell it, not one."""
    begins = condition.start is not None and (cause.start is None or condition.start > cause.start)
    ends = condition.until is not None and (cause.until is None or condition.until < cause.until)
    reason = {(True, True): "only-within", (True, False): "begins-later", (False, True): "ends-earlier"}
    days = {"start": condition.start, "until": condition.until, "published": condition.published or condition.start}
    told = {name: "" if day is None else day.isoformat() for name, day in days.items()}
    return {"reason": reason.get((begins, ends), "known-later"), **told}


def _changed(model: Condition, cause: Origin) -> dict[str, str]:
    """Since when the condition is what the cause does not have, where that is not all its days."""
    start = model.origin.start
    later = start is not None and (cause.start is None or start > cause.start)
    return {"reason": "changed", "start": start.isoformat()} if start is not None and later else {"reason": ""}


def _same(first: Condition, second: Condition) -> bool:
    return first.expression == second.expression and first.negated == second.negated


def _taken_by(name: str, local: Local) -> list[str]:
    """The targets of `must_use` by which an added cause takes over a condition (`cause.condition`); a requirement is no
    cause's."""
    cause, _, condition = name.partition(".")
    guard = local.add.get("causes")
    targets = () if guard is None or cause == "requirements" else guard.must_use
    return [target for target in targets if target.partition(".")[2] == condition]


def restate(local: Local, stated: Local) -> Local:
    """What an amendment by the issuer makes of the guards: those it states, and the others as they were."""
    return Local(
        set={**local.set, **stated.set},
        add={**local.add, **stated.add},
        add_parts={**local.add_parts, **stated.add_parts},
        replace_terms={**local.replace_terms, **stated.replace_terms},
    )


def tighten(local: Local, stated: Local, overlay: str, own: Collection[str], report: Reporter) -> Local:
    """What the next level may change: what this level states where it states something, else what it inherited.

    Args:
        own: ids of what the overlay added itself, and `cause.condition` of its conditions; only these may it open anew.
    """
    targets = {name for name in own if "." in name and not _taken_by(name, local)}
    return Local(
        set=_tightened(local.set, stated.set, overlay, own, report),
        add=_tightened(local.add, stated.add, overlay, targets, report),
        add_parts=_tightened(local.add_parts, stated.add_parts, overlay, own, report),
        replace_terms=_tightened(local.replace_terms, stated.replace_terms, overlay, own, report),
    )


def _tightened(
    inherited: Mapping[str, Guard],
    stated: Mapping[str, Guard],
    overlay: str,
    own: Collection[str],
    report: Reporter,
) -> dict[str, Guard]:
    result = dict(inherited)
    for name, guard in stated.items():
        held = inherited.get(name)
        others = tuple(target for target in guard.to if target not in own)
        if held is None or (guard.to and not others):  # nothing that a level below has any say in
            if name not in own and guard.effect != "sealed" and (others or not guard.to):
                report.tell("guard-loosened", guard.span, name=name)
                continue
            result[name] = replace(guard, policy=overlay)
            continue
        filled = replace(
            guard,
            policy=overlay,
            effect=held.effect if "effect" in guard.unstated else guard.effect,
            least=held.least if guard.least is None else guard.least,
            most=held.most if guard.most is None else guard.most,
            options=held.options if "options" in guard.unstated else guard.options,
            to=held.to if "to" in guard.unstated else guard.to,
            must_use=held.must_use if "must_use" in guard.unstated else guard.must_use,
        )
        if not _at_least_as_tight(replace(filled, to=others) if guard.to else filled, held):
            report.tell("guard-loosened", guard.span, name=name, related=[("guarded-here", held.span)])
            continue
        result[name] = filled
    return result


def _at_least_as_tight(guard: Guard, held: Guard) -> bool:
    if guard.effect == "sealed":
        return True
    if held.effect == "sealed" or held.effect not in ("any", guard.effect):
        return False
    if held.most is not None and guard.most is not None and guard.most > held.most:
        return False
    if held.least is not None and guard.least is not None and guard.least < held.least:
        return False
    if held.options and not set(guard.options or ("",)) <= set(held.options):
        return False
    if held.to and not set(guard.to or ("",)) <= set(held.to):
        return False
    return not set(held.must_use) - set(guard.must_use)
