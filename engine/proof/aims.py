"""What a proposed case is to show: one side of a threshold, a condition that decides alone, a reading or a change of an
overlay that makes a difference.

In: a `Program`, or what a policy declares.  Out: `Aim`s in the order of the policy, with what they are asked of; what
came of them, which reporting reads. Imports program, policy, language and this floor's results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final, Literal, TypeAlias

from engine.evaluation.decision import Decision
from engine.policy.checked import Owner
from engine.policy.model import AddElement, Change, Reading, SetValues
from engine.program.model import Program
from engine.program.sites import Site, is_threshold, sites
from engine.proof.outside import Reason
from engine.records import dataclass
from engine.source import Span

Side: TypeAlias = Literal["below", "at", "above"]
_TELLING: Final = ("outputs", "referrals", "checks", "facts", "collections", "parameters", "lists", "readings", "terms")
"""kinds of elements that decide nothing by being there"""
SIDES: Final[tuple[Side, ...]] = ("below", "at", "above")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The left of a comparison the least that there is below its right, at it, or the least above.

    Attributes:
        text: the comparison as it is written.
    """

    site: Site
    text: str
    side: Side


@dataclass(frozen=True, slots=True)
class Alone:
    """A condition on which its cause turns while all others stay: with it the cause is met, or without it it is not; of
    a requirement the outcome."""

    owner: Owner
    label: str
    met: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A reading by which the outcome differs: under one option the household is eligible, under the other it is not."""

    reading: str
    label: str
    options: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of an overlay without which something would be otherwise; `place` is its own among all of them."""

    overlay: str
    place: int
    text: str
    change: Change


Turning: TypeAlias = Literal["outcome", "cause", "output", ""]
Showing: TypeAlias = Threshold | Alone | Read | Changed


@dataclass(frozen=True, slots=True)
class Aim:
    """Attributes:
    name: stable: it holds no line number; the first part of the name of the case.
    """

    name: str
    showing: Showing
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """An aim that a case serves.

    Attributes:
        turns: what turns on it; of a threshold "" where it is only met with.
    """

    aim: Aim
    turns: Turning


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """A household with the answer that the interpreter gives it, for a person to confirm."""

    household: Mapping[str, Any]
    decision: Decision
    shows: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Never:
    """No household within the bound shows it: proved."""

    aim: Aim


@dataclass(frozen=True, slots=True)
class Open:
    """Neither a household nor a proof: outside what is analysed, at `span`, or the solver gave up."""

    aim: Aim
    reason: Reason | Literal["limit", "nothing-decided"]
    span: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Proposals:
    """Attributes:
    sizes: how many items of each collection a proof is about, at most.
    """

    cases: tuple[Proposed, ...]
    never: tuple[Never, ...]
    open: tuple[Open, ...]
    sizes: Mapping[str, int]


def thresholds(program: Program) -> Iterator[Aim]:
    found = [site for site in sites(program) if is_threshold(site.node)]
    often = Counter(site.owner.name for site in found)
    met: Counter[str] = Counter()
    for site in found:
        name = site.owner.name
        met[name] += 1
        numbered = f"{name}.{met[name]}" if often[name] > 1 else name
        text = " ".join(site.node.span.text.split())
        for side in SIDES:
            yield Aim(f"{numbered}.{side}", Threshold(site, text, side), site.node.span)


def conditions(program: Program) -> Iterator[Aim]:
    for step in program.authored:
        if step.owner.kind == "condition" and step.declared is not None:
            for met in (True, False):
                label = getattr(step.declared, "label", "") or step.owner.name
                name = f"{step.owner.name}.{'met' if met else 'unmet'}"
                yield Aim(name, Alone(step.owner, label, met), step.core.span)


def readings(declared: Mapping[str, Reading]) -> Iterator[Aim]:
    """Each two options."""
    for id, reading in declared.items():
        for pair in combinations((option for option, _ in reading.type.options), 2):
            yield Aim(f"{id}.{'-'.join(pair)}", Read(id, reading.label, pair), reading.origin.span)


def changes(overlay: str, named: Sequence[tuple[str, Change]]) -> Iterator[Aim]:
    """Args: named: each change with what it is called. What only adds something to be told is left out."""
    for place, (name, change) in enumerate(named):
        if isinstance(change, AddElement) and change.kind in _TELLING:
            continue
        span = change.block.origin.span if isinstance(change, SetValues) else change.origin.span
        yield Aim(f"{overlay}.{name}", Changed(overlay, place, name, change), span)
