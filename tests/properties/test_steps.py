"""The code of a step comes to what the interpreter makes of it, whatever is unknown."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import event, given
from hypothesis import strategies as st

from engine.generated.steps import function_of
from engine.language.core import CoreExpression
from engine.language.interpreter import evaluate
from engine.language.values import is_known
from engine.policy.checked import CheckedTerm, Rules
from engine.policy.model import Term
from engine.program.model import HOUSEHOLD
from tests.properties.cores import _EXPRESSION, ORIGIN, Known, known, plainly, program_of, rules, trees


@given(node=trees(), terms=rules(), state=known(), plain=st.booleans())
def test_every_step_comes_to_the_same(node: CoreExpression, terms: Rules, state: Known, plain: bool) -> None:
    tree = CheckedTerm(Term("tree", "", "", "", ORIGIN, HOUSEHOLD, _EXPRESSION), node)
    program = program_of(replace(terms, terms={**terms.terms, (HOUSEHOLD, "tree"): tree}))
    if plain:
        program = plainly(program)
    frame, unknown = state.frame(program), 0
    for step in program.every:
        function = function_of(step.core, step.collection)
        for owner in frame.every(step.collection):
            told, found = evaluate(step.core, owner), function(owner)
            assert found == told
            assert repr(found) == repr(told)  # a whole number is an int, and nothing is a float
            unknown += not is_known(told)
    event(f"some unknown: {unknown > 0}")
