"""Cases as tables: rows in the file or in a CSV, each a case of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.testing.plan import Selection
from tests.testing.trying import HEAD, tried

CSV = "收入,结论,还须查清,编号,备注\n20399.99,符合,无,below,\n20400,不符合,,,正好\n未知,暂不能认定,income_12m,open,\n"
FROM_CSV = (
    HEAD + "  income:\n    why: 二(一)1\n    base: ill\n    table:\n      file: income.csv\n"
    "      columns: {收入: income_12m, 结论: expect.outcome, 还须查清: expect.missing, 编号: id, 备注: why}\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_of_a_csv_as_excel_saves_it(encoding: str, tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": FROM_CSV, "income.csv": CSV.replace("\n", "\r\n").encode(encoding)})
    assert found.found.passed, found.told
    assert [case.id for case in found.suite.cases] == ["income[below]", "income[row 2]", "income[open]"]
    assert [case.why for case in found.suite.cases] == ["二(一)1", "二(一)1：正好", "二(一)1"]
    assert [len(case.expect) for case in found.suite.cases] == [2, 1, 2]
    assert found.suite.cases[1].span.source.name == "income.csv"
    assert found.suite.cases[1].span.line == 3


@pytest.mark.parametrize("word", ["income[row 2]", "INCOME[ROW 2]", "[row 2]"])
def test_a_row_is_selected_by_its_name(word: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"cases.yaml": FROM_CSV, "income.csv": CSV}
    found = tried(tmp_path, files, selection=Selection((word,), "shanxi_2022_60"))
    assert [result.run.name for result in found.found.results] == ["income[row 2]"]


def test_the_failing_row_is_named(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"cases.yaml": FROM_CSV, "income.csv": CSV.replace("20400,", "20399,")}
    found = tried(tmp_path, files, selection=Selection((), "shanxi_2022_60"))
    assert [result.run.name for result in found.found.failed] == ["income[row 2]"]


def test_what_the_rows_share_and_what_a_row_says(tmp_path: Path) -> None:
    body = """\
  shared:
    why: x
    base: ill
    change: {financial_assets: 0}
    expect: {outcome: eligible, outputs: {assets_per_person: 0}}
    table:
      columns:
        income: income_12m
        assets: financial_assets
        standard: given.dibao_standard
        outcome: expect.outcome
        per person: expect.outputs.assets_per_person
        refused: expect.refused
        day: as_of
      rows:
        - [20000, ~, ~, ~, ~, ~, ~]
        - [20000, ~, 600 元/人/月, ineligible, ~, ~, ~]
        - [20000, 5, ~, ~, 5, ~, 2024-01-01]
        - [-1, ~, ~, ~, ~, amount-form, ~]
"""
    found = tried(tmp_path, {"cases.yaml": HEAD + body})
    assert found.found.passed, [result.mismatches for result in found.found.failed]
    kinds = [[one.kind for one in case.expect] for case in found.suite.cases]
    assert kinds == [["outcome", "outputs"], ["outputs", "outcome"], ["outcome", "outputs"], ["refused"]]


def test_files_of_households_by_a_pattern(tmp_path: Path) -> None:
    household = '{"id": "J", "application_date": "2023-06-15", "county": "140105", "members": [{"id": "m"}]}'
    body = """\
  files:
    why: x
    table:
      households: households/*.json
      columns: {who: file, policy: policy, outcome: expect.outcome}
      rows: [[a, shanxi_2022_60, ineligible], [a, taiyuan, ineligible]]
"""
    found = tried(tmp_path, {"cases.yaml": HEAD + body, "households/a.json": household})
    assert found.found.passed, found.told
    assert [case.policy for case in found.suite.cases] == ["shanxi_2022_60", "taiyuan"]
