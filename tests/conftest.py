"""Whatever is told in any test fits the record of its code: the parameters that its sentences need, and no others. No
property fails by the clock: a busy machine proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import settings

from engine.diagnostics import Diagnostic
from engine.gathered import gathered
from engine.messages import CODES

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_made = Diagnostic.of


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--case", default="", help="of tests of many cases, those with this text in their names")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is made once for some tests is made once: they stand together, and a worker takes whole stretches. The slow
    ones come first: at the end no worker waits for another that has just begun one."""
    together = gathered((_group(item), item) for item in items)
    slow = {name for name, held in together.items() if any(item.get_closest_marker("slow") for item in held)}
    items[:] = [item for name in sorted(together, key=lambda name: name not in slow) for item in together[name]]


def _group(item: pytest.Item) -> str:
    marker = item.get_closest_marker("xdist_group")
    return item.nodeid.partition("::")[0] if marker is None else str(marker.args[0])


def _held(code: str, *place: object, **given: object) -> Diagnostic:
    made = _made(code, *place, **given)  # type: ignore[arg-type]  # as the call gave them
    record, params = CODES[code], dict(made.params)
    assert record.required <= set(params) <= record.required | record.optional, f"{code} is given {sorted(params)}"
    assert params.get("reason", "") in {"", *(record.reasons or params.values())}, f"{code} knows no such reason"
    assert all(CODES[note].severity is None for note, _ in made.related), f"beside {code} stands what is no note"
    return made


@pytest.fixture(scope="session", autouse=True)
def _records_hold() -> Iterator[None]:
    with patch.object(Diagnostic, "of", _held):
        yield
