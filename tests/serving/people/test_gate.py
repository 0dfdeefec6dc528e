"""What stands before every page: who is let in, and what is refused whoever asks.

Each of these was seen to fail with its check taken out.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from engine.serving.people import passwords
from engine.serving.people.checks import after, is_host
from engine.serving.people.passwords import Kept, kept
from engine.serving.people.sessions import LASTS
from engine.serving.people.throttle import TRIES, WITHIN
from engine.serving.people.tokens import new_token
from engine.serving.settings import Settings
from tests.serving.drafts.folder import TINY
from tests.serving.served import NOW, WORK, asked, desk_of, signed_in

PASSWORD = "一二三四五六七八九十"
CHEAP = Kept(16, 8, 1, b"0123456789abcdef", b"\0" * 32)
HASH = str(replace(CHEAP, hash=CHEAP._hashed(PASSWORD)))
USERS = f"""\
format: 1
users:
  - {{name: jia, label: 甲市民政局, password: "{HASH}", jurisdiction: "9001"}}
  - {{name: yi, label: 乙市民政局, password: "{HASH}", jurisdiction: "9002", proxy: yi@bureau}}
  - {{name: kan, label: 只看, password: "{HASH}"}}
  - {{name: dan, label: 单点登录, proxy: dan@bureau, jurisdiction: "90"}}
"""
PAGE = "/versions"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "users.yaml").write_text(USERS, "utf-8")
    return Settings((str(TINY),), drafts=str(tmp_path / "drafts"), users=str(tmp_path / "users.yaml"))


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.serving.people.door.NOBODYS", CHEAP)


def mark(client: TestClient) -> str:
    """That of the form to sign in, as it is shown."""
    text = client.get("/login").text
    return text.partition('name="csrf" value="')[2].partition('"')[0]


def sign_in(client: TestClient, name: str = "jia", password: str = PASSWORD, **more: str) -> int:
    form = {"csrf": mark(client), "name": name, "password": password, **more}
    return client.post("/login", data=form).status_code


# ---- signing in


def test_who_has_not_signed_in_is_sent_to_do_so_and_back(settings: Settings) -> None:
    client = asked(settings)
    sent = client.get(f"{PAGE}?a=1")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=%2Fversions%3Fa%3D1")
    form = {"csrf": mark(client), "name": "jia", "password": PASSWORD, "next": f"{PAGE}?a=1"}
    there = client.post("/login", data=form)
    assert (there.status_code, there.headers["location"]) == (303, f"{PAGE}?a=1")
    assert client.get("/").headers["location"] == "/rules"
    assert client.get(PAGE, headers={"hx-request": "true"}).status_code != 401


def test_who_has_not_signed_in_changes_nothing(settings: Settings) -> None:
    client = asked(settings)
    answer = client.post("/versions/drafts", data={"csrf": mark(client), "title": "x"})
    assert answer.status_code == 401
    assert "没有登录" in answer.text


def test_a_fragment_that_is_asked_for_without_a_session_sends_the_whole_page(settings: Settings) -> None:
    answer = asked(settings).get(PAGE, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login?next=%2Fversions")


def test_a_wrong_name_or_password_is_told_alike_and_costs_the_same(settings: Settings) -> None:
    client = asked(settings)
    tries = [("jia", "falsch-falsch"), ("niemand", PASSWORD), ("dan", PASSWORD), ("", "")]
    answers, cost = [], []
    for name, password in tries:
        form = {"csrf": mark(client), "name": name, "password": password}
        with patch("hashlib.scrypt", wraps=hashlib.scrypt) as hashed:
            answers.append(client.post("/login", data=form))
        cost.append([(call.kwargs["n"], call.kwargs["r"], call.kwargs["p"]) for call in hashed.call_args_list])
    assert {one.status_code for one in answers} == {401}
    assert all("登录名或密码不对" in one.text for one in answers)
    assert cost == [[(16, 8, 1)]] * len(tries)


def test_a_new_password_costs_what_a_try_of_nobody_costs() -> None:
    made = kept("some password")
    assert made.is_of("some password")
    assert not made.is_of("some passwort")
    assert passwords.read(str(made)) == made
    assert (made.n, made.r, made.p) == (passwords.NOBODYS.n, passwords.NOBODYS.r, passwords.NOBODYS.p)


@pytest.mark.parametrize(
    "text",
    ["", "geheim", "scrypt$3$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$" + "A" * 44, HASH.replace("$16$", "$9999999$"), HASH + "x$"],
)
def test_what_is_no_hash_of_a_password_is_none(text: str) -> None:
    assert passwords.read(text) is None


def test_whoever_tries_too_often_waits(settings: Settings) -> None:
    client = asked(settings)
    assert [sign_in(client, password="falsch") for _ in range(TRIES)] == [401] * TRIES
    form = {"csrf": mark(client), "name": "jia", "password": PASSWORD}
    refused = client.post("/login", data=form)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, str(WITHIN))
    assert sign_in(client, "yi") == 303  # another's name from the same bureau


def test_a_session_is_new_when_somebody_signs_in_and_an_old_one_is_worth_nothing(settings: Settings) -> None:
    client = asked(settings)
    before = mark(client)
    fixed = client.cookies["doudi-8711"]
    assert sign_in(client) == 303
    assert client.cookies["doudi-8711"] != fixed
    other = asked(settings)
    other.cookies.set("doudi-8711", fixed, domain="127.0.0.1")
    assert other.get(PAGE).status_code == 303
    assert client.post("/logout", data={"csrf": before}).status_code == 403


def test_a_session_is_over_after_a_working_day(settings: Settings) -> None:
    client = asked(settings)
    assert sign_in(client) == 303
    later = asked(settings, replace(WORK, now=lambda: NOW + timedelta(seconds=LASTS + 1)))
    later.cookies = client.cookies
    assert client.get("/").headers["location"] == "/rules"
    assert later.get("/").headers["location"].startswith("/login")


def test_a_session_is_over_when_the_entry_changes(settings: Settings) -> None:
    client = asked(settings)
    assert sign_in(client) == 303
    file = Path(settings.users)
    for changed in (USERS.replace('"9001"', '"9002"'), USERS.replace("name: jia", "name: other")):
        file.write_text(changed, "utf-8")
        assert client.get("/").headers["location"].startswith("/login")
        file.write_text(USERS, "utf-8")
    signed_in(client, "jia")
    file.write_text("users: [", "utf-8")  # half written: as before
    assert client.get("/").headers["location"] == "/rules"


def test_a_cookie_of_another_secret_is_none(settings: Settings) -> None:
    client = asked(settings)
    door = desk_of(client).door
    sealed = door.sessions.sealed(door.begin("jia"))
    for cookie in (sealed[:-1] + ("A" if sealed[-1] != "A" else "B"), "W10.x", "x" * 5000, sealed.split(".")[0]):
        client.cookies.set("doudi-8711", cookie, domain="127.0.0.1")
        assert client.get(PAGE).status_code == 303, cookie


def test_signing_out_takes_the_cookie_away(settings: Settings) -> None:
    client = signed_in(asked(settings), "jia")
    assert client.post("/logout").status_code == 303
    assert "doudi-8711" not in client.cookies


def test_the_cookie_is_for_no_script_no_other_site_and_only_for_https_where_that_is(settings: Settings) -> None:
    plain = asked(settings).get("/login").headers["set-cookie"]
    assert plain.startswith("doudi-8711=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    client = asked(settings)
    client.base_url = "https://127.0.0.1:8711"
    safe = client.get("/login").headers["set-cookie"]
    assert safe.startswith("__Host-doudi-8711=")
    assert "Secure" in safe.split("; ")


@pytest.mark.parametrize(
    ("asked_for", "goes"),
    [
        ("/cases?draft=ab&x=%2F", "/cases?draft=ab&x=%2F"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("cases", "/"),
        ("", "/"),
        ("/login?next=/login", "/"),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(settings: Settings, asked_for: str, goes: str) -> None:
    assert after(asked_for) == goes
    client = asked(settings)
    form = {"csrf": mark(client), "name": "jia", "password": PASSWORD, "next": asked_for}
    assert client.post("/login", data=form).headers["location"] == goes


# ---- what a request has to carry


def test_a_form_of_another_site_does_nothing(settings: Settings) -> None:
    client = signed_in(asked(settings), "jia")
    own = client.headers.pop("x-csrf")
    other = signed_in(asked(settings), "yi").headers["x-csrf"]
    for given in ("", "x", other, own[:-1], own.upper()):
        assert client.post("/logout", data={"csrf": given}).status_code == 403, given
        assert client.post("/logout", headers={"x-csrf": given}).status_code == 403, given
        assert client.post("/logout", data={"csrf": given}, files={"a": b""}).status_code == 403, given
    assert client.post("/logout").status_code == 403
    assert client.post("/logout", content=f"csrf={own}", headers={"content-type": "text/plain"}).status_code == 403
    assert client.put("/logout").status_code == 403
    assert client.get(f"/logout?csrf={own}").status_code == 405
    assert client.post("/login", data={"name": "jia", "password": PASSWORD}).status_code == 403
    assert client.post("/logout", data={"csrf": own}).status_code == 303


def test_a_form_with_a_large_file_is_looked_at_no_further_than_its_beginning(settings: Settings) -> None:
    client = signed_in(asked(settings), "jia")
    own = client.headers.pop("x-csrf")
    large = ("a.csv", b"x" * 300_000)
    assert client.post("/logout", files=[("csrf", (None, own)), ("file", large)]).status_code == 303
    assert signed_in(client, "jia").post("/logout", files=[("file", large)]).status_code == 303  # its header has it


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"origin": "http://127.0.0.1:8711"}, 303),
        ({"origin": "http://127.0.0.1:8712"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:8711.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_what_changes_something_comes_from_a_page_of_ours(
    settings: Settings, headers: dict[str, str], status: int
) -> None:
    assert signed_in(asked(settings), "jia").post("/logout", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1:8711", True),
        ("localhost:8711", True),
        ("LOCALHOST", True),
        ("[::1]:8711", True),
        ("10.1.2.3", True),
        ("doudi.bureau.example", True),
        ("Doudi.Bureau.Example.", True),
        ("evil.example", False),
        ("evil.example:8711", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("doudi.bureau.example@evil.example", False),
        ("127.0.0.1:8711/evil.example", False),
        ("", False),
        ("evil.example, 127.0.0.1", False),
    ],
)
def test_a_request_is_sent_to_a_name_of_ours(settings: Settings, host: str, is_ours: bool) -> None:
    names = ("doudi.bureau.example",)
    assert is_host(host, names) == is_ours
    client = asked(replace(settings, names=names))
    assert (client.get("/login", headers={"host": host}).status_code == 200) == is_ours


def test_the_answers_tell_the_browser_what_to_refuse(settings: Settings) -> None:
    client = asked(settings)
    answers = [client.get("/login"), client.get(PAGE), client.get("/login", headers={"host": "evil.example"})]
    for answer in answers:
        held = answer.headers
        assert "default-src 'self'" in held["content-security-policy"]
        assert "unsafe" not in held["content-security-policy"]
        assert held["x-content-type-options"] == "nosniff"
        assert held["x-frame-options"] == "DENY"
        assert held["referrer-policy"] == "same-origin"
        assert held["cache-control"] == "no-store"
    assert answers[0].headers["content-security-policy"] != client.get("/login").headers["content-security-policy"]
    assert "set-cookie" not in client.get("/static/app.css").headers


def test_an_answer_to_a_program_is_no_page(settings: Settings) -> None:
    client = asked(settings)
    for answer in (
        client.get("/v1/policies"),
        client.get("/v1/nothing"),
        client.get("/v1/policies", headers={"host": "evil.example"}),
    ):
        held = answer.headers
        policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        assert held["content-security-policy"] == policy
        assert (held["x-content-type-options"], held["x-frame-options"]) == ("nosniff", "DENY")
        assert held["referrer-policy"] == held["cross-origin-opener-policy"] == "same-origin"
        assert held["cross-origin-resource-policy"] == "same-origin"
        assert "set-cookie" not in held


# ---- the link of the start


def test_the_link_of_the_start_works_once_whichever_process_is_asked(tmp_path: Path) -> None:
    token = "t" * 32
    link = hashlib.sha256(token.encode()).hexdigest()
    settings = Settings((str(TINY),), drafts=str(tmp_path / "drafts"), link=link)
    one, other = asked(settings), asked(settings)
    assert one.get("/").status_code == 401
    assert one.get("/enter?token=wrong").status_code == 401
    assert one.get(f"/enter?token={token}").headers["location"] == "/"
    assert one.get("/").headers["location"] == "/rules"
    for client in (other, asked(settings)):
        assert client.get(f"/enter?token={token}").status_code == 401
        assert client.get("/").status_code == 401
    later = asked(replace(settings, link=hashlib.sha256(b"another start").hexdigest()))
    later.cookies = one.cookies
    assert later.get("/").status_code == 401


def test_with_a_list_of_users_there_is_no_link(settings: Settings) -> None:
    link = hashlib.sha256(b"t").hexdigest()
    assert asked(replace(settings, link=link)).get("/enter?token=t").status_code == 401


# ---- a reverse proxy


def proxied(settings: Settings, address: str) -> TestClient:
    """As it arrives from an address."""
    client = asked(replace(settings, proxy_header="X-Forwarded-User", proxy_from=("10.0.0.1",)))
    return TestClient(client.app, base_url="http://127.0.0.1:8711", follow_redirects=False, client=(address, 5000))


def test_a_proxy_says_who_somebody_is(settings: Settings) -> None:
    for address in ("10.0.0.1", "::ffff:10.0.0.1"):
        client = proxied(settings, address)
        answer = client.get("/", headers={"x-forwarded-user": "dan@bureau"})
        assert answer.headers["location"] == "/rules"
        assert "doudi-8711" in client.cookies
    assert client.get("/", headers={"x-forwarded-user": "who@bureau"}).status_code == 403
    assert client.get("/").status_code == 403


def test_nobody_else_says_who_somebody_is(settings: Settings) -> None:
    spoofed = {"x-forwarded-user": "dan@bureau", "x-forwarded-for": "10.0.0.1", "forwarded": "for=10.0.0.1"}
    for address in ("10.0.0.2", "127.0.0.1", "10.0.0.11", "testclient"):
        answer = proxied(settings, address).get("/", headers=spoofed)
        assert answer.headers["location"].startswith("/login"), address
    assert asked(settings).get("/", headers=spoofed).headers["location"].startswith("/login")  # without the setting
    twice = [("x-forwarded-user", "dan@bureau"), ("x-forwarded-user", "yi@bureau")]
    assert proxied(settings, "10.0.0.1").get("/", headers=twice).status_code == 403


def test_a_session_of_one_is_not_that_of_another_whom_the_proxy_names(settings: Settings) -> None:
    client = proxied(settings, "10.0.0.1")
    client.get("/", headers={"x-forwarded-user": "dan@bureau"})
    dans = client.cookies["doudi-8711"]
    client.get("/", headers={"x-forwarded-user": "yi@bureau"})
    assert client.cookies["doudi-8711"] != dans
    client.cookies.set("doudi-8711", dans, domain="127.0.0.1")
    sessions = desk_of(client).door.sessions
    held = sessions.opened(dans, int(NOW.timestamp()))
    assert held is not None
    headers = {"x-forwarded-user": "yi@bureau", "x-csrf": sessions.mark(held)}
    assert client.post("/logout", headers=headers).status_code == 403


def test_only_a_proxy_that_is_believed_says_that_it_came_by_https(settings: Settings) -> None:
    told = {"x-forwarded-user": "dan@bureau", "x-forwarded-proto": "https"}
    assert "Secure" in proxied(settings, "10.0.0.1").get("/", headers=told).headers["set-cookie"]
    spoofed = proxied(settings, "10.0.0.2").get("/login", headers=told)
    assert "Secure" not in spoofed.headers["set-cookie"]


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("10.0.0.1", {"x-forwarded-for": "192.0.2.7"}, "192.0.2.7"),
        ("10.0.0.1", {"x-forwarded-for": "10.9.9.9, 192.0.2.7"}, "192.0.2.7"),
        ("10.0.0.1", {"x-forwarded-for": "192.0.2.7, 10.0.0.1"}, "192.0.2.7"),
        ("10.0.0.1", {"x-forwarded-for": "somewhere"}, "10.0.0.1"),
        ("10.0.0.1", {}, "10.0.0.1"),
        ("10.0.0.2", {"x-forwarded-for": "192.0.2.7"}, "10.0.0.2"),
    ],
)
def test_tries_are_counted_of_whoever_asked_the_proxy(
    settings: Settings, peer: str, told: dict[str, str], address: str
) -> None:
    app = asked(replace(settings, proxy_from=("10.0.0.1",))).app
    client = TestClient(app, base_url="http://127.0.0.1:8711", follow_redirects=False, client=(peer, 5000))
    with patch.object(desk_of(client).door.throttle, "begin", return_value=1) as waiting:
        form = {"name": "jia", "password": PASSWORD}
        assert signed_in(client, "jia").post("/login", data=form, headers=told).status_code == 429
    assert [call.args[1] for call in waiting.call_args_list] == [address]


# ---- systems


def test_systems_call_with_a_token(settings: Settings, tmp_path: Path) -> None:
    token, hashed = new_token()
    (tmp_path / "tokens.yaml").write_text(f"format: 1\ntokens:\n  - {{name: 业务系统, hash: {hashed}}}\n", "utf-8")
    client = signed_in(asked(replace(settings, tokens=str(tmp_path / "tokens.yaml"))), "jia")
    for given in ("", "Bearer", "Bearer x", f"Basic {token}", f"Bearer {token}x", f"Bearer {hashed}", token):
        answer = client.get("/v1/nothing", headers={"authorization": given} if given else {})
        assert answer.status_code == 401, given
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "no-token"
        assert "Authorization: Bearer" in answer.json()["reasons"][0]["help"][0]
    assert client.get("/v1/nothing", headers={"authorization": f"Bearer {token}"}).status_code == 404
    assert client.post("/v1/nothing", headers={"authorization": f"bearer {token}"}).status_code == 404


def test_with_users_and_without_tokens_nobody_calls(settings: Settings, tmp_path: Path) -> None:
    assert signed_in(asked(settings), "jia").get("/v1/nothing").status_code == 401
    alone = asked(Settings((str(TINY),), drafts=str(tmp_path / "d")))
    assert alone.get("/v1/nothing").status_code == 404
    assert alone.post("/v1/nothing", headers={"origin": "https://evil.example"}).status_code == 403
    assert alone.get("/v1/nothing", headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"host": "evil.example"}, 421, "wrong-host"),
        ({"origin": "https://evil.example"}, 403, "wrong-origin"),
        ({"origin": "null"}, 403, "wrong-origin"),
        ({"sec-fetch-site": "cross-site"}, 403, "wrong-origin"),
        ({}, 401, "no-token"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_systems_are_refused_by_problems_as_the_service_describes_them(
    settings: Settings, headers: dict[str, str], status: int, code: str, language: str
) -> None:
    client = asked(settings)
    answer = client.post("/v1/decisions", json={}, headers={**headers, "accept-language": language})
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert told["type"] == f"/v1/codes/{code}"
    assert told["reasons"][0]["message"].isascii() == (language == "en")
    described = asked(Settings(settings.folders)).get("/v1/openapi.json").json()
    content = described["paths"]["/v1/decisions"]["post"]["responses"][str(status)]["content"]
    Draft202012Validator(
        {**content["application/problem+json"]["schema"], "components": described["components"]}
    ).validate(told)


def test_every_cookie_goes_over_https_only_where_the_service_is_reached_so(settings: Settings) -> None:
    """That of the language, too, which is not the session's."""
    told = {"x-forwarded-user": "dan@bureau", "x-forwarded-proto": "https"}
    safe = proxied(settings, "10.0.0.1").get("/rules?lang=en", headers=told).headers.get_list("set-cookie")
    assert any(one.startswith("lang=en;") for one in safe)
    assert all("Secure" in one.split("; ") for one in safe)
    plain = asked(settings).get("/login?lang=en").headers.get_list("set-cookie")
    assert not any("Secure" in one for one in plain)
