"""`fmt`: what it writes, that it keeps the meaning, the comments and every untouched byte, and that twice is once."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine import resources
from engine.diagnostics import Reporter
from engine.policy.digest import chain_digest
from engine.policy.loader import read_library
from engine.source import Span
from engine.writing.formatting import formatted
from engine.writing.text_file import TextFile, read_text_file
from tests.writing.layouts import loosened, reordered

ROOT = Path(__file__).parents[2]
SHIPPED = resources.policies_root()
OURS = sorted([*SHIPPED.rglob("*.yaml"), *(ROOT / "examples").rglob("*.yaml")])
CASES = yaml.safe_load((Path(__file__).parent / "data" / "formatting.yaml").read_text(encoding="utf-8"))
PROVINCE = SHIPPED / "shanxi_2022_60.yaml"
FULL = [PROVINCE, ROOT / "examples" / "overlay" / "demo_city.yaml"]


def load(path: Path) -> TextFile:
    file = read_text_file(path.read_bytes(), path.name)
    assert file is not None
    return file


def fmt(file: TextFile) -> TextFile:
    report = Reporter()
    after = formatted(file, report)
    assert not report.diagnostics
    return after


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_own_files_are_in_form(path: Path) -> None:
    file = load(path)
    assert fmt(file).raw == file.raw


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, str]) -> None:
    file = TextFile("case.yaml", case["before"])
    after = fmt(file)
    assert after.raw == case.get("after", case["before"])
    assert fmt(after).raw == after.raw


def test_examples_to_uncomment_stay_where_they_are() -> None:
    """A file begun with examples, to whose end a clerk has put the day and a condition."""
    before = load(Path(__file__).parent / "data" / "examples_above_from.yaml")
    lines = fmt(before).raw.splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        line for line in before.raw.splitlines() if line.startswith("#")
    ]
    head = lines.index("from: 2026-01-01")
    assert lines.index("status: official") < head < lines.index("not_found:")
    assert lines.index("#     asset_limit: {is: 原定义, effect: narrower}") < lines.index("add:")


# ---- properties

SEEDS = st.integers(0, 1 << 32)
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
"""a seed has nothing to shrink to"""


@given(seed=SEEDS, path=st.sampled_from(FULL), ends=st.sampled_from(["\n", "\r\n"]), mark=st.booleans())
@settings(max_examples=25, phases=DRAWN)
def test_spaces_come_back_as_they_were(seed: int, path: Path, ends: str, mark: bool) -> None:
    """Our files are in form: whatever spaces they are given, they come back byte for byte, line ends and mark kept."""
    file = load(path)
    file = TextFile(file.name, file.raw.replace("\n", ends), "utf-8", mark)
    loose = loosened(file, Random(seed), signs=False, words=False)
    assert fmt(loose).data() == file.data()


@given(seed=SEEDS, path=st.sampled_from(FULL))
@settings(max_examples=30, phases=DRAWN)
def test_the_meaning_and_the_comments_stay(seed: int, path: Path, alone: Path) -> None:
    draw = Random(seed)
    mutated = reordered(loosened(load(path), draw, signs=True, words=True), draw)
    once = fmt(mutated)
    assert fmt(once).raw == once.raw, "twice is once"
    assert comments(once) == comments(mutated)
    assert values(mutated, path, alone) == values(once, path, alone)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The province with the one city that the example stands on; no other has a part in the meaning of the files."""
    folder = tmp_path_factory.mktemp("province")
    for file in (PROVINCE, SHIPPED / "divisions.csv", *SHIPPED.glob("*/taiyuan*")):
        at = folder / file.relative_to(SHIPPED)
        at.parent.mkdir(exist_ok=True)
        shutil.copy(file, at)
    return folder


def comments(file: TextFile) -> list[str]:
    return sorted(line for line in file.raw.splitlines() if line.lstrip().startswith("#"))


def values(
    file: TextFile, path: Path, alone: Path
) -> tuple[object, str, list[tuple[str, tuple[tuple[str, str], ...]]]]:
    """The model that is built of a file, the digest of its chain, and what is said of it."""
    beside = [alone] if path == PROVINCE else [alone, path.parent]
    library = read_library(beside, {(beside[-1] / path.name).resolve(): file.data()})
    id_ = next(name for name, held in library.documents.items() if held.header.origin.span.source.name == path.name)
    built = library.build(id_)
    assert built is not None, [str(one) for one in library.documents[id_].report]
    chain = library.chain(library.line_to(id_))
    assert chain is not None
    return placeless(built), chain_digest(chain), [(one.code, one.params) for one in library.documents[id_].report]


def placeless(node: object) -> object:
    """A model without the places in the file: those move."""
    if isinstance(node, Span):
        return None
    if is_dataclass(node) and not isinstance(node, type):
        return (type(node), [placeless(getattr(node, field.name)) for field in fields(node) if field.compare])
    if isinstance(node, dict):
        return [(key, placeless(value)) for key, value in node.items()]
    return [placeless(one) for one in node] if isinstance(node, tuple | list) else node


@given(seed=SEEDS)
@settings(max_examples=15, phases=DRAWN)
def test_lines_in_form_are_not_touched(seed: int) -> None:
    """A change somewhere leaves every other line as it is, byte for byte."""
    file, draw = load(FULL[0]), Random(seed)
    lines = file.raw.splitlines(keepends=True)
    place = draw.choice([at for at, line in enumerate(lines) if re.search(r"(is|when): \S+ [-+*/<] \S+", line)])
    lines[place] = re.sub(r" ([-+*/<]) ", r"  \1   ", lines[place])
    after = fmt(TextFile(file.name, "".join(lines)))
    assert after.raw == file.raw


# ---- what is left alone


@pytest.mark.parametrize("text", ["a: [1", "a: 1\na: 2\n", "label：x\n"])
def test_a_file_with_faults_is_reported_and_left(text: str) -> None:
    report = Reporter()
    file = TextFile("bad.yaml", "policy: x\n" + text)
    assert formatted(file, report) is file
    assert report.has_errors


def test_other_yaml_is_none_of_ours() -> None:
    file = TextFile("other.yaml", "name:   x\nsteps: [ 1,2 ]\n")
    assert formatted(file, Reporter()) is file


def test_an_expression_with_a_fault_is_left_and_the_rest_is_set() -> None:
    file = TextFile("case.yaml", "policy: x\nterms:\n  a: {is: 甲+,label: 乙}\n  b: {label: 丙, is: 甲+乙}\n")
    assert fmt(file).raw == "policy: x\nterms:\n  a: {label: 乙, is: 甲+}\n  b: {label: 丙, is: 甲 + 乙}\n"
