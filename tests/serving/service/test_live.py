"""Files change while the service runs: a sound set is taken over as a whole, a faulty one never is."""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.serving.live import Live
from tests.serving.served import SHIPPED, now, served
from tests.serving.service.soak import PLAIN, households, put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "policies"
    shutil.copytree(SHIPPED, copied)
    return copied


def settled(live: Live) -> None:
    """Looked at until nothing more comes of it."""
    for _ in range(4):
        live.look()


def broken(folder: Path) -> None:
    file = folder / "cities" / "taiyuan.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("amends:", "amend:"), encoding="utf-8")


def test_a_change_is_taken_over(folder: Path) -> None:
    live = Live((str(folder),), now)
    before = live.now
    assert not live.look()
    (folder / "cities" / "taiyuan.yaml").unlink()
    settled(live)
    assert live.now is not before
    assert "taiyuan" in before.policies.ids
    assert "taiyuan" not in live.now.policies.ids
    assert (live.taken, live.passed_over) == (2, 0)


def test_a_change_of_the_same_size_within_one_tick_is_seen(folder: Path) -> None:
    live = Live((str(folder),), now)
    file = folder / "cities" / "taiyuan.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("太原市", "太原甲"), encoding="utf-8")
    stamped = file.stat()
    live.look(), live.look()
    file.write_text(text.replace("太原市", "太原乙"), encoding="utf-8")
    import os

    os.utime(file, ns=(stamped.st_atime_ns, stamped.st_mtime_ns))
    settled(live)
    assert "太原乙" in live.now.snapshot.files[file].source.text


def test_a_faulty_set_leaves_the_old_one(folder: Path) -> None:
    live = Live((str(folder),), now)
    before = live.now
    broken(folder)
    settled(live)
    assert live.now is before
    assert live.refused is not None
    assert {one.file for one in live.refused.faults} == {"cities/taiyuan.yaml"}
    shutil.copy(SHIPPED / "cities" / "taiyuan.yaml", folder / "cities" / "taiyuan.yaml")
    settled(live)
    assert live.now is before
    assert not live.refused


def test_a_set_that_serves_no_more_leaves_nothing_behind(folder: Path) -> None:
    """Nor does what was worked out of it for the many households that it decided and explained."""
    live, bodies = Live((str(folder),), now), households()

    def alive_after(changes: range) -> Counter[str]:
        for change in changes:
            put(folder, PLAIN.replace("760", str(800 + change)))
            settled(live)
            for body in bodies * 2:
                live.now.policies.evaluate(body)
            live.now.policies.evaluate(bodies[0]).to_dict()
        gc.collect()
        kinds = (str(type(one)) for one in gc.get_objects())
        return Counter(kind for kind in kinds if kind.startswith("<class 'engine."))

    before = alive_after(range(3))  # with whatever other tests still hold
    assert before["<class 'engine.evaluation.quick.Taken'>"]
    assert not alive_after(range(3, 8)) - before
    assert live.taken == 9


def test_where_nothing_sound_was_there_the_newest_serves_as_it_is(folder: Path) -> None:
    broken(folder)
    live = Live((str(folder),), now)
    assert not live.now.is_sound
    sound, hurt = (SHIPPED.parent / "examples" / "households" / "eligible.json").read_text("utf-8"), "140105"
    with served(folder) as client:
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert ready.json()["reasons"][0]["path"].startswith("cities/taiyuan.yaml")
        headers = {"content-type": "application/json"}
        refused = client.post("/v1/decisions?explain=none", content=sound, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (503, "policy-unusable")
        elsewhere = sound.replace(hurt, "140311").replace("2023-06-15", "2026-06-15")
        assert client.post("/v1/decisions?explain=none", content=elsewhere, headers=headers).status_code == 200
    shutil.copy(SHIPPED / "cities" / "taiyuan.yaml", folder / "cities" / "taiyuan.yaml")
    settled(live)
    assert live.now.is_sound


def test_readiness_and_figures_tell_of_a_faulty_set(folder: Path) -> None:
    with served(folder) as client:
        app = client.app
        broken(folder)
        settled(app.state.desk.live)  # type: ignore[attr-defined]
        ready = client.get("/readyz", headers={"accept-language": "en"})
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        assert ready.json()["refused"]["reasons"][0]["code"]
        told = wait_for(client, "doudi_policies_refused 1.0")
        assert "doudi_policies_sound 1.0" in told


def wait_for(client: TestClient, line: str) -> str:
    import time

    for _ in range(40):
        told: str = client.get("/metrics").text
        if line in told:
            return told
        time.sleep(0.1)
    raise AssertionError(f"{line} never came")


def test_a_folder_that_is_gone_leaves_the_old_set(folder: Path) -> None:
    live = Live((str(folder),), now)
    before = live.now
    shutil.rmtree(folder)
    settled(live)
    assert live.now is before
    assert live.refused is not None
