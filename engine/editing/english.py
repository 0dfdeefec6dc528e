"""What the keys of policy files mean, in English: the schemas say it in Chinese only.

In: a `Key` or `Place`.  Out: title and description in the language asked for.
Imports structure and say.
"""

from __future__ import annotations

from engine.editing.structure import Key, Place
from engine.say import Say


def told(key: Key | Place, say: Say) -> tuple[str, str]:
    """The title and the description."""
    if say.language == "zh":
        return key.title, key.description
    return ENGLISH.get((key.title, key.description), ("", ""))


ENGLISH: dict[tuple[str, str], tuple[str, str]] = {}
