"""What is wrong with a command line, in the reader's language: click words its own faults only in English.

In: an exception of click.  Out: one line, which names the option or argument as the help page does.
"""

from __future__ import annotations

import click

from engine.cli.command import Misuse, did_you_mean
from engine.say import Say
from engine.suggest import nearest


def complaint(error: click.ClickException, say: Say) -> str:
    """Whatever click raises, also what no command provokes today: of that at least nothing is said in English."""
    match error:
        case Misuse():
            return error.message
        case click.NoSuchOption(option_name=name):
            told = say(f"没有选项 {name}", f"there is no option {name}")
            return told + did_you_mean(nearest(name, _options_at(error.ctx)), say)
        case click.BadOptionUsage(option_name=name):
            if _is_flag(name, error.ctx):
                return say(f"选项 {name} 后面不写值", f"option {name} takes no value")
            return say(f"选项 {name} 缺少它的值", f"option {name} needs a value")
        case click.MissingParameter(param=click.Parameter() as param):
            name = f"{_called(param)} {param.metavar or ''}" if isinstance(param, click.Option) else _called(param)
            return say(f"缺少 {name.strip()}", f"missing {name.strip()}")
        case click.BadParameter(param=click.Parameter() as param):
            return _wrong_value(param, error, say)
        case _:
            return say("命令的写法不对", error.format_message())


def _wrong_value(param: click.Parameter, error: click.BadParameter, say: Say) -> str:
    name = _called(param)
    match param.type:
        case click.Choice(choices=choices):
            listed = say.names(str(one) for one in choices)
            if name == "|".join(str(one) for one in choices):
                return say(f"只能是 {listed}", f"it must be one of {listed}")
            return say(f"{name} 只能是 {listed}", f"{name} must be one of {listed}")
        case click.IntRange(min=int() as least, max=int() as most):
            return say(f"{name} 要写 {least} 至 {most} 的整数", f"{name} takes a whole number from {least} to {most}")
        case click.IntRange(min=int() as least):
            return say(f"{name} 要写不小于 {least} 的整数", f"{name} takes a whole number, {least} or more")
        case _:
            return say(f"{name} 的值不对", error.format_message())


def _called(param: click.Parameter) -> str:
    """As the help page calls it."""
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.metavar or param.human_readable_name


def _options_at(ctx: click.Context | None) -> list[str]:
    return [] if ctx is None else [name for param in ctx.command.get_params(ctx) for name in param.opts]


def _is_flag(name: str, ctx: click.Context | None) -> bool:
    params = [] if ctx is None else ctx.command.get_params(ctx)
    return any(isinstance(param, click.Option) and param.is_flag and name in param.opts for param in params)
