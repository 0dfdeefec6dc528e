"""Every limit on what may be given: `tests/cases/limits.yaml`, with the numbers as the code has them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from engine import resources


@dataclass(frozen=True)
class Limit:
    """An entry of `tests/cases/limits.yaml`; `name` is that of the constant."""

    of: str
    zh: str
    name: str
    times: int
    unit: str
    code: str
    test: str

    @property
    def value(self) -> int:
        return number_of(self.name) * self.times


def number_of(name: str) -> int:
    """The number of a constant of a module (`module:NAME`), or at a place of a schema (`FILE#/PLACE`)."""
    if "#" not in name:
        module, _, constant = name.partition(":")
        return int(getattr(import_module(module), constant))
    file, _, place = name.partition("#/")
    held: Any = resources.schema(file.removesuffix(".schema.json"))
    for step in place.split("/"):
        held = held[step]
    return int(held)


LIMITS = tuple(
    Limit(one["of"], one["zh"], one["limit"], int(one.get("times", 1)), one["unit"], one["code"], one["test"])
    for one in yaml.load(
        (Path(__file__).parent / "cases" / "limits.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
    )
)


def limit_rows(language: str) -> list[str]:
    """What may be given at most; the constant stands in a remark, for the test that reads the page."""
    zh = language == "zh"
    head = ("什么", "至多", "超过时说", "由哪个测试守着") if zh else ("what", "at most", "code", "held by")
    rows = [f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
    up = "../" if zh else ""
    for one in LIMITS:
        english, _, chinese = one.unit.partition(" / ")
        if one.unit == "bytes":
            most = f"{one.value >> 20} MiB"
        else:
            most = f"{one.value:,} {chinese if language == 'zh' else english}"
        constant = f"<!-- {one.name}{f' × {one.times}' if one.times > 1 else ''} -->"
        held = f"`{one.test}`" if "::" in one.test else f"`tests/cases/bad_policies`, {one.test}"
        rows.append(
            f"| {one.zh if language == 'zh' else one.of} | {most} {constant} | "
            f"[`{one.code}`]({up}codes/{one.code}.md) | {held} |"
        )
    return rows
