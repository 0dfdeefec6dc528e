"""Texts in an expression: options, places and plain texts written out, and how a value would have to be written.

In: literals and names of the surface tree beside a type that is wanted.  Out: core constants, or None after a reported
fault; what is offered can stand in an expression as it is, in whatever form of YAML the expression is written.
Imports context, core, parser, scope and types.
"""

from __future__ import annotations

import re

from engine.diagnostics import Reporter
from engine.language import ast, core
from engine.language.context import Context, text_of
from engine.language.core import CoreExpression
from engine.language.parser import parse_expression
from engine.language.types import TEXT, Choice, DateType, Place, Quantity, Several, Text, Truth, Type
from engine.language.words import is_name
from engine.source import Span
from engine.suggest import Near

_MOST_SHOWN = 50
"""options that are listed where one is unknown"""
_PLACE_CODE = re.compile(r"[0-9]{6}")
_WRITTEN = {ast.NumberLiteral: Quantity, ast.DateLiteral: DateType, ast.TruthLiteral: Truth}


def option_of(text: str, choice: Choice) -> str:
    """The id of the option that the text names, by id or by label; "" where there is none."""
    if text in dict(choice.options):
        return text
    return next((identifier for identifier, label in choice.options if label == text), "")


def text_constant(literal: ast.TextLiteral, context: Context, want: Type | None) -> CoreExpression | None:
    """A text written out; beside a choice or a place it names an option or a division."""
    text, span = literal.value, literal.span
    match want:
        case Choice():
            if option := option_of(text, want):
                return core.Constant(span, want, option)
            report_option(text, span, want, context)
            return None
        case Place():
            if is_place(text, want, context):
                return core.Constant(span, want, text)
            _report_place(text, span, want, context)
            return None
    return core.Constant(span, TEXT, text)


def is_place(text: str, place: Place, context: Context) -> bool:
    """Whether it is a code that a household's place may have."""
    places = context.scope.places
    if place.any_code and places is not None:
        return text in places
    return _PLACE_CODE.fullmatch(text) is not None


def _report_place(text: str, span: Span, place: Place, context: Context) -> None:
    code = _code_of(text, place, context)
    if place.any_code:
        near = "" if code else Near(text, context.scope.places or (), quoted)
        context.report.tell("unknown-place", span, name=text, suggestion=near, quoted=code)
    else:
        context.report.tell("bad-place-code", span, place=text, quoted=code)


def _code_of(text: str, place: Place, context: Context) -> str:
    """The code of the only place that has this code or name, as it is written; "" where there is none such."""
    if is_place(text, place, context):
        return quoted(text)
    codes = [code for code, each in (context.scope.places or {}).items() if each.name == text]
    return quoted(codes[0]) if len(codes) == 1 else ""


def report_option(text: str, span: Span, choice: Choice, context: Context) -> None:
    shown = "、".join(f"{identifier}（{label}）" for identifier, label in choice.options[:_MOST_SHOWN])
    if len(choice.options) > _MOST_SHOWN:
        shown += "……"
    names = [each for option in choice.options for each in option]
    near = Near(text, names, lambda name: name if is_name(name) else quoted(name))
    context.report.tell("unknown-option", span, option=text, options=shown, suggestion=near)


# ---- quotes that lack, or are too many


def quoted(text: str) -> str:
    """A text as it stands in an expression: in Chinese quotes, which close no value of YAML."""
    return f'"{text}"' if "”" in text else f"“{text}”"


def as_text(text: str, want: Type | None, context: Context) -> str:
    """What is written without quotes, with them, where a text or a place is wanted; "" where that would be none."""
    match want:
        case Place():
            return _code_of(text, want, context)
        case Text() | Several(of=Text()):
            return quoted(text)
    return ""


def requoted(found: CoreExpression, want: Type, context: Context) -> dict[str, str]:
    """By hint, how a value that was written out would be of the kind that is wanted."""
    if not isinstance(found, core.Constant):
        return {}
    if isinstance(found.type, Text):
        span = found.span.at(1, len(found.span.text) - 1)
        written = _WRITTEN.get(type(parse_expression(span, Reporter())))
        return {"unquoted": span.text} if written is not None and isinstance(want, written) else {}
    return {"quoted": as_text(text_of(found.span), want, context)}
