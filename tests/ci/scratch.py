"""Scratch repositories: one of policies, as a city bureau would keep it, and a copy of this checkout to install from.

In: folders to make them in.  Out: the folders, with everything committed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
POLICIES = Path(__file__).parent / "policies"
POLICY = "policies/example.yaml"
PACKAGE = (
    *("engine", "grammar", "policies", "docs", "README.md"),
    *("pyproject.toml", ".ci/hatch_build.py", ".pre-commit-hooks.yaml"),
)
"""what an installation from source reads"""

# what the machine has set up for its user must neither help nor hinder
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's, without what git and Python have set for it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "VIRTUAL_ENV"))}
    return {**kept, **_GIT, "PYTHONUTF8": "1", "NO_COLOR": "1", **(more or {})}


def git(folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=env or environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def policy_repository(folder: Path) -> Path:
    shutil.copytree(POLICIES, folder / "policies")
    return _committed(folder)


def package_repository(folder: Path) -> Path:
    """This checkout as it stands, not as it was last committed."""
    folder.mkdir(parents=True)
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return _committed(folder)


def _committed(folder: Path) -> Path:
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        done = git(folder, *arguments)
        assert done.returncode == 0, done.stdout
    return folder


def edit(folder: Path, before: str, after: str) -> None:
    """Change a line of the policy."""
    text = (folder / POLICY).read_text(encoding="utf-8")
    assert before in text
    (folder / POLICY).write_text(text.replace(before, after), encoding="utf-8")
