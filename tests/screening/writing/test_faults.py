"""What goes wrong on the way: nothing lost, nothing counted twice, one clear line, no half file."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import main
from engine.cli.status import FAULT, FINDINGS, INTERRUPTED, MISUSE
from engine.screening.reading.csv_file import CsvTable
from engine.screening.reading.source import source_for
from engine.screening.reading.tabular import Piece
from engine.screening.screen import Screening
from tests.faults.system import Act, refusing
from tests.screening.writing.population import write_lines, write_parts

ROOT = Path(__file__).parents[3]
OUT = ("out.csv", "out.csv.refused.csv")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DOUDI_LANG", "DOUDI_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def begun(folder: Path, *arguments: str, site: Path = ROOT) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "engine", "screen", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(site), str(ROOT)))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def left_of(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.name != "in")


def written(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in OUT]


# ---- killed


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_killed_at_twenty_random_moments(here: Path) -> None:
    """Of each run only what it finished counts; some runs end, and the next begins anew."""
    write_parts(here / "in", 60, 20)
    plain = here / "plain"
    plain.mkdir()
    start = time.monotonic()
    whole = begun(here, "in", "-o", "plain/out.csv", "--format", "json")
    told = whole.communicate(timeout=120)[0]
    longest = time.monotonic() - start
    chance, kept, went_on = random.Random(9), 0, 0
    for _ in range(20):
        run = begun(here, "in", "-o", "out.csv", "--format", "json", "--resume")
        try:
            run.communicate(timeout=longest * (0.2 + 0.8 * chance.random()))
        except subprocess.TimeoutExpired:
            run.kill()
            run.communicate(timeout=60)
        if (here / "out.csv").exists():  # whole, also where what was kept for it was not put away yet
            assert written(here) == written(plain)
            for name in OUT:
                (here / name).unlink()
            kept = 0
        else:
            finished = len(list((here / "out.csv.resume").glob("part-*.arrow")))
            assert finished >= kept
            went_on += finished > 0
            kept = finished
    last = begun(here, "in", "-o", "out.csv", "--format", "json", "--resume")
    assert last.communicate(timeout=120)[0] == told
    assert last.returncode == FINDINGS
    assert written(here) == written(plain)
    assert left_of(here) == [*OUT, "plain"]
    assert went_on, "no run was cut off behind a part"


def test_no_part_is_decided_twice(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parts(here / "in", 6, 4)
    assert main(["screen", "in", "-o", "plain.csv"]) == FINDINGS
    asked: list[str] = []
    whole = Screening.told

    def counting(self: Screening, batch: Any) -> Any:
        asked.append(batch["id"][0].as_py())
        if len(asked) == 4:
            raise MemoryError("all gone")
        return whole(self, batch)

    monkeypatch.setattr(Screening, "told", counting)
    assert main(["screen", "in", "-o", "out.csv", "--resume", "--jobs", "1"]) == FAULT
    finished = len(list((here / "out.csv.resume").glob("part-*.arrow")))
    assert 1 <= finished <= 3
    before = len(asked)  # the part after the one that failed may have been begun
    assert main(["screen", "in", "-o", "out.csv", "--resume", "--jobs", "1"]) == FINDINGS
    assert len(asked) - before == 6 - finished
    assert (here / "out.csv").read_bytes() == (here / "plain.csv").read_bytes()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (["--as-of", "2023-01-01"], "--as-of与上次不同"),
        (["--known-on", "2023-01-01"], "--known-on与上次不同"),
        (["--policies", "policies"], "政策文件与上次不同"),
        (["--missing"], "结果的列（--missing、--readings）与上次不同"),
        (["--lang", "en"], "not continued, since --lang differ"),
        (["--against", "policies"], "--against与上次不同"),
        (["more"], "输入的文件或对应表与上次不同"),
    ],
)
def test_another_run_is_not_gone_on_with(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], change: list[str], told: str
) -> None:
    write_parts(here / "in", 3, 4)
    write_parts(here / "more", 1, 4)
    from engine import resources

    shutil.copytree(resources.policies_root(), here / "policies")
    table = here / "policies" / "standards" / "taiyuan-2023.csv"
    table.write_text(table.read_text("utf-8").replace("760,760", "761,761"), "utf-8")
    monkeypatch.chdir(here)
    shipped = ["--policies", str(resources.policies_root())]
    whole, asked = Screening.told, 0

    def failing(self: Screening, batch: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise MemoryError
        return whole(self, batch)

    with monkeypatch.context() as failing_run:
        failing_run.setattr(Screening, "told", failing)
        assert main(["screen", "in", "-o", "out.csv", "--resume", "--jobs", "1", *shipped]) == FAULT
    before = sorted((one.name, one.stat().st_size) for one in (here / "out.csv.resume").iterdir())
    capsys.readouterr()
    rest = shipped if "--policies" not in change else []
    assert main(["screen", "in", "-o", "out.csv", "--resume", *rest, *change]) == MISUSE
    assert told in capsys.readouterr().err
    assert not (here / "out.csv").exists()
    assert sorted((one.name, one.stat().st_size) for one in (here / "out.csv.resume").iterdir()) == before


# ---- no room


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)], capture_output=True)
    if done.returncode:
        pytest.skip("no disk may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("mount"), reason="no disk can be mounted here")
@pytest.mark.parametrize("name", ["out.csv", "out.ndjson", "out.parquet", "out.xlsx"])
@pytest.mark.parametrize("resume", [True, False])
def test_a_disk_that_is_full(here: Path, small_disk: Path, name: str, resume: bool) -> None:
    write_parts(here / "in", 8, 60)
    (small_disk / "ballast").write_bytes(bytes(100 << 10 if name != "out.xlsx" else 118 << 10))
    run = begun(here, "in", "-o", str(small_disk / name), *["--resume"] * resume)
    err = run.communicate(timeout=120)[1]
    assert run.returncode == MISUSE, err
    assert sum("磁盘已满" in line for line in err.splitlines()) == 1, err
    assert "Traceback" not in err
    assert {one.name for one in small_disk.iterdir()} <= {"ballast", f"{name}.resume"}
    (small_disk / "ballast").unlink()
    if not resume:
        assert not (small_disk / f"{name}.resume").exists()


@pytest.mark.parametrize("name", ["out.csv", "out.ndjson", "out.parquet", "out.xlsx"])
@pytest.mark.parametrize("resume", [True, False])
def test_a_writer_that_finds_no_room(here: Path, capsys: pytest.CaptureFixture[str], name: str, resume: bool) -> None:
    """Whichever write it is; what stood there before stays as it was."""
    write_parts(here / "in", 3, 5)
    (here / name).write_bytes(b"old")
    for fails_at in range(1, 40):
        calls = 0

        def decide(act: Act, _: tuple[object, ...], fails_at: int = fails_at) -> OSError | None:
            nonlocal calls
            calls += act is os.write
            return OSError(errno.ENOSPC, "") if act is os.write and calls >= fails_at else None

        capsys.readouterr()
        with refusing(decide):
            status = main(["screen", "in", "-o", name, *["--resume"] * resume])
        err = capsys.readouterr().err
        if calls < fails_at:
            assert status == FINDINGS
            break
        assert (status, err.count("磁盘已满")) == (MISUSE, 1), err
        assert (here / name).read_bytes() == b"old"
        assert set(left_of(here)) <= {name, f"{name}.resume"}
    else:
        pytest.fail("it wrote without end")
    assert not (here / f"{name}.resume").exists()


# ---- what is read


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_parquet_that_is_cut_off(here: Path, capsys: pytest.CaptureFixture[str], kept: float) -> None:
    write_lines(here / "in.ndjson", range(1, 12))
    assert main(["screen", "in.ndjson", "-o", "whole.parquet"]) == FINDINGS
    data = (here / "whole.parquet").read_bytes()
    (here / "cut.parquet").write_bytes(data[: int(len(data) * kept)])
    before = left_of(here)
    capsys.readouterr()
    assert main(["screen", "cut.parquet", "-o", "out.csv"]) == FINDINGS
    err = capsys.readouterr().err
    assert err.startswith("cut.parquet: error ")
    assert left_of(here) == before


# ---- what decides


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_thread_that_fails(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write_parts(here / "in", 5, 4)
    monkeypatch.setattr(Screening, "told", lambda *_: 1 // 0)
    assert main(["screen", "in", "-o", name]) == FAULT
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "ZeroDivisionError" in err
    assert left_of(here) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
@pytest.mark.parametrize("arguments", [["-o", "out.csv"], ["-o", "out.xlsx"], ["-o", "out.csv", "--resume"]])
@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        (signal.SIGINT, INTERRUPTED, "已中断"),
        (signal.SIGTERM, 143, "已按要求终止"),
        (signal.SIGHUP, 129, "已按要求终止"),
    ],
)
def test_ended(here: Path, arguments: list[str], number: signal.Signals, status: int, said: str) -> None:
    write_parts(here / "in", 40, 1_500)  # enough that it is never done before it is told to end
    run = begun(here, "in", *arguments)
    deadline = time.monotonic() + 60
    while not [one for one in here.iterdir() if one.name.startswith((".doudi", "out"))]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    run.send_signal(number)
    err = run.communicate(timeout=60)[1]
    assert run.returncode == status, err
    lines = err.splitlines()
    assert lines[-1] == said
    if "--resume" not in arguments:
        assert len(lines) == 1
        assert left_of(here) == []
    else:
        assert left_of(here) in ([], ["out.csv.resume"])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ended_while_a_library_loses_what_is_raised(here: Path, number: signal.Signals) -> None:
    """As those in C do where they ask for what they can do without."""
    write_parts(here / "in", 2, 3)
    (here / "sitecustomize.py").write_text(
        f"""
import os, sys
class Losing:
    def find_spec(self, name, path=None, target=None):
        if name == "engine.screening.writing.run":
            try:
                os.kill(os.getpid(), {int(number)})
            except BaseException:
                pass
sys.meta_path.insert(0, Losing())
""",
        "utf-8",
    )
    run = begun(here, "in", "-o", "out.csv", site=here)
    err = run.communicate(timeout=60)[1]
    assert run.returncode == (INTERRUPTED if number == signal.SIGINT else 128 + number), err
    assert not [one.name for one in here.iterdir() if one.name.startswith((".doudi", "out"))]


@pytest.mark.parametrize("spilled", [False, True])
def test_a_table_that_fails_stops_the_others(here: Path, monkeypatch: pytest.MonkeyPatch, spilled: bool) -> None:
    """The members are not read to their end when the households cannot be."""
    rows = "".join(f"H{at},2023-06-15,140105\n" for at in range(20))
    (here / "家庭.csv").write_text(f"家庭编号,申请日期,行政区划代码\n{rows}", "utf-8")
    (here / "成员.csv").write_text("家庭编号,成员编号\nH1,1\n", "utf-8")
    if spilled:
        monkeypatch.setattr(source_for, "__defaults__", (None, 10))
    pieces: list[str] = []

    def read(self: CsvTable, columns: Sequence[int]) -> Iterator[Piece]:
        if self.name == "家庭.csv":
            raise MemoryError
        for _ in range(1000):
            pieces.append(self.name)
            time.sleep(0.01)
            yield from whole(self, columns)

    whole = CsvTable.read
    monkeypatch.setattr(CsvTable, "read", read)
    assert main(["screen", "家庭.csv", "成员.csv", "-o", "out.csv"]) == FAULT
    assert len(pieces) < 500
    assert left_of(here) == ["家庭.csv", "成员.csv"]
