"""`doudi serve`: whom it lets in, before it starts."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import click
import pytest

from engine.cli.main import main
from engine.cli.serve_people import guarded
from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from engine.serving.people.passwords import read
from engine.serving.people.tokens import hashed
from engine.serving.settings import Settings


def test_the_hash_of_a_password_is_made_without_showing_it(capsys: pytest.CaptureFixture[str]) -> None:
    with patch.object(click, "prompt", return_value="一二三四五六七八九十") as asked:
        assert main(["serve", "--hash-password"]) == ANSWERED
    assert asked.call_args.kwargs["hide_input"]
    made = read(capsys.readouterr().out.removeprefix("password: ").strip())
    assert made is not None
    assert made.is_of("一二三四五六七八九十")
    with patch.object(click, "prompt", return_value="kurz"):
        assert main(["serve", "--hash-password"]) == MISUSE


def test_a_token_is_shown_once_with_what_is_kept_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--new-token"]) == ANSWERED
    lines = capsys.readouterr().out.splitlines()
    assert lines[3] == f"- {{name: 系统名称, hash: {hashed(lines[1])}}}"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--proxy-header", "X-User"], "--proxy-from"),
        (["--proxy-header", "X-User", "--proxy-from", "10.0.0.1"], "--users"),
        (["--proxy-from", "proxy"], "不是 IP 地址"),
    ],
)
def test_what_would_let_in_anybody_is_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with patch("engine.serving.run.listen") as ran:
        assert main(["serve", *arguments]) == MISUSE
    assert told in capsys.readouterr().err
    assert not ran.called


def test_a_faulty_list_of_users_is_told_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "u.yaml").write_text("format: 1\nusers:\n  - {name: a, label: b, password: geheim}\n", "utf-8")
    with patch("engine.serving.run.listen") as ran:
        assert main(["serve", "--users", str(tmp_path / "u.yaml")]) == FINDINGS
    assert not ran.called
    assert "u.yaml:3:35: error password-not-hashed" in capsys.readouterr().err


def test_each_start_has_a_link_of_its_own_and_the_secret_stays(tmp_path: Path) -> None:
    settings = Settings((str(tmp_path / "p"),), drafts=str(tmp_path / "p.drafts"))
    (one, first), (other, second) = guarded(settings), guarded(settings)
    assert first.startswith("http://127.0.0.1:8711/enter?token=")
    assert first != second
    assert (one.secret, one.link != other.link) == (other.secret, True)
    users, address = guarded(Settings((str(tmp_path / "p"),), drafts=str(tmp_path / "d"), users="u.yaml", host="::1"))
    assert (users.link, address) == ("", "http://[::1]:8711/")
