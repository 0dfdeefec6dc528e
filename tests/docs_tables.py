"""The tables in `docs/` that are made from the program itself, so that they cannot differ from it.

A page marks them with `<!-- table: NAME -->` and `<!-- end -->`. `python -m tests.docs_tables` rewrites them;
`test_docs.py` fails where one is out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from engine import resources
from engine.language.types import Choice
from engine.language.words import WORDS
from engine.messages import CODES, FLOORS
from engine.messages.code import Code
from engine.policy.hygiene.settings import DEFAULTS
from engine.policy.loader import read_library
from engine.policy.model import AnyElement, Elements, Fact, Output, Parameter, Policy, Reading, Term
from tests.limits import limit_rows

DOCS = Path(__file__).parent.parent / "docs"
COOKBOOK = DOCS.parent / "examples" / "cookbook"
REFUSALS = Path(__file__).parent / "screening" / "refusals.yaml"
SHAPES = dict.fromkeys(("null item", "null list", "empty list", "long list"), "list<…>")
CHANGE = ("from", "until", "published", "document", "source", "grade", "counties", "effect")
_MARKED = re.compile(r"(<!-- table: ([a-z_]+)((?: [a-z_/]+)*) -->\n).*?(<!-- end -->)", re.DOTALL)


def rendered(page: str) -> str:
    """A page with its tables made anew."""
    return _MARKED.sub(lambda mark: f"{mark[1]}{_table(mark[2], mark[3].split())}{mark[4]}", page)


def _table(name: str, arguments: list[str]) -> str:
    match name:
        case "words":
            return words()
        case "codes":
            return codes(FLOORS[arguments[0]])
        case "keys":
            return keys(*arguments)
        case "changes":
            return changes()
        case "limits":
            return _lines(limit_rows(arguments[0]))
        case "recipe":
            return recipe(arguments[0])
        case "case":
            return first_case(arguments[0])
        case "names":
            return names(*arguments)
        case "severities":
            return severities(arguments[0])
        case "refusals":
            return refusals(arguments[0])
        case unknown:
            raise ValueError(f"no table `{unknown}`")


def words() -> str:
    """The words of the expression language."""
    rows = ["| 中文 | ASCII | signs |", "| --- | --- | --- |"]
    for word in WORDS.values():
        rows.append(f"| {_codes(word.zh)} | {_codes(word.en)} | {_codes(word.signs)} |")
    return _lines(rows)


def codes(wordings: Mapping[str, Code]) -> str:
    """Every code of a floor, each with its page: what it says. What to do, and examples, are on the page."""
    rows = ["| code | meaning | 中文 |", "| --- | --- | --- |"]
    for code, wording in sorted(wordings.items()):
        rows.append(f"| [`{code}`](codes/{code}.md) | {_cell(wording.en)} | {_cell(wording.zh)} |")
    return _lines(rows)


def keys(kind: str, path: str = "") -> str:
    """The keys of one object of a schema, with their Chinese titles and descriptions; required ones in bold.

    Args:
        path: where in the schema: a definition (`fact`), or a key's own object (`properties/confers`).
    """
    schema = resources.schema(kind)
    definitions = cast("dict[str, dict[str, object]]", schema["$defs"])
    found = schema if not path else definitions.get(path, schema)
    for step in path.split("/") if "/" in path else ():
        found = cast("dict[str, dict[str, object]]", found)[step]
    if "anyOf" in found and "properties" not in found:
        branches = cast("list[dict[str, object]]", found["anyOf"])
        found = next(branch for branch in branches if "properties" in branch)
    properties = cast("dict[str, dict[str, object]]", found["properties"])
    # what every change may state has a table of its own
    stated = CHANGE if set(CHANGE) <= set(properties) else ()
    shown = {key: value for key, value in properties.items() if key not in stated}
    rows = _rows(shown, definitions, cast("list[str]", found.get("required", [])))
    return _lines([*rows, "| 日期和依据 | | 见“日期和依据” |"] if stated else rows)


def changes() -> str:
    """The keys that every change may state."""
    definitions = cast("dict[str, dict[str, object]]", resources.schema("policy")["$defs"])
    return _lines(_rows({key: definitions[key] for key in CHANGE}, definitions, []))


def refusals(language: str) -> str:
    """What comes of odd values in typed columns: each row is one of the tests of `tests/screening/test_refusals.py`."""
    rows = {
        "zh": ["| 表里的值 | 列的类型 | 家庭因此 |", "| --- | --- | --- |"],
        "en": ["| in the table | type of the column | so the household is |", "| --- | --- | --- |"],
    }[language]
    for case in yaml.safe_load(REFUSALS.read_text(encoding="utf-8")):
        decided = "照常认定" if language == "zh" else "decided"
        code = f"[`{case['code']}`]({'../' * (language == 'zh')}codes/{case['code']}.md)" if "code" in case else decided
        unit = f", {case['unit']}" if "unit" in case else ""
        rows.append(f"| {case[language]} | `{SHAPES.get(case['type'], case['type'])}`{unit} | {code} |")
    return _lines(rows)


def severities(language: str) -> str:
    """The codes whose severity a folder can set, with what they look for and what they are by default."""
    found = cast("dict[str, dict[str, dict[str, dict[str, str]]]]", resources.schema("hygiene")["$defs"])
    head = ("代码", "查什么", "缺省") if language == "zh" else ("code", "what it says", "default")
    rows = [f"| {' | '.join(head)} |", "| --- | --- | --- |"]
    for code, told in found["severities"]["properties"].items():
        about = f"{told['title']}：{told['description']}" if language == "zh" else _cell(CODES[code].en)
        rows.append(f"| `{code}` | {about} | `{DEFAULTS[code]}` |")
    return _lines(rows)


@cache
def _province() -> Elements:
    """What the shipped root policy declares."""
    built = read_library([resources.policies_root()]).build("shanxi_2022_60")
    assert isinstance(built, Policy)
    return built.elements


def names(kind: str, language: str, collection: str = "") -> str:
    """By what the shipped policy's elements are called in expressions and cases, with their labels and units."""
    held = _province()
    heads = {
        "zh": ("标识", "表达式里也可以写", "名称", "单位或选项"),
        "en": ("id", "also, in expressions", "label", "unit or options"),
    }
    rows = [f"| {' | '.join(heads[language])} |", "| --- | --- | --- | --- |"]
    for id_, element in _named(held, kind, collection):
        name = "" if element.name == element.id or kind in ("conditions", "outputs", "referrals") else element.name
        written = f"`{name}`" if name else ""
        rows.append(f"| `{id_}` | {written} | {_cell(element.label)} | {_measure(element)} |")
    return _lines(rows)


def _named(held: Elements, kind: str, collection: str) -> Iterator[tuple[str, AnyElement]]:
    match kind:
        case "conditions":
            for cause in held.causes.values():
                yield cause.id, cause
                yield from ((f"{cause.id}.{one.id}", one) for one in cause.conditions.values())
        case "facts" if collection != "household":
            yield from held.collections[collection].facts.items()
        case _:
            yield from cast("Mapping[str, AnyElement]", getattr(held, kind)).items()


def _measure(element: AnyElement) -> str:
    match element:
        case Fact(type=Choice(options=options)) | Reading(type=Choice(options=options)):
            return " ".join(f"`{option}` {label}" for option, label in options)
        case Fact(unit_text=unit) | Parameter(unit_text=unit) | Output(unit_text=unit) | Term(unit_text=unit):
            return unit
        case _:
            return ""


def recipe(name: str) -> str:
    """What an overlay of the cookbook changes: its file without the head, which the page shows once."""
    text = (COOKBOOK / f"{name}.yaml").read_text(encoding="utf-8")
    changes = re.search(r"^(set|add|exempt|replace):", text, re.MULTILINE)
    assert changes is not None, name
    return f"```yaml\n{text[changes.start() :]}```\n"


def first_case(name: str) -> str:
    """The first case of a recipe; the others stand in its file."""
    text = (COOKBOOK / "cases" / f"{name}.yaml").read_text(encoding="utf-8")
    first = text.partition("\ntests:\n")[2].split("\n\n")[0].rstrip("\n")
    return f"```yaml\ntests:\n{first}\n```\n"


def _rows(
    properties: Mapping[str, dict[str, object]], definitions: Mapping[str, dict[str, object]], required: list[str]
) -> list[str]:
    rows = ["| 键 | 名称 | 说明 |", "| --- | --- | --- |"]
    for key, value in properties.items():
        shown = {**definitions.get(str(value.get("$ref", "")).rpartition("/")[2], {}), **value}
        star = "**" if key in required else ""
        rows.append(f"| {star}`{key}`{star} | {shown['title']} | {_cell(str(shown['description']))} |")
    return rows


def _codes(texts: tuple[str, ...]) -> str:
    return " ".join(f"`{text}`" for text in texts)


def _cell(text: str) -> str:
    """A text for a table's cell; its places for the author's words as ‹…›."""
    return re.sub(r"\{([a-z_]+)\}", r"‹\1›", text).replace("|", "\\|").replace("<", "&lt;")


def _lines(rows: list[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def main() -> None:
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        if (new := rendered(text)) != text:
            page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
