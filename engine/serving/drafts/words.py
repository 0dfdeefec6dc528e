"""Files, and what differs in them, in the words of officers.

In: a snapshot, paths, `Said`s.  Out: titles and sentences; a key that no word is known for stays as it is written.
Imports meaning, editing, reporting (words) and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from engine.editing.things import entries
from engine.editing.workspace import File, Snapshot
from engine.evaluation.decision import Outcome
from engine.reporting.words import Words
from engine.say import Say
from engine.serving.drafts.meaning import Said
from engine.tree import Scalar

_SECTIONS: Final = {
    ("add", "requirements"): ("对全家的要求", "requirement"),
    ("add", "conditions"): ("条件", "condition"),
    ("add", "facts"): ("填报事项", "fact"),
    ("add", "terms"): ("计算步骤", "step"),
    ("add", "causes"): ("认定情形", "cause"),
    ("add", "outputs"): ("附带的数字", "figure"),
    ("exempt",): ("免除", "exemption"),
    ("set",): ("数值", "value"),
    ("replace", "terms"): ("改写的计算步骤", "step replaced"),
    ("causes",): ("认定情形", "cause"),
    ("terms",): ("计算步骤", "step"),
    ("facts",): ("填报事项", "fact"),
    ("parameters",): ("数值", "value"),
    ("outputs",): ("附带的数字", "figure"),
    ("requirements",): ("对全家的要求", "requirement"),
    ("local",): ("各市可以改什么", "what cities may change"),
    ("zones",): ("功能区", "zone"),
    ("tests",): ("用例", "case"),
}
_KEYS: Final = {
    "label": ("名称", "name"),
    "title": ("标题", "title"),
    "name": ("简称", "short name"),
    "cites": ("条款", "article"),
    "when": ("须满足", "it must hold"),
    "unless": ("不得有", "it must not hold"),
    "is": ("怎样算", "how it is worked out"),
    "from": ("施行日期", "in force from"),
    "until": ("施行到", "in force until"),
    "document": ("文号", "document"),
    "published": ("发布日期", "published on"),
    "source": ("出处", "source"),
    "grade": ("来源等级", "grade of the source"),
    "effect": ("对认定的影响", "effect promised"),
    "value": ("数值", "value"),
    "values": ("各地的数值", "values"),
    "table": ("表", "table"),
    "columns": ("表的列", "columns"),
    "unit": ("单位", "unit"),
    "default": ("没有填时当作", "default"),
    "partial": ("只改部分县", "some places only"),
    "counties": ("施行的县", "counties"),
    "status": ("状态", "status"),
    "suppress": ("不再提醒", "left out"),
    "reason": ("理由", "reason"),
    "why": ("为什么", "why"),
    "cases": ("哪一份规则的用例", "cases of"),
    "all": ("每一种情形", "every cause"),
    "conditions": ("条件", "condition"),
}  # fmt: skip
_VALUES: Final = {
    "effect": {"narrower": ("只会更严", "only narrower"), "wider": ("只会更宽", "only wider")},
}
_OUTCOMES: Final = frozenset(outcome.value for outcome in Outcome)
_STEP: Final = re.compile(r"\[[^\]]*\]|[^.\[\]]+")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def titles(snapshot: Snapshot, paths: Iterable[str], say: Say) -> dict[str, str]:
    """What each file is; "" where nothing better is known than its name."""
    files = {file.name: file for file in snapshot.files.values()}
    readers = dict(_readers(files.values()))
    return {path: _title(snapshot, files.get(path), readers.get(path), path, say) for path in paths}


def _readers(files: Iterable[File]) -> Iterator[tuple[str, tuple[str, File]]]:
    """Tables, with the key that names them and the file that reads them: cases name theirs from where they are."""
    for file in files:
        for path, _, value in entries(file.tree):
            if path[-1] in ("table", "file", "territory") and isinstance(value, Scalar):
                yield value.text, (path[-1], file)
                yield (PurePosixPath(file.name).parent / value.text).as_posix(), (path[-1], file)


def _title(snapshot: Snapshot, file: File | None, reader: tuple[str, File] | None, path: str, say: Say) -> str:
    documents = snapshot.library.documents
    if reader is not None and reader[0] == "territory":
        return say("区划表", "table of places")
    told = reader[1] if reader is not None else file
    of = "" if told is None or told.id not in documents else documents[told.id].header.title
    match "" if told is None else told.kind:
        case "cases":
            return say(f"用例：{of}" if of else "用例", f"cases: {of}" if of else "cases")
        case "policy" | "overlay" | "values":
            return say(f"标准的表：{of}", f"table: {of}") if path.endswith(".csv") else of
        case "settings":
            return say("检查的设置", "settings of the check")
        case _:
            if not path.startswith("cases/"):
                return ""
            return say("用例的表", "table of cases") if path.endswith(".csv") else say("用例", "cases")


def names(snapshot: Snapshot) -> dict[str, str]:
    """What ids are called, and codes of places."""
    found: dict[str, str] = {}
    for file in snapshot.files.values():
        for path, _, value in entries(file.tree):
            if len(path) > 1 and path[-1] == "label" and isinstance(value, Scalar):
                found.setdefault(str(path[-2]), value.text)
    library = snapshot.library
    for id_, document in library.documents.items():
        territory, code = library.territory(id_), document.header.jurisdiction
        for place in territory.inside(code):
            held = territory.get(place)
            if held is not None:
                found.setdefault(place, str(held.name))
    return found


def worded(saids: Iterable[Said], known: Mapping[str, str], say: Say) -> list[Said]:
    """The same with `label` in words; a case that came or went is one line."""
    words, found, cases = Words(say.language), list[Said](), dict[str, int]()
    for one in saids:
        steps = _STEP.findall(one.element)
        if one.how != "changed" and steps[0] == "tests" and len(steps) > 2:
            _gather(found, cases, one, steps, words, say)
            continue
        label = _place(steps, one.label, known, say)
        old, new = (_value(steps[-1], text, say) for text in (one.old, one.new))
        found.append(replace(one, label=label, old=old, new=new))
    return found


def _gather(found: list[Said], cases: dict[str, int], one: Said, steps: list[str], words: Words, say: Say) -> None:
    """Of a whole case what it is about and what it expects; the rest stands line by line."""
    text = one.new or one.old
    if steps[1] not in cases:
        cases[steps[1]] = len(found)
        found.append(Said(one.how, f"tests.{steps[1]}", say("用例", "case"), "", ""))
    if steps[-1] in ("why", "outcome"):
        told = text if steps[-1] == "why" else say("结论：", "answer: ") + (words(text) if text in _OUTCOMES else text)
        held = found[cases[steps[1]]]
        line = say("；", "; ").join(part for part in (held.new or held.old, told) if part)
        found[cases[steps[1]]] = replace(held, new=line) if one.how == "added" else replace(held, old=line)


def _place(steps: list[str], label: str, known: Mapping[str, str], say: Say) -> str:
    """What an element is, as far as there are words: its kind, what people call it, which part of it."""
    told, rest = [], steps
    for depth in (2, 1):
        section = _SECTIONS.get(tuple(steps[:depth]))
        if section is not None and len(steps) > depth:
            told, rest = [say(*section)], steps[depth:]
            break
    for step in rest:
        bare = step.strip("[]")
        if step.startswith("[") and _DAY.fullmatch(bare):
            told.append(say(f"{bare} 起", f"from {bare}"))
        elif step in _KEYS and (step is not rest[0] or not told or step == "all"):
            told.append(say(*_KEYS[step]))
        elif bare in known:
            told.append(known[bare])
        elif step.startswith("["):
            told.append(bare)
        elif re.fullmatch(r"\d{6}( .*)?", step) and step[:6] in known:
            told.append(known[step[:6]] + step[6:])
        elif not step.isascii() or not label:
            told.append(step)
    if label and len(steps) > 1 and label not in told and not any(step in known for step in rest):
        told.insert(len(told) - 1 if told else 0, label)
    return " · ".join(told)


def _value(key: str, text: str, say: Say) -> str:
    held = _VALUES.get(key, {}).get(text)
    return text if held is None else say(*held)
