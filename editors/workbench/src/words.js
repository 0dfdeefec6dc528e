// What scripts say, in the language of the page.

export const chinese = document.documentElement.lang.startsWith("zh");

/** Picks the Chinese or the English of a text. */
export function say(zh, en) {
  return chinese ? zh : en;
}
