"""`doudi new values PLACE FILE --from DATE --document TEXT`: a year's values, from the bureau's own table.

In: an Excel workbook or a CSV file.  Out: a CSV file beside the policy, and the overlay with one more block of values;
neither is written unless the policy checks with both.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Command, Day, Misuse, day_option, flag, language_option, policies_option
from engine.cli.named import must_be_a_file
from engine.cli.new_files import library_of, must_be_inside, must_be_plain, policy_folder, put
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import tell, write
from engine.cli.texts import asking, difference
from engine.diagnostics import Diagnostic, Language, Reporter, errors_in
from engine.escaping import Lines
from engine.say import Say

if TYPE_CHECKING:
    from engine.policy.document import Document
    from engine.policy.loader import Library
    from engine.writing.new_values import NewValues, Notice, Reading
    from engine.writing.text_file import TextFile


def command(say: Say) -> Command:
    day = say("日期", "DATE")
    text = say("文字", "TEXT")
    return Command(
        "values",
        say,
        _values,
        [
            click.Argument(["place"], metavar=say("市县", "PLACE")),
            click.Argument(["table"], metavar=say("表格.xlsx|.csv", "TABLE.xlsx|.csv")),
            click.Option(
                ["--from", "start"], type=Day(say), required=True, metavar=day, help=say("施行日期", "in force from")
            ),
            click.Option(["--document"], metavar=text, help=say("文号", "the notice's number")),
            day_option(say, "--published", "公布日期", "published on"),
            click.Option(["--source"], metavar=say("网址", "URL"), help=say("来源网址", "where it was found")),
            click.Option(
                ["--grade"],
                type=click.Choice(["A", "B", "C"]),
                metavar="A|B|C",
                help=say("可信等级：A 政府网站，B 署名媒体，C 转载", "trust: A government, B named press, C mirror"),
            ),
            flag(say, "--partial", "只调整表里的县（市、区）", "only the counties of the table change"),
            click.Option(
                ["--parameter"],
                metavar="ID",
                help=say("哪个参数，只有一个时可以不写", "the parameter, where there are several"),
            ),
            click.Option(["--sheet"], metavar=text, help=say("哪张工作表", "the sheet of a workbook")),
            click.Option(
                ["--unit"],
                metavar=say("单位", "UNIT"),
                help=say("没有写单位的列的单位，如 元/人/月", "unit of columns that state none"),
            ),
            click.Option(
                ["--column", "columns"],
                multiple=True,
                metavar=say("表头=选项", "WORD=OPTION"),
                help=say(
                    "表头里的词是哪个选项、哪个键或参数，如 城镇=urban；一列管几个选项的写 城乡=urban,rural；可写多次",
                    "what a word in the headers stands for: an option, a key or the parameter; several options with "
                    "commas between; may be repeated",
                ),
            ),
            flag(
                say,
                "--confirmed",
                "与别的县（市、区）或上一次相差好几倍的数值已经核对过",
                "values several times those of other counties, or the last ones, were checked",
            ),
            flag(say, "--dry-run", "只列出改动，不写文件", "show the changes and write nothing"),
            policies_option(say),
            language_option(say),
        ],
        say(
            "把民政局自己的标准表录入政策：在 standards/ 写一张 CSV，在市县的文件里加一段。\n\n"
            "县（市、区）按代码或名称认，数值列按表头里的类别（如城市、农村）和单位认；标题、合计、备注行略过。"
            "按数额或人数分段、按选项、按年份的表，各列按键的名称认，一段照公文的写法读（超过3万元至14.4万元、3人及以上）。"
            "认不准的一律不猜，指出是哪个格子。写之前先检查，有错不写。",
            "Takes a bureau's own table of standards into the policy: a CSV under standards/, and a block in the "
            "place's file.\n\n"
            "Counties are known by code or name, columns by the kind and unit that their header states; titles, totals "
            "and notes are passed over. In tables by ranges of amounts or counts, options or years, columns are known "
            "by the names of the keys, and a range is read as notices write it (over 30000 to 144000). Nothing is "
            "guessed: the cell in doubt is named. Both are checked before anything is written.",
        ),
    )


@click.pass_context
def _values(
    ctx: click.Context,
    place: str,
    table: str,
    start: date,
    document: str | None,
    published: date | None,
    source: str | None,
    grade: str | None,
    partial: bool,
    parameter: str | None,
    sheet: str | None,
    unit: str | None,
    columns: tuple[str, ...],
    confirmed: bool,
    dry_run: bool,
    folders: tuple[str, ...],
    language: Language,
) -> int:
    from engine.writing.new_values import Notice, Reading

    say = Say(language)
    if not document and not source:
        raise Misuse(
            say("要写文号 --document，或来源网址 --source", "give the notice's --document, or its --source"), ctx
        )
    must_be_plain({"--document": document, "--source": source, "--sheet": sheet}, ctx, say)
    must_be_a_file(table, say, ctx)
    words = {word: tuple(options.split(",")) for word, _, options in (one.partition("=") for one in columns)}
    notice = Notice(start, document or "", published, source or "", grade or "", partial)
    reading = Reading(sheet or "", unit or "", words, confirmed)
    folder = policy_folder(folders, ctx, say)
    library = library_of(folder, folders)

    def ask() -> int:
        report = Reporter()
        made = _made(library, place, Path(table), parameter or "", notice, reading, report)
        tell(report.diagnostics, language)
        if made is None:
            return FINDINGS
        held, values = made
        for path in (_path(held), values.table):  # what is shipped, or lies elsewhere, is not changed unasked
            must_be_inside(path, folder, ctx, say)
        brought = _brought(library, held, values)
        tell(brought, language)
        if errors_in(brought):
            return FINDINGS
        if dry_run:
            write(Lines.of(values.text.rstrip().split("\n")))
            write(difference(_old(held), values.overlay, held.header.origin.span.source.name))
            return ANSWERED
        return _write(held, values, language)

    return asking(ctx, say, ask, library.errors)


def _made(
    library: Library, place: str, table: Path, parameter: str, notice: Notice, reading: Reading, report: Reporter
) -> tuple[Document, NewValues] | None:
    from engine.policy.csv_table import MAX_TABLE_BYTES
    from engine.policy.table_file import read_grids
    from engine.writing.home import overlay_named
    from engine.writing.new_values import new_values, parameter_of, pick_grid, target_for

    document = overlay_named(library, place)
    wanted = parameter_of(library, document, parameter)
    target = target_for(library, document, wanted, reading)
    units = document.tree.span.source.units
    grids = read_grids(disk.read(table, MAX_TABLE_BYTES), table.name, report, units=units)
    grid = pick_grid(grids, target, reading.sheet) if grids else None
    if grid is None:
        return None
    made = new_values(document, _old(document), wanted, target, grid, notice, report, confirmed=reading.confirmed)
    return None if made is None else (document, made)


def _path(document: Document) -> Path:
    return document.root / document.header.origin.span.source.name


def _old(document: Document) -> TextFile:
    """The overlay's file as it lies: the library read it a moment ago."""
    from engine.policy.yaml_nodes import MAX_BYTES
    from engine.writing.text_file import read_text_file

    found = read_text_file(disk.read(_path(document), MAX_BYTES), document.header.origin.span.source.name)
    assert found is not None, "the library read it"
    return found


def _brought(library: Library, document: Document, values: NewValues) -> list[Diagnostic]:
    """What the check says of the two files and did not say before: errors, and, of a table by other keys than counties,
    what it leaves without a value. Faults of the new table are told at the cells of the bureau's."""
    from engine.policy.files import shown_path
    from engine.policy.loader import read_library
    from engine.policy.slices import Slices
    from engine.writing.new_values import told_anew

    contents = {disk.real(_path(document)): values.overlay.data(), disk.real(values.table): values.text.encode()}
    before = Slices(library).check_all(None)
    new = told_anew(before, Slices(read_library(list(library.folders), contents)).check_all(None))
    table = shown_path(values.table, document.root)
    told = errors_in(new) if values.by_county else new
    return values.told_at_cells(told, table, _old(document))


def _write(document: Document, values: NewValues, language: Language) -> int:
    say, path = Say(language), _path(document)
    put(values.table, values.text, language)
    try:
        disk.write_whole(path, values.overlay.data())
    except BaseException:
        disk.remove(values.table)  # half of the two would not be in force, and only confuse
        raise
    write(say(f"已改 {path.as_posix()}", f"changed {path.as_posix()}"))
    rows, count = len(values.taken.rows), values.taken.values
    zh, en = ("个县（市、区）", "counties") if values.by_county else ("行", "rows")
    write(say(f"{rows} {zh}，{count} 个数值", f"{rows} {en}, {count} values"))
    return ANSWERED
