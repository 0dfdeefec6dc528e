"""What stands in a household or a policy is never a command to the terminal that shows it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from engine.cli.terminal import complain, page_for, write
from engine.escaping import Lines
from tests.cli.running import Run

HOUSEHOLDS = Path(__file__).parents[2] / "examples" / "households"
ODD_ID = "H\u009b31m\u202e\u2028X"


def odd_household() -> bytes:
    household = json.loads((HOUSEHOLDS / "eligible.json").read_text("utf-8"))
    return json.dumps({**household, "id": ODD_ID}).encode()


def test_an_id_cannot_steer_the_terminal(run: Run) -> None:
    out = run("evaluate", "-", given=odd_household()).out
    assert "H⟨U+009B⟩31m⟨U+202E⟩⟨U+2028⟩X" in out
    assert not any(sign in out for sign in "\x1b\u009b\u202e\u2028")


def test_json_means_the_same(run: Run) -> None:
    out = run("evaluate", "-", "--format", "json", given=odd_household()).out
    assert not any(sign in out for sign in "\u009b\u202e\u2028")
    assert json.loads(out)["household"] == ODD_ID


@pytest.mark.parametrize("forced", ["0", "1"])
def test_only_the_tones_of_a_page_remain(monkeypatch: pytest.MonkeyPatch, forced: str) -> None:
    """A text that nobody set is one line, and its own colours are none of ours, also where there are colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", forced)
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    write("\x1b[31m甲\n\x1b]0;x\x07")
    complain("\x1b[31m甲\n\x1b]0;x\x07")
    shown = "⟨U+001B⟩[31m甲⟨U+000A⟩⟨U+001B⟩]0;x⟨U+0007⟩\n"
    assert (out.getvalue(), err.getvalue()) == (shown, shown)
    write(Lines.of([page_for(out).tone("good", "\x1b[31m甲"), "乙"]))
    good = ("\x1b[32m", "\x1b[0m") if forced == "1" else ("", "")
    assert out.getvalue() == f"{shown}{good[0]}⟨U+001B⟩[31m甲{good[1]}\n乙\n"
