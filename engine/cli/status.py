"""What the exit statuses mean (130 and 141 as shells have them)."""

from __future__ import annotations

from typing import Final

ANSWERED: Final = 0
FINDINGS: Final = 1
"""Policy findings, failed cases, or an input refused."""
MISUSE: Final = 2
FAULT: Final = 70
"""The program itself failed."""
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141
