"""What the parts of a document are, by its JSON Schema: which values are expressions, which mappings have set keys.

In: a `Tree` and the schema of its kind.  Out: a `Shape`. The schema is followed by name only; nothing is checked, so
that a document with faults has a shape too.
Imports the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, cast

from engine.records import dataclass
from engine.tree import Mapping as Map
from engine.tree import Scalar, Sequence, Tree

Schema: TypeAlias = Mapping[str, object]

_EXPRESSIONS = ("expression", "part")
"""the definitions under which a scalar is an expression"""


@dataclass(frozen=True, slots=True)
class Shape:
    """Attributes:
    expressions: in the order of the text.
    closed: the mappings whose keys the schema lists one by one, outermost first.
    """

    expressions: tuple[Scalar, ...]
    closed: tuple[Map, ...]


def shape_of(tree: Tree, schema: Schema) -> Shape:
    walk = _Walk(cast("Mapping[str, Schema]", schema.get("$defs", {})))
    walk.visit(tree, [schema])
    return Shape(tuple(walk.expressions), tuple(walk.closed))


class _Walk:
    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self.expressions: list[Scalar] = []
        self.closed: list[Map] = []

    def visit(self, node: Tree, given: Iterable[Schema]) -> None:
        schemas: list[Schema] = []
        names: set[str] = set()
        for schema in given:
            schemas.extend(self._parts(schema, node, names))
        match node:
            case Scalar():
                if names.intersection(_EXPRESSIONS):
                    self.expressions.append(node)
            case Sequence(items=items):
                inner = [cast("Schema", one["items"]) for one in schemas if isinstance(one.get("items"), dict)]
                for item in items:
                    self.visit(item, inner)
            case Map(entries=entries):
                if any(one.get("properties") and one.get("additionalProperties") is False for one in schemas):
                    self.closed.append(node)
                for key, value in entries:
                    self.visit(value, [found for one in schemas for found in _under(one, key.text)])

    def _parts(self, schema: Schema, node: Tree, names: set[str]) -> Iterator[Schema]:
        """The schema and all that it is put together from; `names` collects the definitions met."""
        yield schema
        if isinstance(target := schema.get("$ref"), str):
            name = target.rpartition("/")[2]
            names.add(name)
            yield from self._parts(self._definitions[name], node, names)
        for word in ("allOf", "anyOf", "oneOf"):
            for branch in cast("list[Schema]", schema.get(word, ())):
                yield from self._parts(branch, node, names)
        if "if" in schema:
            chosen = "then" if _holds(cast("Schema", schema["if"]), node) else "else"
            yield from self._parts(cast("Schema", schema.get(chosen, {})), node, names)


def _holds(test: Schema, node: Tree) -> bool:
    """The tests of our schemas ask whether a key is there."""
    if "anyOf" in test:
        return any(_holds(branch, node) for branch in cast("list[Schema]", test["anyOf"]))
    return isinstance(node, Map) and all(node.get(key) is not None for key in cast("list[str]", test["required"]))


def _under(schema: Schema, key: str) -> Iterator[Schema]:
    properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
    other = schema.get("additionalProperties")
    if key in properties:
        yield properties[key]
    elif isinstance(other, dict):
        yield other
