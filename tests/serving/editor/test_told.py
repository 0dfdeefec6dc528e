"""What the editor in the browser is told, without requests: places in units of UTF-16, repairs that are applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from engine.editing.workspace import File, Snapshot
from engine.fixes import apply_edits
from engine.say import Say
from engine.serving.pages.editor_told import (
    Value,
    completion_json,
    elsewhere,
    formatting,
    hover_json,
    problems_json,
    problems_of,
    repairs,
    signature_json,
    summary_of,
)
from tests.serving.rules.folders import CITY, folder

ZH = Say("zh")
WIDE = "# 𠮷😀 两个字各占两位\n"
"""characters of two units in front of everything"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("told") / "p")


def opened(home: Path, text: str) -> tuple[Snapshot, File]:
    path = home.resolve() / "cities" / "shi.yaml"
    snapshot = Snapshot.open([home], {path: text})
    return snapshot, snapshot.files[path]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """As a browser applies them: by units, the last one first."""
    data = text.encode("utf-16-le")
    for one in sorted(edits, key=lambda edit: edit["from"], reverse=True):
        data = data[: 2 * one["from"]] + str(one["text"]).encode("utf-16-le") + data[2 * one["to"] :]
    return data.decode("utf-16-le")


def problems(home: Path, text: str) -> dict[str, Any]:
    snapshot, file = opened(home, text)
    found = snapshot.diagnostics()
    here, others = problems_of(file, found.get(file.path, ()), ZH), elsewhere(file, found, ZH)
    return cast("dict[str, Any]", problems_json(file, here, others, ZH, lambda name, line: f"/{name}#L{line}"))


@pytest.mark.parametrize("before", ["", WIDE])
def test_a_problem_stands_where_it_is_and_its_repair_mends_it(home: Path, before: str) -> None:
    text = before + CITY.replace("title: 市", "title：市")
    told = problems(home, text)
    one = next(one for one in told["problems"] if one["code"] == "full-width-colon")
    assert (one["from"], one["to"]) == (units(text[: text.index("：")]), units(text[: text.index("：")]) + 1)
    assert (one["line"], one["severity"], one["grade"]) == (3 + bool(before), "error", "错误")
    (fix,) = one["fixes"]
    assert applied(text, fix["edits"]) == before + CITY


def test_errors_of_other_files_are_told_with_their_place(home: Path) -> None:
    county = 'format: 1\noverlay: xian\ntitle: 县里的规定\namends: shi\njurisdiction: "140105"\n'
    (home / "xian.yaml").write_text(county, encoding="utf-8")
    told = problems(home, CITY.replace("overlay: shi", "overlay: other"))
    (home / "xian.yaml").unlink()
    assert [(one["place"], one["href"]) for one in told["elsewhere"]] == [("xian.yaml:4", "/xian.yaml#L4")]
    assert told["summary"].endswith("其他文件 1 个错误")


def test_a_text_without_faults_is_said_to_have_none() -> None:
    assert summary_of((), (), ZH) == "没有发现问题"
    assert summary_of((), (), Say("en")) == "nothing was found to be wrong"


@pytest.mark.parametrize("before", ["", WIDE])
def test_what_is_offered_takes_the_place_of_what_was_typed(home: Path, before: str) -> None:
    text = before + CITY.replace("  limit:", "  bz")
    snapshot, file = opened(home, text)
    at = units(text[: text.index("bz") + 2])
    told = cast("dict[str, Any]", completion_json(snapshot, file, at, ZH))
    assert (told["from"], told["to"]) == (at - 2, at)
    assert "grant" in [one["label"] for one in told["items"]], "补助额 by its initials: `bz`"
    item = told["items"][0]
    assert 0 < item["caret"] <= units(item["insert"])


def test_nothing_is_offered_where_nothing_may_stand(home: Path) -> None:
    snapshot, file = opened(home, WIDE + CITY)
    assert completion_json(snapshot, file, 4, ZH) == {"from": 4, "to": 4, "items": []}


def test_what_is_told_of_a_word_covers_it(home: Path) -> None:
    text = WIDE + CITY
    snapshot, file = opened(home, text)
    start = units(text[: text.index("limit")])
    told = hover_json(snapshot, file, start + 1, ZH)
    assert (told["from"], told["to"]) == (start, start + 5)
    assert str(told["text"]).startswith("**收入上限** `limit`")
    assert hover_json(snapshot, file, 0, ZH) == {}


def test_the_place_of_a_function_is_marked(home: Path) -> None:
    text = CITY.replace("{is: previous * 90%, effect: wider}", "\n      is: 最大(previous, )\n      effect: wider")
    snapshot, file = opened(home, text)
    told = cast("dict[str, Any]", signature_json(snapshot, file, units(text[: text.index(", )") + 2]), ZH))
    assert str(told["label"]).startswith("最大(")
    assert told["from"] < told["to"] <= units(told["label"])
    assert signature_json(snapshot, file, 0, ZH) == {}


def test_setting_in_form_and_repairing_leave_other_lines_where_they_are(home: Path) -> None:
    text = CITY.replace("from: 2023-02-01", "from:   2023-02-01")
    snapshot, file = opened(home, text)
    edits, told = formatting(snapshot, file, ZH)
    assert (apply_edits(text, edits), told) == (CITY, "已经排好格式")
    assert all(one.span.text.count("\n") == 1 for one in edits)
    text = CITY.replace("title: 市", "title：市")
    snapshot, file = opened(home, text)
    edits, _ = repairs(snapshot, file, ZH)
    assert apply_edits(text, edits) == CITY
    assert all(one.span.text.count("\n") == 1 for one in edits)


def test_where_nothing_is_to_be_done_that_is_said(home: Path) -> None:
    snapshot, file = opened(home, CITY)
    assert formatting(snapshot, file, ZH)[0] == repairs(snapshot, file, ZH)[0] == ()


def test_every_value_is_plain(home: Path) -> None:
    def plain(value: object) -> bool:
        match value:
            case dict():
                return all(type(key) is str and plain(one) for key, one in value.items())
            case list():
                return all(map(plain, value))
            case _:
                return type(value) in (str, int, bool)

    told: Value = problems(home, CITY.replace("title: 市", "title：市"))
    assert plain(told)
