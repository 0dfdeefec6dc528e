// The decision for the household whose JSON is open, in an editor beside it that follows its changes.

import * as vscode from "vscode";
import { ask, type Running } from "./server";

const SCHEME = "doudi-decision";
const PAUSE = 400;

export class DecisionBeside implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  // by address the households whose decisions show, with what watches the folder of each: it may be none that is open
  private readonly shown = new Map<string, vscode.Disposable>();
  private readonly disposables: vscode.Disposable[];
  private pause: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;

  constructor(private readonly running: Running) {
    this.disposables = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.commands.registerCommand("doudi.showDecision", () => this.show()),
      vscode.workspace.onDidChangeTextDocument((change) => this.later(change.document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.later(document)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document.uri.scheme === SCHEME) {
          this.shown.get(document.uri.query)?.dispose();
          this.shown.delete(document.uri.query);
        }
      }),
      this.watch("**/*.{yaml,yml,csv}"),
    ];
  }

  dispose(): void {
    clearTimeout(this.pause);
    for (const one of [...this.disposables, ...this.shown.values()]) {
      one.dispose();
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const household = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri.query, true));
    const told = await ask<string>(this.running, "doudi.decide", household.getText());
    return told ?? vscode.l10n.t("doudi is not running");
  }

  private async show(): Promise<void> {
    const household = vscode.window.activeTextEditor?.document;
    if (household === undefined) {
      return;
    }
    const of = household.uri.toString();
    if (!this.shown.has(of)) {
      const folder = vscode.Uri.joinPath(household.uri, "..");
      this.shown.set(of, this.watch(new vscode.RelativePattern(folder, "*.json")));
    }
    const document = await vscode.workspace.openTextDocument(addressOf(of));
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    this.changed.fire(addressOf(of));
  }

  /** A policy, a table or the household itself has changed in an editor. */
  private later(document: vscode.TextDocument): void {
    if (this.shown.has(document.uri.toString()) || document.languageId === "doudi-policy" || document.uri.path.endsWith(".csv")) {
      this.soon();
    }
  }

  /** Or on the disk, by another program. */
  private watch(files: vscode.GlobPattern): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(files);
    watcher.onDidChange(() => this.soon());
    watcher.onDidCreate(() => this.soon());
    watcher.onDidDelete(() => this.soon());
    return watcher;
  }

  private soon(): void {
    if (this.shown.size) {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => [...this.shown.keys()].forEach((of) => this.changed.fire(addressOf(of))), PAUSE);
    }
  }
}

function addressOf(household: string): vscode.Uri {
  const name = household.slice(household.lastIndexOf("/") + 1).replace(/\.json$/, "");
  return vscode.Uri.from({ scheme: SCHEME, path: `${vscode.l10n.t("Decision")} ${decodeURIComponent(name)}`, query: household });
}
