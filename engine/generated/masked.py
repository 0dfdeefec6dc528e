"""The code of a step under many suppositions at once (`masks`).

In: a step, and which facts may be otherwise.  Out: its function, of the frame of the household or of an item, what was
found there already, and the household's suppositions (`supposing`). What no supposition reaches is written as in
`steps`.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from engine.gathered import gathered
from engine.generated import masks
from engine.generated.behind import Behind
from engine.generated.masks import Unsupposed
from engine.generated.steps import CALLED as OF_VALUES
from engine.generated.steps import Level, StepWriter, level_of
from engine.language import core, types, values
from engine.language.core import CoreExpression
from engine.language.values import Number
from engine.program.model import Input, Program, Step


class MaskWriter(StepWriter):
    """A truth is written as the names of its two sets, all else as one name."""

    def __init__(self, program: Program, behind: Behind) -> None:
        super().__init__(CALLED, "def step(f, g, s):")
        self._program = program
        self._behind = behind
        self._got = {"f": "g", "f.parent": "s.own"}

    def function_of(self, step: Step) -> Callable[..., Any]:
        at = self._begin(step.collection)
        self._say("every = s.every")
        if isinstance(step.core.type, types.Truth):
            self._say(f"return {', '.join(self._truth(step.core, at))}")
        else:
            self._say(f"return {self._other(step.core, at)}")
        return self._compiled()

    # ---- what a supposition reaches

    def _weight(self, node: CoreExpression) -> int:
        """How many facts that suppositions are about are behind an expression."""
        return len(self._behind.of(node))

    def _read(self, node: core.Reference, at: Level) -> str:
        level = level_of(node.collection, at)
        got = self._got[level.frame]
        if self._input(node) is None:
            found, place = self._var(f"{got}[{node.slot}]"), self._constant((node.collection, node.slot))
            self._say(f"if {found} is None: {found} = {got}[{node.slot}] = s.works[{place}]({level.frame}, {got}, s)")
            return found
        if isinstance(node.type, types.Quantity):
            return self._moved(node, [node], at)
        if isinstance(node.type, types.DateType):
            raise Unsupposed
        return self._var(f"worth_of({level.row}[{node.slot}], every, {got}[{node.slot}])")

    def _input(self, node: CoreExpression) -> Input | None:
        if not isinstance(node, core.Fact):
            return None
        return self._program.collections[node.collection].inputs[node.slot]

    def _moved(self, node: CoreExpression, read: Sequence[CoreExpression], at: Level) -> str:
        """A sum that moves with inputs. One that is unknown had its default before, so that those which can move the
        sum as far as each other are as good as one."""
        factors: dict[core.Fact, Number] = {}
        for one in read:
            inner, factor = (one.operand, one.factor) if isinstance(one, core.Scale) else (one, 1)
            assert isinstance(inner, core.Fact), "an input"
            factors[inner] = factors.get(inner, 0) + factor
        alike: dict[tuple[Number, Number], list[str]] = {}
        for fact, factor in factors.items():
            declared = self._input(fact)
            if declared is not None and declared.default is not None:
                before = values.scale(-1, declared.default)
                shift = values.scale(factor, values.add([declared.extent, before]))
                got = self._got[level_of(fact.collection, at).frame]
                alike.setdefault(masks.closed(shift), []).append(f"{got}[{fact.slot}]")
        moved = [
            f", ({' | '.join(bits)}, {self._constant(down)}, {self._constant(up)})"
            for (down, up), bits in alike.items()
        ]
        return self._var(f"ends_of({self._set(self._code(node, at))}, every{''.join(moved)})")

    def _total(self, node: core.Sum, at: Level) -> str:
        """The inputs of a sum together, apart from what else it is made of."""
        parts = gathered((self._is_input(one), one) for one in node.operands)
        found = [self._other(one, at) for one in parts.get(False, ())]
        if inputs := parts.get(True):
            found.append(self._moved(replace(node, operands=tuple(inputs)), inputs, at))
        return found[0] if len(found) == 1 else self._var(f"added(({', '.join(found)}))")

    def _is_input(self, node: CoreExpression) -> bool:
        inner = node.operand if isinstance(node, core.Scale) else node
        return self._input(inner) is not None

    # ---- truths

    def _truth(self, node: CoreExpression, at: Level) -> tuple[str, str]:
        if (decided := self._behind.decided(node)) is not None:
            return ("every", "0") if decided else ("0", "every")
        if not self._weight(node):
            one = self._set(self._code(node, at))
            return self._set(f"every if {one} is True else 0"), self._set(f"every if {one} is False else 0")
        match node:
            case core.Fact():
                level = level_of(node.collection, at)
                one, known = (
                    self._var(f"{level.row}[{node.slot}]"),
                    self._var(f"every ^ {self._got[level.frame]}[{node.slot}]"),
                )
                return self._var(f"{known} if {one} is True else 0"), self._var(f"{known} if {one} is False else 0")
            case core.TermValue() | core.CauseMet() | core.ConditionMet():
                return self._two(self._read(node, at))
            case core.Not(operand=operand):
                holds, fails = self._truth(operand, at)
                return fails, holds
            case core.And(operands=operands) | core.Or(operands=operands):
                return self._all(operands, at, isinstance(node, core.Or))
            case core.If(test=test) if (way := self._behind.decided(test)) is not None:
                return self._truth(node.then if way else node.otherwise, at)
            case core.If():
                parts = [f"({', '.join(self._truth(part, at))})" for part in core.operands(node)]
                return self._two(f"either_truth({', '.join(parts)})")
            case core.Compare():
                return self._compared(node, at)
            case core.InSet(operands=(operand,), rows=rows):
                return self._two(f"is_row({self._other(operand, at)}, {self._constant(rows)})")
            case core.Aggregate(kind="any" | "every"):
                return self._gone_over(node, at)
            case core.Sharper():
                holds, fails = map(self._var, self._truth(node.operand, at))
                with self._block(f"if {holds} | {fails} != every:"):
                    unknown = self._var(f"every & ~({holds} | {fails})")
                    for held, told in zip((holds, fails), self._truth(node.told, at), strict=True):
                        self._say(f"{held} |= {told} & {unknown}")
                return holds, fails
        raise Unsupposed

    def _var(self, text: str) -> str:
        """A variable of its own."""
        name = self._name()
        self._say(f"{name} = {text}")
        return name

    def _two(self, text: str) -> tuple[str, str]:
        holds, fails = self._name(), self._name()
        self._say(f"{holds}, {fails} = {text}")
        return holds, fails

    def _all(self, operands: Sequence[CoreExpression], at: Level, settling: bool) -> tuple[str, str]:
        """What settles it under every supposition ends it, and what is looked at soonest comes first."""
        holds, fails = self._begun(settling)
        with self._block("while True:"):
            for operand in sorted(operands, key=self._weight):
                if self._behind.decided(operand) is (not settling):
                    continue
                one, other = self._where_open(operand, at, holds if settling else fails)
                self._say(f"{holds} {'|' if settling else '&'}= {one}")
                self._say(f"{fails} {'&' if settling else '|'}= {other}")
                self._say(f"if {holds if settling else fails} == every: break")
            self._say("break")
        return holds, fails

    def _where_open(self, node: CoreExpression, at: Level, settled: str) -> tuple[str, str]:
        """A truth under the suppositions that have not settled what it is part of. A step that none of them reaches is
        what it was."""
        read = node.operand if isinstance(node, core.Sharper) else node
        if not isinstance(read, core.Reference) or self._input(read) is not None or not self._weight(node):
            return self._truth(node, at)
        was = self._var(f"{level_of(read.collection, at).row}[{read.slot}]")
        holds, fails = self._var(f"every if {was} is True else 0"), self._var(f"every if {was} is False else 0")
        reach = f"s.reach({self._constant(self._behind.of(node))})"
        with self._block(f"if {was} is UNKNOWN or {reach} & ~{settled}:"):
            for held, found in zip((holds, fails), self._truth(node, at), strict=True):
                self._say(f"{held} = {found}")
        return holds, fails

    def _begun(self, settling: bool) -> tuple[str, str]:
        """Of nothing: what settles it has not come by."""
        none, all_ = ("0", "every") if settling else ("every", "0")
        return self._var(none), self._var(all_)

    def _compared(self, node: core.Compare, at: Level) -> tuple[str, str]:
        left, right, operator = node.left, node.right, node.operator
        if isinstance(left.type, types.Truth):
            (one, other), (two, none) = self._truth(left, at), self._truth(right, at)
            same = self._set(f"{one} & {two} | {other} & {none}"), self._set(f"{one} & {none} | {other} & {two}")
            return same if operator == "=" else same[::-1]
        if not _has_ends(left):
            found = self._two(f"alike({self._other(left, at)}, {self._other(right, at)})")
            return found if operator == "=" else found[::-1]
        # a quotient by what is the same whatever is supposed, positive, is not made
        divisors = [
            self._set(f"known({self._code(side.right, at)})")
            if isinstance(side, core.Quotient) and not self._weight(side.right)
            else ""
            for side in (left, right)
        ]
        sides = [
            self._other(side.left if divisor and isinstance(side, core.Quotient) else side, at)
            for side, divisor in zip((left, right), divisors, strict=True)
        ]
        one, two = (
            f"scaled({divisor}, {side})" if divisor else side
            for side, divisor in zip(sides, reversed(divisors), strict=True)
        )
        match operator:
            case "=" | "!=":
                found = self._two(f"equal({one}, {two})")
                return found if operator == "=" else found[::-1]
            case "<":
                return self._two(f"less({one}, {two})")
            case ">":
                return self._two(f"less({two}, {one})")
            case "<=":
                return self._two(f"less({two}, {one})")[::-1]
            case ">=":
                return self._two(f"less({one}, {two})")[::-1]

    def _gone_over(self, node: core.Aggregate, at: Level) -> tuple[str, str]:
        settling = node.kind == "any"
        holds, fails = self._begun(settling)
        with self._items(node, at) as inside:
            test, barred = ("every", "0") if node.where is None else self._truth(node.where, inside)
            if node.where is not None:
                self._say(f"if {barred} == every: continue")
            one, other = ("every", "0") if node.body is None else self._truth(node.body, inside)
            if settling:
                self._say(f"{holds} |= {test} & {one}")
                self._say(f"{fails} &= {barred} | {other}")
            else:
                self._say(f"{holds} &= {barred} | {one}")
                self._say(f"{fails} |= {test} & {other}")
            self._say(f"if {holds if settling else fails} == every: break")
        return holds, fails

    @contextmanager
    def _items(self, node: core.Aggregate, at: Level) -> Iterator[Level]:
        """A loop over the items; `continue` and `break` are its own."""
        if at.collection:
            raise Unsupposed
        collection = self._constant(node.collection)
        frame, got, row = self._name(), self._name(), self._name()
        self._say(f"if {collection} not in s.items: raise Unsupposed")
        self._got[frame] = got
        with self._block(f"for {frame}, {got} in zip({at.frame}.items[{collection}], s.items[{collection}]):"):
            self._say(f"{row} = {frame}.row")
            yield Level(node.collection, frame, row, at)

    # ---- numbers, and what is neither

    def _other(self, node: CoreExpression, at: Level) -> str:
        """Of a number or date its ends, of anything else what it is worth."""
        if not self._weight(node):
            return self._set(f"{_kind(node)}_of({self._code(node, at)}, every)")
        if isinstance(node, core.Reference):
            return self._read(node, at)
        if not _has_ends(node):
            raise Unsupposed
        match node:
            case core.Scale(factor=factor, operand=operand):
                return self._set(f"scaled({self._constant(factor)}, {self._other(operand, at)})")
            case core.Sum():
                return self._total(node, at)
            case core.Least(operands=operands) | core.Greatest(operands=operands):
                pick = "min" if isinstance(node, core.Least) else "max"
                each = [self._other(one, at) for one in operands]
                return self._set(reduce(lambda one, other: f"paired({pick}, {one}, {other})", each))
            case core.Product(left=left, right=right):
                if self._weight(left):
                    left, right = right, left
                if self._weight(left):
                    raise Unsupposed
                return self._set(f"scaled(known({self._code(left, at)}), {self._other(right, at)})")
            case core.Quotient(left=left, right=right) if not self._weight(right):
                return self._set(f"divided({self._other(left, at)}, known({self._code(right, at)}))")
            case core.HowMany(operands=operands):
                truths = "".join(f"({', '.join(self._truth(one, at))}), " for one in operands)
                return self._set(f"counted(every, ({truths}))")
            case core.If(test=test, then=then, otherwise=otherwise):
                if (way := self._behind.decided(test)) is not None:
                    return self._other(then if way else otherwise, at)
                holds, fails = self._truth(test, at)
                one, other = self._var("()"), self._var("()")
                with self._block(f"if {fails} != every:"):
                    self._say(f"{one} = {self._other(then, at)}")
                with self._block(f"if {holds} != every:"):
                    self._say(f"{other} = {self._other(otherwise, at)}")
                return self._set(f"either(({holds}, {fails}), {one}, {other})")
            case core.Aggregate(kind="sum" | "count"):
                return self._added_up(node, at)
            case core.Within(operand=operand, operators=operators, limits=limits):
                one = self._var(self._other(operand, at))
                with self._block(f"if unsettled({one}):"):
                    found = self._others(limits, at)
                    self._say(f"{one} = within({self._constant(operators)}, {one}, ({found}))")
                return one
            case core.Sharper(operand=operand, told=told):
                one = self._var(self._read(operand, at))
                with self._block(f"if unsettled({one}):"):
                    self._say(f"{one} = sharper({one}, {self._other(told, at)})")
                return one
        raise Unsupposed

    def _others(self, nodes: Sequence[CoreExpression], at: Level) -> str:
        return "".join(f"{one}, " for one in [self._other(node, at) for node in nodes])

    def _added_up(self, node: core.Aggregate, at: Level) -> str:
        found, nothing = self._var("[]"), self._var("ends_of(0, every)")
        with self._items(node, at) as inside:
            holds, fails = ("every", "0") if node.where is None else self._truth(node.where, inside)
            if node.body is None:
                self._say(f"{found}.append(({holds}, {fails}))")
            elif node.where is None:
                self._say(f"{found}.append({self._other(node.body, inside)})")
            else:
                self._say(f"if {fails} == every: continue")
                body = self._other(node.body, inside)
                self._say(
                    f"{found}.append({body} if {holds} == every else either(({holds}, {fails}), {body}, {nothing}))"
                )
        if node.body is None:
            return self._set(f"counted(every, {found})")
        return self._set(f"added({found} or [{nothing}])")


def _has_ends(node: CoreExpression) -> bool:
    return isinstance(node.type, types.Quantity | types.DateType)


def _kind(node: CoreExpression) -> str:
    return "ends" if _has_ends(node) else "worth"


CALLED: Final = {
    **OF_VALUES,
    "Unsupposed": Unsupposed,
    **{
        one.__name__: one
        for one in (
            masks.added,
            masks.alike,
            masks.counted,
            masks.divided,
            masks.either,
            masks.either_truth,
            masks.ends_of,
            masks.equal,
            masks.paired,
            masks.is_row,
            masks.known,
            masks.less,
            masks.scaled,
            masks.sharper,
            masks.unsettled,
            masks.within,
            masks.worth_of,
        )
    },
}
