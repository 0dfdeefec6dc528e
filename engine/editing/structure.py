"""What may stand at a place of a file, as its JSON Schema has it: keys, words, kinds of values, what they are for.

In: the kind of a file and a path of keys and numbers.  Out: a `Place`, put together from all that the schema says of it
(of alternatives all of them). Keys that the author chooses are passed through.
Imports resources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cache
from typing import TypeAlias, cast

from engine import resources
from engine.records import dataclass

Schema: TypeAlias = Mapping[str, object]
Path: TypeAlias = tuple[str | int, ...]

_FILES = {"policy": "policy", "overlay": "overlay", "values": "values", "cases": "cases", "settings": "hygiene"}
_EXPRESSIONS = frozenset({"expression", "part"})
"""definitions of texts of the expression language; a part may also be a map that holds one"""
_INNER = ("allOf", "anyOf", "oneOf", "then", "else")
_SURE = ("allOf",)
"""what holds in any case; of the others one does"""
_KINDS = {"object": "mapping", "array": "list"}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a map may have."""

    name: str
    title: str
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What may stand somewhere.

    Attributes:
        kinds: which of `mapping`, `list`, `value`; none where the schema says nothing.
        keys: of a map, in the order of the schema.
        own_keys: whether the author may choose further keys.
        words: the values that are allowed, as they are written; none where others are.
        expression: whether a text there is one of the expression language.
        refers: the names of the schema's definitions that it comes from (`date`, `id`, `effect`), outermost first.
        examples: texts that show the form wanted.
        one_of: groups of keys of which a map has one. needs: keys that may stand only beside others.
    """

    title: str = ""
    description: str = ""
    kinds: frozenset[str] = frozenset()
    keys: Mapping[str, Key] = field(default_factory=dict)
    own_keys: bool = False
    words: tuple[str, ...] = ()
    expression: bool = False
    refers: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    one_of: tuple[frozenset[str], ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOWHERE = Place()


@cache
def schema_at(kind: str, path: Path) -> Place:
    """What may stand at a path in a kind of file; `NOWHERE` where nothing may, or no schema knows."""
    if kind not in _FILES:
        return NOWHERE
    whole = resources.schema(_FILES[kind])
    found = [_Found(whole, ())]
    for step in path:
        found = [inner for one in found for inner in _step(_flat(one, whole), step)]
    return _place([flat for one in found for flat in _flat(one, whole)], whole)


@dataclass(frozen=True, slots=True)
class _Found:
    schema: Schema
    refers: tuple[str, ...]
    sure: bool = True


def _flat(one: _Found, whole: Schema) -> list[_Found]:
    """A schema, what it refers to, and every alternative of it."""
    found, waiting = [], [one]
    while waiting:
        held = waiting.pop(0)
        found.append(held)
        name = str(held.schema.get("$ref", "")).rpartition("/")[2]
        definitions = cast("Mapping[str, Schema]", whole.get("$defs", {}))
        if name in definitions and name not in held.refers:
            waiting.append(_Found(definitions[name], (*held.refers, name), held.sure))
        for key in _INNER:
            stated = held.schema.get(key, [])
            inner = cast("list[Schema]", stated if isinstance(stated, list) else [stated])
            sure = held.sure and key in _SURE
            waiting.extend(_Found(each, held.refers, sure) for each in inner if "not" not in each)
    return found


def _step(flat: list[_Found], step: str | int) -> Iterator[_Found]:
    for one in flat:
        inner: object = None
        if isinstance(step, int):
            inner = one.schema.get("items")
        else:
            properties = cast("Mapping[str, object]", one.schema.get("properties", {}))
            inner = properties.get(step) if step in properties else one.schema.get("additionalProperties")
        if isinstance(inner, dict):
            yield _Found(inner, ())


def _place(flat: list[_Found], whole: Schema) -> Place:
    keys: dict[str, Key] = {}
    required = {name for one in flat if one.sure for name in cast("list[str]", one.schema.get("required", []))}
    closed: set[str] = set()
    for one in flat:
        for name, inner in cast("Mapping[str, Schema | bool]", one.schema.get("properties", {})).items():
            if inner is False or (isinstance(inner, dict) and inner.get("not") == {}):
                closed.add(name)
            else:
                keys.setdefault(name, _key(name, inner, name in required, whole))
    keys = {name: key for name, key in keys.items() if name not in closed}
    refers = tuple(dict.fromkeys(name for one in flat for name in one.refers))
    return Place(
        _first(flat, "title"),
        _first(flat, "description"),
        frozenset(kind for one in flat for kind in _kinds(one.schema)),
        keys,
        any(isinstance(one.schema.get("additionalProperties"), dict) for one in flat),
        tuple(dict.fromkeys(word for one in flat for word in _words(one.schema))),
        not _EXPRESSIONS.isdisjoint(refers),
        refers,
        tuple(
            dict.fromkeys(str(each) for one in flat for each in cast("list[object]", one.schema.get("examples", [])))
        ),
        tuple(group for one in flat if (group := _one_of(one.schema))),
        {
            name: tuple(others)
            for one in flat
            for name, others in cast("Mapping[str, list[str]]", one.schema.get("dependentRequired", {})).items()
        },
    )


def _one_of(schema: Schema) -> frozenset[str]:
    """The keys of which one is to stand there, or of which at most one may."""
    each = (cast("list[str]", one.get("required", [])) for one in cast("list[Schema]", schema.get("oneOf", [])))
    return frozenset(names[0] for names in each if len(names) == 1)


def _key(name: str, inner: object, required: bool, whole: Schema) -> Key:
    flat = _flat(_Found(inner, ()), whole) if isinstance(inner, dict) else []
    return Key(name, _first(flat, "title"), _first(flat, "description"), required)


def _first(flat: list[_Found], key: str) -> str:
    return next((str(one.schema[key]) for one in flat if key in one.schema), "")


def _kinds(schema: Schema) -> Iterator[str]:
    types = schema.get("type")
    for name in types if isinstance(types, list) else [types] if types else []:
        if name != "null":
            yield _KINDS.get(str(name), "value")
    if "enum" in schema or "const" in schema:
        yield "value"


def _words(schema: Schema) -> Iterator[str]:
    stated = [*cast("list[object]", schema.get("enum", [])), *([schema["const"]] if "const" in schema else [])]
    for value in stated:
        if not isinstance(value, bool):  # `true` and `false` are spellings of `yes` and `no`
            yield str(value)
