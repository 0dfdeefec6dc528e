"""`POST /v1/check`: what `doudi check` finds in the published policies, or in them with other texts laid over.

In: texts by file name, or nothing.  Out: the diagnostics, as `doudi check --format json` prints them. Nothing is
written anywhere. Imports v1.asked, v1.answers and below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from engine import disk
from engine.diagnostics import Diagnostic, shortened
from engine.errors import HouseholdError
from engine.evaluation.json_text import read_json
from engine.reporting.diagnostics_json import diagnostics_json
from engine.reporting.results import Results
from engine.say import Language
from engine.serving.desk import desk_of
from engine.serving.live import Held
from engine.serving.problems import Problem
from engine.serving.v1.answers import answered
from engine.serving.v1.asked import JSON, Argument, body_of, day_of, must_send, must_take, query_of, with_language
from engine.serving.view import in_thread

ON: Final = Argument(
    "on",
    "day",
    "另查到这一天哪些数值已过时、缺失",
    "also report what is out of date or lacking on that day",
)
ARGUMENTS: Final = with_language(ON)
MOST_FILES: Final = 200
"""texts laid over the published files at once"""
NAME: Final = r"[\w-][\w.-]*(/[\w-][\w.-]*)*\.(yaml|yml|csv)"
_NAME: Final = re.compile(NAME)
_BLANKS: Final = b" \t\r\n"


async def check(request: Request) -> Response:
    must_take(request, JSON)
    query = query_of(request, ARGUMENTS)
    body = await body_of(request)
    if body.strip(_BLANKS):
        must_send(request, JSON)
    desk, language = desk_of(request), request.state.say.language
    day = day_of(query.get("on"))
    text = await in_thread(_checked, desk.live.now, body, day, language, desk.work.version)
    return answered(request, text, desk.live.now.fingerprint, "" if day is None else day.isoformat())


def _checked(held: Held, body: bytes, on: date | None, language: Language, version: str) -> str:
    """
    Raises: Problem.
    """
    snapshot = held.snapshot
    for name, text in (_texts(body) if body.strip(_BLANKS) else {}).items():
        snapshot = snapshot.with_text(_path_of(name, held), text)
    found = snapshot.slices.check_all(on, hygiene=True).diagnostics
    results = Results("check", version, language, shortened(found), ())
    return diagnostics_json(results, {"files": len(snapshot.library.documents)})


def _path_of(name: str, held: Held) -> Path:
    """Where a file stands, or would stand."""
    folder = next((one for one in held.folders if disk.taken(one / name)), held.folders[0])
    if not disk.inside(folder / name, folder):  # a link on the way may lead elsewhere
        raise _bad_body()
    return folder / name


def _texts(body: bytes) -> Mapping[str, str]:
    """`{"files": {"cities/jia.yaml": "…"}}`

    Raises: Problem.
    """
    try:
        tree = read_json(body)
    except HouseholdError as fault:
        raise Problem(422, fault.diagnostics) from None
    files = tree.get("files") if isinstance(tree, Mapping) and set(tree) <= {"files"} else None
    if not isinstance(files, Mapping) or len(files) > MOST_FILES:
        raise _bad_body()
    if not all(_NAME.fullmatch(name) and isinstance(text, str) for name, text in files.items()):
        raise _bad_body()
    return files


def _bad_body() -> Problem:
    wanted = json.dumps({"files": {"cities/x.yaml": "…"}}, ensure_ascii=False)
    return Problem(422, [Diagnostic.of("bad-body", path="$", wanted=f"{wanted} (≤ {MOST_FILES})")])
