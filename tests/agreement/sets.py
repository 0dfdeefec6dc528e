"""Every policy set of this repository: what is shipped, the examples, the packs, the conformance suite's programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from engine.api import Policies, open_policies
from engine.errors import PolicyError
from engine.policy.document import Document
from tests.agreement.deciders import Asked
from tests.agreement.households import Population

ROOT: Final = Path(__file__).resolve().parents[2]
ALONE: Final = ("hongkong", "australia_age_pension", "figures", "values")
"""examples that stand on nothing else"""


@dataclass(frozen=True)
class PolicySet:
    name: str
    folders: tuple[Path, ...]
    weight: int = 1
    """how many households it has, beside the others"""

    @cached_property
    def population(self) -> Population:
        policies, reference = (open_policies(list(self.folders)) for _ in range(2))
        return Population(policies, reference, list(askable(reference)))


def askable(policies: Policies) -> Iterator[Asked]:
    """Without a name where something official decides, and by each document that can be named."""
    library = policies.library
    try:
        policies.router.root_ids()
    except PolicyError:
        pass
    else:
        yield from [Asked()] * max(1, len(library.documents) // 2)  # as often as by some name
    for id, document in sorted(library.documents.items()):
        if not library.of_values(id) and _is_sound(policies, document):
            yield Asked(id)


def _is_sound(policies: Policies, document: Document) -> bool:
    chain = tuple(policies.library.whole_line(document.header.id))
    return not policies.slices.chain_report(chain).has_errors


def policy_sets() -> list[PolicySet]:
    shipped, examples = ROOT / "policies", ROOT / "examples"
    found = [
        PolicySet("shipped", (shipped,), 8),
        PolicySet("overlay", (shipped, examples / "overlay"), 8),
        PolicySet("cookbook", (shipped, examples / "cookbook"), 8),
        PolicySet("national", (shipped, examples / "national_2024"), 8),
        *(
            PolicySet(name, (examples / name,), 4)
            for name in ("hongkong", "australia_age_pension", "figures", "values")
        ),
        PolicySet("flat", (ROOT / "bench" / "screening" / "policy",), 4),
        PolicySet("world", (ROOT / "tests" / "conformance" / "world",), 2),
    ]
    programs = ROOT / "tests" / "conformance" / "programs"
    found += [PolicySet(f"programs/{path.name}", (path,)) for path in sorted(programs.iterdir()) if path.is_dir()]
    return found
