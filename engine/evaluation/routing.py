"""Which policy decides a household: the root that covers its place and day, and the overlays of its place.

In: a household as it was read from JSON, and what the caller names.  Out: a `Route` with the checked policy, or a
refusal. The one place where that is found; whoever decides households asks here.
A file that may belong to the household's rules and cannot be used refuses the household: nothing is decided with rules
left out. Imports household, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from threading import RLock
from typing import TypeAlias

from engine.diagnostics import Diagnostic, Reporter, errors_in
from engine.errors import HouseholdError, PolicyError, UnusablePolicy
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.household import Routing, household_id, read_household, read_routing
from engine.gathered import gathered
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Fact, Policy
from engine.policy.placing import Unusable, faults_of
from engine.policy.slices import Slices
from engine.policy.stretches import Cuts
from engine.policy.territory import Jurisdiction
from engine.records import dataclass
from engine.suggest import nearest


@dataclass(frozen=True, slots=True)
class Route:
    """Attributes:
    ids: the documents of the chain, from the root up.
    routing: the household's id, place and application date.
    """

    ids: tuple[str, ...]
    routing: Routing
    checked: CheckedPolicy


@dataclass(frozen=True, slots=True)
class _Root:
    id: str
    policy: Policy


_Suspects: TypeAlias = tuple[tuple[str, ...], tuple[Unusable, ...]]


class Router:
    """Finds policies for households; keeps what it found out about places and files.

    `lock` is held while policies are made: several threads may ask at once, and each policy is made once.
    """

    def __init__(self, slices: Slices) -> None:
        self.lock = RLock()
        self._slices = slices
        self._library = slices.library
        self._lines: dict[tuple[str, str, bool], tuple[str, ...]] = {}
        self._lost: dict[str, tuple[Unusable, ...]] = {}
        self._told: dict[Unusable, tuple[Diagnostic, ...]] = {}
        self._faulty: dict[tuple[str, ...], tuple[Diagnostic, ...]] = {}
        self._fields: frozenset[str] | None = None
        self._sound: dict[str | None, list[_Root]] = {}
        self._suspects: dict[tuple[str | None, tuple[str, ...], bool], _Suspects] = {}

    def routes(self, tree: object, policy: str | None, as_of: date | None, known_on: date | None) -> tuple[Route, ...]:
        """One route for each root policy that covers the household's place and day, at least one.

        Args:
            policy: id of a root policy or overlay, or None.
        Raises: HouseholdError where the household cannot be placed, UnusablePolicy where a file that may belong to its
            rules cannot be used, PolicyError where there is no such policy, or none at all.
        """
        with self.lock:
            roots = self._roots(policy)
            if not roots:
                raise self._refusal(self._of_every_place(policy), _any_id(tree))
            return tuple(
                self._route(policy, root, routing, as_of, known_on)
                for root, routing in self._covering(tree, roots, policy, as_of, known_on)
            )

    def route(self, tree: object, policy: str | None, as_of: date | None, known_on: date | None) -> Route:
        """The only one of these.

        Raises: likewise; HouseholdError where there are several.
        """
        routes = self.routes(tree, policy, as_of, known_on)
        if len(routes) > 1:
            ids = " ".join(route.ids[0] for route in routes)
            raise HouseholdError([Diagnostic.of("several-policies", path="$", policies=ids)], routes[0].routing.id)
        return routes[0]

    def lasting(self, route: Route | None, policy: str | None, day: date, known_on: date | None) -> tuple[date, date]:
        """The first and the last day on which a place is sure to have the same route as on this one, with other values
        perhaps; or none, for the same reason."""
        with self.lock:
            roots = [root.policy.header.origin for root in self._roots(policy)]
            bounds = [Cuts.between(roots, day)]
            if route is not None:
                chain = self._slices.chain(route.ids)
                assert chain is not None, "it has a policy"
                stretch = self._slices.cuts(chain).stretch(route.routing.place, day, known_on)
                bounds.append((stretch.first, stretch.last))
            elif any(root.holds(day, known_on) for root in roots):
                return day, day
            return max(first for first, _ in bounds), min(last for _, last in bounds)

    def route_under(
        self, tree: object, policy: str, as_of: date | None, known_on: date | None, *, alone: bool
    ) -> Route | None:
        """The route of a household that is to be decided by one document, as a case says; files that cannot be used
        and have no part in it keep nobody from being decided.

        Args:
            alone: by the document and what it stands on; otherwise also by the official overlays of the place above it.
        Returns: None where the household cannot be placed, or its place or day lies outside: `routes` says why.
        Raises: PolicyError where the documents cannot be used.
        """
        with self.lock:
            root = self._policy_of(policy)
            if root is None or not {"place", "as_of"} <= {fact.role for fact in root.elements.facts.values()}:
                # no household can be placed: the policy is at fault, and its own errors say where
                raise PolicyError(errors_in(self._slices.check_all(None)))
            try:
                routing = read_routing(tree, root.elements.facts)
                ids = self._line(policy, routing, alone=alone)
            except HouseholdError:
                return None
            day = as_of or routing.as_of
            if not root.header.origin.holds(day, known_on):
                return None
            checked, report = self.checked(ids, routing.place, day, known_on)
            if checked is None:
                raise PolicyError(errors_in(report))
            return Route(ids, routing, checked) if routing.place in checked.merged.divisions else None

    def place_field(self, policy: str) -> str:
        """The field of a household that says its place, under a policy that can be read."""
        root = self._policy_of(policy)
        assert root is not None
        return _named(root.elements.facts, "place")

    def placing_fields(self, policy: str | None) -> tuple[str, str] | None:
        """The fields of a household by whose contents alone its route is found: its place, and its day; None where the
        policies that may decide it do not agree on them."""
        with self.lock:
            declared = [root.policy.elements.facts for root in self._roots(policy)]
            named = {(_named(facts, "place"), _named(facts, "as_of")) for facts in declared}
            return next(iter(named)) if len(named) == 1 else None

    def reads_unplaced(self, policy: str | None) -> CheckedPolicy | None:
        """By which policy a household is read that does not say its place or its day, so that every fault is told at
        once; None where the policies that may decide it do not agree on the fields, or the policy cannot be used."""
        with self.lock:
            agreed = self.placing_fields(policy) is not None
            return self._reading(self._roots(policy)[0]) if agreed else None

    def _policy_of(self, document: str) -> Policy | None:
        name = self._library.root_of(document)
        built = None if name is None else self._library.build(name)
        return built if isinstance(built, Policy) and not built.header.is_values else None

    def root_ids(self) -> list[str]:
        """The official root policies that can be used.

        Raises: PolicyError where there are none.
        """
        roots = self._roots(None)
        if not roots:
            raise PolicyError(self._library.errors())
        return [root.id for root in roots]

    def unknown(self, policy: str) -> PolicyError:
        """That there is no such policy, and what could not be read: it may be in there."""
        near = nearest(policy, self._library.documents)
        return PolicyError([Diagnostic.of("unknown-policy", name=policy, suggestion=near), *self._library.errors()])

    def faults_of_chain(self, ids: Sequence[str]) -> tuple[Diagnostic, ...]:
        """Everything that keeps a chain from being used, the documents that stand where another stands included."""
        marked = [one for one in self._library.unusable if one.id in ids or one.head.id in ids]
        found = [fault for one in dict.fromkeys(marked) for fault in faults_of(one, self._library)]
        found += errors_in(self._slices.chain_report(tuple(ids)))
        return tuple(dict.fromkeys(found))

    # ---- roots

    def _roots(self, policy: str | None) -> list[_Root]:
        """The root policies that may decide, and can be used."""
        if policy not in self._sound:
            self._sound[policy] = self._find_roots(policy)
        return self._sound[policy]

    def _find_roots(self, policy: str | None) -> list[_Root]:
        library = self._library
        if policy is None:
            names = [held.header.id for held in library.roots() if held.header.origin.status == "official"]
        elif policy in library.documents:
            root = library.root_of(policy)
            names = [] if root is None else [root]
            if library.of_values(policy):
                raise PolicyError([Diagnostic.of("unknown-policy", name=policy, suggestion="")])
        elif policy in library.ids_unread:
            names = []
        else:
            raise self.unknown(policy)
        if policy is None and not names and not library.unusable:
            raise PolicyError([Diagnostic.of("no-policy-found")])
        built = [(name, library.build(name)) for name in names]
        return [_Root(name, held) for name, held in built if isinstance(held, Policy)]

    def _of_every_place(self, policy: str | None) -> list[Unusable]:
        """What keeps every household from being decided: there is no sound root."""
        library = self._library
        root = None if policy is None or policy not in library.documents else library.root_of(policy)
        named = {policy, root} - {None}
        broken = [self._of_document(held.header.id) for held in library.roots() if not named or held.header.id in named]
        return [*broken, *(one for one in library.unusable if not named or not one.head.id or one.head.id in named)]

    def _of_document(self, name: str) -> Unusable:
        document = self._library.documents[name]
        return Unusable.document(document.header, document.head)

    # ---- places

    def _covering(
        self, tree: object, roots: Sequence[_Root], policy: str | None, as_of: date | None, known_on: date | None
    ) -> Iterator[tuple[_Root, Routing]]:
        """The roots whose territory holds the household's place and that are in force on its day."""
        refusals: list[HouseholdError] = []
        outside: HouseholdError | None = None
        found = False
        for root in roots:
            facts = root.policy.elements.facts
            try:
                routing = read_routing(tree, facts)
            except HouseholdError as refusal:
                refusals.append(refusal)
                continue
            if not self._holds(root, routing.place):
                near = nearest(routing.place, root.policy.divisions)
                fault = Diagnostic.of(
                    "not-in-territory", path=_named(facts, "place"), place=routing.place, suggestion=near
                )
                outside = outside or HouseholdError([fault], routing.id)
            elif not root.policy.header.origin.holds(as_of or routing.as_of, known_on):
                known = "" if known_on is None else str(known_on)
                day = str(as_of or routing.as_of)
                fault = Diagnostic.of("no-policy-in-force", path=_named(facts, "as_of"), day=day, known_on=known)
                outside = HouseholdError([fault], routing.id)
            else:
                found = True
                yield root, routing
                continue
            # what decides there may be what cannot be read
            if bearing := self._bearing(routing.place, None, policy, ()):
                raise self._refusal(bearing, routing.id)
        if found:
            return
        if outside is not None:
            raise outside
        raise self._all_reasons(tree, roots[0], refusals[0])

    def _holds(self, root: _Root, place: str) -> bool:
        return place in self._library.territory(root.id)

    def _all_reasons(self, tree: object, root: _Root, refusal: HouseholdError) -> HouseholdError:
        """A household that cannot be placed is still read by the first root, so that every fault is told at once."""
        if not isinstance(tree, Mapping):
            return refusal
        checked = self._reading(root)
        if checked is not None:
            try:
                self.read(tree, checked)
            except HouseholdError as every:
                return every
        return HouseholdError(refusal.diagnostics, household_id(tree, root.policy.elements.facts))

    def _reading(self, root: _Root) -> CheckedPolicy | None:
        """What a root by itself makes of its territory as a whole when it comes into force."""
        origin = root.policy.header
        checked, _ = self._slices.checked([root.id], str(origin.jurisdiction), origin.origin.start or date.min, None)
        return checked

    # ---- the chain

    def _route(
        self, policy: str | None, root: _Root, routing: Routing, as_of: date | None, known_on: date | None
    ) -> Route:
        ids = self._line(policy or root.id, routing)
        if bearing := self._bearing(routing.place, root.id, policy, ids):
            raise self._refusal(bearing, routing.id)
        checked, report = self.checked(ids, routing.place, as_of or routing.as_of, known_on)
        if checked is None:
            raise _refused(_by_file(report), routing.id)
        return Route(ids, routing, checked)

    def checked(
        self, ids: Sequence[str], place: str, as_of: date, known_on: date | None
    ) -> tuple[CheckedPolicy | None, Reporter]:
        """The policy that a chain makes for a place on a day, and what was found in it.

        There is none under what `check` calls an error in the chain's documents, on whatever day.
        """
        chain = tuple(ids)
        with self.lock:
            if chain not in self._faulty:
                self._faulty[chain] = tuple(errors_in(self._slices.chain_report(chain)))
            checked, report = self._slices.checked(chain, place, as_of, known_on)
        if not self._faulty[chain]:
            return checked, report
        return None, Reporter((*self._faulty[chain], *report))

    def _line(self, policy: str, routing: Routing, *, alone: bool = False) -> tuple[str, ...]:
        """The ids of the chain that decides a place."""
        asked = (policy, routing.place, alone)
        if asked not in self._lines:
            library = self._library
            whole = library.whole_line(policy, routing.place) if alone else library.chain_ids(policy, routing.place)
            root = library.root_of(policy)
            for name in whole:
                if library.root_of(name) == root and not library.territory(policy).holds(
                    library.documents[name].header.jurisdiction, routing.place
                ):
                    fault = Diagnostic.of("place-not-of-policy", path="$", place=routing.place, policy=name)
                    raise HouseholdError([fault], routing.id)
            self._lines[asked] = tuple(whole)
        return self._lines[asked]

    # ---- files that cannot be used

    def _bearing(self, place: str, root: str | None, policy: str | None, ids: Sequence[str]) -> list[Unusable]:
        """The files past which no household of this place may be decided under this root (None: under any)."""
        asked = (root, tuple(ids), policy is None)
        if asked not in self._suspects:
            self._suspects[asked] = self._suspected(*asked)
        roots, suspects = self._suspects[asked]
        return [one for one in suspects if self._bears(one, place, roots, policy, ids)]

    def _suspected(self, root: str | None, ids: Sequence[str], any_root: bool) -> _Suspects:
        """The root and what it takes values from, and what may bear on some place."""
        library = self._library
        broken = (
            self._of_document(held.header.id)
            for held in library.roots()
            if any_root and held.header.id != root and library.build(held.header.id) is None
        )
        roots = () if root is None else (root, *library.sources_of(ids))
        return roots, (*library.unusable, *broken, *(one for name in roots for one in self._lost_overlays(name)))

    def _bears(self, one: Unusable, place: str, roots: Sequence[str], policy: str | None, ids: Sequence[str]) -> bool:
        """Args:
        roots: the root of the chain and what it takes values from; none for any.
        """
        head = one.head
        if head.id and (head.id == policy or head.id in ids or head.id in roots):
            return True
        if not head.takes_part or not self._library.may_concern(one, place):
            return False
        if head.is_root:
            # where a root is named, another is none of the household's
            return policy is None or not roots
        if head.is_values and head.id:
            return not roots  # what the chain takes values from is among them
        under = self._library.root_of(head.amends) if head.amends else None
        return not roots or under is None or under in roots

    def _lost_overlays(self, root: str) -> tuple[Unusable, ...]:
        """Overlays of a root whose jurisdiction holds no county of it: nobody can say whom they are about."""
        if root not in self._lost:
            known = self._library.territory(root).known
            self._lost[root] = tuple(
                Unusable.document(held.header, held.head, Jurisdiction())
                for held in self._library.documents.values()
                if known
                and not held.is_root
                and not known.keys() >= set(held.header.jurisdiction)
                and self._library.root_of(held.header.id) == root
            )
        return self._lost[root]

    def _refusal(self, bearing: Sequence[Unusable], household: str | None) -> UnusablePolicy:
        faults: dict[str, tuple[Diagnostic, ...]] = {}
        for one in dict.fromkeys(bearing):
            if one not in self._told:
                self._told[one] = faults_of(one, self._library)
            faults[one.file] = (*faults.get(one.file, ()), *self._told[one])
        return _refused(faults, household)

    # ---- reading

    def read(self, tree: object, checked: CheckedPolicy, asked: frozenset[str] = frozenset()) -> HouseholdFacts:
        """The household's facts; a field that only another loaded policy declares is ignored with a warning.

        Args:
            asked: the fields of other policies that are asked about it too.
        """
        try:
            return read_household(tree, checked, asked_fields=asked)
        except HouseholdError as refusal:
            if all(found.code != "unknown-household-field" for found in refusal.diagnostics):
                raise
        # only now is it worth asking what the neighbours declare
        with self.lock:
            if self._fields is None:
                self._fields = frozenset(self._library.declared_fields())
        return read_household(tree, checked, other_fields=self._fields, asked_fields=asked)


def _refused(faults: Mapping[str, Iterable[Diagnostic]], household: str | None) -> UnusablePolicy:
    """The refusal that names, for each file, the first fault in it.

    A file without any that cannot be used for what is wrong below it is named only where nothing else is.
    """
    told = []
    for file, found in faults.items():
        first = next(iter(found), None)
        if first is not None:
            told.append(Diagnostic.of("policy-unusable", place=_place_in(file, first), rule=first.code))
    told = told or [Diagnostic.of("policy-unusable", place=file, rule="below-broken") for file in faults]
    return UnusablePolicy(told, household, dict.fromkeys(one for found in faults.values() for one in found))


def _place_in(file: str, fault: Diagnostic) -> str:
    """Where a fault of two files lies in one of them."""
    spans = [fault.span, *(span for _, span in fault.related)]
    here = next((span for span in spans if span is not None and span.source.name == file), None)
    return f"{file}:{here.line}:{here.column}" if here is not None else fault.place() or file


def _by_file(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """The errors, by the file that they lie in."""
    return gathered((one.file, one) for one in errors_in(found))


def _named(facts: Mapping[str, Fact], role: str) -> str:
    """The fact that has a role; every policy has one for each."""
    return next(fact.id for fact in facts.values() if fact.role == role)


def _any_id(tree: object) -> str | None:
    """The household's id where no policy says which field that is."""
    held = tree.get("id") if isinstance(tree, Mapping) else None
    return held if isinstance(held, str) else None
