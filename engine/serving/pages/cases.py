"""用例: the cases run, what of the rules they saw line by line, which small changes none of them notices.

In: requests below `/cases`.  Out: pages. Imports cases, view, desk and below.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from engine.api import Policies
from engine.diagnostics import Language
from engine.editing.case_results import CoveredLine
from engine.editing.workspace import File, contents_of
from engine.policy.loader import read_library
from engine.records import dataclass
from engine.reporting.render_coverage import aspect_word
from engine.reporting.render_mutants import kind_words
from engine.serving.cases import Told, told_of
from engine.serving.desk import Rules, desk_of
from engine.serving.pages.lines import lines_of
from engine.serving.pages.rules import file_named, file_url
from engine.serving.view import in_thread, page

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


async def show(request: Request) -> Response:
    desk = desk_of(request)
    rules = desk.rules(request)
    form = await request.form() if request.method == "POST" else {}
    words = str(form.get("words", ""))[:_MOST_WORDS].strip()
    file, mutated = str(form.get("file", "")), str(form.get("mutated", ""))
    language = request.state.say.language
    documents = await in_thread(_documents, rules)
    told = None
    if request.method == "POST":
        chosen = mutated if mutated in documents else ""
        told = await in_thread(_told, rules, tuple(words.split()), chosen, language)
    lines: Sequence[Seen] = ()
    if told is not None and file in documents:
        lines = await in_thread(_lines, rules, file, told.lines.get(file, ()))
    return page(
        request,
        "cases/index.html",
        one=rules.draft,
        words=words,
        file=file,
        mutated=mutated,
        documents=documents,
        told=told,
        lines=lines,
        aspect=lambda word: aspect_word(word, language),
        kind=lambda mutant: kind_words(mutant, language),
        line_url=partial(file_url, request),
    )


def _documents(rules: Rules) -> list[str]:
    """The files that have rules or figures."""
    return sorted(one.name for one in rules.snapshot.files.values() if one.is_document)


def _told(rules: Rules, words: tuple[str, ...], mutated: str, language: Language) -> Told:
    """Over policies of its own: what runs the cases is made for one at a time."""
    folders = rules.snapshot.folders
    contents = contents_of(rules.texts, rules.gone)
    return told_of(Policies(read_library(folders, contents)), folders, words, mutated, language)


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


ROUTES: Final[list[BaseRoute]] = [Route("/cases", show, methods=["GET", "POST"])]
