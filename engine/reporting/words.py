"""The frame words of reports, Chinese and English side by side.

In: a language.  Out: words; labels and citations of the policy stay as the policy has them.
Kept in one place so that the voice of the reports can be read as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from engine.records import dataclass
from engine.say import Language, Say

_WORDS: dict[str, tuple[str, str]] = {
    # verdicts
    "eligible": ("符合", "eligible"),
    "ineligible": ("不符合", "not eligible"),
    "undetermined": ("暂不能认定", "cannot be determined yet"),
    "refused": ("未受理", "not accepted"),
    "figures": ("数字已算出", "figures worked out"),
    "figures_open": ("有的数字还不能确定", "some figures cannot be determined yet"),
    "met": ("满足", "met"),
    "unmet": ("不满足", "not met"),
    "open": ("待查", "open"),
    "applied_for": ("（所申请：{label}）", " (applied for: {label})"),
    "grants": ("：{label}", ": {label}"),
    "household": ("家庭 {id}", "household {id}"),
    "household_unknown": ("家庭编号不明", "household without a readable id"),
    "on_day": ("{day} 的", "as of {day}"),
    "as_of": ("按 {day} 施行的规定认定", "by the rules in force on {day}"),
    "known_on": ("只计截至 {day} 已公布的", "published by {day} only"),
    "proved": (
        "{id} 写明的收窄、放宽和限定 {promises} 处，证明了 {count} 处（{whom}）",
        "{id} promises {promises} times to be narrower, wider or within bounds; {count} are proved ({whom})",
    ),
    "proved_any": ("家庭不论大小", "for families of any size"),
    "proved_most": ("家庭大小有限，见 doudi show", "for families up to a size, see doudi show"),
    "policy": ("依据 {document}{chain}", "under {document}{chain}"),
    "values_of": ("；取值于 {ids}", "; values from {ids}"),
    # the answer in one sentence
    "because_met": ("属于：{causes}", "Falls under: {causes}"),
    "because_none": ("各种认定情形都不满足", "No cause is met"),
    "because_none_1": ("认定条件没有全部满足", "Not all conditions are met"),
    "because_requirement": ("不满足对全家的要求：{labels}", "Requirements on the whole family not met: {labels}"),
    "because_together": (
        "待查事项无论查得什么，各项条件都不能同时满足",
        "Whatever is found out, the conditions cannot all hold at once",
    ),
    "because_open": (
        "还有 {count} 项须查清，见“还须查清”",
        "{count} things must still be found out; see “still to be found out”",
    ),
    "because_open_1": (
        "还有 1 项须查清，见“还须查清”",
        "One thing must still be found out; see “still to be found out”",
    ),
    "because_readings": (
        "条文有不同读法，换一种读法结论不同，见“不同读法”",
        "Another reading of the law would give another answer; see “readings”",
    ),
    # causes and conditions
    "causes": ("认定情形（满足任一种即可）", "Causes (any one suffices)"),
    "causes_1": ("认定条件", "Conditions"),
    "requirements": ("对全家的要求（须全部满足）", "Requirements on the whole family (all must be met)"),
    "lacks": ("：不满足“{label}”", ": does not meet “{label}”"),
    "not_asked": ("（现行读法不要求）", " (not asked for as chosen)"),
    "rest_met": ("其余 {count} 个条件满足", "the other {count} conditions are met"),
    "rest_met_1": ("其余 1 个条件满足", "the other condition is met"),
    "as_above": ("（同上）", " (as above)"),
    "exempted": ("依“{label}”免除此条件", "exempted by “{label}”"),
    "exempted_only": ("条件本身不满足", "the condition itself is not met"),
    "found": ("算得{value}", "comes to{value}"),
    # comparisons: how it must stand, and by how much it does or does not
    "must_<": ("应低于{limit}", "must be below{limit}"),
    "must_<=": ("应不超过{limit}", "must not exceed{limit}"),
    "must_>": ("应高于{limit}", "must be above{limit}"),
    "must_>=": ("应不低于{limit}", "must be at least{limit}"),
    "must_=": ("应等于{limit}", "must equal{limit}"),
    "must_!=": ("应不等于{limit}", "must differ from{limit}"),
    "must_<_day": ("应早于{limit}", "must be before{limit}"),
    "must_<=_day": ("应不晚于{limit}", "must not be after{limit}"),
    "must_>_day": ("应晚于{limit}", "must be after{limit}"),
    "must_>=_day": ("应不早于{limit}", "must not be before{limit}"),
    "does_<": ("低于{limit}", "is below{limit}"),
    "does_<=": ("不超过{limit}", "does not exceed{limit}"),
    "does_>": ("高于{limit}", "is above{limit}"),
    "does_>=": ("不低于{limit}", "is at least{limit}"),
    "does_=": ("等于{limit}", "equals{limit}"),
    "does_!=": ("不等于{limit}", "differs from{limit}"),
    "does_<_day": ("早于{limit}", "is before{limit}"),
    "does_<=_day": ("不晚于{limit}", "is not after{limit}"),
    "does_>_day": ("晚于{limit}", "is after{limit}"),
    "does_>=_day": ("不早于{limit}", "is not before{limit}"),
    "below_by": ("低{margin}", "{margin} below"),
    "room": ("尚余{margin}", "{margin} to spare"),
    "above_by": ("高出{margin}", "{margin} above"),
    "over_by": ("超出{margin}", "over by {margin}"),
    "short_by": ("还差{margin}", "short by {margin}"),
    "apart_by": ("相差{margin}", "differs by {margin}"),
    "exactly": ("恰好相等", "exactly equal"),
    "less_than_a_fen": ("不足 0.01", "less than 0.01"),
    "cannot_tell": ("现在还不能判断", "cannot be told yet"),
    "surely_met": ("无论如何都满足", "whatever the rest may be"),
    "surely_unmet": ("无论如何都不满足", "not so whatever the rest may be"),
    "calculation": ("算式：{text}", "worked out: {text}"),
    # values
    "values": ("采用的数值", "Values applied"),
    "value_ended": (
        "没有施行中的数值，{value}施行到 {until} 为止（{whence}），此后没有录入接着施行的",
        "no value in force: {value}ended on {until} ({whence}), and none that takes its place is on file",
    ),
    "no_value": ("没有公布的数值", "no published value"),
    "from_day": ("{day} 起施行", "in force from {day}"),
    "until_day": ("至 {day}", "until {day}"),
    "published": ("{day} 公布", "published {day}"),
    "grade_A": ("政府网站", "government site"),
    "grade_B": ("新闻媒体", "news outlet"),
    "grade_C": ("转载", "mirror"),
    "stale": ("公布已久，请核对是否已调整", "published long ago; check whether it has changed"),
    # the rest
    "outputs": ("有关数字", "Figures"),
    "derived": ("怎样算出", "How the figures come about"),
    "derived_steps": ("其中：", "where:"),
    "of_item": ("{label}（{item}）", "{label} ({item})"),
    "no_items": ("（没有）", "(none)"),
    "output_waits": ("{label}要查清才能算出：{facts}", "{label} waits for: {facts}"),
    "missing": ("还须查清（查清后即可认定）", "Still to be found out (then it can be determined)"),
    "missing_figures": ("还须查清（查清后即可算出）", "Still to be found out (then they can be worked out)"),
    "judgement": ("{label}（须评估）", "{label} (to be assessed)"),
    "item": ("{collection}第 {number} 项", "{collection} {number}"),
    "item_人": ("{collection}第 {number} 人", "{collection} {number}"),
    "whole_family": ("全家", "the family"),
    "missing_value": ("标准", "value"),
    "assumed": (
        "没有填报、按缺省认定的事实（与结论有关，请核实）",
        "Facts left out and taken by default (they bear on the answer; please verify)",
    ),
    "assumed_all": ("没有填报、按缺省认定的事实", "Facts left out and taken by default"),
    "assumed_as": ("{label}按“{value}”", "{label} taken as “{value}”"),
    "assumed_rest": ("其余 {count} 项不影响结论", "the other {count} do not bear on the answer"),
    "assumed_rest_1": ("其余 1 项不影响结论", "the other one does not bear on the answer"),
    "assumed_none": (
        "没有填报、按缺省认定的 {count} 项事实不影响结论",
        "{count} facts left out and taken by default do not bear on the answer",
    ),
    "assumed_none_1": (
        "没有填报、按缺省认定的 1 项事实不影响结论",
        "one fact left out and taken by default does not bear on the answer",
    ),
    "readings": ("不同读法（换一种读法，结论不同）", "Readings (another reading gives another answer)"),
    "reading_now": ("现按：{option}", "as chosen: {option}"),
    "reading_else": ("若按：{option}", "if read as: {option}"),
    "reading_gives": ("{outcome}", "{outcome}"),
    "readings_rest": (
        "另有 {count} 处可作不同读法，结论不变",
        "{count} other passages can be read otherwise; the answer stays the same",
    ),
    "readings_rest_1": (
        "另有 1 处可作不同读法，结论不变",
        "one other passage can be read otherwise; the answer stays the same",
    ),
    "readings_same": (
        "条文有 {count} 处可作不同读法，结论都不变",
        "{count} passages can be read otherwise; the answer stays the same",
    ),
    "readings_same_1": (
        "条文有 1 处可作不同读法，结论不变",
        "one passage can be read otherwise; the answer stays the same",
    ),
    "referrals": ("另行办理", "Referrals"),
    "warnings": ("提醒", "Warnings"),
    "reasons": ("原因", "Reasons"),
    "help": ("帮助", "help"),
    # policies
    "official": ("正式", "official"),
    "draft": ("草案", "draft"),
    "illustrative": ("示例", "illustrative"),
    "own_units": ("另用单位 {units}", "with the units {units}"),
    "leap_day": ("2 月 29 日的周年在平年是 3 月 1 日", "anniversaries of 29 February on 1 March"),
    "amendment": ("修订", "amendment"),
    "rules_on": ("{day} 施行的规定", "rules in force on {day}"),
    "changes": ("{policy} 改了什么", "What {policy} changes"),
    "changes_none": ("没有改动", "nothing"),
    "op_set": ("设定", "set"),
    "op_add": ("增加", "add"),
    "op_exempt": ("免除", "exempt"),
    "op_replace": ("替换", "replace"),
    "op_repeal": ("废止", "repeal"),
    "cells": ("{count} 个值", "{count} values"),
    "unless_said": ("除另注明外：{whence}", "unless said otherwise: {whence}"),
    "not_yet": ("尚未施行", "not yet in force"),
    "only_in": ("只限 {places}", "only in {places}"),
    "parameters": ("数值", "Values"),
    "marginal": ("，{keys}分段计算", ", marginal: each part of {keys} at its own rate"),
    "by_ranges": ("，按{keys}", ", by {keys}"),
    "share": ("这一段 {part}，计 {comes_to}", "{part} in this range, which comes to {comes_to}"),
    "without": ("没有公布：{places}", "not published: {places}"),
    "ended": (
        "{value}施行到 {until} 为止，从 {since} 起没有施行中的数值",
        "{value}ended on {until}; since {since} no value is in force",
    ),
    "ended_there": (
        "施行到 {until} 为止，从 {since} 起没有施行中的数值：{places}",
        "ended on {until}, none in force since {since}: {places}",
    ),
    "to_be_set": ("由各地设定", "set by each city"),
    "values_document": ("数值文件", "values"),
    "no_values": ("还没有数值", "no value yet"),
    "exempt_line": ("免除：{label}", "exempt: {label}"),
    "all_readings": ("条文的读法", "Readings of the law"),
    "assumptions": ("约定", "Assumptions"),
    "terms": ("计算步骤", "Steps"),
    "facts": ("填报内容", "Facts"),
    "checks": ("数据核对", "Checks of the data"),
    "lists": ("名单", "Lists"),
    "optional": ("可不填", "optional"),
    "required": ("必填", "required"),
    "default": ("缺省 {value}", "default {value}"),
    "replaced": ("原定义：{text}", "previously: {text}"),
    "open_title": ("{policy} 可以改什么（没有列出的一律不得更改）", "What {policy} may change (all else is sealed)"),
    "open_set": ("可以设定", "May set"),
    "open_add": ("可以增加", "May add"),
    "open_parts": ("可以增加分项", "May add parts to"),
    "open_joins": ("增加的情形用 joins 写明，就计入", "What is added under causes may join, by stating"),
    "open_replace": ("可以替换", "May replace"),
    "open_nothing": ("什么都不能改", "nothing may be changed"),
    "effect_narrower": ("只能更严", "only narrower"),
    "effect_wider": ("只能更宽", "only wider"),
    "effect_any": ("", ""),
    "expected": ("应由各地设定", "every city is expected to set it"),
    "at_most": ("不高于 {value}", "at most {value}"),
    "at_least": ("不低于 {value}", "at least {value}"),
    "only_options": ("只限 {options}", "only {options}"),
    "only_to": ("只对 {targets}", "only to {targets}"),
    "must_use": ("须照用 {targets}", "must take over {targets}"),
    "kind_facts": ("填报内容", "facts"),
    "kind_terms": ("计算步骤", "steps"),
    "kind_checks": ("数据核对", "checks"),
    "kind_lists": ("名单", "lists"),
    "kind_parameters": ("数值", "parameters"),
    "kind_outputs": ("附带数字", "outputs"),
    "kind_referrals": ("转办事项", "referrals"),
    "kind_requirements": ("对全家的要求", "requirements"),
    "kind_conditions": ("情形中的条件", "conditions of causes"),
    "kind_exemptions": ("条件的免除", "exemptions"),
    "kind_causes": ("认定情形", "causes"),
    "kind_readings": ("读法", "readings"),
    "kind_collections": ("清单", "collections"),
    "counted": (
        "共 {total} 户：符合 {eligible}，不符合 {ineligible}，暂不能认定 {undetermined}，未受理 {refused}",
        "{total} households: {eligible} eligible, {ineligible} not eligible, {undetermined} undetermined, "
        "{refused} not accepted",
    ),
    "counted_answers": (
        "共 {households} 户，{total} 个结论：符合 {eligible}，不符合 {ineligible}，暂不能认定 {undetermined}，"
        "未受理 {refused}",
        "{households} households, {total} answers: {eligible} eligible, {ineligible} not eligible, {undetermined} "
        "undetermined, {refused} not accepted",
    ),
    "counted_answers_1": (
        "共 1 户，{total} 个结论：符合 {eligible}，不符合 {ineligible}，暂不能认定 {undetermined}，未受理 {refused}",
        "1 household, {total} answers: {eligible} eligible, {ineligible} not eligible, {undetermined} undetermined, "
        "{refused} not accepted",
    ),
    "counted_figures": ("，只算数字 {count}", ", figures only {count}"),
    # cases
    "cases_run": (
        "：{cases} 个用例，运行 {runs} 次，没有通过 {failed} 次",
        ": {cases} cases, {runs} runs, {failed} failed",
    ),
    "cases_passed": ("全部通过", "all passed"),
    "cases_failed": ("没有通过", "not passed"),
    "case_expected": ("应有", "expected"),
    "case_got": ("得到", "got"),
    "case_because": ("说明", "because"),
    "case_none": ("（无）", "(none)"),
    "case_decided_by": ("依据 {chain}", "by {chain}"),
    "case_alike": ("同样没有通过：{names}", "fails alike: {names}"),
    "case_differs": ("{policy} 的不同之处：{why}", "{policy} differs: {why}"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Of one language; `table` has the words by key, each in Chinese and English."""

    language: Language
    table: ClassVar[Mapping[str, tuple[str, str]]] = _WORDS

    @property
    def say(self) -> Say:
        return Say(self.language)

    def __call__(self, key: str, **places: object) -> str:
        return self.say(*self.table[key]).format(**places)

    def counted(self, key: str, count: int) -> str:
        """The form for one where there is one of it."""
        return self(f"{key}_1" if count == 1 and self.knows(f"{key}_1") else key, count=count)

    def knows(self, key: str) -> bool:
        return key in self.table

    def series(self, parts: Iterable[str]) -> str:
        """Several labels in a row; labels hold commas of their own."""
        return self.say("；", "; ").join(parts)

    def clause(self, parts: Iterable[str]) -> str:
        return self.say("，", ", ").join(part for part in parts if part)

    def after_word(self, text: str) -> str:
        """The text as it follows a word: in Chinese a figure stands off from it, a name does not."""
        return f" {text}" if text[:1].isascii() else self.say(text, f" {text}")

    def enumerated(self, names: Iterable[str]) -> str:
        """Short names in a row."""
        return self.say.names(names)

    def said_of(self, whose: str, text: str) -> str:
        return self.say(f"{whose}：{text}", f"{whose}: {text}")

    def bracketed(self, text: str) -> str:
        return self.say(f"（{text}）", f" ({text})") if text else ""

    def cites(self, cites: str) -> str:
        return self.say(f"〔{cites}〕", f" [{cites}]") if cites else ""
