"""The files of users and tokens: what is said of faulty ones, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.serving.people.keys import secret_in, used_first
from engine.serving.people.tokens import caller, hashed, read_tokens
from engine.serving.people.users import users_of

HASH = "scrypt$32768$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
SOUND = f'format: 1\nusers:\n  - {{name: jia, label: 甲, password: "{HASH}", jurisdiction: ["9001", "9002"]}}\n'


def test_a_sound_file() -> None:
    users = users_of(SOUND.encode(), "users.yaml")
    assert users.named["jia"].person.places == ("9001", "9002")
    assert users.named["jia"].password is not None


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("label: 甲, ", "", "3:", "missing-key"),
        (f'password: "{HASH}", ', "", "3:", "missing-key"),
        (HASH, "geheim", "3:38", "password-not-hashed"),
        ("name: jia", 'name: "j ia"', "3:13", "bad-form"),
        ("label:", "lable:", "3:17", "unknown-key-here"),
        ('"9001"', "9001", "3:", "bad-form"),
        ('"9001"', '"14 01"', "3:", "bad-form"),
        ("users:", "user:", "2:1", "unknown-key-here"),
        ("  - {", "  - {name: jia, label: x, proxy: y}\n  - {", "4:12", "user-twice"),
        ("format: 1", "format: 1\n  x", "2:", ""),
    ],
)
def test_a_faulty_file(old: str, new: str, place: str, code: str) -> None:
    assert old in SOUND
    with pytest.raises(EngineError) as told:
        users_of(SOUND.replace(old, new, 1).encode(), "users.yaml")
    found = [(one.code, one.place()) for one in told.value.diagnostics]
    assert all(where.startswith("users.yaml:") for _, where in found)
    if code:
        assert any(one == code and where.startswith(f"users.yaml:{place}") for one, where in found), found


def test_tokens(tmp_path: Path) -> None:
    file = tmp_path / "tokens.yaml"
    file.write_text(
        f"format: 1\ntokens:\n  - {{name: a, hash: {hashed('x')}}}\n  - {{name: b, hash: {hashed('y')}}}\n", "utf-8"
    )
    tokens = read_tokens(file)
    assert [caller(one, tokens) for one in ("x", "y", "z", "")] == ["a", "b", None, None]
    file.write_text(f"format: 1\ntokens:\n  - {{name: a, hash: x}}\n  - {{name: a, hash: {hashed('y')}}}\n", "utf-8")
    with pytest.raises(EngineError) as told:
        read_tokens(file)
    assert {one.code for one in told.value.diagnostics} == {"bad-form", "user-twice"}


def test_the_secret_outlives_a_start_and_is_for_the_owner_alone(tmp_path: Path) -> None:
    secret = secret_in(tmp_path / "drafts")
    assert len(secret) == 32
    assert secret_in(tmp_path / "drafts") == secret
    assert (tmp_path / "drafts" / ".gitignore").read_text() == "*\n"
    assert (tmp_path / "drafts" / "session.key").stat().st_mode & 0o077 == 0
    (tmp_path / "drafts" / "session.key").write_bytes(b"x")  # cut off
    assert len(secret_in(tmp_path / "drafts")) == 32


def test_a_link_is_used_first_once(tmp_path: Path) -> None:
    assert [used_first(tmp_path, "ab") for _ in range(3)] == [True, False, False]
