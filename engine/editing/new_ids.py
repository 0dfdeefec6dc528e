"""Where the author chooses a name himself: one that nothing has yet, to be written over, and what of.

In: a path of keys, and what stands there.  Out: the name and what it is called.
Imports structure and the ground floor.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.editing.structure import Path, Place
from engine.say import Say

_WHAT: dict[str, tuple[str, str]] = {
    "facts": ("信息项", "fact"),
    "terms": ("计算步骤", "step"),
    "checks": ("数据核对", "check"),
    "lists": ("清单", "list"),
    "parameters": ("参数", "parameter"),
    "outputs": ("附带数字", "output"),
    "referrals": ("转办", "referral"),
    "requirements": ("对全家的要求", "requirement"),
    "causes": ("致贫原因", "cause"),
    "conditions": ("条件", "condition"),
    "choice": ("选项", "option"),
    "options": ("读法", "option"),
    "tests": ("用例", "case"),
    "bases": ("基础家庭", "base"),
}
_OF_CASES = ("tests", "bases")
"""sections of case files, whose names are only looked at: they may be Chinese"""


def new_name(holder: Path, place: Place, there: Collection[str], say: Say) -> tuple[str, str] | None:
    """A free name for one more in a map, and what it is called in a list; None where the author has no choice.

    Args:
        place: what the schema says of the map.
    """
    section = _section(holder)
    if section not in _WHAT or not (place.own_keys or holder == ("add", "conditions")):
        return None
    chinese, english = _WHAT[section]
    stem = say(chinese, english) if section in _OF_CASES else f"{english}_"
    taken = {name for one in there for name in (one, one.partition(".")[2])}
    name = next(name for n in range(1, len(taken) + 2) if (name := f"{stem}{n}") not in taken)
    return name, say(f"新的{chinese}", f"a new {english}")


def told(section_of: Path, say: Say) -> str:
    if _section(section_of) in _OF_CASES:
        return say("名称自己起，可以用中文，不含空格", "the name is yours to choose, without blanks")
    return say(
        "标识自己起：小写英文字母、数字、下划线，字母开头；给人看的名称写在 `label` 里",
        "the id is yours to choose: small letters, digits and `_`; how people read it goes into `label`",
    )


def _section(holder: Path) -> str:
    """What kind of names a map holds: facts stand in their collection, everything else in its section."""
    if holder[-1:] == ("items",) or holder == ("facts", "household"):
        return "facts"
    if holder[:2] == ("add", "facts"):
        return "facts" if len(holder) == 3 else ""
    last = str(holder[-1]) if holder else ""
    chosen = holder[:1] not in (("replace",), ("set",), ("local",)) and "expect" not in holder
    return last if chosen and last != "facts" else ""
