// What every page does with a script at hand. Without one, its links and forms do the same by themselves.

import htmx from "htmx.org";
import { announce, keepPlace } from "./swapping.js";
import { holdWhileComposing } from "./composing.js";
import { keepInAnotherLanguage } from "./leaving.js";
import { say } from "../words.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0, // a page may hold a household, and nothing of it is to stay in the browser
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "400|409|413|422", swap: true }, // the page again, with what is wrong
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF"] = document.querySelector("meta[name=csrf]")?.content ?? "";
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const doing = event.detail.elt.closest("[data-doing]")?.dataset.doing;
  if (doing) announce(doing);
});
document.addEventListener("htmx:afterSettle", (event) => keepPlace(event.detail.target ?? event.target));
document.addEventListener("htmx:sendError", () => announce(say("服务没有回答，请稍后再试", "no answer from the service; try again later"), true));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  announce(say(`没有办成（${status}），请重新打开本页再试`, `it was not done (${status}); open this page anew and try again`), true);
});

holdWhileComposing();
keepInAnotherLanguage();

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
