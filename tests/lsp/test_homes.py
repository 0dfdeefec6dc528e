"""Which policy folders the open folders hold, and what a file outside them is read with."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lsp.homes import folder_around, policy_folders
from tests.lsp.test_server import small_folder


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    small_folder(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    return tmp_path


def test_the_folder_policies_or_the_folder_itself(opened: Path) -> None:
    inner = opened / "policies"
    assert policy_folders([opened], ()) == [inner]
    assert policy_folders([inner], ()) == [inner]
    assert policy_folders([opened, inner, opened / "elsewhere", opened / "none"], ()) == [inner]


def test_those_that_are_named(opened: Path) -> None:
    assert policy_folders([opened], ("policies", "elsewhere", "none")) == [opened / "policies", opened / "elsewhere"]


def test_a_file_outside(opened: Path) -> None:
    assert folder_around(opened / "policies" / "cities" / "x.yaml") == opened / "policies"
    assert folder_around(opened / "x.yaml") == opened
