"""What happens around the process: closed and full streams, a working folder that is gone, signals, no git."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.status import ANSWERED, FINDINGS, INTERRUPTED, MISUSE
from tests.faults.test_every_call import HOUSEHOLD, TINY

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="streams, signals and users of another kind")
ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "policies")
    (tmp_path / "h.json").write_text(HOUSEHOLD, encoding="utf-8")
    return tmp_path


def shell(line: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A line of a shell; `doudi` in it is the command."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DOUDI_LANG", "DOUDI_DEBUG")}
    environment |= {"PYTHONPATH": str(ROOT), **more}
    script = f'doudi() {{ "{sys.executable}" -m engine "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    ("line", "status", "told"),
    [
        ("doudi evaluate h.json --policies policies > /dev/full", MISUSE, "<stdout>: error file-not-writable"),
        ("doudi evaluate h.json --policies policies --format json > /dev/full", MISUSE, "磁盘已满"),
        ("doudi evaluate nothing.json --policies policies > /dev/full", MISUSE, "没有文件 nothing.json"),
        ("doudi check policies > /dev/full", MISUSE, "磁盘已满"),
        ("doudi --help > /dev/full", MISUSE, "磁盘已满"),
        ("doudi evaluate h.json --policies policies >&-", MISUSE, "它是关闭的"),
        ("doudi evaluate - --policies policies <&-", MISUSE, "标准输入是关闭的"),
        ("doudi evaluate h.json --policies policies 2>&-", ANSWERED, ""),
        ("doudi evaluate nothing.json 2>&-", MISUSE, ""),
        ("doudi evaluate nothing.json 2>/dev/full", MISUSE, ""),
        ("doudi check policies <&- >&- 2>&-", MISUSE, ""),
        ("doudi evaluate h.json --policies policies --record /dev/full", MISUSE, "/dev/full: error file-not-writable"),
        ("doudi test --policies policies --report json=/dev/full", MISUSE, "/dev/full: error file-not-writable"),
        ("mkdir x; cd x; rmdir ../x; doudi check $OLDPWD/policies --report json=a.json", FINDINGS, "已经删除"),
        ('mkdir x; cd x; rmdir ../x; doudi evaluate "$OLDPWD/h.json" --policies "$OLDPWD/policies"', ANSWERED, ""),
        ("PATH=/nowhere; doudi mutate --policies policies --since HEAD", MISUSE, "要用 git"),
        ("doudi mutate --policies policies --since HEAD", MISUSE, "不在 git 里"),
    ],
)
def test_streams_and_places(folder: Path, line: str, status: int, told: str) -> None:
    ran = shell(line, folder, GIT_CEILING_DIRECTORIES=str(folder))
    assert ran.returncode == status, ran.stderr
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="becomes another user")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
@pytest.mark.parametrize(
    ("closed", "line", "status", "told"),
    [
        ("h.json", "evaluate h.json", FINDINGS, "h.json: error file-not-readable: 读不了这个文件：没有权限"),
        ("policies/cases.yaml", "test", FINDINGS, "cases.yaml: error file-not-readable: 读不了这个文件：没有权限"),
        (
            "policies/tiny.yaml",
            "fmt",
            FINDINGS,
            "policies/tiny.yaml: error file-not-readable: 读不了这个文件：没有权限",
        ),
        (
            ".",
            "evaluate h.json --record r.ndjson",
            MISUSE,
            "r.ndjson: error file-not-writable: 写不了这个文件：没有权限",
        ),
        (".", "check --report json=a.json", MISUSE, "a.json: error file-not-writable: 写不了这个文件：没有权限"),
    ],
)
def test_another_user(folder: Path, closed: str, line: str, status: int, told: str) -> None:
    for place in (folder, *folder.parents):
        if place == Path(tempfile.gettempdir()):
            break
        place.chmod(0o755)
    (folder / closed).chmod(0o555 if closed == "." else 0)
    become = f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups"
    reached = shell(f'{become} "{sys.executable}" -c "import engine.cli.main, yaml, lark, jsonschema"', folder)
    if reached.returncode:
        pytest.skip("nobody may not run this Python")
    ran = shell(f'{become} "{sys.executable}" -m engine {line} --policies policies', folder)
    assert (ran.returncode, told in ran.stderr) == (status, True), ran.stderr


def started(arguments: list[str], folder: Path, site: str = "") -> subprocess.Popen[str]:
    """`site` is run by Python before anything else."""
    (folder / "sitecustomize.py").write_text(site, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-m", "engine", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("module", ["click", "engine.cli.main", "engine.policy.slices", "lark"])
def test_ctrl_c_while_the_program_starts(folder: Path, module: str) -> None:
    """Pressed just when a module is imported."""
    site = f"""
import os, signal, sys
class Pressing:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Pressing())
"""
    process = started(["check", "policies"], folder, site)
    out, err = process.communicate(timeout=60)
    assert process.returncode in (INTERRUPTED, -signal.SIGINT)
    assert "Traceback" not in out + err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_process_that_is_ended_leaves_nothing(folder: Path, number: signal.Signals) -> None:
    """While it writes: the write goes on until the signal has come."""
    site = """
import os, time
write = os.write
def slow(handle, data):
    if bytes(data[:8]) == b"{\\n  \\"for":
        open("writing", "w").close()
        time.sleep(60)
    return write(handle, data)
os.write = slow
"""
    process = started(["check", "policies", "--report", "json=out.json"], folder, site)
    waits(lambda: (folder / "writing").exists())
    assert [path for path in folder.iterdir() if path.name.startswith(".doudi-")]
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (INTERRUPTED, 128 + number)
    assert "Traceback" not in err
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".doudi-") or path.name == "out.json"]


def waits(until: Callable[[], bool]) -> None:
    for _ in range(600):
        if until():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")
