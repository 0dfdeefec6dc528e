// Another language opens the page anew. A form that is filled in is sent along where its page can show it once more;
// where it cannot, and of files that were chosen, one is asked first.

import { say } from "../words.js";

export function keepInAnotherLanguage() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-language]");
    if (!link) return;
    const form = document.getElementById(link.dataset.form ?? "");
    const lost = [...document.forms].some((one) => (one === form ? hasFile(one) : isFilled(one)));
    const question = say(
      "换语言会重新打开本页，已经填的还没有提交，会丢掉。要换吗？",
      "This page is opened anew in the other language, and what you have filled in is lost. Go on?",
    );
    if (lost && !confirm(question)) return event.preventDefault();
    if (form === null) return;
    event.preventDefault();
    const { name, value } = link.dataset;
    const button = Object.assign(document.createElement("button"), { hidden: true, formNoValidate: true, formAction: link.href, name, value });
    form.append(button);
    form.requestSubmit(button);
  });
}

const hasFile = (form) => [...form.elements].some((one) => one.type === "file" && one.files.length > 0);

function isFilled(form) {
  return hasFile(form) || [...form.elements].some((one) => {
    if (one instanceof HTMLTextAreaElement) return one.value !== one.defaultValue;
    if (!(one instanceof HTMLInputElement) || one.type === "file") return false;
    return one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue;
  });
}
