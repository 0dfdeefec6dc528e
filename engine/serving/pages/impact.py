"""影响: before publishing, whom a draft touches: who gains, who loses, by what.

In: requests below `/impact`.  Out: pages. Households come from a file or are drawn; both are held in memory only.
Imports impact, sample, view, desk and below.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import PurePath
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from engine.diagnostics import Diagnostic
from engine.disk import DiskFault
from engine.errors import EngineError, HouseholdError
from engine.evaluation.json_text import MOST_BYTES, read_json
from engine.evaluation.shifts import KINDS, WORDS
from engine.records import dataclass
from engine.reporting.figures import quantity
from engine.reporting.words import Words
from engine.say import Say
from engine.serving.desk import Desk, Rules, desk_of
from engine.serving.drafts.seen import Seen, rules_mark
from engine.serving.drafts.store import Draft
from engine.serving.impact import MOST_LISTED, Given, Impact, Unread, impact
from engine.serving.pages.impact_sides import Sides, sides_of
from engine.serving.pages.places import place_name
from engine.serving.pages.rules import file_url
from engine.serving.people.person import Person
from engine.serving.posted import TooLarge, posted
from engine.serving.sample import drawn
from engine.serving.starting import starts
from engine.serving.view import in_thread, page, url

MOST_DRAWN: Final = 5_000
MOST_HOUSEHOLDS: Final = 50_000
MOST_SECONDS: Final = 60
"""how long households are compared for one page; what was compared by then is told"""
_DRAWN: Final = 500
_WIDTH: Final = 360
"""of the longest bar"""
MOST_FILES: Final = 8
"""that are read together: households, their members and whatever else has a table of its own"""
_LACKING: Final = {
    "screen": Diagnostic.of("screen-not-installed", library="pyarrow"),
    "proof": Diagnostic.of("proof-not-installed", library="z3"),
}
_JSON: Final = (".json", ".ndjson", ".jsonl")


class Unreadable(Exception):
    """Files that cannot be read; the messages say why, in the reader's language."""

    def __init__(self, *told: str) -> None:
        super().__init__(*told)
        self.told = told


@dataclass(frozen=True, slots=True)
class _Asked:
    """Attributes:
    source: `drawn` or `file`.
    day: whose rules are looked at; "" for today's, of a file for those of each application.
    passing: whether columns that nothing answers to are passed over.
    prove: whether it is also to be proved for whom the rules differ.
    """

    source: str = "drawn"
    day: str = ""
    count: str = str(_DRAWN)
    seed: str = "1"
    files: tuple[tuple[str, bytes], ...] = ()
    passing: bool = False
    prove: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    impact: Impact | None
    more: bool = False
    wrong: Sequence[str] = ()
    proof: Sequence[Any] = ()
    unproved: str = ""


async def show(request: Request) -> Response:
    desk = desk_of(request)
    sides = await in_thread(sides_of, request, desk)
    if sides is None:
        return _page(request, desk, None, _Asked(), None)
    if request.method == "GET":
        asked = _Asked(day=await in_thread(_day_to_look_at, desk, sides))
        return _page(request, desk, sides, asked, None)
    try:
        given = await posted(request, MOST_FILES)
    except TooLarge:
        say: Say = request.state.say
        told = say(
            f"文件太大，或者多于 {MOST_FILES} 个；整批的用 doudi screen --against",
            f"the files are too large, or more than {MOST_FILES}; whole populations: doudi screen --against",
        )
        return _page(request, desk, sides, _Asked(), _Told(None, wrong=(told,)), 413)
    asked = _Asked(
        "file" if given.one("source") == "file" else "drawn",
        given.one("day").strip()[:20],
        given.first.get("count", str(_DRAWN)).strip(),
        given.first.get("seed", "1")[:40],
        given.files,
        bool(given.one("passing")),
        bool(given.one("prove")),
    )
    if given.one("do") == "fill":  # the same once more, as in another language
        return _page(request, desk, sides, asked, None)
    found = await in_thread(_told, desk, sides, asked, request.state.say)
    if found.impact is not None:
        await in_thread(_keep, desk, sides.after, asked, found.impact, request.state.person)
    return _page(request, desk, sides, asked, found, 422 if found.wrong else 200)


def _page(
    request: Request, desk: Desk, sides: Sides | None, asked: _Asked, told: _Told | None, status: int = 200
) -> Response:
    say: Say = request.state.say
    drafts: Sequence[Draft] = () if desk.drafts is None or sides is not None else desk.drafts.all()
    return page(
        request,
        "impact/index.html",
        status=status,
        sides=sides,
        action=url(request, "/impact", published=request.query_params.get("published", "")),
        drafts=drafts,
        asked=asked,
        told=told,
        kinds=KINDS,
        kind_words=lambda kind: say(*WORDS[kind]),
        answer=partial(_answer, Words(say.language)),
        place_name=partial(place_name, desk.live.now.policies if sides is None else sides.after.policies),
        amount=partial(_amount, say),
        refusal=partial(_refusal, say),
        install=lambda extra: "".join(_LACKING[extra].help_lines(say.language)),
        line=lambda span: file_url(request, span.source.name, span.line),
        can_prove=desk.work.compare is not None,
        reads_tables=desk.work.households is not None,
        most_drawn=MOST_DRAWN,
        most_listed=MOST_LISTED,
        bars=_bars,
    )


def _day_to_look_at(desk: Desk, sides: Sides) -> str:
    """The first day to come on which the draft makes a difference: what is published for next year changes nothing
    today."""
    today = desk.work.today()
    days = starts(sides.before.snapshot, sides.after.snapshot)
    return "" if not days or days[0] <= today else days[0].isoformat()


def _told(desk: Desk, sides: Sides, asked: _Asked, say: Say) -> _Told:
    before, after = sides.before.policies, sides.after.policies
    report = after.check()
    if report.has_errors:
        told = say(
            "草稿检查没有通过，还不能说影响到谁；先在版本页看错误",
            "the draft does not pass the check; see its errors on the page of versions first",
        )
        return _Told(None, wrong=(told,))
    try:
        day = _day(asked.day, say)
        given = _Limited(_given(desk, sides, asked, day, say))
        found = impact(before, after, given, None if asked.source == "drawn" else day)
    except Unreadable as why:
        return _Told(None, wrong=why.told)
    if not found.households:
        return _Told(None, wrong=(say("文件里没有家庭", "there is no household in the file"),))
    proof: Sequence[Any] = ()
    unproved = ""
    if asked.prove and desk.work.compare is not None:
        try:
            proof = desk.work.compare(before, after, say.language)
        except EngineError as fault:
            unproved = fault.diagnostics[0].message(say.language)
    return _Told(found, given.cut, proof=proof, unproved=unproved)


def _keep(desk: Desk, rules: Rules, asked: _Asked, found: Impact, person: Person) -> None:
    """With the draft, for who publishes it: counts."""
    if desk.drafts is None or rules.draft is None or not person.writes:
        return
    seen = Seen(
        rules_mark(desk.drafts, rules.draft, rules.snapshot),
        desk.work.now().isoformat(timespec="seconds"),
        person.label,
        asked.day,
        asked.source == "drawn",
        found.households,
        found.refused,
        {kind: count for kind, count in found.whole.items() if count},
        {place: {str(kind): count for kind, count in held.items()} for place, held in sorted(found.places.items())},
    )
    with suppress(DiskFault):  # it is a help, and who looks at the page has seen it
        desk.drafts.keep_seen(rules.draft.id, seen.told())


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


def _given(desk: Desk, sides: Sides, asked: _Asked, day: date | None, say: Say) -> Iterator[Given]:
    """
    Raises: Unreadable.
    """
    before, after = sides.before.policies, sides.after.policies
    if asked.source == "drawn":
        count = asked.count
        if not count.isascii() or not count.isdecimal() or not 0 < int(count) <= MOST_DRAWN:
            raise Unreadable(say(f"个数要写 1 至 {MOST_DRAWN}", f"how many: 1 to {MOST_DRAWN}"))
        return drawn(after, int(count), asked.seed, day or desk.work.today(), before)
    if not any(data for _, data in asked.files):
        raise Unreadable(say("先选一个文件", "choose a file first"))
    read = desk.work.households
    if read is None or all(name.lower().endswith(_JSON) for name, _ in asked.files):
        return chain.from_iterable([_in_json(data, say) for _, data in asked.files])
    return _in_table(partial(read, asked.files, before, after, asked.passing), say)


def _in_json(data: bytes, say: Say) -> Iterator[Given]:
    """One household, an array of them, or one a line; a line that is none is a household that is refused."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        told = say(
            "这个文件不是家庭的 JSON；读 CSV、XLSX 要另装一部分：",
            "this file holds no households as JSON; for CSV and XLSX something has to be installed: ",
        )
        raise Unreadable(told + "".join(_LACKING["screen"].help_lines(say.language)))
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


def _in_table(read: Callable[[], Iterator[dict[str, object] | Unread]], say: Say) -> Iterator[Given]:
    try:
        yield from read()
    except EngineError as fault:
        raise Unreadable(*dict.fromkeys(_wrong(one, say) for one in fault.diagnostics)) from None


# ---- words

_TOGETHER: Final = (
    "几个文件一起选上；工作簿里一张工作表就是一张表",
    "choose all files at once; a sheet of a workbook is a table",
)
_HERE: Final = {
    "column-not-placed": (
        "用不到的，勾选“认不出的列不用”，再选一次文件；用得到的，把表头改成信息项的名称",
        "where it is not needed, tick “leave out columns that are not known”, choose the file once more; where it is, "
        "head it as the field is called",
    ),
    "columns-alike": ("把用不到的一列删去", "take the one that is not meant out of the file"),
    "column-lacking": ("把那一列的表头改成这个名称", "head the column so"),
    "items-lacking": _TOGETHER,
    "no-households": _TOGETHER,
    "table-not-placed": ("表头改成信息项的名称", "head its columns as the fields are called"),
    "join-lacking": ("各张表都写上家庭编号", "give every table the id of the household"),
}
"""what to do on this page, where the code's own help is for the command"""


def _wrong(fault: Diagnostic, say: Say) -> str:
    """What is wrong with a table as a whole: in which file, and what to do about it here."""
    file = PurePath(fault.path).name
    here = _HERE.get(fault.code)
    lines = fault.help_lines(say.language) if here is None else (say(*here),)
    told = say("；", "; ").join((fault.message(say.language), *lines))
    return f"{file}{say('：', ': ')}{told}" if file else told


def _refusal(say: Say, fault: Diagnostic) -> str:
    which = fault.path if "[" in fault.path else ""  # of several; else the words name it
    return f"{which}{say('：', ': ') if which else ''}{fault.message(say.language)}"


def _answer(words: Words, answer: object) -> str:
    return "" if answer is None else words(str(answer))


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
