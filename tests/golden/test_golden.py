"""What people read, kept as files.

`UPDATE_GOLDEN=1 pytest tests/golden` writes them anew; read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.running import call

HERE = Path(__file__).parent
HOUSEHOLDS = HERE.parents[1] / "examples" / "households"
DAY = ("--as-of", "2024-06-01")

NAMES = ("eligible", "ineligible", "undetermined", "no-standard", "refused", "reading-dependent")
STATUS = {"refused": 1}


def golden(name: str, found: str) -> None:
    path = HERE / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found, encoding="utf-8", newline="\n")
    assert path.exists(), f"no {name} yet: run with UPDATE_GOLDEN=1 and read what it wrote"
    assert found == path.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "DOUDI_LANG", "DOUDI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    # places are named as the user named the files
    monkeypatch.chdir(HOUSEHOLDS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_decision_as_text(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(("evaluate", f"{name}.json", "--lang", language)) == STATUS.get(name, 0)
    golden(f"{name}.{language}.txt", capsys.readouterr().out)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["conditions-cannot-all-hold", "cause-and-requirement-cannot-both-hold"])
def test_what_fails_though_nothing_in_it_does(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each of these may hold of the income that is not known, and all of them cannot: the answer says so."""
    policies = "../../tests/conformance/programs/narrowing"
    file = f"../../tests/golden/households/{name}.json"
    assert call(("evaluate", file, "--policies", policies, "--lang", language)) == 0
    golden(f"{name}.{language}.txt", capsys.readouterr().out)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["eligible", "ineligible", "undetermined", "two-facts"])
def test_what_would_change_it(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = f"{name}.json" if name in NAMES else f"../../tests/golden/households/{name}.json"
    call(("evaluate", file, "--lang", language))
    plain = capsys.readouterr().out
    assert call(("evaluate", file, "--what-if", "--lang", language)) == 0
    golden(f"{name}.what-if.{language}.txt", beside(capsys.readouterr().out, plain))


def beside(told: str, plain: str) -> str:
    """The lines that stand in the one only."""
    known = plain.splitlines()
    return "".join(f"{line}\n" for line in told.splitlines() if line not in known)


@pytest.mark.parametrize("name", NAMES)
def test_a_decision_as_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(("evaluate", f"{name}.json", "--format", "json")) == STATUS.get(name, 0)
    golden(f"{name}.json", capsys.readouterr().out)


def test_a_decision_with_all_details(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(("evaluate", "ineligible.json", "--details")) == 0
    golden("ineligible.details.zh.txt", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("show.zh.txt", ()),
        ("show-taiyuan.zh.txt", ("taiyuan", *DAY)),
        ("show-taiyuan.en.txt", ("taiyuan", *DAY, "--lang", "en")),
        ("show-taiyuan.json", ("taiyuan", *DAY, "--format", "json")),
        ("show-datong.zh.txt", ("datong", *DAY)),
        ("show-province.zh.txt", ("shanxi_2022_60", *DAY, "--details")),
        ("show-open.zh.txt", ("taiyuan", *DAY, "--open")),
    ],
)
def test_a_policy(name: str, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call(("show", *arguments)) == 0
    golden(name, capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_private_facts_are_never_printed(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = [member["name"] for member in json.loads((HOUSEHOLDS / f"{name}.json").read_text("utf-8"))["members"]]
    for form in ("text", "json"):
        call(("evaluate", f"{name}.json", "--lang", language, "--format", form, "--details"))
        written = "".join(capsys.readouterr())
        assert not [one for one in names if one in written]
