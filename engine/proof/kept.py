"""What promises came to, as diagnostics. Imports policy and this floor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from engine.diagnostics import Diagnostic, Severity
from engine.proof.promises import Promise
from engine.proof.results import Contradiction, Proved, Unsettled, Witness


def broken(found: Iterable[Promise], *, strict: bool) -> Iterator[Diagnostic]:
    """Args: strict: whether what was not proved is an error, too."""
    for promise in found:
        match promise.found:
            case Witness(household=household):
                told = json.dumps(household, ensure_ascii=False)
                yield Diagnostic.of("effect-not-kept", promise.span, effect=promise.effect, household=told)
            case Unsettled(reason=reason):
                one = Diagnostic.of("effect-unproved", promise.span, effect=promise.effect, reason=reason)
                yield one.graded(Severity.ERROR) if strict else one
            case Contradiction(told=told):
                raise AssertionError(f"a household that the solver found is decided otherwise: {told}")
            case Proved() | None:
                pass
