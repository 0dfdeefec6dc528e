// What may be written here. The service finds by Chinese, ids and initials of pinyin, so nothing is filtered again.

import { autocompletion, pickedCompletion } from "@codemirror/autocomplete";
import { shown } from "./markdown.js";

export function completing(asking) {
  const source = async (context) => {
    if (context.view?.composing) return null;
    const word = context.matchBefore(/[\p{L}\p{N}_.]+/u);
    const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos);
    if (!context.explicit && word === null && !/[:：(（\[,，. -]/.test(before)) return null;
    context.addEventListener("abort", () => asking.callOff("completion"), { onDocChange: true });
    const answer = await asking.ask("completion", context.view, { at: context.pos });
    if (answer === null || answer.items.length === 0 || context.view.composing) return null;
    return { from: answer.from, to: answer.to, filter: false, options: answer.items.map((one) => option(one, answer)) };
  };
  // nothing is picked by itself: whoever ends `format: 1` with Enter wants a new line, not the first unit
  return autocompletion({ override: [source], icons: false, activateOnTypingDelay: 80, selectOnOpen: false });
}

function option(item, answer) {
  return {
    label: item.label,
    detail: item.detail,
    info: item.documentation ? () => shown(item.documentation) : undefined,
    apply(view, completion, from, to) {
      const start = from + item.from - answer.from;
      const end = Math.max(start, to + item.to - answer.to);
      view.dispatch({
        changes: { from: start, to: end, insert: item.insert },
        selection: { anchor: start + item.caret },
        annotations: pickedCompletion.of(completion),
        userEvent: "input.complete",
        scrollIntoView: true,
      });
    },
  };
}
