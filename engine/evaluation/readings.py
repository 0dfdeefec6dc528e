"""What each option of each open reading of the law would have given, the other readings as chosen.

In: a frame in which every step is worked out.  Out: `Readings`. Most households get what others got, so that an answer
is made once for all who get it.
Imports this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar, cast

from engine.beside import kept_beside
from engine.evaluation.decision import FINDINGS, OptionFinding, ReadingFinding
from engine.evaluation.findings import OUTCOMES, Reasons, truth_at
from engine.evaluation.frame import Frame
from engine.evaluation.lookup import Tables
from engine.evaluation.prepared import Prepared
from engine.evaluation.shared import shared
from engine.evaluation.trial import Trial, reaches
from engine.identity import Same
from engine.language.values import Truth3
from engine.program.model import Program
from engine.records import dataclass

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Attributes:
    told: as the decision's JSON has them.
    """

    found: Mapping[str, ReadingFinding]
    told: Mapping[str, object]


def readings_of(prepared: Prepared, program: Program, frame: Frame) -> Readings:
    if program.outcome is None:  # figures are of this household alone
        return _made(frame.tables, list(_answers(program, frame, partial(_figures, prepared, frame))))
    row, slots = frame.row, (program.outcome.slot, *(told.slot for told in prepared.told_causes.values()))
    answers = _answers(program, frame, lambda: tuple([cast("Truth3", row[slot]) for slot in slots]))
    return _of_truths(prepared, Same(frame.tables), tuple(answers))


def _answers(program: Program, frame: Frame, answer: Callable[[], _T]) -> Iterator[_T]:
    """Of each option of each reading, in order; where nothing changes it is one and the same."""
    as_chosen = answer()
    for id, reading in frame.tables.readings.items():
        for option, _ in reading.type.options:
            found = as_chosen
            if option != reading.chosen and reaches(program, frame, id, option):
                with Trial(program, frame, readings={id: option}) as attempt:
                    if attempt.changed:
                        found = answer()
            yield found


def _figures(prepared: Prepared, frame: Frame) -> OptionFinding:
    causes = {id: FINDINGS[truth_at(frame, told.slot)] for id, told in prepared.told_causes.items()}
    return OptionFinding(None, causes, Reasons(prepared, frame).outputs())


@kept_beside
def _of_truths(prepared: Prepared, tables: Same[Tables], answers: tuple[tuple[Truth3, ...], ...]) -> Readings:
    """Args:
    answers: the outcome, then each cause.
    """
    findings = {
        truths: OptionFinding(
            OUTCOMES[truths[0]],
            {id: FINDINGS[truth] for id, truth in zip(prepared.told_causes, truths[1:], strict=True)},
        )
        for truths in answers
    }
    return _made(tables.of, [findings[truths] for truths in answers])


def _made(tables: Tables, answers: Sequence[OptionFinding]) -> Readings:
    json = {id(one): one.to_dict() for one in answers}
    found, told, rest = dict[str, ReadingFinding](), dict[str, object](), iter(answers)
    for name, reading in tables.readings.items():
        options = {option: next(rest) for option, _ in reading.type.options}
        first, *others = [one.answer for one in {id(one): one for one in options.values()}.values()]
        differs = any(one != first for one in others)
        found[name] = ReadingFinding(reading, options, differs)
        told[name] = {
            "chosen": reading.chosen,
            "options": {option: json[id(one)] for option, one in options.items()},
            "differs": differs,
        }
    return Readings(found, shared(told))
