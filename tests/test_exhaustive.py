"""What has many places names them all: `mypy`, over the engine with one thing more, points at each that forgot it.

The README's lists of files to touch ("Change it") rest on this.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

NODE = """@dataclass(frozen=True, slots=True)
class {name}({base}):
    pass


"""
TYPE = """@dataclass(frozen=True, slots=True)
class NewType:
    pass


"""
UNIONS = {
    # the union, by the module that says what is in it: what joins it
    ("engine/language/ast.py", "Expression"): NODE.format(name="NewExpression", base="Node"),
    ("engine/language/core.py", "CoreExpression"): NODE.format(name="NewOperator", base="Core"),
    ("engine/language/types.py", "Type"): TYPE,
    ("engine/policy/model.py", "AnyElement"): NODE.format(name="NewElement", base="Element"),
    ("engine/policy/model.py", "Change"): NODE.format(name="NewChange", base="Changed"),
}
FORGOTTEN = {
    "NewExpression": {
        "language/elaborate.py",
        "language/printer.py",
        "language/references.py",
    },
    "NewOperator": {
        "evaluation/needs.py",
        "generated/source.py",
        "generated/steps.py",
        "language/core.py",
        "language/core_text.py",
        "language/interpreter.py",
        "language/sizes.py",
        "program/clearing.py",
        "program/granularity.py",
        "program/invariants.py",
        "program/unknowns.py",
        "proof/encoding.py",
        "screening/kernel/lowering.py",
        "testing/mutants.py",
    },
    "NewType": {
        "editing/telling.py",
        "evaluation/fields.py",
        "evaluation/household_schema.py",
        "evaluation/plain.py",
        "language/types.py",
        "policy/build_facts.py",
        "policy/extent.py",
        "program/triples.py",
        "proof/anysize.py",
        "proof/encoding.py",
        "proof/lookups.py",
        "proof/world.py",
        "reporting/figures.py",
        "reporting/render_facts.py",
        "screening/kernel/lowering.py",
        "screening/kernel/values.py",
        "screening/schema.py",
        "screening/reading/cells.py",
        "screening/reading/ndjson_file.py",
        "serving/filled.py",
        "serving/forms.py",
        "serving/sample.py",
        "testing/given.py",
        "testing/households.py",
        "whatif/axes.py",
    },
    "NewElement": {
        "editing/elements_told.py",
        "policy/written.py",
        "policy/hygiene/use.py",
        "policy/model.py",
    },
    "NewChange": {
        "policy/guards.py",
        "policy/written.py",
        "policy/model.py",
        "policy/overlay.py",
        "policy/ranks.py",
        "policy/sequence.py",
        "policy/stretches.py",
        "proof/promises.py",
        "proof/unused.py",
        "reporting/changes.py",
        "testing/tried.py",
    },
}
"""of each, the modules that have to say what becomes of it"""
FORGOT = re.compile(r"^engine/(\S+?\.py):\d+: error: .*?\b(NewExpression|NewOperator|NewType|NewElement|NewChange)\b")


@pytest.mark.slow
@pytest.mark.xdist_group("mypy")
def test_each_place_that_forgot_it_is_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for (file, union), text in UNIONS.items():
        added = re.findall(r"class (\w+)", text)
        source = (tmp_path / file).read_text(encoding="utf-8")
        changed, count = re.subn(
            rf"^{union}: TypeAlias = (\(\n    )?", rf"{text}\g<0>{added[0]} | ", source, flags=re.M
        )
        assert count == 1
        (tmp_path / file).write_text(changed, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "engine"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    named: dict[str, set[str]] = {}
    for line in done.stdout.splitlines():
        found = FORGOT.match(line)
        assert found or ": error: " not in line, line
        if found:
            named.setdefault(found[2], set()).add(found[1])
    assert named == FORGOTTEN, done.stdout + done.stderr
