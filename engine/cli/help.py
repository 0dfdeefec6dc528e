"""Help pages, set with columns that know Chinese characters are wide.

In: usage, text and lists of terms.  Out: the page as lines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from engine.cli.terminal import page_for
from engine.escaping import Lines
from engine.records import dataclass
from engine.reporting.layout import pad, wrap
from engine.source import display_width

_INDENT = 2


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    entries: Sequence[tuple[str, str]]


def options_of(command: click.Command, ctx: click.Context, say: Callable[[str, str], str]) -> list[tuple[str, str]]:
    """The options, not the arguments: those stand in the usage line."""
    options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
    told = ((record, option) for option in options if (record := option.get_help_record(ctx)))
    return [(record[0], _about(option, say)) for record, option in told]


def _about(option: click.Option, say: Callable[[str, str], str]) -> str:
    """What it does; that it must be given and how far its number goes, which click would say in English."""
    told = option.help or ""
    if option.required:
        told += say("（必填）", " (required)")
    if isinstance(option.type, click.IntRange) and option.type.max is not None:
        told += say(f"（{option.type.min} 至 {option.type.max}）", f" ({option.type.min} to {option.type.max})")
    return told


def help_page(usage: str, text: str, sections: Sequence[Section], *, after: str = "") -> Lines:
    width = page_for(sys.stdout).width
    lines = [usage, ""]
    for paragraph in text.split("\n\n"):
        lines += [*wrap(paragraph, width, _INDENT, _INDENT), ""]
    for section in sections:
        lines.append(section.title)
        terms = max((display_width(term) for term, _ in section.entries), default=0)
        for term, told in section.entries:
            hanging = _INDENT + terms + 2
            first, *rest = wrap(told, width, hanging, hanging)
            lines.append(" " * _INDENT + pad(term, terms + 2) + first[hanging:])
            lines.extend(rest)
        lines.append("")
    return Lines.of([*lines, after] if after else lines[:-1])
