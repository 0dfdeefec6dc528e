"""影响: before publishing, whom a draft touches: who gains, who loses, by what.

In: requests below `/impact`.  Out: pages. Households come from a file or are drawn; both are held in memory only.
Imports impact, sample, view, desk and below.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from engine.errors import EngineError, HouseholdError
from engine.evaluation.json_text import MOST_BYTES, read_json
from engine.evaluation.shifts import KINDS, WORDS
from engine.records import dataclass
from engine.reporting.figures import quantity
from engine.reporting.words import Words
from engine.say import Say
from engine.serving.desk import Desk, Rules, desk_of
from engine.serving.drafts.store import Draft
from engine.serving.impact import MOST_LISTED, Given, Impact, impact
from engine.serving.pages.rules import file_url
from engine.serving.posted import TooLarge, posted
from engine.serving.sample import drawn
from engine.serving.starting import starts
from engine.serving.view import in_thread, page

MOST_DRAWN: Final = 5_000
MOST_HOUSEHOLDS: Final = 50_000
MOST_SECONDS: Final = 60
"""how long households are compared for one page; what was compared by then is told"""
_DRAWN: Final = 500
_WIDTH: Final = 360
"""of the longest bar"""
_JSON: Final = (".json", ".ndjson", ".jsonl")


class Unreadable(Exception):
    """The file cannot be read; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Attributes:
    source: `drawn` or `file`.
    day: whose rules are looked at; "" for today's, of a file for those of each application.
    prove: whether it is also to be proved for whom the rules differ.
    """

    source: str = "drawn"
    day: str = ""
    count: str = str(_DRAWN)
    seed: str = "1"
    name: str = ""
    data: bytes = b""
    prove: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    impact: Impact | None
    more: bool = False
    wrong: str = ""
    proof: Sequence[Any] = ()
    unproved: str = ""


async def show(request: Request) -> Response:
    desk = desk_of(request)
    rules = desk.rules(request)
    if request.method == "GET":
        asked = _Asked(day=await in_thread(_day_to_look_at, desk, rules))
        return _page(request, desk, rules, asked, None)
    try:
        given = await posted(request)
    except TooLarge:
        say: Say = request.state.say
        told = say(
            "文件太大；整批的用 doudi screen --against",
            "the file is too large; for whole populations there is doudi screen --against",
        )
        return _page(request, desk, rules, _Asked(), _Told(None, wrong=told), 413)
    asked = _Asked(
        "file" if given.one("source") == "file" else "drawn",
        given.one("day").strip()[:20],
        given.first.get("count", str(_DRAWN)).strip(),
        given.first.get("seed", "1")[:40],
        given.name,
        given.file or b"",
        bool(given.one("prove")),
    )
    if given.one("do") == "fill":  # the same once more, as in another language
        return _page(request, desk, rules, asked, None)
    found = await in_thread(_told, desk, rules, asked, request.state.say)
    return _page(request, desk, rules, asked, found, 422 if found.wrong else 200)


def _page(request: Request, desk: Desk, rules: Rules, asked: _Asked, told: _Told | None, status: int = 200) -> Response:
    say: Say = request.state.say
    drafts: Sequence[Draft] = () if desk.drafts is None or rules.draft is not None else desk.drafts.all()
    return page(
        request,
        "impact/index.html",
        status=status,
        one=rules.draft,
        drafts=drafts,
        asked=asked,
        told=told,
        kinds=KINDS,
        kind_words=lambda kind: say(*WORDS[kind]),
        answer=partial(_answer, Words(say.language)),
        place_name=partial(_place_name, rules),
        amount=partial(_amount, say),
        line=lambda span: file_url(request, span.source.name, span.line),
        can_prove=desk.work.compare is not None,
        reads_tables=desk.work.households is not None,
        most_drawn=MOST_DRAWN,
        most_listed=MOST_LISTED,
        bars=_bars,
    )


def _day_to_look_at(desk: Desk, rules: Rules) -> str:
    """The first day to come on which the draft makes a difference: what is published for next year changes nothing
    today."""
    if rules.draft is None:
        return ""
    today = desk.work.today()
    days = starts(desk.live.now.snapshot, rules.snapshot)
    return "" if not days or days[0] <= today else days[0].isoformat()


def _told(desk: Desk, rules: Rules, asked: _Asked, say: Say) -> _Told:
    if rules.draft is None:
        return _Told(None, wrong=say("先选一份草稿", "choose a draft first"))
    before, after = desk.live.now.policies, rules.policies
    report = after.check()
    if report.has_errors:
        told = say(
            "草稿检查没有通过，还不能说影响到谁；先在版本页看错误",
            "the draft does not pass the check; see its errors on the page of versions first",
        )
        return _Told(None, wrong=told)
    try:
        day = _day(asked.day, say)
        given = _Limited(_given(desk, rules, asked, day, say))
        found = impact(before, after, given, None if asked.source == "drawn" else day)
    except Unreadable as why:
        return _Told(None, wrong=str(why))
    if not found.households:
        return _Told(None, wrong=say("文件里没有家庭", "there is no household in the file"))
    proof: Sequence[Any] = ()
    unproved = ""
    if asked.prove and desk.work.compare is not None:
        try:
            proof = desk.work.compare(before, after, say.language)
        except EngineError as fault:
            unproved = fault.diagnostics[0].message(say.language)
    return _Told(found, given.cut, proof=proof, unproved=unproved)


class _Limited:
    """Not more households than a page can wait for.

    Attributes:
        cut: whether there would have been more.
    """

    def __init__(self, given: Iterable[Given]) -> None:
        self._given = iter(given)
        self.cut = False

    def __iter__(self) -> Iterator[Given]:
        ends = time.monotonic() + MOST_SECONDS
        for one in islice(self._given, MOST_HOUSEHOLDS):
            if time.monotonic() > ends:
                self.cut = True
                return
            yield one
        self.cut = next(self._given, None) is not None


def _day(text: str, say: Say) -> date | None:
    """
    Raises: Unreadable.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Unreadable(
            say(f"日期要写成 2027-01-01 这样，不能是 {text}", f"a day like 2027-01-01, not {text}")
        ) from None


def _given(desk: Desk, rules: Rules, asked: _Asked, day: date | None, say: Say) -> Iterator[Given]:
    """
    Raises: Unreadable.
    """
    if asked.source == "drawn":
        count = asked.count
        if not count.isascii() or not count.isdecimal() or not 0 < int(count) <= MOST_DRAWN:
            raise Unreadable(say(f"个数要写 1 至 {MOST_DRAWN}", f"how many: 1 to {MOST_DRAWN}"))
        return drawn(rules.policies, int(count), asked.seed, day or desk.work.today())
    if not asked.data:
        raise Unreadable(say("先选一个文件", "choose a file first"))
    if asked.name.lower().endswith(_JSON) or desk.work.households is None:
        return _in_json(asked.data, say)
    return _in_table(partial(desk.work.households, asked.name, asked.data, desk.live.now.policies, rules.policies), say)


def _in_json(data: bytes, say: Say) -> Iterator[Given]:
    """One household, an array of them, or one a line; a line that is none is a household that is refused."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        raise Unreadable(
            say(
                "这个文件不是家庭的 JSON；读 CSV、XLSX 需要 doudi[screen]",
                "this file holds no households as JSON; CSV and XLSX need doudi[screen]",
            )
        )
    if len(data) <= MOST_BYTES:
        try:
            tree = read_json(data)
        except HouseholdError:
            tree = None
        if isinstance(tree, dict):
            return iter([tree])
        if isinstance(tree, list):
            return (one if isinstance(one, dict) else json.dumps(None).encode() for one in tree)
    return (line for line in data.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip())


def _in_table(read: Callable[[], Iterator[dict[str, object]]], say: Say) -> Iterator[Given]:
    try:
        yield from read()
    except EngineError as fault:
        raise Unreadable(fault.diagnostics[0].message(say.language)) from None


# ---- words


def _answer(words: Words, answer: object) -> str:
    return "" if answer is None else words(str(answer))


def _place_name(rules: Rules, code: str) -> str:
    library = rules.policies.library
    for root in rules.policies.router.root_ids():
        held = library.territory(root).get(code)
        if held is not None:
            return str(held.name)
    return code


def _amount(say: Say, value: Any, measure: Any) -> str:
    return "" if value is None else quantity(value, measure, say.language)


@dataclass(frozen=True, slots=True)
class _Bar:
    """One place of the chart, and how far its two bars go."""

    name: str
    gains: int
    loses: int
    gained: int
    lost: int


def _bars(found: Impact, name: Any) -> list[_Bar]:
    """The places with most changes first."""
    rows = sorted(found.places.items(), key=lambda row: (-row[1]["gains"] - row[1]["loses"], row[0]))
    rows = [row for row in rows if row[1]["gains"] + row[1]["loses"]][:20]
    most = max((max(held["gains"], held["loses"]) for _, held in rows), default=1)
    return [
        _Bar(name(code), held["gains"] * _WIDTH // most, held["loses"] * _WIDTH // most, held["gains"], held["loses"])
        for code, held in rows
    ]


ROUTES: Final[list[BaseRoute]] = [Route("/impact", show, methods=["GET", "POST"])]
