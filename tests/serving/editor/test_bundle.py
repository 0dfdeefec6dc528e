"""The scripts of the workbench are what their sources and lock file make: nobody has to trust the committed bytes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.serving.view import STATIC

SOURCE = Path(__file__).parents[3] / "editors" / "workbench"
MADE = ("editor.js", "page.js", "LICENSES.txt")


@pytest.mark.slow
@pytest.mark.xdist_group("editor")
@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm, to build the scripts anew; doudi itself does not")
def test_the_committed_scripts_are_what_their_sources_make(tmp_path: Path) -> None:
    folder = tmp_path / "workbench"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
    for command in (
        ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"),
        ("run", "build", "--", str(tmp_path / "made")),
    ):
        done = subprocess.run(
            [str(shutil.which("npm")), *command],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"npm {command[0]}\n{done.stdout}\n{done.stderr}"
    for name in MADE:
        made, kept = (tmp_path / "made" / name).read_bytes(), (STATIC / name).read_bytes()
        assert made == kept, f"{name} is another one: run `npm ci && npm run build` in editors/workbench and commit it"


def test_every_package_is_pinned_and_comes_from_the_registry() -> None:
    about = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in about["devDependencies"].values())
    lock = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))
    for name, one in lock["packages"].items():
        assert not name or "integrity" in one, name
        assert one.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/"), name


@pytest.mark.parametrize("name", ["editor.js", "page.js"])
def test_a_script_loads_nothing_from_elsewhere(name: str) -> None:
    """Not from a CDN, nor by text made into code; the names of namespaces are no addresses."""
    text = (STATIC / name).read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[\w.-]+", text)) - {"http://www.w3.org"}
    assert not addresses
    assert "sourceMappingURL" not in text


def test_no_text_goes_into_markup_by_our_own_sources() -> None:
    for file in sorted(SOURCE.glob("src/**/*.js")):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            file
        )
