"""What somebody is told who may not.

In: why, as a stable word.  Out: a page, or problem+json below `/v1`.
Imports problems, view.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from engine.diagnostics import Diagnostic
from engine.records import dataclass
from engine.serving.asking import is_called
from engine.serving.problems import Problem
from engine.serving.view import page

_LONGEST: Final = 100
"""characters of a header that are told"""


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: str
    status: int


@dataclass(frozen=True, slots=True)
class Words:
    zh: str
    en: str
    help_zh: str
    help_en: str


WORDS: Final[Mapping[str, Words]] = {
    "wrong-host": Words(
        "这里不用这个地址访问",
        "this service is not reached by that address",
        "用启动时显示的地址；要用域名，启动时加 --name 域名",
        "use the address shown at the start; to use a name, start with --name NAME",
    ),
    "wrong-origin": Words(
        "这个请求来自别的网站，没有执行",
        "this request came from another site and was not carried out",
        "在本系统的页面里再做一次；经过反向代理的，代理要原样传递 Host",
        "do it again on a page of this service; a reverse proxy has to pass Host on as it is",
    ),
    "not-from-form": Words(
        "这个请求不是从当前登录后的页面发出的，没有执行",
        "this request was not sent from a page of the present session and was not carried out",
        "可能是登录过期，或者在别处重新登录过。填的内容先复制下来，再重新打开页面",
        "the session may be over, or somebody signed in anew; copy what you have written, then open the page again",
    ),
    "signed-out": Words(
        "没有登录，或登录已经过期，没有执行",
        "you are not signed in any more; nothing was carried out",
        "在另一个窗口登录，再回到填写的页面；填的内容先复制下来",
        "sign in in another window, then return to the page; copy what you have written first",
    ),
    "no-link": Words(
        "请用启动时显示的链接打开",
        "open the link that was shown when the service was started",
        "链接只能用一次；已经用过的，在用过的浏览器里打开，或重新启动 doudi serve",
        "it works once; where it was used already, go on in that browser, or start doudi serve again",
    ),
    "no-account": Words(
        "用户名单里没有您",
        "you are not in the list of users",
        "请管理员把您加进 --users 文件",
        "ask the administrator to add you to the file of --users",
    ),
    "not-yours": Words(
        "这个文件不归您改",
        "this file is not yours to change",
        "各市改自己的文件，省里的由省改；确实该由您改的，请管理员改 --users 文件里的 jurisdiction",
        "a city changes its own files; the administrator sets jurisdiction in the file of --users",
    ),
}


def refused(asked: HTTPConnection, refusal: Refusal) -> Response:
    if is_called(asked.scope["path"]):
        return _problem(asked, refusal).answer(asked.state.say.language)
    words, say = WORDS[refusal.reason], asked.state.say
    told, help_ = say(words.zh, words.en), say(words.help_zh, words.help_en)
    return page(Request(asked.scope), "people/refused.html", refusal.status, told=told, help=help_)


def _problem(asked: HTTPConnection, refusal: Refusal) -> Problem:
    """Of who calls `/v1`: no page, and so no form and no session, is asked for there."""
    match refusal.reason:
        case "wrong-host":
            told = Diagnostic.of("wrong-host", host=_told(asked, "host"))
        case "wrong-origin":
            told = Diagnostic.of("wrong-origin", origin=_told(asked, "origin"))
        case _:
            return Problem(401, [Diagnostic.of("no-token")], headers={"WWW-Authenticate": "Bearer"})
    return Problem(refusal.status, [told])


def _told(asked: HTTPConnection, header: str) -> str:
    return asked.headers.get(header, "")[:_LONGEST] or "-"
