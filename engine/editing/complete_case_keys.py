"""What may stand as a key in a file of cases: facts of a household, what a case sets, what is expected.

In: the `KeyItems` of a place.  Out: `Item`s.
Imports key_items and items.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.editing.items import Item
from engine.editing.key_items import KeyItems


def keys_of_case(make: KeyItems) -> Iterator[Item]:
    holder = make.holder
    if "household" in holder:
        inside = holder[holder.index("household") + 1 :]
        yield from _facts(make, "" if not inside else str(inside[0]), with_lists=not inside)
    elif holder[-1:] == ("change",):
        yield from _facts(make, "", with_lists=False)
        for one in make.known.of_kind("fact"):
            if one.collection:
                name = f"{one.collection}.0.{one.id}"
                yield make.item(name, "fact", make.told(one), "", (one.name, one.label, one.id), 2)
    elif holder[-1:] == ("given",):
        yield from make.named(make.known.of_kind("parameter", "reading"))
        yield from make.named(make.known.of_kind("term"), 2)
    elif len(holder) > 1 and holder[-2] == "expect":
        yield from _expected(make, str(holder[-1]))


def _facts(make: KeyItems, collection: str, *, with_lists: bool) -> Iterator[Item]:
    yield from make.named(one for one in make.known.of_kind("fact") if one.collection == collection)
    if with_lists:
        yield from make.named(make.known.of_kind("collection"))


def _expected(make: KeyItems, section: str) -> Iterator[Item]:
    elements = make.scene.elements
    if section == "causes":
        yield from make.named(make.known.of_kind("cause"))
    elif section == "readings":
        yield from make.named(make.known.of_kind("reading"))
    elif section == "conditions":
        for one in make.known.of_kind("condition"):
            yield make.item(f"{one.collection}.{one.id}", "condition", one.label, "", (one.label,), 1)
    elif elements is not None and section in ("requirements", "outputs"):
        held = elements.requirements if section == "requirements" else elements.outputs
        for id_, element in held.items():
            yield make.item(id_, "condition", element.label, "", (element.label,), 1)
