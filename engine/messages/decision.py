"""Wordings of the diagnostics of the decision floor."""

from __future__ import annotations

from engine.messages.wording import Wording

DECISION: dict[str, Wording] = {}
