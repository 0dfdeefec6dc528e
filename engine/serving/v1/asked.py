"""What a request asks for beside its body: its query, read strictly, and the media types that it sends and takes.

In: a request, the parameters of its address.  Out: values, or a `Problem`. A parameter that nobody knows is refused:
what it was meant to change would be left as it is without a word.
Imports problems and below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from engine.diagnostics import Diagnostic
from engine.evaluation.decision import EXPLAIN, Explain
from engine.records import dataclass
from engine.serving.problems import Problem
from engine.suggest import nearest

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
LANGUAGES: Final = ("zh", "en")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 60
"""characters of a value that is wrong that are told"""
_MOST: Final = 20
"""parameters of one query"""
_OFTEN: Final = 200
"""bytes of a query that is kept: the same systems ask the same again and again"""

Kind: TypeAlias = Literal["text", "day", "explain", "truth", "language"]
_WANTED: Final[Mapping[Kind, str]] = {
    "text": "ID",
    "day": "2023-06-15",
    "explain": " | ".join(EXPLAIN),
    "truth": "true | false",
    "language": " | ".join(LANGUAGES),
}


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """A parameter of an address, in its query."""

    name: str
    kind: Kind
    zh: str
    en: str


Arguments: TypeAlias = tuple[Argument, ...]


POLICY: Final = Argument(
    "policy",
    "text",
    "用哪一份政策，缺省按家庭所在地找；all 为每份各给一个结论",
    "which policy; default: found from the household; all: one answer each",
)
AS_OF: Final = Argument(
    "as_of",
    "day",
    "按这一天的规定，缺省为申请日期",
    "the day whose rules apply; default: the application date",
)
KNOWN_ON: Final = Argument("known_on", "day", "只计这一天已经公布的规定", "leave out what was published after that day")
EXPLAINED: Final = Argument(
    "explain",
    "explain",
    "只要结论；或连同理由；或再加上数字、缺省和读法（缺省）",
    "the outcome alone; with the reasons; or also figures, assumptions and readings, which is the default",
)
WHAT_IF: Final = Argument(
    "what_if", "truth", "再说明什么事实不同会改变结论", "also tell which facts would change the answer"
)
LANG: Final = Argument(
    "lang", "language", "说明用的语言，先于 Accept-Language", "the language of messages, before Accept-Language"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a household is to be decided by, and how much is told."""

    policy: str | None = None
    as_of: date | None = None
    known_on: date | None = None
    explain: Explain = "full"
    what_if: bool = False


_AS_USUAL: Final = Asked()


def asked_of(request: Request, arguments: Arguments) -> Asked:
    """
    Raises: Problem.
    """
    text = request.scope["query_string"]
    if not text:
        return _AS_USUAL
    return _kept(text, arguments) if len(text) <= _OFTEN else _asked(text, arguments)


def _asked(text: bytes, arguments: Arguments) -> Asked:
    query = _read(text, arguments)
    explain = query.get("explain", "full")
    return Asked(
        query.get("policy"),
        day_of(query.get("as_of")),
        day_of(query.get("known_on")),
        next(one for one in EXPLAIN if one == explain),
        query.get("what_if") == "true",
    )


_kept: Final = lru_cache(1_000)(_asked)


def with_language(*arguments: Argument) -> Arguments:
    """The arguments of an address; the language goes without saying."""
    return (*arguments, LANG)


def query_of(request: Request, arguments: Arguments) -> Mapping[str, str]:
    """The query, each parameter known, of its kind and once.

    Raises: Problem.
    """
    return _read(request.scope["query_string"], arguments)


def _read(query: bytes, arguments: Arguments) -> Mapping[str, str]:
    known = {one.name: one for one in arguments}
    found: dict[str, str] = {}
    wrong: list[Diagnostic] = []
    for name, value in _pairs(query):
        argument = known.get(name)
        if argument is None:
            near = nearest(name[:_LONGEST], known)
            wrong.append(Diagnostic.of("unknown-argument", name=_cut(name), known=" ".join(known), suggestion=near))
        elif name in found:
            wrong.append(Diagnostic.of("argument-twice", name=name))
        elif not _is_of(argument.kind, value):
            wrong.append(Diagnostic.of("bad-argument", name=name, value=_cut(value), wanted=_WANTED[argument.kind]))
        else:
            found[name] = value
    if wrong:
        raise Problem(400, wrong)
    return found


def _pairs(query: bytes) -> list[tuple[str, str]]:
    """
    Raises: Problem.
    """
    try:
        return parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="replace", max_num_fields=_MOST)
    except ValueError:
        raise Problem(400, [Diagnostic.of("too-many-arguments", limit=str(_MOST))]) from None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _is_of(kind: Kind, value: str) -> bool:
    match kind:
        case "text":
            return 0 < len(value) <= _LONGEST
        case "day":
            return day_of(value) is not None
        case "explain":
            return value in EXPLAIN
        case "truth":
            return value in ("true", "false")
        case "language":
            return value in LANGUAGES


def day_of(value: str | None) -> date | None:
    if value is None or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


# ---- headers


def must_send(request: Request, media: str) -> None:
    """
    Raises: Problem where the body is said to be of another type, in another encoding, or compressed.
    """
    kind, coding = "", ""
    for name, value in request.scope["headers"]:
        if name == b"content-type":
            kind = value.decode("latin-1")
        elif name == b"content-encoding":
            coding = value.decode("latin-1").strip().lower()
    if kind != media and not _is_media(kind, media):
        raise _other_media(kind, media)
    if coding not in ("", "identity"):
        raise _other_media(coding, media)


def _is_media(kind: str, media: str) -> bool:
    main, *parameters = (part.strip().lower() for part in kind.split(";"))
    charsets = [one.partition("=")[2].strip('"') for one in parameters if one.startswith("charset=")]
    return main == media and all(one in ("utf-8", "utf8") for one in charsets)


def _other_media(found: str, media: str) -> Problem:
    told = _cut(found) or "-"
    return Problem(415, [Diagnostic.of("not-that-media", found=told, wanted=media)], headers={"Accept": media})


def must_take(request: Request, media: str) -> None:
    """
    Raises: Problem where the answer would be of no type that is accepted.
    """
    for name, value in request.scope["headers"]:
        if name == b"accept" and value != b"*/*":
            wanted = value.decode("latin-1")
            if not _takes(wanted, media):
                raise Problem(406, [Diagnostic.of("not-acceptable", wanted=_cut(wanted), offered=media)])


def _takes(accept: str, media: str) -> bool:
    """By the closest range; what is given no weight is not wanted."""
    main = media.partition("/")[0]
    found: dict[str, bool] = {}
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights = [one.partition("=")[2] for one in parameters if one.startswith("q=")]
        found[kind] = not any(re.fullmatch(r"0(\.0*)?", one) for one in weights)
    return next((found[kind] for kind in (media, f"{main}/*", "*/*") if kind in found), not accept.strip())


# ---- the body


async def body_of(request: Request) -> bytes:
    """The whole body; how large it may be is watched over before anything comes here (`limits`).

    Raises: ClientDisconnect.
    """
    message = await request.receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        return body
    pieces: list[bytes] = []
    while True:
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)
        message = await request.receive()
