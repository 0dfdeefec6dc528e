"""What programmers call: policies loaded once, households decided one by one.

In: policy folders, households.  Out: `Decision`s, or `PolicyError` and `HouseholdError` with every fault.
May import evaluation, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.diagnostics import Diagnostic, Reporter, errors_in
from engine.errors import PolicyError
from engine.evaluation.arguments import must_be_day, must_be_decision, must_be_folders, must_be_text
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.json_text import read_json
from engine.evaluation.routing import Route, Router
from engine.evaluation.ways import Ways
from engine.extras import must_be_installed
from engine.policy.beside import read_with_beside
from engine.policy.checked import CheckedPolicy
from engine.policy.loader import Library
from engine.policy.slices import Slices
from engine.resources import policies_root

if TYPE_CHECKING:
    from engine.whatif.results import WhatIf

Folder: TypeAlias = str | PathLike[str]


def load(path: Folder | Sequence[Folder] | None = None) -> Policies:
    """Load and check every policy file of a folder (or several); without an argument, those shipped.

    A file in place of a folder means the file with everything beside it that amends it.

    Raises: PolicyError with every error of every file; TypeError where `path` is no path, ValueError where it is empty.
    """
    policies = open_policies(path)
    # a finding of hygiene, however severe for `check`, keeps no household from being decided
    report = policies.slices.check_all(None)
    if report.has_errors:
        raise PolicyError(errors_in(report))
    return policies


def open_policies(path: Folder | Sequence[Folder] | None = None) -> Policies:
    """Read a folder without checking it: each household's own chain is checked when it is first needed.

    A file named in place of a folder brings along what lies beside it and amends it: no rule is left out of an answer.
    """
    if path is not None:
        must_be_folders(path)
    if path is None:
        paths = [policies_root()]
    elif isinstance(path, str | PathLike):
        paths = [Path(path)]
    else:
        paths = [Path(one) for one in path]
    return Policies(read_with_beside(paths))


class Policies:
    """Loaded policies. Deciding a household changes nothing but caches; several threads may do so at once."""

    def __init__(self, library: Library, slices: Slices | None = None) -> None:
        """Args:
        slices: of the same library, where some were made already.
        """
        self.library = library
        self.slices = slices or Slices(library)
        self.router = Router(self.slices)
        self._ways = Ways(self.router)

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
        with self.router.lock:
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
        Raises: HouseholdError where the household is refused (UnusablePolicy: since a file that may belong to its rules
            cannot be used), PolicyError where there is no such policy; TypeError where another argument is of the wrong
            type (days are `datetime.date`s, not texts or datetimes).
        """
        if policy is not None or as_of is not None or known_on is not None:
            _must_be_asked(policy, as_of, known_on)
        tree = household if type(household) is dict else _tree(household)
        decided = self._ways.decide(tree, policy, as_of, known_on)
        if decided is not None:
            return decided
        route = self.router.route(tree, policy, as_of, known_on)
        decided = self._ways.decide_on(tree, route, policy, as_of, known_on)
        return decided or self._decide(tree, route, as_of, known_on)

    def evaluate_all(
        self, household: object, as_of: date | None = None, known_on: date | None = None
    ) -> list[Decision]:
        """One decision for each root policy that covers the household's county and day. A field that one of them
        declares is no fault of the others.

        Raises: as `evaluate`.
        """
        _must_be_asked(None, as_of, known_on)
        tree = _tree(household)
        routes = self.router.routes(tree, None, as_of, known_on)
        asked = frozenset(field for route in routes for field in route.checked.merged.elements.fields())
        return [self._decide(tree, route, as_of, known_on, asked) for route in routes]

    def what_if(self, household: object, decision: Decision) -> WhatIf:
        """What would change a decision: the nearest changes that turn it, or what would settle it.

        Args:
            household: that of the decision, as it was given.
        Raises: TypeError where `decision` is none, ValueError or HouseholdError where the household is another.
        """
        from engine.whatif.asked import what_if

        must_be_decision(decision)
        return what_if(decision, _tree(household), lambda tree: self.router.read(tree, decision.policy))

    def screen(
        self,
        table: object,
        policy: str | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
        missing: bool = False,
        readings: bool = False,
    ) -> Any:
        """Decide every household of a table. Needs the extra `screen`.

        Args:
            table: anything with the Arrow PyCapsule interface (pyarrow, pandas, Polars, DuckDB), one row a household,
                with columns as `schema_arrow` has them. A null is unknown, a column that is not there a field left out.
            missing: also how many facts would settle it.
            readings: also whether another reading of the law would give something else.
        Returns: a `pyarrow.Table` with one answer a row, in the same order; a household that is refused is answered
            `refused`, with the code and path of the first reason.
        Raises: TableError where the table as a whole cannot be read, NotInstalled without the extra, PolicyError where
            there is no such policy; TypeError as `evaluate`.
        """
        _must_be_asked(policy, as_of, known_on)
        must_be_installed("screen")
        from engine.screening.table import screen_table

        return screen_table(self, table, policy, as_of, known_on, missing=missing, readings=readings)

    def schema_arrow(self, policy: str | None = None) -> Any:
        """The columns of a table of households as a `pyarrow.Schema`: of all policies that may decide, or of one with
        what stands above it. Needs the extra `screen`.

        Raises: as `screen`.
        """
        must_be_text(policy, "policy", optional=True)
        must_be_installed("screen")
        from engine.screening.screen import schema_arrow

        return schema_arrow(self, policy)

    def policy_for(
        self, policy: str, place: str, as_of: date, known_on: date | None = None
    ) -> tuple[CheckedPolicy | None, Reporter]:
        """The checked policy that decides a place on a day: the chain up to `policy`, and official overlays above.

        Args:
            place: a division code; that of a place that contains others (a city's `1401`) gives the chain without what
                is confined to counties.
        Raises: PolicyError where there is no such policy, TypeError where an argument is of the wrong type.
        """
        must_be_text(place, "place")
        must_be_day(as_of, "as_of", optional=False)
        must_be_day(known_on, "known_on")
        self._must_know(policy)
        return self.router.checked(self.library.chain_ids(policy, place), place, as_of, known_on)

    def household_schema(self, policy: str | None, as_of: date) -> dict[str, object]:
        """The JSON Schema of a household under a policy on a day; the only root policy without a name.

        Raises: PolicyError where there is no such policy, several roots to choose from, or errors in it.
        """
        from engine.evaluation.household_schema import household_schema

        must_be_text(policy, "policy", optional=True)
        must_be_day(as_of, "as_of", optional=False)
        if policy is None:
            names = self.router.root_ids()
            if len(names) > 1:
                raise PolicyError([Diagnostic.of("several-policies", policies=" ".join(names))])
            policy = names[0]
        return household_schema(self.overlay_for(policy, as_of))

    def overlay_for(self, policy: str, as_of: date, known_on: date | None = None) -> CheckedPolicy:
        """The checked policy of a document's own chain, for its jurisdiction as a whole.

        Raises: PolicyError where there is no such policy, or it has errors.
        """
        must_be_day(as_of, "as_of", optional=False)
        must_be_day(known_on, "known_on")
        self._must_know(policy)
        ids, place = self.library.whole_line(policy), str(self.library.documents[policy].header.jurisdiction)
        with self.router.lock:
            checked, report = self.slices.checked(ids, place, as_of, known_on)
            if checked is None or (faults := self.router.faults_of_chain(ids)):
                raise PolicyError(report.diagnostics if checked is None else faults)
        return checked

    # ---- which policy

    def _must_know(self, policy: str) -> None:
        must_be_text(policy, "policy")
        if policy not in self.library.documents:
            raise self.router.unknown(policy)

    def _decide(
        self,
        tree: object,
        route: Route,
        as_of: date | None,
        known_on: date | None,
        asked: frozenset[str] = frozenset(),
    ) -> Decision:
        return decide(route.checked, self.router.read(tree, route.checked, asked), as_of, known_on)


def _tree(household: object) -> object:
    return read_json(household) if isinstance(household, str | bytes | bytearray) else household


def _must_be_asked(policy: object, as_of: object, known_on: object) -> None:
    must_be_text(policy, "policy", optional=True)
    must_be_day(as_of, "as_of")
    must_be_day(known_on, "known_on")
