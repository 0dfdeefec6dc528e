"""The description of the service (OpenAPI 3.1), made of the table of addresses and of our own JSON Schemas.

In: endpoints, the policies that serve, a day.  Out: the description as plain dicts and lists. The schema of households
is that of the policies that serve on that day. Imports v1.endpoint, v1.schemas and below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from engine.api import Policies
from engine.evaluation.decision import EXPLAIN
from engine.resources import schema as stored
from engine.say import Say
from engine.serving.problems import PROBLEM_JSON, title_of
from engine.serving.v1.answers import DAY, DIGEST, VERSION
from engine.serving.v1.asked import LANGUAGES, Argument, Kind
from engine.serving.v1.check import MOST_FILES, NAME
from engine.serving.v1.endpoint import TEXT, Endpoint
from engine.serving.v1.schemas import schema_of_any

Json: TypeAlias = dict[str, Any]

ALWAYS: Final = (400, 401, 408, 421, 429, 500, 503, 504)
"""problems that any address below /v1 may answer"""
_OF_POSTS: Final = (403,)
"""what comes from a page of another site"""
_TEXT: Final[Json] = {"type": "string"}
_WHOLE: Final[Json] = {"type": "integer", "minimum": 0}
_SHAPES: Final[Mapping[Kind, Json]] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 60},
    "day": {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "explain": {"enum": list(EXPLAIN), "default": "full"},
    "truth": {"type": "boolean", "default": False},
    "language": {"enum": list(LANGUAGES)},
}


def document(endpoints: Sequence[Endpoint], policies: Policies, day: date, version: str, say: Say) -> Json:
    paths: dict[str, Json] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, say)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": say("兜底", "doudi"),
            "version": version,
            "summary": say("按政策文件认定家庭，逐条说明依据", "Decides households by policy files, with every reason"),
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(policies, day),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(one: Endpoint, say: Say) -> Json:
    parameters = [_argument(each, say) for each in one.arguments]
    parameters += _placed(one)
    told: Json = {
        "operationId": one.id,
        "summary": say(one.zh, one.en),
        "parameters": parameters,
        "responses": _responses(one, say),
    }
    if one.takes:
        told["requestBody"] = {"required": one.needs_body, "content": _content(one.sends, one.takes)}
    return told


def _argument(argument: Argument, say: Say) -> Json:
    return {
        "name": argument.name,
        "in": "query",
        "description": say(argument.zh, argument.en),
        "schema": _SHAPES[argument.kind],
    }


def _placed(one: Endpoint) -> list[Json]:
    """The parts of the path that are filled in."""
    names = [part.strip("{}") for part in one.path.split("/") if part.startswith("{")]
    shape = {"enum": list(one.places)} if one.places else {"type": "string", "minLength": 1, "pattern": r"^[^/]+$"}
    return [{"name": name, "in": "path", "required": True, "schema": shape} for name in names]


def _content(media: str, schema: str) -> Json:
    if media == TEXT:
        return {media: {"schema": _TEXT}}
    return {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _responses(one: Endpoint, say: Say) -> Json:
    answer: Json = {"description": say(one.zh, one.en), "content": _content(one.media, one.gives)}
    if not one.path.startswith("/v1/"):
        told = {"200": answer}
        if one.refuses:
            told |= {str(status): {**answer, "description": title_of(status, say.language)} for status in one.refuses}
        return {**told, **{str(status): _problem(status, say) for status in (429, 500)}}
    answer["headers"] = {
        VERSION: {"description": say("程序的版本", "version of the engine"), "schema": _TEXT},
        DIGEST: {"description": say("所用规定的摘要", "digest of the rules"), "schema": _TEXT},
        DAY: {"description": say("按哪一天的规定", "the day whose rules apply"), "schema": _TEXT},
        "ETag": {"description": say("同样的答复有同样的标记", "the same for the same answer"), "schema": _TEXT},
    }
    told = {"200": answer}
    if one.method == "GET":
        told["304"] = {"description": say("没有变", "not modified")}
    statuses = sorted(
        {*ALWAYS, 406, *one.refuses, *((413, 415) if one.takes else ()), *(_OF_POSTS if one.method == "POST" else ())}
    )
    return {**told, **{str(status): _problem(status, say) for status in statuses}}


def _problem(status: int, say: Say) -> Json:
    return {
        "description": title_of(status, say.language),
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


# ---- schemas


def _schemas(policies: Policies, day: date) -> Json:
    found: Json = {}
    household = schema_of_any(policies, day)
    _put(found, "Household", household)
    _put(found, "PartOfHousehold", {"type": "object", "description": "#/components/schemas/Household, in part"})
    decision = stored("decision")
    _put(found, "Answer", decision)
    _put(found, "Decision", _decisions())
    for name, schema in _own().items():
        _put(found, name, schema)
    return found


def _put(found: Json, name: str, schema: Mapping[str, object]) -> None:
    """A schema among the others, and beside it what it defines for itself."""
    definitions = schema.get("$defs", {})
    assert isinstance(definitions, dict)
    for key, defined in definitions.items():
        found[f"{name}_{key}"] = _moved(defined, name)
    found[name] = _moved({key: value for key, value in schema.items() if key not in ("$defs", "$schema", "$id")}, name)


def _moved(node: Any, name: str) -> Any:
    if isinstance(node, dict):
        return {
            key: f"#/components/schemas/{name}_{value.removeprefix('#/$defs/')}"
            if key == "$ref" and isinstance(value, str) and value.startswith("#/$defs/")
            else _moved(value, name)
            for key, value in node.items()
        }
    return [_moved(one, name) for one in node] if isinstance(node, list) else node


def _decisions() -> Json:
    """One answer; with `policy=all` those of every policy that applies."""
    one = {"$ref": "#/components/schemas/Answer"}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _object(**properties: object) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _some(*kinds: str) -> Json:
    return {"type": [*kinds, "null"]}


def _own() -> Mapping[str, Json]:
    reason = _object(code=_TEXT, path=_TEXT, message=_TEXT, help={"type": "array", "items": _TEXT})
    reasons = {"type": "array", "items": reason}
    faults = _object(since=_TEXT, fingerprint=_TEXT, reasons=reasons)
    question = _object(
        kind={"enum": ["fact", "judgement", "list", "parameter"]},
        path=_TEXT,
        label=_TEXT,
        type=_some("string"),
        unit=_some("string"),
        options={"type": "array", "items": _object(value={}, label=_TEXT)},
        cites=_some("string"),
        required={"type": "boolean"},
        together=_some("integer"),
    )
    finding = {
        "type": "object",
        "properties": {"severity": {"enum": ["error", "warning", "info"]}, "code": _TEXT, "message": _TEXT},
        "required": ["severity", "code", "message"],
    }
    return {
        "Problem": _object(type=_TEXT, title=_TEXT, status=_WHOLE, detail=_TEXT, code=_TEXT, reasons=reasons),
        "NextQuestions": _object(
            format={"const": 1},
            household=_some("string"),
            outcome={"enum": ["eligible", "ineligible", "undetermined", None]},
            policy=_some("object"),
            settled={"type": "boolean"},
            questions={"type": "array", "items": question},
            whole={"type": "boolean"},
        ),
        "Texts": {
            "type": "object",
            "properties": {
                "files": {
                    "type": "object",
                    "propertyNames": {"pattern": f"^{NAME}$"},
                    "additionalProperties": _TEXT,
                    "maxProperties": MOST_FILES,
                }
            },
            "required": ["files"],
            "additionalProperties": False,
        },
        "Findings": _object(
            format={"const": 1},
            command={"const": "check"},
            files=_WHOLE,
            errors=_WHOLE,
            warnings=_WHOLE,
            infos=_WHOLE,
            diagnostics={"type": "array", "items": finding},
        ),
        "Policies": _object(format={"const": 1}, policies={"type": "array", "items": {"type": "object"}}),
        "Policy": _object(
            format={"const": 1},
            policy={"type": "object"},
            changes={"type": "array"},
            parameters={"type": "object"},
            causes={"type": "object"},
            requirements={"type": "object"},
            terms={"type": "object"},
            outputs={"type": "object"},
            readings={"type": "object"},
            assumptions={"type": "array"},
        ),
        "Schema": {"type": "object"},
        "OpenApi": _object(openapi=_TEXT, info={"type": "object"}, paths={"type": "object"}),
        "CodePage": _object(code=_TEXT, language={"enum": list(LANGUAGES)}, text=_TEXT, example=_TEXT),
        "Alive": _object(alive={"const": True}, version=_TEXT),
        "Ready": _object(
            ready={"type": "boolean"},
            version=_TEXT,
            fingerprint=_TEXT,
            since=_TEXT,
            documents=_WHOLE,
            reasons=reasons,
            refused={"anyOf": [{"type": "null"}, faults]},
        ),
    }
