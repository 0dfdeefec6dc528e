"""`GET /v1/policies`, `/v1/policies/{id}`, `/v1/codes/{code}`: the rules that serve, and what a code means.

In: an id and a day.  Out: the merged policy with the file, line and document of every value, as `doudi show --format
json` prints it. Imports v1.asked, v1.answers and below.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from engine.diagnostics import Diagnostic
from engine.errors import PolicyError
from engine.escaping import as_json
from engine.messages import CODES
from engine.reporting.code_page import page_of
from engine.reporting.policy_json import header_json, policy_json
from engine.serving.desk import desk_of
from engine.serving.live import Held
from engine.serving.problems import Problem, no_such_address
from engine.serving.v1.answers import fetched
from engine.serving.v1.asked import KNOWN_ON, Argument, day_of, query_of, with_language
from engine.serving.v1.decisions import of_policy
from engine.serving.view import in_thread

ON_DAY: Final = Argument("as_of", "day", "哪一天的规定，缺省为今天", "rules of which day; default: today")
PLACE: Final = Argument(
    "place",
    "text",
    "只要这个区划的：它适用的规定和数值",
    "of this division alone: the rules and values that apply there",
)
ARGUMENTS: Final = with_language(ON_DAY, KNOWN_ON, PLACE)
NONE: Final = with_language()


async def list_policies(request: Request) -> Response:
    query_of(request, NONE)
    held = desk_of(request).live.now
    library = held.policies.library
    told = {"format": 1, "policies": [header_json(library.documents[id_].header) for id_ in held.policies.ids]}
    return fetched(request, as_json(told), held.fingerprint)


async def show_policy(request: Request) -> Response:
    query = query_of(request, ARGUMENTS)
    desk, id_ = desk_of(request), request.path_params["id"]
    day = day_of(query.get("as_of")) or desk.work.today()
    known_on = day_of(query.get("known_on"))
    told = await in_thread(_shown, desk.live.now, id_, query.get("place", ""), day, known_on)
    return fetched(request, *told, day.isoformat())


def _shown(held: Held, id_: str, place: str, day: date, known_on: date | None) -> tuple[str, str]:
    """
    Raises: Problem.
    """
    policies = held.policies
    try:
        if not place:
            shown = policies.overlay_for(id_, day, known_on)
            divisions, whole = shown.merged.divisions, not shown.merged.chain.overlays
            places = sorted(divisions if whole else divisions.inside(shown.merged.chain.jurisdiction))
        else:
            root = policies.library.root_of(id_)
            if root is not None and place not in policies.library.territory(root).known:
                near = Diagnostic.of("bad-argument", name="place", value=place, wanted='"1401"')
                raise Problem(400, [near])
            checked, report = policies.policy_for(id_, place, day, known_on)
            if checked is None:
                raise PolicyError(report.diagnostics)
            shown, places = checked, sorted(checked.merged.divisions.inside(place))
    except PolicyError as fault:
        raise of_policy(fault) from None
    return as_json(policy_json(shown, places, day, known_on)), shown.digest


async def explain_code(request: Request) -> Response:
    query_of(request, NONE)
    code = request.path_params["code"]
    page = page_of(code) if code in CODES else None
    if page is None:
        raise no_such_address(request.url.path)
    say = request.state.say
    told = {"code": page.code, "language": say.language, "text": say(page.zh, page.en), "example": page.example}
    return fetched(request, as_json(told), desk_of(request).live.now.fingerprint)
