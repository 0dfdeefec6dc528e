"""A small folder of policies with two cities, its drafts, and people to write them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from engine.serving.drafts.keeping import Author, Commit
from engine.serving.drafts.publish import Outcome, Publisher
from engine.serving.drafts.store import Draft, Drafts
from engine.serving.people.person import OWNER, Person

TINY = Path(__file__).parents[2] / "cases" / "codes" / "tiny"
CITIES = {"jia": "9001", "yi": "9002"}
DIVISIONS = "code,name,city_code,city_name\n900101,东城区,9001,甲市\n900201,西城区,9002,乙市\n"
CITY = """\
format: 1
overlay: {name}
title: {name}补充规定
amends: tiny
jurisdiction: "{code}"
status: official
document: {name}民发〔2023〕2号
from: 2023-01-01
set: {{limit: {limit} 元/月}}
"""
CASES = """\
cases: {name}
tests:
  limit_{name}:
    why: 一
    household: {{id: 乙, application_date: 2023-06-15, county: "{county}", income: 650}}
    expect: {{outcome: 符合}}
"""
PROVINCE = Person("sheng", "省厅", ("90",))
JIA = Person("jia", "甲市民政局", ("9001",))
YI = Person("yi", "乙市民政局", ("9002",))
READER = Person("kan", "只看", ())
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def published(folder: Path) -> Path:
    """A province, two cities that set its limit, and cases of each."""
    home = folder / "policies"
    shutil.copytree(TINY, home)
    tiny = home / "tiny.yaml"
    tiny.write_text(tiny.read_text("utf-8") + "local: {set: {limit: expected}}\n", "utf-8")
    (home / "divisions.csv").write_text(DIVISIONS, "utf-8")
    cases = home / "cases.yaml"
    cases.write_text(
        cases.read_text("utf-8").replace("    why: 一", "    given: {limit: 700 元/月}\n    why: 一"), "utf-8"
    )
    (home / "cities").mkdir()
    for name, code in CITIES.items():
        (home / "cities" / f"{name}.yaml").write_text(CITY.format(name=name, code=code, limit=660), "utf-8")
        (home / "cities" / f"{name}.cases.yaml").write_text(CASES.format(name=name, county=f"{code}01"), "utf-8")
    return home


@dataclass
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class Git:
    """What was asked to be committed."""

    asked: list[tuple[Path, tuple[str, ...], Author, str]] = field(default_factory=list)

    def __call__(self, folder: Path, paths: Sequence[str], author: Author, reason: str) -> Commit:
        self.asked.append((folder, tuple(paths), author, reason))
        return Commit("abc123")


@dataclass
class Office:
    home: Path
    drafts: Drafts
    git: Git
    publisher: Publisher

    def begun(self, texts: dict[str, str | None], person: Person = OWNER) -> Draft:
        """A draft with these texts."""
        draft = self.drafts.create(person, "明年标准")
        assert isinstance(draft, Draft)
        for path, text in texts.items():
            made = self.drafts.write(draft.id, path, text, self.drafts.expected(draft, path), person)
            assert isinstance(made, Draft), made
            draft = made
        return draft

    def publish(self, draft: Draft, person: Person = OWNER, reason: str = "按新文件") -> Outcome:
        return self.publisher.publish(draft.id, person, reason, draft.mark, "zh")

    def read(self, path: str) -> str:
        return (self.home / path).read_text("utf-8")

    def raised(self, path: str, limit: int) -> str:
        return self.read(path).replace("660", str(limit))

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.home).as_posix(): path.read_bytes() for path in self.home.rglob("*") if path.is_file()
        }


def office(folder: Path) -> Office:
    home, clock, git = published(folder), Clock(), Git()
    drafts = Drafts(folder / "drafts", home, clock)
    return Office(home, drafts, git, Publisher(drafts, clock, git))
