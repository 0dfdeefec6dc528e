"""`doudi screen INPUT… -o OUTPUT`: a whole population, one answer a household.

In: files of households as bureaus have them.  Out: the results in a file, what was refused beside it, and what it came
to. A bad row stops nothing: it is refused, told with its row, and the exit status is 1.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine import disk
from engine.cli.command import (
    Command,
    Misuse,
    day_option,
    flag,
    format_option,
    known_on_option,
    language_option,
    policies_option,
    policy_option,
)
from engine.cli.homes import homes_of
from engine.cli.named import must_exist
from engine.cli.screen_files import (
    FORMS,
    MAPPINGS,
    PICTURES,
    must_replace_nothing_read,
    suffix_of,
)
from engine.cli.screen_job import Asked, Job
from engine.cli.screen_rules import Other, Rules
from engine.cli.status import ANSWERED
from engine.cli.terminal import tell, write
from engine.diagnostics import Language
from engine.escaping import Lines
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.screening.screen import Screening


def command(say: Say) -> Command:
    return Command(
        "screen",
        say,
        _screen,
        [
            click.Argument(["inputs"], nargs=-1, required=True, metavar=say("输入…", "INPUT…")),
            click.Option(
                ["-o", "--output", "output"],
                metavar=say("文件", "FILE"),
                help=say(
                    "结果写到哪里，格式看结尾：.parquet、.csv、.ndjson、.xlsx",
                    "where the results go; the ending says the form: .parquet, .csv, .ndjson, .xlsx",
                ),
            ),
            click.Option(
                ["--mapping"],
                metavar=say("文件", "FILE"),
                help=say("哪一列是什么，表头看不出来时用", "which column is what, where the headers do not say"),
            ),
            flag(
                say,
                "--map-from",
                "不筛查，只为输入起草对应文件，注明猜的是什么、为什么；写到 -o，没有就写到标准输出",
                "screen nothing: draft a mapping file for the input, with what was guessed and why; to -o, else to "
                "standard output",
            ),
            click.Option(
                ["--headers"],
                type=click.Choice(["id", "label"]),
                metavar="id|label",
                help=say(
                    "列名和取值用代号（Parquet、NDJSON 缺省）或中文名称（CSV、XLSX 缺省）",
                    "ids (default of Parquet and NDJSON) or labels (default of CSV and XLSX) for columns and values",
                ),
            ),
            flag(say, "--missing", "加一列：还缺几项", "add a column: how many facts are missing"),
            flag(say, "--readings", "加几列：换一种读法结论是否不同", "add columns: would another reading differ"),
            click.Option(
                ["--chart"],
                metavar=say("文件", "FILE"),
                help=say("另画一张图，.svg 或 .png", "also draw a picture, .svg or .png"),
            ),
            flag(
                say,
                "--resume",
                "中断以后能接着做：做完的部分留在结果旁边，再运行一次就接上",
                "can be cut off: finished parts are kept beside the output, and the next run goes on from there",
            ),
            click.Option(
                ["--jobs"],
                type=click.IntRange(1, 256),
                metavar="N",
                help=say("用几个线程，缺省为处理器的个数", "number of threads; default: those of the machine"),
            ),
            click.Option(
                ["--explain"],
                metavar="ID",
                help=say(
                    "只说明编号为 ID 的那一户，逐条说明理由", "explain the household of that id, with every reason"
                ),
            ),
            policies_option(say),
            click.Option(
                ["--against"],
                multiple=True,
                callback=_must_exist(say),
                metavar=say("目录", "DIR"),
                help=say(
                    "另一套政策文件（如拟议的新标准）：同时算，谁新增符合、谁不再符合、由哪一条决定",
                    "other policy files (a draft, say), worked out as well: who gains, who loses, by which condition",
                ),
            ),
            policy_option(say),
            day_option(
                say,
                "--as-of",
                "按这一天的规定，缺省为申请日期",
                "the day whose rules apply; default: the application date",
            ),
            known_on_option(say),
            format_option(say),
            flag(say, "--details", "各县（市、区）也列出", "list every county"),
            language_option(say),
        ],
        say(
            "整批筛查家庭，每户一个结论。\n\n"
            "输入是 Parquet、Arrow、CSV（UTF-8 或 GB18030）、XLSX、NDJSON 的文件、文件夹或通配符；家庭和成员可以分在"
            "几个文件或工作表里，按家庭编号接起来。有错的行不影响别的行：写进 结果.refused.csv（XLSX 是一张表），"
            "注明行号、字段和原因。\n\n"
            "退出状态：0 都已认定；1 有未受理的行或重复的编号；2 命令用错；70 程序自身出错。",
            "Screens a whole population, one answer a household.\n\n"
            "The input is files, folders or patterns of Parquet, Arrow, CSV (UTF-8 or GB18030), XLSX, NDJSON; "
            "households and members may stand in several files or sheets, joined by the household's id. A row with a "
            "fault stops no other: it goes to OUTPUT.refused.csv (a sheet of XLSX) with its row, field and reason.\n\n"
            "Exit status: 0 all answered; 1 rows refused, or ids that stand twice; 2 misuse; 70 a fault of the "
            "program.",
        ),
    )


def _must_exist(say: Say) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[str, ...]]:
    def there(ctx: click.Context, _: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
        must_exist(names, say, ctx)
        return names

    return there


def _take_memory_by_thread() -> None:
    """Arrow's usual allocator gives memory back so eagerly that two threads wait for new pages half of the time. It
    chooses once, when it is first asked for memory."""
    if platform.libc_ver()[0] == "glibc":  # for which it always has the other one
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")


@click.pass_context
def _screen(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: str | None,
    mapping: str | None,
    map_from: bool,
    headers: str | None,
    missing: bool,
    readings: bool,
    chart: str | None,
    resume: bool,
    jobs: int | None,
    explain: str | None,
    folders: tuple[str, ...],
    against: tuple[str, ...],
    policy: str | None,
    as_of: date | None,
    known_on: date | None,
    form: str,
    details: bool,
    language: Language,
) -> int:
    say = Say(language)
    _take_memory_by_thread()
    jobs = jobs or os.cpu_count() or 1
    asked = Asked(policy, as_of, known_on, missing, readings, headers, jobs, form, details, language)
    if map_from:
        return _draft(inputs, output, folders, asked, ctx)
    if output is None and explain is None:
        raise Misuse(say("用 -o 写明结果写到哪里，如 -o result.xlsx", "say where the results go: -o result.xlsx"), ctx)
    outputs, suffix = {}, ""
    if output is not None and explain is None:
        suffix = suffix_of(output, "--output", FORMS, say, ctx)
        outputs["--output"] = Path(output)
    if chart is not None:
        suffix_of(chart, "--chart", PICTURES, say, ctx)
        outputs["--chart"] = Path(chart)
    homes = homes_of(folders)
    read, kept = [*inputs, *([mapping] if mapping else [])], [*homes.paths, *map(Path, against)]
    must_replace_nothing_read(outputs, read, kept, say, ctx)

    from engine.extras import must_be_installed

    must_be_installed("screen")
    from engine.api import open_policies

    policies = open_policies(homes.folders)
    rules = _rules(asked, policies, open_policies(against) if against else None, inputs, mapping)
    tell([*rules.source.notes, *rules.screening.warnings], language)
    if explain is not None:
        from engine.cli.screen_explain import explained

        return explained(explain, rules, asked, ctx)
    assert output is not None
    return Job(asked, homes, rules, Path(output), suffix, chart).run(resume, ctx)


def _draft(
    inputs: tuple[str, ...], output: str | None, folders: tuple[str, ...], asked: Asked, ctx: click.Context
) -> int:
    from engine.extras import must_be_installed

    homes = homes_of(folders)
    if output is not None:
        suffix_of(output, "--output", MAPPINGS, asked.say, ctx)
        must_replace_nothing_read({"--output": Path(output)}, inputs, homes.paths, asked.say, ctx)
    must_be_installed("screen")
    from engine.api import open_policies
    from engine.screening.reading.drafting import draft

    made = draft(inputs, open_policies(homes.folders), asked.language, asked.policy)
    if output is None:
        write(Lines.of(made.removesuffix("\n").split("\n")))
    else:
        disk.write_whole(output, made.encode())
    return ANSWERED


def _rules(
    asked: Asked, policies: Policies, against: Policies | None, inputs: tuple[str, ...], mapping: str | None
) -> Rules:
    from engine.screening.reading.source import source_for
    from engine.screening.screen import Screening, declared_in
    from engine.screening.writing.narrowing import both, narrowed

    declared = declared_in(policies, asked.policy)
    others = None if against is None else declared_in(against, asked.policy)
    source = source_for(declared if others is None else both(declared, others), inputs, mapping)

    def screening(policies: Policies, schema: Any) -> Screening:
        return Screening(
            policies,
            schema,
            policy=asked.policy,
            as_of=asked.as_of,
            known_on=asked.known_on,
            missing=asked.missing,
            readings=asked.readings,
        )

    if against is None or others is None:
        return Rules(policies, source, screening(policies, source.schema))
    schema, narrow = narrowed(source.schema, declared)
    other, narrow_other = narrowed(source.schema, others)
    second = Other(against, screening(against, other), narrow_other)
    return Rules(policies, source, screening(policies, schema), narrow, second)
