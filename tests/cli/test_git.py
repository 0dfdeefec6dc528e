"""`mutate --since`: what git knows, whatever files are called, and nothing typed is an option of git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import click
import pytest

from engine.cli.command import Command, Misuse
from engine.cli.git import changed_since
from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from engine.say import Say
from tests.cli.running import Run

TINY = Path(__file__).parents[1] / "cases" / "codes" / "tiny"
SAY = Say("zh")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    root = tmp_path / "库"
    shutil.copytree(TINY, root / "政策")
    git(root, "init", "-q")
    kept(root)
    return root


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def kept(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")


def changed(folder: Path, revision: str = "HEAD") -> list[str]:
    found = changed_since(revision, folder, SAY, click.Context(Command("mutate", SAY, lambda: 0, [], "")))
    return sorted(path.relative_to(folder.resolve()).as_posix() for path in found)


def test_whatever_a_file_is_called(repository: Path) -> None:
    folder = repository / "政策"
    assert changed(folder) == []
    for name in ("太原市.yaml", 'quo"ted.yaml', "two words.yaml", "-x.yaml", "line\nend.yaml"):
        (folder / name).write_text("x: 1\n", encoding="utf-8")
    (repository / "elsewhere.yaml").write_text("x: 1\n", encoding="utf-8")
    names = sorted(path.name for path in folder.iterdir())
    assert changed(folder) == [name for name in names if name not in ("cases.yaml", "divisions.csv", "tiny.yaml")]
    kept(repository)
    assert changed(folder) == []
    assert len(changed(folder, "HEAD~1")) == 5
    (folder / "太原市.yaml").write_text("x: 2\n", encoding="utf-8")
    git(repository, "config", "diff.external", "false")
    assert changed(folder) == ["太原市.yaml"]


def test_a_file_that_git_is_told_to_ignore_is_unknown_to_it_too(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.yml\n", encoding="utf-8")
    (repository / "政策" / "a.yml").write_text("x: 1\n", encoding="utf-8")
    assert changed(repository / "政策") == ["a.yml"]


def test_a_hook_that_names_its_own_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert changed(repository / "政策") == []


@pytest.mark.parametrize("revision", ["--output=victim", "--no-index", "-p", "", "nothing", "a b", "HEAD:x", "nul\0"])
def test_what_is_no_revision(repository: Path, revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = repository / "政策" / "victim"
    victim.write_text("precious", encoding="utf-8")
    monkeypatch.chdir(victim.parent)
    with pytest.raises(Misuse):
        changed(victim.parent, revision)
    assert victim.read_text(encoding="utf-8") == "precious"


def test_mutate_tries_what_changed(run: Run, repository: Path) -> None:
    folder = repository / "政策"
    shutil.move(folder / "tiny.yaml", folder / "困难家庭.yaml")
    ran = run("mutate", "--policies", str(folder), "--since", "HEAD")
    assert "100%" not in ran.out or "/0" not in ran.out
    whole = run("mutate", "--policies", str(folder))
    assert (ran.status, ran.out) == (whole.status, whole.out), "untracked, with a Chinese name"
    kept(repository)
    none = run("mutate", "--policies", str(folder), "--since", "HEAD")
    assert none.status == ANSWERED
    assert none.out != whole.out
    link = repository / "link"
    link.symlink_to(folder)
    file = folder / "困难家庭.yaml"
    file.write_text(file.read_text("utf-8") + "# \n", "utf-8")
    assert run("mutate", "--policies", str(link), "--since", "HEAD").out == whole.out
    assert whole.status in (ANSWERED, FINDINGS)
    victim = repository / "victim"
    victim.write_text("precious", "utf-8")
    ran = run("mutate", "--policies", str(folder), "--since", f"--output={victim}")
    assert (ran.status, victim.read_text("utf-8")) == (MISUSE, "precious")


@pytest.mark.parametrize("revision", ["HEAD..HEAD", "HEAD...HEAD", "^HEAD", "HEAD:政策", "HEAD^{tree}", "HEAD HEAD"])
def test_what_is_not_one_commit_is_refused(repository: Path, revision: str) -> None:
    """Between two commits git does not look at the files as they are."""
    (repository / "政策" / "tiny.yaml").write_text("x: 1\n", encoding="utf-8")
    with pytest.raises(Misuse):
        changed(repository / "政策", revision)


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_does_not_look_at_may_have_changed(repository: Path, mark: str) -> None:
    git(repository, "update-index", mark, "政策/tiny.yaml")
    (repository / "政策" / "tiny.yaml").write_text("x: 1\n", encoding="utf-8")
    assert changed(repository / "政策") == ["tiny.yaml"]
