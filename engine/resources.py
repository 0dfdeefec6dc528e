"""Where the grammar, the shipped policies and the pages on codes are: the one place that looks for them.

In: names.  Out: the grammar's text, its JSON Schemas whole, the folder of the shipped policies, the page on a code.
In a checkout they stand beside `engine/`; a wheel carries them below it, in `engine/_content/`.
Ground floor; imports disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, cast

from engine import disk

_PACKAGE = Path(__file__).parent
_DEFINITIONS = "#/$defs/"
_MOST: Final = 1 << 24


def _content(folder: str) -> Path:
    packed = _PACKAGE / "_content" / folder
    return packed if disk.kind(packed) == "folder" else _PACKAGE.parent / folder


def grammar_text(name: str) -> str:
    """The text of a file of `grammar/`."""
    return disk.read(_content("grammar") / name, _MOST).decode("utf-8")


def policies_root() -> Path:
    """The folder of the policies that are shipped with the engine."""
    return _content("policies")


def code_page(code: str) -> str | None:
    """The page on a diagnostic's code (`docs/codes/CODE.md`), as it is written; None where there is none."""
    packed = _PACKAGE / "_content" / "codes"
    folder = packed if disk.kind(packed) == "folder" else _PACKAGE.parent / "docs" / "codes"
    page = folder / f"{code}.md"
    return None if disk.kind(page) == "absent" else disk.read(page, _MOST).decode("utf-8")


@cache
def schema(name: str) -> dict[str, object]:
    """The JSON Schema of a kind of file (`policy`, `overlay`), with what it takes from its neighbours put in.

    The files of `grammar/` refer to each other (`policy.schema.json#/$defs/term`) so that nothing is written twice;
    the result stands alone. It is shared, and so is what it takes: read only.
    """
    whole = _stored(f"{name}.schema.json")
    definitions = cast("dict[str, object]", whole.setdefault("$defs", {}))
    wanted: list[tuple[str, str]] = []

    def take(file: str, names: Iterable[str]) -> None:
        for definition in names:
            if definition not in definitions:
                definitions[definition] = _definition(file, definition)
                wanted.append((file, definition))

    for node in _objects(whole):
        file, mark, definition = str(node.get("$ref", "")).partition(_DEFINITIONS)
        if file and mark:
            node["$ref"] = _DEFINITIONS + definition
            take(file, [definition])
    while wanted:
        file, definition = wanted.pop()
        take(file, _used(file, definition))
    return whole


def _definition(file: str, name: str) -> dict[str, object]:
    return cast("dict[str, dict[str, dict[str, object]]]", _stored(file))["$defs"][name]


@cache
def _used(file: str, name: str) -> tuple[str, ...]:
    """The definitions that one refers to: of its own file only, since a file that others take from takes from none."""
    nodes = _objects(_definition(file, name))
    return tuple(str(node["$ref"]).removeprefix(_DEFINITIONS) for node in nodes if "$ref" in node)


@cache
def _stored(file: str) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(grammar_text(file)))


def _objects(node: object) -> Iterator[dict[str, object]]:
    """Every JSON object inside a JSON value, itself included."""
    ahead = [node]
    while ahead:
        node = ahead.pop()
        if isinstance(node, dict):
            yield node
            ahead += reversed(node.values())
        elif isinstance(node, list):
            ahead += reversed(node)
