"""The suite cannot shrink silently: what it must hold is counted here.

A new node of the core, word of the language, unit word or diagnostic of expressions fails a test until an entry shows
it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, get_args

import pytest

from engine.language.ast import AggregateKind
from engine.language.core import Aggregate, CoreExpression, Sharper, Within, operands
from engine.language.references import core_reads
from engine.language.units import UNIT_WORDS
from engine.language.values import UNKNOWN
from engine.language.words import SIGNS, WORDS, fold
from engine.messages import FLOORS
from engine.policy.checked import Owner, OwnerKind
from engine.program.link import program_of
from tests.conformance.programs import PROGRAMS, policy_of, program_entries
from tests.conformance.suite import HERE, Between, Entry, Faults, Known, NotKnown, entries
from tests.conformance.world import decided, facts_of, world_policy

pytestmark = pytest.mark.xdist_group("conformance")  # the policies of all entries are read once

UNIT_RULES: Final = {
    "over": "an amount over a time is a rate",
    "convert-exactly": "sizes of one dimension convert exactly",
    "dot-spelling": "元/人·月 is 元/人/月",
    "percent": "% is a hundredth of a plain number",
    "multiply": "* multiplies units",
    "divide": "/ divides them",
    "cancel": "units that cancel leave a number",
    "bare-zero": "0 takes any unit",
    "bare-whole": "a whole number takes a counting unit",
    "month-day": "月, 天 and 小时 never meet",
    "counting-words": "two counting words never meet",
    "asked-unit": "a declared unit is converted to",
}
"""the rules of docs/semantics.md § 3, by what entries say they `shows`"""

FULL_TABLES: Final = {
    "not": [f"not-{p}" for p in ("true", "false", "unknown")],
    "and": [f"and-{p}-{q}" for p in ("true", "false", "unknown") for q in ("true", "false", "unknown")],
    "or": [f"or-{p}-{q}" for p in ("true", "false", "unknown") for q in ("true", "false", "unknown")],
}

PROGRAM_TOPICS: Final = {
    "checks": 15,
    "collections": 16,
    "exemptions": 18,
    "figures": 11,
    "joining": 13,
    "joins": 14,
    "known_on": 12,
    "leap_day": 14,
    "lists": 17,
    "narrowing": 16,
    "other_days": 19,
    "parts": 13,
    "places": 23,
    "previous": 15,
    "readings": 9,
    "references": 19,
    "referrals": 9,
    "requirements": 14,
    "slices": 18,
    "values": 23,
}
"""the topics of program entries, with how many entries each has at the least"""

_DECIDED = [entry for entry in entries() if not isinstance(entry.expected, Faults)]


def test_size() -> None:
    assert len(entries()) >= 1200
    assert sum(isinstance(entry.expected, Faults) for entry in entries()) >= 190
    assert sum(isinstance(entry.expected, Between) for entry in entries()) >= 180
    assert sum(isinstance(entry.expected, NotKnown) for entry in entries()) >= 80
    assert sum(len(entry.texts) == 2 for entry in entries()) >= 200


def test_every_topic() -> None:
    topics = {entry.id.partition("/")[0] for entry in entries()}
    assert topics == {path.stem for path in HERE.glob("*.yaml")}


def test_every_topic_of_programs() -> None:
    found = Counter(entry.topic for entry in program_entries())
    assert {topic: least for topic, least in PROGRAM_TOPICS.items() if found[topic] < least} == {}
    folders = {path.name for path in PROGRAMS.iterdir() if path.is_dir()}
    assert set(found) == set(PROGRAM_TOPICS) == folders


@pytest.mark.parametrize("topic", sorted(PROGRAM_TOPICS))
def test_each_topic_of_programs_has_every_answer(topic: str) -> None:
    """Both known verdicts, and the one that is not; of figures, known and unknown ones: a topic without nulls shows
    nothing of what is not known."""
    entries = [entry for entry in program_entries() if entry.topic == topic]
    if {entry.verdict for entry in entries} == {"figures"}:
        assert {type(said) for entry in entries for said in entry.outputs.values()} == {Known, Between, NotKnown}
    else:
        assert {entry.verdict for entry in entries} >= {"eligible", "ineligible", "undetermined"}
    assert any("null" in str(entry.household) for entry in entries) or topic in ("known_on", "values")


def test_every_role_of_a_step() -> None:
    found = {
        step.owner.kind
        for entry in program_entries()
        for step in (*program_of(policy_of(entry)).steps, *program_of(policy_of(entry)).authored)
    }
    assert found == set(get_args(OwnerKind))


def test_every_role_is_seen_in_an_answer() -> None:
    """Of each role whose answer is told, each answer that there can be stands in some entry."""
    seen: dict[str, set[str]] = {"cause": set(), "condition": set(), "exempted": set(), "requirement": set()}
    for entry in program_entries():
        slots = program_of(policy_of(entry)).slots
        for name, finding in entry.findings.items():
            group, dot, id = name.partition(".")
            cause = "" if group == "requirements" else group
            kind = "cause" if not dot else "condition" if cause else "requirement"
            seen["exempted" if Owner("exempted", cause, id) in slots else kind].add(finding)
    assert seen == {kind: {"met", "unmet", "undetermined"} for kind in seen}
    outputs = {type(expected) for entry in program_entries() for expected in entry.outputs.values()}
    assert outputs == {Known, Between, NotKnown}
    checks = {found.partition(" ")[0] for entry in program_entries() for found in (*entry.refused, *entry.warned)}
    assert checks == {"data-check-failed", "data-check-warning"}


def test_every_rule_of_the_programs_is_told_of() -> None:
    """No condition, requirement, output, referral or check that no entry speaks of."""
    for topic in PROGRAM_TOPICS:
        entries = [entry for entry in program_entries() if entry.topic == topic]
        figures = {name.partition("[")[0] for entry in entries for name in entry.outputs}
        spoken = figures | {name for entry in entries for name in (*entry.findings, *entry.referrals)}
        rules = [policy_of(entry).rules for entry in entries]
        told = {id for each in rules for id in (*each.causes, *each.outputs, *each.referrals)}
        told |= {f"requirements.{id}" for each in rules for id in each.requirements}
        assert told - spoken == set(), topic


def test_every_node_of_the_core() -> None:
    cores = [core for entry in _DECIDED for core in _cores(entry)]
    cores += [term.core for term in world_policy().rules.terms.values()]  # all of which entries speak of
    found = {type(node) for core in cores for node in _nodes(core)}
    assert found == set(get_args(CoreExpression)) - {Within, Sharper}  # no author writes these


def test_every_spelling_of_every_word() -> None:
    written = [fold(text) for entry in _DECIDED for text in entry.texts]
    runs = {run for text in written for run in re.findall(r"\w+|[^\w\s]+", text)}
    # `not in` is two runs
    runs |= {"not in" for text in written if re.search(r"\bnot\s+in\b", text)}
    spellings = {spelling for word in WORDS.values() for spelling in (*word.zh, *word.en)}
    assert spellings - runs == set()
    signs = {sign for word in WORDS.values() for sign in word.signs} | set(SIGNS.values())
    assert {sign for sign in signs if not any(sign in text for text in written)} == set()


def test_every_unit_word() -> None:
    written = [text for entry in _DECIDED for text in entry.texts]
    groups = {
        word for text in written for group in re.findall(r"[0-9] ?([^\s\d()+*,<>=-]+)", text) for word in _words(group)
    }
    assert set(UNIT_WORDS) - groups == set()


def test_every_rule_of_units() -> None:
    assert {entry.shows for entry in entries()} - {""} == set(UNIT_RULES)


def test_every_diagnostic_of_expressions() -> None:
    found = {code for entry in entries() if isinstance(entry.expected, Faults) for code, _ in entry.expected.found}
    # the structure of a file says of an empty value that it is empty before anyone reads it as an expression
    told = {code for code, held in FLOORS["language"].items() if held.severity is not None}
    assert told - found == {"empty-expression"}
    assert found - set(FLOORS["language"]) == {"empty-value"}


@pytest.mark.parametrize("table", FULL_TABLES)
def test_truth_tables_are_whole(table: str) -> None:
    ids = {entry.id for entry in entries()}
    assert {f"logic/{id}" for id in FULL_TABLES[table]} - ids == set()


def test_every_aggregate_in_every_case() -> None:
    """Items known, none, something of them not known, collection not known: each kind in each."""
    cases: dict[str, set[str]] = {kind: set() for kind in get_args(AggregateKind)}
    for entry in _DECIDED:
        if entry.id.startswith("aggregates/"):
            for core in _cores(entry):
                for node in _nodes(core):
                    if isinstance(node, Aggregate):
                        cases[node.kind].add(_case(entry, node.collection))
    wanted = {"known", "none", "unknown inside", "collection unknown"}
    assert {kind: wanted - found for kind, found in cases.items() if wanted - found} == {}


def test_three_kinds_of_answer_in_each_evaluated_topic() -> None:
    """A topic that only knows known values shows nothing of what is not known."""
    for topic in ("arithmetic", "comparison", "conditional", "membership", "aggregates", "lookup", "dates", "rounding"):
        kinds = {type(entry.expected) for entry in entries() if entry.id.startswith(f"{topic}/")}
        assert Known in kinds, topic
        assert kinds & {Between, NotKnown}, topic
        assert Faults in kinds, topic


def test_world_has_no_unused_names() -> None:
    """Every declared name is spoken of, or read by something that is."""
    rules, held = world_policy().rules, world_policy().merged.elements
    reads = {
        id
        for rule in rules.every()
        for kind, _, id in core_reads(rule.core)
        if kind in ("fact", "collection") and rule.owner.kind != "output"
    }
    reads |= {key for parameter in held.parameters.values() for key in parameter.by}
    spoken = set(re.findall(r"\w+", fold(" ".join(text for entry in entries() for text in entry.texts))))
    groups = (held.facts, held.terms, held.parameters, held.lists, held.readings, held.causes)
    unused = {id for group in groups for id, one in group.items() if not {id, one.name} & spoken}
    roles = {id for id, fact in held.facts.items() if fact.role}
    assert unused - reads - roles == set()


def _case(entry: Entry, collection: str) -> str:
    items = facts_of(entry).items[collection]
    if items is UNKNOWN:
        return "collection unknown"
    if not items:
        return "none"
    return "known" if isinstance(entry.expected, Known) else "unknown inside"


def _cores(entry: Entry) -> Iterator[CoreExpression]:
    return (asked.core for asked in decided()[entry.id])


def _nodes(core: CoreExpression) -> Iterator[CoreExpression]:
    stack = [core]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(operands(node))


def _words(group: str) -> list[str]:
    return re.split(r"[/·•・]", group)
