"""Every offer of a diagnostic's help, written into the file: the fault is gone, and no error has come in its place.

Tried on all cases of bad policies, of officers' slips, of hygiene rules and of the pages on codes. What an offer means
for a family is stated in `tests/cases/offers.yaml`: where the decision turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

import engine
from engine.diagnostics import Diagnostic, Severity
from engine.errors import EngineError
from engine.fixes import CERTAIN_CODES
from engine.messages import CODES
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.resources import policies_root
from tests import code_runs
from tests.code_examples import FILES, HOUSEHOLD, Example, examples
from tests.offers import ADVICE, OFFERS, TOLD, offers
from tests.policy import hygiene_cases
from tests.policy.bad_policies import CASES, Folder, check_folder, folder_of, load_cases
from tests.policy.test_officers_slips import LINES, SLIPS
from tests.serving.told import told_of_query

OFFERING = {*OFFERS, *CERTAIN_CODES}
NOT_MEANT = {
    **dict.fromkeys(
        (("expressions: words run together", "apart"), ("expressions: words run together", "certain")),
        "the comparison behind them mixes units, which cannot be seen before",
    ),
    ("offers: ratio of unlike amounts", "guarded"): "the 3 beside it has no unit, which cannot be seen before",
    **dict.fromkeys(
        (
            ("offers: quotient in an amount's unit", "guarded"),
            ("offers: quotient of a thing in an amount's unit", "guarded"),
        ),
        "the amount beside it has another unit, which cannot be seen before",
    ),
    ("yaml_traps: tabs between words", "certain"): "there are more of them; one is told at a time",
    ("test: difference-unknown-case", "suggestion"): "the difference stated is none",
    ("officers: C8_counties_chinese_comma", "text"): "for a comma that belongs to the text, which this does not",
}
"""offers that do not end all trouble, and why that is no fault of theirs"""


@dataclass(frozen=True)
class Trial:
    """`fill` writes the faulty files below a folder; `check` says what is found there."""

    name: str
    fill: Callable[[Path], Path]
    check: Callable[[Path], Sequence[Diagnostic]]


@dataclass(frozen=True)
class Tried:
    trial: str
    code: str
    offer: str
    wrong: str


def trials() -> Iterator[Trial]:
    for case in load_cases():
        if any("times" in edit or "copies" in edit or "bomb" in edit for edit in case.edits):
            continue
        if not OFFERING.isdisjoint(expected.code for expected in case.expect):
            yield Trial(
                f"{case.topic}: {case.name}",
                lambda root, case=case: folder_of(case, root),  # type: ignore[misc]  # bound at once
                lambda folder, on=case.on: check_folder(folder, on)[1],  # type: ignore[misc]
            )
    for slip in SLIPS:
        if slip["code"] in OFFERS:
            yield Trial(f"officers: {slip['name']}", lambda root, slip=slip: _slip(root, slip), _supplement)  # type: ignore[misc]
    for tidy in hygiene_cases.load_cases():
        if not OFFERING.isdisjoint(expected.code for expected in tidy.expect):
            yield Trial(
                f"hygiene {tidy.topic}: {tidy.name}",
                lambda root, case=tidy: hygiene_cases.folder_of(case, root),  # type: ignore[misc]
                lambda folder, case=tidy: hygiene_cases.findings(case, folder),  # type: ignore[misc]
            )
    for entry in MEANT:
        yield Trial(
            f"offers: {entry['name']}",
            lambda root, entry=entry: _meant(entry, root),  # type: ignore[misc]
            lambda folder, entry=entry: _told(entry, folder),  # type: ignore[misc]
        )
    cases = [case.edits for case in load_cases()]
    for example in examples().values():
        if (
            example.run in ("check", "test", "evaluate", "values", "input", "screen", "request")
            and example.code in OFFERING
            and example.bad not in cases
        ):
            yield Trial(
                f"{example.run}: {example.code}",
                lambda root, example=example: _written(example, root),  # type: ignore[misc]
                lambda folder, example=example: _run(example, folder),  # type: ignore[misc]
            )


MEANT: list[dict[str, Any]] = yaml.load((CASES / "offers.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def _meant(entry: dict[str, Any], root: Path) -> Path:
    """The sound folder with what an entry adds."""
    test = entry.get("run") == "test"
    folder = Folder(root / "policies")
    folder.fill(("province",) if test else ("province", "jia"))
    if test:
        folder.write("cases.yaml", (FILES / "cases.yaml").read_bytes())
    for key, indent, anchor in (
        ("facts", 4, "    rooms: {"),
        ("terms", 2, "  chronic_patients: {"),
        ("parameters", 2, "  floor_area:\n"),
    ):
        if key in entry:
            added = {"file": "province.yaml", "old": anchor, "new": f"{' ' * indent}{entry[key]}\n{anchor}"}
            folder.apply(added)
    if "rule" in entry:
        forbidden = {"file": "province.yaml", "old": "unless: 金融资产 > 100 万元", "new": f"unless: '{entry['rule']}'"}
        folder.apply(forbidden)
    for edit in entry.get("edits", ()):
        folder.apply(edit)
    return folder.root


def _told(entry: dict[str, Any], folder: Path) -> Sequence[Diagnostic]:
    match entry.get("run"):
        case "test":
            return code_runs.told_of_cases(folder, ())
        case "values":
            return code_runs.told_of_values(folder, "values", {})
    return check_folder(folder)[1]


def _slip(root: Path, slip: dict[str, Any]) -> Path:
    lines = list(LINES)
    lines[slip["line"] - 1] = slip["text"]
    (root / "overlay.yaml").write_text("\n".join(lines), encoding="utf-8")
    return root


def _supplement(folder: Path) -> Sequence[Diagnostic]:
    found = Slices(read_library([policies_root(), folder])).check_all(None).diagnostics
    return [one for one in found if one.span is not None and one.span.source.name.endswith("overlay.yaml")]


def _written(example: Example, root: Path) -> Path:
    return code_runs.written(example, example.bad, root).root


def _run(example: Example, folder: Path) -> Sequence[Diagnostic]:
    if example.run == "check":
        return check_folder(folder, example.on)[1]
    if example.run == "request":
        return told_of_query((folder / "request.http").read_text(encoding="utf-8"))
    if example.run == "values":
        return code_runs.told_of_values(folder, "values", {})
    if example.run == "test":
        return code_runs.told_of_cases(folder, ())
    if example.run == "screen":
        return code_runs.told_of_columns(folder)
    if example.run == "input":
        return code_runs.told_of_input(folder)
    try:
        engine.load(folder).evaluate((folder / ".." / HOUSEHOLD).read_bytes())
    except EngineError as error:
        return error.diagnostics
    return ()


@cache
def tried() -> tuple[Tried, ...]:
    found = []
    for trial in trials():
        with TemporaryDirectory() as name:
            folder = trial.fill(Path(name))
            before = trial.check(folder)
            for fault in before:
                file = _file_of(fault, folder)
                if file is None:
                    continue
                held = file.read_bytes()
                text = held.decode("utf-8", "replace") if fault.span is None else fault.span.source.text
                for offer, after in offers(fault, text):
                    file.write_bytes(after.encode())
                    meant = (trial.name, offer) not in NOT_MEANT
                    wrong = _wrong(fault, before, trial.check(folder)) if meant else ""
                    found.append(Tried(trial.name, fault.code, offer, wrong))
                file.write_bytes(held)
    return tuple(found)


def _file_of(fault: Diagnostic, folder: Path) -> Path | None:
    if (folder / "request.http").exists():
        return folder / "request.http"
    columns = folder / "table.txt"
    name = fault.path if fault.path.startswith("/") else str(columns) if columns.exists() else f"../{HOUSEHOLD}"
    name = name if fault.span is None else fault.span.source.name
    return next((path for path in (folder / name, Path(name)) if path.is_file()), None)


def _wrong(fault: Diagnostic, before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> str:
    was, now = (Counter((one.code, one.params) for one in found) for found in (before, after))
    if now[fault.code, fault.params] >= was[fault.code, fault.params]:
        return f"{fault.code} is still there"
    codes = Counter(one.code for one in before)
    errors = Counter(one.code for one in after if one.severity is Severity.ERROR)
    return " ".join(code for code in errors if errors[code] > codes[code])


@pytest.mark.xdist_group("offers")  # which are tried once for both
def test_no_offer_leaves_an_error() -> None:
    assert [each for each in tried() if each.wrong] == []


@pytest.mark.xdist_group("offers")
def test_every_offer_of_every_code_is_tried() -> None:
    done = {(each.code, each.offer) for each in tried()}
    missing = {(code, offer) for code, ways in OFFERS.items() for offer in ways} - done
    assert missing == set(), sorted(missing)


def test_every_parameter_of_help_is_an_offer_or_only_told() -> None:
    """A new hint fails here until it is said which of the two it is, and as an offer until it is tried above."""
    for code, wording in CODES.items():
        texts = [wording.help_zh, *(zh for zh, _ in (wording.hints or {}).values())]
        named = {name for text in texts for name in re.findall(r"\{([a-z_]+)\}", text)}
        known = {*OFFERS.get(code, ()), *TOLD.get(code, ())}
        assert named <= known, f"{code}: {sorted(named - known)}"
        assert not set(OFFERS.get(code, ())) & TOLD.get(code, frozenset()), code
    assert {*OFFERS, *TOLD} <= set(CODES)


def test_every_code_with_help_offers_something_or_is_advice() -> None:
    helped = {code for code, held in CODES.items() if held.help_zh or held.hints or held.reasons}
    assert helped - OFFERING == ADVICE


# ---- what an offer comes to


@pytest.mark.parametrize("entry", MEANT, ids=lambda entry: str(entry["name"]))
def test_an_offer_decides_as_its_author_means(entry: dict[str, Any], tmp_path: Path) -> None:
    folder = _meant(entry, tmp_path)
    fault = next(one for one in _told(entry, folder) if one.code == entry["code"])
    assert fault.span is not None
    file = folder / fault.span.source.name
    made = dict(offers(fault, fault.span.source.text))
    assert sorted(made) == sorted(entry["offers"]), fault.help_lines("zh")
    for after in made.values():
        file.write_bytes(after.encode())
        for value, outcome in zip(entry.get("turns", ()), ("met", "unmet"), strict=False):
            household = _household(entry["vary"], value)
            found: Any = engine.load(folder).evaluate(household).to_dict()
            assert found["requirements"]["not_rich"]["outcome"] == outcome, (after, value)


def _household(path: str, value: object) -> dict[str, Any]:
    """A family of one member, with a value at the path."""
    one = {"id": "m1", "birth_date": "1990-01-01", "diseases": [], "ill": False, "stage": "primary"}
    household: dict[str, Any] = {
        "id": "H-1", "application_date": "2023-06-15", "county": "900101", "residence": "urban",
        "income": "24000", "assets": "0", "rooms": 2, "members": [one],
    }  # fmt: skip
    *around, name = path.split(".")
    place: Any = household
    for step in around:
        place = place[int(step) if step.isdigit() else step]
    place[name] = value
    return household
