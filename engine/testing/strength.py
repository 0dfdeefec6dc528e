"""How strong a suite is: result types, which `coverage`, `mutants`, `mutate` and `propose` make.

Imports program, policy, language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Final, Literal, TypeAlias

from engine.language.core import CoreExpression
from engine.policy.checked import CheckedPolicy, Owner
from engine.policy.model import Parameter
from engine.program.sites import Site
from engine.records import dataclass
from engine.source import Span

TRUTHS: Final = ("true", "false", "unknown")
SIDES: Final = ("below", "at", "above")
ASPECT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "true": ("成立", "true"),
    "false": ("不成立", "false"),
    "unknown": ("不能确定", "unknown"),
    "below": ("低于", "below"),
    "at": ("恰好相等", "exactly at"),
    "above": ("高于", "above"),
}
"""each in Chinese and English"""
Key: TypeAlias = tuple[Owner, tuple[int, ...], str]


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing to be seen, and the words for the ways in which it can be: `true`, `below` …

    `edge`: where it is the amount between two ranges of a table, which is compared with what is looked up by.
    """

    site: Site
    aspects: tuple[str, ...]
    edge: str = ""

    @property
    def key(self) -> Key:
        return self.site.owner, self.site.trail, self.edge

    @property
    def span(self) -> Span:
        return self.site.node.span


@dataclass(slots=True)
class Seen:
    """What was seen of one set of rules. `chains` are the ids of the chains that have these rules; `edges` those of the
    tables in which something was looked up."""

    policy: CheckedPolicy
    probes: tuple[Probe, ...]
    edges: dict[Key, Probe] = field(default_factory=dict)
    chains: dict[tuple[str, ...], None] = field(default_factory=dict)
    hits: dict[tuple[Key, str], int] = field(default_factory=dict)

    def hit(self, probe: Probe, aspect: str, times: int) -> None:
        self.hits[probe.key, aspect] = self.hits.get((probe.key, aspect), 0) + times

    @property
    def every(self) -> tuple[Probe, ...]:
        return (*self.probes, *self.edges.values())

    def missing(self) -> Iterator[tuple[Probe, str]]:
        for probe in self.every:
            for aspect in probe.aspects:
                if (probe.key, aspect) not in self.hits:
                    yield probe, aspect

    def counts(self, aspects: Iterable[str]) -> tuple[int, int]:
        """How many of these aspects were seen, of how many."""
        wanted = frozenset(aspects)
        all_ = [(probe.key, aspect) for probe in self.every for aspect in probe.aspects if aspect in wanted]
        return sum(one in self.hits for one in all_), len(all_)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`text` is one entry of `tests:`."""

    probe: Probe
    aspect: str
    text: str


MutantKind: TypeAlias = Literal[
    "nudge-up",
    "nudge-down",
    "operator",
    "and-or",
    "drop",
    "negate",
    "swap-branches",
    "function",
    "drop-condition",
    "value-up",
    "value-down",
    "edge-up",
    "edge-down",
    "edge-side",
    "drop-change",
    "equivalent",
]


@dataclass(frozen=True, slots=True)
class StepChange:
    """Another expression at a step of the program."""

    owner: Owner
    core: CoreExpression


@dataclass(frozen=True, slots=True)
class ValueChange:
    """Other values of a parameter."""

    parameter: Parameter


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change.

    Attributes:
        rule: the rule, parameter or overlay change it is in.
        before, after: what stood there and what stands there instead, as written; `after` empty for a removal.
        parameter, place: whose value it is, and where it holds; "" for everywhere.
        change: what is put in place; None for a change of an overlay that is taken away.
    """

    kind: MutantKind
    rule: str
    before: str
    after: str
    span: Span
    change: StepChange | ValueChange | None = None
    place: str = ""
    parameter: str = ""

    @property
    def name(self) -> str:
        """Stable across runs: no line numbers."""
        return f"{self.rule}: {self.kind}: {self.before} → {self.after or '-'}"


@dataclass(slots=True)
class Tally:
    """How a mutation run stands."""

    tried: int = 0
    killed: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    equivalent: tuple[Mutant, ...] = ()
    """nudges that no household could tell, and that were not tried therefore"""
    proved: list[Mutant] = field(default_factory=list)
    """what no case noticed, and no household could: proved, and counted no more"""
    sizes: dict[str, int] = field(default_factory=dict)
    """how many items of each collection that is about, at most"""
    lacking: dict[str, str] = field(default_factory=dict)
    """of survivors, by their names and places, the case that would notice, as one entry of `tests:`"""

    def lacks(self, mutant: Mutant) -> str:
        return self.lacking.get(f"{mutant.name} {mutant.span!r}", "")

    def settle(self, mutant: Mutant, case: str) -> None:
        """Args: case: what would notice it; "" where nothing could."""
        if case:
            self.lacking[f"{mutant.name} {mutant.span!r}"] = case
            return
        self.survivors.remove(mutant)
        self.proved.append(mutant)
        self.tried -= 1

    @property
    def score(self) -> str:
        """Killed of tried, in whole per cent, never rounded up to 100."""
        return "100" if self.killed == self.tried else str(100 * self.killed // max(1, self.tried))
