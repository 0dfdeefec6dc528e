// While characters are composed (pinyin typed, nothing chosen yet) a field has no value that means anything: whoever
// listens to its input hears of it once, when the characters are there.

export function holdWhileComposing() {
  let composing = null;
  const field = (event) => (event.target.matches?.("input, textarea") ? event.target : null);
  addEventListener("compositionstart", (event) => (composing = field(event)), true);
  addEventListener("input", (event) => {
    if (composing !== null && event.target === composing) event.stopImmediatePropagation();
  }, true);
  addEventListener("compositionend", (event) => {
    if (composing === null || event.target !== composing) return;
    const done = composing;
    composing = null;
    queueMicrotask(() => done.dispatchEvent(new Event("input", { bubbles: true })));
  }, true);
}
