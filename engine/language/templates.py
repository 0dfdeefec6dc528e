"""Expressions in which some names stand for what is stated later, such as the parts of `joining`.

In: the surface tree, those names, a `Scope`.  Out: the faults that it has whatever they will stand for.
Imports elaborate, references and scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.diagnostics import Reporter
from engine.language import ast
from engine.language.context import make_context
from engine.language.elaborate import infer
from engine.language.references import children, walk
from engine.language.scope import Scope
from engine.suggest import is_one_slip


def check_template(template: ast.Expression, standing: Collection[str], scope: Scope, report: Reporter) -> None:
    """Told now, or nobody would see it before the first one states something."""
    context = make_context(scope, report, template)
    for part in _apart(template, standing):
        slips = list(_slips(part, standing, scope))
        for name, meant in slips:
            report.tell("unknown-name", name.span, name=name.text, suggestion=meant, apart="", quoted="")
        if not slips:
            infer(part, context)


def _slips(part: ast.Expression, standing: Collection[str], scope: Scope) -> Iterator[tuple[ast.Name, str]]:
    """Names that are one slip away from one of those that stand for something."""
    for node in walk(part):
        if isinstance(node, ast.Name) and node.text not in scope.names:
            meant = [name for name in standing if is_one_slip(node.text, name)]
            if len(meant) == 1:
                yield node, meant[0]


def _apart(expression: ast.Expression, standing: Collection[str]) -> Iterator[ast.Expression]:
    """The largest parts that hold none of the names. A name or text compared with one may be an option of it, and what
    goes over items means those."""
    if not any(_stands(node, standing) for node in walk(expression)):
        yield expression
    elif not isinstance(expression, (ast.Aggregate, ast.Keyed)):
        compares = isinstance(expression, (ast.Comparison, ast.Membership, ast.Overlap))
        for inner in children(expression):
            if not (compares and isinstance(inner, (ast.Name, ast.TextLiteral))):
                yield from _apart(inner, standing)


def _stands(node: ast.Expression, standing: Collection[str]) -> bool:
    match node:
        case ast.Name(text=text) | ast.Dotted(owner=ast.Name(text=text)):
            return text in standing
    return False
