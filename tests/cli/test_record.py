"""`--record` adds whole records, whatever the file ended with, and stops where the disk is full."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from engine.cli.status import ANSWERED, MISUSE
from tests.cli.running import Run
from tests.faults.test_every_call import HOUSEHOLD, TINY


def test_a_file_whose_last_line_was_left_open(run: Run, tmp_path: Path) -> None:
    """By an editor, or a copy: the record that stood there and the new one are both read again."""
    shutil.copytree(TINY, tmp_path / "policies")
    policies, record = ("--policies", str(tmp_path / "policies")), tmp_path / "d.ndjson"
    household = HOUSEHOLD.encode()
    assert run("evaluate", "-", "--record", str(record), *policies, given=household).status == ANSWERED
    record.write_bytes(record.read_bytes().rstrip(b"\n"))
    assert run("evaluate", "-", "--record", str(record), *policies, given=household).status == ANSWERED
    lines = record.read_bytes().splitlines()
    assert [json.loads(line)["household"]["id"] for line in lines] == ["H-1", "H-1"]
    assert run("replay", str(record), *policies).status == ANSWERED


def test_households_behind_a_full_disk_are_not_answered_as_if_recorded(run: Run, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        return
    shutil.copytree(TINY, tmp_path / "policies")
    given = (HOUSEHOLD + "\n").encode() * 3
    ran = run(
        "evaluate",
        "-",
        "--record",
        "/dev/full",
        "--policies",
        str(tmp_path / "policies"),
        "--format",
        "json",
        given=given,
    )
    assert ran.status == MISUSE
    assert "/dev/full: error file-not-writable: 写不了这个文件：磁盘已满" in ran.err
    assert len(ran.out.splitlines()) == 1
