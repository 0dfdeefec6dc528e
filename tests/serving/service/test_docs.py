"""The requests that the pages on the service show are answered as they say."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from engine.serving.app import application
from engine.serving.settings import Limits, Settings
from tests.serving.served import SHIPPED, WORK
from tests.serving.told import asked

DOCS = SHIPPED.parent / "docs"
_SHOWN = re.compile(r"<!-- answers: (\d+) -->\n```http\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", ["serving.md", "zh/serving.md"])
def test_a_request_that_is_shown_is_answered_so(page: str) -> None:
    shown = _SHOWN.findall(Path(DOCS / page).read_text(encoding="utf-8"))
    assert len(shown) >= 5
    app = application(Settings((str(SHIPPED),)), WORK)
    for status, request in shown:
        answer = asyncio.run(asked(app, request))
        told = json.loads(answer.splitlines()[0] if ":batch" in request else answer)
        assert told.get("status", 200) == int(status), request


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    text = Path(DOCS / "serving.md").read_text(encoding="utf-8")
    limits = Limits()
    for shown in (
        f"{limits.body >> 20} MiB; all of them together {limits.memory >> 20} MiB",
        f"{limits.households:,}",
        f"{limits.requests}; {limits.requests_of_one}",
    ):
        assert shown in text
