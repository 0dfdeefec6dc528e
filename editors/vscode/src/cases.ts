// The cases of the policies in the Test Explorer: by policy, by case; run, and what of the rules they saw.

import * as vscode from "vscode";
import { ask, type Case, type CoveredLine, type Results, type Run, type Running } from "./server";

export class CasesInTestExplorer implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController("doudi", "doudi");
  private readonly lines = new WeakMap<vscode.FileCoverage, CoveredLine[]>();
  private readonly disposables: vscode.Disposable[] = [this.controller];

  constructor(private readonly running: Running) {
    this.controller.refreshHandler = () => this.refresh();
    this.controller.createRunProfile(vscode.l10n.t("Run"), vscode.TestRunProfileKind.Run, (request, token) =>
      this.run(request, token, false),
    );
    const covering = this.controller.createRunProfile(
      vscode.l10n.t("Run with coverage"),
      vscode.TestRunProfileKind.Coverage,
      (request, token) => this.run(request, token, true),
    );
    covering.loadDetailedCoverage = async (_run, file) => (this.lines.get(file) ?? []).map(statement);
    this.disposables.push(
      vscode.workspace.onDidSaveTextDocument(async (document) => {
        if (document.languageId === "doudi-policy") {
          await this.refresh();
        }
      }),
    );
  }

  dispose(): void {
    for (const one of this.disposables) {
      one.dispose();
    }
  }

  async refresh(): Promise<void> {
    const cases = (await ask<Case[]>(this.running, "doudi.cases")) ?? [];
    const policies = new Map<string, Case[]>();
    for (const one of cases) {
      const key = `${one.folder}\n${one.policy}`;
      policies.set(key, [...(policies.get(key) ?? []), one]);
    }
    this.controller.items.replace(
      [...policies].map(([key, own]) => {
        const [first] = own;
        const item = this.controller.createTestItem(key, first?.policy ?? key);
        item.children.replace(own.map((one) => this.item(key, one)));
        return item;
      }),
    );
  }

  private item(key: string, one: Case): vscode.TestItem {
    const item = this.controller.createTestItem(`${key}\n${one.id}`, one.id, vscode.Uri.parse(one.uri));
    item.description = one.why;
    const start = new vscode.Position(one.line, one.character);
    item.range = new vscode.Range(start, start);
    return item;
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken, covering: boolean): Promise<void> {
    const run = this.controller.createTestRun(request);
    const wanted = leaves(request.include ?? [...this.controller.items].map(([, item]) => item));
    const meant = wanted.filter((item) => !request.exclude?.includes(item));
    for (const item of meant) {
      run.started(item);
    }
    try {
      // names of cases pick among all; without any, all run
      const words = request.include === undefined ? [] : meant.map((item) => item.label);
      const found = (await ask<Results[]>(this.running, "doudi.runCases", "", ...words)) ?? [];
      if (token.isCancellationRequested) {
        return;
      }
      const runs = new Map<string, Run[]>();
      for (const results of found) {
        for (const one of results.runs) {
          const key = `${results.folder}\n${one.policy}\n${one.case}`;
          runs.set(key, [...(runs.get(key) ?? []), one]);
        }
      }
      for (const item of meant) {
        tell(run, item, runs.get(item.id) ?? []);
      }
      if (covering) {
        this.cover(run, found.flatMap((results) => results.coverage));
      }
    } finally {
      run.end();
    }
  }

  private cover(run: vscode.TestRun, lines: CoveredLine[]): void {
    const files = new Map<string, CoveredLine[]>();
    for (const line of lines) {
      files.set(line.uri, [...(files.get(line.uri) ?? []), line]);
    }
    for (const [uri, own] of files) {
      const file = vscode.FileCoverage.fromDetails(vscode.Uri.parse(uri), own.map(statement));
      this.lines.set(file, own);
      run.addCoverage(file);
    }
  }
}

function leaves(items: readonly vscode.TestItem[]): vscode.TestItem[] {
  return items.flatMap((item) => (item.children.size ? leaves([...item.children].map(([, child]) => child)) : [item]));
}

function tell(run: vscode.TestRun, item: vscode.TestItem, found: Run[]): void {
  const failed = found.filter((one) => !one.passed);
  if (found.length === 0) {
    const told = vscode.l10n.t(
      "This case did not run: save the file first, and see whether `doudi check` finds a fault in it.",
    );
    run.errored(item, new vscode.TestMessage(told));
  } else if (failed.length === 0) {
    run.passed(item);
  } else {
    run.failed(
      item,
      failed.map((one) => {
        const where = one.target === one.policy ? [] : [vscode.l10n.t("{0} was run on {1}", one.case, one.target)];
        const message = new vscode.TestMessage([...where, ...one.told].join("\n"));
        if (item.uri && item.range) {
          message.location = new vscode.Location(item.uri, item.range);
        }
        return message;
      }),
    );
  }
}

function statement(line: CoveredLine): vscode.StatementCoverage {
  const start = new vscode.Position(line.line, 0);
  const ways = Array.from({ length: line.ways }, (_, at) => new vscode.BranchCoverage(at < line.seen));
  return new vscode.StatementCoverage(line.hits, start, ways);
}
