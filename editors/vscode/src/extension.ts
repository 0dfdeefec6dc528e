// Starts `doudi lsp` and shows what it knows in the places that VS Code has for it.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { CasesInTestExplorer } from "./cases";
import { DecisionBeside } from "./decision";

const LANGUAGE = "doudi-policy";
const FIRST_LINE = /^# *yaml-language-server: *\$schema=\S*\b(?:policy|overlay|values|cases|hygiene)\.schema\.json/;

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const running = () => client;
  const cases = new CasesInTestExplorer(running);
  context.subscriptions.push(
    cases,
    new DecisionBeside(running),
    vscode.commands.registerCommand("doudi.restart", async () => {
      await stop();
      await start(cases);
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("doudi") && !change.affectsConfiguration("doudi.trace")) {
        await stop();
        await start(cases);
      }
    }),
  );
  for (const document of vscode.workspace.textDocuments) {
    await takeOver(document);
  }
  context.subscriptions.push(vscode.workspace.onDidOpenTextDocument(takeOver));
  await start(cases);
}

/** VS Code goes by a file's ending before it looks at its first line. */
async function takeOver(document: vscode.TextDocument): Promise<void> {
  if (document.languageId === "yaml" && document.lineCount && FIRST_LINE.test(document.lineAt(0).text)) {
    await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
  }
}

export function deactivate(): Promise<void> {
  return stop();
}

async function start(cases: CasesInTestExplorer): Promise<void> {
  const settings = vscode.workspace.getConfiguration("doudi");
  const [command = "doudi", ...rest] = settings.get<string[]>("command", ["doudi"]);
  const server: ServerOptions = { command, args: [...rest, "lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: "file", language: LANGUAGE },
      { scheme: "file", pattern: "**/policies/**/*.csv" },
    ],
    initializationOptions: {
      language: settings.get<string>("language") || vscode.env.language,
      policies: settings.get<string[]>("policies", []),
      mutants: settings.get<string>("mutants", ""),
      // behind a key that was chosen the list of its values opens
      askAgain: { command: "editor.action.triggerSuggest", arguments: [{ auto: true }] },
    },
  };
  client = new LanguageClient("doudi", "doudi", server, options);
  try {
    await client.start();
    await vscode.commands.executeCommand("setContext", "doudi.running", true);
    await cases.refresh();
  } catch (fault) {
    client = undefined;
    const settingsWord = vscode.l10n.t("Open settings");
    const chosen = await vscode.window.showErrorMessage(
      vscode.l10n.t(
        "doudi could not be started: {0}. Is it installed with `pip install '.[lsp]'`, in the folder of its source? The setting doudi.command says how it is called.",
        String(fault instanceof Error ? fault.message : fault),
      ),
      settingsWord,
    );
    if (chosen === settingsWord) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "doudi.command");
    }
  }
}

async function stop(): Promise<void> {
  const stopping = client;
  client = undefined;
  await vscode.commands.executeCommand("setContext", "doudi.running", false);
  await stopping?.stop();
}
