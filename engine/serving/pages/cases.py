"""用例: the cases run, what of the rules they saw line by line, which small changes none of them notices.

In: requests below `/cases`.  Out: pages. What takes long comes in parts: a page shows the cases first, and holds a form
for each part that is still to come, which a script posts by itself. Imports cases, cases_kept, view, desk and below.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from engine.api import Policies
from engine.diagnostics import Language
from engine.editing.case_results import CoveredLine
from engine.editing.workspace import File, contents_of
from engine.policy.loader import read_library
from engine.records import dataclass
from engine.reporting.render_coverage import aspect_word
from engine.reporting.render_mutants import kind_words
from engine.reporting.words import Words
from engine.serving.cases import Told, Trying, told_of
from engine.serving.desk import Rules, desk_of
from engine.serving.offered import offers
from engine.serving.pages.cases_kept import keep, take
from engine.serving.pages.lines import lines_of
from engine.serving.pages.rules import file_named, file_url
from engine.serving.people.person import Person
from engine.serving.saving import Saved
from engine.serving.view import in_thread, page, url

_MOST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of a file with what the cases saw of it: `all`, `some` or `none` of its ways; "" where there is nothing to
    see."""

    number: int
    text: str
    quiet: bool
    state: str
    told: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """
    Attributes:
        do: `run` the cases; `see` what of the rules they saw; `change` the rules of a file; `offer` cases, or `keep`
            those that were ticked; `fill` the form in once more, as in another language.
        file: whose lines are shown.
        mutated: whose rules are changed.
        mark: of the rules that changes were tried on before.
    """

    do: str
    words: str
    file: str
    mutated: str
    mark: str
    tried: str
    survived: str

    @classmethod
    def of(cls, request: Request, form: FormData) -> _Asked:
        names = ("file", "mutated", "mark", "tried", "survived")
        file, mutated, mark, tried, survived = (str(form.get(name, "")) for name in names)
        words, do = str(form.get("words", ""))[:_MOST_WORDS].strip(), str(form.get("do", "run"))
        if request.method == "GET":
            do, file = "fill", request.query_params.get("file", "")
        return cls(do, words, file, mutated, mark, tried, survived)

    @property
    def offering(self) -> bool:
        return self.do in ("offer", "keep")

    def trying(self, mark: str) -> Trying | None:
        """What to go on from; from the beginning where the rules are not those of before."""
        if self.do != "change" or not self.mutated:
            return None
        tried = _number(self.tried) if self.mark == mark else 0
        survived = {place for one in self.survived.split() if (place := _number(one)) < tried}
        return Trying(self.mutated, tried, tuple(sorted(survived)))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


async def show(request: Request) -> Response:
    rules = desk_of(request).rules(request)
    asked = _Asked.of(request, await request.form() if request.method == "POST" else FormData())
    trouble, status = "", 200
    if asked.do == "keep":
        kept = await in_thread(keep, request, rules, await request.form())
        if isinstance(kept, Saved):
            return RedirectResponse(url(request, "/cases", draft=kept.draft, kept="1"), 303)
        trouble, status = kept
    return await in_thread(_page, request, rules, asked, trouble, status)


def _page(request: Request, rules: Rules, asked: _Asked, trouble: str, status: int) -> Response:
    language, documents = request.state.say.language, _documents(rules)
    told = None if asked.do == "fill" else _told(rules, asked, documents, language)
    lines: Sequence[Seen] = ()
    if told is not None and told.lines and asked.file in documents:
        lines = _lines(rules, asked.file, told.lines.get(asked.file, ()))
    return page(
        request,
        "cases/index.html",
        status,
        one=rules.draft,
        asked=asked,
        mark=rules.mark,
        documents=documents,
        told=told,
        offers=() if told is None else offers(told.drafted, Words(language)),
        trouble=trouble,
        kept="kept" in request.query_params,
        mine=_mine(request, rules) if told is not None else frozenset(),
        lines=lines,
        aspect=lambda word: aspect_word(word, language),
        kind=lambda mutant: kind_words(mutant, language),
        line_url=partial(file_url, request),
    )


def _documents(rules: Rules) -> list[str]:
    """The files that have rules or figures."""
    return sorted(one.name for one in rules.snapshot.files.values() if one.is_document)


def _mine(request: Request, rules: Rules) -> frozenset[str]:
    """The documents whose cases this person may put into a draft."""
    person: Person = request.state.person
    if desk_of(request).drafts is None:
        return frozenset()
    documents = rules.snapshot.library.documents
    return frozenset(name for name, one in documents.items() if rules.rights.may_keep_cases(person, one))


def _told(rules: Rules, asked: _Asked, documents: Sequence[str], language: Language) -> Told:
    """Over policies of its own: what runs the cases is made for one at a time."""
    folders = rules.snapshot.folders
    policies = Policies(read_library(folders, contents_of(rules.texts, rules.gone)))
    trying = asked.trying(rules.mark) if asked.mutated in documents else None
    words = tuple(asked.words.split())
    return told_of(policies, folders, words, language, seeing=asked.do == "see", trying=trying)


def _lines(rules: Rules, name: str, seen: Sequence[CoveredLine]) -> list[Seen]:
    file = file_named(rules.snapshot, name)
    assert isinstance(file, File)
    held = {one.line: one for one in seen}
    return [_seen(one.number, one.text, one.quiet, held.get(one.number)) for one in lines_of(file)]


def _seen(number: int, text: str, quiet: bool, line: CoveredLine | None) -> Seen:
    if line is None:
        return Seen(number, text, quiet, "", "")
    state = "none" if not line.seen else "all" if line.seen == line.ways else "some"
    return Seen(number, text, quiet, state, f"{line.seen}/{line.ways}")


ROUTES: Final[list[BaseRoute]] = [
    Route("/cases", show, methods=["GET", "POST"]),
    Route("/cases/take", take, methods=["POST"]),
]
