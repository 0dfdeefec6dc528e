"""Comparisons without quotients: both sides whole numbers, so that a back end compares integers and divides nothing.

In: a `Program`, and in which steps the values of its parameters move.  Out: for each comparison of two quantities one
that has the same truth and no `Quotient` between its sides, `Cleared`, or why there is none, `Uncleared`.
Every number of a side is a whole numerator over a positive denominator: `a / (scale * divisors)`. A divisor of which it
is proved that it is negative gives its sign to the numerator; one that is only known not to be zero is squared. One
that an `if` keeps from zero becomes 1 where the `if` goes the other way. At the comparison both sides are multiplied by
what their denominators lack. A program is not rewritten: this stands beside it.
  known facts      the cleared comparison has the truth that the interpreter gives the one in the program
  unknown facts    it never says true where that says false, or false where that says true. Where it is `sharp` it is
                   unknown just where that is; else either may be known where the other is not, so that a back end which
                   must agree on unknowns takes the program's own comparison there
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from itertools import chain
from math import gcd, lcm
from typing import Final, Literal, TypeAlias, TypeGuard, assert_never, cast

from engine.language import core, values
from engine.language.ast import CompareOperator
from engine.language.bounds import excludes_zero
from engine.language.core import CoreExpression, operands, plain, with_operands
from engine.language.guards import failing, holding, sign
from engine.language.nesting import free_items, inward, inward_guards, outward
from engine.language.references import core_walk
from engine.language.types import Quantity
from engine.language.units import ONE
from engine.program.bounds import Bounds
from engine.program.granularity import Granularity
from engine.program.magnitude import Width, magnitude, width
from engine.program.model import Program
from engine.records import dataclass

Reason: TypeAlias = Literal[
    "divisor-by-item", "rounded-quotient", "marginal-quotient", "nested-aggregate", "unknown-step", "too-large"
]
"""Why a comparison is not cleared.
  divisor-by-item   quotients of items are added up or picked from, and each item divides by another number
  rounded-quotient  a quotient is rounded, or a number to a step that is not written out: either asks for a division
  marginal-quotient the amount of which each part has its own rate is a quotient: its edges would move with the divisor
  nested-aggregate  a term that is a quotient of an aggregate is read for each item
  unknown-step      it is not known in which steps the values of a parameter move
  too-large         the sides would have more than `MOST_NODES` nodes
"""

MOST_NODES: Final = 1_000

Guards: TypeAlias = tuple[core.Compare, ...]
_BARE: Final = Quantity(ONE)


@dataclass(frozen=True, slots=True)
class Cleared:
    """INVARIANT: on a household whose facts are known every number of the sides, outside tests and filters, is whole;
    but for a reference or lookup that moves in steps of 1/q, which stands under a `Scale` by a multiple of q. A back
    end that keeps it as a whole number of 1/q scales by that factor over q.

    Attributes:
        left, right: over the references of the program, tests and filters as they stand there. Units are of no account.
        magnitude: no number that working out a side comes by (partial sums, doubles for rounding) is farther from zero;
            None where there is no such bound.
        sharp: it is the program's comparison on unknown facts, too.
    """

    left: CoreExpression
    operator: CompareOperator
    right: CoreExpression
    magnitude: int | None
    sharp: bool

    @property
    def width(self) -> Width:
        return width(self.magnitude)


@dataclass(frozen=True, slots=True)
class Uncleared:
    """`node` is the expression of the program that is in the way; only exact fractions will do."""

    reason: Reason
    node: CoreExpression

    @property
    def width(self) -> Width:
        return "exact"


@dataclass(frozen=True, slots=True)
class Comparison:
    node: core.Compare
    found: Cleared | Uncleared


class Clearing:
    """The comparisons of a program, cleared.

    Args:
        parameters: the common step of all values of a parameter, by id.
    """

    def __init__(self, program: Program, parameters: Mapping[str, Fraction]) -> None:
        self._bounds = Bounds(program)
        self._steps = Granularity(program, parameters)
        self._terms: dict[tuple[str, int], _Ratio | Uncleared] = {}
        for step in program.every:
            if step.owner.kind == "term" and isinstance(step.core.type, Quantity) and self._steps.of(step.core) is None:
                self._terms[step.collection, step.slot] = self._attempt(step.core)

    def comparisons(self, node: CoreExpression) -> Iterator[Comparison]:
        """Every comparison of quantities in a step's expression, from the outside in and from left to right."""
        waiting: list[tuple[CoreExpression, Guards]] = [(node, ())]
        while waiting:
            one, guards = waiting.pop()
            while isinstance(one, core.Within | core.Sharper):
                one = one.operand  # the comparisons that they tell of stand elsewhere
            if _of_quantities(one):
                yield Comparison(one, self._cleared(one, guards))
            waiting.extend(reversed(_guarded(one, guards)))

    def lowered(self, node: CoreExpression, *, sharp: bool = False) -> CoreExpression:
        """A step's expression with all comparisons cleared that can be; those in tests and filters of others too.

        Args:
            sharp: only those that are, so that it is worth the same whatever is unknown.
        """
        return self._lowered(node, (), sharp)

    def _lowered(self, node: CoreExpression, guards: Guards, sharp: bool) -> CoreExpression:
        if _of_quantities(node):
            found = self._cleared(node, guards)
            if isinstance(found, Cleared) and (found.sharp or not sharp):
                node = replace(node, left=found.left, right=found.right)
        return with_operands(node, tuple(self._lowered(part, held, sharp) for part, held in _guarded(node, guards)))

    def _cleared(self, node: core.Compare, guards: Guards) -> Cleared | Uncleared:
        bare = plain(node)
        try:
            left, right = (self._ratio(side, guards) for side in operands(bare))
            both = _common([left, right])
        except _Stuck as stuck:
            return stuck.why
        one, other = both.above
        most = magnitude((one, other), self._bounds.of)
        # multiplying by one positive number between known ends keeps the order of all ends; by two it need not
        sharp = bare is node and left.sharp and right.sharp and not (left.below and right.below)
        return Cleared(one, node.operator, other, most, sharp)

    def _attempt(self, node: CoreExpression) -> _Ratio | Uncleared:
        bare = plain(node)
        try:
            found = self._ratio(bare, ())
            return found if bare is node else replace(found, sharp=False)
        except _Stuck as stuck:
            return stuck.why

    def _ratio(self, node: CoreExpression, guards: Guards, *, of_item: bool = False) -> _Ratio:
        """Args:
        of_item: it is worked out inside an aggregate, for each item.
        """
        made = self._made(node, guards, of_item)
        if sum(1 for part in (made.above, *made.below) for _ in core_walk(part)) > MOST_NODES:
            raise _Stuck("too-large", node)
        return made

    def _made(self, node: CoreExpression, guards: Guards, of_item: bool) -> _Ratio:
        if isinstance(node, core.NoNumber):
            raise AssertionError("no number is compared here")
        match node:
            case core.Constant(value=value):
                exact = Fraction(cast("values.Number", value))
                return _Ratio(replace(node, value=exact.numerator), exact.denominator)
            case core.Fact() | core.HowMany() | core.Between() | core.DatePart():
                return _Ratio(node)
            case core.TermValue():
                found = self._terms.get((node.collection, node.slot))
                return self._leaf(node) if found is None else _written_out(node, found, of_item=of_item)
            case core.Outer(operand=core.Fact()):
                return _Ratio(node)
            case core.Outer(operand=operand):
                found = self._terms.get((operand.collection, operand.slot))
                return self._leaf(node) if found is None else _inside(node, _written_out(node, found, of_item=True))
            case core.Lookup():
                return self._leaf(node)
            case core.Scale(factor=factor, operand=operand):
                return _scaled(Fraction(factor), self._ratio(operand, guards, of_item=of_item))
            case core.Sum() | core.Least() | core.Greatest():
                both = _common([self._ratio(part, guards, of_item=of_item) for part in node.operands])
                return _Ratio(replace(node, operands=both.above), both.scale, both.below, both.sharp)
            case core.Product():
                left = self._ratio(node.left, guards, of_item=of_item)
                right = self._ratio(node.right, guards, of_item=of_item)
                return _product(node, left, right)
            case core.Quotient():
                left = self._ratio(node.left, guards, of_item=of_item)
                right = self._ratio(node.right, guards, of_item=of_item)
                return self._quotient(node, left, right, guards)
            case core.If(test=test):
                then = self._ratio(node.then, (*guards, *holding(test)), of_item=of_item)
                otherwise = self._ratio(node.otherwise, (*guards, *failing(test)), of_item=of_item)
                both = _common(_branches(test, then, otherwise))
                above = replace(node, then=both.above[0], otherwise=both.above[1])
                return _Ratio(above, both.scale, both.below, both.sharp)
            case core.Absolute():
                inner = self._ratio(node.operand, guards, of_item=of_item)
                return replace(inner, above=replace(node, operand=inner.above))
            case core.Within() | core.Sharper():
                raise AssertionError("only plain expressions are cleared")
            case core.Rounded():
                return _rounded(node, self._ratio(node.operand, guards, of_item=of_item))
            case core.Aggregate(kind="count"):
                return _Ratio(node)
            case core.Aggregate(body=body, otherwise=without) if body is not None:
                parts = [self._ratio(body, inward_guards(guards), of_item=True)]
                if any(node.collection in free_items(divisor) for divisor in parts[0].below):
                    raise _Stuck("divisor-by-item", node)
                if without is not None:
                    parts.append(_inside(node, self._ratio(without, guards, of_item=of_item)))
                both = _common(parts)
                last = outward(both.above[1]) if without is not None else None
                of_all = replace(node, body=both.above[0], otherwise=last)
                below = {outward(divisor): power for divisor, power in both.below.items()}
                return _Ratio(of_all, both.scale, below, both.sharp)
            case core.Aggregate():
                raise AssertionError("no number is compared here")
        assert_never(node)

    def _leaf(self, node: CoreExpression) -> _Ratio:
        """A value that the back end has at hand, counted in the steps in which it moves."""
        step = self._steps.of(node)
        if step is None:
            quotient = isinstance(node, core.Lookup) and node.marginal and self._steps.of(node.keys[-1]) is None
            raise _Stuck("marginal-quotient" if quotient else "unknown-step", node)
        return _Ratio(_times(step.denominator, node), step.denominator)

    def _quotient(self, node: core.Quotient, left: _Ratio, right: _Ratio, guards: Guards) -> _Ratio:
        """(a / b) / (c / d) is (a * d) / (b * c), with c positive."""
        above = left.above
        for other, (power, _) in right.below.items():
            above = _by(above, *[other] * power)
        sharp = left.sharp and right.sharp and not right.below
        divisor = right.above
        if isinstance(divisor, core.Constant):
            # 0 stands only in a branch that is never taken, whatever it is worth
            factor = Fraction(right.scale, cast("int", divisor.value) or 1)
            return _scaled(factor, _Ratio(above, left.scale, left.below, sharp))
        known = self._bounds.of(node.right)
        side = sign(node.right, guards, self._bounds.of)
        free = sign(node.right, (), self._bounds.of) != 0
        if side:
            above, divisor = _times(side, above), _times(side, divisor)
        else:
            above, divisor = _by(above, divisor), _by(divisor, divisor)
        power, was_free = left.below.get(divisor, (0, True))
        below = {**left.below, divisor: (power + 1, was_free and free)}
        sharp = sharp and excludes_zero(known) and None not in values.ends(known)
        return _scaled(Fraction(right.scale), _Ratio(above, left.scale, below, sharp))


@dataclass(frozen=True, slots=True)
class _Ratio:
    """What a number of the program is: `above / (scale * below)`.

    Attributes:
        above: a whole number.
        below: whole numbers, positive wherever the expression counts; how often each divides, and whether it is
            positive whatever the `if`s around it say.
        sharp: a comparison with it is known just where one with `above` is, the other side times `scale` and `below`.
    """

    above: CoreExpression
    scale: int = 1
    below: Mapping[CoreExpression, tuple[int, bool]] = field(default_factory=dict)
    sharp: bool = True


@dataclass(frozen=True, slots=True)
class _Common:
    """Several numbers brought to one denominator."""

    above: tuple[CoreExpression, ...]
    scale: int
    below: Mapping[CoreExpression, tuple[int, bool]]
    sharp: bool


class _Stuck(Exception):
    def __init__(self, reason: Reason, node: CoreExpression) -> None:
        super().__init__(reason)
        self.why = Uncleared(reason, node)


def _common(parts: Sequence[_Ratio]) -> _Common:
    scale = lcm(*(part.scale for part in parts))
    below: dict[CoreExpression, tuple[int, bool]] = {}
    for part in parts:
        for divisor, (power, free) in part.below.items():
            most, was_free = below.get(divisor, (0, True))
            below[divisor] = max(power, most), free and was_free
    above = []
    for part in parts:
        lacking = [[divisor] * (power - part.below.get(divisor, (0, True))[0]) for divisor, (power, _) in below.items()]
        above.append(_times(scale // part.scale, _by(part.above, *chain.from_iterable(lacking))))
    # what divides several is unknown in each of them by itself, and so multiplied otherwise than it divided
    return _Common(tuple(above), scale, below, all(part.sharp for part in parts) and not below)


def _scaled(factor: Fraction, part: _Ratio) -> _Ratio:
    if factor == 0:
        return _Ratio(core.Constant(part.above.span, _BARE, 0))
    shared = gcd(factor.numerator, part.scale)
    above = _times(factor.numerator // shared, part.above)
    return replace(part, above=above, scale=part.scale // shared * factor.denominator)


def _product(node: core.Product, left: _Ratio, right: _Ratio) -> _Ratio:
    for one, other in ((left, right), (right, left)):
        if isinstance(one.above, core.Constant) and not one.below:
            return _scaled(Fraction(cast("int", one.above.value), one.scale), other)
    below = dict(left.below)
    for divisor, (power, free) in right.below.items():
        more, was_free = below.get(divisor, (0, True))
        below[divisor] = power + more, free and was_free
    above = replace(node, left=left.above, right=right.above)
    return _Ratio(above, left.scale * right.scale, below, left.sharp and right.sharp and not below)


def _rounded(node: core.Rounded, part: _Ratio) -> _Ratio:
    """`round(x / s, step)` is `round(x, s * step) / s`."""
    if part.below or not isinstance(node.step, core.Constant):
        raise _Stuck("rounded-quotient", node)
    step = Fraction(cast("values.Number", node.step.value)) * part.scale
    by = replace(node.step, value=step.numerator)
    above = replace(node, step=by, operand=_times(step.denominator, part.above))
    return _Ratio(above, part.scale * step.denominator, part.below, part.sharp)


def _branches(test: CoreExpression, then: _Ratio, otherwise: _Ratio) -> tuple[_Ratio, _Ratio]:
    """What only the `if` keeps positive becomes 1 in the other branch, where it may then divide as well."""
    one = core.Constant(test.span, _BARE, 1)
    kept: list[dict[CoreExpression, tuple[int, bool]]] = []
    either: dict[CoreExpression, tuple[int, bool]] = {}
    for part, held in ((then, True), (otherwise, False)):
        kept.append({divisor: found for divisor, found in part.below.items() if found[1]})
        for divisor, found in part.below.items():
            if not found[1]:
                branches = (divisor, one) if held else (one, divisor)
                either[core.If(divisor.span, _BARE, test, *branches)] = found
    return replace(then, below=kept[0] | either), replace(otherwise, below=kept[1] | either)


def _written_out(node: core.TermValue | core.Outer, found: _Ratio | Uncleared, *, of_item: bool) -> _Ratio:
    """A term whose steps have no least is no whole number of anything: its expression takes its place."""
    if isinstance(found, Uncleared):
        raise _Stuck(found.reason, found.node)
    inside = (inner for part in (found.above, *found.below) for inner in core_walk(part))
    if of_item and any(isinstance(inner, core.Aggregate) for inner in inside):
        raise _Stuck("nested-aggregate", node)
    return found


def _inside(node: CoreExpression, part: _Ratio) -> _Ratio:
    """A number of where an aggregate stands, said inside it."""
    made = [inward(each) for each in (part.above, *part.below)]
    if None in made:
        raise _Stuck("nested-aggregate", node)
    above, *below = cast("list[CoreExpression]", made)
    return replace(part, above=above, below=dict(zip(below, part.below.values(), strict=True)))


def _times(factor: int, node: CoreExpression) -> CoreExpression:
    match node:
        case _ if factor == 1:
            return node
        case core.Constant(value=value):
            return replace(node, value=factor * cast("int", value))
        case core.Scale(factor=inner, operand=operand):
            return operand if factor * inner == 1 else replace(node, factor=factor * inner)
    return core.Scale(node.span, _BARE, factor, node)


def _by(node: CoreExpression, *factors: CoreExpression) -> CoreExpression:
    for factor in factors:
        if isinstance(node, core.Constant):
            node = _times(cast("int", node.value), factor) if node.value else node
        else:
            node = core.Product(node.span, _BARE, node, factor)
    return node


def _of_quantities(node: CoreExpression) -> TypeGuard[core.Compare]:
    return isinstance(node, core.Compare) and isinstance(node.left.type, Quantity)


def _guarded(node: CoreExpression, guards: Guards) -> Sequence[tuple[CoreExpression, Guards]]:
    """The operands, each with the comparisons that hold there."""
    if isinstance(node, core.Aggregate):
        inside = inward_guards(guards)
        return [(part, guards if part is node.otherwise else inside) for part in operands(node)]
    if not isinstance(node, core.If):
        return [(part, guards) for part in operands(node)]
    test = plain(node.test)
    then, otherwise = (*guards, *holding(test)), (*guards, *failing(test))
    return [(node.test, guards), (node.then, then), (node.otherwise, otherwise)]
