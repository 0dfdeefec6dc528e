"""A household tried: the form as it was filled in, the answer, and what to ask next.

In: loaded policies, the fields of a form (or a household's JSON), how it is asked.  Out: `Tried`, which a page prints.
No verdict is worked out here: the engine decides, and `reporting` says it in the words of the text report.
Imports api, reporting, whatif, this floor's forms, and what lies below; no part of the web.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any, Final

from engine.api import Policies
from engine.diagnostics import Diagnostic
from engine.errors import EngineError, HouseholdError, PolicyError
from engine.evaluation.decision import Decision, Outcome
from engine.evaluation.fields import day_of
from engine.evaluation.json_text import read_json
from engine.language.interpreter import MAX_ITEMS
from engine.language.types import Choice, Truth
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Elements, Fact, Policy, identity_of
from engine.policy.territory import Territory
from engine.records import dataclass
from engine.reporting.decision_report import decision_report
from engine.reporting.paths import owner
from engine.reporting.report import Report, Section
from engine.reporting.whatif_report import what_if_section
from engine.reporting.words import Words
from engine.serving.filled import Fault, Household, Posted, filled, fitted, started
from engine.serving.forms import Form, Option, control_path, form_of, id_of, item_of
from engine.whatif.questions import soonest_first
from engine.whatif.results import WhatIf

POLICY: Final = "o:policy"
AS_OF: Final = "o:as_of"
KNOWN_ON: Final = "o:known_on"
DETAILS: Final = "o:details"
FIRST: Final = "first:"
MOST_ORDERED: Final = 40
"""items of a household whose questions are put in the order that settles soonest; looking for it takes long of more"""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a household was not accepted: `id` of the control where it can be put right, "" for none."""

    id: str
    text: str
    help: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """How it is asked.

    Attributes:
        policy: by which document, "" by place and day.
        first: of a list, which of its items is the first to be unfolded.
        what_if: whether also to tell what would change the answer, which takes longer.
    """

    policy: str = ""
    as_of: str = ""
    known_on: str = ""
    details: bool = False
    what_if: bool = False
    first: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, posted: Posted, *, what_if: bool = False) -> Wanted:
        first = {name.removeprefix(FIRST): value for name, value in posted.pairs if name.startswith(FIRST)}
        return cls(
            posted.one(POLICY),
            posted.one(AS_OF).strip(),
            posted.one(KNOWN_ON).strip(),
            bool(posted.one(DETAILS)),
            what_if,
            {id: int(at) for id, at in first.items() if at.isascii() and at.isdigit() and len(at) < 9},
        )


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """
    Attributes:
        form: None where there is no policy by which to ask.
        household: as it was filled in.
        left: paths of a household that was given as JSON which no form can hold.
        policies: the documents by which it can be decided, where there is a choice.
    """

    wanted: Wanted
    form: Form | None = None
    household: Household = field(default_factory=dict)
    decision: Decision | None = None
    report: Report | None = None
    what_if: Section | None = None
    reasons: tuple[Reason, ...] = ()
    left: tuple[str, ...] = ()
    policies: tuple[Option, ...] = ()


def begun(policies: Policies, words: Words, today: date, wanted: Wanted) -> Tried:
    """The page before anything is filled in."""
    return _Trying(policies, words, wanted).begun(today)


def tried(policies: Policies, words: Words, posted: Posted, wanted: Wanted) -> Tried:
    return _Trying(policies, words, wanted).posted(posted)


def loaded(policies: Policies, words: Words, data: bytes | str, wanted: Wanted) -> Tried:
    """A household that is there as JSON."""
    return _Trying(policies, words, wanted).loaded(data)


def acted(policies: Policies, posted: Posted, act: str) -> Posted:
    """`add:members`, `remove:members[2]`, `show:members=24`; any other act leaves the fields as they are."""
    what, _, of = act.partition(":")
    item = item_of(of)
    if what == "add" and of.isidentifier():
        identities = (
            identity_of(built.elements.collections[of])
            for built in _roots(policies)
            if of in built.elements.collections
        )
        return posted.with_item(of, next((one for one in identities if one is not None), None))
    if what == "remove" and item is not None:
        return posted.without_item(*item)
    if what == "show":
        of, _, at = of.partition("=")
        others = [pair for pair in posted.pairs if pair[0] != FIRST + of]
        return Posted([*others, (FIRST + of, at)])
    return posted


def _roots(policies: Policies) -> Iterator[Policy]:
    for held in policies.library.roots():
        built = policies.library.build(held.header.id)
        if isinstance(built, Policy):
            yield built


def _opened(household: Household, elements: Elements) -> Household:
    """With what may be one way or another taken as not known, where it was left to its default."""
    found = _open_facts(household, elements.facts)
    for id, collection in elements.collections.items():
        items = household.get(id)
        if isinstance(items, list):
            found[id] = [_open_facts(item, collection.facts) for item in items]
    return found


def _open_facts(held: Household, facts: Mapping[str, Fact]) -> Household:
    left_out = {
        id: None for id, fact in facts.items() if fact.default is not None and isinstance(fact.type, Truth | Choice)
    }
    return {**left_out, **held}


class _Trying:
    def __init__(self, policies: Policies, words: Words, wanted: Wanted) -> None:
        self._policies, self._words, self._say, self._wanted = policies, words, words.say, wanted
        self._faults: list[Fault] = []
        self._as_of = self._day(wanted.as_of, AS_OF)
        self._known_on = self._day(wanted.known_on, KNOWN_ON)
        choice = self._choice()
        self._options = choice if len(choice) > 1 else ()
        self._policy = choice[0].value if len(choice) == 1 else wanted.policy or None

    def _day(self, text: str, path: str) -> date | None:
        day = day_of(text) if text else None
        if text and day is None:
            self._faults.append(
                Fault(path, f"“{text}”不是日期：写成 2024-03-05", f"“{text}” is no day: write 2024-03-05")
            )
        return day

    # ---- ways in

    def begun(self, today: date) -> Tried:
        try:
            checked = self._unplaced()
        except PolicyError as fault:
            return self._without_rules(fault)
        if checked is None:
            return self._told() if self._options and self._policy is None else self._nothing_to_ask()
        elements = checked.merged.elements
        household = started(elements, today.isoformat())
        form = form_of(household, elements, self._territory(checked), self._words)
        return self._told(form=form, household=household)

    def posted(self, posted: Posted) -> Tried:
        try:
            checked = self._unplaced()
            if checked is None:
                return self._nothing_to_ask()
            first = filled(posted, checked.merged.elements, self._territory(checked)).household
            checked = self._placed(first) or checked
        except PolicyError as fault:
            return self._without_rules(fault)
        read = filled(posted, checked.merged.elements, self._territory(checked))
        self._faults += read.faults
        return self._answered(checked, read.household, read.household)

    def loaded(self, data: bytes | str) -> Tried:
        try:
            checked = self._unplaced()
            if checked is None:
                return self._nothing_to_ask()
            tree = read_json(data)
            checked = self._placed(tree) or checked
        except PolicyError as fault:
            return self._without_rules(fault)
        except HouseholdError as refusal:
            assert checked is not None
            return self._refused(checked, {}, refusal)
        fit = fitted(tree, checked.merged.elements) if isinstance(tree, dict) else None
        if fit is None or any(isinstance(value, list) and len(value) > MAX_ITEMS for value in fit.household.values()):
            return self._answered(checked, {}, tree)
        return self._answered(checked, fit.household, tree, fit.left)

    # ---- by which rules

    def _choice(self) -> tuple[Option, ...]:
        """The documents that can decide, where place and day do not say which."""
        library, chosen = self._policies.library, self._wanted.policy
        roots = [held.header for held in library.roots()]
        others = [
            held.header
            for id, held in sorted(library.documents.items())
            if held.header.origin.status != "official" and not held.is_root and not library.of_values(id)
        ]
        by_place = any(one.origin.status == "official" for one in roots)
        if by_place and len(roots) + len(others) == 1:
            return ()
        named = tuple(
            Option(one.id, f"{one.title}{self._words.bracketed(one.id)}", one.id == chosen) for one in [*roots, *others]
        )
        return (Option("", self._say("按地方和日期", "by place and day"), not chosen), *named) if by_place else named

    def _unplaced(self) -> CheckedPolicy | None:
        """By which to ask as long as the place is not known; None where somebody has to choose first."""
        official = any(not one.value for one in self._options)
        if self._policy is None and self._options and not official:
            return None
        return self._policies.router.reads_unplaced(self._policy)

    def _placed(self, tree: object) -> CheckedPolicy | None:
        try:
            return self._policies.router.route(tree, self._policy, self._as_of, self._known_on).checked
        except HouseholdError:
            return None

    def _territory(self, checked: CheckedPolicy) -> Territory:
        return self._policies.library.territory(checked.merged.chain.root.header.id)

    # ---- the answer

    def _answered(
        self, checked: CheckedPolicy, household: Household, tree: object, left: tuple[str, ...] = ()
    ) -> Tried:
        if self._faults:
            reasons = tuple(Reason(id_of(one.path), self._placed_text(one, checked)) for one in self._faults)
            return self._again(checked, household, reasons, left)
        try:
            decision = self._policies.evaluate(tree, self._policy, self._as_of, self._known_on)
        except HouseholdError as refusal:
            return self._refused(checked, household, refusal, left)
        except PolicyError as fault:
            return self._without_rules(fault)
        words, elements = self._words, decision.policy.merged.elements
        found = self._policies.what_if(tree, decision) if self._looks_around(decision, household) else None
        asked = self._asked(decision, found, household)
        form = form_of(household, elements, self._territory(checked), words, asked=asked, first=self._wanted.first)
        told = what_if_section(found, elements, words, details=True) if found and self._wanted.what_if else None
        report = decision_report(decision, words, details=self._wanted.details)
        return self._told(form=form, household=household, decision=decision, report=report, what_if=told, left=left)

    def _looks_around(self, decision: Decision, household: Household) -> bool:
        """Whether it is worked out what would change the answer, or settle it: where that is asked for, and for the
        order of questions of a household that is not too large."""
        items = sum(len(value) for value in household.values() if isinstance(value, list))
        return self._wanted.what_if or (decision.outcome is Outcome.UNDETERMINED and items <= MOST_ORDERED)

    def _asked(self, decision: Decision, found: WhatIf | None, household: Household) -> list[str]:
        """What still matters: what is missing, soonest first; then what was left to a default that bears on the answer,
        alone or, of what may be one way or another, together with others."""
        missing = list(decision.missing) if found is None else soonest_first(decision.missing, found)
        try:
            opened = self._policies.evaluate(
                _opened(household, decision.policy.merged.elements), self._policy, self._as_of, self._known_on
            )
        except HouseholdError:  # a check may refuse what is not known, where it let the default pass
            opened = decision
        paths = [one.path for one in (*missing, *opened.missing) if one.kind != "parameter"]
        return list(dict.fromkeys([*paths, *(one.path for one in decision.assumed if one.matters)]))

    def _refused(
        self, checked: CheckedPolicy, household: Household, refusal: HouseholdError, left: tuple[str, ...] = ()
    ) -> Tried:
        elements = checked.merged.elements
        reasons = tuple(self._reason(one, elements) for one in refusal.diagnostics)
        return self._again(checked, household, reasons, left, refusal.diagnostics)

    def _again(
        self,
        checked: CheckedPolicy,
        household: Household,
        reasons: tuple[Reason, ...],
        left: tuple[str, ...],
        diagnostics: Sequence[Diagnostic] = (),
    ) -> Tried:
        """The form with what is wrong at the fields; of a list the items are unfolded of which one is wrong."""
        elements = checked.merged.elements
        told = [(one.path, one.zh, one.en) for one in self._faults]
        told += [(one.path, one.message("zh"), one.message("en")) for one in diagnostics]
        errors: dict[str, list[str]] = {}
        first = dict(self._wanted.first)
        for path, zh, en in reversed(told):
            at = control_path(path, elements)
            errors.setdefault(at, []).insert(0, self._say(zh, en))
            if (item := item_of(at)) is not None:
                first[item[0]] = item[1]
        form = form_of(household, elements, self._territory(checked), self._words, errors=errors, first=first)
        return self._told(form=form, household=household, reasons=reasons, left=left)

    def _reason(self, found: Diagnostic, elements: Elements) -> Reason:
        language = self._words.language
        at, message = control_path(found.path, elements), found.message(language)
        whose = owner(at, elements, self._words)
        if not at and found.path not in ("", "$"):
            whose = found.path
        text = self._words.said_of(whose, message) if whose else message
        return Reason(id_of(at) if at else "", text, found.help_lines(language))

    def _placed_text(self, fault: Fault, checked: CheckedPolicy) -> str:
        whose, text = owner(fault.path, checked.merged.elements, self._words), self._say(fault.zh, fault.en)
        return self._words.said_of(whose, text) if whose else text

    def _nothing_to_ask(self) -> Tried:
        """Somebody has to choose a policy, or the rules are at fault."""
        if self._options and self._policy is None:
            return self._told(reasons=(Reason(id_of(POLICY), self._say("先选按哪份政策", "choose the policy first")),))
        roots = [held.header for held in self._policies.library.roots()]
        for one in roots:
            try:
                self._policies.overlay_for(self._policy or one.id, one.origin.start or date.min)
            except PolicyError as fault:
                return self._without_rules(fault)
        return self._told(reasons=(Reason("", self._say("这里没有能用的政策", "there is no policy that can be used")),))

    def _without_rules(self, fault: EngineError) -> Tried:
        language = self._words.language
        reasons = [Reason("", one.message(language), one.help_lines(language)) for one in fault.diagnostics]
        return self._told(reasons=tuple(reasons))

    def _told(self, **told: Any) -> Tried:
        return Tried(self._wanted, policies=self._options, **told)
