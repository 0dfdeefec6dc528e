"""Answers as they go out: the bytes, what they rest on, and a mark by which they are known again.

In: JSON values.  Out: responses. Every answer names the version of the engine, the digest of the rules or the
fingerprint of the files, and the day whose rules apply, where there is one; the same bytes have the same ETag.
Imports problems and below.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from engine.serving.desk import desk_of
from engine.serving.v1.asked import JSON, must_take

VERSION: Final = "Doudi-Version"
DIGEST: Final = "Doudi-Digest"
DAY: Final = "Doudi-Day"
_MARK: Final = 16
"""bytes"""


class Answer(Response):
    """Its headers are written as they go out: there are few, and each is made once."""

    def __init__(self, body: bytes, headers: list[tuple[bytes, bytes]], status: int = 200) -> None:
        self.status_code, self.background, self.body = status, None, body
        self.raw_headers = headers


def answered(request: Request, text: str, digest: str, day: str = "") -> Answer:
    """
    Args:
        text: JSON as it is written.
        digest: of the rules, or the fingerprint of the files.
    """
    body = text.encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"etag", f'"{blake2b(body, digest_size=_MARK).hexdigest()}"'.encode()),
        (b"doudi-version", desk_of(request).work.version.encode()),
        (b"doudi-digest", digest.encode()),
    ]
    if day:
        headers.append((b"doudi-day", day.encode()))
    return Answer(body, headers)  # nobody on the way keeps the answer to a POST


def fetched(request: Request, text: str, digest: str, day: str = "") -> Response:
    """Of what is asked for again and again: nothing but the mark where the caller has it already.

    Raises: Problem where the caller does not accept it.
    """
    must_take(request, JSON)
    answer = answered(request, text, digest, day)
    answer.raw_headers += [(b"vary", b"Accept-Language"), (b"cache-control", b"no-cache")]
    if not _is_held(request.headers, answer.headers["etag"]):
        return answer
    return Answer(b"", [one for one in answer.raw_headers if not one[0].startswith(b"content-")], 304)


def _is_held(headers: Mapping[str, str], mark: str) -> bool:
    held = headers.get("if-none-match", "")
    return held.strip() == "*" or mark in (one.strip().removeprefix("W/") for one in held.split(","))
