// The decision for the household whose JSON is open, in an editor beside it that follows its changes.

import * as vscode from "vscode";
import { ask, type Running } from "./server";

const SCHEME = "doudi-decision";
const PAUSE = 400;

export class DecisionBeside implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly shown = new Set<string>();
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
          this.shown.delete(document.uri.query);
        }
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.pause);
    for (const one of this.disposables) {
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
    this.shown.add(of);
    const document = await vscode.workspace.openTextDocument(addressOf(of));
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    this.changed.fire(addressOf(of));
  }

  /** A policy or the household itself has changed. */
  private later(document: vscode.TextDocument): void {
    if (this.shown.size && (this.shown.has(document.uri.toString()) || document.languageId === "doudi-policy")) {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.shown.forEach((of) => this.changed.fire(addressOf(of))), PAUSE);
    }
  }
}

function addressOf(household: string): vscode.Uri {
  const name = household.slice(household.lastIndexOf("/") + 1).replace(/\.json$/, "");
  return vscode.Uri.from({ scheme: SCHEME, path: `${vscode.l10n.t("Decision")} ${decodeURIComponent(name)}`, query: household });
}
