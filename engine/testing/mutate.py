"""Mutation: every small change of the rules held against the cases; what none notices is a survivor.

In: a suite whose cases pass, and the policies.  Out: `Survivor`s, and how many mutants there were.
Each mutant is tried on the runs that its policy decides, those first that noticed most mutants before; the first run
whose answer is no longer what it states kills it. A change that no household can tell from the rule as it stands
(granularity.py) is not made; one that is made and settled as equivalent by the author is listed in an allow file.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Final, TypeAlias, cast

from engine.diagnostics import Reporter
from engine.errors import HouseholdError
from engine.evaluation.decide import decide_under
from engine.evaluation.frame import Frame
from engine.evaluation.prepared import Prepared, prepare
from engine.identity import Same
from engine.language.interpreter import evaluate
from engine.language.values import is_known
from engine.policy.checked import CheckedPolicy
from engine.policy.loader import Library
from engine.policy.model import Overlay, Parameter, SetValues
from engine.policy.slices import Slices
from engine.program.link import program_of
from engine.program.model import Program
from engine.records import dataclass
from engine.testing.coverage import frame_of
from engine.testing.decided import Decided, decided
from engine.testing.expect import Answer, check_all
from engine.testing.given import FixedPolicies
from engine.testing.model import CaseResult
from engine.testing.mutants import equivalent_nudges, rule_mutants, value_mutants, with_parameter
from engine.testing.plan import Selection
from engine.testing.run import Opener, processes, run
from engine.testing.strength import Mutant, StepChange, Tally, ValueChange
from engine.testing.tried import TriedChange, change_name


def mutate(
    results: Sequence[CaseResult],
    slices: Slices,
    wanted: Callable[[Mutant], bool],
    progress: Callable[[Tally], None],
) -> Tally:
    """Try every mutant that is wanted.

    Args:
        results: of the whole suite, all of them passed and decided in this process.
    """
    ran = list(decided(results))
    tally = Tally(equivalent=_equivalent(ran, wanted))
    for _, mutant, tries in _numbered(ran, slices, wanted):
        if not _noticed(tries, tally):
            tally.survivors.append(mutant)
        progress(tally)
    return tally


@dataclass(frozen=True, slots=True)
class Piece:
    """
    Attributes:
        mutants: all that are wanted, in the order of trying.
        tried: how many of them, from the first on.
        survivors: the places of those among them that no run noticed.
    """

    mutants: tuple[Mutant, ...]
    tried: int
    survivors: tuple[int, ...]


def mutate_on(
    results: Sequence[CaseResult],
    slices: Slices,
    wanted: Callable[[Mutant], bool],
    tried: int,
    enough: Callable[[], bool],
) -> Piece:
    """Try a few mutants more: at least one, and no other once it is enough.

    Args:
        results: as for `mutate`, of the same policies and cases each time.
        tried: how many were tried before.
    Returns: the survivors are those of this piece.
    """
    ran, survivors = list(decided(results)), []
    mutants = tuple(mutant for _, mutant, _ in _numbered(ran, slices, wanted))
    for place, _, tries in islice(_numbered(ran, slices, wanted), tried, None):
        if not _killed_by_any(tries):
            survivors.append(place)
        tried = place + 1
        if enough():
            break
    return Piece(mutants, min(tried, len(mutants)), tuple(survivors))


def _equivalent(ran: Sequence[Decided], wanted: Callable[[Mutant], bool]) -> tuple[Mutant, ...]:
    """Each once, whatever the number of chains that have the rule."""
    policies = {id(one.policy.rules): one.policy for one in ran}
    found = {
        (mutant.name, repr(mutant.span)): mutant
        for policy in policies.values()
        for mutant in equivalent_nudges(policy)
        if wanted(mutant)
    }
    return tuple(found.values())


Notices: TypeAlias = Callable[[Decided], bool]
"""whether a run's answer is no longer what it states"""
Tries: TypeAlias = Sequence[tuple[list[Decided], Notices]]
"""runs to try a mutant on, each with what tells whether one of them notices"""


def _mutants(ran: Sequence[Decided], slices: Slices) -> Iterator[tuple[Mutant, Tries]]:
    """Each mutant with what to try it on: of a rule under several chains, the runs of one after the other."""
    by_rules: dict[int, list[Decided]] = {}
    again: set[tuple[int, str]] = set()
    for one in ran:
        rules = id(one.policy.rules)
        # a case that runs again on an overlay with the very same rules has nothing more to notice
        if one.result.run.difference is None and (rules, one.case.id) in again:
            continue
        again.add((rules, one.case.id))
        by_rules.setdefault(rules, []).append(one)
    worked = Worked()
    alike: dict[str, list[tuple[Mutant, list[Decided]]]] = {}
    for group in by_rules.values():
        for mutant in rule_mutants(group[0].policy):
            alike.setdefault(f"{mutant.name} {mutant.span!r}", []).append((mutant, group))
    for found in alike.values():
        tries = [(group, _at_step(cast("StepChange", mutant.change), worked)) for mutant, group in found]
        yield found[0][0], tries
    yield from _value_mutants(ran, slices)
    yield from _change_mutants(ran, slices)


def _numbered(
    ran: Sequence[Decided], slices: Slices, wanted: Callable[[Mutant], bool]
) -> Iterator[tuple[int, Mutant, Tries]]:
    """The mutants that are wanted: whoever makes them of the same policies and cases numbers them alike."""
    chosen = ((mutant, tries) for mutant, tries in _mutants(ran, slices) if wanted(mutant))
    return ((place, mutant, tries) for place, (mutant, tries) in enumerate(chosen))


def _at_step(change: StepChange, worked: Worked) -> Notices:
    """Whether a run notices another expression at a step, its values and readings staying its own."""

    @cache
    def changed(program: Same[Program]) -> Program:
        return program.of.with_core(change.owner, change.core)

    @cache
    def prepared(policy: Same[CheckedPolicy]) -> Prepared:
        return Prepared(policy.of, changed(Same(program_of(policy.of))))

    return lambda one: worked.may_notice(one, change) and _differs(one, prepared(Same(one.policy)))


def _value_mutants(ran: Sequence[Decided], slices: Slices) -> Iterator[tuple[Mutant, Tries]]:
    """Values of each document, tried on the runs that it decides and that do not fix the value themselves."""
    for name in sorted(slices.library.documents):
        group = [one for one in ran if name in one.result.chain and not one.result.run.place]
        stated = next((one for one in group if not one.case.given), None)
        if stated is None:
            continue
        runs: dict[tuple[str, str], list[Decided]] = {}
        for mutant in value_mutants(stated.policy, name):
            key = (mutant.parameter, mutant.place)
            if key not in runs:
                runs[key] = [one for one in group if _reads_value(one, *key)]
            assert isinstance(mutant.change, ValueChange)
            yield mutant, [(runs[key], _with_values(mutant.change.parameter))]


def _reads_value(one: Decided, parameter: str, place: str) -> bool:
    """Whether a run takes the parameter's value from the policy, and at that place."""
    fixed = any(given.id == parameter for given in one.case.given)
    return not fixed and place in ("", one.place)


def _with_values(parameter: Parameter) -> Notices:
    """Whether a run notices other values of one parameter."""

    @cache
    def prepared(policy: Same[CheckedPolicy]) -> Prepared:
        return Prepared(with_parameter(policy.of, parameter))

    return lambda one: _differs(one, prepared(Same(one.policy)))


def _change_mutants(ran: Sequence[Decided], slices: Slices) -> Iterator[tuple[Mutant, Tries]]:
    """Each change of each overlay taken away, tried on the runs on which it bore."""
    for name in sorted(slices.library.documents):
        built = slices.library.build(name)
        if not isinstance(built, Overlay):
            continue
        for index, change in enumerate(built.changes):
            on: TriedChange = (name, index)
            runs = [one for one in ran if on in one.result.tried]
            less = without_change(slices.library, name, index)
            span = change.block.origin.span if isinstance(change, SetValues) else change.origin.span
            mutant = Mutant("drop-change", f"{name}: {change_name(change)}", change_name(change), "", span)
            yield mutant, [(runs, _decided_by(less))]


def without_change(library: Library, name: str, index: int) -> Slices:
    """The policies as they would be without one change."""
    document = library.documents[name]
    assert isinstance(document.built, Overlay)
    changes = tuple(change for place, change in enumerate(document.built.changes) if place != index)
    built = replace(document.built, changes=changes)
    documents = {**library.documents, name: replace(document, built=built, tried=True)}
    return Slices(replace(library, documents=documents))


def _decided_by(slices: Slices) -> Notices:
    """Whether a run notices that other policies decide it; all do where these do not even pass their checks."""
    fixed = FixedPolicies()

    def notices(one: Decided) -> bool:
        checked, _ = slices.checked(one.result.chain, one.place, one.day, one.case.known_on)
        if checked is None:
            return True
        return _differs(one, prepare(fixed.fix(checked, one.case.given, one.day, one.case.known_on)))

    return notices


def _noticed(tries: Tries, tally: Tally) -> bool:
    """Whether some run notices a mutant, which is counted."""
    killed = _killed_by_any(tries)
    tally.tried += 1
    tally.killed += killed
    return killed


def _killed_by_any(tries: Tries) -> bool:
    return any(_killed(runs, notices) for runs, notices in tries)


def _killed(runs: list[Decided], notices: Notices) -> bool:
    """Whether one of the runs notices; that one comes first next time."""
    for place, one in enumerate(runs):
        if notices(one):
            runs.insert(0, runs.pop(place))
            return True
    return False


def _differs(one: Decided, prepared: Prepared) -> bool:
    try:
        answer: Answer = decide_under(prepared, one.facts, one.case.as_of, one.case.known_on)
    except HouseholdError as refused:
        answer = refused.diagnostics
    return not all(check.holds for check in check_all(one.result.run.expect, answer))


class Worked:
    """What the steps of a run came to, kept: a changed step that comes to the same leaves everything as it was."""

    def __init__(self) -> None:
        self._frames: dict[Same[Decided], Frame] = {}

    def may_notice(self, one: Decided, change: StepChange) -> bool:
        """Whether anything that the run states may be otherwise: nothing is where the step is worth the same, unless
        the run asks for more than values."""
        if any(expected.kind not in _VALUES for expected in one.result.run.expect):
            return True
        same = Same(one)
        frame = self._frames.get(same) or self._frames.setdefault(same, frame_of(one))
        slot = program_of(one.policy).slots[change.owner]
        worth = [(evaluate(change.core, item), item.row[slot]) for item in frame.every(change.owner.collection)]
        # what is not known may be otherwise where the tests around it tell more
        return any(after != before or not is_known(before) for after, before in worth)


_VALUES: Final = frozenset({"outcome", "causes", "conditions", "requirements", "outputs", "referrals", "refused"})
"""expectations that rest on what steps are worth, and on nothing else"""


# ---- several processes


def mutate_in_processes(
    results: Sequence[CaseResult],
    slices: Slices,
    wanted: Callable[[Mutant], bool],
    progress: Callable[[Tally], None],
    *,
    jobs: int,
    opener: Opener,
) -> Tally:
    """As `mutate`, the mutants dealt out to some processes, each of which reads policies and cases itself."""
    if jobs <= 1:
        return mutate(results, slices, wanted, progress)
    whole = Tally(equivalent=_equivalent(list(decided(results)), wanted))
    places: list[int] = []
    with processes(jobs) as pool:
        shares = [pool.submit(_share, opener, wanted, share, jobs) for share in range(jobs)]
        for share in as_completed(shares):
            tried, killed, survivors = share.result()
            whole.tried += tried
            whole.killed += killed
            places.extend(survivors)
            progress(whole)
    mutants = _numbered(list(decided(results)), slices, wanted)
    made = {place: mutant for place, mutant, _ in mutants if place in set(places)}
    whole.survivors = [made[place] for place in sorted(places)]
    return whole


def _share(opener: Opener, wanted: Callable[[Mutant], bool], share: int, of: int) -> tuple[int, int, list[int]]:
    """Every mutant whose number leaves this remainder: how many, how many noticed, and the numbers of the rest."""
    policies, suite = opener()
    ran = list(decided(run(suite, policies, Selection((), ""), Reporter())))
    tally, survivors = Tally(), []
    for place, _, tries in _numbered(ran, policies.slices, wanted):
        if place % of == share and not _noticed(tries, tally):
            survivors.append(place)
    return tally.tried, tally.killed, survivors
