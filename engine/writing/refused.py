"""What was asked for cannot be written: a place that does not exist, a file that is there already.

It says so in both languages and is about the command's own arguments; faults inside files are Diagnostics.
Imports nothing of the engine.
"""

from __future__ import annotations


class Refused(Exception):
    """Raised before anything is written."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
