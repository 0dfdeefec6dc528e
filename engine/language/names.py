"""What a name means at its place: a fact, term, parameter, reading, cause, condition, or an option.

In: names of the surface tree and a `Context`.  Out: core leaves, or None after a reported fault; `peek` tells the
type a name would have and reports nothing.
Imports context, core and scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never, cast

from engine.language import ast, core
from engine.language.context import Context
from engine.language.core import CoreExpression
from engine.language.quantities import convert
from engine.language.scope import (
    CauseEntry,
    CollectionEntry,
    Declared,
    Entry,
    ExpectedTerm,
    FactEntry,
    Field,
    ListEntry,
    ParameterEntry,
    ReadingEntry,
    TermEntry,
)
from engine.language.texts import as_text, option_of, report_option
from engine.language.types import TRUTH, Choice, Quantity, Several, Truth, Type
from engine.language.units import Unit, word_unit
from engine.language.words import HOUSEHOLD_NAMES, SELF_NAMES, is_name_shaped
from engine.source import Span
from engine.suggest import Near


def peek(expression: ast.Expression, context: Context, *, ask: bool = True) -> Type | None:
    """The type that a name has as an element of the scope; None for anything else. Reports nothing.

    Args:
        ask: for a term that is not known yet, too.
    """
    entry: object = None
    if isinstance(expression, ast.Name):
        entry = _find(expression.text, context)
    elif isinstance(expression, ast.Dotted):
        entry = _find_dotted(expression, context)
    elif isinstance(expression, ast.Keyed):
        entry = context.scope.names.get(expression.parameter.text)
    if isinstance(entry, ExpectedTerm):
        if ask:
            entry.ask()
        return None
    if isinstance(entry, (FactEntry, TermEntry, ParameterEntry, ReadingEntry)):
        return entry.type
    return TRUTH if isinstance(entry, CauseEntry) else None


def _find(text: str, context: Context) -> Entry | None:
    owner = _owner_here(text, context)
    return context.scope.names.get(text) if owner is None else owner.fields[text]


def _find_dotted(dotted: ast.Dotted, context: Context) -> Entry | None:
    if dotted.owner.text in HOUSEHOLD_NAMES:
        return context.scope.names.get(dotted.member.text)
    owner: object = context.scope.names.get(dotted.owner.text)
    if owner is None and dotted.owner.text in SELF_NAMES.values():
        owner = context.collections.get(context.own)
    if isinstance(owner, CollectionEntry) and owner.id in (context.item, context.around):
        return owner.fields.get(dotted.member.text)
    return None


def resolve(name: ast.Name, context: Context, want: Type | None) -> CoreExpression | None:
    """A name's value. Beside a choice its options come first, whatever else is called so."""
    if isinstance(want, Choice):
        option = option_of(name.text, want)
        if option:
            return core.Constant(name.span, want, option)
    outer = context.scope.names.get(name.text)
    owner = _owner_here(name.text, context)
    inner = None if owner is None else owner.fields.get(name.text)
    if outer is not None and inner is not None and owner is not None:
        household = f"{HOUSEHOLD_NAMES[0]}.{name.text}"
        item = f"{context.shown(owner)}.{name.text}"
        shown = context.shown(owner)
        context.report.tell(
            "ambiguous-name", name.span, name=name.text, collection=shown, household=household, item=item
        )
        return None
    entry = inner if inner is not None else outer
    if entry is None:
        _report_unknown(name, context, want)
        return None
    return value_of(entry, name.text, name.span, context)


def _owner_here(text: str, context: Context) -> CollectionEntry | None:
    """Whose item has what is called so: the one an aggregate goes over, else the one around it."""
    owners = (context.collections.get(collection) for collection in (context.item, context.around))
    return next((owner for owner in owners if owner is not None and text in owner.fields), None)


def value_of(entry: Entry, text: str, span: Span, context: Context, *, own: bool = False) -> CoreExpression | None:
    """The core leaf that reads an element.

    Args:
        own: of an item's, that of the item whose expression it is, even where an aggregate goes over its like.
    """
    match entry:
        case FactEntry():
            return _of_item(core.Fact(span, entry.type, entry.collection, entry.id), context, own)
        case TermEntry():
            return _of_item(core.TermValue(span, entry.type, entry.collection, entry.id), context, own)
        case ExpectedTerm():
            entry.ask()
            return None
        case ParameterEntry():
            return lookup(entry, {}, span, context)
        case ReadingEntry():
            return core.ChosenReading(span, entry.type, entry.id)
        case CauseEntry():
            return core.CauseMet(span, TRUTH, entry.id)
        case CollectionEntry():
            suggestion = f"{context.word('count')}({text})"
            context.report.tell("not-a-value", span, name=text, suggestion=suggestion)
            return None
        case ListEntry():
            context.report.tell("not-a-value", span, name=text)
            return None
    assert_never(entry)


def _of_item(read: core.Fact | core.TermValue, context: Context, own: bool) -> CoreExpression:
    around = context.aggregated and read.collection and (own or read.collection != context.item)
    return core.Outer(read.span, read.type, read) if around else read


def lookup(
    entry: ParameterEntry,
    given: Mapping[str, CoreExpression | None],
    span: Span,
    context: Context,
    on: CoreExpression | None = None,
) -> CoreExpression | None:
    """A parameter by its keys: those given outright, the others by what the parameter names in `by`.

    Args:
        on: the day whose value is meant, where it is not the decision's.
    """
    keys: list[CoreExpression] = []
    for place, identifier in enumerate(entry.by):
        key = given[identifier] if identifier in given else _implied_key(identifier, entry, span, context)
        if key is None:
            return None
        wanted = entry.key_types[place] if place < len(entry.key_types) else key.type
        if isinstance(key.type, Quantity) and isinstance(wanted, Quantity):
            key = convert(key, _key_unit(key.type.unit, wanted))
        keys.append(key)
    if not entry.marginal:
        return core.Lookup(span, entry.type, entry.id, tuple(keys), on)
    rate, amount = cast("Quantity", entry.type), cast("Quantity", keys[-1].type)
    return core.Lookup(span, Quantity(rate.unit * amount.unit), entry.id, tuple(keys), on, marginal=True)


def _key_unit(own: Unit, wanted: Quantity) -> Unit:
    """That in which the key was declared; a count of whatever it is counts in its own words, an age in years."""
    if own.dimension == wanted.unit.dimension:
        return wanted.unit
    return own if own.factor.denominator == 1 else Unit(own.dimension)


def key_named(text: str, entry: ParameterEntry, context: Context) -> str:
    """The key of a parameter that the text names, as its `by` has it; what is none of them stays as it is."""
    declared = context.scope.names.get(text)
    if declared is not None:
        return declared.id
    for key in entry.by:
        owner, _, name = key.rpartition(".")
        fields = context.collections[owner].fields if owner in context.collections else {}
        if text == name or (text in fields and fields[text].id == name):
            return key
    return text


def _implied_key(identifier: str, of: ParameterEntry, span: Span, context: Context) -> CoreExpression | None:
    collection, _, name = identifier.rpartition(".")
    if collection:
        return _item_key(context.collections.get(collection), name, of, span, context)
    owner = _owner_here(identifier, context)
    entry = context.scope.names.get(identifier)
    if entry is None and owner is not None:
        entry = owner.fields.get(identifier)
    if entry is None:
        _report_unknown(ast.Name(span, identifier), context, None)
        return None
    return value_of(entry, identifier, span, context)


def _item_key(
    owner: CollectionEntry | None, name: str, of: ParameterEntry, span: Span, context: Context
) -> CoreExpression | None:
    """What an item says of a parameter's key; where none is current the key can be given outright."""
    field = None if owner is None else owner.fields.get(name)
    if owner is None or field is None:
        _report_unknown(ast.Name(span, name), context, None)
    elif owner.id in (context.item, context.around) or isinstance(field, ExpectedTerm):
        return value_of(field, name, span, context)
    else:
        shown = context.shown(owner)
        suggestion = f"{context.shown(of)}[{context.shown(field)} = …]"
        context.report.tell(
            "item-fact-outside", span, name=context.shown(field), collection=shown, suggestion=suggestion
        )
    return None


def resolve_dotted(dotted: ast.Dotted, context: Context) -> CoreExpression | None:
    """`cause.condition`, `household.id`, `members.id`, `self.id`."""
    owner_text, text = dotted.owner.text, dotted.member.text
    owner = context.scope.names.get(owner_text)
    own = owner is None and owner_text in SELF_NAMES.values()
    if own:
        owner = context.collections.get(context.own)
        if owner is None:
            context.report.tell("self-outside", dotted.owner.span, name=owner_text)
            return None
    if owner is None and owner_text in HOUSEHOLD_NAMES:
        entry = context.scope.names.get(text)
        if isinstance(entry, (FactEntry, TermEntry)):
            return value_of(entry, text, dotted.span, context)
        _report_unknown(dotted.member, context, None)
        return None
    match owner:
        case None:
            _report_unknown(dotted.owner, context, None)
        case CauseEntry():
            condition = owner.conditions.get(text)
            if condition is not None:
                return core.ConditionMet(dotted.span, TRUTH, owner.id, condition)
            near = Near(text, owner.conditions)
            context.report.tell(
                "unknown-condition", dotted.member.span, cause=owner_text, condition=text, suggestion=near
            )
        case CollectionEntry():
            field = owner.fields.get(text)
            if field is None:
                near = Near(text, _sayable(owner.fields))
                context.report.tell(
                    "unknown-field", dotted.member.span, collection=owner_text, name=text, suggestion=near
                )
            elif owner.id not in (context.item, context.around):
                _report_outside(dotted.span, dotted.span.text, owner, field, context)
            else:
                return value_of(field, text, dotted.span, context, own=own)
        case FactEntry() | TermEntry() | ExpectedTerm() | ParameterEntry() | ReadingEntry() | ListEntry():
            twice = text == owner_text  # which stands for itself
            at = dotted.span if twice else dotted.owner.span
            context.report.tell("not-an-owner", at, name=owner_text, suggestion=owner_text if twice else "")
        case _:
            assert_never(owner)
    return None


def collection_of(name: ast.Name, context: Context) -> CollectionEntry | None:
    entry = context.scope.names.get(name.text)
    if isinstance(entry, CollectionEntry):
        return entry
    near = Near(name.text, _names_of(context, CollectionEntry))
    context.report.tell("not-a-collection", name.span, name=name.text, suggestion=near)
    return None


def list_of(name: ast.Name, context: Context, want: Type | None) -> ListEntry | None:
    entry = context.scope.names.get(name.text)
    if isinstance(entry, ListEntry):
        return entry
    # a single option or text without its brackets, or a slip in the name of a list
    single = name.text if isinstance(want, Choice) and option_of(name.text, want) else ""
    near = "" if single else Near(name.text, _names_of(context, ListEntry))
    single = single or as_text(name.text, want, context)
    context.report.tell("not-a-list", name.span, name=name.text, suggestion=single, near=near)
    return None


def _sayable(names: Mapping[str, Entry]) -> Iterator[str]:
    """Names that an author can write, of what is known by now; steps may have others."""
    return (text for text, entry in names.items() if not isinstance(entry, ExpectedTerm) and is_name_shaped(text))


def _names_of(context: Context, kind: type[Declared]) -> Iterator[str]:
    return (text for text, entry in context.scope.names.items() if isinstance(entry, kind))


# ---- names that mean nothing here


def _report_unknown(name: ast.Name, context: Context, want: Type | None) -> None:
    owner = next((entry for entry in context.collections.values() if name.text in entry.fields), None)
    if owner is not None:
        _report_outside(name.span, name.text, owner, owner.fields[name.text], context)
        return
    cause = _cause_of(name.text, context)
    if cause:
        context.report.tell("condition-alone", name.span, name=name.text, suggestion=f"{cause}.{name.text}")
        return
    from engine.language.spacing import spaced
    from engine.language.spoken import TIMES, factors

    times = TIMES.fullmatch(name.text)
    if times is not None and _is_visible(times["before"], context):
        params = {"before": times["before"], "found": times["times"], "suggestion": "", "where": ""}
        product = " * ".join(factors(times))
        context.report.tell("missing-operator", name.span, path="", related=(), times=product, **params)
        return
    units = context.scope.units
    apart = spaced(name.text, lambda text: _is_visible(text, context), units) if context.helpful else ""
    if isinstance(want, Choice) and not apart:
        report_option(name.text, name.span, want, context)
        return
    if word_unit(name.text, units) is not None and (unit := _unit_apart(name.span)) is not None:
        joined = re.sub(r"\s*/\s*", "/", unit.text)
        context.report.tell("unknown-name", unit, name=name.text, suggestion="", apart="", joined=joined)
        return
    near = Near(name.text, _visible(context)) if context.helpful and not apart else ""
    quotes = "" if apart else as_text(name.text, want, context)
    context.report.tell("unknown-name", name.span, name=name.text, suggestion=near, apart=apart, quoted=quotes)


def _unit_apart(span: Span) -> Span | None:
    """`2 万元 / 人`: a number, its unit and the sign that lead up to a unit word taken for a name."""
    text = span.source.text
    line = text.rfind("\n", 0, span.start) + 1
    found = re.search(r"[0-9.]+ ?[^\s\d()/]+(?:/[^\s\d()/]+)*\s*/\s*$", text[line : span.start])
    return None if found is None else Span(span.source, line + found.start(), span.end)


def _report_outside(span: Span, text: str, owner: CollectionEntry, field: Field, context: Context) -> None:
    """An item's fact where no item is current: say how to ask for it."""
    if isinstance(field, ExpectedTerm):
        field.ask()
        return
    shown = context.shown(owner)
    if isinstance(field.type, Truth):
        suggestion = f"{context.word('any')}({shown} {context.word('where')} {context.shown(field)})"
    elif isinstance(field.type, Quantity):
        suggestion = f"{context.word('sum')}({context.shown(field)} {context.word('for')} {shown})"
    else:
        test = f"{context.word('overlaps')} (…)" if isinstance(field.type, Several) else "= …"
        suggestion = f"{context.word('any')}({shown} {context.word('where')} {context.shown(field)} {test})"
    context.report.tell("item-fact-outside", span, name=text, collection=shown, suggestion=suggestion)


def _cause_of(text: str, context: Context) -> str:
    causes = ((shown, one) for shown, one in context.scope.names.items() if isinstance(one, CauseEntry))
    return next((shown for shown, cause in causes if text in cause.conditions), "")


def _is_visible(text: str, context: Context) -> bool:
    """Whether a name may be said here: one of `_visible`."""
    if context.scope.previous is not None and text == context.word("previous"):
        return True
    return (text in context.scope.names or _owner_here(text, context) is not None) and is_name_shaped(text)


def _visible(context: Context) -> Iterable[str]:
    for collection in dict.fromkeys((context.item, context.around)):
        owner = context.collections.get(collection)
        if owner is not None:
            yield from _sayable(owner.fields)
    yield from _sayable(context.scope.names)
    if context.scope.previous is not None:
        yield context.word("previous")
