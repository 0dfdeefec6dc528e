"""What is opened within limits and used by no overlay: told, not proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.api import load
from engine.cli.main import main
from engine.proof.unused import unused


def names(*folders: str) -> set[str]:
    """What the province opened."""
    return {one.name for one in unused(load(list(folders)).library) if one.policy == "shanxi_2022_60"}


def test_what_no_overlay_uses() -> None:
    alone = names("policies")
    assert {"set.asset_months", "add.causes", "add.parts.present", "replace.terms.counted_income"} <= alone
    assert not {"set.dibao_standard", "add.facts", "replace.terms.high_fee"} & alone, "whatever is set there will do"
    assert alone - names("policies", "examples/overlay") >= {"set.asset_months", "add.causes", "add.parts.present"}


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "没有补充用到：local.add.causes"), ("en", "used by no overlay: local.add.causes")]
)
def test_it_is_told_where_it_stands(language: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(Path("policies") / "shanxi_2022_60.yaml")
    assert main(("check", "--prove", "--details", file, "--lang", language)) == 0
    out = capsys.readouterr().out
    assert f"shanxi_2022_60.yaml:487:5: {told}" in out
