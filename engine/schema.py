"""The structure of a file, held against its JSON Schema. The sole holder of jsonschema.

In: a `Tree` and the kind of file that it is.  Out: Diagnostics, each at the key or value that is wrong, in our own
codes and words. `keeps` says whether anything is wrong, jsonschema where, and this module what.
Ground floor; imports `source`, `tree`, `diagnostics`, `suggest`, `keeps`, `resources`.

One mistake is told once: a value is faulted for the first reason only, and a misspelt key is not also reported as
missing. The schemas keep to a few shapes that can be told precisely: `oneOf` lists keys that exclude each other,
`anyOf` tells kinds of values apart, or lists keys of which one must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from engine import resources
from engine.diagnostics import Reporter
from engine.keeps import Test, compiled
from engine.records import dataclass
from engine.source import Span
from engine.suggest import nearest, one_slip_from
from engine.tree import Mapping as Map
from engine.tree import Scalar, Sequence, Tree, plain

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Path: TypeAlias = tuple[str | int, ...]
Kind: TypeAlias = Literal["mapping", "list", "value"]
Schema: TypeAlias = Mapping[str, object]

_KINDS: Mapping[str, Kind] = {"object": "mapping", "array": "list"}
_WRONG_KIND: Mapping[frozenset[Kind], str] = {
    frozenset({"mapping"}): "needs-mapping",
    frozenset({"list"}): "needs-list",
    frozenset({"value"}): "needs-value",
    frozenset({"mapping", "value"}): "list-not-here",
    frozenset({"list", "value"}): "mapping-not-here",
}
_NOT_BLANK = r"\S"
_LINE = "line"
"""the format of texts that stand in a line of an answer or a report"""
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_STEERS = frozenset("\t\n\r\x85\u2028\u2029") | _BIDI  # every other control character is no text at all


def check_structure(tree: Tree, kind: str, report: Reporter) -> None:
    """Report every fault of a document's structure.

    Args:
        kind: whose schema it is held against, as `resources.schema` names it.
    """
    value = plain(tree)
    if _keeps(kind)(value):
        return
    from jsonschema import Draft202012Validator, FormatChecker

    schema = resources.schema(kind)
    formats = FormatChecker(())
    formats.checks(_LINE)(lambda text: not isinstance(text, str) or is_one_line(text))
    faults = _Faults(tree, schema, report)
    for error in Draft202012Validator(schema, format_checker=formats).iter_errors(value):
        faults.take(error)
    faults.report_objects()


@cache
def _keeps(kind: str) -> Test:
    return compiled(resources.schema(kind), {_LINE: is_one_line})


def is_one_line(text: str) -> bool:
    """Whether no line end and no sign that steers stands in the text; a tab is neither."""
    return _STEERS.isdisjoint(text.strip().replace("\t", " "))


@dataclass(slots=True)
class _Object:
    """What is wrong with the keys of one mapping; told together, so that one mistake is told once."""

    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    companions: list[tuple[str, str]] = field(default_factory=list)
    one_of: list[tuple[str, ...]] = field(default_factory=list)


class _Faults:
    """Sorts the validator's errors by place and puts them into words."""

    def __init__(self, tree: Tree, schema: Schema, report: Reporter) -> None:
        self.tree = tree
        self.schema = schema
        self.report = report
        self.objects: dict[Path, _Object] = {}
        self.values: set[Path] = set()

    # ---- from the validator's errors

    def take(self, error: ValidationError) -> None:
        path = tuple(error.absolute_path)
        given = cast("Schema", error.schema)
        match error.validator:
            case _ if "propertyNames" in error.absolute_schema_path:
                self._take_key(path, error)
            case "additionalProperties":
                self._take_unknown(path, error)
            case "required":
                self._take_missing(path, cast("list[str]", error.validator_value), given)
            case "dependentRequired":
                pairs = cast("dict[str, list[str]]", error.validator_value)
                keys = _keys(self._node(path))
                self._object(path).companions.extend(
                    (key, needed) for key in keys for needed in pairs.get(key, ()) if needed not in keys
                )
            case "oneOf":
                self._take_exclusive(path, _required_keys(cast("list[Schema]", error.validator_value)))
            case "anyOf":
                self._take_alternatives(path, error)
            case "not":
                self.report.tell("overlay-only-key", self._key_span(path), key=str(path[-1]))
            case _:
                self._take_value(path, error)

    def _take_unknown(self, path: Path, error: ValidationError) -> None:
        properties = cast("Mapping[str, Schema]", cast("Schema", error.schema).get("properties", {}))
        # `allOf: [definition, without_change]` closes some keys of a shared definition (of one branch of it, at most)
        closed = self._closed() if "allOf" in list(error.absolute_schema_path)[-6:] else frozenset()
        found = self._object(path)
        for key in _keys(self._node(path)):
            if key not in properties:
                found.unknown[key] = tuple(name for name in properties if name not in closed)
        found.titles.update({self._title(value): name for name, value in properties.items()})

    def _take_key(self, path: Path, error: ValidationError) -> None:
        """A key that is chosen by the author, and not written as an id."""
        key = str(error.instance)
        if error.validator == "maxLength":
            limit = str(error.validator_value)
            self.report.tell("key-too-long", self._key_span((*path, key)), count=str(len(key)), limit=limit)
            return
        form = cast("list[str]", cast("Schema", error.schema)["examples"])[0]
        label = "" if key.isascii() else "label"
        self.report.tell("bad-key", self._key_span((*path, key)), key=key, form=form, label=label)

    def _take_missing(self, path: Path, required: Iterable[str], given: Schema) -> None:
        properties = cast("Mapping[str, Schema]", given.get("properties", {}))
        keys = _keys(self._node(path))
        self._object(path).missing.update(
            {key: self._title(properties.get(key, {})) for key in required if key not in keys}
        )

    def _take_exclusive(self, path: Path, keys: tuple[str, ...]) -> None:
        node = self._node(path)
        if not isinstance(node, Map):
            return  # its kind is faulted; `required` says nothing of other kinds
        present = [key for key in _keys(node) if key in keys]
        if not present:
            self._object(path).one_of.append(keys)
        for key in present[1:]:
            related = [("other-key", self._key_span((*path, present[0])))]
            self.report.tell("only-one-of", self._key_span((*path, key)), related=related, key=key, other=present[0])

    def _take_alternatives(self, path: Path, error: ValidationError) -> None:
        branches = cast("list[Schema]", error.validator_value)
        if required := _required_keys(branches):
            self._take_missing(path, required[:1], cast("Schema", error.schema))
            return
        kind = _kind(self._node(path))
        kinds = [self._branch_kinds(branch) for branch in branches]
        fitting = {index for index, found in enumerate(kinds) if kind in found}
        if not fitting or self._is_empty(path):
            self._wrong_kind(path, frozenset().union(*kinds))
            return
        for inner in error.context or ():
            if inner.schema_path[0] in fitting:
                self.take(inner)

    def _take_value(self, path: Path, error: ValidationError) -> None:
        """A fault of the value itself; only the first one of each value is told."""
        if path in self.values:
            return
        node, given = self._node(path), cast("Schema", error.schema)
        where, span = self._name(path), self._value_span(path)
        example = cast("list[str]", given.get("examples", ()))
        text = node.text if isinstance(node, Scalar) else ""
        match error.validator:
            case _ if self._is_empty(path) or (error.validator == "pattern" and error.validator_value == _NOT_BLANK):
                self._tell(path, "empty-value", span, key=where)
            case "format":
                sign = next(sign for sign in text.strip() if sign in _STEERS)
                # one that turns the direction of writing is told at its place, unless it is written as an escape
                if sign not in _BIDI or sign not in span.text:
                    self._tell(path, "text-not-one-line", span, key=where, character=f"U+{ord(sign):04X}")
            case "type" if _kind(node) not in _kinds_of(error.validator_value):
                self._wrong_kind(path, _kinds_of(error.validator_value))
            case "type" if error.validator_value == "integer":
                self._tell(path, "needs-whole-number", span, key=where, value=text)
            case "type" if not example:
                self._tell(path, "needs-text", span, key=where, value=text)
            case "type" | "pattern":
                self._tell(path, "bad-form", span, key=where, value=text, form=example[0] if example else "")
            case "enum" | "const" if not isinstance(node, Scalar):
                self._wrong_kind(path, frozenset({"value"}))
            case "enum" | "const":
                stated = error.validator_value if error.validator == "enum" else [error.validator_value]
                values = cast("list[object]", stated)
                allowed = [_written(value) for value in values]
                numbers = all(type(value) is int for value in values)
                if numbers and text in allowed:  # in quotes it is a text
                    self._tell(path, "needs-whole-number", span, key=where, value=f'"{text}"')
                    return
                # a number that is written much alike is another number
                meant = "" if numbers else _by_its_word(text, allowed, given) or nearest(text, allowed)
                told = {"value": text, "allowed": " ".join(allowed), "suggestion": meant}
                self._tell(path, "not-allowed-value", span, key=where, **told)
            case "maxLength":
                count, limit = str(len(text)), str(error.validator_value)
                self._tell(path, "text-too-long", span, count=count, limit=limit)
            case "minimum":
                self._tell(path, "too-small", span, key=where, least=str(error.validator_value))
            case "minItems" | "minProperties":
                self._tell(path, "too-few", self._key_span(path), key=where, least=str(error.validator_value))
            case unforeseen:
                raise AssertionError(f"the schemas of grammar/ do not use `{unforeseen}`")

    def _wrong_kind(self, path: Path, kinds: frozenset[Kind]) -> None:
        if self._is_empty(path):
            self._tell(path, "empty-value", self._value_span(path), key=self._name(path))
        elif not path:
            self._tell(path, "needs-mapping-file", self._value_span(path))
        else:
            code = _WRONG_KIND.get(kinds, "needs-mapping")
            self._tell(path, code, self._value_span(path), key=self._name(path))

    def _tell(self, path: Path, code: str, span: Span, **params: str) -> None:
        if path not in self.values:
            self.values.add(path)
            self.report.tell(code, span, path="", related=(), **params)

    # ---- the keys of each mapping, once all is known

    def report_objects(self) -> None:
        for path, found in self.objects.items():
            taken = frozenset(_keys(self._node(path)))
            meant = set()
            for key, allowed in found.unknown.items():
                suggestion = _meant_key(key, found, taken)
                meant.add(suggestion)
                self.report.tell(
                    "unknown-key-here",
                    self._key_span((*path, key)),
                    key=key,
                    suggestion=suggestion,
                    allowed="" if suggestion else " ".join(allowed),
                    certain="yes" if suggestion and _is_certain(key, found, taken) else "",
                )
            for key, title in found.missing.items():
                if key not in meant:
                    self.report.tell("missing-key", self._holder_span(path), key=key, title=title)
            for key, needs in found.companions:
                if needs not in meant:
                    self.report.tell("missing-companion", self._key_span((*path, key)), key=key, needs=needs)
            for keys in found.one_of:
                if meant.isdisjoint(keys):
                    self.report.tell("missing-one-of", self._holder_span(path), keys=" ".join(keys))

    # ---- places

    def _object(self, path: Path) -> _Object:
        return self.objects.setdefault(path, _Object())

    def _node(self, path: Path) -> Tree:
        node = self.tree
        for step in path:
            inner = node.get(str(step)) if isinstance(node, Map) else cast("Sequence", node).items[cast("int", step)]
            assert inner is not None, "the validator saw the same tree"
            node = inner
        return node

    def _key_span(self, path: Path) -> Span:
        """The key that a path ends with; a list item itself."""
        if not path:
            return self._value_span(path)
        holder = self._node(path[:-1])
        key = holder.key(str(path[-1])) if isinstance(holder, Map) else None
        return key.span if key is not None else _head(self._node(path))

    def _value_span(self, path: Path) -> Span:
        node = self._node(path)
        return self._key_span(path) if path and self._is_empty(path) else _head(node)

    def _holder_span(self, path: Path) -> Span:
        """Where to say that a key is missing: at the key of the mapping, or at the first key of a file or list item."""
        return self._key_span(path) if path and isinstance(path[-1], str) else _head(self._node(path))

    def _is_empty(self, path: Path) -> bool:
        node = self._node(path)
        return isinstance(node, Scalar) and node.style == "plain" and plain(node) is None

    @staticmethod
    def _name(path: Path) -> str:
        """The key that a reader sees at a value: its own, or that of the list it stands in."""
        return next((step for step in reversed(path) if isinstance(step, str)), "")

    # ---- schemas

    def _title(self, schema: Schema) -> str:
        while "title" not in schema and "$ref" in schema:
            schema = self._referred(schema)
        return str(schema.get("title", ""))

    def _referred(self, schema: Schema) -> Schema:
        definitions = cast("Mapping[str, Schema]", self.schema["$defs"])
        return definitions[str(schema["$ref"]).rpartition("/")[2]]

    def _closed(self) -> frozenset[str]:
        definitions = cast("Mapping[str, Schema]", self.schema["$defs"])
        return frozenset(cast("Schema", definitions["without_change"]["properties"]))

    def _branch_kinds(self, branch: Schema) -> frozenset[Kind]:
        while "type" not in branch:
            branch = self._referred(branch)
        return _kinds_of(branch["type"])


def _required_keys(branches: Iterable[Schema]) -> tuple[str, ...]:
    """The keys of branches that do nothing but ask for a key; a `not` branch (none of them) is passed over."""
    return tuple(
        key for branch in branches if set(branch) == {"required"} for key in cast("list[str]", branch["required"])
    )


def _kinds_of(types: object) -> frozenset[Kind]:
    """The kinds that a `type` allows; a section that may stand empty (`null`) is still of lines."""
    names = [name for name in types if name != "null"] if isinstance(types, list) else [types]
    return frozenset(_KINDS.get(str(name), "value") for name in names)


def _kind(node: Tree) -> Kind:
    match node:
        case Map():
            return "mapping"
        case Sequence():
            return "list"
        case Scalar():
            return "value"


def _keys(node: Tree) -> list[str]:
    return [key.text for key, _ in node.entries] if isinstance(node, Map) else []


def _head(node: Tree) -> Span:
    """A stretch to point at: a scalar itself, the first key of a mapping, the first item of a list."""
    match node:
        case Map(entries=((key, _), *_)):
            return key.span
        case Sequence(items=(first, *_), flow=False):
            return _head(first)
        case _:
            return node.span


def _written(value: object) -> str:
    """A value of the schema as an author writes it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _meant_key(key: str, found: _Object, taken: frozenset[str]) -> str:
    """The key that an unknown one was meant to be: by its Chinese title, or by spelling, if it is still free."""
    if found.titles.get(key, key) not in taken:
        return found.titles[key]
    return nearest(key, [name for name in found.unknown[key] if name not in taken])


def _is_certain(key: str, found: _Object, taken: frozenset[str]) -> bool:
    """Whether an unknown key can have been meant to be one other only: its title, or one slip away from it."""
    if key in found.titles:
        return found.titles[key] not in taken
    return bool(one_slip_from(key, [name for name in found.unknown[key] if name not in taken]))


def _by_its_word(text: str, allowed: list[str], schema: Schema) -> str:
    """The value that the schema's description explains by this Chinese word: `narrower 收紧，wider 放宽`."""
    told = str(schema.get("description", ""))
    meant = [
        value
        for value in allowed
        if (word := re.search(rf"(?<!\w){re.escape(value)} ([一-鿿]+)", told)) and len(text) > 1 and text in word[1]
    ]
    return meant[0] if len(meant) == 1 else ""
