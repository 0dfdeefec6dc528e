// What is wrong with the text: marked in it, and listed below it with what may be done about each.

import { setDiagnostics } from "@codemirror/lint";
import { say } from "../words.js";
import { onceSettled } from "./settling.js";

const PAUSE_MS = 250;

/** @param {HTMLElement | null} list where the problems are listed. */
export function problems(asking, list) {
  return onceSettled(asking, "problems", PAUSE_MS, (view, answer) => {
    if (!answer.problems) return;
    view.dispatch(setDiagnostics(view.state, answer.problems.map(marked)));
    if (list !== null) tell(view, list, answer);
  });
}

function marked(one) {
  return {
    from: one.from,
    to: one.to,
    severity: one.severity,
    source: one.code,
    message: one.message,
    renderMessage: () => said(one),
    actions: one.fixes.map((fix) => ({ name: fix.title, apply: (view) => apply(view, fix.edits) })),
  };
}

function said(one) {
  const box = document.createElement("div");
  box.append(made("div", one.message), ...one.help.map((line) => made("div", `${say("帮助", "help")}: ${line}`)));
  return box;
}

function tell(view, list, { problems: found, summary, elsewhere }) {
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
        apply(view, fix.edits);
        view.focus();
      });
      item.append(button);
    }
    if (one.leave) item.append(" ", leaving(found.indexOf(one)));
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
  list.querySelector("[data-summary]").textContent = summary;
  list.querySelector("[data-here]").replaceChildren(...items);
  list.querySelector("[data-elsewhere]").replaceChildren(...others);
}

/** The form does it: another file of the draft is written. */
function leaving(number) {
  const button = made("button", say("这一处不再提醒", "Leave this out"));
  button.name = "do";
  button.value = `leave-${number}`;
  button.setAttribute("form", "edit");
  return button;
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
