"""Every policy that lies in this project: those shipped, the examples, the cookbook, and the sample of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from engine.api import open_policies
from engine.policy.checked import CheckedPolicy
from tests.evaluation.samples import sample_policy

ROOT = Path(__file__).parents[2]
DAYS = (date(2023, 6, 1), date(2024, 6, 1), date(2026, 1, 1))


def every_policy() -> Iterator[tuple[str, CheckedPolicy]]:
    """Each document's own chain on the first of some days on which it holds."""
    yield "sample", sample_policy()
    for folder in ("", "overlay", "cookbook", "hongkong"):
        homes = [ROOT / "policies"] if not folder else [ROOT / "policies", ROOT / "examples" / folder]
        policies = open_policies(homes if folder != "hongkong" else homes[1:])
        for id in policies.ids:
            header = policies.library.documents[id].header
            day = next(day for day in DAYS if header.origin.holds(day, None))
            if not folder or header.origin.span.source.name not in _SHIPPED:
                yield id, policies.overlay_for(id, day)


_SHIPPED = {path.relative_to(ROOT / "policies").as_posix() for path in (ROOT / "policies").rglob("*.yaml")}
