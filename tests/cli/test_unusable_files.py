"""A file that cannot be used decides nobody: the household it may be about is refused, by name of the file.

The slips are data (tests/cases/unusable/slips.yaml). What is of this kind: whatever keeps a file from being read as
what it is (bytes, YAML, keys, head), whatever puts it where it does not stand (jurisdiction, amends, role, status),
whatever is there twice, and whatever keeps it from being found (its name). Each is tried under names that sort in other
orders and in folders of their own.
"""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.api import Policies, open_policies
from engine.cli.status import ANSWERED, FINDINGS
from engine.errors import PolicyError, UnusablePolicy
from engine.policy.files import HYGIENE_FILE
from tests.cli.running import Run

FOLDER = Path(__file__).parents[1] / "cases" / "unusable"
SLIPS: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "slips.yaml").read_text("utf-8"))
OUTCOMES = {"140121": "ineligible", "140105": "eligible", "140221": "eligible"}
FILES = ("prov.yaml", "jia.yaml", "bing.yaml", "ding.yaml", "divisions.csv")


def household(place: str) -> dict[str, object]:
    return {
        "id": place,
        "application_date": "2023-08-01",
        "county": place,
        "income": 5000,
        "members": [{"id": "1"}],
    }


def sound(folder: Path) -> Path:
    folder.mkdir()
    for name in FILES:
        shutil.copy(FOLDER / name, folder / name)
    return folder


def slipped(folder: Path, slip: dict[str, Any]) -> Path:
    sound(folder)
    file = folder / str(slip["file"])
    text = file.read_text("utf-8")
    if "turn" in slip:
        old, new = slip["turn"]
        assert text.count(old) >= 1, "a slip that changes nothing"
        text = text.replace(old, new, 1)
    if "write" in slip:
        text = slip["write"]
    target = folder / str(slip.get("copy") or slip.get("move") or slip["file"])
    if "copy" not in slip:
        file.unlink()
    if "indent" in slip:
        text = slip.get("under", "") + textwrap.indent(text, slip["indent"])
    text = (text + slip.get("behind", "")).replace("\n", slip.get("ends", "\n"))
    text += "# 补到这么长\n" * (int(slip.get("grow", 0)) // 16)
    target.write_bytes(text.encode(slip.get("encoding", "utf-8")))
    return folder


def outcomes(policies: Policies) -> dict[str, str]:
    found = {}
    for place in OUTCOMES:
        try:
            found[place] = str(policies.evaluate(household(place)).outcome)
        except UnusablePolicy:
            found[place] = "refused"
    return found


def wanted(slip: dict[str, Any]) -> dict[str, str]:
    refused = {str(place) for place in slip["refused"]}
    answers = {**OUTCOMES, **{str(place): outcome for place, outcome in slip.get("answers", {}).items()}}
    return {place: "refused" if place in refused else outcome for place, outcome in answers.items()}


def test_the_sound_folder_decides_all(tmp_path: Path) -> None:
    assert outcomes(open_policies(sound(tmp_path / "p"))) == OUTCOMES


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_refuses_those_whom_the_file_may_be_about(name: str, tmp_path: Path) -> None:
    slip = SLIPS[name]
    policies = open_policies(slipped(tmp_path / "p", slip))
    assert outcomes(policies) == wanted(slip)
    told: list[str] = []
    for place in slip["refused"]:
        with pytest.raises(UnusablePolicy) as refused:
            policies.evaluate(household(str(place)))
        answer = refused.value.to_dict()
        reasons = answer["reasons"]
        assert isinstance(reasons, list)
        assert {reason["code"] for reason in reasons} == {"policy-unusable"}
        assert answer["household"] == str(place)
        told += [reason["message"] for reason in reasons]
        assert refused.value.faults, "the fault itself is told"
    for file in slip.get("names", ()):
        assert any(file in message for message in told), f"{file} is not named"


@pytest.mark.parametrize("name", [name for name in SLIPS if SLIPS[name]["refused"]])
def test_check_calls_every_one_of_them_an_error(name: str, tmp_path: Path) -> None:
    policies = open_policies(slipped(tmp_path / "p", SLIPS[name]))
    assert policies.check().has_errors


def renamings(folder: Path) -> Iterator[Path]:
    """The same files under names that turn their order about, and in folders of their own."""
    for number, prefix in enumerate(("a", "z")):
        other = folder.with_name(f"renamed{number}")
        other.mkdir()
        files = sorted(folder.iterdir())
        for place, file in enumerate(files if prefix == "a" else reversed(files)):
            if file.suffix == ".csv" or file.name == HYGIENE_FILE or file.name.startswith((".", "~$")):
                shutil.copy(file, other / file.name)
                continue
            home = other / f"{prefix}{place}" if prefix == "z" else other
            home.mkdir(exist_ok=True)
            shutil.copy(file, home / f"{prefix}{len(files) - place:02}-{file.name}")
        yield other


@pytest.mark.parametrize("name", SLIPS)
def test_names_and_order_never_matter(name: str, tmp_path: Path) -> None:
    slip = SLIPS[name]
    for folder in renamings(slipped(tmp_path / "p", slip)):
        assert outcomes(open_policies(folder)) == wanted(slip)


@pytest.mark.parametrize("name", ["a copy", "wrong amends", "unclosed quote in the head", "tab below the head"])
def test_the_command_refuses_with_the_file_and_the_others_are_answered(name: str, tmp_path: Path, run: Run) -> None:
    slip = SLIPS[name]
    folder = slipped(tmp_path / "p", slip)
    given = "\n".join(json.dumps(household(place)) for place in OUTCOMES).encode()
    ran = run("evaluate", "-", "--policies", str(folder), "--format", "json", given=given)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert {one["household"]: one["outcome"] for one in answers} == wanted(slip)
    assert ran.status == FINDINGS
    for file in slip["names"]:
        assert file in ran.err
    spared = [place for place in OUTCOMES if wanted(slip)[place] != "refused"]
    if spared:
        ran = run("evaluate", "-", "--policies", str(folder), given=json.dumps(household(spared[0])).encode())
        assert ran.status == ANSWERED
        assert "另有政策文件有错" in ran.err


def test_a_folder_in_place_of_a_file_refuses(tmp_path: Path) -> None:
    folder = sound(tmp_path / "p")
    (folder / "bing.yaml").unlink()
    (folder / "bing.yaml").mkdir()
    assert set(outcomes(open_policies(folder)).values()) == {"refused"}


def test_a_link_that_leads_nowhere_or_out_refuses(tmp_path: Path) -> None:
    for target in ("nowhere.yaml", str(FOLDER / "bing.yaml")):
        folder = sound(tmp_path / target.replace("/", "_"))
        (folder / "bing.yaml").unlink()
        (folder / "bing.yaml").symlink_to(target)
        assert set(outcomes(open_policies(folder)).values()) == {"refused"}


def test_a_broken_draft_refuses_where_it_is_named(tmp_path: Path) -> None:
    folder = slipped(tmp_path / "p", SLIPS["an unreadable draft"])
    policies = open_policies(folder)
    with pytest.raises(UnusablePolicy):
        policies.evaluate(household("140105"), policy="jia2")
    assert policies.evaluate(household("140105"), policy="jia").outcome == "eligible"


def test_a_broken_file_of_another_root_keeps_nobody_who_names_a_root(tmp_path: Path) -> None:
    folder = sound(tmp_path / "p")
    other = (folder / "prov.yaml").read_text("utf-8").replace("policy: prov", "policy: other")
    (folder / "other.yaml").write_text(other.replace("人均收入低于标准, cites", "人均收入低于标准, sites"), "utf-8")
    policies = open_policies(folder)
    assert policies.evaluate(household("140105"), policy="prov").outcome == "eligible"
    with pytest.raises(UnusablePolicy):
        policies.evaluate(household("140105"))


def test_what_cannot_be_used_is_not_shown(tmp_path: Path) -> None:
    from datetime import date

    policies = open_policies(slipped(tmp_path / "p", SLIPS["a copy"]))
    with pytest.raises(PolicyError) as refused:
        policies.overlay_for("jia", date(2023, 8, 1))
    assert "policy-twice" in {found.code for found in refused.value.diagnostics}
