"""What the levels above open to an overlay, as far as the form can write it; what the overlay has written already.

In: a snapshot and an overlay's file.  Out: `Opened`, and `Present`s. Whatever is not listed is sealed.
Imports choices, editing, writing (parsed), policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from engine.editing.openings import is_opened
from engine.editing.spot import at_path
from engine.editing.telling import guard_text
from engine.editing.workspace import File, Snapshot
from engine.language.types import Quantity
from engine.policy.model import Elements, Guard, MergedPolicy
from engine.records import dataclass
from engine.say import Say
from engine.serving.conditions.choices import Joined, rule_of
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree
from engine.writing.expressions import parsed

Kind: TypeAlias = Literal["condition", "requirement", "exemption", "threshold", "fact"]
KINDS: Final[tuple[Kind, ...]] = ("condition", "requirement", "exemption", "threshold", "fact")
PATHS: Final = {
    "condition": ("add", "conditions"),
    "requirement": ("add", "requirements"),
    "exemption": ("exempt",),
    "threshold": ("set",),
    "fact": ("add", "facts"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a change may be about: a cause, a condition, a parameter, whose fact; `now` is what holds of it today."""

    id: str
    label: str
    now: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """
    Attributes:
        effect: that a change has to promise, "" where it need not.
        words: what the guard demands.
        place: the line that opens it.
    """

    kind: Kind
    effect: str
    words: str
    place: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    openings: tuple[Opening, ...]

    def of(self, kind: Kind) -> Opening | None:
        return next((one for one in self.openings if one.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Present:
    """What the overlay holds already.

    Attributes:
        key: below the path of its kind, `illness.listed_disease`.
        sense: `when` or `unless`; "" of what has no expression.
        rule: the choices that the expression is; None where only the editor can change it.
    """

    kind: Kind
    key: str
    label: str
    cites: str
    start: str
    document: str
    effect: str
    sense: str
    expression: str
    rule: Joined | None
    line: int
    values: tuple[tuple[str, str], ...] = ()


def opened(snapshot: Snapshot, file: File, say: Say) -> Opened:
    below = snapshot.below(file)
    return Opened(() if below is None else tuple(_openings(below, say)))


def _openings(below: MergedPolicy, say: Say) -> Iterator[Opening]:
    add, elements = below.local.add, below.elements
    every = Target("all", say("每一种情形（以后增加的也在内）", "every cause, later ones too"))
    for kind, guard, targets in (
        ("condition", add.get("conditions"), (every, *(Target(one.id, one.label) for one in elements.causes.values()))),
        ("requirement", add.get("requirements"), (Target("", say("全家", "the whole household")),)),
        ("exemption", add.get("exemptions"), _exemptible(elements, add.get("exemptions"), say)),
        ("fact", add.get("facts"), _owners(elements, say)),
    ):
        if guard is not None and is_opened(guard) and targets:
            yield _opening(kind, guard, targets, say)  # type: ignore[arg-type]  # the words are those of `Kind`
    yield from _thresholds(below, say)


def _opening(kind: Kind, guard: Guard, targets: tuple[Target, ...], say: Say) -> Opening:
    effect = guard.effect if guard.effect in ("narrower", "wider") else ""
    return Opening(kind, effect, guard_text(guard, say, "", None), guard.span.line_place, targets)


def _exemptible(elements: Elements, guard: Guard | None, say: Say) -> tuple[Target, ...]:
    labels = {
        f"{cause.id}.{name}": f"{cause.label}：{held.label}"
        for cause in elements.causes.values()
        for name, held in cause.conditions.items()
    }
    labels |= {f"requirements.{one.id}": one.label for one in elements.requirements.values()}
    for cause in elements.causes.values():
        for name, held in cause.conditions.items():
            labels.setdefault(f"all.{name}", say("每一种情形：", "every cause: ") + held.label)
    if guard is None or not guard.to:
        return tuple(Target(one, label) for one, label in labels.items())
    # what is opened of every cause is opened of each
    each = (
        one
        for named in guard.to
        for one in (named, *(f"{id_}.{named[4:]}" for id_ in elements.causes if named.startswith("all.")))
    )
    return tuple(Target(one, labels.get(one, one)) for one in dict.fromkeys(each) if one in labels or one in guard.to)


def _owners(elements: Elements, say: Say) -> tuple[Target, ...]:
    household = Target("household", say("家庭（一户填一次）", "the household"))
    return (
        household,
        *(Target(one.id, f"{one.label}（{say('每项各填', 'each')}）") for one in elements.collections.values()),
    )


def _thresholds(below: MergedPolicy, say: Say) -> Iterator[Opening]:
    """A parameter each, for each has bounds of its own."""
    for name, guard in below.local.set.items():
        held = below.elements.parameters.get(name)
        if held is None or held.by or not is_opened(guard):
            continue
        counted = held.type.unit if isinstance(held.type, Quantity) else None
        words = guard_text(guard, say, held.unit_text, counted)
        now = next((cell.text for block in reversed(held.blocks) for cell in block.cells.values()), "")
        target = Target(name, held.label, now, held.unit_text)
        yield Opening("threshold", guard.promise or "", words, guard.span.line_place, (target,))


# ---- what is there


def present(file: File) -> tuple[Present, ...]:
    return tuple(_present(file))


def _present(file: File) -> Iterator[Present]:
    for kind in KINDS:
        section = at_path(file.tree, PATHS[kind])
        if not isinstance(section, Map):
            continue
        for key, held in section.entries:
            if kind == "fact":
                yield from _facts(key.text, held)
            elif kind != "threshold":
                yield _entry(kind, key, held)
            elif isinstance(held, Scalar):
                yield Present(kind, key.text, "", "", "", "", "", "", held.text, None, key.span.line)


def _facts(owner: str, held: Tree) -> Iterator[Present]:
    inside = held.get("items") if isinstance(held, Map) and held.get("counted_in") is not None else held
    if isinstance(inside, Map):
        yield from (_entry("fact", key, one, f"{owner}.") for key, one in inside.entries)


def _entry(kind: Kind, key: Scalar, held: Tree, before: str = "") -> Present:
    texts = (
        {name.text: one.text for name, one in held.entries if isinstance(one, Scalar)} if isinstance(held, Map) else {}
    )
    sense = next((word for word in ("when", "unless") if word in texts), "")
    expression = texts.get(sense, "")
    tree = parsed(expression, key.span.source.units) if expression else None
    return Present(
        kind,
        before + key.text,
        texts.get("label", ""),
        texts.get("cites", ""),
        texts.get("from", ""),
        texts.get("document", ""),
        texts.get("effect", ""),
        sense,
        expression,
        None if tree is None else rule_of(tree),
        key.span.line,
        tuple(texts.items()),
    )
