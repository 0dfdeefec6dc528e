"""Whether the solver of the extra `proof` is installed; asked before anything of this floor that needs it.

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
    try:
        import_module("z3")
    except ModuleNotFoundError:
        raise NotInstalled([Diagnostic.of("proof-not-installed")]) from None
