"""Where the results of a screening go: names that are looked at before anything is read, and the folder of a run.

In: what the user named.  Out: paths, a folder for what is written meanwhile; or `Misuse`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import click

from engine import disk
from engine.cli.command import Misuse, did_you_mean
from engine.cli.named import must_name_a_file
from engine.say import Say
from engine.suggest import nearest

if TYPE_CHECKING:
    from engine.screening.writing.store import Store

FORMS: Final = (".parquet", ".csv", ".ndjson", ".jsonl", ".xlsx")
PICTURES: Final = (".svg", ".png")
MAPPINGS: Final = (".yaml", ".yml")
_STOOD_ON: Final[dict[str, tuple[str, str]]] = {
    "input": ("输入的文件或对应表", "the input, or its mapping"),
    "policies": ("政策文件", "the policy files"),
    "policy": ("--policy", "--policy"),
    "as_of": ("--as-of", "--as-of"),
    "known_on": ("--known-on", "--known-on"),
    "against": ("--against", "--against"),
    "columns": ("结果的列（--missing、--readings）", "the columns of the results (--missing, --readings)"),
    "language": ("--lang", "--lang"),
    "engine": ("程序的版本", "the version of the program"),
    "format": ("程序的版本", "the version of the program"),
}


def suffix_of(name: str, option: str, suffixes: tuple[str, ...], say: Say, ctx: click.Context) -> str:
    """The form that a name asks for."""
    must_name_a_file(name, option, f"result{suffixes[0]}", say, ctx)
    suffix = Path(name).suffix.lower()
    if suffix not in suffixes:
        listed = say.names(suffixes)
        guess = did_you_mean(nearest(suffix, suffixes), say) if suffix else ""
        raise Misuse(
            say(
                f"{option}：{disk.shown(name)} 的结尾看不出格式，应是 {listed}{guess}",
                f"{option}: the ending of {disk.shown(name)} says no form; it may be {listed}{guess}",
            ),
            ctx,
        )
    return suffix


def must_replace_nothing_read(
    outputs: Mapping[str, Path], inputs: Iterable[str], folders: Iterable[Path], say: Say, ctx: click.Context
) -> None:
    """No output goes in the place of an input, of another output, or into a folder of policies."""
    read = {disk.real(name) for name in inputs}
    homes = [disk.real(folder) for folder in folders]
    written: dict[Path, str] = {}
    for option, path in outputs.items():
        real, shown = disk.real(path), disk.shown(path)
        zh, en = "", ""
        if real in read:
            zh, en = (
                f"{shown} 是要读的文件，没有写；换一个名字",
                f"{shown} is to be read; not written. Choose another name",
            )
        elif real in written:
            zh, en = f"{shown} 也是 {written[real]} 的文件", f"{shown} is the file of {written[real]} too"
        elif disk.kind(real) == "file" and any(real.is_relative_to(home) for home in homes):
            zh = f"{shown} 在政策文件夹里，没有写；换一个地方"
            en = f"{shown} lies in a folder of policies; not written. Choose another place"
        if zh:
            raise Misuse(say(f"{option}：{zh}", f"{option}: {en}"), ctx)
        written[real] = option


@contextmanager
def run_folder(output: Path) -> Iterator[Path]:
    """A folder beside the output, gone when the run is over."""
    folder = disk.real(output).parent / f".doudi-{uuid4().hex}"
    try:
        disk.make_folder(folder)
        yield folder
    finally:  # also where the process is ended while the folder is made
        disk.clear(folder)


def kept_folder(output: Path) -> Path:
    """Where the finished parts of a run are kept."""
    target = disk.real(output)
    return target.with_name(f"{target.name}.resume")


@contextmanager
def kept_parts(output: Path, stands_on: Mapping[str, str], say: Say, ctx: click.Context) -> Iterator[Store]:
    """The finished parts beside the output. They stay when the run fails, and go when it is done.

    Raises: Misuse where another process is at it, or the parts there are of another run.
    """
    from engine.screening.writing.store import LOCK, NotResumed, Store

    folder = kept_folder(output)
    disk.make_folder(folder)
    store: Store | None = None
    try:
        with disk.claimed(folder / LOCK):
            store = Store(folder, stands_on)
            yield store
    except NotResumed as other:
        raise Misuse(_other_run(other.differs, folder, say), ctx) from other
    except BaseException as fault:
        if isinstance(fault, disk.DiskFault) and fault.reason == "busy" and fault.path.endswith(LOCK):
            told = say(f"另一个 doudi 正在写 {disk.shown(output)}", f"another doudi is at {disk.shown(output)}")
            raise Misuse(told, ctx) from fault
        if store is not None:
            with suppress(disk.DiskFault):  # what cannot be put away now is when the run goes on
                store.tidy() if store.finished else disk.clear(folder)
        raise
    disk.clear(folder)


def _other_run(differs: Mapping[str, str], folder: Path, say: Say) -> str:
    shown = disk.shown(folder)
    if not differs:
        return say(
            f"--resume：{shown} 里的记录读不出来；删掉这个文件夹，从头再来",
            f"--resume: the journal in {shown} cannot be read; remove that folder and start anew",
        )
    names = say.names(dict.fromkeys(say(*_STOOD_ON.get(key, (key, key))) for key in differs))
    return say(
        f"--resume：没有接着做，因为{names}与上次不同；照上次的再运行，或删掉 {shown} 从头再来",
        f"--resume: not continued, since {names} differ from the run before; run it as before, or remove {shown} and "
        "start anew",
    )
