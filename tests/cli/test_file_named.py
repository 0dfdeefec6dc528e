"""A file named in place of its folder never leaves out the rules that lie beside it, whichever command is asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.api import load, open_policies
from engine.cli.status import ANSWERED, FINDINGS
from engine.errors import UnusablePolicy
from tests.cli.running import Run
from tests.cli.test_unusable_files import FILES, FOLDER, OUTCOMES, household, outcomes

PLACES = sorted(OUTCOMES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "p"
    where.mkdir()
    for name in FILES:
        shutil.copy(FOLDER / name, where / name)
    return where


def test_python(folder: Path) -> None:
    assert outcomes(open_policies(folder / "prov.yaml")) == OUTCOMES
    assert load(folder / "prov.yaml").ids == load(folder).ids
    assert outcomes(open_policies([folder / "prov.yaml", folder / "jia.yaml"])) == OUTCOMES
    assert outcomes(open_policies(folder / "jia.yaml")) == OUTCOMES, "an overlay stands on what lies beside it"


def test_overlays_in_folders_below(folder: Path) -> None:
    (folder / "cities").mkdir()
    for name in ("jia.yaml", "bing.yaml", "ding.yaml"):
        shutil.move(folder / name, folder / "cities" / name)
    assert outcomes(open_policies(folder / "prov.yaml")) == OUTCOMES


def test_a_broken_overlay_beside_refuses_by_name(folder: Path) -> None:
    bing = (folder / "bing.yaml").read_text("utf-8")
    (folder / "bing.yaml").write_text(bing.replace("amends: jia", "amends: jai"), "utf-8")
    policies = open_policies(folder / "prov.yaml")
    with pytest.raises(UnusablePolicy) as refused:
        policies.evaluate(household("140121"))
    assert "bing.yaml" in json.dumps(refused.value.to_dict())
    assert str(policies.evaluate(household("140221")).outcome) == OUTCOMES["140221"]


def test_another_policy_beside_is_none_of_it(folder: Path) -> None:
    other = (folder / "prov.yaml").read_text("utf-8").replace("policy: prov", "policy: other")
    (folder / "other.yaml").write_text(other, "utf-8")
    assert "other" not in open_policies(folder / "prov.yaml").ids
    assert outcomes(open_policies(folder / "prov.yaml")) == OUTCOMES


def test_a_file_with_nothing_beside_it_is_that_file(folder: Path) -> None:
    for name in ("jia.yaml", "bing.yaml", "ding.yaml"):
        (folder / name).unlink()
    assert open_policies(folder / "prov.yaml").ids == ("prov",)


def test_every_command(folder: Path, tmp_path: Path, run: Run) -> None:
    asked = tmp_path / "h.json"
    asked.write_text(json.dumps(household("140121")), "utf-8")
    record = tmp_path / "r.ndjson"
    named = ("--policies", str(folder / "prov.yaml"))
    ran = run("evaluate", str(asked), "--format", "json", "--record", str(record), *named)
    assert ran.status == ANSWERED
    decision = json.loads(ran.out)
    assert decision["policy"]["chain"] == ["prov", "jia", "bing"]
    assert run("show", "bing", *named).status == ANSWERED
    assert run("replay", str(record), "--policies", str(folder)).status == ANSWERED
    assert run("replay", str(record), *named).status == ANSWERED
    cases = tmp_path / "cases.yaml"
    for outcome, status in (("ineligible", ANSWERED), ("eligible", FINDINGS)):
        asked_as_yaml = json.dumps(household("140121"), ensure_ascii=False)
        case = f"{{why: 一, household: {asked_as_yaml}, expect: {{outcome: {outcome}}}}}"
        cases.write_text(f"cases: prov\ntests:\n  甲:\n    {case}\n", "utf-8")
        ran = run("test", str(cases), *named)
        assert ran.status == status, ran.out + ran.err
