"""Which files of a folder are read: never what a link brings in from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import disk
from engine.diagnostics import Reporter
from engine.policy.files import listing, yaml_files


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


ROOT = Path(__file__).parents[2]
TEXTS = sorted(
    file
    for folder in ("docs", "examples", "grammar", "policies", "tests/cases", "tests/golden")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in (".md", ".json", ".ndjson", ".csv", ".toml", ".txt", ".html", ".xml")
)


def test_no_file_that_is_something_else_is_taken_for_a_policy(tmp_path: Path) -> None:
    """Pages that show policies, cases, decisions, tables, schemas and settings, as they lie beside policies."""
    assert len(TEXTS) > 300
    for number, file in enumerate([*TEXTS, *ROOT.glob("*.md"), ROOT / "pyproject.toml"]):
        (tmp_path / f"{number}-{file.name}").write_bytes(file.read_bytes())
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode" / "settings.json").write_text('{"overlay": "jia", "amends": "prov"}', encoding="utf-8")
    found = {one.path.name: one.kind for one in listing(tmp_path)}
    assert {name: kind for name, kind in found.items() if kind not in ("other", "aside")} == {}


def test_a_file_that_cannot_be_looked_at_is_reported(tmp_path: Path) -> None:
    (tmp_path / "jia").write_text("overlay: jia\n", encoding="utf-8")
    (tmp_path / "jia.md").write_text("overlay: jia\n", encoding="utf-8")

    def no_reading(path: disk.AnyPath, most: int) -> bytes:
        assert most > 0
        raise disk.DiskFault(path, "denied")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "beginning", no_reading)
        found = {one.name: one.fault and one.fault.code for one in listing(tmp_path)}
    assert found == {"jia": "file-not-readable", "jia.md": None}
