"""What the keys of policy files mean, in the reader's language: the schemas say it in Chinese, and beside them stands
`grammar/descriptions.en.json`, each description in English.

In: a `Key` or `Place`.  Out: title and description. An English key is its own title.
Imports structure, say and resources.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import cast

from engine import resources
from engine.editing.structure import Key, Place
from engine.say import Say


def told(key: Key | Place, say: Say) -> tuple[str, str]:
    """The title, and the description."""
    return say(key.title, ""), say(key.description, _english().get(key.description, ""))


def in_short(key: Key | Place, say: Say) -> str:
    """What stands beside a key in a list: the title, or in English the description, which is short."""
    title, description = told(key, say)
    return title or description


@cache
def _english() -> Mapping[str, str]:
    return cast("dict[str, str]", json.loads(resources.grammar_text("descriptions.en.json")))
