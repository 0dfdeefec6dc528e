"""In which order to ask for what is missing: first what may settle the answer soonest.

In: a decision, and what would settle it.  Out: what is missing, in order. Facts that settle the answer by themselves
come first, then those that do it together with others, the fewer the better; of these first what is in most of such
sets. What is in none follows in the order of the document.
Imports evaluation and this floor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from engine.evaluation.told import Missing
from engine.whatif.results import WhatIf


def soonest_first(missing: Sequence[Missing], found: WhatIf) -> list[Missing]:
    together = together_of(found)
    times = Counter(fact.path for one in found.settles for fact in one.facts)
    beyond = max(together.values(), default=0) + 1
    # sorting keeps what is alike in the order of the document
    return sorted(missing, key=lambda one: (together.get(one.path, beyond), -times[one.path]))


def together_of(found: WhatIf) -> Mapping[str, int]:
    """Of each fact how many facts, itself among them, settle the answer at the least."""
    sizes: dict[str, int] = {}
    for one in found.settles:
        for fact in one.facts:
            sizes[fact.path] = min(len(one.facts), sizes.get(fact.path, len(one.facts)))
    return sizes
