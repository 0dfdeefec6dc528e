// How the text looks: colours from the style sheet of the page, so that one place decides contrast.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { border: "1px solid var(--edge)", borderRadius: ".25rem", backgroundColor: "var(--ground)", color: "var(--text)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto", maxHeight: "70vh" },
  ".cm-content": { minHeight: "16rem", caretColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-tooltip": { border: "1px solid var(--edge)", backgroundColor: "var(--ground)", color: "var(--text)", maxWidth: "min(40rem, 92vw)" },
  ".cm-tooltip.told, .cm-tooltip .told": { padding: ".25rem .75rem", maxHeight: "20rem", overflow: "auto" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "18rem" },
  ".cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem", minHeight: "24px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--quiet)" },
  "li[aria-selected] .cm-completionDetail": { color: "var(--on-accent)" },
  ".cm-completionInfo": { padding: "0" },
  ".cm-diagnosticAction": { font: "inherit", backgroundColor: "var(--accent)", color: "var(--on-accent)", minHeight: "24px", padding: ".1rem .6rem" },
  // the pictures of the library are addresses of data, which the page does not take; shape and colour say it as well
  ".cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info": { backgroundImage: "none", textDecoration: "underline wavy var(--open)", textDecorationSkipInk: "none" },
  ".cm-lintRange-error": { textDecorationColor: "var(--bad)", textDecorationThickness: "2px" },
  ".cm-lint-marker": { width: "1.1em", height: "1.1em", fontSize: ".8em", lineHeight: "1.1em", textAlign: "center", fontWeight: "700", marginTop: ".2em" },
  ".cm-lint-marker-error, .cm-lint-marker-warning, .cm-lint-marker-info": { content: "normal" },
  ".cm-lint-marker-error": { backgroundColor: "var(--bad)", color: "var(--ground)" },
  ".cm-lint-marker-error:before": { content: '"!"' },
  ".cm-lint-marker-warning:before": { content: '"△"' },
  ".cm-lint-marker-info:before": { content: '"i"' },
  ".cm-lint-marker-warning, .cm-lint-marker-info": { color: "var(--open)" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)" },
  ".cm-panel.cm-search label": { fontWeight: "400" },
});

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--code-key)" },
  { tag: [tags.string, tags.content], color: "var(--code-text)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--quiet)" },
  { tag: [tags.keyword, tags.labelName, tags.typeName, tags.bool, tags.number], color: "var(--code-word)" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--quiet)" },
]);

export const look = [theme, syntaxHighlighting(colours)];
