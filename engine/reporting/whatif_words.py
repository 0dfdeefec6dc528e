"""The words in which it is told what would change an answer, Chinese and English side by side.

In: a language.  Out: words. They say how things stand, never what anyone should do. What is the same in every report
stands in `words`.
"""

from __future__ import annotations

from engine.reporting.words import Words

_WORDS: dict[str, tuple[str, str]] = {
    "turns": ("结论离“{outcome}”有多远", "How far the answer is from “{outcome}”"),
    "turns_alone": (
        "以下任一项如果是这样，而其余都不变，结论就是“{outcome}”：",
        "if any one of these were so, and all else as it is, the answer would be “{outcome}”:",
    ),
    "turns_pairs": (
        "没有哪一项单独改变结论；以下两项如果都是这样，而其余都不变，结论就是“{outcome}”：",
        "no single fact turns the answer; if both of these were so, and all else as it is, the answer would be "
        "“{outcome}”:",
    ),
    "turns_pairs_beside": (
        "以下两项如果都是这样，而其余都不变，结论也是“{outcome}”：",
        "if both of these were so, and all else as it is, the answer would be “{outcome}” too:",
    ),
    "turns_none": ("没有哪一项或哪两项事实能改变结论", "no change of one fact, or of two, turns the answer"),
    "turns_not_found": (
        "没有找到凭一项或两项事实就能改变结论的情形",
        "no change of one fact, or of two, was found that turns the answer",
    ),
    "turns_rest": ("另有 {count} 种，--details 全部列出", "{count} more; --details lists them"),
    "is_after": ("{label}为 {after}（现为 {before}{more}）", "{label} {after} (now {before}{more})"),
    "is_word": ("{label}为“{after}”（现为“{before}”{more}）", "{label} “{after}” (now “{before}”{more})"),
    "and": ("，并且", "; and "),
    "note": ("，{note}", ", {note}"),
    "more": ("多 {by}", "{by} more"),
    "less": ("少 {by}", "{by} less"),
    "later": ("晚 {by} 天", "{by} days later"),
    "earlier": ("早 {by} 天", "{by} days earlier"),
    "not_given": ("没有填报、按缺省", "left out and taken by default"),
    "fixed": ("已经过去的日子，不会改变", "a day that has passed, which cannot change"),
    "unchangeable": ("家庭改变不了", "which a family cannot change"),
    "judgement": ("须评估", "to be assessed"),
    "settles": ("查清哪些就能认定", "What would settle it"),
    "settles_one": (
        "只要查明以下情况，其余不论查得什么，结论就是“{outcome}”：",
        "if this were found, the answer would be “{outcome}”, whatever the rest may be:",
    ),
    "settles_any": (
        "只要查明以下任一种情况，其余不论查得什么，结论就是“{outcome}”：",
        "if any one of these were found, the answer would be “{outcome}”, whatever the rest may be:",
    ),
    "settles_none": (
        "没有找到查清后结论就是“{outcome}”的事实",
        "no facts were found that would make the answer “{outcome}”",
    ),
    "not_smallest": (
        "（其中任何一项都不能少；是否有更少的另一组，没有查完）",
        " (none of these can be left out; whether fewer others do was not looked at to the end)",
    ),
    "at_most": ("{label}不超过 {most}", "{label} at most {most}"),
    "at_least": ("{label}不低于 {least}", "{label} at least {least}"),
    "between": ("{label}在 {least} 至 {most} 之间", "{label} between {least} and {most}"),
    "at_most_day": ("{label}不晚于 {most}", "{label} not after {most}"),
    "at_least_day": ("{label}不早于 {least}", "{label} not before {least}"),
    "exactly": ("{label}为 {most}", "{label} {most}"),
    "has_value": ("{label}为“{value}”", "{label} “{value}”"),
    "no_items": ("没有{label}", "no {label}"),
    "figures_only": (
        "这项规定只算数字，没有结论可言",
        "these rules work out figures only, and there is no answer to turn",
    ),
    "not_whole": ("情况太多，没有全部查完", "there was too much to look at; not everything was"),
    "not_analysed": ("没有分析：{labels}", "not analysed: {labels}"),
    "meant": (
        "这里只说明结论与事实的关系，供核对事实、向家庭解释；填报以事实为准。没有考虑人口、物件的增减，也没有考虑换地方、"
        "换日期申请",
        "this tells how the answer hangs on the facts, for checking them and for explaining it to the family; what is "
        "filed is what is true. Members or things more or fewer, another place or another day are not looked at",
    ),
}


class WhatIfWords(Words):
    __slots__ = ()
    table = _WORDS
