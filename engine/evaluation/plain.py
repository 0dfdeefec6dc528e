"""How each field of a policy is written, for the code that reads households of which all is as usual.

In: a `CheckedPolicy`.  Out: the `Shape` of a household and of the items of its collections. What a field holds says
`fields`; here is only what may be passed over at a glance, and nothing is told of faults: those the other reader tells.
Imports program, policy, generated code and this floor.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, assert_never, cast

from engine.evaluation.facts import written_steps
from engine.evaluation.fields import read_value
from engine.evaluation.figures import default_as_json
from engine.evaluation.identity import same_id
from engine.evaluation.json_text import NumberText
from engine.evaluation.reasons import Reasons
from engine.generated.compiled import Unhandled
from engine.generated.reading import LONGEST_ID, Field, Kind, Shape
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import Value, ends
from engine.policy.checked import CheckedPolicy
from engine.policy.extent import fact_extent
from engine.policy.model import Fact
from engine.program.link import program_of
from engine.program.model import HOUSEHOLD, Input

_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,2}))?")
_UNCHANGING: Final = frozenset((int, float, str, Decimal, NumberText, date))
"""the types of what may be kept as it was given"""


def shapes_of(policy: CheckedPolicy) -> tuple[Shape, ...]:
    elements, collections = policy.merged.elements, program_of(policy).collections
    given = [(HOUSEHOLD, elements.facts, 1, True)]
    given += [(one.id, one.facts, one.at_least, one.required) for one in elements.collections.values()]
    return tuple(
        Shape(
            id,
            tuple(_field(fact, one) for fact, one in zip(facts.values(), collections[id].inputs, strict=True)),
            least,
            required,
        )
        for id, facts, least, required in given
    )


def plain_ids(ids: list[str]) -> bool:
    """Whether texts may be identities, and no two of them are alike."""
    text = "".join(ids)
    if text.isascii() and text.isprintable() and " " not in text and len(text) <= LONGEST_ID and "" not in ids:
        return len(set(ids if text.islower() else map(str.lower, ids))) == len(ids)
    return all(map(is_identity, ids)) and len(set(map(same_id, ids))) == len(ids)


_IDENTITY: Final = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


def is_identity(text: str) -> bool:
    return _IDENTITY.fullmatch(text) is not None and _is_text(text) and same_id(text) != ""


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _field(fact: Fact, one: Input) -> Field:
    absent = None if one.default is None else default_as_json(fact)
    bounds = None
    if isinstance(fact.type, Quantity) and (fact.least is not None or fact.most is not None):
        bounds = cast("tuple[Value, Value]", ends(fact_extent(fact)))
    return Field(
        fact.id,
        one.slot,
        _kind(fact),
        absent,
        one.required or one.default is not None,
        _read(fact),
        written_steps(fact) if isinstance(fact.type, Quantity) else 1,
        bounds,
        frozenset(option for option, _ in fact.type.options) if isinstance(fact.type, Choice) else frozenset(),
    )


def _kind(fact: Fact) -> Kind:
    if fact.role == "place":
        return "place"
    if fact.role == "as_of":
        return "day"
    match fact.type:
        case Truth():
            return "truth"
        case Quantity():
            return "amount"
        case Choice():
            return "option"
        case Text():
            return "identity" if fact.role == "identity" else "text"
        case DateType() | Place() | ItemOf() | Several():  # what is rarely asked for takes a call
            return "other"
    assert_never(fact.type)


def _read(fact: Fact) -> Callable[[Any], Value]:
    """What `read_value` makes of what stands in a field, where it has nothing to say to it."""

    def read(raw: object) -> Value:
        if type(raw) not in _UNCHANGING and not isinstance(raw, list):
            raise Unhandled
        report = Reasons()
        value = read_value(fact, raw, "", report)
        if value is None or report.diagnostics:
            raise Unhandled
        return value

    if not isinstance(fact.type, Quantity) or fact.decimals != 2 or fact.least is not None or fact.most is not None:
        return read

    def amount(raw: object) -> Value:
        text = raw.text if type(raw) is NumberText else float.__repr__(raw) if type(raw) is float else raw
        if type(text) is str and (found := _AMOUNT.fullmatch(text)) is not None:
            whole, rest = found.groups("")
            return int(whole + rest.ljust(2, "0"))
        return read(raw)

    return amount
