"""What of the rules the cases have seen: truths, thresholds, and changes of overlays.

In: `CaseResult`s with their decisions.  Out: `Seen` per set of rules: each condition and each truth-valued
sub-expression true, false and unknown; each threshold below, exactly at and above; and so each amount at which one
range of a table ends and the next begins, below it and above it in these two ranges.
Nothing is counted inside the interpreter: the nodes are worked out again in the frame of each decision, with the
same `evaluate`. Branches that a known `if` leaves out, and items that a known filter leaves out, are not seen.
Imports evaluation, policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from engine.evaluation.frame import Frame, frame_on, rows_of
from engine.evaluation.prepared import prepare, tables_on
from engine.evaluation.working import work_out, workings_of
from engine.gathered import gathered
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.interpreter import evaluate
from engine.language.types import TRUTH
from engine.language.values import UNKNOWN, compare
from engine.policy.model import show_decimal
from engine.program.link import program_of
from engine.program.model import Program, Step
from engine.program.sites import Site, is_threshold, sites
from engine.program.unknowns import Unknowns
from engine.records import dataclass
from engine.testing.decided import Decided, decided, once
from engine.testing.model import CaseResult
from engine.testing.strength import SIDES, TRUTHS, Key, Probe, Seen


def measure(results: Iterable[CaseResult]) -> tuple[Seen, ...]:
    """What the cases saw, one `Seen` for each set of rules that decided something, in the order of first use."""
    found: dict[int, Seen] = {}
    ran = list(decided(results))
    for one in ran:
        rules = one.policy.rules
        seen = found.get(id(rules))
        if seen is None:
            seen = found[id(rules)] = Seen(one.policy, tuple(probes(program_of(one.policy))))
        seen.chains.setdefault(one.result.chain)
    for one, times in once(ran):
        look(found[id(one.policy.rules)], frame_of(one), times)
    return tuple(found.values())


def frame_of(one: Decided) -> Frame:
    """The household's frame with every step worked out, as the decision had it."""
    prepared = prepare(one.policy)
    tables = tables_on(one.policy, one.place, one.day, one.case.known_on)
    rows = rows_of(prepared.program, one.facts)
    for program in prepared.programs():
        frame = frame_on(rows, program, tables)
        if work_out(workings_of(program), frame):
            break
    return frame


# ---- what there is to be seen


def probes(program: Program) -> Iterator[Probe]:
    """Conditions and truth-valued sub-expressions; comparisons in order also as thresholds.

    A rule that is a bare name (`存在因病情形`) is seen where that name is defined, and as a condition.
    """
    known = Unknowns(program)
    for site in sites(program):
        node = site.node
        whole = site.owner.kind in ("condition", "exemption") and not site.trail
        named = node.operand if isinstance(node, core.Outer) else node
        if site.is_truth and (whole or not isinstance(named, core.Constant | core.TermValue | core.CauseMet)):
            aspects = TRUTHS if known.possible(node) else TRUTHS[:2]
            yield Probe(site, aspects)
        if is_threshold(node):
            yield Probe(site, SIDES)


# ---- looking


def look(seen: Seen, frame: Frame, times: int = 1) -> None:
    """Count what one household shows, as often as it was decided."""
    looking = _Looking(seen, times, gathered((probe.key, probe) for probe in seen.probes))
    for step in program_of(seen.policy).authored:
        for own in frame.every(step.collection):
            looking.visit(step, (), step.written, own)


@dataclass(frozen=True, slots=True)
class _Looking:
    seen: Seen
    times: int
    wanted: Mapping[Key, list[Probe]]

    def visit(self, step: Step, trail: tuple[int, ...], node: CoreExpression, frame: Frame) -> None:
        for probe in self.wanted.get((step.owner, trail, ""), ()):
            for aspect in _aspects(probe, frame):
                self.seen.hit(probe, aspect, self.times)
        if isinstance(node, core.Lookup):
            self._look_at_edges(step, trail, node, frame)
        skipped: CoreExpression | None = None
        if isinstance(node, core.If):
            test = evaluate(node.test, frame)
            skipped = node.otherwise if test is True else node.then if test is False else None
        for place, operand in enumerate(core.operands(node)):
            if operand is skipped:
                continue
            for inner in _frames(node, operand, frame):
                self.visit(step, (*trail, place), operand, inner)

    def _look_at_edges(self, step: Step, trail: tuple[int, ...], node: core.Lookup, frame: Frame) -> None:
        """Where the amounts lie that a value is looked up by, in a table by ranges of amounts."""
        day = None if node.on is None else evaluate(node.on, frame)
        around = (frame.collection,) if frame.collection else ()
        keys = tuple(evaluate(key, frame) for key in node.keys)
        for _, table in frame.tables.of(node, day):
            for place in table.amounts:
                operand, amount = node.keys[place], keys[place]
                for below, above in table.neighbours(keys, place):
                    edge = above.start[0]
                    constant = core.Constant(node.span, operand.type, edge)
                    compared = core.Compare(node.span, TRUTH, "<", operand, constant)
                    probe = Probe(Site(step, trail, compared, around), SIDES, show_decimal(edge))
                    self.seen.edges.setdefault(probe.key, probe)
                    if isinstance(amount, int | Fraction) and (amount == edge or amount in below or amount in above):
                        side = "at" if amount == edge else "below" if amount < edge else "above"
                        self.seen.hit(probe, side, self.times)


def _frames(node: CoreExpression, operand: CoreExpression, frame: Frame) -> tuple[Frame, ...]:
    """The frames in which an operand is worked out: for an aggregate those of its items."""
    if isinstance(node, core.Outer):
        return (frame.outer(),)
    if not isinstance(node, core.Aggregate) or operand is node.otherwise:
        return (frame,)
    items = frame.every(node.collection)
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
