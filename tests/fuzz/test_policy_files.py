"""Policy and overlay files spoiled as bytes, as tokens and as trees: loaded or refused with diagnostics."""

from __future__ import annotations

import io
import random
import re
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import engine
from engine.diagnostics import Reporter, render
from engine.errors import EngineError
from engine.policy.yaml_nodes import decode, read_tree
from tests.fuzz.mutations import spoil_bytes, spoil_tokens, spoil_tree
from tests.fuzz.watchdog import repetitions, within
from tests.oracle.households import household
from tests.oracle.territories import PROVINCE

READER_RUNS: Final = 3000
"""of the reader of YAML alone"""
LOADER_RUNS: Final = 40
"""of whole folders, for each file and each manner"""
SECONDS: Final = 20.0
FINDS: Final = sorted((Path(__file__).parent / "finds").glob("*.yaml"))

OVERLAY: Final = (Path(__file__).parent / "overlay.yaml").read_bytes()
"""an overlay that uses each kind of change"""
WITH_TABLE: Final = """\
format: 1
overlay: taiyuan
title: 太原市低保标准（测试用）
amends: shanxi_2022_60
jurisdiction: "1401"
status: official
set:
  dibao_standard:
    - from: 2023-01-01
      published: 2023-01-01
      source: "https://example.org/"
      grade: A
      table: standards/t.csv
      columns:
        区划代码: county
        城市: {residence: urban, unit: 元/人/月}
        农村: {residence: rural, unit: 元/人/年}
"""
POLICY: Final = (PROVINCE / "shanxi_2022_60.yaml").read_bytes()
MANNERS: Final = ("bytes", "tokens", "tree")


def spoiled(rng: random.Random, data: bytes, manner: str) -> bytes:
    match manner:
        case "bytes":
            return spoil_bytes(rng, data)
        case "tokens":
            return spoil_tokens(rng, data.decode()).encode("utf-8", "surrogatepass")
        case _:
            tree: Any = yaml.load(data, Loader=yaml.BaseLoader)
            return written(spoil_tree(rng, tree)).encode("utf-8", "surrogatepass")


class _Dumper(
    yaml.emitter.Emitter, yaml.serializer.Serializer, yaml.representer.SafeRepresenter, yaml.resolver.BaseResolver
):
    """Writes texts plainly, as an author would, and quotes only division codes."""

    def __init__(self, stream: Any) -> None:
        yaml.emitter.Emitter.__init__(self, stream, allow_unicode=True, width=1000)
        yaml.serializer.Serializer.__init__(self)
        yaml.representer.SafeRepresenter.__init__(self, default_flow_style=False, sort_keys=False)
        yaml.resolver.BaseResolver.__init__(self)

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _represent_text(dumper: Any, text: str) -> yaml.ScalarNode:
    style = '"' if re.fullmatch(r"14\d*", text) else "|" if "\n" in text else None
    node: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
    return node


_Dumper.add_representer(str, _represent_text)


def written(tree: Any) -> str:
    stream = io.StringIO()
    dumper = _Dumper(stream)
    dumper.open()
    dumper.represent(tree)
    dumper.close()
    return stream.getvalue()


def test_trees_are_written_as_they_were(tmp_path: Path) -> None:
    """Otherwise the fuzzing of trees would stop at the first floor."""
    for name, data in (("shanxi_2022_60.yaml", POLICY), ("cities/taiyuan.yaml", OVERLAY)):
        text = written(yaml.load(data, Loader=yaml.BaseLoader))
        load(tmp_path, {**sound_folder(), name: text.encode()})
        engine.load(tmp_path / "policies")


@pytest.mark.parametrize("manner", MANNERS[:2])
def test_yaml_reader(manner: str) -> None:
    """The tree or a fault; the same from both parsers of PyYAML where both take the text."""
    for run in repetitions(READER_RUNS // 2):
        rng = random.Random(f"reader {manner} {run}")
        data = spoiled(rng, OVERLAY, manner)
        with within(SECONDS):
            report = Reporter()
            source = decode(data, "fuzz.yaml", report)
            tree = None if source is None else read_tree(source, report)
            assert tree is not None or report.has_errors, data
            for found in report.diagnostics:
                render(found)


def sound_folder() -> dict[str, bytes]:
    """The files of a small folder that loads, by name."""
    return {
        "shanxi_2022_60.yaml": POLICY,
        "divisions.csv": (PROVINCE / "divisions.csv").read_bytes(),
        "cities/taiyuan.yaml": OVERLAY,
    }


def load(folder: Path, files: dict[str, bytes]) -> None:
    """Loads a folder of just these files; what loads must also answer."""
    root = folder / "policies"
    shutil.rmtree(root, ignore_errors=True)
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    with within(SECONDS):
        try:
            policies = engine.load(root)
        except engine.PolicyError as refused:
            assert_told(refused)
            return
        for found in policies.check():
            render(found, "en")
        for county in ("140105", "140702"):
            each = household(random.Random(county), "F-1", counties=[county])
            try:
                policies.evaluate(each).to_dict()
            except (engine.HouseholdError, engine.PolicyError) as refused:
                assert_told(refused)


def assert_told(refused: EngineError) -> None:
    """Something is wrong, and can be said in both languages."""
    assert refused.diagnostics
    assert str(refused)
    for found in refused.diagnostics:
        render(found, "en")


@pytest.mark.parametrize("manner", MANNERS)
def test_overlays(manner: str, tmp_path: Path) -> None:
    for run in repetitions(LOADER_RUNS):
        rng = random.Random(f"overlay {manner} {run}")
        load(tmp_path, {**sound_folder(), "cities/taiyuan.yaml": spoiled(rng, OVERLAY, manner)})


@pytest.mark.parametrize("manner", MANNERS)
def test_policies(manner: str, tmp_path: Path) -> None:
    for run in repetitions(LOADER_RUNS):
        rng = random.Random(f"policy {manner} {run}")
        load(tmp_path, {**sound_folder(), "shanxi_2022_60.yaml": spoiled(rng, POLICY, manner)})


def test_divisions(tmp_path: Path) -> None:
    divisions = sound_folder()["divisions.csv"]
    for run in repetitions(LOADER_RUNS // 2):
        rng = random.Random(f"divisions {run}")
        load(tmp_path, {**sound_folder(), "divisions.csv": spoil_bytes(rng, divisions)})


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_tables(encoding: str, tmp_path: Path) -> None:
    table = "区划代码,城市,农村\n140105,760,5678.5\n140122,,7092\n140123,701.25,\n".encode(encoding)
    for run in repetitions(LOADER_RUNS):
        rng = random.Random(f"table {encoding} {run}")
        files = {**sound_folder(), "cities/taiyuan.yaml": WITH_TABLE.encode(), "standards/t.csv": table}
        if run:
            files["standards/t.csv"] = spoil_bytes(rng, table)
        load(tmp_path, files)
        if not run:
            engine.load(tmp_path / "policies")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"a" * (1 << 21),
        b"[" * 100_000,
        b"- " * 50_000,
        b"a: &a [*a, *a]\n",
        b"? ? ? ? a\n",
        b"\xef\xbb\xbf" + OVERLAY,
        OVERLAY.replace(b"\n", b"\r\n"),
        OVERLAY.decode().encode("gb18030"),
        OVERLAY + b"\n---\n" + OVERLAY,
        ("格式： 1\n\u3000\u3000版本： 2\n").encode(),
    ],
    ids=range(12),
)
def test_odd_files(data: bytes, tmp_path: Path) -> None:
    load(tmp_path, {**sound_folder(), "cities/taiyuan.yaml": data})


def test_overlay_is_sound(tmp_path: Path) -> None:
    """Otherwise the fuzzing would only ever meet the fault that stands in it already."""
    load(tmp_path, sound_folder())
    engine.load(tmp_path / "policies")


@pytest.mark.parametrize("find", FINDS, ids=lambda path: path.name)
def test_finds(find: Path, tmp_path: Path) -> None:
    load(tmp_path, {**sound_folder(), "cities/taiyuan.yaml": find.read_bytes()})
