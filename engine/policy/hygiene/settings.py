"""How severe each hygiene rule is in a policy folder, and which findings it leaves out with a reason.

In: `hygiene.yaml` at the top of a policy folder; without it, `DEFAULTS`.  Out: `Settings`, or Diagnostics.
What makes a policy wrong has no place here: its severity is fixed.
The format is grammar/hygiene.schema.json, the explanation docs/hygiene.md. Imports yaml_nodes and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Final

from engine import disk
from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.messages import CODES
from engine.policy.fields import Fields
from engine.policy.files import HYGIENE_FILE, Contents
from engine.policy.hygiene.places import lies_in
from engine.policy.yaml_nodes import MAX_BYTES, decode, read_tree
from engine.records import dataclass
from engine.schema import check_structure
from engine.source import Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree

DEFAULTS: Final[Mapping[str, Severity]] = {
    code: held.severity for code, held in CODES.items() if held.settable and held.severity is not None
}
"""every code whose severity can be set, and what it is unless a folder says otherwise"""
NEEDS_A_DAY: Final = frozenset({"value-stale"})
"""codes that are only looked for with `check --on`"""


@dataclass(frozen=True, slots=True)
class Suppression:
    """One finding, or those inside one element, left out; `reason` is for people. With a `parameter` it is about that,
    wherever its values stand."""

    code: str
    policy: str
    element: str
    reason: str
    span: Span
    parameter: str = ""

    def covers(self, found: Diagnostic, policy: str, element: str) -> bool:
        if self.code != found.code or self.policy != policy:
            return False
        return (
            dict(found.params).get("parameter") == self.parameter if self.parameter else lies_in(element, self.element)
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """What one document has otherwise than its folder.

    Attributes:
        severities: of the rules that it names.
        sourced_once: its head says where all of it comes from.
    """

    severities: Mapping[str, Severity | None]
    sourced_once: bool
    span: Span


NO_SOURCES: Final = frozenset({"missing-citation", "missing-source"})
"""codes of what a source stated once in the head of a file makes good"""


@dataclass(frozen=True, slots=True)
class Settings:
    """`severities` holds None for a rule that is switched off."""

    severities: Mapping[str, Severity | None]
    suppressions: tuple[Suppression, ...] = ()
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    def graded(self, found: Diagnostic, policy: str = "") -> Diagnostic | None:
        """A finding as severe as this folder has it, or the document in it; None where it is not to be told."""
        profile = self.profiles.get(policy)
        own = self.severities if profile is None else {**self.severities, **profile.severities}
        severity = own[found.code]
        return None if severity is None else found.graded(severity)


def read_settings(folder: Path, report: Reporter, instead: Contents) -> Settings:
    """The settings of a policy folder; the defaults where it has none, or where they cannot be read.

    Args:
        instead: what to take for the content of files.
    """
    file = folder / HYGIENE_FILE
    try:
        data = instead[real] if (real := disk.real(file)) in instead else _data_of(file)
        if data is None:
            return Settings(DEFAULTS)
    except disk.DiskFault as fault:
        report.add(fault.diagnostic(HYGIENE_FILE))
        return Settings(DEFAULTS)
    source = decode(data, HYGIENE_FILE, report)
    tree = None if source is None else read_tree(source, report)
    return Settings(DEFAULTS) if tree is None else build_settings(tree, report)


def _data_of(file: Path) -> bytes | None:
    return None if disk.kind(file) == "absent" else disk.read(file, MAX_BYTES)


def build_settings(tree: Tree, report: Reporter) -> Settings:
    """The settings of a tree; whatever is sound counts, the rest is told."""
    tree = _without_fixed(tree, report)
    check_structure(tree, "hygiene", report)
    fields = Fields(tree, report)
    suppressions: list[Suppression] = []
    profiles: dict[str, Profile] = {}
    for key, value in fields.entries("policies"):
        one = Fields(value, report)
        profiles[key.text] = Profile(_severities(one), one.text("sources") == "once", key.span)
        for zero in one.items("zeros"):
            if isinstance(zero, Scalar):
                suppressions.append(Suppression("value-zero", key.text, "", "", zero.span, zero.text))
    for item in fields.items("suppress"):
        one = Fields(item, report)
        texts = {key: one.text(key) for key in ("code", "policy", "element", "reason")}
        if texts["code"] in DEFAULTS and all(texts.values()):
            assert isinstance(item, Map)
            suppressions.append(Suppression(**texts, span=item.entries[0][0].span))
    return Settings({**DEFAULTS, **_severities(fields)}, tuple(suppressions), profiles)


def _severities(fields: Fields) -> dict[str, Severity | None]:
    return {
        key.text: _WORDS[value.text]
        for key, value in fields.entries("severity")
        if key.text in DEFAULTS and isinstance(value, Scalar) and value.text in _WORDS
    }


_WORDS: Final[Mapping[str, Severity | None]] = {**{str(one): one for one in Severity}, "off": None}


def _without_fixed(tree: Tree, report: Reporter) -> Tree:
    """Codes of faults are told as such, and not as words that nobody knows."""
    if not isinstance(tree, Map):
        return tree
    entries = []
    for key, value in tree.entries:
        if key.text == "severity" and isinstance(value, Map):
            fixed = [(code, level) for code, level in value.entries if _is_fault(code.text)]
            for code, _ in fixed:
                report.tell("severity-fixed", code.span, rule=code.text)
            value = replace(value, entries=tuple(entry for entry in value.entries if entry not in fixed))
        elif key.text == "policies" and isinstance(value, Map):
            value = replace(value, entries=tuple((id, _without_fixed(one, report)) for id, one in value.entries))
        elif key.text == "suppress" and not isinstance(value, Map | Scalar):
            kept = []
            for item in value.items:
                named = item.get("code") if isinstance(item, Map) else None
                if isinstance(named, Scalar) and _is_fault(named.text):
                    report.tell("severity-fixed", named.span, rule=named.text)
                else:
                    kept.append(item)
            value = replace(value, items=tuple(kept))
        entries.append((key, value))
    return replace(tree, entries=tuple(entries))


def _is_fault(code: str) -> bool:
    return code in CODES and code not in DEFAULTS
