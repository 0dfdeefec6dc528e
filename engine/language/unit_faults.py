"""Units that do not go together: named in the author's words, with a repair that can be copied.

In: two core quantities of different dimensions.  Out: one Diagnostic.
Imports context, units and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from engine.diagnostics import Reporter
from engine.language import core
from engine.language.context import Context, as_factor, text_of
from engine.language.core import CoreExpression
from engine.language.scope import CollectionEntry, FactEntry, ParameterEntry, Scope, TermEntry, collections_of
from engine.language.types import Quantity
from engine.language.units import (
    DAY,
    MONTH,
    NUMBER,
    Dimension,
    Unit,
    declared_in,
    is_counted,
    natural_unit,
    parse_unit,
    show_unit,
    word_unit,
)
from engine.language.words import fold
from engine.source import Span, UnitWords


def report_mismatch(left: CoreExpression, right: CoreExpression, span: Span, operator: str, context: Context) -> None:
    """Two quantities cannot be compared, added or be alternatives; `operator` is the author's sign, "" for none."""
    first, second = _dimension(left), _dimension(right)
    if first == NUMBER or second == NUMBER:
        bare, other = (left, right) if first == NUMBER else (right, left)
        _report_bare(bare, other, context)
        return
    params = {
        "left": text_of(left.span),
        "left_unit": unit_words(left, context),
        "right": text_of(right.span),
        "right_unit": unit_words(right, context),
    }
    own = [side for side in (left, right) if span.holds(side.span)]
    params |= _repairs(left, right, own, first / second, operator, context)
    related = [("other-side", side.span) for side in (left, right) if side not in own]
    context.report.tell("unit-mismatch", span, path="", related=related, **params)


def report_unexpected(found: CoreExpression, wanted: Unit, words: str, context: Context) -> None:
    """The whole expression has not the unit that its declaration states; `words` are those of the declaration."""
    dimension = _dimension(found)
    text = text_of(found.span)
    words = words or show_unit(natural_unit(wanted.dimension))
    if dimension == NUMBER:
        context.report.tell("missing-unit", found.span, number=text, unit=words, suggestion=_number_in(found, words))
        return
    if wanted.dimension == NUMBER:
        context.report.tell("unexpected-unit", found.span, text=text, unit=unit_words(found, context))
        return
    repairs: dict[str, str] = {}
    difference = dimension / wanted.dimension
    if isinstance(found, core.Constant) and not months_and_days(difference):
        repairs["written"] = _rewritten(found, wanted.dimension, spoken_in(words, context.scope.units), context)
    for base, power in difference.powers:
        if is_counted(base) and power == 1:
            counter = _counter(base, context)
            repairs["divide"] = f"{as_factor(found)} / {counter}" if counter else ""
        elif is_counted(base) and power == -1:
            repairs["multiply"] = f"{as_factor(found)} * 1 {base}"
        elif base == MONTH and power == -1:
            key, total = _over_its_time(found, context)
            repairs[key] = total
    if len(difference.powers) > 1:
        repairs = {"written": repairs.get("written", "")}  # one step alone would leave the units apart
    params = {"text": text, "unit": unit_words(found, context), "wanted": words}
    context.report.tell("expected-unit", found.span, path="", related=(), **params, **repairs)


def unit_words(expression: CoreExpression, context: Context) -> str:
    """The unit of an expression as its author would name it: in the words declared or written, whatever was worked out.

    An amount over 12 months is one in 元/12 月 (by the month it would be a twelfth), and one in 万元 stays one.
    """
    dimension = _dimension(expression)
    declared = _declared(expression, context)
    unit = parse_unit(declared, context.scope.units)
    if declared and unit is not None and unit.dimension == dimension:
        return declared
    return _in_words(dimension, _spoken(expression, context))


def months_and_days(difference: Dimension) -> bool:
    """Whether one side counts months and the other days: of a figure in the one none is right in the other."""
    return bool(difference.power(MONTH) and difference.power(DAY))


def reworded(wanted: Dimension, words: str, own: str) -> str:
    """A unit of the wanted dimension for a file: in the author's own words where there are, else as declared."""
    units = declared_in(wanted)
    return re.sub(r"/12 个?月$", "/年", _in_words(wanted, {**spoken_in(words, units), **spoken_in(own, units)}))


def _in_words(dimension: Dimension, spoken: Mapping[str, str]) -> str:
    """A dimension in an author's words: `spoken` has the word for each base, a length of time where it covers one."""
    above, _, below = show_unit(natural_unit(dimension)).partition("/")
    units = declared_in(dimension)

    def own(word: str) -> str:
        return spoken.get(_base(word, units), word)

    # a year's amounts in a year's amount are years; of other lengths no unit is the measure
    above = "·".join(_YEARS.sub("年", own(word)) for word in above.split("·"))
    return "/".join([above, *(own(word).removeprefix("1 ") for word in below.split("/") if word)])


_YEARS = re.compile(r"^(?:12 ?(?:个?月|months?)|1 ?(?:学?年|years?|school_year))$")
_LENGTH = re.compile(r"([0-9.]+) ?(\D*)")


def _base(word: str, units: UnitWords) -> str:
    unit = word_unit(word, units)
    return "" if unit is None else unit.dimension.powers[0][0]


def spoken_in(words: str, units: UnitWords) -> dict[str, str]:
    """The word of a written unit for each of its bases: `万元` for 分 and `12 月` for 月 in `万元/12 月`."""
    found: dict[str, str] = {}
    for word in re.split(r"[/·]", fold(words)):
        length = _LENGTH.fullmatch(word.strip())
        plain = word.strip() if length is None else length[2] or MONTH
        if base := _base(plain, units):
            found[base] = plain if length is None else f"{length[1]} {plain}"
    return found


def _spoken(expression: CoreExpression, context: Context) -> dict[str, str]:
    """The words for units in an expression, by base; of several for one the first."""
    match expression:
        case core.Constant(span=span):
            written = re.search(r"[0-9.]+ ?([^\s\d()]+)\)*$", fold(span.text))
            return spoken_in(written[1], context.scope.units) if written else {}
        case core.Lookup(marginal=True, keys=keys):
            return _spoken(keys[-1], context) | spoken_in(_declared(expression, context), context.scope.units)
        case core.Fact() | core.TermValue() | core.Lookup():
            return spoken_in(_declared(expression, context), context.scope.units)
        case core.Between(function="years_between", span=span):
            return {MONTH: "岁" if any(word in span.text for word in _BIRTH) else "年"}
    found: dict[str, str] = {}
    for child in core.operands(expression):
        if isinstance(child.type, Quantity):
            found = _spoken(child, context) | found
    return found


_BIRTH = ("birth", "出生", "生日")


def _declared(expression: CoreExpression, context: Context) -> str:
    match expression:
        case core.Lookup():
            entry = context.entry("", expression.parameter)
        case core.Fact() | core.TermValue():
            entry = context.entry(expression.collection, expression.id)
        case _:
            return ""
    return entry.unit_text if isinstance(entry, (FactEntry, TermEntry, ParameterEntry)) else ""


def declared_unit(expression: CoreExpression, scope: Scope) -> str:
    """The words for the unit of a term that states none: those of what it is worked out of."""
    if not isinstance(expression.type, Quantity) or expression.type.unit.dimension == NUMBER:
        return ""
    collections = collections_of(scope)
    return unit_words(expression, Context(scope, Reporter(), collections, "zh", item=scope.item))


def with_unit(number: str, unit: str) -> str:
    """A number in a unit, so that it can stand in an expression: an amount over 6 months is divided by them."""
    over = re.fullmatch(rf"(.+)/{_LENGTH.pattern}", unit)
    if over is None:
        return "" if _LENGTH.match(unit) else f"{number} {unit}"
    return f"{number} {over[1]} / {over[2]} {over[3]}"


def _number_in(bare: CoreExpression, unit: str) -> str:
    """A number written out, with a unit; "" for anything else: a share has no unit put behind it."""
    text = text_of(bare.span)
    plain = isinstance(bare, core.Constant) and re.fullmatch(r"-?[0-9.]+", fold(text))
    return with_unit(text, unit) if plain else ""


def _rewritten(literal: core.Constant, wanted: Dimension, words: Mapping[str, str], context: Context) -> str:
    """The number of a literal in another unit: its own words stay (`万元`, `年`), the rest are the other's."""
    text = text_of(literal.span)
    number = re.match(r"-?[0-9.]+", fold(text))
    if number is None:
        return ""
    return with_unit(text[: number.end()], _in_words(wanted, {**words, **_spoken(literal, context)}))


def _over_its_time(each: CoreExpression, context: Context) -> tuple[str, str]:
    """What an amount over a time comes to, and the hint for it: over the time that it covers, or as many months as are
    prescribed. A number that it is multiplied by already may be those months: then no other figure is offered."""
    word = _spoken(each, context).get(MONTH, MONTH)
    length = _LENGTH.match(word)
    if length is not None:
        return "period", f"{as_factor(each)} * {word}"
    if word in ("年", "学年"):
        return "period", f"{as_factor(each)} * 1 {word}"
    bare = list(_bare_factors(each))
    if bare:
        return "factor", _in_months(each, bare[0]) if len(bare) == 1 else ""
    return "months", f"{as_factor(each)} * 12 月"


def _bare_factors(expression: CoreExpression) -> Iterator[core.Constant]:
    """The numbers without a unit that are multiplied by something in an expression."""
    for child in core.operands(expression):
        if not isinstance(child, core.Constant):
            yield from _bare_factors(child)
        elif isinstance(expression, core.Product) and re.fullmatch(r"[0-9.]+", fold(child.span.text)):
            yield child


def _in_months(each: CoreExpression, bare: core.Constant) -> str:
    """The expression with its one bare factor as months; "" where that is no whole number or divides."""
    text, start = each.span.text, bare.span.start - each.span.start
    end = start + len(bare.span.text)
    if "." in bare.span.text or text[:start].rstrip().endswith("/"):
        return ""
    return " ".join(f"{text[:end]} 月{text[end:]}".split())


def _report_bare(bare: CoreExpression, other: CoreExpression, context: Context) -> None:
    unit = unit_words(other, context)
    written = re.match(r"[0-9]+", fold(other.span.text)) if isinstance(other, core.Constant) else None
    context.report.tell(
        "bare-number",
        bare.span,
        number=text_of(bare.span),
        other=text_of(other.span),
        unit=unit,
        suggestion=_number_in(bare, unit),
        plain=written[0] if written and isinstance(bare, core.DatePart) else "",
    )


def _repairs(
    left: CoreExpression,
    right: CoreExpression,
    own: Sequence[CoreExpression],
    difference: Dimension,
    operator: str,
    context: Context,
) -> dict[str, str]:
    """What would bring both sides to one unit. `difference` is the left dimension over the right one.

    Args:
        own: the sides that the author can change. Of the parts of a step the other one may be another file's.
    """
    powers = dict(difference.powers)
    if months_and_days(difference):
        return {"days": context.word("months_between")}

    def joined(changed: CoreExpression, text: str) -> str:
        """The whole comparison with one side changed; the changed side alone where there is none to show."""
        if not text or changed not in own:
            return ""
        if not operator or len(own) == 1:
            return text
        sides = (text, text_of(right.span)) if changed is left else (text_of(left.span), text)
        return f" {operator} ".join(sides)

    found: dict[str, str] = {}
    for side, other in ((right, left), (left, right)):
        if isinstance(side, core.Constant) and side in own:
            found["written"] = _rewritten(side, _dimension(other), _spoken(other, context), context)
            break
    per_item = [base for base, power in powers.items() if is_counted(base) and abs(power) == 1]
    # the side with 月 below is the amount over a time
    timed, lump = (right, left) if powers.get(MONTH, 0) > 0 else (left, right)
    if abs(powers.get(MONTH, 0)) == 1 and len(powers) == 1:
        key, total = _over_its_time(timed, context)
        found[key] = joined(timed, total)
        if timed not in own and key == "period":
            found["spread"] = f"{as_factor(lump)} / {total.rpartition(' * ')[2]}"
    elif len(powers) > 1:
        # one step alone would leave the units apart; and of a number written out only its author knows what it is for
        counter = _counter(per_item[0], context) if len(per_item) == 1 and len(powers) == 2 else ""
        whole = left if per_item and powers[per_item[0]] > 0 else right
        both = operator and not found and len(own) == 2
        if counter and both and whole is not timed and abs(powers.get(MONTH, 0)) == 1:
            sides = [
                f"{as_factor(each)} / {counter}" if each is whole else _over_its_time(each, context)[1]
                for each in (left, right)
            ]
            found["both"] = f" {operator} ".join(sides) if all(sides) else ""
        return found
    elif not per_item:
        return found
    if len(per_item) == 1:
        base = per_item[0]
        whole, single = (left, right) if powers[base] > 0 else (right, left)
        counter = _counter(base, context)
        # the price of a thing is not divided by a count of people
        if counter and not (context.item and base == "人"):
            found["divide"] = joined(whole, f"{as_factor(whole)} / {counter}")
        found["multiply"] = joined(single, f"{as_factor(single)} * 1 {base}")
    return found


def _counter(base: str, context: Context) -> str:
    """What counts all the items of a unit: a declared whole term, or the count of the collection. One that may be zero,
    as the count of some of them may, is no divisor."""
    dimension = Dimension.of(base)
    for entry in context.scope.names.values():
        if isinstance(entry, TermEntry) and entry.collection == "":
            type_, least = entry.type, entry.least
            if not isinstance(least, int) or least < 1:
                continue
            if isinstance(type_, Quantity) and type_.whole and type_.unit.dimension == dimension:
                return context.shown(entry)
    for entry in context.scope.names.values():
        if isinstance(entry, CollectionEntry) and entry.unit == base and entry.at_least >= 1:
            return f"{context.word('count')}({context.shown(entry)})"
    return ""


def _dimension(expression: CoreExpression) -> Dimension:
    return cast("Quantity", expression.type).unit.dimension
