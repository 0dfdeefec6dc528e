"""Examples for a new file, made of what the policy below it declares and opens.

In: the `Home` of the file and the guards.  Out: lines of YAML that check without faults, and words for guards.
Everything is named `example_…` and 示例…, so that it is seen to be no rule of anyone's.
Imports home, yaml_text, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from engine.language.ast import And, Expression, If, Name, Not, Or
from engine.language.printer import print_expression
from engine.language.references import children, walk
from engine.language.types import Choice, DateType, Place, Quantity
from engine.language.units import ONE
from engine.policy.extent import FIRST_DAY, written_unit
from engine.policy.keys import declared_key, is_amount, key_type
from engine.policy.model import Guard, Joining, Parameter, Parts
from engine.writing.home import Home, counties_of

_EFFECTS = {"narrower": "只能更严", "wider": "只能更宽"}
_KINDS = {
    "facts": "填报内容：给家庭或成员增加信息项，或增加一种物品（如农机具）",
    "lists": "名单：病种、专业等目录",
    "parameters": "数值：写在这里并起名，不写死在表达式里",
    "terms": "计算步骤：有名字的中间结果",
    "checks": "数据核对：severity 写 warning 只提醒，写 error 拒收",
    "requirements": "对全家的要求，不论哪种原因都须满足：when 写“须满足”，unless 写“不得有”",
    "causes": "认定情形：几个条件都满足才成立",
    "conditions": "情形中的条件：写“情形.标识”，all 指每一种情形",
    "parts": "分项：增加了认定情形，就在下面各项里各加一个分项",
    "outputs": "附带数字：随结论给出",
    "referrals": "转办事项",
}


def opened_words(kind: str) -> str:
    return _KINDS.get(kind, kind)


def guard_words(guard: Guard, parameter: Parameter | None = None) -> str:
    """What a guard demands, as a note behind a name; "" where it demands nothing."""
    notes = ["应由本地设定"] if guard.expected else []
    if parameter is not None and guard.least is not None:
        notes.append(f"不低于 {_written(guard.least, parameter)}")
    if parameter is not None and guard.most is not None:
        notes.append(f"不高于 {_written(guard.most, parameter)}")
    if guard.options:
        notes.append(f"只能选 {'、'.join(guard.options)}")
    if guard.to:
        notes.append(f"只对 {'、'.join(guard.to)}")
    if guard.must_use:
        notes.append(f"须照用 {'、'.join(guard.must_use)}")
    if guard.effect in _EFFECTS:
        notes.append(_EFFECTS[guard.effect])
    return f"：{'，'.join(notes)}" if notes else ""


def _promised(guard: Guard | None) -> list[str]:
    """The effect that a change has to promise under a guard, if any."""
    return [guard.effect] if guard is not None and guard.effect in _EFFECTS else []


def _written(value: int | Fraction | date, parameter: Parameter) -> str:
    """A value or bound in the parameter's own unit; as a fraction where it has no end."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(parameter.type, Quantity):
        return "yes" if value else "no"
    unit = written_unit(parameter.unit_text, parameter.type.unit) if parameter.unit_text else ONE
    exact = Fraction(value) * parameter.type.unit.factor / unit.factor
    scaled = exact * 10**6
    if scaled.denominator == 1:
        whole, rest = divmod(abs(int(scaled)), 10**6)
        shown = f"{'-' if exact < 0 else ''}{whole}.{rest:06d}".rstrip("0").rstrip(".")
    else:
        shown = str(exact)
    return f"{shown} {parameter.unit_text}".strip() if parameter.unit_text != "%" else f"{shown}%"


class Examples:
    """Lines of examples for one file."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.elements = home.below.elements

    # ---- values

    def key_label(self, key: str) -> str:
        held = declared_key(self.elements, key)
        return key if held is None else held.label

    def value(self, parameter: Parameter, guard: Guard) -> str:
        """A value that the guard and the parameter allow; the present one where there is one."""
        present = next((cell for block in reversed(parameter.blocks) for cell in block.cells.values()), None)
        least = max((one for one in (guard.least, parameter.least) if one is not None), default=None)
        most = min((one for one in (guard.most, parameter.most) if one is not None), default=None)
        if (
            present is not None
            and (least is None or present.number >= least)
            and (most is None or present.number <= most)
        ):
            return _written(present.value, parameter)
        if most is not None or least is not None:
            return _written(most if most is not None else least or 0, parameter)
        if isinstance(parameter.type, DateType):
            return FIRST_DAY.isoformat()
        return f"1 {parameter.unit_text}".strip() if isinstance(parameter.type, Quantity) else "no"

    def keyed(self, parameter: Parameter, guard: Guard) -> list[str]:
        """One value for each key, nested; of places the first two."""
        value = self.value(parameter, guard)
        heads = self._keys(parameter.by[0])
        inner = [self._keys(name) for name in parameter.by[1:]]
        nested = value
        for keys in reversed(inner):
            nested = "{" + ", ".join(f"{key}: {nested}" for key in keys) + "}"
        return [f"{head}: {nested}" for head in heads]

    def _keys(self, name: str) -> list[str]:
        fact = self.elements.facts.get(name)
        if fact is not None and (fact.role == "place" or isinstance(fact.type, Place)):
            return [one.name for one in counties_of(self.home.below, self.home.jurisdiction)[:2]]
        type_ = key_type(self.elements, name)
        if isinstance(type_, Choice):
            return [option for option, _ in type_.options]
        return ["不超过1000", "超过1000"] if is_amount(type_) else ["1", "2.."]

    # ---- additions

    def additions(self, opened: Mapping[str, Guard], parts: Mapping[str, Guard]) -> Iterator[tuple[str, list[str]]]:
        """By kind, the entries under its head, in an order in which each may name what stands before it."""
        facts = "facts" in opened
        flag = "示例事项" if facts else "是"
        more = "示例金额 > 示例限额" if facts and "parameters" in opened else "非 示例事项" if facts else "否"
        step = "示例步骤" if "terms" in opened else flag
        bare = {
            "facts": [
                "example_fact: {label: 示例事项, yes_no: yes, default: no, cites: 示例 第一条}",
                "example_amount: {label: 示例金额, unit: 元, default: 0, cites: 示例 第一条}",
                *(["example_kinds: {label: 示例类别, several: text, optional: yes}"] if "lists" in opened else []),
            ],
            "lists": [
                "example_list: {label: 示例名单, of: [example_kinds], items: [甲, 乙], cites: 示例 第二条}",
            ]
            if facts
            else [],
            "parameters": [
                "example_limit: {label: 示例限额, unit: 元, value: 8 万元, cites: 示例 第二条}",
            ],
            "terms": [f"example_step: {{label: 示例步骤, is: {flag}, cites: 示例 第三条}}"],
            "checks": self._check(facts),
            "requirements": self._condition(
                "example_requirement", "没有超过限额的示例金额", "unless", more, opened.get("requirements")
            ),
            "causes": self._cause(opened.get("causes"), flag, self._joining(parts)),
            "conditions": self._conditions(opened, flag),
            "parts": self._parts(parts, flag)
            if "causes" in opened and self._cause(opened.get("causes"), flag) and self._joining(parts) is None
            else [],
            "outputs": [
                f"example_output: {{label: 示例数字, is: {'示例金额' if facts else '1'}, cites: 示例 第五条}}",
            ],
            "referrals": [
                f"example_referral: {{label: 转办示例事项, when: {step}, cites: 示例 第五条}}",
            ],
        }
        for kind, lines in bare.items():
            if kind in opened or (kind == "parts" and parts):
                yield kind, lines

    @staticmethod
    def _check(facts: bool) -> list[str]:
        return [
            "example_check:",
            "  severity: warning",
            f"  require: {'示例金额 <= 1000 万元' if facts else '是'}",
            "  message: 示例金额太大，请核对",
            "  cites: 示例 第一条",
        ]

    @staticmethod
    def _condition(id_: str, label: str, word: str, expression: str, guard: Guard | None) -> list[str]:
        lines = [f"{id_}:", f"  label: {label}", "  cites: 示例 第四条", f"  {word}: {expression}"]
        return [*lines, *(f"  effect: {effect}" for effect in _promised(guard))]

    def _joining(self, opened: Mapping[str, Guard]) -> Joining | None:
        """How an added cause may join, where all that it is counted in is open."""
        joining = self.home.below.chain.root.joining
        return joining if joining is not None and joining.parts.keys() <= opened.keys() else None

    def _joins(self, joining: Joining, flag: str) -> str:
        """A truth for what a part asks as one, and nothing of what it counts."""
        asked = {name for step, part in joining.parts.items() for name in self._asked(step, part)}
        stated = (f"{id_}: {flag if asked & {id_, name} else 0}" for id_, name in joining.states.items())
        return f"  joins: {{{', '.join(stated)}}}"

    def _asked(self, step: str, part: Expression) -> Iterator[str]:
        """The names that a part asks as truths."""
        body = self.elements.terms[step].body
        truths = [part] if isinstance(body, Parts) and body.kind in ("how_many", "any", "every") else []
        for node in walk(part):
            truths += (
                children(node) if isinstance(node, Not | And | Or) else (node.test,) if isinstance(node, If) else ()
            )
        yield from (node.text for node in truths if isinstance(node, Name))

    def _cause(self, guard: Guard | None, flag: str, joining: Joining | None = None) -> list[str]:
        if guard is None:
            return []
        used = []
        for target in guard.must_use:
            name = target.rpartition(".")[2]
            source = next((one.id for one in self.elements.causes.values() if name in one.conditions), "")
            if not source:
                return []
            used.append(f"    {name}: {{same_as: {source}.{name}, cites: 示例 第三条}}")
        return [
            "example_cause:",
            "  label: 示例情形",
            "  cites: 示例 第三条",
            *(f"  effect: {effect}" for effect in _promised(guard)),
            *([] if joining is None else [self._joins(joining, flag)]),
            "  conditions:",
            f"    example_present: {{label: 存在示例事项, when: {flag}, cites: 示例 第三条}}",
            *used,
        ]

    def _conditions(self, opened: Mapping[str, Guard], flag: str) -> list[str]:
        guard = opened.get("conditions")
        if guard is None:
            return []
        listed = "lists" in opened and "facts" in opened
        test = f"{flag} 或 示例类别 含有 示例名单" if listed else f"{flag} 或 {flag}"
        return self._condition("all.example_condition", "示例类别在示例名单之内", "when", test, guard)

    def _parts(self, guards: Mapping[str, Guard], flag: str) -> list[str]:
        """A truth where the parts are truths; otherwise the same as a part that is there, so of the right unit."""
        lines = []
        for name, guard in guards.items():
            term = self.elements.terms.get(name)
            if term is not None and isinstance(term.body, Parts) and term.body.parts:
                first = self.written(next(iter(term.body.parts.values())).expression)
                truths = term.body.kind in ("how_many", "any", "every")
                lines += [f"{name}.example_cause:", f"  is: {flag if truths else first}"]
                lines += [f"  effect: {effect}" for effect in _promised(guard)]
        return lines

    # ---- changes to what is there

    def exemption(self, guard: Guard) -> list[str]:
        causes = self.elements.causes.values()
        targets = guard.to or tuple(f"{one.id}.{name}" for one in causes for name in one.conditions)
        if not targets:
            return []
        facts = self.home.below.local.add.get("facts")
        test = "示例事项" if facts is not None and facts.effect != "sealed" else "否"
        effect = guard.effect if guard.effect != "any" else "wider"
        return [
            f"{targets[0]}:",
            "  label: 存在示例事项的家庭",
            f"  when: {test}",
            "  cites: 示例 第六条",
            f"  effect: {effect}",
        ]

    def written(self, body: Expression | Parts) -> str:
        """An expression on one line; "" for a term that has parts."""
        return "" if isinstance(body, Parts) else print_expression(body, "zh")
