"""Where something is written, as a page links to it; what a county is called.

In: spans, origins; codes.  Out: `Place`, a file of the policy folder and a line of it; names.
Imports api, policy and the ground floor.
"""

from __future__ import annotations

from engine.api import Policies
from engine.records import dataclass
from engine.source import Span


@dataclass(frozen=True, slots=True)
class Place:
    file: str
    line: int

    @staticmethod
    def of(span: Span) -> Place:
        return Place(span.source.name, span.line)

    @property
    def text(self) -> str:
        return f"{self.file}:{self.line}"


def place_name(policies: Policies, code: str) -> str:
    """Of a county; the code where none is known."""
    library = policies.library
    for root in policies.router.root_ids():
        held = library.territory(root).get(code)
        if held is not None:
            return str(held.name)
    return code
