"""No failure among many cases is hidden."""

from __future__ import annotations

import pytest

from tests.each import AT_LENGTH, each_of, failures

pytest_plugins = ["pytester"]

NUMBERS = [(str(number), number) for number in range(100)]


def test_every_case_that_fails_is_named() -> None:
    seen: list[int] = []

    def odd(number: int) -> None:
        seen.append(number)
        assert number % 2, f"{number} is even"

    told = failures(odd, NUMBERS)
    assert seen == [number for _, number in NUMBERS]
    assert told.startswith("50 of 100 fail:\n  0\n  2\n")
    assert all(f"\n  {number}\n" in told for number in range(0, 100, 2))
    assert told.count("---- ") == AT_LENGTH
    assert failures(odd, NUMBERS[1:2]) == ""


@pytest.mark.parametrize("end", [pytest.fail, pytest.skip, pytest.xfail])
def test_a_case_that_pytest_is_told_about_fails_too(end: object) -> None:
    def ended(_: int) -> None:
        end("so")  # type: ignore[operator]  # each is called alike

    assert failures(ended, NUMBERS).startswith("100 of 100 fail:")


def test_no_cases_and_a_name_given_twice_are_faults() -> None:
    with pytest.raises(AssertionError, match="no cases"):
        each_of([], str)
    with pytest.raises(AssertionError, match="7"):
        each_of([7, 7], str)


def test_a_test_of_many_fails_as_one_would(pytester: pytest.Pytester) -> None:
    """Each by its name, by the test it belongs to, and alone if asked for."""
    pytester.makeconftest("from tests.conftest import pytest_addoption")
    pytester.makepyfile(
        "from tests.each import each_of\n\n"
        "@each_of(range(30), lambda one: f'{one % 3}/{one}', by=lambda name: name[0])\n"
        "def test_small(one: int) -> None:\n    assert one < 28\n"
    )
    ran = pytester.runpytest("-p", "no:cacheprovider")
    ran.assert_outcomes(passed=1, failed=2)
    ran.stdout.fnmatch_lines_random(["1 of 10 fail:", "  1/28", "  2/29", "*assert 28 < 28", "*test_small?1?*"])
    pytester.runpytest("--case", "0/27").assert_outcomes(passed=1, skipped=2)
    pytester.runpytest("--case", "1/28").assert_outcomes(failed=1, skipped=2)
