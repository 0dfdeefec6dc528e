"""What stands left of the place in an expression where somebody writes: what type it comes to, as the checks have it.

In: a `Scene`, and the `Phrase` at its spot.  Out: a type; None where it is not known.
Imports scene, phrase, known, language and policy.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.diagnostics import Reporter
from engine.editing.known import names_of
from engine.editing.phrase import Phrase, Token
from engine.editing.scene import Scene
from engine.language.elaborate import elaborate
from engine.language.parser import parse_expression
from engine.language.types import Type
from engine.source import Source, Span

_ENDS = frozenset(("compare", "binary", "prefix", "link", "key"))
"""words that no operand of a comparison holds, but in brackets"""


def compared(phrase: Phrase) -> Sequence[Token]:
    """What the comparison that is being written has on its left; nothing where none is."""
    before, depth = phrase.before, 0
    for at in range(len(before) - 1, -1, -1):
        depth += _deeper(before[at])
        word = before[at].word
        if depth > 0 or (depth == 0 and word is not None and word.role in _ENDS - {"compare"}):
            break
        if depth == 0 and word is not None and word.role == "compare":
            return _operand(before[:at])
    return ()


def ended(phrase: Phrase) -> Sequence[Token]:
    """What ends at the spot, with which nothing is compared yet."""
    return () if phrase.frame.operator else _operand(phrase.before)


def type_of(operand: Sequence[Token], scene: Scene, phrase: Phrase, text: str) -> Type | None:
    """Args:
    text: of the expression, from which the tokens are.
    """
    merged = scene.known.merged
    if merged is None or not operand:
        return None
    source = Source("", text[operand[0].start : operand[-1].end], scene.known.units)
    tree = parse_expression(Span(source, 0, len(source.text)), Reporter())
    around = phrase.aggregate
    item = scene.item if around is None else scene.known.collection(around.collection)
    core = None if tree is None else elaborate(tree, names_of(merged).scope(item), Reporter())
    return None if core is None else core.type


def _operand(before: Sequence[Token]) -> Sequence[Token]:
    """The tokens of the last operand: back to a word or a comma that no operand holds, or the bracket around it."""
    depth = 0
    for at in range(len(before) - 1, -1, -1):
        depth += _deeper(before[at])
        word = before[at].word
        if depth > 0 or (depth == 0 and (before[at].text == "," or (word is not None and word.role in _ENDS))):
            return before[at + 1 :]
    return before


def _deeper(token: Token) -> int:
    """Read from behind: 1 where a bracket opens that no other has closed."""
    return {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
