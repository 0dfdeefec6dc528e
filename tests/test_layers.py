"""The floors of the engine: who may import whom, who alone holds which library, and what no module may do.

The table is that of the README's picture. It is read from the source, so that a forbidden edge fails here before
anyone depends on it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from engine import resources
from engine.diagnostics import Reporter
from engine.policy.files import is_case_file
from engine.policy.yaml_nodes import read_tree
from engine.source import Source
from engine.tree import Mapping, Scalar, Sequence, Tree

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "engine"

GROUND = (
    "source", "escaping", "diagnostics", "errors", "tree", "opposites", "suggest", "fixes", "schema", "keeps", "say",
    "beside", "gathered", "identity", "records", "extras", "resources", "disk", "messages", "utf16",
)  # fmt: skip
ALLOWED: dict[str, tuple[str, ...]] = {
    "ground": ("ground",),
    "language": ("language", "ground"),
    "policy": ("policy", "language", "ground"),
    "program": ("program", "policy", "language", "ground"),
    "generated": ("generated", "program", "language", "ground"),
    "evaluation": ("evaluation", "generated", "program", "policy", "language", "ground"),
    "screening": ("screening", "evaluation", "generated", "program", "policy", "language", "ground"),
    "testing": ("testing", "evaluation", "program", "policy", "language", "ground"),
    "proof": ("proof", "evaluation", "program", "policy", "language", "ground"),
    "whatif": ("whatif", "evaluation", "program", "policy", "language", "ground"),
    "writing": ("writing", "policy", "language", "ground"),
    "reporting": (
        "reporting",
        "screening",
        "testing",
        "proof",
        "whatif",
        "evaluation",
        "program",
        "policy",
        "language",
        "ground",
    ),
    "editing": ("editing", "writing", "testing", "program", "policy", "language", "ground"),
    "lsp": ("lsp", "editing", "policy", "language", "ground"),
    "serving": (
        "serving",
        "api",
        "editing",
        "reporting",
        "testing",
        "whatif",
        "writing",
        "evaluation",
        "program",
        "policy",
        "language",
        "ground",
    ),
    "api": ("api", "screening", "whatif", "evaluation", "policy", "language", "ground"),
    "cli": (
        "cli",
        "lsp",
        "serving",
        "editing",
        "reporting",
        "api",
        "screening",
        "testing",
        "proof",
        "whatif",
        "writing",
        "evaluation",
        "program",
        "policy",
        "language",
        "ground",
    ),
    # the public names, and `python -m engine`
    "engine": ("api", "whatif", "evaluation", "ground"),
    "__main__": ("cli",),
}
REPORTING_READS = {
    # the result types of the floors below, and the printer: reporting shows decisions, it makes none
    "screening": {"engine.screening.writing.summary"},
    "testing": {f"engine.testing.{name}" for name in ("model", "strength", "replayed")},
    "proof": {
        f"engine.proof.{name}" for name in ("results", "deciding", "written", "outside", "findings", "sides", "aims")
    },
    "whatif": {"engine.whatif.results"},
    "evaluation": {f"engine.evaluation.{name}" for name in ("decision", "figures", "shifts", "told")},
    "program": {f"engine.program.{name}" for name in ("model", "bounds", "clearing", "granularity", "unknowns")},
    "policy": {f"engine.policy.{name}" for name in ("model", "keys", "checked", "proved", "rows", "tables")},
    "language": {
        f"engine.language.{name}" for name in ("printer", "ast", "core", "core_text", "types", "units", "values")
    },
}
COMPILED = {
    "engine.records": "`__init__` of a record, from the names of its fields",
    "engine.generated.compiled": "steps, from names of its own and numbers",
    "engine.generated.steps": "one step, likewise",
}
"""text that is made here and executed: what a file holds never comes into it"""
HOLDERS = {
    "lark": "engine.language.parser",
    "yaml": "engine.policy.yaml_nodes",
    "jsonschema": "engine.schema",
    "click": "engine.cli",
    "python_calamine": "engine.policy.workbook",
    "llvmlite": "engine.screening",
    "numpy": "engine.screening",
    "pyarrow": "engine.screening",
    "xlsxwriter": "engine.screening",
    "z3": "engine.proof",
    "resvg_py": "engine.reporting.chart",
    "pygls": "engine.lsp",
    "lsprotocol": "engine.lsp",
    **dict.fromkeys(("starlette", "uvicorn", "jinja2", "markupsafe", "itsdangerous", "anyio"), "engine.serving"),
    "prometheus_client": "engine.serving.metrics",
}


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): ast.parse(file.read_text(encoding="utf-8")) for file in sorted(ENGINE.rglob("*.py"))}
NODES = [(module, node) for module, tree in MODULES.items() for node in ast.walk(tree)]

DISK = {module for module in MODULES if module == "engine.disk" or module.startswith("engine.disk.")}


def floor_of(module: str) -> str:
    parts = module.split(".")
    if len(parts) == 1:
        return "engine"
    return "ground" if parts[1] in GROUND else parts[1]


def edges() -> Iterator[tuple[str, str]]:
    """Every import, wherever it stands, as (module, imported module); `from engine import x` imports `engine.x`."""
    for module, node in NODES:
        if isinstance(node, ast.Import):
            yield from ((module, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported = str(node.module)
            assert node.level == 0, f"{module}: imports are absolute"
            names = [f"{imported}.{alias.name}" for alias in node.names]
            yield from ((module, name if name in MODULES else imported) for name in names)


def test_every_module_stands_on_a_floor() -> None:
    assert {floor_of(module) for module in MODULES} <= set(ALLOWED)


def test_a_module_imports_its_own_floor_and_those_below() -> None:
    inner = [(module, imported) for module, imported in edges() if imported.split(".")[0] == "engine"]
    wrong = [edge for edge in inner if floor_of(edge[1]) not in ALLOWED[floor_of(edge[0])]]
    assert not wrong


def test_a_library_has_one_holder() -> None:
    wrong = []
    for module, imported in edges():
        library = imported.split(".")[0]
        if library != "engine" and library not in sys.stdlib_module_names:
            holder = HOLDERS.get(library, "nobody: it is no dependency")
            if module != holder and not module.startswith(f"{holder}."):
                wrong.append((module, library, holder))
    assert not wrong


def test_reporting_reads_results_only() -> None:
    wrong = [
        (module, imported)
        for module, imported in edges()
        if floor_of(module) == "reporting" and imported.startswith("engine.")
        if imported not in REPORTING_READS.get(floor_of(imported), {imported})
    ]
    assert not wrong


def test_a_module_says_what_it_is_for() -> None:
    assert not [module for module, tree in MODULES.items() if not ast.get_docstring(tree)]


def test_no_text_is_executed_and_no_amount_is_a_float() -> None:
    wrong = []
    for module, node in NODES:
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        floating = isinstance(node, ast.Constant) and isinstance(node.value, float)
        if floating or called in ("eval", "exec", "compile", "__import__", "float"):
            if called == "exec" and module in COMPILED:
                continue
            wrong.append(f"{module}:{getattr(node, 'lineno', 0)}")
    assert not wrong


def test_below_the_command_line_there_are_no_hidden_inputs() -> None:
    """No clock, environment, locale or working folder; the disk asks where a path that is not absolute begins."""
    hidden = {"today", "now", "time", "environ", "getenv", "getcwd", "cwd"}
    holders = {"date", "datetime", "time", "os", "Path"}
    below = {module for module in MODULES if floor_of(module) not in ("cli", "__main__")}
    below -= DISK
    wrong = [
        f"{module}:{node.lineno} {ast.unparse(node)}"
        for module, node in NODES
        if module in below and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id in holders and node.attr in hidden
    ]
    assert not wrong
    assert not [edge for edge in edges() if edge[0] in below and edge[1] in ("random", "locale")]


ASKING = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "stat", "lstat", "is_file", "is_dir", "is_symlink",
    "exists", "samefile", "owner", "resolve", "absolute", "readlink", "cwd", "home", "expanduser", "iterdir", "glob",
    "rglob", "walk", "mkdir", "touch", "unlink", "rmdir", "rename", "chmod", "symlink_to", "hardlink_to",
}  # fmt: skip
"""methods of a path that ask the system, or change something"""
OF_OS = {"cpu_count", "environ", "fspath", "PathLike", "path.basename", "path.join", "path.relpath"}
"""what may be taken from `os`: it touches no file"""
FILES = {"os", "shutil", "tempfile", "subprocess", "glob", "fileinput", "fcntl", "msvcrt", "mmap"}
NEAR_FILES = {
    # the process's own streams, and the width of its terminal
    "engine.cli.terminal": {"os", "shutil", "open"},
    "engine.cli.git": {"os", "subprocess"},
    # the environment, and names joined
    "engine.cli.command": {"os"},
    "engine.cli.main": {"os"},
    "engine.cli.named": {"os"},
    "engine.cli.new_files": {"os"},
    "engine.cli.outputs": {"os"},
    # a revision of git, put into a folder of its own while it is read
    "engine.cli.compare": {"tempfile"},
    # how many threads, or processes, there is work for; where processes keep their figures
    "engine.cli.screen": {"os"},
    "engine.cli.serve": {"os"},
}
"""beside `engine.disk`"""


def test_files_are_reached_through_the_disk_alone() -> None:
    """Modules that reach them, methods that ask the system, `open`: nowhere else but for a short list."""
    found: dict[str, set[str]] = {}
    for module, node in NODES:
        reached = ""
        match node:
            case ast.Import(names=names):
                reached = next((one.name.split(".")[0] for one in names if one.name.split(".")[0] in FILES), "")
            case ast.ImportFrom(module=str(name), names=names) if name.split(".")[0] in FILES:
                taken = {f"{name}.{one.name}".partition(".")[2] for one in names}
                reached = "" if name.split(".")[0] == "os" and taken <= OF_OS else name.split(".")[0]
            case ast.Call(func=ast.Name(id="open")):
                reached = "open"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="disk"))):
                pass
            case ast.Call(func=ast.Attribute(attr=name)) if name in ASKING:
                reached = name
            case _:
                pass
        if reached and module not in DISK:
            found.setdefault(module, set()).add(reached)
    wrong = {module: names - NEAR_FILES.get(module, set()) for module, names in found.items()}
    assert not {module: names for module, names in wrong.items() if names}


def test_what_is_taken_from_os_touches_no_file() -> None:
    wrong = []
    for module, node in NODES:
        if module in DISK | {"engine.cli.terminal"} or not isinstance(node, ast.Attribute):
            continue
        owner, _, taken = ast.unparse(node).partition(".")
        if owner == "os" and not taken.startswith("environ.") and taken not in OF_OS | {"path"}:
            wrong.append(f"{module}:{node.lineno} os.{taken}")
    assert not wrong


# ---- no state that outlives a call

SPELLING = {
    "engine.language.words", "engine.language.context", "engine.writing.expressions",
    "engine.editing.complete_expressions",
}  # fmt: skip
"""where it is about how an expression is spelt, in Chinese or in ASCII"""
READING = {"engine.cli.command"}
"""where `--lang` is read"""


def test_a_sentence_is_picked_by_language_in_one_place() -> None:
    wrong = []
    for module, node in NODES:
        if isinstance(node, ast.Compare) and module not in SPELLING | READING | {"engine.say"}:
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Constant) and side.value in ("zh", "en") for side in sides):
                wrong.append(f"{module}:{node.lineno}")
    assert not wrong, "use `Say`"


CHANGING = {"append", "add", "update", "setdefault", "pop", "popitem", "clear", "extend", "insert", "remove", "discard"}


def test_no_module_keeps_state() -> None:
    """What a module binds at its top level is never changed afterwards."""
    wrong = []
    for module, function in NODES:
        if not isinstance(function, ast.FunctionDef):
            continue
        own = {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
        own |= {
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        kept = _bound(MODULES[module]) - own
        for node in ast.walk(function):
            if isinstance(node, ast.Global) or _changed(node) in kept:
                wrong.append(f"{module}:{getattr(node, 'lineno', 0)}")
    assert not wrong


def _bound(tree: ast.Module) -> set[str]:
    """The names that a module's own assignments bind."""
    targets = [
        target
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _changed(node: ast.AST) -> str:
    """The name of a variable that a node changes in place, or ""."""
    target: ast.AST | None = None
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in CHANGING:
            target = value
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            target = value
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
            target = value
        case _:
            pass
    return target.id if isinstance(target, ast.Name) else ""


# ---- content stays in policies/

NAMING = ("label", "name", "title", "document", "issuer")
"""the keys whose values name something of one policy"""
CONTRACT = {"家庭编号", "申请日期", "行政区划代码", "区划代码", "家庭人口"}
"""what every household has: commands, reports and the headers of tables speak of them"""
GENERAL = {"anchor", "counts", "members", "missing", "multiple", "parent", "present", "strict"}
"""ids in some policy that are everyday words of a program too"""


def content_words() -> set[str]:
    """What belongs to some policy and to no engine, read from the shipped files:

    - ids of more than five letters (facts, terms, causes, conditions, options, cities), but not those that are keys
      of the policy format itself, nor GENERAL ones;
    - six-digit codes and names of places; labels, names and titles of more than two characters, but not CONTRACT ones.
    """
    words: set[str] = set()
    for file in sorted(resources.policies_root().rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        tree = None if is_case_file(text) else read_tree(Source(file.name, text), Reporter())
        if not isinstance(tree, Mapping) or not (tree.get("policy") or tree.get("overlay")):
            continue  # cases and settings are not content of a policy
        words.update(_words(tree), [file.stem, file.stem.partition("_")[0]])
    for line in (resources.policies_root() / "divisions.csv").read_text(encoding="utf-8").splitlines()[1:]:
        words.update(line.split(","))
    grammar = resources.grammar_text("policy.schema.json") + resources.grammar_text("overlay.schema.json")
    own = set(re.findall(r'"([a-z_]+)"', grammar)) | CONTRACT | GENERAL
    return {word for word in words - own if len(word) > (5 if word.isascii() else 2)}


def _words(tree: Tree) -> Iterator[str]:
    match tree:
        case Mapping(entries=entries):
            for key, value in entries:
                yield key.text
                if isinstance(value, Scalar) and key.text in NAMING:
                    yield value.text
                yield from _words(value)
        case Sequence(items=items):
            for item in items:
                yield from _words(item)
        case Scalar():
            pass


def test_the_content_words_are_those_of_the_policies() -> None:
    some = {"medical_gross", "illness", "taiyuan", "shanxi", "太原市", "140105", "因病致贫", "医疗总费用"}
    assert some <= content_words()


def test_the_engine_names_no_province_city_cause_or_fact() -> None:
    """Chinese words, codes and compound ids nowhere in the code; plain ids not as a name or as a whole text.

    Docstrings may give examples.
    """
    content = content_words()
    chinese = [word for word in content if not word.isascii()]
    docstrings = {id(node.value) for _, node in NODES if isinstance(node, ast.Expr)}
    wrong: list[str] = []
    for module, node in NODES:
        found: set[str] = set()
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found = {name}
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                found = {text, *(word for word in re.findall(r"\w+", text) if "_" in word or word.isdigit())}
                found |= {word for word in chinese if word in text}
            case _:
                pass
        wrong.extend(f"{module}:{getattr(node, 'lineno', 0)} {word}" for word in sorted(found & content))
    assert not wrong
