"""The addresses of the service, in one table: the routes and OpenAPI are made of it.

In: nothing.  Out: `ENDPOINTS`, `ROUTES`. Imports every handler of v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from engine.escaping import as_json
from engine.serving import health
from engine.serving.desk import desk_of
from engine.serving.v1 import batch, check, decisions, policies, questions, schemas
from engine.serving.v1.answers import fetched
from engine.serving.v1.asked import NDJSON, query_of
from engine.serving.v1.endpoint import TEXT, Answering, Endpoint
from engine.serving.v1.openapi import document
from engine.serving.view import in_thread


async def show_openapi(request: Request) -> Response:
    query_of(request, policies.NONE)
    desk, held = desk_of(request), desk_of(request).live.now
    told = await in_thread(document, ENDPOINTS, held.policies, desk.work.today(), desk.work.version, request.state.say)
    return fetched(request, as_json(told), held.fingerprint)


_HOUSEHOLD: Final = (404, 413, 415, 422)
ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    Endpoint(
        "POST",
        "/v1/decisions",
        decisions.decide_one,
        "decide",
        "认定一户：结论和逐条理由",
        "Decides one household, with every reason",
        "Decision",
        takes="Household",
        arguments=decisions.ARGUMENTS,
        refuses=_HOUSEHOLD,
    ),
    Endpoint(
        "POST",
        "/v1/decisions:batch",
        batch.decide_many,
        "decideMany",
        "认定许多户：每行一户，答复每行一个，次序相同；一户有错不影响别户",
        "Decides many households: a line each, answered a line each in the same order; a fault in one harms no other",
        "Decision",
        media=NDJSON,
        takes="Household",
        sends=NDJSON,
        arguments=batch.ARGUMENTS,
        refuses=(404, 413, 415),
    ),
    Endpoint(
        "POST",
        "/v1/next-questions",
        questions.ask_next,
        "askNext",
        "还要问什么：只问影响结论的，最能定下结论的在前",
        "What is still to be asked: only what matters, first what settles soonest",
        "NextQuestions",
        takes="PartOfHousehold",
        arguments=questions.ARGUMENTS,
        refuses=_HOUSEHOLD,
    ),
    Endpoint(
        "POST",
        "/v1/check",
        check.check,
        "check",
        "检查政策文件，可以先盖上还没有发布的文本；什么也不写",
        "Validates the policy files, with other texts laid over them if wanted; nothing is written",
        "Findings",
        takes="Texts",
        needs_body=False,
        arguments=check.ARGUMENTS,
        refuses=(413, 415, 422),
    ),
    Endpoint(
        "GET",
        "/v1/policies",
        policies.list_policies,
        "listPolicies",
        "正在使用的全部政策文件",
        "All policies that serve",
        "Policies",
        arguments=policies.NONE,
    ),
    Endpoint(
        "GET",
        "/v1/policies/{id}",
        policies.show_policy,
        "showPolicy",
        "合并后的一份政策，每个数值写明文件、行和文号",
        "One policy as merged, with the file, line and document of every value",
        "Policy",
        arguments=policies.ARGUMENTS,
        refuses=(404,),
    ),
    Endpoint(
        "GET",
        "/v1/schema/{kind}",
        schemas.show_schema,
        "showSchema",
        "一种文件、家庭或结论的 JSON Schema",
        "The JSON Schema of a kind of file, of a household or of a decision",
        "Schema",
        arguments=schemas.ARGUMENTS,
        refuses=(404,),
        places=schemas.KINDS,
    ),
    Endpoint(
        "GET",
        "/v1/codes/{code}",
        policies.explain_code,
        "explainCode",
        "一个代码是什么意思、怎么改，附例子",
        "What a code means and what to do, with examples",
        "CodePage",
        arguments=policies.NONE,
        refuses=(404,),
    ),
    Endpoint(
        "GET",
        "/v1/openapi.json",
        show_openapi,
        "showOpenApi",
        "这份说明",
        "This description",
        "OpenApi",
        arguments=policies.NONE,
    ),
    Endpoint("GET", "/healthz", health.alive, "alive", "进程活着", "The process lives", "Alive"),
    Endpoint(
        "GET",
        "/readyz",
        health.ready,
        "ready",
        "能不能服务，用的是哪一套政策；新的一套有错时也在这里说",
        "Whether it can serve, and by which set of policies; a newer set with errors is told here, too",
        "Ready",
    ),
    Endpoint(
        "GET",
        "/metrics",
        health.metrics,
        "metrics",
        "Prometheus 的指标；没有任何家庭的事实",
        "Metrics for Prometheus; never a fact of a household",
        "Metrics",
        media=TEXT,
    ),
)

ROUTES: Final = [Route(one.path, Answering(one.handler), methods=[one.method]) for one in ENDPOINTS]
STRAIGHT: Final[Mapping[tuple[str, str], ASGIApp]] = {
    (one.method, one.path): route.endpoint for one, route in zip(ENDPOINTS, ROUTES, strict=True) if "{" not in one.path
}
STREAMED: Final = frozenset(one.path for one in ENDPOINTS if one.sends == NDJSON)
"""where a body is read piece by piece, and may be of any length"""
