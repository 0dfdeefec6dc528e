"""A person, and the places whose rules they may write.

In: an entry of the file of users.  Out: `Person`. Imports the ground floor.
"""

from __future__ import annotations

from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """
    Attributes:
        name: as they sign in.
        label: as pages and commits call them.
        places: division codes whose documents they may write, with all that lies within; "" is everywhere.
    """

    name: str
    label: str
    places: tuple[str, ...] = ()

    def may_write(self, jurisdiction: str) -> bool:
        return any(jurisdiction.startswith(place) for place in self.places)

    @property
    def writes(self) -> bool:
        return bool(self.places)


OWNER = Person("owner", "本机", ("",))
"""whoever started the service on this machine and follows its link"""
