"""The file of a city or county, begun: all that it may change, each with an example to be uncommented.

In: the `Home` of the new file, its id and a day for the examples.  Out: its text. The text passes `check` as it is, and
with every example uncommented too: lines that begin with `##` explain, lines that begin with `# ` are examples.
The heads of the sections are in force, with nothing under them, so that an example stands where it belongs whichever
others are uncommented; where it needs others, the line above says which.
Imports examples, home, yaml_text, policy, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from engine.language.types import Choice
from engine.policy.model import Guard, Parameter, Reading
from engine.policy.territory import Jurisdiction
from engine.writing.examples import Examples, guard_words, opened_words
from engine.writing.home import Home
from engine.writing.yaml_text import yaml_text

_RULE = "# " + "-" * 64


def new_city(home: Home, id_: str, day: date, *, draft: bool, schema: str) -> str:
    """The text of the file.

    Args:
        day: the day from which the examples hold.
        schema: the address of the overlay's JSON Schema for editors, or "".
    """
    page = _Page(home, id_, day)
    page.head(draft, schema)
    page.not_found()
    page.set_values()
    page.add()
    page.exempt()
    page.replace()
    return "\n".join(page.lines) + "\n"


class _Page:
    def __init__(self, home: Home, id_: str, day: date) -> None:
        self.home = home
        self.id = id_
        self.day = day
        self.local = home.below.local
        self.elements = home.below.elements
        self.lines: list[str] = []
        self.made: dict[str, str] = {}
        """what examples declare: the word by which others use it, and its label"""

    def say(self, *texts: str) -> None:
        self.lines.extend(f"## {text}".rstrip() for text in texts)

    def show(self, *lines: str) -> None:
        self.lines.extend(f"# {line}" for line in lines)

    def section(self, title: str) -> None:
        self.lines += ["", f"#{_RULE} {title}"]

    def head(self, draft: bool, schema: str) -> None:
        root = self.home.below.chain.root.header
        self.lines += [f"# yaml-language-server: $schema={schema}", "#"] if schema else []
        document = f"（{root.origin.document}）" if root.origin.document else ""
        self.say(
            f"{self.home.name}：对《{root.title}》{document}的补充",
            "",
            "这个文件现在就能通过检查。用得到的示例，去掉行首的“# ”，改成本地公文的内容；用不到的删去。",
            "两个井号的行是说明，一个井号的行是示例；示例里的数字和条件都不是真实规定。",
            "没有井号的行（set: 等）是各段的题头，下面可以什么都不写；自己的内容写在对应的题头下面。",
            "每改一处运行 doudi check，改完运行 doudi fmt；再用 doudi new case 写一个用例。",
        )
        self.lines += [
            "",
            "format: 1",
            f"overlay: {self.id}",
            f"title: {yaml_text(self.home.name + '补充规定')}",
            f"amends: {self.home.amends}",
            f"jurisdiction: {_codes(self.home.jurisdiction)}",
            f"status: {'draft' if draft else 'official'}",
        ]
        self.say("文号、发文机关、施行日期：下面各项没有另写的，都随这里")
        self.show("document: 示例〔2000〕1号", "issuer: 示例市民政局", f"from: {self.day}")

    def not_found(self) -> None:
        expected = [
            self.elements.parameters[name]
            for name, guard in self.local.set.items()
            if guard.expected and name in self.elements.parameters and not self.elements.parameters[name].blocks
        ]
        if not expected:
            return
        self.section("应由本地设定、还没有录入的数值")
        self.say("查到以后用 doudi new values 录入，它会删去这里的一行")
        self.lines.append("not_found:")
        self.lines += [f"  {parameter.id}: {yaml_text(parameter.label + '尚未录入')}" for parameter in expected]

    def set_values(self) -> None:
        opened = {name: guard for name, guard in self.local.set.items() if guard.effect != "sealed"}
        if not opened:
            return
        self.section("可以设定的数值、名单和条文读法")
        self.lines.append("set:")
        for name, guard in opened.items():
            if name in self.elements.parameters:
                self._set_parameter(self.elements.parameters[name], guard)
            elif name in self.elements.readings:
                self._set_reading(self.elements.readings[name], guard)
            elif name in self.elements.lists:
                listed = self.elements.lists[name]
                self.say(f"  {listed.label}{guard_words(guard)}")
                if len(listed.columns) == 1 and not isinstance(listed.columns[0], Choice):
                    self.show(f"  {name}: {{items: [甲, 乙]{_promise(guard)}}}")

    def _set_parameter(self, parameter: Parameter, guard: Guard) -> None:
        self.say(f"  {parameter.label}（{parameter.unit_text or '数'}）{guard_words(guard, parameter)}")
        examples = Examples(self.home)
        if not parameter.by:
            value = examples.value(parameter, guard)
            self.show(f"  {parameter.id}: {f'{{value: {value}{_promise(guard)}}}' if guard.promise else value}")
            return
        by = "、".join(examples.key_label(key) for key in parameter.by)
        self.say(f"  按{by}取值；每次调整写一段，旧的留着不动")
        self.show(f"  {parameter.id}:", f"    - from: {self.day}", "      document: 示例〔2000〕1号")
        if guard.promise:
            self.show(f"      effect: {guard.promise}")
        self.show("      values:")
        self.show(*(f"        {line}" for line in examples.keyed(parameter, guard)))

    def _set_reading(self, reading: Reading, guard: Guard) -> None:
        self.say(f"  {reading.question or reading.label}{guard_words(guard)}")
        for option, label in reading.type.options:
            if not guard.options or option in guard.options:
                self.say(f"    {option}：{label}" + ("（现在选的）" if option == reading.chosen else ""))
        chosen = f"{{chosen: {reading.chosen}{_promise(guard)}}}" if guard.promise else reading.chosen
        self.show(f"  {reading.id}: {chosen}")

    def add(self) -> None:
        opened = {kind: guard for kind, guard in self.local.add.items() if guard.effect != "sealed"}
        parts = {term: guard for term, guard in self.local.add_parts.items() if guard.effect != "sealed"}
        blocks = [(kind, lines) for kind, lines in Examples(self.home).additions(opened, parts) if lines]
        if not blocks:
            return
        self.section("可以增加的内容")
        self.lines.append("add:")
        for kind, lines in blocks:
            self.say(f"  {opened_words(kind)}{guard_words(opened[kind]) if kind in opened else ''}")
            self.lines += ["  facts:", "    household:"] if kind == "facts" else [f"  {kind}:"]
            self._examples("      " if kind == "facts" else "    ", lines)

    def _examples(self, indent: str, lines: Sequence[str]) -> None:
        """Entries to uncomment, one by one; above each, which earlier ones it needs."""
        starts = [at for at, line in enumerate(lines) if not line.startswith(" ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            entry = lines[start:end]
            text = "\n".join(entry)
            needed = dict.fromkeys(label for word, label in self.made.items() if word in text)
            if needed:
                self.say(f"{indent}要先有上面的 {'、'.join(needed)}")
            self.show(*(indent + line for line in entry))
            if label := re.search(r"label: ([^,}\n]+)", text):
                self.made |= dict.fromkeys((entry[0].partition(":")[0], label[1]), label[1])

    def exempt(self) -> None:
        guard = self.local.add.get("exemptions")
        lines = [] if guard is None or guard.effect == "sealed" else Examples(self.home).exemption(guard)
        if not lines or guard is None:
            return
        self.section("可以免除的条件")
        self.say(f"何种家庭不必满足某个条件{guard_words(guard)}")
        self.lines.append("exempt:")
        self._examples("  ", lines)

    def replace(self) -> None:
        opened = {
            name: guard
            for name, guard in self.local.replace_terms.items()
            if guard.effect != "sealed" and name in self.elements.terms
        }
        if not opened:
            return
        self.section("可以改写的计算步骤")
        self.say("“原定义”指改写前的结果")
        self.lines += ["replace:", "  terms:"]
        for name, guard in opened.items():
            term = self.elements.terms[name]
            written = Examples(self.home).written(term.body)
            self.say(f"    {term.label}{guard_words(guard)}" + (f"；现在是：{written}" if written else ""))
            effect = f", effect: {guard.effect}" if guard.effect != "any" else ""
            self.show(f"    {name}: {{is: 原定义{effect}}}")


def _codes(jurisdiction: Jurisdiction) -> str:
    quoted = [f'"{code}"' for code in jurisdiction]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"


def _promise(guard: Guard) -> str:
    """What a setting in braces has to say about its effect; "" where nothing."""
    return f", effect: {guard.promise}" if guard.promise else ""
