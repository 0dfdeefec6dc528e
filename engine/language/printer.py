"""Surface tree to text, in Chinese or English words, with no more brackets than needed.

Out: text that parses back to an equal tree. Units and texts are written as the author wrote them.
Imports `ast` and `words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, assert_never

from engine.language import ast
from engine.language.words import BY_CANONICAL, SELF_NAMES, Language

# how tightly a construct binds, loosest first
_IF, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _NEGATIVE, _ATOM = range(9)


def print_expression(
    expression: ast.Expression, language: Literal["zh", "en"], names: Mapping[str, str] | None = None
) -> str:
    """The expression in the words of a language.

    Args:
        names: what a name is shown as instead (an id by its Chinese name), for display; the text then parses to a
            tree that is equal but for these names.
    """
    return _Printer(language, names or {}).at(expression, _IF)


class _Printer:
    def __init__(self, language: Language, names: Mapping[str, str]) -> None:
        self._language = language
        self._names = names

    def at(self, expression: ast.Expression, level: int) -> str:
        """The expression where something of at least this level is needed, in brackets if it binds less tightly."""
        text, own = self._print(expression)
        return text if own >= level else f"({text})"

    def _print(self, expression: ast.Expression) -> tuple[str, int]:
        match expression:
            case ast.Or() | ast.And() | ast.Arithmetic():
                return self._chain(expression)
            case ast.If(test=test, then=then, otherwise=otherwise):
                parts = (self._word("if"), self.at(test, _IF), self._word("then"), self.at(then, _IF))
                return " ".join((*parts, self._word("else"), self.at(otherwise, _IF))), _IF
            case ast.Not(operand=operand):
                return f"{self._word('not')} {self.at(operand, _NOT)}", _NOT
            case ast.Comparison(operator=operator, left=left, right=right):
                return f"{self.at(left, _SUM)} {self._word(operator)} {self.at(right, _SUM)}", _COMPARISON
            case ast.Membership(left=left, negated=negated):
                tested = self.at(left[0], _SUM) if len(left) == 1 else self._list(left)
                return f"{tested} {self._word('not in' if negated else 'in')} {self._set(expression)}", _COMPARISON
            case ast.Overlap(left=tested_set):
                return f"{self.at(tested_set, _SUM)} {self._word('overlaps')} {self._set(expression)}", _COMPARISON
            case ast.Negative(operand=operand):
                inner = self.at(operand, _NEGATIVE)
                return f"- {inner}" if inner.startswith("-") else f"-{inner}", _NEGATIVE
            case ast.NumberLiteral(value=value, unit=unit):
                return _number(value) + ("" if unit in ("", "%") else " ") + unit, _ATOM
            case ast.DateLiteral(value=day):
                return day.isoformat(), _ATOM
            case ast.TextLiteral(value=text):
                return f"“{text}”" if '"' in text else f'"{text}"', _ATOM
            case ast.TruthLiteral(value=truth):
                return self._word("yes" if truth else "no"), _ATOM
            case ast.Name():
                return self._name(expression), _ATOM
            case ast.Dotted(owner=owner, member=member):
                return f"{self._owner(owner)}.{self._name(member)}", _ATOM
            case ast.Keyed(parameter=parameter, keys=keys, on=on, last=last):
                given = [f"{self._name(key)} = {self.at(value, _SUM)}" for key, value in keys]
                given = given if last is None else [self.at(last, _SUM), *given]
                inside = given if on is None else [self._on(on), *given]
                return f"{self._name(parameter)}[{', '.join(inside)}]", _ATOM
            case ast.Previous():
                return self._word("previous"), _ATOM
            case ast.Call(function=function, arguments=arguments):
                return self._word(function) + self._list(arguments), _ATOM
            case ast.Aggregate():
                return self._aggregate(expression), _ATOM
        assert_never(expression)

    def _chain(self, expression: ast.Or | ast.And | ast.Arithmetic) -> tuple[str, int]:
        """Left-leaning chains are walked in a loop: they may be longer than nesting may be deep."""
        level = _level(expression)
        tail: list[str] = []
        node: ast.Expression = expression
        while isinstance(node, (ast.Or, ast.And, ast.Arithmetic)) and _level(node) == level:
            tail.append(f"{self._joiner(node)} {self.at(node.right, level + 1)}")
            node = node.left
        tail.append(self.at(node, level))
        return " ".join(reversed(tail)), level

    def _joiner(self, node: ast.Or | ast.And | ast.Arithmetic) -> str:
        if isinstance(node, ast.Arithmetic):
            return node.operator
        return self._word("or" if isinstance(node, ast.Or) else "and")

    def _aggregate(self, aggregate: ast.Aggregate) -> str:
        parts: list[str] = []
        if aggregate.body is not None:
            parts += [self.at(aggregate.body, _IF), self._word("for")]
        parts.append(self._name(aggregate.collection))
        if aggregate.where is not None:
            parts += [self._word("where"), self.at(aggregate.where, _IF)]
        if aggregate.otherwise is not None:
            parts += [self._word("else"), self.at(aggregate.otherwise, _IF)]
        return f"{self._word(aggregate.kind)}({' '.join(parts)})"

    def _set(self, expression: ast.Membership | ast.Overlap) -> str:
        options, on = expression.options, expression.on
        if not isinstance(options, ast.Name):
            return self._list(options)
        return self._name(options) if on is None else f"{self._name(options)}[{self._on(on)}]"

    def _on(self, day: ast.Expression) -> str:
        return f"{self._word('on')} {self.at(day, _SUM)}"

    def _list(self, expressions: tuple[ast.Expression, ...]) -> str:
        return f"({', '.join(self.at(each, _IF) for each in expressions)})"

    def _name(self, name: ast.Name) -> str:
        return self._names.get(name.text, name.text)

    def _owner(self, owner: ast.Name) -> str:
        """Where elements are shown by their names, the current item is, too, in the language."""
        own = owner.text in SELF_NAMES.values() and owner.text not in self._names
        return SELF_NAMES[self._language] if own and self._names else self._name(owner)

    def _word(self, canonical: str) -> str:
        return BY_CANONICAL[canonical].spelled(self._language)


def _level(node: ast.Or | ast.And | ast.Arithmetic) -> int:
    match node:
        case ast.Or():
            return _OR
        case ast.And():
            return _AND
        case ast.Arithmetic(operator=operator):
            return _SUM if operator in ("+", "-") else _PRODUCT
    assert_never(node)


def _number(value: Decimal) -> str:
    return format(value, "f")
