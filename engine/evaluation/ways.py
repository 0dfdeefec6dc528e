"""Which households are decided from their dict by code of their own, and which take the steps one by one.

In: a household as a plain dict.  Out: its `Decision`; None where it is for the reader and the interpreter, whose answer
is the same. A way is that of a place and a day, by whose texts it is found again: a household with the same goes the
same way. Whoever decides few households never comes to the code that makes one (`quick`).
Imports policy and this floor.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.evaluation.decision import Decision
from engine.evaluation.routing import Route, Router
from engine.identity import Same
from engine.policy.checked import CheckedPolicy

if TYPE_CHECKING:
    from engine.evaluation.quick import Way

OFTEN: Final = 100
"""about so many households have to be decided until their code, made instead, would have paid"""
MOST_WAYS: Final = 50_000
"""places times days that are kept"""

Asking: TypeAlias = tuple[str, str, str | None, date | None, date | None]
"""the texts of a household's place and day, and what a caller names: a policy, `as_of`, `known_on`"""


class Ways:
    """Ways that were gone before; those of a policy begin once it was asked for often."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._fields: dict[str | None, tuple[str, str] | None] = {}
        self._times: dict[Same[CheckedPolicy], int] = {}
        self._ways: dict[Asking | None, Way] = {}

    def decide(self, tree: object, policy: str | None, as_of: date | None, known_on: date | None) -> Decision | None:
        if type(tree) is not dict:
            return None
        asked = self._asked(tree, policy, as_of, known_on)
        way = self._ways.get(asked)
        return None if way is None else way.decide(tree)

    def decide_on(
        self, tree: object, route: Route, policy: str | None, as_of: date | None, known_on: date | None
    ) -> Decision | None:
        """Likewise a household whose route was just found; it is the way of those that come after it."""
        held = Same(route.checked)
        times = self._times[held] = self._times.get(held, 0) + 1
        if times <= OFTEN or type(tree) is not dict:
            return None
        if policy not in self._fields:
            self._fields[policy] = self._router.placing_fields(policy)
        asked = self._asked(tree, policy, as_of, known_on)
        if asked is None or asked in self._ways:
            return None
        from engine.evaluation.quick import way_of

        way = way_of(route, as_of, known_on)
        if way is None:
            return None
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
        self._ways[asked] = way
        return way.decide(tree)

    def _asked(
        self, tree: dict[object, Any], policy: str | None, as_of: date | None, known_on: date | None
    ) -> Asking | None:
        fields = self._fields.get(policy)
        if fields is None:
            return None
        place, day = tree.get(fields[0]), tree.get(fields[1])
        if type(place) is not str or type(day) is not str:
            return None
        return place, day, policy, as_of, known_on
