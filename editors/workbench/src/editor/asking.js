// Questions to the language service. Of each kind only the last one counts: an earlier one still under way is called off.

export class Asking {
  /** @param {HTMLTextAreaElement} area says where to ask, and of which file. */
  constructor(area) {
    this.address = new URL(area.dataset.ask, location.href);
    this.path = area.dataset.path;
    this.underWay = new Map();
  }

  /** The answer, or null where it was called off, the text is no longer this one, or nobody answered. */
  async ask(what, view, more = {}) {
    const { ok, answer } = await this.send(what, { text: view.state.doc.toString(), ...more });
    return ok ? answer : null;
  }

  async send(what, body) {
    this.callOff(what);
    const controller = new AbortController();
    this.underWay.set(what, controller);
    try {
      const url = new URL(this.address);
      url.pathname += `/${what}`;
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRF": document.querySelector("meta[name=csrf]")?.content ?? "",
        },
        body: JSON.stringify({ path: this.path, ...body }),
        signal: controller.signal,
      });
      const told = response.headers.get("Content-Type") ?? "";
      const answer = told.includes("json") ? await response.json() : {};
      return { ok: response.ok, status: response.status, answer };
    } catch (fault) {
      return { ok: false, status: fault.name === "AbortError" ? -1 : 0, answer: {} };
    } finally {
      if (this.underWay.get(what) === controller) this.underWay.delete(what);
    }
  }

  callOff(what) {
    this.underWay.get(what)?.abort();
    this.underWay.delete(what);
  }
}
