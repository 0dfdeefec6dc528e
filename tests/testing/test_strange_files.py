"""Case files that nobody meant: whatever stands in them ends in diagnostics, never in an exception."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Policies, open_policies
from engine.diagnostics import Reporter, render
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import finish, run
from tests.testing.trying import HEAD, SHIPPED, write

WHOLE = (
    HEAD.replace("bases:\n", "again: yes\ntitle: t\nbases:\n  poor: {base: ill, change: {income_12m: 5}}\n")
    + """\
  one: {why: x, base: poor, known_on: 2024-01-01, as_of: 2023-06-15, expect: {outcome: eligible, missing: []}}
  two:
    why: x
    base: ill
    given: {already_below: excluded, dibao_standard: unknown, asset_months: 3 月}
    change: {members.0.tuition: 4, members.1: {id: m2}, county: absent, residence: unknown}
    expect:
      causes: {illness: met}
      conditions: {illness.income: unmet}
      outputs: {shortfall: 3.50 元/人/月}
      readings: {nursery: {high_fee_only: eligible, nursery_excluded: {outcome: eligible, causes: {illness: met}}}}
      referrals: [medical_aid]
      warnings: [stale-value]
      no_warnings: [data-check-warning]
  three:
    why: x
    base: ill
    table:
      columns: {a: income_12m, b: expect.outcome, c: id, d: expect.missing, e: given.nursery}
      rows: [[1, eligible, x, "income_12m a[1, 2]", high_fee_only], [~, 符合, y, none, ~]]
  four:
    why: x
    table: {file: t.csv, households: "*.json", columns: {a: file, b: expect.refused, c: policy, d: why}}
differs:
  one: {why: y, counties: ["140105"], expect: {refused: {amount-form: income_12m}}}
"""
)
CSV = "a,b,c,d\nh,amount-form,taiyuan,\nh,,datong,z\n"
JSON = '{"id": "H", "application_date": "2023-06-15", "county": "140105", "members": [{"id": "m", "tuition": -1}]}'
PIECES = [
    "",
    " ",
    "\n",
    ":",
    "{",
    "}",
    "[",
    "]",
    "- ",
    ",",
    "~",
    "null",
    "0",
    "-1",
    "是",
    "“",
    "'",
    '"',
    ".",
    "@",
    "x",
    "/",
]
POLICIES: list[Policies] = []


@st.composite
def spoilt(draw: st.DrawFn, text: str) -> str:
    """The text with a few stretches replaced, dropped, or taken from elsewhere in it."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        other = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from(PIECES) | st.just(text[other : other + draw(st.integers(0, 12))]))
        text = text[:start] + piece + text[end:]
    return text


@settings(max_examples=150)
@given(yaml=spoilt(WHOLE), csv=st.just(CSV) | spoilt(CSV), household=st.just(JSON) | spoilt(JSON))
def test_whatever_stands_in_case_files(yaml: str, csv: str, household: str) -> None:
    if not POLICIES:
        POLICIES.append(open_policies(SHIPPED))
    policies = POLICIES[0]
    with TemporaryDirectory() as folder:
        write(Path(folder), {"cases.yaml": yaml, "t.csv": csv, "h.json": household})
        suite = read_suite([Path(folder)], policies.slices)
        report = Reporter()
        results = list(run(suite, policies, Selection(), report))
        found = finish(suite, results, policies.slices, report, whole=True)
    for one in found.diagnostics:
        assert render(one, "zh")
        assert render(one, "en")
    assert not found.passed or results
