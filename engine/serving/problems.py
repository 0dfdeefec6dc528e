"""What is refused or went wrong, as problem details (RFC 9457) below `/v1` and as a page elsewhere.

In: a status and diagnostics.  Out: a response with our codes, paths and what to do, in the reader's language.
Imports view, asking, people.person and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from engine.diagnostics import Diagnostic
from engine.disk import DiskFault
from engine.escaping import as_json
from engine.say import Language, Say
from engine.serving.asking import API, is_called, language_in
from engine.serving.people.person import NOBODY
from engine.serving.view import page

PROBLEM_JSON: Final = "application/problem+json"
WATCHED: Final = ("/healthz", "/readyz", "/metrics")
"""asked by machines that know no name of ours and carry nothing; they tell nothing of anybody, and are always let in"""
_TITLES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("请求写得不对", "the request is wrong"),
    401: ("需要登录", "signing in is needed"),
    403: ("没有权限", "not permitted"),
    404: ("没有找到", "not found"),
    405: ("不能这样请求", "this method is not for this address"),
    406: ("给不了所要的格式", "no acceptable form of the answer"),
    408: ("请求来得太慢", "the request came too slowly"),
    409: ("有冲突", "a conflict"),
    413: ("内容太大", "too large"),
    421: ("不是这里的地址", "not an address of this service"),
    415: ("内容的格式不对", "the content is of another type"),
    422: ("不能受理", "refused"),
    429: ("同时的请求太多", "too many requests at once"),
    500: ("程序自身出错", "the program itself failed"),
    503: ("暂时不能服务", "not to be had just now"),
    504: ("花的时间太长", "it took too long"),
    507: ("写不下来", "it could not be kept"),
}
"""of each status that is answered: what kind of problem it is, whatever the case"""


class Problem(Exception):
    """
    Attributes:
        found: at least one diagnostic; the first gives the problem its code.
        more: further members of the answer.
    """

    def __init__(
        self,
        status: int,
        found: Sequence[Diagnostic],
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(found[0].code)
        self.status, self.found = status, tuple(found)
        self.headers, self.more = headers or {}, more or {}

    def told(self, language: Language) -> dict[str, object]:
        first = self.found[0]
        return {
            "type": f"{API}/codes/{first.code}",
            "title": title_of(self.status, language),
            "status": self.status,
            "detail": first.message(language),
            "code": first.code,
            **self.more,
            "reasons": [reason(one, language) for one in self.found],
        }

    def answer(self, language: Language) -> Response:
        headers = {"Content-Language": language, "Cache-Control": "no-store", "Vary": "Accept-Language", **self.headers}
        return Response(as_json(self.told(language)).encode(), self.status, headers, PROBLEM_JSON)


def title_of(status: int, language: Language) -> str:
    return Say(language)(*_TITLES.get(status, _TITLES[400 if status < 500 else 500]))


def reason(found: Diagnostic, language: Language) -> dict[str, object]:
    return {
        "code": found.code,
        "path": found.place(),
        "message": found.message(language),
        "help": list(found.help_lines(language)),
    }


def no_such_address(path: str) -> Problem:
    return Problem(404, [Diagnostic.of("no-such-address", address=path)])


def no_such_method(method: str, allowed: Iterable[str]) -> Problem:
    named = ", ".join(sorted(allowed))
    return Problem(405, [Diagnostic.of("no-such-method", method=method, allowed=named)], headers={"Allow": named})


def failed() -> Problem:
    return Problem(500, [Diagnostic.of("service-failed")])


async def answer_problem(request: Request, fault: Exception) -> Response:
    """Of a `Problem`, or of what Starlette itself refuses: an address or a method that is not there. Programs are told
    in JSON, people on a page."""
    return told_to(request, problem_of(request, fault))


def told_early(scope: Scope, problem: Problem) -> Response:
    """Of a request that came no further than the door: who asks was not looked at."""
    unknown = {"say": Say(language_in(scope)), "person": NOBODY, "csrf": ""}
    scope["state"] = {**unknown, **scope.get("state", {})}
    return told_to(Request(scope), problem)


def told_to(request: Request, problem: Problem) -> Response:
    sent = request.headers.get("content-type", "")
    if is_api(request.url.path) or sent.startswith("application/json"):  # as scripts of pages send
        return problem.answer(request.state.say.language)
    title = title_of(problem.status, request.state.say.language)
    answer = page(request, "problem.html", problem.status, title=title, reasons=_told(problem, request.state.say))
    answer.headers.update(problem.headers)
    return answer


def _told(problem: Problem, say: Say) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.message(say.language), one.help_lines(say.language)) for one in problem.found]


def problem_of(request: Request, fault: Exception) -> Problem:
    match fault:
        case Problem():
            return fault
        case DiskFault():  # of a draft, most likely, on a disk that is full; its folder is nobody's business
            return Problem(507 if fault.writing else 500, [fault.diagnostic(PurePath(fault.path).name)])
        case HTTPException(status_code=405, headers=headers):
            allowed = (headers or {}).get("Allow", "").split(", ")
            return no_such_method(request.method, filter(None, allowed))
        case HTTPException(status_code=404):
            return no_such_address(request.url.path)
        case HTTPException(status_code=status):
            return Problem(status, [Diagnostic.of("bad-body", path="", wanted="multipart/form-data")])
        case _:
            return failed()


def is_api(path: str) -> bool:
    """Whether programs ask there, which read problem details; elsewhere people do."""
    return is_called(path) or path in WATCHED
