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
