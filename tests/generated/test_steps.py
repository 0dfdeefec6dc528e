"""The code of one step: what it is made of, and what it leaves to the interpreter."""

from __future__ import annotations

import io
import re
import tokenize
from functools import partial
from keyword import iskeyword
from typing import cast

import pytest

from engine.evaluation.frame import Frame
from engine.evaluation.lookup import Tables
from engine.evaluation.working import OFTEN, Working
from engine.generated.steps import CALLED, MOST_BLOCKS, function_of, source_of
from engine.language import core
from engine.language.types import TRUTH
from engine.policy.checked import CheckedPolicy, Owner
from engine.program.link import program_of
from engine.program.model import Step
from tests.program.policies import every_policy
from tests.properties.cores import SPAN

READ = {"row", "parent", "items", "readings", "looked_up", "append"}
BUILT_IN = {"type", "int", "min", "max", "abs"}
FACTS = [core.Fact(SPAN, TRUTH, "", "p", slot) for slot in (0, 1)]


@pytest.mark.parametrize("policy", [pytest.param(policy, id=id) for id, policy in every_policy()])
def test_a_step_is_written_in_numbered_names_and_whole_numbers(policy: CheckedPolicy) -> None:
    for step in program_of(policy).every:
        for token in tokenize.generate_tokens(io.StringIO(source_of(step.core, step.collection)).readline):
            assert token.type != tokenize.STRING
            if token.type == tokenize.NAME:
                name = token.string
                known = iskeyword(name) or name in CALLED or name in READ or name in BUILT_IN
                assert known or re.fullmatch(r"step|[frp]|[kx]\d+", name), name
            if token.type == tokenize.NUMBER:
                assert token.string.isdigit()


@pytest.mark.parametrize("policy", [pytest.param(policy, id=id) for id, policy in every_policy()])
def test_no_step_of_a_policy_is_left_to_the_interpreter(policy: CheckedPolicy) -> None:
    assert not any(isinstance(function_of(step.core, step.collection), partial) for step in program_of(policy).every)


def test_what_stands_too_deep_is_interpreted() -> None:
    node: core.CoreExpression = FACTS[0]
    for _ in range(MOST_BLOCKS):
        node = core.Or(SPAN, TRUTH, (FACTS[1], core.And(SPAN, TRUTH, (node, FACTS[1]))))
    assert isinstance(function_of(node, ""), partial)


def test_a_step_is_interpreted_until_it_is_worked_out_often() -> None:
    working = Working(Step(Owner("term", "", "t"), "", 2, core.And(SPAN, TRUTH, (*FACTS,)), FACTS[0], None))
    frame = Frame([True, False], cast("Tables", None), [])
    interpreted = working.run
    for _ in range(OFTEN):
        assert working.run == interpreted
        assert working.run(frame) is False
    assert working.run != interpreted
    assert working.run(frame) is False
