/**
 * Tells a key that a person has pressed from the first letter of what a scanner types.
 *
 * A label that begins with P must not pass a unit: a key counts only when none followed it at once. Knows nothing of
 * what a key does.
 */

/** Scanners type a character every 1 to 50 ms; nobody presses two keys on purpose within this. */
const QUIET_MS = 150;

export interface LoneKeysOptions {
  readonly onKey: (key: string) => void;
  /** What a scanner has typed so far; the rest goes where this is put. */
  readonly onBurst: (text: string) => void;
}

export class LoneKeys {
  readonly #options: LoneKeysOptions;
  #typed = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LoneKeysOptions) {
    this.#options = options;
  }

  take(key: string): void {
    clearTimeout(this.#timer);
    this.#typed += key;
    if (this.#typed.length > 1) return this.#end(this.#options.onBurst);
    this.#timer = setTimeout(() => this.#end(this.#options.onKey), QUIET_MS);
  }

  /** What was pressed a moment ago is for nobody any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#typed = '';
  }

  #end(tell: (text: string) => void): void {
    const typed = this.#typed;
    this.stop();
    tell(typed);
  }
}
