"""The national measures live beside the province's notice, and what Shanxi tried out ends when it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from engine.cli.status import ANSWERED
from tests.cli.running import Run

ROOT = Path(__file__).parents[2]
HERE = ROOT / "examples" / "national_2024"
FOLDERS = ("--policies", str(ROOT / "policies"), "--policies", str(HERE))


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_counties_are_those_of_the_shipped_table() -> None:
    assert (HERE / "divisions.csv").read_bytes() == (ROOT / "policies" / "divisions.csv").read_bytes()


def test_elsewhere_nobody_is_decided_by_shanxi_figures(run: Run) -> None:
    codes = {row["code"][:2] for row in rows("divisions.csv")}
    assert codes == {"14"}, "README.md says whose counties are in the table"
    household = json.loads((HERE / "households" / "figure-not-found.json").read_text("utf-8"))
    given = json.dumps({**household, "county": "110101"}).encode()
    told = json.loads(
        run("evaluate", "-", *FOLDERS, "--policy", "national_2024_57", "--format", "json", given=given).out
    )
    assert [one["code"] for one in told["reasons"]] == ["not-in-territory"]


@pytest.mark.parametrize("row", rows("beside.csv"), ids=lambda row: row["household"])
def test_one_household_file_serves_both(row: dict[str, str], run: Run) -> None:
    ran = run(
        "evaluate", *FOLDERS, "--policy", "all", "--format", "json", str(HERE / f"households/{row['household']}.json")
    )
    found = json.loads(ran.out)
    outcomes = {one["policy"]["chain"][0]: one["outcome"] for one in (found if isinstance(found, list) else [found])}
    assert outcomes[row["policy"]] == row["outcome"], row["why"]
    national = {
        each["household"]: each["outcome"] for each in rows("expected.csv") if each["policy"] == "national_2024_57"
    }
    assert outcomes.get("national_2024_57", "refused") == national[row["household"]]


def test_both_take_the_dibao_standard_from_one_table(run: Run) -> None:
    household = str(HERE / "households" / "figure-not-found.json")
    found = json.loads(run("evaluate", *FOLDERS, "--policy", "all", "--format", "json", household).out)
    national, province = sorted(found, key=lambda one: str(one["policy"]["chain"][0]))
    assert national["policy"]["chain"] == ["national_2024_57", "shanxi_rigid_expense", "shanxi_2022_60", "taiyuan"]
    ours, theirs = (
        [used for used in one["outputs"][output]["derivation"] if used["id"] == "dibao_standard"]
        for one, output in ((national, "dibao_gap"), (province, "shortfall"))
    )
    assert [used["declared"] for used in ours] == [used["declared"] for used in theirs]
    assert [(used["declared"]["policy"], used["exact"]) for used in ours] == [("taiyuan", "760")]


def test_after_the_trial_the_answer_says_what_was_in_force_until_when(run: Run) -> None:
    household = str(HERE / "households" / "after-the-trial.json")
    ran = run("evaluate", *FOLDERS, "--policy", "demo_rigid_county", household)
    assert ran.status == ANSWERED, ran.err
    text = "".join(line.strip() for line in ran.out.splitlines())
    assert "60% 施行到 2026-07-25 为止（山西省刚性支出困难家庭认定试行规定，转载），此后没有录入接着施行的" in text
    (told,) = (
        json.loads(run("evaluate", *FOLDERS, "--policy", "demo_rigid_county", "--format", "json", household).out),
    )
    assert [(one["kind"], one["parameter"]) for one in told["missing"]] == [("parameter", "rigid_share")]
    assert "value-ended" in {one["code"] for one in told["warnings"]}


def test_its_cases_see_everything(run: Run) -> None:
    ran = run("test", *FOLDERS, str(HERE), "--coverage", "--format", "json")
    assert ran.status == ANSWERED, ran.out + ran.err
    told = json.loads(ran.out)
    assert {chain[0] for entry in told["coverage"] for chain in entry["chains"]} == {"national_2024_57"}
    assert [entry["missing"] for entry in told["coverage"]] == [[]] * len(told["coverage"])


def test_its_cases_notice_every_change(run: Run) -> None:
    """The cities of the province's notice are tried too, by cases of their own that stand elsewhere."""
    told = run("mutate", *FOLDERS, str(HERE)).out
    ours = tuple(file.name for file in HERE.glob("*.yaml"))
    assert "试了" in told
    assert [line for line in told.splitlines() if line.startswith(ours)] == []
