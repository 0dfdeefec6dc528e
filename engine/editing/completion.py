"""What may be written at a place: the keys, values and words that the checks would take there.

In: a snapshot, a file and an offset.  Out: `Item`s that what is typed finds, the nearest first.
Imports scene, the modules that offer keys, values and expressions, and items.
"""

from __future__ import annotations

from engine.editing import complete_expressions, complete_keys, complete_tables, complete_values
from engine.editing.items import Item, found
from engine.editing.scene import Scene
from engine.editing.workspace import File, Snapshot
from engine.say import Language


def complete(snapshot: Snapshot, file: File, offset: int, language: Language = "zh") -> tuple[Item, ...]:
    """What is offered at an offset; nothing in a comment."""
    if file.kind == "table":
        return found(*complete_tables.offered(snapshot, file, offset, language))
    scene = Scene(snapshot, file, offset, language)
    match scene.spot.role:
        case "key":
            return found(*complete_keys.offered(scene))
        case "value":
            return found(*complete_values.offered(scene))
        case "expression":
            return found(*complete_expressions.offered(scene))
        case "none":
            return ()
