// Words coloured by what they mean: a fact, a standard, a step, a number with its unit, as the language service reads them.
// Between two answers the colours move with the text.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

const PAUSE_MS = 500;
const read = StateEffect.define();

const looks = StateField.define({
  create: () => Decoration.none,
  update(held, transaction) {
    for (const effect of transaction.effects) if (effect.is(read)) return effect.value;
    return held.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function colouring(asking) {
  const plugin = ViewPlugin.define((view) => new Colouring(view, asking), {
    eventObservers: {
      compositionend() {
        this.soon();
      },
    },
  });
  return [looks, plugin];
}

class Colouring {
  constructor(view, asking) {
    this.view = view;
    this.asking = asking;
    this.timer = 0;
    this.ask();
  }

  update(update) {
    if (update.docChanged) this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const { view } = this;
    if (view.composing) return; // its end comes
    const text = view.state.doc;
    const answer = await this.asking.ask("looks", view);
    if (!answer?.looks || view.composing || view.state.doc !== text) return;
    const marks = answer.looks.map(([from, to, look]) => Decoration.mark({ class: `look-${look}` }).range(from, to));
    view.dispatch({ effects: read.of(Decoration.set(marks)) });
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking.callOff("looks");
  }
}
