"""`new city` and `new case`: files that pass as they are, with their examples too, and nothing overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from engine import resources
from engine.cli.status import ANSWERED, MISUSE
from engine.diagnostics import Diagnostic, Reporter, Severity, render
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.policy.yaml_nodes import read_tree
from engine.source import Source
from engine.tree import Mapping, Scalar, Sequence, Tree
from tests.cli.running import Run

ROOT = Path(__file__).parents[2]
CITIES = sorted((resources.policies_root() / "cities").glob("*.yaml"))


def findings(folder: Path) -> list[Diagnostic]:
    return [one for one in Slices(read_library([folder])).check_all(None) if one.severity is not Severity.INFO]


def uncommented(path: Path) -> None:
    """Every example put in force."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^# ", "", text), encoding="utf-8")


@pytest.mark.parametrize("city", CITIES, ids=lambda path: path.stem)
def test_every_city_can_begin_anew(run: Run, province: Path, city: Path) -> None:
    code = re.search(r'jurisdiction: "(\d+)"', city.read_text(encoding="utf-8"))
    assert code is not None
    (province / "cities" / city.name).unlink()
    ran = run("new", "city", code[1], "--policies", str(province), "--id", city.stem)
    assert (ran.status, ran.err) == (ANSWERED, "")
    made = province / "cities" / city.name
    assert ran.out == f"已新建 {made.as_posix()}\n"
    assert not [render(one) for one in findings(province)]
    assert run("fmt", str(made), "--check").status == ANSWERED
    uncommented(made)
    assert not [render(one) for one in findings(province)]


Keys = tuple[str | int, ...]


def paths_by_line(text: str) -> dict[int, Keys]:
    """For each line on which an entry begins: where in the document it stands."""
    found: dict[int, Keys] = {}

    def visit(node: Tree, path: Keys) -> None:
        match node:
            case Mapping(entries=entries):
                for key, value in entries:
                    found.setdefault(key.span.line, (*path, key.text))
                    visit(value, (*path, key.text))
            case Sequence(items=items):
                for at, item in enumerate(items):
                    visit(item, (*path, at))
            case Scalar():
                pass

    report = Reporter()
    tree = read_tree(Source("new.yaml", text), report)
    assert tree is not None, [render(one) for one in report]
    assert not report.has_errors, [render(one) for one in report]
    visit(tree, ())
    return found


def examples_of(text: str) -> list[list[int]]:
    """The line numbers of every example: an entry with the lines that are set further in below it."""
    blocks: list[list[int]] = []
    depth = -1
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("# "):
            depth = -1
            continue
        indent = len(line) - 1 - len(line[1:].lstrip())
        if depth < 0 or indent <= depth:
            blocks.append([])
            depth = indent
        blocks[-1].append(number)
    return blocks


def with_lines(text: str, numbers: Iterable[int]) -> str:
    """The text with these lines uncommented."""
    chosen = set(numbers)
    lines = text.splitlines(keepends=True)
    return "".join(line[2:] if number in chosen else line for number, line in enumerate(lines, 1))


@pytest.fixture
def begun(run: Run, province: Path) -> Path:
    """The first city of the province: what others have is nothing to it, and would be checked again each time."""
    for city in (province / "cities").iterdir():
        city.unlink()
    assert run("new", "city", "1403", "--policies", str(province), "--id", "yangquan").status == ANSWERED
    return province / "cities" / "yangquan.yaml"


def test_an_example_uncommented_alone_stands_where_it_belongs(province: Path, begun: Path) -> None:
    text = begun.read_text(encoding="utf-8")
    blocks = examples_of(text)
    intended = paths_by_line(with_lines(text, (number for block in blocks for number in block)))
    assert len(blocks) > 25
    for block in blocks:
        alone = with_lines(text, block)
        paths = paths_by_line(alone)
        assert {number: paths[number] for number in block} == {number: intended[number] for number in block}
        begun.write_text(alone, encoding="utf-8")
        codes = {one.code for one in findings(province) if one.severity is Severity.ERROR}
        # what an example cannot do without is a day, and what the line above it says
        assert codes <= {"no-start", "unknown-fact"}, alone


def test_an_example_with_what_it_says_it_needs_checks(province: Path, begun: Path) -> None:
    text = begun.read_text(encoding="utf-8")
    lines, blocks = text.splitlines(), examples_of(text)
    made: dict[str, list[int]] = {}
    for block in blocks:
        label = re.search(r"label: ([^,}\n]+)", "\n".join(lines[number - 1] for number in block))
        if label:
            made.setdefault(label[1], block)

    def needed(block: list[int]) -> set[int]:
        above = lines[block[0] - 2]
        words = above.partition("要先有上面的 ")[2].split("、") if above.startswith("##") else []
        return set(block).union(*(needed(made[word]) for word in words if word))

    day = next(number for number, line in enumerate(lines, 1) if line.startswith("# from: "))
    for block in blocks:
        begun.write_text(with_lines(text, needed(block) | {day}), encoding="utf-8")
        wrong = [render(one) for one in findings(province) if one.severity is Severity.ERROR]
        assert not wrong


def test_a_single_line_of_an_example_never_passes_as_something_else(province: Path, begun: Path) -> None:
    text = begun.read_text(encoding="utf-8")
    blocks = examples_of(text)
    numbers = [number for block in blocks for number in block]
    intended = paths_by_line(with_lines(text, numbers))
    for number in numbers:
        begun.write_text(alone := with_lines(text, [number]), encoding="utf-8")
        wrong = [one for one in findings(province) if one.severity is Severity.ERROR]
        assert wrong or paths_by_line(alone)[number] == intended[number], alone.splitlines()[number - 1]


def test_values_are_put_under_the_empty_head(run: Run, province: Path, begun: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("县,城市（元/人·月）\n城区,760\n矿区,760\n郊区,740\n平定县,720\n盂县,720\n", encoding="utf-8")
    arguments = ["--from", "2026-01-01", "--document", "示例〔2025〕1号", "--policies", str(province)]
    ran = run("new", "values", "阳泉市", str(table), *arguments)
    assert ran.status == ANSWERED, ran.err
    text = begun.read_text(encoding="utf-8")
    assert "\nset:\n  dibao_standard:\n    - from: 2026-01-01\n" in text
    assert text.count("\nset:\n") == 1
    assert not [render(one) for one in findings(province)]


def test_a_day_at_the_end_is_moved_to_the_head_without_the_examples(run: Run, begun: Path) -> None:
    text = begun.read_text(encoding="utf-8")
    begun.write_text(text + "\nfrom: 2026-01-01\n", encoding="utf-8")
    assert run("fmt", str(begun)).status == ANSWERED
    after = begun.read_text(encoding="utf-8")
    assert after.replace("\nfrom: 2026-01-01\n", "", 1) == text
    assert after.index("\nfrom: ") < after.index("\nnot_found:")


def test_a_city_by_name_a_county_and_a_draft(run: Run, province: Path) -> None:
    (province / "cities" / "taiyuan.yaml").unlink()
    for arguments, file, amends in (
        (["太原市"], "cities/city_1401.yaml", "shanxi_2022_60"),
        (["潞州区"], "counties/county_140403.yaml", "changzhi"),
        (["140400", "--draft"], "drafts/draft_1404.yaml", "changzhi"),
        (["140405", "--draft", "--id", "plan"], "drafts/plan.yaml", "changzhi"),
    ):
        assert run("new", "city", *arguments, "--policies", str(province)).status == ANSWERED
        text = (province / file).read_text(encoding="utf-8")
        assert f"\namends: {amends}\n" in text
        assert ("\nstatus: draft\n" in text) == ("--draft" in arguments)
        assert not [render(one) for one in findings(province)]


def test_several_counties_of_one_city_share_a_file(run: Run, province: Path) -> None:
    home = ["--policies", str(province)]
    ran = run("new", "city", "小店区", "140106", "小店区", *home)
    assert ran.status == ANSWERED, ran.err
    made = province / "counties" / "county_140105_140106.yaml"
    text = made.read_text(encoding="utf-8")
    for line in ("amends: taiyuan", 'jurisdiction: ["140105", "140106"]', "title: 小店区、迎泽区补充规定"):
        assert line in text.splitlines()
    assert not [render(one) for one in findings(province)]
    uncommented(made)
    assert not [render(one) for one in findings(province) if one.severity is Severity.ERROR]
    # one of them alone then stands on the file of both
    assert run("new", "city", "140105", *home).status == ANSWERED
    assert "amends: county_140105_140106" in (province / "counties" / "county_140105.yaml").read_text(encoding="utf-8")


def test_several_places_that_cannot_share_a_file(run: Run, province: Path) -> None:
    home = ["--policies", str(province)]
    for arguments, told in (
        (["140105", "140403"], "小店区 `taiyuan`，潞州区 `changzhi`；各写各的"),
        (["140105", "太原市"], "太原市已经有补充文件 `taiyuan`（cities/taiyuan.yaml）"),
        (["140105", "小店"], "是不是想写 小店区"),
    ):
        ran = run("new", "city", *arguments, *home)
        assert ran.status == MISUSE
        assert told in ran.err, ran.err
    assert "go by different files" in run("new", "city", "140105", "140403", *home, "--lang", "en").err


def test_what_cannot_be_begun(run: Run, province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = ["--policies", str(province)]
    for arguments, told in (
        (["太原市", *home], "已经有补充文件 `taiyuan`（cities/taiyuan.yaml）"),
        (["太源市", *home], "是不是想写 太原市"),
        (["城区", *home], "140302 140502"),
        (["140105", "--id", "taiyuan", *home], "标识 taiyuan 已经用在 cities/taiyuan.yaml"),
        (["140105", "--policy", "nowhere", *home], "没有可以补充的政策 nowhere"),
        (["140105", "-o", str(province / "divisions.csv"), *home], "没有覆盖"),
    ):
        ran = run("new", "city", *arguments)
        assert ran.status == MISUSE
        assert told in ran.err, ran.err
    monkeypatch.chdir(tmp_path)
    province.rename(tmp_path / "elsewhere")
    assert "没有文件夹 policies" in run("new", "city", "140105").err


def test_a_root_with_other_names(run: Run, tmp_path: Path) -> None:
    """Nothing of the province is written into the skeleton."""
    import shutil

    shutil.copytree(ROOT / "tests" / "cases" / "base", tmp_path / "policies")
    for gone in ("cities", "counties", "amendment.yaml"):
        path = tmp_path / "policies" / gone
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = {render(one) for one in findings(tmp_path / "policies")}
    for place in ("甲市", "900221"):
        ran = run("new", "city", place, "--policies", str(tmp_path / "policies"))
        assert ran.status == ANSWERED, ran.err
    for made in (tmp_path / "policies").rglob("*_90*.yaml"):
        uncommented(made)
    new = [one for one in findings(tmp_path / "policies") if render(one) not in before]
    assert not [render(one) for one in new if one.severity is Severity.ERROR]


# ---- cases


def passed(run: Run, province: Path, file: Path, runs: int) -> None:
    ran = run("test", str(file), "--policies", str(province))
    assert ran.status == ANSWERED, ran.out + ran.err
    assert f"运行 {runs} 次" in ran.out


def test_a_case_of_the_province_runs_everywhere(run: Run, province: Path) -> None:
    assert run("new", "case", "收入正好", "--policies", str(province)).status == ANSWERED
    file = province / "cases" / "收入正好.yaml"
    assert run("fmt", str(file), "--check").status == ANSWERED
    passed(run, province, file, 12)


def test_a_case_of_a_city(run: Run, province: Path) -> None:
    arguments = ["--policies", str(province), "--policy", "大同市", "--on", "2024-03-01"]
    assert run("new", "case", "x", *arguments).status == ANSWERED
    file = province / "cases" / "cities" / "x.yaml"
    assert "given" not in file.read_text(encoding="utf-8"), "the city has its standards"
    passed(run, province, file, 1)


def test_a_case_asks_for_what_the_local_conditions_read(run: Run, province: Path) -> None:
    city = province / "cities" / "yangquan.yaml"
    condition = """
from: 2023-01-01
add:
  requirements:
    car: {label: 没有机动车, cites: 示例, unless: 计数(机动车) > 0}
    age: {label: 有老人, cites: 示例, when: "任一(家庭成员 其中 years_between(出生日期, 申请日期) >= 70 岁)"}
"""
    city.write_text(city.read_text(encoding="utf-8") + condition, encoding="utf-8")
    assert run("new", "case", "x", "--policies", str(province), "--policy", "yangquan").status == ANSWERED
    file = province / "cases" / "cities" / "x.yaml"
    text = file.read_text(encoding="utf-8")
    assert "vehicles: []" in text
    assert "birth_date: 1980-01-01" in text
    assert "given: {dibao_standard: 700 元/人/月}" in text, "the city has no standard"
    passed(run, province, file, 1)


def test_who_is_referred_to_is_in_the_case(run: Run, province: Path) -> None:
    """Of the household, of an item of another list and of one of its own list; also where the list might be empty."""
    city = province / "cities" / "yangquan.yaml"
    condition = """
from: 2023-01-01
add:
  facts:
    household:
      applicant: {label: 申请人, refers_to: members}
      home: {label: 现住房, refers_to: flats}
    members:
      carer: {label: 照料人, refers_to: members}
    flats:
      label: 租住房
      counted_in: 套
      items:
        number: {label: 房号, text: yes, required: yes, role: identity}
        owner: {label: 房主, refers_to: members}
    bills:
      label: 票据
      counted_in: 张
      at_least: 1
      items:
        patient: {label: 就医成员, refers_to: members}
  requirements:
    adult: {label: 申请人成年, cites: 示例, when: 任一(家庭成员 其中 成员编号 = 申请人 且 出生日期 < 2005-01-01)}
    bill: {label: 票据是申请人的, cites: 示例, when: 每一(就医成员 = 申请人 对 票据)}
    cared: {label: 自己照料, cites: 示例, when: 每一(照料人 = 成员编号 对 家庭成员)}
    flat: {label: 房主是申请人, cites: 示例, when: 任一(租住房 其中 房号 = 现住房 且 房主 = 申请人)}
"""
    city.write_text(city.read_text(encoding="utf-8") + condition, encoding="utf-8")
    ran = run("new", "case", "x", "--policies", str(province), "--policy", "yangquan")
    assert ran.status == ANSWERED, ran.err
    file = province / "cases" / "cities" / "x.yaml"
    text = file.read_text(encoding="utf-8")
    for line in ("applicant: 1  #", "home: 1  #", "- number: 1  #", "owner: 1  #", "carer: 1  #", "- patient: 1  #"):
        assert line in text, line
    assert "refused" not in text
    assert "missing" not in text
    passed(run, province, file, 1)


def test_what_no_case_can_be_begun_for(run: Run, province: Path) -> None:
    home = ["--policies", str(province)]
    assert run("new", "case", "x", *home).status == ANSWERED
    for arguments, told in (
        (["x", *home], "没有覆盖"),
        (["x y", *home], "不能作用例的名字"),
        (["y", "--policy", "nowhere", *home], "没有名为 nowhere"),
    ):
        ran = run("new", "case", *arguments)
        assert ran.status == MISUSE
        assert told in ran.err, ran.err


def test_kinds(run: Run) -> None:
    assert run("new").out == run("new", "--help").out
    assert "只能新建 city、case、values" in run("new", "town").err
    for kind in ("city", "case", "values"):
        ran = run("new", kind, "--lang", "en", "--help")
        assert ran.out.startswith(f"Usage: doudi new {kind}")
        assert not [char for char in ran.out if "一" <= char <= "鿿" and char not in "元人月城镇"]


@pytest.mark.parametrize(
    "name", [".hid", "..", "-x", "~x", "a:b", "a/b", "CON", "nul.x", "x.", "x ", "a.yaml", "a.YML"]
)
def test_a_case_that_would_not_be_read_everywhere_is_not_begun(province: Path, run: Run, name: str) -> None:
    before = sorted(province.rglob("*"))
    assert run("new", "case", "--policies", str(province), "--", name).status == MISUSE
    assert sorted(province.rglob("*")) == before
