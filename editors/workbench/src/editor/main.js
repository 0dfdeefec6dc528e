// The editor of policy files, laid over a plain text field. Without it the field and its form do all there is to do.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { Asking } from "./asking.js";
import { colouring } from "./colouring.js";
import { completing } from "./completing.js";
import { look } from "./look.js";
import { problems } from "./problems.js";
import { Saving } from "./saving.js";
import { telling } from "./telling.js";
import { phrases } from "./phrases.js";

for (const area of document.querySelectorAll("textarea[data-ask]")) lay(area);

function lay(area) {
  const asking = new Asking(area);
  const saving = new Saving(area, asking);
  const list = document.querySelector("[data-problems]");
  const label = area.labels[0]?.id ?? "";
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(document.querySelector("meta[name=nonce]")?.content ?? ""),
        EditorState.phrases.of(phrases),
        EditorView.contentAttributes.of({
          "aria-labelledby": label,
          "aria-describedby": area.getAttribute("aria-describedby") ?? "",
          lang: "zh-CN",
          tabindex: "0",
        }),
        EditorState.readOnly.of(area.readOnly),
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        indentUnit.of("  "),
        lineNumbers(),
        codeFolding(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightSpecialChars(), // what hides or turns the text around is seen
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        search({ top: true }),
        area.dataset.kind === "table" ? [] : yaml(),
        look,
        colouring(asking),
        completing(asking),
        telling(asking),
        problems(asking, list),
        saving.keys,
        keymap.of([
          { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          indentWithTab, // after Escape, and after Ctrl-M, Tab leaves the editor
        ]),
      ],
    }),
  });
  area.after(view.dom);
  area.hidden = true;
  for (const one of document.querySelectorAll("[data-without-script]")) one.remove();
  for (const one of document.querySelectorAll("[data-with-script]")) one.hidden = false;
  saving.attach(view);
  goToLines(view);
}

/** Links to a line of the text move the cursor there; so does the address that the page was opened by. */
function goToLines(view) {
  const go = (address) => {
    const found = /^#L(\d+)$/.exec(new URL(address, location.href).hash);
    const number = found === null ? 0 : Number(found[1]);
    if (number < 1 || number > view.state.doc.lines) return false;
    const line = view.state.doc.line(number);
    view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    view.focus();
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#L"]');
    if (link && !event.ctrlKey && !event.metaKey && go(link.href)) event.preventDefault();
  });
  go(location.href);
}
