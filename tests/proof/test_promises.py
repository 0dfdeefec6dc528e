"""What becomes of promises of small overlays: cases as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.api import Policies, open_policies
from engine.proof.promises import promises
from engine.proof.results import Promise, Proved, Witness
from tests.policy.bad_policies import Folder

CASES = Path(__file__).parent.parent / "cases" / "promises"
_ALL: list[dict[str, Any]] = yaml.load((CASES / "cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def written(root: Path, case: dict[str, Any]) -> Policies:
    folder = Folder(root)
    for path in sorted((CASES / "base").iterdir()):
        folder.write(path.name, path.read_bytes())
    if "province" in case:
        folder.apply({"file": "province.yaml", "old": case["province"][0], "new": case["province"][1]})
    folder.apply({"file": "city.yaml", "append": case["city"]})
    policies = open_policies(root)
    found = policies.slices.check_all(None)
    assert not found.has_errors, list(found)
    return policies


@pytest.mark.parametrize("case", _ALL, ids=[case["name"] for case in _ALL])
def test_promises_come_to_this(case: dict[str, Any], tmp_path: Path) -> None:
    found = list(promises(written(tmp_path, case).library))
    assert [_told(one) for one in found] == case["expect"]
    then = [one.found.case.known_on for one in found if isinstance(one.found, Witness)]
    assert [str(day) for day in then if day is not None] == ([case["known_on"]] if "known_on" in case else [])


def _told(promise: Promise) -> str:
    words = [promise.effect, str(len(promise.changes)), *([] if promise.alone else ["beside"])]
    match promise.found:
        case Proved(bound=bound):
            words.append("any size" if bound.any_size else f"up to {max(bound.sizes.values())}")
            words += ["/", *bound.free] if bound.free else []
        case Witness():
            words.append("broken")
        case _:
            words.append(repr(promise.found))
    return " ".join(words)
