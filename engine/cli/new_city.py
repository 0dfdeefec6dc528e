"""`doudi new city CODE|NAME…`: the overlay of a city or county, or of several of one city, begun.

In: the place.  Out: a file that passes `check` as it is, with all that the place may change.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from engine.cli.command import Command, Misuse, flag, language_option, policies_option
from engine.cli.new_files import free, library_of, output_option, policy_folder, put, schema_address
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import tell
from engine.cli.texts import asking
from engine.diagnostics import Language, errors_in
from engine.say import Say

_ID = re.compile(r"[a-z][a-z0-9_]{0,99}")


def command(say: Say) -> Command:
    return Command(
        "city",
        say,
        _city,
        [
            click.Argument(["places"], metavar=say("代码|名称…", "CODE|NAME…"), nargs=-1, required=True),
            policies_option(say),
            click.Option(
                ["--policy", "policy"],
                metavar="ID",
                help=say("补充哪一份政策，缺省按地方找", "the policy to amend; default: found from the place"),
            ),
            click.Option(
                ["--id", "id_"],
                metavar="ID",
                help=say("文件的标识，缺省按代码取", "the file's id; default: by the code"),
            ),
            flag(say, "--draft", "另写一份草案", "a draft beside what is there"),
            output_option(say),
            language_option(say),
        ],
        say(
            "新建一个市或县（市、区）的补充文件，列出可以改的全部内容，各有示例。同一个市的几个县（市、区）可以合写一份。\n\n"
            "新建的文件现在就能通过 doudi check。",
            "Starts the overlay of a city or county: all that it may change, with an example of each. Several counties "
            "of one city may share a file.\n\n"
            "The new file passes doudi check as it is.",
        ),
    )


@click.pass_context
def _city(
    ctx: click.Context,
    places: tuple[str, ...],
    folders: tuple[str, ...],
    policy: str | None,
    id_: str | None,
    draft: bool,
    output: str | None,
    language: Language,
) -> int:
    from engine.policy.loader import read_library
    from engine.policy.slices import Slices
    from engine.writing.home import file_of, home_of
    from engine.writing.new_city import new_city

    say = Say(language)
    if id_ is not None and not _ID.fullmatch(id_):
        raise Misuse(
            say(
                f"--id：`{id_}` 不能作标识，只用小写字母、数字和下划线，以字母开头",
                f"--id: `{id_}` is no id; lower-case letters, digits and _, a letter first",
            ),
            ctx,
        )
    folder = policy_folder(folders, ctx, say)
    library = library_of(folder, folders)

    def ask() -> int:
        home = home_of(library, places, policy, beside=draft)
        county = home.is_county
        word = re.sub("[^a-z0-9]", "_", str(home.jurisdiction).lower())[:90]
        name = id_ or f"{'draft' if draft else 'county' if county else 'city'}_{word}"
        if name in library.documents:
            file = file_of(library.documents[name])
            raise Misuse(
                say(f"标识 {name} 已经用在 {file}，用 --id 另取", f"the id {name} is taken by {file}; choose --id"), ctx
            )
        kind = "drafts" if draft else "counties" if county else "cities"
        path = free(Path(output) if output else folder / kind / f"{name}.yaml", folder, ctx, say)
        # the clock is read here, in the command, and nowhere below it
        day = date(date.today().year + 1, 1, 1)
        text = new_city(home, name, day, draft=draft, schema=schema_address("overlay", path))
        put(path, text, language)
        slices, known = Slices(read_library([folder, path])), {(one.code, one.place()) for one in library.errors()}
        checked = errors_in(slices.check_all(None))
        wrong = [one for one in checked if one.span and one.span.source.name.endswith(path.name)]
        if wrong:
            unread = [one for one in slices.library.errors() if (one.code, one.place()) not in known]
            wrong = list(dict.fromkeys([*unread, *wrong]))
        tell(wrong, language)
        return FINDINGS if wrong else ANSWERED

    return asking(ctx, say, ask, library.errors)
