"""What was published is told, and taken back by a draft that has the files as they were."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.serving.settings import Settings
from tests.serving.drafts.folder import published
from tests.serving.drafts.test_versions import CITY, USERS, begun, by, write
from tests.serving.served import SHIPPED, WORK, asked, desk_of, signed_in


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "users.yaml").write_text(USERS, "utf-8")
    home = published(tmp_path)
    for asked_ in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        named = ["-c", "user.name=a", "-c", "user.email=a@b.invalid"]
        subprocess.run(["git", "-C", str(home), *named, *asked_], check=True)
    return home


def publish(client: TestClient, home: Path, remark: str) -> str:
    """The commit of a publication that adds a remark."""
    id_ = begun(client)
    write(client, "jia", id_, CITY, (home / CITY).read_text("utf-8") + f"# {remark}\n")
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(f"/versions/drafts/{id_}").text)
    assert seen is not None
    done = client.post(f"/versions/drafts/{id_}/publish", data={"reason": remark, "seen": seen[1]})
    assert done.status_code == 303, done.text
    publisher = desk_of(client).publisher
    assert publisher is not None
    return publisher.history()[0].commit


def test_a_publication_is_taken_back_by_a_draft(home: Path) -> None:
    client, before = by(home, "jia", keeping=True), (home / CITY).read_text("utf-8")
    commit = publish(client, home, "一")
    answered = client.post("/versions/undo", data={"commit": commit})
    assert answered.status_code == 303
    drafts = desk_of(client).drafts
    assert drafts is not None
    draft = drafts.get(answered.headers["location"].rpartition("/")[2])
    assert draft is not None
    assert drafts.text(draft, CITY) == before
    assert draft.title.startswith("撤回：")


def test_nothing_that_was_changed_since_is_taken_back(home: Path) -> None:
    client = by(home, "jia", keeping=True)
    commit = publish(client, home, "一")
    publish(client, home, "二")
    answered = client.post("/versions/undo", data={"commit": commit})
    assert answered.status_code == 409
    assert f"{CITY} 在那以后又改过" in answered.text


def test_only_what_was_published_here_and_by_who_may_write_it(home: Path) -> None:
    commit = publish(by(home, "jia", keeping=True), home, "一")
    assert by(home, "jia", keeping=True).post("/versions/undo", data={"commit": "0" * 40}).status_code == 404
    assert by(home, "jia", keeping=True).post("/versions/undo", data={"commit": ""}).status_code == 404
    assert by(home, "kan", keeping=True).post("/versions/undo", data={"commit": commit}).status_code == 403
    other = by(home, "yi", keeping=True)
    answered = other.post("/versions/undo", data={"commit": commit})
    assert answered.status_code == 409
    assert "不归您改" in answered.text


def test_of_several_folders_the_first_is_written_and_the_page_says_so(home: Path) -> None:
    settings = Settings((str(home), str(SHIPPED)), drafts=str(home.parent / "drafts"))
    client = signed_in(asked(settings, WORK))
    assert "policies 只读" in client.get("/versions").text
    offered = client.get("/conditions").text
    assert 'value="jia"' in offered
    assert 'value="taiyuan"' not in offered
    assert 'value="taiyuan"' not in client.get("/standards").text


# ---- who is affected


def looked_at(client: TestClient, address: str) -> str:
    form = {"csrf": client.headers["x-csrf"], "source": "drawn", "count": "300", "seed": "1", "day": "2023-06-15"}
    answered = client.post(address, data=form)
    assert answered.status_code == 200, answered.text
    return answered.text


def raised(client: TestClient, home: Path, limit: int) -> str:
    """A draft that raises the limit of a city."""
    id_ = begun(client)
    write(client, "jia", id_, CITY, (home / CITY).read_text("utf-8").replace("660", str(limit)))
    return id_


def published_so(client: TestClient, id_: str) -> str:
    """The page after it was published."""
    page = client.get(f"/versions/drafts/{id_}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    done = client.post(f"/versions/drafts/{id_}/publish", data={"reason": "一", "seen": seen[1]})
    assert done.status_code == 303, done.text
    return client.get(done.headers["location"]).text


def test_the_receipt_says_who_is_affected_where_that_was_looked_at(home: Path) -> None:
    client = by(home, "jia", keeping=True)
    id_ = raised(client, home, 690)
    assert "还没有看过影响了谁" in client.get(f"/versions/drafts/{id_}").text
    looked_at(client, f"/impact?draft={id_}")
    shown = client.get(f"/versions/drafts/{id_}").text
    assert "看了 300 户（随机生成的），按 2023-06-15 的规定" in shown
    write(client, "jia", id_, "cities/jia.cases.yaml", (home / "cities/jia.cases.yaml").read_text("utf-8") + "# 一\n")
    receipt = published_so(client, id_)
    assert "看了 300 户（随机生成的）" in receipt, "a case that is added changes nothing for anybody"
    assert re.search(r'<th scope="row">东城区</th><td class="number">[1-9]', receipt)
    assert "影响了谁" in client.get("/versions").text, "and so does the list, for everybody"


def test_what_was_seen_of_other_rules_is_not_told(home: Path) -> None:
    client = by(home, "jia", keeping=True)
    id_ = raised(client, home, 690)
    looked_at(client, f"/impact?draft={id_}")
    write(client, "jia", id_, CITY, (home / CITY).read_text("utf-8").replace("660", "695"))
    assert "还没有看过影响了谁" in client.get(f"/versions/drafts/{id_}").text
    receipt = published_so(client, id_)
    assert "发布以前没有看过" in receipt
    link = re.search(r'href="(/impact\?published=[0-9a-f]+)"', receipt)
    assert link is not None
    desk_of(client).live.look()
    desk_of(client).live.look()  # and still the same: it is taken over
    page = client.get(link[1]).text
    assert "与发布以前相比" in page
    assert "户有变化（" in looked_at(client, link[1])
    assert client.get("/impact?published=abc").status_code == 404


def test_who_published_a_file_meanwhile_is_told(home: Path) -> None:
    client, other = by(home, "jia", keeping=True), by(home, "sheng", keeping=True)
    id_ = raised(client, home, 690)
    publish(other, home, "省里先发布")
    *_, mark = re.findall(r'name="seen" value="([^"]+)"', client.get(f"/versions/drafts/{id_}").text)
    told = client.post(f"/versions/drafts/{id_}/publish", data={"reason": "一", "seen": mark})
    assert told.status_code == 409
    assert "cities/jia.yaml（省厅 · " in told.text
    assert "省厅 · " in client.get(f"/versions/drafts/{id_}").text
