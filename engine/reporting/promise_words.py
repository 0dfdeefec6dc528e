"""What promises of overlays came to, in words and as JSON.

In: `Promise`s as they were proved, `Claim`s as they were written down.  Out: text. Imports the results of proofs, the
policy's model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.policy.model import Elements
from engine.policy.proved import Claim, Promised
from engine.proof.results import Bound, Promise, Proved, Unused
from engine.say import Say

_KEPT: dict[Promised, tuple[str, str]] = {
    "narrower": ("只会收窄", "can only narrow"),
    "wider": ("只会放宽", "can only widen"),
    "within": ("在限定范围内", "lies within its guard"),
}


def summary_of(promises: Sequence[Promise], say: Say) -> str:
    """How many are kept, and of which households that is said."""
    effects = [one for one in promises if one.effect != "within"]
    kept = [one.found.bound for one in effects if isinstance(one.found, Proved)]
    within = sum(one.effect == "within" for one in promises)
    if not promises:
        return say("没有改动写明收窄或放宽", "no change promises to be narrower or wider")
    told = [
        say(
            f"写明收窄或放宽的改动 {len(effects)} 处，证明了 {len(kept)} 处",
            f"{len(effects)} promises to be narrower or wider, {len(kept)} proved",
        )
    ]
    every = sum(bound.any_size for bound in kept)
    if kept:
        most = max((size for bound in kept for size in bound.sizes.values()), default=0)
        rest = say(f"，其余至多 {most} 口之家", f", the rest of families of up to {most}") if every < len(kept) else ""
        told.append(say(f"不论家庭大小的 {every} 处", f"{every} of families of any size") + rest)
        free = sum(bool(bound.free) for bound in kept)
        rest = say("，其余按公布的数值", ", the rest by the values as published") if free < len(kept) else ""
        some = say(f"有数值可取范围内任何值的 {free} 处", f"{free} of them whatever some value within its range is")
        told.append(some + rest)
    if within:
        told.append(
            say(f"上级限定范围的取值 {within} 处都在范围内", f"settings within what their guards allow: {within}")
        )
    return say("；", "; ").join(told)


def lines_of(promises: Sequence[Promise], say: Say) -> Iterator[str]:
    """A line for each that is proved, with its place."""
    for one in promises:
        if isinstance(one.found, Proved):
            effect, count = say(*_KEPT[one.effect]), len(one.changes)
            what = say(f"这样的 {count} 处合在一起", f"all {count} such changes together ") if count > 1 else ""
            beside = "" if one.alone else say("有其他改动时，", "beside the other changes ")
            claim = claim_words(one.found.bound, one.effect, say)
            yield f"{one.span!r}: {say('已证明', 'proved')}: {beside}{what}{effect}{say('；', '; ')}{claim}"


def unused_lines(unused: Sequence[Unused], details: bool, say: Say) -> Iterator[str]:
    """What is opened within limits and used by nobody."""
    if not unused:
        return
    for one in unused if details else ():
        yield f"{one.span!r}: {say('没有补充用到：', 'used by no overlay: ')}local.{one.name}"
    more = "" if details else say("（--details 逐项列出）", " (--details lists them)")
    yield say(
        f"上级放开时有限定、还没有补充用到的 {len(unused)} 项，没有可证明的；有补充用到时，证明的是它实际写的{more}",
        f"opened within limits and used by no overlay yet: {len(unused)}, so that there is nothing to prove; once an "
        f"overlay uses one, what it writes is proved{more}",
    )


def claim_words(claim: Bound | Claim, effect: Promised, say: Say, labels: Mapping[str, str] | None = None) -> str:
    """Of which households and which values it is proved.

    Args:
        labels: of parameters and collections, by id; told by their ids without.
    """
    named = labels or {}
    if effect == "within":
        return say("公布的每个值；范围以外的不能公布", "every value that is published; none outside can be")
    if claim.any_size:
        size = say("家庭不论大小", "families of any size")
    else:
        sizes = (f"{named.get(id, id)} ≤ {most}" for id, most in claim.sizes.items() if most)
        size = say("家庭：", "families with ") + say("、", ", ").join(sizes)
    if not claim.free:
        return size + say("；数值按已公布的", "; values as published")
    free = say("、", ", ").join(named.get(id, id) for id in claim.free)
    return size + say(
        f"；{free}{' ' * free[-1].isascii()}取允许范围内任何值，其余按已公布的",
        f"; any value allowed for {free}, others as published",
    )


def proved_words(claim: Claim, say: Say, labels: Mapping[str, str]) -> str:
    """What was proved of a change, or of all that promise the same."""
    effect, count = say(*_KEPT[claim.effect]), len(claim.changes)
    what = say(f"这样的 {count} 处合在一起", f"all {count} such changes together ") if count > 1 else ""
    beside = say("有其他改动时，", "beside the other changes ") if claim.beside else ""
    told = claim_words(claim, claim.effect, say, labels)
    return say(f"已证明{beside}{what}{effect}（{told}）", f"proved: {beside}{what}{effect} ({told})")


def labels_of(elements: Elements) -> dict[str, str]:
    """Of what a claim names."""
    held = (*elements.parameters.values(), *elements.collections.values())
    return {one.id: one.name or one.label for one in held}


def claim_json(claim: Claim) -> dict[str, Any]:
    """As a change of `show` has it."""
    size: dict[str, Any] = {"any_size": True} if claim.any_size else {"at_most": dict(claim.sizes)}
    return {"effect": claim.effect, "beside": claim.beside, **size, "any_value": list(claim.free)}


def promises_json(promises: Sequence[Promise]) -> list[dict[str, Any]]:
    return [
        {
            "overlay": one.overlay,
            "effect": one.effect,
            "lines": sorted({change.origin.span.line for change in one.changes}),
            "beside": not one.alone,
            "proved": bound_json(one.found.bound) if isinstance(one.found, Proved) else None,
        }
        for one in promises
    ]


def bound_json(bound: Bound) -> dict[str, Any]:
    size: dict[str, Any] = {"any_size": True} if bound.any_size else {"at_most": dict(bound.sizes)}
    return {**size, "any_value": list(bound.free)}
