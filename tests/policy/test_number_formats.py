"""What a format shows of a number: rounded, scaled, with words, without its day; and when that is another number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.policy.number_formats import BUILT_IN, NumberFormat, reads_as

ACCOUNTS = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '

SAME = [
    ("General", "700"), ("General", "366.9"), ("General", "366.90000000000003"), ("General", "1235.1000000000001"),
    ("General", "0.12300000000000001"), ("General", "12345678901"), ("General", "-5.25"), ("General", "0"),
    ("0", "700"), ("0.00", "700"), ("0.00", "366.9"), ("0.00", "366.90000000000003"), ("#,##0", "9000"),
    ("#,##0.00", "1234567.5"), ("#,##0.00_ ", "700.5"), ("0.0000", "0.125"), ("000000", "620"), ("0.0#", "3.1"),
    ("0.##", "3"), ("?0.0?", "3.1"), ("@", "800"),  ("[DBNum1]General", "800"),
    ("[Red]0.00", "12.5"), ("0.00;[Red]-0.00", "-12.5"), ("0.00_);(0.00)", "-5"), ("0.00;-0.00;0.00", "0"),
    ('0.00"元"', "760.5"), ("0.00元", "760.5"), ('¥#,##0.00', "1760.5"), ('￥#,##0.00', "1760.5"), ('"人民币"0', "7"),
    ("[$¥-804]#,##0.00;[Red]-[$¥-804]#,##0.00", "-700"), ("[$RMB] 0.00", "7"), (ACCOUNTS, "0"), (ACCOUNTS, "1234.5"),
    (ACCOUNTS, "-1234.5"), ("0%", "0.6"), ("0.0%", "0.605"), ("0.00E+00", "9000"), ("0.00E+00", "0.0125"),
    ('[>=10000]0!.0,"万";0', "123"), ("[<0]-0.0;0.0", "-1.5"), ("yyyy/m/d", "45139"), ("h:mm:ss", "0.5"),
    ('[$-804]yyyy"年"m"月"d"日";@', "45139"), ("yyyy-mm-dd hh:mm", "45139.5"), ("mm:ss", "0.5"), ("[h]:mm", "1.5"),
    ("yy.m.d", "45139"), ("d/mmm/e", "45139"),
]  # fmt: skip
OTHER = [
    ("General", "699.99916666", "699.9991667"), ("General", "0.333333333333333", "0.333333333"),
    ("General", "140105198001021000", "1.40105E+17"), ("0.00", "699.99916666", "700.00"), ("0", "760.5", "761"),
    ("0.0", "760.25", "760.3"), ("#,##0", "1234.5", "1,235"), ("#,##0.00_ ", "0.125", "0.13"),
    (ACCOUNTS, "0.125", "0.13"),
    ("0", "-0.5", "-1"), ("0.00", "0.001", "0.00"), ('0"万元"', "7", "7万元"), ('0.00"万"', "0.07", "0.07万"),
    ('0"千"', "7", "7千"), ("0万", "7", "7万"), (r"0\万", "7", "7万"), ('0"00"', "7", "700"), ('"1"0', "7", "17"),
    ("0.00,", "700", "0.70"), ("0,", "9000", "9"), ("#,##0,", "9000000", "9,000"), ("0,,", "9000000", "9"),
    ('0.0,"千元"', "700", "0.7千元"), ('0!.0,"万元"', "12345", "1.2万元"), ('0"."0,"万"', "12345", "1.2万"),
    ("0.0,;0.0,", "-1200", "1.2"), ('[>=10000]0!.0,"万";0', "12345", "1.2万"), ("[<=100]0.0;0", "100.5", "101"),
    ("0%", "0.605", "61%"), ('0.0"%"', "0.6", "0.6%"), ('0"%"', "60", "60%"), ("0‰", "6", "6‰"),
    ("# ?/?", "0.5", "# ?/?"),
    ("0.00E+00", "9001.5", "9.00E+3"), ("0.00;[Red]0.00", "-5", "5.00"), (";;;", "700", ""), ("0;", "-7", ""),
    ("General;General", "-8", "8"),
    ("#", "0", ""), ("0;-0;;@", "0", ""), ('0;-0;"无"', "0", "无"), ('"保密"', "700", "保密"), ('0"人"', "3", "3人"),
    ('0"元/年"', "9600", "9600元/年"), ("0%" * 100, "3", "0%" * 100),
    ("yyyy/m", "45139", "2023年8月"), ("mmm-yy", "45139", "2023年8月"), ("m/d", "45139", "8月1日"),
    ("yyyy", "45139", "2023年"),
    ('yyyy"年"m"月"', "45139", "2023年8月"), ("d h:mm", "45139.5", "1日"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "stored"), SAME)
def test_shown_as_it_is(code: str, stored: str) -> None:
    one = NumberFormat(code)
    assert one.other_than_stored(stored) is None


@pytest.mark.parametrize(("code", "stored", "shown"), OTHER)
def test_shown_as_another(code: str, stored: str, shown: str) -> None:
    one = NumberFormat(code)
    assert one.may_differ(stored), "the quick look passes none over"
    assert one.other_than_stored(stored) == shown


def test_the_quick_look_settles_the_common_ones() -> None:
    for code in ("0", "0.00", "#,##0.00", "#,##0.00_ ", '0.00"元"', "¥#,##0.00", ACCOUNTS):
        assert not NumberFormat(code).may_differ("700"), code


@pytest.mark.parametrize("number", list(BUILT_IN))
def test_the_formats_that_are_not_written_out(number: str) -> None:
    """Of a day in them all or a part is shown; of an amount, the same or one that is rounded."""
    one = NumberFormat(BUILT_IN[number])
    told = one.other_than_stored("45139") or ""
    is_part = number in ("16", "17", "27", "28", "29", "36", "50", "51", "52", "53", "54", "57", "58")
    assert (told.endswith(("月", "日"))) is is_part
    assert told == "" or is_part or number in ("11", "12", "13", "48")


@pytest.mark.parametrize(
    "code",
    [
        "",
        '"',
        "[",
        "[$",
        "\\",
        "!",
        "_",
        "*",
        ";;;;;",
        "[>]0",
        "[>..]0",
        "[=>1]0",
        ",",
        ".",
        "%",
        "E+",
        "0/0",
        "0.0.0",
        "m",
        "[h",
    ],
)
def test_formats_that_none_writes(code: str) -> None:
    for stored in ("0", "-7", "700", "0.333333333333333", "1e300", "1e-300", "12345678901234567890123456789012345"):
        NumberFormat(code).other_than_stored(stored)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.5"), ("(5.00)", "-5"), ("¥ 700.00", "700"), ("700 元", "700"), ("60.5%", "0.605"),
        (" - ", "0"),
        ("3.", "3"), ("9.00E+3", "9000"), ("7万元", None), ("", None), ("700元/月", None), ("7千", None),
    ],
)  # fmt: skip
def test_what_a_reader_takes_it_for(text: str, number: str | None) -> None:
    assert reads_as(text) == (None if number is None else Decimal(number))
