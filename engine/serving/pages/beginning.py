"""A file begun for a city or county that has none yet, as `doudi new city` does it: in a draft, then in the editor.

In: requests below `/rules/new`.  Out: pages, a draft with the file. Imports editor, saving, view, writing and below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from engine.policy.loader import Library
from engine.serving.desk import Desk, Rules, desk_of
from engine.serving.drafts.paths import file_in
from engine.serving.pages.editor import edit_url
from engine.serving.people.person import Person
from engine.serving.saving import Text, save, status_of, trouble_words
from engine.serving.view import in_thread, page
from engine.writing.home import Home, home_of
from engine.writing.new_city import new_city
from engine.writing.refused import Refused

_NOT_IN_IDS: Final = re.compile("[^a-z0-9]")


async def ask(request: Request) -> Response:
    return await _page(request)


async def begin(request: Request) -> Response:
    desk, say, person = desk_of(request), request.state.say, request.state.person
    form = await request.form()
    root, _, code = str(form.get("place", "")).partition("/")
    rules = desk.rules(request)
    try:
        text, path = await in_thread(_begun, desk, rules, root, code)
    except Refused as refused:
        return await _page(request, say(refused.zh, refused.en), 422)
    draft = "" if rules.draft is None else rules.draft.id
    made = await in_thread(save, desk, person, draft, say(f"新建 {path}", f"{path} begun"), (text,))
    if made.trouble:
        return await _page(request, trouble_words(made.trouble, say), status_of(made.trouble))
    return RedirectResponse(edit_url(request, made.draft, path), 303)


async def _page(request: Request, trouble: str = "", status: int = 200) -> Response:
    desk, person = desk_of(request), request.state.person
    rules = desk.rules(request)

    def find() -> list[tuple[str, str]]:
        with rules.policies.router.lock:
            return [] if desk.drafts is None else [*places_without(rules.policies.library, person)]

    return page(request, "rules/new.html", status, places=await in_thread(find), trouble=trouble)


def places_without(library: Library, person: Person) -> Iterator[tuple[str, str]]:
    """The cities and counties that have no file of their own, as far as a person may write one: `root/code`, a name."""
    taken = {code for one in library.documents.values() for code in one.header.jurisdiction if not one.is_root}
    for root in library.roots():
        territory = library.territory(root.header.id)
        taken |= set(root.header.jurisdiction)
        for code in dict.fromkeys(up for county in territory for up in reversed(territory.up(county))):
            name = territory.name_of(code)
            if name and code not in taken and person.may_write(code, territory):
                yield f"{root.header.id}/{code}", f"{name} {code}"


def _begun(desk: Desk, rules: Rules, root: str, code: str) -> tuple[Text, str]:
    """The file with its examples, and its path.

    Raises: Refused.
    """
    library = rules.policies.library
    with rules.policies.router.lock:
        home = home_of(library, (code,), root or None)
    kind = "county" if home.is_county else "city"
    name = f"{kind}_{_NOT_IN_IDS.sub('_', str(home.jurisdiction).lower())[:90]}"
    path = f"{'counties' if home.is_county else 'cities'}/{name}.yaml"
    file = None if desk.drafts is None else file_in(desk.drafts.home, path)
    if file is None or name in library.documents or file in rules.snapshot.files:
        raise Refused(f"已经有 {path}，直接在里面改", f"{path} is there already; change that one")
    return Text(file, _text(home, name, desk.work.today()), None), path


def _text(home: Home, name: str, today: date) -> str:
    return new_city(home, name, date(today.year + 1, 1, 1), draft=False, schema="")


ROUTES: Final[list[BaseRoute]] = [
    Route("/rules/new", ask),
    Route("/rules/new", begin, methods=["POST"]),
]
