"""The cache of tables: private, plain data only, and never a reason to fail."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import BinaryIO

import pytest

from engine.language.table_cache import load_tables, save_tables


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "doudi"


def write(file: BinaryIO) -> None:
    pickle.dump({"data": [1, "二"]}, file)


def test_keeps_and_gives_back(folder: Path) -> None:
    save_tables("key", write)
    assert load_tables("key") == {"data": [1, "二"]}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert load_tables("other") is None


def test_damaged_or_foreign_contents_count_as_none(folder: Path) -> None:
    save_tables("key", write)
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:5])
    assert load_tables("key") is None
    kept.write_bytes(pickle.dumps({"path": Path("/")}))
    assert load_tables("key") is None
    kept.write_bytes(pickle.dumps(["no mapping"]))
    assert load_tables("key") is None


def test_a_folder_that_others_can_write_is_not_used(folder: Path) -> None:
    save_tables("key", write)
    folder.chmod(0o777)
    assert load_tables("key") is None


def test_no_folder_and_no_room_are_harmless(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    save_tables("key", write)
    assert load_tables("key") is None


def test_a_failing_write_leaves_nothing(folder: Path) -> None:
    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError("no space")

    save_tables("key", fail)
    assert list(folder.iterdir()) == []
