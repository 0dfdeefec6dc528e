// What the server's commands answer: `engine/lsp/commands.py` says the same in Python.

import { ExecuteCommandRequest } from "vscode-languageclient";
import type { LanguageClient } from "vscode-languageclient/node";

export interface Case {
  folder: string;
  uri: string;
  policy: string;
  id: string;
  why: string;
  line: number;
  character: number;
}

export interface Run {
  name: string;
  case: string;
  policy: string;
  target: string;
  uri: string;
  line: number;
  passed: boolean;
  told: string[];
}

export interface CoveredLine {
  uri: string;
  line: number;
  hits: number;
  seen: number;
  ways: number;
}

export interface Results {
  folder: string;
  failed: number;
  runs: Run[];
  coverage: CoveredLine[];
}

export type Running = () => LanguageClient | undefined;

export async function ask<T>(running: Running, command: string, ...args: unknown[]): Promise<T | undefined> {
  return running()?.sendRequest(ExecuteCommandRequest.type, { command, arguments: args }) as Promise<T | undefined>;
}
