"""`doudi compare A B`: what differs between two policies or versions, and for whom.

In: two of: the id of a policy or overlay, a folder or file, `REV:PATH` of git.  Out: the difference in text and in
meaning, with witnesses; 0 whatever it is, 70 where the program contradicts itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Command, language_option, members_option, policies_option, policy_option
from engine.cli.homes import homes_of
from engine.cli.status import ANSWERED, FAULT
from engine.cli.terminal import complain, write
from engine.cli.version import installed_version
from engine.diagnostics import Language
from engine.escaping import Lines
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.cli.compare_households import Compared
    from engine.proof.results import Comparison, Stored
    from engine.proof.sides import Side

_FORMS = ("text", "json", "markdown", "sarif")


def command(say: Say) -> Command:
    return Command(
        "compare",
        say,
        _compare,
        [
            click.Argument(["one"], metavar="A"),
            click.Argument(["other"], metavar="B"),
            policies_option(say),
            policy_option(say),
            click.Option(
                ["--format", "form"],
                type=click.Choice(_FORMS),
                default="text",
                metavar="|".join(_FORMS),
                help=say("结果的格式，缺省是给人看的文字", "form of the result; default: text for people"),
            ),
            click.Option(
                ["--households", "households"],
                metavar=say("文件", "FILE"),
                help=say(
                    "另列出这些家庭里谁的结论改变：JSON，或 doudi screen 读得懂的表（CSV、Parquet 等）",
                    "also list whose answer changes among these households: JSON, or a table that doudi screen reads",
                ),
            ),
            members_option(say, "证明到几口之家为止，缺省 8", "prove for families of up to so many; default: 8"),
            language_option(say),
        ],
        say(
            "比较两套规则：文字上哪里不同；含义上谁因此符合、谁因此不符合。每个方向给一个最简单的家庭，"
            "两边都重新认定过；没有这样的家庭，就是证明了没有。\n\n"
            "A、B 各是一份政策或补充的编号、一个政策目录或文件，或者 git 里的 版本:路径。需要 doudi[proof]。",
            "Compares two rule sets: where the text differs, and who gains and who loses by it. For each direction the "
            "plainest household, decided by both; where there is none, that is proved.\n\n"
            "A and B are each the id of a policy or overlay, a policy folder or file, or REV:PATH of git. Needs "
            "doudi[proof].",
        ),
    )


@click.pass_context
def _compare(
    ctx: click.Context,
    one: str,
    other: str,
    folders: tuple[str, ...],
    policy: str | None,
    form: str,
    households: str | None,
    members: int,
    language: Language,
) -> int:
    say = Say(language)
    from engine.extras import must_be_installed

    must_be_installed("proof")
    from engine.api import load
    from engine.cli.compare_households import stored_in
    from engine.proof.compared import compare
    from engine.proof.results import Contradiction

    with ExitStack() as held:
        at_hand = cache(lambda: load(homes_of(folders).paths))
        before, after = (_side(name, at_hand, policy, held, say, ctx) for name in (one, other))
        both, beside = _places(before, after)
        found = compare(before.side, after.side, both, beside=beside, members=members)
        changed = None if households is None else stored_in(households, before, after, say, ctx)
    _write(found, changed, form, language)
    wrong = any(isinstance(way, Contradiction) for each in found.differences for way in (each.less, each.more))
    return FAULT if wrong else ANSWERED


def _write(found: Comparison, changed: Stored | None, form: str, language: Language) -> None:
    from engine.reporting.compare_words import stored_lines

    told = [] if changed is None else list(stored_lines(changed, Say(language)))
    match form:
        case "json":
            from engine.reporting.compare_json import comparison_json

            households = None
            if changed is not None:
                listed = [{"household": one.id, "a": one.before, "b": one.after} for one in changed.told]
                households = {"count": changed.count, "changed": len(changed.changed), "listed": listed}
            write(comparison_json(found, households))
        case "markdown":
            from engine.reporting.compare_markdown import comparison_markdown

            write(Lines.of([comparison_markdown(found, language), *(f"- {line.strip()}" for line in told)]))
        case "sarif":
            from engine.reporting.compare_results import comparison_results
            from engine.reporting.sarif import sarif

            write(sarif(comparison_results(found, installed_version(), language)))
        case _:
            from engine.reporting.render_compare import render_comparison

            write(Lines.of([render_comparison(found, language), *(["", *told] if told else [])]))


def _side(
    name: str, at_hand: Callable[[], Policies], policy: str | None, held: ExitStack, say: Say, ctx: click.Context
) -> Compared:
    """What a name means: files that are there, else a revision, else an id among the policies at hand."""
    from engine.cli.compare_households import Compared

    if disk.kind(name) != "absent":
        return _whole(name, _loaded(name, Path(name), say), policy)
    revision, colon, path = name.partition(":")
    if colon:
        from engine.cli.git import extracted

        into = Path(held.enter_context(TemporaryDirectory()))
        return _whole(name, _loaded(name, extracted(revision, path, into, say, ctx), say), policy)
    policies = at_hand()
    if name not in policies.library.documents:
        raise policies.router.unknown(name)
    return Compared(line_of(name, policies), policies, name, whole=False)


def _loaded(name: str, path: Path, say: Say) -> Policies:
    """What is wrong is told by files below the folder, which both sides have: so it is said of which."""
    from engine.api import load
    from engine.errors import PolicyError

    try:
        return load(path)
    except PolicyError:
        complain(say(f"不能用来比较：{disk.shown(name)}", f"cannot be compared: {disk.shown(name)}"))
        raise


def line_of(name: str, policies: Policies) -> Side:
    """A document and what it stands on, in its own places."""
    from engine.proof.sides import Side

    library = policies.library
    root = library.root_of(name)
    assert root is not None, "what was loaded is sound"
    places = library.territory(root).inside(library.documents[name].header.jurisdiction)
    return Side(name, policies.slices, tuple(places), lambda place: tuple(library.whole_line(name, place)))


def _whole(name: str, policies: Policies, policy: str | None) -> Compared:
    """Everything in some files, each place by its own chain."""
    from engine.cli.compare_households import Compared
    from engine.proof.sides import Side

    library, ids = policies.library, policies.router.root_ids()
    root = policy or ids[0]
    if root not in library.documents:
        raise policies.router.unknown(root)
    places = library.territory(root).inside(library.documents[root].header.jurisdiction)
    side = Side(name, policies.slices, tuple(places), lambda place: tuple(library.chain_ids(root, place)))
    return Compared(side, policies, root, whole=True)


def _places(one: Compared, other: Compared) -> tuple[list[str], list[str]]:
    """Where both decide, of sides that have no place in common those of either; and of folders where one alone does."""
    sides = one.side.places, other.side.places
    both = [place for place in sides[0] if place in set(sides[1])]
    if not both:
        return [*sides[0], *sides[1]], []
    either = dict.fromkeys((*sides[0], *sides[1]))
    return both, [place for place in either if place not in set(both)] if one.whole and other.whole else []
