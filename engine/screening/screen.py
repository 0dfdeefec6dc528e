"""A table of households screened: batch in, answers out.

In: loaded policies and batches of one schema.  Out: a batch of answers for each, row by row in the same order.
What the kernel does not take is read as JSON would be and decided by the reference; of refusals the kernel takes those
for nothing but what is lacking.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeAlias

import numpy as np
import pyarrow as pa

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.routing import Route, Router
from engine.policy.loader import Library
from engine.policy.slices import Slices
from engine.policy.territory import Division
from engine.screening.answers import FINDINGS, MAKERS, OUTCOMES, REFUSALS, REFUSED, Answer, Answers, Taken
from engine.screening.declared import Declared, declared_by
from engine.screening.kernel.deciding import ROLES, Deciding
from engine.screening.layout import laid_out
from engine.screening.refusals import Order, RefusedRows
from engine.screening.rows import Household, Rows
from engine.screening.schema import check_schema, schema_of
from engine.screening.totals import Totals

_INTERPRETER = MAKERS.index("interpreter")


class Loaded(Protocol):
    """What `engine.api.Policies` holds."""

    library: Library
    slices: Slices
    router: Router


def declared_in(policies: Loaded, policy: str | None) -> Declared:
    """What the policies declare that may decide.

    Raises: PolicyError where there is no such policy, or none that can be used.
    """
    with policies.router.lock:
        if policy is not None and policy not in policies.library.documents:
            raise policies.router.unknown(policy)
        if policy is None:
            policies.router.root_ids()
        return declared_by(policies.library, policies.slices, policy)


def schema_arrow(policies: Loaded, policy: str | None) -> pa.Schema:
    """The columns of a table of households, with their types."""
    return schema_of(declared_in(policies, policy))


Decide: TypeAlias = Callable[[pa.RecordBatch], Taken]
"""what the kernel says of a batch, and the rows that it leaves"""


def _leaves_all(batch: pa.RecordBatch) -> Taken:
    return Taken(np.ones(batch.num_rows, np.bool_))


class Screening:
    """Batches of one schema, screened under loaded policies. Several threads may each screen a batch at once.

    Attributes:
        answers: the schema of what `batch` gives.
        warnings: what was noticed of the table as a whole.
        id_column, place_column: where the ids and the places of households stand.
    """

    def __init__(
        self,
        policies: Loaded,
        schema: pa.Schema,
        *,
        policy: str | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
        missing: bool = False,
        readings: bool = False,
        only: Collection[str] | None = None,
    ) -> None:
        """Args:
        only: the columns that are answered; all of them without it.
        """
        declared = declared_in(policies, policy)
        self.id_column, self.place_column = declared.in_role("identity"), declared.in_role("place")
        self.warnings: tuple[Diagnostic, ...] = check_schema(schema, declared)
        self._router = policies.router
        self._policy, self._as_of, self._known_on = policy, as_of, known_on
        self._rows = Rows(schema, declared)
        self._order = Order(declared)
        # a column of another policy than the row's own is none of it, and nothing to be told row by row
        self._fields = frozenset(declared.fields()) | declared.others
        self._answers = Answers(declared, missing=missing, readings=readings, only=only)
        self._policies = {id: code for code, id in enumerate(self._answers.policies)}
        self.answers: pa.Schema = self._answers.schema
        with policies.router.lock:
            territories = [policies.library.territory(id) for id in declared.documents]
        self._places = {code: place for territory in reversed(territories) for code, place in territory.items()}
        roles = {role: declared.in_role(role) for role in ROLES}
        self._decide: Decide = _leaves_all
        if all(schema.get_field_index(name) >= 0 for name in roles.values()):
            asked = policy, as_of, known_on
            self._decide = Deciding(policies.router, self._answers, roles, self._places, self._order, *asked)

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The answers of a batch, one a row."""
        return self._answered(batch)[0]

    def told(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, RefusedRows]:
        """The answers of a batch, and of each row that is refused all the reasons."""
        answers, native, others = self._answered(batch)
        return answers, RefusedRows.together([native.sorted(), others])

    def _answered(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, RefusedRows, RefusedRows]:
        """The answers, and the reasons: of the rows that native code refuses, and of the others."""
        taken = self._decide(batch)
        left = None if taken.left.all() else np.flatnonzero(taken.left)
        reasons: dict[int, Sequence[Diagnostic]] = {}
        answers = []
        places = range(batch.num_rows) if left is None else left.tolist()
        for place, household in zip(places, self._rows.households(batch, left), strict=True):
            route: Route | None = None
            try:
                route = self._route(household)
                answers.append(self._decided(self._in_full(household, route)))
            except HouseholdError as refusal:
                reasons[place] = refusal.diagnostics
                answers.append(self._refused(refusal, route))
        ids = (
            pa.nulls(batch.num_rows, pa.string()) if left is None else laid_out(batch[self.id_column]).cast(pa.string())
        )
        return self._answers.batch(ids, taken, answers), taken.refused, RefusedRows.of(reasons)

    def decision(self, row: pa.RecordBatch) -> Decision:
        """Of the household of a batch of one row, with every reason.

        Raises: HouseholdError where it is refused.
        """
        (household,) = self._rows.households(row)
        return self._in_full(household, self._route(household))

    @property
    def places(self) -> Mapping[str, Division]:
        """By code."""
        return self._places

    def totals(self) -> Totals:
        """Where what `batch` gives can be counted."""
        return Totals(self._places, self.place_column, self.answers)

    def _route(self, household: Household) -> Route:
        return self._router.route(household, self._policy, self._as_of, self._known_on)

    def _in_full(self, household: Household, route: Route) -> Decision:
        facts = self._router.read(household, route.checked, self._fields)
        return decide(route.checked, facts, self._as_of, self._known_on)

    def _refused(self, refusal: HouseholdError, route: Route | None) -> Answer:
        first = self._order.first(refusal.diagnostics)
        return {
            "id": refusal.household,
            "outcome": REFUSED,
            "policy": None if route is None else self._policy_of(route.checked.merged.chain.own_ids),
            "refusal.code": REFUSALS.index(first.code),
            "refusal.path": first.path or None,
            "refusal.count": self._order.count(refusal.diagnostics),
            "by": _INTERPRETER,
        }

    def _decided(self, decision: Decision) -> Answer:
        answers = self._answers
        found: dict[str, object] = {
            "id": decision.household,
            "outcome": None if decision.outcome is None else OUTCOMES.index(str(decision.outcome)),
            "policy": self._policy_of(decision.policy.merged.chain.own_ids),
            "by": _INTERPRETER,
        }
        for name, key in answers.findings.items():
            finding = decision.finding(*key)
            found[name] = None if finding is None else FINDINGS.index(str(finding))
        outputs = decision.outputs if answers.outputs else {}
        for columns in answers.outputs:
            if columns.id in outputs:
                found |= columns.values(outputs[columns.id])
        if answers.missing:
            found["missing"] = len(decision.missing)
        if answers.readings:
            readings = decision.readings
            found |= {name: readings[id].differs for name, id in answers.readings.items() if id in readings}
        return found

    def _policy_of(self, chain: Sequence[str]) -> int:
        return self._policies[chain[-1]]
