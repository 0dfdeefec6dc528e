"""Every command in every form, over files and households whose every text and name is hostile.

The same world with harmless texts says what each output must look like: as many lines, beginning alike; JSON of the
same shape; reports with as many findings, by readers that other people wrote.
"""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from junitparser import JUnitXml
from lcov_cobertura import LcovCobertura  # type: ignore[import-untyped]  # it has no stubs
from pycobertura import Cobertura  # type: ignore[import-untyped]  # it has no stubs

from tests.cli.running import Ran, Run
from tests.hostile import ID_SUFFIX, NAME_SUFFIX, SUFFIX, World, begins, hidden, make, orders, shape

SCHEMAS = Path(__file__).parents[1] / "reporting" / "schemas"
SARIF: Any = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text("utf-8"))
CODE_QUALITY: Any = json.loads((SCHEMAS / "code-quality.json").read_text("utf-8"))

pytestmark = pytest.mark.skipif("os.name == 'nt'", reason="its file names hold none of these characters")


@pytest.fixture
def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[World, World]:
    """The harmless one and the hostile one; each in a folder of its own, and lines are as long as they have to be."""
    monkeypatch.setattr("engine.cli.terminal._PLAIN_WIDTH", 1_000_000)
    # that such texts are errors of `check` is one wall, that some signs are in no file another; here is the last, alone
    monkeypatch.setattr("engine.schema.is_one_line", lambda _: True)
    monkeypatch.setattr("engine.policy.yaml_nodes._NOT_ALLOWED", re.compile("(?!)"))
    return make(tmp_path / "a"), make(tmp_path / "b", SUFFIX, NAME_SUFFIX, ID_SUFFIX)


Asked = Callable[[World], tuple[str, ...]]

TEXTS: dict[str, Asked] = {
    "check": lambda world: ("check", str(world.policies)),
    "check in English": lambda world: ("check", str(world.policies), "--lang", "en"),
    "check on": lambda world: ("check", str(world.policies), "--on", "2030-01-01"),
    "check of a file": lambda world: ("check", str(next(world.policies.glob("市*")))),
    "evaluate": lambda world: ("evaluate", str(world.household), "--policies", str(world.policies)),
    "evaluate --details": lambda world: (
        "evaluate", str(world.household), "--policies", str(world.policies), "--details", "--lang", "en"
    ),
    "refused": lambda world: (
        "evaluate", str(world.household), "--policies", str(world.policies), "--known-on", "1990-01-01"
    ),
    "test": lambda world: ("test", str(world.cases), "--policies", str(world.policies)),
    "test --details": lambda world: ("test", str(world.cases), "--policies", str(world.policies), "--details"),
    "test --coverage": lambda world: ("test", str(world.cases), "--policies", str(world.policies), "--coverage"),
    "mutate": lambda world: ("mutate", str(world.cases), "--policies", str(world.policies)),
    "show": lambda world: ("show", "--policies", str(world.policies)),
    "show jia": lambda world: ("show", "jia", "--policies", str(world.policies), "--as-of", "2024-03-01"),
    "show --details": lambda world: (
        "show", "jia", "--policies", str(world.policies), "--as-of", "2024-03-01", "--details", "--lang", "en"
    ),
    "show --open": lambda world: ("show", "province", "--open", "--policies", str(world.policies)),
    "fmt": lambda world: ("fmt", "--diff", str(world.policies), str(world.cases)),
    "fix": lambda world: ("fix", "--dry-run", str(world.policies)),
    "schema": lambda world: ("schema", "household", "--policies", str(world.policies)),
}  # fmt: skip


@pytest.mark.parametrize("asked", TEXTS.values(), ids=TEXTS)
def test_text_has_the_lines_of_the_harmless_world(run: Run, worlds: tuple[World, World], asked: Asked) -> None:
    harmless, hostile = (_told(run(*asked(world)), world) for world in worlds)
    assert harmless[0] == hostile[0]
    for calm, forged in zip(harmless[1:], hostile[1:], strict=True):
        assert begins(forged) == begins(calm)
    _is_clean(*hostile[1:])


def _told(ran: Ran, world: World) -> tuple[int, str, str]:
    """Without the folder of the test's own, whose length and letters differ."""
    root = str(world.policies.parent)
    return ran.status, ran.out.replace(root, ""), ran.err.replace(root, "")


def _is_clean(*texts: str) -> None:
    for text in texts:
        assert not hidden(text)
        assert not orders(text)


def test_what_the_test_compares_is_there(run: Run, worlds: tuple[World, World]) -> None:
    """The hostile texts do get to the output, or nothing of this would mean anything."""
    out = run(*TEXTS["evaluate"](worlds[1])).out
    for begin in (
        "家庭 H⟨U+2028⟩",
        "收入低于标准⟨U+000A⟩✓",
        "北山县✓",
        "测民发〔2022〕1号⟨U+000A⟩",
        "转办医疗救助⟨U+000A⟩",
    ):
        assert begin in out
    assert len(out.splitlines()) > 30
    told = run(*TEXTS["check"](worlds[1]))
    assert told.err.count("省⟨U+000A⟩⟨U+003A⟩:error") + told.err.count("省⟨U+000A⟩::error") > 10


# ---- JSON

JSONS: dict[str, Asked] = {
    name: lambda world, asked=asked: (*asked(world), "--format", "json")  # type: ignore[misc]  # bound now
    for name, asked in TEXTS.items()
    if name.split()[0] in ("check", "evaluate", "refused", "test", "mutate", "show")
}


@pytest.mark.parametrize("asked", JSONS.values(), ids=JSONS)
def test_json_has_the_shape_of_the_harmless_world(run: Run, worlds: tuple[World, World], asked: Asked) -> None:
    (_, calm, _), (_, forged, err) = (_told(run(*asked(world)), world) for world in worlds)
    assert shape(json.loads(forged)) == shape(json.loads(calm))
    assert forged.count("\n") == calm.count("\n")
    _is_clean(forged, err)


def test_a_programs_texts_are_exact(run: Run, worlds: tuple[World, World]) -> None:
    told = json.loads(run(*JSONS["evaluate"](worlds[1])).out)
    assert told["household"] == f"H{ID_SUFFIX}"
    assert told["causes"]["illness"]["label"] == f"因病致贫{SUFFIX}"
    assert told["causes"]["illness"]["conditions"]["income"]["declared"]["file"] == f"省{NAME_SUFFIX}.yaml"


# ---- records


def test_a_record_is_one_line_and_replays(run: Run, worlds: tuple[World, World]) -> None:
    for world in worlds:
        record = world.policies.parent / "record"
        told = (str(world.household), "--policies", str(world.policies), "--record", str(record))
        assert run("evaluate", *told).status == 0
        text = record.read_text("utf-8")
        assert len(text.splitlines()) == text.count("\n") == 1
        assert not hidden(text)
        assert run("replay", str(record), "--policies", str(world.policies)).status == 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_replay_that_differs_has_the_lines_of_the_harmless_world(
    run: Run, worlds: tuple[World, World], form: str
) -> None:
    outs = []
    for world in worlds:
        record = world.policies.parent / f"录{world.policies.name[1:]}"
        run("evaluate", str(world.household), "--policies", str(world.policies), "--record", str(record))
        for old in ("undetermined", '"met"', "24 月", '"label":"'):
            record.write_text(
                record.read_text("utf-8").replace(old, old.replace("met", "unmet").replace("24", "12")), "utf-8"
            )
        ran = run("replay", str(record), "--policies", str(world.policies), "--details", "--format", form)
        outs.append(_told(ran, world)[1])
    calm, forged = outs
    assert len(calm) > 100
    _is_clean(forged)
    if form == "text":
        assert begins(forged) == begins(calm)
    else:
        read = [[shape(json.loads(line)) for line in text.splitlines()] for text in outs]
        assert read[0] == read[1]


# ---- arguments

ODD = "x\n✓  符合\r::error::y\x1b[31m\u2028\u202e##[error]z"


@pytest.mark.parametrize(
    "arguments",
    [
        (ODD,),
        ("check", ODD),
        ("check", f"--{ODD}"),
        ("check", "--format", ODD),
        ("check", "--report", ODD),
        ("check", "--report", f"{ODD}=x"),
        ("check", "--report", f"json=/dev/null/{ODD}"),
        ("check", "--on", ODD),
        ("check", "--policies", ODD),
        ("evaluate", ODD),
        ("evaluate", "-", "--policy", ODD),
        ("evaluate", "-", "--record", f"/dev/null/{ODD}"),
        ("test", "--policy", ODD),
        ("test", "-k", ODD),
        ("test", "--jobs", ODD),
        ("mutate", "--since", ODD),
        ("show", ODD),
        ("replay", ODD),
        ("schema", ODD),
        ("schema", "household", "--policy", ODD),
        ("explain", ODD),
        ("fmt", ODD),
        ("fix", ODD),
        ("new", ODD),
        ("new", "city", ODD),
        ("new", "case", ODD, "--policy", ODD),
        ("new", "values", ODD, ODD),
    ],
    ids=lambda arguments: " ".join(arguments).replace(ODD, "ODD"),
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_argument_forges_no_line(
    run: Run, arguments: tuple[str, ...], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments, "--lang", language, given=b"{}")
    calm = run(*(one.replace(ODD, "x") for one in arguments), "--lang", language, given=b"{}")
    assert ran.status in (1, 2)
    _is_clean(ran.out, ran.err)
    if ran.status == calm.status:
        assert begins(ran.err)[-2:] == begins(calm.err)[-2:]
    assert not [line for line in ran.err.splitlines() if line.startswith("✓")]


# ---- the forms of other tools


def workflow_commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """As GitHub's runner reads them, and nothing else may stand there: https://docs.github.com, workflow commands."""
    read = []
    for line in text.removesuffix("\n").split("\n"):
        found = re.fullmatch(
            r"::(error|warning|notice) ((?:[A-Za-z]+=[^,:\r\n]+)(?:,[A-Za-z]+=[^,:\r\n]+)*)::([^\r\n]+)", line
        )
        assert found is not None, line
        values = dict(pair.split("=", 1) for pair in found[2].split(","))
        assert not re.search(r"%(?!25|0D|0A|3A|2C)", found[2])
        assert not re.search(r"%(?!25|0D|0A)", found[3])
        read.append((found[1], {key: _unescaped(value) for key, value in values.items()}, _unescaped(found[3])))
    return read


def _unescaped(text: str) -> str:
    for escape, sign in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


def _sarif(text: str) -> list[Any]:
    log = json.loads(text)
    assert not list(Draft4Validator(SARIF).iter_errors(log))
    return [one["ruleId"] for one in log["runs"][0]["results"]]


def _gitlab(text: str) -> list[Any]:
    issues = json.loads(text)
    Draft202012Validator(CODE_QUALITY).validate(issues)
    assert not [one for one in issues if len(one["description"].splitlines()) != 1]
    return [one["check_name"] for one in issues]


def _github(text: str) -> list[Any]:
    read = workflow_commands(text)
    # a message has its help lines, and no line of a name's
    assert not [line for _, _, message in read for line in message.split("\n") if hidden(line)]
    return [(kind, values["title"], message.count("\n")) for kind, values, message in read]


def _junit(text: str) -> list[Any]:
    read = JUnitXml.fromstring(text.encode())
    cases = [case for suite in read for case in suite]
    assert not [case.name for case in cases if hidden(case.name) or "\n" in case.name]
    texts = [str(one.text) for case in cases for one in case.result]
    assert not [text for text in texts if hidden(text) or orders(text)]
    return [(read.tests, read.failures, read.errors), *([type(one) for one in case.result] for case in cases)]


FORMS: dict[str, Callable[[str], list[Any]]] = {"sarif": _sarif, "gitlab": _gitlab, "github": _github, "junit": _junit}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", ["check", "test", "mutate"])
def test_a_report_has_as_many_findings_as_that_of_the_harmless_world(
    run: Run, worlds: tuple[World, World], command: str, form: str
) -> None:
    read = []
    for world in worlds:
        where = world.policies if command == "check" else world.cases
        more = () if command == "check" else ("--policies", str(world.policies))
        ran = run(command, str(where), *more, "--format", form, "--report", f"{form}={world.policies.parent / 'same'}")
        assert (world.policies.parent / "same").read_bytes().decode() == ran.out
        read.append(FORMS[form](ran.out))
        assert not hidden(ran.out)
    assert len(read[0]) > 3
    assert read[0] == read[1]


def test_coverage_is_read_back_file_by_file(run: Run, worlds: tuple[World, World]) -> None:
    files, totals = [], []
    for world in worlds:
        root = world.policies.parent
        reports = ("--report", f"lcov={root / 'l'}", "--report", f"cobertura={root / 'c'}")
        run("test", str(world.cases), "--policies", str(world.policies), *reports)
        lcov, cobertura = ((root / name).read_bytes().decode() for name in "lc")
        assert not hidden(lcov)
        kinds = {line.partition(":")[0] for line in lcov.splitlines()}
        assert kinds == {"TN", "SF", "BRDA", "BRF", "BRH", "DA", "LF", "LH", "end_of_record"}
        read = Cobertura(io.BytesIO(cobertura.encode()))
        files.append(len(read.files()))
        assert not [name for name in read.files() if hidden(name) or "\n" in name]
        converted, ours = ET.fromstring(LcovCobertura(lcov).convert()), ET.fromstring(cobertura)
        keys = ("lines-covered", "lines-valid", "branches-covered", "branches-valid")
        assert [converted.get(key) for key in keys] == [ours.get(key) for key in keys]
        totals.append([ours.get(key) for key in keys])
        assert lcov.count("\nSF:") == lcov.splitlines().count("end_of_record") == files[-1]
    assert files == [2, 2]
    assert totals[0] == totals[1]
