"""What click finds wrong with a command line is said in the reader's language, for every command and option.

All commands and their parameters are walked, each fault that click knows of them is provoked; what is left of an
answer once the names and values of the command line are taken out of it holds no word of the other language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import click
import pytest

from engine.cli import main as module
from engine.cli.command import Day
from engine.cli.complaints import complaint
from engine.cli.main import Doudi
from engine.cli.outputs import ReportType
from engine.cli.status import MISUSE
from engine.say import Say
from tests.cli.running import Run

LANGUAGES = ("zh", "en")
_WORD, _CHINESE = re.compile(r"[A-Za-z]{2,}"), re.compile("[一-鿿]")


def commands(say: Say) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    waiting: list[tuple[tuple[str, ...], click.Command]] = [((), Doudi(say))]
    while waiting:
        path, command = waiting.pop(0)
        yield path, command
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            for name in command.list_commands(ctx):
                made = command.get_command(ctx, name)
                assert made is not None
                waiting.append(((*path, name), made))


class Slip(NamedTuple):
    """Attributes:
    arguments: of `doudi`.
    tells: what the answer must hold.
    given: what of the command line the answer may hold too.
    """

    name: str
    arguments: tuple[str, ...]
    tells: tuple[str, ...]
    given: tuple[str, ...] = ()


def slips(say: Say) -> Iterator[Slip]:
    for path, command in commands(say):
        called = " ".join(path) or "doudi"
        yield Slip(f"{called}: an unknown option", (*path, "--nosuch"), ("--nosuch",))
        yield Slip(f"{called}: an unknown letter", (*path, "-Q"), ("-Q",))
        if isinstance(command, click.Group):
            yield Slip(f"{called}: an unknown command", (*path, "nosuch"), ("nosuch",), tuple(command.commands))
            yield Slip(f"{called}: a dash for a command", (*path, "-"), ("-",), tuple(command.commands))
            continue
        ctx = click.Context(command)
        arguments = [one for one in command.get_params(ctx) if isinstance(one, click.Argument)]
        options = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
        needed = [*(_sound(one) for one in arguments if one.required)]
        for option in options:
            if option.required:
                needed += [option.opts[0], _sound(option)]
        if all(one.nargs == 1 for one in arguments):
            many = [_sound(one) for one in arguments]
            yield Slip(f"{called}: an argument more", (*path, *needed, *many, "more1", "more2"), ("more1", "more2"))
        lacking = [one for one in (*arguments, *options) if one.required]
        if lacking:
            first = lacking[0]
            assert first.metavar is not None
            yield Slip(f"{called}: nothing", path, (first.metavar,))
        for option in (one for one in options if one.required):
            assert option.metavar is not None
            without = [word for pair in _pairs(options) if pair[0] != option.opts[0] for word in pair]
            given = [*(_sound(one) for one in arguments), *without]
            yield Slip(f"{called}: no {option.opts[0]}", (*path, *given), (option.opts[0], option.metavar))
        for param in (*arguments, *options):
            name = param.opts[0]
            if isinstance(param, click.Option):
                if param.is_flag:
                    for spelling in (one for one in param.opts if one.startswith("--")):
                        yield Slip(f"{called}: a value for {spelling}", (*path, f"{spelling}=3"), (spelling,))
                    continue
                for spelling in param.opts:
                    yield Slip(f"{called}: no value for {spelling}", (*path, *needed, spelling), (spelling,))
            for value in _unsound(param.type):
                given = [*needed, name, value] if isinstance(param, click.Option) else [value]
                tells = (name,) if isinstance(param, click.Option) else ()
                choices = tuple(getattr(param.type, "choices", ())) + tuple(getattr(param.type, "forms", ()))
                yield Slip(f"{called}: {name} of {value!r}", (*path, *given), tells, (value, *choices))


def _pairs(options: list[click.Option]) -> list[tuple[str, str]]:
    return [(one.opts[0], _sound(one)) for one in options if one.required]


def _sound(param: click.Parameter) -> str:
    match param.type:
        case click.Choice():
            return str(param.type.choices[0])
        case Day():
            return "2023-06-15"
        case _:
            return "word"


def _unsound(kind: click.ParamType) -> tuple[str, ...]:  # type: ignore[type-arg,unused-ignore]  # as in engine/cli
    """Values that a type refuses; a type that is not here fails until it is."""
    match kind:
        case click.Choice():
            return ("nosuch", "")
        case click.IntRange(min=least, max=most):
            beyond = [str(end) for end in (least is not None and least - 1, most is not None and most + 1) if end]
            return ("word", "", "1.5", "٣x", *beyond)
        case Day():
            return ("word", "", "2023-02-30")
        case ReportType():
            return ("word", "", "nosuch=word", "json=")
        case _:
            assert isinstance(kind, (type(click.STRING), type(click.BOOL))), kind
            return ()


SLIPS = {language: {slip.name: slip for slip in slips(Say(language))} for language in ("zh", "en")}


@pytest.mark.parametrize("name", SLIPS["zh"])
def test_a_slip_is_told_in_the_readers_language(run: Run, name: str) -> None:
    for language in LANGUAGES:
        slip = SLIPS[language][name]
        ran = run("--lang", language, *slip.arguments)
        assert (ran.status, ran.out) == (MISUSE, ""), ran
        told, advice = ran.err.splitlines()
        assert all(word in told for word in slip.tells), told
        path = " ".join(("doudi", *_commands_in(slip.arguments)))
        assert f"`{path} --help`" in advice
        for line in (told.removeprefix("doudi: "), advice.replace(path, "").replace("--help", "")):
            assert _foreign(line, slip, language) == [], line


def _commands_in(arguments: tuple[str, ...]) -> tuple[str, ...]:
    path, known = [], set(module.COMMANDS)
    for argument in arguments:
        if argument not in known:
            break
        path.append(argument)
        known = {"city", "case", "values"} if argument == "new" else set()
    return tuple(path)


def _foreign(line: str, slip: Slip, language: str) -> list[str]:
    if language == "en":
        return _CHINESE.findall(line)
    own = {word for text in (*slip.arguments, *slip.tells, *slip.given) for word in _WORD.findall(text)}
    left = re.sub(r"--?\w[\w-]*", "", line)  # options
    left = re.sub(r"\w+=\w+\.\w+|report\.\w+", "", left)  # an example of a value
    return [word for word in _WORD.findall(left) if word not in own]


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("test", "--jobs", "0"), "--jobs 要写 1 至 64 的整数", "--jobs takes a whole number from 1 to 64"),
        (
            ("mutate", "--max-survivors", "-1"),
            "--max-survivors 要写不小于 0 的整数",
            "--max-survivors takes a whole number, 0 or more",
        ),
        (("explain", "a", "b", "c"), "多写了 b c", "too many arguments: b c"),
        (("check", "--details=3"), "选项 --details 后面不写值", "option --details takes no value"),
        (("test", "-k"), "选项 -k 缺少它的值", "option -k needs a value"),
        (("new", "values", "a", "b.csv"), "缺少 --from 日期", "missing --from DATE"),
        (("evaluate",), "缺少 文件…", "missing FILE…"),
        (
            ("schema", "nosuch"),
            "只能是 policy、values、overlay、cases、household、decision",
            "it must be one of policy, values, overlay, cases, household, decision",
        ),
        (("-",), "没有命令 -", "there is no command -"),
    ],
)
def test_the_words(run: Run, arguments: tuple[str, ...], zh: str, en: str) -> None:
    for language, told in (("zh", zh), ("en", en)):
        assert run("--lang", language, *arguments).err.startswith(f"doudi: {told}\n")


def test_what_is_wrong_with_a_language_is_told_in_the_one_before(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--lang must be one of" in run("--lang", "en", "check", "--lang", "fr").err
    assert "--lang 只能是" in run("check", "--lang", "fr").err
    monkeypatch.setenv("DOUDI_LANG", "en")
    assert "--lang must be one of" in run("check", "--lang=").err


def test_what_is_walked_is_all_there_is() -> None:
    assert {path[0] for path, _ in commands(Say("zh")) if path} == set(module.COMMANDS)
    assert set(SLIPS["zh"]) == set(SLIPS["en"])
    assert len(SLIPS["zh"]) > 150


# ---- what no command of today provokes


def _errors() -> Iterator[click.ClickException]:
    """Every exception of click, and every fault that one of its types finds."""
    ctx = click.Context(click.Command("word"), info_name="doudi")
    for kind in _below(click.ClickException):
        if not kind.__module__.startswith("click"):
            continue
        match kind.__name__:
            case "NoSuchOption" | "NoSuchCommand" | "FileError":
                yield kind("nosuch")
            case "BadOptionUsage":
                yield click.BadOptionUsage("--nosuch", "it is an English sentence", ctx)
            case "NoArgsIsHelpError":
                yield kind(ctx)  # type: ignore[arg-type]  # it takes no message
            case _:
                yield kind("it is an English sentence")
    option = click.Option(["--nosuch"])
    for made in (
        click.INT, click.FLOAT, click.UUID, click.BOOL, click.DateTime(), click.Path(exists=True),
        click.File(), click.IntRange(), click.IntRange(1), click.IntRange(max=0), click.FloatRange(1, 2),
        click.Tuple([int, int]), click.Choice(["ab", "cd"]),
    ):  # fmt: skip
        option.type = made
        with pytest.raises(click.BadParameter) as caught:
            made("x" if isinstance(made, click.Tuple) else "-x", option, ctx)
        caught.value.param = caught.value.param or option
        yield caught.value


def _below(kind: type[click.ClickException]) -> set[type[click.ClickException]]:
    return {kind, *(below for one in kind.__subclasses__() for below in _below(one))}


def test_no_exception_of_click_speaks_for_itself_in_chinese() -> None:
    errors = list(_errors())
    assert len(errors) > 20
    for error in errors:
        told = complaint(error, Say("zh"))
        left = re.sub(r"(--)?nosuch|ab、cd|doudi", "", told)
        assert _CHINESE.search(told), error
        assert not _WORD.search(left), told
        assert not _CHINESE.search(complaint(error, Say("en")))
