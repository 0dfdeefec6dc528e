"""The server as an editor drives it: `doudi lsp` on standard streams, asked by pytest-lsp's client.

One process serves the module; its folder is the province with one city and a few cases.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from engine import resources

START = types.Position(0, 0)
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("lsp")]

CASES = """\
cases: shanxi_2022_60
title: 省里的用例

tests:
  病:
    why: 二(一)1：人均收入低于标准
    given: {dibao_standard: 700 元/人/月}
    household:
      id: 一
      application_date: 2023-06-15
      county: "140105"
      residence: 城市
      income_12m: 0
      financial_assets: 0
      members: [{id: 甲, treatment_ongoing: 是}]
    expect: {outcome: eligible}
  错:
    why: 二(一)1：这一个写错了
    given: {dibao_standard: 700 元/人/月}
    household:
      id: 二
      application_date: 2023-06-15
      county: "140105"
      residence: 城市
      income_12m: 999999
      financial_assets: 0
      members: [{id: 甲, treatment_ongoing: 是}]
    expect: {outcome: eligible}
"""


BESIDE = """\
cases: shanxi_2022_60
title: 户在另一个文件
bases:
  户: {file: 一.json}
tests:
  旁:
    why: 二(一)1
    base: 户
    expect: {outcome: undetermined}
"""


class Desk:
    """An editor with its folder."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return (self.folder / "policies" / name).as_uri()

    def text(self, name: str) -> str:
        return (self.folder / "policies" / name).read_text(encoding="utf-8")

    def open(self, name: str, text: str) -> types.TextDocumentIdentifier:
        uri = self.uri(name)
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, "doudi-policy", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return types.TextDocumentIdentifier(uri)

    def close(self, name: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def type(self, name: str, *changes: types.TextDocumentContentChangeEvent) -> None:
        uri = self.uri(name)
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))

    async def faults(self, name: str) -> list[types.Diagnostic]:
        """Of the text as it was last typed."""
        uri = self.uri(name)
        while True:
            await asyncio.wait_for(self.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 30)
            if uri in self.client.diagnostics and self.version_told(uri) == self.versions[uri]:
                return list(self.client.diagnostics[uri])

    async def lenses_told_again(self, before: int) -> int:
        """How often it was told that lenses have changed, once that is more than before; it comes behind the faults."""
        for _ in range(500):
            if self.version_told("lenses") > before:
                break
            await asyncio.sleep(0.02)
        return self.version_told("lenses")

    def version_told(self, uri: str) -> int:
        told: dict[str, int] = self.client.told  # type: ignore[attr-defined]
        return told.get(uri, 0)


def small_folder(folder: Path) -> None:
    """The province, one city with its table, and two cases, of which one is wrong."""
    home, shipped = folder / "policies", resources.policies_root()
    for name in ("shanxi_2022_60.yaml", "divisions.csv", "cities/taiyuan.yaml", "standards/taiyuan-2023.csv"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shipped / name, home / name)
    (home / "cases.yaml").write_text(CASES, encoding="utf-8")


def remembering() -> LanguageClient:
    """A client that knows of which version of a text faults were told."""
    client = pytest_lsp.make_test_lsp_client()
    client.told = {}  # type: ignore[attr-defined]
    client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
    def published(inner: LanguageClient, params: types.PublishDiagnosticsParams) -> None:
        inner.diagnostics[params.uri] = list(params.diagnostics)
        inner.told[params.uri] = params.version or 0  # type: ignore[attr-defined]

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)  # type: ignore[untyped-decorator]
    def registered(inner: LanguageClient, params: types.RegistrationParams) -> None:
        inner.registered = params.registrations  # type: ignore[attr-defined]

    @client.feature(types.WORKSPACE_CODE_LENS_REFRESH)  # type: ignore[untyped-decorator]
    def lenses_changed(inner: LanguageClient, _: None) -> None:
        inner.told["lenses"] = inner.told.get("lenses", 0) + 1  # type: ignore[attr-defined]

    return client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("家 庭")
    small_folder(made)
    return made


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig(
        server_command=[sys.executable, "-m", "engine", "lsp", "--stdio"], client_factory=remembering
    ),
    scope="module",
)
async def client(lsp_client: LanguageClient, folder: Path) -> AsyncIterator[None]:
    params = types.InitializeParams(
        client_capabilities("visual-studio-code"),
        locale="zh-cn",
        workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "家")],
    )
    found = await lsp_client.initialize_session(params)
    assert found.server_info is not None
    assert found.server_info.name == "doudi"
    yield
    await lsp_client.shutdown_session()


@pytest.fixture(scope="module")
def desk(client: LanguageClient, folder: Path) -> Desk:
    return Desk(client, folder)


async def test_faults_come_with_repairs_and_go_with_them(desk: Desk) -> None:
    name = "cities/taiyuan.yaml"
    text = desk.text(name).replace("from: 2023-01-01", "from: 2023年1月1日", 1)
    document = desk.open(name, text)
    (fault,) = await desk.faults(name)
    assert (fault.code, fault.severity, fault.source) == ("bad-form", types.DiagnosticSeverity.Error, "doudi")
    offered = await desk.client.text_document_code_action_async(
        types.CodeActionParams(document, fault.range, types.CodeActionContext([fault]))
    )
    assert offered is not None
    (action,) = offered
    assert isinstance(action, types.CodeAction)
    assert action.title == "改为 2023-01-01"
    assert action.edit is not None
    assert action.edit.document_changes is not None
    (change,) = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 1
    (edit,) = change.edits
    assert isinstance(edit, types.TextEdit)
    desk.type(name, types.TextDocumentContentChangePartial(edit.range, edit.new_text))
    assert await desk.faults(name) == []
    desk.close(name)


async def test_edits_are_counted_in_units_of_utf_16(desk: Desk) -> None:
    name = "cities/new.yaml"
    desk.open(name, "# 𠮷𠮷\r\noverlay: new # 𠮷x\r\n")
    at = types.Position(1, len("overlay: new # ") + 2)
    desk.type(
        name,
        types.TextDocumentContentChangePartial(types.Range(at, types.Position(1, at.character + 1)), "y\r\nformat: 2"),
        types.TextDocumentContentChangePartial(types.Range(types.Position(0, 4), types.Position(0, 6)), ""),
    )
    faults = await desk.faults(name)
    assert {fault.code: fault.range.start for fault in faults}["not-allowed-value"] == types.Position(2, 8)
    desk.close(name)


async def test_a_file_is_set_in_form(desk: Desk) -> None:
    name = "cities/taiyuan.yaml"
    text = desk.text(name).replace("{residence: urban, unit: 元/人/月}", "{ residence: urban, unit: 元/人/月 }")
    document = desk.open(name, text)
    options = types.FormattingOptions(2, True)
    edits = await desk.client.text_document_formatting_async(types.DocumentFormattingParams(document, options))
    assert edits is not None
    (edit,) = edits
    line = text[: text.index("{ residence")].count("\n")
    assert (edit.range.start, edit.range.end) == (types.Position(line, 0), types.Position(line + 1, 0))
    assert "{residence: urban, unit: 元/人/月}" in edit.new_text
    elsewhere = types.Range(types.Position(0, 0), types.Position(3, 0))
    lines = types.DocumentRangeFormattingParams(document, elsewhere, options)
    assert not await desk.client.text_document_range_formatting_async(lines)
    desk.close(name)


async def test_cases_are_listed_run_and_shown_over_the_conditions(desk: Desk) -> None:
    name = "shanxi_2022_60.yaml"
    document = desk.open(name, desk.text(name))
    (before,) = await lenses(desk, document)
    assert before.command is not None
    assert (before.command.title, before.command.command) == ("运行用例", "doudi.runCases")
    listed = await command(desk, "doudi.cases")
    assert [(one["id"], one["line"]) for one in listed] == [("病", 4), ("错", 16)]
    (told,) = await command(desk, before.command.command, *(before.command.arguments or ()))
    assert [(run["case"], run["passed"]) for run in told["runs"] if run["target"] == "shanxi_2022_60"] == [
        ("病", True),
        ("错", False),
    ]
    assert told["coverage"]
    titles = [lens.command.title for lens in await lenses(desk, document) if lens.command]
    assert titles[0].startswith("2 个用例，")
    assert any(title.startswith("2 个用例看到：满足 ") and "没有用例看到" in title for title in titles)
    assert await desk.lenses_told_again(0) == 1
    await adds_a_case(desk, document)
    desk.close(name)


async def test_cases_run_over_what_is_not_saved_and_say_so_when_it_changes(desk: Desk) -> None:
    """The wrong case is put right, and three lines are put on top, in the editor alone."""
    name, cases = "shanxi_2022_60.yaml", "cases.yaml"
    document = desk.open(name, desk.text(name))
    desk.open(cases, desk.text(cases).replace("income_12m: 999999", "income_12m: 1"))
    (told,) = await command(desk, "doudi.runCases", desk.uri(name))
    assert {run["passed"] for run in told["runs"]} == {True}
    found = await lenses(desk, document)
    titles = [lens.command.title for lens in found if lens.command]
    assert titles[0] == "2 个用例，全部通过 · 运行用例"
    refreshed = desk.version_told("lenses")
    desk.type(name, types.TextDocumentContentChangePartial(types.Range(START, START), "# 一\n# 二\n# 三\n"))
    after = await lenses(desk, document)
    assert [lens.command.title for lens in after if lens.command] == [f"最近的改动之前：{title}" for title in titles]
    assert [lens.range.start.line - 3 for lens in after] == [lens.range.start.line for lens in found]
    await desk.faults(name)
    assert await desk.lenses_told_again(refreshed) == refreshed + 1  # what other files show is old too
    for one in (name, cases):
        desk.close(one)


async def test_what_changes_on_the_disk_makes_results_old(desk: Desk) -> None:
    """Whatever cases rest on, shown in an editor or not; put back, the results hold again."""
    name, folder = "shanxi_2022_60.yaml", desk.folder / "policies"
    (folder / "一.json").write_text('{"id": "一", "application_date": "2023-06-15"}', encoding="utf-8")
    (folder / "beside.yaml").write_text(BESIDE, encoding="utf-8")
    document = desk.open(name, desk.text(name))
    await command(desk, "doudi.runCases", desk.uri(name))

    async def changed(file: str, text: str | None) -> list[bool]:
        path, refreshed = folder / file, desk.version_told("lenses")
        path.unlink() if text is None else path.write_text(text, encoding="utf-8")
        kind = types.FileChangeType.Deleted if text is None else types.FileChangeType.Changed
        desk.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(desk.uri(file), kind)])
        )
        await desk.lenses_told_again(refreshed)
        return [
            lens.command.title.startswith("最近的改动之前") for lens in await lenses(desk, document) if lens.command
        ]

    for file in ("一.json", "beside.yaml", "cities/taiyuan.yaml", "standards/taiyuan-2023.csv"):
        before = desk.text(file)
        assert all(await changed(file, f"{before}\n"))
        assert not any(await changed(file, before))
    assert all(await changed("一.json", None))
    (watched,) = desk.client.registered  # type: ignore[attr-defined]
    ((pattern,),) = (one.values() for one in watched.register_options["watchers"])
    assert {"yaml", "csv", "json", "xlsx"} <= set(pattern.removeprefix("**/*.{").removesuffix("}").split(","))
    desk.close(name)
    (folder / "beside.yaml").unlink()


async def test_a_household_is_decided_by_what_is_not_saved(desk: Desk) -> None:
    name = "shanxi_2022_60.yaml"
    desk.open(name, desk.text(name).replace("\ncauses:\n", "\ncausse:\n", 1))
    household = json.dumps(
        {"id": "一", "application_date": "2023-06-15", "county": "140105", "residence": "urban", "members": []}
    )
    assert "policy-unusable" in await command(desk, "doudi.decide", household)
    desk.close(name)
    assert "policy-unusable" not in await command(desk, "doudi.decide", household)


async def adds_a_case(desk: Desk, document: types.TextDocumentIdentifier) -> None:
    """For what no case sees."""
    text = desk.text("shanxi_2022_60.yaml")
    line = text[: text.index("医疗费用刚性支出) / 家庭人口 < 收入标准")].count("\n")
    here = types.Range(types.Position(line, 0), types.Position(line, 0))
    offered = await desk.client.text_document_code_action_async(
        types.CodeActionParams(document, here, types.CodeActionContext([]))
    )
    made = [one for one in offered or () if isinstance(one, types.CodeAction) and one.title.startswith("补一个用例")]
    assert made[0].edit is not None
    (edit,) = made[0].edit.document_changes or ()
    assert isinstance(edit, types.TextDocumentEdit)
    assert edit.text_document.uri == desk.uri("cases.yaml")
    assert isinstance(edit.edits[0], types.TextEdit)
    assert "    confirmed: no\n" in edit.edits[0].new_text


async def test_a_household_is_decided(desk: Desk) -> None:
    household = '{"id": "一", "application_date": "2023-06-15", "county": "140105", "members": []}'
    assert "too-few-items" in await command(desk, "doudi.decide", household, desk.uri("shanxi_2022_60.yaml"))


async def test_work_that_is_called_back_is_not_answered(desk: Desk) -> None:
    params = types.ExecuteCommandParams("doudi.runCases", [])
    asked = desk.client.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="back")
    desk.client.cancel_request(types.CancelParams("back"))
    with pytest.raises(JsonRpcException, match="cancel"):
        await asyncio.wrap_future(asked)


async def test_a_finding_is_left_out_for_a_reason(desk: Desk) -> None:
    name = "shanxi_2022_60.yaml"
    document = desk.open(name, desk.text(name))
    (fault,) = await desk.faults(name)
    assert fault.code == "county-without-value"
    offered = await desk.client.text_document_code_action_async(
        types.CodeActionParams(document, fault.range, types.CodeActionContext([fault]))
    )
    made = [one for one in offered or () if isinstance(one, types.CodeAction) and "hygiene.yaml" in one.title]
    assert made[0].edit is not None
    file, edit = made[0].edit.document_changes or ()
    assert isinstance(file, types.CreateFile)
    assert isinstance(edit, types.TextDocumentEdit)
    written = edit.edits[0]
    assert isinstance(written, types.TextEdit)
    assert "element: parameters.dibao_standard\n" in written.new_text.replace('"', "")
    assert written.new_text.endswith('reason: ""\n')
    desk.close(name)


async def lenses(desk: Desk, document: types.TextDocumentIdentifier) -> list[types.CodeLens]:
    return list(await desk.client.text_document_code_lens_async(types.CodeLensParams(document)) or ())


async def command(desk: Desk, name: str, *arguments: Any) -> Any:
    return await desk.client.workspace_execute_command_async(types.ExecuteCommandParams(name, list(arguments)))


async def test_what_is_written_is_completed_told_and_found(desk: Desk) -> None:
    name = "shanxi_2022_60.yaml"
    text = desk.text(name)
    document = desk.open(name, text)
    line = text[: text.index("医疗费用刚性支出) / 家庭人口 < 收入标准")].count("\n")
    written = text.split("\n")[line]
    inside = types.Position(line, written.index("家庭人口") + 1)
    hovered = await desk.client.text_document_hover_async(types.HoverParams(document, inside))
    assert hovered is not None
    assert isinstance(hovered.contents, types.MarkupContent)
    assert "家庭人口" in hovered.contents.value
    completed = await desk.client.text_document_completion_async(types.CompletionParams(document, inside))
    assert isinstance(completed, types.CompletionList)
    assert "家庭人口" in [item.label for item in completed.items]
    (declared, *_) = await places(desk, document, types.Position(line, written.index("医疗费用") + 1))
    assert declared.uri == document.uri
    assert "医疗费用刚性支出" in text.split("\n")[declared.range.start.line + 1]
    symbols = await desk.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert "illness" in [symbol.name for symbol in symbols or ()]
    coloured = await desk.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
    assert coloured is not None
    assert len(coloured.data) % 5 == 0
    assert coloured.data
    whole = types.Range(types.Position(0, 0), types.Position(text.count("\n"), 0))
    assert await desk.client.text_document_inlay_hint_async(types.InlayHintParams(document, whole))
    assert await desk.client.text_document_folding_range_async(types.FoldingRangeParams(document))
    desk.close(name)


async def test_a_name_is_changed_everywhere_or_nowhere(desk: Desk) -> None:
    name = "shanxi_2022_60.yaml"
    text = desk.text(name)
    document = desk.open(name, text)
    before = text.split("  dibao_standard:")[0]
    here = types.Position(before.count("\n"), 4)
    found = await desk.client.text_document_rename_async(types.RenameParams(document, here, "standard_of_place"))
    assert found is not None
    changed = {
        edit.text_document.uri for edit in found.document_changes or () if isinstance(edit, types.TextDocumentEdit)
    }
    assert {desk.uri(other) for other in (name, "cities/taiyuan.yaml", "cases.yaml")} <= changed
    with pytest.raises(JsonRpcException, match="标识"):
        await desk.client.text_document_rename_async(types.RenameParams(document, here, "不行 的"))
    desk.close(name)


async def places(desk: Desk, document: types.TextDocumentIdentifier, at: types.Position) -> list[types.Location]:
    found = await desk.client.text_document_definition_async(types.DefinitionParams(document, at))
    assert isinstance(found, list | tuple)
    return [one for one in found if isinstance(one, types.Location)]
