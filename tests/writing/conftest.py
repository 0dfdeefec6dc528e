"""A copy of the shipped policies, to be written into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine import resources
from tests.cli.conftest import run

__all__ = ["province", "run"]


@pytest.fixture
def province(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    shutil.copytree(resources.policies_root(), folder, ignore=shutil.ignore_patterns("cases"))
    return folder
