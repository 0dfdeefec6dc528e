// What is wrong with the text: marked in it, and listed below it with what may be done about each.
// Nothing is asked or shown while characters are being composed.

import { setDiagnostics } from "@codemirror/lint";
import { ViewPlugin } from "@codemirror/view";
import { say } from "../words.js";

const PAUSE_MS = 250;

/** Asks a moment after the last change.
 * @param {HTMLElement | null} list where the problems are listed.
 */
export function problems(asking, list) {
  return ViewPlugin.define((view) => new Problems(view, asking, list), {
    eventObservers: {
      compositionend() {
        this.soon();
      },
    },
  });
}

class Problems {
  constructor(view, asking, list) {
    this.view = view;
    this.asking = asking;
    this.list = list;
    this.timer = 0;
    this.soon();
  }

  update(update) {
    if (update.docChanged) this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    if (this.view.composing) return; // its end comes
    const text = this.view.state.doc;
    const answer = await this.asking.ask("problems", this.view);
    const stale = this.view.state.doc !== text;
    if (!answer?.problems || stale) return;
    if (this.view.composing) return this.soon();
    const found = answer.problems.map((one) => this.marked(one));
    this.view.dispatch(setDiagnostics(this.view.state, found));
    if (this.list !== null) this.tell(answer);
  }

  marked(one) {
    return {
      from: one.from,
      to: one.to,
      severity: one.severity,
      source: one.code,
      message: one.message,
      renderMessage: () => this.said(one),
      actions: one.fixes.map((fix) => ({ name: fix.title, apply: (view) => apply(view, fix.edits) })),
    };
  }

  said(one) {
    const box = document.createElement("div");
    box.append(made("div", one.message), ...one.help.map((line) => made("div", `${say("帮助", "help")}: ${line}`)));
    return box;
  }

  tell({ problems: found, summary, elsewhere }) {
    const items = found.map((one) => {
      const link = made("a", say(`第 ${one.line} 行`, `line ${one.line}`));
      link.href = `#L${one.line}`;
      const item = made("li", "");
      item.className = `is-${one.severity}`;
      item.append(link, " ", made("strong", one.grade), " ", made("span", one.message), " ", made("code", one.code));
      for (const line of one.help) item.append(made("p", `${say("帮助", "help")}: ${line}`));
      for (const fix of one.fixes) {
        const button = made("button", fix.title);
        button.type = "button";
        button.addEventListener("click", () => {
          apply(this.view, fix.edits);
          this.view.focus();
        });
        item.append(button);
      }
      if (one.leave) item.append(" ", this.leaving(found.indexOf(one)));
      return item;
    });
    const others = elsewhere.map((one) => {
      const link = made("a", one.place);
      link.href = one.href;
      const item = made("li", "");
      item.className = `is-${one.severity}`;
      item.append(link, " ", made("strong", one.grade), " ", made("span", one.message), " ", made("code", one.code));
      return item;
    });
    this.list.querySelector("[data-summary]").textContent = summary;
    this.list.querySelector("[data-here]").replaceChildren(...items);
    this.list.querySelector("[data-elsewhere]").replaceChildren(...others);
  }

  /** The form does it: another file of the draft is written. */
  leaving(number) {
    const button = made("button", say("这一处不再提醒", "Leave this out"));
    button.name = "do";
    button.value = `leave-${number}`;
    button.setAttribute("form", "edit");
    return button;
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking.callOff("problems");
  }
}

/** Edits of the text as it was when it was asked about; where it has changed since, what is wrong is asked anew. */
export function apply(view, edits) {
  const end = view.state.doc.length;
  if (edits.some((edit) => edit.to > end)) return;
  view.dispatch({
    changes: edits.map((edit) => ({ from: edit.from, to: edit.to, insert: edit.text })),
    userEvent: "input.fix",
    scrollIntoView: true,
  });
}

function made(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
