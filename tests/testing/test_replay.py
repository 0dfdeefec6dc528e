"""Replay: records written, decided again, and every change of rule named."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import resources
from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from tests.cli.conftest import run  # noqa: F401 - the fixture
from tests.cli.running import Run

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUSEHOLDS = EXAMPLES / "households"
OVERLAY = EXAMPLES / "overlay"
ROOT = "shanxi_2022_60.yaml"
STANDARDS = "standards/taiyuan-2023.csv"
SHOWN = "parameters.dibao_standard[140105, urban]"

Edit = Callable[[Path], None]


@pytest.fixture
def records(tmp_path: Path, run: Run) -> Path:  # noqa: F811
    """The records of four households, one of them refused."""
    file = tmp_path / "decisions.ndjson"
    names = ("eligible", "ineligible", "undetermined", "refused")
    ran = run("evaluate", *(str(HOUSEHOLDS / f"{name}.json") for name in names), "--record", str(file))
    assert ran.status == FINDINGS
    return file


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    shutil.copytree(resources.policies_root(), folder)
    return folder


def replaced(file: str, before: str, after: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    return edit


def added(file: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as policy:
            policy.write(text)

    return edit


LOWER_STANDARD = replaced(STANDARDS, "140105,小店区,760", "140105,小店区,390")
FEWER_MONTHS = replaced(ROOT, "value: 36 月", "value: 2 月")


def replay(run: Run, *arguments: str | Path) -> tuple[int, list[dict[str, Any]], dict[str, Any]]:  # noqa: F811
    """Status, the records that changed, and the summary."""
    ran = run("replay", "--format", "json", *(str(one) for one in arguments))
    lines = [json.loads(line) for line in ran.out.splitlines()]
    return ran.status, lines[:-1], lines[-1]["summary"]


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# ---- records


def test_a_record_holds_household_decision_and_basis(records: Path) -> None:
    first, _, _, refused = lines_of(records)
    assert list(first) == ["format", "household", "decision", "asked", "basis", "program"]
    assert first["household"] == json.loads((HOUSEHOLDS / "eligible.json").read_text(encoding="utf-8")) | {
        "members": [
            {key: value for key, value in member.items() if key != "name"} for member in first["household"]["members"]
        ]
    }
    assert first["decision"]["outcome"] == "eligible"
    assert first["basis"][SHOWN] == {
        "is": "760 元/人/月",
        "at": f"{STANDARDS}:2",
        "document": "并民发〔2023〕19号",
        "since": "2023-01-01",
    }
    assert first["basis"]["illness.income"]["is"] == "(核算收入 - 医疗费用刚性支出) / 家庭人口 低于 收入标准"
    assert refused["decision"]["outcome"] == "refused"


def test_records_are_added_and_are_their_owners_alone(records: Path, run: Run) -> None:  # noqa: F811
    before = records.read_bytes()
    assert stat.S_IMODE(records.stat().st_mode) & 0o077 == 0
    run("evaluate", str(HOUSEHOLDS / "eligible.json"), "--record", str(records))
    assert records.read_bytes().startswith(before)
    assert len(lines_of(records)) == 5


def test_numbers_are_recorded_as_they_were_written_and_names_not_at_all(tmp_path: Path, run: Run) -> None:  # noqa: F811
    text = (HOUSEHOLDS / "eligible.json").read_text(encoding="utf-8")
    household = json.loads(text)
    household["members"][0]["name"] = "不得记录"
    given = json.dumps(household).replace('"financial_assets": 21000', '"financial_assets": 21000.10').encode()
    file = tmp_path / "one.ndjson"
    run("evaluate", "-", "--record", str(file), given=given)
    assert '"financial_assets":21000.10' in file.read_text(encoding="utf-8")
    run("evaluate", "-", "--record", str(file), given=given.replace(b'"residence"', b'"residense"'))
    assert len(lines_of(file)) == 2
    assert "不得记录" not in file.read_text(encoding="utf-8")


def test_what_is_no_json_is_answered_and_not_recorded(tmp_path: Path, run: Run) -> None:  # noqa: F811
    file = tmp_path / "none.ndjson"
    assert run("evaluate", "-", "--record", str(file), given=b'{"id": ').status == FINDINGS
    assert file.read_bytes() == b""
    assert run("evaluate", str(HOUSEHOLDS / "eligible.json"), "--record", str(tmp_path)).status == MISUSE


# ---- nothing changed


def test_the_same_rules_give_the_same_answers(records: Path, run: Run) -> None:  # noqa: F811
    status, changed, summary = replay(run, records)
    assert (status, changed) == (ANSWERED, [])
    assert (summary["records"], summary["same"]) == (4, 4)


def test_comments_labels_and_places_are_no_change(records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    replaced(ROOT, "facts:\n", "# 一行注释\n\nfacts:\n")(policies)
    replaced(ROOT, "label: 有成员疾病尚未痊愈，仍需治疗", "label: 有成员仍需治疗")(policies)
    status, changed, summary = replay(run, records, "--policies", policies)
    assert (status, changed) == (ANSWERED, [])
    assert summary["same_under_other_rules"] == 3


def test_no_record_at_all_is_not_green(tmp_path: Path, run: Run) -> None:  # noqa: F811
    empty = tmp_path / "empty.ndjson"
    empty.write_bytes(b"")
    assert run("replay", str(empty)).status == FINDINGS
    assert run("replay", str(tmp_path / "nowhere.ndjson")).status == MISUSE
    assert run("replay", "-", "--before", str(tmp_path / "nowhere"), given=b"").status == MISUSE


def test_a_line_that_is_no_record_stops_no_other(records: Path, run: Run) -> None:  # noqa: F811
    lines = records.read_bytes().splitlines()
    bad = [b"{", b"null", b'{"household": {}}', lines[0].replace(b'"decision":', b'"decided":'), b'{"household": 5}']
    late = lines[0].replace(b'"as_of":"2023-06-15"', b'"as_of":"2023-06-31"')
    given = b"\n".join([lines[0], *bad, late, lines[1]])
    ran = run("replay", "-", "--format", "json", given=given)
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == FINDINGS
    assert [one["place"] for one in told[:-1]] == [f"<stdin>:{line}" for line in range(2, 8)]
    assert {one["verdict"] for one in told[:-1]} == {"unreadable"}
    codes = [one["faults"][0]["code"] for one in told[:-1]]
    assert codes == ["not-json", "not-a-record", "not-a-record", "not-a-record", "not-a-record", "not-a-record"]
    assert told[-1]["summary"]["same"] == 2
    assert "这条记录不能读 ‹<stdin>:2›" in run("replay", "-", given=given).out


ODD: list[Any] = [None, 5, "x", True, [], [None], {}, {"x": None}, {"illness": 5}, [{"path": []}]]


def test_odd_shapes_are_told_and_never_a_fault_of_the_program(records: Path, run: Run) -> None:  # noqa: F811
    """A record may have been written by others."""
    whole = lines_of(records)[0]
    written = [{**whole, key: odd} for key in whole for odd in ODD]
    written += [{**whole, "decision": {**whole["decision"], key: odd}} for key in whole["decision"] for odd in ODD]
    written += [{**whole, "asked": {key: odd}} for key in whole["asked"] for odd in ODD]
    given = "\n".join(json.dumps(one) for one in written).encode()
    for form in ("text", "json"):
        ran = run("replay", "-", "--format", form, "--details", given=given)
        assert ran.status == FINDINGS, ran.err
    assert json.loads(ran.out.splitlines()[-1])["summary"]["records"] == len(written)


# ---- a change of rule


def changes(record: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        one["path"]: tuple(side and side["is"] for side in (one["then"], one["now"]))
        for one in record["changes"]
        if one["bears"]
    }  # fmt: skip


def undone(record: dict[str, Any]) -> list[str]:
    return [one["path"] for one in record["changes"] if one["undone"]]


EDITS: dict[str, tuple[Edit, str, tuple[Any, Any]]] = {
    "a value": (FEWER_MONTHS, "parameters.asset_months", ("36 月", "2 月")),
    "a condition": (
        replaced(ROOT, "when: 存在因病情形", "when: 存在因病情形 且 家庭人口 >= 9"),
        "illness.treatment",
        ("存在因病情形", "存在因病情形 且 家庭人口 不低于 9"),
    ),
    "a term": (
        replaced(ROOT, "is: max(0, 医疗总费用 - 医疗报销 - 医疗帮困)", "is: 医疗总费用 * 0"),
        "terms.members.medical_net",
        ("最大(0, 医疗总费用 - 医疗报销 - 医疗帮困)", "医疗总费用 * 0"),
    ),
    "a reading": (
        replaced(ROOT, "chosen: counts", "chosen: excluded"),
        "readings.already_below",
        ("counts", "excluded"),
    ),
    "a condition more": (
        added(
            "cities/taiyuan.yaml",
            "\nadd:\n  requirements:\n    few: {label: 不足两人, when: 家庭人口 < 2, from: 2023-01-01}\n",
        ),
        "requirements.few",
        (None, "家庭人口 低于 2"),
    ),
}


@pytest.mark.parametrize("before", [False, True], ids=["by the record", "by the policies of then"])
@pytest.mark.parametrize("what", EDITS)
def test_each_kind_of_change_is_named(what: str, before: bool, records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    edit, path, sides = EDITS[what]
    edit(policies)
    given = ["--before", str(resources.policies_root())] if before else []
    status, changed, summary = replay(run, records, "--policies", policies, *given)
    assert status == FINDINGS
    assert summary["records"] == 4
    named = [one for one in changed if path in changes(one)]
    assert named
    assert {changes(one)[path] for one in named} == {sides}
    assert all(one["then"]["digest"] != one["now"]["digest"] for one in named)
    assert {one["path"] for one in summary["changes"]} == {path}
    if before:
        # it is the only change: undoing it brings every old answer back
        assert all(undone(one) == [path] for one in named)
        assert all(one["notes"] == [] for one in named)


def test_of_two_changes_the_one_that_did_it_is_told(records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    LOWER_STANDARD(policies)
    FEWER_MONTHS(policies)
    asked = (records, "--policies", policies, "--before", resources.policies_root())
    _, changed, summary = replay(run, *asked)
    first = changed[0]
    assert (first["then"]["outcome"], first["now"]["outcome"]) == ("eligible", "ineligible")
    assert undone(first) == ["parameters.asset_months"]
    assert set(changes(first)) == {SHOWN, "parameters.asset_months"}
    assert {one["path"] for one in summary["changes"]} == {SHOWN, "parameters.asset_months"}
    text = run("replay", *(str(one) for one in asked)).out
    assert "✗  家庭 XD-2023-0617：符合 → 不符合 ‹" in text
    assert "36 月 → 2 月" in text
    assert text.partition("\n\n")[0].count("只撤回这一处，就得出原来的答复") == 1
    english = run("replay", "--lang", "en", "--details", *(str(one) for one in asked)).out
    assert "household XD-2023-0617: eligible → not eligible" in english
    assert "limit 760.00 元/人/月 → 390.00 元/人/月" in english.replace("\n       ", " ")


def test_one_edit_of_a_condition_that_others_take_over_is_one_change(
    records: Path,
    policies: Path,
    run: Run,  # noqa: F811
) -> None:
    replaced(ROOT, "when: 金融资产总额 / 家庭人口 <= 人均金融资产上限", "when: 金融资产总额 < 1000 元")(policies)
    _, changed, _ = replay(run, records, "--policies", policies, "--before", resources.policies_root())
    assert undone(changed[0]) == [f"{cause}.assets" for cause in ("illness", "disability", "education", "multiple")]


def test_a_value_published_later_changes_only_decisions_that_may_know_it(
    tmp_path: Path,
    policies: Path,
    run: Run,  # noqa: F811
) -> None:
    file = tmp_path / "known.ndjson"
    household = str(HOUSEHOLDS / "eligible.json")
    run("evaluate", household, "--record", str(file), "--known-on", "2023-06-01")
    run("evaluate", household, "--record", str(file))
    block = "    - from: 2023-05-01\n      published: 2023-07-01\n      document: 并民发〔2023〕30号\n"
    block += '      partial: yes\n      values: {"140105": {urban: 300 元/人/月}}\n'
    added("cities/taiyuan.yaml", "\n" + block)(policies)
    status, (changed,), summary = replay(run, file, "--policies", policies)
    assert status == FINDINGS
    assert (changed["place"], summary["same"]) == (f"{file}:2", 1)
    (change,) = [one for one in changed["changes"] if one["path"] == SHOWN]
    assert change["now"]["document"] == "并民发〔2023〕30号"
    assert change["now"]["at"].startswith("cities/taiyuan.yaml:")


def test_a_policy_that_is_gone_or_broken_is_a_changed_answer(records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    replaced("cities/taiyuan.yaml", "  dibao_standard:", "  dibao_standrad:")(policies)
    status, changed, _ = replay(run, records, "--policies", policies)
    assert status == FINDINGS
    assert [one["now"]["outcome"] for one in changed] == ["refused"] * 4
    assert changed[0]["faults"][0]["place"].startswith("cities/taiyuan.yaml:")
    told = run("replay", str(records), "--policies", str(policies)).out
    assert "符合 → 未受理" in told
    assert "扣除医疗费用" not in told
    (policies / "cities" / "taiyuan.yaml").unlink()
    _, changed, _ = replay(run, records, "--policies", policies)
    assert changed[0]["now"]["chain"] == ["shanxi_2022_60"]
    assert changes(changed[0])[SHOWN] == ("760 元/人/月", None)


@pytest.mark.parametrize(("page", "language"), [("replay.md", "en"), ("zh/replay.md", "zh")])
def test_the_documentation_shows_what_is_told(
    page: str,
    language: str,
    records: Path,
    policies: Path,
    run: Run,  # noqa: F811
) -> None:
    LOWER_STANDARD(policies)
    FEWER_MONTHS(policies)
    before = str(resources.policies_root())
    told = run("replay", str(records), "--policies", str(policies), "--before", before, "--lang", language).out
    told = told.replace(str(records), records.name)
    text = (EXAMPLES.parent / "docs" / page).read_text(encoding="utf-8")
    (shown,) = re.findall(r"<!-- output: replay -->\n```text\n(.*?)```", text, re.DOTALL)
    for part in re.split(r"^\s*…\n", shown, flags=re.MULTILINE):
        assert part in told


# ---- records that say less, or were altered


def test_a_record_of_household_and_decision_alone(tmp_path: Path, records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    bare = tmp_path / "bare.ndjson"
    kept = [{key: line[key] for key in ("household", "decision")} for line in lines_of(records)]
    bare.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    assert replay(run, bare)[0] == ANSWERED
    FEWER_MONTHS(policies)
    _, changed, _ = replay(run, bare, "--policies", policies)
    assert changed[0]["notes"] == ["no-basis"]
    _, changed, _ = replay(run, bare, "--policies", policies, "--before", resources.policies_root())
    assert undone(changed[0]) == ["parameters.asset_months"]


def test_an_altered_record_is_not_blamed_on_the_rules(records: Path, run: Run) -> None:  # noqa: F811
    text = records.read_text(encoding="utf-8").replace('"outcome":"eligible"', '"outcome":"ineligible"', 1)
    records.write_text(text, encoding="utf-8")
    status, (changed,), _ = replay(run, records)
    assert (status, changed["verdict"]) == (FINDINGS, "outcome")
    assert changed["notes"] == ["same-rules"]
    _, (changed,), _ = replay(run, records, "--before", resources.policies_root())
    assert changed["notes"] == ["same-rules", "before-differs"]


def test_the_wrong_policies_of_then_are_told(records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    FEWER_MONTHS(policies)
    _, changed, _ = replay(run, records, "--policies", policies, "--before", policies)
    assert changed[0]["notes"] == ["other-before"]


def test_a_file_that_cannot_be_read_is_named_and_nothing_else_is_blamed(
    records: Path,
    policies: Path,
    run: Run,  # noqa: F811
) -> None:
    broken = next(policies.rglob("taiyuan.yaml"))
    broken.write_text(broken.read_text("utf-8").replace("title: ", 'title: "', 1), encoding="utf-8")
    _, changed, _ = replay(run, records, "--policies", policies)
    assert changed
    for one in changed:
        assert one["now"]["outcome"] == "refused"
        assert one["notes"] == []
        assert any("taiyuan.yaml" in fault["place"] for fault in one["faults"])


def test_policies_of_then_that_cannot_be_read_are_named(records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    then = policies.with_name("then")
    shutil.copytree(policies, then)
    broken = next(then.rglob("taiyuan.yaml"))
    broken.write_text(broken.read_text("utf-8").replace("title: ", 'title: "', 1), encoding="utf-8")
    FEWER_MONTHS(policies)
    _, changed, _ = replay(run, records, "--policies", policies, "--before", then)
    assert changed[0]["notes"] == ["before-unusable"]
    assert any("taiyuan.yaml" in fault["place"] for fault in changed[0]["faults_before"])
    assert changed[0]["changes"], "what the record rests on still tells what changed"


def test_records_of_several_versions_keep_their_own_list_of_changes(
    tmp_path: Path,
    records: Path,
    policies: Path,
    run: Run,  # noqa: F811
) -> None:
    """`--before` is the version of only some of the records; the others tell by themselves what they rested on."""
    FEWER_MONTHS(policies)
    again = tmp_path / "again.ndjson"
    household = lines_of(records)[0]["household"]
    given = json.dumps(household, ensure_ascii=False).encode()
    run("evaluate", "-", "--policies", str(policies), "--record", str(again), given=given)
    _, changed, _ = replay(run, again, "--before", policies)
    assert changed[0]["notes"] == []
    paths = {one["path"] for one in changed[0]["changes"]}
    assert "parameters.asset_months" in paths
    _, changed, _ = replay(run, again, "--before", resources.policies_root())
    assert changed[0]["notes"] == ["other-before"]
    assert {one["path"] for one in changed[0]["changes"]} == paths


# ---- other policies


def test_the_policy_that_was_named_is_named_again(tmp_path: Path, run: Run) -> None:  # noqa: F811
    folders = ("--policies", str(resources.policies_root()), "--policies", str(OVERLAY))
    file = tmp_path / "overlay.ndjson"
    files = sorted(str(one) for one in (OVERLAY / "households").glob("*.json"))
    run("evaluate", *files, *folders, "--policy", "demo_city", "--record", str(file))
    run("evaluate", *files, *folders, "--policy", "all", "--record", str(file))
    assert {line["asked"]["policy"] for line in lines_of(file)} == {"demo_city", "shanxi_2022_60"}
    status, changed, summary = replay(run, file, *folders)
    assert (status, changed) == (ANSWERED, [])
    assert summary["records"] == 2 * len(files)


def test_a_household_refused_then_and_accepted_now(records: Path, policies: Path, run: Run) -> None:  # noqa: F811
    file = records.with_name("refused.ndjson")
    file.write_text(records.read_text(encoding="utf-8").splitlines()[3] + "\n", encoding="utf-8")
    (line,) = lines_of(file)
    reasons = {one["code"] for one in line["decision"]["reasons"]}
    assert reasons
    line["household"] = lines_of(records)[0]["household"]
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    _, (changed,), _ = replay(run, file, "--policies", policies)
    assert (changed["then"]["outcome"], changed["now"]["outcome"]) == ("refused", "eligible")
