"""`run("evaluate", file)` gives the status and what was written; stdin can be given as bytes."""

from __future__ import annotations

import io
import sys

import pytest

from tests.cli.running import Ran, Run, call


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("NO_COLOR", "FORCE_COLOR", "DOUDI_LANG", "DOUDI_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def running(*arguments: str, given: bytes | None = None) -> Ran:
        if given is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        capsys.readouterr()
        status = call(arguments)
        out, err = capsys.readouterr()
        return Ran(status, out, err)

    return running
