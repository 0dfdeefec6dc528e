"""A clerk takes back what was typed and chosen, and takes it up again, at VS Code: nothing of it is left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.at_vscode import Editor, Served, served
from tests.lsp.test_server import small_folder

pytestmark = pytest.mark.xdist_group("lsp")

WRITTEN = """\
overlay: jinzhong
format: 1
title: 晋中市补充规定
amends: shanxi_2022_60
jurisdiction: "1407"
from: 2026-01-01

add:
  requirements:
    few:
      label: 人口不多
      when: 家庭人口 不超过 3
      cites: 本市办法第五条
"""


def test_what_is_taken_back_leaves_nothing(tmp_path: Path) -> None:
    small_folder(tmp_path)
    home = tmp_path / "policies"
    (home / "cities/jinzhong.yaml").touch()
    with served(tmp_path) as server:
        province, city = both(server, home)
        before = shown(server, province, city)
        head(city)
        requirement(city)
        assert city.text == WRITTEN
        run(server, province)
        end, steps = shown(server, province, city), city.steps
        city.undo(steps)
        assert (city.text, city.steps) == ("", 0)
        after = shown(server, province, city)
        assert after["faults"] == before["faults"]
        assert all(title.startswith("最近的改动之前") for title in after["lenses"])
        city.redo(steps)
        assert city.text == WRITTEN
        assert shown(server, province, city) == end
        city.save()
    with served(tmp_path) as server:
        province, city = both(server, home)
        run(server, province)
        assert shown(server, province, city) == end


def both(server: Served, home: Path) -> tuple[Editor, Editor]:
    return Editor(server, home / "shanxi_2022_60.yaml"), Editor(server, home / "cities/jinzhong.yaml")


def head(city: Editor) -> None:
    city.type("o").choose("overlay").choose("jinzhong").rest().type("\nf").choose("format")
    city.type("\nbt").choose("title").undo(2).redo(2).undo().type("i").undo(2).type("bt").choose("title")
    city.type("晋中市补充规定\nam").choose("amends").choose("shanxi_2022_60")
    city.type("\nju").choose("jurisdiction").type("tys").choose("太原市").undo(2).type("jz").choose("晋中市")
    city.type("\nfr").choose("from").type("2026-01-01\n\n")


def requirement(city: Editor) -> None:
    """Of two facts the wrong one is chosen first."""
    city.rest()
    city.type("zj").choose("add").type("\n").ask().choose("requirements").type("\n").ask().choose("新的对全家的要求")
    city.type("few").tab().type("\n").ask().choose("label").type("人口不多\n").ask().choose("when")
    city.type("jt").choose("家庭收入").undo(2).type("jt").choose("家庭人口").type(" ").choose("不超过").type("3")
    city.type("\ncc").choose("cites").type("本市办法第五条\n").back(3)


def run(server: Served, province: Editor) -> None:
    server.request("workspace/executeCommand", {"command": "doudi.runCases", "arguments": [province.uri]})


def shown(server: Served, province: Editor, city: Editor) -> dict[str, Any]:
    """What stands in the two texts, once they are checked."""
    faults = {one.path.name: one.faults() for one in (province, city)}
    asked = [{"textDocument": {"uri": one.uri}} for one in (province, city)]
    found = [lens for each in asked for lens in server.request("textDocument/codeLens", each) or ()]
    places = [(lens["range"], lens["command"]) for lens in found]
    return {"faults": faults, "places": places, "lenses": [lens["command"]["title"] for lens in found]}
