// Makes the two scripts of the workbench and the list of licences beside them. Every time the same bytes.
// `node build.mjs FOLDER` puts them elsewhere than where they are served from.

import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const out = process.argv[2] ?? "../../engine/serving/static";
mkdirSync(out, { recursive: true });

const made = await build({
  entryPoints: { editor: "src/editor/main.js", page: "src/page/main.js" },
  outdir: out,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: ["chrome100", "edge100", "firefox102", "safari15.4"],
  legalComments: "none", // they stand in the file of licences
  metafile: true,
  logLevel: "warning",
});

const packages = new Set();
for (const file of Object.keys(made.metafile.inputs)) {
  const found = file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
writeFileSync(join(out, "LICENSES.txt"), licences([...packages].sort()));

/** What the scripts hold of others: each package with its version, and each licence once, with all that are under it. */
function licences(names) {
  const held = new Map();
  for (const name of names) {
    const folder = join("node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const text = readFileSync(join(folder, "LICENSE"), "utf8").replaceAll("\r\n", "\n").trim();
    const under = held.get(text) ?? { licence: about.license, packages: [] };
    under.packages.push(`${name} ${about.version}`);
    held.set(text, under);
  }
  const head = "editor.js and page.js are built from editors/workbench. They hold these packages, each under the licence below it.\n";
  const parts = [...held].map(([text, one]) => `${one.packages.join("\n")}\n(${one.licence})\n\n${text}\n`);
  return [head, ...parts].join(`\n${"-".repeat(72)}\n\n`);
}
