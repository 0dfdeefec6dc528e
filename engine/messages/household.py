"""Wordings of the diagnostics of the household floor."""

from __future__ import annotations

from engine.messages.wording import Wording

HOUSEHOLD: dict[str, Wording] = {}
