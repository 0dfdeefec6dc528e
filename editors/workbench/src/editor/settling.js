// What the service tells of the text as a whole: asked at first, and then a moment after the last key. Nothing is asked or
// shown while characters are being composed, and what is told of a text that is no more is dropped.

import { ViewPlugin } from "@codemirror/view";

/**
 * @param {string} question as the service names it.
 * @param {number} pause milliseconds after the last key.
 * @param {(view: import("@codemirror/view").EditorView, answer: any) => void} tell shows the answer.
 */
export function onceSettled(asking, question, pause, tell) {
  return ViewPlugin.define((view) => new Settling(view, asking, question, pause, tell), {
    eventObservers: {
      compositionend() {
        this.soon();
      },
    },
  });
}

class Settling {
  constructor(view, asking, question, pause, tell) {
    Object.assign(this, { view, asking, question, pause, tell, timer: 0 });
    this.ask();
  }

  update(update) {
    if (update.docChanged) this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), this.pause);
  }

  async ask() {
    const { view } = this;
    if (view.composing) return; // its end comes
    const text = view.state.doc;
    const answer = await this.asking.ask(this.question, view);
    if (answer !== null && !view.composing && view.state.doc === text) this.tell(view, answer);
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking.callOff(this.question);
  }
}
