"""What may stand as a key: what the schema has there, and ids that the policies open or declare.

In: a `Scene` whose spot is a key.  Out: `Item`s, and the word that is to find them.
An overlay is offered only what the levels below it open. Keys that are there already, and those that exclude what is
there, are not offered.
Imports key_items, complete_case_keys, scene, english, telling, places, language, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.editing.complete_case_keys import keys_of_case
from engine.editing.english import in_short, told
from engine.editing.items import Item
from engine.editing.key_items import KeyItems
from engine.editing.known import Named
from engine.editing.new_ids import new_name
from engine.editing.new_ids import told as told_name
from engine.editing.openings import allowed_effects, is_opened, opens_kind, opens_section
from engine.editing.places import place_items
from engine.editing.scene import Scene
from engine.editing.structure import Place, schema_at
from engine.editing.tables import header_of
from engine.editing.telling import guard_text, summary
from engine.language.types import Choice, Quantity
from engine.language.types import Place as PlaceType
from engine.policy.build_policy import condition_targets
from engine.policy.keys import key_type
from engine.policy.model import Local, NamedList, Parameter, Parts, Reading
from engine.source import Span

_KEY_BEFORE = re.compile(r"[\w.]*\Z")
_KEY_BEHIND = re.compile(r"[\w.]*")
_COLON = re.compile(r"[\"']?[ ]*[:：]")
_LONGEST = 128


def offered(scene: Scene) -> tuple[list[Item], str]:
    """What may stand at the spot, and what of it is written already."""
    text, offset = scene.file.source.text, scene.spot.offset
    before = _KEY_BEFORE.search(text, max(0, offset - _LONGEST), offset)
    behind = _KEY_BEHIND.match(text, offset)
    start = offset if before is None else before.start()
    span = Span(scene.file.source, start, offset if behind is None else behind.end())
    return list(_Keys(scene, span, text[start:offset]).all()), text[start:offset]


class _Keys(KeyItems):
    def all(self) -> Iterator[Item]:
        if not self.holder and self.scene.file.kind == "other":
            yield from self._starts()
            return
        seen: set[str] = set()
        for item in (*self._ids(), *self._schema(), *self._new()):
            if item.insert not in seen and (item.insert != self.typed or not item.goes_on):
                seen.add(item.insert)
                yield item

    def _starts(self) -> Iterator[Item]:
        """What a file may be: the key that says so, and its format before it."""
        for kind in ("overlay", "policy", "values", "cases"):
            place = schema_at(kind, ())
            title, description = in_short(place, self.say), told(place, self.say)[1]
            if kind not in self.there:
                yield self.item(kind, "key", title, description, (title,), 0, schema_at(kind, (kind,)))
        if "format" not in self.there:
            yield self.item(
                "format", "key", self.say("格式版本", "version"), "", (), 1, schema_at("policy", ("format",))
            )

    def _new(self) -> Iterator[Item]:
        """One more, under a name of the author's own."""
        dotted = self.typed.rpartition(".")[0]
        found = new_name(self.holder, self.scene.place(self.holder), self.there, self.say)
        if found is None or (self.holder == ("add", "conditions") and not dotted):
            return
        name, title = found
        whole = f"{dotted}.{name}" if dotted else name
        self.order += 1
        text = whole if self.has_colon else f"{whole}:"
        what, told = (title, whole), told_name(self.holder, self.say)
        yield Item(title, text, self.span, "value", name, told, len(whole), what, 4, self.order, len(name))

    # ---- what the schema has

    def _schema(self) -> Iterator[Item]:
        place = self.scene.place(self.holder)
        for key in place.keys.values():
            if key.name not in self.there and self._fits(key.name, place) and self._is_open(key.name):
                description = told(key, self.say)[1]
                inner = self.scene.place((*self.holder, key.name))
                wanted = any(key.name in group for group in place.one_of)
                wanted = wanted or (key.name == "effect" and allowed_effects(self.scene) is not None)
                group = 1 if key.required or key.name == "label" else 2 if wanted else 3
                short = in_short(key, self.say)
                yield self.item(key.name, "key", short, description, (key.title,), group, inner)

    def _fits(self, name: str, place: Place) -> bool:
        """Whether nothing that is there excludes it, and all is there that it needs."""
        if any(name in group and group & self.there for group in place.one_of):
            return False
        if not all(other in self.there for other in place.needs.get(name, ())):
            return False
        return name != "exemptions" or not self.there

    def _is_open(self, name: str) -> bool:
        """Whether the levels below let the overlay write it."""
        scene, local = self.scene, self.scene.local
        if scene.file.kind != "overlay":
            return True
        if not self.holder and name == "repeal":
            return scene.is_free
        if self.holder[:1] == ("set",) and len(self.holder) in (2, 3):
            return self._suits_target(name)
        if local is None:
            return True
        if not self.holder:
            return opens_section(name, local)
        return self.holder not in (("add",), ("local", "add")) or opens_kind(name, local)

    def _suits_target(self, name: str) -> bool:
        """Of what is set: a parameter has values, a list items, a reading an option."""
        if name not in ("value", "values", "table", "columns", "unit", "partial", "items", "chosen"):
            return True
        target = next((one.element for one in self.known.called(str(self.holder[1]))), None)
        match target:
            case Parameter(by=by):
                return name in (("values", "table", "columns", "unit", "partial") if by else ("value", "unit"))
            case NamedList():
                return name in ("items", "table")
            case Reading():
                return name == "chosen"
            case _:
                return True

    # ---- ids

    def _ids(self) -> Iterator[Item]:
        holder, kind = self.holder, self.scene.file.kind
        if kind == "cases":
            yield from keys_of_case(self)
        elif kind in ("policy", "overlay", "values"):
            if holder[-1:] == ("joins",):
                yield from self._joins()
            elif holder[-1:] == ("columns",):
                yield from self._columns()
            elif "values" in holder:
                yield from self._values()
            elif holder[:1] == ("local",):
                yield from self._opened()
            elif kind == "overlay":
                yield from self._of_overlay()
        elif kind == "settings" and holder == ("policies",):
            yield from self._documents()

    def _of_overlay(self) -> Iterator[Item]:
        local, elements = self.scene.local, self.scene.elements
        match self.holder:
            case ("set",):
                guards = None if local is None else local.set
                yield from self._guarded(self.known.of_kind("parameter", "list", "reading"), guards)
            case ("not_found",):
                yield from self._guarded(self.known.of_kind("parameter"), None if local is None else local.set)
            case ("replace", "terms"):
                yield from self._guarded(self.known.of_kind("term"), None if local is None else local.replace_terms)
            case ("add", "facts"):
                yield from self.named(one for one in self.known.of_kind("collection"))
            case ("add", "conditions"):
                yield self.dotted("all", self.say("每个原因", "every cause"))
                yield from (self.dotted(one.id, one.label) for one in self.known.of_kind("cause"))
            case ("add", "parts"):
                yield from self._parts(local)
            case ("exempt",) if elements is not None:
                guard = None if local is None else local.add.get("exemptions")
                targets = tuple(condition_targets(elements))
                for target in guard.to if guard is not None and guard.to else targets:
                    yield from self._target(target, guard.to if guard is not None else ())
            case ("add", "causes", _, "conditions"):
                yield from self._must_use(local)
            case _:
                return

    def _guarded(self, names: Iterable[Named], guards: object) -> Iterator[Item]:
        """Those that are open; what is expected first."""
        for one in names:
            guard = guards.get(one.id) if isinstance(guards, dict) else None
            if guards is not None and (guard is None or guard.effect == "sealed"):
                continue
            if one.policy == self.scene.file.id and self.holder != ("not_found",):
                continue
            counted = one.type.unit if isinstance(one.type, Quantity) else None
            opened = "" if guard is None else guard_text(guard, self.say, one.unit, counted)
            detail = " · ".join(part for part in (self.told(one), opened) if part)
            group = 0 if guard is not None and guard.expected else 1
            yield self.item(one.id, one.kind, detail, summary(one, self.say), (one.name, one.label), group)

    def _parts(self, local: Local | None) -> Iterator[Item]:
        """A part for each cause of the file's own, in each step that is open."""
        causes = [one for one in self.known.of_kind("cause") if one.policy == self.scene.file.id]
        for term in self.known.of_kind("term"):
            body = getattr(term.element, "body", None)
            guard = None if local is None else local.add_parts.get(term.id)
            if not isinstance(body, Parts) or (local is not None and (guard is None or guard.effect == "sealed")):
                continue
            opened = "" if guard is None else guard_text(guard, self.say, "", None)
            detail = " · ".join(part for part in (term.label, opened) if part)
            for cause in causes:
                name = f"{term.id}.{cause.id}"
                yield self.item(name, "term", detail, summary(term, self.say), (term.label, cause.label), 0)
            if not causes:
                yield self.item(f"{term.id}.", "term", detail, summary(term, self.say), (term.label,), 1, bare=True)

    def _target(self, target: str, first: tuple[str, ...]) -> Iterator[Item]:
        cause, _, condition = target.partition(".")
        found = [
            one for one in self.known.of_kind("condition") if one.id == condition and cause in ("all", one.collection)
        ]
        label = found[0].label if found else ""
        owner = self.say("每个原因", "every cause") if cause == "all" else ""
        detail = " · ".join(part for part in (owner, label) if part)
        yield self.item(target, "condition", detail, "", (label,), 0 if target in first else 1)
        if target in first and cause == "all":
            for one in found:
                yield self.item(f"{one.collection}.{condition}", "condition", one.label, "", (one.label,), 1)

    def _must_use(self, local: Local | None) -> Iterator[Item]:
        guard = None if local is None else local.add.get("causes")
        for target in () if guard is None else guard.must_use:
            name = target.partition(".")[2]
            source = next((one for one in self.known.of_kind("condition") if one.id == name), None)
            if source is not None:
                detail = self.say("必须沿用", "must be taken over")
                insert = f"{name}: {{same_as: {source.collection}.{name}}}"
                yield self.item(name, "condition", f"{detail} · {source.label}", "", (source.label,), 0, whole=insert)

    def _joins(self) -> Iterator[Item]:
        root = None if self.known.merged is None else self.known.merged.chain.root
        joining = None if root is None else root.joining
        for id_, name in ({} if joining is None else joining.states).items():
            yield self.item(id_, "key", name, "", (name,), 0)

    def _opened(self) -> Iterator[Item]:
        """What a level may open to the next: its own, and what it is itself allowed to change."""
        local = self.scene.local
        match self.holder:
            case ("local", "set"):
                names: Iterable[Named] = self.known.of_kind("parameter", "list", "reading")
                guards = None if local is None else local.set
            case ("local", "replace", "terms"):
                names, guards = self.known.of_kind("term"), None if local is None else local.replace_terms
            case ("local", "add", "parts"):
                names = (one for one in self.known.of_kind("term") if _has_parts(one))
                guards = None if local is None else local.add_parts
            case _:
                return
        own = self.scene.file.id
        yield from self.named(
            one for one in names if guards is None or one.policy == own or is_opened(guards.get(one.id))
        )

    # ---- values and tables

    def _values(self) -> Iterator[Item]:
        parameter = self.parameter()
        depth = len(self.holder) - self.holder.index("values") - 1
        if parameter is not None and depth < len(parameter.by):
            yield from self._admissible(parameter.by[depth])

    def _admissible(self, key: str) -> Iterator[Item]:
        """The places or options that a value may be of."""
        elements = self.scene.elements
        named = next((one for one in self.known.called(key.rpartition(".")[2], "fact", "term", "reading")), None)
        type_ = named.type if named is not None else None if elements is None else key_type(elements, key)
        if isinstance(type_, Choice):
            for id_, label in type_.options:
                if self.there.isdisjoint((id_, label)):
                    yield self.item(id_, "option", label, "", (label,), 0)
        elif isinstance(type_, PlaceType):
            for one in place_items(self.scene, self.span, inside=True, quoted=self.quoted):
                if one.insert.strip('"') not in self.there and one.label not in self.there:
                    yield self._as_key(one)

    def _as_key(self, item: Item) -> Item:
        return self.item(item.insert, "place", item.detail, "", (item.label, *item.spellings), 0, shown=item.label)

    def _columns(self) -> Iterator[Item]:
        for name in header_of(self.scene.snapshot, self.scene.file, self.scene.text((*self.holder[:-1], "table"))):
            if name not in self.there:
                yield self.item(name, "column", self.say("表头", "column of the table"), "", (), 0)

    def _documents(self) -> Iterator[Item]:
        for id_, document in self.scene.snapshot.library.documents.items():
            yield self.item(id_, "document", document.header.title, "", (document.header.title,), 0)


def _has_parts(one: Named) -> bool:
    return isinstance(getattr(one.element, "body", None), Parts)
