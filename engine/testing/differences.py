"""Two decisions about one household held against each other: every answer and reason that is not what it was.

In: the JSON of two decisions.  Out: `Difference`s by path.
Words do not count (labels, citations, the language of warnings), nor where a rule stands in its file; numbers are
compared exactly and shown rounded. A shape that is not a decision's is taken as saying nothing.
Imports nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from engine.records import dataclass
from engine.testing.replayed import Difference, outcome_text

_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """`exact` decides whether two are equal, where both have it; `text` is shown."""

    exact: str | None
    text: str

    def same_as(self, other: _Leaf) -> bool:
        if self.exact is None or other.exact is None:
            return self.text == other.text
        return self.exact == other.exact


def differences(then: _Json, now: _Json) -> list[Difference]:
    """In the order of the decision as it is now, then what is gone."""
    old, new = dict(_leaves(then)), dict(_leaves(now))
    found = []
    for path in [*new, *(path for path in old if path not in new)]:
        before, after = old.get(path), new.get(path)
        if before is None or after is None or not before.same_as(after):
            found.append(Difference(path, *_texts(before, after)))
    return found


def _texts(before: _Leaf | None, after: _Leaf | None) -> tuple[str | None, str | None]:
    """What to show; the exact values where the rounded ones look the same."""
    if before is not None and after is not None and before.text == after.text:
        return before.exact, after.exact
    return (None if before is None else before.text), (None if after is None else after.text)


def _leaves(decision: _Json) -> Iterator[tuple[tuple[str, ...], _Leaf]]:
    yield ("outcome",), _word(outcome_text(decision.get("outcome", "?")))
    for id, cause in _entries(decision.get("causes")):
        yield ("cause", id), _word(cause.get("outcome"))
        for name, condition in _entries(cause.get("conditions")):
            yield from _condition(id, name, condition)
    for id, requirement in _entries(decision.get("requirements")):
        yield from _condition("", id, requirement)
    for id, output in _entries(decision.get("outputs")):
        yield from _output(id, output)
    for one in _items(decision.get("missing")):
        yield ("missing", _missing(one)), _word("")
    for one in _items(decision.get("assumed")):
        yield ("assumed", str(one.get("path"))), _word(_plain(one.get("value")))
    for id, reading in _entries(decision.get("readings")):
        yield ("reading", id), _word(reading.get("chosen"))
        for option, found in _entries(reading.get("options")):
            yield ("option", id, option), _word(found.get("outcome"))
    for key, name in (("referrals", "id"), ("warnings", "code")):
        for one in _items(decision.get(key)):
            # which other policies declare a field, or were asked too, is nothing that this one says
            if one.get(name) != "field-of-other-policy":
                yield (key.removesuffix("s"), str(one.get(name))), _word("")
    for one in _items(decision.get("reasons")):
        yield ("reason", str(one.get("code")), str(one.get("path"))), _word("")


def _output(id: str, output: _Json) -> Iterator[tuple[tuple[str, ...], _Leaf]]:
    if "items" not in output:
        yield ("output", id), _figure(output, output)
    for one in _items(output.get("items")):
        yield ("output", id, str(one.get("item"))), _figure(one, output)


def _figure(told: _Json, output: _Json) -> _Leaf:
    """A record may hold the rounded figure alone."""
    unit = output.get("unit")
    exact = _with_unit(told["exact"], unit) if "exact" in told else None
    return _Leaf(exact, _with_unit(told.get("value"), unit))


def _condition(cause: str, id: str, condition: _Json) -> Iterator[tuple[tuple[str, ...], _Leaf]]:
    yield ("condition", cause, id), _word(condition.get("outcome"))
    comparison = _object(condition.get("comparison"))
    if comparison:
        for side in ("left", "right"):
            told = _object(comparison.get(side))
            exact = _with_unit(told.get("exact"), told.get("unit"))
            yield (side, cause, id), _Leaf(exact, _with_unit(told.get("value"), told.get("unit")))
        yield ("operator", cause, id), _word(comparison.get("operator"))
    exempted = [str(one.get("id")) for one in _items(condition.get("exempted_by"))]
    if exempted:
        yield ("exempted", cause, id), _word(", ".join(exempted))


def _missing(one: _Json) -> str:
    if "parameter" not in one:
        return str(one.get("path"))
    key = ", ".join(str(part) for part in _object(one.get("key")).values())
    return f"{one['parameter']}[{key}]"


def _with_unit(value: object, unit: object) -> str:
    return f"{_plain(value)} {unit or ''}".rstrip()


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "?" if value is None else str(value)


def _word(value: object) -> _Leaf:
    text = str(value)
    return _Leaf(text, text)


def _object(value: object) -> _Json:
    return cast("_Json", value) if isinstance(value, dict) else {}


def _entries(value: object) -> Iterator[tuple[str, _Json]]:
    return ((str(key), _object(one)) for key, one in _object(value).items())


def _items(value: object) -> Iterator[_Json]:
    return (_object(one) for one in value) if isinstance(value, list) else iter(())
