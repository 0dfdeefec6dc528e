"""An element told in full: what it is, what it comes to and from where, its bounds, who changes it, which cases see it.

In: a `Named` and the `Scene` that asks.  Out: Markdown.
Imports scene, telling, places, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from engine.editing.known import Named
from engine.editing.scene import Scene
from engine.editing.spot import at_path
from engine.editing.telling import bounds_text, guard_text, kind_text, options_text, origin_text, type_text
from engine.gathered import gathered
from engine.language.ast import Expression
from engine.language.types import Choice, Quantity, Type
from engine.language.units import Unit
from engine.policy.model import (
    AnyElement,
    Assumption,
    Block,
    Cause,
    Check,
    Collection,
    Condition,
    Fact,
    Guard,
    Key,
    NamedList,
    Output,
    Overlay,
    Parameter,
    Parts,
    Reading,
    Referral,
    Term,
    dated_origin,
    show_part,
    target_of,
)
from engine.say import Say
from engine.tree import Mapping as Map

_MOST_BLOCKS = 3
_MOST_ROWS = 6
_MOST_NAMES = 6
_TARGETS = {"parameter": "parameters", "list": "lists", "reading": "readings", "term": "terms", "cause": "causes"}


def told_element(named: Named, scene: Scene) -> str:
    """What there is to say of an element, the most wanted first."""
    say = scene.say
    names = " ".join(f"`{one}`" for one in dict.fromkeys((named.chinese, named.id)) if one != named.label)
    told = [f"**{named.label or named.id}** {names}".strip(), _kind(named, scene)]
    if isinstance(named.type, Choice):
        told.append(options_text(named.type, say))
    if named.element is not None:
        told.extend(_body(named.element, scene))
        told.append(_article(named.element, say))
    told.extend(_opened(named, scene))
    told.append(_changed_by(named, scene))
    told.append(_cases(named, scene))
    return "\n\n".join(part for part in told if part)


def told_rule(rule: Condition | Check | Output | Referral, scene: Scene) -> str:
    """What no expression names: its label, what it says, where it comes from, which cases name it."""
    say = scene.say
    kinds = {
        Condition: say("对全家的要求", "requirement on the whole family"),
        Check: say("数据核对", "check of the data"),
        Output: say("附带数字", "output"),
        Referral: say("转办", "referral"),
    }
    unit = rule.unit_text if isinstance(rule, Output) else ""
    kind = " · ".join(part for part in (kinds[type(rule)], unit) if part)
    told = [f"**{rule.label}** `{rule.id}`", kind, *_body(rule, scene), _article(rule, say)]
    told.append(_named_in_cases(rule.id, scene))
    return "\n\n".join(part for part in told if part)


def told_assumption(assumption: Assumption, say: Say) -> str:
    told = (assumption.text, say("适用说明", "assumption"), _article(assumption, say))
    return "\n\n".join(told)


def _kind(named: Named, scene: Scene) -> str:
    say = scene.say
    owner = next((one for one in scene.known.of_kind("collection", "cause") if one.id == named.collection), None)
    of = "" if owner is None else say(f"{owner.label}的", f"of {owner.id}")
    kind = say(f"{of}{kind_text(named, say)}", f"{kind_text(named, say)} {of}".strip())
    return " · ".join(part for part in (kind, type_text(named, say)) if part)


def _body(element: AnyElement, scene: Scene) -> Iterator[str]:
    say = scene.say
    match element:
        case Fact():
            yield from _of_fact(element, say)
        case Parameter():
            yield bounds_text(element, say)
            yield from _values(element, scene)
        case Reading():
            yield element.question
            yield from _setting(element, say)
        case Term(body=Parts(kind=kind, parts=parts)):
            inner = "\n".join(f"{name}: {_one_line(part.expression)}" for name, part in parts.items())
            yield f"```\n{kind}\n{inner}\n```"
        case Term(body=body):
            assert not isinstance(body, Parts)
            yield f"`= {_one_line(body)}`"
            if element.replaces is not None:
                origin = origin_text(element.replaces.origin, say)
                yield say(f"改写了原来的定义（{origin}）", f"replaces the definition before ({origin})")
        case Condition():
            word = say("不得：", "not: ") if element.negated else ""
            yield f"{word}`{_one_line(element.expression)}`"
            for exemption in element.exemptions:
                by = exemption.origin.policy
                yield say(f"豁免：{exemption.label}（{by}）", f"exempt: {exemption.label} ({by})")
        case Cause():
            yield "\n".join(f"- {held.label}" for held in element.conditions.values())
        case Collection():
            yield say("每一项有：", "each has: ") + say.names(fact.label for fact in element.facts.values())
        case NamedList():
            yield from _list(element, say)
        case Check(require=expression) | Output(expression=expression) | Referral(when=expression):
            yield f"`{_one_line(expression)}`"
        case _:
            assert_never(element)


def _of_fact(fact: Fact, say: Say) -> Iterator[str]:
    if fact.required:
        yield say("必填", "required")
    elif fact.default is not None:
        default = fact.default
        shown = say("是", "yes") if default is True else say("否", "no") if default is False else str(default)
        if isinstance(fact.type, Choice):
            shown = say(dict(fact.type.options).get(shown, shown), shown)
        yield say(f"没有填报时按“{shown}”", f"where it is not stated: {shown}")
    elif fact.optional:
        yield say("选填：没有条件用到时不要求填写", "optional: asked for only where some rule uses it")
    else:
        yield say("没有填报就是未知", "unknown where it is not stated")
    yield bounds_text(fact, say)
    if fact.judgement:
        yield say("须人工认定", "to be judged by a person")


def _one_line(expression: Expression) -> str:
    return " ".join(expression.span.text.split())


def _article(element: AnyElement | Assumption, say: Say) -> str:
    parts = [say("出处：", "article: ") + element.cites] if element.cites else []
    parts.append(say("写在：", "declared: ") + origin_text(element.origin, say))
    return "\n\n".join(parts)


# ---- values


def _values(parameter: Parameter, scene: Scene) -> Iterator[str]:
    """The blocks of the chain, the latest first."""
    say = scene.say
    blocks = sorted(parameter.blocks, key=_day, reverse=True)
    for block in blocks[:_MOST_BLOCKS]:
        rows = list(_rows(block, parameter, scene))
        more = len(rows) - _MOST_ROWS
        ends = [say(f"…… 还有 {more} 行", f"… {more} more")] if more > 0 else []
        head = f"**{origin_text(block.origin, say)}**"
        yield "\n".join([head, *(f"- {row}" for row in (*rows[:_MOST_ROWS], *ends))])
    if len(blocks) > _MOST_BLOCKS:
        older = len(blocks) - _MOST_BLOCKS
        yield say(f"更早的还有 {older} 次", f"{older} earlier")
    for _, text in parameter.not_found[-1:]:
        yield say("没有查到：", "not found: ") + text
    if not blocks:
        yield say("到这一级为止还没有取值", "no value up to this level")


def _day(block: Block) -> str:
    return "" if block.origin.start is None else block.origin.start.isoformat()


def _rows(block: Block, parameter: Parameter, scene: Scene) -> Iterator[str]:
    """One line for each place: `小店区：城市 760 元/人/月，农村 760 元/人/月`."""
    by_first = gathered((key[:1], (key[1:], cell.text)) for key, cell in block.cells.items())
    for first, cells in by_first.items():
        told = [" ".join((*_told_key(rest, scene), _with_unit(text, parameter))) for rest, text in cells]
        head = " ".join(_told_key(first, scene))
        yield scene.say("：", ": ").join(part for part in (head, scene.say("，", ", ").join(told)) if part)


def _with_unit(text: str, parameter: Parameter) -> str:
    """As written; a bare number with the unit of the parameter."""
    bare = text.replace(".", "", 1).isdigit()
    return f"{text} {parameter.unit_text}" if bare and parameter.unit_text else text


def _told_key(key: Key, scene: Scene) -> list[str]:
    return [_told_part(show_part(part), scene) for part in key]


def _told_part(text: str, scene: Scene) -> str:
    if text in scene.territory:
        return scene.territory[text].name
    options = (one.type.options for one in scene.known.of_kind("fact", "term") if isinstance(one.type, Choice))
    labels = (label for each in options for id_, label in each if id_ == text)
    return scene.say(next(labels, text), text)


def _setting(reading: Reading, say: Say) -> Iterator[str]:
    labels = dict(reading.type.options)
    yield say("选定：", "chosen: ") + f"{labels.get(reading.chosen, '')} `{reading.chosen}`"
    for setting in reading.settings:
        origin = origin_text(setting.origin, say)
        yield say("改选：", "set to: ") + f"{labels.get(setting.option, '')} `{setting.option}` — {origin}"


def _list(listed: NamedList, say: Say) -> Iterator[str]:
    for block in sorted(listed.blocks, key=lambda one: str(one.origin.start), reverse=True)[:_MOST_BLOCKS]:
        rows = [" ".join(row) for row in block.rows]
        more = say(f" 等 {len(rows)} 项", f" and {len(rows) - _MOST_ROWS} more") if len(rows) > _MOST_ROWS else ""
        yield f"**{origin_text(block.origin, say)}**\n{say.names(rows[:_MOST_ROWS])}{more}"


# ---- who may change it, who does, who looks at it


def _opened(named: Named, scene: Scene) -> Iterator[str]:
    """What the chain so far lets the next level do with it."""
    merged = scene.known.merged
    if merged is None:
        return
    local, say = merged.local, scene.say
    guards: list[tuple[Guard | None, str, str]] = []
    if named.kind in ("parameter", "list", "reading"):
        guards.append((local.set.get(named.id), say("设定", "set it"), say("设定", "to set it")))
    elif named.kind == "term":
        guards.append((local.replace_terms.get(named.id), say("改写", "replace it"), ""))
        guards.append((local.add_parts.get(named.id), say("增加分项", "add parts"), ""))
    for guard, may, should in guards:
        if guard is not None and guard.effect != "sealed":
            yield _told_guard(guard, may, should, named, say)


def _told_guard(guard: Guard, may: str, should: str, named: Named, say: Say) -> str:
    """`下级可以设定（只可收紧，至多 36 月）`, `下级应当设定`."""
    free = guard.effect == "any" and guard.least is None and guard.most is None and not guard.options
    how = "" if free else guard_text(replace(guard, expected=False), say, named.unit, _counted(named.type))
    bracket = say(f"（{how}）", f" ({how})") if how else ""
    if guard.expected:
        return say(f"下级应当{should}", f"levels below are expected {should}") + bracket
    return say(f"下级可以{may}", f"levels below may {may}") + bracket


def _counted(type_: Type | None) -> Unit | None:
    return type_.unit if isinstance(type_, Quantity) else None


def _changed_by(named: Named, scene: Scene) -> str:
    """The overlays that set, replace or exempt it, from the file on down."""
    say, kind = scene.say, _TARGETS.get(named.kind, "conditions")
    name = f"{named.collection}.{named.id}" if named.kind == "condition" else named.id
    found: dict[str, str] = {}
    library, own = scene.snapshot.library, scene.file.id
    for document in library.documents.values():
        if not isinstance(document.built, Overlay) or own not in library.line_to(document.header.id):
            continue
        for change in document.built.changes:
            target = target_of(change)
            if target in ((kind, name), (kind, named.id)):
                day = dated_origin(change).start
                found[document.header.id] = max(found.get(document.header.id, ""), "" if day is None else str(day))
    told = [id_ + (say(f"（{day}）", f" ({day})") if day else "") for id_, day in found.items()]
    return say("由补充文件改动：", "changed by: ") + _some(told, say) if told else ""


def _cases(named: Named, scene: Scene) -> str:
    """The cases that name it, by the texts of the case files."""
    if named.kind not in ("fact", "condition", "reading", "parameter", "cause"):
        return ""
    name = f"{named.collection}.{named.id}" if named.kind == "condition" else named.id
    return _named_in_cases(name, scene)


def _named_in_cases(name: str, scene: Scene) -> str:
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    own = scene.file.id
    found = [
        key.text if file.id == own else f"{file.id}/{key.text}"
        for file in sorted(scene.snapshot.files.values(), key=lambda one: one.id != own)
        if file.kind == "cases" and isinstance(tests := at_path(file.tree, ("tests",)), Map)
        for key, case in tests.entries
        if word.search(case.span.text)
    ]
    return scene.say("提到它的用例：", "cases that name it: ") + _some(found, scene.say) if found else ""


def _some(names: Sequence[str], say: Say) -> str:
    more = say(f" 等 {len(names)} 个", f" and {len(names) - _MOST_NAMES} more") if len(names) > _MOST_NAMES else ""
    return say.names(names[:_MOST_NAMES]) + more
