"""Whether a document keeps to its JSON Schema: yes or no, and fast.

In: a schema and a plain value.  Out: a truth; `schema.py` says what is wrong, by jsonschema, whose answer this one is
(tests/test_schema.py holds the two together). Nearly every file is sound, and then jsonschema need not be loaded.
Ground floor; imports nothing of the engine.

A schema is made into functions once. Only the keywords below may stand in one: any other is a fault of the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
Test: TypeAlias = Callable[[object], bool]

_TYPES: Final[Mapping[str, Test]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool),
}
_TOLD: Final = {"$schema", "$id", "$defs", "title", "description", "examples"}
"""what only tells people something"""


def compiled(schema: Schema, formats: Mapping[str, Callable[[str], bool]]) -> Test:
    """The test of a schema that stands alone; `formats`: those that are more than a remark."""
    return _Compiler(schema, formats).test(schema)


class _Compiler:
    def __init__(self, root: Schema, formats: Mapping[str, Callable[[str], bool]]) -> None:
        self._root = root
        self._formats = formats
        self._referred: dict[str, Test] = {}

    def test(self, schema: Schema | bool) -> Test:
        if isinstance(schema, bool):
            return lambda _: schema
        unknown = schema.keys() - _TOLD - _KEYWORDS.keys()
        if unknown:
            raise NotImplementedError(f"a keyword of JSON Schema that no test is made of: {sorted(unknown)}")
        return _every([make(self, schema[key], schema) for key, make in _KEYWORDS.items() if key in schema])

    def ref(self, address: str, _: Schema) -> Test:
        def hold(value: object) -> bool:
            """Made when it is first asked: a definition may refer to itself, and most are not asked."""
            test = self._referred.get(address)
            if test is None:
                held: Any = self._root
                for step in address.removeprefix("#/").split("/"):
                    held = held[step]
                test = self._referred[address] = self.test(held)
            return test(value)

        return hold

    def type(self, names: str | list[str], _: Schema) -> Test:
        return _some([_TYPES[name] for name in ([names] if isinstance(names, str) else names)])

    def enum(self, values: list[object], _: Schema) -> Test:
        known = {(isinstance(value, bool), value) for value in values}
        return lambda value: not isinstance(value, dict | list) and (isinstance(value, bool), value) in known

    def const(self, value: object, schema: Schema) -> Test:
        return self.enum([value], schema)

    def pattern(self, pattern: str, _: Schema) -> Test:
        found = re.compile(pattern).search
        return lambda value: not isinstance(value, str) or found(value) is not None

    def max_length(self, limit: int, _: Schema) -> Test:
        return lambda value: not isinstance(value, str) or len(value) <= limit

    def format(self, name: str, _: Schema) -> Test:
        holds = self._formats.get(name)
        return lambda value: holds is None or not isinstance(value, str) or holds(value)

    def minimum(self, least: int, _: Schema) -> Test:
        return lambda value: isinstance(value, bool) or not isinstance(value, int | Decimal) or value >= least

    def min_items(self, least: int, _: Schema) -> Test:
        return lambda value: not isinstance(value, list) or len(value) >= least

    def min_properties(self, least: int, _: Schema) -> Test:
        return lambda value: not isinstance(value, dict) or len(value) >= least

    def items(self, schema: Schema, _: Schema) -> Test:
        test = self.test(schema)
        return lambda value: not isinstance(value, list) or all(map(test, value))

    def properties(self, properties: Mapping[str, Schema], _: Schema) -> Test:
        tests = {key: self.test(schema) for key, schema in properties.items()}

        def hold(value: object) -> bool:
            return not isinstance(value, dict) or all(test(value[key]) for key, test in tests.items() if key in value)

        return hold

    def additional(self, schema: Schema | bool, around: Schema) -> Test:
        known, test = around.get("properties", {}).keys(), self.test(schema)
        return lambda value: (
            not isinstance(value, dict) or all(test(held) for key, held in value.items() if key not in known)
        )

    def property_names(self, schema: Schema, _: Schema) -> Test:
        test = self.test(schema)
        return lambda value: not isinstance(value, dict) or all(map(test, value))

    def required(self, keys: list[str], _: Schema) -> Test:
        return lambda value: not isinstance(value, dict) or all(key in value for key in keys)

    def dependent_required(self, pairs: Mapping[str, list[str]], _: Schema) -> Test:
        return lambda value: (
            not isinstance(value, dict)
            or all(needed in value for key, keys in pairs.items() if key in value for needed in keys)
        )

    def all_of(self, schemas: list[Schema], _: Schema) -> Test:
        return _every([self.test(schema) for schema in schemas])

    def any_of(self, schemas: list[Schema], _: Schema) -> Test:
        return _some([self.test(schema) for schema in schemas])

    def one_of(self, schemas: list[Schema], _: Schema) -> Test:
        tests = [self.test(schema) for schema in schemas]
        return lambda value: sum(test(value) for test in tests) == 1

    def negated(self, schema: Schema, _: Schema) -> Test:
        test = self.test(schema)
        return lambda value: not test(value)

    def branch(self, schema: Schema, around: Schema) -> Test:
        test, met, unmet = self.test(schema), self.test(around.get("then", True)), self.test(around.get("else", True))
        return lambda value: met(value) if test(value) else unmet(value)

    def beside(self, _: object, __: Schema) -> Test:
        """What `branch` reads."""
        return lambda _: True


def _every(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def hold(value: object) -> bool:
        for test in tests:  # noqa: SIM110 # a loop is half as slow as `all`, and this is the innermost one
            if not test(value):
                return False
        return True

    return hold


def _some(tests: list[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda value: any(test(value) for test in tests)


_KEYWORDS: Final[Mapping[str, Callable[[_Compiler, Any, Schema], Test]]] = {
    "type": _Compiler.type,
    "enum": _Compiler.enum,
    "const": _Compiler.const,
    "pattern": _Compiler.pattern,
    "maxLength": _Compiler.max_length,
    "format": _Compiler.format,
    "minimum": _Compiler.minimum,
    "minItems": _Compiler.min_items,
    "minProperties": _Compiler.min_properties,
    "required": _Compiler.required,
    "dependentRequired": _Compiler.dependent_required,
    "propertyNames": _Compiler.property_names,
    "additionalProperties": _Compiler.additional,
    "properties": _Compiler.properties,
    "items": _Compiler.items,
    "$ref": _Compiler.ref,
    "allOf": _Compiler.all_of,
    "anyOf": _Compiler.any_of,
    "oneOf": _Compiler.one_of,
    "not": _Compiler.negated,
    "if": _Compiler.branch,
    "then": _Compiler.beside,
    "else": _Compiler.beside,
}
