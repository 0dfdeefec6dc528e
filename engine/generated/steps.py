"""One step as a function of Python: what the interpreter makes of it, known or not, without going from node to node.

In: a core expression and the collection whose items it is worked out for.  Out: a function from a frame to a `Value`.
Whole numbers, of which nearly everything is made, are added and compared where they stand; all else the arithmetic of
values does, and what is rare the interpreter itself. The source holds names of ours and numbers; what a policy wrote is
a constant in its scope.
Imports language only. A frame is read by the names that `Frame` has; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeAlias, assert_never

from engine.generated.source import OPERATORS, TooDeep
from engine.language import core, values
from engine.language.core import CoreExpression
from engine.language.interpreter import Unseen, evaluate
from engine.language.types import DateType, Quantity
from engine.language.values import UNKNOWN, Interval, Value
from engine.records import dataclass

MOST_BLOCKS: Final = 15
"""blocks in blocks: Python allows twenty"""


Function: TypeAlias = Callable[[Any], Value]
"""of a frame"""


@dataclass(frozen=True, slots=True)
class Level:
    """Where an expression stands: the variables of the frame and the row of an item of the collection."""

    collection: str
    frame: str
    row: str
    around: Level | None = None


def function_of(node: CoreExpression, collection: str) -> Function:
    """What `evaluate(node, frame)` comes to in each frame of an item of the collection ("": of the household)."""
    writer = StepWriter(CALLED)
    try:
        return writer.function(node, collection)
    except (TooDeep, RecursionError):
        return partial(evaluate, node)


def source_of(node: CoreExpression, collection: str) -> str:
    """The function's text, for reading."""
    writer = StepWriter(CALLED)
    writer.write(node, collection)
    return writer.text


class StepWriter:
    """Args:
    called: what the source may call.
    """

    def __init__(self, called: Mapping[str, Any], opening: str = "def step(f):") -> None:
        self._lines = [opening]
        self._blocks = 1
        self._names = 0
        self._scope: dict[str, Any] = dict(called)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def function(self, node: CoreExpression, collection: str) -> Function:
        self.write(node, collection)
        return self._compiled()

    def write(self, node: CoreExpression, collection: str) -> None:
        level = self._begin(collection)
        self._say(f"return {self._code(node, level)}")

    def _begin(self, collection: str) -> Level:
        """Where an expression of the household, or of an item, stands."""
        self._say("r = f.row")
        if not collection:
            return Level("", "f", "r")
        self._say("p = f.parent.row")
        return Level(collection, "f", "r", Level("", "f.parent", "p"))

    def _compiled(self) -> Callable[..., Any]:
        exec(self.text, self._scope)  # names of ours and numbers: what a policy wrote stands in the scope
        function: Callable[..., Any] = self._scope["step"]
        return function

    # ---- lines

    def _say(self, line: str) -> None:
        self._lines.append(f"{' ' * self._blocks}{line}")

    @contextmanager
    def _block(self, opening: str) -> Iterator[None]:
        self._say(opening)
        self._blocks += 1
        if self._blocks > MOST_BLOCKS:
            raise TooDeep
        yield
        self._blocks -= 1

    def _name(self) -> str:
        self._names += 1
        return f"x{self._names}"

    def _set(self, text: str) -> str:
        """A variable with that value, or the text itself where it is one."""
        if text.isidentifier() or _is_whole(text):
            return text
        name = self._name()
        self._say(f"{name} = {text}")
        return name

    def _constant(self, value: object) -> str:
        name = f"k{len(self._scope)}"
        self._scope[name] = value
        return name

    # ---- nodes

    def _code(self, node: CoreExpression, at: Level) -> str:
        """An expression of Python, after the statements that it rests on."""
        match node:
            case core.Constant(value=value):
                return str(value) if type(value) in (bool, int) and _is_whole(str(value)) else self._constant(value)
            case core.Fact() | core.TermValue() | core.CauseMet() | core.ConditionMet():
                return f"{level_of(node.collection, at).row}[{node.slot}]"
            case core.ChosenReading(slot=slot):
                return f"f.readings[{slot}]"
            case core.Lookup(keys=keys, on=None):
                return f"{at.frame}.looked_up({self._constant(node)}, {self._tuple(keys, at)}, None)"
            case core.Not(operand=operand):
                one = self._set(self._code(operand, at))
                return f"(UNKNOWN if {one} is UNKNOWN else not {one})"
            case core.And(operands=operands):
                return self._logic(operands, at, settling=False)
            case core.Or(operands=operands):
                return self._logic(operands, at, settling=True)
            case core.HowMany(operands=operands):
                return f"how_many({self._tuple(operands, at)})"
            case core.If():
                return self._if(node, at)
            case core.Compare():
                return self._compare(node, at)
            case core.InSet(operands=operands, rows=rows):
                found = [self._set(self._code(one, at)) for one in operands]
                known = " and ".join(f"{one} is not UNKNOWN" for one in found)
                row = f"({''.join(f'{one}, ' for one in found)})"
                return f"({row} in {self._constant(rows)} if {known} else {self._left(node, at)})"
            case core.Scale(factor=int(factor), operand=operand):
                one = self._set(self._code(operand, at))
                return self._fast(f"{factor} * {one}", [one], f"scale({factor}, {one})")
            case core.Scale(factor=factor, operand=operand):
                return f"scale({self._constant(factor)}, {self._set(self._code(operand, at))})"
            case core.Sum(operands=operands):
                return self._sum(operands, at)
            case core.Product(left=left, right=right):
                one, two = self._each((left, right), at)
                return self._fast(f"{one} * {two}", [one, two], f"multiply({one}, {two})")
            case core.Quotient(left=left, right=right):
                one, two = self._each((left, right), at)
                return f"divide({one}, {two})"
            case core.Least(operands=operands) | core.Greatest(operands=operands):
                found = self._each(operands, at)
                pick, slow = ("min", "least") if isinstance(node, core.Least) else ("max", "greatest")
                shown = ", ".join(found)
                return self._fast(f"{pick}({shown})", found, f"{slow}(({shown},))") if len(found) > 1 else found[0]
            case core.Absolute(operand=operand):
                one = self._set(self._code(operand, at))
                return self._fast(f"abs({one})", [one], f"unsigned({one})")
            case core.Aggregate():
                return self._aggregate(node, at)
            case core.Within(operand=operand):
                one = self._set(self._code(operand, at))
                return f"({one} if type({one}) is not Interval else {self._left(node, at)})"
            case core.Sharper(operand=operand):
                one = self._set(self._code(operand, at))
                return f"({one} if is_known({one}) else {self._left(node, at)})"
            case (
                core.Lookup()
                | core.Outer()
                | core.InList()
                | core.OverlapsSet()
                | core.OverlapsList()
                | core.Rounded()
                | core.ShiftDate()
                | core.Between()
                | core.DatePart()
            ):
                return self._left(node, at)
        assert_never(node)

    def _left(self, node: CoreExpression, at: Level) -> str:
        """For the interpreter."""
        return f"evaluate({self._constant(node)}, {at.frame})"

    def _each(self, nodes: Sequence[CoreExpression], at: Level) -> list[str]:
        return [self._set(self._code(node, at)) for node in nodes]

    def _tuple(self, nodes: Sequence[CoreExpression], at: Level) -> str:
        return f"({''.join(f'{text}, ' for text in self._each(nodes, at))})"

    def _fast(self, fast: str, operands: Sequence[str], slow: str) -> str:
        """`fast` where all operands are whole numbers."""
        asked = [one for one in dict.fromkeys(operands) if not _is_whole(one)]
        if not asked:
            return f"({fast})"
        return f"({fast} if {' is '.join(f'type({one})' for one in asked)} is int else {slow})"

    def _sum(self, operands: Sequence[CoreExpression], at: Level) -> str:
        fast, slow, read = [], [], []
        for node in operands:
            factor = node.factor if isinstance(node, core.Scale) and type(node.factor) is int else 1
            one = self._set(self._code(node.operand if isinstance(node, core.Scale) and factor != 1 else node, at))
            read.append(one)
            fast.append(f"- {one}" if factor == -1 else f"+ {factor} * {one}" if factor != 1 else f"+ {one}")
            slow.append(one if factor == 1 else f"scale({factor}, {one})")
        return self._fast(f"{' '.join(fast)}".removeprefix("+ "), read, f"add(({', '.join(slow)},))")

    def _compare(self, node: core.Compare, at: Level) -> str:
        one, two = self._each((node.left, node.right), at)
        holds = f"{one} {OPERATORS.get(node.operator, node.operator)} {two}"
        if not isinstance(node.left.type, Quantity | DateType):
            return f"(UNKNOWN if {one} is UNKNOWN or {two} is UNKNOWN else {holds})"
        return self._fast(holds, [one, two], f"compare({self._constant(node.operator)}, {one}, {two})")

    def _logic(self, operands: Sequence[CoreExpression], at: Level, settling: bool) -> str:
        """As soon as one operand settles it, the others are not looked at."""
        found = self._name()
        self._say(f"{found} = {not settling}")
        with self._block("while True:"):
            for operand in operands:
                one = self._set(self._code(operand, at))
                with self._block(f"if {one} is not {not settling}:"):
                    self._say(f"{found} = {one}")
                    self._say(f"if {one} is {settling}: break")
            self._say("break")
        return found

    def _if(self, node: core.If, at: Level) -> str:
        test = self._set(self._code(node.test, at))
        then, otherwise = self._name(), self._name()
        with self._block(f"if {test} is not False:"):
            self._say(f"{then} = {self._code(node.then, at)}")
        with self._block(f"if {test} is not True:"):
            self._say(f"{otherwise} = {self._code(node.otherwise, at)}")
        return f"({then} if {test} is True else {otherwise} if {test} is False else hull({then}, {otherwise}))"

    def _aggregate(self, node: core.Aggregate, at: Level) -> str:
        """Of the household's items; what looks from one item at others has frames of its own."""
        if at.collection or node.kind in ("max", "min"):
            return self._left(node, at)
        items, found = self._set(f"{at.frame}.items[{self._constant(node.collection)}]"), self._name()
        with self._block(f"if type({items}) is Unseen:"):
            self._say(f"{found} = {self._left(node, at)}")
        with self._block("else:"):
            self._over(node, items, found, at)
        return found

    def _over(self, node: core.Aggregate, items: str, found: str, around: Level) -> None:
        truth = {"any": False, "every": True}.get(node.kind)
        self._say(f"{found} = {'[]' if truth is None else truth}")
        frame, row = self._name(), self._name()
        with self._block(f"for {frame} in {items}:"):
            self._say(f"{row} = {frame}.row")
            at = Level(node.collection, frame, row, around)
            test = "True"
            if node.where is not None:
                test = self._set(self._code(node.where, at))
                self._say(f"if {test} is False: continue")
            body = "True" if node.body is None else self._set(self._code(node.body, at))
            self._passed(node, found, test, body)
        if truth is None:
            self._say(f"{found} = {'add' if node.kind == 'sum' else 'how_many'}({found})")

    def _passed(self, node: core.Aggregate, found: str, test: str, body: str) -> None:
        """What an item that passes, or may, brings to the whole."""
        sure = test == "True"
        match node.kind:
            case "count":
                self._say(f"{found}.append({test})")
            case "sum":
                self._say(f"{found}.append({body if sure else f'{body} if {test} is True else hull(0, {body})'})")
            case "any":
                one = body if sure else self._set(f"{body} if {test} is True else conjunction(({test}, {body}))")
                self._settle(found, one, True)
            case "every":
                one = body if sure else self._set(f"{body} if {test} is True else disjunction((UNKNOWN, {body}))")
                self._settle(found, one, False)
            case "max" | "min":
                raise AssertionError("left to the interpreter")
            case _:
                assert_never(node.kind)

    def _settle(self, found: str, one: str, settling: bool) -> None:
        with self._block(f"if {one} is not {not settling}:"):
            self._say(f"{found} = {one}")
            self._say(f"if {one} is {settling}: break")


def level_of(collection: str, at: Level) -> Level:
    while at.collection != collection:
        if at.around is None:
            raise AssertionError(f"no item of {collection} is current")
        at = at.around
    return at


def _is_whole(text: str) -> bool:
    """Whether it is a whole number that Python reads at once, or a truth."""
    return text in ("True", "False") or (text.removeprefix("-").isdecimal() and len(text) < 19)


CALLED: Final = {
    "UNKNOWN": UNKNOWN,
    "Interval": Interval,
    "Unseen": Unseen,
    "evaluate": evaluate,
    **{
        one.__name__: one
        for one in (
            values.add,
            values.compare,
            values.conjunction,
            values.disjunction,
            values.divide,
            values.greatest,
            values.how_many,
            values.hull,
            values.is_known,
            values.least,
            values.multiply,
            values.scale,
            values.unsigned,
        )
    },
}
