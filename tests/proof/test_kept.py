"""What becomes of a promise that was not proved."""

from __future__ import annotations

import pytest

from engine.diagnostics import Severity
from engine.proof.kept import broken
from engine.proof.results import Promise, Unsettled
from engine.source import Source, Span


@pytest.mark.parametrize("reason", ["limit", "nothing-decided", "rounded-step"])
def test_what_was_not_proved_is_said_so_and_an_error_where_that_is_asked_for(reason: str) -> None:
    span = Span(Source("city.yaml", "change"), 0, 6)
    promise = Promise("city", "narrower", (), True, span, Unsettled(reason))  # type: ignore[arg-type]
    for strict, severity in ((False, Severity.WARNING), (True, Severity.ERROR)):
        (found,) = broken([promise], strict=strict)
        assert (found.code, found.severity, found.span) == ("effect-unproved", severity, span)
        assert found.message("zh")
        assert found.message("en")
