"""The parser's tables, kept between runs in a folder of the user's own.

In: a key that stands for the grammar and the versions that read it.  Out: plain data, or None.
Nothing here may fail: without a usable folder the tables are built anew each run. The folder has mode 0700 and must
belong to the user; the file is unpickled with every class refused, so that it can hold nothing but plain data.
Imports nothing of the engine.
"""

from __future__ import annotations

import os
import pickle
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NoReturn


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"{module_name}.{global_name} in a cache of plain data")


def load_tables(key: str) -> dict[str, object] | None:
    """What was stored under the key, or None where nothing usable is."""
    folder = _folder()
    if folder is None:
        return None
    try:
        with open(folder / _file(key), "rb") as file:
            data = _PlainUnpickler(file).load()
    except Exception:  # a damaged cache, whatever the damage, is as good as none
        return None
    return data if isinstance(data, dict) else None


def save_tables(key: str, write: Callable[[BinaryIO], object]) -> None:
    """Store what `write` writes, whole or not at all."""
    folder = _folder()
    if folder is None:
        return
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.replace(temporary, folder / _file(key))
    except Exception:  # a full or read-only disk costs time, never an answer
        if temporary:
            _remove(temporary)


def _file(key: str) -> str:
    return f"grammar-{key}.tables"


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _folder() -> Path | None:
    """The private cache folder, made if need be; None where there is none that only this user can write."""
    try:
        base = os.environ.get("XDG_CACHE_HOME", "")
        parent = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
        folder = parent / "doudi"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
    except (OSError, RuntimeError):
        return None
    if not stat.S_ISDIR(state.st_mode):
        return None
    own = not hasattr(os, "getuid") or (state.st_uid == os.getuid() and not state.st_mode & 0o022)
    return folder if own else None
