"""A cause that joins: the parts made of it are those that its author would write, at his own words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.api import open_policies
from engine.policy.checked import CheckedPolicy
from engine.policy.model import AddPart
from engine.program.link import program_of
from tests.docs_tables import COOKBOOK, DOCS

SHIPPED = DOCS.parent / "policies"
BY_HAND = """\
  parts:
    present.accident: {is: 遭遇意外事故, effect: wider}
    joint_expense.accident:
      is: 如果 遭遇意外事故 或 joint_deducts = all 那么 意外事故刚性支出 否则 0
      effect: wider
    any_single.accident: {is: 因意外事故致贫, effect: wider}
    every_present.accident: 非 遭遇意外事故 或 因意外事故致贫
    granted_deduction.accident: 如果 因意外事故致贫 那么 意外事故刚性支出 否则 0
"""
JOINS = "      joins: {presence: 遭遇意外事故, expense: 意外事故刚性支出}\n"
DAY = date(2024, 6, 1)


def test_a_citys_cause_is_as_if_its_parts_were_written(tmp_path: Path) -> None:
    text = (COOKBOOK / "extra_cause.yaml").read_text(encoding="utf-8")
    assert text.count(JOINS) == 1
    (tmp_path / "joined.yaml").write_text(text, encoding="utf-8")
    by_hand = text.replace(JOINS, "").replace("cookbook_extra_cause", "by_hand") + BY_HAND
    (tmp_path / "by_hand.yaml").write_text(by_hand, encoding="utf-8")
    joined, written = (_checked([SHIPPED, tmp_path], name) for name in ("cookbook_extra_cause", "by_hand"))
    one, other = ([(step.owner, step.core) for step in program_of(policy).steps] for policy in (joined, written))
    assert one == other
    parts = [change for change in joined.merged.applied if isinstance(change, AddPart)]
    assert len(parts) == 5
    for change in parts:
        assert [origin.span.text for origin in (change.origin, change.part.origin)] == ["joins", "joins"]
        # what stands in it is shown where the clerk wrote it
        assert change.part.expression.span.text in ("accident", "遭遇意外事故", "意外事故刚性支出")


def test_the_shipped_causes_could_join_too(tmp_path: Path) -> None:
    """`joining` of the province says of a new cause what the notice says of its own."""
    text = (SHIPPED / "shanxi_2022_60.yaml").read_text(encoding="utf-8")
    # a sum over such members only is nothing without them, so that the notice's own part asks for none
    text = text.replace("      education: 教育费用刚性支出\n", f"      education: {_asked('因学', '教育')}\n", 1)
    causes = {"illness": ("因病", "医疗"), "disability": ("因残", "康复"), "education": ("因学", "教育")}
    joined = text
    for id_, (short, cost) in causes.items():
        by_hand = (
            f"      {id_}: 存在{short}情形\n",
            f"      {id_}: {_asked(short, cost)}\n",
            f"      {id_}: {short}致贫\n",
            f"      {id_}: 非 存在{short}情形 或 {short}致贫\n",
            f"      {id_}: 如果 {short}致贫 那么 {cost}费用刚性支出 否则 0\n",
        )
        for line in by_hand:
            assert joined.count(line) == 1, line
            joined = joined.replace(line, "")
        head = f"  {id_}:\n    label: {short}致贫\n"
        assert joined.count(head) == 1
        stated = f"    joins: {{presence: 存在{short}情形, expense: {cost}费用刚性支出}}\n"
        joined = joined.replace(head, head + stated)
    for kind in ("how_many", "sum", "any", "every"):
        joined = joined.replace(f"    {kind}:\n    cites", f"    {kind}: {{}}\n    cites")
        joined = joined.replace(f"    {kind}:\n      # 只合计", f"    {kind}: {{}}\n      # 只合计")
    assert _digest(tmp_path / "joined", joined) == _digest(tmp_path / "written", text)


def _asked(short: str, cost: str) -> str:
    return f"如果 存在{short}情形 或 joint_deducts = all 那么 {cost}费用刚性支出 否则 0"


def _digest(folder: Path, province: str) -> str:
    folder.mkdir()
    (folder / "province.yaml").write_text(province, encoding="utf-8")
    (folder / "divisions.csv").write_bytes((SHIPPED / "divisions.csv").read_bytes())
    return _checked([folder], "shanxi_2022_60").digest


def _checked(folders: list[Path], name: str) -> CheckedPolicy:
    policies = open_policies(folders)
    checked, report = policies.slices.checked(policies.library.line_to(name), "140105", DAY, None)
    assert checked is not None, [each.code for each in report]
    return checked


def test_joining_by_itself_changes_no_digest(tmp_path: Path) -> None:
    text = (SHIPPED / "shanxi_2022_60.yaml").read_text(encoding="utf-8")
    without = text[: text.index("\njoining:\n")]
    assert _digest(tmp_path / "without", without) == _digest(tmp_path / "with", text)
