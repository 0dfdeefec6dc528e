"""Every call that tells of something against the record of its code, read from the source.

A call names a code itself, or one of a few in sight, or is in a function that hands on what its callers name. The few
codes that are kept with what was read (`given.fault`) are held when they are told: `conftest.py` does so for all.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from engine.fixes import _REPAIRS
from engine.messages import CODES
from engine.messages.code import Code
from tests.test_layers import MODULES

PLACE = re.compile(r"\{([a-z_]+)\}")
OF_THE_CALL = {"path", "related", "span", "report"}
"""what a call states besides parameters"""
KEPT = {
    ("engine.cli.given", "self.fault"),
    ("engine.policy.csv_table", "code"),
    ("engine.policy.workbook", "passed.code"),
}
SOURCES = {name: tree for name, tree in MODULES.items() if not name.startswith("engine.messages")}


@cache
def strings() -> set[str]:
    return {
        node.value
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@dataclass(frozen=True)
class Teller:
    """A function that tells of the code given as its argument number `at`, with `params` beside those of its caller."""

    name: str
    module: str
    at: int
    params: frozenset[str]
    open: bool

    def is_called(self, called: str, module: str) -> bool:
        if not self.module:  # those that all others lead to
            return called.endswith(self.name)
        return called.rpartition(".")[2] == self.name and (module == self.module or not self.name.startswith("_"))


@dataclass(frozen=True)
class Told:
    code: str
    place: str
    params: frozenset[str]
    open: bool
    """whether the call gives parameters that were put together before"""


@cache
def calls() -> list[tuple[str, ast.Module, ast.FunctionDef, ast.Call, str]]:
    """All calls, each with the function that it stands in and what it calls, as it is written."""
    return [
        (module, tree, function, call, ast.unparse(call.func))
        for module, tree in SOURCES.items()
        if module != "engine.diagnostics"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
    ]


@cache
def told() -> tuple[Told, ...]:
    return tuple(_told())


def _told() -> Iterator[Told]:
    """What every call tells of, those of the functions that hand a code on included."""
    tellers = [Teller(".tell", "", 0, frozenset(), False), Teller("Diagnostic.of", "", 0, frozenset(), False)]
    for teller in tellers:  # grows meanwhile
        for module, tree, function, call, called in calls():
            if not teller.is_called(called, module) or (teller.module and len(call.args) <= teller.at):
                continue
            code, names = call.args[teller.at], [one.arg for one in function.args.args]
            given = [one.arg for one in call.keywords]
            params, more = teller.params.union(name for name in given if name) - OF_THE_CALL, None in given
            if isinstance(code, ast.Name) and code.id in names:
                further = Teller(function.name, module, names.index(code.id) - (names[0] == "self"), params, more)
                tellers += [further] * (further not in tellers)
                continue
            found = sorted({*_codes(code, function, tree)})
            assert found or (module, ast.unparse(code)) in KEPT, f"{module}:{call.lineno}: which code is told?"
            yield from (Told(one, f"{module}:{call.lineno}", params, more) for one in found)


def _codes(code: ast.expr, function: ast.FunctionDef, tree: ast.Module) -> Iterator[str]:
    """The codes that an argument may be: written there, or in what the function makes it of."""
    sources: list[ast.AST] = [code]
    if isinstance(code, ast.Name):
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[target], value=value) if code.id in _names(target):
                    sources.append(value)
                case ast.For(target=target, iter=value) if code.id in _names(target):
                    sources.append(value)
    tables = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        if _names(node) & {name for source in sources for name in _names(source)}
    ]
    for source in (*sources, *tables):
        for node in ast.walk(source):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CODES:
                yield node.value


def _names(tree: ast.AST) -> set[str]:
    """The names in a tree; of an assignment, those that it sets."""
    tops: list[ast.AST] = [*tree.targets] if isinstance(tree, ast.Assign) else [getattr(tree, "target", tree)]
    return {node.id for top in tops for node in ast.walk(top) if isinstance(node, ast.Name)}


def test_a_call_gives_what_the_record_of_its_code_takes() -> None:
    assert len(told()) > 380
    wrong = []
    for one in told():
        record = CODES[one.code]
        lacking = frozenset() if one.open else record.required - one.params
        surplus = one.params - record.required - record.optional
        if lacking or surplus:
            wrong.append((one.place, one.code, "lacks", sorted(lacking), "knows no", sorted(surplus)))
    assert not wrong


def test_every_record_is_of_use() -> None:
    assert sorted(set(CODES) - strings()) == []
    notes = {code for code, record in CODES.items() if record.severity is None}
    assert not [code for code in notes if CODES[code].required], "a note is told without parameters"
    assert not notes & {one.code for one in told()}, "a note is told beside another only"


def test_a_severity_is_said_by_the_record() -> None:
    wrong = []
    for module, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Diagnostic" and module != "engine.diagnostics":
                wrong.append(f"{module}:{node.lineno}")
    assert not wrong


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_record_says_the_same_in_both_languages(code: str) -> None:
    record = CODES[code]
    hints, reasons = record.hints or {}, (record.reasons or {}).values()
    assert record.zh
    assert not record.zh.endswith("。")
    assert not record.en.endswith(".")
    assert not record.en[0].isupper()
    pairs = [(record.zh, record.en), (record.help_zh, record.help_en), *hints.values()]
    pairs += [pair for one in reasons for pair in ((one.zh, one.en), (one.help_zh, one.help_en))]
    assert not [pair for pair in pairs if bool(pair[0]) != bool(pair[1])]
    assert not [pair for pair in pairs if _places(pair[0]) != _places(pair[1])]
    apart = {name for name, (zh, _) in hints.items() if not _places(zh) <= record.required | {name}}
    assert not apart, "a hint is shown when its own parameter is given, whatever else is"


def _places(template: str) -> set[str]:
    return set(PLACE.findall(template))


def test_a_repair_reads_parameters_of_its_record() -> None:
    wrong = []
    for code, repair in _REPAIRS.items():
        named = {cell.cell_contents for cell in repair.__closure__ or ()} & {*_of(CODES[code])}
        read = set(re.findall(r'params(?:\.get\(|\[)"([a-z_]+)"', inspect.getsource(repair)))
        if not read <= _of(CODES[code]) or (repair.__closure__ and not named):
            wrong.append(code)
    assert not wrong


def _of(record: Code) -> frozenset[str]:
    return record.required | record.optional
