// Words coloured by what they mean: a fact, a standard, a step, a number with its unit, as the language service reads them.
// Between two answers the colours move with the text.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { onceSettled } from "./settling.js";

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
  return [looks, onceSettled(asking, "looks", PAUSE_MS, colour)];
}

function colour(view, answer) {
  if (!answer.looks) return;
  const marks = answer.looks.map(([from, to, look]) => Decoration.mark({ class: `look-${look}` }).range(from, to));
  view.dispatch({ effects: read.of(Decoration.set(marks)) });
}
