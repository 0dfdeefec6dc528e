"""The examples of the pages on codes, run: what the program says of the bad one and of the good one.

In: the code of an `Example`.  Out: the codes, the wording, and the texts of the files.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from engine import disk
from engine.api import open_policies
from engine.cli.main import main
from engine.diagnostics import Diagnostic, Language, Reporter
from engine.errors import EngineError
from engine.extras import Extra, must_be_installed
from engine.language.parser import parse_expression
from engine.messages import CODES
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.policy.table_file import read_grids
from engine.policy.yaml_nodes import read_tree
from engine.proof.analysis import analyse
from engine.proof.compared import compare
from engine.proof.kept import broken
from engine.proof.promises import promises
from engine.proof.sides import Side
from engine.reporting.analyse_results import finding_diagnostics
from engine.reporting.case_results import case_results
from engine.reporting.compare_results import comparison_results
from engine.say import Say
from engine.schema import check_structure
from engine.screening.screen import Screening
from engine.source import Source, Span
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import finish
from engine.testing.run import run as run_cases
from engine.writing.home import overlay_named
from engine.writing.new_values import Notice, Reading, new_values, parameter_of, target_for
from engine.writing.text_file import read_text_file
from tests.code_examples import ANALYSED, FILES, HOUSEHOLD, TINY, Example, examples
from tests.faults.system import denied
from tests.policy import hygiene_cases
from tests.policy.bad_policies import Folder, check_folder
from tests.serving.told import told_of_request


@dataclass(frozen=True)
class Found:
    """What a run said: codes (notes too), and of the first diagnostic with the code its wording, by language."""

    codes: tuple[str, ...]
    notes: tuple[str, ...]
    said: Mapping[str, str]


@contextmanager
def without(lacking: Mapping[str, None]) -> Iterator[None]:
    """Modules that cannot be imported meanwhile; what else is imported stays."""
    held = {name: sys.modules[name] for name in lacking if name in sys.modules}
    sys.modules.update(lacking)  # type: ignore[arg-type]  # what is None there cannot be imported
    try:
        yield
    finally:
        for name in lacking:
            del sys.modules[name]
        sys.modules.update(held)


@cache
def run(code: str, kind: str) -> tuple[Found, Mapping[str, str]]:
    """What is said of the bad or the good example of a code, and the texts of its files by name."""
    example, is_bad = examples()[code], kind == "bad"
    with TemporaryDirectory() as name:
        folder = written(example, example.bad if is_bad else example.good, Path(name))
        texts = {
            path.relative_to(name).as_posix().removeprefix("policies/"): path.read_bytes().decode("utf-8", "replace")
            for path in sorted(Path(name).rglob("*"))
            if path.is_file()
        }
        match example.run:
            case "evaluate":
                found = _evaluate(example, Path(name), example.arguments if is_bad else example.good_arguments)
            case "replay":
                found = _replay(example, Path(name))
            case "values" | "workbook":
                lacking = {example.without: None} if is_bad and example.without else {}
                with without(lacking):
                    marks = example.marks if is_bad else {}
                    found = _found(told_of_values(folder.root, example.run, marks), example.code, name)
            case "screen":
                lacking = {example.without: None} if is_bad and example.without else {}
                with without(lacking):
                    found = _found(told_of_columns(folder.root), example.code, name)
            case "prove" | "compare":
                lacking = {example.without: None} if is_bad and example.without else {}
                with without(lacking):
                    found = _found(told_of_proofs(folder.root, example.run), example.code, name)
            case "lsp" | "serve":
                lacking = {example.without: None} if is_bad and example.without else {}
                with without(lacking):
                    found = _found(told_of_extra(example.run), example.code, name)
            case "users":
                found = _found(told_of_users(folder.root), example.code, name)
            case "request":
                found = _answered(folder.root, example.code)
            case "analyse":
                found = _found(told_of_rules(folder.root), example.code, name)
            case "mutate" | "test --coverage":
                found = _strength(example, folder.root)
            case "test":
                words = example.arguments if is_bad else example.good_arguments
                found = _found(told_of_cases(folder.root, words), example.code, name)
            case "hygiene":
                report = Slices(read_library([folder.root])).check_all(example.on, hygiene=True)
                found = _found(report.diagnostics, example.code, name)
            case "input":
                found = _found(told_of_input(folder.root), example.code, name)
            case "write":
                files = example.arguments if is_bad else example.good_arguments
                found = _found(_written(folder.root, files), example.code, name)
            case "check":
                root = Path(name) / example.read if is_bad and example.read else folder.root
                with _denied(example.denied if is_bad else ""):
                    found = _found(check_folder(root, example.on)[1], example.code, name)
            case _:
                edits = example.bad if is_bad else example.good
                found = _found(_of_one_text(example.run, edits[0]["text"]), example.code, name)
    return found, texts


def written(example: Example, edits: Sequence[Mapping[str, Any]], root: Path) -> Folder:
    """The folder that an example starts from with the edits made, below `root`, and household.json beside it."""
    folder = Folder(root / "policies")
    folder.fill(example.parts)
    if example.run == "hygiene":
        for path in sorted(hygiene_cases.BASE.rglob("*.*")):
            folder.write(path.relative_to(hygiene_cases.BASE).as_posix(), path.read_bytes())
    if example.run == "test":
        folder.write("cases.yaml", (FILES / "cases.yaml").read_bytes())
    if example.run == "input":
        for path in sorted((FILES / "input").iterdir()):
            folder.write(f"../{path.name}", path.read_bytes())
    if example.run == "analyse":
        for path in sorted(ANALYSED.iterdir()):
            folder.write(path.name, path.read_bytes())
    if example.run in ("mutate", "test --coverage"):
        for path in sorted(TINY.iterdir()):
            folder.write(path.name, path.read_bytes())
    folder.write(f"../{HOUSEHOLD}", (FILES / HOUSEHOLD).read_bytes())
    for edit in edits:
        beside = edit["file"] == HOUSEHOLD or example.run == "input"
        file = f"../{edit['file']}" if beside else edit["file"]
        folder.apply({**edit, "file": file})
    return folder


@contextmanager
def _denied(name: str) -> Iterator[None]:
    """The system refuses to open files of this name (tests may run as root, whom no mode stops)."""
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if name and path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    with patch.object(Path, "read_bytes", refuse), denied(name):
        yield


def told_of_input(root: Path) -> tuple[Diagnostic, ...]:
    """What is said of the files beside a folder of policies that may hold households, as a whole and of their rows."""
    from engine.screening.reading.source import open_source

    beside = root.parent
    mapping = beside / "mapping.yaml"
    files = [path for path in sorted(beside.iterdir()) if path.is_file() and path.name not in (HOUSEHOLD, mapping.name)]
    named = files if (beside / "成员.csv").exists() or len(files) > 1 else [beside / "家庭.csv"]
    try:
        source = open_source(named, open_policies(root), mapping if mapping.exists() else None)
        rows = [one.fault for part in source.batches() for one in part.refused]
    except EngineError as fault:
        return fault.diagnostics
    return (*source.notes, *rows)


def _written(root: Path, names: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What is said where a report is to be written to these files."""
    try:
        for name in names:
            disk.write_whole(root / name, b"")
    except disk.DiskFault as fault:
        return fault.diagnostics
    return ()


def told_of_cases(folder: Path, words: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What `doudi test` says of a folder of policies and cases."""
    policies, report = open_policies(folder), Reporter()
    suite = read_suite([folder], policies.slices)
    results = list(run_cases(suite, policies, Selection(tuple(words)), report))
    found = finish(suite, results, policies.slices, report, whole=not words)
    return case_results(found, (), "", "zh").diagnostics


def told_of_proofs(root: Path, how: str) -> tuple[Diagnostic, ...]:
    """What `check --prove` says of the promises in a folder, or `compare` of its province and its city."""
    try:
        must_be_installed("proof")
    except EngineError as fault:
        return fault.diagnostics
    policies = open_policies(root)
    if how == "prove":
        return tuple(broken(promises(policies.library), strict=False))
    library = policies.library
    places = tuple(library.territory("province").inside(library.documents["jia"].header.jurisdiction))
    one, other = (
        Side(name, policies.slices, places, partial(lambda ids, _: ids, tuple(library.whole_line(name))))
        for name in ("province", "jia")
    )
    return comparison_results(compare(one, other, places, members=2), "0", "zh").diagnostics


def told_of_users(root: Path) -> tuple[Diagnostic, ...]:
    """What `doudi serve` says of a list of users before it starts."""
    from engine.serving.people.users import read_users

    try:
        read_users(root / "users.yaml")
    except EngineError as fault:
        return fault.diagnostics
    return ()


def told_of_extra(extra: Extra) -> tuple[Diagnostic, ...]:
    """What a command says before it starts."""
    try:
        must_be_installed(extra)
    except EngineError as fault:
        return fault.diagnostics
    return ()


def told_of_rules(root: Path) -> tuple[Diagnostic, ...]:
    """What `doudi analyse` says."""
    policies = open_policies(root)
    analysis = analyse(policies.library, policies.slices)
    return finding_diagnostics(analysis.findings, Say("zh"))


def told_of_columns(root: Path) -> tuple[Diagnostic, ...]:
    """What is said of a table with the columns that table.txt lists."""
    fields: list[pa.Field] = []
    items: dict[str, list[pa.Field]] = {}
    for line in (root / "table.txt").read_text(encoding="utf-8").splitlines():
        column, type, *unit = line.split()
        name, _, inner = column.partition(".")
        field = pa.field(inner or name, pa.type_for_alias(type), metadata={"unit": unit[0]} if unit else None)
        (items.setdefault(name, []) if inner else fields).append(field)
    fields += [pa.field(name, pa.list_(pa.struct(inner))) for name, inner in items.items()]
    try:
        policies = open_policies(root)
        if not fields:
            policies.screen([])  # what is no table
        policies.schema_arrow()
        return Screening(policies, pa.schema(fields)).warnings
    except EngineError as fault:
        return fault.diagnostics


def _of_one_text(kind: str, text: str) -> tuple[Diagnostic, ...]:
    source, report = Source("example", text), Reporter()
    if kind == "expression":
        parse_expression(Span(source, 0, len(text)), report)
    elif (tree := read_tree(source, report)) is not None:
        check_structure(tree, "policy", report)
    return report.diagnostics


def _marked(sheet: Worksheet, place: str, mark: str) -> None:
    if mark == "struck":
        sheet[place].font = Font(strike=True)
    elif mark == "raised":
        note = TextBlock(InlineFont(vertAlign="superscript"), "1")
        sheet[place] = CellRichText(TextBlock(InlineFont(), f"{sheet[place].value:.0f}"), note)
    elif mark != "hidden":
        sheet[place].number_format = mark
    elif place.isdigit():
        sheet.row_dimensions[int(place)].hidden = True
    elif place.isascii():
        sheet.column_dimensions[place].hidden = True
    else:
        assert sheet.parent is not None
        sheet.parent.create_sheet(place).sheet_state = "hidden"


def _number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def told_of_values(root: Path, kind: str, marks: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """What is said of a bureau's table; a cell that begins with `=` is a formula of the workbook."""
    library, report = read_library([root]), Reporter()
    file = next(path for path in root.iterdir() if path.stem == "table")
    data, name = file.read_bytes(), file.name
    if kind == "workbook":
        book = Workbook()
        assert book.active is not None
        for row in csv.reader(data.decode().splitlines()):
            book.active.append([_number(text) for text in row])
        for place, mark in marks.items():
            _marked(book.active, place, mark)
        out = io.BytesIO()
        book.save(out)
        data, name = out.getvalue(), "table.xlsx"
    document = overlay_named(library, "jia")
    parameter = parameter_of(library, document, "")
    target = target_for(library, document, parameter, Reading())
    grids = read_grids(data, name, report, units=document.tree.span.source.units)
    if grids:
        overlay = read_text_file((root / "cities" / "jia.yaml").read_bytes(), "cities/jia.yaml")
        assert overlay is not None
        new_values(document, overlay, parameter, target, grids[0], Notice(date(2025, 1, 1), "示例"), report)
    return report.diagnostics


def _answered(root: Path, code: str) -> Found:
    codes, said = told_of_request(root, code)
    return Found(codes, (), said)


def _found(diagnostics: tuple[Diagnostic, ...], code: str, root: str) -> Found:
    said: dict[str, str] = {}
    for one in diagnostics:
        if not said and (one.code == code or any(note == code for note, _ in one.related)):
            said = {language: _said(one, code, language).replace(root, "") for language in ("zh", "en")}
    notes = tuple(note for one in diagnostics for note, _ in one.related)
    return Found(tuple(one.code for one in diagnostics), notes, said)


def _said(found: Diagnostic, code: str, language: str) -> str:
    """The message with its help; of a note, the message it stands beside and the note."""
    spoken: Language = "zh" if language == "zh" else "en"
    if found.code != code:
        return f"{found.message(spoken)} … {CODES[code].message(spoken, {})}"
    return " — ".join([found.message(spoken), *found.help_lines(spoken)])


def _evaluate(example: Example, root: Path, arguments: Sequence[str]) -> Found:
    """Through the command itself, so that faults of the file as a whole are told too."""
    codes: list[str] = []
    said: dict[str, str] = {}
    for language in ("zh", "en"):
        out, err = io.StringIO(), io.StringIO()
        asked = ["evaluate", str(root / HOUSEHOLD), "--policies", str(root / "policies"), "--format", "json"]
        with redirect_stdout(out), redirect_stderr(err):
            main([*asked, *arguments, "--lang", language])
        read = json.loads(out.getvalue())
        answers = read if isinstance(read, list) else [read]
        told = [one for answer in answers for one in (*answer.get("reasons", ()), *answer.get("warnings", ()))]
        codes = [one["code"] for one in told]
        said |= {language: one["message"] for one in told if one["code"] == example.code}  # noqa: B035  # the last
    return Found(tuple(codes), (), said)


def _replay(example: Example, root: Path) -> Found:
    """household.json holds a record."""
    codes: list[str] = []
    said: dict[str, str] = {}
    for language in ("zh", "en"):
        out = io.StringIO()
        asked = ["replay", str(root / HOUSEHOLD), "--policies", str(root / "policies"), "--format", "json"]
        with redirect_stdout(out):
            main([*asked, "--lang", language])
        told = [one for line in out.getvalue().splitlines() for one in json.loads(line).get("faults", ())]
        codes = [one["code"] for one in told]
        said |= {language: one["message"] for one in told if one["code"] == example.code}  # noqa: B035  # the last
    return Found(tuple(codes), (), said)


def _strength(example: Example, folder: Path) -> Found:
    """Through the command, in a form that names codes."""
    codes: list[str] = []
    said: dict[str, str] = {}
    for language in ("zh", "en"):
        out, err = io.StringIO(), io.StringIO()
        asked = [*example.run.split(), "--policies", str(folder), "--format", "gitlab", "--lang", language]
        with redirect_stdout(out), redirect_stderr(err):
            main([*asked, *example.arguments])
        told = json.loads(out.getvalue())
        codes = [one["check_name"] for one in told]
        said |= {language: one["description"] for one in told if one["check_name"] == example.code}  # noqa: B035
    return Found(tuple(codes), (), said)
