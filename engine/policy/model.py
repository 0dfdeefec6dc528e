"""What policy files say, as frozen nodes.

In: `build` makes these from YAML nodes; expressions are parsed surface trees, values exact numbers.
Out: `overlay` folds a `Policy` and its `Overlay`s into a `MergedPolicy`; `check` reads that.
Every element knows the file, line, document and date it comes from (`Origin`) and what it replaced.
Imports language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias, assert_never, cast, get_args

from engine.beside import Beside
from engine.language.ast import Expression
from engine.language.types import Choice, Type
from engine.language.values import LEAP_DAY, LeapDay
from engine.policy.territory import Division, Jurisdiction, Territory
from engine.records import dataclass
from engine.source import Span, UnitWords

Status: TypeAlias = Literal["official", "draft", "illustrative"]
Role: TypeAlias = Literal["local", "amendment"]
FactRole: TypeAlias = Literal["", "identity", "as_of", "place"]
PartsKind: TypeAlias = Literal["sum", "how_many", "any", "every", "max", "min"]
Effect: TypeAlias = Literal["narrower", "wider", "any"]
Opening: TypeAlias = Literal["narrower", "wider", "any", "sealed"]
ElementKind: TypeAlias = Literal[
    "facts",
    "collections",
    "checks",
    "lists",
    "parameters",
    "readings",
    "terms",
    "causes",
    "requirements",
    "outputs",
    "referrals",
]
KINDS: Final[tuple[ElementKind, ...]] = get_args(ElementKind)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an element, a value or a change comes from.

    Attributes:
        policy: id of the policy or overlay.
        depth: of its level in its chain, 0 for the root; the amendments of one document share one. Set by the merge.
        start, until: the days from and to (inclusive) which it holds; None for no end.
        published: when it became known; None counts as `start`.
        source: address of the publication; `grade` its trust: A government, B named news outlet, C mirror.
    """

    policy: str
    span: Span = field(compare=False, repr=False)
    document: str = ""
    start: date | None = None
    until: date | None = None
    published: date | None = None
    source: str = ""
    grade: str = ""
    status: Status = "official"
    depth: int = 0

    def holds(self, day: date, known_on: date | None) -> bool:
        """In force on the day, and published by `known_on` where that is given."""
        if (self.start is not None and day < self.start) or (self.until is not None and day > self.until):
            return False
        known = self.published or self.start
        return known_on is None or known is None or known <= known_on


@dataclass(frozen=True, slots=True)
class Element:
    """`label` is any text, for display; `name` the identifier-shaped Chinese name for expressions, or ""."""

    id: str
    label: str
    name: str
    cites: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Fact(Element):
    """A declared fact of the household (`collection` empty) or of each item of a collection.

    Attributes:
        type: its language type; the unit of a quantity already counts 分 and holds `over`.
        unit_text: the unit as written, with `over`, for display.
        decimals: digits allowed after the point (2 for amounts, 0 for whole counts).
        default: the value of an absent field, already typed; None where there is none.
        optional: not every household has it; ignored where the merged policy does not use it.
        role: `identity` names the household or item, `as_of` is the application date, `place` the county.
        private: never printed unless asked for.
        judgement: to be assessed by a person; `missing` says so.
        changeable: whether a family can change it; only told where changes are.
        least, most: declared bounds, counted in the type's unit, or dates.
    """

    collection: str
    type: Type
    unit_text: str = ""
    decimals: int = 0
    default: object = None
    required: bool = False
    optional: bool = False
    role: FactRole = ""
    private: bool = False
    judgement: bool = False
    changeable: bool = True
    least: int | Fraction | date | None = None
    most: int | Fraction | date | None = None


@dataclass(frozen=True, slots=True)
class Collection(Element):
    """A list of items of the household, counted in `unit` (人, 辆 …). Its facts are in `facts`, by id."""

    unit: str
    at_least: int
    required: bool
    optional: bool
    facts: Mapping[str, Fact]

    def fields(self) -> Iterator[str]:
        """As a household has them: `vehicles`, `vehicles.price`."""
        yield self.id
        yield from (f"{self.id}.{fact}" for fact in self.facts)


def identity_of(collection: Collection) -> Fact | None:
    """The fact that tells the items of a collection apart, if they have one."""
    return next((fact for fact in collection.facts.values() if fact.role == "identity"), None)


@dataclass(frozen=True, slots=True)
class WholeRange:
    """A stretch of whole counts, `1..2` or `3..`; a single `4` is `4..4`."""

    least: int
    most: int | None

    def __contains__(self, count: int) -> bool:
        return count >= self.least and (self.most is None or count <= self.most)

    @property
    def start(self) -> Cut:
        return self.least

    @property
    def end(self) -> Cut:
        return _EVER if self.most is None else self.most + 1

    def between(self, start: Cut, end: Cut) -> WholeRange:
        """A stretch of the same kind."""
        return WholeRange(start, None if end == _EVER else end - 1)


@dataclass(frozen=True, slots=True)
class AmountRange:
    """A stretch of amounts, counted in the unit in which the key was declared, from one cut up to another. A cut stands
    just before an amount (0) or just behind it (1): `0..1000` and `>1000` meet and have nothing in common."""

    start: tuple[int | Fraction, int]
    end: tuple[int | Fraction, int]
    span: Span | None = field(default=None, compare=False, repr=False)
    """where it is written"""

    def __contains__(self, amount: int | Fraction) -> bool:
        return self.start <= (amount, 0) and (amount, 1) <= self.end

    def between(self, start: Cut, end: Cut) -> AmountRange:
        return AmountRange(start, end, self.span)


Cut: TypeAlias = Any
"""where a range begins or ends: a count, or an amount with its side; all cuts of one key are alike"""
Range: TypeAlias = WholeRange | AmountRange
KeyPart: TypeAlias = str | WholeRange | AmountRange
Key: TypeAlias = tuple[KeyPart, ...]

_EVER: Final = 10**40
"""beyond every count that can be written"""
FIRST_CUT: Final = (-(10**40), 0)
LAST_CUT: Final = (10**40, 1)
"""beyond every amount that can be written, in whatever unit"""


def show_part(part: KeyPart) -> str:
    match part:
        case str():
            return part
        case WholeRange(least=least, most=most):
            return str(least) if most == least else f"{least}..{'' if most is None else most}"
        case AmountRange():
            return _show_amounts(part)
    assert_never(part)


def _show_amounts(part: AmountRange) -> str:
    """As an author may write it: `0..1000`, `>1000..5000`, `1000..<5000`, `>5000`, `5000..`, `<=1000`, `<1000`."""
    (low, above), (high, through) = part.start, part.end
    least, most = show_decimal(low), show_decimal(high)
    if part.start == FIRST_CUT:
        return ".." if part.end == LAST_CUT else f"{'<=' if through else '<'}{most}"
    if part.end == LAST_CUT:
        return f">{least}" if above else f"{least}.."
    if low == high:
        return least
    return f"{'>' if above else ''}{least}..{'' if through else '<'}{most}"


def show_decimal(number: int | Fraction) -> str:
    """A number with the digits that it has; one without a last digit as a fraction."""
    exact = Fraction(number)
    places = next((n for n in range(13) if (exact * 10**n).denominator == 1), None)
    if places is None:
        return str(exact)
    sign, digits = "-" if exact < 0 else "", str(abs(int(exact * 10**places))).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table, and as written (`5678 元/人/年`). A number counts the parameter's core unit, exactly."""

    value: int | Fraction | date
    text: str
    span: Span = field(compare=False, repr=False)
    key: Key = field(default=(), compare=False, repr=False)
    """as its author has it, however the ranges of the table are cut; () of a value that no file gives"""

    @property
    def number(self) -> int | Fraction:
        """The value, of a parameter that is a quantity."""
        return cast("int | Fraction", self.value)


@dataclass(frozen=True, slots=True)
class Block:
    """The values that one entry of `set`, or of the declaration, gives from a day on.

    A full block replaces its file's whole table from its start; a `partial` one only the keys it lists.
    `counties` confines it, empty for everywhere.
    """

    origin: Origin
    partial: bool
    counties: frozenset[str]
    cells: Mapping[Key, Cell]


@dataclass(frozen=True, slots=True)
class Shared:
    """A parameter of another document, which several policies take their values from."""

    document: str
    parameter: str
    span: Span = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        return f"{self.document}.{self.parameter}"


@dataclass(frozen=True, slots=True)
class Parameter(Element):
    """A quantity, a truth or a date. `by` names what it is keyed by; `review_after` is in months; the blocks stand in
    order of chain and file. Of a `marginal` one the last key is an amount, each part of which has the rate of the range
    in which it lies."""

    type: Type
    unit_text: str
    by: tuple[str, ...]
    review_after: int | None
    least: int | Fraction | None
    most: int | Fraction | None
    blocks: tuple[Block, ...]
    not_found: tuple[tuple[Origin, str], ...] = ()
    """where a level says that it looked for a value and found none, and how it says so"""
    values_from: Shared | None = None
    """whose blocks are the blocks of this one; None where it has its own"""
    marginal: bool = False


@dataclass(frozen=True, slots=True)
class ListBlock:
    origin: Origin
    counties: frozenset[str]
    rows: Mapping[tuple[str, ...], Span]


@dataclass(frozen=True, slots=True)
class NamedList(Element):
    """A dated list of texts or of tuples; `column_names` are the facts whose options the places hold, or texts."""

    columns: tuple[Type, ...]
    column_names: tuple[str, ...]
    blocks: tuple[ListBlock, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a reading is set to, an option id, on days of its own; `counties` confines it, empty for everywhere."""

    option: str
    origin: Origin
    counties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading(Element):
    """An open reading of the law.

    Attributes:
        chosen: the option, by id, that its declaration chooses, or that holds on a day; `chosen_origin`: who chose it.
        settings: what levels set it to, in the order in which they were folded in; no part of what is declared.
    """

    question: str
    type: Choice
    chosen: str
    chosen_origin: Origin
    settings: tuple[Setting, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Assumption:
    text: str
    cites: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Part:
    """A named addend of a term with parts."""

    expression: Expression
    origin: Origin


@dataclass(frozen=True, slots=True)
class Parts:
    kind: PartsKind
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Term(Element):
    """A small named step, of the household or of each item of `collection`."""

    collection: str
    body: Expression | Parts
    unit_text: str = ""
    replaces: Term | None = None
    choice: Choice | None = None
    """the options of a derived category; a replacement has those of what it replaces"""


@dataclass(frozen=True, slots=True)
class Exemption(Element):
    """Whoever meets `when` need not meet the condition it is attached to."""

    when: Expression


@dataclass(frozen=True, slots=True)
class Condition(Element):
    """`negated` marks `unless`: the veto as it stands in the text. Exemptions are alternatives to the condition."""

    expression: Expression
    negated: bool
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause(Element):
    conditions: Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Check(Element):
    """A check of the household's data; `collection` empty for the household as a whole. `label` is the message."""

    collection: str
    severity: Literal["error", "warning"]
    require: Expression


@dataclass(frozen=True, slots=True)
class Output(Element):
    """A figure, of the household or of each item of `collection`."""

    expression: Expression
    unit_text: str
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Referral(Element):
    when: Expression


AnyElement: TypeAlias = (
    Fact | Collection | Parameter | NamedList | Reading | Term | Cause | Condition | Check | Output | Referral
)


def inside(element: AnyElement | Exemption) -> Mapping[str, Fact] | Mapping[str, Condition]:
    """The elements that an element is made of; parts of a term have no name of their own, and are none."""
    match element:
        case Collection(facts=facts):
            return facts
        case Cause(conditions=conditions):
            return conditions
        case (
            Fact()
            | Parameter()
            | NamedList()
            | Reading()
            | Term()
            | Condition()
            | Exemption()
            | Check()
            | Output()
            | Referral()
        ):
            return {}
    assert_never(element)


@dataclass(frozen=True, slots=True)
class Guard:
    """What `local` opens of one thing. Whatever has no guard is sealed.

    Attributes:
        effect: the promise a change must make about who is eligible; `sealed` closes what a lower level opened.
        expected: every city is expected to set it.
        least, most: bounds on a value, in the parameter's core unit.
        options: the options that a reading may be set to; empty for any.
        to: the targets (`all.assets`, `illness.assets`, `requirements.x`) an exemption may name; empty for any.
        must_use: condition ids that an added cause must take over unchanged (`all.assets`).
        unstated: the attributes that it leaves as they are on the level below; none where it is one word.
    """

    span: Span = field(compare=False, repr=False)
    policy: str
    effect: Opening = "any"
    expected: bool = False
    least: int | Fraction | None = None
    most: int | Fraction | None = None
    options: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    must_use: tuple[str, ...] = ()
    unstated: frozenset[str] = frozenset()

    @property
    def promise(self) -> Effect | None:
        """The effect that a setting has to promise; none where bounds or options say how far it may go."""
        if self.least is not None or self.most is not None or self.options:
            return None
        return None if self.effect in ("any", "sealed") else cast("Effect", self.effect)


@dataclass(frozen=True, slots=True)
class Local:
    """All that an overlay may change. `add_parts` is by term id, `replace_terms` by term id, `set` by id."""

    set: Mapping[str, Guard]
    add: Mapping[str, Guard]
    add_parts: Mapping[str, Guard]
    replace_terms: Mapping[str, Guard]


@dataclass(frozen=True, slots=True)
class Header:
    """`id`, title and dates of a policy or overlay; `amends` is empty for a root policy. `leap_day`: when 29 February
    has its anniversary in a common year, and `units` the words for units that are not of the language, both stated by a
    root policy for all its chains. `is_values` marks a values document, which decides nobody."""

    id: str
    title: str
    origin: Origin
    issuer: str
    jurisdiction: Jurisdiction
    role: Role
    amends: str
    confers: tuple[str, str] = ("", "")
    leap_day: LeapDay = LEAP_DAY
    units: UnitWords = ()
    is_values: bool = False


@dataclass(frozen=True, slots=True)
class Elements:
    """The content of a policy by kind and id, in the order of writing."""

    facts: Mapping[str, Fact]
    collections: Mapping[str, Collection]
    checks: Mapping[str, Check]
    lists: Mapping[str, NamedList]
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    assumptions: tuple[Assumption, ...]
    terms: Mapping[str, Term]
    causes: Mapping[str, Cause]
    requirements: Mapping[str, Condition]
    outputs: Mapping[str, Output]
    referrals: Mapping[str, Referral]

    def every(self) -> Iterator[AnyElement]:
        """Every element but those inside others."""
        for kind in KINDS:
            yield from getattr(self, kind).values()

    def fact(self, collection: str, id: str) -> Fact:
        """A fact of the household (`collection` empty), or of the items of a collection."""
        return (self.collections[collection].facts if collection else self.facts)[id]

    def all_facts(self) -> Iterator[Fact]:
        """Those of the household, then those of the items of each collection."""
        yield from self.facts.values()
        for collection in self.collections.values():
            yield from collection.facts.values()

    def fields(self) -> Iterator[str]:
        """Every field that a household may have by it: `county`, `vehicles`, `vehicles.price`."""
        yield from self.facts
        for collection in self.collections.values():
            yield from collection.fields()


@dataclass(frozen=True, slots=True)
class Joining:
    """How every cause counts that `joins`.

    Attributes:
        cause: the name that stands for the cause itself in `parts`; "" for none.
        states: what it has to state, by id, with the name that stands for it there.
        parts: the part that it has, by id of the step.
    """

    span: Span = field(compare=False, repr=False)
    cause: str
    states: Mapping[str, str]
    parts: Mapping[str, Expression]


@dataclass(frozen=True, slots=True)
class Policy:
    """A root policy as written. What comes of its `joining` stands in terms and changes as parts: by itself it decides
    nothing, and is left out of the policy's digest."""

    header: Header
    elements: Elements
    local: Local
    divisions: Territory
    joining: Joining | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """What changes have in common. `effect` is what one promises about who is eligible, as written at `effect_at`."""

    effect: Effect | None
    origin: Origin
    counties: frozenset[str]
    effect_at: Span | None = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SetValues(Changed):
    target: str
    block: Block


@dataclass(frozen=True, slots=True)
class SetList(Changed):
    target: str
    block: ListBlock


@dataclass(frozen=True, slots=True)
class SetReading(Changed):
    target: str
    option: str


@dataclass(frozen=True, slots=True)
class AddElement(Changed):
    kind: ElementKind
    element: AnyElement


@dataclass(frozen=True, slots=True)
class AddCondition(Changed):
    """To one cause, or to every cause (`cause` is `all`)."""

    cause: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class AddPart(Changed):
    term: str
    id: str
    part: Part


@dataclass(frozen=True, slots=True)
class AddExemption(Changed):
    """From one condition, from that condition in every cause, later ones too (`cause` is `all`), or from a requirement
    (`cause` is `requirements`)."""

    cause: str
    condition: str
    exemption: Exemption


@dataclass(frozen=True, slots=True)
class ReplaceTerm(Changed):
    term: str
    body: Expression


@dataclass(frozen=True, slots=True)
class Repeal:
    """Only an amendment may remove: an element by `kinds.id`, a condition by `cause.condition`."""

    target: str
    origin: Origin
    counties: frozenset[str]


Change: TypeAlias = (
    SetValues | SetList | SetReading | AddElement | AddCondition | AddPart | AddExemption | ReplaceTerm | Repeal
)


def dated_origin(change: Change) -> Origin:
    """Where a change comes from; of values, the block that gives them, which has days of its own."""
    match change:
        case SetValues(block=block):
            return block.origin
        case SetList(block=listed):
            return listed.origin
        case SetReading() | AddElement() | AddCondition() | AddPart() | AddExemption() | ReplaceTerm() | Repeal():
            return change.origin
    assert_never(change)


def brought(change: Change) -> AnyElement | Exemption | None:
    """The element that a change adds."""
    match change:
        case AddElement(element=element):
            return element
        case AddCondition(condition=condition):
            return condition
        case AddExemption(exemption=exemption):
            return exemption
        case SetValues() | SetList() | SetReading() | AddPart() | ReplaceTerm() | Repeal():
            return None
    assert_never(change)


def target_of(change: Change) -> tuple[str, str] | None:
    """The kind and name of what a change is about; None where that is not one thing that must be there."""
    match change:
        case SetValues(target=name):
            return "parameters", name
        case SetList(target=name):
            return "lists", name
        case SetReading(target=name):
            return "readings", name
        case AddPart(term=name) | ReplaceTerm(term=name):
            return "terms", name
        case AddCondition(cause=cause):
            return None if cause == "all" else ("causes", cause)
        case AddExemption(cause="requirements", condition=name):
            return "requirements", name
        case AddExemption(cause=cause, condition=condition):
            return None if cause == "all" else ("conditions", f"{cause}.{condition}")
        case AddElement(element=Fact(collection=collection)):
            return ("collections", collection) if collection else None
        case AddElement() | Repeal():
            return None
    assert_never(change)


def added(built: Policy | Overlay) -> Iterator[AnyElement | Exemption]:
    """The elements that a document declares, without those inside others."""
    if isinstance(built, Policy):
        yield from built.elements.every()
    else:
        yield from (element for change in built.changes if (element := brought(change)) is not None)


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay as written: explicit changes against ids, never a deep merge."""

    header: Header
    changes: tuple[Change, ...]
    local: Local | None
    zones: Mapping[str, Division]
    not_found: Mapping[str, tuple[Origin, str]]


@dataclass(frozen=True, slots=True)
class Chain:
    """A root policy and the overlays that stand above it, in order: amendments, city, county."""

    root: Policy
    overlays: tuple[Overlay, ...]
    sources: tuple[MergedPolicy, ...] = ()
    """what its parameters take values from, by what stands above each for the place"""

    @property
    def jurisdiction(self) -> Jurisdiction:
        """That of its last document."""
        return (self.overlays[-1] if self.overlays else self.root).header.jurisdiction

    @property
    def own_ids(self) -> tuple[str, ...]:
        """Without what it takes values from."""
        return (self.root.header.id, *(overlay.header.id for overlay in self.overlays))

    @property
    def ids(self) -> tuple[str, ...]:
        """Of its own documents, then of those that it takes values from."""
        return (*self.own_ids, *(id_ for source in self.sources for id_ in source.chain.ids))

    @property
    def headers(self) -> tuple[Header, ...]:
        """Of all these documents, in the same order."""
        own = (self.root.header, *(overlay.header for overlay in self.overlays))
        return (*own, *(header for source in self.sources for header in source.chain.headers))


@dataclass(frozen=True, slots=True)
class MergedPolicy:
    """A chain with every change folded in that makes the rules of one place and one stretch of days.

    Nothing is picked by day yet: parameters and lists keep all blocks of the chain, readings all that they are set to,
    for every place.
    `applied` are the changes that were folded in, so that `show` and effects can be told.
    """

    chain: Chain
    elements: Elements
    local: Local
    divisions: Territory
    applied: tuple[Change, ...]
    beside: Beside = field(default_factory=Beside, init=False, compare=False, repr=False)
