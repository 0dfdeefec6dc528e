"""`/healthz`, `/readyz`, `/metrics`: for whoever keeps the service running.

In: nothing.  Out: whether it lives, whether it can serve and by which set of policies, and figures. No fact of any
household is among them. Imports desk, problems, metrics.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from engine.diagnostics import Diagnostic, shortened
from engine.escaping import as_json
from engine.say import Language
from engine.serving.desk import desk_of
from engine.serving.metrics import FORM
from engine.serving.problems import reason

_JSON = "application/json"
_FRESH = {"Cache-Control": "no-store"}


async def alive(request: Request) -> Response:
    told = {"alive": True, "version": desk_of(request).work.version}
    return Response(as_json(told).encode(), headers=_FRESH, media_type=_JSON)


async def ready(request: Request) -> Response:
    """Ready as long as a sound set serves, whether or not a newer one has errors; these are told."""
    desk, language = desk_of(request), request.state.say.language
    live = desk.live
    held, refused = live.now, live.refused
    told = {
        "ready": held.is_sound,
        "version": desk.work.version,
        "fingerprint": held.fingerprint,
        "since": held.since.isoformat(timespec="seconds"),
        "documents": len(held.policies.ids),
        "reasons": _reasons(held.faults, language),
        "refused": None
        if refused is None
        else {
            "since": refused.since.isoformat(timespec="seconds"),
            "fingerprint": refused.fingerprint,
            "reasons": _reasons(refused.faults, language),
        },
    }
    return Response(as_json(told).encode(), 200 if held.is_sound else 503, _FRESH, _JSON)


def _reasons(faults: Iterable[Diagnostic], language: Language) -> list[dict[str, object]]:
    return [reason(one, language) for one in shortened(faults)]


async def metrics(request: Request) -> Response:
    return Response(desk_of(request).metrics.told(), headers={**_FRESH, "Content-Type": FORM})
