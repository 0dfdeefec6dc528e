"""Wordings of the diagnostics of the language floor."""

from __future__ import annotations

from engine.messages.wording import Wording

LANGUAGE: dict[str, Wording] = {}
