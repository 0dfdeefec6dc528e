"""What refers to an item of a list: whose id it is.

In: the facts of a household as they were read.  Out: each reference as the id of the item that it refers to, so that
two of them are equal where they mean the same; a fault for each that refers to nobody. Ids are held against each other
as everywhere (`identity.same_id`); that none stands twice the reader of items has seen to.
While a list or an id in it is not known, whoever is not found may yet be there.
Imports program, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from engine.evaluation.facts import path_of
from engine.evaluation.identity import as_written, same_id
from engine.evaluation.reasons import Reasons
from engine.language.values import UNKNOWN, Unknown, Value
from engine.policy.model import Collection, Elements, Fact, identity_of
from engine.program.model import Input
from engine.records import dataclass
from engine.suggest import Near

Read: TypeAlias = dict[str, Value]
"""the facts of one item, or of the household, which are settled in place"""

_SHOWN: Final = 20
"""ids that are listed where one is not among them"""


def settle_references(
    referring: Sequence[tuple[Input, str]],
    elements: Elements,
    household: Read,
    items: Mapping[str, tuple[Read, ...] | Unknown],
    report: Reasons,
) -> None:
    """Args:
    referring: the facts that refer to an item, each with the collection whose item that is.
    """
    known: dict[str, _Ids] = {}
    for one, collection in referring:
        if collection not in known:
            known[collection] = _ids_of(elements.collections[collection], items[collection])
        ids = known[collection]
        own = items[one.collection] if one.collection else (household,)
        for index, item in enumerate(() if own is UNKNOWN else own):
            value = item.get(one.id)
            if not isinstance(value, str):
                continue
            key = same_id(value)
            if key in ids.written or ids.open:
                item[one.id] = ids.written.setdefault(key, value)
            else:
                fact = elements.fact(one.collection, one.id)
                _refuse(fact, value, path_of((one.collection, index, one.id)), ids, report)


@dataclass(frozen=True, slots=True, eq=False)
class _Ids:
    """Attributes:
    written: of each id, by what it is compared by, how the item writes it; of one that may yet be there, how it was
        written first.
    open: the list, or an id in it, is not known.
    """

    referred: Collection
    identity: Fact
    written: dict[str, str]
    open: bool


def _ids_of(referred: Collection, items: tuple[Read, ...] | Unknown) -> _Ids:
    identity = identity_of(referred)
    if identity is None:
        raise AssertionError("what is referred to has an id")
    if items is UNKNOWN:
        return _Ids(referred, identity, {}, True)
    ids = [item.get(identity.id) for item in items]
    texts = [id for id in ids if isinstance(id, str)]
    return _Ids(referred, identity, {same_id(text): text for text in texts}, len(texts) < len(ids))


def _refuse(fact: Fact, value: str, path: str, ids: _Ids, report: Reasons) -> None:
    there = [as_written(id) for id in ids.written.values()]
    listed = "、".join(there[:_SHOWN]) + ("……" if len(there) > _SHOWN else "")
    hidden = fact.private or ids.identity.private
    report.tell(
        "reference-to-nobody",
        None,
        path=path,
        label=fact.label,
        found="…" if hidden else as_written(value),
        list=ids.referred.label,
        there="" if hidden else listed,
        suggestion="" if hidden else Near(value, there),
    )
