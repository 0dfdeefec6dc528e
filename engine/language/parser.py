"""Text to surface tree: the sole holder of Lark.

In: a stretch of a file.  Out: an `Expression` whose spans are file offsets, or Diagnostics.
The grammar is grammar/expression.lark; its tables are made when doudi is built, else once a process. The words for
units that a policy declares go into the pattern of a number, and nowhere else.
Lark is imported on first use, and what explains faults where there is one, so that importing this module costs nothing.
Nothing here recurses: the size of an expression is bounded before any later pass walks down its tree.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from engine.diagnostics import Reporter
from engine.language import ast
from engine.language.units import UNIT_WORDS, all_words
from engine.language.words import WORDS, fold
from engine.records import dataclass
from engine.resources import grammar_text
from engine.source import Span, UnitWords

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_LEXER = "basic"  # one regular expression to compile; the contextual one has sixteen
MAX_CHARACTERS = 4096
MAX_NESTING = 64
MAX_CHAIN = 128
MAX_DIGITS = 15
MAX_DECIMALS = 6


def parse_expression(span: Span, report: Reporter) -> ast.Expression | None:
    """The expression that a stretch of a file holds, or None after reporting why there is none.

    The stretch may hold line breaks and indentation. A fault of syntax is told once, at its place; faults of
    literals (a bad date, a number too long) are all told.
    """
    text = fold(span.text)
    if len(text) > MAX_CHARACTERS:
        report.tell("expression-too-long", span, length=str(len(text)), limit=str(MAX_CHARACTERS))
        return None
    if not text.strip():
        report.tell("empty-expression", span)
        return None
    too_deep = _bracket_too_deep(text)
    if too_deep is not None:
        report.tell("expression-too-deep", span.at(too_deep, too_deep + 1), limit=str(MAX_NESTING))
        return None
    tree = _tree(text, span, report)
    return None if tree is None else _Builder(span, report).build(tree)


@cache
def make_lark(lexer: str = _LEXER, units: UnitWords = ()) -> Lark:
    """The parser; the contextual lexer serves the test that both agree.

    Its tables come from the module that the build makes, where that was made of this grammar by this Lark.
    """
    from lark import Lark

    grammar = grammar_text("expression.lark")
    kept = _kept_tables() if lexer == _LEXER else None
    if kept is not None and _key(grammar) == kept.KEY:
        memo = {at: _with_units(held, units) for at, held in kept.MEMO.items()} if units else kept.MEMO
        return cast("Lark", cast("Any", Lark)._load_from_dict(kept.DATA, memo))
    return _build(_in_numbers(grammar, units), lexer)


def _with_units(held: dict[str, Any], units: UnitWords) -> dict[str, Any]:
    """The pattern of a number with the words that a policy declares; anything else as it is."""
    if held.get("name") != "NUMBER" or "pattern" not in held:
        return held
    pattern = {**held["pattern"], "value": _in_numbers(held["pattern"]["value"], units), "raw": None}
    return {**held, "pattern": pattern}


def _in_numbers(pattern: str, units: UnitWords) -> str:
    return pattern.replace("|".join(UNIT_WORDS), "|".join(all_words(units)))


def tables_module() -> str:
    """The text of the module that keeps the tables, `engine/language/_tables.py`: plain data."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    grammar = grammar_text("expression.lark")
    data, memo = _build(grammar, _LEXER).memo_serialize([TerminalDef, Rule])
    told = "The tables of grammar/expression.lark, made by the build; not for people."
    return f'"""{told}"""\n\nKEY = {_key(grammar)!r}\nDATA = {data!r}\nMEMO = {memo!r}\n'


def _kept_tables() -> Any:
    try:
        return import_module("engine.language._tables")
    except ImportError:  # run from sources that were never built
        return None


def _key(grammar: str) -> str:
    from hashlib import sha256

    import lark

    return sha256(f"{lark.__version__} {_LEXER} {grammar}".encode()).hexdigest()[:32]


def _build(grammar: str, lexer: str) -> Lark:
    from lark import Lark

    return Lark(grammar, parser="lalr", lexer=cast("Any", lexer), maybe_placeholders=True)


def _tree(text: str, span: Span, report: Reporter) -> Tree[Token] | None:
    parser = make_lark(units=span.source.units)
    from lark.exceptions import UnexpectedInput, UnexpectedToken

    try:
        return parser.parse(text)
    except UnexpectedInput as fault:
        from engine.language.syntax_faults import SyntaxFault, explain

        expected = frozenset(cast("set[str]", cast("Any", fault).interactive_parser.accepts()))
        found, start = "", fault.pos_in_stream or 0
        end = start + 1
        if isinstance(fault, UnexpectedToken) and fault.token.type == "$END":
            found, start, end = "$END", len(text), len(text)
        elif isinstance(fault, UnexpectedToken):
            found, start = fault.token.type, cast("int", fault.token.start_pos)
            end = start + len(fault.token)
        before = _token_before(parser, text, start)
        explain(
            SyntaxFault(
                text=text,
                found=found,
                start=start,
                end=end,
                expected=expected,
                before=before.type if before is not None else "",
                before_start=cast("int", before.start_pos) if before is not None else 0,
                before_end=cast("int", before.end_pos) if before is not None else 0,
            ),
            span,
            report,
        )
        return None


def _token_before(parser: Lark, text: str, start: int) -> Token | None:
    """The last token in front of an offset."""
    from lark.exceptions import UnexpectedInput

    before = None
    try:
        for token in parser.lex(text):
            if cast("int", token.start_pos) >= start:
                break
            before = token
    except UnexpectedInput:  # at the offset itself: what is in front of it could be read
        pass
    return before


def _bracket_too_deep(text: str) -> int | None:
    """The offset of the bracket that is nested too deep, if there is one. Text in quotes does not count."""
    depth = 0
    for found in re.finditer(r'"[^"\n]*"|“[^”\n]*”|[()\[\]]', text):
        sign = found[0]
        if sign in "([":
            depth += 1
            if depth > MAX_NESTING:
                return found.start()
        elif sign in ")]":
            depth = max(0, depth - 1)
    return None


@dataclass(frozen=True, slots=True)
class _Built:
    """A part of the tree: its node or parts, and how deep it is (a chain such as a + b + c counts once)."""

    node: Any
    start: int
    end: int
    nesting: int
    height: int
    family: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """What stands right of `in`: values, or a list, as of another day where it says so."""

    options: tuple[ast.Expression, ...] | ast.Name
    on: ast.Expression | None = None


class _Builder:
    """Lark's tree to ours, from the leaves upwards."""

    def __init__(self, span: Span, report: Reporter) -> None:
        self._span = span
        self._report = report
        self._failed = False

    def build(self, tree: Tree[Token]) -> ast.Expression | None:
        from lark import Tree

        built: dict[int, _Built] = {}
        for part in tree.iter_subtrees():
            children = [built[id(child)] if isinstance(child, Tree) else child for child in part.children]
            made = self._part(part.data, children)
            if made.nesting > MAX_NESTING:
                self._report.tell("expression-too-deep", self._at(made), limit=str(MAX_NESTING))
                return None
            if made.height > MAX_CHAIN:
                self._report.tell("chain-too-long", self._at(made), limit=str(MAX_CHAIN))
                return None
            built[id(part)] = made
        return None if self._failed else cast("ast.Expression", built[id(tree)].node)

    def _part(self, rule: str, children: list[Any]) -> _Built:
        parts = [child for child in children if isinstance(child, _Built)]
        ends = [child for child in children if child is not None]
        start = ends[0].start if isinstance(ends[0], _Built) else ends[0].start_pos
        end = ends[-1].end if isinstance(ends[-1], _Built) else ends[-1].end_pos
        span = self._span.at(start, end)
        height = max((part.height for part in parts), default=0)
        nesting = max((part.nesting for part in parts), default=0)
        if rule == "start":
            return parts[0]
        if rule == "bracketed":
            # the brackets belong to the author's text of this part
            inner = parts[0]
            node = replace(inner.node, span=span)
            return _Built(node, start, end, inner.nesting, inner.height, inner.family)
        if rule in ("tuple", "set", "key"):
            return _Built(self._pieces(rule, children), start, end, nesting, height)
        family = _family(rule, children)
        if family and parts[0].family == family:
            nesting = max(parts[0].nesting, parts[1].nesting + 1)
        else:
            nesting += 1
        return _Built(self._node(rule, span, children), start, end, nesting, height + 1, family)

    def _pieces(self, rule: str, children: list[Any]) -> object:
        if rule == "set" and not isinstance(children[0], _Built) and children[0].type == "NAME":
            return _Listed(self._name(children[0]), children[3].node if len(children) > 1 else None)
        if rule == "key":
            return (self._name(children[0]), children[2].node)
        return tuple(child.node for child in children if isinstance(child, _Built))

    def _node(self, rule: str, span: Span, children: list[Any]) -> ast.Expression:
        nodes = [child.node for child in children if isinstance(child, _Built)]
        match rule:
            case "conditional":
                return ast.If(span, *nodes)
            case "or_":
                return ast.Or(span, *nodes)
            case "and_":
                return ast.And(span, *nodes)
            case "not_":
                return ast.Not(span, *nodes)
            case "negative":
                return ast.Negative(span, *nodes)
            case "compare":
                operator = cast("ast.CompareOperator", WORDS[children[1].type].canonical)
                return ast.Comparison(span, operator, nodes[0], nodes[1], self._token_span(children[1]))
            case "membership":
                left = nodes[0] if isinstance(nodes[0], tuple) else (nodes[0],)
                listed = nodes[1] if isinstance(nodes[1], _Listed) else _Listed(nodes[1])
                return ast.Membership(span, left, children[1].type == "NOT_IN", listed.options, listed.on)
            case "overlap":
                listed = nodes[1] if isinstance(nodes[1], _Listed) else _Listed(nodes[1])
                return ast.Overlap(span, nodes[0], listed.options, listed.on)
            case "arithmetic":
                sign = cast("ast.ArithmeticOperator", str(children[1]))
                return ast.Arithmetic(span, sign, nodes[0], nodes[1], self._token_span(children[1]))
            case "name":
                return self._name(children[0])
            case "dotted":
                return ast.Dotted(span, self._name(children[0]), self._name(children[2]))
            case "keyed":
                return ast.Keyed(span, self._name(children[0]), tuple(nodes))
            case "keyed_of":
                return ast.Keyed(span, self._name(children[0]), tuple(nodes[1:]), None, nodes[0])
            case "keyed_on":
                return ast.Keyed(span, self._name(children[0]), tuple(nodes[1:]), nodes[0])
            case "keyed_on_of":
                return ast.Keyed(span, self._name(children[0]), tuple(nodes[2:]), nodes[0], nodes[1])
            case "aggregate":
                body, where, otherwise = children[2].node, children[6], children[8]
                kind = cast("ast.AggregateKind", WORDS[children[0].type].canonical)
                collection = self._name(children[4])
                return ast.Aggregate(span, kind, body, collection, _node_or_none(where), _node_or_none(otherwise))
            case "short":
                kind = cast("ast.AggregateKind", WORDS[children[0].type].canonical)
                return ast.Aggregate(span, kind, None, self._name(children[2]), _node_or_none(children[4]), None)
            case "call":
                function = cast("ast.FunctionName", WORDS[children[0].type].canonical)
                return ast.Call(span, function, tuple(nodes))
            case _:
                return self._literal(rule, span, str(children[0]))

    def _literal(self, rule: str, span: Span, text: str) -> ast.Expression:
        match rule:
            case "number":
                return self._number(span, text)
            case "date":
                return self._date(span, text)
            case "text":
                return ast.TextLiteral(span, span.text[1:-1])
            case "yes" | "no":
                return ast.TruthLiteral(span, rule == "yes")
            case "previous":
                return ast.Previous(span)
        raise AssertionError(f"rule {rule} of the grammar has no node")

    def _number(self, span: Span, text: str) -> ast.NumberLiteral:
        digits = text.rstrip("%").partition(" ")[0]
        number = cast("re.Match[str]", re.match(r"[0-9]+(?:\.([0-9]+))?", digits))
        whole, decimals = number[0].partition(".")[0], number[1] or ""
        if len(whole) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
            self._failed = True
            self._report.tell("number-too-long", span, digits=str(MAX_DIGITS), decimals=str(MAX_DECIMALS))
        return ast.NumberLiteral(span, Decimal(number[0]), text[number.end() :].strip())

    def _date(self, span: Span, text: str) -> ast.DateLiteral:
        year, month, day = (int(part) for part in text.split("-"))
        try:
            value = date(year, month, day)
        except ValueError:
            self._failed = True
            self._report.tell("bad-date", span, date=text)
            return ast.DateLiteral(span, date.min)
        if text != value.isoformat():
            self._failed = True
            self._report.tell("bad-date", span, date=text, suggestion=value.isoformat())
        return ast.DateLiteral(span, value)

    def _name(self, token: Token) -> ast.Name:
        return ast.Name(self._token_span(token), str(token))

    def _token_span(self, token: Token) -> Span:
        return self._span.at(cast("int", token.start_pos), cast("int", token.end_pos))

    def _at(self, made: _Built) -> Span:
        return self._span.at(made.start, made.end)


def _family(rule: str, children: list[Any]) -> str:
    """What a chain is of: + and - go together, so do * and /, and each of `and` and `or` with itself."""
    if rule == "arithmetic":
        return "sum" if str(children[1]) in "+-" else "product"
    return rule if rule in ("or_", "and_") else ""


def _node_or_none(child: _Built | None) -> ast.Expression | None:
    return None if child is None else cast("ast.Expression", child.node)
