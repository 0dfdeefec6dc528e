"""How the function around the cursor is written, and at which of its places one is.

In: a snapshot, a file and an offset.  Out: `Signatures`; None outside the brackets of a function.
Imports scene, phrase, meanings and the ground floor.
"""

from __future__ import annotations

from engine.editing.complete_expressions import written
from engine.editing.meanings import MEANINGS, Form
from engine.editing.phrase import Frame, phrase_at
from engine.editing.scene import Scene
from engine.editing.workspace import File, Snapshot
from engine.records import dataclass
from engine.say import Language, Say

_AFTER = {"": 0, "ahead": 0, "for": 1, "where": 2, "else": 3}


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to write a function. `places` are stretches of the label, each with what stands there."""

    label: str
    places: tuple[tuple[int, int, str], ...]
    documentation: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """`form` and `place` are where the author is, from 0."""

    forms: tuple[Signature, ...]
    form: int
    place: int


def signature(snapshot: Snapshot, file: File, offset: int, language: Language = "zh") -> Signatures | None:
    scene = Scene(snapshot, file, offset, language)
    if scene.spot.role != "expression":
        return None
    begin, text = written(scene)
    frame = phrase_at(text, scene.spot.offset - begin, scene.known.units).call
    if frame is None or frame.word is None:
        return None
    meaning = MEANINGS[frame.word.canonical]
    forms = tuple(_signature(form, meaning.rule(scene.say), scene.say) for form in meaning.forms)
    at = _which(meaning.forms, frame)
    return Signatures(forms, at, _place(meaning.forms[at], frame)) if forms else None


def _signature(form: Form, rule: str, say: Say) -> Signature:
    label, places, start = form.label(say), [], 0
    start = label.index("(")
    for name, told in form.places(say):
        start = label.index(name, start)
        places.append((start, start + len(name), told))
        start += len(name)
    return Signature(label, tuple(places), rule)


def _which(forms: tuple[Form, ...], frame: Frame) -> int:
    """The form over a collection once `for` stands there; before that the first, which is the shorter."""
    over = frame.after in ("for", "ahead", "else") or (
        frame.after == "where" and frame.collection and frame.argument == 0
    )
    found = next((at for at, form in enumerate(forms) if " for " in form.en), None)
    if over and found is not None and not (frame.after == "where" and " for " not in forms[0].en):
        return found
    return 0


def _place(form: Form, frame: Frame) -> int:
    if " for " in form.en:
        return min(_AFTER.get(frame.after, 0), len(form.zh_places) - 1)
    if " where " in form.en:
        return 1 if frame.after == "where" else 0
    return min(frame.argument, len(form.zh_places) - 1)
