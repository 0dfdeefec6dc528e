"""Values as a YAML file writes them.

In: texts.  Out: scalars that read back as the same text.
Imports nothing of the engine.
"""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^\W\d_][\w〔〕（）《》、，。；：“”·/（）]*(?:[ -][\w〔〕（）《》、，。；：“”·/]+)*")
_OTHERWISE = {"yes", "no", "true", "false", "null", "on", "off", "y", "n"}


def yaml_text(text: str) -> str:
    """The text plain where nothing in it means something to YAML, in quotes otherwise."""
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHERWISE and text[0] not in "“”":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
