"""The reasons of a decision, each derived from what was worked out when it is first asked for.

In: the rows of a household in which the outcome is worked out, and all that was looked up for it.  Out: what a
`Decision` tells: findings, outputs, what is missing, what was assumed, the other readings, referrals, warnings.
Asking twice, in whatever order, or from several threads gives the same; the rows are nobody else's, so that nothing the
caller does to the household afterwards is seen here.
Imports program, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, timedelta
from threading import RLock
from typing import Any, TypeVar, cast

from engine.diagnostics import Diagnostic, Reporter
from engine.evaluation.assumable import Assumable
from engine.evaluation.assumptions import assumed_facts
from engine.evaluation.decision import (
    FINDINGS,
    Assumed,
    CauseFinding,
    ConditionFinding,
    Explain,
    Finding,
    ReadingFinding,
)
from engine.evaluation.findings import Reasons
from engine.evaluation.frame import Frame, Rows, frame_on
from engine.evaluation.lookup import Tables
from engine.evaluation.missing import missing_of
from engine.evaluation.needs import needed
from engine.evaluation.prepared import Prepared
from engine.evaluation.readings import Readings, readings_of
from engine.evaluation.telling import Telling
from engine.evaluation.told import Ended, Missing, OutputFinding, ParameterUse, Part
from engine.evaluation.working import work_out_rest
from engine.language.values import UNKNOWN, Truth3, Value
from engine.policy.model import Cell, Check, Key, Origin, Referral
from engine.program.model import Program, Step

_T = TypeVar("_T")


class Explained:
    def __init__(
        self,
        prepared: Prepared,
        program: Program,
        tables: Tables,
        left_out: Callable[[], Sequence[Assumable]],
        known_on: date | None,
        rows: Rows,
        worth: Mapping[int, Value] | None = None,
        noticed: tuple[Diagnostic, ...] = (),
    ) -> None:
        """Args:
        left_out: the facts left out for which a default stands; `noticed` is what the reader let pass.
        worth: what the sides of comparisons and their operands come to, by the identity of their expressions, where
            all of them and all steps are worked out already.
        """
        self._prepared = prepared
        self._program = program
        self._tables = tables
        self._left_out, self._noticed = left_out, noticed
        self._known_on = known_on
        self._rows = rows
        self._worth = worth or {}
        self._complete = worth is not None
        self._open: Frame | None = None
        self._reasons: Reasons | None = None
        self._made: dict[Callable[[Any], Any], object] = {}
        self._lock = RLock()

    def explained(self) -> Explained:
        return self

    def finding(self, cause: str, condition: str) -> Finding | None:
        """Read off the row: every cause and condition is worked out with the outcome."""
        slot = self._prepared.program.truths.get((cause, condition))
        if slot is None:
            return None
        with self._lock:  # a trial may be writing in the row
            return FINDINGS[cast("Truth3", self._rows.household[slot])]

    @property
    def causes(self) -> Mapping[str, CauseFinding]:
        return self._once(Explained._causes)

    @property
    def requirements(self) -> Mapping[str, ConditionFinding]:
        return self._once(Explained._requirements)

    @property
    def outputs(self) -> Mapping[str, OutputFinding]:
        return self._once(Explained._outputs)

    @property
    def derivations(self) -> Mapping[str, tuple[Part, ...]]:
        return self._once(Explained._derivations)

    @property
    def uses(self) -> tuple[ParameterUse, ...]:
        return self._once(Explained._uses)

    @property
    def missing(self) -> tuple[Missing, ...]:
        return self._once(Explained._missing)

    @property
    def assumed(self) -> tuple[Assumed, ...]:
        return self._once(Explained._assumed)

    @property
    def readings(self) -> Mapping[str, ReadingFinding]:
        return self._once(Explained._readings).found

    @property
    def waived(self) -> frozenset[tuple[str, str]]:
        return self._prepared.waived(self._tables.options)

    @property
    def referrals(self) -> tuple[Referral, ...]:
        return self._once(Explained._referrals)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return self._once(Explained._warnings)

    def _once(self, make: Callable[[Explained], _T]) -> _T:
        if make not in self._made:
            with self._lock:
                if make not in self._made:
                    self._made[make] = make(self)
        return cast("_T", self._made[make])

    def told(self, explain: Explain = "full") -> dict[str, object]:
        """Causes, requirements, outputs and readings as JSON has them; all else is derived on the way.

        Args:
            explain: `none` for outputs alone, `reasons` for causes and requirements.
        """
        with self._lock, self._frame():
            assert self._reasons is not None, "the frame is open"
            telling = Telling(self._reasons)
            told: dict[str, object] = {}
            if explain != "none":
                told |= {"causes": telling.causes(), "requirements": telling.requirements()}
            if explain != "reasons":
                told["outputs"] = telling.outputs()
            if explain == "full":
                told["readings"] = self._once(Explained._readings).told
            if explain != "none":
                for part in (Explained._missing, Explained._referrals, Explained._warnings):
                    self._once(part)
            if explain == "full":
                self._once(Explained._assumed)
            return told

    def _frame(self) -> AbstractContextManager[Frame]:
        """The household with every step worked out; one that is open already is used again.

        INVARIANT: entered under the lock, for trials write in the rows.
        """
        return self._opened() if self._open is None else nullcontext(self._open)

    @contextmanager
    def _opened(self) -> Iterator[Frame]:
        frame = self._open = frame_on(self._rows, self._program, self._tables)
        try:
            if not self._complete:
                for program in self._prepared.programs():
                    if work_out_rest(program, frame):
                        break
                self._complete = True
            self._reasons = Reasons(self._prepared, frame, self._worth)
            yield frame
        finally:
            self._open = self._reasons = None
            frame.let_go()

    # ---- what is derived

    def _causes(self) -> dict[str, CauseFinding]:
        return self._reason(Reasons.causes)

    def _requirements(self) -> dict[str, ConditionFinding]:
        return self._reason(Reasons.requirements)

    def _outputs(self) -> dict[str, OutputFinding]:
        return self._reason(Reasons.outputs)

    def _derivations(self) -> dict[str, tuple[Part, ...]]:
        return self._reason(Reasons.derivations)

    def _uses(self) -> tuple[ParameterUse, ...]:
        return self._reason(Reasons.uses)

    def _reason(self, derive: Callable[[Reasons], _T]) -> _T:
        with self._frame():
            assert self._reasons is not None, "the frame is open"
            return derive(self._reasons)

    def _missing(self) -> tuple[Missing, ...]:
        program = self._program
        if program.outcome is not None and self._rows.household[program.outcome.slot] is not UNKNOWN:
            return ()
        with self._frame() as frame:
            return missing_of(self._prepared, needed(program, frame), self._ended)

    def _ended(self, id: str, key: Key, on: date | None) -> Ended | None:
        row = None if id in self._tables.lists else self._tables.elsewhen.ended(id, key, on)
        if row is None or row.end is None:
            return None
        text = row.value.text if isinstance(row.value, Cell) else ""
        return Ended(text, row.end - timedelta(1), self._document(row.origin), row.origin)

    def _document(self, origin: Origin) -> str:
        """Its number, else the title of the policy it stands in."""
        chain = self._prepared.policy.merged.chain
        headers = (chain.root.header, *(overlay.header for overlay in chain.overlays))
        return origin.document or next(
            (one.title for one in headers if one.id == origin.policy and one.title), origin.policy
        )

    def _assumed(self) -> tuple[Assumed, ...]:
        with self._frame() as frame:
            return assumed_facts(self._prepared, self._left_out(), frame)

    def _readings(self) -> Readings:
        with self._frame() as frame:
            return readings_of(self._prepared, self._program, frame)

    def _referrals(self) -> tuple[Referral, ...]:
        with self._frame() as frame:
            return tuple([declared for declared, slot in self._prepared.referrals if frame.row[slot] is True])

    def _warnings(self) -> tuple[Diagnostic, ...]:
        report = Reporter()
        with self._frame() as frame:
            report.extend(failed_checks(self._prepared.program.checks, frame))
        report.extend(self._prepared.warnings)
        _warn_of_values(self._prepared, self.uses, self._known_on, report)
        _warn_of_gaps(self._prepared, self.missing, report)
        return (*self._noticed, *report.diagnostics)


def failed_checks(steps: Iterable[Step], frame: Frame) -> tuple[Diagnostic, ...]:
    """The data checks that are false; an unknown one says nothing."""
    report = Reporter()
    for step in steps:
        check = step.declared
        if not isinstance(check, Check):
            continue
        for item in frame.given(step.collection):
            if item.row[step.slot] is not False:
                continue
            path = f"{step.collection}[{item.index}]" if step.collection else "$"
            if check.severity == "error":
                report.tell("data-check-failed", None, path=path, check=check.id, message=check.label)
            else:
                report.tell("data-check-warning", None, path=path, where=path, message=check.label)
    return report.diagnostics


# ---- warnings


def _warn_of_values(prepared: Prepared, uses: Sequence[ParameterUse], known_on: date | None, report: Reporter) -> None:
    parameters = prepared.policy.merged.elements.parameters
    for use in uses:
        if use.value is None:
            continue
        parameter = parameters[use.parameter]
        origin = use.value.origin
        unpublished = known_on is not None and origin.published is None
        if not (use.value.stale or unpublished):
            continue
        key, since = _key_text(use.key), str(origin.start or "—")
        if use.value.stale:
            report.tell("stale-value", None, label=parameter.label, key=key, since=since)
        if unpublished:
            report.tell("publication-unknown", None, label=parameter.label, key=key, since=since)


def _warn_of_gaps(prepared: Prepared, missing: Sequence[Missing], report: Reporter) -> None:
    """Where a level looked for a value and found none, its own words say so; and what was in force until when."""
    parameters = prepared.policy.merged.elements.parameters
    for one in missing:
        if one.ended is not None:
            key, until = _key_text(one.key), one.ended.last.isoformat()
            value = f"{one.ended.text} " if one.ended.text else ""
            report.tell(
                "value-ended", None, label=one.label, key=key, value=value, until=until, document=one.ended.document
            )
        if one.kind == "parameter" and one.parameter in parameters:
            for _, text in parameters[one.parameter].not_found:
                report.tell("value-not-found", None, label=one.label, key=_key_text(one.key), text=text)


def _key_text(key: tuple[tuple[str, str], ...]) -> str:
    return "、".join(part for _, part in key) or "—"
