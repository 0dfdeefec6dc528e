"""What stands in a household or a policy is never a command to the terminal that shows it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from engine.cli.terminal import complain, write
from tests.cli.running import Run

HOUSEHOLDS = Path(__file__).parents[2] / "examples" / "households"
ODD_ID = "H\u009b31m\u202e\u2028X"


def odd_household() -> bytes:
    household = json.loads((HOUSEHOLDS / "eligible.json").read_text("utf-8"))
    return json.dumps({**household, "id": ODD_ID}).encode()


def test_an_id_cannot_steer_the_terminal(run: Run) -> None:
    out = run("evaluate", "-", given=odd_household()).out
    assert "H\\u009b31m\\u202e\\u2028X" in out
    assert not any(sign in out for sign in "\x1b\u009b\u202e\u2028")


def test_json_means_the_same(run: Run) -> None:
    out = run("evaluate", "-", "--format", "json", given=odd_household()).out
    assert not any(sign in out for sign in "\u009b\u202e\u2028")
    assert json.loads(out)["household"] == ODD_ID


@pytest.mark.parametrize(
    ("forced", "shown"), [("0", "\\u001b[31m\\u001b]0;x\\u0007\n"), ("1", "\x1b[31m\\u001b]0;x\\u0007\n")]
)
def test_only_the_tones_of_a_page_remain(monkeypatch: pytest.MonkeyPatch, forced: str, shown: str) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", forced)
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    write("\x1b[31m\x1b]0;x\x07")
    complain("\x1b[31m\x1b]0;x\x07")
    assert (out.getvalue(), err.getvalue()) == (shown, shown)
