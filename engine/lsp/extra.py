"""Whether the libraries of the extra `lsp` are installed; asked before anything of this floor that needs them.

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
        import_module("pygls")
    except ModuleNotFoundError:
        raise NotInstalled([Diagnostic.of("lsp-not-installed")]) from None
