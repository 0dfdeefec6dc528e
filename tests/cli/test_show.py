"""`doudi show` and `doudi schema`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from engine.resources import schema
from tests.cli.running import Run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
FOLDERS = ("--policies", str(ROOT / "policies"), "--policies", str(EXAMPLES / "overlay"))


def test_without_a_policy_lists_all(run: Run) -> None:
    ran = run("show", *FOLDERS)
    lines = ran.out.splitlines()
    assert ran.status == ANSWERED
    assert lines[0].startswith("shanxi_2022_60 ")
    place = next(at for at, line in enumerate(lines) if " taiyuan " in line)
    assert lines[place + 1].startswith("│  └─ demo_city ")
    assert json.loads(run("show", "--format", "json").out)[0]["id"] == "changzhi"


def test_a_policy_that_does_not_exist(run: Run) -> None:
    ran = run("show", "taiyuann")
    assert ran.status == FINDINGS
    assert "taiyuan" in ran.err


def test_what_a_city_changed_comes_first_and_each_value_has_its_place(run: Run) -> None:
    ran = run("show", "demo_city", *FOLDERS, "--as-of", "2024-06-01")
    screen = ran.out.splitlines()[:45]
    assert any("demo_city 改了什么" in line for line in screen)
    assert any("‹demo_city.yaml:46›" in line and "asset_months" in line for line in screen)
    assert "尚未施行" in ran.out  # the second table of standards, from July
    assert "7800" in ran.out
    later = run("show", "demo_city", *FOLDERS, "--as-of", "2024-08-01")
    assert "尚未施行" not in later.out
    assert "8000" in later.out


def test_json_has_the_value_with_its_origin(run: Run) -> None:
    told = json.loads(run("show", "demo_city", *FOLDERS, "--as-of", "2024-06-01", "--format", "json").out)
    months = told["parameters"]["asset_months"]["values"]
    assert [(one["text"], one["file"], one["origin"]["document"]) for one in months] == [
        ("24 月", "demo_city.yaml", "示例〔2024〕1号")
    ]
    assert told["terms"]["high_fee"]["replaces"]["origin"]["policy"] == "shanxi_2022_60"


def test_what_is_open(run: Run) -> None:
    assert "不高于 36 月，只能更严" in run("show", "taiyuan", "--open").out
    told = json.loads(run("show", "taiyuan", "--open", "--format", "json").out)
    assert told["set"]["dibao_standard"]["expected"] is True


@pytest.mark.parametrize("kind", ["policy", "overlay", "decision", "household"])
def test_schemas(run: Run, kind: str) -> None:
    ran = run("schema", kind)
    assert (ran.status, ran.err) == (ANSWERED, "")
    Draft202012Validator.check_schema(json.loads(ran.out))


def test_no_such_schema(run: Run) -> None:
    assert run("schema", "polcy").status == MISUSE


def _decisions(run: Run) -> list[dict[str, Any]]:
    answers = []
    for folder, arguments in (
        (EXAMPLES, ()),
        (EXAMPLES / "overlay", (*FOLDERS, "--policy", "demo_city")),
        (EXAMPLES / "hongkong", ("--policies", str(EXAMPLES / "hongkong"))),
        (EXAMPLES / "australia_age_pension", ("--policies", str(EXAMPLES / "australia_age_pension"))),
    ):
        households = [json.loads(file.read_bytes()) for file in sorted((folder / "households").glob("*.json"))]
        ran = run("evaluate", "-", *arguments, "--format", "json", given=json.dumps(households).encode())
        answers += json.loads(ran.out)
    return answers


def test_every_answer_is_what_the_schema_says(run: Run) -> None:
    validator = Draft202012Validator(schema("decision"))
    answers = _decisions(run)
    assert {one["outcome"] for one in answers} == {"eligible", "ineligible", "undetermined", "refused"}
    for answer in answers:
        assert [fault.message for fault in validator.iter_errors(answer)] == []


def test_a_program_says_what_its_comparisons_take(run: Run) -> None:
    text = run("show", "shanxi_2022_60", "--program", "--policies", str(ROOT / "policies")).out
    assert "    int64: counted_income@24 >= income_limit@25 * household_size@23" in text.splitlines()
    assert "  @25 term income_limit : number  (0..11999999999988, by 1)" in text.splitlines()
    steps = json.loads(
        run("show", "shanxi_2022_60", "--program", "--format", "json", "--policies", str(ROOT / "policies")).out
    )["steps"]
    assets = next(step for step in steps if step["name"] == "illness.assets")
    assert assets["comparisons"] == [
        {
            "core": "(12 * (financial_assets@5 / household_size@23)) <= asset_limit@26",
            "takes": "int128",
            "cleared": "12 * financial_assets@5 <= asset_limit@26 * household_size@23",
            "magnitude": "119999999987880000000012000",
            "same_on_unknowns": True,
        }
    ]


def test_a_value_that_has_ended_says_so(run: Run, tmp_path: Path) -> None:
    """Whether none was ever stated or the last one ran out is what the officer has to know."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    city, province = (tmp_path / "policies" / name for name in ("cities/taiyuan.yaml", "shanxi_2022_60.yaml"))
    city.write_text(city.read_text("utf-8").replace("from: 2023-01-01", "from: 2023-01-01\n      until: 2023-12-31"))
    once = "dated: [{from: 2022-11-10, until: 2024-06-30, value: 36 月}]"
    province.write_text(province.read_text("utf-8").replace("value: 36 月", once))
    folder = ("--policies", str(tmp_path / "policies"))
    before = run("show", "taiyuan", *folder, "--as-of", "2023-12-31").out
    assert "没有施行中的数值" not in before
    between = run("show", "taiyuan", *folder, "--as-of", "2024-01-01").out
    assert "：施行到 2023-12-31 为止，从 2024-01-01 起没有施行中的数值" in "".join(between.split("\n    "))
    after = run("show", "taiyuan", *folder, "--as-of", "2024-07-01", "--lang", "en").out
    assert "36 月 ended on 2024-06-30; since 2024-07-01 no value is in force" in after.replace("\n    ", " ")
    assert "set by each city" in run("show", "shanxi_2022_60", *folder, "--lang", "en").out
