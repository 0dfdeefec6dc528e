"""What of the rules the cases have seen: truths, thresholds, and changes of overlays.

In: `CaseResult`s with their decisions.  Out: `Seen` per set of rules: each condition and each truth-valued
sub-expression true, false and unknown; each threshold below, exactly at and above.
Nothing is counted inside the interpreter: the nodes are worked out again in the frame of each decision, with the
same `evaluate`. Branches that a known `if` leaves out, and items that a known filter leaves out, are not seen.
Imports evaluation, policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from engine.evaluation.frame import Frame, Unseen, household_frame
from engine.evaluation.interpreter import evaluate
from engine.evaluation.prepared import prepare, tables_on
from engine.evaluation.trial import work_out
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.references import Read, core_reads
from engine.language.types import DateType, Quantity
from engine.language.values import UNKNOWN, compare
from engine.policy.checked import CheckedPolicy, Owner, Rules
from engine.source import Span
from engine.testing.decided import Decided, decided
from engine.testing.model import CaseResult
from engine.testing.sites import Site, sites

TRUTHS: Final = ("true", "false", "unknown")
SIDES: Final = ("below", "at", "above")
Key: TypeAlias = tuple[Owner, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing to be seen, and the words for the ways in which it can be: `true`, `below` …"""

    site: Site
    aspects: tuple[str, ...]

    @property
    def key(self) -> Key:
        return self.site.owner, self.site.trail

    @property
    def span(self) -> Span:
        return self.site.node.span


@dataclass(slots=True)
class Seen:
    """What was seen of one set of rules. `chains` are the ids of the chains that have these rules."""

    policy: CheckedPolicy
    probes: tuple[Probe, ...]
    chains: dict[tuple[str, ...], None] = field(default_factory=dict)
    hits: dict[tuple[Key, str], int] = field(default_factory=dict)

    def missing(self) -> Iterator[tuple[Probe, str]]:
        for probe in self.probes:
            for aspect in probe.aspects:
                if (probe.key, aspect) not in self.hits:
                    yield probe, aspect

    def counts(self, aspects: Iterable[str]) -> tuple[int, int]:
        """How many of these aspects were seen, of how many."""
        wanted = frozenset(aspects)
        all_ = [(probe.key, aspect) for probe in self.probes for aspect in probe.aspects if aspect in wanted]
        return sum(one in self.hits for one in all_), len(all_)


def measure(results: Iterable[CaseResult]) -> tuple[Seen, ...]:
    """What the cases saw, one `Seen` for each set of rules that decided something, in the order of first use."""
    found: dict[int, Seen] = {}
    for one in decided(results):
        rules = one.policy.rules
        seen = found.get(id(rules))
        if seen is None:
            seen = found[id(rules)] = Seen(one.policy, tuple(probes(rules)))
        seen.chains.setdefault(one.result.chain)
        look(seen, frame_of(one))
    return tuple(found.values())


def frame_of(one: Decided) -> Frame:
    """The household's frame with every step worked out, as the decision had it."""
    prepared = prepare(one.policy)
    tables = tables_on(prepared, one.place, one.day, one.case.known_on)
    frame = household_frame(one.policy.rules, tables, dict(prepared.chosen), one.facts, prepared.unseen)
    work_out(prepared.steps, frame)
    return frame


# ---- what there is to be seen


def probes(rules: Rules) -> Iterator[Probe]:
    """Conditions and truth-valued sub-expressions; comparisons in order also as thresholds.

    A rule that is a bare name (`存在因病情形`) is seen where that name is defined, and as a condition.
    """
    open_ = _Open(rules)
    for site in sites(rules):
        node = site.node
        whole = site.owner.kind in ("condition", "exemption") and not site.trail
        if site.is_truth and (whole or not isinstance(node, core.Constant | core.TermValue | core.CauseMet)):
            aspects = TRUTHS if open_.can_be_unknown(node) else TRUTHS[:2]
            yield Probe(site, aspects)
        if is_threshold(node):
            yield Probe(site, SIDES)


def is_threshold(node: CoreExpression) -> bool:
    return (
        isinstance(node, core.Compare)
        and node.operator in ("<", "<=", ">", ">=")
        and isinstance(node.left.type, Quantity | DateType)
    )


class _Open:
    """Which expressions can be unknown at all: those that read, through terms and causes, what a household may leave
    out or what may have no value. A reading has always an option, and a required list always a length."""

    def __init__(self, rules: Rules) -> None:
        readers: dict[Read, list[Read]] = {}
        for key, reads in _reads(rules):
            for read in reads:
                readers.setdefault(read, []).append(key)
        # from what can be unknown by itself to all that reads it, however long the chain
        waiting = [read for read in readers if read[0] in _UNKNOWN]
        self._open = set(waiting)
        while waiting:
            for reader in readers.get(waiting.pop(), ()):
                if reader not in self._open:
                    self._open.add(reader)
                    waiting.append(reader)

    def can_be_unknown(self, node: CoreExpression) -> bool:
        return any(read in self._open or read[0] in _UNKNOWN for read in core_reads(node))


_UNKNOWN: Final = ("fact", "parameter", "list")


def _reads(rules: Rules) -> Iterator[tuple[Read, Iterable[Read]]]:
    """What each term, condition and cause reads directly."""
    for (collection, id_), term in rules.terms.items():
        yield ("term", collection, id_), core_reads(term.core)
    for cause, checked in rules.causes.items():
        yield ("cause", "", cause), [("condition", cause, id_) for id_ in checked.conditions]
    for cause, id_, condition in rules.conditions():
        yield ("condition", cause, id_), core_reads(condition.whole)


# ---- looking


def look(seen: Seen, frame: Frame) -> None:
    """Count what one household shows."""
    wanted: dict[Key, list[Probe]] = {}
    for probe in seen.probes:
        wanted.setdefault(probe.key, []).append(probe)
    for rule in seen.policy.rules.every():
        for own in _items(frame, rule.owner.collection) if rule.owner.collection else (frame,):
            _visit(seen, wanted, rule.owner, (), rule.core, own)


def _items(frame: Frame, collection: str) -> tuple[Frame, ...]:
    items = frame.items_of(collection)
    return (items.item,) if isinstance(items, Unseen) else items


def _visit(
    seen: Seen,
    wanted: Mapping[Key, list[Probe]],
    owner: Owner,
    trail: tuple[int, ...],
    node: CoreExpression,
    frame: Frame,
) -> None:
    for probe in wanted.get((owner, trail), ()):
        for aspect in _aspects(probe, frame):
            key = (probe.key, aspect)
            seen.hits[key] = seen.hits.get(key, 0) + 1
    skipped: CoreExpression | None = None
    if isinstance(node, core.If):
        test = evaluate(node.test, frame)
        skipped = node.otherwise if test is True else node.then if test is False else None
    for place, operand in enumerate(core.operands(node)):
        if operand is skipped:
            continue
        for inner in _frames(node, operand, frame):
            _visit(seen, wanted, owner, (*trail, place), operand, inner)


def _frames(node: CoreExpression, operand: CoreExpression, frame: Frame) -> tuple[Frame, ...]:
    """The frames in which an operand is worked out: for an aggregate those of its items."""
    if not isinstance(node, core.Aggregate) or operand is node.otherwise:
        return (frame,)
    items = _items(frame, node.collection)
    if operand is node.where or node.where is None:
        return items
    return tuple(item for item in items if evaluate(node.where, item) is not False)


def _aspects(probe: Probe, frame: Frame) -> Iterator[str]:
    node = probe.site.node
    if probe.aspects == SIDES:
        assert isinstance(node, core.Compare)
        left, right = evaluate(node.left, frame), evaluate(node.right, frame)
        for aspect, operator in zip(SIDES, ("<", "=", ">"), strict=True):
            if compare(operator, left, right) is True:
                yield aspect
        return
    value = evaluate(node, frame)
    yield "unknown" if value is UNKNOWN else "true" if value is True else "false"
