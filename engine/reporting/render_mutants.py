"""What mutation found, as text, JSON and results for the other report formats.

In: a `Tally`.  Out: the survivors by place, and how many mutants the cases noticed.
Imports the result types of testing and results.
"""

from __future__ import annotations

from engine.diagnostics import Diagnostic, Language
from engine.escaping import Lines, as_json
from engine.reporting.results import Results, Trial
from engine.say import Say
from engine.testing.strength import Mutant, Tally

_KINDS: dict[str, tuple[str, str]] = {
    "nudge-up": ("界限上移一个最小单位", "threshold up by the smallest step"),
    "nudge-down": ("界限下移一个最小单位", "threshold down by the smallest step"),
    "operator": ("比较改为", "comparison made"),
    "and-or": ("且与或互换", "and and or swapped"),
    "drop": ("去掉一项", "a part dropped"),
    "negate": ("取反", "negated"),
    "swap-branches": ("那么与否则互换", "branches swapped"),
    "function": ("函数改为", "function made"),
    "drop-condition": ("去掉整个条件", "the whole condition dropped"),
    "value-up": ("数值加一个最小单位", "value up by the smallest unit"),
    "value-down": ("数值减一个最小单位", "value down by the smallest unit"),
    "edge-up": ("分档边界上移百分之一个单位", "edge of a range a hundredth up"),
    "edge-down": ("分档边界下移百分之一个单位", "edge of a range a hundredth down"),
    "edge-side": ("分档边界归另一段", "edge of a range on its other side"),
    "equivalent": ("等价", "equivalent"),
    "drop-change": ("去掉这处补充", "the change removed"),
}


def kind_words(mutant: Mutant, language: Language) -> str:
    return Say(language)(*_KINDS[mutant.kind])


def render_mutants(tally: Tally, language: Language) -> Lines:
    say = Say(language)
    lines = []
    for mutant in tally.survivors:
        lines.append(f"{mutant.span!r}: {mutant.rule}: {kind_words(mutant, language)}")
        lines.append(f"  {mutant.before}" + (f"  →  {mutant.after}" if mutant.after else ""))
        lines.extend(tally.lacks(mutant).splitlines())
    for mutant in tally.proved:
        where, bound = f"{mutant.span!r}: {mutant.rule}: {kind_words(mutant, language)}", _bound(tally, say)
        lines.append(where + say(f"：证明等价（{bound}）", f": proved equivalent ({bound})"))
        lines.append(f"  {mutant.before}" + (f"  →  {mutant.after}" if mutant.after else ""))
    survive = len(tally.survivors)
    lines.append(
        say(
            f"试了 {tally.tried} 处改动，用例察觉 {tally.killed} 处（{tally.score}%），未察觉 {survive} 处",
            f"{tally.tried} mutants: {tally.killed} noticed ({tally.score}%), {survive} survive",
        )
    )
    if tally.equivalent:
        count = len(tally.equivalent)
        lines.append(
            say(
                f"另有 {count} 个界限，移动一个最小单位没有家庭能看出差别（等价），所以移动了看得出差别的最小一步",
                f"{count} thresholds moved by the smallest unit are equivalent, since no household could tell: "
                "they were moved by the smallest step that one can",
            )
        )
    return Lines.of(lines)


def _bound(tally: Tally, say: Say) -> str:
    told = [say(f"{id} 至多 {most} 个", f"at most {most} of {id}") for id, most in tally.sizes.items() if most]
    return say("，", ", ").join(told) or say("任何家庭", "any household")


def mutants_json(tally: Tally) -> Lines:
    told = {
        "tried": tally.tried,
        "killed": tally.killed,
        "equivalent": [
            {"rule": mutant.rule, "before": mutant.before, "after": mutant.after} for mutant in tally.equivalent
        ],
        "proved": [{"rule": mutant.rule, "before": mutant.before, "after": mutant.after} for mutant in tally.proved],
        "survivors": [
            {
                "rule": mutant.rule,
                "kind": mutant.kind,
                "before": mutant.before,
                "after": mutant.after,
                "file": mutant.span.source.name,
                "line": mutant.span.line,
                "column": mutant.span.column,
                **({"case": tally.lacks(mutant)} if tally.lacks(mutant) else {}),
            }
            for mutant in tally.survivors
        ],
    }
    return as_json(told, indent=2)


def results_of(tally: Tally, version: str, language: Language) -> Results:
    """For SARIF, JUnit and the like: a warning for each survivor, and one trial for all that were noticed."""
    diagnostics = tuple(
        Diagnostic.of("mutant-survives", mutant.span, rule=mutant.rule, before=mutant.before, after=mutant.after or "-")
        for mutant in tally.survivors
    )
    trials = [
        Trial(mutant.span.source.name, mutant.name, "failed", kind_words(mutant, language), mutant.span)
        for mutant in tally.survivors
    ]
    trials.append(Trial("mutants", f"{tally.killed} noticed", "passed"))
    return Results("mutate", version, language, diagnostics, tuple(trials))
