"""What goes over a limit is told so, and costs no more; the log and the figures hold no fact."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from engine.serving.app import application
from engine.serving.settings import Limits, Settings
from engine.serving.work import Work
from tests.serving.served import SHIPPED, now, served, today
from tests.serving.told import asked, let_time_pass, reasons_of

HOST = (b"host", b"127.0.0.1")
CHECK = "POST /v1/check\nContent-Type: application/json\n"


def app_with(written: list[str] | None = None, **limits: int) -> Any:
    log = None if written is None else written.append
    return application(Settings((str(SHIPPED),), limits=Limits(**limits)), Work("0", today, now, log=log))


def codes(app: Any, request: str) -> list[str]:
    return [one["code"] for one in reasons_of(asyncio.run(asked(app, request)))]


def test_a_body_that_says_how_large_it_is_is_not_read() -> None:
    app = app_with()
    taken: list[int] = []

    async def ask() -> list[dict[str, Any]]:
        given: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            taken.append(1 << 20)
            return {"type": "http.request", "body": b"x" * (1 << 20), "more_body": True}

        async def send(message: dict[str, Any]) -> None:
            given.append(message)

        headers = [HOST, (b"content-length", str(1 << 30).encode()), (b"content-type", b"application/json")]
        await app(scope(headers), receive, send)
        return given

    given = asyncio.run(ask())
    assert given[0]["status"] == 413
    assert (b"connection", b"close") in given[0]["headers"]
    assert sum(taken) <= 9 << 20, "a little is read on, so that the sender comes to read the answer"


def test_a_body_that_does_not_say_it_is_cut_off() -> None:
    app, taken = app_with(), [0]

    async def ask() -> int:
        status = [0]

        async def receive() -> dict[str, Any]:
            taken[0] += 1 << 20
            return {"type": "http.request", "body": b"x" * (1 << 20), "more_body": taken[0] < 1 << 30}

        async def send(message: dict[str, Any]) -> None:
            status[0] = message.get("status", status[0])

        headers = [HOST, (b"transfer-encoding", b"chunked"), (b"content-type", b"application/json")]
        await app(scope(headers), receive, send)
        return status[0]

    assert asyncio.run(ask()) == 413
    assert taken[0] <= 20 << 20


def scope(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http", "method": "POST", "path": "/v1/decisions", "raw_path": b"/v1/decisions", "query_string": b"",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8711), "scheme": "http",
        "root_path": "", "http_version": "1.1", "asgi": {"version": "3.0", "spec_version": "2.3"},
    }  # fmt: skip


def test_bodies_together_fit_into_memory() -> None:
    assert codes(app_with(memory=10), CHECK + '\n{"files": {}}') == ["service-busy"]


def test_what_was_held_and_counted_is_given_back() -> None:
    app = app_with(requests=1, requests_of_one=1, memory=200)
    for _ in range(30):
        assert codes(app, CHECK + "\n{}") == ["bad-body"]
    assert (app.state.traffic.held, app.state.traffic._running, app.state.traffic._from) == (0, {}, {})


def test_a_caller_who_does_not_take_the_answer_is_let_go() -> None:
    app = app_with()

    async def ask() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"{}\n", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message.get("body"):
                await asyncio.Event().wait()

        request = {**scope([HOST, (b"content-type", b"application/x-ndjson"), (b"content-length", b"3")]),
                   "path": "/v1/decisions:batch"}  # fmt: skip
        task = asyncio.create_task(app(request, receive, send))
        for _ in range(100):
            await asyncio.sleep(0.02)
            if any(one._is_sending for one in app.state.traffic._running):
                break
        let_time_pass(app.state.traffic)
        await asyncio.wait_for(task, 20)

    asyncio.run(ask())
    assert not app.state.traffic._running


def test_log_and_figures_hold_no_fact() -> None:
    written: list[str] = []
    secret = "张三丰"
    app = app_with(written)
    household = json.dumps({"id": secret, "county": secret, "members": [{"id": secret}]}, ensure_ascii=False)
    request = f"POST /v1/decisions?explain=none&lang=zh\nContent-Type: application/json\nUser-Agent: x\n\n{household}"
    assert codes(app, request)
    assert codes(app, f"GET /v1/policies/{secret.encode().hex()}\n")
    assert codes(app, f"GET /{secret.encode().hex()}\nAccept: application/json\n") == []
    app.state.traffic.look()
    lines = [json.loads(line) for line in "".join(written).splitlines()]
    assert [(one["method"], one["route"], one["status"]) for one in lines] == [
        ("POST", "/v1/decisions", 422),
        ("GET", "/v1/policies/{id}", 404),
        ("GET", "(none)", 401),
    ]
    assert all(set(one) == {"time", "method", "route", "status", "ms"} for one in lines)
    told = app.state.desk.metrics.told().decode()
    assert 'doudi_requests_total{method="POST",route="/v1/decisions",status="422"} 1.0' in told
    for text in ("".join(written), told):
        assert secret not in text
        assert secret.encode().hex() not in text


def test_a_fault_of_the_program_is_told_without_its_words(monkeypatch: Any) -> None:
    written: list[str] = []
    app = app_with(written)

    def fails(*_: object) -> None:
        raise ValueError("王五 13800000000")

    monkeypatch.setattr("engine.serving.v1.decisions.decisions_of", fails)
    told = asyncio.run(asked(app, "POST /v1/decisions\nContent-Type: application/json\n\n{}"))
    assert json.loads(told)["code"] == "service-failed"
    line = json.loads("".join(written).splitlines()[0])
    assert line["fault"] == "ValueError"
    assert line["at"][-1].startswith("tests.serving.service.test_limits:")
    assert "王五" not in "".join(written)


def test_people_are_told_on_a_page_and_programs_in_json() -> None:
    with served() as client:
        page, problem = client.get("/nothing"), client.get("/v1/nothing")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有 /nothing 这个地址" in page.text
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
