"""The words of replay reports, Chinese and English side by side.

In: a language.  Out: words. What is the same in every report stands in `words`.
"""

from __future__ import annotations

from engine.reporting.words import Words

_WORDS: dict[str, tuple[str, str]] = {
    "unreadable": ("这条记录不能读", "this record cannot be read"),
    "outcome_same": ("仍为{outcome}，理由有变", "still {outcome}, for other reasons"),
    "figures_changed": ("数字有变", "other figures"),
    "then": ("当时的规定：{chain} {digest}", "rules then: {chain} {digest}"),
    "now": ("现在的规定：{chain} {digest}", "rules now: {chain} {digest}"),
    "rules_changed": ("哪些规定改了", "Which rules changed"),
    "rules_bear_not": (
        "规定有 {count} 处改动，都与变化的部分无关（--details 列出）",
        "{count} changes of rule bear on nothing that differs (--details lists them)",
    ),
    "rules_rest": (
        "另有 {count} 处改动与变化的部分无关（--details 列出）",
        "{count} other changes bear on nothing that differs (--details lists them)",
    ),
    "rule_then": ("原：{whence}", "then: {whence}"),
    "rule_both": ("{whence}", "{whence}"),
    "rule_now": ("现：{whence}", "now: {whence}"),
    "undone": ("只撤回这一处，就得出原来的答复", "undoing this alone gives the old answer again"),
    "none": ("（没有）", "(none)"),
    "unknown": ("不详", "unknown"),
    "no_value": ("（没有公布的数值）", "(no published value)"),
    "answer_changed": ("答复哪里变了", "What differs in the answer"),
    "answer_rest": (
        "另有 {count} 处只是数字不同（--details 列出）",
        "{count} others differ in figures only (--details lists them)",
    ),
    "new": ("新增", "new"),
    "gone": ("不再有", "no longer there"),
    "left": ("算得", "came to"),
    "right": ("标准", "limit"),
    "operator": ("比较方式", "compared by"),
    "exempted": ("免除", "exempted by"),
    "option": ("若按另一读法 {name}", "if read as {name}"),
    "kind_missing": ("还须查清 {name}", "to be found out: {name}"),
    "kind_assumed": ("缺省 {name}", "taken by default: {name}"),
    "kind_reading": ("读法 {name}", "reading {name}"),
    "kind_referral": ("转办 {name}", "referral {name}"),
    "kind_warning": ("提醒 {name}", "warning {name}"),
    "kind_reason": ("未受理的原因 {name}", "reason of refusal {name}"),
    "program": ("（当时的程序：{program}）", " (program then: {program})"),
    "note_same-rules": (
        "规定的指纹没有变，答复却变了：不是规定改了，而是记录被改过，或程序变了{program}",
        "the digest of the rules is what it was, and yet the answer differs: no rule changed; the record was altered, "
        "or the program changed{program}",
    ),
    "note_no-basis": (
        "这条记录没有写当时依据的规定，只能说答复哪里变了；给出当时的政策目录（--before）可查明是哪条规定",
        "the record does not hold the rules it rested on, so that only what differs can be said; give the policies of "
        "then with --before to find the rule",
    ),
    "note_other-before": (
        "--before 给出的政策与记录的指纹不同，不是当时的那一版",
        "the policies given with --before have another digest than the record: they are not those of then",
    ),
    "note_before-unusable": (
        "--before 给出的政策不能用，没有拿来比对",
        "the policies given with --before cannot be used and were not compared",
    ),
    "note_before-differs": (
        "--before 给出的政策与记录的指纹相同，答复却不同：记录被改过，或程序变了{program}",
        "the policies given with --before have the digest of the record, and yet do not give its answer: the record "
        "was altered, or the program changed{program}",
    ),
    "note_in-concert": (
        "逐处撤回都不能回到原来的答复：是几处改动合在一起造成的",
        "undoing any one change does not give the old answer again: several did it together",
    ),
    "counted": (
        "共 {records} 条记录：答复相同 {same}，结论改变 {outcome}，结论相同而理由改变 {reasons}，不能读 {unreadable}",
        "records: {records}; answered as before: {same}; another outcome: {outcome}; the same outcome for other "
        "reasons: {reasons}; unreadable: {unreadable}",
    ),
    "same_under_other_rules": (
        "答复相同的记录中，{count} 条所依据的规定已有改动",
        "of those answered as before, {count} are under rules that have changed",
    ),
    "by_change": ("按规定的改动统计", "By change of rule"),
    "changed_answers": ("{count} 条：{path} {change}", "{count}: {path} {change}"),
}


class ReplayWords(Words):
    __slots__ = ()
    table = _WORDS
