"""`doudi fmt` and `doudi fix` as they are called: what they write, what they say, how they end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from tests.cli.running import Run

LOOSE = "overlay:   x\nadd: {terms: {a: {is: 甲+乙,label: 丙}}}\r\n"
SET = "overlay: x\nadd: {terms: {a: {label: 丙, is: 甲 + 乙}}}\r\n"


@pytest.fixture
def loose(tmp_path: Path) -> Path:
    path = tmp_path / "policies" / "x.yaml"
    path.parent.mkdir()
    path.write_bytes(LOOSE.encode())
    path.chmod(0o640)
    return path


def test_fmt(run: Run, loose: Path) -> None:
    for arguments, told in ((["--check"], "要改"), (["--diff"], "+add: {terms: {a: {label: 丙, is: 甲 + 乙}}}")):
        ran = run("fmt", str(loose), *arguments)
        assert ran.status == (FINDINGS if "--check" in arguments else ANSWERED)
        assert told in ran.out
        assert loose.read_bytes() == LOOSE.encode()
    ran = run("fmt", "--policies", str(loose.parent))
    assert (ran.status, ran.err) == (ANSWERED, "")
    assert ran.out == f"已改 {loose.as_posix()}\n看了 1 个文件，改了 1 个\n"
    assert loose.read_bytes() == SET.encode()
    assert loose.stat().st_mode & 0o777 == 0o640
    assert run("fmt", str(loose), "--check").out == "看了 1 个文件，都已整齐\n"


def test_fmt_of_the_folder_here(run: Run, loose: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(loose.parents[1])
    assert "已改 policies/x.yaml" in run("fmt").out
    monkeypatch.chdir(loose.parent)
    ran = run("fmt", "--lang", "en")
    assert ran.status == MISUSE
    assert "name files or folders" in ran.err
    assert run("fmt", "nowhere").status == MISUSE


def test_fmt_goes_on_past_a_file_that_cannot_be_read(run: Run, loose: Path) -> None:
    (loose.parent / "a.yaml").write_text("policy: x\na: [", encoding="utf-8")
    (loose.parent / "b.yaml").write_bytes("policy: x\ntitle:  甲\n".encode("gb18030"))
    (loose.parent / "c.yaml").write_bytes(b"\xff\xff\xff")
    ran = run("fmt", str(loose.parent))
    assert ran.status == FINDINGS
    for code in ("a.yaml:2", "not-utf8", "not-text"):
        assert code in ran.err
    assert loose.read_bytes() == SET.encode()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(run: Run, loose: Path) -> None:
    loose.parent.chmod(0o500)
    ran = run("fmt", str(loose))
    loose.parent.chmod(0o700)
    assert ran.status == MISUSE
    assert "写不了" in ran.err


def test_a_link_stays_a_link(run: Run, loose: Path) -> None:
    link = loose.parent / "link.yaml"
    link.symlink_to(loose)
    assert run("fmt", str(link)).status == ANSWERED
    assert link.is_symlink()
    assert loose.read_bytes() == SET.encode()


def test_fix(run: Run, province: Path) -> None:
    path = province / "cities" / "yangquan.yaml"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"status: official", b"status: offical"))
    broken = path.read_bytes()
    ran = run("fix", str(province), "--dry-run")
    assert ran.status == ANSWERED
    assert ran.out.startswith("cities/yangquan.yaml:27:9: not-allowed-value: `offical` → `official`\n")
    assert "+status: official" in ran.out
    assert path.read_bytes() == broken
    ran = run("fix", "--policies", str(province))
    assert ran.status == ANSWERED
    assert ran.out.endswith("改了 1 处，在 1 个文件里\n")
    assert path.read_bytes() == sound
    assert run("fix", str(province)).out == "没有改法确定的错误\n"


def test_fix_tells_what_is_left(run: Run, province: Path) -> None:
    path = province / "cities" / "yangquan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: official", "status: 正式"), encoding="utf-8")
    ran = run("fix", str(province))
    assert ran.status == FINDINGS
    assert "error not-allowed-value" in ran.err


def test_fix_of_a_file_alone(run: Run, tmp_path: Path) -> None:
    """It is checked with the policies shipped, which are not touched."""
    path = tmp_path / "plan.yaml"
    path.write_text(
        'format: 1\noverlay: plan\namends: taiyuan\njurisdiction: "1401"\nstatus: draft\ntitle：甲\n', encoding="utf-8"
    )
    ran = run("fix", str(path))
    assert ran.status == ANSWERED, ran.err
    assert "title: 甲" in path.read_text(encoding="utf-8")
