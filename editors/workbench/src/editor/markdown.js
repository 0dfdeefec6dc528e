// The little Markdown that the language service writes, as elements: paragraphs, lists, code, bold, addresses.
// Whatever it does not know stays text; nothing is ever taken for markup.

/** @returns {HTMLElement} */
export function shown(text) {
  const box = document.createElement("div");
  box.className = "told";
  for (const block of blocks(text)) box.append(block);
  return box;
}

function* blocks(text) {
  let lines = [];
  let fence = null;
  for (const line of [...text.split("\n"), ""]) {
    if (line.startsWith("```")) {
      if (fence === null) {
        yield* paragraph(lines);
        lines = [];
        fence = [];
      } else {
        yield made("pre", [fence.join("\n")]);
        fence = null;
      }
    } else if (fence !== null) {
      fence.push(line);
    } else if (line.trim() === "") {
      yield* paragraph(lines);
      lines = [];
    } else {
      lines.push(line);
    }
  }
  if (fence !== null) yield made("pre", [fence.join("\n")]);
}

/** Lines that begin with a dash are a list; what stands before them is a paragraph of its own. */
function* paragraph(lines) {
  let plain = [];
  let items = [];
  for (const line of lines) {
    if (line.startsWith("- ")) items.push(made("li", pieces(line.slice(2))));
    else plain.push(line);
  }
  if (plain.length) yield made("p", pieces(plain.join("\n")));
  if (items.length) yield made("ul", items);
}

function pieces(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(/\*\*(.+?)\*\*|`([^`]+)`|<(https?:\/\/[^\s<>]+)>/gs)) {
    if (match.index > at) found.push(text.slice(at, match.index));
    if (match[1] !== undefined) found.push(made("strong", pieces(match[1])));
    else if (match[2] !== undefined) found.push(made("code", [match[2]]));
    else found.push(link(match[3]));
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push(text.slice(at));
  return found;
}

function link(address) {
  const anchor = made("a", [address]);
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function made(name, inside) {
  const element = document.createElement(name);
  element.append(...inside);
  return element;
}
