"""What a policy file may refer to, and the places that it names.

In: codes and names as written.  Out: codes of divisions, or Diagnostics.
Imports build, csv_table, fields, model, territory and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import field

from engine.gathered import gathered
from engine.policy.build import Maker
from engine.policy.csv_table import Table
from engine.policy.fields import Fields
from engine.policy.model import Elements, Joining
from engine.policy.territory import Jurisdiction, Territory
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near
from engine.tree import Scalar


@dataclass(frozen=True, slots=True)
class Context:
    """What a file may refer to: the elements below it, its territory, and how to read a table beside it."""

    elements: Elements
    divisions: Territory
    jurisdiction: Jurisdiction
    read_table: Callable[[str, Span], Table | None]
    joining: Joining | None = None
    _named: dict[str, list[str]] = field(init=False, default_factory=dict, repr=False, compare=False)

    def codes_of(self, name: str) -> list[str]:
        """The divisions of a name; every cell of a table asks, so that names are gathered once."""
        if not self._named:
            self._named.update(gathered((division.name, code) for code, division in self.divisions.items()))
        return self._named.get(name, [])


def read_counties(fields: Fields, maker: Maker, context: Context) -> frozenset[str]:
    """The division codes of `counties`, given as codes or as names within the file's own jurisdiction; a place that
    contains others stands for all of them."""
    scalars = (item for item in fields.items("counties") if isinstance(item, Scalar))
    return frozenset(code for item in scalars for code in read_places(item, maker, context))


def read_places(scalar: Scalar, maker: Maker, context: Context) -> tuple[str, ...]:
    """The division code of a place, or those of all that it contains; none after a fault."""
    text, territory = scalar.text.strip(), context.divisions
    wide = [] if text in territory or context.codes_of(text) else territory.named(text)
    inside = [code for code in wide if territory.holds(context.jurisdiction, code)]
    if len(inside) == 1:
        return territory.inside(inside[0])
    if inside:
        maker.report.tell("ambiguous-place", scalar.span, name=text, codes=" ".join(inside))
    elif wide:
        maker.report.tell("place-outside", scalar.span, place=text, jurisdiction=str(context.jurisdiction))
    elif (code := _read_place(scalar, maker, context)) is not None:
        return (code,)
    return ()


def _read_place(scalar: Scalar, maker: Maker, context: Context) -> str | None:
    """A division code, from a code or a name within the jurisdiction."""
    territory, within = context.divisions, context.jurisdiction
    if not all(territory.is_code(code) for code in within):
        return None  # the jurisdiction itself is no code, and was told
    text = scalar.text.strip()
    if text in territory and territory.holds(within, text):
        return text
    anywhere = context.codes_of(text)
    named = [code for code in anywhere if territory.holds(within, code)]
    if len(named) == 1:
        return named[0]
    if len(named) > 1:
        maker.report.tell("ambiguous-place", scalar.span, name=text, codes=" ".join(sorted(named)))
        return None
    if text in territory or anywhere:
        maker.report.tell("place-outside", scalar.span, place=text, jurisdiction=str(within))
        return None
    if (comma := re.search("[，、；;]", text)) is not None and scalar.style == "plain":
        at = scalar.span.at(comma.start(), comma.end())
        maker.report.tell("full-width-sign", at, sign=comma[0], plain=",", text="" if '"' in text else text)
        return None
    maker.report.tell("unknown-place", scalar.span, name=text, suggestion=Near(text, _places_inside(context)))
    return None


def _places_inside(context: Context) -> Iterator[str]:
    inside = context.divisions.inside(context.jurisdiction)
    yield from inside
    yield from (context.divisions[code].name for code in inside)
