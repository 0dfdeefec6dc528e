"""规则: the tree of places and documents; a document as merged, beside its text.

In: requests below `/rules`.  Out: pages. What they tell is worked out by `rules_tree`, `rules_merged`, `rules_open`.
Imports those, editing_rights, view, desk and below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from engine.diagnostics import Reporter
from engine.editing.workspace import File, Snapshot
from engine.errors import PolicyError
from engine.policy.checked import CheckedPolicy
from engine.policy.document import Document
from engine.policy.loader import Library
from engine.policy.model import MergedPolicy
from engine.policy.overlay import merge
from engine.records import dataclass
from engine.reporting.words import Words
from engine.say import Say
from engine.serving.desk import Desk, Rules, desk_of
from engine.serving.pages.editing_rights import why_not_write
from engine.serving.pages.editor_told import Problem, problem_elsewhere
from engine.serving.pages.lines import Line, lines_of
from engine.serving.pages.places import Place
from engine.serving.pages.rules_changed import changed_below
from engine.serving.pages.rules_merged import Document as InChain
from engine.serving.pages.rules_merged import Section, Shown, chain_of
from engine.serving.pages.rules_open import Asked, May
from engine.serving.pages.rules_tree import Branch, Leaf, astray, branches
from engine.serving.people.person import Person
from engine.serving.view import in_thread, page, url
from engine.tree import Mapping as Map

_KINDS: Final = {
    "cases": ("用例", "cases"),
    "table": ("表", "table"),
    "settings": ("检查的设置", "settings of the check"),
    "other": ("其他", "other"),
}


# ---- the tree


@dataclass(frozen=True, slots=True)
class _Other:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Tree:
    branches: tuple[Branch, ...]
    astray: tuple[Leaf, ...]
    others: tuple[_Other, ...]


async def index(request: Request) -> Response:
    told = await in_thread(_tree, desk_of(request).rules(request), request.state.say)
    may_begin = desk_of(request).drafts is not None and request.state.person.writes
    return page(
        request,
        "rules/index.html",
        branches=told.branches,
        astray=told.astray,
        others=told.others,
        may_begin=may_begin,
        **_links(request),
    )


def _tree(rules: Rules, say: Say) -> _Tree:
    words = Words(say.language)
    library = rules.policies.library
    with rules.policies.router.lock:
        files = sorted(rules.snapshot.files.values(), key=lambda one: one.name)
        tables = {source.name for one in library.documents.values() for source in one.tables}
        others = tuple(
            _Other(one.name, say(*_KINDS[one.kind])) for one in files if one.kind in _KINDS and one.name not in tables
        )
        return _Tree(branches(library, words), astray(library, words), others)


def _links(request: Request) -> dict[str, Any]:
    return {"document_url": partial(document_url, request), "file_url": partial(file_url, request)}


def document_url(request: Request, id_: str, **query: str) -> str:
    return url(request, f"/rules/document/{quote(id_, safe='')}", **query)


def file_url(request: Request, name: str, line: int = 0) -> str:
    return url(request, f"/rules/file/{quote(name)}") + (f"#L{line}" if line else "")


# ---- a document


@dataclass(frozen=True, slots=True)
class _Choice:
    """What of a document is to be shown; `wrong` where the request names a day or a place that is none."""

    id: str
    file: str
    place: str
    on: date
    wrong: str


@dataclass(frozen=True, slots=True)
class _Told:
    title: str
    chain: tuple[InChain, ...]
    sections: tuple[Section, ...]
    groups: Sequence[tuple[str, Sequence[May]]]
    problems: tuple[Problem, ...]
    places: Sequence[tuple[str, str]]
    files: tuple[str, ...]
    file: str
    lines: Sequence[Line]
    why_not: str
    digest: str


async def document(request: Request) -> Response:
    desk, say = desk_of(request), request.state.say
    rules = desk.rules(request)
    id_ = request.path_params["id"]
    if id_ not in rules.policies.library.documents:
        raise HTTPException(404, say(f"没有文件 {id_}", f"there is no document {id_}"))
    query = request.query_params
    on, wrong = _day(query.get("on", ""), desk.work.today(), say)
    choice = _Choice(id_, query.get("file", ""), query.get("place", ""), on, wrong)
    told = await in_thread(_document, desk, rules, choice, request.state.person, say)
    return page(
        request,
        "rules/document.html",
        id=id_,
        on=on.isoformat(),
        place=choice.place,
        wrong=wrong,
        told=told,
        file=told.file,
        lines=told.lines,
        file_to_edit=told.file,
        why_not=told.why_not,
        count=sum(len(rows) for _, rows in told.groups),
        at=partial(_at, request, told),
        rules=partial(document_url, request),
        **_links(request),
    )


def _day(text: str, today: date, say: Say) -> tuple[date, str]:
    try:
        return (date.fromisoformat(text) if text else today), ""
    except ValueError:
        return today, say(f"“{text}”不是日期，请写成 2023-01-31 这样", f"`{text}` is no day; write it as 2023-01-31")


def _at(request: Request, told: _Told, place: Place) -> str:
    """A line of the text beside; of a file that is not there, the same page with it."""
    if place.file == told.file:
        return f"#L{place.line}"
    if place.file in told.files:
        query = {**request.query_params, "file": place.file}
        return f"?{_query(query)}#L{place.line}"
    return file_url(request, place.file, place.line)


def _query(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items() if value)


def _document(desk: Desk, rules: Rules, choice: _Choice, person: Person, say: Say) -> _Told:
    with rules.policies.router.lock:
        return _Telling(desk, rules, choice, person, say).told()


class _Telling:
    def __init__(self, desk: Desk, rules: Rules, choice: _Choice, person: Person, say: Say) -> None:
        self._desk = desk
        self._rules = rules
        self._choice = choice
        self._person = person
        self._say = say
        self._words = Words(say.language)
        self._library: Library = rules.policies.library
        self._document: Document = self._library.documents[choice.id]

    def told(self) -> _Told:
        territory = self._library.territory(self._choice.id)
        places = [(code, territory.name_of(code)) for code in territory.inside(self._document.header.jurisdiction)]
        place = self._choice.place if self._choice.place in dict(places) else ""
        policy, problems = self._policy(place)
        files = self._files(policy)
        file = self._file(files)
        return _Told(
            self._document.header.title or self._choice.id,
            () if policy is None else chain_of(policy, self._words),
            () if policy is None else self._sections(policy, [place] if place else [code for code, _ in places]),
            self._asked.groups(),
            problems,
            places,
            files,
            file.name,
            lines_of(file, [(one.line, one.severity) for one in problems if one.file == file.name]),
            why_not_write(self._desk, self._rules, self._person, file, self._say),
            "" if policy is None else policy.digest,
        )

    def _policy(self, place: str) -> tuple[CheckedPolicy | None, tuple[Problem, ...]]:
        """As it is merged for a place, or for the whole of its jurisdiction; what keeps it from that."""
        try:
            if not place:
                return self._rules.policies.overlay_for(self._choice.id, self._choice.on), ()
            policy, report = self._rules.policies.policy_for(self._choice.id, place, self._choice.on)
            found = report.diagnostics if policy is None else ()
        except PolicyError as fault:
            policy, found = None, tuple(fault.diagnostics)
        return policy, tuple(problem_elsewhere(one, self._say) for one in found)

    def _sections(self, policy: CheckedPolicy, places: Sequence[str]) -> tuple[Section, ...]:
        whole = places if policy.merged.chain.overlays or self._choice.place else sorted(policy.merged.divisions)
        below = changed_below(self._library, self._choice.id)
        return Shown(policy, whole, self._choice.on, None, self._words, self._asked, below).sections()

    @property
    def _asked(self) -> Asked:
        root = self._library.documents.get(self._library.root_of(self._choice.id) or "")
        opening = None if root is None or not isinstance(root.tree, Map) else root.tree.get("local")
        local = None if opening is None else Place.of(opening.span)
        return Asked(self._choice.id, self._below(), local, self._words)

    def _below(self) -> MergedPolicy | None:
        """What the document is written against."""
        line = self._library.line_to(self._choice.id)
        line = line[: line.index(self._choice.id)]
        chain = self._rules.policies.slices.chain(line) if line else None
        return None if chain is None else merge(chain, Reporter())

    # ---- the text beside

    def _files(self, policy: CheckedPolicy | None) -> tuple[str, ...]:
        """Those of the chain, the document's own first, and the tables that it reads."""
        ids = [self._choice.id] if policy is None else [*reversed(policy.merged.chain.ids)]
        ids.sort(key=lambda one: one != self._choice.id)
        documents = [self._library.documents[one] for one in ids if one in self._library.documents]
        own = [one.tree.span.source.name for one in documents]
        return tuple(dict.fromkeys([*own[:1], *(one.name for one in self._document.tables), *own[1:]]))

    def _file(self, files: Sequence[str]) -> File:
        wanted = self._choice.file if self._choice.file in files else files[0]
        found = file_named(self._rules.snapshot, wanted) or file_named(self._rules.snapshot, files[0])
        assert found is not None, "the file of a document is in the folder that it was read from"
        return found


def file_named(snapshot: Snapshot, name: str) -> File | None:
    return next((one for one in snapshot.files.values() if one.name == name), None)


# ---- a file


async def file(request: Request) -> Response:
    desk, say, person = desk_of(request), request.state.say, request.state.person
    rules = desk.rules(request)

    def work() -> tuple[File, list[str], str] | None:
        with rules.policies.router.lock:
            found = file_named(rules.snapshot, request.path_params["name"])
            if found is None:
                return None
            documents = rules.policies.library.documents.values()
            names = {one.header.id for one in documents if found.name in (table.name for table in one.tables)} | (
                {found.id} if found.id in rules.policies.library.documents else set()
            )
            return found, sorted(names), why_not_write(desk, rules, person, found, say)

    told = await in_thread(work)
    if told is None:
        raise HTTPException(404, say("没有这个文件", "there is no such file"))
    found, documents, why_not = told
    return page(
        request,
        "rules/file.html",
        file=found.name,
        lines=lines_of(found),
        documents=documents,
        file_to_edit=found.name,
        why_not=why_not,
        **_links(request),
    )


ROUTES: Final[list[BaseRoute]] = [
    Route("/rules", index),
    Route("/rules/document/{id}", document),
    Route("/rules/file/{name:path}", file),
]
