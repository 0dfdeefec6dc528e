"""What programmers call: policies loaded once, households decided one by one.

In: policy folders, households.  Out: `Decision`s, or `PolicyError` and `HouseholdError` with every fault.
May import evaluation, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.errors import HouseholdError, PolicyError
from engine.evaluation.arguments import must_be_day, must_be_folders, must_be_text
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.household import Routing, household_id, read_household, read_routing
from engine.evaluation.json_text import read_json
from engine.policy.checked import CheckedPolicy
from engine.policy.loader import Library, read_library
from engine.policy.model import Policy
from engine.policy.slices import Slices
from engine.resources import policies_root
from engine.suggest import nearest

Folder: TypeAlias = str | PathLike[str]


def load(path: Folder | Sequence[Folder] | None = None) -> Policies:
    """Load and check every policy file of a folder (or several); without an argument, those shipped.

    Raises: PolicyError with every error of every file; TypeError where `path` is no path.
    """
    policies = open_policies(path)
    # a finding of hygiene, however severe for `check`, keeps no household from being decided
    report = policies.slices.check_all(None)
    if report.has_errors:
        raise PolicyError(found for found in report if found.severity is Severity.ERROR)
    return policies


def open_policies(path: Folder | Sequence[Folder] | None = None) -> Policies:
    """Read a folder without checking it: each household's own chain is checked when it is first needed."""
    if path is not None:
        must_be_folders(path)
    if path is None:
        paths = [policies_root()]
    elif isinstance(path, str | PathLike):
        paths = [Path(path)]
    else:
        paths = [Path(one) for one in path]
    return Policies(read_library(paths))


class Policies:
    """Loaded policies. Deciding a household changes nothing but caches."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.slices = Slices(library)
        self._fields: frozenset[str] | None = None
        self._lines: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all policies and overlays."""
        return tuple(sorted(self.library.documents))

    def check(self, on: date | None = None) -> Reporter:
        """Check everything that was read: syntax, structure, names, types, units, merge, guards, dates, hygiene.

        Args:
            on: also report what is out of date on this day.
        Raises: TypeError where `on` is no date.
        """
        must_be_day(on, "on")
        return self.slices.check_all(on, hygiene=True)

    def evaluate(
        self,
        household: object,
        policy: str | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Decision:
        """Decide one household.

        Args:
            household: a dict, JSON text or bytes.
            policy: id of a root policy or overlay; found from the household's county and day without it.
            as_of: the day whose rules apply; the application date without it.
            known_on: leave out what was published later.
        Raises: HouseholdError where the household is refused, PolicyError where its policy cannot be used; TypeError
            where another argument is of the wrong type (days are `datetime.date`s, not texts or datetimes).
        """
        _must_be_asked(policy, as_of, known_on)
        tree = read_json(household) if isinstance(household, str | bytes | bytearray) else household
        roots = self._roots(policy)
        decisions = self._covering(tree, roots, as_of, known_on)
        if len(decisions) > 1:
            ids = " ".join(root for root, _ in decisions)
            raise HouseholdError([_fault("several-policies", "$", policies=ids)], decisions[0][1].id)
        root, routing = decisions[0]
        return self._decide(tree, policy or root, routing, as_of, known_on)

    def evaluate_all(
        self, household: object, as_of: date | None = None, known_on: date | None = None
    ) -> list[Decision]:
        """One decision for each root policy that covers the household's county and day.

        Raises: as `evaluate`.
        """
        _must_be_asked(None, as_of, known_on)
        tree = read_json(household) if isinstance(household, str | bytes | bytearray) else household
        covering = self._covering(tree, self._roots(None), as_of, known_on)
        return [self._decide(tree, root, routing, as_of, known_on) for root, routing in covering]

    def policy_for(
        self, policy: str, place: str, as_of: date, known_on: date | None = None
    ) -> tuple[CheckedPolicy | None, Reporter]:
        """The checked policy that decides a place on a day: the chain up to `policy`, and official overlays above.

        Args:
            place: a division code; a prefix (a city's `1401`) gives the chain without what is confined to counties.
        Raises: PolicyError where there is no such policy, TypeError where an argument is of the wrong type.
        """
        must_be_text(place, "place")
        must_be_day(as_of, "as_of", optional=False)
        must_be_day(known_on, "known_on")
        self._must_know(policy)
        return self.slices.checked(self.library.chain_ids(policy, place), place, as_of, known_on)

    def household_schema(self, policy: str | None, as_of: date) -> dict[str, object]:
        """The JSON Schema of a household under a policy on a day; the only root policy without a name.

        Raises: PolicyError where there is no such policy, several roots to choose from, or errors in it.
        """
        from engine.evaluation.household_schema import household_schema

        must_be_text(policy, "policy", optional=True)
        must_be_day(as_of, "as_of", optional=False)
        if policy is None:
            names = [name for name, _ in self._roots(None)]
            if len(names) > 1:
                raise PolicyError([_fault("several-policies", "", policies=" ".join(names))])
            policy = names[0]
        return household_schema(self.overlay_for(policy, as_of))

    def overlay_for(self, policy: str, as_of: date, known_on: date | None = None) -> CheckedPolicy:
        """The checked policy of a document's own chain, for its jurisdiction as a whole.

        Raises: PolicyError where there is no such policy, or it has errors.
        """
        must_be_day(as_of, "as_of", optional=False)
        must_be_day(known_on, "known_on")
        self._must_know(policy)
        place = self.library.documents[policy].header.jurisdiction
        checked, report = self.slices.checked(self.library.line_to(policy), place, as_of, known_on)
        if checked is None:
            raise PolicyError(report.diagnostics)
        return checked

    # ---- which policy

    def _must_know(self, policy: str) -> None:
        must_be_text(policy, "policy")
        if policy not in self.library.documents:
            raise PolicyError(
                [_fault("unknown-policy", "", name=policy, suggestion=nearest(policy, self.library.documents))]
            )

    def _roots(self, policy: str | None) -> list[tuple[str, Policy]]:
        """The root policies that may decide, built."""
        if policy is not None:
            self._must_know(policy)
            root = self.library.root_of(policy)
            if root is None:
                raise PolicyError(self.library.documents[policy].report.diagnostics)
            names = [root]
        else:
            names = [held.header.id for held in self.library.roots() if held.header.origin.status == "official"]
        built = [(name, self.library.build(name)) for name in names]
        roots = [(name, held) for name, held in built if isinstance(held, Policy)]
        if not roots:
            raise PolicyError(found for found in self.library.diagnostics() if found.severity is Severity.ERROR)
        return roots

    def _covering(
        self, tree: object, roots: list[tuple[str, Policy]], as_of: date | None, known_on: date | None
    ) -> list[tuple[str, Routing]]:
        """The roots whose territory holds the household's place and that are in force on its day."""
        refusals: list[HouseholdError] = []
        found: list[tuple[str, Routing]] = []
        outside: HouseholdError | None = None
        for name, root in roots:
            try:
                routing = read_routing(tree, root.elements.facts)
            except HouseholdError as refusal:
                refusals.append(refusal)
                continue
            if not self._holds(name, root, routing.place):
                place = next(fact.id for fact in root.elements.facts.values() if fact.role == "place")
                near = nearest(routing.place, root.divisions)
                fault = _fault("not-in-territory", place, place=routing.place, suggestion=near)
                outside = outside or HouseholdError([fault], routing.id)
            elif not root.header.origin.holds(as_of or routing.as_of, known_on):
                day = next(fact.id for fact in root.elements.facts.values() if fact.role == "as_of")
                known = "" if known_on is None else str(known_on)
                fault = _fault("no-policy-in-force", day, day=str(as_of or routing.as_of), known_on=known)
                outside = HouseholdError([fault], routing.id)
            else:
                found.append((name, routing))
        if found:
            return found
        if outside is not None:
            raise outside
        raise self._all_reasons(tree, roots, refusals)

    def _holds(self, name: str, root: Policy, place: str) -> bool:
        return place in root.divisions or place in self.library.zones_of(name)

    def _all_reasons(
        self, tree: object, roots: list[tuple[str, Policy]], refusals: list[HouseholdError]
    ) -> HouseholdError:
        """A household that cannot be placed is still read by the first root, so that every fault is told at once."""
        name, root = roots[0]
        identity = household_id(tree, root.elements.facts) if isinstance(tree, Mapping) else None
        day = root.header.origin.start or date.min
        checked, _ = self.slices.checked([name], root.header.jurisdiction, day, None)
        if checked is not None and isinstance(tree, Mapping):
            try:
                self._read(tree, checked)
            except HouseholdError as refusal:
                return refusal
        return HouseholdError(refusals[0].diagnostics, identity)

    # ---- deciding

    def _decide(
        self, tree: object, policy: str, routing: Routing, as_of: date | None, known_on: date | None
    ) -> Decision:
        ids = self._line(policy, routing)
        checked, report = self.slices.checked(ids, routing.place, as_of or routing.as_of, known_on)
        if checked is None:
            raise PolicyError(found for found in report if found.severity is Severity.ERROR)
        return decide(checked, self._read(tree, checked), as_of, known_on)

    def _line(self, policy: str, routing: Routing) -> tuple[str, ...]:
        """The ids of the chain that decides a place."""
        asked = (policy, routing.place)
        if asked not in self._lines:
            ids = self.library.chain_ids(policy, routing.place)
            for name in ids:
                if not routing.place.startswith(self.library.documents[name].header.jurisdiction):
                    fault = _fault("place-not-of-policy", "$", place=routing.place, policy=name)
                    raise HouseholdError([fault], routing.id)
            self._lines[asked] = tuple(ids)
        return self._lines[asked]

    def _read(self, tree: object, checked: CheckedPolicy) -> HouseholdFacts:
        try:
            return read_household(tree, checked)
        except HouseholdError as refusal:
            if all(found.code != "unknown-household-field" for found in refusal.diagnostics):
                raise
        # only now is it worth asking what the neighbours declare
        return read_household(tree, checked, other_fields=self._declared_fields())

    def _declared_fields(self) -> frozenset[str]:
        """Every field that some loaded policy declares: `income_12m`, `vehicles`, `members.price`."""
        if self._fields is None:
            self._fields = frozenset(self.library.declared_fields())
        return self._fields


def _must_be_asked(policy: object, as_of: object, known_on: object) -> None:
    must_be_text(policy, "policy", optional=True)
    must_be_day(as_of, "as_of")
    must_be_day(known_on, "known_on")


def _fault(code: str, path: str, **params: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, path=path, params=tuple(sorted(params.items())))
