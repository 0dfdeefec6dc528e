"""What the words, functions and aggregates of the expression language mean, in a sentence each.

Out: `MEANINGS` by the canonical word: how it is written, what stands at its places, and its rule, in both languages.
docs/semantics.md has the exact meaning. Imports records, say and language.words.
"""

from __future__ import annotations

from typing import Final

from engine.language.words import BY_CANONICAL
from engine.records import dataclass
from engine.say import Say


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a function. `zh` and `en` are what stands at its places, in order."""

    zh: str
    en: str
    zh_places: tuple[tuple[str, str], ...]
    en_places: tuple[tuple[str, str], ...]

    def label(self, say: Say) -> str:
        return say(self.zh, self.en)

    def places(self, say: Say) -> tuple[tuple[str, str], ...]:
        both = zip(self.zh_places, self.en_places, strict=True)
        return tuple((say(zh[0], en[0]), say(zh[1], en[1])) for zh, en in both)


@dataclass(frozen=True, slots=True)
class Meaning:
    zh: str
    en: str
    forms: tuple[Form, ...] = ()
    example: str = ""

    def rule(self, say: Say) -> str:
        return say(self.zh, self.en)


def _over(word: str, what: tuple[str, str], en_what: tuple[str, str], *, otherwise: bool = False) -> Form:
    """Over the items of a collection."""
    held = BY_CANONICAL[word]
    zh, en = f"{what[0]} 对 集合 其中 限定", f"{en_what[0]} for collection where filter"
    zh_places = [what, ("集合", "一个集合的名字，逐项算"), ("限定", "只算符合的项；可以不写“其中”")]
    en_places = [
        en_what,
        ("collection", "the name of a collection, item by item"),
        ("filter", "only items that meet it; may be left out"),
    ]
    if otherwise:
        zh, en = f"{zh} 否则 代替", f"{en} else instead"
        zh_places.append(("代替", "没有一项时的结果；集合可能是空的就必须写"))
        en_places.append(("instead", "what it is of no items; needed where there may be none"))
    return Form(f"{held.zh[0]}({zh})", f"{held.en[0]}({en})", tuple(zh_places), tuple(en_places))


def _short(word: str) -> Form:
    held = BY_CANONICAL[word]
    return Form(
        f"{held.zh[0]}(集合 其中 限定)",
        f"{held.en[0]}(collection where filter)",
        (("集合", "一个集合的名字"), ("限定", "只数符合的项；可以不写“其中”")),
        (("collection", "the name of a collection"), ("filter", "only items that meet it; may be left out")),
    )


def _call(word: str, zh: tuple[tuple[str, str], ...], en: tuple[tuple[str, str], ...]) -> Form:
    held = BY_CANONICAL[word]
    return Form(
        f"{held.zh[0]}({', '.join(name for name, _ in zh)})",
        f"{held.en[0]}({', '.join(name for name, _ in en)})",
        zh,
        en,
    )


_SUM = ("算什么", "每一项的数，如 单价 * 数量"), ("value", "a number of each item")
_TRUE = ("条件", "每一项的是或否"), ("condition", "a yes or no of each item")
_NUMBERS = (
    (("甲", "一个数或日期"), ("乙", "单位相同的另一个"), ("…", "还可以更多")),
    (("first", "a number or a date"), ("second", "another of the same unit"), ("…", "and more")),
)
_STEP = (
    (("数", "要取整的数"), ("到几", "取整到它的整倍数，带单位，如 1 元、0.01 元")),
    (("number", "what is rounded"), ("step", "to whole multiples of it, with its unit: 1 元, 0.01 元")),
)
_TWO_DAYS = (
    (("起", "较早的日期"), ("止", "较晚的日期")),
    (("from", "the earlier day"), ("to", "the later day")),
)
_ONE_DAY = (("日期", "一个日期"),), (("day", "a date"),)

MEANINGS: Final[dict[str, Meaning]] = {
    "<": Meaning(
        "左边小于右边才成立；两边单位要能换算", "holds where the left is less than the right; the units must convert"
    ),
    "<=": Meaning("左边小于或等于右边即成立", "holds where the left is less than or equal to the right"),
    ">": Meaning("左边大于右边才成立", "holds where the left is greater than the right"),
    ">=": Meaning("左边大于或等于右边即成立", "holds where the left is greater than or equal to the right"),
    "=": Meaning(
        "两边相同即成立；选项、是否、日期、数都可以比",
        "holds where both are the same: options, truths, dates, numbers",
        example="类别 = 甲类",
    ),
    "!=": Meaning("两边不同即成立", "holds where both are not the same"),
    "in": Meaning(
        "是括号里所列的一个，或在名单里",
        "is one of those in the brackets, or stands in a list",
        example="类别 属于 (甲类, 乙类)",
    ),
    "not in": Meaning(
        "不是括号里所列的任何一个，也不在名单里",
        "is none of those in the brackets, or not in a list",
        example="类别 不属于 (甲类, 乙类)",
    ),
    "overlaps": Meaning(
        "多选的一项里，至少有一个在括号里或名单里",
        "of a fact with several values at least one stands in the brackets or the list",
        example="所列品种 含有 特别名录",
    ),
    "and": Meaning(
        "两边都成立才成立；有一边不成立，另一边未知也不成立",
        "holds where both do; one that does not settles it, whatever is unknown of the other",
    ),
    "or": Meaning(
        "有一边成立即成立；有一边成立，另一边未知也成立",
        "holds where one does; one that does settles it, whatever is unknown of the other",
    ),
    "not": Meaning("成立变不成立，不成立变成立；未知仍是未知", "turns holding into not holding; unknown stays unknown"),
    "if": Meaning(
        "如果成立取“那么”后面的，不成立取“否则”后面的；“否则”不能省略",
        "what stands behind `then` where it holds, else what stands behind `else`, which cannot be left out",
        example="如果 已付 那么 单价 * 数量 否则 0",
    ),
    "then": Meaning("条件成立时的取值", "what it is where the test holds"),
    "else": Meaning(
        "条件不成立时的取值；在“最大”“最小”里是没有一项时的取值",
        "what it is where the test does not hold; in max and min, of no items",
    ),
    "for": Meaning("后面写集合：对其中每一项", "the collection follows: for each of its items"),
    "where": Meaning("后面写限定：只算符合的项", "a filter follows: only items that meet it"),
    "sum": Meaning(
        "各项相加；一项也没有就是 0",
        "the items' values added up; 0 of no items",
        (_over("sum", *_SUM),),
        "合计(单价 * 数量 对 票据 其中 已付)",
    ),
    "count": Meaning(
        "数有几项；一项也没有就是 0",
        "how many items there are; 0 of none",
        (_short("count"),),
        "计数(票据 其中 已付)",
    ),
    "any": Meaning(
        "有一项符合即成立；一项也没有就不成立",
        "holds where some item meets it; does not of no items",
        (_short("any"), _over("any", *_TRUE)),
        "任一(票据 其中 已付 且 单价 > 100 元)",
    ),
    "every": Meaning(
        "每一项都符合才成立；一项也没有也算成立",
        "holds where every item meets it; does of no items",
        (_over("every", *_TRUE),),
        "每一(单价 <= 100 元 对 票据)",
    ),
    "max": Meaning(
        "几个里最大的，或各项里最大的",
        "the greatest of several, or of the items",
        (_call("max", *_NUMBERS), _over("max", *_SUM, otherwise=True)),
        "最大(0, 费用 - 报销)",
    ),
    "min": Meaning(
        "几个里最小的，或各项里最小的",
        "the least of several, or of the items",
        (_call("min", *_NUMBERS), _over("min", *_SUM, otherwise=True)),
        "最小(限额, 800 元/人/月)",
    ),
    "how_many": Meaning(
        "所列各项里有几项成立",
        "how many of those listed hold",
        (
            _call(
                "how_many",
                (("甲", "是或否"), ("乙", "是或否"), ("…", "还可以更多")),
                (("first", "a yes or no"), ("second", "a yes or no"), ("…", "and more")),
            ),
        ),
        "几项(甲成立, 乙成立, 丙成立) >= 2",
    ),
    "abs": Meaning(
        "去掉负号",
        "without its minus",
        (_call("abs", (("数", "一个数"),), (("number", "a number"),)),),
        "绝对值(申报数 - 核对数)",
    ),
    "round": Meaning(
        "四舍五入到某个单位的整倍数",
        "to the nearest whole multiple, halves away from zero",
        (_call("round", *_STEP),),
        "四舍五入(总额 / 人数, 1 元/人)",
    ),
    "round_down": Meaning(
        "多出来的舍去", "down to a whole multiple", (_call("round_down", *_STEP),), "只舍不入(总额, 1 元)"
    ),
    "round_up": Meaning(
        "有多出来的就进一", "up to a whole multiple", (_call("round_up", *_STEP),), "只入不舍(总额, 1 元)"
    ),
    "round_half_even": Meaning(
        "四舍六入，逢五取偶",
        "to the nearest whole multiple, halves to the even one",
        (_call("round_half_even", *_STEP),),
        "四舍六入五成双(总额, 0.01 元)",
    ),
    "year": Meaning(
        "日期里的年份，没有单位的数",
        "the year of a date, a number without unit",
        (_call("year", *_ONE_DAY),),
        "年份(开具日)",
    ),
    "month": Meaning(
        "日期里的月份，1 到 12", "the month of a date, 1 to 12", (_call("month", *_ONE_DAY),), "月份(开具日)"
    ),
    "day": Meaning("日期里的日，1 到 31", "the day of the month, 1 to 31", (_call("day", *_ONE_DAY),), "日(开具日)"),
    "month_start": Meaning(
        "当月第一天", "the first day of its month", (_call("month_start", *_ONE_DAY),), "月初(开具日)"
    ),
    "month_end": Meaning("当月最后一天", "the last day of its month", (_call("month_end", *_ONE_DAY),), "月末(开具日)"),
    "years_between": Meaning(
        "满了几年：周年当天算满",
        "completed years; the anniversary completes one",
        (_call("years_between", *_TWO_DAYS),),
        "周年数(出生日, 办理日) >= 60 岁",
    ),
    "months_between": Meaning(
        "满了几个月", "completed months", (_call("months_between", *_TWO_DAYS),), "足月数(出生日, 办理日) < 36 月"
    ),
    "days_between": Meaning(
        "相隔几天",
        "how many days lie between",
        (_call("days_between", *_TWO_DAYS),),
        "相隔天数(开具日, 办理日) <= 60 天",
    ),
    "on": Meaning("取另一天施行的值或名单", "the value or list as of another day", example="限额[于 办理日 - 12 月]"),
    "previous": Meaning("改写以前的定义；只能写在 replace 里", "what is replaced; only in a replacement"),
    "yes": Meaning("成立", "holds"),
    "no": Meaning("不成立", "does not hold"),
    "+": Meaning(
        "相加；单位要能换算，日期可以加几个月、几天",
        "the sum; the units must convert, and a date may be moved by months or days",
    ),
    "-": Meaning(
        "相减；单位要能换算，日期可以减几个月、几天",
        "the difference; the units must convert, and a date may be moved by months or days",
    ),
    "*": Meaning("相乘，单位也相乘", "the product, of the units too"),
    "/": Meaning(
        "相除，单位也相除；除数要看得出不会是零",
        "the quotient, of the units too; the divisor must be shown not to be zero",
    ),
}
