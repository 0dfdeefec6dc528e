"""`doudi evaluate`: the form of the answer, statuses, and inputs that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from tests.cli.running import Run

ROOT = Path(__file__).parents[2]
HOUSEHOLDS = ROOT / "examples" / "households"
OVERLAY = HOUSEHOLDS.parent / "overlay"
ELIGIBLE = json.loads((HOUSEHOLDS / "eligible.json").read_text("utf-8"))
ONE_LINE = json.dumps(ELIGIBLE, ensure_ascii=False).encode()


def named(id: str, **others: object) -> dict[str, object]:
    return {**ELIGIBLE, "id": id, **others}


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_object_is_answered_by_an_object(run: Run) -> None:
    ran = run("evaluate", str(HOUSEHOLDS / "eligible.json"), "--format", "json")
    assert (ran.status, ran.err) == (ANSWERED, "")
    assert json.loads(ran.out)["outcome"] == "eligible"
    assert ran.out.count("\n") > 10


def test_an_object_on_one_line_is_answered_on_one_line(run: Run) -> None:
    ran = run("evaluate", "-", "--format", "json", given=ONE_LINE)
    assert ran.out.count("\n") == 1
    assert json.loads(ran.out)["household"] == ELIGIBLE["id"]


def test_an_array_is_answered_by_an_array(run: Run) -> None:
    given = json.dumps([named("A"), named("B", county="140602"), 5]).encode()
    ran = run("evaluate", "-", "--format", "json", given=given)
    assert ran.status == FINDINGS
    assert [one["outcome"] for one in json.loads(ran.out)] == ["eligible", "undetermined", "refused"]
    assert run("evaluate", "-", "--format", "json", given=b"[]").out == "[\n]\n"


def test_lines_are_answered_by_lines_and_a_bad_one_stops_none(run: Run) -> None:
    good = [json.dumps(named(id)).encode() for id in "ABC"]
    given = b"\n".join([b"\xef\xbb\xbf" + good[0], b'{"id": "X", ', b"", good[1], b"\xff\xfe", b"null", good[2]])
    ran = run("evaluate", "-", "--format", "json", given=given)
    answers = lines_of(ran.out)
    assert ran.status == FINDINGS
    assert [one["outcome"] for one in answers] == [
        "eligible", "refused", "eligible", "refused", "refused", "eligible"
    ]  # fmt: skip
    assert "<stdin>:2: error" in ran.err
    assert "<stdin>:5: error json-encoding" in ran.err


def test_several_files_are_answered_by_lines(run: Run) -> None:
    files = [str(HOUSEHOLDS / f"{name}.json") for name in ("eligible", "refused", "ineligible")]
    ran = run("evaluate", *files, "--format", "json")
    assert [one["outcome"] for one in lines_of(ran.out)] == ["eligible", "refused", "ineligible"]
    assert ran.status == FINDINGS


def test_the_same_question_gets_the_same_bytes(run: Run) -> None:
    asked = ("evaluate", str(HOUSEHOLDS / "reading-dependent.json"), "--format", "json")
    assert run(*asked).out == run(*asked).out


def test_the_order_of_fields_makes_no_difference(run: Run) -> None:
    turned = json.dumps(dict(reversed(ELIGIBLE.items()))).encode()
    asked = ("evaluate", "-", "--format", "json")
    assert run(*asked, given=turned).out == run(*asked, given=ONE_LINE).out


def test_amounts_never_pass_through_a_float(run: Run) -> None:
    exact = ONE_LINE.replace(b'"86430.50"', b"86430.10")
    ran = run("evaluate", "-", "--format", "json", given=exact)
    left = json.loads(ran.out)["causes"]["illness"]["conditions"]["income"]["comparison"]["left"]
    assert left["exact"] == "143047/360" or "/" in left["exact"]
    too_fine = ONE_LINE.replace(b'"86430.50"', b"0.30000000000000004")
    assert run("evaluate", "-", given=too_fine).status == FINDINGS


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "empty-input"),
        (b" \n\n", "empty-input"),
        (b"hello", "not-json"),
        (b"[" + ONE_LINE, "array-not-closed"),
        (b"[" + ONE_LINE + b"] []", "text-after-array"),
        (b"[" + ONE_LINE + b",]", "empty-element"),
        (b"\xff\xfe{\x00}\x00", "json-encoding"),
        (b"7", "household-not-object"),
        (b"[" * 5000, "array-not-closed"),
        (b'{"a":' * 5000, "json-too-deep"),
    ],
)
def test_what_is_no_household_is_refused(run: Run, given: bytes, code: str) -> None:
    ran = run("evaluate", "-", "--format", "json", given=given)
    assert ran.status == FINDINGS
    assert f"error {code}: " in ran.err
    assert "Traceback" not in ran.err
    assert '"outcome": "refused"' in ran.out or '"outcome":"refused"' in ran.out


def test_text_of_several_ends_with_a_count(run: Run) -> None:
    given = json.dumps([named("A"), named("B", county="999999")]).encode()
    ran = run("evaluate", "-", given=given)
    assert ran.out.splitlines()[-1] == "共 2 户：符合 1，不符合 0，暂不能认定 0，未受理 1"
    english = run("evaluate", "-", "--lang", "en", given=given)
    assert english.out.splitlines()[-1] == "2 households: 1 eligible, 0 not eligible, 0 undetermined, 1 not accepted"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere.json",), "没有文件 nowhere.json"),
        ((str(HOUSEHOLDS),), "是目录"),
        ((), "缺少 文件…"),
        (("-", "--frmat", "json"), "是不是想写 --format？"),
        (("-", "--format", "xml"), "--format 只能是 text、json"),
        (("-", "--as-of", "2023-02-30"), "不是日期"),
        (("-", "--as-of", "20230201"), "不是日期"),
        (("-", "--as-of"), "缺少它的值"),
    ],
)
def test_misuse(run: Run, arguments: tuple[str, ...], told: str) -> None:
    ran = run("evaluate", *arguments, given=b"")
    assert ran.status == MISUSE
    assert told in ran.err
    assert ran.out == ""


def test_misuse_in_english(run: Run) -> None:
    ran = run("evaluate", "--lang", "en", "nowhere.json")
    assert (ran.status, ran.err.splitlines()[0]) == (MISUSE, "doudi: there is no file nowhere.json")


def test_nothing_is_answered_when_a_file_is_missing(run: Run) -> None:
    assert run("evaluate", str(HOUSEHOLDS / "eligible.json"), "nowhere.json").out == ""


def test_a_day_may_be_given(run: Run) -> None:
    ran = run("evaluate", "-", "--format", "json", "--as-of", "2022-12-01", given=ONE_LINE)
    assert json.loads(ran.out)["policy"]["as_of"] == "2022-12-01"
    assert json.loads(ran.out)["outcome"] == "undetermined"


def test_a_policy_that_does_not_exist(run: Run) -> None:
    ran = run("evaluate", "-", "--policy", "taiyuann", given=ONE_LINE)
    assert (ran.status, ran.out) == (FINDINGS, "")
    assert "unknown-policy" in ran.err
    assert "taiyuan`" in ran.err


def test_policies_that_are_not_there(run: Run, tmp_path: Path) -> None:
    ran = run("evaluate", "-", "--policies", str(tmp_path / "none"), given=ONE_LINE)
    assert (ran.status, ran.out) == (MISUSE, "")
    ran = run("evaluate", "-", "--policies", str(tmp_path), given=ONE_LINE)
    assert (ran.status, ran.out) == (MISUSE, "")
    assert "没有读到任何政策文件" in ran.err


def test_every_policy_may_be_asked(run: Run) -> None:
    ran = run("evaluate", str(HOUSEHOLDS / "eligible.json"), "--policy", "all", "--format", "json")
    assert [one["outcome"] for one in json.loads(ran.out)] == ["eligible"]


def test_one_household_under_two_policies_is_counted_once(run: Run, tmp_path: Path) -> None:
    base = Path(__file__).parents[1] / "cases" / "base"
    for name in ("province", "other"):
        text = (base / "province.yaml").read_text("utf-8").replace("policy: province", f"policy: {name}")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    (tmp_path / "divisions.csv").write_bytes((base / "divisions.csv").read_bytes())
    household = (base.parent / "codes" / "household.json").read_bytes()
    asked = ("evaluate", "-", "--policies", str(tmp_path), "--policy", "all")
    out = run(*asked, given=household).out
    assert out.endswith("\n共 1 户，2 个结论：符合 0，不符合 0，暂不能认定 2，未受理 0\n")
    assert "1 household, 2 answers: " in run(*asked, "--lang", "en", given=household).out
    line = json.dumps(json.loads(household)).encode() + b"\n"
    assert "共 2 户，4 个结论：" in run(*asked, given=line * 2).out


def test_a_field_of_one_of_the_policies_asked_is_no_fault_under_the_others(run: Run, tmp_path: Path) -> None:
    base = Path(__file__).parents[1] / "cases" / "base"
    province = (base / "province.yaml").read_text("utf-8")
    more = "\n    pets: {label: 宠物数, whole: 只, default: 0}\n    rooms:"
    other = province.replace("policy: province", "policy: other").replace("\n    rooms:", more)
    (tmp_path / "province.yaml").write_text(province, "utf-8")
    (tmp_path / "other.yaml").write_text(other, "utf-8")
    (tmp_path / "divisions.csv").write_bytes((base / "divisions.csv").read_bytes())
    household = json.loads((base.parent / "codes" / "household.json").read_bytes()) | {"pets": 1}
    given, folder = json.dumps(household, indent=1).encode(), ("--policies", str(tmp_path))
    records = str(tmp_path / "records.ndjson")
    asked = ("evaluate", "-", *folder, "--format", "json")
    answers = json.loads(run(*asked, "--policy", "all", "--record", records, given=given).out)
    assert [(one["policy"]["chain"], one["warnings"]) for one in answers] == [(["other"], []), (["province"], [])]
    alone = json.loads(run(*asked, "--policy", "province", given=given).out)
    assert [one["code"] for one in alone["warnings"]] == ["field-of-other-policy"]
    assert run("replay", records, *folder).status == ANSWERED
    misspelt = json.dumps(household | {"pet": 1}).encode()
    assert run(*asked, "--policy", "all", given=misspelt).status == FINDINGS


def test_several_folders(run: Run) -> None:
    household = str(OVERLAY / "households" / "disaster.json")
    folders = ("--policies", str(HOUSEHOLDS.parents[1] / "policies"), "--policies", str(OVERLAY))
    ran = run("evaluate", household, *folders, "--policy", "demo_city", "--format", "json")
    assert json.loads(ran.out)["policy"]["chain"] == ["shanxi_2022_60", "taiyuan", "demo_city"]


def test_broken_neighbours_are_told_and_change_nothing(run: Run, tmp_path: Path) -> None:
    head = 'overlay: elsewhere\namends: shanxi_2022_60\njurisdiction: "1499"\n'
    (tmp_path / "broken.yaml").write_text(f"{head}title: [unclosed\n", encoding="utf-8")
    folders = ("--policies", str(HOUSEHOLDS.parents[1] / "policies"), "--policies", str(tmp_path))
    ran = run("evaluate", "-", *folders, "--format", "json", given=ONE_LINE)
    assert ran.status == ANSWERED
    assert "broken.yaml" in ran.err
    assert json.loads(ran.out)["outcome"] == "eligible"


def test_a_file_of_which_nobody_knows_whom_it_is_about_is_no_neighbour(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("policy: [unclosed\n", encoding="utf-8")
    folders = ("--policies", str(HOUSEHOLDS.parents[1] / "policies"), "--policies", str(tmp_path))
    ran = run("evaluate", "-", *folders, "--format", "json", given=ONE_LINE)
    assert ran.status == FINDINGS
    assert "broken.yaml" in ran.err
    assert json.loads(ran.out)["outcome"] == "refused"


def test_a_household_under_a_broken_policy_stops_no_other(run: Run, tmp_path: Path) -> None:
    shipped = HOUSEHOLDS.parents[1] / "policies"
    for file in shipped.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(shipped)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    taiyuan = tmp_path / "cities" / "taiyuan.yaml"
    taiyuan.write_text(taiyuan.read_text("utf-8").replace("dibao_standard:", "dibao_standart:"), encoding="utf-8")
    given = b"\n".join(
        json.dumps(named(id, county=county)).encode() for id, county in [("A", "140105"), ("B", "140213")]
    )
    ran = run("evaluate", "-", "--policies", str(tmp_path), "--format", "json", given=given)
    first, second = lines_of(ran.out)
    assert ran.status == FINDINGS
    assert (first["outcome"], first["reasons"][0]["code"]) == ("refused", "policy-unusable")
    assert first["household"] == "A"
    assert second["outcome"] != "refused"
    assert "dibao_standart" in ran.err


def test_a_policy_not_yet_published_is_told_so(run: Run) -> None:
    ran = run("evaluate", "-", "--known-on", "2022-11-09", given=ONE_LINE)
    assert ran.status == FINDINGS
    assert "截至 2022-11-09 已公布" in ran.out


def test_a_warning_about_the_policy_is_printed_with_the_first_household_only(run: Run) -> None:
    """It says the same of every household; as JSON each answer stands alone and has it."""
    figures = str(ROOT / "examples" / "figures")
    household = f"{figures}/household.json"
    asked = ("evaluate", household, household, "--policies", figures, "--policy", "subsidies")
    assert run(*asked).out.count("`subsidies` 是示例") == 1
    answers = [json.loads(line) for line in run(*asked, "--format", "json").out.splitlines()]
    assert [[one["code"] for one in answer["warnings"]] for answer in answers] == [["illustrative-policy"]] * 2


def test_what_was_counted_has_those_without_an_outcome(run: Run) -> None:
    figures = str(ROOT / "examples" / "figures")
    household = f"{figures}/household.json"
    asked = ("evaluate", household, household, "--policies", figures, "--policy", "subsidies")
    assert "共 2 户" in run(*asked).out
    assert "只算数字 2" in run(*asked).out
    assert "figures only 2" in run(*asked, "--lang", "en").out


def test_the_outcome_alone_is_a_line(run: Run) -> None:
    files = [str(HOUSEHOLDS / f"{name}.json") for name in ("eligible", "undetermined")]
    ran = run("evaluate", "--explain", "none", *files)
    assert ran.out.splitlines()[:2] == [
        "✓  符合：纳入最低生活保障范围  家庭 XD-2023-0617 · 太原市小店区 140105",
        "？ 暂不能认定（所申请：纳入最低生活保障范围）  家庭 XD-2023-0718 · 太原市小店区 140105",
    ]
    said = json.loads(run("evaluate", "--explain", "none", "--format", "json", files[0]).out)
    assert list(said) == ["format", "household", "outcome", "confers", "policy"]


def test_reasons_without_figures_assumptions_and_readings(run: Run) -> None:
    whole = run("evaluate", str(HOUSEHOLDS / "eligible.json")).out
    less = run("evaluate", "--explain", "reasons", str(HOUSEHOLDS / "eligible.json")).out
    blocks = whole.split("\n\n")
    assert less.split("\n\n") == [block for block in blocks if block in less.split("\n\n")]
    left_out = {block.splitlines()[0].split("（")[0] for block in blocks if block not in less.split("\n\n")}
    assert left_out == {"有关数字", "没有填报、按缺省认定的 50 项事实不影响结论"}
