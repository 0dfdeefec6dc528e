"""The service is what its own description says: asked by schemathesis, with right and with wrong requests."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from engine.serving.app import application
from engine.serving.settings import Settings
from engine.serving.v1.endpoints import ENDPOINTS
from tests.serving.served import SHIPPED, WORK, served

APP = application(Settings((str(SHIPPED),), names=("testserver",)), WORK)
SCHEMA = schemathesis.openapi.from_asgi("/v1/openapi.json", APP)
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, unsupported_method,
]  # fmt: skip


@schemathesis.serializer("application/x-ndjson")
def _as_a_line(_: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=True).encode() + b"\n"


@schemathesis.deserializer("application/x-ndjson")
def _first_line(_: Any, response: Any) -> Any:
    return json.loads(response.content.splitlines()[0])


@SCHEMA.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_the_service_is_what_it_says(case: schemathesis.Case[Any]) -> None:
    checks: list[Any] = [*CHECKS]
    if case.operation.path != "/v1/decisions:batch":  # a wrong line is answered, and is no fault of the request
        checks.append(negative_data_rejection)
    case.call_and_validate(checks=checks)


def test_every_address_is_described() -> None:
    with served() as client:
        told = client.get("/v1/openapi.json").json()
    assert {(path, method.upper()) for path, held in told["paths"].items() for method in held} == {
        (one.path, one.method) for one in ENDPOINTS
    }
    assert told["openapi"] == "3.1.0"


@pytest.mark.parametrize("name", ["Household", "Answer", "Problem", "NextQuestions", "Ready"])
def test_a_schema_of_the_description_is_one(name: str) -> None:
    with served() as client:
        told = client.get("/v1/openapi.json").json()
        Draft202012Validator.check_schema(told["components"]["schemas"][name])
        whole = {"$ref": f"#/components/schemas/{name}", "components": told["components"]}
        validator = Draft202012Validator(whole)
        if name == "Ready":
            validator.validate(client.get("/readyz").json())
        else:
            assert not validator.is_valid(3)
