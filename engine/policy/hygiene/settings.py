"""How severe each hygiene rule is in a policy folder, and which findings it leaves out with a reason.

In: `hygiene.yaml` at the top of a policy folder; without it, `DEFAULTS`.  Out: `Settings`, or Diagnostics.
What makes a policy wrong has no place here: its severity is fixed.
The format is grammar/hygiene.schema.json, the explanation docs/hygiene.md. Imports yaml_nodes and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine import disk
from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.messages import CODES
from engine.policy.fields import Fields
from engine.policy.files import HYGIENE_FILE
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
    """One finding, or those inside one element, left out; `reason` is for people."""

    code: str
    policy: str
    element: str
    reason: str
    span: Span

    def covers(self, code: str, policy: str, element: str) -> bool:
        return self.code == code and self.policy == policy and lies_in(element, self.element)


@dataclass(frozen=True, slots=True)
class Settings:
    """`severities` holds None for a rule that is switched off."""

    severities: Mapping[str, Severity | None]
    suppressions: tuple[Suppression, ...] = ()

    def graded(self, found: Diagnostic) -> Diagnostic | None:
        """A finding as severe as this folder has it; None where it is not to be told."""
        severity = self.severities[found.code]
        return None if severity is None else found.graded(severity)


def read_settings(folder: Path, report: Reporter) -> Settings:
    """The settings of a policy folder; the defaults where it has none, or where they cannot be read."""
    file = folder / HYGIENE_FILE
    try:
        if disk.kind(file) == "absent":
            return Settings(DEFAULTS)
        data = disk.read(file, MAX_BYTES)
    except disk.DiskFault as fault:
        report.add(fault.diagnostic(HYGIENE_FILE))
        return Settings(DEFAULTS)
    source = decode(data, HYGIENE_FILE, report)
    tree = None if source is None else read_tree(source, report)
    return Settings(DEFAULTS) if tree is None else build_settings(tree, report)


def build_settings(tree: Tree, report: Reporter) -> Settings:
    """The settings of a tree; whatever is sound counts, the rest is told."""
    tree = _without_fixed(tree, report)
    check_structure(tree, "hygiene", report)
    fields = Fields(tree, report)
    severities: dict[str, Severity | None] = dict(DEFAULTS)
    for key, value in fields.entries("severity"):
        if key.text in DEFAULTS and isinstance(value, Scalar) and value.text in _WORDS:
            severities[key.text] = _WORDS[value.text]
    suppressions = []
    for item in fields.items("suppress"):
        one = Fields(item, report)
        texts = {key: one.text(key) for key in ("code", "policy", "element", "reason")}
        if texts["code"] in DEFAULTS and all(texts.values()):
            assert isinstance(item, Map)
            suppressions.append(Suppression(**texts, span=item.entries[0][0].span))
    return Settings(severities, tuple(suppressions))


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
