"""What nobody has confirmed does not pass, whatever it expects, and is asked of no other policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.trying import HEAD, tried

ONE = "  one:\n    why: x\n    base: ill\n    confirmed: {confirmed}\n    expect: {{outcome: {outcome}}}\n"


@pytest.mark.parametrize("word", ["否", "no", "false"])
def test_an_unconfirmed_case_is_an_error_at_its_place(word: str, tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": HEAD + ONE.format(confirmed=word, outcome="eligible")})
    (result,) = found.found.results
    (fault,) = result.faults
    assert fault.code == "case-unconfirmed"
    assert fault.span is not None
    assert (fault.span.line, fault.span.text) == (18, word)
    assert not result.passed
    assert not found.found.passed


def test_it_is_told_with_what_came_out(tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": HEAD + ONE.format(confirmed="no", outcome="ineligible")})
    (result,) = found.found.results
    assert [check.got for check in result.mismatches] == ["eligible"]


@pytest.mark.parametrize("word", ["是", "yes"])
def test_a_confirmed_case_passes_everywhere(word: str, tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": HEAD + ONE.format(confirmed=word, outcome="eligible")})
    assert found.named("one").passed
    assert len(found.found.results) > 1


def test_each_row_of_a_table_is_unconfirmed(tmp_path: Path) -> None:
    table = "    table: {columns: {a: income_12m, b: expect.outcome}, rows: [[20000, eligible], [21000, ineligible]]}\n"
    body = "  one:\n    why: x\n    base: ill\n    confirmed: no\n" + table
    found = tried(tmp_path, {"cases.yaml": HEAD + body})
    assert found.codes == ["case-unconfirmed"] * 2
