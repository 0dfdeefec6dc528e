"""The flat policy in other rule engines, each as its own documentation would have it written.

Each function loads one and gives `decide`: a household to eligible, the four causes, and the jointly adjusted income.
Those that have no table, or none that is quick, get the standard from Python (`S`).
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from bench.flat.by_hand import Answer, Decide
from bench.flat.households import LEVELS, STUDENTS, Household, standards


def _yuan() -> dict[str, dict[str, float]]:
    return {county: {name: fen / 100 for name, fen in held.items()} for county, held in standards().items()}


# ---- GoRules ZEN: one graph in a static loader, its quickest way

ZEN = {
    "n": "len(members)",
    "ill": "some(members, #.illness_needs_treatment)",
    "dis": "some(members, #.disability_certificate and #.needs_rehab)",
    "edu": "some(members, #.full_time and #.student_level in STUDENTS and not #.high_fee_school and not "
    "#.studying_abroad)",
    "med": "sum(map(members, #.medical_expense))",
    "reh": "sum(map(members, #.rehab_expense))",
    "sch": "sum(map(members, #.education_expense))",
    "ok": "financial_assets / $.n <= 36 * S",
    "illness": "$.ill and $.ok and (income_12m - $.med) / $.n / 12 < S",
    "disability": "$.dis and $.ok and (income_12m - $.reh) / $.n / 12 < S",
    "education": "$.edu and $.ok and (income_12m - $.sch) / $.n / 12 < S",
    "adjusted": "(income_12m - ($.ill ? $.med : 0) - ($.dis ? $.reh : 0) - ($.edu ? $.sch : 0)) / $.n / 12",
    "multiple": "(($.ill ? 1 : 0) + ($.dis ? 1 : 0) + ($.edu ? 1 : 0)) >= 2 and $.ok and $.adjusted < S",
    "eligible": "$.illness or $.disability or $.education or $.multiple",
}


def zen() -> Decide:
    import zen as library

    students = json.dumps(STUDENTS)
    rules = [{"id": id, "key": id, "value": text.replace("STUDENTS", students)} for id, text in ZEN.items()]
    nodes = [
        {"id": "i", "name": "in", "type": "inputNode"},
        {"id": "e", "name": "rules", "type": "expressionNode", "content": {"expressions": rules}},
        {"id": "o", "name": "out", "type": "outputNode"},
    ]
    edges = [{"id": one + to, "sourceId": one, "targetId": to, "type": "edge"} for one, to in ("ie", "eo")]
    model = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    engine: Any = library.ZenEngine({"loader": {"type": "static", "content": {"m": model}}})
    limits = _yuan()

    def decide(household: Household) -> Answer:
        limit = limits[household["county"]][household["residence"]]
        found = engine.evaluate("m", {**household, "S": limit})["result"]
        causes = found["illness"], found["disability"], found["education"], found["multiple"]
        return found["eligible"], *causes, found["adjusted"]

    return decide


# ---- CEL

CEL = """[{
  'n': double(size(h.members)),
  'ill': h.members.exists(m, m.illness_needs_treatment),
  'dis': h.members.exists(m, m.disability_certificate && m.needs_rehab),
  'edu': h.members.exists(m, m.full_time && m.student_level in STUDENTS && !m.high_fee_school && !m.studying_abroad),
  'med': SUM(medical_expense), 'reh': SUM(rehab_expense), 'sch': SUM(education_expense),
  'inc': double(h.income_12m), 'ok': double(h.financial_assets) / double(size(h.members)) <= 36.0 * S
}].map(f, {
  'i': f.ill && f.ok && (f.inc - f.med) / f.n / 12.0 < S,
  'd': f.dis && f.ok && (f.inc - f.reh) / f.n / 12.0 < S,
  'e': f.edu && f.ok && (f.inc - f.sch) / f.n / 12.0 < S,
  'two': (f.ill ? 1 : 0) + (f.dis ? 1 : 0) + (f.edu ? 1 : 0) >= 2 && f.ok,
  'a': (f.inc - (f.ill ? f.med : 0.0) - (f.dis ? f.reh : 0.0) - (f.edu ? f.sch : 0.0)) / f.n / 12.0
}).map(g, [g.i || g.d || g.e || (g.two && g.a < S), g.i, g.d, g.e, g.two && g.a < S, g.a])[0]
"""


def cel_python() -> Decide:
    import celpy

    added = r"h.members.map(m, double(m.\1)).reduce(a, b, 0.0, a + b)"
    text = re.sub(r"SUM\((\w+)\)", added, CEL).replace("STUDENTS", json.dumps(STUDENTS))
    env = celpy.Environment()
    program, limits = env.program(env.compile(text)), _yuan()

    def decide(household: Household) -> Answer:
        limit = celpy.celtypes.DoubleType(limits[household["county"]][household["residence"]])
        found: Any = program.evaluate({"h": celpy.json_to_cel(household), "S": limit})
        eligible, illness, disability, education, several = map(bool, found[:5])
        return eligible, illness, disability, education, several, float(found[5])

    return decide


# ---- rule-engine, which works in Decimal

RULE = """[[g["i"], g["d"], g["e"], g["two"] and g["a"] < S, g["a"]] for g in [{
  "i": f["ill"] and f["ok"] and (income_12m - f["med"]) / f["n"] / 12 < S,
  "d": f["dis"] and f["ok"] and (income_12m - f["reh"]) / f["n"] / 12 < S,
  "e": f["edu"] and f["ok"] and (income_12m - f["sch"]) / f["n"] / 12 < S,
  "two": ((f["ill"] ? 1 : 0) + (f["dis"] ? 1 : 0) + (f["edu"] ? 1 : 0)) >= 2 and f["ok"],
  "a": (income_12m - (f["ill"] ? f["med"] : 0) - (f["dis"] ? f["reh"] : 0) - (f["edu"] ? f["sch"] : 0)) / f["n"] / 12
} for f in [{
  "n": members.length,
  "ill": $any([m["illness_needs_treatment"] for m in members]),
  "dis": $any([m["disability_certificate"] and m["needs_rehab"] for m in members]),
  "edu": $any([m["full_time"] and m["student_level"] in STUDENTS and not m["high_fee_school"]
               and not m["studying_abroad"] for m in members]),
  "med": $sum([m["medical_expense"] for m in members]),
  "reh": $sum([m["rehab_expense"] for m in members]),
  "sch": $sum([m["education_expense"] for m in members]),
  "ok": financial_assets / members.length <= 36 * S
}]]][0]"""


def rule_engine() -> Decide:
    import rule_engine as library

    text = RULE.replace("\n", " ").replace("STUDENTS", json.dumps(STUDENTS))
    rule = library.Rule(text, context=library.Context(resolver=library.resolve_item))
    limits = _yuan()

    def decide(household: Household) -> Answer:
        limit = limits[household["county"]][household["residence"]]
        illness, disability, education, several, adjusted = rule.evaluate({**household, "S": limit})
        return illness or disability or education or several, illness, disability, education, several, adjusted

    return decide


# ---- JSON Logic: no objects and no bindings, so two passes over lists


def json_logic() -> Decide:
    from json_logic import jsonLogic as apply

    facts, rules = _json_logic()
    limits = _yuan()

    def decide(household: Household) -> Answer:
        found: Any = apply(facts, {**household, "S": limits[household["county"]][household["residence"]]})
        illness, disability, education, several, adjusted = apply(rules, found)
        return illness or disability or education or several, illness, disability, education, several, adjusted

    return decide


def _json_logic() -> tuple[list[Any], list[Any]]:
    def var(name: str) -> Any:
        return {"var": name}

    def some(test: Any) -> Any:
        return {"some": [var("members"), test]}

    def total(field: str) -> Any:
        return {"reduce": [var("members"), {"+": [var(f"current.{field}"), var("accumulator")]}, 0]}

    def within(net: Any) -> Any:
        return {"<": [{"/": [{"/": [net, size]}, 12]}, limit]}

    def where(test: Any, value: Any) -> Any:
        return {"if": [test, value, 0]}

    student = [
        var("full_time"),
        {"in": [var("student_level"), list(STUDENTS)]},
        *({"!": [var(field)]} for field in ("high_fee_school", "studying_abroad")),
    ]
    facts = [
        {"reduce": [var("members"), {"+": [1, var("accumulator")]}, 0]},
        some(var("illness_needs_treatment")),
        some({"and": [var("disability_certificate"), var("needs_rehab")]}),
        some({"and": student}),
        *map(total, ("medical_expense", "rehab_expense", "education_expense")),
        *map(var, ("income_12m", "financial_assets", "S")),
    ]
    size, ill, disabled, studying, medical, rehab, school, income, assets, limit = (var(str(at)) for at in range(10))
    affordable = {"<=": [{"/": [assets, size]}, {"*": [36, limit]}]}
    costs = ((ill, medical), (disabled, rehab), (studying, school))
    single = [{"and": [test, affordable, within({"-": [income, cost]})]} for test, cost in costs]
    joint = income
    for test, cost in costs:
        joint = {"-": [joint, where(test, cost)]}
    two = {">=": [{"+": [where(test, 1) for test, _ in costs]}, 2]}
    return facts, [*single, {"and": [two, affordable, within(joint)]}, {"/": [{"/": [joint, size]}, 12]}]


# ---- OpenFisca: a country package of two entities, one household at a time


def openfisca() -> Decide:
    from openfisca_core.simulations import SimulationBuilder

    year = "2024"
    system = _openfisca()
    answers = ("eligible", "illness", "disability", "education", "multiple", "adjusted")

    def decide(household: Household) -> Answer:
        people = {
            one["id"]: {id: {year: value} for id, value in one.items() if id != "id"} for one in household["members"]
        }
        own: dict[str, Any] = {id: {year: household[id]} for id in ("income_12m", "financial_assets", "residence")}
        own |= {"members": list(people), "county": {year: f"c{household['county']}"}}
        given = {"persons": people, "households": {household["id"]: own}}
        made = SimulationBuilder().build_from_entities(system, given)
        eligible, illness, disability, education, several, adjusted = (made.calculate(id, year)[0] for id in answers)
        return eligible, illness, disability, education, several, adjusted

    return decide


def _openfisca() -> Any:
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.indexed_enums import Enum
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity("person", "persons", "a member", is_person=True)
    roles = [{"key": "member", "plural": "members"}]
    household = build_entity("household", "households", "a household", roles=roles)
    county: Any = Enum("County", {f"c{code}": f"c{code}" for code in standards()})
    residence: Any = Enum("Residence", {"urban": "urban", "rural": "rural"})
    level: Any = Enum("Level", {one: one for one in LEVELS})
    system = TaxBenefitSystem([person, household])
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for code, held in standards().items():
            lines.append(f"c{code}:")
            for name, fen in held.items():
                lines += [f"  {name}:", "    values:", f"      2020-01-01: {fen // 100}.{fen % 100:02d}"]
        (Path(folder) / "dibao.yaml").write_text("\n".join(lines), encoding="utf-8")
        system.parameters = ParameterNode("", directory_path=folder)

    def add(name: str, entity: Any, kind: Any, formula: Any = None, **more: Any) -> None:
        body = {"value_type": kind, "entity": entity, "definition_period": DateUnit.YEAR, **more}
        system.add_variable(type(name, (Variable,), body | ({"formula": formula} if formula else {})))

    for flag in (
        *("illness_needs_treatment", "disability_certificate", "needs_rehab"),
        *("full_time", "high_fee_school", "studying_abroad"),
    ):
        add(flag, person, bool)
    for amount in ("medical_expense", "rehab_expense", "education_expense"):
        add(amount, person, float)
    add("student_level", person, Enum, possible_values=level, default_value=level["none"])
    add("income_12m", household, float)
    add("financial_assets", household, float)
    add("county", household, Enum, possible_values=county, default_value=next(iter(county)))
    add("residence", household, Enum, possible_values=residence, default_value=residence["urban"])

    def standard(h: Any, period: Any, parameters: Any) -> Any:
        return parameters(period).dibao[h("county", period)][h("residence", period)]

    def student(h: Any, period: Any) -> Any:
        of, stage = h.members, h.members("student_level", period)
        below = (stage != level["none"]) * (stage != level["postgraduate"])
        apart = np.logical_not(of("high_fee_school", period)) * np.logical_not(of("studying_abroad", period))
        return h.any(of("full_time", period) * below * apart)

    costs = {"ill": "medical_expense", "disabled": "rehab_expense", "studying": "education_expense"}

    def adjusted(h: Any, period: Any) -> Any:
        net = h("income_12m", period)
        for present, cost in costs.items():
            net = net - h(present, period) * h.sum(h.members(cost, period))
        return net / h.nb_persons() / 12

    def cause(present: str) -> Any:
        def formula(h: Any, period: Any) -> Any:
            net = h("income_12m", period) - h.sum(h.members(costs[present], period))
            below = net / h.nb_persons() / 12 < h("standard", period)
            return h(present, period) * h("affordable", period) * below

        return formula

    def several(h: Any, period: Any) -> Any:
        present = sum(h(one, period) * 1 for one in costs)
        return (present >= 2) * h("affordable", period) * (h("adjusted", period) < h("standard", period))

    add("standard", household, float, standard)
    add(
        "affordable",
        household,
        bool,
        lambda h, period: h("financial_assets", period) / h.nb_persons() <= 36 * h("standard", period),
    )
    add("ill", household, bool, lambda h, period: h.any(h.members("illness_needs_treatment", period)))
    add(
        "disabled",
        household,
        bool,
        lambda h, period: h.any(h.members("disability_certificate", period) * h.members("needs_rehab", period)),
    )
    add("studying", household, bool, student)
    add("adjusted", household, float, adjusted)
    for name, present in zip(("illness", "disability", "education"), costs, strict=True):
        add(name, household, bool, cause(present))
    add("multiple", household, bool, several)
    causes = ("illness", "disability", "education", "multiple")
    add("eligible", household, bool, lambda h, period: sum(h(one, period) * 1 for one in causes) > 0)
    return system
