"""Tries to sign in are counted, however many come at once, from wherever, to whichever process."""

from __future__ import annotations

import http.cookiejar
import sys
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.serving.people.throttle import REMEMBERED, TRIES, TRIES_OF_ADDRESS, WITHIN, Throttle
from tests.serving.people.test_gate import USERS
from tests.serving.served import SHIPPED

HERE = "192.0.2.7"


@pytest.fixture(params=["alone", "together"])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Throttle, Throttle]:
    """As two processes have them, or one."""
    if request.param == "alone":
        one = Throttle()
        return one, one
    return Throttle(tmp_path / "tries.json"), Throttle(tmp_path / "tries.json")


def test_tries_count_together(two: tuple[Throttle, Throttle]) -> None:
    waits = [two[at % 2].begin("jia", HERE, 1_000 + at) for at in range(TRIES + 2)]
    assert waits == [0] * TRIES + [WITHIN - TRIES, WITHIN - TRIES - 1]
    assert two[0].begin("yi", HERE, 1_010) == 0
    assert two[0].begin("jia", HERE, 1_000 + WITHIN) == 0


def test_many_at_once_are_no_more_than_many_one_after_the_other(two: tuple[Throttle, Throttle]) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda at: two[at % 2].begin("jia", HERE, 1_000), range(40)))
    assert waits.count(0) == TRIES


def test_who_signs_in_has_not_tried(two: tuple[Throttle, Throttle]) -> None:
    for at in range(3 * TRIES_OF_ADDRESS):
        assert two[at % 2].begin("jia", HERE, 1_000) == 0
        two[at % 2].succeeded("jia", HERE)


def test_of_one_place_only_so_many_are_tried(two: tuple[Throttle, Throttle]) -> None:
    waits = [two[at % 2].begin(f"name{at}", HERE, 1_000) for at in range(TRIES_OF_ADDRESS + 5)]
    assert waits.count(0) == TRIES_OF_ADDRESS


def test_who_draws_addresses_of_his_network_comes_from_one_place() -> None:
    throttle = Throttle()
    waits = [throttle.begin("jia", f"2001:db8:1:2::{at:x}", 1_000) for at in range(TRIES + 1)]
    assert waits == [0] * TRIES + [WITHIN]
    assert throttle.begin("jia", "2001:db8:1:3::1", 1_000) == 0
    assert [throttle.begin("yi", "::ffff:192.0.2.7", 1_000) for _ in range(TRIES)] == [0] * TRIES
    assert throttle.begin("yi", HERE, 1_000) == WITHIN
    assert throttle.begin("yi", "::ffff:192.0.2.8", 1_000) == 0


def test_what_is_remembered_is_bounded() -> None:
    throttle = Throttle()
    for at in range(REMEMBERED):
        throttle.begin("x" * 100_000 if at < 3 else "x", f"10.1.{at >> 8}.{at & 255}", 1_000)
    assert len(throttle._alone) == REMEMBERED
    assert max(map(len, throttle._alone)) == 32


@pytest.mark.skipif(sys.platform != "linux", reason="processes share a port")
def test_two_processes_let_through_no_more_tries_than_one(tmp_path: Path) -> None:
    from tests.serving.service.soak import serving

    users = tmp_path / "users.yaml"
    users.write_text(USERS, "utf-8")
    with serving(SHIPPED, 2, "--users", str(users)) as server:
        address = f"http://127.0.0.1:{server.port}/login"
        told = [_tried(address) for _ in range(TRIES + 6)]
    assert told == [401] * TRIES + [429] * 6


def _tried(address: str) -> int:
    """By a connection of its own, so that either process may answer."""
    jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with jar.open(address, timeout=30) as shown:
        mark = shown.read().decode().partition('name="csrf" value="')[2].partition('"')[0]
    form = urllib.parse.urlencode({"csrf": mark, "name": "jia", "password": "wrong"}).encode()
    try:
        with jar.open(address, form, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
