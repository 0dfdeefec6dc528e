"""`POST /v1/decisions:batch`: many households, a line each, answered as they come and in their order.

In: NDJSON, read piece by piece.  Out: NDJSON: of each line a decision, or a refusal with its reasons; blank lines are
passed over. One set of policies answers the whole of it. However large it is, only some pieces are in memory: answers
that the caller does not read yet wait on the disk, for many callers read nothing until they have sent all.
Imports v1.decisions, spool and below.
"""

from __future__ import annotations

from asyncio import Condition, create_task
from collections.abc import AsyncIterator, Iterator
from dataclasses import field
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from engine.api import Policies
from engine.diagnostics import Diagnostic
from engine.disk import DiskFault
from engine.errors import EngineError, HouseholdError, PolicyError
from engine.escaping import as_json
from engine.evaluation.json_text import MOST_BYTES
from engine.records import dataclass
from engine.say import Language
from engine.serving.desk import desk_of
from engine.serving.settings import Limits
from engine.serving.spool import Spool
from engine.serving.v1.answers import DIGEST, VERSION
from engine.serving.v1.asked import (
    AS_OF,
    EXPLAINED,
    KNOWN_ON,
    NDJSON,
    POLICY,
    WHAT_IF,
    Asked,
    asked_of,
    must_send,
    must_take,
    with_language,
)
from engine.serving.v1.decisions import EVERY, decisions_of, in_a_row, of_policy, text_of
from engine.serving.view import in_thread

ARGUMENTS: Final = with_language(POLICY, AS_OF, KNOWN_ON, EXPLAINED, WHAT_IF)
PIECE: Final = 1 << 16
"""bytes of lines that are decided in one go"""
_BLANKS: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"


async def decide_many(request: Request) -> Response:
    must_take(request, NDJSON)
    must_send(request, NDJSON)
    desk, held = desk_of(request), desk_of(request).live.now
    asked = asked_of(request, ARGUMENTS)
    _must_be_known(held.policies, asked)
    batch = Batch(held.policies, asked, request.state.say.language, desk.settings.limits)
    headers = {VERSION: desk.work.version, DIGEST: held.fingerprint, "Cache-Control": "no-store"}
    return _Streamed(_answers(request, batch), headers=headers, media_type=NDJSON)


class _Streamed(StreamingResponse):
    """Leaves it to who makes the answers to read the request: nobody else may take pieces of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await self.stream_response(send)


def _must_be_known(policies: Policies, asked: Asked) -> None:
    """That there is no such policy is no fault of each line."""
    known = (None, "all", *policies.ids, *policies.library.ids_unread)
    if asked.policy not in known:
        raise of_policy(policies.router.unknown(asked.policy or ""))


async def _answers(request: Request, batch: Batch) -> AsyncIterator[bytes]:
    """What is read and decided on one side, and sent on the other, as fast as each goes."""
    with Spool(batch.limits.waiting) as spool:
        flow = _Flow(spool)
        reading = create_task(flow.fill(request, batch))
        try:
            while (piece := await flow.next()) is not None:
                yield piece
            await reading
        finally:
            reading.cancel()


class _Flow:
    """Between the side that decides and the side that sends."""

    def __init__(self, spool: Spool) -> None:
        self._spool, self._turn, self._ended = spool, Condition(), False
        self._last = b""

    async def fill(self, request: Request, batch: Batch) -> None:
        try:
            async for lines in _pieces(request, 1 if batch.asked.what_if else PIECE):
                answer = await in_thread(batch.decide, lines)
                async with self._turn:
                    await self._turn.wait_for(lambda: self._spool.has_room)
                    await in_thread(self._spool.put, answer)
                    self._turn.notify_all()
                if batch.is_over:
                    break
        except DiskFault as fault:  # answers wait that there is no room for
            self._last = batch.refusal(fault)
        finally:
            async with self._turn:
                self._ended = True
                self._turn.notify_all()

    async def next(self) -> bytes | None:
        async with self._turn:
            await self._turn.wait_for(lambda: self._ended or self._spool.size > 0)
            if not self._spool.size:
                last, self._last = self._last, b""
                return last or None
            piece = await in_thread(self._spool.take)
            self._turn.notify_all()
            return piece


async def _pieces(request: Request, size: int) -> AsyncIterator[list[bytes]]:
    """Whole lines, as many at once as make a piece, or as have come so far."""
    cutter = Cutter(size)
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        for lines in cutter.feed(message.get("body", b"")):
            yield lines
        if not message.get("more_body", False):
            if last := cutter.rest():
                yield last
            return


class Cutter:
    """Cuts a stream into lines; of a line that is too long the beginning, which says so, and nothing else."""

    def __init__(self, piece: int) -> None:
        self._piece = piece
        self._open = b""
        self._passing = False
        self._begun = False

    def feed(self, data: bytes) -> Iterator[list[bytes]]:
        if not self._begun:
            data, self._begun = data.removeprefix(_BOM), True
        *whole, self._open = (self._open + data).split(b"\n")
        lines: list[bytes] = []
        size = 0
        for line in whole:
            if self._passing:  # the end of one that was told
                self._passing = False
                continue
            if line.strip(_BLANKS):
                lines.append(line)
                size += len(line)
            if size >= self._piece:
                yield lines
                lines, size = [], 0
        if self._passing:
            self._open = b""
        elif len(self._open) > MOST_BYTES:
            lines.append(self._open)
            self._open, self._passing = b"", True
        if lines:
            yield lines

    def rest(self) -> list[bytes]:
        """The last line, where it has no end."""
        return [self._open] if not self._passing and self._open.strip(_BLANKS) else []


@dataclass(slots=True)
class Batch:
    """Decides line by line, and counts."""

    policies: Policies
    asked: Asked
    language: Language
    limits: Limits
    count: int = field(default=0)
    is_over: bool = field(default=False)

    def decide(self, lines: list[bytes]) -> bytes:
        """The answers to some lines, a line each; with `policy=all` each answer is an array."""
        return b"".join(one.encode() + b"\n" for one in self._each(lines))

    def refusal(self, fault: EngineError) -> bytes:
        return self._refused(HouseholdError(fault.diagnostics)).encode() + b"\n"

    def _each(self, lines: list[bytes]) -> Iterator[str]:
        for line in lines:
            self.count += 1
            if self.count > self.limits.households:
                self.is_over = True
                found = Diagnostic.of("too-many-households", path="$", limit=str(self.limits.households))
                yield self._refused(HouseholdError([found]))
                return
            yield self._answer(line)

    def _refused(self, refusal: HouseholdError) -> str:
        return as_json(refusal.to_dict(self.language))

    def _answer(self, line: bytes) -> str:
        try:
            told = [
                text_of(self.policies, line, one, self.asked, self.language)
                for one in decisions_of(self.policies, line, self.asked)
            ]
        except HouseholdError as refusal:
            return self._refused(refusal)
        except PolicyError as fault:  # there is none that can be used
            return self._refused(HouseholdError(fault.diagnostics))
        return in_a_row(told) if self.asked.policy == EVERY else told[0]
