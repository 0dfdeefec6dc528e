"""What was proved is written down, and told for as long as the rules stay as they are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine import resources
from engine.diagnostics import Language, render
from engine.policy.proved import read_proofs
from engine.proof.kept import broken
from engine.proof.promises import promises
from tests.cli.running import call
from tests.golden.test_golden import golden
from tests.proof.test_promises import CASES, written

CITY = """\
set:
  asset_limit: 10000 元/人
add:
  requirements:
    poor: {label: 收入不超过标准两倍, when: 家庭收入 / 家庭人口 <= 保障标准 * 2}
replace:
  terms:
    fees: {is: "合计(学费 * 2 对 家庭成员 其中 在学) - 合计(学费 对 家庭成员 其中 在学)", effect: narrower}
"""
HOUSEHOLD = {
    "id": "H-1",
    "application_date": "2024-05-01",
    "county": "900102",
    "income": 1000,
    "assets": 0,
    "members": [{"id": "m1", "ill": True}],
}
BROKEN = ("broken only together", "broken only beside a change that promises nothing", "known for a while")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("FORCE_COLOR", "DOUDI_LANG", "DOUDI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "policies", {"city": CITY})
    Path("household.json").write_text(json.dumps(HOUSEHOLD), encoding="utf-8")
    return tmp_path / "policies"


def told(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert call(words) == status, capsys.readouterr()
    return capsys.readouterr().out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_proved_reads_as_it_did(folder: Path, language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "check", "--prove", "--record", "--details", "--lang", language)
    shown = told(capsys, "show", "city", "--as-of", "2024-05-01", "--lang", language).split("\n\n")
    decided = told(capsys, "evaluate", "household.json", "--policy", "city", "--lang", language).split("\n\n")
    assert (folder / "proved.json").is_file()
    golden(f"promises-kept.{language}.txt", "\n\n".join([found.rstrip(), *shown[:3], decided[0]]) + "\n")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_broken_reads_as_it_did(tmp_path: Path, language: Language) -> None:
    cases: list[dict[str, Any]] = yaml.load((CASES / "cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    texts = []
    for at, name in enumerate(BROKEN):
        case = next(one for one in cases if one["name"].endswith(name))
        library = written(tmp_path / str(at), case).library
        texts += [render(one, language) for one in broken(promises(library), strict=True)]
    golden(f"promises-broken.{language}.txt", "\n\n".join(texts) + "\n")


def test_it_is_told_without_the_solver_and_lapses_with_the_rules(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("evaluate", "household.json", "--policy", "city", "--format", "json")
    before = json.loads(told(capsys, *asked))
    told(capsys, "check", "--prove", "--record")
    monkeypatch.setitem(sys.modules, "z3", None)
    after = json.loads(told(capsys, *asked))
    assert after["policy"].pop("proved") == {"city": {"promises": 5, "proved": 5, "at_most": {"members": 8}}}
    assert after == before
    shown = json.loads(told(capsys, "show", "city", "--format", "json"))
    assert [len(one.get("proved", ())) for one in shown["changes"]] == [2, 3, 2]
    city = folder / "city.yaml"
    city.write_text(city.read_text(encoding="utf-8").replace("10000", "9000"), encoding="utf-8")
    assert "proved" not in json.loads(told(capsys, *asked))["policy"]
    assert "已证明" not in told(capsys, "show", "city")
    assert "不再作数：city" in told(capsys, "check")


def test_decisions_with_it_keep_their_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    told(capsys, "check", "--prove", "--record")
    decision = json.loads(told(capsys, "evaluate", "household.json", "--policy", "city", "--format", "json"))
    assert not list(Draft202012Validator(resources.schema("decision")).iter_errors(decision))


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[" * 100_000, "[]", '{"format": 2, "overlays": {}}', '{"format": 1, "overlays": {"city": 3}}',
        '{"format": 1, "overlays": {"city": {"digest": "x", "promises": 1, "proved": [{"effect": "fine"}]}}}',
    ],
)  # fmt: skip
def test_what_is_no_record_proves_nothing(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert read_proofs(text.encode()) is None
    (folder / "proved.json").write_text(text, encoding="utf-8")
    assert "proved.json 不是证明的记录" in told(capsys, "check")
    assert "已证明" not in told(capsys, "show", "city")


def test_recording_needs_a_proof(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "check", "--record", status=2)
    assert not (folder / "proved.json").exists()
