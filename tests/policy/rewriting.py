"""The same policy written differently: entries in another order, expressions in other words, other line ends.

In: a file's text.  Out: text that means the same. The tests of order and of the digest hold policies against these.
"""

from __future__ import annotations

import random
from collections.abc import Mapping as Names
from typing import Literal

from engine.diagnostics import Reporter
from engine.language.parser import parse_expression
from engine.language.printer import print_expression
from engine.policy.yaml_nodes import read_tree
from engine.source import Source
from engine.tree import Mapping, Scalar, Sequence, Tree

EXPRESSIONS = ("is", "when", "unless", "require")
PARTS = ("sum", "how_many", "any", "every", "max", "min", "parts", "joins")
ORDERED = ("choice", "options", "several", "assumptions", "by", "of", "items")
"""whose order is what people see, or means something"""


def shuffled(text: str, rng: random.Random) -> str:
    """The entries of every mapping, and dated blocks, in another order."""
    return f"{_written(_shuffled(tree_of(text), rng), '')}\n"


def respelt(text: str, language: Literal["zh", "en"], names: Names[str, str]) -> str:
    """Every expression in the words of one language, with names exchanged."""
    return f"{_written(_respelt(tree_of(text), '', language, names), '')}\n"


def tree_of(text: str) -> Tree:
    report = Reporter()
    tree = read_tree(Source("rewritten", text), report)
    assert tree is not None
    assert not report.has_errors
    return tree


def _shuffled(tree: Tree, rng: random.Random, key: str = "") -> Tree:
    match tree:
        case Scalar():
            return tree
        case Sequence(span=span, items=items, flow=flow):
            inner = [_shuffled(item, rng) for item in items]
            if key not in ORDERED and all(isinstance(item, Mapping) for item in inner):
                rng.shuffle(inner)
            return Sequence(span, tuple(inner), flow)
        case Mapping(span=span, entries=entries, flow=flow):
            held = [(name, _shuffled(value, rng, name.text)) for name, value in entries]
            if key not in ORDERED or key == "items":
                rng.shuffle(held)
            return Mapping(span, tuple(held), flow)


def _respelt(
    tree: Tree, key: str, language: Literal["zh", "en"], names: Names[str, str], *, part: bool = False
) -> Tree:
    match tree:
        case Scalar(span=span):
            if key not in EXPRESSIONS and not part:
                return tree
            expression = parse_expression(span, Reporter())
            assert expression is not None
            text = print_expression(expression, language, names)
            source = Source("respelt", f'"{text}"')
            return Scalar(type(span)(source, 1, len(text) + 1), text, "double")
        case Sequence(span=span, items=items, flow=flow):
            return Sequence(span, tuple(_respelt(item, "", language, names) for item in items), flow)
        case Mapping(span=span, entries=entries, flow=flow):
            held = [
                (name, _respelt(value, name.text, language, names, part=key in PARTS and key != "any"))
                for name, value in entries
            ]
            return Mapping(span, tuple(held), flow)


def _written(tree: Tree, indent: str) -> str:
    """YAML text of a tree; flow collections stay so, scalars are written as they were."""
    match tree:
        case Scalar():
            return _scalar(tree, indent)
        case Sequence(items=items, flow=True):
            return f"[{', '.join(_written(item, indent) for item in items)}]"
        case Mapping(entries=entries, flow=True):
            return f"{{{', '.join(f'{_scalar(key, indent)}: {_written(value, indent)}' for key, value in entries)}}}"
        case Sequence(items=items):
            lines = [f"{indent}- {_written(item, f'{indent}  ').lstrip()}" for item in items]
            return "\n".join(lines)
        case Mapping(entries=entries):
            return "\n".join(_entry(key, value, indent) for key, value in entries)


def _entry(key: Scalar, value: Tree, indent: str) -> str:
    head = f"{indent}{_scalar(key, indent)}:"
    if isinstance(value, Scalar) or value.flow:
        return f"{head} {_written(value, f'{indent}  ')}"
    return f"{head}\n{_written(value, f'{indent}  ')}"


def _scalar(scalar: Scalar, indent: str) -> str:
    match scalar.style:
        case "plain":
            return scalar.span.text
        case "single":
            return f"'{scalar.span.text}'"
        case "double":
            return f'"{scalar.span.text}"'
        case "literal" | "folded":
            body = "\n".join(f"{indent}{line}" for line in scalar.text.rstrip().split("\n"))
            return f"{'|' if scalar.style == 'literal' else '>'}\n{body}"
