"""A person, and the places whose rules they may write.

In: an entry of the file of users.  Out: `Person`. Imports policy and the ground floor.
"""

from __future__ import annotations

from typing import Final

from engine.policy.territory import Jurisdiction, Territory
from engine.records import dataclass

EVERYWHERE: Final = ""


@dataclass(frozen=True, slots=True)
class Person:
    """
    Attributes:
        name: as they sign in; "" for nobody in particular.
        label: as pages and commits call them.
        places: division codes whose documents they may write, with all that lies within; "" is everywhere.
    """

    name: str
    label: str
    places: tuple[str, ...] = ()

    def may_write(self, jurisdiction: str | Jurisdiction, territory: Territory | None = None) -> bool:
        """Whether all the places of a document are theirs; without a territory the codes are China's."""
        if EVERYWHERE in self.places:
            return True
        places = Territory() if territory is None else territory
        return bool(self.places) and bool(jurisdiction) and places.holds(Jurisdiction(self.places), jurisdiction)

    @property
    def writes(self) -> bool:
        return bool(self.places)


NOBODY: Final = Person("", "")
"""who has not signed in"""
OWNER: Final = Person("owner", "本机", (EVERYWHERE,))
"""whoever started the service on this machine and follows its link"""
