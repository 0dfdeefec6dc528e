"""Lines over causes and conditions: how many cases see them, what no case sees, which changes no case notices.

In: a snapshot's file, and what running the cases found and over which texts, if they ran.  Out: `Lens`es. Each stands
over the key it is about, wherever that has moved to; of other texts than those that are there now it says so.
Imports case_results, workspace, the tree and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.editing.case_results import Lack, Results, Seeing
from engine.editing.workspace import File
from engine.records import dataclass
from engine.say import Say
from engine.source import Span
from engine.testing.strength import ASPECT_WORDS
from engine.tree import Mapping, Scalar, Sequence, Tree

_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Lens:
    """`runs`: a click on it runs the cases; `element` is what it is about, "" for the whole file."""

    span: Span
    title: str
    element: str = ""
    runs: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and what stands under it, key included."""

    key: Span
    whole: Span


def lenses(file: File, results: Results | None, say: Say, *, outdated: bool = False) -> tuple[Lens, ...]:
    """Args:
    outdated: whether anything has changed since the cases ran.
    """
    if not (file.is_document or file.kind == "cases") or not isinstance(file.tree, Mapping) or not file.tree.entries:
        return ()
    top = file.tree.entries[0][0].span
    run = say("运行用例", "run the cases")
    if results is None:
        return (Lens(top, run, runs=True),)
    found = (Lens(top, f"{_summary(results, say)} · {run}", runs=True), *_of_conditions(file, results, say))
    if outdated:
        before = say("最近的改动之前：", "before the latest changes: ")
        found = tuple(replace(one, title=before + one.title) for one in found)
    return found


def keys_of(tree: Tree) -> dict[str, Entry]:
    """Every key of a file by its element, as `element_at` says it."""
    return dict(_keys(tree, ""))


def _keys(tree: Tree, path: str) -> Iterator[tuple[str, Entry]]:
    match tree:
        case Mapping(entries=entries):
            for key, value in entries:
                inner = f"{path}.{key.text}" if path else key.text
                yield inner, Entry(key.span, key.span.to(value.span))
                yield from _keys(value, inner)
        case Sequence(items=items):
            for number, item in enumerate(items, 1):
                yield f"{path}[{number}]", Entry(item.span, item.span)
                yield from _keys(item, f"{path}[{number}]")
        case Scalar():
            pass


def aspect_word(aspect: str, say: Say) -> str:
    return say(*ASPECT_WORDS[aspect])


def _summary(results: Results, say: Say) -> str:
    cases = len({(one.policy, one.case) for one in results.ran})
    if results.failed:
        return say(f"{cases} 个用例，{results.failed} 次没有通过", f"{cases} cases; runs that failed: {results.failed}")
    return say(f"{cases} 个用例，全部通过", f"{cases} cases, all passed")


def _of_conditions(file: File, results: Results, say: Say) -> Iterator[Lens]:
    keys = keys_of(file.tree)
    causes: dict[str, list[Seeing]] = {}
    for seeing in results.seen:
        if seeing.file != file.name or seeing.element not in keys:
            continue
        yield Lens(keys[seeing.element].key, _told(seeing, results, say), seeing.element)
        cause, inside, _ = seeing.element.rpartition(".conditions.")
        if inside:
            causes.setdefault(cause, []).append(seeing)
    for cause, inner in causes.items():
        lacking = sum(len(one.lacking) for one in inner)
        cases = max(one.cases for one in inner)
        title = say(
            f"{len(inner)} 个条件，{cases} 个用例看到", f"conditions: {len(inner)}; cases that see them: {cases}"
        )
        if lacking:
            title += say(f"；{lacking} 处没有用例看到", f"; ways that none sees: {lacking}")
        yield Lens(keys[cause].key, title, cause)


def _told(seeing: Seeing, results: Results, say: Say) -> str:
    met, unmet, open_ = (seeing.found.get(word, 0) for word in ("met", "unmet", "undetermined"))
    title = say(
        f"{seeing.cases} 个用例看到：满足 {met} 次，不满足 {unmet} 次",
        f"cases that see it: {seeing.cases}; met {met}×, unmet {unmet}×",
    )
    if open_:
        title += say(f"，未定 {open_} 次", f", undetermined {open_}×")
    if seeing.failed:
        title += say(f"；{seeing.failed} 个没有通过", f"; failed: {seeing.failed}")
    if seeing.lacking:
        title += say("；没有用例看到：", "; not seen: ") + say.names(
            _lack(one, say) for one in seeing.lacking[:_MOST_TOLD]
        )
        title += "…" if len(seeing.lacking) > _MOST_TOLD else ""
    survivors = results.survivors.get((seeing.file, seeing.rule), 0)
    if survivors:
        title += say(
            f"；上次 doudi mutate：{survivors} 处改动没有用例察觉",
            f"; at the last doudi mutate, changes that no case notices: {survivors}",
        )
    return title


def _lack(lack: Lack, say: Say) -> str:
    text = lack.text if len(lack.text) <= 24 else f"{lack.text[:23]}…"
    return f"`{text}` {aspect_word(lack.aspect, say)}"
