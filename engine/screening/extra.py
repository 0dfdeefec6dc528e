"""Whether the libraries of the extra `screen` are installed; asked before anything of this floor that needs them.

Imports the ground floor only.
"""

from __future__ import annotations

from importlib import import_module

from engine.diagnostics import Diagnostic
from engine.errors import NotInstalled


def must_be_installed() -> None:
    """
    Raises: NotInstalled, which says what to install.
    """
    for library in ("numpy", "pyarrow"):
        try:
            import_module(library)
        except ModuleNotFoundError:
            raise NotInstalled([Diagnostic.of("screen-not-installed", library=library)]) from None
