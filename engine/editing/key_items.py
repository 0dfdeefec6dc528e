"""How a key is offered: with its colon, what it is, and behind it what alone may stand there.

In: a `Scene` whose spot is a key.  Out: `Item`s.
Imports scene, items, telling, the tree and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.editing.items import Item
from engine.editing.known import Named
from engine.editing.scene import Scene
from engine.editing.spot import Path
from engine.editing.structure import Place
from engine.editing.telling import summary, type_text
from engine.policy.model import Parameter
from engine.source import Span
from engine.tree import Mapping

_COLON = re.compile(r"[\"']?[ ]*[:：]")


class KeyItems:
    """Makes the keys of one place; `there` are those that it has already."""

    def __init__(self, scene: Scene, span: Span, typed: str) -> None:
        self.scene = scene
        self.span = span
        self.typed = typed
        self.say = scene.say
        self.known = scene.known
        self.holder: Path = scene.path[:-1]
        text = span.source.text
        self.has_colon = _COLON.match(text, span.end) is not None
        self.quoted = text[span.start - 1 : span.start] in ('"', "'")
        holder = scene.node(self.holder)
        self.flow = isinstance(holder, Mapping) and holder.flow
        current = text[span.start : span.end]
        self.there = set(scene.keys(self.holder)) - {current}
        self.order = 0

    def named(self, names: Iterable[Named], group: int = 1) -> Iterator[Item]:
        for one in names:
            yield self.item(one.id, one.kind, self.told(one), summary(one, self.say), (one.name, one.label), group)

    def told(self, one: Named) -> str:
        return " · ".join(dict.fromkeys(part for part in (one.label, type_text(one, self.say)) if part))

    def dotted(self, owner: str, label: str) -> Item:
        return self.item(f"{owner}.", "cause", label, "", (label,), 1, bare=True)

    def parameter(self) -> Parameter | None:
        """The parameter whose values are written here."""
        sections = ("set", "parameters")
        at = next((n for n, step in enumerate(self.holder) if step in sections), None)
        if at is None or len(self.holder) <= at + 1:
            return None
        found = next(self.known.called(str(self.holder[at + 1]), "parameter"), None)
        return found.element if found is not None and isinstance(found.element, Parameter) else None

    def item(
        self,
        name: str,
        kind: str,
        detail: str,
        documentation: str,
        spellings: tuple[str, ...],
        group: int,
        inner: Place | None = None,
        *,
        bare: bool = False,
        whole: str = "",
        shown: str = "",
    ) -> Item:
        self.order += 1
        place = self.scene.place((*self.holder, name)) if inner is None and not bare else inner
        colon = self._colon(place, kind == "collection" or self._has_values(name))
        text = name if bare or self.has_colon else whole or f"{name}{colon}{_only_word(place)}"
        found = tuple(dict.fromkeys(one for one in spellings if one and one != (shown or name)))
        return Item(shown or name, text, self.span, kind, detail, documentation, None, found, group, self.order)  # type: ignore[arg-type]  # kinds of names are kinds of items

    def _colon(self, inner: Place | None, below: bool) -> str:
        """A colon, and a blank behind it where the value goes on the same line."""
        if self.quoted:
            return ""
        below = below or (inner is not None and bool(inner.kinds) and "value" not in inner.kinds)
        return ":" if below and not self.flow else ": "

    def _has_values(self, name: str) -> bool:
        """Whether it is a parameter that is set, of which one value alone says nothing, or the first of its keys."""
        if "values" in self.holder and (parameter := self.parameter()) is not None:
            return len(self.holder) - self.holder.index("values") < len(parameter.by)
        target = next(self.known.called(name, "parameter"), None) if self.holder == ("set",) else None
        return target is not None and bool(getattr(target.element, "by", ()))


def _only_word(inner: Place | None) -> str:
    """The value, where no other may stand there."""
    if inner is None or inner.kinds != {"value"}:
        return ""
    return inner.words[0] if len(inner.words) == 1 or "chosen" in inner.refers else ""
