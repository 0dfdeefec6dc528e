"""Which files of a folder are read: never what a link brings in from outside."""

from __future__ import annotations

from pathlib import Path

from engine.diagnostics import Reporter
from engine.policy.files import yaml_files


def test_a_link_out_of_the_folder_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "own.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "secret.yaml").write_text("password: x\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "alias.yaml").symlink_to(folder / "own.yaml")
    report = Reporter()
    assert [file.name for file in yaml_files(folder, report)] == ["alias.yaml", "own.yaml"]
    assert [(found.code, found.path) for found in report] == [("path-outside", "link.yaml")]
