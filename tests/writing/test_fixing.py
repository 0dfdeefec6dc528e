"""`fix`: certain repairs and no others, checked again, and files left alone where a repair does not help."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.fixes import CERTAIN_CODES, TextEdit, apply_edits, certain_fix
from engine.source import Source, Span
from engine.writing.fixing import Fixed, check_with, files_to_fix, fixed
from tests.policy.bad_policies import Case, folder_of, load_cases

DATA = Path(__file__).parent / "data"
EDITS = yaml.safe_load((DATA / "fixes.yaml").read_text(encoding="utf-8"))
BAD = [case for case in load_cases() if not any("times" in edit or "copies" in edit for edit in case.edits)]
REPAIRED = yaml.safe_load((DATA / "repaired.yaml").read_text(encoding="utf-8"))


def fix(root: Path) -> Fixed:
    report = Reporter()
    return fixed(files_to_fix([root], report), check_with([root]))


def serious(found: object) -> list[Diagnostic]:
    assert isinstance(found, tuple)
    return [one for one in found if one.severity is not Severity.INFO]


@pytest.mark.parametrize("case", BAD, ids=lambda case: f"{case.topic}: {case.name}")
def test_a_bad_policy_is_repaired_where_that_is_certain(case: Case, tmp_path: Path) -> None:
    root = folder_of(case, tmp_path)
    done = fix(root)
    name = f"{case.topic}: {case.name}"
    told = [f"{one.code}: {one.before} → {one.after}" for one in done.repairs]
    assert told == REPAIRED.get(name, []), told
    assert bool(done.files) == bool(done.repairs)
    if done.repairs:
        before = tuple(check_with([root])({}))
        assert len(serious(done.left)) < len(serious(before)), "each repair leaves less to do"


def test_every_repair_of_the_list_has_its_case() -> None:
    assert set(REPAIRED) <= {f"{case.topic}: {case.name}" for case in BAD}


@pytest.mark.parametrize("case", EDITS, ids=lambda case: case["name"])
def test_the_edit_of_one_diagnostic(case: dict[str, object]) -> None:
    text, stretch = str(case["text"]), str(case["at"])
    source = Source("x.yaml", text)
    start = text.index(stretch)
    params = case.get("params", {})
    assert isinstance(params, dict)
    fault = Diagnostic(
        str(case["code"]),
        Severity.ERROR,
        Span(source, start, start + len(stretch)),
        params=tuple(sorted(params.items())),
    )
    edit = certain_fix(fault)
    assert (text if edit is None else apply_edits(text, [edit])) == case.get("after", text)
    assert (edit is not None) == ("after" in case)


def test_every_certain_code_is_tried() -> None:
    tried = {str(case["code"]) for case in EDITS} | {
        line.partition(":")[0] for told in REPAIRED.values() for line in told
    }
    assert tried >= CERTAIN_CODES


def test_a_fault_without_a_place_has_no_edit() -> None:
    assert certain_fix(Diagnostic("bad-day", Severity.ERROR, None, params=(("text", "2023/1/1"),))) is None


def test_overlapping_edits_are_made_once() -> None:
    source = Source("x", "abcdef")
    edits = [TextEdit(Span(source, 0, 2), "X"), TextEdit(Span(source, 1, 3), "Y"), TextEdit(Span(source, 0, 2), "X")]
    assert apply_edits("abcdef", edits) == "Xcdef"


# ---- whole files

BROKEN = """\
format: 1
overlay: yangquan
title：阳泉市最低生活保障标准
amends: shanxi_2022_60
jurisdiction: 1403
status: offical
from: 2024年1月1日
\u3000\u3000
# 没有查到：tab 缩进
not_found:
\tdibao_standard: 未查到
add:
  requirements:
    car:
      lable: “没有两辆车”
      when: 计数(机动车) 小于 2
    inc:
      名称: 收入不低
      出处: 示例
      when: 家庭收入低于家庭收入
"""
MENDED = """\
format: 1
overlay: yangquan
title: 阳泉市最低生活保障标准
amends: shanxi_2022_60
jurisdiction: "1403"
status: official
from: 2024-01-01

# 没有查到：tab 缩进
not_found:
  dibao_standard: 未查到
add:
  requirements:
    car:
      label: "没有两辆车"
      when: 计数(机动车) 低于 2
    inc:
      label: 收入不低
      cites: 示例
      when: 家庭收入 低于 家庭收入
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_officers_file(province: Path, encoding: str, ends: str) -> None:
    path = province / "cities" / "yangquan.yaml"
    path.write_bytes(BROKEN.replace("\n", ends).encode(encoding))
    done = fix(province)
    assert list(done.files) == [path]
    after = done.files[path][1]
    assert after.raw == MENDED.replace("\n", ends)
    assert after.mark == (encoding == "utf-8-sig")
    assert not [one for one in done.left if one.severity is Severity.ERROR]


def test_a_repair_that_brings_a_fault_is_not_made(province: Path) -> None:
    """An indentation by a tab below a text, where no deeper line can stand: two spaces would not be read either."""
    path = province / "cities" / "yangquan.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("status: official", "status: offical\n\tfrom: 2024-01-01"), encoding="utf-8")
    done = fix(province)
    assert done.repairs == ()
    assert any(one.code == "tab-indent" for one in done.left)


def test_a_latin_file_is_not_taken_for_chinese(province: Path) -> None:
    path = province / "cities" / "yangquan.yaml"
    data = "format: 1\noverlay: yangquan\ntitle: Stra\xdfe \xe9t\xe9\n".encode("latin-1")
    path.write_bytes(data)
    assert not fix(province).files


def test_wide_figures_in_a_table_are_read_and_need_no_repair(province: Path) -> None:
    path = province / "standards" / "taiyuan-2023.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.replace(",760,760", ",７６０,760", 1).encode("gb18030"))
    done = fix(province)
    assert path not in done.files
    assert not [one for one in done.left if one.severity == "error"]


def test_a_table_is_kept_in_its_own_encoding(province: Path) -> None:
    """Beside a policy file that becomes UTF-8."""
    table, overlay = province / "standards" / "taiyuan-2023.csv", province / "cities" / "yangquan.yaml"
    table.write_bytes(table.read_text(encoding="utf-8").encode("gb18030"))
    overlay.write_bytes(overlay.read_text(encoding="utf-8").encode("gb18030"))
    done = fix(province)
    assert list(done.files) == [overlay]
    assert not [one for one in done.left if one.severity is Severity.ERROR]


def test_tables_are_repaired_in_their_own_encoding(province: Path) -> None:
    """Whatever is found in one: of what `check` finds there today, nothing has a certain repair."""
    table = province / "standards" / "taiyuan-2023.csv"
    text = table.read_text(encoding="utf-8")
    table.write_bytes(text.replace(",760,760", ",７６０,760", 1).encode("gb18030"))

    def check(contents: Mapping[Path, bytes]) -> list[Diagnostic]:
        read = contents.get(table.resolve(), table.read_bytes()).decode("gb18030")
        at = read.find("７６０")
        span = Span(Source("standards/taiyuan-2023.csv", read), at, at + 3)
        return [] if at < 0 else [Diagnostic("bad-amount", Severity.ERROR, span, params=(("text", "７６０"),))]

    done = fixed(files_to_fix([province], Reporter()), check)
    assert done.files[table][1].data() == text.encode("gb18030")


def test_nothing_to_do(province: Path) -> None:
    done = fix(province)
    assert (done.files, done.repairs) == ({}, ())


def test_days_in_other_forms() -> None:
    for written, day in {
        "2023/1/5": "2023-01-05", "2023.01.05": "2023-01-05", "２０２３年1月5日": "2023-01-05",
        "2023-1-5": "2023-01-05",
        "2023-02-30": "", "5.1.2023": "", "2023年1月": "",
    }.items():  # fmt: skip
        source = Source("x", written)
        fault = Diagnostic("bad-day", Severity.ERROR, Span(source, 0, len(written)), params=(("text", written),))
        edit = certain_fix(fault)
        assert (edit.text if edit else "") == day
        assert not day or date.fromisoformat(day)
