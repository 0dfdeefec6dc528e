"""A draft published: what stands against it, and what is there afterwards."""

from __future__ import annotations

from pathlib import Path

from engine.serving.drafts.publish import Behind, Forbidden, Published, Red, Stopped
from engine.serving.drafts.store import Conflict
from engine.serving.drafts.texts import sha
from tests.serving.drafts.folder import JIA, PROVINCE, READER, YI, office

CITY, OTHER = "cities/jia.yaml", "cities/yi.yaml"
CASES = "cities/jia.cases.yaml"


def test_a_draft_is_published_with_author_and_reason(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({CITY: desk.raised(CITY, 670)}, JIA)
    done = desk.publish(draft, JIA)
    assert isinstance(done, Published), done
    assert (done.label, done.reason, done.paths, done.commit) == ("甲市民政局", "按新文件", (CITY,), "abc123")
    assert "670" in desk.read(CITY)
    assert [(paths, author.label, reason) for _, paths, author, reason in desk.git.asked] == [
        ((CITY,), "甲市民政局", "按新文件")
    ]
    assert desk.drafts.get(draft.id) is None
    assert desk.publisher.history() == [done]
    assert not list(desk.home.rglob(".doudi-*"))


def test_files_come_and_go_in_one_publication(tmp_path: Path) -> None:
    desk = office(tmp_path)
    texts = {
        CITY: None,
        CASES: None,
        "cities/jia2.yaml": desk.raised(CITY, 665),
        "cities/jia2.cases.yaml": desk.read(CASES),
    }
    done = desk.publish(desk.begun(texts))
    assert isinstance(done, Published), done
    assert not (desk.home / CITY).exists()
    assert "665" in desk.read("cities/jia2.yaml")


def test_what_check_finds_keeps_it_back(tmp_path: Path) -> None:
    desk = office(tmp_path)
    before = desk.files()
    done = desk.publish(desk.begun({CITY: desk.read(CITY).replace("660", "六百")}))
    assert isinstance(done, Red)
    assert [one.file for one in done.judged.errors] == [CITY]
    assert desk.files() == before


def test_a_case_that_fails_keeps_it_back(tmp_path: Path) -> None:
    desk = office(tmp_path)
    before = desk.files()
    done = desk.publish(desk.begun({CITY: desk.raised(CITY, 640)}))
    assert isinstance(done, Red)
    assert (done.judged.failed, done.judged.errors) == (1, [])
    assert done.judged.failures[0].case == "limit_jia"
    assert desk.files() == before


def test_a_folder_without_cases_is_not_green(tmp_path: Path) -> None:
    desk = office(tmp_path)
    cases = [path for path in desk.files() if "cases" in path]
    done = desk.publish(desk.begun(dict.fromkeys(cases)))
    assert isinstance(done, Red)
    assert not done.judged.is_green


def test_what_was_published_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    desk = office(tmp_path)
    mine, his = desk.begun({CITY: desk.raised(CITY, 670)}), desk.begun({CITY: desk.raised(CITY, 680)})
    assert isinstance(desk.publish(his), Published)
    assert desk.publish(mine) == Behind((CITY,))
    assert "680" in desk.read(CITY)
    seen = desk.drafts.published(CITY)
    assert seen is not None
    assert desk.drafts.stand_on(mine.id, CITY, "0" * 64, PROVINCE) is None
    standing = desk.drafts.stand_on(mine.id, CITY, sha(seen), PROVINCE)
    assert standing is not None
    assert isinstance(desk.publish(standing), Published)
    assert "670" in desk.read(CITY)


def test_what_was_written_since_it_was_shown_is_not_published(tmp_path: Path) -> None:
    desk = office(tmp_path)
    shown = desk.begun({CITY: desk.raised(CITY, 670)})
    desk.drafts.write(shown.id, CITY, desk.raised(CITY, 690), desk.drafts.expected(shown, CITY), PROVINCE)
    assert desk.publish(shown) == Stopped("changed")
    assert desk.publish(shown, reason="  ") == Stopped("no-reason")
    assert desk.publish(desk.begun({})) == Stopped("empty")
    desk.drafts.discard(shown.id)
    assert desk.publish(shown) == Stopped("gone")


def test_a_text_that_was_put_aside_is_looked_at_before_the_draft_is_done_with(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({CITY: desk.raised(CITY, 670)})
    late = desk.drafts.write(draft.id, CITY, desk.raised(CITY, 690), "0" * 64, PROVINCE)
    assert isinstance(late, Conflict)
    assert desk.publish(draft) == Stopped("unsettled")
    desk.drafts.done_with(draft.id, draft.mark)
    assert desk.drafts.conflicts(draft) == [late]
    desk.drafts.settle(draft.id, late.id)
    assert isinstance(desk.publish(draft), Published)


def test_a_city_publishes_its_own_only(tmp_path: Path) -> None:
    desk = office(tmp_path)
    before = desk.files()
    tiny = desk.read("tiny.yaml")
    tries: dict[str, dict[str, str | None]] = {
        "another city": {OTHER: desk.raised(OTHER, 670)},
        "the province": {"tiny.yaml": tiny.replace("700", "900")},
        "the province made its own": {"tiny.yaml": tiny.replace('jurisdiction: "90"', 'jurisdiction: "9001"')},
        "another city made its own": {OTHER: desk.read(OTHER).replace("9002", "9001")},
        "its own made another's": {CITY: desk.read(CITY).replace("9001", "9002")},
        "a new file of another": {"cities/x.yaml": desk.read(OTHER).replace("overlay: yi", "overlay: x")},
        "a second file of its own name": {"cities/x.yaml": desk.read(CITY).replace('"9001"', '"9002"')},
        "cases of another": {"cities/yi.cases.yaml": None},
        "cases of the province": {"cases.yaml": None},
        "new cases of the province": {"cities/x.yaml": desk.read("cases.yaml").replace("income:", "more:", 1)},
        "the table of places": {"divisions.csv": desk.read("divisions.csv").replace("9002", "9001")},
        "what every city is checked by": {"hygiene.yaml": "format: 1\n"},
        "a table that nothing reads": {"x.csv": "a,b\n1,2\n"},
        "two, one of them its own": {CITY: desk.raised(CITY, 670), OTHER: desk.raised(OTHER, 670)},
    }
    for what, texts in tries.items():
        done = desk.publish(desk.begun(texts, JIA), JIA)
        assert isinstance(done, Forbidden), what
        assert CITY not in done.paths or what == "its own made another's", what
    assert desk.files() == before
    assert isinstance(desk.publish(desk.begun({OTHER: desk.raised(OTHER, 670)}), READER), Forbidden)
    assert isinstance(desk.publish(desk.begun({OTHER: desk.raised(OTHER, 670)}), YI), Published)
    assert isinstance(
        desk.publish(desk.begun({OTHER: desk.raised(OTHER, 671).replace("670", "671")}), PROVINCE), Published
    )
