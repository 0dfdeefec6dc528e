"""Runs of hypothesis: no deadline, since the first example of a process also loads the policies."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("doudi", deadline=None)
settings.load_profile("doudi")
