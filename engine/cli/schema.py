"""`doudi schema KIND`: the JSON Schema of a kind of file.

In: the kind.  Out: the schema on standard output. That of households is derived from a policy's own facts.
"""

from __future__ import annotations

from datetime import date

import click

from engine.cli.command import Command, Misuse, day_option, language_option, policies_option, policy_option
from engine.cli.homes import homes_of
from engine.cli.status import ANSWERED
from engine.cli.terminal import write
from engine.escaping import as_json
from engine.say import Language, Say

_KINDS = ("policy", "values", "overlay", "cases", "household", "decision")


def command(say: Say) -> Command:
    return Command(
        "schema",
        say,
        _schema,
        [
            click.Argument(["kind"], type=click.Choice(_KINDS), metavar="|".join(_KINDS)),
            policies_option(say),
            policy_option(say),
            day_option(
                say, "--as-of", "household：哪一天的规定，缺省为今天", "household: rules of which day; default: today"
            ),
            language_option(say),
        ],
        say(
            "输出一种文件的 JSON Schema，供编辑器和其他系统使用。\n\n"
            "household 由政策声明的事实导出，可用 --policy 指定政策。",
            "Prints the JSON Schema of a kind of file, for editors and other systems.\n\n"
            "That of household is derived from the facts that a policy declares; --policy says which.",
        ),
    )


@click.pass_context
def _schema(
    ctx: click.Context, kind: str, folders: tuple[str, ...], policy: str | None, as_of: date | None, language: Language
) -> int:
    say = Say(language)
    if kind == "household":
        from engine.api import open_policies

        schema: object = open_policies(homes_of(folders).folders).household_schema(policy, as_of or date.today())
    else:
        from engine.resources import schema as stored

        try:
            schema = stored(kind)
        except FileNotFoundError as lacking:
            raise Misuse(say(f"这一版没有 {kind} 的 Schema", f"this version has no schema of {kind}"), ctx) from lacking
    write(as_json(schema, indent=2))
    return ANSWERED
