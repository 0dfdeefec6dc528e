"""What may be done about a place: a fault repaired as `doudi fix` does it, a finding left out for a reason, a case
added that no file has yet.

In: a snapshot, a file and a stretch of it, what was found in the file, and what running the cases found.  Out:
`Action`s with their edits by file.
Imports writing, case_results, formatting's floor and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias

from engine import disk
from engine.diagnostics import Diagnostic
from engine.editing.case_results import Results
from engine.editing.lenses import aspect_word, keys_of
from engine.editing.workspace import File, Snapshot
from engine.fixes import TextEdit, certain_fix
from engine.policy.files import HYGIENE_FILE
from engine.policy.hygiene.places import element_at
from engine.policy.hygiene.settings import DEFAULTS
from engine.records import dataclass
from engine.say import Say
from engine.source import Span
from engine.tree import Mapping as Map
from engine.tree import Tree
from engine.writing.fixing import fixed
from engine.writing.text_file import TextFile
from engine.writing.yaml_text import yaml_text

Kind: TypeAlias = Literal["fix", "fix-all", "suppress", "case"]


@dataclass(frozen=True, slots=True)
class Action:
    """Attributes:
    edits: by real path; none of `fix-all`, whose edits `all_fixes` works out when it is chosen.
    created: files that are to be made first, with their texts.
    solves: what is gone afterwards.
    """

    kind: Kind
    title: str
    edits: Mapping[Path, tuple[TextEdit, ...]] = field(default_factory=dict)
    created: Mapping[Path, str] = field(default_factory=dict)
    solves: tuple[Diagnostic, ...] = ()


def actions(
    snapshot: Snapshot,
    file: File,
    start: int,
    end: int,
    found: Sequence[Diagnostic],
    results: Results | None,
    say: Say,
) -> tuple[Action, ...]:
    """What may be done about a stretch; `found` is what the file was found to have, when its text was as it is."""
    near = [one for one in found if one.span is not None and one.span.source.text == file.source.text]
    here = [one for one in near if one.span is not None and one.span.start <= end and start <= one.span.end]
    fixes = list(_fixes(file, here, say))
    if fixes and sum(certain_fix(one) is not None for one in near) > 1:
        name = say("改正文件里全部改法确定的错误", "repair all in this file that can be repaired with certainty")
        fixes.append(Action("fix-all", name))
    return (*fixes, *suppressions(snapshot, file, here, say), *_cases(snapshot, file, start, end, results, say))


def all_fixes(snapshot: Snapshot, file: File) -> tuple[TextEdit, ...]:
    """Every certain repair of a file; each was checked, and none that brings a fault is among them."""

    def check(contents: Mapping[Path, bytes]) -> Sequence[Diagnostic]:
        after = snapshot
        for path, data in contents.items():
            after = after.with_text(path, data.decode())
        return [one for found in after.diagnostics().values() for one in found]

    text = TextFile(file.name, file.source.text)
    done = fixed({file.name: (file.path, text)}, check).files.get(file.path)
    if done is None:
        return ()
    return (TextEdit(Span(file.source, 0, len(file.source.text)), done[1].text),)


# ---- repairs


def _fixes(file: File, found: Sequence[Diagnostic], say: Say) -> Iterator[Action]:
    for one in found:
        edit = certain_fix(one)
        if edit is not None:
            text = edit.text.strip() or repr(edit.text)
            title = say(f"改为 {text}", f"change to {text}")
            # the same file under the name it has now
            span = Span(file.source, edit.span.start, edit.span.end)
            yield Action("fix", title, {file.path: (TextEdit(span, edit.text),)}, solves=(one,))


# ---- findings left out


def suppressions(snapshot: Snapshot, file: File, found: Sequence[Diagnostic], say: Say) -> Iterator[Action]:
    settings = _settings_path(snapshot, file)
    document = next(
        (
            one
            for one in snapshot.library.documents.values()
            if file.name in (one.tree.span.source.name, *(table.name for table in one.tables))
        ),
        None,
    )
    if settings is None or document is None:
        return
    for one in found:
        if one.code in DEFAULTS and one.span is not None:
            element = file.name if file.kind == "table" else element_at(file.tree, one.span.start)
            edits, created = _suppressed(snapshot.files.get(settings), settings, one.code, document.header.id, element)
            title = say(
                f"这一处不报 {one.code}（理由写在 {HYGIENE_FILE}）",
                f"leave out {one.code} here (the reason goes into {HYGIENE_FILE})",
            )
            yield Action("suppress", title, edits, created, (one,))


def _settings_path(snapshot: Snapshot, file: File) -> Path | None:
    folders = [disk.real(folder) for folder in snapshot.folders]
    return next((folder / HYGIENE_FILE for folder in folders if file.path.is_relative_to(folder)), None)


def _suppressed(
    settings: File | None, path: Path, code: str, policy: str, element: str
) -> tuple[dict[Path, tuple[TextEdit, ...]], dict[Path, str]]:
    """The reason is left to the author; the check asks for it until it is written."""
    item = f'  - code: {code}\n    policy: {yaml_text(policy)}\n    element: {yaml_text(element)}\n    reason: ""\n'
    if settings is None:
        return {}, {path: f"format: 1\n\nsuppress:\n{item}"}
    return {path: (_added(settings, "suppress", item),)}, {}


def _added(file: File, key: str, entry: str) -> TextEdit:
    """An entry put at the end of what stands under a key at the top; the key with it where there is none yet."""
    text = file.source.text
    held = file.tree.get(key) if isinstance(file.tree, Map) else None
    if held is None:
        end = len(text)
        entry = f"{'' if text.endswith(chr(10)) or not text else chr(10)}\n{key}:\n{entry}"
    else:
        end = _line_behind(text, _last(held))
        if text[:end] and not text[:end].endswith("\n"):
            entry = f"\n{entry}"
    return TextEdit(Span(file.source, end, end), entry)


def _last(node: Tree) -> int:
    """Behind the last sign of a value."""
    return len(node.span.source.text[: node.span.end].rstrip())


def _line_behind(text: str, offset: int) -> int:
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1


# ---- cases


def _cases(snapshot: Snapshot, file: File, start: int, end: int, results: Results | None, say: Say) -> Iterator[Action]:
    if results is None or not file.is_document:
        return
    keys = keys_of(file.tree)
    for seeing in results.seen:
        place = keys.get(seeing.element) if seeing.file == file.name else None
        if place is None or place.whole.end < start or end < place.key.start:
            continue
        stands = " ".join(place.whole.text.split())
        for lack in seeing.lacking:
            if lack.proposal and lack.text in stands:  # of what was written anew since, nobody has looked yet
                title = say(
                    f"补一个用例：{lack.text} {aspect_word(lack.aspect, say)}",
                    f"add a case: {lack.text} {aspect_word(lack.aspect, say)}",
                )
                yield Action("case", title, *case_added(snapshot, file, seeing.policy, lack.proposal))


def case_added(
    snapshot: Snapshot, file: File, policy: str, proposal: str
) -> tuple[dict[Path, tuple[TextEdit, ...]], dict[Path, str]]:
    """A case that is proposed goes into the first case file of the policy, marked as not confirmed; else into a new
    one. Returned as the edits and the new files of an `Action`."""
    proposal = proposal.replace("    why: …\n", '    why: ""\n    confirmed: no\n')
    holder = next((one for one in snapshot.files.values() if one.kind == "cases" and one.id == file.id), None)
    if holder is not None and holder.sound:
        proposal = f"  {_free_name(holder)}:\n{proposal.partition(chr(10))[2]}"
        return {holder.path: (_added(holder, "tests", f"\n{proposal}\n"),)}, {}
    path = file.path.parent / f"{file.path.stem}-cases.yaml"
    return {}, {path: f"cases: {policy}\ntitle: {yaml_text(policy)}\n\ntests:\n{proposal}\n"}


def _free_name(holder: File) -> str:
    held = holder.tree.get("tests") if isinstance(holder.tree, Map) else None
    taken = {key.text for key, _ in held.entries} if isinstance(held, Map) else set()
    return next(name for name in (f"proposed_{number}" for number in count(1)) if name not in taken)
