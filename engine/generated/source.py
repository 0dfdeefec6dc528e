"""The source of one step: an expression of Python that is worth what the interpreter says, where that is known.

In: a core expression.  Out: `Code`. Numbers are counted in a step that is known beforehand, as whole numbers of 1/`per`
of their unit; what a quotient or a table gives that is no whole number of these is an exact `Fraction`, never a float.
A value of the household is `v3`, by its slot. What the item that is gone over has in it is `i0_3`, and `i1_3` in an
aggregate of an item's step; of the items of collection 1 there is a column `c1_3` where they are gone over once more.
What a policy wrote (ids, texts, dates) is a numbered constant: the source holds no text of a policy. What is not known
is None, and where that is read Python gives up (`unknown`).
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from math import lcm
from typing import Final, TypeAlias, assert_never

from engine.generated.text import (
    PARTIAL,
    SETTLED,
    Code,
    added,
    depth_of,
    is_of_household,
    joined,
    negated,
    scaled,
    shown,
)
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import Quantity
from engine.program.model import HOUSEHOLD, Program, Step
from engine.records import dataclass

MOST_DEPTH: Final = 60
"""expressions in expressions: each opens at most three of the 200 brackets that Python allows"""
OPERATORS: Final[Mapping[str, str]] = {"=": "=="}
"""of comparisons, those that Python spells otherwise"""


class TooDeep(Exception):
    """Python would not compile it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The items that an aggregate, or a step, goes over; `read` are the slots that it reads of each."""

    collection: str
    read: dict[int, None] = field(default_factory=dict)


Inside: TypeAlias = tuple[Gone, ...]
"""what is gone over around an expression, from the outside in"""


class Writer:
    """Args:
    parameters: the common step of all values of a parameter, by id; one that is not told gives fractions.
    options: the chosen option of each reading, where they are known beforehand.

    Attributes:
        chosen: the readings that have to be asked for.
        tables: the lookups of the day of the decision, one for each parameter, and in what its values are counted.
        columns: those that are read.
        before: statements to be made before items are gone over; what is the same for all of them is among them.
    """

    def __init__(
        self, program: Program, parameters: Mapping[str, Fraction], options: Sequence[str] | None = None
    ) -> None:
        self._parameters = parameters
        self._options = options
        self._numbers = {id: number for number, id in enumerate(program.collections)}
        self._inputs = {id: held.inputs for id, held in program.collections.items()}
        self._per: dict[tuple[str, int], int] = {}
        self._summed: dict[core.Aggregate, Code] = {}
        self._sums = 0
        self._same: dict[tuple[str, int], str] = {}
        self._waiting: dict[tuple[str, int], Step] = {}
        self._ahead: list[str] = []
        self._names: dict[str, str] = {}
        self._depth = 0
        self._once = False
        self.constants: dict[str, object] = {}
        self.chosen: dict[int, core.ChosenReading] = {}
        self.tables: dict[int, tuple[core.Lookup, int]] = {}
        self.columns: dict[tuple[str, int], None] = {}
        self.before: list[str] = []

    def place(self, collection: str, slot: int) -> str:
        """The variable of a value of the household, or of the column of a value of each item."""
        if (collection, slot) in self._same:
            return self._same[collection, slot]
        return f"v{slot}" if collection == HOUSEHOLD else f"c{self._numbers[collection]}_{slot}"

    def items(self, collection: str) -> str:
        """The variable of a collection's items."""
        return f"l{self._numbers[collection]}"

    def readings(self) -> Iterator[str]:
        """The statements that ask for the options in effect."""
        return (f"o{slot} = env.chosen({self.constant(node)})" for slot, node in self.chosen.items())

    def constant(self, value: object) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def step(self, step: Step) -> list[str]:
        """The statements that work out a step, those before it being worked out; none for what is there already."""
        around, self._ahead = self._ahead, []
        place = step.collection, step.slot
        if step.collection == HOUSEHOLD:
            code = self.code(step.core, ())
            text = code.text
            if text.isidentifier():
                self._same[place] = text
        else:
            gone = Gone(step.collection)
            code = self.code(step.core, (gone,))
            text = f"[{code.text} {self._over(gone, 0)}]"
        self._per[place] = code.per
        lines, self._ahead = self._ahead, around
        return lines if place in self._same else [*lines, f"{self.place(*place)} = {text}"]

    def where_read(self, step: Step) -> None:
        """A step of the household is to be worked out where it is read, which is in one place."""
        self._waiting[step.collection, step.slot] = step

    def step_of_item(self, step: Step, gone: Gone) -> str:
        """Likewise a step of the item that is gone over."""
        code = self.code_of_item(step.core, gone)
        self._per[step.collection, step.slot] = code.per
        return f"i0_{step.slot} = {code.text}"

    def code_of_item(self, node: CoreExpression, gone: Gone) -> Code:
        """An expression of the item that is gone over; what in it is the same for all items comes before them."""
        self._once = True
        code = self.code(node, (gone,))
        self._once = False
        return code

    def is_input(self, collection: str, slot: int) -> bool:
        return slot < len(self._inputs[collection])

    def is_sure(self, collection: str, slot: int) -> bool:
        """Whether an input is known, or all is given up."""
        one = self._inputs[collection][slot]
        return one.required or one.default is not None

    def value(self, step: Step) -> str:
        """What a step came to; for items the list of what it came to for each."""
        place, per = self.place(step.collection, step.slot), self._per[step.collection, step.slot]
        if step.collection != HOUSEHOLD:
            self.columns[step.collection, step.slot] = None
        one = shown(place if step.collection == HOUSEHOLD else "i", per, step)
        return one if step.collection == HOUSEHOLD else f"[{one} for i in {place}]"

    def value_of_item(self, step: Step) -> str:
        """What a step of the item that is gone over came to."""
        return shown(f"i0_{step.slot}", self._per[step.collection, step.slot], step)

    def code(self, node: CoreExpression, inside: Inside) -> Code:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise TooDeep
        once = self._once and inside and is_of_household(node)
        found = self._before(node) if once else self._code(node, inside)
        if not inside and isinstance(node, core.Lookup | core.Product):
            found = self._named(found)
        self._depth -= 1
        return found

    def _before(self, node: CoreExpression) -> Code:
        around, self._ahead = self._ahead, self.before
        found = self._named(self._code(node, ()))
        self._ahead = around
        return found

    def _named(self, code: Code) -> Code:
        """Something of the household that others may read, or read for every item, under a name of its own."""
        if code.text.isidentifier() or code.text.isdecimal() or any(one in code.text for one in PARTIAL):
            return code
        return self._once_named(code)

    def _once_named(self, code: Code) -> Code:
        if code.text not in self._names:
            self._names[code.text] = f"h{len(self._names)}"
            self._ahead.append(f"{self._names[code.text]} = {code.text}")
        return Code(self._names[code.text], code.per)

    def _code(self, node: CoreExpression, inside: Inside) -> Code:
        match node:
            case core.Constant(value=value):
                return self._literal(value)
            case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
                return self._read(node, inside)
            case core.Outer(operand=operand):
                return self.code(operand, inside[:-1])
            case core.ChosenReading():
                if self._options is not None:
                    return Code(self.constant(self._options[node.slot]))
                self.chosen[node.slot] = node
                return Code(f"o{node.slot}")
            case core.Lookup():
                return self._lookup(node, inside)
            case core.Within(operand=operand) | core.Sharper(operand=operand):
                return self.code(operand, inside)
            case core.Not(operand=operand):
                return negated(self.code(operand, inside).text)
            case core.And(operands=operands):
                return joined(" and ", self._texts(operands, inside), "True", "False")
            case core.Or(operands=operands):
                return joined(" or ", self._texts(operands, inside), "False", "True")
            case core.HowMany(operands=operands):
                return Code(added(["0", *self._texts(operands, inside)]))
            case core.If(test=test, then=then, otherwise=otherwise):
                asked = self.code(test, inside).text
                if asked in SETTLED:
                    return self.code(then if asked == "True" else otherwise, inside)
                branches, per = self._common((then, otherwise), inside)
                return Code(f"({branches[0]} if {asked} else {branches[1]})", per)
            case core.Compare(
                operator="=" | "!=" as operator, left=core.ChosenReading(slot=slot), right=core.Constant(value=option)
            ) if self._options is not None:
                return Code(str((self._options[slot] == option) == (operator == "=")))
            case core.Compare(operator=operator, left=left, right=right):
                sides, _ = self._common((left, right), inside)
                return Code(f"({sides[0]} {OPERATORS.get(operator, operator)} {sides[1]})")
            case core.InSet(operands=operands, rows=rows):
                if len(operands) == 1:
                    one = self.code(operands[0], inside)
                    return Code(f"({one.text} in {self.constant(frozenset(row[0] for row in rows))})")
                return Code(f"({self._tuple(operands, inside)} in {self.constant(rows)})")
            case core.InList(operands=operands):
                return Code(f"({self._tuple(operands, inside)} in {self._rows(node, inside)})")
            case core.OverlapsSet(operand=operand, members=members):
                return Code(f"(not {self.constant(members)}.isdisjoint({self.code(operand, inside).text}))")
            case core.OverlapsList(operand=operand):
                return Code(f"overlap({self.code(operand, inside).text}, {self._rows(node, inside)})")
            case core.Scale(factor=factor, operand=operand):
                return scaled(Fraction(factor), self.code(operand, inside))
            case core.Sum(operands=operands):
                texts, per = self._common(operands, inside)
                return Code(added(texts), per)
            case core.Product(left=left, right=right):
                one, two = self.code(left, inside), self.code(right, inside)
                return Code(f"({one.text} * {two.text})", one.per * two.per)
            case core.Quotient(left=left, right=right):
                one, two = self.code(left, inside), self.code(right, inside)
                above, below = one.times(two.per), two.times(one.per)
                sure = not inside and not any(one in part for one in PARTIAL for part in (above, below))
                return (
                    self._once_named(Code(f"divide({above}, {below})")) if sure else Code(f"divide({above}, {below})")
                )
            case core.Least(operands=operands) | core.Greatest(operands=operands):
                texts, per = self._common(operands, inside)
                pick = "min" if isinstance(node, core.Least) else "max"
                return Code(f"{pick}({', '.join(texts)})" if len(texts) > 1 else texts[0], per)
            case core.Absolute(operand=operand):
                one = self.code(operand, inside)
                return Code(f"abs({one.text})", one.per)
            case core.Rounded(operand=operand, step=step):
                one, by = self.code(operand, inside), self.code(step, inside)
                way = self.constant(node.function)
                return Code(f"rounded({way}, {one.times(by.per)}, {by.text}, {one.per})", by.per)
            case core.Aggregate():
                return self._aggregate(node, inside)
            case core.ShiftDate(date=day, amount=amount):
                part, leap_day = self.constant(node.part), self.constant(node.leap_day)
                moved = scaled(Fraction(node.sign), self.code(amount, inside)).value
                return Code(f"shift_date({part}, {self.code(day, inside).text}, {moved}, {leap_day})")
            case core.Between(start=start, end=end):
                way, leap_day = self.constant(node.function), self.constant(node.leap_day)
                first, last = self._texts((start, end), inside)
                return Code(f"between({way}, {first}, {last}, {leap_day})")
            case core.DatePart(operand=operand):
                return Code(f"date_part({self.constant(node.function)}, {self.code(operand, inside).text})")
        assert_never(node)

    # ---- parts

    def _texts(self, nodes: Sequence[CoreExpression], inside: Inside) -> list[str]:
        """Of values themselves."""
        return [self.code(node, inside).value for node in nodes]

    def _tuple(self, nodes: Sequence[CoreExpression], inside: Inside) -> str:
        return f"({''.join(f'{text}, ' for text in self._texts(nodes, inside))})"

    def _common(self, nodes: Sequence[CoreExpression], inside: Inside) -> tuple[list[str], int]:
        """Counted in one step."""
        codes = [self.code(node, inside) for node in nodes]
        per = lcm(*(code.per for code in codes))
        return [code.times(per // code.per) for code in codes], per

    def _literal(self, value: core.Plain) -> Code:
        match value:
            case bool():
                return Code(str(value))
            case int() | Fraction() if max(abs(value.numerator), value.denominator) < 2**63:
                return Code(f"({value.numerator})" if value < 0 else str(value.numerator), value.denominator)
        return Code(self.constant(value))

    def _read(self, node: core.Reference, inside: Inside) -> Code:
        step = self._waiting.pop((node.collection, node.slot), None)
        if step is not None:
            if not inside and self._depth + depth_of(step.core) <= MOST_DEPTH // 2:
                return self.code(step.core, ())
            around, self._depth = self._depth, 0
            self._ahead += self.step(step)
            self._depth = around
        if node.collection == HOUSEHOLD:
            name = self.place(HOUSEHOLD, node.slot)
        else:
            depth = max(depth for depth, gone in enumerate(inside) if gone.collection == node.collection)
            inside[depth].read[node.slot] = None
            name = f"i{depth}_{node.slot}"
        per = self._per.get((node.collection, node.slot))
        if per is None and not self.is_sure(node.collection, node.slot):
            name = f"({name} if {name} is not None else unknown())"
        return Code(name, per or 1)

    def _lookup(self, node: core.Lookup, inside: Inside) -> Code:
        step = self._parameters.get(node.parameter)
        counted = step is not None and not node.marginal and isinstance(node.type, Quantity)
        per = step.denominator if step is not None and counted else 1
        keys = self._tuple(node.keys, inside)
        if node.on is None:
            self.tables[node.slot] = (node, per)
            return Code(f"t{node.slot}[{keys}]", per)
        found = f"known(env.looked_up({self.constant(node)}, {keys}, {self._day(node.on, inside)}))"
        return Code(found if per == 1 else f"counted({found}, {per})", per)

    def _rows(self, node: core.InList | core.OverlapsList, inside: Inside) -> str:
        return f"rows(env.rows_of({self.constant(node)}, {self._day(node.on, inside)}))"

    def _day(self, on: CoreExpression | None, inside: Inside) -> str:
        return "None" if on is None else self.code(on, inside).text

    def sum(self) -> str:
        """A variable for what is added up."""
        self._sums += 1
        return f"a{self._sums}"

    def is_summed(self, node: core.Aggregate) -> bool:
        return node in self._summed

    def summed(self, node: core.Aggregate, code: Code) -> None:
        """What an aggregate of the household came to while the items were gone over."""
        self._summed[node] = code

    def _aggregate(self, node: core.Aggregate, inside: Inside) -> Code:
        if not inside and node in self._summed:
            return self._summed[node]
        if node.body is None and node.where is None:
            return Code(f"len({self.items(node.collection)})")
        gone, depth = Gone(node.collection), len(inside)
        within = (*inside, gone)
        body = Code("1") if node.body is None else self.code(node.body, within)
        test = "" if node.where is None else f" if {self.code(node.where, within).text}"

        def each(text: str) -> str:
            return f"{text} {self._over(gone, depth)}{test}"

        match node.kind:
            case "sum" | "count":
                return Code(f"sum([{each(body.text)}])", body.per)
            case "any":
                return Code(f"any({each(body.text)})")
            case "every":
                return Code(f"all({each(body.text)})")
            case "max" | "min":
                if node.otherwise is None:
                    return Code(f"{node.kind}([{each(body.text)}])", body.per)
                without = self.code(node.otherwise, inside)
                per = lcm(body.per, without.per)
                values, last = each(body.times(per // body.per)), without.times(per // without.per)
                return Code(f"{node.kind}([{values}], default={last})", per)
        assert_never(node.kind)

    def _over(self, gone: Gone, depth: int) -> str:
        """Which items, and what of each is read."""
        names = [f"i{depth}_{slot}" for slot in gone.read]
        columns = [self.place(gone.collection, slot) for slot in gone.read]
        self.columns.update(dict.fromkeys((gone.collection, slot) for slot in gone.read))
        if len(columns) > 1:
            return f"for {', '.join(names)} in zip({', '.join(columns)})"
        return f"for {names[0]} in {columns[0]}" if names else f"for _ in {self.items(gone.collection)}"
