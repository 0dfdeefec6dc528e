"""What stands under the pointer: an element with its value, its source and who changes it; a key, a word, a place.

In: a snapshot, a file and an offset.  Out: a `Hover`, Markdown in the language asked for; None where there is nothing
to tell.
Imports scene, phrase, meanings, telling, elements_told, english, places, tables, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.editing.complete_expressions import written
from engine.editing.elements_told import told_assumption, told_element, told_rule
from engine.editing.english import told as told_key
from engine.editing.known import Named, NamedKind
from engine.editing.meanings import MEANINGS
from engine.editing.phrase import Phrase, Token, phrase_at, tokens
from engine.editing.places import place_name
from engine.editing.scene import Scene
from engine.editing.spot import Path
from engine.editing.tables import header_of
from engine.editing.workspace import File, Snapshot
from engine.language.types import Choice, Several
from engine.language.units import Unit, parse_unit, show_unit
from engine.language.words import HOUSEHOLD_NAMES, SELF_NAMES
from engine.policy.extent import customary_unit
from engine.policy.model import Check, Condition, Output, Referral, show_decimal
from engine.records import dataclass
from engine.say import Language
from engine.source import Span
from engine.tree import Scalar

_SECTIONS: dict[str, tuple[NamedKind, ...]] = {
    "terms": ("term",),
    "parameters": ("parameter",),
    "lists": ("list",),
    "readings": ("reading",),
    "causes": ("cause",),
    "set": ("parameter", "reading", "list"),
    "not_found": ("parameter",),
    "given": ("parameter", "reading", "term"),
}
_DOTTED = re.compile(r"[\w.\[\]]+")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ?(\S+)")


@dataclass(frozen=True, slots=True)
class Hover:
    """`span` is what it is told of; `text` is Markdown."""

    span: Span
    text: str


def hover(snapshot: Snapshot, file: File, offset: int, language: Language = "zh") -> Hover | None:
    scene = Scene(snapshot, file, offset, language)
    match scene.spot.role:
        case "expression":
            return _of_expression(scene)
        case "key":
            return _of_key(scene)
        case "value":
            return _of_value(scene)
        case "none":
            return None


def _told(span: Span, text: str) -> Hover | None:
    return Hover(span, text) if text else None


# ---- expressions


def _of_expression(scene: Scene) -> Hover | None:
    begin, text = written(scene)
    offset = scene.spot.offset - begin
    found = tokens(text, scene.known.units)
    at = next((n for n, one in enumerate(found) if one.start <= offset < one.end), None)
    if at is None:
        at = next((n for n, one in enumerate(found) if one.end == offset), None)
    if at is None:
        return None
    token = found[at]
    span = Span(scene.file.source, begin + token.start, begin + token.end)
    match token.kind:
        case "word" | "sign":
            return _told(span, _word(token, scene))
        case "number":
            return _told(span, _amount(token.text, scene))
        case "text":
            return _told(span, _place(token.text.strip('"“”'), scene))
        case "date":
            return None
        case "name":
            phrase = phrase_at(text, token.start, scene.known.units)
            owner = found[at - 2].text if at > 1 and found[at - 1].text == "." else ""
            member = found[at + 2].text if len(found) > at + 2 and found[at + 1].text == "." else ""
            return _told(span, _name(token.text, owner, member, phrase, scene))


def _word(token: Token, scene: Scene) -> str:
    canonical = token.word.canonical if token.word is not None else token.text
    meaning = MEANINGS.get(canonical)
    if meaning is None:
        return ""
    say = scene.say
    word = token.word
    spellings = [] if word is None else [*word.zh, *word.en, *word.signs]
    forms = [f"`{form.label(say)}`" for form in meaning.forms]
    head = " · ".join(forms or [f"`{one}`" for one in spellings or [canonical]])
    example = [say("例：", "example: ") + f"`{meaning.example}`"] if meaning.example else []
    return "\n\n".join([head, meaning.rule(say), *example])


def _amount(text: str, scene: Scene) -> str:
    """An amount in the customary unit of its kind, where it is written in another: 5 万元 is 50000 元."""
    found = _AMOUNT.fullmatch(text)
    unit = parse_unit(found[2], scene.known.units) if found else None
    if found is None or unit is None:
        return ""
    usual = customary_unit(unit)
    if usual.factor == unit.factor:
        return ""
    from fractions import Fraction

    return f"{text} = {show_decimal(Fraction(found[1]) * unit.factor / usual.factor)} {_shown(usual)}"


def _shown(unit: Unit) -> str:
    return show_unit(unit)


def _name(text: str, owner: str, member: str, phrase: Phrase, scene: Scene) -> str:
    known = scene.known
    if owner:
        return _member(text, owner, scene)
    option = _option(text, phrase, scene)
    if option:
        return option
    if member and text in (*HOUSEHOLD_NAMES, *SELF_NAMES.values()):
        return scene.say("家庭的，或者正在计算的那一项的", "of the household, or of the item that is worked out")
    around = {scene.item, *(known.collection(frame.collection) for frame in phrase.frames if frame.collection)}
    found = list(known.called(text))
    found.sort(key=lambda one: (one.collection not in around, bool(one.collection)))
    return told_element(found[0], scene) if found else ""


def _member(text: str, owner: str, scene: Scene) -> str:
    known = scene.known
    cause = next(known.called(owner, "cause"), None)
    if cause is not None:
        found = (one for one in known.called(text, "condition") if one.collection == cause.id)
    else:
        collection = scene.item if owner in SELF_NAMES.values() else known.collection(owner)
        found = (one for one in known.called(text) if one.collection == collection)
    named = next(found, None)
    return "" if named is None else told_element(named, scene)


def _option(text: str, phrase: Phrase, scene: Scene) -> str:
    """An option beside its choice."""
    for name in phrase.frame.compared:
        for one in scene.known.called(name.rpartition(".")[2]):
            type_ = one.type.of if isinstance(one.type, Several) else one.type
            if isinstance(type_, Choice) and any(text in option for option in type_.options):
                return _told_option(text, type_, one, scene)
    return ""


def _told_option(text: str, choice: Choice, of: Named, scene: Scene) -> str:
    id_, label = next(option for option in choice.options if text in option)
    where = scene.say(f"“{of.label}”的一个选项", f"an option of {of.label}")
    question = getattr(of.element, "question", "")
    chosen = getattr(of.element, "chosen", "")
    lines = [f"**{label}** `{id_}`", where]
    if question:
        lines.append(question)
    if chosen == id_:
        lines.append(scene.say("默认选定", "chosen by default"))
    return "\n\n".join(lines)


# ---- keys


def _of_key(scene: Scene) -> Hover | None:
    path = scene.path
    span = _key_span(scene)
    key = str(path[-1])
    schema = scene.place(path[:-1]).keys.get(key)
    if schema is not None:
        return _told(span, _schema_key(scene, path, key))
    named = next(_declared(scene, path), None)
    if named is not None:
        return _told(span, told_element(named, scene))
    rule = _rule(scene, path)
    if rule:
        return _told(span, rule)
    return _told(span, _place(key, scene) or _option_key(scene, path) or _column(scene, path))


def _key_span(scene: Scene) -> Span:
    holder = scene.spot.holder
    scalar = holder.key(str(scene.path[-1])) if holder is not None else None
    return scene.spot.span if scalar is None else scalar.span


def _schema_key(scene: Scene, path: Path, key: str) -> str:
    place = scene.place(path[:-1])
    title, description = told_key(place.keys[key], scene.say)
    lines = [f"**{key}** {title}".strip(), description]
    words = scene.place(path).words
    if words:
        lines.append(scene.say("可以写：", "one of: ") + scene.say.names(f"`{word}`" for word in words))
    if place.keys[key].required:
        lines.append(scene.say("必须写", "required"))
    return "\n\n".join(line for line in lines if line)


def _declared(scene: Scene, path: Path) -> Iterator[Named]:
    """The elements that an id at a path stands for."""
    known, key = scene.known, str(path[-1])
    steps = tuple(str(step) for step in path[:-1])
    if steps[-1:] == ("conditions",) and len(steps) > 1 and steps[-2] not in ("add", "expect"):
        yield from (one for one in known.called(key, "condition") if one.collection == steps[-2])
    if "." in key:
        yield from _dotted(scene, key)
    elif "facts" in steps:
        inside = steps[steps.index("facts") + 1 :]
        collection = "" if not inside or inside[0] == "household" else inside[0]
        kinds: tuple[NamedKind, ...] = ("fact",) if inside else ("collection",)
        yield from (one for one in known.called(key, *kinds) if one.collection == collection)
    elif scene.file.kind == "cases" and ("household" in steps or "change" in steps):
        yield from known.called(key, "fact", "collection")
    elif steps:
        for section, kinds in _SECTIONS.items():
            if steps[-1] == section and kinds:
                yield from known.called(key, *kinds)


def _dotted(scene: Scene, text: str) -> Iterator[Named]:
    """`illness.assets`, `all.assets`, `joint_expense.disaster`, `members[0].tuition`, `members.0.tuition`."""
    owner, _, name = text.rpartition(".")
    known = scene.known
    conditions = [one for one in known.called(name, "condition") if owner in ("all", one.collection)]
    yield from conditions
    collection = re.split(r"[.\[]", owner)[0]
    yield from (one for one in known.called(name, "fact") if one.collection == collection)
    yield from known.called(owner, "term")


def _rule(scene: Scene, path: Path) -> str:
    """A requirement, check, output or referral, which no expression names."""
    elements, section = scene.elements, path[-2] if len(path) > 1 else ""
    if elements is None or section not in ("requirements", "checks", "outputs", "referrals"):
        return ""
    held: Mapping[str, Condition | Check | Output | Referral] = getattr(elements, section)
    found = held.get(str(path[-1]))
    return "" if found is None else told_rule(found, scene)


def _option_key(scene: Scene, path: Path) -> str:
    """A key of values that is an option."""
    key = str(path[-1])
    if "values" not in path:
        return ""
    for one in scene.known.of_kind("fact", "term"):
        if isinstance(one.type, Choice) and any(key in option for option in one.type.options):
            return _told_option(key, one.type, one, scene)
    return ""


def _column(scene: Scene, path: Path) -> str:
    return scene.say("表的一列", "a column of the table") if path[-2:-1] == ("columns",) else ""


# ---- values


def _of_value(scene: Scene) -> Hover | None:
    node = scene.spot.node
    if not isinstance(node, Scalar) or not node.text:
        return None
    key = next((step for step in reversed(scene.path) if isinstance(step, str)), "")
    text = _value(scene, key, node.text)
    if not text:
        text = _place(node.text, scene) or _amount(node.text, scene)
    return _told(node.span, text)


def _value(scene: Scene, key: str, text: str) -> str:
    known, place = scene.known, scene.spot.place
    if scene.path[:1] == ("assumptions",) and key == "text" and scene.elements is not None:
        told = (told_assumption(one, scene.say) for one in scene.elements.assumptions if one.text == text.strip())
        return next(told, "")
    if key in ("amends", "cases", "policy") and text in scene.snapshot.library.documents:
        return _document(scene, text)
    if key in ("of", "refers_to", "by"):
        named = next(known.called(text.rpartition(".")[2]), None)
        return "" if named is None else told_element(named, scene)
    if key in ("same_as", "to", "must_use", "repeal"):
        named = next(_dotted(scene, text), None)
        return "" if named is None else told_element(named, scene)
    if key in ("table", "territory", "file"):
        heads = header_of(scene.snapshot, scene.file, scene.text(scene.path))
        return scene.say("各列：", "columns: ") + scene.say.names(heads) if heads else ""
    if place.words and text in place.words:
        title, description = told_key(place, scene.say)
        return f"**{text}** {title}\n\n{description}".strip()
    return _chosen(scene, key, text)


def _chosen(scene: Scene, key: str, text: str) -> str:
    """An option of a reading or of a fact."""
    holder = scene.path[-2] if key in ("chosen", "default") and len(scene.path) > 1 else key
    for one in scene.known.called(str(holder).rpartition(".")[2], "reading", "fact"):
        type_ = one.type.of if isinstance(one.type, Several) else one.type
        if isinstance(type_, Choice) and any(text in option for option in type_.options):
            return _told_option(text, type_, one, scene)
    if "columns" in scene.path:
        named = next(scene.known.called(text.rpartition(".")[2]), None)
        return "" if named is None else told_element(named, scene)
    return ""


def _document(scene: Scene, id_: str) -> str:
    header = scene.snapshot.library.documents[id_].header
    origin = header.origin
    parts = (
        header.issuer,
        origin.document,
        "" if origin.start is None else str(origin.start),
        f"`{origin.span.source.name}`",
    )
    return f"**{header.title}** `{id_}`\n\n" + scene.say("，", ", ").join(part for part in parts if part)


def _place(text: str, scene: Scene) -> str:
    """The name of a place by its code, or its code by its name."""
    territory = scene.territory
    name = place_name(territory, text)
    if name:
        stands = territory[text].stands_with if text in territory else ""
        with_ = place_name(territory, stands) if stands else ""
        more = scene.say(f"\n\n条件随{with_}", f"\n\nrules as in {with_}") if with_ else ""
        return f"**{name}** `{text}`{more}"
    if text in {division.name for division in territory.values()}:
        code = next(code for code, division in territory.items() if division.name == text)
        return f"**{place_name(territory, code)}** `{code}`"
    return ""
