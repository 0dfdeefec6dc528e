"""What the levels below open to an overlay: which sections, which kinds, which promises.

In: `Local`, or the `Scene` of a change.  Out: whether it is open, and what may be promised.
Imports scene and the model.
"""

from __future__ import annotations

from engine.editing.scene import Scene
from engine.policy.model import Guard, Local


def opens_section(name: str, local: Local) -> bool:
    match name:
        case "set" | "not_found":
            return any(map(is_opened, local.set.values()))
        case "add":
            return any(map(is_opened, (*local.add.values(), *local.add_parts.values())))
        case "replace":
            return any(map(is_opened, local.replace_terms.values()))
        case "exempt":
            return is_opened(local.add.get("exemptions"))
        case _:
            return True


def opens_kind(name: str, local: Local) -> bool:
    """Whether `add` may hold this kind."""
    if name == "parts":
        return any(map(is_opened, local.add_parts.values()))
    return is_opened(local.add.get(name))


def is_opened(guard: Guard | None) -> bool:
    return guard is not None and guard.effect != "sealed"


def allowed_effects(scene: Scene) -> frozenset[str] | None:
    """What may be promised here: a guard that demands an effect takes no other. What a level opens to the next is
    as tight, or closed."""
    guard = _guard_over(scene)
    if guard is None or guard.effect in ("any", "sealed"):
        return None
    closed = ("sealed", "expected") if scene.path[0] == "local" else ()
    return frozenset({guard.effect, *closed})


def _guard_over(scene: Scene) -> Guard | None:
    """The guard over the change that this is part of."""
    local, path = scene.local, tuple(str(step) for step in scene.path)
    path = path[1:] if path[:1] == ("local",) else path
    if local is None or len(path) < 2:
        return None
    match path[:2]:
        case ("set", target):
            return local.set.get(target)
        case ("add", "parts"):
            return local.add_parts.get(path[2].partition(".")[0]) if len(path) > 2 else None
        case ("add", kind):
            return local.add.get(kind)
        case ("exempt", _):
            return local.add.get("exemptions")
        case ("replace", _):
            return local.replace_terms.get(path[2]) if len(path) > 2 else None
        case _:
            return None
