"""What columns are called, and what stands in them, for whoever opens a file of results.

In: the policies that may have decided, and the reader's language.  Out: `Wording`: ids as they are, for programs, or
labels in their place, for people. Where two documents give one id different labels, that of the first stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.evaluation.shifts import WORDS as CHANGES
from engine.policy.loader import Library
from engine.policy.model import (
    AddCondition,
    AnyElement,
    Cause,
    Check,
    Collection,
    Condition,
    Exemption,
    Fact,
    NamedList,
    Output,
    Overlay,
    Parameter,
    Policy,
    Reading,
    Referral,
    Term,
    added,
)
from engine.records import dataclass
from engine.say import Say

_TITLES: Final[dict[str, tuple[str, str]]] = {
    "id": ("家庭编号", "Household"),
    "outcome": ("结论", "Outcome"),
    "policy": ("依据的政策", "Policy"),
    "refusal.code": ("未受理原因代码", "Refusal code"),
    "refusal.path": ("未受理字段", "Refused field"),
    "refusal.count": ("未受理原因数", "Reasons of refusal"),
    "missing": ("待查事项数", "Facts missing"),
    "by": ("由何算出", "Worked out by"),
    "change": ("变化", "Change"),
    "because": ("由哪些条件决定", "Decided by"),
    "file": ("文件", "File"),
    "row": ("行号", "Row"),
    "field": ("字段", "Field"),
    "code": ("代码", "Code"),
    "reason": ("原因", "Reason"),
}
_ENDS: Final[dict[str, tuple[str, str]]] = {
    ".low": ("（最低）", " (least)"),
    ".high": ("（最高）", " (most)"),
    ".before": ("（现行）", " (now)"),
    ".after": ("（新规）", " (then)"),
    ".difference": ("（相差）", " (difference)"),
}
"""of columns that stand beside another"""
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "eligible": ("符合", "eligible"),
    "ineligible": ("不符合", "not eligible"),
    "undetermined": ("暂不能认定", "undetermined"),
    "refused": ("未受理", "not accepted"),
}
_FINDINGS: Final[dict[str, tuple[str, str]]] = {
    "met": ("满足", "met"),
    "unmet": ("不满足", "not met"),
    "undetermined": ("待查", "open"),
}
_TRUTHS: Final[dict[str, tuple[str, str]]] = {"true": ("是", "yes"), "false": ("否", "no")}


@dataclass(frozen=True, slots=True)
class Wording:
    """Attributes:
    titles: by column; a column that is not there is called by its id.
    words: what stands for a value, by column and value; None for the columns' ids and values as they are.
    """

    say: Say
    titles: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] | None

    def header(self, columns: list[str]) -> list[str]:
        """One title a column; those that are alike are told apart by their ids."""
        if self.words is None:
            return columns
        named = [self.titles.get(column) or self.title(column) for column in columns]
        return [
            f"{name}（{column}）" if named.count(name) > 1 else name
            for name, column in zip(named, columns, strict=True)
        ]

    def title(self, column: str) -> str:
        if column in self.titles:
            return self.titles[column]
        for end, (zh, en) in _ENDS.items():
            if column.endswith(end):
                return self.title(column.removesuffix(end)) + self.say(zh, en)
        return self.say(*_TITLES[column]) if column in _TITLES else column

    def value(self, column: str, value: str) -> str:
        if column == "because" and self.words is not None:  # ids of columns
            return self.say("；", "; ").join(self.title(one) for one in value.split())
        return self._of(column).get(value, value)

    def _of(self, column: str) -> Mapping[str, str]:
        """The words for the values of a column."""
        if self.words is None:
            return {}
        if column in self.words:
            return self.words[column]
        column = column.removesuffix(".before").removesuffix(".after")
        if column == "change":
            return self._said(CHANGES)
        if column == "outcome":
            return self._said(_WORDS)
        if column.startswith(("causes.", "requirements.")):
            return self._said(_FINDINGS)
        return {}

    @property
    def truths(self) -> Mapping[str, str]:
        return {"true": "true", "false": "false"} if self.words is None else self._said(_TRUTHS)

    def _said(self, words: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
        return {word: self.say(*both) for word, both in words.items()}


def wording_of(libraries: Iterable[Library], say: Say) -> Wording:
    """Of every policy that was read: labels in place of ids. Of two rule sets the first's stand."""
    titles: dict[str, str] = {}
    policies: dict[str, str] = {}
    for library in libraries:
        for name in sorted(library.documents, key=lambda name: (not library.documents[name].is_root, name)):
            built = library.build(name)
            if built is None:
                continue
            policies.setdefault(name, built.header.title)
            for column, title in _titles(built, titles, say):
                titles.setdefault(column, title)
    return Wording(say, titles, {"policy": policies})


def plain(say: Say) -> Wording:
    """Ids as they are."""
    return Wording(say, {}, None)


def _titles(built: Policy | Overlay, known: Mapping[str, str], say: Say) -> Iterator[tuple[str, str]]:
    for element in added(built):
        yield from _of_element(element, say)
    changes = built.changes if isinstance(built, Overlay) else ()
    for change in changes:
        if isinstance(change, AddCondition):
            causes = [column for column in known if column.startswith("causes.") and column.count(".") == 1]
            for cause in causes if change.cause == "all" else [f"causes.{change.cause}"]:
                title = f"{known.get(cause, cause)}{say('：', ': ')}{change.condition.label}"
                yield f"{cause}.conditions.{change.condition.id}", title


def _of_element(element: AnyElement | Exemption, say: Say) -> Iterator[tuple[str, str]]:
    match element:
        case Cause(id=id, label=label):
            yield f"causes.{id}", label
            for condition in element.conditions.values():
                yield f"causes.{id}.conditions.{condition.id}", f"{label}{say('：', ': ')}{condition.label}"
        case Condition(id=id, label=label):
            yield f"requirements.{id}", label
        case Output(id=id, label=label, unit_text=unit):
            yield f"outputs.{id}", label + (say(f"（{unit}）", f" ({unit})") if unit else "")
        case Reading(id=id, label=label):
            yield f"readings.{id}", say(f"换一种读法结论不同：{label}", f"Another reading would change it: {label}")
        case Fact(id=id, label=label, collection=""):
            yield ("id" if element.role == "identity" else id), label
        case Fact() | Collection() | Parameter() | NamedList() | Term() | Check() | Referral() | Exemption():
            pass
