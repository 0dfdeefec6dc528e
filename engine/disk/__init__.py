"""The disk: the one place where the engine opens, reads, lists and writes files.

In: paths, as people wrote them or as folders hold them.  Out: bytes and paths, or a `DiskFault`: whatever the system
or the path itself does not let be done ends in one, worded for people in `engine.messages.disk`.
Ground floor; imports errors and diagnostics. Every call of the system goes through `system.call`, so that a test can
let each of them fail in turn (`tests/faults`).

    faults      `DiskFault`, and what the system's errors are called
    system      the calls themselves
    places      what stands at a path, links followed
    reading     bytes of files
    writing     files written whole, or not at all
    folders     what stands in folders
    sharing     files that several programs use at once, or that are gone after use

How to use it:

- `read(path, limit)`: the bytes of a regular file; its size is looked at before it is read. Give the limit that the
  kind of file has; `file-too-large` then names both.
- `beginning(path, most)`: the first bytes only, to see what a file is; nothing may rest on it.
- `walk(folder)`: every file below a folder by name, *and* a `DiskFault` for everything that could not be looked at. A
  fault left out of account is a file left out of account: report it (`fault.diagnostic(name)`), or refuse.
- `kind(path)` and `real(path)` in place of `is_file`, `is_dir`, `exists` and `resolve`, which answer "no" or raise
  something else where the system refuses.
- A `DiskFault` that nobody catches ends the command with a clear line that names the file: 2 where something was to be
  written, else 1. Catch it where one file must not stop the others, and pass it on as a diagnostic:

      try:
          data = disk.read(file, MAX_BYTES)
      except disk.DiskFault as fault:
          report.add(fault.diagnostic(name))
"""

from __future__ import annotations

from engine.disk.faults import AnyPath, DiskFault, reason_of, shown
from engine.disk.folders import MAX_WALKED, clear, make_folder, names_in, scratch, walk
from engine.disk.places import Kind, absolute, here, inside, kind, real, size, stamp, taken
from engine.disk.reading import beginning, ends, read, stream
from engine.disk.sharing import Appending, alone, appending, claimed, working
from engine.disk.writing import (
    keep_names,
    lay_beside,
    move,
    remove,
    settle,
    spare_name,
    write_new,
    write_whole,
    written,
)

__all__ = [
    "MAX_WALKED",
    "AnyPath",
    "Appending",
    "DiskFault",
    "Kind",
    "absolute",
    "alone",
    "appending",
    "beginning",
    "claimed",
    "clear",
    "ends",
    "here",
    "inside",
    "keep_names",
    "kind",
    "lay_beside",
    "make_folder",
    "move",
    "names_in",
    "read",
    "real",
    "reason_of",
    "remove",
    "scratch",
    "settle",
    "shown",
    "size",
    "spare_name",
    "stamp",
    "stream",
    "taken",
    "walk",
    "working",
    "write_new",
    "write_whole",
    "written",
]
