from __future__ import annotations

from functools import partial

import pytest

from engine.screening.kernel import machine
from engine.screening.kernel.deciding import Deciding


@pytest.fixture(params=[0, Deciding.few], ids=["native", "interpreted"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of how many rows the interpreter is asked all the same. Nothing is done to make native code fast: it decides few
    rows here, and most of the time that it takes to make goes into that."""
    monkeypatch.setattr(Deciding, "few", request.param)
    monkeypatch.setattr(machine, "compiled", partial(machine.compiled, level=0))
    return int(request.param)
