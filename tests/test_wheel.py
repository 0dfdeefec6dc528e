"""What is installed stands alone: the source package and the wheel carry the grammar and the policies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# what it sets up is set up once
pytestmark = pytest.mark.xdist_group("wheel")
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
EXAMPLE = ROOT / "examples" / "households" / "eligible.json"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source package, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)], folder)
    return folder


@pytest.mark.slow
def test_the_wheel_holds_the_engine_and_its_content_only(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"engine", "doudi"}
    content = {name.removeprefix("engine/_content/") for name in names if name.startswith("engine/_content/")}
    expected = {
        str(file.relative_to(ROOT).as_posix())
        for folder in ("grammar", "policies")
        for file in (ROOT / folder).rglob("*")
        if file.is_file()
    }
    expected |= {f"codes/{page.name}" for page in (ROOT / "docs" / "codes").glob("*.md")}
    assert content == expected
    assert {"engine/py.typed", "engine/language/_tables.py"} <= set(names)


@pytest.mark.slow
def test_the_source_package_holds_what_the_tests_need(built: Path) -> None:
    (package,) = built.glob("*.tar.gz")
    with tarfile.open(package) as archive:
        folders = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert {"engine", "grammar", "policies", "tests", "docs", "examples", "README.md", "pyproject.toml"} <= folders


@pytest.mark.slow
def test_the_installed_wheel_decides_a_household_elsewhere(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    _run([sys.executable, "-m", "venv", "env"], tmp_path)
    scripts = tmp_path / "env" / SCRIPTS
    _run([str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel)], tmp_path)
    household = tmp_path / "household.json"
    household.write_bytes(EXAMPLE.read_bytes())
    decided = json.loads(_run([str(scripts / "doudi"), "evaluate", "household.json", "--format", "json"], tmp_path))
    assert decided["outcome"] == "eligible"
    place = _run([str(scripts / "python"), "-c", "import engine; print(engine.__file__)"], tmp_path)
    assert Path(place.strip()).is_relative_to(tmp_path)


def _run(command: list[str], folder: Path) -> str:
    """Run a command in a folder, away from the checkout and from what the tests themselves import."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["PYTHONUTF8"] = "1"
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
