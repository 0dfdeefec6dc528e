"""What decides the households of a screening: one rule set, or two to be compared.

In: policies and a source.  Out: `Rules`, and what decides a part of the source.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.diagnostics import Language
from engine.records import dataclass

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.policy.loader import Library
    from engine.screening.reading.parts import Source
    from engine.screening.screen import Screening
    from engine.screening.writing.decided import Decider


def _as_it_is(batch: Any) -> Any:
    return batch


@dataclass(frozen=True, slots=True)
class Other:
    """The rule set that is compared.

    Attributes:
        narrow: a batch without what only the first reads.
    """

    policies: Policies
    screening: Screening
    narrow: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """Attributes:
    narrow: a batch without what only the other rule set reads.
    """

    policies: Policies
    source: Source
    screening: Screening
    narrow: Callable[[Any], Any] = _as_it_is
    other: Other | None = None

    @property
    def libraries(self) -> list[Library]:
        return [one.library for one in (self.policies, *([] if self.other is None else [self.other.policies]))]

    def decider(self, language: Language) -> Decider:
        from engine.screening.writing.changes import Comparing
        from engine.screening.writing.decided import Against, Decider, table_schema

        screening, against = self.screening, None
        place = screening.place_column
        if (other := self.other) is not None:
            schemas = [table_schema(one, place, self.source.schema) for one in (screening, other.screening)]
            against = Against(other.screening, other.narrow, Comparing(schemas[0], schemas[1], place))
        return Decider(screening, place, language, self.narrow, against)
