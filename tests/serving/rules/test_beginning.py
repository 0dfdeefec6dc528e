"""A file begun for a place that has none: by whom, where, and that it passes as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.serving.officers import drafts, officer


def test_a_county_gets_its_file_in_a_draft(tmp_path: Path) -> None:
    client = officer(tmp_path, "datong")
    offered = client.get("/rules/new").text
    assert "shanxi_2022_60/140212" in offered
    assert "140105" not in offered, "that is of another city"
    assert 'value="shanxi_2022_60/1402"' not in offered, "the city has its file"
    begun = client.post("/rules/new", data={"place": "shanxi_2022_60/140212"})
    assert begun.status_code == 303
    [draft] = drafts(client).all()
    text = drafts(client).text(draft, "counties/county_140212.yaml") or ""
    assert "amends: datong" in text
    edited = client.get(begun.headers["location"]).text
    assert "没有发现问题" in edited
    again = client.post(f"/rules/new?draft={draft.id}", data={"place": "shanxi_2022_60/140212"})
    assert again.status_code == 422


@pytest.mark.parametrize("place", ["shanxi_2022_60/140105", "shanxi_2022_60/1402", "x/y", "", "shanxi_2022_60/../.."])
def test_another_place_gets_none(tmp_path: Path, place: str) -> None:
    client = officer(tmp_path, "datong")
    assert client.post("/rules/new", data={"place": place}).status_code in (403, 409, 422)
    assert not drafts(client).all()


def test_who_only_reads_begins_nothing(tmp_path: Path) -> None:
    client = officer(tmp_path, "kan")
    assert "/rules/new" not in client.get("/rules").text
    assert client.post("/rules/new", data={"place": "shanxi_2022_60/140212"}).status_code in (403, 409)
    assert not drafts(client).all()
