"""标准: published figures as a grid; a new year's, from cells, Excel or a file, previewed and put into a draft.

In: requests.  Out: pages. What they show is worked out in `engine.serving.standards`.
Imports posted, saving, view and those modules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from engine.editing.workspace import Snapshot
from engine.records import dataclass
from engine.say import Say
from engine.serving.desk import desk_of
from engine.serving.difference import hunks
from engine.serving.drafts.texts import sha
from engine.serving.people.person import Person
from engine.serving.posted import Posted, TooLarge, posted
from engine.serving.saving import Text, save, status_of, trouble_words
from engine.serving.standards.changes import doubt_words
from engine.serving.standards.entry import Entry, Upload, as_filled, blank, previewed, read
from engine.serving.standards.fields import cell_field, form_of, unit_field, word_field
from engine.serving.standards.figures import Figures, figures
from engine.serving.standards.places import Choice, Root, cities_of, counties_for, documents_for, roots
from engine.serving.standards.tables import options_of, unit_choices
from engine.serving.standards.taking import Place, place_of
from engine.serving.view import in_thread, page, url
from engine.writing.refused import Refused

MOST_YEARS: Final = 12
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Shown:
    """
    Attributes:
        city: the one that is shown, "" for all.
        documents: those that the person may write into; `document` that of the city.
    """

    roots: tuple[Root, ...]
    root: Root | None
    parameter: str
    cities: tuple[Choice, ...]
    city: str
    figures: Figures | None
    documents: tuple[Choice, ...]
    document: str = ""


async def _grid(request: Request) -> Response:
    asked = request.query_params
    rules, today = desk_of(request).rules(request), desk_of(request).work.today()
    years = [int(one) for one in asked.getlist("year")[:MOST_YEARS] if one.isdecimal() and len(one) == 4]
    chosen = (asked.get("policy", ""), asked.get("parameter", ""), asked.get("city", ""))
    may_edit = desk_of(request).may_edit
    shown = await in_thread(_shown, rules.snapshot, request.state.person, chosen, years, today, may_edit)
    return page(request, "standards/index.html", shown=shown, saved="saved" in asked)


def _shown(
    snapshot: Snapshot,
    person: Person,
    chosen: tuple[str, str, str],
    years: list[int],
    today: date,
    may_edit: Callable[[Path], bool],
) -> Shown:
    policy, parameter, city = chosen
    every = roots(snapshot)
    root = next((one for one in every if one.id == policy), every[0] if every else None)
    if root is None:
        return Shown((), None, "", (), "", None, ())
    parameters = [one.id for one in root.parameters]
    parameter = parameter if parameter in parameters else parameters[0]
    territory = snapshot.library.territory(root.id)
    codes = counties_for(person, territory)
    cities = cities_of(territory, codes)
    city = city if city in {one.id for one in cities} else ""
    places = tuple(code for code in codes if not city or city in territory.up(code))
    sound = [year for year in years if _FIRST_YEAR <= year <= _LAST_YEAR]
    made = figures(snapshot, root.id, parameter, places, sound, today)
    documents = documents_for(snapshot, person, root, parameter, may_edit)
    own = (one.id for one in documents if snapshot.library.documents[one.id].header.jurisdiction == (city,))
    return Shown(every, root, parameter, cities, city, made, documents, next(own, ""))


# ---- a new year


async def _new(request: Request) -> Response:
    place = await _place(request)
    if isinstance(place, Refused):
        return _refusal(request, place)
    again = request.query_params.get("again", "")
    again = again if again in place.starts() else ""
    return _page(request, await in_thread(blank, place, again, desk_of(request).work.today()))


async def _posted(request: Request) -> Response:
    place = await _place(request)
    if isinstance(place, Refused):
        return _refusal(request, place)
    say, today = request.state.say, desk_of(request).work.today()
    try:
        given = await posted(request)
    except TooLarge:
        empty = await in_thread(blank, place, "", today)
        return _page(request, replace(empty, trouble=_too_large(say)), 413)
    entry = await in_thread(_asked, place, given, today, say)
    if given.one("do") == "write" and entry.may_be_written:
        if given.one("mark") == sha(place.text.text):
            return await _write(request, entry)
        return _page(request, replace(entry, trouble=trouble_words("changed", say)), 409)
    return _page(request, entry, 422 if entry.trouble or entry.faults else 200)


async def _place(request: Request) -> Place | Refused:
    """Where figures go, or why they may not."""
    asked, snapshot = request.query_params, desk_of(request).rules(request).snapshot
    person: Person = request.state.person

    def find(document: str, parameter: str) -> Place | Refused:
        held = snapshot.library.documents.get(document)
        if held is not None and not person.may_write(held.header.jurisdiction, snapshot.library.territory(document)):
            return Refused("您不能改这个地方的标准", "you may not change the figures of this place")
        try:
            return place_of(snapshot, document, parameter)
        except Refused as refused:
            return refused

    return await in_thread(find, asked.get("place", ""), asked.get("parameter", ""))


def _asked(place: Place, given: Posted, today: date, say: Say) -> Entry:
    """To read a file, or what was pasted, into the cells; else to see what the cells change."""
    form = form_of(given.first, place.target)
    if given.one("do") == "read":
        return read(place, form, Upload(given.one("pasted"), given.file, given.name), today, say)
    if given.one("do") == "fill":  # the same once more, as in another language
        return replace(as_filled(place, form, today), pasted=given.one("pasted"))
    return previewed(place, form, today, say)


async def _write(request: Request, entry: Entry) -> Response:
    desk, made = desk_of(request), entry.preview
    say: Say = request.state.say
    if made is None or made.table is None:
        return _page(request, replace(entry, trouble=trouble_words("no-drafts", say)), 403)
    # a new table is of whose overlay reads it: the overlay goes first
    texts = (Text(entry.place.path, made.after, made.before), Text(made.table, made.table_text, made.old_table))
    title = say(f"{entry.place.document.header.title}：{entry.form.day()} 起", f"{entry.form.day()}: figures")
    draft = request.query_params.get("draft", "")
    saved = await in_thread(save, desk, request.state.person, draft, title, texts)
    if saved.trouble:
        return _page(request, replace(entry, trouble=trouble_words(saved.trouble, say)), status_of(saved.trouble))
    places = entry.place.document.header.jurisdiction
    city = places[0] if len(places) == 1 else ""
    return RedirectResponse(url(request, "/standards", draft=saved.draft, city=city, saved="1"), 303)


def _refusal(request: Request, refused: Refused) -> Response:
    return page(request, "standards/refused.html", 403, text=request.state.say(refused.zh, refused.en))


def _too_large(say: Say) -> str:
    return say(
        "上传的文件太大（最多 4 MB）。标准表不该有这么大，请删去用不到的工作表再试",
        "the file is too large (4 MB at most); remove the sheets that are not needed",
    )


def _page(request: Request, entry: Entry, status: int = 200) -> Response:
    say: Say = request.state.say
    target = entry.place.target
    return page(
        request,
        "standards/new.html",
        status,
        entry=entry,
        form=entry.form,
        target=target,
        options=options_of(target),
        units=unit_choices(target),
        cell_field=cell_field,
        unit_field=unit_field,
        word_field=word_field,
        doubt=lambda one: doubt_words(one, say),
        hunks=hunks,
        mark=sha(entry.place.text.text),
        may_write=desk_of(request).drafts is not None,
        faults={one.field: say(one.zh, one.en) for one in entry.faults},
    )


ROUTES: Final = [
    Route("/standards", _grid),
    Route("/standards/new", _new),
    Route("/standards/new", _posted, methods=["POST"]),
]
