"""Replayed records as text that an auditor reads: what the answer was and is, and which change of rule did it.

In: `Replayed` records and their `Tally`.  Out: text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from engine.diagnostics import Diagnostic
from engine.escaping import Lines, joined
from engine.gathered import gathered
from engine.reporting.layout import Page, pad
from engine.reporting.replay_words import ReplayWords
from engine.reporting.words import Words
from engine.testing.replayed import Cause, Difference, Replayed, Rule, Tally, Verdict

_OF_CONDITIONS = ("left", "right", "operator", "exempted")
_DIGITS = 16
"""of a digest, where it is only to be told apart"""
_FINDINGS = ("eligible", "ineligible", "undetermined", "refused", "figures", "met", "unmet")


def render_replayed(replayed: Replayed, words: Words, page: Page, *, details: bool = False) -> Lines:
    """One record that changed, or cannot be read. `details` lists also the figures and rules that decide nothing."""
    return Lines.of(_Rendered(replayed, words, page, details).lines())


def render_tally(tally: Tally, words: Words, page: Page) -> Lines:
    said = ReplayWords(words.language)
    counts = {str(verdict): tally.verdicts[verdict] for verdict in Verdict}
    lines: list[str] = [said("counted", records=tally.records, **counts)]
    if tally.same_under_other_rules:
        lines.append(said("same_under_other_rules", count=tally.same_under_other_rules))
    if tally.answers:
        lines += ["", page.tone("strong", said("by_change"))]
        # most frequent first; equal ones by path
        for (path, then, now), count in sorted(tally.answers.items(), key=lambda item: (-item[1], item[0][0])):
            change = _arrow(_rule_text(then, said), _rule_text(now, said))
            text = said("changed_answers", count=count, path=path, change=change)
            lines.extend(page.paragraph(text, indent=2, hanging=4))
    return Lines.of(lines)


class _Rendered:
    def __init__(self, replayed: Replayed, words: Words, page: Page, details: bool) -> None:
        self.replayed = replayed
        self.words = words
        self.said = ReplayWords(words.language)
        self.page = page
        self.details = details
        decision = replayed.decision
        now = {} if decision is None else decision.to_dict(words.language)
        then = {} if replayed.record is None else replayed.record.decision
        self.answers: tuple[Mapping[str, object], ...] = (now, then)

    def lines(self) -> Iterator[str]:
        replayed, page, said = self.replayed, self.page, self.said
        if replayed.verdict is Verdict.UNREADABLE:
            bad = page.tone("bad", pad("✗", 2))
            yield joined(bad, " ", page.tone("strong", said("unreadable")), f" ‹{replayed.place}›")
            yield from self._faults(replayed.faults)
            return
        yield from self._head()
        yield from self._faults(replayed.faults)
        for note in replayed.notes:
            record = replayed.record
            program = said("program", program=record.program) if record is not None and record.program else ""
            yield from page.paragraph(said(f"note_{note}", program=program), indent=3, tone="open")
        yield from self._faults(replayed.faults_before)
        yield from self._rules()
        yield from self._differences()

    def _head(self) -> Iterator[str]:
        replayed, words, page = self.replayed, self.words, self.page
        then, now, record = replayed.then, replayed.now, replayed.record
        assert then is not None
        assert now is not None
        assert record is not None
        name = words("household_unknown") if replayed.household is None else words("household", id=replayed.household)
        outcome = self._value(then.outcome)
        if now.outcome != then.outcome:
            outcome = _arrow(outcome, self._value(now.outcome))
        elif replayed.verdict is Verdict.OUTCOME:  # figures are all that there is
            outcome = self.said("figures_changed")
        else:
            outcome = self.said("outcome_same", outcome=outcome)
        mark = page.tone("bad", pad("✗", 2)) if replayed.verdict is Verdict.OUTCOME else page.tone("open", pad("≠", 2))
        yield joined(mark, " ", page.tone("strong", words.said_of(name, outcome)), f" ‹{replayed.place}›")
        days = []
        if record.asked.as_of is not None:
            days.append(words("as_of", day=record.asked.as_of.isoformat()))
        if record.asked.known_on is not None:
            days.append(words("known_on", day=record.asked.known_on.isoformat()))
        if days:
            yield from page.paragraph(words.clause(days), indent=3, tone="quiet")
        for key, side in (("then", then), ("now", now)):
            if side.chain:
                chain = " → ".join(side.chain)
                digest = side.digest if self.details else side.digest[: len("sha256:") + _DIGITS]
                yield from page.paragraph(self.said(key, chain=chain, digest=digest), indent=3, tone="quiet")

    def _faults(self, faults: Iterable[Diagnostic]) -> Iterator[str]:
        for found in faults:
            where = f"{found.path}: " if found.path not in ("", "$") else ""
            place = f"{found.place()}: " if found.span is not None else where
            yield from self.page.paragraph(f"{place}{found.message(self.words.language)}", indent=3, hanging=5)

    # ---- which change of rule

    def _rules(self) -> Iterator[str]:
        causes = self.replayed.causes
        shown = [cause for cause in causes if cause.bears or self.details]
        # what is shown to have done it stands first
        shown.sort(key=lambda cause: (not cause.undone, not cause.bears))
        if shown:
            yield self.page.tone("strong", f"   {self.said('rules_changed')}")
        elif causes:
            yield from self.page.paragraph(self.said("rules_bear_not", count=len(causes)), indent=3, tone="quiet")
        for cause in shown:
            yield from self._rule(cause)
        rest = len(causes) - len(shown)
        if shown and rest:
            yield from self.page.paragraph(self.said("rules_rest", count=rest), indent=5, tone="quiet")

    def _rule(self, cause: Cause) -> Iterator[str]:
        then, now, path = cause.change.then, cause.change.now, cause.change.path
        label = (now.label if now is not None else "") or (then.label if then is not None else "")
        name = f"{path} {label}".rstrip()
        change = _arrow(*(_rule_text(text, self.said) for text in cause.change.texts))
        if path.startswith("causes.") and (then is None or now is None):
            change = self.said("gone" if now is None else "new")
        yield from self.page.paragraph(self.words.said_of(name, change), indent=5, hanging=7)
        places = [("rule_then", then), ("rule_now", now)]
        if then is not None and now is not None and self._whence(then) == self._whence(now):
            places = [("rule_both", now)]
        for key, rule in places:
            if rule is not None and rule.at:
                yield from self.page.paragraph(
                    self.said(key, whence=self._whence(rule)), indent=7, hanging=9, tone="quiet"
                )
        if cause.undone:
            yield from self.page.paragraph(self.said("undone"), indent=7, tone="good")

    def _whence(self, rule: Rule) -> str:
        since = self.words("from_day", day=rule.since) if rule.since else ""
        return self.words.clause([rule.at, rule.document, since])

    # ---- what differs in the answer

    def _differences(self) -> Iterator[str]:
        told = gathered((_owner(one.path), one) for one in self._told())
        shown = {owner: ones for owner, ones in told.items() if any(self._is_told(one) for one in ones)}
        if shown:
            yield self.page.tone("strong", f"   {self.said('answer_changed')}")
        for owner, ones in shown.items():
            text = self.words.said_of(self._label(owner), self.words.series([self._difference(one) for one in ones]))
            yield from self.page.paragraph(text, indent=5, hanging=7)
        rest = len(told) - len(shown)
        if rest:
            yield from self.page.paragraph(self.said("answer_rest", count=rest), indent=5, tone="quiet")

    def _is_told(self, one: Difference) -> bool:
        """Of a policy of figures only these are what is found."""
        alone = self.replayed.now is not None and self.replayed.now.outcome == "figures"
        return self.details or one.is_finding or (alone and one.path[0] == "output")

    def _told(self) -> Iterator[Difference]:
        """Without what goes without saying: findings where the household is not decided at all, and figures of a
        condition that is not there."""
        found = self.replayed.differences
        refused = any(one.path == ("outcome",) and "refused" in (one.then, one.now) for one in found)
        absent = {one.path[1:] for one in found if one.path[0] == "condition" and None in (one.then, one.now)}
        for one in found:
            if one.path == ("outcome",) or (refused and one.path[0] != "reason"):
                continue
            if one.path[0] not in _OF_CONDITIONS or one.path[1:] not in absent:
                yield one

    def _difference(self, one: Difference) -> str:
        kind = one.path[0]
        if one.then is None or one.now is None:
            word = self.said("gone" if one.now is None else "new")
            told = one.then if one.now is None else one.now
            return word + (self.words.bracketed(self._value(told, kind)) if told else "")
        change = _arrow(self._value(one.then, kind), self._value(one.now, kind))
        return f"{self.said(kind)} {change}" if kind in _OF_CONDITIONS else change

    def _value(self, value: str, kind: str = "outcome") -> str:
        if kind in ("cause", "condition") and value == "undetermined":
            return self.words("open")
        if kind in ("left", "right") and value.startswith("?"):
            return self.said("unknown")
        return self.words(value) if value in _FINDINGS and kind not in ("reading", "output", "assumed") else value

    def _label(self, owner: tuple[str, ...]) -> str:
        """The policy's own words for what differs, then or now."""
        match owner:
            case ("condition", "", id):
                return self._named(["requirements", id]) or f"requirements.{id}"
            case ("condition", cause, id):
                name = self._named(["causes", cause, "conditions", id]) or f"{cause}.{id}"
                return f"{self._named(['causes', cause]) or cause} · {name}"
            case ("cause", id):
                return self._named(["causes", id]) or id
            case ("output", id, *item):
                return " ".join([self._named(["outputs", id]) or id, *item])
            case ("option", reading, id):
                return self.said("option", name=f"{reading}.{id}")
            case (kind, *rest):
                return self.said(f"kind_{kind}", name=" ".join(part for part in rest if part))
            case _:
                return ""

    def _named(self, path: list[str]) -> str:
        for answer in self.answers:
            found: object = answer
            for key in path:
                found = found.get(key) if isinstance(found, dict) else None
            if isinstance(found, dict) and found.get("label"):
                return str(cast("Mapping[str, object]", found)["label"])
        return ""


def _owner(path: tuple[str, ...]) -> tuple[str, ...]:
    return ("condition", *path[1:]) if path[0] in _OF_CONDITIONS else path


def _rule_text(text: str | None, said: ReplayWords) -> str:
    if text is None:
        return said("none")
    return text or said("no_value")


def _arrow(then: str, now: str) -> str:
    return f"{then} → {now}"
