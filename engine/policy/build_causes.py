"""Causes, requirements and the conditions of both, with what one takes over from another (`same_as`).

In: the trees of one file that declare conditions, and the elements below it.
Out: `Cause`s and `Condition`s, or Diagnostics. The order of entries makes no difference.
Imports build (the maker of elements), fields, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from engine.policy.build import RESERVED, Maker, each_entry
from engine.policy.fields import Fields, identifier
from engine.policy.model import Cause, Condition, Elements
from engine.source import Span
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Tree

REQUIREMENTS = "requirements"
"""stands for the cause where a condition is named as `cause.condition`"""

_Name: TypeAlias = tuple[str, str]


class Conditions:
    """The conditions that one file declares, each built when it is first needed."""

    def __init__(self, maker: Maker, below: Elements) -> None:
        self._maker = maker
        self._below = below
        self._declared: dict[_Name, tuple[Scalar, Tree, Maker]] = {}
        self._built: dict[_Name, Condition | None] = {}
        self._open: list[_Name] = []

    def declare_causes(self, tree: Tree | None) -> None:
        for cause, fields in each_entry(tree, self._maker):
            inside = self._maker.within(self._maker.origin_of(fields, cause.span))
            for name, value in fields.entries("conditions"):
                self._declared[cause.text, name.text] = (name, value, inside)

    def declare_requirements(self, tree: Tree | None) -> None:
        for name, value in tree.entries if isinstance(tree, Mapping) else ():
            self._declared[REQUIREMENTS, name.text] = (name, value, self._maker)

    def declare_added(self, tree: Tree | None) -> None:
        """Conditions that an overlay adds, keyed `cause.condition`."""
        for key, value in tree.entries if isinstance(tree, Mapping) else ():
            cause, _, name = key.text.partition(".")
            self._declared[cause, name] = (Scalar(key.span, name), value, self._maker)

    def causes(self, tree: Tree | None) -> dict[str, Cause]:
        found = {}
        for key, fields in each_entry(tree, self._maker):
            if key.text in RESERVED:
                self._maker.report.tell("reserved-id", key.span, id=key.text)
                continue
            names = [name.text for name, _ in fields.entries("conditions")]
            built = {name: self.condition(key.text, name) for name in names}
            conditions = {name: condition for name, condition in built.items() if condition is not None}
            found[key.text] = Cause(**self._maker.named(key, fields), conditions=conditions)
        return found

    def requirements(self, tree: Tree | None) -> dict[str, Condition]:
        names = [key.text for key, _ in tree.entries] if isinstance(tree, Mapping) else []
        built = {name: self.condition(REQUIREMENTS, name) for name in names}
        return {name: condition for name, condition in built.items() if condition is not None}

    def condition(self, cause: str, name: str) -> Condition | None:
        """A condition that this file declares; None after a fault in it."""
        if (cause, name) not in self._built:
            self._open.append((cause, name))
            self._built[cause, name] = self._build(*self._declared[cause, name])
            self._open.pop()
        return self._built[cause, name]

    def _build(self, key: Scalar, value: Tree, maker: Maker) -> Condition | None:
        fields = Fields(value, maker.report)
        element = maker.named(key, fields)
        same = fields.scalar("same_as")
        if same is not None:
            other = self._find(same)
            if other is None:
                return None
            label = fields.text("label", other.label)
            element["label"], element["name"] = label, fields.text("name") or identifier(label)
            element["cites"] = element["cites"] or other.cites
            return Condition(**element, expression=other.expression, negated=other.negated)
        negated = "unless" in fields
        expression = fields.expression("unless" if negated else "when")
        if expression is None:
            return None
        return Condition(**element, expression=expression, negated=negated)

    def _find(self, same: Scalar) -> Condition | None:
        """The condition that `same_as` names: of this file first, then of those below."""
        cause, _, name = same.text.partition(".")
        if (cause, name) in self._open:
            self._report_circle((cause, name), same.span)
            return None
        if (cause, name) in self._declared:
            return self.condition(cause, name)
        held = self._below.requirements if cause == REQUIREMENTS else None
        if cause in self._below.causes:
            held = self._below.causes[cause].conditions
        if held is not None and name in held:
            return held[name]
        suggestion = Near(same.text, self._known())
        self._maker.report.tell("unknown-target", same.span, name=same.text, suggestion=suggestion)
        return None

    def _known(self) -> Iterator[str]:
        yield from (f"{cause}.{name}" for cause, name in self._declared)
        for cause in self._below.causes.values():
            yield from (f"{cause.id}.{name}" for name in cause.conditions)
        yield from (f"{REQUIREMENTS}.{name}" for name in self._below.requirements)

    def _report_circle(self, again: _Name, span: Span) -> None:
        circle = [*self._open[self._open.index(again) :], again]
        words = " → ".join(f"{cause}.{name}" for cause, name in circle)
        self._maker.report.tell("circle", span, circle=words)
