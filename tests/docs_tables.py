"""The tables in `docs/` that are made from the program itself, so that they cannot differ from it.

A page marks them with `<!-- table: NAME -->` and `<!-- end -->`. `python -m tests.docs_tables` rewrites them;
`test_docs.py` fails where one is out of date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from engine import resources
from engine.language.words import WORDS
from engine.messages import WORDINGS
from engine.messages.decision import DECISION
from engine.messages.household import HOUSEHOLD
from engine.messages.hygiene import HYGIENE
from engine.messages.input import INPUT
from engine.messages.language import LANGUAGE
from engine.messages.policy import POLICY
from engine.messages.strength import STRENGTH
from engine.messages.structure import STRUCTURE
from engine.messages.tables import TABLES
from engine.messages.testing import TESTING
from engine.messages.wording import Wording
from engine.messages.writing import WRITING
from engine.policy.hygiene.settings import DEFAULTS

DOCS = Path(__file__).parent.parent / "docs"
FLOORS: dict[str, Mapping[str, Wording]] = {
    "structure": STRUCTURE,
    "language": LANGUAGE,
    "policy": POLICY,
    "hygiene": HYGIENE,
    "household": HOUSEHOLD,
    "input": INPUT,
    "decision": DECISION,
    "tables": TABLES,
    "testing": TESTING,
    "writing": WRITING,
    "strength": STRENGTH,
}
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
        case "severities":
            return severities(arguments[0])
        case unknown:
            raise ValueError(f"no table `{unknown}`")


def words() -> str:
    """The words of the expression language."""
    rows = ["| 中文 | ASCII | signs |", "| --- | --- | --- |"]
    for word in WORDS.values():
        rows.append(f"| {_codes(word.zh)} | {_codes(word.en)} | {_codes(word.signs)} |")
    return _lines(rows)


def codes(wordings: Mapping[str, Wording]) -> str:
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


def severities(language: str) -> str:
    """The codes whose severity a folder can set, with what they look for and what they are by default."""
    found = cast("dict[str, dict[str, dict[str, dict[str, str]]]]", resources.schema("hygiene")["properties"])
    head = ("代码", "查什么", "缺省") if language == "zh" else ("code", "what it says", "default")
    rows = [f"| {' | '.join(head)} |", "| --- | --- | --- |"]
    for code, told in found["severity"]["properties"].items():
        about = f"{told['title']}：{told['description']}" if language == "zh" else _cell(WORDINGS[code].en)
        rows.append(f"| `{code}` | {about} | `{DEFAULTS[code]}` |")
    return _lines(rows)


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
