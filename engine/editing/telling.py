"""How an element is told in a line: what kind of thing it is, its type or unit, where it comes from.

In: a `Named`.  Out: texts, in the language asked for.
Imports known, model, language and say.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, assert_never

from engine.editing.known import Named, NamedKind
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.units import Unit, show_unit
from engine.policy.extent import customary_unit, written_unit
from engine.policy.model import Fact, Guard, Origin, Parameter, show_decimal
from engine.say import Say

KINDS: Final[dict[NamedKind, tuple[str, str]]] = {
    "fact": ("填报事项", "fact"),
    "collection": ("集合", "collection"),
    "term": ("计算步骤", "term"),
    "parameter": ("参数", "parameter"),
    "list": ("名单", "list"),
    "reading": ("条文读法", "reading"),
    "cause": ("致贫原因", "cause"),
    "condition": ("条件", "condition"),
}
EFFECTS: Final = {
    "narrower": ("只可收紧", "may only narrow"),
    "wider": ("只可放宽", "may only widen"),
    "any": ("不限", "free"),
    "sealed": ("不得改", "sealed"),
    "expected": ("应当设定", "expected"),
}

PROMISES: Final = {
    "narrower": "only fewer households are eligible",
    "wider": "only more households are eligible",
    "any": "no promise",
}
"""what an effect promises, in English; the schema has the Chinese"""


def type_text(named: Named, say: Say) -> str:
    """Its unit, or what kind of value it is: `元/12 月`, `是或否`, `选项`."""
    return named.unit or ("" if named.type is None else _kind_text(named.type, say))


def _kind_text(type_: Type, say: Say) -> str:
    match type_:
        case Quantity(unit=unit):
            return show_unit(customary_unit(unit)) or say("数", "number")
        case Truth():
            return say("是或否", "yes or no")
        case DateType():
            return say("日期", "date")
        case Choice():
            return say("单选", "choice")
        case Text():
            return say("文字", "text")
        case Place():
            return say("行政区划代码", "place")
        case ItemOf():
            return say("集合中的一项", "item of a collection")
        case Several():
            return say("多选", "several")
    assert_never(type_)


def kind_text(named: Named, say: Say) -> str:
    """`填报事项`, and of whose items."""
    return say(*KINDS[named.kind])


def summary(named: Named, say: Say) -> str:
    """A line or two on an element, as Markdown: label, kind, options, article."""
    head = f"**{named.label or named.id}** `{named.id}`"
    lines = [head, " · ".join(part for part in (kind_text(named, say), type_text(named, say)) if part)]
    if isinstance(named.type, Choice):
        lines.append(options_text(named.type, say))
    if named.element is not None and named.element.cites:
        lines.append(say("出处：", "article: ") + named.element.cites)
    return "\n\n".join(lines)


def options_text(choice: Choice, say: Say) -> str:
    told = [say(f"{label}（`{id_}`）", f"`{id_}` {label}") for id_, label in choice.options]
    return say("选项：", "options: ") + say.names(told)


def guard_text(guard: Guard, say: Say, unit: str, counted: Unit | None) -> str:
    """What a guard lets an overlay do: `只可收紧，至多 36 月，应当设定`."""
    told = [say(*EFFECTS[guard.effect])] if guard.effect != "any" or not _says_more(guard) else []
    if guard.least is not None:
        told.append(say("至少 ", "at least ") + amount(guard.least, unit, counted))
    if guard.most is not None:
        told.append(say("至多 ", "at most ") + amount(guard.most, unit, counted))
    if guard.options:
        told.append(say("只可选 ", "only ") + say.names(guard.options))
    if guard.expected:
        told.append(say("应当设定", "expected"))
    return say("，", ", ").join(told)


def _says_more(guard: Guard) -> bool:
    return guard.expected or guard.least is not None or guard.most is not None or bool(guard.options)


def amount(value: object, unit_text: str, counted: Unit | None) -> str:
    """A bound in the author's unit: `36 月`; a date as it is."""
    if isinstance(value, date):
        return value.isoformat()
    assert isinstance(value, int | Fraction)
    if counted is None:
        return show_decimal(value)
    unit = written_unit(unit_text.replace("/12 月", "/年"), counted)
    number = show_decimal(Fraction(value) * counted.factor / unit.factor)
    return f"{number} {unit_text or show_unit(unit)}".strip()


def bounds_text(held: Fact | Parameter, say: Say) -> str:
    """The declared bounds; "" where there are none."""
    counted = held.type.unit if isinstance(held.type, Quantity) else None
    ends = [
        (say("不小于 ", "at least "), held.least),
        (say("不大于 ", "at most "), held.most),
    ]
    return say("，", ", ").join(said + amount(end, held.unit_text, counted) for said, end in ends if end is not None)


def origin_text(origin: Origin, say: Say) -> str:
    """Where it comes from: document, days, source with its grade, file and line."""
    parts = [origin.document]
    if origin.start is not None:
        until = f" {say('至', 'to')} {origin.until}" if origin.until is not None else say(" 起施行", " on")
        parts.append(f"{say('', 'from ')}{origin.start}{until}")
    if origin.published is not None and origin.published != origin.start:
        parts.append(say(f"{origin.published} 公布", f"published {origin.published}"))
    if origin.source:
        grade = say(f"（{origin.grade} 级）", f" (grade {origin.grade})") if origin.grade else ""
        parts.append(f"<{origin.source}>{grade}")
    parts.append(f"`{origin.span.line_place}`")
    return say("，", ", ").join(part for part in parts if part)
