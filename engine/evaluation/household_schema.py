"""The JSON Schema (Draft 2020-12) of a household under a checked policy: an export for forms and other systems.

In: a `CheckedPolicy`.  Out: the schema as plain dicts and lists. It accepts and refuses what `household` does, as far
as a schema can say; it cannot say that ids differ (let alone after `identity.same_id`), that something of an id can be
seen, that what refers to an item refers to one that is there, how many digits stand after a number's point, the bounds
of dates and of numbers written as text, or the part of a bound after its point.
Imports policy, language and `facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias, assert_never

from engine.evaluation.facts import written_steps
from engine.evaluation.figures import default_as_json
from engine.language.interpreter import MAX_ITEMS
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.checked import CheckedPolicy
from engine.policy.extent import fact_digits, is_signed
from engine.policy.model import Collection, Fact

Schema: TypeAlias = dict[str, object]

_NULL: Schema = {"type": "null"}
_DATE = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_MOST_TEXT_OF_IDENTITY = 100


def household_schema(policy: CheckedPolicy) -> Schema:
    """The schema of one household as JSON; descriptions in Chinese."""
    elements = policy.merged.elements
    header = policy.merged.chain.root.header
    own = [fact for fact in elements.facts.values() if not fact.collection]
    properties = {fact.id: _fact_schema(fact) for fact in own}
    properties.update((one.id, _collection_schema(one)) for one in elements.collections.values())
    required = [fact.id for fact in own if fact.required]
    required.extend(one.id for one in elements.collections.values() if one.required)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"家庭信息（{header.title}）",
        "description": "缺省的字段取默认值并在结论中列出；写 null 表示尚不清楚，需要核实",
        **_object(properties, required),
    }


def _object(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def _collection_schema(collection: Collection) -> Schema:
    facts = collection.facts.values()
    items = _object({fact.id: _fact_schema(fact) for fact in facts}, [fact.id for fact in facts if fact.required])
    schema: Schema = {"type": "array", "items": items, "minItems": collection.at_least, "maxItems": MAX_ITEMS}
    return {
        "title": collection.label,
        "description": _sentence([collection.label, "没有时写 []" if not collection.at_least else ""]),
        **(schema if collection.required else _or_null(schema)),
    }


def _fact_schema(fact: Fact) -> Schema:
    kind = _type_schema(fact)
    schema = kind if fact.required else _or_null(kind)
    described: Schema = {"title": fact.label, "description": _description(fact), **schema}
    if fact.default is not None:
        described["default"] = default_as_json(fact)
    return described


def _or_null(schema: Schema) -> Schema:
    match schema:
        case {"type": str() as kind, **rest}:
            return {"type": [kind, "null"], **rest}
        case {"anyOf": list() as options, **rest}:
            return {"anyOf": [*options, _NULL], **rest}
    raise AssertionError("every schema of a fact has a type or alternatives")


def _type_schema(fact: Fact) -> Schema:
    match fact.type:
        case Quantity():
            return _quantity_schema(fact)
        case Truth():
            return {"type": "boolean"}
        case Choice() as choice:
            return _options_schema(choice)
        case DateType():
            return {"type": "string", "format": "date", "pattern": _DATE}
        case Place(any_code=True):
            return {"type": "string"}
        case Place():
            return {"type": "string", "pattern": "^[0-9]{6}$"}
        case Text() if fact.role != "identity":
            return {"type": "string"}
        case Text() | ItemOf():
            return _id_schema()
        case Several(of=of):
            items: Schema = _options_schema(of) if isinstance(of, Choice) else {"type": "string"}
            return {"type": "array", "items": items, "maxItems": MAX_ITEMS}
    assert_never(fact.type)


def _quantity_schema(fact: Fact) -> Schema:
    digits = max(fact.decimals, 2)
    rest = f"[0-9]{{1,{digits}}}" if fact.decimals else "0{1,2}"
    sign = "-?" if is_signed(fact) else ""
    number: Schema = {"type": "number" if fact.decimals else "integer", "minimum": 0}
    whole = fact_digits(fact)
    number["exclusiveMaximum"] = 10**whole
    # outwards to a whole number: a bound with a fraction would be a binary one to most readers of a schema
    if isinstance(fact.least, int | Fraction):
        number["minimum"] = floor(Fraction(fact.least) / written_steps(fact))
    if isinstance(fact.most, int | Fraction):
        number["maximum"] = ceil(Fraction(fact.most) / written_steps(fact))
    text: Schema = {"type": "string", "pattern": rf"^{sign}(0|[1-9][0-9]{{0,{whole - 1}}})(\.{rest})?$"}
    return {"anyOf": [number, text]}


def _options_schema(choice: Choice) -> Schema:
    return {"anyOf": [{"const": option, "title": label} for option, label in choice.options]}


def _id_schema() -> Schema:
    # written without an end mark, which some readers let pass before a final line break
    no_control_character = r"^(?![\s\S]*[\x00-\x1f\x7f])"
    return {"type": "string", "minLength": 1, "maxLength": _MOST_TEXT_OF_IDENTITY, "pattern": no_control_character}


def _description(fact: Fact) -> str:
    unit = f"单位：{fact.unit_text}" if fact.unit_text else ""
    digits = f"小数点后至多 {fact.decimals} 位" if isinstance(fact.type, Quantity) and fact.decimals else ""
    labels = fact.type.options if isinstance(fact.type, Choice) else ()
    options = "、".join(f"{option} {label}" for option, label in labels)
    refers = f"填 {fact.type.collection} 中一项的编号" if isinstance(fact.type, ItemOf) else ""
    judged = "由工作人员评估" if fact.judgement else ""
    cites = f"依据：{fact.cites}" if fact.cites else ""
    return _sentence([fact.label, unit, digits, options, refers, judged, cites])


def _sentence(parts: list[str]) -> str:
    return "；".join(part for part in parts if part)
