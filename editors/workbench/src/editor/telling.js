// What is told of a word: under the pointer, at the cursor on a key, and of the function around the cursor.

import { StateEffect, StateField } from "@codemirror/state";
import { ViewPlugin, hoverTooltip, keymap, showTooltip } from "@codemirror/view";
import { shown } from "./markdown.js";

const PAUSE_MS = 200;
const tell = StateEffect.define();

const told = StateField.define({
  create: () => null,
  update(tooltip, transaction) {
    for (const effect of transaction.effects) if (effect.is(tell)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

export function telling(asking) {
  const hover = hoverTooltip(async (view, at) => {
    if (view.composing) return null;
    const answer = await asking.ask("hover", view, { at });
    return answer?.text ? { pos: answer.from, end: answer.to, above: true, create: () => ({ dom: shown(answer.text) }) } : null;
  });
  const keys = keymap.of([
    { key: "Mod-i", run: (view) => (atCursor(asking, view), true), preventDefault: true },
    { key: "Escape", run: (view) => view.state.field(told) !== null && (view.dispatch({ effects: tell.of(null) }), true) },
  ]);
  return [told, hover, keys, ViewPlugin.define((view) => new Signature(view, asking))];
}

async function atCursor(asking, view) {
  const at = view.state.selection.main.head;
  const answer = await asking.ask("hover", view, { at });
  if (!answer?.text || view.composing) return;
  view.dispatch({ effects: tell.of(tooltip(at, shown(answer.text))) });
}

function tooltip(pos, dom) {
  dom.setAttribute("role", "status");
  return { pos, above: true, create: () => ({ dom }) };
}

class Signature {
  constructor(view, asking) {
    this.view = view;
    this.asking = asking;
    this.timer = 0;
  }

  update(update) {
    if (!update.docChanged && !update.selectionSet) return;
    clearTimeout(this.timer);
    const { head, empty } = update.state.selection.main;
    const line = update.state.doc.lineAt(head);
    const inside = /[(（]/.test(line.text.slice(0, head - line.from));
    if (empty && inside && update.view.hasFocus) this.timer = setTimeout(() => this.ask(head), PAUSE_MS);
  }

  async ask(at) {
    const { view } = this;
    if (view.composing) return;
    const answer = await this.asking.ask("signature", view, { at });
    if (!answer?.label || view.composing || view.state.selection.main.head !== at) return;
    view.dispatch({ effects: tell.of(tooltip(at, signature(answer))) });
  }

  destroy() {
    clearTimeout(this.timer);
  }
}

function signature({ label, from, to, place, documentation }) {
  const dom = shown(documentation);
  const head = document.createElement("p");
  const here = document.createElement("strong");
  here.textContent = label.slice(from, to);
  head.className = "code";
  head.append(label.slice(0, from), here, label.slice(to));
  const what = document.createElement("p");
  what.textContent = place;
  dom.prepend(head, what);
  return dom;
}
