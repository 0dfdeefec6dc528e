"""Every policy that lies in this project: those shipped, the examples, the cookbook, and the sample of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from engine.api import open_policies
from engine.diagnostics import Reporter
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Chain
from engine.policy.overlay import merge
from engine.policy.stretches import Cuts
from tests.evaluation.samples import sample_policy

ROOT = Path(__file__).parents[2]
DAYS = (date(2023, 6, 1), date(2024, 6, 1), date(2026, 1, 1))


@cache
def every_policy() -> tuple[tuple[str, CheckedPolicy], ...]:
    """Each document's own chain on the first of some days on which it holds."""
    return tuple(_every_policy())


def _every_policy() -> Iterator[tuple[str, CheckedPolicy]]:
    yield "sample", sample_policy()
    for folder in ("", "overlay", "cookbook", "hongkong", "national_2024", "australia_age_pension"):
        homes = [ROOT / "policies"] if not folder else [ROOT / "policies", ROOT / "examples" / folder]
        policies = open_policies(homes if folder not in _ALONE else homes[1:])
        for id in policies.ids:
            header = policies.library.documents[id].header
            day = next(day for day in DAYS if header.origin.holds(day, None))
            if not folder or header.origin.span.source.name not in _SHIPPED:
                yield id, policies.overlay_for(id, day)


def turning_days(chain: Chain) -> set[date]:
    """All days on which anything in a chain begins, has just ended, or became known."""
    cuts, merged = Cuts(chain), merge(chain, Reporter())
    elements = merged.elements
    held = [block.origin for one in elements.parameters.values() for block in one.blocks]
    held += [block.origin for one in elements.lists.values() for block in one.blocks]
    held += [setting.origin for one in elements.readings.values() for setting in one.settings]
    ends = {origin.until + timedelta(1) for origin in held if origin.until is not None}
    begins = {day for origin in held for day in (origin.start, origin.published) if day is not None}
    return {*cuts.days, *cuts.known, *begins, *ends}


_ALONE = ("hongkong", "australia_age_pension")
_SHIPPED = {path.relative_to(ROOT / "policies").as_posix() for path in (ROOT / "policies").rglob("*.yaml")}
