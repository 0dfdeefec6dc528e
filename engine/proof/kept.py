"""What promises came to, as diagnostics. Imports policy and this floor's results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from engine.diagnostics import Diagnostic, Severity
from engine.proof.results import Contradiction, Promise, Proved, Unsettled, Witness
from engine.source import Span


def broken(found: Iterable[Promise], *, strict: bool) -> Iterator[Diagnostic]:
    """Args: strict: whether what was not proved is an error, too."""
    for promise in found:
        match promise.found:
            case Witness(household=household, case=case):
                told = json.dumps(household, ensure_ascii=False)
                then = "" if case.known_on is None else case.known_on.isoformat()
                yield Diagnostic.of(
                    "effect-not-kept",
                    promise.span,
                    related=_others(promise),
                    effect=promise.effect,
                    household=told,
                    known_on=then,
                    **_with_what(promise),
                )
            case Unsettled(reason=reason):
                one = Diagnostic.of(
                    "effect-unproved",
                    promise.span,
                    related=_others(promise),
                    effect=promise.effect,
                    reason=reason,
                    **_with_what(promise),
                )
                yield one.graded(Severity.ERROR) if strict else one
            case Contradiction(told=told):
                raise AssertionError(f"a household that the solver found is decided otherwise: {told}")
            case Proved() | None:
                pass


def _with_what(promise: Promise) -> dict[str, str]:
    """Whether it is said of several changes, or beside what else the overlay does."""
    count = len(promise.changes)
    return {"count": str(count) if count > 1 else "", "beside": "" if promise.alone else promise.overlay}


def _others(promise: Promise) -> list[tuple[str, Span]]:
    spans = dict.fromkeys(change.origin.span for change in promise.changes)
    return [("together-with", span) for span in spans if span != promise.span]
