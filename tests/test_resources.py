"""The grammar and the shipped policies are found, and the schemas stand alone."""

from __future__ import annotations

import json

import pytest

from engine import resources


def test_the_content_is_found_in_a_checkout() -> None:
    assert (resources.policies_root() / "shanxi_2022_60.yaml").is_file()
    assert json.loads(resources.grammar_text("policy.schema.json"))["title"]


def test_an_overlay_schema_holds_what_it_takes_from_the_policy_schema() -> None:
    schema = json.dumps(resources.schema("overlay"))
    assert "policy.schema.json" in resources.grammar_text("overlay.schema.json")
    assert "policy.schema.json" not in schema


@pytest.mark.parametrize("kind", ["policy", "values", "overlay", "cases", "hygiene", "mapping", "decision"])
def test_a_schema_stands_alone(kind: str) -> None:
    schema = resources.schema(kind)
    wanted = {str(node["$ref"]) for node in resources._objects(schema) if "$ref" in node}
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    assert wanted <= {f"#/$defs/{name}" for name in definitions}
