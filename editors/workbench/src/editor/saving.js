// The text is saved where one is, without leaving the page; what cannot be settled here the form itself settles.

import { keymap } from "@codemirror/view";
import { apply } from "./problems.js";
import { say } from "../words.js";

export class Saving {
  constructor(area, asking) {
    this.area = area;
    this.form = area.form;
    this.asking = asking;
    this.saved = null;
    this.line = document.querySelector("[data-saved]");
  }

  attach(view) {
    this.view = view;
    this.saved = "unsaved" in this.area.dataset ? null : view.state.doc;
    this.form.addEventListener("submit", () => this.hand());
    this.form.querySelector("[value=save]")?.addEventListener("click", (event) => (event.preventDefault(), this.save()));
    this.form.querySelector("[value=format]")?.addEventListener("click", (event) => (event.preventDefault(), this.format()));
    addEventListener("beforeunload", (event) => {
      const kept = this.saved !== null && view.state.doc.eq(this.saved);
      if (!kept && !this.leaving) event.preventDefault();
    });
  }

  get keys() {
    return keymap.of([
      { key: "Mod-s", run: () => (this.save(), true), preventDefault: true },
      { key: "Shift-Alt-f", run: () => (this.format(), true), preventDefault: true },
    ]);
  }

  /** The form takes over with the text as it is now. */
  hand() {
    this.area.value = this.view.state.doc.toString();
    this.leaving = true;
  }

  async save() {
    if (this.view.composing) return;
    const text = this.view.state.doc;
    const { ok, status, answer } = await this.asking.send("save", {
      text: text.toString(),
      expected: this.form.elements.expected.value,
    });
    if (ok) {
      this.saved = text;
      this.form.elements.expected.value = answer.expected;
      this.tell(answer.told);
    } else if (status === 409) {
      this.form.requestSubmit(this.plain("save")); // the page that shows both texts
    } else if (status !== -1) {
      this.tell(answer.detail ?? say("没有保存：服务没有回答。文字还在这里，请稍后再试", "not saved: no answer. The text is still here; try again later"));
    }
  }

  /** A button that posts the form as if there were no script. */
  plain(what) {
    const button = document.createElement("button");
    button.name = "do";
    button.value = what;
    button.hidden = true;
    this.form.append(button);
    return button;
  }

  async format() {
    if (this.view.composing) return;
    const text = this.view.state.doc;
    const answer = await this.asking.ask("format", this.view);
    if (!answer?.edits || this.view.state.doc !== text) return;
    apply(this.view, answer.edits);
    this.tell(answer.told);
  }

  tell(text) {
    if (this.line !== null) this.line.textContent = text;
  }
}
