"""Many of one kind: findings that are counted, long chains of steps, shared replacements, bases upon bases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.api import open_policies
from engine.diagnostics import MOST_ALIKE, Diagnostic, Severity, shortened
from engine.source import Source, Span
from tests.cli.running import call
from tests.growth import HEAD, folder_of
from tests.policy.hygiene_cases import BASE

HOUSEHOLD = {"hid": "1", "day": "2024-01-01", "place": "810001", "income": 100, "rooms": 3}
REGIONS = "code,name,city_code,city_name\n810001,一县,,\n"


# ---- findings


def found(count: int, code: str = "unknown-name", file: str = "a.yaml") -> list[Diagnostic]:
    source = Source(file, "甲\n" * count)
    params = (("apart", ""), ("name", "甲"), ("suggestion", ""))
    return [Diagnostic(code, Severity.ERROR, Span(source, 2 * n, 2 * n + 1), "", params) for n in range(count)]


def test_the_rest_of_many_is_counted() -> None:
    told = shortened([*found(MOST_ALIKE + 7), *found(3, "circle"), *found(MOST_ALIKE, file="b.yaml")])
    assert len(told) == MOST_ALIKE + 1 + 3 + MOST_ALIKE
    (rest,) = (one for one in told if one.stands_for > 1)
    assert rest.stands_for == 7
    assert (rest.code, rest.place()) == ("unknown-name", f"a.yaml:{MOST_ALIKE + 1}:1")
    assert rest.message("zh") == "还有 7 处同样的问题，不再一一列出"
    assert rest.message("en") == "and 7 more like it"
    assert rest.help_lines() == ()


def test_one_more_is_told_itself() -> None:
    whole = found(MOST_ALIKE + 1)
    assert shortened(whole) == tuple(whole)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "gitlab"])
def test_check_counts_the_rest_in_every_format(form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(tmp_path / "many", "unknown names", MOST_ALIKE + 20)
    assert call(("check", str(folder), "--format", form)) == 1
    told = "".join(capsys.readouterr())
    assert told.count(f"step{MOST_ALIKE + 2}_nmae") == 0
    assert "还有 20 处同样的问题" in told or json.dumps("还有 20 处同样的问题")[1:-1] in told
    if form == "text":
        assert f"错误 {MOST_ALIKE + 20}" in told


def test_check_counts_the_rest_of_warnings_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As many counties whose values rise tenfold; each of the two tables is a file."""
    rows, home = range(MOST_ALIKE + 20), tmp_path / "policies"
    for file in (path for path in BASE.rglob("*") if path.is_file()):
        target = home / file.relative_to(BASE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    with (home / "divisions.csv").open("a", encoding="utf-8") as divisions:
        divisions.writelines(f"9001{n:02d},甲{n}县,9001,甲市\n" for n in rows if n > 2)
    for year, value in ((2023, 710), (2024, 7100), (2025, 710)):
        table = "".join(f"9001{n:02d},{value}\n" for n in rows if n)
        (home / "standards" / f"{year}.csv").write_text(f"县区,标准（元/人·月）\n{table}", encoding="utf-8")
    jia = home / "cities" / "jia.yaml"
    head = jia.read_text(encoding="utf-8").partition("    - from:")[0]
    block = "    - {{from: {0}-01-01, table: standards/{0}.csv, columns: {{县区: county, 标准（元/人·月）: value}}}}\n"
    jia.write_text(head + "".join(block.format(year) for year in (2023, 2024, 2025)), encoding="utf-8")
    assert call(("check", str(home), "--lang", "en")) == 0
    out, err = capsys.readouterr()
    assert f"{2 * (len(rows) - 1)} warnings" in out, err
    assert err.count("warning value-jump") == 2 * (MOST_ALIKE + 1)
    assert err.count(f"warning value-jump: and {len(rows) - 1 - MOST_ALIKE} more like it") == 2


# ---- steps


def written(home: Path, **files: str) -> Path:
    home.mkdir()
    for name, text in {"regions.csv": REGIONS, **files}.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def policy(terms: str, when: str, local: str = "") -> str:
    cause = "causes:\n  c1:\n    label: 原因\n    conditions:\n"
    return f"{HEAD}terms:\n{terms}{cause}      k1: {{label: 条件, when: {when}}}\n{local}"


def chain(home: Path, length: int) -> Path:
    steps = "".join(f"  t{n}: {{label: 步{n}, is: t{n - 1} + 1}}\n" for n in range(1, length))
    text = policy(f"  t0: {{label: 步, is: rooms * 1}}\n{steps}", f"t{length - 1} > {length} 间")
    text = text.replace("rooms * 1", "rooms").replace("+ 1}", "+ 1 间}")
    case = f"    why: w\n    household: {json.dumps(HOUSEHOLD)}\n    expect: {{outcome: eligible}}\n"
    return written(home, **{"p.yaml": text, "c.yaml": f"cases: growth\ntests:\n  t1:\n{case}"})


@pytest.mark.parametrize("command", ["check", "test --coverage", "show", "fmt --check"])
def test_a_chain_of_two_thousand_steps(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Coverage of 300 steps ended in a traceback."""
    folder = chain(tmp_path / "chain", 2_000)
    name, *options = command.split()
    where = ["growth", "--policies", str(folder)] if name == "show" else [str(folder)]
    assert call((name, *options, *where)) == 0, capsys.readouterr().err[-2000:]


def test_a_chain_that_is_not_known_to_its_end(tmp_path: Path) -> None:
    decision = open_policies([chain(tmp_path / "chain", 2_000)]).evaluate({**HOUSEHOLD, "rooms": None})
    assert str(decision.outcome) == "undetermined"
    assert [one.path for one in decision.missing] == ["rooms"]


def test_mutants_of_a_chain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(("mutate", str(chain(tmp_path / "chain", 40)))) in (0, 1), capsys.readouterr().err


def test_squares_of_squares_are_refused_not_worked_out(tmp_path: Path) -> None:
    """Thirty squarings never ended, and fifteen ended in a traceback."""
    steps = "".join(f"  t{n}: {{label: 步{n}, is: t{n - 1} * t{n - 1}}}\n" for n in range(1, 31))
    text = policy(f"  t0: {{label: 步, is: rooms / 1 间 + 3}}\n{steps}", "t30 > 5")
    (error,) = (
        one
        for one in open_policies([written(tmp_path / "squares", **{"p.yaml": text})]).check(None).diagnostics
        if one.severity is Severity.ERROR
    )
    assert (error.code, error.span is not None and error.span.text) == ("number-may-grow", "t2 * t2")


def test_replacements_share_what_they_replace(tmp_path: Path) -> None:
    """Four times sixty `previous` stood for thirteen million copies."""
    sixty = " + ".join(["previous"] * 60)
    head = 'format: 1\noverlay: o{n}\ntitle: 改\namends: {below}\njurisdiction: "81"\nfrom: 2020-01-01\ndocument: 文\n'
    change = f"replace:\n  terms:\n    t0: {{{{is: {sixty}}}}}\nlocal:\n  replace:\n    terms: {{{{t0: any}}}}\n"
    overlays = {f"o{n}.yaml": (head + change).format(n=n, below="growth" if n == 0 else f"o{n - 1}") for n in range(4)}
    local = "local:\n  replace:\n    terms: {t0: any}\n"
    text = policy("  t0: {label: 步, is: rooms + 1 间}\n", f"t0 = {4 * 60**4} 间", local)
    policies = open_policies([written(tmp_path / "shared", **{"p.yaml": text}, **overlays)])
    assert not [one for one in policies.check(None).diagnostics if one.severity is Severity.ERROR]
    assert str(policies.evaluate(HOUSEHOLD, policy="o3").outcome) == "eligible"


def test_bases_upon_bases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Six hundred bases, none of them in a circle, were called one."""
    bases = "".join(f"  b{n}: {{base: b{n - 1}, change: {{income: {n}}}}}\n" for n in range(1, 600))
    cases = f"cases: growth\nbases:\n  b0:\n    household: {json.dumps(HOUSEHOLD)}\n{bases}tests:\n"
    case = "  t1: {why: w, base: b599, expect: {outcome: eligible}}\n"
    text = policy(
        "  t0: {label: 步, is: rooms}\n", "t0 > 1 间 且 income >= 599 元/12月".replace("元/12月", "元 / 12 月")
    )
    folder = written(tmp_path / "bases", **{"p.yaml": text, "c.yaml": cases + case})
    assert call(("test", str(folder))) == 0, capsys.readouterr()
