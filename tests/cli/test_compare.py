"""`doudi compare` and `doudi check --prove`, as they are called."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.api import load
from tests.cli.running import call

BASE = Path(__file__).parent.parent / "cases" / "base"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound folder, kept in git, and the working folder."""
    shutil.copytree(BASE, tmp_path / "policies")
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DOUDI_LANG", raising=False)
    return tmp_path


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_revision_against_the_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(("compare", "HEAD:policies", "policies")) == 0
    assert "文字相同" in capsys.readouterr().out
    _edit(folder / "policies" / "cities" / "jia.yaml", "when: 计数(机动车) <= 1", "when: 计数(机动车) <= 2")
    assert call(("compare", "HEAD:policies", "policies", "--format", "json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in told["text"]] == ["one_vehicle"]
    outcome = told["meaning"][0]
    assert (outcome["kind"], outcome["verdict"]) == ("outcome", "wider")
    household = outcome["more"]["witness"]["household"]
    assert len(household["vehicles"]) == 2
    (folder / "homes.json").write_text(json.dumps([household, {**household, "vehicles": []}]), encoding="utf-8")
    assert call(("compare", "HEAD:policies", "policies", "--households", "homes.json", "--lang", "en")) == 0
    assert "2 households, 1 change" in capsys.readouterr().out
    for form in ("markdown", "sarif"):
        assert call(("compare", "HEAD:policies", "policies", "--format", form)) == 0
        assert "jia.yaml" in capsys.readouterr().out


def test_households_of_a_table(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same is told of them, whatever decides them."""
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    _edit(folder / "policies" / "cities" / "jia.yaml", "when: 计数(机动车) <= 1", "when: 计数(机动车) <= 2")
    assert call(("compare", "HEAD:policies", "policies", "--format", "json")) == 0
    household = json.loads(capsys.readouterr().out)["meaning"][0]["more"]["witness"]["household"]
    household["vehicles"] = [{"price": "100"}, {"price": None}]
    less = {**household, "id": "H-002", "vehicles": []}
    unknown = {**household, "id": "H-003", "vehicles": None}
    away = {**household, "id": "H-004", "county": "999999"}
    homes = [household, less, unknown, away]
    (folder / "homes.ndjson").write_text("".join(json.dumps(one) + "\n" for one in homes), encoding="utf-8")

    def told(file: str) -> object:
        assert call(("compare", "HEAD:policies", "policies", "--households", file, "--format", "json")) == 0
        return json.loads(capsys.readouterr().out)["households"]

    found = told("homes.ndjson")
    assert isinstance(found, dict)
    assert (found["count"], found["changed"]) == (4, 1)
    monkeypatch.setattr("engine.cli.compare_households._LARGE", 0)
    assert told("homes.ndjson") == found
    table, schema = pa.Table.from_pylist(homes), load("policies").schema_arrow()
    for at, field in enumerate(table.schema):
        if field.type == pa.list_(pa.null()):
            typed = schema.field(field.name)
            table = table.set_column(at, typed, pa.array([[]] * len(homes), typed.type))
    parquet.write_table(table, folder / "homes.parquet")
    assert told("homes.parquet") == found


@pytest.mark.parametrize("name", ["nothing", "HEAD:nothing", "-x:policies", "nowhere:policies", "HEAD:../policies"])
def test_what_is_not_there(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert call(("compare", "--lang", "en", "--", name, "policies")) in (1, 2)
    told = capsys.readouterr()
    assert not told.out
    assert "Traceback" not in told.err
    assert told.err


def test_promises_kept_and_broken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(("check", "--prove", "--strict", "policies")) == 0
    capsys.readouterr()
    _edit(folder / "policies" / "province.yaml", "at_most: 36 月, effect: narrower", "at_most: 48 月, effect: narrower")
    _edit(folder / "policies" / "cities" / "jia.yaml", "  asset_months: 24 月\n", "  asset_months: 40 月\n")
    assert call(("check", "--prove", "policies")) == 1
    assert "effect-not-kept" in capsys.readouterr().err


def test_without_the_solver(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    monkeypatch.setitem(sys.modules, "z3", None)
    for words in (("compare", "policies", "policies"), ("check", "--prove", "policies")):
        assert call(words) == 1
        assert "pip install '.[proof]'" in capsys.readouterr().err


ODD = {
    # what is asked, the status, and what is said
    "an empty folder": (("compare", "policies", "empty"), 1, "cannot be compared: empty"),
    "a broken file on one side": (("compare", "policies", "broken"), 1, "cannot be compared: broken"),
    "a broken revision": (("compare", "HEAD:broken", "policies"), 1, "cannot be compared: HEAD:broken"),
    "no such revision": (("compare", "nothing:policies", "policies"), 2, "nothing:policies"),
    "a revision that is an option": (("compare", "--", "--output=x:policies", "policies"), 2, "--output=x:policies"),
    "no such path in it": (("compare", "HEAD:nothing", "policies"), 2, "HEAD:nothing"),
    "a path outside": (("compare", "HEAD:../../etc", "policies"), 2, "HEAD:../../etc"),
    "no such id": (("compare", "nothing", "policies"), 1, "nothing"),
    "no such households": (("compare", "policies", "policies", "--households", "none.json"), 2, "none.json"),
    "nobody to compare for": (("compare", "policies", "policies", "--members", "0"), 2, "--members"),
    "nothing to analyse": (("analyse", "--policies", "empty"), 1, "no-policy-found"),
    "broken rules analysed": (("analyse", "--policies", "broken"), 1, "missing-bracket"),
    "an unknown policy analysed": (("analyse", "nothing"), 1, "nothing"),
    "nothing to propose for": (("generate", "--policies", "empty"), 1, "no-policy-found"),
    "an output that cannot be": (("generate", "province", "--members", "1", "-o", "policies"), 2, "policies"),
    "nothing to prove": (("check", "--prove", "empty"), 1, "no-policy-found"),
    "broken rules proved": (("check", "--prove", "broken"), 1, "missing-bracket"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_cannot_be_is_told(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOUDI_LANG", "en")
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "p.yaml").write_text("policy: {", encoding="utf-8")
    subprocess.run(["git", "-C", str(folder), "add", "-A"], check=True)
    words = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "b"]
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)
    asked, status, told = ODD[name]
    assert call(asked) == status
    found = capsys.readouterr()
    assert told in found.out + found.err
    assert "equivalent" not in found.out
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    "asked", [("compare", "policies", "policies"), ("analyse",), ("generate",), ("check", "--prove", "policies")]
)
@pytest.mark.usefixtures("folder")
def test_without_the_solver_it_is_told_what_to_install(
    asked: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    assert call(asked) != 0
    found = capsys.readouterr()
    assert "pip install '.[proof]'" in found.out + found.err
    assert "Traceback" not in found.err
