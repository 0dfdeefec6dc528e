"""用例: the cases run, what of the rules they saw line by line, which small changes none of them notices.

In: requests below `/cases`.  Out: pages. Imports cases, view, desk and below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count, zip_longest
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from engine import disk
from engine.api import Policies
from engine.diagnostics import Language
from engine.editing.actions import case_added
from engine.editing.case_results import CoveredLine
from engine.editing.workspace import File, contents_of
from engine.gathered import gathered
from engine.policy.loader import read_library
from engine.records import dataclass
from engine.reporting.render_coverage import aspect_word
from engine.reporting.render_mutants import kind_words
from engine.reporting.words import Words
from engine.say import Say
from engine.serving.cases import Told, told_of
from engine.serving.desk import Desk, Rules, desk_of
from engine.serving.drafts.paths import file_in
from engine.serving.offered import MOST_OFFERED_TEXT, Offer, kept, offers
from engine.serving.pages.editor import edit_url
from engine.serving.pages.lines import lines_of
from engine.serving.pages.rules import file_named, file_url
from engine.serving.pages.saving import FOLDER
from engine.serving.saving import Saved, Text, save, texts_of, trouble_words
from engine.serving.view import in_thread, page, url
from engine.testing.untried import MOST_DRAFTED

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
    form = await request.form() if request.method == "POST" else FormData()
    words = str(form.get("words", ""))[:_MOST_WORDS].strip()
    file, mutated = str(form.get("file", request.query_params.get("file", ""))), str(form.get("mutated", ""))
    language = request.state.say.language
    documents = await in_thread(_documents, rules)
    told, trouble, offering = None, "", form.get("do") in ("offer", "keep")
    if form.get("do") == "keep":
        kept_in = await in_thread(_keep, request, rules, form)
        if isinstance(kept_in, Saved):
            return RedirectResponse(url(request, "/cases", draft=kept_in.draft, kept="1"), 303)
        trouble = kept_in
    if request.method == "POST" and form.get("do") != "fill":  # that is the page once more, as in another language
        chosen = mutated if mutated in documents else ""
        told = await in_thread(_told, rules, tuple(words.split()), chosen, language, covering=not offering)
    lines: Sequence[Seen] = ()
    if told is not None and file in documents:
        lines = await in_thread(_lines, rules, file, told.lines.get(file, ()))
    return page(
        request,
        "cases/index.html",
        422 if trouble else 200,
        one=rules.draft,
        words=words,
        file=file,
        mutated=mutated,
        documents=documents,
        told=told,
        offers=() if told is None else offers(told.drafted, Words(language)),
        offering=offering,
        trouble=trouble,
        kept="kept" in request.query_params,
        may_keep=desk.drafts is not None and request.state.person.writes,
        lines=lines,
        aspect=lambda word: aspect_word(word, language),
        kind=lambda mutant: kind_words(mutant, language),
        line_url=partial(file_url, request),
        may_take=desk.drafts is not None and request.state.person.writes,
    )


async def take(request: Request) -> Response:
    """A case that was proposed goes into the draft, where its author says why, and confirms it."""
    desk, say, person = desk_of(request), request.state.say, request.state.person
    form = await request.form()
    name, policy, typed = (str(form.get(field, "")) for field in ("file", "policy", "proposal"))
    proposal = typed.replace("\r\n", "\n")
    rules = desk.rules(request)

    def work() -> tuple[Saved, str, int]:
        snapshot = rules.snapshot
        file = file_named(snapshot, name)
        if file is None or policy not in snapshot.library.documents or not proposal:
            raise HTTPException(404, say("没有这个文件", "there is no such file"))
        texts = texts_of(snapshot, *case_added(snapshot, file, policy, proposal))
        [text] = texts
        draft = "" if rules.draft is None else rules.draft.id
        made = save(desk, person, draft, say(f"补用例：{name}", f"cases for {name}"), texts)
        home = disk.real(snapshot.folders[0])
        return made, text.path.relative_to(home).as_posix(), _differs_at(text.before or "", text.text or "")

    made, path, line = await in_thread(work)
    if made.trouble:
        raise HTTPException(409, trouble_words(made.trouble, say))
    return RedirectResponse(f"{edit_url(request, made.draft, path)}#L{line}", 303)


def _differs_at(before: str, after: str) -> int:
    """The first line with something on it that is new."""
    lines = zip_longest(before.splitlines(), after.splitlines())
    return next((at for at, (one, other) in enumerate(lines, 1) if one != other and (other or "").strip()), 1)


def _documents(rules: Rules) -> list[str]:
    """The files that have rules or figures."""
    return sorted(one.name for one in rules.snapshot.files.values() if one.is_document)


def _told(rules: Rules, words: tuple[str, ...], mutated: str, language: Language, *, covering: bool) -> Told:
    """Over policies of its own: what runs the cases is made for one at a time."""
    folders = rules.snapshot.folders
    policies = Policies(read_library(folders, contents_of(rules.texts, rules.gone)))
    return told_of(policies, folders, words, mutated, language, covering=covering)


# ---- offered cases that were confirmed


def _keep(request: Request, rules: Rules, form: FormData) -> Saved | str:
    """The cases that were ticked, in the draft; or why they are not."""
    desk = desk_of(request)
    say: Say = request.state.say
    confirmed = list(_confirmed(form))
    if not confirmed:
        return say("勾选核对过的家庭，再写入", "tick the households that you have checked")
    texts = []
    for (policy, start), held in gathered(((one.policy, one.start), one) for one in confirmed).items():
        stem = f"{policy}_{start}" if start else policy
        number = next(at for at in count(1) if not _is_there(desk, rules, _path(stem, at)))
        path, name = _path(stem, number), stem if number == 1 else f"{stem}_{number}"
        text = kept(rules.policies, held, name, say)
        file = None if desk.drafts is None else file_in(desk.drafts.home, path)
        if text is None or file is None:
            return say(
                "规则在您核对期间改过了，结论不再是您看到的；再看一遍",
                "the rules were changed meanwhile, and the answers are not those that you saw; look again",
            )
        texts.append(Text(file, text, None))
    title = say("改动的用例", "Cases of a change")
    saved = save(desk, request.state.person, request.query_params.get("draft", ""), title, texts)
    return saved if saved.trouble is None else trouble_words(saved.trouble, say)


def _path(stem: str, number: int) -> str:
    return f"{FOLDER}/{stem}.yaml" if number == 1 else f"{FOLDER}/{stem}_{number}.yaml"


def _is_there(desk: Desk, rules: Rules, path: str) -> bool:
    """Whether the draft, or what is published, has a file of that name."""
    drafts = desk.drafts
    if drafts is None:
        return False
    return (drafts.published(path) if rules.draft is None else drafts.text(rules.draft, path)) is not None


def _confirmed(form: FormData) -> Iterator[Offer]:
    """The offers whose box is ticked, as they were shown."""
    for number in range(MOST_DRAFTED):
        names = ("policy", "start", "why", "household", "expected")
        policy, start, why, household, expected = (str(form.get(f"{name}.{number}", "")) for name in names)
        if f"confirmed.{number}" in form and max(len(why), len(household)) <= MOST_OFFERED_TEXT:
            yield Offer(policy, start, why, household, expected)


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
