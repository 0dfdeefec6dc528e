// When a piece of the page was put in anew: where one goes on, and what is said of it.

/** Goes to what asks for it (`data-focus`, as a list of mistakes); says what is to be said (`data-announce`). A piece that
 * came without being asked for (`data-by-itself`) takes nobody anywhere. */
export function keepPlace(piece) {
  const place = find(piece, "[data-focus]");
  if (place !== null) {
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus();
  } else if (document.activeElement === document.body && piece.isConnected && !piece.matches?.("[data-by-itself]")) {
    piece.tabIndex = -1; // what had the focus is gone
    piece.focus({ preventScroll: true });
  }
  const said = find(piece, "[data-announce]");
  if (said !== null) announce(said.dataset.announce || said.textContent.trim());
}

/** Has a screen reader say it; shown as well where nothing else on the page does. */
export function announce(text, seen = false) {
  const line = document.getElementById("announced") ?? added();
  line.className = seen ? "announced" : "hidden-text";
  line.textContent = "";
  setTimeout(() => (line.textContent = text), 50); // the same words are said again only if they were gone
}

function added() {
  const line = document.createElement("p");
  line.id = "announced";
  line.setAttribute("role", "status");
  document.body.append(line);
  return line;
}

function find(piece, selector) {
  return piece.matches?.(selector) ? piece : piece.querySelector?.(selector) ?? null;
}
