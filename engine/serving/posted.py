"""What a form posts: its fields, and uploaded files. How large it may be as a whole is watched over by `limits`.

In: a request.  Out: `Posted`; `TooLarge` where there are more fields or files than any form has. Imports desk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from engine.records import dataclass
from engine.serving.desk import desk_of

MAX_FIELDS: Final = 5_000


class TooLarge(Exception):
    """A post that is not read to its end."""


@dataclass(frozen=True, slots=True)
class Posted:
    """
    Attributes:
        fields: each with all that was posted under its name.
        files: those that were chosen: each as its owner calls it, and its bytes.
    """

    fields: Mapping[str, Sequence[str]]
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def file(self) -> bytes | None:
        """The first of them, None where none was chosen; `name` is what it is called."""
        return self.files[0][1] if self.files else None

    @property
    def name(self) -> str:
        return self.files[0][0] if self.files else ""

    @property
    def first(self) -> Mapping[str, str]:
        return {name: texts[0] for name, texts in self.fields.items() if texts}

    def one(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")


async def posted(request: Request, files: int = 1) -> Posted:
    """
    Args:
        files: at most so many.
    Raises: TooLarge.
    """
    most = desk_of(request).settings.limits.body
    try:
        form = await request.form(max_files=files, max_fields=MAX_FIELDS, max_part_size=most)
    except (MultiPartException, HTTPException) as fault:
        raise TooLarge from fault
    try:
        return await _read(form)
    finally:
        await form.close()


async def _read(form: FormData) -> Posted:
    fields: dict[str, list[str]] = {}
    files: list[tuple[str, bytes]] = []
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                files.append((value.filename.replace("\\", "/").rpartition("/")[2][-120:], await value.read()))
        else:
            fields.setdefault(key, []).append(value)
    return Posted(fields, tuple(files))
