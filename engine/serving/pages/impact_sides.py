"""Which two sets of rules the page of impact holds against each other.

In: a request.  Out: `Sides`: a draft against what is published, or a publication against what held before it.
Imports desk, drafts and below.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from engine.records import dataclass
from engine.serving.desk import Desk, Rules
from engine.serving.drafts.paths import file_in


@dataclass(frozen=True, slots=True)
class Sides:
    """
    Attributes:
        publication: what was published and is looked at afterwards; "" of a draft.
    """

    before: Rules
    after: Rules
    publication: str = ""


def sides_of(request: Request, desk: Desk) -> Sides | None:
    """None where nothing is chosen yet.

    Raises: HTTPException where there is no such draft, or no such publication.
    """
    commit = request.query_params.get("published", "")
    if commit:
        return _published(desk, commit)
    after = desk.rules(request)
    return None if after.draft is None else Sides(Rules(desk.live.now), after)


def _published(desk: Desk, commit: str) -> Sides:
    """The rules that serve now, against the same with the files of a publication as they were before it."""
    history = desk.publisher.history() if desk.publisher is not None else []
    one = next((one for one in history if one.commit == commit), None)
    if one is None or desk.drafts is None:
        raise HTTPException(404, "no such publication")
    home = desk.drafts.home
    old = {path: desk.work.texts(home, commit, path)[0] for path in one.paths}
    files = {file: text for path, text in old.items() if (file := file_in(home, path)) is not None}
    texts = {file: text.removeprefix("\ufeff") for file, text in files.items() if text is not None}
    gone = frozenset(file for file, text in files.items() if text is None)
    return Sides(Rules(desk.live.now, None, texts, gone), Rules(desk.live.now), one.title)
