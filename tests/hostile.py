"""A small world of policies, cases and households in which every text and every file name is as bad as it can be.

In: a folder and what to put behind each text.  Out: files. With nothing put behind, the same world is harmless.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from engine.escaping import shown

BASE = Path(__file__).parent / "cases"
SUFFIX = "\n✓  符合：伪造\u2028::error file=a::x\u2029  ✗\x85##[error]y\u202e\u2066\u200b</a>&,;%0A"
"""behind each text of a policy: whatever YAML lets in by an escape"""
NAME_SUFFIX = "\n::error file=x,line=1::y\r\x1b[31m\x07✓ %#?:,\\ \u202e\u2028end_of_record"
"""behind each name of a file and folder"""
ID_SUFFIX = "\u2028✓  符合\x85::error::z\u202e\u009b31m##[error]"
"""behind each id of a household, which may hold no control character of ASCII"""

# a text of a policy in one line: a label (with a name to be called by, where it has one), or any other
_LABEL = re.compile(r"^( *(?:- )?|.*[{ ])label: ([^,{}\n]+)(.*)$", re.MULTILINE)
_TEXT = re.compile(r"\b(title|document|issuer|cites|message|question|text|why): (?!yes\b)([^,{}\n\"]+)")
_OPTIONS = re.compile(r"(choice|options): \{([^}]*)\}")
_NAMELESS = ("confers:", "assumptions:")


@dataclass(frozen=True)
class World:
    """Names of what was written; `cases` run on the province, one of them fails."""

    policies: Path
    cases: Path
    household: Path

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(str(path) for path in (self.policies, self.cases, self.household))


def make(root: Path, suffix: str = "", name: str = "", id: str = "") -> World:
    policies, cases = root / f"策{name}", root / f"例{name}"
    for folder in (policies, policies / "standards", cases):
        folder.mkdir(parents=True)
    province = _hostile((BASE / "base" / "province.yaml").read_text("utf-8"), suffix)
    province = province.replace("[精神, 一级]", "[mental, grade_1]")
    (policies / f"省{name}.yaml").write_text(province, "utf-8")
    city = _hostile((BASE / "base" / "cities" / "jia.yaml").read_text("utf-8"), suffix)
    (policies / f"市{name}.yaml").write_text(city.replace("西城区: {城市: 800}", "西城区: {urban: 800}"), "utf-8")
    divisions = (BASE / "base" / "divisions.csv").read_text("utf-8")
    # a table has no escapes: what `check` reports in one would be a finding more than in the harmless world
    zone = f"北山县{'✓  符合##[error]x' if suffix else ''}"
    (policies / "divisions.csv").write_text(divisions.replace("北山县", zone), "utf-8")
    (policies / "standards" / "jia-2023.csv").write_bytes((BASE / "base" / "standards" / "jia-2023.csv").read_bytes())
    tests = (BASE / "codes" / "cases.yaml").read_text("utf-8").replace("城市", "urban")
    tests = _hostile(tests, suffix).replace("[20000, 不符合]", "[20000, 符合]")
    (cases / f"用例{name}.yaml").write_text(tests, "utf-8")
    household = json.loads((BASE / "codes" / "household.json").read_text("utf-8"))
    household |= {"id": f"H{id}", "county": "900121"}
    household["members"][0]["id"] += id
    household["members"][1].pop("stage")
    file = root / f"户{name}.json"
    file.write_text(json.dumps(household), "utf-8")
    return World(policies, cases, file)


def _hostile(text: str, suffix: str) -> str:
    """Every text with the suffix behind it; what expressions call by its label gets that as its name."""

    def label(found: re.Match[str]) -> str:
        before, said, after = found[1], found[2].strip(), found[3]
        quoted = _quoted(said, suffix)
        named = "name: " in after or any(word in before for word in _NAMELESS) or _nameless(text, found.start())
        if named or (not before.strip(" -") and _next_is_name(text, found.end())):
            return f"{before}label: {quoted}{after}"
        if before.strip(" -"):
            return f"{before}label: {quoted}, name: {said}{after}"
        return f"{before}label: {quoted}{after}\n{' ' * len(before)}name: {said}"

    def options(found: re.Match[str]) -> str:
        pairs = (one.partition(": ") for one in found[2].split(", "))
        told = ", ".join(f"{id}: {_quoted(said, suffix)}" for id, _, said in pairs)
        return f"{found[1]}: {{{told}}}"

    text = _OPTIONS.sub(lambda found: found[0] if "[" in found[0] else options(found), text)
    text = _LABEL.sub(label, text)
    return _TEXT.sub(lambda found: f"{found[1]}: {_quoted(found[2].strip(), suffix)}", text)


def _quoted(said: str, suffix: str) -> str:
    """Between quotes, and what is bad of it by escapes: as somebody would write it who wants it to pass."""
    return f'"{said}{json.dumps(suffix)[1:-1]}"'


def _nameless(text: str, at: int) -> bool:
    """In a section whose things no expression calls by a name."""
    sections = re.findall(r"^ {0,2}([a-z_]+): *$", text[:at], re.MULTILINE)
    return any(name in ("outputs", "referrals", "exempt") for name in sections[-2:])


def _next_is_name(text: str, at: int) -> bool:
    return text[at + 1 :].partition("\n")[0].lstrip().startswith("name:")


# ---- what is looked at in an output


def begins(text: str) -> list[str]:
    """Of every line its indentation and first sign: what a reader takes it for. Far in, figures stand flush right."""
    found = (re.match(r"( {0,8}) *(\S?)", line) for line in text.split("\n"))
    return [one[1] + one[2] if one else "" for one in found]


def hidden(text: str) -> set[str]:
    """The characters that steer, end a line, or hide, apart from the line ends of the text itself."""
    return {sign for sign in text if sign != "\n" and shown(sign) == f"⟨U+{ord(sign):04X}⟩"}


def orders(text: str) -> list[str]:
    """Lines that a build server would obey."""
    return [line for line in text.split("\n") if line.lstrip().startswith("::") or "##[" in line]


def shape(value: object) -> object:
    """A JSON value without its texts, but for whether one is there."""
    if isinstance(value, dict):
        return {re.sub(r"[^\x20-\x7e]", "", key) or "key": shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return bool(value) if isinstance(value, str) else type(value).__name__
