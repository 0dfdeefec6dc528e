"""What was seen of whom a draft touches, kept with the draft, and with the record once it is published: counts, and no
household.

In: counts of the page of impact.  Out: `Seen`, also as JSON; whether it still holds. Imports store and editing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine import disk
from engine.editing.workspace import Snapshot
from engine.records import dataclass
from engine.serving.drafts.paths import file_in
from engine.serving.drafts.store import Draft, Drafts
from engine.serving.drafts.texts import sha


@dataclass(frozen=True, slots=True)
class Seen:
    """
    Attributes:
        mark: of the rules of the draft as they were then.
        day: whose rules were looked at; "" for those of each application.
        drawn: whether the households were drawn at random.
        kinds: of the households that changed, how many and how; `places` the same by place.
    """

    mark: str
    at: str
    by: str
    day: str
    drawn: bool
    households: int
    refused: int
    kinds: Mapping[str, int]
    places: Mapping[str, Mapping[str, int]]

    def told(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def touched(self) -> int:
        return sum(self.kinds.values())


def rules_mark(drafts: Drafts, draft: Draft, drafted: Snapshot) -> str:
    """Another one as soon as the draft has other rules: a case that is added changes nothing for anybody."""
    kinds = {path: file.kind for path, file in drafted.files.items()}
    told = []
    for path, one in sorted(draft.files.items()):
        file = file_in(drafts.home, path)
        is_case = path.startswith("cases/") or (file is not None and kinds.get(disk.real(file)) == "cases")
        if not is_case:
            told.append((path, one.base, one.text))
    return sha(json.dumps(told))


def read(told: object) -> Seen | None:
    """None for what is none."""
    try:
        match told:
            case {"kinds": dict() as kinds, "places": dict() as places, **rest}:
                more: Mapping[Any, Any] = rest
                return Seen(
                    mark=str(more["mark"]),
                    at=str(more["at"]),
                    by=str(more["by"]),
                    day=str(more["day"]),
                    drawn=bool(more["drawn"]),
                    households=int(more["households"]),
                    refused=int(more["refused"]),
                    kinds=_counts(kinds),
                    places={str(place): _counts(held) for place, held in places.items()},
                )
            case _:
                return None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _counts(told: Mapping[Any, Any]) -> dict[str, int]:
    return {str(kind): int(count) for kind, count in told.items()}
