"""Makes the parser's tables while doudi is built, also for an editable installation, so that no run has to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Tables(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's is generic over what is built
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data
        sys.path.insert(0, self.root)
        try:
            from engine.language.parser import tables_module
        finally:
            sys.path.remove(self.root)
        (Path(self.root) / "engine" / "language" / "_tables.py").write_text(tables_module(), encoding="utf-8")
