"""What the solver is asked over the households of one world, in a fixed amount of work, never of time, so that the
answer is the same on every machine.

In: a `World` and what is encoded over it.  Out: whether some household is so, and a model of one. Imports this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

import z3

from engine.proof.encoding import Encoding
from engine.proof.terms import Bit
from engine.proof.world import World

Answer: TypeAlias = Literal["some", "none", "unsettled"]
WORK: Final = 3_000_000
"""of the solver, in its own units, for one question"""

_QUICKLY: Final = 4
"""the part of the work that is spent until what may help is said"""


class Inquiry:
    """Args:
    work: how much the solver may do for one question.
    checked: whether only those households are asked about that no check of the data refuses.
    """

    def __init__(self, world: World, encodings: Sequence[Encoding], work: int = WORK, *, checked: bool = True) -> None:
        self.world = world
        self.encodings = tuple(encodings)
        self._base: list[Bit] | None = None if checked else []
        self.solver = z3.Solver()
        self.solver.set("rlimit", work)
        self._said = 0
        self._swept = False
        self._work = work

    def ask(self, bit: Bit) -> Answer:
        """Whether some household is so."""
        found = self.ask_quickly(bit)
        if found == "unsettled":
            if not self._swept:
                self._swept = True
                self._sweep()
                self._say()
            found = self._checked(bit)
        return found

    def ask_quickly(self, bit: Bit) -> Answer:
        """Likewise, with a part of the work."""
        if bit is False:
            return "none"
        self._say()
        with self._at_most(self._work // _QUICKLY):
            return self._checked(bit)

    @contextmanager
    def _at_most(self, work: int) -> Iterator[None]:
        self.solver.set("rlimit", work)
        yield
        self.solver.set("rlimit", self._work)

    def _checked(self, bit: Bit) -> Answer:
        found = self.solver.check(*([] if bit is True else [bit]))
        return "some" if found == z3.sat else "none" if found == z3.unsat else "unsettled"

    def learn(self, bit: Bit) -> None:
        """What was proved of every household: what rests on it need not be proved from the facts again."""
        if bit is not True:
            self.solver.add(bit)

    def _sweep(self) -> None:
        """What may help where the solver gave up: said once."""

    @contextmanager
    def narrowing(self) -> Iterator[None]:
        """What is narrowed inside does not last; nothing may be read anew there, as that would not last either."""
        swept, self._swept = self._swept, True
        self.solver.push()
        try:
            yield
        finally:
            self.solver.pop()
            self._swept = swept

    def narrow(self, bit: Bit) -> bool:
        """Ask only of those for whom it holds, where there is one."""
        if bit is True:
            return True
        if self.ask(bit) != "some":
            return False
        self.solver.add(bit)
        return True

    def model(self) -> z3.ModelRef:
        return self.solver.model()

    def _say(self) -> None:
        """What holds of every household: what has been read of it so far, and that no check refuses it."""
        if self._base is None:
            self._base = [encoding.accepted() for encoding in self.encodings]
            self.solver.add(*self._base)
        fresh = self.world.holds[self._said :]
        self._said = len(self.world.holds)
        self.solver.add(*fresh)
        for encoding in self.encodings:
            self.solver.add(*encoding.published)
            encoding.published.clear()
