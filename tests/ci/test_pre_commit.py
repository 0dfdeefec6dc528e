"""The hooks as the real pre-commit runs them, in a repository of policies."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.ci.scratch import ROOT, edit, environment, git, package_repository, policy_repository

# what it sets up is set up once
pytestmark = pytest.mark.xdist_group("pre-commit")

PAGES = (ROOT / "docs" / "ci.md", ROOT / "docs" / "zh" / "ci.md")
HOOKS = ("doudi-fmt", "doudi-check", "doudi-test")


class Repository:
    """A clone in which pre-commit is installed."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        # what pre-commit keeps between runs is kept here, and pip's output speaks one language
        self.env = environment({"PRE_COMMIT_HOME": str(home), "PIP_DISABLE_PIP_VERSION_CHECK": "1"})

    def commit(self) -> tuple[bool, dict[str, str], str]:
        """Whether the commit went through, what each hook said of it, and all that was said."""
        assert git(self.folder, "add", "-A").returncode == 0
        done = git(self.folder, "commit", "-m", "change", env=self.env)
        told = dict(re.findall(r"^(doudi \w+)\.*(?:\(.*\))?(\w+)$", done.stdout, re.MULTILINE))
        return done.returncode == 0, told, done.stdout

    def restore(self) -> None:
        assert git(self.folder, "reset", "-q", "--hard").returncode == 0


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("pre-commit")
    package = package_repository(folder / "doudi")
    repository = Repository(policy_repository(folder / "bureau"), folder / "home")
    revision = git(package, "rev-parse", "HEAD").stdout.strip()
    config = {"repos": [{"repo": str(package), "rev": revision, "hooks": [{"id": hook} for hook in HOOKS]}]}
    (repository.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    installed = subprocess.run(
        [sys.executable, "-m", "pre_commit", "install", "--install-hooks"],
        cwd=repository.folder,
        env=repository.env,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return repository


def test_the_hooks_are_those_of_the_documentation() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    ids = [hook["id"] for hook in hooks]
    assert set(HOOKS) <= set(ids)
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert [id for id in ids if id not in text] == []


@pytest.mark.slow
def test_good_changes_go_in_and_bad_ones_do_not(repository: Repository) -> None:
    # one test, since the commits stand on each other
    went_in, told, said = repository.commit()
    assert went_in, said
    assert set(told.values()) == {"Skipped"}, "nothing of the policies was changed"

    edit(repository.folder, "title: 示例办法", "title: 示例办法（试行）")
    went_in, told, said = repository.commit()
    assert went_in, said
    assert told == {"doudi fmt": "Passed", "doudi check": "Passed", "doudi test": "Passed"}

    edit(repository.folder, "when: 家庭月收入 < 收入标准", "when: 家庭月收入 < 收入标淮")
    went_in, told, said = repository.commit()
    assert not went_in
    assert told["doudi check"] == "Failed"
    # at its line and column, which count Chinese characters as one
    assert re.search(r"example\.yaml:31:23: error unknown-name: .*收入标淮", said), said
    repository.restore()

    # sound, but not what the notice says: only the cases can tell
    edit(repository.folder, "when: 家庭月收入 < 收入标准", "when: 家庭月收入 <= 收入标准")
    went_in, told, said = repository.commit()
    assert not went_in
    assert told == {"doudi fmt": "Passed", "doudi check": "Passed", "doudi test": "Failed"}
    assert "正好不符合" in said
    repository.restore()

    # what fmt rewrites is not committed unseen; once added it goes in
    edit(repository.folder, "when: 家庭月收入 < 收入标准", "when: 家庭月收入   <收入标准")
    went_in, told, said = repository.commit()
    assert not went_in
    assert told["doudi fmt"] == "Failed"
    went_in, told, said = repository.commit()
    assert went_in or "nothing to commit" in said, said
    assert "when: 家庭月收入 < 收入标准" in (repository.folder / "policies" / "example.yaml").read_text(
        encoding="utf-8"
    )
