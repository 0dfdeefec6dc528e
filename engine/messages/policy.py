"""Wordings of the diagnostics of the policy floor."""

from __future__ import annotations

from engine.messages.wording import Wording

POLICY: dict[str, Wording] = {}
