"""The extension for VS Code: what it says in two languages, and that it is built and packed from its lock file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "editors" / "vscode"
MADE = ("node_modules", "out")


def read(name: str) -> Any:
    return json.loads((SOURCE / name).read_text(encoding="utf-8"))


def test_every_text_is_said_in_both_languages() -> None:
    wanted = set(re.findall(r'"%([\w.]+)%"', (SOURCE / "package.json").read_text(encoding="utf-8")))
    assert wanted == set(read("package.nls.json")) == set(read("package.nls.zh-cn.json"))
    code = "".join(file.read_text(encoding="utf-8") for file in sorted((SOURCE / "src").glob("*.ts")))
    said = {found[1] for found in re.finditer(r'l10n\.t\(\s*"([^"]+)"', code)} | {"Open settings"}
    assert said == set(read("l10n/bundle.l10n.zh-cn.json"))


def test_the_first_line_of_every_shipped_file_makes_it_ours() -> None:
    language = read("package.json")["contributes"]["languages"][0]
    pattern = re.compile(language["firstLine"])
    in_code = re.search(r"FIRST_LINE = /(.+)/;", (SOURCE / "src" / "extension.ts").read_text(encoding="utf-8"))
    assert in_code is not None
    assert in_code[1] == language["firstLine"].replace("/", r"\/")
    for file in sorted((ROOT / "policies").rglob("*.yaml")):
        assert pattern.match(file.read_text(encoding="utf-8").split("\n", 1)[0]), file


@pytest.mark.slow
@pytest.mark.xdist_group("editor")
@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm, to build the extension; doudi itself does not")
def test_it_is_built_and_packed(tmp_path: Path) -> None:
    folder = tmp_path / "editors" / "vscode"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns(*MADE))
    shutil.copy(ROOT / "LICENSE", tmp_path)
    for command in (("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"), ("run", "pack")):
        done = subprocess.run(
            [str(shutil.which("npm")), *command],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"npm {command[0]}\n{done.stdout}\n{done.stderr}"
    with zipfile.ZipFile(folder / "out" / "doudi-policy.vsix") as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert b'Id="doudi-policy"' in packed.read("extension.vsixmanifest")
        about = json.loads(packed.read("extension/package.json"))
        assert f"extension/{Path(about['main'])}" in names
        assert "vscode-languageclient" not in about.get("dependencies", {}), "it is bundled"
    wanted = {"extension.vsixmanifest", "[Content_Types].xml", "extension/LICENSE.txt", "extension/out/extension.js"}
    assert wanted <= set(names)
    assert not [name for name in names if "node_modules" in name or name.endswith(".ts")]
