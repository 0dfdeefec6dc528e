"""What a form posts, within bounds: its fields, and one uploaded file.

In: a request.  Out: `Posted`; `TooLarge` as soon as more arrives than is read. Imports the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from engine.records import dataclass

MAX_FORM: Final = 6 << 20
"""bytes of a post with a file: a table of the longest that is read, and the fields around it"""
MAX_FIELDS: Final = 5_000
MAX_FIELD: Final = 4 << 20


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


async def posted(request: Request, most: int = MAX_FORM) -> Posted:
    """
    Raises: TooLarge where more is posted than a form may have.
    """
    said = request.headers.get("content-length", "0")
    if not said.isdigit() or int(said) > most:
        raise TooLarge
    bounded = Request(request.scope, _Bounded(request, most), request._send)
    try:
        form = await bounded.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD)
    except MultiPartException as fault:
        raise TooLarge from fault
    try:
        return await _read(form)
    finally:
        await form.close()


class _Bounded:
    """What arrives of a body, as long as it is not too much: who says no length may send without end."""

    def __init__(self, request: Request, most: int) -> None:
        self._receive = request.receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLarge
        return message


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
