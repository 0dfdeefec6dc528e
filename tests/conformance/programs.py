"""Program entries: a policy with what amends it, a household, and the whole answer.

In: programs/TOPIC/ (policy files, read by the loader that everybody's policies are read by) and programs/TOPIC.yaml
beside it.  Out: `ProgramEntry`s. A topic's file says `household`, which all its entries start from, `on`, their day
(the application date without it), and `entries`:
  id        unique in its file
  given     facts other than the household's; `null`: not known. `without`: facts that are left out altogether
  on        the day whose rules and values hold; `known_on`: what was published later is left out
  verdict   eligible, ineligible, undetermined, or figures; or `refused`, the data checks that refuse the household
  findings  of causes, conditions and requirements; `absent`: those that the policy of that day does not have
  outputs   each with `value`, `interval` or `unknown`, as in an entry of expressions; `share[0]` for that of an item,
            `share: {unknown: list}` where the list is not known
  referrals, warned   all of them, in order; without the field there are none
The household's county and the day decide which of the files apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from engine.api import Policies, open_policies
from engine.diagnostics import render
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.household import read_household
from engine.policy.checked import CheckedPolicy
from tests.conformance.household import as_json
from tests.conformance.suite import HERE, Data, Expected, expectation, read

PROGRAMS: Final = HERE / "programs"

_FIELDS: Final = {
    *("id", "given", "without", "on", "known_on"),
    *("verdict", "refused", "findings", "absent", "outputs", "referrals", "warned"),
}


@dataclass(frozen=True, slots=True, eq=False)
class ProgramEntry:
    id: str
    topic: str
    household: Data
    on: date
    known_on: date | None
    verdict: str
    refused: tuple[str, ...]
    findings: Mapping[str, str]
    absent: tuple[str, ...]
    outputs: Mapping[str, Expected]
    referrals: tuple[str, ...]
    warned: tuple[str, ...]


@cache
def program_entries() -> tuple[ProgramEntry, ...]:
    """All entries of all topics, in order of file name and writing."""
    found = tuple(entry for path in sorted(PROGRAMS.glob("*.yaml")) for entry in _entries_of(path))
    ids = [entry.id for entry in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"entry ids given twice: {sorted(id for id in set(ids) if ids.count(id) > 1)}")
    return found


def policy_of(entry: ProgramEntry) -> CheckedPolicy:
    """The policy of the entry's day and county: that of the topic's root, and of all that amends it there."""
    return _policy_of(entry.topic, entry.household["county"], entry.on, entry.known_on)


def facts_of(entry: ProgramEntry, policy: CheckedPolicy) -> HouseholdFacts:
    return read_household(as_json(entry.household, policy.merged.elements), policy)


@cache
def _policies(topic: str) -> Policies:
    return open_policies(PROGRAMS / topic)


@cache
def _policy_of(topic: str, county: str, on: date, known_on: date | None) -> CheckedPolicy:
    policies = _policies(topic)
    (root,) = policies.router.root_ids()
    policy, report = policies.policy_for(root, county, on, known_on)
    if policy is None:
        raise ValueError("\n".join(render(found) for found in report))
    return policy


def _entries_of(path: Path) -> Iterator[ProgramEntry]:
    topic = read(path)
    for fields in topic["entries"]:
        id = f"{path.stem}/{fields['id']}"
        strange = set(fields) - _FIELDS
        if strange:
            raise ValueError(f"{id}: unknown fields {sorted(strange)}")
        if ("verdict" in fields) == ("refused" in fields):
            raise ValueError(f"{id}: needs a verdict, or what refuses the household")
        household = {**topic["household"], **fields.get("given", {})}
        for left_out in fields.get("without", ()):
            del household[left_out]
        on = fields.get("on", topic.get("on", household["application_date"]))
        yield ProgramEntry(
            id=id,
            topic=path.stem,
            household=household,
            on=date.fromisoformat(on),
            known_on=date.fromisoformat(fields["known_on"]) if "known_on" in fields else None,
            verdict=fields.get("verdict", ""),
            refused=tuple(fields.get("refused", ())),
            findings=fields.get("findings", {}),
            absent=tuple(fields.get("absent", ())),
            outputs={name: expectation(f"{id}.{name}", said) for name, said in fields.get("outputs", {}).items()},
            referrals=tuple(fields.get("referrals", ())),
            warned=tuple(fields.get("warned", ())),
        )
