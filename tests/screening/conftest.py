from __future__ import annotations

import pytest

from engine.screening.kernel.deciding import Deciding


@pytest.fixture(params=[0, Deciding.few], ids=["native", "interpreted"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of how many rows the interpreter is asked all the same."""
    monkeypatch.setattr(Deciding, "few", request.param)
    return int(request.param)
