"""What a decision rests on: the rules and values that it read, each as a short text with its place.

In: a `Decision`.  Out: `Rule`s by path, made so that two of them can be held against each other long afterwards, when
the policy files of the first are gone. Only what the decision can read is among them.
Imports evaluation, policy, language and the ground floor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from engine.evaluation.decision import Decision
from engine.evaluation.figures import default_as_json
from engine.evaluation.prepared import tables_on
from engine.evaluation.told import ParameterUse
from engine.gathered import gathered
from engine.identity import Same
from engine.language import ast
from engine.language.core import CoreExpression
from engine.language.printer import print_expression
from engine.language.references import Read, core_reads
from engine.language.types import Choice, Several
from engine.policy.checked import CheckedPolicy
from engine.policy.model import (
    Check,
    Condition,
    Element,
    Elements,
    Exemption,
    Origin,
    Output,
    Parts,
    Referral,
    Term,
)
from engine.policy.replaced import age_of, as_step, is_version, read_versions, term_of, versions
from engine.testing.replayed import Basis, Rule, RuleChange


def basis_of(decision: Decision) -> dict[str, Rule]:
    """The rules that a decision can read, in the order of the policy; values last."""
    policy = decision.policy
    rules = dict(_rules_of(Same(policy)))
    tables = tables_on(policy, decision.place, decision.as_of, decision.known_on)
    for id_, listed in policy.merged.elements.lists.items():
        path = f"lists.{id_}"
        if path in rules:
            rules[path] = _rule(path, _rows_text(tables.lists.get(id_, frozenset())), listed, "")
    document = policy.merged.chain.root.header.origin.document
    for id_, reading in tables.readings.items():
        path = f"readings.{id_}"
        if path in rules:
            rules[path] = _rule(path, reading.chosen, reading, document, origin=reading.chosen_origin)
    for use in decision.uses:
        value = _value(use, policy)
        rules[value.path] = value
    return rules


def changes_between(then: Basis, now: Basis) -> list[RuleChange]:
    """What differs, in the order of what holds now, then what is gone. A rule that only moved has not changed."""
    found = [
        RuleChange(path, then.get(path), rule)
        for path, rule in now.items()
        if path not in then or then[path].text != rule.text
    ]
    return found + [RuleChange(path, rule, None) for path, rule in then.items() if path not in now]


def reach(basis: Basis, roots: Iterable[str]) -> frozenset[str]:
    """The paths that some paths read, directly and through others, themselves included."""
    stems = ((path, {path.partition("[")[0], path.partition(":")[0]} - {path}) for path in basis)
    keyed = gathered((stem, path) for path, found in stems for stem in found)
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting.extend(keyed.get(path, ()))
            waiting.extend(basis[path].reads if path in basis else ())
    return frozenset(seen)


@lru_cache(maxsize=128)
def _rules_of(policy: Same[CheckedPolicy]) -> Mapping[str, Rule]:
    """All but the values: conditions, exemptions, checks, outputs, referrals, and what they read."""
    described = _Described(policy.of)
    for path, element, written, core in described.roots():
        described.add(path, element, written, core)
        described.follow()
    return described.rules


class _Described:
    def __init__(self, policy: CheckedPolicy) -> None:
        self.policy = policy
        self.elements = policy.merged.elements
        self.names = _names(self.elements)
        self.own_document = policy.merged.chain.root.header.origin.document
        self.rules: dict[str, Rule] = {}
        self._waiting: list[tuple[str, Read]] = []

    def roots(self) -> Iterator[tuple[str, Element, ast.Expression, CoreExpression]]:
        for rule in self.policy.rules.every():
            owner, declared = rule.owner, rule.declared
            path = condition_path(owner.group, owner.id)
            match declared:
                case Condition(expression=written):
                    self._cause(owner.group)
                    yield path, declared, ast.Not(written.span, written) if declared.negated else written, rule.core
                case Exemption(when=written):
                    yield f"{path}:exemptions.{owner.part}", declared, written, rule.core
                case Check(require=written) | Output(expression=written) | Referral(when=written):
                    yield owner.name, declared, written, rule.core
                case Term():
                    pass  # described where it is read

    def _cause(self, cause: str) -> None:
        if cause and f"causes.{cause}" not in self.rules:
            checked = self.policy.rules.causes[cause]
            reads = frozenset(condition_path(cause, id) for id in checked.conditions)
            self._put(f"causes.{cause}", "", checked.declared, reads)

    def add(self, path: str, element: Element, written: ast.Expression, core: CoreExpression) -> None:
        self._put(path, self._print(written), element, self._read(core))

    def follow(self) -> None:
        """Describe what was read and is not described yet, with all that it reads in turn; chains may be long."""
        while self._waiting:
            path, (kind, collection, id) = self._waiting.pop()
            if path not in self.rules:
                self._describe(path, kind, collection, id)

    def _read(self, core: CoreExpression) -> frozenset[str]:
        """The paths of what an expression reads, which are described next, in their order."""
        paths = [(_path(*read), read) for read in sorted(core_reads(core))]
        self._waiting.extend(reversed(paths))
        return frozenset(path for path, _ in paths)

    def _describe(self, path: str, kind: str, collection: str, id: str) -> None:
        elements = self.elements
        match kind:
            case "term":
                self._term(path, collection, id)
            case "reading":
                self._put(path, "", elements.readings[id], frozenset())
            case "list":
                self._put(path, "", elements.lists[id], frozenset())
            case "fact":
                fact = elements.fact(collection, id)
                if fact.default is not None:
                    default = default_as_json(fact)
                    text = json.dumps(default) if isinstance(default, bool) else str(default)
                    self._put(path, text, fact, frozenset())
            case _:  # values are told by decision; causes and conditions are roots; collections hold no rule
                pass

    def _term(self, path: str, collection: str, id: str) -> None:
        checked = self.policy.rules.terms[collection, id]
        term = checked.declared
        body = term.body
        text = f"{body.kind}(…)" if isinstance(body, Parts) else self._print(body)
        self._put(path, text, term, self._read(checked.core))
        if isinstance(body, Parts):
            for name, part in body.parts.items():
                self._put(f"{path}:{name}", self._print(part.expression), term, frozenset(), part.origin)
        oldest = len(versions(term)) - 1
        for place, version in enumerate(read_versions(term)[1:], 1):
            step = as_step(version, oldest - place).id
            # of mere names and literals, which are read in their place, there is no step
            if (collection, step) not in self.policy.rules.terms and not isinstance(version.body, Parts):
                self._put(_path("term", collection, step), self._print(version.body), version, frozenset())

    def _print(self, expression: ast.Expression) -> str:
        return print_expression(expression, "zh", self.names)

    def _put(self, path: str, text: str, element: Element, reads: frozenset[str], origin: Origin | None = None) -> None:
        self.rules[path] = _rule(path, text, element, self.own_document, reads, origin)


def condition_path(cause: str, id: str) -> str:
    """The path of a condition; the cause of a requirement is empty."""
    return f"{cause or 'requirements'}.{id}"


def _path(kind: str, collection: str, id: str) -> str:
    match kind:
        case "condition":
            return condition_path(collection, id)
        case "fact":
            return f"facts.{collection}.{id}.default" if collection else f"facts.{id}.default"
        case "term" if is_version(id):
            return f"{_path(kind, collection, term_of(id))}:previous.{age_of(id) + 1}"
        case _:
            return f"{kind}s.{collection}.{id}" if collection else f"{kind}s.{id}"


def _rule(
    path: str,
    text: str,
    element: Element,
    own_document: str,
    reads: frozenset[str] = frozenset(),
    origin: Origin | None = None,
) -> Rule:
    whence = origin or element.origin
    document = "" if whence.document == own_document else whence.document
    return Rule(path, text, whence.span.line_place, document, "", element.name or element.label, reads)


def _rows_text(rows: frozenset[tuple[str, ...]]) -> str:
    """How many rows, and a fingerprint: a list may be long, and a record is kept for every household."""
    written = "\n".join(sorted("\t".join(row) for row in rows))
    return f"{len(rows)} · {hashlib.sha256(written.encode()).hexdigest()[:12]}"


def _value(use: ParameterUse, policy: CheckedPolicy) -> Rule:
    parameter = policy.merged.elements.parameters[use.parameter]
    day = [] if use.on is None else [f"on {use.on}"]
    key = ", ".join([*(part for _, part in use.key), *day])
    path = f"parameters.{use.parameter}[{key}]" if key else f"parameters.{use.parameter}"
    label = parameter.name or parameter.label
    if use.value is None:
        return Rule(path, "", label=label)
    span, origin = use.value.cell.span, use.value.origin
    since = "" if origin.start is None else origin.start.isoformat()
    return Rule(path, use.value.cell.text, span.line_place, origin.document, since, label)


def _names(elements: Elements) -> dict[str, str]:
    """Ids to Chinese names, so that either spelling of an expression gives the same text; not those that are an option
    somewhere too, since the text alone does not tell which of the two is meant."""
    groups: list[Mapping[str, Element]] = [elements.collections, elements.lists, elements.parameters, elements.readings]
    groups += [elements.terms, elements.causes]
    named: list[Element] = [*elements.all_facts(), *(element for group in groups for element in group.values())]
    kinds = [fact.type for fact in elements.all_facts()]
    choices = [kind.of if isinstance(kind, Several) else kind for kind in kinds]
    choices += [reading.type for reading in elements.readings.values()]
    choices += [term.choice for term in elements.terms.values() if term.choice is not None]
    options = {option for kind in choices if isinstance(kind, Choice) for option, _ in kind.options}
    return {element.id: element.name for element in named if element.name and element.id not in options}
