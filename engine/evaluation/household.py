"""Household JSON to typed facts, by what a checked policy declares.

In: JSON text or bytes, or Python dicts and lists; a `CheckedPolicy`.  Out: `HouseholdFacts`, or `HouseholdError` with
every reason found. Written by hand because it reads amounts from their text, and because it must be quick; the
derived JSON Schema is tested to accept and refuse the same. Imports policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.errors import HouseholdError
from engine.evaluation.facts import FactPlace, HouseholdFacts, Item
from engine.evaluation.fields import read_value, show
from engine.evaluation.identity import as_written, same_id
from engine.evaluation.json_text import printable, read_json
from engine.evaluation.reasons import Reasons
from engine.language.interpreter import MAX_ITEMS
from engine.language.values import UNKNOWN, Unknown, Value
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Collection, Elements, Fact
from engine.program.link import program_of
from engine.program.model import Program
from engine.records import dataclass
from engine.suggest import Near


def read_household(
    data: object,
    policy: CheckedPolicy,
    *,
    other_fields: frozenset[str] = frozenset(),
    asked_fields: frozenset[str] = frozenset(),
) -> HouseholdFacts:
    """Read one household.

    Args:
        data: JSON text or bytes, the tree that `read_json` makes, or Python values (ints, Decimals and floats count
            by their shortest decimal text).
        other_fields: what other loaded policies declare (`income_12m`, `vehicles`, `members.price`): such a field is
            passed over with a warning.
        asked_fields: likewise what policies declare that are asked about the same household: such a field is theirs,
            and passed over without a word.
    Raises: HouseholdError.
    """
    tree = read_json(data) if isinstance(data, str | bytes | bytearray) else data
    report = Reasons()
    elements = policy.merged.elements
    if not isinstance(tree, Mapping):
        report.tell("household-not-object", None, path="$")
        raise HouseholdError(report.diagnostics)
    reader = _Reader(elements, program_of(policy), other_fields, asked_fields, report)
    facts = reader.read(tree)
    if report.has_errors or facts is None:
        found = [one for one in report.diagnostics if one.severity == "error"]
        raise HouseholdError(found, household_id(tree, elements.facts))
    return facts


@dataclass(frozen=True, slots=True)
class Routing:
    """What has to be known of a household before its policy can be found. `id` is None where it cannot be read."""

    id: str | None
    place: str
    as_of: date


def read_routing(tree: object, facts: Mapping[str, Fact]) -> Routing:
    """The household's place and application date, by the facts of a policy that might be its own.

    Raises: HouseholdError where they are absent or not well formed.
    """
    report = Reasons()
    if not isinstance(tree, Mapping):
        report.tell("household-not-object", None, path="$")
        raise HouseholdError(report.diagnostics)
    found: dict[str, Value | None] = {}
    for fact in facts.values():
        if fact.role in ("place", "as_of"):
            found[fact.role] = _required(fact, tree.get(fact.id), fact.id, report)
    place, as_of = found.get("place"), found.get("as_of")
    id = household_id(tree, facts)
    if not isinstance(place, str) or not isinstance(as_of, date):
        raise HouseholdError(report.diagnostics, id)
    return Routing(id, place, as_of)


def household_id(tree: Mapping[object, object], facts: Mapping[str, Fact]) -> str | None:
    """The household's id where it can be read, to name a refusal by."""
    for fact in facts.values():
        if fact.role == "identity":
            value = read_value(fact, tree.get(fact.id), fact.id, Reasons())
            return value if isinstance(value, str) else None
    return None


def _required(fact: Fact, raw: object, path: str, report: Reasons) -> Value | None:
    if raw is None:
        report.tell("required-fact", None, path=path, label=fact.label)
        return None
    return read_value(fact, raw, path, report)


class _Reader:
    def __init__(
        self,
        elements: Elements,
        program: Program,
        other_fields: frozenset[str],
        asked_fields: frozenset[str],
        report: Reasons,
    ) -> None:
        self._elements = elements
        self._program = program
        self._other_fields = other_fields
        self._asked_fields = asked_fields
        self._report = report
        self._defaulted: list[FactPlace] = []

    def read(self, tree: Mapping[object, object]) -> HouseholdFacts | None:
        elements, report = self._elements, self._report
        household = self._facts(elements.facts, tree, "", -1, "")
        items = {collection.id: self._items(collection, tree) for collection in elements.collections.values()}
        if self._program.referring:
            from engine.evaluation.referring import settle_references

            settle_references(self._program.referring, elements, household, items, report)
        if len(tree) > len(elements.facts) or not tree.keys() <= elements.facts.keys():
            self._fields(tree, {**elements.facts, **elements.collections}, "", "")
        if report.has_errors:
            return None
        roles = {fact.role: household[fact.id] for fact in elements.facts.values() if fact.role}
        id, place, as_of = roles.get("identity", ""), roles["place"], roles["as_of"]
        if not (isinstance(id, str) and isinstance(place, str) and isinstance(as_of, date)):
            raise AssertionError("facts in these roles are required and have these types")
        return HouseholdFacts(id, place, as_of, household, items, tuple(self._defaulted), report.diagnostics)

    def _facts(
        self, facts: Mapping[str, Fact], tree: Mapping[object, object], collection: str, index: int, prefix: str
    ) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for fact, one in zip(facts.values(), self._program.collections[collection].inputs, strict=True):
            id = fact.id
            raw = tree.get(id)
            if raw is not None:
                value = read_value(fact, raw, prefix + id, self._report)
                found[id] = UNKNOWN if value is None else value
            elif fact.required:
                _required(fact, raw, prefix + id, self._report)
            elif one.default is not None and id not in tree:
                found[id] = one.default
                self._defaulted.append((collection, index, id))
            else:
                found[id] = one.extent
        return found

    def _items(self, collection: Collection, tree: Mapping[object, object]) -> tuple[dict[str, Value], ...] | Unknown:
        id, raw, report = collection.id, tree.get(collection.id), self._report
        if raw is None:
            if collection.required:
                report.tell("required-fact", None, path=id, label=collection.label)
            return UNKNOWN
        if not isinstance(raw, Sequence) or isinstance(raw, str | bytes | bytearray):
            report.tell("fact-not-list", None, path=id, label=collection.label)
            return UNKNOWN
        if len(raw) < collection.at_least:
            report.tell("too-few-items", None, path=id, label=collection.label, least=str(collection.at_least))
        if len(raw) > MAX_ITEMS:
            report.tell("too-many-items", None, path=id, label=collection.label, limit=str(MAX_ITEMS))
            return UNKNOWN
        items = []
        for index, item in enumerate(raw):
            path = f"{id}[{index}]"
            if not isinstance(item, Mapping):
                report.tell("item-not-object", None, path=path, label=collection.label)
                continue
            items.append(self._facts(collection.facts, item, id, index, f"{path}."))
            if not item.keys() <= collection.facts.keys():
                self._fields(item, collection.facts, f"{path}.", f"{id}.")
        self._refuse_repeated(collection, items)
        return tuple(items)

    def _refuse_repeated(self, collection: Collection, items: Sequence[Item]) -> None:
        for fact in collection.facts.values():
            if fact.role != "identity":
                continue
            first: dict[str, tuple[str, str]] = {}
            for index, item in enumerate(items):
                value, path = item.get(fact.id), f"{collection.id}[{index}].{fact.id}"
                if not isinstance(value, str):
                    continue
                other, before = first.setdefault(same_id(value), (path, value))
                if other != path:
                    found, earlier = ("…", "…") if fact.private else (as_written(value), as_written(before))
                    self._report.tell(
                        "repeated-identity",
                        None,
                        path=path,
                        label=fact.label,
                        found=found,
                        other=other,
                        earlier=earlier,
                        alike="" if value == before else earlier,
                    )

    def _fields(self, tree: Mapping[object, object], declared: Mapping[str, object], prefix: str, owner: str) -> None:
        """Refuse fields that no loaded policy declares, and name those that only another one does."""
        for key in tree:
            if key in declared:
                continue
            name = printable(key) if isinstance(key, str) else show(key)
            path = prefix + name
            if isinstance(key, str) and owner + key in self._asked_fields:
                continue
            if isinstance(key, str) and owner + key in self._other_fields:
                self._report.tell("field-of-other-policy", None, path=path, where=path)
                continue
            self._report.tell("unknown-household-field", None, path=path, field=name, suggestion=Near(name, declared))
