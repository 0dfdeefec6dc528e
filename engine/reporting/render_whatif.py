"""What would change an answer, as text that a clerk can read aloud to a family.

In: a `WhatIf` and its `Decision`.  Out: lines of text, below those of the decision.
"""

from __future__ import annotations

from engine.escaping import Lines
from engine.evaluation.decision import Decision
from engine.reporting.layout import Page
from engine.reporting.report_lines import section_lines
from engine.reporting.whatif_report import what_if_section
from engine.reporting.words import Words
from engine.whatif.results import WhatIf


def render_what_if(found: WhatIf, decision: Decision, words: Words, page: Page, *, details: bool = False) -> Lines:
    """Args: details: list all that was found."""
    told = what_if_section(found, decision.policy.merged.elements, words, details=details)
    return Lines.of(section_lines([told], words, page))
