"""Proposed cases: what each claims to show is seen by those who count it, and the file passes once it is confirmed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.api import open_policies
from engine.cli.main import main
from engine.diagnostics import Reporter
from engine.testing.coverage import measure
from engine.testing.model import SuiteResult
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import finish, run
from tests.golden.test_golden import golden


def ran(folders: list[str], file: Path) -> SuiteResult:
    policies = open_policies(folders)
    suite = read_suite([file], policies.slices)
    report = Reporter()
    results = list(run(suite, policies, Selection((), "", unconfirmed=True), report))
    return finish(suite, results, policies.slices, report, whole=False)


def proposed(folders: list[str], policy: str, into: Path, *options: str) -> str:
    named = [word for folder in folders for word in ("--policies", folder)]
    asked = ("generate", policy, *named, "--on", "2025-05-01", "--members", "2", *options, "-o", str(into))
    assert main(asked) == 0
    return into.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("proposed") / "cases.yaml"
    proposed(["policies"], "shanxi_2022_60", into)
    return into


def test_what_is_claimed_of_thresholds_is_counted_as_seen(province: Path) -> None:
    found = ran(["policies"], province)
    assert found.passed
    assert len(found.results) == len(found.suite.cases), "they run on their own policy only"
    (seen,) = measure(found.results)
    lacking = {probe.site.owner.name for probe, aspect in seen.missing() if aspect in ("below", "at", "above")}
    assert not lacking, "all thresholds of this policy can be met on all sides"


def test_the_same_bytes_again_and_what_is_never_so(province: Path, tmp_path: Path) -> None:
    text = province.read_text(encoding="utf-8")
    assert proposed(["policies"], "shanxi_2022_60", tmp_path / "again.yaml") == text
    assert "读法“多重原因的认定”：anchor 与 strict 的结论从不不同" in text
    assert "readings: {multiple_causes: {combined: eligible, anchor: ineligible, strict: ineligible}}" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_of_proposals_reads_as_it_did(language: str, tmp_path: Path) -> None:
    folders = ["policies", "examples/cookbook"]
    text = proposed(folders, "cookbook_vehicles", tmp_path / "cases.yaml", "--lang", language)
    golden(f"generate-vehicles.{language}.yaml", text)
    assert ran(folders, tmp_path / "cases.yaml").passed


def test_proposals_as_json(tmp_path: Path) -> None:
    told = json.loads(
        proposed(["policies", "examples/cookbook"], "cookbook_vehicles", tmp_path / "cases.json", "--format", "json")
    )
    assert (told["format"], told["policy"], told["day"]) == (1, "cookbook_vehicles", "2025-05-01")
    assert told["cases"]
    assert not any(one["confirmed"] for one in told["cases"])
    policies = open_policies(["policies", "examples/cookbook"])
    for one in told["cases"][:5]:
        assert one["shows"][0]["at"]["line"] > 0
        decision = policies.evaluate({**one["household"]}, told["policy"])
        assert str(decision.outcome) == one["expect"]["outcome"]


def test_what_nobody_has_confirmed_does_not_pass(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("test", "--policies", "policies", str(province))) == 1
    told = capsys.readouterr()
    assert "case-unconfirmed" in told.err
    assert main(("test", "--policies", "policies", str(province), "--allow-unconfirmed")) == 0


def test_a_file_that_is_there_is_not_overwritten(province: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("generate", "shanxi_2022_60", "-o", str(province))) == 2
    assert "没有覆盖" in capsys.readouterr().err


def test_what_is_outside_of_what_is_analysed_is_told_with_its_place(tmp_path: Path) -> None:
    """A quotient by a term that is no constant, rounded."""
    policy = tmp_path / "policies"
    shutil.copytree("policies", policy)
    overlay = policy / "cities" / "taiyuan.yaml"
    old = overlay.read_text(encoding="utf-8")
    assert "\nadd:" not in old
    overlay.write_text(
        old + "\nadd:\n  requirements:\n    odd:\n      label: 试\n      from: 2023-01-01\n      cites: 试\n"
        "      when: 只舍不入(金融资产总额 / (家庭收入 * 12 月 + 1 元), 1) <= 3\n",
        encoding="utf-8",
    )
    text = proposed([str(policy)], "taiyuan", tmp_path / "cases.yaml")
    assert "没有分析的：" in text
    assert "不在分析范围内：rounded-quotient taiyuan.yaml:" in text or "rounded-quotient cities/taiyuan.yaml:" in text
