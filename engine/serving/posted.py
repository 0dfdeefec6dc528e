"""What a form posts: its fields, and one uploaded file. How large it may be as a whole is watched over by `limits`.

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
        file: the bytes of the file, None where none was chosen; `name` as its owner calls it.
    """

    fields: Mapping[str, Sequence[str]]
    file: bytes | None = None
    name: str = ""

    @property
    def first(self) -> Mapping[str, str]:
        return {name: texts[0] for name, texts in self.fields.items() if texts}

    def one(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")


async def posted(request: Request) -> Posted:
    """
    Raises: TooLarge.
    """
    most = desk_of(request).settings.limits.body
    try:
        form = await request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=most)
    except (MultiPartException, HTTPException) as fault:
        raise TooLarge from fault
    try:
        return await _read(form)
    finally:
        await form.close()


async def _read(form: FormData) -> Posted:
    fields: dict[str, list[str]] = {}
    file, name = None, ""
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                file, name = await value.read(), value.filename
        else:
            fields.setdefault(key, []).append(value)
    return Posted(fields, file, name.replace("\\", "/").rpartition("/")[2][-120:])
