"""How far a long run is: rate and time left on a terminal, plain lines elsewhere, nothing of either in the results."""

from __future__ import annotations

import sys
import time

import pytest

from engine.cli.watching import Watching
from engine.say import Say

SECOND = 1_000_000_000


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 5 * SECOND
        monkeypatch.setattr(time, "monotonic_ns", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_plain_lines_from_time_to_time(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with Watching(Say("zh"), 1_000_000) as watching:
        for second in range(1, 26):
            clock.now += SECOND
            watching.show(second * 10_000)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "已筛查 100,000 户，每秒 10,000 户，10%，还要 1:30",
        "已筛查 200,000 户，每秒 10,000 户，20%，还要 1:20",
    ]


def test_a_line_that_is_written_over(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Watching(Say("en"), None) as watching:
        clock.now += SECOND
        watching.show(500)
    assert capsys.readouterr().err == "\r\x1b[K500 households, 500 a second\r\x1b[K"


def test_what_an_earlier_run_did_counts_for_nothing_in_the_rate(clock: Clock) -> None:
    watching = Watching(Say("zh"), 10_000_000)
    watching.done_before = 4_000_000
    clock.now += 2 * SECOND
    assert watching.rate(4_600_000) == 300_000
    assert watching.seconds == 2
