/**
 * Whether a scan is the one before it, read a second time.
 *
 * A scanner that is left pointing at a label reads it again and again, and one that is set wrongly sends each code twice.
 * A test that takes a tenth of a second would then run twice, and the second verdict stand where the first one was. Only
 * what came key by key as fast as a scanner types can be one: whoever types or pastes a number again means it.
 * Knows nothing of fields; scan-desk.svelte.ts has those.
 */

/** Longer than what makers set before the same code is read again, 0.5 to 0.75 s; shorter than a person and a second unit. */
const REPEAT_MS = 1_000;
/** Between two keys: scanners need 1 to 20 ms, quick typists 100. */
const SCANNER_KEY_MS = 50;

export class RepeatGuard {
  #last = '';
  #lastMs = -Infinity;
  #keys = 0;
  #firstKeyMs = 0;

  /** A character was typed, wherever. */
  key(atMs: number): void {
    if (this.#keys === 0) this.#firstKeyMs = atMs;
    this.#keys += 1;
  }

  /** Enter was pressed on this text. @param wasRefused the one before was: then it may be tried again at once */
  isRepeat(text: string, atMs: number, wasRefused: boolean): boolean {
    const isScanned = this.#keys >= text.length && atMs - this.#firstKeyMs < SCANNER_KEY_MS * text.length;
    const isRepeat = isScanned && !wasRefused && text === this.#last && atMs - this.#lastMs < REPEAT_MS;
    // Also when it is one: a label that stays in front of the scanner is read for as long.
    this.#last = text;
    this.#lastMs = atMs;
    this.#keys = 0;
    return isRepeat;
  }
}
