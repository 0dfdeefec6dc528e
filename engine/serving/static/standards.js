// A block of cells copied from Excel or WPS, pasted into one cell of the form, goes into it and those right and below.
// Without script the same block goes into the text field above.
"use strict";
document.addEventListener("paste", (event) => {
  const cell = event.target;
  if (!(cell instanceof HTMLInputElement) || !("cell" in cell.dataset) || !event.clipboardData) return;
  const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!/[\t\n]/.test(text)) return;
  const rows = [...cell.closest("tbody").rows].map((row) => [...row.querySelectorAll("input[data-cell]")]);
  const top = rows.findIndex((row) => row.includes(cell));
  const left = rows[top].indexOf(cell);
  const block = text.split("\n").map((line) => line.split("\t").map((one) => one.trim()));
  const fits = block.every((line, y) => line.every((_, x) => rows[top + y]?.[left + x]));
  const amounts = block.flat().every((one) => /^[-—–*/]*$|^[-+]?[0-9０-９.,，．]+\s*[^\s0-9]*$/.test(one));
  event.preventDefault();
  if (!fits || !amounts) {
    // names, headings, or more than there is room for: the reader of tables knows what to do with it
    const field = document.getElementById("pasted");
    field.value = text;
    field.focus();
    return;
  }
  block.forEach((line, y) => line.forEach((one, x) => { rows[top + y][left + x].value = one; }));
});
const shown = document.getElementById("errors") || document.getElementById("preview");
if (shown) shown.focus();
// The arrows go to the cell above and below, as in a spreadsheet; Tab goes on to the next one.
document.addEventListener("keydown", (event) => {
  const cell = event.target;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.isComposing || event.altKey || event.ctrlKey || !(cell instanceof HTMLInputElement) || !("cell" in cell.dataset)) return;
  const rows = [...cell.closest("tbody").rows].map((row) => [...row.querySelectorAll("input[data-cell]")]);
  const row = rows.findIndex((one) => one.includes(cell));
  const next = rows[row + step]?.[rows[row].indexOf(cell)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});
