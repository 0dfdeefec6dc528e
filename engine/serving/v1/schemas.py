"""`GET /v1/schema/{kind}`: the JSON Schema of a kind of file, of a household, of a decision.

In: the kind; for a household a policy and a day.  Out: the schema. Imports v1.asked, v1.answers and below.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from engine.api import Policies
from engine.errors import PolicyError
from engine.escaping import as_json
from engine.resources import schema as stored
from engine.serving.desk import desk_of
from engine.serving.problems import no_such_address
from engine.serving.v1.answers import fetched
from engine.serving.v1.asked import Argument, day_of, query_of, with_language
from engine.serving.v1.decisions import of_policy
from engine.serving.v1.policies import ON_DAY

STORED: Final = ("policy", "values", "overlay", "cases", "decision")
KINDS: Final = (*STORED, "household")
OF: Final = Argument(
    "policy",
    "text",
    "household：哪一份政策的；只有一份省级政策时可以不写",
    "household: under which policy; may be left out where there is one root policy",
)
ARGUMENTS: Final = with_language(OF, ON_DAY)


async def show_schema(request: Request) -> Response:
    query, kind = query_of(request, ARGUMENTS), request.path_params["kind"]
    desk = desk_of(request)
    if kind in STORED:
        return fetched(request, as_json(stored(kind)), desk.live.now.fingerprint)
    if kind != "household":
        raise no_such_address(request.url.path)
    day = day_of(query.get("as_of")) or desk.work.today()
    policies = desk.live.now.policies
    try:
        schema = policies.household_schema(query.get("policy"), day)
    except PolicyError as fault:
        raise of_policy(fault) from None
    return fetched(request, as_json(schema), desk.live.now.fingerprint, day.isoformat())


def schema_of_any(policies: Policies, day: date) -> dict[str, object]:
    """Of a household that some policy may decide on a day; where none can be used, of any JSON object."""
    try:
        schemas = [policies.household_schema(id_, day) for id_ in policies.router.root_ids()]
    except PolicyError:
        schemas = []
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas} if schemas else {"type": "object"}
