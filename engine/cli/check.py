"""`doudi check [PATH…]`: everything that is wrong with policy files, at once.

In: folders or files.  Out: diagnostics on standard error, a summary on standard output; 1 where there are findings.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Command, Misuse, day_option, flag, language_option, policies_option
from engine.cli.homes import Homes, homes_of
from engine.cli.named import must_exist
from engine.cli.outputs import LEVELS, ReportTo, deliver, fails, output_options
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import complain, page_for, wants_colour, write
from engine.cli.version import installed_version
from engine.diagnostics import Diagnostic, Language, Severity, errors_in, render, shortened
from engine.escaping import Lines, joined
from engine.reporting.layout import Tone
from engine.reporting.results import Outcome, Results, Trial
from engine.say import Say
from engine.source import Source, Span

if TYPE_CHECKING:
    from engine.policy.loader import Library
    from engine.proof.results import Promise

_TONES: dict[Severity, Tone] = {Severity.ERROR: "bad", Severity.WARNING: "open", Severity.INFO: "quiet"}

_FILES_NAMED = 5


def command(say: Say) -> Command:
    return Command(
        "check",
        say,
        _check,
        [
            click.Argument(["paths"], nargs=-1, metavar=say("[路径…]", "[PATH…]")),
            policies_option(say),
            day_option(
                say,
                "--on",
                "另查到这一天哪些数值已过时、缺失",
                "also report what is out of date or lacking on that day",
            ),
            flag(
                say,
                "--details",
                "逐条列出 not_found 里写明没有查到的取值和证明了的承诺，缺省只说有几处",
                "list every value that a file says was not found, and every proof; otherwise they are counted",
            ),
            flag(
                say,
                "--prove",
                "另证明补充文件里的改动确如写明的收窄或放宽（effect）、没有超出限定的范围，需要 doudi[proof]",
                "also prove that changes of overlays narrow or widen as they promise (effect), and stay within what "
                "guards allow; needs doudi[proof]",
            ),
            flag(
                say,
                "--strict",
                "没有证明出来的也算错误",
                "what was not proved is an error, too",
            ),
            flag(
                say,
                "--record",
                "把证明了的记在政策文件夹的 proved.json 里，以后 show 和认定结论会写明；规则一改就不作数",
                "write what was proved to proved.json in the policy folder, for show and decisions to tell; it lapses "
                "when the rules change",
            ),
            *output_options(say),
            language_option(say),
        ],
        say(
            "检查政策文件：语法、结构、名称、类型和单位、合并、权限、日期。一次列出全部问题。\n\n"
            "路径是政策目录或文件；缺省检查当前文件夹里的 policies，没有就检查随程序附带的。"
            "只给文件时，与缺省的政策一起检查。",
            "Validates policy files: syntax, structure, names, types and units, merge, guards, dates; all faults "
            "at once.\n\n"
            "A path is a policy folder or a file; default: the folder `policies` here, else those shipped. A file "
            "alone is checked with the default.",
        ),
    )


@click.pass_context
def _check(
    ctx: click.Context,
    paths: tuple[str, ...],
    folders: tuple[str, ...],
    on: date | None,
    details: bool,
    prove: bool,
    strict: bool,
    record: bool,
    form: str,
    reports: tuple[ReportTo, ...],
    fail_on: str,
    language: Language,
) -> int:
    say = Say(language)
    if record and not prove:
        raise Misuse(say("--record 要与 --prove 一起用", "--record goes with --prove"), ctx)
    must_exist((*paths, *folders), say, ctx)
    from engine.policy.loader import read_library
    from engine.policy.slices import Slices

    homes, read = _read_with(paths, folders)
    library = read_library([Path(one) for one in read])  # of a file named, that one is checked
    whole = Slices(library).check_all(on, hygiene=True).diagnostics
    proofs: tuple[Promise, ...] = ()
    if prove and not errors_in(whole):  # what is broken promises nothing
        proofs = _proved(library)
        from engine.proof.kept import broken

        whole = (*whole, *broken(proofs, strict=strict))
    found = shortened(whole)
    files = len(library.documents)
    trials = _trials(library.sources, found, fail_on, language)
    results = Results("check", installed_version(), language, found, trials)
    nothing = bool(found) and all(one.code == "no-policy-found" for one in found)
    summary = say("没有读到任何政策文件", "no policy file was found") if nothing else _summary(results, files, say)
    if prove and not nothing:
        summary = Lines.of([summary, *_told_proofs(library, proofs, whole, details, say).each()])
    kept = _record(library, proofs) if record and not errors_in(whole) else []
    lapsed = [] if kept else _lapsed(library, whole, say)
    recorded = (say(f"记在 {say.names(kept)}", f"recorded in {say.names(kept)}"),) if kept else ()
    summary = Lines.of([summary, *recorded, *lapsed])
    summary = Lines.of(filter(None, (summary, homes.told(say))))

    # an honest note is no finding that somebody has to mend; it is told line by line where it decides the status
    noted = [] if details or fail_on == "info" else [one for one in found if _is_note(one)]
    told = [one for one in found if one not in noted]
    if noted:
        summary = Lines.of([_noted(noted, say), summary])

    def as_json() -> Lines:
        from engine.reporting.diagnostics_json import diagnostics_json

        if not prove:
            return diagnostics_json(results, {"files": files})
        from engine.reporting.promise_words import promises_json

        return diagnostics_json(results, {"files": files, "promises": promises_json(proofs)})

    def as_text() -> Lines:
        return Lines.of([*(render(one, language) for one in told), summary])

    deliver(results, read, form, reports, ctx, text=as_text, own_json=as_json)
    if form == "text":
        for one in told:
            complain(_coloured(one, language))
        write(summary)
    return FINDINGS if fails(whole, fail_on) else ANSWERED


def _proved(library: Library) -> tuple[Promise, ...]:
    from engine.extras import must_be_installed

    must_be_installed("proof")
    from engine.proof.promises import promises

    return tuple(promises(library))


def _record(library: Library, found: Sequence[Promise]) -> list[str]:
    """Write what was proved beside the overlays that it is about; what stood there is replaced."""
    from engine.gathered import gathered
    from engine.policy.proved import PROVED_FILE, written
    from engine.proof.promises import proofs

    files = gathered((library.documents[one.overlay].root / PROVED_FILE, one) for one in proofs(library, found))
    for file, held in files.items():
        disk.write_whole(file, written(held).encode())
    return [disk.shown(file) for file in files]


def _lapsed(library: Library, whole: Sequence[Diagnostic], say: Say) -> list[str]:
    """What was written down and is told of nobody any more."""
    if not (library.proofs or library.unsound_proofs) or errors_in(whole):
        return []
    from engine.policy.proved import outdated

    told = [
        say(f"{name} 不是证明的记录，不作数", f"{name} is no record of proofs: it counts for nothing")
        for name in library.unsound_proofs
    ]
    ids = list(outdated(library))
    if ids:
        told.append(
            say(
                f"记下的证明说的是改以前的规则，不再作数：{say.names(ids)}；用 --prove --record 重新证明",
                f"what was proved is about the rules as they were before, and lapsed: {say.names(ids)}; prove anew "
                "with --prove --record",
            )
        )
    return told


def _told_proofs(
    library: Library, proofs: Sequence[Promise], whole: Sequence[Diagnostic], details: bool, say: Say
) -> Lines:
    """How many promises are kept, and of which households that is said; each by itself where details are asked for."""
    from engine.proof.unused import unused
    from engine.reporting.promise_words import lines_of, summary_of, unused_lines

    if errors_in(whole) and not proofs:
        return Lines.of([say("文件有错误，没有证明", "nothing was proved, as there are errors")])
    each = lines_of(proofs, say) if details else ()
    return Lines.of([*each, summary_of(proofs, say), *unused_lines(list(unused(library)), details, say)])


def _trials(
    sources: Sequence[Source], found: Sequence[Diagnostic], fail_on: str, language: Language
) -> tuple[Trial, ...]:
    """A trial for each file that was read, and for each that could not be; failed where something so bad was found."""
    spans = {source.name: Span(source, 0, 0) for source in sources}
    told: dict[str, list[Diagnostic]] = {name: [] for name in sorted(spans)}
    for one in found:
        told.setdefault(one.file, []).append(one)
    return tuple(
        Trial(
            "doudi check",
            name or "policies",
            _outcome(about, fail_on),
            Lines.of(render(one, language) for one in about),
            spans.get(name),
        )
        for name, about in told.items()
    )


def _outcome(about: Sequence[Diagnostic], fail_on: str) -> Outcome:
    if any(one.code == "no-policy-found" for one in about):
        return "broken"
    return "failed" if fails(about, fail_on) else "passed"


def _read_with(paths: Sequence[str], folders: Sequence[str]) -> tuple[Homes, list[str]]:
    """What to read. A file alone says nothing about what it amends: it is read with the policies it may amend."""
    if paths and not folders and any(disk.kind(path) == "folder" for path in paths):
        homes = Homes((), "named")
    else:
        homes = homes_of(folders)
    # a file of a folder that is read whole belongs to that folder: its tables are named from there
    alone = [path for path in paths if not any(disk.inside(path, home) for home in homes.folders)]
    return homes, [*homes.folders, *alone]


def _coloured(found: Diagnostic, language: Language) -> Lines:
    text = render(found, language)
    if not wants_colour(sys.stderr):
        return text
    head, *rest = text.each()
    word = f"{found.severity} {found.code}:"
    before, between, after = head.partition(word)
    page = page_for(sys.stderr)
    coloured = joined(before, page.tone(_TONES[found.severity], between), page.tone("strong", after))
    return Lines.of([coloured, *rest])


def _is_note(found: Diagnostic) -> bool:
    return found.code == "value-unpublished" and found.severity is Severity.INFO


def _noted(noted: Sequence[Diagnostic], say: Say) -> str:
    """One line for all values that files say were not found."""
    files = list(dict.fromkeys(one.file for one in noted))
    named = say.names(files[:_FILES_NAMED])
    more = say(" 等", " and others") if len(files) > _FILES_NAMED else ""
    return say(
        f"写明没有查到取值的 {len(noted)} 处：{named}{more}；用 --details 逐条列出",
        f"values that files say were not found: {len(noted)} ({named}{more}); --details lists them",
    )


def _summary(results: Results, files: int, say: Say) -> str:
    counts = results.counts()
    errors, warnings, infos = (counts[level] for level in LEVELS)
    if not (errors or warnings or infos):
        return say(f"检查了 {files} 份政策文件，没有问题", f"{files} policy files checked, no findings")
    return say(
        f"检查了 {files} 份政策文件：错误 {errors}，警告 {warnings}，提示 {infos}",
        f"{files} policy files checked: {errors} errors, {warnings} warnings, {infos} notes",
    )
