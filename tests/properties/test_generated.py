"""Generated code comes to what the interpreter does, or leaves it to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from hypothesis import event, given
from hypothesis import strategies as st

from engine.evaluation.frame import Frame
from engine.generated.compiled import generated
from engine.language.core import CoreExpression
from engine.language.values import is_known
from engine.policy.checked import CheckedTerm, Rules
from engine.policy.model import Term
from engine.program.model import HOUSEHOLD, Program, Step
from tests.properties.cores import _EXPRESSION, ORIGIN, Known, known, plainly, program_of, rules, trees

PARAMETERS: Final = st.sampled_from(({}, {"v": Fraction(1)}, {"v": Fraction(1, 6), "s": Fraction(1, 4)}))
"""in which steps values are said to move, all of which are whole"""


def _with_tree(node: CoreExpression, terms: Rules) -> Program:
    """The program of the terms with the tree as another one, with what its tests tell."""
    tree = CheckedTerm(Term("tree", "", "", "", ORIGIN, HOUSEHOLD, _EXPRESSION), node)
    return program_of(replace(terms, terms={**terms.terms, (HOUSEHOLD, "tree"): tree}))


def _told(step: Step, frame: Frame) -> object:
    rows = [item.row[step.slot] for item in frame.every(step.collection)]
    return rows if step.collection else rows[0]


@given(node=trees(), terms=rules(), state=known(share=0), parameters=PARAMETERS, plain=st.booleans())
def test_of_known_facts_every_step_comes_to_the_same(
    node: CoreExpression, terms: Rules, state: Known, parameters: Mapping[str, Fraction], plain: bool
) -> None:
    program = _with_tree(node, terms)
    frame = state.frame(program)
    made = plainly(program) if plain else program
    code = generated(made, made.authored, parameters)
    assert code is not None
    found = code.work_out(state.facts, {"items": state.items}, frame)
    assert found is not None
    for step, value in zip(program.authored, found, strict=True):
        told = _told(step, frame)
        assert value == told
        assert repr(value) == repr(told)  # a whole number is an int, and nothing is a float


@given(node=trees(), terms=rules(), state=known(), parameters=PARAMETERS, plain=st.booleans())
def test_of_facts_that_are_not_all_known_it_says_the_same_or_nothing(
    node: CoreExpression, terms: Rules, state: Known, parameters: Mapping[str, Fraction], plain: bool
) -> None:
    program = _with_tree(node, terms)
    frame = state.frame(program)
    made, said = plainly(program) if plain else program, 0
    for step in made.authored:
        code = generated(made, (step,), parameters)
        found = None if code is None else code.work_out(state.facts, {"items": state.items}, frame)
        if found is not None:
            said += 1
            told = _told(step, frame)
            assert all(map(is_known, told if isinstance(told, list) else [told]))
            assert found == (told,)
    event(f"said {said}")
