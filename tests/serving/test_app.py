"""The application as a whole: its front page, its static files."""

from __future__ import annotations

from tests.serving.served import served


def test_the_front_page_is_that_of_rules() -> None:
    answered = served().get("/?draft=ab")
    assert (answered.status_code, answered.headers["location"]) == (303, "/rules?draft=ab")


def test_the_style_sheet_is_there() -> None:
    answered = served().get("/static/app.css")
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith("text/css")


def test_nothing_beside_the_static_files_is_given() -> None:
    assert served().get("/static/%2e%2e/app.py").status_code == 404


def test_the_language_that_was_chosen_stays() -> None:
    client = served()
    assert "<h1>Rules</h1>" in client.get("/rules?lang=en").text
    assert "<h1>Rules</h1>" in client.get("/rules", headers={"accept-language": "zh"}).text
    assert "<h1>规则</h1>" in client.get("/rules?lang=zh").text
    assert "<h1>规则</h1>" in client.get("/rules", headers={"accept-language": "en"}).text


def test_only_a_language_that_there_is_and_only_on_pages() -> None:
    client = served()
    for asked in ("/rules?lang=xx", "/v1/policies?lang=en", "/rules?language=en", "/rules"):
        assert "set-cookie" not in client.get(asked).headers
