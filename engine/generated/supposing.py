"""Whether the outcome would still be known if one fact more were not: of each of many such facts, at once.

In: a `Program`, and which option of each reading is chosen.  Out: `Supposing`: of a household in whose frame all
steps are worked out, and of the facts that it left to their defaults, those which unknown alone make the outcome
unknown. Under each supposition a step comes to what the interpreter makes of it (`masked`). A step is gone into when
something reads it, and what settles it whatever is supposed is looked at first: of most households little has to be
looked at.
Imports program and language. A frame is read by the names that `Frame` has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from engine.generated.behind import Behind, Place
from engine.generated.masked import MaskWriter
from engine.generated.masks import Unsupposed
from engine.generated.source import TooDeep
from engine.program.model import HOUSEHOLD, Program

SUPPOSITIONS_AT_ONCE: Final = 300
"""of one household; of more, sets of bits take longer than one fact after the other"""
DEEPEST: Final = 60
"""steps behind steps, each of which is gone into from the one before"""

Got: TypeAlias = list[Any]
"""of the household or of an item: of an input the bit of its supposition, or none; then what is found at each slot"""
Work: TypeAlias = Callable[[Any, Got, "_Household"], Any]


class Supposing:
    def __init__(self, program: Program, options: Sequence[str]) -> None:
        """Args:
        options: the chosen one of each reading.
        """
        self._program = program
        defaulted = ((one.collection, one.slot) for one in program.inputs.values() if one.default is not None)
        self._behind = behind = Behind(program, options, defaulted)
        self._is_possible = program.outcome is not None and not program.joins and behind.deepest <= DEEPEST
        self._works = _Works(program, behind)
        self._blank = {
            id: [*([0] * len(held.inputs)), *([None] * (held.width - len(held.inputs)))]
            for id, held in program.collections.items()
        }

    def unsettling(self, frame: Any, suppositions: Sequence[tuple[str, int, int]]) -> int | None:
        """The suppositions under which the outcome is unknown, as a bit each; None where that is not to be told so.

        Args:
            suppositions: each the input (collection, item, slot) that is unknown.
        """
        outcome = self._program.outcome
        if not self._is_possible or len(suppositions) > SUPPOSITIONS_AT_ONCE or outcome is None:
            return None
        held = _Household(self._works, (1 << len(suppositions)) - 1, self._blank, frame)
        bit, own, items, of_all = 1, held.own, held.items, held.of_all
        for collection, item, slot in suppositions:
            (items[collection][item] if collection else own)[slot] = bit
            of_all[collection][slot] |= bit
            bit <<= 1
        try:
            holds, fails = self._works[outcome.collection, outcome.slot](frame, held.own, held)
        except Unsupposed:
            return None
        unknown: int = held.every & ~(holds | fails)
        return unknown


class _Works(dict[Place, Work]):
    """The code of each step, made when it is first gone into."""

    def __init__(self, program: Program, behind: Behind) -> None:
        super().__init__()
        self._program, self._behind = program, behind

    def __missing__(self, place: Place) -> Work:
        try:
            found = MaskWriter(self._program, self._behind).function_of(self._program.by_place[place])
        except (TooDeep, RecursionError, Unsupposed):
            found = _not_told
        self[place] = found
        return found


def _not_told(*_: object) -> Any:
    raise Unsupposed


class _Household:
    """Attributes:
    every: all suppositions. `own` and `items` say what was found of the household and its items; `of_all` which
        suppositions there are of an input, of all items together.
    """

    __slots__ = ("every", "items", "of_all", "own", "works")

    def __init__(self, works: _Works, every: int, blank: dict[str, Got], frame: Any) -> None:
        self.works = works
        self.every = every
        self.own = blank[HOUSEHOLD][:]
        self.items = {id: [blank[id][:] for _ in items] for id, items in frame.items.items() if type(items) is tuple}
        self.of_all = {id: got[:] for id, got in blank.items()}

    def reach(self, inputs: frozenset[Place]) -> int:
        """The suppositions of any of these."""
        found = 0
        for collection, slot in inputs:
            found |= self.of_all[collection][slot]
        return found
