"""The parser's tables, kept between runs in a folder of the user's own.

In: a key that stands for the grammar and the versions that read it.  Out: plain data, or None.
Nothing here may fail: without a usable folder the tables are built anew each run. The folder has mode 0700 and must
belong to the user; the file is unpickled with every class refused, so that it can hold nothing but plain data.
Imports disk.
"""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

from engine import disk

_MOST: Final = 1 << 26


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"{module_name}.{global_name} in a cache of plain data")


def load_tables(key: str) -> dict[str, object] | None:
    """What was stored under the key, or None where nothing usable is."""
    folder = _folder()
    if folder is None:
        return None
    try:
        data = _PlainUnpickler(io.BytesIO(disk.read(folder / _file(key), _MOST))).load()
    except Exception:  # a damaged cache, whatever the damage, is as good as none
        return None
    return data if isinstance(data, dict) else None


def save_tables(key: str, write: Callable[[BinaryIO], object]) -> None:
    """Store what `write` writes, whole or not at all."""
    folder = _folder()
    if folder is None:
        return
    tables = io.BytesIO()
    with suppress(Exception):  # a full or read-only disk costs time, never an answer
        write(tables)
        disk.write_whole(folder / _file(key), tables.getvalue())


def _file(key: str) -> str:
    return f"grammar-{key}.tables"


def _folder() -> Path | None:
    """The private cache folder, made if need be; None where there is none that only this user can write."""
    try:
        base = os.environ.get("XDG_CACHE_HOME", "")
        parent = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
        folder = parent / "doudi"
        return folder if disk.private_folder(folder) else None
    except (disk.DiskFault, RuntimeError):
        return None
