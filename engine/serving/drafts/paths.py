"""The files of a policy folder that a draft may speak of.

In: a path as a request names it.  Out: the file, or None: nothing outside the folder, nothing that a link leads to, no
file of another kind. Imports disk.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from engine import disk

ENDINGS: Final = (".yaml", ".yml", ".csv")
LONGEST: Final = 200
_PATH: Final = re.compile(r"(?!.*(?:^|/)\.)[\w.-]+(?:/[\w.-]+)*(?<!\.)")


def is_path(path: str) -> bool:
    """Whether it is written as one: names with `/` between them, none of which begins with a dot."""
    return len(path) <= LONGEST and _PATH.fullmatch(path) is not None and path.endswith(ENDINGS)


def file_in(home: Path, path: str) -> Path | None:
    """The file of a policy folder that a path means, there or not."""
    if not is_path(path):
        return None
    try:
        root = disk.real(home)
        file = root / path
        # also on a disk that takes `A.yaml` for `a.yaml`, a file has one name
        return file if disk.real(file) == file and disk.kind(file) in ("file", "absent") else None
    except disk.DiskFault:
        return None
