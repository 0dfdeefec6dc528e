"""Places by name: counties and cities, for which their code is written.

In: a `Scene`.  Out: `Item`s.
Imports scene, items and policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.editing.items import Item
from engine.editing.scene import Scene
from engine.policy.territory import Jurisdiction, Territory
from engine.source import Span


def place_items(scene: Scene, span: Span, *, inside: bool, quoted: bool, wide: bool = False) -> Iterator[Item]:
    """Args:
    inside: only those of the file's own jurisdiction.
    quoted: whether the span stands between quotes; a code needs them.
    wide: also those that contain others, first.
    """
    territory = scene.territory
    within = scene.jurisdiction if inside else _around(scene)
    for order, (code, name, above) in enumerate(_places(territory, wide=wide)):
        if within is None or (territory.holds(within, code) and (not wide or inside or code not in within)):
            insert = code if quoted else f'"{code}"'
            detail = " · ".join(part for part in (code, above) if part)
            yield Item(name or code, insert, span, "place", detail, spellings=(code,), group=0, order=order)


def _around(scene: Scene) -> Jurisdiction | None:
    """Where an overlay may be: in the place of what it amends."""
    return None if scene.below is None else scene.below.chain.jurisdiction


def _places(territory: Territory, *, wide: bool) -> Iterator[tuple[str, str, str]]:
    """Code, name and what contains it."""
    if wide:
        yield from ((code, territory.name_of(code), "") for code in territory.known if code not in territory)
    for code, division in territory.items():
        yield code, division.name, division.city_name


def place_name(territory: Territory, code: str) -> str:
    """`太原市小店区`; "" where the code is not known."""
    division = territory.get(code)
    if division is None:
        return territory.name_of(code)
    above = division.city_name
    return division.name if above in ("", division.name) else f"{above}{division.name}"
