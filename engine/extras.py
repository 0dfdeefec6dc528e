"""Whether the libraries of an extra are installed; asked before anything of it is imported.

In: the name of an extra.  Out: nothing, or `NotInstalled`. Imports the ground floor only.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final, Literal, TypeAlias

from engine.diagnostics import Diagnostic
from engine.errors import NotInstalled

Extra: TypeAlias = Literal["lsp", "proof", "screen", "serve"]
_LIBRARIES: Final[Mapping[Extra, tuple[str, ...]]] = {
    "lsp": ("pygls",),
    "proof": ("z3",),
    "screen": ("numpy", "pyarrow"),
    "serve": ("starlette", "uvicorn", "jinja2", "itsdangerous", "python_multipart", "prometheus_client"),
}
_CODES: Final[Mapping[Extra, str]] = {
    "lsp": "lsp-not-installed",
    "proof": "proof-not-installed",
    "screen": "screen-not-installed",
    "serve": "serve-not-installed",
}


def must_be_installed(extra: Extra) -> None:
    """
    Raises: NotInstalled, which says what to install.
    """
    for library in _LIBRARIES[extra]:
        try:
            import_module(library)
        except ModuleNotFoundError:
            code = _CODES[extra]
            raise NotInstalled([Diagnostic.of(code, library=library)]) from None
