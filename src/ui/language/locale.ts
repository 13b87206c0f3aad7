/**
 * The language that is spoken now, for what is written by locale: numbers, dates, and a procedure's own texts.
 *
 * One for the page, as `lang` is. The state itself is a preference (preferences.svelte.ts): a worker that writes
 * reports has none, and the browser's own language counts there. Knows nothing of catalogues.
 */
let read = (): string | undefined => undefined;

/** undefined: as the browser has it. */
export function locale(): string | undefined {
  return read();
}

/** For a procedure's texts, best first. */
export function readerLanguages(): readonly string[] {
  const tag = read();
  // A program in Node may have no navigator.
  return tag ? [tag] : (globalThis.navigator?.languages ?? []);
}

export function readLocaleFrom(source: () => string | undefined): void {
  read = source;
}
