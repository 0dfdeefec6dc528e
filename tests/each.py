"""Many small cases in one test, which tells of each that fails by its name.

Thousands of tests of a millisecond cost more in being collected, handed out and reported than in being run. One case
alone: `pytest tests/... --case NAME`, all whose names have that text in them.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import pytest

from engine.gathered import gathered

T = TypeVar("T")
Test = Callable[..., None]

AT_LENGTH: Final = 10
"""cases of those that fail are told with all they say"""
_FAILURES: Final = (Exception, pytest.fail.Exception, pytest.skip.Exception)
"""what a case may end in; one that is skipped would hide among those that pass"""


def each_of(
    cases: Iterable[T], name: Callable[[T], str], *, by: Callable[[str], str] | None = None
) -> Callable[[Callable[[T], None]], Test]:
    """Args:
    by: of the name of a case the name of the test it belongs to, where there is to be more than one.
    """
    named = [(name(case), case) for case in cases]
    names = [one for one, _ in named]
    assert names, "there are no cases"
    assert len(set(names)) == len(names), sorted({one for one in names if names.count(one) > 1})
    parts = dict(gathered((by(one) if by else "", (one, case)) for one, case in named))

    def folded(test: Callable[[T], None]) -> Test:
        def of_part(request: pytest.FixtureRequest, part: str) -> None:
            wanted = request.config.getoption("--case")
            held = [(one, case) for one, case in parts[part] if wanted in one]
            if not held:
                pytest.skip(f"no case is called {wanted}")
            told = failures(test, held)
            if told:
                pytest.fail(told, pytrace=False)

        def of_all(request: pytest.FixtureRequest) -> None:
            of_part(request, "")

        run: Test = pytest.mark.parametrize("part", parts)(of_part) if by else of_all
        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        return run

    return folded


def failures(test: Callable[[T], None], cases: Iterable[tuple[str, T]]) -> str:
    """What is told of the cases that fail, or ""."""
    held, found = list(cases), dict[str, str]()
    for name, case in held:
        try:
            test(case)
        except _FAILURES as fault:
            found[name] = "".join(traceback.format_exception(fault))
    if not found:
        return ""
    at_length = [f"---- {name}\n{told}" for name, told in list(found.items())[:AT_LENGTH]]
    return "\n".join([f"{len(found)} of {len(held)} fail:", *(f"  {name}" for name in found), *at_length])
